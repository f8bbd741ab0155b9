// SPDX-License-Identifier: GPL-2.0
/*
 * tap: a timer as it is written.
 *
 * In: a line, "i:profile/hz99 99hz percpu". Out: struct trace_tap_timer_spec, or
 * what is wrong, and where.
 *
 *	line	= [ "i:" ] [ GROUP "/" ] NAME period [ "percpu" ] ;
 *	period	= DIGITS ( "ns" | "us" | "ms" | "s" | "hz" ) ;
 */
#include <linux/ctype.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "timer.h"

/**
 * struct line - a line that is being read
 * @text: all of it
 * @p: where the next token begins
 * @e: what is wrong
 */
struct line {
	const char		*text;
	const char		*p;
	struct tap_error	*e;
};

static int bad(const struct line *line, int err, enum tap_error_code code,
	       const char *at)
{
	return trace_tap_error(line->e, err, code, at - line->text);
}

/* Bytes of the next token, 0 at the end; line->p is where it begins. */
static size_t next_token(struct line *line)
{
	const char *end;

	line->p = skip_spaces(line->p);
	for (end = line->p; *end && !isspace(*end); end++)
		;
	return end - line->p;
}

static bool is_word(const char *token, size_t len, const char *word)
{
	return len == strlen(word) && !strncmp(token, word, len);
}

/* The kernel has names of events and of systems like this. */
static int read_name(struct line *line, size_t len, bool is_group, char *to)
{
	size_t i;
	char c;

	if (len >= MAX_EVENT_NAME_LEN)
		return bad(line, -EINVAL, TAP_ERR_NAME_TOO_LONG, line->p);
	for (i = 0; i < len; i++) {
		c = line->p[i];
		if (!isascii(c) ||
		    !(isalpha(c) || c == '_' || (c == '-' && is_group) ||
		      (isdigit(c) && i)))
			break;
	}
	if (i < len || !len)
		return bad(line, -EINVAL, TAP_ERR_EXPECT_NAME, line->p + i);
	strscpy(to, line->p, len + 1);
	line->p += len;
	return 0;
}

static int read_names(struct line *line, struct trace_tap_timer_spec *spec)
{
	size_t len = next_token(line);
	const char *slash;
	int err;

	if (len >= 2 && !strncmp(line->p, "i:", 2)) {
		line->p += 2;
		len -= 2;
	}
	spec->name_pos = line->p - line->text;
	slash = memchr(line->p, '/', len);
	if (slash) {
		len -= slash + 1 - line->p;
		err = read_name(line, slash - line->p, true, spec->group);
		if (err)
			return err;
		line->p++;
	} else {
		strscpy(spec->group, TRACE_TAP_TIMER_GROUP);
	}
	return read_name(line, len, false, spec->name);
}

static const struct unit {
	const char	*name;
	u64		ns;	/* or 0: it is a frequency */
} units[] = {
	{ "ns",	1 },
	{ "us",	NSEC_PER_USEC },
	{ "ms",	NSEC_PER_MSEC },
	{ "s",	NSEC_PER_SEC },
	{ "hz",	0 },
};

static const struct unit *find_unit(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (is_word(name, len, units[i].name))
			return &units[i];
	}
	return NULL;
}

static int read_period(struct line *line, struct trace_tap_timer_spec *spec)
{
	size_t digits, len = next_token(line);
	const struct unit *unit;
	bool is_huge = false;
	u64 n = 0;

	for (digits = 0; digits < len && isdigit(line->p[digits]); digits++)
		is_huge |= check_mul_overflow(n, 10, &n) ||
			   check_add_overflow(n, line->p[digits] - '0', &n);
	if (!digits)
		return bad(line, -EINVAL, TAP_ERR_EXPECT_PERIOD, line->p);
	unit = find_unit(line->p + digits, len - digits);
	if (!unit)
		return bad(line, -EINVAL, TAP_ERR_EXPECT_UNIT,
			   line->p + digits);
	if (unit->ns)
		is_huge |= check_mul_overflow(n, unit->ns, &spec->period) ||
			   spec->period > KTIME_MAX;
	else	/* None is 0, too many a second are 0 ns */
		spec->period = n && !is_huge ? div64_u64(NSEC_PER_SEC, n) : 0;
	if (unit->ns && is_huge)
		return bad(line, -ERANGE, TAP_ERR_PERIOD_LONG, line->p);
	if (spec->period < TRACE_TAP_TIMER_MIN_NS)
		return bad(line, -ERANGE, TAP_ERR_PERIOD_SHORT, line->p);
	snprintf(spec->text, sizeof(spec->text), "%llu%s", n, unit->name);
	line->p += len;
	return 0;
}

static int read_options(struct line *line, struct trace_tap_timer_spec *spec)
{
	size_t len = next_token(line);

	spec->is_percpu = len;
	if (!len)
		return 0;
	if (!is_word(line->p, len, "percpu"))
		return bad(line, -EINVAL, TAP_ERR_EXPECT_PERCPU, line->p);
	line->p += len;
	if (next_token(line))
		return bad(line, -EINVAL, TAP_ERR_TIMER_TRAILING, line->p);
	return 0;
}

/**
 * trace_tap_timer_parse - what a line says
 * @text: the line; "i:" in front may be missing
 * @spec: where to put it
 * @e: what is wrong, if it is not 0 that is returned
 *
 * Context: any.
 *
 * Return: 0; -EINVAL, or -ERANGE if the period is out of bounds.
 */
int trace_tap_timer_parse(const char *text, struct trace_tap_timer_spec *spec,
			  struct tap_error *e)
{
	struct line line = { .text = text, .p = text, .e = e };
	int err;

	err = read_names(&line, spec);
	if (!err)
		err = read_period(&line, spec);
	if (!err)
		err = read_options(&line, spec);
	return err;
}
