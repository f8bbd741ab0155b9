// SPDX-License-Identifier: GPL-2.0
/* tap: KUnit suite of markers: names of fields; what the compiler tells of types. */
#include "marker.h"
#include "test.h"

static const struct {
	const char	*text;
	unsigned int	nr;
	const char	*names;
} rows[] = {
	{ "", 0, "" },
	{ "len", 1, "len" },
	{ "inode->i_ino, dentry, name, len", 4, "i_ino dentry name len" },
	{ "a.b->c.d", 1, "d" },
	{ "v[i]", 1, "v" },
	{ "req->buf[i + 1].len", 1, "len" },
	{ "*p, &x->y, !flag, ~mask, -n, +s->bits", 6, "p y flag mask n bits" },
	{ "page_to_pfn(page)", 1, "page_to_pfn" },
	{ "f(a, b), g(c)->h, (i)", 3, "f h i" },
	{ "ops->size(x, \"a,)b\", ',')", 1, "size" },
	{ "(u64)len, (struct foo *)p, (const char *)s->name", 3, "len p name" },
	{ "(x)->y, (*x).z, (a)[1], ((w))", 4, "y z arg3 w" },
	{ "(unsigned long)(a->b)", 1, "b" },
	{ "a + b, a - b, (a) - b, (a + b) * c", 4, "arg1 arg2 arg3 arg4" },
	{ "5, \"text, more\", 'x', sizeof(x), x ? y : z", 5,
	  "arg1 arg2 arg3 arg4 arg5" },
	{ "a, b + 1, a, c->a", 4, "a arg2 a_2 a_3" },
	{ "a_2, a, b->a", 3, "a_2 a a_3" },
	{ "ip, regs->ip, common_pid, x->common_pid", 4,
	  "ip_2 ip_3 common_pid_2 common_pid_3" },
	{ "x + 1, arg1, y + 1, arg3", 4, "arg1 arg1_2 arg3 arg3_2" },
	{ " a ,b\t, ( c ) ", 3, "a b c" },
	{ "({ int t = n; t; }), get_current()->comm", 2, "arg1 comm" },
	{ "a == b, a && b, p++", 3, "arg1 arg2 arg3" },
};

TAP_TEST_ROWS(rows, rows);

static void check_names(struct kunit *test)
{
	const typeof(rows[0]) *row = test->param_value;
	const char *name[TRACE_TAP_MARKER_ARGS];
	char all[200] = "";
	unsigned int i;
	char *memory;

	memory = trace_tap_marker_names(row->text, row->nr, name);
	KUNIT_ASSERT_NOT_NULL(test, memory);
	for (i = 0; i < row->nr; i++) {
		if (i)
			strlcat(all, " ", sizeof(all));
		strlcat(all, name[i], sizeof(all));
	}
	kfree(memory);
	KUNIT_EXPECT_STREQ(test, all, row->names);
}

/* What an argument of a type is, and its size; that is known when it compiles. */
#define IS(type, kind, bytes)						\
	static_assert(__trace_marker_kind(typeof(type)) ==		\
		      TRACE_TAP_MARKER_##kind &&			\
		      __trace_marker_size(typeof(type)) == (bytes))

enum plain { PLAIN };
enum negative { NEGATIVE = -1 };
enum tiny { TINY } __packed;
struct nothing;

IS(bool, BOOL, 1);
IS(u8, UNSIGNED, 1);
IS(s8, SIGNED, 1);
IS(u16, UNSIGNED, 2);
IS(const s16, SIGNED, 2);
IS(int, SIGNED, 4);
IS(const u32, UNSIGNED, 4);
IS(unsigned long, UNSIGNED, sizeof(long));
IS(s64, SIGNED, 8);
IS(u64, UNSIGNED, 8);
IS(gfp_t, UNSIGNED, 4);
IS(enum plain, UNSIGNED, 4);
IS(enum negative, SIGNED, 4);
IS(enum tiny, UNSIGNED, 1);
IS(void *, POINTER, sizeof(long));
IS(struct nothing *const, POINTER, sizeof(long));
IS(u8 *, POINTER, sizeof(long));
IS(void (*)(void), POINTER, sizeof(long));
IS(char **, POINTER, sizeof(long));
IS(char *, STRING, 0);
IS(const char *const, STRING, 0);
IS(char [16], STRING, 16);
IS(const char [8], STRING, 8);
IS(char [5000], STRING, 4095);

/* No fields: structs, arrays of anything else */
static_assert(!__trace_marker_kind(struct list_head));
static_assert(!__trace_marker_kind(typeof(u8 [6])));
static_assert(!__trace_marker_kind(typeof(int [2])));
static_assert(!__trace_marker_kind(typeof(char *[2])));

static noinline void fire(int *evaluated)
{
	TRACE_MARKER(tap_kunit, ++*evaluated);
}

/* A marker of the kernel itself: it is on while its event is. */
static void check_on_off(struct kunit *test)
{
	int evaluated = 0;

	fire(&evaluated);
	KUNIT_EXPECT_EQ(test, evaluated, 0);
	KUNIT_ASSERT_EQ(test, trace_set_clr_event("markers", "tap_kunit", 1), 0);
	fire(&evaluated);
	fire(&evaluated);
	KUNIT_EXPECT_EQ(test, evaluated, 2);
	KUNIT_ASSERT_EQ(test, trace_set_clr_event("markers", "tap_kunit", 0), 0);
	fire(&evaluated);
	KUNIT_EXPECT_EQ(test, evaluated, 2);
}

static struct kunit_case marker_cases[] = {
	KUNIT_CASE_PARAM(check_names, rows_gen_params),
	KUNIT_CASE(check_on_off),
	{}
};

static struct kunit_suite marker_suite = {
	.name		= "tap_marker",
	.test_cases	= marker_cases,
};

kunit_test_suite(marker_suite);
