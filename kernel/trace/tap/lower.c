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
 * This file emits, walks the program and patches jumps. See lower.h for the
 * other files, the use of registers, and the frame.
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
	trace_tap_emit_load(l, 8, tmp, BPF_REG_10, reg_slot(where));
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
			       where, reg_slot(l->regs[reg]), 0);
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

/* ---------------------------------------------------------------- the area */

/**
 * trace_tap_area - address something in the area
 * @l: the state; TMP2 is used
 * @offset: its offset in the area
 * @off: out: its offset from the register that is returned
 *
 * Return: the register, which must not be changed.
 */
u8 trace_tap_area(struct lower *l, unsigned int offset, s16 *off)
{
	*off = l->area + (int)offset;
	if (l->area)
		return BPF_REG_10;
	trace_tap_emit_load(l, sizeof(void *), TMP2, l->ctx,
			    offsetof(struct tap_ctx, scratch));
	return TMP2;
}

/**
 * trace_tap_area_address - get the address of something in the area
 * @l: the state
 * @dst: register for it
 * @offset: its offset in the area
 */
void trace_tap_area_address(struct lower *l, u8 dst, unsigned int offset)
{
	if (l->area)
		emit_mov(l, dst, BPF_REG_10);
	else
		trace_tap_emit_load(l, sizeof(void *), dst, l->ctx,
				    offsetof(struct tap_ctx, scratch));
	if (l->area + (int)offset)
		emit_alu_imm(l, BPF_ADD, dst, l->area + (int)offset);
}

/* Store the 64 bits of @src. */
void trace_tap_store(struct lower *l, u8 base, s16 off, u8 src)
{
	trace_tap_emit(l, BPF_STX | BPF_MEM | BPF_DW, base, src, off, 0);
}

/* Store 64 bits; TMP0 is used. */
void trace_tap_store_imm(struct lower *l, u8 base, s16 off, u64 imm)
{
	if (is_s32(imm)) {
		trace_tap_emit(l, BPF_ST | BPF_MEM | BPF_DW, base, 0, off, imm);
		return;
	}
	trace_tap_emit_imm64(l, TMP0, imm);
	trace_tap_store(l, base, off, TMP0);
}

/* --------------------------------------------------------------- the walk */

static void emit_prologue(struct lower *l)
{
	if (l->fixed ? l->calls : l->uses_ctx)
		emit_mov(l, l->ctx, BPF_REG_1);
	if (l->uses_rec)
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
	int ret;

	l->place = kvcalloc(l->prog->nr_insns, sizeof(*l->place), GFP_KERNEL);
	l->live = kvcalloc(l->prog->nr_insns, sizeof(*l->live), GFP_KERNEL);
	l->is_target = kvcalloc(l->prog->nr_insns, sizeof(*l->is_target),
				GFP_KERNEL);
	if (!l->place || !l->live || !l->is_target)
		return -ENOMEM;
	ret = trace_tap_plan(l);
	if (ret)
		return ret;
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
 * too long or its keys and arguments find no room; @code is empty then.
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
	kvfree(l.keys);
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
