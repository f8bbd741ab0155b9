// SPDX-License-Identifier: GPL-2.0
/*
 * An event made from tables. In: rows of fields, enums and functions. Out: a
 * struct tap_scope, as the kernel makes one from a trace event.
 */
#include "host.h"

#define FIELD(name, decl, type, offset, size, sign) \
	{ name, decl, type, offset, size, sign, false }

const struct host_field host_fields[] = {
	FIELD("common_type", "unsigned short", TAP_INT, 0, 2, false),
	FIELD("common_flags", "unsigned char", TAP_INT, 2, 1, false),
	FIELD("common_preempt_count", "unsigned char", TAP_INT, 3, 1, false),
	FIELD("common_pid", "int", TAP_INT, 4, 4, true),
	FIELD("prev_comm", "char[16]", TAP_ARRAY, 8, 16, false),
	FIELD("prev_pid", "pid_t", TAP_INT, 24, 4, true),
	FIELD("prev_prio", "int", TAP_INT, 28, 4, true),
	FIELD("prev_state", "long", TAP_INT, 32, 8, true),
	FIELD("next_comm", "char[16]", TAP_ARRAY, 40, 16, false),
	FIELD("next_pid", "pid_t", TAP_INT, 56, 4, true),
	FIELD("next_prio", "int", TAP_INT, 60, 4, true),
	FIELD("u8", "u8", TAP_INT, 64, 1, false),
	FIELD("s8", "s8", TAP_INT, 65, 1, true),
	FIELD("u16", "u16", TAP_INT, 66, 2, false),
	FIELD("s16", "s16", TAP_INT, 68, 2, true),
	FIELD("u32", "u32", TAP_INT, 72, 4, false),
	FIELD("s32", "s32", TAP_INT, 76, 4, true),
	FIELD("u64", "u64", TAP_INT, 80, 8, false),
	FIELD("s64", "s64", TAP_INT, 88, 8, true),
	FIELD("odd", "struct odd", TAP_ODD, 96, 12, false),
	FIELD("name", "__data_loc char[]", TAP_LOC, 108, 4, false),
	FIELD("rel", "__rel_loc char[]", TAP_REL, 112, 4, false),
	FIELD("mask", "__data_loc cpumask_t", TAP_MASK, 116, 4, false),
	FIELD("ptr", "const char *", TAP_PTR, 120, 8, false),
	FIELD("ptr2", "char *", TAP_PTR, 128, 8, false),
	FIELD("arr3", "char[3]", TAP_ARRAY, 136, 3, false),
	FIELD("p16", "u16", TAP_INT, 139, 2, false),
	FIELD("p32", "s32", TAP_INT, 141, 4, true),
	FIELD("p64", "u64", TAP_INT, 145, 8, false),
	FIELD("arr7", "char[7]", TAP_ARRAY, 153, 7, false),
	{ "comm", "char *", TAP_COMM },
	{ "stack", "unsigned long *", TAP_ODD },
	{ "cpu", "int", TAP_INT, 0, 4, true, true },
	{ "CPU", "int", TAP_INT, 0, 4, true, true },
	{ }
};

const struct host_enum host_enums[] = {
	{ "TCP_ESTABLISHED", 1 },
	{ "TCP_CLOSE", 7 },
	{ "NEGATIVE", -3 },
	{ "HUGE_BIT", 1LL << 40 },
	{ }
};

const struct host_func host_functions[] = {
	{ "vfs_read", 0xffffffff81001000ULL, 0x100 },
	{ "kfree", 0xffffffff81002000ULL, 0x7f },
	{ "low", 0x1000, 0x10 },
	{ }
};

const struct host_field *host_find_field(const struct host_field *fields,
					 const char *name)
{
	for (; fields->name; fields++) {
		if (!strcmp(fields->name, name))
			return fields;
	}
	return NULL;
}

static bool scope_field(void *event, const char *name, struct tap_field *field)
{
	struct host_scope *hs = event;
	const struct host_field *f = host_find_field(hs->fields, name);

	if (!f)
		return false;
	*field = (struct tap_field){
		.type = f->type, .is_cpu = f->is_cpu, .offset = f->offset,
		.size = f->size, .is_signed = f->is_signed,
	};
	return true;
}

static bool scope_below(void *event, const char *name)
{
	const char * const *below = ((struct host_scope *)event)->below;

	for (; below && *below; below++) {
		if (!strcmp(*below, name))
			return true;
	}
	return false;
}

static bool scope_enum(void *event, const char *name, s64 *value)
{
	const struct host_enum *n = ((struct host_scope *)event)->enums;

	for (; n && n->name; n++) {
		if (!strcmp(n->name, name)) {
			*value = n->value;
			return true;
		}
	}
	return false;
}

static bool scope_function(void *event, const char *name, u64 *start, u64 *span)
{
	const struct host_func *f = ((struct host_scope *)event)->functions;

	for (; f && f->name; f++) {
		if (name ? !strcmp(f->name, name) :
			   *start - f->start < f->span) {
			*start = f->start;
			*span = f->span;
			return true;
		}
	}
	return false;
}

/* 0-3,7: what cpulist_parse() takes, but for its strides and "all" */
int host_cpulist(void *event, const char *list, unsigned long *mask)
{
	const char *s = list;
	unsigned long from, to;
	char *end;

	while (*s) {
		if (!isdigit(*s))
			return -EINVAL;
		from = strtoul(s, &end, 10);
		to = from;
		if (*end == '-') {
			if (!isdigit(end[1]))
				return -EINVAL;
			to = strtoul(end + 1, &end, 10);
		}
		if (from > to)
			return -EINVAL;
		if (to >= HOST_NR_CPUS)
			return -ERANGE;
		for (; from <= to; from++)
			__set_bit(from, mask);
		if (*end && *end != ',')
			return -EINVAL;
		s = *end ? end + 1 : end;
	}
	return 0;
}

/* The event's own fields: those behind the common ones that have a place. */
static const char *scope_field_nr(void *event, unsigned int nr)
{
	const struct host_field *f = ((struct host_scope *)event)->fields;

	for (; f->name; f++) {
		if (strncmp(f->name, "common_", 7) && f->size && !f->is_cpu &&
		    !nr--)
			return f->name;
	}
	return NULL;
}

void host_scope_init(struct host_scope *hs, const struct host_field *fields,
		     const struct host_enum *enums,
		     const struct host_func *functions)
{
	*hs = (struct host_scope){
		.fields = fields,
		.enums = enums,
		.functions = functions,
		.scope = {
			.event = hs,
			.nr_cpus = HOST_NR_CPUS,
			.mask_words = BITS_TO_LONGS(HOST_NR_CPUS),
			.field = scope_field,
			.field_below = scope_below,
			.enum_value = scope_enum,
			.function = scope_function,
			.cpulist = host_cpulist,
			.field_nr = scope_field_nr,
			.table = host_table,
			.names = host_names,
			.synth = host_synth,
			.bind = host_bind,
		},
	};
}

const struct tap_scope *host_scope(void)
{
	static struct host_scope hs;

	if (!hs.fields)
		host_scope_init(&hs, host_fields, host_enums, host_functions);
	return &hs.scope;
}
