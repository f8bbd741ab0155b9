// SPDX-License-Identifier: GPL-2.0
/*
 * What a text says about tables, and whether that fits those that exist.
 *
 *	in:	@t[common_pid] in a condition, @t[pid] = nsecs, no table @t yet
 *	out:	an operand with the shape @t[s64] = s64, for both
 *
 * All uses of a table in one text have the same parts and values; strings get
 * the room that the longest of them needs. Filters read tables only, which must
 * exist. In an action a table that is read and nowhere written is one of plain
 * integers.
 */
#include "type.h"

/* Both shapes, cut so that both can be seen. */
static int wrong_shape(struct typer *t, const struct tap_shape *have,
		       const struct tap_shape *want, unsigned int pos)
{
	char *text = trace_tap_alloc(t->arena, 2 * TAP_MAX_SHAPE_TEXT);
	int ret = trace_tap_error(t->e, -EINVAL, TAP_ERR_WRONG_SHAPE, pos);

	if (!text)
		return -ENOMEM;
	trace_tap_shape_text(have, text, TAP_MAX_SHAPE_TEXT);
	trace_tap_shape_text(want, text + TAP_MAX_SHAPE_TEXT,
			     TAP_MAX_SHAPE_TEXT);
	snprintf(t->e->detail, sizeof(t->e->detail), "it is %.72s, not %.72s",
		 text, text + TAP_MAX_SHAPE_TEXT);
	return ret;
}

/* A text that contradicts itself: @parts or @values are what it says now. */
static int contradiction(struct typer *t, const struct typer_table *table,
			 const struct tap_part *parts, unsigned int nr_parts,
			 const struct tap_value *values, unsigned int nr_values,
			 unsigned int pos)
{
	struct tap_shape *old = trace_tap_alloc(t->arena, sizeof(*old));
	struct tap_shape *new = trace_tap_alloc(t->arena, sizeof(*new));

	if (!old || !new)
		return -ENOMEM;
	*old = *table->operand->shape;
	if (!table->has_value) {
		old->nr_values = 1;
		old->values[0].plain.is_signed = true;
	}
	*new = *old;
	if (parts) {
		memcpy(new->parts, parts, sizeof(new->parts));
		new->nr_parts = nr_parts;
	}
	if (values) {
		memcpy(new->values, values, nr_values * sizeof(*values));
		new->nr_values = nr_values;
	}
	return wrong_shape(t, old, new, pos);
}

static struct typer_table *known_table(struct typer *t, const char *name)
{
	unsigned int i;

	for (i = 0; i < t->nr_tables; i++) {
		if (!strcmp(t->tables[i].operand->text, name))
			return &t->tables[i];
	}
	return NULL;
}

static struct typer_table *new_table(struct typer *t,
				     const struct tap_node *node,
				     const struct tap_shape *have)
{
	struct typer_table *table;
	struct tap_operand *opnd;

	if (!t->tables)
		t->tables = trace_tap_alloc(t->arena, TAP_MAX_TABLES *
						      sizeof(*t->tables));
	opnd = trace_tap_alloc(t->arena, sizeof(*opnd));
	if (!t->tables || !opnd)
		return NULL;
	opnd->type = TAP_TABLE;
	opnd->text = node->text;
	opnd->shape = trace_tap_alloc(t->arena, sizeof(*opnd->shape));
	if (!opnd->shape)
		return NULL;
	opnd->shape->name = node->text;
	table = &t->tables[t->nr_tables++];
	table->operand = opnd;
	table->have = have;
	table->pos = node->pos;
	return table;
}

/**
 * trace_tap_type_find_table - the table that a node names
 * @t: the pass
 * @node: TAP_N_TABLE or TAP_N_HAS
 * @tablep: out: the table; new if the text did not name it before
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_find_table(struct typer *t, const struct tap_node *node,
			      struct typer_table **tablep)
{
	const struct tap_scope *scope = t->scope;
	const struct tap_shape *have = NULL;

	t->is_extended = true;
	*tablep = known_table(t, node->text);
	if (*tablep)
		return 0;
	if (!scope->table)
		return trace_tap_type_fail(t, TAP_ERR_NO_TABLES, node);
	if (t->nr_tables == TAP_MAX_TABLES)
		return trace_tap_type_fail(t, TAP_ERR_TOO_MANY_TABLES, node);
	/* One without a name is this program's own, and so always new. */
	if (*node->text)
		have = scope->table(scope->event, node->text);
	if (!have && !t->is_action)
		return trace_tap_type_fail(t, TAP_ERR_NO_TABLE, node);
	*tablep = new_table(t, node, have);
	return *tablep ? 0 : -ENOMEM;
}

/* ------------------------------------------------------------------- keys */

/**
 * trace_tap_mentions - whether expressions name a table
 * @node: the first of a list, or NULL
 * @table: name of the table
 */
bool trace_tap_mentions(const struct tap_node *node, const char *table)
{
	for (; node; node = node->next) {
		if ((node->kind == TAP_N_TABLE || node->kind == TAP_N_HAS) &&
		    !strcmp(node->text, table))
			return true;
		if (trace_tap_mentions(node->a, table) ||
		    trace_tap_mentions(node->b, table))
			return true;
	}
	return false;
}

/* Another use of a part: strings as long as the longer one. */
static bool merge_part(struct tap_part *part, const struct tap_part *use)
{
	if (part->kind != use->kind)
		return false;
	part->size = max(part->size, use->size);
	if (!part->form && use->form) {
		part->form = use->form;
		part->field = use->field;
		part->names = use->names;
		part->is_signed = use->is_signed;
	}
	return true;
}

static int merge_key(struct typer *t, struct typer_table *table,
		     const struct tap_part *parts, unsigned int nr,
		     const struct tap_node *node)
{
	struct tap_shape *shape = table->operand->shape;
	bool same = nr == shape->nr_parts;
	unsigned int i;

	if (!table->has_key) {
		memcpy(shape->parts, parts, sizeof(shape->parts));
		shape->nr_parts = nr;
		table->has_key = true;
		return 0;
	}
	for (i = 0; i < nr && same; i++)
		same = merge_part(&shape->parts[i], &parts[i]);
	if (same)
		return 0;
	return contradiction(t, table, parts, nr, NULL, 0, node->pos);
}

/**
 * trace_tap_type_entry - the entry that a node names: table and key
 * @t: the pass
 * @node: TAP_N_TABLE or TAP_N_HAS; gets its operand
 * @tablep: out: the table, or NULL
 *
 * A string or stack that stands in a table goes straight from there into the
 * key; so it cannot come from the same table, whose key is being filled in.
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_entry(struct typer *t, struct tap_node *node,
			 struct typer_table **tablep)
{
	struct typer_table *table;
	struct tap_part *parts;
	struct tap_node *elem;
	unsigned int nr = 0;
	int ret;

	ret = trace_tap_type_find_table(t, node, &table);
	if (ret)
		return ret;
	if (tablep)
		*tablep = table;
	/* Not on the stack, since keys nest. */
	parts = trace_tap_alloc(t->arena, TAP_MAX_PARTS * sizeof(*parts));
	if (!parts)
		return -ENOMEM;
	for (elem = node->a; elem; elem = elem->next) {
		if (nr == TAP_MAX_PARTS)
			return trace_tap_type_fail(t, TAP_ERR_TOO_MANY_PARTS,
						   elem);
		ret = trace_tap_type_source(t, elem, TAP_DEF_STR, &parts[nr]);
		if (ret)
			return ret;
		if (parts[nr].kind != TAP_PART_INT &&
		    elem->kind == TAP_N_TABLE &&
		    (!strcmp(elem->text, node->text) ||
		     trace_tap_mentions(elem->a, node->text)))
			return trace_tap_type_fail(t, TAP_ERR_NOT_HERE, elem);
		nr++;
	}
	node->operand = table->operand;
	return merge_key(t, table, parts, nr, node);
}

/* ----------------------------------------------------------------- values */

/**
 * trace_tap_type_is_open - whether reading an entry has to wait
 * @t: the pass
 * @node: TAP_N_TABLE
 *
 * It has if the text assigns to the table, and what is not known yet.
 */
bool trace_tap_type_is_open(struct typer *t, const struct tap_node *node)
{
	const struct typer_table *table = known_table(t, node->text);

	return table && table->is_written && !table->has_value && !table->have;
}

/**
 * trace_tap_type_read - what reading an entry gives
 * @t: the pass
 * @node: TAP_N_TABLE
 * @ret: out: 0, or a negative errno as trace_tap_type()
 *
 * Returns the first value of the table, or NULL with @ret set.
 */
const struct tap_value *trace_tap_type_read(struct typer *t,
					    struct tap_node *node, int *ret)
{
	struct typer_table *table;
	struct tap_shape *shape;

	*ret = trace_tap_type_entry(t, node, &table);
	if (*ret)
		return NULL;
	if (!table->has_value && table->have)
		return &table->have->values[0];
	shape = table->operand->shape;
	if (!table->has_value) {
		shape->nr_values = 1;
		shape->values[0].plain.is_signed = true;
		table->has_value = true;
		table->value_pos = node->pos;
	}
	return &shape->values[0];
}

static bool merge_value(struct tap_value *value, const struct tap_value *use)
{
	if (value->kind != use->kind)
		return false;
	switch (value->kind) {
	case TAP_VALUE_INT:
	case TAP_VALUE_STR:
	case TAP_VALUE_STACK:
		return merge_part(&value->plain, &use->plain);
	case TAP_VALUE_HIST:
		return value->bits == use->bits;
	case TAP_VALUE_LHIST:
		return value->min == use->min && value->max == use->max &&
		       value->step == use->step;
	default:
		return true;
	}
}

/**
 * trace_tap_type_assign - a statement assigns values to an entry
 * @t: the pass
 * @node: TAP_N_TABLE that is assigned to
 * @values: the values
 * @nr: how many, at most TAP_MAX_PARTS
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_assign(struct typer *t, const struct tap_node *node,
			  const struct tap_value *values, unsigned int nr)
{
	struct typer_table *table;
	struct tap_shape *shape;
	unsigned int i;
	bool same;
	int ret;

	ret = trace_tap_type_find_table(t, node, &table);
	if (ret)
		return ret;
	shape = table->operand->shape;
	if (!table->has_value) {
		memcpy(shape->values, values, nr * sizeof(*values));
		shape->nr_values = nr;
		table->has_value = true;
		table->value_pos = node->pos;
		return 0;
	}
	same = nr == shape->nr_values;
	for (i = 0; i < nr && same; i++)
		same = merge_value(&shape->values[i], &values[i]);
	if (same)
		return 0;
	return contradiction(t, table, NULL, 0, values, nr, node->pos);
}

/* ------------------------------------------------------------ at the end */

/* What the text does not say, the table that exists does. */
static int complete_shape(struct typer *t, struct typer_table *table)
{
	struct tap_shape *shape = table->operand->shape, *have;

	if (table->has_key && table->has_value)
		return 0;
	if (!table->have) {
		/* only cleared */
		if (!table->has_key)
			return trace_tap_error(t->e, -EINVAL, TAP_ERR_NO_TABLE,
					       table->pos);
		shape->nr_values = 1;
		shape->values[0].plain.is_signed = true;
		return 0;
	}
	have = trace_tap_shape_copy(t->arena, table->have);
	if (!have)
		return -ENOMEM;
	if (!table->has_key) {
		memcpy(shape->parts, have->parts, sizeof(shape->parts));
		shape->nr_parts = have->nr_parts;
	}
	if (!table->has_value) {
		memcpy(shape->values, have->values, sizeof(shape->values));
		shape->nr_values = have->nr_values;
	}
	return 0;
}

/* The error is where the key stands first, or the first assignment. */
static int misfit(struct typer *t, const struct typer_table *table)
{
	const struct tap_shape *want = table->operand->shape;
	struct tap_shape *key = trace_tap_alloc(t->arena, sizeof(*key));

	if (!key)
		return -ENOMEM;
	*key = *table->have;
	memcpy(key->parts, want->parts, sizeof(key->parts));
	key->nr_parts = want->nr_parts;
	return wrong_shape(t, table->have, want,
			   table->has_value &&
			   trace_tap_shape_fits(table->have, key) ?
			   table->value_pos : table->pos);
}

/**
 * trace_tap_type_tables - finish the shapes of all tables of a text
 * @t: the pass
 *
 * Returns 0, or a negative errno as trace_tap_type().
 */
int trace_tap_type_tables(struct typer *t)
{
	struct typer_table *table;
	unsigned int i;
	int ret;

	for (i = 0; i < t->nr_tables; i++) {
		table = &t->tables[i];
		ret = complete_shape(t, table);
		if (ret)
			return ret;
		ret = trace_tap_shape_layout(table->operand->shape);
		if (ret)
			return trace_tap_error(t->e, ret, ret == -E2BIG ?
					       TAP_ERR_KEY_TOO_LONG :
					       TAP_ERR_BAD_SHAPE, table->pos);
		if (table->have &&
		    !trace_tap_shape_fits(table->have, table->operand->shape))
			return misfit(t, table);
	}
	return 0;
}
