// SPDX-License-Identifier: GPL-2.0
/*
 * The language that event filters always had: text to predicates.
 *
 *	in:	((a == 1) || comm ~ "kw*") && !(b & 4)
 *	out:	0: a == 1	  if true  goto 2
 *		1: comm ~ "kw*"	  if false goto F
 *		2: b & 4	  if true  goto F
 *		T
 *
 * What this file and stock_pred.c accept, what it means, which errno, error
 * code and position a mistake gets: all of it is what scripts, tools and
 * selftests have met since 2009, and is kept to the letter. The quirks are
 * listed in Documentation/trace/tap.rst; those that matter most here:
 *
 *	- positions of errors inside a predicate count from one, others from zero;
 *	- a dangling operator is -EINVAL, too many ')' is -EPERM, too many '('
 *	  -ENOENT, a missing quote -ESRCH;
 *	- constants are cut to the size of the field;
 *	- fields of a size other than 1, 2, 4 and 8 compare, always false;
 *	- ".function" names run up to white space.
 *
 * Text that is rejected here goes to parse.c. Nesting is without limit, so
 * nothing here recurses.
 */
#include "tap.h"

/**
 * struct stock_count - what a first look at the text says
 * @parens: how deep parentheses nest, the whole text being one level
 * @preds: number of predicates at the most
 */
struct stock_count {
	unsigned int	parens;
	unsigned int	preds;
};

/* Flags of an open parenthesis: inversion in force, operators to process. */
#define INVERT		1
#define PROCESS_AND	2
#define PROCESS_OR	4

/**
 * struct stock_walk - state of the walk over the text
 * @ptr: how far it is
 * @preds: predicates; their targets are indexes of the predicate before the
 *	one to go to, until finish()
 * @inverts: whether an odd number of '!' applies to the predicate
 * @n: entries in @preds and @inverts
 * @parens: flags of each open parenthesis
 * @top: index of the innermost one
 */
struct stock_walk {
	const char		*ptr;
	struct tap_pred		*preds;
	bool			*inverts;
	unsigned int		n;
	u8			*parens;
	unsigned int		top;
};

/* Position of the '(' that has no ')', seen from the end of @text at @i. */
static unsigned int find_open(const char *text, int i, int open)
{
	int level = open;
	char quote = 0;

	for (i--; i > 0; i--) {
		if (quote) {
			if (text[i] == quote)
				quote = 0;
			continue;
		}
		switch (text[i]) {
		case '(':
			if (level == open)
				return i;
			level--;
			break;
		case ')':
			level++;
			break;
		case '\'':
		case '"':
			quote = text[i];
			break;
		}
	}
	return 0;
}

/*
 * Quotes and parentheses pair up, or the error is here. Predicates are counted
 * generously: everything between operators and parentheses is one.
 */
static int count(const char *text, struct stock_count *c, struct tap_error *e)
{
	int i, open = 1, last_quote = 0;
	bool is_pred = false;
	char quote = 0;

	c->parens = 1;
	c->preds = 0;
	for (i = 0; text[i]; i++) {
		if (isspace(text[i]))
			continue;
		if (quote) {
			if (text[i] == quote)
				quote = 0;
			continue;
		}
		switch (text[i]) {
		case '\'':
		case '"':
			quote = text[i];
			last_quote = i;
			break;
		case '|':
		case '&':
			if (text[i + 1] != text[i])
				break;
			is_pred = false;
			continue;
		case '(':
			is_pred = false;
			if (++open > c->parens)
				c->parens = open;
			continue;
		case ')':
			is_pred = false;
			if (open-- == 1)
				return trace_tap_error(e, -EPERM,
						TAP_ERR_TOO_MANY_CLOSE, i);
			continue;
		}
		if (!is_pred)
			c->preds++;
		is_pred = true;
	}
	if (quote)
		return trace_tap_error(e, -ESRCH, TAP_ERR_MISSING_QUOTE,
				       last_quote);
	if (open != 1)
		return trace_tap_error(e, -ENOENT, TAP_ERR_TOO_MANY_OPEN,
				       find_open(text, i, open));
	if (!c->preds)
		return trace_tap_error(e, -EINVAL, TAP_ERR_NONE, 0);
	return 0;
}

/*
 * Targets of predicates form a chain while they are open: preds[n].target is
 * the index of an earlier predicate whose branch is not decided yet. Decide
 * that one: it branches behind @n when its verdict is @when; and let @n stand
 * for what is left of the chain.
 */
static void close_branch(struct tap_pred *preds, unsigned int n, bool when)
{
	unsigned int t = preds[n].target;
	unsigned int rest = preds[t].target;

	preds[t].when = when;
	preds[t].target = n;
	preds[n].target = rest;
}

/*
 * Behind a predicate: ')' as often as parentheses are open, then an operator
 * or the end. "&&" binds tighter: it is processed as soon as anything follows
 * its right side, "||" only when that is no "&&".
 *
 * Returns 1 at the end of the text, 0 after an operator, or a negative errno.
 */
static int after_pred(struct stock_walk *w, const char *text,
		      struct tap_error *e)
{
	for (;;) {
		const char *next = w->ptr++;
		u8 *top = &w->parens[w->top];
		bool invert;

		if (isspace(*next))
			continue;
		if ((*next == '&' || *next == '|') && next[1] == *next)
			w->ptr++;
		else if (*next && *next != ')')
			return trace_tap_error(e, -EPERM,
					       TAP_ERR_TOO_MANY_PREDS,
					       next - text);

		invert = *top & INVERT;
		if (*top & PROCESS_AND) {
			close_branch(w->preds, w->n - 1, invert);
			*top &= ~PROCESS_AND;
		}
		if (*next == '&') {
			*top |= PROCESS_AND;
			return 0;
		}
		if (*top & PROCESS_OR) {
			close_branch(w->preds, w->n - 1, !invert);
			*top &= ~PROCESS_OR;
		}
		if (*next == '|') {
			*top |= PROCESS_OR;
			return 0;
		}
		if (!*next)
			return 1;
		if (!w->top)
			return trace_tap_error(e, -EPERM,
					       TAP_ERR_TOO_MANY_CLOSE,
					       w->ptr - text);
		w->top--;
	}
}

/* expr: { "(" | "!" } pred { ")" } { ("&&" | "||") expr } */
static int walk(struct tap_expr *x, struct stock_walk *w, const char *text,
		const struct stock_count *c, const struct tap_scope *scope,
		struct tap_error *e)
{
	bool invert = false;
	int ret;

	while (*w->ptr) {
		const char *next = w->ptr++;

		if (isspace(*next))
			continue;
		if (*next == '(') {
			if (w->top >= c->parens - 1)
				return trace_tap_error(e, -EINVAL,
						       TAP_ERR_NONE, 0);
			w->parens[++w->top] = invert;
			continue;
		}
		if (*next == '!' && next[1] != '=' && next[1] != '~') {
			invert = !invert;
			continue;
		}
		if (w->n >= c->preds)
			return trace_tap_error(e, -EPERM,
					       TAP_ERR_TOO_MANY_PREDS,
					       next - text);

		w->inverts[w->n] = invert;
		w->preds[w->n].target = w->n - 1;
		ret = trace_tap_stock_pred(x, text, next, scope,
					   &w->preds[w->n].node, e);
		if (ret < 0)
			return ret;
		w->ptr = next + ret;
		w->n++;

		ret = after_pred(w, text, e);
		if (ret < 0)
			return ret;
		if (ret)
			return 0;
		/* What was in force where the parenthesis opened. */
		invert = w->parens[w->top] & INVERT;
	}
	/* Only after_pred() sees the end of a complete expression. */
	if (w->n)
		return trace_tap_error(e, -EINVAL, TAP_ERR_INVALID_FILTER,
				       w->ptr - text);
	return 0;
}

/*
 * The last predicate decides. A branch to a predicate that branches on the same
 * verdict goes where that one goes; then inversions move into the branches, and
 * targets from the predicate before to the one to go to.
 */
static void finish(struct stock_walk *w)
{
	struct tap_pred *preds = w->preds;
	unsigned int i, n = w->n;

	preds[n - 1].target = n;
	preds[n - 1].when = false;
	for (i = n - 1; i--; ) {
		unsigned int t = preds[i].target;

		if (preds[i].when == preds[t].when)
			preds[i].target = preds[t].target;
	}
	for (i = 0; i < n; i++) {
		preds[i].when ^= w->inverts[i];
		preds[i].target++;
	}
}

/**
 * trace_tap_stock - translate a filter in the stock language
 * @x: out: predicates and branches; owns their memory
 * @text: the filter
 * @scope: the event
 * @e: out: errno, code and position as they always were; the code is
 *	TAP_ERR_NONE for the few mistakes that never had one
 *
 * Context: may sleep. Returns 0 or a negative errno.
 */
int trace_tap_stock(struct tap_expr *x, const char *text,
		    const struct tap_scope *scope, struct tap_error *e)
{
	struct stock_walk w = { .ptr = text };
	struct stock_count c;
	int ret;

	ret = count(text, &c, e);
	if (ret)
		return ret;
	w.preds = trace_tap_alloc(&x->arena, c.preds * sizeof(*w.preds));
	w.inverts = trace_tap_alloc(&x->arena, c.preds * sizeof(*w.inverts));
	w.parens = trace_tap_alloc(&x->arena, c.parens * sizeof(*w.parens));
	if (!w.preds || !w.inverts || !w.parens)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);

	ret = walk(x, &w, text, &c, scope, e);
	if (x->arena.failed)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	if (ret)
		return ret;
	if (w.top)
		return trace_tap_error(e, -EPERM, TAP_ERR_TOO_MANY_OPEN,
				       w.ptr - text);
	if (!w.n)
		return trace_tap_error(e, -EINVAL, TAP_ERR_NO_FILTER,
				       w.ptr - text);
	finish(&w);
	x->preds = w.preds;
	x->nr_preds = w.n;
	return 0;
}
