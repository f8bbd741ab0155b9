// SPDX-License-Identifier: GPL-2.0
/*
 * tap: struct tap_prog to program text.
 *
 * The inverse of asm.c: assembling what is printed here gives the same program
 * again. In: a program, resolved or not. Out, through a print function:
 *
 *	tap 1 filter
 *		ld	r0, args.prev_prio
 *		jge	r0, 10, L1
 *		ret	1
 *	L1:
 *		ret	0
 *	end
 *
 * Tables stand in front, whatever their place among the operands. Labels are
 * numbered in the order of the text, whatever they once were.
 */
#include "tap.h"

#define TAP_TARGET_WORDS	DIV_ROUND_UP(TAP_MAX_INSNS + 1, 64)

struct tap_disasm {
	const struct tap_prog	*prog;
	void			(*print)(void *arg, const char *fmt, ...) __printf(2, 3);
	void			*arg;
	u64			targets[TAP_TARGET_WORDS];
};

static bool tap_is_target(const struct tap_disasm *d, unsigned int i)
{
	return d->targets[i / 64] & BIT_ULL(i % 64);
}

/* How many targets there are up to and including this one. */
static unsigned int tap_label_number(const struct tap_disasm *d,
				     unsigned int target)
{
	unsigned int i, nr = 0;

	for (i = 0; i < target / 64; i++)
		nr += hweight64(d->targets[i]);
	return nr + hweight64(d->targets[i] & GENMASK_ULL(target % 64, 0));
}

static void tap_find_targets(struct tap_disasm *d)
{
	const struct tap_insn *insn;
	unsigned int i;

	for (i = 0; i < d->prog->nr_insns; i++) {
		insn = &d->prog->insns[i];
		if (strchr(trace_tap_opcodes[insn->op].operands, 'L') &&
		    insn->target <= d->prog->nr_insns)
			d->targets[insn->target / 64] |=
				BIT_ULL(insn->target % 64);
	}
}

static void tap_print_quoted(const struct tap_disasm *d, const char *s)
{
	d->print(d->arg, "\"");
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			d->print(d->arg, "\\%c", c);
		else if (c == '\n')
			d->print(d->arg, "\\n");
		else if (c == '\t')
			d->print(d->arg, "\\t");
		else if (c < ' ' || c > '~')
			d->print(d->arg, "\\x%02x", c);
		else
			d->print(d->arg, "%c", c);
	}
	d->print(d->arg, "\"");
}

static void tap_print_operand(const struct tap_disasm *d, u16 index)
{
	const struct tap_operand *op = &d->prog->operands[index];

	if (op->is_builtin)
		d->print(d->arg, "%s", trace_tap_builtins[op->builtin].name);
	else if (op->type == TAP_STR || op->type == TAP_FUNC ||
		 op->type == TAP_CPUS || op->type == TAP_FORMAT ||
		 op->type == TAP_SYNTH)
		tap_print_quoted(d, op->text);
	else if (op->type == TAP_TABLE)
		d->print(d->arg, "@%s", op->text);
	else
		d->print(d->arg, "args.%s%s", op->text,
			 op->type == TAP_USER ? ".ustring" : "");
}

/* Operand X: what is in parentheses stands in the order of the source's row. */
static void tap_print_source(const struct tap_disasm *d,
			     const struct tap_insn *insn)
{
	const struct tap_source_info *info = &trace_tap_sources[insn->rel];
	const char *letter;

	switch (insn->rel) {
	case TAP_SRC_REG:
		d->print(d->arg, "r%u", insn->src);
		return;
	case TAP_SRC_IMM:
		d->print(d->arg, "%lld", (long long)insn->imm);
		return;
	case TAP_SRC_NAME:
	case TAP_SRC_TEXT:
	case TAP_SRC_TABLE:
		tap_print_operand(d, insn->str);
		return;
	}
	d->print(d->arg, "%s(", info->name);
	for (letter = info->takes; *letter; letter++) {
		if (letter > info->takes)
			d->print(d->arg, ", ");
		if (*letter == 'V')
			d->print(d->arg, "r%u", insn->src);
		else if (*letter == 'I')
			d->print(d->arg, "%lld", (long long)insn->imm);
		else
			tap_print_operand(d, insn->str);
	}
	d->print(d->arg, ")");
}

static void tap_print_letter(const struct tap_disasm *d,
			     const struct tap_insn *insn, char letter)
{
	bool is_func = insn->op == TAP_OP_JFN || insn->op == TAP_OP_JNFN;

	switch (letter) {
	case 'D':
	case 'A':
		d->print(d->arg, "r%u", insn->reg);
		break;
	case 'V':
		if (insn->is_imm)
			d->print(d->arg, "%lld", (long long)insn->imm);
		else
			d->print(d->arg, "r%u", insn->src);
		break;
	case 'N':
	case 'S':
	case 'M':
		tap_print_operand(d, insn->name);
		break;
	case 'T':
		tap_print_operand(d, insn->str);
		break;
	case 'R':
	case 'E':
	case 'C':
		d->print(d->arg, "%s", trace_tap_relations[insn->rel]);
		break;
	case 'Q':
		tap_print_operand(d, is_func ? insn->name : insn->str);
		break;
	case 'B':
		tap_print_operand(d, insn->name);
		break;
	case 'P':
		d->print(d->arg, "%u", insn->part);
		break;
	case 'I':
		d->print(d->arg, "%lld", (long long)insn->imm);
		break;
	case 'X':
		tap_print_source(d, insn);
		break;
	case 'L':
		d->print(d->arg, "L%u", tap_label_number(d, insn->target));
		break;
	}
}

static void tap_print_insn(const struct tap_disasm *d,
			   const struct tap_insn *insn)
{
	const struct tap_opcode_info *info = &trace_tap_opcodes[insn->op];
	const char *letter;

	d->print(d->arg, "\t%s", info->mnemonic);
	for (letter = info->operands; *letter; letter++) {
		d->print(d->arg, letter == info->operands ? "\t" : ", ");
		tap_print_letter(d, insn, *letter);
	}
	d->print(d->arg, "\n");
}

/*
 * The tables, under the names that the program has for them: the kernel's may be
 * another one.
 */
static noinline void tap_print_tables(const struct tap_disasm *d)
{
	const struct tap_operand *op;
	char text[TAP_MAX_SHAPE_TEXT];
	unsigned int i;

	for (i = 0; i < d->prog->nr_operands; i++) {
		op = &d->prog->operands[i];
		if (op->type != TAP_TABLE || !op->shape)
			continue;
		trace_tap_shape_text(op->shape, text, sizeof(text));
		d->print(d->arg, "\ttable\t@%s%s\n", op->text,
			 text + 1 + strlen(op->shape->name ?: ""));
	}
}

/**
 * trace_tap_disasm - print a program as text
 * @prog: the program; the assembler or trace_tap_verify() must have seen it
 * @print: called with @arg for each piece, a line or less
 * @arg: for @print
 *
 * Any context that @print may be called from.
 */
void trace_tap_disasm(const struct tap_prog *prog,
		      __printf(2, 3) void (*print)(void *arg, const char *fmt,
						   ...),
		      void *arg)
{
	struct tap_disasm d = { .prog = prog, .print = print, .arg = arg };
	unsigned int i;

	tap_find_targets(&d);
	print(arg, "tap %d %s\n", TAP_VERSION,
	      prog->kind == TAP_FILTER ? "filter" : "action");
	tap_print_tables(&d);
	for (i = 0; i <= prog->nr_insns; i++) {
		if (tap_is_target(&d, i))
			print(arg, "L%u:\n", tap_label_number(&d, i));
		if (i < prog->nr_insns)
			tap_print_insn(&d, &prog->insns[i]);
	}
	print(arg, "end\n");
}
