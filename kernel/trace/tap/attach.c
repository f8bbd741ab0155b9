// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the filters of events, one by one and by subsystem.
 *
 * In: what was written to a file "filter". A write that fails changes nothing:
 * what was in force still is, and the file shows it behind what was wrong:
 *
 *	# cat events/sched/sched_switch/filter
 *	# rejected: prev_prioo < 10
 *	#                    ^
 *	# parse_error: Field not found
 *	prev_prio < 10
 */
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../trace.h"
#include "action_dir.h"
#include "filter.h"
#include "text.h"

#define DEFAULT_SYS_FILTER_MESSAGE					\
	"### global filter ###\n"					\
	"# Use this to set filters for multiple events.\n"		\
	"# Only events with the given fields will be affected.\n"	\
	"# If no events are modified, an error message will be displayed here"

/* ----------------------------------------------------------- event filters */

/* Caller holds event_mutex. */
static struct event_filter *event_filter(struct trace_event_file *file)
{
	return rcu_dereference_protected(file->filter,
					 lockdep_is_held(&event_mutex));
}

/**
 * print_event_filter - what the file "filter" of an event shows
 * @file: the event
 * @m: where to
 *
 * Caller holds event_mutex.
 */
void print_event_filter(struct trace_event_file *file, struct seq_file *m)
{
	struct event_filter *filter = event_filter(file);

	if (filter && filter->rejected)
		seq_puts(m, filter->rejected);
	if (filter && filter->text)
		seq_printf(m, "%s\n", filter->text);
	else
		seq_puts(m, "none\n");
}

/**
 * print_event_program - what the file "program" of an event shows
 * @file: the event
 * @m: where to
 *
 * Caller holds event_mutex.
 */
void print_event_program(struct trace_event_file *file, struct seq_file *m)
{
	trace_tap_filter_show(event_filter(file), m);
	trace_tap_action_programs(file, m);
}

/* No event finds the filter from here on, but some may still be using it. */
static struct event_filter *filter_remove(struct trace_event_file *file)
{
	struct event_filter *filter = event_filter(file);

	clear_bit(EVENT_FILE_FL_FILTERED_EARLY_BIT, &file->flags);
	if (test_and_clear_bit(EVENT_FILE_FL_FILTERED_BIT, &file->flags))
		trace_buffered_event_disable();
	RCU_INIT_POINTER(file->filter, NULL);
	return filter;
}

/**
 * trace_tap_remove_filter - take away and free the filter of an event
 * @file: the event, which goes away
 *
 * Caller holds event_mutex. May sleep.
 */
void trace_tap_remove_filter(struct trace_event_file *file)
{
	free_event_filter(filter_remove(file));
}

/* Returns the filter before, which some events may still be using. */
static struct event_filter *filter_install(struct trace_event_file *file,
					   struct event_filter *filter)
{
	struct event_filter *old = event_filter(file);

	rcu_assign_pointer(file->filter, filter);
	if (!test_and_set_bit(EVENT_FILE_FL_FILTERED_BIT, &file->flags))
		trace_buffered_event_enable();
	if (filter->early)
		set_bit(EVENT_FILE_FL_FILTERED_EARLY_BIT, &file->flags);
	else
		clear_bit(EVENT_FILE_FL_FILTERED_EARLY_BIT, &file->flags);
	return old;
}

/* The filter in force stays; but the file tells what was wrong. */
static void filter_reject(struct trace_event_file *file, const char *text,
			  const struct tap_error *e)
{
	struct event_filter *filter = event_filter(file);

	trace_tap_log(file->tr, TAP_FILTER, text, e);
	if (!filter) {
		filter = kzalloc(sizeof(*filter), GFP_KERNEL);
		if (!filter)
			return;
		rcu_assign_pointer(file->filter, filter);
	}
	kfree(filter->rejected);
	filter->rejected = trace_tap_rejected(text, e);
}

/* Behind comments, unless they are those of a program. */
static char *filter_text(char *text)
{
	if (!trace_tap_is_prog(text))
		text = (char *)trace_tap_skip_comments(text);
	/* Only its end is cut: errors have positions */
	strim(text);
	return text;
}

static bool is_clear(const char *text)
{
	return !strcmp(skip_spaces(text), "0");
}

/* What is refused is not logged. On error, the position is one of @text. */
static int filter_set(struct trace_event_file *file, char *text,
		      struct tap_error *e)
{
	struct event_filter *filter, *old;
	struct trace_tap_event event;
	char *start = filter_text(text);

	if (is_clear(start)) {
		old = filter_remove(file);
	} else {
		trace_tap_event_init(&event, file->event_call, NULL);
		trace_tap_event_tables(&event, file->tr, NULL);
		filter = trace_tap_filter_new(start, &event, TAP_FILTER_FILE, e);
		trace_tap_event_exit(&event);
		if (!filter) {
			e->pos += start - text;
			return e->err;
		}
		old = filter_install(file, filter);
	}
	if (old) {
		/* Make sure the filter is not being used */
		tracepoint_synchronize_unregister();
		trace_tap_filter_free(old);
	}
	return 0;
}

/**
 * apply_event_filter - set or clear the filter of an event
 * @file: the event
 * @filter_string: expression, program, or "0"; is changed
 *
 * Caller holds event_mutex. May sleep. If an error is returned, the filter that
 * was in force still is.
 *
 * Return: 0 or a negative errno, depending on what is wrong with the text.
 */
int apply_event_filter(struct trace_event_file *file, char *filter_string)
{
	struct tap_error e = {};
	int err;

	if (file->flags & EVENT_FILE_FL_FREED)
		return -ENODEV;

	filter_string = filter_text(filter_string);
	err = filter_set(file, filter_string, &e);
	if (err)
		filter_reject(file, filter_string, &e);
	return err;
}

/* ------------------------------------------------------- subsystem filters */

/**
 * print_subsystem_event_filter - what the file "filter" of a subsystem shows
 * @dir: the subsystem, in an instance
 * @m: where to
 *
 * Takes event_mutex.
 */
void print_subsystem_event_filter(struct trace_subsystem_dir *dir,
				  struct seq_file *m)
{
	guard(mutex)(&event_mutex);
	if (dir->rejected)
		seq_puts(m, dir->rejected);
	seq_puts(m, DEFAULT_SYS_FILTER_MESSAGE "\n");
}

/**
 * struct filter_list - what a subsystem's filter is for one event
 * @list: in the order of the events
 * @file: the event
 * @filter: before it is installed: the new one, or NULL if @file cannot take
 *	it; then the old one
 */
struct filter_list {
	struct list_head	list;
	struct trace_event_file	*file;
	struct event_filter	*filter;
};

static void filter_list_free(struct list_head *filters)
{
	struct filter_list *item, *tmp;

	list_for_each_entry_safe(item, tmp, filters, list) {
		trace_tap_filter_free(item->filter);
		list_del(&item->list);
		kfree(item);
	}
}

/*
 * All that can fail for want of memory, before anything is changed. What the
 * first event says that cannot take the filter, is in @first.
 */
static int system_filters_create(struct trace_subsystem_dir *dir,
				 const char *text, struct list_head *filters,
				 struct tap_error *first)
{
	struct trace_tap_event event;
	struct trace_event_file *file;
	struct filter_list *item;
	int err = 0;

	trace_tap_event_init(&event, NULL, dir);
	trace_tap_event_tables(&event, dir->tr, NULL);
	list_for_each_entry(file, &dir->tr->events, list) {
		struct tap_error e = {};

		if (file->system != dir)
			continue;
		err = -ENOMEM;
		item = kzalloc(sizeof(*item), GFP_KERNEL);
		if (!item)
			break;
		item->file = file;
		list_add_tail(&item->list, filters);
		trace_tap_event_set(&event, file->event_call);
		item->filter = trace_tap_filter_new(text, &event, TAP_FILTER_FILE, &e);
		if (!item->filter && !first->err)
			*first = e;
		if (!item->filter && e.err == -ENOMEM)
			break;
		err = 0;
	}
	trace_tap_event_exit(&event);
	return err;
}

/* Returns whether some event took it. */
static bool system_filters_install(const char *text, struct list_head *filters)
{
	const struct tap_error e = {
		.err = -EINVAL, .code = TAP_ERR_BAD_SUBSYS_FILTER,
	};
	struct filter_list *item;
	bool any = false;

	list_for_each_entry(item, filters, list) {
		if (item->filter) {
			item->filter = filter_install(item->file, item->filter);
			any = true;
		} else {
			filter_reject(item->file, text, &e);
		}
	}
	return any;
}

static void system_filters_remove(struct trace_subsystem_dir *dir)
{
	struct trace_event_file *file;

	list_for_each_entry(file, &dir->tr->events, list) {
		if (file->system == dir)
			trace_tap_remove_filter(file);
	}
	tracepoint_synchronize_unregister();
}

/* What is wrong with the text whatever the event. */
static int system_filter_check(struct trace_subsystem_dir *dir,
			       const char *text)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	if (!trace_tap_is_prog(text))
		return 0;
	prog = trace_tap_asm(text, TAP_FILTER, &e);
	trace_tap_prog_free(prog);
	if (!prog) {
		trace_tap_log(dir->tr, TAP_FILTER, text, &e);
		dir->rejected = trace_tap_rejected(text, &e);
	}
	return e.err;
}

static int system_filter_set(struct trace_subsystem_dir *dir, const char *text)
{
	const struct tap_error e = {
		.err = -EINVAL, .code = TAP_ERR_BAD_SUBSYS_FILTER,
	};
	struct tap_error first = {};
	LIST_HEAD(filters);
	int err;

	err = system_filter_check(dir, text);
	if (err)
		return err;
	err = system_filters_create(dir, text, &filters, &first);
	if (!err) {
		if (!system_filters_install(text, &filters))
			dir->rejected = trace_tap_rejected(text, &e);
		/* The calls can still be using the old filters */
		tracepoint_synchronize_unregister();
	}
	filter_list_free(&filters);
	return err;
}

/**
 * apply_subsystem_event_filter - set or clear the filters of a subsystem
 * @dir: the subsystem, in an instance
 * @filter_string: expression, program, or "0"; is changed
 *
 * Takes event_mutex; may sleep. Events that cannot take the filter keep the one
 * that they have; it is no error if none can.
 *
 * Return: 0 or a negative errno; then nothing was changed.
 */
int apply_subsystem_event_filter(struct trace_subsystem_dir *dir,
				 char *filter_string)
{
	guard(mutex)(&event_mutex);

	/* Make sure the system still has events */
	if (!dir->nr_events)
		return -ENODEV;

	kfree(dir->rejected);
	dir->rejected = NULL;
	filter_string = filter_text(filter_string);
	if (!is_clear(filter_string))
		return system_filter_set(dir, filter_string);
	system_filters_remove(dir);
	return 0;
}

#ifdef CONFIG_TRACE_TAP
/* Other than by its file, it is an error if no event takes it. */
static int system_filter_add(struct trace_subsystem_dir *dir, const char *text,
			     struct tap_error *e)
{
	struct tap_error first = {};
	struct filter_list *item;
	LIST_HEAD(filters);
	int err;

	err = system_filters_create(dir, text, &filters, &first);
	if (err)
		trace_tap_error(e, err, TAP_ERR_NONE, 0);
	else
		*e = first;
	list_for_each_entry(item, &filters, list) {
		if (err || !item->filter)
			continue;
		item->filter = filter_install(item->file, item->filter);
		e->err = 0;
	}
	tracepoint_synchronize_unregister();
	filter_list_free(&filters);
	return e->err;
}

/**
 * trace_tap_filter_add - set a filter, not by its file
 * @target: an event or a system; of all events, the top folder has no filter
 * @text: expression, program, or "0"; is changed
 * @e: what is wrong, if an error is returned; that is in no other place
 *
 * Caller holds event_mutex. May sleep.
 *
 * Return: 0 or a negative errno; then nothing has changed.
 */
int trace_tap_filter_add(const struct trace_tap_target *target, char *text,
			 struct tap_error *e)
{
	char *start = filter_text(text);
	int err;

	if (target->file)
		return filter_set(target->file, text, e);
	if (is_clear(start)) {
		system_filters_remove(target->dir);
		return 0;
	}
	err = system_filter_add(target->dir, start, e);
	if (err)
		e->pos += start - text;
	return err;
}
#endif /* CONFIG_TRACE_TAP */
