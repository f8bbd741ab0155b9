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
 *	program	= "tap" VERSION KIND EOL { table EOL } { line EOL } "end" EOL ;
 *	table	= [ "table" SHAPE ] ;		see shape.h
 *	line	= { LABEL ":" } [ MNEMONIC [ operand { "," operand } ] ] ;
 *	blank	= EOL ;
 *	EOL	= [ "#" comment ] ( newline | end of text ) ;
 *
 * The operands are the letters of the mnemonic's row in tap_bytecode.h. A line
 * that begins with the letters "end" is the last one, whatever follows, so that
 * text which arrives in pieces never needs a look at the next piece: no label
 * begins like that.
 */
#include "asm.h"

int trace_tap_asm_error(struct tap_asm *a, enum tap_error_code code,
			const char *at)
{
	int err = -EINVAL;

	if (code == TAP_ERR_TOO_LARGE || code == TAP_ERR_TEXT_TOO_LONG ||
	    code == TAP_ERR_TOO_MANY_TABLES)
		err = -E2BIG;
	return trace_tap_error(a->e, err, code, at - a->text);
}

int trace_tap_asm_nomem(struct tap_asm *a)
{
	return trace_tap_error(a->e, -ENOMEM, TAP_ERR_NONE, 0);
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

static bool tap_is_end(const char *p)
{
	return !strncmp(p, "end", 3);
}

/* Nothing but a comment may follow on this line. */
static int tap_asm_eol(struct tap_asm *a)
{
	a->p = tap_skip_comment(a->p);
	if (*a->p && *a->p != '\n')
		return trace_tap_asm_error(a, TAP_ERR_TRAILING_TEXT, a->p);
	return 0;
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
	return trace_tap_asm_register(w) < 0 && tap_find_opcode(w) < 0;
}

/* The label of this name, made if there is none; index in a->labels. */
static int tap_asm_label(struct tap_asm *a, struct tap_word w,
			 unsigned int *index)
{
	struct tap_label *label;
	unsigned int i;
	u32 hash = 0;

	if (!tap_is_label(w))
		return trace_tap_asm_error(a, TAP_ERR_BAD_LABEL, w.s);
	for (i = 0; i < w.len; i++)
		hash = hash * 31 + w.s[i];
	for (i = 0; i < a->nr_labels; i++) {
		label = &a->labels[i];
		if (label->hash == hash && label->len == w.len &&
		    !memcmp(label->name, w.s, w.len))
			break;
	}
	if (i == TAP_MAX_LABELS)
		return trace_tap_asm_error(a, TAP_ERR_TOO_LARGE, w.s);
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
			return trace_tap_asm_error(a, TAP_ERR_NO_LABEL,
						   a->text + label->pos);
		insn->target = label->target;
	}
	return 0;
}

/* ------------------------------------------------------------------- lines */

static int tap_asm_target(struct tap_asm *a, struct tap_insn *insn)
{
	unsigned int label;
	int err = tap_asm_label(a, tap_next_word(a), &label);

	if (!err)
		insn->target = label;
	return err;
}

/* MNEMONIC [ operand { "," operand } ] */
static int tap_asm_insn(struct tap_asm *a, struct tap_word w)
{
	const char *letters;
	struct tap_insn *insn;
	int op = tap_find_opcode(w), i, err;

	if (op < 0)
		return trace_tap_asm_error(a, TAP_ERR_BAD_OPCODE, w.s);
	insn = trace_tap_prog_add(a->prog, op);
	if (!insn && a->prog->arena.failed)
		return trace_tap_asm_nomem(a);
	if (!insn)
		return trace_tap_asm_error(a, TAP_ERR_TOO_LARGE, w.s);
	insn->pos = w.s - a->text;
	letters = trace_tap_opcodes[op].operands;
	for (i = 0; letters[i]; i++) {
		a->p = tap_skip_blanks(a->p);
		if (i && *a->p != ',')
			return trace_tap_asm_error(a, TAP_ERR_EXPECT_COMMA, a->p);
		if (i)
			a->p = tap_skip_blanks(a->p + 1);
		insn->at[i] = a->p - w.s;
		if (letters[i] == 'L')
			err = tap_asm_target(a, insn);
		else
			err = trace_tap_asm_letter(a, insn, letters[i]);
		if (err)
			return err;
	}
	return 0;
}

/* "table" SHAPE: in front of all that uses it */
static int tap_asm_table(struct tap_asm *a, struct tap_word w)
{
	if (a->prog->nr_insns || a->nr_labels)
		return trace_tap_asm_error(a, TAP_ERR_NOT_HERE, w.s);
	return trace_tap_asm_table(a);
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
			return trace_tap_asm_error(a, TAP_ERR_DUP_LABEL, w.s);
		a->labels[label].target = a->prog->nr_insns;
	}
	if (tap_word_is(w, "table"))
		err = tap_asm_table(a, w);
	else
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
			return trace_tap_asm_error(a, TAP_ERR_NO_END, a->p);
		if (tap_is_end(a->p))
			break;
		err = tap_asm_line(a);
		if (err)
			return err;
	}
	if (!tap_word_is(tap_word_at(a->p), "end"))
		return trace_tap_asm_error(a, TAP_ERR_BAD_OPCODE, a->p);
	a->p += 3;
	return tap_asm_eol(a);
}

/* The same lines, of a program for another file: not looked at. */
static int tap_skip_body(struct tap_asm *a)
{
	for (;;) {
		a->p = tap_skip_lines(a->p);
		if (!*a->p)
			return trace_tap_asm_error(a, TAP_ERR_NO_END, a->p);
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
		return trace_tap_asm_error(a, TAP_ERR_NO_HEADER, w.s);
	w = tap_next_word(a);
	if (!trace_tap_asm_number(w, &version) || version != TAP_VERSION)
		return trace_tap_asm_error(a, TAP_ERR_BAD_VERSION, w.s);
	w = tap_next_word(a);
	if (tap_word_is(w, "filter"))
		*kind = TAP_FILTER;
	else if (tap_word_is(w, "action"))
		*kind = TAP_ACTION;
	else
		return trace_tap_asm_error(a, TAP_ERR_BAD_KIND, w.s);
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
	return trace_tap_asm_error(a, other ? TAP_ERR_BAD_KIND :
					      TAP_ERR_NO_HEADER, other ?: a->p);
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
		err = trace_tap_asm_nomem(&a);
	else if (strlen(text) > TAP_MAX_TEXT)
		err = trace_tap_asm_error(&a, TAP_ERR_TEXT_TOO_LONG,
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
