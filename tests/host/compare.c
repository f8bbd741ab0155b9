// SPDX-License-Identifier: GPL-2.0
/*
 * Does a program mean the same to all who look at it?
 *
 * In: any program. Out: that the verifier rejects it, or that the evaluator and
 * its lowered code agree on each kind of machine, on what it returns and on what
 * it leaves behind, and that what split.c made of it never says no where the
 * program says yes; else what is wrong.
 */
#include "host.h"
#include <stdarg.h>

/* A program, lowered for each kind of machine. */
struct lowered {
	struct tap_target	targets[HOST_VARIANTS];
	struct tap_code		codes[HOST_VARIANTS];
};

static enum host_verdict wrong(const char *fmt, ...) __printf(1, 2);

static enum host_verdict wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(host_why, sizeof(host_why), fmt, ap);
	va_end(ap);
	return HOST_WRONG;
}

static void unlower(struct lowered *l)
{
	unsigned int i;

	for (i = 0; i < HOST_VARIANTS; i++)
		trace_tap_code_free(&l->codes[i]);
}

static enum host_verdict lower(struct lowered *l, const struct tap_prog *prog,
			       bool early)
{
	const struct tap_code *code;
	unsigned int i;
	int err;

	memset(l, 0, sizeof(*l));
	for (i = 0; i < HOST_VARIANTS; i++) {
		host_target_init(&l->targets[i], i);
		code = &l->codes[i];
		err = trace_tap_lower(prog, &l->targets[i], &l->codes[i]);
		if (err == -E2BIG)	/* jumps too far for an instruction */
			return HOST_REJECTED;
		if (err)
			return wrong("it is not lowered for %u: %d", i, err);
		if (early && (code->reads_record || code->common ||
			      code->needs_len))
			return wrong("the early program reads the record");
		if (prog->kind == TAP_FILTER && code->scratch)
			return wrong("a filter uses the scratch");
	}
	return HOST_OK;
}

/* Where two texts differ, from the line before on. */
static const char *differ(const char *a, const char *b)
{
	const char *line = a, *start = a;

	for (; *a && *a == *b; a++, b++) {
		if (*a == '\n') {
			start = line;
			line = a + 1;
		}
	}
	return start;
}

/* The verdict of all machines on one record, which must be eval's. */
static enum host_verdict run(const struct lowered *l,
			     const struct tap_prog *prog,
			     const struct host_env *env, bool *verdict)
{
	const char *left, *left_here;
	unsigned int i;
	u32 result;
	s64 value;

	host_world_use(0);
	if (host_eval(prog, env, &value))
		return wrong("eval runs past the end");
	*verdict = value;
	left = host_world_text(prog);
	for (i = 0; i < HOST_VARIANTS; i++) {
		host_world_use(1 + i);
		if (host_ebpf(&l->codes[i], &l->targets[i], env, &result))
			return HOST_WRONG;
		if (!!result != *verdict)
			return wrong("machine %u returns %u, eval %lld", i,
				     result, (long long)value);
		left_here = host_world_text(prog);
		if (strcmp(left, left_here))
			return wrong("machine %u leaves '%.80s', eval '%.80s'",
				     i, differ(left_here, left),
				     differ(left, left_here));
	}
	return HOST_OK;
}

static enum host_verdict run_both(const struct lowered *l,
				  const struct tap_prog *prog,
				  const struct lowered *l_early,
				  const struct tap_prog *early,
				  const struct host_env *env)
{
	struct host_env bare = *env;
	enum host_verdict v;
	bool keep, maybe;

	v = run(l, prog, env, &keep);
	if (v || !early)
		return v;
	bare.rec = NULL;
	bare.len = 0;
	v = run(l_early, early, &bare, &maybe);
	if (!v && keep && !maybe)
		return wrong("the early program says no, the whole one yes");
	return v;
}

/* Either the record of env, or so many random ones. */
static enum host_verdict look(const struct tap_prog *prog,
			      const struct host_env *env, struct host_rand *r,
			      unsigned int records)
{
	struct tap_prog *early = NULL;
	struct lowered l = {}, l_early = {};
	struct tap_error e = {};
	u8 rec[HOST_MAX_LEN];
	enum host_verdict v;
	struct host_env random;

	if (trace_tap_verify(prog, &e)) {
		if (e.err >= 0 || !e.code)
			return wrong("verify() rejects without an error");
		return HOST_REJECTED;
	}
	v = lower(&l, prog, false);
	early = v ? NULL : trace_tap_split(prog);
	if (early && trace_tap_verify(early, &e))
		v = wrong("the early program is not sound: %s",
			  trace_tap_err_text[e.code]);
	if (early && !v)
		v = lower(&l_early, early, true);
	if (!v)
		host_worlds_reset(prog);
	if (env && !v)
		v = run_both(&l, prog, &l_early, early, env);
	for (; !env && records && !v; records--) {
		host_env_init(&random, rec, host_record(rec, r));
		host_env_random(&random, rec, r);
		v = run_both(&l, prog, &l_early, early, &random);
	}
	unlower(&l);
	unlower(&l_early);
	trace_tap_prog_free(early);
	return v;
}

enum host_verdict host_agree(const struct tap_prog *prog,
			     const struct host_env *env)
{
	return look(prog, env, NULL, 0);
}

enum host_verdict host_agree_random(const struct tap_prog *prog,
				    struct host_rand *r, unsigned int records)
{
	return look(prog, NULL, r, records);
}

static bool same_operand(const struct tap_operand *a,
			 const struct tap_operand *b)
{
	return a->type == b->type && a->is_signed == b->is_signed &&
	       a->is_builtin == b->is_builtin && a->builtin == b->builtin &&
	       a->offset == b->offset && a->size == b->size &&
	       a->start == b->start && a->span == b->span &&
	       !strcmp(a->text, b->text);
}

/* What an instruction says; where it stood in a text does not count. */
static bool same_insn(const struct tap_prog *a, const struct tap_insn *ia,
		      const struct tap_prog *b, const struct tap_insn *ib)
{
	const char *letters = trace_tap_opcodes[ia->op].operands;
	bool has_name = strpbrk(letters, "NSMB") ||
			ia->op == TAP_OP_JFN || ia->op == TAP_OP_JNFN;
	bool has_str = strpbrk(letters, "REC") || ia->op == TAP_OP_PRINTF ||
		       ia->op == TAP_OP_SYNTH;

	if (ia->op != ib->op || ia->reg != ib->reg || ia->src != ib->src ||
	    ia->is_imm != ib->is_imm || ia->imm != ib->imm ||
	    ia->rel != ib->rel || ia->target != ib->target ||
	    ia->part != ib->part)
		return false;
	if (has_name && !same_operand(&a->operands[ia->name],
				      &b->operands[ib->name]))
		return false;
	if (strchr(letters, 'X'))
		has_str = ia->rel == TAP_SRC_NAME || ia->rel == TAP_SRC_TEXT ||
			  ia->rel == TAP_SRC_TABLE || ia->rel == TAP_SRC_ENUM;
	return !has_str ||
	       same_operand(&a->operands[ia->str], &b->operands[ib->str]);
}

/**
 * host_same_prog - whether two programs are the same
 * @a: one
 * @b: the other; the order of its operands may differ
 */
bool host_same_prog(const struct tap_prog *a, const struct tap_prog *b)
{
	unsigned int i;

	if (a->kind != b->kind || a->nr_insns != b->nr_insns)
		return false;
	for (i = 0; i < a->nr_insns; i++) {
		if (!same_insn(a, &a->insns[i], b, &b->insns[i]))
			return false;
	}
	return true;
}

void host_dump(const struct tap_prog *prog)
{
	static struct host_text text;

	text.len = 0;
	trace_tap_disasm(prog, host_print, &text);
	fputs(text.s, stdout);
}

/**
 * host_check_expr - check what an expression is on the record of host_example()
 * @file: where the row stands
 * @line: where the row stands
 * @text: the expression
 * @stock_only: it is of the stock language
 * @holds: what it is
 */
void host_check_expr(const char *file, int line, const char *text,
		     bool stock_only, bool holds)
{
	struct tap_error e = {};
	struct tap_prog *prog;
	struct host_env env;
	enum host_verdict v;
	s64 value;

	host_example(&env);
	prog = trace_tap_translate(text, host_scope(), stock_only, &e);
	if (!host_check(prog, file, line, "'%s': %s at %u", text,
			trace_tap_err_text[e.code], e.pos))
		return;
	v = host_agree(prog, &env);
	host_check(v == HOST_OK, file, line, "'%s': %s", text,
		   v == HOST_REJECTED ? "the verifier rejects it" : host_why);
	if (v == HOST_OK && !host_eval(prog, &env, &value) &&
	    !host_check(!!value == holds, file, line, "'%s' is %d", text,
			!!value))
		host_dump(prog);
	trace_tap_prog_free(prog);
}
