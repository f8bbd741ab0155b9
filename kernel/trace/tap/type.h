/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: the state of giving names a meaning, which expressions (type.c), what is
 * more than a number (type_call.c) and statements (stmt_type.c) share.
 *
 * What a text says about a table is collected from all its uses: the parts of
 * its key wherever an entry is named, its values where something is assigned. At
 * the end that is compared with the table that exists.
 */
#ifndef _TRACE_TAP_TYPE_H
#define _TRACE_TAP_TYPE_H

#include "tap.h"

/**
 * struct typer_table - a table that the text names
 * @operand: what the program gets; its shape is what the text says so far
 * @have: shape of the table that exists, or NULL
 * @pos: of its first use
 * @value_pos: of what decided about its values
 * @is_written: a statement of the text assigns to it
 * @has_key: the parts of the key are known
 * @has_value: the values are known
 */
struct typer_table {
	struct tap_operand	*operand;
	const struct tap_shape	*have;
	unsigned int		pos;
	unsigned int		value_pos;
	bool			is_written;
	bool			has_key;
	bool			has_value;
};

/**
 * struct typer - state of one pass
 * @arena: memory of operands
 * @scope: the event
 * @is_action: tables are made by their first use
 * @is_extended: a builtin or enum was found: not the stock language
 * @nr_tables: entries in @tables
 * @tables: TAP_MAX_TABLES of them, or NULL
 * @e: the error
 */
struct typer {
	struct tap_arena	*arena;
	const struct tap_scope	*scope;
	bool			is_action;
	bool			is_extended;
	unsigned int		nr_tables;
	struct typer_table	*tables;
	struct tap_error	*e;
};

static inline int trace_tap_type_fail(struct typer *t,
				      enum tap_error_code code,
				      const struct tap_node *node)
{
	return trace_tap_error(t->e, -EINVAL, code, node->pos);
}

/* type.c */
int trace_tap_type_condition(struct typer *t, struct tap_node *node);
int trace_tap_type_number(struct typer *t, struct tap_node *node);
int trace_tap_type_lookup(struct typer *t, struct tap_node *node);
int trace_tap_type_loadable(struct typer *t, struct tap_node *node);
bool trace_tap_type_is_string(enum tap_type type);

/* type_call.c */
bool trace_tap_type_is_stack(struct typer *t, const struct tap_node *node);
bool trace_tap_type_is_str_call(const struct tap_node *node);
int trace_tap_type_str_name(struct typer *t, struct tap_node *node);
int trace_tap_type_call_number(struct typer *t, struct tap_node *node);
int trace_tap_type_source(struct typer *t, struct tap_node *node,
			  unsigned int len, struct tap_part *part);

/* type_table.c */
int trace_tap_type_find_table(struct typer *t, const struct tap_node *node,
			      struct typer_table **tablep);
int trace_tap_type_entry(struct typer *t, struct tap_node *node,
			 struct typer_table **tablep);
const struct tap_value *trace_tap_type_read(struct typer *t,
					    struct tap_node *node,
					    int *ret);
int trace_tap_type_assign(struct typer *t, const struct tap_node *node,
			  const struct tap_value *values, unsigned int nr);
bool trace_tap_type_is_open(struct typer *t, const struct tap_node *node);
int trace_tap_type_tables(struct typer *t);

#endif /* _TRACE_TAP_TYPE_H */
