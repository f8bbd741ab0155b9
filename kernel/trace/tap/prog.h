/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: the life of a program in the kernel.
 *
 *	struct tap_prog, resolved			pure, see tap.h
 *	      | trace_tap_image_get()
 *	      |   verified; is there an image of these very instructions?
 *	      |   else lowered, and compiled by the JIT that the machine has
 *	      v
 *	struct trace_tap_image				shared, counted
 *	      | trace_tap_exec()			on every event, any context
 *	      | trace_tap_image_put()
 *	      v
 *	freed
 *
 * Images are shared by content: what a subsystem filter means is the same for
 * most of the events below, since fields are offsets by now. The names that a
 * struct tap_prog has in addition stay with whoever shows them.
 *
 * Who takes a program away from events and wants it freed calls
 * trace_tap_defer(), from whatever context.
 */
#ifndef _TRACE_TAP_PROG_H
#define _TRACE_TAP_PROG_H

#include <linux/bpf.h>
#include <linux/llist.h>
#include <linux/percpu.h>

#include "tap.h"

struct trace_array;
struct trace_event_call;
struct trace_subsystem_dir;
struct trace_tap_table;

/**
 * struct trace_tap_image - a program that can run
 * @func: what to call, JITed code or the interpreter. Changes once, when what
 *	was made early in boot is compiled again; events read it without a lock
 * @insns: second argument of @func, which only the interpreter looks at
 * @needs_len: uses the length of the record; immutable
 * @common: enum tap_common: which common fields it reads; immutable
 * @reads_record: reads the record at all, or keeps it; immutable
 * @needs_ctx: needs a struct tap_ctx at all; immutable
 * @needs_run: the context is part of a struct trace_tap_run; immutable
 * @guarded: must not run within itself, see struct tap_code; immutable
 * @scratch: bytes of tap_ctx.scratch that it uses; immutable
 * @hardened: for an unprivileged user; immutable
 * @early: made before it could be compiled; image_mutex
 * @refs: users; image_mutex
 * @node: in the hash table of images; image_mutex
 * @prog: what owns the code; image_mutex
 * @data: patterns and masks that the code refers to; image_mutex
 * @key: what the program is, see prog.c; immutable
 * @key_len: bytes of @key; immutable
 */
struct trace_tap_image {
	bpf_func_t		func;
	const struct bpf_insn	*insns;
	bool			needs_len;
	u8			common;
	bool			reads_record;
	bool			needs_ctx;
	bool			needs_run;
	bool			guarded;
	unsigned int		scratch;
	bool			hardened;
	bool			early;
	unsigned int		refs;
	struct hlist_node	node;
	struct bpf_prog		*prog;
	void			*data;
	void			*key;
	size_t			key_len;
};

/**
 * struct trace_tap_state - what to tell a user about an image
 * @jited: runs as machine code
 * @size: bytes of machine code, or number of eBPF instructions
 * @refs: how many share it
 */
struct trace_tap_state {
	bool		jited;
	unsigned int	size;
	unsigned int	refs;
};

struct trace_tap_image *trace_tap_image_get(const struct tap_prog *prog,
					    bool hardened,
					    struct tap_error *e);
void trace_tap_image_put(struct trace_tap_image *image);
void trace_tap_image_state(const struct trace_tap_image *image,
			   struct trace_tap_state *state);

#if IS_ENABLED(CONFIG_KUNIT)
extern bool trace_tap_jit;
#endif

/**
 * trace_tap_exec - run a program
 * @image: the program
 * @rec: the record
 * @len: bytes of @rec; any value if the program does not need it
 *
 * Context: any, NMI included; preemption is off. The caller holds off the end
 * of @image: it is called from a probe, or under RCU.
 *
 * Return: what the program returns.
 */
static __always_inline u32 trace_tap_exec(const struct trace_tap_image *image,
					  const void *rec, unsigned int len)
{
	/* Not zeroed first: this is all that stands before the program */
	struct tap_ctx ctx __uninitialized;

	ctx.rec = rec;
	ctx.len = len;
	return bpf_dispatcher_nop_func(&ctx, READ_ONCE(image->insns),
				       READ_ONCE(image->func));
}

/**
 * trace_tap_exec_early - run a program that needs no record
 * @image: the program, whose reads_record is false
 *
 * Context and return: as trace_tap_exec().
 */
static __always_inline u32
trace_tap_exec_early(const struct trace_tap_image *image)
{
	return bpf_dispatcher_nop_func(NULL, READ_ONCE(image->insns),
				       READ_ONCE(image->func));
}

/**
 * struct trace_tap_stats - what a filter has done on one CPU
 * @runs: verdicts
 * @matches: those that were true
 */
struct trace_tap_stats {
	unsigned long	runs;
	unsigned long	matches;
};

/**
 * struct trace_tap_deferred - something to free when no event uses it any more
 * @node: private to trace_tap_defer()
 * @free: called with this struct; may sleep
 */
struct trace_tap_deferred {
	struct llist_node	node;
	void			(*free)(struct trace_tap_deferred *d);
};

void trace_tap_defer(struct trace_tap_deferred *d,
		     void (*free)(struct trace_tap_deferred *d));
void trace_tap_defer_flush(void);

/* ---------------------------------------------------------------- scope.c */

/**
 * struct trace_tap_event - the event that a text is for
 * @call: the event
 * @dir: the subsystem whose filter or action is written, or NULL
 * @tr: the instance whose tables it can use, or NULL
 * @is_all: what is written is for all events of @tr
 * @below: by builtin, whether some event of @dir, or any, has a field of that
 *	name: 1 or -1, or 0 if nobody asked yet
 * @own: name that the table without a name gets, or NULL if there is none
 * @own_is_new: what is in that table is of a program that is gone, or goes if
 *	this one is accepted
 * @own_in_way: out: the latter has another shape
 * @seen: tables that were asked for, held until trace_tap_event_exit()
 * @nr_seen: entries in @seen
 * @scope: for the translator; refers to this struct
 *
 * On the stack of who translates. One of a subsystem is used for all its
 * events, so that the answers in @below are looked for once.
 */
struct trace_tap_event {
	struct trace_event_call		*call;
	struct trace_subsystem_dir	*dir;
	struct trace_array		*tr;
	bool				is_all;
	s8				below[TAP_NR_BUILTINS];
	const char			*own;
	bool				own_is_new;
	bool				own_in_way;
	struct trace_tap_table		*seen[TAP_MAX_TABLES];
	unsigned int			nr_seen;
	struct tap_scope		scope;
};

void trace_tap_event_init(struct trace_tap_event *event,
			  struct trace_event_call *call,
			  struct trace_subsystem_dir *dir);
void trace_tap_event_set(struct trace_tap_event *event,
			 struct trace_event_call *call);

/* ---------------------------------------------------------- action_bind.c */

#ifdef CONFIG_TRACE_TAP
void trace_tap_event_tables(struct trace_tap_event *event,
			    struct trace_array *tr, const char *own);
void trace_tap_event_exit(struct trace_tap_event *event);
void trace_tap_unbind(struct tap_prog *prog, bool undo);
#else
static inline void trace_tap_event_tables(struct trace_tap_event *event,
					  struct trace_array *tr,
					  const char *own)
{
}

static inline void trace_tap_event_exit(struct trace_tap_event *event)
{
}

static inline void trace_tap_unbind(struct tap_prog *prog, bool undo)
{
}
#endif

/* -------------------------------------------------------------- helpers.c */

int trace_tap_helpers_prepare(const struct tap_prog *prog);
void trace_tap_helpers_target(struct tap_target *target);

#endif /* _TRACE_TAP_PROG_H */
