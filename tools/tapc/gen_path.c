// SPDX-License-Identifier: GPL-2.0
/*
 * What only the event can find: fields, arguments, members of structs behind
 * these.
 *
 *	((struct sock *)arg0)->__sk_common.skc_family
 *	->	V_PATH "+16($arg1)", 2 bytes, unsigned
 *	->	"skc_family=+16($arg1):u16" of the event
 *		ld	r0, args.skc_family
 *
 * A program has no pointers: it cannot follow an address that it has in a
 * register. The fetch arguments of events can, and do it without faults. So an
 * expression of this kind stays text as long as it can, is found once, when the
 * event fires, and becomes a field.
 */
#include "gen.h"

static bool is_word_size(u32 size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/**
 * gen_path - a number that the event has
 * @fetch: as a fetch argument has it
 * @type: its C type, or NULL for 8 bytes, unsigned
 *
 * Return: it.
 */
struct value *gen_path(const char *fetch, struct type *type)
{
	struct value *v = gen_new(V_PATH);
	struct type *t;

	v->size = 8;
	v->text = fetch;
	if (!type)
		return v;
	t = tapc_resolve(gen.tc, type, type->pos);
	v->size = tapc_size(gen.tc, t, type->pos);
	if (!is_word_size(v->size) || t->kind == T_FLOAT)
		gen_fail(gen.node->pos, ERR_WHOLE, "such a value");
	v->is_signed = t->kind == T_INT && t->is_signed;
	if (t->kind == T_BOOL)
		v->show = SHOW_BOOL;
	if (t->kind == T_PTR)
		v->type = t;
	return v;
}

/* Whose memory an address is in that an event of this kind has. */
static u8 default_space(void)
{
	switch (gen.target->provider) {
	case P_UPROBE:
	case P_URETPROBE:
	case P_USDT:
		return SPACE_USER;
	case P_TRACEPOINT:
		return strcmp(gen.target->scope, "syscalls") ? SPACE_KERNEL :
							      SPACE_USER;
	default:
		return SPACE_ANY;
	}
}

/**
 * gen_name_enum - a field's value is shown by its name
 * @v: value
 *
 * Return: false if it has none in the event's format.
 */
bool gen_name_enum(struct value *v)
{
	if (v->kind != V_PATH || !v->field || !gen.event ||
	    !tapc_field_names(gen.tc, gen.event, v->field))
		return false;
	/* The event that is made for the program has numbers only. */
	if (!gen.is_derived) {
		v->show = SHOW_ENUM;
		v->show_text = gen_args_name(v->field->name);
	}
	return true;
}

static bool is_char(struct type *t, struct loc pos)
{
	t = tapc_resolve(gen.tc, t, pos);
	return t->kind == T_INT && t->size == 1 &&
	       (t->is_signed || !strcmp(t->name, "char"));
}

/* A string in the record. */
static struct value *string_field(const struct field *field, u32 size)
{
	const char *text;

	if (gen.is_derived)
		text = gen_fetch(gen_format("$%s:string",
					    field->name), field->name);
	else
		text = gen_args_name(field->name);
	return gen_string(V_STR, text, size);
}

/**
 * gen_field - a field of the event
 * @field: the field
 * @pos: where it is named
 *
 * Return: its value.
 */
struct value *gen_field(const struct field *field, struct loc pos)
{
	struct type *type = tapc_field_type(gen.tc, field);
	struct value *v;

	if (type->kind == T_STRING)
		return string_field(field, type->count);
	/* Where the record says where it is there is nothing to be had. */
	if (tapc_is_dynamic(field) ||
	    (type->kind != T_ARRAY && !is_word_size(field->size)))
		gen_fail(pos, ERR_WHOLE, "such a field");
	v = gen_path(gen_format("$%s", field->name),
		     type->kind == T_ARRAY ? NULL : type);
	v->field = field;
	v->space = default_space();
	if (type->kind == T_ARRAY) {
		v->kind = V_PLACE;
		v->type = type;
	}
	return v;
}

/* ---------------------------------------------------------------- following */

/* Text of what is in memory, so many bytes behind an address. */
static const char *fetch_at(const struct value *v, s64 offset)
{
	bool is_user = v->space == SPACE_USER && gen.target->provider !=
		       P_UPROBE && gen.target->provider != P_URETPROBE &&
		       gen.target->provider != P_USDT;
	const char *sign;

	offset = (u64)offset + v->imm;
	sign = offset < 0 ? "-" : "+";
	if (offset < 0)
		offset = -(u64)offset;
	if (v->is_symbol)
		return gen_format(offset ? "@%s%s%lld" : "@%s",
				   v->text, sign, (long long)offset);
	return gen_format("%s%s%lld(%s)", sign, is_user ? "u" : "",
			   (long long)offset, v->text);
}

/*
 * A part of an array in the record itself. Events give a field as a number, of
 * an array the first 8 bytes; what is behind these they do not have.
 */
static struct value *in_record(struct value *array, u64 offset,
			       u32 size, struct loc pos)
{
	const struct field *field = array->field;
	struct type *t = tapc_int_type(gen.tc, size, false, pos);
	struct value *v = gen_path(array->text, t);

	offset += array->imm;
	if (offset > 8 || offset + size > 8)
		gen_fail(pos, ERR_IN_RECORD, field->name);
	v->size = is_word_size(field->size) ? field->size : 8;
	if (!offset && size >= v->size && v->size == field->size) {
		v->field = field;
		return v;
	}
	v->bit = 8 * offset;
	v->bits = 8 * size;
	return v;
}

static bool is_in_record(const struct value *v)
{
	return v->kind == V_PLACE && v->field && v->field->element;
}

/* What is in memory: a number, or else the place, for what is in that. */
static struct value *at(struct value *base, s64 offset,
			struct type *type, struct loc pos)
{
	struct type *t = tapc_resolve(gen.tc, type, pos);
	struct value *v;

	if (t->kind == T_STRUCT || t->kind == T_UNION || t->kind == T_ARRAY) {
		base->kind = V_PLACE;
		base->imm = (u64)base->imm + offset;
		base->type = t;
		return base;
	}
	if (is_in_record(base)) {
		v = in_record(base, offset, tapc_size(gen.tc, t, pos), pos);
		v->is_signed = t->kind == T_INT && t->is_signed;
		return v;
	}
	v = gen_path(fetch_at(base, offset), t);
	v->space = base->space == SPACE_USER ? SPACE_USER : SPACE_KERNEL;
	return v;
}

/**
 * gen_deref - what an address points to
 * @v: address
 * @type: what is there, or NULL: the pointer's type tells
 * @pos: where
 *
 * Return: it.
 */
struct value *gen_deref(struct value *v, struct type *type, struct loc pos)
{
	struct type *t;

	if (v->kind != V_PATH || v->bits) {
		if (v->is_unsure)
			return v;
		gen_fail(pos, ERR_DEREF);
	}
	t = gen_type(v, pos);
	if (!type && t && t->kind == T_PTR)
		type = t->to;
	if (!type)
		type = tapc_int_type(gen.tc, 8, false, pos);
	return at(v, 0, type, pos);
}

/**
 * gen_word - a number in memory
 * @base: V_PLACE, or an address
 * @offset: in bytes
 * @size: bytes of the number
 * @pos: where
 *
 * Return: it.
 */
struct value *gen_word(struct value *base, unsigned int offset,
		       unsigned int size, struct loc pos)
{
	struct value *v;

	if (base->kind != V_PLACE && (base->kind != V_PATH || base->bits)) {
		if (base->is_unsure)
			return gen_dup(base);
		gen_fail(pos, ERR_DEREF);
	}
	if (is_in_record(base))
		return in_record(base, offset, size, pos);
	v = gen_path(fetch_at(base, offset),
		     tapc_int_type(gen.tc, size, false, pos));
	v->space = base->space;
	return v;
}

/**
 * gen_place_string - an array as a string
 * @v: V_PLACE
 * @hint: what it could be called
 * @pos: where
 *
 * Return: it.
 */
struct value *gen_place_string(struct value *v, const char *hint,
			       struct loc pos)
{
	if (is_in_record(v))
		gen_fail(pos, ERR_IN_RECORD, v->field->name);
	return gen_string(V_STR,
			  gen_fetch(gen_format("%s:string",
					       fetch_at(v, 0)), hint),
			  tapc_size(gen.tc, v->type, pos));
}

/* An array of characters is a string as soon as it is no longer a place. */
static struct value *settle(struct value *v, const char *hint, struct loc pos)
{
	if (v->kind == V_PATH)
		v->hint = hint;
	if (v->kind != V_PLACE || v->type->kind != T_ARRAY ||
	    !is_char(v->type->to, pos))
		return v;
	return gen_place_string(v, hint, pos);
}

static struct value *bit_field(struct value *base,
			       struct place place, struct loc pos)
{
	struct type *t = tapc_resolve(gen.tc, place.member->type, pos);
	u32 unit = tapc_size(gen.tc, t, pos) * 8;
	u64 start = place.bit / unit * unit;
	struct value *v;

	/* Packed ones may lie across units; nobody fetches such. */
	if (place.bit + place.member->bits > start + unit)
		gen_fail(pos, ERR_BIT_FIELD);
	v = gen_path(fetch_at(base, start / 8), t);
	v->hint = place.member->name;
	v->bit = place.bit - start;
	v->bits = place.member->bits;
	return v;
}

static struct value *args_member(const struct node *node);

/* "args.NAME" of a provider's probe: an expression on the event below. */
static struct value *provided(const struct node *node)
{
	const struct provided *p = gen.target->provided;
	struct suggestion s = { .word = node->text };
	const struct node *arg = tapc_provided(gen.target, node->text);
	struct value *v;

	if (!arg && !p->has_fields) {
		for (arg = p->args; arg; arg = arg->next)
			tapc_offer(&s, arg->text);
		gen_fail(node->pos, ERR_NO_PROVIDED, p->name,
			 node->text, tapc_suggest(&s));
	}
	gen.is_provided = true;
	v = arg ? gen_expr(arg) : args_member(node);
	gen.is_provided = false;
	return v;
}

/* "args.NAME" */
static struct value *args_member(const struct node *node)
{
	struct suggestion s = { .word = node->text };
	const struct field *f;

	if (gen.target->provided && !gen.is_provided)
		return provided(node);
	if (gen.target->provider != P_TRACEPOINT)
		return gen_argument(node->text, node->pos);
	f = tapc_find_field(gen.event, node->text);
	if (f)
		return gen_field(f, node->pos);
	for (f = gen.event->fields; f; f = f->next)
		tapc_offer(&s, f->name);
	gen_fail(node->pos, ERR_NO_FIELD, gen.target->scope,
		 gen.target->name, node->text, tapc_suggest(&s));
}

/**
 * gen_member - "a.n" and "a->n"
 * @node: MEMBER
 *
 * Return: its value.
 */
struct value *gen_member(const struct node *node)
{
	struct place place;
	struct value *v;
	struct type *t;

	if (node->a->kind == N_NAME && !strcmp(node->a->text, "args"))
		return args_member(node);
	v = gen_expr(node->a);
	if (v->is_unsure)
		return v;
	t = gen_type(v, node->pos);
	/* In the language "." does for pointers, too. */
	if (t && t->kind == T_PTR && t->to) {
		v = gen_deref(v, NULL, node->pos);
		t = gen_type(v, node->pos);
	}
	if (!t || v->kind != V_PLACE ||
	    (t->kind != T_STRUCT && t->kind != T_UNION))
		gen_fail(node->pos, ERR_NO_STRUCT, node->text);
	place = tapc_place(gen.tc, t, node->text, node->pos);
	if (place.member->is_bitfield)
		return bit_field(v, place, node->pos);
	return settle(at(v, place.bit / 8, place.member->type,
			    node->pos), node->text, node->pos);
}

/**
 * gen_index - "a[1]"
 * @node: INDEX
 *
 * Return: its value.
 */
struct value *gen_index(const struct node *node)
{
	struct value *v = gen_expr(node->a);
	struct type *t, *to;
	s64 n;

	if (v->is_unsure)
		return v;
	t = gen_type(v, node->pos);
	if (!t || (t->kind != T_ARRAY && t->kind != T_PTR) || !t->to)
		gen_fail(node->pos, ERR_NO_ARRAY);
	to = tapc_resolve(gen.tc, t->to, node->pos);
	if (!gen_fold(node->b, &n))
		gen_fail(node->b->pos, ERR_INDEX);
	if (t->kind == T_PTR && (v->kind != V_PATH || v->bits))
		gen_fail(node->pos, ERR_DEREF);
	return settle(at(v, (u64)n * tapc_size(gen.tc, to, node->pos), to,
			    node->pos), "element", node->pos);
}

/* Only the lowest bits, extended again. */
static void narrow(int reg, unsigned int shift, bool is_signed)
{
	emit("shl r%d, %u", reg, shift);
	emit("%s r%d, %u", is_signed ? "sar" : "shr", reg, shift);
}

/**
 * gen_cast - "(type)a"
 * @node: CAST
 *
 * Return: its value.
 */
struct value *gen_cast(const struct node *node)
{
	struct value *v = gen_expr(node->a);
	struct type *t = tapc_resolve(gen.tc, node->ctype, node->pos);
	unsigned int end;

	if (t->kind != T_INT && t->kind != T_BOOL && t->kind != T_PTR &&
	    t->kind != T_ENUM)
		gen_fail(node->pos, ERR_CAST);
	/* Nothing to be done, so what is behind it can still be found. */
	if (t->kind == T_PTR && gen_is_number(v)) {
		v->type = t;
		v->show = SHOW_INT;
		return v;
	}
	v = gen_load(v, node->pos);
	if (t->kind == T_BOOL) {
		end = emit_label();
		v->reg = gen_own(v, node->pos);
		emit_jump(end, "jeq r%d, 0", v->reg);
		emit("mov r%d, 1", v->reg);
		emit_here(end);
	} else if (t->size < 8 &&
		   (t->size < v->size || t->is_signed != v->is_signed)) {
		v->reg = gen_own(v, node->pos);
		narrow(v->reg, 64 - 8 * t->size, t->is_signed);
	}
	v->size = min(t->size, 8U);
	v->is_signed = t->is_signed;
	v->is_literal = false;
	v->type = NULL;
	v->show = t->kind == T_BOOL ? SHOW_BOOL : SHOW_INT;
	return v;
}

/* ------------------------------------------------------------------- asking */

/* Name of a field after what it is: "+8($arg1)" is a poor one. */
static const char *hint_of(const struct value *v)
{
	if (v->field)
		return v->field->name;
	return v->hint ?: v->text;
}

/**
 * gen_symbol_address - where a symbol of this machine's kernel is
 * @v: V_PATH of a symbol
 * @pos: where it is named
 *
 * Return: a constant.
 */
struct value *gen_symbol_address(struct value *v, struct loc pos)
{
	const char *name = v->text;
	char line[512], word[256];
	unsigned long long address = 0;
	FILE *file;

	file = gen.tc->machine.is_copy || !gen.is_last ? NULL :
	       fopen("/proc/kallsyms", "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %*c %255s", &address, word) == 2 &&
		    !strcmp(word, name))
			break;
		address = 0;
	}
	if (file)
		fclose(file);
	/* It is a long file: the number does not matter before the last pass. */
	if (!address && gen.is_last)
		gen_fail(pos, ERR_SYMBOL, name);
	v = gen_number(address + (u64)v->imm);
	v->is_signed = false;
	v->is_literal = false;
	v->space = SPACE_KERNEL;
	return v;
}

/**
 * gen_load_path - a number of the event, in a register
 * @v: V_PATH, no symbol
 * @pos: where it is from
 *
 * Return: the register.
 */
int gen_load_path(struct value *v, struct loc pos)
{
	const char *text, *name;
	int reg;

	/* The common ones every event has. */
	if (v->field && (!gen.is_derived || v->field->is_common)) {
		name = gen_args_name(v->field->name);
	} else {
		if (v->bits)
			text = gen_format("%s:b%u@%u/%u", v->text,
					  v->bits, v->bit, v->size * 8);
		else
			text = gen_format("%s:%c%u", v->text,
					  v->is_signed && v->size < 8 ?
					   's' : 'u', v->size * 8);
		name = gen_fetch(text, hint_of(v));
	}
	reg = emit_temp(pos);
	emit("ld r%d, %s", reg, name);
	if (v->bits && v->is_signed)
		narrow(reg, 64 - v->bits, true);
	if (v->imm)
		emit("add r%d, %lld", reg, (long long)v->imm);
	return reg;
}

/**
 * gen_pointed - the string at an address
 * @address: a number, or a place
 * @size: bytes at most, 0 if nobody said
 * @space: enum space; SPACE_ANY: that of the address
 *
 * Return: it.
 */
struct value *gen_pointed(struct value *address, unsigned int size, u8 space)
{
	struct value *v = gen_new(V_POINTED);

	if (space != SPACE_ANY)
		address->space = space;
	v->show = SHOW_STR;
	v->size = size;
	v->space = address->space;
	v->is_unsure = address->is_unsure;
	v->a = address;
	return v;
}

/* A string that the event has to read: so that it has a name. */
static const char *pointed_name(const struct value *v)
{
	const struct value *a = v->a;
	bool is_user = v->space == SPACE_USER;

	if (a->field && !gen.is_derived && !a->imm &&
	    a->field->type == TAP_PTR)
		return gen_format("args.%s%s", a->field->name,
				   is_user ? ".ustring" : "");
	return gen_fetch(gen_format("%s:%s", fetch_at(a, 0),
					is_user ? "ustring" : "string"),
			 hint_of(a));
}

/**
 * gen_has_name - whether a string can be an operand that is compared
 * @v: string
 *
 * Return: whether it can.
 */
bool gen_has_name(const struct value *v)
{
	return v->kind == V_STR ||
	       (v->kind == V_POINTED && v->a->kind == V_PATH);
}

/**
 * gen_named_string - a string as an operand that can be compared
 * @v: string
 * @pos: where it is from
 *
 * Return: its name, "comm" or "args.filename".
 */
const char *gen_named_string(struct value *v, struct loc pos)
{
	if (!gen_has_name(v))
		gen_fail(pos, ERR_STRING_PART);
	return v->kind == V_STR ? v->text : pointed_name(v);
}
