// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the entries of a table in the order in which they are shown.
 *
 * In: a table that programs may be writing to. Out: a copy of its entries and
 * their order, ascending by the first value, so that what matters most stands
 * last, where a terminal shows it; by their keys if that is equal:
 *
 *	@[b] = 1
 *	@[a] = 7
 *	@[c] = 7
 */
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/unaligned.h>

#include "table.h"

/**
 * trace_tap_value_total - the number that stands for a value
 * @value: what it is; no string
 * @words: its words
 *
 * Return: the number, average, or, of a histogram, of all in it.
 */
u64 trace_tap_value_total(const struct tap_value *value, const u64 *words)
{
	u64 total = 0;
	unsigned int i;

	switch (value->kind) {
	case TAP_VALUE_AVG:
	case TAP_VALUE_STATS:
		if (!words[1])
			return 0;
		return value->is_signed ? div64_s64(words[0], words[1]) :
					  div64_u64(words[0], words[1]);
	case TAP_VALUE_HIST:
	case TAP_VALUE_LHIST:
		for (i = 0; i < value->words; i++)
			total += words[i];
		return total;
	default:
		return words[0];
	}
}

/* A number whose unsigned order is that of the values. */
static u64 value_rank(const struct tap_value *value, const u64 *words)
{
	u64 total;

	if (value->kind == TAP_VALUE_STR)
		return get_unaligned_be64(words);
	total = trace_tap_value_total(value, words);
	switch (value->kind) {
	case TAP_VALUE_INT:
		return value->plain.is_signed ? total ^ BIT_ULL(63) : total;
	case TAP_VALUE_SUM:
	case TAP_VALUE_MIN:
	case TAP_VALUE_MAX:
	case TAP_VALUE_AVG:
	case TAP_VALUE_STATS:
		return value->is_signed ? total ^ BIT_ULL(63) : total;
	default:
		return total;
	}
}

static int compare_u64(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

static int compare_part(const struct tap_part *part, const void *a,
			const void *b)
{
	u64 x, y;

	if (part->kind == TAP_PART_STR)
		return memcmp(a + part->offset, b + part->offset, part->size);
	x = *(const u64 *)(a + part->offset);
	y = *(const u64 *)(b + part->offset);
	if (part->kind == TAP_PART_INT && part->is_signed) {
		x ^= BIT_ULL(63);
		y ^= BIT_ULL(63);
	}
	return compare_u64(x, y);
}

static void entry_at(const struct trace_tap_view *view, u32 index,
		     struct trace_tap_entry *entry)
{
	const struct tap_shape *shape = view->table->shape;

	entry->key = view->keys + (size_t)index * shape->key_size;
	entry->values = view->values + (size_t)index * shape->value_words;
}

static int compare_entries(const void *a, const void *b, const void *priv)
{
	const struct trace_tap_rank *ra = a, *rb = b;
	const struct trace_tap_view *view = priv;
	const struct tap_shape *shape = view->table->shape;
	struct trace_tap_entry x, y;
	unsigned int i;
	int diff;

	/* There can be millions of entries; nobody waits for this */
	cond_resched();
	diff = compare_u64(ra->rank, rb->rank);
	if (diff)
		return diff;
	entry_at(view, ra->index, &x);
	entry_at(view, rb->index, &y);
	if (shape->values[0].kind == TAP_VALUE_STR)
		diff = memcmp(x.values, y.values,
			      shape->value_words * sizeof(u64));
	for (i = 0; !diff && i < shape->nr_parts; i++)
		diff = compare_part(&shape->parts[i], x.key, y.key);
	return diff;
}

static int view_sort(struct trace_tap_view *view)
{
	struct trace_tap_entry entry;
	unsigned int i;

	view->order = kvmalloc_array(view->nr, sizeof(*view->order),
				     GFP_KERNEL);
	if (!view->order)
		return -ENOMEM;
	for (i = 0; i < view->nr; i++) {
		entry_at(view, i, &entry);
		view->order[i].index = i;
		view->order[i].rank =
			value_rank(&view->table->shape->values[0],
				   entry.values);
		cond_resched();
	}
	sort_r(view->order, view->nr, sizeof(*view->order), compare_entries,
	       NULL, view);
	return 0;
}

/**
 * trace_tap_view_new - copy the entries of a table, and put them in order
 * @table: the table; the caller holds it as long as the view lives
 *
 * May sleep.
 *
 * Return: the view, or an ERR_PTR().
 */
struct trace_tap_view *trace_tap_view_new(struct trace_tap_table *table)
{
	struct trace_tap_view *view = kzalloc(sizeof(*view), GFP_KERNEL);
	int err;

	if (!view)
		return ERR_PTR(-ENOMEM);
	view->table = table;
	err = trace_tap_table_snapshot(table, &view->keys, &view->values,
				       &view->nr);
	if (!err && view->nr)
		err = view_sort(view);
	if (err) {
		trace_tap_view_free(view);
		return ERR_PTR(err);
	}
	trace_tap_table_state(table, &view->state);
	/* Entries may have come since; the header is about those that are shown */
	view->state.entries = view->nr;
	return view;
}

/**
 * trace_tap_view_free - free a view
 * @view: from trace_tap_view_new()
 */
void trace_tap_view_free(struct trace_tap_view *view)
{
	kvfree(view->order);
	kvfree(view->values);
	kvfree(view->keys);
	kfree(view);
}

/**
 * trace_tap_view_entry - an entry by its place
 * @view: the view
 * @nr: from 0, below @view->nr
 * @entry: out
 */
void trace_tap_view_entry(const struct trace_tap_view *view, unsigned int nr,
			  struct trace_tap_entry *entry)
{
	entry_at(view, view->order[nr].index, entry);
}
