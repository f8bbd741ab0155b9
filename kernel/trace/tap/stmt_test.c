// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of how actions are translated, and filters that read tables:
 * the program that a text becomes, or what is wrong with it and where.
 */
#include "test.h"

/* Tables that exist. */
static const char * const tables[] = {
	"@slow[s64] = u64", "@cnt[s64] = count", "@name[s64] = str16", "@one = s64",
};

static struct tap_shape *shapes[ARRAY_SIZE(tables)];
static struct tap_arena arena;

static const struct tap_shape *scope_table(void *event, const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (!strcmp(shapes[i]->name, name))
			return shapes[i];
	}
	return NULL;
}

static const char *scope_synth(void *event, const char *name)
{
	return !strcmp(name, "lat") ? "isi" : NULL;
}

static struct tap_scope scope;

static int init_suite(struct kunit_suite *suite)
{
	struct tap_error e;
	unsigned int i;

	scope = trace_tap_test_scope;
	scope.table = scope_table;
	scope.synth = scope_synth;
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		shapes[i] = trace_tap_shape_parse(&arena, tables[i], NULL, &e);
		if (!shapes[i])
			return -ENOMEM;
	}
	return 0;
}

static void exit_suite(struct kunit_suite *suite)
{
	trace_tap_arena_free(&arena);
	memset(&arena, 0, sizeof(arena));
}

struct good {
	const char	*text;
	const char	*prog;
};

static const struct good actions[] = {
	{ "@ = count()", "table @ = count; agg @, 0, 1; ret 1" },
	{ "/u8 > 5/ @[comm, hex(u64)] = (count(), hist(s64, 2))",
	  "table @[str16, u64.hex] = count, hist(2); ld r0, args.u8; jgt r0, 5, L1; ret 0; "
	  "L1: ld r0, args.s64; key @, 0, comm; ld r1, args.u64; key @, 1, r1; agg @, 0, 1; "
	  "agg @, 1, r0; ret 1" },
	{ "@a = lhist(u8, -10, 1 << 8, 7);",
	  "table @a = lhist(-10, 256, 7); ld r0, args.u8; agg @a, 0, r0; ret 1" },
	{ "@t = 5; @t += 3; @t++",
	  "table @t = s64; put @t, 5; inc @t, 3; inc @t, 1; ret 1" },
	{ "@nm[u8] = prev_comm; @nm[1] = \"x\"",
	  "table @nm[s64] = str16; ld r0, args.u8; key @nm, 0, r0; put @nm, args.prev_comm; "
	  "key @nm, 0, 1; put @nm, \"x\"; ret 1" },
	/* what is read comes in front of the key that is written */
	{ "@t[@t[1]] = @t[2] + 1",
	  "table @t[s64] = s64; key @t, 0, 2; get r0, @t, 0; add r0, 1; key @t, 0, 1; "
	  "get r1, @t, 0; key @t, 0, r1; put @t, r0; ret 1" },
	{ "if (has(@slow[u8])) { delete(@slow[u8]); record() } stack()",
	  "table @slow[s64] = u64; ld r0, args.u8; key @slow, 0, r0; has r0, @slow; "
	  "jeq r0, 0, L1; ld r0, args.u8; key @slow, 0, r0; del @slow; record; L1: stack; ret 1" },
	{ "clear(@slow); zero(@cnt); traceoff()",
	  "table @slow[s64] = u64; table @cnt[s64] = count; clear @slow; zero @cnt; traceoff; "
	  "ret 1" },
	{ "printf(\"%d %s\", u8, name); print(@one)",
	  "table @one = s64; ld r0, args.u8; arg 0, r0; arg 1, args.name; printf \"%d %s\"; "
	  "get r0, @one, 0; arg 0, r0; printf \"%lld\\n\"; ret 1" },
	{ "lat(u8, comm, @slow[arg1])",
	  "table @slow[s64] = u64; ld r0, args.u8; arg 0, r0; arg 1, comm; "
	  "ld r0, args.prev_pid; key @slow, 0, r0; get r0, @slow, 0; arg 2, r0; synth \"lat\"; "
	  "ret 1" },
	{ "@s[kstack(9), enum(u8)] = kstr(ptr, 20)",
	  "table @s[kstack, s64.enum(u8)] = str24; ld r0, args.ptr; key @s, 0, kstack(9); "
	  "ld r1, args.u8; key @s, 1, r1; put @s, kstr(r0, 20); ret 1" },
	{ "/0/ record()", "ret 0" },
};

static const struct good filters[] = {
	{ "!@slow[common_pid]",
	  "table @slow[s64] = u64; ld r0, args.common_pid; key @slow, 0, r0; "
	  "get r0, @slow, 0; jeq r0, 0, L1; ret 0; L1: ret 1" },
	{ "has(@cnt[u8]) && @one in {1, 5..9}",
	  "table @cnt[s64] = count; table @one = s64; ld r0, args.u8; key @cnt, 0, r0; "
	  "has r0, @cnt; jeq r0, 0, L1; get r0, @one, 0; jeq r0, 1, L2; jlt r0, 5, L1; "
	  "jle r0, 9, L2; L1: ret 0; L2: ret 1" },
	{ "kstr(ptr) == comm", "jpair args.ptr, ==, comm, L1; ret 0; L1: ret 1" },
};

struct bad {
	enum tap_error_code	code;
	const char		*text;
};

static const struct bad bad_actions[] = {
	/* structure */
	{ TAP_ERR_EXPECT_STATEMENT, "^" },
	{ TAP_ERR_EXPECT_STATEMENT, "/u8/^" },
	{ TAP_ERR_EXPECT_STATEMENT, "record(); ^;" },
	{ TAP_ERR_EXPECT_SLASH, "/u8 > 0 ^@x = 1" },
	{ TAP_ERR_EXPECT_SEMICOLON, "@x = 1 ^@y = 2" },
	{ TAP_ERR_EXPECT_OPEN, "if ^u8 record()" },
	{ TAP_ERR_EXPECT_CLOSE, "if (u8 ^record()" },
	{ TAP_ERR_MISSING_BRACE_CLOSE, "{ record()^" },
	{ TAP_ERR_BAD_CHAR, "@x = 1 ^?" },
	{ TAP_ERR_TOO_DEEP, "{{{{{{{{{{{{{{{{^{record()" },
	/* tables */
	{ TAP_ERR_EXPECT_ASSIGN, "@x ^== 1" },
	{ TAP_ERR_EXPECT_BRACKET, "@x[1 ^2]" },
	{ TAP_ERR_NOT_AN_AGG, "@x = (count(), ^1)" },
	{ TAP_ERR_TOO_MANY_PARTS, "@x[1,2,3,4,5,6,7,8,^9] = 1" },
	{ TAP_ERR_WRONG_SHAPE, "@x = 1; ^@x = count()" },
	{ TAP_ERR_WRONG_SHAPE, "@x[1] = 1; ^@x['a'] = 2" },
	{ TAP_ERR_WRONG_SHAPE, "^@cnt[1] = 2" },
	{ TAP_ERR_WRONG_SHAPE, "^@name[1] = name" },
	{ TAP_ERR_NO_TABLE, "clear(^@nope)" },
	{ TAP_ERR_KEY_TOO_LONG, "^@x[str(u64, 256), str(u64, 256), str(u64, 8)] = 1" },
	{ TAP_ERR_NOT_HERE, "@name[1] = ^@name[2]" },
	/* calls and values */
	{ TAP_ERR_UNKNOWN_FUNCTION, "^nope()" },
	{ TAP_ERR_UNKNOWN_NAME, "@x[1, ^nope] = 1" },
	{ TAP_ERR_WRONG_ARGS, "record(^1)" },
	{ TAP_ERR_EXPECT_TABLE, "clear(^5)" },
	{ TAP_ERR_NOT_A_NUMBER, "@x = (count(), sum(^name))" },
	{ TAP_ERR_NOT_A_NUMBER, "@x = 1 + ^kstack(3)" },
	{ TAP_ERR_BAD_LENGTH, "@x[str(ptr, ^257)] = 1" },
	{ TAP_ERR_BAD_LENGTH, "@x[kstack(^128)] = 1" },
	{ TAP_ERR_BAD_HIST, "@x = hist(u8, ^6)" },
	{ TAP_ERR_BAD_HIST, "@x = lhist(u8, ^10, 0, 1)" },
	{ TAP_ERR_NO_NAMES, "@x = enum(^u16)" },
	{ TAP_ERR_BAD_FORMAT, "printf(\"%d ^%n\", 5, 5)" },
	{ TAP_ERR_FORMAT_ARGS, "printf(\"%d\", ^comm)" },
	{ TAP_ERR_WRONG_ARGS, "lat(1, comm, 2, ^3)" },
	{ TAP_ERR_NOT_A_STRING, "lat(1, ^2, 3)" },
};

static const struct bad bad_filters[] = {
	{ TAP_ERR_NO_TABLE, "u8 == 1 && ^@nope == 2" },
	{ TAP_ERR_NO_TABLE, "^@[1] == 1" },
	{ TAP_ERR_WRONG_SHAPE, "^@slow[comm]" },
	{ TAP_ERR_NOT_A_NUMBER, "^@name[1] == 1" },
	{ TAP_ERR_EXPECT_OPERATOR, "@slow[1] == 1^; record()" },
	{ TAP_ERR_NOT_HERE, "@slow[^kstack]" },
	{ TAP_ERR_NOT_HERE, "^elapsed > 5" },
};

TAP_TEST_ROWS(actions, actions);
TAP_TEST_ROWS(filters, filters);
TAP_TEST_ROWS(bad_actions, bad_actions);
TAP_TEST_ROWS(bad_filters, bad_filters);

static struct tap_prog *translate(const char *text, enum tap_prog_kind kind,
				  struct tap_error *e)
{
	if (kind == TAP_ACTION)
		return trace_tap_translate_action(text, &scope, e);
	return trace_tap_translate(text, &scope, false, e);
}

static void check_good(struct kunit *test, enum tap_prog_kind kind)
{
	const struct good *row = test->param_value;
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = translate(row->text, kind, &e);
	KUNIT_ASSERT_NOT_NULL_MSG(test, prog, "%s at %u: %s", trace_tap_err_text[e.code],
				  e.pos, e.detail);
	KUNIT_EXPECT_STREQ(test, trace_tap_test_line(test, prog), row->prog);
	trace_tap_prog_free(prog);
}

static void check_bad(struct kunit *test, enum tap_prog_kind kind)
{
	const struct bad *row = test->param_value;
	struct tap_error e = {};
	unsigned int pos;
	char *text = trace_tap_test_unmark(test, row->text, &pos);

	KUNIT_EXPECT_NULL(test, translate(text, kind, &e));
	trace_tap_test_error(test, &e, row->code, pos);
}

static void check_actions(struct kunit *test)
{
	check_good(test, TAP_ACTION);
}

static void check_filters(struct kunit *test)
{
	check_good(test, TAP_FILTER);
}

static void check_bad_actions(struct kunit *test)
{
	check_bad(test, TAP_ACTION);
}

static void check_bad_filters(struct kunit *test)
{
	check_bad(test, TAP_FILTER);
}

static struct kunit_case stmt_cases[] = {
	KUNIT_CASE_PARAM(check_actions, actions_gen_params),
	KUNIT_CASE_PARAM(check_filters, filters_gen_params),
	KUNIT_CASE_PARAM(check_bad_actions, bad_actions_gen_params),
	KUNIT_CASE_PARAM(check_bad_filters, bad_filters_gen_params),
	{}
};

static struct kunit_suite stmt_suite = {
	.name		= "tap_stmt",
	.suite_init	= init_suite,
	.suite_exit	= exit_suite,
	.test_cases	= stmt_cases,
};

kunit_test_suite(stmt_suite);
