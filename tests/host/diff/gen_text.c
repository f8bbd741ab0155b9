// SPDX-License-Identifier: GPL-2.0
/* Random filter texts, see gen.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"
#include "stock.h"

/* One of the arguments, all of a size: their index by @g. */
#define PICK(g, ...)							\
	((const char *[]){ __VA_ARGS__ }[gen_below(g,			\
		sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *))])

/* The text that is being made; what does not fit is cut. */
struct out {
	char		*text;
	unsigned int	len;
};

static void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(o->text + o->len, GEN_TEXT - o->len, fmt, ap);
	va_end(ap);
	o->len += n < (int)(GEN_TEXT - o->len) ? n : (int)(GEN_TEXT - o->len) - 1;
}

static void put_space(struct gen *g, struct out *o)
{
	if (gen_below(g, 2))
		put(o, "%s", PICK(g, " ", " ", " ", "  ", "\t", "\n", " \t ",
				  "\xa0"));
}

static void hint_int(struct gen *g, int64_t value)
{
	if (g->nr_ints < GEN_HINTS)
		g->ints[g->nr_ints++] = value;
}

/* ------------------------------------------------------------ constants */

static int64_t some_int(struct gen *g)
{
	static const int64_t edges[] = {
		0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
		0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
		0x7fffffffffffffff, -1, -2, -128, -129, -32768, -0x80000000LL,
	};

	switch (gen_below(g, 8)) {
	case 0:
		return gen_random(g) >> gen_below(g, 64);
	case 1:
	case 2:
		return (uint64_t)edges[gen_below(g, sizeof(edges) /
						    sizeof(*edges))] +
		       (int)gen_below(g, 3) - 1;
	case 3:
		return INT64_MIN;
	default:
		return gen_below(g, 20);
	}
}

static void put_int(struct gen *g, struct out *o, const struct world_field *f)
{
	int64_t v = some_int(g);
	char sign[2] = "";
	uint64_t u = v;

	if (v < 0 && gen_below(g, f->is_signed ? 10 : 3)) {
		/* Negative numbers are no constants for unsigned fields. */
		if (f->is_signed) {
			sign[0] = '-';
			u = -u;
		} else {
			u >>= 1;
		}
	}
	hint_int(g, v < 0 && *sign ? v : (int64_t)u);

	switch (gen_below(g, 12)) {
	case 0:
	case 1:
	case 2:
		put(o, "%s0x%" PRIx64, sign, u);
		break;
	case 3:
		put(o, "%s0X%" PRIX64, sign, u);
		break;
	case 4:
		put(o, "%s0%" PRIo64, sign, u);
		break;
	case 5:
		if (!gen_below(g, 6)) {
			put(o, "%s", PICK(g, "0x", "-", "--1", "+1", "1_000",
					  "08", "10u", "0xg", "-0",
					  "18446744073709551616",
					  "-9223372036854775809",
					  "000000000000000000000001",
					  "0000000000000000000000001",
					  "0x00000000000000000000001",
					  "0xfeedfacedeadbeef", "1.5", "1e3"));
			break;
		}
		/* fallthrough */
	default:
		put(o, "%s%" PRIu64, sign, u);
	}
}

static void put_cpus(struct gen *g, struct out *o)
{
	unsigned int n = world.nr_cpus, a = gen_below(g, n), b;

	b = a + gen_below(g, n - a);
	hint_int(g, a);
	hint_int(g, b);
	switch (gen_below(g, 8)) {
	case 0:
	case 1:
		put(o, "CPUS{%u}", a);
		break;
	case 2:
		put(o, "CPUS{%u-%u}", a, b);
		break;
	case 3:
		put(o, "CPUS{%u,%u,%u}", a, b, gen_below(g, n));
		break;
	case 4:
		put(o, "CPUS{%u-%u:%u/%u}", a, b, 1 + gen_below(g, 2),
		    1 + gen_below(g, 4));
		break;
	case 5:
		put(o, "CPUS{%u,%u-%u}", gen_below(g, n), a, b);
		break;
	default:
		put(o, "CPUS{%s}",
		    PICK(g, "0", "0-1", "N", "all", "0-N", " 1", "1 ,\t0", ",",
			 " ", "1-", "3-1", "-1", "999", "4294967296", "x",
			 "0-0", "0-N:1/2", "ALL", "0,0", "", "01", "0x1"));
	}
}

static const char letters[] = "aabbccxyz_ .-";

static unsigned int put_letters(struct gen *g, char *s, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		s[i] = letters[gen_below(g, sizeof(letters) - 1)];
	s[n] = 0;
	return n;
}

/* The text of a string constant, without quotes. */
static void some_string(struct gen *g, char *s)
{
	unsigned int n = 0, i, len;

	if (!gen_below(g, 40)) {
		/* Around the longest that is allowed. */
		put_letters(g, s, 250 + gen_below(g, 10));
		return;
	}
	if (!gen_below(g, 12)) {
		strcpy(s, PICK(g, "*", "**", "", "!", "!*", "1*", "9", "!1*",
			       "?", "[a-c]", "[!a-c]*", "[a", "[]a]", "a\\*",
			       "\\", "***", "*a*b", "a*b*", "*?*", "!!a", "!!*",
			       "a)", "(a", "a&&b", "a||b", "a'b", "a\"b", "*[",
			       "\xe4*", "*\xff", "[\x80-\xff]*", "a*!", "!a*b",
			       "*a*b*c*", "a**b", "**a", "a**", "x[a-", "!?*"));
		return;
	}
	if (!gen_below(g, 8))
		s[n++] = '!';
	if (gen_below(g, 3) == 0)
		s[n++] = '*';
	for (i = gen_below(g, 3) + 1; i--; ) {
		len = gen_below(g, 16) ? gen_below(g, 4) : gen_below(g, 24);
		n += put_letters(g, s + n, len);
		if (!i)
			break;
		switch (gen_below(g, 6)) {
		case 0:
			s[n++] = '?';
			break;
		case 1:
			n += sprintf(s + n, "%s",
				     PICK(g, "[a-c]", "[!a]", "[xyz]", "\\a"));
			break;
		default:
			s[n++] = '*';
		}
	}
	if (gen_below(g, 3) == 0)
		s[n++] = '*';
	s[n] = 0;
}

static void put_string(struct gen *g, struct out *o)
{
	char s[GEN_STRING], quote = "'\""[gen_below(g, 2)];

	some_string(g, s);
	/* The quote would end the string: use the other one. */
	if (strchr(s, quote) && gen_below(g, 4))
		quote = quote == '"' ? '\'' : '"';
	if (g->nr_strs < GEN_HINTS)
		strcpy(g->strs[g->nr_strs++], s);
	put(o, "%c%s%c", quote, s, quote);
}

static void put_symbol(struct gen *g, struct out *o)
{
	unsigned int i = gen_below(g, 6);
	const char *name = world_symbol_name(i);
	uint64_t start, span;

	if (!name) {
		put(o, "%s ", PICK(g, "nosuch", "0", "0x0", "vfs_read)", "-1",
				   "0x00000000000000000000001", "1x", "'x'",
				   "18446744073709551615"));
		return;
	}
	world_symbol(name, &start, &span);
	hint_int(g, start);
	hint_int(g, start + span);
	if (gen_below(g, 3))
		put(o, "%s", name);
	else
		put(o, "0x%" PRIx64, start + gen_below(g, span + 2));
	/* The name runs to white space, over parentheses. */
	if (gen_below(g, 8))
		put(o, " ");
}

/* ----------------------------------------------------------- predicates */

static const struct world_field *some_field(struct gen *g, const char **name)
{
	static const char * const common[] = {
		"cpu", "CPU", "common_cpu", "comm", "COMM", "stacktrace",
		"STACKTRACE", "common_type", "common_flags",
		"common_preempt_count", "common_pid", "common_pid",
	};
	static const struct world_field none = { .type = "int", .size = 4 };
	const struct world_field *f;

	if (!gen_below(g, 60))
		*name = PICK(g, "nosuch", "common_tgid", "pid", "nsecs", "",
			     "a.b", "args", "in", "CPUS", "1", "tap");
	else if (!gen_below(g, 4))
		*name = common[gen_below(g, sizeof(common) / sizeof(*common))];
	else
		*name = g->ev.fields[gen_below(g, g->ev.nr_fields)].name;
	f = world_find_field(&g->ev, *name);
	return f ? f : &none;
}

/* What kind of constant a field is compared with; sometimes a wrong one. */
enum constant { INT, STRING, CPULIST, SYMBOL, WORD };

static enum constant some_constant(struct gen *g, const struct world_field *f)
{
	enum stock_string kind = stock_string_kind(f);

	if (!gen_below(g, 40))
		return gen_below(g, WORD + 1);
	if (kind == STOCK_MASK)
		return gen_below(g, 10) ? CPULIST : INT;
	if (f->size == 8 && !gen_below(g, 8))
		return SYMBOL;
	if (kind != STOCK_NO_STRING)
		return STRING;
	return gen_below(g, f->filter_type == WORLD_CPU ? 2 : 8) ? INT :
								    CPULIST;
}

static const char *some_op(struct gen *g, enum constant c)
{
	if (!gen_below(g, 50))
		return PICK(g, "~", "!~", "=", "===", "<>", "!", "^", "&&", "");
	switch (c) {
	case INT:
		return PICK(g, "==", "!=", "<", "<=", ">", ">=", "&");
	case STRING:
		return PICK(g, "==", "!=", "~", "~");
	case CPULIST:
		return PICK(g, "==", "!=", "&");
	default:
		return PICK(g, "==", "!=");
	}
}

static void put_pred(struct gen *g, struct out *o)
{
	const char *name;
	const struct world_field *f = some_field(g, &name);
	enum constant c = some_constant(g, f);

	put(o, "%s", name);
	if (!gen_below(g, stock_string_kind(f) == STOCK_PTR ? 2 : 40))
		put(o, ".ustring");
	if (c == SYMBOL || !gen_below(g, 100))
		put(o, ".function");
	put_space(g, o);
	put(o, "%s", some_op(g, c));
	put_space(g, o);
	switch (c) {
	case INT:
		put_int(g, o, f);
		break;
	case STRING:
		put_string(g, o);
		break;
	case CPULIST:
		put_cpus(g, o);
		break;
	case SYMBOL:
		put_symbol(g, o);
		break;
	case WORD:
		put(o, "%s", PICK(g, "foo", "CPUS", "CPUS{", "CPUS{1", "a*",
				  "cpu", "(1)", "RUNNING", ""));
	}
}

/* ftrace:function: "ip == name*", the name with or without quotes. */
static void put_ip_pred(struct gen *g, struct out *o)
{
	char s[GEN_STRING];

	put(o, "%s", gen_below(g, 12) ? "ip" : "parent_ip");
	put_space(g, o);
	put(o, "%s", gen_below(g, 20) ? PICK(g, "==", "!=") :
					PICK(g, "<", "~", "&", "="));
	put_space(g, o);
	if (!gen_below(g, 4)) {
		put_string(g, o);
	} else if (!gen_below(g, 20)) {
		some_string(g, s);
		put(o, "%s%s", s, s);
	} else {
		/* A quote in a name hides the rest from the first look. */
		put(o, "%s", PICK(g, "foo", "*foo*", "sys_*,do_*", "a b", "1",
				  "CPUS{1}", "", ")", "a.b", "x'y", "x'",
				  "'x\"", "\"", "x'"));
	}
	put_space(g, o);
}

/* expr: ["!"] (pred | "(" expr ")") { ("&&" | "||") ... } */
static void put_expr(struct gen *g, struct out *o, unsigned int depth)
{
	unsigned int terms = 1 + gen_below(g, depth ? 4 : 2);

	while (terms--) {
		put_space(g, o);
		while (!gen_below(g, 8)) {
			put(o, "!");
			put_space(g, o);
		}
		if (depth && gen_below(g, 2)) {
			put(o, "(");
			put_expr(g, o, depth - 1);
			put(o, ")");
		} else if (g->ev.is_function) {
			put_ip_pred(g, o);
		} else {
			put_pred(g, o);
		}
		put_space(g, o);
		if (terms)
			put(o, "%s", PICK(g, "&&", "||"));
	}
}

/*
 * Many parentheses and '!' around, or many terms: what recursion fears; or many
 * lists of every other CPU: what makes the longest programs.
 */
static void put_large(struct gen *g, struct out *o)
{
	unsigned int i, n = gen_below(g, 400), not = gen_below(g, 2);

	if (!gen_below(g, 6)) {
		while (n-- && o->len < GEN_TEXT - 700)
			put(o, "common_pid & CPUS{0-N:1/2} && ");
		put(o, "common_pid == 1");
		return;
	}
	if (gen_below(g, 2)) {
		for (i = 0; i < n; i++)
			put(o, not && gen_below(g, 2) ? "!(" : "(");
		put_expr(g, o, 2);
		for (i = 0; i < n; i++)
			put(o, ")");
		return;
	}
	while (n-- && o->len < GEN_TEXT - 700) {
		put_expr(g, o, 0);
		put(o, "%s", PICK(g, "&&", "||", "||"));
	}
	put_expr(g, o, 0);
}

void gen_text(struct gen *g, char *text)
{
	struct out o = { .text = text };

	g->nr_ints = 0;
	g->nr_strs = 0;
	*text = 0;
	if (!gen_below(g, 500))
		put(&o, "%s", PICK(g, "", " ", "0", "()", "!", "(", ")", "!()",
				   "(!)", "&&", "a", "tap 1 filter", "'", "\""));
	else if (!gen_below(g, 300))
		put_large(g, &o);
	else
		put_expr(g, &o, gen_below(g, 4) ? gen_below(g, 3) :
						  gen_below(g, 6));
}

/* -------------------------------------------------------------- mistakes */

static char some_char(struct gen *g)
{
	static const char chars[] = "()!&|=<>~'\"{}.-,0x*1aA_ \t\n\\[]?@#\xa0\xe4";

	if (!gen_below(g, 10))
		return 1 + gen_below(g, 255);
	return chars[gen_below(g, sizeof(chars) - 1)];
}

static void insert(char *text, unsigned int at, const char *s)
{
	unsigned int len = strlen(text), n = strlen(s);

	if (len + n >= GEN_TEXT)
		return;
	memmove(text + at + n, text + at, len - at + 1);
	memcpy(text + at, s, n);
}

void gen_mutate(struct gen *g, char *text)
{
	unsigned int len = strlen(text), at = gen_below(g, len + 1), n;
	char c[2] = { some_char(g) };

	n = at < len ? 1 + gen_below(g, len - at < 9 ? len - at : 9) : 0;
	switch (gen_below(g, 8)) {
	case 0:
		insert(text, at, c);
		break;
	case 1:
		insert(text, at, PICK(g, "&&", "||", "(", ")", "!", "'", "\"",
				      ".ustring", ".function", "CPUS{", "}",
				      "==", "!=", "~", "!~", "0x", "CPUS{0-1}",
				      "a == 1", " "));
		break;
	case 2:
		text[at] = at < len ? c[0] : 0;
		break;
	case 3:
		if (at + 1 < len) {
			c[0] = text[at];
			text[at] = text[at + 1];
			text[at + 1] = c[0];
		}
		break;
	case 4:
		memmove(text + at, text + at + n, len - at - n + 1);
		break;
	case 5:
		text[at] = 0;
		break;
	default:
		if (at < len)
			memmove(text + at, text + at + 1, len - at);
	}
}
