// SPDX-License-Identifier: GPL-2.0
/*
 * Records of the event in scope.c, and what else a program can look at.
 *
 * In: random numbers, or values field by field. Out: a record whose values are
 * such that comparisons with the constants of the tests go both ways, and whose
 * dynamic strings now and then lie outside of it.
 */
#include "host.h"
#include <stdarg.h>

const char * const host_strings[HOST_NR_STRINGS] = {
	"", "a", "ab", "abc", "sh", "bash", "kworker/0:1", "kw", "abcabc",
	"a.b.c", "0123456789abcde", "/usr/bin/a rather long name of a file.txt",
};

static const s64 host_values[] = {
	0, 1, 2, 3, 5, 7, 10, 64, 99, 100, 120, 127, 128, 255, 256, 32767,
	32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
	S64_MAX, S64_MIN, -1, -2, -3, -128, -129, -32768, -100000,
};

static const char *env_string(const struct host_env *env, u64 addr, bool user)
{
	u64 i = addr - (user ? HOST_USER_STRINGS : HOST_KERNEL_STRINGS);

	return i < HOST_NR_STRINGS ? host_strings[i] : NULL;
}

/**
 * host_env_init - the world of a record
 * @env: filled in; builtins and comm have fixed values
 * @rec: the record
 * @len: bytes of it
 */
void host_env_init(struct host_env *env, const void *rec, unsigned int len)
{
	*env = (struct host_env){
		.rec = rec,
		.len = len,
		.mask_words = BITS_TO_LONGS(HOST_NR_CPUS),
		.string = env_string,
		.comm = "bash",
		.builtins = {
			[TAP_BUILTIN_PID] = 1234,
			[TAP_BUILTIN_TID] = 1234,
			[TAP_BUILTIN_TGID] = 1200,
			[TAP_BUILTIN_UID] = 1000,
			[TAP_BUILTIN_GID] = 0xfffffffe,
			[TAP_BUILTIN_CPU] = 2,
			[TAP_BUILTIN_NCPUS] = 4,
			[TAP_BUILTIN_NSECS] = 123456789012345ULL,
			[TAP_BUILTIN_RAND] = 0x89abcdef,
			[TAP_BUILTIN_IN_IRQ] = 1,
			[TAP_BUILTIN_ELAPSED] = 5000,
			[TAP_BUILTIN_CALLER] = 0xffffffff81001010ULL,
			[TAP_BUILTIN_PROBE] = 7,
		},
	};
}

void host_put_int(void *rec, const char *field, u64 value)
{
	const struct host_field *f = host_find_field(host_fields, field);

	memcpy((char *)rec + f->offset, &value, f->size);
}

/* As strncpy() does it: no NUL where there is no room for one. */
void host_put_array(void *rec, const char *field, const char *s)
{
	const struct host_field *f = host_find_field(host_fields, field);
	size_t len = strnlen(s, f->size);
	char *p = (char *)rec + f->offset;

	memset(p, 0, f->size);
	memcpy(p, s, len);
}

/**
 * host_put_dynamic - append dynamic data to a record
 * @rec: the record
 * @len: bytes of it so far
 * @field: field of type TAP_LOC, TAP_REL or TAP_MASK
 * @data: what to append
 * @size: bytes of it
 *
 * Return: bytes of the record with it.
 */
unsigned int host_put_dynamic(void *rec, unsigned int len, const char *field,
			      const void *data, unsigned int size)
{
	const struct host_field *f = host_find_field(host_fields, field);
	u32 offset = len;

	if (f->type == TAP_REL)
		offset -= f->offset + 4;
	memcpy((char *)rec + len, data, size);
	host_put_int(rec, field, size << 16 | offset);
	return ALIGN(len + size, 4);
}

static u64 random_value(struct host_rand *r)
{
	unsigned int kind = host_below(r, 8);

	if (kind < 5)
		return host_values[host_below(r, ARRAY_SIZE(host_values))];
	if (kind == 5)
		return host_below(r, 300);
	return host_rand(r);
}

static void random_array(void *rec, const struct host_field *f,
			 struct host_rand *r)
{
	char *p = (char *)rec + f->offset;
	unsigned int i;

	host_put_array(rec, f->name,
		       host_strings[host_below(r, HOST_NR_STRINGS)]);
	if (host_below(r, 4))
		return;
	/* any bytes, also behind a NUL */
	for (i = host_below(r, f->size); i < f->size; i++)
		p[i] = host_below(r, 4) ? 'a' + host_below(r, 3) : 0;
}

static void random_static(void *rec, const struct host_field *f,
			  struct host_rand *r)
{
	switch (f->type) {
	case TAP_ARRAY:
		random_array(rec, f, r);
		break;
	case TAP_PTR:
		host_put_int(rec, f->name, (host_below(r, 2) ?
			     HOST_USER_STRINGS : HOST_KERNEL_STRINGS) +
			     host_below(r, HOST_NR_STRINGS + 2));
		break;
	default:
		if (!f->is_cpu && f->size <= 8)
			host_put_int(rec, f->name, random_value(r));
	}
}

static unsigned int random_dynamic(void *rec, unsigned int len,
				   const struct host_field *f,
				   struct host_rand *r)
{
	unsigned long mask[BITS_TO_LONGS(HOST_NR_CPUS)] = {};
	const char *s = host_strings[host_below(r, HOST_NR_STRINGS)];
	unsigned int i, size = strlen(s) + 1, kind = host_below(r, 16);

	if (kind == 0)		/* garbage stays what random_static() put there */
		return len;
	if (f->type == TAP_MASK) {
		for (i = host_below(r, 4); i; i--)
			__set_bit(host_below(r, 5), mask);
		if (kind == 1)
			__set_bit(host_below(r, HOST_NR_CPUS), mask);
		return host_put_dynamic(rec, ALIGN(len, 8), f->name, mask,
					kind == 2 ? 8 : sizeof(mask));
	}
	if (kind == 1)		/* no NUL */
		size--;
	return host_put_dynamic(rec, len, f->name, s, size);
}

/**
 * host_record - make a random record
 * @rec: room for HOST_MAX_LEN bytes
 * @r: random numbers
 *
 * Return: bytes of the record.
 */
unsigned int host_record(void *rec, struct host_rand *r)
{
	unsigned int len = HOST_STATIC_LEN;
	const struct host_field *f;

	memset(rec, 0, HOST_MAX_LEN);
	for (f = host_fields; f->name; f++)
		random_static(rec, f, r);
	for (f = host_fields; f->name; f++) {
		if (f->type == TAP_LOC || f->type == TAP_REL ||
		    f->type == TAP_MASK)
			len = random_dynamic(rec, len, f, r);
	}
	return len;
}

/**
 * host_env_random - a random world for a record
 * @env: from host_env_init(); builtins and comm are replaced
 * @rec: its record, whose common_pid becomes that of the world
 * @r: random numbers
 */
void host_env_random(struct host_env *env, void *rec, struct host_rand *r)
{
	u64 *b = env->builtins;

	b[TAP_BUILTIN_PID] = host_below(r, 2) ? host_below(r, 5) :
						(u32)host_rand(r) >> 1;
	b[TAP_BUILTIN_TID] = b[TAP_BUILTIN_PID];
	b[TAP_BUILTIN_TGID] = host_below(r, 5);
	b[TAP_BUILTIN_UID] = host_below(r, 2) ? host_below(r, 5) :
						(u32)host_rand(r);
	b[TAP_BUILTIN_GID] = (u32)random_value(r);
	b[TAP_BUILTIN_CPU] = host_below(r, HOST_NR_CPUS);
	b[TAP_BUILTIN_NCPUS] = 1 + host_below(r, HOST_NR_CPUS);
	b[TAP_BUILTIN_NSECS] = host_rand(r) >> 1;
	b[TAP_BUILTIN_RAND] = (u32)host_rand(r);
	b[TAP_BUILTIN_IN_IRQ] = host_below(r, 2);
	b[TAP_BUILTIN_IN_NMI] = host_below(r, 2);
	b[TAP_BUILTIN_IOWAIT] = host_below(r, 2);
	b[TAP_BUILTIN_ELAPSED] = host_rand(r) >> host_below(r, 64);
	b[TAP_BUILTIN_CALLER] = 0xffffffff81000000ULL + host_below(r, 0x3000);
	b[TAP_BUILTIN_PROBE] = host_below(r, 4);
	/* Zeros behind it, as the kernel keeps them. */
	memset(env->comm, 0, HOST_COMM_LEN);
	tap_host_strscpy(env->comm, host_strings[host_below(r, HOST_NR_STRINGS)],
			 HOST_COMM_LEN);
	host_put_int(rec, "common_pid", b[TAP_BUILTIN_PID]);
}

/**
 * host_example - the record that rows of expressions are about
 * @env: filled in, with this record
 */
void host_example(struct host_env *env)
{
	static u8 rec[HOST_MAX_LEN];
	unsigned long mask[2] = { 5, 0 };
	unsigned int len = HOST_STATIC_LEN;

	memset(rec, 0, sizeof(rec));
	host_put_int(rec, "common_pid", 1234);
	host_put_array(rec, "prev_comm", "bash");
	host_put_int(rec, "prev_pid", 100);
	host_put_int(rec, "prev_prio", 120);
	host_put_int(rec, "prev_state", 1);
	host_put_array(rec, "next_comm", "kworker/0:1");
	host_put_int(rec, "next_pid", -1);
	host_put_int(rec, "next_prio", 99);
	host_put_int(rec, "u8", 200);
	host_put_int(rec, "s8", -1);
	host_put_int(rec, "u16", 40000);
	host_put_int(rec, "s16", -2);
	host_put_int(rec, "u32", 0xffffffff);
	host_put_int(rec, "s32", -1);
	host_put_int(rec, "u64", 1ULL << 63);
	host_put_int(rec, "s64", -5);
	host_put_int(rec, "ptr", HOST_KERNEL_STRINGS + 3);	/* "abc" */
	host_put_int(rec, "ptr2", HOST_USER_STRINGS + 6);	/* kworker/0:1 */
	host_put_array(rec, "arr3", "abc");
	host_put_array(rec, "arr7", "ab");
	host_put_int(rec, "p16", 0x1234);
	host_put_int(rec, "p32", -7);
	host_put_int(rec, "p64", 1ULL << 40);
	len = host_put_dynamic(rec, len, "name", "file.txt", 9);
	len = host_put_dynamic(rec, len, "rel", "kworker/0:1", 12);
	len = host_put_dynamic(rec, ALIGN(len, 8), "mask", mask, sizeof(mask));
	host_env_init(env, rec, len);
}
