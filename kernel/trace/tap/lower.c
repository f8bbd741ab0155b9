// SPDX-License-Identifier: GPL-2.0
/*
 * Bytecode to eBPF.
 *
 *	in:		ld	r0, args.id		(8 bytes at offset 8)
 *			jne	r0, 9999, L1
 *			ret	1
 *		L1:	ret	0
 *	out:		r1 = *(u64 *)(r1 + 0)		the record
 *			r0 = *(u64 *)(r1 + 8)
 *			if r0 != 9999 goto +2
 *			r0 = 1
 *			exit
 *			r0 = 0
 *			exit
 *
 * The input is verified and trusted. Only what every JIT and the interpreter
 * have is emitted: loads, 64-bit arithmetic, jumps on 64 and 32 bits, calls;
 * and the per-CPU move where the target says so. What neither the interpreter
 * nor the JITs check, division by zero and the width of shifts, is checked by
 * emitted instructions.
 *
 * This file walks the program, places registers and patches jumps. See lower.h
 * for the use of registers.
 */
#include "lower.h"

/* ------------------------------------------------------ emitting, registers */

static bool grow(struct lower *l)
{
	unsigned int max = l->max_insns ? l->max_insns * 2 : 64;
	struct bpf_insn *insns;
	u16 *jumps;

	insns = kvcalloc(max, sizeof(*insns), GFP_KERNEL);
	jumps = kvcalloc(max, sizeof(*jumps), GFP_KERNEL);
	if (!insns || !jumps) {
		kvfree(insns);
		kvfree(jumps);
		l->failed = true;
		return false;
	}
	if (l->max_insns) {
		memcpy(insns, l->code->insns, l->max_insns * sizeof(*insns));
		memcpy(jumps, l->jumps, l->max_insns * sizeof(*jumps));
	}
	kvfree(l->code->insns);
	kvfree(l->jumps);
	l->code->insns = insns;
	l->jumps = jumps;
	l->max_insns = max;
	return true;
}

/**
 * trace_tap_emit - append one eBPF instruction
 * @l: the state; @l->failed is set if there is no memory
 * @code: opcode
 * @dst: register
 * @src: register
 * @off: offset
 * @imm: immediate
 */
void trace_tap_emit(struct lower *l, u8 code, u8 dst, u8 src, s16 off, s32 imm)
{
	struct bpf_insn *insn;

	if (l->code->nr_insns == l->max_insns && !grow(l))
		return;
	insn = &l->code->insns[l->code->nr_insns++];
	insn->code = code;
	insn->dst_reg = dst;
	insn->src_reg = src;
	insn->off = off;
	insn->imm = imm;
}

/**
 * trace_tap_emit_imm64 - load a constant, in the shortest form
 * @l: the state
 * @dst: register
 * @imm: the constant
 */
void trace_tap_emit_imm64(struct lower *l, u8 dst, u64 imm)
{
	if (is_s32(imm)) {
		emit_alu_imm(l, BPF_MOV, dst, imm);
	} else if (imm == (u32)imm) {
		trace_tap_emit(l, BPF_ALU | BPF_MOV | BPF_K, dst, 0, 0, imm);
	} else {
		trace_tap_emit(l, BPF_LD | BPF_DW | BPF_IMM, dst, 0, 0, imm);
		trace_tap_emit(l, 0, 0, 0, 0, imm >> 32);
	}
}

/**
 * trace_tap_emit_load - load from memory, zero-extended
 * @l: the state
 * @size: 1, 2, 4 or 8 bytes
 * @dst: register
 * @base: register with the address
 * @off: offset from it
 */
void trace_tap_emit_load(struct lower *l, unsigned int size, u8 dst, u8 base,
			 s16 off)
{
	u8 width = size == 1 ? BPF_B : size == 2 ? BPF_H :
		   size == 4 ? BPF_W : BPF_DW;

	trace_tap_emit(l, BPF_LDX | BPF_MEM | width, dst, base, off, 0);
}

void trace_tap_emit_call(struct lower *l, enum tap_helper helper)
{
	trace_tap_emit(l, BPF_JMP | BPF_CALL, 0, 0, 0, l->t->helper[helper]);
}

/**
 * trace_tap_emit_jump - jump to an instruction of the program
 * @l: the state
 * @code: eBPF opcode
 * @dst: left side of the comparison
 * @src: right side, if a register
 * @imm: right side, if a constant
 * @target: index in the program
 */
void trace_tap_emit_jump(struct lower *l, u8 code, u8 dst, u8 src, s32 imm,
			 unsigned int target)
{
	trace_tap_emit(l, code, dst, src, 0, imm);
	if (!l->failed)
		l->jumps[l->code->nr_insns - 1] = target + 1;
}

/* Jump over what is emitted until trace_tap_land(). */
unsigned int trace_tap_emit_skip(struct lower *l, u8 code, u8 dst, u8 src,
				 s32 imm)
{
	trace_tap_emit(l, code, dst, src, 0, imm);
	return l->code->nr_insns - 1;
}

void trace_tap_land(struct lower *l, unsigned int skip)
{
	if (!l->failed)
		l->code->insns[skip].off = l->code->nr_insns - skip - 1;
}

/**
 * trace_tap_emit_current - get the current thread
 * @l: the state
 * @dst: register for its address
 */
void trace_tap_emit_current(struct lower *l, u8 dst)
{
	if (!l->t->percpu) {
		trace_tap_emit_call(l, TAP_HELPER_CURRENT);
		emit_mov(l, dst, BPF_REG_0);
		return;
	}
	trace_tap_emit_imm64(l, dst, l->t->current_task);
	trace_tap_emit(l, BPF_ALU64 | BPF_MOV | BPF_X, dst, dst,
		       BPF_ADDR_PERCPU, 0);
	trace_tap_emit_load(l, sizeof(void *), dst, dst, 0);
}

static s16 slot(u8 where)
{
	return -8 * ((where & ~IN_STACK) + 1);
}

/**
 * trace_tap_read_reg - have an r-register in an eBPF register
 * @l: the state
 * @reg: the r-register
 * @tmp: where to load it if it lives in the stack
 *
 * Returns the eBPF register; unless it is @tmp, it must not be changed.
 */
u8 trace_tap_read_reg(struct lower *l, unsigned int reg, u8 tmp)
{
	u8 where = l->regs[reg];

	if (!(where & IN_STACK))
		return where;
	trace_tap_emit_load(l, 8, tmp, BPF_REG_10, slot(where));
	return tmp;
}

/* Which eBPF register to compute an r-register in; then trace_tap_written(). */
u8 trace_tap_write_reg(struct lower *l, unsigned int reg, u8 tmp)
{
	return l->regs[reg] & IN_STACK ? tmp : l->regs[reg];
}

void trace_tap_written(struct lower *l, unsigned int reg, u8 where)
{
	if (l->regs[reg] & IN_STACK)
		trace_tap_emit(l, BPF_STX | BPF_MEM | BPF_DW, BPF_REG_10,
			       where, slot(l->regs[reg]), 0);
	else
		emit_mov(l, l->regs[reg], where);
}

/* The next @size bytes of the program's data, aligned to 8. */
void *trace_tap_data(struct lower *l, size_t size)
{
	void *data = (char *)l->code->data + l->data;

	l->data += ALIGN(size, 8);
	return data;
}

/* -------------------------------------------------------- looking ahead */

/* Registers that the instruction reads. */
static u16 reads(const struct tap_insn *insn)
{
	const struct tap_opcode_info *info = &trace_tap_opcodes[insn->op];
	const char *mode;
	u16 regs = 0;

	for (mode = info->operands; *mode; mode++) {
		if (*mode == 'A' ||
		    (*mode == 'D' && info->class == TAP_CLASS_ALU))
			regs |= 1U << insn->reg;
		if (*mode == 'V' && !insn->is_imm)
			regs |= 1U << insn->src;
	}
	return regs;
}

/* Backward: what is read later; and which instructions are jumped to. */
static void analyse(struct lower *l)
{
	unsigned int i;

	for (i = l->prog->nr_insns; i--; ) {
		const struct tap_insn *insn = &l->prog->insns[i];
		enum tap_op_class class = trace_tap_opcodes[insn->op].class;
		u16 live = 0;

		if (class == TAP_CLASS_JUMP || class == TAP_CLASS_GOTO) {
			live |= l->live[insn->target];
			l->is_target[insn->target] = true;
		}
		if (class != TAP_CLASS_GOTO && class != TAP_CLASS_END)
			live |= l->live[i + 1];
		if (class == TAP_CLASS_MOVE)
			live &= ~(1U << insn->reg);
		l->live[i] = live | reads(insn);
	}
}

static bool calls_helper(const struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];

	switch (insn->op) {
	case TAP_OP_LD:
		if (!o->is_builtin)
			return false;
		return !l->t->percpu ||
		       (o->builtin != TAP_BUILTIN_PID &&
			o->builtin != TAP_BUILTIN_TID &&
			o->builtin != TAP_BUILTIN_TGID &&
			o->builtin != TAP_BUILTIN_CPU);
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		return !trace_tap_string_is_inline(l, insn) ||
		       (o->is_builtin && !l->t->percpu);
	case TAP_OP_JPAIR:
	case TAP_OP_JNPAIR:
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		return true;
	default:
		return false;
	}
}

/* What an operand of an instruction asks of the record. */
static void collect_operand(struct tap_code *code, const struct tap_insn *insn,
			    unsigned int index, const struct tap_prog *prog)
{
	const struct tap_operand *o = &prog->operands[index];

	if (o->is_builtin)
		return;
	code->reads_record = true;
	/* struct trace_entry: what events have in common. */
	if (o->offset < 8)
		code->common = max_t(u8, code->common,
				     o->offset == 4 && o->size == 4 ?
				     TAP_COMMON_PID : TAP_COMMON_ALL);
	if (insn->op != TAP_OP_LD &&
	    (o->type == TAP_LOC || o->type == TAP_REL || o->type == TAP_MASK ||
	     (o->type == TAP_ARRAY && !o->size)))
		code->needs_len = true;
}

/* What the program needs of the record, of data and of helpers. */
static void collect(struct lower *l)
{
	unsigned int i;

	/* Constants in registers need nothing. */
	if (!l->prog->nr_operands)
		return;
	for (i = 0; i < l->prog->nr_insns; i++) {
		const struct tap_insn *insn = &l->prog->insns[i];
		const char *modes = trace_tap_opcodes[insn->op].operands;

		l->calls |= calls_helper(l, insn);
		l->code->data_len += trace_tap_string_data(l, insn);
		if (strpbrk(modes, "NSM"))
			collect_operand(l->code, insn, insn->name, l->prog);
		if (strchr(modes, 'T'))
			collect_operand(l->code, insn, insn->str, l->prog);
	}
}

static void place_regs(struct lower *l)
{
	static const u8 leaf[] = {
		BPF_REG_4, BPF_REG_5, BPF_REG_6, BPF_REG_7, BPF_REG_8,
		BPF_REG_9,
	};
	static const u8 saved[] = { BPF_REG_8, BPF_REG_9 };
	const u8 *regs = l->calls ? saved : leaf;
	unsigned int nr = l->calls ? ARRAY_SIZE(saved) : ARRAY_SIZE(leaf);
	unsigned int reg;

	for (reg = 0; reg < TAP_NR_REGS; reg++)
		l->regs[reg] = reg < nr ? regs[reg] : IN_STACK | (reg - nr);
	l->rec = l->calls ? BPF_REG_7 : BPF_REG_1;
	l->ctx = l->calls ? BPF_REG_6 : BPF_REG_1;
}

/* How much stack the registers take that are used and live there. */
static unsigned int stack_size(const struct lower *l)
{
	unsigned int i, size = 0;

	for (i = 0; i < l->prog->nr_insns; i++) {
		const struct tap_insn *insn = &l->prog->insns[i];
		u16 used = reads(insn);
		unsigned int reg;

		if (strpbrk(trace_tap_opcodes[insn->op].operands, "DA"))
			used |= 1U << insn->reg;
		for (reg = 0; reg < TAP_NR_REGS; reg++) {
			if (used >> reg & 1 && l->regs[reg] & IN_STACK)
				size = max_t(unsigned int, size,
					     -slot(l->regs[reg]));
		}
	}
	return size;
}

/* --------------------------------------------------------------- the walk */

static void emit_prologue(struct lower *l)
{
	if (l->calls)
		emit_mov(l, l->ctx, BPF_REG_1);
	if (l->code->reads_record)
		trace_tap_emit_load(l, sizeof(void *), l->rec, BPF_REG_1,
				    offsetof(struct tap_ctx, rec));
}

static int patch_jumps(struct lower *l)
{
	unsigned int i;

	for (i = 0; i < l->code->nr_insns; i++) {
		int off;

		if (!l->jumps[i])
			continue;
		off = (int)l->place[l->jumps[i] - 1] - (int)i - 1;
		if (off != (s16)off)
			return -E2BIG;
		l->code->insns[i].off = off;
	}
	return 0;
}

static int walk(struct lower *l)
{
	unsigned int n;

	emit_prologue(l);
	for (l->i = 0; l->i < l->prog->nr_insns; l->i += n) {
		l->place[l->i] = l->code->nr_insns;
		n = trace_tap_lower_insn(l);
		if (l->failed)
			return -ENOMEM;
		if (WARN_ON_ONCE(!n))
			return -EINVAL;
	}
	return patch_jumps(l);
}

static int lower(struct lower *l)
{
	struct tap_code *code = l->code;

	l->place = kvcalloc(l->prog->nr_insns, sizeof(*l->place), GFP_KERNEL);
	l->live = kvcalloc(l->prog->nr_insns, sizeof(*l->live), GFP_KERNEL);
	l->is_target = kvcalloc(l->prog->nr_insns, sizeof(*l->is_target),
				GFP_KERNEL);
	if (!l->place || !l->live || !l->is_target)
		return -ENOMEM;
	analyse(l);
	collect(l);
	place_regs(l);
	code->stack = stack_size(l);
	if (code->data_len) {
		code->data = kvzalloc(code->data_len, GFP_KERNEL);
		if (!code->data)
			return -ENOMEM;
	}
	return walk(l);
}

/**
 * trace_tap_lower - lower a program to eBPF
 * @prog: the program, verified
 * @t: the machine it is for
 * @code: out: the instructions, for trace_tap_code_free(); all zero before
 *
 * Context: may sleep. Returns 0, -ENOMEM, or -E2BIG if the program's jumps get
 * too long; @code is empty then.
 */
int trace_tap_lower(const struct tap_prog *prog, const struct tap_target *t,
		    struct tap_code *code)
{
	struct lower l = { .prog = prog, .t = t, .code = code };
	int ret = lower(&l);

	kvfree(l.jumps);
	kvfree(l.place);
	kvfree(l.live);
	kvfree(l.is_target);
	if (ret)
		trace_tap_code_free(code);
	return ret;
}

/**
 * trace_tap_code_free - free a lowered program
 * @code: the program; empty afterwards
 */
void trace_tap_code_free(struct tap_code *code)
{
	kvfree(code->insns);
	kvfree(code->data);
	memset(code, 0, sizeof(*code));
}
