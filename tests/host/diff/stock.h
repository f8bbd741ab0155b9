/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The filter engine of the stock kernel: its trace_events_filter.c, compiled
 * for the host from the unpacked kernel source.
 */
#ifndef _DIFF_STOCK_H
#define _DIFF_STOCK_H

#include "world.h"

/* Room behind a text or a record that the stock engine may look at. */
#define STOCK_SLACK	(2 * 65536 + 4096)

/**
 * struct stock_error - why a text is rejected
 * @err: negative errno
 * @code: row of the kernel's table of errors, 0 if it gave none
 * @pos: offset into the text
 */
struct stock_error {
	int	err;
	int	code;
	int	pos;
};

struct stock_filter;

/*
 * Compile a text, followed by at least one more NUL than a string has; NULL
 * and @e if it is rejected.
 */
struct stock_filter *stock_compile(const struct world_event *ev,
				   const char *text, struct stock_error *e);

/*
 * The verdict on a record with STOCK_SLACK zero bytes behind it.
 *
 * stock_match_fixed(): what it would be without the bugs that fixes.h lists;
 * @len is the length of the record, *@fixes gets a bit for each fix at work.
 */
bool stock_match(const struct stock_filter *f, const void *rec);
bool stock_match_fixed(const struct stock_filter *f, const void *rec,
		       unsigned int len, unsigned int *fixes);
void stock_free(struct stock_filter *f);

/**
 * struct stock_branch - a predicate of a filter, and where it goes on
 * @when: the verdict that branches
 * @target: the predicate to branch to; behind the last are true and false
 * @name: filters of ftrace:function: the name
 * @op: the same: '=', '!', or 0 for any other
 */
struct stock_branch {
	bool		when;
	unsigned int	target;
	const char	*name;
	char		op;
};

/* The @i-th predicate; false behind the last. */
bool stock_branch(const struct stock_filter *f, unsigned int i,
		  struct stock_branch *b);

/* What string a field's type makes of it, as the kernel's FILTER_* names. */
enum stock_string {
	STOCK_NO_STRING,
	STOCK_ARRAY,
	STOCK_LOC,
	STOCK_REL,
	STOCK_PTR,
	STOCK_COMM,
	STOCK_MASK,
};

enum stock_string stock_string_kind(const struct world_field *field);

/* The kernel's own parser of CPU lists: 0 or a negative errno. */
int stock_cpulist(const char *list, unsigned long *mask, unsigned int nbits);

/* Texts of the kernel's errors by code, NULL behind the last. */
const char *stock_error_text(unsigned int code);

/**
 * struct stock_case - a row of the kernel's start-up test
 * @filter: the filter
 * @rec: fields a to h
 * @match: the verdict
 * @not_visited: letters of fields that must not be looked at
 */
struct stock_case {
	const char	*filter;
	int		rec[8];
	bool		match;
	const char	*not_visited;
};

/* The @i-th row; false behind the last. */
bool stock_startup_case(unsigned int i, struct stock_case *c);

#endif /* _DIFF_STOCK_H */
