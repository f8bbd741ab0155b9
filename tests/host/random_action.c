// SPDX-License-Identifier: GPL-2.0
/*
 * Random pieces of programs that do something: what actions are made of.
 *
 * In: random numbers, and a program whose registers r0 to r3 are set. Out: more
 * instructions of it, a group that the verifier accepts whatever stands around
 * it, unless something jumps into its middle:
 *
 *	key	@agg, 0, comm
 *	key	@agg, 1, r2
 *	agg	@agg, 3, -5
 *
 * And operands of the kinds that only actions have, for programs that keep to no
 * rules.
 */
#include "host.h"

/* Some exist in scope.c, which filters may read; the others programs make. */
static const char * const shapes[] = {
	"@slow[s64] = u64",
	"@name[s64] = str16",
	"@cnt[s64] = count",
	"@one = s64",
	"@agg[str16, u64.hex] = count, sum, min, max, avg, stats",
	"@h[u64.ksym] = hist(2), lhist(-10, 100, 7)",
	"@stk[s64] = kstack",
#define NR_KNOWN	7
	"@ = count",
	"@txt = str24",
	"@us[ustack, kstack] = ustack",
	"@two[str8, str64] = s64.hex",
	"@usum[u64] = sum(u64), min(u64), max(u64), avg(u64), hist(u64)",
	"@none = lhist(u64, 0, 100, 10)",
	"@big[str256, u64] = str200",	/* more than the frame has */
};

static const char * const texts[] = { "", "a", "bash", "kw*", "0123456", "sh" };

static const s64 numbers[] = {
	0, 1, 2, 3, 7, 8, 9, 10, 20, 63, 64, 93, 100, 1000, 1 << 20, -1, -10,
	-11, S64_MIN, S64_MAX, 0x7fffffff, 0xffffffff,
};

static s64 number(struct host_rand *r)
{
	return numbers[host_below(r, ARRAY_SIZE(numbers))];
}

/* Add the operand and let the scope say what it is. */
static u16 bound(struct tap_prog *prog, const struct tap_operand *op)
{
	struct tap_error e = {};
	int i = trace_tap_prog_operand(prog, op);

	if (i < 0)
		return 0;
	if (!prog->operands[i].start)
		WARN_ON(host_scope()->bind(host_scope()->event,
					   &prog->operands[i], prog->kind, &e));
	return i;
}

static u16 table_operand(struct tap_prog *prog, unsigned int nr)
{
	struct tap_operand op = { .type = TAP_TABLE };
	struct tap_error e = {};

	op.shape = trace_tap_shape_parse(&prog->arena, shapes[nr], NULL, &e);
	WARN_ON(!op.shape);
	op.text = op.shape->name;
	return bound(prog, &op);
}

static u16 random_table(struct tap_prog *prog, struct host_rand *r)
{
	return table_operand(prog, host_below(r, prog->kind == TAP_FILTER ?
					      NR_KNOWN : ARRAY_SIZE(shapes)));
}

static u16 format_operand(struct tap_prog *prog, const char *text)
{
	struct tap_operand op = { .type = TAP_FORMAT, .text = text };
	unsigned int at;

	op.size = strlen(text);
	op.format = trace_tap_format_parse(&prog->arena, text, &at);
	WARN_ON(!op.format);
	return bound(prog, &op);
}

/* Returns the types of its fields. */
static const char *synth_operand(struct tap_prog *prog, u16 *index,
				 struct host_rand *r)
{
	static const char * const names[] = { "lat", "none", "one" };
	struct tap_operand op = { .type = TAP_SYNTH };
	const char *types;
	unsigned int i;

	op.text = names[host_below(r, ARRAY_SIZE(names))];
	op.size = strlen(op.text);
	types = host_scope()->synth(host_scope()->event, op.text);
	for (i = 0; types[i]; i++)
		op.offset |= (types[i] == 's') << i;
	op.span = i;
	*index = bound(prog, &op);
	return types;
}

static u16 names_operand(struct tap_prog *prog)
{
	struct tap_operand op = { .type = TAP_NAMES, .text = "u8" };

	return bound(prog, &op);
}

static u16 string_operand(struct tap_prog *prog, struct host_rand *r)
{
	static const char * const names[] = {
		"prev_comm", "name", "rel", "ptr", "arr3", "comm",
	};
	const char *name = names[host_below(r, ARRAY_SIZE(names))];
	struct tap_operand op = { .text = name };
	const struct host_field *f = host_find_field(host_fields, name);
	int i;

	op.type = f->type;
	op.offset = f->offset;
	op.size = f->size;
	if (f->type == TAP_COMM) {
		op.is_builtin = true;
		op.builtin = TAP_BUILTIN_COMM;
	} else if (f->type == TAP_PTR && host_below(r, 2)) {
		op.type = TAP_USER;
	}
	i = trace_tap_prog_operand(prog, &op);
	return i < 0 ? 0 : i;
}

static u16 probe_operand(struct tap_prog *prog)
{
	struct tap_operand op = {
		.type = TAP_PROBE, .is_builtin = true,
		.builtin = TAP_BUILTIN_PROBE, .text = "probe",
	};

	return trace_tap_prog_operand(prog, &op);
}

/* ------------------------------------------------------------------- sources */

static void int_source(struct tap_prog *prog, struct tap_insn *insn,
		       struct host_rand *r)
{
	if (host_below(r, 2)) {
		insn->rel = TAP_SRC_REG;
		insn->src = host_below(r, 4);
		return;
	}
	insn->rel = TAP_SRC_IMM;
	insn->is_imm = true;
	insn->imm = number(r);
}

/* @room: bytes that a constant may take */
static void string_source(struct tap_prog *prog, struct tap_insn *insn,
			  unsigned int room, struct host_rand *r)
{
	struct tap_operand op = { .type = TAP_STR };

	switch (host_below(r, 6)) {
	case 0:
	case 1:
		insn->rel = TAP_SRC_NAME;
		insn->str = string_operand(prog, r);
		break;
	case 2:
		insn->rel = TAP_SRC_KSTR + host_below(r, 2);
		insn->src = host_below(r, 4);
		insn->imm = 1 + host_below(r, 64);
		break;
	case 3:
		if (prog->kind == TAP_ACTION && insn->op != TAP_OP_KEY) {
			insn->rel = TAP_SRC_TABLE;	/* @txt: no key */
			insn->str = table_operand(prog, NR_KNOWN + 1);
			break;
		}
		fallthrough;
	default:
		insn->rel = TAP_SRC_TEXT;
		op.text = texts[host_below(r, ARRAY_SIZE(texts))];
		op.size = strlen(op.text);
		if (op.size >= room) {
			op.text = "";
			op.size = 0;
		}
		insn->str = trace_tap_prog_operand(prog, &op);
	}
}

static void stack_source(struct tap_insn *insn, bool user, struct host_rand *r)
{
	insn->rel = user ? TAP_SRC_USTACK : TAP_SRC_KSTACK;
	insn->imm = 1 + host_below(r, TAP_MAX_STACK);
}

static void part_source(struct tap_prog *prog, struct tap_insn *insn,
			const struct tap_part *part, struct host_rand *r)
{
	switch (part->kind) {
	case TAP_PART_STR:
		string_source(prog, insn, part->size, r);
		break;
	case TAP_PART_INT:
		int_source(prog, insn, r);
		if (prog->kind == TAP_ACTION && !host_below(r, 16)) {
			insn->rel = TAP_SRC_NAME;
			insn->is_imm = false;
			insn->src = 0;
			insn->imm = 0;
			insn->str = probe_operand(prog);
		}
		break;
	default:
		stack_source(insn, part->kind == TAP_PART_USTACK, r);
	}
}

/* -------------------------------------------------------------------- groups */

static void random_value(struct tap_insn *insn, struct host_rand *r)
{
	insn->is_imm = host_below(r, 2);
	if (insn->is_imm)
		insn->imm = number(r);
	else
		insn->src = host_below(r, 4);
}

/* What can be done to an entry, once its key is there. */
static u8 table_opcode(const struct tap_prog *prog,
		       const struct tap_shape *shape, struct host_rand *r)
{
	bool plain = trace_tap_shape_is_plain(shape);
	bool number = !plain || shape->values[0].kind == TAP_VALUE_INT;

	switch (host_below(r, 8)) {
	case 0:
		return TAP_OP_HAS;
	case 1:
	case 2:
		if (number)
			return TAP_OP_GET;
		break;
	case 3:
		if (prog->kind == TAP_ACTION)
			return TAP_OP_DEL + !host_below(r, 4) +
			       !host_below(r, 8);
		break;
	case 4:
		if (plain && number && prog->kind == TAP_ACTION)
			return TAP_OP_INC;
	}
	if (prog->kind == TAP_FILTER)
		return TAP_OP_HAS;
	return plain ? TAP_OP_PUT : TAP_OP_AGG;
}

static void table_group(struct tap_prog *prog, struct host_rand *r)
{
	u16 index = random_table(prog, r);
	const struct tap_shape *shape = prog->operands[index].shape;
	struct tap_insn *insn;
	unsigned int i;
	u8 op;

	/* broken by host_wild_operand() */
	if (!shape || !trace_tap_shape_is_sound(shape))
		return;
	for (i = 0; i < shape->nr_parts; i++) {
		insn = trace_tap_prog_add(prog, TAP_OP_KEY);
		insn->name = index;
		insn->part = i;
		part_source(prog, insn, &shape->parts[i], r);
	}
	op = table_opcode(prog, shape, r);
	insn = trace_tap_prog_add(prog, op);
	insn->name = index;
	switch (op) {
	case TAP_OP_GET:
		insn->part = host_below(r, shape->nr_values);
		fallthrough;
	case TAP_OP_HAS:
		insn->reg = host_below(r, 4);
		break;
	case TAP_OP_AGG:
		insn->part = host_below(r, shape->nr_values);
		fallthrough;
	case TAP_OP_INC:
		random_value(insn, r);
		break;
	case TAP_OP_PUT:
		part_source(prog, insn, &shape->values[0].plain, r);
	}
}

static void string_arg(struct tap_prog *prog, struct tap_insn *insn, bool synth,
		       struct host_rand *r)
{
	switch (host_below(r, synth ? 6 : 8)) {
	case 0:
		insn->rel = TAP_SRC_SYSCALL;
		insn->src = host_below(r, 4);
		break;
	case 1:
		insn->rel = TAP_SRC_ENUM;
		insn->src = host_below(r, 4);
		insn->str = names_operand(prog);
		break;
	case 2:
		insn->rel = TAP_SRC_NAME;
		insn->str = probe_operand(prog);
		break;
	case 6:
	case 7:
		stack_source(insn, host_below(r, 2), r);
		break;
	default:
		string_source(prog, insn, TAP_MAX_STR, r);
	}
}

static void random_arg(struct tap_prog *prog, unsigned int part, bool string,
		       bool synth, struct host_rand *r)
{
	struct tap_insn *insn = trace_tap_prog_add(prog, TAP_OP_ARG);

	insn->part = part;
	if (string)
		string_arg(prog, insn, synth, r);
	else
		int_source(prog, insn, r);
}

static void print_group(struct tap_prog *prog, struct host_rand *r)
{
	static const char * const convs[] = { "%d", "%5x", "%pS", "%s", "%-8s", "%c" };
	unsigned int nr = host_below(r, 5), i, c;
	char text[64], *p = text;

	for (i = 0; i < nr; i++) {
		c = host_below(r, ARRAY_SIZE(convs));
		p += sprintf(p, "%s ", convs[c]);
		random_arg(prog, i, c == 3 || c == 4, false, r);
	}
	*p = 0;
	i = format_operand(prog, text);
	trace_tap_prog_add(prog, TAP_OP_PRINTF)->str = i;
}

static void synth_group(struct tap_prog *prog, struct host_rand *r)
{
	const char *types;
	unsigned int i;
	u16 index;

	types = synth_operand(prog, &index, r);
	for (i = 0; types[i]; i++)
		random_arg(prog, i, types[i] == 's', true, r);
	trace_tap_prog_add(prog, TAP_OP_SYNTH)->str = index;
}

static void any_group(struct tap_prog *prog, unsigned int depth,
		      struct host_rand *r);

static void loop_group(struct tap_prog *prog, unsigned int depth,
		       struct host_rand *r)
{
	unsigned int i, nr = 1 + host_below(r, 3), leave = 0;
	struct tap_insn *insn;

	insn = trace_tap_prog_add(prog, TAP_OP_LOOP);
	insn->imm = 1 + host_below(r, 4);
	insn = trace_tap_prog_add(prog, TAP_OP_ADD);
	insn->reg = host_below(r, 4);
	random_value(insn, r);
	if (host_below(r, 2)) {
		leave = prog->nr_insns;
		insn = trace_tap_prog_add(prog, TAP_OP_JLT);
		insn->reg = host_below(r, 4);
		random_value(insn, r);
	}
	for (i = 0; i < nr; i++)
		any_group(prog, depth + 1, r);
	if (leave)	/* as "continue" or as "break" */
		prog->insns[leave].target = prog->nr_insns + host_below(r, 2);
	trace_tap_prog_add(prog, TAP_OP_NEXT);
}

static void any_group(struct tap_prog *prog, unsigned int depth,
		      struct host_rand *r)
{
	if (prog->kind == TAP_FILTER) {
		table_group(prog, r);
		return;
	}
	switch (host_below(r, 8)) {
	case 0:
		print_group(prog, r);
		break;
	case 1:
		synth_group(prog, r);
		break;
	case 2:
		trace_tap_prog_add(prog, TAP_OP_STACK +
				   host_below(r, TAP_OP_SNAPSHOT -
						 TAP_OP_STACK + 1));
		break;
	case 3:
		if (depth < 3) {
			loop_group(prog, depth, r);
			break;
		}
		fallthrough;
	default:
		table_group(prog, r);
	}
}

/**
 * host_random_group - append instructions that belong together
 * @prog: an action, or a filter, which gets what filters may read
 * @r: random numbers
 */
void host_random_group(struct tap_prog *prog, struct host_rand *r)
{
	any_group(prog, 0, r);
}

/* ---------------------------------------------------------------- no rules */

static void break_shape(struct tap_shape *shape, struct host_rand *r)
{
	unsigned int part = host_below(r, TAP_MAX_PARTS);

	switch (host_below(r, 8)) {
	case 0:
		shape->nr_parts = host_below(r, TAP_MAX_PARTS + 3);
		break;
	case 1:
		shape->nr_values = host_below(r, TAP_MAX_PARTS + 3);
		break;
	case 2:
		shape->key_size += 8;
		break;
	case 3:
		shape->value_words++;
		break;
	case 4:
		shape->parts[part].size = host_below(r, 1000);
		break;
	case 5:
		shape->parts[part].offset = host_below(r, 1000);
		break;
	case 6:
		shape->values[part].offset = host_below(r, 1000);
		break;
	default:
		shape->values[part].words = host_below(r, 1000);
	}
}

/**
 * host_wild_operand - add an operand of a kind that only actions have
 * @prog: the program
 * @r: random numbers
 *
 * Only what the scope vouches for is always true: who is what a start says.
 *
 * Return: its index.
 */
u16 host_wild_operand(struct tap_prog *prog, struct host_rand *r)
{
	struct tap_operand *op;
	u16 index;

	switch (host_below(r, 8)) {
	case 0:
		index = format_operand(prog, "%d %s");
		break;
	case 1:
		index = format_operand(prog, "x");
		break;
	case 2:
		synth_operand(prog, &index, r);
		break;
	case 3:
		index = names_operand(prog);
		break;
	default:
		index = random_table(prog, r);
	}
	if (host_below(r, 8))
		return index;
	op = &prog->operands[index];
	if (op->type == TAP_TABLE && op->shape && host_below(r, 4)) {
		op->shape = trace_tap_shape_copy(&prog->arena, op->shape);
		break_shape(op->shape, r);
	} else if (host_below(r, 2)) {
		op->start = 0;
	} else {
		op->shape = NULL;
		op->format = NULL;
	}
	return index;
}
