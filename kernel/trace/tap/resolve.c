// SPDX-License-Identifier: GPL-2.0
/*
 * tap: what the names of an assembled program mean in an event.
 *
 * In: a program from asm.c, whose operands are no more than names,
 * args.prev_prio, "kfree", "0-3" and @us. Out: the same program; its fields have
 * type, offset and size, its functions addresses, its CPU lists masks, and its
 * tables, formats and synthetic events are those of the kernel. Whether an
 * operand fits its instruction is for verify.c to say.
 */
#include "tap.h"

/* Operand X: does it name the operand? */
static bool tap_source_uses(const struct tap_insn *insn, unsigned int index)
{
	switch (insn->rel) {
	case TAP_SRC_NAME:
	case TAP_SRC_TEXT:
	case TAP_SRC_TABLE:
	case TAP_SRC_ENUM:
		return insn->str == index;
	default:
		return false;
	}
}

static bool tap_letter_uses(const struct tap_insn *insn, char letter,
			    unsigned int index)
{
	switch (letter) {
	case 'N':
	case 'S':
	case 'M':
	case 'B':
		return insn->name == index;
	case 'X':
		return tap_source_uses(insn, index);
	case 'T':
		return insn->str == index;
	case 'Q':
		if (insn->op == TAP_OP_JFN || insn->op == TAP_OP_JNFN)
			return insn->name == index;
		return insn->str == index;
	default:
		return false;
	}
}

/* Where in the text the operand is used first. */
static unsigned int tap_operand_pos(const struct tap_prog *prog,
				    unsigned int index)
{
	const struct tap_insn *insn;
	const char *letters;
	unsigned int i, j;

	for (i = 0; i < prog->nr_insns; i++) {
		insn = &prog->insns[i];
		letters = trace_tap_opcodes[insn->op].operands;
		for (j = 0; letters[j]; j++) {
			if (tap_letter_uses(insn, letters[j], index))
				return insn->pos + insn->at[j];
		}
	}
	return 0;
}

static void tap_make_builtin(struct tap_operand *op, enum tap_builtin builtin)
{
	op->is_builtin = true;
	op->builtin = builtin;
	op->type = trace_tap_builtins[builtin].type;
	op->text = trace_tap_builtins[builtin].name;
}

static enum tap_error_code tap_resolve_field(struct tap_operand *op,
					     const struct tap_scope *scope)
{
	struct tap_field field = {};
	bool user = op->type == TAP_USER;

	if (!scope->field(scope->event, op->text, &field))
		return TAP_ERR_FIELD_NOT_FOUND;
	if (field.is_cpu) {
		tap_make_builtin(op, TAP_BUILTIN_CPU);
		return TAP_ERR_NONE;
	}
	if (field.type == TAP_COMM) {
		tap_make_builtin(op, TAP_BUILTIN_COMM);
		return TAP_ERR_NONE;
	}
	op->type = field.type;
	op->is_signed = field.is_signed;
	op->offset = field.offset;
	op->size = field.size;
	/* .ustring means nothing on what is no pointer, as it always did */
	if (user && op->type == TAP_PTR)
		op->type = TAP_USER;
	return TAP_ERR_NONE;
}

/* A function is its name or an address in it. */
static enum tap_error_code tap_resolve_function(struct tap_operand *op,
						const struct tap_scope *scope)
{
	const char *name = op->text;

	if (*name >= '0' && *name <= '9') {
		if (kstrtou64(name, 0, &op->start))
			return TAP_ERR_NO_FUNCTION;
		name = NULL;
	}
	if (!scope->function(scope->event, name, &op->start, &op->span))
		return TAP_ERR_NO_FUNCTION;
	return TAP_ERR_NONE;
}

static enum tap_error_code tap_resolve_cpus(struct tap_prog *prog,
					    struct tap_operand *op,
					    const struct tap_scope *scope)
{
	op->mask = trace_tap_alloc(&prog->arena,
				   scope->mask_words * sizeof(*op->mask));
	if (!op->mask)
		return TAP_ERR_NONE;
	op->span = scope->mask_words;
	if (scope->cpulist(scope->event, op->text, op->mask))
		return TAP_ERR_INVALID_CPULIST;
	return TAP_ERR_NONE;
}

static enum tap_error_code tap_resolve_operand(struct tap_prog *prog,
					       struct tap_operand *op,
					       const struct tap_scope *scope)
{
	struct tap_field field;

	if (op->is_builtin)
		return TAP_ERR_NONE;
	switch (op->type) {
	case TAP_STR:
	case TAP_TABLE:
	case TAP_FORMAT:
	case TAP_SYNTH:
		return TAP_ERR_NONE;
	case TAP_FUNC:
		return tap_resolve_function(op, scope);
	case TAP_CPUS:
		return tap_resolve_cpus(prog, op, scope);
	case TAP_NAMES:
		return scope->field(scope->event, op->text, &field) ?
		       TAP_ERR_NONE : TAP_ERR_FIELD_NOT_FOUND;
	default:
		return tap_resolve_field(op, scope);
	}
}

/* Of a part that is shown as enum(FIELD): the names that the event has. */
static void tap_name_part(struct tap_prog *prog, struct tap_part *part,
			  const struct tap_scope *scope)
{
	if (part->form == TAP_FORM_ENUM && !part->names && scope->names)
		part->names = scope->names(scope->event, part->field,
					   &prog->arena);
}

static void tap_name_shape(struct tap_prog *prog, struct tap_shape *shape,
			   const struct tap_scope *scope)
{
	unsigned int i;

	for (i = 0; i < shape->nr_parts; i++)
		tap_name_part(prog, &shape->parts[i], scope);
	if (trace_tap_shape_is_plain(shape))
		tap_name_part(prog, &shape->values[0].plain, scope);
}

/*
 * The fields of a synthetic event: how many in @span, and a bit in @offset for
 * each that is a string.
 */
static enum tap_error_code tap_bind_synth(struct tap_operand *op,
					  const struct tap_scope *scope)
{
	const char *types = scope->synth ?
			    scope->synth(scope->event, op->text) : NULL;
	unsigned int i;

	if (!types)
		return TAP_ERR_UNKNOWN_FUNCTION;
	if (strlen(types) > TAP_MAX_ARGS)
		return TAP_ERR_WRONG_ARGS;
	op->offset = 0;
	for (i = 0; types[i]; i++) {
		if (types[i] == 's')
			op->offset |= 1U << i;
	}
	op->span = i;
	return TAP_ERR_NONE;
}

static int tap_bind_operand(struct tap_prog *prog, struct tap_operand *op,
			    const struct tap_scope *scope, struct tap_error *e)
{
	enum tap_error_code code = TAP_ERR_NONE;

	if (!scope->bind)
		return trace_tap_error(e, -EINVAL, TAP_ERR_NO_TABLES, 0);
	if (op->type == TAP_TABLE && op->shape)
		tap_name_shape(prog, op->shape, scope);
	if (op->type == TAP_SYNTH)
		code = tap_bind_synth(op, scope);
	if (code)
		return trace_tap_error(e, -EINVAL, code, 0);
	if (prog->arena.failed)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	return scope->bind(scope->event, op, prog->kind, e);
}

/**
 * trace_tap_bind - find what the kernel has for the tables, formats, synthetic
 * events and names of a program
 * @prog: assembled or generated
 * @scope: the event
 * @e: what is wrong, and where the operand is used first, if an error is
 *	returned
 *
 * May sleep; takes the locks that the functions of @scope take. What was found
 * before an error belongs to the program all the same.
 *
 * Return: 0 or a negative errno.
 */
int trace_tap_bind(struct tap_prog *prog, const struct tap_scope *scope,
		   struct tap_error *e)
{
	unsigned int i;
	int err;

	for (i = 0; i < prog->nr_operands; i++) {
		switch (prog->operands[i].type) {
		case TAP_TABLE:
		case TAP_FORMAT:
		case TAP_SYNTH:
		case TAP_NAMES:
			break;
		default:
			continue;
		}
		err = tap_bind_operand(prog, &prog->operands[i], scope, e);
		if (err) {
			e->pos = e->code ? tap_operand_pos(prog, i) : 0;
			return err;
		}
	}
	return 0;
}

/**
 * trace_tap_resolve - look up the names of an assembled program
 * @prog: from trace_tap_asm()
 * @scope: the event
 * @e: what is wrong, and where, if an error is returned
 *
 * May sleep; takes the locks that the functions of @scope take.
 *
 * Return: 0, -EINVAL, -ENOMEM, or an error of trace_tap_bind().
 */
int trace_tap_resolve(struct tap_prog *prog, const struct tap_scope *scope,
		      struct tap_error *e)
{
	enum tap_error_code code;
	unsigned int i;

	for (i = 0; i < prog->nr_operands; i++) {
		code = tap_resolve_operand(prog, &prog->operands[i], scope);
		if (code)
			return trace_tap_error(e, -EINVAL, code,
					       tap_operand_pos(prog, i));
	}
	if (prog->arena.failed)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	return trace_tap_bind(prog, scope, e);
}
