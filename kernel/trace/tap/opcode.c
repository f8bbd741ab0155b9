// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the tables behind the rows of tap_bytecode.h and err.h, and programs as
 * arrays of instructions and operands.
 *
 * In: rows, X(JGE, "jge", "AVL", JUMP, ...). Out: what the stages look up,
 * trace_tap_opcodes[TAP_OP_JGE] = { "jge", "AVL", TAP_CLASS_JUMP }. The
 * assembler and the generator build their programs with the functions here:
 *
 *	prog = trace_tap_prog_new(TAP_FILTER);
 *	insn = trace_tap_prog_add(prog, TAP_OP_LD);
 *	insn->name = trace_tap_prog_operand(prog, &field);
 *	...
 *	trace_tap_prog_free(prog);
 */
#include "tap.h"

const struct tap_opcode_info trace_tap_opcodes[TAP_NR_OPCODES] = {
#define X(name, mnemonic, operands, class, ...) \
	[TAP_OP_##name] = { mnemonic, operands, TAP_CLASS_##class },
	TAP_OPCODES(X)
#undef X
};

const char * const trace_tap_relations[TAP_NR_RELATIONS] = {
#define X(name, text) \
	[TAP_REL_##name] = text,
	TAP_RELATIONS(X)
#undef X
};

const struct tap_source_info trace_tap_sources[TAP_NR_SOURCES] = {
#define X(name, text, takes) \
	[TAP_SRC_##name] = { text, takes },
	TAP_SOURCES(X)
#undef X
};

/* The type column of TAP_BUILTINS: there is one of each but integers. */
#define TAP_BUILTIN_TYPE_INT	TAP_INT
#define TAP_BUILTIN_TYPE_STR	TAP_COMM
#define TAP_BUILTIN_TYPE_PROBE	TAP_PROBE

const struct tap_builtin_info trace_tap_builtins[TAP_NR_BUILTINS] = {
#define X(name, text, type, ...) \
	[TAP_BUILTIN_##name] = { text, TAP_BUILTIN_TYPE_##type },
	TAP_BUILTINS(X)
#undef X
};

/* Pointers that may change, as tracing_log_err() takes them. */
const char *trace_tap_err_text[TAP_NR_ERRORS] = {
#define X(name, text) \
	[TAP_ERR_##name] = text,
	TAP_ERRORS(X)
#undef X
};

/**
 * trace_tap_find_builtin - look up a builtin
 * @name: "pid", "comm"
 *
 * Return: enum tap_builtin, or -ENOENT.
 */
int trace_tap_find_builtin(const char *name)
{
	int i;

	for (i = 0; i < TAP_NR_BUILTINS; i++) {
		if (!strcmp(trace_tap_builtins[i].name, name))
			return i;
	}
	return -ENOENT;
}

/**
 * trace_tap_error - report what is wrong with a text
 * @e: filled in
 * @err: negative errno that the write returns
 * @code: what is wrong; TAP_ERR_NONE where only @err is known
 * @pos: offset in bytes from the start of the text
 *
 * Return: @err, so that a stage can end with it.
 */
int trace_tap_error(struct tap_error *e, int err, enum tap_error_code code,
		    unsigned int pos)
{
	e->err = err;
	e->code = code;
	e->pos = pos;
	return err;
}

/**
 * trace_tap_prog_new - make an empty program
 * @kind: which file it is for
 *
 * May sleep.
 *
 * Return: the program, for trace_tap_prog_free(), or NULL.
 */
struct tap_prog *trace_tap_prog_new(enum tap_prog_kind kind)
{
	struct tap_prog *prog = kzalloc(sizeof(*prog), GFP_KERNEL);

	if (prog)
		prog->kind = kind;
	return prog;
}

/**
 * trace_tap_prog_free - free a program with its operands
 * @prog: the program, or NULL
 */
void trace_tap_prog_free(struct tap_prog *prog)
{
	if (!prog)
		return;
	trace_tap_arena_free(&prog->arena);
	kfree(prog);
}

/*
 * Room for one more entry in an array that doubles. What it outgrew stays in
 * the arena: at most as much again.
 */
static void *tap_grow(struct tap_arena *arena, void *array, unsigned int nr,
		      unsigned int *max, unsigned int limit, size_t size)
{
	unsigned int want = *max ? *max * 2 : 8;
	void *bigger;

	if (nr < *max)
		return array;
	if (nr >= limit)
		return NULL;
	want = min(want, limit);
	bigger = trace_tap_alloc(arena, want * size);
	if (!bigger)
		return NULL;
	if (nr)
		memcpy(bigger, array, nr * size);
	*max = want;
	return bigger;
}

/**
 * trace_tap_prog_add - append an instruction
 * @prog: the program
 * @op: enum tap_opcode
 *
 * May sleep.
 *
 * Return: the instruction, all other members 0, valid until the next one is
 * added. NULL if there is no memory, and @prog->arena.failed is set, or, if it
 * is not, because the program has TAP_MAX_INSNS of them.
 */
struct tap_insn *trace_tap_prog_add(struct tap_prog *prog, u8 op)
{
	struct tap_insn *insns, *insn;

	insns = tap_grow(&prog->arena, prog->insns, prog->nr_insns,
			 &prog->max_insns, TAP_MAX_INSNS, sizeof(*insns));
	if (!insns)
		return NULL;
	prog->insns = insns;
	insn = &insns[prog->nr_insns++];
	insn->op = op;
	return insn;
}

/* Whether two operands mean the same; what resolve.c adds follows from it. */
static bool tap_same_operand(const struct tap_operand *a,
			     const struct tap_operand *b)
{
	return a->type == b->type && a->is_signed == b->is_signed &&
	       a->is_builtin == b->is_builtin && a->builtin == b->builtin &&
	       a->offset == b->offset && a->size == b->size &&
	       !strcmp(a->text, b->text);
}

static struct tap_format *tap_format_copy(struct tap_arena *arena,
					  const struct tap_format *format)
{
	struct tap_format *copy = trace_tap_alloc(arena, sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *format;
	copy->text = trace_tap_strndup(arena, format->text,
				       strlen(format->text));
	return copy->text ? copy : NULL;
}

/**
 * trace_tap_prog_operand - the index of an operand, appended if it is new
 * @prog: the program
 * @op: the operand; a new one gets a copy of @op->text, @op->shape and
 *	@op->format, but of @op->mask only the pointer
 *
 * May sleep.
 *
 * Return: the index, -ENOMEM, or -E2BIG if there are TAP_MAX_NAMES of them.
 */
int trace_tap_prog_operand(struct tap_prog *prog, const struct tap_operand *op)
{
	struct tap_operand *operands, new = *op;
	unsigned int i;

	for (i = 0; i < prog->nr_operands; i++) {
		if (tap_same_operand(&prog->operands[i], op))
			return i;
	}
	operands = tap_grow(&prog->arena, prog->operands, prog->nr_operands,
			    &prog->max_operands, TAP_MAX_NAMES,
			    sizeof(*operands));
	if (!operands)
		return prog->arena.failed ? -ENOMEM : -E2BIG;
	prog->operands = operands;
	new.text = trace_tap_strndup(&prog->arena, op->text, strlen(op->text));
	if (op->shape)
		new.shape = trace_tap_shape_copy(&prog->arena, op->shape);
	if (op->format)
		new.format = tap_format_copy(&prog->arena, op->format);
	if (prog->arena.failed)
		return -ENOMEM;
	operands[prog->nr_operands] = new;
	return prog->nr_operands++;
}
