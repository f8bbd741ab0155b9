// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suites of verify.c: programs that are sound, those that are not,
 * and those that no text can say, because nothing about a program is trusted;
 * and of split.c.
 */
#include "test.h"

/* ------------------------------------------------------------------ verify */

static const struct {
	enum tap_error_code	code;
	const char		*text;
} rows[] = {
	{ TAP_ERR_NONE, "ret 1" },
	{ TAP_ERR_NONE, "mov r15, 1; ret r15" },
	{ TAP_ERR_NONE, "ld r0, args.ptr; ret r0" },
	{ TAP_ERR_NONE, "jmp a; a: jmp b; b: ret 1" },
	{ TAP_ERR_NONE, "ld r0, pid; jeq r0, 1, a; mov r1, 1; jmp b; a: mov r1, 2; b: ret r1" },
	{ TAP_ERR_NONE, "jstr args.ptr.ustring, ~, '', a; a: ret 1" },
	/* size and end */
	{ TAP_ERR_EMPTY_PROGRAM, "" },
	{ TAP_ERR_FALLS_OFF, "^mov r0, 1" },
	{ TAP_ERR_FALLS_OFF, "mov r0, 1; jeq r0, 1, a; ret 0; a: ^add r0, 1" },
	{ TAP_ERR_FALLS_OFF, "jmp ^a; a:" },
	/* jumps */
	{ TAP_ERR_JUMP_BACK, "a: jmp ^a" },
	{ TAP_ERR_JUMP_BACK, "a: mov r0, 1; jne r0, 1, ^a; ret 0" },
	{ TAP_ERR_JUMP_BACK, "a: jstr comm, ~, 'x', ^a; ret 0" },
	{ TAP_ERR_UNREACHABLE, "ret 1; ^ret 0" },
	{ TAP_ERR_UNREACHABLE, "jmp a; ^mov r0, 1; a: ret 0" },
	/* registers */
	{ TAP_ERR_UNSET_REGISTER, "ret ^r0" },
	{ TAP_ERR_UNSET_REGISTER, "mov r1, ^r0; ret 0" },
	{ TAP_ERR_UNSET_REGISTER, "add ^r1, 1; ret 0" },
	{ TAP_ERR_UNSET_REGISTER, "mov r1, 1; add r1, ^r2; ret 0" },
	{ TAP_ERR_UNSET_REGISTER, "jeq ^r1, 1, a; a: ret 0" },
	{ TAP_ERR_UNSET_REGISTER, "jfn ^r1, 'top', a; a: ret 0" },
	{ TAP_ERR_UNSET_REGISTER, "ld r0, pid; jeq r0, 1, a; mov r1, 1; a: ret ^r1" },
	{ TAP_ERR_UNSET_REGISTER,
	  "jstr comm, ==, 'x', a; mov r1, 1; jmp b; a: mov r2, 1; b: ret ^r1" },
	/* types */
	{ TAP_ERR_WRONG_TYPE, "ld r0, ^args.prev_comm; ret 0" },
	{ TAP_ERR_WRONG_TYPE, "ld r0, ^args.odd; ret 0" },
	{ TAP_ERR_WRONG_TYPE, "ld r0, ^comm; ret 0" },
	{ TAP_ERR_WRONG_TYPE, "jstr ^args.u8, ~, 'x', a; a: ret 0" },
	{ TAP_ERR_WRONG_TYPE, "jstr ^args.mask, ~, 'x', a; a: ret 0" },
	{ TAP_ERR_WRONG_TYPE, "jpair comm, ==, ^args.u8, a; a: ret 0" },
	{ TAP_ERR_WRONG_TYPE, "jcpu ^args.u8, ==, '1', a; a: ret 0" },
	{ TAP_ERR_WRONG_TYPE, "jcpu ^args.name, ==, '1', a; a: ret 0" },
};

TAP_TEST_ROWS(rows, rows);

static void check_rows(struct kunit *test)
{
	const typeof(rows[0]) *row = test->param_value;
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int pos;
	char *text;

	text = trace_tap_test_unmark(test, row->text, &pos);
	if (pos != U32_MAX)
		pos += strlen("tap 1 filter\n");
	text = trace_tap_test_text(test, text);
	prog = trace_tap_test_prog(test, text, &e);
	KUNIT_ASSERT_NOT_NULL_MSG(test, prog, "%s at %u",
				  trace_tap_err_text[e.code], e.pos);
	if (!row->code) {
		KUNIT_EXPECT_EQ_MSG(test, trace_tap_verify(prog, &e), 0, "%s at %u",
				    trace_tap_err_text[e.code], e.pos);
		return;
	}
	KUNIT_EXPECT_LT(test, trace_tap_verify(prog, &e), 0);
	trace_tap_test_error(test, &e, row->code, pos);
}

/* One thing is changed in a sound program, which then must be rejected. */
#define MALFORMED(change) do {						\
	struct tap_prog *prog = trace_tap_test_sound(test, sound);	\
	struct tap_operand *op __maybe_unused = prog->operands;		\
	struct tap_insn *in __maybe_unused = prog->insns;		\
	unsigned int nr_insns = prog->nr_insns;				\
	unsigned int nr_operands = prog->nr_operands;			\
	struct tap_error e = {};					\
									\
	change;								\
	KUNIT_EXPECT_LT_MSG(test, trace_tap_verify(prog, &e), 0, #change); \
	KUNIT_EXPECT_NE_MSG(test, e.code, TAP_ERR_NONE, #change);	\
	prog->nr_insns = nr_insns;					\
	prog->nr_operands = nr_operands;				\
} while (0)

static void check_malformed(struct kunit *test)
{
	static const char sound[] =
		"ld r0, args.u8;"			/* 0 */
		"add r0, r0;"				/* 1 */
		"jeq r0, 1, a;"				/* 2 */
		"jstr comm, ~, 'x', a;"			/* 3 */
		"jcpu args.mask, ==, '1', a;"		/* 4 */
		"jfn r0, 'top', a;"			/* 5 */
		"jpair comm, ==, args.name, a;"		/* 6 */
		"jstr args.name, ==, 'y', a;"		/* 7 */
		"a: ret r0";				/* 8 */

	MALFORMED(in[0].op = TAP_NR_OPCODES);
	MALFORMED(in[0].op = 255);
	MALFORMED(in[0].reg = TAP_NR_REGS);
	MALFORMED(in[1].src = TAP_NR_REGS);
	MALFORMED(in[8].src = 200);
	MALFORMED(in[2].target = 9);
	MALFORMED(in[2].target = U16_MAX);
	MALFORMED(in[0].name = prog->nr_operands);
	MALFORMED(in[3].name = U16_MAX);
	MALFORMED(in[3].str = U16_MAX);
	MALFORMED(in[4].str = U16_MAX);
	MALFORMED(in[5].name = U16_MAX);
	MALFORMED(in[6].str = U16_MAX);
	MALFORMED(in[3].rel = TAP_REL_AND);
	MALFORMED(in[4].rel = TAP_REL_GLOB);
	MALFORMED(in[6].rel = TAP_REL_GLOB);
	MALFORMED(in[3].rel = TAP_NR_RELATIONS);
	/* constants used as what they are not */
	MALFORMED(in[3].str = in[4].str);
	MALFORMED(in[4].str = in[3].str);
	MALFORMED(in[5].name = in[3].str);
	MALFORMED(in[0].name = in[5].name);
	/* operands */
	MALFORMED(op[in[0].name].size = 3);
	MALFORMED(op[in[0].name].size = 16);
	MALFORMED(op[in[0].name].type = TAP_CPUS + 1);
	MALFORMED(op[in[0].name].is_builtin = true;
		  op[in[0].name].builtin = TAP_NR_BUILTINS);
	MALFORMED(op[in[3].str].size++);
	MALFORMED(op[in[3].str].text = NULL);
	MALFORMED(op[in[4].str].mask = NULL);
	MALFORMED(op[in[4].name].size = 8);
	MALFORMED(prog->nr_insns = 0);
	MALFORMED(prog->nr_insns = TAP_MAX_INSNS + 1);
	MALFORMED(prog->nr_insns = 8);
	MALFORMED(prog->nr_operands = 0);
}

/* How much one run may cost. */
static void check_cost(struct kunit *test)
{
	static const struct {
		const char	*insn;
		unsigned int	nr;
		bool		sound;
	} limits[] = {
		{ "jstr comm, ~, 'x', a;", 2000, true },
		{ "jstr args.ptr, ~, 'x', a;", 1000, true },
		{ "jstr args.ptr, ~, 'x', a;", 1100, false },
		{ "jpair comm, ==, comm, a;", 500, true },
		{ "jpair comm, ==, comm, a;", 600, false },
	};
	size_t size = TAP_MAX_TEXT - 100;
	char *line = kunit_kzalloc(test, size, GFP_KERNEL);
	struct tap_prog *prog;
	struct tap_error e;
	unsigned int i, j;

	KUNIT_ASSERT_NOT_NULL(test, line);
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		size_t len = 0;

		for (j = 0; j < limits[i].nr; j++)
			len += scnprintf(line + len, size - len, "%s", limits[i].insn);
		scnprintf(line + len, size - len, "a: ret 1");
		prog = trace_tap_test_prog(test, trace_tap_test_text(test, line), &e);
		KUNIT_ASSERT_NOT_NULL_MSG(test, prog, "%s", trace_tap_err_text[e.code]);
		KUNIT_EXPECT_EQ_MSG(test, !trace_tap_verify(prog, &e), limits[i].sound,
				    "%u times %s", limits[i].nr, limits[i].insn);
		if (!limits[i].sound)
			KUNIT_EXPECT_EQ(test, e.code, TAP_ERR_TOO_SLOW);
	}
}

static struct kunit_case verify_cases[] = {
	KUNIT_CASE_PARAM(check_rows, rows_gen_params),
	KUNIT_CASE(check_malformed),
	KUNIT_CASE(check_cost),
	{}
};

static struct kunit_suite verify_suite = {
	.name		= "tap_verify",
	.test_cases	= verify_cases,
};

/* ------------------------------------------------------------------- split */

#define ONE(pred)	pred ", L1; ret 0; L1: ret 1"

/* An expression, and what of it can be decided without a record. */
static const struct {
	const char	*text;
	const char	*early;
} splits[] = {
	{ "common_pid == 7", ONE("ld r0, pid; jeq r0, 7") },
	{ "comm == 'sh'", ONE("jstr comm, ==, \"sh\"") },
	{ "cpu == 1 && u8 == 1", "ld r0, cpu; jne r0, 1, L1; jmp L2; L1: ret 0; L2: ret 1" },
	{ "u8 == 1 && cpu == 1", ONE("ld r0, cpu; jeq r0, 1") },
	{ "u8 == 1 && uid == 1", ONE("ld r0, uid; jeq r0, 1") },
	/* Excluding one value seldom rejects: not worth it */
	{ "common_pid != 7", NULL },
	{ "comm != 'sh' && u8 == 1", NULL },
	{ "u8 == 1", NULL },
	{ "u8 == 1 || cpu == 1", NULL },
	{ "prev_pid == uid", NULL },
	{ "prev_comm == comm", NULL },
	/* Whoever asks again gets another answer */
	{ "rand == 1", NULL },
	{ "nsecs > 5", NULL },
};

TAP_TEST_ROWS(splits, splits);

static void check_split(struct kunit *test)
{
	const typeof(splits[0]) *row = test->param_value;
	struct tap_prog *prog = trace_tap_test_sound(test, row->text);
	struct tap_prog *early = trace_tap_split(prog);
	struct tap_error e = {};

	if (row->early && early) {
		KUNIT_EXPECT_STREQ(test, trace_tap_test_line(test, early),
				   row->early);
		KUNIT_EXPECT_EQ(test, trace_tap_verify(early, &e), 0);
	} else {
		KUNIT_EXPECT_EQ(test, !early, !row->early);
	}
	trace_tap_prog_free(early);
}

static struct kunit_case split_cases[] = {
	KUNIT_CASE_PARAM(check_split, splits_gen_params),
	{}
};

static struct kunit_suite split_suite = {
	.name		= "tap_split",
	.test_cases	= split_cases,
};

kunit_test_suites(&verify_suite, &split_suite);
