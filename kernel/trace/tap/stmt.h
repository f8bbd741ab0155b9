/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: a list of statements on its way from stmt.c to stmt_gen.c.
 */
#ifndef _TRACE_TAP_STMT_H
#define _TRACE_TAP_STMT_H

#include "tap.h"

/**
 * struct tap_stmts - an entry of the file "action"
 * @arena: memory of all below
 * @guard: the condition in front, or NULL
 * @list: the statements
 */
struct tap_stmts {
	struct tap_arena	arena;
	struct tap_node		*guard;
	struct tap_stmt		*list;
};

int trace_tap_stmt_parse(struct tap_stmts *stmts, const char *text,
			 struct tap_error *e);
int trace_tap_stmt_type(struct tap_stmts *stmts, const char *text,
			const struct tap_scope *scope, struct tap_error *e);
struct tap_prog *trace_tap_stmt_gen(struct tap_stmts *stmts,
				    struct tap_error *e);

#endif /* _TRACE_TAP_STMT_H */
