// SPDX-License-Identifier: GPL-2.0
/*
 * What helpers do on the strict machine of ebpf.c.
 *
 * In: a call, its arguments in R1 to R5. Out: R0, memory of the program, and
 * what happened to tables and effects in the world in use; or that an argument
 * is none: memory that is not the program's or was never written, no table, the
 * wrong helper for a value, something that the code's flags deny.
 */
#include "ebpf.h"

/* --------------------------------------------------------------- comparisons */

static int get_pattern(struct machine *m, u64 addr,
		       const struct tap_pattern **pattern)
{
	const struct tap_pattern *p = (void *)(uintptr_t)addr;
	const struct region *data = &m->regions[REGION_DATA];

	if (host_region(m, addr, sizeof(*p)) != data ||
	    host_region(m, addr, sizeof(*p) + p->len + 1) != data)
		return host_fault(m, "a pattern outside of the program's data");
	if (p->kind > TAP_MATCH_GLOB || strlen(p->text) != p->len)
		return host_fault(m, "a bad pattern");
	*pattern = p;
	return 0;
}

static int get_ctx(struct machine *m, u64 addr)
{
	if (addr != (uintptr_t)&m->ctx)
		return host_fault(m, "calls a helper without the context");
	return 0;
}

/* The bytes a __data_loc or __rel_loc word stands for, if they are there. */
static int get_dynamic(struct machine *m, u64 word_offset, bool rel,
		       const u8 **bytes, unsigned int *size)
{
	u32 word;
	u64 offset;

	if (!m->code->reads_record || !m->code->needs_len)
		return host_fault(m, "a helper reads the record, denied");
	if (word_offset > m->env->len || m->env->len - word_offset < 4)
		return host_fault(m, "word at %llu", (unsigned long long)word_offset);
	memcpy(&word, (const u8 *)m->ctx.rec + word_offset, 4);
	offset = (word & 0xffff) + (rel ? word_offset + 4 : 0);
	*bytes = NULL;
	*size = word >> 16;
	if (offset >= m->env->len)
		return 0;
	*bytes = (const u8 *)m->ctx.rec + offset;
	/* A length of 0 is that of a string up to its NUL. */
	if (!*size || *size > m->env->len - offset)
		*size = m->env->len - offset;
	return 0;
}

static int match_dynamic(struct machine *m, bool rel, u64 *result)
{
	const struct tap_pattern *p;
	const u8 *bytes;
	unsigned int size;

	if (get_ctx(m, m->regs[1]) || get_pattern(m, m->regs[3], &p) ||
	    get_dynamic(m, m->regs[2], rel, &bytes, &size))
		return -1;
	*result = bytes && trace_tap_match(p, (const char *)bytes, size);
	return 0;
}

static int match_tail(struct machine *m, u64 *result)
{
	const struct tap_pattern *p;
	const char *rec = m->env->rec;
	u64 offset = m->regs[2];

	if (get_ctx(m, m->regs[1]) || get_pattern(m, m->regs[3], &p))
		return -1;
	if (!m->code->reads_record || !m->code->needs_len)
		return host_fault(m, "a helper reads the record, denied");
	*result = offset < m->env->len &&
		  trace_tap_match(p, rec + offset, m->env->len - offset);
	return 0;
}

static int match_pointer(struct machine *m, bool user, u64 *result)
{
	const struct tap_pattern *p;
	const char *s;

	if (get_pattern(m, m->regs[2], &p))
		return -1;
	s = m->env->string(m->env, m->regs[1], user);
	*result = s && trace_tap_match(p, s, strlen(s) + 1);
	return 0;
}

static int match_memory(struct machine *m, u64 *result)
{
	const struct tap_pattern *p;

	if (m->regs[2] > 0xffff || !host_region(m, m->regs[1], m->regs[2]))
		return host_fault(m, "a string outside of all memory");
	if (get_pattern(m, m->regs[3], &p))
		return -1;
	*result = trace_tap_match(p, (const char *)(uintptr_t)m->regs[1],
				  m->regs[2]);
	return 0;
}

/* A string as TAP_STRING_DESC() has it; *s is NULL if it cannot be read. */
static int get_string(struct machine *m, u64 desc, const char **s, size_t *len)
{
	const char *rec = m->env->rec;
	unsigned int offset = TAP_STRING_OFFSET(desc), size;
	enum tap_type type = TAP_STRING_TYPE(desc);
	const u8 *bytes;
	u64 addr;

	*s = NULL;
	*len = 0;
	switch (type) {
	case TAP_COMM:
		*s = m->env->comm;
		*len = strnlen(*s, HOST_COMM_LEN);
		return 0;
	case TAP_PROBE:
		*s = HOST_PROBE;
		*len = strlen(HOST_PROBE);
		return 0;
	case TAP_LOC:
	case TAP_REL:
		if (!m->code->reads_record || !m->code->needs_len)
			return host_fault(m, "a helper reads the record, denied");
		if (get_dynamic(m, offset, type == TAP_REL, &bytes, &size))
			return -1;
		*s = (const char *)bytes;
		*len = bytes ? strnlen(*s, size) : 0;
		return 0;
	default:
		break;
	}
	size = TAP_STRING_SIZE(desc);
	if (!m->code->reads_record)
		return host_fault(m, "a helper reads the record, denied");
	if (offset + size > m->env->len)
		return host_fault(m, "a string outside of the record");
	if (type == TAP_ARRAY && !size)
		size = m->env->len - offset;
	if (type == TAP_ARRAY) {
		*s = rec + offset;
		*len = strnlen(*s, size);
		return 0;
	}
	if (type != TAP_PTR && type != TAP_USER)
		return host_fault(m, "string of type %d", type);
	memcpy(&addr, rec + offset, sizeof(addr));
	*s = m->env->string(m->env, addr, type == TAP_USER);
	*len = *s ? strlen(*s) : 0;
	return 0;
}

static int match_pair(struct machine *m, u64 *result)
{
	const char *s, *t;
	size_t slen, tlen;
	bool equal;

	if (m->regs[1] != (uintptr_t)&m->ctx)
		return host_fault(m, "calls a helper without the context");
	if (get_string(m, m->regs[2], &s, &slen) ||
	    get_string(m, m->regs[3], &t, &tlen))
		return -1;
	*result = 0;
	if (!s || !t)
		return 0;
	equal = slen == tlen && !memcmp(s, t, slen);
	if (m->regs[4] != TAP_REL_EQ && m->regs[4] != TAP_REL_NE)
		return host_fault(m, "relation %llu of two strings",
			     (unsigned long long)m->regs[4]);
	*result = equal == (m->regs[4] == TAP_REL_EQ);
	return 0;
}

static int match_cpumask(struct machine *m, u64 *result)
{
	size_t size = m->env->mask_words * sizeof(long);
	const u8 *bytes, *mask = (void *)(uintptr_t)m->regs[3];
	unsigned int i, len;
	bool equal, both = false;

	if (get_ctx(m, m->regs[1]) ||
	    get_dynamic(m, m->regs[2], false, &bytes, &len))
		return -1;
	if (host_region(m, m->regs[3], size) != &m->regions[REGION_DATA])
		return host_fault(m, "a mask outside of the program's data");
	*result = 0;
	if (!bytes || len < size)
		return 0;
	equal = !memcmp(bytes, mask, size);
	for (i = 0; i < size; i++)
		both |= bytes[i] & mask[i];
	if (m->regs[4] == TAP_REL_EQ)
		*result = equal;
	else if (m->regs[4] == TAP_REL_NE)
		*result = !equal;
	else if (m->regs[4] == TAP_REL_AND)
		*result = both;
	else
		return host_fault(m, "relation %llu of masks",
			     (unsigned long long)m->regs[4]);
	return 0;
}

/* ------------------------------------------------------- memory and strings */

/* Memory of the program that a helper writes. */
static u8 *own_to_write(struct machine *m, u64 addr, u64 size)
{
	const struct region *r = host_region(m, addr, size);

	if (!r || !r->writable || !size || addr % 8) {
		host_fault(m, "a helper writes %llu bytes at %#llx",
			   (unsigned long long)size, (unsigned long long)addr);
		return NULL;
	}
	host_own(m, addr, size, true);
	return (u8 *)(uintptr_t)addr;
}

/* Memory of the program that a helper reads. */
static const u8 *own_to_read(struct machine *m, u64 addr, u64 size)
{
	const struct region *r = host_region(m, addr, size);

	if (!r || addr % 8 || (!r->writable && r != &m->regions[REGION_DATA])) {
		host_fault(m, "a helper reads %llu bytes at %#llx",
			   (unsigned long long)size, (unsigned long long)addr);
		return NULL;
	}
	return host_own(m, addr, size, false) ? NULL :
	       (const u8 *)(uintptr_t)addr;
}

static int check_guarded(struct machine *m)
{
	return m->code->guarded ? 0 : host_fault(m, "fires events, denied");
}

static int copy_string(struct machine *m, u64 dst, u64 size, const char *s,
		       size_t len)
{
	u8 *to = own_to_write(m, dst, size);

	if (!to)
		return -1;
	memset(to, 0, size);
	if (s)
		memcpy(to, s, min_t(size_t, len, size - 1));
	return 0;
}

static int call_string(struct machine *m)
{
	enum tap_type type = TAP_STRING_TYPE(m->regs[2]);
	const char *s;
	size_t len;

	if (get_ctx(m, m->regs[1]) || get_string(m, m->regs[2], &s, &len))
		return -1;
	if ((type == TAP_PTR || type == TAP_USER) && check_guarded(m))
		return -1;
	return copy_string(m, m->regs[3], m->regs[4], s, len);
}

static int call_strptr(struct machine *m)
{
	const char *s;

	if (m->regs[2] > 1 || !m->regs[5] || m->regs[5] > TAP_MAX_KEY)
		return host_fault(m, "a string of no kind or length");
	if (check_guarded(m))
		return -1;
	s = m->env->string(m->env, m->regs[1], m->regs[2]);
	return copy_string(m, m->regs[3], m->regs[4], s,
			   s ? strnlen(s, m->regs[5]) : 0);
}

static int call_stack(struct machine *m, bool user, u64 *result)
{
	if (get_ctx(m, m->regs[1]))
		return -1;
	if (!m->regs[2] || m->regs[2] > TAP_MAX_STACK)
		return host_fault(m, "a stack of %llu frames",
				  (unsigned long long)m->regs[2]);
	*result = host_stack(user, m->regs[2]);
	return 0;
}

static int call_builtin(struct machine *m, u64 *result)
{
	u64 builtin = m->regs[1];

	if (builtin >= TAP_NR_BUILTINS || builtin == TAP_BUILTIN_COMM)
		return host_fault(m, "no such builtin");
	if ((builtin == TAP_BUILTIN_ELAPSED || builtin == TAP_BUILTIN_CALLER ||
	     builtin == TAP_BUILTIN_PROBE) &&
	    (host_need(m, 2) || get_ctx(m, m->regs[2])))
		return -1;
	*result = m->env->builtins[builtin];
	return 0;
}

/* -------------------------------------------------------------------- tables */

static bool helper_fits(int helper, const struct tap_value *value)
{
	switch (helper) {
	case TAP_HELPER_GET:
		return value->kind != TAP_VALUE_STR;
	case TAP_HELPER_GETSTR:
	case TAP_HELPER_PUTSTR:
		return value->kind == TAP_VALUE_STR;
	case TAP_HELPER_PUT:
		return value->kind == TAP_VALUE_INT ||
		       value->kind == TAP_VALUE_STACK;
	case TAP_HELPER_INC:
		return value->kind == TAP_VALUE_INT;
	case TAP_HELPER_COUNT:
		return value->kind == TAP_VALUE_COUNT;
	case TAP_HELPER_SUM:
		return value->kind == TAP_VALUE_SUM;
	case TAP_HELPER_HIST:
		return value->kind == TAP_VALUE_HIST;
	case TAP_HELPER_AGG:
		return value->kind >= TAP_VALUE_MIN &&
		       value->kind != TAP_VALUE_HIST;
	default:
		return true;
	}
}

/* Which value of the entry a helper is about. */
static unsigned int value_number(const struct machine *m, int helper)
{
	switch (helper) {
	case TAP_HELPER_GET:
	case TAP_HELPER_COUNT:
	case TAP_HELPER_SUM:
	case TAP_HELPER_HIST:
	case TAP_HELPER_AGG:
		return min_t(u64, m->regs[3], TAP_MAX_PARTS);
	default:
		return 0;
	}
}

static int get_str(struct machine *m, struct host_object *t, const u8 *key)
{
	const char *s = host_table_text(t, key);
	unsigned int size = host_object_shape(t)->values[0].plain.size;

	return copy_string(m, m->regs[3], m->regs[4], s,
			   s ? strnlen(s, size) : 0);
}

static int put_str(struct machine *m, struct host_object *t, const u8 *key)
{
	unsigned int size = host_object_shape(t)->values[0].plain.size;
	const u8 *text = own_to_read(m, m->regs[3], size);

	if (!text)
		return -1;
	if (text[size - 1])
		return host_fault(m, "a string without an end");
	host_table_put_text(t, key, text);
	return 0;
}

static int call_table(struct machine *m, int helper, u64 *result)
{
	struct host_object *t = host_object(m->regs[1], TAP_TABLE);
	unsigned int nr = value_number(m, helper);
	const struct tap_shape *shape;
	const u8 *key = NULL;

	if (!t)
		return host_fault(m, "no table");
	shape = host_object_shape(t);
	if (nr >= shape->nr_values || !helper_fits(helper, &shape->values[nr]))
		return host_fault(m, "helper %d for value %u", helper, nr);
	if (helper == TAP_HELPER_CLEAR || helper == TAP_HELPER_ZERO)
		goto no_key;
	if (!shape->nr_parts && m->regs[2])
		return host_fault(m, "a key of a table without one");
	if (shape->nr_parts) {
		key = own_to_read(m, m->regs[2], shape->key_size);
		if (!key)
			return -1;
	} else {
		key = (const u8 *)"";
	}
no_key:
	switch (helper) {
	case TAP_HELPER_HAS:
		*result = host_table_has(t, key);
		return 0;
	case TAP_HELPER_GET:
		*result = host_table_get(t, key, nr);
		return 0;
	case TAP_HELPER_GETSTR:
		return get_str(m, t, key);
	case TAP_HELPER_PUT:
		host_table_put(t, key, m->regs[3]);
		return 0;
	case TAP_HELPER_PUTSTR:
		return put_str(m, t, key);
	case TAP_HELPER_INC:
		host_table_inc(t, key, m->regs[3]);
		return 0;
	case TAP_HELPER_DEL:
		host_table_del(t, key);
		return 0;
	case TAP_HELPER_CLEAR:
		host_table_clear(t);
		return 0;
	case TAP_HELPER_ZERO:
		host_table_zero(t);
		return 0;
	default:
		host_table_agg(t, key, nr, m->regs[4]);
		return 0;
	}
}

/* ------------------------------------------------------------------- effects */

/* A string that an argument is, in @text of TAP_MAX_KEY bytes. */
static int arg_string(struct machine *m, const struct tap_arg *arg, char *text)
{
	enum tap_arg_kind kind = TAP_ARG_KIND(arg->what);
	size_t len = 0, max = TAP_ARG_LEN(arg->what);
	const char *s;

	if (kind == TAP_ARG_STRING) {
		if (get_string(m, arg->value, &s, &len))
			return -1;
	} else if (kind == TAP_ARG_MEMORY) {
		s = (const char *)own_to_read(m, arg->value, max);
		if (!s)
			return -1;
		len = strnlen(s, max);
		if (len == max)
			return host_fault(m, "a string without an end");
	} else {
		s = m->env->string(m->env, arg->value, kind == TAP_ARG_USTR);
		len = s ? strnlen(s, max) : 0;
	}
	memset(text, 0, TAP_MAX_KEY);
	if (s)
		memcpy(text, s, min_t(size_t, len, TAP_MAX_KEY - 1));
	return 0;
}

static int print_arg(struct machine *m, u64 addr)
{
	static const char * const kinds[] = {
		[TAP_ARG_INT] = "i", [TAP_ARG_KSTACK] = "k",
		[TAP_ARG_USTACK] = "u", [TAP_ARG_SYSCALL] = "syscall",
	};
	const struct tap_arg *arg = (void *)(uintptr_t)addr;
	enum tap_arg_kind kind;
	const char *name = NULL;
	struct host_object *o;
	char text[TAP_MAX_KEY];

	if (!own_to_read(m, addr, offsetof(struct tap_arg, names)))
		return -1;
	kind = TAP_ARG_KIND(arg->what);
	switch (kind) {
	case TAP_ARG_STRING:
	case TAP_ARG_MEMORY:
	case TAP_ARG_KSTR:
	case TAP_ARG_USTR:
		if (arg_string(m, arg, text))
			return -1;
		host_log(" s:%s", text);
		return 0;
	case TAP_ARG_ENUM:
		if (!own_to_read(m, addr, sizeof(*arg)))
			return -1;
		o = host_object(arg->names, TAP_NAMES);
		name = o ? host_object_text(o) : NULL;
		break;
	default:
		if (kind < ARRAY_SIZE(kinds))
			name = kinds[kind];
	}
	if (!name)
		return host_fault(m, "an argument of kind %u", kind);
	host_log(" %s:%lld", name, (long long)arg->value);
	return 0;
}

static int call_print(struct machine *m, int helper)
{
	bool synth = helper == TAP_HELPER_SYNTH;
	struct host_object *o = host_object(m->regs[2], synth ? TAP_SYNTH :
								TAP_FORMAT);
	unsigned int i;

	if (get_ctx(m, m->regs[1]) || check_guarded(m))
		return -1;
	if (!o)
		return host_fault(m, "no format or event");
	host_log("%s %s:", synth ? "synth" : "printf", host_object_text(o));
	for (i = 0; i < host_object_args(o); i++) {
		if (print_arg(m, m->regs[3] + i * sizeof(struct tap_arg)))
			return -1;
	}
	host_log("\n");
	return 0;
}

static int call_effect(struct machine *m)
{
	u64 op = m->regs[2];

	if (get_ctx(m, m->regs[1]) || check_guarded(m))
		return -1;
	if (op < TAP_OP_STACK || op > TAP_OP_SNAPSHOT)
		return host_fault(m, "no such effect");
	if (op == TAP_OP_RECORD && !m->code->reads_record)
		return host_fault(m, "keeps the record, denied");
	host_log("%s\n", trace_tap_opcodes[op].mnemonic);
	return 0;
}

/* ------------------------------------------------------------------ all of them */

static int run_helper(struct machine *m, int helper, u64 *result)
{
	switch (helper) {
	case TAP_HELPER_MATCH:
		return match_memory(m, result);
	case TAP_HELPER_MATCH_LOC:
		return match_dynamic(m, false, result);
	case TAP_HELPER_MATCH_REL:
		return match_dynamic(m, true, result);
	case TAP_HELPER_MATCH_TAIL:
		return match_tail(m, result);
	case TAP_HELPER_MATCH_PTR:
		return match_pointer(m, false, result);
	case TAP_HELPER_MATCH_USER:
		return match_pointer(m, true, result);
	case TAP_HELPER_PAIR:
		return match_pair(m, result);
	case TAP_HELPER_CPUMASK:
		return match_cpumask(m, result);
	case TAP_HELPER_CURRENT:
		*result = (uintptr_t)m->regions[REGION_TASK].base;
		return 0;
	case TAP_HELPER_BUILTIN:
		return call_builtin(m, result);
	case TAP_HELPER_STRING:
		return call_string(m);
	case TAP_HELPER_STRPTR:
		return call_strptr(m);
	case TAP_HELPER_KSTACK:
	case TAP_HELPER_USTACK:
		return call_stack(m, helper == TAP_HELPER_USTACK, result);
	case TAP_HELPER_HAS ... TAP_HELPER_ZERO:
		return call_table(m, helper, result);
	case TAP_HELPER_PRINTF:
	case TAP_HELPER_SYNTH:
		return call_print(m, helper);
	case TAP_HELPER_EFFECT:
		return call_effect(m);
	default:
		return host_fault(m, "no such helper");
	}
}

/**
 * host_call - run a BPF_CALL
 * @m: the machine
 * @insn: the call
 *
 * Return: 0, or -1 and the reason in host_why.
 */
int host_call(struct machine *m, const struct bpf_insn *insn)
{
	static const u8 args[TAP_NR_HELPERS] = {
		[TAP_HELPER_MATCH] = 3,
		[TAP_HELPER_MATCH_LOC] = 3,
		[TAP_HELPER_MATCH_REL] = 3,
		[TAP_HELPER_MATCH_TAIL] = 3,
		[TAP_HELPER_MATCH_PTR] = 2,
		[TAP_HELPER_MATCH_USER] = 2,
		[TAP_HELPER_PAIR] = 4,
		[TAP_HELPER_CPUMASK] = 4,
		[TAP_HELPER_CURRENT] = 0,
		[TAP_HELPER_BUILTIN] = 1,
		[TAP_HELPER_STRING] = 4,
		[TAP_HELPER_STRPTR] = 5,
		[TAP_HELPER_KSTACK] = 2,
		[TAP_HELPER_USTACK] = 2,
		[TAP_HELPER_HAS] = 2,
		[TAP_HELPER_GET] = 3,
		[TAP_HELPER_GETSTR] = 4,
		[TAP_HELPER_PUT] = 3,
		[TAP_HELPER_PUTSTR] = 3,
		[TAP_HELPER_INC] = 3,
		[TAP_HELPER_COUNT] = 3,
		[TAP_HELPER_SUM] = 4,
		[TAP_HELPER_AGG] = 4,
		[TAP_HELPER_HIST] = 4,
		[TAP_HELPER_DEL] = 2,
		[TAP_HELPER_CLEAR] = 1,
		[TAP_HELPER_ZERO] = 1,
		[TAP_HELPER_PRINTF] = 3,
		[TAP_HELPER_SYNTH] = 3,
		[TAP_HELPER_EFFECT] = 2,
	};
	unsigned int reg;
	u64 result = 0;
	int helper;

	for (helper = 0; helper < TAP_NR_HELPERS; helper++) {
		if (m->target->helper[helper] == insn->imm)
			break;
	}
	for (reg = 1; helper < TAP_NR_HELPERS && reg <= args[helper]; reg++) {
		if (host_need(m, reg))
			return -1;
	}
	if (run_helper(m, helper, &result))
		return -1;
	m->regs[0] = result;
	/* r1 to r5 are the helper's; make what relies on them fail */
	for (reg = 1; reg <= 5; reg++)
		m->regs[reg] = 0xdeadbeefdeadbeefULL;
	m->set &= ~0x3e;
	m->set |= BIT(0);
	return 0;
}

