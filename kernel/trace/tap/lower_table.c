// SPDX-License-Identifier: GPL-2.0
/*
 * Keys and tables: one instruction to eBPF.
 *
 *	in:	key	@us, 0, r0		(r0 in R4)
 *		agg	@us, 0, r1		(r1 in R8; a histogram)
 *	out:	*(u64 *)(r10 - 8) = r4
 *		r4 = r8
 *		r1 = the table
 *		r2 = r10
 *		r2 += -8
 *		r3 = 0
 *		call TAP_HELPER_HIST
 *
 * The value comes first in each of these: it may be in a register that the other
 * arguments take.
 */
#include "lower.h"

/**
 * trace_tap_emit_table - pass a table and its key
 * @l: the state; R1 and R2 are used
 * @table: the table, an index in the program's operands
 */
void trace_tap_emit_table(struct lower *l, unsigned int table)
{
	trace_tap_emit_imm64(l, BPF_REG_1, l->prog->operands[table].start);
	if (shape_of(l, table)->nr_parts)
		trace_tap_area_address(l, BPF_REG_2, l->keys[table]);
	else
		emit_alu_imm(l, BPF_MOV, BPF_REG_2, 0);
}

static void call_table(struct lower *l, const struct tap_insn *insn,
		       enum tap_helper helper)
{
	trace_tap_emit_table(l, insn->name);
	trace_tap_emit_call(l, helper);
}

/* The same with the number of a value. */
static void call_value(struct lower *l, const struct tap_insn *insn,
		       enum tap_helper helper)
{
	trace_tap_emit_table(l, insn->name);
	emit_alu_imm(l, BPF_MOV, BPF_REG_3, insn->part);
	trace_tap_emit_call(l, helper);
}

/* Have operand V in @dst. */
static void emit_value(struct lower *l, const struct tap_insn *insn, u8 dst)
{
	if (insn->is_imm)
		trace_tap_emit_imm64(l, dst, insn->imm);
	else
		emit_mov(l, dst, trace_tap_read_reg(l, insn->src, dst));
}

static void lower_key(struct lower *l, const struct tap_insn *insn)
{
	const struct tap_part *part;
	unsigned int offset;
	u8 base, value = TMP0;
	s16 off;

	part = &shape_of(l, insn->name)->parts[insn->part];
	offset = l->keys[insn->name] + part->offset;
	if (trace_tap_source_is_string(l, insn)) {
		trace_tap_lower_copy(l, insn, offset, part->size);
		return;
	}
	if (insn->rel != TAP_SRC_IMM)
		value = trace_tap_lower_value(l, insn, TMP0);
	base = trace_tap_area(l, offset, &off);
	if (insn->rel == TAP_SRC_IMM)
		trace_tap_store_imm(l, base, off, insn->imm);
	else
		trace_tap_store(l, base, off, value);
}

static void lower_put(struct lower *l, const struct tap_insn *insn)
{
	unsigned int size = shape_of(l, insn->name)->values[0].plain.size;
	const struct tap_operand *text;
	char *data;

	if (!trace_tap_source_is_string(l, insn)) {
		emit_mov(l, BPF_REG_3,
			 trace_tap_lower_value(l, insn, BPF_REG_3));
		call_table(l, insn, TAP_HELPER_PUT);
		return;
	}
	if (insn->rel == TAP_SRC_TEXT) {
		text = &l->prog->operands[insn->str];
		data = trace_tap_data(l, size);
		memcpy(data, text->text, min_t(size_t, text->size, size - 1));
		trace_tap_emit_imm64(l, BPF_REG_3, (unsigned long)data);
	} else {
		trace_tap_lower_copy(l, insn, l->put_text, size);
		trace_tap_area_address(l, BPF_REG_3, l->put_text);
	}
	call_table(l, insn, TAP_HELPER_PUTSTR);
}

static void lower_agg(struct lower *l, const struct tap_insn *insn)
{
	enum tap_helper helper = TAP_HELPER_AGG;

	switch (shape_of(l, insn->name)->values[insn->part].kind) {
	case TAP_VALUE_COUNT:
		call_value(l, insn, TAP_HELPER_COUNT);
		return;
	case TAP_VALUE_SUM:
		helper = TAP_HELPER_SUM;
		break;
	case TAP_VALUE_HIST:
		helper = TAP_HELPER_HIST;
		break;
	default:
		break;
	}
	emit_value(l, insn, BPF_REG_4);
	call_value(l, insn, helper);
}

/**
 * trace_tap_lower_table - lower an instruction from KEY to ZERO
 * @l: the state
 * @insn: the instruction
 */
void trace_tap_lower_table(struct lower *l, const struct tap_insn *insn)
{
	switch (insn->op) {
	case TAP_OP_KEY:
		lower_key(l, insn);
		break;
	case TAP_OP_HAS:
		call_table(l, insn, TAP_HELPER_HAS);
		trace_tap_written(l, insn->reg, BPF_REG_0);
		break;
	case TAP_OP_GET:
		call_value(l, insn, TAP_HELPER_GET);
		trace_tap_written(l, insn->reg, BPF_REG_0);
		break;
	case TAP_OP_PUT:
		lower_put(l, insn);
		break;
	case TAP_OP_INC:
		emit_value(l, insn, BPF_REG_3);
		call_table(l, insn, TAP_HELPER_INC);
		break;
	case TAP_OP_AGG:
		lower_agg(l, insn);
		break;
	case TAP_OP_DEL:
		call_table(l, insn, TAP_HELPER_DEL);
		break;
	default:
		trace_tap_emit_imm64(l, BPF_REG_1,
				     l->prog->operands[insn->name].start);
		trace_tap_emit_call(l, insn->op == TAP_OP_CLEAR ?
				    TAP_HELPER_CLEAR : TAP_HELPER_ZERO);
		break;
	}
}
