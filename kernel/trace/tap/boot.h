/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what is set when the kernel boots.
 *
 *	command line	trace_action=sched:sched_switch.@[prev_comm]=count()
 *	trace_init()	trace_tap_boot_start()	in force if it can be
 *	bootconfig	trace_tap_boot_add()	the same, one by one
 *	initcalls	boot.c			again, until it can be
 *
 * All of it is called by the one thread that there is, or by that of initcalls,
 * so nothing here has a lock.
 */
#ifndef _TRACE_TAP_BOOT_H
#define _TRACE_TAP_BOOT_H

#include <linux/init.h>
#include <linux/printk.h>

struct trace_array;

/**
 * enum trace_tap_boot_kind - what is set
 * @TAP_BOOT_TIMER: a line of dynamic_events, for a timer
 * @TAP_BOOT_TABLE: a line of table_control
 * @TAP_BOOT_ACTION: entries of a file "action"
 * @TAP_BOOT_FILTER: what a file "filter" takes
 * @TAP_BOOT_NR_KINDS: how many kinds there are
 *
 * In the order in which they are set.
 */
enum trace_tap_boot_kind {
	TAP_BOOT_TIMER,
	TAP_BOOT_TABLE,
	TAP_BOOT_ACTION,
	TAP_BOOT_FILTER,
	TAP_BOOT_NR_KINDS,
};

/**
 * struct trace_tap_boot_place - where something is set
 * @tr: the instance, or NULL for the top one
 * @system: the system; NULL: whichever, or, without @event, all
 * @event: the event; NULL: all of @system
 */
struct trace_tap_boot_place {
	struct trace_array	*tr;
	const char		*system;
	const char		*event;
};

#ifdef CONFIG_TRACE_TAP

void trace_tap_boot_start(void);
void trace_tap_boot_add(enum trace_tap_boot_kind kind, const char *key,
			const struct trace_tap_boot_place *place,
			const char *text);

#else /* CONFIG_TRACE_TAP */

static inline void trace_tap_boot_start(void)
{
}

static inline void
trace_tap_boot_add(enum trace_tap_boot_kind kind, const char *key,
		   const struct trace_tap_boot_place *place, const char *text)
{
	pr_err("%s: CONFIG_TRACE_TAP is not set\n", key);
}

#endif /* CONFIG_TRACE_TAP */

#endif /* _TRACE_TAP_BOOT_H */
