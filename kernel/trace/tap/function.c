// SPDX-License-Identifier: GPL-2.0
/*
 * tap: actions at the entry of functions: the event ftrace:function.
 *
 *	echo 'vfs_*' > set_ftrace_filter
 *	echo '@[ksym(ip)] = count()' > events/ftrace/function/action
 *
 * In: a function that is entered, one of those that the instance's
 * set_ftrace_filter and set_ftrace_notrace select, in a thread that
 * set_ftrace_pid and set_ftrace_notrace_pid select. Out: what the programs do.
 * Nothing else is needed: the instance's current tracer may be any, or none.
 *
 * As long as the event has actions, it has an ops of its own, which uses the
 * filters of the instance's function tracing:
 *
 *	first action	trace_tap_function_start()	register_ftrace_function()
 *	each function	function_entered()
 *	last one gone	trace_tap_function_stop()	unregister_...(), free
 *
 * What is called here must not be traced, or would be counted as if somebody
 * else had called it. Most of it is not, the rest (walking stacks, reading what
 * pointers point to, printing) runs with a mark on the CPU, see run_marked().
 */
#include <linux/context_tracking_state.h>
#include <linux/ftrace.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/trace_recursion.h>

#include "../trace.h"
#include "action_run.h"
#include "function.h"

/**
 * struct trace_tap_function - what has functions run an event's actions
 * @ops: its private is the instance, for set_ftrace_pid
 * @file: the event, ftrace:function in an instance
 */
struct trace_tap_function {
	struct ftrace_ops	ops;
	struct trace_event_file	*file;
};

/* Stands in for one that is gone: it has no actions. */
static struct trace_event_file no_file;

/*
 * Something runs on this CPU that may call functions that are traced: a bit for
 * each context, see interrupt_context_level().
 */
static DEFINE_PER_CPU(u8, function_marks);

static __always_inline bool is_watched(void)
{
#ifdef CONFIG_CONTEXT_TRACKING_IDLE
	return ct_rcu_watching() & CT_RCU_WATCHING;
#else
	return rcu_is_watching();
#endif
}

/*
 * The first functions of an interrupt do not look like one yet. They are skipped,
 * too, if it interrupts what is marked.
 *
 * Nothing stops recursion here: no function may be called that can be traced, as
 * those are that lockdep has for RCU.
 */
static noinline bool is_own(const struct trace_tap_function *function)
{
	const struct trace_tap_actions *actions;
	unsigned int i;
	bool own;

	preempt_disable_notrace();
	own = raw_cpu_read(function_marks) & BIT(interrupt_context_level());
	if (own) {
		/* Preemption is off, and RCU watches: who made the mark asked */
		actions = rcu_dereference_raw(READ_ONCE(function->file)->actions);
		for (i = 0; actions && i < actions->nr; i++)
			this_cpu_inc(actions->items[i].stats->skipped);
	}
	preempt_enable_notrace();
	return own;
}

/* All that is not a single program which needs no more than the fields. */
static noinline void run_marked(struct trace_event_file *file,
				const struct trace_tap_actions *actions,
				struct ftrace_entry *rec)
{
	struct trace_tap_call call = {
		.ip		= rec->ip,
		.parent_ip	= rec->parent_ip,
		.frame		= __builtin_frame_address(0),
	};
	u8 marks = __this_cpu_read(function_marks);
	unsigned int trace_ctx;

	/* The lock on recursion has disabled preemption, as have probes */
	trace_ctx = tracing_gen_ctx_dec();
	if (actions->common)
		tracing_generic_entry_update(&rec->ent, TRACE_FN, trace_ctx);
	__this_cpu_write(function_marks,
			 marks | BIT(interrupt_context_level()));
	barrier();
	if (trace_tap_actions_run_entry(file, actions, rec, &call))
		trace_function(file->tr, rec->ip, rec->parent_ip, trace_ctx);
	barrier();
	__this_cpu_write(function_marks, marks);
}

static __always_inline void
run_simple(const struct trace_tap_item *item, const struct ftrace_entry *rec)
{
	this_cpu_inc(item->stats->runs);
	if (trace_tap_exec(item->image, rec, sizeof(*rec)))
		this_cpu_inc(item->stats->matches);
}

static __always_inline void
entered(const struct trace_tap_function *function, unsigned long ip,
	unsigned long parent_ip)
{
	struct trace_event_file *file = READ_ONCE(function->file);
	struct ftrace_entry rec __uninitialized;
	const struct trace_tap_actions *actions;

	/* From here to the end of the grace period that frees actions */
	if (unlikely(!is_watched()))
		return;
	actions = rcu_dereference_sched(file->actions);
	if (unlikely(!actions || !trace_tap_may_run(file->tr)))
		return;
	rec.ip = ip;
	rec.parent_ip = parent_ip;
	if (likely(actions->simple))
		run_simple(actions->simple, &rec);
	else
		run_marked(file, actions, &rec);
}

/* Context: any; whatever calls a function that can be traced. */
static void function_entered(unsigned long ip, unsigned long parent_ip,
			     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct trace_tap_function *function;
	int bit;

	function = container_of(ops, struct trace_tap_function, ops);
	/* Preemption is off wherever there is a mark */
	if (unlikely(raw_cpu_read(function_marks)) && is_own(function))
		return;
	bit = ftrace_test_recursion_trylock(ip, parent_ip);
	if (bit < 0)
		return;
	entered(function, ip, parent_ip);
	ftrace_test_recursion_unlock(bit);
}

/**
 * trace_tap_function_start - have functions run the actions of ftrace:function
 * @file: that event, in an instance
 *
 * Which functions: those that the instance's filters select, at any time.
 *
 * Context: may sleep. Caller holds event_mutex. Takes ftrace_lock.
 *
 * Return: what to give to trace_tap_function_stop(), or an ERR_PTR().
 */
struct trace_tap_function *
trace_tap_function_start(struct trace_event_file *file)
{
	struct trace_tap_function *function;
	struct trace_array *tr = file->tr;
	int err;

	if (!tr->ops)
		return ERR_PTR(-ENODEV);
	function = kzalloc(sizeof(*function), GFP_KERNEL);
	if (!function)
		return ERR_PTR(-ENOMEM);
	function->file = file;
	function->ops.func = function_entered;
	function->ops.flags = FTRACE_OPS_FL_PID;
	function->ops.private = tr;
	ftrace_ops_share_filter(&function->ops, tr->ops);
	/* For the names of threads beside what is printed */
	tracing_start_cmdline_record();
	err = register_ftrace_function(&function->ops);
	if (err) {
		tracing_stop_cmdline_record();
		kfree(function);
		return ERR_PTR(err);
	}
	return function;
}

/**
 * trace_tap_function_stop - have functions run nothing any more
 * @function: from trace_tap_function_start(); freed
 *
 * Context: as trace_tap_function_start().
 */
void trace_tap_function_stop(struct trace_tap_function *function)
{
	int err = unregister_ftrace_function(&function->ops);

	tracing_stop_cmdline_record();
	if (!err) {
		kfree(function);
		return;
	}
	/*
	 * Only if ftrace has disabled itself. Functions may call this for ever,
	 * so it stays, but the instance may go.
	 */
	WRITE_ONCE(function->file, &no_file);
	WRITE_ONCE(function->ops.private, NULL);
	ftrace_ops_unshare_filter(&function->ops);
}
