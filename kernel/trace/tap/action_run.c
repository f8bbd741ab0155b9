// SPDX-License-Identifier: GPL-2.0
/*
 * tap: running the actions of an event.
 *
 * In: an event that fires, and its record if some action needs that. Out: what
 * the programs do; and whether one of them wants the record to be kept.
 *
 * What is needed for that is memory of each CPU, allocated when the first
 * program that needs it is set up, and kept for good:
 *
 *	records		where records are built that only actions may look at
 *	scratch		where programs put what eBPF's own stack has no room for
 *
 * Both are stacks: what interrupts uses the next level. Where there is none, or
 * it is too small, nothing runs, and that is counted.
 *
 * Context: any, NMI included; preemption is off. Plain read-modify-write on data
 * of the CPU is safe where what interrupts leaves it as it was.
 */
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/ring_buffer.h>

#include "../trace.h"
#include "action_run.h"

/* A task, a soft and a hard interrupt, an NMI. */
#define RECORD_LEVELS	4

/* Programs nest as those, and in one of these by the events that they fire. */
#define SCRATCH_LEVELS	8

/**
 * struct records - where one CPU builds records
 * @slot: by nesting
 * @end: the one behind the last, without room
 */
struct records {
	u8			slot[RECORD_LEVELS][TRACE_TAP_SLOT] __aligned(8);
	struct trace_tap_slot	end;
};

/**
 * struct scratch - memory that programs on one CPU use
 * @level: by nesting
 */
struct scratch {
	u8	level[SCRATCH_LEVELS][TAP_SCRATCH] __aligned(8);
};

/* Set once, under memory_mutex, before any event can need it. */
static struct records __percpu *records;
static struct trace_tap_slot no_slot;
static struct scratch __percpu *scratch;
static DEFINE_MUTEX(memory_mutex);

DEFINE_PER_CPU(unsigned long, trace_tap_slot) = (unsigned long)&no_slot;
static DEFINE_PER_CPU(unsigned int, scratch_level);

static int records_alloc(void)
{
	struct trace_tap_slot *slot;
	unsigned int cpu, i;

	records = alloc_percpu(struct records);
	if (!records)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		for (i = 0; i < RECORD_LEVELS; i++) {
			slot = (void *)per_cpu_ptr(records, cpu)->slot[i];
			slot->room = TRACE_TAP_SLOT -
				     struct_size(slot, event.array, 1);
		}
		slot = (void *)per_cpu_ptr(records, cpu)->slot[0];
		/* No action is there yet that would look at it */
		per_cpu(trace_tap_slot, cpu) = (unsigned long)slot;
	}
	return 0;
}

/**
 * trace_tap_run_prepare - have the memory that a program needs when it runs
 * @image: the program
 * @early: it runs without a record
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_run_prepare(const struct trace_tap_image *image, bool early)
{
	guard(mutex)(&memory_mutex);
	if (image->scratch && !scratch) {
		scratch = alloc_percpu(struct scratch);
		if (!scratch)
			return -ENOMEM;
	}
	if (!early && !records)
		return records_alloc();
	return 0;
}

/* ------------------------------------------------------------- the record */

static void count_drops(struct trace_event_file *file)
{
	const struct trace_tap_actions *actions;
	unsigned int i;

	actions = rcu_dereference_sched(file->actions);
	if (!actions)
		return;
	for (i = actions->nr_early; i < actions->nr; i++)
		this_cpu_inc(actions->items[i].stats->drops);
}

/**
 * trace_tap_reserve_built - reserve room for a record that actions look at
 * @fbuffer: state, for trace_event_buffer_commit()
 * @file: the event, which has such actions
 * @len: bytes of the record
 *
 * Return: where to build the record, with preemption disabled, until
 * trace_tap_built_release(); or NULL if no action is to run, which is a drop
 * if one should.
 */
void *trace_tap_reserve_built(struct trace_event_buffer *fbuffer,
			      struct trace_event_file *file, unsigned long len)
{
	void *entry = trace_tap_try_reserve(fbuffer, file, len);

	if (likely(entry))
		return entry;
	preempt_disable_notrace();
	if (trace_tap_may_run(file->tr))
		count_drops(file);
	preempt_enable_notrace();
	return NULL;
}

/* ---------------------------------------------------------------- running */

static __always_inline u32 run_image(const struct trace_tap_image *image,
				     struct trace_tap_run *run)
{
	if (!image->needs_ctx)
		return trace_tap_exec_early(image);
	return bpf_dispatcher_nop_func(&run->ctx, READ_ONCE(image->insns),
				       READ_ONCE(image->func));
}

static __always_inline void run_counted(const struct trace_tap_item *item,
					struct trace_tap_run *run)
{
	this_cpu_inc(item->stats->runs);
	if (run_image(item->image, run))
		this_cpu_inc(item->stats->matches);
}

static noinline void run_scratch(const struct trace_tap_item *item,
				 struct trace_tap_run *run)
{
	unsigned int level = __this_cpu_read(scratch_level);

	if (unlikely(level >= SCRATCH_LEVELS)) {
		this_cpu_inc(item->stats->drops);
		return;
	}
	__this_cpu_write(scratch_level, level + 1);
	barrier();
	run->ctx.scratch = this_cpu_ptr(scratch)->level[level];
	run_counted(item, run);
	barrier();
	__this_cpu_write(scratch_level, level);
}

/* A program that could fire its own event does not run within itself. */
static noinline void run_guarded(const struct trace_tap_item *item,
				 struct trace_tap_run *run)
{
	struct trace_tap_action_stats *stats = this_cpu_ptr(item->stats);
	unsigned int bit = 1U << interrupt_context_level();

	if (unlikely(stats->busy & bit)) {
		this_cpu_inc(item->stats->skipped);
		return;
	}
	stats->busy |= bit;
	barrier();
	if (unlikely(item->image->scratch))
		run_scratch(item, run);
	else
		run_counted(item, run);
	barrier();
	stats->busy &= ~bit;
}

static __always_inline void run_items(const struct trace_tap_item *item,
				      const struct trace_tap_item *end,
				      struct trace_tap_run *run)
{
	for (; item < end; item++) {
		run->item = item;
		if (item->image->guarded)
			run_guarded(item, run);
		else
			run_counted(item, run);
	}
}

/**
 * trace_tap_actions_run_early - run the actions that need no record
 * @file: the event
 * @actions: its actions
 * @ip: an address in the function that called the tracing code
 */
void trace_tap_actions_run_early(struct trace_event_file *file,
				 const struct trace_tap_actions *actions,
				 unsigned long ip)
{
	struct trace_tap_run run __uninitialized;

	run.ctx.rec = NULL;
	run.ctx.len = 0;
	run.file = file;
	run.regs = NULL;
	run.ip = ip;
	run.call = NULL;
	run.keep = false;
	run_items(actions->items, actions->items + actions->nr_early, &run);
}

/* Runs actions on a record; true if one wants it to be kept. */
static __always_inline bool
run_on_record(struct trace_event_file *file, const struct trace_tap_item *item,
	      const struct trace_tap_item *end, const void *rec,
	      unsigned int len, struct pt_regs *regs, unsigned long ip)
{
	struct trace_tap_run run __uninitialized;

	run.ctx.rec = rec;
	run.ctx.len = len;
	run.file = file;
	run.regs = regs;
	run.ip = ip;
	run.call = NULL;
	run.keep = false;
	run_items(item, end, &run);
	return run.keep;
}

/**
 * trace_tap_actions_run - run the actions that need the record
 * @fbuffer: the record, with the common fields that @actions says
 * @actions: the event's actions
 * @ip: an address in the function that called the tracing code
 *
 * Return: true if an action wants the record to be kept.
 */
bool trace_tap_actions_run(const struct trace_event_buffer *fbuffer,
			   const struct trace_tap_actions *actions,
			   unsigned long ip)
{
	return run_on_record(fbuffer->trace_file,
			     actions->items + actions->nr_early,
			     actions->items + actions->nr, fbuffer->entry,
			     fbuffer->event->array[0], fbuffer->regs, ip);
}

/**
 * trace_tap_item_run - run an action, whether or not tracing is on
 * @item: the action
 * @file: its event
 * @rec: a record of that, with all common fields
 * @len: bytes of it
 *
 * Context: a task, preemption off. Stacks begin at the caller's caller.
 *
 * Return: true if the action wants the record to be kept.
 */
noinline bool trace_tap_item_run(const struct trace_tap_item *item,
				 struct trace_event_file *file, const void *rec,
				 unsigned int len)
{
	return run_on_record(file, item, item + 1, rec, len, NULL, _RET_IP_);
}

/**
 * trace_tap_actions_run_marker - run the actions of ftrace:print
 * @file: that event, in an instance
 * @buffer: where its record is reserved
 * @rec: the record
 * @len: bytes of it
 * @ip: an address in the function that called the tracing code
 *
 * Between reserve and commit.
 */
void trace_tap_actions_run_marker(struct trace_event_file *file,
				  struct trace_buffer *buffer, const void *rec,
				  unsigned int len, unsigned long ip)
{
	const struct trace_tap_actions *actions;

	if (file->flags & EVENT_FILE_FL_PID_FILTER &&
	    trace_event_ignore_this_pid(file))
		return;
	actions = rcu_dereference_sched(file->actions);
	if (!actions || !trace_tap_may_run(file->tr))
		return;
	/* Actions may print, too */
	ring_buffer_nest_start(buffer);
	run_on_record(file, actions->items + actions->nr_early,
		      actions->items + actions->nr, rec, len, NULL, ip);
	ring_buffer_nest_end(buffer);
}

/**
 * trace_tap_actions_run_entry - run the actions of ftrace:function
 * @file: that event, in an instance
 * @actions: its actions
 * @rec: the record, with the common fields that @actions says
 * @call: the function
 *
 * Return: true if an action wants the record to be kept.
 */
bool trace_tap_actions_run_entry(struct trace_event_file *file,
				 const struct trace_tap_actions *actions,
				 const struct ftrace_entry *rec,
				 const struct trace_tap_call *call)
{
	struct trace_tap_run run __uninitialized;

	run.ctx.rec = rec;
	run.ctx.len = sizeof(*rec);
	run.file = file;
	run.regs = NULL;
	run.ip = call->ip;
	run.call = call;
	run.keep = false;
	run_items(actions->items, actions->items + actions->nr, &run);
	return run.keep;
}
