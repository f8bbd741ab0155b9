/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what has functions run the actions of ftrace:function.
 *
 *	file_prepare()		trace_tap_function_start()
 *	file_release()		trace_tap_function_stop()
 */
#ifndef _TRACE_TAP_FUNCTION_H
#define _TRACE_TAP_FUNCTION_H

#include <linux/err.h>

struct trace_event_file;
struct trace_tap_function;

#ifdef CONFIG_TRACE_TAP_FUNCTION

struct trace_tap_function *
trace_tap_function_start(struct trace_event_file *file);
void trace_tap_function_stop(struct trace_tap_function *function);

#else

static inline struct trace_tap_function *
trace_tap_function_start(struct trace_event_file *file)
{
	return ERR_PTR(-ENODEV);
}

static inline void trace_tap_function_stop(struct trace_tap_function *function)
{
}

#endif

#endif /* _TRACE_TAP_FUNCTION_H */
