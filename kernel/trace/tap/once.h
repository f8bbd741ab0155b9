/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: programs that run once, when they are written.
 *
 *	echo 'printf("begin"); @start = nsecs' > run_once
 *
 * See once.c.
 */
#ifndef _TRACE_TAP_ONCE_H
#define _TRACE_TAP_ONCE_H

struct dentry;
struct trace_array;

#ifdef CONFIG_TRACE_TAP

int trace_tap_once_write(struct trace_array *tr, char *text);
void trace_tap_once_init(struct trace_array *tr, struct dentry *parent);
void trace_tap_once_free(struct trace_array *tr);

#else /* CONFIG_TRACE_TAP */

static inline void trace_tap_once_init(struct trace_array *tr,
				       struct dentry *parent)
{
}

static inline void trace_tap_once_free(struct trace_array *tr)
{
}

#endif /* CONFIG_TRACE_TAP */

#endif /* _TRACE_TAP_ONCE_H */
