/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM contexts

#if !defined(_CONTEXTS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _CONTEXTS_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(fired,

	TP_PROTO(int where, int who, unsigned long n, const char *name),

	TP_ARGS(where, who, n, name),

	TP_STRUCT__entry(
		__field(	int,		where	)
		__field(	int,		who	)
		__field(	unsigned long,	n	)
		__field(	unsigned long,	delta	)
		__array(	char,		fixed,	16	)
		__string(	name,		name	)
	),

	TP_fast_assign(
		__entry->where = where;
		__entry->who = who;
		__entry->n = n;
		__entry->delta = n * 1000000;
		strscpy(__entry->fixed, name, sizeof(__entry->fixed));
		__assign_str(name);
	),

	TP_printk("where=%s cpu=%d n=%lu name=%s",
		  __print_symbolic(__entry->where,
				   { 0, "task" }, { 1, "softirq" },
				   { 2, "irq" }, { 3, "nmi" }, { 4, "kprobe" }),
		  __entry->who, __entry->n, __get_str(name))
);

#endif /* _CONTEXTS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE contexts_trace
#include <trace/define_trace.h>
