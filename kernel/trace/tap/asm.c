// SPDX-License-Identifier: GPL-2.0
/*
 * tap: program text to struct tap_prog.
 *
 * In:	tap 1 filter
 *		ld	r0, args.prev_prio	# a comment
 *		jge	r0, 10, reject
 *		jstr	args.next_comm, ~, "kw*", reject
 *		ret	1
 *	reject:	ret	0
 *	end
 *
 * Out: five instructions, two of them with the target 4, and the operands
 * args.prev_prio, args.next_comm and "kw*", still without a type. resolve.c
 * looks them up, verify.c decides whether the program makes sense, disasm.c
 * is the inverse.
 *
 *	text	= { blank | program } ;		the first of the kind asked for
 *	program	= "tap" VERSION KIND EOL { line EOL } "end" EOL ;
 *	line	= { LABEL ":" } [ MNEMONIC [ operand { "," operand } ] ] ;
 *	blank	= EOL ;
 *	EOL	= [ "#" comment ] ( newline | end of text ) ;
 *
 * The operands are the letters of the mnemonic's row in tap_bytecode.h. A line
 * that begins with the letters "end" is the last one, whatever follows, so that
 * text which arrives in pieces never needs a look at the next piece: no label
 * begins like that.
 */
#include "tap.h"

/* A label, from its first use or its definition on. */
struct tap_label {
	const char	*name;
	unsigned int	len;
	u32		hash;
	unsigned int	pos;		/* of the first use */
	unsigned int	target;		/* an instruction, or TAP_UNDEFINED */
};

#define TAP_UNDEFINED		UINT_MAX
#define TAP_MAX_LABELS		TAP_MAX_INSNS

/*
 * What is being assembled. p is the next byte, which every function below takes
 * as the place of an error unless it says otherwise.
 */
struct tap_asm {
	const char		*text;
	const char		*p;
	struct tap_prog		*prog;
	struct tap_error	*e;
	struct tap_arena	scratch;
	struct tap_label	*labels;
	unsigned int		nr_labels;
};

/* A word of the text: letters that belong together. */
struct tap_word {
	const char	*s;
	unsigned int	len;
};

static int tap_asm_error(struct tap_asm *a, enum tap_error_code code,
			 const char *at)
{
	int err = -EINVAL;

	if (code == TAP_ERR_TOO_LARGE || code == TAP_ERR_TEXT_TOO_LONG)
		err = -E2BIG;
	return trace_tap_error(a->e, err, code, at - a->text);
}

static int tap_asm_nomem(struct tap_asm *a)
{
	return trace_tap_error(a->e, -ENOMEM, TAP_ERR_NONE, 0);
}

/* The kernel's isalnum() takes Latin-1, which no name contains. */
static bool tap_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool tap_is_ident(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       tap_is_digit(c);
}

static bool tap_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *tap_skip_blanks(const char *p)
{
	while (tap_is_blank(*p))
		p++;
	return p;
}

/* Behind blanks and the comment, if there is one. */
static const char *tap_skip_comment(const char *p)
{
	p = tap_skip_blanks(p);
	if (*p == '#') {
		while (*p && *p != '\n')
			p++;
	}
	return p;
}

/* Behind lines without anything. */
static const char *tap_skip_lines(const char *p)
{
	for (;;) {
		p = tap_skip_comment(p);
		if (*p != '\n')
			return p;
		p++;
	}
}

/* Up to a blank or to punctuation that ends an operand or a label. */
static struct tap_word tap_word_at(const char *p)
{
	struct tap_word w = { .s = p };

	while (*p && !tap_is_blank(*p) && !strchr("\n,#:", *p))
		p++;
	w.len = p - w.s;
	return w;
}

static bool tap_word_is(struct tap_word w, const char *s)
{
	return strlen(s) == w.len && !memcmp(w.s, s, w.len);
}

static bool tap_is_end(const char *p)
{
	return !strncmp(p, "end", 3);
}

static struct tap_word tap_next_word(struct tap_asm *a)
{
	struct tap_word w;

	a->p = tap_skip_blanks(a->p);
	w = tap_word_at(a->p);
	a->p += w.len;
	return w;
}

/* Nothing but a comment may follow on this line. */
static int tap_asm_eol(struct tap_asm *a)
{
	a->p = tap_skip_comment(a->p);
	if (*a->p && *a->p != '\n')
		return tap_asm_error(a, TAP_ERR_TRAILING_TEXT, a->p);
	return 0;
}

/* ---------------------------------------------------------------- operands */

/* r0 to r15, or -1 */
static int tap_register(struct tap_word w)
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
	int nr = tap_register(w);

	if (nr < 0)
		return tap_asm_error(a, TAP_ERR_BAD_REGISTER, w.s);
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
static bool tap_number(struct tap_word w, s64 *value)
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

		if (digit < 0 || v > U64_MAX / base ||
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
	int reg = tap_register(w);

	if (reg >= 0) {
		insn->src = reg;
		return 0;
	}
	if (w.len && w.s[0] == 'r')
		return tap_asm_error(a, TAP_ERR_BAD_REGISTER, w.s);
	insn->is_imm = true;
	if (!tap_number(w, &insn->imm))
		return tap_asm_error(a, TAP_ERR_BAD_NUMBER, w.s);
	return 0;
}

static int tap_asm_operand(struct tap_asm *a, const struct tap_operand *op,
			   const char *at, u16 *index)
{
	int i = trace_tap_prog_operand(a->prog, op);

	if (i == -ENOMEM)
		return tap_asm_nomem(a);
	if (i < 0)
		return tap_asm_error(a, TAP_ERR_TOO_LARGE, at);
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
			return tap_asm_error(a, TAP_ERR_BAD_NAME, w.s);
	} else {
		name = trace_tap_strndup(&a->scratch, w.s, w.len);
		builtin = name ? trace_tap_find_builtin(name) : 0;
		if (builtin < 0)
			return tap_asm_error(a, TAP_ERR_BAD_NAME, w.s);
		op.type = trace_tap_builtins[builtin].type;
		op.is_builtin = true;
		op.builtin = builtin;
	}
	if (!name)
		return tap_asm_nomem(a);
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
	return tap_asm_error(a, TAP_ERR_BAD_RELATION, w.s);
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
	tap_asm_error(a, code, at);
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
		tap_asm_nomem(a);
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

static int tap_asm_string(struct tap_asm *a, u8 opcode, u16 *index)
{
	struct tap_operand op = { .type = TAP_STR };
	const char *at = a->p;

	op.text = tap_asm_quoted(a);
	if (!op.text)
		return a->e->err;
	op.size = strlen(op.text);
	if (opcode == TAP_OP_JFN || opcode == TAP_OP_JNFN)
		op.type = TAP_FUNC;
	else if (opcode == TAP_OP_JCPU || opcode == TAP_OP_JNCPU)
		op.type = TAP_CPUS;
	else if (op.size >= TAP_MAX_STR)
		return tap_asm_error(a, TAP_ERR_OPERAND_TOO_LONG, at);
	return tap_asm_operand(a, &op, at, index);
}

/* ------------------------------------------------------------------ labels */

static int tap_find_opcode(struct tap_word w)
{
	int i;

	for (i = 0; i < TAP_NR_OPCODES; i++) {
		if (tap_word_is(w, trace_tap_opcodes[i].mnemonic))
			return i;
	}
	return -1;
}

/* A name that nothing else on a line can be taken for. */
static bool tap_is_label(struct tap_word w)
{
	unsigned int i;

	if (!w.len || tap_is_digit(w.s[0]) || (w.len >= 3 && tap_is_end(w.s)))
		return false;
	for (i = 0; i < w.len; i++) {
		if (!tap_is_ident(w.s[i]))
			return false;
	}
	return tap_register(w) < 0 && tap_find_opcode(w) < 0;
}

/* The label of this name, made if there is none; index in a->labels. */
static int tap_asm_label(struct tap_asm *a, struct tap_word w,
			 unsigned int *index)
{
	struct tap_label *label;
	unsigned int i;
	u32 hash = 0;

	if (!tap_is_label(w))
		return tap_asm_error(a, TAP_ERR_BAD_LABEL, w.s);
	for (i = 0; i < w.len; i++)
		hash = hash * 31 + w.s[i];
	for (i = 0; i < a->nr_labels; i++) {
		label = &a->labels[i];
		if (label->hash == hash && label->len == w.len &&
		    !memcmp(label->name, w.s, w.len))
			break;
	}
	if (i == TAP_MAX_LABELS)
		return tap_asm_error(a, TAP_ERR_TOO_LARGE, w.s);
	if (i == a->nr_labels) {
		a->nr_labels++;
		a->labels[i] = (struct tap_label){
			.name = w.s, .len = w.len, .hash = hash,
			.pos = w.s - a->text, .target = TAP_UNDEFINED,
		};
	}
	*index = i;
	return 0;
}

/* Jumps hold the index of their label until all are known. */
static int tap_asm_link(struct tap_asm *a)
{
	const struct tap_label *label;
	struct tap_insn *insn;
	unsigned int i;

	for (i = 0; i < a->prog->nr_insns; i++) {
		insn = &a->prog->insns[i];
		if (!strchr(trace_tap_opcodes[insn->op].operands, 'L'))
			continue;
		label = &a->labels[insn->target];
		if (label->target == TAP_UNDEFINED)
			return tap_asm_error(a, TAP_ERR_NO_LABEL,
					     a->text + label->pos);
		insn->target = label->target;
	}
	return 0;
}

/* ------------------------------------------------------------------- lines */

static int tap_asm_letter(struct tap_asm *a, struct tap_insn *insn, char letter)
{
	unsigned int label;
	int err;

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
	case 'L':
		err = tap_asm_label(a, tap_next_word(a), &label);
		if (!err)
			insn->target = label;
		return err;
	default:
		return tap_asm_error(a, TAP_ERR_INTERNAL, a->p);
	}
}

/* MNEMONIC [ operand { "," operand } ] */
static int tap_asm_insn(struct tap_asm *a, struct tap_word w)
{
	const char *letters;
	struct tap_insn *insn;
	int op = tap_find_opcode(w), i, err;

	if (op < 0)
		return tap_asm_error(a, TAP_ERR_BAD_OPCODE, w.s);
	insn = trace_tap_prog_add(a->prog, op);
	if (!insn && a->prog->arena.failed)
		return tap_asm_nomem(a);
	if (!insn)
		return tap_asm_error(a, TAP_ERR_TOO_LARGE, w.s);
	insn->pos = w.s - a->text;
	letters = trace_tap_opcodes[op].operands;
	for (i = 0; letters[i]; i++) {
		a->p = tap_skip_blanks(a->p);
		if (i && *a->p != ',')
			return tap_asm_error(a, TAP_ERR_EXPECT_COMMA, a->p);
		if (i)
			a->p = tap_skip_blanks(a->p + 1);
		insn->at[i] = a->p - w.s;
		err = tap_asm_letter(a, insn, letters[i]);
		if (err)
			return err;
	}
	return 0;
}

/* { LABEL ":" } [ instruction ] EOL, in a line that is not the last */
static int tap_asm_line(struct tap_asm *a)
{
	struct tap_word w;
	unsigned int label;
	int err;

	for (;;) {
		a->p = tap_skip_comment(a->p);
		if (!*a->p || *a->p == '\n')
			return 0;
		w = tap_next_word(a);
		if (*a->p != ':')
			break;
		a->p++;
		err = tap_asm_label(a, w, &label);
		if (err)
			return err;
		if (a->labels[label].target != TAP_UNDEFINED)
			return tap_asm_error(a, TAP_ERR_DUP_LABEL, w.s);
		a->labels[label].target = a->prog->nr_insns;
	}
	err = tap_asm_insn(a, w);
	return err ? err : tap_asm_eol(a);
}

/* The lines behind the header, to the end of the "end" line. */
static int tap_asm_body(struct tap_asm *a)
{
	int err;

	for (;;) {
		a->p = tap_skip_lines(a->p);
		if (!*a->p)
			return tap_asm_error(a, TAP_ERR_NO_END, a->p);
		if (tap_is_end(a->p))
			break;
		err = tap_asm_line(a);
		if (err)
			return err;
	}
	if (!tap_word_is(tap_word_at(a->p), "end"))
		return tap_asm_error(a, TAP_ERR_BAD_OPCODE, a->p);
	a->p += 3;
	return tap_asm_eol(a);
}

/* The same lines, of a program for another file: not looked at. */
static int tap_skip_body(struct tap_asm *a)
{
	for (;;) {
		a->p = tap_skip_lines(a->p);
		if (!*a->p)
			return tap_asm_error(a, TAP_ERR_NO_END, a->p);
		if (tap_is_end(a->p))
			break;
		a->p += strcspn(a->p, "\n");
	}
	a->p += 3;
	return tap_asm_eol(a);
}

/* "tap" VERSION KIND */
static int tap_asm_header(struct tap_asm *a, enum tap_prog_kind *kind)
{
	struct tap_word w = tap_next_word(a);
	s64 version;

	if (!tap_word_is(w, "tap"))
		return tap_asm_error(a, TAP_ERR_NO_HEADER, w.s);
	w = tap_next_word(a);
	if (!tap_number(w, &version) || version != TAP_VERSION)
		return tap_asm_error(a, TAP_ERR_BAD_VERSION, w.s);
	w = tap_next_word(a);
	if (tap_word_is(w, "filter"))
		*kind = TAP_FILTER;
	else if (tap_word_is(w, "action"))
		*kind = TAP_ACTION;
	else
		return tap_asm_error(a, TAP_ERR_BAD_KIND, w.s);
	return tap_asm_eol(a);
}

/* All of the text; the first program of the kind asked for is taken. */
static int tap_asm_text(struct tap_asm *a)
{
	const char *other = NULL, *start;
	enum tap_prog_kind kind = TAP_FILTER;
	bool found = false;
	int err;

	for (;;) {
		a->p = tap_skip_lines(a->p);
		start = a->p;
		if (!*start)
			break;
		err = tap_asm_header(a, &kind);
		if (err)
			return err;
		if (kind != a->prog->kind || found) {
			other = other ?: start;
			err = tap_skip_body(a);
		} else {
			found = true;
			err = tap_asm_body(a);
		}
		if (err)
			return err;
	}
	if (found)
		return tap_asm_link(a);
	return tap_asm_error(a, other ? TAP_ERR_BAD_KIND : TAP_ERR_NO_HEADER,
			     other ?: a->p);
}

/**
 * trace_tap_is_prog - whether a text is a program, and not an expression
 * @text: the text, or a beginning of it that has its first line
 *
 * Return: whether the first line with anything in it begins like a header.
 */
bool trace_tap_is_prog(const char *text)
{
	const char *p = tap_skip_lines(text);

	if (strncmp(p, "tap", 3) || !tap_is_blank(p[3]))
		return false;
	return tap_is_digit(*tap_skip_blanks(p + 3));
}

/**
 * trace_tap_prog_text_len - where the first program of a text ends
 * @text: what has arrived of the text so far; needs no NUL
 * @len: bytes of it
 *
 * What has arrived by then is enough, whatever comes next: a line that begins
 * with "end" can only be the last.
 *
 * Return: bytes up to the end of the "end" line, its newline included if it has
 * arrived, or 0 if the line has not.
 */
size_t trace_tap_prog_text_len(const char *text, size_t len)
{
	size_t i = 0;
	bool last;

	while (i < len) {
		while (i < len && tap_is_blank(text[i]))
			i++;
		last = len - i >= 3 && tap_is_end(text + i);
		while (i < len && text[i] != '\n')
			i++;
		if (i < len)
			i++;
		if (last)
			return i;
	}
	return 0;
}

/**
 * trace_tap_asm - assemble program text
 * @text: the text; may hold several programs
 * @kind: which of them to take: the first of this kind
 * @e: what is wrong, and where, if NULL is returned
 *
 * May sleep. The program is neither resolved nor verified.
 *
 * Return: the program, for trace_tap_prog_free(), or NULL.
 */
struct tap_prog *trace_tap_asm(const char *text, enum tap_prog_kind kind,
			       struct tap_error *e)
{
	struct tap_asm a = { .text = text, .p = text, .e = e };
	int err;

	a.prog = trace_tap_prog_new(kind);
	a.labels = trace_tap_alloc(&a.scratch,
				   TAP_MAX_LABELS * sizeof(*a.labels));
	if (!a.prog || !a.labels)
		err = tap_asm_nomem(&a);
	else if (strlen(text) > TAP_MAX_TEXT)
		err = tap_asm_error(&a, TAP_ERR_TEXT_TOO_LONG,
				    text + TAP_MAX_TEXT);
	else
		err = tap_asm_text(&a);
	trace_tap_arena_free(&a.scratch);
	if (err) {
		trace_tap_prog_free(a.prog);
		return NULL;
	}
	return a.prog;
}
