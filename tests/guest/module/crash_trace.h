/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM crash

#if !defined(_CRASH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _CRASH_TRACE_H

#include <linux/tracepoint.h>

/* Reads from an address that it is given, as an event should not. */
TRACE_EVENT(given,
	TP_PROTO(const int *from),
	TP_ARGS(from),
	TP_STRUCT__entry(
		__field(int, value)
	),
	TP_fast_assign(
		__entry->value = *(const volatile int *)from;
	),
	TP_printk("value=%d", __entry->value)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE crash_trace
#include <trace/define_trace.h>
