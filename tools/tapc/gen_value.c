// SPDX-License-Identifier: GPL-2.0
/*
 * Values to where they go: parts of keys, entries of maps, arguments of records.
 *
 *	"key @n, 0, ", V_POINTED V_PATH "$arg1"	->	ld	r0, args.arg0
 *							jlt	r0, 0, L0
 *							key	@n, 0, ustr(r0, 64)
 *							jmp	L1
 *						L0:	key	@n, 0, kstr(r0, 64)
 *						L1:
 */
#include "gen.h"

/**
 * gen_new - a value
 * @kind: enum value_kind
 *
 * Return: it, in no register.
 */
struct value *gen_new(enum value_kind kind)
{
	struct value *v = gen_alloc(sizeof(*v));

	v->kind = kind;
	v->reg = -1;
	return v;
}

/**
 * gen_dup - a value once more, to be changed
 * @v: value
 *
 * Return: a copy that is in no list.
 */
struct value *gen_dup(const struct value *v)
{
	struct value *copy = gen_alloc(sizeof(*copy));

	*copy = *v;
	copy->next = NULL;
	return copy;
}

/**
 * gen_number - a constant
 * @n: the number
 *
 * Return: it, as a value with the sign of what it meets.
 */
struct value *gen_number(s64 n)
{
	struct value *v = gen_new(V_INT);

	v->imm = n;
	v->size = 8;
	v->is_signed = true;
	v->is_literal = n >= 0;
	return v;
}

/**
 * gen_in - a number that has been made
 * @reg: register that it is in
 *
 * Return: it: 8 bytes, signed.
 */
struct value *gen_in(int reg)
{
	struct value *v = gen_number(-1);

	v->reg = reg;
	return v;
}

/**
 * gen_string - a string that has a name, or is constant
 * @kind: V_STR, V_CONST
 * @text: see there
 * @size: bytes; V_CONST: 0 for those of @text
 *
 * Return: it.
 */
struct value *gen_string(enum value_kind kind, const char *text,
			 unsigned int size)
{
	struct value *v = gen_new(kind);

	v->show = SHOW_STR;
	v->text = text;
	v->size = size || kind == V_STR ? size : strlen(text) + 1;
	return v;
}

/**
 * gen_find - place of a word in a table
 * @table: words, one behind the other's NUL; an empty one ends it
 * @word: the word
 *
 * Return: which one it is, from 0; -1 if it is not there.
 */
int gen_find(const char *table, const char *word)
{
	int i;

	for (i = 0; *table; i++, table += strlen(table) + 1)
		if (!strcmp(table, word))
			return i;
	return -1;
}

/**
 * gen_offer - compare a word that there is not with those that are
 * @s: the suggestion
 * @table: as gen_find() has it
 */
void gen_offer(struct suggestion *s, const char *table)
{
	for (; *table; table += strlen(table) + 1)
		tapc_offer(s, table);
}

static void sink_pointed(const char *line, struct value *v,
			 struct loc pos)
{
	unsigned int kernel, size = v->size ?: STR_IN_TABLE;
	int reg;

	/* Where a symbol is only the event knows, not the machine that compiles. */
	if (v->a->kind == V_PATH && v->a->is_symbol &&
	    gen.target->attach->form != FORM_NONE) {
		emit("%s%s", line, gen_named_string(v, pos));
		return;
	}
	reg = gen_reg(v->a, pos);
	if (v->space != SPACE_ANY) {
		emit("%s%s(r%d, %u)", line,
		     v->space == SPACE_USER ? "ustr" : "kstr", reg, size);
		return;
	}
	kernel = emit_labels();
	emit_jump(kernel, "jlt r%d, 0", reg);
	emit("%sustr(r%d, %u)", line, reg, size);
	emit_else(kernel);
	emit("%skstr(r%d, %u)", line, reg, size);
	emit_here(kernel + 1);
}

static void sink_choice(const char *line, struct value *v,
			struct loc pos)
{
	unsigned int other = emit_labels();

	emit_jump(other, "jeq r%d, 0", v->reg);
	gen_sink(line, v->a, pos);
	emit_else(other);
	gen_sink(line, v->b, pos);
	emit_here(other + 1);
}

/**
 * gen_sink - an instruction that takes a source
 * @line: the instruction up to there, "key @t, 0, "
 * @v: value; of one slot
 * @pos: where it is from
 */
void gen_sink(const char *line, struct value *v, struct loc pos)
{
	switch (v->kind) {
	case V_CONST:
		emit("%s%s", line, emit_quote(v->text, TAP_MAX_STR, pos));
		break;
	case V_STR:
		emit("%s%s", line, v->text);
		break;
	case V_POINTED:
		sink_pointed(line, v, pos);
		break;
	case V_ENTRY:
		gen_load_key(v, pos);
		emit("%s@%s", line, v->map->table);
		break;
	case V_CHOICE:
		sink_choice(line, v, pos);
		break;
	case V_PLACE:
		gen_fail(pos, ERR_WHOLE, v->type->kind == T_ARRAY ?
			  "an array" : "a struct");
	default:
		emit("%s%s", line, gen_operand(v, pos));
	}
}

/**
 * gen_slots - instructions that take a value, slot by slot
 * @line: what they are, "key @t", "arg"
 * @at: the first slot
 * @v: value
 * @is_record: they are arguments of a record
 * @pos: where the value is from
 *
 * Return: the slot behind it.
 */
unsigned int gen_slots(const char *line, unsigned int at,
		       struct value *v, bool is_record, struct loc pos)
{
	unsigned int mark = gen.nr_temps;
	const char *text;
	struct value *e;

	if (v->kind == V_LIST) {
		for (e = v->a; e; e = e->next)
			at = gen_slots(line, at, e, is_record, pos);
		return at;
	}
	if (v->kind == V_POINTED && !v->size) {
		v = gen_dup(v);
		v->size = is_record && gen.opt->compat != 17 ? STR_IN_RECORD :
							     STR_IN_TABLE;
	}
	text = gen_format("%s%s%u, ", line, is_record ? " " : ", ", at);
	/* Names of numbers: a record has them, a key is the number. */
	if (is_record && v->show == SHOW_SYSCALL)
		emit("%ssyscall(r%d)", text, gen_reg(v, pos));
	else if (is_record && v->show == SHOW_ENUM)
		emit("%senum(r%d, %s)", text, gen_reg(v, pos),
		     v->show_text);
	else if (!is_record && v->show == SHOW_PROBE)
		emit("%sprobe", text);
	else
		gen_sink(text, v, pos);
	gen.nr_temps = mark;
	return at + 1;
}

/* Bytes of a string, as tables count them. */
static unsigned int string_size(const struct value *v)
{
	unsigned int a, b;

	if (v->kind == V_CHOICE) {
		a = string_size(v->a);
		b = string_size(v->b);
		return max(a, b);
	}
	return v->size;
}

/**
 * gen_part - how a value is shown
 * @v: value
 *
 * Return: it.
 */
struct part *gen_part(const struct value *v)
{
	struct part *part = gen_alloc(sizeof(*part)), **tail;
	const struct value *e;

	part->show = v->show;
	part->is_signed = v->is_signed;
	part->mode = v->mode;
	part->size = gen_is_string(v) ? string_size(v) : v->size;
	part->text = v->show_text;
	if (v->show == SHOW_TUPLE) {
		tail = &part->parts;
		for (e = v->a; e; e = e->next) {
			*tail = gen_part(e);
			tail = &(*tail)->next;
		}
	}
	return part;
}

/**
 * tapc_slots - parts of a key, or arguments of a record, that something takes
 * @part: how it is shown
 *
 * Return: how many.
 */
unsigned int tapc_slots(const struct part *part)
{
#define X(kind, slots) slots,
	static const u8 slots[] = { SHOWS(X) };
#undef X
	unsigned int nr = slots[part->show];
	const struct part *p;

	for (p = part->parts; p; p = p->next)
		nr += tapc_slots(p);
	return nr;
}
