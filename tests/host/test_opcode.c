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
		CHECK(strspn(info->operands, "DAVNSTMRECQLBPIX") ==
		      strlen(info->operands));
		CHECK(strncmp(info->mnemonic, "end", 3));
		/* a jump has a label, and it is the last operand */
		CHECK((info->class == TAP_CLASS_JUMP ||
		       info->class == TAP_CLASS_GOTO) ==
		      !strcmp(info->operands + strcspn(info->operands, "L"),
			      "L"));
		/* a register and a length in X stand where V and I do */
		CHECK(!strchr(info->operands, 'X') ||
		      !strpbrk(info->operands, "VITQREC"));
		CHECK(strcmp(info->mnemonic, "table"));
		for (j = 0; j < i; j++)
			CHECK(strcmp(info->mnemonic,
				     trace_tap_opcodes[j].mnemonic));
	}
	for (i = 0; i < TAP_NR_SOURCES; i++) {
		CHECK(strspn(trace_tap_sources[i].takes, "VIN") ==
		      strlen(trace_tap_sources[i].takes));
		CHECK(!*trace_tap_sources[i].name ==
		      !*trace_tap_sources[i].takes);
	}
	for (i = 0; i < TAP_NR_RELATIONS; i++)
		CHECK(trace_tap_relations[i]);
	for (i = 0; i < TAP_NR_ERRORS; i++)
		CHECK(trace_tap_err_text[i]);
	for (i = 0; i < TAP_NR_BUILTINS; i++) {
		CHECK(trace_tap_find_builtin(trace_tap_builtins[i].name) == i);
		CHECK(trace_tap_builtins[i].type ==
		      (i == TAP_BUILTIN_COMM ? TAP_COMM :
		       i == TAP_BUILTIN_PROBE ? TAP_PROBE : TAP_INT));
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

/* What an operand points to is the program's own afterwards. */
static void copies(void)
{
	struct tap_prog *prog = trace_tap_prog_new(TAP_ACTION);
	struct tap_operand op = { .type = TAP_TABLE, .text = "a" };
	struct tap_arena arena = {};
	struct tap_error e = {};
	unsigned int at;

	op.shape = trace_tap_shape_parse(&arena, "@a[s64] = hist(2)", NULL, &e);
	CHECK(trace_tap_prog_operand(prog, &op) == 0);
	op = (struct tap_operand){ .type = TAP_FORMAT, .text = "%d" };
	op.format = trace_tap_format_parse(&arena, "%d", &at);
	CHECK(trace_tap_prog_operand(prog, &op) == 1);
	trace_tap_arena_free(&arena);
	CHECK(!strcmp(prog->operands[0].shape->name, "a") &&
	      prog->operands[0].shape->values[0].bits == 2);
	CHECK(!strcmp(prog->operands[1].format->text, "%lld\n"));
	trace_tap_prog_free(prog);
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
	copies();
	no_memory();
	errors();
}
