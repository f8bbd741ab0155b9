// SPDX-License-Identifier: GPL-2.0
/*
 * The text of an expression to a program: the stages, in order.
 *
 *	in:	'prev_prio < 10', a description of sched_switch
 *	out:	the program gen.c shows
 *
 * The stock language comes first and has the last word: what it accepts means
 * what it always meant. Only what it rejects is tried as an extended expression.
 */
#include "tap.h"

/*
 * Which of two errors helps: that of the stock language is what a text of that
 * language always got; but who wrote '(flags & 4) == 3 +' means the extended
 * language, whose error it is once something only it has was understood.
 */
static int extended(struct tap_expr *x, const char *text,
		    const struct tap_scope *scope, struct tap_error *e)
{
	struct tap_error ext = {};
	struct tap_token *tokens;
	bool is_extended = false;
	int ret;

	tokens = trace_tap_lex(&x->arena, text, &ext);
	if (tokens)
		x->root = trace_tap_parse(&x->arena, tokens, &is_extended,
					  &ext);
	if (!x->root)
		goto fail;
	ret = trace_tap_type(&x->arena, x->root, scope, &is_extended, &ext);
	if (!ret && !x->arena.failed)
		return 0;
fail:
	if (x->arena.failed)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	if (is_extended)
		*e = ext;
	return e->err;
}

/**
 * trace_tap_translate - translate a condition into a program
 * @text: the expression
 * @scope: the event it is for
 * @stock_only: take the stock language only
 * @e: out: the error
 *
 * Context: may sleep. Returns the program, not yet verified, for
 * trace_tap_prog_free(), or NULL with @e set.
 */
struct tap_prog *trace_tap_translate(const char *text,
				     const struct tap_scope *scope,
				     bool stock_only, struct tap_error *e)
{
	struct tap_expr x = {};
	int ret;

	ret = trace_tap_stock(&x, text, scope, e);
	if (ret && ret != -ENOMEM && !stock_only && !scope->is_function)
		ret = extended(&x, text, scope, e);
	if (ret) {
		trace_tap_arena_free(&x.arena);
		return NULL;
	}
	return trace_tap_gen(&x, e);
}
