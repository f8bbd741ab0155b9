// SPDX-License-Identifier: GPL-2.0
/*
 * stock.c, stock_pred.c: the language filters always had, its quirks and the
 * places of its errors. diff/ compares with the stock engine itself; this says
 * what is expected, where that is not at hand.
 */
#include "host.h"

static const struct {
	int		line;
	bool		holds;
	const char	*text;
} rows[] = {
	/* numbers */
	{ __LINE__, true,  "prev_pid == 100" },
	{ __LINE__, true,  "prev_pid==100" },
	{ __LINE__, true,  " prev_pid  ==\t100\n" },
	{ __LINE__, true,  "prev_pid == 0x64 && prev_pid == 0144" },
	{ __LINE__, true,  "next_pid == -1 && next_pid == 0xffffffff" },
	{ __LINE__, true,  "next_pid < 0 && u32 > 0 && u64 > 1" },
	{ __LINE__, true,  "prev_pid & 4 && !(prev_pid & 3)" },
	{ __LINE__, true,  "s64 <= -5 && s64 >= -5 && s64 != 5" },
	/* constants are cut to the field */
	{ __LINE__, true,  "u8 == 456" },
	{ __LINE__, true,  "s8 == 255" },
	{ __LINE__, true,  "u16 == 105536" },
	{ __LINE__, true,  "s32 == 0xffffffff" },
	/* what is none of 1, 2, 4 and 8 bytes long is false */
	{ __LINE__, false, "odd == 0" },
	{ __LINE__, false, "odd != 0" },
	{ __LINE__, true,  "!(odd != 0)" },
	/* the CPU */
	{ __LINE__, true,  "cpu == 2" },
	{ __LINE__, true,  "CPU < 3" },
	{ __LINE__, false, "cpu & 2" },
	/* strings and globs */
	{ __LINE__, true,  "prev_comm == \"bash\" && prev_comm != 'sh'" },
	{ __LINE__, true,  "comm == 'bash' && comm != 'sh'" },
	{ __LINE__, true,  "prev_comm ~ 'bash' && prev_comm ~ 'b*'" },
	{ __LINE__, true,  "prev_comm ~ '*sh' && prev_comm ~ '*as*'" },
	{ __LINE__, true,  "comm ~ '*sh'" },
	{ __LINE__, true,  "prev_comm ~ 'b*s*h' && prev_comm ~ 'b[a-c]s?'" },
	{ __LINE__, true,  "prev_comm ~ '*' && prev_comm ~ '**'" },
	{ __LINE__, true,  "prev_comm ~ '!sh' && !(prev_comm ~ '!b*')" },
	{ __LINE__, false, "prev_comm ~ 'B*'" },
	{ __LINE__, true,  "name == 'file.txt' && name ~ '*.txt'" },
	{ __LINE__, true,  "rel ~ 'kworker*' && next_comm ~ 'kworker/*'" },
	{ __LINE__, true,  "arr3 == 'abc' && arr3 ~ '*bc'" },
	{ __LINE__, true,  "arr7 == 'ab' && arr7 ~ 'a*'" },
	/* a digit in front: to the letter */
	{ __LINE__, false, "prev_comm ~ '1*'" },
	/* pointers */
	{ __LINE__, true,  "ptr == 'abc' && ptr ~ 'a?c'" },
	{ __LINE__, true,  "ptr2.ustring ~ 'kworker*'" },
	{ __LINE__, false, "ptr2 ~ 'kworker*'" },
	{ __LINE__, false, "ptr2 != 'x'" },
	{ __LINE__, true,  "!(ptr2 == 'x')" },
	{ __LINE__, true,  "prev_comm.ustring == 'bash'" },
	/* CPUs */
	{ __LINE__, true,  "mask == CPUS{0,2} && mask & CPUS{2-3}" },
	{ __LINE__, true,  "mask != CPUS{0} && !(mask & CPUS{1})" },
	{ __LINE__, true,  "cpu == CPUS{2} && cpu & CPUS{1-3}" },
	{ __LINE__, false, "cpu == CPUS{2-3}" },
	{ __LINE__, true,  "cpu != CPUS{2-3}" },
	{ __LINE__, true,  "next_prio & CPUS{98-99}" },
	{ __LINE__, false, "prev_prio & CPUS{0-99}" },
	{ __LINE__, false, "prev_prio != CPUS{0-1}" },
	{ __LINE__, true,  "cpu & CPUS{2} && !(cpu & CPUS{3})" },
	{ __LINE__, true,  "u8 & CPUS{0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,"
			   "30,32,34,36,38,40,42,44,46,48,50,52,54,56,58,60,"
			   "62,64,66} || next_prio & CPUS{1,3,5,7,9,11,13,15,"
			   "17,19,21,23,25,27,29,31,33,35,37,39,41,43,45,47,"
			   "49,51,53,55,57,59,61,63,65,67,69,71,73,99}" },
	{ __LINE__, false, "u8 & CPUS{0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,"
			   "30,32,34,36,38,40,42,44,46,48,50,52,54,56,58,60,"
			   "62,64,66} || next_prio & CPUS{1,3,5,7,9,11,13,15,"
			   "17,19,21,23,25,27,29,31,33,35,37,39,41,43,45,47,"
			   "49,51,53,55,57,59,61,63,65,67,69,71,73,98}" },
	/* functions */
	{ __LINE__, false, "u64.function == vfs_read" },
	{ __LINE__, true,  "u64.function != 0xffffffff81001010" },
	/* structure */
	{ __LINE__, true,  "prev_pid == 1 || prev_pid == 100 && u8 == 200" },
	{ __LINE__, false, "(prev_pid == 1 || prev_pid == 100) && u8 == 2" },
	{ __LINE__, true,  "!(prev_pid == 1) && !(!(prev_pid == 100))" },
	{ __LINE__, true,  "!prev_pid == 1" },
	{ __LINE__, true,  "!!prev_pid == 100" },
	{ __LINE__, false, "!(prev_pid == 1 || u8 == 200)" },
	{ __LINE__, true,  "((((prev_pid == 100))))&&(u8==200)" },
};

/* Errors within a predicate are said to be one byte behind where they are. */
static const struct {
	int			line;
	int			err;
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	{ __LINE__, -EINVAL, TAP_ERR_NONE, "^" },
	{ __LINE__, -EINVAL, TAP_ERR_NONE, "^   " },
	{ __LINE__, -EINVAL, TAP_ERR_NONE, "^()" },
	{ __LINE__, -EPERM, TAP_ERR_NONE, "^== 1" },
	{ __LINE__, -EPERM, TAP_ERR_NONE, "^prev_pid == 1 && == 2" },
	{ __LINE__, -EPERM, TAP_ERR_TOO_MANY_CLOSE, "prev_pid == 1^)" },
	{ __LINE__, -EPERM, TAP_ERR_TOO_MANY_CLOSE, "(prev_pid == 1)^) && (u8 == 1" },
	{ __LINE__, -ENOENT, TAP_ERR_TOO_MANY_OPEN, "^(prev_pid == 1" },
	{ __LINE__, -ENOENT, TAP_ERR_TOO_MANY_OPEN, "u8 == 1 && ^(u16 == 1" },
	{ __LINE__, -ESRCH, TAP_ERR_MISSING_QUOTE, "prev_comm == ^'bash" },
	{ __LINE__, -ESRCH, TAP_ERR_MISSING_QUOTE, "prev_comm == ^'bash\"" },
	{ __LINE__, -EPERM, TAP_ERR_TOO_MANY_PREDS, "prev_pid == 1 ^u8 == 2" },
	{ __LINE__, -EPERM, TAP_ERR_TOO_MANY_PREDS, "prev_pid == 1 ^& u8 == 2" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_FILTER, "prev_pid == 1 &&^" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_FILTER, "prev_pid == 1 || ^" },
	{ __LINE__, -EINVAL, TAP_ERR_FIELD_NOT_FOUND, "nope ^== 1" },
	{ __LINE__, -EINVAL, TAP_ERR_FIELD_NOT_FOUND,
	  "((u8 >= 10 && u8 < 15) || dsig ^== 17) && prev_comm != bash" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_OP, "prev_pid @^ 1" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_OP, "prev_comm !^~ 'x'" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_OP, "prev_pid" },
	{ __LINE__, -EINVAL, TAP_ERR_EXPECT_STRING, "prev_comm == 1^" },
	{ __LINE__, -EINVAL, TAP_ERR_EXPECT_DIGIT, "prev_pid == '^x'" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_FIELD_OP, "prev_pid ~ 1^" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_FIELD_OP, "prev_comm < '^x'" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_INTVAL, "prev_pid == 1^x" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_INTVAL, "u32 == -^1" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_INTVAL, "s64 == 9^223372036854775808" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_VALUE, "prev_pid == x^" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_VALUE, "prev_comm == b^ash" },
	{ __LINE__, -EINVAL, TAP_ERR_MISSING_BRACE_OPEN, "mask & CPUS(0^)" },
	{ __LINE__, -EINVAL, TAP_ERR_MISSING_BRACE_CLOSE, "mask & CPUS{0" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_CPULIST, "mask & CPUS{}" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_CPULIST, "mask & CPUS{x}" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_FIELD_OP, "mask > CPUS{0}" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_FIELD_OP, "prev_comm == CPUS{0}" },
	{ __LINE__, -EINVAL, TAP_ERR_NO_FUNCTION, "u64.function == nope" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_OP, "u64.function > vfs_read" },
	{ __LINE__, -EINVAL, TAP_ERR_INVALID_VALUE, "u64.function == 0xg" },
	{ __LINE__, -EINVAL, TAP_ERR_OPERAND_TOO_LONG,
	  "u64.function == 0x0000000000000000000000001" },
	{ __LINE__, -EINVAL, TAP_ERR_OPERAND_TOO_LONG,
	  "u64 == 0x0000000000000000000000001" },
	{ __LINE__, -ENOENT, TAP_ERR_TOO_MANY_OPEN,
	  "u8 == 1 && ^(u16 == 1 && (prev_comm == ')(\"' && (u8 == 2))" },
	{ __LINE__, -EINVAL, TAP_ERR_ILLEGAL_FIELD_OP, "u32.function == vfs_read" },
};

static void check_rows(void)
{
	char not[500];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		host_check_expr(__FILE__, rows[i].line, rows[i].text, true,
				rows[i].holds);
		sprintf(not, "!(%s )", rows[i].text);
		host_check_expr(__FILE__, rows[i].line, not, true,
				!rows[i].holds);
	}
}

static void check_bad(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i, pos;
	char *text;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		e = (struct tap_error){};
		text = host_unmark(bad[i].text, &pos);
		prog = trace_tap_translate(text, host_scope(), true, &e);
		if (CASE(&bad[i], !prog, "'%s' is accepted", text)) {
			host_check_error(__FILE__, bad[i].line, text, &e,
					 bad[i].code, pos);
			CASE(&bad[i], e.err == bad[i].err, "'%s': errno %d",
			     text, -e.err);
		}
		trace_tap_prog_free(prog);
		free(text);
	}
}

/* ftrace:function takes "ip" only, and compares names that need not exist. */
static void check_function(void)
{
	static const struct {
		int			line;
		enum tap_error_code	code;
		const char		*text;
	} rows[] = {
		{ __LINE__, TAP_ERR_NONE, "ip == vfs_read" },
		{ __LINE__, TAP_ERR_NONE, "ip == x* || ip != y" },
		/* Quotes are taken, but what is behind the last never was. */
		{ __LINE__, TAP_ERR_TOO_MANY_PREDS, "ip == 'x*'" },
		{ __LINE__, TAP_ERR_IP_FIELD_ONLY, "parent_ip == vfs_read" },
	};
	static const struct host_field fields[] = {
		{ "ip", "unsigned long", TAP_INT, 8, 8 },
		{ "parent_ip", "unsigned long", TAP_INT, 16, 8 },
		{ }
	};
	struct tap_expr x = {};
	struct tap_error e = {};
	struct host_scope hs;
	unsigned int i;

	host_scope_init(&hs, fields, NULL, NULL);
	hs.scope.is_function = true;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(&x, 0, sizeof(x));
		trace_tap_stock(&x, rows[i].text, &hs.scope, &e);
		CASE(&rows[i], !x.preds == !!rows[i].code &&
		     (x.preds || e.code == rows[i].code), "'%s': %s",
		     rows[i].text, trace_tap_err_text[e.code]);
		if (x.preds)
			CASE(&rows[i], x.preds[0].node->kind == TAP_N_IP,
			     "kind %u", x.preds[0].node->kind);
		trace_tap_arena_free(&x.arena);
	}
}

/* Nesting and length have no limit but that of the program. */
static void check_deep(void)
{
	unsigned int depth = 20000, i;
	char *text = malloc(3 * depth + 100), *p = text;

	for (i = 0; i < depth; i++)
		p += sprintf(p, i % 3 ? "(" : "!(");
	p += sprintf(p, "prev_pid == 1");
	for (i = 0; i < depth; i++)
		*p++ = ')';
	*p = 0;
	host_check_expr(__FILE__, __LINE__, text, true, depth % 3 ?
			(depth / 3 + 1) % 2 : depth / 3 % 2);
	p = text;
	for (i = 0; i < 1500; i++)
		p += sprintf(p, "u8 == %u%s", i % 199, i < 1499 ? " || " : "");
	host_check_expr(__FILE__, __LINE__, text, true, false);
	free(text);
}

static bool translates(const void *arg)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = trace_tap_translate(arg, host_scope(), true, &e);
	trace_tap_prog_free(prog);
	return prog || !CHECK(e.err == -ENOMEM);
}

void test_stock(void)
{
	check_rows();
	check_bad();
	check_function();
	check_deep();
	host_each_alloc_failure(translates, "(u8 == 1 || comm ~ 'a*') && "
				"!(mask & CPUS{0}) && u64.function == low",
				__FILE__, __LINE__);
	host_each_alloc_failure(translates, "u8 & CPUS{0,2,4,6,8,10,12,14,16,18,"
				"20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,"
				"50,52,54,56,58,60,62,64,66,68,70,72,74,76}",
				__FILE__, __LINE__);
}
