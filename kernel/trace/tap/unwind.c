// SPDX-License-Identifier: GPL-2.0
/*
 * tap: stacks: walked when an event fires, from the event's caller on, or from
 * what its interrupt came into.
 *
 *	trace_tap_walk		 <- the walk begins here
 *	trace_tap_helper_kstack
 *	bpf_prog_...
 *	trace_tap_actions_run_early
 *	trace_event_raw_event_sys_enter		 <- run->ip
 *	(__traceiter_sys_enter)
 *	syscall_trace_enter	 <- the stack begins here
 *	do_syscall_64
 *
 * Of a function that is entered it is that function itself, then its caller.
 *
 * A walk costs hundreds of instructions a frame, and the frames of the tracing
 * code are often more than those that are wanted. Where frame pointers tell the
 * way, they are skipped by those, and the walk begins behind them.
 */
#include <linux/compiler.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/syscalls.h>
#include <linux/tracepoint-defs.h>

#include <trace/events/syscalls.h>

#include "../trace.h"
#include "print.h"
#include "table.h"

/* ------------------------------------------------------------------- rooms */

/* A task, a soft and a hard interrupt, an NMI, and faults in them. */
#define ROOM_LEVELS	6

struct rooms {
	struct trace_tap_room	room[ROOM_LEVELS];
};

/* Kept for good once allocated; set under rooms_mutex. */
static struct rooms __percpu *rooms;
static DEFINE_MUTEX(rooms_mutex);
static DEFINE_PER_CPU(int, room_level);

/**
 * trace_tap_rooms_alloc - make rooms, before there is an action
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_rooms_alloc(void)
{
	struct rooms __percpu *r;

	guard(mutex)(&rooms_mutex);
	if (rooms)
		return 0;
	r = alloc_percpu(struct rooms);
	if (!r)
		return -ENOMEM;
	/* Those who look at it run actions that are yet to be made */
	rooms = r;
	return 0;
}

/**
 * trace_tap_room_get - take a room
 *
 * Context: any, preemption off.
 *
 * Return: the room, or NULL if there is none left. trace_tap_room_put() is to
 * follow in any case.
 */
struct trace_tap_room *trace_tap_room_get(void)
{
	int level = this_cpu_inc_return(room_level) - 1;

	if (unlikely(level >= ROOM_LEVELS))
		return NULL;
	return &this_cpu_ptr(rooms)->room[level];
}

/** trace_tap_room_put - give it back */
void trace_tap_room_put(void)
{
	this_cpu_dec(room_level);
}

/**
 * trace_tap_room_missed - count that there was none
 * @run: who wanted it
 */
void trace_tap_room_missed(const struct trace_tap_run *run)
{
	this_cpu_inc(run->item->stats->drops);
}

/* -------------------------------------------------------- the event's caller */

/* Registers that a probe or an interrupt saved, if the event has such. */
static struct pt_regs *regs_of(const struct trace_tap_run *run)
{
	return run->regs ?: trace_interrupted_regs(run->file);
}

/* Where the code is that calls each of several probes of the event. */
static unsigned long iterator(const struct trace_event_call *call)
{
	if (call->flags & TRACE_EVENT_FL_TRACEPOINT)
		return (unsigned long)call->tp->iterator;
#ifdef CONFIG_FTRACE_SYSCALLS
	if (call->class == &event_class_syscall_enter)
		return (unsigned long)__tracepoint_sys_enter.iterator;
	if (call->class == &event_class_syscall_exit)
		return (unsigned long)__tracepoint_sys_exit.iterator;
#endif
	return 0;
}

/* No such function is that long; its end has to be looked for. */
#define ITERATOR_MAX	1024

static bool in_iterator(const struct trace_tap_run *run, unsigned long addr)
{
	unsigned long start = iterator(run->file->event_call);
	unsigned long size, offset;

	if (likely(addr - start >= ITERATOR_MAX))
		return false;
	return kallsyms_lookup_size_offset(addr, &size, &offset) &&
	       offset == addr - start;
}

#if defined(CONFIG_X86) && defined(CONFIG_UNWINDER_FRAME_POINTER)

/* A frame as the compiler, and the eBPF JIT, lay it out. */
struct frame {
	struct frame	*up;
	unsigned long	ret;
};

/* Bytes that a frame can have: two of the largest, and more. */
#define FRAME_MAX	8192

static struct frame *frame_up(const struct frame *frame)
{
	struct frame *up = READ_ONCE_NOCHECK(frame->up);
	unsigned long size = (unsigned long)up - (unsigned long)frame;

	if (size < sizeof(*frame) || size > FRAME_MAX || size % sizeof(long))
		return NULL;
	return up;
}

/*
 * Registers as of the event's caller, as far as walking the stack needs them.
 * All frames up to there are on one stack, since nothing in between switches to
 * another.
 */
static __always_inline bool caller_regs(const struct trace_tap_run *run,
					struct pt_regs *regs)
{
	struct frame *frame = __builtin_frame_address(0);
	unsigned int i;

	for (i = 0; frame->ret != run->ip; i++) {
		frame = frame_up(frame);
		if (!frame || i == TAP_ENGINE_FRAMES)
			return false;
	}
	frame = frame_up(frame);
	if (!frame)
		return false;
	if (unlikely(in_iterator(run, frame->ret))) {
		frame = frame_up(frame);
		if (!frame)
			return false;
	}
	regs->ip = READ_ONCE_NOCHECK(frame->ret);
	regs->bp = (unsigned long)READ_ONCE_NOCHECK(frame->up);
	regs->sp = (unsigned long)(frame + 1);
	regs->cs = __KERNEL_CS;
	regs->flags = 0;
	return true;
}

#else

static bool caller_regs(const struct trace_tap_run *run, struct pt_regs *regs)
{
	return false;
}

#endif

#if defined(CONFIG_X86) && defined(CONFIG_UNWINDER_FRAME_POINTER) && \
	defined(CONFIG_TRACE_TAP_FUNCTION)

/*
 * Registers as of the caller of a function that is entered, if that caller has a
 * frame; else as of the function. It has no frame of its own yet, but the code
 * that calls tracing has made one for it, and one for its caller.
 */
static bool entry_regs(const struct trace_tap_call *call, struct pt_regs *regs)
{
	const struct frame *frame = call->frame, *up;
	unsigned int i;

	for (i = 0; frame->ret != call->ip + MCOUNT_INSN_SIZE; i++) {
		frame = frame_up(frame);
		if (!frame || i == TAP_ENGINE_FRAMES)
			return false;
	}
	frame = frame_up(frame);
	if (!frame)
		return false;
	up = frame_up(frame);
	regs->ip = up ? call->parent_ip : call->ip;
	regs->bp = (unsigned long)(up ? up : frame);
	regs->sp = (unsigned long)frame;
	regs->cs = __KERNEL_CS;
	regs->flags = 0;
	return true;
}

#else

static inline bool entry_regs(const struct trace_tap_call *call,
			      struct pt_regs *regs)
{
	return false;
}

#endif

/* -------------------------------------------------------------- kernel stacks */

#ifdef CONFIG_STACKTRACE

/* Drop what is not the event's caller's. */
static unsigned long *skip_engine(const struct trace_tap_run *run,
				  unsigned long *frames, unsigned int *nr)
{
	unsigned int i;

	for (i = 0; i < *nr && i < TAP_ENGINE_FRAMES - 1; i++) {
		if (frames[i] != run->ip)
			continue;
		i++;
		if (i < *nr && in_iterator(run, frames[i]))
			i++;
		*nr -= i;
		return frames + i;
	}
	/* No sign of it: rather too many than too few */
	return frames;
}

/* The first frame of the caller of a function that is entered. */
static unsigned int find_parent(const struct trace_tap_call *call,
				const unsigned long *frames, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr && i < TAP_ENGINE_FRAMES; i++) {
		if (frames[i] == call->parent_ip)
			return i;
	}
	/* No sign of it: rather too many than too few */
	return 0;
}

/* trace_tap_walk() of a function that is entered: it is the first. */
static noinline unsigned long *walk_entry(const struct trace_tap_call *call,
					  unsigned long *frames,
					  unsigned int *nr)
{
	struct pt_regs regs __uninitialized;
	unsigned int want = *nr, skip;

	if (entry_regs(call, &regs)) {
		*frames = call->ip;
		skip = instruction_pointer(&regs) != call->ip;
		*nr = stack_trace_save_regs(&regs, frames + skip, want - skip,
					    0) + skip;
		return frames;
	}
	*nr = stack_trace_save(frames + 1, want - 1 + TAP_ENGINE_FRAMES, 0);
	skip = find_parent(call, frames + 1, *nr);
	frames += skip;
	*frames = call->ip;
	*nr = min(*nr - skip + 1, want);
	return frames;
}

/**
 * trace_tap_walk - the kernel stack, from the event's caller on
 * @run: the action
 * @frames: room for *@nr + TAP_ENGINE_FRAMES
 * @nr: in: frames wanted; out: frames found
 *
 * Context: any, preemption off.
 *
 * Return: the first frame, within @frames.
 */
noinline unsigned long *trace_tap_walk(const struct trace_tap_run *run,
				       unsigned long *frames, unsigned int *nr)
{
	/* Not zeroed: the walk looks at what caller_regs() sets */
	struct pt_regs regs __uninitialized;
	struct pt_regs *saved = regs_of(run);
	unsigned int want = *nr;

	if (run->call)
		return walk_entry(run->call, frames, nr);
	if (saved) {
		/* In user mode there is none */
		*nr = user_mode(saved) ? 0 :
		      stack_trace_save_regs(saved, frames, want, 0);
		return frames;
	}
	if (caller_regs(run, &regs)) {
		*nr = stack_trace_save_regs(&regs, frames, want, 0);
		return frames;
	}
	*nr = stack_trace_save(frames, want + TAP_ENGINE_FRAMES, 0);
	frames = skip_engine(run, frames, nr);
	*nr = min(*nr, want);
	return frames;
}

#else

unsigned long *trace_tap_walk(const struct trace_tap_run *run,
			      unsigned long *frames, unsigned int *nr)
{
	*nr = 0;
	return frames;
}

#endif /* CONFIG_STACKTRACE */

/**
 * trace_tap_caller - from where the event was fired
 * @run: the action
 *
 * Context: any, preemption off.
 *
 * Return: an address in the function that has the tracepoint, or at the probe;
 * 0 if it is not known.
 */
unsigned long trace_tap_caller(const struct trace_tap_run *run)
{
	unsigned long frames[TAP_ENGINE_FRAMES + 1] __uninitialized;
	struct pt_regs regs __uninitialized;
	struct pt_regs *saved = regs_of(run);
	unsigned int nr = 1;
	unsigned long *first;

	if (run->call)
		return run->call->ip;
	if (saved)
		return instruction_pointer(saved);
	if (caller_regs(run, &regs))
		return instruction_pointer(&regs);
	first = trace_tap_walk(run, frames, &nr);
	return nr ? *first : 0;
}

static struct tap_stacks *stacks_of(const struct trace_tap_run *run)
{
	return READ_ONCE(run->file->tr->tap_tables->stacks);
}

/**
 * trace_tap_helper_kstack - TAP_HELPER_KSTACK: the kernel stack, as its id
 * @ctx: struct trace_tap_run
 * @frames: how many at most
 * @a3: not used
 * @a4: not used
 * @a5: not used
 *
 * Return: the id, 0 if there is none.
 */
u64 trace_tap_helper_kstack(u64 ctx, u64 frames, u64 a3, u64 a4, u64 a5)
{
	const struct trace_tap_run *run = trace_tap_run_of(ctx);
	unsigned int nr = min_t(u64, frames, TAP_MAX_STACK);
	struct trace_tap_room *room = trace_tap_room_get();
	struct tap_stacks *stacks = stacks_of(run);
	unsigned long *first;
	u32 id = 0;

	if (likely(room && stacks)) {
		first = trace_tap_walk(run, room->frames, &nr);
		if (nr)
			id = trace_tap_stack_add(stacks, first, nr, 0);
	} else {
		trace_tap_room_missed(run);
	}
	trace_tap_room_put();
	return id;
}

/* ---------------------------------------------------------------- user stacks */

#if defined(CONFIG_STACKTRACE) && defined(CONFIG_USER_STACKTRACE_SUPPORT)

static unsigned int walk_user(unsigned long *frames, unsigned int nr)
{
	/* ftrace_trace_userstack() says why not in an NMI */
	if (in_nmi() || !current->mm ||
	    (current->flags & (PF_KTHREAD | PF_USER_WORKER)))
		return 0;
	return stack_trace_save_user(frames, nr);
}

#else

static unsigned int walk_user(unsigned long *frames, unsigned int nr)
{
	return 0;
}

#endif

/**
 * trace_tap_helper_ustack - TAP_HELPER_USTACK: the user's stack, as its id
 * @ctx: struct trace_tap_run
 * @frames: how many at most
 * @a3: not used
 * @a4: not used
 * @a5: not used
 *
 * Return: the id, 0 if there is none: in a kernel thread, in an NMI.
 */
u64 trace_tap_helper_ustack(u64 ctx, u64 frames, u64 a3, u64 a4, u64 a5)
{
	const struct trace_tap_run *run = trace_tap_run_of(ctx);
	unsigned int nr = min_t(u64, frames, TAP_MAX_STACK);
	struct trace_tap_room *room = trace_tap_room_get();
	struct tap_stacks *stacks = stacks_of(run);
	u32 id = 0;

	if (likely(room && stacks)) {
		nr = walk_user(room->frames, nr);
		if (nr)
			id = trace_tap_stack_add(stacks, room->frames, nr,
						 current->tgid);
	} else {
		trace_tap_room_missed(run);
	}
	trace_tap_room_put();
	return id;
}
