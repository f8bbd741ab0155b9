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

#define X(kind, name) name "\0"
static const char map_names[] = MAPS(X);
#undef X

static const char *map_name(const struct map *map)
{
	return *map->name ? map->name : "";
}

/* ------------------------------------------------------------------- shapes */

/* Types of the table's parts for something, in the order of tapc_slots(). */
static const char *part_type(struct gen *g, const struct part *part)
{
	unsigned int size;

	switch (part->show) {
	case SHOW_STR:
	case SHOW_CONST:
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

/* A part is seen again: the same, or longer. */
static bool merge_part(struct gen *g, struct part *part,
		       const struct part *other)
{
	const struct part *o = other->parts;
	struct part *p = part->parts;

	if (part->show == SHOW_CONST)
		part->show = SHOW_STR;
	if (part->show == SHOW_BOOL)
		part->show = other->show;
	if (part->show != other->show && other->show != SHOW_CONST &&
	    !(part->show == SHOW_INT && other->show == SHOW_BOOL) &&
	    !(part->show == SHOW_STR && other->show == SHOW_PROBE))
		return false;
	if (other->size > part->size && (part->size || part->show == SHOW_INT))
		part->size = other->size;
	if (!other->size && part->show == SHOW_STR && part->size < STR_IN_TABLE)
		part->size = STR_IN_TABLE;
	for (; p && o; p = p->next, o = o->next)
		if (!merge_part(g, p, o))
			return false;
	return !p && !o;
}

static void merge_key(struct gen *g, struct map *map, struct part *key,
		      struct loc pos)
{
	struct part *p = map->key;

	if (!map->key && !map->is_scalar) {
		map->key = key;
		map->is_scalar = !key;
		return;
	}
	for (; p && key; p = p->next, key = key->next)
		if (!merge_part(g, p, key))
			tapc_fail(g->tc, pos, ERR_MAP_KEY, map_name(map));
	if (p || key)
		tapc_fail(g->tc, pos, ERR_MAP_KEYS, map_name(map));
}

static void merge_kind(struct gen *g, struct map *map, enum map_kind kind,
		       struct loc pos)
{
	if (map->kind == MAP_NONE) {
		map->kind = kind;
		g->is_changed = true;
	}
	if (map->kind != kind)
		tapc_fail(g->tc, pos, ERR_MAP_KIND, map_name(map));
}

static void merge_value(struct gen *g, struct map *map, const struct value *v,
			struct loc pos)
{
	struct part *part = gen_part(g, v);

	if (v->is_unsure)
		return;
	if (v->kind == V_LIST || v->kind == V_PLACE)
		tapc_fail(g->tc, pos, ERR_MAP_VALUE);
	if (map->kind == MAP_NONE) {
		merge_kind(g, map, MAP_PLAIN, pos);
		if (part->show == SHOW_PROBE || part->show == SHOW_CONST)
			part->show = SHOW_STR;
		map->value = *part;
		map->space = v->space;
		return;
	}
	merge_kind(g, map, MAP_PLAIN, pos);
	if (!merge_part(g, &map->value, part))
		tapc_fail(g->tc, pos, ERR_MAP_TYPE, map_name(map));
	if (map->space != v->space && !v->is_literal)
		map->space = SPACE_ANY;
}

/* ---------------------------------------------------------------------- use */

static struct map *add_map(struct gen *g, const char *name, struct loc pos)
{
	struct map **tail = &g->unit->maps, *map;

	map = tapc_alloc(g->tc, sizeof(*map));
	map->name = name;
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
	struct map *map;

	for (map = g->unit->maps; map; map = map->next)
		if (!map->is_internal && !strcmp(map->name, node->text))
			return map;
	map = add_map(g, node->text, node->pos);
	/* A table without a name belongs to one program: this is all's. */
	map->table = *map->name ? strcmp(map->name, "_") ? map->name : "__" :
				  "_";
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
	struct value n = gen_number(0);
	struct map *map;

	n.is_signed = false;
	for (map = g->unit->maps; map; map = map->next)
		if (map->is_internal && !strcmp(map->name, name))
			break;
	if (!map) {
		map = add_map(g, name, g->node->pos);
		map->table = tapc_format(g->tc, "tapc_%s", name);
		map->is_internal = true;
		map->size = 64;
		map->key = gen_part(g, &n);
		map->key->next = gen_part(g, &n);
	}
	merge_value(g, map, v, g->node->pos);
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

/**
 * gen_key - fill in the key of a map
 * @g: translation
 * @map: the map
 * @node: MAP
 */
void gen_key(struct gen *g, struct map *map, const struct node *node)
{
	struct value *values[TAP_MAX_PARTS + 1], *e;
	struct part *key = NULL, **tail = &key;
	unsigned int i, nr = 0, at = 0;
	const struct node *n;
	bool is_unsure = false;

	/* All first: to find one may need the key of another entry. */
	for (n = node->a; n; n = n->next) {
		e = gen_keep(g, gen_expr(g, n));
		if (e->kind == V_LIST && e->show == SHOW_TUPLE && !n->next &&
		    n == node->a)
			e = e->a;
		for (; e; e = e->next) {
			if (nr == TAP_MAX_PARTS)
				tapc_fail(g->tc, n->pos, ERR_PARTS,
					  TAP_MAX_PARTS);
			values[nr++] = e;
			is_unsure |= e->is_unsure;
			*tail = gen_part(g, e);
			tail = &(*tail)->next;
		}
	}
	if (!is_unsure || g->is_last)
		merge_key(g, map, key, node->pos);
	gen_use(g, map, node->pos);
	for (i = 0; i < nr; i++)
		at = gen_slots(g, tapc_format(g->tc, "key @%s", map->table),
			       at, *values[i], false, node->pos);
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

/**
 * gen_map_read - the value of an entry
 * @g: translation
 * @node: MAP
 *
 * Return: it.
 */
struct value gen_map_read(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node);
	unsigned int mark = g->nr_temps;
	struct value v = {
		.kind = V_INT, .show = map->value.show, .size = 8,
		.is_signed = map->value.is_signed, .map = map, .node = node,
		.space = map->space, .show_text = map->value.text,
	};

	if (map->kind == MAP_NONE) {
		if (g->is_last)
			tapc_fail(g->tc, node->pos, ERR_NO_MAP, map_name(map));
		gen_key(g, map, node);
		g->nr_temps = mark;
		v.reg = -1;
		v.is_unsure = true;
		return v;
	}
	if (map->kind == MAP_PLAIN &&
	    (map->value.show == SHOW_STR || map->value.show == SHOW_KSTACK ||
	     map->value.show == SHOW_USTACK)) {
		v.kind = V_ENTRY;
		v.size = map->value.size;
		v.mode = map->value.mode;
		return v;
	}
	if (map->kind != MAP_PLAIN)
		v.show = SHOW_INT;
	else
		v.size = map->value.size;
	gen_key(g, map, node);
	g->nr_temps = mark;
	v.reg = emit_temp(g, node->pos);
	emit(g, "get r%d, @%s, 0", v.reg, map->table);
	return v;
}

static void put(struct gen *g, struct map *map, const struct node *node,
		struct value v, struct loc pos)
{
	const char *line = tapc_format(g->tc, "put @%s, ", map->table);

	/* What is in the way of the key waits in a register. */
	if (gen_is_number(&v))
		v = gen_load(g, v, pos);
	gen_key(g, map, node);
	if (v.kind == V_POINTED && !v.size)
		v.size = STR_IN_TABLE;
	gen_sink(g, line, v, pos);
}

/* X(name, arguments at least, at most) are in gen_call.c; here what they do. */
bool gen_is_aggregation(const char *name)
{
	unsigned int i;

	for (i = MAP_COUNT; i <= MAP_LHIST; i++)
		if (!strcmp(tapc_nth(map_names, i), name))
			return true;
	return false;
}

static enum map_kind kind_of(const char *name)
{
	unsigned int i = MAP_COUNT;

	while (strcmp(tapc_nth(map_names, i), name))
		i++;
	return i;
}

static void check_bounds(struct gen *g, struct map *map, s64 *old, s64 value,
			 bool is_new, struct loc pos)
{
	if (!is_new && *old != value)
		tapc_fail(g->tc, pos, ERR_BOUNDS, map_name(map));
	*old = value;
}

static void bounds(struct gen *g, struct map *map, const struct node *call,
		   bool is_new)
{
	const struct node *n = call->a->next;
	s64 bits = map->bits;

	if (map->kind == MAP_HIST) {
		check_bounds(g, map, &bits, n ? gen_constant(g, n) : 0, is_new,
			     call->pos);
		if (bits < 0 || bits > 5)
			tapc_fail(g->tc, n->pos, ERR_HIST_BITS);
		map->bits = bits;
		return;
	}
	if (map->kind != MAP_LHIST)
		return;
	check_bounds(g, map, &map->min, gen_constant(g, n), is_new, call->pos);
	n = n->next;
	check_bounds(g, map, &map->max, gen_constant(g, n), is_new, call->pos);
	n = n->next;
	check_bounds(g, map, &map->step, gen_constant(g, n), is_new,
		     call->pos);
	if (map->step <= 0 || map->max <= map->min ||
	    (map->max - map->min) / map->step > 1000)
		tapc_fail(g->tc, n->pos, ERR_LHIST);
}

static void aggregate(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node->a);
	const struct node *call = node->b;
	bool is_new = map->kind == MAP_NONE;
	struct value v = gen_number(1);

	gen_check_args(g, call);
	if (call->a)
		v = gen_load(g, gen_expr(g, call->a), call->pos);
	merge_kind(g, map, kind_of(call->text), node->pos);
	if (is_new) {
		map->value.is_signed = v.is_signed;
		map->value.size = 8;
	}
	if (call->a)
		bounds(g, map, call, is_new);
	gen_key(g, map, node->a);
	emit(g, "agg @%s, 0, %s", map->table, gen_operand(g, v, node->pos));
}

static void add_to(struct gen *g, const struct node *node, struct map *map)
{
	struct value v = gen_int(g, node->b);
	int reg;

	if (map->kind == MAP_NONE)
		merge_value(g, map, &v, node->pos);
	if (map->kind != MAP_PLAIN || map->value.show == SHOW_STR)
		tapc_fail(g->tc, node->pos, ERR_MAP_KIND, map_name(map));
	if (node->op == OP2('-', '=')) {
		reg = gen_own(g, v, node->pos);
		emit(g, "mul r%d, -1", reg);
		v = gen_number(0);
		v.reg = reg;
		map->value.is_signed = true;
	} else {
		v = gen_load(g, v, node->pos);
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
	struct value v;

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
	merge_value(g, map, &v, node->pos);
	put(g, map, node->a, v, node->pos);
}

/**
 * gen_map_count - "@x++", for what it does
 * @g: translation
 * @node: PRE or POST, of a map
 */
void gen_map_count(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node->a);
	struct value v = gen_number(1);

	v.is_signed = true;
	if (map->kind == MAP_NONE)
		merge_value(g, map, &v, node->pos);
	if (map->kind != MAP_PLAIN || map->value.show != SHOW_INT)
		tapc_fail(g->tc, node->pos, ERR_MAP_KIND, map_name(map));
	gen_key(g, map, node->a);
	emit(g, "inc @%s, %d", map->table,
	     node->op == OP2('+', '+') ? 1 : -1);
}

/**
 * gen_map_step - "@x++", for its value, too
 * @g: translation
 * @node: PRE or POST, of a map
 *
 * Return: value before or after. What other CPUs do to the entry meanwhile may
 * be in it.
 */
struct value gen_map_step(struct gen *g, const struct node *node)
{
	unsigned int mark = g->nr_temps;
	struct value v;

	if (node->kind == N_POST) {
		v = gen_map_read(g, node->a);
		gen_map_count(g, node);
		g->nr_temps = mark + (v.reg >= 0);
		return v;
	}
	gen_map_count(g, node);
	g->nr_temps = mark;
	return gen_map_read(g, node->a);
}

void gen_map_delete(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node);

	gen_key(g, map, node);
	emit(g, "del @%s", map->table);
}

struct value gen_map_has(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node);
	unsigned int mark = g->nr_temps;
	struct value v = gen_number(0);

	gen_key(g, map, node);
	g->nr_temps = mark;
	v.reg = emit_temp(g, node->pos);
	v.is_literal = false;
	emit(g, "has r%d, @%s", v.reg, map->table);
	return v;
}

/**
 * gen_declare - "let @x = hash(100)"
 * @g: translation
 * @node: MAPDECL
 */
void gen_declare(struct gen *g, const struct node *node)
{
	struct map *map = gen_map(g, node);

	if (node->a->kind != N_CALL || !node->a->a)
		tapc_fail(g->tc, node->a->pos, ERR_MAP_DECL);
	map->size = gen_constant(g, node->a->a);
}
