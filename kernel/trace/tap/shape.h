/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: what tables hold and what formats ask for, as text and as structs.
 *
 * A shape is written the same way wherever it stands: in the "table" line of a
 * program, in table_control, in the first line of tables/NAME:
 *
 *	@us[u64.syscall, str16] = count, hist(2)
 *
 *	shape	= "@" [ NAME ] [ "[" part { "," part } "]" ] "=" value { "," value } ;
 *	part	= type [ "." form ] ;
 *	value	= type [ "." form ] | aggregation [ "(" argument { "," argument } ")" ] ;
 *	type	= "s64" | "u64" | "str" NUMBER | "kstack" | "ustack" ;
 *	form	= "hex" | "ksym" | "syscall" | "enum(" FIELD ")" | "probe" ;
 *	argument = "u64" | NUMBER ;
 *
 * Aggregations are signed, or, with u64 as their first argument, unsigned. hist
 * takes the number of bits that subdivide a power of two, lhist min, max, step.
 * An integer takes 8 bytes in a key, a stack its id in 8, a string its bytes
 * rounded up to 8, behind its NUL all zero.
 */
#ifndef _TRACE_TAP_SHAPE_H
#define _TRACE_TAP_SHAPE_H

#include "compat.h"
#include "err.h"
#include <trace/tap_bytecode.h>

struct tap_arena;

#define TAP_MAX_TABLE_NAME	64	/* with its NUL */
#define TAP_MAX_SHAPE_TEXT	512	/* of a shape, with its NUL */
#define TAP_MAX_BITS		5	/* of hist(k) */
#define TAP_MAX_LHIST		1000	/* steps of an lhist */
#define TAP_MAX_FORMAT		1024	/* of a format, with its NUL */

/**
 * struct tap_names - names for the values of a field, as the event's format has
 * @flags: __print_flags(): each bit has a name; else __print_symbolic()
 * @nr: entries in @name
 * @name: value and name
 */
struct tap_names {
	bool		flags;
	unsigned int	nr;
	struct {
		u64		value;
		const char	*name;
	} name[];
};

enum tap_part_kind {
	TAP_PART_INT,
	TAP_PART_STR,
	TAP_PART_KSTACK,
	TAP_PART_USTACK,
};

/**
 * struct tap_part - a part of a key, or a plain value
 * @kind: what it is
 * @form: enum tap_form: how an integer is shown
 * @is_signed: TAP_PART_INT: shown signed
 * @size: bytes, a multiple of 8
 * @offset: bytes from the start of the key
 * @field: TAP_FORM_ENUM: the field whose names are used
 * @names: TAP_FORM_ENUM: the names, or NULL where the event was not asked yet
 */
struct tap_part {
	enum tap_part_kind	kind;
	enum tap_form		form;
	bool			is_signed;
	u16			size;
	u16			offset;
	const char		*field;
	const struct tap_names	*names;
};

/**
 * struct tap_value - one value of an entry
 * @kind: what it is
 * @plain: the plain kinds: type and form, offset 0
 * @is_signed: aggregations: what they aggregate is signed
 * @bits: TAP_VALUE_HIST: a power of two has 2^bits buckets
 * @min: TAP_VALUE_LHIST: start of the first bucket
 * @max: TAP_VALUE_LHIST: end of the last
 * @step: TAP_VALUE_LHIST: width of each
 * @offset: 64-bit words from the start of the entry's values
 * @words: 64-bit words that it takes
 */
struct tap_value {
	enum tap_value_kind	kind;
	struct tap_part		plain;
	bool			is_signed;
	u8			bits;
	s64			min;
	s64			max;
	s64			step;
	u16			offset;
	u16			words;
};

/**
 * struct tap_shape - a table
 * @name: "us", or "" for a table of a program's own
 * @nr_parts: parts of the key, 0 if there is a single entry without one
 * @parts: the parts
 * @key_size: bytes of the key
 * @nr_values: values of an entry; a plain one stands alone
 * @values: the values
 * @value_words: 64-bit words of all values
 */
struct tap_shape {
	const char		*name;
	unsigned int		nr_parts;
	struct tap_part		parts[TAP_MAX_PARTS];
	unsigned int		key_size;
	unsigned int		nr_values;
	struct tap_value	values[TAP_MAX_PARTS];
	unsigned int		value_words;
};

static inline bool trace_tap_shape_is_plain(const struct tap_shape *shape)
{
	return shape->values[0].kind <= TAP_VALUE_STACK;
}

int trace_tap_shape_layout(struct tap_shape *shape);
bool trace_tap_shape_is_sound(const struct tap_shape *shape);
struct tap_shape *trace_tap_shape_parse(struct tap_arena *arena,
					const char *text, const char **end,
					struct tap_error *e);
int trace_tap_shape_text(const struct tap_shape *shape, char *buf, size_t size);
bool trace_tap_shape_fits(const struct tap_shape *have,
			  const struct tap_shape *want);
struct tap_shape *trace_tap_shape_copy(struct tap_arena *arena,
				       const struct tap_shape *shape);

/* ------------------------------------------------------------- histograms */

/*
 * Buckets of hist(k): 0 what is negative; 1 to 2^k the values 0 to 2^k - 1; then
 * 2^k for each power of two from 2^k on.
 */
static inline unsigned int trace_tap_hist_buckets(unsigned int bits)
{
	return 1 + (1U << bits) + ((64 - bits) << bits);
}

static inline unsigned int trace_tap_hist_bucket(u64 value, bool is_signed,
						 unsigned int bits)
{
	unsigned int log;

	if (is_signed && (s64)value < 0)
		return 0;
	if (value < 1ULL << bits)
		return 1 + value;
	log = fls64(value) - 1;
	return 1 + (1U << bits) + ((log - bits) << bits) +
	       ((value >> (log - bits)) & ((1U << bits) - 1));
}

u64 trace_tap_hist_start(unsigned int bucket, unsigned int bits);
unsigned int trace_tap_lhist_buckets(const struct tap_value *value);

/* ------------------------------------------------------------------ enum.c */

#define TAP_MAX_NAMES_TEXT	256	/* of a value by its names, with its NUL */

const struct tap_names *trace_tap_names_parse(struct tap_arena *arena,
					      const char *print_fmt,
					      const char *field);
unsigned int trace_tap_names_text(const struct tap_names *names, u64 value,
				  bool is_signed, char *buf, size_t size);

/* ---------------------------------------------------------------- format.c */

enum tap_conv_kind {
	TAP_CONV_INT,		/* %d %i %u %x %X %o %c */
	TAP_CONV_STR,		/* %s: a string, or a stack, frame by line */
	TAP_CONV_SYM,		/* %ps %pS %pB: an address; %p: the number */
};

/**
 * struct tap_format - a format, as the trace can hold it
 * @nr: conversions, at most TAP_MAX_ARGS
 * @conv: enum tap_conv_kind of each
 * @precision: TAP_CONV_STR: bytes to show at most, or 0
 * @text: for the trace: d, u, x, X and o all have the length ll, %p is 0x%llx or
 *	%#llx, and there is a final newline. %c stays and takes what is one byte
 *	in the trace's binary form, so whoever writes that has to look for it
 */
struct tap_format {
	unsigned int	nr;
	u8		conv[TAP_MAX_ARGS];
	u16		precision[TAP_MAX_ARGS];
	const char	*text;
};

struct tap_format *trace_tap_format_parse(struct tap_arena *arena,
					  const char *text, unsigned int *bad);

#endif /* _TRACE_TAP_SHAPE_H */
