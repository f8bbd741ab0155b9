// SPDX-License-Identifier: GPL-2.0
/*
 * tap: tables when the kernel dies.
 *
 * Behind the records of an instance, where ftrace_dump_on_oops, sysrq-z or a
 * panic bring them to the console, its tables are printed as their files show
 * them, but in no order, and a histogram as few long lines:
 *
 *	# @us[u64.syscall] = hist size=4096 entries=1 drops=0
 *	@us[read] = 12
 *		[4, 8) 3, [8, 16) 9
 *
 * At most trace_tap.dump_lines lines of an instance, shared by its tables, and
 * one more of each table that has more; 0 is none:
 *
 *	# us: 7 of 4096 entries, see trace_tap.dump_lines
 *
 * An oops may be the first part of a panic: tables that it has printed are not
 * printed again then, just as records are not, unless they have changed.
 *
 * Context: any, NMI included; whoever died may hold any lock. So nothing is
 * allocated here and no lock taken: memory for it is there since the first
 * table was made.
 */
#include <linux/jhash.h>
#include <linux/moduleparam.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/panic_notifier.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>

#include "../trace.h"
#include "store.h"

#ifdef MODULE_PARAM_PREFIX
#undef MODULE_PARAM_PREFIX
#endif
#define MODULE_PARAM_PREFIX "trace_tap."

static unsigned int dump_lines = 100;
module_param(dump_lines, uint, 0644);

/* What printk() takes in one line, and some. */
#define LINE_MAX	900
#define TEXT_MAX	16384
#define MIN_WORDS	66

/**
 * struct dump - memory for a dump
 * @rcu: for freeing
 * @words: 64-bit words in @values
 * @left: lines that may still be printed of a table
 * @hash: of all that has been printed, or would have been
 * @quiet: only find out what would be printed
 * @frames: of a stack
 * @key: of an entry
 * @text: of an entry
 * @values: of an entry
 */
struct dump {
	struct rcu_head	rcu;
	unsigned int	words;
	unsigned int	left;
	u32		hash;
	bool		quiet;
	unsigned long	frames[TAP_MAX_STACK];
	u64		key[TAP_MAX_KEY / sizeof(u64)];
	char		text[TEXT_MAX];
	u64		values[] __counted_by(words);
};

/* Serializes those that make it larger; never taken in a dump. */
static DEFINE_MUTEX(dump_mutex);
static struct dump __rcu *dump_memory;

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

/* One line, whatever the limit. */
static void dump_say(struct dump *dump, const char *line, int len)
{
	dump->hash = jhash(line, len, dump->hash);
	if (!dump->quiet)
		pr_emerg("%.*s\n", len, line);
}

/* False: no more. */
static bool dump_line(struct dump *dump, const char *line, int len)
{
	if (!dump->left)
		return false;
	dump->left--;
	dump_say(dump, line, len);
	return true;
}

/* How much of a line fits; one that is too long ends behind a bucket. */
static int dump_fits(const char *line)
{
	int len = strchrnul(line, '\n') - line, i;

	if (len <= LINE_MAX)
		return len;
	for (i = LINE_MAX; i > 1; i--) {
		if (line[i - 1] == ',' && line[i] == ' ')
			return i;
	}
	return LINE_MAX;
}

static bool dump_text(struct dump *dump, char *text)
{
	while (*text) {
		int len = dump_fits(text);

		if (!dump_line(dump, text, len))
			return false;
		text += len;
		if (*text == '\n')
			text++;
		else if (*text == ' ')
			*text = '\t';	/* it goes on as it began */
	}
	return true;
}

/* There was no room for all of an entry: no number may be half of what it is. */
static void dump_cut(struct seq_buf *s)
{
	static const char more[] = "...\n";
	size_t len = strnlen(s->buffer, s->size - sizeof(more));

	while (len && s->buffer[len - 1] != ' ' && s->buffer[len - 1] != '\n')
		len--;
	memcpy(s->buffer + len, more, sizeof(more));
}

static bool dump_entry(struct dump *dump, struct trace_tap_table *table,
		       struct seq_buf *s)
{
	const struct trace_tap_entry entry = {
		.key = dump->key, .values = dump->values,
	};

	/* Once there is no room, nobody knows where the text ends */
	memset(dump->text, 0, sizeof(dump->text));
	seq_buf_clear(s);
	trace_tap_show_entry(s, table, &entry, dump->frames, true);
	if (seq_buf_has_overflowed(s))
		dump_cut(s);
	return dump_text(dump, dump->text);
}

/* What the limit has left out. */
static void dump_more(struct dump *dump, const char *name, u64 shown, u64 all)
{
	char line[TAP_MAX_TABLE_NAME + 100];
	int len;

	len = scnprintf(line, sizeof(line),
			"# %s: %llu of %llu entries, see trace_tap.dump_lines",
			name, shown, all);
	dump_say(dump, line, len);
}

static void dump_table(struct dump *dump, struct trace_tap_table *table)
{
	struct trace_tap_table_state state = {};
	unsigned int pos = 0;
	struct seq_buf s;
	u64 shown = 0;

	trace_tap_table_state(table, &state);
	/* Its last byte stays 0 */
	memset(dump->text, 0, sizeof(dump->text));
	seq_buf_init(&s, dump->text, sizeof(dump->text) - 1);
	trace_tap_show_header(&s, table, &state);
	dump_text(dump, dump->text);
	/* One that is being made */
	if (table->shape->value_words > dump->words)
		return;
	while (trace_tap_table_peek(table, &pos, dump->key, dump->values)) {
		if (!dump_entry(dump, table, &s)) {
			dump_more(dump, table->shape->name, shown,
				  state.entries);
			return;
		}
		shown++;
		touch_nmi_watchdog();
	}
}

/* Each table gets its share of the lines, and what those before left of theirs. */
static void dump_tables(struct dump *dump, struct trace_tap_tables *tables)
{
	unsigned int left = READ_ONCE(dump_lines), share, nr = 0;
	struct trace_tap_table *table;

	dump->hash = 0;
	list_for_each_entry_rcu(table, &tables->list, node, true)
		nr++;
	list_for_each_entry_rcu(table, &tables->list, node, true) {
		if (!left)
			break;
		share = DIV_ROUND_UP(left, max(nr, 1U));
		dump->left = share;
		dump_table(dump, table);
		left -= share - dump->left;
		nr -= !!nr;
		touch_nmi_watchdog();
	}
	if (nr && !dump->quiet)
		pr_emerg("# %u more tables, see trace_tap.dump_lines\n", nr);
}

/* Is this a panic behind an oops that printed just the same? */
static bool dump_again(struct dump *dump, struct trace_tap_tables *tables)
{
	if (!tables->dumped || !panic_in_progress())
		return false;
	dump->quiet = true;
	dump_tables(dump, tables);
	dump->quiet = false;
	return dump->hash == tables->dumped;
}

/**
 * trace_tap_tables_dump - print the tables of an instance to the console
 * @tr: the instance; no program of it runs any more
 *
 * Context: any, interrupts off; one at a time, and not within itself, which
 * ftrace_dump() sees to.
 */
void trace_tap_tables_dump(struct trace_array *tr)
{
	struct trace_tap_tables *tables;
	struct dump *dump;

	rcu_read_lock();
	tables = READ_ONCE(tr->tap_tables);
	dump = rcu_dereference(dump_memory);
	if (!tables || !dump || !READ_ONCE(dump_lines) ||
	    list_empty(&tables->list))
		goto unlock;
	if (dump_again(dump, tables)) {
		pr_emerg("# tables are as they were dumped before\n");
		goto unlock;
	}
	dump_tables(dump, tables);
	/* Those of sysrq-z may be far away */
	tables->dumped = oops_in_progress ? dump->hash : 0;
unlock:
	rcu_read_unlock();
}

/*
 * A panic stops the other CPUs wherever they are, and they may hold locks of
 * tables. Events go on here, such as those of the lines that are printed, in
 * instances that nobody dumps: as in an NMI that interrupted a section, what
 * needs a lock is a drop from now on.
 */
static int dump_panic(struct notifier_block *nb, unsigned long ev, void *unused)
{
	raw_cpu_write(trace_tap_busy, true);
	return NOTIFY_DONE;
}

static struct notifier_block dump_panic_block = {
	.notifier_call	= dump_panic,
	.priority	= INT_MAX,
};

static int __init dump_panic_init(void)
{
	return atomic_notifier_chain_register(&panic_notifier_list,
					      &dump_panic_block);
}
early_initcall(dump_panic_init);
