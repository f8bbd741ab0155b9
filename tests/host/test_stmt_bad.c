// SPDX-License-Identifier: GPL-2.0
/*
 * Actions, and filters that read tables, that are wrong: by what is wrong and
 * where. '^' stands in front of the place.
 */
#include "host.h"

static struct host_scope board;

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} bad[] = {
	/* lex.c */
	{ __LINE__, TAP_ERR_MISSING_QUOTE, "@x = ^\"abc" },
	{ __LINE__, TAP_ERR_BAD_CHAR, "^$x" },
	{ __LINE__, TAP_ERR_BAD_CHAR, "@x = 1 ^?" },
	{ __LINE__, TAP_ERR_OPERAND_TOO_LONG,
	  "^@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaa = 1" },
	{ __LINE__, TAP_ERR_ILLEGAL_INTVAL, "@x = ^12x" },
	/* stmt.c: structure */
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "^" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "/ret/^" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "^x" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "^record" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "{^" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "{^}" },
	{ __LINE__, TAP_ERR_MISSING_BRACE_CLOSE, "{ record()^" },
	{ __LINE__, TAP_ERR_EXPECT_SEMICOLON, "{ record() ^stack() }" },
	{ __LINE__, TAP_ERR_MISSING_BRACE_OPEN, "record() ^}" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "record(); ^;" },
	{ __LINE__, TAP_ERR_EXPECT_OPEN, "if ^ret record()" },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, "if (ret ^record()" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "if (ret)^" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "if (ret) ^else" },
	{ __LINE__, TAP_ERR_EXPECT_SLASH, "/a^" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "/^/record()" },
	{ __LINE__, TAP_ERR_EXPECT_SLASH, "/ret > 0 ^@x = 1" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "/ret/^2/ record()" },
	{ __LINE__, TAP_ERR_EXPECT_SEMICOLON, "@x = 1 ^@y = 2" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "@x = 1;^; @y = 2" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "^1; record()" },
	{ __LINE__, TAP_ERR_EXPECT_STATEMENT, "^(record())" },
	{ __LINE__, TAP_ERR_TOO_DEEP, "{{{{{{{{{{{{{{{{^{record()" },
	{ __LINE__, TAP_ERR_TOO_DEEP,
	  "if(1)if(1)if(1)if(1)if(1)if(1)if(1)if(1)if(1)if(1)if(1)if(1)if"
	  "(1)if(1)if(1)if(1)^if(1)record()" },
	/* assignments */
	{ __LINE__, TAP_ERR_EXPECT_ASSIGN, "@^" },
	{ __LINE__, TAP_ERR_EXPECT_ASSIGN, "@x^" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "@x[^" },
	{ __LINE__, TAP_ERR_EXPECT_BRACKET, "@x[1^" },
	{ __LINE__, TAP_ERR_EXPECT_BRACKET, "@x[1 ^2]" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "@x[^] = 1" },
	{ __LINE__, TAP_ERR_EXPECT_ASSIGN, "@x ^== 1" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "@x =^" },
	{ __LINE__, TAP_ERR_EXPECT_ASSIGN, "@x ^+ = 1" },
	{ __LINE__, TAP_ERR_EXPECT_ASSIGN, "@x ^+ + " },
	{ __LINE__, TAP_ERR_EXPECT_ASSIGN, "@x ^- 1" },
	{ __LINE__, TAP_ERR_EXPECT_SEMICOLON, "@x = ret ^= 5" },
	{ __LINE__, TAP_ERR_UNKNOWN_FUNCTION, "@x[1] += ^count()" },
	{ __LINE__, TAP_ERR_NOT_AN_AGG, "@x = (count(), ^1)" },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, "@x = (count()^" },
	{ __LINE__, TAP_ERR_EXPECT_SEMICOLON, "@x = count() ^+ 1" },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, "@x = (1^, 2)" },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS,
	  "@x = "
	  "(count(),count(),count(),count(),count(),count(),count(),count"
	  "(),^count())" },
	{ __LINE__, TAP_ERR_TOO_MANY_PARTS, "@x[1,2,3,4,5,6,7,8,^9] = 1" },
	/* calls */
	{ __LINE__, TAP_ERR_UNKNOWN_FUNCTION, "^foo()" },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, "foo(1^" },
	{ __LINE__, TAP_ERR_UNKNOWN_FUNCTION, "@x = ^foo(1)" },
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "@x = ^count" },
	{ __LINE__, TAP_ERR_UNKNOWN_FUNCTION, "@x[^sum(1)] = 1" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "record(^1)" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "record(^" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "stack(^,)" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "^clear()" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "clear(^5)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "clear(@slow[^1])" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "zero(@slow, ^1)" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "^delete()" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "delete(^1)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "delete(@slow[1], ^2)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "^print()" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "print(1, ^2)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "^printf()" },
	{ __LINE__, TAP_ERR_BAD_FORMAT, "printf(^5)" },
	{ __LINE__, TAP_ERR_BAD_FORMAT, "printf(^comm, 5)" },
	/* type_call.c */
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "@x = has(^)" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "@x = has(^5)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = has(@slow[1], ^2)" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "@x = has_key(^)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = has_key(@slow[^1], 2)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x[^str()] = 1" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x[str(1, 2, ^3)] = 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x[str(^comm, 5)] = 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x[kstr(^comm)] = 1" },
	{ __LINE__, TAP_ERR_BAD_LENGTH, "@x[str(ptr, ^0)] = 1" },
	{ __LINE__, TAP_ERR_BAD_LENGTH, "@x[str(ptr, ^257)] = 1" },
	{ __LINE__, TAP_ERR_BAD_LENGTH, "@x[str(ptr, ^ret)] = 1" },
	{ __LINE__, TAP_ERR_BAD_LENGTH, "@x[kstack(^0)] = 1" },
	{ __LINE__, TAP_ERR_BAD_LENGTH, "@x[kstack(^128)] = 1" },
	{ __LINE__, TAP_ERR_BAD_LENGTH, "@x[kstack(^ret)] = 1" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x[ustack(1, ^2)] = 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = ^kstack + 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = 1 + ^kstack(3)" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = ^str(ptr) + 1" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = ^@name[1] + 1" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = ^hex()" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = hex(1, ^2)" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = hex(^comm)" },
	{ __LINE__, TAP_ERR_NO_NAMES, "@x = enum(^ret)" },
	{ __LINE__, TAP_ERR_NO_NAMES, "@x = enum(^5)" },
	{ __LINE__, TAP_ERR_NO_NAMES, "@x = enum(^nsecs)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = enum(vec, ^1)" },
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "@x = ^nosuch" },
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "@x[1, ^nosuch] = 1" },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, "@x = ^args.pid2" },
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "@x = ^arg99" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = ^probe + 1" },
	{ __LINE__, TAP_ERR_NOT_HERE, "/^probe == \"x\"/ record()" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "/^str(ptr) == \"x\"/ record()" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "/^@name[1] == \"x\"/ record()" },
	/* aggregations */
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = ^count(1)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = ^sum()" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = ^sum(1, 2)" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = sum(^comm)" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "@x = (count(), sum(^name))" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = ^hist()" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = hist(n, ^6)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = hist(n, ^-1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = hist(n, ^ret)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "@x = ^lhist(n, 0, 10)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = lhist(n, ^10, 0, 1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = lhist(n, ^-5, 10, 1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = lhist(ret, ^0, 100000, 1)" },
	{ __LINE__, TAP_ERR_BAD_HIST, "@x = lhist(ret, 0, 10, ^pid)" },
	/* printf */
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(^\"%d\")" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%d\", 1, ^2)" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%d\", ^comm)" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%d\", ^kstack)" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%d\", ^\"x\")" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%d\", ^@name[1])" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%s\", ^5)" },
	{ __LINE__, TAP_ERR_FORMAT_ARGS, "printf(\"%s\", ^@slow[1])" },
	{ __LINE__, TAP_ERR_UNKNOWN_NAME, "printf(\"%s\", ^nosuch)" },
	{ __LINE__, TAP_ERR_BAD_FORMAT, "printf(\"^%n\", 5)" },
	{ __LINE__, TAP_ERR_BAD_FORMAT, "printf(\"\\t\\\\n%d ^%q\", 5, 5)" },
	{ __LINE__, TAP_ERR_BAD_FORMAT, "printf('\\'%d\\' ^%*d', 5, 5)" },
	{ __LINE__, TAP_ERR_BAD_FORMAT, "printf(^\"%sx\", ksym(ptr))" },
	{ __LINE__, TAP_ERR_BAD_FORMAT,
	  "printf(\"%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d^%d\")" },
	/* synthetic events */
	{ __LINE__, TAP_ERR_WRONG_ARGS, "^lat(1, comm)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "lat(1, comm, 2, ^3)" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "lat(1, ^2, 3)" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "lat(^comm, comm, 3)" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "lat(1, ^kstack, 3)" },
	{ __LINE__, TAP_ERR_WRONG_ARGS, "none(^1)" },
	/* tables: in the text */
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x = 1; ^@x = count()" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x = count(); ^@x = sum(1)" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x = hist(1); ^@x = hist(1, 2)" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x = 1; ^@x[1] = 2" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x[1] = 1; ^@x[\"a\"] = 2" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE,
	  "@x[1] = 1; if (^@x[\"a\", 2]) record()" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x = 1; ^@x = \"a\"" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "@x = kstack; ^@x = ustack" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@a = kstr(@a)" },
	{ __LINE__, TAP_ERR_NOT_HERE, "@b[@name[1]] = ^@name[@b[\"x\"]]" },
	{ __LINE__, TAP_ERR_NOT_HERE, "@name[1] = ^@name[2]" },
	{ __LINE__, TAP_ERR_NOT_HERE,
	  "@x[^@x[\"a\"]] = \"b\"" },
	{ __LINE__, TAP_ERR_TOO_MANY_TABLES,
	  "@a = 1;@b = 1;@c = 1;@d = 1;@e = 1;@f = 1;@g = 1;@i = 1;@j = "
	  "1;@k = 1;@l = 1;@m = 1;@n = 1;@o = 1;@p = 1;@q = 1;^@r = 1" },
	/* tables that exist */
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@cnt[1] = 2" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@cnt[1] += 2" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@cnt[comm] = count()" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@name[1] = name" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@slow = 1" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@slow[1, 2] = 1" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "/@slow[1] > 1/ ^@slow[1] = count()" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "record(); delete(^@slow)" },
	{ __LINE__, TAP_ERR_NO_TABLE, "clear(^@nope)" },
	{ __LINE__, TAP_ERR_KEY_TOO_LONG,
	  "^@x[str(n, 256), str(n, 256), str(n, 8)] = 1" },
	/* depth */
	{ __LINE__, TAP_ERR_TOO_DEEP,
	  "@x = "
	  "@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[@y[^@y[1]]]]]]]]]"
	  "]]]]]]]]" },
	{ __LINE__, TAP_ERR_TOO_DEEP,
	  "@x = "
	  "(((((((((((((((((((((((((((((((^(((((((((1))))))))))))))))))))"
	  "))))))))))))))))))))" },
	{ __LINE__, TAP_ERR_TOO_DEEP,
	  "@x = "
	  "hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(hex(he"
	  "x(^hex(hex(hex(hex(1))))))))))))))))))))" },
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
		prog = trace_tap_translate_action(text, &board.scope, &e);
		if (CASE(&bad[i], !prog, "'%s' is accepted", text))
			host_check_error(__FILE__, bad[i].line, text, &e,
					 bad[i].code, pos);
		trace_tap_prog_free(prog);
		free(text);
	}
}

/* The two shapes that do not fit are named. */
static void check_detail(const char *text, const char *detail)
{
	struct tap_error e = {};

	CHECK(!trace_tap_translate_action(text, &board.scope, &e));
	host_check(!strcmp(e.detail, detail), __FILE__, __LINE__,
		   "'%s': '%s', not '%s'", text, e.detail, detail);
}

static void check_details(void)
{
	check_detail("@cnt[comm] = count()",
		     "it is @cnt[s64] = count, not @cnt[str16] = count");
	check_detail("@x[1] = (sum(n), hist(1, 2)); @x['a'] = 2",
		     "it is @x[s64] = sum(u64), hist(2), not "
		     "@x[str8] = sum(u64), hist(2)");
	check_detail("@x[1] = (sum(n), hist(1, 2)); @x[2] = 2",
		     "it is @x[s64] = sum(u64), hist(2), not @x[s64] = s64");
	check_detail("@x[1] = 1; delete(@x['a'])",
		     "it is @x[s64] = s64, not @x[str8] = s64");
}

static const struct {
	int			line;
	enum tap_error_code	code;
	const char		*text;
} filters[] = {
	{ __LINE__, TAP_ERR_NO_TABLE, "^@nope[1]" },
	{ __LINE__, TAP_ERR_NO_TABLE, "ret == 1 && ^@nope == 2" },
	{ __LINE__, TAP_ERR_NO_TABLE, "^@" },
	{ __LINE__, TAP_ERR_NO_TABLE, "^@[1] == 1" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@slow" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@slow[1, 2] == 1" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@slow[comm]" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "^@name[1] == 1" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "^@name[1] == \"x\"" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "has(^@name[\"x\"])" },
	{ __LINE__, TAP_ERR_EXPECT_TABLE, "has(^5)" },
	{ __LINE__, TAP_ERR_EXPECT_CLOSE, "has(@slow^" },
	{ __LINE__, TAP_ERR_EXPECT_BRACKET, "@slow[1^" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "@slow[1] ==^" },
	{ __LINE__, TAP_ERR_EXPECT_OPERATOR, "@slow[1] == 1^; record()" },
	{ __LINE__, TAP_ERR_NOT_HERE, "@slow[^kstack]" },
	{ __LINE__, TAP_ERR_NOT_HERE, "@stk[^kstack(3)]" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "^str(id) == \"x\"" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "^str(filename, 5) == \"x\"" },
	{ __LINE__, TAP_ERR_NOT_A_STRING, "str(comm) ~ ^5" },
	{ __LINE__, TAP_ERR_NOT_A_NUMBER, "ustr(^comm) == \"x\"" },
	{ __LINE__, TAP_ERR_NOT_HERE, "@slow[^probe] == 1" },
	{ __LINE__, TAP_ERR_NOT_HERE, "^elapsed > 5" },
	{ __LINE__, TAP_ERR_NOT_HERE, "pid == 1 && ^common_caller > 5" },
	{ __LINE__, TAP_ERR_NOT_HERE, "^probe == 'x'" },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, "kstack ^== 5" },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, "foo(^1) == 1" },
	{ __LINE__, TAP_ERR_FIELD_NOT_FOUND, "count(^) > 5" },
	{ __LINE__, TAP_ERR_EXPECT_OPERAND, "@slow[pid]+^+" },
	{ __LINE__, TAP_ERR_EXPECT_OPERATOR, "@slow[pid] ^= 1" },
	{ __LINE__, TAP_ERR_INVALID_OP, "id =^ 1" },
	{ __LINE__, TAP_ERR_INVALID_OP, "id;^ 1" },
	{ __LINE__, TAP_ERR_INVALID_OP, "id[^1]" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "pid == ^@slow" },
	{ __LINE__, TAP_ERR_NO_NAMES, "enum(^ret) == 1 && id" },
	{ __LINE__, TAP_ERR_WRONG_SHAPE, "^@cnt[str(filename)]" },
};

static void check_filters(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i, pos;
	char *text;

	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		e = (struct tap_error){};
		text = host_unmark(filters[i].text, &pos);
		prog = trace_tap_translate(text, &board.scope, false, &e);
		if (CASE(&filters[i], !prog, "'%s' is accepted", text))
			host_check_error(__FILE__, filters[i].line, text, &e,
					 filters[i].code, pos);
		trace_tap_prog_free(prog);
		free(text);
	}
}

/* Kernels may have no tables, events no names or synthetic events. */
static void check_lacking(void)
{
	struct host_scope hs = board;
	struct tap_error e = {};

	hs.scope.event = &hs;
	hs.scope.table = NULL;
	hs.scope.names = NULL;
	hs.scope.synth = NULL;
	hs.scope.field_nr = NULL;
	CHECK(!trace_tap_translate_action("record(); @x = 1", &hs.scope, &e));
	CHECK(e.code == TAP_ERR_NO_TABLES && e.pos == 10);
	CHECK(!trace_tap_translate("pid == 1 && @x == 1", &hs.scope, false,
				   &e));
	CHECK(e.code == TAP_ERR_NO_TABLES && e.pos == 12);
	CHECK(!trace_tap_translate_action("print(enum(vec))", &hs.scope, &e));
	CHECK(e.code == TAP_ERR_NO_NAMES);
	CHECK(!trace_tap_translate_action("none()", &hs.scope, &e));
	CHECK(e.code == TAP_ERR_UNKNOWN_FUNCTION);
	CHECK(!trace_tap_translate_action("print(arg0)", &hs.scope, &e));
	CHECK(e.code == TAP_ERR_UNKNOWN_NAME);
}

void test_stmt_bad(void)
{
	host_board_init(&board);
	check_bad();
	check_details();
	check_filters();
	check_lacking();
}
