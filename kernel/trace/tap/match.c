// SPDX-License-Identifier: GPL-2.0
/*
 * Strings against patterns: what '==', '!=', '~' and '!~' mean when run.
 *
 *	in:	"*no*match*", the bytes of a string and how many there may be
 *	out:	whether it matches
 *
 * A string ends at its NUL or at the end of its field, whichever comes first;
 * nothing behind that counts. Most patterns are plain searches; only those with
 * '?', '[' or '\' take the general glob_match_len().
 */
#include "tap.h"

/**
 * trace_tap_match_kind - how a string constant is compared
 * @str: the constant, of type TAP_STR
 * @rel: the relation
 * @text: out: what is searched for, within the constant
 * @len: out: bytes of @text
 */
enum tap_match trace_tap_match_kind(const struct tap_operand *str,
				    enum tap_relation rel, const char **text,
				    unsigned int *len)
{
	const char *p = str->text, *end = p + str->size;
	bool front, back;

	*text = p;
	*len = str->size;
	if (rel == TAP_REL_EQ || rel == TAP_REL_NE)
		return TAP_MATCH_FULL;
	if (strpbrk(p, "[?\\"))
		return TAP_MATCH_GLOB;
	if (!strchr(p, '*'))
		return TAP_MATCH_FULL;

	back = *p == '*';
	front = end[-1] == '*' && str->size > 1;
	p += back;
	end -= front;
	if (memchr(p, '*', end - p))
		return TAP_MATCH_STARS;
	*text = p;
	*len = end - p;
	if (back && front)
		return TAP_MATCH_MIDDLE;
	return back ? TAP_MATCH_END : TAP_MATCH_FRONT;
}

/**
 * trace_tap_pattern_init - compile a string constant
 * @p: out: the pattern, with room for sizeof(*p) + @str->size + 1 bytes
 * @str: the constant, of type TAP_STR
 * @rel: the relation
 */
void trace_tap_pattern_init(struct tap_pattern *p,
			    const struct tap_operand *str,
			    enum tap_relation rel)
{
	const char *text;
	unsigned int len;

	p->kind = trace_tap_match_kind(str, rel, &text, &len);
	p->not = rel == TAP_REL_NE || rel == TAP_REL_NGLOB;
	p->len = len;
	memcpy(p->text, text, len);
	p->text[len] = 0;
}

/* Where @needle begins in the string @s, or NULL; *@max is cut to the rest. */
static const char *find(const char *s, size_t *max, const char *needle,
			size_t len)
{
	size_t left = *max, i;

	for (; left >= len; s++, left--) {
		for (i = 0; i < len && s[i] == needle[i]; i++)
			;
		if (i == len) {
			*max = left;
			return s;
		}
		if (!*s)
			return NULL;
	}
	return NULL;
}

static bool match_full(const struct tap_pattern *p, const char *s, size_t max)
{
	size_t i;

	if (max < p->len)
		return false;
	for (i = 0; i < p->len; i++) {
		if (s[i] != p->text[i])
			return false;
	}
	return max == p->len || !s[i];
}

static bool match_front(const struct tap_pattern *p, const char *s, size_t max)
{
	return max >= p->len && !memcmp(s, p->text, p->len);
}

static bool match_end(const char *needle, size_t len, const char *s, size_t max)
{
	size_t n = strnlen(s, max);

	return n >= len && !memcmp(s + n - len, needle, len);
}

/* Head and tail are anchored; between them each piece is where it first fits. */
static bool match_stars(const struct tap_pattern *p, const char *s, size_t max)
{
	const char *pat = p->text, *star;

	for (; *pat != '*'; pat++, s++, max--) {
		if (!max || *s != *pat)
			return false;
	}
	for (;;) {
		while (*pat == '*')
			pat++;
		if (!*pat)
			return true;
		star = pat;
		while (*star && *star != '*')
			star++;
		if (!*star)
			return match_end(pat, star - pat, s, max);
		s = find(s, &max, pat, star - pat);
		if (!s)
			return false;
		s += star - pat;
		max -= star - pat;
		pat = star;
	}
}

/**
 * trace_tap_match - does a string match a pattern
 * @p: the pattern
 * @s: the string
 * @max: bytes of @s that may be read
 *
 * Context: any. Returns the verdict, inverted where the pattern says so.
 */
bool trace_tap_match(const struct tap_pattern *p, const char *s, size_t max)
{
	bool match = false;

	switch (p->kind) {
	case TAP_MATCH_FULL:
		match = match_full(p, s, max);
		break;
	case TAP_MATCH_FRONT:
		match = match_front(p, s, max);
		break;
	case TAP_MATCH_END:
		match = match_end(p->text, p->len, s, max);
		break;
	case TAP_MATCH_MIDDLE:
		match = find(s, &max, p->text, p->len);
		break;
	case TAP_MATCH_STARS:
		match = match_stars(p, s, max);
		break;
	case TAP_MATCH_GLOB:
		match = glob_match_len(p->text, s, max);
		break;
	}
	return match != p->not;
}
