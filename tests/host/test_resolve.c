// SPDX-License-Identifier: GPL-2.0
/* resolve.c: what names become in the event of scope.c, and names it lacks. */
#include "host.h"

#define P(lines)	"tap 1 filter\n" lines "\tret 0\na: ret 1\nend\n"

static const struct {
	int			line;
	const char		*insn;
	struct tap_operand	op;	/* of what the instruction names */
} good[] = {
	{ __LINE__, "ld r0, args.prev_prio",
	  { .type = TAP_INT, .is_signed = true, .offset = 28, .size = 4,
	    .text = "prev_prio" } },
	{ __LINE__, "ld r0, args.u64",
	  { .type = TAP_INT, .offset = 80, .size = 8, .text = "u64" } },
	{ __LINE__, "ld r0, args.odd",
	  { .type = TAP_ODD, .offset = 96, .size = 12, .text = "odd" } },
	{ __LINE__, "ld r0, args.common_pid",
	  { .type = TAP_INT, .is_signed = true, .offset = 4, .size = 4,
	    .text = "common_pid" } },
	{ __LINE__, "ld r0, pid",
	  { .type = TAP_INT, .is_builtin = true, .builtin = TAP_BUILTIN_PID,
	    .text = "pid" } },
	{ __LINE__, "ld r0, args.cpu",
	  { .type = TAP_INT, .is_builtin = true, .builtin = TAP_BUILTIN_CPU,
	    .text = "cpu" } },
	{ __LINE__, "ld r0, args.CPU",
	  { .type = TAP_INT, .is_builtin = true, .builtin = TAP_BUILTIN_CPU,
	    .text = "cpu" } },
	{ __LINE__, "jstr args.comm, ~, 'x', a",
	  { .type = TAP_COMM, .is_builtin = true, .builtin = TAP_BUILTIN_COMM,
	    .text = "comm" } },
	{ __LINE__, "jstr args.next_comm, ~, 'x', a",
	  { .type = TAP_ARRAY, .offset = 40, .size = 16, .text = "next_comm" } },
	{ __LINE__, "jstr args.name, ~, 'x', a",
	  { .type = TAP_LOC, .offset = 108, .size = 4, .text = "name" } },
	{ __LINE__, "jstr args.rel, ~, 'x', a",
	  { .type = TAP_REL, .offset = 112, .size = 4, .text = "rel" } },
	{ __LINE__, "jstr args.ptr, ~, 'x', a",
	  { .type = TAP_PTR, .offset = 120, .size = 8, .text = "ptr" } },
	{ __LINE__, "jstr args.ptr.ustring, ~, 'x', a",
	  { .type = TAP_USER, .offset = 120, .size = 8, .text = "ptr" } },
	/* .ustring means nothing on what is no pointer */
	{ __LINE__, "jstr args.name.ustring, ~, 'x', a",
	  { .type = TAP_LOC, .offset = 108, .size = 4, .text = "name" } },
	{ __LINE__, "jcpu args.mask, ==, '0', a",
	  { .type = TAP_MASK, .offset = 116, .size = 4, .text = "mask" } },
	{ __LINE__, "jfn r0, 'vfs_read', a",
	  { .type = TAP_FUNC, .size = 8, .text = "vfs_read",
	    .start = 0xffffffff81001000ULL, .span = 0x100 } },
	{ __LINE__, "jfn r0, '0xffffffff8100107f', a",
	  { .type = TAP_FUNC, .size = 18, .text = "0xffffffff8100107f",
	    .start = 0xffffffff81001000ULL, .span = 0x100 } },
};

static void check_good(void)
{
	const struct tap_operand *op, *want;
	struct tap_error e = {};
	struct tap_prog *prog;
	char text[200];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		sprintf(text, P("\t%s\n"), good[i].insn);
		prog = trace_tap_asm(text, TAP_FILTER, &e);
		if (!CASE(&good[i], prog && !trace_tap_resolve(prog,
			  host_scope(), &e), "%s: %s", good[i].insn,
			  trace_tap_err_text[e.code])) {
			trace_tap_prog_free(prog);
			continue;
		}
		op = &prog->operands[prog->insns[0].name];
		want = &good[i].op;
		CASE(&good[i], op->type == want->type &&
		     op->is_signed == want->is_signed &&
		     op->is_builtin == want->is_builtin &&
		     op->builtin == want->builtin &&
		     op->offset == want->offset && op->size == want->size &&
		     op->start == want->start && op->span == want->span &&
		     !strcmp(op->text, want->text),
		     "%s: type %u, offset %u, size %u", good[i].insn, op->type,
		     op->offset, op->size);
		trace_tap_prog_free(prog);
	}
}

static void check_mask(void)
{
	struct tap_error e = {};
	const struct tap_operand *op;
	struct tap_prog *prog;

	prog = trace_tap_asm(P("jcpu args.mask, &, '0-3,65', a\n"), TAP_FILTER,
			     &e);
	CHECK(!trace_tap_resolve(prog, host_scope(), &e));
	op = &prog->operands[prog->insns[0].str];
	CHECK(op->type == TAP_CPUS && op->mask && op->span == 2);
	CHECK(op->mask[0] == 0xf && op->mask[1] == 2);
	trace_tap_prog_free(prog);
}

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, P("ld r0, ^args.nope\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND,
	  P("ld r0, args.u8\n ld\tr1,\t^args.no\nld r2, args.no\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, P("jstr ^args.no, ~, 'x', a\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND,
	  P("jstr ^args.no.ustring, ~, 'x', a\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND,
	  P("jpair comm, ==, ^args.no, a\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, P("jcpu ^args.m, ==, '0', a\n") },
	{ __LINE__, TAP_ERR_NO_FUNCTION, P("jfn r0, ^'nope', a\n") },
	{ __LINE__, TAP_ERR_NO_FUNCTION, P("jfn r0, ^'0x10', a\n") },
	{ __LINE__, TAP_ERR_NO_FUNCTION, P("jfn r0, ^'1z', a\n") },
	{ __LINE__, TAP_ERR_NO_FUNCTION, P("jfn r0, ^'', a\n") },
	{ __LINE__, TAP_ERR_INVALID_CPULIST,
	  P("jcpu args.mask, ==, ^'x', a\n") },
	{ __LINE__, TAP_ERR_INVALID_CPULIST,
	  P("jcpu args.mask, ==, ^'100', a\n") },
	{ __LINE__, TAP_ERR_INVALID_CPULIST,
	  P("jcpu args.mask, ==, ^'3-1', a\n") },
};

static void check_bad(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i, pos;
	char *text;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		text = host_unmark(bad[i].text, &pos);
		prog = trace_tap_asm(text, TAP_FILTER, &e);
		if (CASE(&bad[i], prog, "'%s' does not assemble", text)) {
			CASE(&bad[i], trace_tap_resolve(prog, host_scope(), &e)
			     < 0, "'%s' resolves", text);
			host_check_error(__FILE__, bad[i].line, text, &e,
					 bad[i].code, pos);
		}
		trace_tap_prog_free(prog);
		free(text);
	}
}

static bool resolves(const void *arg)
{
	long left = tap_alloc_left;
	struct tap_error e = {};
	struct tap_prog *prog;
	int err;

	tap_alloc_left = -1;
	prog = trace_tap_asm(arg, TAP_FILTER, &e);
	tap_alloc_left = left;
	err = trace_tap_resolve(prog, host_scope(), &e);
	CHECK(err == 0 || err == -ENOMEM);
	trace_tap_prog_free(prog);
	return !err;
}

void test_resolve(void)
{
	check_good();
	check_mask();
	check_bad();
	host_each_alloc_failure(resolves, P("jcpu args.mask, ==, '0', a\n"
					    "jcpu args.mask, ==, '1', a\n"),
				__FILE__, __LINE__);
}
