/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of a kernel as trace_events_filter.c and the library functions it
 * calls need to compile and run in userspace. Everything that touches the
 * world outside (memory, symbols, the current thread) asks world.h; what only
 * tracefs and RCU need does nothing.
 */
#ifndef _SHIM_KERNEL_H
#define _SHIM_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "world.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

#define __user
#define __percpu
#define __init
#define __pure			__attribute__((pure))
#define noinline		__attribute__((noinline))
#define fallthrough		__attribute__((fallthrough))
#define unlikely(x)		(x)
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define MODULE_DESCRIPTION(x)
#define MODULE_LICENSE(x)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof(*(a)))
#define div_u64(a, b)		((a) / (b))
#define kstrtoul(s, base, res)	kstrtoull(s, base, (u64 *)(res))
#define KERN_INFO
#define KERN_CONT

#define WARN_ON(x)							\
({									\
	bool __warn = (x);						\
									\
	if (__warn)							\
		fprintf(stderr, "stock engine: WARN_ON(%s)\n", #x);	\
	__warn;								\
})
#define WARN_ON_ONCE(x)		WARN_ON(x)

#define ERR_PTR(err)		((void *)(long)(err))
#define PTR_ERR(ptr)		((long)(ptr))
#define IS_ERR(ptr)		((unsigned long)(ptr) >= -4095UL)

/* ------------------------------------------------------------- memory */

#define GFP_KERNEL			0
#define kmalloc(size, gfp)		malloc(size)
#define kzalloc(size, gfp)		calloc(1, size)
#define kcalloc(n, size, gfp)		calloc(n, size)
#define kmalloc_array(n, size, gfp)	calloc(n, size)
#define kfree(p)			free((void *)(p))
#define kstrdup(s, gfp)			strdup(s)
#define kmemdup_nul(s, len, gfp)	strndup(s, len)
#define alloc_percpu(type)		((type *)calloc(1, sizeof(type)))
#define this_cpu_ptr(p)			(p)

#define strscpy(dst, src, size)		snprintf(dst, size, "%s", src)
#define strstrip(s)			(s)

static inline long strncpy_from_kernel_nofault(char *dst, const void *addr,
					       long count)
{
	return world_read_string(false, dst, (uintptr_t)addr, count);
}

static inline long strncpy_from_user_nofault(char *dst, const void *addr,
					     long count)
{
	return world_read_string(true, dst, (uintptr_t)addr, count);
}

/* --------------------------------------------------- symbols, threads */

static inline unsigned long kallsyms_lookup_name(const char *name)
{
	uint64_t start, span;

	return world_symbol(name, &start, &span) ? start : 0;
}

static inline int kallsyms_lookup_size_offset(unsigned long addr,
					      unsigned long *size,
					      unsigned long *offset)
{
	uint64_t start = addr, span;

	if (!world_symbol(NULL, &start, &span))
		return 0;
	*size = span;
	*offset = addr - start;
	return 1;
}

#define TASK_COMM_LEN		sizeof(world.comm)
#define current			(&world)
#define raw_smp_processor_id()	((int)world.cpu)

/* ----------------------------------------------- bitmaps and CPU masks */

#define NR_CPUS			WORLD_CPUS
#define nr_cpu_ids		world.nr_cpus
#define BITS_PER_LONG		64

struct cpumask {
	unsigned long	bits[NR_CPUS / BITS_PER_LONG];
};

static inline void bitmap_zero(unsigned long *map, unsigned int nbits)
{
	memset(map, 0, (nbits + BITS_PER_LONG - 1) / BITS_PER_LONG *
		       sizeof(long));
}

static inline void bitmap_set(unsigned long *map, unsigned int start,
			      unsigned int n)
{
	for (; n--; start++)
		map[start / BITS_PER_LONG] |= 1UL << start % BITS_PER_LONG;
}

static int bitmap_parselist(const char *buf, unsigned long *maskp, int nmaskbits);

#define cpumask_size()		sizeof(struct cpumask)
#define cpulist_parse(buf, mask) \
	bitmap_parselist(buf, (mask)->bits, nr_cpu_ids)

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *m)
{
	return m->bits[cpu / BITS_PER_LONG] >> cpu % BITS_PER_LONG & 1;
}

/* The @n-th CPU of the mask, from 0; nr_cpu_ids if it has fewer. */
static inline unsigned int cpumask_nth(unsigned int n, const struct cpumask *m)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (cpumask_test_cpu(cpu, m) && !n--)
			break;
	return cpu;
}

#define cpumask_first(mask)	cpumask_nth(0, mask)

static inline unsigned int cpumask_weight(const struct cpumask *m)
{
	unsigned int cpu, weight = 0;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		weight += cpumask_test_cpu(cpu, m);
	return weight;
}

static inline bool cpumask_equal(const struct cpumask *a,
				 const struct cpumask *b)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (cpumask_test_cpu(cpu, a) != cpumask_test_cpu(cpu, b))
			return false;
	return true;
}

static inline bool cpumask_intersects(const struct cpumask *a,
				      const struct cpumask *b)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (cpumask_test_cpu(cpu, a) && cpumask_test_cpu(cpu, b))
			return true;
	return false;
}

/* ------------------------------------------------------------- tracing */

struct list_head {
	struct list_head	*next, *prev;
};

#define LIST_HEAD(name)					struct list_head name
#define list_for_each_entry(pos, head, member)		while (0)
#define list_for_each_entry_safe(pos, n, head, member)	while (0)
#define list_add_tail(new, head)			((void)(new))
#define list_del(entry)					((void)(entry))

#define mutex_lock(lock)
#define mutex_unlock(lock)
#define rcu_assign_pointer(p, v)		((p) = (v))
#define RCU_INIT_POINTER(p, v)			((p) = (v))
#define rcu_access_pointer(p)			(p)
#define rcu_dereference_raw(p)			(p)
#define tracepoint_synchronize_unregister()

struct prog_entry;

struct event_filter {
	struct prog_entry	*prog;
	char			*filter_string;
};

struct event_subsystem {
	struct event_filter	*filter;
};

struct trace_array {
	struct list_head	events;
};

struct trace_subsystem_dir {
	struct event_subsystem	*subsystem;
	struct trace_array	*tr;
	int			nr_events;
};

struct trace_event_call;

struct trace_event_file {
	struct trace_event_call		*event_call;
	struct event_filter		*filter;
	struct trace_subsystem_dir	*system;
	struct trace_array		*tr;
	unsigned long			flags;
};

enum {
	EVENT_FILE_FL_FILTERED	= 1,
	EVENT_FILE_FL_FREED	= 2,
};

#define trace_buffered_event_enable()
#define trace_buffered_event_disable()

struct trace_seq {
	char	*buffer;
	struct {
		size_t	len;
	} seq;
};

#define trace_seq_init(s)
#define trace_seq_puts(s, str)
#define trace_seq_putc(s, c)
#define trace_seq_printf(s, fmt, ...)
#define tracing_log_err(tr, loc, cmd, errs, type, pos)

#endif /* _SHIM_KERNEL_H */
