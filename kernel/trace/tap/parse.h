/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: the parser's state, which expressions and statements share.
 *
 *	@us[id] = hist((nsecs - @t[pid]) / 1000)
 *	\---------------------------------------/  stmt.c
 *	   \----/      \--------------------/     parse.c
 */
#ifndef _TRACE_TAP_PARSE_H
#define _TRACE_TAP_PARSE_H

#include "tap.h"

/**
 * struct parser - state of one parse
 * @arena: memory of the nodes
 * @tok: the next token
 * @depth: calls of expr() in progress, or statements; the stack they take
 * @is_action: statements: there never was another language for them
 * @in_guard: in "/ ... /", not in brackets: the next '/' ends it
 * @is_extended: something was understood that the stock language does not have
 * @e: the error; the lexer's, if it met one
 */
struct parser {
	struct tap_arena	*arena;
	const struct tap_token	*tok;
	unsigned int		depth;
	bool			is_action;
	bool			in_guard;
	bool			is_extended;
	struct tap_error	*e;
};

static inline bool trace_tap_parse_is_op(const struct tap_token *tok, u16 op)
{
	return tok->kind == TAP_TOK_OP && tok->op == op;
}

static inline bool trace_tap_parse_is_word(const struct tap_token *tok,
					   const char *word)
{
	return tok->kind == TAP_TOK_NAME && tok->len == strlen(word) &&
	       !memcmp(tok->text, word, tok->len);
}

struct tap_node *trace_tap_parse_fail(struct parser *p,
				      enum tap_error_code code,
				      unsigned int pos);
struct tap_node *trace_tap_parse_expr(struct parser *p);
struct tap_node *trace_tap_parse_call(struct parser *p);
struct tap_node *trace_tap_parse_table(struct parser *p);
struct tap_node *trace_tap_parse_values(struct parser *p,
					struct tap_node *node);

#endif /* _TRACE_TAP_PARSE_H */
