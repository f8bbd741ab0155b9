// SPDX-License-Identifier: GPL-2.0
/*
 * tap: filters, actions, tables and timers on the kernel's command line.
 *
 * In: one entry a parameter, of any number, and what boot configurations have:
 *
 *	"trace_filter=sched:sched_switch.prev_prio < 10"
 *	trace_action=raw_syscalls:sys_enter.@[comm]=count()
 *	"trace_table=foo/@start[u64.ksym] = s64 size=512"
 *	"trace_timer=tick/one_sec 1s"
 *
 * Out: the same as if it had been written to the files, which are not there yet.
 * What is wrong is said in the kernel's log:
 *
 *	trace_filter: error: Field not found
 *	  sched:sched_switch.prev_prioo < 10
 *	                              ^
 *
 * When an entry is set:
 *
 *	trace_init()		events of the kernel, instances of trace_instance=
 *	core_initcall_sync	timers
 *	postcore_initcall	instances, probes and synthetic events of a boot
 *				configuration
 *	rootfs_initcall		kprobe events of kprobe_event=
 *	late_initcall_sync	enum constants in formats of events
 *
 * An entry that names what is not there waits for the next of these; an entry
 * that is wrong is reported at once, and those that still wait at the end.
 */
#include <linux/init.h>
#include <linux/list.h>
#include <linux/memblock.h>
#include <linux/slab.h>

#include "../trace.h"
#include "action_dir.h"
#include "boot.h"
#include "filter.h"
#include "table.h"
#include "text.h"
#include "timer.h"

/* Bytes of a line that a message shows at most. */
#define BOOT_SHOWN	300

/**
 * struct boot_entry - something that is to be set
 * @node: in @boot_entries of its kind
 * @what: the parameter, or the key
 * @line: all of its value
 * @text: in @line, behind the place; NULL: that has not been looked for yet
 * @instance: name of the instance, or NULL for the top one
 * @system: name of the system, or NULL
 * @event: name of the event, or NULL, see struct trace_tap_boot_place
 * @is_param: it is a parameter of the command line
 *
 * The line stays where it is: so do the command line and the boot configuration
 * until initcalls are done.
 */
struct boot_entry {
	struct list_head	node;
	const char		*what;
	const char		*line;
	const char		*text;
	char			*instance;
	char			*system;
	char			*event;
	bool			is_param;
};

static struct list_head boot_entries[TAP_BOOT_NR_KINDS] __initdata = {
	LIST_HEAD_INIT(boot_entries[TAP_BOOT_TIMER]),
	LIST_HEAD_INIT(boot_entries[TAP_BOOT_TABLE]),
	LIST_HEAD_INIT(boot_entries[TAP_BOOT_ACTION]),
	LIST_HEAD_INIT(boot_entries[TAP_BOOT_FILTER]),
};

static bool boot_has_timers __initdata;

/* --------------------------------------------------------------- parameters */

/* Too early for kmalloc() */
static int __init boot_param(enum trace_tap_boot_kind kind, const char *what,
			     const char *value)
{
	struct boot_entry *b = memblock_alloc(sizeof(*b), SMP_CACHE_BYTES);

	if (!b) {
		pr_err("%s: no memory\n", what);
		return 1;
	}
	b->what = what;
	b->line = value;
	b->is_param = true;
	list_add_tail(&b->node, &boot_entries[kind]);
	/* It would turn events off, and actions see those that it fires */
	disable_tracing_selftest("running programs of events");
	return 1;
}

static int __init boot_param_timer(char *value)
{
	return boot_param(TAP_BOOT_TIMER, "trace_timer", value);
}
__setup("trace_timer=", boot_param_timer);

static int __init boot_param_table(char *value)
{
	return boot_param(TAP_BOOT_TABLE, "trace_table", value);
}
__setup("trace_table=", boot_param_table);

static int __init boot_param_action(char *value)
{
	return boot_param(TAP_BOOT_ACTION, "trace_action", value);
}
__setup("trace_action=", boot_param_action);

static int __init boot_param_filter(char *value)
{
	return boot_param(TAP_BOOT_FILTER, "trace_filter", value);
}
__setup("trace_filter=", boot_param_filter);

/* ------------------------------------------------------------------- places */

static int __init boot_strdup(char **to, const char *from, size_t len,
			      struct tap_error *e)
{
	*to = kmemdup_nul(from, len, GFP_KERNEL);
	return *to ? 0 : trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
}

static bool __init is_any(const char *name, size_t len)
{
	return !len || (len == 1 && *name == '*');
}

/*
 * "SYSTEM:EVENT" or "EVENT"; no EVENT, or "*", are all of the system, and without
 * a system, too, all there are.
 */
static int __init boot_parse_event(struct boot_entry *b, const char *name,
				   size_t len, struct tap_error *e)
{
	const char *colon = memchr(name, ':', len);
	size_t system_len = colon ? colon - name : 0;

	if (!len)
		return trace_tap_error(e, -EINVAL, TAP_ERR_NO_EVENT,
				       name - b->line);
	if (!is_any(name, system_len) &&
	    boot_strdup(&b->system, name, system_len, e))
		return e->err;
	if (colon) {
		len -= system_len + 1;
		name = colon + 1;
	}
	return is_any(name, len) ? 0 : boot_strdup(&b->event, name, len, e);
}

/* "[INSTANCE/]EVENT.TEXT", with blanks instead of the '.', or "[INSTANCE/]TEXT" */
static int __init boot_parse(enum trace_tap_boot_kind kind,
			     struct boot_entry *b, struct tap_error *e)
{
	const char *p = b->line;
	size_t len;

	if (kind == TAP_BOOT_TIMER) {
		b->text = p;
		return 0;
	}
	len = strcspn(p, "/.@ \t\n");
	if (p[len] == '/') {
		if (boot_strdup(&b->instance, p, len, e))
			return e->err;
		p += len + 1;
	}
	if (kind != TAP_BOOT_TABLE) {
		len = strcspn(p, ". \t\n");
		if (boot_parse_event(b, p, len, e))
			return e->err;
		p += len;
		if (*p == '.')
			p++;
	}
	p = skip_spaces(p);
	if (!*p)
		return trace_tap_error(e, -EINVAL,
				       kind == TAP_BOOT_TABLE ?
				       TAP_ERR_TABLE_CONTROL :
				       kind == TAP_BOOT_ACTION ?
				       TAP_ERR_EXPECT_STATEMENT :
				       TAP_ERR_EXPECT_OPERAND, p - b->line);
	b->text = p;
	return 0;
}

static struct trace_array * __init boot_instance(const struct boot_entry *b)
{
	struct trace_array *tr;

	if (b->instance)
		return trace_array_find_get(b->instance);
	tr = top_trace_array();
	return tr && !trace_array_get(tr) ? tr : NULL;
}

/* ------------------------------------------------------------------ setting */

/* An entry for events or systems, which is an action or a filter. */
static int __init boot_set_one(enum trace_tap_boot_kind kind,
			       const struct trace_tap_target *target,
			       const char *text, struct tap_error *e)
{
	char *copy;
	int err;

	if (kind == TAP_BOOT_ACTION)
		return trace_tap_action_add(target, text, e);
	/* It may end in white space, which is cut off */
	copy = kvmemdup(text, strlen(text) + 1, GFP_KERNEL);
	if (!copy)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	err = trace_tap_filter_add(target, copy, e);
	kvfree(copy);
	return err;
}

/**
 * struct boot_try - an entry is set at one or more places
 * @kind: what it is
 * @text: the text
 * @found: there was such a place
 * @taken: one took it
 * @e: the first error
 */
struct boot_try {
	enum trace_tap_boot_kind	kind;
	const char			*text;
	bool				found;
	bool				taken;
	struct tap_error		e;
};

static void __init boot_try(struct boot_try *t,
			    const struct trace_tap_target *target)
{
	struct tap_error e = {};

	if (!boot_set_one(t->kind, target, t->text, &e))
		t->taken = true;
	else if (!t->e.err)
		t->e = e;
	t->found = true;
}

/* As there are files: those of events that cannot be enabled have none. */
static bool __init has_file(const struct boot_try *t,
			    const struct trace_event_file *file)
{
	struct trace_event_call *call = file->event_call;

	if (!call->class || !call->class->reg)
		return false;
	if (!(call->flags & TRACE_EVENT_FL_IGNORE_ENABLE))
		return true;
	return t->kind == TAP_BOOT_ACTION &&
	       !strcmp(trace_event_name(call), "print");
}

static void __init boot_try_events(struct boot_try *t, struct trace_array *tr,
				   const struct boot_entry *b)
{
	struct trace_tap_target target = { .tr = tr };
	struct trace_event_call *call;

	list_for_each_entry(target.file, &tr->events, list) {
		call = target.file->event_call;
		if (has_file(t, target.file) &&
		    !strcmp(trace_event_name(call), b->event) &&
		    (!b->system || !strcmp(call->class->system, b->system)))
			boot_try(t, &target);
	}
}

static void __init boot_try_systems(struct boot_try *t, struct trace_array *tr,
				    const struct boot_entry *b)
{
	struct trace_tap_target target = { .tr = tr };
	struct trace_subsystem_dir *dir;

	/* The events of ftrace have no such files */
	list_for_each_entry(dir, &tr->systems, list) {
		target.dir = dir;
		if ((!b->system || !strcmp(dir->subsystem->name, b->system)) &&
		    strcmp(dir->subsystem->name, "ftrace"))
			boot_try(t, &target);
	}
}

static int __init boot_set_programs(enum trace_tap_boot_kind kind,
				    struct trace_array *tr,
				    const struct boot_entry *b,
				    struct tap_error *e)
{
	const struct trace_tap_target all = { .tr = tr };
	struct boot_try t = { .kind = kind, .text = b->text };

	guard(mutex)(&event_mutex);
	if (b->event) {
		boot_try_events(&t, tr, b);
	} else {
		trace_event_need_systems(tr);
		if (!b->system && kind == TAP_BOOT_ACTION)
			boot_try(&t, &all);
		else
			boot_try_systems(&t, tr, b);
	}
	if (!t.found)
		return trace_tap_error(e, -ENOENT, TAP_ERR_NO_EVENT, 0);
	if (t.taken)
		return 0;
	*e = t.e;
	e->pos += b->text - b->line;
	return e->err;
}

static int __init boot_set_line(enum trace_tap_boot_kind kind,
				struct trace_array *tr, struct boot_entry *b,
				struct tap_error *e)
{
	char *copy, *line;
	int err;

	copy = kstrdup(b->text, GFP_KERNEL);
	if (!copy)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	line = strim(copy);
	err = kind == TAP_BOOT_TIMER ? trace_tap_timer_new(line, e) :
				       trace_tap_table_line(tr, line, e);
	if (err)
		e->pos += line - copy + (b->text - b->line);
	kfree(copy);
	return err;
}

/* On error, the position counts from the start of the line. */
static int __init boot_set(enum trace_tap_boot_kind kind, struct boot_entry *b,
			   struct tap_error *e)
{
	struct trace_array *tr;
	int err;

	if (!b->text && boot_parse(kind, b, e))
		return e->err;
	tr = boot_instance(b);
	if (!tr)
		return trace_tap_error(e, -ENOENT, TAP_ERR_NO_INSTANCE, 0);
	if (kind == TAP_BOOT_TIMER || kind == TAP_BOOT_TABLE)
		err = boot_set_line(kind, tr, b, e);
	else
		err = boot_set_programs(kind, tr, b, e);
	trace_array_put(tr);
	return err;
}

/* ------------------------------------------------------------------- errors */

/* What it names may come to be later. */
static bool __init boot_may_come(const struct boot_entry *b,
				 const struct tap_error *e)
{
	if (!b->text)
		return false;
	switch (e->code) {
	case TAP_ERR_NO_EVENT:
	case TAP_ERR_NO_INSTANCE:
	case TAP_ERR_NO_TABLE:
	case TAP_ERR_NO_NAMES:
	case TAP_ERR_UNKNOWN_FUNCTION:
		return true;
	default:
		return false;
	}
}

/* The line that is wrong, or, if it is long, what is around that. */
static void __init boot_report(const struct boot_entry *b,
			       const struct tap_error *e)
{
	const char *end, *start, *at = b->line + min_t(size_t, e->pos,
						       strlen(b->line));
	char shown[BOOT_SHOWN + 1], nr[24] = "";
	unsigned int lines = 1;

	if (!e->code) {
		pr_err("%s: error: %pe\n  %.*s\n", b->what, ERR_PTR(e->err),
		       min_t(int, strcspn(b->line, "\n"), BOOT_SHOWN), b->line);
		return;
	}
	for (start = end = b->line; end < at; end++) {
		if (*end == '\n') {
			start = end + 1;
			lines++;
		}
	}
	if (lines > 1)
		snprintf(nr, sizeof(nr), "line %u: ", lines);
	if (at - start > BOOT_SHOWN / 2)
		start = at - BOOT_SHOWN / 2;
	strscpy(shown, start);
	*strchrnul(shown, '\n') = 0;
	/* Columns are counted in bytes */
	strreplace(shown, '\t', ' ');
	pr_err("%s: %serror: %s%s%s\n  %s\n  %*s\n", b->what, nr,
	       trace_tap_err_text[e->code], e->detail[0] ? ": " : "",
	       e->detail, shown, (int)(at - start) + 1, "^");
}

static void __init boot_free(struct boot_entry *b)
{
	list_del(&b->node);
	kfree(b->instance);
	kfree(b->system);
	kfree(b->event);
	/* What memblock_alloc() gave is less than could be given back */
	if (!b->is_param) {
		kfree(b->what);
		kfree(b);
	}
}

/* Returns whether it is done with; if @last, it is in any case. */
static bool __init boot_one(enum trace_tap_boot_kind kind,
			    struct boot_entry *b, bool last)
{
	struct tap_error e = {};

	if (boot_set(kind, b, &e)) {
		if (boot_may_come(b, &e) && !last)
			return false;
		boot_report(b, &e);
	}
	boot_free(b);
	return true;
}

/* ------------------------------------------------------------------- stages */

/* What one entry makes, another may be waiting for. */
static void __init boot_run(bool last)
{
	struct boot_entry *b, *next;
	unsigned int kind;
	bool any;

	do {
		any = false;
		kind = boot_has_timers ? TAP_BOOT_TIMER : TAP_BOOT_TIMER + 1;
		for (; kind < TAP_BOOT_NR_KINDS; kind++) {
			list_for_each_entry_safe(b, next, &boot_entries[kind],
						 node)
				any |= boot_one(kind, b, false);
		}
	} while (any);
	if (!last)
		return;
	for (kind = 0; kind < TAP_BOOT_NR_KINDS; kind++) {
		list_for_each_entry_safe(b, next, &boot_entries[kind], node)
			boot_one(kind, b, true);
	}
}

/**
 * trace_tap_boot_start - set what can be set now
 *
 * Called when an instance has its events, before any of them is enabled. May
 * sleep.
 */
void __init trace_tap_boot_start(void)
{
	boot_run(false);
}

/**
 * trace_tap_boot_add - set what a boot configuration has
 * @kind: what it is; actions may be programs of filters
 * @key: for messages
 * @place: where
 * @text: a value; it stays until initcalls are done
 *
 * Called in initcalls. May sleep.
 */
void __init trace_tap_boot_add(enum trace_tap_boot_kind kind, const char *key,
			       const struct trace_tap_boot_place *place,
			       const char *text)
{
	const struct trace_array *tr = place->tr;
	struct boot_entry *b;

	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		goto nomem;
	INIT_LIST_HEAD(&b->node);
	b->line = text;
	b->text = text;
	b->what = kstrdup(key, GFP_KERNEL);
	b->instance = kstrdup(tr ? tr->name : NULL, GFP_KERNEL);
	b->system = kstrdup(place->system, GFP_KERNEL);
	b->event = kstrdup(place->event, GFP_KERNEL);
	if (!b->what || (tr && tr->name && !b->instance) ||
	    (place->system && !b->system) || (place->event && !b->event)) {
		boot_free(b);
		goto nomem;
	}
	if (kind == TAP_BOOT_ACTION && trace_tap_is_kind(text, TAP_FILTER))
		kind = TAP_BOOT_FILTER;
	list_add_tail(&b->node, &boot_entries[kind]);
	boot_one(kind, b, false);
	return;
nomem:
	pr_err("%s: no memory\n", key);
}

static int __init boot_core(void)
{
	boot_has_timers = true;
	/* What programs asked for when there were no interrupts for it */
	trace_tap_tables_catch_up();
	boot_run(false);
	return 0;
}
core_initcall_sync(boot_core);

static int __init boot_again(void)
{
	boot_run(false);
	return 0;
}
postcore_initcall(boot_again);
rootfs_initcall(boot_again);

/* Behind trace_eval_sync(), which is of the same level */
static int __init boot_last(void)
{
	boot_run(true);
	return 0;
}
late_initcall_sync(boot_last);
