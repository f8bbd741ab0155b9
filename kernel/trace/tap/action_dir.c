// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the files "action": what is written to them.
 *
 * In: entries, one or more: statements, a line each, or programs. Out: changed
 * entries, all or none of them:
 *
 *	@[comm] = count()		one more, or instead of those there are
 *	!1				without the first
 *	!@[comm] = count()		without that one
 *
 * Entries of a system or of all events run in each event below that has what
 * they name, also in those that come later.
 */
#include <linux/slab.h>

#include "../trace.h"
#include "action_dir.h"
#include "filter.h"
#include "table.h"
#include "text.h"

/* ------------------------------------------------------------------ lists */

static struct trace_tap_list *list_new(struct trace_array *tr,
				       struct trace_subsystem_dir *dir)
{
	struct trace_tap_list *list = kzalloc(sizeof(*list), GFP_KERNEL);

	if (!list)
		return NULL;
	list->tr = tr;
	list->dir = dir;
	INIT_LIST_HEAD(&list->actions);
	return list;
}

static void list_free(struct trace_tap_list *list)
{
	if (!list)
		return;
	WARN_ON_ONCE(!list_empty(&list->actions));
	kfree(list->rejected);
	kfree(list);
}

static struct trace_tap_list *dir_list_get(struct trace_subsystem_dir *dir)
{
	struct trace_tap_list **list = trace_tap_dir_list(dir);

	if (!*list)
		*list = list_new(dir->tr, dir->subsystem ? dir : NULL);
	return *list;
}

/* Is an event one that entries of a list are for? */
static bool list_has(const struct trace_tap_list *list,
		     const struct trace_event_file *file)
{
	const struct trace_event_call *call = file->event_call;

	if (list->file)
		return list->file == file;
	if (list->dir && list->dir != file->system)
		return false;
	return !(call->flags & TRACE_EVENT_FL_IGNORE_ENABLE) && call->class &&
	       call->class->reg;
}

/* ------------------------------------------------------------------- names */

static void own_base(const struct trace_tap_list *list, char *name, size_t size)
{
	if (list->file)
		scnprintf(name, size, "%s:%s",
			  list->file->event_call->class->system,
			  trace_event_name(list->file->event_call));
	else if (list->dir)
		scnprintf(name, size, "%s:all", list->dir->subsystem->name);
	else
		scnprintf(name, size, "all:all");
}

static bool own_taken_in(const struct list_head *actions, const char *name,
			 bool leaving)
{
	const struct tap_action *action;

	list_for_each_entry(action, actions, node) {
		if (action->own && action->is_leaving == leaving &&
		    !strcmp(action->own, name))
			return true;
	}
	return false;
}

/* Some program uses a table of that name, and goes on doing so. */
static bool own_taken(const struct tap_change *change, const char *name)
{
	struct trace_tap_tables *tables = change->list->tr->tap_tables;
	struct trace_tap_table *table;

	if (own_taken_in(&change->coming, name, false) ||
	    own_taken_in(&change->list->actions, name, false))
		return true;
	if (!tables || own_taken_in(&change->list->actions, name, true))
		return false;
	guard(mutex)(&tables->lock);
	table = trace_tap_table_find(tables, name);
	return table && table->users;
}

/* "sched:sched_switch", or, if that is taken, "sched:sched_switch:2". */
static char *own_name(const struct tap_change *change)
{
	char base[TAP_MAX_TABLE_NAME - 4], name[TAP_MAX_TABLE_NAME];
	unsigned int i;

	own_base(change->list, base, sizeof(base));
	strscpy(name, base);
	for (i = 2; own_taken(change, name); i++)
		snprintf(name, sizeof(name), "%s:%u", base, i);
	return kstrdup(name, GFP_KERNEL);
}

/* ------------------------------------------------------------------- texts */

/**
 * struct entry - a part of what was written
 * @text: its first byte
 * @len: bytes
 */
struct entry {
	const char	*text;
	size_t		len;
};

/* "# 3:", "# action 3: ...", "# runs: ...": lines that were shown. */
static bool is_shown(const char *line)
{
	unsigned int nr;
	char c;

	return (sscanf(line, "# %u%c", &nr, &c) == 2 && c == ':') ||
	       sscanf(line, "# action %u", &nr) == 1 ||
	       !strncmp(line, "# runs:", 7);
}

/* Comments in front of a program are part of it, but for what files show. */
static const char *skip_shown(const char *text)
{
	const char *end = trace_tap_skip_comments(text), *line, *start = text;

	for (line = text; line < end; line = strchrnul(line, '\n') + 1) {
		line = skip_spaces(line);
		if (line < end && is_shown(line))
			start = strchrnul(line, '\n') + 1;
	}
	return start < end ? start : end;
}

/* The next entry of *@pos, or false at the end. */
static bool entry_next(const char **pos, struct entry *entry)
{
	const char *text = trace_tap_skip_comments(*pos);
	size_t len;

	if (!*skip_spaces(text))
		return false;
	if (trace_tap_is_prog(*pos)) {
		len = trace_tap_prog_text_len(*pos, strlen(*pos));
		entry->text = skip_spaces(skip_shown(*pos));
		*pos += len ?: strlen(*pos);
	} else {
		entry->text = skip_spaces(text);
		*pos = strchrnul(entry->text, '\n');
	}
	entry->len = *pos - entry->text;
	while (entry->len && isspace(entry->text[entry->len - 1]))
		entry->len--;
	return true;
}

static bool is_other_kind(const struct entry *entry)
{
	return trace_tap_is_kind(entry->text, TAP_FILTER);
}

static struct tap_action *find_text(const struct list_head *actions,
				    const char *text, size_t len)
{
	struct tap_action *action;

	list_for_each_entry(action, actions, node) {
		if (!action->is_leaving && strlen(action->text) == len &&
		    !memcmp(action->text, text, len))
			return action;
	}
	return NULL;
}

static struct tap_action *find_nr(const struct trace_tap_list *list,
				  unsigned int nr)
{
	struct tap_action *action;

	list_for_each_entry(action, &list->actions, node) {
		if (!--nr)
			return action->is_leaving ? NULL : action;
	}
	return NULL;
}

/* "!2" or "!TEXT" */
static int entry_remove(struct tap_change *change, const struct entry *entry)
{
	const char *text = skip_spaces(entry->text + 1);
	size_t len = entry->text + entry->len - text;
	struct tap_action *action;
	char number[8] = {};
	unsigned int nr;

	if (len < sizeof(number))
		memcpy(number, text, len);
	if (!kstrtouint(number, 10, &nr))
		action = find_nr(change->list, nr);
	else
		action = find_text(&change->list->actions, text, len);
	if (!action)
		return -ENOENT;
	action->is_leaving = true;
	return 0;
}

/* ------------------------------------------------------------------ writes */

/**
 * struct write - what was written, as it is worked through
 * @change: what comes of it
 * @text: all of it
 * @bad: the entry that is wrong
 * @own_in_way: it is, because of a table of what it replaces
 * @e: what is wrong
 */
struct write {
	struct tap_change	change;
	const char		*text;
	struct entry		bad;
	bool			own_in_way;
	struct tap_error	e;
};

static void event_init(struct trace_tap_event *event,
		       const struct trace_tap_list *list, const char *own)
{
	trace_tap_event_init(event, list->file ? list->file->event_call : NULL,
			     list->dir);
	trace_tap_event_tables(event, list->tr, own);
	event->is_all = !list->file && !list->dir;
}

/* Is it no more than the event that does not fit? */
static bool is_fatal(const struct trace_tap_list *list,
		     const struct tap_error *e)
{
	return list->file || !e->code || e->code == TAP_ERR_TABLE_MEMORY;
}

/* In all events that take it. Of several errors the first is reported. */
static int add_sites(struct tap_action *action, struct trace_tap_event *event,
		     struct tap_error *e)
{
	const struct tap_error none = {
		.err = -EINVAL, .code = TAP_ERR_BAD_SUBSYS_FILTER,
	};
	struct trace_tap_list *list = action->list;
	struct trace_event_file *file;
	bool any = false;

	list_for_each_entry(file, &list->tr->events, list) {
		struct tap_error error = {};

		if (!list_has(list, file) ||
		    !trace_tap_site_new(action, file, event, &error))
			continue;
		if (is_fatal(list, &error)) {
			*e = error;
			return e->err;
		}
		if (!any)
			*e = error;
		else if (e->code != error.code || e->pos != error.pos)
			*e = none;
		any = true;
	}
	if (!list_empty(&action->sites))
		return 0;
	if (!any)
		*e = none;
	return e->err;
}

static int entry_add(struct write *w, const struct entry *entry)
{
	struct tap_change *change = &w->change;
	struct trace_tap_event event;
	struct tap_action *action;
	bool has_own;
	int err;

	/* What runs once may be written twice */
	if (!change->list->run &&
	    (find_text(&change->list->actions, entry->text, entry->len) ||
	     find_text(&change->coming, entry->text, entry->len)))
		return trace_tap_error(&w->e, -EEXIST, TAP_ERR_NONE, 0);
	action = trace_tap_action_new(change->list, entry->text, entry->len);
	if (!action)
		return trace_tap_error(&w->e, -ENOMEM, TAP_ERR_NONE, 0);
	action->own = own_name(change);
	event_init(&event, change->list, action->own);
	event.own_is_new = true;
	err = add_sites(action, &event, &w->e);
	trace_tap_event_exit(&event);
	has_own = !event.own_is_new;
	if (!has_own) {
		kfree(action->own);
		action->own = NULL;
	}
	list_add_tail(&action->node, &change->coming);
	if (err)
		w->own_in_way = event.own_in_way;
	return err;
}

static int entry_apply(struct write *w, const struct entry *entry)
{
	int err;

	if (*entry->text != '!' || w->change.list->run) {
		err = entry_add(w, entry);
	} else {
		err = entry_remove(&w->change, entry);
		if (err)
			trace_tap_error(&w->e, err, TAP_ERR_NONE, 0);
	}
	if (err)
		w->bad = *entry;
	return err;
}

/* In reverse order: tables that one made, a later one may use. */
static void write_undo(struct write *w)
{
	struct tap_action *action, *next;

	list_for_each_entry_safe_reverse(action, next, &w->change.coming, node)
		trace_tap_action_free(action, true);
	list_for_each_entry(action, &w->change.list->actions, node)
		action->is_leaving = false;
}

static int write_entries(struct write *w, const char *text, bool replace)
{
	struct tap_action *action;
	struct entry entry;
	int err = 0;

	if (replace) {
		list_for_each_entry(action, &w->change.list->actions, node)
			action->is_leaving = true;
	}
	while (!err && entry_next(&text, &entry)) {
		if (!is_other_kind(&entry))
			err = entry_apply(w, &entry);
	}
	if (!err && w->change.list->run)
		w->change.list->run(&w->change);
	else if (!err)
		err = trace_tap_change_make(&w->change, &w->e);
	if (err)
		write_undo(w);
	return err;
}

/* What a file has, as texts to write, for kvfree(). */
static char *list_text(const struct trace_tap_list *list)
{
	const struct tap_action *action;
	size_t len = 1;
	char *text;

	list_for_each_entry(action, &list->actions, node)
		len += strlen(action->text) + 1;
	text = kvzalloc(len, GFP_KERNEL);
	if (!text)
		return NULL;
	list_for_each_entry(action, &list->actions, node) {
		strlcat(text, action->text, len);
		strlcat(text, "\n", len);
	}
	return text;
}

/*
 * The table without a name that is replaced, and the one that comes, have the
 * same name and differ. So what there is has to go before; if what comes is not
 * accepted after all, it is made again.
 */
static int write_anew(struct write *w, const char *text)
{
	struct write again = {};
	char *old;
	int err;

	old = list_text(w->change.list);
	if (!old)
		return trace_tap_error(&w->e, -ENOMEM, TAP_ERR_NONE, 0);
	trace_tap_change_init(&again.change, w->change.list);
	write_entries(&again, "", true);
	err = write_entries(w, text, false);
	if (err) {
		trace_tap_change_init(&again.change, w->change.list);
		write_entries(&again, old, false);
	}
	kvfree(old);
	return err;
}

/* What is in force stays; but the file tells what was wrong. */
static void write_reject(struct write *w)
{
	struct trace_tap_list *list = w->change.list;
	char *text;

	/* There is nothing to point to */
	if (w->e.err == -EEXIST || w->e.err == -ENOENT)
		return;
	text = kmemdup_nul(w->bad.text ?: w->text,
			   w->bad.text ? w->bad.len : strlen(w->text),
			   GFP_KERNEL);
	if (!text)
		return;
	trace_tap_log(list->tr, TAP_ACTION, text, &w->e);
	kfree(list->rejected);
	list->rejected = trace_tap_rejected(text, &w->e);
	kfree(text);
}

/**
 * struct contents - entries that were written, by kind
 * @adds: those that come
 * @removes: "!2"
 * @others: programs of filters
 */
struct contents {
	unsigned int	adds;
	unsigned int	removes;
	unsigned int	others;
};

static void contents_count(struct contents *c, const char *text)
{
	struct entry entry;

	memset(c, 0, sizeof(*c));
	while (entry_next(&text, &entry)) {
		if (is_other_kind(&entry))
			c->others++;
		else if (*entry.text == '!')
			c->removes++;
		else
			c->adds++;
	}
}

/**
 * trace_tap_list_write - change the entries of a file
 * @list: the file
 * @text: entries; nothing but white space: none
 * @writer: the open file
 *
 * Caller holds event_mutex. May sleep.
 *
 * Return: 0 or a negative errno; then nothing has changed.
 */
int trace_tap_list_write(struct trace_tap_list *list, const char *text,
			 struct trace_tap_writer *writer)
{
	struct write w = { .text = text };
	struct contents c;
	bool replaces;
	int err;

	trace_tap_change_init(&w.change, list);
	contents_count(&c, text);
	/* Those that remove, remove from what there is; nothing clears */
	replaces = writer->replaces && (c.adds || !(c.removes || c.others));
	if (c.others && !c.adds && !c.removes && !writer->has_written) {
		err = trace_tap_error(&w.e, -EINVAL, TAP_ERR_BAD_KIND, 0);
	} else {
		err = write_entries(&w, text, replaces);
		if (err && w.own_in_way && replaces) {
			memset(&w.e, 0, sizeof(w.e));
			err = write_anew(&w, text);
		}
	}
	if (err) {
		if (writer->error) {
			*writer->error = w.e;
			if (w.bad.text)
				writer->error->pos += w.bad.text - text;
		} else {
			write_reject(&w);
		}
		return err;
	}
	if (replaces)
		writer->replaces = false;
	writer->has_written = true;
	kfree(list->rejected);
	list->rejected = NULL;
	return 0;
}

/**
 * trace_tap_action_write - change the entries of an event
 * @file: the event
 * @text: entries; nothing but white space: none
 * @writer: the open file
 *
 * Caller holds event_mutex. May sleep.
 *
 * Return: 0 or a negative errno; then nothing has changed.
 */
int trace_tap_action_write(struct trace_event_file *file, char *text,
			   struct trace_tap_writer *writer)
{
	struct trace_tap_file *tf;

	if (file->flags & EVENT_FILE_FL_FREED)
		return -ENODEV;
	if (!file->event_call->class->reg)
		return -EOPNOTSUPP;
	tf = trace_tap_file_get(file);
	return tf ? trace_tap_list_write(&tf->list, text, writer) : -ENOMEM;
}

/**
 * trace_tap_actions_write - change the entries of a system or of all events
 * @dir: the system, or, if it is of none, all events of its instance
 * @text: entries; nothing but white space: none
 * @writer: the open file
 *
 * Takes event_mutex. May sleep.
 *
 * Return: 0 or a negative errno; then nothing has changed.
 */
int trace_tap_actions_write(struct trace_subsystem_dir *dir, char *text,
			    struct trace_tap_writer *writer)
{
	struct trace_tap_list *list;

	guard(mutex)(&event_mutex);
	/* Make sure the system still has events */
	if (dir->subsystem && !dir->nr_events)
		return -ENODEV;
	list = dir_list_get(dir);
	return list ? trace_tap_list_write(list, text, writer) : -ENOMEM;
}

/**
 * trace_tap_action_add - add entries, not by their file
 * @target: event or system, or all events
 * @text: entries
 * @e: what is wrong, if an error is returned; its position is one of @text
 *
 * Caller holds event_mutex. May sleep.
 *
 * Return: 0 or a negative errno; then nothing has changed.
 */
int trace_tap_action_add(const struct trace_tap_target *target,
			 const char *text, struct tap_error *e)
{
	struct trace_subsystem_dir all = { .tr = target->tr };
	struct trace_tap_writer writer = { .error = e };
	struct trace_tap_list *list = NULL;
	struct trace_tap_file *tf;

	if (target->file) {
		tf = trace_tap_file_get(target->file);
		if (tf)
			list = &tf->list;
	} else {
		list = dir_list_get(target->dir ?: &all);
	}
	if (!list)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	return trace_tap_list_write(list, text, &writer);
}

/* ------------------------------------------- events and instances come, go */

static void list_inherit(struct trace_tap_list *list,
			 struct trace_event_file *file)
{
	struct trace_tap_event event;
	struct tap_action *action;
	struct tap_error e = {};

	if (!list || !list_has(list, file))
		return;
	list_for_each_entry(action, &list->actions, node) {
		event_init(&event, list, action->own);
		/* It takes it, or it does not */
		if (!trace_tap_site_new(action, file, &event, &e))
			trace_tap_file_join(action);
		trace_tap_event_exit(&event);
	}
}

/**
 * trace_tap_file_added - an event has come: it gets what all events have
 * @file: the event
 *
 * Caller holds event_mutex. May sleep.
 */
void trace_tap_file_added(struct trace_event_file *file)
{
	list_inherit(file->system ? file->system->actions : NULL, file);
	list_inherit(file->tr->tap_actions, file);
	if (file->tap)
		trace_tap_file_start(file->tap);
}

/**
 * trace_tap_file_removed - an event goes
 * @file: the event
 *
 * Caller holds event_mutex. May sleep.
 */
void trace_tap_file_removed(struct trace_event_file *file)
{
	struct trace_tap_file *tf = file->tap;

	if (!tf)
		return;
	trace_tap_file_stop(tf);
	kfree(tf->list.rejected);
	kfree(tf);
	file->tap = NULL;
}

static void list_leave(struct tap_change *change, struct trace_tap_list *list)
{
	if (!list)
		return;
	trace_tap_change_leave(change, list);
	kfree(list->rejected);
	list->rejected = NULL;
}

/**
 * trace_tap_dir_removed - a system goes, with its last event
 * @dir: the system
 *
 * Caller holds event_mutex. May sleep.
 */
void trace_tap_dir_removed(struct trace_subsystem_dir *dir)
{
	struct tap_change change;

	trace_tap_change_init(&change, NULL);
	list_leave(&change, dir->actions);
	trace_tap_change_clear(&change);
	list_free(dir->actions);
	dir->actions = NULL;
}

/**
 * trace_tap_instance_removed - an instance goes
 * @tr: the instance; its events are there still
 *
 * Caller holds event_mutex. May sleep, as long as one grace period takes, however
 * many events have entries.
 */
void trace_tap_instance_removed(struct trace_array *tr)
{
	struct trace_subsystem_dir *dir;
	struct trace_event_file *file;
	struct tap_change change;

	trace_tap_change_init(&change, NULL);
	list_leave(&change, tr->tap_actions);
	list_for_each_entry(dir, &tr->systems, list)
		list_leave(&change, dir->actions);
	list_for_each_entry(file, &tr->events, list) {
		if (file->tap)
			list_leave(&change, &file->tap->list);
	}
	trace_tap_change_clear(&change);
	list_free(tr->tap_actions);
	tr->tap_actions = NULL;
}

/**
 * trace_tap_actions_clear - remove all entries of an instance
 * @tr: the instance
 *
 * Takes event_mutex. May sleep.
 */
void trace_tap_actions_clear(struct trace_array *tr)
{
	guard(mutex)(&event_mutex);
	trace_tap_instance_removed(tr);
}
