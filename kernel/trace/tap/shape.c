// SPDX-License-Identifier: GPL-2.0
/*
 * tap: what tables hold: text to struct tap_shape and back.
 *
 *	in:	@us[u64.syscall, str16] = count, hist(2)
 *	out:	two parts, of 8 and 16 bytes; a count in word 0 of an entry's
 *		values and a histogram in the 257 words behind it
 *
 * The grammar is in shape.h. What is printed here is parsed to the same shape.
 */
#include "tap.h"

static const char * const tap_value_names[TAP_NR_VALUES] = {
#define X(name, text, ...) \
	[TAP_VALUE_##name] = text,
	TAP_VALUES(X)
#undef X
};

static const char * const tap_form_names[TAP_NR_FORMS] = {
#define X(name, text, ...) \
	[TAP_FORM_##name] = text,
	TAP_FORMS(X)
#undef X
};

/* ------------------------------------------------------------------ layout */

/* Bytes of a part, or 0 if there is no such part. */
static unsigned int tap_part_size(const struct tap_part *part)
{
	if (part->form >= TAP_NR_FORMS ||
	    (part->form && part->kind != TAP_PART_INT))
		return 0;
	switch (part->kind) {
	case TAP_PART_INT:
	case TAP_PART_KSTACK:
	case TAP_PART_USTACK:
		return sizeof(u64);
	case TAP_PART_STR:
		return part->size <= TAP_MAX_KEY ?
		       ALIGN(part->size, sizeof(u64)) : 0;
	default:
		return 0;
	}
}

/* Does the kind of the value agree with that of its part? */
static bool tap_plain_fits(const struct tap_value *value)
{
	switch (value->kind) {
	case TAP_VALUE_INT:
		return value->plain.kind == TAP_PART_INT;
	case TAP_VALUE_STR:
		return value->plain.kind == TAP_PART_STR;
	case TAP_VALUE_STACK:
		return value->plain.kind == TAP_PART_KSTACK ||
		       value->plain.kind == TAP_PART_USTACK;
	default:
		return false;
	}
}

/**
 * trace_tap_lhist_buckets - how many buckets an lhist has
 * @value: with min, max and step
 *
 * Return: the steps, one in front for what is below min and one behind for the
 * rest; 0 if the bounds make no sense or there would be too many.
 */
unsigned int trace_tap_lhist_buckets(const struct tap_value *value)
{
	u64 span = (u64)value->max - value->min, steps;

	if (value->step <= 0 || value->min >= value->max ||
	    (!value->is_signed && value->min < 0))
		return 0;
	steps = div64_u64(span - 1, value->step) + 1;
	return steps <= TAP_MAX_LHIST ? steps + 2 : 0;
}

/**
 * trace_tap_hist_start - the smallest value of a bucket of a histogram
 * @bucket: below trace_tap_hist_buckets(@bits)
 * @bits: of the histogram
 *
 * Return: that value; 0 for bucket 0, which has what is negative.
 */
u64 trace_tap_hist_start(unsigned int bucket, unsigned int bits)
{
	unsigned int log;
	u64 sub;

	if (!bucket)
		return 0;
	bucket--;
	if (bucket < 1U << bits)
		return bucket;
	bucket -= 1U << bits;
	log = bits + (bucket >> bits);
	sub = (1ULL << bits) + (bucket & ((1U << bits) - 1));
	return sub << (log - bits);
}

/* 64-bit words of a value, or 0 if there is no such value. */
static unsigned int tap_value_words(const struct tap_value *value)
{
	switch (value->kind) {
	case TAP_VALUE_INT:
	case TAP_VALUE_STR:
	case TAP_VALUE_STACK:
		return tap_plain_fits(value) ?
		       tap_part_size(&value->plain) / sizeof(u64) : 0;
	case TAP_VALUE_COUNT:
	case TAP_VALUE_SUM:
	case TAP_VALUE_MIN:
	case TAP_VALUE_MAX:
		return 1;
	case TAP_VALUE_AVG:
	case TAP_VALUE_STATS:
		return 2;
	case TAP_VALUE_HIST:
		return value->bits <= TAP_MAX_BITS ?
		       trace_tap_hist_buckets(value->bits) : 0;
	case TAP_VALUE_LHIST:
		return trace_tap_lhist_buckets(value);
	default:
		return 0;
	}
}

/**
 * trace_tap_shape_layout - find sizes and offsets
 * @shape: name, parts and values with all that their text says; strings have
 *	the size that is asked for, which is rounded up
 *
 * Return: 0, -E2BIG if the key or the text of the shape is too long, -EINVAL if
 * there is no such part or value: a bad histogram, a plain value that does not
 * stand alone.
 */
int trace_tap_shape_layout(struct tap_shape *shape)
{
	unsigned int i, offset = 0, words = 0;

	if (shape->nr_parts > TAP_MAX_PARTS || !shape->nr_values ||
	    shape->nr_values > TAP_MAX_PARTS)
		return -EINVAL;
	for (i = 0; i < shape->nr_parts; i++) {
		struct tap_part *part = &shape->parts[i];

		part->size = tap_part_size(part);
		if (!part->size)
			return -EINVAL;
		part->offset = offset;
		offset += part->size;
		if (offset > TAP_MAX_KEY)
			return -E2BIG;
	}
	shape->key_size = offset;
	for (i = 0; i < shape->nr_values; i++) {
		struct tap_value *value = &shape->values[i];

		if (value->kind <= TAP_VALUE_STACK && shape->nr_values > 1)
			return -EINVAL;
		value->words = tap_value_words(value);
		if (!value->words)
			return -EINVAL;
		if (value->kind <= TAP_VALUE_STACK) {
			value->plain.size = value->words * sizeof(u64);
			value->plain.offset = 0;
		}
		value->offset = words;
		words += value->words;
	}
	shape->value_words = words;
	return trace_tap_shape_text(shape, NULL, 0) < TAP_MAX_SHAPE_TEXT ?
	       0 : -E2BIG;
}

/**
 * trace_tap_shape_is_sound - whether a shape is as trace_tap_shape_layout()
 * leaves it
 * @shape: any shape
 *
 * For the verifier, which trusts nobody.
 */
bool trace_tap_shape_is_sound(const struct tap_shape *shape)
{
	unsigned int i, offset = 0, words = 0;

	if (shape->nr_parts > TAP_MAX_PARTS || !shape->nr_values ||
	    shape->nr_values > TAP_MAX_PARTS)
		return false;
	for (i = 0; i < shape->nr_parts; i++) {
		const struct tap_part *part = &shape->parts[i];

		if (!part->size || part->size != tap_part_size(part) ||
		    part->offset != offset)
			return false;
		offset += part->size;
	}
	if (shape->key_size != offset || offset > TAP_MAX_KEY)
		return false;
	for (i = 0; i < shape->nr_values; i++) {
		const struct tap_value *value = &shape->values[i];

		if (!value->words || value->words != tap_value_words(value) ||
		    value->offset != words ||
		    (value->kind <= TAP_VALUE_STACK &&
		     (shape->nr_values > 1 || value->plain.size !=
					      value->words * sizeof(u64))))
			return false;
		words += value->words;
	}
	return shape->value_words == words;
}

/* ----------------------------------------------------------------- compare */

static bool tap_part_fits(const struct tap_part *have,
			  const struct tap_part *want)
{
	return have->kind == want->kind && have->size >= want->size;
}

static bool tap_value_fits(const struct tap_value *have,
			   const struct tap_value *want)
{
	if (have->kind != want->kind)
		return false;
	switch (have->kind) {
	case TAP_VALUE_INT:
	case TAP_VALUE_STR:
	case TAP_VALUE_STACK:
		return tap_part_fits(&have->plain, &want->plain);
	case TAP_VALUE_HIST:
		return have->bits == want->bits;
	case TAP_VALUE_LHIST:
		return have->min == want->min && have->max == want->max &&
		       have->step == want->step;
	default:
		return true;
	}
}

/**
 * trace_tap_shape_fits - whether a program can use a table
 * @have: what the table is
 * @want: what the program says it is
 *
 * Sign and form only matter to who reads the table, so they may differ. What the
 * program's strings hold has room in the table's if those are as long.
 */
bool trace_tap_shape_fits(const struct tap_shape *have,
			  const struct tap_shape *want)
{
	unsigned int i;

	if (have->nr_parts != want->nr_parts ||
	    have->nr_values != want->nr_values)
		return false;
	for (i = 0; i < have->nr_parts; i++) {
		if (!tap_part_fits(&have->parts[i], &want->parts[i]))
			return false;
	}
	for (i = 0; i < have->nr_values; i++) {
		if (!tap_value_fits(&have->values[i], &want->values[i]))
			return false;
	}
	return true;
}

/* -------------------------------------------------------------------- copy */

static const struct tap_names *tap_names_copy(struct tap_arena *arena,
					      const struct tap_names *names)
{
	struct tap_names *copy;
	unsigned int i;

	copy = trace_tap_alloc(arena, struct_size(copy, name, names->nr));
	if (!copy)
		return NULL;
	copy->flags = names->flags;
	copy->nr = names->nr;
	for (i = 0; i < names->nr; i++) {
		copy->name[i].value = names->name[i].value;
		copy->name[i].name = trace_tap_strndup(arena,
						       names->name[i].name,
						       strlen(names->name[i].name));
		if (!copy->name[i].name)
			return NULL;
	}
	return copy;
}

static void tap_part_copy(struct tap_arena *arena, struct tap_part *part)
{
	if (part->field)
		part->field = trace_tap_strndup(arena, part->field,
						strlen(part->field));
	if (part->names)
		part->names = tap_names_copy(arena, part->names);
}

/**
 * trace_tap_shape_copy - copy a shape
 * @arena: where to
 * @shape: the shape; its strings and names are copied too
 *
 * May sleep.
 *
 * Return: the copy, or NULL, and @arena->failed is set.
 */
struct tap_shape *trace_tap_shape_copy(struct tap_arena *arena,
				       const struct tap_shape *shape)
{
	struct tap_shape *copy = trace_tap_alloc(arena, sizeof(*copy));
	unsigned int i;

	if (!copy)
		return NULL;
	*copy = *shape;
	copy->name = trace_tap_strndup(arena, shape->name ?: "",
				       strlen(shape->name ?: ""));
	for (i = 0; i < copy->nr_parts; i++)
		tap_part_copy(arena, &copy->parts[i]);
	for (i = 0; i < copy->nr_values; i++)
		tap_part_copy(arena, &copy->values[i].plain);
	return arena->failed ? NULL : copy;
}

/* ------------------------------------------------------------------- print */

/* Text that may be longer than its room: what is printed and what is not. */
struct tap_shape_print {
	char		*buf;
	size_t		size;
	unsigned int	len;
};

static void tap_shape_print(struct tap_shape_print *p, const char *fmt, ...)
	__printf(2, 3);

static void tap_shape_print(struct tap_shape_print *p, const char *fmt, ...)
{
	size_t used = min_t(size_t, p->len, p->size);
	va_list ap;

	va_start(ap, fmt);
	p->len += vsnprintf(p->size ? p->buf + used : NULL, p->size - used, fmt,
			    ap);
	va_end(ap);
}

static void tap_print_part(struct tap_shape_print *p,
			   const struct tap_part *part)
{
	switch (part->kind) {
	case TAP_PART_INT:
		tap_shape_print(p, part->is_signed ? "s64" : "u64");
		break;
	case TAP_PART_STR:
		tap_shape_print(p, "str%u", part->size);
		break;
	case TAP_PART_KSTACK:
		tap_shape_print(p, "kstack");
		break;
	case TAP_PART_USTACK:
		tap_shape_print(p, "ustack");
		break;
	}
	if (part->form && part->form < TAP_NR_FORMS)
		tap_shape_print(p, ".%s", tap_form_names[part->form]);
	if (part->form == TAP_FORM_ENUM)
		tap_shape_print(p, "(%s)", part->field ?: "");
}

static void tap_print_value(struct tap_shape_print *p,
			    const struct tap_value *value)
{
	const char *sep = "(";

	if (value->kind <= TAP_VALUE_STACK) {
		tap_print_part(p, &value->plain);
		return;
	}
	if (value->kind >= TAP_NR_VALUES)
		return;
	tap_shape_print(p, "%s", tap_value_names[value->kind]);
	if (!value->is_signed && value->kind != TAP_VALUE_COUNT) {
		tap_shape_print(p, "(u64");
		sep = ", ";
	}
	if (value->kind == TAP_VALUE_LHIST) {
		tap_shape_print(p, "%s%lld, %lld, %lld", sep,
				(long long)value->min, (long long)value->max,
				(long long)value->step);
		sep = ", ";
	}
	if (value->kind == TAP_VALUE_HIST && value->bits) {
		tap_shape_print(p, "%s%u", sep, value->bits);
		sep = ", ";
	}
	if (*sep == ',')
		tap_shape_print(p, ")");
}

/**
 * trace_tap_shape_text - print a shape
 * @shape: the shape
 * @buf: where to; always ends with a NUL if @size is not 0
 * @size: bytes of it; TAP_MAX_SHAPE_TEXT is enough for what
 *	trace_tap_shape_layout() accepted
 *
 * Return: bytes of the whole text without its NUL, as snprintf().
 */
int trace_tap_shape_text(const struct tap_shape *shape, char *buf, size_t size)
{
	struct tap_shape_print p = { .buf = buf, .size = size };
	unsigned int i;

	tap_shape_print(&p, "@%s", shape->name ?: "");
	for (i = 0; i < shape->nr_parts; i++) {
		tap_shape_print(&p, i ? ", " : "[");
		tap_print_part(&p, &shape->parts[i]);
	}
	if (i)
		tap_shape_print(&p, "]");
	for (i = 0; i < shape->nr_values; i++) {
		tap_shape_print(&p, i ? ", " : " = ");
		tap_print_value(&p, &shape->values[i]);
	}
	return p.len;
}

/* ------------------------------------------------------------------- parse */

struct tap_shape_parse {
	const char		*text;
	const char		*p;
	struct tap_arena	*arena;
	struct tap_error	*e;
};

static bool tap_shape_error(struct tap_shape_parse *s,
			    enum tap_error_code code, const char *at)
{
	trace_tap_error(s->e, code == TAP_ERR_KEY_TOO_LONG ? -E2BIG : -EINVAL,
			code, at - s->text);
	return false;
}

static bool tap_shape_nomem(struct tap_shape_parse *s)
{
	trace_tap_error(s->e, -ENOMEM, TAP_ERR_NONE, 0);
	return false;
}

static void tap_shape_blanks(struct tap_shape_parse *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
}

/* This character comes next: behind it. */
static bool tap_shape_char(struct tap_shape_parse *s, char c)
{
	tap_shape_blanks(s);
	if (*s->p != c)
		return false;
	s->p++;
	return true;
}

static bool tap_shape_expect(struct tap_shape_parse *s, char c)
{
	return tap_shape_char(s, c) ||
	       tap_shape_error(s, TAP_ERR_BAD_SHAPE, s->p);
}

static unsigned int tap_shape_ident(const char *p)
{
	unsigned int len = 0;

	while ((p[len] >= 'a' && p[len] <= 'z') ||
	       (p[len] >= 'A' && p[len] <= 'Z') ||
	       (p[len] >= '0' && p[len] <= '9') || p[len] == '_')
		len++;
	return len;
}

static bool tap_shape_is(const char *p, unsigned int len, const char *word)
{
	return strlen(word) == len && !memcmp(p, word, len);
}

/* A decimal number that fits. */
static bool tap_shape_number(struct tap_shape_parse *s, s64 *value)
{
	u64 v = 0, limit, digit;
	const char *start;
	bool minus;

	tap_shape_blanks(s);
	start = s->p;
	minus = *s->p == '-';
	s->p += minus;
	if (*s->p < '0' || *s->p > '9')
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
	limit = (u64)S64_MAX + minus;
	for (; *s->p >= '0' && *s->p <= '9'; s->p++) {
		digit = *s->p - '0';
		if (v > div64_u64(limit, 10) || v * 10 > limit - digit)
			return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
		v = v * 10 + digit;
	}
	*value = minus ? 0 - v : v;
	return true;
}

/* "." form */
static bool tap_shape_form(struct tap_shape_parse *s, struct tap_part *part)
{
	const char *start;
	unsigned int len, i;

	if (*s->p != '.')
		return true;
	start = ++s->p;
	len = tap_shape_ident(start);
	for (i = 1; i < TAP_NR_FORMS; i++) {
		if (tap_shape_is(start, len, tap_form_names[i]))
			break;
	}
	if (i == TAP_NR_FORMS || part->kind != TAP_PART_INT)
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
	s->p += len;
	part->form = i;
	if (i != TAP_FORM_ENUM)
		return true;
	if (!tap_shape_expect(s, '('))
		return false;
	tap_shape_blanks(s);
	len = tap_shape_ident(s->p);
	if (!len)
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, s->p);
	part->field = trace_tap_strndup(s->arena, s->p, len);
	if (!part->field)
		return tap_shape_nomem(s);
	s->p += len;
	return tap_shape_expect(s, ')');
}

/* The digits of strN. */
static unsigned int tap_str_size(const char *p, unsigned int len)
{
	unsigned int size = 0, i;

	for (i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9' || size > TAP_MAX_KEY)
			return 0;
		size = size * 10 + p[i] - '0';
	}
	return size <= TAP_MAX_KEY ? size : 0;
}

/* type [ "." form ]; s->p is at the type */
static bool tap_shape_part(struct tap_shape_parse *s, struct tap_part *part)
{
	const char *start = s->p;
	unsigned int len = tap_shape_ident(start);

	if (tap_shape_is(start, len, "s64")) {
		part->is_signed = true;
	} else if (tap_shape_is(start, len, "u64")) {
		part->is_signed = false;
	} else if (tap_shape_is(start, len, "kstack")) {
		part->kind = TAP_PART_KSTACK;
	} else if (tap_shape_is(start, len, "ustack")) {
		part->kind = TAP_PART_USTACK;
	} else if (len > 3 && !memcmp(start, "str", 3)) {
		part->kind = TAP_PART_STR;
		part->size = tap_str_size(start + 3, len - 3);
		if (!part->size)
			return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
	} else {
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
	}
	s->p += len;
	return tap_shape_form(s, part);
}

/* [ "(" argument { "," argument } ")" ] of hist and lhist, behind their sign */
static bool tap_shape_bounds(struct tap_shape_parse *s,
			     struct tap_value *value, bool open)
{
	const char *start = s->p;
	s64 bits;

	if (value->kind == TAP_VALUE_HIST) {
		if (!open)
			return true;
		if (!tap_shape_number(s, &bits))
			return false;
		if (bits < 0 || bits > TAP_MAX_BITS)
			return tap_shape_error(s, TAP_ERR_BAD_HIST, start);
		value->bits = bits;
		return true;
	}
	if (!open)
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, s->p);
	if (!tap_shape_number(s, &value->min) || !tap_shape_expect(s, ',') ||
	    !tap_shape_number(s, &value->max) || !tap_shape_expect(s, ',') ||
	    !tap_shape_number(s, &value->step))
		return false;
	if (!trace_tap_lhist_buckets(value))
		return tap_shape_error(s, TAP_ERR_BAD_HIST, start);
	return true;
}

/* aggregation [ "(" argument { "," argument } ")" ] */
static bool tap_shape_agg(struct tap_shape_parse *s, struct tap_value *value)
{
	bool hist = value->kind >= TAP_VALUE_HIST, open, more;

	value->is_signed = true;
	open = tap_shape_char(s, '(');
	if (!open)
		return hist ? tap_shape_bounds(s, value, false) : true;
	tap_shape_blanks(s);
	more = true;
	if (value->kind != TAP_VALUE_COUNT &&
	    tap_shape_is(s->p, tap_shape_ident(s->p), "u64")) {
		s->p += 3;
		value->is_signed = false;
		more = tap_shape_char(s, ',');
		tap_shape_blanks(s);
	}
	if (more && !hist)
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, s->p);
	if (hist && !tap_shape_bounds(s, value, more))
		return false;
	return tap_shape_expect(s, ')');
}

static bool tap_shape_value(struct tap_shape_parse *s, struct tap_value *value)
{
	unsigned int len = tap_shape_ident(s->p), i;

	for (i = TAP_VALUE_COUNT; i < TAP_NR_VALUES; i++) {
		if (!tap_shape_is(s->p, len, tap_value_names[i]))
			continue;
		value->kind = i;
		s->p += len;
		return tap_shape_agg(s, value);
	}
	if (!tap_shape_part(s, &value->plain))
		return false;
	switch (value->plain.kind) {
	case TAP_PART_INT:
		value->kind = TAP_VALUE_INT;
		break;
	case TAP_PART_STR:
		value->kind = TAP_VALUE_STR;
		break;
	default:
		value->kind = TAP_VALUE_STACK;
		break;
	}
	return true;
}

static bool tap_shape_parts(struct tap_shape_parse *s, struct tap_shape *shape)
{
	if (!tap_shape_char(s, '['))
		return true;
	do {
		tap_shape_blanks(s);
		if (shape->nr_parts == TAP_MAX_PARTS)
			return tap_shape_error(s, TAP_ERR_TOO_MANY_PARTS, s->p);
		if (!tap_shape_part(s, &shape->parts[shape->nr_parts++]))
			return false;
	} while (tap_shape_char(s, ','));
	return tap_shape_expect(s, ']');
}

static bool tap_shape_values(struct tap_shape_parse *s, struct tap_shape *shape)
{
	struct tap_value *value;
	const char *start;

	do {
		tap_shape_blanks(s);
		start = s->p;
		if (shape->nr_values == TAP_MAX_PARTS)
			return tap_shape_error(s, TAP_ERR_TOO_MANY_PARTS, start);
		value = &shape->values[shape->nr_values++];
		if (!tap_shape_value(s, value))
			return false;
		/* plain values stand alone */
		if (shape->nr_values > 1 &&
		    (trace_tap_shape_is_plain(shape) ||
		     value->kind <= TAP_VALUE_STACK))
			return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
	} while (tap_shape_char(s, ','));
	return true;
}

static bool tap_shape_all(struct tap_shape_parse *s, struct tap_shape *shape)
{
	const char *start;
	unsigned int len;

	tap_shape_blanks(s);
	start = s->p;
	if (*start != '@')
		return tap_shape_error(s, TAP_ERR_EXPECT_TABLE, start);
	len = tap_shape_ident(start + 1);
	if (len >= TAP_MAX_TABLE_NAME)
		return tap_shape_error(s, TAP_ERR_OPERAND_TOO_LONG, start);
	shape->name = trace_tap_strndup(s->arena, start + 1, len);
	if (!shape->name)
		return tap_shape_nomem(s);
	s->p = start + 1 + len;
	if (!tap_shape_parts(s, shape) || !tap_shape_expect(s, '=') ||
	    !tap_shape_values(s, shape))
		return false;
	switch (trace_tap_shape_layout(shape)) {
	case 0:
		return true;
	case -E2BIG:
		return tap_shape_error(s, TAP_ERR_KEY_TOO_LONG, start);
	default:
		return tap_shape_error(s, TAP_ERR_BAD_SHAPE, start);
	}
}

/**
 * trace_tap_shape_parse - read a shape
 * @arena: for the shape
 * @text: begins with the shape, or with blanks
 * @end: where it ends; NULL if nothing but white space may follow
 * @e: what is wrong, and where in @text, if NULL is returned
 *
 * May sleep.
 *
 * Return: the shape, laid out, or NULL.
 */
struct tap_shape *trace_tap_shape_parse(struct tap_arena *arena,
					const char *text, const char **end,
					struct tap_error *e)
{
	struct tap_shape_parse s = {
		.text = text, .p = text, .arena = arena, .e = e,
	};
	struct tap_shape *shape = trace_tap_alloc(arena, sizeof(*shape));

	if (!shape) {
		tap_shape_nomem(&s);
		return NULL;
	}
	if (!tap_shape_all(&s, shape))
		return NULL;
	if (end) {
		*end = s.p;
		return shape;
	}
	while (*s.p == ' ' || *s.p == '\t' || *s.p == '\n' || *s.p == '\r')
		s.p++;
	if (*s.p) {
		tap_shape_error(&s, TAP_ERR_BAD_SHAPE, s.p);
		return NULL;
	}
	return shape;
}
