/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: the state of generating bytecode, which conditions (gen.c), entries of
 * tables (gen_key.c) and statements (stmt_gen.c) share.
 *
 * Registers are a stack: what a function needs for itself lies above @reg, and
 * is free again when it returns; a value it returns is in the first of them.
 */
#ifndef _TRACE_TAP_GEN_H
#define _TRACE_TAP_GEN_H

#include "tap.h"

/**
 * struct gen - state of one generation
 * @prog: the program so far; targets are labels until link()
 * @e: the error
 * @reg: first register that holds nothing
 * @labels: where each label stands
 * @nr_labels: labels given out
 * @max_labels: room in @labels
 */
struct gen {
	struct tap_prog		*prog;
	struct tap_error	*e;
	unsigned int		reg;
	u16			*labels;
	unsigned int		nr_labels;
	unsigned int		max_labels;
};

/**
 * struct gen_source - a value for operand X
 * @source: enum tap_source
 * @reg: the register, of those that have one
 * @imm: TAP_SRC_IMM: the value; or frames, or bytes
 * @operand: what is named, or NULL
 * @entry: TAP_SRC_TABLE: the entry, whose key is yet to be filled in
 */
struct gen_source {
	u8				source;
	u8				reg;
	s64				imm;
	const struct tap_operand	*operand;
	const struct tap_node		*entry;
};

/* gen.c */
int trace_tap_gen_too_large(struct gen *g);
unsigned int trace_tap_gen_label(struct gen *g);
void trace_tap_gen_place(struct gen *g, unsigned int label);
struct tap_insn *trace_tap_gen_imm(struct gen *g, u8 op, unsigned int reg,
				   s64 imm);
struct tap_insn *trace_tap_gen_reg(struct gen *g, u8 op, unsigned int reg,
				   unsigned int src);
int trace_tap_gen_value(struct gen *g, const struct tap_node *node,
			unsigned int *regp);
int trace_tap_gen_jump_if(struct gen *g, const struct tap_node *node, bool when,
			  unsigned int label);
unsigned int trace_tap_gen_count(const struct tap_node *node);
struct tap_prog *trace_tap_gen_prog(enum tap_prog_kind kind,
				    struct tap_arena *arena,
				    unsigned int max_labels,
				    int (*emit)(struct gen *g, const void *arg),
				    const void *arg, struct tap_error *e);

/* gen_key.c */
struct tap_insn *trace_tap_gen_table(struct gen *g, u8 op,
				     const struct tap_operand *table);
int trace_tap_gen_source(struct gen *g, const struct tap_node *node,
			 bool to_print, struct gen_source *src);
int trace_tap_gen_set(struct gen *g, u8 op, const struct tap_operand *table,
		      unsigned int part, const struct gen_source *src);
int trace_tap_gen_key(struct gen *g, const struct tap_node *entry);
int trace_tap_gen_entry_value(struct gen *g, const struct tap_node *node,
			      unsigned int reg);

#endif /* _TRACE_TAP_GEN_H */
