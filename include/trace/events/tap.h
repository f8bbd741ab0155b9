/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events of the tracing programs themselves.
 *
 *	# echo 1 > events/tap/run_once/enable
 *	# echo 'printf("begin")' > run_once
 *	# cat trace
 *	sh-60  [000] .....  1.234567: run_once: instance= run=1
 *	sh-60  [000] .....  1.234571: run_once: begin
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tap

#if !defined(_TRACE_TAP_EVENTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_TAP_EVENTS_H

#include <linux/tracepoint.h>

/**
 * run_once - a program is run on demand, see the file run_once
 * @instance: name of the instance whose file was written, "" at the top
 * @run: how many that were in this instance, this one included
 *
 * It is what the program sees as its event. It fires before the program runs.
 */
TRACE_EVENT(run_once,
	    TP_PROTO(const char *instance, u64 run),
	    TP_ARGS(instance, run),
	    TP_STRUCT__entry(__string(instance, instance)
			     __field(u64, run)
	    ),
	    TP_fast_assign(__assign_str(instance);
			   __entry->run = run;
	    ),
	    TP_printk("instance=%s run=%llu", __get_str(instance), __entry->run)
);

#endif /* _TRACE_TAP_EVENTS_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
