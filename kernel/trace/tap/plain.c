// SPDX-License-Identifier: GPL-2.0
/*
 * tap: plain values of tables; and of all tables: is there an entry, remove it.
 *
 *	in:	a key, a value
 *	out:	@start[tid] = nsecs	put: the entry is found, or made, and
 *					written to under the lock of its group
 *		@start[tid]		get: no lock, unless somebody writes to the
 *					group all the time
 */
#include <linux/sched.h>

#include "store.h"

#define TAP_READ_TRIES	4

/* Lock the group of the key; NULL, and a drop, if this NMI must not. */
static __always_inline struct tap_group *tap_hold(struct tap_store *s,
						  const u64 *key, u64 *hash,
						  unsigned long *flags)
{
	struct tap_group *group;

	if (unlikely(!tap_section_begin(flags))) {
		tap_drop(s, 0);
		return NULL;
	}
	*hash = tap_hash_of(s, key);
	group = tap_group(s, *hash);
	arch_spin_lock(&group->lock);
	tap_write_begin(group);
	return group;
}

static __always_inline void tap_unhold(struct tap_group *group,
				       unsigned long flags)
{
	tap_write_end(group);
	arch_spin_unlock(&group->lock);
	tap_section_end(flags);
}

/* The entry's value, which is made if need be, or NULL: there was no room. */
static __always_inline u64 *tap_held_value(struct tap_store *s,
					   struct tap_group *group,
					   const u64 *key, u64 hash)
{
	u32 i = tap_find_of(s, key, hash, 0);

	if (unlikely(!i)) {
		i = trace_tap_store_make(s, group, key, hash);
		if (!i) {
			tap_drop(s, 0);
			return NULL;
		}
	}
	return tap_plain(s, tap_entry(s, i));
}

/* One try to read without a lock: 1 found, 0 there is none, -1 again. */
static __always_inline int tap_try_read(const struct tap_store *s,
					const struct tap_group *group,
					const u64 *key, u64 hash, u64 *dst,
					unsigned int words)
{
	/* Pairs with tap_write_end() */
	unsigned int seq = smp_load_acquire(&group->seq), w;
	u32 i;

	if (seq & 1)
		return -1;
	i = tap_find_of(s, key, hash, TAP_MAX_CHAIN);
	if (i == TAP_TOO_FAR)
		return -1;
	for (w = 0; i && w < words; w++)
		dst[w] = READ_ONCE(tap_plain(s, tap_entry(s, i))[w]);
	smp_rmb();	/* pairs with tap_write_begin() */
	return READ_ONCE(group->seq) == seq ? !!i : -1;
}

static noinline bool tap_locked_read(struct tap_store *s, const u64 *key,
				     u64 *dst, unsigned int words)
{
	u64 hash = tap_hash_of(s, key);
	struct tap_group *group = tap_group(s, hash);
	unsigned long flags;
	unsigned int w;
	u32 i;

	if (!tap_section_begin(&flags)) {
		tap_drop(s, 0);
		return false;
	}
	arch_spin_lock(&group->lock);
	i = tap_find_of(s, key, hash, 0);
	for (w = 0; i && w < words; w++)
		dst[w] = tap_plain(s, tap_entry(s, i))[w];
	arch_spin_unlock(&group->lock);
	tap_section_end(flags);
	return i;
}

/**
 * trace_tap_plain_read - read a plain value
 * @s: the store
 * @key: the key
 * @dst: where to
 * @words: how many 64-bit words of it
 *
 * Return: true if there is such an entry. If not, @dst has anything. If there is
 * no way to know, that is a drop, and false.
 * Context: any, preemption off.
 */
bool trace_tap_plain_read(struct tap_store *s, const u64 *key, u64 *dst,
			  unsigned int words)
{
	u64 hash = tap_hash_of(s, key);
	const struct tap_group *group = tap_group(s, hash);
	unsigned int tries;
	int found;

	for (tries = 0; tries < TAP_READ_TRIES; tries++) {
		found = tap_try_read(s, group, key, hash, dst, words);
		if (likely(found >= 0))
			return found;
		cpu_relax();
	}
	return tap_locked_read(s, key, dst, words);
}

/* --------------------------------------------------- what programs call */

/* Is there an entry? */
u64 trace_tap_table_helper_has(u64 table, u64 key, u64 a3, u64 a4, u64 a5)
{
	struct tap_store *s = tap_store_of(table);

	if (s->plain)
		return trace_tap_plain_read(s, tap_key_of(key), NULL, 0);
	return !!trace_tap_store_find(s, tap_key_of(key));
}

/* A string, cut or filled up with zeros to @len bytes; empty if there is none. */
u64 trace_tap_table_helper_getstr(u64 table, u64 key, u64 dst, u64 len, u64 a5)
{
	struct tap_store *s = tap_store_of(table);
	unsigned int have = min_t(u64, len / sizeof(u64), s->value_words);
	char *to = (char *)(unsigned long)dst;

	if (!trace_tap_plain_read(s, tap_key_of(key), (u64 *)to, have))
		have = 0;
	memset(to + have * sizeof(u64), 0, len - have * sizeof(u64));
	if (have)
		to[have * sizeof(u64) - 1] = '\0';
	return 0;
}

/* entry = value */
u64 trace_tap_table_helper_put(u64 table, u64 key, u64 value, u64 a4, u64 a5)
{
	struct tap_store *s = tap_store_of(table);
	const u64 *k = tap_key_of(key);
	struct tap_group *group;
	unsigned long flags;
	u64 hash, *to;

	group = tap_hold(s, k, &hash, &flags);
	if (!group)
		return 0;
	to = tap_held_value(s, group, k, hash);
	if (likely(to))
		WRITE_ONCE(*to, value);
	tap_unhold(group, flags);
	return 0;
}

/* entry += by */
u64 trace_tap_table_helper_inc(u64 table, u64 key, u64 by, u64 a4, u64 a5)
{
	struct tap_store *s = tap_store_of(table);
	const u64 *k = tap_key_of(key);
	struct tap_group *group;
	unsigned long flags;
	u64 hash, *to;

	group = tap_hold(s, k, &hash, &flags);
	if (!group)
		return 0;
	to = tap_held_value(s, group, k, hash);
	if (likely(to))
		WRITE_ONCE(*to, *to + by);
	tap_unhold(group, flags);
	return 0;
}

/* entry = string of the table's size */
u64 trace_tap_table_helper_putstr(u64 table, u64 key, u64 src, u64 a4, u64 a5)
{
	const u64 *from = (const u64 *)(unsigned long)src;
	struct tap_store *s = tap_store_of(table);
	const u64 *k = tap_key_of(key);
	struct tap_group *group;
	unsigned long flags;
	unsigned int w;
	u64 hash, *to;

	group = tap_hold(s, k, &hash, &flags);
	if (!group)
		return 0;
	to = tap_held_value(s, group, k, hash);
	for (w = 0; to && w < s->value_words; w++)
		WRITE_ONCE(to[w], from[w]);
	tap_unhold(group, flags);
	return 0;
}

/* Remove the entry. */
u64 trace_tap_table_helper_del(u64 table, u64 key, u64 a3, u64 a4, u64 a5)
{
	struct tap_store *s = tap_store_of(table);
	const u64 *k = tap_key_of(key);
	struct tap_group *group;
	unsigned long flags;
	u64 hash;
	u32 i;

	group = tap_hold(s, k, &hash, &flags);
	if (!group)
		return 0;
	i = tap_find_of(s, k, hash, 0);
	if (i)
		trace_tap_store_unlink(s, group, hash, i);
	tap_unhold(group, flags);
	if (i && !s->plain)
		trace_tap_store_reclaim_soon(s);
	return 0;
}

/**
 * trace_tap_plain_zero - set all values to 0; the entries stay
 * @s: the store
 *
 * Sleeps.
 */
void trace_tap_plain_zero(struct tap_store *s)
{
	unsigned int b, buckets = tap_nr_buckets(s), w;
	struct tap_group *group;
	unsigned long flags;
	u32 i;

	for (b = 0; b < buckets; b++) {
		group = &s->groups[b & s->group_mask];
		tap_section_of_task(&flags);
		arch_spin_lock(&group->lock);
		tap_write_begin(group);
		for (i = s->buckets[b]; i; i = tap_entry(s, i)->next) {
			for (w = 0; w < s->value_words; w++)
				WRITE_ONCE(tap_plain(s, tap_entry(s, i))[w], 0);
		}
		tap_write_end(group);
		arch_spin_unlock(&group->lock);
		tap_section_end(flags);
		if (!(b % 256))
			cond_resched();
	}
}
