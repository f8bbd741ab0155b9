// SPDX-License-Identifier: GPL-2.0
/*
 * tap: names of the values of a field, as the event's format has them.
 *
 * In: the format of an event as the file "format" shows it, and a field of it:
 *
 *	"vec=%u [action=%s]", REC->vec, __print_symbolic(REC->vec,
 *		{ 0, "HI" }, { 1, "TIMER" })
 *
 * Out: the values with their names, { 0, "HI" }, { 1, "TIMER" }; and the text
 * of a value by such names. Enum constants are numbers there already. Values
 * that are more than constants, casts, parentheses and the usual operators are
 * left out: they stay numbers.
 */
#include "tap.h"

/* Parentheses and operators in one another that a value may have. */
#define ENUM_DEPTH	48

/**
 * struct enum_parse - where in a format the parser is
 * @p: the next byte
 * @depth: levels of nesting
 * @bad: this is nothing that can be evaluated
 */
struct enum_parse {
	const char	*p;
	unsigned int	depth;
	bool		bad;
};

static bool is_word(char c)
{
	return isalnum(c) || c == '_';
}

static const char *skip_word(const char *p)
{
	while (is_word(*p))
		p++;
	return p;
}

/* Behind the string that begins at @p, or at the end of the text. */
static const char *skip_string(const char *p)
{
	char quote = *p++;

	while (*p && *p != quote)
		p += p[0] == '\\' && p[1] ? 2 : 1;
	return *p ? p + 1 : p;
}

/* At the next one of @stops outside strings and brackets, or at the end. */
static const char *skip_to(const char *p, const char *stops)
{
	int depth = 0;

	while (*p) {
		if (*p == '"' || *p == '\'') {
			p = skip_string(p);
			continue;
		}
		if (!depth && strchr(stops, *p))
			return p;
		if (strchr("({[", *p))
			depth++;
		else if (strchr(")}]", *p) && --depth < 0)
			return p;
		p++;
	}
	return p;
}

static char next_char(struct enum_parse *e)
{
	e->p = skip_spaces(e->p);
	return *e->p;
}

/* ----------------------------------------------------------------- values */

static u64 parse_value(struct enum_parse *e, unsigned int level);

static u64 parse_number(struct enum_parse *e)
{
	unsigned int base = 10, digit;
	u64 value = 0;

	if (e->p[0] == '0' && tolower(e->p[1]) == 'x') {
		base = 16;
		e->p += 2;
	} else if (e->p[0] == '0') {
		base = 8;
	}
	for (; isxdigit(*e->p); e->p++) {
		digit = isdigit(*e->p) ? *e->p - '0' : tolower(*e->p) - 'a' + 10;
		if (digit >= base)
			break;
		value = value * base + digit;
	}
	while (*e->p && strchr("uUlL", *e->p))
		e->p++;
	e->bad |= is_word(*e->p) || *e->p == '.';
	return value;
}

static u64 parse_char(struct enum_parse *e)
{
	u64 value = (unsigned char)e->p[1];

	if (!e->p[1] || e->p[1] == '\\' || e->p[2] != '\'') {
		e->bad = true;
		return 0;
	}
	e->p += 3;
	return value;
}

static bool is_type_word(const char *p, size_t len)
{
	static const char * const words[] = {
		"unsigned", "signed", "char", "short", "int", "long", "enum",
		"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64",
		"__force",
	};
	unsigned int i;

	if (len > 2 && !strncmp(p + len - 2, "_t", 2))
		return true;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strlen(words[i]) == len && !strncmp(p, words[i], len))
			return true;
	}
	return false;
}

/*
 * Behind the parentheses of a type, or NULL: "(unsigned long)", "( gfp_t)". A
 * type is no more than its words: the value stays as wide as it is.
 */
static const char *skip_cast(const char *p)
{
	const char *word;

	p = skip_spaces(p + 1);
	if (*p == ')')
		return NULL;
	while (*p != ')') {
		word = p;
		p = skip_word(p);
		if (!is_type_word(word, p - word))
			return NULL;
		p = skip_spaces(p);
	}
	return p + 1;
}

static u64 parse_unary(struct enum_parse *e)
{
	const char *cast;
	u64 value;
	char c = next_char(e);

	if (e->bad || e->depth >= ENUM_DEPTH || !c) {
		e->bad = true;
		return 0;
	}
	if (isdigit(c))
		return parse_number(e);
	if (c == '\'')
		return parse_char(e);
	e->depth++;
	if (c == '(') {
		cast = skip_cast(e->p);
		if (cast) {
			e->p = cast;
			value = parse_unary(e);
		} else {
			e->p++;
			value = parse_value(e, 0);
			e->bad |= next_char(e) != ')';
			e->p += !e->bad;
		}
	} else if (strchr("-~+", c)) {
		e->p++;
		value = parse_unary(e);
		value = c == '-' ? -value : c == '~' ? ~value : value;
	} else {
		e->bad = true;
		value = 0;
	}
	e->depth--;
	return value;
}

/* Binary operators by how tightly they bind, the loosest first. */
static const char * const enum_ops[] = {
	"|", "^", "&", "<<", ">>", "+", "-", "*",
};

static const u8 enum_levels[] = { 0, 1, 2, 3, 3, 4, 4, 5 };

/* The operator that comes next, of @level or tighter, or -1. */
static int next_op(struct enum_parse *e, unsigned int level)
{
	int i;

	next_char(e);
	for (i = 0; i < (int)ARRAY_SIZE(enum_ops); i++) {
		if (enum_levels[i] >= level &&
		    str_has_prefix(e->p, enum_ops[i])) {
			/* "&&" and "||" are not for values */
			if (e->p[0] == e->p[1] && strchr("&|", e->p[0]))
				e->bad = true;
			return i;
		}
	}
	return -1;
}

static u64 apply_op(int op, u64 a, u64 b)
{
	switch (op) {
	case 0:
		return a | b;
	case 1:
		return a ^ b;
	case 2:
		return a & b;
	case 3:
		return b < 64 ? a << b : 0;
	case 4:
		return b < 64 ? a >> b : 0;
	case 5:
		return a + b;
	case 6:
		return a - b;
	default:
		return a * b;
	}
}

static u64 parse_value(struct enum_parse *e, unsigned int level)
{
	u64 value = parse_unary(e);
	int op;

	if (e->depth >= ENUM_DEPTH)
		e->bad = true;
	e->depth++;
	while (!e->bad) {
		op = next_op(e, level);
		if (op < 0)
			break;
		e->p += strlen(enum_ops[op]);
		value = apply_op(op, value,
				 parse_value(e, enum_levels[op] + 1));
	}
	e->depth--;
	return value;
}

/* ---------------------------------------------------------------- entries */

static char *parse_name(struct tap_arena *arena, const char *p, const char *end)
{
	char *name = trace_tap_alloc(arena, end - p + 1);
	char *to = name;

	if (!name)
		return NULL;
	while (p < end) {
		if (*p == '\\' && p + 1 < end)
			p++;
		*to++ = *p++;
	}
	return name;
}

/* One { value, "name" }, behind its brace. False: not as simple as that. */
static bool parse_entry(struct tap_arena *arena, const char *p, u64 *value,
			const char **name)
{
	struct enum_parse e = { .p = p };
	const char *end;

	*value = parse_value(&e, 0);
	if (e.bad || next_char(&e) != ',')
		return false;
	e.p++;
	if (next_char(&e) != '"')
		return false;
	end = skip_string(e.p);
	/* A string made of several is too rare to care for */
	if (*skip_spaces(end) != '}')
		return false;
	*name = arena ? parse_name(arena, e.p + 1, end - 1) : NULL;
	return true;
}

/*
 * All entries from @p on, to the end of the call; into @names, or, if it is
 * NULL, counted.
 */
static unsigned int parse_entries(struct tap_arena *arena, const char *p,
				  struct tap_names *names)
{
	unsigned int nr = 0;
	const char *name;
	u64 value;

	for (;;) {
		p = skip_to(p, "{");
		if (*p != '{')
			return nr;
		if (parse_entry(names ? arena : NULL, p + 1, &value, &name)) {
			if (names) {
				names->name[nr].value = value;
				names->name[nr].name = name;
			}
			nr++;
		}
		p = skip_to(p + 1, "}");
		if (*p != '}')
			return nr;
		p++;
	}
}

/*
 * Whether what is printed is the field, in any number of parentheses and casts;
 * of flags some bits may be masked off by a constant.
 */
static bool is_of_field(const char *p, const char *end, const char *field,
			bool flags)
{
	size_t len = strlen(field);
	bool found = false, mask = false;

	while (p < end) {
		if (str_has_prefix(p, "REC->")) {
			p += 5;
			if (found || strncmp(p, field, len) || is_word(p[len]))
				return false;
			found = true;
			p += len;
		} else if (is_word(*p)) {
			/* What is in parentheses behind it is its argument */
			p = skip_word(p);
			if (*p == '(')
				return false;
		} else {
			mask |= flags && found && *p == '&';
			if (!strchr(" ()", *p) && (!mask || *p == '?'))
				return false;
			p++;
		}
	}
	return found;
}

/* The names in a call, behind its parenthesis, or NULL. */
static struct tap_names *parse_call(struct tap_arena *arena, const char *p,
				    const char *field, bool flags)
{
	const char *end = skip_to(p, ",");
	struct tap_names *names;
	unsigned int nr;

	if (*end != ',' || !is_of_field(p, end, field, flags))
		return NULL;
	nr = parse_entries(NULL, end, NULL);
	if (!nr)
		return NULL;
	names = trace_tap_alloc(arena, struct_size(names, name, nr));
	if (!names)
		return NULL;
	names->flags = flags;
	names->nr = parse_entries(arena, end, names);
	return arena->failed ? NULL : names;
}

/**
 * trace_tap_names_parse - the names that a format has for the values of a field
 * @arena: where they go
 * @print_fmt: the format, as struct trace_event_call has it
 * @field: name of the field
 *
 * May sleep. The first __print_symbolic() or __print_flags() of the field that
 * has any name counts.
 *
 * Return: the names, or NULL if there are none, or, @arena->failed, no memory.
 */
const struct tap_names *trace_tap_names_parse(struct tap_arena *arena,
					      const char *print_fmt,
					      const char *field)
{
	const struct tap_names *names = NULL;
	const char *p = print_fmt, *word;

	while (*p && !names) {
		if (*p == '"' || *p == '\'') {
			p = skip_string(p);
			continue;
		}
		if (!is_word(*p)) {
			p++;
			continue;
		}
		word = p;
		p = skip_word(p);
		if (*p != '(')
			continue;
		if (str_has_prefix(word, "__print_symbolic(") ||
		    str_has_prefix(word, "__print_symbolic_u64("))
			names = parse_call(arena, p + 1, field, false);
		else if (str_has_prefix(word, "__print_flags(") ||
			 str_has_prefix(word, "__print_flags_u64("))
			names = parse_call(arena, p + 1, field, true);
	}
	return names;
}

/* ------------------------------------------------------------------- text */

static size_t flags_text(const struct tap_names *names, u64 value, char *buf,
			 size_t size)
{
	u64 left = value, mask;
	const char *name;
	unsigned int i;
	size_t len = 0;

	for (i = 0; i < names->nr; i++) {
		mask = names->name[i].value;
		name = names->name[i].name;
		if (mask ? (left & mask) != mask : value != 0)
			continue;
		/* Room for what has no name, and its NUL */
		if (len + strlen(name) + 21 > size)
			continue;
		len += snprintf(buf + len, size - len, "%s%s", len ? "|" : "",
				name);
		left &= ~mask;
		if (!left)
			break;
	}
	if (left && len)
		len += snprintf(buf + len, size - len, "|0x%llx",
				(unsigned long long)left);
	return len;
}

/**
 * trace_tap_names_text - a value by its names
 * @names: the names, or NULL
 * @value: the value
 * @is_signed: what has no name is shown signed
 * @buf: where to; "TIMER", "READ|SYNC|0x100", "42"
 * @size: bytes of @buf, at least 32
 *
 * Any context.
 *
 * Return: bytes written, without the NUL.
 */
unsigned int trace_tap_names_text(const struct tap_names *names, u64 value,
				  bool is_signed, char *buf, size_t size)
{
	size_t len = 0;
	unsigned int i;

	if (names && names->flags) {
		len = flags_text(names, value, buf, size);
		if (len)
			return len;
	}
	for (i = 0; names && !names->flags && i < names->nr; i++) {
		if (names->name[i].value == value &&
		    strlen(names->name[i].name) < size)
			return snprintf(buf, size, "%s", names->name[i].name);
	}
	if (is_signed)
		return snprintf(buf, size, "%lld", (long long)value);
	return snprintf(buf, size, "%llu", (unsigned long long)value);
}
