// SPDX-License-Identifier: GPL-2.0
/*
 * tap: what the names in a text mean, asked from the kernel.
 *
 * In: a trace event. Out: a struct tap_scope for it, through which the pure
 * stages see fields, enum constants, functions and CPUs:
 *
 *	struct trace_tap_event event;
 *
 *	trace_tap_event_init(&event, call, NULL);
 *	prog = trace_tap_translate(text, &event.scope, false, &error);
 */
#include <linux/cpumask.h>
#include <linux/kallsyms.h>
#include <linux/trace_events.h>

#include "../trace.h"
#include "prog.h"

static enum tap_type field_type(const struct ftrace_event_field *field)
{
	switch (field->filter_type) {
	case FILTER_STATIC_STRING:
		return TAP_ARRAY;
	case FILTER_DYN_STRING:
		return TAP_LOC;
	case FILTER_RDYN_STRING:
		return TAP_REL;
	case FILTER_PTR_STRING:
		return TAP_PTR;
	case FILTER_CPUMASK:
		return TAP_MASK;
	case FILTER_COMM:
		return TAP_COMM;
	default:
		break;
	}
	switch (field->size) {
	case 1:
	case 2:
	case 4:
	case 8:
		return TAP_INT;
	default:
		return TAP_ODD;
	}
}

static bool scope_field(void *data, const char *name, struct tap_field *f)
{
	struct trace_tap_event *event = data;
	const struct ftrace_event_field *field;

	field = trace_find_event_field(event->call, (char *)name);
	if (!field)
		return false;
	f->is_cpu = field->filter_type == FILTER_CPU;
	f->no_cpus = field->filter_type == FILTER_STACKTRACE ||
		     field->filter_type == FILTER_TRACE_FN;
	f->is_signed = field->is_signed;
	if (f->is_cpu) {
		/* It has no bytes: "cpu.function" was never a predicate */
		f->type = TAP_INT;
		f->size = 0;
		return true;
	}
	/* No record is that large, nor eBPF's offsets; but nothing forbids it */
	if (field->offset < 0 || field->size < 0 ||
	    field->offset + field->size > S16_MAX) {
		f->type = TAP_ODD;
		return true;
	}
	f->type = field_type(field);
	f->offset = field->offset;
	f->size = field->size;
	/* Where strings of synthetic events are is in the first half of a field */
	if (f->type == TAP_LOC && f->size == sizeof(u64))
		f->size = sizeof(u32);
	return true;
}

static bool event_has_field(struct trace_event_call *call, const char *name)
{
	struct ftrace_event_field *field;

	list_for_each_entry(field, trace_get_fields(call), link) {
		if (!strcmp(field->name, name))
			return true;
	}
	return false;
}

static bool dir_has_field(struct trace_subsystem_dir *dir, const char *name)
{
	struct trace_event_file *file;

	list_for_each_entry(file, &dir->tr->events, list) {
		if (file->system == dir &&
		    event_has_field(file->event_call, name))
			return true;
	}
	return false;
}

/* Of all events that can be enabled. */
static bool any_has_field(struct trace_array *tr, const char *name)
{
	struct trace_event_file *file;

	list_for_each_entry(file, &tr->events, list) {
		if (!(file->event_call->flags & TRACE_EVENT_FL_IGNORE_ENABLE) &&
		    event_has_field(file->event_call, name))
			return true;
	}
	return false;
}

static bool below_has_field(struct trace_tap_event *event, const char *name)
{
	return event->is_all ? any_has_field(event->tr, name) :
			       dir_has_field(event->dir, name);
}

static bool scope_field_below(void *data, const char *name)
{
	struct trace_tap_event *event = data;
	int builtin;

	if (!event->dir && !event->is_all)
		return false;
	/* Asked for each name that might be a builtin, in each event */
	builtin = trace_tap_find_builtin(name);
	if (builtin < 0)
		return below_has_field(event, name);
	if (!event->below[builtin])
		event->below[builtin] = below_has_field(event, name) ? 1 : -1;
	return event->below[builtin] > 0;
}

static bool scope_enum_value(void *data, const char *name, s64 *value)
{
	struct trace_tap_event *event = data;
	unsigned long val;

	if (!trace_find_eval_value(event->call->class->system, name, &val))
		return false;
	*value = (long)val;
	return true;
}

static bool scope_function(void *data, const char *name, u64 *start, u64 *span)
{
	unsigned long ip = *start, size, offset;

	if (name)
		ip = kallsyms_lookup_name(name);
	if (!ip || !kallsyms_lookup_size_offset(ip, &size, &offset))
		return false;
	*start = ip - offset;
	*span = size;
	return true;
}

static const char *scope_field_nr(void *data, unsigned int nr)
{
	struct trace_tap_event *event = data;
	struct ftrace_event_field *field;

	/* The last one defined is the first of the list */
	list_for_each_entry_reverse(field, trace_get_fields(event->call), link) {
		if (!nr--)
			return field->name;
	}
	return NULL;
}

static const struct tap_names *scope_names(void *data, const char *name,
					   struct tap_arena *arena)
{
	struct trace_tap_event *event = data;

	if (!event->call->print_fmt)
		return NULL;
	return trace_tap_names_parse(arena, event->call->print_fmt, name);
}

static int scope_cpulist(void *data, const char *list, unsigned long *mask)
{
	return cpulist_parse(list, to_cpumask(mask));
}

/* Arguments of system calls, and whatever a uprobe sees. */
static bool has_user_pointers(struct trace_event_call *call)
{
	const char *system = call->class->system;

	return call->flags & TRACE_EVENT_FL_UPROBE ||
	       (system && (!strcmp(system, "syscalls") ||
			   !strcmp(system, "raw_syscalls")));
}

/**
 * trace_tap_event_init - describe an event to the translator
 * @event: out
 * @call: the event; for a subsystem trace_tap_event_set() sets it
 * @dir: the subsystem whose filter is written, or NULL
 *
 * Caller holds event_mutex if @dir is not NULL, and sees to it that @call stays
 * as long as @event is used.
 */
void trace_tap_event_init(struct trace_tap_event *event,
			  struct trace_event_call *call,
			  struct trace_subsystem_dir *dir)
{
	memset(event, 0, sizeof(*event));
	event->dir = dir;
	event->scope.event = event;
	event->scope.nr_cpus = nr_cpu_ids;
	event->scope.mask_words = cpumask_size() / sizeof(long);
	event->scope.field = scope_field;
	event->scope.field_below = scope_field_below;
	event->scope.enum_value = scope_enum_value;
	event->scope.function = scope_function;
	event->scope.cpulist = scope_cpulist;
	event->scope.field_nr = scope_field_nr;
	event->scope.names = scope_names;
	trace_tap_event_set(event, call);
}

/**
 * trace_tap_event_set - go on to the next event of a subsystem
 * @event: from trace_tap_event_init()
 * @call: the next event
 */
void trace_tap_event_set(struct trace_tap_event *event,
			 struct trace_event_call *call)
{
	event->call = call;
	event->scope.is_function = call && ftrace_event_is_function(call);
	event->scope.user_pointers = call && has_user_pointers(call);
}
