// SPDX-License-Identifier: GPL-2.0
/*
 * tap: tables as text, for their files and for the dump of a dying kernel.
 *
 * In: a shape and an entry. Out, of @us[syscall_name(id)] = hist(...):
 *
 *	# @us[u64.syscall] = hist size=4096 entries=1 drops=0
 *	@us[read] = 12
 *		[4, 8)                    3 |@@@@@@@@@@@@@@@@@            |
 *		[8, 16)                   9 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
 *
 * (bars are 52 wide). This is what scripts read, so it does not change:
 *
 *	file	= header { entry } ;
 *	header	= "# " shape " size=" N " entries=" N " drops=" N
 *		  [ " evicted=" N ] [ " stack_drops=" N ] "\n" ;
 *	entry	= "@" [ NAME ] [ "[" part { ", " part } "]" ] " = " value "\n"
 *		  { "\t" line "\n" } ;
 *	value	= one | "(" one { ", " one } ")" ;
 *	one	= part | "count " N ", average " N ", total " N ;
 *	part	= NUMBER | string | word | stack ;
 *	string	= '"' { CHAR | "\\" | '\"' | "\n" | "\t" | "\x" HEX HEX } '"' ;
 *	stack	= ( "kstack" | "ustack" ) "#" N ;
 *
 * with the shape as in shape.h, but for a table without a name, "@", whatever
 * its file is called. Lines are of printable ASCII. A word is the name of a
 * number: of an enum, flags with "|" between them, of a system call, an event
 * or a symbol with its offset, which may have " [MODULE]" behind it; what has
 * other characters than letters, digits and "_.:|+-/<>" is a string. stats
 * among several values stands in parentheses; a histogram is the number of what
 * is in it. An entry has lines behind a tab for each stack in its key, then for
 * each of its values that is a stack or a histogram; if there are several such,
 * each begins with a line "kstack#N:", "ustack#N:" or "value N:", from 0. Those
 * lines are
 *
 *	frame	= SYMBOL "+0x" HEX "/0x" HEX [ " [" MODULE "]" ] | "0x" HEX ;
 *	user	= "tgid " N, in front of the frames of a user stack ;
 *	bucket	= range " " N " |" { "@" } { " " } "|" ;
 *	range	= "[" bound "]" | "[" bound ", " bound ")" | "(..., " bound ")"
 *		| "[" bound ", ...)" ;
 *
 * from the first bucket that is not empty to the last. Bounds of hist are shown
 * in K (1024), M, G, T, P, E; those of hist(k) and lhist as they are.
 */
#include <linux/seq_buf.h>

#include "table.h"

#define BAR_WIDTH	52

/**
 * struct show - an entry that is being shown
 * @s: where to
 * @table: its table
 * @entry: the entry
 * @frames: room for a stack
 * @brief: a histogram is one line
 * @label: there are several blocks of lines: say which is which
 */
struct show {
	struct seq_buf			*s;
	struct trace_tap_table		*table;
	const struct trace_tap_entry	*entry;
	unsigned long			*frames;
	bool				brief;
	bool				label;
};

/* ------------------------------------------------------------------- parts */

static void show_string(struct seq_buf *s, const char *str, size_t max)
{
	size_t i;

	seq_buf_putc(s, '"');
	for (i = 0; i < max && str[i]; i++) {
		unsigned char c = str[i];

		if (c == '"' || c == '\\')
			seq_buf_printf(s, "\\%c", c);
		else if (c == '\n')
			seq_buf_puts(s, "\\n");
		else if (c == '\t')
			seq_buf_puts(s, "\\t");
		else if (c < ' ' || c > '~')
			seq_buf_printf(s, "\\x%02x", c);
		else
			seq_buf_putc(s, c);
	}
	seq_buf_putc(s, '"');
}

static void show_word(struct seq_buf *s, const char *word)
{
	const char *p;

	for (p = word; *p; p++) {
		if (!isascii(*p) || (!isalnum(*p) && !strchr("_.:|+-/<>", *p)))
			break;
	}
	if (*word && !*p)
		seq_buf_puts(s, word);
	else
		show_string(s, word, strlen(word));
}

static void show_number(struct seq_buf *s, u64 value, bool is_signed)
{
	if (is_signed)
		seq_buf_printf(s, "%lld", value);
	else
		seq_buf_printf(s, "%llu", value);
}

static void show_int(struct seq_buf *s, const struct tap_part *part, u64 value)
{
	char text[TAP_MAX_NAMES_TEXT];
	const char *name;

	switch (part->form) {
	case TAP_FORM_HEX:
		seq_buf_printf(s, "0x%llx", value);
		return;
	case TAP_FORM_KSYM:
		seq_buf_printf(s, "%pS", (void *)(unsigned long)value);
		return;
	case TAP_FORM_SYSCALL:
		name = trace_tap_syscall_name(value);
		/* That of a call that was none is -1 */
		if (name)
			show_word(s, name);
		else
			show_number(s, value, true);
		return;
	case TAP_FORM_ENUM:
		trace_tap_names_text(part->names, value, part->is_signed, text,
				     sizeof(text));
		show_word(s, text);
		return;
	case TAP_FORM_PROBE:
		name = trace_tap_probe_name(value <= U32_MAX ? value : 0);
		show_word(s, name);
		return;
	default:
		break;
	}
	show_number(s, value, part->is_signed);
}

static const char *stack_word(const struct tap_part *part)
{
	return part->kind == TAP_PART_KSTACK ? "kstack" : "ustack";
}

static bool is_stack(const struct tap_part *part)
{
	return part->kind == TAP_PART_KSTACK || part->kind == TAP_PART_USTACK;
}

/* A part of a key, or a plain value. */
static void show_part(struct seq_buf *s, const struct tap_part *part,
		      const void *data)
{
	const u64 *word = data;

	switch (part->kind) {
	case TAP_PART_INT:
		show_int(s, part, *word);
		return;
	case TAP_PART_STR:
		show_string(s, data, part->size);
		return;
	default:
		seq_buf_printf(s, "%s#%llu", stack_word(part), *word);
	}
}

/* ------------------------------------------------------------------ values */

static bool is_hist(const struct tap_value *value)
{
	return value->kind == TAP_VALUE_HIST || value->kind == TAP_VALUE_LHIST;
}

static void show_value(struct seq_buf *s, const struct tap_value *value,
		       const u64 *words, bool alone)
{
	u64 total;

	if (value->kind <= TAP_VALUE_STACK) {
		show_part(s, &value->plain, words);
		return;
	}
	total = trace_tap_value_total(value, words);
	if (value->kind == TAP_VALUE_COUNT || is_hist(value)) {
		show_number(s, total, false);
		return;
	}
	if (value->kind != TAP_VALUE_STATS) {
		show_number(s, total, value->is_signed);
		return;
	}
	seq_buf_printf(s, "%scount %llu, average ", alone ? "" : "(", words[1]);
	show_number(s, total, value->is_signed);
	seq_buf_puts(s, ", total ");
	show_number(s, words[0], value->is_signed);
	seq_buf_puts(s, alone ? "" : ")");
}

/* -------------------------------------------------------------- histograms */

/**
 * struct bucket - bounds of a bucket
 * @start: what it begins with, unless @below
 * @end: what it ends in front of, unless @above
 * @below: it has all that is less than @end
 * @above: it has all from @start on
 * @short_form: bounds are powers of two: in K, M, ...
 * @is_signed: bounds may be negative
 */
struct bucket {
	u64	start;
	u64	end;
	bool	below;
	bool	above;
	bool	short_form;
	bool	is_signed;
};

static void hist_bucket(struct bucket *b, const struct tap_value *value,
			unsigned int nr)
{
	b->below = !nr;
	b->short_form = !value->bits;
	if (!nr)
		return;
	b->start = trace_tap_hist_start(nr, value->bits);
	b->above = nr + 1 == value->words;
	if (!b->above)
		b->end = trace_tap_hist_start(nr + 1, value->bits);
}

static void lhist_bucket(struct bucket *b, const struct tap_value *value,
			 unsigned int nr)
{
	b->below = !nr;
	b->above = nr + 1 == value->words;
	b->is_signed = value->is_signed;
	b->end = value->min;
	if (b->below)
		return;
	b->start = b->above ? (u64)value->max :
			      value->min + (nr - 1) * (u64)value->step;
	/* The last step may be cut short */
	b->end = min((u64)value->step, value->max - b->start) + b->start;
}

static void show_bound(struct seq_buf *s, const struct bucket *b, u64 bound)
{
	unsigned int unit = 0;

	while (b->short_form && bound >= 1024 && unit < 6) {
		bound >>= 10;
		unit++;
	}
	show_number(s, bound, b->is_signed);
	if (unit)
		seq_buf_putc(s, "KMGTPE"[unit - 1]);
}

static void show_range(struct seq_buf *s, const struct tap_value *value,
		       unsigned int nr)
{
	struct bucket b = {};

	if (value->kind == TAP_VALUE_HIST)
		hist_bucket(&b, value, nr);
	else
		lhist_bucket(&b, value, nr);
	if (b.below) {
		seq_buf_puts(s, "(..., ");
	} else {
		seq_buf_putc(s, '[');
		show_bound(s, &b, b.start);
		if (!b.above && b.end - b.start == 1) {
			seq_buf_putc(s, ']');
			return;
		}
		seq_buf_puts(s, ", ");
	}
	if (b.above)
		seq_buf_puts(s, "...");
	else
		show_bound(s, &b, b.end);
	seq_buf_putc(s, ')');
}

static void show_bucket(struct seq_buf *s, const struct tap_value *value,
			unsigned int nr, u64 count, u64 most)
{
	static const char at[] =
		"@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";
	char range[64];
	struct seq_buf r;
	u64 n = count;

	static_assert(sizeof(at) == BAR_WIDTH + 1);
	seq_buf_init(&r, range, sizeof(range));
	show_range(&r, value, nr);
	/* So that nothing overflows below */
	while (most > U64_MAX / BAR_WIDTH) {
		most >>= 1;
		n >>= 1;
	}
	n = div64_u64(n * BAR_WIDTH, most);
	seq_buf_printf(s, "\t%-16s %10llu |%-*.*s|\n", seq_buf_str(&r), count,
		       BAR_WIDTH, (int)n, at);
}

/* The buckets from the first that is not empty to the last. */
static bool hist_span(const struct tap_value *value, const u64 *words,
		      unsigned int *first, unsigned int *last, u64 *most)
{
	unsigned int i;

	*most = 0;
	for (i = 0; i < value->words; i++) {
		if (!words[i])
			continue;
		if (!*most)
			*first = i;
		*last = i;
		*most = max(*most, words[i]);
	}
	return *most;
}

static void show_hist(struct seq_buf *s, const struct tap_value *value,
		      const u64 *words)
{
	unsigned int i, first, last;
	u64 most;

	if (!hist_span(value, words, &first, &last, &most))
		return;
	for (i = first; i <= last; i++)
		show_bucket(s, value, i, words[i], most);
}

/* In one line: "[4, 8) 3, [8, 16) 9" */
static void show_hist_brief(struct seq_buf *s, const struct tap_value *value,
			    const u64 *words)
{
	const char *sep = "\t";
	unsigned int i;

	for (i = 0; i < value->words; i++) {
		if (!words[i])
			continue;
		seq_buf_puts(s, sep);
		show_range(s, value, i);
		seq_buf_printf(s, " %llu", words[i]);
		sep = ", ";
	}
	if (*sep == ',')
		seq_buf_putc(s, '\n');
}

/* --------------------------------------------------- lines behind an entry */

static void show_frames(const struct show *show, const struct tap_part *part,
			u64 id)
{
	struct tap_stacks *stacks = READ_ONCE(show->table->tables->stacks);
	struct seq_buf *s = show->s;
	unsigned int i, nr = 0;
	u32 tgid = 0;

	if (show->label)
		seq_buf_printf(s, "\t%s#%llu:\n", stack_word(part), id);
	if (stacks)
		nr = trace_tap_stack_find(stacks, id, show->frames,
					  TAP_MAX_STACK, &tgid);
	if (part->kind == TAP_PART_USTACK && nr)
		seq_buf_printf(s, "\ttgid %u\n", tgid);
	for (i = 0; i < nr; i++) {
		if (part->kind == TAP_PART_KSTACK)
			seq_buf_printf(s, "\t%pS\n", (void *)show->frames[i]);
		else
			seq_buf_printf(s, "\t0x%lx\n", show->frames[i]);
	}
}

static unsigned int nr_blocks(const struct tap_shape *shape)
{
	unsigned int i, nr = 0;

	for (i = 0; i < shape->nr_parts; i++)
		nr += is_stack(&shape->parts[i]);
	for (i = 0; i < shape->nr_values; i++)
		nr += is_hist(&shape->values[i]) ||
		      shape->values[i].kind == TAP_VALUE_STACK;
	return nr;
}

static void show_value_lines(const struct show *show, unsigned int i)
{
	const struct tap_value *value = &show->table->shape->values[i];
	const u64 *words = show->entry->values + value->offset;

	if (value->kind == TAP_VALUE_STACK) {
		show_frames(show, &value->plain, *words);
		return;
	}
	if (!is_hist(value))
		return;
	if (show->label)
		seq_buf_printf(show->s, "\tvalue %u:\n", i);
	if (show->brief)
		show_hist_brief(show->s, value, words);
	else
		show_hist(show->s, value, words);
}

static void show_lines(const struct show *show)
{
	const struct tap_shape *shape = show->table->shape;
	const struct tap_part *part;
	unsigned int i;

	for (i = 0; i < shape->nr_parts; i++) {
		part = &shape->parts[i];
		if (is_stack(part))
			show_frames(show, part,
				    *(const u64 *)(show->entry->key +
						   part->offset));
	}
	for (i = 0; i < shape->nr_values; i++)
		show_value_lines(show, i);
}

/* ------------------------------------------------------------------ tables */

/**
 * trace_tap_table_title - the name that a table has for people
 * @shape: its shape
 *
 * Return: the name, or "" for a table of a program's own: its name is that of
 * an event, which has a colon.
 */
const char *trace_tap_table_title(const struct tap_shape *shape)
{
	return strchr(shape->name, ':') ? "" : shape->name;
}

/**
 * trace_tap_show_shape - print a shape
 * @s: where to; "@us[u64.syscall] = hist"
 * @shape: the shape
 */
void trace_tap_show_shape(struct seq_buf *s, const struct tap_shape *shape)
{
	struct tap_shape titled = *shape;
	char *buf;
	int len;

	titled.name = trace_tap_table_title(shape);
	len = trace_tap_shape_text(&titled, NULL, 0);
	if (seq_buf_get_buf(s, &buf) > len) {
		trace_tap_shape_text(&titled, buf, len + 1);
		seq_buf_commit(s, len);
	} else {
		seq_buf_commit(s, -1);
	}
}

static bool has_stacks(const struct tap_shape *shape)
{
	unsigned int i;

	for (i = 0; i < shape->nr_parts; i++) {
		if (is_stack(&shape->parts[i]))
			return true;
	}
	return shape->values[0].kind == TAP_VALUE_STACK;
}

/**
 * trace_tap_show_header - print what a table is, and how full
 * @s: where to
 * @table: the table
 * @state: its state
 *
 * Any context.
 */
void trace_tap_show_header(struct seq_buf *s, struct trace_tap_table *table,
			   const struct trace_tap_table_state *state)
{
	struct trace_tap_table_state stacks = {};

	seq_buf_puts(s, "# ");
	trace_tap_show_shape(s, table->shape);
	seq_buf_printf(s, " size=%llu entries=%llu drops=%llu",
		       state->capacity, state->entries, state->drops);
	if (READ_ONCE(table->evict))
		seq_buf_printf(s, " evicted=%llu", state->evicted);
	if (has_stacks(table->shape))
		trace_tap_stacks_state(table->tables, &stacks);
	if (stacks.drops)
		seq_buf_printf(s, " stack_drops=%llu", stacks.drops);
	seq_buf_putc(s, '\n');
}

/**
 * trace_tap_show_entry - print an entry, with the lines behind it
 * @s: where to
 * @table: the table
 * @entry: the entry
 * @frames: room for TAP_MAX_STACK frames
 * @brief: a histogram is one line without bars
 *
 * Any context.
 */
void trace_tap_show_entry(struct seq_buf *s, struct trace_tap_table *table,
			  const struct trace_tap_entry *entry,
			  unsigned long *frames, bool brief)
{
	const struct tap_shape *shape = table->shape;
	const struct show show = {
		.s = s, .table = table, .entry = entry, .frames = frames,
		.brief = brief, .label = nr_blocks(shape) > 1,
	};
	unsigned int i;

	seq_buf_printf(s, "@%s", trace_tap_table_title(shape));
	for (i = 0; i < shape->nr_parts; i++) {
		seq_buf_puts(s, i ? ", " : "[");
		show_part(s, &shape->parts[i],
			  entry->key + shape->parts[i].offset);
	}
	seq_buf_puts(s, shape->nr_parts ? "] = " : " = ");
	for (i = 0; i < shape->nr_values; i++) {
		seq_buf_puts(s, i ? ", " : shape->nr_values > 1 ? "(" : "");
		show_value(s, &shape->values[i],
			   entry->values + shape->values[i].offset,
			   shape->nr_values == 1);
	}
	seq_buf_puts(s, shape->nr_values > 1 ? ")\n" : "\n");
	show_lines(&show);
}
