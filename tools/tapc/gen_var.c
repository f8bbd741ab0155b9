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

static struct var *find(const char *name)
{
	struct var *var;

	for (var = gen.vars; var; var = var->next)
		if (!strcmp(var->name, name))
			return var;
	return NULL;
}

static struct var *assigned(const char *name, unsigned int nr,
			    unsigned int depth)
{
	struct var *var = find(name);

	if (!var) {
		var = gen_alloc(sizeof(*var));
		var->name = name;
		var->next = gen.vars;
		gen.vars = var;
	}
	if (!var->nr_assigned)
		var->depth = depth;
	var->nr_assigned += nr;
	return var;
}

/* Behind a block: what has been assigned in there may not have been. */
static void close_block(unsigned int depth)
{
	struct var *var;

	for (var = gen.vars; var; var = var->next)
		var->is_closed |= var->nr_assigned && var->depth >= depth;
}

static void find_in(const struct node *list, bool is_block,
		    unsigned int depth);

/* One node. Steps within an expression change a variable while it is used. */
static void find_at(const struct node *n, bool is_statement,
		    unsigned int depth)
{
	struct var *var;

	if (n->kind == N_ASSIGN && n->a->kind == N_VAR) {
		assigned(n->a->text, n->op == '=' ? 1 : 2, depth);
	} else if (n->kind == N_LET) {
		assigned(n->text, n->a ? 1 : 0, depth);
	} else if (n->kind == N_FOR_RANGE) {
		assigned(n->text, 2, depth);
	} else if ((n->kind == N_PRE || n->kind == N_POST) &&
		   n->a->kind == N_VAR) {
		var = assigned(n->a->text, 2, depth);
		var->is_stepped |= !is_statement;
	} else if (n->kind == N_VAR) {
		var = find(n->text);
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

static void find_in(const struct node *list, bool is_block,
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
			find_in(child, is_inner || list->kind == N_BLOCK,
				depth + is_inner);
			if (is_inner)
				close_block(depth + 1);
		}
		find_at(list, is_block, depth);
	}
}

/**
 * gen_find_vars - which variables a body has, and how often they are assigned
 * @body: statements
 */
void gen_find_vars(const struct node *body)
{
	gen.vars = NULL;
	find_in(body, true, 0);
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
static void take_registers(struct var *var, struct value *v,
			   unsigned int nr, struct loc pos)
{
	const struct value *e = v->kind == V_LIST ? v->a : v;
	struct value *list = gen_dup(v), **tail = &list->a;
	int reg;

	var->is_held = true;
	var->nr_regs = nr;
	var->reg = emit_hold(nr, pos);
	var->needs_zero = gen.depth;
	for (reg = var->reg; e; e = e->next, reg--) {
		*tail = gen_dup(e);
		(*tail)->kind = V_INT;
		(*tail)->reg = reg;
		(*tail)->is_literal = false;
		tail = &(*tail)->next;
	}
	var->value = v->kind == V_LIST ? list : list->a;
}

/* Numbers, into these registers. */
static void hold(struct var *var, struct value *v,
		 struct loc pos)
{
	struct value *e = v->kind == V_LIST ? v->a : v;
	unsigned int mark, nr = count(v);
	int reg;

	if (!var->is_held)
		take_registers(var, v, nr, pos);
	if (var->nr_regs != nr)
		gen_fail(pos, ERR_VAR_TYPE, var->name);
	var->value->size = max(var->value->size, v->size);
	for (reg = var->reg; e; e = e->next, reg--) {
		mark = gen.nr_temps;
		emit("mov r%d, %s", reg, gen_operand(e, pos));
		gen.nr_temps = mark;
	}
}

/**
 * gen_copy - a copy of a string or stack, in an entry of a table for that
 * @name: for the table: of the variable
 * @v: it
 * @pos: where it is from
 *
 * Return: the copy.
 */
struct value *gen_copy(const char *name, struct value *v, struct loc pos)
{
	struct map *map = gen_slot_map(name, v);
	struct value *entry = gen_entry(map);

	gen_load_key(entry, pos);
	gen_sink(gen_format("put @%s, ", map->table), v, pos);
	return entry;
}

static void copy(struct var *var, struct value *v,
		 struct loc pos)
{
	const struct value *before = var->value;

	var->value = gen_copy(var->name, v, pos);
	if (before && !before->is_unsure && before->map != var->value->map)
		gen_fail(pos, ERR_VAR_TYPE, var->name);
}

static void set(struct var *var, struct value *v,
		struct loc pos)
{
	bool is_number = gen_is_number(v) ||
			 (v->kind == V_LIST && v->show != SHOW_TUPLE);
	bool is_first = !var->value || var->value->is_unsure;

	if (v->is_unsure && !gen.is_last) {
		if (is_first)
			var->value = v;
		return;
	}
	if (!is_first && var->is_held != is_number)
		gen_fail(pos, ERR_VAR_TYPE, var->name);
	if (var->nr_assigned == 1 && is_stable(v)) {
		var->value = v;
	} else if (is_number) {
		hold(var, v, pos);
	} else if (v->kind == V_POINTED && var->nr_assigned == 1) {
		/* The string stays where it is, the address is kept. */
		hold(var, gen_load(v->a, pos), pos);
		v->a = var->value;
		var->value = v;
	} else if (gen_is_string(v) || v->show == SHOW_KSTACK ||
		   v->show == SHOW_USTACK) {
		copy(var, v, pos);
	} else if (v->kind == V_LIST) {
		gen_fail(pos, ERR_VAR_TUPLE);
	} else {
		gen_fail(pos, ERR_VAR_VALUE);
	}
}

/**
 * gen_var_set - assign to a variable
 * @node: VAR, LET or FOR_RANGE: has its name
 * @v: value
 * @pos: where
 */
void gen_var_set(const struct node *node, struct value *v,
		 struct loc pos)
{
	struct var *var = find(node->text);

	if (v->kind == V_NONE)
		gen_fail(pos, ERR_NO_VALUE);
	set(var, v, pos);
}

static struct var *known(const struct node *node)
{
	struct suggestion s = { .word = node->text };
	struct var *var = find(node->text), *v;

	if (var && var->value)
		return var;
	for (v = gen.vars; v; v = v->next)
		if (v->value)
			tapc_offer(&s, v->name);
	gen_fail(node->pos, ERR_NO_VAR, node->text, tapc_suggest(&s));
}

/* A register may be changed while this is still wanted. */
static struct value *snapshot(struct value *v, struct loc pos)
{
	int reg = emit_temp(pos);

	emit("mov r%d, r%d", reg, v->reg);
	v = gen_dup(v);
	v->reg = reg;
	return v;
}

/**
 * gen_var - a variable's value
 * @node: VAR
 *
 * Return: it.
 */
struct value *gen_var(const struct node *node)
{
	const struct var *var = known(node);

	if (var->is_stepped && var->is_held && var->value->kind == V_INT)
		return snapshot(var->value, node->pos);
	return gen_dup(var->value);
}

/**
 * gen_var_assign - "$x = a", "$x += a"
 * @node: ASSIGN
 */
void gen_var_assign(const struct node *node)
{
	struct value *v;

	if (node->op == '=') {
		v = gen_expr(node->b);
	} else {
		v = gen_var(node->a);
		v = gen_arithmetic(gen_base_op(node->op), v,
				   gen_int(node->b), node->pos);
	}
	gen_var_set(node->a, v, node->pos);
}

/**
 * gen_var_add - add to a variable
 * @node: VAR, or FOR_RANGE, which has its name
 * @step: what
 *
 * Return: its value.
 */
struct value *gen_var_add(const struct node *node, int step)
{
	struct value *v = known(node)->value;

	if (v->kind == V_INT && v->reg >= 0)
		emit("add r%d, %d", v->reg, step);
	else if (!v->is_unsure)
		gen_fail(node->pos, ERR_NO_NUMBER);
	return v;
}

/**
 * gen_var_step - "$x++" and the like
 * @node: PRE or POST
 *
 * Return: value before or after.
 */
struct value *gen_var_step(const struct node *node)
{
	int step = node->op == OP2('+', '+') ? 1 : -1;
	struct value *v;

	if (node->kind == N_PRE)
		return snapshot(gen_var_add(node->a, step), node->pos);
	v = snapshot(gen_var(node->a), node->pos);
	gen_var_add(node->a, step);
	return v;
}

/**
 * gen_slots_end - at the end of the program: remove what has been copied
 */
void gen_slots_end(void)
{
	struct used_map *u;

	for (u = gen.used; u; u = u->next) {
		if (!u->map->is_internal || u->map->value.show == SHOW_INT)
			continue;
		gen_load_key(gen_entry(u->map), gen.node->pos);
		emit("del @%s", u->map->table);
	}
}

/**
 * gen_prologue - what must stand in front of the body
 * @mark: where that is
 */
void gen_prologue(size_t mark)
{
	const struct var *var;
	const char *text = "";
	unsigned int i;

	if (gen.slot_reg >= 0)
		text = gen_format("\tld r%d, nsecs\n", gen.slot_reg);
	for (var = gen.vars; var; var = var->next) {
		for (i = 0; var->needs_zero && i < var->nr_regs; i++)
			text = gen_format("%s\tmov r%d, 0\n", text,
					  var->reg - i);
	}
	emit_insert(mark, text);
}
