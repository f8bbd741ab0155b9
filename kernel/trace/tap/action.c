// SPDX-License-Identifier: GPL-2.0
/*
 * tap: entries of files "action", and what they are in each event.
 *
 *	'@[comm] = count()'			struct tap_action
 *	      | trace_tap_site_new()
 *	      |   translated, bound to tables, verified, compiled
 *	      v
 *	sched_switch: image, statistics		struct tap_site
 *	      | trace_tap_change_make()
 *	      |   enabled softly, published
 *	      v
 *	trace_event_file.actions		struct trace_tap_actions
 *
 * What can fail comes first and changes nothing that runs. What is taken away is
 * freed when no event can be using it any more.
 *
 * Context: event_mutex is held.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>

#include "../trace.h"
#include "action_dir.h"
#include "function.h"
#include "table.h"

/* ---------------------------------------------------------------- entries */

/**
 * trace_tap_action_new - make an entry that runs nowhere yet
 * @list: whose it will be
 * @text: its text
 * @len: bytes of it
 *
 * Return: the entry, or NULL.
 */
struct tap_action *trace_tap_action_new(struct trace_tap_list *list,
					const char *text, size_t len)
{
	struct tap_action *action = kzalloc(sizeof(*action), GFP_KERNEL);

	if (!action)
		return NULL;
	INIT_LIST_HEAD(&action->node);
	INIT_LIST_HEAD(&action->sites);
	action->list = list;
	action->created = ktime_get_boot_fast_ns();
	action->text = kvmalloc(len + 1, GFP_KERNEL);
	if (!action->text) {
		kfree(action);
		return NULL;
	}
	memcpy(action->text, text, len);
	action->text[len] = 0;
	return action;
}

/* What only the builtin elapsed wants to know. */
u64 trace_tap_action_created(const struct tap_action *action)
{
	return action->created;
}

static void site_free(struct tap_site *site, bool undo)
{
	list_del(&site->of_action);
	list_del(&site->of_file);
	trace_tap_image_put(site->image);
	if (site->prog)
		trace_tap_unbind(site->prog, undo);
	trace_tap_prog_free(site->prog);
	free_percpu(site->stats);
	kfree(site);
}

/**
 * trace_tap_action_free - free an entry, and what it is in events
 * @action: the entry, which no event runs any more
 * @undo: none ever did: tables that were made for it go, too
 *
 * May sleep.
 */
void trace_tap_action_free(struct tap_action *action, bool undo)
{
	struct tap_site *site, *prev;

	/* The first one has made the tables, so it is the last to leave them */
	list_for_each_entry_safe_reverse(site, prev, &action->sites, of_action)
		site_free(site, undo);
	if (action->snapshot)
		trace_tap_effect_release(action->list->tr, TAP_OP_SNAPSHOT);
	list_del(&action->node);
	kvfree(action->text);
	kfree(action->own);
	kfree(action);
}

/* ------------------------------------------------------------------ sites */

static struct tap_prog *site_prog(const char *text,
				  struct trace_tap_event *event,
				  struct tap_error *e)
{
	struct tap_prog *prog;
	int err;

	if (trace_tap_is_prog(text)) {
		prog = trace_tap_asm(text, TAP_ACTION, e);
		if (!prog)
			return NULL;
		err = trace_tap_resolve(prog, &event->scope, e);
	} else {
		prog = trace_tap_translate_action(text, &event->scope, e);
		if (!prog)
			return NULL;
		err = trace_tap_bind(prog, &event->scope, e);
	}
	if (!err)
		return prog;
	trace_tap_unbind(prog, true);
	trace_tap_prog_free(prog);
	return NULL;
}

/* Does it look at the stack of the event? In a probe that begins at its regs. */
static bool takes_stack(const struct tap_prog *prog)
{
	const struct tap_insn *insn;

	for (insn = prog->insns; insn < prog->insns + prog->nr_insns; insn++) {
		switch (insn->op) {
		case TAP_OP_STACK:
			return true;
		case TAP_OP_LD:
			if (prog->operands[insn->name].is_builtin &&
			    prog->operands[insn->name].builtin ==
			    TAP_BUILTIN_CALLER)
				return true;
			break;
		default:
			if (trace_tap_takes_stack(insn))
				return true;
			break;
		}
	}
	return false;
}

static bool is_early(const struct tap_site *site)
{
	struct trace_event_call *call = site->file->event_call;

	/* trace_marker has no hook before its record; functions need none */
	if (site->image->reads_record ||
	    call->flags & TRACE_EVENT_FL_IGNORE_ENABLE)
		return false;
	return !(call->flags & (TRACE_EVENT_FL_KPROBE | TRACE_EVENT_FL_UPROBE |
				TRACE_EVENT_FL_FPROBE)) ||
	       !takes_stack(site->prog);
}

static int site_effects(struct tap_site *site, struct tap_error *e)
{
	struct tap_action *action = site->action;
	unsigned int i;
	int err;

	for (i = 0; i < site->prog->nr_insns; i++) {
		u8 op = site->prog->insns[i].op;

		if (op == TAP_OP_SNAPSHOT && action->snapshot)
			continue;
		err = trace_tap_effect_prepare(action->list->tr, op);
		if (err)
			return trace_tap_error(e, err, TAP_ERR_NONE, 0);
		if (op == TAP_OP_SNAPSHOT)
			action->snapshot = true;
	}
	return 0;
}

static int site_make(struct tap_site *site, struct trace_tap_event *event,
		     struct tap_error *e)
{
	struct trace_event_call *call = site->file->event_call;

	site->prog = site_prog(site->action->text, event, e);
	if (!site->prog)
		return e->err;
	site->image = trace_tap_image_get(site->prog, false, e);
	if (IS_ERR(site->image)) {
		site->image = NULL;
		return e->err;
	}
	if (trace_tap_bind_stacks(site->prog, event->tr, e) ||
	    site_effects(site, e))
		return e->err;
	site->is_early = is_early(site);
	site->probe = trace_tap_probe_id(call->class->system,
					 trace_event_name(call));
	site->stats = alloc_percpu(struct trace_tap_action_stats);
	if (!site->stats ||
	    trace_tap_run_prepare(site->image, site->is_early) ||
	    !trace_tap_file_get(site->file))
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	return 0;
}

static bool uses_own(const struct tap_prog *prog)
{
	unsigned int i;

	for (i = 0; i < prog->nr_operands; i++) {
		if (prog->operands[i].type == TAP_TABLE &&
		    !*prog->operands[i].text)
			return true;
	}
	return false;
}

/**
 * trace_tap_site_new - make of an entry what it is in an event
 * @action: the entry
 * @file: the event
 * @event: the same for the translator, with tables
 * @e: what is wrong, if an error is returned
 *
 * It does not run before trace_tap_change_make() or trace_tap_file_start().
 * May sleep.
 *
 * Return: 0 or a negative errno.
 */
int trace_tap_site_new(struct tap_action *action, struct trace_event_file *file,
		       struct trace_tap_event *event, struct tap_error *e)
{
	struct tap_site *site;

	trace_tap_event_set(event, file->event_call);
	site = kzalloc(sizeof(*site), GFP_KERNEL);
	if (!site)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	site->action = action;
	site->file = file;
	INIT_LIST_HEAD(&site->of_file);
	list_add_tail(&site->of_action, &action->sites);
	if (site_make(site, event, e)) {
		site_free(site, true);
		return e->err;
	}
	/* For the other events below, the table is what it is here */
	if (uses_own(site->prog))
		event->own_is_new = false;
	return 0;
}

/* ----------------------------------------------------------------- events */

/**
 * trace_tap_file_get - what an event has for its actions
 * @file: the event
 *
 * Return: that, made if there was none, until trace_tap_file_removed(); or NULL.
 */
struct trace_tap_file *trace_tap_file_get(struct trace_event_file *file)
{
	struct trace_tap_file *tf = file->tap;

	if (tf)
		return tf;
	tf = kzalloc(sizeof(*tf), GFP_KERNEL);
	if (!tf)
		return NULL;
	tf->file = file;
	tf->list.tr = file->tr;
	tf->list.file = file;
	INIT_LIST_HEAD(&tf->list.actions);
	INIT_LIST_HEAD(&tf->sites);
	INIT_LIST_HEAD(&tf->changed);
	file->tap = tf;
	return tf;
}

/* The event's own come first, then its system's, then those of all events. */
static int site_rank(const struct tap_site *site)
{
	const struct trace_tap_list *list = site->action->list;

	return list->file ? 0 : list->dir ? 1 : 2;
}

static void site_insert(struct trace_tap_file *tf, struct tap_site *site)
{
	struct tap_site *other;

	list_for_each_entry(other, &tf->sites, of_file) {
		if (site_rank(other) > site_rank(site))
			break;
	}
	list_add_tail(&site->of_file, &other->of_file);
}

/**
 * trace_tap_item_set - what of an entry in an event is needed to run it
 * @item: out
 * @site: that; it outlives @item
 */
void trace_tap_item_set(struct trace_tap_item *item,
			const struct tap_site *site)
{
	item->image = site->image;
	item->stats = site->stats;
	item->action = site->action;
	item->probe = site->probe;
}

/* What runs in an event from now on; NULL if nothing does. */
static struct trace_tap_actions *actions_new(struct trace_tap_file *tf,
					     gfp_t gfp)
{
	struct trace_tap_actions *actions;
	struct tap_site *site;
	unsigned int nr = 0;

	list_for_each_entry(site, &tf->sites, of_file)
		nr += !site->action->is_leaving;
	if (!nr)
		return NULL;
	actions = kzalloc(struct_size(actions, items, nr), gfp);
	if (!actions)
		return ERR_PTR(-ENOMEM);
	actions->nr = nr;
	nr = 0;
	list_for_each_entry(site, &tf->sites, of_file) {
		if (site->is_early && !site->action->is_leaving)
			trace_tap_item_set(&actions->items[nr++], site);
	}
	actions->nr_early = nr;
	actions->plain = nr == 1 && !actions->items[0].image->needs_ctx &&
			 !actions->items[0].image->guarded;
	list_for_each_entry(site, &tf->sites, of_file) {
		if (site->is_early || site->action->is_leaving)
			continue;
		trace_tap_item_set(&actions->items[nr++], site);
		actions->common = max(actions->common, site->image->common);
	}
	if (nr - actions->nr_early == 1) {
		const struct trace_tap_item *item =
			&actions->items[actions->nr_early];

		if (!item->image->needs_run && !item->image->guarded &&
		    !actions->common)
			actions->simple = item;
	}
	return actions;
}

static bool has_own(struct trace_tap_file *tf)
{
	return !list_empty(&tf->list.actions);
}

/* Softly: its records are for actions only. */
static int file_enable(struct trace_tap_file *tf)
{
	struct trace_event_file *file = tf->file;
	int err;

	if (ftrace_event_is_function(file->event_call)) {
		struct trace_tap_function *function;

		function = trace_tap_function_start(file);
		if (IS_ERR(function))
			return PTR_ERR(function);
		tf->function = function;
		return 0;
	}
	err = trace_event_enable_disable(file, 1, 1);
	/* It counts, enabled or not */
	if (err)
		trace_event_enable_disable(file, 0, 1);
	return err;
}

static void file_disable(struct trace_tap_file *tf)
{
	if (tf->function)
		trace_tap_function_stop(tf->function);
	else
		trace_event_enable_disable(tf->file, 0, 1);
	tf->function = NULL;
}

static void file_release(struct trace_tap_file *tf)
{
	struct trace_event_file *file = tf->file;

	if (tf->is_enabled && list_empty(&tf->sites)) {
		file_disable(tf);
		tf->is_enabled = false;
	}
	if (tf->is_held && !has_own(tf)) {
		trace_event_put_ref(file->event_call);
		tf->is_held = false;
	}
}

/* All that can fail. To be followed by file_publish() or file_release(). */
static int file_prepare(struct trace_tap_file *tf, bool hold, gfp_t gfp)
{
	struct trace_event_file *file = tf->file;
	int err;

	tf->next = actions_new(tf, gfp);
	if (IS_ERR(tf->next)) {
		err = PTR_ERR(tf->next);
		tf->next = NULL;
		return err;
	}
	/* As with triggers, a module stays as long as its events have them */
	if (hold && !tf->is_held) {
		if (!trace_event_try_get_ref(file->event_call))
			return -EBUSY;
		tf->is_held = true;
	}
	if (tf->next && !tf->is_enabled) {
		err = file_enable(tf);
		if (err)
			return err;
		tf->is_enabled = true;
	}
	return 0;
}

static void flag_set(struct trace_event_file *file, int bit, bool on)
{
	if (on)
		set_bit(bit, &file->flags);
	else
		clear_bit(bit, &file->flags);
}

/* From here on events run tf->next; what they ran before is there then. */
static void file_publish(struct trace_tap_file *tf)
{
	struct trace_event_file *file = tf->file;
	struct trace_tap_actions *next = tf->next;

	tf->next = rcu_dereference_protected(file->actions,
					     lockdep_is_held(&event_mutex));
	rcu_assign_pointer(file->actions, next);
	flag_set(file, EVENT_FILE_FL_ACTION_BIT,
		 next && next->nr > next->nr_early);
	flag_set(file, EVENT_FILE_FL_ACTION_EARLY_BIT, next && next->nr_early);
	trace_tap_update_record_only(file);
}

/**
 * trace_tap_file_join - add an entry to those that trace_tap_file_start() starts
 * @action: the entry, whose newest site it is
 */
void trace_tap_file_join(struct tap_action *action)
{
	struct tap_site *site = list_last_entry(&action->sites, struct tap_site,
						of_action);

	site_insert(site->file->tap, site);
}

/**
 * trace_tap_file_start - run entries of all events in one that is new
 * @tf: the event; it has no other entries
 *
 * Return: 0 or a negative errno; then it has none.
 */
int trace_tap_file_start(struct trace_tap_file *tf)
{
	struct tap_site *site, *next;
	int err;

	err = file_prepare(tf, false, GFP_KERNEL);
	if (err) {
		kfree(tf->next);
		tf->next = NULL;
		list_for_each_entry_safe(site, next, &tf->sites, of_file)
			site_free(site, true);
		file_release(tf);
		return err;
	}
	file_publish(tf);
	return 0;
}

/**
 * trace_tap_file_stop - have nothing run in an event any more
 * @tf: the event; its own entries are freed
 *
 * May sleep.
 */
void trace_tap_file_stop(struct trace_tap_file *tf)
{
	struct tap_action *action, *next_action;
	struct tap_site *site, *next;

	tf->next = NULL;
	file_publish(tf);
	if (tf->next)
		tracepoint_synchronize_unregister();
	kfree(tf->next);
	tf->next = NULL;
	list_for_each_entry_safe(site, next, &tf->sites, of_file)
		site_free(site, false);
	list_for_each_entry_safe(action, next_action, &tf->list.actions, node)
		trace_tap_action_free(action, false);
	file_release(tf);
}

/* ---------------------------------------------------------------- changes */

/**
 * trace_tap_change_init - begin a change
 * @change: the change
 * @list: entries of which file are changed, or NULL if those of several go
 */
void trace_tap_change_init(struct tap_change *change,
			   struct trace_tap_list *list)
{
	change->list = list;
	INIT_LIST_HEAD(&change->coming);
	INIT_LIST_HEAD(&change->going);
	INIT_LIST_HEAD(&change->files);
}

static void change_touch(struct tap_change *change,
			 struct trace_event_file *file)
{
	struct trace_tap_file *tf = file->tap;

	if (list_empty(&tf->changed))
		list_add_tail(&tf->changed, &change->files);
}

static void change_files(struct tap_change *change)
{
	struct tap_action *action;
	struct tap_site *site;

	list_for_each_entry(action, &change->list->actions, node) {
		if (!action->is_leaving)
			continue;
		list_for_each_entry(site, &action->sites, of_action)
			change_touch(change, site->file);
	}
	list_for_each_entry(action, &change->coming, node) {
		list_for_each_entry(site, &action->sites, of_action) {
			change_touch(change, site->file);
			site_insert(site->file->tap, site);
		}
	}
}

/* Events keep what they have. */
static void change_undo(struct tap_change *change)
{
	struct trace_tap_file *tf, *next;
	struct tap_action *action;
	struct tap_site *site;

	list_for_each_entry(action, &change->coming, node) {
		list_for_each_entry(site, &action->sites, of_action)
			list_del_init(&site->of_file);
	}
	list_for_each_entry_safe(tf, next, &change->files, changed) {
		kfree(tf->next);
		tf->next = NULL;
		list_del_init(&tf->changed);
		file_release(tf);
	}
}

/**
 * trace_tap_change_fresh - empty tables that are left to entries that come
 * @change: those entries, which are about to run
 *
 * May sleep.
 */
void trace_tap_change_fresh(struct tap_change *change)
{
	struct tap_action *action;
	struct tap_site *site;

	list_for_each_entry(action, &change->coming, node) {
		list_for_each_entry(site, &action->sites, of_action)
			trace_tap_bind_fresh(site->prog);
	}
}

static void change_publish(struct tap_change *change)
{
	struct tap_action *action, *next_action;
	struct trace_tap_file *tf, *next;
	bool wait = false;

	list_for_each_entry(tf, &change->files, changed) {
		file_publish(tf);
		wait |= !!tf->next;
	}
	if (wait)
		tracepoint_synchronize_unregister();
	list_for_each_entry_safe(action, next_action, &change->going, node)
		trace_tap_action_free(action, false);
	list_for_each_entry_safe(tf, next, &change->files, changed) {
		kfree(tf->next);
		tf->next = NULL;
		list_del_init(&tf->changed);
		file_release(tf);
	}
}

/**
 * trace_tap_change_make - let entries come and go
 * @change: entries that come, and have sites; those that go are freed
 * @e: what is wrong, if an error is returned
 *
 * May sleep. If nothing comes, it does not fail.
 *
 * Return: 0 or a negative errno; then nothing has changed.
 */
int trace_tap_change_make(struct tap_change *change, struct tap_error *e)
{
	bool coming = !list_empty(&change->coming);
	gfp_t gfp = coming ? GFP_KERNEL : GFP_KERNEL | __GFP_NOFAIL;
	struct list_head *actions = &change->list->actions;
	struct tap_action *action, *next;
	struct trace_tap_file *tf;
	int err;

	change_files(change);
	list_for_each_entry(tf, &change->files, changed) {
		err = file_prepare(tf, coming && change->list->file, gfp);
		if (err) {
			change_undo(change);
			return trace_tap_error(e, err, TAP_ERR_NONE, 0);
		}
	}
	list_for_each_entry_safe(action, next, actions, node) {
		if (action->is_leaving)
			list_move_tail(&action->node, &change->going);
	}
	trace_tap_change_fresh(change);
	list_splice_tail_init(&change->coming, actions);
	change_publish(change);
	return 0;
}

/**
 * trace_tap_change_leave - have the entries of a file go, beside those of others
 * @change: begun without a file
 * @list: the file
 *
 * To be followed by trace_tap_change_clear(), which waits once for all of them.
 */
void trace_tap_change_leave(struct tap_change *change,
			    struct trace_tap_list *list)
{
	struct tap_action *action;
	struct tap_site *site;

	list_for_each_entry(action, &list->actions, node) {
		action->is_leaving = true;
		list_for_each_entry(site, &action->sites, of_action)
			change_touch(change, site->file);
	}
	list_splice_tail_init(&list->actions, &change->going);
}

/**
 * trace_tap_change_clear - let all entries go that trace_tap_change_leave() named
 * @change: the change
 *
 * May sleep.
 */
void trace_tap_change_clear(struct tap_change *change)
{
	struct trace_tap_file *tf;

	list_for_each_entry(tf, &change->files, changed)
		WARN_ON_ONCE(file_prepare(tf, false,
					  GFP_KERNEL | __GFP_NOFAIL));
	change_publish(change);
}
