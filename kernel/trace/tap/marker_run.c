// SPDX-License-Identifier: GPL-2.0
/*
 * tap: markers that are on: what they call.
 *
 *	in:	a site, and the values of its arguments, 64 bits each
 *	out:	a record of its event, in each instance that wants it and for perf
 *
 * The probe of a TRACE_EVENT() does the same: it asks for triggers, early
 * actions and pids, reserves, fills in, commits. That much is inlined here, as
 * those it calls count frames: a stack begins at the site.
 *
 * Strings are read twice, to know how long the record gets, and to copy them. In
 * between they may change, or go: what is copied is what can be read then, and
 * never more than was counted.
 *
 * Context: any, NMI included.
 */
#include <linux/context_tracking.h>
#include <linux/rculist.h>
#include <linux/stdarg.h>
#include <linux/uaccess.h>

#include "../trace.h"
#include "marker.h"

/**
 * struct fired - a marker that fires
 * @marker: its event
 * @site: where
 * @dynamic: bytes of all strings, once they are counted; 0 if there are none
 * @counted: they are
 * @value: the arguments
 * @len: bytes of each string, its NUL included
 */
struct fired {
	const struct trace_tap_marker		*marker;
	const struct trace_tap_marker_site	*site;
	unsigned int				dynamic;
	bool					counted;
	u64					value[TRACE_TAP_MARKER_ARGS];
	u16					len[TRACE_TAP_MARKER_ARGS];
};

/* ------------------------------------------------------------------ strings */

/* Bytes up to the NUL, at most @max; -1 if they cannot be read. */
static int count_string(const char *s, int max)
{
	int n = 0;
	char c;

	if (!copy_from_kernel_nofault_allowed(s, max))
		return -1;
	pagefault_disable();
	while (n < max) {
		__get_kernel_nofault(&c, s + n, char, fault);
		if (!c)
			break;
		n++;
	}
	pagefault_enable();
	return n;
fault:
	pagefault_enable();
	return -1;
}

/* How long the strings are; what is said in the place of those there are not. */
static noinline void count_strings(struct fired *f)
{
	const struct trace_tap_marker *marker = f->marker;
	unsigned int left = TRACE_TAP_MARKER_STRINGS;
	unsigned int i, max;
	const char *s;
	int n;

	f->dynamic = 0;
	for (i = 0; i < marker->nr; i++) {
		if (marker->field[i].kind != TRACE_TAP_MARKER_STRING)
			continue;
		max = min(left, TRACE_TAP_MARKER_STRLEN) - 1;
		n = trace_tap_marker_arg_size(f->site->info->arg[i]);
		if (n)
			max = min_t(unsigned int, max, n);
		s = (const char *)(unsigned long)f->value[i];
		n = s ? count_string(s, max) : -1;
		if (n < 0) {
			s = s ? "(fault)" : "(null)";
			f->value[i] = (unsigned long)s;
			n = min_t(unsigned int, left - 1, strlen(s));
		}
		f->len[i] = n + 1;
		f->dynamic += n + 1;
		/* One byte for each of the others remains */
		left = max_t(int, left - (n + 1), 1);
	}
	f->counted = true;
}

static void copy_string(char *to, const char *from, unsigned int len)
{
	if (copy_from_kernel_nofault(to, from, len - 1))
		memset(to, 0, len);
	to[len - 1] = 0;
}

/* ------------------------------------------------------------------- record */

static void fill_args(void *rec, const struct fired *f)
{
	const struct trace_tap_marker *marker = f->marker;
	unsigned int end = marker->size;
	unsigned int i;

	for (i = 0; i < marker->nr; i++) {
		const struct trace_tap_marker_field *field = &marker->field[i];
		u64 value = f->value[i];
		void *to = rec + field->offset;

		if (field->kind == TRACE_TAP_MARKER_STRING) {
			copy_string(rec + end, (void *)(unsigned long)value,
				    f->len[i]);
			value = end | f->len[i] << 16;
			end += f->len[i];
		}
		switch (field->size) {
		case 1:
			*(u8 *)to = value;
			break;
		case 2:
			*(u16 *)to = value;
			break;
		case 4:
			*(u32 *)to = value;
			break;
		default:
			*(u64 *)to = value;
		}
	}
}

static __always_inline unsigned int record_size(struct fired *f, bool args)
{
	if (!args)
		return sizeof(struct trace_tap_marker_entry);
	if (f->marker->nr_strings && !f->counted)
		count_strings(f);
	return f->marker->size + f->dynamic;
}

static __always_inline void fill(struct trace_tap_marker_entry *entry,
				 struct fired *f, bool args)
{
	/* Of what calls the function that all of this is inlined into */
	entry->ip = _RET_IP_;
	if (args)
		fill_args(entry, f);
}

static __always_inline void fire_trace(struct fired *f, bool args)
{
	struct trace_event_buffer fbuffer __uninitialized;
	const struct trace_tap_marker_link *link;
	struct trace_tap_marker_entry *entry;

	hlist_for_each_entry_rcu(link, &f->marker->files, node) {
		if (trace_trigger_soft_disabled(link->file))
			continue;
		entry = trace_event_buffer_reserve(&fbuffer, link->file,
						   record_size(f, args));
		if (!entry)
			continue;
		fill(entry, f, args);
		trace_event_buffer_commit(&fbuffer);
	}
}

#ifdef CONFIG_PERF_EVENTS
static __always_inline void fire_perf(struct fired *f, bool args)
{
	const struct trace_event_call *call = &f->marker->call;
	struct trace_tap_marker_entry *entry;
	struct hlist_head *head;
	struct pt_regs *regs;
	unsigned int size;
	int rctx;

	head = this_cpu_ptr(call->perf_events);
	if (hlist_empty(head))
		return;
	size = ALIGN(record_size(f, args) + sizeof(u32), sizeof(u64)) -
	       sizeof(u32);
	entry = perf_trace_buf_alloc(size, &regs, &rctx);
	if (!entry)
		return;
	perf_fetch_caller_regs(regs);
	fill(entry, f, args);
	perf_trace_buf_submit(entry, size, rctx, call->event.type, 1, regs,
			      head, NULL);
}
#else
static inline void fire_perf(struct fired *f, bool args)
{
}
#endif

/* What follows is done by the function that the site calls, see above. */
static __always_inline void fire(struct fired *f, bool args)
{
	fire_trace(f, args);
	if (unlikely(f->marker->perf))
		fire_perf(f, args);
}

static __always_inline bool rcu_watches(void)
{
#ifdef CONFIG_CONTEXT_TRACKING_IDLE
	return rcu_is_watching_curr_cpu();
#else
	return true;
#endif
}

/*
 * Disables preemption, which keeps the event there. NULL if it is going, or
 * where RCU would not know.
 */
static __always_inline const struct trace_tap_marker *
fire_begin(const struct trace_tap_marker_site *site)
{
	preempt_disable_notrace();
	if (unlikely(!rcu_watches()))
		return NULL;
	return READ_ONCE(site->marker);
}

/**
 * trace_tap_marker_fire - a TRACE_MARKER() without arguments is on
 * @site: it
 */
void trace_tap_marker_fire(struct trace_tap_marker_site *site)
{
	struct fired f __uninitialized;

	f.marker = fire_begin(site);
	if (likely(f.marker))
		fire(&f, false);
	preempt_enable_notrace();
}
EXPORT_SYMBOL_GPL(trace_tap_marker_fire);

/**
 * trace_tap_marker_fire_args - a TRACE_MARKER() with arguments is on
 * @site: it
 * @...: u64 of each argument
 */
void trace_tap_marker_fire_args(struct trace_tap_marker_site *site, ...)
{
	struct fired f __uninitialized;
	unsigned int i;
	va_list ap;

	f.marker = fire_begin(site);
	if (likely(f.marker)) {
		f.site = site;
		f.dynamic = 0;
		f.counted = false;
		va_start(ap, site);
		for (i = 0; i < f.marker->nr; i++)
			f.value[i] = va_arg(ap, u64);
		va_end(ap);
		fire(&f, true);
	}
	preempt_enable_notrace();
}
EXPORT_SYMBOL_GPL(trace_tap_marker_fire_args);
