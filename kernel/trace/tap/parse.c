// SPDX-License-Identifier: GPL-2.0
/*
 * Tokens of an extended expression to a tree.
 *
 *	in:	a & 3 && !(b + 1 < c) || comm in {"sh", "bash"}
 *	out:	OR
 *		  AND
 *		    ARITH & (a, 3)
 *		    NOT
 *		      CMP < (ARITH + (b, 1), c)
 *		  IN (comm, "sh", "bash")
 *
 *	expr:	 unary { OP expr-of-tighter-operators } | unary "in" list
 *	unary:	 "!" comparison | "-" unary | primary
 *	primary: NUMBER | NAME | STRING | CPUS | "(" expr ")" | table | call
 *	table:	 TABLE [ "[" values "]" ]
 *	call:	 NAME "(" [ values ] ")"
 *	values:	 expr { "," expr }
 *	list:	 "{" element { "," element } "}"
 *	element: unary [ ".." unary ]
 *
 * Operators bind as in C, but for two rules: '!' takes a whole comparison, as it
 * always did in filters, and '&', '|' and '^' beside a comparison need
 * parentheses, because C's answer there is not the one people expect.
 */
#include "parse.h"

/* How tight an operator binds; those of one level group from the left. */
enum prec {
	PREC_NONE,
	PREC_OR,
	PREC_AND,
	PREC_CMP,
	PREC_BITOR,
	PREC_BITXOR,
	PREC_BITAND,
	PREC_SHIFT,
	PREC_ADD,
	PREC_MUL,
};

static const struct binop {
	u16	text;
	u8	prec;
	u8	kind;
	u8	op;
} binops[] = {
	{ TAP_OP2('|', '|'), PREC_OR,	  TAP_N_OR,	0 },
	{ TAP_OP2('&', '&'), PREC_AND,	  TAP_N_AND,	0 },
	{ TAP_OP2('=', '='), PREC_CMP,	  TAP_N_CMP,	TAP_OP_JEQ },
	{ TAP_OP2('!', '='), PREC_CMP,	  TAP_N_CMP,	TAP_OP_JNE },
	{ TAP_OP2('<', '='), PREC_CMP,	  TAP_N_CMP,	TAP_OP_JLE },
	{ TAP_OP2('>', '='), PREC_CMP,	  TAP_N_CMP,	TAP_OP_JGE },
	{ '<',		     PREC_CMP,	  TAP_N_CMP,	TAP_OP_JLT },
	{ '>',		     PREC_CMP,	  TAP_N_CMP,	TAP_OP_JGT },
	{ '~',		     PREC_CMP,	  TAP_N_STRREL,	TAP_REL_GLOB },
	{ TAP_OP2('!', '~'), PREC_CMP,	  TAP_N_STRREL,	TAP_REL_NGLOB },
	{ '|',		     PREC_BITOR,  TAP_N_ARITH,	TAP_OP_OR },
	{ '^',		     PREC_BITXOR, TAP_N_ARITH,	TAP_OP_XOR },
	{ '&',		     PREC_BITAND, TAP_N_ARITH,	TAP_OP_AND },
	{ TAP_OP2('<', '<'), PREC_SHIFT,  TAP_N_ARITH,	TAP_OP_SHL },
	{ TAP_OP2('>', '>'), PREC_SHIFT,  TAP_N_ARITH,	TAP_OP_SHR },
	{ '+',		     PREC_ADD,	  TAP_N_ARITH,	TAP_OP_ADD },
	{ '-',		     PREC_ADD,	  TAP_N_ARITH,	TAP_OP_SUB },
	{ '*',		     PREC_MUL,	  TAP_N_ARITH,	TAP_OP_MUL },
	{ '/',		     PREC_MUL,	  TAP_N_ARITH,	TAP_OP_DIV },
	{ '%',		     PREC_MUL,	  TAP_N_ARITH,	TAP_OP_MOD },
};

/* Functions that expressions have; what they take, type_call.c checks. */
static const char * const functions[] = {
	"has", "has_key", "str", "kstr", "ustr", "ksym", "hex", "enum",
	"syscall_name", "kstack", "ustack",
};

static struct tap_node *expr(struct parser *p, enum prec min);

struct tap_node *trace_tap_parse_fail(struct parser *p,
				      enum tap_error_code code,
				      unsigned int pos)
{
	if (p->tok->kind != TAP_TOK_BAD)
		trace_tap_error(p->e, -EINVAL, code, pos);
	return NULL;
}

static struct tap_node *fail(struct parser *p, enum tap_error_code code,
			     unsigned int pos)
{
	return trace_tap_parse_fail(p, code, pos);
}

static struct tap_node *new_node(struct parser *p, enum tap_node_kind kind,
				 u8 op, unsigned int pos)
{
	struct tap_node *node = trace_tap_alloc(p->arena, sizeof(*node));

	if (node) {
		node->kind = kind;
		node->op = op;
		node->pos = pos;
	}
	return node;
}

/* A node with the text of the next token, which is taken. */
static struct tap_node *text_node(struct parser *p, enum tap_node_kind kind)
{
	const struct tap_token *tok = p->tok++;
	struct tap_node *node = new_node(p, kind, 0, tok->pos);

	if (!node)
		return NULL;
	node->text = trace_tap_strndup(p->arena, tok->text, tok->len);
	node->len = tok->len;
	return node->text ? node : NULL;
}

static struct tap_node *set_operands(struct parser *p, struct tap_node *node,
				     struct tap_node *a, struct tap_node *b)
{
	if (!node)
		return NULL;
	node->a = a;
	node->b = b;
	node->height = 1 + max(a->height, b ? b->height : 0);
	if (node->height > TAP_MAX_DEPTH)
		return fail(p, TAP_ERR_TOO_DEEP, node->pos);
	return node;
}

static bool is_op(const struct tap_token *tok, u16 op)
{
	return trace_tap_parse_is_op(tok, op);
}

static bool is_word(const struct tap_token *tok, const char *word)
{
	return trace_tap_parse_is_word(tok, word);
}

/*
 * values: expr { "," expr }
 *
 * To the list at @node->a, whose height follows. A guard cannot end in there.
 * Brackets take more of the stack than parentheses do.
 */
struct tap_node *trace_tap_parse_values(struct parser *p,
					struct tap_node *node)
{
	struct tap_node *elem, **tail = &node->a;
	bool in_guard = p->in_guard;

	p->in_guard = false;
	p->depth++;
	while (true) {
		elem = expr(p, PREC_OR);
		if (!elem)
			return NULL;
		*tail = elem;
		tail = &elem->next;
		node->height = max(node->height, elem->height + 1);
		if (node->height > TAP_MAX_DEPTH)
			return fail(p, TAP_ERR_TOO_DEEP, node->pos);
		if (!is_op(p->tok, ','))
			break;
		p->tok++;
	}
	p->depth--;
	p->in_guard = in_guard;
	return node;
}

/* table: TABLE [ "[" values "]" ] */
struct tap_node *trace_tap_parse_table(struct parser *p)
{
	struct tap_node *node;

	p->is_extended = true;
	node = text_node(p, TAP_N_TABLE);
	if (!node || !is_op(p->tok, '['))
		return node;
	p->tok++;
	if (!trace_tap_parse_values(p, node))
		return NULL;
	if (!is_op(p->tok, ']'))
		return fail(p, TAP_ERR_EXPECT_BRACKET, p->tok->pos);
	p->tok++;
	return node;
}

/* has(@t[key]), has_key(@t, key): they differ in where the key stands. */
static struct tap_node *has(struct parser *p, struct tap_node *node)
{
	struct tap_node *table = node->a;
	bool is_apart = !strcmp(node->text, "has_key");

	if (!table || table->kind != TAP_N_TABLE)
		return fail(p, TAP_ERR_EXPECT_TABLE,
			    table ? table->pos : p->tok[-1].pos);
	if (is_apart && table->a)
		return fail(p, TAP_ERR_WRONG_ARGS, table->a->pos);
	if (!is_apart && table->next)
		return fail(p, TAP_ERR_WRONG_ARGS, table->next->pos);
	node->kind = TAP_N_HAS;
	node->pos = table->pos;
	node->text = table->text;
	node->a = is_apart ? table->next : table->a;
	return node;
}

/* call: NAME "(" [ values ] ")" */
struct tap_node *trace_tap_parse_call(struct parser *p)
{
	struct tap_node *node = text_node(p, TAP_N_CALL);

	p->tok++;
	if (!node)
		return NULL;
	if (!is_op(p->tok, ')') && !trace_tap_parse_values(p, node))
		return NULL;
	if (!is_op(p->tok, ')'))
		return fail(p, TAP_ERR_EXPECT_CLOSE, p->tok->pos);
	p->tok++;
	p->is_extended = true;
	return node;
}

static struct tap_node *function_call(struct parser *p)
{
	struct tap_node *node = trace_tap_parse_call(p);

	return node && str_has_prefix(node->text, "has") ? has(p, node) : node;
}

static bool is_function(const struct tap_token *tok)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		if (is_word(tok, functions[i]))
			return true;
	}
	return false;
}

static struct tap_node *number(struct parser *p)
{
	s64 value = p->tok->value;
	struct tap_node *node = text_node(p, TAP_N_CONST);

	if (node) {
		node->value = value;
		node->is_u64 = value < 0;
	}
	return node;
}

/* "(" expr ")" */
static struct tap_node *parens(struct parser *p)
{
	bool in_guard = p->in_guard;
	struct tap_node *node;

	p->tok++;
	p->in_guard = false;
	node = expr(p, PREC_OR);
	if (!node)
		return NULL;
	if (!is_op(p->tok, ')'))
		return fail(p, TAP_ERR_EXPECT_CLOSE, p->tok->pos);
	p->tok++;
	p->in_guard = in_guard;
	node->in_parens = true;
	return node;
}

/* primary: NUMBER | NAME | STRING | CPUS | "(" expr ")" | table | call */
static struct tap_node *primary(struct parser *p)
{
	const struct tap_token *tok = p->tok;

	switch (tok->kind) {
	case TAP_TOK_NUMBER:
		return number(p);
	case TAP_TOK_NAME:
		if (!is_op(tok + 1, '('))
			return text_node(p, TAP_N_NAME);
		if (is_function(tok))
			return function_call(p);
		/* Filters always said that an operator is missing there. */
		if (p->is_action)
			return fail(p, TAP_ERR_UNKNOWN_FUNCTION, tok->pos);
		return text_node(p, TAP_N_NAME);
	case TAP_TOK_STRING:
		return text_node(p, TAP_N_STRING);
	case TAP_TOK_CPUS:
		return text_node(p, TAP_N_CPUS);
	case TAP_TOK_TABLE:
		return trace_tap_parse_table(p);
	default:
		if (is_op(tok, '('))
			return parens(p);
		return fail(p, TAP_ERR_EXPECT_OPERAND, tok->pos);
	}
}

/* unary: "!" comparison | "-" unary | primary */
static struct tap_node *unary(struct parser *p)
{
	const struct tap_token *tok = p->tok;
	struct tap_node *a, *zero, *node;

	if (is_op(tok, '!')) {
		p->tok++;
		a = expr(p, PREC_CMP);
		if (!a)
			return NULL;
		node = new_node(p, TAP_N_NOT, 0, tok->pos);
		return set_operands(p, node, a, NULL);
	}
	if (is_op(tok, '-')) {
		p->tok++;
		/* Looser than a number only: -1 is a constant. */
		a = expr(p, PREC_MUL + 1);
		zero = new_node(p, TAP_N_CONST, 0, tok->pos);
		if (!a || !zero)
			return NULL;
		node = new_node(p, TAP_N_ARITH, TAP_OP_SUB, tok->pos);
		return set_operands(p, node, zero, a);
	}
	return primary(p);
}

/* element: unary [ ".." unary ] */
static struct tap_node *element(struct parser *p)
{
	struct tap_node *a, *b = NULL, *node;

	a = unary(p);
	if (!a || a->kind == TAP_N_STRING)
		return a;
	if (is_op(p->tok, TAP_OP2('.', '.'))) {
		p->tok++;
		b = unary(p);
		if (!b)
			return NULL;
	}
	node = new_node(p, TAP_N_RANGE, 0, a->pos);
	return set_operands(p, node, a, b);
}

/* list: "{" element { "," element } "}" */
static struct tap_node *list(struct parser *p, struct tap_node *a, u8 rel,
			     unsigned int pos)
{
	struct tap_node *node, *elem, *first = NULL, **tail = &first;
	bool in_guard = p->in_guard;

	p->is_extended = true;
	p->in_guard = false;
	if (!is_op(p->tok, '{'))
		return fail(p, TAP_ERR_MISSING_BRACE_OPEN, p->tok->pos);
	if (is_op(p->tok + 1, '}'))
		return fail(p, TAP_ERR_EMPTY_LIST, p->tok[1].pos);
	do {
		p->tok++;
		elem = element(p);
		if (!elem)
			return NULL;
		*tail = elem;
		tail = &elem->next;
	} while (is_op(p->tok, ','));
	if (!is_op(p->tok, '}'))
		return fail(p, TAP_ERR_MISSING_BRACE_CLOSE, p->tok->pos);
	p->tok++;
	p->in_guard = in_guard;
	node = new_node(p, TAP_N_IN, rel, pos);
	return set_operands(p, node, a, first);
}

static const struct binop *find_binop(const struct tap_token *tok)
{
	unsigned int i;

	if (tok->kind != TAP_TOK_OP)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(binops); i++) {
		if (binops[i].text == tok->op)
			return &binops[i];
	}
	return NULL;
}

static bool is_bitwise(const struct tap_node *node)
{
	return node->kind == TAP_N_ARITH && !node->in_parens &&
	       (node->op == TAP_OP_AND || node->op == TAP_OP_OR ||
		node->op == TAP_OP_XOR);
}

/*
 * Is this what the stock language has: NAME op constant? A name there that means
 * nothing is an old mistake, forgotten quotes; type.c says if it means something.
 */
static bool is_stock(const struct binop *op, const struct tap_node *a,
		     const struct tap_node *b)
{
	if (op->prec == PREC_OR || op->prec == PREC_AND)
		return true;
	if (op->prec != PREC_CMP && op->op != TAP_OP_AND)
		return false;
	return a->kind == TAP_N_NAME && !a->in_parens && !b->in_parens;
}

/* a op b; another element for a list of the same operator */
static struct tap_node *binary(struct parser *p, const struct binop *op,
			       struct tap_node *a, struct tap_node *b,
			       unsigned int pos)
{
	struct tap_node *node = a, *last;

	if (op->prec == PREC_CMP && (is_bitwise(a) || is_bitwise(b))) {
		p->is_extended = true;
		return fail(p, TAP_ERR_AMBIGUOUS, pos);
	}
	if (!is_stock(op, a, b))
		p->is_extended = true;
	if (op->prec > PREC_AND) {
		node = new_node(p, op->kind, op->op, pos);
		return set_operands(p, node, a, b);
	}
	if (a->kind == op->kind && !a->in_parens) {
		for (last = a->a; last->next; last = last->next)
			;
		last->next = b;
	} else {
		node = new_node(p, op->kind, 0, pos);
		node = set_operands(p, node, a, NULL);
		a->next = b;
	}
	if (node)
		node->height = max(node->height, b->height + 1);
	if (node && node->height > TAP_MAX_DEPTH)
		return fail(p, TAP_ERR_TOO_DEEP, pos);
	return node;
}

/*
 * expr: unary { OP expr-of-tighter-operators } | unary "in" list
 *
 * Takes operators that bind at least as tight as @min.
 */
static struct tap_node *expr(struct parser *p, enum prec min)
{
	struct tap_node *a, *b;

	if (++p->depth > 2 * TAP_MAX_DEPTH)
		return fail(p, TAP_ERR_TOO_DEEP, p->tok->pos);
	a = unary(p);
	while (a) {
		const struct binop *op = find_binop(p->tok);
		unsigned int pos = p->tok->pos;

		if (min <= PREC_CMP && is_word(p->tok, "in")) {
			p->tok++;
			a = list(p, a, TAP_REL_EQ, pos);
			continue;
		}
		if (!op || op->prec < min)
			break;
		if (p->in_guard && op->text == '/')
			break;
		if (op->kind == TAP_N_ARITH && op->op != TAP_OP_AND)
			p->is_extended = true;
		p->tok++;
		/* The stock language compares names only. */
		if (op->prec > PREC_AND && (a->kind != TAP_N_NAME ||
					    a->in_parens))
			p->is_extended = true;
		if (op->kind == TAP_N_STRREL && is_op(p->tok, '{')) {
			a = list(p, a, op->op, pos);
			continue;
		}
		b = expr(p, op->prec + 1);
		if (!b)
			return NULL;
		a = binary(p, op, a, b, pos);
	}
	p->depth--;
	return a;
}

/**
 * trace_tap_parse_expr - parse the expression that comes next
 * @p: parser of an action
 *
 * Context: may sleep. Returns the tree, names not looked up, or NULL as
 * trace_tap_parse().
 */
struct tap_node *trace_tap_parse_expr(struct parser *p)
{
	return expr(p, PREC_OR);
}

/**
 * trace_tap_parse - parse an extended expression
 * @arena: memory of the tree
 * @tokens: from trace_tap_lex()
 * @is_extended: out: part of it is not of the stock language, and was understood
 * @e: in: the lexer's error, if it had one; out: the error
 *
 * Context: may sleep. Returns the tree, names not looked up, or NULL with @e
 * set, or without if @arena failed.
 */
struct tap_node *trace_tap_parse(struct tap_arena *arena,
				 const struct tap_token *tokens,
				 bool *is_extended, struct tap_error *e)
{
	struct parser p = { .arena = arena, .tok = tokens, .e = e };
	struct tap_node *root = expr(&p, PREC_OR);

	if (root && p.tok->kind != TAP_TOK_END)
		root = fail(&p, TAP_ERR_EXPECT_OPERATOR, p.tok->pos);
	*is_extended = p.is_extended;
	return root;
}
