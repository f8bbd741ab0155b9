/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: what a script becomes: all that is to be set up on the machine, and how
 * what comes back is to be shown.
 *
 *	'k:vfs_read /pid > 1/ { @n[comm] = count(); printf("%d\n", arg2); }'
 *
 *	events		"p:tapc_GROUP/kprobe_vfs_read vfs_read arg2=$arg3:u64"
 *	maps		n: "@n[str16] = count", key STR, value COUNT
 *	programs	tapc_GROUP/kprobe_vfs_read: "tap 1 action ... end"
 *	sites		"%d\n" of the kernel, PRINTF "%d\n" (INT)
 *
 * Made by gen.c, from the tree. Used by load.c, which sets it up in tracefs, by
 * report.c, which shows records and tables, and by build.c, which writes a shell
 * script that does both with less.
 */
#ifndef _TAPC_UNIT_H
#define _TAPC_UNIT_H

#include "ast.h"

struct tapc;
struct target;

/* In names of events and in programs: stands for the name of the run, so that
 * two runs of a script do not meet. load.c and build.c replace it by letters,
 * digits and '_'.
 */
#define UNIT_GROUP	"tapc_GROUP"

/* ------------------------------------------------------- how things are shown */

/*
 * An INET's address is as it lies in memory: of AF_INET a number of 4 bytes, and 0;
 * of AF_INET6 two of 8 bytes.
 *
 * X(kind, slots, what). A thing that a script prints, or has in a key or a value.
 * Slots are the kernel's parts of a key, or arguments of a record, that it
 * consists of: numbers of 64 bits, or where it says so strings.
 */
#define SHOWS(X)							\
	X(INT,		1)	/* number; is_signed, size */		\
	X(BOOL,		1)	/* "true", "false" */			\
	X(STR,		1)	/* string */				\
	X(KSYM,		1)	/* address: name of the function */	\
	X(USYM,		2)	/* tgid, address */			\
	X(KSTACK,	1)	/* stack, or its text */		\
	X(USTACK,	1)	/* stack, or its text */		\
	X(SYSCALL,	1)	/* name of a system call, by the kernel */ \
	X(ENUM,		1)	/* name of a value, text: the field */	\
	X(PROBE,	1)	/* string system:event, by the kernel */ \
	X(USERNAME,	1)	/* uid: name of the user */		\
	X(INET,		3)	/* AF_*, address: see below */		\
	X(MAC,		1)	/* bytes 0-5 in memory order, from bit 0 */ \
	X(BUF,		9)	/* length, then 8 words of bytes in memory */ \
	X(STRFTIME,	1)	/* ns since boot; text: format */	\
	X(STRERROR,	1)	/* errno: its text */			\
	X(SIGNAL,	1)	/* number: name without SIG */		\
	X(CONST,	0)	/* text: always the same string */	\
	X(TUPLE,	0)	/* parts, which have the slots */

enum show {
#define X(kind, slots) SHOW_##kind,
	SHOWS(X)
#undef X
};

/**
 * struct part - how something is shown
 * @next: the next part of a key, the next argument
 * @show: enum show
 * @is_signed: INT
 * @size: INT: bytes that count, 1 to 8; STR: bytes at most, or 0; stacks: frames
 * @mode: stacks: 'b' as bpftrace shows them, 'p' as perf does, 'r' raw addresses
 * @text: STRFTIME: format; ENUM: field; CONST: the string
 * @parts: TUPLE: its elements
 */
struct part {
	struct part	*next;
	u8		show;
	bool		is_signed;
	u8		mode;
	u16		size;
	const char	*text;
	struct part	*parts;
};

unsigned int tapc_slots(const struct part *part);

/* -------------------------------------------------------------------- maps */

/* What a map holds. X(kind, name of the aggregation) */
#define MAPS(X)			\
	X(NONE,	"")	/* not known yet */ \
	X(PLAIN, "")			\
	X(COUNT, "count")		\
	X(SUM,	"sum")			\
	X(MIN,	"min")			\
	X(MAX,	"max")			\
	X(AVG,	"avg")			\
	X(STATS, "stats")		\
	X(HIST,	"hist")			\
	X(LHIST, "lhist")

enum map_kind {
#define X(kind, name) MAP_##kind,
	MAPS(X)
#undef X
};

/**
 * struct map - a map of the script, which is a table of the kernel
 * @next: the next one, in the order of their first use in the script
 * @name: in the script, without '@'; may be ""
 * @table: the table's: "n", of the one without a name "_"
 * @shape: "[str16] = count", what stands behind "@n" where a table is declared
 * @size: entries, or 0 for as many as the kernel gives
 * @key: parts of its key, or NULL for a map without
 * @kind: enum map_kind
 * @value: PLAIN: how the value is shown; else only @is_signed of it matters
 * @bits: HIST: each power of two is split into 2^bits parts
 * @min: LHIST
 * @max: LHIST
 * @step: LHIST
 * @space: values that are addresses: whose memory they are in, enum space
 * @is_internal: the compiler's own, which is never shown
 * @is_scalar: has no key
 * @pos: where it is used first
 */
struct map {
	struct map	*next;
	const char	*name;
	const char	*table;
	const char	*shape;
	u64		size;
	struct part	*key;
	u8		kind;
	struct part	value;
	unsigned int	bits;
	s64		min;
	s64		max;
	s64		step;
	u8		space;
	bool		is_internal;
	bool		is_scalar;
	struct loc	pos;
};

/* ------------------------------------------------------------------- sites */

/*
 * What a record of a program stands for. X(kind, what the kernel's format begins
 * with). PRINTF, CAT, SYSTEM have a format and arguments, which @text and @args
 * are; the others name what @text says. Those of JOIN are the number of strings,
 * and the strings.
 */
#define SITES(X)							\
	X(PRINTF,	"")						\
	X(PRINT,	"")		/* print(VALUE): one of @args */ \
	X(PRINT_MAP,	"tapc: print ")	/* @map, @top, @div */		\
	X(CLEAR,	"tapc: clear ")	/* @map */			\
	X(ZERO,		"tapc: zero ")	/* @map */			\
	X(EXIT,		"tapc: exit")	/* @top: status */		\
	X(TIME,		"tapc: time ")	/* text: strftime's format */	\
	X(JOIN,		"tapc: join ")	/* text: delimiter; args: below */ \
	X(CAT,		"tapc: cat ")					\
	X(SYSTEM,	"tapc: system ")

enum site_kind {
#define X(kind, text) SITE_##kind,
	SITES(X)
#undef X
};

/**
 * struct site - a place of the script that makes records
 * @next: the next one
 * @kind: enum site_kind
 * @format: the kernel's format, without newline at the end, unique in the unit:
 *	so the record's format, as printk_formats lists it, tells the site. For who
 *	reads the trace without tapc it is as close to the script's as can be.
 * @text: see SITES
 * @args: arguments. In the record are their slots, one behind the other: a number
 *	is 8 bytes, aligned to 4, a string ends with NUL, as vbin_printf() has it
 * @map: PRINT_MAP, CLEAR, ZERO
 * @top: PRINT_MAP: how many entries, 0 for all; EXIT: status
 * @div: PRINT_MAP: what values are divided by, or 0
 * @pos: where
 */
struct site {
	struct site	*next;
	u8		kind;
	const char	*format;
	const char	*text;
	struct part	*args;
	struct map	*map;
	u64		top;
	u64		div;
	struct loc	pos;
};

/* ---------------------------------------------------------------- programs */

/**
 * struct dynevent - an event that has to be made
 * @next: the next one, to be made after this one
 * @line: for the file dynamic_events, without newline
 * @name: "GROUP/NAME" of it, what "-:" removes
 * @target: what it is for
 * @is_alone: if it cannot be made, that is an error; else a warning, and programs
 *	that are for it are left out
 */
struct dynevent {
	struct dynevent		*next;
	const char		*line;
	const char		*name;
	const struct target	*target;
	bool			is_alone;
};

/**
 * struct program - a program
 * @next: the next one
 * @system: of its event; NULL: run_once, when the run begins or ends
 * @event: its event
 * @text: bytecode, "tap 1 action" to "end" and a newline
 * @dynevent: that has to be there, or NULL
 * @target: what it is for, as the script says
 * @pos: of the probe in the script
 * @name: of the probe in full, as the script's "probe" is: "kprobe:vfs_read"
 */
struct program {
	struct program		*next;
	const char		*system;
	const char		*event;
	const char		*text;
	struct dynevent		*dynevent;
	const struct target	*target;
	struct loc		pos;
	const char		*name;
};

/**
 * struct unit - a script, compiled
 * @source: its text
 * @name: its file's name, or "-e"
 * @maps: in the order of their names
 * @events: to be made, in this order
 * @programs: to be written, in this order
 * @begin: run once when all is set up, in this order
 * @end: run once when all else has stopped, in this order
 * @sites: what makes records
 * @nr_probes: places that the script's probes attach to, begin and end included
 * @has_usym: addresses of programs have to be looked up while these run
 * @is_unsafe: system() is used
 */
struct unit {
	const char	*source;
	const char	*name;
	struct map	*maps;
	struct dynevent	*events;
	struct program	*programs;
	struct program	*begin;
	struct program	*end;
	struct site	*sites;
	unsigned int	nr_probes;
	bool		has_usym;
	bool		is_unsafe;
};

/**
 * struct options - what the command line says about compiling
 * @compat: version that scripts are written for: 17 for 0.17, 0 for the newest
 * @str_len: bytes of a string that str() reads, at most
 * @is_async: tapc reads along: print(@x), clear(), exit() and the like are records.
 *	Else the kernel does by itself what it can, and the others are errors or
 *	warnings
 * @pid: -p, or of -c's command: what cpid is; 0 for none
 */
struct options {
	unsigned int	compat;
	unsigned int	str_len;
	bool		is_async;
	int		pid;
};

struct unit *tapc_generate(struct tapc *tc, struct node *tree,
			   const struct options *opt);
void tapc_write_code(FILE *out, const struct unit *unit);

#endif /* _TAPC_UNIT_H */
