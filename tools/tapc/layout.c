// SPDX-License-Identifier: GPL-2.0
/*
 * Types to sizes and places, as the C compiler of the traced machine has them.
 *
 *	in:	struct s { char c; struct { u16 a : 3, b : 15; }; long l[2]; };
 *	out:	size 24, align 8; c at bit 0, a at 16, b at 32, l at 64
 *
 * What the rules depend on is the size of long, and how integers of 8 bytes are
 * aligned: tapc->long_size and tapc->wide_align. Bits are counted in the order
 * of bytes, in a byte from the lowest one (on big-endian machines from the
 * highest). The types of BTF come with sizes and places; only alignments are found here.
 */
#include "tapc.h"

#define MAX_SIZE	BIT(28)	/* bytes of a type */

/* Names for integers, as the kernel has them. */
static const char usual_names[] =
	"pid_t\0loff_t\0ktime_t\0uid_t\0gid_t\0dev_t\0gfp_t\0fmode_t\0uint\0"
	"umode_t\0mode_t\0ushort\0sector_t\0ulong\0";

/* Their sizes, less than 0 of those with a sign; 0: as large as long. */
static const s8 usual_sizes[] = { -4, -8, -8, 4, 4, 4, 4, 4, 4, 2, 2, 2, 8, 0 };

static struct type *usual_type(struct tapc *tc, const char *name)
{
	int i = tapc_index(usual_names, name);

	if (i < 0)
		return NULL;
	return tapc_int_type(tc, abs(usual_sizes[i]) ?: tc->long_size,
			     usual_sizes[i] < 0, (struct loc){});
}

/* "struct", "union", "enum", "typedef" */
static const char *kind_word(const struct type *t)
{
	static const char kinds[] =
#define X(kind, text) text "\0"
		TYPES(X)
#undef X
		"";

	return tapc_nth(kinds, t->kind);
}

/* The name that a message calls a type. */
static const char *type_name(const struct type *t)
{
	return *t->name ? t->name : kind_word(t);
}

/* Other types that a name may have meant: the script's and BTF's. */
static const char *suggest_type(struct tapc *tc, struct suggestion *s,
				const struct type *like)
{
	struct type *t;

	s->word = like->name;
	for (t = tc->types; t; t = t->next) {
		if (t->kind == like->kind && (t->to || t->is_defined))
			tapc_offer(s, t->name);
	}
	tapc_btf_offer(tc, like->kind, s);
	if (!s->best && !tc->machine.btf)
		return ": the kernel's types need --btf FILE";
	return tapc_suggest(s);
}

/**
 * tapc_resolve - what a name for a type stands for
 * @tc: the run
 * @type: any type
 * @pos: who asks
 *
 * Return: a type that is no T_NAMED; of structs, unions and enums with members,
 * if the script or BTF has them.
 */
struct type *tapc_resolve(struct tapc *tc, struct type *type, struct loc pos)
{
	struct suggestion s = {};
	unsigned int depth = 0;

	while (type->kind == T_NAMED) {
		if (!type->to)
			tapc_btf_fill(tc, type);
		if (!type->to)
			type->to = usual_type(tc, type->name);
		if (!type->to)
			tapc_fail(tc, pos, ERR_NO_TYPE, type->name,
				  suggest_type(tc, &s, type));
		type = type->to;
		if (depth++ > MAX_DEPTH)
			tapc_fail(tc, pos, ERR_DEEP);
	}
	if (type->kind >= T_STRUCT && !type->is_defined && *type->name)
		tapc_btf_fill(tc, type);
	/* One that nothing defines is no smaller than others. */
	if (type->kind == T_ENUM && !type->size)
		type->size = 4;
	return type;
}

/**
 * tapc_count - elements of an array
 * @tc: the run
 * @array: a T_ARRAY
 * @pos: who asks
 *
 * Return: how many; 0 if it has as many as fit.
 */
u32 tapc_count(struct tapc *tc, struct type *array, struct loc pos)
{
	u64 count;

	if (!array->length)
		return array->count;
	if (!tapc_fold(tc, array->length, &count))
		tapc_fail(tc, array->length->pos, ERR_NO_LENGTH);
	if (count > MAX_COUNT)
		tapc_fail(tc, array->length->pos, ERR_ARRAY_SIZE, MAX_COUNT);
	array->count = count;
	array->length = NULL;
	return array->count;
}

static void measure(struct tapc *tc, struct type *t, struct loc pos);

/**
 * tapc_size - bytes of a type
 * @tc: the run
 * @type: the type
 * @pos: who asks, for errors: it may not be known, or have no size
 *
 * Return: the bytes.
 */
u32 tapc_size(struct tapc *tc, struct type *type, struct loc pos)
{
	struct type *t = tapc_resolve(tc, type, pos);
	u64 size = t->size;

	if (t->kind == T_ARRAY) {
		if (tc->depth++ > MAX_DEPTH)
			tapc_fail(tc, pos, ERR_DEEP);
		size = (u64)tapc_size(tc, t->to, pos) *
		       tapc_count(tc, t, pos);
		tc->depth--;
	} else if (t->kind == T_STRUCT || t->kind == T_UNION) {
		/* BTF has sizes: what is in there need not be looked up. */
		if (!t->is_placed)
			measure(tc, t, pos);
		size = t->size;
	} else if (t->kind == T_STRING) {
		size = t->count;
	}
	if (!size && (t->kind < T_PTR || t->kind == T_FUNC))
		tapc_fail(tc, pos, ERR_NO_SIZE, type_name(t));
	if (size > MAX_SIZE)
		tapc_fail(tc, pos, ERR_BIG_TYPE, type_name(t));
	return size;
}

/**
 * tapc_align - alignment of a type within a struct
 * @tc: the run
 * @type: the type
 * @pos: who asks
 *
 * Return: the bytes.
 */
u32 tapc_align(struct tapc *tc, struct type *type, struct loc pos)
{
	struct type *t = tapc_resolve(tc, type, pos);

	while (t->kind == T_ARRAY)
		t = tapc_resolve(tc, t->to, pos);
	if (t->kind == T_STRUCT || t->kind == T_UNION) {
		measure(tc, t, pos);
		return t->align;
	}
	if (t->size == 8)
		return tc->wide_align;
	return t->kind == T_STRING ? 1 : max(t->size, 1u);
}

/* Bits of a bit field's type, which must be an integer. */
static u64 bit_unit(struct tapc *tc, const struct member *m, struct loc pos)
{
	const struct type *t = tapc_resolve(tc, m->type, pos);

	if ((t->kind != T_INT && t->kind != T_BOOL && t->kind != T_ENUM) ||
	    m->bits > t->size * 8)
		tapc_fail(tc, pos, ERR_BITS_TYPE, type_name(t), m->bits);
	return t->size * 8;
}

/*
 * Members without a name: what they consist of are members of the struct, but
 * with a tag, and of enums, they only declare a type.
 */
static bool is_anonymous(const struct member *m)
{
	return !*m->name && !m->is_bitfield && m->type &&
	       m->type->kind != T_ENUM && !*m->type->name;
}

static bool is_there(const struct member *m)
{
	return *m->name || m->is_bitfield || is_anonymous(m);
}

/*
 * A member behind @at bits, or within them if the type is a union. A bit field
 * begins anew where it would cross the end of one of its type's units.
 *
 * Return: its end.
 */
static u64 put(struct tapc *tc, struct type *t, struct member *m, u64 at,
	       struct loc pos)
{
	u64 bits = (u64)tapc_size(tc, m->type, pos) * 8, unit = 0;
	u32 align = tapc_align(tc, m->type, pos);
	bool is_packed;

	if (m->is_bitfield) {
		unit = bit_unit(tc, m, pos);
		bits = m->bits;
	}
	is_packed = (t->is_packed || m->is_packed) && (bits || !unit);
	align = max(is_packed ? 1 : align, m->align);
	if (!unit || !bits || m->align ||
	    (!is_packed && at % (align * 8) + bits > unit))
		at = ALIGN(at, (u64)align * 8);
	/* What has no name aligns what is behind it, but not the struct. */
	if (*m->name || !unit)
		t->align = max(t->align, align);
	if (!t->is_placed)
		m->value = at;
	return at + bits;
}

/* Sizes and places of a struct or union; those of what it consists of first. */
static void measure(struct tapc *tc, struct type *t, struct loc pos)
{
	struct suggestion s = {};
	struct member *m;
	u64 end = 0, bits = 0;

	if (t->state == TYPE_MEASURED)
		return;
	if (t->state == TYPE_BUSY)
		tapc_fail(tc, t->pos, ERR_ITSELF, t->name);
	if (!t->is_defined)
		tapc_fail(tc, pos, ERR_NO_MEMBERS, kind_word(t), t->name,
			  suggest_type(tc, &s, t));
	if (tc->depth++ > MAX_DEPTH)
		tapc_fail(tc, pos, ERR_DEEP);
	t->state = TYPE_BUSY;
	t->align = max(t->align, 1u);
	for (m = t->members; m; m = m->next) {
		if (!is_there(m))
			continue;
		end = put(tc, t, m, t->kind == T_UNION ? 0 : end, t->pos);
		bits = max(bits, end);
	}
	if (!t->is_placed) {
		bits = ALIGN(bits, (u64)t->align * 8);
		if (bits / 8 > MAX_SIZE)
			tapc_fail(tc, pos, ERR_BIG_TYPE, type_name(t));
		t->size = bits / 8;
	}
	/* BTF does not say what was packed, but then sizes do not fit. */
	while (t->size % t->align)
		t->align /= 2;
	t->state = TYPE_MEASURED;
	tc->depth--;
}

/**
 * tapc_find_place - where a struct or union has a member
 * @tc: the run
 * @type: a struct or union, or a name for one; measured
 * @name: of the member, or of one of an anonymous member
 * @place: out: where; what it holds before is added to
 *
 * Return: false if there is none.
 */
bool tapc_find_place(struct tapc *tc, struct type *type, const char *name,
		     struct place *place)
{
	const struct member *m;
	u64 bit = place->bit;

	type = tapc_resolve(tc, type, type->pos);
	if (type->kind != T_STRUCT && type->kind != T_UNION)
		return false;
	for (m = type->members; m; m = m->next) {
		place->bit = bit + m->value;
		if (is_anonymous(m)) {
			if (tapc_find_place(tc, m->type, name, place))
				return true;
		} else if (!strcmp(m->name, name)) {
			place->member = m;
			return true;
		}
	}
	place->bit = bit;
	return false;
}

static void offer_members(struct tapc *tc, struct suggestion *s,
			  struct type *type)
{
	const struct member *m;

	type = tapc_resolve(tc, type, type->pos);
	for (m = type->members; m; m = m->next) {
		if (is_anonymous(m))
			offer_members(tc, s, m->type);
		else
			tapc_offer(s, m->name);
	}
}

/**
 * tapc_place - where a struct or union has a member that it must have
 * @tc: the run
 * @type: a struct or union, or a name for one
 * @name: of the member, or of one of an anonymous member
 * @pos: who asks, for errors
 *
 * Return: the place.
 */
struct place tapc_place(struct tapc *tc, struct type *type, const char *name,
			struct loc pos)
{
	struct suggestion s = { .word = name };
	struct place place = {};

	tapc_size(tc, type, pos);
	if (tapc_find_place(tc, type, name, &place))
		return place;
	type = tapc_resolve(tc, type, pos);
	offer_members(tc, &s, type);
	tapc_fail(tc, pos, ERR_NO_MEMBER, kind_word(type), type->name, name,
		  tapc_suggest(&s));
}

/* Members with a name, wherever they are; "bit" those that begin in a byte. */
static void write_places(struct tapc *tc, FILE *out, struct type *t, u64 bit)
{
	const struct member *m;

	t = tapc_resolve(tc, t, t->pos);
	for (m = t->members; m; m = m->next) {
		if (is_anonymous(m))
			write_places(tc, out, m->type, bit + m->value);
		else if (m->is_bitfield && *m->name)
			fprintf(out, "\t%s bit=%llu bits=%u\n", m->name,
				(unsigned long long)(bit + m->value), m->bits);
		else if (*m->name)
			fprintf(out, "\t%s offset=%llu size=%u\n", m->name,
				(unsigned long long)(bit + m->value) / 8,
				tapc_size(tc, m->type, t->pos));
	}
}

/**
 * tapc_write_layouts - show where the members of a script's types are
 * @tc: the run
 * @out: where to
 * @tree: the script
 */
void tapc_write_layouts(struct tapc *tc, FILE *out, const struct node *tree)
{
	struct type *t;

	for (; tree; tree = tree->next) {
		if (tree->kind != N_DECL)
			continue;
		t = tapc_resolve(tc, tree->ctype, tree->pos);
		if (tree->ctype->kind != T_NAMED)
			fprintf(out, "%s ", kind_word(t));
		fprintf(out, "%s size=%u align=%u\n", tree->ctype->name,
			tapc_size(tc, t, tree->pos),
			tapc_align(tc, t, tree->pos));
		if (t->kind == T_STRUCT || t->kind == T_UNION)
			write_places(tc, out, t, 0);
	}
}
