// SPDX-License-Identifier: GPL-2.0
/*
 * Conditions, as jumps.
 *
 *	pid == 7 && comm != "sh"	->	ld	r0, tgid
 *					(false)	jne	r0, 7, L0
 *						jstr	comm, ==, "sh", L0
 *
 * Strings of the event are compared by the kernel, with constants or with one
 * another; those in maps, and at addresses in registers, by way of a table. One
 * that cannot be read is empty in the language, and in no relation to anything
 * in the kernel: so "is not" is always the opposite of the jump for "is", and
 * "is empty" that for "is not empty".
 */
#include "gen.h"

static const struct comparison comparisons[] = {
	{ OP2('=', '='), OP2('!', '='), OP2('=', '='), { "jeq", "jeq" } },
	{ OP2('!', '='), OP2('=', '='), OP2('!', '='), { "jne", "jne" } },
	{ '<', OP2('>', '='), '>', { "jult", "jlt" } },
	{ '>', OP2('<', '='), '<', { "jugt", "jgt" } },
	{ OP2('<', '='), '>', OP2('>', '='), { "jule", "jle" } },
	{ OP2('>', '='), '<', OP2('<', '='), { "juge", "jge" } },
};

/**
 * gen_comparison - what there is to know about an operator that compares
 * @op: OP2()
 *
 * Return: its row, NULL if it does not compare.
 */
const struct comparison *gen_comparison(u32 op)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(comparisons); i++)
		if (comparisons[i].op == op)
			return &comparisons[i];
	return NULL;
}

/**
 * gen_is_truth - whether an operator of two operands says yes or no
 * @op: OP2()
 *
 * Return: whether it does.
 */
bool gen_is_truth(u32 op)
{
	return gen_comparison(op) || op == OP2('&', '&') ||
	       op == OP2('|', '|');
}

/* ------------------------------------------------------------------ strings */

/* A pattern that only this string, and what is around it, matches. */
static const char *pattern(const char *before, const char *s,
			   const char *after)
{
	char *text = gen_alloc(2 * strlen(s) + 3), *p = text;

	p = stpcpy(p, before);
	for (; *s; s++) {
		if (strchr("*?[\\", *s))
			*p++ = '\\';
		*p++ = *s;
	}
	memcpy(p, after, strlen(after));
	return text;
}

/**
 * struct match - a jump if a string matches a constant, or if it does not
 * @rel: what gen_string_match() says
 * @sense: true: if it matches
 * @text: the constant
 * @label: where to
 * @pos: where it is from
 */
struct match {
	char		rel;
	bool		sense;
	const char	*text;
	unsigned int	label;
	struct loc	pos;
};

static bool const_matches(const char *s, const struct match *m)
{
	if (m->rel == '~')
		return strstr(s, m->text);
	return !strncmp(s, m->text, strlen(m->text) + (m->rel == '='));
}

/* A string of the kernel's. One that cannot be read is empty. */
static void branch_named(const char *name,
			 const struct match *m)
{
	bool is_glob = m->rel != '=', sense = m->sense;
	const char *text = m->text;

	if (is_glob) {
		text = pattern(m->rel == '~' ? "*" : "", text, "*");
	} else if (!*text) {
		is_glob = true;
		text = "?*";
		sense = !sense;
	}
	emit_jump(m->label, "%s %s, %s, %s", sense ? "jstr" : "jnstr", name,
		  is_glob ? "~" : "==",
		  emit_quote(text, TAP_MAX_STR, m->pos));
}

/*
 * A string that no operand names. Keys can be compared: "is this the key of the
 * entry that the constant has?"
 */
static void branch_key(struct value *v, const struct match *m)
{
	const char *key;
	struct map *map;
	u64 nr;
	int reg;

	map = gen_text_map(m->text, &nr, m->pos);
	key = gen_format("key @%s, 0, ", map->table);
	emit("%s%s", key, emit_quote(m->text, TAP_MAX_STR, m->pos));
	emit("put @%s, %llu", map->table, (unsigned long long)nr);
	gen_sink(key, v, m->pos);
	reg = emit_temp(m->pos);
	emit("get r%d, @%s, 0", reg, map->table);
	emit_jump(m->label, "%s r%d, %llu", m->sense ? "jeq" : "jne", reg,
		  (unsigned long long)nr);
}

static void branch_string(struct value *v,
			  const struct match *m)
{
	unsigned int other;

	if (v->kind == V_CONST) {
		if (const_matches(v->text, m) == m->sense)
			emit_goto(m->label);
	} else if (v->kind == V_CHOICE) {
		other = emit_labels();
		emit_jump(other, "jeq r%d, 0", v->reg);
		branch_string(v->a, m);
		emit_else(other);
		branch_string(v->b, m);
		emit_here(other + 1);
	} else if (m->rel == '=' && !gen_has_name(v)) {
		branch_key(v, m);
	} else {
		branch_named(gen_named_string(v, m->pos), m);
	}
}

/*
 * Jump if two strings that no operand names are the same, or if not: "is this the
 * key of the entry that the other one has just been given?"
 */
static void branch_pair(struct value *a, struct value *b,
			unsigned int label, bool sense, struct loc pos)
{
	struct map *map = gen_pair_map();
	struct value *entry = gen_entry(map);
	const char *key = gen_format("key @%s, 2, ", map->table);
	int reg;

	/* It is looked at twice, and must be the same then. */
	if (a->kind != V_STR && a->kind != V_CONST)
		a = gen_copy(gen_copy_name(), a, pos);
	gen_load_key(entry, pos);
	gen_sink(key, a, pos);
	emit("put @%s, 1", map->table);
	gen_sink(key, b, pos);
	reg = emit_temp(pos);
	emit("has r%d, @%s", reg, map->table);
	gen_sink(key, a, pos);
	emit("del @%s", map->table);
	emit_jump(label, "%s r%d, 0", sense ? "jne" : "jeq", reg);
}

static void branch_strings(struct value *a, struct value *b,
			   struct match *m)
{
	const char *s;

	if (a->kind == V_CONST && b->kind != V_CONST)
		swap(a, b);
	if (b->kind == V_CONST) {
		m->text = b->text;
		branch_string(a, m);
	} else if (!gen_has_name(a) || !gen_has_name(b)) {
		branch_pair(a, b, m->label, m->sense, m->pos);
	} else {
		s = gen_named_string(a, m->pos);
		emit_jump(m->label, "%s %s, ==, %s",
			  m->sense ? "jpair" : "jnpair", s,
			  gen_named_string(b, m->pos));
	}
}

/**
 * gen_string_match - whether a string matches a constant
 * @v: string
 * @rel: '~' it has this in it, '^' it begins with this, '=' it is this
 * @text: constant
 * @pos: where
 *
 * Return: 1 or 0.
 */
struct value *gen_string_match(struct value *v, char rel,
			       const char *text, struct loc pos)
{
	struct match m = {
		.rel = rel, .sense = true, .text = text, .pos = pos,
		.label = emit_label(),
	};
	int reg;

	if (!v->is_unsure && !gen_is_string(v))
		gen_fail(pos, ERR_WANTS_STRING);
	reg = emit_temp(pos);
	emit("mov r%d, 1", reg);
	if (!v->is_unsure)
		branch_string(v, &m);
	emit("mov r%d, 0", reg);
	emit_here(m.label);
	gen.nr_temps = reg + 1;
	return gen_in(reg);
}

/* ------------------------------------------------------------------ numbers */

static void branch_compare(const struct node *node,
			   unsigned int label, bool sense)
{
	struct value *a = gen_expr(node->a), *b;
	const struct comparison *c = gen_comparison(node->op);
	struct match m = { .rel = '=', .label = label, .pos = node->pos };
	int reg;

	if (!sense)
		c = gen_comparison(c->opposite);

	/* Where it may be in the way of what comes next, it waits in a register */
	if (gen_is_number(a))
		a = gen_load(a, node->a->pos);
	b = gen_expr(node->b);
	if (gen_is_string(a) || gen_is_string(b)) {
		if (a->is_unsure || b->is_unsure)
			return;
		if (!gen_is_string(a) || !gen_is_string(b))
			gen_fail(node->pos, ERR_COMPARE);
		if (node->op != OP2('=', '=') && node->op != OP2('!', '='))
			gen_fail(node->pos, ERR_COMPARE_OP);
		m.sense = c->op == OP2('=', '=');
		branch_strings(a, b, &m);
		return;
	}
	reg = gen_reg(a, node->pos);
	emit_jump(label, "%s r%d, %s", c->jump[gen_both_signed(a, b)], reg,
		  gen_operand(b, node->pos));
}

static void branch_logic(const struct node *node,
			 unsigned int label, bool sense)
{
	bool is_and = node->op == OP2('&', '&');
	unsigned int end;

	if (is_and != sense) {
		/* either of them decides */
		gen_branch(node->a, label, sense);
		gen_branch(node->b, label, sense);
		return;
	}
	end = emit_label();
	gen_branch(node->a, end, !sense);
	gen_branch(node->b, label, sense);
	emit_here(end);
}

/* A value by itself: a number that is not 0, a string that is not empty. */
static void branch_value(const struct node *node,
			 unsigned int label, bool sense)
{
	struct value *v = gen_expr(node);
	struct match m = {
		.rel = '=', .sense = !sense, .text = "", .label = label,
		.pos = node->pos,
	};

	if (gen_is_string(v)) {
		branch_string(v, &m);
		return;
	}
	v = gen_load(v, node->pos);
	if (v->reg < 0) {
		if (!v->imm != sense)
			emit_goto(label);
		return;
	}
	emit_jump(label, "%s r%d, 0", sense ? "jne" : "jeq", v->reg);
}

/**
 * gen_branch - jump if a condition holds, or if it does not
 * @node: condition
 * @label: where to; else it goes on behind
 * @sense: true: if it holds
 */
void gen_branch(const struct node *node, unsigned int label,
		bool sense)
{
	unsigned int mark = gen.nr_temps;
	s64 n;

	if (gen_fold(node, &n)) {
		if (!n != sense)
			emit_goto(label);
	} else if (node->kind == N_UNARY && node->op == '!') {
		gen_branch(node->a, label, !sense);
	} else if (node->kind == N_BINARY && gen_comparison(node->op)) {
		branch_compare(node, label, sense);
	} else if (node->kind == N_BINARY && gen_is_truth(node->op)) {
		branch_logic(node, label, sense);
	} else {
		branch_value(node, label, sense);
	}
	gen.nr_temps = mark;
}

/**
 * gen_truth - a condition as a number
 * @node: condition
 *
 * Return: 1 or 0.
 */
struct value *gen_truth(const struct node *node)
{
	unsigned int end = emit_label();
	int reg = emit_temp(node->pos);

	emit("mov r%d, 0", reg);
	gen_branch(node, end, false);
	emit("mov r%d, 1", reg);
	emit_here(end);
	return gen_in(reg);
}
