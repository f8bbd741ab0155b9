// SPDX-License-Identifier: GPL-2.0
/*
 * What is more than a number in an expression: entries of tables, strings
 * behind pointers, stacks, numbers that are shown by a name.
 *
 *	in:	@t[comm, syscall_name(id), kstack(5)]
 *	out:	parts: a string of 16 bytes; a number of the form "syscall"; a
 *		stack. Operands and lengths in the nodes
 *
 * Where a number is needed, hex() and its like are their argument. Where a value
 * of any kind can stand (a part of a key, what is assigned or printed), a pointer
 * to char is the string behind it, as it always was in filters; str() says the
 * same of any number.
 */
#include "type.h"

/* Bytes of a thread's name, TASK_COMM_LEN. */
#define COMM_LEN	16

static int fail(struct typer *t, enum tap_error_code code,
		const struct tap_node *node)
{
	return trace_tap_type_fail(t, code, node);
}

static bool is_call(const struct tap_node *node, const char *name)
{
	return node->kind == TAP_N_CALL && !strcmp(node->text, name);
}

/* One argument, or with @more none or one further. */
static int check_args(struct typer *t, const struct tap_node *node, bool more)
{
	const struct tap_node *arg = node->a;

	if (!arg)
		return fail(t, TAP_ERR_WRONG_ARGS, node);
	if (arg->next && (!more || arg->next->next))
		return fail(t, TAP_ERR_WRONG_ARGS,
			    more ? arg->next->next : arg->next);
	return 0;
}

/* A length: a constant from 1 to @max. */
static int length(struct typer *t, struct tap_node *node, unsigned int max,
		  s64 *value)
{
	int ret = trace_tap_type_number(t, node);

	if (ret)
		return ret;
	if (node->kind != TAP_N_CONST || node->value < 1 || node->value > max)
		return fail(t, TAP_ERR_BAD_LENGTH, node);
	*value = node->value;
	return 0;
}

/* ------------------------------------------------------------------ stacks */

/**
 * trace_tap_type_is_stack - whether a node is kstack or ustack
 * @t: the pass
 * @node: any node
 *
 * Bare, they are that only where the event has no such field.
 */
bool trace_tap_type_is_stack(struct typer *t, const struct tap_node *node)
{
	const struct tap_scope *scope = t->scope;
	struct tap_field f = {};

	if (node->kind != TAP_N_NAME && node->kind != TAP_N_CALL)
		return false;
	if (strcmp(node->text, "kstack") && strcmp(node->text, "ustack"))
		return false;
	return node->kind == TAP_N_CALL ||
	       !scope->field(scope->event, node->text, &f);
}

static int stack_source(struct typer *t, struct tap_node *node,
			struct tap_part *part)
{
	bool kernel = *node->text == 'k';
	int ret = 0;

	t->is_extended = true;
	if (!t->is_action)
		return fail(t, TAP_ERR_NOT_HERE, node);
	node->kind = TAP_N_CALL;
	node->op = kernel ? TAP_SRC_KSTACK : TAP_SRC_USTACK;
	node->value = TAP_MAX_STACK;
	if (node->a)
		ret = check_args(t, node, false);
	if (!ret && node->a)
		ret = length(t, node->a, TAP_MAX_STACK, &node->value);
	part->kind = kernel ? TAP_PART_KSTACK : TAP_PART_USTACK;
	part->size = sizeof(u64);
	return ret;
}

/* ----------------------------------------------------------------- strings */

/**
 * trace_tap_type_is_str_call - whether a node is str(), kstr() or ustr()
 * @node: any node, not typed yet
 */
bool trace_tap_type_is_str_call(const struct tap_node *node)
{
	return is_call(node, "str") || is_call(node, "kstr") ||
	       is_call(node, "ustr");
}

static void string_part(struct tap_part *part, unsigned int size)
{
	part->kind = TAP_PART_STR;
	part->size = ALIGN(size, sizeof(u64));
}

/* A string that has a name; @len: bytes if it has no size. */
static void named_string(const struct tap_operand *opnd, unsigned int len,
			 struct tap_part *part)
{
	if (opnd->type == TAP_COMM)
		len = COMM_LEN;
	else if (opnd->type == TAP_ARRAY && opnd->size)
		len = min_t(unsigned int, opnd->size, TAP_MAX_KEY + 1);
	string_part(part, len);
}

/* Does the function read user memory? */
static bool reads_user(const struct typer *t, const struct tap_node *node)
{
	return *node->text == 'u' ||
	       (*node->text == 's' && t->scope->user_pointers);
}

/* The name of a string in place of the call. */
static void become_name(struct tap_node *node)
{
	struct tap_node *arg = node->a;

	node->kind = TAP_N_NAME;
	node->text = arg->text;
	node->operand = arg->operand;
	node->a = NULL;
}

/* str(name): a string already, or a pointer to one */
static int string_of_name(struct typer *t, struct tap_node *node)
{
	struct tap_node *arg = node->a;
	struct tap_operand *opnd = arg->operand;

	if (opnd->type == TAP_PTR || opnd->type == TAP_USER) {
		if (*node->text != 's' || opnd->type == TAP_PTR)
			opnd->type = reads_user(t, node) ? TAP_USER : TAP_PTR;
		node->op = opnd->type == TAP_USER ? TAP_SRC_USTR : TAP_SRC_KSTR;
		if (!arg->next)
			become_name(node);
		else
			opnd->type = TAP_PTR;
		return 0;
	}
	if (*node->text != 's' || arg->next)
		return fail(t, TAP_ERR_NOT_A_NUMBER, arg);
	become_name(node);
	return 0;
}

/* str(p), kstr(p), ustr(p), with a length or without */
static int string_call(struct typer *t, struct tap_node *node,
		       unsigned int len)
{
	struct tap_node *arg = node->a;
	int ret = check_args(t, node, true);

	if (ret)
		return ret;
	t->is_extended = true;
	node->op = reads_user(t, node) ? TAP_SRC_USTR : TAP_SRC_KSTR;
	node->value = len;
	if (arg->kind == TAP_N_NAME)
		ret = trace_tap_type_lookup(t, arg);
	if (!ret && arg->kind == TAP_N_NAME &&
	    trace_tap_type_is_string(arg->operand->type))
		ret = string_of_name(t, node);
	else if (!ret && arg->kind == TAP_N_NAME)
		ret = trace_tap_type_loadable(t, arg);
	else if (!ret)
		ret = trace_tap_type_number(t, arg);
	if (!ret && node->kind == TAP_N_CALL && arg->next)
		ret = length(t, arg->next, TAP_MAX_STR, &node->value);
	return ret;
}

/**
 * trace_tap_type_str_name - type str(), kstr() or ustr() of what is compared
 * @t: the pass
 * @node: the call; becomes the name of the string
 *
 * Only a string that has a name can be compared: a field that is a pointer.
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_str_name(struct typer *t, struct tap_node *node)
{
	int ret = string_call(t, node, TAP_DEF_STR);

	if (!ret && node->kind == TAP_N_CALL)
		ret = fail(t, TAP_ERR_NOT_A_STRING, node);
	return ret;
}

/* ------------------------------------------- numbers that have other forms */

static void int_part(const struct tap_node *node, struct tap_part *part)
{
	part->kind = TAP_PART_INT;
	part->size = sizeof(u64);
	part->is_signed = !node->is_u64;
}

/* enum(field): the names come from the event's format */
static int field_names(struct typer *t, struct tap_node *node,
		       struct tap_part *part)
{
	const struct tap_scope *scope = t->scope;
	struct tap_node *arg = node->a;
	struct tap_operand *opnd;

	if (arg->kind != TAP_N_NAME || arg->operand->is_builtin)
		return fail(t, TAP_ERR_NO_NAMES, arg);
	part->field = arg->operand->text;
	if (scope->names)
		part->names = scope->names(scope->event, part->field,
					   t->arena);
	if (!part->names)
		return t->arena->failed ? -ENOMEM :
					  fail(t, TAP_ERR_NO_NAMES, arg);
	opnd = trace_tap_alloc(t->arena, sizeof(*opnd));
	if (!opnd)
		return -ENOMEM;
	opnd->type = TAP_NAMES;
	opnd->text = part->field;
	node->operand = opnd;
	return 0;
}

static const struct {
	const char	*name;
	u8		form;
} forms[] = {
	{ "hex",	  TAP_FORM_HEX },
	{ "ksym",	  TAP_FORM_KSYM },
	{ "syscall_name", TAP_FORM_SYSCALL },
	{ "enum",	  TAP_FORM_ENUM },
};

/* hex(e), ksym(e), syscall_name(e), enum(field) */
static int form_call(struct typer *t, struct tap_node *node,
		     struct tap_part *part)
{
	unsigned int i;
	int ret;

	ret = check_args(t, node, false);
	ret = ret ?: trace_tap_type_number(t, node->a);
	if (ret)
		return ret;
	t->is_extended = true;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!strcmp(node->text, forms[i].name))
			node->form = forms[i].form;
	}
	node->op = TAP_NR_SOURCES;
	node->is_u64 = node->a->is_u64;
	int_part(node, part);
	part->form = node->form;
	if (node->form == TAP_FORM_ENUM)
		return field_names(t, node, part);
	part->is_signed = false;
	return 0;
}

/* ------------------------------------------------------------------ values */

static int call_source(struct typer *t, struct tap_node *node,
		       unsigned int len, struct tap_part *part)
{
	int ret;

	if (trace_tap_type_is_stack(t, node))
		return stack_source(t, node, part);
	if (!trace_tap_type_is_str_call(node))
		return form_call(t, node, part);
	ret = string_call(t, node, len);
	if (ret)
		return ret;
	if (node->kind == TAP_N_CALL)
		string_part(part, node->value);
	else
		named_string(node->operand, len, part);
	return 0;
}

static int name_source(struct typer *t, struct tap_node *node,
		       unsigned int len, struct tap_part *part)
{
	struct tap_operand *opnd;
	int ret;

	if (trace_tap_type_is_stack(t, node))
		return stack_source(t, node, part);
	ret = trace_tap_type_lookup(t, node);
	if (ret)
		return ret;
	opnd = node->operand;
	if (node->kind == TAP_N_NAME && trace_tap_type_is_string(opnd->type)) {
		if (opnd->type == TAP_PTR && t->scope->user_pointers)
			opnd->type = TAP_USER;
		node->op = opnd->type == TAP_USER ? TAP_SRC_USTR : TAP_SRC_KSTR;
		named_string(opnd, len, part);
		return 0;
	}
	if (node->kind == TAP_N_NAME && opnd->type == TAP_PROBE) {
		node->is_u64 = true;
		int_part(node, part);
		part->form = TAP_FORM_PROBE;
		return 0;
	}
	if (node->kind == TAP_N_NAME)
		ret = trace_tap_type_loadable(t, node);
	int_part(node, part);
	return ret;
}

/* Reading an aggregation gives a number; that of a histogram is its count. */
static bool read_is_u64(const struct tap_value *value)
{
	switch (value->kind) {
	case TAP_VALUE_INT:
		return !value->plain.is_signed;
	case TAP_VALUE_SUM:
	case TAP_VALUE_MIN:
	case TAP_VALUE_MAX:
	case TAP_VALUE_AVG:
		return !value->is_signed;
	default:
		return false;
	}
}

static int table_source(struct typer *t, struct tap_node *node,
			struct tap_part *part)
{
	const struct tap_value *value;
	int ret;

	value = trace_tap_type_read(t, node, &ret);
	if (!value)
		return ret;
	if (value->kind == TAP_VALUE_STR || value->kind == TAP_VALUE_STACK) {
		part->kind = value->plain.kind;
		part->size = value->plain.size;
		return 0;
	}
	node->is_u64 = read_is_u64(value);
	int_part(node, part);
	return 0;
}

static int string_constant(struct typer *t, struct tap_node *node,
			   struct tap_part *part)
{
	struct tap_operand *opnd = trace_tap_alloc(t->arena, sizeof(*opnd));

	if (!opnd)
		return -ENOMEM;
	opnd->type = TAP_STR;
	opnd->text = node->text;
	opnd->size = node->len;
	node->operand = opnd;
	string_part(part, node->len + 1);
	return 0;
}

/**
 * trace_tap_type_source - type a value of any kind
 * @t: the pass
 * @node: the value
 * @len: bytes of a string of which nothing says how long it is
 * @part: out: what it is
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_source(struct typer *t, struct tap_node *node,
			  unsigned int len, struct tap_part *part)
{
	int ret;

	memset(part, 0, sizeof(*part));
	switch (node->kind) {
	case TAP_N_STRING:
		return string_constant(t, node, part);
	case TAP_N_NAME:
		return name_source(t, node, len, part);
	case TAP_N_CALL:
		return call_source(t, node, len, part);
	case TAP_N_TABLE:
		return table_source(t, node, part);
	default:
		ret = trace_tap_type_number(t, node);
		int_part(node, part);
		return ret;
	}
}

/**
 * trace_tap_type_call_number - type an entry or a call that is used as a number
 * @t: the pass
 * @node: TAP_N_TABLE, TAP_N_HAS or TAP_N_CALL; a form becomes its argument
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_call_number(struct typer *t, struct tap_node *node)
{
	struct tap_node *next = node->next;
	struct tap_part part;
	int ret;

	if (node->kind == TAP_N_HAS) {
		t->is_extended = true;
		return trace_tap_type_entry(t, node, NULL);
	}
	ret = trace_tap_type_source(t, node, TAP_DEF_STR, &part);
	if (ret)
		return ret;
	if (part.kind != TAP_PART_INT)
		return fail(t, TAP_ERR_NOT_A_NUMBER, node);
	if (node->kind == TAP_N_CALL) {
		*node = *node->a;
		node->next = next;
	}
	return 0;
}
