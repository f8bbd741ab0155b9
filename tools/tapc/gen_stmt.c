// SPDX-License-Identifier: GPL-2.0
/*
 * Statements.
 *
 *	while ($i < 3) { $i++; }	->	loop	3
 *						jge	r15, 3, L1
 *						add	r15, 1
 *						next
 *					L1:
 *
 * The kernel runs only what it knows the end of. So a loop must have a bound
 * that can be seen: a counter that begins with a constant, is changed by one, and
 * is compared with another; conditions beside that may end it earlier.
 */
#include "gen.h"

#define MAX_TIMES	1000000	/* that a loop runs */

/* ------------------------------------------------------------------- bounds */

/**
 * struct counter - what a loop counts with
 * @name: variable
 * @from: value in front of the loop
 * @step: added each time
 */
struct counter {
	const char	*name;
	s64		from;
	s64		step;
};

/* Whether this node alone, without what is below it, assigns the variable. */
static bool assigns(const struct node *n, const char *name)
{
	switch (n->kind) {
	case N_ASSIGN:
	case N_PRE:
	case N_POST:
		return n->a->kind == N_VAR && !strcmp(n->a->text, name);
	case N_LET:
	case N_FOR_RANGE:
		return !strcmp(n->text, name);
	}
	return false;
}

static unsigned int nr_assigned(const struct node *list, const char *name);

static unsigned int nr_below(const struct node *n, const char *name)
{
	return nr_assigned(n->a, name) + nr_assigned(n->b, name) +
	       nr_assigned(n->c, name);
}

static unsigned int nr_assigned(const struct node *list, const char *name)
{
	unsigned int nr = 0;

	for (; list; list = list->next)
		nr += assigns(list, name) + nr_below(list, name);
	return nr;
}

/* Whether these statements, up to @end, may go on with the next round. */
static bool has_continue(const struct node *list, const struct node *end)
{
	for (; list && list != end; list = list->next) {
		if (list->kind == N_CONTINUE)
			return true;
		if (list->kind != N_WHILE && list->kind != N_FOR_RANGE &&
		    (has_continue(list->a, NULL) ||
		     has_continue(list->b, NULL) ||
		     has_continue(list->c, NULL)))
			return true;
	}
	return false;
}

/* "$i++", "$i += 2", "$i = $i + 2" */
static bool step_of(const struct node *n, struct counter *c)
{
	const struct node *b = n->b;

	if (!assigns(n, c->name))
		return false;
	switch (n->kind) {
	case N_PRE:
	case N_POST:
		c->step = n->op == OP2('+', '+') ? 1 : -1;
		return true;
	case N_ASSIGN:
		if (n->op == '=' && b->kind == N_BINARY && b->op == '+' &&
		    b->a->kind == N_VAR && !strcmp(b->a->text, c->name))
			return gen_fold(b->b, &c->step);
		if ((n->op != OP2('+', '=') && n->op != OP2('-', '=')) ||
		    !gen_fold(b, &c->step))
			return false;
		if (n->op == OP2('-', '='))
			c->step = -(u64)c->step;
		return true;
	}
	return false;
}

/* The constant that the variable has in front of the loop. */
static bool start_of(const struct node *list,
		     const struct node *loop, struct counter *c)
{
	bool is_known = false;

	for (; list && list != loop; list = list->next) {
		if (nr_below(list, c->name))
			is_known = false;
		if (!assigns(list, c->name))
			continue;
		if (list->kind == N_ASSIGN && list->op == '=')
			is_known = gen_fold(list->b, &c->from);
		else
			is_known = list->kind == N_LET && list->a &&
				   gen_fold(list->a, &c->from);
	}
	return is_known;
}

static u32 mirrored(u32 op)
{
	const struct comparison *c = gen_comparison(op);

	return c ? c->mirrored : op;
}

static bool is_small(s64 n)
{
	return n > -(1LL << 60) && n < 1LL << 60;
}

/* How often it counts until the condition no longer holds; 0: unknown. */
static u64 rounds(struct counter c, u32 op, s64 to)
{
	if (!is_small(c.from) || !is_small(c.step) || !is_small(to))
		return 0;
	if (c.step < 0) {
		c.step = -c.step;
		c.from = -c.from;
		to = -to;
		op = mirrored(op);
	}
	if (op == OP2('<', '='))
		to++;
	else if (op == OP2('!', '=') &&
		 (to < c.from || (to - c.from) % c.step))
		return 0;
	else if (op != '<' && op != OP2('!', '='))
		return 0;
	return to <= c.from ? 1 : (to - c.from + c.step - 1) / c.step;
}

/* How often a loop with such a condition can run; 0: that cannot be seen. */
static u64 bound(const struct node *cond,
		 const struct node *list, const struct node *loop)
{
	const struct node *a = cond->a, *b = cond->b, *n;
	struct counter c = {};
	u32 op = cond->op;
	s64 to;

	if (cond->kind != N_BINARY)
		return 0;
	if (op == OP2('&', '&'))
		return bound(a, list, loop) ?: bound(b, list, loop);
	if (b->kind == N_VAR) {
		a = cond->b;
		b = cond->a;
		op = mirrored(op);
	}
	if (a->kind != N_VAR || !gen_fold(b, &to))
		return 0;
	c.name = a->text;
	/* The one assignment, which every round comes to. */
	for (n = loop->b; n; n = n->next)
		if (step_of(n, &c))
			break;
	if (!n || !c.step || nr_below(loop, c.name) != 1 ||
	    has_continue(loop->b, n) || !start_of(list, loop, &c))
		return 0;
	return rounds(c, op, to);
}

/* -------------------------------------------------------------------- loops */

static void loop_body(const struct node *body, u64 times,
		      const struct node *cond, const struct node *counter,
		      struct loc pos)
{
	struct loop loop = {
		.outer = gen.loop, .next = emit_label(), .end = emit_label(),
	};
	size_t mark = emit_mark(), len;

	if (times > MAX_TIMES)
		gen_fail(pos, ERR_LOOP_LONG, MAX_TIMES);
	if (!times)
		return;
	emit("loop %llu", (unsigned long long)times);
	len = emit_mark() - mark;
	/* What is unrolled is no loop to "break" and "continue". */
	if (cond || counter)
		gen.loop = &loop;
	gen.depth++;
	if (cond)
		gen_branch(cond, loop.end, false);
	gen_block(body);
	emit_here(loop.next);
	if (counter)
		gen_var_add(counter, 1);
	gen.depth--;
	gen.loop = loop.outer;
	/* What never comes to its end is no loop. */
	if (gen.is_dead)
		emit_cut(mark, len);
	else
		emit("next");
	emit_here(loop.end);
}

static void while_loop(const struct node *node,
		       const struct node *list)
{
	u64 times = bound(node->a, list, node);

	if (!times)
		gen_fail(node->pos, ERR_LOOP);
	loop_body(node->b, times, node->a, NULL, node->pos);
}

static void range_loop(const struct node *node)
{
	s64 from, to;

	if (!gen_fold(node->a, &from) || !gen_fold(node->b, &to))
		gen_fail(node->pos, ERR_LOOP_RANGE);
	gen_var_set(node, gen_number(from), node->pos);
	loop_body(node->c, to > from ? (u64)to - from : 0, NULL, node,
		  node->pos);
}

/* --------------------------------------------------------------- statements */

/**
 * gen_return - the program ends here
 */
void gen_return(void)
{
	emit_goto(gen.out);
}

static void if_statement(const struct node *node)
{
	unsigned int no = emit_label(), end;

	gen_branch(node->a, no, false);
	gen.depth++;
	gen_block(node->b);
	if (node->c) {
		end = emit_label();
		emit_goto(end);
		emit_here(no);
		gen_block(node->c);
		emit_here(end);
	} else {
		emit_here(no);
	}
	gen.depth--;
}

static void assignment(const struct node *node)
{
	if (node->a->kind == N_MAP)
		gen_map_assign(node);
	else if (node->a->kind == N_VAR)
		gen_var_assign(node);
	else
		gen_expr(node->b);
}

static void step(const struct node *node)
{
	if (node->a->kind == N_MAP)
		gen_map_count(node);
	else
		gen_var_add(node->a, node->op == OP2('+', '+') ? 1 : -1);
}

static void statement(const struct node *node,
		      const struct node *list)
{
	switch (node->kind) {
	case N_ASSIGN:
		assignment(node);
		break;
	case N_LET:
		if (node->a)
			gen_var_set(node, gen_expr(node->a), node->pos);
		break;
	case N_IF:
		if_statement(node);
		break;
	case N_UNROLL:
		loop_body(node->b, gen_constant(node->a), NULL, NULL,
			  node->pos);
		break;
	case N_WHILE:
		while_loop(node, list);
		break;
	case N_FOR_RANGE:
		range_loop(node);
		break;
	case N_FOR_MAP:
		gen_fail(node->pos, ERR_FOR_MAP);
	case N_BLOCK:
		gen_block(node->a);
		break;
	case N_BREAK:
		emit_goto(gen.loop->end);
		break;
	case N_CONTINUE:
		emit_goto(gen.loop->next);
		break;
	case N_RETURN:
		gen_return();
		break;
	case N_PRE:
	case N_POST:
		step(node);
		break;
	default:
		gen_expr(node);
	}
}

/**
 * gen_block - statements
 * @list: the first one
 */
void gen_block(const struct node *list)
{
	const struct node *node;

	for (node = list; node; node = node->next) {
		statement(node, list);
		gen.nr_temps = 0;
	}
}
