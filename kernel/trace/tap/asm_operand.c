// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the operands of an assembled instruction.
 *
 *	in:	key	@us, 0, kstr(r1, 64)
 *			^ behind the mnemonic
 *	out:	insn->name the table us, ->part 0, ->rel TAP_SRC_KSTR, ->src 1 and
 *		->imm 64
 *
 * The letters of a row in tap_bytecode.h say what comes, asm.c walks them.
 */
#include "asm.h"

/* r0 to r15, or -1 */
int trace_tap_asm_register(struct tap_word w)
{
	int reg;

	if (w.len < 2 || w.len > 3 || w.s[0] != 'r' || !tap_is_digit(w.s[1]))
		return -1;
	reg = w.s[1] - '0';
	if (w.len == 3) {
		if (!reg || !tap_is_digit(w.s[2]))
			return -1;
		reg = reg * 10 + w.s[2] - '0';
	}
	return reg < TAP_NR_REGS ? reg : -1;
}

static int tap_asm_register(struct tap_asm *a, u8 *reg)
{
	struct tap_word w = tap_next_word(a);
	int nr = trace_tap_asm_register(w);

	if (nr < 0)
		return trace_tap_asm_error(a, TAP_ERR_BAD_REGISTER, w.s);
	*reg = nr;
	return 0;
}

static int tap_digit(char c, unsigned int base)
{
	int digit = 16;

	if (tap_is_digit(c))
		digit = c - '0';
	else if (c >= 'a' && c <= 'f')
		digit = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		digit = c - 'A' + 10;
	return digit < base ? digit : -1;
}

/*
 * 42, -1, 0xff; what fits 64 bits, signed or not. A leading 0 is an error,
 * because it means octal elsewhere.
 */
bool trace_tap_asm_number(struct tap_word w, s64 *value)
{
	bool minus = w.len && w.s[0] == '-';
	unsigned int base = 10, i = minus;
	u64 v = 0;

	if (w.len > i + 1 && w.s[i] == '0') {
		if (w.len == i + 2 || w.s[i + 1] != 'x')
			return false;
		base = 16;
		i += 2;
	}
	if (i == w.len)
		return false;
	for (; i < w.len; i++) {
		int digit = tap_digit(w.s[i], base);

		if (digit < 0 || v > div64_u64(U64_MAX, base) ||
		    v * base > U64_MAX - digit)
			return false;
		v = v * base + digit;
	}
	if (minus && v > 1ULL << 63)
		return false;
	*value = minus ? 0 - v : v;
	return true;
}

static int tap_asm_value(struct tap_asm *a, struct tap_insn *insn)
{
	struct tap_word w = tap_next_word(a);
	int reg = trace_tap_asm_register(w);

	if (reg >= 0) {
		insn->src = reg;
		return 0;
	}
	if (w.len && w.s[0] == 'r')
		return trace_tap_asm_error(a, TAP_ERR_BAD_REGISTER, w.s);
	insn->is_imm = true;
	if (!trace_tap_asm_number(w, &insn->imm))
		return trace_tap_asm_error(a, TAP_ERR_BAD_NUMBER, w.s);
	return 0;
}

static int tap_asm_operand(struct tap_asm *a, const struct tap_operand *op,
			   const char *at, u16 *index)
{
	int i = trace_tap_prog_operand(a->prog, op);

	if (i == -ENOMEM)
		return trace_tap_asm_nomem(a);
	if (i < 0)
		return trace_tap_asm_error(a, TAP_ERR_TOO_LARGE, at);
	*index = i;
	return 0;
}

/* args.FIELD, args.FIELD.ustring, or a builtin */
static int tap_asm_name(struct tap_asm *a, u16 *index)
{
	struct tap_word w = tap_next_word(a);
	struct tap_operand op = {};
	const char *s = w.s + 5, *end = w.s + w.len;
	char *name;
	int builtin;

	if (w.len > 5 && !memcmp(w.s, "args.", 5)) {
		while (s < end && tap_is_ident(*s))
			s++;
		name = trace_tap_strndup(&a->scratch, w.s + 5, s - w.s - 5);
		if (end - s == 8 && !memcmp(s, ".ustring", 8)) {
			op.type = TAP_USER;
			end = s;
		}
		if (s == w.s + 5 || s != end)
			return trace_tap_asm_error(a, TAP_ERR_BAD_NAME, w.s);
	} else {
		name = trace_tap_strndup(&a->scratch, w.s, w.len);
		builtin = name ? trace_tap_find_builtin(name) : 0;
		if (builtin < 0)
			return trace_tap_asm_error(a, TAP_ERR_BAD_NAME, w.s);
		op.type = trace_tap_builtins[builtin].type;
		op.is_builtin = true;
		op.builtin = builtin;
	}
	if (!name)
		return trace_tap_asm_nomem(a);
	op.text = name;
	return tap_asm_operand(a, &op, w.s, index);
}

/* The relations of strings (letter R), or those of CPU masks (letter C). */
static bool tap_relation_fits(enum tap_relation rel, char letter)
{
	switch (rel) {
	case TAP_REL_EQ:
	case TAP_REL_NE:
		return true;
	case TAP_REL_GLOB:
	case TAP_REL_NGLOB:
		return letter == 'R';
	case TAP_REL_AND:
		return letter == 'C';
	default:
		return false;
	}
}

static int tap_asm_relation(struct tap_asm *a, char letter, u8 *rel)
{
	struct tap_word w = tap_next_word(a);
	int i;

	for (i = 0; i < TAP_NR_RELATIONS; i++) {
		if (!tap_word_is(w, trace_tap_relations[i]))
			continue;
		if (!tap_relation_fits(i, letter))
			break;
		*rel = i;
		return 0;
	}
	return trace_tap_asm_error(a, TAP_ERR_BAD_RELATION, w.s);
}

/* One character of a string, escapes included, or -1. a->p is behind it. */
static int tap_asm_char(struct tap_asm *a)
{
	int c = (u8)*a->p++, high, low;

	if (c != '\\')
		return c;
	c = *a->p;
	if (!c || c == '\n')
		return -1;
	a->p++;
	switch (c) {
	case '\\':
	case '\'':
	case '"':
		return c;
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'x':
		high = tap_digit(a->p[0], 16);
		low = high < 0 ? -1 : tap_digit(a->p[1], 16);
		if (low < 0 || high + low == 0)	/* a NUL would end it */
			return -1;
		a->p += 2;
		return high << 4 | low;
	default:
		return -1;
	}
}

static char *tap_asm_no_string(struct tap_asm *a, enum tap_error_code code,
			       const char *at)
{
	trace_tap_asm_error(a, code, at);
	return NULL;
}

/* 'text' or "text" at a->p, which ends up behind it; NULL is an error. */
static char *tap_asm_quoted(struct tap_asm *a)
{
	const char *start = a->p, *at;
	unsigned int n = 0;
	char quote = *start, *out;
	int c;

	if (quote != '\'' && quote != '"')
		return tap_asm_no_string(a, TAP_ERR_BAD_STRING, start);
	for (at = start + 1; *at && *at != '\n' && *at != quote; at++) {
		if (*at == '\\' && at[1] && at[1] != '\n')
			at++;
	}
	if (*at != quote)
		return tap_asm_no_string(a, TAP_ERR_MISSING_QUOTE, start);
	out = trace_tap_alloc(&a->scratch, at - start);
	if (!out) {
		trace_tap_asm_nomem(a);
		return NULL;
	}
	a->p++;
	while (*a->p != quote) {
		at = a->p;
		c = tap_asm_char(a);
		if (c < 0)
			return tap_asm_no_string(a, TAP_ERR_BAD_ESCAPE, at);
		out[n++] = c;
	}
	a->p++;
	return out;
}

/* Where in the text the character number @nr of the string at @at is. */
static const char *tap_asm_nth(const char *at, unsigned int nr)
{
	for (at++; nr; nr--) {
		if (*at != '\\')
			at++;
		else
			at += at[1] == 'x' ? 4 : 2;
	}
	return at;
}

static int tap_asm_format(struct tap_asm *a, struct tap_operand *op,
			  const char *at)
{
	unsigned int bad;

	op->format = trace_tap_format_parse(&a->scratch, op->text, &bad);
	if (op->format)
		return 0;
	if (a->scratch.failed)
		return trace_tap_asm_nomem(a);
	return trace_tap_asm_error(a, TAP_ERR_BAD_FORMAT, tap_asm_nth(at, bad));
}

/* Operand Q: what it is follows from the opcode. */
static enum tap_type tap_string_type(u8 opcode)
{
	switch (opcode) {
	case TAP_OP_JFN:
	case TAP_OP_JNFN:
		return TAP_FUNC;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		return TAP_CPUS;
	case TAP_OP_PRINTF:
		return TAP_FORMAT;
	case TAP_OP_SYNTH:
		return TAP_SYNTH;
	default:
		return TAP_STR;
	}
}

static int tap_asm_string(struct tap_asm *a, u8 opcode, u16 *index)
{
	struct tap_operand op = { .type = tap_string_type(opcode) };
	const char *at = a->p;
	unsigned int limit;
	int err;

	op.text = tap_asm_quoted(a);
	if (!op.text)
		return a->e->err;
	op.size = strlen(op.text);
	limit = op.type == TAP_FORMAT ? TAP_MAX_FORMAT : TAP_MAX_STR;
	if (op.type != TAP_FUNC && op.type != TAP_CPUS && op.size >= limit)
		return trace_tap_asm_error(a, TAP_ERR_OPERAND_TOO_LONG, at);
	err = op.type == TAP_FORMAT ? tap_asm_format(a, &op, at) : 0;
	return err ? err : tap_asm_operand(a, &op, at, index);
}

/* ---------------------------------------------- tables, numbers and sources */

/* The index of a table that the program has declared, or -1. */
static int tap_find_table(const struct tap_prog *prog, const char *name,
			  unsigned int len)
{
	const struct tap_operand *op;
	unsigned int i;

	for (i = 0; i < prog->nr_operands; i++) {
		op = &prog->operands[i];
		if (op->type == TAP_TABLE && strlen(op->text) == len &&
		    !memcmp(op->text, name, len))
			return i;
	}
	return -1;
}

/* Behind "table". No other operand comes before, so all are tables. */
int trace_tap_asm_table(struct tap_asm *a)
{
	struct tap_operand op = { .type = TAP_TABLE };
	const char *start, *end;
	u16 index;

	a->p = tap_skip_blanks(a->p);
	start = a->p;
	op.shape = trace_tap_shape_parse(&a->scratch, start, &end, a->e);
	if (!op.shape) {
		if (a->e->code)
			a->e->pos += start - a->text;
		return a->e->err;
	}
	a->p = end;
	op.text = op.shape->name;
	if (tap_find_table(a->prog, op.text, strlen(op.text)) >= 0)
		return trace_tap_asm_error(a, TAP_ERR_TABLE_EXISTS, start);
	if (a->prog->nr_operands == TAP_MAX_TABLES)
		return trace_tap_asm_error(a, TAP_ERR_TOO_MANY_TABLES, start);
	return tap_asm_operand(a, &op, start, &index);
}

/* @us */
static int tap_asm_use_table(struct tap_asm *a, u16 *index)
{
	struct tap_word w = tap_next_word(a);
	int i;

	if (!w.len || *w.s != '@')
		return trace_tap_asm_error(a, TAP_ERR_EXPECT_TABLE, w.s);
	i = tap_find_table(a->prog, w.s + 1, w.len - 1);
	if (i < 0)
		return trace_tap_asm_error(a, TAP_ERR_NO_TABLE, w.s);
	*index = i;
	return 0;
}

static int tap_asm_part(struct tap_asm *a, u8 *part)
{
	struct tap_word w = tap_next_word(a);
	s64 value;

	if (!trace_tap_asm_number(w, &value) || value < 0 || value > U8_MAX)
		return trace_tap_asm_error(a, TAP_ERR_BAD_NUMBER, w.s);
	*part = value;
	return 0;
}

static int tap_asm_count(struct tap_asm *a, s64 *value)
{
	struct tap_word w = tap_next_word(a);

	if (!trace_tap_asm_number(w, value))
		return trace_tap_asm_error(a, TAP_ERR_BAD_NUMBER, w.s);
	return 0;
}

/* A word between the parentheses of a source. */
static struct tap_word tap_inner_word(struct tap_asm *a)
{
	struct tap_word w;
	unsigned int len = 0;

	a->p = tap_skip_blanks(a->p);
	w = tap_word_at(a->p);
	while (len < w.len && w.s[len] != ')')
		len++;
	w.len = len;
	a->p += len;
	return w;
}

/* args.FIELD: the names of its values */
static int tap_asm_names(struct tap_asm *a, struct tap_word w, u16 *index)
{
	struct tap_operand op = { .type = TAP_NAMES };
	unsigned int i;

	for (i = 5; i < w.len && tap_is_ident(w.s[i]); i++)
		;
	if (w.len <= 5 || memcmp(w.s, "args.", 5) || i < w.len)
		return trace_tap_asm_error(a, TAP_ERR_BAD_NAME, w.s);
	op.text = trace_tap_strndup(&a->scratch, w.s + 5, w.len - 5);
	if (!op.text)
		return trace_tap_asm_nomem(a);
	return tap_asm_operand(a, &op, w.s, index);
}

static int tap_asm_inner(struct tap_asm *a, struct tap_insn *insn, char letter)
{
	struct tap_word w = tap_inner_word(a);
	int reg;

	switch (letter) {
	case 'V':
		reg = trace_tap_asm_register(w);
		if (reg < 0)
			return trace_tap_asm_error(a, TAP_ERR_BAD_REGISTER,
						   w.s);
		insn->src = reg;
		return 0;
	case 'I':
		if (!trace_tap_asm_number(w, &insn->imm))
			return trace_tap_asm_error(a, TAP_ERR_BAD_NUMBER, w.s);
		return 0;
	default:
		return tap_asm_names(a, w, &insn->str);
	}
}

/* kstr(r1, 64); a->p is behind the '(' */
static int tap_asm_call(struct tap_asm *a, struct tap_insn *insn)
{
	const char *takes = trace_tap_sources[insn->rel].takes;
	int i, err;

	for (i = 0; takes[i]; i++) {
		a->p = tap_skip_blanks(a->p);
		if (i && *a->p != ',')
			return trace_tap_asm_error(a, TAP_ERR_EXPECT_COMMA,
						   a->p);
		if (i)
			a->p++;
		err = tap_asm_inner(a, insn, takes[i]);
		if (err)
			return err;
	}
	a->p = tap_skip_blanks(a->p);
	if (*a->p != ')')
		return trace_tap_asm_error(a, TAP_ERR_EXPECT_CLOSE, a->p);
	a->p++;
	return 0;
}

/* A source that is written like a function, or TAP_NR_SOURCES. */
static enum tap_source tap_find_source(const char *p, const char **open)
{
	unsigned int i, len = 0;

	while (tap_is_ident(p[len]))
		len++;
	*open = p + len;
	for (i = 0; **open == '(' && i < TAP_NR_SOURCES; i++) {
		if (*trace_tap_sources[i].takes &&
		    strlen(trace_tap_sources[i].name) == len &&
		    !memcmp(trace_tap_sources[i].name, p, len))
			return i;
	}
	return TAP_NR_SOURCES;
}

/* Operand X */
static int tap_asm_source(struct tap_asm *a, struct tap_insn *insn)
{
	const char *start = a->p, *open;
	struct tap_word w = tap_word_at(start);

	if (*start == '@') {
		insn->rel = TAP_SRC_TABLE;
		return tap_asm_use_table(a, &insn->str);
	}
	if (*start == '"' || *start == '\'') {
		insn->rel = TAP_SRC_TEXT;
		return tap_asm_string(a, insn->op, &insn->str);
	}
	insn->rel = tap_find_source(start, &open);
	if (insn->rel < TAP_NR_SOURCES) {
		a->p = open + 1;
		return tap_asm_call(a, insn);
	}
	if (*open == '(' || !w.len)
		return trace_tap_asm_error(a, TAP_ERR_BAD_SOURCE, start);
	if (trace_tap_asm_register(w) >= 0 || tap_is_digit(*start) ||
	    *start == '-') {
		insn->rel = TAP_SRC_REG;
		if (trace_tap_asm_register(w) < 0)
			insn->rel = TAP_SRC_IMM;
		return tap_asm_value(a, insn);
	}
	insn->rel = TAP_SRC_NAME;
	return tap_asm_name(a, &insn->str);
}

/* One operand of a row, but for labels. */
int trace_tap_asm_letter(struct tap_asm *a, struct tap_insn *insn, char letter)
{
	switch (letter) {
	case 'D':
	case 'A':
		return tap_asm_register(a, &insn->reg);
	case 'V':
		return tap_asm_value(a, insn);
	case 'N':
	case 'S':
	case 'M':
		return tap_asm_name(a, &insn->name);
	case 'T':
		return tap_asm_name(a, &insn->str);
	case 'R':
	case 'E':
	case 'C':
		return tap_asm_relation(a, letter, &insn->rel);
	case 'Q':
		/* jfn A, Q, L has no name: its function stands there */
		if (insn->op == TAP_OP_JFN || insn->op == TAP_OP_JNFN)
			return tap_asm_string(a, insn->op, &insn->name);
		return tap_asm_string(a, insn->op, &insn->str);
	case 'B':
		return tap_asm_use_table(a, &insn->name);
	case 'P':
		return tap_asm_part(a, &insn->part);
	case 'I':
		return tap_asm_count(a, &insn->imm);
	case 'X':
		return tap_asm_source(a, insn);
	default:
		return trace_tap_asm_error(a, TAP_ERR_INTERNAL, a->p);
	}
}

