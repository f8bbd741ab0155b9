// SPDX-License-Identifier: GPL-2.0
/*
 * tap: what the files "action" and "program" show of actions.
 *
 *	# cat events/sched/sched_switch/action
 *	# rejected: @[comm] = coun()
 *	#                     ^
 *	# parse_error: No such function or synthetic event
 *	# 1:
 *	@[comm] = count()
 *	# from events/sched/action: @all[probe] = count()
 *
 * It can be written back.
 */
#include <linux/seq_file.h>

#include "../trace.h"
#include "action_dir.h"
#include "filter.h"

static void show_comment(struct seq_file *m, const char *text)
{
	const char *end;

	do {
		end = strchrnul(text, '\n');
		seq_printf(m, "# %.*s\n", (int)(end - text), text);
		text = end + 1;
	} while (*end);
}

static void list_show(struct seq_file *m, const struct trace_tap_list *list)
{
	const struct tap_action *action;
	unsigned int nr = 0;

	if (list->rejected)
		seq_puts(m, list->rejected);
	list_for_each_entry(action, &list->actions, node)
		seq_printf(m, "# %u:\n%s\n", ++nr, action->text);
}

static void show_from(struct seq_file *m, const struct trace_tap_list *list)
{
	if (list->dir)
		seq_printf(m, "# from events/%s/action:",
			   list->dir->subsystem->name);
	else
		seq_puts(m, "# from events/action:");
}

static void show_inherited(struct seq_file *m, const struct tap_action *action)
{
	show_from(m, action->list);
	if (strchr(action->text, '\n')) {
		seq_putc(m, '\n');
		show_comment(m, action->text);
	} else {
		seq_printf(m, " %s\n", action->text);
	}
}

/**
 * trace_tap_action_show - what the file "action" of an event shows
 * @file: the event
 * @m: where to
 *
 * Caller holds event_mutex.
 */
void trace_tap_action_show(struct trace_event_file *file, struct seq_file *m)
{
	struct trace_tap_file *tf = file->tap;
	struct tap_site *site;

	if (!tf)
		return;
	list_show(m, &tf->list);
	list_for_each_entry(site, &tf->sites, of_file) {
		if (!site->action->list->file)
			show_inherited(m, site->action);
	}
}

/**
 * trace_tap_actions_show - what the file "action" of a system or of all shows
 * @dir: the system, or, if it is of none, all events of its instance
 * @m: where to
 *
 * Takes event_mutex.
 */
void trace_tap_actions_show(struct trace_subsystem_dir *dir,
			    struct seq_file *m)
{
	struct trace_tap_list *list;

	guard(mutex)(&event_mutex);
	list = *trace_tap_dir_list(dir);
	if (list)
		list_show(m, list);
}

/**
 * trace_tap_stats_sum - what an action has done on all CPUs
 * @stats: per CPU
 * @sum: added to
 */
void trace_tap_stats_sum(const struct trace_tap_action_stats __percpu *stats,
			 struct trace_tap_action_stats *sum)
{
	const struct trace_tap_action_stats *s;
	int cpu;

	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(stats, cpu);
		sum->runs += READ_ONCE(s->runs);
		sum->matches += READ_ONCE(s->matches);
		sum->skipped += READ_ONCE(s->skipped);
		sum->drops += READ_ONCE(s->drops);
	}
}

/**
 * trace_tap_stats_show - show that as a comment line
 * @m: where to
 * @sum: from trace_tap_stats_sum()
 */
void trace_tap_stats_show(struct seq_file *m,
			  const struct trace_tap_action_stats *sum)
{
	seq_printf(m, "# runs: %lu, matches: %lu, skipped: %lu, drops: %lu\n",
		   sum->runs, sum->matches, sum->skipped, sum->drops);
}

static void show_stats(struct seq_file *m, const struct tap_site *site)
{
	struct trace_tap_action_stats sum = {};

	trace_tap_stats_sum(site->stats, &sum);
	trace_tap_stats_show(m, &sum);
}

/**
 * trace_tap_action_programs - what "program" shows of the actions of an event
 * @file: the event
 * @m: where to
 *
 * Caller holds event_mutex. May sleep.
 */
void trace_tap_action_programs(struct trace_event_file *file,
			       struct seq_file *m)
{
	struct trace_tap_file *tf = file->tap;
	struct tap_site *site;
	unsigned int nr = 0;
	char what[24];

	if (!tf)
		return;
	list_for_each_entry(site, &tf->sites, of_file) {
		bool inherited = !site->action->list->file;

		if (inherited) {
			show_inherited(m, site->action);
			strscpy(what, "program");
		} else {
			snprintf(what, sizeof(what), "action %u", ++nr);
		}
		trace_tap_show_image(m, what, site->image);
		show_stats(m, site);
		trace_tap_show_prog(m, site->prog, inherited);
	}
}
