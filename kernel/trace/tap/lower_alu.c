// SPDX-License-Identifier: GPL-2.0
/*
 * Arithmetic: one instruction of class ALU to eBPF.
 *
 *	in:	div	r0, r1
 *	out:	the quotient that trace_tap_alu() defines, whatever r1 is
 *
 * eBPF has no signed division everywhere, and leaves division by zero and the
 * range of shifts to whoever writes the program.
 */
#include "lower.h"

static u8 ebpf_op(u8 op)
{
	switch (op) {
	case TAP_OP_ADD:
		return BPF_ADD;
	case TAP_OP_SUB:
		return BPF_SUB;
	case TAP_OP_MUL:
		return BPF_MUL;
	case TAP_OP_AND:
		return BPF_AND;
	case TAP_OP_OR:
		return BPF_OR;
	case TAP_OP_XOR:
		return BPF_XOR;
	case TAP_OP_SHL:
		return BPF_LSH;
	case TAP_OP_SHR:
		return BPF_RSH;
	default:
		return BPF_ARSH;
	}
}

/* V in a register: one that may be changed if @own. */
static u8 value(struct lower *l, const struct tap_insn *insn, u8 tmp, bool own)
{
	u8 reg;

	if (insn->is_imm) {
		trace_tap_emit_imm64(l, tmp, insn->imm);
		return tmp;
	}
	reg = trace_tap_read_reg(l, insn->src, tmp);
	if (!own)
		return reg;
	emit_mov(l, tmp, reg);
	return tmp;
}

static void lower_shift(struct lower *l, const struct tap_insn *insn, u8 dst)
{
	u8 count;

	if (insn->is_imm) {
		emit_alu_imm(l, ebpf_op(insn->op), dst, insn->imm & 63);
		return;
	}
	count = value(l, insn, TMP1, true);
	emit_alu_imm(l, BPF_AND, count, 63);
	emit_alu(l, ebpf_op(insn->op), dst, count);
}

/*
 * A constant to divide by that takes no checks, nor a register. Filters keep the
 * code that they always had.
 */
static bool is_plain_divisor(const struct lower *l, const struct tap_insn *insn)
{
	return !l->fixed && insn->is_imm && insn->imm > 0 && is_s32(insn->imm);
}

/* dst / 0 is 0, dst % 0 is dst. */
static void lower_unsigned(struct lower *l, const struct tap_insn *insn, u8 dst)
{
	bool div = insn->op == TAP_OP_UDIV;
	unsigned int zero, done = 0;
	u8 by;

	if (is_plain_divisor(l, insn)) {
		emit_alu_imm(l, div ? BPF_DIV : BPF_MOD, dst, insn->imm);
		return;
	}
	by = value(l, insn, TMP1, false);
	zero = trace_tap_emit_skip(l, BPF_JMP | BPF_JEQ | BPF_K, by, 0, 0);
	emit_alu(l, div ? BPF_DIV : BPF_MOD, dst, by);
	if (div)
		done = trace_tap_emit_skip(l, BPF_JMP | BPF_JA, 0, 0, 0);
	trace_tap_land(l, zero);
	if (div) {
		emit_alu_imm(l, BPF_MOV, dst, 0);
		trace_tap_land(l, done);
	}
}

static void emit_abs(struct lower *l, u8 reg)
{
	unsigned int skip;

	skip = trace_tap_emit_skip(l, BPF_JMP | BPF_JSGE | BPF_K, reg, 0, 0);
	emit_neg(l, reg);
	trace_tap_land(l, skip);
}

/* By a positive number: the sign of the result is the dividend's. */
static void lower_signed_plain(struct lower *l, const struct tap_insn *insn,
			       u8 dst)
{
	u8 op = insn->op == TAP_OP_DIV ? BPF_DIV : BPF_MOD;
	unsigned int negative, done;

	negative = trace_tap_emit_skip(l, BPF_JMP | BPF_JSLT | BPF_K, dst, 0, 0);
	emit_alu_imm(l, op, dst, insn->imm);
	done = trace_tap_emit_skip(l, BPF_JMP | BPF_JA, 0, 0, 0);
	trace_tap_land(l, negative);
	emit_neg(l, dst);
	emit_alu_imm(l, op, dst, insn->imm);
	emit_neg(l, dst);
	trace_tap_land(l, done);
}

/*
 * Signed division by way of magnitudes. TMP2 keeps the sign of the result: for
 * a quotient the signs' difference, for a remainder the dividend's. The one
 * overflow, S64_MIN / -1, wraps.
 */
static void lower_signed(struct lower *l, const struct tap_insn *insn, u8 dst)
{
	bool div = insn->op == TAP_OP_DIV;
	unsigned int zero, positive, done = 0;
	u8 by;

	if (is_plain_divisor(l, insn)) {
		lower_signed_plain(l, insn, dst);
		return;
	}
	by = value(l, insn, TMP1, true);
	zero = trace_tap_emit_skip(l, BPF_JMP | BPF_JEQ | BPF_K, by, 0, 0);
	emit_mov(l, TMP2, dst);
	if (div)
		emit_alu(l, BPF_XOR, TMP2, by);
	emit_abs(l, dst);
	emit_abs(l, by);
	emit_alu(l, div ? BPF_DIV : BPF_MOD, dst, by);
	positive = trace_tap_emit_skip(l, BPF_JMP | BPF_JSGE | BPF_K, TMP2, 0,
				       0);
	emit_neg(l, dst);
	trace_tap_land(l, positive);
	if (div)
		done = trace_tap_emit_skip(l, BPF_JMP | BPF_JA, 0, 0, 0);
	trace_tap_land(l, zero);
	if (div) {
		emit_alu_imm(l, BPF_MOV, dst, 0);
		trace_tap_land(l, done);
	}
}

/**
 * trace_tap_lower_alu - lower an instruction of class ALU
 * @l: the state
 * @insn: the instruction
 */
void trace_tap_lower_alu(struct lower *l, const struct tap_insn *insn)
{
	u8 dst = trace_tap_read_reg(l, insn->reg, TMP0);

	switch (insn->op) {
	case TAP_OP_SHL:
	case TAP_OP_SHR:
	case TAP_OP_SAR:
		lower_shift(l, insn, dst);
		break;
	case TAP_OP_UDIV:
	case TAP_OP_UMOD:
		lower_unsigned(l, insn, dst);
		break;
	case TAP_OP_DIV:
	case TAP_OP_MOD:
		lower_signed(l, insn, dst);
		break;
	default:
		if (insn->is_imm && is_s32(insn->imm))
			emit_alu_imm(l, ebpf_op(insn->op), dst, insn->imm);
		else
			emit_alu(l, ebpf_op(insn->op), dst,
				 value(l, insn, TMP1, false));
		break;
	}
	trace_tap_written(l, insn->reg, dst);
}
