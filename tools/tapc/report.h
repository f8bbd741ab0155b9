/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: what programs have printed and counted, as people and scripts read it.
 *
 *	a record	site, arguments		"bash    12\n"
 *	a table		"@n["bash"] = 12\n"	"@n[bash]: 12\n"
 *
 * In: struct unit, which says how each thing is shown, and what came back from
 * the kernel. Out: text as bpftrace prints it, or its NDJSON, or folded stacks.
 * Nothing here knows tracefs, so that all of it is tested on files.
 */
#ifndef _TAPC_REPORT_H
#define _TAPC_REPORT_H

#include <stdio.h>

#include "unit.h"

/* -f. X(kind, name) */
#define OUTPUTS(X)			\
	X(TEXT,		"text")		\
	X(JSON,		"json")		\
	X(FOLDED,	"folded")	/* maps keyed by stacks: for flame graphs */

enum output {
#define X(kind, name) OUTPUT_##kind,
	OUTPUTS(X)
#undef X
};

/**
 * struct report - where output goes
 * @tc: the run
 * @unit: what runs
 * @out: results; what is printed there is whole lines of one record or map
 * @output: enum output
 * @is_quiet: -q: nothing but what the script prints
 * @is_unsafe: system() is carried out
 * @keep_maps: maps are not printed at the end (config print_maps_on_exit)
 * @compat: struct options'
 * @group: what stands for UNIT_GROUP in the names of events, or NULL
 * @pid: thread whose record is shown: its user stacks do not say whose they are
 * @boot_ns: ns from 1970 to the boot: added to times since boot it is the date
 * @symbols: functions of programs and of the kernel, report_symbol.c's
 *
 * All functions are for one thread. They never fail: what cannot be resolved is
 * shown as a number. What is written may stay in the buffer of @out: whoever
 * waits for more flushes it first.
 */
struct report {
	struct tapc		*tc;
	const struct unit	*unit;
	FILE			*out;
	u8			output;
	bool			is_quiet;
	bool			is_unsafe;
	bool			keep_maps;
	unsigned int		compat;
	const char		*group;
	int			pid;
	s64			boot_ns;
	struct symbols		*symbols;
};

void tapc_report_attached(struct report *r, unsigned int nr_probes);
void tapc_report_record(struct report *r, const struct site *site,
			const void *args, size_t len, u64 ns);
void tapc_report_map(struct report *r, const struct map *map,
		     const char *table, u64 top, u64 div);
void tapc_report_maps(struct report *r,
		      char *(*read_table)(void *arg, const struct map *map),
		      void *arg);
void tapc_report_lost(struct report *r, u64 nr, const char *what);
void tapc_report_end(struct report *r);

/**
 * tapc_report_stack_seen - a user stack or address has come up: remember the
 *	process's map of memory, while it lives
 * @r: report
 * @tgid: process
 */
void tapc_report_stack_seen(struct report *r, int tgid);

#endif /* _TAPC_REPORT_H */
