/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files that lower bytecode to eBPF: lower_plan.c decides where
 * things live, lower.c walks the program, the others emit what one instruction
 * becomes:
 *
 *	lower_insn.c	loads, moves, jumps, loops, returns
 *	lower_alu.c	arithmetic
 *	lower_str.c	comparisons of strings and masks
 *	lower_table.c	keys and tables
 *	lower_effect.c	sources, arguments, printf, and other effects
 *
 * Registers of eBPF in filters that read no table:
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
 * so that a short filter saves no register and touches no stack. Actions, and
 * filters that read tables, call helpers nearly always; each gets only what it
 * needs, since the registers from R6 on must be saved:
 *
 *	R0 to R3	as above; R1 stays what it was up to the first call
 *	R4, R5		r-registers that no call stands in the life of
 *	R6, R7		the context and the record, where they are used behind
 *			a call; else r-registers
 *	R8, R9		r-registers
 *
 * The frame, from R10 down: r-registers, counters of loops, and the area, which
 * holds arguments, keys and strings. An area that does not fit is in
 * tap_ctx.scratch instead.
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
 * @fixed: r-registers have fixed places: a filter that reads no table
 * @uses_rec: @rec is loaded
 * @uses_ctx: @ctx is passed to helpers, or tap_ctx.scratch is used
 * @regs: where each r-register lives: eBPF register, or IN_STACK | slot
 * @rec: eBPF register that holds the record
 * @ctx: eBPF register that holds the context, if @calls
 * @counters: offset from R10 of the counter of the outermost loop; the others
 *	are below
 * @depth: loops around the instruction being lowered
 * @loops: their LOOPs
 * @area: offset of the area from R10, negative; 0: it is in tap_ctx.scratch
 * @nr_args: arguments there is room for
 * @args: offset in the area of the arguments
 * @keys: per operand, if a table with a key: offset in the area of the key
 * @arg_text: per argument: offset in the area of the string that it is
 * @put_text: the same for the string that a PUT puts
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
	bool			fixed;
	bool			uses_rec;
	bool			uses_ctx;
	u8			regs[TAP_NR_REGS];
	u8			rec;
	u8			ctx;
	s16			counters;
	u8			depth;
	u16			loops[TAP_MAX_LOOPS];
	s16			area;
	u8			nr_args;
	u16			args;
	u16			*keys;
	u16			arg_text[TAP_MAX_ARGS];
	u16			put_text;
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

u8 trace_tap_area(struct lower *l, unsigned int offset, s16 *off);
void trace_tap_area_address(struct lower *l, u8 dst, unsigned int offset);
void trace_tap_store(struct lower *l, u8 base, s16 off, u8 src);
void trace_tap_store_imm(struct lower *l, u8 base, s16 off, u64 imm);

/* Does it fit the immediate of an instruction, which is sign-extended? */
static inline bool is_s32(s64 value)
{
	return value == (s32)value;
}

/* Does operand X read a register? */
static inline bool source_has_reg(const struct tap_insn *insn)
{
	return insn->rel == TAP_SRC_REG ||
	       (!insn->is_imm &&
		strchr(trace_tap_sources[insn->rel].takes, 'V'));
}

/* The offset from R10 of an r-register that lives in the stack. */
static inline s16 reg_slot(u8 where)
{
	return -8 * ((where & ~IN_STACK) + 1);
}

/* lower_plan.c */
int trace_tap_plan(struct lower *l);
u16 trace_tap_live_after(const struct lower *l, unsigned int i);
bool trace_tap_builtin_needs_ctx(const struct tap_operand *o);

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

unsigned int trace_tap_string_size(const struct lower *l,
				   const struct tap_operand *o);
void trace_tap_emit_desc(struct lower *l, u8 dst, const struct tap_operand *o);

/* lower_table.c */
void trace_tap_lower_table(struct lower *l, const struct tap_insn *insn);
void trace_tap_emit_table(struct lower *l, unsigned int table);

static inline const struct tap_shape *shape_of(const struct lower *l,
					       unsigned int table)
{
	return l->prog->operands[table].shape;
}

/* lower_effect.c */
bool trace_tap_source_is_string(const struct lower *l,
				const struct tap_insn *insn);
size_t trace_tap_source_data(const struct lower *l,
			     const struct tap_insn *insn);
bool trace_tap_comm_is_inline(const struct lower *l,
			      const struct tap_operand *o, unsigned int size);
void trace_tap_lower_copy(struct lower *l, const struct tap_insn *insn,
			  unsigned int offset, unsigned int size);
u8 trace_tap_lower_value(struct lower *l, const struct tap_insn *insn, u8 tmp);
void trace_tap_lower_effect(struct lower *l, const struct tap_insn *insn);

#endif /* _TRACE_TAP_LOWER_H */
