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

/* Whether something assigns the variable, below these statements. */
static unsigned int nr_assigned(const struct node *list, const char *name)
{
	unsigned int nr = 0;

	for (; list; list = list->next) {
		if ((list->kind == N_ASSIGN || list->kind == N_PRE ||
		     list->kind == N_POST) && list->a->kind == N_VAR &&
		    !strcmp(list->a->text, name))
			nr++;
		nr += nr_assigned(list->a, name) +
		      nr_assigned(list->b, name) + nr_assigned(list->c, name);
	}
	return nr;
}

/* "$i++", "$i += 2", "$i = $i + 2" */
static bool step_of(struct gen *g, const struct node *n, struct counter *c)
{
	const struct node *b = n->b;

	if (!n->a || n->a->kind != N_VAR || strcmp(n->a->text, c->name))
		return false;
	if (n->kind == N_PRE || n->kind == N_POST) {
		c->step = n->op == OP2('+', '+') ? 1 : -1;
		return true;
	}
	if (n->kind != N_ASSIGN)
		return false;
	if (n->op == OP2('+', '=') || n->op == OP2('-', '=')) {
		if (!gen_fold(g, b, &c->step))
			return false;
		if (n->op == OP2('-', '='))
			c->step = -c->step;
		return true;
	}
	return n->op == '=' && b->kind == N_BINARY && b->op == '+' &&
	       b->a->kind == N_VAR && !strcmp(b->a->text, c->name) &&
	       gen_fold(g, b->b, &c->step);
}

/* The constant that the variable has in front of the loop. */
static bool start_of(struct gen *g, const struct node *list,
		     const struct node *loop, struct counter *c)
{
	bool is_known = false;

	for (; list && list != loop; list = list->next) {
		if (list->kind == N_ASSIGN && list->op == '=' &&
		    list->a->kind == N_VAR &&
		    !strcmp(list->a->text, c->name))
			is_known = gen_fold(g, list->b, &c->from);
		else if (list->kind == N_LET && list->a &&
			 !strcmp(list->text, c->name))
			is_known = gen_fold(g, list->a, &c->from);
		else if (nr_assigned(list->a, c->name) +
			 nr_assigned(list->b, c->name) +
			 nr_assigned(list->c, c->name))
			is_known = false;
	}
	return is_known;
}

static u32 mirrored(u32 op)
{
	switch (op) {
	case '<':
		return '>';
	case '>':
		return '<';
	case OP2('<', '='):
		return OP2('>', '=');
	case OP2('>', '='):
		return OP2('<', '=');
	}
	return op;
}

/* How often a loop with such a condition can run; 0: that cannot be seen. */
static u64 bound(struct gen *g, const struct node *cond,
		 const struct node *list, const struct node *loop)
{
	const struct node *a = cond->a, *b = cond->b, *n;
	struct counter c = {};
	u32 op = cond->op;
	u64 times;
	s64 to;

	if (cond->kind != N_BINARY)
		return 0;
	if (op == OP2('&', '&'))
		return bound(g, a, list, loop) ?: bound(g, b, list, loop);
	if (b->kind == N_VAR) {
		a = cond->b;
		b = cond->a;
		op = mirrored(op);
	}
	if (a->kind != N_VAR || !gen_fold(g, b, &to))
		return 0;
	c.name = a->text;
	for (n = loop->b; n; n = n->next)
		if (step_of(g, n, &c))
			break;
	if (!n || !c.step || nr_assigned(loop->b, c.name) != 1 ||
	    !start_of(g, list, loop, &c))
		return 0;
	if (c.step < 0) {
		c.step = -c.step;
		c.from = -c.from;
		to = -to;
		op = mirrored(op);
	}
	if (op == OP2('<', '='))
		to++;
	else if (op != '<' && op != OP2('!', '='))
		return 0;
	if (to <= c.from)
		return 1;
	times = ((u64)to - c.from + c.step - 1) / c.step;
	if (op == OP2('!', '=') && ((u64)to - c.from) % c.step)
		return 0;
	return times;
}

/* -------------------------------------------------------------------- loops */

static void loop_body(struct gen *g, const struct node *body, u64 times,
		      const struct node *cond, const struct node *counter,
		      struct loc pos)
{
	struct loop loop = {
		.outer = g->loop, .next = emit_label(g), .end = emit_label(g),
	};
	size_t mark = emit_mark(g), len;
	struct value v;

	if (times > 1000000)
		tapc_fail(g->tc, pos, ERR_LOOP_LONG);
	if (!times)
		return;
	emit(g, "loop %llu", (unsigned long long)times);
	len = emit_mark(g) - mark;
	g->loop = &loop;
	g->depth++;
	if (cond)
		gen_branch(g, cond, loop.end, false);
	gen_block(g, body);
	emit_here(g, loop.next);
	if (counter) {
		v = gen_var(g, counter);
		emit(g, "add r%d, 1", v.reg);
	}
	g->depth--;
	g->loop = loop.outer;
	/* What never comes to its end is no loop. */
	if (g->is_dead)
		emit_cut(g, mark, len);
	else
		emit(g, "next");
	emit_here(g, loop.end);
}

static void while_loop(struct gen *g, const struct node *node,
		       const struct node *list)
{
	u64 times = bound(g, node->a, list, node);

	if (!times)
		tapc_fail(g->tc, node->pos, ERR_LOOP);
	loop_body(g, node->b, times, node->a, NULL, node->pos);
}

static void range_loop(struct gen *g, const struct node *node)
{
	s64 from, to;

	if (!gen_fold(g, node->a, &from) || !gen_fold(g, node->b, &to))
		tapc_fail(g->tc, node->pos, ERR_LOOP_RANGE);
	gen_var_set(g, node, gen_number(from), node->pos);
	loop_body(g, node->c, to > from ? to - from : 0, NULL, node,
		  node->pos);
}

/* --------------------------------------------------------------- statements */

/**
 * gen_return - the program ends here
 * @g: translation
 */
void gen_return(struct gen *g)
{
	emit_jump(g, g->out, "jmp");
}

static void if_statement(struct gen *g, const struct node *node)
{
	unsigned int no = emit_label(g), end;

	gen_branch(g, node->a, no, false);
	g->depth++;
	gen_block(g, node->b);
	if (node->c) {
		end = emit_label(g);
		emit_jump(g, end, "jmp");
		emit_here(g, no);
		gen_block(g, node->c);
		emit_here(g, end);
	} else {
		emit_here(g, no);
	}
	g->depth--;
}

static void assignment(struct gen *g, const struct node *node)
{
	if (node->a->kind == N_MAP)
		gen_map_assign(g, node);
	else if (node->a->kind == N_VAR)
		gen_var_assign(g, node);
	else
		gen_expr(g, node->b);
}

static void step(struct gen *g, const struct node *node)
{
	if (node->a->kind == N_MAP)
		gen_map_count(g, node);
	else
		gen_var_step(g, node);
}

static void statement(struct gen *g, const struct node *node,
		      const struct node *list)
{
	switch (node->kind) {
	case N_ASSIGN:
		assignment(g, node);
		break;
	case N_LET:
		if (node->a)
			gen_var_set(g, node, gen_expr(g, node->a), node->pos);
		break;
	case N_IF:
		if_statement(g, node);
		break;
	case N_UNROLL:
		loop_body(g, node->b, gen_constant(g, node->a), NULL, NULL,
			  node->pos);
		break;
	case N_WHILE:
		while_loop(g, node, list);
		break;
	case N_FOR_RANGE:
		range_loop(g, node);
		break;
	case N_FOR_MAP:
		tapc_fail(g->tc, node->pos, ERR_FOR_MAP);
	case N_BLOCK:
		gen_block(g, node->a);
		break;
	case N_BREAK:
		emit_jump(g, g->loop->end, "jmp");
		break;
	case N_CONTINUE:
		emit_jump(g, g->loop->next, "jmp");
		break;
	case N_RETURN:
		gen_return(g);
		break;
	case N_PRE:
	case N_POST:
		step(g, node);
		break;
	default:
		gen_expr(g, node);
	}
}

/**
 * gen_block - statements
 * @g: translation
 * @list: the first one
 */
void gen_block(struct gen *g, const struct node *list)
{
	const struct node *node;

	for (node = list; node; node = node->next) {
		statement(g, node, list);
		g->nr_temps = 0;
	}
}
