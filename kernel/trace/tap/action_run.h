/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what the files that make records call to run actions.
 *
 *	__trace_trigger_soft_disabled()	trace_tap_run_early()
 *	trace_event_buffer_reserve()	trace_tap_reserve_built()
 *	trace_event_buffer_commit()	trace_tap_actions_run()
 *					trace_tap_built_release()
 *	tracing_mark_write()		trace_tap_actions_run_marker()
 *	function.c			trace_tap_actions_run_entry()
 *
 * Actions run while tracing of their instance is on, on the CPUs that are
 * traced, and for the threads that set_event_pid names: the callers test the
 * threads, here is the rest.
 */
#ifndef _TRACE_TAP_ACTION_RUN_H
#define _TRACE_TAP_ACTION_RUN_H

#include "../trace.h"

#ifdef CONFIG_TRACE_TAP

#include "action.h"
#include "table.h"

/* trace_event_buffer.trace_ctx of a record whose common fields are not set. */
#define TRACE_TAP_NO_CTX	UINT_MAX

void *trace_tap_reserve_built(struct trace_event_buffer *fbuffer,
			      struct trace_event_file *file, unsigned long len);

void trace_tap_actions_run_early(struct trace_event_file *file,
				 const struct trace_tap_actions *actions,
				 unsigned long ip);
bool trace_tap_actions_run(const struct trace_event_buffer *fbuffer,
			   const struct trace_tap_actions *actions,
			   unsigned long ip);
void trace_tap_actions_run_marker(struct trace_event_file *file,
				  struct trace_buffer *buffer, const void *rec,
				  unsigned int len, unsigned long ip);
bool trace_tap_actions_run_entry(struct trace_event_file *file,
				 const struct trace_tap_actions *actions,
				 const struct ftrace_entry *rec,
				 const struct trace_tap_call *call);
bool trace_tap_item_run(const struct trace_tap_item *item,
			struct trace_event_file *file, const void *rec,
			unsigned int len);

/**
 * trace_tap_may_run - do the actions of an instance run here and now?
 * @tr: the instance
 *
 * buffer_disabled mirrors tracing_on, and is set as long as the instance is
 * dumped. Preemption is off.
 */
static __always_inline bool trace_tap_may_run(const struct trace_array *tr)
{
	return likely(!READ_ONCE(tr->buffer_disabled)) &&
	       likely(cpumask_test_cpu(raw_smp_processor_id(),
				       tr->tracing_cpumask));
}

/**
 * struct trace_tap_slot - where a record is built that actions look at
 * @room: bytes of the longest record
 * @event: as in a ring buffer, with the length of the record in array[0]
 */
struct trace_tap_slot {
	unsigned long			room;
	struct ring_buffer_event	event;
};

/* Bytes of a slot; those of a CPU follow one another, see action_run.c. */
#define TRACE_TAP_SLOT		4096

/* Address of the next free one. */
DECLARE_PER_CPU(unsigned long, trace_tap_slot);

/**
 * trace_tap_try_reserve - reserve room for a record that actions look at
 * @fbuffer: state, for trace_event_buffer_commit()
 * @file: the event, which has such actions
 * @len: bytes of the record
 *
 * Return: where to build the record, with preemption disabled, until
 * trace_tap_built_release(); or NULL.
 */
static __always_inline void *
trace_tap_try_reserve(struct trace_event_buffer *fbuffer,
		      struct trace_event_file *file, unsigned long len)
{
	struct trace_tap_slot *slot;

	preempt_disable_notrace();
	slot = (struct trace_tap_slot *)__this_cpu_read(trace_tap_slot);
	if (likely(len <= slot->room && trace_tap_may_run(file->tr))) {
		/* What interrupts takes the next one, and gives it back */
		__this_cpu_add(trace_tap_slot, TRACE_TAP_SLOT);
		barrier();
		slot->event.array[0] = len;
		fbuffer->buffer = TRACE_TAP_BUILT;
		fbuffer->event = &slot->event;
		fbuffer->trace_file = file;
		fbuffer->trace_ctx = TRACE_TAP_NO_CTX;
		fbuffer->regs = NULL;
		fbuffer->entry = &slot->event.array[1];
		return fbuffer->entry;
	}
	preempt_enable_notrace();
	return NULL;
}

/**
 * trace_tap_built_release - give back what was reserved
 */
static __always_inline void trace_tap_built_release(void)
{
	barrier();
	__this_cpu_sub(trace_tap_slot, TRACE_TAP_SLOT);
	preempt_enable_notrace();
}

/**
 * trace_tap_run_simple - run the only action that needs the record
 * @item: trace_tap_actions.simple
 * @fbuffer: the record
 */
static __always_inline void
trace_tap_run_simple(const struct trace_tap_item *item,
		     const struct trace_event_buffer *fbuffer)
{
	this_cpu_inc(item->stats->runs);
	if (trace_tap_exec(item->image, fbuffer->entry,
			   fbuffer->event->array[0]))
		this_cpu_inc(item->stats->matches);
}

/**
 * trace_tap_run_early - run the actions of an event that need no record
 * @file: the event
 * @ip: an address in the function that called the tracing code
 *
 * Context: any; in a probe.
 */
static __always_inline void trace_tap_run_early(struct trace_event_file *file,
						unsigned long ip)
{
	const struct trace_tap_actions *actions;
	const struct trace_tap_item *item;

	/* A uprobe is preemptible until there is a record */
	preempt_disable_notrace();
	actions = rcu_dereference_sched(file->actions);
	if (likely(actions && trace_tap_may_run(file->tr))) {
		if (likely(actions->plain)) {
			item = actions->items;
			this_cpu_inc(item->stats->runs);
			if (trace_tap_exec_early(item->image))
				this_cpu_inc(item->stats->matches);
		} else {
			trace_tap_actions_run_early(file, actions, ip);
		}
	}
	preempt_enable_notrace();
}

#else /* CONFIG_TRACE_TAP */

#define TRACE_TAP_NO_CTX	UINT_MAX

static inline void trace_tap_run_early(struct trace_event_file *file,
				       unsigned long ip)
{
}

static inline void *
trace_tap_try_reserve(struct trace_event_buffer *fbuffer,
		      struct trace_event_file *file, unsigned long len)
{
	return NULL;
}

static inline void *
trace_tap_reserve_built(struct trace_event_buffer *fbuffer,
			struct trace_event_file *file, unsigned long len)
{
	return NULL;
}

static inline void trace_tap_built_release(void)
{
}

static inline void
trace_tap_actions_run_marker(struct trace_event_file *file,
			     struct trace_buffer *buffer, const void *rec,
			     unsigned int len, unsigned long ip)
{
}

static inline int trace_tap_tables_init(struct trace_array *tr,
					struct dentry *parent)
{
	return 0;
}

static inline void trace_tap_tables_free(struct trace_array *tr)
{
}

static inline void trace_tap_tables_dump(struct trace_array *tr)
{
}

#endif /* CONFIG_TRACE_TAP */

#endif /* _TRACE_TAP_ACTION_RUN_H */
