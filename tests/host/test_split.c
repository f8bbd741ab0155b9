// SPDX-License-Identifier: GPL-2.0
/*
 * split.c: what of an expression is decided without a record. A row shows the
 * expression that the early program is, or NULL if there is none.
 */
#include "host.h"

static const struct {
	int		line;
	const char	*text;
	const char	*early;
} rows[] = {
	{ __LINE__, "common_pid == 7", "pid == 7" },
	{ __LINE__, "comm == 'sh'", "comm == 'sh'" },
	{ __LINE__, "cpu == 1 && u8 == 1", "cpu == 1" },
	{ __LINE__, "u8 == 1 && cpu == 1", "cpu == 1" },
	{ __LINE__, "u8 == 1 && (uid == 1 || gid == 1)", "uid == 1 || gid == 1" },
	{ __LINE__, "common_pid == 7 && (u8 == 1 || u8 == 2) && comm == 'sh'",
	  "pid == 7 && comm == 'sh'" },
	{ __LINE__, "!(u8 == 1 || cpu < 3)", "cpu >= 3" },
	/* Excluding one value seldom rejects: not worth it. */
	{ __LINE__, "!(u8 == 1 || cpu == 1)", NULL },
	{ __LINE__, "common_pid != 7", NULL },
	{ __LINE__, "comm != 'sh' && u8 == 1", NULL },
	{ __LINE__, "(cpu == 1 && u8 == 1) || (cpu == 2 && u8 == 2)",
	  "cpu == 1 || cpu == 2" },
	{ __LINE__, "tgid == 5 && tid == 6 && !in_irq",
	  "tgid == 5 && tid == 6 && !in_irq" },
	{ __LINE__, "u8 == 1", NULL },
	{ __LINE__, "u8 == 1 || cpu == 1", NULL },
	{ __LINE__, "prev_pid == pid", NULL },
	{ __LINE__, "prev_comm == comm", NULL },
	/* Whoever asks again gets another answer. */
	{ __LINE__, "rand == 1", NULL },
	{ __LINE__, "nsecs > 5", NULL },
	{ __LINE__, "rand % 10 == 1 && cpu == 1", "cpu == 1" },
};

/* The same verdict on worlds, of which each row's operands have a few. */
static void check_same(int line, const struct tap_prog *early,
		       const char *text)
{
	struct host_rand r = { .state = line };
	struct tap_error e = {};
	struct tap_prog *want;
	struct host_env env;
	u8 rec[HOST_MAX_LEN] = {};
	unsigned int i;
	s64 a, b;

	want = trace_tap_translate(text, host_scope(), false, &e);
	for (i = 0; want && i < 2000; i++) {
		host_env_init(&env, rec, HOST_STATIC_LEN);
		host_env_random(&env, rec, &r);
		env.builtins[TAP_BUILTIN_CPU] = i % 4;
		env.builtins[TAP_BUILTIN_PID] = i % 3 ? 7 : 8;
		host_put_int(rec, "common_pid", 55);	/* not to be read */
		if (host_eval(early, &env, &a) || host_eval(want, &env, &b) ||
		    !a != !b) {
			host_check(false, __FILE__, line, "not '%s':", text);
			host_dump(early);
			break;
		}
	}
	host_check(want, __FILE__, line, "'%s': %s", text,
		   trace_tap_err_text[e.code]);
	trace_tap_prog_free(want);
}

static void check_rows(void)
{
	struct tap_prog *prog, *early;
	struct tap_error e = {};
	const char *want;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		prog = trace_tap_translate(rows[i].text, host_scope(), false,
					   &e);
		if (!CASE(&rows[i], prog && !trace_tap_verify(prog, &e),
			  "'%s': %s", rows[i].text, trace_tap_err_text[e.code]))
			continue;
		early = trace_tap_split(prog);
		want = rows[i].early;
		CASE(&rows[i], !early == !want, "'%s'", rows[i].text);
		if (early && want)
			check_same(rows[i].line, early, want);
		trace_tap_prog_free(early);
		trace_tap_prog_free(prog);
	}
}

/* Without memory there is no early program, and that is no error. */
static void check_no_memory(void)
{
	struct tap_prog *prog, *early = NULL;
	struct tap_error e = {};
	long n;

	prog = trace_tap_translate("cpu == 1 && u8 == 1 && comm ~ 'x*'",
				   host_scope(), false, &e);
	for (n = 0; n < 100 && !early; n++) {
		tap_alloc_left = n;
		early = trace_tap_split(prog);
	}
	tap_alloc_left = -1;
	CHECK(early);
	CHECK(n > 4);
	trace_tap_prog_free(early);
	trace_tap_prog_free(prog);
}

void test_split(void)
{
	check_rows();
	check_no_memory();
}
