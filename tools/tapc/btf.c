// SPDX-License-Identifier: GPL-2.0
/*
 * BTF to types: what the kernel's structs, enums and functions look like.
 *
 *	in:	type STRUCT "path", not defined; --btf vmlinux
 *	out:	members mnt: PTR to STRUCT "vfsmount", at bit 0, ...; size 16
 *
 * Types are made when they are asked for, one level at a time: what a member's
 * type is called becomes a type that is not defined yet. So the thousands of
 * others cost nothing.
 *
 * The file is read with libbpf's functions, from the library that is loaded
 * when --btf is given: who does not use it need not have it.
 */
#include <errno.h>

#include "tapc.h"

#ifdef HAVE_LIBBPF
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dlfcn.h>

/* Functions of the library, and their names, in the same order. */
static struct {
	__typeof__(btf__parse)		*parse;
	__typeof__(btf__free)		*free;
	__typeof__(btf__type_cnt)	*type_cnt;
	__typeof__(btf__type_by_id)	*type_by_id;
	__typeof__(btf__name_by_offset)	*name_by_offset;
	__typeof__(btf__pointer_size)	*pointer_size;
	__typeof__(libbpf_set_print)	*set_print;
} lib;

static const char lib_names[] =
	"btf__parse\0"
	"btf__free\0"
	"btf__type_cnt\0"
	"btf__type_by_id\0"
	"btf__name_by_offset\0"
	"btf__pointer_size\0"
	"libbpf_set_print\0";

static bool load_library(void)
{
	void *handle = dlopen("libbpf.so.1", RTLD_NOW);
	void **function = (void **)&lib;
	const char *name;

	if (!handle)
		return false;
	for (name = lib_names; *name; name += strlen(name) + 1) {
		*function = dlsym(handle, name);
		if (!*function++)
			return false;
	}
	lib.set_print(NULL);
	return true;
}

/**
 * tapc_open_btf - use the types of a kernel
 * @tc: the run
 * @file: BTF itself, or an ELF file that has it, such as vmlinux
 */
void tapc_open_btf(struct tapc *tc, const char *file)
{
	size_t size;

	if (!load_library())
		tapc_fail(tc, (struct loc){}, ERR_BTF, file,
			  "this needs libbpf.so.1, which is not installed");
	tc->machine.btf = lib.parse(file, NULL);
	/* The library has numbers of its own for what is no BTF. */
	if (!tc->machine.btf)
		tapc_fail(tc, (struct loc){}, ERR_BTF, file,
			  errno >= 4000 ? "bad format" : strerror(errno));
	size = lib.pointer_size(tc->machine.btf);
	if (size == 4 || size == 8)
		tc->long_size = size;
}

/**
 * tapc_close_btf - free what tapc_open_btf() opened
 * @tc: the run
 */
void tapc_close_btf(struct tapc *tc)
{
	if (tc->machine.btf)
		lib.free(tc->machine.btf);
	tc->machine.btf = NULL;
}

static const char *name_of(struct tapc *tc, u32 offset)
{
	return lib.name_by_offset(tc->machine.btf, offset) ?: "";
}

/* Kinds of BTF to those of types; T_VOID if it is none. */
static enum type_kind kind_of(const struct btf_type *b)
{
	switch (btf_kind(b)) {
	case BTF_KIND_FWD:
		return btf_kflag(b) ? T_UNION : T_STRUCT;
	case BTF_KIND_STRUCT:
		return T_STRUCT;
	case BTF_KIND_UNION:
		return T_UNION;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return T_ENUM;
	case BTF_KIND_TYPEDEF:
		return T_NAMED;
	case BTF_KIND_PTR:
		return T_PTR;
	case BTF_KIND_ARRAY:
		return T_ARRAY;
	case BTF_KIND_FUNC:
	case BTF_KIND_FUNC_PROTO:
		return T_FUNC;
	case BTF_KIND_FLOAT:
		return T_FLOAT;
	case BTF_KIND_INT:
		return btf_int_encoding(b) & BTF_INT_BOOL ? T_BOOL : T_INT;
	}
	return T_VOID;
}

/*
 * The next type of a kind behind @id that is defined, or 0. Prototypes of
 * functions have no name of their own and are not looked for.
 */
static u32 next_type(struct tapc *tc, enum type_kind kind, u32 id)
{
	u32 nr = lib.type_cnt(tc->machine.btf);
	const struct btf_type *b;

	while (++id < nr) {
		b = lib.type_by_id(tc->machine.btf, id);
		if (kind_of(b) == kind && btf_kind(b) != BTF_KIND_FWD &&
		    btf_kind(b) != BTF_KIND_FUNC_PROTO)
			return id;
	}
	return 0;
}

static const struct btf_type *find(struct tapc *tc, enum type_kind kind,
				   const char *name)
{
	const struct btf_type *b;
	u32 id = 0;

	if (!tc->machine.btf)
		return NULL;
	while ((id = next_type(tc, kind, id))) {
		b = lib.type_by_id(tc->machine.btf, id);
		if (!strcmp(name_of(tc, b->name_off), name))
			return b;
	}
	return NULL;
}

/* Constant @i of an enum, signed or not, narrow or wide. */
static s64 constant(const struct btf_type *b, u32 i, u32 *name)
{
	if (btf_is_enum64(b)) {
		*name = btf_enum64(b)[i].name_off;
		return btf_enum64_value(&btf_enum64(b)[i]);
	}
	*name = btf_enum(b)[i].name_off;
	return btf_kflag(b) ? btf_enum(b)[i].val :
			      (s64)(u32)btf_enum(b)[i].val;
}

/**
 * tapc_btf_constant - look up a constant of an enum of the kernel
 * @tc: the run
 * @name: its name
 * @value: out: its value
 *
 * Return: false if there is none.
 */
bool tapc_btf_constant(struct tapc *tc, const char *name, u64 *value)
{
	const struct btf_type *b;
	u32 id = 0, i, name_off;

	while (tc->machine.btf && (id = next_type(tc, T_ENUM, id))) {
		b = lib.type_by_id(tc->machine.btf, id);
		for (i = 0; i < btf_vlen(b); i++) {
			*value = constant(b, i, &name_off);
			if (!strcmp(name_of(tc, name_off), name))
				return true;
		}
	}
	return false;
}

static struct type *convert(struct tapc *tc, u32 id, unsigned int depth);

/* Members, constants or parameters; then the type is defined. */
static void fill(struct tapc *tc, struct type *t, const struct btf_type *b,
		 unsigned int depth)
{
	struct member **tail = &t->members, *m;
	u32 i, name = 0;

	t->is_defined = true;
	t->is_placed = true;
	t->size = t->kind == T_FUNC ? 0 : b->size;
	for (i = 0; i < btf_vlen(b); i++) {
		m = tapc_alloc(tc, sizeof(*m));
		if (t->kind == T_ENUM) {
			m->value = constant(b, i, &name);
		} else if (t->kind == T_FUNC) {
			name = btf_params(b)[i].name_off;
			m->type = convert(tc, btf_params(b)[i].type, depth);
		} else {
			name = btf_members(b)[i].name_off;
			m->type = convert(tc, btf_members(b)[i].type, depth);
			m->value = btf_member_bit_offset(b, i);
			m->bits = btf_member_bitfield_size(b, i);
			m->is_bitfield = m->bits;
		}
		m->name = name_of(tc, name);
		*tail = m;
		tail = &m->next;
	}
}

static bool is_modifier(const struct btf_type *b)
{
	return btf_is_mod(b) || btf_kind(b) == BTF_KIND_TYPE_TAG;
}

/*
 * A type of BTF. What has a name is not looked into, so this ends; that it does
 * so with any file is what @depth is for.
 */
static struct type *convert(struct tapc *tc, u32 id, unsigned int depth)
{
	const struct btf_type *b = lib.type_by_id(tc->machine.btf, id);
	enum type_kind kind;
	const char *name;
	struct type *t;

	while (b && is_modifier(b) && depth++ < MAX_DEPTH)
		b = lib.type_by_id(tc->machine.btf, b->type);
	if (depth++ > MAX_DEPTH)
		tapc_fail(tc, (struct loc){}, ERR_DEEP);
	kind = b ? kind_of(b) : T_VOID;
	name = b ? name_of(tc, b->name_off) : "";
	if (kind >= T_STRUCT && *name)
		return tapc_named_type(tc, kind, name, (struct loc){});
	t = tapc_new_type(tc, kind, (struct loc){});
	if (kind == T_INT) {
		t = tapc_int_type(tc, b->size,
				  btf_int_encoding(b) & BTF_INT_SIGNED, t->pos);
		t->size = b->size;
		if (!strcmp(name, "char"))
			t->name = "char";
	} else if (kind == T_BOOL || kind == T_FLOAT) {
		t->size = b->size;
		t->name = name;
	} else if (kind == T_PTR) {
		t->size = tc->long_size;
		t->to = convert(tc, b->type, depth);
	} else if (kind == T_ARRAY) {
		t->count = btf_array(b)->nelems;
		t->to = convert(tc, btf_array(b)->type, depth);
	} else if (kind == T_FUNC) {
		/* Who calls through a pointer is of no interest. */
		t->to = tapc_new_type(tc, T_VOID, t->pos);
	} else if (kind >= T_STRUCT && kind != T_NAMED) {
		fill(tc, t, b, depth);
	}
	return t;
}

/**
 * tapc_btf_fill - complete a type that the script only names
 * @tc: the run
 * @type: struct, union, enum, or a name; stays as it is if there is none such
 */
void tapc_btf_fill(struct tapc *tc, struct type *type)
{
	const struct btf_type *b = find(tc, type->kind, type->name);

	if (!b)
		return;
	if (type->kind == T_NAMED)
		type->to = convert(tc, b->type, 0);
	else
		fill(tc, type, b, 0);
}

/**
 * tapc_btf_function - look up a function of the kernel
 * @tc: the run
 * @name: its name
 *
 * Return: a T_FUNC, its parameters are its members; NULL if there is none.
 */
struct type *tapc_btf_function(struct tapc *tc, const char *name)
{
	const struct btf_type *b = find(tc, T_FUNC, name);
	struct type *t;

	b = b ? lib.type_by_id(tc->machine.btf, b->type) : NULL;
	if (!b || btf_kind(b) != BTF_KIND_FUNC_PROTO)
		return NULL;
	t = tapc_new_type(tc, T_FUNC, (struct loc){});
	t->to = convert(tc, b->type, 0);
	fill(tc, t, b, 0);
	return t;
}

/**
 * tapc_btf_offer - offer the names of types
 * @tc: the run
 * @kind: of the types, or T_FUNC
 * @s: the suggestion
 */
void tapc_btf_offer(struct tapc *tc, enum type_kind kind, struct suggestion *s)
{
	const struct btf_type *b;
	u32 id = 0;

	while (tc->machine.btf && (id = next_type(tc, kind, id))) {
		b = lib.type_by_id(tc->machine.btf, id);
		tapc_offer(s, name_of(tc, b->name_off));
	}
}

#else /* !HAVE_LIBBPF */

void tapc_open_btf(struct tapc *tc, const char *file)
{
	tapc_fail(tc, (struct loc){}, ERR_BTF, file,
		  "tapc has been built without libbpf");
}

void tapc_close_btf(struct tapc *tc)
{
}

void tapc_btf_fill(struct tapc *tc, struct type *type)
{
}

bool tapc_btf_constant(struct tapc *tc, const char *name, u64 *value)
{
	return false;
}

struct type *tapc_btf_function(struct tapc *tc, const char *name)
{
	return NULL;
}

void tapc_btf_offer(struct tapc *tc, enum type_kind kind, struct suggestion *s)
{
}

#endif
