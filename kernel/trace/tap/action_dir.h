/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: the entries of the files "action": of an event, a system, all events.
 *
 *	struct trace_tap_list		a file: entries in order	action_dir.c
 *	  struct tap_action		an entry: a text
 *	    struct tap_site		what it is in one event		action.c
 *	struct trace_tap_file		an event: its sites in order
 *	  struct trace_tap_actions	what runs, see action.h
 *
 *	events/sched/action		@all sites in the events of sched
 *	events/sched/sched_switch/action  one site
 *
 * All of this is protected by event_mutex.
 */
#ifndef _TRACE_TAP_ACTION_DIR_H
#define _TRACE_TAP_ACTION_DIR_H

#include <linux/list.h>

#include "../trace.h"

struct seq_file;
struct trace_array;
struct trace_event_file;
struct trace_subsystem_dir;
struct trace_tap_function;
struct trace_tap_target;

#ifdef CONFIG_TRACE_TAP

#include "action.h"

struct tap_change;

/**
 * struct trace_tap_list - the entries of a file "action"
 * @tr: the instance
 * @file: the event, or NULL
 * @dir: the system, or NULL; neither: all events
 * @actions: the entries
 * @run: they never are in @actions, as they run when they are written: called
 *	with those that one write completes, to run and to free them; else NULL
 * @rejected: what was refused since the last was accepted, as comment lines, or
 *	NULL
 */
struct trace_tap_list {
	struct trace_array		*tr;
	struct trace_event_file		*file;
	struct trace_subsystem_dir	*dir;
	struct list_head		actions;
	void				(*run)(struct tap_change *change);
	char				*rejected;
};

/**
 * struct tap_action - an entry
 * @node: in @list->actions, or on its way there
 * @list: whose it is
 * @text: what was written
 * @own: name of the table without a name, or NULL if it uses none
 * @created: nanoseconds since boot
 * @snapshot: it takes snapshots, which are prepared
 * @is_leaving: the change in progress removes it
 * @sites: where it runs
 */
struct tap_action {
	struct list_head	node;
	struct trace_tap_list	*list;
	char			*text;
	char			*own;
	u64			created;
	bool			snapshot;
	bool			is_leaving;
	struct list_head	sites;
};

/**
 * struct tap_site - an entry in an event
 * @of_action: in @action->sites
 * @of_file: in trace_tap_file.sites
 * @action: the entry
 * @file: the event
 * @prog: its program for this event
 * @image: that, compiled
 * @stats: what it has done
 * @probe: number of the event's name
 * @is_early: it needs no record
 */
struct tap_site {
	struct list_head			of_action;
	struct list_head			of_file;
	struct tap_action			*action;
	struct trace_event_file			*file;
	struct tap_prog				*prog;
	struct trace_tap_image			*image;
	struct trace_tap_action_stats __percpu	*stats;
	u32					probe;
	bool					is_early;
};

/**
 * struct trace_tap_file - an event that has actions, or had; trace_event_file.tap
 * @file: the event
 * @list: its own entries
 * @sites: all of its sites: its own, its system's, those of all events
 * @changed: in tap_change.files
 * @next: what runs in it after the change in progress
 * @function: if it is ftrace:function and @is_enabled: what runs its actions
 * @is_enabled: it is, softly
 * @is_held: there is a reference of its module, as it has entries of its own
 */
struct trace_tap_file {
	struct trace_event_file		*file;
	struct trace_tap_list		list;
	struct list_head		sites;
	struct list_head		changed;
	struct trace_tap_actions	*next;
	struct trace_tap_function	*function;
	bool				is_enabled;
	bool				is_held;
};

/**
 * struct tap_change - entries of a file that come and go together
 * @list: the file; those that go are marked in it; NULL if those of several go
 * @coming: struct tap_action, with their sites
 * @going: those that go, once nothing can fail any more
 * @files: events that are concerned
 */
struct tap_change {
	struct trace_tap_list	*list;
	struct list_head	coming;
	struct list_head	going;
	struct list_head	files;
};

/* --------------------------------------------------------------- action.c */

struct tap_action *trace_tap_action_new(struct trace_tap_list *list,
					const char *text, size_t len);
void trace_tap_action_free(struct tap_action *action, bool undo);
int trace_tap_site_new(struct tap_action *action, struct trace_event_file *file,
		       struct trace_tap_event *event, struct tap_error *e);
struct trace_tap_file *trace_tap_file_get(struct trace_event_file *file);
void trace_tap_change_init(struct tap_change *change,
			   struct trace_tap_list *list);
int trace_tap_change_make(struct tap_change *change, struct tap_error *e);
void trace_tap_change_leave(struct tap_change *change,
			    struct trace_tap_list *list);
void trace_tap_change_clear(struct tap_change *change);
void trace_tap_change_fresh(struct tap_change *change);
void trace_tap_item_set(struct trace_tap_item *item,
			const struct tap_site *site);
void trace_tap_file_join(struct tap_action *action);
int trace_tap_file_start(struct trace_tap_file *tf);
void trace_tap_file_stop(struct trace_tap_file *tf);

/* ----------------------------------------------------------- action_dir.c */

/**
 * struct trace_tap_writer - an open file "action", or who else writes
 * @replaces: what is written first replaces what there is
 * @has_written: something was accepted
 * @error: if not NULL, what is wrong, which then is in no other place
 */
struct trace_tap_writer {
	bool			replaces;
	bool			has_written;
	struct tap_error	*error;
};

int trace_tap_list_write(struct trace_tap_list *list, const char *text,
			 struct trace_tap_writer *writer);
int trace_tap_action_write(struct trace_event_file *file, char *text,
			   struct trace_tap_writer *writer);
int trace_tap_actions_write(struct trace_subsystem_dir *dir, char *text,
			    struct trace_tap_writer *writer);
int trace_tap_action_add(const struct trace_tap_target *target,
			 const char *text, struct tap_error *e);
void trace_tap_file_added(struct trace_event_file *file);
void trace_tap_file_removed(struct trace_event_file *file);
void trace_tap_dir_removed(struct trace_subsystem_dir *dir);
void trace_tap_instance_removed(struct trace_array *tr);

/* Entries of a system; of all events if @dir is the one of no system. */
static inline struct trace_tap_list **
trace_tap_dir_list(struct trace_subsystem_dir *dir)
{
	return dir->subsystem ? &dir->actions : &dir->tr->tap_actions;
}

/* ---------------------------------------------------------- action_show.c */

void trace_tap_stats_sum(const struct trace_tap_action_stats __percpu *stats,
			 struct trace_tap_action_stats *sum);
void trace_tap_stats_show(struct seq_file *m,
			  const struct trace_tap_action_stats *sum);
void trace_tap_action_show(struct trace_event_file *file, struct seq_file *m);
void trace_tap_actions_show(struct trace_subsystem_dir *dir,
			    struct seq_file *m);
void trace_tap_action_programs(struct trace_event_file *file,
			       struct seq_file *m);

#else /* CONFIG_TRACE_TAP */

static inline void trace_tap_action_programs(struct trace_event_file *file,
					     struct seq_file *m)
{
}

static inline void trace_tap_file_added(struct trace_event_file *file)
{
}

static inline void trace_tap_file_removed(struct trace_event_file *file)
{
}

static inline void trace_tap_dir_removed(struct trace_subsystem_dir *dir)
{
}

static inline void trace_tap_instance_removed(struct trace_array *tr)
{
}

#endif /* CONFIG_TRACE_TAP */

#endif /* _TRACE_TAP_ACTION_DIR_H */
