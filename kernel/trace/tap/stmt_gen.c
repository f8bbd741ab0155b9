// SPDX-License-Identifier: GPL-2.0
/*
 * Typed statements to bytecode.
 *
 *	in:	/ret < 0/ @[comm] = count()
 *	out:		ld	r0, args.ret
 *			jlt	r0, 0, L1
 *			ret	0
 *		L1:	key	@, 0, comm
 *			agg	@, 0, 1
 *			ret	1
 *
 * The way out where the guard fails comes first, as in filters. What is assigned
 * is computed before the key is filled in, because it may read the table; then
 * all registers are free again.
 */
#include "gen.h"
#include "stmt.h"

static int emit_list(struct gen *g, const struct tap_stmt *stmt);

/* ------------------------------------------------------------- assignments */

/* Where a number is: a constant, or a register. */
static void use_number(struct tap_insn *insn, const struct gen_source *src)
{
	insn->is_imm = src->source == TAP_SRC_IMM;
	insn->imm = src->imm;
	insn->src = src->reg;
}

static int number(struct gen *g, const struct tap_node *node,
		  struct gen_source *src)
{
	unsigned int reg;
	int ret;

	*src = (struct gen_source){};
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

/* @table = count(), sum(e), ... */
static int emit_agg(struct gen *g, const struct tap_stmt *stmt)
{
	const struct tap_node *node;
	struct gen_source *src;
	struct tap_insn *insn;
	unsigned int i, nr = 0;
	int ret;

	/* Not on the stack, since statements nest. */
	src = trace_tap_alloc(&g->prog->arena, TAP_MAX_PARTS * sizeof(*src));
	if (!src)
		return trace_tap_gen_too_large(g);
	for (node = stmt->args; node; node = node->next) {
		src[nr] = (struct gen_source){
			.source = TAP_SRC_IMM, .imm = 1,
		};
		if (node->a) {
			ret = number(g, node->a, &src[nr]);
			if (ret)
				return ret;
		}
		nr++;
	}
	ret = trace_tap_gen_key(g, stmt->table);
	if (ret)
		return ret;
	for (i = 0; i < nr; i++) {
		insn = trace_tap_gen_table(g, TAP_OP_AGG, stmt->table->operand);
		if (!insn)
			return trace_tap_gen_too_large(g);
		insn->part = i;
		use_number(insn, &src[i]);
	}
	return 0;
}

static int emit_inc(struct gen *g, const struct tap_stmt *stmt)
{
	struct tap_insn *insn;
	struct gen_source src;
	int ret;

	ret = number(g, stmt->args, &src);
	ret = ret ?: trace_tap_gen_key(g, stmt->table);
	if (ret)
		return ret;
	insn = trace_tap_gen_table(g, TAP_OP_INC, stmt->table->operand);
	if (!insn)
		return trace_tap_gen_too_large(g);
	use_number(insn, &src);
	return 0;
}

static int emit_put(struct gen *g, const struct tap_stmt *stmt)
{
	struct gen_source src;
	int ret;

	ret = trace_tap_gen_source(g, stmt->args, false, &src);
	ret = ret ?: trace_tap_gen_key(g, stmt->table);
	return ret ?: trace_tap_gen_set(g, TAP_OP_PUT, stmt->table->operand, 0,
					&src);
}

/* --------------------------------------------------------- output, effects */

static int emit_args(struct gen *g, const struct tap_node *arg)
{
	struct gen_source src;
	unsigned int nr = 0;
	int ret = 0;

	for (; arg && !ret; arg = arg->next) {
		ret = trace_tap_gen_source(g, arg, true, &src);
		ret = ret ?: trace_tap_gen_set(g, TAP_OP_ARG, NULL, nr++, &src);
		g->reg = 0;
	}
	return ret;
}

/* printf or synth, with what it takes. */
static int emit_output(struct gen *g, const struct tap_stmt *stmt)
{
	bool is_printf = stmt->kind == TAP_S_PRINTF;
	struct tap_operand opnd = {
		.type = is_printf ? TAP_FORMAT : TAP_SYNTH,
		.text = stmt->text,
		.size = strlen(stmt->text),
		.format = stmt->format,
	};
	struct tap_insn *insn;
	int str, ret;

	ret = emit_args(g, stmt->args);
	if (ret)
		return ret;
	str = trace_tap_prog_operand(g->prog, &opnd);
	if (str < 0)
		return trace_tap_gen_too_large(g);
	insn = trace_tap_prog_add(g->prog, is_printf ? TAP_OP_PRINTF :
						       TAP_OP_SYNTH);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->str = str;
	return 0;
}

/* --------------------------------------------------------------- structure */

static int emit_table_op(struct gen *g, u8 op, const struct tap_stmt *stmt)
{
	return trace_tap_gen_table(g, op, stmt->table->operand) ?
	       0 : trace_tap_gen_too_large(g);
}

static int emit_if(struct gen *g, const struct tap_stmt *stmt)
{
	unsigned int skip = trace_tap_gen_label(g);
	int ret;

	ret = trace_tap_gen_jump_if(g, stmt->cond, false, skip);
	g->reg = 0;
	ret = ret ?: emit_list(g, stmt->body);
	trace_tap_gen_place(g, skip);
	return ret;
}

static int emit_stmt(struct gen *g, const struct tap_stmt *stmt)
{
	switch (stmt->kind) {
	case TAP_S_IF:
		return emit_if(g, stmt);
	case TAP_S_AGG:
		return emit_agg(g, stmt);
	case TAP_S_PUT:
		return emit_put(g, stmt);
	case TAP_S_INC:
		return emit_inc(g, stmt);
	case TAP_S_DELETE:
		return trace_tap_gen_key(g, stmt->table) ?:
		       emit_table_op(g, TAP_OP_DEL, stmt);
	case TAP_S_CLEAR:
	case TAP_S_ZERO:
		return emit_table_op(g, stmt->op, stmt);
	case TAP_S_PRINTF:
	case TAP_S_SYNTH:
		return emit_output(g, stmt);
	case TAP_S_EFFECT:
		return trace_tap_prog_add(g->prog, stmt->op) ?
		       0 : trace_tap_gen_too_large(g);
	}
	WARN_ON_ONCE(1);
	return trace_tap_error(g->e, -EINVAL, TAP_ERR_INTERNAL, stmt->pos);
}

static int emit_list(struct gen *g, const struct tap_stmt *stmt)
{
	int ret = 0;

	for (; stmt && !ret; stmt = stmt->next) {
		ret = emit_stmt(g, stmt);
		g->reg = 0;
	}
	return ret;
}

static int emit_guard(struct gen *g, const struct tap_node *guard)
{
	unsigned int yes = trace_tap_gen_label(g);
	int ret;

	if (guard->kind == TAP_N_CONST && guard->value)
		return 0;
	ret = trace_tap_gen_jump_if(g, guard, true, yes);
	if (ret)
		return ret;
	if (!trace_tap_gen_imm(g, TAP_OP_RET, 0, 0))
		return trace_tap_gen_too_large(g);
	trace_tap_gen_place(g, yes);
	g->reg = 0;
	return 0;
}

static int emit_all(struct gen *g, const void *arg)
{
	const struct tap_stmts *stmts = arg;
	int ret = 0;

	if (stmts->guard)
		ret = emit_guard(g, stmts->guard);
	ret = ret ?: emit_list(g, stmts->list);
	if (ret)
		return ret;
	return trace_tap_gen_imm(g, TAP_OP_RET, 0, 1) ?
	       0 : trace_tap_gen_too_large(g);
}

static unsigned int count_labels(const struct tap_stmt *stmt)
{
	unsigned int n = 0;

	for (; stmt; stmt = stmt->next)
		n += 1 + trace_tap_gen_count(stmt->table) +
		     trace_tap_gen_count(stmt->cond) +
		     trace_tap_gen_count(stmt->args) + count_labels(stmt->body);
	return n;
}

/**
 * trace_tap_stmt_gen - generate the program of an action
 * @stmts: the statements, typed; their memory becomes the program's, or is freed
 * @e: out: the error
 *
 * Context: may sleep. Returns a program that returns 1, or 0 where the guard
 * does not hold; NULL with @e set.
 */
struct tap_prog *trace_tap_stmt_gen(struct tap_stmts *stmts,
				    struct tap_error *e)
{
	unsigned int labels = 1 + trace_tap_gen_count(stmts->guard) +
			      count_labels(stmts->list);

	return trace_tap_gen_prog(TAP_ACTION, &stmts->arena, labels, emit_all,
				  stmts, e);
}
