/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files that assemble program text: asm.c has lines and labels,
 * asm_operand.c what stands behind a mnemonic.
 */
#ifndef _TRACE_TAP_ASM_H
#define _TRACE_TAP_ASM_H

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

int trace_tap_asm_error(struct tap_asm *a, enum tap_error_code code,
			const char *at);
int trace_tap_asm_nomem(struct tap_asm *a);

/* The kernel's isalnum() takes Latin-1, which no name contains. */
static inline bool tap_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool tap_is_ident(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       tap_is_digit(c);
}

static inline bool tap_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static inline const char *tap_skip_blanks(const char *p)
{
	while (tap_is_blank(*p))
		p++;
	return p;
}

/* Up to a blank or to punctuation that ends an operand or a label. */
static inline struct tap_word tap_word_at(const char *p)
{
	struct tap_word w = { .s = p };

	while (*p && !tap_is_blank(*p) && !strchr("\n,#:", *p))
		p++;
	w.len = p - w.s;
	return w;
}

static inline bool tap_word_is(struct tap_word w, const char *s)
{
	return strlen(s) == w.len && !memcmp(w.s, s, w.len);
}

static inline struct tap_word tap_next_word(struct tap_asm *a)
{
	struct tap_word w;

	a->p = tap_skip_blanks(a->p);
	w = tap_word_at(a->p);
	a->p += w.len;
	return w;
}

/* asm_operand.c */
int trace_tap_asm_register(struct tap_word w);
bool trace_tap_asm_number(struct tap_word w, s64 *value);
int trace_tap_asm_table(struct tap_asm *a);
int trace_tap_asm_letter(struct tap_asm *a, struct tap_insn *insn, char letter);

#endif /* _TRACE_TAP_ASM_H */
