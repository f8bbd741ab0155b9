/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the native benchmark's loop and the conditions in C. */
#ifndef _BENCH_NATIVE_H
#define _BENCH_NATIVE_H

#include "tap.h"

/* The record of sched:sched_switch, as events/sched/sched_switch/format has it. */
struct sched_switch {
	u16	type;
	u8	flags;
	u8	preempt_count;
	s32	pid;
	char	prev_comm[16];
	s32	prev_pid;
	s32	prev_prio;
	s64	prev_state;
	char	next_comm[16];
	s32	next_pid;
	s32	next_prio;
};

typedef u32 (*verdict_fn)(const struct tap_ctx *ctx);

/**
 * struct machine_code - a function that works wherever it is copied to
 * @start: its first byte
 * @end: behind its last
 */
struct machine_code {
	const char	*start;
	const char	*end;
};

/* The conditions of filters.h in their order, and a function that returns 0. */
extern const struct machine_code conditions[];
extern const struct machine_code empty_condition;

#endif /* _BENCH_NATIVE_H */
