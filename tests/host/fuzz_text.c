// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of text: expressions, actions and programs, as they are written to
 * files.
 *
 * In: any bytes. What is accepted as an expression or action must pass the
 * verifier, unless it is too much for it; what passes it must mean the same to
 * the evaluator and to every machine, and survive being printed and assembled.
 * An error must point into the text.
 */
#include "host.h"

static void die(const char *what, const struct tap_prog *prog)
{
	printf("%s: %s\n", what, host_why);
	if (prog)
		host_dump(prog);
	fflush(stdout);
	abort();
}

static void check_error(const struct tap_error *e, size_t len)
{
	if (e->err >= 0 || e->err < -MAX_ERRNO || e->code >= TAP_NR_ERRORS)
		die("a bad error", NULL);
	/* Stock's errors in predicates: one more, 'CPUS' without '{' another. */
	if (e->pos > len + 2)
		die("an error behind the text", NULL);
}

static void round_trip(const struct tap_prog *prog)
{
	static struct host_text text;
	struct tap_error e = {};
	struct tap_prog *again;

	text.len = 0;
	trace_tap_disasm(prog, host_print, &text);
	if (text.len > TAP_MAX_TEXT)
		return;
	again = trace_tap_asm(text.s, prog->kind, &e);
	if (!again || trace_tap_resolve(again, host_scope(), &e))
		die(trace_tap_err_text[e.code], prog);
	if (!host_same_prog(prog, again))
		die("another program comes back", prog);
	trace_tap_prog_free(again);
}

static void check_prog(const struct tap_prog *prog, bool must_verify, u64 seed)
{
	struct host_rand r = { .state = seed };
	enum host_verdict v = host_agree_random(prog, &r, 3);
	struct tap_error e = {};

	if (v == HOST_WRONG)
		die("wrong", prog);
	if (v == HOST_REJECTED && must_verify && trace_tap_verify(prog, &e) &&
	    e.err != -E2BIG)
		die(trace_tap_err_text[e.code], prog);
	if (v == HOST_OK)
		round_trip(prog);
}

static void fuzz_program(const char *text, size_t len, u64 seed)
{
	enum tap_prog_kind kind = seed & 1 ? TAP_ACTION : TAP_FILTER;
	struct tap_prog *prog;
	struct tap_error e = {};

	if (trace_tap_prog_text_len(text, len) > len)
		die("a length behind the text", NULL);
	prog = trace_tap_asm(text, kind, &e);
	if (!prog || trace_tap_resolve(prog, host_scope(), &e))
		check_error(&e, len);
	else
		check_prog(prog, false, seed);
	trace_tap_prog_free(prog);
}

/* Tables that exist were looked at before, so this cannot fail. */
static void check_translated(struct tap_prog *prog, u64 seed)
{
	struct tap_error e = {};

	if (trace_tap_bind(prog, host_scope(), &e))
		die(trace_tap_err_text[e.code], prog);
	check_prog(prog, true, seed);
}

static void fuzz_action(const char *text, size_t len, u64 seed)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = trace_tap_translate_action(text, host_scope(), &e);
	if (!prog)
		check_error(&e, len);
	else
		check_translated(prog, seed);
	trace_tap_prog_free(prog);
}

/* What the stock language takes means the same where more is taken. */
static void fuzz_expression(const char *text, size_t len, u64 seed)
{
	struct tap_prog *stock, *prog;
	struct tap_error e = {};

	stock = trace_tap_translate(text, host_scope(), true, &e);
	if (!stock)
		check_error(&e, len);
	prog = trace_tap_translate(text, host_scope(), false, &e);
	if (!prog)
		check_error(&e, len);
	else
		check_translated(prog, seed);
	if (stock && (!prog || !host_same_prog(stock, prog)))
		die("the stock language means something else", stock);
	trace_tap_prog_free(stock);
	trace_tap_prog_free(prog);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *text = malloc(size + 1);
	u64 seed = 0;
	size_t i;

	memcpy(text, data, size);
	text[size] = 0;
	for (i = 0; i < size; i++)
		seed = seed * 31 + data[i];
	if (trace_tap_is_prog(text)) {
		fuzz_program(text, strlen(text), seed);
	} else {
		fuzz_expression(text, strlen(text), seed);
		fuzz_action(text, strlen(text), seed);
	}
	free(text);
	host_forget();
	return 0;
}
