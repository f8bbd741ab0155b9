// SPDX-License-Identifier: GPL-2.0
/*
 * tap: printf: formats, and records in the ring buffer.
 *
 *	printf("%d %s", id, comm)
 *	      | format.c	"%lld %s\n"
 *	      | trace_tap_format_get()		interned, listed in printk_formats
 *	      v
 *	TRACE_BPRINT { ip, format, 39 00 00 00 00 00 00 00 'b' 'a' 's' 'h' 00 }
 *
 * The record is the one of trace_printk(), and whoever reads it formats it, with
 * bstr_printf(); the arguments lie as vbin_printf() would put them. Numbers and
 * the current thread's name, whose sizes are known, are put right into the
 * record. Where there is something else, all are packed in a room of the CPU's
 * first, so that the record has the right size and nothing that may fault
 * happens while it is open.
 *
 * Records are read long after the program is gone, so formats are never freed.
 * In a buffer that outlives a boot, where their addresses mean nothing, the
 * record is text.
 */
#include <linux/align.h>
#include <linux/ctype.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "../trace.h"
#include "fetch.h"
#include "print.h"
#include "table.h"

/* ------------------------------------------------------------------ formats */

#define MAX_FORMATS	4096

/* All formats by number, from 0; added under formats_mutex, never removed. */
static DEFINE_XARRAY(formats);
static unsigned int nr_formats;
static DEFINE_MUTEX(formats_mutex);

/* What an argument takes at least, whatever stands before it. */
static unsigned int least(enum tap_print_kind kind)
{
	switch (kind) {
	case TAP_PRINT_INT:
		return sizeof(u32) - 1 + sizeof(u64);
	case TAP_PRINT_ADDR:
		return sizeof(u32) - 1 + sizeof(long);
	case TAP_PRINT_CHAR:
	case TAP_PRINT_BACK:
	case TAP_PRINT_TEXT:
		break;
	}
	return 1;
}

static const char *digits(const char *s, unsigned int *value)
{
	for (*value = 0; isdigit(*s) && *value < U16_MAX / 16; s++)
		*value = *value * 10 + *s - '0';
	return s;
}

/* The conversion behind a '%'; returns what is behind it, NULL if it is none. */
static const char *conv_init(struct trace_tap_conv *conv, const char *s)
{
	const char *flags = s;
	unsigned int value;

	s += strspn(s, "-+ #0");
	conv->max = TAP_PRINT_STR - 1;
	flags = memchr(flags, '-', s - flags);
	s = digits(s, &value);
	conv->width = flags ? -(int)value : value;
	if (*s == '.') {
		s = digits(s + 1, &value);
		conv->max = value;
	}
	switch (*s) {
	case 'c':
		conv->kind = TAP_PRINT_CHAR;
		return s + 1;
	case 's':
		conv->kind = TAP_PRINT_TEXT;
		return s + 1;
	case 'l':
		conv->kind = TAP_PRINT_INT;
		return s[1] == 'l' && s[2] && strchr("duxXo", s[2]) ? s + 3 :
								      NULL;
	case 'p':
		conv->kind = s[1] == 'B' ? TAP_PRINT_BACK : TAP_PRINT_ADDR;
		return s[1] && strchr("BSs", s[1]) ? s + 2 : NULL;
	default:
		return NULL;
	}
}

/* Sets @simple and what it says is known. */
static void plan_init(struct trace_tap_format *format)
{
	unsigned int i;

	format->simple = true;
	format->nr_texts = 0;
	format->fixed = 0;
	for (i = 0; i < format->nr; i++) {
		switch (format->conv[i].kind) {
		case TAP_PRINT_INT:
			format->fixed = ALIGN(format->fixed, sizeof(u32)) +
					sizeof(u64);
			break;
		case TAP_PRINT_ADDR:
			format->fixed = ALIGN(format->fixed, sizeof(u32)) +
					sizeof(long);
			break;
		case TAP_PRINT_CHAR:
			format->fixed++;
			break;
		case TAP_PRINT_TEXT:
			format->texts[format->nr_texts++] = i;
			if (format->conv[i].max < TASK_COMM_LEN - 1)
				format->simple = false;
			break;
		case TAP_PRINT_BACK:
			format->simple = false;
			break;
		}
	}
	format->fixed = ALIGN(format->fixed, sizeof(u32));
}

/**
 * trace_tap_format_init - see what a format asks for
 * @format: out
 * @text: struct tap_format.text; it has to stay
 *
 * Return: 0 or -EINVAL.
 */
int trace_tap_format_init(struct trace_tap_format *format, const char *text)
{
	unsigned int i, rest = 0;
	const char *s = text;

	format->text = text;
	format->nr = 0;
	while ((s = strchr(s, '%'))) {
		if (*++s == '%') {
			s++;
			continue;
		}
		if (format->nr == TAP_MAX_ARGS)
			return -EINVAL;
		s = conv_init(&format->conv[format->nr++], s);
		if (!s)
			return -EINVAL;
	}
	for (i = format->nr; i--;) {
		format->conv[i].rest = rest;
		rest += least(format->conv[i].kind);
	}
	plan_init(format);
	return 0;
}

static struct trace_tap_format *format_find(const char *text)
{
	struct trace_tap_format *format;
	unsigned long i;

	xa_for_each(&formats, i, format) {
		if (!strcmp(format->text, text))
			return format;
	}
	return NULL;
}

static struct trace_tap_format *format_new(const struct tap_format *parsed)
{
	struct trace_tap_format *format;
	char *text;

	if (nr_formats == MAX_FORMATS)
		return NULL;
	format = kzalloc(sizeof(*format), GFP_KERNEL);
	text = kstrdup(parsed->text, GFP_KERNEL);
	if (!format || !text)
		goto free;
	if (WARN_ON_ONCE(trace_tap_format_init(format, text) ||
			 format->nr != parsed->nr))
		goto free;
	if (xa_err(xa_store(&formats, nr_formats, format, GFP_KERNEL)))
		goto free;
	nr_formats++;
	return format;
free:
	kfree(text);
	kfree(format);
	return NULL;
}

/**
 * trace_tap_format_get - the one format with a text
 * @parsed: the format; not needed afterwards
 *
 * May sleep. There is nothing to put: formats outlive all records.
 *
 * Return: the format, or NULL: there is no memory, or trace_tap_formats_full().
 */
struct trace_tap_format *trace_tap_format_get(const struct tap_format *parsed)
{
	struct trace_tap_format *format;

	guard(mutex)(&formats_mutex);
	format = format_find(parsed->text);
	return format ? format : format_new(parsed);
}

/**
 * trace_tap_formats_full - are there as many formats as there may be
 *
 * May sleep.
 *
 * Return: true if a format that is new is refused: -ENOSPC.
 */
bool trace_tap_formats_full(void)
{
	guard(mutex)(&formats_mutex);
	return nr_formats == MAX_FORMATS;
}

/* ------------------------------------------- formats in "printk_formats" */

/** trace_tap_formats_start - begin to list formats */
void trace_tap_formats_start(void)
{
	mutex_lock(&formats_mutex);
}

/** trace_tap_formats_stop - end it */
void trace_tap_formats_stop(void)
{
	mutex_unlock(&formats_mutex);
}

/**
 * trace_tap_format_nr - one format, for "printk_formats"
 * @nr: its number, from 0
 *
 * Called between trace_tap_formats_start() and trace_tap_formats_stop().
 *
 * Return: where its address is kept, or NULL if there are not so many.
 */
const char **trace_tap_format_nr(unsigned long nr)
{
	struct trace_tap_format *format = xa_load(&formats, nr);

	return format ? &format->text : NULL;
}

/* How many there are; context as trace_tap_format_nr(). */
unsigned int trace_tap_formats_count(void)
{
	return nr_formats;
}

/* ---------------------------------------------------------------- arguments */

static unsigned int print_pointer(char *to, unsigned long addr, bool user,
				  unsigned int max)
{
	long n = trace_tap_string_read(to, addr, user, max + 1);

	/* As trace events say it */
	return n > 0 ? n - 1 : trace_tap_string_copy(to, "(fault)", max);
}

static unsigned int print_named(const struct tap_ctx *ctx, u64 desc, char *to,
				unsigned int max)
{
	struct trace_tap_bytes b;

	if (trace_tap_is_pointer(desc))
		return print_pointer(to, trace_tap_pointer(ctx, desc),
				     TAP_STRING_TYPE(desc) == TAP_USER, max);
	b = trace_tap_string_at(ctx, desc);
	if (!b.start)
		return 0;
	return trace_tap_string_copy(to, b.start, min(b.len, max));
}

/* Frames, each in a line of its own, as many as fit. */
static unsigned int print_stack(const struct trace_tap_run *run, u32 id,
				bool user, char *to, unsigned int max,
				unsigned long *frames)
{
	struct tap_stacks *stacks = READ_ONCE(run->file->tr->tap_tables->stacks);
	unsigned int i, nr, len, n = 0;
	u32 tgid;

	if (!id || !stacks)
		return 0;
	nr = trace_tap_stack_find(stacks, id, frames, TAP_MAX_STACK, &tgid);
	for (i = 0; i < nr; i++) {
		if (user)
			len = snprintf(to + n, max + 1 - n, "\n => 0x%lx",
				       frames[i]);
		else
			len = snprintf(to + n, max + 1 - n, "\n => %pB",
				       (void *)frames[i]);
		if (len > max - n)
			break;
		n += len;
	}
	return n;
}

/* A number where a string is asked for: its name, or else the number. */
static unsigned int print_number(const struct tap_arg *arg, char *to,
				 unsigned int size)
{
	const struct tap_names *names;
	const char *name;

	switch (TAP_ARG_KIND(arg->what)) {
	case TAP_ARG_SYSCALL:
		name = trace_tap_syscall_name(arg->value);
		if (name)
			return trace_tap_string_copy(to, name, size - 1);
		break;
	case TAP_ARG_ENUM:
		/* A field without names has none */
		names = (const void *)(unsigned long)arg->names;
		if (!names)
			break;
		return min(trace_tap_names_text(names, arg->value, false, to,
						size), size - 1);
	default:
		break;
	}
	return scnprintf(to, size, "%lld", arg->value);
}

/**
 * trace_tap_print_string - an argument as a string
 * @run: the action
 * @arg: the argument
 * @to: where to
 * @size: bytes there, at least 1
 * @max: bytes of a string at most, without its NUL
 * @frames: room for TAP_MAX_STACK
 *
 * Context: any, preemption off.
 *
 * Return: bytes written, without the NUL that ends them.
 */
unsigned int trace_tap_print_string(const struct trace_tap_run *run,
				    const struct tap_arg *arg, char *to,
				    unsigned int size, unsigned int max,
				    unsigned long *frames)
{
	unsigned int n = min(size - 1, max);
	unsigned long addr = arg->value;

	switch (TAP_ARG_KIND(arg->what)) {
	case TAP_ARG_STRING:
		n = print_named(&run->ctx, arg->value, to, n);
		break;
	case TAP_ARG_MEMORY:
		n = trace_tap_string_copy(to, (const char *)addr,
					  min(n, TAP_ARG_LEN(arg->what)));
		break;
	case TAP_ARG_KSTR:
	case TAP_ARG_USTR:
		n = print_pointer(to, addr,
				  TAP_ARG_KIND(arg->what) == TAP_ARG_USTR,
				  min(n, TAP_ARG_LEN(arg->what)));
		break;
	case TAP_ARG_KSTACK:
	case TAP_ARG_USTACK:
		/* What one would cut stacks for is the record's size alone */
		n = print_stack(run, arg->value,
				TAP_ARG_KIND(arg->what) == TAP_ARG_USTACK, to,
				size - 1, frames);
		break;
	default:
		n = print_number(arg, to, n + 1);
		break;
	}
	to[n] = '\0';
	return n;
}

/**
 * trace_tap_print_pack - arguments as bstr_printf() wants them
 * @format: the format
 * @run: the action
 * @args: an argument for each conversion
 * @buf: where to, aligned to 4
 * @size: bytes there, a multiple of 4, at least 512. Strings are cut so that all
 *	arguments fit
 * @frames: room for TAP_MAX_STACK
 *
 * Context: any, preemption off.
 *
 * Return: bytes written, a multiple of 4.
 */
unsigned int trace_tap_print_pack(const struct trace_tap_format *format,
				  const struct trace_tap_run *run,
				  const struct tap_arg *args, char *buf,
				  unsigned int size, unsigned long *frames)
{
	const struct trace_tap_conv *conv = format->conv;
	const struct trace_tap_conv *end = conv + format->nr;
	unsigned long addr;
	unsigned int room;
	char *p = buf;

	for (; conv < end; conv++, args++) {
		room = buf + size - p - conv->rest;
		switch (conv->kind) {
		case TAP_PRINT_INT:
			p = PTR_ALIGN(p, sizeof(u32));
			memcpy(p, &args->value, sizeof(u64));
			p += sizeof(u64);
			break;
		case TAP_PRINT_CHAR:
			*p++ = args->value;
			break;
		case TAP_PRINT_ADDR:
			p = PTR_ALIGN(p, sizeof(u32));
			addr = args->value;
			memcpy(p, &addr, sizeof(addr));
			p += sizeof(addr);
			break;
		case TAP_PRINT_BACK:
			addr = args->value;
			p += scnprintf(p, min(room, TAP_PRINT_STR), "%*pB",
				       conv->width, (void *)addr) + 1;
			break;
		case TAP_PRINT_TEXT:
			p += trace_tap_print_string(run, args, p, room,
						    conv->max, frames) + 1;
			break;
		}
	}
	while (!IS_ALIGNED(p - buf, sizeof(u32)))
		*p++ = 0;
	return p - buf;
}

/* ------------------------------------------------------------------ records */

static_assert(sizeof(struct bprint_entry) + TAP_PRINT_MAX <=
	      sizeof_field(struct trace_tap_room, record));
static_assert(sizeof(struct print_entry) + TAP_PRINT_MAX <=
	      sizeof_field(struct trace_tap_room, text));
static_assert(TAP_MAX_ARGS * (sizeof(u64) + sizeof(u32)) <= 512);

/*
 * Another record may be open when an action prints: that of an event whose
 * trigger fired a synthetic one, or while whose fields were read something else
 * happened. Without ring_buffer_nest_start(), which would cost every printf, the
 * ring buffer takes one record inside another; what is deeper is counted.
 */
static __always_inline void *reserve(const struct trace_tap_run *run,
				     struct trace_buffer *buffer, int type,
				     unsigned int len, unsigned int trace_ctx)
{
	struct ring_buffer_event *event;
	struct trace_entry *entry;

	event = ring_buffer_lock_reserve(buffer, len);
	if (unlikely(!event)) {
		this_cpu_inc(run->item->stats->drops);
		return NULL;
	}
	/* As __trace_buffer_lock_reserve(), whose callers are trace.c's */
	__this_cpu_write(trace_taskinfo_save, true);
	entry = ring_buffer_event_data(event);
	tracing_generic_entry_update(entry, type, trace_ctx);
	return entry;
}

/* A record that is complete but for its common fields. */
static void write_entry(const struct trace_tap_run *run, int type,
			unsigned int trace_ctx, const struct trace_entry *from,
			unsigned int len)
{
	struct trace_buffer *buffer = run->file->tr->array_buffer.buffer;
	struct trace_entry *entry = reserve(run, buffer, type, len, trace_ctx);

	if (!entry)
		return;
	memcpy(entry + 1, from + 1, len - sizeof(*entry));
	ring_buffer_unlock_commit(buffer);
}

/* The same as text, which needs no format any more. */
static void write_text(const struct trace_tap_format *format,
		       const struct trace_tap_run *run, unsigned int trace_ctx,
		       struct trace_tap_room *room, const u32 *args)
{
	struct print_entry *entry = (void *)room->text;
	unsigned int n;

	n = bstr_printf(entry->buf, TAP_PRINT_MAX, format->text, args);
	if (n >= TAP_PRINT_MAX) {
		n = TAP_PRINT_MAX - 1;
		entry->buf[n - 1] = '\n';
	}
	entry->ip = run->ip;
	write_entry(run, TRACE_PRINT, trace_ctx, &entry->ent,
		    offsetof(struct print_entry, buf) + n + 1);
}

/* Arguments of any kind, in a buffer of any kind. */
static noinline void print_any(const struct trace_tap_run *run,
			       unsigned int trace_ctx,
			       const struct trace_tap_format *format,
			       const struct tap_arg *args)
{
	struct trace_tap_room *room = trace_tap_room_get();
	struct trace_array *tr = run->file->tr;
	struct bprint_entry *entry;
	unsigned int n;

	if (unlikely(!room)) {
		trace_tap_room_missed(run);
		goto put;
	}
	entry = (void *)room->record;
	n = trace_tap_print_pack(format, run, args, (char *)entry->buf,
				 TAP_PRINT_MAX, room->frames);
	if (unlikely(tr->flags & TRACE_ARRAY_FL_BOOT)) {
		write_text(format, run, trace_ctx, room, entry->buf);
	} else {
		entry->ip = run->ip;
		entry->fmt = format->text;
		write_entry(run, TRACE_BPRINT, trace_ctx, &entry->ent,
			    offsetof(struct bprint_entry, buf) + n);
	}
	if (unlikely(tr->trace_flags & TRACE_ITER_STACKTRACE))
		trace_tap_record_stack(run, trace_ctx, room);
put:
	trace_tap_room_put();
}

/**
 * trace_tap_helper_printf - TAP_HELPER_PRINTF: print into the trace
 * @ctx: struct trace_tap_run
 * @fmt: struct trace_tap_format
 * @args: struct tap_arg, one for each conversion
 * @a4: not used
 * @a5: not used
 *
 * Return: 0.
 */
u64 trace_tap_helper_printf(u64 ctx, u64 fmt, u64 args, u64 a4, u64 a5)
{
	const struct trace_tap_format *format = (void *)(unsigned long)fmt;
	const struct tap_arg *arg = (void *)(unsigned long)args;
	const struct trace_tap_run *run = trace_tap_run_of(ctx);
	struct trace_array *tr = run->file->tr;
	unsigned int trace_ctx = tracing_gen_ctx_dec();
	struct trace_buffer *buffer = tr->array_buffer.buffer;
	struct trace_tap_comm comm __uninitialized;
	struct bprint_entry *entry;
	int n;

	n = trace_tap_print_size(format, arg, &comm);
	if (unlikely(n < 0 || tr->flags & TRACE_ARRAY_FL_BOOT ||
		     tr->trace_flags & TRACE_ITER_STACKTRACE)) {
		print_any(run, trace_ctx, format, arg);
		return 0;
	}
	entry = reserve(run, buffer, TRACE_BPRINT,
			offsetof(struct bprint_entry, buf) + n, trace_ctx);
	if (unlikely(!entry))
		return 0;
	entry->ip = run->ip;
	entry->fmt = format->text;
	trace_tap_print_put(format, arg, &comm, (char *)entry->buf);
	ring_buffer_unlock_commit(buffer);
	return 0;
}
