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
 *
 * Return: whether the event can fetch registers.
 */
bool gen_has_registers(void)
{
	switch (gen.target->provider) {
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

static bool can_fetch(void)
{
	switch (gen.target->provider) {
	case P_FENTRY:
	case P_FEXIT:
	case P_RAWTRACEPOINT:
		return true;
	}
	return gen_has_registers() || gen.is_derived;
}

/* A name of letters and digits after some text. */
static char *name_of(const char *text, size_t max)
{
	char *name = gen_alloc(max + 8), *p = name;

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

static bool has_fetch(const char *name)
{
	const struct fetch *f;

	for (f = gen.fetches; f; f = f->next)
		if (!strcmp(f->name, name))
			return true;
	return false;
}

/**
 * gen_args_name - the operand that a field of the event is
 * @name: of the field
 *
 * Return: "args.NAME".
 */
const char *gen_args_name(const char *name)
{
	return gen_format("args.%s", name);
}

/**
 * gen_fetch - ask the event for something
 * @text: fetch argument with its type
 * @hint: what it could be called
 *
 * Return: "args.NAME", the operand for it.
 */
const char *gen_fetch(const char *text, const char *hint)
{
	struct fetch **tail = &gen.fetches;
	const char *name, *base;
	unsigned int nr = 2;

	if (gen.is_peek)
		return "";
	if (strlen(text) > MAX_FETCH)
		gen_fail(gen.node->pos, ERR_FAR);
	if (!can_fetch()) {
		if (gen.target->provider == P_BEGIN ||
		    gen.target->provider == P_END)
			gen_fail(gen.node->pos, ERR_FETCH_HERE);
		gen.wants_derived = true;
	}
	for (; *tail; tail = &(*tail)->next)
		if (!strcmp((*tail)->text, text))
			return gen_args_name((*tail)->name);
	if (gen.nr_fetches == MAX_FETCHES)
		gen_fail(gen.node->pos, ERR_FETCHES, MAX_FETCHES);
	base = name_of(hint, MAX_FETCH_NAME);
	for (name = base; has_fetch(name); nr++)
		name = gen_format("%s_%u", base, nr);
	*tail = gen_alloc(sizeof(**tail));
	(*tail)->name = name;
	(*tail)->text = text;
	gen.nr_fetches++;
	return gen_args_name(name);
}

static const char *fetch_args(void)
{
	const struct fetch *f;
	const char *text = "";

	for (f = gen.fetches; f; f = f->next)
		text = gen_format("%s %s=%s", text, f->name, f->text);
	return text;
}

/* ------------------------------------------------------------------- places */

static const char *function(void)
{
	const struct target *t = gen.target;
	const char *place;

	if (!*t->name)
		return gen_format("0x%llx",
				   (unsigned long long)t->value);
	place = t->name;
	if (t->scope && !strchr(t->scope, '*') &&
	    strcmp(t->scope, "vmlinux"))
		place = gen_format("%s:%s", t->scope, place);
	if (t->offset)
		place = gen_format("%s+%llu", place,
				   (unsigned long long)t->offset);
	return place;
}

static const char *user_place(void)
{
	const struct target *t = gen.target;
	const char *place;

	place = gen_format("%s:0x%llx", t->scope,
			   (unsigned long long)t->offset);
	if (t->semaphore)
		place = gen_format("%s(0x%llx)", place,
				   (unsigned long long)t->semaphore);
	return place;
}

static const char *period(void)
{
	const struct target *t = gen.target;

	return gen_format("%llu%s%s", (unsigned long long)t->value,
			   t->is_rate ? "hz" : "ns",
			   t->provider == P_PROFILE ? " percpu" : "");
}

/* What stands in front of the name, and what behind it; NULL: no such event. */
static const char *place_of(const char **type)
{
	const struct target *t = gen.target;

	*type = "p";
	switch (t->provider) {
	case P_KPROBE:
		return function();
	case P_KRETPROBE:
		*type = "r";
		return function();
	case P_FENTRY:
		*type = "f";
		return t->name;
	case P_FEXIT:
		*type = "f";
		return gen_format("%s%%return", t->name);
	case P_RAWTRACEPOINT:
		*type = "t";
		return t->name;
	case P_URETPROBE:
		*type = "r";
		return user_place();
	case P_UPROBE:
	case P_USDT:
		return user_place();
	case P_INTERVAL:
	case P_PROFILE:
		*type = "i";
		return period();
	}
	return NULL;
}

static bool name_taken(const char *name)
{
	const struct dynevent *d;

	for (d = gen.unit->events; d; d = d->next)
		if (!strcmp(strchr(d->name, '/') + 1, name))
			return true;
	return false;
}

static struct dynevent *add_event(const char *type,
				  const char *place, const char *args)
{
	struct dynevent **tail = &gen.unit->events, *d;
	const char *target = tapc_target_name(gen.tc, gen.target);
	const char *slash = strrchr(target, '/');
	unsigned int nr = 2;
	char *name;

	/* of a path only the file: the name is short */
	if (slash && strchr(target, ':'))
		target = gen_format("%.*s_%s",
				    (int)strcspn(target, ":"), target,
				     slash + 1);
	name = name_of(target, MAX_EVENT_NAME - 6);
	target = name;
	while (name_taken(name))
		name = gen_format("%s_%u", target, nr++);
	d = gen_alloc(sizeof(*d));
	d->name = gen_format("%s/%s", UNIT_GROUP, name);
	d->line = gen_format("%s:%s %s%s", type, d->name, place, args);
	d->target = gen.target;
	d->is_alone = gen.is_alone;
	while (*tail)
		tail = &(*tail)->next;
	*tail = d;
	return d;
}

/**
 * gen_probe_event - the event that runs the program that has been written
 *
 * Sets @system and @name of the event.
 *
 * Return: the event if it has to be made, else NULL.
 */
struct dynevent *gen_probe_event(void)
{
	struct dynevent *d = NULL;
	const char *type, *place = place_of(&type);
	bool is_timer = place && *type == 'i';

	gen.system = gen.target->scope;
	gen.name = gen.target->name;
	if (place) {
		d = add_event(type, place, is_timer ? "" : fetch_args());
		gen.system = UNIT_GROUP;
		gen.name = strchr(d->name, '/') + 1;
	}
	if (!gen.is_derived)
		return d;
	place = gen_format("%s.%s", gen.system, gen.name);
	d = add_event("e", place, fetch_args());
	gen.system = UNIT_GROUP;
	gen.name = strchr(d->name, '/') + 1;
	return d;
}
