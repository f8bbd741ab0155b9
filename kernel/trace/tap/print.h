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

#include <linux/sched.h>
#include <linux/string.h>

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
 * @simple: trace_tap_print_size() may know how many bytes the arguments take
 * @nr_texts: conversions that are TAP_PRINT_TEXT
 * @fixed: @simple: bytes of all others, a multiple of 4
 * @texts: @simple: which conversions are TAP_PRINT_TEXT
 * @conv: how the argument of each lies in a record
 */
struct trace_tap_format {
	const char		*text;
	unsigned int		nr;
	bool			simple;
	u8			nr_texts;
	u16			fixed;
	u8			texts[TAP_MAX_ARGS];
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

/* -------------------------------------------- arguments of a known size */

/**
 * struct trace_tap_comm - the current thread's name, as it was at one moment
 * @name: ends within the first @size bytes
 * @size: bytes that it gets: half of them or all
 */
struct trace_tap_comm {
	char		name[TASK_COMM_LEN] __aligned(8);
	unsigned int	size;
};

#define TAP_COMM_HALF	(TASK_COMM_LEN / 2)

/**
 * trace_tap_print_size - what arguments take at most, if that is easy to tell
 * @format: the format
 * @args: an argument for each conversion
 * @comm: out, for trace_tap_print_put()
 *
 * It is where all strings are the current thread's name.
 *
 * Return: bytes, a multiple of 4; or -1 to call trace_tap_print_pack().
 */
static __always_inline int
trace_tap_print_size(const struct trace_tap_format *format,
		     const struct tap_arg *args, struct trace_tap_comm *comm)
{
	const struct tap_arg *arg;
	unsigned int i;

	if (unlikely(!format->simple))
		return -1;
	if (!format->nr_texts)
		return format->fixed;
	for (i = 0; i < format->nr_texts; i++) {
		arg = &args[format->texts[i]];
		if (TAP_ARG_KIND(arg->what) != TAP_ARG_STRING ||
		    TAP_STRING_TYPE(arg->value) != TAP_COMM)
			return -1;
	}
	/* Others may write it: what is looked at is a copy */
	memcpy(comm->name, current->comm, TASK_COMM_LEN);
	barrier();
	comm->name[TASK_COMM_LEN - 1] = '\0';
	comm->size = comm->name[TAP_COMM_HALF - 1] ? TASK_COMM_LEN :
						     TAP_COMM_HALF;
	return format->fixed + format->nr_texts * comm->size;
}

/**
 * trace_tap_print_put - arguments as bstr_printf() wants them
 * @format: the format
 * @args: an argument for each conversion
 * @comm: from trace_tap_print_size()
 * @p: where to, aligned to 4, as many bytes as that said
 *
 * A string that is shorter than its bytes moves all behind it to the front: the
 * sizes are multiples of the alignment, so nothing ends later than it would.
 */
static __always_inline void
trace_tap_print_put(const struct trace_tap_format *format,
		    const struct tap_arg *args,
		    const struct trace_tap_comm *comm, char *p)
{
	const struct trace_tap_conv *conv = format->conv;
	const struct trace_tap_conv *end = conv + format->nr;
	unsigned long addr;

	/* The most frequent first. TAP_PRINT_BACK is not simple */
	for (; conv < end; conv++, args++) {
		if (likely(conv->kind == TAP_PRINT_INT)) {
			p = PTR_ALIGN(p, sizeof(u32));
			memcpy(p, &args->value, sizeof(u64));
			p += sizeof(u64);
		} else if (conv->kind == TAP_PRINT_TEXT) {
			memcpy(p, comm->name, TAP_COMM_HALF);
			if (comm->size > TAP_COMM_HALF)
				memcpy(p + TAP_COMM_HALF,
				       comm->name + TAP_COMM_HALF,
				       TAP_COMM_HALF);
			/* Nobody asks where the last one ends */
			if (conv + 1 == end)
				return;
			p += strlen(comm->name) + 1;
		} else if (conv->kind == TAP_PRINT_CHAR) {
			*p++ = args->value;
		} else {
			p = PTR_ALIGN(p, sizeof(u32));
			addr = args->value;
			memcpy(p, &addr, sizeof(addr));
			p += sizeof(addr);
		}
	}
}

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
