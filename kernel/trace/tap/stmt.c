// SPDX-License-Identifier: GPL-2.0
/*
 * The text of an action to statements.
 *
 *	in:	/ret < 0/ @[comm] = count(); if (ret == -28) { stack(); record() }
 *	out:	guard	CMP < (ret, 0)
 *		AGG	@[comm], count()
 *		IF	CMP == (ret, -28)
 *			EFFECT stack
 *			EFFECT record
 *
 *	entry:	   [ "/" expr "/" ] list
 *	list:	   statement { ";" statement } [ ";" ]
 *	statement: "if" "(" expr ")" statement | "{" list "}" | assign | call
 *	assign:	   table "=" aggs | table "=" expr | table "+" "=" expr |
 *		   table "+" "+"
 *	aggs:	   agg | "(" agg { "," agg } ")"
 *	agg:	   AGGREGATION "(" [ values ] ")"
 *	call:	   NAME "(" [ values ] ")"
 *
 * The guard ends at the first '/' that stands in no kind of brackets and in no
 * string. Behind '}' the ';' may be missing. "+=" and "++" are two tokens, so
 * that filters have none that they did not always have.
 */
#include "parse.h"
#include "stmt.h"

static struct tap_stmt *list(struct parser *p);

static struct tap_stmt *fail(struct parser *p, enum tap_error_code code,
			     unsigned int pos)
{
	trace_tap_parse_fail(p, code, pos);
	return NULL;
}

static bool is_op(const struct tap_token *tok, u16 op)
{
	return trace_tap_parse_is_op(tok, op);
}

static struct tap_stmt *new_stmt(struct parser *p, enum tap_stmt_kind kind,
				 unsigned int pos)
{
	struct tap_stmt *stmt = trace_tap_alloc(p->arena, sizeof(*stmt));

	if (stmt) {
		stmt->kind = kind;
		stmt->pos = pos;
	}
	return stmt;
}

/* ------------------------------------------------------------- assignments */

/* enum tap_value_kind of the aggregation that the token names, or -1 */
static int find_agg(const struct tap_token *tok)
{
	static const char * const names[TAP_NR_VALUES] = {
#define X(name, text, ...) \
		[TAP_VALUE_##name] = text,
		TAP_VALUES(X)
#undef X
	};
	int i;

	for (i = TAP_VALUE_COUNT; i < TAP_NR_VALUES; i++) {
		if (trace_tap_parse_is_word(tok, names[i]) &&
		    is_op(tok + 1, '('))
			return i;
	}
	return -1;
}

/* agg: AGGREGATION "(" [ values ] ")" */
static struct tap_node *agg(struct parser *p)
{
	int kind = find_agg(p->tok);
	struct tap_node *node;

	if (kind < 0)
		return trace_tap_parse_fail(p, TAP_ERR_NOT_AN_AGG, p->tok->pos);
	node = trace_tap_parse_call(p);
	if (node)
		node->op = kind;
	return node;
}

/* aggs: agg | "(" agg { "," agg } ")" */
static struct tap_stmt *aggs(struct parser *p, struct tap_stmt *stmt)
{
	struct tap_node **tail = &stmt->args;
	unsigned int nr = 0;

	stmt->kind = TAP_S_AGG;
	if (!is_op(p->tok, '(')) {
		stmt->args = agg(p);
		return stmt->args ? stmt : NULL;
	}
	do {
		p->tok++;
		if (nr++ == TAP_MAX_PARTS)
			return fail(p, TAP_ERR_TOO_MANY_PARTS, p->tok->pos);
		*tail = agg(p);
		if (!*tail)
			return NULL;
		tail = &(*tail)->next;
	} while (is_op(p->tok, ','));
	if (!is_op(p->tok, ')'))
		return fail(p, TAP_ERR_EXPECT_CLOSE, p->tok->pos);
	p->tok++;
	return stmt;
}

static bool is_aggs(const struct tap_token *tok)
{
	return find_agg(is_op(tok, '(') ? tok + 1 : tok) >= 0;
}

/* "+" and, with nothing between, @op */
static bool is_plus(const struct tap_token *tok, u16 op)
{
	return is_op(tok, '+') && is_op(tok + 1, op) &&
	       tok[1].pos == tok->pos + 1;
}

/* @table++ is @table += 1 */
static struct tap_stmt *increment(struct parser *p, struct tap_stmt *stmt)
{
	stmt->kind = TAP_S_INC;
	stmt->args = trace_tap_alloc(p->arena, sizeof(*stmt->args));
	if (!stmt->args)
		return NULL;
	stmt->args->kind = TAP_N_CONST;
	stmt->args->pos = p->tok->pos;
	stmt->args->value = 1;
	p->tok += 2;
	return stmt;
}

/* assign: table "=" aggs | table "=" expr | table "+=" expr | table "++" */
static struct tap_stmt *assign(struct parser *p)
{
	struct tap_stmt *stmt = new_stmt(p, TAP_S_PUT, p->tok->pos);

	if (!stmt)
		return NULL;
	stmt->table = trace_tap_parse_table(p);
	if (!stmt->table)
		return NULL;
	if (is_plus(p->tok, '+'))
		return increment(p, stmt);
	if (is_plus(p->tok, '=')) {
		stmt->kind = TAP_S_INC;
		p->tok++;
	} else if (!is_op(p->tok, '=')) {
		return fail(p, TAP_ERR_EXPECT_ASSIGN, p->tok->pos);
	}
	p->tok++;
	if (stmt->kind == TAP_S_PUT && is_aggs(p->tok))
		return aggs(p, stmt);
	stmt->args = trace_tap_parse_expr(p);
	return stmt->args ? stmt : NULL;
}

/* ------------------------------------------------------------------- calls */

/* The format of a printf: a backslash that means nothing stays there. */
static char *format_text(struct parser *p, const struct tap_node *node)
{
	char *text = trace_tap_alloc(p->arena, node->len + 1), *out = text;
	const char *s;

	for (s = node->text; text && *s; s++) {
		if (*s != '\\') {
			*out++ = *s;
			continue;
		}
		switch (s[1]) {
		case 'n':
			*out++ = '\n';
			s++;
			break;
		case 't':
			*out++ = '\t';
			s++;
			break;
		case '\\':
		case '"':
		case '\'':
			*out++ = *++s;
			break;
		default:
			*out++ = *s;
		}
	}
	return text;
}

/* printf("format", values) */
static struct tap_stmt *printf_stmt(struct parser *p, struct tap_stmt *stmt)
{
	struct tap_node *format = stmt->args;

	if (!format)
		return fail(p, TAP_ERR_WRONG_ARGS, stmt->pos);
	if (format->kind != TAP_N_STRING)
		return fail(p, TAP_ERR_BAD_FORMAT, format->pos);
	stmt->text = format_text(p, format);
	stmt->text_pos = format->pos;
	stmt->args = format->next;
	return stmt->text ? stmt : NULL;
}

/* print(value): what its format is, stmt_type.c decides. */
static struct tap_stmt *print_stmt(struct parser *p, struct tap_stmt *stmt)
{
	if (!stmt->args || stmt->args->next)
		return fail(p, TAP_ERR_WRONG_ARGS, stmt->args ?
			    stmt->args->next->pos : stmt->pos);
	stmt->text = NULL;
	return stmt;
}

/* delete(@table[key]), delete(@table, key) */
static struct tap_stmt *delete_stmt(struct parser *p, struct tap_stmt *stmt)
{
	struct tap_node *table = stmt->args;

	if (!table || table->kind != TAP_N_TABLE)
		return fail(p, TAP_ERR_EXPECT_TABLE,
			    table ? table->pos : stmt->pos);
	if (table->next && table->a)
		return fail(p, TAP_ERR_WRONG_ARGS, table->next->pos);
	if (table->next)
		table->a = table->next;
	table->next = NULL;
	stmt->table = table;
	stmt->args = NULL;
	return stmt;
}

/* clear(@table), zero(@table) */
static struct tap_stmt *table_stmt(struct parser *p, struct tap_stmt *stmt)
{
	struct tap_node *table = stmt->args;

	if (!table || table->kind != TAP_N_TABLE)
		return fail(p, TAP_ERR_EXPECT_TABLE,
			    table ? table->pos : stmt->pos);
	if (table->a || table->next)
		return fail(p, TAP_ERR_WRONG_ARGS,
			    (table->a ?: table->next)->pos);
	stmt->table = table;
	stmt->args = NULL;
	return stmt;
}

/* stack(), record(), ... */
static struct tap_stmt *effect_stmt(struct parser *p, struct tap_stmt *stmt)
{
	return stmt->args ? fail(p, TAP_ERR_WRONG_ARGS, stmt->args->pos) : stmt;
}

static const struct {
	const char		*name;
	enum tap_stmt_kind	kind;
	u8			op;
	struct tap_stmt		*(*check)(struct parser *p,
					  struct tap_stmt *stmt);
} calls[] = {
	{ "printf",	TAP_S_PRINTF, 0,		printf_stmt },
	{ "print",	TAP_S_PRINTF, 0,		print_stmt },
	{ "delete",	TAP_S_DELETE, 0,		delete_stmt },
	{ "clear",	TAP_S_CLEAR,  TAP_OP_CLEAR,	table_stmt },
	{ "zero",	TAP_S_ZERO,   TAP_OP_ZERO,	table_stmt },
	{ "stack",	TAP_S_EFFECT, TAP_OP_STACK,	effect_stmt },
	{ "record",	TAP_S_EFFECT, TAP_OP_RECORD,	effect_stmt },
	{ "traceon",	TAP_S_EFFECT, TAP_OP_TRACEON,	effect_stmt },
	{ "traceoff",	TAP_S_EFFECT, TAP_OP_TRACEOFF,	effect_stmt },
	{ "snapshot",	TAP_S_EFFECT, TAP_OP_SNAPSHOT,	effect_stmt },
};

/* call: NAME "(" [ values ] ")" */
static struct tap_stmt *call(struct parser *p)
{
	struct tap_stmt *stmt = new_stmt(p, TAP_S_SYNTH, p->tok->pos);
	struct tap_node *node;
	unsigned int i;

	if (!stmt)
		return NULL;
	if (!is_op(p->tok + 1, '('))
		return fail(p, TAP_ERR_EXPECT_STATEMENT, p->tok->pos);
	node = trace_tap_parse_call(p);
	if (!node)
		return NULL;
	stmt->args = node->a;
	stmt->text = node->text;
	stmt->text_pos = node->pos;
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		if (strcmp(node->text, calls[i].name))
			continue;
		stmt->kind = calls[i].kind;
		stmt->op = calls[i].op;
		return calls[i].check(p, stmt);
	}
	return stmt;
}

/* -------------------------------------------------------------- structure */

static struct tap_stmt *statement(struct parser *p);

/* "if" "(" expr ")" statement */
static struct tap_stmt *if_stmt(struct parser *p)
{
	struct tap_stmt *stmt = new_stmt(p, TAP_S_IF, p->tok->pos);

	if (!stmt)
		return NULL;
	p->tok++;
	if (!is_op(p->tok, '('))
		return fail(p, TAP_ERR_EXPECT_OPEN, p->tok->pos);
	p->tok++;
	stmt->cond = trace_tap_parse_expr(p);
	if (!stmt->cond)
		return NULL;
	if (!is_op(p->tok, ')'))
		return fail(p, TAP_ERR_EXPECT_CLOSE, p->tok->pos);
	p->tok++;
	stmt->body = statement(p);
	return stmt->body ? stmt : NULL;
}

/* "{" list "}" */
static struct tap_stmt *block(struct parser *p)
{
	struct tap_stmt *first;

	p->tok++;
	first = list(p);
	if (!first)
		return NULL;
	if (!is_op(p->tok, '}'))
		return fail(p, p->tok->kind == TAP_TOK_END ?
			    TAP_ERR_MISSING_BRACE_CLOSE :
			    TAP_ERR_EXPECT_SEMICOLON, p->tok->pos);
	p->tok++;
	return first;
}

/* statement: a list where it is a block */
static struct tap_stmt *statement(struct parser *p)
{
	const struct tap_token *tok = p->tok;
	struct tap_stmt *stmt;

	if (++p->depth > TAP_MAX_DEPTH)
		return fail(p, TAP_ERR_TOO_DEEP, tok->pos);
	if (tok->kind == TAP_TOK_TABLE)
		stmt = assign(p);
	else if (is_op(tok, '{'))
		stmt = block(p);
	else if (trace_tap_parse_is_word(tok, "if"))
		stmt = if_stmt(p);
	else if (tok->kind == TAP_TOK_NAME)
		stmt = call(p);
	else
		return fail(p, TAP_ERR_EXPECT_STATEMENT, tok->pos);
	p->depth--;
	return stmt;
}

/* list: statement { ";" statement } [ ";" ] */
static struct tap_stmt *list(struct parser *p)
{
	struct tap_stmt *first = NULL, **tail = &first;

	do {
		*tail = statement(p);
		if (!*tail)
			return NULL;
		while (*tail)
			tail = &(*tail)->next;
		if (is_op(p->tok, ';'))
			p->tok++;
		else if (!is_op(p->tok - 1, '}'))
			break;
	} while (p->tok->kind != TAP_TOK_END && !is_op(p->tok, '}'));
	return first;
}

/* entry: [ "/" expr "/" ] list */
static bool entry(struct parser *p, struct tap_stmts *stmts)
{
	if (is_op(p->tok, '/')) {
		p->tok++;
		p->in_guard = true;
		stmts->guard = trace_tap_parse_expr(p);
		p->in_guard = false;
		if (!stmts->guard)
			return false;
		if (!is_op(p->tok, '/'))
			return fail(p, TAP_ERR_EXPECT_SLASH, p->tok->pos);
		p->tok++;
	}
	stmts->list = list(p);
	if (!stmts->list)
		return false;
	if (p->tok->kind == TAP_TOK_END)
		return true;
	return fail(p, is_op(p->tok, '}') ? TAP_ERR_MISSING_BRACE_OPEN :
		    TAP_ERR_EXPECT_SEMICOLON, p->tok->pos);
}

/**
 * trace_tap_stmt_parse - parse an action
 * @stmts: out: its statements, names not looked up
 * @text: the text
 * @e: out: the error
 *
 * Context: may sleep. Returns 0, or a negative errno; if @stmts->arena failed,
 * without @e set.
 */
int trace_tap_stmt_parse(struct tap_stmts *stmts, const char *text,
			 struct tap_error *e)
{
	struct parser p = {
		.arena = &stmts->arena, .is_action = true, .e = e,
	};

	p.tok = trace_tap_lex(&stmts->arena, text, e);
	if (!p.tok)
		return -ENOMEM;
	if (entry(&p, stmts))
		return 0;
	return stmts->arena.failed ? -ENOMEM : e->err;
}

/**
 * trace_tap_translate_action - translate an entry of the file "action"
 * @text: the statements
 * @scope: the event it is for
 * @e: out: the error
 *
 * Context: may sleep. Returns the program, neither bound nor verified, for
 * trace_tap_prog_free(), or NULL with @e set.
 */
struct tap_prog *trace_tap_translate_action(const char *text,
					    const struct tap_scope *scope,
					    struct tap_error *e)
{
	struct tap_stmts stmts = {};
	int ret;

	ret = trace_tap_stmt_parse(&stmts, text, e);
	ret = ret ?: trace_tap_stmt_type(&stmts, text, scope, e);
	if (stmts.arena.failed)
		ret = trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	if (ret) {
		trace_tap_arena_free(&stmts.arena);
		return NULL;
	}
	return trace_tap_stmt_gen(&stmts, e);
}
