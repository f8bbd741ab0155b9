// SPDX-License-Identifier: GPL-2.0
/*
 * lex.c, parse.c, type.c: expressions of the extended language, by what they
 * are on one record, and those that are wrong, by where they are.
 *
 * A row that holds must hold for the evaluator and on every machine; the same
 * row in '!(...)' must not.
 */
#include "host.h"

static const struct {
	int		line;
	bool		holds;
	const char	*text;
} rows[] = {
	/* field against field, signed and not */
	{ __LINE__, true,  "prev_prio > next_prio" },
	{ __LINE__, false, "prev_prio < next_prio" },
	{ __LINE__, false, "prev_prio == next_prio" },
	{ __LINE__, true,  "prev_prio != next_prio" },
	{ __LINE__, true,  "prev_prio >= prev_prio" },
	{ __LINE__, true,  "next_pid < prev_pid" },
	{ __LINE__, true,  "s8 == s32" },
	{ __LINE__, true,  "s8 < u8" },
	{ __LINE__, true,  "u32 > s32" },
	{ __LINE__, false, "u32 == s32" },
	{ __LINE__, true,  "u64 > u32" },
	{ __LINE__, true,  "p16 > next_prio" },
	/* unsigned 64 bits make the comparison unsigned */
	{ __LINE__, true,  "s64 > u64" },
	{ __LINE__, true,  "u64 < s64" },
	{ __LINE__, true,  "u64 > 1" },
	{ __LINE__, true,  "1 < u64" },
	{ __LINE__, true,  "u64 <= s64 && s64 >= u64 && !(u64 >= s64)" },
	{ __LINE__, true,  "u32 > 5 && u32 >= 5 && pid != 1" },
	{ __LINE__, false, "u32 < 5 || u32 <= 5 || pid == 1" },
	/* arithmetic */
	{ __LINE__, true,  "prev_prio + 1 == 121" },
	{ __LINE__, true,  "prev_prio - next_prio == 21" },
	{ __LINE__, true,  "next_prio - prev_prio == -21" },
	{ __LINE__, true,  "next_prio - prev_prio < 0" },
	{ __LINE__, true,  "prev_pid * 3 == 300" },
	{ __LINE__, true,  "prev_pid / 7 == 14" },
	{ __LINE__, true,  "prev_pid % 7 == 2" },
	{ __LINE__, true,  "s64 / 2 == -2" },
	{ __LINE__, true,  "s64 % 2 == -1" },
	{ __LINE__, true,  "s64 % 3 == -2" },
	{ __LINE__, true,  "prev_pid / 0 == 0" },
	{ __LINE__, true,  "prev_pid % 0 == 100" },
	{ __LINE__, true,  "prev_pid / (prev_pid - 100) == 0" },
	{ __LINE__, true,  "prev_pid % (prev_pid - 100) == 100" },
	{ __LINE__, true,  "u64 / 2 == 0x4000000000000000" },
	{ __LINE__, true,  "u64 / next_pid == 0" },
	{ __LINE__, true,  "p32 / -1 == 7" },
	{ __LINE__, true,  "(1 << 63) / -1 == 1 << 63" },
	{ __LINE__, true,  "prev_pid << 1 == 200" },
	{ __LINE__, true,  "prev_pid << 65 == 200" },
	{ __LINE__, true,  "s64 >> 1 == -3" },
	{ __LINE__, true,  "u64 >> 63 == 1" },
	{ __LINE__, true,  "1 + 2 * 3 == 7" },
	{ __LINE__, true,  "(1 + 2) * 3 == 9" },
	{ __LINE__, true,  "10 - 3 - 2 == 5" },
	{ __LINE__, true,  "100 / 10 / 5 == 2" },
	{ __LINE__, true,  "1 << 2 + 1 == 8" },
	{ __LINE__, true,  "-prev_pid == -100" },
	{ __LINE__, true,  "--prev_pid == 100" },
	{ __LINE__, true,  "- prev_pid + 101 == 1" },
	{ __LINE__, true,  "-1 == next_pid" },
	{ __LINE__, true,  "2 * -3 == -6" },
	/* constants are computed beforehand, with the same outcome */
	{ __LINE__, true,  "7 % 4 == 3 && -7 % 4 == -3" },
	{ __LINE__, true,  "7 % -1 == 0 && -7 / -1 == 7" },
	{ __LINE__, true,  "5 % 0 == 5 && 5 / 0 == 0" },
	{ __LINE__, true,  "(6 & 3) == 2 && (6 | 1) == 7 && (6 ^ 3) == 5" },
	{ __LINE__, true,  "-8 >> 1 == -4 && 1 << 64 == 1" },
	{ __LINE__, true,  "0x8000000000000000 >> 63 == 1" },
	{ __LINE__, true,  "0xffffffffffffffff / 2 == 0x7fffffffffffffff" },
	{ __LINE__, true,  "0xffffffffffffffff % 10 == 5" },
	{ __LINE__, true,  "0xffffffffffffffff / 0 == 0" },
	{ __LINE__, true,  "5 - 0xffffffffffffffff == 6" },
	{ __LINE__, true,  "u64 % 7 == 1 && u64 / 3 > 1 << 61" },
	/* bits */
	{ __LINE__, true,  "(u8 & 0xf0) == 0xc0" },
	{ __LINE__, true,  "(u8 | 7) == 0xcf" },
	{ __LINE__, true,  "(u8 ^ 0xff) == 55" },
	{ __LINE__, true,  "(p16 & 0xff) == 0x34" },
	{ __LINE__, true,  "u8 & 8" },
	{ __LINE__, false, "u8 & 7" },
	{ __LINE__, false, "u8 & next_prio & 4" },
	{ __LINE__, true,  "prev_state & 1 && u8 & 0x80" },
	{ __LINE__, true,  "(prev_prio & next_prio) != 0" },
	{ __LINE__, true,  "(u64 >> 60 & 8) == 8" },
	{ __LINE__, true,  "u8 & 1 << 3" },
	{ __LINE__, true,  "u8 & (prev_state << 3)" },
	/* a number as a condition, a condition as a number */
	{ __LINE__, true,  "prev_pid && u64" },
	{ __LINE__, false, "prev_pid - 100 || prev_prio - 120" },
	{ __LINE__, true,  "!(prev_pid - 100)" },
	{ __LINE__, true,  "(prev_pid == 100) + (prev_prio == 120) == 2" },
	{ __LINE__, true,  "(prev_pid == 100) + (prev_prio == 121) == 1" },
	{ __LINE__, true,  "(prev_pid > 1) == (next_prio > 1)" },
	{ __LINE__, true,  "(comm == 'bash') * 5 == 5" },
	{ __LINE__, true,  "(!(prev_pid == 1)) << 4 == 16" },
	/* constants on either side; a constant takes the field's type */
	{ __LINE__, true,  "100 == prev_pid" },
	{ __LINE__, true,  "99 < prev_pid" },
	{ __LINE__, false, "100 < prev_pid" },
	{ __LINE__, true,  "100 <= prev_pid" },
	{ __LINE__, true,  "121 > prev_prio && 120 >= prev_prio" },
	{ __LINE__, false, "120 > prev_prio || 119 >= prev_prio" },
	{ __LINE__, true,  "0xffffffff == s32" },
	{ __LINE__, true,  "456 == u8 || 200 + 0 == u8" },
	{ __LINE__, true,  "0x10 + 1 == 021" },
	/* lists */
	{ __LINE__, true,  "prev_pid in {1, 100}" },
	{ __LINE__, false, "prev_pid in {1, 2, 3..99, 101..200}" },
	{ __LINE__, true,  "prev_pid in {90..100}" },
	{ __LINE__, true,  "prev_pid in {100..110}" },
	{ __LINE__, true,  "s64 in {-10..-5}" },
	{ __LINE__, false, "s64 in {-4..5, -10..-6}" },
	{ __LINE__, true,  "u64 in {0x8000000000000000..0xffffffffffffffff}" },
	{ __LINE__, true,  "s8 in {-1}" },
	{ __LINE__, true,  "prev_pid + 1 in {101}" },
	{ __LINE__, false, "!(prev_pid in {100})" },
	{ __LINE__, true,  "!prev_pid in {1}" },
	{ __LINE__, true,  "prev_pid in {100} && prev_prio in {120}" },
	{ __LINE__, true,  "prev_pid in {(2 * 50), 7}" },
	{ __LINE__, true,  "next_comm in {'x', \"kworker/0:1\"}" },
	{ __LINE__, false, "next_comm in {'kworker*'}" },
	{ __LINE__, true,  "next_comm ~ {'rcu*', 'kworker*'}" },
	{ __LINE__, false, "next_comm !~ {'rcu*', 'kworker*'}" },
	{ __LINE__, true,  "next_comm !~ {'rcu*', 'migration*'}" },
	{ __LINE__, true,  "comm in {'bash'}" },
	{ __LINE__, true,  "prev_state in {TCP_ESTABLISHED, TCP_CLOSE}" },
	/* strings */
	{ __LINE__, true,  "next_comm !~ 'x*'" },
	{ __LINE__, false, "next_comm !~ 'kw*'" },
	{ __LINE__, true,  "next_comm !~ '!kw*'" },
	{ __LINE__, true,  "next_comm !~ '0*' && !(next_comm ~ '0*')" },
	{ __LINE__, true,  "'bash' == prev_comm && 1 == 1" },
	{ __LINE__, true,  "args.name == 'file.txt'" },
	{ __LINE__, true,  "args.ptr ~ 'a*'" },
	{ __LINE__, false, "args.ptr2 ~ 'kw*'" },
	{ __LINE__, true,  "args.ptr2.ustring ~ 'kw*'" },
	{ __LINE__, false, "args.ptr2 != 'x'" },
	{ __LINE__, true,  "prev_comm == comm" },
	{ __LINE__, true,  "next_comm == rel" },
	{ __LINE__, false, "next_comm != rel" },
	{ __LINE__, true,  "next_comm == ptr2.ustring" },
	{ __LINE__, false, "next_comm == ptr2" },
	{ __LINE__, false, "next_comm != ptr2" },
	{ __LINE__, true,  "arr3 == ptr" },
	{ __LINE__, true,  "arr3 != arr7" },
	{ __LINE__, true,  "common_comm == comm" },
	/* pointers are numbers, too */
	{ __LINE__, true,  "ptr > 0xffff888000000000" },
	{ __LINE__, true,  "ptr == 0xffff888000001000 + 3" },
	/* enum constants and builtins */
	{ __LINE__, true,  "prev_state == TCP_ESTABLISHED" },
	{ __LINE__, false, "prev_state == TCP_CLOSE" },
	{ __LINE__, true,  "s64 + 2 == NEGATIVE" },
	{ __LINE__, true,  "p64 & HUGE_BIT" },
	{ __LINE__, true,  "pid == 1234 && tid == 1234 && tgid == 1200" },
	{ __LINE__, true,  "common_pid == pid" },
	{ __LINE__, true,  "common_tgid == tgid" },
	{ __LINE__, true,  "uid == 1000" },
	{ __LINE__, true,  "gid == 0xfffffffe" },
	{ __LINE__, true,  "cpu == 2 && common_cpu == 2" },
	{ __LINE__, true,  "cpu + 1 < ncpus" },
	{ __LINE__, true,  "in_irq && !in_nmi && !in_iowait" },
	{ __LINE__, true,  "nsecs / 1000000000 == 123456" },
	{ __LINE__, true,  "rand % 10 == 7" },
	/* args.NAME always is the field */
	{ __LINE__, true,  "args.prev_pid == 100" },
	{ __LINE__, true,  "args.cpu == 2" },
	/* masks and functions in company */
	{ __LINE__, true,  "mask & CPUS{0-1} && prev_pid + 0 == 100" },
	{ __LINE__, false, "mask & CPUS{1} && prev_pid + 0 == 100" },
	{ __LINE__, true,  "mask == CPUS{0,2} && prev_pid + 0 == 100" },
	{ __LINE__, false, "mask != CPUS{0,2} || prev_pid + 0 == 1" },
	{ __LINE__, true,  "cpu & CPUS{0,2} && prev_pid + 0 == 100" },
	{ __LINE__, false, "cpu & CPUS{0,3} && prev_pid + 0 == 100" },
	{ __LINE__, true,  "cpu == CPUS{2} && prev_pid + 0 == 100" },
	{ __LINE__, false, "cpu == CPUS{1,2} && prev_pid + 0 == 100" },
	{ __LINE__, true,  "cpu != CPUS{1,2} && prev_pid + 0 == 100" },
	{ __LINE__, true,  "(cpu + 1) & CPUS{0,3} && prev_pid + 0 == 100" },
	{ __LINE__, true,  "next_prio + 0 == CPUS{99}" },
	{ __LINE__, true,  "next_prio + 0 != CPUS{1} && pid != CPUS{1}" },
	{ __LINE__, false, "next_prio + 0 == CPUS{98-99}" },
	{ __LINE__, true,  "next_prio + 0 != CPUS{98-99}" },
	{ __LINE__, true,  "next_prio + 0 & CPUS{98-99}" },
	{ __LINE__, false, "next_prio + 64 & CPUS{34-36}" },
	{ __LINE__, false, "next_pid + 0 & CPUS{0-99}" },
	{ __LINE__, true,  "TCP_CLOSE & CPUS{7}" },
	{ __LINE__, true,  "common_cpu & CPUS{2,4} && ncpus & CPUS{2,4}" },
	{ __LINE__, false, "u64.function == vfs_read || prev_pid + 0 == 1" },
	{ __LINE__, true,  "u64.function != vfs_read && prev_pid + 0 == 100" },
	{ __LINE__, false, "u64.function == 0x1000 && prev_pid + 0 == 100" },
	/* '&&' binds tighter than '||', both left to right */
	{ __LINE__, true,  "1 == 1 || 1 == 2 && 1 == 2" },
	{ __LINE__, false, "(1 == 1 || 1 == 2) && 1 == 2" },
	{ __LINE__, true,  "!(1 == 2) && !!(1 == 1)" },
	{ __LINE__, true,  "!prev_pid == 1" },
	{ __LINE__, false, "!prev_pid + 1 == 101" },
	/* layout */
	{ __LINE__, true,  "prev_pid+0==100&&(next_prio)<prev_prio" },
	{ __LINE__, true,  "\n\tprev_pid\n+ 0 == 100\n" },
};

static void check_rows(void)
{
	char not[300];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		host_check_expr(__FILE__, rows[i].line, rows[i].text, false,
				rows[i].holds);
		sprintf(not, "!(%s) && 1 == 1", rows[i].text);
		host_check_expr(__FILE__, rows[i].line, not, false,
				!rows[i].holds);
	}
}

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	/* lex.c */
	{ __LINE__, TAP_ERR_BAD_CHAR, "prev_pid + 1 == ^$x" },
	{ __LINE__, TAP_ERR_BAD_CHAR, "prev_pid + 1 == 2 ^?" },
	{ __LINE__, TAP_ERR_ILLEGAL_INTVAL, "prev_pid + ^12x == 2" },
	{ __LINE__, TAP_ERR_ILLEGAL_INTVAL, "prev_pid + ^09 == 2" },
	{ __LINE__, TAP_ERR_ILLEGAL_INTVAL,
	  "prev_pid + 1 == ^18446744073709551616" },
	{ __LINE__, TAP_ERR_MISSING_BRACE_CLOSE,
	  "prev_pid + 1 == 2 && mask == ^CPUS{0" },
	/* parse.c */
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "prev_pid + 1 == ^" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "(prev_pid + 1 == ^)" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "prev_pid + ^* 2 == 1" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "prev_pid + 1 == 1 && ^" },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, "(prev_pid + 1 == 2 ^prev_pid)" },
	{ __LINE__, TAP_ERR_EXPECT_OPERATOR, "prev_pid + 1 == 2 ^3" },
	{ __LINE__, TAP_ERR_EXPECT_OPERATOR, "prev_pid + 1 ^prev_prio" },
	{ __LINE__, TAP_ERR_AMBIGUOUS, "u8 & 4 ^== 4" },
	{ __LINE__, TAP_ERR_AMBIGUOUS, "u8 + 1 ^== 4 | 1" },
	{ __LINE__, TAP_ERR_AMBIGUOUS, "u8 ^< 4 ^ 1" },
	{ __LINE__, TAP_ERR_EMPTY_LIST, "prev_pid in {^}" },
	{ __LINE__, TAP_ERR_MISSING_BRACE_OPEN, "prev_pid + 1 in ^1" },
	{ __LINE__, TAP_ERR_MISSING_BRACE_CLOSE, "prev_pid + 1 in {1 ^" },
	{ __LINE__, TAP_ERR_MISSING_BRACE_CLOSE, "prev_pid + 1 in {1 ^2}" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "prev_pid + 1 in {1, ^}" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "prev_pid + 1 in {1..^}" },
	/* type.c */
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "prev_pid + ^nope == 1" },
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "pid == ^common_nope" },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, "prev_pid + ^args.pid == 1" },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, "pid == 1 && ^no.ustring == 'x'" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "prev_pid + ^prev_comm == 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "prev_pid + ^'x' == 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "prev_pid + ^mask == 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "prev_pid + ^odd == 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "prev_pid + CPUS{0} == 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "prev_pid in {1, ^'x'}" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "pid == 1 && prev_comm ~ ^next_comm" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "pid == 1 && prev_comm !~ ^5" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "(prev_prio ^+ 1) ~ 'x'" },
	{ __LINE__, TAP_ERR_EXPECT_DIGIT, "pid == 1 && ^prev_prio ~ 'x'" },
	{ __LINE__, TAP_ERR_ILLEGAL_FIELD_OP, "pid == 1 && prev_comm ^< comm" },
	{ __LINE__, TAP_ERR_ILLEGAL_FIELD_OP, "pid == 1 && prev_comm ^< 'x'" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "pid == 1 && ^comm == CPUS{0}" },
	{ __LINE__, TAP_ERR_INVALID_OP,
	  "pid == 1 && u64.function ^< vfs_read" },
	{ __LINE__, TAP_ERR_ILLEGAL_FIELD_OP,
	  "pid == 1 && ^u32.function == vfs_read" },
	{ __LINE__, TAP_ERR_NO_FUNCTION, "pid == 1 && u64.function == ^5" },
	{ __LINE__, TAP_ERR_BAD_NUMBER, "prev_pid in {1, ^next_pid}" },
	{ __LINE__, TAP_ERR_BAD_RANGE, "prev_pid in {^5..4}" },
	{ __LINE__, TAP_ERR_INVALID_CPULIST, "pid == 1 && mask & ^CPUS{x}" },
	{ __LINE__, TAP_ERR_NO_FUNCTION, "pid == 1 && u64.function == ^nope" },
};

static void check_bad(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i, pos;
	char *text;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		e = (struct tap_error){};
		text = host_unmark(bad[i].text, &pos);
		prog = trace_tap_translate(text, host_scope(), false, &e);
		if (CASE(&bad[i], !prog, "'%s' is accepted", text))
			host_check_error(__FILE__, bad[i].line, text, &e,
					 bad[i].code, pos);
		trace_tap_prog_free(prog);
		CASE(&bad[i], !trace_tap_translate(text, host_scope(), true, &e),
		     "'%s' is stock", text);
		free(text);
	}
}

/* @open @nr times, @mid, @close @nr times */
static void check_depth(int line, unsigned int nr, const char *open,
			const char *mid, const char *close,
			bool works)
{
	char *text = calloc(1, nr * (strlen(open) + strlen(close)) + 100);
	struct tap_error e = {};
	struct tap_prog *prog;
	struct host_env env;
	unsigned int i;

	for (i = 0; i < nr; i++)
		strcat(text, open);
	strcat(text, mid);
	for (i = 0; i < nr; i++)
		strcat(text, close);
	prog = trace_tap_translate(text, host_scope(), false, &e);
	host_check(!!prog == works, __FILE__, line, "%u times '%s': %s", nr,
		   open, trace_tap_err_text[e.code]);
	host_example(&env);
	if (prog)
		host_check(host_agree(prog, &env) == HOST_OK, __FILE__, line,
			   "%u times '%s': %s", nr, open, host_why);
	trace_tap_prog_free(prog);
	free(text);
}

/* Deep nesting is an error, not the end of the stack. */
static void check_depths(void)
{
	check_depth(__LINE__, 10, "(", "prev_pid + 1 == 1", ")", true);
	check_depth(__LINE__, 10, "!(", "prev_pid + 1 == 1", ")", true);
	check_depth(__LINE__, 10, "(1 + ", "prev_pid", ")", true);
	check_depth(__LINE__, 12, "", "prev_pid", " + prev_prio", true);
	check_depth(__LINE__, 2000, "", "prev_pid", " + 1", false);
	check_depth(__LINE__, 14, "(prev_pid + ", "u8", ")", true);
	check_depth(__LINE__, 20, "(prev_pid + ", "u8", ")", false);
	check_depth(__LINE__, 10, "-", "prev_pid == 1", "", true);
	check_depth(__LINE__, 5000, "(", "pid + 1 == 1", ")", false);
	check_depth(__LINE__, 5000, "!", "pid + 1 == 1", "", false);
	check_depth(__LINE__, 5000, "-", "pid == 1", "", false);
	check_depth(__LINE__, 5000, "(1 + ", "pid", ")", false);
	/* Long, but flat. */
	check_depth(__LINE__, 500, "pid == 1 || ", "pid == 2", "", true);
	check_depth(__LINE__, 500, "pid == 1 && ", "pid == 2", "", true);
	check_depth(__LINE__, 5, "(prev_pid + ", "prev_prio", ")", true);
	check_depth(__LINE__, 3000, "pid == 1 || ", "pid == 2", "", false);
}

/* Names that are fields of other events below are no builtins here. */
static void check_below(void)
{
	static const char * const below[] = { "uid", NULL };
	struct tap_error e = {};
	struct tap_prog *prog;
	struct host_scope hs;

	host_scope_init(&hs, host_fields, host_enums, host_functions);
	hs.below = below;
	prog = trace_tap_translate("gid == 1", &hs.scope, false, &e);
	CHECK(prog);
	trace_tap_prog_free(prog);
	CHECK(!trace_tap_translate("uid == 1", &hs.scope, false, &e));
	CHECK(e.code == TAP_ERR_FIELD_NOT_FOUND);
	prog = trace_tap_translate("common_uid == 1", &hs.scope, false, &e);
	CHECK(prog);
	trace_tap_prog_free(prog);
	hs.scope.field_below = NULL;
	prog = trace_tap_translate("uid == 1", &hs.scope, false, &e);
	CHECK(prog);
	trace_tap_prog_free(prog);
}

static bool translates(const void *arg)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = trace_tap_translate(arg, host_scope(), false, &e);
	trace_tap_prog_free(prog);
	return prog || !CHECK(e.err == -ENOMEM);
}

void test_expr(void)
{
	check_rows();
	check_bad();
	check_depths();
	check_below();
	host_each_alloc_failure(translates, "pid + 1 in {1, 2..3} && "
				"next_comm !~ {'a', 'b*'} && mask & CPUS{0}",
				__FILE__, __LINE__);
}
