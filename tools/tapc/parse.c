// SPDX-License-Identifier: GPL-2.0
/*
 * Tokens to a tree: the script and its statements.
 *
 *	in:	config = { stack_mode = perf }
 *		BEGIN { $i = 3; while $i > 0 { print($i--) } }
 *	out:	CONFIG (SETTING stack_mode (NAME perf))
 *		PROBE a: ATTACH begin
 *		      c: ASSIGN = (VAR i, INT 3)
 *			 WHILE a: BINARY > (VAR i, INT 0)
 *			       b: CALL print (POST -- (VAR i))
 *
 *	script:	   { config | mapdecl | declaration } probe { probe }
 *	config:	   "config" "=" "{" { NAME "=" expr ";" } "}"
 *	mapdecl:   "let" MAP "=" call [ ";" ]
 *	probe:	   attach { "," attach } [ "/" expr "/" ] block
 *	attach:	   [ NAME "=" ] [ "trace" ] ( PROBE | NAME )
 *	block:	   "{" { statement } "}"
 *	statement: if | unroll | while | for | block | ";" | simple ( ";" | before "}" )
 *	if:	   "if" expr block { "else" "if" expr block } [ "else" block ]
 *	unroll:	   "unroll" expr block
 *	while:	   "while" expr block
 *	for:	   "for" [ "(" ] VAR ":" expr [ ".." expr ] [ ")" ] block
 *	simple:	   "break" | "continue" | "return" [ expr ] | let | assignment | expr
 *	let:	   "let" VAR [ ":" type ] [ "=" expr ]
 *	assignment: ( VAR | map | "_" ) ASSIGN-OP expr
 *
 * Parentheses around conditions are ordinary ones. What a newer or older script
 * may have and tapc has not is refused by its name.
 */
#include "parse.h"

static struct node *block(struct parser *p);

/* Words that begin a statement, but for "else". */
enum {
	K_IF, K_UNROLL, K_WHILE, K_FOR, K_BREAK, K_CONTINUE, K_RETURN, K_LET,
};

static const char keywords[] =
	"if\0unroll\0while\0for\0break\0continue\0return\0let\0else\0";

/* ---------------------------------------------------------------- statements */

/* let: "let" VAR [ ":" type ] [ "=" expr ] */
static struct node *let(struct parser *p)
{
	struct node *node;

	parse_next(p);
	if (p->tok->kind != TOK_VAR)
		parse_unexpected(p, ERR_EXPECT_VAR);
	node = parse_take(p, N_LET);
	if (parse_accept(p, ':'))
		node->ctype = cdecl_type_name(p);
	if (parse_accept(p, '='))
		parse_child(p, node, parse_expr(p));
	return node;
}

/* "=", "+=" and the like; those end in '=' and are no comparison */
static bool is_assign_op(const struct token *tok)
{
	if (tok->kind != TOK_OP)
		return false;
	switch (tok->op) {
	case OP2('=', '='):
	case OP2('!', '='):
	case OP2('<', '='):
	case OP2('>', '='):
		return false;
	}
	return tok->op == '=' || tok->op >> 8 == '=' || tok->op >> 16 == '=';
}

/* assignment, or an expression alone */
static struct node *assignment(struct parser *p)
{
	struct node *a = parse_expr(p), *node;

	if (!is_assign_op(p->tok))
		return a;
	if (a->kind != N_VAR && a->kind != N_MAP &&
	    !(a->kind == N_NAME && !strcmp(a->text, "_")))
		tapc_fail(p->tc, a->pos, ERR_NOT_ASSIGNABLE);
	node = parse_take(p, N_ASSIGN);
	return parse_children(p, node, a, parse_expr(p), NULL);
}

static struct node *jump(struct parser *p, enum node_kind kind)
{
	struct token *word = parse_next(p);

	if (!p->loops)
		tapc_fail(p->tc, word->pos, ERR_OUTSIDE_LOOP, word->text);
	return parse_node(p, kind, word);
}

/* "return" [ expr ] */
static struct node *return_statement(struct parser *p)
{
	struct node *node = parse_take(p, N_RETURN);

	if (!tapc_is_op(p->tok, ';') && !tapc_is_op(p->tok, '}'))
		parse_child(p, node, parse_expr(p));
	return node;
}

/* if: see above; an "else if" is an if in the list of the else */
static struct node *if_statement(struct parser *p)
{
	struct node *node, *a, *b, *c = NULL;

	parse_deeper(p);
	node = parse_take(p, N_IF);
	a = parse_expr(p);
	b = block(p);
	if (tapc_is_word(p->tok, "else")) {
		parse_next(p);
		if (tapc_is_word(p->tok, "if"))
			c = if_statement(p);
		else
			c = block(p);
	}
	p->depth--;
	return parse_children(p, node, a, b, c);
}

/* unroll, while: WORD expr block */
static struct node *loop(struct parser *p, enum node_kind kind)
{
	struct node *node = parse_take(p, kind), *a, *b;

	a = parse_expr(p);
	p->loops += kind == N_WHILE;
	b = block(p);
	p->loops -= kind == N_WHILE;
	return parse_children(p, node, a, b, NULL);
}

/* for: "for" [ "(" ] VAR ":" expr [ ".." expr ] [ ")" ] block */
static struct node *for_statement(struct parser *p)
{
	struct node *node, *from, *to = NULL, *body;
	bool has_paren;

	parse_next(p);
	has_paren = parse_accept(p, '(');
	if (p->tok->kind != TOK_VAR)
		parse_unexpected(p, ERR_EXPECT_VAR);
	node = parse_take(p, N_FOR_MAP);
	parse_expect(p, ':');
	from = parse_expr(p);
	if (parse_accept(p, OP2('.', '.')))
		to = parse_expr(p);
	else if (from->kind != N_MAP || from->a)
		tapc_fail(p->tc, from->pos, ERR_EXPECT_MAP);
	if (has_paren)
		parse_expect(p, ')');
	p->loops++;
	body = block(p);
	p->loops--;
	if (!to)
		return parse_children(p, node, from, body, NULL);
	node->kind = N_FOR_RANGE;
	return parse_children(p, node, from, to, body);
}

/* What looks like a call, but has a block or a value behind it. */
static void check_keyword(struct parser *p, const struct node *node)
{
	struct suggestion s = { .word = node->text };

	if ((node->kind != N_NAME && node->kind != N_CALL) ||
	    (p->tok->kind == TOK_OP && p->tok->op != '{') ||
	    p->tok->kind == TOK_END)
		return;
	tapc_offer_all(&s, keywords);
	if (s.best)
		tapc_fail(p->tc, node->pos, ERR_STATEMENT, node->text,
			  tapc_suggest(&s));
}

/* simple: what ends with a ';'; @keyword is its first word, if it is one */
static struct node *simple(struct parser *p, int keyword)
{
	struct node *node;

	if (keyword == K_BREAK)
		node = jump(p, N_BREAK);
	else if (keyword == K_CONTINUE)
		node = jump(p, N_CONTINUE);
	else if (keyword == K_RETURN)
		node = return_statement(p);
	else if (keyword == K_LET)
		node = let(p);
	else
		node = assignment(p);
	check_keyword(p, node);
	if (!tapc_is_op(p->tok, '}'))
		parse_expect(p, ';');
	return node;
}

static struct node *statement(struct parser *p)
{
	int keyword = tapc_word_index(p->tok, keywords);
	struct node *node;

	if (keyword == K_IF)
		return if_statement(p);
	if (keyword == K_UNROLL)
		return loop(p, N_UNROLL);
	if (keyword == K_WHILE)
		return loop(p, N_WHILE);
	if (keyword == K_FOR)
		return for_statement(p);
	if (!tapc_is_op(p->tok, '{'))
		return simple(p, keyword);
	node = parse_node(p, N_BLOCK, p->tok);
	return parse_child(p, node, block(p));
}

/* block: "{" { statement } "}" */
static struct node *block(struct parser *p)
{
	struct node *first = NULL, **tail = &first;

	parse_deeper(p);
	parse_expect(p, '{');
	while (!parse_accept(p, '}')) {
		if (parse_accept(p, ';'))
			continue;
		if (p->tok->kind == TOK_END)
			parse_expect(p, '}');
		*tail = statement(p);
		tail = &(*tail)->next;
	}
	p->depth--;
	return first;
}

/* -------------------------------------------------------------------- script */

/* config: "config" "=" "{" { NAME "=" expr ";" } "}", the last ";" optional */
static struct node *config(struct parser *p)
{
	struct node *node = parse_take(p, N_CONFIG);
	struct node *first = NULL, **tail = &first;

	parse_expect(p, '=');
	parse_expect(p, '{');
	while (!parse_accept(p, '}')) {
		struct token *name = parse_next(p);

		if (name->kind != TOK_NAME || !tapc_is_op(p->tok, '='))
			tapc_fail(p->tc, name->pos, ERR_EXPECT_SETTING);
		parse_next(p);
		*tail = parse_node(p, N_SETTING, name);
		parse_child(p, *tail, parse_expr(p));
		tail = &(*tail)->next;
		if (!tapc_is_op(p->tok, '}'))
			parse_expect(p, ';');
	}
	return parse_child(p, node, first);
}

/* mapdecl: "let" MAP "=" call [ ";" ] */
static struct node *map_declaration(struct parser *p)
{
	struct node *node;

	parse_next(p);
	if (p->tok->kind != TOK_MAP)
		parse_unexpected(p, ERR_EXPECT_MAP);
	node = parse_take(p, N_MAPDECL);
	parse_expect(p, '=');
	parse_child(p, node, parse_expr(p));
	parse_accept(p, ';');
	return node;
}

/* What there is in newer versions of the language. */
static void refuse(struct parser *p)
{
	static const char refused[] = "fn\0subprog\0macro\0import\0";
	static const char names[] =
		"functions ('fn')\0functions ('subprog')\0"
		"macros other than '#define'\0imports\0";
	int i = tapc_word_index(p->tok, refused);

	if (i >= 0 && !tapc_is_op(p->tok->next, '{'))
		tapc_fail(p->tc, p->tok->pos, ERR_UNSUPPORTED,
			  tapc_nth(names, i));
}

/* attach: [ NAME "=" ] [ "trace" ] ( PROBE | NAME ) */
static struct node *attach(struct parser *p)
{
	struct node *node;

	if (p->tok->kind == TOK_NAME && tapc_is_op(p->tok->next, '=')) {
		parse_next(p);
		parse_next(p);
	}
	if (tapc_is_word(p->tok, "trace"))
		parse_next(p);
	if (p->tok->kind != TOK_PROBE && p->tok->kind != TOK_NAME)
		tapc_fail(p->tc, p->tok->pos, ERR_EXPECT_PROBE,
			  p->tok->kind == TOK_END ? "end of script" :
			  tapc_strndup(p->tc, p->tok->raw, p->tok->raw_len),
			  "");
	node = parse_take(p, N_ATTACH);
	node->attach = tapc_parse_attach(p->tc, node->text, node->pos);
	return node;
}

/* probe: attach { "," attach } [ "/" expr "/" ] block */
static struct node *probe(struct parser *p)
{
	struct node *node = parse_node(p, N_PROBE, p->tok);
	struct node *first = NULL, **tail = &first, *guard = NULL;

	do {
		*tail = attach(p);
		tail = &(*tail)->next;
	} while (parse_accept(p, ','));
	if (parse_accept(p, '/')) {
		p->in_guard = true;
		guard = parse_expr(p);
		p->in_guard = false;
		parse_expect(p, '/');
	}
	return parse_children(p, node, first, guard, block(p));
}

/* One thing of the script's top level. */
static struct node *top(struct parser *p, bool *has_probe)
{
	bool is_config, is_let;

	refuse(p);
	if (cdecl_is_declaration(p))
		return cdecl_declaration(p);
	is_config = tapc_is_word(p->tok, "config");
	is_let = tapc_is_word(p->tok, "let");
	if ((is_config || is_let) && *has_probe)
		tapc_fail(p->tc, p->tok->pos, ERR_LATE,
			  is_config ? "config" : "declarations of maps");
	if (is_config)
		return config(p);
	if (is_let)
		return map_declaration(p);
	*has_probe = true;
	return probe(p);
}

/**
 * tapc_parse - parse a script
 * @tc: the run
 * @tok: its tokens, up to TOK_END
 *
 * Return: a list of CONFIG, DECL, MAPDECL and PROBE nodes, names not looked up.
 */
struct node *tapc_parse(struct tapc *tc, struct token *tok)
{
	struct parser p = { .tc = tc, .tok = tok };
	struct node *first = NULL, **tail = &first;
	bool has_probe = false;

	while (p.tok->kind != TOK_END) {
		if (parse_accept(&p, ';'))
			continue;
		*tail = top(&p, &has_probe);
		tail = &(*tail)->next;
	}
	if (!has_probe)
		tapc_fail(tc, (struct loc){}, ERR_NO_PROBES);
	tc->is_parsed = true;
	return first;
}
