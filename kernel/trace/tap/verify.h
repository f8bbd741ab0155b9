/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files that check programs: verify.c follows them, and
 * verify_action.c knows the instructions that only actions and tables have.
 */
#ifndef _TRACE_TAP_VERIFY_H
#define _TRACE_TAP_VERIFY_H

#include "tap.h"

/* What an argument of a printf or synth is. */
enum verify_arg {
	ARG_INT,
	ARG_STR,
	ARG_NAMED,	/* a number with a name: system call, enum */
	ARG_STACK,
	ARG_NR_KINDS,
};

#define NO_LOOP		U16_MAX

/**
 * struct verify_state - what is known where an instruction begins
 * @reached: there is a path to it
 * @set: registers set on every path to it
 * @loop: the innermost LOOP around it, or NO_LOOP
 * @args: per kind: arguments that are such ones on every path
 * @keys: parts of keys that are set on every path: 8 bits a table
 */
struct verify_state {
	bool	reached;
	u16	set;
	u16	loop;
	u16	args[ARG_NR_KINDS];
	u64	keys[TAP_MAX_TABLES * TAP_MAX_PARTS / 64];
};

/**
 * struct verifier - state of the pass
 * @prog: the program
 * @i: the instruction looked at
 * @insn: the same
 * @state: per instruction
 * @cost: of the instructions so far
 * @loops: the LOOPs around, outermost first
 * @times: per one of @loops: how often what is in it runs
 * @depth: how many
 * @nr_tables: tables of the program
 * @tables: their operands
 * @keys_size: bytes of all keys
 * @nr_args: arguments that are used, from 0 on
 * @arg_text: per argument: bytes of a string from a table
 * @put_text: bytes of the longest string that is put into a table
 * @e: the error
 */
struct verifier {
	const struct tap_prog	*prog;
	unsigned int		i;
	const struct tap_insn	*insn;
	struct verify_state	*state;
	u64			cost;
	unsigned int		loops[TAP_MAX_LOOPS];
	u64			times[TAP_MAX_LOOPS];
	unsigned int		depth;
	unsigned int		nr_tables;
	u16			tables[TAP_MAX_TABLES];
	unsigned int		keys_size;
	unsigned int		nr_args;
	u16			arg_text[TAP_MAX_ARGS];
	u16			put_text;
	struct tap_error	*e;
};

static_assert(TAP_NR_REGS <= 16);
static_assert(TAP_MAX_ARGS <= 16);
static_assert(TAP_MAX_PARTS == 8);
static_assert(TAP_MAX_INSNS < NO_LOOP);

int trace_tap_verify_fail(struct verifier *v, enum tap_error_code code,
			  unsigned int nr);
int trace_tap_verify_set(struct verifier *v, unsigned int reg, unsigned int nr);
bool trace_tap_is_string(const struct tap_operand *o);

static inline const struct tap_operand *verify_operand(struct verifier *v,
						       unsigned int index)
{
	return index < v->prog->nr_operands ? &v->prog->operands[index] : NULL;
}

/* verify_action.c */
int trace_tap_verify_tables(struct verifier *v);
int trace_tap_verify_part(struct verifier *v, unsigned int nr);
int trace_tap_verify_table(struct verifier *v, unsigned int index,
			   unsigned int nr);
int trace_tap_verify_source(struct verifier *v, unsigned int nr);
int trace_tap_verify_format(struct verifier *v, unsigned int nr);
int trace_tap_verify_synth(struct verifier *v, unsigned int nr);
int trace_tap_verify_kind(struct verifier *v);
void trace_tap_verify_action(struct verifier *v, struct verify_state *after);
unsigned int trace_tap_verify_cost(const struct tap_insn *insn);

#endif /* _TRACE_TAP_VERIFY_H */
