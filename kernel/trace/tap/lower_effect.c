// SPDX-License-Identifier: GPL-2.0
/*
 * Sources of values, arguments and effects: one instruction to eBPF.
 *
 *	in:	arg	0, r0			(r0 in R4)
 *		arg	1, args.name		(__data_loc at offset 8)
 *		printf	"%d %s\n"
 *	out:	*(u64 *)(r10 - 48) = r4		args[0].value
 *		*(u64 *)(r10 - 40) = 0		.what: TAP_ARG_INT
 *		*(u64 *)(r10 - 24) = its TAP_STRING_DESC()
 *		*(u64 *)(r10 - 16) = TAP_ARG_STRING
 *		r1 = the context
 *		r2 = the format
 *		r3 = r10
 *		r3 += -48
 *		call TAP_HELPER_PRINTF
 *
 * A source is a string, which is copied to some place in the area, or a value in
 * a register. As an argument it mostly is just said where it is found.
 */
#include "lower.h"

/* ----------------------------------------------------------------- sources */

/**
 * trace_tap_source_is_string - is operand X a string, and not one value
 * @l: the state
 * @insn: a KEY or PUT, or an ARG whose source is a table
 */
bool trace_tap_source_is_string(const struct lower *l,
				const struct tap_insn *insn)
{
	switch (insn->rel) {
	case TAP_SRC_NAME:
		return l->prog->operands[insn->str].type != TAP_PROBE;
	case TAP_SRC_TABLE:
		return shape_of(l, insn->str)->values[0].kind == TAP_VALUE_STR;
	case TAP_SRC_TEXT:
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		return true;
	default:
		return false;
	}
}

/* Bytes of data that operand X takes: constants, but for those in keys. */
size_t trace_tap_source_data(const struct lower *l,
			     const struct tap_insn *insn)
{
	if (insn->rel != TAP_SRC_TEXT)
		return 0;
	switch (insn->op) {
	case TAP_OP_ARG:
		return ALIGN(l->prog->operands[insn->str].size + 1, 8);
	case TAP_OP_PUT:
		return ALIGN(shape_of(l, insn->name)->values[0].plain.size, 8);
	default:
		return 0;
	}
}

/**
 * trace_tap_comm_is_inline - is a named string copied word by word
 * @l: the state
 * @o: the string
 * @size: bytes of the copy
 *
 * The name of the current thread is, which zeros fill up.
 */
bool trace_tap_comm_is_inline(const struct lower *l,
			      const struct tap_operand *o, unsigned int size)
{
	return o->type == TAP_COMM && size >= l->t->comm_len;
}

static void copy_comm(struct lower *l, unsigned int offset, unsigned int size)
{
	unsigned int width = 8, i;
	s16 off;
	u8 base;

	while (!l->t->unaligned && l->t->task_comm % width)
		width /= 2;
	trace_tap_emit_current(l, TMP1);
	base = trace_tap_area(l, offset, &off);
	for (i = 0; i < l->t->comm_len; i += width) {
		u8 bits = width == 8 ? BPF_DW : width == 4 ? BPF_W :
			  width == 2 ? BPF_H : BPF_B;

		trace_tap_emit_load(l, width, TMP0, TMP1, l->t->task_comm + i);
		trace_tap_emit(l, BPF_STX | BPF_MEM | bits, base, TMP0, off + i,
			       0);
	}
	for (; i < size; i += 8)
		trace_tap_store_imm(l, base, off + i, 0);
}

static void copy_text(struct lower *l, const struct tap_operand *text,
		      unsigned int offset, unsigned int size)
{
	unsigned int len = min_t(unsigned int, text->size, size - 1), i;
	u64 word;
	s16 off;
	u8 base;

	base = trace_tap_area(l, offset, &off);
	for (i = 0; i < size; i += 8) {
		word = 0;
		if (i < len)
			memcpy(&word, text->text + i, min(len - i, 8U));
		trace_tap_store_imm(l, base, off + i, word);
	}
}

static void copy_name(struct lower *l, const struct tap_operand *o,
		      unsigned int offset, unsigned int size)
{
	if (trace_tap_comm_is_inline(l, o, size)) {
		copy_comm(l, offset, size);
		return;
	}
	emit_mov(l, BPF_REG_1, l->ctx);
	trace_tap_emit_desc(l, BPF_REG_2, o);
	trace_tap_area_address(l, BPF_REG_3, offset);
	emit_alu_imm(l, BPF_MOV, BPF_REG_4, size);
	trace_tap_emit_call(l, TAP_HELPER_STRING);
}

/* The integer in a source: a register, or 0 if its constant stands for it. */
static u8 source_reg(struct lower *l, const struct tap_insn *insn, u8 tmp)
{
	if (source_has_reg(insn))
		return trace_tap_read_reg(l, insn->src, tmp);
	emit_alu_imm(l, BPF_MOV, tmp, 0);
	return tmp;
}

static void copy_pointer(struct lower *l, const struct tap_insn *insn,
			 unsigned int offset, unsigned int size)
{
	/* Its register may be one of those that are set next. */
	emit_mov(l, BPF_REG_1, source_reg(l, insn, BPF_REG_1));
	emit_alu_imm(l, BPF_MOV, BPF_REG_2, insn->rel == TAP_SRC_USTR);
	trace_tap_area_address(l, BPF_REG_3, offset);
	emit_alu_imm(l, BPF_MOV, BPF_REG_4, size);
	emit_alu_imm(l, BPF_MOV, BPF_REG_5, insn->imm);
	trace_tap_emit_call(l, TAP_HELPER_STRPTR);
}

/**
 * trace_tap_lower_copy - copy a source that is a string
 * @l: the state; R0 to R5 are used
 * @insn: the instruction with the source
 * @offset: where to in the area, a multiple of 8
 * @size: bytes there, a multiple of 8; all behind the string become zero
 */
void trace_tap_lower_copy(struct lower *l, const struct tap_insn *insn,
			  unsigned int offset, unsigned int size)
{
	const struct tap_operand *o = &l->prog->operands[insn->str];

	switch (insn->rel) {
	case TAP_SRC_NAME:
		copy_name(l, o, offset, size);
		break;
	case TAP_SRC_TEXT:
		copy_text(l, o, offset, size);
		break;
	case TAP_SRC_TABLE:
		trace_tap_emit_table(l, insn->str);
		trace_tap_area_address(l, BPF_REG_3, offset);
		emit_alu_imm(l, BPF_MOV, BPF_REG_4, size);
		trace_tap_emit_call(l, TAP_HELPER_GETSTR);
		break;
	default:
		copy_pointer(l, insn, offset, size);
		break;
	}
}

/**
 * trace_tap_lower_value - have a source that is no string in a register
 * @l: the state; R0 to R3 are used
 * @insn: the instruction with the source
 * @tmp: register to load it to if it is in none
 *
 * Return: the register; unless it is @tmp, it must not be changed.
 */
u8 trace_tap_lower_value(struct lower *l, const struct tap_insn *insn, u8 tmp)
{
	switch (insn->rel) {
	case TAP_SRC_IMM:
		trace_tap_emit_imm64(l, tmp, insn->imm);
		return tmp;
	case TAP_SRC_NAME:
		emit_mov(l, BPF_REG_2, l->ctx);
		emit_alu_imm(l, BPF_MOV, BPF_REG_1, TAP_BUILTIN_PROBE);
		trace_tap_emit_call(l, TAP_HELPER_BUILTIN);
		return BPF_REG_0;
	case TAP_SRC_TABLE:
		trace_tap_emit_table(l, insn->str);
		emit_alu_imm(l, BPF_MOV, BPF_REG_3, 0);
		trace_tap_emit_call(l, TAP_HELPER_GET);
		return BPF_REG_0;
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		emit_mov(l, BPF_REG_1, l->ctx);
		emit_alu_imm(l, BPF_MOV, BPF_REG_2, insn->imm);
		trace_tap_emit_call(l, insn->rel == TAP_SRC_KSTACK ?
				    TAP_HELPER_KSTACK : TAP_HELPER_USTACK);
		return BPF_REG_0;
	default:
		return source_reg(l, insn, tmp);
	}
}

/* --------------------------------------------------------------- arguments */

static u64 table_arg_kind(const struct tap_value *value)
{
	switch (value->plain.kind) {
	case TAP_PART_STR:
		return TAP_ARG(TAP_ARG_MEMORY, value->plain.size);
	case TAP_PART_KSTACK:
		return TAP_ARG(TAP_ARG_KSTACK, 0);
	case TAP_PART_USTACK:
		return TAP_ARG(TAP_ARG_USTACK, 0);
	default:
		return TAP_ARG(TAP_ARG_INT, 0);
	}
}

static u64 arg_kind(const struct lower *l, const struct tap_insn *insn)
{
	switch (insn->rel) {
	case TAP_SRC_NAME:
		return TAP_ARG(TAP_ARG_STRING, 0);
	case TAP_SRC_TEXT:
		return TAP_ARG(TAP_ARG_MEMORY,
			       l->prog->operands[insn->str].size + 1);
	case TAP_SRC_TABLE:
		return table_arg_kind(shape_of(l, insn->str)->values);
	case TAP_SRC_KSTACK:
		return TAP_ARG(TAP_ARG_KSTACK, 0);
	case TAP_SRC_USTACK:
		return TAP_ARG(TAP_ARG_USTACK, 0);
	case TAP_SRC_KSTR:
		return TAP_ARG(TAP_ARG_KSTR, insn->imm);
	case TAP_SRC_USTR:
		return TAP_ARG(TAP_ARG_USTR, insn->imm);
	case TAP_SRC_SYSCALL:
		return TAP_ARG(TAP_ARG_SYSCALL, 0);
	case TAP_SRC_ENUM:
		return TAP_ARG(TAP_ARG_ENUM, 0);
	default:
		return TAP_ARG(TAP_ARG_INT, 0);
	}
}

/* A string that a table has is copied, as it may be gone when it is read. */
static u8 arg_of_table(struct lower *l, const struct tap_insn *insn)
{
	unsigned int size = shape_of(l, insn->str)->values[0].plain.size;

	if (!trace_tap_source_is_string(l, insn))
		return trace_tap_lower_value(l, insn, TMP0);
	trace_tap_lower_copy(l, insn, l->arg_text[insn->part], size);
	trace_tap_area_address(l, TMP0, l->arg_text[insn->part]);
	return TMP0;
}

/* The value of an argument in a register: TMP0, or where it is. */
static u8 arg_value(struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o;
	char *data;

	switch (insn->rel) {
	case TAP_SRC_NAME:
		trace_tap_emit_desc(l, TMP0, &l->prog->operands[insn->str]);
		return TMP0;
	case TAP_SRC_TEXT:
		o = &l->prog->operands[insn->str];
		data = trace_tap_data(l, o->size + 1);
		memcpy(data, o->text, o->size);
		trace_tap_emit_imm64(l, TMP0, (unsigned long)data);
		return TMP0;
	case TAP_SRC_TABLE:
		return arg_of_table(l, insn);
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		return source_reg(l, insn, TMP0);
	default:
		return trace_tap_lower_value(l, insn, TMP0);
	}
}

static void lower_arg(struct lower *l, const struct tap_insn *insn)
{
	unsigned int offset = l->args + insn->part * sizeof(struct tap_arg);
	u8 base, value = TMP0;
	s16 off;

	if (insn->rel != TAP_SRC_IMM)
		value = arg_value(l, insn);
	base = trace_tap_area(l, offset, &off);
	if (insn->rel == TAP_SRC_IMM)
		trace_tap_store_imm(l, base,
				    off + offsetof(struct tap_arg, value),
				    insn->imm);
	else
		trace_tap_store(l, base, off + offsetof(struct tap_arg, value),
				value);
	trace_tap_store_imm(l, base, off + offsetof(struct tap_arg, what),
			    arg_kind(l, insn));
	if (insn->rel == TAP_SRC_ENUM)
		trace_tap_store_imm(l, base,
				    off + offsetof(struct tap_arg, names),
				    l->prog->operands[insn->str].start);
}

/* ----------------------------------------------------------------- effects */

static void lower_print(struct lower *l, const struct tap_insn *insn,
			enum tap_helper helper)
{
	emit_mov(l, BPF_REG_1, l->ctx);
	trace_tap_emit_imm64(l, BPF_REG_2, l->prog->operands[insn->str].start);
	if (l->nr_args)
		trace_tap_area_address(l, BPF_REG_3, l->args);
	else
		emit_alu_imm(l, BPF_MOV, BPF_REG_3, 0);
	trace_tap_emit_call(l, helper);
}

/**
 * trace_tap_lower_effect - lower an instruction from ARG to SNAPSHOT
 * @l: the state
 * @insn: the instruction
 */
void trace_tap_lower_effect(struct lower *l, const struct tap_insn *insn)
{
	switch (insn->op) {
	case TAP_OP_ARG:
		lower_arg(l, insn);
		break;
	case TAP_OP_PRINTF:
		lower_print(l, insn, TAP_HELPER_PRINTF);
		break;
	case TAP_OP_SYNTH:
		lower_print(l, insn, TAP_HELPER_SYNTH);
		break;
	default:
		emit_mov(l, BPF_REG_1, l->ctx);
		emit_alu_imm(l, BPF_MOV, BPF_REG_2, insn->op);
		trace_tap_emit_call(l, TAP_HELPER_EFFECT);
		break;
	}
}
