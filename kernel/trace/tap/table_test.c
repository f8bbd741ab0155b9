// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of tables: table.c, store.c, plain.c, agg.c, stack.c.
 *
 * What all contexts do at the same time is in table_crowd_test.c.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "store.h"
#include "table_test.h"

#define KEY_WORDS	(TAP_MAX_KEY / sizeof(u64))

/* ---------------------------------------------------------------- fixture */

static void free_tables(void *data)
{
	struct trace_tap_tables *tables = data;
	struct trace_tap_table *table, *next;

	mutex_lock(&tables->lock);
	list_for_each_entry_safe(table, next, &tables->list, node)
		trace_tap_table_remove(table);
	mutex_unlock(&tables->lock);
	trace_tap_stacks_free(tables->stacks);
}

struct trace_tap_tables *trace_tap_test_tables(struct kunit *test)
{
	struct trace_tap_tables *tables;

	tables = kunit_kzalloc(test, sizeof(*tables), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tables);
	tables->limit = TAP_DEF_MEMORY;
	mutex_init(&tables->lock);
	INIT_LIST_HEAD(&tables->list);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_tables, tables), 0);
	return tables;
}

static struct trace_tap_table *try_table(struct kunit *test,
					 struct trace_tap_tables *tables,
					 const char *text, unsigned int entries,
					 bool evict, struct tap_error *e)
{
	struct trace_tap_table *table = NULL;
	struct tap_arena arena = {};
	struct tap_shape *shape;

	shape = trace_tap_shape_parse(&arena, text, NULL, e);
	if (shape) {
		mutex_lock(&tables->lock);
		table = trace_tap_table_make(tables, shape, entries, evict, e);
		mutex_unlock(&tables->lock);
	}
	trace_tap_arena_free(&arena);
	return table;
}

struct trace_tap_table *trace_tap_test_table(struct kunit *test,
					     const char *text,
					     unsigned int entries, bool evict)
{
	struct trace_tap_tables *tables = trace_tap_test_tables(test);
	struct trace_tap_table *table;
	struct tap_error e = {};

	table = try_table(test, tables, text, entries, evict, &e);
	KUNIT_ASSERT_NOT_NULL_MSG(test, table, "%s: %d %s", text, e.err, e.detail);
	return table;
}

/* The key that stands for @n, for keys of any length. */
static const u64 *make_key(const struct trace_tap_table *table, u64 n, u64 *key)
{
	unsigned int words = table->shape->key_size / sizeof(u64);

	memset(key, 0, TAP_MAX_KEY);
	if (words)
		key[n % words] = n;
	return key;
}

/* Wait until what was removed can be used again. */
void trace_tap_test_settle(struct kunit *test, struct trace_tap_table *table)
{
	struct tap_store *s = rcu_dereference_raw(table->store);
	unsigned int tries, nr;
	u64 *values;
	void *keys;

	for (tries = 0; tries < 1000 && READ_ONCE(s->reclaiming); tries++)
		msleep(20);
	/* A copy waits for work that is under way */
	KUNIT_ASSERT_EQ(test, trace_tap_table_snapshot(table, &keys, &values, &nr), 0);
	kvfree(keys);
	kvfree(values);
}

#define new_tables	trace_tap_test_tables
#define new_table	trace_tap_test_table
#define settle		trace_tap_test_settle

/* ----------------------------------------------------- keys of all lengths */

static const struct {
	const char	*text;
	unsigned int	entries;
} keys[] = {
	{ "@t[u64] = s64", 100 },
	{ "@t[u64, s64] = s64", 100 },
	{ "@t[str24] = s64", 100 },
	{ "@t[str512] = s64", 100 },
	{ "@t[u64] = count", 100 },
	{ "@t[u64, s64] = count", 100 },
	{ "@t[str24] = count", 100 },
	{ "@t[str512] = count", 100 },
	{ "@t[kstack] = s64", 100 },
	{ "@t = s64", 1 },
	{ "@t = count", 1 },
};

TAP_TEST_ROWS(keys, keys);

static void bump(struct trace_tap_table *table, const u64 *key)
{
	if (trace_tap_shape_is_plain(table->shape))
		call(inc, table, key, 1, 0);
	else
		call(count, table, key, 0, 0);
}

/* Fill it up, one more is a drop; remove half, and there is room again. */
static void check_keys(struct kunit *test)
{
	const typeof(keys[0]) *row = test->param_value;
	struct trace_tap_table *table = new_table(test, row->text, row->entries, false);
	bool keyless = !table->shape->nr_parts;
	u64 n, i, key[KEY_WORDS];

	KUNIT_EXPECT_EQ(test, call(has, table, make_key(table, 1, key), 0, 0), 0);
	for (n = 1; n <= row->entries; n++) {
		for (i = 0; i < n; i++)
			bump(table, make_key(table, n, key));
	}
	for (n = 1; n <= row->entries; n++) {
		make_key(table, n, key);
		KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 1);
		KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), n);
	}
	KUNIT_EXPECT_EQ(test, state_of(table).entries, row->entries);
	KUNIT_EXPECT_EQ(test, state_of(table).capacity, row->entries);
	if (!keyless) {
		bump(table, make_key(table, 1000, key));
		bump(table, make_key(table, 1000, key));
		KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 0);
	}
	KUNIT_EXPECT_EQ(test, state_of(table).drops, keyless ? 0 : 2);
	for (n = 1; n <= row->entries; n += 2) {
		call(del, table, make_key(table, n, key), 0, 0);
		KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 0);
		KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 0);
	}
	settle(test, table);
	for (n = 1; n <= row->entries; n += 2)
		bump(table, make_key(table, n + 2000, key));
	for (n = 1; n <= row->entries; n += 2) {
		make_key(table, n + 2000, key);
		KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 1);
	}
	KUNIT_EXPECT_EQ(test, state_of(table).entries, row->entries);
	KUNIT_EXPECT_EQ(test, state_of(table).drops, keyless ? 0 : 2);
}

/* ------------------------------------------------------------ aggregations */

#define TOP	0x8000000000000000ULL

/* What the values 1, -5, 100, 7, the 0th value of the entry, come to. */
static const struct {
	const char	*text;
	u64		values[4];
	u64		get;
	unsigned int	nr;
	struct {
		unsigned int	word;
		u64		value;
	} words[5];
} aggs[] = {
	{ "@t[u64] = count", { 1, -5, 100, 7 }, 4, 1, { { 0, 4 } } },
	{ "@t[u64] = sum", { 1, -5, 100, 7 }, 103, 1, { { 0, 103 } } },
	{ "@t[u64] = min", { 1, -5, 100, 7 }, -5, 1, { { 0, -5 } } },
	{ "@t[u64] = max", { 1, -5, 100, 7 }, 100, 1, { { 0, 100 } } },
	{ "@t[u64] = max", { -3, -5, -9, -4 }, -3, 1, { { 0, -3 } } },
	{ "@t[u64] = max", { TOP, TOP, TOP, TOP }, TOP, 1, { { 0, TOP } } },
	{ "@t[u64] = min", { 0, 0, 0, 1 }, 0, 1, { { 0, 0 } } },
	{ "@t[u64] = min(u64)", { 1, -5, 100, 7 }, 1, 1, { { 0, 1 } } },
	{ "@t[u64] = max(u64)", { 1, -5, 100, 7 }, -5, 1, { { 0, -5 } } },
	{ "@t[u64] = min(u64)", { -1, -1, -1, -1 }, -1, 1, { { 0, -1 } } },
	{ "@t[u64] = avg", { 1, -5, 100, 7 }, 25, 2, { { 0, 103 }, { 1, 4 } } },
	{ "@t[u64] = avg", { -1, -5, -100, -6 }, -28, 2, { { 0, -112 }, { 1, 4 } } },
	{ "@t[u64] = avg(u64)", { TOP, 2, 2, 4 }, 0x2000000000000002ULL, 2,
	  { { 0, TOP + 8 }, { 1, 4 } } },
	{ "@t[u64] = stats", { 1, -5, 100, 7 }, 4, 2, { { 0, 103 }, { 1, 4 } } },
	/* negative; 0; 1; 2 to 3; 4 to 7; 8 to 15; ...; 64 to 127 */
	{ "@t[u64] = hist", { 1, -5, 100, 7 }, 4, 4,
	  { { 0, 1 }, { 2, 1 }, { 4, 1 }, { 8, 1 } } },
	{ "@t[u64] = hist(u64)", { 0, -1, TOP, 3 }, 4, 4,
	  { { 0, 0 }, { 1, 1 }, { 3, 1 }, { 65, 2 } } },
	/* 2 to the power of 2 each: 0 to 3, then four of 4, four of 8, ... */
	{ "@t[u64] = hist(2)", { 0, 3, 5, 8 }, 4, 4,
	  { { 1, 1 }, { 4, 1 }, { 6, 1 }, { 9, 1 } } },
	{ "@t[u64] = lhist(0, 100, 10)", { 0, -1, 99, 100 }, 4, 4,
	  { { 0, 1 }, { 1, 1 }, { 10, 1 }, { 11, 1 } } },
	{ "@t[u64] = lhist(-10, 15, 10)", { -10, -11, 14, 9 }, 4, 4,
	  { { 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 } } },
	{ "@t[u64] = lhist(u64, 5, 10, 1)", { 4, 5, 9, -1 }, 4, 4,
	  { { 0, 1 }, { 1, 1 }, { 5, 1 }, { 6, 1 } } },
};

TAP_TEST_ROWS(aggs, aggs);

static void aggregate(struct trace_tap_table *table, const u64 *key,
		      unsigned int nr, u64 value)
{
	switch (table->shape->values[nr].kind) {
	case TAP_VALUE_COUNT:
		call(count, table, key, nr, 0);
		break;
	case TAP_VALUE_SUM:
		call(sum, table, key, nr, value);
		break;
	case TAP_VALUE_HIST:
		call(hist, table, key, nr, value);
		break;
	default:
		call(agg, table, key, nr, value);
		break;
	}
}

/* The only entry of the table, in the words that the row names. */
static void check_words(struct kunit *test, struct trace_tap_table *table,
			const typeof(aggs[0]) *row, u64 by)
{
	unsigned int nr, w, i;
	u64 *values, want;
	void *keys;

	KUNIT_ASSERT_EQ(test, trace_tap_table_snapshot(table, &keys, &values, &nr), 0);
	KUNIT_EXPECT_EQ(test, nr, 1);
	for (w = 0; nr && w < table->shape->value_words; w++) {
		want = 0;
		for (i = 0; i < row->nr; i++) {
			if (row->words[i].word == w)
				want = row->words[i].value * by;
		}
		KUNIT_EXPECT_EQ_MSG(test, values[w], want, "%s: word %u", row->text, w);
	}
	kvfree(keys);
	kvfree(values);
}

static void check_aggs(struct kunit *test)
{
	const typeof(aggs[0]) *row = test->param_value;
	struct trace_tap_table *table = new_table(test, row->text, 10, false);
	u64 key[KEY_WORDS];
	unsigned int i;

	make_key(table, 77, key);
	for (i = 0; i < 4; i++)
		aggregate(table, key, 0, row->values[i]);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), row->get);
	check_words(test, table, row, 1);

	/* Nothing is left after zero, and it goes on from there */
	trace_tap_table_zero(table);
	KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 0);
	check_words(test, table, row, 0);
	aggregate(table, key, 0, 1);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, state_of(table).drops, 0);
}

/* Several values; each CPU's part of them. */
static void check_several(struct kunit *test)
{
	struct trace_tap_table *table =
		new_table(test, "@t = count, max, hist(1), sum", 0, false);
	unsigned int cpu, nr, total = 0;
	u64 *values;
	void *keys;

	for_each_online_cpu(cpu) {
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		for (nr = 0; nr < 4; nr++)
			aggregate(table, NULL, nr, cpu + 10);
		total += cpu + 10;
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	KUNIT_EXPECT_EQ(test, call(get, table, NULL, 0, 0), num_online_cpus());
	KUNIT_EXPECT_EQ(test, call(get, table, NULL, 2, 0), num_online_cpus());
	KUNIT_EXPECT_EQ(test, call(get, table, NULL, 3, 0), total);
	KUNIT_EXPECT_EQ(test, call(get, table, NULL, 1, 0),
			cpumask_last(cpu_online_mask) + 10);
	KUNIT_ASSERT_EQ(test, trace_tap_table_snapshot(table, &keys, &values, &nr), 0);
	KUNIT_EXPECT_EQ(test, nr, 1);
	if (nr)
		KUNIT_EXPECT_EQ(test, values[table->shape->value_words - 1], total);
	kvfree(keys);
	kvfree(values);
}

/* ------------------------------------------------------------ plain values */

static void check_plain(struct kunit *test)
{
	struct trace_tap_table *table = new_table(test, "@t[u64] = s64", 10, false);
	u64 key[KEY_WORDS];

	make_key(table, 5, key);
	call(put, table, key, 42, 0);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 42);
	call(inc, table, key, -50, 0);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), (u64)-8);
	call(put, table, key, 0, 0);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 1);
	trace_tap_table_zero(table);
	KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 1);
	call(del, table, key, 0, 0);
	call(del, table, key, 0, 0);
	KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 0);
	/* A new entry has nothing of the old one */
	call(put, table, key, 7, 0);
	call(del, table, key, 0, 0);
	call(inc, table, make_key(table, 6, key), 1, 0);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, state_of(table).entries, 1);
}

static void check_strings(struct kunit *test)
{
	struct trace_tap_table *table =
		new_table(test, "@t[str16] = str24", 10, false);
	char key[16] __aligned(8) = "swapper/0", other[16] __aligned(8) = "swapper/1";
	char value[24] __aligned(8) = "a string of some length";
	char got[32] __aligned(8);

	memset(got, 'x', sizeof(got));
	call(getstr, table, key, (u64)(unsigned long)got, sizeof(got));
	KUNIT_EXPECT_STREQ(test, got, "");
	call(putstr, table, key, (u64)(unsigned long)value, 0);
	memset(got, 'x', sizeof(got));
	call(getstr, table, key, (u64)(unsigned long)got, sizeof(got));
	KUNIT_EXPECT_STREQ(test, got, value);
	KUNIT_EXPECT_EQ(test, got[31], 0);
	call(getstr, table, key, (u64)(unsigned long)got, 8);
	KUNIT_EXPECT_STREQ(test, got, "a strin");
	KUNIT_EXPECT_EQ(test, call(has, table, other, 0, 0), 0);
	call(getstr, table, other, (u64)(unsigned long)got, sizeof(got));
	KUNIT_EXPECT_STREQ(test, got, "");
	strscpy_pad(value, "short", sizeof(value));
	call(putstr, table, key, (u64)(unsigned long)value, 0);
	call(getstr, table, key, (u64)(unsigned long)got, sizeof(got));
	KUNIT_EXPECT_STREQ(test, got, "short");
	KUNIT_EXPECT_EQ(test, state_of(table).entries, 1);
}

/* ------------------------------------------- what happens to whole tables */

static void check_evict(struct kunit *test)
{
	static const char * const texts[] = { "@t[u64] = s64", "@t[u64] = count" };
	struct trace_tap_table *table;
	u64 n, key[KEY_WORDS];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		table = new_table(test, texts[i], 10, true);
		for (n = 0; n < 30; n++) {
			bump(table, make_key(table, n, key));
			if (n == 15)	/* one in the midst goes otherwise */
				call(del, table, make_key(table, 12, key), 0, 0);
		}
		for (n = 0; n < 30; n++)
			KUNIT_EXPECT_EQ_MSG(test, call(has, table, make_key(table, n, key), 0, 0),
					    n >= 20, "%s: %llu", texts[i], n);
		KUNIT_EXPECT_EQ(test, state_of(table).entries, 10);
		KUNIT_EXPECT_EQ(test, state_of(table).evicted, 19);
		KUNIT_EXPECT_EQ(test, state_of(table).drops, 0);
		/* What made room is room */
		for (n = 0; n < 300; n++) {
			bump(table, make_key(table, 100 + n, key));
			if (!(n % 30))
				settle(test, table);
		}
		KUNIT_EXPECT_EQ(test, state_of(table).drops, 0);
		trace_tap_table_clear(table);
		KUNIT_EXPECT_EQ(test, state_of(table).entries, 0);
		KUNIT_EXPECT_EQ(test, state_of(table).evicted, 0);
		bump(table, make_key(table, 1, key));
		KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 1);
	}
}

static void check_clear(struct kunit *test)
{
	const typeof(keys[0]) *row = test->param_value;
	struct trace_tap_table *table = new_table(test, row->text, row->entries, false);
	unsigned int round, tries;
	u64 n, key[KEY_WORDS];

	for (round = 0; round < 3; round++) {
		for (n = 0; n < row->entries; n++)
			bump(table, make_key(table, n, key));
		KUNIT_EXPECT_EQ(test, state_of(table).entries, row->entries);
		KUNIT_EXPECT_EQ(test, state_of(table).drops, 0);
		for (n = 0; n < row->entries; n++)
			KUNIT_EXPECT_EQ(test, call(get, table, make_key(table, n, key), 0, 0), 1);
		if (round) {
			trace_tap_table_clear(table);
		} else {
			call(clear, table, NULL, 0, 0);
			for (tries = 0; tries < 500 && state_of(table).entries; tries++)
				msleep(20);
			settle(test, table);
		}
		KUNIT_EXPECT_EQ(test, state_of(table).entries, 0);
		KUNIT_EXPECT_EQ(test, call(has, table, make_key(table, 0, key), 0, 0), 0);
	}
	bump(table, make_key(table, 3, key));
	call(zero, table, NULL, 0, 0);
	for (tries = 0; tries < 500 && call(get, table, key, 0, 0); tries++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 1);
}

static void check_resize(struct kunit *test)
{
	struct trace_tap_table *table = new_table(test, "@t[u64] = count", 10, false);
	struct trace_tap_tables *tables = table->tables;
	size_t before = tables->memory;
	struct tap_error e = {};
	u64 key[KEY_WORDS];

	bump(table, make_key(table, 1, key));
	mutex_lock(&tables->lock);
	KUNIT_EXPECT_EQ(test, trace_tap_table_resize(table, 1000, false, &e), 0);
	KUNIT_EXPECT_EQ(test, call(has, table, key, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, state_of(table).capacity, 1000);
	KUNIT_EXPECT_GT(test, tables->memory, before);
	KUNIT_EXPECT_EQ(test, tables->memory, state_of(table).memory);
	KUNIT_EXPECT_EQ(test, trace_tap_table_resize(table, TAP_MAX_ENTRIES + 1, false, &e),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, trace_tap_table_resize(table, TAP_MAX_ENTRIES, false, &e),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, (int)e.code, (int)TAP_ERR_TABLE_MEMORY);
	KUNIT_EXPECT_EQ(test, trace_tap_table_resize(table, 10, true, &e), 0);
	KUNIT_EXPECT_EQ(test, trace_tap_table_resize(table, 10, false, &e), 0);
	KUNIT_EXPECT_EQ(test, tables->memory, before);
	bump(table, key);
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 1);
	/* Removal */
	trace_tap_table_get(table, true);
	KUNIT_EXPECT_EQ(test, trace_tap_table_remove(table), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, trace_tap_table_find(tables, "t"), table);
	trace_tap_table_get(table, false);
	trace_tap_table_put(table, true);
	KUNIT_EXPECT_EQ(test, trace_tap_table_remove(table), 0);
	KUNIT_EXPECT_NULL(test, trace_tap_table_find(tables, "t"));
	KUNIT_EXPECT_EQ(test, call(get, table, key, 0, 0), 1);
	trace_tap_table_put(table, false);
	KUNIT_EXPECT_EQ(test, tables->memory, 0);
	mutex_unlock(&tables->lock);
	KUNIT_EXPECT_NOT_NULL(test, try_table(test, tables, "@t = s64", 0, false, &e));
	KUNIT_EXPECT_NULL(test, try_table(test, tables, "@t = s64", 0, false, &e));
	KUNIT_EXPECT_EQ(test, e.err, -EEXIST);
}

/* Copies have each entry once, by both ways. */
static void check_copies(struct kunit *test)
{
	const typeof(keys[0]) *row = test->param_value;
	struct trace_tap_table *table = new_table(test, row->text, row->entries, false);
	unsigned int words = table->shape->key_size / sizeof(u64), nr, i, w, pos = 0;
	u64 n, *values, key[KEY_WORDS], value, seen = 0, sum = 0;
	void *keys;

	for (n = 1; n <= row->entries; n++) {
		for (i = 0; i < n; i++)
			bump(table, make_key(table, n, key));
	}
	KUNIT_ASSERT_EQ(test, trace_tap_table_snapshot(table, &keys, &values, &nr), 0);
	KUNIT_EXPECT_EQ(test, nr, row->entries);
	for (i = 0; i < nr; i++) {
		for (n = 0, w = 0; w < words; w++)
			n += ((u64 *)keys)[i * words + w];
		if (words)
			KUNIT_EXPECT_EQ(test, values[i], n);
		seen += values[i];
	}
	KUNIT_EXPECT_EQ(test, seen, row->entries * (row->entries + 1) / 2);
	kvfree(keys);
	kvfree(values);
	for (i = 0; trace_tap_table_peek(table, &pos, key, &value); i++)
		sum += value;
	KUNIT_EXPECT_EQ(test, i, row->entries);
	KUNIT_EXPECT_EQ(test, sum, seen);
	KUNIT_EXPECT_FALSE(test, trace_tap_table_peek(table, &pos, key, &value));
}

/* A million entries, and what they take. */
static void check_million(struct kunit *test)
{
	struct trace_tap_tables *tables = new_tables(test);
	struct trace_tap_table_state state;
	struct trace_tap_table *table;
	struct tap_error e = {};
	u64 n, missing = 0;

	tables->limit = 1000000UL * (28 + 16 * num_possible_cpus());
	table = try_table(test, tables, "@t[u64] = count", 1000000, false, &e);
	if (!table && e.err == -ENOMEM)
		kunit_skip(test, "no memory");
	KUNIT_ASSERT_NOT_NULL_MSG(test, table, "%d %s", e.err, e.detail);
	for (n = 0; n < 1000001; n++) {
		call(count, table, &n, 0, 0);
		cond_resched();
	}
	for (n = 0; n < 1000000; n++)
		missing += call(get, table, &n, 0, 0) != 1;
	state = state_of(table);
	KUNIT_EXPECT_EQ(test, missing, 0);
	KUNIT_EXPECT_EQ(test, state.entries, 1000000);
	KUNIT_EXPECT_EQ(test, state.drops, 1);
	if (num_possible_cpus() <= 2)
		KUNIT_EXPECT_LE(test, state.memory, 1000000 * 40);
	trace_tap_table_clear(table);
	KUNIT_EXPECT_EQ(test, state_of(table).entries, 0);
}

static void check_stacks(struct kunit *test)
{
	struct trace_tap_tables *tables = new_tables(test);
	unsigned long *frames, *got;
	struct trace_tap_table_state state;
	struct tap_error e = {};
	u32 a, b, c, tgid;
	unsigned int i;

	frames = kunit_kcalloc(test, 2 * TAP_MAX_STACK, sizeof(*frames), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frames);
	got = frames + TAP_MAX_STACK;
	mutex_lock(&tables->lock);
	KUNIT_EXPECT_EQ(test, trace_tap_stacks_need(tables, &e), 0);
	KUNIT_EXPECT_EQ(test, trace_tap_stacks_need(tables, &e), 0);
	mutex_unlock(&tables->lock);
	KUNIT_ASSERT_NOT_NULL(test, tables->stacks);
	for (i = 0; i < TAP_MAX_STACK; i++)
		frames[i] = 0x1000 + i;
	preempt_disable();
	a = trace_tap_stack_add(tables->stacks, frames, 16, 0);
	b = trace_tap_stack_add(tables->stacks, frames, 16, 5);
	c = trace_tap_stack_add(tables->stacks, frames, TAP_MAX_STACK, 0);
	KUNIT_EXPECT_EQ(test, trace_tap_stack_add(tables->stacks, frames, 16, 0), a);
	KUNIT_EXPECT_EQ(test, trace_tap_stack_add(tables->stacks, frames, 0, 0), 0);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, a && b && c && a != b && b != c && a != c);
	KUNIT_EXPECT_EQ(test, trace_tap_stack_find(tables->stacks, b, got,
						   TAP_MAX_STACK, &tgid), 16);
	KUNIT_EXPECT_EQ(test, tgid, 5);
	KUNIT_EXPECT_EQ(test, memcmp(got, frames, 16 * sizeof(got[0])), 0);
	KUNIT_EXPECT_EQ(test, trace_tap_stack_find(tables->stacks, c, got, 3, &tgid), 3);
	KUNIT_EXPECT_EQ(test, trace_tap_stack_find(tables->stacks, 77, got, 3, &tgid), 0);
	KUNIT_EXPECT_EQ(test, trace_tap_stack_find(NULL, a, got, 3, &tgid), 0);
	for (i = 0; i < TAP_DEF_STACKS; i++) {
		frames[3] = i;
		preempt_disable();
		trace_tap_stack_add(tables->stacks, frames, 16, 0);
		preempt_enable();
	}
	trace_tap_stacks_state(tables, &state);
	KUNIT_EXPECT_EQ(test, state.entries, TAP_DEF_STACKS);
	KUNIT_EXPECT_EQ(test, state.drops, 3);
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE_PARAM(check_keys, keys_gen_params),
	KUNIT_CASE_PARAM(check_aggs, aggs_gen_params),
	KUNIT_CASE(check_several),
	KUNIT_CASE(check_plain),
	KUNIT_CASE(check_strings),
	KUNIT_CASE(check_evict),
	KUNIT_CASE_PARAM(check_clear, keys_gen_params),
	KUNIT_CASE(check_resize),
	KUNIT_CASE_PARAM(check_copies, keys_gen_params),
	KUNIT_CASE_SLOW(check_million),
	KUNIT_CASE(check_stacks),
	{}
};

static struct kunit_suite table_suite = {
	.name		= "tap_table",
	.test_cases	= table_cases,
};

kunit_test_suite(table_suite);
