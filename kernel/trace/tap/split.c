// SPDX-License-Identifier: GPL-2.0
/*
 * What a filter, or the guard of an action, can decide without a record.
 *
 *	in:	common_pid == 7 && (id == 1 || id == 2) && comm == "sh"
 *	out:		ld	r0, pid
 *			jne	r0, 7, L1
 *			jstr	comm, ==, "sh", L2
 *		L1:	ret	0
 *		L2:	ret	1
 *
 * The result is a necessary condition: where it returns 0, the whole program
 * would return 0 for any record. It runs before a record is reserved and filled
 * in; the whole program still runs on the records that are made. What comes of an
 * action is a filter too: it tells when the action would do nothing.
 *
 * Seen from the end: each instruction stands for the question "can the program
 * still return something else than 0, or have an effect, from here?". A branch
 * that depends on the record can be taken either way, so its answer is that of
 * its successors if they agree, that of the other one if one of them is "no", and
 * else "yes".
 */
#include "tap.h"

/**
 * struct splitter - state of one split
 * @prog: the whole program, verified; n instructions
 * @early: the result
 * @tainted: per instruction: registers that depend on the record
 * @norm: per instruction: the first instruction from there that needs no
 *	record, or n for "no", n + 1 for "yes"
 * @place: per instruction, and for yes and no: where it is in @early
 */
struct splitter {
	const struct tap_prog	*prog;
	struct tap_prog		*early;
	u16			*tainted;
	u16			*norm;
	u16			*place;
};

/* Where every record has the common pid; an event may have its own. */
#define COMMON_PID_OFFSET	4

/* The builtin that has the same value as the record's field, or -1. */
static int same_builtin(const struct tap_operand *o)
{
	if (o->type == TAP_INT && o->offset == COMMON_PID_OFFSET &&
	    o->size == sizeof(u32) && !strcmp(o->text, "common_pid"))
		return TAP_BUILTIN_PID;
	return -1;
}

/* A name whose value can be had before there is a record. */
static bool is_early(const struct tap_operand *o)
{
	if (!o->is_builtin)
		return same_builtin(o) >= 0;
	switch (o->builtin) {
	case TAP_BUILTIN_RAND:
	case TAP_BUILTIN_NSECS:
	case TAP_BUILTIN_ELAPSED:
		/* would have another value when the whole program runs */
		return false;
	case TAP_BUILTIN_CALLER:
	case TAP_BUILTIN_PROBE:
		/* are an action's, and the result is a filter */
		return false;
	default:
		return true;
	}
}

/* Does what the instruction reads depend on the record? */
static bool reads_record(const struct splitter *s, unsigned int i)
{
	const struct tap_insn *insn = &s->prog->insns[i];
	const char *mode = trace_tap_opcodes[insn->op].operands;
	bool alu = trace_tap_opcodes[insn->op].class == TAP_CLASS_ALU;

	/* tables: their entries may be others by then */
	if (insn->op >= TAP_OP_KEY)
		return true;
	for (; *mode; mode++) {
		if ((*mode == 'A' || (*mode == 'D' && alu)) &&
		    s->tainted[i] >> insn->reg & 1)
			return true;
		if (*mode == 'V' && !insn->is_imm &&
		    s->tainted[i] >> insn->src & 1)
			return true;
		if (strchr("NSM", *mode) &&
		    !is_early(&s->prog->operands[insn->name]))
			return true;
		if (*mode == 'T' && !is_early(&s->prog->operands[insn->str]))
			return true;
	}
	return false;
}

/* Forward: which registers depend on the record, on any path. */
static void taint(struct splitter *s)
{
	const struct tap_prog *prog = s->prog;
	unsigned int i;

	for (i = 0; i < prog->nr_insns; i++) {
		const struct tap_insn *insn = &prog->insns[i];
		enum tap_op_class class = trace_tap_opcodes[insn->op].class;
		u16 after = s->tainted[i];

		if (class == TAP_CLASS_MOVE || class == TAP_CLASS_ALU) {
			if (reads_record(s, i))
				after |= 1U << insn->reg;
			else if (class == TAP_CLASS_MOVE)
				after &= ~(1U << insn->reg);
		}
		if (class == TAP_CLASS_JUMP || class == TAP_CLASS_GOTO)
			s->tainted[insn->target] |= after;
		if (class != TAP_CLASS_GOTO && class != TAP_CLASS_END)
			s->tainted[i + 1] |= after;
	}
}

/* What an action does, and loops, which are part of doing it. */
static bool has_effect(u8 op)
{
	switch (op) {
	case TAP_OP_KEY:
	case TAP_OP_HAS:
	case TAP_OP_GET:
	case TAP_OP_ARG:
		return false;
	default:
		return op > TAP_OP_KEY;
	}
}

static u16 norm_insn(const struct splitter *s, unsigned int i)
{
	const struct tap_insn *insn = &s->prog->insns[i];
	const u16 no = s->prog->nr_insns, yes = no + 1;
	bool record = reads_record(s, i);
	u16 a, b;

	if (has_effect(insn->op))
		return yes;
	switch (trace_tap_opcodes[insn->op].class) {
	case TAP_CLASS_END:
		if (insn->is_imm)
			return insn->imm ? yes : no;
		return record ? yes : i;
	case TAP_CLASS_GOTO:
		return s->norm[insn->target];
	case TAP_CLASS_JUMP:
		a = s->norm[insn->target];
		b = s->norm[i + 1];
		if (a == b)
			return a;
		if (!record)
			return i;
		if (a == no)
			return b;
		return b == no ? a : yes;
	default:
		/* What follows may not care about the register any more. */
		if (record || s->norm[i + 1] >= no)
			return s->norm[i + 1];
		return i;
	}
}

static struct tap_insn *copy_insn(struct splitter *s, unsigned int i)
{
	const struct tap_insn *from = &s->prog->insns[i];
	struct tap_insn *insn = trace_tap_prog_add(s->early, from->op);

	if (insn) {
		*insn = *from;
		insn->pos = 0;
	}
	return insn;
}

/* Go on at @next: nothing to do if that is what comes next. */
static bool emit_goto(struct splitter *s, unsigned int next, unsigned int after)
{
	struct tap_insn *insn;

	if (next == after)
		return true;
	insn = trace_tap_prog_add(s->early, TAP_OP_JMP);
	if (insn)
		insn->target = next;
	return insn;
}

static bool emit_ret(struct splitter *s, s64 value)
{
	struct tap_insn *insn = trace_tap_prog_add(s->early, TAP_OP_RET);

	if (insn) {
		insn->is_imm = true;
		insn->imm = value;
	}
	return insn;
}

/* Which instructions the result has: place[] is 1 for them. */
static void mark(struct splitter *s)
{
	unsigned int i, n = s->prog->nr_insns;

	s->place[s->norm[0]] = 1;
	for (i = 0; i < n; i++) {
		const struct tap_insn *insn = &s->prog->insns[i];
		enum tap_op_class class = trace_tap_opcodes[insn->op].class;

		if (!s->place[i])
			continue;
		if (class == TAP_CLASS_JUMP)
			s->place[s->norm[insn->target]] = 1;
		if (class != TAP_CLASS_END)
			s->place[s->norm[i + 1]] = 1;
	}
}

static bool emit(struct splitter *s)
{
	unsigned int i, after, n = s->prog->nr_insns;

	for (i = 0; i < n + 2; i++) {
		if (!s->place[i])
			continue;
		s->place[i] = s->early->nr_insns;
		if (i >= n) {
			if (!emit_ret(s, i > n))
				return false;
			continue;
		}
		if (!copy_insn(s, i))
			return false;
		if (trace_tap_opcodes[s->prog->insns[i].op].class ==
		    TAP_CLASS_END)
			continue;
		for (after = i + 1; !s->place[after]; after++)
			;
		if (!emit_goto(s, s->norm[i + 1], after))
			return false;
	}
	return true;
}

/* Targets from the whole program's indexes to the result's. */
static void retarget(struct splitter *s)
{
	unsigned int i;

	for (i = 0; i < s->early->nr_insns; i++) {
		struct tap_insn *insn = &s->early->insns[i];

		switch (trace_tap_opcodes[insn->op].class) {
		case TAP_CLASS_JUMP:
			insn->target = s->place[s->norm[insn->target]];
			break;
		case TAP_CLASS_GOTO:
			insn->target = s->place[insn->target];
			break;
		default:
			break;
		}
	}
}

/*
 * What only instructions of actions and of tables take: nothing of the result
 * uses it, and tables would count as the result's.
 */
static bool is_left_out(const struct tap_operand *o)
{
	return o->type == TAP_TABLE || o->type == TAP_FORMAT ||
	       o->type == TAP_SYNTH || o->type == TAP_NAMES;
}

/*
 * The operands are the same ones, at the same indexes, but for the fields and
 * what is left out.
 */
static bool copy_operands(struct splitter *s)
{
	struct tap_prog *early = s->early;
	unsigned int i;

	early->operands = trace_tap_alloc(&early->arena, s->prog->nr_operands *
					  sizeof(*early->operands));
	if (!early->operands)
		return false;
	for (i = 0; i < s->prog->nr_operands; i++) {
		struct tap_operand *o = &early->operands[i];

		*o = s->prog->operands[i];
		if (is_left_out(o)) {
			*o = (struct tap_operand){ .type = TAP_STR, .text = "" };
			continue;
		}
		if (o->text) {
			o->text = trace_tap_strndup(&early->arena, o->text,
						    strlen(o->text));
			if (!o->text)
				return false;
		}
		if (o->is_builtin || same_builtin(o) < 0)
			continue;
		o->is_builtin = true;
		o->builtin = same_builtin(o);
		o->text = trace_tap_builtins[o->builtin].name;
	}
	early->nr_operands = s->prog->nr_operands;
	early->max_operands = s->prog->nr_operands;
	return true;
}

/*
 * Where a jump goes for the one value, or the few strings, it asks for: 1 to
 * its target, 0 on, -1 if it asks for a range or for bits.
 */
static int narrow_side(const struct tap_insn *insn)
{
	bool not = insn->rel == TAP_REL_NE || insn->rel == TAP_REL_NGLOB;

	switch (insn->op) {
	case TAP_OP_JEQ:
		return 1;
	case TAP_OP_JNE:
		return 0;
	case TAP_OP_JSTR:
	case TAP_OP_JPAIR:
		return !not;
	case TAP_OP_JNSTR:
	case TAP_OP_JNPAIR:
		return not;
	default:
		return -1;
	}
}

/*
 * A condition that only excludes a few values, like common_pid != 7, seldom
 * rejects: asking it early would cost every event more than it saves.
 */
static bool is_selective(const struct splitter *s)
{
	unsigned int i, n = s->prog->nr_insns;
	const u16 no = n;

	for (i = 0; i < n; i++) {
		const struct tap_insn *insn = &s->prog->insns[i];
		int narrow;

		if (!s->place[i])
			continue;
		if (trace_tap_opcodes[insn->op].class == TAP_CLASS_END)
			return true;
		if (trace_tap_opcodes[insn->op].class != TAP_CLASS_JUMP)
			continue;
		narrow = narrow_side(insn);
		if ((s->norm[insn->target] == no && narrow != 1) ||
		    (s->norm[i + 1] == no && narrow != 0))
			return true;
	}
	/* Nothing ever matches, or a condition of exclusions only. */
	return s->norm[0] == no;
}

static void split(struct splitter *s)
{
	unsigned int i, n = s->prog->nr_insns;
	bool ok;

	taint(s);
	for (i = n; i--; )
		s->norm[i] = norm_insn(s, i);
	if (s->norm[0] == n + 1)
		return;
	mark(s);
	if (!is_selective(s))
		return;
	s->early = trace_tap_prog_new(TAP_FILTER);
	if (!s->early)
		return;
	ok = copy_operands(s) && emit(s);
	if (ok) {
		retarget(s);
	} else {
		trace_tap_prog_free(s->early);
		s->early = NULL;
	}
}

/**
 * trace_tap_split - the part of a program that needs no record
 * @prog: the program, verified
 *
 * Context: may sleep. Returns a program, for trace_tap_prog_free(), that
 * returns 0 only if @prog does for any record, and then without an effect, or
 * NULL if nothing worth it can be decided early. No memory is no error: the
 * result only saves time.
 */
struct tap_prog *trace_tap_split(const struct tap_prog *prog)
{
	struct splitter s = { .prog = prog };
	unsigned int n = prog->nr_insns + 2;

	s.tainted = kvcalloc(n, sizeof(*s.tainted), GFP_KERNEL);
	s.norm = kvcalloc(n, sizeof(*s.norm), GFP_KERNEL);
	s.place = kvcalloc(n, sizeof(*s.place), GFP_KERNEL);
	if (s.tainted && s.norm && s.place)
		split(&s);
	kvfree(s.tainted);
	kvfree(s.norm);
	kvfree(s.place);
	return s.early;
}
