/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: how the entries of a table are kept; private to table.c, store.c,
 * plain.c, agg.c and stack.c. What a table is for others is in table.h.
 *
 *	buckets[hash >> shift] -> entry -> entry -> 0
 *
 * Entries are numbered from 1; 0 ends a chain. An entry is on a chain, or free,
 * or in limbo: removed from a table that aggregates, less than a grace period
 * ago. A table without a key has its entry in bucket 0.
 *
 * Locks: a group of buckets has one, and so has each CPU's list of free entries,
 * which is taken inside. They are held with interrupts off and the CPU's
 * trace_tap_busy set, see tap_section_begin(): an NMI that finds it set takes
 * none of them.
 *
 * Readers take no lock. In tables that aggregate they are RCU readers: an entry
 * in limbo keeps its key and its place. Plain tables use entries again at once;
 * readers there look at the group's sequence count, odd while it is written to.
 */
#ifndef _TRACE_TAP_STORE_H
#define _TRACE_TAP_STORE_H

#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <asm/local.h>

#include "table.h"

struct irq_work;

/**
 * struct tap_entry - an entry without its values
 * @next: the next of the chain, or of the free entries
 * @hash: upper half of the key's; in limbo the next of those
 * @key: the key, and behind it, if the value is plain, the value
 */
struct tap_entry {
	u32	next;
	u32	hash;
	u64	key[];
};

/**
 * struct tap_age - neighbours of an entry in the order in which they were made
 * @older: the entry made before it, or 0
 * @newer: the one made after it, or 0
 */
struct tap_age {
	u32	older;
	u32	newer;
};

/**
 * struct tap_group - buckets that share a lock
 * @lock: see above
 * @seq: plain tables: odd while @lock is held by a writer
 * @entries: how many are on its chains; @lock
 */
struct tap_group {
	arch_spinlock_t	lock;
	unsigned int	seq;
	unsigned int	entries;
} ____cacheline_aligned_in_smp;

/**
 * struct tap_store_cpu - what a CPU has of a table
 * @values: its values of entry 0, which is not used; immutable
 * @only: table without a key: its values of the entry, if there is one
 * @drops: what it could not do, by number of the value; only itself writes
 * @seq: 32 bits: odd while it writes to its values
 * @lock: protects the rest; any CPU may take it
 * @free: first free entry
 * @limbo: first entry in limbo
 * @old: the same, while their grace period goes by
 */
struct tap_store_cpu {
	void		*values;
	void		*only;
	local_t		drops[TAP_MAX_PARTS];
#ifndef CONFIG_64BIT
	unsigned int	seq;
#endif
	arch_spinlock_t	lock;
	u32		free;
	u32		limbo;
	u32		old;
};

/**
 * struct tap_store - the entries of a table; immutable but for what they hold
 * @cpus: per CPU
 * @buckets: first entries of the chains
 * @entries: the entries, from number 0, which is not used
 * @mult: an odd number that nobody knows
 * @key_words: 64-bit words of a key
 * @shift: a hash is shifted by it to get its bucket
 * @stride: bytes of an entry
 * @value_stride: bytes of an entry's values on a CPU
 * @offset: bytes from there to the value of that number
 * @value_words: 64-bit words of its values
 * @plain: they are plain, and behind the key
 * @evict: the oldest entry makes room
 * @shape: the table's
 * @groups: locks
 * @group_mask: a bucket is masked by it to get its group
 * @capacity: entries there may be
 * @nr: entries there is memory for; more than @capacity where those that make
 *	room are in limbo for a while
 * @ages: @evict: neighbours in age; under the lock of the only group
 * @oldest: the same: first entry to make room
 * @newest: the same: last
 * @evicted: the same: how many made room
 * @size: bytes of all of this
 * @zeroed: some values were set to 0
 * @drops_before: drops that do not count any more, since all was cleared, by
 *	number of the value
 * @evicted_before: the same of @evicted
 * @reclaim: what to do when an entry came into limbo
 * @reclaiming: that will be done; bit 0
 */
struct tap_store {
	struct tap_store_cpu __percpu	*cpus;
	u32				*buckets;
	void				*entries;
	u64				mult;
	unsigned int			key_words;
	unsigned int			shift;
	unsigned int			stride;
	unsigned int			value_stride;
	unsigned int			offset[TAP_MAX_PARTS];
	unsigned int			value_words;
	bool				plain;
	bool				evict;
	const struct tap_shape		*shape;
	struct tap_group		*groups;
	unsigned int			group_mask;
	unsigned int			capacity;
	unsigned int			nr;
	struct tap_age			*ages;
	u32				oldest;
	u32				newest;
	unsigned long			evicted;
	size_t				size;
	bool				zeroed;
	u64				drops_before[TAP_MAX_PARTS];
	unsigned long			evicted_before;
	struct irq_work			*reclaim;
	unsigned long			reclaiming;
};

/* ---------------------------------------------------------------- entries */

static __always_inline struct tap_entry *tap_entry(const struct tap_store *s,
						   unsigned long i)
{
	return s->entries + i * s->stride;
}

static __always_inline u64 *tap_plain(const struct tap_store *s,
				      struct tap_entry *entry)
{
	return entry->key + s->key_words;
}

static __always_inline u64 *tap_words(const struct tap_store *s,
				      const struct tap_store_cpu *cpu, u32 i)
{
	return cpu->values + (size_t)i * s->value_stride;
}

static __always_inline u32 *tap_bucket(const struct tap_store *s, u64 hash)
{
	return &s->buckets[hash >> s->shift];
}

static __always_inline struct tap_group *tap_group(const struct tap_store *s,
						   u64 hash)
{
	return &s->groups[(hash >> s->shift) & s->group_mask];
}

static inline unsigned int tap_nr_buckets(const struct tap_store *s)
{
	return 1U << (64 - s->shift);
}

static __always_inline struct tap_store *tap_store_of(u64 table)
{
	struct trace_tap_table *t = (void *)(unsigned long)table;

	return rcu_dereference_raw(t->store);
}

static __always_inline const u64 *tap_key_of(u64 key)
{
	return (const u64 *)(unsigned long)key;
}

/*
 * The upper bits count, of the product with a random odd number: keys that do not
 * know it meet as seldom as any. @words is constant where it matters.
 */
static __always_inline u64 tap_hash(const struct tap_store *s, const u64 *key,
				    unsigned int words)
{
	unsigned int i;
	u64 hash = 0;

	for (i = 0; i < words; i++)
		hash = (rol64(hash, 32) ^ key[i]) * s->mult;
	return hash;
}

/* At most @max steps, or any number if it is 0; @max if that was not enough. */
#define TAP_MAX_CHAIN	64
#define TAP_TOO_FAR	(~0U)

static __always_inline unsigned long
tap_find(const struct tap_store *s, const u64 *key, u64 hash,
	 unsigned int words, unsigned int max)
{
	unsigned long i = READ_ONCE(*tap_bucket(s, hash));
	const struct tap_entry *entry;
	unsigned int w;

	for (; i; i = READ_ONCE(entry->next)) {
		if (max && !--max)
			return TAP_TOO_FAR;
		entry = tap_entry(s, i);
		if (words > 2 && READ_ONCE(entry->hash) != hash >> 32)
			continue;
		for (w = 0; w < words; w++) {
			/* Plain tables: it may change, seq tells */
			if (data_race(entry->key[w]) != key[w])
				break;
		}
		if (w == words)
			break;
	}
	return i;
}

/* The same for keys of any length. */
static __always_inline u64 tap_hash_of(const struct tap_store *s, const u64 *key)
{
	if (likely(s->key_words == 1))
		return tap_hash(s, key, 1);
	return tap_hash(s, key, s->key_words);
}

static __always_inline u32 tap_find_of(const struct tap_store *s,
				       const u64 *key, u64 hash,
				       unsigned int max)
{
	if (likely(s->key_words == 1))
		return tap_find(s, key, hash, 1, max);
	return tap_find(s, key, hash, s->key_words, max);
}

/* ------------------------------------------------- sections that NMIs respect */

DECLARE_PER_CPU(bool, trace_tap_busy);

static __always_inline void tap_drop(const struct tap_store *s, unsigned int nr)
{
	local_inc(raw_cpu_ptr(&s->cpus->drops[nr]));
}

/* False if this is an NMI in the midst of another section of this CPU. */
static __always_inline bool tap_section_begin(unsigned long *flags)
{
	raw_local_irq_save(*flags);
	if (unlikely(raw_cpu_read(trace_tap_busy))) {
		raw_local_irq_restore(*flags);
		return false;
	}
	raw_cpu_write(trace_tap_busy, true);
	barrier();
	return true;
}

static __always_inline void tap_section_end(unsigned long flags)
{
	barrier();
	raw_cpu_write(trace_tap_busy, false);
	raw_local_irq_restore(flags);
}

/* Of a task, which is never in the midst of one. */
static inline void tap_section_of_task(unsigned long *flags)
{
	bool begun = tap_section_begin(flags);

	WARN_ON_ONCE(!begun);
}

/* Readers of plain tables start again if they meet this. */
static __always_inline void tap_write_begin(struct tap_group *group)
{
	WRITE_ONCE(group->seq, group->seq + 1);
	smp_wmb();	/* odd before any change */
}

static __always_inline void tap_write_end(struct tap_group *group)
{
	/* Pairs with tap_try_read() */
	smp_store_release(&group->seq, group->seq + 1);
}

/* ------------------------------------------------------------------ store.c */

u64 trace_tap_store_size(const struct tap_shape *shape, unsigned int entries,
			 bool evict);
struct tap_store *trace_tap_store_new(const struct tap_shape *shape,
				      unsigned int entries, bool evict,
				      struct irq_work *reclaim);
void trace_tap_store_free(struct tap_store *s);
u32 trace_tap_store_make(struct tap_store *s, struct tap_group *group,
			 const u64 *key, u64 hash);
void trace_tap_store_unlink(struct tap_store *s, struct tap_group *group,
			    u64 hash, u32 i);
u32 trace_tap_store_add(struct tap_store *s, const u64 *key, u64 hash,
			unsigned int nr);
u32 trace_tap_store_find(const struct tap_store *s, const u64 *key);
void trace_tap_store_reclaim_soon(struct tap_store *s);
void trace_tap_store_clear(struct tap_store *s);
void trace_tap_store_reclaim(struct tap_store *s);
void trace_tap_store_forget(struct tap_store *s);
void trace_tap_store_state(const struct tap_store *s,
			   struct trace_tap_table_state *state);

/* ------------------------------------------------------------------ table.c */

void trace_tap_table_work(struct irq_work *irq);

/* ------------------------------------------------------------------ plain.c */

bool trace_tap_plain_read(struct tap_store *s, const u64 *key, u64 *dst,
			  unsigned int words);
void trace_tap_plain_zero(struct tap_store *s);

/* -------------------------------------------------------------------- agg.c */

void trace_tap_store_values(const struct tap_store *s, u32 i, u64 *values);
void trace_tap_store_zero(struct tap_store *s);

/* ------------------------------------------------------------------ stack.c */

size_t trace_tap_stacks_size(unsigned int stacks);
struct tap_stacks *trace_tap_stacks_new(unsigned int stacks);
void trace_tap_stacks_free(struct tap_stacks *stacks);
void trace_tap_stacks_count(struct tap_stacks *stacks,
			    struct trace_tap_table_state *state);

#endif /* _TRACE_TAP_STORE_H */
