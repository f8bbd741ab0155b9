// SPDX-License-Identifier: GPL-2.0
/* format.c: formats of printf, and what becomes of them. */
#include "host.h"

/* Conversions: i, s and p (an address). */
static const struct {
	int		line;
	const char	*in;
	const char	*out;
	const char	*conv;
} good[] = {
	{ __LINE__, "", "\n", "" },
	{ __LINE__, "\n", "\n", "" },
	{ __LINE__, "a\nb", "a\nb\n", "" },
	{ __LINE__, "100%%", "100%%\n", "" },
	{ __LINE__, "%%d", "%%d\n", "" },
	{ __LINE__, "%d", "%lld\n", "i" },
	{ __LINE__, "%i %u\n", "%lld %llu\n", "ii" },
	{ __LINE__, "%x%X%o", "%llx%llX%llo\n", "iii" },
	{ __LINE__, "%hhd %hd %ld %lld %zd %jd %td %qd %Lu",
	  "%lld %lld %lld %lld %lld %lld %lld %lld %llu\n", "iiiiiiiii" },
	{ __LINE__, "%-5d|%05d|%+d|% d|%#x", "%-5lld|%05lld|%+lld|% lld|%#llx\n",
	  "iiiii" },
	{ __LINE__, "%8.3d", "%8.3lld\n", "i" },
	{ __LINE__, "%.d", "%.0lld\n", "i" },
	{ __LINE__, "%c%-3c", "%c%-3c\n", "ii" },
	{ __LINE__, "%s: %-16s", "%s: %-16s\n", "ss" },
	{ __LINE__, "%10.5s", "%10.5s\n", "s" },
	{ __LINE__, "%ls", "%s\n", "s" },
	{ __LINE__, "%p", "0x%llx\n", "p" },
	{ __LINE__, "%px", "0x%llxx\n", "p" },
	{ __LINE__, "%16p|%-16p|%016p", "%#16llx|%#-16llx|%#16llx\n", "ppp" },
	{ __LINE__, "%pS %ps, %pB", "%pS %ps, %pB\n", "ppp" },
	{ __LINE__, "%-20pS|", "%-20pS|\n", "p" },
	{ __LINE__, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d",
	  "%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld%lld\n",
	  "iiiiiiiiiiiiiiii" },
};

static const struct {
	int		line;
	const char	*text;
} bad[] = {
	{ __LINE__, "^%" },
	{ __LINE__, "a ^% " },
	{ __LINE__, "%d ^%n" },
	{ __LINE__, "^%*d" },
	{ __LINE__, "^%.*s" },
	{ __LINE__, "^%f" },
	{ __LINE__, "^%D" },
	{ __LINE__, "^%5" },
	{ __LINE__, "^%l" },
	{ __LINE__, "^%1001d" },
	{ __LINE__, "^%99999999999999999999d" },
	{ __LINE__, "^%.1001s" },
	{ __LINE__, "^%.0s" },
	{ __LINE__, "^%------d" },
	{ __LINE__, "^%pSx" },
	{ __LINE__, "^%pBb" },
	{ __LINE__, "^%5%" },
	{ __LINE__, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d^%d" },
};

static void check_good(void)
{
	static const char letters[] = "isp";
	struct tap_arena arena = {};
	struct tap_format *f;
	unsigned int i, j, at;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		f = trace_tap_format_parse(&arena, good[i].in, &at);
		if (!CASE(&good[i], f, "'%s' at %u", good[i].in, at))
			continue;
		CASE(&good[i], !strcmp(f->text, good[i].out), "'%s', not '%s'",
		     f->text, good[i].out);
		CASE(&good[i], f->nr == strlen(good[i].conv), "'%s': %u",
		     good[i].in, f->nr);
		for (j = 0; j < f->nr; j++)
			CASE(&good[i], letters[f->conv[j]] == good[i].conv[j],
			     "'%s': %u is %u", good[i].in, j, f->conv[j]);
	}
	f = trace_tap_format_parse(&arena, "%.3d %s %.17s", &at);
	CHECK(f && !f->precision[0] && !f->precision[1] &&
	      f->precision[2] == 17);
	trace_tap_arena_free(&arena);
}

static void check_bad(void)
{
	struct tap_arena arena = {};
	unsigned int i, pos, at;
	char *text;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		text = host_unmark(bad[i].text, &pos);
		at = U32_MAX;
		CASE(&bad[i], !trace_tap_format_parse(&arena, text, &at),
		     "'%s' is accepted", text);
		CASE(&bad[i], at == pos && !arena.failed, "'%s': %u, not %u",
		     text, at, pos);
		free(text);
	}
	trace_tap_arena_free(&arena);
}

static bool parses(const void *arg)
{
	struct tap_arena arena = {};
	struct tap_format *f;
	unsigned int at;

	f = trace_tap_format_parse(&arena, arg, &at);
	CHECK(f || arena.failed);
	trace_tap_arena_free(&arena);
	return f;
}

void test_format(void)
{
	check_good();
	check_bad();
	host_each_alloc_failure(parses, "%p", __FILE__, __LINE__);
}
