/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: the parser's state, which its files share.
 *
 *	struct s { int a[4]; };			cdecl.c
 *	kprobe:f,				parse_probe.c
 *	\-------/
 *	/ pid == 1 /				parse_expr.c
 *	  \------/
 *	{ if @n > 3 { print(@n); } }		parse.c
 *	     \----/   \-------/			parse_expr.c
 *
 * Functions have the grammar's names, the rule is above each. They take the
 * tokens that they are about from p->tok, and do not return if these are wrong.
 */
#ifndef _TAPC_PARSE_H
#define _TAPC_PARSE_H

#include "tapc.h"

/**
 * struct parser - state of one parse
 * @tc: the run
 * @tok: the next token
 * @prev: the one before it
 * @depth: rules that contain themselves in progress: the stack they take
 * @loops: loops around
 * @in_guard: between "/" and "/", not in brackets
 * @is_packed: an attribute said so since it was cleared
 * @align: the same, of "aligned(N)", in bytes
 */
struct parser {
	struct tapc		*tc;
	struct token		*tok;
	struct token		*prev;
	unsigned int		depth;
	unsigned int		loops;
	bool			in_guard;
	bool			is_packed;
	u32			align;
};

/* parse_expr.c: what all of them need */
void parse_deeper(struct parser *p);
struct token *parse_next(struct parser *p);
bool parse_accept(struct parser *p, u32 op);
void parse_expect(struct parser *p, u32 op);
const char *parse_name(struct parser *p);
noreturn void parse_unexpected(struct parser *p, const char *fmt)
	__printf(2, 0);
struct node *parse_node(struct parser *p, enum node_kind kind,
			const struct token *tok);
struct node *parse_take(struct parser *p, enum node_kind kind);
struct node *parse_child(struct parser *p, struct node *node, struct node *a);
struct node *parse_children(struct parser *p, struct node *node,
			    struct node *a, struct node *b, struct node *c);
struct node *parse_expr(struct parser *p);
struct node *parse_map(struct parser *p);

/* cdecl.c */
bool cdecl_is_declaration(const struct parser *p);
bool cdecl_is_type(const struct parser *p, const struct token *tok);
struct type *cdecl_type_name(struct parser *p);
struct node *cdecl_declaration(struct parser *p);

#endif /* _TAPC_PARSE_H */
