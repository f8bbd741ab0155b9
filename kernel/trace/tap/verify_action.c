// SPDX-License-Identifier: GPL-2.0
/*
 * Is what actions do sound: keys, tables, arguments, formats?
 *
 *	in:	key	@us, 0, r1		the part is set from here on
 *		agg	@us, 0, r0		allowed if all parts are
 *	out:	0, or what is wrong at the operand at fault
 *
 * A key and the arguments are memory of the program, which one instruction fills
 * and another one reads. So, as for registers, what is set on every path is
 * known at each instruction. Whether values fit is a matter of kinds, which the
 * operands themselves know.
 */
#include "verify.h"

/* A filter's keys stand in its frame: it has nothing else. */
#define FILTER_KEYS	256

/* -------------------------------------------------------------------- tables */

/* The number of the table among the program's, or -1. */
static int table_number(const struct verifier *v, unsigned int index)
{
	unsigned int i;

	for (i = 0; i < v->nr_tables; i++) {
		if (v->tables[i] == index)
			return i;
	}
	return -1;
}

static const struct tap_shape *shape_of(const struct verifier *v,
					unsigned int index)
{
	return v->prog->operands[index].shape;
}

/* Bits of a table's parts in verify_state.keys. */
static u64 parts_mask(const struct verifier *v, unsigned int index)
{
	u64 parts = (1ULL << shape_of(v, index)->nr_parts) - 1;

	return parts << (table_number(v, index) % 8 * TAP_MAX_PARTS);
}

static unsigned int parts_word(const struct verifier *v, unsigned int index)
{
	return table_number(v, index) / 8;
}

/**
 * trace_tap_verify_tables - find the tables of the program
 * @v: the pass, before its first instruction
 *
 * Return: 0 or a negative errno.
 */
int trace_tap_verify_tables(struct verifier *v)
{
	const struct tap_prog *prog = v->prog;
	unsigned int i, limit;

	for (i = 0; i < prog->nr_operands; i++) {
		const struct tap_operand *o = &prog->operands[i];

		if (o->type != TAP_TABLE)
			continue;
		if (v->nr_tables == TAP_MAX_TABLES)
			return trace_tap_error(v->e, -E2BIG,
					       TAP_ERR_TOO_MANY_TABLES,
					       prog->insns[0].pos);
		if (!o->text || !o->shape || !o->start || o->is_builtin ||
		    !trace_tap_shape_is_sound(o->shape))
			return trace_tap_error(v->e, -EINVAL,
					       TAP_ERR_BAD_SHAPE,
					       prog->insns[0].pos);
		v->tables[v->nr_tables++] = i;
		v->keys_size += o->shape->key_size;
	}
	limit = prog->kind == TAP_FILTER ? FILTER_KEYS : TAP_SCRATCH;
	if (v->keys_size <= limit)
		return 0;
	return trace_tap_error(v->e, -E2BIG, TAP_ERR_FRAME_TOO_LARGE,
			       prog->insns[0].pos);
}

/* All parts of its key are set. */
static int check_key(struct verifier *v, unsigned int index, unsigned int nr)
{
	u64 mask = parts_mask(v, index);

	if ((v->state[v->i].keys[parts_word(v, index)] & mask) == mask)
		return 0;
	return trace_tap_verify_fail(v, TAP_ERR_UNSET_KEY, nr);
}

/* Operand B, and a table in X. */
int trace_tap_verify_table(struct verifier *v, unsigned int index,
			   unsigned int nr)
{
	const struct tap_operand *o = verify_operand(v, index);
	bool plain, fits = true;

	if (!o)
		return trace_tap_verify_fail(v, TAP_ERR_INTERNAL, nr);
	if (o->type != TAP_TABLE)
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	plain = trace_tap_shape_is_plain(o->shape);
	switch (v->insn->op) {
	case TAP_OP_KEY:
	case TAP_OP_CLEAR:
	case TAP_OP_ZERO:
		return 0;
	case TAP_OP_PUT:
		fits = plain;
		break;
	case TAP_OP_INC:
		fits = o->shape->values[0].kind == TAP_VALUE_INT;
		break;
	case TAP_OP_AGG:
		fits = !plain;
		break;
	case TAP_OP_GET:
		fits = !plain || o->shape->values[0].kind == TAP_VALUE_INT;
		break;
	}
	if (!fits)
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	return check_key(v, index, nr);
}

/* Operand P, whose table, if it has one, was looked at before. */
int trace_tap_verify_part(struct verifier *v, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;
	const struct tap_shape *shape;

	if (insn->op == TAP_OP_ARG)
		return insn->part < TAP_MAX_ARGS ? 0 :
		       trace_tap_verify_fail(v, TAP_ERR_WRONG_ARGS, nr);
	shape = shape_of(v, insn->name);
	if (insn->part < (insn->op == TAP_OP_KEY ? shape->nr_parts :
						   shape->nr_values))
		return 0;
	return trace_tap_verify_fail(v, TAP_ERR_TOO_MANY_PARTS, nr);
}

/* ------------------------------------------------------------------- sources */

static bool is_probe(const struct tap_operand *o)
{
	return o->is_builtin && o->builtin == TAP_BUILTIN_PROBE &&
	       o->type == TAP_PROBE;
}

static bool is_text(const struct tap_operand *o)
{
	return o->type == TAP_STR && !o->is_builtin && o->text &&
	       o->size < TAP_MAX_STR && strlen(o->text) == o->size;
}

/* A register in X, which a constant never stands for. */
static int check_source_reg(struct verifier *v, unsigned int nr)
{
	if (v->insn->is_imm)
		return trace_tap_verify_fail(v, TAP_ERR_INTERNAL, nr);
	return trace_tap_verify_set(v, v->insn->src, nr);
}

/* A length in X */
static int check_source_len(struct verifier *v, s64 limit, unsigned int nr)
{
	if (v->insn->imm >= 1 && v->insn->imm <= limit)
		return 0;
	return trace_tap_verify_fail(v, TAP_ERR_BAD_NUMBER, nr);
}

static int check_source_name(struct verifier *v, unsigned int nr)
{
	const struct tap_operand *o = verify_operand(v, v->insn->str);

	if (!o)
		return trace_tap_verify_fail(v, TAP_ERR_INTERNAL, nr);
	if (is_probe(o))
		return v->prog->kind == TAP_FILTER ?
		       trace_tap_verify_fail(v, TAP_ERR_NOT_IN_FILTER, nr) : 0;
	if (!trace_tap_is_string(o) ||
	    (!o->is_builtin && o->offset + o->size > S16_MAX))
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	return 0;
}

/* Another table, or, where its value is copied out first, the same. */
static int check_source_table(struct verifier *v, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;
	int ret = trace_tap_verify_table(v, insn->str, nr);
	const struct tap_shape *shape;

	if (ret)
		return ret;
	shape = shape_of(v, insn->str);
	if (shape->values[0].kind != TAP_VALUE_STR &&
	    shape->values[0].kind != TAP_VALUE_STACK)
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	/* the key would change while it is read */
	if (insn->op == TAP_OP_KEY && insn->str == insn->name)
		return trace_tap_verify_fail(v, TAP_ERR_BAD_SOURCE, nr);
	return check_key(v, insn->str, nr);
}

static int check_source_enum(struct verifier *v, unsigned int nr)
{
	const struct tap_operand *o = verify_operand(v, v->insn->str);

	if (!o || o->type != TAP_NAMES || o->is_builtin || !o->start)
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	return check_source_reg(v, nr);
}

/* What X itself takes. */
static int check_source(struct verifier *v, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;
	const struct tap_operand *o;
	int ret;

	switch (insn->rel) {
	case TAP_SRC_REG:
	case TAP_SRC_SYSCALL:
		return check_source_reg(v, nr);
	case TAP_SRC_IMM:
		return 0;
	case TAP_SRC_NAME:
		return check_source_name(v, nr);
	case TAP_SRC_TEXT:
		o = verify_operand(v, insn->str);
		return o && is_text(o) ? 0 :
		       trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	case TAP_SRC_TABLE:
		return check_source_table(v, nr);
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		/* a stack begins where the action was called */
		if (v->prog->kind == TAP_FILTER)
			return trace_tap_verify_fail(v, TAP_ERR_NOT_IN_FILTER,
						     nr);
		return check_source_len(v, TAP_MAX_STACK, nr);
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		ret = check_source_reg(v, nr);
		return ret ? ret : check_source_len(v, TAP_MAX_KEY, nr);
	case TAP_SRC_ENUM:
		return check_source_enum(v, nr);
	default:
		return trace_tap_verify_fail(v, TAP_ERR_BAD_SOURCE, nr);
	}
}

/* Can a part of a key, or a plain value, hold what comes from the source? */
static bool source_fits(struct verifier *v, const struct tap_part *part)
{
	const struct tap_insn *insn = v->insn;
	const struct tap_part *from;

	switch (insn->rel) {
	case TAP_SRC_REG:
	case TAP_SRC_IMM:
		return part->kind == TAP_PART_INT;
	case TAP_SRC_NAME:
		if (is_probe(verify_operand(v, insn->str)))
			return part->kind == TAP_PART_INT;
		return part->kind == TAP_PART_STR;
	case TAP_SRC_TEXT:
		return part->kind == TAP_PART_STR &&
		       verify_operand(v, insn->str)->size < part->size;
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		return part->kind == TAP_PART_STR;
	case TAP_SRC_TABLE:
		from = &shape_of(v, insn->str)->values[0].plain;
		return from->kind == part->kind;
	case TAP_SRC_KSTACK:
		return part->kind == TAP_PART_KSTACK;
	case TAP_SRC_USTACK:
		return part->kind == TAP_PART_USTACK;
	default:
		return false;	/* a name is to be printed, a key is the number */
	}
}

/* Bytes of the string that a table holds, if it is the source; or 0. */
static unsigned int table_text(const struct verifier *v,
			       const struct tap_insn *insn)
{
	const struct tap_value *value;

	if (insn->rel != TAP_SRC_TABLE)
		return 0;
	value = shape_of(v, insn->str)->values;
	return value->kind == TAP_VALUE_STR ? value->plain.size : 0;
}

/*
 * Arguments, keys, strings from tables and strings for tables have their places
 * in the program's memory, as lower_plan.c has it.
 */
static int check_area(struct verifier *v)
{
	const struct tap_insn *insn = v->insn;
	unsigned int i, area;

	if (insn->op == TAP_OP_ARG) {
		v->nr_args = max(v->nr_args, insn->part + 1U);
		v->arg_text[insn->part] = max_t(u16, v->arg_text[insn->part],
						table_text(v, insn));
	} else if (insn->op == TAP_OP_PUT) {
		const struct tap_value *value = shape_of(v, insn->name)->values;

		if (value->kind == TAP_VALUE_STR)
			v->put_text = max(v->put_text, value->plain.size);
	}
	area = v->keys_size + v->put_text +
	       v->nr_args * sizeof(struct tap_arg);
	for (i = 0; i < TAP_MAX_ARGS; i++)
		area += v->arg_text[i];
	if (area <= TAP_SCRATCH)
		return 0;
	return trace_tap_error(v->e, -E2BIG, TAP_ERR_FRAME_TOO_LARGE,
			       insn->pos);
}

/* Operand X; what it goes to was looked at before. */
int trace_tap_verify_source(struct verifier *v, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;
	int ret = check_source(v, nr);
	bool fits = true;

	if (ret)
		return ret;
	if (insn->op == TAP_OP_KEY)
		fits = source_fits(v, &shape_of(v, insn->name)->
				      parts[insn->part]);
	else if (insn->op == TAP_OP_PUT)
		fits = source_fits(v, &shape_of(v, insn->name)->values[0].plain);
	return fits ? check_area(v) :
	       trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
}

/* ----------------------------------------------------------------- arguments */

static enum verify_arg source_kind(struct verifier *v)
{
	switch (v->insn->rel) {
	case TAP_SRC_REG:
	case TAP_SRC_IMM:
		return ARG_INT;
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		return ARG_STACK;
	case TAP_SRC_SYSCALL:
	case TAP_SRC_ENUM:
		return ARG_NAMED;
	case TAP_SRC_TABLE:
		return table_text(v, v->insn) ? ARG_STR : ARG_STACK;
	default:
		return ARG_STR;
	}
}

/* Argument @arg is set, and of one of the @kinds, bits of enum verify_arg. */
static int check_arg(struct verifier *v, unsigned int arg, unsigned int kinds,
		     unsigned int nr)
{
	bool set = false;
	unsigned int i;

	for (i = 0; i < ARG_NR_KINDS; i++) {
		if (!(v->state[v->i].args[i] >> arg & 1))
			continue;
		if (kinds >> i & 1)
			return 0;
		set = true;
	}
	return trace_tap_verify_fail(v, set ? TAP_ERR_FORMAT_ARGS :
					      TAP_ERR_UNSET_ARG, nr);
}

/* Operand Q of PRINTF */
int trace_tap_verify_format(struct verifier *v, unsigned int nr)
{
	const struct tap_operand *o = verify_operand(v, v->insn->str);
	const struct tap_format *format;
	unsigned int i, kinds;
	int ret = 0;

	if (!o || o->type != TAP_FORMAT || !o->format || !o->start ||
	    o->format->nr > TAP_MAX_ARGS || !o->format->text)
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	format = o->format;
	for (i = 0; i < format->nr && !ret; i++) {
		if (format->conv[i] > TAP_CONV_SYM)
			return trace_tap_verify_fail(v, TAP_ERR_BAD_FORMAT, nr);
		kinds = BIT(ARG_INT);
		if (format->conv[i] == TAP_CONV_STR)
			kinds = BIT(ARG_STR) | BIT(ARG_NAMED) | BIT(ARG_STACK);
		ret = check_arg(v, i, kinds, nr);
	}
	return ret;
}

/* Operand Q of SYNTH: fields in span, which are strings in offset. */
int trace_tap_verify_synth(struct verifier *v, unsigned int nr)
{
	const struct tap_operand *o = verify_operand(v, v->insn->str);
	unsigned int i;
	int ret = 0;

	if (!o || o->type != TAP_SYNTH || !o->start || !o->text ||
	    o->span > TAP_MAX_ARGS)
		return trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
	for (i = 0; i < o->span && !ret; i++)
		ret = check_arg(v, i, o->offset >> i & 1 ?
				      BIT(ARG_STR) | BIT(ARG_NAMED) :
				      BIT(ARG_INT), nr);
	return ret;
}

/* ---------------------------------------------------------------- whole rows */

/**
 * trace_tap_verify_kind - whether the instruction may stand in this program
 * @v: the pass
 *
 * Return: 0 or a negative errno.
 */
int trace_tap_verify_kind(struct verifier *v)
{
	u8 op = v->insn->op;

	if (v->prog->kind == TAP_ACTION || op <= TAP_OP_KEY ||
	    op == TAP_OP_HAS || op == TAP_OP_GET)
		return 0;
	return trace_tap_error(v->e, -EINVAL, TAP_ERR_NOT_IN_FILTER,
			       v->insn->pos);
}

/**
 * trace_tap_verify_action - what an instruction does to keys and arguments
 * @v: the pass; the operands are sound
 * @after: in: as before the instruction; out: as behind it
 */
void trace_tap_verify_action(struct verifier *v, struct verify_state *after)
{
	const struct tap_insn *insn = v->insn;
	unsigned int i;

	switch (insn->op) {
	case TAP_OP_KEY:
		i = table_number(v, insn->name);
		after->keys[i / 8] |=
			1ULL << (i % 8 * TAP_MAX_PARTS + insn->part);
		break;
	case TAP_OP_ARG:
		for (i = 0; i < ARG_NR_KINDS; i++)
			after->args[i] &= ~(1U << insn->part);
		after->args[source_kind(v)] |= 1U << insn->part;
		break;
	case TAP_OP_LOOP:
		/* the second time they may be something else */
		memset(after->keys, 0, sizeof(after->keys));
		fallthrough;
	case TAP_OP_PRINTF:
	case TAP_OP_SYNTH:
		memset(after->args, 0, sizeof(after->args));
		break;
	}
}

/* What it costs to have the value of the source. */
static unsigned int source_cost(const struct tap_insn *insn)
{
	switch (insn->rel) {
	case TAP_SRC_NAME:
	case TAP_SRC_TEXT:
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		return 128;
	case TAP_SRC_TABLE:
		return 64 + 128;
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		return 2048;
	default:
		return 1;
	}
}

/**
 * trace_tap_verify_cost - what one run of the instruction may cost
 * @insn: KEY or one behind it
 *
 * Return: the cost, see TAP_MAX_COST.
 */
unsigned int trace_tap_verify_cost(const struct tap_insn *insn)
{
	switch (insn->op) {
	case TAP_OP_KEY:
	case TAP_OP_ARG:
		return source_cost(insn);
	case TAP_OP_PUT:
		return 64 + source_cost(insn);
	case TAP_OP_HAS:
	case TAP_OP_GET:
	case TAP_OP_INC:
	case TAP_OP_AGG:
	case TAP_OP_DEL:
		return 64;
	case TAP_OP_PRINTF:
	case TAP_OP_SYNTH:
		return 512;
	case TAP_OP_STACK:
		return 2048;
	case TAP_OP_LOOP:
	case TAP_OP_NEXT:
		return 1;
	default:
		return 256;
	}
}
