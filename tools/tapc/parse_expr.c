// SPDX-License-Identifier: GPL-2.0
/*
 * Tokens to a tree: expressions.
 *
 *	in:	(nsecs - @start[tid]) / 1000 > $max ? 1 : 0
 *	out:	TERNARY (BINARY > (BINARY / (BINARY - (...), 1000), VAR max), 1, 0)
 *
 *	expr:	   binary [ "?" expr ":" expr ]
 *	binary:	   unary { OP binary-of-tighter-operators }
 *	unary:	   ( "!" | "~" | "-" | "+" | "*" | "&" | "++" | "--" ) unary
 *		   | cast unary | postfix
 *	cast:	   "(" type ")"
 *	postfix:   primary { "." NAME | "->" NAME | "." number | "[" expr "]" }
 *		   [ "++" | "--" ]
 *	primary:   number | string | NAME | call | map | VAR | PARAM | "$#"
 *		   | "(" expr ")" | tuple | sizeof | offsetof
 *	call:	   NAME "(" [ values ] ")"
 *	map:	   MAP [ "[" values "]" ]
 *	tuple:	   "(" [ expr "," [ values ] ] ")"
 *	sizeof:	   "sizeof" "(" ( type | expr ) ")"
 *	offsetof:  "offsetof" "(" ( type | expr ) "," NAME { "." NAME } ")"
 *	values:	   expr { "," expr }
 *
 * Operators bind as in C. What has two ways to be written has one in the tree:
 * delete(@x, k) is delete(@x[k]), and @x[(a, b)] is @x[a, b].
 */
#include "parse.h"

/* How tight an operator binds; those of one level group from the left. */
static const struct binop {
	u32	op;
	u8	prec;
} binops[] = {
	{ OP2('|', '|'), 1 },
	{ OP2('&', '&'), 2 },
	{ '|', 3 },
	{ '^', 4 },
	{ '&', 5 },
	{ OP2('=', '='), 6 }, { OP2('!', '='), 6 },
	{ '<', 7 }, { '>', 7 }, { OP2('<', '='), 7 }, { OP2('>', '='), 7 },
	{ OP2('<', '<'), 8 }, { OP2('>', '>'), 8 },
	{ '+', 9 }, { '-', 9 },
	{ '*', 10 }, { '/', 10 }, { '%', 10 },
};

/* ------------------------------------------------------- what all rules need */

/* Of rules that contain themselves; p->depth-- at their end. */
void parse_deeper(struct parser *p)
{
	if (++p->depth > MAX_DEPTH)
		parse_unexpected(p, ERR_DEEP);
}

struct token *parse_next(struct parser *p)
{
	p->prev = p->tok;
	if (p->tok->kind != TOK_END)
		p->tok = p->tok->next;
	return p->prev;
}

/* Take the operator if it is next. */
bool parse_accept(struct parser *p, u32 op)
{
	if (!tapc_is_op(p->tok, op))
		return false;
	parse_next(p);
	return true;
}

/* A token as people know it. */
static const char *spell(struct parser *p, const struct token *tok)
{
	if (tok->kind == TOK_END)
		return "end of script";
	return tapc_strndup(p->tc, tok->raw, tok->raw_len);
}

/* @fmt: a row of err.h, which may say what was found instead. */
void parse_unexpected(struct parser *p, const char *fmt)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	tapc_fail(p->tc, p->tok->pos, fmt, spell(p, p->tok));
#pragma GCC diagnostic pop
}

/*
 * A missing ';' or ')' at the end of a line is shown there, not at what follows
 * some lines below.
 */
void parse_expect(struct parser *p, u32 op)
{
	char text[4] = { op, op >> 8, op >> 16, 0 };
	struct loc pos = p->tok->pos;

	if (parse_accept(p, op))
		return;
	if (p->prev && (p->prev->pos.line != pos.line ||
			p->tok->kind == TOK_END)) {
		pos = p->prev->pos;
		if (!p->prev->is_expanded)
			pos.col += p->prev->raw_len;
		tapc_fail(p->tc, pos, ERR_EXPECT, text);
	}
	tapc_fail(p->tc, pos, ERR_EXPECT_FOUND, text, spell(p, p->tok));
}

const char *parse_name(struct parser *p)
{
	if (p->tok->kind != TOK_NAME)
		parse_unexpected(p, ERR_EXPECT_NAME);
	return parse_next(p)->text;
}

struct node *parse_node(struct parser *p, enum node_kind kind,
			const struct token *tok)
{
	struct node *node = tapc_alloc(p->tc, sizeof(*node));

	node->kind = kind;
	node->pos = tok->pos;
	node->op = tok->op;
	node->text = tok->text;
	node->len = tok->len;
	node->value = tok->value;
	return node;
}

/* A node of the next token, which is taken. */
struct node *parse_take(struct parser *p, enum node_kind kind)
{
	return parse_node(p, kind, parse_next(p));
}

/* Children of a node, which may be lists. */
struct node *parse_children(struct parser *p, struct node *node,
			    struct node *a, struct node *b, struct node *c)
{
	const struct node *child;
	unsigned int i, height = 0;

	node->a = a;
	node->b = b;
	node->c = c;
	for (i = 0; i < 3; i++) {
		for (child = i ? i == 1 ? b : c : a; child; child = child->next)
			height = max_t(unsigned int, height, child->height);
	}
	if (height >= MAX_HEIGHT)
		tapc_fail(p->tc, node->pos, ERR_DEEP);
	node->height = height + 1;
	return node;
}

struct node *parse_child(struct parser *p, struct node *node, struct node *a)
{
	return parse_children(p, node, a, NULL, NULL);
}

/* ------------------------------------------------------------------ primary */

/* values: expr { "," expr }, up to @end, which is taken; may be none */
static struct node *values(struct parser *p, u32 end)
{
	struct node *first = NULL, **tail = &first;
	bool in_guard = p->in_guard;

	p->in_guard = false;
	while (!tapc_is_op(p->tok, end)) {
		*tail = parse_expr(p);
		tail = &(*tail)->next;
		if (!parse_accept(p, ','))
			break;
	}
	parse_expect(p, end);
	p->in_guard = in_guard;
	return first;
}

/* @x[(a, b)] is @x[a, b] */
static struct node *spread_tuple(struct node *keys)
{
	if (keys && !keys->next && keys->kind == N_TUPLE && keys->a)
		return keys->a;
	return keys;
}

/* map: MAP [ "[" values "]" ] */
struct node *parse_map(struct parser *p)
{
	struct node *node, *keys = NULL;

	if (p->tok->kind != TOK_MAP)
		parse_unexpected(p, ERR_EXPECT_MAP);
	node = parse_take(p, N_MAP);
	if (parse_accept(p, '[')) {
		if (tapc_is_op(p->tok, ']'))
			parse_unexpected(p, ERR_EXPECT_VALUE);
		keys = spread_tuple(values(p, ']'));
	}
	return parse_child(p, node, keys);
}

/* delete(@x, k) is delete(@x[k]), has_key(@x, k) is has_key(@x[k]). */
static struct node *move_key(struct parser *p, struct node *call)
{
	struct node *map = call->a;

	if (strcmp(call->text, "delete") && strcmp(call->text, "has_key"))
		return call;
	if (!map || map->kind != N_MAP || map->a || !map->next ||
	    map->next->next)
		return call;
	parse_child(p, map, spread_tuple(map->next));
	map->next = NULL;
	return parse_child(p, call, map);
}

/* call: NAME "(" [ values ] ")"; also, of old, "delete" map */
static struct node *call(struct parser *p, struct token *name)
{
	struct node *node = parse_node(p, N_CALL, name);

	if (p->tok->kind == TOK_MAP)
		return parse_child(p, node, parse_map(p));
	parse_expect(p, '(');
	parse_child(p, node, values(p, ')'));
	return move_key(p, node);
}

/* ( type | expr ), as the first argument of sizeof and offsetof */
static void type_or_expr(struct parser *p, struct node *node)
{
	bool in_guard = p->in_guard;

	parse_expect(p, '(');
	p->in_guard = false;
	if (cdecl_is_type(p, p->tok))
		node->ctype = cdecl_type_name(p);
	else
		parse_child(p, node, parse_expr(p));
	p->in_guard = in_guard;
}

/* offsetof: "offsetof" "(" ( type | expr ) "," NAME { "." NAME } ")" */
static struct node *offset_of(struct parser *p, struct token *word)
{
	struct node *node = parse_node(p, N_OFFSETOF, word);
	const struct token *tok;
	char *path, *end;
	size_t len = 0;

	type_or_expr(p, node);
	parse_expect(p, ',');
	for (tok = p->tok; tok->kind == TOK_NAME || tapc_is_op(tok, '.');
	     tok = tok->next)
		len += tok->raw_len;
	path = tapc_alloc(p->tc, len + 1);
	node->text = path;
	node->len = len;
	end = stpcpy(path, parse_name(p));
	while (parse_accept(p, '.')) {
		*end++ = '.';
		end = stpcpy(end, parse_name(p));
	}
	parse_expect(p, ')');
	return node;
}

static struct node *size_of(struct parser *p, struct token *word)
{
	struct node *node = parse_node(p, N_SIZEOF, word);

	type_or_expr(p, node);
	parse_expect(p, ')');
	return node;
}

/* "(" expr ")", or tuple: "(" [ expr "," [ values ] ] ")" */
static struct node *parens(struct parser *p)
{
	struct token *open = parse_next(p);
	struct node *first = NULL;
	bool in_guard = p->in_guard;

	p->in_guard = false;
	if (!tapc_is_op(p->tok, ')')) {
		first = parse_expr(p);
		if (!parse_accept(p, ',')) {
			parse_expect(p, ')');
			p->in_guard = in_guard;
			return first;
		}
		first->next = values(p, ')');
	} else {
		parse_next(p);
	}
	p->in_guard = in_guard;
	return parse_child(p, parse_node(p, N_TUPLE, open), first);
}

static struct node *name(struct parser *p)
{
	struct token *tok = parse_next(p);
	struct node *node;

	if (tapc_is_word(tok, "sizeof"))
		return size_of(p, tok);
	if (tapc_is_word(tok, "offsetof"))
		return offset_of(p, tok);
	if (tapc_is_op(p->tok, '(') ||
	    (tapc_is_word(tok, "delete") && p->tok->kind == TOK_MAP))
		return call(p, tok);
	if (!tapc_is_word(tok, "true") && !tapc_is_word(tok, "false"))
		return parse_node(p, N_NAME, tok);
	node = parse_node(p, N_BOOL, tok);
	node->value = *tok->text == 't';
	return node;
}

/* primary: see above */
static struct node *primary(struct parser *p)
{
	switch (p->tok->kind) {
	case TOK_NAME:
		return name(p);
	case TOK_MAP:
		return parse_map(p);
	case TOK_INT:
		return parse_take(p, N_INT);
	case TOK_STR:
		return parse_take(p, N_STR);
	case TOK_VAR:
		return parse_take(p, N_VAR);
	case TOK_PARAM:
		return parse_take(p, N_PARAM);
	case TOK_NPARAMS:
		return parse_take(p, N_NPARAMS);
	}
	if (tapc_is_op(p->tok, '{'))
		tapc_fail(p->tc, p->tok->pos, ERR_UNSUPPORTED,
			  "blocks as values");
	if (!tapc_is_op(p->tok, '('))
		parse_unexpected(p, ERR_EXPECT_VALUE);
	return parens(p);
}

/* ------------------------------------------------------------------ postfix */

/* "." NAME | "->" NAME | "." number */
static struct node *member(struct parser *p, struct node *a)
{
	struct token *op = parse_next(p), *tok = p->tok;
	struct node *node;

	if (tok->kind == TOK_INT && op->op == '.') {
		node = parse_take(p, N_ELEMENT);
		return parse_child(p, node, a);
	}
	parse_name(p);
	/* The name is what errors are about. */
	node = parse_node(p, N_MEMBER, tok);
	node->op = op->op;
	return parse_child(p, node, a);
}

/* "[" expr "]" */
static struct node *index_of(struct parser *p, struct node *a)
{
	struct node *node = parse_take(p, N_INDEX), *b;
	bool in_guard = p->in_guard;

	p->in_guard = false;
	b = parse_expr(p);
	p->in_guard = in_guard;
	parse_expect(p, ']');
	return parse_children(p, node, a, b, NULL);
}

static void check_counted(struct parser *p, const struct node *a,
			  struct loc pos)
{
	if (a->kind != N_VAR && a->kind != N_MAP)
		tapc_fail(p->tc, pos, ERR_NOT_COUNTED);
}

/* postfix: see above */
static struct node *postfix(struct parser *p)
{
	struct node *a = primary(p), *node;

	for (;;) {
		if (tapc_is_op(p->tok, '.') ||
		    tapc_is_op(p->tok, OP2('-', '>')))
			a = member(p, a);
		else if (tapc_is_op(p->tok, '['))
			a = index_of(p, a);
		else
			break;
	}
	if (tapc_is_op(p->tok, '('))
		parse_unexpected(p, ERR_NOT_A_FUNCTION);
	if (!tapc_is_op(p->tok, OP2('+', '+')) &&
	    !tapc_is_op(p->tok, OP2('-', '-')))
		return a;
	check_counted(p, a, p->tok->pos);
	node = parse_take(p, N_POST);
	return parse_child(p, node, a);
}

/* ----------------------------------------------------------- unary and above */

/* Can a value begin so that cannot go on after another value? */
static bool begins_value(const struct token *tok)
{
	switch (tok->kind) {
	case TOK_NAME:
	case TOK_VAR:
	case TOK_MAP:
	case TOK_INT:
	case TOK_STR:
	case TOK_PARAM:
		return true;
	}
	return false;
}

/*
 * Is it a cast, or an expression in parentheses? Types that the script does not
 * define look like builtins: "(size_x)arg0" is a cast because nothing else would
 * make sense, and so is "(size_x *)".
 */
static bool is_cast(const struct parser *p)
{
	const struct token *tok = p->tok->next;

	if (!tapc_is_op(p->tok, '('))
		return false;
	if (cdecl_is_type(p, tok))
		return true;
	if (tok->kind != TOK_NAME)
		return false;
	tok = tok->next;
	if (tapc_is_op(tok, ')'))
		return begins_value(tok->next);
	while (tapc_is_op(tok, '*'))
		tok = tok->next;
	return tapc_is_op(tok, ')');
}

/* cast unary */
static struct node *unary(struct parser *p);
static struct node *cast(struct parser *p)
{
	struct node *node = parse_take(p, N_CAST);

	node->ctype = cdecl_type_name(p);
	parse_expect(p, ')');
	return parse_child(p, node, unary(p));
}

/* unary: see above */
static struct node *unary(struct parser *p)
{
	struct token *tok = p->tok;
	struct node *node, *a;

	parse_deeper(p);
	if (is_cast(p)) {
		node = cast(p);
	} else if (!tok->op || tok->op == '(' || tok->op == '{') {
		node = postfix(p);
	} else if (tok->op == OP2('+', '+') || tok->op == OP2('-', '-')) {
		node = parse_take(p, N_PRE);
		a = unary(p);
		check_counted(p, a, tok->pos);
		parse_child(p, node, a);
	} else if (tok->op < 0x80 && strchr("!~-+*&", tok->op)) {
		node = parse_take(p, N_UNARY);
		parse_child(p, node, unary(p));
	} else {
		parse_unexpected(p, ERR_EXPECT_VALUE);
	}
	p->depth--;
	return node;
}

/* How tight what comes next binds; 0 if it is no operator between values. */
static unsigned int precedence(const struct parser *p)
{
	const struct token *tok = p->tok;
	unsigned int i;

	if (tok->kind != TOK_OP)
		return 0;
	/* The end of a condition: no value begins with a brace. */
	if (p->in_guard && tok->op == '/' && tapc_is_op(tok->next, '{'))
		return 0;
	for (i = 0; i < ARRAY_SIZE(binops); i++) {
		if (binops[i].op == tok->op)
			return binops[i].prec;
	}
	return 0;
}

/* binary: unary { OP binary-of-tighter-operators }, at least as tight as @min */
static struct node *binary(struct parser *p, unsigned int min)
{
	struct node *a = unary(p), *node, *b;
	unsigned int prec;

	for (;;) {
		prec = precedence(p);
		if (!prec || prec < min)
			return a;
		node = parse_take(p, N_BINARY);
		b = binary(p, prec + 1);
		a = parse_children(p, node, a, b, NULL);
	}
}

/* expr: binary [ "?" expr ":" expr ] */
struct node *parse_expr(struct parser *p)
{
	struct node *a, *b, *node;

	parse_deeper(p);
	a = binary(p, 1);
	if (tapc_is_op(p->tok, '?')) {
		node = parse_take(p, N_TERNARY);
		b = parse_expr(p);
		parse_expect(p, ':');
		a = parse_children(p, node, a, b, parse_expr(p));
	}
	p->depth--;
	return a;
}

/**
 * tapc_parse_constant - value of an expression that is all there is
 * @tc: the run
 * @tok: its tokens, up to TOK_END
 * @value: out: its value
 *
 * Return: false if it is not constant.
 */
bool tapc_parse_constant(struct tapc *tc, struct token *tok, u64 *value)
{
	struct parser p = { .tc = tc, .tok = tok };
	struct node *node;

	if (tok->kind == TOK_END)
		return false;
	node = parse_expr(&p);
	return p.tok->kind == TOK_END && tapc_fold(tc, node, value);
}
