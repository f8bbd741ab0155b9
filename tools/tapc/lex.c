// SPDX-License-Identifier: GPL-2.0
/*
 * The text of a script to tokens, one at a time.
 *
 *	in:	k:vfs_* /pid == 0x10/ { @x[$1] = "a\n"; }	// text
 *	out:	PROBE k:vfs_*, OP /, NAME pid, OP ==, INT 16, OP /, OP {,
 *		MAP x, OP [, PARAM 1, OP ], OP =, STR "a<newline>", OP ;, OP }
 *
 * A probe is one token, because what it consists of are no words of the
 * language: "uprobe:/usr/lib/lib*.so:a.b". It can begin only outside of all
 * brackets, at the start of the script, behind '}', ';', ',', '=' or the word
 * "trace", and has a ':' behind its first word. It goes on to a blank, ',', '{' or
 * '/', but a path to the ':' behind it, slashes included; '"' keeps all of these
 * together.
 *
 * cpp.c reads the tokens, and needs lines here and there.
 */
#include "tapc.h"

/* Those of three and two characters; all others are one. */
static const char ops[][4] = {
	"<<=", ">>=", "...", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>",
	"++", "--", "->", "..", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
};

static const char ops1[] = "!~<>=&|^+-*/%(){}[],;:.?#";

static bool is_start(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static bool is_part(char c)
{
	return is_start(c) || isdigit(c);
}

static struct loc here(const struct lexer *lx, const char *p)
{
	struct loc pos = { .line = lx->line, .file = lx->file };

	pos.col = min_t(size_t, p - lx->start + 1, U16_MAX);
	return pos;
}

/* "*" "/" may be lines away */
static void skip_comment(struct lexer *lx)
{
	struct loc pos = here(lx, lx->p);

	for (lx->p += 2; strncmp(lx->p, "*/", 2); lx->p++) {
		if (!*lx->p)
			tapc_fail(lx->tc, pos, ERR_OPEN_COMMENT);
		if (*lx->p == '\n') {
			lx->line++;
			lx->start = lx->p + 1;
		}
	}
	lx->p += 2;
}

/* Behind blanks, comments and lines that a backslash continues. */
static bool skip_blanks(struct lexer *lx)
{
	const char *from = lx->p;

	for (;;) {
		if (!strncmp(lx->p, "/*", 2)) {
			skip_comment(lx);
		} else if (!strncmp(lx->p, "//", 2)) {
			lx->p += strcspn(lx->p, "\n");
		} else if (!strncmp(lx->p, "\\\n", 2)) {
			lx->p += 2;
			lx->line++;
			lx->start = lx->p;
		} else if (isspace(*lx->p) && isascii(*lx->p) &&
			   *lx->p != '\n') {
			lx->p++;
		} else {
			return lx->p != from;
		}
	}
}

static bool skip_newlines(struct lexer *lx)
{
	bool any = false;

	while (*lx->p == '\n') {
		any = true;
		lx->p++;
		lx->line++;
		lx->start = lx->p;
		skip_blanks(lx);
	}
	return any;
}

static unsigned int hex_digit(char c)
{
	return isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* digits { digit | "_" }; NULL if it does not fit */
static const char *digits(const char *p, unsigned int base, u64 *value)
{
	for (; isxdigit(*p) || *p == '_'; p++) {
		if (*p == '_')
			continue;
		if (hex_digit(*p) >= base)
			break;
		if (check_mul_overflow(*value, base, value) ||
		    check_add_overflow(*value, hex_digit(*p), value))
			return NULL;
	}
	return p;
}

/* Units of time, and how many of the one before each is. */
static const char units[] = "ns\0us\0ms\0s\0m\0h\0d\0";
static const u16 steps[] = { 1, 1000, 1000, 1000, 60, 60, 24 };

/**
 * tapc_lex_number - what a number is
 * @text: the number and nothing else: 0x1f, 017, 1_000, 1e6, 5ms, 10UL
 * @value: out: its value, in ns if it has a unit
 * @has_unit: out: it has one; may be NULL
 *
 * Return: NULL, or the row of err.h that says what is wrong with it.
 */
const char *tapc_lex_number(const char *text, u64 *value, bool *has_unit)
{
	unsigned int base = 10;
	const char *p = text;
	u64 exp = 0;
	int unit;

	*value = 0;
	if (text[0] == '0')
		base = (text[1] | 0x20) == 'x' ? 16 : 8;
	if (base == 16)
		p += 2;
	if (!isxdigit(*p))
		return ERR_BAD_NUMBER;
	p = digits(p, base, value);
	if (p && base != 16 && (*p | 0x20) == 'e' && isdigit(p[1])) {
		p = digits(p + 1, 10, &exp);
		for (; p && exp && *value; exp--) {
			if (check_mul_overflow(*value, 10, value))
				return ERR_BIG_NUMBER;
		}
	}
	if (!p)
		return ERR_BIG_NUMBER;
	if (has_unit)
		*has_unit = false;
	/* C's sizes mean nothing. */
	if (strspn(p, "uUlL") == strlen(p))
		return strlen(p) > 3 ? ERR_BAD_NUMBER : NULL;
	unit = tapc_index(units, p);
	if (unit < 0)
		return ERR_BAD_NUMBER;
	if (has_unit)
		*has_unit = true;
	for (; unit; unit--) {
		if (check_mul_overflow(*value, steps[unit], value))
			return ERR_BIG_NUMBER;
	}
	return NULL;
}

static void lex_number(struct lexer *lx, struct token *tok)
{
	const char *error;

	while (is_part(*lx->p))
		lx->p++;
	tok->kind = TOK_INT;
	tok->text = tapc_strndup(lx->tc, tok->raw, lx->p - tok->raw);
	error = tapc_lex_number(tok->text, &tok->value, NULL);
	if (error)
		tapc_fail(lx->tc, tok->pos, error, tok->text);
}

/* escape: "\" ( letter | 1 to 3 octal digits | "x" 1 or 2 hex digits ) */
static char lex_escape(struct lexer *lx)
{
	static const char from[] = "ntrabfv\\\"'?", to[] = "\n\t\r\a\b\f\v\\\"'?";
	const char *at = lx->p++, *letter;
	unsigned int c = 0, n;

	if (*lx->p == 'x' && isxdigit(lx->p[1])) {
		lx->p++;
		for (n = 0; n < 2 && isxdigit(*lx->p); n++)
			c = c * 16 + hex_digit(*lx->p++);
		return c;
	}
	for (n = 0; n < 3 && *lx->p >= '0' && *lx->p <= '7'; n++)
		c = c * 8 + *lx->p++ - '0';
	if (n)
		return c;
	letter = *lx->p ? strchr(from, *lx->p) : NULL;
	if (!letter)
		tapc_fail(lx->tc, here(lx, at), ERR_BAD_ESCAPE, *lx->p);
	lx->p++;
	return to[letter - from];
}

/* string: QUOTE { character | escape } QUOTE, on one line */
static void lex_string(struct lexer *lx, struct token *tok)
{
	const char *end = lx->p + 1;
	char *out;

	while (*end && *end != '"' && *end != '\n')
		end += *end == '\\' && end[1] && end[1] != '\n' ? 2 : 1;
	if (*end != '"')
		tapc_fail(lx->tc, tok->pos, ERR_OPEN_STRING);
	out = tapc_alloc(lx->tc, end - lx->p);
	tok->kind = TOK_STR;
	tok->text = out;
	for (lx->p++; lx->p < end; )
		*out++ = *lx->p == '\\' ? lex_escape(lx) : *lx->p++;
	lx->p++;
	tok->len = out - tok->text;
}

/* character: "'" ( character | escape ) "'" */
static void lex_char(struct lexer *lx, struct token *tok)
{
	lx->p++;
	if (*lx->p == '\\')
		tok->value = (u8)lex_escape(lx);
	else if (*lx->p && *lx->p != '\'' && *lx->p != '\n')
		tok->value = (u8)*lx->p++;
	if (*lx->p != '\'' || lx->p == tok->raw + 1)
		tapc_fail(lx->tc, tok->pos, ERR_OPEN_CHAR);
	lx->p++;
	tok->kind = TOK_INT;
}

static void lex_word(struct lexer *lx, struct token *tok, u8 kind)
{
	const char *from = lx->p;

	while (is_part(*lx->p))
		lx->p++;
	tok->kind = kind;
	tok->len = lx->p - from;
	tok->text = tapc_strndup(lx->tc, from, tok->len);
}

/* "$" ( NAME | number | "#" ) */
static void lex_dollar(struct lexer *lx, struct token *tok)
{
	lx->p++;
	if (is_start(*lx->p)) {
		lex_word(lx, tok, TOK_VAR);
	} else if (*lx->p == '#') {
		tok->kind = TOK_NPARAMS;
		lx->p++;
	} else if (isdigit(*lx->p)) {
		tok->kind = TOK_PARAM;
		lx->p = digits(lx->p, 10, &tok->value);
		if (!lx->p || is_part(*lx->p))
			tapc_fail(lx->tc, tok->pos, ERR_VAR_NAME);
		if (!tok->value)
			tapc_fail(lx->tc, tok->pos, ERR_PARAM_ZERO);
	} else {
		tapc_fail(lx->tc, tok->pos, ERR_VAR_NAME);
	}
}

/* Which word of a table is it? Else less than 0. */
int tapc_word_index(const struct token *tok, const char *table)
{
	return tok->kind == TOK_NAME ? tapc_index(table, tok->text) : -1;
}

/* Is it this name, or word of the language? */
bool tapc_is_word(const struct token *tok, const char *word)
{
	return tok->kind == TOK_NAME && !strcmp(tok->text, word);
}

static void lex_op(struct lexer *lx, struct token *tok)
{
	const char *p = lx->p;
	unsigned int i, c = (u8)*p;
	char bad[5] = "";

	tok->kind = TOK_OP;
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		if (!strncmp(p, ops[i], strlen(ops[i]))) {
			tok->op = OP3(ops[i][0], ops[i][1], ops[i][2]);
			lx->p += strlen(ops[i]);
			return;
		}
	}
	if (strchr(ops1, c)) {
		tok->op = c;
		lx->p++;
		return;
	}
	/* One character, also if it is UTF-8. */
	for (i = 1; i < 4 && (p[i] & 0xc0) == 0x80; i++)
		;
	if (c < ' ' || c == 0x7f)
		snprintf(bad, sizeof(bad), "\\x%02x", c);
	else
		memcpy(bad, p, i);
	tapc_fail(lx->tc, tok->pos, ERR_BAD_CHAR, bad);
}

/* Where the probe that begins at @p ends; @p if there is none. */
static const char *probe_end(const char *p)
{
	const char *from = p;
	unsigned int path, part = 0;

	while (is_part(*p) || (*p && strchr("*?-", *p)))
		p++;
	/* Blanks or nothing behind the ':': not what a name is for. */
	if (p == from || *p != ':' || !p[1] || isspace(p[1]))
		return from;
	path = tapc_path_part(from);
	for (; *p && !isspace(*p); p++) {
		if (*p == ':')
			part++;
		if (*p == '"')
			p += 1 + strcspn(p + 1, "\"\n");
		if (!*p || *p == '\n' || strchr(",{}();", *p))
			break;
		if (*p == '/' && part != path)
			break;
	}
	return p;
}

static bool lex_probe(struct lexer *lx, struct token *tok)
{
	const char *end;

	/* A macro has none: there, "a:b" is of a "c ? a:b". */
	if (!lx->is_head || lx->depth || lx->in_line)
		return false;
	end = probe_end(lx->p);
	if (end == lx->p)
		return false;
	tok->kind = TOK_PROBE;
	tok->len = end - lx->p;
	tok->text = tapc_strndup(lx->tc, lx->p, tok->len);
	lx->p = end;
	return true;
}

static void lex_token(struct lexer *lx, struct token *tok)
{
	switch (*lx->p) {
	case 0:
		tok->kind = TOK_END;
		return;
	case '\n':
		tok->kind = TOK_EOL;
		return;
	case '$':
		lex_dollar(lx, tok);
		return;
	case '@':
		lx->p++;
		lex_word(lx, tok, TOK_MAP);
		return;
	case '"':
		lex_string(lx, tok);
		return;
	case '\'':
		lex_char(lx, tok);
		return;
	}
	if (lex_probe(lx, tok))
		return;
	if (isdigit(*lx->p))
		lex_number(lx, tok);
	else if (is_start(*lx->p))
		lex_word(lx, tok, TOK_NAME);
	else
		lex_op(lx, tok);
}

/* Brackets, and whether a probe may come next. */
static void follow(struct lexer *lx, const struct token *tok)
{
	lx->is_head = tapc_is_word(tok, "trace");
	if (tok->kind != TOK_OP)
		return;
	switch (tok->op) {
	case '{': case '(': case '[':
		lx->depth++;
		break;
	case '}': case ')': case ']':
		lx->depth -= lx->depth > 0;
		lx->is_head = tok->op == '}';
		break;
	case ',': case ';': case '=':
		lx->is_head = true;
		break;
	}
}

/**
 * tapc_lex_begin - begin with a source
 * @lx: the lexer
 * @tc: the run
 * @file: the source's index
 */
void tapc_lex_begin(struct lexer *lx, struct tapc *tc, u16 file)
{
	*lx = (struct lexer) {
		.tc = tc,
		.p = tc->sources[file].text,
		.start = tc->sources[file].text,
		.line = 1,
		.file = file,
		.is_head = true,
	};
	if (!strncmp(lx->p, "#!", 2))
		lx->p += strcspn(lx->p, "\n");
}

/**
 * tapc_lex - the next token
 * @lx: the lexer
 *
 * Return: the token, TOK_END at the end, and TOK_EOL for each line while
 * @lx->in_line.
 */
struct token *tapc_lex(struct lexer *lx)
{
	struct token *tok = tapc_alloc(lx->tc, sizeof(*tok));
	bool in_line = lx->in_line;

	if (lx->tc->nr_tokens++ == MAX_TOKENS)
		tapc_fail(lx->tc, here(lx, lx->p), ERR_TOO_LARGE, MAX_TOKENS);
	tok->at_start = lx->p == lx->tc->sources[lx->file].text;
	tok->is_spaced = skip_blanks(lx);
	if (!in_line)
		tok->at_start |= skip_newlines(lx);
	tok->pos = here(lx, lx->p);
	tok->raw = lx->p;
	tok->text = "";
	lex_token(lx, tok);
	tok->raw_len = lx->p - tok->raw;
	if (!in_line && !(tok->at_start && tapc_is_op(tok, '#')))
		follow(lx, tok);
	return tok;
}

/**
 * tapc_lex_line - the rest of the line, as it is
 * @lx: the lexer
 *
 * Return: its text without the blanks around it.
 */
const char *tapc_lex_line(struct lexer *lx)
{
	const char *end = lx->p + strcspn(lx->p, "\n");
	char *line = tapc_strndup(lx->tc, lx->p, end - lx->p);

	lx->p = end;
	return strstrip(line);
}

/**
 * tapc_lex_skip - to the next line that is a directive
 * @lx: the lexer, at the end of a line
 *
 * What is skipped need not be tokens, but its comments and strings are
 * respected.
 */
void tapc_lex_skip(struct lexer *lx)
{
	while (*lx->p) {
		if (*lx->p == '\n') {
			skip_newlines(lx);
			skip_blanks(lx);
			if (*lx->p == '#')
				return;
		} else if (*lx->p == '"') {
			lx->p++;
			while (*lx->p && *lx->p != '"' && *lx->p != '\n')
				lx->p += *lx->p == '\\' && lx->p[1] &&
					 lx->p[1] != '\n' ? 2 : 1;
			lx->p += *lx->p == '"';
		} else if (!skip_blanks(lx)) {
			lx->p++;
		}
	}
}
