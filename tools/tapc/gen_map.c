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
static const char *part_type(const struct part *part)
{
	unsigned int size;

	switch (part->show) {
	case SHOW_STR:
		size = part->size ?: STR_IN_TABLE;
		size = min((size + 7) & ~7U, 256U);
		return gen_format("str%u", size);
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
		return gen_format("u64.enum(%s)", part->text +
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

static const char *part_types(const struct part *part)
{
	const char *text = "", *one;

	for (; part; part = part->next) {
		one = part->show == SHOW_TUPLE ? part_types(part->parts) :
						 part_type(part);
		text = gen_format("%s%s%s", text, *text ? ", " : "", one);
	}
	return text;
}

static const char *value_type(const struct map *map)
{
	const char *name = tapc_nth(map_names, map->kind);
	const char *u = map->value.is_signed ? "" : "u64";

	switch (map->kind) {
	case MAP_NONE:
	case MAP_PLAIN:
		return part_type(&map->value);
	case MAP_COUNT:
		return name;
	case MAP_HIST:
		if (!map->bits)
			return gen_format(*u ? "%s(%s)" : "%s", name,
					   u);
		return gen_format("%s(%s%s%u)", name, u, *u ? ", " : "",
				   map->bits);
	case MAP_LHIST:
		return gen_format("%s(%s%s%lld, %lld, %lld)", name, u,
				   *u ? ", " : "", (long long)map->min,
				   (long long)map->max, (long long)map->step);
	default:
		return gen_format(*u ? "%s(%s)" : "%s", name, u);
	}
}

/**
 * gen_shapes - what shapes have come to, at the end of a pass
 *
 * @is_changed is set if any is another one.
 */
void gen_shapes(void)
{
	const char *shape, *key;
	struct map *map;

	for (map = gen.unit->maps; map; map = map->next) {
		key = part_types(map->key);
		shape = gen_format(*key ? "[%s] = %s" : "%s = %s", key,
				   value_type(map));
		if (*shape == ' ')
			shape++;
		if (map->shape && !strcmp(shape, map->shape))
			continue;
		map->shape = shape;
		gen.is_changed = true;
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

static void merge_key(struct map *map, struct part *key,
		      struct loc pos)
{
	struct part *p = map->key;

	if (gen.is_scan)
		return;
	if (!map->key && !map->is_scalar) {
		map->key = key;
		map->is_scalar = !key;
		return;
	}
	for (; p && key; p = p->next, key = key->next)
		if (!merge_part(p, key))
			gen_fail(pos, ERR_MAP_KEY, map->name);
	if (p || key)
		gen_fail(pos, ERR_MAP_KEYS, map->name);
}

static void merge_kind(struct map *map, enum map_kind kind,
		       struct loc pos)
{
	if (gen.is_scan)
		return;
	if (map->kind == MAP_NONE) {
		map->kind = kind;
		gen.is_changed = true;
	}
	if (map->kind != kind)
		gen_fail(pos, ERR_MAP_KIND, map->name);
}

static void merge_value(struct map *map, const struct value *v,
			struct loc pos)
{
	struct part *part = gen_part(v);

	if (v->is_unsure || gen.is_scan)
		return;
	if (v->kind == V_LIST || v->kind == V_PLACE)
		gen_fail(pos, ERR_MAP_VALUE);
	if (map->kind == MAP_NONE) {
		merge_kind(map, MAP_PLAIN, pos);
		if (part->show == SHOW_PROBE)
			part->show = SHOW_STR;
		map->value = *part;
		map->space = v->space;
		return;
	}
	merge_kind(map, MAP_PLAIN, pos);
	if (!merge_part(&map->value, part))
		gen_fail(pos, ERR_MAP_TYPE, map->name);
	if (map->space != v->space && !v->is_literal)
		map->space = SPACE_ANY;
}

/* ---------------------------------------------------------------------- use */

static struct map *add_map(const char *name, const char *table,
			   struct loc pos)
{
	struct map **tail = &gen.unit->maps, *map;

	if (strlen(table) >= TAP_MAX_TABLE_NAME)
		gen_fail(pos, ERR_LONG_NAME, TAP_MAX_TABLE_NAME - 1);
	map = gen_alloc(sizeof(*map));
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
 * @node: MAP or MAPDECL
 *
 * Return: it; made if it is new.
 */
struct map *gen_map(const struct node *node)
{
	const char *name = node->text, *table = name;
	struct map *map;

	for (map = gen.unit->maps; map; map = map->next)
		if (!map->is_internal && !strcmp(map->name, name))
			return map;
	/* A table without a name belongs to one program: "_" is all programs'. */
	if (strspn(name, "_") == strlen(name))
		table = gen_format("%s_", name);
	return add_map(name, table, node->pos);
}

/* A map of the compiler's own. */
static struct map *internal_map(const char *name, bool *is_new)
{
	struct map *map;

	for (map = gen.unit->maps; map; map = map->next)
		if (map->is_internal && !strcmp(map->name, name))
			break;
	*is_new = !map;
	if (map)
		return map;
	map = add_map(name, gen_format("tapc_%s", name),
		      gen.node->pos);
	map->is_internal = true;
	map->size = SLOTS;
	return map;
}

/**
 * gen_slot_map - where strings in a variable are
 * @name: of the variable
 * @v: what it is
 *
 * Return: a map, by run of the program.
 */
struct map *gen_slot_map(const char *name, struct value *v)
{
	struct value *n = gen_number(0);
	struct map *map;
	bool is_new;

	/* No variable is called as this one with another kind of value. */
	if (!gen_is_string(v))
		name = gen_format("%u%s", v->show, name);
	map = internal_map(name, &is_new);
	n->is_signed = false;
	if (is_new) {
		map->key = gen_part(n);
		map->key->next = gen_part(n);
	}
	merge_value(map, v, gen.node->pos);
	return map;
}

static struct map *number_map(const char *name, bool has_run)
{
	struct value *n = gen_number(0);
	bool is_new;
	struct map *map = internal_map(name, &is_new);
	struct part **tail = &map->key;

	if (is_new && has_run) {
		*tail = gen_part(n);
		(*tail)->next = gen_part(n);
		tail = &(*tail)->next->next;
	}
	if (is_new)
		*tail = gen_part(gen_string(V_CONST, "", TAP_MAX_STR));
	merge_value(map, n, gen.node->pos);
	return map;
}

/**
 * gen_pair_map - the map that tells two strings from one another
 *
 * Return: it: a string by run of the program.
 */
struct map *gen_pair_map(void)
{
	return number_map("2_", true);
}

/**
 * gen_text_map - the map that tells constant strings from others
 * @text: constant
 * @nr: out: its value in there
 * @pos: where
 *
 * Return: it.
 */
struct map *gen_text_map(const char *text, u64 *nr,
			 struct loc pos)
{
	struct map *map = number_map("", false);
	const struct word *w;

	gen_use(map, pos);
	for (w = gen.texts; w && strcmp(w->text, text); )
		w = w->next;
	if (!w) {
		gen.texts = tapc_add_word(gen.tc, gen.texts, text);
		gen.texts->place = gen.texts->next ?
				  gen.texts->next->place + 1 : 1;
		w = gen.texts;
	}
	*nr = w->place;
	return map;
}

/**
 * gen_use - the program uses a map
 * @map: the map
 * @pos: where
 */
void gen_use(struct map *map, struct loc pos)
{
	struct used_map **tail = &gen.used;
	unsigned int nr = 0;

	for (; *tail; tail = &(*tail)->next, nr++)
		if ((*tail)->map == map)
			return;
	if (nr == TAP_MAX_TABLES)
		gen_fail(pos, ERR_MAPS, TAP_MAX_TABLES);
	*tail = gen_alloc(sizeof(**tail));
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
const char *gen_copy_name(void)
{
	return gen_format("%u", gen.nr_copies++);
}

/* What is in the way of a key waits in a table of its own. */
static struct value *out_of_way(struct value *v,
				const struct map *map, struct loc pos)
{
	if (!needs_key(v, map))
		return v;
	return gen_copy(gen_copy_name(), v, pos);
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
static unsigned int key_values(const struct node *node,
			       struct value **values, struct part **tail,
			       bool *is_unsure)
{
	const struct node *n;
	unsigned int nr = 0;
	struct value *e;

	for (n = node->a; n; n = n->next) {
		e = gen_expr(n);
		if (e->kind == V_LIST && e->show == SHOW_TUPLE && !n->next &&
		    n == node->a)
			e = e->a;
		for (; e; e = e->next) {
			if (nr == TAP_MAX_PARTS)
				gen_fail(n->pos, ERR_PARTS, TAP_MAX_PARTS);
			values[nr++] = e;
			*is_unsure |= e->is_unsure;
			*tail = gen_part(e);
			tail = &(*tail)->next;
		}
	}
	return nr;
}

/**
 * gen_key - fill in the key of a map
 * @map: the map
 * @node: MAP
 */
void gen_key(struct map *map, const struct node *node)
{
	struct value *values[TAP_MAX_PARTS];
	struct part *key = NULL, *part;
	unsigned int i, nr, at = 0;
	bool is_unsure = false;

	/* All first: to find one may need the key of another entry. */
	nr = key_values(node, values, &key, &is_unsure);
	if (!is_unsure || gen.is_last)
		merge_key(map, key, node->pos);
	for (i = 0, part = map->key; part && i < nr; part = part->next, i++)
		settle_probes(values[i], part);
	gen_use(map, node->pos);
	for (i = 0; i < nr; i++)
		values[i] = out_of_way(values[i], map, node->pos);
	for (i = 0; i < nr; i++)
		at = gen_slots(gen_format("key @%s", map->table),
			       at, values[i], false, node->pos);
	if (at > TAP_MAX_PARTS)
		gen_fail(node->pos, ERR_PARTS, TAP_MAX_PARTS);
}

/**
 * gen_load_key - fill in the key of an entry
 * @entry: V_ENTRY
 * @pos: where it is used
 */
void gen_load_key(const struct value *entry, struct loc pos)
{
	const char *table = entry->map->table;
	unsigned int mark = gen.nr_temps;
	int reg;

	if (entry->node) {
		gen_key(entry->map, entry->node);
		return;
	}
	gen_use(entry->map, pos);
	if (gen.slot_reg < 0)
		gen.slot_reg = emit_hold(1, pos);
	emit("key @%s, 0, r%d", table, gen.slot_reg);
	reg = emit_temp(pos);
	emit("ld r%d, cpu", reg);
	emit("key @%s, 1, r%d", table, reg);
	gen.nr_temps = mark;
}

/* ------------------------------------------------------------------- values */

static bool is_text(const struct part *part)
{
	return part->show == SHOW_STR || part->show == SHOW_KSTACK ||
	       part->show == SHOW_USTACK;
}

/**
 * gen_known_map - the map that a node names, which something must fill
 * @node: MAP
 *
 * Return: it.
 */
struct map *gen_known_map(const struct node *node)
{
	struct map *map = gen_map(node);

	if (map->kind == MAP_NONE && gen.is_last)
		gen_fail(node->pos, ERR_NO_MAP, map->name);
	return map;
}

/**
 * gen_entry - a string or stack in a map
 * @map: the map
 *
 * Return: it, in a slot.
 */
struct value *gen_entry(struct map *map)
{
	struct value *v = gen_new(V_ENTRY);

	v->map = map;
	v->show = map->value.show;
	v->size = map->value.size;
	v->mode = map->value.mode;
	return v;
}

/* The value of an entry, with something added to it before or after that. */
static struct value *read_entry(const struct node *node, int before, int after)
{
	struct map *map = gen_known_map(node);
	unsigned int mark = gen.nr_temps;
	struct value *v = gen_entry(map);

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
	gen_key(map, node);
	gen.nr_temps = mark;
	if (v->is_unsure)
		return v;
	v->reg = emit_temp(node->pos);
	if (before)
		emit("inc @%s, %d", map->table, before);
	emit("get r%d, @%s, 0", v->reg, map->table);
	if (after)
		emit("inc @%s, %d", map->table, after);
	return v;
}

/**
 * gen_map_read - the value of an entry
 * @node: MAP
 *
 * Return: it.
 */
struct value *gen_map_read(const struct node *node)
{
	return read_entry(node, 0, 0);
}

static void put_value(struct map *map, const struct node *node,
		      struct value *v, struct loc pos)
{
	const char *line = gen_format("put @%s, ", map->table);

	/* What is in the way of the key waits somewhere else. */
	if (gen_is_number(v))
		v = gen_load(v, pos);
	v = out_of_way(v, map, pos);
	gen_key(map, node);
	gen_sink(line, v, pos);
}

/* X(name, arguments at least, at most) are in gen_call.c; here what they do. */
bool gen_is_aggregation(const char *name)
{
	return gen_find(aggregations, name) >= 0;
}

/* What stands behind the value in hist() and lhist(). */
static void bounds(struct map *map, const struct node *call,
		   bool is_new)
{
	const struct node *n = call->a;
	s64 have[3] = {};
	unsigned int nr;

	for (nr = 0; n->next; nr++) {
		n = n->next;
		have[nr] = gen_constant(n);
	}
	if (map->kind == MAP_HIST && (u64)have[0] > 5)
		gen_fail(n->pos, ERR_HIST_BITS);
	if (map->kind == MAP_LHIST &&
	    (have[2] <= 0 || have[1] <= have[0] ||
	     ((u64)have[1] - have[0] - 1) / have[2] >= MAX_STEPS))
		gen_fail(n->pos, ERR_LHIST, MAX_STEPS);
	if (is_new) {
		map->bits = map->kind == MAP_HIST ? have[0] : 0;
		map->min = have[0];
		map->max = have[1];
		map->step = have[2];
	}
	if (map->min != have[0] || map->max != have[1] || map->step != have[2])
		gen_fail(call->pos, ERR_BOUNDS, map->name);
	/* A histogram of what is unsigned has none that begin below 0. */
	if (have[0] < 0)
		map->value.is_signed = true;
}

static void aggregate(const struct node *node)
{
	struct map *map = gen_map(node->a);
	const struct node *call = node->b;
	bool is_new = map->kind == MAP_NONE;
	struct value *v = gen_number(1);

	gen_check_args(call);
	if (call->a)
		v = gen_load(gen_expr(call->a), call->pos);
	merge_kind(map, MAP_COUNT + gen_find(aggregations, call->text), node->pos);
	if (!v->is_unsure && !map->value.size && !gen.is_scan) {
		map->value.is_signed = v->is_signed;
		map->value.size = 8;
	}
	if (call->a)
		bounds(map, call, is_new);
	gen_key(map, node->a);
	emit("agg @%s, 0, %s", map->table, gen_operand(v, node->pos));
}

/* A map whose value is counted up or down; of a new one that is its kind. */
static void check_counted(struct map *map,
			  const struct value *v, struct loc pos)
{
	if (map->kind == MAP_NONE)
		merge_value(map, v, pos);
	if (map->kind != MAP_NONE &&
	    (map->kind != MAP_PLAIN || is_text(&map->value)))
		gen_fail(pos, ERR_MAP_KIND, map->name);
}

static void add_to(const struct node *node, struct map *map)
{
	struct value *v = gen_int(node->b);

	check_counted(map, v, node->pos);
	v = gen_load(v, node->pos);
	if (node->op == OP2('-', '=')) {
		v->imm = -(u64)v->imm;
		map->value.is_signed = true;
		if (v->reg >= 0) {
			v->reg = gen_own(v, node->pos);
			emit("mul r%d, -1", v->reg);
		}
	}
	gen_key(map, node->a);
	emit("inc @%s, %s", map->table, gen_operand(v, node->pos));
}

/**
 * gen_map_assign - assignments to entries
 * @node: ASSIGN, of a map
 */
void gen_map_assign(const struct node *node)
{
	struct map *map = gen_map(node->a);
	u32 op = node->op;
	struct value *v;

	if (op == '=' && node->b->kind == N_CALL &&
	    gen_is_aggregation(node->b->text)) {
		aggregate(node);
		return;
	}
	if (op == OP2('+', '=') || op == OP2('-', '=')) {
		add_to(node, map);
		return;
	}
	if (op == '=') {
		v = gen_expr(node->b);
	} else {
		v = gen_map_read(node->a);
		v = gen_arithmetic(gen_base_op(op), v,
				   gen_int(node->b), node->pos);
	}
	merge_value(map, v, node->pos);
	put_value(map, node->a, v, node->pos);
}

static int step_of(const struct node *node, struct map *map)
{
	struct value *v = gen_number(1);

	check_counted(map, v, node->pos);
	return node->op == OP2('+', '+') ? 1 : -1;
}

/**
 * gen_map_count - "@x++", for what it does
 * @node: PRE or POST, of a map
 */
void gen_map_count(const struct node *node)
{
	struct map *map = gen_map(node->a);
	int step = step_of(node, map);

	gen_key(map, node->a);
	emit("inc @%s, %d", map->table, step);
}

/**
 * gen_map_step - "@x++", for its value, too
 * @node: PRE or POST, of a map
 *
 * Return: value before or after. What other CPUs do to the entry meanwhile may
 * be in it.
 */
struct value *gen_map_step(const struct node *node)
{
	int step = step_of(node, gen_map(node->a));

	return node->kind == N_PRE ? read_entry(node->a, step, 0) :
				     read_entry(node->a, 0, step);
}

void gen_map_delete(const struct node *node)
{
	struct map *map = gen_known_map(node);

	gen_key(map, node);
	emit("del @%s", map->table);
}

struct value *gen_map_has(const struct node *node)
{
	struct map *map = gen_known_map(node);
	unsigned int mark = gen.nr_temps;
	int reg;

	gen_key(map, node);
	gen.nr_temps = mark;
	reg = emit_temp(node->pos);
	emit("has r%d, @%s", reg, map->table);
	return gen_in(reg);
}

/**
 * gen_declare - "let @x = hash(100)"
 * @node: MAPDECL
 */
void gen_declare(const struct node *node)
{
	struct map *map = gen_map(node);

	if (node->a->kind != N_CALL || !strstr(node->a->text, "hash") ||
	    !node->a->a)
		gen_fail(node->a->pos, ERR_MAP_DECL);
	map->size = gen_constant(node->a->a);
}
