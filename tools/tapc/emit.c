// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of a program, as the kernel takes them: instructions, labels, registers.
 *
 *	emit_jump(1, "jeq r0, 0")	->	"\tjeq r0, 0, L1\n"
 *	emit("add r0, %d", 2)	->	"\tadd r0, 2\n"
 *	emit_here(1)			->	"L1:\n"
 *
 * The kernel refuses what cannot be reached. So behind a jump that is always
 * taken nothing is written until a label that has been jumped to.
 */
#include <stdarg.h>

#include "gen.h"

/**
 * emit_begin - a new program
 */
void emit_begin(void)
{
	size_t start = offsetof(struct gen, code_len);

	memset((char *)&gen + start, 0, sizeof(gen) - start);
	gen.slot_reg = -1;
}

static void room(size_t len)
{
	char *code;

	if (gen.code_len + len < gen.code_size)
		return;
	gen.code_size = 2 * (gen.code_size + len) + 512;
	code = gen_alloc(gen.code_size);
	memcpy(code, gen.code ?: "", gen.code_len);
	gen.code = code;
}

/* Text at the end. */
static void put(const char *text)
{
	emit_insert(gen.code_len, text);
}

/* An instruction, and behind it what ends its line. */
static void add(const char *end, const char *fmt, va_list args)
{
	va_list again;
	int len;

	if (gen.nr_insns++ == TAP_MAX_INSNS)
		gen_fail(gen.node->pos, ERR_BIG_PROGRAM);
	put("\t");
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	room(len + 1);
	vsnprintf(gen.code + gen.code_len, len + 1, fmt, args);
	gen.code_len += len;
	put(end);
}

/**
 * emit - an instruction
 * @fmt: without tab and newline
 */
void emit(const char *fmt, ...)
{
	va_list args;

	if (gen.is_dead)
		return;
	va_start(args, fmt);
	add("\n", fmt, args);
	va_end(args);
	gen.is_dead = !strncmp(fmt, "ret", 3);
}

/**
 * emit_jump - an instruction that jumps
 * @label: where to
 * @fmt: the instruction without the label
 */
void emit_jump(unsigned int label, const char *fmt, ...)
{
	const char *end;
	va_list args;

	if (gen.is_dead)
		return;
	gen.refs[label] = 1;
	end = gen_format(", L%u\n", label);
	va_start(args, fmt);
	add(end, fmt, args);
	va_end(args);
}

/**
 * emit_goto - an instruction that always jumps
 * @label: where to
 */
void emit_goto(unsigned int label)
{
	if (gen.is_dead)
		return;
	gen.refs[label] = 1;
	emit("jmp L%u", label);
	gen.is_dead = true;
}

/**
 * emit_label - a label, to be put somewhere
 *
 * Return: its number.
 */
unsigned int emit_label(void)
{
	if (gen.nr_labels == MAX_LABELS)
		gen_fail(gen.node->pos, ERR_BIG_PROGRAM);
	return gen.nr_labels++;
}

/**
 * emit_here - put a label here
 * @label: the label; nothing jumps to it from behind
 */
void emit_here(unsigned int label)
{
	if (!gen.refs[label])
		return;
	put(gen_format("L%u:\n", label));
	gen.is_dead = false;
}

/**
 * emit_labels - two labels: of what is done else, and of the end
 *
 * Return: the first one.
 */
unsigned int emit_labels(void)
{
	unsigned int other = emit_label();

	emit_label();
	return other;
}

/**
 * emit_else - between what is done if something holds and if it does not
 * @other: what emit_labels() gave; the next one ends it
 */
void emit_else(unsigned int other)
{
	emit_goto(other + 1);
	emit_here(other);
}

/**
 * emit_mark - where the code ends now
 *
 * Return: bytes, for emit_cut().
 */
size_t emit_mark(void)
{
	return gen.code_len;
}

/**
 * emit_cut - take back lines
 * @mark: where they begin
 * @len: bytes of them
 */
void emit_cut(size_t mark, size_t len)
{
	memmove(gen.code + mark, gen.code + mark + len,
		gen.code_len - mark - len);
	gen.code_len -= len;
}

/**
 * emit_insert - lines in front of others
 * @mark: where
 * @text: lines
 */
void emit_insert(size_t mark, const char *text)
{
	size_t len = strlen(text);

	room(len + 1);
	memmove(gen.code + mark + len, gen.code + mark, gen.code_len - mark + 1);
	memcpy(gen.code + mark, text, len);
	gen.code_len += len;
}

static void check_regs(struct loc pos)
{
	if (gen.nr_temps + gen.nr_held > NR_REGS)
		gen_fail(pos, ERR_REGISTERS, NR_REGS);
}

/**
 * emit_temp - a register, until gen.nr_temps is set back
 * @pos: what for
 *
 * Return: its number.
 */
int emit_temp(struct loc pos)
{
	gen.nr_temps++;
	check_regs(pos);
	return gen.nr_temps - 1;
}

/**
 * emit_hold - registers for the rest of the program
 * @nr: how many
 * @pos: what for
 *
 * Return: the highest one; the others are below.
 */
int emit_hold(unsigned int nr, struct loc pos)
{
	int reg = NR_REGS - 1 - gen.nr_held;

	gen.nr_held += nr;
	check_regs(pos);
	return reg;
}

/**
 * emit_quote - a string as programs have it
 * @s: the string
 * @max: bytes that it can have, with its NUL
 * @pos: where it is from
 *
 * Return: it, in quotes.
 */
const char *emit_quote(const char *s, unsigned int max,
		       struct loc pos)
{
	size_t len = strlen(s);
	char *text, *p;

	if (len >= max)
		gen_fail(pos, ERR_LONG_STRING, max - 1);
	text = gen_alloc(4 * len + 3);
	p = text;
	*p++ = '"';
	for (; *s; s++) {
		if (*s == '\n')
			p = stpcpy(p, "\\n");
		else if (*s == '\t')
			p = stpcpy(p, "\\t");
		else if (*s == '"' || *s == '\\')
			p += snprintf(p, 3, "\\%c", *s);
		else if ((unsigned char)*s < ' ' || *s == 0x7f)
			p += snprintf(p, 5, "\\x%02x", (u8)*s);
		else
			*p++ = *s;
	}
	*p = '"';
	return text;
}
