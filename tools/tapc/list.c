// SPDX-License-Identifier: GPL-2.0
/*
 * What can be probed: tapc -l, and with fields and arguments, tapc -lv.
 *
 *	$ tapc -lv 't:sched:*_exit'
 *	tracepoint:sched:sched_process_exit
 *	    char comm[16]
 *	    pid_t pid
 *	    int prio
 *
 * A pattern is a probe as scripts have it; or, with wildcards, for which whole
 * names are compared, or a part of one. As bpftrace shows it, and below "=" what
 * a probe of a provider is here.
 */
#include <fnmatch.h>
#include <unistd.h>

#include "tapc.h"

/* The fields of an event, the parameters of a function. */
static void write_details(struct tapc *tc, FILE *out, const struct target *t)
{
	const struct field *f;
	const struct member *m;
	struct event *event;
	struct type *type;

	if (t->provided) {
		fprintf(out, "    = %s\n", tapc_place_name(tc, t));
		tapc_write_provided(out, t->provided);
		if (!t->provided->has_fields)
			return;
	}
	if (t->provider == P_TRACEPOINT) {
		event = tapc_event(tc, t->scope, t->name);
		for (f = event ? event->fields : NULL; f; f = f->next) {
			if (f->is_common)
				continue;
			fputs("    ", out);
			tapc_write_field(out, f);
			fputc('\n', out);
		}
	}
	type = t->attach->form == FORM_FUNC ? tapc_btf_function(tc, t->name) :
					      NULL;
	for (m = type ? type->members : NULL; m; m = m->next) {
		fputs("    ", out);
		tapc_write_type(out, m->type);
		fprintf(out, " %s\n", m->name);
	}
	if (type && type->to->kind != T_VOID) {
		fputs("    ", out);
		tapc_write_type(out, type->to);
		fputs(" retval\n", out);
	}
}

/* Places, if there is a @glob those that have this name. */
static void write_targets(struct tapc *tc, FILE *out, const struct target *t,
			  const char *glob, bool is_verbose)
{
	const char *name, *last = "";

	for (; t; t = t->next) {
		name = tapc_target_name(tc, t);
		if (glob && fnmatch(glob, name, 0))
			continue;
		/* A probe of a provider may be several of the kernel's. */
		if (strcmp(name, last))
			fprintf(out, "%s\n", name);
		last = name;
		if (is_verbose)
			write_details(tc, out, t);
	}
}

static void write_list(struct tapc *tc, FILE *out, const struct attach *a,
		       const char *glob, bool is_verbose)
{
	write_targets(tc, out, tapc_expand_one(tc, a, (struct loc){}, true),
		      glob, is_verbose);
}

/* What providers have that is possible here. */
static void write_provided(struct tapc *tc, FILE *out, const char *glob,
			   bool is_verbose)
{
	const struct word *w;
	const char *why;

	for (w = tapc_provided_names(tc, glob); w; w = w->next)
		write_targets(tc, out,
			      tapc_provide(tc, w->text, (struct loc){}, &why),
			      NULL, is_verbose);
}

/* "sched:*", "t:sched:*", "*open*" or "open" to a glob of whole names. */
static char *whole_name(struct tapc *tc, const char *pattern, bool is_bare)
{
	const char *rest = strchr(pattern, ':');

	if (rest)
		return tapc_format(tc, "tracepoint:%s",
				   is_bare ? pattern : rest + 1);
	return tapc_format(tc, tapc_has_wildcard(pattern) ? "*:%s" : "*%s*",
			   pattern);
}

/**
 * tapc_list - show what can be probed
 * @tc: the run
 * @out: where to
 * @pattern: which; "" is all events and functions
 * @is_verbose: with fields and parameters
 */
void tapc_list(struct tapc *tc, FILE *out, const char *pattern,
	       bool is_verbose)
{
	static const struct attach events = {
		.provider = P_TRACEPOINT, .form = FORM_EVENT,
		.has_wildcard = true, .scope = "*", .name = "*",
	};
	static const struct attach functions = {
		.provider = P_KPROBE, .form = FORM_FUNC,
		.has_wildcard = true, .name = "*",
	};
	size_t len = strcspn(pattern, ":");
	enum provider provider = tapc_find_provider(pattern, len);
	bool is_event = provider == P_BARE || provider == P_TRACEPOINT;
	struct loc pos = { .line = 1, .col = 1 };
	const char *glob;

	if (pattern[len] && (!is_event || !tapc_has_wildcard(pattern))) {
		pos.file = tapc_add_source(tc, "-l", pattern);
		write_list(tc, out, tapc_parse_attach(tc, pattern, pos), NULL,
			   is_verbose);
		return;
	}
	glob = whole_name(tc, pattern, provider == P_BARE);
	write_list(tc, out, &events, glob, is_verbose);
	if (provider == P_BARE)
		write_provided(tc, out, pattern[len] ? pattern : glob,
			       is_verbose);
	/* Where nothing says which functions there are, none are shown. */
	if (!pattern[len] && !access(tc->machine.functions, R_OK))
		write_list(tc, out, &functions, glob, is_verbose);
}
