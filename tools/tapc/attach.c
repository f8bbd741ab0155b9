// SPDX-License-Identifier: GPL-2.0
/*
 * What a probe attaches to: wildcards to places, and are these there?
 *
 *	in:	tracepoint:sched:sched_w*, kprobe:vfs_raed
 *	out:	TRACEPOINT sched sched_wait_task
 *		TRACEPOINT sched sched_wakeup
 *		TRACEPOINT sched sched_waking
 *		warning: there is no function 'vfs_raed' to probe: did you
 *		mean 'vfs_read'?
 *
 * Places come in the order of their names. One that is missing in a list is a
 * warning, alone an error. Whether a function is there is not looked up in the
 * tens of thousands of this machine's: it will be seen when the probe is made.
 */
#include <errno.h>
#include <fnmatch.h>

#include "tapc.h"

/**
 * struct expansion - one probe of the script in progress
 * @tc: the run
 * @attach: the probe
 * @pos: where
 * @missing: says that something is not there: tapc_fail() if there is no other
 *	probe, else tapc_warn()
 * @tail: where the next place goes
 * @nr: places
 */
struct expansion {
	struct tapc		*tc;
	const struct attach	*attach;
	struct loc		pos;
	void			(*missing)(struct tapc *tc, struct loc pos,
					   const char *fmt, ...) __printf(3, 4);
	struct target		**tail;
	unsigned int		nr;
};

static void count(struct expansion *x)
{
	/* Lists that are only shown begin nowhere. */
	if (x->nr++ == MAX_TARGETS && x->pos.line)
		tapc_fail(x->tc, x->pos, ERR_TOO_MANY, x->attach->text,
			  MAX_TARGETS);
}

static struct target *add(struct expansion *x, const char *scope,
			  const char *name)
{
	const struct attach *a = x->attach;
	struct target *t = tapc_alloc(x->tc, sizeof(*t));

	count(x);
	t->attach = a;
	t->pos = x->pos;
	t->provider = a->provider == P_BARE ? P_TRACEPOINT : a->provider;
	t->is_rate = a->is_rate;
	t->scope = scope;
	t->name = name;
	t->offset = a->offset;
	t->value = a->value;
	*x->tail = t;
	x->tail = &t->next;
	return t;
}

static const char *suggest_word(struct suggestion *s, const char *word,
				const struct word *list)
{
	*s = (struct suggestion){ .word = word };
	for (; list; list = list->next) {
		/* It may be there, but in another namespace. */
		if (strcmp(list->text, word))
			tapc_offer(s, list->text);
	}
	return tapc_suggest(s);
}

/* ------------------------------------------------------------------ events */

/* The probe in full, as a provider calls it: "syscall:read:entry" */
static char *full_name(struct tapc *tc, const struct attach *a)
{
	return tapc_format(tc, "%s:%s%s%s", a->scope, a->name,
			   a->sub ? ":" : "", a->sub ?: "");
}

/* Names of providers, or what is behind these in the names of their probes. */
static struct word *add_provided(struct tapc *tc, struct word *list,
				 const char *provider)
{
	const char *glob = tapc_format(tc, "%s:*", provider ?: "*");
	const struct word *w;
	size_t len;

	for (w = tapc_provided_names(tc, glob); w; w = w->next) {
		len = strcspn(w->text, ":");
		list = tapc_add_word(tc, list, provider ? w->text + len + 1 :
					       tapc_strndup(tc, w->text, len));
	}
	return list;
}

/* One event that is not there: what is? */
static void missing_event(struct expansion *x)
{
	const struct attach *a = x->attach;
	const char *system = a->scope;
	const char *name = full_name(x->tc, a) + strlen(system) + 1;
	struct word *events = tapc_events(x->tc, system, "*"), *systems;
	bool is_bare = a->provider == P_BARE;
	struct suggestion s;

	if (is_bare)
		events = add_provided(x->tc, events, system);
	if (!events) {
		systems = tapc_systems(x->tc, "*");
		if (is_bare)
			systems = add_provided(x->tc, systems, NULL);
		x->missing(x->tc, x->pos, ERR_NO_SYSTEM, system,
			suggest_word(&s, system, systems));
	} else {
		x->missing(x->tc, x->pos, ERR_NO_EVENT, system, name,
			suggest_word(&s, name, events));
	}
}

/* A probe of a provider; false if there is none of this name. */
static bool provide(struct expansion *x, const char *name)
{
	const char *why;

	*x->tail = tapc_provide(x->tc, name, x->pos, &why);
	if (!*x->tail && *why && !x->attach->has_wildcard)
		x->missing(x->tc, x->pos, ERR_NOT_HERE, name, why);
	for (; *x->tail; x->tail = &(*x->tail)->next)
		count(x);
	return x->nr || *why;
}

static void expand_event(struct expansion *x)
{
	const struct attach *a = x->attach;
	bool is_bare = a->provider == P_BARE;
	const struct word *system, *event;

	if (!a->has_wildcard) {
		if (!a->sub && tapc_has_event(x->tc, a->scope, a->name))
			add(x, a->scope, a->name);
		else if (!is_bare || !provide(x, full_name(x->tc, a)))
			missing_event(x);
		return;
	}
	for (system = a->sub ? NULL : tapc_systems(x->tc, a->scope); system;
	     system = system->next) {
		/* Its events are records that nothing can be attached to. */
		if (!strcmp(system->text, "ftrace"))
			continue;
		for (event = tapc_events(x->tc, system->text, a->name); event;
		     event = event->next)
			add(x, system->text, event->text);
	}
	if (!is_bare || x->nr)
		return;
	for (event = tapc_provided_names(x->tc, full_name(x->tc, a)); event;
	     event = event->next)
		provide(x, event->text);
}

/* --------------------------------------------------------------- functions */

static struct word *functions(struct expansion *x, const char *glob)
{
	struct word *list = tapc_functions(x->tc, x->attach->scope, glob);

	if (!list && errno)
		tapc_fail(x->tc, x->pos, ERR_NO_FUNCTIONS,
			  x->tc->machine.functions, strerror(errno));
	return list;
}

static void missing_function(struct expansion *x)
{
	struct suggestion s;

	x->missing(x->tc, x->pos, ERR_NO_FUNCTION, x->attach->name,
		suggest_word(&s, x->attach->name, functions(x, "*")));
}

/**
 * tapc_missing_function - say that a function of this machine is not there
 * @tc: the run
 * @target: a target that was unsure
 * @is_alone: it is the only one of its probe: an error, else a warning
 */
void tapc_missing_function(struct tapc *tc, const struct target *target,
			   bool is_alone)
{
	struct expansion x = {
		.tc = tc, .attach = target->attach, .pos = target->pos,
		.missing = is_alone ? tapc_fail : tapc_warn,
	};

	missing_function(&x);
}

static void expand_function(struct expansion *x)
{
	const struct attach *a = x->attach;
	const struct word *w;

	if (a->is_address) {
		add(x, a->scope, "");
	} else if (a->has_wildcard) {
		for (w = functions(x, a->name); w; w = w->next)
			add(x, a->scope, w->text);
	} else if (!x->tc->machine.has_functions) {
		add(x, a->scope, a->name)->is_unsure = true;
	} else if (functions(x, a->name)) {
		add(x, a->scope, a->name);
	} else {
		missing_function(x);
	}
}

/* --------------------------------------------------- programs and libraries */

static bool is_match(const struct attach *a, const struct symbol *s)
{
	if (s->args && a->sub && *a->sub && fnmatch(a->sub, s->scope, 0))
		return false;
	return a->has_wildcard ? !fnmatch(a->name, s->word.text, 0) :
				 !strcmp(a->name, s->word.text);
}

static void add_symbol(struct expansion *x, const char *path,
		       const struct symbol *s)
{
	const struct attach *a = x->attach;
	struct target *t;

	if (a->offset && a->offset >= s->size)
		tapc_fail(x->tc, x->pos, ERR_BEHIND,
			  (unsigned long long)a->offset, s->word.text,
			  (unsigned long long)s->size);
	t = add(x, path, s->word.text);
	t->offset += s->word.place;
	t->sub = s->scope;
	t->args = s->args;
	t->semaphore = s->semaphore;
}

static void expand_file(struct expansion *x, const char *path)
{
	const struct attach *a = x->attach;
	bool is_usdt = a->form == FORM_USDT;
	struct suggestion near;
	unsigned int nr = x->nr;
	const struct word *all, *w;

	if (a->is_address) {
		add(x, path, "")->offset = a->offset +
			tapc_file_offset(x->tc, path, a->value, x->pos);
		return;
	}
	all = tapc_symbols(x->tc, path, is_usdt, x->pos);
	for (w = all; w; w = w->next) {
		const struct symbol *s = container_of(w, struct symbol, word);

		if (is_match(a, s))
			add_symbol(x, path, s);
	}
	if (nr == x->nr && !a->has_wildcard)
		x->missing(x->tc, x->pos,
			   is_usdt ? ERR_NO_USDT : ERR_NO_SYMBOL, path, a->name,
			   suggest_word(&near, a->name, all));
}

static void expand_files(struct expansion *x)
{
	const struct word *file = tapc_find_binary(x->tc, x->attach->scope);

	if (!file)
		x->missing(x->tc, x->pos, ERR_NO_BINARY, x->attach->scope);
	for (; file; file = file->next)
		expand_file(x, file->text);
}

/* -------------------------------------------------------------------- all */

/* What to use instead of a provider that programs of events cannot have. */
static const char *instead(enum provider provider)
{
	switch (provider) {
	case P_RAWTRACEPOINT:
		return ERR_INSTEAD_RAW;
	case P_WATCHPOINT:
		return ERR_INSTEAD_WATCH;
	case P_ITER:
		return ERR_INSTEAD_ITER;
	default:
		return ERR_INSTEAD_COUNT;
	}
}

/**
 * tapc_expand_one - find what one probe of a list attaches to
 * @tc: the run
 * @attach: what the script says
 * @pos: where it does; zero to have no limit
 * @is_alone: it is the whole list: if there is nothing, the run ends
 *
 * Return: the places, or NULL.
 */
struct target *tapc_expand_one(struct tapc *tc, const struct attach *attach,
			       struct loc pos, bool is_alone)
{
	struct target *first = NULL;
	struct expansion x = {
		.tc = tc, .attach = attach, .pos = pos, .tail = &first,
		.missing = is_alone ? tapc_fail : tapc_warn,
	};

	switch (attach->form) {
	case FORM_EVENT:
		expand_event(&x);
		break;
	case FORM_FUNC:
		expand_function(&x);
		break;
	case FORM_USER:
	case FORM_USDT:
		expand_files(&x);
		break;
	case FORM_NONE:
	case FORM_TIMER:
		add(&x, NULL, "");
		break;
	default:
		tapc_fail(tc, pos, instead(attach->provider),
			  tapc_provider_name(attach->provider));
	}
	if (!first && attach->has_wildcard && pos.line)
		x.missing(tc, pos, ERR_NO_MATCH, attach->text);
	return first;
}

/**
 * tapc_expand - find what a probe attaches to
 * @tc: the run
 * @probe: a PROBE node
 *
 * Ends the run if there is nothing at all.
 *
 * Return: the places, in the order of the script.
 */
struct target *tapc_expand(struct tapc *tc, const struct node *probe)
{
	struct target *first = NULL, **tail = &first;
	const struct node *node;
	bool is_alone;

	for (node = probe->a; node; node = node->next) {
		/* Or all before it were missing, too. */
		is_alone = !first && !node->next;
		*tail = tapc_expand_one(tc, node->attach, node->pos, is_alone);
		while (*tail)
			tail = &(*tail)->next;
	}
	return first;
}

/* "interval:ms:100": the largest unit that there is a whole number of */
static char *timer_name(struct tapc *tc, const struct target *t)
{
	static const char units[][3] = { "s", "ms", "us", "ns", "hz" };
	u64 value = t->value, unit = 1000000000;
	unsigned int i = 0;

	if (t->is_rate) {
		unit = 1;
		i = 4;
	}
	for (; value % unit; unit /= 1000)
		i++;
	return tapc_format(tc, "%s:%s:%llu", tapc_provider_name(t->provider),
			   units[i], (unsigned long long)(value / unit));
}

/**
 * tapc_place_name - a place as a probe of the kernel
 * @tc: the run
 * @t: the place
 *
 * Return: "tracepoint:sched:sched_switch", "kprobe:vfs_read+4"
 */
const char *tapc_place_name(struct tapc *tc, const struct target *t)
{
	const struct attach *a = t->attach;
	const char *name = t->name, *offset = "";

	if (a->form == FORM_NONE)
		return t->provider == P_BEGIN ? "BEGIN" : "END";
	if (a->form == FORM_TIMER)
		return timer_name(tc, t);
	if (a->is_address)
		name = tapc_format(tc, "0x%llx", (unsigned long long)t->value);
	if (a->offset)
		offset = tapc_format(tc, "+%llu",
				     (unsigned long long)a->offset);
	return tapc_format(tc, "%s:%s%s%s%s%s%s",
			   tapc_provider_name(t->provider),
			   t->scope ?: "", t->scope ? ":" : "",
			   t->sub ?: "", t->sub ? ":" : "", name, offset);
}

/**
 * tapc_target_name - a place as a probe: what the builtin probe is
 * @tc: the run
 * @t: the place
 *
 * Return: tapc_place_name(), but "io:start" if the script has it from a provider.
 */
const char *tapc_target_name(struct tapc *tc, const struct target *t)
{
	return t->provided ? t->provided->name : tapc_place_name(tc, t);
}

/**
 * tapc_write_targets - show what all probes of a script attach to
 * @tc: the run
 * @out: where to
 * @tree: the script
 */
void tapc_write_targets(struct tapc *tc, FILE *out, const struct node *tree)
{
	const struct target *t;

	for (; tree; tree = tree->next) {
		if (tree->kind != N_PROBE)
			continue;
		for (t = tapc_expand(tc, tree); t; t = t->next) {
			fputs(tapc_target_name(tc, t), out);
			if (t->provided)
				fprintf(out, " = %s", tapc_place_name(tc, t));
			if (t->attach->form == FORM_USER ||
			    t->attach->form == FORM_USDT)
				fprintf(out, " offset=0x%llx",
					(unsigned long long)t->offset);
			if (t->semaphore)
				fprintf(out, " semaphore=0x%llx",
					(unsigned long long)t->semaphore);
			if (t->args)
				fprintf(out, " args=%s", t->args);
			fputs(t->is_unsure ? " ?\n" : "\n", out);
		}
		fputc('\n', out);
	}
}
