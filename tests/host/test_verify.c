// SPDX-License-Identifier: GPL-2.0
/*
 * verify.c: programs that are sound, those that are not, and those that no text
 * can say, because nothing about a program is trusted.
 */
#include "host.h"

#define P(lines)	"tap 1 filter\n" lines "end\n"

/* The same of an action, with tables of each kind, and registers that are set. */
#define A(lines)	"tap 1 action\n" TABLES SET lines "ret 1\nend\n"
#define TABLES \
	"table @n[s64] = s64\n" \
	"table @s[str16] = str16\n" \
	"table @c[u64.hex, str8] = count, hist\n" \
	"table @k[kstack] = kstack\n" \
	"table @u = ustack\n" \
	"table @i = s64\n" \
	"table @x = str64\n"
#define SET		"mov r0, 1\nmov r1, 2\n"
#define KN		"key @n, 0, r0\n"
#define KS		"key @s, 0, comm\n"
#define KC		"key @c, 0, r0\nkey @c, 1, 'x'\n"

/* Tables with keys of 512 bytes. */
#define KEYS(nr)	KEYS_##nr
#define KEYS_7	KEY_OF(1) KEY_OF(2) KEY_OF(3) KEY_OF(4) KEY_OF(5) KEY_OF(6) KEY_OF(7)
#define KEYS_8	KEYS_7 KEY_OF(8)
#define KEYS_9	KEYS_8 KEY_OF(9)
#define KEY_OF(nr)	"table @t" #nr "[str512] = count\n"

/* A filter that reads a table that exists. */
#define F(lines)	"tap 1 filter\n" \
			"table @slow[s64] = u64\ntable @name[s64] = str16\n" \
			SET lines "ret 1\nend\n"

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
	/* tables: what goes in, what comes out */
	{ __LINE__, TAP_ERR_NONE, A(KN "put @n, r1\ninc @n, 5\nget r2, @n, 0\n"
				    "has r3, @n\nadd r3, r2\ndel @n\n") },
	{ __LINE__, TAP_ERR_NONE, A("key @n, 0, probe\nput @n, probe\n") },
	{ __LINE__, TAP_ERR_NONE, A(KS "put @s, args.prev_comm\nput @s, 'abc'\n"
				    "put @s, kstr(r0, 200)\nput @s, @x\nput @s, @s\n") },
	{ __LINE__, TAP_ERR_NONE, A("key @s, 0, @x\nput @s, @s\n") },
	{ __LINE__, TAP_ERR_NONE, A("key @s, 0, ustr(r0, 1)\ndel @s\n") },
	{ __LINE__, TAP_ERR_NONE, A(KC "agg @c, 0, 1\nagg @c, 1, r0\n"
				    "get r2, @c, 1\nadd r2, 1\n") },
	{ __LINE__, TAP_ERR_NONE, A("key @k, 0, kstack(127)\nput @k, kstack(1)\n"
				    "put @k, @k\n") },
	{ __LINE__, TAP_ERR_NONE, A("put @u, ustack(3)\nput @i, 5\ninc @i, r0\n"
				    "clear @n\nzero @c\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^comm\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^'x'\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^kstack(3)\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^@x\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^@i\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^syscall(r0)\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "put @n, ^enum(r0, args.u8)\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "put @s, ^r0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "put @s, ^1\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "put @s, ^probe\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "put @s, ^args.u8\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "put @s, ^'0123456789abcdef'\n") },
	{ __LINE__, TAP_ERR_NONE, A(KS "put @s, '0123456789abcde'\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KC "put ^@c, 1\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KC "inc ^@c, 1\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "inc ^@s, 1\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KN "agg ^@n, 0, 1\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A(KS "get r2, ^@s, 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("get r2, ^@u, 0\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("put @u, ^kstack(3)\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("key @k, 0, ^@u\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("key @k, 0, ^r0\n") },
	{ __LINE__, TAP_ERR_BAD_SOURCE, A(KS "key @s, 0, ^@s\n") },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS, A("key @n, ^1, r0\n") },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS, A("key @i, ^0, r0\n") },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS, A(KC "agg @c, ^2, r0\n") },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS, A(KN "get r2, @n, ^1\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, A("key @n, 0, ^r2\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, A(KC "agg @c, 0, ^r2\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, A("key @s, 0, ^kstr(r2, 8)\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER, A("arg 0, ^enum(r2, args.u8)\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("key @s, 0, ^kstr(r0, 0)\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("key @s, 0, ^kstr(r0, 513)\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("key @k, 0, ^kstack(128)\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("arg 0, ^ustack(-1)\n") },
	/* keys */
	{ __LINE__, TAP_ERR_UNSET_KEY, A("put ^@n, 1\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A("has r2, ^@n\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A("get r2, ^@n, 0\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A("del ^@n\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A(KN "inc @n, 1\nagg ^@c, 0, 1\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A("key @c, 1, 'x'\nagg ^@c, 0, 1\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A("arg 0, ^@s\n") },
	{ __LINE__, TAP_ERR_BAD_SOURCE, A("key @k, 0, ^@k\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A(KN "put @u, ^@k\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY,
	  A("jeq r0, 1, a\n" KN "a: put ^@n, 1\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY,
	  A("jeq r0, 1, a\nkey @c, 0, 1\njmp b\na: key @c, 1, 'x'\nb: del ^@c\n") },
	{ __LINE__, TAP_ERR_NONE,
	  A("jeq r0, 1, a\n" KN "jmp b\na: " KN "b: put @n, 1\n") },
	/* arguments */
	{ __LINE__, TAP_ERR_NONE, A("printf 'x'\n") },
	{ __LINE__, TAP_ERR_NONE,
	  A("arg 1, comm\narg 0, r0\narg 2, 5\nprintf '%d %s %pS'\n") },
	{ __LINE__, TAP_ERR_NONE,
	  A("arg 0, probe\narg 1, 'x'\narg 2, @x\narg 3, @u\narg 4, kstack(9)\n"
	    "arg 5, kstr(r0, 512)\narg 6, ustr(r0, 1)\narg 7, syscall(r0)\n"
	    "arg 8, enum(r0, args.u8)\narg 9, args.ptr.ustring\n"
	    "printf '%s%s%s%s%s%s%s%s%s%s'\n") },
	{ __LINE__, TAP_ERR_NONE, A("arg 0, 1\narg 1, comm\narg 2, r0\nsynth 'lat'\n") },
	{ __LINE__, TAP_ERR_NONE, A("arg 0, 1\narg 1, syscall(r0)\narg 2, r0\nsynth 'lat'\n") },
	{ __LINE__, TAP_ERR_NONE, A("synth 'none'\n") },
	{ __LINE__, TAP_ERR_WRONG_ARGS, A("arg ^16, 1\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("printf ^'%d'\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("arg 1, 1\nprintf ^'%d %d'\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("arg 0, 1\nprintf '%d'\nprintf ^'%d'\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("arg 0, 1\nsynth 'none'\nprintf ^'%d'\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("jeq r0, 1, a\narg 0, 1\na: printf ^'%d'\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG,
	  A("arg 0, 1\njeq r0, 1, a\narg 0, comm\na: printf ^'%d'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, comm\nprintf ^'%d'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, syscall(r0)\nprintf ^'%d'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, comm\nprintf ^'%pS'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, r0\nprintf ^'%s'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, comm\narg 0, 1\nprintf ^'%s'\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("arg 0, 1\narg 1, 'x'\nsynth ^'lat'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, 1\narg 1, 1\narg 2, 1\nsynth ^'lat'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS,
	  A("arg 0, 1\narg 1, kstack(5)\narg 2, 1\nsynth ^'lat'\n") },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, A("arg 0, comm\nsynth ^'one'\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("arg 0, ^args.u8\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("arg 0, ^pid\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("arg 0, ^@i\n") },
	/* loops */
	{ __LINE__, TAP_ERR_NONE, A("loop 3\nadd r0, 1\nnext\n") },
	{ __LINE__, TAP_ERR_NONE, A("loop 1\nnext\nloop 2\nnext\n") },
	{ __LINE__, TAP_ERR_NONE,
	  A("loop 2\nloop 2\nloop 2\nloop 2\nrecord\nnext\nnext\nnext\nnext\n") },
	{ __LINE__, TAP_ERR_NONE,
	  A("loop 9\njeq r0, 1, a\njeq r0, 2, b\nadd r0, 1\na: next\nb: record\n") },
	{ __LINE__, TAP_ERR_NONE,
	  A("loop 9\nloop 9\njeq r0, 1, a\njeq r0, 2, b\nret 1\na: next\nb: next\n") },
	{ __LINE__, TAP_ERR_NONE, A("jeq r0, 1, a\na: loop 9\nnext\n") },
	{ __LINE__, TAP_ERR_NONE, A("loop 9\n" KN "put @n, 1\nnext\nput @n, 2\n") },
	{ __LINE__, TAP_ERR_NONE, A("loop 9\nmov r5, 1\nnext\nmov r0, r5\n") },
	{ __LINE__, TAP_ERR_BAD_LOOP, A("^loop 3\n") },
	{ __LINE__, TAP_ERR_BAD_LOOP, A("loop 3\n^loop 3\nloop 3\nnext\n") },
	{ __LINE__, TAP_ERR_BAD_LOOP, A("^next\n") },
	{ __LINE__, TAP_ERR_BAD_LOOP, A("loop 3\nnext\n^next\n") },
	{ __LINE__, TAP_ERR_TOO_DEEP,
	  A("loop 1\nloop 1\nloop 1\nloop 1\n^loop 1\nnext\nnext\nnext\nnext\nnext\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("loop ^0\nnext\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("loop ^-1\nnext\n") },
	{ __LINE__, TAP_ERR_BAD_NUMBER, A("loop ^1000001\nnext\n") },
	{ __LINE__, TAP_ERR_TOO_SLOW, A("loop 1000000\n^next\n") },
	{ __LINE__, TAP_ERR_TOO_SLOW,
	  A("loop 1000000\n^loop 1000000\nloop 1000000\nloop 1000000\nnext\nnext\nnext\nnext\n") },
	{ __LINE__, TAP_ERR_NONE, A("loop 65000\nadd r0, 1\nnext\n") },
	{ __LINE__, TAP_ERR_TOO_SLOW, A("loop 65536\nadd r0, 1\n^next\n") },
	{ __LINE__, TAP_ERR_TOO_SLOW, A("loop 300\nloop 300\nadd r0, r1\n^next\nnext\n") },
	{ __LINE__, TAP_ERR_TOO_SLOW, A("loop 64\n^stack\nnext\n") },
	{ __LINE__, TAP_ERR_JUMP_IN_LOOP, A("jeq r0, 1, ^a\nloop 9\na: next\n") },
	{ __LINE__, TAP_ERR_JUMP_IN_LOOP, A("loop 9\njeq r0, 1, ^a\nnext\nloop 9\na: next\n") },
	{ __LINE__, TAP_ERR_JUMP_IN_LOOP,
	  A("loop 9\njeq r0, 1, ^a\nloop 9\nadd r0, 1\na: next\nnext\n") },
	{ __LINE__, TAP_ERR_UNREACHABLE, A("loop 9\nret 1\n^next\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, A(KN "loop 9\nput ^@n, 1\nnext\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY,
	  A("loop 9\njeq r0, 1, a\n" KN "a: next\nput ^@n, 2\n") },
	{ __LINE__, TAP_ERR_UNSET_ARG, A("arg 0, 1\nloop 9\nprintf ^'%d'\nnext\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER,
	  A("loop 9\njeq r0, 1, a\nmov r5, 1\na: next\nmov r0, ^r5\n") },
	{ __LINE__, TAP_ERR_UNSET_REGISTER,
	  A("loop 9\nmov r0, ^r5\nmov r5, 1\nnext\n") },
	{ __LINE__, TAP_ERR_FALLS_OFF, "tap 1 action\nloop 9\n^next\nend\n" },
	/* filters */
	{ __LINE__, TAP_ERR_NONE, F("key @slow, 0, r0\nget r2, @slow, 0\nhas r3, @slow\n") },
	{ __LINE__, TAP_ERR_UNSET_KEY, F("get r2, ^@slow, 0\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("key @slow, 0, r0\n^put @slow, 1\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^inc @slow, 1\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^agg @slow, 0, 1\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^del @slow\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^clear @slow\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^zero @slow\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^arg 0, 1\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^printf 'x'\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^synth 'none'\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^stack\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^record\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^traceon\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^traceoff\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^snapshot\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("^loop 1\nnext\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("key @slow, 0, ^probe\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("key @slow, 0, ^kstack(1)\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("ld r2, ^caller\n") },
	{ __LINE__, TAP_ERR_NOT_IN_FILTER, F("ld r2, ^elapsed\n") },
	{ __LINE__, TAP_ERR_NONE, A("ld r2, caller\nld r3, elapsed\n") },
	{ __LINE__, TAP_ERR_WRONG_TYPE, A("ld r2, ^probe\n") },
	/* memory: keys of 8 * 512 bytes are just what there is */
	{ __LINE__, TAP_ERR_NONE, "tap 1 action\n" KEYS(8) "ret 1\nend\n" },
	{ __LINE__, TAP_ERR_FRAME_TOO_LARGE, "tap 1 action\n" KEYS(9) "^ret 1\nend\n" },
	{ __LINE__, TAP_ERR_FRAME_TOO_LARGE,
	  "tap 1 action\n" KEYS(8) "^arg 0, 1\nret 1\nend\n" },
	{ __LINE__, TAP_ERR_NONE,
	  "tap 1 action\n" KEYS(7) "table @v = str480\narg 0, @v\nret 1\nend\n" },
	{ __LINE__, TAP_ERR_FRAME_TOO_LARGE,
	  "tap 1 action\n" KEYS(7) "table @v = str496\n^arg 0, @v\nret 1\nend\n" },
	{ __LINE__, TAP_ERR_FRAME_TOO_LARGE,
	  "tap 1 action\n" KEYS(7) "table @v = str480\narg 0, @v\n^put @v, comm\nret 1\nend\n" },
};

static enum tap_prog_kind kind_of(const char *text)
{
	return strstr(text, "tap 1 action") ? TAP_ACTION : TAP_FILTER;
}

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
		prog = trace_tap_asm(text, kind_of(text), &e);
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

static struct tap_prog *sound_action(void)
{
	struct tap_error e;
	struct tap_prog *prog;

	prog = trace_tap_asm(A(					/* 0, 1: mov */
			       "key @n, 0, r0\n"		/* 2 */
			       "put @n, r1\n"			/* 3 */
			       "get r2, @n, 0\n"		/* 4 */
			       "key @s, 0, kstr(r0, 8)\n"	/* 5 */
			       "put @s, comm\n"			/* 6 */
			       KC				/* 7, 8 */
			       "agg @c, 1, r0\n"		/* 9 */
			       "arg 0, enum(r0, args.u8)\n"	/* 10 */
			       "arg 1, @x\n"			/* 11 */
			       "printf '%s %s'\n"		/* 12 */
			       "arg 0, kstack(3)\n"		/* 13 */
			       "arg 0, 1\n"			/* 14 */
			       "synth 'one'\n"			/* 15 */
			       "loop 3\n"			/* 16 */
			       "next\n"			/* 17 */
			       ), TAP_ACTION, &e);
	WARN_ON(!prog || trace_tap_resolve(prog, host_scope(), &e));
	return prog;
}

/* Change one thing in the sound program, which then must be rejected. */
#define MALFORMED(change) MALFORMED_OF(sound(), change)
#define MALFORMED_ACTION(change) MALFORMED_OF(sound_action(), change)
#define MALFORMED_OF(what, change) do {					\
	struct tap_prog *prog = what;					\
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

static void own_shape(struct tap_prog *prog, struct tap_operand *op)
{
	op->shape = trace_tap_shape_copy(&prog->arena, op->shape);
}

static void check_malformed_action(void)
{
	MALFORMED_ACTION(prog->kind = TAP_FILTER);
	MALFORMED_ACTION(in[2].name = U16_MAX);
	MALFORMED_ACTION(in[2].name = in[6].str);
	MALFORMED_ACTION(in[2].part = 1);
	MALFORMED_ACTION(in[2].part = 255);
	MALFORMED_ACTION(in[2].src = 16);
	MALFORMED_ACTION(in[2].is_imm = true);
	MALFORMED_ACTION(in[2].rel = TAP_NR_SOURCES);
	MALFORMED_ACTION(in[2].rel = 255);
	MALFORMED_ACTION(in[3].name = U16_MAX);
	MALFORMED_ACTION(in[4].part = 200);
	MALFORMED_ACTION(in[4].reg = 16);
	MALFORMED_ACTION(in[5].imm = 0);
	MALFORMED_ACTION(in[5].imm = S64_MIN);
	MALFORMED_ACTION(in[5].is_imm = true);
	MALFORMED_ACTION(in[5].src = 255);
	MALFORMED_ACTION(in[6].str = U16_MAX);
	MALFORMED_ACTION(in[6].str = in[6].name);
	MALFORMED_ACTION(op[in[6].str].builtin = TAP_BUILTIN_PID);
	MALFORMED_ACTION(op[in[6].str].is_builtin = false);
	MALFORMED_ACTION(in[8].str = U16_MAX);
	MALFORMED_ACTION(op[in[8].str].size = 2);
	MALFORMED_ACTION(op[in[8].str].text = NULL);
	MALFORMED_ACTION(in[9].part = 2);
	MALFORMED_ACTION(in[10].part = 16);
	MALFORMED_ACTION(in[10].part = 255);
	MALFORMED_ACTION(in[10].str = in[6].str);
	MALFORMED_ACTION(in[10].str = U16_MAX);
	MALFORMED_ACTION(op[in[10].str].start = 0);
	MALFORMED_ACTION(in[11].str = U16_MAX);
	MALFORMED_ACTION(in[12].str = U16_MAX);
	MALFORMED_ACTION(in[12].str = in[15].str);
	MALFORMED_ACTION(op[in[12].str].start = 0);
	MALFORMED_ACTION(op[in[12].str].format = NULL);
	MALFORMED_ACTION(op[in[12].str].format->nr = 17);
	MALFORMED_ACTION(op[in[12].str].format->nr = 3);
	MALFORMED_ACTION(op[in[12].str].format->conv[0] = 3);
	MALFORMED_ACTION(op[in[12].str].format->text = NULL);
	MALFORMED_ACTION(in[13].imm = 0);
	MALFORMED_ACTION(in[13].imm = 128);
	MALFORMED_ACTION(in[13].imm = S64_MAX);
	MALFORMED_ACTION(in[15].str = in[12].str);
	MALFORMED_ACTION(op[in[15].str].span = 17);
	MALFORMED_ACTION(op[in[15].str].span = U64_MAX);
	MALFORMED_ACTION(op[in[15].str].span = 2);
	MALFORMED_ACTION(op[in[15].str].offset = 1);
	MALFORMED_ACTION(op[in[15].str].start = 0);
	MALFORMED_ACTION(in[16].imm = 0);
	MALFORMED_ACTION(in[16].op = TAP_OP_NEXT);
	MALFORMED_ACTION(in[17].op = TAP_OP_LOOP; in[17].imm = 1);
	MALFORMED_ACTION(op[0].start = 0);
	MALFORMED_ACTION(op[0].shape = NULL);
	MALFORMED_ACTION(op[0].text = NULL);
	MALFORMED_ACTION(op[0].is_builtin = true);
	MALFORMED_ACTION(op[0].type = TAP_STR);
	MALFORMED_ACTION(own_shape(prog, op); op[0].shape->nr_parts = 2);
	MALFORMED_ACTION(own_shape(prog, op); op[0].shape->key_size = 16);
	MALFORMED_ACTION(own_shape(prog, op); op[0].shape->parts[0].size = 16);
	MALFORMED_ACTION(own_shape(prog, op); op[0].shape->parts[0].offset = 8);
	MALFORMED_ACTION(own_shape(prog, op); op[0].shape->value_words = 0);
}

/* One table too many: a program with so many is made by a generator. */
static void check_tables(void)
{
	struct tap_prog *prog = sound_action();
	struct tap_error e = {};
	struct tap_operand op = prog->operands[5];
	unsigned int i;
	char name[8];

	op.text = name;
	for (i = 7; i < TAP_MAX_TABLES; i++) {
		sprintf(name, "t%u", i);
		trace_tap_prog_operand(prog, &op);
	}
	CHECK(!trace_tap_verify(prog, &e));
	strcpy(name, "uu");
	trace_tap_prog_operand(prog, &op);
	CHECK(trace_tap_verify(prog, &e) == -E2BIG &&
	      e.code == TAP_ERR_TOO_MANY_TABLES);
	trace_tap_prog_free(prog);

	/* keys of a filter: 256 bytes */
	prog = trace_tap_asm(P("table @agg[str16, u64] = count, sum, min, max, avg, stats\n"
			       "ret 1\n"), TAP_FILTER, &e);
	CHECK(prog && !trace_tap_resolve(prog, host_scope(), &e));
	op = prog->operands[0];
	op.text = name;
	for (i = 1; i < 10; i++) {
		sprintf(name, "t%u", i);
		trace_tap_prog_operand(prog, &op);
	}
	CHECK(!trace_tap_verify(prog, &e));
	strcpy(name, "uu");
	trace_tap_prog_operand(prog, &op);
	CHECK(trace_tap_verify(prog, &e) == -E2BIG &&
	      e.code == TAP_ERR_FRAME_TOO_LARGE);
	trace_tap_prog_free(prog);
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
	check_malformed_action();
	check_tables();
	check_cost();
	host_each_alloc_failure(verifies, prog, __FILE__, __LINE__);
	trace_tap_prog_free(prog);
}
