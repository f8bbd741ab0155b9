// SPDX-License-Identifier: GPL-2.0
/*
 * gen.c: the program of an expression, to the letter. Few rows: what programs
 * mean is for test_expr.c; here is that they are as short as they should be.
 */
#include "host.h"

static const struct {
	int		line;
	const char	*text;
	const char	*prog;		/* without header and end */
} rows[] = {
	{ __LINE__, "prev_prio < 10",
	  "\tld\tr0, args.prev_prio\n"
	  "\tjlt\tr0, 10, L1\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
	{ __LINE__, "prev_prio < 10 && next_comm ~ \"kw*\"",
	  "\tld\tr0, args.prev_prio\n"
	  "\tjge\tr0, 10, L1\n"
	  "\tjstr\targs.next_comm, ~, \"kw*\", L2\n"
	  "L1:\n"
	  "\tret\t0\n"
	  "L2:\n"
	  "\tret\t1\n" },
	{ __LINE__, "prev_pid == 1 || prev_pid == 2",
	  "\tld\tr0, args.prev_pid\n"
	  "\tjeq\tr0, 1, L1\n"
	  "\tld\tr0, args.prev_pid\n"
	  "\tjeq\tr0, 2, L1\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
	{ __LINE__, "!(u8 & 4)",
	  "\tld\tr0, args.u8\n"
	  "\tjnset\tr0, 4, L1\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
	{ __LINE__, "prev_pid < next_pid + 1",
	  "\tld\tr0, args.prev_pid\n"
	  "\tld\tr1, args.next_pid\n"
	  "\tadd\tr1, 1\n"
	  "\tjlt\tr0, r1, L1\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
	{ __LINE__, "u64 < 0xffffffffffffffff - 1 + prev_pid",
	  "\tld\tr0, args.u64\n"
	  "\tmov\tr1, -2\n"
	  "\tld\tr2, args.prev_pid\n"
	  "\tadd\tr1, r2\n"
	  "\tjult\tr0, r1, L1\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
	{ __LINE__, "prev_pid in {1, 5..9}",
	  "\tld\tr0, args.prev_pid\n"
	  "\tjeq\tr0, 1, L1\n"
	  "\tjlt\tr0, 5, L2\n"
	  "\tjle\tr0, 9, L1\n"
	  "L2:\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
	{ __LINE__, "(prev_pid == 1) == u8",
	  "\tmov\tr0, 1\n"
	  "\tld\tr1, args.prev_pid\n"
	  "\tjeq\tr1, 1, L1\n"
	  "\tmov\tr0, 0\n"
	  "L1:\n"
	  "\tld\tr1, args.u8\n"
	  "\tjeq\tr0, r1, L2\n"
	  "\tret\t0\n"
	  "L2:\n"
	  "\tret\t1\n" },
	/* What is known beforehand leaves no code. */
	{ __LINE__, "odd == 1", "\tret\t0\n" },
	{ __LINE__, "odd == 1 || u8 == 1",
	  "\tld\tr0, args.u8\n"
	  "\tjeq\tr0, 1, L1\n"
	  "\tret\t0\n"
	  "L1:\n"
	  "\tret\t1\n" },
};

/* Labels may be numbered otherwise: text goes through the assembler. */
static bool same_text(const struct tap_prog *prog, const char *body)
{
	struct tap_error e = {};
	struct tap_prog *want;
	char text[1000];
	bool same;

	sprintf(text, "tap 1 filter\n%send\n", body);
	want = trace_tap_asm(text, TAP_FILTER, &e);
	same = want && !trace_tap_resolve(want, host_scope(), &e) &&
	       host_same_prog(prog, want);
	trace_tap_prog_free(want);
	return same;
}

void test_gen(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		prog = trace_tap_translate(rows[i].text, host_scope(), false,
					   &e);
		if (!CASE(&rows[i], prog, "'%s': %s", rows[i].text,
			  trace_tap_err_text[e.code]))
			continue;
		if (!CASE(&rows[i], same_text(prog, rows[i].prog),
			  "'%s' is another program:", rows[i].text))
			host_dump(prog);
		trace_tap_prog_free(prog);
	}
}
