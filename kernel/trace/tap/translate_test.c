// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suites of what turns the text of an expression into a program:
 * stock.c, parse.c (with lex.c), type.c and gen.c.
 *
 * What a program of an expression does is run_test.c's.
 */
#include "test.h"

/**
 * struct good - an expression and its program
 * @text: the expression
 * @prog: the program in one line
 */
struct good {
	const char	*text;
	const char	*prog;
};

/**
 * struct bad - a text that is no expression
 * @code: the error
 * @text: the text, with '^' in front of where the error is
 */
struct bad {
	enum tap_error_code	code;
	const char		*text;
};

static void check_good(struct kunit *test)
{
	const struct good *row = test->param_value;
	const struct tap_prog *prog = trace_tap_test_sound(test, row->text);

	KUNIT_EXPECT_STREQ(test, trace_tap_test_line(test, prog), row->prog);
}

/* Where a single predicate leads. */
#define ONE(pred)	pred ", L1; ret 0; L1: ret 1"

static void check_error(struct kunit *test, bool stock_only)
{
	const struct bad *row = test->param_value;
	struct tap_error e = {};
	unsigned int pos;
	char *text = trace_tap_test_unmark(test, row->text, &pos);

	KUNIT_EXPECT_NULL(test, trace_tap_translate(text, &trace_tap_test_scope, stock_only, &e));
	trace_tap_test_error(test, &e, row->code, pos);
}

static void check_stock_bad(struct kunit *test)
{
	check_error(test, true);
}

static void check_bad(struct kunit *test)
{
	check_error(test, false);
}

/* ------------------------------------------------------------------- stock */

static const struct good stock_good[] = {
	{ "prev_pid == 100", ONE("ld r0, args.prev_pid; jeq r0, 100") },
	{ " prev_pid==0x64\n", ONE("ld r0, args.prev_pid; jeq r0, 100") },
	{ "prev_pid == 010", ONE("ld r0, args.prev_pid; jeq r0, 8") },
	{ "next_pid == 0xffffffff", ONE("ld r0, args.next_pid; jeq r0, -1") },
	{ "u8 == 456", ONE("ld r0, args.u8; jeq r0, 200") },
	{ "u64 > 1", ONE("ld r0, args.u64; jugt r0, 1") },
	{ "s64 > 1", ONE("ld r0, args.s64; jgt r0, 1") },
	{ "u8 & 4", ONE("ld r0, args.u8; jset r0, 4") },
	{ "!(u8 & 4)", ONE("ld r0, args.u8; jnset r0, 4") },
	{ "common_pid == 1", ONE("ld r0, args.common_pid; jeq r0, 1") },
	{ "cpu == 1", ONE("ld r0, cpu; jeq r0, 1") },
	/* It never was a test for a bit */
	{ "cpu & 1", "ret 0" },
	/* Nor were these ever true */
	{ "odd == 0", "ret 0" },
	{ "odd != 0", "ret 0" },
	{ "stacktrace != 0", "ret 0" },
	{ "!(odd == 0)", "ret 1" },
	{ "comm == 'sh'", ONE("jstr comm, ==, \"sh\"") },
	{ "prev_comm != \"sh\"", ONE("jstr args.prev_comm, !=, \"sh\"") },
	{ "prev_comm ~ 'k*'", ONE("jstr args.prev_comm, ~, \"k*\"") },
	{ "prev_comm ~ '!k*'", ONE("jstr args.prev_comm, !~, \"k*\"") },
	{ "!(prev_comm ~ 'k*')", ONE("jnstr args.prev_comm, ~, \"k*\"") },
	{ "ptr.ustring == 'x'", ONE("jstr args.ptr.ustring, ==, \"x\"") },
	{ "prev_comm.ustring == 'x'", ONE("jstr args.prev_comm, ==, \"x\"") },
	{ "mask & CPUS{0-2}", ONE("jcpu args.mask, &, \"0-2\"") },
	{ "u8 == CPUS{2}", ONE("ld r0, args.u8; jeq r0, 2") },
	{ "u8 & CPUS{2}", ONE("ld r0, args.u8; jeq r0, 2") },
	{ "u8 == CPUS{2-3}", "ret 0" },
	{ "u64.function == vfs_read", ONE("ld r0, args.u64; jfn r0, \"vfs_read\"") },
	/* structure */
	{ "u8 == 1 && u16 == 2",
	  "ld r0, args.u8; jne r0, 1, L1; ld r0, args.u16; jeq r0, 2, L2; L1: ret 0; L2: ret 1" },
	{ "u8 == 1 || u16 == 2",
	  "ld r0, args.u8; jeq r0, 1, L1; ld r0, args.u16; jeq r0, 2, L1; ret 0; L1: ret 1" },
	{ "!(u8 == 1 || u16 == 2)",
	  "ld r0, args.u8; jeq r0, 1, L1; ld r0, args.u16; jne r0, 2, L2; L1: ret 0; L2: ret 1" },
};

/* Errors within a predicate are said to be one byte behind where they are. */
static const struct bad stock_bad[] = {
	{ TAP_ERR_NONE, "^" },
	{ TAP_ERR_NONE, "^()" },
	{ TAP_ERR_NONE, "^== 1" },
	{ TAP_ERR_TOO_MANY_CLOSE, "prev_pid == 1^)" },
	{ TAP_ERR_TOO_MANY_OPEN, "^(prev_pid == 1" },
	{ TAP_ERR_MISSING_QUOTE, "prev_comm == ^'bash" },
	{ TAP_ERR_TOO_MANY_PREDS, "prev_pid == 1 ^u8 == 2" },
	{ TAP_ERR_TOO_MANY_PREDS, "prev_pid == 1 ^& u8 == 2" },
	{ TAP_ERR_INVALID_FILTER, "prev_pid == 1 &&^" },
	{ TAP_ERR_FIELD_NOT_FOUND, "nope ^== 1" },
	{ TAP_ERR_INVALID_OP, "prev_pid @^ 1" },
	{ TAP_ERR_INVALID_OP, "u64.function > vfs_read" },
	{ TAP_ERR_EXPECT_STRING, "prev_comm == 1^" },
	{ TAP_ERR_EXPECT_DIGIT, "prev_pid == '^x'" },
	{ TAP_ERR_ILLEGAL_FIELD_OP, "prev_comm < '^x'" },
	{ TAP_ERR_ILLEGAL_FIELD_OP, "mask > CPUS{0}" },
	{ TAP_ERR_ILLEGAL_FIELD_OP, "stacktrace == CPUS{0}" },
	{ TAP_ERR_ILLEGAL_INTVAL, "prev_pid == 1^x" },
	{ TAP_ERR_ILLEGAL_INTVAL, "u32 == -^1" },
	{ TAP_ERR_INVALID_VALUE, "prev_pid == x^" },
	{ TAP_ERR_MISSING_BRACE_OPEN, "mask & CPUS(0^)" },
	{ TAP_ERR_MISSING_BRACE_CLOSE, "mask & CPUS{0" },
	{ TAP_ERR_INVALID_CPULIST, "mask & CPUS{x}" },
	{ TAP_ERR_NO_FUNCTION, "u64.function == nope" },
};

TAP_TEST_ROWS(stock_good, stock_good);
TAP_TEST_ROWS(stock_bad, stock_bad);

/* What the stock language does not have is no expression of it. */
static void check_stock_only(struct kunit *test)
{
	static const char * const extended[] = {
		"prev_prio < next_prio", "prev_prio + 1 == 2", "u8 in {1}",
		"prev_comm !~ 'x'", "1 == u8", "uid == 1", "args.u8 == 1",
		"prev_state == TCP_CLOSE", "(u8 & 1) == 1", "u8",
	};
	struct tap_error e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(extended); i++) {
		memset(&e, 0, sizeof(e));
		KUNIT_EXPECT_NULL_MSG(test,
				      trace_tap_translate(extended[i],
							  &trace_tap_test_scope,
							  true, &e),
				      "'%s'", extended[i]);
		KUNIT_EXPECT_LT(test, e.err, 0);
	}
}

static struct kunit_case stock_cases[] = {
	KUNIT_CASE_PARAM(check_good, stock_good_gen_params),
	KUNIT_CASE_PARAM(check_stock_bad, stock_bad_gen_params),
	KUNIT_CASE(check_stock_only),
	{}
};

static struct kunit_suite stock_suite = {
	.name		= "tap_stock",
	.test_cases	= stock_cases,
};

/* ------------------------------------------------------------------- parse */

/* Precedence and what may stand where: the same program in other words. */
static const struct {
	const char	*text;
	const char	*same;
} parse_same[] = {
	{ "u8 + u16 * s8 == 1", "(u8 + (u16 * s8)) == 1" },
	{ "u8 - u16 - s8 == 1", "((u8 - u16) - s8) == 1" },
	{ "u8 << 1 + s8 == 1", "(u8 << (1 + s8)) == 1" },
	{ "u8 & u16 << s8", "u8 & (u16 << s8)" },
	{ "-u8 + s8 == 1", "(-u8) + s8 == 1" },
	{ "u8 == s8 || u16 == s8 && s16 == s8", "u8 == s8 || (u16 == s8 && s16 == s8)" },
	{ "!u8 == s8", "!(u8 == s8)" },
	{ "u8==s8&&u16<s8", "\n\tu8 == s8\n && u16 < s8" },
	{ "u8 in {1, 2..3}", "u8 in { 0x1 , 02 .. 3 }" },
};

static void check_same(struct kunit *test)
{
	const typeof(parse_same[0]) *row = test->param_value;

	KUNIT_EXPECT_STREQ(test,
			   trace_tap_test_line(test, trace_tap_test_sound(test, row->text)),
			   trace_tap_test_line(test, trace_tap_test_sound(test, row->same)));
}

static const struct bad parse_bad[] = {
	/* lex.c */
	{ TAP_ERR_BAD_CHAR, "prev_pid + 1 == ^$x" },
	{ TAP_ERR_BAD_CHAR, "prev_pid + 1 == 2 ^?" },
	{ TAP_ERR_ILLEGAL_INTVAL, "prev_pid + ^12x == 2" },
	{ TAP_ERR_ILLEGAL_INTVAL, "prev_pid + ^09 == 2" },
	{ TAP_ERR_ILLEGAL_INTVAL, "prev_pid + 1 == ^18446744073709551616" },
	{ TAP_ERR_MISSING_BRACE_CLOSE, "prev_pid + 1 == 2 && mask == ^CPUS{0" },
	/* parse.c */
	{ TAP_ERR_EXPECT_OPERAND, "prev_pid + 1 == ^" },
	{ TAP_ERR_EXPECT_OPERAND, "(prev_pid + 1 == ^)" },
	{ TAP_ERR_EXPECT_OPERAND, "prev_pid + ^* 2 == 1" },
	{ TAP_ERR_EXPECT_OPERATOR, "prev_pid + 1 == 2 ^3" },
	{ TAP_ERR_EXPECT_OPERATOR, "prev_pid + 1 == 2 ^@" },
	{ TAP_ERR_AMBIGUOUS, "u8 & 4 ^== 4" },
	{ TAP_ERR_AMBIGUOUS, "u8 ^< 4 ^ 1" },
	{ TAP_ERR_EMPTY_LIST, "prev_pid in {^}" },
	{ TAP_ERR_MISSING_BRACE_OPEN, "prev_pid + 1 in ^1" },
	{ TAP_ERR_MISSING_BRACE_CLOSE, "prev_pid + 1 in {1 ^2}" },
	{ TAP_ERR_TOO_DEEP, "u8 + 1 == ((((((((((((((((((((((((((((((((1" },
};

TAP_TEST_ROWS(parse_same, parse_same);
TAP_TEST_ROWS(parse_bad, parse_bad);

static struct kunit_case parse_cases[] = {
	KUNIT_CASE_PARAM(check_same, parse_same_gen_params),
	KUNIT_CASE_PARAM(check_bad, parse_bad_gen_params),
	{}
};

static struct kunit_suite parse_suite = {
	.name		= "tap_parse",
	.test_cases	= parse_cases,
};

/* -------------------------------------------------------------------- type */

static const struct good type_good[] = {
	/* the event's own field, else a builtin; args.x and common_x say which */
	{ "common_cpu == 1", ONE("ld r0, cpu; jeq r0, 1") },
	{ "uid == 1", ONE("ld r0, uid; jeq r0, 1") },
	{ "args.u8 == 1", ONE("ld r0, args.u8; jeq r0, 1") },
	{ "common_gid == 1", ONE("ld r0, gid; jeq r0, 1") },
	{ "common_comm == 'x'", ONE("jstr comm, ==, \"x\"") },
	/* signed and not */
	{ "u64 < s64", ONE("ld r0, args.u64; ld r1, args.s64; jult r0, r1") },
	{ "u32 < s32", ONE("ld r0, args.u32; ld r1, args.s32; jlt r0, r1") },
	/* a constant is cut to the field beside it */
	{ "0xffffffff == s32", ONE("ld r0, args.s32; jeq r0, -1") },
	{ "prev_state == TCP_CLOSE", ONE("ld r0, args.prev_state; jeq r0, 7") },
	{ "s64 == NEGATIVE", ONE("ld r0, args.s64; jeq r0, -3") },
	/* constants are computed */
	{ "u8 == 2 * 3 + 1", ONE("ld r0, args.u8; jeq r0, 7") },
	/* strings */
	{ "prev_comm == next_comm", ONE("jpair args.prev_comm, ==, args.next_comm") },
	{ "next_comm !~ 'x*'", ONE("jstr args.next_comm, !~, \"x*\"") },
};

static const struct bad type_bad[] = {
	{ TAP_ERR_UNKNOWN_NAME, "prev_pid + ^nope == 1" },
	{ TAP_ERR_UNKNOWN_NAME, "uid == ^common_nope" },
	/* It would be a builtin here, but is a field of a sibling */
	{ TAP_ERR_FIELD_NOT_FOUND, "gid ^== 1" },
	{ TAP_ERR_FIELD_NOT_FOUND, "prev_pid + ^args.pid == 1" },
	{ TAP_ERR_NOT_A_NUMBER, "prev_pid + ^prev_comm == 1" },
	{ TAP_ERR_NOT_A_NUMBER, "prev_pid + ^'x' == 1" },
	{ TAP_ERR_NOT_A_NUMBER, "prev_pid + ^mask == 1" },
	{ TAP_ERR_NOT_A_NUMBER, "prev_pid + ^odd == 1" },
	{ TAP_ERR_NOT_A_STRING, "uid == 1 && prev_comm ~ ^next_comm" },
	{ TAP_ERR_BAD_NUMBER, "prev_pid in {1, ^next_pid}" },
	{ TAP_ERR_BAD_RANGE, "prev_pid in {^5..4}" },
	{ TAP_ERR_INVALID_CPULIST, "uid == 1 && mask & ^CPUS{x}" },
	{ TAP_ERR_NO_FUNCTION, "uid == 1 && u64.function == ^nope" },
};

TAP_TEST_ROWS(type_good, type_good);
TAP_TEST_ROWS(type_bad, type_bad);

static struct kunit_case type_cases[] = {
	KUNIT_CASE_PARAM(check_good, type_good_gen_params),
	KUNIT_CASE_PARAM(check_bad, type_bad_gen_params),
	{}
};

static struct kunit_suite type_suite = {
	.name		= "tap_type",
	.test_cases	= type_cases,
};

/* --------------------------------------------------------------------- gen */

static const struct good gen_rows[] = {
	{ "prev_pid < next_pid + 1",
	  ONE("ld r0, args.prev_pid; ld r1, args.next_pid; add r1, 1; jlt r0, r1") },
	{ "prev_pid in {1, 5..9}",
	  "ld r0, args.prev_pid; jeq r0, 1, L2; jlt r0, 5, L1; jle r0, 9, L2; "
	  "L1: ret 0; L2: ret 1" },
	{ "next_comm ~ {'a*', 'b'}",
	  "jstr args.next_comm, ~, \"a*\", L1; "
	  ONE("jstr args.next_comm, ~, \"b\"") },
	{ "(u16 & 0xf) == 3",
	  ONE("ld r0, args.u16; and r0, 15; jeq r0, 3") },
	{ "(prev_pid == 1) == u8",
	  "mov r0, 1; ld r1, args.prev_pid; jeq r1, 1, L1; mov r0, 0; "
	  "L1: ld r1, args.u8; jeq r0, r1, L2; ret 0; L2: ret 1" },
	{ "odd == 1 || u8 == 1", ONE("ld r0, args.u8; jeq r0, 1") },
};

TAP_TEST_ROWS(gen_rows, gen_rows);

static struct kunit_case gen_cases[] = {
	KUNIT_CASE_PARAM(check_good, gen_rows_gen_params),
	{}
};

static struct kunit_suite gen_suite = {
	.name		= "tap_gen",
	.test_cases	= gen_cases,
};

kunit_test_suites(&stock_suite, &parse_suite, &type_suite, &gen_suite);
