// SPDX-License-Identifier: GPL-2.0
/*
 * Filters whose fate is known: they show that the stock engine is itself on
 * the host, and the new one is compared with it on what matters most.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "engine.h"
#include "known.h"

/* The event: a to h are those of the kernel's start-up test. */
struct known_record {
	uint16_t	type;
	uint8_t		flags;
	uint8_t		preempt_count;
	int		pid;
	int		a, b, c, d, e, f, g, h;
	int8_t		tiny;
	uint8_t		byte;
	int16_t		half;
	uint8_t		mac[4 + 2];
	char		name[14];
	uint64_t	big;
	uint64_t	addr;
	uint32_t	file;
	uint32_t	rel;
	uint64_t	ptr;
	uint64_t	uptr;
	uint32_t	mask;
	char		file_text[12];
	char		rel_text[8];
	uint64_t	mask_bits;
};

#define FIELD(name, type, is_signed) \
	{ #name, type, offsetof(struct known_record, name), \
	  sizeof(((struct known_record *)0)->name), is_signed, WORLD_OTHER }

static const struct world_event event = {
	.nr_fields = 21,
	.size = sizeof(struct known_record),
	.fields = {
		FIELD(a, "int", true), FIELD(b, "int", true),
		FIELD(c, "int", true), FIELD(d, "int", true),
		FIELD(e, "int", true), FIELD(f, "int", true),
		FIELD(g, "int", true), FIELD(h, "int", true),
		FIELD(tiny, "s8", true),
		FIELD(byte, "u8", false),
		FIELD(half, "short", true),
		FIELD(mac, "u8[6]", false),
		FIELD(name, "char[14]", true),
		FIELD(big, "u64", false),
		FIELD(addr, "unsigned long", false),
		FIELD(file, "__data_loc char[]", true),
		FIELD(rel, "__rel_loc char[]", true),
		FIELD(ptr, "const char *", false),
		FIELD(uptr, "const char *", false),
		FIELD(mask, "__data_loc cpumask_t", false),
	},
};

/* ------------------------------------------------------------- rejected */

/* '^' stands in front of the position of the error. */
static const struct {
	const char		*text;
	int			err;
	enum tap_error_code	code;
} rejected[] = {
	{ "nosuch ^== 1",		-EINVAL, TAP_ERR_FIELD_NOT_FOUND },
	{ "((a >= 10 && b < 15) || dsig ^== 17) && comm != bash",
					-EINVAL, TAP_ERR_FIELD_NOT_FOUND },
	{ "a == 1 ^b",			-EPERM, TAP_ERR_TOO_MANY_PREDS },
	{ "^",				-EINVAL, TAP_ERR_NONE },
	{ "^()",			-EINVAL, TAP_ERR_NONE },
	{ "!^",				-EINVAL, TAP_ERR_NO_FILTER },
	{ "^!()",			-EPERM, TAP_ERR_NONE },
	{ "a == 1^)",			-EPERM, TAP_ERR_TOO_MANY_CLOSE },
	{ "a == 1 ^)",			-EPERM, TAP_ERR_TOO_MANY_CLOSE },
	{ "^(a == 1",			-ENOENT, TAP_ERR_TOO_MANY_OPEN },
	{ "(a == 1) && ^(b == 1",	-ENOENT, TAP_ERR_TOO_MANY_OPEN },
	{ "name == ^\"x",		-ESRCH, TAP_ERR_MISSING_QUOTE },
	{ "a == 1 &&^",			-EINVAL, TAP_ERR_INVALID_FILTER },
	{ "a == 1 ^& b == 1",		-EPERM, TAP_ERR_TOO_MANY_PREDS },
	{ "^&& a == 1",			-EPERM, TAP_ERR_NONE },
	{ "a !^~ 1",			-EINVAL, TAP_ERR_INVALID_OP },
	{ "a == f^oo",			-EINVAL, TAP_ERR_INVALID_VALUE },
};

static void mark(const char *text, char *plain, int *pos)
{
	*pos = strcspn(text, "^");
	memset(plain, 0, 256);
	memcpy(plain, text, *pos);
	strcpy(plain + *pos, text + *pos + 1);
}

static bool check_rejected(unsigned int i)
{
	struct stock_error se = { }, te = { };
	struct stock_filter *f;
	char text[256];
	int pos;

	mark(rejected[i].text, text, &pos);
	f = stock_compile(&event, text, &se);
	stock_free(f);
	if (f || se.err != rejected[i].err ||
	    se.code != (int)rejected[i].code || se.pos != pos) {
		printf("FAIL \"%s\": stock errno %d, error %d, position %d\n",
		       rejected[i].text, se.err, se.code, se.pos);
		return false;
	}
	engine_stock(&event, text, &te);
	if (te.err == se.err && te.code == se.code && te.pos == se.pos)
		return true;
	printf("FAIL \"%s\": tap errno %d, error %d, position %d\n",
	       rejected[i].text, te.err, te.code, te.pos);
	return false;
}

/* ------------------------------------------------------------- verdicts */

static const struct {
	const char	*text;
	bool		verdict;
} accepted[] = {
	{ "a == 1", true },
	{ "!a == 1", false },
	{ "!(a == 1)", false },
	{ "!!(a == 1)", true },
	{ "a == 1 && !(b == 1)", true },
	{ "a == 1 || b == 1 && b == 1", true },
	{ "(a == 1 || b == 1) && b == 1", false },
	{ "common_pid == 42 && common_type == 7", true },
	{ "a == 0x1 && a == 01", true },
	{ "h == 0xffffffff && h == -1", true },
	{ "h < 0", true },
	{ "h & 0x80000000", true },
	{ "tiny == -3 && tiny == 253", true },
	{ "byte == 200 && byte > 127 && byte == 456", true },
	{ "half == -2 && half == 0xfffe", true },
	{ "big == 0xffffffffffffffff && big > 1", true },
	{ "mac == 1 || mac != 1", false },
	{ "stacktrace == 1 || stacktrace != 1", false },
	{ "name == \"kworker/0:1\"", true },
	{ "name == 'kworker/0:1'", true },
	{ "name != 'kworker'", true },
	{ "name ~ 'kwork*'", true },
	{ "name ~ '*work*'", true },
	{ "name ~ '!*work*'", false },
	{ "name ~ 'k?orker/[0-3]:*'", true },
	{ "name ~ '*0:1'", true },
	{ "file == 'passwd'", true },
	{ "file ~ '*wd'", true },
	{ "rel == 'lib'", true },
	{ "ptr == 'kernel' && uptr.ustring == 'user'", true },
	{ "uptr == 'user'", false },
	{ "uptr != 'user'", false },
	{ "!(uptr == 'user')", true },
	{ "ptr.ustring == 'kernel'", false },
	{ "comm == 'sh' && comm ~ 's*' && COMM == 'sh'", true },
	{ "cpu == 3 && common_cpu < 4 && CPU != 2", true },
	{ "cpu & 1", false },
	{ "cpu & CPUS{2-3}", true },
	{ "cpu == CPUS{2-3}", false },
	{ "cpu != CPUS{2-3}", true },
	{ "cpu & CPUS{3}", true },
	{ "mask == CPUS{1,3}", true },
	{ "mask & CPUS{0-1}", true },
	{ "mask != CPUS{1,3}", false },
	{ "mask == CPUS{1}", false },
	{ "mask & CPUS{1}", true },
	{ "a & CPUS{0-1}", true },
	{ "a == CPUS{1}", true },
	{ "byte & CPUS{0-7}", false },
	{ "byte != CPUS{0-7}", false },
	{ "addr.function == vfs_read", true },
	{ "addr.function != vfs_read || addr.function == vfs_write ", false },
	{ "addr.function == 0xffffffff81200001", true },
};

static void fill(struct known_record *r)
{
	memset(r, 0, sizeof(*r));
	world_forget();
	world.nr_cpus = 8;
	world.cpu = 3;
	world.pid = 42;
	strcpy(world.comm, "sh");
	r->type = 7;
	r->pid = 42;
	r->a = 1;
	r->h = -1;
	r->tiny = -3;
	r->byte = 200;
	r->half = -2;
	strcpy(r->name, "kworker/0:1");
	r->big = -1;
	r->addr = 0xffffffff81200010;
	r->file = offsetof(struct known_record, file_text) | 7 << 16;
	strcpy(r->file_text, "passwd");
	r->rel = (offsetof(struct known_record, rel_text) -
		  offsetof(struct known_record, rel) - 4) | 4 << 16;
	strcpy(r->rel_text, "lib");
	r->ptr = world_put(false, "kernel", 7);
	r->uptr = world_put(true, "user", 5);
	r->mask = offsetof(struct known_record, mask_bits) | 8 << 16;
	r->mask_bits = 1 << 1 | 1 << 3;
}

static bool check_accepted(unsigned int i)
{
	static struct {
		struct known_record	r;
		char			slack[STOCK_SLACK];
	} buf;
	struct stock_error e = { };
	struct stock_filter *sf;
	struct engine *tf;
	unsigned int fixes = 0;
	const char *what;
	bool stock, tap;

	fill(&buf.r);
	sf = stock_compile(&event, accepted[i].text, &e);
	if (!sf) {
		printf("FAIL \"%s\": stock rejects\n", accepted[i].text);
		return false;
	}
	stock = stock_match_fixed(sf, &buf.r, sizeof(buf.r), &fixes);
	stock_free(sf);
	if (stock != accepted[i].verdict) {
		printf("FAIL \"%s\": stock says %d\n", accepted[i].text, stock);
		return false;
	}
	tf = engine_compile(&event, accepted[i].text, true, &e);
	if (!tf) {
		printf("FAIL \"%s\": tap rejects\n", accepted[i].text);
		return false;
	}
	what = engine_match(tf, &buf.r, sizeof(buf.r), &tap);
	engine_free(tf);
	if (!what && tap == stock)
		return true;
	printf("FAIL \"%s\": tap says %d%s%s\n", accepted[i].text, tap,
	       what ? ": " : "", what ? what : "");
	return false;
}

/* --------------------------------------------------- the start-up test */

static bool check_startup(const struct stock_case *c)
{
	static struct {
		struct known_record	r;
		char			slack[STOCK_SLACK];
	} buf;
	struct stock_error e = { };
	struct engine *tf;
	const char *what = "rejected";
	bool match = false;

	memcpy(&buf.r.a, c->rec, sizeof(c->rec));
	tf = engine_compile(&event, c->filter, true, &e);
	if (tf)
		what = engine_match(tf, &buf.r, sizeof(buf.r), &match);
	engine_free(tf);
	if (!what && match != c->match)
		what = "wrong verdict";
	if (!what && engine_visits(&event, c->filter, c->not_visited, &buf.r,
				   sizeof(buf.r)))
		what = "looks at a field that must not be looked at";
	if (!what)
		return true;
	printf("FAIL start-up test \"%s\": %s\n", c->filter, what);
	return false;
}

/* Codes and texts of the errors that stock has are the same. */
static bool check_errors(void)
{
	unsigned int i;

	for (i = 0; stock_error_text(i); i++) {
		if (!strcmp(stock_error_text(i), engine_error_text(i)))
			continue;
		printf("FAIL error %u is \"%s\", stock's is \"%s\"\n", i,
		       engine_error_text(i), stock_error_text(i));
		return false;
	}
	return i == TAP_ERR_NO_FILTER + 1;
}

unsigned long known_run(unsigned long *passed)
{
	unsigned long failed = 0, n = 1;
	struct stock_case c;
	unsigned int i;

	failed += !check_errors();
	for (i = 0; i < sizeof(rejected) / sizeof(*rejected); i++, n++)
		failed += !check_rejected(i);
	for (i = 0; i < sizeof(accepted) / sizeof(*accepted); i++, n++)
		failed += !check_accepted(i);
	for (i = 0; stock_startup_case(i, &c); i++, n++)
		failed += !check_startup(&c);
	*passed = n - failed;
	return failed;
}
