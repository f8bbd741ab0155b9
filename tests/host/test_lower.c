// SPDX-License-Identifier: GPL-2.0
/*
 * lower.c and its parts: what they say of the code they make, how long it is,
 * and the limits. That it does the right thing is compared in test_expr.c and
 * test_property.c.
 */
#include "host.h"

enum {
	RECORD	= 1,
	PID	= 2,	/* common_pid */
	ALL	= 4,	/* any common field */
	LEN	= 8,
	DATA	= 16,
	STACK	= 32,
};

static const struct {
	int		line;
	const char	*text;
	unsigned int	max_insns;	/* on the machine with all shortcuts */
	unsigned int	needs;
} rows[] = {
	{ __LINE__, "prev_prio < 10", 7, RECORD },
	{ __LINE__, "common_pid == 5", 7, RECORD | PID },
	{ __LINE__, "common_type == 5", 7, RECORD | ALL },
	{ __LINE__, "common_pid == 5 && common_flags & 1", 10, RECORD | ALL },
	{ __LINE__, "u64 == 1 && u32 == 2 && u16 == 3", 11, RECORD },
	{ __LINE__, "pid == 5 && tgid == 5", 14, 0 },
	{ __LINE__, "cpu == 1", 8, 0 },
	{ __LINE__, "comm == 'bash'", 11, 0 },
	{ __LINE__, "prev_comm ~ 'kworker*'", 10, RECORD },
	{ __LINE__, "prev_comm ~ '*x*'", 20, RECORD | DATA },
	{ __LINE__, "name == 'x'", 20, RECORD | LEN | DATA },
	{ __LINE__, "ptr == 'x'", 20, RECORD | DATA },
	{ __LINE__, "mask & CPUS{1}", 20, RECORD | LEN | DATA },
	{ __LINE__, "uid == 1", 20, 0 },
};

static void check_rows(void)
{
	struct tap_target t;
	struct tap_code code;
	struct tap_prog *prog;
	struct tap_error e = {};
	unsigned int i, v;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		prog = trace_tap_translate(rows[i].text, host_scope(), false,
					   &e);
		if (!CASE(&rows[i], prog, "'%s': %s", rows[i].text,
			  trace_tap_err_text[e.code]))
			continue;
		for (v = 0; v < HOST_VARIANTS; v++) {
			host_target_init(&t, v);
			memset(&code, 0, sizeof(code));
			CASE(&rows[i], !trace_tap_lower(prog, &t, &code),
			     "'%s' for %u", rows[i].text, v);
			CASE(&rows[i], code.reads_record ==
			     !!(rows[i].needs & RECORD), "%s", rows[i].text);
			CASE(&rows[i], code.common ==
			     (rows[i].needs & ALL ? TAP_COMMON_ALL :
			      rows[i].needs & PID ? TAP_COMMON_PID :
						    TAP_COMMON_NONE),
			     "%s: common %u", rows[i].text, code.common);
			CASE(&rows[i], code.needs_len ==
			     !!(rows[i].needs & LEN), "%s", rows[i].text);
			CASE(&rows[i], !code.data == !(rows[i].needs & DATA),
			     "%s", rows[i].text);
			CASE(&rows[i], !code.stack == !(rows[i].needs & STACK),
			     "%s: %u of stack", rows[i].text, code.stack);
			if (v == HOST_VARIANTS - 1)
				CASE(&rows[i], code.nr_insns <=
				     rows[i].max_insns, "'%s': %u instructions",
				     rows[i].text, code.nr_insns);
			trace_tap_code_free(&code);
			CASE(&rows[i], !code.insns && !code.data, "freed");
		}
		trace_tap_prog_free(prog);
	}
}

/* @nr times @insn; whether it can be lowered */
static int lower_many(const char *insn, unsigned int nr)
{
	char *text = malloc(nr * (strlen(insn) + 1) + 100), *p = text;
	struct tap_error e = {};
	struct tap_code code = {};
	struct tap_target t;
	struct tap_prog *prog;
	struct host_env env;
	unsigned int i;
	u32 result;
	int err;

	p += sprintf(p, "tap 1 filter\nmov r0, 1\nmov r9, 9\n");
	for (i = 0; i < nr; i++)
		p += sprintf(p, "%s\n", insn);
	sprintf(p, "ret 1\na: ret 0\nend\n");
	prog = trace_tap_asm(text, TAP_FILTER, &e);
	WARN_ON(!prog || trace_tap_resolve(prog, host_scope(), &e));
	host_target_init(&t, HOST_UNALIGNED);
	err = trace_tap_lower(prog, &t, &code);
	host_example(&env);
	if (!err && !CHECK(!host_ebpf(&code, &t, &env, &result)))
		printf("%s: %s\n", insn, host_why);
	/* what is empty can be freed again */
	trace_tap_code_free(&code);
	trace_tap_code_free(&code);
	trace_tap_prog_free(prog);
	free(text);
	return err;
}

static void check_limits(void)
{
	CHECK(lower_many("jeq r0, 5, a", 4000) == 0);
	CHECK(lower_many("mod r0, r9", 4000) == 0);
	/* a jump over more than 32767 instructions */
	CHECK(lower_many("jstr args.prev_comm, ==, 'a', a", 1500) == 0);
	CHECK(lower_many("jne r0, 1, a\nmod r0, r9\nmod r0, r9", 1300) == -E2BIG ||
	      lower_many("jne r0, 1, a\nmod r0, r9\nmod r0, r9", 1300) == 0);
}

static bool lowers(const void *arg)
{
	struct tap_code code = {};
	struct tap_target t;
	int err;

	host_target_init(&t, 0);
	err = trace_tap_lower(arg, &t, &code);
	CHECK(!err || (err == -ENOMEM && !code.insns && !code.data));
	trace_tap_code_free(&code);
	return !err;
}

void test_lower(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	check_rows();
	check_limits();
	prog = trace_tap_translate("u8 == 1 && name ~ '*x*' && u8 / u16 == 3 && "
				   "mask & CPUS{1} && comm == rel",
				   host_scope(), false, &e);
	host_each_alloc_failure(lowers, prog, __FILE__, __LINE__);
	trace_tap_prog_free(prog);
}
