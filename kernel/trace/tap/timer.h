/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: timers: events that fire by the clock.
 *
 *	echo 'i:tick/one_sec 1s' >> dynamic_events
 *	echo 'i:profile/hz99 99hz percpu' >> dynamic_events
 *	echo '@[kstack] = count()' > events/profile/hz99/action
 *
 *	timer_parse.c	a line -> struct trace_tap_timer_spec
 *	timer.c		that -> an event, a line of dynamic_events; firing it
 *
 * What such an event is about is the context that the timer's interrupt came
 * into: its fields, and every stack that is taken when it fires, see
 * trace_interrupted_regs().
 */
#ifndef _TRACE_TAP_TIMER_H
#define _TRACE_TAP_TIMER_H

#include "../trace.h"
#include "err.h"

/* A shorter period leaves a slow machine no time for anything else. */
#define TRACE_TAP_TIMER_MIN_NS	(100 * NSEC_PER_USEC)

/* Group of a timer that is named without. */
#define TRACE_TAP_TIMER_GROUP	"timers"

/* Bytes of the longest period as text, with its NUL. */
#define TRACE_TAP_PERIOD_LEN	24

/**
 * struct trace_tap_timer_spec - what a line of dynamic_events says
 * @group: of the event: the system
 * @name: of the event
 * @text: the period as it is shown: "99hz"
 * @period: in nanoseconds
 * @is_percpu: it fires on each CPU that is online
 * @name_pos: offset of the name, with its group, in the line
 */
struct trace_tap_timer_spec {
	char		group[MAX_EVENT_NAME_LEN];
	char		name[MAX_EVENT_NAME_LEN];
	char		text[TRACE_TAP_PERIOD_LEN];
	u64		period;
	bool		is_percpu;
	unsigned int	name_pos;
};

int trace_tap_timer_parse(const char *text, struct trace_tap_timer_spec *spec,
			  struct tap_error *e);
int trace_tap_timer_new(const char *text, struct tap_error *e);

#endif /* _TRACE_TAP_TIMER_H */
