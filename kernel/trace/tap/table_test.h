/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what the KUnit suites of tables share.
 *
 * What programs call is called as they do, with preemption off. The tables
 * belong to no instance, so they have no files; they go when the test ends.
 */
#ifndef _TRACE_TAP_TABLE_TEST_H
#define _TRACE_TAP_TABLE_TEST_H

#include "table.h"
#include "test.h"

/* What programs call: call(put, table, key, value, 0). */
#define call(name, table, key, a, b) ({					\
	u64 ret_;							\
									\
	preempt_disable();						\
	ret_ = trace_tap_table_helper_##name((u64)(unsigned long)(table), \
					     (u64)(unsigned long)(key),	\
					     a, b, 0);			\
	preempt_enable();						\
	ret_; })

static inline struct trace_tap_table_state
state_of(struct trace_tap_table *table)
{
	struct trace_tap_table_state state;

	trace_tap_table_state(table, &state);
	return state;
}

struct trace_tap_tables *trace_tap_test_tables(struct kunit *test);
struct trace_tap_table *trace_tap_test_table(struct kunit *test,
					     const char *text,
					     unsigned int entries, bool evict);
void trace_tap_test_settle(struct kunit *test, struct trace_tap_table *table);

#endif /* _TRACE_TAP_TABLE_TEST_H */
