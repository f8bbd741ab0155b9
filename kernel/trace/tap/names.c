// SPDX-License-Identifier: GPL-2.0
/*
 * tap: names that a table shows instead of the numbers it holds.
 *
 *	u64.probe	1		sched:sched_switch
 *	u64.syscall	0		read
 *	u64.enum(vec)	1		TIMER
 *
 * In: a number, from any context. Out: a string that stays. The numbers of
 * events are given out here; those of system calls and enums are the kernel's.
 */
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <linux/trace_events.h>
#include <linux/xarray.h>

#include "../trace.h"
#include "table.h"

#define PROBE_MAX	65536

/**
 * struct probe_name - the name of an event, never freed
 * @node: in probe_hash
 * @id: its number, the index in probe_names
 * @name: "system:event"
 */
struct probe_name {
	struct hlist_node	node;
	u32			id;
	char			name[];
};

/* Protects probe_hash, and probe_names against other writers. */
static DEFINE_MUTEX(probe_mutex);
static DEFINE_HASHTABLE(probe_hash, 6);
static DEFINE_XARRAY_ALLOC1(probe_names);

static struct probe_name *probe_find(const char *name, unsigned int hash)
{
	struct probe_name *probe;

	hash_for_each_possible(probe_hash, probe, node, hash) {
		if (!strcmp(probe->name, name))
			return probe;
	}
	return NULL;
}

/**
 * trace_tap_probe_id - the number that stands for the name of an event
 * @system: the event's system
 * @event: the event's name
 *
 * May sleep. The same event always has the same number.
 *
 * Return: the number, from 1; 0 if there is no memory or there are too many
 * names.
 */
u32 trace_tap_probe_id(const char *system, const char *event)
{
	size_t len = strlen(system) + 1 + strlen(event);
	struct probe_name *probe, *have;
	unsigned int hash;

	probe = kmalloc(struct_size(probe, name, len + 1), GFP_KERNEL);
	if (!probe)
		return 0;
	snprintf(probe->name, len + 1, "%s:%s", system, event);
	hash = full_name_hash(NULL, probe->name, len);

	guard(mutex)(&probe_mutex);
	have = probe_find(probe->name, hash);
	if (have) {
		kfree(probe);
		return have->id;
	}
	/* Complete before anyone can load it */
	if (xa_alloc(&probe_names, &probe->id, probe,
		     XA_LIMIT(1, PROBE_MAX), GFP_KERNEL)) {
		kfree(probe);
		return 0;
	}
	hash_add(probe_hash, &probe->node, hash);
	return probe->id;
}

/**
 * trace_tap_probe_name - the name of an event by its number
 * @id: from trace_tap_probe_id(), or any other number
 *
 * Any context.
 *
 * Return: "system:event", or "?" if no event has this number.
 */
const char *trace_tap_probe_name(u32 id)
{
	const struct probe_name *probe = id ? xa_load(&probe_names, id) : NULL;

	return probe ? probe->name : "?";
}

/**
 * trace_tap_syscall_name - the name of a system call
 * @nr: its number on this architecture
 *
 * Any context.
 *
 * Return: "read", or NULL if the kernel does not know.
 */
const char *trace_tap_syscall_name(u64 nr)
{
	const char *name, *p;

	if (nr > INT_MAX)
		return NULL;
	name = get_syscall_name(nr);
	if (!name)
		return NULL;
	p = strstr(name, "sys_");
	return p && p[4] ? p + 4 : name;
}

/**
 * trace_tap_event_names - the names that an event's format has for a field
 * @call: the event
 * @field: the field
 * @arena: where they go
 *
 * May sleep. The caller sees to it that @call stays.
 *
 * Return: the names, or NULL if there are none, or, @arena->failed, no memory.
 */
const struct tap_names *trace_tap_event_names(struct trace_event_call *call,
					      const char *field,
					      struct tap_arena *arena)
{
	/* Early in boot the format has constants that are not numbers yet */
	if (!call->print_fmt || !READ_ONCE(trace_evals_done))
		return NULL;
	return trace_tap_names_parse(arena, call->print_fmt, field);
}
