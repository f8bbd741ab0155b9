// SPDX-License-Identifier: GPL-2.0
/* tap: KUnit suite of match.c: strings against patterns. */
#include "test.h"

static const struct {
	bool		match;
	const char	*text;
	const char	*s;
} rows[] = {
	{ true,  "", "" },
	{ false, "", "a" },
	{ false, "a", "" },
	{ true,  "abc", "abc" },
	{ false, "abc", "ab" },
	{ false, "abc", "abcd" },
	{ false, "abc", "Abc" },
	{ true,  "*", "" },
	{ true,  "**", "abc" },
	{ true,  "ab*", "ab" },
	{ true,  "ab*", "abc" },
	{ false, "ab*", "a" },
	{ false, "ab*", "xab" },
	{ true,  "*bc", "bc" },
	{ true,  "*bc", "abcbc" },
	{ false, "*bc", "abcd" },
	{ false, "*bc", "c" },
	{ true,  "*b*", "abc" },
	{ false, "*b*", "acd" },
	{ true,  "*aab*", "aaab" },
	{ true,  "a*c", "ac" },
	{ true,  "a*c", "acbc" },
	{ false, "a*c", "acb" },
	{ false, "a*a", "a" },
	{ false, "ab*bc", "abc" },
	{ true,  "*a*b*", "xaxbx" },
	{ false, "*a*b*", "xbxax" },
	{ true,  "*a*b", "ab" },
	{ false, "*a*b", "aba" },
	{ true,  "a*b*c*d", "a-bb-cc-dd" },
	{ false, "a*b*c*d", "a-cc-bb-dd" },
	{ true,  "a?c", "abc" },
	{ false, "a?c", "ac" },
	{ false, "?*", "" },
	{ true,  "[a-c]x", "bx" },
	{ false, "[!a-c]x", "bx" },
	{ true,  "\\*", "*" },
	{ false, "\\*", "a" },
	{ true,  "*[0-9]", "abc5" },
	{ true,  "*\xfe", "\xff\xfe" },
};

TAP_TEST_ROWS(rows, rows);

static bool match(struct kunit *test, const char *pattern,
		  enum tap_relation rel, const char *s, size_t max)
{
	const struct tap_operand str = {
		.type = TAP_STR, .text = pattern, .size = strlen(pattern),
	};
	struct tap_pattern *p;

	p = kunit_kzalloc(test, sizeof(*p) + str.size + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	trace_tap_pattern_init(p, &str, rel);
	return trace_tap_match(p, s, max);
}

/* With a NUL behind it, without one, and with something behind the NUL. */
static void check_rows(struct kunit *test)
{
	const typeof(rows[0]) *row = test->param_value;
	size_t len = strlen(row->s);
	/* Of its own size, so that KASAN sees what is read behind it */
	char *bare = kunit_kzalloc(test, max_t(size_t, len, 1), GFP_KERNEL);
	char *tail = kunit_kzalloc(test, len + 8, GFP_KERNEL);
	bool equal = !strcmp(row->text, row->s);

	KUNIT_ASSERT_NOT_NULL(test, bare);
	KUNIT_ASSERT_NOT_NULL(test, tail);
	memcpy(bare, row->s, len);
	memcpy(tail, row->s, len);
	memcpy(tail + len + 1, "abc", 3);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_GLOB, bare, len), row->match);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_GLOB, tail, len + 1), row->match);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_GLOB, tail, len + 8), row->match);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_NGLOB, bare, len), !row->match);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_EQ, bare, len), equal);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_EQ, tail, len + 8), equal);
	KUNIT_EXPECT_EQ(test, match(test, row->text, TAP_REL_NE, bare, len), !equal);
}

static struct kunit_case match_cases[] = {
	KUNIT_CASE_PARAM(check_rows, rows_gen_params),
	{}
};

static struct kunit_suite match_suite = {
	.name		= "tap_match",
	.test_cases	= match_cases,
};

kunit_test_suite(match_suite);
