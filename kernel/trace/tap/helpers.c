// SPDX-License-Identifier: GPL-2.0
/*
 * tap: C functions that lowered programs call, see enum tap_helper.
 *
 * They get and return 64-bit integers, whatever the machine. They run in any
 * context, NMI included, with preemption off; nothing here takes a lock or
 * trusts what a record says about itself: a dynamic string ends where the record
 * does. One that begins behind it, a mask that is not whole or a pointer that
 * faults cannot be read, and what is asked about it is false.
 */
#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include <linux/unaligned.h>

#include "action.h"
#include "fetch.h"
#include "table.h"

#define HELPER(name) \
	static u64 helper_##name(u64 a1, u64 a2, u64 a3, u64 a4, u64 a5)

static const void *to_ptr(u64 value)
{
	return (const void *)(unsigned long)value;
}

/* ------------------------------------------------- strings behind pointers */

/* A task, a soft and a hard interrupt, an NMI: what can nest on a CPU. */
#define STRING_LEVELS	4
#define STRING_SIZE	1024

/**
 * struct string_buffers - where one CPU puts strings that pointers point to
 * @buffer: by nesting
 */
struct string_buffers {
	char	buffer[STRING_LEVELS][STRING_SIZE];
};

/* Kept for good once allocated; set under string_mutex. */
static struct string_buffers __percpu *string_buffers;
static DEFINE_MUTEX(string_mutex);
static DEFINE_PER_CPU(int, string_level);

static int strings_alloc(void)
{
	struct string_buffers __percpu *buffers;

	guard(mutex)(&string_mutex);
	if (string_buffers)
		return 0;
	buffers = alloc_percpu(struct string_buffers);
	if (!buffers)
		return -ENOMEM;
	/* Those who look at it run programs that are yet to be made */
	string_buffers = buffers;
	return 0;
}

/* A buffer, to be followed by string_put() in any case, or NULL. */
static char *string_get(void)
{
	int level = this_cpu_inc_return(string_level) - 1;

	/* An interrupt that interrupted another could be one too many */
	if (level >= STRING_LEVELS)
		return NULL;
	return this_cpu_ptr(string_buffers)->buffer[level];
}

static void string_put(void)
{
	this_cpu_dec(string_level);
}

HELPER(match_ptr)
{
	char *buf = string_get();
	bool ret = false;
	long len;

	if (buf) {
		len = strncpy_from_kernel_nofault(buf, to_ptr(a1), STRING_SIZE);
		if (len > 0)
			ret = trace_tap_match(to_ptr(a2), buf, len);
	}
	string_put();
	return ret;
}

HELPER(match_user)
{
	const void __user *src = (const void __user *)(unsigned long)a1;
	char *buf = string_get();
	bool ret = false;
	long len;

	if (buf) {
		len = strncpy_from_user_nofault(buf, src, STRING_SIZE);
		if (len > 0)
			ret = trace_tap_match(to_ptr(a2), buf, len);
	}
	string_put();
	return ret;
}

/* ---------------------------------------------------- strings in the record */

HELPER(match)
{
	return trace_tap_match(to_ptr(a3), to_ptr(a1), a2);
}

HELPER(match_loc)
{
	struct trace_tap_bytes d = trace_tap_loc(to_ptr(a1), a2, 0);

	return d.start && trace_tap_match(to_ptr(a3), d.start, d.len);
}

HELPER(match_rel)
{
	struct trace_tap_bytes d = trace_tap_loc(to_ptr(a1), a2, a2 + sizeof(u32));

	return d.start && trace_tap_match(to_ptr(a3), d.start, d.len);
}

HELPER(match_tail)
{
	struct trace_tap_bytes d = trace_tap_tail(to_ptr(a1), a2);

	return d.start && trace_tap_match(to_ptr(a3), d.start, d.len);
}

/* A string operand, see TAP_STRING_DESC(); @buf is for what pointers point to. */
static struct trace_tap_bytes string_fetch(const struct tap_ctx *ctx, u64 desc,
					   char *buf)
{
	struct trace_tap_bytes b = {};
	long len;

	if (!trace_tap_is_pointer(desc))
		return trace_tap_string_at(ctx, desc);
	if (!buf)
		return b;
	len = trace_tap_string_read(buf, trace_tap_pointer(ctx, desc),
				    TAP_STRING_TYPE(desc) == TAP_USER,
				    STRING_SIZE);
	if (len > 0) {
		b.start = buf;
		b.len = len;
	}
	return b;
}

HELPER(pair)
{
	bool bufs[2] = { trace_tap_is_pointer(a2), trace_tap_is_pointer(a3) };
	struct trace_tap_bytes s, t;
	bool ret = false;
	size_t n;

	s = string_fetch(to_ptr(a1), a2, bufs[0] ? string_get() : NULL);
	t = string_fetch(to_ptr(a1), a3, bufs[1] ? string_get() : NULL);
	if (s.start && t.start) {
		n = strnlen(s.start, s.len);
		ret = n == strnlen(t.start, t.len) &&
		      !memcmp(s.start, t.start, n);
		ret ^= a4 == TAP_REL_NE;
	}
	if (bufs[0])
		string_put();
	if (bufs[1])
		string_put();
	return ret;
}

/* -------------------------------------------------------------------- masks */

static bool mask_equal(const void *a, const unsigned long *b)
{
	unsigned int i, n = nr_cpu_ids / BITS_PER_LONG;
	const unsigned long *p = a;

	for (i = 0; i < n; i++) {
		if (get_unaligned(p + i) != b[i])
			return false;
	}
	return !(nr_cpu_ids % BITS_PER_LONG) ||
	       !((get_unaligned(p + n) ^ b[n]) &
		 BITMAP_LAST_WORD_MASK(nr_cpu_ids));
}

static bool mask_intersects(const void *a, const unsigned long *b)
{
	unsigned int i, n = nr_cpu_ids / BITS_PER_LONG;
	const unsigned long *p = a;

	for (i = 0; i < n; i++) {
		if (get_unaligned(p + i) & b[i])
			return true;
	}
	return nr_cpu_ids % BITS_PER_LONG &&
	       (get_unaligned(p + n) & b[n] &
		BITMAP_LAST_WORD_MASK(nr_cpu_ids));
}

/* cpumask_equal() and cpumask_intersects() of a mask that need not be aligned */
HELPER(cpumask)
{
	struct trace_tap_bytes d = trace_tap_loc(to_ptr(a1), a2, 0);
	const unsigned long *mask = to_ptr(a3);

	if (d.len < BITS_TO_LONGS(nr_cpu_ids) * sizeof(long))
		return false;
	switch (a4) {
	case TAP_REL_EQ:
		return mask_equal(d.start, mask);
	case TAP_REL_NE:
		return !mask_equal(d.start, mask);
	case TAP_REL_AND:
		return mask_intersects(d.start, mask);
	default:
		return false;
	}
}

/* ----------------------------------------------------------------- builtins */

static DEFINE_PER_CPU(struct rnd_state, rand_state);

/* What only actions can ask: @run is behind what the program gets. */
static u64 action_builtin(const struct trace_tap_run *run,
			  enum tap_builtin builtin)
{
	if (!IS_ENABLED(CONFIG_TRACE_TAP))
		return 0;
	switch (builtin) {
	case TAP_BUILTIN_ELAPSED:
		return ktime_get_boot_fast_ns() -
		       trace_tap_action_created(run->item->action);
	case TAP_BUILTIN_CALLER:
		return trace_tap_caller(run);
	default:
		return run->item->probe;
	}
}

HELPER(current)
{
	return (unsigned long)current;
}

HELPER(builtin)
{
	switch ((enum tap_builtin)a1) {
	case TAP_BUILTIN_PID:
	case TAP_BUILTIN_TID:
		return current->pid;
	case TAP_BUILTIN_TGID:
		return current->tgid;
	case TAP_BUILTIN_UID:
		return from_kuid(&init_user_ns, current_uid());
	case TAP_BUILTIN_GID:
		return from_kgid(&init_user_ns, current_gid());
	case TAP_BUILTIN_CPU:
		return raw_smp_processor_id();
	case TAP_BUILTIN_NCPUS:
		return num_online_cpus();
	case TAP_BUILTIN_NSECS:
		return ktime_get_boot_fast_ns();
	case TAP_BUILTIN_RAND:
		/* One that nests may see the same number, no more than that */
		return prandom_u32_state(this_cpu_ptr(&rand_state));
	case TAP_BUILTIN_IN_IRQ:
		return in_hardirq() || in_serving_softirq();
	case TAP_BUILTIN_IN_NMI:
		return !!in_nmi();
	case TAP_BUILTIN_IOWAIT:
		return current->in_iowait;
	case TAP_BUILTIN_ELAPSED:
	case TAP_BUILTIN_CALLER:
	case TAP_BUILTIN_PROBE:
		return action_builtin(trace_tap_run_of(a2), a1);
	case TAP_BUILTIN_COMM:
	case TAP_NR_BUILTINS:
		break;
	}
	return 0;
}

/* --------------------------------------------------------- for the compiler */

/**
 * trace_tap_helpers_prepare - get ready what the helpers of a program need
 * @prog: the program, verified
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_helpers_prepare(const struct tap_prog *prog)
{
	const struct tap_operand *op;
	unsigned int i;

	if (IS_ENABLED(CONFIG_TRACE_TAP) && prog->kind == TAP_ACTION &&
	    trace_tap_rooms_alloc())
		return -ENOMEM;
	for (i = 0; i < prog->nr_operands; i++) {
		op = &prog->operands[i];
		if (op->is_builtin && op->builtin == TAP_BUILTIN_RAND)
			prandom_init_once(&rand_state);
		if ((op->type == TAP_PTR || op->type == TAP_USER) &&
		    strings_alloc())
			return -ENOMEM;
	}
	return 0;
}

/**
 * trace_tap_helpers_target - tell the compiler where the helpers are
 * @target: only its member helper is set
 */
void trace_tap_helpers_target(struct tap_target *target)
{
	static u64 (* const helpers[TAP_NR_HELPERS])(u64, u64, u64, u64, u64) = {
		[TAP_HELPER_MATCH]	= helper_match,
		[TAP_HELPER_MATCH_LOC]	= helper_match_loc,
		[TAP_HELPER_MATCH_REL]	= helper_match_rel,
		[TAP_HELPER_MATCH_TAIL]	= helper_match_tail,
		[TAP_HELPER_MATCH_PTR]	= helper_match_ptr,
		[TAP_HELPER_MATCH_USER]	= helper_match_user,
		[TAP_HELPER_PAIR]	= helper_pair,
		[TAP_HELPER_CPUMASK]	= helper_cpumask,
		[TAP_HELPER_CURRENT]	= helper_current,
		[TAP_HELPER_BUILTIN]	= helper_builtin,
#ifdef CONFIG_TRACE_TAP
		[TAP_HELPER_STRING]	= trace_tap_helper_string,
		[TAP_HELPER_STRPTR]	= trace_tap_helper_strptr,
		[TAP_HELPER_KSTACK]	= trace_tap_helper_kstack,
		[TAP_HELPER_USTACK]	= trace_tap_helper_ustack,
		[TAP_HELPER_HAS]	= trace_tap_table_helper_has,
		[TAP_HELPER_GET]	= trace_tap_table_helper_get,
		[TAP_HELPER_GETSTR]	= trace_tap_table_helper_getstr,
		[TAP_HELPER_PUT]	= trace_tap_table_helper_put,
		[TAP_HELPER_PUTSTR]	= trace_tap_table_helper_putstr,
		[TAP_HELPER_INC]	= trace_tap_table_helper_inc,
		[TAP_HELPER_COUNT]	= trace_tap_table_helper_count,
		[TAP_HELPER_SUM]	= trace_tap_table_helper_sum,
		[TAP_HELPER_AGG]	= trace_tap_table_helper_agg,
		[TAP_HELPER_HIST]	= trace_tap_table_helper_hist,
		[TAP_HELPER_DEL]	= trace_tap_table_helper_del,
		[TAP_HELPER_CLEAR]	= trace_tap_table_helper_clear,
		[TAP_HELPER_ZERO]	= trace_tap_table_helper_zero,
		[TAP_HELPER_PRINTF]	= trace_tap_helper_printf,
		[TAP_HELPER_SYNTH]	= trace_tap_helper_synth,
		[TAP_HELPER_EFFECT]	= trace_tap_helper_effect,
#endif
	};
	unsigned int i;

	/* What is not there, no program that is accepted calls */
	for (i = 0; i < TAP_NR_HELPERS; i++)
		target->helper[i] = helpers[i] ? BPF_CALL_IMM(helpers[i]) : 0;
}
