// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of print.c: what is packed for the ring buffer reads as it
 * should, and is never longer than it may be.
 */
#include "../trace.h"
#include "print.h"
#include "test.h"

#define SIZE	TAP_PRINT_MAX

/* A record with a dynamic string that begins in it, and one that does not. */
static const struct {
	char	array[8];
	u32	loc;
	u32	outside;
	char	text[8];
} __aligned(8) record = {
	.array		= "12345678",
	.loc		= 16 | 8 << 16,
	.outside	= 64 | 8 << 16,
	.text		= "dynamic",
};

#define LOC(member) \
	TAP_STRING_DESC(TAP_LOC, offsetof(typeof(record), member), 4)

static struct tap_names *names;

/**
 * struct arg - an argument of a row
 * @kind: enum tap_arg_kind
 * @value: the number, or what tells the string
 * @text: TAP_ARG_MEMORY, TAP_ARG_KSTR: the string, instead of @value
 * @len: bytes of it at most
 * @unnamed: TAP_ARG_ENUM: of a field whose values have no names
 */
struct arg {
	enum tap_arg_kind	kind;
	u64			value;
	const char		*text;
	u32			len;
	bool			unnamed;
};

#define INT(v)		{ .kind = TAP_ARG_INT, .value = (v) }
#define TEXT(s)		{ .kind = TAP_ARG_MEMORY, .text = (s), .len = 256 }
#define CUT(s, n)	{ .kind = TAP_ARG_MEMORY, .text = (s), .len = (n) }
#define KSTR(s)		{ .kind = TAP_ARG_KSTR, .text = (s), .len = 256 }
#define BAD		{ .kind = TAP_ARG_KSTR, .value = 8, .len = 256 }
#define NAMED(d)	{ .kind = TAP_ARG_STRING, .value = (d) }
#define ENUM(v)		{ .kind = TAP_ARG_ENUM, .value = (v) }
#define UNNAMED(v)	{ .kind = TAP_ARG_ENUM, .value = (v), .unnamed = true }

/* Formats as people write them. */
static const struct row {
	const char	*text;
	const char	*expect;
	struct arg	args[4];
} rows[] = {
	{ "plain", "plain\n" },
	{ "100%%", "100%\n" },
	{ "%d", "-1\n", { INT(-1) } },
	{ "%u", "18446744073709551615\n", { INT(-1) } },
	{ "%hhx %lo", "1122334455667788 7\n",
	  { INT(0x1122334455667788), INT(7) } },
	{ "%5d|%-5d|%05d", "    1|2    |00003\n",
	  { INT(1), INT(2), INT(3) } },
	{ "%p", "0x1234\n", { INT(0x1234) } },
	{ "%d %s", "39 bash\n", { INT(39), TEXT("bash") } },
	{ "%s %d", "bash 39\n", { TEXT("bash"), INT(39) } },
	{ "%s|%s", "5|-1\n", { UNNAMED(5), UNNAMED(-1) } },
	/* What is not aligned in front of what is */
	{ "%c%d%c%c", "a5bc\n",
	  { INT('a'), INT(5), INT('b'), INT('c') } },
	{ "%c%s%c%d", "aXb5\n",
	  { INT('a'), TEXT("X"), INT('b'), INT(5) } },
	{ "%s%s%d%s", "1222-3\n",
	  { TEXT("1"), TEXT("222"), INT(-3), TEXT("") } },
	{ "%.3s|%5.2s|%-5s|", "abc|   ab|abcde|\n",
	  { TEXT("abcdef"), TEXT("abcdef"), TEXT("abcde") } },
	{ "%s|%s", "abc|\n", { CUT("abcdef", 3), CUT("abcdef", 0) } },
	{ "%s|%s|", "kernel|(fault)|\n", { KSTR("kernel"), BAD } },
	{ "%.3s|", "(fa|\n", { BAD } },
	{ "%s|%s|%s", "12345678|dynamic|\n",
	  { NAMED(TAP_STRING_DESC(TAP_ARRAY, 0, 8)), NAMED(LOC(loc)),
	    NAMED(LOC(outside)) } },
	{ "%s %s %d", "one 7 1\n", { ENUM(1), INT(7), ENUM(1) } },
	{ "%ps %d", "schedule 1\n", { { .text = "schedule" }, INT(1) } },
	{ "%pS %d", "schedule+0x0/", { { .text = "schedule" }, INT(1) } },
	/* That is a return address: the call is in front of it */
	{ "%pB|%d", "schedule+0x1/", { { .text = "schedule", .value = 1 }, INT(1) } },
};

TAP_TEST_ROWS(rows, rows);

static void fill_arg(const struct arg *from, struct tap_arg *to)
{
	to->value = from->value;
	to->what = TAP_ARG(from->kind, from->len);
	to->names = from->unnamed ? 0 : (unsigned long)names;
	if (from->kind == TAP_ARG_INT && from->text)
		to->value += (unsigned long)schedule;
	else if (from->text)
		to->value = (unsigned long)from->text;
}

static void init_format(struct kunit *test, const char *text,
			struct trace_tap_format *format)
{
	struct tap_arena *arena = kunit_kzalloc(test, sizeof(*arena),
						GFP_KERNEL);
	struct tap_format *parsed;
	unsigned int bad;

	KUNIT_ASSERT_NOT_NULL(test, arena);
	parsed = trace_tap_format_parse(arena, text, &bad);
	KUNIT_ASSERT_NOT_NULL_MSG(test, parsed, "%s: %u", text, bad);
	text = kunit_kstrdup(test, parsed->text, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_EQ(test, trace_tap_format_init(format, text), 0);
	KUNIT_EXPECT_EQ(test, format->nr, parsed->nr);
	trace_tap_arena_free(arena);
}

/* Room for the arguments, with marks behind it. */
struct packed {
	char		buf[SIZE] __aligned(8);
	char		mark[8];
	unsigned long	frames[TAP_MAX_STACK];
	char		text[8 * SIZE];
	char		again[8 * SIZE];
};

/*
 * If it is easy to tell what the arguments take, they take no more, and read the
 * same. Returns what trace_tap_print_size() does.
 */
static int put(struct kunit *test, const struct trace_tap_format *format,
	       const struct tap_arg *args, struct packed *p)
{
	struct trace_tap_comm comm;
	int n = trace_tap_print_size(format, args, &comm);

	if (n < 0)
		return n;
	memset(p->buf, 0xa5, SIZE);
	trace_tap_print_put(format, args, &comm, p->buf);
	KUNIT_EXPECT_EQ(test, n % 4, 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(p->buf + n, 0xa5, SIZE - n), NULL);
	bstr_printf(p->again, sizeof(p->again), format->text, (u32 *)p->buf);
	KUNIT_EXPECT_STREQ(test, p->again, p->text);
	return n;
}

static unsigned int pack(struct kunit *test, const char *text,
			 const struct tap_arg *args, struct packed *p)
{
	struct trace_tap_run run = { .ctx = { &record, sizeof(record) } };
	struct trace_tap_format format;
	unsigned int n;

	init_format(test, text, &format);
	memset(p, 0xa5, sizeof(*p));
	n = trace_tap_print_pack(&format, &run, args, p->buf, SIZE, p->frames);
	KUNIT_EXPECT_LE(test, n, SIZE);
	KUNIT_EXPECT_EQ(test, n % 4, 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(p->mark, 0xa5, sizeof(p->mark)),
			    NULL);
	bstr_printf(p->text, sizeof(p->text), format.text, (u32 *)p->buf);
	put(test, &format, args, p);
	return n;
}

static struct packed *new_packed(struct kunit *test)
{
	struct packed *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

static void check_rows(struct kunit *test)
{
	const struct row *row = test->param_value;
	struct packed *p = new_packed(test);
	struct tap_arg args[4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(args); i++)
		fill_arg(&row->args[i], &args[i]);
	pack(test, row->text, args, p);
	/* Whatever follows a symbol depends on the kernel */
	if (!strchr(row->expect, '\n'))
		p->text[strlen(row->expect)] = '\0';
	KUNIT_EXPECT_STREQ(test, p->text, row->expect);
}

/* Strings that are too long are cut, and what is behind them is whole. */
static void check_long(struct kunit *test)
{
	struct packed *p = new_packed(test);
	struct tap_arg args[TAP_MAX_ARGS];
	char *text = kunit_kzalloc(test, 4 * SIZE, GFP_KERNEL);
	unsigned int i, n;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', 4 * SIZE - 1);
	for (i = 0; i < TAP_MAX_ARGS; i++) {
		args[i].value = i % 2 ? i : (unsigned long)text;
		args[i].what = i % 2 ? TAP_ARG(TAP_ARG_INT, 0) :
				       TAP_ARG(TAP_ARG_MEMORY, 4 * SIZE);
	}

	n = pack(test, "%s|%d", args, p);
	KUNIT_EXPECT_EQ(test, n, TAP_PRINT_STR + 8);
	KUNIT_EXPECT_STREQ(test, p->text + TAP_PRINT_STR - 1, "|1\n");

	n = pack(test, "%.1000s|%d", args, p);
	KUNIT_EXPECT_EQ(test, n, ALIGN(1001, 4) + 8);
	KUNIT_EXPECT_STREQ(test, p->text + 1000, "|1\n");

	pack(test, "%.1000s|%d|%.900s|%c|%s|%d|%s|%d|%s|%d|%s|%d|%s|%d|%s|%x",
	     args, p);
	KUNIT_EXPECT_STREQ(test, strchr(p->text, '\003'),
			   "\003||5||7||9||11||13||f\n");
}

/* Formats with the current thread's name, which is expected for each @. */
static const struct {
	const char	*text;
	const char	*expect;
	int		size[2];
	struct arg	args[5];
} comm_rows[] = {
#define COMM	NAMED(TAP_STRING_DESC(TAP_COMM, 0, 0))
	{ "%s", "@\n", { 8, 16 }, { COMM } },
	{ "%d %s", "39 @\n", { 16, 24 }, { INT(39), COMM } },
	{ "%s %d", "@ 39\n", { 16, 24 }, { COMM, INT(39) } },
	{ "%c%s%d%c%s", "a@5b@\n", { 32, 48 },
	  { INT('a'), COMM, INT(5), INT('b'), COMM } },
	{ "%.15s|%s%c", "@|@c\n", { 20, 36 }, { COMM, COMM, INT('c') } },
	{ "%.14s", NULL, { -1, -1 }, { COMM } },
	{ "%s %s", NULL, { -1, -1 }, { COMM, TEXT("text") } },
	{ "%s %s", NULL, { -1, -1 }, { COMM, INT(5) } },
	{ "%pB %s", NULL, { -1, -1 }, { INT(5), COMM } },
#undef COMM
};

static void check_comm_row(struct kunit *test, unsigned int row,
			   const char *name, struct packed *p)
{
	const char *from = comm_rows[row].expect;
	struct trace_tap_format format;
	struct tap_arg args[5];
	char *to = p->text;
	unsigned int i;
	int n;

	for (i = 0; i < ARRAY_SIZE(args); i++)
		fill_arg(&comm_rows[row].args[i], &args[i]);
	pack(test, comm_rows[row].text, args, p);
	init_format(test, comm_rows[row].text, &format);
	/* What is expected, with the name for each @ */
	for (; from && *from; from++) {
		if (*from == '@')
			to += sprintf(to, "%s", name);
		else
			*to++ = *from;
	}
	*to = '\0';
	n = put(test, &format, args, p);
	KUNIT_EXPECT_EQ_MSG(test, n, comm_rows[row].size[strlen(name) >= 8],
			    "%s of %s", comm_rows[row].text, name);
}

/* Names of each length. */
static void check_comm(struct kunit *test)
{
	struct packed *p = new_packed(test);
	char old[TASK_COMM_LEN], name[TASK_COMM_LEN];
	unsigned int len, row;

	get_task_comm(old, current);
	for (len = 0; len < TASK_COMM_LEN; len++) {
		memset(name, 'n', len);
		name[len] = '\0';
		set_task_comm(current, name);
		for (row = 0; row < ARRAY_SIZE(comm_rows); row++)
			check_comm_row(test, row, name, p);
	}
	set_task_comm(current, old);
}

/* A format is interned once, and listed. */
static void check_intern(struct kunit *test)
{
	struct tap_format parsed = { .nr = 1, .text = "tap test %lld\n" };
	struct trace_tap_format *format = trace_tap_format_get(&parsed);
	struct trace_tap_format *again;
	bool listed = false;
	const char **text;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, format);
	parsed.text = kunit_kstrdup(test, parsed.text, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, parsed.text);
	again = trace_tap_format_get(&parsed);
	KUNIT_EXPECT_PTR_EQ(test, format, again);
	KUNIT_EXPECT_PTR_NE(test, format->text, parsed.text);

	trace_tap_formats_start();
	for (i = 0; (text = trace_tap_format_nr(i)); i++)
		listed |= *text == format->text;
	KUNIT_EXPECT_EQ(test, i, trace_tap_formats_count());
	trace_tap_formats_stop();
	KUNIT_EXPECT_TRUE(test, listed);
}

static int init_names(struct kunit *test)
{
	names = kunit_kzalloc(test, struct_size(names, name, 1), GFP_KERNEL);
	if (!names)
		return -ENOMEM;
	names->nr = 1;
	names->name[0].value = 1;
	names->name[0].name = "one";
	return 0;
}

static struct kunit_case print_cases[] = {
	KUNIT_CASE_PARAM(check_rows, rows_gen_params),
	KUNIT_CASE(check_long),
	KUNIT_CASE(check_comm),
	KUNIT_CASE(check_intern),
	{}
};

static struct kunit_suite print_suite = {
	.name		= "tap_print",
	.init		= init_names,
	.test_cases	= print_cases,
};

kunit_test_suite(print_suite);
