// SPDX-License-Identifier: GPL-2.0
/*
 * What the names of an extended expression mean, and whether its parts fit.
 *
 *	in:	tree of 'prev_prio < next_prio + 5 && vec == NET_RX'
 *	out:	the same tree: fields with place, size and sign, enum names as
 *		constants, constants folded, comparisons signed or unsigned
 *
 * A bare name is the event's field, else a builtin, else an enum constant;
 * args.NAME is a field; common_NAME is a builtin, in filters where the record has
 * no such field; argN is the event's own field number N. Values are 64-bit; all but
 * unsigned 64-bit fields are signed, which holds every smaller one; what is made
 * from an unsigned one is unsigned, but for differences.
 */
#include "type.h"

static int fail(struct typer *t, enum tap_error_code code,
		const struct tap_node *node)
{
	return trace_tap_type_fail(t, code, node);
}

/* ------------------------------------------------------------------ names */

static int set_builtin(struct typer *t, struct tap_node *node,
		       struct tap_operand *opnd, int builtin)
{
	/* What only those who run an action know. */
	if (!t->is_action && (builtin == TAP_BUILTIN_ELAPSED ||
			      builtin == TAP_BUILTIN_CALLER ||
			      builtin == TAP_BUILTIN_PROBE))
		return fail(t, TAP_ERR_NOT_HERE, node);
	opnd->is_builtin = true;
	opnd->builtin = builtin;
	opnd->type = trace_tap_builtins[builtin].type;
	opnd->text = trace_tap_builtins[builtin].name;
	node->operand = opnd;
	return 0;
}

static int set_field(struct typer *t, struct tap_node *node,
		     struct tap_operand *opnd, const struct tap_field *f,
		     const char *name)
{
	if (f->is_cpu)
		return set_builtin(t, node, opnd, TAP_BUILTIN_CPU);
	if (f->type == TAP_COMM)
		return set_builtin(t, node, opnd, TAP_BUILTIN_COMM);
	opnd->type = f->type;
	opnd->is_signed = f->is_signed;
	opnd->offset = f->offset;
	opnd->size = f->size;
	opnd->text = name;
	node->operand = opnd;
	return 0;
}

/* argN: name of the event's field number N, or NULL */
static const char *numbered_field(const struct tap_scope *scope,
				  const char *name)
{
	u64 nr;

	if (!scope->field_nr || !str_has_prefix(name, "arg") ||
	    !isdigit(name[3]) || kstrtou64(name + 3, 10, &nr) || nr > U8_MAX)
		return NULL;
	return scope->field_nr(scope->event, nr);
}

/* common_NAME, or NAME: enum tap_builtin, or a negative number */
static int find_builtin(const char *name, bool is_bare)
{
	if (str_has_prefix(name, "common_"))
		return trace_tap_find_builtin(name + strlen("common_"));
	return is_bare ? trace_tap_find_builtin(name) : -ENOENT;
}

/* What has no meaning: a stack has one, but is nothing to compute with. */
static int unknown(struct typer *t, struct tap_node *node)
{
	return fail(t, trace_tap_type_is_stack(t, node) ?
		    TAP_ERR_NOT_A_NUMBER : TAP_ERR_UNKNOWN_NAME, node);
}

/* NAME, args.NAME, NAME.ustring, common_NAME, argN */
int trace_tap_type_lookup(struct typer *t, struct tap_node *node)
{
	const struct tap_scope *scope = t->scope;
	const char *name = node->text, *dot;
	bool args = str_has_prefix(name, "args."), user = false;
	struct tap_operand *opnd;
	struct tap_field f = {};
	int builtin;

	opnd = trace_tap_alloc(t->arena, sizeof(*opnd));
	if (!opnd)
		return -ENOMEM;
	if (args)
		name += strlen("args.");
	dot = strchr(name, '.');
	if (dot && !strcmp(dot, ".ustring")) {
		user = true;
		name = trace_tap_strndup(t->arena, name, dot - name);
		if (!name)
			return -ENOMEM;
	}
	/* What a filter finds in the record, an action needs no record for. */
	builtin = t->is_action && !args && !user ? find_builtin(name, false) :
						   -ENOENT;
	if (builtin >= 0)
		return set_builtin(t, node, opnd, builtin);
	if (scope->field(scope->event, name, &f)) {
		if (user && f.type == TAP_PTR)
			f.type = TAP_USER;
		t->is_extended |= args;
		return set_field(t, node, opnd, &f, name);
	}
	if (args || user ||
	    (scope->field_below && scope->field_below(scope->event, name)))
		return fail(t, TAP_ERR_FIELD_NOT_FOUND, node);

	builtin = find_builtin(name, true);
	if (builtin >= 0) {
		t->is_extended = true;
		return set_builtin(t, node, opnd, builtin);
	}
	if (scope->enum_value(scope->event, name, &node->value)) {
		t->is_extended = true;
		node->kind = TAP_N_CONST;
		return 0;
	}
	name = numbered_field(scope, name);
	if (name && scope->field(scope->event, name, &f)) {
		t->is_extended = true;
		name = trace_tap_strndup(t->arena, name, strlen(name));
		return name ? set_field(t, node, opnd, &f, name) : -ENOMEM;
	}
	return unknown(t, node);
}

bool trace_tap_type_is_string(enum tap_type type)
{
	return type == TAP_ARRAY || type == TAP_LOC || type == TAP_REL ||
	       type == TAP_PTR || type == TAP_USER || type == TAP_COMM;
}

static int string_name(struct typer *t, struct tap_node *node)
{
	int ret;

	if (trace_tap_type_is_str_call(node)) {
		ret = trace_tap_type_str_name(t, node);
		if (ret)
			return ret;
	}
	if (node->kind != TAP_N_NAME)
		return fail(t, TAP_ERR_NOT_A_STRING, node);
	ret = node->operand ? 0 : trace_tap_type_lookup(t, node);
	if (ret)
		return ret;
	if (node->kind == TAP_N_NAME && node->operand->type == TAP_PROBE)
		return fail(t, TAP_ERR_NOT_HERE, node);
	if (node->kind != TAP_N_NAME ||
	    !trace_tap_type_is_string(node->operand->type))
		return fail(t, TAP_ERR_EXPECT_DIGIT, node);
	return 0;
}

/* ---------------------------------------------------------------- numbers */

/* A name that has been looked up is used as a number. */
int trace_tap_type_loadable(struct typer *t, struct tap_node *node)
{
	struct tap_operand *opnd = node->operand;

	/* The address in a pointer to a string is a number too. */
	if (opnd->type == TAP_PTR || opnd->type == TAP_USER)
		opnd->type = TAP_PTR;
	else if (opnd->type != TAP_INT)
		return fail(t, TAP_ERR_NOT_A_NUMBER, node);
	if (opnd->is_builtin)
		node->is_u64 = opnd->builtin == TAP_BUILTIN_CALLER;
	else
		node->is_u64 = opnd->size == 8 && !opnd->is_signed;
	return 0;
}

static int number_name(struct typer *t, struct tap_node *node)
{
	int ret = trace_tap_type_lookup(t, node);

	if (ret || node->kind == TAP_N_CONST)
		return ret;
	return trace_tap_type_loadable(t, node);
}

/**
 * trace_tap_alu - what an instruction of class ALU computes
 * @op: enum tap_opcode
 * @a: D
 * @b: V
 *
 * The one definition of the arithmetic; lower_alu.c emits instructions that do
 * the same. Returns D's new value.
 */
s64 trace_tap_alu(u8 op, s64 a, s64 b)
{
	u64 ua = a, ub = b;

	switch (op) {
	case TAP_OP_ADD:
		return ua + ub;
	case TAP_OP_SUB:
		return ua - ub;
	case TAP_OP_MUL:
		return ua * ub;
	case TAP_OP_DIV:
		/* The one quotient that does not fit wraps. */
		if (b == -1)
			return -ua;
		return b ? div64_s64(a, b) : 0;
	case TAP_OP_MOD:
		if (b == -1)
			return 0;
		return b ? a - div64_s64(a, b) * b : a;
	case TAP_OP_UDIV:
		return b ? div64_u64(ua, ub) : 0;
	case TAP_OP_UMOD:
		return b ? ua - div64_u64(ua, ub) * ub : ua;
	case TAP_OP_AND:
		return ua & ub;
	case TAP_OP_OR:
		return ua | ub;
	case TAP_OP_XOR:
		return ua ^ ub;
	case TAP_OP_SHL:
		return ua << (b & 63);
	case TAP_OP_SHR:
		return ua >> (b & 63);
	case TAP_OP_SAR:
		return a >> (b & 63);
	default:
		WARN_ON_ONCE(1);
		return 0;
	}
}

static int arith(struct typer *t, struct tap_node *node)
{
	struct tap_node *a = node->a, *b = node->b;
	int ret;

	ret = trace_tap_type_number(t, a);
	ret = ret ?: trace_tap_type_number(t, b);
	if (ret)
		return ret;
	node->is_u64 = a->is_u64 || b->is_u64;
	switch (node->op) {
	case TAP_OP_SUB:
		node->is_u64 = false;
		break;
	case TAP_OP_DIV:
		if (node->is_u64)
			node->op = TAP_OP_UDIV;
		break;
	case TAP_OP_MOD:
		if (node->is_u64)
			node->op = TAP_OP_UMOD;
		break;
	case TAP_OP_SHL:
	case TAP_OP_SHR:
		node->is_u64 = a->is_u64;
		if (node->op == TAP_OP_SHR && !a->is_u64)
			node->op = TAP_OP_SAR;
		break;
	}
	if (a->kind == TAP_N_CONST && b->kind == TAP_N_CONST) {
		node->value = trace_tap_alu(node->op, a->value, b->value);
		node->kind = TAP_N_CONST;
	}
	return 0;
}

/* @node is used as a number; a condition is 0 or 1. */
int trace_tap_type_number(struct typer *t, struct tap_node *node)
{
	switch (node->kind) {
	case TAP_N_CONST:
		return 0;
	case TAP_N_NAME:
		return number_name(t, node);
	case TAP_N_ARITH:
		return arith(t, node);
	case TAP_N_STRING:
	case TAP_N_CPUS:
		return fail(t, TAP_ERR_NOT_A_NUMBER, node);
	case TAP_N_TABLE:
	case TAP_N_HAS:
	case TAP_N_CALL:
		return trace_tap_type_call_number(t, node);
	default:
		return trace_tap_type_condition(t, node);
	}
}

/* ------------------------------------------------------------- conditions */

/* a ~ "pattern", a == "text": relation op of the node, or as given by @rel */
static int string_relation(struct typer *t, struct tap_node *node,
			   struct tap_node *str, u8 rel)
{
	const char *text = str->text;
	struct tap_operand *opnd;

	if (str->kind != TAP_N_STRING)
		return fail(t, TAP_ERR_NOT_A_STRING, str);
	/* As in the stock language: "!x" inverts, a digit in front is literal. */
	if (rel == TAP_REL_GLOB || rel == TAP_REL_NGLOB) {
		if (*text == '!') {
			text++;
			rel = rel == TAP_REL_GLOB ? TAP_REL_NGLOB :
						    TAP_REL_GLOB;
		}
		if (isdigit(*text))
			rel = rel == TAP_REL_GLOB ? TAP_REL_EQ : TAP_REL_NE;
	}
	opnd = trace_tap_alloc(t->arena, sizeof(*opnd));
	if (!opnd)
		return -ENOMEM;
	opnd->type = TAP_STR;
	opnd->text = text;
	opnd->size = strlen(text);
	str->operand = opnd;
	node->kind = TAP_N_STRREL;
	node->op = rel;
	return 0;
}

/* Is this a field, written as one bare word? */
static bool is_bare_field(const struct tap_node *node)
{
	return node->kind == TAP_N_NAME && node->operand &&
	       !node->operand->is_builtin && !node->op &&
	       !strchr(node->text, '.');
}

static bool is_string_name(struct typer *t, struct tap_node *node)
{
	struct tap_field f = {};
	const char *name = node->text;

	if (trace_tap_type_is_str_call(node))
		return true;
	if (node->kind != TAP_N_NAME)
		return false;
	if (str_has_prefix(name, "args."))
		name += strlen("args.");
	if (strchr(name, '.'))
		return !strcmp(strchr(name, '.'), ".ustring");
	if (t->scope->field(t->scope->event, name, &f))
		return trace_tap_type_is_string(f.type);
	return !strcmp(name, "common_comm");
}

/* NAME == NAME: two strings */
static int pair_relation(struct typer *t, struct tap_node *node)
{
	int ret;

	if (node->op != TAP_OP_JEQ && node->op != TAP_OP_JNE)
		return fail(t, TAP_ERR_ILLEGAL_FIELD_OP, node);
	ret = string_name(t, node->a);
	ret = ret ?: string_name(t, node->b);
	if (ret)
		return ret;
	if (t->scope->is_trigger && is_bare_field(node->b))
		return fail(t, TAP_ERR_INVALID_VALUE, node->b);
	t->is_extended = true;
	node->kind = TAP_N_PAIR;
	node->op = node->op == TAP_OP_JEQ ? TAP_REL_EQ : TAP_REL_NE;
	return 0;
}

/* A number against CPUs: never equal to several, '&' asks if it is of them. */
static int cpus_number(struct typer *t, struct tap_node *node, u8 rel)
{
	const struct tap_operand *cpus = node->b->operand;
	unsigned int i, weight = 0, first = 0;

	for (i = cpus->span * BITS_PER_LONG; i--; ) {
		if (cpus->mask[i / BITS_PER_LONG] >> (i % BITS_PER_LONG) & 1) {
			weight++;
			first = i;
		}
	}
	t->is_extended = true;
	if (weight == 1) {
		node->kind = TAP_N_CMP;
		node->op = rel == TAP_REL_NE ? TAP_OP_JNE : TAP_OP_JEQ;
		node->b->kind = TAP_N_CONST;
		node->b->value = first;
	} else if (rel == TAP_REL_AND) {
		node->kind = TAP_N_BITS;
	} else {
		node->kind = TAP_N_CONST;
		node->value = rel == TAP_REL_NE;
	}
	return 0;
}

static int cpus_operand(struct typer *t, struct tap_node *cpus)
{
	const struct tap_scope *scope = t->scope;
	struct tap_operand *opnd;

	opnd = trace_tap_alloc(t->arena, sizeof(*opnd));
	if (!opnd)
		return -ENOMEM;
	opnd->mask = trace_tap_alloc(t->arena,
				     scope->mask_words * sizeof(long));
	if (!opnd->mask)
		return -ENOMEM;
	if (!cpus->len || scope->cpulist(scope->event, cpus->text, opnd->mask))
		return fail(t, TAP_ERR_INVALID_CPULIST, cpus);
	opnd->type = TAP_CPUS;
	opnd->span = scope->mask_words;
	opnd->text = cpus->text;
	opnd->size = cpus->len;
	cpus->operand = opnd;
	return 0;
}

/* a & CPUS{list}, a == CPUS{list}: a is a mask in the record or a number */
static int cpus_relation(struct typer *t, struct tap_node *node, u8 rel)
{
	struct tap_node *a = node->a;
	int ret;

	ret = cpus_operand(t, node->b);
	if (!ret && a->kind == TAP_N_NAME)
		ret = trace_tap_type_lookup(t, a);
	if (ret)
		return ret;
	if (a->kind == TAP_N_NAME && a->operand->type == TAP_MASK) {
		node->kind = TAP_N_CPUREL;
		node->op = rel;
		return 0;
	}
	ret = a->kind == TAP_N_NAME ? trace_tap_type_loadable(t, a) :
				      trace_tap_type_number(t, a);
	return ret ?: cpus_number(t, node, rel);
}

/* NAME.function == SYMBOL */
static int function_relation(struct typer *t, struct tap_node *node,
			     const char *suffix)
{
	struct tap_node *a = node->a, *fn = node->b;
	struct tap_operand *opnd;
	int ret;

	if (node->op != TAP_OP_JEQ && node->op != TAP_OP_JNE)
		return fail(t, TAP_ERR_INVALID_OP, node);
	a->text = trace_tap_strndup(t->arena, a->text, suffix - a->text);
	opnd = trace_tap_alloc(t->arena, sizeof(*opnd));
	if (!a->text || !opnd)
		return -ENOMEM;
	ret = number_name(t, a);
	if (ret)
		return ret;
	if (a->kind != TAP_N_NAME || a->operand->size != sizeof(long))
		return fail(t, TAP_ERR_ILLEGAL_FIELD_OP, a);
	opnd->type = TAP_FUNC;
	opnd->text = fn->text;
	opnd->size = fn->len;
	if (fn->kind == TAP_N_CONST)
		opnd->start = fn->value;
	if ((fn->kind != TAP_N_CONST && fn->kind != TAP_N_NAME) ||
	    !t->scope->function(t->scope->event,
				fn->kind == TAP_N_NAME ? fn->text : NULL,
				&opnd->start, &opnd->span))
		return fail(t, TAP_ERR_NO_FUNCTION, fn);
	t->is_extended = true;
	fn->kind = TAP_N_NAME;
	fn->operand = opnd;
	node->op = node->op == TAP_OP_JEQ ? TAP_OP_JFN : TAP_OP_JNFN;
	node->kind = TAP_N_FUNC;
	return 0;
}

/*
 * A constant beside a bare field takes the field's type, as in the stock
 * language, so that a predicate means the same wherever it stands.
 */
static void cut_constant(const struct tap_node *a, struct tap_node *b)
{
	const struct tap_operand *f = a->operand;

	if (a->kind != TAP_N_NAME || f->is_builtin || b->kind != TAP_N_CONST)
		return;
	b->value = trace_tap_cut(f->size, f->is_signed, b->value);
	b->is_u64 = a->is_u64;
}

/* The same comparison with its sides swapped, and its unsigned form. */
static u8 mirror(u8 op)
{
	switch (op) {
	case TAP_OP_JLT:
		return TAP_OP_JGT;
	case TAP_OP_JLE:
		return TAP_OP_JGE;
	case TAP_OP_JGT:
		return TAP_OP_JLT;
	case TAP_OP_JGE:
		return TAP_OP_JLE;
	default:
		return op;
	}
}

static u8 as_unsigned(u8 op)
{
	switch (op) {
	case TAP_OP_JLT:
		return TAP_OP_JULT;
	case TAP_OP_JLE:
		return TAP_OP_JULE;
	case TAP_OP_JGT:
		return TAP_OP_JUGT;
	case TAP_OP_JGE:
		return TAP_OP_JUGE;
	default:
		return op;
	}
}

static const char *function_suffix(const struct tap_node *node)
{
	const char *dot = node->kind == TAP_N_NAME ? strrchr(node->text, '.') :
						     NULL;

	return dot && !strcmp(dot, ".function") ? dot : NULL;
}

static int compare(struct typer *t, struct tap_node *node)
{
	struct tap_node *a = node->a, *b = node->b;
	const char *suffix = function_suffix(a);
	bool names = a->kind == TAP_N_NAME && b->kind == TAP_N_NAME;
	int ret;

	if (suffix)
		return function_relation(t, node, suffix);
	/* Constants stand on the right from here on. */
	if (a->kind == TAP_N_STRING || a->kind == TAP_N_CONST) {
		node->a = b;
		node->b = a;
		node->op = mirror(node->op);
		a = node->a;
		b = node->b;
	}
	if (b->kind == TAP_N_STRING || b->kind == TAP_N_CPUS) {
		if (node->op != TAP_OP_JEQ && node->op != TAP_OP_JNE)
			return fail(t, TAP_ERR_ILLEGAL_FIELD_OP, node);
		if (b->kind == TAP_N_CPUS)
			return cpus_relation(t, node, node->op == TAP_OP_JEQ ?
					     TAP_REL_EQ : TAP_REL_NE);
		ret = string_name(t, a);
		return ret ?: string_relation(t, node, b,
					      node->op == TAP_OP_JEQ ?
					      TAP_REL_EQ : TAP_REL_NE);
	}
	if (is_string_name(t, a) && is_string_name(t, b))
		return pair_relation(t, node);
	ret = trace_tap_type_number(t, a);
	ret = ret ?: trace_tap_type_number(t, b);
	if (ret)
		return ret;
	if (names && t->scope->is_trigger && is_bare_field(b))
		return fail(t, TAP_ERR_INVALID_VALUE, b);
	t->is_extended |= names;
	/* Folding may have made the left side the constant one. */
	if (a->kind == TAP_N_CONST && b->kind != TAP_N_CONST) {
		node->a = b;
		node->b = a;
		node->op = mirror(node->op);
	}
	cut_constant(node->a, node->b);
	if (a->is_u64 || b->is_u64)
		node->op = as_unsigned(node->op);
	return 0;
}

/* One end of a range: a constant. */
static int range_end(struct typer *t, struct tap_node *node)
{
	int ret = trace_tap_type_number(t, node);

	if (ret)
		return ret;
	return node->kind == TAP_N_CONST ? 0 :
	       fail(t, TAP_ERR_BAD_NUMBER, node);
}

/* a in {1, 5..9}, a in {"sh"}, a ~ {"k*", "rcu*"} */
static int in_list(struct typer *t, struct tap_node *node)
{
	bool strings = node->b->kind == TAP_N_STRING;
	struct tap_node *elem, *next, *rel, **link = &node->b;
	int ret;

	if (!strings && node->op != TAP_REL_EQ)
		return fail(t, TAP_ERR_NOT_A_STRING, node->b);
	ret = strings ? string_name(t, node->a) :
			trace_tap_type_number(t, node->a);
	for (elem = node->b; elem && !ret; elem = next) {
		next = elem->next;
		if (!strings) {
			if (elem->kind != TAP_N_RANGE)
				return fail(t, TAP_ERR_NOT_A_NUMBER, elem);
			ret = range_end(t, elem->a);
			if (!ret && elem->b)
				ret = range_end(t, elem->b);
			else if (!ret)
				cut_constant(node->a, elem->a);
			if (!ret && elem->b && elem->b->value < elem->a->value)
				return fail(t, TAP_ERR_BAD_RANGE, elem);
			continue;
		}
		/* Each string becomes a relation of its own. */
		rel = trace_tap_alloc(t->arena, sizeof(*rel));
		if (!rel)
			return -ENOMEM;
		rel->a = node->a;
		rel->b = elem;
		rel->pos = elem->pos;
		rel->next = next;
		elem->next = NULL;
		*link = rel;
		link = &rel->next;
		ret = string_relation(t, rel, elem, node->op == TAP_REL_EQ ?
				      TAP_REL_EQ : TAP_REL_GLOB);
	}
	node->is_u64 = node->a->is_u64;
	if (ret || node->op != TAP_REL_NGLOB)
		return ret;
	/* a !~ {...} is !(a ~ {...}) */
	rel = trace_tap_alloc(t->arena, sizeof(*rel));
	if (!rel)
		return -ENOMEM;
	*rel = *node;
	rel->next = NULL;
	node->kind = TAP_N_NOT;
	node->a = rel;
	return 0;
}

/* a & b asks whether they share a bit. */
static int arith_condition(struct typer *t, struct tap_node *node)
{
	bool name = node->b->kind == TAP_N_NAME;
	int ret;

	if (node->op == TAP_OP_AND && node->b->kind == TAP_N_CPUS)
		return cpus_relation(t, node, TAP_REL_AND);
	ret = arith(t, node);
	t->is_extended |= !ret && name;
	if (!ret && node->kind == TAP_N_ARITH && node->op == TAP_OP_AND) {
		node->kind = TAP_N_TEST;
		cut_constant(node->a, node->b);
	}
	return ret;
}

/* @node is used as a condition; a number holds if it is not 0. */
int trace_tap_type_condition(struct typer *t, struct tap_node *node)
{
	struct tap_node *elem;
	int ret = 0;

	switch (node->kind) {
	case TAP_N_AND:
	case TAP_N_OR:
		for (elem = node->a; elem && !ret; elem = elem->next)
			ret = trace_tap_type_condition(t, elem);
		return ret;
	case TAP_N_NOT:
		return trace_tap_type_condition(t, node->a);
	case TAP_N_CMP:
		return compare(t, node);
	case TAP_N_STRREL:
		ret = string_name(t, node->a);
		return ret ?: string_relation(t, node, node->b, node->op);
	case TAP_N_IN:
		return in_list(t, node);
	case TAP_N_ARITH:
		return arith_condition(t, node);
	default:
		return trace_tap_type_number(t, node);
	}
}

/**
 * trace_tap_type - give names a meaning and check that operands fit
 * @arena: memory of operands
 * @root: the tree, changed in place; a condition
 * @scope: the event
 * @is_extended: out: set if a name is none of the stock language
 * @e: out: the error, at the node at fault
 *
 * Context: may sleep. Returns 0, or a negative errno; if @arena failed, without
 * @e set.
 */
int trace_tap_type(struct tap_arena *arena, struct tap_node *root,
		   const struct tap_scope *scope, bool *is_extended,
		   struct tap_error *e)
{
	struct typer t = { .arena = arena, .scope = scope, .e = e };
	int ret = trace_tap_type_condition(&t, root);

	ret = ret ?: trace_tap_type_tables(&t);
	*is_extended |= t.is_extended;
	return ret;
}
