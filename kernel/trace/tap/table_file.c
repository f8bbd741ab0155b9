// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the file of a table.
 *
 *	# echo size=64 > tables/us
 *	# cat tables/us
 *	# @us[u64.syscall] = hist size=64 entries=0 drops=0
 *
 * What is read is the table at the time when the file was opened, however long
 * it is. What is written is a command: clear removes all entries, zero sets
 * their values to 0, size=N makes room for N of them, and clears, remove takes
 * the table away, if no program uses it. To open the file for writing, and to
 * truncate it, does nothing.
 */
#include <linux/fs.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/tracefs.h>
#include <linux/uaccess.h>

#include "../trace.h"
#include "table.h"

#define MAX_COMMAND	64

/**
 * struct table_file - an open file
 * @tr: the instance; held
 * @table: the table; held
 * @view: what is read, or NULL if it was opened for writing alone
 */
struct table_file {
	struct trace_array	*tr;
	struct trace_tap_table	*table;
	struct trace_tap_view	*view;
};

/* ----------------------------------------------------------------- reading */

static void *table_seq_start(struct seq_file *m, loff_t *pos)
{
	const struct table_file *tf = m->private;

	/* The header, then the entries */
	return *pos <= tf->view->nr ? pos : NULL;
}

static void *table_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return table_seq_start(m, pos);
}

static void table_seq_stop(struct seq_file *m, void *v)
{
}

static int table_seq_show(struct seq_file *m, void *v)
{
	const struct table_file *tf = m->private;
	struct trace_tap_entry entry;
	loff_t pos = *(loff_t *)v;
	struct seq_buf s;
	size_t size;
	char *buf;

	size = seq_get_buf(m, &buf);
	if (!size)
		return 0;
	seq_buf_init(&s, buf, size);
	if (!pos) {
		trace_tap_show_header(&s, tf->table, &tf->view->state);
	} else {
		trace_tap_view_entry(tf->view, pos - 1, &entry);
		trace_tap_show_entry(&s, tf->table, &entry, tf->view->frames,
				     false);
	}
	/* What has no room is shown again, in a larger buffer */
	seq_commit(m, seq_buf_has_overflowed(&s) ? -1 : seq_buf_used(&s));
	return 0;
}

static const struct seq_operations table_seq_ops = {
	.start	= table_seq_start,
	.next	= table_seq_next,
	.stop	= table_seq_stop,
	.show	= table_seq_show,
};

/* ---------------------------------------------------------------- commands */

/**
 * trace_tap_table_log - report a refused command in the error log
 * @tr: whose error log
 * @text: the command
 * @e: what is wrong with it
 *
 * May sleep.
 */
void trace_tap_table_log(struct trace_array *tr, const char *text,
			 const struct tap_error *e)
{
	char where[sizeof("table: ") + sizeof(e->detail)];

	snprintf(where, sizeof(where), "table%s%s", e->detail[0] ? ": " : "",
		 e->detail);
	tracing_log_err(tr, where, text, trace_tap_err_text,
			e->code ?: TAP_ERR_ERRNO, e->code ? e->pos : 0);
}

/**
 * trace_tap_table_size - read a number of entries
 * @text: the whole text
 * @at: where in it the number stands
 * @entries: out
 * @e: what is wrong, if NULL is returned
 *
 * Return: behind the number, where white space is or the end of the text.
 */
const char *trace_tap_table_size(const char *text, const char *at,
				 unsigned int *entries, struct tap_error *e)
{
	unsigned int size = 0;
	const char *end = at;

	while (isdigit(*end) && size <= TAP_MAX_ENTRIES)
		size = size * 10 + *end++ - '0';
	if ((*end && !isspace(*end)) || !size || size > TAP_MAX_ENTRIES) {
		trace_tap_error(e, -EINVAL, TAP_ERR_TABLE_SIZE, at - text);
		return NULL;
	}
	*entries = size;
	return end;
}

/* The caller holds tables->lock. */
static int table_resize(struct trace_tap_table *table, const char *text,
			const char *at, struct tap_error *e)
{
	unsigned int entries;

	e->pos = at - text;
	at = trace_tap_table_size(text, at, &entries, e);
	if (!at)
		return e->err;
	if (*skip_spaces(at))
		return trace_tap_error(e, -EINVAL, TAP_ERR_TABLE_COMMAND,
				       at - text);
	return trace_tap_table_resize(table, entries, table->evict, e);
}

/* The caller holds tables->lock. */
static int table_remove(struct trace_tap_table *table, struct tap_error *e)
{
	int err = trace_tap_table_remove(table);

	if (err == -EBUSY)
		trace_tap_error(e, err, TAP_ERR_TABLE_BUSY, 0);
	return err;
}

static int table_command(struct trace_tap_table *table, const char *text,
			 struct tap_error *e)
{
	struct trace_tap_tables *tables = table->tables;

	guard(mutex)(&tables->lock);
	/* It may have been removed since the file was opened */
	if (trace_tap_table_find(tables, table->shape->name) != table)
		return trace_tap_error(e, -ENODEV, TAP_ERR_NO_TABLE, 0);
	if (!strcmp(text, "clear"))
		trace_tap_table_clear(table);
	else if (!strcmp(text, "zero"))
		trace_tap_table_zero(table);
	else if (!strcmp(text, "remove"))
		return table_remove(table, e);
	else if (str_has_prefix(text, "size="))
		return table_resize(table, text, text + 5, e);
	else
		return trace_tap_error(e, -EINVAL, TAP_ERR_TABLE_COMMAND, 0);
	return 0;
}

/* ------------------------------------------------------------------- files */

static struct trace_tap_table *table_get(struct trace_array *tr,
					 const char *name)
{
	struct trace_tap_table *table;

	guard(mutex)(&tr->tap_tables->lock);
	table = trace_tap_table_find(tr->tap_tables, name);
	if (table)
		trace_tap_table_get(table, false);
	return table;
}

static void table_file_free(struct table_file *tf)
{
	struct trace_tap_tables *tables = tf->tr->tap_tables;

	if (tf->view)
		trace_tap_view_free(tf->view);
	scoped_guard(mutex, &tables->lock)
		trace_tap_table_put(tf->table, false);
	trace_array_put(tf->tr);
	kfree(tf);
}

static int table_file_new(struct trace_array *tr, struct file *file,
			  struct table_file **tfp)
{
	struct table_file *tf = kzalloc(sizeof(*tf), GFP_KERNEL);
	struct trace_tap_view *view;

	if (!tf)
		return -ENOMEM;
	/* Files outlive their tables, but not their names */
	tf->table = table_get(tr, file_dentry(file)->d_name.name);
	if (!tf->table) {
		kfree(tf);
		return -ENODEV;
	}
	if (file->f_mode & FMODE_READ) {
		view = trace_tap_view_new(tf->table);
		if (IS_ERR(view)) {
			scoped_guard(mutex, &tr->tap_tables->lock)
				trace_tap_table_put(tf->table, false);
			kfree(tf);
			return PTR_ERR(view);
		}
		tf->view = view;
	}
	tf->tr = tr;
	*tfp = tf;
	return 0;
}

static int table_open(struct inode *inode, struct file *file)
{
	struct trace_array *tr = inode->i_private;
	struct table_file *tf;
	int err;

	err = tracing_check_open_get_tr(tr);
	if (err)
		return err;
	err = table_file_new(tr, file, &tf);
	if (err) {
		trace_array_put(tr);
		return err;
	}
	err = seq_open(file, &table_seq_ops);
	if (err) {
		table_file_free(tf);
		return err;
	}
	((struct seq_file *)file->private_data)->private = tf;
	return 0;
}

static int table_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	table_file_free(m->private);
	return seq_release(inode, file);
}

static ssize_t table_write(struct file *file, const char __user *ubuf,
			   size_t cnt, loff_t *ppos)
{
	const struct seq_file *m = file->private_data;
	const struct table_file *tf = m->private;
	char buf[MAX_COMMAND], *text;
	struct tap_error e = {};
	int err;

	if (cnt >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, cnt))
		return -EFAULT;
	buf[cnt] = 0;
	text = strstrip(buf);
	err = table_command(tf->table, text, &e);
	if (err) {
		trace_tap_table_log(tf->tr, text, &e);
		return err;
	}
	*ppos += cnt;
	return cnt;
}

static const struct file_operations table_fops = {
	.open		= table_open,
	.read		= seq_read,
	.write		= table_write,
	.llseek		= seq_lseek,
	.release	= table_release,
};

/**
 * trace_tap_table_file_make - make the file of a table
 * @table: the table
 *
 * The caller holds tables->lock. May sleep. Before tracefs is there, or where
 * an instance has no files, there is none to make.
 *
 * Return: 0 or -ENOMEM.
 */
int trace_tap_table_file_make(struct trace_tap_table *table)
{
	struct trace_tap_tables *tables = table->tables;
	int err = trace_tap_table_dump_need(table->shape);

	if (err || !tables->dir)
		return err;
	table->dentry = trace_create_file(table->shape->name, TRACE_MODE_WRITE,
					  tables->dir, tables->tr, &table_fops);
	return table->dentry ? 0 : -ENOMEM;
}

/**
 * trace_tap_table_file_remove - remove the file of a table
 * @table: the table
 *
 * The caller holds tables->lock. May sleep. Who has it open can still read what
 * it was.
 */
void trace_tap_table_file_remove(struct trace_tap_table *table)
{
	tracefs_remove(table->dentry);
	table->dentry = NULL;
}
