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

static void assigned(struct gen *g, const char *name, unsigned int nr)
{
	struct var *var = find(g, name);

	if (!var) {
		var = tapc_alloc(g->tc, sizeof(*var));
		var->name = name;
		var->next = g->vars;
		g->vars = var;
	}
	var->nr_assigned += nr;
}

static void find_in(struct gen *g, const struct node *list)
{
	for (; list; list = list->next) {
		if (list->kind == N_ASSIGN && list->a->kind == N_VAR)
			assigned(g, list->a->text, list->op == '=' ? 1 : 2);
		else if (list->kind == N_LET)
			assigned(g, list->text, list->a ? 1 : 0);
		else if (list->kind == N_FOR_RANGE)
			assigned(g, list->text, 2);
		else if ((list->kind == N_PRE || list->kind == N_POST) &&
			 list->a->kind == N_VAR)
			assigned(g, list->a->text, 2);
		find_in(g, list->a);
		find_in(g, list->b);
		find_in(g, list->c);
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
	find_in(g, body);
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

/* Numbers, into registers of the variable's own. */
static void hold(struct gen *g, struct var *var, struct value v,
		 struct loc pos)
{
	const struct value *e = v.kind == V_LIST ? v.a : &v;
	unsigned int mark, nr = count(&v);
	struct value *copy, **tail;
	int reg;

	if (!var->is_held) {
		var->is_held = true;
		var->nr_regs = nr;
		var->reg = emit_hold(g, nr, pos);
		var->needs_zero = g->depth;
		var->value = v;
		var->value.a = NULL;
		tail = &var->value.a;
		for (reg = var->reg; v.kind == V_LIST && e; e = e->next) {
			copy = gen_keep(g, *e);
			copy->kind = V_INT;
			copy->reg = reg--;
			*tail = copy;
			tail = &copy->next;
		}
		if (v.kind != V_LIST) {
			var->value.kind = V_INT;
			var->value.reg = reg;
			var->value.is_literal = false;
		}
		e = v.kind == V_LIST ? v.a : &v;
	}
	if (var->nr_regs != nr)
		tapc_fail(g->tc, pos, ERR_VAR_TYPE, var->name);
	for (reg = var->reg; e; e = e->next, reg--) {
		mark = g->nr_temps;
		emit(g, "mov r%d, %s", reg, gen_operand(g, *e, pos));
		g->nr_temps = mark;
	}
}

static void copy(struct gen *g, struct var *var, struct value v,
		 struct loc pos)
{
	struct value entry = { .kind = V_ENTRY };

	if (v.kind == V_POINTED && !v.size)
		v.size = STR_IN_TABLE;
	var->slot = gen_slot_map(g, var->name, &v);
	entry.map = var->slot;
	entry.show = var->slot->value.show;
	entry.size = var->slot->value.size;
	entry.mode = v.mode;
	var->value = entry;
	gen_load_key(g, &entry, pos);
	gen_sink(g, tapc_format(g->tc, "put @%s, ", var->slot->table), v, pos);
	g->wants_slots = true;
}

static void set(struct gen *g, struct var *var, struct value v,
		struct loc pos)
{
	bool is_number = gen_is_number(&v) ||
			 (v.kind == V_LIST && v.show != SHOW_TUPLE);

	if (v.is_unsure && !g->is_last) {
		if (!var->is_known)
			var->value = v;
		return;
	}
	if (var->is_known && !var->is_held != !is_number && !v.is_unsure)
		tapc_fail(g->tc, pos, ERR_VAR_TYPE, var->name);
	if (var->nr_assigned == 1 && is_stable(&v)) {
		var->value = v;
	} else if (is_number) {
		hold(g, var, v, pos);
	} else if (v.kind == V_POINTED && var->nr_assigned == 1) {
		hold(g, var, gen_load(g, *v.a, pos), pos);
		var->is_held = false;
		v.a = gen_keep(g, var->value);
		var->value = v;
	} else if (gen_is_string(&v) || v.show == SHOW_KSTACK ||
		   v.show == SHOW_USTACK) {
		copy(g, var, v, pos);
	} else if (var->nr_assigned == 1) {
		/* a tuple with registers in it, each for itself */
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
void gen_var_set(struct gen *g, const struct node *node, struct value v,
		 struct loc pos)
{
	struct var *var = find(g, node->text);

	if (v.kind == V_NONE)
		tapc_fail(g->tc, pos, ERR_NO_VALUE);
	set(g, var, v, pos);
	var->is_known = true;
}

/**
 * gen_var - a variable's value
 * @g: translation
 * @node: VAR
 *
 * Return: it.
 */
struct value gen_var(struct gen *g, const struct node *node)
{
	struct suggestion s = { .word = node->text };
	struct var *var = find(g, node->text), *v;

	if (var && var->is_known)
		return var->value;
	for (v = g->vars; v; v = v->next)
		if (v->is_known)
			tapc_offer(&s, v->name);
	tapc_fail(g->tc, node->pos, ERR_NO_VAR, node->text, tapc_suggest(&s));
}

/**
 * gen_var_assign - "$x = a", "$x += a"
 * @g: translation
 * @node: ASSIGN
 */
void gen_var_assign(struct gen *g, const struct node *node)
{
	struct value v;

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
 * gen_var_step - "$x++" and the like
 * @g: translation
 * @node: PRE or POST
 *
 * Return: value before or after.
 */
struct value gen_var_step(struct gen *g, const struct node *node)
{
	struct value v = gen_var(g, node->a), old = v;
	int reg;

	if (v.kind != V_INT || v.reg < 0) {
		if (v.is_unsure)
			return v;
		tapc_fail(g->tc, node->pos, ERR_NO_NUMBER);
	}
	if (node->kind == N_POST) {
		reg = emit_temp(g, node->pos);
		emit(g, "mov r%d, r%d", reg, v.reg);
		old.reg = reg;
	}
	emit(g, "%s r%d, 1", node->op == OP2('+', '+') ? "add" : "sub", v.reg);
	return old;
}

/**
 * gen_slots_end - at the end of the program: remove what has been copied
 * @g: translation
 */
void gen_slots_end(struct gen *g)
{
	struct value entry = { .kind = V_ENTRY };
	struct used_map *u;

	for (u = g->used; u; u = u->next) {
		if (!u->map->is_internal)
			continue;
		entry.map = u->map;
		gen_load_key(g, &entry, g->node->pos);
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
