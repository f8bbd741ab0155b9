// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the file "run_once": programs that run once, when they are written.
 *
 * In: entries as "action" takes them. Out: each has run, on the task that wrote
 * it, or none has and the write is an error:
 *
 *	# echo 'printf("begin"); @start = nsecs' > run_once
 *	# cat run_once
 *	# runs: 1, matches: 1, skipped: 0, drops: 0
 *
 * An entry is made as those of the event tap:run_once are, see action.c; but it
 * is not put there: it is run here, and given up. What is left are its tables.
 *
 * The event fires as well, just before, for whoever has enabled it or given it
 * actions, in any instance.
 *
 * What holds actions back does not matter, since somebody asks for this very
 * run: a program that is to print a summary may have to do so when tracing is
 * off. What it prints then is lost, and that is counted.
 *
 * Context: a task; event_mutex is held.
 */
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/preempt.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../trace.h"
#include "action_dir.h"
#include "action_run.h"
#include "once.h"
#include "text.h"

#define CREATE_TRACE_POINTS
#include <trace/events/tap.h>

/**
 * struct trace_tap_once - what was run in an instance; trace_array.tap_once
 * @list: as of an event, but its entries never stay
 * @runs: programs that were run
 * @sum: what they have done
 *
 * Protected by event_mutex.
 */
struct trace_tap_once {
	struct trace_tap_list		list;
	u64				runs;
	struct trace_tap_action_stats	sum;
};

/* ------------------------------------------------------------------ running */

/* The record of tap:run_once, with the longest name an instance can have. */
struct once_record {
	struct trace_event_raw_run_once	raw;
	char				name[NAME_MAX + 1];
};

static const char *instance_name(const struct trace_array *tr)
{
	return tr->name ?: "";
}

/* What the event's own probe would make; its length. Preemption is off. */
static unsigned int record_fill(struct once_record *rec,
				const struct trace_event_file *file, u64 run)
{
	struct trace_event_raw_run_once *raw = &rec->raw;
	unsigned int at = offsetof(typeof(*raw), __data);
	ssize_t len;

	memset(rec, 0, sizeof(*rec));
	tracing_generic_entry_update(&raw->ent,
				     file->event_call->event.type,
				     tracing_gen_ctx_dec());
	len = strscpy(raw->__data, instance_name(file->tr), sizeof(rec->name));
	if (len < 0)
		len = sizeof(rec->name) - 1;
	raw->__data_loc_instance = (len + 1) << 16 | at;
	raw->run = run;
	return at + len + 1;
}

/* The event has been recorded: record() is not to do so again. */
static bool is_recorded(struct trace_event_file *file, struct once_record *rec,
			unsigned int len)
{
	unsigned long eflags = file->flags;

	if (!(eflags & EVENT_FILE_FL_ENABLED) ||
	    eflags & EVENT_FILE_FL_SOFT_DISABLED)
		return false;
	if (eflags & EVENT_FILE_FL_PID_FILTER &&
	    trace_event_ignore_this_pid(file))
		return false;
	return !(eflags & EVENT_FILE_FL_FILTERED) ||
	       filter_match_preds(file->filter, rec, len);
}

static void record_keep(const struct trace_event_file *file,
			const struct once_record *rec, unsigned int len,
			struct trace_tap_action_stats __percpu *stats)
{
	struct trace_buffer *buffer = file->tr->array_buffer.buffer;
	unsigned int trace_ctx = tracing_gen_ctx_dec();
	struct ring_buffer_event *event;

	event = trace_buffer_lock_reserve(buffer, rec->raw.ent.type, len,
					  trace_ctx);
	if (!event) {
		this_cpu_inc(stats->drops);
		return;
	}
	memcpy(ring_buffer_event_data(event), rec, len);
	trace_buffer_unlock_commit(file->tr, buffer, event, trace_ctx);
}

/* As the probe of an event: stacks begin at its caller; prints have its name. */
static noinline void run_once(struct tap_site *site, u64 run)
{
	struct trace_event_file *file = site->file;
	struct trace_tap_item item;
	struct once_record rec;
	unsigned int len;

	trace_tap_item_set(&item, site);
	preempt_disable_notrace();
	len = record_fill(&rec, file, run);
	if (trace_tap_item_run(&item, file, &rec, len) &&
	    !is_recorded(file, &rec, len))
		record_keep(file, &rec, len, item.stats);
	preempt_enable_notrace();
}

/* trace_tap_list.run */
static void once_run(struct tap_change *change)
{
	struct trace_array *tr = change->list->tr;
	struct trace_tap_once *once = tr->tap_once;
	struct tap_action *action, *next;
	struct tap_site *site;

	trace_tap_change_fresh(change);
	list_for_each_entry_safe(action, next, &change->coming, node) {
		list_for_each_entry(site, &action->sites, of_action) {
			once->runs++;
			trace_run_once(instance_name(tr), once->runs);
			run_once(site, once->runs);
			trace_tap_stats_sum(site->stats, &once->sum);
		}
		trace_tap_action_free(action, false);
	}
}

/* ------------------------------------------------------------------ writing */

static struct trace_tap_once *once_get(struct trace_array *tr)
{
	struct trace_event_file *file = find_event_file(tr, "tap", "run_once");
	struct trace_tap_once *once = tr->tap_once;

	if (!file)
		return ERR_PTR(-ENODEV);
	if (once)
		return once;
	once = kzalloc(sizeof(*once), GFP_KERNEL);
	if (!once)
		return ERR_PTR(-ENOMEM);
	once->list.tr = tr;
	once->list.file = file;
	once->list.run = once_run;
	INIT_LIST_HEAD(&once->list.actions);
	tr->tap_once = once;
	return once;
}

/**
 * trace_tap_once_write - run what is written
 * @tr: the instance
 * @text: entries; nothing but white space: none
 *
 * Takes event_mutex. May sleep.
 *
 * Return: 0 or a negative errno; then nothing has run or changed.
 */
int trace_tap_once_write(struct trace_array *tr, char *text)
{
	struct trace_tap_writer writer = {};
	struct trace_tap_once *once;

	guard(mutex)(&event_mutex);
	once = once_get(tr);
	if (IS_ERR(once))
		return PTR_ERR(once);
	return trace_tap_list_write(&once->list, text, &writer);
}

/**
 * trace_tap_once_free - forget what was run in an instance
 * @tr: the instance, which goes: its file is not open
 */
void trace_tap_once_free(struct trace_array *tr)
{
	struct trace_tap_once *once = tr->tap_once;

	if (!once)
		return;
	kfree(once->list.rejected);
	kfree(once);
	tr->tap_once = NULL;
}

/* ----------------------------------------------------------------- the file */

static int once_apply(void *data, char *text)
{
	return trace_tap_once_write(data, text);
}

static int once_show(struct seq_file *m, void *v)
{
	const struct trace_tap_text *text = m->private;
	const struct trace_tap_action_stats none = {};
	struct trace_array *tr = text->data;

	guard(mutex)(&event_mutex);
	if (tr->tap_once && tr->tap_once->list.rejected)
		seq_puts(m, tr->tap_once->list.rejected);
	trace_tap_stats_show(m, tr->tap_once ? &tr->tap_once->sum : &none);
	return 0;
}

static int once_open(struct inode *inode, struct file *filp)
{
	struct trace_array *tr = inode->i_private;
	struct trace_tap_text *text;
	int err;

	err = tracing_check_open_get_tr(tr);
	if (err)
		return err;
	text = trace_tap_text_new(TAP_ACTION, once_apply, tr);
	err = text ? single_open(filp, once_show, text) : -ENOMEM;
	if (err) {
		kfree(text);
		trace_array_put(tr);
	}
	return err;
}

static ssize_t once_write(struct file *filp, const char __user *ubuf,
			  size_t cnt, loff_t *ppos)
{
	const struct seq_file *m = filp->private_data;
	ssize_t ret = trace_tap_text_write(m->private, ubuf, cnt);

	if (ret > 0)
		*ppos += ret;
	return ret;
}

static int once_release(struct inode *inode, struct file *filp)
{
	struct trace_array *tr = inode->i_private;
	struct seq_file *m = filp->private_data;

	trace_tap_text_close(m->private);
	trace_array_put(tr);
	return single_release(inode, filp);
}

static const struct file_operations once_fops = {
	.open		= once_open,
	.read		= seq_read,
	.write		= once_write,
	.llseek		= seq_lseek,
	.release	= once_release,
};

/**
 * trace_tap_once_init - make the file of an instance
 * @tr: the instance
 * @parent: its folder
 *
 * May sleep.
 */
void trace_tap_once_init(struct trace_array *tr, struct dentry *parent)
{
	trace_create_file("run_once", TRACE_MODE_WRITE, parent, tr, &once_fops);
}
