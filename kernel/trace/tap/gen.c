// SPDX-License-Identifier: GPL-2.0
/*
 * A typed condition to bytecode.
 *
 *	in:	prev_prio < 10 && next_comm ~ "kw*"
 *	out:		ld	r0, args.prev_prio
 *			jge	r0, 10, L1
 *			jstr	args.next_comm, ~, "kw*", L2
 *		L1:	ret	0
 *		L2:	ret	1
 *
 * Truth is where a program is, not a value: jump_if() emits code that goes to a
 * label when its node has the truth asked for and goes on otherwise, so
 * '&&', '||' and '!' cost no instruction. Only a comparison that is used as a
 * number becomes 0 or 1. The way out for a record that is rejected comes first:
 * JITs put the end of a function where the first program exit is, and jump there
 * from all others.
 */
#include "gen.h"

static int jump_const(struct gen *g, bool truth, bool when, unsigned int label);

int trace_tap_gen_too_large(struct gen *g)
{
	if (g->prog->arena.failed)
		return trace_tap_error(g->e, -ENOMEM, TAP_ERR_NONE, 0);
	return trace_tap_error(g->e, -E2BIG, TAP_ERR_TOO_LARGE, 0);
}

unsigned int trace_tap_gen_label(struct gen *g)
{
	if (g->nr_labels == g->max_labels) {
		WARN_ON_ONCE(1);
		return 0;
	}
	return g->nr_labels++;
}

void trace_tap_gen_place(struct gen *g, unsigned int label)
{
	g->labels[label] = g->prog->nr_insns;
}

struct tap_insn *trace_tap_gen_imm(struct gen *g, u8 op, unsigned int reg,
				   s64 imm)
{
	struct tap_insn *insn = trace_tap_prog_add(g->prog, op);

	if (insn) {
		insn->reg = reg;
		insn->is_imm = true;
		insn->imm = imm;
	}
	return insn;
}

struct tap_insn *trace_tap_gen_reg(struct gen *g, u8 op, unsigned int reg,
				   unsigned int src)
{
	struct tap_insn *insn = trace_tap_prog_add(g->prog, op);

	if (insn) {
		insn->reg = reg;
		insn->src = src;
	}
	return insn;
}

/* The opcode that jumps exactly when @op does not. */
static u8 inverse(u8 op)
{
	static const u8 inverses[][2] = {
		{ TAP_OP_JEQ,  TAP_OP_JNE },
		{ TAP_OP_JLT,  TAP_OP_JGE },
		{ TAP_OP_JLE,  TAP_OP_JGT },
		{ TAP_OP_JULT, TAP_OP_JUGE },
		{ TAP_OP_JULE, TAP_OP_JUGT },
		{ TAP_OP_JSET, TAP_OP_JNSET },
		{ TAP_OP_JSTR, TAP_OP_JNSTR },
		{ TAP_OP_JPAIR, TAP_OP_JNPAIR },
		{ TAP_OP_JCPU, TAP_OP_JNCPU },
		{ TAP_OP_JFN,  TAP_OP_JNFN },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(inverses); i++) {
		if (op == inverses[i][0])
			return inverses[i][1];
		if (op == inverses[i][1])
			return inverses[i][0];
	}
	WARN_ON_ONCE(1);
	return op;
}

/* ----------------------------------------------------------------- values */

static int load(struct gen *g, const struct tap_node *node, unsigned int reg)
{
	struct tap_insn *insn;
	int name;

	name = trace_tap_prog_operand(g->prog, node->operand);
	if (name < 0)
		return trace_tap_gen_too_large(g);
	insn = trace_tap_prog_add(g->prog, TAP_OP_LD);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->reg = reg;
	insn->name = name;
	return 0;
}

/* A condition as a number: 1 unless the jump is not taken. */
static int truth_value(struct gen *g, const struct tap_node *node,
		       unsigned int reg)
{
	unsigned int label = trace_tap_gen_label(g);
	int ret;

	if (!trace_tap_gen_imm(g, TAP_OP_MOV, reg, 1))
		return trace_tap_gen_too_large(g);
	ret = trace_tap_gen_jump_if(g, node, true, label);
	if (ret)
		return ret;
	if (!trace_tap_gen_imm(g, TAP_OP_MOV, reg, 0))
		return trace_tap_gen_too_large(g);
	trace_tap_gen_place(g, label);
	return 0;
}

static int arith_value(struct gen *g, const struct tap_node *node,
		       unsigned int reg)
{
	unsigned int a, b;
	int ret;

	ret = trace_tap_gen_value(g, node->a, &a);
	if (ret)
		return ret;
	if (node->b->kind == TAP_N_CONST)
		return trace_tap_gen_imm(g, node->op, reg, node->b->value) ?
		       0 : trace_tap_gen_too_large(g);
	ret = trace_tap_gen_value(g, node->b, &b);
	if (ret)
		return ret;
	g->reg = reg + 1;
	return trace_tap_gen_reg(g, node->op, reg, b) ? 0 : trace_tap_gen_too_large(g);
}

/* Emit code that leaves the value of @node in a register of its own. */
int trace_tap_gen_value(struct gen *g, const struct tap_node *node,
			unsigned int *regp)
{
	unsigned int reg = g->reg;

	if (reg == TAP_NR_REGS)
		return trace_tap_error(g->e, -EINVAL, TAP_ERR_TOO_DEEP,
				       node->pos);
	*regp = reg;
	if (node->kind == TAP_N_ARITH)
		return arith_value(g, node, reg);

	g->reg++;
	if (node->kind == TAP_N_CONST)
		return trace_tap_gen_imm(g, TAP_OP_MOV, reg, node->value) ?
		       0 : trace_tap_gen_too_large(g);
	if (node->kind == TAP_N_NAME)
		return load(g, node, reg);
	if (node->kind == TAP_N_TABLE || node->kind == TAP_N_HAS)
		return trace_tap_gen_entry_value(g, node, reg);
	return truth_value(g, node, reg);
}

/* ------------------------------------------------------------- conditions */

static int jump_compare(struct gen *g, u8 op, const struct tap_node *a,
			const struct tap_node *b, bool when,
			unsigned int label)
{
	unsigned int save = g->reg, ra, rb;
	struct tap_insn *insn;
	int ret;

	if (!when)
		op = inverse(op);
	ret = trace_tap_gen_value(g, a, &ra);
	if (ret)
		return ret;
	if (!b || b->kind == TAP_N_CONST) {
		insn = trace_tap_gen_imm(g, op, ra, b ? b->value : 0);
	} else {
		ret = trace_tap_gen_value(g, b, &rb);
		if (ret)
			return ret;
		insn = trace_tap_gen_reg(g, op, ra, rb);
	}
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->target = label;
	g->reg = save;
	return 0;
}

static int jump_string(struct gen *g, const struct tap_node *node, bool when,
		       unsigned int label)
{
	u8 op = node->kind == TAP_N_CPUREL ? TAP_OP_JCPU :
		node->kind == TAP_N_PAIR ? TAP_OP_JPAIR : TAP_OP_JSTR;
	struct tap_insn *insn;
	int name, str;

	name = trace_tap_prog_operand(g->prog, node->a->operand);
	str = trace_tap_prog_operand(g->prog, node->b->operand);
	if (name < 0 || str < 0)
		return trace_tap_gen_too_large(g);
	insn = trace_tap_prog_add(g->prog, when ? op : inverse(op));
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->name = name;
	insn->rel = node->op;
	insn->str = str;
	insn->target = label;
	return 0;
}

static int jump_function(struct gen *g, const struct tap_node *node, bool when,
			 unsigned int label)
{
	unsigned int save = g->reg, reg;
	struct tap_insn *insn;
	int name, ret;

	ret = trace_tap_gen_value(g, node->a, &reg);
	if (ret)
		return ret;
	name = trace_tap_prog_operand(g->prog, node->b->operand);
	if (name < 0)
		return trace_tap_gen_too_large(g);
	insn = trace_tap_prog_add(g->prog,
				  when ? node->op : inverse(node->op));
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->reg = reg;
	insn->name = name;
	insn->target = label;
	g->reg = save;
	return 0;
}

/* One range of a list: go to @label if @reg is in it. */
static int jump_range(struct gen *g, const struct tap_node *range,
		      unsigned int reg, bool u64s, unsigned int label)
{
	struct tap_insn *insn;
	unsigned int skip;

	if (!range->b || range->a->value == range->b->value) {
		insn = trace_tap_gen_imm(g, TAP_OP_JEQ, reg, range->a->value);
		if (!insn)
			return trace_tap_gen_too_large(g);
		insn->target = label;
		return 0;
	}
	skip = trace_tap_gen_label(g);
	insn = trace_tap_gen_imm(g, u64s ? TAP_OP_JULT : TAP_OP_JLT, reg,
				 range->a->value);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->target = skip;
	insn = trace_tap_gen_imm(g, u64s ? TAP_OP_JULE : TAP_OP_JLE, reg,
				 range->b->value);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->target = label;
	trace_tap_gen_place(g, skip);
	return 0;
}

static int jump_in(struct gen *g, const struct tap_node *node, bool when,
		   unsigned int label)
{
	unsigned int yes = when ? label : trace_tap_gen_label(g);
	unsigned int save = g->reg, reg = 0;
	const struct tap_node *elem;
	int ret = 0;

	if (node->b->kind == TAP_N_RANGE)
		ret = trace_tap_gen_value(g, node->a, &reg);
	for (elem = node->b; elem && !ret; elem = elem->next) {
		if (elem->kind == TAP_N_RANGE)
			ret = jump_range(g, elem, reg, node->is_u64, yes);
		else
			ret = jump_string(g, elem, true, yes);
	}
	if (ret)
		return ret;
	g->reg = save;
	if (!when) {
		struct tap_insn *insn = trace_tap_prog_add(g->prog, TAP_OP_JMP);

		if (!insn)
			return trace_tap_gen_too_large(g);
		insn->target = label;
		trace_tap_gen_place(g, yes);
	}
	return 0;
}

/* Go to @yes if the bit is set in one word of a mask: shr takes it mod 64. */
static bool jump_word(struct gen *g, unsigned int reg, unsigned int first,
		      u64 word, unsigned int yes)
{
	unsigned int tmp = reg + 1, skip = trace_tap_gen_label(g);
	struct tap_insn *insn;

	insn = trace_tap_gen_imm(g, TAP_OP_JULT, reg, first);
	if (insn)
		insn->target = skip;
	insn = trace_tap_gen_imm(g, TAP_OP_JUGT, reg, first + 63);
	if (insn)
		insn->target = skip;
	trace_tap_gen_imm(g, TAP_OP_MOV, tmp, word);
	trace_tap_gen_reg(g, TAP_OP_SHR, tmp, reg);
	insn = trace_tap_gen_imm(g, TAP_OP_JSET, tmp, 1);
	if (insn)
		insn->target = yes;
	trace_tap_gen_place(g, skip);
	return insn;
}

static int jump_bits(struct gen *g, const struct tap_node *node, bool when,
		     unsigned int label)
{
	const struct tap_operand *cpus = node->b->operand;
	unsigned int yes = when ? label : trace_tap_gen_label(g);
	unsigned int save = g->reg, per = 64 / BITS_PER_LONG, i, reg;
	int ret;

	ret = trace_tap_gen_value(g, node->a, &reg);
	if (ret)
		return ret;
	if (g->reg == TAP_NR_REGS)
		return trace_tap_error(g->e, -EINVAL, TAP_ERR_TOO_DEEP,
				       node->pos);
	for (i = 0; i < cpus->span; i += per) {
		u64 word = cpus->mask[i];

		if (per == 2 && i + 1 < cpus->span)
			word |= (u64)cpus->mask[i + 1] << 32;
		if (word && !jump_word(g, reg, i * BITS_PER_LONG, word, yes))
			return trace_tap_gen_too_large(g);
	}
	g->reg = save;
	if (when)
		return 0;
	ret = jump_const(g, true, true, label);
	trace_tap_gen_place(g, yes);
	return ret;
}

/* All of a list or, with @either, any of it. */
static int jump_list(struct gen *g, const struct tap_node *node, bool either,
		     bool when, unsigned int label)
{
	/* What one element alone decides goes there; else past the list. */
	unsigned int decided = when == either ? label : trace_tap_gen_label(g);
	const struct tap_node *elem;
	int ret = 0;

	for (elem = node->a; elem->next && !ret; elem = elem->next)
		ret = trace_tap_gen_jump_if(g, elem, either, decided);
	if (ret)
		return ret;
	ret = trace_tap_gen_jump_if(g, elem, when, label);
	if (decided != label)
		trace_tap_gen_place(g, decided);
	return ret;
}

static int jump_const(struct gen *g, bool truth, bool when, unsigned int label)
{
	struct tap_insn *insn;

	if (truth != when)
		return 0;
	insn = trace_tap_prog_add(g->prog, TAP_OP_JMP);
	if (!insn)
		return trace_tap_gen_too_large(g);
	insn->target = label;
	return 0;
}

/* Emit code that goes to @label if the truth of @node is @when. */
int trace_tap_gen_jump_if(struct gen *g, const struct tap_node *node, bool when,
			  unsigned int label)
{
	switch (node->kind) {
	case TAP_N_CONST:
		return jump_const(g, node->value, when, label);
	case TAP_N_IP:
		/* The text is for ftrace_set_filter(), not for records. */
		return jump_const(g, false, when, label);
	case TAP_N_NOT:
		return trace_tap_gen_jump_if(g, node->a, !when, label);
	case TAP_N_AND:
	case TAP_N_OR:
		return jump_list(g, node, node->kind == TAP_N_OR, when, label);
	case TAP_N_CMP:
		return jump_compare(g, node->op, node->a, node->b, when, label);
	case TAP_N_TEST:
		return jump_compare(g, TAP_OP_JSET, node->a, node->b, when,
				    label);
	case TAP_N_IN:
		return jump_in(g, node, when, label);
	case TAP_N_BITS:
		return jump_bits(g, node, when, label);
	case TAP_N_STRREL:
	case TAP_N_PAIR:
	case TAP_N_CPUREL:
		return jump_string(g, node, when, label);
	case TAP_N_FUNC:
		return jump_function(g, node, when, label);
	case TAP_N_NAME:
	case TAP_N_TABLE:
	case TAP_N_HAS:
	case TAP_N_ARITH:
		return jump_compare(g, TAP_OP_JNE, node, NULL, when, label);
	default:
		WARN_ON_ONCE(1);
		return trace_tap_error(g->e, -EINVAL, TAP_ERR_INTERNAL,
				       node->pos);
	}
}

/* --------------------------------------------------------------- linking */

static bool falls_through(u8 op)
{
	return trace_tap_opcodes[op].class != TAP_CLASS_GOTO &&
	       trace_tap_opcodes[op].class != TAP_CLASS_END;
}

static bool jumps(u8 op)
{
	return trace_tap_opcodes[op].class == TAP_CLASS_GOTO ||
	       trace_tap_opcodes[op].class == TAP_CLASS_JUMP;
}

/*
 * Labels become indexes; a jump to a "ret" becomes one; what cannot be reached
 * goes. @map: room for an index an instruction, zeroed.
 */
static void link(struct gen *g, u16 *map)
{
	struct tap_prog *prog = g->prog;
	struct tap_insn *insns = prog->insns;
	unsigned int i, n = 0;

	if (prog->nr_insns)
		map[0] = 1;
	for (i = 0; i < prog->nr_insns; i++) {
		if (jumps(insns[i].op))
			insns[i].target = g->labels[insns[i].target];
		if (insns[i].op == TAP_OP_JMP &&
		    insns[insns[i].target].op == TAP_OP_RET)
			insns[i] = insns[insns[i].target];
		if (!map[i])
			continue;
		if (jumps(insns[i].op))
			map[insns[i].target] = 1;
		if (falls_through(insns[i].op) && i + 1 < prog->nr_insns)
			map[i + 1] = 1;
	}
	for (i = 0; i < prog->nr_insns; i++) {
		if (!map[i])
			continue;
		map[i] = n;
		insns[n++] = insns[i];
	}
	prog->nr_insns = n;
	for (i = 0; i < n; i++) {
		if (jumps(insns[i].op))
			insns[i].target = map[insns[i].target];
	}
}

/* The ends of a filter; what goes on gets to @no. */
static int gen_ends(struct gen *g, unsigned int no, unsigned int yes)
{
	trace_tap_gen_place(g, no);
	if (!trace_tap_gen_imm(g, TAP_OP_RET, 0, 0))
		return trace_tap_gen_too_large(g);
	trace_tap_gen_place(g, yes);
	return trace_tap_gen_imm(g, TAP_OP_RET, 0, 1) ? 0 : trace_tap_gen_too_large(g);
}

static int gen_preds(struct gen *g, const struct tap_expr *x)
{
	unsigned int i, last = x->nr_preds - 1, yes = x->nr_preds;
	int ret;

	/* Labels 0 to nr_preds - 1 are the predicates', then true and false. */
	g->nr_labels = x->nr_preds + 2;
	for (i = 0; i < last; i++) {
		trace_tap_gen_place(g, i);
		ret = trace_tap_gen_jump_if(g, x->preds[i].node,
					    x->preds[i].when,
					    x->preds[i].target);
		if (ret)
			return ret;
	}
	/* The last one branches to false; what follows here is false. */
	trace_tap_gen_place(g, last);
	ret = trace_tap_gen_jump_if(g, x->preds[last].node, !x->preds[last].when, yes);
	return ret ?: gen_ends(g, yes + 1, yes);
}

static int gen_root(struct gen *g, const struct tap_expr *x)
{
	unsigned int no = trace_tap_gen_label(g), yes = trace_tap_gen_label(g);
	int ret;

	ret = trace_tap_gen_jump_if(g, x->root, true, yes);
	return ret ?: gen_ends(g, no, yes);
}

/**
 * trace_tap_gen_count - how many labels an expression can need
 * @node: the expression, and those behind it in its list; or NULL
 *
 * Two a node are plenty.
 */
unsigned int trace_tap_gen_count(const struct tap_node *node)
{
	unsigned int n = 0;

	for (; node; node = node->next) {
		if (node->kind == TAP_N_BITS)
			n += 2 * node->b->operand->span;
		n += 2 + trace_tap_gen_count(node->a) +
		     trace_tap_gen_count(node->b);
	}
	return n;
}

static unsigned int count_labels(const struct tap_expr *x)
{
	unsigned int i, n;

	if (!x->preds)
		return trace_tap_gen_count(x->root) + 2;
	n = x->nr_preds + 2;
	for (i = 0; i < x->nr_preds; i++)
		n += trace_tap_gen_count(x->preds[i].node);
	return n;
}

static int gen_expr(struct gen *g, const void *arg)
{
	const struct tap_expr *x = arg;

	return x->preds ? gen_preds(g, x) : gen_root(g, x);
}

/**
 * trace_tap_gen_prog - generate a program
 * @kind: which file it is for
 * @arena: becomes the program's, or is freed
 * @max_labels: labels that @emit may need
 * @emit: emits all instructions
 * @arg: for @emit; its memory is @arena's
 * @e: out: the error
 *
 * Context: may sleep. Returns the program, or NULL with @e set.
 */
struct tap_prog *trace_tap_gen_prog(enum tap_prog_kind kind,
				    struct tap_arena *arena,
				    unsigned int max_labels,
				    int (*emit)(struct gen *g, const void *arg),
				    const void *arg, struct tap_error *e)
{
	struct gen g = { .e = e, .max_labels = max_labels };
	u16 *map;
	int ret;

	g.prog = trace_tap_prog_new(kind);
	g.labels = kvcalloc(g.max_labels, sizeof(*g.labels), GFP_KERNEL);
	if (!g.prog || !g.labels) {
		ret = trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
		trace_tap_arena_free(arena);
		goto out;
	}
	/* The program's operands point to texts of the expression. */
	g.prog->arena = *arena;
	memset(arena, 0, sizeof(*arena));
	ret = emit(&g, arg);
	/* An instruction that found no memory may have gone unnoticed. */
	if (!ret && g.prog->arena.failed)
		ret = trace_tap_gen_too_large(&g);
	if (ret)
		goto out;
	map = kvcalloc(g.prog->nr_insns, sizeof(*map), GFP_KERNEL);
	if (!map) {
		ret = trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
		goto out;
	}
	link(&g, map);
	kvfree(map);
out:
	kvfree(g.labels);
	if (!ret)
		return g.prog;
	if (g.prog)
		trace_tap_prog_free(g.prog);
	return NULL;
}

/**
 * trace_tap_gen - generate the program of a condition
 * @x: the condition, typed; its memory becomes the program's, or is freed
 * @e: out: the error
 *
 * Context: may sleep. Returns a program that returns 1 if the condition holds
 * and 0 if not, or NULL with @e set.
 */
struct tap_prog *trace_tap_gen(struct tap_expr *x, struct tap_error *e)
{
	return trace_tap_gen_prog(TAP_FILTER, &x->arena, count_labels(x),
				  gen_expr, x, e);
}
