// SPDX-License-Identifier: GPL-2.0
/*
 * Tokens to those that count: directives done, macros expanded.
 *
 *	in:	#define MS(ns) ((ns) / 1000000)
 *		#ifdef BPFTRACE_HAVE_BTF
 *		k:a { @ = sum(MS(nsecs)); }
 *		#else
 *		#include <linux/sched.h>
 *		k:b { @ = sum(MS(nsecs)); }
 *		#endif
 *	out:	PROBE k:b, OP {, MAP, OP =, NAME sum, OP (, OP (, OP (, NAME nsecs,
 *		OP ), OP /, INT 1000000, ...; "linux/sched.h" is in tc->includes
 *
 * This is C's preprocessor but for '#' and '##' in macros, and for the calls that
 * begin in an expansion and end behind it. An included file is not read: what
 * scripts want from headers are types and constants, which later stages have
 * from elsewhere. Tokens of a macro stand where the macro is used, for that is
 * what a person looks at first.
 */
#include "tapc.h"

/**
 * struct macro - a macro
 * @next: the one that was defined before
 * @name: its name
 * @is_function: takes arguments
 * @is_busy: is being expanded: its own name there means itself
 * @nr_params: how many arguments
 * @params: their names
 * @body: its tokens, TOK_END behind them
 */
struct macro {
	struct macro	*next;
	const char	*name;
	bool		is_function;
	bool		is_busy;
	unsigned int	nr_params;
	struct word	*params;
	struct token	*body;
};

/* An #if that has not ended: which of its groups counts. */
struct cond {
	struct cond	*outer;
	struct loc	pos;
	bool		is_taken;	/* one of its groups was */
	bool		in_else;
};

/* A list that grows at its end. */
struct list {
	struct token	*first;
	struct token	**end;
};

struct cpp {
	struct tapc	*tc;
	struct lexer	lx;
	struct token	*peeked;
	struct cond	*cond;
	struct list	out;
	unsigned int	depth;
};

static void append(struct list *list, struct token *tok)
{
	if (!list->end)
		list->end = &list->first;
	tok->next = NULL;
	*list->end = tok;
	list->end = &tok->next;
}

static struct token *copy_token(struct cpp *cpp, const struct token *tok,
				struct loc pos)
{
	struct token *copy = tapc_alloc(cpp->tc, sizeof(*copy));

	if (cpp->tc->nr_tokens++ == MAX_TOKENS)
		tapc_fail(cpp->tc, pos, ERR_TOO_LARGE, MAX_TOKENS);
	if (tok)
		*copy = *tok;
	copy->pos = pos;
	copy->is_expanded = true;
	copy->next = NULL;
	return copy;
}

static struct token *new_token(struct cpp *cpp, u8 kind, struct loc pos)
{
	struct token *tok = copy_token(cpp, NULL, pos);

	tok->kind = kind;
	tok->text = "";
	return tok;
}

static struct token *end_token(struct cpp *cpp, struct loc pos)
{
	return new_token(cpp, TOK_END, pos);
}

static struct token *int_token(struct cpp *cpp, u64 value, struct loc pos)
{
	struct token *tok = new_token(cpp, TOK_INT, pos);

	tok->value = value;
	tok->raw = value ? "1" : "0";
	tok->raw_len = 1;
	return tok;
}

static struct token *next(struct cpp *cpp)
{
	struct token *tok = cpp->peeked;

	cpp->peeked = NULL;
	return tok ? tok : tapc_lex(&cpp->lx);
}

static struct token *peek(struct cpp *cpp)
{
	if (!cpp->peeked)
		cpp->peeked = tapc_lex(&cpp->lx);
	return cpp->peeked;
}

static struct macro *find_macro(struct tapc *tc, const char *name)
{
	struct macro *m;

	for (m = tc->macros; m; m = m->next) {
		if (!strcmp(m->name, name))
			return m;
	}
	return NULL;
}

/* ---------------------------------------------------------------- expansion */

static void expand(struct cpp *cpp, struct list *out, struct token *tok);

/*
 * The arguments of a call, up to its ')': copied to lists without their commas.
 * Returns how many; @tok is at the '(', and then at the ')'.
 */
static unsigned int split_args(struct cpp *cpp, const struct macro *m,
			       struct list *args, struct token **tok)
{
	struct loc pos = (*tok)->pos;
	unsigned int depth = 0, n = 0;
	struct token *t;

	for (t = (*tok)->next; t && t->kind != TOK_END; t = t->next) {
		if (!depth && tapc_is_op(t, ')')) {
			*tok = t;
			return n + (n || args[0].first || m->nr_params);
		}
		if (tapc_is_op(t, '(') || tapc_is_op(t, '['))
			depth++;
		else if (tapc_is_op(t, ')') || tapc_is_op(t, ']'))
			depth -= depth > 0;
		if (!depth && tapc_is_op(t, ',')) {
			if (++n >= m->nr_params)
				tapc_fail(cpp->tc, t->pos, ERR_MACRO_ARGS,
					  m->name, m->nr_params);
			continue;
		}
		append(&args[n], copy_token(cpp, t, t->pos));
	}
	tapc_fail(cpp->tc, pos, ERR_MACRO_OPEN, m->name);
}

/* Index of a parameter, or -1. */
static int find_param(const struct macro *m, const struct token *tok)
{
	struct word *w;
	int i = 0;

	if (tok->kind != TOK_NAME)
		return -1;
	for (w = m->params; w; w = w->next, i++) {
		if (!strcmp(w->text, tok->text))
			return i;
	}
	return -1;
}

/* The body of @m with its arguments in it, expanded in turn. */
static void expand_macro(struct cpp *cpp, struct list *out, struct macro *m,
			 const struct list *args, struct loc pos)
{
	struct token *t, *a;
	struct list body = {};
	int i;

	for (t = m->body; t->kind != TOK_END; t = t->next) {
		i = find_param(m, t);
		if (i < 0) {
			append(&body, copy_token(cpp, t, pos));
			continue;
		}
		for (a = args[i].first; a; a = a->next)
			append(&body, copy_token(cpp, a, a->pos));
	}
	if (++cpp->depth > MAX_DEPTH)
		tapc_fail(cpp->tc, pos, ERR_MACRO_DEPTH);
	m->is_busy = true;
	expand(cpp, out, body.first);
	m->is_busy = false;
	cpp->depth--;
}

/* A call of @m, @tok its name; returns the ')'. */
static struct token *expand_call(struct cpp *cpp, struct list *out,
				 struct macro *m, struct token *tok)
{
	struct list *args, *done;
	struct loc pos = tok->pos;
	unsigned int i, n;

	args = tapc_alloc(cpp->tc, (m->nr_params + 1) * sizeof(*args));
	done = tapc_alloc(cpp->tc, (m->nr_params + 1) * sizeof(*done));
	tok = tok->next;
	n = split_args(cpp, m, args, &tok);
	if (n != m->nr_params)
		tapc_fail(cpp->tc, pos, ERR_MACRO_ARGS, m->name, m->nr_params);
	if (++cpp->depth > MAX_DEPTH)
		tapc_fail(cpp->tc, pos, ERR_MACRO_DEPTH);
	for (i = 0; i < n; i++)
		expand(cpp, &done[i], args[i].first);
	cpp->depth--;
	expand_macro(cpp, out, m, done, pos);
	return tok;
}

static void expand(struct cpp *cpp, struct list *out, struct token *tok)
{
	struct token *following;
	struct macro *m;

	for (; tok; tok = following) {
		following = tok->next;
		m = tok->kind == TOK_NAME ? find_macro(cpp->tc, tok->text) :
					    NULL;
		if (!m || m->is_busy || (m->is_function &&
					 !(following &&
					   tapc_is_op(following, '('))))
			append(out, tok);
		else if (m->is_function)
			following = expand_call(cpp, out, m, tok)->next;
		else
			expand_macro(cpp, out, m, NULL, tok->pos);
	}
}

/* A name of the script, with the arguments behind it if it is a macro's. */
static void expand_name(struct cpp *cpp, struct token *tok)
{
	struct macro *m = find_macro(cpp->tc, tok->text);
	unsigned int depth = 0;
	struct list call = {};

	append(&call, tok);
	if (m && m->is_function && tapc_is_op(peek(cpp), '(')) {
		do {
			tok = next(cpp);
			if (tok->kind == TOK_END)
				tapc_fail(cpp->tc, call.first->pos,
					  ERR_MACRO_OPEN, m->name);
			depth += tapc_is_op(tok, '(');
			depth -= tapc_is_op(tok, ')');
			append(&call, tok);
		} while (depth);
	}
	expand(cpp, &cpp->out, call.first);
}

/* --------------------------------------------------------------- directives */

/* The tokens up to the end of the line. */
static struct token *read_line(struct cpp *cpp)
{
	struct list line = {};
	struct token *tok;

	for (;;) {
		tok = tapc_lex(&cpp->lx);
		if (tok->kind == TOK_EOL || tok->kind == TOK_END)
			break;
		append(&line, tok);
	}
	append(&line, end_token(cpp, tok->pos));
	return line.first;
}

static struct token *read_name(struct cpp *cpp)
{
	struct token *tok = tapc_lex(&cpp->lx);

	if (tok->kind != TOK_NAME)
		tapc_fail(cpp->tc, tok->pos, ERR_MACRO_NAME);
	return tok;
}

static void expect_eol(struct cpp *cpp)
{
	struct token *tok = read_line(cpp);

	if (tok->kind != TOK_END)
		tapc_warn(cpp->tc, tok->pos, WARN_EXTRA);
}

/* params: "(" [ NAME { "," NAME } ] ")"; returns what is behind it */
static struct token *macro_params(struct cpp *cpp, struct macro *m,
				  struct token *tok)
{
	struct word **end = &m->params;

	m->is_function = true;
	tok = tok->next;
	if (tapc_is_op(tok, ')'))
		return tok->next;
	for (;; tok = tok->next) {
		if (tok->kind != TOK_NAME)
			tapc_fail(cpp->tc, tok->pos, ERR_MACRO_PARAMS);
		*end = tapc_alloc(cpp->tc, sizeof(**end));
		(*end)->text = tok->text;
		end = &(*end)->next;
		m->nr_params++;
		tok = tok->next;
		if (tapc_is_op(tok, ')'))
			return tok->next;
		if (!tapc_is_op(tok, ','))
			tapc_fail(cpp->tc, tok->pos, ERR_MACRO_PARAMS);
	}
}

static bool same_body(const struct token *a, const struct token *b)
{
	while (a->kind != TOK_END && a->raw_len == b->raw_len &&
	       a->kind == b->kind && !memcmp(a->raw, b->raw, a->raw_len)) {
		a = a->next;
		b = b->next;
	}
	return a->kind == TOK_END && b->kind == TOK_END;
}

/* "define" NAME [ params ] { token } */
static void define(struct cpp *cpp, struct loc pos)
{
	struct token *name = read_name(cpp), *t;
	struct tapc *tc = cpp->tc;
	struct macro *old, *m = tapc_alloc(tc, sizeof(*m));

	m->name = name->text;
	m->body = read_line(cpp);
	if (tapc_is_op(m->body, '(') && !m->body->is_spaced)
		m->body = macro_params(cpp, m, m->body);
	for (t = m->body; t->kind != TOK_END; t = t->next) {
		if (tapc_is_op(t, '#'))
			tapc_fail(tc, t->pos, ERR_MACRO_HASH);
	}
	old = find_macro(tc, m->name);
	if (old && !same_body(old->body, m->body))
		tapc_warn(tc, pos, WARN_MACRO, m->name);
	m->next = tc->macros;
	tc->macros = m;
}

static void undef(struct cpp *cpp)
{
	struct token *name = read_name(cpp);
	struct macro **m = &cpp->tc->macros;

	/* All that ever had this name. */
	while (*m) {
		if (!strcmp((*m)->name, name->text))
			*m = (*m)->next;
		else
			m = &(*m)->next;
	}
	expect_eol(cpp);
}

/* "include" ( "<" FILE ">" | '"' FILE '"' ) */
static void include(struct cpp *cpp, struct loc pos)
{
	const char *line = tapc_lex_line(&cpp->lx), *end = NULL;
	struct word *w;

	if (*line == '<' || *line == '"')
		end = strchr(line + 1, *line == '<' ? '>' : '"');
	if (!end)
		tapc_fail(cpp->tc, pos, ERR_INCLUDE);
	w = tapc_alloc(cpp->tc, sizeof(*w));
	w->text = tapc_strndup(cpp->tc, line + 1, end - line - 1);
	w->next = cpp->tc->includes;
	cpp->tc->includes = w;
}

/* "defined" ( NAME | "(" NAME ")" ) to 0 or 1, before macros are expanded */
static struct token *resolve_defined(struct cpp *cpp, struct token *tok)
{
	struct list out = {};
	struct token *name;

	for (; tok; tok = tok->next) {
		if (!tapc_is_word(tok, "defined")) {
			append(&out, copy_token(cpp, tok, tok->pos));
			continue;
		}
		name = tok->next;
		if (tapc_is_op(name, '('))
			name = name->next;
		if (name->kind != TOK_NAME)
			tapc_fail(cpp->tc, name->pos, ERR_MACRO_NAME);
		append(&out, int_token(cpp, !!find_macro(cpp->tc, name->text),
				       tok->pos));
		if (tapc_is_op(tok->next, '(')) {
			name = name->next;
			if (!tapc_is_op(name, ')'))
				tapc_fail(cpp->tc, name->pos, ERR_EXPECT, ")");
		}
		tok = name;
	}
	return out.first;
}

/* The condition of an #if; names that mean nothing are 0, as in C. */
static bool condition(struct cpp *cpp, struct loc pos)
{
	struct token *line = resolve_defined(cpp, read_line(cpp)), *tok;
	struct list out = {}, ints = {};
	u64 value;

	expand(cpp, &out, line);
	for (tok = out.first; tok; tok = line) {
		line = tok->next;
		if (tok->kind == TOK_NAME)
			tok = int_token(cpp, 0, tok->pos);
		append(&ints, tok);
	}
	if (!tapc_parse_constant(cpp->tc, ints.first, &value))
		tapc_fail(cpp->tc, pos, ERR_IF_CONSTANT);
	return value;
}

static bool is_defined(struct cpp *cpp)
{
	struct token *name = read_name(cpp);

	expect_eol(cpp);
	return find_macro(cpp->tc, name->text);
}

enum directive {
	D_DEFINE, D_UNDEF, D_INCLUDE, D_IF, D_IFDEF, D_IFNDEF, D_ELIF, D_ELSE,
	D_ENDIF, D_ERROR, D_PRAGMA,
};

static const char directives[] =
	"define\0undef\0include\0if\0ifdef\0ifndef\0elif\0else\0endif\0error\0"
	"pragma\0";

static int find_directive(struct cpp *cpp, const struct token *name)
{
	struct suggestion s = { .word = name->text };
	int d = tapc_word_index(name, directives);

	if (d >= 0)
		return d;
	tapc_offer_all(&s, directives);
	tapc_fail(cpp->tc, name->pos, ERR_DIRECTIVE, name->text,
		  tapc_suggest(&s));
}

static bool begin_if(struct cpp *cpp, struct loc pos, bool holds)
{
	struct cond *cond = tapc_alloc(cpp->tc, sizeof(*cond));

	cond->outer = cpp->cond;
	cond->pos = pos;
	cond->is_taken = holds;
	cpp->cond = cond;
	return holds;
}

/* #elif, #else, #endif. Returns whether what follows counts. */
static bool continue_if(struct cpp *cpp, int d, const struct token *name)
{
	struct cond *cond = cpp->cond;
	bool holds;

	if (!cond || (cond->in_else && d != D_ENDIF))
		tapc_fail(cpp->tc, name->pos, ERR_NO_IF, name->text);
	if (d == D_ELIF && !cond->is_taken) {
		holds = condition(cpp, name->pos);
	} else {
		tapc_lex_line(&cpp->lx);
		holds = !cond->is_taken;
	}
	if (d == D_ELIF && cond->is_taken)
		return false;
	cond->in_else = d == D_ELSE;
	cond->is_taken |= holds;
	if (d == D_ENDIF)
		cpp->cond = cond->outer;
	return d == D_ENDIF || holds;
}

/* Returns whether what follows counts. */
static bool directive(struct cpp *cpp, struct token *name)
{
	int d = find_directive(cpp, name);

	switch (d) {
	case D_DEFINE:
		define(cpp, name->pos);
		return true;
	case D_UNDEF:
		undef(cpp);
		return true;
	case D_IF:
		return begin_if(cpp, name->pos, condition(cpp, name->pos));
	case D_IFDEF:
		return begin_if(cpp, name->pos, is_defined(cpp));
	case D_IFNDEF:
		return begin_if(cpp, name->pos, !is_defined(cpp));
	case D_INCLUDE:
		include(cpp, name->pos);
		return true;
	case D_ERROR:
		tapc_fail(cpp->tc, name->pos, ERR_ERROR,
			  tapc_lex_line(&cpp->lx));
	case D_PRAGMA:
		tapc_lex_line(&cpp->lx);
		return true;
	default:
		return continue_if(cpp, d, name);
	}
}

/*
 * Past the groups that do not count, to the directive that ends them. Ifs in
 * there only nest.
 */
static void skip_group(struct cpp *cpp)
{
	unsigned int depth = 0;
	struct token *name;

	for (;;) {
		tapc_lex_skip(&cpp->lx);
		if (!*cpp->lx.p)
			return;
		cpp->lx.p++;
		cpp->lx.in_line = true;
		name = tapc_lex(&cpp->lx);
		if (tapc_is_word(name, "endif") && depth) {
			depth--;
		} else if (name->kind == TOK_NAME &&
			   !strncmp(name->text, "if", 2)) {
			depth++;
		} else if (!depth && (tapc_is_word(name, "endif") ||
				      tapc_is_word(name, "else") ||
				      tapc_is_word(name, "elif"))) {
			if (directive(cpp, name))
				return;
		}
	}
}

/* "#" [ NAME ... ] EOL */
static void hash(struct cpp *cpp)
{
	struct token *name;

	cpp->lx.in_line = true;
	name = tapc_lex(&cpp->lx);
	if (name->kind != TOK_EOL && name->kind != TOK_END) {
		if (name->kind != TOK_NAME)
			tapc_fail(cpp->tc, name->pos, ERR_DIRECTIVE, "", "");
		if (!directive(cpp, name))
			skip_group(cpp);
	}
	cpp->lx.in_line = false;
}

/**
 * tapc_define - define a macro, as "#define NAME VALUE" at the start would
 * @tc: the run
 * @name: its name
 * @value: its value
 */
void tapc_define(struct tapc *tc, const char *name, u64 value)
{
	struct cpp cpp = { .tc = tc };
	struct macro *m = tapc_alloc(tc, sizeof(*m));
	struct list body = {};

	append(&body, int_token(&cpp, value, (struct loc){}));
	append(&body, end_token(&cpp, (struct loc){}));
	m->name = name;
	m->body = body.first;
	m->next = tc->macros;
	tc->macros = m;
}

/**
 * tapc_preprocess - tokens of a source
 * @tc: the run
 * @file: index of the source
 *
 * Return: the tokens that count, in a list that ends with TOK_END.
 */
struct token *tapc_preprocess(struct tapc *tc, u16 file)
{
	struct cpp cpp = { .tc = tc };
	struct token *tok;

	tapc_lex_begin(&cpp.lx, tc, file);
	do {
		tok = next(&cpp);
		if (tok->at_start && tapc_is_op(tok, '#'))
			hash(&cpp);
		else if (tok->kind == TOK_NAME)
			expand_name(&cpp, tok);
		else
			append(&cpp.out, tok);
	} while (tok->kind != TOK_END);
	if (cpp.cond)
		tapc_fail(tc, cpp.cond->pos, ERR_NO_ENDIF);
	return cpp.out.first;
}

/**
 * tapc_write_tokens - show tokens, one a line
 * @out: where to
 * @tok: the first one
 */
void tapc_write_tokens(FILE *out, const struct token *tok)
{
	static const char names[] =
#define X(kind, text) text "\0"
		TOKENS(X)
#undef X
		"";

	for (; tok; tok = tok->next)
		fprintf(out, "%u:%u\t%s%s%.*s\n", tok->pos.line, tok->pos.col,
			tapc_nth(names, tok->kind), tok->raw_len ? "\t" : "",
			(int)tok->raw_len, tok->raw);
}
