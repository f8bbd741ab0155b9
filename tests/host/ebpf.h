/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The strict machine of ebpf.c, for those who do what its helpers do.
 */
#ifndef _TAP_HOST_EBPF_H
#define _TAP_HOST_EBPF_H

#include "host.h"

/* Where things are on the fake machine. */
enum {
	PERCPU_TASK	= 0x40,		/* per-CPU address of current */
	PERCPU_CPU	= 0x68,		/* per-CPU address of the CPU's number */
	PERCPU_SIZE	= 0x80,
	TASK_PID	= 0x5c,
	TASK_TGID	= 0x60,
	TASK_COMM	= 0x88,
	TASK_SIZE	= 0x98,
	HELPER_BASE	= 0x7000,	/* immediates of calls */
	MAX_STEPS	= 1 << 24,	/* more than any program is allowed */
};

/**
 * struct region - memory that the program may touch
 * @base: first byte; addresses of the program are addresses of the host
 * @size: bytes
 * @writable: it may be written
 */
struct region {
	const u8	*base;
	size_t		size;
	bool		writable;
};

enum {
	REGION_RECORD, REGION_CTX, REGION_STACK, REGION_DATA, REGION_TASK,
	REGION_PERCPU, REGION_SCRATCH, NR_REGIONS
};

struct machine {
	const struct tap_code	*code;
	const struct tap_target	*target;
	const struct host_env	*env;
	struct tap_ctx		ctx;
	struct region		regions[NR_REGIONS];
	u64			regs[11];
	u16			set;		/* registers with a value */
	u8			stack[MAX_BPF_STACK]
				__aligned(8);
	bool			stack_set[MAX_BPF_STACK];
	u8			*scratch;
	bool			scratch_set[TAP_SCRATCH];
	unsigned int		pc;
};

int host_fault(struct machine *m, const char *fmt, ...) __printf(2, 3);
int host_need(struct machine *m, unsigned int reg);
const struct region *host_region(struct machine *m, u64 addr, u64 size);
int host_own(struct machine *m, u64 addr, unsigned int size, bool write);

/* ebpf_call.c */
int host_call(struct machine *m, const struct bpf_insn *insn);

#endif /* _TAP_HOST_EBPF_H */
