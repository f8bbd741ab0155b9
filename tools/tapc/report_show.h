/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: what the files of report.h share: values, whether they are from a record
 * or from a table.
 *
 *	record	kernel's format "%lld %s", bytes	report.c
 *	table	"12, "bash"]", lines behind it		report_map.c
 *		|
 *		v
 *	struct slots, struct slot	one number or string after the other
 *		|			report_show.c
 *		v
 *	struct part	how it is shown: report_name.c names, report_symbol.c
 *			functions
 */
#ifndef _TAPC_REPORT_SHOW_H
#define _TAPC_REPORT_SHOW_H

#include "report.h"

#define MAX_FRAMES	128	/* of a stack, one more than the kernel has */
#define MAX_BYTES	512	/* of a string in a table */

/**
 * struct slot - a number or string of the kernel
 * @text: the string, not NUL terminated; of a table's number its digits
 * @len: bytes of it
 * @value: the number, or 0
 * @is_number: it is one
 */
struct slot {
	const char	*text;
	size_t		len;
	u64		value;
	bool		is_number;
};

/**
 * struct slots - where the next slot is
 * @at: it begins here
 * @end: and they end here
 * @start: of a record: where its arguments begin
 * @format: of a record: the rest of the kernel's format, which says what they
 *	are; of a table NULL
 * @lines: of a table: what stands behind the entry
 * @indent: blanks in front of the frames of stacks
 * @room: of a table: for a string without its escapes
 *
 * Where there is no slot left, it is an empty string and 0: so nothing that is
 * truncated does harm.
 */
struct slots {
	const char	*at;
	const char	*end;
	const char	*start;
	const char	*format;
	const char	*lines;
	unsigned int	indent;
	char		room[MAX_BYTES];
};

/**
 * struct frame - a function of a stack
 * @text: as the kernel has it: "vfs_read+0x10/0x20 [module]", or "0x7f00"
 * @len: bytes of it
 */
struct frame {
	const char	*text;
	size_t		len;
};

/* ---------------------------------------------------- report_show.c: values */

bool tapc_next_slot(struct slots *in, struct slot *slot);
u64 tapc_number(const char *s, const char *end);
void tapc_show(struct report *r, FILE *out, const struct part *part,
	       struct slots *in);
char *tapc_show_text(struct report *r, const struct part *part,
		     struct slots *in, size_t *len);
void tapc_show_json(struct report *r, const struct part *part,
		    struct slots *in);
void tapc_write_json(FILE *out, const char *s, size_t len);
u64 tapc_cut(const struct part *part, u64 value);
unsigned int tapc_frames(const struct slots *in, const struct slot *slot,
			 struct frame *frames, int *tgid);
const char *tapc_block(const char *lines, const char *name, size_t len);
bool tapc_next_line(const char **at, struct frame *line);

/* ------------------------------------------- report_name.c: names of numbers */

void tapc_show_name(struct report *r, FILE *out, const struct part *part,
		    u64 value, struct slots *in);
void tapc_show_bytes(FILE *out, struct slots *in, char mode);
void tapc_show_time(struct report *r, FILE *out, const char *format, s64 ns);

/* ---------------------------------------------- report_symbol.c: functions */

/* What of a frame is shown; stacks have BPFTRACE, PERF or RAW as their mode. */
#define FRAME_BPFTRACE	'b'	/* name+12 */
#define FRAME_PERF	'p'	/* 7f00 name+12 (module) */
#define FRAME_RAW	'r'	/* 7f00 */
#define FRAME_NAME	'n'	/* name */

void tapc_show_user(struct report *r, FILE *out, int tgid, u64 address,
		    char mode);
void tapc_show_kernel(struct report *r, FILE *out, const struct frame *frame,
		      char mode);
void tapc_show_address(struct report *r, FILE *out, u64 address);
void tapc_want_kernel(struct report *r, const char *name, size_t len,
		      u64 address);
void tapc_close_symbols(struct report *r);

#endif /* _TAPC_REPORT_SHOW_H */
