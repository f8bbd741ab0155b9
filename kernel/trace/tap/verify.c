// SPDX-License-Identifier: GPL-2.0
/*
 * Is a program sound? One forward pass over its instructions.
 *
 *	in:	any struct tap_prog, from whatever wrote it
 *	out:	0, or the first thing wrong, at the instruction at fault
 *
 * Illegal unless listed: an opcode and each of its operands must be as the row
 * in tap_bytecode.h says. Jumps go forward, so an instruction is looked at after
 * all that can come before it: the registers set on every path to it are then
 * known. What runs again stands between LOOP and NEXT, which count, and into which
 * no jump leads: the second time no less is set than the first. No register can
 * hold an address, so there is nothing else to follow. What passes here, later
 * stages trust.
 */
#include "verify.h"

/* As often as a loop can be asked to run. */
#define MAX_TIMES	1000000

/**
 * trace_tap_verify_fail - report what is wrong with an operand
 * @v: the pass
 * @code: what is wrong
 * @nr: which operand of the row is at fault
 */
int trace_tap_verify_fail(struct verifier *v, enum tap_error_code code,
			  unsigned int nr)
{
	return trace_tap_error(v->e, -EINVAL, code,
			       v->insn->pos + v->insn->at[nr]);
}

static int fail_insn(struct verifier *v, int err, enum tap_error_code code)
{
	return trace_tap_error(v->e, err, code, v->insn->pos);
}

int trace_tap_verify_set(struct verifier *v, unsigned int reg, unsigned int nr)
{
	if (reg >= TAP_NR_REGS)
		return trace_tap_verify_fail(v, TAP_ERR_BAD_REGISTER, nr);
	if (!(v->state[v->i].set >> reg & 1))
		return trace_tap_verify_fail(v, TAP_ERR_UNSET_REGISTER, nr);
	return 0;
}

/* A number: an integer builtin, or a field that can be loaded as one. */
static bool is_number(const struct tap_operand *o)
{
	if (o->is_builtin)
		return o->builtin < TAP_NR_BUILTINS && o->type == TAP_INT &&
		       trace_tap_builtins[o->builtin].type == TAP_INT;
	switch (o->type) {
	case TAP_INT:
	case TAP_ARRAY:
	case TAP_LOC:
	case TAP_REL:
	case TAP_PTR:
	case TAP_USER:
	case TAP_MASK:
		return o->size == 1 || o->size == 2 || o->size == 4 ||
		       o->size == 8;
	default:
		return false;
	}
}

bool trace_tap_is_string(const struct tap_operand *o)
{
	if (o->is_builtin)
		return o->builtin == TAP_BUILTIN_COMM && o->type == TAP_COMM;
	switch (o->type) {
	case TAP_ARRAY:
		return true;
	case TAP_LOC:
	case TAP_REL:
		return o->size == 4;
	case TAP_PTR:
	case TAP_USER:
		return o->size == sizeof(long);
	default:
		return false;
	}
}

/* Operand Q: its type follows from the opcode. */
static int check_constant(struct verifier *v, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;
	const struct tap_operand *o;
	bool ok;

	switch (insn->op) {
	case TAP_OP_PRINTF:
		return trace_tap_verify_format(v, nr);
	case TAP_OP_SYNTH:
		return trace_tap_verify_synth(v, nr);
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		o = verify_operand(v, insn->str);
		ok = o && o->type == TAP_STR && o->text &&
		     o->size < TAP_MAX_STR && strlen(o->text) == o->size;
		break;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		o = verify_operand(v, insn->str);
		ok = o && o->type == TAP_CPUS && o->mask;
		break;
	default:
		o = verify_operand(v, insn->name);
		ok = o && o->type == TAP_FUNC;
		break;
	}
	return ok ? 0 : trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
}

/* What only an action knows: who fired the event, and since when it looks on. */
static bool is_actions_own(const struct tap_operand *o)
{
	return o->is_builtin && (o->builtin == TAP_BUILTIN_CALLER ||
				 o->builtin == TAP_BUILTIN_ELAPSED);
}

static int check_name(struct verifier *v, char mode, unsigned int nr)
{
	const struct tap_operand *o = verify_operand(v, mode == 'T' ?
							v->insn->str :
							v->insn->name);
	bool ok;

	if (!o)
		return trace_tap_verify_fail(v, TAP_ERR_INTERNAL, nr);
	if (mode == 'N')
		ok = is_number(o);
	else if (mode == 'S' || mode == 'T')
		ok = trace_tap_is_string(o);
	else
		ok = o->type == TAP_MASK && !o->is_builtin && o->size == 4;
	if (ok && v->prog->kind == TAP_FILTER && is_actions_own(o))
		return trace_tap_verify_fail(v, TAP_ERR_NOT_IN_FILTER, nr);
	/* Offsets of eBPF loads are signed. */
	if (!o->is_builtin && o->offset + o->size > S16_MAX)
		ok = false;
	return ok ? 0 : trace_tap_verify_fail(v, TAP_ERR_WRONG_TYPE, nr);
}

static int check_relation(struct verifier *v, char mode, unsigned int nr)
{
	switch (v->insn->rel) {
	case TAP_REL_EQ:
	case TAP_REL_NE:
		return 0;
	case TAP_REL_GLOB:
	case TAP_REL_NGLOB:
		return mode == 'R' ? 0 : trace_tap_verify_fail(v, TAP_ERR_BAD_RELATION, nr);
	case TAP_REL_AND:
		return mode == 'C' ? 0 : trace_tap_verify_fail(v, TAP_ERR_BAD_RELATION, nr);
	default:
		return trace_tap_verify_fail(v, TAP_ERR_BAD_RELATION, nr);
	}
}

/* @loop is around the instruction looked at, or there is none. */
static bool is_around(const struct verifier *v, unsigned int loop)
{
	unsigned int i;

	for (i = 0; i < v->depth; i++) {
		if (v->loops[i] == loop)
			return true;
	}
	return loop == NO_LOOP;
}

static int check_target(struct verifier *v, unsigned int nr)
{
	unsigned int target = v->insn->target;

	if (target <= v->i)
		return trace_tap_verify_fail(v, TAP_ERR_JUMP_BACK, nr);
	if (target >= v->prog->nr_insns)
		return trace_tap_verify_fail(v, TAP_ERR_FALLS_OFF, nr);
	if (!is_around(v, v->state[target].loop))
		return trace_tap_verify_fail(v, TAP_ERR_JUMP_IN_LOOP, nr);
	return 0;
}

/* Operand I: more often than the limit of the cost allows is an error there. */
static int check_count(struct verifier *v, unsigned int nr)
{
	if (v->insn->imm >= 1 && v->insn->imm <= MAX_TIMES)
		return 0;
	return trace_tap_verify_fail(v, TAP_ERR_BAD_NUMBER, nr);
}

static int check_operand(struct verifier *v, char mode, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;

	switch (mode) {
	case 'D':
		if (trace_tap_opcodes[insn->op].class == TAP_CLASS_ALU)
			return trace_tap_verify_set(v, insn->reg, nr);
		return insn->reg < TAP_NR_REGS ? 0 :
		       trace_tap_verify_fail(v, TAP_ERR_BAD_REGISTER, nr);
	case 'A':
		return trace_tap_verify_set(v, insn->reg, nr);
	case 'V':
		return insn->is_imm ? 0 : trace_tap_verify_set(v, insn->src, nr);
	case 'N':
	case 'S':
	case 'T':
	case 'M':
		return check_name(v, mode, nr);
	case 'R':
	case 'E':
	case 'C':
		return check_relation(v, mode, nr);
	case 'Q':
		return check_constant(v, nr);
	case 'L':
		return check_target(v, nr);
	case 'B':
		return trace_tap_verify_table(v, insn->name, nr);
	case 'P':
		return trace_tap_verify_part(v, nr);
	case 'I':
		return check_count(v, nr);
	case 'X':
		return trace_tap_verify_source(v, nr);
	default:
		return trace_tap_verify_fail(v, TAP_ERR_INTERNAL, nr);
	}
}

/* What one run of the instruction may cost, see TAP_MAX_COST. */
static unsigned int cost(const struct tap_prog *prog,
			 const struct tap_insn *insn)
{
	const struct tap_operand *o;

	if (insn->op >= TAP_OP_KEY)
		return trace_tap_verify_cost(insn);
	switch (insn->op) {
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		o = &prog->operands[insn->name];
		return o->type == TAP_PTR || o->type == TAP_USER ? 128 : 16;
	case TAP_OP_JPAIR:
	case TAP_OP_JNPAIR:
		return 256;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		return 16;
	default:
		return 1;
	}
}

/*
 * The instruction counts as often as the loops around it run. No sum of this
 * overflows: where one instruction is too much the pass ends.
 */
static int add_cost(struct verifier *v)
{
	v->cost += cost(v->prog, v->insn) *
		   (v->depth ? v->times[v->depth - 1] : 1);
	return v->cost <= TAP_MAX_COST ? 0 :
	       fail_insn(v, -E2BIG, TAP_ERR_TOO_SLOW);
}

/* A loop begins: its NEXT is known to exist. */
static void enter_loop(struct verifier *v)
{
	u64 times = v->insn->imm;

	if (v->depth)
		times *= v->times[v->depth - 1];
	/* one more is as bad as any number, and can be multiplied again */
	v->times[v->depth] = min_t(u64, times, TAP_MAX_COST + 1);
	v->loops[v->depth++] = v->i;
}

/* @i can come next, in the state @s. */
static void reach(struct verifier *v, unsigned int i,
		  const struct verify_state *s)
{
	struct verify_state *to = &v->state[i];
	u16 loop = to->loop;
	unsigned int j;

	if (!to->reached) {
		*to = *s;
		to->reached = true;
		to->loop = loop;
		return;
	}
	to->set &= s->set;
	for (j = 0; j < ARRAY_SIZE(to->args); j++)
		to->args[j] &= s->args[j];
	for (j = 0; j < ARRAY_SIZE(to->keys); j++)
		to->keys[j] &= s->keys[j];
}

/*
 * Where control goes from here. Not back from NEXT: behind LOOP no more is known
 * than before it, registers stay set, and so nothing changes the second time.
 */
static int follow(struct verifier *v)
{
	const struct tap_opcode_info *info = &trace_tap_opcodes[v->insn->op];
	struct verify_state after = v->state[v->i];

	trace_tap_verify_action(v, &after);
	if (info->class == TAP_CLASS_MOVE)
		after.set |= 1U << v->insn->reg;
	if (info->class == TAP_CLASS_LOOP)
		enter_loop(v);
	if (info->class == TAP_CLASS_NEXT)
		v->depth--;
	if (info->class == TAP_CLASS_JUMP || info->class == TAP_CLASS_GOTO)
		reach(v, v->insn->target, &after);
	if (info->class == TAP_CLASS_END || info->class == TAP_CLASS_GOTO)
		return 0;
	if (v->i + 1 == v->prog->nr_insns)
		return fail_insn(v, -EINVAL, TAP_ERR_FALLS_OFF);
	reach(v, v->i + 1, &after);
	return 0;
}

static int check_insn(struct verifier *v)
{
	const char *modes;
	unsigned int nr;
	int ret;

	if (v->insn->op >= TAP_NR_OPCODES)
		return fail_insn(v, -EINVAL, TAP_ERR_BAD_OPCODE);
	if (!v->state[v->i].reached)
		return fail_insn(v, -EINVAL, TAP_ERR_UNREACHABLE);
	ret = trace_tap_verify_kind(v);
	if (ret)
		return ret;
	modes = trace_tap_opcodes[v->insn->op].operands;
	for (nr = 0; modes[nr]; nr++) {
		ret = check_operand(v, modes[nr], nr);
		if (ret)
			return ret;
	}
	ret = add_cost(v);
	return ret ? ret : follow(v);
}

/* Which loop each instruction is in: its LOOP is not, its NEXT is. */
static int find_loops(struct verifier *v)
{
	const struct tap_prog *prog = v->prog;
	unsigned int loops[TAP_MAX_LOOPS], depth = 0, i;

	for (i = 0; i < prog->nr_insns; i++) {
		v->insn = &prog->insns[i];
		v->state[i].loop = depth ? loops[depth - 1] : NO_LOOP;
		if (v->insn->op == TAP_OP_LOOP) {
			if (depth == TAP_MAX_LOOPS)
				return fail_insn(v, -EINVAL, TAP_ERR_TOO_DEEP);
			loops[depth++] = i;
		} else if (v->insn->op == TAP_OP_NEXT) {
			if (!depth)
				return fail_insn(v, -EINVAL, TAP_ERR_BAD_LOOP);
			depth--;
		}
	}
	if (!depth)
		return 0;
	v->insn = &prog->insns[loops[depth - 1]];
	return fail_insn(v, -EINVAL, TAP_ERR_BAD_LOOP);
}

/**
 * trace_tap_verify - check a program
 * @prog: the program, names resolved; nothing about it is trusted
 * @e: out: the error; positions are offsets in the program's text
 *
 * Context: may sleep. Returns 0 or a negative errno.
 */
int trace_tap_verify(const struct tap_prog *prog, struct tap_error *e)
{
	struct verifier v = { .prog = prog, .e = e };
	int ret;

	if (!prog->nr_insns)
		return trace_tap_error(e, -EINVAL, TAP_ERR_EMPTY_PROGRAM, 0);
	if (prog->nr_insns > TAP_MAX_INSNS)
		return trace_tap_error(e, -E2BIG, TAP_ERR_TOO_LARGE, 0);
	v.state = kvcalloc(prog->nr_insns, sizeof(*v.state), GFP_KERNEL);
	if (!v.state)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	v.state[0].reached = true;
	ret = trace_tap_verify_tables(&v);
	if (!ret)
		ret = find_loops(&v);
	for (v.i = 0; v.i < prog->nr_insns && !ret; v.i++) {
		v.insn = &prog->insns[v.i];
		ret = check_insn(&v);
	}
	kvfree(v.state);
	return ret;
}
