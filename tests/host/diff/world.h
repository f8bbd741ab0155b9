/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What both engines look at: an event with its fields, the machine around it
 * (current thread, CPUs, symbols, memory behind pointers), and records.
 */
#ifndef _DIFF_WORLD_H
#define _DIFF_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_FIELDS	24
#define WORLD_CPUS	256	/* NR_CPUS */

/**
 * struct world_field - a field, as the kernel's trace_define_field() takes it
 * @name: its name
 * @type: its type as C text; filter_assign_type() looks at it
 * @offset: bytes from the start of the record
 * @size: bytes
 * @is_signed: declared signed
 * @filter_type: FILTER_OTHER to have it derived from @type
 */
struct world_field {
	char		name[24];
	const char	*type;
	uint16_t	offset;
	uint16_t	size;
	bool		is_signed;
	int		filter_type;
};

/* Values of the kernel's FILTER_*, for fields that are not FILTER_OTHER. */
enum world_filter_type {
	WORLD_OTHER,
	WORLD_TRACE_FN,
	WORLD_COMM,
	WORLD_CPU,
	WORLD_STACKTRACE,
};

/**
 * struct world_event - an event
 * @is_function: it is ftrace:function
 * @nr_fields: entries in @fields
 * @size: bytes of the record up to its dynamic part
 * @fields: its own fields
 */
struct world_event {
	bool			is_function;
	unsigned int		nr_fields;
	unsigned int		size;
	struct world_field	fields[WORLD_FIELDS];
};

/**
 * struct world - the machine around an event
 * @nr_cpus: nr_cpu_ids
 * @cpu: the current CPU
 * @pid: of the current thread
 * @comm: of the current thread
 */
struct world {
	unsigned int	nr_cpus;
	unsigned int	cpu;
	int		pid;
	char		comm[16];
};

extern struct world world;

/* The event's own fields, then the generic, then the common ones; or NULL. */
const struct world_field *world_find_field(const struct world_event *ev,
					   const char *name);

/*
 * A symbol by name, or, if @name is NULL, the one around *@start; false if
 * there is none.
 */
bool world_symbol(const char *name, uint64_t *start, uint64_t *span);

/* Name of the @i-th symbol, NULL behind the last. */
const char *world_symbol_name(unsigned int i);

/*
 * Readable memory, kernel and user: what lies outside faults. world_put()
 * stores @len bytes of a string and returns their address, 0 if it is full.
 */
void world_forget(void);
uint64_t world_put(bool user, const char *s, size_t len);

/*
 * Copy a string of at most @count bytes with its NUL from @addr; the number of
 * bytes copied, NUL included, or -EFAULT.
 */
long world_read_string(bool user, char *dst, uint64_t addr, long count);

#endif /* _DIFF_WORLD_H */
