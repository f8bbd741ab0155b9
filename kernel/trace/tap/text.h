/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what is written to a file that takes expressions, statements and programs.
 *
 * An expression is one write. A program may come in pieces of any size, as
 * serial lines and cat make them: it is collected until its "end" line, and
 * what is wrong with it is the result of the write that brings that line.
 * Closing the file before is an error that only the error log shows.
 *
 * Of actions there may be several, statements a line each. Those that one write
 * completes are applied together. If a write fills a page, its last line may go
 * on in the next one.
 */
#ifndef _TRACE_TAP_TEXT_H
#define _TRACE_TAP_TEXT_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "tap.h"

/**
 * struct trace_tap_text - what one open file has collected
 * @kind: what the file takes; the other kind of programs is ignored. Immutable
 * @lock: serializes writers that share the open file
 * @apply: called with @data and each complete text, which it may change;
 *	returns 0 or a negative errno. Immutable
 * @data: for @apply; immutable
 * @buf: text not applied yet, NUL terminated; @lock
 * @len: bytes of it; @lock
 * @applied: a text was accepted; @lock
 * @overflow: a text was too long; what is left of it must not be taken for
 *	another; @lock
 */
struct trace_tap_text {
	enum tap_prog_kind kind;
	struct mutex	lock;	/* serializes writers */
	int		(*apply)(void *data, char *text);
	void		*data;
	char		*buf;
	size_t		len;
	bool		applied;
	bool		overflow;
};

struct trace_tap_text *trace_tap_text_new(enum tap_prog_kind kind,
					  int (*apply)(void *data, char *text),
					  void *data);
ssize_t trace_tap_text_write(struct trace_tap_text *t, const char __user *ubuf,
			     size_t cnt);
void trace_tap_text_close(struct trace_tap_text *t);
const char *trace_tap_skip_comments(const char *text);
bool trace_tap_is_kind(const char *text, enum tap_prog_kind kind);

#endif /* _TRACE_TAP_TEXT_H */
