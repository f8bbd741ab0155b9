// SPDX-License-Identifier: GPL-2.0
/*
 * lower.c and its parts: what they say of the code they make, how long it is,
 * and the limits. That filters do the right thing is compared in test_expr.c,
 * that all programs do, in test_property.c; here, that actions do which people
 * write.
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

/* ------------------------------------------------------------------ actions */

enum {
	CTX	= 1,
	GUARD	= 2,
	REC	= 4,
	SCRATCH	= 8,
	SAVED	= 16,	/* it takes registers that must be saved */
	LENGTH	= 32,
};

static const struct {
	int		line;
	const char	*text;		/* between "tap 1 action" and "end" */
	unsigned int	max_insns;	/* as above */
	unsigned int	stack;
	unsigned int	needs;
} actions[] = {
	/* @ = count() */
	{ __LINE__, "table @ = count\n agg @, 0, 1\n ret 1", 7, 0, 0 },
	/* @[pid] = count() */
	{ __LINE__, "table @[s64] = count\n ld r0, pid\n key @, 0, r0\n"
	  "agg @, 0, 1\n ret 1", 13, 8, 0 },
	/* @[comm] = count() */
	{ __LINE__, "table @[str16] = count\n key @, 0, comm\n"
	  "agg @, 0, 1\n ret 1", 15, 16, 0 },
	/* @[comm] = count(), in a longer string */
	{ __LINE__, "table @[str32] = count\n key @, 0, comm\n"
	  "agg @, 0, 1\n ret 1", 17, 32, 0 },
	/* a shorter one, cut by the helper */
	{ __LINE__, "table @[str8] = count\n key @, 0, comm\n"
	  "agg @, 0, 1\n ret 1", 14, 8, CTX },
	/* @[prev_pid] = sum(prev_prio): all from the record, in R1 */
	{ __LINE__, "table @[s64] = sum\n ld r0, args.prev_pid\n key @, 0, r0\n"
	  "ld r0, args.prev_prio\n agg @, 0, r0\n ret 1", 16, 8, CTX | REC },
	/* @[uid] = hist(prev_prio): the record after a call */
	{ __LINE__, "table @[u64] = hist(2)\n ld r0, uid\n key @, 0, r0\n"
	  "ld r0, args.prev_prio\n agg @, 0, r0\n ret 1", 17, 8,
	  CTX | REC | SAVED },
	/* @[next_comm] = count(), of those with a prio */
	{ __LINE__, "table @[str16] = count\n ld r0, args.prev_prio\n"
	  "jlt r0, 10, no\n key @, 0, args.next_comm\n agg @, 0, 1\n"
	  "ret 1\n no: ret 0", 19, 16, CTX | REC },
	/* @[name] = count() */
	{ __LINE__, "table @[str64] = count\n key @, 0, args.name\n"
	  "agg @, 0, 1\n ret 1", 14, 64, CTX | REC | LENGTH },
	/* @us[u64] = hist((nsecs - @t[pid]) / 1000); delete(@t[pid]) */
	{ __LINE__, "table @t[s64] = u64\n table @us[u64.syscall] = hist\n"
	  "ld r0, pid\n key @t, 0, r0\n get r1, @t, 0\n jeq r1, 0, no\n"
	  "ld r0, nsecs\n sub r0, r1\n udiv r0, 1000\n"
	  "ld r1, args.u64\n key @us, 0, r1\n agg @us, 0, r0\n"
	  "del @t\n ret 1\n no: ret 0", 46, 16, CTX | REC | SAVED },
	/* @t[pid] = nsecs */
	{ __LINE__, "table @t[s64] = u64\n ld r0, pid\n key @t, 0, r0\n"
	  "ld r0, nsecs\n put @t, r0\n ret 1", 15, 8, 0 },
	/* @t[1, -5, 1 << 40] += 3 */
	{ __LINE__, "table @t[u64, s64, u64] = s64\n key @t, 0, 1\n"
	  "key @t, 1, -5\n key @t, 2, 0x10000000000\n inc @t, 3\n ret 1",
	  14, 24, 0 },
	/* several values */
	{ __LINE__, "table @ = count, sum, min, max, avg, stats\n"
	  "ld r0, args.s32\n agg @, 0, 1\n agg @, 1, r0\n agg @, 2, r0\n"
	  "agg @, 3, r0\n agg @, 4, r0\n agg @, 5, r0\n"
	  "get r1, @, 4\n sub r1, r0\n ret r1", 60, 0, CTX | REC | SAVED },
	/* lhist, clear, zero, has */
	{ __LINE__, "table @[u64] = lhist(-10, 100, 7)\n"
	  "ld r3, args.u8\n key @, 0, r3\n agg @, 0, r3\n"
	  "has r0, @\n jeq r0, 0, l\n get r1, @, 0\n jlt r1, 3, l\n"
	  "zero @\n ld r2, args.u16\n jne r2, 5, l\n clear @\n l: ret r0",
	  50, 8, CTX | REC | SAVED },
	/* strings as values */
	{ __LINE__, "table @[str16] = str16\n table @c[str16] = str64\n"
	  "key @, 0, args.prev_comm\n put @, comm\n key @c, 0, @\n"
	  "put @c, @\n put @c, \"a text of some more than sixteen\"\n"
	  "put @c, args.rel\n put @c, args.ptr\n arg 0, @c\n arg 1, @\n"
	  "printf \"%s %s\"\n ret 1", 116, 512,
	  CTX | REC | SAVED | GUARD | LENGTH },
	/* strings behind pointers */
	{ __LINE__, "table @[str16, str8] = count\n ld r0, args.ptr\n"
	  "key @, 0, kstr(r0, 16)\n key @, 1, ustr(r0, 5)\n agg @, 0, 1\n"
	  "ld r1, args.ptr2\n arg 0, kstr(r1, 3)\n arg 1, ustr(r1, 64)\n"
	  "arg 2, args.ptr\n printf \"%s %s %s\"\n ret 1", 60, 512,
	  CTX | REC | SAVED | GUARD },
	/* constants */
	{ __LINE__, "table @[str16] = count\n table @s[str8] = str24\n"
	  "key @, 0, \"a fifteen chars\"\n agg @, 0, 1\n key @s, 0, \"x\"\n"
	  "put @s, \"twelve chars\"\n ret 1", 30, 24, 0 },
	/* stacks */
	{ __LINE__, "table @[kstack, ustack] = count\n table @v = kstack\n"
	  "key @, 0, kstack(127)\n key @, 1, ustack(5)\n agg @, 0, 1\n"
	  "put @v, kstack(3)\n arg 0, @v\n arg 1, ustack(8)\n"
	  "printf \"%s %s\"\n ret 1", 60, 512, CTX | SAVED | GUARD },
	/* probe, caller, elapsed */
	{ __LINE__, "table @[u64.probe, u64.ksym] = max\n key @, 0, probe\n"
	  "ld r0, caller\n key @, 1, r0\n ld r0, elapsed\n agg @, 0, r0\n"
	  "ret 1", 24, 16, CTX | SAVED },
	/* all kinds of arguments */
	{ __LINE__, "ld r0, args.u8\n arg 0, r0\n arg 1, -7\n"
	  "arg 2, args.name\n arg 3, comm\n arg 4, \"const\"\n"
	  "arg 5, syscall(r0)\n arg 6, enum(r0, args.u8)\n arg 7, probe\n"
	  "arg 8, 0x123456789abc\n"
	  "printf \"%d %x %s %s %s %s %s %s %d\"\n ret 1", 60, 512,
	  CTX | REC | LENGTH | GUARD },
	/* a synthetic event, one without fields, and effects */
	{ __LINE__, "ld r4, args.s16\n arg 0, r4\n arg 1, args.arr7\n"
	  "arg 2, 9\n synth \"lat\"\n synth \"none\"\n stack\n record\n"
	  "traceon\n traceoff\n snapshot\n ret 1", 50, 512,
	  CTX | REC | GUARD | SAVED },
	{ __LINE__, "printf \"here\"\n ret 1", 7, 0, CTX | GUARD },
	{ __LINE__, "record\n ret 1", 4, 0, CTX | REC | GUARD },
	/* loops; r0 is read again from the front */
	{ __LINE__, "table @[u64] = sum\n mov r0, 0\n mov r1, 1\n loop 5\n"
	  "ld r2, args.u8\n jeq r2, r0, c\n add r0, r1\n key @, 0, r0\n"
	  "agg @, 0, r2\n c: next\n ret r0", 34, 16, CTX | REC | SAVED },
	{ __LINE__, "mov r0, 0\n ld r5, args.u16\n loop 3\n mov r1, 0\n loop 4\n"
	  "add r1, r0\n add r0, 1\n jugt r0, r5, out\n next\n next\n"
	  "arg 0, r0\n arg 1, r1\n printf \"%d %d\"\n"
	  "loop 2\n sub r0, 5\n next\n out: ret r0", 50, 512,
	  CTX | REC | SAVED | GUARD },
	/* more than the frame has */
	{ __LINE__, "table @a[str256, str128] = count\n"
	  "table @b[str256, u64] = str64\n"
	  "key @a, 0, args.name\n key @a, 1, comm\n agg @a, 0, 1\n"
	  "key @b, 0, \"x\"\n ld r0, args.u32\n key @b, 1, r0\n"
	  "put @b, args.prev_comm\n has r3, @b\n arg 0, @b\n arg 1, r3\n"
	  "printf \"%s %d\"\n del @b\n ret 1", 140, 0,
	  CTX | REC | SAVED | GUARD | LENGTH | SCRATCH },
	/* r-registers that live on the stack, beside a key */
	{ __LINE__, "table @[u64, u64] = sum\n ld r0, args.u8\n"
	  "ld r1, args.u16\n ld r2, args.u32\n ld r3, args.s8\n"
	  "ld r4, args.s16\n ld r5, args.s32\n ld r6, args.u64\n"
	  "ld r7, uid\n key @, 0, r7\n key @, 1, r1\n agg @, 0, r6\n"
	  "add r0, r2\n add r0, r3\n add r0, r4\n add r0, r5\n"
	  "agg @, 0, r0\n ret r0", 70, 64, CTX | REC | SAVED },
};

static bool takes_saved(const struct tap_code *code)
{
	const struct bpf_insn *insn = code->insns;
	bool saved = false;

	for (; insn < code->insns + code->nr_insns; insn++) {
		if (insn->code == (BPF_LD | BPF_DW | BPF_IMM)) {
			saved |= insn->dst_reg >= 6;
			insn++;
			continue;
		}
		saved |= (insn->dst_reg >= 6 && insn->dst_reg <= 9) ||
			 (insn->src_reg >= 6 && insn->src_reg <= 9);
	}
	return saved;
}

static struct tap_prog *assemble(const char *body,
				 const struct tap_scope *scope,
				 struct tap_error *e)
{
	struct tap_prog *prog;
	char text[2000];

	snprintf(text, sizeof(text), "tap 1 action\n%s\nend\n", body);
	prog = trace_tap_asm(text, TAP_ACTION, e);
	if (prog && (trace_tap_resolve(prog, scope, e) ||
		     trace_tap_verify(prog, e))) {
		trace_tap_prog_free(prog);
		prog = NULL;
	}
	if (!prog)
		printf("at '%.20s'\n", text + e->pos);
	return prog;
}

static void check_action_code(unsigned int i, const struct tap_prog *prog)
{
	struct tap_code code = {};
	struct tap_target t;

	host_target_init(&t, HOST_VARIANTS - 1);
	if (!CASE(&actions[i], !trace_tap_lower(prog, &t, &code), "lowered"))
		return;
	CASE(&actions[i], code.nr_insns <= actions[i].max_insns,
	     "%u instructions", code.nr_insns);
	CASE(&actions[i], code.stack <= actions[i].stack, "%u bytes of stack",
	     code.stack);
	CASE(&actions[i], code.needs_ctx == !!(actions[i].needs & CTX), "ctx");
	CASE(&actions[i], code.guarded == !!(actions[i].needs & GUARD),
	     "guarded");
	CASE(&actions[i], code.reads_record == !!(actions[i].needs & REC),
	     "record");
	CASE(&actions[i], !code.scratch == !(actions[i].needs & SCRATCH),
	     "scratch");
	CASE(&actions[i], code.needs_len == !!(actions[i].needs & LENGTH),
	     "length");
	CASE(&actions[i], takes_saved(&code) == !!(actions[i].needs & SAVED),
	     "saved registers");
	trace_tap_code_free(&code);
}

static void check_actions(void)
{
	struct host_rand r = { .state = 1 };
	struct tap_error e = {};
	struct tap_prog *prog;
	struct host_env env;
	unsigned int i;

	host_example(&env);
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		prog = assemble(actions[i].text, host_scope(), &e);
		if (!CASE(&actions[i], prog, "%s", trace_tap_err_text[e.code]))
			continue;
		check_action_code(i, prog);
		CASE(&actions[i], host_agree(prog, &env) == HOST_OK, "%s",
		     host_why);
		CASE(&actions[i], host_agree_random(prog, &r, 200) == HOST_OK,
		     "%s", host_why);
		trace_tap_prog_free(prog);
	}
}

/* A pointer that is loaded in parts, to where the record's address is. */
static void check_odd_pointer(void)
{
	static const struct host_field fields[] = {
		{ "p", NULL, TAP_PTR, 145, 8, false, false },	/* p64's place */
		{ }
	};
	u8 rec[HOST_MAX_LEN];
	struct tap_error e = {};
	struct host_scope hs;
	struct tap_prog *prog;
	struct host_env env;
	s64 value = 0;

	host_scope_init(&hs, fields, NULL, NULL);
	host_example(&env);
	memcpy(rec, env.rec, env.len);
	env.rec = rec;
	host_put_int(rec, "p64", HOST_KERNEL_STRINGS + 3);
	prog = assemble("jnstr args.p, ==, \"abc\", no\n traceon\n ret 1\n"
			"no: ret 0", &hs.scope, &e);
	if (!CHECK(prog))
		return;
	host_check(host_agree(prog, &env) == HOST_OK, __FILE__, __LINE__, "%s",
		   host_why);
	host_world_use(0);
	CHECK(!host_eval(prog, &env, &value) && value == 1);
	trace_tap_prog_free(prog);
}

void test_lower(void)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	check_rows();
	check_actions();
	check_odd_pointer();
	check_limits();
	prog = trace_tap_translate("u8 == 1 && name ~ '*x*' && u8 / u16 == 3 && "
				   "mask & CPUS{1} && comm == rel",
				   host_scope(), false, &e);
	host_each_alloc_failure(lowers, prog, __FILE__, __LINE__);
	trace_tap_prog_free(prog);
}
