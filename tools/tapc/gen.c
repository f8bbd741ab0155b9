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
#include "gen.h"

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
static void body(struct gen *g)
{
	bool is_reached;
	unsigned int no;
	size_t mark;

	emit_begin(g);
	g->fetches = NULL;
	g->nr_fetches = 0;
	g->used = NULL;
	g->nr_copies = 0;
	g->loop = NULL;
	g->depth = 0;
	g->slot_reg = -1;
	gen_find_vars(g, g->node->c);
	no = emit_label(g);
	g->out = emit_label(g);
	if (g->node->b)
		gen_branch(g, g->node->b, no, false);
	mark = emit_mark(g);
	is_reached = !g->is_dead;
	gen_block(g, g->node->c);
	emit_here(g, g->out);
	g->nr_temps = 0;
	gen_slots_end(g);
	emit(g, "ret 1");
	emit_here(g, no);
	emit(g, "ret 0");
	if (is_reached)
		gen_prologue(g, mark);
}

/*
 * What the program asks for says which event runs it, and that says what values
 * are. So of a tracepoint's program nothing else counts the first time.
 */
static void translate(struct gen *g)
{
	struct target *t = g->target;

	g->is_scan = g->is_first && g->event;
	g->is_derived = t->is_derived;
	g->wants_derived = false;
	body(g);
	if (!g->is_scan && !g->wants_derived)
		return;
	t->is_derived |= g->wants_derived;
	g->is_derived = t->is_derived;
	g->is_scan = false;
	body(g);
}

static const char *program_text(struct gen *g, const char *name,
				unsigned int nr)
{
	const struct used_map *u;
	const char *text;

	/* Programs of an event that are the same are refused: these differ. */
	text = tapc_format(g->tc, "tap 1 action # %s, program %u\n", name, nr);
	for (u = g->used; u; u = u->next)
		text = tapc_format(g->tc, "%s\ttable @%s%s%s\n", text,
				   u->map->table,
				   *u->map->shape == '[' ? "" : " ",
				   u->map->shape);
	text = tapc_format(g->tc, "%s%.*send\n", text, (int)g->code_len,
			   g->code);
	if (strlen(text) > TAP_MAX_TEXT)
		tapc_fail(g->tc, g->node->pos, ERR_BIG_PROGRAM);
	return text;
}

static void add_program(struct gen *g, unsigned int nr)
{
	struct unit *unit = g->unit;
	struct program **tail, *p = tapc_alloc(g->tc, sizeof(*p));

	p->target = g->target;
	p->pos = g->target->pos;
	p->name = tapc_target_name(g->tc, g->target);
	p->text = program_text(g, p->name, nr);
	tail = g->target->provider == P_BEGIN ? &unit->begin :
	       g->target->provider == P_END ? &unit->end : &unit->programs;
	if (tail == &unit->programs) {
		p->dynevent = gen_probe_event(g);
		p->system = g->system;
		p->event = g->name;
	}
	while (*tail)
		tail = &(*tail)->next;
	*tail = p;
}

/* --------------------------------------------------------------------- pass */

static struct event *event_of(struct gen *g)
{
	const struct target *t = g->target;
	struct event *event = tapc_event(g->tc, t->scope, t->name);

	/* It has gone since it was listed. */
	if (!event)
		tapc_fail(g->tc, t->pos, ERR_NO_EVENT, t->scope, t->name, "");
	return event;
}

static void pass(struct gen *g, const struct expanded *list)
{
	unsigned int nr = 0;

	g->is_changed = false;
	for (; list; list = list->next) {
		g->node = list->node;
		g->is_alone = list->targets && !list->targets->next;
		for (g->target = list->targets; g->target;
		     g->target = g->target->next) {
			nr++;
			g->event = NULL;
			if (g->target->provider == P_TRACEPOINT)
				g->event = event_of(g);
			translate(g);
			if (g->is_last)
				add_program(g, nr);
		}
	}
	g->unit->nr_probes = nr;
	gen_shapes(g);
}

static struct expanded *expand(struct gen *g, const struct node *tree)
{
	struct expanded *first = NULL, **tail = &first;

	for (; tree; tree = tree->next) {
		if (tree->kind == N_MAPDECL)
			gen_declare(g, tree);
		if (tree->kind != N_PROBE)
			continue;
		*tail = tapc_alloc(g->tc, sizeof(**tail));
		(*tail)->node = tree;
		(*tail)->targets = tapc_expand(g->tc, tree);
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
	struct gen g = { .tc = tc, .opt = opt, .unit = unit };
	struct expanded *list = expand(&g, tree);

	/* Shapes only grow, so this ends. */
	g.is_first = true;
	do {
		pass(&g, list);
		g.is_first = false;
	} while (g.is_changed);
	/* An error that only now is one is shown now. */
	g.is_last = true;
	pass(&g, list);
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
