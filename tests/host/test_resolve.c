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

/* ------------------------------------------------- what the kernel has for it */

#define A(lines)	"tap 1 action\n" lines "ret 1\nend\n"

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} bind_bad[] = {
	/* the table exists, and is another one */
	{ __LINE__, TAP_ERR_WRONG_SHAPE,
	  A("table @one = s64\ntable @slow[str16] = u64\nput @one, 1\n"
	    "key ^@slow, 0, comm\n") },
	{ __LINE__, TAP_ERR_WRONG_SHAPE,
	  A("table @name[s64] = str64\narg 0, ^@name\n") },
	{ __LINE__, TAP_ERR_UNKNOWN_FUNCTION, A("synth ^'nope'\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, A("arg 0, ^enum(r0, args.no)\n") },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, A("arg 0, ^args.no\n") },
};

static void check_bind(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;
	const struct tap_operand *op;
	struct tap_scope bare = *host_scope();
	unsigned int i, pos;
	char *text;

	prog = trace_tap_asm(A("table @mine[s64.enum(u8)] = u64.enum(nope)\n"
			       "table @name[s64] = str8\n"
			       "mov r0, 1\nprintf 'x'\nsynth 'lat'\n"
			       "arg 0, enum(r0, args.u8)\n"), TAP_ACTION, &e);
	CHECK(prog && !trace_tap_resolve(prog, host_scope(), &e));
	op = prog->operands;
	CHECK(op[0].start && op[1].start && op[2].start && op[3].start &&
	      op[4].start);
	/* the table's own */
	CHECK(op[1].shape->values[0].plain.size == 16);
	/* three fields, the second of them a string */
	CHECK(op[3].type == TAP_SYNTH && op[3].span == 3 && op[3].offset == 2);
	trace_tap_prog_free(prog);

	for (i = 0; i < ARRAY_SIZE(bind_bad); i++) {
		e = (struct tap_error){};
		text = host_unmark(bind_bad[i].text, &pos);
		prog = trace_tap_asm(text, TAP_ACTION, &e);
		if (CASE(&bind_bad[i], prog, "'%s' does not assemble", text)) {
			CASE(&bind_bad[i], trace_tap_resolve(prog, host_scope(),
							     &e) < 0,
			     "'%s' resolves", text);
			host_check_error(__FILE__, bind_bad[i].line, text, &e,
					 bind_bad[i].code, pos);
		}
		trace_tap_prog_free(prog);
		free(text);
	}

	/* a filter makes none; a kernel without tables has none */
	prog = trace_tap_asm(P("table @new = s64\nget r0, @new, 0\n"),
			     TAP_FILTER, &e);
	CHECK(trace_tap_resolve(prog, host_scope(), &e) < 0 &&
	      e.code == TAP_ERR_NO_TABLE && e.pos == 38);
	trace_tap_prog_free(prog);
	bare.bind = NULL;
	prog = trace_tap_asm(A("printf 'x'\n"), TAP_ACTION, &e);
	CHECK(trace_tap_resolve(prog, &bare, &e) == -EINVAL &&
	      e.code == TAP_ERR_NO_TABLES && e.pos == 20);
	trace_tap_prog_free(prog);
}

/* A part's names come from the event, if it has any. */
static void check_part_names(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;
	const struct tap_shape *shape;
	struct tap_scope bare = *host_scope();

	prog = trace_tap_asm(A("table @mine[s64.enum(u8)] = u64.enum(nope)\n"),
			     TAP_ACTION, &e);
	shape = prog->operands[0].shape;
	bare.bind = NULL;
	CHECK(trace_tap_bind(prog, &bare, &e) && !shape->parts[0].names);
	CHECK(!trace_tap_bind(prog, host_scope(), &e));
	CHECK(shape->parts[0].names && shape->parts[0].names->nr == 3);
	CHECK(!shape->values[0].plain.names);
	trace_tap_prog_free(prog);
}

static bool resolves(const void *arg)
{
	long left = tap_alloc_left;
	struct tap_error e = {};
	struct tap_prog *prog;
	int err;

	tap_alloc_left = -1;
	prog = trace_tap_asm(arg, strstr(arg, "action") ? TAP_ACTION :
			     TAP_FILTER, &e);
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
	check_bind();
	check_part_names();
	host_each_alloc_failure(resolves, P("jcpu args.mask, ==, '0', a\n"
					    "jcpu args.mask, ==, '1', a\n"),
				__FILE__, __LINE__);
	host_each_alloc_failure(resolves, A("table @mine[s64.enum(u8)] = s64\n"
					    "synth 'one'\n"),
				__FILE__, __LINE__);
}
