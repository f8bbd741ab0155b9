// SPDX-License-Identifier: GPL-2.0
/*
 * tap: making a filter out of a text, showing it, and freeing it.
 *
 * In: a text, an expression or a program, and the event that it is for. Out: a
 * struct event_filter, or what is wrong with the text, for the error log and
 * for the file that it was written to.
 */
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../trace.h"
#include "filter.h"

/* --------------------------------------------------------------- creation */

/* With the tables that it reads. */
static void prog_give_up(struct tap_prog *prog)
{
	if (prog)
		trace_tap_unbind(prog, false);
	trace_tap_prog_free(prog);
}

/**
 * trace_tap_filter_free - free a filter
 * @filter: the filter, that no event uses any more, or NULL
 *
 * May sleep.
 */
void trace_tap_filter_free(struct event_filter *filter)
{
	if (!filter)
		return;
	trace_tap_image_put(filter->image);
	trace_tap_image_put(filter->early);
	prog_give_up(filter->prog);
	free_percpu(filter->stats);
	kvfree(filter->text);
	kfree(filter->rejected);
	kfree(filter);
}

static void filter_free_deferred(struct trace_tap_deferred *d)
{
	trace_tap_filter_free(container_of(d, struct event_filter, deferred));
}

/**
 * free_event_filter - free a filter when no event uses it any more
 * @filter: the filter, that no event can find any more, or NULL
 *
 * Context: any but NMI.
 */
void free_event_filter(struct event_filter *filter)
{
	if (filter)
		trace_tap_defer(&filter->deferred, filter_free_deferred);
}

/* A string behind a pointer in the record, which anybody could have put there. */
static bool reads_pointer(const struct tap_prog *prog)
{
	unsigned int i;

	for (i = 0; i < prog->nr_operands; i++) {
		if (prog->operands[i].type == TAP_PTR ||
		    prog->operands[i].type == TAP_USER)
			return true;
	}
	return false;
}

static struct tap_prog *filter_prog(const char *text,
				    struct trace_tap_event *event,
				    unsigned int flags, struct tap_error *e)
{
	bool stock_only = flags & TAP_FILTER_UNPRIVILEGED;
	struct tap_prog *prog;

	if (stock_only || !trace_tap_is_prog(text)) {
		prog = trace_tap_translate(text, &event->scope, stock_only, e);
		if (prog && trace_tap_bind(prog, &event->scope, e))
			goto fail;
	} else {
		prog = trace_tap_asm(text, TAP_FILTER, e);
		if (prog && trace_tap_resolve(prog, &event->scope, e))
			goto fail;
	}
	if (prog && stock_only && reads_pointer(prog)) {
		trace_tap_error(e, -EACCES, TAP_ERR_NONE, 0);
		goto fail;
	}
	return prog;
fail:
	prog_give_up(prog);
	return NULL;
}

static int filter_make_early(struct event_filter *filter, struct tap_error *e)
{
	struct tap_prog *prog = trace_tap_split(filter->prog);

	if (!prog)
		return 0;
	filter->early = trace_tap_image_get(prog, false, e);
	trace_tap_prog_free(prog);
	if (IS_ERR(filter->early)) {
		filter->early = NULL;
		return e->err;
	}
	if (!WARN_ON_ONCE(filter->early->reads_record))
		return 0;
	return trace_tap_error(e, -EINVAL, TAP_ERR_INTERNAL, 0);
}

/* Takes @prog, whatever the result. */
static struct event_filter *filter_of_prog(struct tap_prog *prog,
					   unsigned int flags,
					   struct tap_error *e)
{
	struct event_filter *filter;
	bool hardened = flags & TAP_FILTER_UNPRIVILEGED;

	filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	if (!filter) {
		prog_give_up(prog);
		goto nomem;
	}
	filter->prog = prog;
	filter->stats = alloc_percpu(struct trace_tap_stats);
	if (!filter->stats)
		goto nomem;
	filter->image = trace_tap_image_get(prog, hardened, e);
	if (IS_ERR(filter->image)) {
		filter->image = NULL;
		goto fail;
	}
	if (flags & TAP_FILTER_FILE && filter_make_early(filter, e))
		goto fail;
	return filter;
nomem:
	trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
fail:
	trace_tap_filter_free(filter);
	return NULL;
}

/**
 * trace_tap_filter_new - make a filter
 * @text: expression or program
 * @event: the event whose records are filtered
 * @flags: enum trace_tap_filter_flags
 * @e: what is wrong if NULL is returned
 *
 * May sleep.
 *
 * Return: the filter, or NULL.
 */
struct event_filter *trace_tap_filter_new(const char *text,
					  struct trace_tap_event *event,
					  unsigned int flags,
					  struct tap_error *e)
{
	struct event_filter *filter;
	struct tap_prog *prog;

	prog = filter_prog(text, event, flags, e);
	if (!prog)
		return NULL;
	filter = filter_of_prog(prog, flags, e);
	if (!filter || !(flags & TAP_FILTER_FILE))
		return filter;
	filter->text = kvmemdup(text, strlen(text) + 1, GFP_KERNEL);
	if (!filter->text) {
		trace_tap_filter_free(filter);
		trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
		return NULL;
	}
	return filter;
}

/* ----------------------------------------------------------------- errors */

/**
 * struct bad_line - the line of a text that an error is in
 * @text: a copy of it, for kfree()
 * @nr: its number, from 1
 * @column: where the error is, from 0
 */
struct bad_line {
	char		*text;
	unsigned int	nr;
	unsigned int	column;
};

static int bad_line_find(struct bad_line *line, const char *text,
			 unsigned int pos)
{
	const char *p, *start = text;

	pos = min_t(size_t, pos, strlen(text));
	line->nr = 1;
	for (p = text; p < text + pos; p++) {
		if (*p == '\n') {
			start = p + 1;
			line->nr++;
		}
	}
	line->column = text + pos - start;
	line->text = kmemdup_nul(start, strchrnul(start, '\n') - start,
				 GFP_KERNEL);
	if (!line->text)
		return -ENOMEM;
	/* Columns are counted in bytes */
	strreplace(line->text, '\t', ' ');
	return 0;
}

static const char *error_text(const struct tap_error *e)
{
	return trace_tap_err_text[e->code ?: TAP_ERR_ERRNO];
}

/**
 * trace_tap_log - report a refused text in the error log
 * @tr: whose error log
 * @kind: what the text was to be
 * @text: the text
 * @e: what is wrong with it
 *
 * May sleep. Of an expression or statements all is shown, of a program the line.
 */
void trace_tap_log(struct trace_array *tr, enum tap_prog_kind kind,
		   const char *text, const struct tap_error *e)
{
	const char *what = kind == TAP_ACTION ? "event action parse error" :
						"event filter parse error";
	struct bad_line line;
	char where[64];

	if (!trace_tap_is_prog(text)) {
		tracing_log_err_detail(tr, what, text, trace_tap_err_text,
				       e->code ?: TAP_ERR_ERRNO,
				       e->code ? e->pos : 0, e->detail);
		return;
	}
	if (bad_line_find(&line, text, e->pos))
		return;
	snprintf(where, sizeof(where), "%s, line %u", what, line.nr);
	tracing_log_err_detail(tr, where, line.text, trace_tap_err_text,
			       e->code ?: TAP_ERR_ERRNO, line.column,
			       e->detail);
	kfree(line.text);
}

/**
 * trace_tap_rejected - describe a refused text in the file it was for
 * @text: the text
 * @e: what is wrong with it
 *
 * May sleep.
 *
 * Return: comment lines, so that what the file shows can be written back; for
 * kfree(); or NULL.
 */
char *trace_tap_rejected(const char *text, const struct tap_error *e)
{
	struct bad_line line;
	char intro[40], *s;

	if (bad_line_find(&line, text, e->code ? e->pos : 0))
		return NULL;
	if (trace_tap_is_prog(text) || line.nr > 1)
		snprintf(intro, sizeof(intro), "# rejected, line %u: ", line.nr);
	else
		strscpy(intro, "# rejected: ");
	if (e->code)
		s = kasprintf(GFP_KERNEL,
			      "%s%s\n#%*s\n# parse_error: %s%s%s\n", intro,
			      line.text, (int)strlen(intro) + line.column, "^",
			      error_text(e), e->detail[0] ? ": " : "",
			      e->detail);
	else
		s = kasprintf(GFP_KERNEL, "%s%s\n# Error: (%d)\n", intro,
			      line.text, e->err);
	kfree(line.text);
	return s;
}

/* ---------------------------------------------------------------- showing */

/**
 * struct program_printer - where a program is printed to
 * @m: the file
 * @comment: as comment lines
 * @in_line: in the middle of a line
 */
struct program_printer {
	struct seq_file	*m;
	bool		comment;
	bool		in_line;
};

static __printf(2, 3) void program_print(void *arg, const char *fmt, ...)
{
	struct program_printer *p = arg;
	va_list args;

	if (p->comment && !p->in_line)
		seq_puts(p->m, "# ");
	p->in_line = fmt[strlen(fmt) - 1] != '\n';
	va_start(args, fmt);
	seq_vprintf(p->m, fmt, args);
	va_end(args);
}

/**
 * trace_tap_show_image - print what a program is compiled to, as a comment line
 * @m: where to
 * @what: what to call it
 * @image: the program
 *
 * May sleep.
 */
void trace_tap_show_image(struct seq_file *m, const char *what,
			  const struct trace_tap_image *image)
{
	struct trace_tap_state state;

	trace_tap_image_state(image, &state);
	seq_printf(m, "# %s: %s, %u %s", what,
		   state.jited ? "jited" : "interpreted", state.size,
		   state.jited ? "bytes" : "instructions");
	if (state.refs > 1)
		seq_printf(m, ", shared by %u", state.refs);
	seq_putc(m, '\n');
}

/**
 * trace_tap_show_prog - print the text of a program
 * @m: where to
 * @prog: the program
 * @comment: as comment lines
 */
void trace_tap_show_prog(struct seq_file *m, const struct tap_prog *prog,
			 bool comment)
{
	struct program_printer p = { .m = m, .comment = comment };

	trace_tap_disasm(prog, program_print, &p);
}

static void show_stats(struct seq_file *m, const struct event_filter *filter)
{
	unsigned long runs = 0, matches = 0;
	struct trace_tap_stats *stats;
	int cpu;

	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(filter->stats, cpu);
		runs += READ_ONCE(stats->runs);
		matches += READ_ONCE(stats->matches);
	}
	seq_printf(m, "# runs: %lu, matches: %lu\n", runs, matches);
}

/**
 * trace_tap_filter_show - print the program of a filter, and how it does
 * @filter: the filter, or NULL
 * @m: where to
 *
 * Caller keeps @filter from being freed. May sleep.
 */
void trace_tap_filter_show(const struct event_filter *filter,
			   struct seq_file *m)
{
	struct tap_prog *early;

	if (!filter || !filter->image) {
		seq_puts(m, "# no filter\n");
		return;
	}
	trace_tap_show_image(m, "filter", filter->image);
	show_stats(m, filter);
	trace_tap_show_prog(m, filter->prog, false);
	if (!filter->early)
		return;
	trace_tap_show_image(m, "before there is a record", filter->early);
	/* Not kept, since only this needs it */
	early = trace_tap_split(filter->prog);
	if (!early)
		return;
	trace_tap_show_prog(m, early, true);
	trace_tap_prog_free(early);
}
