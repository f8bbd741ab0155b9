// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of a program, as the kernel takes them: instructions, labels, registers.
 *
 *	emit_jump(g, 1, "jeq r0, 0")	->	"\tjeq r0, 0, L1\n"
 *	emit(g, "add r0, %d", 2)	->	"\tadd r0, 2\n"
 *	emit_here(g, 1)			->	"L1:\n"
 *
 * The kernel refuses what cannot be reached. So behind a jump that is always
 * taken nothing is written until a label that has been jumped to.
 */
#include <stdarg.h>

#include "gen.h"

/**
 * emit_begin - a new program
 * @g: translation
 */
void emit_begin(struct gen *g)
{
	g->code_len = 0;
	g->nr_insns = 0;
	g->is_dead = false;
	g->nr_labels = 0;
	g->nr_temps = 0;
	g->nr_held = 0;
	if (!g->refs)
		g->refs = tapc_alloc(g->tc, MAX_LABELS);
	memset(g->refs, 0, MAX_LABELS);
}

static void room(struct gen *g, size_t len)
{
	char *code;

	if (g->code_len + len < g->code_size)
		return;
	g->code_size = 2 * (g->code_size + len) + 512;
	code = tapc_alloc(g->tc, g->code_size);
	memcpy(code, g->code ?: "", g->code_len);
	g->code = code;
}

/* Text at the end. */
static void put(struct gen *g, const char *text)
{
	emit_insert(g, g->code_len, text);
}

/* An instruction, and behind it what ends its line. */
static void add(struct gen *g, const char *end, const char *fmt, va_list args)
{
	va_list again;
	int len;

	if (g->nr_insns++ == TAP_MAX_INSNS)
		tapc_fail(g->tc, g->node->pos, ERR_BIG_PROGRAM);
	put(g, "\t");
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	room(g, len + 1);
	vsprintf(g->code + g->code_len, fmt, args);
	g->code_len += len;
	put(g, end);
}

/**
 * emit - an instruction
 * @g: translation
 * @fmt: without tab and newline
 */
void emit(struct gen *g, const char *fmt, ...)
{
	va_list args;

	if (g->is_dead)
		return;
	va_start(args, fmt);
	add(g, "\n", fmt, args);
	va_end(args);
	g->is_dead = !strncmp(fmt, "ret", 3);
}

/**
 * emit_jump - an instruction that jumps
 * @g: translation
 * @label: where to
 * @fmt: the instruction without the label
 */
void emit_jump(struct gen *g, unsigned int label, const char *fmt, ...)
{
	char end[16];
	va_list args;

	if (g->is_dead)
		return;
	g->refs[label] = 1;
	sprintf(end, ", L%u\n", label);
	va_start(args, fmt);
	add(g, end, fmt, args);
	va_end(args);
}

/**
 * emit_goto - an instruction that always jumps
 * @g: translation
 * @label: where to
 */
void emit_goto(struct gen *g, unsigned int label)
{
	if (g->is_dead)
		return;
	g->refs[label] = 1;
	emit(g, "jmp L%u", label);
	g->is_dead = true;
}

/**
 * emit_label - a label, to be put somewhere
 * @g: translation
 *
 * Return: its number.
 */
unsigned int emit_label(struct gen *g)
{
	if (g->nr_labels == MAX_LABELS)
		tapc_fail(g->tc, g->node->pos, ERR_BIG_PROGRAM);
	return g->nr_labels++;
}

/**
 * emit_here - put a label here
 * @g: translation
 * @label: the label; nothing jumps to it from behind
 */
void emit_here(struct gen *g, unsigned int label)
{
	char text[16];

	if (!g->refs[label])
		return;
	sprintf(text, "L%u:\n", label);
	put(g, text);
	g->is_dead = false;
}

/**
 * emit_labels - two labels: of what is done else, and of the end
 * @g: translation
 *
 * Return: the first one.
 */
unsigned int emit_labels(struct gen *g)
{
	unsigned int other = emit_label(g);

	emit_label(g);
	return other;
}

/**
 * emit_else - between what is done if something holds and if it does not
 * @g: translation
 * @other: what emit_labels() gave; the next one ends it
 */
void emit_else(struct gen *g, unsigned int other)
{
	emit_goto(g, other + 1);
	emit_here(g, other);
}

/**
 * emit_mark - where the code ends now
 * @g: translation
 *
 * Return: bytes, for emit_cut().
 */
size_t emit_mark(struct gen *g)
{
	return g->code_len;
}

/**
 * emit_cut - take back lines
 * @g: translation
 * @mark: where they begin
 * @len: bytes of them
 */
void emit_cut(struct gen *g, size_t mark, size_t len)
{
	memmove(g->code + mark, g->code + mark + len,
		g->code_len - mark - len);
	g->code_len -= len;
}

/**
 * emit_insert - lines in front of others
 * @g: translation
 * @mark: where
 * @text: lines
 */
void emit_insert(struct gen *g, size_t mark, const char *text)
{
	size_t len = strlen(text);

	room(g, len + 1);
	memmove(g->code + mark + len, g->code + mark, g->code_len - mark + 1);
	memcpy(g->code + mark, text, len);
	g->code_len += len;
}

static void check_regs(struct gen *g, struct loc pos)
{
	if (g->nr_temps + g->nr_held > NR_REGS)
		tapc_fail(g->tc, pos, ERR_REGISTERS, NR_REGS);
}

/**
 * emit_temp - a register, until g->nr_temps is set back
 * @g: translation
 * @pos: what for
 *
 * Return: its number.
 */
int emit_temp(struct gen *g, struct loc pos)
{
	g->nr_temps++;
	check_regs(g, pos);
	return g->nr_temps - 1;
}

/**
 * emit_hold - registers for the rest of the program
 * @g: translation
 * @nr: how many
 * @pos: what for
 *
 * Return: the highest one; the others are below.
 */
int emit_hold(struct gen *g, unsigned int nr, struct loc pos)
{
	int reg = NR_REGS - 1 - g->nr_held;

	g->nr_held += nr;
	check_regs(g, pos);
	return reg;
}

/**
 * emit_quote - a string as programs have it
 * @g: translation
 * @s: the string
 * @max: bytes that it can have, with its NUL
 * @pos: where it is from
 *
 * Return: it, in quotes.
 */
const char *emit_quote(struct gen *g, const char *s, unsigned int max,
		       struct loc pos)
{
	size_t len = strlen(s);
	char *text, *p;

	if (len >= max)
		tapc_fail(g->tc, pos, ERR_LONG_STRING, max - 1);
	text = p = tapc_alloc(g->tc, 4 * len + 3);
	*p++ = '"';
	for (; *s; s++) {
		if (*s == '\n')
			p = stpcpy(p, "\\n");
		else if (*s == '\t')
			p = stpcpy(p, "\\t");
		else if (*s == '"' || *s == '\\')
			p += sprintf(p, "\\%c", *s);
		else if ((unsigned char)*s < ' ' || *s == 0x7f)
			p += sprintf(p, "\\x%02x", (unsigned char)*s);
		else
			*p++ = *s;
	}
	*p = '"';
	return text;
}
