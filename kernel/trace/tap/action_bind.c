// SPDX-License-Identifier: GPL-2.0
/*
 * tap: what the tables, formats, synthetic events and names in a program are.
 *
 * In: an operand of a program, "@us", and the instance. Out: what the kernel has
 * for it, in tap_operand.start: the table, found or made. A program holds what
 * it was bound to until trace_tap_unbind().
 *
 * Filters can use tables that exist; actions make those that do not. The table
 * without a name is called after the event of its program:
 *
 *	echo '@[comm] = count()' > events/sched/sched_switch/action
 *	cat tables/sched:sched_switch
 *
 * Context: event_mutex is held, and tables->lock is taken.
 */
#include <linux/slab.h>

#include "../trace.h"
#include "action.h"
#include "table.h"

/**
 * enum bound - what binding did, in tap_operand.span of a table
 * @BOUND_FOUND: the table was there
 * @BOUND_FRESH: it was there, from a program that is gone or goes now
 * @BOUND_MADE: it was made
 */
enum bound {
	BOUND_FOUND,
	BOUND_FRESH,
	BOUND_MADE,
};

/**
 * struct bound_names - names of a field's values, for tap_operand.span
 * @arena: memory of them
 */
struct bound_names {
	struct tap_arena	arena;
};

static struct trace_tap_table *op_table(const struct tap_operand *op)
{
	return op->type == TAP_TABLE ? (void *)(unsigned long)op->start : NULL;
}

/* ----------------------------------------------------------------- tables */

/* Shape of a table, which stays until trace_tap_event_exit(). */
static const struct tap_shape *scope_table(void *data, const char *name)
{
	struct trace_tap_event *event = data;
	struct trace_tap_tables *tables = event->tr->tap_tables;
	struct trace_tap_table *table;
	unsigned int i;

	/* What has no name is the program's own, whatever there was before */
	if (!tables || !*name)
		return NULL;
	for (i = 0; i < event->nr_seen; i++) {
		if (!strcmp(event->seen[i]->shape->name, name))
			return event->seen[i]->shape;
	}
	/* Binding looks again */
	if (event->nr_seen == ARRAY_SIZE(event->seen))
		return NULL;
	guard(mutex)(&tables->lock);
	table = trace_tap_table_find(tables, name);
	if (!table)
		return NULL;
	trace_tap_table_get(table, false);
	event->seen[event->nr_seen++] = table;
	return table->shape;
}

static int wrong_shape(const struct tap_shape *have,
		       const struct tap_shape *want, struct tap_error *e)
{
	char *a, *b;

	a = kmalloc(2 * TAP_MAX_SHAPE_TEXT, GFP_KERNEL);
	if (a) {
		b = a + TAP_MAX_SHAPE_TEXT;
		trace_tap_shape_text(have, a, TAP_MAX_SHAPE_TEXT);
		trace_tap_shape_text(want, b, TAP_MAX_SHAPE_TEXT);
		scnprintf(e->detail, sizeof(e->detail), "%s, not %s", a, b);
		kfree(a);
	}
	return trace_tap_error(e, -EINVAL, TAP_ERR_WRONG_SHAPE, 0);
}

static struct trace_tap_table *make_table(struct trace_tap_tables *tables,
					  const struct tap_shape *shape,
					  const char *name,
					  struct tap_error *e)
{
	struct trace_tap_table *table;
	struct tap_shape *named;

	named = kmemdup(shape, sizeof(*shape), GFP_KERNEL);
	if (!named) {
		trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
		return NULL;
	}
	named->name = name;
	table = trace_tap_table_make(tables, named, 0, false, e);
	kfree(named);
	return table;
}

static int bind_table(struct trace_tap_event *event, struct tap_operand *op,
		      enum tap_prog_kind kind, struct tap_error *e)
{
	const char *name = *op->text ? op->text : event->own;
	bool is_new = !*op->text && event->own_is_new;
	struct trace_tap_tables *tables;
	struct trace_tap_table *table;

	/* Before there is tracefs */
	if (trace_tap_tables_need(event->tr))
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	if (!name)
		return trace_tap_error(e, -EINVAL, TAP_ERR_NO_TABLE, 0);
	tables = event->tr->tap_tables;
	guard(mutex)(&tables->lock);
	table = trace_tap_table_find(tables, name);
	if (!table && kind == TAP_FILTER)
		return trace_tap_error(e, -EINVAL, TAP_ERR_NO_TABLE, 0);
	op->span = BOUND_FOUND;
	if (table && !trace_tap_shape_fits(table->shape, op->shape)) {
		if (!is_new || trace_tap_table_remove(table)) {
			event->own_in_way = is_new;
			return wrong_shape(table->shape, op->shape, e);
		}
		table = NULL;
	}
	if (table) {
		if (is_new)
			op->span = BOUND_FRESH;
	} else {
		table = make_table(tables, op->shape, name, e);
		if (!table)
			return e->err;
		op->span = BOUND_MADE;
	}
	trace_tap_table_get(table, true);
	op->start = (unsigned long)table;
	op->shape = table->shape;
	return 0;
}

/* With @undo, what was made for the program goes, unless others use it. */
static void unbind_table(struct trace_tap_table *table, bool undo)
{
	struct trace_tap_tables *tables = table->tables;

	guard(mutex)(&tables->lock);
	/* The list has a reference still */
	trace_tap_table_put(table, true);
	if (undo)
		trace_tap_table_remove(table);
}

/* ------------------------------------------------------------ other things */

static int bind_format(struct tap_operand *op, struct tap_error *e)
{
	op->start = (unsigned long)trace_tap_format_get(op->format);
	if (op->start)
		return 0;
	return trace_tap_error(e, trace_tap_formats_full() ? -ENOSPC : -ENOMEM,
			       TAP_ERR_NONE, 0);
}

static const char *scope_synth(void *data, const char *name)
{
	return trace_tap_synth_types(name);
}

static int bind_synth(struct tap_operand *op, struct tap_error *e)
{
	op->start = (unsigned long)trace_tap_synth_get(op->text);
	return op->start ? 0 :
	       trace_tap_error(e, -EINVAL, TAP_ERR_UNKNOWN_FUNCTION, 0);
}

/* Fields without names are shown as numbers: then there is nothing to hold. */
static int bind_names(struct trace_tap_event *event, struct tap_operand *op,
		      struct tap_error *e)
{
	struct bound_names *bound = kzalloc(sizeof(*bound), GFP_KERNEL);
	const struct tap_names *names;

	if (!bound)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	names = event->scope.names(event, op->text, &bound->arena);
	op->start = (unsigned long)names;
	op->span = (unsigned long)bound;
	return bound->arena.failed ?
	       trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0) : 0;
}

static void unbind_names(struct tap_operand *op)
{
	struct bound_names *bound = (void *)(unsigned long)op->span;

	if (!bound)
		return;
	trace_tap_arena_free(&bound->arena);
	kfree(bound);
}

static int scope_bind(void *data, struct tap_operand *op,
		      enum tap_prog_kind kind, struct tap_error *e)
{
	struct trace_tap_event *event = data;

	switch (op->type) {
	case TAP_TABLE:
		return bind_table(event, op, kind, e);
	case TAP_FORMAT:
		return bind_format(op, e);
	case TAP_SYNTH:
		return bind_synth(op, e);
	case TAP_NAMES:
		return bind_names(event, op, e);
	default:
		return trace_tap_error(e, -EINVAL, TAP_ERR_INTERNAL, 0);
	}
}

/**
 * trace_tap_event_tables - let a text use tables, and all that actions do
 * @event: from trace_tap_event_init()
 * @tr: the instance
 * @own: name of the table without a name, or NULL: there is none in filters
 *
 * Caller holds event_mutex, until trace_tap_event_exit().
 */
void trace_tap_event_tables(struct trace_tap_event *event,
			    struct trace_array *tr, const char *own)
{
	event->tr = tr;
	event->own = own;
	event->scope.table = scope_table;
	event->scope.synth = scope_synth;
	event->scope.bind = scope_bind;
}

/**
 * trace_tap_event_exit - let go of what the translator asked for
 * @event: from trace_tap_event_init()
 *
 * May sleep.
 */
void trace_tap_event_exit(struct trace_tap_event *event)
{
	struct trace_tap_table *table;

	while (event->nr_seen) {
		table = event->seen[--event->nr_seen];
		guard(mutex)(&event->tr->tap_tables->lock);
		trace_tap_table_put(table, false);
	}
}

/**
 * trace_tap_unbind - let go of what a program is bound to
 * @prog: the program, that does not run any more, nor any image of it that was
 *	not given up before
 * @undo: the program is given up before it ever ran: tables that were made for
 *	it go, too
 *
 * May sleep. Caller holds event_mutex, if it is an action.
 */
void trace_tap_unbind(struct tap_prog *prog, bool undo)
{
	struct tap_operand *op;

	for (op = prog->operands; op < prog->operands + prog->nr_operands; op++) {
		if (op->type == TAP_NAMES)
			unbind_names(op);
		else if (op->type == TAP_TABLE && op->start)
			unbind_table(op_table(op),
				     undo && op->span == BOUND_MADE);
		else if (op->type == TAP_SYNTH && op->start)
			trace_tap_synth_put((void *)(unsigned long)op->start);
	}
}

/**
 * trace_tap_bind_fresh - empty the tables that programs left to a new one
 * @prog: the new one, which runs from now on
 *
 * May sleep.
 */
void trace_tap_bind_fresh(const struct tap_prog *prog)
{
	const struct tap_operand *op;

	for (op = prog->operands; op < prog->operands + prog->nr_operands; op++) {
		if (op->type == TAP_TABLE && op->span == BOUND_FRESH)
			trace_tap_table_clear(op_table(op));
	}
}

/**
 * trace_tap_takes_stack - is the value of an instruction a stack
 * @insn: the instruction
 */
bool trace_tap_takes_stack(const struct tap_insn *insn)
{
	switch (insn->op) {
	case TAP_OP_KEY:
	case TAP_OP_PUT:
	case TAP_OP_ARG:
		return insn->rel == TAP_SRC_KSTACK ||
		       insn->rel == TAP_SRC_USTACK;
	default:
		return false;
	}
}

/**
 * trace_tap_bind_stacks - have room for the stacks that a program takes
 * @prog: the program
 * @tr: the instance
 * @e: what is wrong if an error is returned
 *
 * May sleep.
 *
 * Return: 0 or a negative errno.
 */
int trace_tap_bind_stacks(const struct tap_prog *prog, struct trace_array *tr,
			  struct tap_error *e)
{
	unsigned int i;

	for (i = 0; i < prog->nr_insns; i++) {
		if (!trace_tap_takes_stack(&prog->insns[i]))
			continue;
		if (trace_tap_tables_need(tr))
			return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
		guard(mutex)(&tr->tap_tables->lock);
		return trace_tap_stacks_need(tr->tap_tables, e);
	}
	return 0;
}
