// SPDX-License-Identifier: GPL-2.0
/*
 * Loads, moves, jumps, loops and returns: one instruction to eBPF.
 *
 *	in:	ld	r0, args.prev_prio	(int at offset 28)
 *		jlt	r0, 10, L1
 *	out:	r0 = *(u32 *)(r1 + 28)
 *		if w0 s< 10 goto L1
 *
 * A load whose value only the next instruction compares with a constant is
 * lowered together with it: the value needs neither a register nor its sign
 * extended. This is what nearly every predicate is.
 *
 * In programs that use tables, a value that only the next instruction reads is
 * put where that one wants it: in the register of a helper's argument, or in one
 * that is stored at once.
 */
#include "lower.h"

/* Conditional jumps that eBPF has, in the order of the opcodes. */
static u8 ebpf_jump(u8 op)
{
	switch (op) {
	case TAP_OP_JEQ:
		return BPF_JEQ;
	case TAP_OP_JNE:
		return BPF_JNE;
	case TAP_OP_JLT:
		return BPF_JSLT;
	case TAP_OP_JLE:
		return BPF_JSLE;
	case TAP_OP_JGT:
		return BPF_JSGT;
	case TAP_OP_JGE:
		return BPF_JSGE;
	case TAP_OP_JULT:
		return BPF_JLT;
	case TAP_OP_JULE:
		return BPF_JLE;
	case TAP_OP_JUGT:
		return BPF_JGT;
	case TAP_OP_JUGE:
		return BPF_JGE;
	default:
		return BPF_JSET;
	}
}

/* The unsigned form of a signed comparison. */
static u8 as_unsigned(u8 jump)
{
	switch (jump) {
	case BPF_JSLT:
		return BPF_JLT;
	case BPF_JSLE:
		return BPF_JLE;
	case BPF_JSGT:
		return BPF_JGT;
	case BPF_JSGE:
		return BPF_JGE;
	default:
		return jump;
	}
}

/* if (dst code imm) goto target; eBPF has no "not set", so jump around it. */
static void emit_compare(struct lower *l, const struct tap_insn *insn, u8 class,
			 u8 jump, u8 dst, u8 src, bool is_imm)
{
	s32 imm = is_imm ? insn->imm : 0;
	u8 code = class | jump | (is_imm ? BPF_K : BPF_X);
	unsigned int skip;

	if (is_imm)
		src = 0;
	if (insn->op != TAP_OP_JNSET) {
		trace_tap_emit_jump(l, code, dst, src, imm, insn->target);
		return;
	}
	skip = trace_tap_emit_skip(l, code, dst, src, imm);
	trace_tap_emit_jump(l, BPF_JMP | BPF_JA, 0, 0, 0, insn->target);
	trace_tap_land(l, skip);
}

/* Compare @dst, which holds operand A, with operand V. */
static void lower_compare(struct lower *l, const struct tap_insn *insn, u8 dst)
{
	u8 src = TMP1;

	if (insn->is_imm && is_s32(insn->imm)) {
		emit_compare(l, insn, BPF_JMP, ebpf_jump(insn->op), dst, 0,
			     true);
		return;
	}
	if (insn->is_imm)
		trace_tap_emit_imm64(l, src, insn->imm);
	else
		src = trace_tap_read_reg(l, insn->src, TMP1);
	emit_compare(l, insn, BPF_JMP, ebpf_jump(insn->op), dst, src, false);
}

/* ------------------------------------------------------------------ loads */

static void emit_extend(struct lower *l, const struct tap_operand *o, u8 dst)
{
	if (!o->is_signed || o->size == 8)
		return;
	emit_alu_imm(l, BPF_LSH, dst, 64 - 8 * o->size);
	emit_alu_imm(l, BPF_ARSH, dst, 64 - 8 * o->size);
}

static void load_builtin(struct lower *l, const struct tap_operand *o, u8 dst)
{
	switch (o->builtin) {
	case TAP_BUILTIN_PID:
	case TAP_BUILTIN_TID:
		trace_tap_emit_current(l, dst);
		trace_tap_emit_load(l, 4, dst, dst, l->t->task_pid);
		break;
	case TAP_BUILTIN_TGID:
		trace_tap_emit_current(l, dst);
		trace_tap_emit_load(l, 4, dst, dst, l->t->task_tgid);
		break;
	case TAP_BUILTIN_CPU:
		if (l->t->percpu) {
			trace_tap_emit_imm64(l, dst, l->t->cpu_number);
			trace_tap_emit(l, BPF_ALU64 | BPF_MOV | BPF_X, dst,
				       dst, BPF_ADDR_PERCPU, 0);
			trace_tap_emit_load(l, 4, dst, dst, 0);
			break;
		}
		fallthrough;
	default:
		if (trace_tap_builtin_needs_ctx(o))
			emit_mov(l, BPF_REG_2, l->ctx);
		emit_alu_imm(l, BPF_MOV, BPF_REG_1, o->builtin);
		trace_tap_emit_call(l, TAP_HELPER_BUILTIN);
		emit_mov(l, dst, BPF_REG_0);
		break;
	}
}

/**
 * trace_tap_load_field - load a field from the record, zero-extended
 * @l: the state; TMP1 is used, and TMP0 if @dst is @l->rec
 * @o: the field, of 1, 2, 4 or 8 bytes
 * @dst: register, not TMP1
 *
 * Where loads need alignment that the field lacks, it is put together from the
 * parts that have it, the most significant first.
 */
void trace_tap_load_field(struct lower *l, const struct tap_operand *o, u8 dst)
{
	bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	unsigned int size = o->size, i, n;
	u8 sum = dst;

	while (!l->t->unaligned && o->offset % size)
		size /= 2;
	n = o->size / size;
	/* The record's address is needed until the last part is there. */
	if (n > 1 && dst == l->rec)
		sum = TMP0;
	for (i = 0; i < n; i++) {
		trace_tap_emit_load(l, size, i ? TMP1 : sum, l->rec, o->offset +
				    size * (big_endian ? i : n - 1 - i));
		if (!i)
			continue;
		emit_alu_imm(l, BPF_LSH, sum, 8 * size);
		emit_alu(l, BPF_OR, sum, TMP1);
	}
	emit_mov(l, dst, sum);
}

/* Not extended: the caller knows whether that matters. */
static void load(struct lower *l, const struct tap_operand *o, u8 dst)
{
	if (o->is_builtin)
		load_builtin(l, o, dst);
	else
		trace_tap_load_field(l, o, dst);
}

static void lower_load(struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];
	u8 dst = trace_tap_write_reg(l, insn->reg, TMP0);

	load(l, o, dst);
	if (!o->is_builtin)
		emit_extend(l, o, dst);
	trace_tap_written(l, insn->reg, dst);
}

/* May the load at l->i be lowered with the jump behind it? */
static bool can_fuse(const struct lower *l)
{
	const struct tap_insn *insn = &l->prog->insns[l->i], *jump = insn + 1;
	u16 after;

	/* A load is never the last instruction. */
	if (jump->op < TAP_OP_JEQ || jump->op > TAP_OP_JNSET)
		return false;
	if (jump->reg != insn->reg || !jump->is_imm || l->is_target[l->i + 1])
		return false;
	after = l->live[jump->target] | l->live[l->i + 2];
	return !(after >> insn->reg & 1);
}

static bool is_int(const struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];

	return insn->op == TAP_OP_LD && !o->is_builtin && o->size == 4 &&
	       o->is_signed && (l->t->unaligned || !(o->offset % 4));
}

/* Two ints loaded at l->i that only the jump behind them compares? */
static bool can_fuse_ints(const struct lower *l)
{
	const struct tap_insn *a = &l->prog->insns[l->i], *b = a + 1;
	const struct tap_insn *jump = a + 2;
	u16 after;

	if (!is_int(l, a) || !is_int(l, b) || a->reg == b->reg ||
	    jump->op < TAP_OP_JEQ || jump->op > TAP_OP_JNSET ||
	    jump->reg != a->reg || jump->is_imm || jump->src != b->reg ||
	    l->is_target[l->i + 1] || l->is_target[l->i + 2])
		return false;
	after = l->live[jump->target] | l->live[l->i + 3];
	return !((after >> a->reg | after >> b->reg) & 1);
}

/* int against int: 32 bits are compared, so neither is extended. */
static void lower_ints(struct lower *l, const struct tap_insn *a)
{
	const struct tap_insn *b = a + 1, *jump = a + 2;

	l->place[l->i + 1] = l->code->nr_insns;
	l->place[l->i + 2] = l->code->nr_insns;
	load(l, &l->prog->operands[a->name], TMP0);
	load(l, &l->prog->operands[b->name], TMP1);
	emit_compare(l, jump, BPF_JMP32, ebpf_jump(jump->op), TMP0, TMP1,
		     false);
}

/*
 * Compare the low @o->size bytes in @dst with a constant as what they are in
 * the record. That takes no extension where the constant fits the field.
 */
static void compare_loaded(struct lower *l, const struct tap_operand *o,
			   const struct tap_insn *insn, u8 dst)
{
	u8 jump = ebpf_jump(insn->op);
	s64 imm = insn->imm;

	if (o->is_builtin || o->size == 8) {
		lower_compare(l, insn, dst);
		return;
	}
	if (o->size == 4 && imm == (o->is_signed ? (s64)(s32)imm :
						   (s64)(u32)imm)) {
		/* Where both are of 32 bits, so is the comparison. */
		if (!o->is_signed)
			jump = as_unsigned(jump);
		emit_compare(l, insn, BPF_JMP32, jump, dst, 0, true);
		return;
	}
	emit_extend(l, o, dst);
	lower_compare(l, insn, dst);
}

/* ------------------------------------------------------------------ others */

static void lower_mov(struct lower *l, const struct tap_insn *insn)
{
	u8 dst = trace_tap_write_reg(l, insn->reg, TMP0);

	if (insn->is_imm)
		trace_tap_emit_imm64(l, dst, insn->imm);
	else
		dst = trace_tap_read_reg(l, insn->src, dst);
	trace_tap_written(l, insn->reg, dst);
}

/* An address is in a function: one unsigned comparison of the distance. */
static void lower_function(struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *fn = &l->prog->operands[insn->name];
	u8 jump = insn->op == TAP_OP_JFN ? BPF_JLT : BPF_JGE;

	emit_mov(l, TMP0, trace_tap_read_reg(l, insn->reg, TMP0));
	trace_tap_emit_imm64(l, TMP1, fn->start);
	emit_alu(l, BPF_SUB, TMP0, TMP1);
	trace_tap_emit_imm64(l, TMP1, fn->span);
	trace_tap_emit_jump(l, BPF_JMP | jump | BPF_X, TMP0, TMP1, 0,
			    insn->target);
}

/* A program returns 0 or 1; bpf_func has 32 bits for it. */
static void lower_ret(struct lower *l, const struct tap_insn *insn)
{
	unsigned int skip;
	u8 reg;

	if (insn->is_imm) {
		emit_alu_imm(l, BPF_MOV, BPF_REG_0, insn->imm != 0);
	} else {
		reg = trace_tap_read_reg(l, insn->src, TMP1);
		emit_alu_imm(l, BPF_MOV, BPF_REG_0, 1);
		skip = trace_tap_emit_skip(l, BPF_JMP | BPF_JNE | BPF_K, reg, 0,
					   0);
		emit_alu_imm(l, BPF_MOV, BPF_REG_0, 0);
		trace_tap_land(l, skip);
	}
	trace_tap_emit(l, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static s16 counter(const struct lower *l)
{
	return l->counters - 8 * l->depth;
}

static void lower_loop(struct lower *l, const struct tap_insn *insn)
{
	trace_tap_store_imm(l, BPF_REG_10, counter(l), insn->imm);
	l->loops[l->depth++] = l->i;
}

static void lower_next(struct lower *l)
{
	unsigned int start = l->loops[--l->depth] + 1;
	s16 off = counter(l);

	trace_tap_emit_load(l, 8, TMP0, BPF_REG_10, off);
	emit_alu_imm(l, BPF_SUB, TMP0, 1);
	trace_tap_store(l, BPF_REG_10, off, TMP0);
	trace_tap_emit_jump(l, BPF_JMP | BPF_JNE | BPF_K, TMP0, 0, 0, start);
}

static void lower_one(struct lower *l, const struct tap_insn *insn)
{
	switch (insn->op) {
	case TAP_OP_MOV:
		lower_mov(l, insn);
		break;
	case TAP_OP_LD:
		lower_load(l, insn);
		break;
	case TAP_OP_JMP:
		trace_tap_emit_jump(l, BPF_JMP | BPF_JA, 0, 0, 0, insn->target);
		break;
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		trace_tap_lower_string(l, insn);
		break;
	case TAP_OP_JPAIR:
	case TAP_OP_JNPAIR:
		trace_tap_lower_pair(l, insn);
		break;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		trace_tap_lower_cpus(l, insn);
		break;
	case TAP_OP_JFN:
	case TAP_OP_JNFN:
		lower_function(l, insn);
		break;
	case TAP_OP_RET:
		lower_ret(l, insn);
		break;
	case TAP_OP_KEY ... TAP_OP_ZERO:
		trace_tap_lower_table(l, insn);
		break;
	case TAP_OP_ARG ... TAP_OP_SNAPSHOT:
		trace_tap_lower_effect(l, insn);
		break;
	case TAP_OP_LOOP:
		lower_loop(l, insn);
		break;
	case TAP_OP_NEXT:
		lower_next(l);
		break;
	default:
		if (trace_tap_opcodes[insn->op].class == TAP_CLASS_ALU)
			trace_tap_lower_alu(l, insn);
		else
			lower_compare(l, insn,
				      trace_tap_read_reg(l, insn->reg, TMP0));
		break;
	}
}

/* Where an instruction wants a value that it reads, or IN_STACK if anywhere. */
static u8 wanted_in(const struct lower *l, const struct tap_insn *insn, u8 reg)
{
	if (insn->op >= TAP_OP_JEQ && insn->op <= TAP_OP_JNSET)
		return insn->reg == reg ? TMP0 : IN_STACK;
	if (insn->is_imm || insn->src != reg)
		return IN_STACK;
	switch (insn->op) {
	case TAP_OP_KEY:
	case TAP_OP_ARG:
		return source_has_reg(insn) ? TMP0 : IN_STACK;
	case TAP_OP_PUT:
		return insn->rel == TAP_SRC_REG ? BPF_REG_3 : IN_STACK;
	case TAP_OP_INC:
		return BPF_REG_3;
	case TAP_OP_AGG:
		return BPF_REG_4;
	default:
		return IN_STACK;
	}
}

/* Does the next instruction alone read the value that the one at l->i makes? */
static bool feeds_next(const struct lower *l)
{
	const struct tap_insn *insn = &l->prog->insns[l->i];

	/* None of these is the last instruction. */
	if (l->fixed || (insn->op != TAP_OP_LD && insn->op != TAP_OP_HAS &&
			 insn->op != TAP_OP_GET))
		return false;
	return !l->is_target[l->i + 1] &&
	       !(trace_tap_live_after(l, l->i + 1) >> insn->reg & 1);
}

/**
 * trace_tap_lower_insn - lower the instruction at l->i
 * @l: the state
 *
 * Returns how many instructions were lowered: 1, or 2 or 3 if the next ones went
 * with it.
 */
unsigned int trace_tap_lower_insn(struct lower *l)
{
	const struct tap_insn *insn = &l->prog->insns[l->i];

	if (insn->op == TAP_OP_LD && can_fuse(l)) {
		const struct tap_operand *o = &l->prog->operands[insn->name];

		l->place[l->i + 1] = l->code->nr_insns;
		load(l, o, TMP0);
		compare_loaded(l, o, insn + 1, TMP0);
		return 2;
	}
	if (insn->op == TAP_OP_LD && can_fuse_ints(l)) {
		lower_ints(l, insn);
		return 3;
	}
	if (feeds_next(l)) {
		u8 place = l->regs[insn->reg];
		u8 wanted = wanted_in(l, insn + 1, insn->reg);

		if (!(wanted & IN_STACK)) {
			l->regs[insn->reg] = wanted;
			lower_one(l, insn);
			l->place[l->i + 1] = l->code->nr_insns;
			lower_one(l, insn + 1);
			l->regs[insn->reg] = place;
			return 2;
		}
	}
	lower_one(l, insn);
	return 1;
}
