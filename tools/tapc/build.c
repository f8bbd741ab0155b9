// SPDX-License-Identifier: GPL-2.0
/*
 * A shell script that traces as a script does, where there is no tapc.
 *
 *	in:	struct unit of 'k:vfs_read { @n[comm] = count(); }'
 *	out:	#!/bin/sh
 *		...
 *		events() {
 *		alone 'kprobe:vfs_read' <<'EOF'
 *		p:tapc_x/kprobe_vfs_read vfs_read
 *		EOF
 *		}
 *		...
 *
 * It needs what every busybox has: sh, cat, mkdir, rmdir. What belongs to the
 * script are functions of texts between EOF lines, which the shell does not look
 * into; each is the input of put(), which writes it to a file of tracefs and says
 * why if it is refused. The same functions check the kernel in front and take the
 * programs away in the end: $W says what they are called for. What all such
 * scripts have is texts/build.sh.
 *
 * All that is written goes through put_bytes(), which measures lines. It is
 * written twice, the first time to nowhere, so that an error leaves no half of a
 * script.
 */
#include <stdarg.h>

#include "build.h"
#include "tapc.h"

#define MAX_NAME	32	/* of an instance: events' names are long, too */

/**
 * struct script - the shell script in progress
 * @tc: the run
 * @unit: what it is to do
 * @group: "tapc_NAME", of its events
 * @out: where to, or NULL
 * @pos: what is being written, for errors
 * @col: characters in this line
 * @size: bytes so far
 */
struct script {
	struct tapc		*tc;
	const struct unit	*unit;
	const char		*group;
	FILE			*out;
	struct loc		pos;
	unsigned int		col;
	size_t			size;
};

/* ---------------------------------------------------------------- the writer */

static void put_bytes(struct script *s, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		s->col = p[i] == '\n' ? 0 : s->col + 1;
		if (s->col > MAX_BUILD_LINE)
			tapc_fail(s->tc, s->pos, ERR_BUILD_LINE,
				  MAX_BUILD_LINE);
	}
	s->size += len;
	if (s->out)
		fwrite(p, 1, len, s->out);
}

static void put(struct script *s, const char *text)
{
	put_bytes(s, text, strlen(text));
}

/* @text, with the name of the group in place of what stands for it. */
static const char *named(struct script *s, const char *text)
{
	return tapc_replace(s->tc, text, UNIT_GROUP, s->group);
}

/* Input of the command in front: text up to a line that is not in it. */
static void put_input(struct script *s, const char *text)
{
	char end[] = "EOF\0";

	text = named(s, text);
	/* A program has no line like that; a comment in one may be anything. */
	while (strstr(text, end) && end[3] != 'Z')
		end[3] = end[3] ? end[3] + 1 : 'A';
	put(s, tapc_format(s->tc, " <<'%s'\n%s", end, text));
	put(s, tapc_format(s->tc, s->col ? "\n%s\n" : "%s\n", end));
}

/* COMMAND 'WHAT' <<'EOF' ..., WHAT as one word: only ' means anything in it. */
static void put_command(struct script *s, const char *command,
			const char *what, const char *text)
{
	put(s, tapc_format(s->tc, "%s '%s'", command,
			   tapc_replace(s->tc, what, "'", "'\\''")));
	put_input(s, text);
}

static void begin_function(struct script *s, const char *name)
{
	put(s, tapc_format(s->tc, "%s() {\n:\n", name));
}

static void end_function(struct script *s)
{
	put(s, "}\n");
}

/*
 * The source as comments. A serial line is no place for control characters: the
 * terminal at its end would take them for itself.
 */
static void put_source(struct script *s, const char *text)
{
	char c;

	put(s, "#\n");
	for (; *text; text++) {
		if (!s->col)
			put(s, "#\t");
		if (s->col == MAX_BUILD_LINE)
			put(s, "\n#+\t");
		c = *text;
		if ((u8)c < ' ' && c != '\n' && c != '\t')
			c = '.';
		put_bytes(s, &c, 1);
	}
	put(s, s->col ? "\n#\n" : "#\n");
}

/* ------------------------------------------------------- what is this script's */

static void put_names(struct script *s)
{
	const struct unit *u = s->unit;
	const struct map *map;

	put(s, tapc_format(s->tc, "T=/sys/kernel/tracing\n"
				  "I=$T/instances/tapc-%s\n"
				  "G=%s\n"
				  "FILES='table_control%s%s'\n"
				  "TABLES='",
			   s->group + strlen("tapc_"), s->group,
			   u->begin || u->end ? " run_once" : "",
			   u->events ? " dynamic_events" : ""));
	for (map = u->maps; map; map = map->next) {
		if (map->is_internal)
			continue;
		s->pos = map->pos;
		/* In a line each, since there may be many. */
		put(s, tapc_format(s->tc, "%s\n", map->table));
	}
	put(s, "'\n");
}

static void put_tables(struct script *s)
{
	const struct map *map;

	begin_function(s, "tables");
	for (map = s->unit->maps; map; map = map->next) {
		s->pos = map->pos;
		put_command(s, "table", tapc_format(s->tc, "@%s", map->name),
			    tapc_format(s->tc, map->size ?
					"@%s%s size=%llu" : "@%s%s",
					map->table, map->shape,
					(unsigned long long)map->size));
	}
	end_function(s);
}

/* What the user knows it as. */
static const char *name_of(struct script *s, const struct dynevent *e)
{
	return e->target ? tapc_target_name(s->tc, e->target) : e->name;
}

static void put_line(struct script *s, const char *line)
{
	put(s, tapc_format(s->tc, "%s\n", named(s, line)));
}

/*
 * Those of a wildcard, of which some may not be possible, are one text.
 */
static void put_events(struct script *s)
{
	const struct dynevent *e;

	begin_function(s, "events");
	for (e = s->unit->events; e; e = e->next) {
		s->pos = e->target ? e->target->pos : (struct loc){};
		if (e->is_alone) {
			put_command(s, "alone", name_of(s, e), e->line);
			continue;
		}
		put(s, "maybe <<'EOF'\n");
		for (; e->next && !e->next->is_alone; e = e->next)
			put_line(s, e->line);
		put_line(s, e->line);
		put(s, "EOF\n");
	}
	end_function(s);
}

/* Behind the header and its comment, which says what the program is for. */
static const char *body(const struct program *p)
{
	return p->text + strcspn(p->text, "#\n");
}

static bool is_same(const struct program *a, const struct program *b)
{
	const char *ta = body(a), *tb = body(b);

	return !strcmp(a->system, b->system) &&
	       !strcmp(ta + strcspn(ta, "\n"), tb + strcspn(tb, "\n"));
}

/* Those of a wildcard mostly are the same program: one text for all of them. */
static void put_programs(struct script *s)
{
	const struct program *p;
	const char *text;

	begin_function(s, "programs");
	for (p = s->unit->programs; p; p = p->next) {
		s->pos = p->pos;
		text = body(p);
		text = tapc_format(s->tc, "tap 1 action%s",
				   text + strcspn(text, "\n"));
		if (!p->next || !is_same(p, p->next)) {
			put_command(s, named(s, tapc_format(s->tc,
							    "action %s/%s",
							    p->system,
							    p->event)),
				    p->name, text);
			continue;
		}
		put(s, "for e in \\\n");
		for (; p->next && is_same(p, p->next); p = p->next)
			put(s, tapc_format(s->tc, "%s \\\n",
					   named(s, p->event)));
		put_line(s, p->event);
		put(s, tapc_format(s->tc, "do action %s/$e $e",
				   named(s, p->system)));
		put_input(s, text);
		put(s, "done\n");
	}
	/* BEGIN alone is as good as a probe. */
	if (!s->unit->programs)
		put(s, "any=1\n");
	end_function(s);
}

static void put_once(struct script *s, const char *function,
		     const struct program *p)
{
	begin_function(s, function);
	for (; p; p = p->next) {
		s->pos = p->pos;
		put_command(s, "once", p->name, p->text);
	}
	end_function(s);
}

static void put_script(struct script *s)
{
	put(s, "#!/bin/sh\n# Made by tapc; needs a kernel with tap, and a shell.\n");
	put_source(s, s->unit->source);
	put_names(s);
	put_tables(s);
	put_events(s);
	put_programs(s);
	put_once(s, "begin", s->unit->begin);
	put_once(s, "end", s->unit->end);
	put(s, tapc_text(TEXT_BUILD));
}

/* "../my-script.bt": my_script */
static const char *script_name(struct tapc *tc, const char *file)
{
	const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	char *name = tapc_format(tc, "%.*s", MAX_NAME, base), *p;

	p = strrchr(name, '.');
	if (p && p != name)
		*p = 0;
	for (p = name; *p; p++) {
		if (!isalnum(*p) || (u8)*p >= 0x80)
			*p = '_';
	}
	/* "-e", "-" and the like are no names. */
	return *name && *name != '_' ? name : "script";
}

/* ------------------------------------------------- what is lost without tapc */

static bool is_before(struct loc a, struct loc b)
{
	return a.line != b.line ? a.line < b.line : a.col <= b.col;
}

/* `stop` runs END, and shows the tables anyway. */
static bool is_in_end(const struct unit *u, struct loc pos)
{
	const struct program *p;

	if (!u->end || !is_before(u->end->pos, pos))
		return false;
	if (u->begin && is_before(u->end->pos, u->begin->pos) &&
	    is_before(u->begin->pos, pos))
		return false;
	for (p = u->programs; p; p = p->next) {
		if (is_before(u->end->pos, p->pos) && is_before(p->pos, pos))
			return false;
	}
	return true;
}

static void warn_site(struct tapc *tc, const struct unit *u,
		      const struct site *site)
{
	static const char names[] =
#define X(kind, text) text "\0"
		SITES(X)
#undef X
		;
	const char *name = tapc_nth(names, site->kind);

	if (site->kind == SITE_PRINTF || site->kind == SITE_PRINT)
		return;
	if (site->kind == SITE_PRINT_MAP) {
		if (!is_in_end(u, site->pos))
			tapc_warn(tc, site->pos, WARN_BUILD_PRINT,
				  site->map->name);
		return;
	}
	name += strlen("tapc: ");
	tapc_warn(tc, site->pos, WARN_BUILD_SITE,
		  tapc_strndup(tc, name, strcspn(name, " ")));
}

/* What the kernel shows as it does all numbers; @seen: warned already. */
static void warn_parts(struct tapc *tc, const struct part *part,
		       struct loc pos, u32 *seen)
{
	static const struct {
		u8	show;
		char	name[9];
	} lost[] = {
		{ SHOW_USYM, "usym" }, { SHOW_USERNAME, "username" },
		{ SHOW_INET, "ntop" }, { SHOW_MAC, "macaddr" },
		{ SHOW_BUF, "buf" }, { SHOW_STRFTIME, "strftime" },
		{ SHOW_STRERROR, "strerror" }, { SHOW_SIGNAL, "signal" },
	};
	unsigned int i;

	for (; part; part = part->next) {
		warn_parts(tc, part->parts, pos, seen);
		for (i = 0; i < ARRAY_SIZE(lost); i++) {
			if (lost[i].show != part->show ||
			    *seen & 1U << part->show)
				continue;
			*seen |= 1U << part->show;
			tapc_warn(tc, pos, WARN_BUILD_SHOW, lost[i].name);
		}
	}
}

static void warn_unit(struct tapc *tc, const struct unit *u)
{
	const struct site *site;
	const struct map *map;
	u32 seen = 0;

	for (site = u->sites; site; site = site->next) {
		warn_site(tc, u, site);
		warn_parts(tc, site->args, site->pos, &seen);
	}
	for (map = u->maps; map; map = map->next) {
		warn_parts(tc, map->key, map->pos, &seen);
		warn_parts(tc, &map->value, map->pos, &seen);
	}
}

/**
 * tapc_build - write the shell script that does what a script does
 * @tc: the run
 * @unit: the script, compiled without is_async
 * @opt: what the command line says
 * @out: where to
 *
 * Ends the run, with nothing written, if a line would be too long. Says how large
 * the script is, and what does not work in it.
 */
void tapc_build(struct tapc *tc, const struct unit *unit,
		const struct build_options *opt, FILE *out)
{
	struct script s = {
		.tc = tc,
		.unit = unit,
		.group = tapc_format(tc, "tapc_%s", script_name(tc, opt->name ?:
								unit->name)),
	};

	warn_unit(tc, unit);
	put_script(&s);
	if (s.size > MAX_BUILD_SIZE)
		tapc_warn(tc, (struct loc){}, WARN_BUILD_SIZE,
			  (unsigned int)s.size / 1024);
	s.out = out;
	put_script(&s);
	if (tc->err)
		fprintf(tc->err, "tapc: %zu bytes\n", s.size / 2);
}
