/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: a filter, as it hangs at an event, a trigger or a perf event.
 *
 * Made and freed by filter.c. Whoever takes a filter away from
 * events waits for those that still use it, or leaves that to
 * free_event_filter().
 */
#ifndef _TRACE_TAP_FILTER_H
#define _TRACE_TAP_FILTER_H

#include <linux/bits.h>

#include "prog.h"

/**
 * struct event_filter - a condition, compiled
 * @image: the condition, or NULL if no text has been accepted yet; immutable
 * @early: what of it can be decided before there is a record, or NULL;
 *	immutable. A record that it rejects, @image rejects; @image stays
 *	complete, because not every record has been past @early
 * @stats: what it has done; per CPU
 * @prog: the program of @image, with names; immutable
 * @text: what was written; immutable
 * @rejected: what was refused since then, as comment lines, or NULL;
 *	event_mutex
 * @deferred: for free_event_filter()
 */
struct event_filter {
	struct trace_tap_image		*image;
	struct trace_tap_image		*early;
	struct trace_tap_stats __percpu	*stats;
	struct tap_prog			*prog;
	char				*text;
	char				*rejected;
	struct trace_tap_deferred	deferred;
};

/**
 * enum trace_tap_filter_flags - what is asked of a filter
 * @TAP_FILTER_UNPRIVILEGED: for a user who is not privileged: the stock
 *	language only, nothing behind pointers, hardened
 * @TAP_FILTER_FILE: of an event: its text is shown, and it is asked early
 */
enum trace_tap_filter_flags {
	TAP_FILTER_UNPRIVILEGED	= BIT(0),
	TAP_FILTER_FILE		= BIT(1),
};

struct seq_file;
struct trace_array;
struct trace_event_file;
struct trace_subsystem_dir;

/**
 * struct trace_tap_target - what a filter or an action is for
 * @tr: the instance
 * @file: the event, or NULL
 * @dir: the system, or NULL; neither: all events
 */
struct trace_tap_target {
	struct trace_array		*tr;
	struct trace_event_file		*file;
	struct trace_subsystem_dir	*dir;
};

int trace_tap_filter_add(const struct trace_tap_target *target, char *text,
			 struct tap_error *e);

struct event_filter *trace_tap_filter_new(const char *text,
					  struct trace_tap_event *event,
					  unsigned int flags,
					  struct tap_error *e);
void trace_tap_filter_free(struct event_filter *filter);
void trace_tap_filter_show(const struct event_filter *filter,
			   struct seq_file *m);

/* For actions, too */
void trace_tap_log(struct trace_array *tr, enum tap_prog_kind kind,
		   const char *text, const struct tap_error *e);
char *trace_tap_rejected(const char *text, const struct tap_error *e);
void trace_tap_show_image(struct seq_file *m, const char *what,
			  const struct trace_tap_image *image);
void trace_tap_show_prog(struct seq_file *m, const struct tap_prog *prog,
			 bool comment);

/**
 * trace_tap_filter_run - run a filter
 * @filter: the filter
 * @image: its image, not NULL
 * @rec: the record
 * @len: bytes of @rec; any value if the image does not need it
 *
 * Context: see trace_tap_exec(). Returns the verdict.
 */
static __always_inline bool
trace_tap_filter_run(const struct event_filter *filter,
		     const struct trace_tap_image *image, const void *rec,
		     unsigned int len)
{
	bool match;

	this_cpu_inc(filter->stats->runs);
	match = trace_tap_exec(image, rec, len);
	if (match)
		this_cpu_inc(filter->stats->matches);
	return match;
}

/**
 * trace_tap_filter_rejects_early - ask a filter before there is a record
 * @filter: the filter, or NULL
 *
 * Context: see trace_tap_exec().
 *
 * Return: true if the filter would reject the record, whatever is in it.
 */
static __always_inline bool
trace_tap_filter_rejects_early(const struct event_filter *filter)
{
	/* The event's flag and its filter do not change together */
	if (unlikely(!filter || !filter->early))
		return false;
	if (trace_tap_exec_early(filter->early))
		return false;
	this_cpu_inc(filter->stats->runs);
	return true;
}

#endif /* _TRACE_TAP_FILTER_H */
