/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: markers: what a TRACE_MARKER() becomes, see include/trace/marker.h.
 *
 *	section __trace_markers			events/markers/
 *
 *	struct trace_tap_marker_site  fs/a.c:10	--+
 *	struct trace_tap_marker_site  fs/b.c:20	--+--> struct trace_tap_marker
 *	struct trace_tap_marker_site  (a module)  --+	  .files: who wants records
 *
 *	marker.c	sites find their event; events come and go; modules
 *	marker_field.c	text of arguments -> names; layout and format of the record
 *	marker_run.c	a site that is on: makes the record
 */
#ifndef _TRACE_TAP_MARKER_H
#define _TRACE_TAP_MARKER_H

#include <linux/list.h>
#include <linux/trace_events.h>
#include <trace/marker.h>

/* Bytes of one string in a record, its NUL included; those beyond are cut. */
#define TRACE_TAP_MARKER_STRLEN		1024

/* Bytes of all strings: a record of 12 fits into any page. */
#define TRACE_TAP_MARKER_STRINGS	3072

/**
 * struct trace_tap_marker_field - an argument in the record; immutable
 * @name: of the field
 * @kind: what it is
 * @size: bytes of it
 * @offset: in the record
 */
struct trace_tap_marker_field {
	const char			*name;
	enum trace_tap_marker_kind	kind;
	u8				size;
	u16				offset;
};

/**
 * struct trace_tap_marker - an event; immutable but for what has a lock
 * @node: in the list of all; event_mutex
 * @class: of @call alone
 * @call: the event
 * @files: struct trace_tap_marker_link: the instances that want it; RCU,
 *	changed under event_mutex
 * @sites: where it is fired; event_mutex
 * @users: links in @files, and perf; event_mutex
 * @perf: perf wants it
 * @is_leaving: it is being removed; event_mutex
 * @place: where the first site is, or was: it may be in a module that is gone
 * @size: bytes of a record without its strings
 * @nr: fields
 * @nr_strings: those that are strings
 * @field: the fields, behind ip
 */
struct trace_tap_marker {
	struct list_head		node;
	struct trace_event_class	class;
	struct trace_event_call		call;
	struct hlist_head		files;
	struct trace_tap_marker_site	*sites;
	unsigned int			users;
	bool				perf;
	bool				is_leaving;
	char				*place;
	u16				size;
	u8				nr;
	u8				nr_strings;
	struct trace_tap_marker_field	field[] __counted_by(nr);
};

/**
 * struct trace_tap_marker_link - an instance that wants the event
 * @node: in trace_tap_marker.files
 * @rcu: for freeing
 * @file: the event there
 */
struct trace_tap_marker_link {
	struct hlist_node	node;
	struct rcu_head		rcu;
	struct trace_event_file	*file;
};

/* How each record begins. */
struct trace_tap_marker_entry {
	struct trace_entry	ent;
	unsigned long		ip;
};

static inline struct trace_tap_marker *
trace_tap_marker_of(struct trace_event_call *call)
{
	return container_of(call, struct trace_tap_marker, call);
}

static inline enum trace_tap_marker_kind trace_tap_marker_arg_kind(u16 arg)
{
	return arg & (BIT(TRACE_TAP_MARKER_KIND_BITS) - 1);
}

static inline unsigned int trace_tap_marker_arg_size(u16 arg)
{
	return arg >> TRACE_TAP_MARKER_KIND_BITS;
}

extern struct trace_tap_marker_site __start_trace_markers[];
extern struct trace_tap_marker_site __stop_trace_markers[];

#ifdef CONFIG_TRACE_TAP
void trace_tap_markers_init(void);
#else
static inline void trace_tap_markers_init(void) {}
#endif

/* ---------------------------------------------------------- trace_events.c */

int trace_tap_event_add_early(struct trace_event_call *call);
bool trace_tap_event_has_triggers(struct trace_event_call *call);
void trace_tap_event_remove(struct trace_event_call *call);

/* ---------------------------------------------------------- marker_field.c */

char *trace_tap_marker_names(const char *args, unsigned int nr,
			     const char **names);
int trace_tap_marker_fields(struct trace_tap_marker *marker,
			    const struct trace_tap_marker_info *info);
void trace_tap_marker_fields_free(struct trace_tap_marker *marker);
bool trace_tap_marker_fields_agree(const struct trace_tap_marker *a,
				   const struct trace_tap_marker *b);
int trace_tap_marker_set_print_fmt(struct trace_tap_marker *marker);
int trace_tap_marker_define_fields(struct trace_event_call *call);
enum print_line_t trace_tap_marker_print(struct trace_iterator *iter, int flags,
					 struct trace_event *event);

#endif /* _TRACE_TAP_MARKER_H */
