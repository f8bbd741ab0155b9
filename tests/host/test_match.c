// SPDX-License-Identifier: GPL-2.0
/* match.c: strings against patterns, with and without a NUL at their end. */
#include "host.h"

static const struct {
	int		line;
	bool		match;
	const char	*pattern;
	const char	*s;
} rows[] = {
	{ __LINE__, true,  "", "" },
	{ __LINE__, false, "", "a" },
	{ __LINE__, false, "a", "" },
	{ __LINE__, true,  "abc", "abc" },
	{ __LINE__, false, "abc", "ab" },
	{ __LINE__, false, "abc", "abcd" },
	{ __LINE__, false, "abc", "Abc" },
	{ __LINE__, true,  "*", "" },
	{ __LINE__, true,  "*", "abc" },
	{ __LINE__, true,  "**", "" },
	{ __LINE__, true,  "***", "abc" },
	{ __LINE__, true,  "ab*", "ab" },
	{ __LINE__, true,  "ab*", "abc" },
	{ __LINE__, false, "ab*", "a" },
	{ __LINE__, false, "ab*", "xab" },
	{ __LINE__, true,  "*bc", "bc" },
	{ __LINE__, true,  "*bc", "abc" },
	{ __LINE__, true,  "*bc", "abcbc" },
	{ __LINE__, false, "*bc", "abcd" },
	{ __LINE__, false, "*bc", "c" },
	{ __LINE__, true,  "*b*", "abc" },
	{ __LINE__, true,  "*b*", "b" },
	{ __LINE__, false, "*b*", "acd" },
	{ __LINE__, true,  "*aab*", "aaab" },
	{ __LINE__, true,  "a*c", "ac" },
	{ __LINE__, true,  "a*c", "abbc" },
	{ __LINE__, true,  "a*c", "acbc" },
	{ __LINE__, false, "a*c", "acb" },
	{ __LINE__, false, "a*a", "a" },
	{ __LINE__, false, "ab*bc", "abc" },
	{ __LINE__, true,  "*a*b*", "xaxbx" },
	{ __LINE__, false, "*a*b*", "xbxax" },
	{ __LINE__, true,  "*a*b", "ab" },
	{ __LINE__, false, "*a*b", "aba" },
	{ __LINE__, true,  "a**b", "ab" },
	{ __LINE__, true,  "a*b*c*d", "a-bb-cc-dd" },
	{ __LINE__, false, "a*b*c*d", "a-cc-bb-dd" },
	{ __LINE__, true,  "*no*match*", "xx no yy match" },
	{ __LINE__, true,  "a?c", "abc" },
	{ __LINE__, false, "a?c", "ac" },
	{ __LINE__, true,  "?*", "a" },
	{ __LINE__, false, "?*", "" },
	{ __LINE__, true,  "[a-c]x", "bx" },
	{ __LINE__, false, "[!a-c]x", "bx" },
	{ __LINE__, true,  "[!a-c]x", "dx" },
	{ __LINE__, true,  "[]x]", "]" },
	{ __LINE__, true,  "[a", "[a" },
	{ __LINE__, true,  "\\*", "*" },
	{ __LINE__, false, "\\*", "a" },
	{ __LINE__, true,  "a\\?", "a?" },
	{ __LINE__, true,  "\\\\", "\\" },
	{ __LINE__, true,  "*[0-9]", "abc5" },
	{ __LINE__, true,  "\xff*", "\xff\xfe" },
	{ __LINE__, true,  "*\xfe", "\xff\xfe" },
};

/* A string in memory of its own size, so that reading on is an error. */
static bool match(const char *pattern, enum tap_relation rel, const char *s,
		  size_t max)
{
	struct tap_operand str = {
		.type = TAP_STR, .text = pattern, .size = strlen(pattern),
	};
	struct tap_pattern *p = malloc(sizeof(*p) + str.size + 1);
	char *copy = malloc(max);
	bool ret;

	memcpy(copy, s, max);
	trace_tap_pattern_init(p, &str, rel);
	ret = trace_tap_match(p, copy, max);
	free(copy);
	free(p);
	return ret;
}

static void check_row(int line, const char *pattern, const char *s, bool want)
{
	size_t len = strlen(s);
	char tail[200];

	host_check(match(pattern, TAP_REL_GLOB, s, len) == want, __FILE__, line,
		   "'%s' ~ '%s'", s, pattern);
	host_check(match(pattern, TAP_REL_NGLOB, s, len) != want, __FILE__,
		   line, "'%s' !~ '%s'", s, pattern);
	host_check(match(pattern, TAP_REL_EQ, s, len) == !strcmp(pattern, s),
		   __FILE__, line, "'%s' == '%s'", s, pattern);
	host_check(match(pattern, TAP_REL_NE, s, len) == !!strcmp(pattern, s),
		   __FILE__, line, "'%s' != '%s'", s, pattern);
	/* What is behind the NUL does not count, even if it would match. */
	sprintf(tail, "%s%cabc%sabc", s, 0, pattern);
	host_check(match(pattern, TAP_REL_GLOB, tail, len + 1) == want,
		   __FILE__, line, "'%s\\0' ~ '%s'", s, pattern);
	host_check(match(pattern, TAP_REL_GLOB, tail, len + 7 +
			 strlen(pattern)) == want, __FILE__, line,
		   "'%s\\0abc...' ~ '%s'", s, pattern);
	host_check(match(pattern, TAP_REL_EQ, tail, len + 5) ==
		   !strcmp(pattern, s), __FILE__, line,
		   "'%s\\0abc...' == '%s'", s, pattern);
}

/* Random patterns of few letters, against the general matcher. */
static void check_random(void)
{
	struct host_rand r = { .state = 5 };
	char pattern[12], s[12];
	unsigned int i, j, n;
	bool want;

	for (i = 0; i < 50000; i++) {
		n = host_below(&r, sizeof(pattern));
		for (j = 0; j < n; j++)
			pattern[j] = "ab*ab*ab*ab?"[host_below(&r, i & 1 ? 11 : 12)];
		pattern[n] = 0;
		n = host_below(&r, sizeof(s));
		for (j = 0; j < n; j++)
			s[j] = "ab"[host_below(&r, 2)];
		want = glob_match_len(pattern, s, n);
		if (match(pattern, TAP_REL_GLOB, s, n) == want)
			continue;
		host_check(false, __FILE__, __LINE__, "'%.*s' ~ '%s'", n, s,
			   pattern);
	}
}

/* Which patterns are searched for, and which need the general matcher. */
static void check_kinds(void)
{
	static const struct {
		int			line;
		const char		*pattern;
		enum tap_match		kind;
		const char		*text;
	} kinds[] = {
		{ __LINE__, "", TAP_MATCH_FULL, "" },
		{ __LINE__, "abc", TAP_MATCH_FULL, "abc" },
		{ __LINE__, "abc*", TAP_MATCH_FRONT, "abc" },
		{ __LINE__, "*abc", TAP_MATCH_END, "abc" },
		{ __LINE__, "*abc*", TAP_MATCH_MIDDLE, "abc" },
		{ __LINE__, "a*b", TAP_MATCH_STARS, "a*b" },
		{ __LINE__, "*a*b*", TAP_MATCH_STARS, "*a*b*" },
		{ __LINE__, "a?b", TAP_MATCH_GLOB, "a?b" },
		{ __LINE__, "*a[b]", TAP_MATCH_GLOB, "*a[b]" },
		{ __LINE__, "a\\*", TAP_MATCH_GLOB, "a\\*" },
	};
	const char *text;
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct tap_operand str = {
			.type = TAP_STR, .text = kinds[i].pattern,
			.size = strlen(kinds[i].pattern),
		};

		CASE(&kinds[i], trace_tap_match_kind(&str, TAP_REL_GLOB, &text,
						     &len) == kinds[i].kind,
		     "'%s'", kinds[i].pattern);
		CASE(&kinds[i], len == strlen(kinds[i].text) &&
		     !memcmp(text, kinds[i].text, len), "'%s': '%.*s'",
		     kinds[i].pattern, len, text);
		CASE(&kinds[i], trace_tap_match_kind(&str, TAP_REL_NE, &text,
						     &len) == TAP_MATCH_FULL &&
		     len == str.size, "'%s' !=", kinds[i].pattern);
	}
}

void test_match(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(rows[i].line, rows[i].pattern, rows[i].s,
			  rows[i].match);
	check_random();
	check_kinds();
}
