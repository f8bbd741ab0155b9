/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what print.c, effect.c and unwind.c share: room to work in, formats,
 * stacks as they are walked.
 *
 * Nobody can allocate when an event fires, and little fits on the stack. So
 * each CPU has rooms, made before the first action is, one for each context that
 * can interrupt another and some to spare: what an action does may fault, which
 * is an event that has actions.
 */
#ifndef _TRACE_TAP_PRINT_H
#define _TRACE_TAP_PRINT_H

#include "action.h"

/* Bytes of the arguments of one print, or of its text. */
#define TAP_PRINT_MAX		1024

/* Bytes of a string in a print, its NUL included, unless a precision says more. */
#define TAP_PRINT_STR		256

/* Frames between what walks the stack and the function at trace_tap_run.ip. */
#define TAP_ENGINE_FRAMES	16

/**
 * struct trace_tap_room - where an action works
 * @record: a record: header, then TAP_PRINT_MAX bytes
 * @frames: frames of a stack
 * @text: another record, of text
 */
struct trace_tap_room {
	u64	record[(32 + TAP_PRINT_MAX) / sizeof(u64)];
	union {
		unsigned long	frames[TAP_MAX_STACK + TAP_ENGINE_FRAMES];
		u64		text[(32 + TAP_PRINT_MAX) / sizeof(u64)];
	};
};

/**
 * struct trace_tap_conv - how an argument lies in a record
 * @kind: enum tap_print_kind
 * @max: a string: bytes to copy at most, without its NUL
 * @width: TAP_PRINT_BACK: as the format has it; negative: to the left
 * @rest: bytes that all arguments behind this one need at least
 */
struct trace_tap_conv {
	u8	kind;
	u16	max;
	s16	width;
	u16	rest;
};

/**
 * enum tap_print_kind - how an argument lies in a record
 * @TAP_PRINT_INT: %lld and the like: 8 bytes, aligned to 4
 * @TAP_PRINT_CHAR: %c: a byte
 * @TAP_PRINT_ADDR: %ps, %pS: a long, aligned to 4
 * @TAP_PRINT_BACK: %pB: what it stands for, as a string
 * @TAP_PRINT_TEXT: %s: the string with its NUL
 */
enum tap_print_kind {
	TAP_PRINT_INT,
	TAP_PRINT_CHAR,
	TAP_PRINT_ADDR,
	TAP_PRINT_BACK,
	TAP_PRINT_TEXT,
};

/**
 * struct trace_tap_format - a format; there is one of each text, for good
 * @text: the text, which records point to
 * @nr: conversions
 * @conv: how the argument of each lies in a record
 */
struct trace_tap_format {
	const char		*text;
	unsigned int		nr;
	struct trace_tap_conv	conv[TAP_MAX_ARGS];
};

int trace_tap_format_init(struct trace_tap_format *format, const char *text);
unsigned int trace_tap_print_pack(const struct trace_tap_format *format,
				  const struct trace_tap_run *run,
				  const struct tap_arg *args, char *buf,
				  unsigned int size, unsigned long *frames);
unsigned int trace_tap_print_string(const struct trace_tap_run *run,
				    const struct tap_arg *arg, char *to,
				    unsigned int size, unsigned int max,
				    unsigned long *frames);

/* --------------------------------------------------------------- unwind.c */

struct trace_tap_room *trace_tap_room_get(void);
void trace_tap_room_put(void);
void trace_tap_room_missed(const struct trace_tap_run *run);
unsigned long *trace_tap_walk(const struct trace_tap_run *run,
			      unsigned long *frames, unsigned int *nr);

/* --------------------------------------------------------------- effect.c */

void trace_tap_record_stack(const struct trace_tap_run *run,
			    unsigned int trace_ctx,
			    struct trace_tap_room *room);

#endif /* _TRACE_TAP_PRINT_H */
