// SPDX-License-Identifier: GPL-2.0
/*
 * A run of the compiler: its memory, and how it ends if the script is wrong.
 *
 * In: a place and a row of err.h. Out:
 *
 *	top.bt:3:14: error: bad number '12x'
 *		$x = 12 + 12x;
 *		          ^
 *
 * The first error is the last one: those behind it would mostly be its
 * consequences.
 */
#include <stdarg.h>

#include "tapc.h"

/**
 * tapc_try - run a stage, or several, until the first error
 * @tc: the run
 * @run: the stage
 * @arg: passed to it
 *
 * Return: false after an error, which has been written to @tc->err.
 */
bool tapc_try(struct tapc *tc, void (*run)(struct tapc *tc, void *arg),
	      void *arg)
{
	jmp_buf *outer = tc->on_error;
	jmp_buf here;
	bool failed;

	tc->on_error = &here;
	failed = setjmp(here);
	if (!failed)
		run(tc, arg);
	tc->on_error = outer;
	return !failed;
}

/**
 * tapc_free - free all memory of a run, close what is open
 * @tc: the run; tokens, tree and types are gone afterwards
 */
void tapc_free(struct tapc *tc)
{
	tapc_close_machine(tc);
	trace_tap_arena_free(&tc->arena);
}

/**
 * tapc_add_source - make a text known
 * @tc: the run
 * @name: for errors
 * @text: NUL terminated, stays the caller's
 *
 * Return: the source's index.
 */
u16 tapc_add_source(struct tapc *tc, const char *name, const char *text)
{
	struct source *more;
	unsigned int nr = tc->nr_sources;

	/* At each power of two there is room for as many again. */
	if (!(nr & (nr - 1))) {
		more = tapc_alloc(tc, (2 * nr + 1) * sizeof(*more));
		if (nr)
			memcpy(more, tc->sources, nr * sizeof(*more));
		tc->sources = more;
	}
	tc->sources[tc->nr_sources].name = name;
	tc->sources[tc->nr_sources].text = text;
	return tc->nr_sources++;
}

void *tapc_alloc(struct tapc *tc, size_t size)
{
	void *mem = trace_tap_alloc(&tc->arena, size);

	if (!mem)
		tapc_fail(tc, (struct loc){}, ERR_MEMORY);
	return mem;
}

char *tapc_strndup(struct tapc *tc, const char *s, size_t len)
{
	char *copy = tapc_alloc(tc, len + 1);

	memcpy(copy, s, len);
	return copy;
}

/**
 * tapc_format - write into memory of the run
 * @tc: the run
 * @fmt: what, as printf() has it
 *
 * Return: the text.
 */
char *tapc_format(struct tapc *tc, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = tapc_alloc(tc, len + 1);
	va_start(args, fmt);
	vsnprintf(text, len + 1, fmt, args);
	va_end(args);
	return text;
}

/**
 * tapc_replace - put a text in place of another one
 * @tc: the run
 * @text: what has it, any number of times
 * @from: the other one
 * @to: the text
 *
 * Return: the new text; @text itself if it has no @from.
 */
const char *tapc_replace(struct tapc *tc, const char *text, const char *from,
			 const char *to)
{
	size_t len = strlen(from);
	const char *at = text;
	unsigned int nr = 0;
	char *copy, *out;

	for (; (at = strstr(at, from)); at += len)
		nr++;
	if (!nr)
		return text;
	copy = tapc_alloc(tc, strlen(text) + nr * strlen(to) + 1);
	for (out = copy; (at = strstr(text, from)); text = at + len) {
		memcpy(out, text, at - text);
		out = stpcpy(out + (at - text), to);
	}
	memcpy(out, text, strlen(text));
	return copy;
}

/**
 * tapc_nth - string of a table
 * @table: strings, one behind the other's NUL: smaller than an array of them
 * @n: which one, from 0
 *
 * Return: the string.
 */
const char *tapc_nth(const char *table, unsigned int n)
{
	while (n--)
		table += strlen(table) + 1;
	return table;
}

/**
 * tapc_index - a string's place in a table
 * @table: strings as tapc_nth() has them, an empty one behind the last
 * @s: the string
 *
 * Return: its number, less than 0 if it is not there.
 */
int tapc_index(const char *table, const char *s)
{
	int n;

	for (n = 0; *table; n++, table += strlen(table) + 1) {
		if (!strcmp(table, s))
			return n;
	}
	return -1;
}

/* The line, and below it a caret; tabs and UTF-8 are as wide in both. */
static void show_line(FILE *out, const struct source *source, struct loc pos)
{
	const char *line = source->text;
	u32 nr, i;

	for (nr = 1; nr < pos.line; nr++)
		line = strchr(line, '\n') + 1;
	fprintf(out, "%.*s\n", (int)strcspn(line, "\n"), line);
	for (i = 0; i + 1 < pos.col && line[i] && line[i] != '\n'; i++) {
		if (line[i] == '\t')
			fputc('\t', out);
		else if ((line[i] & 0xc0) != 0x80)
			fputc(' ', out);
	}
	fputs("^\n", out);
}

static void message(struct tapc *tc, struct loc pos, const char *kind,
		    const char *fmt, va_list args)
{
	const struct source *source = pos.line ? &tc->sources[pos.file] : NULL;

	if (!tc->err)
		return;
	if ((uintptr_t)fmt <= NR_ERRORS)
		fmt = tapc_text((uintptr_t)fmt - 1);
	if (source)
		fprintf(tc->err, "%s:%u:%u: %s: ", source->name, pos.line,
			pos.col, kind);
	else
		fprintf(tc->err, "tapc: %s: ", kind);
	vfprintf(tc->err, fmt, args);
	fputc('\n', tc->err);
	if (source)
		show_line(tc->err, source, pos);
}

/* tapc_fail(), for who has arguments of its own */
void tapc_vfail(struct tapc *tc, struct loc pos, const char *fmt,
		va_list args)
{
	message(tc, pos, "error", fmt, args);
	longjmp(*tc->on_error, 1);
}

/**
 * tapc_fail - end the run with an error
 * @tc: the run
 * @pos: where the error is; zero if nowhere in a source
 * @fmt: a row of err.h
 *
 * Does not return, but goes to the innermost tapc_try().
 */
void tapc_fail(struct tapc *tc, struct loc pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tapc_vfail(tc, pos, fmt, args);
}

/**
 * tapc_warn - say something about the script, and go on
 * @tc: the run
 * @pos: what it is about
 * @fmt: a row of err.h
 */
void tapc_warn(struct tapc *tc, struct loc pos, const char *fmt, ...)
{
	va_list args;

	tc->nr_warnings++;
	va_start(args, fmt);
	message(tc, pos, "warning", fmt, args);
	va_end(args);
}

/* Names longer than that are not compared. */
#define MAX_SUGGEST	48

/*
 * Edits that make one word of the other: a letter more, less, another, or two
 * swapped. One row of the usual matrix at a time, with the two before it.
 */
static unsigned int edit_distance(const char *a, const char *b)
{
	u8 rows[3][MAX_SUGGEST + 1], *row, *up, *upup;
	size_t i, j, la = strlen(a), lb = strlen(b);

	if (la > MAX_SUGGEST || lb > MAX_SUGGEST)
		return MAX_SUGGEST;
	for (j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (i = 1; i <= la; i++) {
		row = rows[i % 3];
		up = rows[(i + 2) % 3];
		upup = rows[(i + 1) % 3];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			u8 same = up[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = min(same, (u8)(min(up[j], row[j - 1]) + 1));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = min(row[j], (u8)(upup[j - 2] + 1));
		}
	}
	return rows[la % 3][lb];
}

/**
 * tapc_offer - compare the name that there is not with one that there is
 * @s: the suggestion
 * @name: must live until tapc_suggest()
 */
void tapc_offer(struct suggestion *s, const char *name)
{
	size_t len = strlen(s->word), other = strlen(name);
	unsigned int distance;

	/* There may be thousands: most are too long or too short. */
	if (max(len, other) - min(len, other) > len / 3)
		return;
	distance = edit_distance(s->word, name);
	/* Nearer than a third of its letters: else it is another word. */
	if (distance * 3 > len || !*name)
		return;
	if (s->best && s->distance <= distance)
		return;
	s->best = name;
	s->distance = distance;
}

/**
 * tapc_offer_all - tapc_offer() all names of a table
 * @s: the suggestion
 * @table: strings as tapc_nth() has them, an empty one behind the last
 */
void tapc_offer_all(struct suggestion *s, const char *table)
{
	for (; *table; table += strlen(table) + 1)
		tapc_offer(s, table);
}

/**
 * tapc_suggest - what to put behind the error
 * @s: the suggestion, names offered
 *
 * Return: ": did you mean 'x'?", or "" if nothing is near.
 */
const char *tapc_suggest(struct suggestion *s)
{
	if (s->best)
		snprintf(s->text, sizeof(s->text), ": did you mean '%s'?",
			 s->best);
	return s->text;
}
