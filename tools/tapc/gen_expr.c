// SPDX-License-Identifier: GPL-2.0
/*
 * Expressions: numbers.
 *
 *	(nsecs - @start[tid]) / 1000	->	ld	r0, nsecs
 *						key	@start, 0, tid (in a register)
 *						get	r1, @start, 0
 *						sub	r0, r1
 *						div	r0, 1000
 *
 * What an expression leaves in a register is in the lowest one that was free
 * before it. Fields, arguments and builtins are no code until they are needed in
 * one, so that what stands for them can be passed on: members of structs are
 * found by the event, not by the program.
 */
#include "gen.h"

bool gen_is_number(const struct value *v)
{
	return v->kind == V_INT || v->kind == V_NAMED || v->kind == V_PATH;
}

bool gen_is_string(const struct value *v)
{
	if (v->kind == V_CHOICE)
		return gen_is_string(v->a);
	return v->kind == V_CONST || v->kind == V_POINTED ||
	       ((v->kind == V_STR || v->kind == V_ENTRY) &&
		(v->show == SHOW_STR || v->show == SHOW_PROBE));
}

/**
 * gen_fold - value of what is constant
 * @node: expression
 * @value: out: it
 *
 * Return: whether it is.
 */
bool gen_fold(const struct node *node, s64 *value)
{
	u64 n = 0;

	if (!tapc_fold(gen.tc, node, &n))
		return false;
	*value = n;
	return true;
}

/**
 * gen_constant - an expression that must be constant
 * @node: expression
 *
 * Return: its value.
 */
u64 gen_constant(const struct node *node)
{
	s64 n;

	if (!gen_fold(node, &n))
		gen_fail(node->pos, ERR_NOT_CONSTANT);
	return n;
}

/**
 * gen_text - an expression that must be a constant string
 * @node: expression
 *
 * Return: the string.
 */
const char *gen_text(const struct node *node)
{
	struct value *v;

	if (node->kind == N_PARAM)
		return gen_param_text(node)->text;
	if (node->kind != N_STR && node->kind != N_CALL)
		gen_fail(node->pos, ERR_WANTS_STRING);
	v = gen_expr(node);
	if (v->kind != V_CONST)
		gen_fail(node->pos, ERR_WANTS_STRING);
	return v->text;
}

struct node *gen_copy_node(const struct node *node)
{
	struct node *copy = gen_alloc(sizeof(*copy));

	*copy = *node;
	return copy;
}

/* ---------------------------------------------------------------- registers */

/* The same number, in a register. */
static struct value *in_reg(const struct value *v, int reg)
{
	struct value *r = gen_dup(v);

	r->kind = V_INT;
	r->reg = reg;
	r->imm = 0;
	r->is_literal = false;
	return r;
}

/**
 * gen_load - a number, in a register or as a constant
 * @v: value
 * @pos: where it is from
 *
 * Return: V_INT.
 */
struct value *gen_load(struct value *v, struct loc pos)
{
	int reg;

	switch (v->kind) {
	case V_INT:
		return v;
	case V_NAMED:
		reg = emit_temp(pos);
		emit("ld r%d, %s", reg, v->text);
		return in_reg(v, reg);
	case V_PATH:
		if (v->is_symbol)
			return gen_symbol_address(v, pos);
		return in_reg(v, gen_load_path(v, pos));
	default:
		if (gen_is_string(v))
			gen_fail(pos, ERR_STRING_NUMBER);
		gen_fail(pos, ERR_NO_NUMBER);
	}
}

/**
 * gen_own - a number in a register that may be changed
 * @v: value
 * @pos: where it is from
 *
 * Return: the register.
 */
int gen_own(struct value *v, struct loc pos)
{
	int reg;

	v = gen_load(v, pos);
	if (v->reg >= 0 && v->reg + 1 == gen.nr_temps)
		return v->reg;
	reg = emit_temp(pos);
	if (v->reg < 0)
		emit("mov r%d, %lld", reg, (long long)v->imm);
	else
		emit("mov r%d, r%d", reg, v->reg);
	return reg;
}

/**
 * gen_reg - a number in a register that is only read
 * @v: value
 * @pos: where it is from
 *
 * Return: the register.
 */
int gen_reg(struct value *v, struct loc pos)
{
	v = gen_load(v, pos);
	return v->reg < 0 ? gen_own(v, pos) : v->reg;
}

/**
 * gen_operand - a number as an operand
 * @v: value
 * @pos: where it is from
 *
 * Return: "r1" or "42".
 */
const char *gen_operand(struct value *v, struct loc pos)
{
	v = gen_load(v, pos);
	if (v->reg < 0)
		return gen_format("%lld", (long long)v->imm);
	return gen_format("r%d", v->reg);
}

/* --------------------------------------------------------------- operators */

/* Something that may be added to a number before it is fetched. */
static bool is_late(const struct value *v)
{
	return v->kind == V_PATH && v->size == 8 && !v->bits;
}

/**
 * gen_both_signed - whether an operator takes two numbers as signed ones
 * @a: left
 * @b: right
 *
 * Return: whether it does: if both are; a literal is as the other one.
 */
bool gen_both_signed(const struct value *a, const struct value *b)
{
	if (a->is_literal)
		return b->is_signed;
	return a->is_signed && (b->is_signed || b->is_literal);
}

/* By the first character: that of an unsigned number, of a signed one. */
static const struct {
	char	op;
	char	name[2][5];
} ops[] = {
	{ '+', { "add", "add" } },
	{ '-', { "sub", "sub" } },
	{ '*', { "mul", "mul" } },
	{ '/', { "udiv", "div" } },
	{ '%', { "umod", "mod" } },
	{ '&', { "and", "and" } },
	{ '|', { "or", "or" } },
	{ '^', { "xor", "xor" } },
	{ '<', { "shl", "shl" } },
	{ '>', { "shr", "sar" } },
};

static const char *op_name(u32 op, bool is_signed)
{
	unsigned int i = 0;

	while (i < ARRAY_SIZE(ops) - 1 && ops[i].op != (char)op)
		i++;
	return ops[i].name[is_signed];
}

/**
 * gen_type - type of a value
 * @v: value
 * @pos: where
 *
 * Return: the type itself, not a name for it, or NULL if it has none.
 */
struct type *gen_type(const struct value *v, struct loc pos)
{
	return v->type ? tapc_resolve(gen.tc, v->type, pos) : NULL;
}

static bool is_pointer(const struct value *v, struct loc pos)
{
	struct type *t = gen_type(v, pos);

	return t && t->kind == T_PTR;
}

/* Bytes of what a pointer points to, where it counts in these. */
static u32 step_of(const struct value *v, struct loc pos)
{
	struct type *to;

	if (!is_pointer(v, pos))
		return 1;
	to = gen_type(v, pos)->to;
	return to && to->kind != T_VOID ? tapc_size(gen.tc, to, pos) ?: 1 : 1;
}

/**
 * gen_arithmetic - what an operator makes of two numbers
 * @op: OP2(), one that makes a number of numbers, no comparison
 * @a: left; if in a register, the last that was taken, or a variable's
 * @b: right
 * @pos: of the operator
 *
 * Return: the result.
 */
struct value *gen_arithmetic(u32 op, struct value *a,
			     struct value *b, struct loc pos)
{
	bool is_signed = gen_both_signed(a, b) || op == '-';
	bool is_sum = op == '+' || op == '-', is_const;
	u32 step = is_sum && !is_pointer(b, pos) ? step_of(a, pos) : 1;
	struct value *r;
	int reg;

	is_const = b->kind == V_INT && b->reg < 0;
	if (is_const)
		b->imm = (u64)b->imm * step;
	if (is_const && is_sum && is_late(a)) {
		a->imm = op == '-' ? (u64)a->imm - b->imm : (u64)a->imm + b->imm;
		a->is_signed = is_signed;
		return a;
	}
	/* What is in a register that is not a variable's is there for this. */
	reg = a->kind == V_INT && a->reg >= 0 && a->reg < gen.nr_temps ? a->reg :
	      gen_own(a, pos);
	if (!is_const && step > 1) {
		b = in_reg(b, gen_own(b, pos));
		emit("mul r%d, %u", b->reg, step);
	}
	emit("%s r%d, %s", op_name(op, op == OP2('>', '>') ? a->is_signed :
				      is_signed), reg, gen_operand(b, pos));
	gen.nr_temps = reg + 1;
	r = in_reg(a, reg);
	r->show = SHOW_INT;
	r->size = 8;
	r->is_signed = is_signed;
	r->is_unsure = false;
	if (step == 1 && op != '+')
		r->type = NULL;
	return r;
}

static struct value *gen_binary(const struct node *node)
{
	struct value *a, *b;

	if (gen_is_truth(node->op))
		return gen_truth(node);
	a = gen_int(node->a);
	/* Now, for what is on the right may take registers. */
	if (!is_late(a))
		a = in_reg(a, gen_own(a, node->a->pos));
	b = gen_int(node->b);
	return gen_arithmetic(node->op, a, b, node->pos);
}

static struct value *gen_unary(const struct node *node)
{
	struct value *v, *r;
	int reg;

	if (node->op == '!')
		return gen_truth(node);
	if (node->op == '*')
		return gen_deref(gen_expr(node->a), NULL, node->pos);
	if (node->op == '&')
		gen_fail(node->pos, ERR_ADDRESS_OF);
	v = gen_int(node->a);
	if (node->op == '+')
		return v;
	reg = gen_own(v, node->pos);
	if (node->op == '-')
		emit("mul r%d, -1", reg);
	else
		emit("xor r%d, -1", reg);
	r = gen_in(reg);
	r->is_unsure = v->is_unsure;
	return r;
}

/* What an expression is, without code for it. */
static struct value *peek(const struct node *node)
{
	unsigned int nr_temps = gen.nr_temps;
	bool is_dead = gen.is_dead, is_peek = gen.is_peek;
	struct value *v;

	gen.is_dead = true;
	gen.is_peek = true;
	v = gen_expr(node);
	gen.is_dead = is_dead;
	gen.is_peek = is_peek;
	gen.nr_temps = nr_temps;
	return v;
}

/* An expression, for its value in a register, or for what it does. */
static void gen_into(const struct value *to,
		     const struct node *node)
{
	unsigned int mark = gen.nr_temps;
	struct value *v = gen_expr(node);

	if (to->kind == V_INT)
		emit("mov r%d, %s", to->reg,
		     gen_operand(v, node->pos));
	gen.nr_temps = mark;
}

/* What both values of a "?" are together. */
static struct value *gen_either(const struct value *a,
				const struct value *b, struct loc pos)
{
	struct value *v;

	if (gen_is_number(a) && gen_is_number(b)) {
		v = in_reg(a->is_literal ? b : a, -1);
		v->is_unsure = a->is_unsure || b->is_unsure;
		v->is_signed = gen_both_signed(a, b);
		v->size = max(a->size, b->size);
		return v;
	}
	if (!a->is_unsure && !b->is_unsure &&
	    (a->kind != V_NONE || b->kind != V_NONE) &&
	    (!gen_is_string(a) || !gen_is_string(b)))
		gen_fail(pos, ERR_TERNARY);
	v = gen_new(a->kind == V_NONE ? V_NONE : V_CHOICE);
	v->show = SHOW_STR;
	v->is_unsure = a->is_unsure || b->is_unsure;
	if (a->size && b->size)
		v->size = max(a->size, b->size);
	return v;
}

static struct value *gen_ternary(const struct node *node)
{
	struct value *a = peek(node->b), *b = peek(node->c);
	struct value *v = gen_either(a, b, node->pos);
	unsigned int no;

	v->a = a;
	v->b = b;
	/* Not what is below once more: it would be twice as much each level. */
	if (gen.is_peek)
		return v;
	if (v->kind == V_CHOICE) {
		v->reg = gen_own(gen_truth(node->a), node->pos);
		v->a = gen_expr(node->b);
		v->b = gen_expr(node->c);
		return v;
	}
	no = emit_labels();
	if (v->kind == V_INT)
		v->reg = emit_temp(node->pos);
	gen_branch(node->a, no, false);
	gen_into(v, node->b);
	emit_else(no);
	gen_into(v, node->c);
	emit_here(no + 1);
	return v;
}

static struct value *gen_tuple(const struct node *node)
{
	struct value *list = gen_new(V_LIST), **tail = &list->a;
	const struct node *n;

	if (!node->a)
		gen_fail(node->pos, ERR_NO_VALUE);
	for (n = node->a; n; n = n->next) {
		*tail = gen_expr(n);
		tail = &(*tail)->next;
	}
	list->show = SHOW_TUPLE;
	return list;
}

/* An element of a tuple: in a variable, or just written. */
static struct value *gen_element(const struct node *node)
{
	struct value *v = gen_expr(node->a);
	const struct value *e = v->a;
	u64 n = node->value;

	if (v->kind != V_LIST || v->show != SHOW_TUPLE)
		gen_fail(node->pos, ERR_NO_TUPLE);
	while (e && n--)
		e = e->next;
	if (!e)
		gen_fail(node->pos, ERR_NO_ELEMENT,
			 (unsigned long long)node->value);
	return gen_dup(e);
}

static struct value *gen_sizeof(const struct node *node)
{
	struct value *v = peek(node->a);

	if (node->kind == N_OFFSETOF && v->kind != V_PLACE)
		gen_fail(node->pos, ERR_NO_STRUCT, node->text);
	if (node->kind == N_OFFSETOF)
		return gen_number(tapc_place(gen.tc, v->type, node->text,
					     node->pos).bit / 8);
	if (v->kind == V_PLACE)
		return gen_number(tapc_size(gen.tc, v->type, node->pos));
	return gen_number(v->size);
}

/**
 * gen_param_text - a parameter as a string
 * @node: PARAM
 *
 * Return: it, empty if it is not given.
 */
struct value *gen_param_text(const struct node *node)
{
	const char *s = "";

	if (node->value <= gen.tc->nr_params)
		s = gen.tc->params[node->value - 1];
	return gen_string(V_CONST, s, 0);
}

static struct value *gen_name(const struct node *node)
{
	struct suggestion s = { .word = node->text };
	struct value *v = gen_builtin(node);

	if (v)
		return v;
	tapc_offer_builtins(&s);
	gen_fail(node->pos, ERR_UNKNOWN, node->text, tapc_suggest(&s));
}

/**
 * gen_expr - an expression
 * @node: it
 *
 * Return: its value.
 */
struct value *gen_expr(const struct node *node)
{
	s64 n;

	if (gen_fold(node, &n))
		return gen_number(n);
	switch (node->kind) {
	case N_STR:
		return gen_string(V_CONST, node->text, node->len + 1);
	case N_PARAM:
		return gen_param_text(node);
	case N_NAME:
		return gen_name(node);
	case N_VAR:
		return gen_var(node);
	case N_MAP:
		return gen_map_read(node);
	case N_CALL:
		return gen_call(node);
	case N_BINARY:
		return gen_binary(node);
	case N_UNARY:
		return gen_unary(node);
	case N_PRE:
	case N_POST:
		if (node->a->kind == N_MAP)
			return gen_map_step(node);
		return gen_var_step(node);
	case N_TERNARY:
		return gen_ternary(node);
	case N_CAST:
		return gen_cast(node);
	case N_MEMBER:
		return gen_member(node);
	case N_INDEX:
		return gen_index(node);
	case N_TUPLE:
		return gen_tuple(node);
	case N_ELEMENT:
		return gen_element(node);
	case N_SIZEOF:
	case N_OFFSETOF:
		return gen_sizeof(node);
	default:
		gen_fail(node->pos, ERR_NO_NUMBER);
	}
}

/**
 * gen_int - an expression that must be a number
 * @node: it
 *
 * Return: its value, not in a register if it need not be.
 */
struct value *gen_int(const struct node *node)
{
	struct value *v = gen_expr(node);

	if (gen_is_number(v))
		return v;
	return gen_load(v, node->pos);
}
