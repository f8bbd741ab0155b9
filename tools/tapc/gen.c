// SPDX-License-Identifier: GPL-2.0
/*
 * From the tree to programs, tables and events.
 *
 *	in:	PROBE kprobe:vfs_read /BINARY.../ { ASSIGN @n[comm] ... }
 *	out:	struct unit: an event, a table, and the program
 *
 *		tap 1 action # kprobe:vfs_read
 *			table @n[str16] = count
 *			ld r0, tgid
 *			jne r0, 7, L0
 *			key @n, 0, comm
 *			agg @n, 0, 1
 *			ret 1
 *		L0:
 *			ret 0
 *		end
 */
#include <stdarg.h>

#include "gen.h"

struct gen gen;

/* ---------------------------------------------------------------- the run */

static char *format(const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = gen_alloc(len + 1);
	vsnprintf(text, len + 1, fmt, args);
	return text;
}

/**
 * gen_format - tapc_format() of the run
 * @fmt: what, as printf() has it
 *
 * Return: the text.
 */
char *gen_format(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	return text;
}

/**
 * gen_fail - tapc_fail() of the run
 * @pos: where
 * @fmt: a row of err.h
 */
void gen_fail(struct loc pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tapc_vfail(gen.tc, pos, fmt, args);
}

/**
 * gen_alloc - memory of the run
 * @size: bytes
 *
 * Return: it, zeroed.
 */
void *gen_alloc(size_t size)
{
	return tapc_alloc(gen.tc, size);
}

/**
 * struct expanded - a probe, and the places that it means
 * @next: the next one
 * @node: PROBE
 * @targets: places
 */
struct expanded {
	struct expanded		*next;
	const struct node	*node;
	struct target		*targets;
};

/* ----------------------------------------------------------------- programs */

/* Code of a body, for one place. */
static void body(void)
{
	bool is_reached;
	unsigned int no;
	size_t mark;

	emit_begin();
	gen_find_vars(gen.node->c);
	no = emit_label();
	gen.out = emit_label();
	if (gen.node->b)
		gen_branch(gen.node->b, no, false);
	mark = emit_mark();
	is_reached = !gen.is_dead;
	gen_block(gen.node->c);
	emit_here(gen.out);
	gen.nr_temps = 0;
	gen_slots_end();
	emit("ret 1");
	emit_here(no);
	emit("ret 0");
	if (is_reached)
		gen_prologue(mark);
}

/*
 * What the program asks for says which event runs it, and that says what values
 * are. So of a tracepoint's program nothing else counts the first time.
 */
static void translate(void)
{
	struct target *t = gen.target;

	gen.is_scan = gen.is_first && gen.event;
	gen.is_derived = t->is_derived;
	gen.wants_derived = false;
	body();
	if (!gen.is_scan && !gen.wants_derived)
		return;
	t->is_derived |= gen.wants_derived;
	gen.is_derived = t->is_derived;
	gen.is_scan = false;
	body();
}

static const char *program_text(const char *name,
				unsigned int nr)
{
	const struct used_map *u;
	const char *text;

	/* Programs of an event that are the same are refused: these differ. */
	text = gen_format("tap 1 action # %s, program %u\n", name, nr);
	for (u = gen.used; u; u = u->next)
		text = gen_format("%s\ttable @%s%s%s\n", text, u->map->table,
				  *u->map->shape == '[' ? "" : " ",
				   u->map->shape);
	text = gen_format("%s%.*send\n", text, (int)gen.code_len, gen.code);
	if (strlen(text) > TAP_MAX_TEXT)
		gen_fail(gen.node->pos, ERR_BIG_PROGRAM);
	return text;
}

static void add_program(unsigned int nr)
{
	struct unit *unit = gen.unit;
	struct program **tail, *p = gen_alloc(sizeof(*p));

	p->target = gen.target;
	p->pos = gen.target->pos;
	p->name = tapc_target_name(gen.tc, gen.target);
	p->text = program_text(p->name, nr);
	tail = gen.target->provider == P_BEGIN ? &unit->begin :
	       gen.target->provider == P_END ? &unit->end : &unit->programs;
	if (tail == &unit->programs) {
		p->dynevent = gen_probe_event();
		p->system = gen.system;
		p->event = gen.name;
	}
	while (*tail)
		tail = &(*tail)->next;
	*tail = p;
}

/* --------------------------------------------------------------------- pass */

static struct event *event_of(void)
{
	const struct target *t = gen.target;
	struct event *event = tapc_event(gen.tc, t->scope, t->name);

	/* It has gone since it was listed. */
	if (!event)
		gen_fail(t->pos, ERR_NO_EVENT, t->scope, t->name, "");
	return event;
}

static void pass(const struct expanded *list)
{
	unsigned int nr = 0;

	gen.is_changed = false;
	for (; list; list = list->next) {
		gen.node = list->node;
		gen.is_alone = list->targets && !list->targets->next;
		for (gen.target = list->targets; gen.target;
		     gen.target = gen.target->next) {
			nr++;
			gen.event = NULL;
			if (gen.target->provider == P_TRACEPOINT)
				gen.event = event_of();
			translate();
			if (gen.is_last)
				add_program(nr);
		}
	}
	gen.unit->nr_probes = nr;
	gen_shapes();
}

static struct expanded *expand(const struct node *tree)
{
	struct expanded *first = NULL, **tail = &first;

	for (; tree; tree = tree->next) {
		if (tree->kind == N_MAPDECL)
			gen_declare(tree);
		if (tree->kind != N_PROBE)
			continue;
		*tail = gen_alloc(sizeof(**tail));
		(*tail)->node = tree;
		(*tail)->targets = tapc_expand(gen.tc, tree);
		tail = &(*tail)->next;
	}
	return first;
}

/* In the order in which bpftrace shows them. */
static void sort_maps(struct unit *unit)
{
	struct map *list = unit->maps, *map, **tail;

	unit->maps = NULL;
	while (list) {
		map = list;
		list = list->next;
		for (tail = &unit->maps; *tail; tail = &(*tail)->next)
			if (strcmp((*tail)->name, map->name) > 0)
				break;
		map->next = *tail;
		*tail = map;
	}
}

/**
 * tapc_generate - a script's programs and all that they need
 * @tc: the run
 * @tree: the script
 * @opt: what the command line says
 *
 * Return: them.
 */
struct unit *tapc_generate(struct tapc *tc, struct node *tree,
			   const struct options *opt)
{
	struct unit *unit = tapc_alloc(tc, sizeof(*unit));
	struct expanded *list;

	memset(&gen, 0, sizeof(gen));
	gen.tc = tc;
	gen.opt = opt;
	gen.unit = unit;
	list = expand(tree);
	/* Shapes only grow, so this ends. */
	gen.is_first = true;
	do {
		pass(list);
		gen.is_first = false;
	} while (gen.is_changed);
	/* An error that only now is one is shown now. */
	gen.is_last = true;
	pass(list);
	sort_maps(unit);
	return unit;
}

/**
 * tapc_write_code - show what a script has become
 * @out: where to
 * @unit: it
 */
void tapc_write_code(FILE *out, const struct unit *unit)
{
	const struct program *lists[] = {
		unit->begin, unit->programs, unit->end,
	}, *p;
	const struct dynevent *d;
	unsigned int i;

	for (d = unit->events; d; d = d->next)
		fprintf(out, "%s\n", d->line);
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		for (p = lists[i]; p; p = p->next) {
			if (p->system)
				fprintf(out, "%s/%s:\n", p->system, p->event);
			else
				fprintf(out, "run_once:\n");
			fputs(p->text, out);
		}
	}
}
