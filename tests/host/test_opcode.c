// SPDX-License-Identifier: GPL-2.0
/* opcode.c: the tables have all their rows, programs grow to their limits. */
#include "host.h"

static void tables(void)
{
	const struct tap_opcode_info *info;
	unsigned int i, j;

	for (i = 0; i < TAP_NR_OPCODES; i++) {
		info = &trace_tap_opcodes[i];
		CHECK(info->mnemonic && *info->mnemonic);
		CHECK(strlen(info->operands) <= TAP_MAX_OPERANDS);
		CHECK(strspn(info->operands, "DAVNSTMRECQL") ==
		      strlen(info->operands));
		CHECK(strncmp(info->mnemonic, "end", 3));
		/* a jump has a label, and it is the last operand */
		CHECK((info->class == TAP_CLASS_JUMP ||
		       info->class == TAP_CLASS_GOTO) ==
		      (info->operands[strlen(info->operands) - 1] == 'L'));
		for (j = 0; j < i; j++)
			CHECK(strcmp(info->mnemonic,
				     trace_tap_opcodes[j].mnemonic));
	}
	for (i = 0; i < TAP_NR_RELATIONS; i++)
		CHECK(trace_tap_relations[i]);
	for (i = 0; i < TAP_NR_ERRORS; i++)
		CHECK(trace_tap_err_text[i]);
	for (i = 0; i < TAP_NR_BUILTINS; i++) {
		CHECK(trace_tap_find_builtin(trace_tap_builtins[i].name) == i);
		CHECK(trace_tap_builtins[i].type ==
		      (i == TAP_BUILTIN_COMM ? TAP_COMM : TAP_INT));
	}
	CHECK(trace_tap_find_builtin("pidx") < 0);
	CHECK(trace_tap_find_builtin("") < 0);
}

static void limits(void)
{
	struct tap_prog *prog = trace_tap_prog_new(TAP_ACTION);
	struct tap_operand op = { .type = TAP_STR };
	char text[16];
	unsigned int i;

	CHECK(prog && prog->kind == TAP_ACTION);
	for (i = 0; i < TAP_MAX_INSNS; i++) {
		struct tap_insn *insn = trace_tap_prog_add(prog, TAP_OP_LD);

		if (!CHECK(insn && !insn->imm && !insn->reg))
			break;
		insn->imm = i;
	}
	CHECK(!trace_tap_prog_add(prog, TAP_OP_LD));
	CHECK(!prog->arena.failed);
	for (i = 0; i < TAP_MAX_INSNS; i++)
		CHECK(prog->insns[i].imm == i && prog->insns[i].op == TAP_OP_LD);

	for (i = 0; i < TAP_MAX_NAMES; i++) {
		op.text = text;
		op.size = sprintf(text, "%u", i);
		CHECK(trace_tap_prog_operand(prog, &op) == i);
	}
	op.size = sprintf(text, "%u", 17);
	CHECK(trace_tap_prog_operand(prog, &op) == 17);
	CHECK(!strcmp(prog->operands[16].text, "16"));
	op.type = TAP_FUNC;
	CHECK(trace_tap_prog_operand(prog, &op) == -E2BIG);
	trace_tap_prog_free(prog);
	trace_tap_prog_free(NULL);
}

static void no_memory(void)
{
	struct tap_operand op = { .text = "" };
	struct tap_prog *prog;

	tap_alloc_left = 0;
	CHECK(!trace_tap_prog_new(TAP_FILTER));
	tap_alloc_left = 1;
	prog = trace_tap_prog_new(TAP_FILTER);
	CHECK(!trace_tap_prog_add(prog, TAP_OP_RET) && prog->arena.failed);
	CHECK(trace_tap_prog_operand(prog, &op) == -ENOMEM);
	tap_alloc_left = -1;
	trace_tap_prog_free(prog);
}

static void errors(void)
{
	struct tap_error e = {};

	CHECK(trace_tap_error(&e, -E2BIG, TAP_ERR_TOO_LARGE, 7) == -E2BIG);
	CHECK(e.err == -E2BIG && e.code == TAP_ERR_TOO_LARGE && e.pos == 7);
}

void test_opcode(void)
{
	tables();
	limits();
	no_memory();
	errors();
}
