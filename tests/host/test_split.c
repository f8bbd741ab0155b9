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

/*
 * Programs that text of filters cannot say: what an action's guard becomes, and
 * tables, of whose entries nothing is known early.
 */
static const struct {
	int			line;
	enum tap_prog_kind	kind;
	const char		*lines;
	const char		*early;
} progs[] = {
	{ __LINE__, TAP_ACTION,
	  "ld r0, pid\njne r0, 7, a\nld r1, args.u8\njne r1, 1, a\nrecord\n"
	  "ret 1\na: ret 0\n", "pid == 7" },
	{ __LINE__, TAP_ACTION,
	  "table @t[s64] = count\nld r0, pid\njne r0, 7, a\nkey @t, 0, r0\n"
	  "agg @t, 0, 1\nld r1, args.u8\njne r1, 1, a\nret 1\na: ret 0\n",
	  "pid == 7" },
	/* an effect in front of the condition */
	{ __LINE__, TAP_ACTION,
	  "record\nld r0, pid\njne r0, 7, a\nret 1\na: ret 0\n", NULL },
	{ __LINE__, TAP_ACTION,
	  "arg 0, 1\nprintf '%d'\nld r0, pid\njne r0, 7, a\nret 1\na: ret 0\n",
	  NULL },
	/* keys and arguments alone are none */
	{ __LINE__, TAP_ACTION,
	  "table @t[s64] = s64\narg 0, 1\nld r0, pid\nkey @t, 0, r0\n"
	  "get r1, @t, 0\njeq r1, 0, a\njne r0, 7, a\nprintf '%d'\nret 1\n"
	  "a: ret 0\n", "pid == 7" },
	{ __LINE__, TAP_ACTION,
	  "ld r0, pid\njne r0, 7, a\nloop 3\nadd r0, 1\nnext\nret 1\na: ret 0\n",
	  "pid == 7" },
	/* what another one would be later, or cannot be asked in a filter */
	{ __LINE__, TAP_ACTION,
	  "ld r0, elapsed\njlt r0, 7, a\nret 1\na: ret 0\n", NULL },
	{ __LINE__, TAP_ACTION,
	  "ld r0, caller\njne r0, 7, a\nret 1\na: ret 0\n", NULL },
	{ __LINE__, TAP_FILTER,
	  "table @slow[s64] = u64\nld r0, pid\nkey @slow, 0, r0\n"
	  "has r1, @slow\njeq r1, 0, a\nld r2, cpu\njne r2, 3, a\nret 1\na: ret 0\n",
	  "cpu == 3" },
	{ __LINE__, TAP_FILTER,
	  "table @slow[s64] = u64\nkey @slow, 0, 1\n"
	  "get r1, @slow, 0\njeq r1, 0, a\nret 1\na: ret 0\n", NULL },
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

static void check_progs(void)
{
	struct tap_prog *prog, *early;
	struct tap_error e = {};
	char text[500];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(progs); i++) {
		sprintf(text, "tap 1 %s\n%send\n", progs[i].kind == TAP_FILTER ?
			"filter" : "action", progs[i].lines);
		prog = trace_tap_asm(text, progs[i].kind, &e);
		if (!CASE(&progs[i], prog &&
			  !trace_tap_resolve(prog, host_scope(), &e) &&
			  !trace_tap_verify(prog, &e), "'%s': %s at %u", text,
			  trace_tap_err_text[e.code], e.pos))
			continue;
		early = trace_tap_split(prog);
		CASE(&progs[i], !early == !progs[i].early, "'%s'", text);
		if (early && progs[i].early) {
			CASE(&progs[i], early->kind == TAP_FILTER &&
			     !trace_tap_verify(early, &e), "'%s': %s", text,
			     trace_tap_err_text[e.code]);
			check_same(progs[i].line, early, progs[i].early);
		}
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
	check_progs();
	check_no_memory();
}
