// SPDX-License-Identifier: GPL-2.0
/*
 * Variables.
 *
 *	$sk = (struct sock *)arg0	stands for "$arg1": no code
 *	$start = nsecs			a register, from r15 down
 *	$i++				the same
 *	$name = @names[tid]		a slot: an entry of a table of its own
 *
 * A variable that is assigned once, to what does not change while the program
 * runs, is another name for that. So members behind it can be found. Registers
 * have numbers only; strings that are assigned twice, or could change in a map,
 * are copied. The table for that has a key that no other run of the program has
 * at the same time, and the entry is removed when the program ends.
 */
#include "gen.h"

static struct var *find(struct gen *g, const char *name)
{
	struct var *var;

	for (var = g->vars; var; var = var->next)
		if (!strcmp(var->name, name))
			return var;
	return NULL;
}

static struct var *assigned(struct gen *g, const char *name, unsigned int nr,
			    unsigned int depth)
{
	struct var *var = find(g, name);

	if (!var) {
		var = tapc_alloc(g->tc, sizeof(*var));
		var->name = name;
		var->next = g->vars;
		g->vars = var;
	}
	if (!var->nr_assigned)
		var->depth = depth;
	var->nr_assigned += nr;
	return var;
}

/* Behind a block: what has been assigned in there may not have been. */
static void close_block(struct gen *g, unsigned int depth)
{
	struct var *var;

	for (var = g->vars; var; var = var->next)
		var->is_closed |= var->nr_assigned && var->depth >= depth;
}

static void find_in(struct gen *g, const struct node *list, bool is_block,
		    unsigned int depth);

/* One node. Steps within an expression change a variable while it is used. */
static void find_at(struct gen *g, const struct node *n, bool is_statement,
		    unsigned int depth)
{
	struct var *var;

	if (n->kind == N_ASSIGN && n->a->kind == N_VAR) {
		assigned(g, n->a->text, n->op == '=' ? 1 : 2, depth);
	} else if (n->kind == N_LET) {
		assigned(g, n->text, n->a ? 1 : 0, depth);
	} else if (n->kind == N_FOR_RANGE) {
		assigned(g, n->text, 2, depth);
	} else if ((n->kind == N_PRE || n->kind == N_POST) &&
		   n->a->kind == N_VAR) {
		var = assigned(g, n->a->text, 2, depth);
		var->is_stepped |= !is_statement;
	} else if (n->kind == N_VAR) {
		var = find(g, n->text);
		/* As if it were assigned twice: it may be 0. */
		if (var && var->is_closed)
			var->nr_assigned += 2;
	}
}

/* Which of a node's children are blocks that may not be run. */
static bool has_block(const struct node *n, const struct node *child)
{
	switch (n->kind) {
	case N_IF:
		return child != n->a;
	case N_UNROLL:
	case N_WHILE:
	case N_FOR_MAP:
		return child == n->b;
	case N_FOR_RANGE:
		return child == n->c;
	}
	return false;
}

static void find_in(struct gen *g, const struct node *list, bool is_block,
		    unsigned int depth)
{
	const struct node *child;
	unsigned int i;
	bool is_inner;

	for (; list; list = list->next) {
		/* Values come before what they are assigned to. */
		for (i = 0; i < 3; i++) {
			child = i ? i == 1 ? list->b : list->c : list->a;
			if (!child)
				continue;
			is_inner = has_block(list, child);
			find_in(g, child, is_inner || list->kind == N_BLOCK,
				depth + is_inner);
			if (is_inner)
				close_block(g, depth + 1);
		}
		find_at(g, list, is_block, depth);
	}
}

/**
 * gen_find_vars - which variables a body has, and how often they are assigned
 * @g: translation
 * @body: statements
 */
void gen_find_vars(struct gen *g, const struct node *body)
{
	g->vars = NULL;
	find_in(g, body, true, 0);
}

/* Nothing that the program does changes it. */
static bool is_stable(const struct value *v)
{
	const struct value *e;

	switch (v->kind) {
	case V_INT:
		return v->reg < 0;
	case V_NAMED:
		return strcmp(v->text, "nsecs") && strcmp(v->text, "rand") &&
		       strcmp(v->text, "elapsed");
	case V_POINTED:
		return is_stable(v->a);
	case V_LIST:
		for (e = v->a; e; e = e->next)
			if (!is_stable(e))
				return false;
		return true;
	case V_CHOICE:
	case V_ENTRY:
		return false;
	default:
		return true;
	}
}

static unsigned int count(const struct value *v)
{
	const struct value *e = v->kind == V_LIST ? v->a : v;
	unsigned int nr = 0;

	for (; e; e = e->next)
		nr++;
	return nr;
}

/* Registers of the variable's own, and what stands for it from now on. */
static void take_registers(struct gen *g, struct var *var, struct value *v,
			   unsigned int nr, struct loc pos)
{
	const struct value *e = v->kind == V_LIST ? v->a : v;
	struct value *list = gen_dup(g, v), **tail = &list->a;
	int reg;

	var->is_held = true;
	var->nr_regs = nr;
	var->reg = emit_hold(g, nr, pos);
	var->needs_zero = g->depth;
	for (reg = var->reg; e; e = e->next, reg--) {
		*tail = gen_dup(g, e);
		(*tail)->kind = V_INT;
		(*tail)->reg = reg;
		(*tail)->is_literal = false;
		tail = &(*tail)->next;
	}
	var->value = v->kind == V_LIST ? list : list->a;
}

/* Numbers, into these registers. */
static void hold(struct gen *g, struct var *var, struct value *v,
		 struct loc pos)
{
	struct value *e = v->kind == V_LIST ? v->a : v;
	unsigned int mark, nr = count(v);
	int reg;

	if (!var->is_held)
		take_registers(g, var, v, nr, pos);
	if (var->nr_regs != nr)
		tapc_fail(g->tc, pos, ERR_VAR_TYPE, var->name);
	var->value->size = max(var->value->size, v->size);
	for (reg = var->reg; e; e = e->next, reg--) {
		mark = g->nr_temps;
		emit(g, "mov r%d, %s", reg, gen_operand(g, e, pos));
		g->nr_temps = mark;
	}
}

/**
 * gen_copy - a copy of a string or stack, in an entry of a table for that
 * @g: translation
 * @name: for the table: of the variable
 * @v: it
 * @pos: where it is from
 *
 * Return: the copy.
 */
struct value *gen_copy(struct gen *g, const char *name, struct value *v,
		      struct loc pos)
{
	struct map *map = gen_slot_map(g, name, v);
	struct value *entry = gen_entry(g, map);

	gen_load_key(g, entry, pos);
	gen_sink(g, tapc_format(g->tc, "put @%s, ", map->table), v, pos);
	return entry;
}

static void copy(struct gen *g, struct var *var, struct value *v,
		 struct loc pos)
{
	const struct value *before = var->value;

	var->value = gen_copy(g, var->name, v, pos);
	if (before && !before->is_unsure && before->map != var->value->map)
		tapc_fail(g->tc, pos, ERR_VAR_TYPE, var->name);
}

static void set(struct gen *g, struct var *var, struct value *v,
		struct loc pos)
{
	bool is_number = gen_is_number(v) ||
			 (v->kind == V_LIST && v->show != SHOW_TUPLE);
	bool is_first = !var->value || var->value->is_unsure;

	if (v->is_unsure && !g->is_last) {
		if (is_first)
			var->value = v;
		return;
	}
	if (!is_first && var->is_held != is_number)
		tapc_fail(g->tc, pos, ERR_VAR_TYPE, var->name);
	if (var->nr_assigned == 1 && is_stable(v)) {
		var->value = v;
	} else if (is_number) {
		hold(g, var, v, pos);
	} else if (v->kind == V_POINTED && var->nr_assigned == 1) {
		/* The string stays where it is, the address is kept. */
		hold(g, var, gen_load(g, v->a, pos), pos);
		v->a = var->value;
		var->value = v;
	} else if (gen_is_string(v) || v->show == SHOW_KSTACK ||
		   v->show == SHOW_USTACK) {
		copy(g, var, v, pos);
	} else if (v->kind == V_LIST) {
		tapc_fail(g->tc, pos, ERR_VAR_TUPLE);
	} else {
		tapc_fail(g->tc, pos, ERR_VAR_VALUE);
	}
}

/**
 * gen_var_set - assign to a variable
 * @g: translation
 * @node: VAR, LET or FOR_RANGE: has its name
 * @v: value
 * @pos: where
 */
void gen_var_set(struct gen *g, const struct node *node, struct value *v,
		 struct loc pos)
{
	struct var *var = find(g, node->text);

	if (v->kind == V_NONE)
		tapc_fail(g->tc, pos, ERR_NO_VALUE);
	set(g, var, v, pos);
}

static struct var *known(struct gen *g, const struct node *node)
{
	struct suggestion s = { .word = node->text };
	struct var *var = find(g, node->text), *v;

	if (var && var->value)
		return var;
	for (v = g->vars; v; v = v->next)
		if (v->value)
			tapc_offer(&s, v->name);
	tapc_fail(g->tc, node->pos, ERR_NO_VAR, node->text, tapc_suggest(&s));
}

/* A register may be changed while this is still wanted. */
static struct value *snapshot(struct gen *g, struct value *v, struct loc pos)
{
	int reg = emit_temp(g, pos);

	emit(g, "mov r%d, r%d", reg, v->reg);
	v = gen_dup(g, v);
	v->reg = reg;
	return v;
}

/**
 * gen_var - a variable's value
 * @g: translation
 * @node: VAR
 *
 * Return: it.
 */
struct value *gen_var(struct gen *g, const struct node *node)
{
	const struct var *var = known(g, node);

	if (var->is_stepped && var->is_held && var->value->kind == V_INT)
		return snapshot(g, var->value, node->pos);
	return gen_dup(g, var->value);
}

/**
 * gen_var_assign - "$x = a", "$x += a"
 * @g: translation
 * @node: ASSIGN
 */
void gen_var_assign(struct gen *g, const struct node *node)
{
	struct value *v;

	if (node->op == '=') {
		v = gen_expr(g, node->b);
	} else {
		v = gen_var(g, node->a);
		v = gen_arithmetic(g, gen_base_op(node->op), v,
				   gen_int(g, node->b), node->pos);
	}
	gen_var_set(g, node->a, v, node->pos);
}

/**
 * gen_var_add - add to a variable
 * @g: translation
 * @node: VAR, or FOR_RANGE, which has its name
 * @step: what
 *
 * Return: its value.
 */
struct value *gen_var_add(struct gen *g, const struct node *node, int step)
{
	struct value *v = known(g, node)->value;

	if (v->kind == V_INT && v->reg >= 0)
		emit(g, "add r%d, %d", v->reg, step);
	else if (!v->is_unsure)
		tapc_fail(g->tc, node->pos, ERR_NO_NUMBER);
	return v;
}

/**
 * gen_var_step - "$x++" and the like
 * @g: translation
 * @node: PRE or POST
 *
 * Return: value before or after.
 */
struct value *gen_var_step(struct gen *g, const struct node *node)
{
	int step = node->op == OP2('+', '+') ? 1 : -1;
	struct value *v;

	if (node->kind == N_PRE)
		return snapshot(g, gen_var_add(g, node->a, step), node->pos);
	v = snapshot(g, gen_var(g, node->a), node->pos);
	gen_var_add(g, node->a, step);
	return v;
}

/**
 * gen_slots_end - at the end of the program: remove what has been copied
 * @g: translation
 */
void gen_slots_end(struct gen *g)
{
	struct used_map *u;

	for (u = g->used; u; u = u->next) {
		if (!u->map->is_internal || u->map->value.show == SHOW_INT)
			continue;
		gen_load_key(g, gen_entry(g, u->map), g->node->pos);
		emit(g, "del @%s", u->map->table);
	}
}

/**
 * gen_prologue - what must stand in front of the body
 * @g: translation
 * @mark: where that is
 */
void gen_prologue(struct gen *g, size_t mark)
{
	const struct var *var;
	const char *text = "";
	unsigned int i;

	if (g->slot_reg >= 0)
		text = tapc_format(g->tc, "\tld r%d, nsecs\n", g->slot_reg);
	for (var = g->vars; var; var = var->next) {
		for (i = 0; var->needs_zero && i < var->nr_regs; i++)
			text = tapc_format(g->tc, "%s\tmov r%d, 0\n", text,
					   var->reg - i);
	}
	emit_insert(g, mark, text);
}
