// SPDX-License-Identifier: GPL-2.0
/* enum.c: names of values in formats of events, and values by their names. */
#include "host.h"

#define SYMBOLIC(list) "\"a=%s\", __print_symbolic(REC->a, " list ")"
#define FLAGS(list) "\"a=%s\", __print_flags(REC->a, \"|\", " list ")"

static const struct {
	int		line;
	const char	*fmt;
	const char	*names;		/* of "a": "0=HI 1=TIMER", flags "|..." */
} formats[] = {
	{ __LINE__, "\"vec=%u [action=%s]\", REC->vec, REC->a", NULL },
	{ __LINE__, "", NULL },
	{ __LINE__, SYMBOLIC("{ 0, \"HI\" }, { 1, \"TIMER\" }"), "0=HI 1=TIMER" },
	{ __LINE__, SYMBOLIC("{0,\"HI\"},{1,\"TIMER\"}"), "0=HI 1=TIMER" },
	{ __LINE__, FLAGS("{ 1, \"A\" }, { 2, \"B\" }"), "|1=A 2=B" },
	{ __LINE__, "\"%s\", __print_symbolic_u64(REC->a, { 5ULL, \"x\" })", "5=x" },
	{ __LINE__, "\"%s\", __print_flags_u64(REC->a, \"\", { 5ULL, \"x\" })", "|5=x" },
	/* Which field */
	{ __LINE__, "\"%s\", __print_symbolic(REC->ab, { 1, \"x\" })", NULL },
	{ __LINE__, "\"%s\", __print_symbolic(REC->b, { 1, \"x\" })", NULL },
	{ __LINE__, "\"%s\", __print_symbolic(REC->b, { 1, \"x\" }), "
	  "__print_symbolic(REC->a, { 2, \"y\" })", "2=y" },
	{ __LINE__, "\"%s\", __print_symbolic((int)(REC->a), { 1, \"x\" })", "1=x" },
	{ __LINE__, "\"%s\", __print_symbolic((( unsigned long) REC->a), { 1, \"x\" })",
	  "1=x" },
	{ __LINE__, "\"%s\", __print_symbolic(REC->a >> 4, { 1, \"x\" })", NULL },
	{ __LINE__, "\"%s\", __print_symbolic(REC->a & 4, { 1, \"x\" })", NULL },
	{ __LINE__, "\"%s\", __print_symbolic(f(REC->a), { 1, \"x\" })", NULL },
	{ __LINE__, "\"%s\", __print_symbolic(REC->a + REC->b, { 1, \"x\" })", NULL },
	{ __LINE__, "\"%s\", (REC->a & ((2) - 1)) ? __print_flags(REC->a & "
	  "((((0 | 1) + 1) << 1) - 1), \"|\", { 1, \"S\" }, { 2, \"D\" }) : \"R\"",
	  "|1=S 2=D" },
	{ __LINE__, "\"%s\", __print_flags(REC->a & REC->b, \"|\", { 1, \"S\" })", NULL },
	{ __LINE__, "\"%s\", __print_flags(1 & REC->a, \"|\", { 1, \"S\" })", NULL },
	{ __LINE__, "\"%s\", my__print_symbolic(REC->a, { 1, \"x\" })", NULL },
	{ __LINE__, "\"__print_symbolic(REC->a, { 1, \\\"x\\\" })\", REC->a", NULL },
	/* Values */
	{ __LINE__, SYMBOLIC("{ 0x10, \"h\" }, { 010, \"o\" }, { -1, \"m\" }"),
	  "16=h 8=o -1=m" },
	{ __LINE__, SYMBOLIC("{ 1 << 3, \"a\" }, { (1UL << (4)), \"b\" }"), "8=a 16=b" },
	{ __LINE__, SYMBOLIC("{ 1|2, \"a\" }, { 1 | 2 << 1, \"b\" }"), "3=a 5=b" },
	{ __LINE__, SYMBOLIC("{ ~0, \"a\" }, { 7 & 3 + 1, \"b\" }"), "-1=a 4=b" },
	{ __LINE__, SYMBOLIC("{ (( unsigned long)((( gfp_t)((((1UL))) << (3))) | "
			     "((gfp_t)2))), \"G\" }"), "10=G" },
	{ __LINE__, SYMBOLIC("{ 'R', \"run\" }, { '\\\\0', \"n\" }"), "82=run" },
	{ __LINE__, SYMBOLIC("{ 10 - 2 - 3, \"a\" }, { 2 * 3 + 1, \"b\" }"), "5=a 7=b" },
	/* Not that simple */
	{ __LINE__, SYMBOLIC("{ FOO, \"a\" }, { 2, \"b\" }"), "2=b" },
	{ __LINE__, SYMBOLIC("{ (FOO) - 1, \"a\" }, { 2, \"b\" }"), "2=b" },
	{ __LINE__, SYMBOLIC("{ BIT(3), \"a\" }, { 2, \"b\" }"), "2=b" },
	{ __LINE__, SYMBOLIC("{ 1 ? 2 : 3, \"a\" }, { 1 || 0, \"c\" }"), NULL },
	{ __LINE__, SYMBOLIC("{ 1, NULL }, { 2, \"b\" \"c\" }"), NULL },
	{ __LINE__, SYMBOLIC("{ 08, \"a\" }, { 1.5, \"b\" }, { 0x1g, \"c\" }"), NULL },
	{ __LINE__, SYMBOLIC(""), NULL },
	{ __LINE__, SYMBOLIC("names"), NULL },
	/* Names */
	{ __LINE__, SYMBOLIC("{ 1, \"a \\\"}, { 2\" }, { 3, \"c)\" }"), "1=a \"}, { 2 3=c)" },
	{ __LINE__, SYMBOLIC("{ 1, \"\" }"), "1=" },
	/* Cut off */
	{ __LINE__, "__print_symbolic(REC->a, { 1, \"x", NULL },
	{ __LINE__, "__print_symbolic(REC->a, { 1, \"x\"", NULL },
	{ __LINE__, "__print_symbolic(REC->a, { 1, \"x\" }, {", "1=x" },
	{ __LINE__, "__print_symbolic(REC->a, { 1", NULL },
	{ __LINE__, "__print_symbolic(REC->a, { (", NULL },
	{ __LINE__, "__print_symbolic(REC->a", NULL },
	{ __LINE__, "__print_symbolic(", NULL },
	{ __LINE__, "__print_symbolic(REC->a, { ((((((((((((((((((((((((((((((((("
	  "((((((((((((((((1)))))))))))))))))))))))))))))))))))))))))))))))))), \"x\" })",
	  NULL },
};

static void check_format(unsigned int i)
{
	const struct tap_names *names;
	struct tap_arena arena = {};
	char text[256] = "";
	unsigned int n;
	size_t len = 0;

	names = trace_tap_names_parse(&arena, formats[i].fmt, "a");
	if (!formats[i].names) {
		CASE(&formats[i], !names, "%s: has names", formats[i].fmt);
	} else if (CASE(&formats[i], names, "%s: no names", formats[i].fmt)) {
		for (n = 0; n < names->nr; n++)
			len += snprintf(text + len, sizeof(text) - len, "%s%lld=%s",
					n ? " " : names->flags ? "|" : "",
					(long long)names->name[n].value,
					names->name[n].name);
		CASE(&formats[i], !strcmp(text, formats[i].names), "%s: %s, not %s",
		     formats[i].fmt, text, formats[i].names);
	}
	trace_tap_arena_free(&arena);
}

static const char symbols[] = SYMBOLIC("{ 0, \"HI\" }, { 1, \"TIMER\" }");
static const char flags[] = FLAGS("{ 0, \"none\" }, { 1, \"A\" }, { 2, \"B\" }, { 12, \"CD\" }");

static const struct {
	int		line;
	const char	*fmt;
	s64		value;
	bool		is_signed;
	const char	*text;
} texts[] = {
	{ __LINE__, symbols, 0, false, "HI" },
	{ __LINE__, symbols, 1, false, "TIMER" },
	{ __LINE__, symbols, 2, false, "2" },
	{ __LINE__, symbols, -2, true, "-2" },
	{ __LINE__, symbols, -1, false, "18446744073709551615" },
	{ __LINE__, flags, 0, false, "none" },
	{ __LINE__, flags, 1, false, "A" },
	{ __LINE__, flags, 3, false, "A|B" },
	{ __LINE__, flags, 12, false, "CD" },
	{ __LINE__, flags, 8, false, "8" },
	{ __LINE__, flags, 9, false, "A|0x8" },
	{ __LINE__, flags, 15, false, "A|B|CD" },
	{ __LINE__, NULL, 5, false, "5" },
	{ __LINE__, NULL, -5, true, "-5" },
};

static void check_text(unsigned int i)
{
	const struct tap_names *names = NULL;
	struct tap_arena arena = {};
	char text[TAP_MAX_NAMES_TEXT];

	if (texts[i].fmt)
		names = trace_tap_names_parse(&arena, texts[i].fmt, "a");
	trace_tap_names_text(names, texts[i].value, texts[i].is_signed, text,
			     sizeof(text));
	CASE(&texts[i], !strcmp(text, texts[i].text), "%lld: %s, not %s",
	     (long long)texts[i].value, text, texts[i].text);
	trace_tap_arena_free(&arena);
}

/* What has no room is left out, and what is left is still a number. */
static void test_small(void)
{
	const struct tap_names *names;
	struct tap_arena arena = {};
	char text[32];

	names = trace_tap_names_parse(&arena, FLAGS(
		"{ 1, \"abcdefghij\" }, { 2, \"klmnopqrst\" }"), "a");
	trace_tap_names_text(names, 3, false, text, sizeof(text));
	CHECK(!strcmp(text, "abcdefghij|0x2"));
	trace_tap_names_text(names, -1, false, text, sizeof(text));
	CHECK(!strcmp(text, "abcdefghij|0xfffffffffffffffe"));
	trace_tap_arena_free(&arena);
}

static bool names_works(const void *arg)
{
	struct tap_arena arena = {};
	bool works;

	works = trace_tap_names_parse(&arena, arg, "a");
	CHECK(works || arena.failed);
	trace_tap_arena_free(&arena);
	return works;
}

void test_enum(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		check_format(i);
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		check_text(i);
	test_small();
	host_each_alloc_failure(names_works, symbols, __FILE__, __LINE__);
}
