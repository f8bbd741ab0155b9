// SPDX-License-Identifier: GPL-2.0
/*
 * The text of a probe to what it attaches to.
 *
 *	in:	kr:kvm:vmx_*		uprobe:$1:"f(int)"	interval:5ms
 *	out:	KRETPROBE		UPROBE			INTERVAL
 *		scope kvm		scope /bin/x, if that	value 5000000
 *		name vmx_*		is the parameter
 *		has_wildcard		name f(int)
 *
 * A probe is a list of parts with ':' between them, the first one names the
 * provider. If that is none of those in ast.h, the probe is an event of ftrace, or
 * of a provider that is text, which only a later stage knows.
 */
#include "tapc.h"

/* What is to be written, behind "NAME:"; in the order of enum probe_form. */
static const char grammar[] =
	"\0"						/* FORM_NONE */
	"SYSTEM:EVENT\0"				/* FORM_EVENT */
	"[MODULE:]EVENT\0"				/* FORM_RAW */
	"[MODULE:]FUNCTION[+OFFSET]\0"			/* FORM_FUNC */
	"BINARY:FUNCTION[+OFFSET] or BINARY:ADDRESS\0"	/* FORM_USER */
	"BINARY:[NAMESPACE:]PROBE\0"			/* FORM_USDT */
	"us|ms|s|hz:COUNT, or a time like 5ms\0"	/* FORM_TIMER */
	"EVENT:COUNT\0"					/* FORM_COUNT */
	"ADDRESS:LENGTH:MODE\0"				/* FORM_WATCH */
	"KIND[:PIN]\0";					/* FORM_ITER */

/* Rows of ast.h, and two names of each. The first row has none: it is BARE. */
static const struct {
	u8	provider;
	u8	form;
} rows[] = {
#define X(provider, name, other, form) { P_##provider, FORM_##form },
	PROVIDERS(X)
#undef X
};

static const char row_names[] =
#define X(provider, name, other, form) name "\0" other "\0"
	PROVIDERS(X)
#undef X
	;

#define MAX_PARTS	4

/**
 * struct parts - a probe in parts
 * @tc: the run
 * @row: of its provider
 * @nr: how many parts there are behind the provider
 * @text: each one, without quotes, parameters replaced
 * @pos: where it is
 * @is_quoted: has quotes: what it says is only a name
 */
struct parts {
	struct tapc	*tc;
	unsigned int	row;
	unsigned int	nr;
	char		*text[MAX_PARTS + 1];
	struct loc	pos[MAX_PARTS + 1];
	bool		is_quoted[MAX_PARTS + 1];
};

/* The row that has this name; the first one if none has it. */
static unsigned int find_row(const char *name, size_t len)
{
	const char *at = row_names;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		if (strlen(at) == len && !memcmp(at, name, len))
			return i / 2;
		at += strlen(at) + 1;
	}
	return 0;
}

/**
 * tapc_provider_name - how a provider is called
 * @provider: enum provider
 *
 * Return: its name.
 */
const char *tapc_provider_name(enum provider provider)
{
	unsigned int row = 0;

	while (rows[row].provider != provider)
		row++;
	return row ? tapc_nth(row_names, 2 * row) : "event";
}

/**
 * tapc_find_provider - look up a provider
 * @name: one of its names
 * @len: bytes of it
 *
 * Return: the provider; P_BARE if that is none.
 */
enum provider tapc_find_provider(const char *name, size_t len)
{
	return rows[find_row(name, len)].provider;
}

/**
 * tapc_path_part - which part of a probe is a path
 * @probe: text that begins with a provider and ':'
 *
 * Return: its number, that of the provider is 0; or 0 if none is. The lexer
 * asks, because a '/' ends all other parts.
 */
unsigned int tapc_path_part(const char *probe)
{
	u8 form = rows[find_row(probe, strcspn(probe, ":"))].form;

	if (form == FORM_USER || form == FORM_USDT)
		return 1;
	return form == FORM_ITER ? 2 : 0;
}

/* "kprobe:[MODULE:]FUNCTION[+OFFSET]" */
static const char *usage(const struct parts *p)
{
	const char *name = tapc_nth(row_names, 2 * p->row);
	const char *rest = tapc_nth(grammar, rows[p->row].form);

	if (!*name)
		return rest;
	if (!*rest)
		return name;
	return tapc_format(p->tc, "%s:%s", name, rest);
}

/* Has a text '*' or '?'? */
bool tapc_has_wildcard(const char *text)
{
	return text[strcspn(text, "*?")];
}

/* The parameter at *@text, which is moved behind it; NULL if there is none. */
static const char *parameter(struct tapc *tc, const char **text,
			     struct loc pos)
{
	unsigned int nr = 0;

	if (**text != '$' || !isdigit((*text)[1]))
		return NULL;
	for (++*text; isdigit(**text) && nr < 1000; ++*text)
		nr = nr * 10 + **text - '0';
	if (!nr || nr > tc->nr_params)
		tapc_fail(tc, pos, ERR_PROBE_PARAM, nr);
	return tc->params[nr - 1];
}

/* A part up to its ':', with parameters in it, or only how long it would be. */
static size_t copy_part(struct parts *p, const char **text, char *out)
{
	unsigned int i = p->nr;
	const char *at = *text, *param;
	bool in_quotes = false;
	size_t len = 0;

	for (; *at && (in_quotes || *at != ':'); ) {
		param = parameter(p->tc, &at, p->pos[i]);
		if (param) {
			if (out)
				memcpy(out + len, param, strlen(param));
			len += strlen(param);
		} else if (*at == '"') {
			in_quotes = !in_quotes;
			p->is_quoted[i] = true;
			at++;
		} else {
			if (out)
				out[len] = *at;
			len++;
			at++;
		}
	}
	if (in_quotes)
		tapc_fail(p->tc, p->pos[i], ERR_PROBE_QUOTE);
	if (out)
		*text = at;
	return len;
}

static void split(struct parts *p, const char *text, struct loc pos)
{
	const char *at = text;

	for (p->nr = 0; ; p->nr++, at++) {
		if (p->nr > MAX_PARTS)
			tapc_fail(p->tc, pos, ERR_PROBE_PARTS, usage(p));
		p->pos[p->nr] = pos;
		p->pos[p->nr].col += at - text;
		p->text[p->nr] = tapc_alloc(p->tc, copy_part(p, &at, NULL) + 1);
		copy_part(p, &at, p->text[p->nr]);
		if (!p->nr)
			p->row = find_row(p->text[0], strlen(p->text[0]));
		if (!*at)
			return;
	}
}

static void check_count(const struct parts *p, unsigned int least,
			unsigned int most)
{
	if (p->nr < least || p->nr > most)
		tapc_fail(p->tc, p->pos[0], ERR_PROBE_PARTS, usage(p));
}

static u64 number(const struct parts *p, unsigned int i, const char *text,
		  bool *has_unit)
{
	bool unit;
	u64 value;

	if (tapc_lex_number(text, &value, &unit) || (unit && !has_unit))
		tapc_fail(p->tc, p->pos[i], ERR_PROBE_NUMBER, text, usage(p));
	if (has_unit)
		*has_unit = unit;
	return value;
}

/* FUNCTION [ "+" OFFSET ] | ADDRESS */
static void function(struct parts *p, struct attach *a, unsigned int i)
{
	char *plus = strrchr(p->text[i], '+');

	a->name = p->text[i];
	if (p->is_quoted[i])
		return;
	if (plus) {
		a->offset = number(p, i, plus + 1, NULL);
		*plus = 0;
		if (a->provider == P_FENTRY || a->provider == P_FEXIT ||
		    a->provider == P_URETPROBE)
			tapc_fail(p->tc, p->pos[i], ERR_OFFSET);
	}
	if (isdigit(*a->name)) {
		a->value = number(p, i, a->name, NULL);
		a->is_address = true;
		a->name = "";
	}
}

/* UNIT ":" COUNT | COUNT UNIT */
static void timer(const struct parts *p, struct attach *a)
{
	static const struct {
		char	name[3];
		u32	ns;
	} units[] = {
		{ "hz", 0 }, { "us", 1000 }, { "ms", 1000000 },
		{ "s", 1000000000 },
	};
	struct suggestion s = { .word = p->text[1] };
	bool has_unit = false;
	unsigned int i;

	/* Without a unit it is ns. */
	a->value = number(p, p->nr, p->text[p->nr], p->nr == 1 ? &has_unit : NULL);
	if (!a->value)
		tapc_fail(p->tc, p->pos[p->nr], ERR_PROBE_ZERO, usage(p));
	if (p->nr == 1)
		return;
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		tapc_offer(&s, units[i].name);
		if (strcmp(units[i].name, p->text[1]))
			continue;
		a->is_rate = !units[i].ns;
		if (units[i].ns && check_mul_overflow(a->value,
						      (u64)units[i].ns,
						      &a->value))
			tapc_fail(p->tc, p->pos[2], ERR_BIG_NUMBER, p->text[2]);
		return;
	}
	tapc_fail(p->tc, p->pos[1], ERR_PROBE_UNIT, p->text[1], usage(p),
		  tapc_suggest(&s));
}

/* Parts that are names, in the order of the form's grammar. */
static void names(struct parts *p, struct attach *a)
{
	switch (a->form) {
	case FORM_EVENT:
		/* Providers that are text may have a third part. */
		if (a->provider == P_BARE) {
			check_count(p, 1, 2);
			a->scope = p->text[0];
			a->name = p->text[1];
			a->sub = p->text[2];
			return;
		}
		check_count(p, 2, 2);
		a->scope = p->text[1];
		a->name = p->text[2];
		return;
	case FORM_RAW:
	case FORM_FUNC:
		check_count(p, 1, 2);
		a->scope = p->nr == 2 ? p->text[1] : NULL;
		a->name = p->text[p->nr];
		if (a->form == FORM_FUNC)
			function(p, a, p->nr);
		return;
	case FORM_USER:
	case FORM_USDT:
		check_count(p, 2, 3);
		a->scope = p->text[1];
		a->sub = p->nr == 3 ? p->text[2] : NULL;
		a->name = p->text[p->nr];
		if (a->form == FORM_USER)
			function(p, a, p->nr);
		return;
	}
}

/* Parts of which some are numbers. */
static void numbers(struct parts *p, struct attach *a)
{
	switch (a->form) {
	case FORM_TIMER:
		check_count(p, 1, 2);
		timer(p, a);
		return;
	case FORM_COUNT:
		check_count(p, 1, 2);
		a->name = p->text[1];
		if (p->nr == 2 && *p->text[2])
			a->value = number(p, 2, p->text[2], NULL);
		return;
	case FORM_WATCH:
		check_count(p, 3, 3);
		a->scope = p->text[1];
		a->value = number(p, 2, p->text[2], NULL);
		a->sub = p->text[3];
		return;
	case FORM_ITER:
		check_count(p, 1, 2);
		a->scope = p->text[1];
		a->sub = p->text[2];
		return;
	}
}

/* A name alone: begin, end, or something that should have had a ':'. */
static void alone(struct parts *p)
{
	struct suggestion s = { .word = p->text[0] };
	unsigned int i;

	if (p->row)
		check_count(p, 1, 1);
	for (i = 0; i < 2 * ARRAY_SIZE(rows); i++)
		tapc_offer(&s, tapc_nth(row_names, i));
	tapc_fail(p->tc, p->pos[0], ERR_EXPECT_PROBE, p->text[0],
		  tapc_suggest(&s));
}

/* An empty part: only the count of software events, and a usdt's namespace. */
static void check_empty(const struct parts *p, const struct attach *a)
{
	unsigned int i;

	for (i = 0; i <= p->nr; i++) {
		if (*p->text[i] || (a->form == FORM_COUNT && i == 2) ||
		    (a->form == FORM_USDT && i == 2 && p->nr == 3))
			continue;
		tapc_fail(p->tc, p->pos[i], ERR_PROBE_EMPTY, usage(p));
	}
}

/* A '*' in quotes is that of "f(char *)". */
static bool has_wildcard(const struct parts *p)
{
	unsigned int i;

	for (i = 0; i <= p->nr; i++) {
		if (!p->is_quoted[i] && tapc_has_wildcard(p->text[i]))
			return true;
	}
	return false;
}

/**
 * tapc_parse_attach - parse the text of a probe
 * @tc: the run
 * @text: as in the script, quotes and parameters included; it is kept
 * @pos: where it is
 *
 * Return: where it attaches. Whether there is such a thing is another question.
 */
struct attach *tapc_parse_attach(struct tapc *tc, const char *text,
				 struct loc pos)
{
	struct attach *a = tapc_alloc(tc, sizeof(*a));
	struct parts p = { .tc = tc };

	split(&p, text, pos);
	a->text = text;
	a->provider = rows[p.row].provider;
	a->form = rows[p.row].form;
	a->name = "";
	if (a->form == FORM_REFUSED)
		tapc_fail(tc, pos, ERR_PROBE_REFUSED, p.text[0]);
	if (a->form == FORM_NONE)
		check_count(&p, 0, 0);
	else if (!p.nr)
		alone(&p);
	check_empty(&p, a);
	names(&p, a);
	numbers(&p, a);
	a->has_wildcard = has_wildcard(&p);
	return a;
}
