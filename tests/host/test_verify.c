// SPDX-License-Identifier: GPL-2.0
/*
 * verify.c: programs that are sound, those that are not, and those that no text
 * can say, because nothing about a program is trusted.
 */
#include "host.h"

#define P(lines)	"tap 1 filter\n" lines "end\n"

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} rows[] = {
	{ __LINE__, TAP_ERR_NONE, P("ret 1\n") },
	{ __LINE__, TAP_ERR_NONE, P("mov r15, 1\nret r15\n") },
	{ __LINE__, TAP_ERR_NONE, P("ld r0, args.ptr\nret r0\n") },
	{ __LINE__, TAP_ERR_NONE, P("ld r0, args.name\nret r0\n") },
	{ __LINE__, TAP_ERR_NONE, P("ld r0, args.mask\nret r0\n") },
	{ __LINE__, TAP_ERR_NONE, P("jmp a\na: jmp b\nb: ret 1\n") },
	{ __LINE__, TAP_ERR_NONE, P("ld r0, pid\njeq r0, 1, a\nmov r1, 1\njmp b\n"
				    "a: mov r1, 2\nb: ret r1\n") },
	{ __LINE__, TAP_ERR_NONE, P("jstr args.ptr.ustring, ~, '', a\na: ret 1\n") },
	{ __LINE__, TAP_ERR_NONE, P("jpair args.ptr.ustring, !=, comm, a\na: ret 1\n") },
	/* size and end */
	{ __LINE__, TAP_ERR_EMPTY_PROGRAM, "^" P("") },
	{ __LINE__, TAP_ERR_FALLS_OFF, P("^mov r0, 1\n") },
	{ __LINE__, TAP_ERR_FALLS_OFF, P("mov r0, 1\njeq r0, 1, a\na: ^add r0, 1\n") },
	{ __LINE__, TAP_ERR_FALLS_OFF, P("mov r0, 1\njeq r0, 1, a\nret 0\na: ^add r0, 1\n") },
	{ __LINE__, TAP_ERR_FALLS_OFF, P("jmp ^a\na:\n") },
	/* jumps */
	{ __LINE__, TAP_ERR_JUMP_BACK, P("a: jmp ^a\n") },
	{ __LINE__, TAP_ERR_JUMP_BACK, P("a: mov r0, 1\njmp ^a\n") },
	{ __LINE__, TAP_ERR_JUMP_BACK, P("a: mov r0, 1\njne r0, 1, ^a\nret 0\n") },
	{ __LINE__, TAP_ERR_JUMP_BACK, P("a: jstr comm, ~, 'x', ^a\nret 0\n") },
	{ __LINE__, TAP_ERR_UNREACHABLE, P("ret 1\n^ret 0\n") },
	{ __LINE__, TAP_ERR_UNREACHABLE, P("jmp a\n^mov r0, 1\na: ret 0\n") },
	/* registers */
	{ __LINE__, TAP_ERR_UNSET_REGISTER, P("ret ^r0\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, P("mov r1, ^r0\nret 0\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, P("add ^r1, 1\nret 0\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, P("mov r1, 1\nadd r1, ^r2\nret 0\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, P("jeq ^r1, 1, a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, P("jfn ^r1, 'low', a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER,
	  P("ld r0, pid\njeq r0, 1, a\nmov r1, 1\na: ret ^r1\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER,
	  P("jstr comm, ==, 'x', a\nmov r1, 1\njmp b\na: mov r2, 1\nb: ret ^r1\n") },
	/* types */
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("ld r0, ^args.prev_comm\nret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("ld r0, ^args.odd\nret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("ld r0, ^comm\nret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jstr ^args.u8, ~, 'x', a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jstr ^pid, ~, 'x', a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jstr ^args.mask, ~, 'x', a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jpair comm, ==, ^args.u8, a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jpair ^args.odd, ==, comm, a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jcpu ^args.u8, ==, '1', a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jcpu ^cpu, ==, '1', a\na: ret 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, P("jcpu ^args.name, ==, '1', a\na: ret 0\n") },
};

static void check_rows(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i, pos;
	char *text;
	int err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		e = (struct tap_error){};
		text = host_unmark(rows[i].text, &pos);
		prog = trace_tap_asm(text, TAP_FILTER, &e);
		if (!CASE(&rows[i], prog && !trace_tap_resolve(prog, host_scope(), &e),
			  "'%s': %s", text, trace_tap_err_text[e.code]))
			goto next;
		err = trace_tap_verify(prog, &e);
		if (rows[i].code && CASE(&rows[i], err, "'%s' is accepted", text))
			host_check_error(__FILE__, rows[i].line, text, &e,
					 rows[i].code, pos);
		if (!rows[i].code)
			CASE(&rows[i], !err, "'%s': %s at %u", text,
			     trace_tap_err_text[e.code], e.pos);
next:
		trace_tap_prog_free(prog);
		free(text);
	}
}

/* ------------------------------------------------- what no text can say */

static struct tap_prog *sound(void)
{
	struct tap_error e;
	struct tap_prog *prog;

	prog = trace_tap_asm(P("ld r0, args.u8\n"		/* 0 */
			       "add r0, r0\n"			/* 1 */
			       "jeq r0, 1, a\n"			/* 2 */
			       "jstr comm, ~, 'x', a\n"		/* 3 */
			       "jcpu args.mask, ==, '1', a\n"	/* 4 */
			       "jfn r0, 'low', a\n"		/* 5 */
			       "jpair comm, ==, args.name, a\n"	/* 6 */
			       "jstr args.ptr, ==, 'y', a\n"	/* 7 */
			       "a: ret r0\n"), TAP_FILTER, &e);	/* 8 */
	WARN_ON(!prog || trace_tap_resolve(prog, host_scope(), &e));
	return prog;
}

/* Change one thing in the sound program, which then must be rejected. */
#define MALFORMED(change) do {						\
	struct tap_prog *prog = sound();				\
	struct tap_insn *in = prog->insns;				\
	struct tap_operand *op = prog->operands;			\
	struct tap_error e = {};					\
									\
	(void)in;							\
	(void)op;							\
	CHECK(!trace_tap_verify(prog, &e));				\
	change;								\
	CHECK(trace_tap_verify(prog, &e) < 0 && e.err < 0 && e.code &&	\
	      #change);							\
	trace_tap_prog_free(prog);					\
} while (0)

static void check_malformed(void)
{
	MALFORMED(in[0].op = TAP_NR_OPCODES);
	MALFORMED(in[0].op = 255);
	MALFORMED(in[0].reg = TAP_NR_REGS);
	MALFORMED(in[1].reg = TAP_NR_REGS);
	MALFORMED(in[1].reg = 255);
	MALFORMED(in[1].src = TAP_NR_REGS);
	MALFORMED(in[1].src = 32);
	MALFORMED(in[8].src = 200);
	MALFORMED(in[2].target = 9);
	MALFORMED(in[2].target = U16_MAX);
	MALFORMED(in[0].name = prog->nr_operands);
	MALFORMED(in[0].name = U16_MAX);
	MALFORMED(in[3].name = U16_MAX);
	MALFORMED(in[3].str = U16_MAX);
	MALFORMED(in[4].str = U16_MAX);
	MALFORMED(in[5].name = U16_MAX);
	MALFORMED(in[6].str = U16_MAX);
	MALFORMED(in[3].rel = TAP_REL_AND);
	MALFORMED(in[3].rel = TAP_NR_RELATIONS);
	MALFORMED(in[4].rel = TAP_REL_GLOB);
	MALFORMED(in[4].rel = 255);
	MALFORMED(in[6].rel = TAP_REL_GLOB);
	MALFORMED(in[6].rel = TAP_REL_AND);
	/* constants used as what they are not */
	MALFORMED(in[3].str = in[4].str);
	MALFORMED(in[4].str = in[3].str);
	MALFORMED(in[5].name = in[3].str);
	MALFORMED(in[3].name = in[3].str);
	MALFORMED(in[0].name = in[5].name);
	MALFORMED(in[6].str = in[3].str);
	/* operands */
	MALFORMED(op[in[0].name].offset = S16_MAX);
	MALFORMED(op[in[3].name].is_builtin = false;
		  op[in[3].name].type = TAP_ARRAY;
		  op[in[3].name].size = U16_MAX);
	MALFORMED(op[in[4].name].offset = S16_MAX - 3);
	MALFORMED(op[in[0].name].size = 3);
	MALFORMED(op[in[0].name].size = 0);
	MALFORMED(op[in[0].name].size = 16);
	MALFORMED(op[in[0].name].type = TAP_CPUS + 1);
	MALFORMED(op[in[0].name].is_builtin = true;
		  op[in[0].name].builtin = TAP_NR_BUILTINS);
	MALFORMED(op[in[0].name].is_builtin = true;
		  op[in[0].name].builtin = TAP_BUILTIN_COMM);
	MALFORMED(op[in[3].name].builtin = TAP_BUILTIN_PID);
	MALFORMED(op[in[3].name].type = TAP_LOC);
	MALFORMED(op[in[3].str].size++);
	MALFORMED(op[in[3].str].text = NULL);
	MALFORMED(op[in[4].str].mask = NULL);
	MALFORMED(op[in[4].name].size = 8);
	MALFORMED(op[in[6].str].size = 8);
	MALFORMED(op[in[7].name].size = 4);
	MALFORMED(prog->nr_insns = 0);
	MALFORMED(prog->nr_insns = TAP_MAX_INSNS + 1);
	MALFORMED(prog->nr_insns = 8);
	MALFORMED(prog->nr_operands = 0);
}

/* ------------------------------------------------------------------ limits */

static void check_cost(void)
{
	static const struct {
		int		line;
		const char	*insn;
		unsigned int	nr;
		bool		sound;
	} limits[] = {
		{ __LINE__, "jstr comm, ~, 'x', a\n", TAP_MAX_INSNS - 1, true },
		{ __LINE__, "jstr args.ptr, ~, 'x', a\n", 1000, true },
		{ __LINE__, "jstr args.ptr, ~, 'x', a\n", 1100, false },
		{ __LINE__, "jpair comm, ==, comm, a\n", 500, true },
		{ __LINE__, "jpair comm, ==, comm, a\n", 600, false },
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		char *text = malloc(200000), *p = text;
		struct tap_prog *prog;
		struct tap_error e = {};
		int err = -1;

		p += sprintf(p, "tap 1 filter\n");
		for (j = 0; j < limits[i].nr && p - text < TAP_MAX_TEXT - 60; j++)
			p += sprintf(p, "%s", limits[i].insn);
		sprintf(p, "a: ret 1\nend\n");
		prog = trace_tap_asm(text, TAP_FILTER, &e);
		if (prog && !trace_tap_resolve(prog, host_scope(), &e))
			err = trace_tap_verify(prog, &e);
		CASE(&limits[i], !err == limits[i].sound, "%u times %s: %s",
		     limits[i].nr, limits[i].insn, trace_tap_err_text[e.code]);
		trace_tap_prog_free(prog);
		free(text);
	}
}

static bool verifies(const void *arg)
{
	struct tap_error e = {};
	int err = trace_tap_verify(arg, &e);

	CHECK(!err || (err == -ENOMEM && e.err == err));
	return !err;
}

void test_verify(void)
{
	struct tap_prog *prog = sound();

	check_rows();
	check_malformed();
	check_cost();
	host_each_alloc_failure(verifies, prog, __FILE__, __LINE__);
	trace_tap_prog_free(prog);
}
