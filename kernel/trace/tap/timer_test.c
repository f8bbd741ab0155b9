// SPDX-License-Identifier: GPL-2.0
/* tap: KUnit suite of timer_parse.c: lines that make timers. */
#include "test.h"
#include "timer.h"

static const struct {
	const char	*text;
	const char	*group;
	const char	*name;
	const char	*shown;
	u64		period;
	bool		is_percpu;
} good[] = {
	{ "i:tick/one_sec 1s", "tick", "one_sec", "1s", NSEC_PER_SEC },
	{ "tick/one_sec 1s", "tick", "one_sec", "1s", NSEC_PER_SEC },
	{ "i:profile/hz99 99hz percpu", "profile", "hz99", "99hz",
	  NSEC_PER_SEC / 99, true },
	{ "i:beat 250ms", "timers", "beat", "250ms", 250 * NSEC_PER_MSEC },
	{ "  i:a-b/_c9\t100us\tpercpu\n", "a-b", "_c9", "100us",
	  TRACE_TAP_TIMER_MIN_NS, true },
	{ "i 1s", "timers", "i", "1s", NSEC_PER_SEC },
	{ "i:x 0001000000ns", "timers", "x", "1000000ns", NSEC_PER_MSEC },
	{ "i:x 1hz", "timers", "x", "1hz", NSEC_PER_SEC },
	{ "i:x 10000hz", "timers", "x", "10000hz", TRACE_TAP_TIMER_MIN_NS },
	{ "i:x 9223372036s", "timers", "x", "9223372036s",
	  9223372036ULL * NSEC_PER_SEC },
	{ "i:x 9223372036854775807ns", "timers", "x", "9223372036854775807ns",
	  KTIME_MAX },
	{ "i:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk 1s",
	  "timers",
	  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk",
	  "1s", NSEC_PER_SEC },
};

TAP_TEST_ROWS(good, good);

static void test_good(struct kunit *test)
{
	const typeof(good[0]) *row = test->param_value;
	struct trace_tap_timer_spec spec;
	struct tap_error e = {};

	KUNIT_ASSERT_EQ(test, trace_tap_timer_parse(row->text, &spec, &e), 0);
	KUNIT_EXPECT_STREQ(test, spec.group, row->group);
	KUNIT_EXPECT_STREQ(test, spec.name, row->name);
	KUNIT_EXPECT_STREQ(test, spec.text, row->shown);
	KUNIT_EXPECT_EQ(test, spec.period, row->period);
	KUNIT_EXPECT_EQ(test, spec.is_percpu, row->is_percpu);
}

static const struct {
	const char		*text;
	int			err;
	enum tap_error_code	code;
} bad[] = {
	{ "^",			-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:^",		-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:^ 1s",		-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:^/x 1s",		-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:g/^ 1s",		-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:g/x^/y 1s",	-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:^9g/x 1s",		-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:g^.x 1s",		-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:g/x^-y 1s",	-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:g/x^\xe4 1s",	-EINVAL, TAP_ERR_EXPECT_NAME },
	{ "i:^abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl 1s",
	  -EINVAL, TAP_ERR_NAME_TOO_LONG },
	{ "i:^abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl/x 1s",
	  -EINVAL, TAP_ERR_NAME_TOO_LONG },
	{ "i:g/x^",		-EINVAL, TAP_ERR_EXPECT_PERIOD },
	{ "i:g/x ^percpu",	-EINVAL, TAP_ERR_EXPECT_PERIOD },
	{ "i:g/x ^-1s",		-EINVAL, TAP_ERR_EXPECT_PERIOD },
	{ "i:g/x ^hz",		-EINVAL, TAP_ERR_EXPECT_PERIOD },
	{ "i:g/x 1^",		-EINVAL, TAP_ERR_EXPECT_UNIT },
	{ "i:g/x 1^ s",		-EINVAL, TAP_ERR_EXPECT_UNIT },
	{ "i:g/x 1^.5s",	-EINVAL, TAP_ERR_EXPECT_UNIT },
	{ "i:g/x 1^min",	-EINVAL, TAP_ERR_EXPECT_UNIT },
	{ "i:g/x 1^sec",	-EINVAL, TAP_ERR_EXPECT_UNIT },
	{ "i:g/x 0^x10s",	-EINVAL, TAP_ERR_EXPECT_UNIT },
	{ "i:g/x ^0s",		-ERANGE, TAP_ERR_PERIOD_SHORT },
	{ "i:g/x ^0hz",		-ERANGE, TAP_ERR_PERIOD_SHORT },
	{ "i:g/x ^99us",	-ERANGE, TAP_ERR_PERIOD_SHORT },
	{ "i:g/x ^99999ns",	-ERANGE, TAP_ERR_PERIOD_SHORT },
	{ "i:g/x ^10001hz",	-ERANGE, TAP_ERR_PERIOD_SHORT },
	{ "i:g/x ^18446744073709551617hz", -ERANGE, TAP_ERR_PERIOD_SHORT },
	{ "i:g/x ^9223372037s",	-ERANGE, TAP_ERR_PERIOD_LONG },
	{ "i:g/x ^9223372036854775808ns", -ERANGE, TAP_ERR_PERIOD_LONG },
	{ "i:g/x ^18446744073709551617s", -ERANGE, TAP_ERR_PERIOD_LONG },
	{ "i:g/x ^18446744073709551617ns", -ERANGE, TAP_ERR_PERIOD_LONG },
	{ "i:g/x 1s ^per_cpu",	-EINVAL, TAP_ERR_EXPECT_PERCPU },
	{ "i:g/x 1s ^percpu2",	-EINVAL, TAP_ERR_EXPECT_PERCPU },
	{ "i:g/x 1s percpu ^percpu", -EINVAL, TAP_ERR_TIMER_TRAILING },
};

TAP_TEST_ROWS(bad, bad);

static void test_bad(struct kunit *test)
{
	const typeof(bad[0]) *row = test->param_value;
	struct trace_tap_timer_spec spec;
	struct tap_error e = {};
	unsigned int pos;
	char *text;

	text = trace_tap_test_unmark(test, row->text, &pos);
	KUNIT_EXPECT_EQ(test, trace_tap_timer_parse(text, &spec, &e), row->err);
	KUNIT_EXPECT_EQ(test, e.err, row->err);
	trace_tap_test_error(test, &e, row->code, pos);
}

static struct kunit_case timer_cases[] = {
	KUNIT_CASE_PARAM(test_good, good_gen_params),
	KUNIT_CASE_PARAM(test_bad, bad_gen_params),
	{}
};

static struct kunit_suite timer_suite = {
	.name		= "tap_timer",
	.test_cases	= timer_cases,
};

kunit_test_suite(timer_suite);
