// SPDX-License-Identifier: GPL-2.0
/*
 * The stock engine as a userspace object, see stock.h.
 *
 * The Makefile takes the pieces of kernel source included here out of the
 * unpacked kernel, and makes every symbol of the result local but the
 * stock_*() functions.
 */
#include "shim/kernel.h"

#pragma GCC visibility push(hidden)

#include "kernel/ctype.c"
#include "kernel/string.c"
#include "kernel/kstrtox.c"
#include "kernel/bitmap-str.c"
#include "kernel/glob.c"

/* What a trace_event_call is asked for: its fields, and whether it is
 * ftrace:function.
 */
struct trace_event_call {
	const struct world_event	*ev;
};

#define ftrace_event_is_function(call)	((call)->ev->is_function)

#include "kernel/trace_types.h"

struct ftrace_event_field *trace_find_event_field(struct trace_event_call *call,
						  char *name);

#include "kernel/trace_events_filter.c"

/* The event of the start-up test. */
struct trace_event_raw_ftrace_test_filter {
	int	a, b, c, d, e, f, g, h;
};

#include "kernel/startup_table.c"

#pragma GCC visibility pop

#include "stock.h"
#include "fixes.h"

struct stock_filter {
	struct event_filter	filter;
};

static int filter_type(const struct world_field *field)
{
	switch (field->filter_type) {
	case WORLD_TRACE_FN:
		return FILTER_TRACE_FN;
	case WORLD_COMM:
		return FILTER_COMM;
	case WORLD_CPU:
		return FILTER_CPU;
	case WORLD_STACKTRACE:
		return FILTER_STACKTRACE;
	default:
		return filter_assign_type(field->type);
	}
}

/* The engine keeps the field until the text is compiled, not longer. */
struct ftrace_event_field *trace_find_event_field(struct trace_event_call *call,
						  char *name)
{
	static struct ftrace_event_field field;
	const struct world_field *f = world_find_field(call->ev, name);

	if (!f)
		return NULL;
	field.name = f->name;
	field.type = f->type;
	field.offset = f->offset;
	field.size = f->size;
	field.is_signed = f->is_signed;
	field.filter_type = filter_type(f);
	return &field;
}

enum stock_string stock_string_kind(const struct world_field *field)
{
	switch (filter_type(field)) {
	case FILTER_STATIC_STRING:
		return STOCK_ARRAY;
	case FILTER_DYN_STRING:
		return STOCK_LOC;
	case FILTER_RDYN_STRING:
		return STOCK_REL;
	case FILTER_PTR_STRING:
		return STOCK_PTR;
	case FILTER_COMM:
		return STOCK_COMM;
	case FILTER_CPUMASK:
		return STOCK_MASK;
	default:
		return STOCK_NO_STRING;
	}
}

struct stock_filter *stock_compile(const struct world_event *ev,
				   const char *text, struct stock_error *e)
{
	struct stock_filter *f = calloc(1, sizeof(*f));
	struct trace_event_call call = { .ev = ev };
	struct filter_parse_error pe = { };

	e->err = process_preds(&call, text, &f->filter, &pe);
	e->code = pe.lasterr;
	e->pos = pe.lasterr_pos;
	if (!e->err)
		return f;
	free(f);
	return NULL;
}

bool stock_match(const struct stock_filter *f, const void *rec)
{
	return filter_match_preds((struct event_filter *)&f->filter,
				  (void *)rec);
}

bool stock_branch(const struct stock_filter *f, unsigned int i,
		  struct stock_branch *b)
{
	const struct prog_entry *prog = &f->filter.prog[i];

	if (!prog->pred)
		return false;
	b->when = prog->when_to_branch;
	b->target = prog->target + 1;
	b->name = prog->pred->regex ? prog->pred->regex->pattern : "";
	b->op = prog->pred->op == OP_EQ ? '=' :
		prog->pred->op == OP_NE ? '!' : 0;
	return true;
}

void stock_free(struct stock_filter *f)
{
	if (f)
		free_prog(&f->filter);
	free(f);
}

int stock_cpulist(const char *list, unsigned long *mask, unsigned int nbits)
{
	return bitmap_parselist(list, mask, nbits);
}

const char *stock_error_text(unsigned int code)
{
	return code < ARRAY_SIZE(err_text) ? err_text[code] : NULL;
}

bool stock_startup_case(unsigned int i, struct stock_case *c)
{
	struct test_filter_data_t *d = &test_filter_data[i];

	if (i >= ARRAY_SIZE(test_filter_data))
		return false;
	c->filter = d->filter;
	c->match = d->match;
	c->not_visited = d->not_visited;
	c->rec[0] = d->rec.a;
	c->rec[1] = d->rec.b;
	c->rec[2] = d->rec.c;
	c->rec[3] = d->rec.d;
	c->rec[4] = d->rec.e;
	c->rec[5] = d->rec.f;
	c->rec[6] = d->rec.g;
	c->rec[7] = d->rec.h;
	return true;
}

#include "fixes.c"
