// SPDX-License-Identifier: GPL-2.0
/*
 * table_sort.c and table_show.c: what the file of a table shows, for tables that
 * the rows below describe: a shape, and entries as words.
 */
#include "host.h"
#include <linux/err.h>
#include <linux/seq_buf.h>
#include "table.h"

#define MAX_ENTRIES	8
#define MAX_WORDS	70

/* ------------------------------------------ the rest of the kernel, for these */

const char *trace_tap_syscall_name(u64 nr)
{
	static const char * const names[] = { "read", "write", "open" };

	return nr < ARRAY_SIZE(names) ? names[nr] : NULL;
}

const char *trace_tap_probe_name(u32 id)
{
	return id == 1 ? "sched:sched_switch" : "?";
}

/* Stack 1 is the kernel's, 2 a user's. */
unsigned int trace_tap_stack_find(struct tap_stacks *stacks, u32 id,
				  unsigned long *frames, unsigned int max,
				  u32 *tgid)
{
	frames[0] = 0x1000;
	frames[1] = 0x2000;
	*tgid = id == 2 ? 42 : 0;
	return stacks && (id == 1 || id == 2) ? 2 : 0;
}

void trace_tap_stacks_state(struct trace_tap_tables *tables,
			    struct trace_tap_table_state *state)
{
	memset(state, 0, sizeof(*state));
	state->drops = tables->stacks ? 7 : 0;
}

/* The table that a row describes. */
static struct trace_tap_tables tables;
static struct trace_tap_table table = { .tables = &tables, .entries = 64 };
static u64 keys[MAX_ENTRIES][TAP_MAX_KEY / 8];
static u64 values[MAX_ENTRIES][MAX_WORDS];
static unsigned int nr_entries;

void trace_tap_table_state(struct trace_tap_table *table,
			   struct trace_tap_table_state *state)
{
	memset(state, 0, sizeof(*state));
	state->capacity = table->entries;
	state->drops = 3;
	state->evicted = 5;
}

int trace_tap_table_snapshot(struct trace_tap_table *table, void **keysp,
			     u64 **valuesp, unsigned int *nr)
{
	size_t size = table->shape->key_size;
	size_t words = table->shape->value_words;
	void *k = kvmalloc(nr_entries * size, 0);
	u64 *v = kvmalloc(nr_entries * words * sizeof(u64), 0);
	unsigned int i;

	if (!k || !v) {
		kvfree(k);
		kvfree(v);
		return -ENOMEM;
	}
	*keysp = k;
	*valuesp = v;
	for (i = 0; i < nr_entries; i++) {
		memcpy(*keysp + i * size, keys[i], size);
		memcpy(*valuesp + i * words, values[i], words * sizeof(u64));
	}
	*nr = nr_entries;
	return 0;
}

/* ------------------------------------------------------------------- tables */

/**
 * struct word - a word of a key or value that is not 0
 * @at: number of the word
 * @n: its value, unless @s
 * @s: a string, from this word on
 */
struct word {
	unsigned int	at;
	s64		n;
	const char	*s;
};

struct row {
	int		line;
	bool		brief;
	const char	*shape;
	struct {
		struct word	key[4];
		struct word	value[6];
	} entries[MAX_ENTRIES];		/* until a value at 0 that is 0 and no string */
	const char	*text;		/* without the header */
};

#define BAR	"@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"
#define HALF	"@@@@@@@@@@@@@@@@@@@@@@@@@@                          "
#define NONE	"                                                    "

static const struct row rows[] = {
	/* Keys */
	{ __LINE__, false, "@ = count", { { {}, { { 0, 42 } } } }, "@ = 42\n" },
	{ __LINE__, false, "@us = s64", { { {}, { { 0, -42 } } } }, "@us = -42\n" },
	{ __LINE__, false, "@[s64, u64] = u64",
	  { { { { 0, -1 }, { 1, -1 } }, { { 0, -1 } } } },
	  "@[-1, 18446744073709551615] = 18446744073709551615\n" },
	{ __LINE__, false, "@us[u64.syscall, str16] = count",
	  { { { { 1, 0, "a\"b\n" } }, { { 0, 42 } } } },
	  "@us[read, \"a\\\"b\\n\"] = 42\n" },
	{ __LINE__, false, "@us[str16] = count",
	  { { { { 0, 0, "\\\t\x01\x7f\xc3\xa4" } }, { { 0, 1 } } } },
	  "@us[\"\\\\\\t\\x01\\x7f\\xc3\\xa4\"] = 1\n" },
	{ __LINE__, false, "@us[str8] = count",
	  { { { { 0, 0, "" } }, { { 0, 1 } } } }, "@us[\"\"] = 1\n" },
	/* A string that has lost its NUL ends all the same */
	{ __LINE__, false, "@us[str8, u64] = count",
	  { { { { 0, 0x6161616161616161 }, { 1, 5 } }, { { 0, 1 } } } },
	  "@us[\"aaaaaaaa\", 5] = 1\n" },
	{ __LINE__, false, "@us[u64.hex, u64.syscall, s64.syscall, u64.probe] = u64.hex",
	  { { { { 0, 255 }, { 1, 99 }, { 2, -1 }, { 3, 1 } }, { { 0, 16 } } } },
	  "@us[0xff, 99, -1, sched:sched_switch] = 0x10\n" },
	{ __LINE__, false, "@us[u64.probe] = str16",
	  { { { { 0, 9 } }, { { 0, 0, "x y" } } } }, "@us[\"?\"] = \"x y\"\n" },
	{ __LINE__, false, "@us[u64.enum(vec)] = count",
	  { { { { 0, 9 } }, { { 0, 1 } } } }, "@us[9] = 1\n" },
	{ __LINE__, false, "@us[u64.ksym] = count",
	  { { { { 0, 0x1000 } }, { { 0, 1 } } } }, "@us[0x1000S] = 1\n" },
	/* Values */
	{ __LINE__, false, "@us = sum", { { {}, { { 0, -5 } } } }, "@us = -5\n" },
	{ __LINE__, false, "@us = max(u64)", { { {}, { { 0, -1 } } } },
	  "@us = 18446744073709551615\n" },
	{ __LINE__, false, "@us = avg", { { {}, { { 0, -15 }, { 1, 4 } } } }, "@us = -3\n" },
	{ __LINE__, false, "@us = avg(u64)", { { {}, { { 0, -1 }, { 1, 2 } } } },
	  "@us = 9223372036854775807\n" },
	{ __LINE__, false, "@us = stats", { { {}, { { 0, 15 }, { 1, 3 } } } },
	  "@us = count 3, average 5, total 15\n" },
	{ __LINE__, false, "@us = stats", { { {}, { { 0, 15 }, { 1, 0 } } } },
	  "@us = count 0, average 0, total 15\n" },
	{ __LINE__, false, "@us[u64] = count, sum, max",
	  { { { { 0, 7 } }, { { 0, 3 }, { 1, 15 }, { 2, 9 } } } },
	  "@us[7] = (3, 15, 9)\n" },
	{ __LINE__, false, "@us = count, stats",
	  { { {}, { { 0, 3 }, { 1, 15 }, { 2, 3 } } } },
	  "@us = (3, (count 3, average 5, total 15))\n" },
	/* Histograms */
	{ __LINE__, false, "@us[u64.syscall] = hist",
	  { { {}, { { 4, 3 }, { 5, 6 } } } },
	  "@us[read] = 9\n"
	  "\t[4, 8)                    3 |" HALF "|\n"
	  "\t[8, 16)                   6 |" BAR "|\n" },
	{ __LINE__, false, "@us = hist", { { {}, { { 0, 1 }, { 3, 1 } } } },
	  "@us = 2\n"
	  "\t(..., 0)                  1 |" BAR "|\n"
	  "\t[0]                       0 |" NONE "|\n"
	  "\t[1]                       0 |" NONE "|\n"
	  "\t[2, 4)                    1 |" BAR "|\n" },
	{ __LINE__, false, "@us = hist", { { {}, { { 12, 1 } } } },
	  "@us = 1\n\t[1K, 2K)                  1 |" BAR "|\n" },
	{ __LINE__, false, "@us = hist", { { {}, { { 64, -1 }, { 65, 1 } } } },
	  "@us = 0\n"
	  "\t[4E, 8E)         18446744073709551615 |" BAR "|\n"
	  "\t[8E, ...)                 1 |" NONE "|\n" },
	{ __LINE__, true, "@us = hist", { { {}, { { 1, 5 }, { 22, 1 }, { 65, 2 } } } },
	  "@us = 8\n\t[0] 5, [1M, 2M) 1, [8E, ...) 2\n" },
	{ __LINE__, true, "@us = hist(2)",
	  { { {}, { { 0, 1 }, { 4, 1 }, { 5, 1 }, { 9, 1 }, { 37, 1 }, { 1, 1 } } } },
	  "@us = 6\n"
	  "\t(..., 0) 1, [0] 1, [3] 1, [4] 1, [8, 10) 1, [1024, 1280) 1\n" },
	{ __LINE__, true, "@us = lhist(-10, 95, 10)",
	  { { {}, { { 0, 1 }, { 1, 1 }, { 2, 1 }, { 11, 1 }, { 12, 2 } } } },
	  "@us = 6\n"
	  "\t(..., -10) 1, [-10, 0) 1, [0, 10) 1, [90, 95) 1, [95, ...) 2\n" },
	{ __LINE__, true, "@us = lhist(0, 3, 1)", { { {}, { { 1, 1 }, { 3, 1 } } } },
	  "@us = 2\n\t[0] 1, [2] 1\n" },
	{ __LINE__, true, "@us = lhist(-9223372036854775808, 9223372036854775807, "
	  "9223372036854775807)", { { {}, { { 1, 1 }, { 3, 1 }, { 4, 1 } } } },
	  "@us = 3\n\t[-9223372036854775808, -1) 1, [9223372036854775806] 1, "
	  "[9223372036854775807, ...) 1\n" },
	{ __LINE__, false, "@us = lhist(u64, 10, 20, 5)", { { {}, { { 0, 1 } } } },
	  "@us = 1\n\t(..., 10)                 1 |" BAR "|\n" },
	{ __LINE__, true, "@us = count, hist, lhist(0, 9, 3)",
	  { { {}, { { 0, 5 }, { 2, 5 }, { 68, 5 } } } },
	  "@us = (5, 5, 5)\n\tvalue 1:\n\t[0] 5\n\tvalue 2:\n\t[0, 3) 5\n" },
	/* Zeroed: no lines */
	{ __LINE__, false, "@us[u64] = count, hist", { { {}, { { 0, 1 } } } },
	  "@us[0] = (1, 0)\n" },
	/* Stacks */
	{ __LINE__, false, "@us[kstack] = sum", { { { { 0, 1 } }, { { 0, 9 } } } },
	  "@us[kstack#1] = 9\n\t0x1000S\n\t0x2000S\n" },
	{ __LINE__, false, "@us[ustack] = sum", { { { { 0, 2 } }, { { 0, 9 } } } },
	  "@us[ustack#2] = 9\n\ttgid 42\n\t0x1000\n\t0x2000\n" },
	{ __LINE__, false, "@us[u64] = kstack", { { {}, { { 0, 1 } } } },
	  "@us[0] = kstack#1\n\t0x1000S\n\t0x2000S\n" },
	{ __LINE__, false, "@us[kstack, ustack] = sum",
	  { { { { 0, 1 }, { 1, 2 } }, { { 0, 9 } } } },
	  "@us[kstack#1, ustack#2] = 9\n\tkstack#1:\n\t0x1000S\n\t0x2000S\n"
	  "\tustack#2:\n\ttgid 42\n\t0x1000\n\t0x2000\n" },
	{ __LINE__, false, "@us[kstack] = sum", { { {}, { { 0, 9 } } } },
	  "@us[kstack#0] = 9\n" },
	/* Order */
	{ __LINE__, false, "@[u64] = s64",
	  { { { { 0, 1 } }, { { 0, 5 } } }, { { { 0, 2 } }, { { 0, -5 } } },
	    { { { 0, 3 } }, { { 0, 1 } } } },
	  "@[2] = -5\n@[3] = 1\n@[1] = 5\n" },
	{ __LINE__, false, "@[u64] = u64",
	  { { { { 0, 1 } }, { { 0, 5 } } }, { { { 0, 2 } }, { { 0, S64_MIN } } } },
	  "@[1] = 5\n@[2] = 9223372036854775808\n" },
	{ __LINE__, false, "@[s64, str16] = count",
	  { { { { 0, 2 }, { 1, 0, "b" } }, { { 0, 5 } } },
	    { { { 0, 2 }, { 1, 0, "a" } }, { { 0, 5 } } },
	    { { { 0, -2 }, { 1, 0, "c" } }, { { 0, 5 } } } },
	  "@[-2, \"c\"] = 5\n@[2, \"a\"] = 5\n@[2, \"b\"] = 5\n" },
	{ __LINE__, false, "@[u64] = avg",
	  { { { { 0, 1 } }, { { 0, 100 }, { 1, 50 } } },
	    { { { 0, 2 } }, { { 0, 3 }, { 1, 1 } } },
	    { { { 0, 3 } }, { { 0, -3 }, { 1, 1 } } } },
	  "@[3] = -3\n@[1] = 2\n@[2] = 3\n" },
	{ __LINE__, true, "@[u64] = hist",
	  { { { { 0, 1 } }, { { 1, 1 }, { 9, 2 } } }, { { { 0, 2 } }, { { 2, 2 } } } },
	  "@[2] = 2\n\t[1] 2\n@[1] = 3\n\t[0] 1, [128, 256) 2\n" },
	{ __LINE__, false, "@[u64] = str16",
	  { { { { 0, 1 } }, { { 0, 0, "sametextb" } } },
	    { { { 0, 2 } }, { { 0, 0, "sametexta" } } },
	    { { { 0, 3 } }, { { 0, 0, "Z" } } }, { { { 0, 4 } }, { { 0, 0, "\xff" } } } },
	  "@[3] = \"Z\"\n@[2] = \"sametexta\"\n@[1] = \"sametextb\"\n@[4] = \"\\xff\"\n" },
};

static void put_words(u64 *to, const struct word *words, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (words[i].s)
			memcpy(to + words[i].at, words[i].s, strlen(words[i].s));
		else if (words[i].n)
			to[words[i].at] = words[i].n;
	}
}

static bool row_table(const struct row *row, struct tap_arena *arena)
{
	struct tap_error e = {};
	unsigned int i, j;

	table.shape = trace_tap_shape_parse(arena, row->shape, NULL, &e);
	if (!CASE(row, table.shape, "%s: error %d", row->shape, e.code))
		return false;
	/* A program's own table is called so in the kernel */
	if (!*table.shape->name)
		table.shape->name = "sched:sched_switch";
	memset(keys, 0, sizeof(keys));
	memset(values, 0, sizeof(values));
	for (i = 0; i < MAX_ENTRIES; i++) {
		for (j = 0; j < 6; j++) {
			if (row->entries[i].value[j].n || row->entries[i].value[j].s)
				break;
		}
		if (j == 6)
			break;
		put_words(keys[i], row->entries[i].key, 4);
		put_words(values[i], row->entries[i].value, 6);
	}
	nr_entries = i;
	return true;
}

/* As table_file.c and table_dump.c do it. */
static void show_view(const struct trace_tap_view *view, bool brief,
		      struct seq_buf *s)
{
	unsigned long frames[TAP_MAX_STACK];
	struct trace_tap_entry entry;
	unsigned int i;

	for (i = 0; i < view->nr; i++) {
		trace_tap_view_entry(view, i, &entry);
		trace_tap_show_entry(s, &table, &entry, frames, brief);
	}
}

static void check_row(const struct row *row)
{
	struct trace_tap_view *view;
	struct tap_arena arena = {};
	char buf[4096];
	struct seq_buf s;

	tables.stacks = (void *)1;
	if (row_table(row, &arena)) {
		view = trace_tap_view_new(&table);
		seq_buf_init(&s, buf, sizeof(buf));
		show_view(view, row->brief, &s);
		CASE(row, !strcmp(seq_buf_str(&s), row->text),
		     "%s:\n%snot\n%s", row->shape, buf, row->text);
		trace_tap_view_free(view);
	}
	trace_tap_arena_free(&arena);
}

/* ------------------------------------------------------------------ headers */

static const struct {
	int		line;
	const char	*shape;
	bool		evict;
	bool		drops;		/* of stacks */
	const char	*text;
} headers[] = {
	{ __LINE__, "@us[u64.syscall] = hist", false, false,
	  "# @us[u64.syscall] = hist size=64 entries=0 drops=3\n" },
	{ __LINE__, "@us[u64.syscall] = hist", true, true,
	  "# @us[u64.syscall] = hist size=64 entries=0 drops=3 evicted=5\n" },
	{ __LINE__, "@[kstack] = sum(u64)", false, true,
	  "# @[kstack] = sum(u64) size=64 entries=0 drops=3 stack_drops=7\n" },
	{ __LINE__, "@x[u64] = ustack", true, true,
	  "# @x[u64] = ustack size=64 entries=0 drops=3 evicted=5 stack_drops=7\n" },
	{ __LINE__, "@x[u64] = ustack", false, false,
	  "# @x[u64] = ustack size=64 entries=0 drops=3\n" },
};

static void check_header(unsigned int i)
{
	struct trace_tap_view *view;
	struct tap_arena arena = {};
	struct tap_error e = {};
	struct seq_buf s;
	char buf[512];
	size_t size;

	table.shape = trace_tap_shape_parse(&arena, headers[i].shape, NULL, &e);
	table.evict = headers[i].evict;
	tables.stacks = headers[i].drops ? (void *)1 : NULL;
	nr_entries = 0;
	view = trace_tap_view_new(&table);
	/* It says when it has no room, and never writes where it has none */
	for (size = 1; size < sizeof(buf); size++) {
		char *room = malloc(size);

		seq_buf_init(&s, room, size);
		trace_tap_show_header(&s, &table, &view->state);
		CASE(&headers[i], seq_buf_has_overflowed(&s) ==
		     (size <= strlen(headers[i].text)), "size %zu", size);
		if (size == sizeof(buf) - 1)
			CASE(&headers[i], !strcmp(seq_buf_str(&s), headers[i].text),
			     "%s, not %s", room, headers[i].text);
		free(room);
	}
	trace_tap_view_free(view);
	trace_tap_arena_free(&arena);
	table.evict = false;
}

/* ------------------------------------------------------------------- memory */

static bool view_works(const void *arg)
{
	struct trace_tap_view *view = trace_tap_view_new(&table);

	if (IS_ERR(view)) {
		CHECK(PTR_ERR(view) == -ENOMEM);
		return false;
	}
	trace_tap_view_free(view);
	return true;
}

void test_show(void)
{
	struct tap_arena arena = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&rows[i]);
	for (i = 0; i < ARRAY_SIZE(headers); i++)
		check_header(i);
	if (row_table(&rows[ARRAY_SIZE(rows) - 1], &arena))
		host_each_alloc_failure(view_works, NULL, __FILE__, __LINE__);
	trace_tap_arena_free(&arena);
}
