// SPDX-License-Identifier: GPL-2.0
/*
 * Sets up in tracefs what a script has become, and removes it.
 *
 *	in:	map n, event p:tapc_GROUP/x, program of it, program BEGIN
 *	out:	mkdir instances/tapc-7; trace_clock boot, ...
 *		table_control		@n[str16] = count
 *		dynamic_events		p:tapc_7/x vfs_read
 *		run_once		tap 1 action ... end
 *		events/tapc_7/x/action	tap 1 action ... end
 *		tracing_on		1
 *
 * BEGIN runs when there are no programs yet, so whatever it prints or sets is
 * in front of what these do. Should one of them be refused, what BEGIN has
 * printed has not been read, and goes with the instance.
 *
 * What is left if any step fails, or the process is killed, is in the instance
 * or in the group of events that has its name; so this name is all that
 * removing needs to know.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "tracefs.h"

#define BUFFER_KB	64	/* of a CPU, unless options say otherwise */
#define NR_TRIES	100	/* to remove what others have open */

/* ------------------------------------------------------------------- setting up */

/* Which threads: those that the process has. */
static void limit_to_process(struct session *s, int pid)
{
	const char *path = tapc_format(s->tc, "/proc/%d/task", pid);
	struct word *w = tapc_read_dir(s->tc, path, "*");

	if (!w)
		tapc_fail(s->tc, (struct loc){}, ERR_NO_PROCESS, pid);
	for (; w; w = w->next)
		tapc_set(s, "set_event_pid", w->text);
}

/*
 * Records keep the time since boot, which is that of programs' nsecs. When there
 * is no room the oldest are kept, which say how it began, and the others are
 * counted. What the top has set and costs time is not wanted here.
 */
static void set_options(struct session *s)
{
	const struct session_options *opt = s->opt;

	tapc_set(s, "trace_clock", "boot");
	tapc_set(s, "buffer_size_kb",
		 tapc_format(s->tc, "%u", opt->buffer_kb ?: BUFFER_KB));
	tapc_set(s, "buffer_percent", "0");
	tapc_set(s, "trace_options", "nooverwrite");
	tapc_set(s, "trace_options", "norecord-cmd");
	tapc_set(s, "trace_options", "nostacktrace");
	if (opt->pid)
		limit_to_process(s, opt->pid);
}

/* One that is refused is an error at the map's first use. */
static void declare_maps(struct session *s)
{
	const struct map *m;
	const char *line;
	int err;

	for (m = s->unit->maps; m; m = m->next) {
		/* Names of values are an event's: its program makes the table. */
		if (!m->size && strstr(m->shape, ".enum("))
			continue;
		line = tapc_format(s->tc, m->size ? "@%s%s size=%llu" : "@%s%s",
				   m->table, m->shape,
				   (unsigned long long)m->size);
		err = tapc_put(s, s->dir, "table_control", line);
		if (err)
			tapc_fail(s->tc, m->pos, ERR_REFUSED,
				  tapc_format(s->tc, "map '@%s'", m->name),
				  tapc_reason(s, s->dir, line, err));
	}
}

/* Is it a function that nobody has looked up, and that there is not? */
static bool is_missing(struct session *s, const struct target *t, int err)
{
	if (!t || !t->is_unsure || err == -EIO)
		return false;
	return !tapc_functions(s->tc, NULL, t->name);
}

/* Return: whether it could be made. If all depends on it, it must. */
static bool make_event(struct session *s, const struct dynevent *event)
{
	const char *line = tapc_named(s, event->line);
	const struct target *t = event->target;
	struct loc pos = t ? t->pos : (struct loc){};
	const char *why;
	int err;

	s->has_events = true;
	err = tapc_put(s, s->top, "dynamic_events",
		       tapc_format(s->tc, "%s\n", line));
	if (!err)
		return true;
	s->nr_skipped++;
	why = tapc_reason(s, s->top, line, err);
	if (is_missing(s, t, err)) {
		tapc_missing_function(s->tc, t, event->is_alone);
		return false;
	}
	line = tapc_format(s->tc, "event '%s'", tapc_named(s, event->name));
	if (event->is_alone)
		tapc_fail(s->tc, pos, ERR_REFUSED, line, why);
	tapc_warn(s->tc, pos, ERR_REFUSED, line, why);
	return false;
}

/**
 * tapc_write_program - give a program to its event, or run it once
 * @s: the run
 * @p: the program; what it is for is there
 */
void tapc_write_program(struct session *s, const struct program *p)
{
	const char *text = tapc_named(s, p->text), *path = "run_once";
	int err;

	if (p->system)
		path = tapc_format(s->tc, "events/%s/%s/action",
				   tapc_named(s, p->system),
				   tapc_named(s, p->event));
	err = tapc_put(s, s->dir, path, text);
	if (err)
		tapc_fail(s->tc, p->pos, ERR_REFUSED,
			  tapc_format(s->tc, "the program of '%s'", p->name),
			  tapc_reason(s, s->dir, text, err));
}

/*
 * Events in their order. Those that are missing are few, so they are a list; the
 * unit itself is not to be changed.
 */
static struct word *make_events(struct session *s)
{
	struct word *missing = NULL;
	const struct dynevent *e;

	for (e = s->unit->events; e && !tapc_is_stopped(); e = e->next) {
		if (!make_event(s, e))
			missing = tapc_add_word(s->tc, missing, e->name);
	}
	return missing;
}

static bool is_skipped(const struct program *p, const struct word *missing)
{
	while (missing && missing->text != (p->dynevent ? p->dynevent->name :
							  NULL))
		missing = missing->next;
	return missing;
}

/**
 * tapc_load - set a run up, all but tracing itself
 * @s: the run
 *
 * Ends with an error if something is refused; tapc_unload() is for what there is
 * then. A signal ends it early: the run ends next.
 */
void tapc_load(struct session *s)
{
	const struct program *p;
	struct word *missing;

	tapc_claim_new(s);
	set_options(s);
	declare_maps(s);
	missing = make_events(s);
	for (p = s->unit->begin; p && !tapc_is_stopped(); p = p->next)
		tapc_write_program(s, p);
	tapc_switch(s, "0");
	for (p = s->unit->programs; p && !tapc_is_stopped(); p = p->next) {
		if (!is_skipped(p, missing))
			tapc_write_program(s, p);
	}
}

/* ------------------------------------------------------------------ removing */

/* Others may have it open for a moment: whoever looks what there is. */
static int remove_instance(struct session *s)
{
	int i, err = -EBUSY;

	for (i = 0; err == -EBUSY && i < NR_TRIES; i++) {
		if (i)
			poll(NULL, 0, 10);
		err = unlinkat(s->top, s->path, AT_REMOVEDIR) ? -errno : 0;
	}
	return err;
}

/*
 * A group's events go in the order in which they were made, and one that
 * another is made of stays in use until that has gone: then those of events
 * ("e:") go first.
 */
static int remove_events(struct session *s)
{
	char group[sizeof("-:tapc_/") + 1 + MAX_RUN_NAME], *line, *end, behind;
	int err, len = snprintf(group, sizeof(group), "-:%s/\n", s->group);

	err = tapc_put(s, s->top, "dynamic_events", group);
	if (err != -EBUSY)
		return err;
	line = tapc_get(s, s->top, "dynamic_events");
	for (; line && *line; line = end + 1) {
		end = line + strcspn(line, "\n ");
		behind = *end;
		*end = 0;
		if (*line == 'e' && !strncmp(line + 1, group + 1, len - 2)) {
			*line = '-';
			tapc_put(s, s->top, "dynamic_events", line);
		}
		*end = behind;
		end += strcspn(end, "\n");
		if (!*end)
			break;
	}
	return tapc_put(s, s->top, "dynamic_events", group);
}

/**
 * tapc_unload - remove all that a run has in tracefs
 * @s: the run, whose instance is open; no other file of it is
 *
 * Never fails the compiler's way. For each event that has programs the kernel
 * waits until nobody can be running these, 13 ms or so, and nothing that could
 * be written here makes it wait less. An instance that goes takes its programs
 * along, which is faster than to remove these first; but events of its own stay
 * in use then, and are what finds them again: so these are removed before it.
 *
 * Return: true if nothing is left.
 */
bool tapc_unload(struct session *s)
{
	int err = 0;

	s->fail = 0;
	/* All programs stop at once, even if it takes a while to remove them. */
	tapc_put(s, s->dir, "tracing_on", "0");
	if (s->has_events) {
		tapc_put(s, s->dir, "table_control", "reset");
		err = remove_events(s);
	}
	if (!err || err == -ENOENT)
		err = remove_instance(s);
	if (err && err != -ENOENT)
		tapc_warn(s->tc, (struct loc){}, WARN_LEFT, s->name,
			  strerror(-err));
	return !err;
}
