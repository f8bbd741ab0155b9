// SPDX-License-Identifier: GPL-2.0
/*
 * tap: events of markers: sites find theirs, come and go with modules.
 *
 *	in:	section __trace_markers, of the kernel and of each module:
 *		"cache_miss" fs/a.c:10, "cache_miss" fs/b.c:20, "queue_full" ...
 *	out:	events/markers/cache_miss with two sites, events/markers/queue_full
 *
 * An event belongs to no module: it lives as long as it has sites, and beyond
 * that as long as someone holds it. So modules can always be unloaded. When the
 * last site of an event goes, then
 *
 *	- if it is merely enabled, it is removed with its records, as events of
 *	  modules are;
 *	- if it has triggers or actions of its own, or perf uses it, it stays and
 *	  does not fire. It is removed when they are, or gets sites again when a
 *	  module with its name is loaded.
 *
 * All of this is protected by event_mutex.
 */
#define pr_fmt(fmt) "trace_marker: " fmt

#include <linux/list.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include "../trace.h"
#include "../trace_output.h"
#include "../trace_probe.h"
#include "marker.h"

#define SYSTEM	"markers"

static LIST_HEAD(markers);

static void reap(struct work_struct *work);
static DECLARE_WORK(reap_work, reap);

/* ------------------------------------------------------------- on and off */

static void site_switch(struct trace_tap_marker_site *site, bool on)
{
#ifdef CONFIG_JUMP_LABEL
	if (on)
		static_branch_enable(&site->key);
	else
		static_branch_disable(&site->key);
#else
	WRITE_ONCE(site->key, on);
#endif
}

static void sites_switch(struct trace_tap_marker *marker, bool on)
{
	struct trace_tap_marker_site *site;

	for (site = marker->sites; site; site = site->next)
		site_switch(site, on);
}

static void user_came(struct trace_tap_marker *marker)
{
	if (!marker->users++)
		sites_switch(marker, true);
}

static void user_went(struct trace_tap_marker *marker)
{
	if (!--marker->users)
		sites_switch(marker, false);
	/* Who used it is about to let it go */
	if (!marker->sites && !marker->is_leaving)
		schedule_work(&reap_work);
}

static int file_add(struct trace_tap_marker *marker,
		    struct trace_event_file *file)
{
	struct trace_tap_marker_link *link = kmalloc(sizeof(*link), GFP_KERNEL);

	if (!link)
		return -ENOMEM;
	link->file = file;
	hlist_add_head_rcu(&link->node, &marker->files);
	user_came(marker);
	return 0;
}

/* Who frees the file waits until no marker sees it. */
static void file_remove(struct trace_tap_marker *marker,
			struct trace_event_file *file)
{
	struct trace_tap_marker_link *link;

	hlist_for_each_entry(link, &marker->files, node) {
		if (link->file != file)
			continue;
		hlist_del_rcu(&link->node);
		kfree_rcu(link, rcu);
		user_went(marker);
		return;
	}
}

/* trace_event_class.reg */
static int marker_reg(struct trace_event_call *call, enum trace_reg type,
		      void *data)
{
	struct trace_tap_marker *marker = trace_tap_marker_of(call);

	switch (type) {
	case TRACE_REG_REGISTER:
		return file_add(marker, data);
	case TRACE_REG_UNREGISTER:
		file_remove(marker, data);
		return 0;
#ifdef CONFIG_PERF_EVENTS
	case TRACE_REG_PERF_REGISTER:
		WRITE_ONCE(marker->perf, true);
		user_came(marker);
		return 0;
	case TRACE_REG_PERF_UNREGISTER:
		WRITE_ONCE(marker->perf, false);
		user_went(marker);
		return 0;
	case TRACE_REG_PERF_OPEN:
	case TRACE_REG_PERF_CLOSE:
	case TRACE_REG_PERF_ADD:
	case TRACE_REG_PERF_DEL:
		return 0;
#endif
	}
	return 0;
}

/* ------------------------------------------------------------------- events */

static struct trace_event_functions marker_funcs = {
	.trace	= trace_tap_marker_print,
};

static struct trace_event_fields marker_fields[] = {
	{ .type = TRACE_FUNCTION_TYPE,
	  .define_fields = trace_tap_marker_define_fields },
	{}
};

static void marker_free(struct trace_tap_marker *marker)
{
	trace_tap_marker_fields_free(marker);
	kfree(marker->call.name);
	kfree(marker->place);
	kfree(marker);
}

/* What the event of @info would be, without being one yet. */
static struct trace_tap_marker *
marker_new(const struct trace_tap_marker_info *info)
{
	struct trace_tap_marker *marker;
	struct trace_event_call *call;

	marker = kzalloc(struct_size(marker, field, info->nr), GFP_KERNEL);
	if (!marker)
		return NULL;
	marker->nr = info->nr;
	INIT_HLIST_HEAD(&marker->files);
	INIT_LIST_HEAD(&marker->class.fields);
	marker->class.system = SYSTEM;
	marker->class.fields_array = marker_fields;
	marker->class.reg = marker_reg;
	call = &marker->call;
	call->class = &marker->class;
	call->event.funcs = &marker_funcs;
	call->flags = TRACE_EVENT_FL_DYNAMIC;
	call->name = kstrdup(info->name, GFP_KERNEL);
	marker->place = kasprintf(GFP_KERNEL, "%s:%u", info->file, info->line);
	if (!call->name || !marker->place ||
	    trace_tap_marker_fields(marker, info) ||
	    trace_tap_marker_set_print_fmt(marker)) {
		marker_free(marker);
		return NULL;
	}
	return marker;
}

static struct trace_tap_marker *marker_find(const char *name)
{
	struct trace_tap_marker *marker;

	list_for_each_entry(marker, &markers, node) {
		if (!strcmp(marker->call.name, name))
			return marker;
	}
	return NULL;
}

/* Has someone made an event of that name, say a kprobe event? */
static bool name_is_taken(const char *name)
{
	struct trace_event_call *call;
	bool taken = false;

	down_read(&trace_event_sem);
	list_for_each_entry(call, &ftrace_events, list) {
		if (!strcmp(call->class->system, SYSTEM) &&
		    !strcmp(trace_event_name(call), name))
			taken = true;
	}
	up_read(&trace_event_sem);
	return taken;
}

static int marker_register(struct trace_tap_marker *marker, bool early)
{
	struct trace_event_call *call = &marker->call;
	int err;

	if (!is_good_name(call->name))
		return -EINVAL;
	if (name_is_taken(call->name))
		return -EEXIST;
	if (!register_trace_event(&call->event))
		return -ENODEV;
	if (early)
		err = trace_tap_event_add_early(call);
	else
		err = trace_add_event_call(call);
	if (err < 0) {
		unregister_trace_event(&call->event);
		return err;
	}
	list_add_tail(&marker->node, &markers);
	return 0;
}

/* Does anybody but those who enabled it count on the event? */
static bool marker_is_held(struct trace_tap_marker *marker)
{
	struct trace_event_call *call = &marker->call;

#ifdef CONFIG_PERF_EVENTS
	if (call->perf_refcount)
		return true;
#endif
	return trace_event_dyn_busy(call) || trace_tap_event_has_triggers(call);
}

/* Is it time for the event to go? Then it is moved to @leaving. */
static void marker_check(struct trace_tap_marker *marker,
			 struct list_head *leaving)
{
	if (marker->sites || marker_is_held(marker))
		return;
	marker->is_leaving = true;
	list_move_tail(&marker->node, leaving);
}

static void marker_remove(struct trace_tap_marker *marker)
{
	struct trace_tap_marker_link *link;
	struct hlist_node *next;

	list_del(&marker->node);
	trace_tap_event_remove(&marker->call);
	hlist_for_each_entry_safe(link, next, &marker->files, node) {
		hlist_del(&link->node);
		kfree(link);
	}
	marker_free(marker);
}

/* The events go, whoever has them enabled. */
static void markers_remove(struct list_head *leaving)
{
	struct trace_tap_marker *marker, *next;

	if (list_empty(leaving))
		return;
	/* They have no site that could fire, but one may still be at it */
	tracepoint_synchronize_unregister();
	list_for_each_entry_safe(marker, next, leaving, node)
		marker_remove(marker);
}

/* Events that have no sites, and were held. */
static void reap(struct work_struct *work)
{
	struct trace_tap_marker *marker, *next;
	LIST_HEAD(leaving);

	guard(mutex)(&event_mutex);
	list_for_each_entry_safe(marker, next, &markers, node)
		marker_check(marker, &leaving);
	markers_remove(&leaving);
}

/* -------------------------------------------------------------------- sites */

static void site_attach(struct trace_tap_marker_site *site,
			struct trace_tap_marker *marker)
{
	site->next = marker->sites;
	marker->sites = site;
	WRITE_ONCE(site->marker, marker);
	if (marker->users)
		site_switch(site, true);
}

static void site_add(struct trace_tap_marker_site *site, bool early)
{
	const struct trace_tap_marker_info *info = site->info;
	struct trace_tap_marker *marker, *new;
	int err;

	new = marker_new(info);
	if (!new) {
		pr_warn("%s at %s:%u: out of memory\n", info->name, info->file,
			info->line);
		return;
	}
	marker = marker_find(info->name);
	if (marker) {
		if (trace_tap_marker_fields_agree(marker, new))
			site_attach(site, marker);
		else
			pr_warn("%s at %s is off: its fields are not those of the one at %s\n",
				info->name, new->place, marker->place);
		marker_free(new);
		return;
	}
	err = marker_register(new, early);
	if (err) {
		pr_warn("%s at %s is off: no event, error %d\n", info->name,
			new->place, err);
		marker_free(new);
		return;
	}
	site_attach(site, new);
}

/**
 * trace_tap_markers_init - make events of the kernel's markers
 *
 * Called once, before there are files of events, so that they can be used from
 * the command line.
 */
void __init trace_tap_markers_init(void)
{
	struct trace_tap_marker_site *site;

	guard(mutex)(&event_mutex);
	for (site = __start_trace_markers; site < __stop_trace_markers;
	     site++)
		site_add(site, true);
}

#ifdef CONFIG_MODULES

static bool is_of_module(const struct trace_tap_marker_site *site,
			 const struct module *mod)
{
	return site >= mod->trace_markers &&
	       site < mod->trace_markers + mod->num_trace_markers;
}

static void module_coming(struct module *mod)
{
	unsigned int i;

	if (trace_module_has_bad_taint(mod)) {
		pr_err("%s: module has bad taint, its markers stay off\n",
		       mod->name);
		return;
	}
	for (i = 0; i < mod->num_trace_markers; i++)
		site_add(&mod->trace_markers[i], false);
}

static bool sites_remove(struct trace_tap_marker *marker,
			 const struct module *mod)
{
	struct trace_tap_marker_site **site = &marker->sites;
	bool found = false;

	while (*site) {
		if (is_of_module(*site, mod)) {
			*site = (*site)->next;
			found = true;
		} else {
			site = &(*site)->next;
		}
	}
	return found;
}

/* Its code does not run any more: the sites need not be switched off. */
static void module_going(struct module *mod)
{
	struct trace_tap_marker *marker, *next;
	LIST_HEAD(leaving);

	list_for_each_entry_safe(marker, next, &markers, node) {
		if (sites_remove(marker, mod))
			marker_check(marker, &leaving);
	}
	markers_remove(&leaving);
}

static int marker_module_notify(struct notifier_block *self, unsigned long val,
				void *data)
{
	struct module *mod = data;

	if (!mod->num_trace_markers)
		return NOTIFY_OK;
	guard(mutex)(&event_mutex);
	switch (val) {
	case MODULE_STATE_COMING:
		module_coming(mod);
		break;
	case MODULE_STATE_GOING:
		module_going(mod);
		break;
	}
	return NOTIFY_OK;
}

/* Jump labels of the module are there before, by their priority */
static struct notifier_block marker_module_nb = {
	.notifier_call	= marker_module_notify,
};

static int __init marker_modules_init(void)
{
	return register_module_notifier(&marker_module_nb);
}
core_initcall(marker_modules_init);

#endif /* CONFIG_MODULES */
