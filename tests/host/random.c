// SPDX-License-Identifier: GPL-2.0
/*
 * Random programs.
 *
 * In: random numbers, or the bytes of a fuzzer. Out: a program on the event in
 * scope.c. A tame one keeps to the rules, so that most pass the verifier and say
 * something about the stages behind it; a wild one keeps to none that the
 * verifier should know, so that it says something about the verifier.
 */
#include "host.h"

static const char * const patterns[] = {
	"", "a", "ab", "abc", "sh", "bash", "kw*", "*", "**", "*a*", "*b", "a*c",
	"*b*c*", "[ab]*", "a?c", "[!a]*", "0123456789abcde", "0123456789abcdef",
	"*cab*", "a.b.c", "\\a", "/usr/*/a rather *", "ab*", "*0:1", "*e",
	"kworker/0:1", "abcd", "abcdefgh", "?", "a\\*", "*[a", "abcabcabc",
};

static const char * const cpus[] = { "0", "1", "0-3", "2,4", "0-99", "64", "1-2" };

static const s64 numbers[] = {
	0, 1, 2, 3, 5, 7, 10, 63, 64, 65, 99, 100, 127, 128, 255, 256, 32767,
	32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
	S64_MAX, S64_MIN, -1, -2, -3, -128, -129, -32768, -0x80000000LL,
	0xfff, 0x1000, 0x100f, 0x1010,		/* in and around a function */
};

static s64 random_number(struct host_rand *r)
{
	if (host_below(r, 4))
		return numbers[host_below(r, ARRAY_SIZE(numbers))];
	return host_rand(r) >> host_below(r, 64);
}

static bool fits(enum tap_type type, char letter)
{
	switch (letter) {
	case 'N':
		return type == TAP_INT;
	case 'S':
	case 'T':
		return type >= TAP_ARRAY && type <= TAP_COMM;
	default:
		return type == TAP_MASK;
	}
}

static void builtin_operand(struct tap_operand *op, unsigned int builtin)
{
	op->is_builtin = true;
	op->builtin = builtin;
	op->type = trace_tap_builtins[builtin].type;
	op->text = trace_tap_builtins[builtin].name;
}

/* Operand N, S or M: a field or a builtin. */
static void name_operand(struct tap_operand *op, char letter,
			 enum tap_prog_kind kind, struct host_rand *r)
{
	const struct host_field *f = host_fields;
	unsigned int start, i, nr;

	for (nr = 0; host_fields[nr].name; nr++)
		;
	if (letter == 'N' && !host_below(r, 4)) {
		builtin_operand(op, host_below(r, kind == TAP_ACTION ?
						  TAP_BUILTIN_PROBE :
						  TAP_BUILTIN_ELAPSED));
		return;
	}
	if (strchr("ST", letter) && !host_below(r, 4)) {
		builtin_operand(op, TAP_BUILTIN_COMM);
		return;
	}
	start = host_below(r, nr);
	for (i = 0; i < nr; i++) {
		f = &host_fields[(start + i) % nr];
		if (fits(f->type, letter) && !f->is_cpu && f->size)
			break;
	}
	*op = (struct tap_operand){
		.type = f->type, .offset = f->offset, .size = f->size,
		.is_signed = f->is_signed, .text = f->name,
	};
	if (op->type == TAP_PTR && host_below(r, 2))
		op->type = TAP_USER;
}

static void constant_operand(struct tap_prog *prog, struct tap_operand *op,
			     u8 opcode, struct host_rand *r)
{
	const struct host_func *f;

	switch (opcode) {
	case TAP_OP_JFN:
	case TAP_OP_JNFN:
		f = &host_functions[host_below(r, 3)];
		op->type = TAP_FUNC;
		op->text = f->name;
		op->start = f->start;
		op->span = f->span;
		break;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		op->type = TAP_CPUS;
		op->text = cpus[host_below(r, ARRAY_SIZE(cpus))];
		op->mask = trace_tap_alloc(&prog->arena,
					   host_scope()->mask_words *
					   sizeof(long));
		host_cpulist(NULL, op->text, op->mask);
		op->span = host_scope()->mask_words;
		break;
	default:
		op->type = TAP_STR;
		op->text = patterns[host_below(r, ARRAY_SIZE(patterns))];
	}
	op->size = strlen(op->text);
}

/* Operand with members as they come, but for what the scope vouches for. */
static void wild_operand(struct tap_prog *prog, struct tap_operand *op,
			 struct host_rand *r)
{
	constant_operand(prog, op, TAP_OP_JCPU, r);
	op->type = host_below(r, TAP_CPUS + 1);
	if (host_below(r, 2))
		op->text = patterns[host_below(r, ARRAY_SIZE(patterns))];
	op->size = strlen(op->text);
	if (op->type < TAP_FUNC) {
		op->size = host_below(r, 20);
		op->offset = host_below(r, HOST_STATIC_LEN - op->size);
	}
	if (!host_below(r, 8))
		op->mask = NULL;
	op->is_signed = host_below(r, 2);
	op->is_builtin = !host_below(r, 4);
	op->builtin = host_below(r, TAP_NR_BUILTINS + 1);
	op->start = host_rand(r);
	if (op->type != TAP_CPUS)
		op->span = host_rand(r) >> host_below(r, 64);
}

static u16 add_operand(struct tap_prog *prog, u8 opcode, char letter, bool wild,
		       struct host_rand *r)
{
	struct tap_operand op = {};
	int i;

	if (wild && !host_below(r, 4))
		return host_below(r, prog->nr_operands + 2);
	if (wild && !host_below(r, 2))
		wild_operand(prog, &op, r);
	else if (strchr("BX", letter) || opcode >= TAP_OP_KEY)
		return host_wild_operand(prog, r);
	else if (letter == 'Q')
		constant_operand(prog, &op, opcode, r);
	else
		name_operand(&op, letter, prog->kind, r);
	i = trace_tap_prog_operand(prog, &op);
	return i < 0 ? 0 : i;
}

static u8 random_relation(char letter, bool wild, struct host_rand *r)
{
	if (letter == 'E')
		return host_below(r, wild ? TAP_NR_RELATIONS + 1 : 2);

	static const u8 masks[] = { TAP_REL_EQ, TAP_REL_NE, TAP_REL_AND };

	if (wild && !host_below(r, 8))
		return host_below(r, TAP_NR_RELATIONS + 1);
	if (letter == 'E')
		return host_below(r, 2) ? TAP_REL_EQ : TAP_REL_NE;
	return letter == 'R' ? host_below(r, TAP_REL_NGLOB + 1) :
			       masks[host_below(r, ARRAY_SIZE(masks))];
}

static void fill_insn(struct tap_prog *prog, struct tap_insn *insn,
		      unsigned int left, bool wild, struct host_rand *r)
{
	const char *letters = trace_tap_opcodes[insn->op].operands;
	unsigned int i = insn - prog->insns, regs = wild ? 17 : 4;
	u16 index;

	for (; *letters; letters++) {
		switch (*letters) {
		case 'D':
		case 'A':
			insn->reg = host_below(r, regs);
			break;
		case 'V':
			insn->is_imm = host_below(r, 3);
			if (insn->is_imm)
				insn->imm = random_number(r);
			else
				insn->src = host_below(r, regs);
			break;
		case 'L':
			insn->target = i + 1 + host_below(r, min(left, 6U));
			if (wild && !host_below(r, 8))
				insn->target = host_below(r, i + left + 2);
			break;
		case 'R':
		case 'E':
		case 'C':
			insn->rel = random_relation(*letters, wild, r);
			break;
		case 'P':
			insn->part = host_below(r, host_below(r, 8) ? 2 : 20);
			break;
		case 'I':
			insn->imm = random_number(r);
			break;
		case 'X':
			insn->rel = host_below(r, TAP_NR_SOURCES + 1);
			insn->src = host_below(r, regs);
			insn->is_imm = !host_below(r, 8);
			insn->imm = host_below(r, 4) ? host_below(r, 100) :
						       random_number(r);
			insn->str = add_operand(prog, insn->op, 'X', wild, r);
			break;
		default:
			index = add_operand(prog, insn->op, *letters, wild, r);
			if (*letters == 'T' ||
			    (*letters == 'Q' && insn->op != TAP_OP_JFN &&
			     insn->op != TAP_OP_JNFN))
				insn->str = index;
			else
				insn->name = index;
		}
	}
}

static u8 random_opcode(unsigned int left, bool next_reached,
			struct host_rand *r)
{
	u8 op = host_below(r, TAP_OP_KEY);

	if (!left)
		return TAP_OP_RET;
	/* strings and masks are where most can go wrong */
	if (!host_below(r, 4))
		op = TAP_OP_JSTR + host_below(r, TAP_OP_JNFN - TAP_OP_JSTR + 1);
	if (!next_reached &&
	    (trace_tap_opcodes[op].class == TAP_CLASS_END ||
	     trace_tap_opcodes[op].class == TAP_CLASS_GOTO))
		op = TAP_OP_LD;
	return op;
}

/* What most predicates are: a load, and a comparison with a constant. */
static bool compare_loaded(struct tap_prog *prog, struct host_rand *r)
{
	const struct tap_insn *last = &prog->insns[prog->nr_insns - 1];
	struct tap_insn *insn;
	u8 reg = last->reg;

	if (!prog->nr_insns || last->op != TAP_OP_LD || host_below(r, 2))
		return false;
	insn = trace_tap_prog_add(prog, TAP_OP_JEQ +
				  host_below(r, TAP_OP_JNSET - TAP_OP_JEQ + 1));
	insn->reg = reg;
	insn->is_imm = true;
	insn->imm = random_number(r);
	insn->target = prog->nr_insns + host_below(r, 2);
	return true;
}

/*
 * Instructions that belong together: what jumped into their middle goes to their
 * start. Returns the last of them.
 */
static unsigned int add_group(struct tap_prog *prog, bool *reached,
			      struct host_rand *r)
{
	unsigned int start = prog->nr_insns, i;

	host_random_group(prog, r);
	for (i = 0; i < start; i++) {
		if (prog->insns[i].target > start &&
		    prog->insns[i].target < prog->nr_insns) {
			prog->insns[i].target = start;
			reached[start] = true;
		}
	}
	return prog->nr_insns - 1;
}

/**
 * host_random_prog - make a program
 * @r: random numbers
 * @wild: break the rules that the verifier knows
 *
 * Return: the program, resolved but not verified.
 */
struct tap_prog *host_random_prog(struct host_rand *r, bool wild)
{
	enum tap_prog_kind kind = host_below(r, 2) ? TAP_ACTION : TAP_FILTER;
	struct tap_prog *prog = trace_tap_prog_new(kind);
	unsigned int i, n = 2 + host_below(r, host_below(r, 16) ? 20 : 200);
	bool reached[TAP_MAX_INSNS] = {};
	struct tap_insn *insn;
	u8 op;

	for (i = 0; i < n; i++) {
		if (i > 3 && i + 1 < n && i < TAP_MAX_INSNS / 2 &&
		    host_below(r, kind == TAP_ACTION ? 3 : 12) == 1) {
			i = add_group(prog, reached, r);
			n = max(n, i + 2);
			continue;
		}
		if (i > 3 && i + 2 < n && compare_loaded(prog, r)) {
			reached[prog->insns[i].target] = true;
			continue;
		}
		if (wild && !host_below(r, 16))
			op = host_below(r, TAP_NR_OPCODES + 1);
		else if (!wild && i < 4 && i + 1 < n)
			op = host_below(r, 2) ? TAP_OP_LD : TAP_OP_MOV;
		else
			op = random_opcode(n - 1 - i, reached[i + 1], r);
		insn = trace_tap_prog_add(prog, op);
		if (op == TAP_NR_OPCODES)
			continue;
		fill_insn(prog, insn, n - 1 - i, wild, r);
		if (!wild && i < 4 && trace_tap_opcodes[op].class ==
		    TAP_CLASS_MOVE) {
			insn->reg = i;
			insn->src = 0;
			insn->is_imm |= op == TAP_OP_MOV;
		}
		if (insn->target < ARRAY_SIZE(reached))
			reached[insn->target] = true;
	}
	return prog;
}
