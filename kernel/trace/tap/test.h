/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what the KUnit suites, *_test.c, share.
 *
 *	test.c		an event, a record of it, programs out of one line
 *	*_test.c	a suite a stage, in the order of tap.h; run_test.c and
 *			action_test.c are for the code that lower.c and its parts
 *			make
 *
 * A test is a row of a table. A row of bad input marks the byte that the error
 * must point to by '^' in front of it. Programs are written in one line, as
 *
 *	ld r0, args.u8; jne r0, 1, L1; ret 1; L1: ret 0
 *
 * The same stages are tested at greater length in userspace; what only the
 * kernel has is the code that its JIT makes, or else its interpreter.
 */
#ifndef _TRACE_TAP_TEST_H
#define _TRACE_TAP_TEST_H

#include <kunit/test.h>

#include "prog.h"

/* One case: all rows of a table, each with its text in the report. */
#define TAP_TEST_ROWS(name, rows)					\
	static void name##_desc(typeof(&(rows)[0]) row, char *desc)	\
	{								\
		trace_tap_test_desc(row->text, desc);			\
	}								\
	KUNIT_ARRAY_PARAM(name, rows, name##_desc)

/* What runs a program. */
enum trace_tap_test_machine {
	JIT,
	HARDENED,
	INTERPRETER,
};

/**
 * struct trace_tap_test_record - the record that rows are about
 * @rec: its bytes
 * @len: how many
 *
 * For its values see trace_tap_test_record_init().
 */
struct trace_tap_test_record {
	u8		rec[256 + BITS_TO_LONGS(NR_CPUS) * sizeof(long)] __aligned(8);
	unsigned int	len;
};

extern const struct tap_scope trace_tap_test_scope;

void trace_tap_test_record_init(struct trace_tap_test_record *r);
void trace_tap_test_put(struct trace_tap_test_record *r, const char *field,
			u64 value);
u32 trace_tap_test_offset(const char *field);

void trace_tap_test_desc(const char *text, char *desc);
char *trace_tap_test_unmark(struct kunit *test, const char *marked,
			    unsigned int *pos);
char *trace_tap_test_text(struct kunit *test, const char *line);
struct tap_prog *trace_tap_test_prog(struct kunit *test, const char *text,
				     struct tap_error *e);
struct tap_prog *trace_tap_test_sound(struct kunit *test, const char *text);
const char *trace_tap_test_line(struct kunit *test,
				const struct tap_prog *prog);
struct trace_tap_image *trace_tap_test_image(struct kunit *test,
					     const struct tap_prog *prog,
					     enum trace_tap_test_machine machine,
					     const char *text);
void trace_tap_test_error(struct kunit *test, const struct tap_error *e,
			  enum tap_error_code code, unsigned int pos);

#endif /* _TRACE_TAP_TEST_H */
