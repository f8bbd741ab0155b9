// SPDX-License-Identifier: GPL-2.0
/*
 * Is a program sound? One forward pass over its instructions.
 *
 *	in:	any struct tap_prog, from whatever wrote it
 *	out:	0, or the first thing wrong, at the instruction at fault
 *
 * Illegal unless listed: an opcode and each of its operands must be as the row
 * in tap_bytecode.h says. Jumps go forward, so every instruction runs at most
 * once and is looked at after all that can come before it: the registers set
 * on every path to it are then known. No register can hold an address, so
 * there is nothing else to follow. What passes here, later stages trust.
 */
#include "tap.h"

/**
 * struct verifier - state of the pass
 * @prog: the program
 * @i: the instruction looked at
 * @insn: the same
 * @set: per instruction: registers set on every path to it
 * @reached: per instruction: there is a path to it
 * @cost: of the instructions so far
 * @e: the error
 */
struct verifier {
	const struct tap_prog	*prog;
	unsigned int		i;
	const struct tap_insn	*insn;
	u16			*set;
	bool			*reached;
	unsigned int		cost;
	struct tap_error	*e;
};

static_assert(TAP_NR_REGS <= 16);

/* @nr: which operand of the row is at fault */
static int fail(struct verifier *v, enum tap_error_code code, unsigned int nr)
{
	return trace_tap_error(v->e, -EINVAL, code,
			       v->insn->pos + v->insn->at[nr]);
}

static int check_set(struct verifier *v, unsigned int reg, unsigned int nr)
{
	if (reg >= TAP_NR_REGS)
		return fail(v, TAP_ERR_BAD_REGISTER, nr);
	if (!(v->set[v->i] >> reg & 1))
		return fail(v, TAP_ERR_UNSET_REGISTER, nr);
	return 0;
}

static const struct tap_operand *operand(struct verifier *v, unsigned int index)
{
	return index < v->prog->nr_operands ? &v->prog->operands[index] : NULL;
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

static bool is_string(const struct tap_operand *o)
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
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		o = operand(v, insn->str);
		ok = o && o->type == TAP_STR && o->text &&
		     o->size < TAP_MAX_STR && strlen(o->text) == o->size;
		break;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		o = operand(v, insn->str);
		ok = o && o->type == TAP_CPUS && o->mask;
		break;
	default:
		o = operand(v, insn->name);
		ok = o && o->type == TAP_FUNC;
		break;
	}
	return ok ? 0 : fail(v, TAP_ERR_WRONG_TYPE, nr);
}

static int check_name(struct verifier *v, char mode, unsigned int nr)
{
	const struct tap_operand *o = operand(v, mode == 'T' ? v->insn->str :
							       v->insn->name);
	bool ok;

	if (!o)
		return fail(v, TAP_ERR_INTERNAL, nr);
	if (mode == 'N')
		ok = is_number(o);
	else if (mode == 'S' || mode == 'T')
		ok = is_string(o);
	else
		ok = o->type == TAP_MASK && !o->is_builtin && o->size == 4;
	/* Offsets of eBPF loads are signed. */
	if (!o->is_builtin && o->offset + o->size > S16_MAX)
		ok = false;
	return ok ? 0 : fail(v, TAP_ERR_WRONG_TYPE, nr);
}

static int check_relation(struct verifier *v, char mode, unsigned int nr)
{
	switch (v->insn->rel) {
	case TAP_REL_EQ:
	case TAP_REL_NE:
		return 0;
	case TAP_REL_GLOB:
	case TAP_REL_NGLOB:
		return mode == 'R' ? 0 : fail(v, TAP_ERR_BAD_RELATION, nr);
	case TAP_REL_AND:
		return mode == 'C' ? 0 : fail(v, TAP_ERR_BAD_RELATION, nr);
	default:
		return fail(v, TAP_ERR_BAD_RELATION, nr);
	}
}

static int check_target(struct verifier *v, unsigned int nr)
{
	unsigned int target = v->insn->target;

	if (target <= v->i)
		return fail(v, TAP_ERR_JUMP_BACK, nr);
	if (target >= v->prog->nr_insns)
		return fail(v, TAP_ERR_FALLS_OFF, nr);
	return 0;
}

static int check_operand(struct verifier *v, char mode, unsigned int nr)
{
	const struct tap_insn *insn = v->insn;

	switch (mode) {
	case 'D':
		if (trace_tap_opcodes[insn->op].class == TAP_CLASS_ALU)
			return check_set(v, insn->reg, nr);
		return insn->reg < TAP_NR_REGS ? 0 :
		       fail(v, TAP_ERR_BAD_REGISTER, nr);
	case 'A':
		return check_set(v, insn->reg, nr);
	case 'V':
		return insn->is_imm ? 0 : check_set(v, insn->src, nr);
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
	default:
		return fail(v, TAP_ERR_INTERNAL, nr);
	}
}

/* What one run of the instruction may cost, see TAP_MAX_COST. */
static unsigned int cost(const struct tap_prog *prog,
			 const struct tap_insn *insn)
{
	const struct tap_operand *o;

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

/* @i can come next, with the registers @set. */
static void reach(struct verifier *v, unsigned int i, u16 set)
{
	v->set[i] = v->reached[i] ? v->set[i] & set : set;
	v->reached[i] = true;
}

/* Where control goes from here. */
static int follow(struct verifier *v)
{
	const struct tap_opcode_info *info = &trace_tap_opcodes[v->insn->op];
	u16 set = v->set[v->i];

	if (info->class == TAP_CLASS_MOVE)
		set |= 1U << v->insn->reg;
	if (info->class == TAP_CLASS_JUMP || info->class == TAP_CLASS_GOTO)
		reach(v, v->insn->target, set);
	if (info->class == TAP_CLASS_END || info->class == TAP_CLASS_GOTO)
		return 0;
	if (v->i + 1 == v->prog->nr_insns)
		return trace_tap_error(v->e, -EINVAL, TAP_ERR_FALLS_OFF,
				       v->insn->pos);
	reach(v, v->i + 1, set);
	return 0;
}

static int check_insn(struct verifier *v)
{
	const char *modes;
	unsigned int nr;
	int ret;

	if (v->insn->op >= TAP_NR_OPCODES)
		return trace_tap_error(v->e, -EINVAL, TAP_ERR_BAD_OPCODE,
				       v->insn->pos);
	if (!v->reached[v->i])
		return trace_tap_error(v->e, -EINVAL, TAP_ERR_UNREACHABLE,
				       v->insn->pos);
	modes = trace_tap_opcodes[v->insn->op].operands;
	for (nr = 0; modes[nr]; nr++) {
		ret = check_operand(v, modes[nr], nr);
		if (ret)
			return ret;
	}
	v->cost += cost(v->prog, v->insn);
	if (v->cost > TAP_MAX_COST)
		return trace_tap_error(v->e, -E2BIG, TAP_ERR_TOO_SLOW,
				       v->insn->pos);
	return follow(v);
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
	int ret = 0;

	if (!prog->nr_insns)
		return trace_tap_error(e, -EINVAL, TAP_ERR_EMPTY_PROGRAM, 0);
	if (prog->nr_insns > TAP_MAX_INSNS)
		return trace_tap_error(e, -E2BIG, TAP_ERR_TOO_LARGE, 0);
	v.set = kvcalloc(prog->nr_insns, sizeof(*v.set), GFP_KERNEL);
	v.reached = kvcalloc(prog->nr_insns, sizeof(*v.reached), GFP_KERNEL);
	if (!v.set || !v.reached) {
		ret = trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
		goto out;
	}
	v.reached[0] = true;
	for (v.i = 0; v.i < prog->nr_insns && !ret; v.i++) {
		v.insn = &prog->insns[v.i];
		ret = check_insn(&v);
	}
out:
	kvfree(v.set);
	kvfree(v.reached);
	return ret;
}
