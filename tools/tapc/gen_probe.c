// SPDX-License-Identifier: GPL-2.0
/*
 * The events that probes are made of: lines for dynamic_events.
 *
 *	kprobe:vfs_read, arg0		p:tapc_GROUP/kprobe_vfs_read vfs_read
 *						arg1=$arg1:u64
 *	interval:s:1			i:tapc_GROUP/interval_s_1 1000000000ns
 *	tracepoint:a:b, a struct	e:tapc_GROUP/b a.b skb=+8($skbaddr):u64
 *
 * What the event fetches is known when the program is written, so the line is
 * made after it. A tracepoint's event fetches nothing; where something behind
 * its pointers is asked for, an event probe on it does, and has the program.
 */
#include "gen.h"

/* Bytes of names that the kernel takes. */
#define MAX_EVENT_NAME	60
#define MAX_FETCH_NAME	28
/* Bytes of a fetch argument, and how many an event can have. */
#define MAX_FETCH	63
#define MAX_FETCHES	128

/**
 * gen_has_registers - whether a probe is somewhere in code
 * @g: translation
 *
 * Return: whether the event can fetch registers.
 */
bool gen_has_registers(struct gen *g)
{
	switch (g->target->provider) {
	case P_KPROBE:
	case P_KRETPROBE:
	case P_UPROBE:
	case P_URETPROBE:
	case P_USDT:
		return true;
	}
	return false;
}

/* Latin-1, which isalnum() takes, is in no name. */
static bool is_name_char(char c)
{
	return !(c & 0x80) && isalnum(c);
}

static bool can_fetch(struct gen *g)
{
	switch (g->target->provider) {
	case P_FENTRY:
	case P_FEXIT:
	case P_RAWTRACEPOINT:
		return true;
	}
	return gen_has_registers(g) || g->is_derived;
}

/* A name of letters and digits after some text. */
static char *name_of(struct gen *g, const char *text, size_t max)
{
	char *name = tapc_alloc(g->tc, max + 8), *p = name;

	for (; *text && (size_t)(p - name) < max; text++) {
		if (is_name_char(*text))
			*p++ = *text;
		else if (p > name && p[-1] != '_')
			*p++ = '_';
	}
	while (p > name && p[-1] == '_')
		p--;
	*p = '\0';
	if (!*name || isdigit((unsigned char)*name)) {
		memmove(name + 1, name, strlen(name) + 1);
		*name = 'x';
	}
	return name;
}

static bool has_fetch(struct gen *g, const char *name)
{
	const struct fetch *f;

	for (f = g->fetches; f; f = f->next)
		if (!strcmp(f->name, name))
			return true;
	return false;
}

/**
 * gen_args_name - the operand that a field of the event is
 * @g: translation
 * @name: of the field
 *
 * Return: "args.NAME".
 */
const char *gen_args_name(struct gen *g, const char *name)
{
	return tapc_format(g->tc, "args.%s", name);
}

/**
 * gen_fetch - ask the event for something
 * @g: translation
 * @text: fetch argument with its type
 * @hint: what it could be called
 *
 * Return: "args.NAME", the operand for it.
 */
const char *gen_fetch(struct gen *g, const char *text, const char *hint)
{
	struct fetch **tail = &g->fetches;
	const char *name, *base;
	unsigned int nr = 2;

	if (g->is_peek)
		return "";
	if (strlen(text) > MAX_FETCH)
		tapc_fail(g->tc, g->node->pos, ERR_FAR);
	if (!can_fetch(g)) {
		if (g->target->provider == P_BEGIN ||
		    g->target->provider == P_END)
			tapc_fail(g->tc, g->node->pos, ERR_FETCH_HERE);
		g->wants_derived = true;
	}
	for (; *tail; tail = &(*tail)->next)
		if (!strcmp((*tail)->text, text))
			return gen_args_name(g, (*tail)->name);
	if (g->nr_fetches == MAX_FETCHES)
		tapc_fail(g->tc, g->node->pos, ERR_FETCHES, MAX_FETCHES);
	base = name_of(g, hint, MAX_FETCH_NAME);
	for (name = base; has_fetch(g, name); nr++)
		name = tapc_format(g->tc, "%s_%u", base, nr);
	*tail = tapc_alloc(g->tc, sizeof(**tail));
	(*tail)->name = name;
	(*tail)->text = text;
	g->nr_fetches++;
	return gen_args_name(g, name);
}

static const char *fetch_args(struct gen *g)
{
	const struct fetch *f;
	const char *text = "";

	for (f = g->fetches; f; f = f->next)
		text = tapc_format(g->tc, "%s %s=%s", text, f->name, f->text);
	return text;
}

/* ------------------------------------------------------------------- places */

static const char *function(struct gen *g)
{
	const struct target *t = g->target;
	const char *place;

	if (!*t->name)
		return tapc_format(g->tc, "0x%llx",
				   (unsigned long long)t->value);
	place = t->name;
	if (t->scope && !strchr(t->scope, '*') &&
	    strcmp(t->scope, "vmlinux"))
		place = tapc_format(g->tc, "%s:%s", t->scope, place);
	if (t->offset)
		place = tapc_format(g->tc, "%s+%llu", place,
				    (unsigned long long)t->offset);
	return place;
}

static const char *user_place(struct gen *g)
{
	const struct target *t = g->target;
	const char *place;

	place = tapc_format(g->tc, "%s:0x%llx", t->scope,
			    (unsigned long long)t->offset);
	if (t->semaphore)
		place = tapc_format(g->tc, "%s(0x%llx)", place,
				    (unsigned long long)t->semaphore);
	return place;
}

static const char *period(struct gen *g)
{
	const struct target *t = g->target;

	return tapc_format(g->tc, "%llu%s%s", (unsigned long long)t->value,
			   t->is_rate ? "hz" : "ns",
			   t->provider == P_PROFILE ? " percpu" : "");
}

/* What stands in front of the name, and what behind it; NULL: no such event. */
static const char *place_of(struct gen *g, const char **type)
{
	const struct target *t = g->target;

	*type = "p";
	switch (t->provider) {
	case P_KPROBE:
		return function(g);
	case P_KRETPROBE:
		*type = "r";
		return function(g);
	case P_FENTRY:
		*type = "f";
		return t->name;
	case P_FEXIT:
		*type = "f";
		return tapc_format(g->tc, "%s%%return", t->name);
	case P_RAWTRACEPOINT:
		*type = "t";
		return t->name;
	case P_URETPROBE:
		*type = "r";
		return user_place(g);
	case P_UPROBE:
	case P_USDT:
		return user_place(g);
	case P_INTERVAL:
	case P_PROFILE:
		*type = "i";
		return period(g);
	}
	return NULL;
}

static bool name_taken(struct gen *g, const char *name)
{
	const struct dynevent *d;

	for (d = g->unit->events; d; d = d->next)
		if (!strcmp(strchr(d->name, '/') + 1, name))
			return true;
	return false;
}

static struct dynevent *add_event(struct gen *g, const char *type,
				  const char *place, const char *args)
{
	struct dynevent **tail = &g->unit->events, *d;
	const char *target = tapc_target_name(g->tc, g->target);
	const char *slash = strrchr(target, '/');
	unsigned int nr = 2;
	char *name;

	/* of a path only the file: the name is short */
	if (slash && strchr(target, ':'))
		target = tapc_format(g->tc, "%.*s_%s",
				     (int)strcspn(target, ":"), target,
				     slash + 1);
	name = name_of(g, target, MAX_EVENT_NAME - 6);
	target = name;
	while (name_taken(g, name))
		name = tapc_format(g->tc, "%s_%u", target, nr++);
	d = tapc_alloc(g->tc, sizeof(*d));
	d->name = tapc_format(g->tc, "%s/%s", UNIT_GROUP, name);
	d->line = tapc_format(g->tc, "%s:%s %s%s", type, d->name, place, args);
	d->target = g->target;
	d->is_alone = g->is_alone;
	while (*tail)
		tail = &(*tail)->next;
	*tail = d;
	return d;
}

/**
 * gen_probe_event - the event that runs the program that has been written
 * @g: translation; out: @system and @name of the event
 *
 * Return: the event if it has to be made, else NULL.
 */
struct dynevent *gen_probe_event(struct gen *g)
{
	struct dynevent *d = NULL;
	const char *type, *place = place_of(g, &type);
	bool is_timer = place && *type == 'i';

	g->system = g->target->scope;
	g->name = g->target->name;
	if (place) {
		d = add_event(g, type, place, is_timer ? "" : fetch_args(g));
		g->system = UNIT_GROUP;
		g->name = strchr(d->name, '/') + 1;
	}
	if (!g->is_derived)
		return d;
	place = tapc_format(g->tc, "%s.%s", g->system, g->name);
	d = add_event(g, "e", place, fetch_args(g));
	g->system = UNIT_GROUP;
	g->name = strchr(d->name, '/') + 1;
	return d;
}
