// SPDX-License-Identifier: GPL-2.0
/*
 * Probes that keep their name and arguments, whatever a kernel's events are
 * called and have: those of providers, which are text.
 *
 *	in:	io:start, and of the file providers/io
 *			io:start
 *				block:block_rq_issue	dev=args.dev bytes=args.bytes
 *				block:block_bio_queue	dev=args.dev
 *	out:	TRACEPOINT block block_rq_issue, provided: name "io:start",
 *		args (SETTING dev = args.dev), (SETTING bytes = args.bytes)
 *
 *	file:	   { probe { candidate } }
 *	probe:	   PROVIDER ":" NAME [ ":" NAME ] EOL, at the start of a line
 *	candidate: attach { "," attach } { NAME "=" expr | "args" } EOL, behind blanks
 *
 * The first candidate that fits is what the probe is: the event is there, and has
 * all fields that the expressions name. Of several events in one candidate those
 * that fit are all meant. "args" stands for the event's own fields. A "*" in the
 * probe's name is what the "*" in its events is. Empty lines, and lines that begin
 * with '#', are nothing.
 *
 * The user's files come first, then those installed, then those that were there
 * when tapc was made, so a file needs to have no more than what it changes. None
 * is read before a script has a probe that is no event.
 */
#include <errno.h>
#include <fnmatch.h>
#include <unistd.h>

#include "parse.h"

/**
 * struct candidate - what a probe may be
 * @next: what it is if this does not fit
 * @places: probes of the kernel, "block:block_rq_issue,block:block_bio_queue"
 * @args: its arguments, up to the end of the line
 * @start: start of the line
 * @line: its number
 */
struct candidate {
	struct candidate	*next;
	const char		*places;
	const char		*args;
	const char		*start;
	u32			line;
};

/**
 * struct definition - a probe of a provider
 * @next: the next one; several may have one name
 * @name: its name, may have a '*'
 * @candidates: what it may be
 * @file: index of its source
 */
struct definition {
	struct definition	*next;
	const char		*name;
	struct candidate	*candidates;
	u16			file;
};

/* ------------------------------------------------------------ reading files */

static void read_text(struct tapc *tc, struct definition ***tail,
		      const char *name, const char *text)
{
	struct loc pos = { .file = tapc_add_source(tc, name, text), .col = 1 };
	struct candidate **next = NULL, *c;
	struct definition *d;
	const char *p;
	size_t len;

	for (; *text; text = p + strcspn(p, "\n"), text += !!*text) {
		pos.line++;
		p = text + strspn(text, " \t");
		len = strcspn(p, " \t\n");
		if (!len || *p == '#')
			continue;
		if (p == text) {
			d = tapc_alloc(tc, sizeof(*d));
			d->name = tapc_strndup(tc, p, len);
			d->file = pos.file;
			**tail = d;
			*tail = &d->next;
			next = &d->candidates;
		}
		if (!next || (p == text && !strchr(d->name, ':')))
			tapc_fail(tc, pos, ERR_PROVIDER);
		if (p == text)
			continue;
		c = tapc_alloc(tc, sizeof(*c));
		c->places = tapc_strndup(tc, p, len);
		c->args = p + len;
		c->start = text;
		c->line = pos.line;
		*next = c;
		next = &c->next;
	}
}

/* All files of a folder, but not what editors leave. */
static bool read_folder(struct tapc *tc, struct definition ***tail,
			const char *path)
{
	struct word *file = tapc_read_files(tc, path, "*[!~]");
	char *name, *text;

	if (!file && errno)
		return false;
	for (; file; file = file->next) {
		name = tapc_format(tc, "%s/%s", path, file->text);
		text = tapc_read_file(tc, name);
		if (text)
			read_text(tc, tail, name, text);
	}
	return true;
}

static struct definition *definitions(struct tapc *tc)
{
	struct machine *m = &tc->machine;
	struct definition **tail = &m->definitions;
	const char *home = getenv("XDG_CONFIG_HOME");

	if (m->definitions)
		return m->definitions;
	if (m->providers && !read_folder(tc, &tail, m->providers))
		tapc_fail(tc, (struct loc){}, ERR_BINARY, m->providers,
			  strerror(errno));
	if (!home && getenv("HOME"))
		home = tapc_format(tc, "%s/.config", getenv("HOME"));
	if (home)
		read_folder(tc, &tail,
			    tapc_format(tc, "%s/tapc/providers", home));
	read_folder(tc, &tail, tapc_beside(tc, "../share/tapc/providers"));
	read_text(tc, &tail, "providers",
		  tapc_text(TEXT_PROVIDERS));
	return m->definitions;
}

/* ---------------------------------------------------------- names with a '*' */

/* What '*' of @pattern is in @text; "" if it has none; NULL if it differs. */
static const char *captured(struct tapc *tc, const char *pattern,
			    const char *text)
{
	size_t head = strcspn(pattern, "*"), len = strlen(text), tail;

	if (!pattern[head])
		return strcmp(pattern, text) ? NULL : "";
	tail = strlen(pattern + head + 1);
	if (len < head + tail || memcmp(pattern, text, head) ||
	    strcmp(pattern + head + 1, text + len - tail))
		return NULL;
	return tapc_strndup(tc, text + head, len - head - tail);
}

/* @pattern with what its '*' is. */
static char *filled(struct tapc *tc, const char *pattern, const char *capture)
{
	size_t head = strcspn(pattern, "*");

	return tapc_format(tc, "%.*s%s%s", (int)head, pattern, capture,
			   pattern[head] ? pattern + head + 1 : "");
}

/* The next one of "block:block_rq_issue,block:block_bio_queue", or NULL. */
static struct attach *next_place(struct tapc *tc, const struct definition *d,
				 const struct candidate *c, const char **at,
				 const char *capture)
{
	struct loc pos = { .line = c->line, .file = d->file };
	size_t len = strcspn(*at, ",");
	struct attach *a;

	if (!len)
		return NULL;
	pos.col = c->args - c->start - strlen(*at) + 1;
	a = tapc_parse_attach(tc, filled(tc, tapc_strndup(tc, *at, len),
					 capture), pos);
	/* A provider is not made of another one. */
	if (a->provider == P_BARE)
		a->provider = P_TRACEPOINT;
	*at += len + ((*at)[len] == ',');
	return a;
}

static struct word *add_filled(struct tapc *tc, struct word *list,
			       const char *pattern, const char *capture)
{
	return tapc_add_word(tc, list, filled(tc, pattern, capture));
}

/* Names that a definition with a '*' stands for. */
static struct word *expand_name(struct tapc *tc, const struct definition *d,
				struct word *list)
{
	const struct candidate *c;
	const struct attach *a;
	const struct word *w;
	const char *at;

	for (c = d->candidates; c; c = c->next) {
		for (at = c->places; (a = next_place(tc, d, c, &at, "*")); ) {
			if (a->form != FORM_EVENT)
				continue;
			for (w = tapc_events(tc, a->scope, a->name); w;
			     w = w->next)
				list = add_filled(tc, list, d->name,
						  captured(tc, a->name,
							   w->text));
		}
	}
	return list;
}

/**
 * tapc_provided_names - what probes providers have
 * @tc: the run
 * @glob: which ones, "io:*"
 *
 * Return: their names, in order. Some may not be possible on this machine.
 */
struct word *tapc_provided_names(struct tapc *tc, const char *glob)
{
	struct word *all = NULL, *list = NULL;
	const struct definition *d;

	for (d = definitions(tc); d; d = d->next)
		all = strchr(d->name, '*') ? expand_name(tc, d, all) :
					     tapc_add_word(tc, all, d->name);
	for (; all; all = all->next) {
		if (!fnmatch(glob, all->text, 0))
			list = tapc_add_word(tc, list, all->text);
	}
	return tapc_sort_words(tc, list);
}

/* ------------------------------------------------------- the one that fits */

/* { NAME "=" expr | "args" } EOL */
static struct provided *parse_args(struct tapc *tc, const struct definition *d,
				   const struct candidate *c, const char *name)
{
	struct provided *provided = tapc_alloc(tc, sizeof(*provided));
	struct token *first, **next = &first, *tok;
	struct node **tail = &provided->args;
	struct parser p = { .tc = tc };
	struct lexer lx;

	tapc_lex_begin(&lx, tc, d->file);
	lx.p = c->args;
	lx.start = c->start;
	lx.line = c->line;
	lx.in_line = true;
	do {
		tok = tapc_lex(&lx);
		*next = tok;
		next = &tok->next;
	} while (tok->kind != TOK_EOL && tok->kind != TOK_END);
	tok->kind = TOK_END;
	provided->name = name;
	for (p.tok = first; p.tok->kind != TOK_END; ) {
		tok = p.tok;
		parse_name(&p);
		if (tapc_is_word(tok, "args") && !tapc_is_op(p.tok, '=')) {
			provided->has_fields = true;
			continue;
		}
		parse_expect(&p, '=');
		*tail = parse_node(&p, N_SETTING, tok);
		parse_child(&p, *tail, parse_expr(&p));
		tail = &(*tail)->next;
	}
	return provided;
}

/* The first field of expressions that the event does not have, or NULL. */
static const char *missing_field(struct event *event, const struct node *node)
{
	const char *name = NULL;

	for (; node && !name; node = node->next) {
		if (node->kind == N_MEMBER && node->a->kind == N_NAME &&
		    !strcmp(node->a->text, "args"))
			name = tapc_find_field(event, node->text) ? NULL :
								    node->text;
		else
			name = missing_field(event, node->a) ?:
			       missing_field(event, node->b) ?:
			       missing_field(event, node->c);
	}
	return name;
}

/* What a place lacks, or NULL. */
static char *missing(struct tapc *tc, const struct attach *a,
		     const struct provided *provided)
{
	const char *field;

	if (a->form == FORM_FUNC && tc->machine.has_functions &&
	    !tapc_functions(tc, a->scope, a->name))
		return tapc_format(tc, "function '%s'", a->name);
	if (a->form != FORM_EVENT)
		return NULL;
	if (!tapc_has_event(tc, a->scope, a->name))
		return tapc_format(tc, "event '%s:%s'", a->scope, a->name);
	if (!provided->args)
		return NULL;
	field = missing_field(tapc_event(tc, a->scope, a->name),
			      provided->args);
	if (!field)
		return NULL;
	return tapc_format(tc, "field '%s' of '%s:%s'", field, a->scope,
			   a->name);
}

/* Those places of a candidate that fit. */
static struct target *fit(struct tapc *tc, const struct definition *d,
			  const struct candidate *c, const char *capture,
			  const char *name, struct loc pos, const char **why)
{
	struct target *first = NULL, **tail = &first;
	struct provided *provided;
	const char *at = c->places, *what;
	struct attach *a;

	while ((a = next_place(tc, d, c, &at, capture))) {
		/* Each one has nodes of its own, which will get types. */
		provided = parse_args(tc, d, c, name);
		what = missing(tc, a, provided);
		if (what) {
			if (!strstr(*why, what))
				*why = tapc_format(tc, "%s%s%s", *why,
						   **why ? ", no " : "", what);
			continue;
		}
		*tail = tapc_expand_one(tc, a, pos, true);
		for (; *tail; tail = &(*tail)->next)
			(*tail)->provided = provided;
	}
	return first;
}

/**
 * tapc_provide - what a probe of a provider is on this machine
 * @tc: the run
 * @name: the probe, "io:start"
 * @pos: where in the script
 * @why: out: if it could be nothing, what it lacks; "" if there is no such probe
 *
 * Return: its places, or NULL.
 */
struct target *tapc_provide(struct tapc *tc, const char *name, struct loc pos,
			    const char **why)
{
	const struct definition *d;
	const struct candidate *c;
	const char *capture, *lacks = "";
	struct target *t;

	*why = "";
	for (d = definitions(tc); d; d = d->next) {
		capture = captured(tc, d->name, name);
		if (!capture)
			continue;
		for (c = d->candidates; c; c = c->next) {
			t = fit(tc, d, c, capture, name, pos, &lacks);
			if (t)
				return t;
		}
		/* Else there is no such name. */
		if (!*capture)
			*why = lacks;
	}
	return NULL;
}

/**
 * tapc_provided - an argument of a probe of a provider
 * @t: the place
 * @name: the argument's
 *
 * Return: an expression, in which args are those of the event, or NULL.
 */
struct node *tapc_provided(const struct target *t, const char *name)
{
	struct node *arg = t->provided ? t->provided->args : NULL;

	while (arg && strcmp(arg->text, name))
		arg = arg->next;
	return arg ? arg->a : NULL;
}

/**
 * tapc_write_provided - show what a probe of a provider has
 * @out: where to
 * @provided: the probe's arguments
 */
void tapc_write_provided(FILE *out, const struct provided *provided)
{
	const struct node *arg;
	struct node one;

	for (arg = provided->args; arg; arg = arg->next) {
		one = *arg;
		one.next = NULL;
		fputs("    ", out);
		tapc_write_tree(out, &one);
	}
}
