// SPDX-License-Identifier: GPL-2.0
/*
 * Expressions that are constant in the script: lengths of arrays, values of
 * enums, conditions of #if. Names are those of enums of the script or of BTF, and
 * those that constant.c has of headers.
 *
 *	in:	BINARY << (INT 1, NAME PAGE_SHIFT), with enum { PAGE_SHIFT = 12 }
 *	out:	4096
 *
 * Arithmetic is the language's: 64 bits, wrapping; "/" and "%" signed, toward
 * zero, by zero 0 and the dividend; shifts take the count modulo 64. The
 * kernel's programs do the same, so folding changes nothing.
 */
#include "tapc.h"

/**
 * tapc_fold_op - what an operator makes of two numbers
 * @op: OP2(), one of those that BINARY has
 * @a: left
 * @b: right
 *
 * Return: the result.
 */
u64 tapc_fold_op(u32 op, u64 a, u64 b)
{
	s64 sa = a, sb = b;

	switch (op) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return a * b;
	case '/':
		/* The one quotient that does not fit wraps, too. */
		return !b ? 0 : sb == -1 ? -a : (u64)(sa / sb);
	case '%':
		return !b ? a : sb == -1 ? 0 : (u64)(sa % sb);
	case '&':
		return a & b;
	case '|':
		return a | b;
	case '^':
		return a ^ b;
	case OP2('<', '<'):
		return a << (b & 63);
	case OP2('>', '>'):
		return sa >> (b & 63);
	case OP2('=', '='):
		return a == b;
	case OP2('!', '='):
		return a != b;
	case '<':
		return sa < sb;
	case '>':
		return sa > sb;
	case OP2('<', '='):
		return sa <= sb;
	case OP2('>', '='):
		return sa >= sb;
	case OP2('&', '&'):
		return a && b;
	case OP2('|', '|'):
		return a || b;
	}
	return 0;
}

/* A constant of an enum of the script. */
static bool fold_name(struct tapc *tc, const char *name, u64 *value)
{
	struct member *m;
	struct type *t;

	if (tc->is_parsed && tapc_is_builtin(name))
		return false;
	for (t = tc->types; t; t = t->next) {
		if (t->kind != T_ENUM)
			continue;
		for (m = t->members; m; m = m->next) {
			if (!strcmp(m->name, name)) {
				*value = m->value;
				return true;
			}
		}
	}
	return false;
}

/* Sizes and places of types, once all declarations have been read. */
static bool fold_layout(struct tapc *tc, const struct node *node, u64 *value)
{
	if (!node->ctype || !tc->is_parsed)
		return false;
	*value = node->kind == N_SIZEOF ?
		 tapc_size(tc, node->ctype, node->pos) :
		 tapc_place(tc, node->ctype, node->text, node->pos).bit / 8;
	return true;
}

/* A parameter that is a number. One that is not given is 0. */
static bool fold_param(struct tapc *tc, const struct node *node, u64 *value)
{
	const char *text;
	bool is_minus;

	*value = 0;
	if (node->value > tc->nr_params)
		return true;
	text = tc->params[node->value - 1];
	is_minus = *text == '-';
	if (!isdigit((unsigned char)text[is_minus]) ||
	    tapc_lex_number(text + is_minus, value, NULL))
		return false;
	if (is_minus)
		*value = -*value;
	return true;
}

static bool fold_unary(u32 op, u64 *value)
{
	switch (op) {
	case '-':
		*value = -*value;
		return true;
	case '~':
		*value = ~*value;
		return true;
	case '!':
		*value = !*value;
		return true;
	}
	return op == '+';
}

/**
 * tapc_fold - value of a constant expression
 * @tc: the run
 * @node: the expression
 * @value: out: its value
 *
 * Return: false if it is not constant, or of names that only a later stage has.
 */
bool tapc_fold(struct tapc *tc, const struct node *node, u64 *value)
{
	u64 a, b;

	switch (node->kind) {
	case N_INT:
	case N_BOOL:
		*value = node->value;
		return true;
	case N_NAME:
		return fold_name(tc, node->text, value) ||
		       tapc_btf_constant(tc, node->text, value) ||
		       tapc_constant(node->text, value);
	case N_NPARAMS:
		*value = tc->nr_params;
		return true;
	case N_PARAM:
		return fold_param(tc, node, value);
	case N_SIZEOF:
	case N_OFFSETOF:
		return fold_layout(tc, node, value);
	case N_UNARY:
		return tapc_fold(tc, node->a, value) &&
		       fold_unary(node->op, value);
	case N_BINARY:
		if (!tapc_fold(tc, node->a, &a) || !tapc_fold(tc, node->b, &b))
			return false;
		*value = tapc_fold_op(node->op, a, b);
		return true;
	case N_TERNARY:
		return tapc_fold(tc, node->a, &a) &&
		       tapc_fold(tc, a ? node->b : node->c, value);
	}
	return false;
}
