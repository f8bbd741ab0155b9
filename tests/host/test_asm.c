// SPDX-License-Identifier: GPL-2.0
/* asm.c: program text, right and wrong, and the parts it may come in. */
#include "host.h"

#define P(lines)	"tap 1 filter\n" lines "end\n"
#define T(lines)	P("table @t[s64] = s64\n" lines)

/* ------------------------------------------------------------------- right */

static const struct {
	int		line;
	const char	*text;
	unsigned int	nr_insns;
	unsigned int	nr_operands;
} good[] = {
	{ __LINE__, P(""), 0, 0 },
	{ __LINE__, P("ret 1\n"), 1, 0 },
	{ __LINE__, "tap 1 filter\nret 1\nend", 1, 0 },
	{ __LINE__, "tap 1 filter # x\nret 1\nend # x", 1, 0 },
	{ __LINE__, "\n # x\n\t\ntap\t1  filter \t\n\n\tret\t1\n  end  \n\n", 1, 0 },
	{ __LINE__, "tap 1 filter\r\n\tret\t1\r\nend\r\n", 1, 0 },
	{ __LINE__, "tap 0x1 filter\nret 1\nend\n", 1, 0 },
	{ __LINE__, P("mov r0,r15\nret r0\n"), 2, 0 },
	{ __LINE__, P("mov r0 , -0x8000000000000000#x\n"), 1, 0 },
	{ __LINE__, P("a: b:\nc: ret 1\njmp a\njmp b\njmp c\n"), 4, 0 },
	{ __LINE__, P("jmp last\nlast:\n"), 1, 0 },
	{ __LINE__, P("_1a_Z: jmp _1a_Z\n"), 1, 0 },
	{ __LINE__, P("r16: jmp r16\n"), 1, 0 },
	{ __LINE__, P("r00: jmp r00\n"), 1, 0 },
	{ __LINE__, P("ld r0, args.a\nld r1, args.a\nld r2, args.b\n"), 3, 2 },
	{ __LINE__, P("ld r0, args.pid\nld r1, pid\n"), 2, 2 },
	{ __LINE__, P("ld r0, args.0x\n"), 1, 1 },
	{ __LINE__, P("ld r0, args.x.ustring\nld r1, args.x\n"), 2, 2 },
	{ __LINE__, P("a: jstr comm,~,'x',a\n"), 1, 2 },
	{ __LINE__, P("a: jstr args.f, !~, \"x, y # z:\", a\n"), 1, 2 },
	{ __LINE__, P("a: jstr args.f, ==, '', a\n"), 1, 2 },
	{ __LINE__, P("a: jcpu args.m, &, '0-3', a\n"), 1, 2 },
	{ __LINE__, P("a: jfn r1, 'vfs_read', a\n"), 1, 1 },
	/* A string, a function and a list of CPUs of one text are three. */
	{ __LINE__, P("a: jfn r1, '1', a\njcpu args.m, ==, '1', a\n"
		      "jstr comm, ==, '1', a\n"), 3, 5 },
	/* The first of the kind asked for is taken, the others passed over. */
	{ __LINE__, "tap 1 action\nwhat ever\nend\n" P("ret 1\n"), 1, 0 },
	{ __LINE__, P("ret 1\n") "tap 1 action\nend\n" P("mov r0, 1\nret r0\n"),
	  1, 0 },
};

static void check_good(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		prog = trace_tap_asm(good[i].text, TAP_FILTER, &e);
		if (!CASE(&good[i], prog, "'%s': %s at %u", good[i].text,
			  trace_tap_err_text[e.code], e.pos))
			continue;
		CASE(&good[i], prog->nr_insns == good[i].nr_insns,
		     "'%s': %u instructions", good[i].text, prog->nr_insns);
		CASE(&good[i], prog->nr_operands == good[i].nr_operands,
		     "'%s': %u operands", good[i].text, prog->nr_operands);
		CASE(&good[i], trace_tap_is_prog(good[i].text),
		     "'%s': no program", good[i].text);
		trace_tap_prog_free(prog);
	}
}

/* ------------------------------------------------------------------- wrong */

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	/* header */
	{ __LINE__, TAP_ERR_NO_HEADER, "^" },
	{ __LINE__, TAP_ERR_NO_HEADER, "\n# x\n ^" },
	{ __LINE__, TAP_ERR_NO_HEADER, "^ret 1\nend\n" },
	{ __LINE__, TAP_ERR_NO_HEADER, " ^tapx 1 filter\nend\n" },
	{ __LINE__, TAP_ERR_NO_HEADER, P("ret 1\n") "^x\n" },
	{ __LINE__, TAP_ERR_NO_HEADER, P("ret 1\n") "^ret 2\n" },
	{ __LINE__, TAP_ERR_BAD_VERSION, "tap ^2 filter\nend\n" },
	{ __LINE__, TAP_ERR_BAD_VERSION, "tap ^filter\nend\n" },
	{ __LINE__, TAP_ERR_BAD_VERSION, "tap^" },
	{ __LINE__, TAP_ERR_BAD_VERSION, "tap ^1.0 filter\nend\n" },
	{ __LINE__, TAP_ERR_BAD_KIND, "tap 1 ^table\nend\n" },
	{ __LINE__, TAP_ERR_BAD_KIND, "tap 1^\nend\n" },
	{ __LINE__, TAP_ERR_BAD_KIND, "# x\n^tap 1 action\nret 1\nend\n" },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, "tap 1 filter ^x\nend\n" },
	/* end */
	{ __LINE__, TAP_ERR_NO_END, "tap 1 filter\nret 1\n^" },
	{ __LINE__, TAP_ERR_NO_END, "tap 1 filter^" },
	{ __LINE__, TAP_ERR_NO_END, "tap 1 filter\n# end\n^" },
	{ __LINE__, TAP_ERR_NO_END, "tap 1 action\nret 1\n^" },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, "tap 1 filter\nend ^x\n" },
	{ __LINE__, TAP_ERR_BAD_OPCODE, "tap 1 filter\n^endif\n" },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, "tap 1 filter\nend^: ret 1\nend\n" },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, "tap 1 action\nend ^x\n" P("") },
	/* opcodes */
	{ __LINE__, TAP_ERR_BAD_OPCODE, P("\t^nop\n") },
	{ __LINE__, TAP_ERR_BAD_OPCODE, P("^RET 1\n") },
	{ __LINE__, TAP_ERR_BAD_OPCODE, P("a: ^end\n") },
	{ __LINE__, TAP_ERR_BAD_OPCODE, P("a: ^, 1\n") },
	{ __LINE__, TAP_ERR_BAD_OPCODE, P("^\"ret\" 1\n") },
	/* registers */
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^r16, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^r01, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^r, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^r1x, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^R1, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^r100, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^1, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov ^, 1\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov^\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("mov r1, ^r16\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("ret ^rx\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("jeq ^x, 1, a\n") },
	/* numbers */
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^x\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^-\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^--1\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^+1\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^0x\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^0xg\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^0X1\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^010\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^1a\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^18446744073709551616\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^-9223372036854775809\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("mov r1, ^0x10000000000000000\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("ret ^'1'\n") },
	/* names */
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^prev_prio\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^args.\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^args\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^args.a.b\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^args.a.ustringx\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^args..ustring\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^args.a-b\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^pid.ustring\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^common_pid\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^'x'\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("ld r0, ^\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("jstr ^x, ~, 'x', a\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("jcpu ^1, ==, '0', a\n") },
	/* relations */
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jstr comm, ^=, 'x', a\n") },
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jstr comm, ^<, 'x', a\n") },
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jstr comm, ^&, 'x', a\n") },
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jstr comm, ^, 'x', a\n") },
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jstr comm, ^'x', a\n") },
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jcpu args.m, ^~, '0', a\n") },
	{ __LINE__, TAP_ERR_BAD_RELATION, P("jcpu args.m, ^!~, '0', a\n") },
	/* strings */
	{ __LINE__, TAP_ERR_BAD_STRING, P("jstr comm, ~, ^x, a\n") },
	{ __LINE__, TAP_ERR_BAD_STRING, P("jstr comm, ~, ^, a\n") },
	{ __LINE__, TAP_ERR_BAD_STRING, P("jfn r0, ^kfree, a\n") },
	{ __LINE__, TAP_ERR_MISSING_QUOTE, P("jstr comm, ~, ^'x, a\n") },
	{ __LINE__, TAP_ERR_MISSING_QUOTE, P("jstr comm, ~, ^'x\", a\n") },
	{ __LINE__, TAP_ERR_MISSING_QUOTE, P("jstr comm, ~, ^'x\\', a\n") },
	{ __LINE__, TAP_ERR_MISSING_QUOTE, P("jstr comm, ~, ^'x\n', a\n") },
	{ __LINE__, TAP_ERR_MISSING_QUOTE, P("jstr comm, ~, ^'x\\\n', a\n") },
	{ __LINE__, TAP_ERR_BAD_ESCAPE, P("jstr comm, ~, 'a^\\z', a\n") },
	{ __LINE__, TAP_ERR_BAD_ESCAPE, P("jstr comm, ~, '^\\0', a\n") },
	{ __LINE__, TAP_ERR_BAD_ESCAPE, P("jstr comm, ~, '^\\x0', a\n") },
	{ __LINE__, TAP_ERR_BAD_ESCAPE, P("jstr comm, ~, '^\\x', a\n") },
	{ __LINE__, TAP_ERR_BAD_ESCAPE, P("jstr comm, ~, '^\\xg0', a\n") },
	{ __LINE__, TAP_ERR_BAD_ESCAPE, P("jstr comm, ~, '\\\\^\\x00', a\n") },
	/* labels */
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^r1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^ret\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^ending\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^a-b\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("jmp ^a.b\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("^: ret 1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("^1: ret 1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("^r1: ret 1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("^ld: ret 1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("a: ^end: ret 1\n") },
	{ __LINE__, TAP_ERR_BAD_LABEL, P("^a.b: ret 1\n") },
	{ __LINE__, TAP_ERR_DUP_LABEL, P("a: ret 1\n^a: ret 1\n") },
	{ __LINE__, TAP_ERR_DUP_LABEL, P("a: ^a: ret 1\n") },
	{ __LINE__, TAP_ERR_NO_LABEL, P("jmp ^a\njmp a\nret 1\n") },
	{ __LINE__, TAP_ERR_NO_LABEL, P("a: jmp a\njeq r0, 1, ^b\n") },
	/* commas and what follows */
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("mov r0 ^1\n") },
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("mov r0^\n") },
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("jeq r0, 1^# , a\n") },
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("jstr comm, ~, 'x'^'y', a\n") },
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("mov r0^:, 1\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("ret 1 ^2\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("ret 1^, 2\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("a: jmp a ^ret 1\n") },
	/* tables */
	{ __LINE__, TAP_ERR_EXPECT_TABLE, P("table ^\n") },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, P("table ^t = s64\n") },
	{ __LINE__, TAP_ERR_BAD_SHAPE, P("table @t = ^\n") },
	{ __LINE__, TAP_ERR_BAD_SHAPE, P("\ttable @t[s64, ^s32] = s64\n") },
	{ __LINE__, TAP_ERR_BAD_HIST, P("table @t = hist(^9)\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("table @t = s64 ^x\n") },
	{ __LINE__, TAP_ERR_TABLE_EXISTS, T("table ^@t = s64\n") },
	{ __LINE__, TAP_ERR_TABLE_EXISTS,
	  P("table @ = s64\ntable @t = s64\ntable ^@ = s64\n") },
	{ __LINE__, TAP_ERR_NOT_HERE, P("ret 1\n^table @t = s64\n") },
	{ __LINE__, TAP_ERR_NOT_HERE, P("a:\n^table @t = s64\n") },
	{ __LINE__, TAP_ERR_NOT_HERE, P("a: ^table @t = s64\n") },
	{ __LINE__, TAP_ERR_NO_TABLE, T("has r0, ^@u\n") },
	{ __LINE__, TAP_ERR_NO_TABLE, T("has r0, ^@\n") },
	{ __LINE__, TAP_ERR_NO_TABLE, T("has r0, ^@tt\n") },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, T("has r0, ^t\n") },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, T("has r0, ^\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, T("get r0, @t, ^r1\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, T("get r0, @t, ^-1\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, T("get r0, @t, ^256\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("loop ^r1\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("loop ^\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("next ^1\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("record ^x\n") },
	/* sources */
	{ __LINE__, TAP_ERR_BAD_SOURCE, T("key @t, 0, ^\n") },
	{ __LINE__, TAP_ERR_BAD_SOURCE, T("key @t, 0, ^foo(r1)\n") },
	{ __LINE__, TAP_ERR_BAD_SOURCE, T("key @t, 0, ^(r1)\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, T("key @t, 0, ^kstack\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, T("key @t, 0, ^r16\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, T("key @t, 0, ^x\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, T("key @t, 0, ^1x\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, T("key @t, 0, ^-r1\n") },
	{ __LINE__, TAP_ERR_NO_TABLE, T("key @t, 0, ^@u\n") },
	{ __LINE__, TAP_ERR_MISSING_QUOTE, T("key @t, 0, ^'x\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("arg 0, kstack(^)\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("arg 0, kstack(^r1)\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("arg 0, kstr(^1, 2)\n") },
	{ __LINE__, TAP_ERR_BAD_REGISTER, P("arg 0, kstr(^args.x, 2)\n") },
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("arg 0, kstr(r1^)\n") },
	{ __LINE__, TAP_ERR_EXPECT_COMMA, P("arg 0, kstr(r1 ^2)\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("arg 0, kstr(r1, ^)\n") },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, P("arg 0, kstr(r1, 2^\n") },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, P("arg 0, kstr(r1, 2^, 3)\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("arg 0, enum(r1, ^vec)\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("arg 0, enum(r1, ^args.)\n") },
	{ __LINE__, TAP_ERR_BAD_NAME, P("arg 0, enum(r1, ^args.x.ustring)\n") },
	{ __LINE__, TAP_ERR_TRAILING_TEXT, P("arg 0, syscall(r1)^x\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, P("arg ^x, 1\n") },
	/* formats */
	{ __LINE__, TAP_ERR_BAD_STRING, P("printf ^x\n") },
	{ __LINE__, TAP_ERR_BAD_FORMAT, P("printf \"a ^%q\"\n") },
	{ __LINE__, TAP_ERR_BAD_FORMAT, P("printf '\\n\\x41 ^%f'\n") },
	{ __LINE__, TAP_ERR_BAD_STRING, P("synth ^lat\n") },
};

static void check_bad(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i, pos;
	char *text;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		e = (struct tap_error){};
		text = host_unmark(bad[i].text, &pos);
		prog = trace_tap_asm(text, TAP_FILTER, &e);
		CASE(&bad[i], !prog, "'%s' is accepted", text);
		host_check_error(__FILE__, bad[i].line, text, &e, bad[i].code,
				 pos);
		trace_tap_prog_free(prog);
		free(text);
	}
}

/* ----------------------------------------------------------------- details */

static struct tap_prog *assemble(const char *text)
{
	struct tap_error e = {};
	struct tap_prog *prog = trace_tap_asm(text, TAP_FILTER, &e);

	if (!prog)
		printf("%s at %u in '%s'\n", trace_tap_err_text[e.code], e.pos,
		       text);
	WARN_ON(!prog);
	return prog;
}

static void check_numbers(void)
{
	static const struct {
		int		line;
		const char	*text;
		s64		value;
	} rows[] = {
		{ __LINE__, "0", 0 },
		{ __LINE__, "-0", 0 },
		{ __LINE__, "42", 42 },
		{ __LINE__, "-1", -1 },
		{ __LINE__, "0xff", 255 },
		{ __LINE__, "0xAbC", 0xabc },
		{ __LINE__, "-0x10", -16 },
		{ __LINE__, "0x0010", 16 },
		{ __LINE__, "9223372036854775807", S64_MAX },
		{ __LINE__, "-9223372036854775808", S64_MIN },
		{ __LINE__, "9223372036854775808", S64_MIN },
		{ __LINE__, "18446744073709551615", -1 },
		{ __LINE__, "0xffffffffffffffff", -1 },
	};
	struct tap_prog *prog;
	char text[100];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sprintf(text, P("ret %s\n"), rows[i].text);
		prog = assemble(text);
		CASE(&rows[i], prog->insns[0].is_imm &&
		     prog->insns[0].imm == rows[i].value, "%s: %lld",
		     rows[i].text, (long long)prog->insns[0].imm);
		trace_tap_prog_free(prog);
	}
}

static void check_strings(void)
{
	static const struct {
		int		line;
		const char	*text;
		const char	*value;
	} rows[] = {
		{ __LINE__, "''", "" },
		{ __LINE__, "'a b\t#,:'", "a b\t#,:" },
		{ __LINE__, "'\"'", "\"" },
		{ __LINE__, "\"'\"", "'" },
		{ __LINE__, "'\\'\\\"\\\\'", "'\"\\" },
		{ __LINE__, "\"\\n\\t\\x41\\xfF\\x01\"", "\n\tA\xff\x01" },
		{ __LINE__, "'\xff\xc3\xa4'", "\xff\xc3\xa4" },
	};
	const struct tap_operand *op;
	struct tap_prog *prog;
	char text[100];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sprintf(text, P("a: jstr comm, ~, %s, a\n"), rows[i].text);
		prog = assemble(text);
		op = &prog->operands[prog->insns[0].str];
		CASE(&rows[i], op->type == TAP_STR &&
		     !strcmp(op->text, rows[i].value) &&
		     op->size == strlen(rows[i].value),
		     "%s: '%s'", rows[i].text, op->text);
		trace_tap_prog_free(prog);
	}
}

/* What each part of an instruction becomes, and where it stood. */
static void check_parts(void)
{
	const char *text = P("\tjge\tr3, r4, x\n"
			     "x:\tjnstr args.f.ustring , !~,'k', x\n"
			     "\tjfn r5, \"kfree\", y\n"
			     "\tld r6, uid\n"
			     "y:\n");
	struct tap_prog *prog = assemble(text);
	const struct tap_insn *insn = prog->insns;
	const struct tap_operand *op;

	CHECK(insn->op == TAP_OP_JGE && insn->reg == 3 && insn->src == 4);
	CHECK(!insn->is_imm && insn->target == 1);
	CHECK(text[insn->pos] == 'j' && text[insn->pos + insn->at[1]] == 'r' &&
	      text[insn->pos + insn->at[2]] == 'x');
	insn++;
	CHECK(insn->op == TAP_OP_JNSTR && insn->rel == TAP_REL_NGLOB);
	CHECK(text[insn->pos + insn->at[0]] == 'a');
	CHECK(text[insn->pos + insn->at[1]] == '!');
	CHECK(text[insn->pos + insn->at[2]] == '\'');
	op = &prog->operands[insn->name];
	CHECK(op->type == TAP_USER && !op->is_builtin && !strcmp(op->text, "f"));
	insn++;
	op = &prog->operands[insn->name];
	CHECK(insn->reg == 5 && op->type == TAP_FUNC &&
	      !strcmp(op->text, "kfree") && insn->target == 4);
	insn++;
	op = &prog->operands[insn->name];
	CHECK(insn->reg == 6 && op->is_builtin &&
	      op->builtin == TAP_BUILTIN_UID && op->type == TAP_INT);
	trace_tap_prog_free(prog);
}

/* The same of instructions for actions. */
static void check_action_parts(void)
{
	struct tap_prog *prog = assemble(P("\ttable @a[s64] = str16\n"
		"table @b = str16 # x\n"
		"arg 3, enum( r5 , args.vec )\n"
		"arg 15,ustr(r1,0x10)\n"
		"put @b, @a\n"
		"key @a , 0 , -1\n"
		"printf '%d'\n"
		"synth 'x'\n"));
	const struct tap_insn *insn = prog->insns;
	const struct tap_operand *op = prog->operands;

	CHECK(op[0].type == TAP_TABLE && !strcmp(op[0].text, "a") &&
	      op[0].shape->nr_parts == 1);
	CHECK(op[1].type == TAP_TABLE && op[1].shape->value_words == 2);
	CHECK(insn->part == 3 && insn->rel == TAP_SRC_ENUM && insn->src == 5 &&
	      !insn->is_imm && op[insn->str].type == TAP_NAMES &&
	      !strcmp(op[insn->str].text, "vec"));
	insn++;
	CHECK(insn->part == 15 && insn->rel == TAP_SRC_USTR &&
	      insn->src == 1 && insn->imm == 16);
	insn++;
	CHECK(insn->name == 1 && insn->rel == TAP_SRC_TABLE && insn->str == 0);
	insn++;
	CHECK(insn->name == 0 && insn->part == 0 && insn->imm == -1 &&
	      insn->rel == TAP_SRC_IMM);
	insn++;
	CHECK(op[insn->str].type == TAP_FORMAT && op[insn->str].size == 2 &&
	      op[insn->str].format->nr == 1);
	insn++;
	CHECK(op[insn->str].type == TAP_SYNTH);
	trace_tap_prog_free(prog);
}

/* ------------------------------------------------------------------ limits */

/* @nr times the lines of @line, whose %u is counted up from 0. */
static char *repeat(const char *line, unsigned int nr)
{
	char *text = malloc(100 + nr * (strlen(line) + 8)), *p = text;
	unsigned int i;

	p += sprintf(p, "tap 1 filter\n");
	for (i = 0; i < nr; i++)
		p += sprintf(p, line, i);
	sprintf(p, "end\n");
	return text;
}

static void check_limit(int line, const char *what, unsigned int nr,
			enum tap_error_code code)
{
	char *text = repeat(what, nr);
	struct tap_error e = {};
	struct tap_prog *prog = trace_tap_asm(text, TAP_FILTER, &e);

	host_check(e.code == code && !prog == !!code, __FILE__, line,
		   "%u times %s: %s", nr, what, trace_tap_err_text[e.code]);
	if (code)
		host_check(e.err == -E2BIG, __FILE__, line, "err %d", e.err);
	trace_tap_prog_free(prog);
	free(text);
}

static void check_limits(void)
{
	char text[TAP_MAX_STR + 100];
	struct tap_error e = {};

	check_limit(__LINE__, "ret 1\n", TAP_MAX_INSNS, TAP_ERR_NONE);
	check_limit(__LINE__, "ret 1\n", TAP_MAX_INSNS + 1, TAP_ERR_TOO_LARGE);
	check_limit(__LINE__, "ld r0, args.f%u\n", TAP_MAX_NAMES, TAP_ERR_NONE);
	check_limit(__LINE__, "ld r0, args.f%u\n", TAP_MAX_NAMES + 1,
		    TAP_ERR_TOO_LARGE);
	check_limit(__LINE__, "a%u:\n", TAP_MAX_INSNS, TAP_ERR_NONE);
	check_limit(__LINE__, "a%u:\n", TAP_MAX_INSNS + 1, TAP_ERR_TOO_LARGE);
	check_limit(__LINE__, "table @t%u = s64\n", TAP_MAX_TABLES,
		    TAP_ERR_NONE);
	check_limit(__LINE__, "table @t%u = s64\n", TAP_MAX_TABLES + 1,
		    TAP_ERR_TOO_MANY_TABLES);
	check_limit(__LINE__, "#\n", (TAP_MAX_TEXT - 17) / 2, TAP_ERR_NONE);
	check_limit(__LINE__, "#\n", TAP_MAX_TEXT / 2, TAP_ERR_TEXT_TOO_LONG);

	sprintf(text, P("a: jstr comm, ~, '%0*d', a\n"), TAP_MAX_STR - 1, 0);
	trace_tap_prog_free(assemble(text));
	sprintf(text, P("a: jstr comm, ~, '%0*d', a\n"), TAP_MAX_STR, 0);
	CHECK(!trace_tap_asm(text, TAP_FILTER, &e));
	host_check_error(__FILE__, __LINE__, "long string", &e,
			 TAP_ERR_OPERAND_TOO_LONG, 30);
	/* A list of CPUs may be longer. */
	sprintf(text, P("a: jcpu args.m, ==, '%0*d', a\n"), TAP_MAX_STR, 0);
	trace_tap_prog_free(assemble(text));
}

/* ------------------------------------------------------------------ pieces */

static void check_is_prog(void)
{
	static const struct {
		int		line;
		const char	*text;
		bool		is_prog;
	} rows[] = {
		{ __LINE__, "tap 1 filter", true },
		{ __LINE__, " \n# x\n\ttap\t9", true },
		{ __LINE__, "tap 0x1", true },
		{ __LINE__, "", false },
		{ __LINE__, "# tap 1 filter", false },
		{ __LINE__, "tap", false },
		{ __LINE__, "tap ", false },
		{ __LINE__, "tap1", false },
		{ __LINE__, "tap == 1", false },
		{ __LINE__, "tapx 1", false },
		{ __LINE__, "x tap 1", false },
		{ __LINE__, "tap\n1", false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		CASE(&rows[i], trace_tap_is_prog(rows[i].text) ==
		     rows[i].is_prog, "'%s'", rows[i].text);
}

static void check_text_len(void)
{
	static const struct {
		int		line;
		const char	*text;	/* what is behind ^ is not needed */
	} rows[] = {
		{ __LINE__, "tap 1 filter\nend\n^" },
		{ __LINE__, "tap 1 filter\n\t end\n^" },
		{ __LINE__, "tap 1 filter\nend # x\n^" },
		{ __LINE__, "tap 1 filter\nend\n^tap 1 action\nend\n" },
		{ __LINE__, "end\n^end\n" },
	};
	unsigned int i, pos, len;
	char *text;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		text = host_unmark(rows[i].text, &pos);
		CASE(&rows[i], trace_tap_prog_text_len(text, strlen(text)) ==
		     pos, "'%s'", text);
		/* In pieces of one byte it is enough from "end" on. */
		for (len = 0; len <= pos; len++)
			CASE(&rows[i], trace_tap_prog_text_len(text, len) ==
			     (memmem(text, len, "end", 3) ? len : 0),
			     "'%.*s'", len, text);
		free(text);
	}
	CHECK(!trace_tap_prog_text_len("tap 1 filter\n# end\nx end\n", 24));
	CHECK(!trace_tap_prog_text_len("tap 1 filter\nen", 15));
	CHECK(!trace_tap_prog_text_len("", 0));
}

/* The program of the other kind: with no action, a filter is none. */
static void check_kinds(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = trace_tap_asm(P("ret 1\n") "tap 1 action\nmov r0, 1\nret 1\nend",
			     TAP_ACTION, &e);
	CHECK(prog && prog->kind == TAP_ACTION && prog->nr_insns == 2);
	trace_tap_prog_free(prog);
	CHECK(!trace_tap_asm(P("ret 1\n"), TAP_ACTION, &e));
	CHECK(e.code == TAP_ERR_BAD_KIND && e.pos == 0);
}

static bool assembles(const void *arg)
{
	struct tap_error e = {};
	struct tap_prog *prog = trace_tap_asm(arg, TAP_FILTER, &e);

	trace_tap_prog_free(prog);
	return prog || !CHECK(e.err == -ENOMEM && !e.code);
}

void test_asm(void)
{
	check_good();
	check_bad();
	check_numbers();
	check_strings();
	check_parts();
	check_action_parts();
	check_limits();
	check_is_prog();
	check_text_len();
	check_kinds();
	host_each_alloc_failure(assembles,
				P("table @t[s64.enum(vec)] = count\n"
				  "arg 0, enum(r1, args.vec)\nprintf '%d'\n"
				  "ld r0, args.a\nld r1, pid\n"
				  "b: jstr comm, ~, 'x', b\nret r0\n"),
				__FILE__, __LINE__);
}
