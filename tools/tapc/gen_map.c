// SPDX-License-Identifier: GPL-2.0
/*
 * Maps, which are tables of the kernel: their shapes, their entries.
 *
 *	@n[comm, arg0] = count()	->	table	@n[str16, u64] = count
 *						key	@n, 0, comm
 *						ld	r0, args.arg0
 *						key	@n, 1, r0
 *						agg	@n, 0, 1
 *
 * Nothing declares a map. Its shape is what its keys and values are, wherever
 * they are; strings are as long as the longest. So shapes are known at the end of
 * a pass over the script, and right if a further pass changes nothing.
 */
#include "gen.h"

#define MAX_STEPS	1000	/* of an lhist */
#define SLOTS		256	/* programs that run at the same time */

#define X(kind, name) name "\0"
static const char map_names[] = MAPS(X);
#undef X

/* The first two kinds have no names. */
#define aggregations	(map_names + MAP_COUNT)

/* ------------------------------------------------------------------- shapes */

/* Types of the table's parts for something, in the order of tapc_slots(). */
static const char *part_type(struct gen *g, const struct part *part)
{
	unsigned int size;

	switch (part->show) {
	case SHOW_STR:
		size = part->size ?: STR_IN_TABLE;
		size = min((size + 7) & ~7U, 256U);
		return tapc_format(g->tc, "str%u", size);
	case SHOW_KSYM:
		return "u64.ksym";
	case SHOW_USYM:
		return "u64, u64.hex";
	case SHOW_KSTACK:
		return "kstack";
	case SHOW_USTACK:
		return "ustack";
	case SHOW_SYSCALL:
		return "u64.syscall";
	case SHOW_ENUM:
		return tapc_format(g->tc, "u64.enum(%s)", part->text +
				   strlen("args."));
	case SHOW_PROBE:
		return "u64.probe";
	case SHOW_INET:
		return "u64, u64.hex, u64.hex";
	case SHOW_MAC:
		return "u64.hex";
	default:
		return part->is_signed ? "s64" : "u64";
	}
}

static const char *part_types(struct gen *g, const struct part *part)
{
	const char *text = "", *one;

	for (; part; part = part->next) {
		one = part->show == SHOW_TUPLE ? part_types(g, part->parts) :
						 part_type(g, part);
		text = tapc_format(g->tc, "%s%s%s", text, *text ? ", " : "",
				   one);
	}
	return text;
}

static const char *value_type(struct gen *g, const struct map *map)
{
	const char *name = tapc_nth(map_names, map->kind);
	const char *u = map->value.is_signed ? "" : "u64";

	switch (map->kind) {
	case MAP_NONE:
	case MAP_PLAIN:
		return part_type(g, &map->value);
	case MAP_COUNT:
		return name;
	case MAP_HIST:
		if (!map->bits)
			return tapc_format(g->tc, *u ? "%s(%s)" : "%s", name,
					   u);
		return tapc_format(g->tc, "%s(%s%s%u)", name, u, *u ? ", " : "",
				   map->bits);
	case MAP_LHIST:
		return tapc_format(g->tc, "%s(%s%s%lld, %lld, %lld)", name, u,
				   *u ? ", " : "", (long long)map->min,
				   (long long)map->max, (long long)map->step);
	default:
		return tapc_format(g->tc, *u ? "%s(%s)" : "%s", name, u);
	}
}

/**
 * gen_shapes - what shapes have come to, at the end of a pass
 * @g: translation; @is_changed is set if any is another one
 */
void gen_shapes(struct gen *g)
{
	const char *shape, *key;
	struct map *map;

	for (map = g->unit->maps; map; map = map->next) {
		key = part_types(g, map->key);
		shape = tapc_format(g->tc, *key ? "[%s] = %s" : "%s = %s", key,
				    value_type(g, map));
		if (*shape == ' ')
			shape++;
		if (map->shape && !strcmp(shape, map->shape))
			continue;
		map->shape = shape;
		g->is_changed = true;
	}
}

/* Kinds of which one can stand for the other. */
static bool merge_show(struct part *part, u8 other)
{
	if (part->show == other)
		return true;
	if (part->show == SHOW_BOOL && other == SHOW_INT)
		part->show = SHOW_INT;
	else if (part->show == SHOW_PROBE && other == SHOW_STR)
		part->show = SHOW_STR;
	else
		return (part->show == SHOW_INT && other == SHOW_BOOL) ||
		       (part->show == SHOW_STR && other == SHOW_PROBE);
	return true;
}

/* A part is seen again: the same, or longer. */
static bool merge_part(struct part *part, const struct part *other)
{
	const struct part *o = other->parts;
	struct part *p = part->parts;
	u16 size = other->size;

	if (!merge_show(part, other->show) ||
	    strcmp(part->text ?: "", other->text ?: ""))
		return false;
	if (part->show == SHOW_STR) {
		part->size = part->size ?: STR_IN_TABLE;
		size = size ?: STR_IN_TABLE;
	}
	part->size = max(part->size, size);
	for (; p && o; p = p->next, o = o->next)
		if (!merge_part(p, o))
			return false;
	return !p && !o;
}

static void merge_key(struct gen *g, struct map *map, struct part *key,
		      struct loc pos)
{
	struct part *p = map->key;

	if (g->is_scan)
		return;
	if (!map->key && !map->is_scalar) {
		map->key = key;
		map->is_scalar = !key;
		return;
	}
	for (; p && key; p = p->next, key = key->next)
		if (!merge_part(p, key))
			tapc_fail(g->tc, pos, ERR_MAP_KEY, map->name);
	if (p || key)
		tapc_fail(g->tc, pos, ERR_MAP_KEYS, map->name);
}

static void merge_kind(struct gen *g, struct map *map, enum map_kind kind,
		       struct loc pos)
{
	if (g->is_scan)
		return;
	if (map->kind == MAP_NONE) {
		map->kind = kind;
		g->is_changed = true;
	}
	if (map->kind != kind)
		tapc_fail(g->tc, pos, ERR_MAP_KIND, map->name);
}

static void merge_value(struct gen *g, struct map *map, const struct value *v,
			struct loc pos)
{
	struct part *part = gen_part(g, v);

	if (v->is_unsure || g->is_scan)
		return;
	if (v->kind == V_LIST || v->kind == V_PLACE)
		tapc_fail(g->tc, pos, ERR_MAP_VALUE);
	if (map->kind == MAP_NONE) {
		merge_kind(g, map, MAP_PLAIN, pos);
		if (part->show == SHOW_PROBE)
			part->show = SHOW_STR;
		map->value = *part;
		map->space = v->space;
		return;
	}
	merge_kind(g, map, MAP_PLAIN, pos);
	if (!merge_part(&map->value, part))
		tapc_fail(g->tc, pos, ERR_MAP_TYPE, map->name);
	if (map->space != v->space && !v->is_literal)
		map->space = SPACE_ANY;
}

/* ---------------------------------------------------------------------- use */

static struct map *add_map(struct gen *g, const char *name, const char *table,
			   struct loc pos)
{
	struct map **tail = &g->unit->maps, *map;

	if (strlen(table) >= TAP_MAX_TABLE_NAME)
		tapc_fail(g->tc, pos, ERR_LONG_NAME, TAP_MAX_TABLE_NAME - 1);
	map = tapc_alloc(g->tc, sizeof(*map));
	map->name = name;
	map->table = table;
	map->pos = pos;
	while (*tail)
		tail = &(*tail)->next;
	*tail = map;
	return map;
}

/**
 * gen_map - the map that a node names
 * @g: translation
 * @node: MAP or MAPDECL
 *
 * Return: it; made if it is new.
 */
struct map *gen_map(struct gen *g, const struct node *node)
{
	const char *name = node->text, *table = name;
	struct map *map;

	for (map = g->unit->maps; map; map = map->next)
		if (!map->is_internal && !strcmp(map->name, name))
			return map;
	/* A table without a name belongs to one program: "_" is all programs'. */
	if (strspn(name, "_") == strlen(name))
		table = tapc_format(g->tc, "%s_", name);
	return add_map(g, name, table, node->pos);
}

/* A map of the compiler's own. */
static struct map *internal_map(struct gen *g, const char *name, bool *is_new)
{
	struct map *map;

	for (map = g->unit->maps; map; map = map->next)
		if (map->is_internal && !strcmp(map->name, name))
			break;
	*is_new = !map;
	if (map)
		return map;
	map = add_map(g, name, tapc_format(g->tc, "tapc_%s", name),
		      g->node->pos);
	map->is_internal = true;
	map->size = SLOTS;
	return map;
}

/**
 * gen_slot_map - where strings in a variable are
 * @g: translation
 * @name: of the variable
 * @v: what it is
 *
 * Return: a map, by run of the program.
 */
struct map *gen_slot_map(struct gen *g, const char *name, struct value *v)
{
	struct value *n = gen_number(g, 0);
	struct map *map;
	bool is_new;

	/* No variable is called as this one with another kind of value. */
	if (!gen_is_string(v))
		name = tapc_format(g->tc, "%u%s", v->show, name);
	map = internal_map(g, name, &is_new);
	n->is_signed = false;
	if (is_new) {
		map->key = gen_part(g, n);
		map->key->next = gen_part(g, n);
	}
	merge_value(g, map, v, g->node->pos);
	return map;
}

static struct map *number_map(struct gen *g, const char *name, bool has_run)
{
	struct value *n = gen_number(g, 0);
	bool is_new;
	struct map *map = internal_map(g, name, &is_new);
	struct part **tail = &map->key;

	if (is_new && has_run) {
		*tail = gen_part(g, n);
		(*tail)->next = gen_part(g, n);
		tail = &(*tail)->next->next;
	}
	if (is_new)
		*tail = gen_part(g, gen_string(g, V_CONST, "",
					       TAP_MAX_STR));
	merge_value(g, map, n, g->node->pos);
	return map;
}

/**
 * gen_pair_map - the map that tells two strings from one another
 * @g: translation
 *
 * Return: it: a string by run of the program.
 */
struct map *gen_pair_map(struct gen *g)
{
	return number_map(g, "2_", true);
}

/**
 * gen_text_map - the map that tells constant strings from others
 * @g: translation
 * @text: constant
 * @nr: out: its value in there
 * @pos: where
 *
 * Return: it.
 */
struct map *gen_text_map(struct gen *g, const char *text, u64 *nr,
			 struct loc pos)
{
	struct map *map = number_map(g, "", false);
	const struct word *w;

	gen_use(g, map, pos);
	for (w = g->texts; w && strcmp(w->text, text); )
		w = w->next;
	if (!w) {
		g->texts = tapc_add_word(g->tc, g->texts, text);
		g->texts->place = g->texts->next ?
				  g->texts->next->place + 1 : 1;
		w = g->texts;
	}
	*nr = w->place;
	return map;
}

/**
 * gen_use - the program uses a map
 * @g: translation
 * @map: the map
 * @pos: where
 */
void gen_use(struct gen *g, struct map *map, struct loc pos)
{
	struct used_map **tail = &g->used;
	unsigned int nr = 0;

	for (; *tail; tail = &(*tail)->next, nr++)
		if ((*tail)->map == map)
			return;
	if (nr == TAP_MAX_TABLES)
		tapc_fail(g->tc, pos, ERR_MAPS, TAP_MAX_TABLES);
	*tail = tapc_alloc(g->tc, sizeof(**tail));
	(*tail)->map = map;
}

static bool mentions(const struct node *list, const char *name)
{
	for (; list; list = list->next)
		if ((list->kind == N_MAP && !strcmp(list->text, name)) ||
		    mentions(list->a, name) || mentions(list->b, name) ||
		    mentions(list->c, name))
			return true;
	return false;
}

/* To read the string the key of @map has to be filled in, too. */
static bool needs_key(const struct value *v, const struct map *map)
{
	if (v->kind == V_CHOICE)
		return needs_key(v->a, map) || needs_key(v->b, map);
	return v->kind == V_ENTRY && v->node &&
	       (v->map == map || mentions(v->node->a, map->name));
}

/* Of one more table for a copy: no variable is called so. */
const char *gen_copy_name(struct gen *g)
{
	return tapc_format(g->tc, "%u", g->nr_copies++);
}

/* What is in the way of a key waits in a table of its own. */
static struct value *out_of_way(struct gen *g, struct value *v,
			       const struct map *map, struct loc pos)
{
	if (!needs_key(v, map))
		return v;
	return gen_copy(g, gen_copy_name(g), v, pos);
}

/* The name of a probe is a number, or a string if the key has others, too. */
static void settle_probes(struct value *v, const struct part *part)
{
	if (v->show == SHOW_PROBE)
		v->show = part->show;
	for (v = v->a, part = part->parts; v && part;
	     v = v->next, part = part->next)
		settle_probes(v, part);
}

/* Values of a key, and what they are. */
static unsigned int key_values(struct gen *g, const struct node *node,
			       struct value **values, struct part **tail,
			       bool *is_unsure)
{
	const struct node *n;
	unsigned int nr = 0;
	struct value *e;

	for (n = node->a; n; n = n->next) {
		e = gen_expr(g, n);
		if (e->kind == V_LIST && e->show == SHOW_TUPLE && !n->next &&
		    n == node->a)
			e = e->a;
		for (; e; e = e->next) {
			if (nr == TAP_MAX_PARTS)
				tapc_fail(g->tc, n->pos, ERR_PARTS,
					  TAP_MAX_PARTS);
			values[nr++] = e;
			*is_unsure |= e->is_unsure;
			*tail = gen_part(g, e);
			tail = &(*tail)->next;
		}
	}
	return nr;
}

/**
 * gen_key - fill in the key of a map
 * @g: translation
 * @map: the map
 * @node: MAP
 */
void gen_key(struct gen *g, struct map *map, const struct node *node)
{
	struct value *values[TAP_MAX_PARTS];
	struct part *key = NULL, *part;
	unsigned int i, nr, at = 0;
	bool is_unsure = false;

	/* All first: to find one may need the key of another entry. */
	nr = key_values(g, node, values, &key, &is_unsure);
	if (!is_unsure || g->is_last)
		merge_key(g, map, key, node->pos);
	for (i = 0, part = map->key; part && i < nr; part = part->next, i++)
		settle_probes(values[i], part);
	gen_use(g, map, node->pos);
	for (i = 0; i < nr; i++)
		values[i] = out_of_way(g, values[i], map, node->pos);
	for (i = 0; i < nr; i++)
		at = gen_slots(g, tapc_format(g->tc, "key @%s", map->table),
			       at, values[i], false, node->pos);
	if (at > TAP_MAX_PARTS)
		tapc_fail(g->tc, node->pos, ERR_PARTS, TAP_MAX_PARTS);
}

/**
 * gen_load_key - fill in the key of an entry
 * @g: translation
 * @entry: V_ENTRY
 * @pos: where it is used
 */
void gen_load_key(struct gen *g, const struct value *entry, struct loc pos)
{
	const char *table = entry->map->table;
	unsigned int mark = g->nr_temps;
	int reg;

	if (entry->node) {
		gen_key(g, entry->map, entry->node);
		return;
	}
	gen_use(g, entry->map, pos);
	if (g->slot_reg < 0)
		g->slot_reg = emit_hold(g, 1, pos);
	emit(g, "key @%s, 0, r%d", table, g->slot_reg);
	reg = emit_temp(g, pos);
	emit(g, "ld r%d, cpu", reg);
	emit(g, "key @%s, 1, r%d", table, reg);
	g->nr_temps = mark;
}

/* ------------------------------------------------------------------- values */

static bool is_text(const struct part *part)
{
	return part->show == SHOW_STR || part->show == SHOW_KSTACK ||
	       part->show == SHOW_USTACK;
}

/**
 * gen_known_map - the map that a node names, which something must fill
 * @g: translation
 * @node: MAP
 *
 * Return: it.
 */
struct map *gen_known_map(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node);

	if (map->kind == MAP_NONE && g->is_last)
		tapc_fail(g->tc, node->pos, ERR_NO_MAP, map->name);
	return map;
}

/**
 * gen_entry - a string or stack in a map
 * @g: translation
 * @map: the map
 *
 * Return: it, in a slot.
 */
struct value *gen_entry(struct gen *g, struct map *map)
{
	struct value *v = gen_new(g, V_ENTRY);

	v->map = map;
	v->show = map->value.show;
	v->size = map->value.size;
	v->mode = map->value.mode;
	return v;
}

/* The value of an entry, with something added to it before or after that. */
static struct value *read_entry(struct gen *g, const struct node *node,
			       int before, int after)
{
	struct map *map = gen_known_map(g, node);
	unsigned int mark = g->nr_temps;
	struct value *v = gen_entry(g, map);

	v->node = node;
	v->is_signed = map->value.is_signed;
	v->is_unsure = map->kind == MAP_NONE;
	v->space = map->space;
	v->show_text = map->value.text;
	if (map->kind != MAP_PLAIN) {
		v->show = SHOW_INT;
		v->size = 8;
	} else if (is_text(&map->value)) {
		return v;
	}
	v->kind = V_INT;
	gen_key(g, map, node);
	g->nr_temps = mark;
	if (v->is_unsure)
		return v;
	v->reg = emit_temp(g, node->pos);
	if (before)
		emit(g, "inc @%s, %d", map->table, before);
	emit(g, "get r%d, @%s, 0", v->reg, map->table);
	if (after)
		emit(g, "inc @%s, %d", map->table, after);
	return v;
}

/**
 * gen_map_read - the value of an entry
 * @g: translation
 * @node: MAP
 *
 * Return: it.
 */
struct value *gen_map_read(struct gen *g, const struct node *node)
{
	return read_entry(g, node, 0, 0);
}

static void put(struct gen *g, struct map *map, const struct node *node,
		struct value *v, struct loc pos)
{
	const char *line = tapc_format(g->tc, "put @%s, ", map->table);

	/* What is in the way of the key waits somewhere else. */
	if (gen_is_number(v))
		v = gen_load(g, v, pos);
	v = out_of_way(g, v, map, pos);
	gen_key(g, map, node);
	gen_sink(g, line, v, pos);
}

/* X(name, arguments at least, at most) are in gen_call.c; here what they do. */
bool gen_is_aggregation(const char *name)
{
	return gen_find(aggregations, name) >= 0;
}

/* What stands behind the value in hist() and lhist(). */
static void bounds(struct gen *g, struct map *map, const struct node *call,
		   bool is_new)
{
	const struct node *n = call->a;
	s64 have[3] = {};
	unsigned int nr;

	for (nr = 0; n->next; nr++) {
		n = n->next;
		have[nr] = gen_constant(g, n);
	}
	if (map->kind == MAP_HIST && (u64)have[0] > 5)
		tapc_fail(g->tc, n->pos, ERR_HIST_BITS);
	if (map->kind == MAP_LHIST &&
	    (have[2] <= 0 || have[1] <= have[0] ||
	     ((u64)have[1] - have[0] - 1) / have[2] >= MAX_STEPS))
		tapc_fail(g->tc, n->pos, ERR_LHIST, MAX_STEPS);
	if (is_new) {
		map->bits = map->kind == MAP_HIST ? have[0] : 0;
		map->min = have[0];
		map->max = have[1];
		map->step = have[2];
	}
	if (map->min != have[0] || map->max != have[1] || map->step != have[2])
		tapc_fail(g->tc, call->pos, ERR_BOUNDS, map->name);
	/* A histogram of what is unsigned has none that begin below 0. */
	if (have[0] < 0)
		map->value.is_signed = true;
}

static void aggregate(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node->a);
	const struct node *call = node->b;
	bool is_new = map->kind == MAP_NONE;
	struct value *v = gen_number(g, 1);

	gen_check_args(g, call);
	if (call->a)
		v = gen_load(g, gen_expr(g, call->a), call->pos);
	merge_kind(g, map, MAP_COUNT + gen_find(aggregations, call->text), node->pos);
	if (!v->is_unsure && !map->value.size && !g->is_scan) {
		map->value.is_signed = v->is_signed;
		map->value.size = 8;
	}
	if (call->a)
		bounds(g, map, call, is_new);
	gen_key(g, map, node->a);
	emit(g, "agg @%s, 0, %s", map->table, gen_operand(g, v, node->pos));
}

/* A map whose value is counted up or down; of a new one that is its kind. */
static void check_counted(struct gen *g, struct map *map,
			  const struct value *v, struct loc pos)
{
	if (map->kind == MAP_NONE)
		merge_value(g, map, v, pos);
	if (map->kind != MAP_NONE &&
	    (map->kind != MAP_PLAIN || is_text(&map->value)))
		tapc_fail(g->tc, pos, ERR_MAP_KIND, map->name);
}

static void add_to(struct gen *g, const struct node *node, struct map *map)
{
	struct value *v = gen_int(g, node->b);

	check_counted(g, map, v, node->pos);
	v = gen_load(g, v, node->pos);
	if (node->op == OP2('-', '=')) {
		v->imm = -(u64)v->imm;
		map->value.is_signed = true;
		if (v->reg >= 0) {
			v->reg = gen_own(g, v, node->pos);
			emit(g, "mul r%d, -1", v->reg);
		}
	}
	gen_key(g, map, node->a);
	emit(g, "inc @%s, %s", map->table, gen_operand(g, v, node->pos));
}

/**
 * gen_map_assign - assignments to entries
 * @g: translation
 * @node: ASSIGN, of a map
 */
void gen_map_assign(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node->a);
	u32 op = node->op;
	struct value *v;

	if (op == '=' && node->b->kind == N_CALL &&
	    gen_is_aggregation(node->b->text)) {
		aggregate(g, node);
		return;
	}
	if (op == OP2('+', '=') || op == OP2('-', '=')) {
		add_to(g, node, map);
		return;
	}
	if (op == '=') {
		v = gen_expr(g, node->b);
	} else {
		v = gen_map_read(g, node->a);
		v = gen_arithmetic(g, gen_base_op(op), v,
				   gen_int(g, node->b), node->pos);
	}
	merge_value(g, map, v, node->pos);
	put(g, map, node->a, v, node->pos);
}

static int step_of(struct gen *g, const struct node *node, struct map *map)
{
	struct value *v = gen_number(g, 1);

	check_counted(g, map, v, node->pos);
	return node->op == OP2('+', '+') ? 1 : -1;
}

/**
 * gen_map_count - "@x++", for what it does
 * @g: translation
 * @node: PRE or POST, of a map
 */
void gen_map_count(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node->a);
	int step = step_of(g, node, map);

	gen_key(g, map, node->a);
	emit(g, "inc @%s, %d", map->table, step);
}

/**
 * gen_map_step - "@x++", for its value, too
 * @g: translation
 * @node: PRE or POST, of a map
 *
 * Return: value before or after. What other CPUs do to the entry meanwhile may
 * be in it.
 */
struct value *gen_map_step(struct gen *g, const struct node *node)
{
	int step = step_of(g, node, gen_map(g, node->a));

	return node->kind == N_PRE ? read_entry(g, node->a, step, 0) :
				     read_entry(g, node->a, 0, step);
}

void gen_map_delete(struct gen *g, const struct node *node)
{
	struct map *map = gen_known_map(g, node);

	gen_key(g, map, node);
	emit(g, "del @%s", map->table);
}

struct value *gen_map_has(struct gen *g, const struct node *node)
{
	struct map *map = gen_known_map(g, node);
	unsigned int mark = g->nr_temps;
	int reg;

	gen_key(g, map, node);
	g->nr_temps = mark;
	reg = emit_temp(g, node->pos);
	emit(g, "has r%d, @%s", reg, map->table);
	return gen_in(g, reg);
}

/**
 * gen_declare - "let @x = hash(100)"
 * @g: translation
 * @node: MAPDECL
 */
void gen_declare(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node);

	if (node->a->kind != N_CALL || !strstr(node->a->text, "hash") ||
	    !node->a->a)
		tapc_fail(g->tc, node->a->pos, ERR_MAP_DECL);
	map->size = gen_constant(g, node->a->a);
}
