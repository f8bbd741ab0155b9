// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of tables, and values of any kind, to bytecode.
 *
 *	in:	@t[comm, id + 1] > 5
 *	out:		key	@t, 0, comm
 *			ld	r0, args.id
 *			add	r0, 1
 *			key	@t, 1, r0
 *			get	r0, @t, 0
 *			jgt	r0, 5, L1
 *
 * A table has one key, which is filled in part by part; so parts that themselves
 * read the table are computed before the first is filled in.
 */
#include "gen.h"

/* Emit an instruction on a table, NULL as trace_tap_prog_add(). */
struct tap_insn *trace_tap_gen_table(struct gen *g, u8 op,
				     const struct tap_operand *table)
{
	int name = trace_tap_prog_operand(g->prog, table);
	struct tap_insn *insn;

	if (name < 0)
		return NULL;
	insn = trace_tap_prog_add(g->prog, op);
	if (insn)
		insn->name = name;
	return insn;
}

/* ----------------------------------------------------------------- sources */

static int number_source(struct gen *g, const struct tap_node *node,
			 struct gen_source *src)
{
	unsigned int reg;
	int ret;

	if (node->kind == TAP_N_CONST) {
		src->source = TAP_SRC_IMM;
		src->imm = node->value;
		return 0;
	}
	src->source = TAP_SRC_REG;
	ret = trace_tap_gen_value(g, node, &reg);
	src->reg = reg;
	return ret;
}

/* The register that a source has in its parentheses. */
static int reg_source(struct gen *g, const struct tap_node *node, u8 source,
		      struct gen_source *src)
{
	unsigned int reg;
	int ret;

	src->source = source;
	ret = trace_tap_gen_value(g, node, &reg);
	src->reg = reg;
	return ret;
}

static int call_source(struct gen *g, const struct tap_node *node,
		       bool to_print, struct gen_source *src)
{
	src->imm = node->value;
	switch (node->op) {
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		src->source = node->op;
		return 0;
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		return reg_source(g, node->a, node->op, src);
	}
	src->imm = 0;
	if (to_print && node->form == TAP_FORM_SYSCALL)
		return reg_source(g, node->a, TAP_SRC_SYSCALL, src);
	if (to_print && node->form == TAP_FORM_ENUM) {
		src->operand = node->operand;
		return reg_source(g, node->a, TAP_SRC_ENUM, src);
	}
	return number_source(g, node->a, src);
}

/* A name that is no number here. A pointer can be both; type_call.c said what. */
static bool is_string(const struct tap_node *node)
{
	switch (node->operand->type) {
	case TAP_ARRAY:
	case TAP_LOC:
	case TAP_REL:
	case TAP_COMM:
	case TAP_PROBE:
		return true;
	case TAP_PTR:
	case TAP_USER:
		return node->op;
	default:
		return false;
	}
}

static bool holds_number(const struct tap_operand *table)
{
	enum tap_value_kind kind = table->shape->values[0].kind;

	return kind != TAP_VALUE_STR && kind != TAP_VALUE_STACK;
}

/**
 * trace_tap_gen_source - emit what a value needs before it can be used
 * @g: the generation
 * @node: the value, typed by trace_tap_type_source()
 * @to_print: numbers with names become these
 * @src: out: where the value is, for trace_tap_gen_set()
 *
 * Returns 0, or a negative errno with the error set.
 */
int trace_tap_gen_source(struct gen *g, const struct tap_node *node,
			 bool to_print, struct gen_source *src)
{
	*src = (struct gen_source){};
	switch (node->kind) {
	case TAP_N_STRING:
		src->source = TAP_SRC_TEXT;
		src->operand = node->operand;
		return 0;
	case TAP_N_NAME:
		if (!is_string(node))
			break;
		src->source = TAP_SRC_NAME;
		src->operand = node->operand;
		return 0;
	case TAP_N_CALL:
		return call_source(g, node, to_print, src);
	case TAP_N_TABLE:
		if (holds_number(node->operand))
			break;
		src->source = TAP_SRC_TABLE;
		src->operand = node->operand;
		src->entry = node;
		return 0;
	default:
		break;
	}
	return number_source(g, node, src);
}

/**
 * trace_tap_gen_set - emit an instruction with operand X
 * @g: the generation
 * @op: KEY, PUT or ARG
 * @table: its table, or NULL
 * @part: operand P
 * @src: from trace_tap_gen_source()
 *
 * Returns 0, or a negative errno with the error set.
 */
int trace_tap_gen_set(struct gen *g, u8 op, const struct tap_operand *table,
		      unsigned int part, const struct gen_source *src)
{
	struct tap_insn *insn;
	int str = 0, ret;

	if (src->entry) {
		ret = trace_tap_gen_key(g, src->entry);
		if (ret)
			return ret;
	}
	if (src->operand) {
		str = trace_tap_prog_operand(g->prog, src->operand);
		if (str < 0)
			return trace_tap_gen_too_large(g);
	}
	insn = table ? trace_tap_gen_table(g, op, table) :
		       trace_tap_prog_add(g->prog, op);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->part = part;
	insn->rel = src->source;
	insn->src = src->reg;
	insn->is_imm = src->source == TAP_SRC_IMM;
	insn->imm = src->imm;
	insn->str = str;
	return 0;
}

/* ------------------------------------------------------------------ entries */

/* All parts first, then the key: some of them read the table. */
static int key_at_once(struct gen *g, const struct tap_node *entry)
{
	const struct tap_node *part;
	struct gen_source *src;
	unsigned int i, nr = 0;
	int ret;

	/* Not on the stack, since keys nest. */
	src = trace_tap_alloc(&g->prog->arena, TAP_MAX_PARTS * sizeof(*src));
	if (!src)
		return trace_tap_gen_too_large(g);
	for (part = entry->a; part; part = part->next) {
		ret = trace_tap_gen_source(g, part, false, &src[nr++]);
		if (ret)
			return ret;
	}
	for (i = 0; i < nr; i++) {
		ret = trace_tap_gen_set(g, TAP_OP_KEY, entry->operand, i,
					&src[i]);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * trace_tap_gen_key - fill in the key of a table
 * @g: the generation
 * @entry: TAP_N_TABLE or TAP_N_HAS
 *
 * Returns 0, or a negative errno with the error set.
 */
int trace_tap_gen_key(struct gen *g, const struct tap_node *entry)
{
	unsigned int save = g->reg, nr = 0;
	const struct tap_node *part;
	struct gen_source src;
	int ret = 0;

	if (trace_tap_mentions(entry->a, entry->text)) {
		ret = key_at_once(g, entry);
		g->reg = save;
		return ret;
	}
	for (part = entry->a; part && !ret; part = part->next) {
		ret = trace_tap_gen_source(g, part, false, &src);
		ret = ret ?: trace_tap_gen_set(g, TAP_OP_KEY, entry->operand,
					       nr++, &src);
		g->reg = save;
	}
	return ret;
}

/**
 * trace_tap_gen_entry_value - read an entry
 * @g: the generation
 * @node: TAP_N_TABLE with a number, or TAP_N_HAS
 * @reg: where to
 *
 * Returns 0, or a negative errno with the error set.
 */
int trace_tap_gen_entry_value(struct gen *g, const struct tap_node *node,
			      unsigned int reg)
{
	struct tap_insn *insn;
	int ret;

	/* Until it is read, there is nothing in the register. */
	g->reg = reg;
	ret = trace_tap_gen_key(g, node);
	g->reg = reg + 1;
	if (ret)
		return ret;
	insn = trace_tap_gen_table(g, node->kind == TAP_N_HAS ? TAP_OP_HAS :
				   TAP_OP_GET, node->operand);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->reg = reg;
	return 0;
}
