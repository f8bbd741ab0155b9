// SPDX-License-Identifier: GPL-2.0
/*
 * Strings and CPU masks: one instruction to eBPF.
 *
 *	in:	jnstr	comm, ==, "sshd", L1
 *	out:	r3 = the current thread
 *		r0 = *(u32 *)(r3 + comm)
 *		if w0 != "sshd" goto L1
 *		r0 = *(u8 *)(r3 + comm + 4)
 *		if r0 != 0 goto L1
 *
 * A string in memory that is compared with a constant, or with how it begins,
 * takes a few comparisons of words. Everything else calls a helper with a
 * compiled pattern, which is part of the program's data.
 */
#include "lower.h"

/* Longer constants are left to the helper's loop. */
#define MAX_INLINE	64

static const struct tap_operand *constant(const struct lower *l,
					  const struct tap_insn *insn)
{
	return &l->prog->operands[insn->str];
}

/* Bytes of a named string in its place, as far as they are known. */
unsigned int trace_tap_string_size(const struct lower *l,
				   const struct tap_operand *o)
{
	if (o->type == TAP_PROBE)
		return 0;
	return o->is_builtin ? l->t->comm_len : o->size;
}

/**
 * trace_tap_string_is_inline - is a JSTR or JNSTR lowered to word comparisons
 * @l: the state
 * @insn: the instruction
 */
bool trace_tap_string_is_inline(const struct lower *l,
				const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];
	enum tap_match kind;
	const char *text;
	unsigned int len;

	if (!o->is_builtin && (o->type != TAP_ARRAY || !o->size))
		return false;
	kind = trace_tap_match_kind(constant(l, insn), insn->rel, &text, &len);
	return len <= MAX_INLINE &&
	       (kind == TAP_MATCH_FULL || kind == TAP_MATCH_FRONT);
}

/* Bytes of data the instruction takes: a pattern or a mask. */
size_t trace_tap_string_data(const struct lower *l,
			     const struct tap_insn *insn)
{
	switch (insn->op) {
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		if (trace_tap_string_is_inline(l, insn))
			return 0;
		return ALIGN(sizeof(struct tap_pattern) +
			     constant(l, insn)->size + 1, 8);
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		return ALIGN(constant(l, insn)->span * sizeof(long), 8);
	default:
		return 0;
	}
}

/* The widest load of @left bytes at @off that this machine does. */
static unsigned int chunk(const struct lower *l, unsigned int left,
			  unsigned int off)
{
	unsigned int size = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;

	/* Records are aligned to 4 bytes. */
	while (!l->t->unaligned && size > 1 && (size > 4 || off % size))
		size /= 2;
	return size;
}

/* Load @size bytes and jump if they differ from, or equal, those at @text. */
static void compare_chunk(struct lower *l, const char *text, unsigned int size,
			  u8 base, unsigned int off, u8 jump,
			  unsigned int target)
{
	u64 v64;
	u32 v32;
	u16 v16;

	trace_tap_emit_load(l, size, TMP0, base, off);
	switch (size) {
	case 8:
		memcpy(&v64, text, 8);
		trace_tap_emit_imm64(l, TMP1, v64);
		trace_tap_emit_jump(l, BPF_JMP | jump | BPF_X, TMP0, TMP1, 0,
				    target);
		return;
	case 4:
		memcpy(&v32, text, 4);
		break;
	case 2:
		memcpy(&v16, text, 2);
		v32 = v16;
		break;
	default:
		v32 = (u8)*text;
		break;
	}
	trace_tap_emit_jump(l, BPF_JMP32 | jump | BPF_K, TMP0, 0, v32, target);
}

/*
 * Compare @len bytes of @text with those at @base + @off. Each chunk that
 * differs decides; the last one may also be the one that says yes.
 */
static void compare_words(struct lower *l, const struct tap_insn *insn,
			  const char *text, unsigned int len, u8 base,
			  unsigned int off, bool on_match)
{
	unsigned int differ = on_match ? l->i + 1 : insn->target;
	unsigned int done = 0, size;

	while (done < len) {
		unsigned int left = len - done;

		size = chunk(l, left, off + done);
		/* A wider load that overlaps what is known to be equal. */
		if (l->t->unaligned && left == 3 && done)
			size = 4;
		else if (l->t->unaligned && left > 4 && left < 8 && done)
			size = 8;
		if (size > left)
			done -= size - left;
		if (on_match && done + size == len)
			compare_chunk(l, text + done, size, base, off + done,
				      BPF_JEQ, insn->target);
		else
			compare_chunk(l, text + done, size, base, off + done,
				      BPF_JNE, differ);
		done += size;
	}
}

static void lower_inline(struct lower *l, const struct tap_insn *insn,
			 const struct tap_operand *o, bool on_match)
{
	unsigned int len, size = trace_tap_string_size(l, o);
	enum tap_match kind;
	const char *text;
	u8 base = l->rec;

	kind = trace_tap_match_kind(constant(l, insn), insn->rel, &text, &len);
	if (len > size) {
		/* It never fits. */
		if (!on_match)
			trace_tap_emit_jump(l, BPF_JMP | BPF_JA, 0, 0, 0,
					    insn->target);
		return;
	}
	/* An equal string ends where the constant does. */
	if (kind == TAP_MATCH_FULL && len < size)
		len++;
	if (o->is_builtin) {
		base = TMP2;
		trace_tap_emit_current(l, base);
	}
	compare_words(l, insn, text, len, base,
		      o->is_builtin ? l->t->task_comm : o->offset, on_match);
}

static void call_match_ctx(struct lower *l, const struct tap_operand *o,
			   u64 pattern, enum tap_helper helper)
{
	emit_mov(l, BPF_REG_1, l->ctx);
	emit_alu_imm(l, BPF_MOV, BPF_REG_2, o->offset);
	trace_tap_emit_imm64(l, BPF_REG_3, pattern);
	trace_tap_emit_call(l, helper);
}

/* Arguments 1 and 2 of the helper for this kind of string; its pattern last. */
static void call_match(struct lower *l, const struct tap_operand *o,
		       const struct tap_pattern *pattern)
{
	u64 address = (unsigned long)pattern;

	if (o->is_builtin) {
		trace_tap_emit_current(l, BPF_REG_1);
		emit_alu_imm(l, BPF_ADD, BPF_REG_1, l->t->task_comm);
		emit_alu_imm(l, BPF_MOV, BPF_REG_2, l->t->comm_len);
		trace_tap_emit_imm64(l, BPF_REG_3, address);
		trace_tap_emit_call(l, TAP_HELPER_MATCH);
		return;
	}
	switch (o->type) {
	case TAP_ARRAY:
		if (!o->size) {
			call_match_ctx(l, o, address, TAP_HELPER_MATCH_TAIL);
			break;
		}
		emit_mov(l, BPF_REG_1, l->rec);
		emit_alu_imm(l, BPF_ADD, BPF_REG_1, o->offset);
		emit_alu_imm(l, BPF_MOV, BPF_REG_2, o->size);
		trace_tap_emit_imm64(l, BPF_REG_3, address);
		trace_tap_emit_call(l, TAP_HELPER_MATCH);
		break;
	case TAP_LOC:
		call_match_ctx(l, o, address, TAP_HELPER_MATCH_LOC);
		break;
	case TAP_REL:
		call_match_ctx(l, o, address, TAP_HELPER_MATCH_REL);
		break;
	default:
		trace_tap_load_field(l, o, BPF_REG_1);
		trace_tap_emit_imm64(l, BPF_REG_2, address);
		trace_tap_emit_call(l, o->type == TAP_PTR ?
				    TAP_HELPER_MATCH_PTR :
				    TAP_HELPER_MATCH_USER);
		break;
	}
}

/**
 * trace_tap_lower_string - lower a JSTR or JNSTR
 * @l: the state
 * @insn: the instruction
 */
void trace_tap_lower_string(struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];
	const struct tap_operand *str = constant(l, insn);
	bool jump = insn->op == TAP_OP_JSTR;
	struct tap_pattern *pattern;

	if (trace_tap_string_is_inline(l, insn)) {
		bool not = insn->rel == TAP_REL_NE ||
			   insn->rel == TAP_REL_NGLOB;

		lower_inline(l, insn, o, jump != not);
		return;
	}
	pattern = trace_tap_data(l, sizeof(*pattern) + str->size + 1);
	trace_tap_pattern_init(pattern, str, insn->rel);
	call_match(l, o, pattern);
	trace_tap_emit_jump(l, BPF_JMP | (jump ? BPF_JNE : BPF_JEQ) | BPF_K,
			    BPF_REG_0, 0, 0, insn->target);
}

/* Load what tells a helper where a named string is. */
void trace_tap_emit_desc(struct lower *l, u8 dst, const struct tap_operand *o)
{
	trace_tap_emit_imm64(l, dst,
			     TAP_STRING_DESC(o->type, o->offset,
					     trace_tap_string_size(l, o)));
}

/**
 * trace_tap_lower_pair - lower a JPAIR or JNPAIR
 * @l: the state
 * @insn: the instruction
 */
void trace_tap_lower_pair(struct lower *l, const struct tap_insn *insn)
{
	emit_mov(l, BPF_REG_1, l->ctx);
	trace_tap_emit_desc(l, BPF_REG_2, &l->prog->operands[insn->name]);
	trace_tap_emit_desc(l, BPF_REG_3, &l->prog->operands[insn->str]);
	emit_alu_imm(l, BPF_MOV, BPF_REG_4, insn->rel);
	trace_tap_emit_call(l, TAP_HELPER_PAIR);
	trace_tap_emit_jump(l, BPF_JMP |
			    (insn->op == TAP_OP_JPAIR ? BPF_JNE : BPF_JEQ) |
			    BPF_K, BPF_REG_0, 0, 0, insn->target);
}

/**
 * trace_tap_lower_cpus - lower a JCPU or JNCPU
 * @l: the state
 * @insn: the instruction
 */
void trace_tap_lower_cpus(struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];
	const struct tap_operand *cpus = constant(l, insn);
	size_t size = cpus->span * sizeof(long);
	void *mask = trace_tap_data(l, size);

	memcpy(mask, cpus->mask, size);
	emit_mov(l, BPF_REG_1, l->ctx);
	emit_alu_imm(l, BPF_MOV, BPF_REG_2, o->offset);
	trace_tap_emit_imm64(l, BPF_REG_3, (unsigned long)mask);
	emit_alu_imm(l, BPF_MOV, BPF_REG_4, insn->rel);
	trace_tap_emit_call(l, TAP_HELPER_CPUMASK);
	trace_tap_emit_jump(l, BPF_JMP |
			    (insn->op == TAP_OP_JCPU ? BPF_JNE : BPF_JEQ) |
			    BPF_K, BPF_REG_0, 0, 0, insn->target);
}
