// SPDX-License-Identifier: GPL-2.0
/*
 * tap: timers: events that fire by the clock.
 *
 * In: lines "i:[GROUP/]NAME PERIOD [percpu]" of dynamic_events. Out: an event
 * for each, whose records say what was interrupted:
 *
 *	hz99: ip=clear_page_erms+0xb/0x10 user=0 overruns=0
 *
 * A timer runs as long as something uses its event: instances that have it
 * enabled, if only softly, and perf. One that fires on each CPU is started and
 * stopped by the CPUs themselves, when they come and go as well. The handler
 * runs in a hard interrupt on every kind of kernel, and takes no lock.
 */
#include <linux/cpuhotplug.h>
#include <linux/ctype.h>
#include <linux/hrtimer.h>
#include <linux/percpu.h>
#include <linux/perf_event.h>
#include <linux/ptrace.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include <asm/irq_regs.h>

#include "../trace_dynevent.h"
#include "../trace_output.h"
#include "timer.h"

/**
 * struct timer_entry - a record
 * @ent: common fields
 * @ip: the instruction that was interrupted
 * @overruns: periods since the last record that had none
 * @user: it was in user mode
 */
struct timer_entry {
	struct trace_entry	ent;
	unsigned long		ip;
	unsigned int		overruns;
	unsigned char		user;
};

/**
 * struct tick - a running timer; the one there is, or one of a CPU
 * @hrtimer: the timer
 * @owner: whose it is
 * @left_out: periods that the last firing took from the next, for the handler
 */
struct tick {
	struct hrtimer		hrtimer;
	struct tap_timer	*owner;
	u64			left_out;
};

/**
 * struct timer_user - an instance that has the event enabled
 * @node: in tap_timer.users, RCU
 * @file: its event
 */
struct timer_user {
	struct list_head	node;
	struct trace_event_file	*file;
};

/**
 * struct tap_timer - a timer and its event
 * @devent: in the list of dynamic events
 * @call: the event
 * @class: its class, which no other event has
 * @spec: what was written; constant
 * @users: who gets records; changed under event_mutex, read with RCU
 * @perf: perf does; changed under event_mutex, read by the handler
 * @nr_users: how many of both; event_mutex
 * @node: in the list of cpuhp's instances while it runs; event_mutex
 * @tick: the timer, if it is one for all CPUs
 * @ticks: the timers, if there is one for each CPU, or NULL
 */
struct tap_timer {
	struct dyn_event		devent;
	struct trace_event_call		call;
	struct trace_event_class	class;
	struct trace_tap_timer_spec	spec;
	struct list_head		users;
	bool				perf;
	unsigned int			nr_users;
	struct hlist_node		node;
	struct tick			tick;
	struct tick __percpu		*ticks;
};

/* Of CPUs that come and go; set at boot, before there is a timer. */
static enum cpuhp_state cpuhp_state;

static struct tap_timer *timer_of_call(struct trace_event_call *call)
{
	return container_of(call, struct tap_timer, call);
}

static struct tap_timer *timer_of_devent(struct dyn_event *ev)
{
	return container_of(ev, struct tap_timer, devent);
}

/* ----------------------------------------------------------------- firing */

static void fill(struct timer_entry *entry, struct pt_regs *regs,
		 unsigned int overruns)
{
	entry->ip = regs ? instruction_pointer(regs) : 0;
	entry->overruns = overruns;
	entry->user = regs && user_mode(regs);
}

static void fire_in(struct trace_event_file *file, struct pt_regs *regs,
		    unsigned int overruns)
{
	struct trace_event_buffer fbuffer __uninitialized;
	struct timer_entry *entry;

	if (trace_trigger_soft_disabled(file))
		return;
	entry = trace_event_buffer_reserve(&fbuffer, file, sizeof(*entry));
	if (!entry)
		return;
	fbuffer.regs = regs;
	fill(entry, regs, overruns);
	trace_event_buffer_commit(&fbuffer);
}

#ifdef CONFIG_PERF_EVENTS
static void fire_perf(struct tap_timer *timer, struct pt_regs *regs,
		      unsigned int overruns)
{
	struct hlist_head *head = this_cpu_ptr(timer->call.perf_events);
	struct timer_entry *entry;
	int size, rctx;

	if (hlist_empty(head) || !regs)
		return;
	/* With the length in front it is a multiple of 8 */
	size = ALIGN(sizeof(*entry) + sizeof(u32), sizeof(u64)) - sizeof(u32);
	entry = perf_trace_buf_alloc(size, NULL, &rctx);
	if (!entry)
		return;
	fill(entry, regs, overruns);
	perf_trace_buf_submit(entry, size, rctx, timer->call.event.type, 1,
			      regs, head, NULL);
}
#else
static void fire_perf(struct tap_timer *timer, struct pt_regs *regs,
		      unsigned int overruns)
{
}
#endif

/*
 * What handles the event may take longer than the period. The CPU then has at
 * least as much time for everything else: the periods that this takes are left
 * out, and counted.
 */
static u64 leave_out(struct hrtimer *hrtimer, ktime_t start, u64 period)
{
	ktime_t end = ktime_get();
	ktime_t until = ktime_add(end, ktime_sub(end, start));

	if (likely(hrtimer_get_expires(hrtimer) > until))
		return 0;
	return hrtimer_forward(hrtimer, until, period);
}

static enum hrtimer_restart tick_fires(struct hrtimer *hrtimer)
{
	struct tick *tick = container_of(hrtimer, struct tick, hrtimer);
	struct tap_timer *timer = tick->owner;
	struct pt_regs *regs = get_irq_regs();
	u64 overruns = tick->left_out;
	ktime_t start = ktime_get();
	struct timer_user *user;

	overruns += hrtimer_forward(hrtimer, start, timer->spec.period);
	overruns = min_t(u64, overruns ? overruns - 1 : 0, UINT_MAX);

	/* As in the probes of tracepoints, which the records are built like */
	preempt_disable_notrace();
	list_for_each_entry_rcu(user, &timer->users, node)
		fire_in(user->file, regs, overruns);
	if (READ_ONCE(timer->perf))
		fire_perf(timer, regs, overruns);
	preempt_enable_notrace();

	tick->left_out = leave_out(hrtimer, start, timer->spec.period);
	return HRTIMER_RESTART;
}

/* ---------------------------------------------------- starting and stopping */

/* Modes in which the handler is in a hard interrupt whatever the kernel is. */
#define MODE_GLOBAL	HRTIMER_MODE_REL_HARD
#define MODE_PERCPU	HRTIMER_MODE_REL_PINNED_HARD

static void tick_init(struct tick *tick, struct tap_timer *owner,
		      enum hrtimer_mode mode)
{
	hrtimer_init(&tick->hrtimer, CLOCK_MONOTONIC, mode);
	tick->hrtimer.function = tick_fires;
	tick->owner = owner;
}

static void tick_start(struct tick *tick, enum hrtimer_mode mode)
{
	tick->left_out = 0;
	hrtimer_start(&tick->hrtimer, ns_to_ktime(tick->owner->spec.period),
		      mode);
}

/* On the CPU itself */
static int cpu_starts(unsigned int cpu, struct hlist_node *node)
{
	struct tap_timer *timer = hlist_entry(node, struct tap_timer, node);

	tick_start(per_cpu_ptr(timer->ticks, cpu), MODE_PERCPU);
	return 0;
}

static int cpu_stops(unsigned int cpu, struct hlist_node *node)
{
	struct tap_timer *timer = hlist_entry(node, struct tap_timer, node);

	hrtimer_cancel(&per_cpu_ptr(timer->ticks, cpu)->hrtimer);
	return 0;
}

/* One more uses it. */
static int timer_get(struct tap_timer *timer)
{
	int err = 0;

	lockdep_assert_held(&event_mutex);
	if (timer->nr_users++)
		return 0;
	if (timer->ticks)
		err = cpuhp_state_add_instance(cpuhp_state, &timer->node);
	else
		tick_start(&timer->tick, MODE_GLOBAL);
	if (err)
		timer->nr_users--;
	return err;
}

/* One less does. Without any, the handler does not run when this returns. */
static void timer_put(struct tap_timer *timer)
{
	lockdep_assert_held(&event_mutex);
	if (--timer->nr_users)
		return;
	if (timer->ticks)
		cpuhp_state_remove_instance(cpuhp_state, &timer->node);
	else
		hrtimer_cancel(&timer->tick.hrtimer);
}

/* -------------------------------------------------------------- the event */

static int timer_enable(struct tap_timer *timer, struct trace_event_file *file)
{
	struct timer_user *user = kmalloc(sizeof(*user), GFP_KERNEL);
	int err;

	if (!user)
		return -ENOMEM;
	user->file = file;
	list_add_tail_rcu(&user->node, &timer->users);
	err = timer_get(timer);
	if (err) {
		/* It does not run, so nobody has seen it */
		list_del(&user->node);
		kfree(user);
	}
	return err;
}

static int timer_disable(struct tap_timer *timer, struct trace_event_file *file)
{
	struct timer_user *user;

	list_for_each_entry(user, &timer->users, node) {
		if (user->file == file)
			break;
	}
	if (list_entry_is_head(user, &timer->users, node))
		return -ENOENT;
	list_del_rcu(&user->node);
	timer_put(timer);
	/* The event may go next, with its file */
	if (timer->nr_users)
		tracepoint_synchronize_unregister();
	kfree(user);
	return 0;
}

/* What the class of a timer's event does; under event_mutex. */
static int timer_reg(struct trace_event_call *call, enum trace_reg type,
		     void *data)
{
	struct tap_timer *timer = timer_of_call(call);
	int err;

	switch (type) {
	case TRACE_REG_REGISTER:
		return timer_enable(timer, data);
	case TRACE_REG_UNREGISTER:
		return timer_disable(timer, data);
#ifdef CONFIG_PERF_EVENTS
	case TRACE_REG_PERF_REGISTER:
		WRITE_ONCE(timer->perf, true);
		err = timer_get(timer);
		if (err)
			WRITE_ONCE(timer->perf, false);
		return err;
	case TRACE_REG_PERF_UNREGISTER:
		/* perf waits for those who have seen it */
		WRITE_ONCE(timer->perf, false);
		timer_put(timer);
		return 0;
	default:
		/* perf_trace_add() and perf_trace_del() do it */
		return 0;
#endif
	}
	return 0;
}

static struct trace_event_fields timer_fields[] = {
	{
		.type		= "unsigned long",
		.name		= "ip",
		.size		= sizeof(unsigned long),
		.align		= __alignof__(unsigned long),
		.is_signed	= false,
		.filter_type	= FILTER_OTHER,
	}, {
		.type		= "unsigned int",
		.name		= "overruns",
		.size		= sizeof(unsigned int),
		.align		= __alignof__(unsigned int),
		.is_signed	= false,
		.filter_type	= FILTER_OTHER,
	}, {
		.type		= "unsigned char",
		.name		= "user",
		.size		= sizeof(unsigned char),
		.align		= __alignof__(unsigned char),
		.is_signed	= false,
		.filter_type	= FILTER_OTHER,
	}, {}
};

#define TIMER_FMT	"ip=%pS user=%u overruns=%u"
#define TIMER_ARGS	"(void *)REC->ip, REC->user, REC->overruns"

static enum print_line_t timer_print(struct trace_iterator *iter, int flags,
				     struct trace_event *event)
{
	struct trace_event_call *call = container_of(event, typeof(*call),
						     event);
	const struct timer_entry *entry = (void *)iter->ent;

	trace_seq_printf(&iter->seq, "%s: " TIMER_FMT "\n",
			 trace_event_name(call), (void *)entry->ip,
			 entry->user, entry->overruns);
	return trace_handle_return(&iter->seq);
}

static struct trace_event_functions timer_funcs = {
	.trace	= timer_print,
};

/* --------------------------------------------------------- dynamic_events */

static int timer_create(const char *line)
{
	const char *p = skip_spaces(line);
	struct tap_error e = {};
	int err;

	if (!*p)
		return 0;
	if (*p != 'i' || (p[1] && p[1] != ':' && !isspace(p[1])))
		return -ECANCELED;
	if (p[1] == ':')
		err = trace_tap_timer_new(line, &e);
	else
		err = trace_tap_error(&e, -EINVAL, TAP_ERR_EXPECT_NAME,
				      p + 1 - line);
	if (err)
		tracing_log_err(NULL, "timer", line, trace_tap_err_text,
				e.code ?: TAP_ERR_ERRNO, e.code ? e.pos : 0);
	return err;
}

static int timer_show(struct seq_file *m, struct dyn_event *ev)
{
	const struct trace_tap_timer_spec *spec = &timer_of_devent(ev)->spec;

	seq_printf(m, "i:%s/%s %s%s\n", spec->group, spec->name, spec->text,
		   spec->is_percpu ? " percpu" : "");
	return 0;
}

static bool timer_is_busy(struct dyn_event *ev)
{
	return timer_of_devent(ev)->nr_users;
}

/* What is not given matches all; what follows the name must be as shown. */
static bool timer_match(const char *system, const char *event, int argc,
			const char **argv, struct dyn_event *ev)
{
	const struct trace_tap_timer_spec *spec = &timer_of_devent(ev)->spec;

	if (system && strcmp(system, spec->group))
		return false;
	if (*event && strcmp(event, spec->name))
		return false;
	if (argc > 0 && strcmp(argv[0], spec->text))
		return false;
	if (argc > 1 && (strcmp(argv[1], "percpu") || !spec->is_percpu))
		return false;
	return argc <= 2;
}

static void timer_free(struct tap_timer *timer)
{
	free_percpu(timer->ticks);
	kfree(timer);
}

static int timer_release(struct dyn_event *ev)
{
	struct tap_timer *timer = timer_of_devent(ev);
	int err;

	if (timer->nr_users || trace_event_dyn_busy(&timer->call))
		return -EBUSY;
	err = trace_remove_event_call(&timer->call);
	if (err)
		return err;
	dyn_event_remove(ev);
	timer_free(timer);
	return 0;
}

static struct dyn_event_operations timer_ops = {
	.create		= timer_create,
	.show		= timer_show,
	.is_busy	= timer_is_busy,
	.free		= timer_release,
	.match		= timer_match,
};

/* ----------------------------------------------------------------- making */

static void timer_init_event(struct tap_timer *timer)
{
	struct trace_event_class *class = &timer->class;
	struct trace_event_call *call = &timer->call;

	class->system = timer->spec.group;
	class->reg = timer_reg;
	class->fields_array = timer_fields;
	INIT_LIST_HEAD(&class->fields);
	call->class = class;
	call->name = timer->spec.name;
	call->event.funcs = &timer_funcs;
	call->print_fmt = "\"" TIMER_FMT "\", " TIMER_ARGS;
	call->flags = TRACE_EVENT_FL_DYNAMIC | TRACE_EVENT_FL_INTERRUPT;
}

static struct tap_timer *timer_alloc(const struct trace_tap_timer_spec *spec)
{
	struct tap_timer *timer = kzalloc(sizeof(*timer), GFP_KERNEL);
	unsigned int cpu;

	if (!timer)
		return NULL;
	timer->spec = *spec;
	INIT_LIST_HEAD(&timer->users);
	dyn_event_init(&timer->devent, &timer_ops);
	timer_init_event(timer);
	tick_init(&timer->tick, timer, MODE_GLOBAL);
	if (!spec->is_percpu)
		return timer;
	timer->ticks = alloc_percpu(struct tick);
	if (!timer->ticks) {
		kfree(timer);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		tick_init(per_cpu_ptr(timer->ticks, cpu), timer, MODE_PERCPU);
	return timer;
}

static bool event_exists(const char *system, const char *name)
{
	struct trace_event_call *call;

	list_for_each_entry(call, &ftrace_events, list) {
		if (!strcmp(call->class->system, system) &&
		    !strcmp(trace_event_name(call), name))
			return true;
	}
	return false;
}

static int timer_register(struct tap_timer *timer)
{
	int err;

	guard(mutex)(&event_mutex);
	if (event_exists(timer->spec.group, timer->spec.name))
		return -EEXIST;
	if (!register_trace_event(&timer->call.event))
		return -ENODEV;
	err = trace_add_event_call(&timer->call);
	if (err) {
		unregister_trace_event(&timer->call.event);
		return err;
	}
	return dyn_event_add(&timer->devent, &timer->call);
}

/**
 * trace_tap_timer_new - make a timer
 * @text: a line as in dynamic_events; "i:" in front may be missing
 * @e: what is wrong, if it is not 0 that is returned
 *
 * May sleep; takes event_mutex. Not before core_initcall is over.
 *
 * Return: 0; -EINVAL or -ERANGE if the line is wrong; -EEXIST if there is an
 * event of that name; -ENOMEM, -ENODEV.
 */
int trace_tap_timer_new(const char *text, struct tap_error *e)
{
	struct trace_tap_timer_spec spec;
	struct tap_timer *timer;
	int err;

	err = trace_tap_timer_parse(text, &spec, e);
	if (err)
		return err;
	timer = timer_alloc(&spec);
	if (!timer)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	err = timer_register(timer);
	if (!err)
		return 0;
	timer_free(timer);
	return trace_tap_error(e, err, err == -EEXIST ? TAP_ERR_EVENT_EXISTS :
							TAP_ERR_NONE,
			       spec.name_pos);
}

static __init int timer_init(void)
{
	int state;

	state = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN,
					"trace/timer:online", cpu_starts,
					cpu_stops);
	if (state < 0)
		return state;
	cpuhp_state = state;
	return dyn_event_register(&timer_ops);
}
core_initcall(timer_init);
