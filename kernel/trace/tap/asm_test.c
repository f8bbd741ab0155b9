// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of program text: asm.c, resolve.c and disasm.c, which are
 * inverses.
 */
#include "test.h"

/* What comes back is the same. */
static const struct {
	const char	*text;
} same[] = {
	{ "ret 1" },
	{ "mov r0, r15; ret r0" },
	{ "mov r0, -9223372036854775808; ret r0" },
	{ "ld r1, args.u8; ld r2, nsecs; add r1, r2; sub r1, 1; ret r1" },
	{ "ld r0, pid; mul r0, 3; div r0, 2; mod r0, 7; udiv r0, 3; umod r0, 5; ret r0" },
	{ "ld r0, pid; and r0, 1; or r0, 2; xor r0, 3; shl r0, 4; shr r0, 5; sar r0, 6; ret r0" },
	{ "ld r0, pid; jeq r0, 1, L1; jne r0, 2, L1; jset r0, 3, L1; jnset r0, 4, L1; L1: ret 1" },
	{ "ld r0, pid; jlt r0, 1, L1; jle r0, 2, L1; jgt r0, 3, L1; jge r0, 4, L1; L1: ret 1" },
	{ "ld r0, pid; jult r0, 1, L1; jule r0, 2, L1; jugt r0, 3, L1; juge r0, 4, L1; L1: ret 1" },
	{ "jmp L1; L1: jmp L2; L2: ret 1" },
	{ "jstr args.name, ==, \"a b\", L1; jnstr args.ptr.ustring, !~, \"k*\", L1; L1: ret 1" },
	{ "jstr comm, ~, \"\\\\'\\\"\\n\\t\\x01\\x7f\\xff\", L1; L1: ret 1" },
	{ "jpair comm, ==, args.rel, L1; jnpair args.arr3, !=, args.ptr, L1; L1: ret 1" },
	{ "jcpu args.mask, &, \"0-3,5\", L1; jncpu args.mask, ==, \"1\", L1; L1: ret 1" },
	{ "ld r0, args.u64; jfn r0, \"vfs_read\", L1; jnfn r0, \"top\", L1; L1: ret 1" },
};

static void check_same(struct kunit *test)
{
	const typeof(same[0]) *row = test->param_value;
	char *text = trace_tap_test_text(test, row->text);
	struct tap_error e;
	struct tap_prog *prog = trace_tap_test_prog(test, text, &e);

	KUNIT_ASSERT_NOT_NULL_MSG(test, prog, "%s at %u",
				  trace_tap_err_text[e.code], e.pos);
	KUNIT_EXPECT_STREQ(test, trace_tap_test_line(test, prog), row->text);
}

/* Other ways to write it. */
static const struct {
	const char	*text;
	const char	*line;
} other[] = {
	{ "tap 1 filter\nret 1\nend", "ret 1" },
	{ "# x\n\t\ntap\t0x1  filter # x\n\n\tret\t0x10\n  end # x\n", "ret 16" },
	{ "tap 1 filter\r\n\tret\t1\r\nend\r\n", "ret 1" },
	{ "tap 1 filter\nmov r1 ,2#x\nret\tr1\nend\n", "mov r1, 2; ret r1" },
	{ "tap 1 filter\njmp z\na: b:\nz: ret 1\nend\n", "jmp L1; L1: ret 1" },
	{ "tap 1 filter\njstr comm,~,'x',a\na:ret 1\nend\n", "jstr comm, ~, \"x\", L1; L1: ret 1" },
	{ "tap 1 filter\nret 18446744073709551615\nend\n", "ret -1" },
	/* The program of another file is passed over */
	{ "tap 1 action\nwhat ever\nend\ntap 1 filter\nret 1\nend\n", "ret 1" },
};

static void check_other(struct kunit *test)
{
	const typeof(other[0]) *row = test->param_value;
	struct tap_error e;
	struct tap_prog *prog = trace_tap_test_prog(test, row->text, &e);

	KUNIT_ASSERT_NOT_NULL_MSG(test, prog, "%s at %u",
				  trace_tap_err_text[e.code], e.pos);
	KUNIT_EXPECT_STREQ(test, trace_tap_test_line(test, prog), row->line);
}

/* Program texts that are wrong. */
static const struct {
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	{ TAP_ERR_BAD_VERSION, "tap ^2 filter\nret 1\nend\n" },
	{ TAP_ERR_BAD_KIND, "^tap 1 action\nret 1\nend\n" },
	{ TAP_ERR_BAD_KIND, "tap 1 ^table\nend\n" },
	{ TAP_ERR_TRAILING_TEXT, "tap 1 filter ^x\nend\n" },
	{ TAP_ERR_TRAILING_TEXT, "tap 1 filter\nend ^x\n" },
	{ TAP_ERR_NO_END, "tap 1 filter\nret 1\n^" },
	{ TAP_ERR_NO_HEADER, "tap 1 filter\nend\n^x\n" },
	{ TAP_ERR_BAD_OPCODE, "tap 1 filter\n\t^nop\nend\n" },
	{ TAP_ERR_BAD_REGISTER, "tap 1 filter\nmov ^r16, 1\nend\n" },
	{ TAP_ERR_BAD_NUMBER, "tap 1 filter\nmov r1, ^010\nend\n" },
	{ TAP_ERR_BAD_NUMBER, "tap 1 filter\nret ^18446744073709551616\nend\n" },
	{ TAP_ERR_BAD_NAME, "tap 1 filter\nld r0, ^u8\nend\n" },
	{ TAP_ERR_BAD_NAME, "tap 1 filter\nld r0, ^pid.ustring\nend\n" },
	{ TAP_ERR_BAD_RELATION, "tap 1 filter\njstr comm, ^&, 'x', a\nend\n" },
	{ TAP_ERR_BAD_RELATION, "tap 1 filter\njpair comm, ^~, comm, a\nend\n" },
	{ TAP_ERR_BAD_STRING, "tap 1 filter\njstr comm, ~, ^x, a\nend\n" },
	{ TAP_ERR_MISSING_QUOTE, "tap 1 filter\njstr comm, ~, ^'x, a\nend\n" },
	{ TAP_ERR_BAD_ESCAPE, "tap 1 filter\njstr comm, ~, 'a^\\z', a\nend\n" },
	{ TAP_ERR_BAD_LABEL, "tap 1 filter\njmp ^r1\nend\n" },
	{ TAP_ERR_DUP_LABEL, "tap 1 filter\na: ret 1\n^a: ret 1\nend\n" },
	{ TAP_ERR_NO_LABEL, "tap 1 filter\njmp ^a\nend\n" },
	{ TAP_ERR_EXPECT_COMMA, "tap 1 filter\nmov r0 ^1\nend\n" },
	{ TAP_ERR_TRAILING_TEXT, "tap 1 filter\nret 1 ^2\nend\n" },
	/* resolve.c */
	{ TAP_ERR_FIELD_NOT_FOUND, "tap 1 filter\nld r0, ^args.nope\nend\n" },
	{ TAP_ERR_NO_FUNCTION, "tap 1 filter\na: jfn r0, ^'nope', a\nend\n" },
	{ TAP_ERR_INVALID_CPULIST, "tap 1 filter\na: jcpu args.mask, ==, ^'x', a\nend\n" },
};

TAP_TEST_ROWS(same, same);
TAP_TEST_ROWS(other, other);
TAP_TEST_ROWS(bad, bad);

static void check_bad(struct kunit *test)
{
	const typeof(bad[0]) *row = test->param_value;
	struct tap_error e;
	unsigned int pos;
	char *text = trace_tap_test_unmark(test, row->text, &pos);

	KUNIT_EXPECT_NULL(test, trace_tap_test_prog(test, text, &e));
	trace_tap_test_error(test, &e, row->code, pos);
}

static struct kunit_case asm_cases[] = {
	KUNIT_CASE_PARAM(check_same, same_gen_params),
	KUNIT_CASE_PARAM(check_other, other_gen_params),
	KUNIT_CASE_PARAM(check_bad, bad_gen_params),
	{}
};

static struct kunit_suite asm_suite = {
	.name		= "tap_asm",
	.test_cases	= asm_cases,
};

kunit_test_suite(asm_suite);
