// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the fields of markers: their names, where they are in the record, and how
 * the record is shown.
 *
 *	in:	"inode->i_ino, name, len * 2", { u64, string, s32 }
 *	out:	names	i_ino		name			arg3
 *		record	u64, offset 16	__data_loc, offset 24	s32, offset 28
 *		shown	cache_miss: (f+0x12/0x30) i_ino=12 name="x" arg3=4
 *
 * A name is the last identifier of what the value is taken from: the argument
 * without casts, operators in front of it, parentheses around it, subscripts, and
 * the arguments of a call. An argument with operators between operands, or a
 * constant, has none and is called by its position. What is taken has "_2"
 * behind it, or "_3", ...: by another argument, or as the event's ip and
 * common_* are.
 */
#include <linux/ctype.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../trace.h"
#include "../trace_output.h"
#include "marker.h"

/* -------------------------------------------------------------------- names */

/* A part of the text of the arguments. */
struct part {
	const char	*s;
	const char	*end;
};

static bool is_word_start(char c)
{
	return isalpha(c) || c == '_';
}

static bool is_word(char c)
{
	return isalnum(c) || c == '_';
}

static void skip_blanks(struct part *p)
{
	while (p->s < p->end && isspace(*p->s))
		p->s++;
}

/* Behind a string or a character that begins at @s. */
static const char *skip_quoted(const char *s, const char *end)
{
	char quote = *s++;

	while (s < end && *s != quote)
		s += *s == '\\' ? 2 : 1;
	return min(s + 1, end);
}

/* Behind the bracket that closes the one at @s. */
static const char *skip_brackets(const char *s, const char *end)
{
	int depth = 0;

	while (s < end) {
		if (*s == '"' || *s == '\'') {
			s = skip_quoted(s, end);
			continue;
		}
		if (strchr("([{", *s))
			depth++;
		else if (strchr(")]}", *s) && !--depth)
			return s + 1;
		s++;
	}
	return end;
}

/* Takes the first argument from @args. */
static struct part first_arg(struct part *args)
{
	struct part arg = { args->s, args->s };
	const char *s = args->s;

	while (s < args->end && *s != ',') {
		if (*s == '"' || *s == '\'')
			s = skip_quoted(s, args->end);
		else if (strchr("([{", *s))
			s = skip_brackets(s, args->end);
		else
			s++;
	}
	arg.end = s;
	args->s = min(s + 1, args->end);
	while (arg.end > arg.s && isspace(arg.end[-1]))
		arg.end--;
	skip_blanks(&arg);
	return arg;
}

/* Of the names of types: words and stars. */
static bool is_cast(const char *s, const char *end)
{
	for (; s < end; s++) {
		if (!is_word(*s) && !isspace(*s) && *s != '*')
			return false;
	}
	return true;
}

/* Does "->x", ".x" or "[x]" follow? */
static bool is_postfix(const char *s, const char *end)
{
	while (s < end && isspace(*s))
		s++;
	return s < end && (*s == '.' || *s == '[' ||
			   (*s == '-' && s[1] == '>'));
}

/* Drops what stands in front, and parentheses around all of it. */
static void strip(struct part *p)
{
	const char *close;

	for (;;) {
		skip_blanks(p);
		if (p->s == p->end)
			return;
		if (strchr("&*!~+-", *p->s)) {
			p->s++;
			continue;
		}
		if (*p->s != '(')
			return;
		close = skip_brackets(p->s, p->end);
		if (close == p->end) {
			p->s++;
			p->end--;
			while (p->end > p->s && isspace(p->end[-1]))
				p->end--;
			continue;
		}
		/* In front of an operand it is a cast, else the operand */
		if (!is_cast(p->s + 1, close - 1) || is_postfix(close, p->end))
			return;
		p->s = close;
		skip_blanks(p);
		/* (a) - b */
		if (!is_word_start(*p->s) && *p->s != '(') {
			p->s = p->end;
			return;
		}
	}
}

/* Takes the identifier at p->s. */
static struct part take_word(struct part *p)
{
	struct part word = { p->s, p->s };

	if (p->s < p->end && is_word_start(*p->s)) {
		while (p->s < p->end && is_word(*p->s))
			p->s++;
	}
	word.end = p->s;
	return word;
}

/* The identifier that names the value, or nothing. */
static struct part name_of(struct part p)
{
	static const struct part none;
	struct part name = none;

	strip(&p);
	if (p.s < p.end && *p.s == '(')
		p.s = skip_brackets(p.s, p.end);
	else
		name = take_word(&p);
	for (skip_blanks(&p); p.s < p.end; skip_blanks(&p)) {
		if (*p.s == '(' || *p.s == '[') {
			p.s = skip_brackets(p.s, p.end);
		} else if (is_postfix(p.s, p.end)) {
			p.s += *p.s == '.' ? 1 : 2;
			skip_blanks(&p);
			name = take_word(&p);
		} else {
			return none;
		}
	}
	/* The size of something is not that thing */
	if (name.end - name.s == 6 && !memcmp(name.s, "sizeof", 6))
		return none;
	return name.s == name.end ? none : name;
}

static bool is_reserved(const char *name)
{
	return !strcmp(name, "ip") || str_has_prefix(name, "common_");
}

static bool is_among(const char *name, const char **names, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

/* Bytes that a name may take more than its argument: "arg12_13", and its NUL */
#define NAME_MORE	9

/**
 * trace_tap_marker_names - name the arguments of a marker
 * @args: their text
 * @nr: how many there are
 * @names: is set to the names
 *
 * May sleep.
 *
 * Return: memory that the names are in, for kfree(), or NULL.
 */
char *trace_tap_marker_names(const char *args, unsigned int nr,
			     const char **names)
{
	struct part rest = { args, args + strlen(args) };
	char *memory, *to;
	unsigned int i;

	memory = kmalloc(strlen(args) + nr * NAME_MORE + 1, GFP_KERNEL);
	if (!memory)
		return NULL;
	to = memory;
	for (i = 0; i < nr; i++) {
		struct part arg = first_arg(&rest);
		struct part name = name_of(arg);
		unsigned int n = 2;
		bool is_taken;
		int len;

		if (name.s)
			len = sprintf(to, "%.*s", (int)(name.end - name.s),
				      name.s);
		else
			len = sprintf(to, "arg%u", i + 1);
		is_taken = is_reserved(to) || is_among(to, names, i);
		while (is_taken) {
			sprintf(to + len, "_%u", n++);
			is_taken = is_among(to, names, i);
		}
		names[i] = to;
		to += strlen(to) + 1;
	}
	return memory;
}

/* ------------------------------------------------------- layout and format */

/**
 * trace_tap_marker_fields - set the fields of a marker's event
 * @marker: has room for them
 * @info: its first site
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_marker_fields(struct trace_tap_marker *marker,
			    const struct trace_tap_marker_info *info)
{
	const char *names[TRACE_TAP_MARKER_ARGS];
	unsigned int offset = sizeof(struct trace_tap_marker_entry);
	unsigned int i;

	if (!trace_tap_marker_names(info->args, info->nr, names))
		return -ENOMEM;
	for (i = 0; i < info->nr; i++) {
		struct trace_tap_marker_field *f = &marker->field[i];

		f->name = names[i];
		f->kind = trace_tap_marker_arg_kind(info->arg[i]);
		f->size = trace_tap_marker_arg_size(info->arg[i]);
		if (f->kind == TRACE_TAP_MARKER_STRING) {
			f->size = sizeof(u32);
			marker->nr_strings++;
		}
		offset = ALIGN(offset, f->size);
		f->offset = offset;
		offset += f->size;
	}
	marker->size = offset;
	return 0;
}

/**
 * trace_tap_marker_fields_free - undo trace_tap_marker_fields()
 * @marker: the marker, whatever has been done to it
 */
void trace_tap_marker_fields_free(struct trace_tap_marker *marker)
{
	kfree(marker->call.print_fmt);
	/* All names are in one piece of memory */
	if (marker->nr)
		kfree(marker->field[0].name);
}

/**
 * trace_tap_marker_fields_agree - can two sites have the same event?
 * @a: what it is for one
 * @b: and for the other
 *
 * Return: true if all their fields have the same names and types.
 */
bool trace_tap_marker_fields_agree(const struct trace_tap_marker *a,
				   const struct trace_tap_marker *b)
{
	unsigned int i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++) {
		if (a->field[i].kind != b->field[i].kind ||
		    a->field[i].size != b->field[i].size ||
		    strcmp(a->field[i].name, b->field[i].name))
			return false;
	}
	return true;
}

/* How a field is declared, as in TRACE_EVENT(). */
static const char *type_of(const struct trace_tap_marker_field *f)
{
	static const char * const integers[2][4] = {
		{ "u8", "u16", "u32", "u64" },
		{ "s8", "s16", "s32", "s64" },
	};

	switch (f->kind) {
	case TRACE_TAP_MARKER_BOOL:
		return "bool";
	case TRACE_TAP_MARKER_POINTER:
		return "void *";
	case TRACE_TAP_MARKER_STRING:
		return "__data_loc char[]";
	default:
		return integers[f->kind == TRACE_TAP_MARKER_SIGNED]
			       [ilog2(f->size)];
	}
}

/**
 * trace_tap_marker_define_fields - trace_event_fields.define_fields of markers
 * @call: the event
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_marker_define_fields(struct trace_event_call *call)
{
	struct trace_tap_marker *marker = trace_tap_marker_of(call);
	unsigned int i;
	int err;

	err = trace_define_field(call, "unsigned long", "ip",
				 offsetof(struct trace_tap_marker_entry, ip),
				 sizeof(unsigned long), 0, FILTER_OTHER);
	for (i = 0; i < marker->nr && !err; i++) {
		struct trace_tap_marker_field *f = &marker->field[i];

		err = trace_define_field(call, type_of(f), f->name, f->offset,
					 f->size,
					 f->kind == TRACE_TAP_MARKER_SIGNED,
					 FILTER_OTHER);
	}
	return err;
}

static void print_fmt(struct seq_buf *s, const struct trace_tap_marker *marker)
{
	const struct trace_tap_marker_field *f;
	unsigned int i;

	seq_buf_puts(s, "\"(%pS)");
	for (i = 0; i < marker->nr; i++) {
		f = &marker->field[i];
		seq_buf_printf(s, " %s=%s", f->name,
			       f->kind == TRACE_TAP_MARKER_STRING ? "\\\"%s\\\"" :
			       f->kind == TRACE_TAP_MARKER_POINTER ? "0x%lx" :
			       f->kind == TRACE_TAP_MARKER_SIGNED ? "%lld" :
			       "%llu");
	}
	seq_buf_puts(s, "\", (void *)REC->ip");
	for (i = 0; i < marker->nr; i++) {
		f = &marker->field[i];
		seq_buf_printf(s, f->kind == TRACE_TAP_MARKER_STRING ?
			       ", __get_str(%s)" :
			       f->kind == TRACE_TAP_MARKER_POINTER ?
			       ", (unsigned long)REC->%s" :
			       f->kind == TRACE_TAP_MARKER_SIGNED ?
			       ", (long long)REC->%s" :
			       ", (unsigned long long)REC->%s", f->name);
	}
}

/**
 * trace_tap_marker_set_print_fmt - tell the file "format" how a record is shown
 * @marker: its call.print_fmt is set
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_marker_set_print_fmt(struct trace_tap_marker *marker)
{
	struct seq_buf s;
	unsigned int i, size = 64;
	char *text;

	/* Twice its name and the longest of the texts above */
	for (i = 0; i < marker->nr; i++)
		size += 2 * strlen(marker->field[i].name) + 64;
	text = kmalloc(size, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	seq_buf_init(&s, text, size);
	print_fmt(&s, marker);
	seq_buf_str(&s);
	marker->call.print_fmt = text;
	return 0;
}

/* ------------------------------------------------------------------ showing */

static u64 read_integer(const void *p, bool is_signed, unsigned int size)
{
	switch (size) {
	case 1:
		return is_signed ? (u64)*(s8 *)p : *(u8 *)p;
	case 2:
		return is_signed ? (u64)*(s16 *)p : *(u16 *)p;
	case 4:
		return is_signed ? (u64)*(s32 *)p : *(u32 *)p;
	default:
		return *(u64 *)p;
	}
}

static void print_field(struct trace_seq *s, const void *rec,
			const struct trace_tap_marker_field *f)
{
	const void *p = rec + f->offset;

	switch (f->kind) {
	case TRACE_TAP_MARKER_POINTER:
		trace_seq_printf(s, "0x%lx", *(unsigned long *)p);
		break;
	case TRACE_TAP_MARKER_STRING:
		trace_seq_printf(s, "\"%.*s\"", *(u32 *)p >> 16,
				 (const char *)rec + (*(u32 *)p & 0xffff));
		break;
	case TRACE_TAP_MARKER_SIGNED:
		trace_seq_printf(s, "%lld", read_integer(p, true, f->size));
		break;
	default:
		trace_seq_printf(s, "%llu", read_integer(p, false, f->size));
	}
}

/**
 * trace_tap_marker_print - trace_event_functions.trace of markers
 * @iter: the record
 * @flags: of the symbol
 * @event: the event
 *
 * Return: whether all of it fitted.
 */
enum print_line_t trace_tap_marker_print(struct trace_iterator *iter, int flags,
					 struct trace_event *event)
{
	const struct trace_tap_marker_entry *entry = (void *)iter->ent;
	struct trace_event_call *call =
		container_of(event, struct trace_event_call, event);
	struct trace_tap_marker *marker = trace_tap_marker_of(call);
	struct trace_seq *s = &iter->seq;
	unsigned int i;

	trace_seq_printf(s, "%s: (", trace_event_name(call));
	seq_print_ip_sym(s, entry->ip, flags | TRACE_ITER_SYM_OFFSET);
	trace_seq_putc(s, ')');
	for (i = 0; i < marker->nr; i++) {
		trace_seq_printf(s, " %s=", marker->field[i].name);
		print_field(s, entry, &marker->field[i]);
	}
	trace_seq_putc(s, '\n');
	return trace_handle_return(s);
}
