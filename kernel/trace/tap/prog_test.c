// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of prog.c: which programs share an image, and when one is
 * gone; what was given up late.
 */
#include <linux/completion.h>

#include "test.h"

static struct trace_tap_image *get(struct kunit *test, const char *text,
				   bool hardened)
{
	struct tap_prog *prog = trace_tap_test_sound(test, text);
	struct trace_tap_image *image;
	struct tap_error e = {};

	image = trace_tap_image_get(prog, hardened, &e);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(image), "%s: %ld", text,
			       PTR_ERR(image));
	return image;
}

static unsigned int refs(const struct trace_tap_image *image)
{
	struct trace_tap_state state;

	trace_tap_image_state(image, &state);
	return state.refs;
}

/* Numbers that no filter of the system that runs the test has. */
static const struct {
	bool		same;
	const char	*text;
	const char	*other;
} rows[] = {
	{ true,  "u8 == 77", "u8 == 77" },
	{ true,  "u8 == 77", "!(u8 != 0x4d)" },
	{ true,  "u8 == 77",
	  "tap 1 filter\nld r0, args.u8\njeq r0, 77, x\nret 0\nx: ret 1\nend\n" },
	{ true,  "prev_comm == 'x77'", "prev_comm == \"x77\"" },
	{ true,  "comm ~ 'x77*'", "common_comm ~ 'x77*'" },
	/* A field is where it is, whatever its name */
	{ true,  "u32 == 77", "u32_alias == 77" },
	{ false, "u32 == 77", "s32 == 77" },
	{ false, "u8 == 77", "u8 == 78" },
	{ false, "u8 == 77", "u8 != 77" },
	{ false, "prev_comm == 'x77'", "prev_comm == 'x78'" },
	{ false, "prev_comm == 'x77'", "prev_comm ~ 'x77'" },
	{ false, "mask == CPUS{3}", "mask == CPUS{4}" },
	{ false, "u64.function == vfs_read", "u64.function == top" },
};

TAP_TEST_ROWS(rows, rows);

static void check_sharing(struct kunit *test)
{
	const typeof(rows[0]) *row = test->param_value;
	struct trace_tap_image *a = get(test, row->text, false);
	struct trace_tap_image *b = get(test, row->other, false);

	KUNIT_EXPECT_EQ(test, a == b, row->same);
	KUNIT_EXPECT_EQ(test, refs(a), row->same ? 2 : 1);
	trace_tap_image_put(b);
	KUNIT_EXPECT_EQ(test, refs(a), 1);
	trace_tap_image_put(a);
}

/* What is compiled otherwise is not shared. */
static void check_variants(struct kunit *test)
{
	struct trace_tap_image *plain = get(test, "u8 == 77", false);
	struct trace_tap_image *hard = get(test, "u8 == 77", true);
	struct trace_tap_image *interpreted;
	bool wanted = trace_tap_jit;

	trace_tap_jit = false;
	interpreted = get(test, "u8 == 77", false);
	trace_tap_jit = wanted;
	KUNIT_EXPECT_PTR_NE(test, plain, hard);
	if (wanted)
		KUNIT_EXPECT_PTR_NE(test, plain, interpreted);
	KUNIT_EXPECT_TRUE(test, hard->hardened);
	KUNIT_EXPECT_FALSE(test, plain->hardened);
	trace_tap_image_put(plain);
	trace_tap_image_put(hard);
	trace_tap_image_put(interpreted);
}

/* A program that is not sound has no image, and says why. */
static void check_unsound(struct kunit *test)
{
	static const char line[] = "mov r0, 1; add r0, r1; ret r0";
	struct tap_prog *prog;
	struct tap_error e;

	prog = trace_tap_test_prog(test, trace_tap_test_text(test, line), &e);
	KUNIT_ASSERT_NOT_NULL(test, prog);
	KUNIT_EXPECT_EQ(test, PTR_ERR(trace_tap_image_get(prog, false, &e)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, e.code, TAP_ERR_UNSET_REGISTER);
}

struct late {
	struct trace_tap_deferred	deferred;
	struct completion		done;
};

static void late_free(struct trace_tap_deferred *d)
{
	complete(&container_of(d, struct late, deferred)->done);
}

/* Each is freed once, and not while somebody may be using it. */
static void check_defer(struct kunit *test)
{
	struct late late[3];
	unsigned int i;

	preempt_disable();
	for (i = 0; i < ARRAY_SIZE(late); i++) {
		init_completion(&late[i].done);
		trace_tap_defer(&late[i].deferred, late_free);
	}
	mdelay(20);
	for (i = 0; i < ARRAY_SIZE(late); i++)
		KUNIT_EXPECT_FALSE(test, completion_done(&late[i].done));
	preempt_enable();
	for (i = 0; i < ARRAY_SIZE(late); i++)
		wait_for_completion(&late[i].done);
}

static struct kunit_case prog_cases[] = {
	KUNIT_CASE_PARAM(check_sharing, rows_gen_params),
	KUNIT_CASE(check_variants),
	KUNIT_CASE(check_unsound),
	KUNIT_CASE(check_defer),
	{}
};

static struct kunit_suite prog_suite = {
	.name		= "tap_prog",
	.test_cases	= prog_cases,
};

kunit_test_suite(prog_suite);
