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

/* The other way round: what holds if this does not. */
static u32 opposite(u32 op)
{
	switch (op) {
	case OP2('=', '='):
		return OP2('!', '=');
	case OP2('!', '='):
		return OP2('=', '=');
	case '<':
		return OP2('>', '=');
	case '>':
		return OP2('<', '=');
	case OP2('<', '='):
		return '>';
	default:
		return '<';
	}
}

static const char *jump_name(u32 op, bool is_signed)
{
	switch (op) {
	case OP2('=', '='):
		return "jeq";
	case OP2('!', '='):
		return "jne";
	case '<':
		return is_signed ? "jlt" : "jult";
	case '>':
		return is_signed ? "jgt" : "jugt";
	case OP2('<', '='):
		return is_signed ? "jle" : "jule";
	default:
		return is_signed ? "jge" : "juge";
	}
}

static bool is_comparison(u32 op)
{
	return op == OP2('=', '=') || op == OP2('!', '=') || op == '<' ||
	       op == '>' || op == OP2('<', '=') || op == OP2('>', '=');
}

/* ------------------------------------------------------------------ strings */

/* A pattern that only this string, and what is around it, matches. */
static const char *pattern(struct gen *g, const char *before, const char *s,
			   const char *after)
{
	char *text = tapc_alloc(g->tc, 2 * strlen(s) + 3), *p = text;

	p = stpcpy(p, before);
	for (; *s; s++) {
		if (strchr("*?[\\", *s))
			*p++ = '\\';
		*p++ = *s;
	}
	strcpy(p, after);
	return text;
}

/* How a string can be compared: what gen_string_match() says. */
static bool const_matches(const char *s, const char *rel, const char *text)
{
	if (*rel == '~')
		return strstr(s, text);
	return *rel == '^' ? !strncmp(s, text, strlen(text)) :
			     !strcmp(s, text);
}

/*
 * Jump if a string of the kernel's is in the relation, or if it is not. One that
 * cannot be read is empty.
 */
static void branch_named(struct gen *g, const char *name, const char *rel,
			 const char *text, unsigned int label, bool sense,
			 struct loc pos)
{
	bool is_glob = *rel != '=';

	if (is_glob) {
		text = pattern(g, *rel == '~' ? "*" : "", text, "*");
	} else if (!*text) {
		is_glob = true;
		text = "?*";
		sense = !sense;
	}
	emit_jump(g, label, "%s %s, %s, %s", sense ? "jstr" : "jnstr", name,
		  is_glob ? "~" : "==", emit_quote(g, text, TAP_MAX_STR, pos));
}

/*
 * Jump if a string that no operand names is this constant, or if it is not. Keys
 * can be compared: "is this the key of the entry that the constant has?"
 */
static void branch_key(struct gen *g, struct value *v, const char *text,
		       unsigned int label, bool sense, struct loc pos)
{
	const char *key;
	struct map *map;
	u64 nr;
	int reg;

	map = gen_text_map(g, text, &nr, pos);
	key = tapc_format(g->tc, "key @%s, 0, ", map->table);
	emit(g, "%s%s", key, emit_quote(g, text, TAP_MAX_STR, pos));
	emit(g, "put @%s, %llu", map->table, (unsigned long long)nr);
	gen_sink(g, key, v, pos);
	reg = emit_temp(g, pos);
	emit(g, "get r%d, @%s, 0", reg, map->table);
	emit_jump(g, label, "%s r%d, %llu", sense ? "jeq" : "jne", reg,
		  (unsigned long long)nr);
}

/* Jump if the string is in the relation to the constant, or if it is not. */
static void branch_string(struct gen *g, struct value *v, const char *rel,
			  const char *text, unsigned int label, bool sense,
			  struct loc pos)
{
	unsigned int other, end;

	switch (v->kind) {
	case V_CONST:
		if (const_matches(v->text, rel, text) == sense)
			emit_goto(g, label);
		break;
	case V_CHOICE:
		other = emit_label(g);
		end = emit_label(g);
		emit_jump(g, other, "jeq r%d, 0", v->reg);
		branch_string(g, v->a, rel, text, label, sense, pos);
		emit_goto(g, end);
		emit_here(g, other);
		branch_string(g, v->b, rel, text, label, sense, pos);
		emit_here(g, end);
		break;
	default:
		if (*rel == '=' && !gen_has_name(v))
			branch_key(g, v, text, label, sense, pos);
		else
			branch_named(g, gen_named_string(g, v, pos), rel,
				     text, label, sense, pos);
	}
}

/*
 * Jump if two strings that no operand names are the same, or if not: "is this the
 * key of the entry that the other one has just been given?"
 */
static void branch_pair(struct gen *g, struct value *a, struct value *b,
			unsigned int label, bool sense, struct loc pos)
{
	struct map *map = gen_pair_map(g);
	struct value *entry = gen_entry(g, map);
	const char *key = tapc_format(g->tc, "key @%s, 2, ", map->table);
	int reg;

	/* It is looked at twice, and must be the same then. */
	if (a->kind != V_STR && a->kind != V_CONST)
		a = gen_copy(g, gen_copy_name(g), a, pos);
	gen_load_key(g, entry, pos);
	gen_sink(g, key, a, pos);
	emit(g, "put @%s, 1", map->table);
	gen_sink(g, key, b, pos);
	reg = emit_temp(g, pos);
	emit(g, "has r%d, @%s", reg, map->table);
	gen_sink(g, key, a, pos);
	emit(g, "del @%s", map->table);
	emit_jump(g, label, "%s r%d, 0", sense ? "jne" : "jeq", reg);
}

static void branch_strings(struct gen *g, struct value *a, struct value *b,
			   unsigned int label, bool sense, struct loc pos)
{
	const char *s;

	if (b->kind == V_CONST) {
		branch_string(g, a, "==", b->text, label, sense, pos);
	} else if (a->kind == V_CONST) {
		branch_string(g, b, "==", a->text, label, sense, pos);
	} else if (!gen_has_name(a) || !gen_has_name(b)) {
		branch_pair(g, a, b, label, sense, pos);
	} else {
		s = gen_named_string(g, a, pos);
		emit_jump(g, label, "%s %s, ==, %s",
			  sense ? "jpair" : "jnpair", s,
			  gen_named_string(g, b, pos));
	}
}

/**
 * gen_string_match - whether a string matches a constant
 * @g: translation
 * @v: string
 * @rel: "~" it has this in it, "^" it begins with this, "=" it is this
 * @text: constant
 * @pos: where
 *
 * Return: 1 or 0.
 */
struct value *gen_string_match(struct gen *g, struct value *v, const char *rel,
			      const char *text, struct loc pos)
{
	unsigned int end = emit_label(g);
	int reg;

	if (!v->is_unsure && !gen_is_string(v))
		tapc_fail(g->tc, pos, ERR_WANTS_STRING);
	reg = emit_temp(g, pos);
	emit(g, "mov r%d, 1", reg);
	if (!v->is_unsure)
		branch_string(g, v, rel, text, end, true, pos);
	emit(g, "mov r%d, 0", reg);
	emit_here(g, end);
	g->nr_temps = reg + 1;
	return gen_in(g, reg);
}

/* ------------------------------------------------------------------ numbers */

static void branch_compare(struct gen *g, const struct node *node,
			   unsigned int label, bool sense)
{
	struct value *a = gen_expr(g, node->a), *b;
	u32 op = sense ? node->op : opposite(node->op);
	bool is_signed;
	int reg;

	/* Where it may be in the way of what comes next, it waits in a register */
	if (gen_is_number(a))
		a = gen_load(g, a, node->a->pos);
	b = gen_expr(g, node->b);
	if (gen_is_string(a) || gen_is_string(b)) {
		if (a->is_unsure || b->is_unsure)
			return;
		if (!gen_is_string(a) || !gen_is_string(b))
			tapc_fail(g->tc, node->pos, ERR_COMPARE);
		if (node->op != OP2('=', '=') && node->op != OP2('!', '='))
			tapc_fail(g->tc, node->pos, ERR_COMPARE_OP);
		branch_strings(g, a, b, label, op == OP2('=', '='), node->pos);
		return;
	}
	is_signed = gen_both_signed(a, b);
	reg = gen_reg(g, a, node->pos);
	emit_jump(g, label, "%s r%d, %s", jump_name(op, is_signed), reg,
		  gen_operand(g, b, node->pos));
}

static void branch_logic(struct gen *g, const struct node *node,
			 unsigned int label, bool sense)
{
	bool is_and = node->op == OP2('&', '&');
	unsigned int end;

	if (is_and != sense) {
		/* either of them decides */
		gen_branch(g, node->a, label, sense);
		gen_branch(g, node->b, label, sense);
		return;
	}
	end = emit_label(g);
	gen_branch(g, node->a, end, !sense);
	gen_branch(g, node->b, label, sense);
	emit_here(g, end);
}

/* A value by itself: a number that is not 0, a string that is not empty. */
static void branch_value(struct gen *g, const struct node *node,
			 unsigned int label, bool sense)
{
	struct value *v = gen_expr(g, node);

	if (gen_is_string(v)) {
		branch_string(g, v, "==", "", label, !sense, node->pos);
		return;
	}
	v = gen_load(g, v, node->pos);
	if (v->reg < 0) {
		if (!v->imm != sense)
			emit_goto(g, label);
		return;
	}
	emit_jump(g, label, "%s r%d, 0", sense ? "jne" : "jeq", v->reg);
}

/**
 * gen_branch - jump if a condition holds, or if it does not
 * @g: translation
 * @node: condition
 * @label: where to; else it goes on behind
 * @sense: true: if it holds
 */
void gen_branch(struct gen *g, const struct node *node, unsigned int label,
		bool sense)
{
	unsigned int mark = g->nr_temps;
	s64 n;

	if (gen_fold(g, node, &n)) {
		if (!n != sense)
			emit_goto(g, label);
	} else if (node->kind == N_UNARY && node->op == '!') {
		gen_branch(g, node->a, label, !sense);
	} else if (node->kind == N_BINARY && is_comparison(node->op)) {
		branch_compare(g, node, label, sense);
	} else if (node->kind == N_BINARY && (node->op == OP2('&', '&') ||
					      node->op == OP2('|', '|'))) {
		branch_logic(g, node, label, sense);
	} else {
		branch_value(g, node, label, sense);
	}
	g->nr_temps = mark;
}

/**
 * gen_truth - a condition as a number
 * @g: translation
 * @node: condition
 *
 * Return: 1 or 0.
 */
struct value *gen_truth(struct gen *g, const struct node *node)
{
	unsigned int end = emit_label(g);
	int reg = emit_temp(g, node->pos);

	emit(g, "mov r%d, 0", reg);
	gen_branch(g, node, end, false);
	emit(g, "mov r%d, 1", reg);
	emit_here(g, end);
	return gen_in(g, reg);
}
