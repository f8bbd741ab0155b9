// SPDX-License-Identifier: GPL-2.0
/*
 * What lowering a program takes, and where its things live.
 *
 *	in:		ld	r0, pid
 *			key	@us, 0, r0
 *			agg	@us, 0, 1
 *			ret	1
 *	out:		r0 may be in R4; the key is at R10 - 8; 8 bytes of frame;
 *			no record, no context
 *
 * Looks at each instruction backward, for the registers that are read later, and
 * forward, for helpers that may have been called before: those leave nothing in
 * R0 to R5.
 */
#include "lower.h"

/* What an instruction takes. */
enum {
	CALLS	= BIT(0),	/* a helper: R0 to R5 are lost */
	CTX	= BIT(1),	/* the context, for a helper */
	REC	= BIT(2),	/* the record's address */
	FIRES	= BIT(3),	/* something that can fire events */
};

/* ------------------------------------------------------------- the registers */

static bool reads_value(const struct lower *l, const struct tap_insn *insn)
{
	if (insn->is_imm)
		return false;
	/* Counting takes no value, whatever stands there. */
	return insn->op != TAP_OP_AGG ||
	       shape_of(l, insn->name)->values[insn->part].kind !=
	       TAP_VALUE_COUNT;
}

/* Registers that the instruction reads. */
static u16 reads(const struct lower *l, const struct tap_insn *insn)
{
	const struct tap_opcode_info *info = &trace_tap_opcodes[insn->op];
	const char *mode;
	u16 regs = 0;

	for (mode = info->operands; *mode; mode++) {
		if (*mode == 'A' ||
		    (*mode == 'D' && info->class == TAP_CLASS_ALU))
			regs |= 1U << insn->reg;
		if ((*mode == 'V' && reads_value(l, insn)) ||
		    (*mode == 'X' && source_has_reg(insn)))
			regs |= 1U << insn->src;
	}
	return regs;
}

/* Where the loop that ends at @i begins. */
static unsigned int loop_start(const struct lower *l, unsigned int i)
{
	unsigned int depth = 0;

	for (;; i--) {
		if (l->prog->insns[i].op == TAP_OP_NEXT)
			depth++;
		if (l->prog->insns[i].op == TAP_OP_LOOP && !--depth)
			return i;
	}
}

/**
 * trace_tap_live_after - which registers are read behind an instruction
 * @l: the state
 * @i: the instruction
 */
u16 trace_tap_live_after(const struct lower *l, unsigned int i)
{
	const struct tap_insn *insn = &l->prog->insns[i];
	u16 live = 0;

	switch (trace_tap_opcodes[insn->op].class) {
	case TAP_CLASS_END:
		return 0;
	case TAP_CLASS_GOTO:
		return l->live[insn->target];
	case TAP_CLASS_JUMP:
		live = l->live[insn->target];
		break;
	case TAP_CLASS_NEXT:
		live = l->live[loop_start(l, i) + 1];
		break;
	default:
		break;
	}
	return live | l->live[i + 1];
}

/* Backward: what is read later. Again, as long as loops make that more. */
static void find_live(struct lower *l)
{
	const struct tap_insn *insn;
	bool again = true;
	unsigned int i;
	u16 live;

	while (again) {
		again = false;
		for (i = l->prog->nr_insns; i--; ) {
			insn = &l->prog->insns[i];
			live = trace_tap_live_after(l, i);
			if (trace_tap_opcodes[insn->op].class == TAP_CLASS_MOVE)
				live &= ~(1U << insn->reg);
			live |= reads(l, insn);
			again |= insn->op == TAP_OP_LOOP && live & ~l->live[i];
			l->live[i] = live;
		}
	}
}

/* Which instructions are jumped to. */
static void find_targets(struct lower *l)
{
	unsigned int i;

	for (i = 0; i < l->prog->nr_insns; i++) {
		const struct tap_insn *insn = &l->prog->insns[i];

		switch (trace_tap_opcodes[insn->op].class) {
		case TAP_CLASS_JUMP:
		case TAP_CLASS_GOTO:
			l->is_target[insn->target] = true;
			break;
		case TAP_CLASS_LOOP:
			l->is_target[i + 1] = true;
			break;
		default:
			break;
		}
	}
}

/* --------------------------------------------------- what instructions take */

/**
 * trace_tap_builtin_needs_ctx - is the context an argument of its helper
 * @o: a builtin
 */
bool trace_tap_builtin_needs_ctx(const struct tap_operand *o)
{
	return o->builtin == TAP_BUILTIN_ELAPSED ||
	       o->builtin == TAP_BUILTIN_CALLER ||
	       o->builtin == TAP_BUILTIN_PROBE;
}

static unsigned int load_takes(const struct lower *l,
			       const struct tap_operand *o)
{
	if (!o->is_builtin)
		return REC;
	switch (o->builtin) {
	case TAP_BUILTIN_PID:
	case TAP_BUILTIN_TID:
	case TAP_BUILTIN_TGID:
	case TAP_BUILTIN_CPU:
		return l->t->percpu ? 0 : CALLS;
	default:
		return CALLS | (trace_tap_builtin_needs_ctx(o) ? CTX : 0);
	}
}

static bool is_pointer(const struct tap_operand *o)
{
	return o->type == TAP_PTR || o->type == TAP_USER;
}

static unsigned int match_takes(const struct lower *l,
				const struct tap_insn *insn)
{
	const struct tap_operand *o = &l->prog->operands[insn->name];
	bool is_inline = trace_tap_string_is_inline(l, insn);

	if (o->is_builtin)
		return is_inline && l->t->percpu ? 0 : CALLS;
	if (is_inline)
		return REC;
	if (is_pointer(o))
		return CALLS | REC | FIRES;
	return CALLS | (o->type == TAP_ARRAY && o->size ? REC : CTX);
}

/* Copying the source, a named string, to @size bytes. */
static unsigned int name_takes(const struct lower *l,
			       const struct tap_operand *o, unsigned int size)
{
	if (trace_tap_comm_is_inline(l, o, size))
		return l->t->percpu ? 0 : CALLS;
	return CALLS | CTX | (is_pointer(o) ? FIRES : 0);
}

/* Having the source, or a copy of @size bytes. */
static unsigned int source_takes(const struct lower *l,
				 const struct tap_insn *insn, unsigned int size)
{
	switch (insn->rel) {
	case TAP_SRC_NAME:
		return name_takes(l, &l->prog->operands[insn->str], size);
	case TAP_SRC_TABLE:
		return CALLS;
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		return CALLS | CTX;
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		return CALLS | FIRES;
	default:
		return 0;
	}
}

/* An argument is a copy only if a table has it; the helper reads all others. */
static unsigned int arg_takes(const struct lower *l,
			      const struct tap_insn *insn)
{
	switch (insn->rel) {
	case TAP_SRC_TABLE:
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		return source_takes(l, insn, 0);
	default:
		return 0;
	}
}

static unsigned int takes(const struct lower *l, const struct tap_insn *insn)
{
	const struct tap_operand *o = NULL;

	if (l->prog->nr_operands)
		o = &l->prog->operands[insn->name];
	switch (insn->op) {
	case TAP_OP_LD:
		return load_takes(l, o);
	case TAP_OP_JSTR:
	case TAP_OP_JNSTR:
		return match_takes(l, insn);
	case TAP_OP_JPAIR:
	case TAP_OP_JNPAIR:
		if (is_pointer(o) || is_pointer(&l->prog->operands[insn->str]))
			return CALLS | CTX | FIRES;
		return CALLS | CTX;
	case TAP_OP_JCPU:
	case TAP_OP_JNCPU:
		return CALLS | CTX;
	case TAP_OP_KEY:
		return source_takes(l, insn, o->shape->parts[insn->part].size);
	case TAP_OP_PUT:
		return CALLS | source_takes(l, insn,
					    o->shape->values[0].plain.size);
	case TAP_OP_HAS:
	case TAP_OP_GET:
	case TAP_OP_INC ... TAP_OP_ZERO:
		return CALLS;
	case TAP_OP_ARG:
		return arg_takes(l, insn);
	case TAP_OP_PRINTF ... TAP_OP_SNAPSHOT:
		return CALLS | CTX | FIRES;
	default:
		return 0;
	}
}

/* ------------------------------------------------- what the caller must know */

/* What a named operand of an instruction asks of the record. */
static void collect_operand(struct tap_code *code, const struct tap_insn *insn,
			    const struct tap_operand *o)
{
	if (o->is_builtin)
		return;
	code->reads_record = true;
	/* struct trace_entry: what events have in common. */
	if (o->offset < 8)
		code->common = max_t(u8, code->common,
				     o->offset == 4 && o->size == 4 ?
				     TAP_COMMON_PID : TAP_COMMON_ALL);
	if (insn->op != TAP_OP_LD &&
	    (o->type == TAP_LOC || o->type == TAP_REL || o->type == TAP_MASK ||
	     (o->type == TAP_ARRAY && !o->size)))
		code->needs_len = true;
}

static void collect_insn(struct lower *l, const struct tap_insn *insn)
{
	const char *modes = trace_tap_opcodes[insn->op].operands;
	const struct tap_operand *ops = l->prog->operands;
	unsigned int what = takes(l, insn);

	l->calls |= what & CALLS;
	l->uses_rec |= what & REC;
	l->uses_ctx |= what & CTX;
	l->code->guarded |= what & FIRES;
	if (strpbrk(modes, "NSM"))
		collect_operand(l->code, insn, &ops[insn->name]);
	if (strchr(modes, 'T') ||
	    (strchr(modes, 'X') && insn->rel == TAP_SRC_NAME))
		collect_operand(l->code, insn, &ops[insn->str]);
	if (strchr(modes, 'X'))
		l->code->data_len += trace_tap_source_data(l, insn);
	else
		l->code->data_len += trace_tap_string_data(l, insn);
	if (insn->op == TAP_OP_RECORD)
		l->code->reads_record = true;
}

static void collect(struct lower *l)
{
	unsigned int i;

	l->fixed = l->prog->kind == TAP_FILTER;
	for (i = 0; i < l->prog->nr_insns; i++) {
		collect_insn(l, &l->prog->insns[i]);
		if (strchr(trace_tap_opcodes[l->prog->insns[i].op].operands,
			   'B'))
			l->fixed = false;
	}
	if (l->fixed) {
		l->uses_rec = l->code->reads_record;
		l->uses_ctx = l->calls;
	}
}

/* ---------------------------------------------------- places of r-registers */

static void place_in(struct lower *l, u16 regs, const u8 *places,
		     unsigned int nr)
{
	unsigned int reg, n = 0;

	for (reg = 0; reg < TAP_NR_REGS; reg++) {
		if (!(regs >> reg & 1))
			continue;
		l->regs[reg] = n < nr ? places[n] : IN_STACK | (n - nr);
		n++;
	}
}

static void place_fixed(struct lower *l)
{
	static const u8 leaf[] = {
		BPF_REG_4, BPF_REG_5, BPF_REG_6, BPF_REG_7, BPF_REG_8,
		BPF_REG_9,
	};
	static const u8 saved[] = { BPF_REG_8, BPF_REG_9 };

	if (l->calls)
		place_in(l, U16_MAX, saved, ARRAY_SIZE(saved));
	else
		place_in(l, U16_MAX, leaf, ARRAY_SIZE(leaf));
	l->rec = l->calls ? BPF_REG_7 : BPF_REG_1;
	l->ctx = l->calls ? BPF_REG_6 : BPF_REG_1;
}

/* Registers the program names. */
static u16 used_regs(const struct lower *l)
{
	unsigned int i;
	u16 used = 0;

	for (i = 0; i < l->prog->nr_insns; i++) {
		const struct tap_insn *insn = &l->prog->insns[i];

		used |= reads(l, insn);
		if (strpbrk(trace_tap_opcodes[insn->op].operands, "DA"))
			used |= 1U << insn->reg;
	}
	return used;
}

/* Registers whose value a call must leave alone. */
static u16 kept_regs(const struct lower *l)
{
	unsigned int i;
	u16 kept = 0;

	for (i = 0; i < l->prog->nr_insns; i++) {
		const struct tap_insn *insn = &l->prog->insns[i];
		u16 after;

		if (!(takes(l, insn) & CALLS))
			continue;
		after = trace_tap_live_after(l, i);
		if (trace_tap_opcodes[insn->op].class == TAP_CLASS_MOVE)
			after &= ~(1U << insn->reg);
		kept |= after;
	}
	return kept;
}

/*
 * What is taken by an instruction in front of which a helper may have been
 * called. @called is per instruction, all false.
 */
static unsigned int taken_late(const struct lower *l, bool *called)
{
	unsigned int i, what, late = 0;
	bool again = true;

	while (again) {
		again = false;
		for (i = 0; i < l->prog->nr_insns; i++) {
			const struct tap_insn *insn = &l->prog->insns[i];
			enum tap_op_class class;
			bool now;

			what = takes(l, insn);
			if (called[i])
				late |= what;
			now = called[i] || what & CALLS;
			class = trace_tap_opcodes[insn->op].class;
			if (class == TAP_CLASS_JUMP || class == TAP_CLASS_GOTO)
				called[insn->target] |= now;
			if (class != TAP_CLASS_GOTO && class != TAP_CLASS_END)
				called[i + 1] |= now;
			if (class == TAP_CLASS_NEXT && now) {
				bool *start = &called[loop_start(l, i) + 1];

				again |= !*start;
				*start = true;
			}
		}
	}
	return late;
}

/*
 * R1 keeps what it is up to the first call. @scratch: the area is in
 * tap_ctx.scratch, so that the context is needed all along.
 */
static void place_by_need(struct lower *l, unsigned int late, bool scratch)
{
	u16 used = used_regs(l), kept = kept_regs(l);
	u8 lost[2], saved[4];
	unsigned int nr_lost = 0, nr_saved = 0, reg;
	u16 first = 0;

	l->ctx = scratch || late & CTX ? BPF_REG_6 : BPF_REG_1;
	l->rec = BPF_REG_1;
	if (late & REC)
		l->rec = BPF_REG_7;
	else if (l->uses_ctx && l->ctx == BPF_REG_1)
		l->rec = BPF_REG_5;

	lost[nr_lost++] = BPF_REG_4;
	if (!l->uses_rec || l->rec != BPF_REG_5)
		lost[nr_lost++] = BPF_REG_5;
	for (reg = 0; reg < TAP_NR_REGS && hweight32(first) < nr_lost; reg++)
		first |= used & ~kept & 1U << reg;

	if (l->ctx != BPF_REG_6)
		saved[nr_saved++] = BPF_REG_6;
	if (!l->uses_rec || l->rec != BPF_REG_7)
		saved[nr_saved++] = BPF_REG_7;
	saved[nr_saved++] = BPF_REG_8;
	saved[nr_saved++] = BPF_REG_9;

	place_in(l, first, lost, nr_lost);
	place_in(l, used & ~first, saved, nr_saved);
}

/* How much stack the registers take that are used and live there. */
static unsigned int regs_size(const struct lower *l)
{
	u16 used = used_regs(l);
	unsigned int reg, size = 0;

	for (reg = 0; reg < TAP_NR_REGS; reg++) {
		if (used >> reg & 1 && l->regs[reg] & IN_STACK)
			size = max_t(unsigned int, size,
				     -reg_slot(l->regs[reg]));
	}
	return size;
}

/* ---------------------------------------------------------------- the frame */

static unsigned int loop_depth(const struct lower *l)
{
	unsigned int i, depth = 0, most = 0;

	for (i = 0; i < l->prog->nr_insns; i++) {
		if (l->prog->insns[i].op == TAP_OP_LOOP)
			depth++;
		else if (l->prog->insns[i].op == TAP_OP_NEXT)
			depth--;
		most = max(most, depth);
	}
	return most;
}

/* The string value of the table that is the source, in bytes; or 0. */
static unsigned int table_text(const struct lower *l,
			       const struct tap_insn *insn)
{
	const struct tap_value *value;

	if (insn->rel != TAP_SRC_TABLE)
		return 0;
	value = shape_of(l, insn->str)->values;
	return value->kind == TAP_VALUE_STR ? value->plain.size : 0;
}

/* Strings that are read from tables, and strings on their way into one. */
static unsigned int lay_out_texts(struct lower *l, unsigned int size)
{
	u16 arg[TAP_MAX_ARGS] = {}, put = 0;
	unsigned int i;

	for (i = 0; i < l->prog->nr_insns; i++) {
		const struct tap_insn *insn = &l->prog->insns[i];
		u16 *text = &arg[insn->part];

		if (insn->op == TAP_OP_ARG)
			*text = max_t(u16, *text, table_text(l, insn));
		else if (insn->op == TAP_OP_PUT && insn->rel != TAP_SRC_TEXT &&
			 trace_tap_source_is_string(l, insn))
			put = max_t(u16, put, shape_of(l, insn->name)->
						values[0].plain.size);
	}
	for (i = 0; i < TAP_MAX_ARGS; i++) {
		l->arg_text[i] = size;
		size += arg[i];
	}
	l->put_text = size;
	return size + put;
}

/* Places in the area; how long it is. */
static unsigned int lay_out_area(struct lower *l)
{
	unsigned int i, size;

	for (i = 0; i < l->prog->nr_insns; i++) {
		if (l->prog->insns[i].op == TAP_OP_ARG)
			l->nr_args = max_t(u8, l->nr_args,
					   l->prog->insns[i].part + 1);
	}
	l->args = 0;
	size = l->nr_args * sizeof(struct tap_arg);
	for (i = 0; i < l->prog->nr_operands; i++) {
		if (l->prog->operands[i].type != TAP_TABLE || !l->keys)
			continue;
		l->keys[i] = size;
		size += shape_of(l, i)->key_size;
	}
	return lay_out_texts(l, size);
}

static int plan_frame(struct lower *l, unsigned int late)
{
	unsigned int area = lay_out_area(l), counters = 8 * loop_depth(l);
	unsigned int top = regs_size(l) + counters;

	if (top + area > TAP_FRAME && !l->fixed) {
		/* Filters are run by many, who have no scratch. */
		if (area > TAP_SCRATCH || l->prog->kind == TAP_FILTER)
			return -E2BIG;
		l->uses_ctx = true;
		l->code->scratch = area;
		l->code->guarded = true;
		place_by_need(l, late, true);
		top = regs_size(l) + counters;
		area = 0;
	}
	l->counters = -8 - (s16)regs_size(l);
	l->code->stack = top + area;
	l->area = area ? -(s16)(top + area) : 0;
	return 0;
}

/**
 * trace_tap_plan - look at a program before it is lowered
 * @l: the state: @l->live and @l->is_target are there, all zero. What depends on
 *	the program as a whole is filled in, @l->code's members too but those of
 *	the instructions and the data themselves
 *
 * Return: 0, -ENOMEM, or -E2BIG if there is no room for keys and arguments.
 */
int trace_tap_plan(struct lower *l)
{
	unsigned int late = 0;
	bool *called;
	int ret;

	find_live(l);
	find_targets(l);
	collect(l);
	if (l->fixed) {
		place_fixed(l);
	} else {
		l->keys = kvcalloc(l->prog->nr_operands, sizeof(*l->keys),
				   GFP_KERNEL);
		called = kvcalloc(l->prog->nr_insns, sizeof(*called),
				  GFP_KERNEL);
		if (!l->keys || !called) {
			kvfree(called);
			return -ENOMEM;
		}
		late = taken_late(l, called);
		kvfree(called);
		place_by_need(l, late, false);
	}
	ret = plan_frame(l, late);
	l->code->needs_ctx = l->uses_ctx || l->uses_rec;
	l->code->needs_run = l->uses_ctx;
	return ret;
}
