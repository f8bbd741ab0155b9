/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files that lower bytecode to eBPF: lower.c walks the program,
 * lower_insn.c, lower_alu.c and lower_str.c emit what one instruction becomes.
 *
 * Registers of eBPF:
 *
 *		no helper is called	a helper is called
 *	R0	scratch (TMP0), and what helpers and the program return
 *	R1	the record		scratch, argument
 *	R2, R3	scratch (TMP1, TMP2)	scratch, arguments
 *	R4, R5	r-registers		scratch, arguments
 *	R6	r-register		the context
 *	R7	r-register		the record
 *	R8, R9	r-registers		r-registers
 *	R10	frame; r-registers that found no other place
 *
 * so that a short filter saves no register and touches no stack.
 */
#ifndef _TRACE_TAP_LOWER_H
#define _TRACE_TAP_LOWER_H

#include "tap.h"

#define TMP0	BPF_REG_0
#define TMP1	BPF_REG_2
#define TMP2	BPF_REG_3

/* Where an r-register lives, if not in an eBPF register. */
#define IN_STACK	0x80

/**
 * struct lower - state of lowering one program
 * @prog: the program
 * @t: the machine
 * @code: the result
 * @max_insns: room in @code->insns and @jumps
 * @jumps: per eBPF instruction: where it jumps, as an index in @prog plus one,
 *	0 if nowhere
 * @place: per instruction of @prog: its first eBPF instruction
 * @live: per instruction: registers whose value is read at or after it
 * @is_target: per instruction: something jumps there
 * @i: the instruction being lowered
 * @data: bytes of @code->data handed out
 * @calls: the program calls helpers
 * @regs: where each r-register lives: eBPF register, or IN_STACK | slot
 * @rec: eBPF register that holds the record
 * @ctx: eBPF register that holds the context, if @calls
 * @failed: no memory
 */
struct lower {
	const struct tap_prog	*prog;
	const struct tap_target	*t;
	struct tap_code		*code;
	unsigned int		max_insns;
	u16			*jumps;
	unsigned int		*place;
	u16			*live;
	bool			*is_target;
	unsigned int		i;
	unsigned int		data;
	bool			calls;
	u8			regs[TAP_NR_REGS];
	u8			rec;
	u8			ctx;
	bool			failed;
};

/* Emitting one eBPF instruction: names as those of linux/filter.h. */
void trace_tap_emit(struct lower *l, u8 code, u8 dst, u8 src, s16 off, s32 imm);

static inline void emit_mov(struct lower *l, u8 dst, u8 src)
{
	if (dst != src)
		trace_tap_emit(l, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static inline void emit_alu(struct lower *l, u8 op, u8 dst, u8 src)
{
	trace_tap_emit(l, BPF_ALU64 | op | BPF_X, dst, src, 0, 0);
}

static inline void emit_alu_imm(struct lower *l, u8 op, u8 dst, s32 imm)
{
	trace_tap_emit(l, BPF_ALU64 | op | BPF_K, dst, 0, 0, imm);
}

static inline void emit_neg(struct lower *l, u8 dst)
{
	trace_tap_emit(l, BPF_ALU64 | BPF_NEG, dst, 0, 0, 0);
}

void trace_tap_emit_imm64(struct lower *l, u8 dst, u64 imm);
void trace_tap_emit_load(struct lower *l, unsigned int size, u8 dst, u8 base,
			 s16 off);
void trace_tap_emit_call(struct lower *l, enum tap_helper helper);
void trace_tap_emit_jump(struct lower *l, u8 code, u8 dst, u8 src, s32 imm,
			 unsigned int target);
void trace_tap_emit_current(struct lower *l, u8 dst);
unsigned int trace_tap_emit_skip(struct lower *l, u8 code, u8 dst, u8 src,
				 s32 imm);
void trace_tap_land(struct lower *l, unsigned int skip);

u8 trace_tap_read_reg(struct lower *l, unsigned int reg, u8 tmp);
u8 trace_tap_write_reg(struct lower *l, unsigned int reg, u8 tmp);
void trace_tap_written(struct lower *l, unsigned int reg, u8 where);
void *trace_tap_data(struct lower *l, size_t size);

/* Does it fit the immediate of an instruction, which is sign-extended? */
static inline bool is_s32(s64 value)
{
	return value == (s32)value;
}

/* lower_insn.c: what one instruction becomes; returns how many were lowered */
unsigned int trace_tap_lower_insn(struct lower *l);
void trace_tap_load_field(struct lower *l, const struct tap_operand *o, u8 dst);

/* lower_alu.c */
void trace_tap_lower_alu(struct lower *l, const struct tap_insn *insn);

/* lower_str.c */
void trace_tap_lower_string(struct lower *l, const struct tap_insn *insn);
void trace_tap_lower_pair(struct lower *l, const struct tap_insn *insn);
void trace_tap_lower_cpus(struct lower *l, const struct tap_insn *insn);
bool trace_tap_string_is_inline(const struct lower *l,
				const struct tap_insn *insn);
size_t trace_tap_string_data(const struct lower *l,
			     const struct tap_insn *insn);

#endif /* _TRACE_TAP_LOWER_H */
