// SPDX-License-Identifier: GPL-2.0
/*
 * The text of an extended expression, or of an action, to tokens.
 *
 *	in:	comm in {'sh', "kw*"} && @t[a.b]
 *	out:	NAME comm, NAME in, OP {, STRING sh, OP ',', STRING kw*, OP },
 *		OP &&, TABLE t, OP [, NAME a.b, OP ], END
 *
 * Strings end at the quote they began with and have no escapes, so that a shell
 * has nothing to add to them. The one exception is the format of a printf(),
 * where a backslash keeps the next character from ending it; stmt.c says what
 * both mean.
 */
#include "tap.h"

/* Operators of two characters; all others are one. */
static const char pairs[][3] = {
	"&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "!~", "..",
};

static const char singles[] = "!~<>=&|^+-*/%(){}[],;";

static bool is_name_start(char c)
{
	return isalpha(c) || c == '_';
}

static bool is_name_char(char c)
{
	return isalnum(c) || c == '_';
}

/* name: WORD { "." WORD } */
static const char *lex_name(struct tap_token *tok, const char *p)
{
	while (is_name_char(*p) || (*p == '.' && is_name_start(p[1])))
		p++;
	tok->kind = TAP_TOK_NAME;
	tok->len = p - tok->text;
	return p;
}

/* number: as kstrtoull() with base 0 takes it */
static const char *lex_number(struct tap_token *tok, const char *p,
			      struct tap_error *e)
{
	char num[24];

	while (is_name_char(*p))
		p++;
	tok->kind = TAP_TOK_NUMBER;
	tok->len = p - tok->text;
	if (tok->len < sizeof(num)) {
		memcpy(num, tok->text, tok->len);
		num[tok->len] = 0;
		if (!kstrtoull(num, 0, &tok->value))
			return p;
	}
	trace_tap_error(e, -EINVAL, TAP_ERR_ILLEGAL_INTVAL, tok->pos);
	return NULL;
}

/* table: "@" [ WORD ], in ASCII, as shapes and files have it */
static const char *lex_table(struct tap_token *tok, const char *p,
			     struct tap_error *e)
{
	for (p++; is_name_char(*p) && isascii(*p); p++)
		;
	tok->kind = TAP_TOK_TABLE;
	tok->text++;
	tok->len = p - tok->text;
	if (tok->len < TAP_MAX_TABLE_NAME)
		return p;
	trace_tap_error(e, -EINVAL, TAP_ERR_OPERAND_TOO_LONG, tok->pos);
	return NULL;
}

/* Is what comes next the format of a printf: behind "printf", "("? */
static bool is_format(const struct tap_token *first,
		      const struct tap_token *tok)
{
	return tok - first >= 2 && tok[-1].kind == TAP_TOK_OP &&
	       tok[-1].op == '(' && tok[-2].kind == TAP_TOK_NAME &&
	       tok[-2].len == strlen("printf") &&
	       !memcmp(tok[-2].text, "printf", tok[-2].len);
}

/* string: QUOTE any but QUOTE QUOTE */
static const char *lex_string(struct tap_token *tok, const char *p,
			      bool escapes, struct tap_error *e)
{
	const char *end = p + 1;

	while (*end && *end != *p)
		end += escapes && *end == '\\' && end[1] ? 2 : 1;
	if (!*end) {
		trace_tap_error(e, -EINVAL, TAP_ERR_MISSING_QUOTE, tok->pos);
		return NULL;
	}
	tok->kind = TAP_TOK_STRING;
	tok->text = p + 1;
	tok->len = end - tok->text;
	if (tok->len < TAP_MAX_STR)
		return end + 1;
	trace_tap_error(e, -EINVAL, TAP_ERR_OPERAND_TOO_LONG, tok->pos);
	return NULL;
}

/* cpus: "CPUS{" any but "}" "}" */
static const char *lex_cpus(struct tap_token *tok, const char *p,
			    struct tap_error *e)
{
	const char *end = strchr(p, '}');

	if (!end) {
		trace_tap_error(e, -EINVAL, TAP_ERR_MISSING_BRACE_CLOSE,
				tok->pos);
		return NULL;
	}
	tok->kind = TAP_TOK_CPUS;
	tok->text = p + strlen("CPUS{");
	tok->len = end - tok->text;
	return end + 1;
}

static const char *lex_op(struct tap_token *tok, const char *p,
			  struct tap_error *e)
{
	unsigned int i;

	tok->kind = TAP_TOK_OP;
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (p[0] == pairs[i][0] && p[1] == pairs[i][1]) {
			tok->op = TAP_OP2(p[0], p[1]);
			tok->len = 2;
			return p + 2;
		}
	}
	if (strchr(singles, *p)) {
		tok->op = *p;
		tok->len = 1;
		return p + 1;
	}
	trace_tap_error(e, -EINVAL, TAP_ERR_BAD_CHAR, tok->pos);
	return NULL;
}

static const char *lex_token(const struct tap_token *first,
			     struct tap_token *tok, const char *p,
			     struct tap_error *e)
{
	if (isdigit(*p))
		return lex_number(tok, p, e);
	if (str_has_prefix(p, "CPUS{"))
		return lex_cpus(tok, p, e);
	if (is_name_start(*p))
		return lex_name(tok, p);
	if (*p == '"' || *p == '\'')
		return lex_string(tok, p, is_format(first, tok), e);
	if (*p == '@')
		return lex_table(tok, p, e);
	return lex_op(tok, p, e);
}

/**
 * trace_tap_lex - split an expression or an action into tokens
 * @arena: memory of the tokens
 * @text: the text; tokens point into it
 * @e: out: why the last token is TAP_TOK_BAD
 *
 * Context: may sleep. Returns the tokens, the last of kind TAP_TOK_END or
 * TAP_TOK_BAD, or NULL if @arena failed.
 */
struct tap_token *trace_tap_lex(struct tap_arena *arena, const char *text,
				struct tap_error *e)
{
	struct tap_token *tokens, *tok;
	const char *p = text;

	/* A token has at least one character, the end none. */
	tokens = trace_tap_alloc(arena, (strlen(text) + 1) * sizeof(*tokens));
	if (!tokens)
		return NULL;
	for (tok = tokens; ; tok++) {
		while (isspace(*p))
			p++;
		tok->pos = p - text;
		tok->text = p;
		if (!*p)
			break;
		p = lex_token(tokens, tok, p, e);
		if (!p) {
			tok->kind = TAP_TOK_BAD;
			return tokens;
		}
	}
	tok->kind = TAP_TOK_END;
	return tokens;
}
