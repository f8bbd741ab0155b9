// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the tests of the pure stages.
 *
 *	host [SUITE...]		all suites, or those named
 *
 *	ok asm (112)
 *	FAIL test_disasm.c:40: 'ret 1' ...
 *	host: 1834 passed, 1 failed
 */
#include "host.h"
#include <stdarg.h>

static unsigned int passed, failed;

/**
 * host_check - count a fact, and print it if it is none
 * @ok: whether it holds
 * @file: where it stands
 * @line: where it stands
 * @fmt: what to say if it does not
 *
 * Return: @ok.
 */
bool host_check(bool ok, const char *file, int line, const char *fmt, ...)
{
	const char *slash = strrchr(file, '/');
	va_list ap;

	if (ok) {
		passed++;
		return true;
	}
	failed++;
	printf("FAIL %s:%d: ", slash ? slash + 1 : file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	return false;
}

/**
 * host_unmark - take the '^' out of a row of bad input
 * @marked: "ld r0, ^args.nope"
 * @pos: its offset, or U32_MAX if there is none
 *
 * Return: the text without it, to be freed.
 */
char *host_unmark(const char *marked, unsigned int *pos)
{
	const char *caret = strchr(marked, '^');
	char *text = strdup(marked);

	*pos = U32_MAX;
	if (caret) {
		*pos = caret - marked;
		memmove(text + *pos, text + *pos + 1, strlen(caret));
	}
	return text;
}

static const char *error_name(unsigned int code)
{
	static const char * const names[TAP_NR_ERRORS] = {
#define X(name, ...) \
		[TAP_ERR_##name] = #name,
		TAP_ERRORS(X)
#undef X
	};

	return code < TAP_NR_ERRORS ? names[code] : "?";
}

/**
 * host_check_error - check that an error is the one expected
 * @file: where the row stands
 * @line: where the row stands
 * @text: the input
 * @e: the error
 * @code: what it must say
 * @pos: where it must point to, or U32_MAX for anywhere
 */
void host_check_error(const char *file, int line, const char *text,
		      const struct tap_error *e, enum tap_error_code code,
		      unsigned int pos)
{
	host_check(e->code == code, file, line, "'%s': %s, not %s", text,
		   error_name(e->code), error_name(code));
	host_check(e->err < 0, file, line, "'%s': no errno", text);
	if (pos != U32_MAX)
		host_check(e->pos == pos, file, line,
			   "'%s': %s at %u, not at %u", text,
			   error_name(e->code), e->pos, pos);
}

/**
 * host_each_alloc_failure - let each allocation of something fail in turn
 * @works: does it; false if it failed, having checked how
 * @arg: for @works
 * @file: where the test stands
 * @line: where the test stands
 *
 * What is leaked then, the leak sanitizer finds.
 */
void host_each_alloc_failure(bool (*works)(const void *arg), const void *arg,
			     const char *file, int line)
{
	long n;
	bool ok = false;

	for (n = 0; n < 1000 && !ok; n++) {
		tap_alloc_left = n;
		ok = works(arg);
	}
	tap_alloc_left = -1;
	host_check(ok, file, line, "fails even with %ld allocations", n);
}

/**
 * host_print - collect what trace_tap_disasm() prints
 * @arg: struct host_text
 * @fmt: as for printf()
 */
void host_print(void *arg, const char *fmt, ...)
{
	struct host_text *text = arg;
	size_t left = sizeof(text->s) - text->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text->s + text->len, left, fmt, ap);
	va_end(ap);
	WARN_ON(n < 0 || n >= left);
	text->len += n;
}

/* A random number of 64 bits; 0 where a fuzzer's bytes have run out. */
u64 host_rand(struct host_rand *r)
{
	u64 z = 0;
	size_t n = min_t(size_t, r->left, 8);

	if (r->data) {
		memcpy(&z, r->data, n);
		r->data += n;
		r->left -= n;
		return z;
	}
	z = (r->state += 0x9e3779b97f4a7c15ULL);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* A random number below n, 0 if n is; of a fuzzer's bytes it takes few. */
unsigned int host_below(struct host_rand *r, unsigned int n)
{
	unsigned int v = 0;

	if (!n)
		return 0;
	if (!r->data)
		return host_rand(r) % n;
	if (r->left) {
		v = *r->data++;
		r->left--;
	}
	if (n > 256 && r->left) {
		v = v << 8 | *r->data++;
		r->left--;
	}
	return v % n;
}

#ifndef HOST_NO_MAIN
static const struct {
	const char	*name;
	void		(*run)(void);
} suites[] = {
#define X(name) { #name, test_##name },
	HOST_SUITES(X)
#undef X
};

static bool wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], name))
			return true;
	}
	return argc < 2;
}

int main(int argc, char **argv)
{
	unsigned int i, passed_before, failed_before;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		if (!wanted(suites[i].name, argc, argv))
			continue;
		passed_before = passed;
		failed_before = failed;
		suites[i].run();
		if (failed == failed_before)
			printf("ok %s (%u)\n", suites[i].name,
			       passed - passed_before);
		fflush(stdout);
	}
	printf("host: %u passed, %u failed\n", passed, failed);
	return failed != 0;
}
#endif
