// SPDX-License-Identifier: GPL-2.0
/* disasm.c: what it prints, and that asm.c reads the same back. */
#include "host.h"

/* Text, and what comes back; NULL if the same. */
static const struct {
	int		line;
	const char	*in;
	const char	*out;
} rows[] = {
	{ __LINE__, "tap 1 filter\nend\n" },
	{ __LINE__, "tap 1 filter\n\tret\t1\nend\n" },
	{ __LINE__, "tap 1 filter\n\tmov\tr0, r15\n\tret\tr0\nend\n" },
	{ __LINE__, "tap 1 filter\n\tmov\tr0, -9223372036854775808\nend\n" },
	{ __LINE__, "tap 1 filter\n\tld\tr1, args.x\n\tld\tr2, nsecs\nend\n" },
	{ __LINE__,
	  "tap 1 filter\n\tjstr\targs.f.ustring, !~, \"a b\", L1\n\tret\t0\n"
	  "L1:\n\tret\t1\nend\n" },
	{ __LINE__,
	  "tap 1 filter\n\tjmp\tL1\n\tjmp\tL3\nL1:\n\tjmp\tL2\nL2:\nL3:\n\tret\t1\n"
	  "end\n",
	  "tap 1 filter\n\tjmp\tL1\n\tjmp\tL2\nL1:\n\tjmp\tL2\nL2:\n\tret\t1\n"
	  "end\n" },
	{ __LINE__,
	  "tap 1 filter\nb:jcpu args.m, &, '0-3', z\nret 0xff # x\nz: a:\nend",
	  "tap 1 filter\n\tjcpu\targs.m, &, \"0-3\", L1\n\tret\t255\nL1:\nend\n" },
	{ __LINE__,
	  "tap 1 filter\na: jfn r3, 'vfs_read', a\nend",
	  "tap 1 filter\nL1:\n\tjfn\tr3, \"vfs_read\", L1\nend\n" },
	{ __LINE__,
	  "tap 1 filter\n\tjstr\tcomm, ==, '\\\\\\'\"\\n\\t\\x01\\x7f\xff', e\ne:\nend",
	  "tap 1 filter\n\tjstr\tcomm, ==, \"\\\\'\\\"\\n\\t\\x01\\x7f\\xff\", L1\n"
	  "L1:\nend\n" },
};

/* The lines of an action, each of which comes back as it is. */
static const struct {
	int		line;
	const char	*lines;
} action_rows[] = {
	{ __LINE__, "\ttable\t@ = count\n\tagg\t@, 0, 1\n" },
	{ __LINE__, "\ttable\t@us[u64.syscall, str16] = count, hist(2)\n"
		    "\tkey\t@us, 0, r1\n\tkey\t@us, 1, comm\n"
		    "\tagg\t@us, 1, r0\n" },
	{ __LINE__, "\ttable\t@a[s64] = str16\n\ttable\t@b = str16\n"
		    "\tkey\t@a, 0, -5\n\tput\t@a, @b\n\tput\t@b, \"x\\n\"\n" },
	{ __LINE__, "\ttable\t@a[kstack, ustack] = s64\n"
		    "\tkey\t@a, 0, kstack(16)\n\tkey\t@a, 1, ustack(127)\n"
		    "\tput\t@a, r15\n\tinc\t@a, -1\n\tinc\t@a, r1\n"
		    "\thas\tr3, @a\n\tget\tr4, @a, 0\n\tdel\t@a\n\tclear\t@a\n"
		    "\tzero\t@a\n" },
	{ __LINE__, "\targ\t0, kstr(r1, 64)\n\targ\t1, ustr(r15, 1)\n"
		    "\targ\t2, syscall(r2)\n\targ\t3, enum(r3, args.vec)\n"
		    "\targ\t4, args.x.ustring\n\targ\t5, probe\n"
		    "\targ\t6, \"\"\n\targ\t15, 0\n"
		    "\tprintf\t\"%d \\\"%s\\n\"\n\tsynth\t\"lat\"\n" },
	{ __LINE__, "\tstack\n\trecord\n\ttraceon\n\ttraceoff\n\tsnapshot\n" },
	{ __LINE__, "\tloop\t100\n\tjeq\tr1, 1, L1\nL1:\n\tnext\n" },
};

static void check_actions(void)
{
	static struct host_text text;
	struct tap_prog *prog, *again;
	struct tap_error e = {};
	char in[1000];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(action_rows); i++) {
		sprintf(in, "tap 1 action\n%send\n", action_rows[i].lines);
		prog = trace_tap_asm(in, TAP_ACTION, &e);
		if (!CASE(&action_rows[i], prog, "'%s': %s at %u", in,
			  trace_tap_err_text[e.code], e.pos))
			continue;
		text.len = 0;
		trace_tap_disasm(prog, host_print, &text);
		CASE(&action_rows[i], !strcmp(text.s, in), "'%s', not '%s'",
		     text.s, in);
		again = trace_tap_asm(text.s, TAP_ACTION, &e);
		CASE(&action_rows[i], again && host_same_prog(prog, again),
		     "'%s' is another program", text.s);
		trace_tap_prog_free(prog);
		trace_tap_prog_free(again);
	}
}

static void check_rows(void)
{
	static struct host_text text;
	struct tap_error e = {};
	struct tap_prog *prog, *again;
	const char *want;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		prog = trace_tap_asm(rows[i].in, TAP_FILTER, &e);
		if (!CASE(&rows[i], prog, "%s at %u",
			  trace_tap_err_text[e.code], e.pos))
			continue;
		text.len = 0;
		trace_tap_disasm(prog, host_print, &text);
		want = rows[i].out ?: rows[i].in;
		CASE(&rows[i], !strcmp(text.s, want), "'%s', not '%s'", text.s,
		     want);
		again = trace_tap_asm(text.s, TAP_FILTER, &e);
		CASE(&rows[i], again && host_same_prog(prog, again),
		     "'%s' is another program", text.s);
		trace_tap_prog_free(prog);
		trace_tap_prog_free(again);
	}
}

/*
 * Any program that can run, through text and back. Resolved again, so that
 * operands are compared with all that is known of them.
 */
static void check_random(void)
{
	static struct host_text text;
	struct tap_prog *prog, *again;
	struct host_rand r = { .state = 1 };
	struct tap_error e = {};
	unsigned int i;
	bool same;

	for (i = 0; i < 3000; i++) {
		prog = host_random_prog(&r, false);
		text.len = 0;
		trace_tap_disasm(prog, host_print, &text);
		again = trace_tap_asm(text.s, prog->kind, &e);
		if (again)
			trace_tap_resolve(again, host_scope(), &e);
		same = again && host_same_prog(prog, again);
		if (!CHECK(same))
			printf("%s at %u: %s", trace_tap_err_text[e.code], e.pos,
			       text.s);
		trace_tap_prog_free(prog);
		trace_tap_prog_free(again);
		if (!same)	/* one is enough to look at */
			break;
	}
}

/* Labels far apart: past words of the bitmap of targets. */
static void check_far(void)
{
	struct tap_prog *prog = trace_tap_prog_new(TAP_ACTION), *again;
	static struct host_text text;
	struct tap_error e = {};
	unsigned int i;

	for (i = 0; i < TAP_MAX_INSNS; i++)
		trace_tap_prog_add(prog, TAP_OP_JMP)->target =
			TAP_MAX_INSNS - i / 3;
	trace_tap_disasm(prog, host_print, &text);
	CHECK(!strncmp(text.s, "tap 1 action\n", 13));
	again = trace_tap_asm(text.s, TAP_ACTION, &e);
	CHECK(again && host_same_prog(prog, again));
	trace_tap_prog_free(prog);
	trace_tap_prog_free(again);
}

void test_disasm(void)
{
	check_rows();
	check_actions();
	check_random();
	check_far();
}
