// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the file table_control: all tables of an instance.
 *
 *	# echo '@us[u64.syscall] = hist size=512' > table_control
 *	# cat table_control
 *	# memory=305280 limit=67108864
 *	# stacks=0 size=0 drops=0
 *	# us: entries=0 drops=0 memory=305280
 *	@us[u64.syscall] = hist size=512
 *
 * Written lines are done one by one; the first that fails is the result of the
 * write, and those behind it are not done:
 *
 *	@name[shape] = value [size=N] [evict]
 *		there is such a table, empty if it had another size before
 *	limit=N[K|M|G]	bytes that all tables together may take
 *	clear		all entries of all tables go
 *	remove		all tables go that no program uses
 *	reset		all actions go, then all tables
 *	# anything	does nothing, so that what was read can be written back
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../trace.h"
#include "action.h"
#include "table.h"

/* ----------------------------------------------------------------- reading */

static void show_table(struct seq_file *m, struct trace_tap_table *table)
{
	const struct tap_shape *shape = table->shape;
	bool own = !*trace_tap_table_title(shape);
	struct trace_tap_table_state state = {};
	char text[TAP_MAX_SHAPE_TEXT + TAP_MAX_TABLE_NAME];

	trace_tap_table_state(table, &state);
	trace_tap_shape_text(shape, text, sizeof(text));
	seq_printf(m, "# %s: entries=%llu drops=%llu memory=%zu\n", shape->name,
		   state.entries, state.drops, state.memory);
	seq_printf(m, "%s@%s size=%u%s\n", own ? "# " : "",
		   text + 1 + (own ? strlen(shape->name) : 0), table->entries,
		   table->evict ? " evict" : "");
}

static int control_show(struct seq_file *m, void *v)
{
	struct trace_array *tr = m->private;
	struct trace_tap_tables *tables = tr->tap_tables;
	struct trace_tap_table_state stacks = {};
	struct trace_tap_table *table;

	guard(mutex)(&tables->lock);
	trace_tap_stacks_state(tables, &stacks);
	seq_printf(m, "# memory=%zu limit=%zu\n", tables->memory,
		   tables->limit);
	seq_printf(m, "# stacks=%llu size=%llu drops=%llu\n", stacks.entries,
		   stacks.capacity, stacks.drops);
	list_for_each_entry(table, &tables->list, node)
		show_table(m, table);
	return 0;
}

/* ------------------------------------------------------------ declarations */

/**
 * struct declaration - a table that is to be
 * @shape: what it holds
 * @entries: how many it has room for, or 0: as many as it has or as is usual
 * @evict: the oldest entry makes room
 */
struct declaration {
	struct tap_shape	*shape;
	unsigned int		entries;
	bool			evict;
};

static int parse_options(struct declaration *d, const char *text,
			 const char *p, struct tap_error *e)
{
	for (p = skip_spaces(p); *p; p = skip_spaces(p)) {
		if (str_has_prefix(p, "size=")) {
			p = trace_tap_table_size(text, p + 5, &d->entries, e);
			if (!p)
				return e->err;
		} else if (str_has_prefix(p, "evict") &&
			   (!p[5] || isspace(p[5]))) {
			d->evict = true;
			p += 5;
		} else {
			return trace_tap_error(e, -EINVAL,
					       TAP_ERR_TABLE_OPTION, p - text);
		}
	}
	return 0;
}

/* There is one of this name. The caller holds tables->lock. */
static int redeclare(struct trace_tap_table *table,
		     const struct declaration *d, struct tap_arena *arena,
		     struct tap_error *e)
{
	unsigned int entries = d->entries ?: table->entries;
	char *have, *want;

	/* Without a key there is one, however many are asked for */
	if (!table->shape->nr_parts)
		entries = table->entries;

	have = trace_tap_alloc(arena, TAP_MAX_SHAPE_TEXT);
	want = trace_tap_alloc(arena, TAP_MAX_SHAPE_TEXT);
	if (arena->failed)
		return -ENOMEM;
	trace_tap_shape_text(table->shape, have, TAP_MAX_SHAPE_TEXT);
	trace_tap_shape_text(d->shape, want, TAP_MAX_SHAPE_TEXT);
	if (strcmp(have, want)) {
		snprintf(e->detail, sizeof(e->detail), "it is %.72s, not %.72s",
			 have, want);
		return trace_tap_error(e, -EEXIST, TAP_ERR_WRONG_SHAPE, 0);
	}
	/* What is already so keeps its entries */
	if (entries == table->entries && d->evict == table->evict)
		return 0;
	return trace_tap_table_resize(table, entries, d->evict, e);
}

static int parse_declaration(struct declaration *d, const char *text,
			     struct tap_arena *arena, struct tap_error *e)
{
	const char *end;

	d->shape = trace_tap_shape_parse(arena, text, &end, e);
	if (!d->shape)
		return e->err ?: -ENOMEM;
	if (!*d->shape->name)
		return trace_tap_error(e, -EINVAL, TAP_ERR_TABLE_NO_NAME, 0);
	return parse_options(d, text, end, e);
}

static int declare(struct trace_tap_tables *tables, const char *text,
		   struct tap_error *e)
{
	struct trace_tap_table *table;
	struct tap_arena arena = {};
	struct declaration d = {};
	int err;

	err = parse_declaration(&d, text, &arena, e);
	if (!err) {
		guard(mutex)(&tables->lock);
		table = trace_tap_table_find(tables, d.shape->name);
		if (table)
			err = redeclare(table, &d, &arena, e);
		else if (!trace_tap_table_make(tables, d.shape,
					       d.entries, d.evict, e))
			err = e->err;
	}
	trace_tap_arena_free(&arena);
	return err;
}

/* ---------------------------------------------------------------- commands */

static int set_limit(struct trace_tap_tables *tables, const char *text,
		     const char *at, struct tap_error *e)
{
	unsigned long long limit;
	char *end;

	limit = memparse(at, &end);
	if (end == at || *end || limit > SIZE_MAX)
		return trace_tap_error(e, -EINVAL, TAP_ERR_BAD_NUMBER,
				       at - text);
	guard(mutex)(&tables->lock);
	tables->limit = limit;
	return 0;
}

static void clear_all(struct trace_tap_tables *tables)
{
	struct trace_tap_table *table;

	guard(mutex)(&tables->lock);
	list_for_each_entry(table, &tables->list, node)
		trace_tap_table_clear(table);
}

/* Those that are in use stay: -EBUSY. */
static int remove_all(struct trace_tap_tables *tables, struct tap_error *e)
{
	struct trace_tap_table *table, *next;
	int err = 0;

	guard(mutex)(&tables->lock);
	list_for_each_entry_safe(table, next, &tables->list, node) {
		if (!trace_tap_table_remove(table))
			continue;
		snprintf(e->detail, sizeof(e->detail), "@%s",
			 table->shape->name);
		err = trace_tap_error(e, -EBUSY, TAP_ERR_TABLE_BUSY, 0);
	}
	return err;
}

/**
 * trace_tap_table_line - do what a line says
 * @tr: the instance
 * @line: the line, without white space at its ends
 * @e: what is wrong, if an error is returned; that is in no other place
 *
 * Takes event_mutex, and tables->lock. May sleep.
 *
 * Return: 0 or a negative errno.
 */
int trace_tap_table_line(struct trace_array *tr, const char *line,
			 struct tap_error *e)
{
	struct trace_tap_tables *tables;

	if (!*line || *line == '#')
		return 0;
	/* Before there are files, there may be no tables */
	if (!tr->tap_tables) {
		guard(mutex)(&event_mutex);
		if (trace_tap_tables_need(tr))
			return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	}
	tables = tr->tap_tables;
	if (*line == '@')
		return declare(tables, line, e);
	if (str_has_prefix(line, "limit="))
		return set_limit(tables, line, line + 6, e);
	if (!strcmp(line, "clear")) {
		clear_all(tables);
		return 0;
	}
	if (!strcmp(line, "remove")) {
		/* Those that programs use were not meant */
		remove_all(tables, e);
		return 0;
	}
	if (!strcmp(line, "reset")) {
		trace_tap_actions_clear(tr);
		return remove_all(tables, e);
	}
	return trace_tap_error(e, -EINVAL, TAP_ERR_TABLE_CONTROL, 0);
}

static int control_lines(struct trace_array *tr, char *text)
{
	int err = 0;
	char *line;

	while (!err && (line = strsep(&text, "\n"))) {
		struct tap_error e = {};

		line = strstrip(line);
		err = trace_tap_table_line(tr, line, &e);
		if (err)
			trace_tap_table_log(tr, line, &e);
	}
	return err;
}

/* ------------------------------------------------------------------- files */

static ssize_t control_write(struct file *file, const char __user *ubuf,
			     size_t cnt, loff_t *ppos)
{
	struct trace_array *tr = file_inode(file)->i_private;
	char *text, *end;
	int err;

	/* What is too long is done up to the end of a line; the rest is next */
	cnt = min(cnt, PAGE_SIZE);
	text = memdup_user_nul(ubuf, cnt);
	if (IS_ERR(text))
		return PTR_ERR(text);
	if (cnt == PAGE_SIZE) {
		end = strrchr(text, '\n');
		if (!end) {
			kfree(text);
			return -EINVAL;
		}
		end[1] = 0;
		cnt = end + 1 - text;
	}
	err = control_lines(tr, text);
	kfree(text);
	if (err)
		return err;
	*ppos += cnt;
	return cnt;
}

static int control_open(struct inode *inode, struct file *file)
{
	struct trace_array *tr = inode->i_private;
	int err;

	err = tracing_check_open_get_tr(tr);
	if (err)
		return err;
	err = single_open(file, control_show, tr);
	if (err)
		trace_array_put(tr);
	return err;
}

static int control_release(struct inode *inode, struct file *file)
{
	trace_array_put(inode->i_private);
	return single_release(inode, file);
}

static const struct file_operations control_fops = {
	.open		= control_open,
	.read		= seq_read,
	.write		= control_write,
	.llseek		= seq_lseek,
	.release	= control_release,
};

/**
 * trace_tap_table_control_init - make the file table_control of an instance
 * @tr: the instance; its tap_tables is set
 * @parent: its folder
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_table_control_init(struct trace_array *tr, struct dentry *parent)
{
	return trace_create_file("table_control", TRACE_MODE_WRITE, parent, tr,
				 &control_fops) ? 0 : -ENOMEM;
}
