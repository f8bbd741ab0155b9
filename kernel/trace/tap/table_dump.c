// SPDX-License-Identifier: GPL-2.0
/*
 * tap: tables when the kernel dies.
 *
 * Behind the records of an instance, where ftrace_dump_on_oops, sysrq-z or a
 * panic bring them to the console, its tables are printed as their files show
 * them, but in no order, and a histogram as one line:
 *
 *	# @us[u64.syscall] = hist size=4096 entries=1 drops=0
 *	@us[read] = 12
 *		[4, 8) 3, [8, 16) 9
 *
 * At most trace_tap.dump_lines lines of an instance, shared by its tables, and
 * one more of each table that has more; 0 is none.
 *
 * Context: any, NMI included; whoever died may hold any lock. So nothing is
 * allocated here and no lock taken: memory for it is there since the first
 * table was made.
 */
#include <linux/moduleparam.h>
#include <linux/nmi.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>

#include "../trace.h"
#include "table.h"

#ifdef MODULE_PARAM_PREFIX
#undef MODULE_PARAM_PREFIX
#endif
#define MODULE_PARAM_PREFIX "trace_tap."

static unsigned int dump_lines = 100;
module_param(dump_lines, uint, 0644);

/* What printk() takes in one line, and some. */
#define LINE_MAX	900
#define TEXT_MAX	8192
#define MIN_WORDS	66

/**
 * struct dump - memory for a dump
 * @rcu: for freeing
 * @words: 64-bit words in @values
 * @left: lines that may still be printed of a table
 * @frames: of a stack
 * @key: of an entry
 * @text: of an entry
 * @values: of an entry
 */
struct dump {
	struct rcu_head	rcu;
	unsigned int	words;
	unsigned int	left;
	unsigned long	frames[TAP_MAX_STACK];
	u64		key[TAP_MAX_KEY / sizeof(u64)];
	char		text[TEXT_MAX];
	u64		values[] __counted_by(words);
};

/* Serializes those that make it larger; never taken in a dump. */
static DEFINE_MUTEX(dump_mutex);
static struct dump __rcu *dump_memory;

/* A dump is running; bit 0. */
static unsigned long dump_busy;

/**
 * trace_tap_table_dump_need - see to it that tables of a shape can be dumped
 * @shape: the shape
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_table_dump_need(const struct tap_shape *shape)
{
	unsigned int words = max(shape->value_words, MIN_WORDS);
	struct dump *dump, *old;

	guard(mutex)(&dump_mutex);
	old = rcu_dereference_protected(dump_memory,
					lockdep_is_held(&dump_mutex));
	if (old && old->words >= words)
		return 0;
	dump = kvzalloc(struct_size(dump, values, words), GFP_KERNEL);
	if (!dump)
		return -ENOMEM;
	dump->words = words;
	rcu_assign_pointer(dump_memory, dump);
	if (old)
		kvfree_rcu(old, rcu);
	return 0;
}

/* False: no more. */
static bool dump_line(struct dump *dump, const char *line, int len)
{
	if (!dump->left)
		return false;
	dump->left--;
	pr_emerg("%.*s\n", len, line);
	return true;
}

static bool dump_text(struct dump *dump, const char *text)
{
	int len;

	while (*text) {
		len = min_t(int, strchrnul(text, '\n') - text, LINE_MAX);
		if (!dump_line(dump, text, len))
			return false;
		text += len;
		text += *text == '\n';
	}
	return true;
}

static bool dump_table(struct dump *dump, struct trace_tap_table *table)
{
	const struct trace_tap_entry entry = {
		.key = dump->key, .values = dump->values,
	};
	struct trace_tap_table_state state = {};
	unsigned int pos = 0;
	struct seq_buf s;

	trace_tap_table_state(table, &state);
	seq_buf_init(&s, dump->text, sizeof(dump->text));
	trace_tap_show_header(&s, table, &state);
	if (!dump_text(dump, seq_buf_str(&s)))
		return false;
	if (table->shape->value_words > dump->words)
		return true;
	while (trace_tap_table_peek(table, &pos, dump->key, dump->values)) {
		seq_buf_clear(&s);
		trace_tap_show_entry(&s, table, &entry, dump->frames, true);
		if (!dump_text(dump, seq_buf_str(&s)))
			return false;
		touch_nmi_watchdog();
	}
	return true;
}

/* Each table gets its share of the lines, and what those before left of theirs. */
static void dump_tables(struct dump *dump, struct trace_tap_tables *tables)
{
	unsigned int left = READ_ONCE(dump_lines), share, nr = 0;
	struct trace_tap_table *table;

	if (!left)
		return;
	list_for_each_entry_rcu(table, &tables->list, node, true)
		nr++;
	list_for_each_entry_rcu(table, &tables->list, node, true) {
		share = left / max(nr, 1U);
		dump->left = share;
		if (!dump_table(dump, table))
			pr_emerg("# %s: more, see trace_tap.dump_lines\n",
				 table->shape->name);
		left -= share - dump->left;
		nr -= !!nr;
		touch_nmi_watchdog();
	}
}

/**
 * trace_tap_tables_dump - print the tables of an instance to the console
 * @tr: the instance; no program of it runs any more
 *
 * Any context.
 */
void trace_tap_tables_dump(struct trace_array *tr)
{
	struct trace_tap_tables *tables = tr->tap_tables;
	unsigned long flags;
	struct dump *dump;

	if (!tables || test_and_set_bit(0, &dump_busy))
		return;
	local_irq_save(flags);
	rcu_read_lock();
	dump = rcu_dereference(dump_memory);
	if (dump)
		dump_tables(dump, tables);
	rcu_read_unlock();
	local_irq_restore(flags);
	clear_bit(0, &dump_busy);
}
