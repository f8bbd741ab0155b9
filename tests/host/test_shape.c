// SPDX-License-Identifier: GPL-2.0
/* shape.c: shapes as text and back, where things are, what fits; buckets. */
#include "host.h"

/* -------------------------------------------------------------------- right */

/* Text, what is printed if it is not the same, and what comes of it. */
static const struct {
	int		line;
	const char	*in;
	const char	*out;
	unsigned int	key_size;
	unsigned int	words;
} good[] = {
	{ __LINE__, "@ = u64", NULL, 0, 1 },
	{ __LINE__, "@us = s64", NULL, 0, 1 },
	{ __LINE__, "@t[s64] = s64", NULL, 8, 1 },
	{ __LINE__, "@us[u64.syscall] = hist", NULL, 8, 66 },
	{ __LINE__, "@us[u64.syscall, str16] = count, hist(2)", NULL, 24,
	  1 + 1 + 4 + 62 * 4 },
	{ __LINE__, "\t@us[ u64.hex ,str1 ]=count,sum( u64 )\n",
	  "@us[u64.hex, str8] = count, sum(u64)", 16, 2 },
	{ __LINE__, "@a[str512] = count", NULL, 512, 1 },
	{ __LINE__, "@a[kstack, ustack] = sum", NULL, 16, 1 },
	{ __LINE__, "@a = str64", NULL, 0, 8 },
	{ __LINE__, "@a = str9", "@a = str16", 0, 2 },
	{ __LINE__, "@a = kstack", NULL, 0, 1 },
	{ __LINE__, "@a = u64.ksym", NULL, 0, 1 },
	{ __LINE__, "@a[s64.enum(vec), u64.probe] = s64.enum(a_1)", NULL, 16, 1 },
	{ __LINE__, "@a[s64.enum( vec )] = min", "@a[s64.enum(vec)] = min", 8, 1 },
	{ __LINE__, "@a = count, sum, min, max, avg, stats, hist, hist(u64, 5)",
	  NULL, 0, 1 + 1 + 1 + 1 + 2 + 2 + 66 + 1 + 32 + 59 * 32 },
	{ __LINE__, "@a = sum(u64), min(u64), max(u64), avg(u64), stats(u64)",
	  NULL, 0, 7 },
	{ __LINE__, "@a = hist(u64)", NULL, 0, 66 },
	{ __LINE__, "@a = hist(0)", "@a = hist", 0, 66 },
	{ __LINE__, "@a = lhist(0, 100, 10)", NULL, 0, 12 },
	{ __LINE__, "@a = lhist(-5, 100, 10)", NULL, 0, 13 },
	{ __LINE__, "@a = lhist(u64, 0, 1000, 1)", NULL, 0, 1002 },
	{ __LINE__, "@a = lhist(-9223372036854775808, 9223372036854775807, "
		    "9223372036854775807)", NULL, 0, 5 },
	{ __LINE__, "@123456789012345678901234567890123456789012345678901234567890123"
		    " = count", NULL, 0, 1 },
	{ __LINE__, "@a[s64, s64, s64, s64, s64, s64, s64, s64] = count", NULL,
	  64, 1 },
};

static void check_good(void)
{
	char text[TAP_MAX_SHAPE_TEXT];
	struct tap_arena arena = {};
	struct tap_shape *shape, *copy;
	struct tap_error e = {};
	const char *want;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		want = good[i].out ?: good[i].in;
		shape = trace_tap_shape_parse(&arena, good[i].in, NULL, &e);
		if (!CASE(&good[i], shape, "'%s': %s at %u", good[i].in,
			  trace_tap_err_text[e.code], e.pos))
			continue;
		CASE(&good[i], trace_tap_shape_text(shape, text, sizeof(text)) ==
		     strlen(want) && !strcmp(text, want), "'%s', not '%s'",
		     text, want);
		CASE(&good[i], shape->key_size == good[i].key_size &&
		     shape->value_words == good[i].words,
		     "'%s': key of %u, %u words", good[i].in, shape->key_size,
		     shape->value_words);
		CASE(&good[i], trace_tap_shape_is_sound(shape), "'%s'",
		     good[i].in);
		CASE(&good[i], trace_tap_shape_fits(shape, shape), "'%s'",
		     good[i].in);
		copy = trace_tap_shape_copy(&arena, shape);
		trace_tap_shape_text(copy, text, sizeof(text));
		CASE(&good[i], !strcmp(text, want), "the copy is '%s'", text);
	}
	trace_tap_arena_free(&arena);
}

/* -------------------------------------------------------------------- wrong */

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "^" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "^us = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us^" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us ^count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us^:1 = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us =^" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = ^counts" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = ^COUNT" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = count ^x" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = count, ^" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = count, ^s64" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = s64, ^count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = s64, ^s64" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = count(^)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = count(^u64)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = sum(^s64)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = sum(u64, ^1)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = sum(u64^" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64 ^= count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64, ^] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^s32] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^count] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^str] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^str0] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^str513] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^str1x] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[^str99999999999999999999] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64.^] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64.^hexx] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[str8.^hex] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[kstack.^hex] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64.enum^] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64.enum(^)] = count" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us[s64.enum(a^.b)] = count" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = hist(^6)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = hist(u64, ^-1)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = hist(^)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = hist(1^, 2)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = hist(^18446744073709551616)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = lhist^" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = lhist(u64^)" },
	{ __LINE__, TAP_ERR_BAD_SHAPE, "@us = lhist(1, 2^)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = lhist(^1, 1, 1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = lhist(^2, 1, 1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = lhist(^0, 1, 0)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = lhist(^0, 1001, 1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@us = lhist(u64, ^-1, 1, 1)" },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS,
	  "@a[s64, s64, s64, s64, s64, s64, s64, s64, ^s64] = count" },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS,
	  "@a = sum, sum, sum, sum, sum, sum, sum, sum, ^sum" },
	{ __LINE__, TAP_ERR_KEY_TOO_LONG, "^@a[str512, s64] = count" },
	{ __LINE__, TAP_ERR_OPERAND_TOO_LONG,
	  "^@1234567890123456789012345678901234567890123456789012345678901234"
	  " = count" },
};

static void check_bad(void)
{
	struct tap_arena arena = {};
	struct tap_error e;
	unsigned int i, pos;
	char *text;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		e = (struct tap_error){};
		text = host_unmark(bad[i].text, &pos);
		CASE(&bad[i], !trace_tap_shape_parse(&arena, text, NULL, &e),
		     "'%s' is accepted", text);
		host_check_error(__FILE__, bad[i].line, text, &e, bad[i].code,
				 pos);
		free(text);
	}
	trace_tap_arena_free(&arena);
}

/* What follows is somebody else's; short of room the text is cut. */
static void check_pieces(void)
{
	struct tap_arena arena = {};
	struct tap_shape *shape;
	struct tap_error e = {};
	const char *end;
	char text[8];

	shape = trace_tap_shape_parse(&arena, "@a = count # x", &end, &e);
	CHECK(shape && !strcmp(end, "# x"));
	CHECK(trace_tap_shape_text(shape, text, sizeof(text)) == 10);
	CHECK(!strcmp(text, "@a = co"));
	CHECK(trace_tap_shape_text(shape, NULL, 0) == 10);
	/* a name of a field as long as all text */
	shape->values[0] = (struct tap_value){ .plain.form = TAP_FORM_ENUM };
	shape->values[0].plain.field = trace_tap_alloc(&arena, 600);
	memset((char *)shape->values[0].plain.field, 'x', 599);
	CHECK(trace_tap_shape_layout(shape) == -E2BIG);
	trace_tap_arena_free(&arena);
}

/* --------------------------------------------------------------------- fits */

static const struct {
	int		line;
	const char	*have;
	const char	*want;
	bool		fits;
} pairs[] = {
	{ __LINE__, "@a[s64] = count", "@a[u64] = count", true },
	{ __LINE__, "@a[s64] = count", "@b[u64.syscall] = count", true },
	{ __LINE__, "@a[str64] = count", "@a[str16] = count", true },
	{ __LINE__, "@a[str16] = count", "@a[str64] = count", false },
	{ __LINE__, "@a[str64] = count", "@a[s64] = count", false },
	{ __LINE__, "@a[kstack] = count", "@a[ustack] = count", false },
	{ __LINE__, "@a[s64] = count", "@a = count", false },
	{ __LINE__, "@a[s64] = count", "@a[s64, s64] = count", false },
	{ __LINE__, "@a = count", "@a = sum", false },
	{ __LINE__, "@a = sum", "@a = sum(u64)", true },
	{ __LINE__, "@a = sum, count", "@a = sum", false },
	{ __LINE__, "@a = u64.hex", "@a = s64", true },
	{ __LINE__, "@a = str16", "@a = str8", true },
	{ __LINE__, "@a = str8", "@a = str16", false },
	{ __LINE__, "@a = kstack", "@a = ustack", false },
	{ __LINE__, "@a = hist", "@a = hist(1)", false },
	{ __LINE__, "@a = hist(1)", "@a = hist(u64, 1)", true },
	{ __LINE__, "@a = lhist(0, 10, 1)", "@a = lhist(0, 10, 1)", true },
	{ __LINE__, "@a = lhist(0, 10, 1)", "@a = lhist(0, 10, 2)", false },
	{ __LINE__, "@a = lhist(0, 10, 1)", "@a = lhist(0, 11, 1)", false },
	{ __LINE__, "@a = lhist(0, 10, 1)", "@a = lhist(1, 10, 1)", false },
};

static void check_fits(void)
{
	struct tap_arena arena = {};
	struct tap_shape *have, *want;
	struct tap_error e = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		have = trace_tap_shape_parse(&arena, pairs[i].have, NULL, &e);
		want = trace_tap_shape_parse(&arena, pairs[i].want, NULL, &e);
		CASE(&pairs[i], have && want &&
		     trace_tap_shape_fits(have, want) == pairs[i].fits,
		     "'%s' and '%s'", pairs[i].have, pairs[i].want);
	}
	trace_tap_arena_free(&arena);
}

/* Names are copied, because those of a program go with it. */
static void check_names(void)
{
	struct tap_arena from = {}, to = {};
	struct tap_shape *shape, *copy;
	struct tap_error e = {};

	shape = trace_tap_shape_parse(&from, "@a[s64.enum(u8)] = count", NULL,
				      &e);
	shape->parts[0].names = host_names(NULL, "u8", &from);
	copy = trace_tap_shape_copy(&to, shape);
	trace_tap_arena_free(&from);
	CHECK(copy && !strcmp(copy->name, "a"));
	CHECK(!strcmp(copy->parts[0].field, "u8"));
	CHECK(copy->parts[0].names->nr >= 2 &&
	      copy->parts[0].names->name[1].value == 1 &&
	      !strcmp(copy->parts[0].names->name[1].name, "TIMER"));
	trace_tap_arena_free(&to);
}

/* ---------------------------------------------------------- not to be trusted */

static void check_sound(void)
{
	struct tap_arena arena = {};
	struct tap_shape *good, shape;
	struct tap_error e = {};

	good = trace_tap_shape_parse(&arena, "@a[s64, str16] = count, hist", NULL,
				     &e);
#define UNSOUND(change) do {						\
	shape = *good;							\
	CHECK(trace_tap_shape_is_sound(&shape));			\
	change;								\
	CHECK(!trace_tap_shape_is_sound(&shape) && #change);		\
} while (0)
	UNSOUND(shape.nr_parts = 9);
	UNSOUND(shape.nr_parts = 1);
	UNSOUND(shape.nr_values = 0);
	UNSOUND(shape.nr_values = 9);
	UNSOUND(shape.key_size = 16);
	UNSOUND(shape.value_words++);
	UNSOUND(shape.parts[0].kind = 9);
	UNSOUND(shape.parts[0].form = TAP_NR_FORMS);
	UNSOUND(shape.parts[1].form = TAP_FORM_HEX);
	UNSOUND(shape.parts[1].offset = 0);
	UNSOUND(shape.parts[1].size = 12);
	UNSOUND(shape.parts[1].size = 0);
	UNSOUND(shape.parts[1].size = 600);
	UNSOUND(shape.values[0].kind = TAP_VALUE_INT);
	UNSOUND(shape.values[0].kind = TAP_NR_VALUES);
	UNSOUND(shape.values[1].bits = 6);
	UNSOUND(shape.values[1].bits = 1);
	UNSOUND(shape.values[1].offset = 0);
	UNSOUND(shape.values[1].kind = TAP_VALUE_LHIST);
	trace_tap_arena_free(&arena);
}

/* ------------------------------------------------------------------ buckets */

static void check_hist(void)
{
	unsigned int bits, b;
	u64 v;

	for (bits = 0; bits <= TAP_MAX_BITS; bits++) {
		unsigned int nr = trace_tap_hist_buckets(bits);

		/* each value from its start on is in it, and none before */
		for (b = 1; b < nr; b++) {
			v = trace_tap_hist_start(b, bits);
			CHECK(trace_tap_hist_bucket(v, false, bits) == b);
			CHECK(!v || trace_tap_hist_bucket(v - 1, false, bits) ==
				    b - 1);
		}
		CHECK(trace_tap_hist_bucket(U64_MAX, false, bits) == nr - 1);
		CHECK(trace_tap_hist_bucket(U64_MAX, true, bits) == 0);
		CHECK(trace_tap_hist_bucket(0, true, bits) == 1);
		CHECK(trace_tap_hist_bucket(S64_MAX, true, bits) < nr);
	}
	CHECK(trace_tap_hist_start(0, 3) == 0);
}

static bool parses(const void *arg)
{
	struct tap_arena arena = {}, to = {};
	struct tap_error e = {};
	struct tap_shape *shape, *copy = NULL;

	shape = trace_tap_shape_parse(&arena, arg, NULL, &e);
	CHECK(shape || (e.err == -ENOMEM && !e.code));
	if (shape)
		shape->parts[0].names = host_names(NULL, "u8", &arena);
	if (shape && shape->parts[0].names)
		copy = trace_tap_shape_copy(&to, shape);
	trace_tap_arena_free(&arena);
	trace_tap_arena_free(&to);
	return copy;
}

void test_shape(void)
{
	check_good();
	check_bad();
	check_pieces();
	check_fits();
	check_names();
	check_sound();
	check_hist();
	host_each_alloc_failure(parses, "@a[s64.enum(u8)] = s64.enum(u8)",
				__FILE__, __LINE__);
}
