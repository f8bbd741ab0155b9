/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: programs as eBPF, and what they share with the functions they call.
 *
 *	struct tap_prog
 *	      | lower*.c		for a struct tap_target
 *	      v
 *	struct tap_code			eBPF instructions, and data they refer to
 *	      | runs with a struct tap_ctx
 *	      v
 *	enum tap_helper			C functions; printf gets struct tap_args
 *
 * Part of tap.h, which includes it.
 */
#ifndef _TRACE_TAP_CODE_H
#define _TRACE_TAP_CODE_H

/**
 * enum tap_helper - C functions that lowered programs call, five u64 arguments
 * @TAP_HELPER_MATCH: (string, size, pattern): a string in memory
 * @TAP_HELPER_MATCH_LOC: (ctx, offset of the word, pattern)
 * @TAP_HELPER_MATCH_REL: (ctx, offset of the word, pattern)
 * @TAP_HELPER_MATCH_TAIL: (ctx, offset, pattern): all from there on
 * @TAP_HELPER_MATCH_PTR: (address, pattern): a kernel string
 * @TAP_HELPER_MATCH_USER: (address, pattern): a user string
 * @TAP_HELPER_PAIR: (ctx, string, string, enum tap_relation): two strings, each
 *	as TAP_STRING_DESC()
 * @TAP_HELPER_CPUMASK: (ctx, offset of the word, mask, enum tap_relation)
 * @TAP_HELPER_CURRENT: (): the current thread, where no shortcut exists
 * @TAP_HELPER_BUILTIN: (enum tap_builtin, ctx or 0): its value
 * @TAP_HELPER_STRING: (ctx, string as TAP_STRING_DESC(), destination, bytes of
 *	it): copy a string, zeros behind it; what cannot be read is empty
 * @TAP_HELPER_STRPTR: (address, 1 for a user's, destination, bytes, at most so
 *	many to copy): the same for a string behind a pointer
 * @TAP_HELPER_KSTACK: (ctx, frames): id of the kernel stack
 * @TAP_HELPER_USTACK: (ctx, frames): id of the user stack
 * @TAP_HELPER_HAS: (table, key): 0 or 1
 * @TAP_HELPER_GET: (table, key, value number)
 * @TAP_HELPER_GETSTR: (table, key, destination, bytes): a string value
 * @TAP_HELPER_PUT: (table, key, value)
 * @TAP_HELPER_PUTSTR: (table, key, source): a string value, of the table's size
 * @TAP_HELPER_INC: (table, key, addend)
 * @TAP_HELPER_COUNT: (table, key, value number); no key: only one CPU's word
 * @TAP_HELPER_SUM: (table, key, value number, value)
 * @TAP_HELPER_AGG: the same, for min, max, avg, stats and lhist
 * @TAP_HELPER_HIST: the same, for hist
 * @TAP_HELPER_DEL: (table, key)
 * @TAP_HELPER_CLEAR: (table)
 * @TAP_HELPER_ZERO: (table)
 * @TAP_HELPER_PRINTF: (ctx, format, arguments)
 * @TAP_HELPER_SYNTH: (ctx, synthetic event, arguments)
 * @TAP_HELPER_EFFECT: (ctx, enum tap_opcode): stack, record, traceon, traceoff,
 *	snapshot
 *
 * A table is tap_operand.start, a key the address of its bytes, 0 if it has no
 * parts. Arguments are an array of struct tap_arg.
 */
enum tap_helper {
	TAP_HELPER_MATCH,
	TAP_HELPER_MATCH_LOC,
	TAP_HELPER_MATCH_REL,
	TAP_HELPER_MATCH_TAIL,
	TAP_HELPER_MATCH_PTR,
	TAP_HELPER_MATCH_USER,
	TAP_HELPER_PAIR,
	TAP_HELPER_CPUMASK,
	TAP_HELPER_CURRENT,
	TAP_HELPER_BUILTIN,
	TAP_HELPER_STRING,
	TAP_HELPER_STRPTR,
	TAP_HELPER_KSTACK,
	TAP_HELPER_USTACK,
	TAP_HELPER_HAS,
	TAP_HELPER_GET,
	TAP_HELPER_GETSTR,
	TAP_HELPER_PUT,
	TAP_HELPER_PUTSTR,
	TAP_HELPER_INC,
	TAP_HELPER_COUNT,
	TAP_HELPER_SUM,
	TAP_HELPER_AGG,
	TAP_HELPER_HIST,
	TAP_HELPER_DEL,
	TAP_HELPER_CLEAR,
	TAP_HELPER_ZERO,
	TAP_HELPER_PRINTF,
	TAP_HELPER_SYNTH,
	TAP_HELPER_EFFECT,
	TAP_NR_HELPERS,
};

/**
 * struct tap_arg - an argument of a printf or synth, as a program leaves it
 * @value: the integer; the id of the stack; or the address that @what speaks of
 * @what: enum tap_arg_kind in the high half; TAP_ARG_MEMORY, TAP_ARG_KSTR and
 *	TAP_ARG_USTR: bytes to read at most in the low half; TAP_ARG_ENUM: the
 *	address of the struct tap_names is in @names
 * @names: TAP_ARG_ENUM: tap_operand.start of the TAP_NAMES
 */
struct tap_arg {
	u64	value;
	u64	what;
	u64	names;
};

/**
 * enum tap_arg_kind - what an argument is
 * @TAP_ARG_INT: an integer
 * @TAP_ARG_STRING: a named string: @value is its TAP_STRING_DESC()
 * @TAP_ARG_MEMORY: a string in the program's memory or data
 * @TAP_ARG_KSTR: a string at a kernel address
 * @TAP_ARG_USTR: a string at a user address
 * @TAP_ARG_KSTACK: a kernel stack
 * @TAP_ARG_USTACK: a user stack
 * @TAP_ARG_SYSCALL: a system call, by its name
 * @TAP_ARG_ENUM: a value with a name
 */
enum tap_arg_kind {
	TAP_ARG_INT,
	TAP_ARG_STRING,
	TAP_ARG_MEMORY,
	TAP_ARG_KSTR,
	TAP_ARG_USTR,
	TAP_ARG_KSTACK,
	TAP_ARG_USTACK,
	TAP_ARG_SYSCALL,
	TAP_ARG_ENUM,
};

#define TAP_ARG(kind, len)	((u64)(kind) << 32 | (u32)(len))
#define TAP_ARG_KIND(what)	((enum tap_arg_kind)((what) >> 32))
#define TAP_ARG_LEN(what)	((u32)(what))

/* Where a helper finds a string: a named operand as one number. */
#define TAP_STRING_DESC(type, offset, size) \
	((u64)(type) << 32 | (u64)(offset) << 16 | (size))
#define TAP_STRING_TYPE(desc)	((enum tap_type)((desc) >> 32))
#define TAP_STRING_OFFSET(desc)	((u16)((desc) >> 16))
#define TAP_STRING_SIZE(desc)	((u16)(desc))

/**
 * struct tap_ctx - what a running program gets: R1 of the eBPF program
 * @rec: the record; programs from split.c never touch it
 * @len: bytes of the record that may be read
 * @scratch: TAP_SCRATCH bytes, aligned to 8, for programs whose code.scratch is
 *	set; nobody else writes to them while the program runs
 */
struct tap_ctx {
	const void	*rec;
	unsigned int	len;
	void		*scratch;
};

/* eBPF's own stack, and what a program gets if that is not enough. */
#define TAP_FRAME	512
#define TAP_SCRATCH	4096

/**
 * struct tap_target - the machine that eBPF instructions are for
 * @helper: immediate of a call to each helper
 * @unaligned: loads need no alignment
 * @percpu: the JIT takes the per-CPU move, and the two addresses are valid
 * @current_task: per-CPU address of the pointer to the current thread
 * @cpu_number: per-CPU address of the CPU's number, 32 bits
 * @task_pid: offset of pid in struct task_struct, 32 bits
 * @task_tgid: offset of tgid, 32 bits
 * @task_comm: offset of comm
 * @comm_len: bytes of comm
 */
struct tap_target {
	s32		helper[TAP_NR_HELPERS];
	bool		unaligned;
	bool		percpu;
	unsigned long	current_task;
	unsigned long	cpu_number;
	u16		task_pid;
	u16		task_tgid;
	u16		task_comm;
	u16		comm_len;
};

/**
 * enum tap_common - which common fields of a record a program reads
 * @TAP_COMMON_NONE: none
 * @TAP_COMMON_PID: at the most common_pid, which is easy to come by
 * @TAP_COMMON_ALL: any
 */
enum tap_common {
	TAP_COMMON_NONE,
	TAP_COMMON_PID,
	TAP_COMMON_ALL,
};

/**
 * struct tap_code - a lowered program
 * @insns: eBPF instructions, kvmalloc'ed
 * @nr_insns: how many
 * @data: patterns and masks that @insns point to, kvmalloc'ed, or NULL
 * @data_len: bytes of @data
 * @stack: bytes of eBPF stack
 * @needs_len: reads tap_ctx.len
 * @common: which common fields of the record it reads
 * @reads_record: reads the record at all, or keeps it
 * @needs_ctx: uses tap_ctx at all; if not, R1 may be 0
 * @needs_run: functions that it calls get the context, so that it has to be
 *	part of all that they may want to know
 * @scratch: bytes of tap_ctx.scratch that it uses
 * @guarded: what it does can fire events, or it uses tap_ctx.scratch: it must
 *	not run while it runs on the same CPU in the same context
 */
struct tap_code {
	struct bpf_insn	*insns;
	unsigned int	nr_insns;
	void		*data;
	unsigned int	data_len;
	unsigned int	stack;
	bool		needs_len;
	u8		common;
	bool		reads_record;
	bool		needs_ctx;
	bool		needs_run;
	bool		guarded;
	unsigned int	scratch;
};

int trace_tap_lower(const struct tap_prog *prog, const struct tap_target *t,
		    struct tap_code *code);
void trace_tap_code_free(struct tap_code *code);

#endif /* _TRACE_TAP_CODE_H */
