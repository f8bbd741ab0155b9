/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: actions: programs that run when an event fires.
 *
 *	echo '@[comm] = count()' > events/sched/sched_switch/action
 *
 *	action.c	entries: text -> program -> image, in each event
 *	action_dir.c	entries of an event, of a system's events, of all events;
 *			writing and reading them
 *	action_bind.c	what a program's tables, formats and synthetic events are
 *	action_run.c	running them
 *	function.c	the same, at the entry of functions
 *	print.c		printf: formats, and records in the ring buffer
 *	effect.c	stack(), record(), traceon(), ..., synthetic events
 *	unwind.c	kstack and ustack
 *	fetch.c		strings
 *
 * An event's programs that need no record run where triggers and soft-disabled
 * events are looked at, in __trace_trigger_soft_disabled(); the others when the
 * record is complete, in trace_event_buffer_commit().
 */
#ifndef _TRACE_TAP_ACTION_H
#define _TRACE_TAP_ACTION_H

#include <linux/seq_file.h>
#include <linux/trace_events.h>

#include "prog.h"

struct trace_array;
struct trace_event_buffer;
struct tap_action;

/**
 * struct trace_tap_action_stats - what an action did in one event on one CPU
 * @runs: how often it ran
 * @matches: how often it came to its end: the guard held
 * @skipped: it would have run inside itself
 * @drops: there was no memory for the event's record, or no room for a print
 * @busy: contexts it runs in, a bit each
 */
struct trace_tap_action_stats {
	unsigned long	runs;
	unsigned long	matches;
	unsigned long	skipped;
	unsigned long	drops;
	unsigned int	busy;
};

/**
 * struct trace_tap_item - an action in an event; immutable but for the stats
 * @image: the program
 * @stats: per CPU
 * @action: whose it is
 * @probe: number of the event's name, see trace_tap_probe_id()
 */
struct trace_tap_item {
	const struct trace_tap_image			*image;
	struct trace_tap_action_stats __percpu	*stats;
	struct tap_action				*action;
	u32						probe;
};

/**
 * struct trace_tap_actions - all that runs when an event fires; trace_event_file
 * .actions, RCU, replaced as a whole
 * @deferred: for freeing
 * @nr: items
 * @nr_early: the first so many need no record
 * @plain: there is one of those, which needs no struct trace_tap_run
 * @simple: the only one that needs the record, if it needs no common field and no
 *	struct trace_tap_run either; else NULL
 * @common: enum tap_common: which common fields those that need a record read
 * @items: in the order of the file "action", those without a record first
 */
struct trace_tap_actions {
	struct trace_tap_deferred	deferred;
	unsigned int			nr;
	unsigned int			nr_early;
	bool				plain;
	u8				common;
	const struct trace_tap_item	*simple;
	struct trace_tap_item		items[] __counted_by(nr);
};

/**
 * struct trace_tap_call - a function that is entered
 * @ip: its address
 * @parent_ip: where it returns to
 * @frame: a frame of the tracing code that it calls
 */
struct trace_tap_call {
	unsigned long		ip;
	unsigned long		parent_ip;
	const void		*frame;
};

/**
 * struct trace_tap_run - an action that runs: what its helpers find behind the
 * struct tap_ctx that they get
 * @ctx: first, so that the program's R1 points here
 * @file: the event
 * @item: the action
 * @regs: registers of a probe, or NULL
 * @ip: an address in the function that called the tracing code; stacks begin
 *	at its caller
 * @call: if the event is a function, else NULL; stacks begin there
 * @keep: record() was called
 */
struct trace_tap_run {
	struct tap_ctx			ctx;
	struct trace_event_file		*file;
	const struct trace_tap_item	*item;
	struct pt_regs			*regs;
	unsigned long			ip;
	const struct trace_tap_call	*call;
	bool				keep;
};

static inline struct trace_tap_run *trace_tap_run_of(u64 ctx)
{
	return (struct trace_tap_run *)(unsigned long)ctx;
}

/* ------------------------------------------ action_run.c, see action_run.h */

int trace_tap_run_prepare(const struct trace_tap_image *image, bool early);

/* ----------------------------------------- action_dir.c, see action_dir.h */

void trace_tap_actions_clear(struct trace_array *tr);
u64 trace_tap_action_created(const struct tap_action *action);

/* --------------------------------- action_bind.c, for filters see prog.h */

bool trace_tap_takes_stack(const struct tap_insn *insn);
int trace_tap_bind_stacks(const struct tap_prog *prog, struct trace_array *tr,
			  struct tap_error *e);
void trace_tap_bind_fresh(const struct tap_prog *prog);

/* --------------------------------------- print.c, effect.c, unwind.c, fetch.c */

struct trace_tap_format;

/* NULL on failure: -ENOSPC if trace_tap_formats_full(), else -ENOMEM. */
struct trace_tap_format *trace_tap_format_get(const struct tap_format *format);
bool trace_tap_formats_full(void);
int trace_tap_effect_prepare(struct trace_array *tr, u8 op);
void trace_tap_effect_release(struct trace_array *tr, u8 op);
int trace_tap_rooms_alloc(void);

u64 trace_tap_helper_printf(u64 ctx, u64 format, u64 args, u64 a4, u64 a5);
u64 trace_tap_helper_effect(u64 ctx, u64 op, u64 a3, u64 a4, u64 a5);
u64 trace_tap_helper_synth(u64 ctx, u64 event, u64 args, u64 a4, u64 a5);
u64 trace_tap_helper_kstack(u64 ctx, u64 frames, u64 a3, u64 a4, u64 a5);
u64 trace_tap_helper_ustack(u64 ctx, u64 frames, u64 a3, u64 a4, u64 a5);
u64 trace_tap_helper_string(u64 ctx, u64 desc, u64 dst, u64 len, u64 a5);
u64 trace_tap_helper_strptr(u64 addr, u64 user, u64 dst, u64 len, u64 max);
unsigned long trace_tap_caller(const struct trace_tap_run *run);

/* What a synthetic event is for programs; trace_events_synth.c. */
#ifdef CONFIG_SYNTH_EVENTS
const char *trace_tap_synth_types(const char *name);
void *trace_tap_synth_get(const char *name);
void trace_tap_synth_put(void *event);
char trace_tap_synth_type(void *event, unsigned int nr);
void trace_tap_synth_fire(void *event, u64 *values);
#else
static inline const char *trace_tap_synth_types(const char *name)
{
	return NULL;
}

static inline void *trace_tap_synth_get(const char *name)
{
	return NULL;
}

static inline void trace_tap_synth_put(void *event) {}

static inline char trace_tap_synth_type(void *event, unsigned int nr)
{
	return 0;
}

static inline void trace_tap_synth_fire(void *event, u64 *values) {}
#endif

/* Formats, for "printk_formats"; trace_printk.c. */
#ifdef CONFIG_TRACE_TAP
void trace_tap_formats_start(void);
void trace_tap_formats_stop(void);
unsigned int trace_tap_formats_count(void);
const char **trace_tap_format_nr(unsigned long nr);
#else
static inline void trace_tap_formats_start(void) {}
static inline void trace_tap_formats_stop(void) {}

static inline unsigned int trace_tap_formats_count(void)
{
	return 0;
}

static inline const char **trace_tap_format_nr(unsigned long nr)
{
	return NULL;
}
#endif

#endif /* _TRACE_TAP_ACTION_H */
