// SPDX-License-Identifier: GPL-2.0
/*
 * tap: entries of tables: memory, and which are whose.
 *
 *	in:	a shape, how many entries; keys
 *	out:	entries
 *
 *	free -> on a chain -> free		plain values
 *		  |		^
 *		  v		| a grace period later, values are 0 again
 *		limbo ----------+		what aggregates
 *
 * See store.h for how it is laid out, and table.h for what it is for.
 */
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "store.h"

/* This CPU holds a lock of some table, or of stacks. */
DEFINE_PER_CPU(bool, trace_tap_busy);

#define TAP_GROUPS_PER_CPU	8
#define TAP_MIN_SLACK		64
#define TAP_MAX_SLACK		65536
#define TAP_SLACK_NO_KEY	3
#define TAP_READ_TRIES		4

/* --------------------------------------------------------- lists of entries */

static void tap_free_push(struct tap_store *s, u32 i)
{
	struct tap_store_cpu *cpu = raw_cpu_ptr(s->cpus);

	arch_spin_lock(&cpu->lock);
	WRITE_ONCE(tap_entry(s, i)->next, cpu->free);
	WRITE_ONCE(cpu->free, i);
	arch_spin_unlock(&cpu->lock);
}

static u32 tap_free_pop(struct tap_store *s, struct tap_store_cpu *cpu)
{
	u32 i;

	if (!READ_ONCE(cpu->free))
		return 0;
	arch_spin_lock(&cpu->lock);
	i = cpu->free;
	if (i)
		WRITE_ONCE(cpu->free, tap_entry(s, i)->next);
	arch_spin_unlock(&cpu->lock);
	return i;
}

/* An entry that is free: this CPU's, or else anyone's. */
static u32 tap_free_any(struct tap_store *s)
{
	unsigned int this = raw_smp_processor_id(), cpu;
	u32 i = 0;

	for_each_cpu_wrap(cpu, cpu_possible_mask, this) {
		i = tap_free_pop(s, per_cpu_ptr(s->cpus, cpu));
		if (i)
			break;
	}
	return i;
}

static void tap_limbo_push(struct tap_store *s, u32 i)
{
	struct tap_store_cpu *cpu = raw_cpu_ptr(s->cpus);

	arch_spin_lock(&cpu->lock);
	WRITE_ONCE(tap_entry(s, i)->hash, cpu->limbo);
	cpu->limbo = i;
	arch_spin_unlock(&cpu->lock);
}

/**
 * trace_tap_store_reclaim_soon - what is in limbo will be used again
 * @s: the store
 *
 * Context: any.
 */
void trace_tap_store_reclaim_soon(struct tap_store *s)
{
	/* A full barrier, so that the work sees what came into limbo */
	if (!test_and_set_bit(0, &s->reclaiming))
		trace_tap_table_work(s->reclaim);
}

static void tap_age_add(struct tap_store *s, u32 i)
{
	s->ages[i].older = s->newest;
	s->ages[i].newer = 0;
	if (s->newest)
		s->ages[s->newest].newer = i;
	else
		s->oldest = i;
	s->newest = i;
}

static void tap_age_del(struct tap_store *s, u32 i)
{
	struct tap_age *age = &s->ages[i];

	if (age->older)
		s->ages[age->older].newer = age->newer;
	else
		s->oldest = age->newer;
	if (age->newer)
		s->ages[age->newer].older = age->older;
	else
		s->newest = age->older;
}

/* ------------------------------------ chains; all under the group's lock */

/* Point each CPU at its values of the only entry. */
static void tap_set_only(struct tap_store *s, u32 i)
{
	struct tap_store_cpu *cpu;
	unsigned int nr;

	for_each_possible_cpu(nr) {
		cpu = per_cpu_ptr(s->cpus, nr);
		WRITE_ONCE(cpu->only, i ? tap_words(s, cpu, i) : NULL);
	}
}

/* Take entry @i, which @link points to, out of its chain. */
static void tap_unlink(struct tap_store *s, struct tap_group *group, u32 *link,
		       u32 i)
{
	WRITE_ONCE(*link, tap_entry(s, i)->next);
	group->entries--;
	if (s->evict)
		tap_age_del(s, i);
	if (s->plain) {
		tap_free_push(s, i);
		return;
	}
	if (!s->key_words)
		tap_set_only(s, 0);
	tap_limbo_push(s, i);
}

/**
 * trace_tap_store_unlink - remove an entry
 * @s: the store
 * @group: its group
 * @hash: hash of its key
 * @i: the entry
 *
 * If values aggregate, trace_tap_store_reclaim_soon() has to follow.
 *
 * Context: any, in a section, with the group's lock held.
 */
void trace_tap_store_unlink(struct tap_store *s, struct tap_group *group,
			    u64 hash, u32 i)
{
	u32 *link = tap_bucket(s, hash);

	while (*link && *link != i)
		link = &tap_entry(s, *link)->next;
	if (*link)
		tap_unlink(s, group, link, i);
}

/* There is only one group. */
static void tap_evict(struct tap_store *s, struct tap_group *group)
{
	u32 i = s->oldest;

	if (!i)
		return;
	trace_tap_store_unlink(s, group, (u64)tap_entry(s, i)->hash << 32, i);
	WRITE_ONCE(s->evicted, s->evicted + 1);
}

/* Room for a new entry, or 0. */
static u32 tap_room(struct tap_store *s, struct tap_group *group)
{
	u32 i = tap_free_any(s);

	if (!s->evict)
		return i;
	if (s->plain) {
		if (!i) {
			tap_evict(s, group);
			i = tap_free_any(s);
		}
	} else if (i && group->entries >= s->capacity) {
		tap_evict(s, group);
	}
	return i;
}

/**
 * trace_tap_store_make - make an entry, whose values are 0
 * @s: the store
 * @group: its group
 * @key: its key
 * @hash: hash of the key
 *
 * Return: the entry, or 0 if there is no room.
 * Context: any, in a section, with the group's lock held.
 */
u32 trace_tap_store_make(struct tap_store *s, struct tap_group *group,
			 const u64 *key, u64 hash)
{
	u32 *bucket = tap_bucket(s, hash);
	struct tap_entry *entry;
	unsigned int w;
	u32 i;

	i = tap_room(s, group);
	if (!i)
		return 0;
	entry = tap_entry(s, i);
	WRITE_ONCE(entry->hash, hash >> 32);
	for (w = 0; w < s->key_words; w++)
		WRITE_ONCE(entry->key[w], key[w]);
	if (s->plain) {
		for (w = 0; w < s->value_words; w++)
			WRITE_ONCE(tap_plain(s, entry)[w], 0);
	}
	WRITE_ONCE(entry->next, *bucket);
	smp_store_release(bucket, i);	/* readers see all of the entry */
	group->entries++;
	if (s->evict)
		tap_age_add(s, i);
	if (!s->plain && !s->key_words)
		tap_set_only(s, i);
	return i;
}

/**
 * trace_tap_store_add - find or make the entry of a table that aggregates
 * @s: the store
 * @key: its key
 * @hash: hash of the key
 * @nr: number of the value it is for, if there is a drop to count
 *
 * Return: the entry, or 0 if that cannot be done, which has been counted.
 * Context: any, preemption off.
 */
noinline u32 trace_tap_store_add(struct tap_store *s, const u64 *key, u64 hash,
				 unsigned int nr)
{
	struct tap_group *group = tap_group(s, hash);
	unsigned long flags;
	bool evicted;
	u32 i;

	if (!tap_section_begin(&flags)) {
		tap_drop(s, nr);
		return 0;
	}
	arch_spin_lock(&group->lock);
	evicted = s->evict && group->entries >= s->capacity;
	i = tap_find_of(s, key, hash, 0);
	if (!i)
		i = trace_tap_store_make(s, group, key, hash);
	else
		evicted = false;
	arch_spin_unlock(&group->lock);
	tap_section_end(flags);
	if (evicted)
		trace_tap_store_reclaim_soon(s);
	if (!i)
		tap_drop(s, nr);
	return i;
}

/**
 * trace_tap_store_find - find the entry of a table that aggregates
 * @s: the store
 * @key: its key
 *
 * Return: the entry, or 0 if there is none.
 * Context: any, preemption off.
 */
u32 trace_tap_store_find(const struct tap_store *s, const u64 *key)
{
	return tap_find_of(s, key, tap_hash_of(s, key), 0);
}

/* ----------------------------------------- clear and reclaim; may sleep */

static u64 tap_drops(const struct tap_store *s, unsigned int nr)
{
	unsigned int cpu;
	u64 drops = 0;

	for_each_possible_cpu(cpu)
		drops += local_read(&per_cpu_ptr(s->cpus, cpu)->drops[nr]);
	return drops;
}

/**
 * trace_tap_store_forget - count drops from here on
 * @s: the store
 *
 * So that of what has been since then drops and counts are all.
 */
void trace_tap_store_forget(struct tap_store *s)
{
	unsigned int nr;

	for (nr = 0; nr < TAP_MAX_PARTS; nr++)
		WRITE_ONCE(s->drops_before[nr], tap_drops(s, nr));
	WRITE_ONCE(s->evicted_before, READ_ONCE(s->evicted));
}

/**
 * trace_tap_store_clear - remove all entries
 * @s: the store
 *
 * Those that programs make meanwhile may stay. Where they aggregate there is room
 * again after trace_tap_store_reclaim(). Sleeps.
 */
void trace_tap_store_clear(struct tap_store *s)
{
	unsigned int b, buckets = tap_nr_buckets(s);
	struct tap_group *group;
	unsigned long flags;

	for (b = 0; b < buckets; b++) {
		if (READ_ONCE(s->buckets[b])) {
			group = &s->groups[b & s->group_mask];
			tap_section_of_task(&flags);
			arch_spin_lock(&group->lock);
			tap_write_begin(group);
			while (s->buckets[b])
				tap_unlink(s, group, &s->buckets[b], s->buckets[b]);
			tap_write_end(group);
			arch_spin_unlock(&group->lock);
			tap_section_end(flags);
		}
		if (!(b % 1024))
			cond_resched();
	}
	trace_tap_store_forget(s);
}

/* All CPUs' values of the entry are 0, and it is free, on @cpu's list. */
static void tap_recycle(struct tap_store *s, struct tap_store_cpu *cpu, u32 i)
{
	struct tap_entry *entry = tap_entry(s, i);
	unsigned long flags;
	unsigned int nr;

	for_each_possible_cpu(nr)
		memset(tap_words(s, per_cpu_ptr(s->cpus, nr), i), 0,
		       s->value_stride);
	tap_section_of_task(&flags);
	arch_spin_lock(&cpu->lock);
	WRITE_ONCE(entry->next, cpu->free);
	WRITE_ONCE(cpu->free, i);
	arch_spin_unlock(&cpu->lock);
	tap_section_end(flags);
}

/**
 * trace_tap_store_reclaim - wait, then use again what is in limbo
 * @s: the store
 *
 * Sleeps; one at a time.
 */
void trace_tap_store_reclaim(struct tap_store *s)
{
	struct tap_store_cpu *cpu;
	unsigned long flags;
	unsigned int nr, n = 0;
	bool any = false;
	u32 i, next;

	clear_bit(0, &s->reclaiming);
	smp_mb__after_atomic();	/* what comes later asks again */
	for_each_possible_cpu(nr) {
		cpu = per_cpu_ptr(s->cpus, nr);
		tap_section_of_task(&flags);
		arch_spin_lock(&cpu->lock);
		cpu->old = cpu->limbo;
		cpu->limbo = 0;
		arch_spin_unlock(&cpu->lock);
		tap_section_end(flags);
		any |= cpu->old;
	}
	if (!any)
		return;
	tracepoint_synchronize_unregister();
	for_each_possible_cpu(nr) {
		cpu = per_cpu_ptr(s->cpus, nr);
		for (i = cpu->old; i; i = next) {
			next = tap_entry(s, i)->hash;
			tap_recycle(s, cpu, i);
			if (!(++n % 256))
				cond_resched();
		}
		cpu->old = 0;
	}
}

/**
 * trace_tap_store_state - count
 * @s: the store
 * @state: result
 *
 * Context: any; RCU reader.
 */
void trace_tap_store_state(const struct tap_store *s,
			   struct trace_tap_table_state *state)
{
	unsigned int nr;
	u64 drops;

	memset(state, 0, sizeof(*state));
	for (nr = 0; nr <= s->group_mask; nr++)
		state->entries += READ_ONCE(s->groups[nr].entries);
	/* An event is dropped for none of its values, or for some of them */
	for (nr = 0; nr < TAP_MAX_PARTS; nr++) {
		drops = tap_drops(s, nr) - READ_ONCE(s->drops_before[nr]);
		state->drops = max(state->drops, drops);
	}
	state->evicted = READ_ONCE(s->evicted) - READ_ONCE(s->evicted_before);
	state->capacity = s->capacity;
	state->memory = s->size;
}

/* ------------------------------------------------------------------ memory */

/* Entries to have memory for, if there may be so many. */
static unsigned int tap_store_nr(const struct tap_shape *shape,
				 unsigned int entries, bool evict)
{
	if (trace_tap_shape_is_plain(shape))
		return entries;
	if (!shape->nr_parts)
		return entries + TAP_SLACK_NO_KEY;
	if (!evict)
		return entries;
	return entries + clamp(entries / 8, TAP_MIN_SLACK, TAP_MAX_SLACK);
}

static unsigned int tap_store_buckets(unsigned int nr)
{
	return max(roundup_pow_of_two(nr), 2UL);
}

static unsigned int tap_store_groups(unsigned int nr, bool evict)
{
	unsigned int groups;

	groups = roundup_pow_of_two(num_possible_cpus() * TAP_GROUPS_PER_CPU);
	return evict ? 1 : min(groups, tap_store_buckets(nr));
}

static unsigned int tap_store_stride(const struct tap_shape *shape)
{
	unsigned int words = trace_tap_shape_is_plain(shape) ?
			     shape->value_words : 0;

	return sizeof(struct tap_entry) + shape->key_size + words * sizeof(u64);
}

static unsigned int tap_store_value_stride(const struct tap_shape *shape)
{
	if (trace_tap_shape_is_plain(shape))
		return 0;
	return shape->value_words * sizeof(u64);
}

/**
 * trace_tap_store_size - how much memory a store takes
 * @shape: of the table
 * @entries: how many there may be
 * @evict: the oldest entry makes room
 *
 * Return: bytes.
 */
u64 trace_tap_store_size(const struct tap_shape *shape, unsigned int entries,
			 bool evict)
{
	unsigned int nr = tap_store_nr(shape, entries, evict);
	u64 each, percpu;

	each = tap_store_stride(shape) + (evict ? sizeof(struct tap_age) : 0);
	percpu = (u64)(nr + 1) * tap_store_value_stride(shape) +
		 sizeof(struct tap_store_cpu);
	return sizeof(struct tap_store) + (nr + 1) * each +
	       num_possible_cpus() * percpu +
	       tap_store_buckets(nr) * sizeof(u32) +
	       tap_store_groups(nr, evict) * sizeof(struct tap_group);
}

/* Entries are spread over the CPUs. */
static void tap_store_fill(struct tap_store *s)
{
	unsigned int cpu, cpus = num_possible_cpus(), n = 0, first, last, i;
	struct tap_store_cpu *c;

	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(s->cpus, cpu);
		c->lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
		first = 1 + div_u64((u64)s->nr * n, cpus);
		last = div_u64((u64)s->nr * ++n, cpus);
		if (first > last)
			continue;
		for (i = first; i < last; i++) {
			tap_entry(s, i)->next = i + 1;
			if (!(i % 65536))
				cond_resched();
		}
		c->free = first;
	}
}

static int tap_store_alloc(struct tap_store *s)
{
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN;
	unsigned int buckets = tap_store_buckets(s->nr), cpu, i;
	struct tap_store_cpu *c;

	s->shift = 64 - ilog2(buckets);
	s->buckets = kvmalloc_array(buckets, sizeof(*s->buckets), gfp);
	s->entries = kvmalloc_array(s->nr + 1, s->stride, gfp);
	s->groups = kvmalloc_array(s->group_mask + 1, sizeof(*s->groups), gfp);
	s->cpus = alloc_percpu(struct tap_store_cpu);
	if (s->evict)
		s->ages = kvmalloc_array(s->nr + 1, sizeof(*s->ages), gfp);
	if (!s->buckets || !s->entries || !s->groups || !s->cpus ||
	    (s->evict && !s->ages))
		return -ENOMEM;
	for (i = 0; i <= s->group_mask; i++)
		s->groups[i].lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
	for_each_possible_cpu(cpu) {
		if (s->plain)
			continue;
		c = per_cpu_ptr(s->cpus, cpu);
		c->values = kvmalloc_node(array_size(s->nr + 1, s->value_stride),
					  gfp, cpu_to_node(cpu));
		if (!c->values)
			return -ENOMEM;
	}
	tap_store_fill(s);
	return 0;
}

/**
 * trace_tap_store_new - make room for entries
 * @shape: of the table; lives as long as the store
 * @entries: how many there may be
 * @evict: the oldest entry makes room
 * @reclaim: what calls trace_tap_store_reclaim(), soon
 *
 * Return: the store, or NULL if there is no memory. Sleeps.
 */
struct tap_store *trace_tap_store_new(const struct tap_shape *shape,
				      unsigned int entries, bool evict,
				      struct irq_work *reclaim)
{
	struct tap_store *s = kzalloc(sizeof(*s), GFP_KERNEL);
	unsigned int i;

	if (!s)
		return NULL;
	s->shape = shape;
	s->plain = trace_tap_shape_is_plain(shape);
	s->evict = evict;
	s->capacity = entries;
	s->nr = tap_store_nr(shape, entries, evict);
	s->key_words = shape->key_size / sizeof(u64);
	s->value_words = shape->value_words;
	s->stride = tap_store_stride(shape);
	s->value_stride = tap_store_value_stride(shape);
	s->group_mask = tap_store_groups(s->nr, evict) - 1;
	s->size = trace_tap_store_size(shape, entries, evict);
	s->mult = get_random_u64() | 1;
	s->reclaim = reclaim;
	for (i = 0; i < shape->nr_values; i++)
		s->offset[i] = shape->values[i].offset * sizeof(u64);
	if (tap_store_alloc(s)) {
		trace_tap_store_free(s);
		return NULL;
	}
	return s;
}

/**
 * trace_tap_store_free - free a store
 * @s: the store, which nobody uses, or NULL
 */
void trace_tap_store_free(struct tap_store *s)
{
	unsigned int cpu;

	if (!s)
		return;
	if (s->cpus) {
		for_each_possible_cpu(cpu)
			kvfree(per_cpu_ptr(s->cpus, cpu)->values);
		free_percpu(s->cpus);
	}
	kvfree(s->ages);
	kvfree(s->groups);
	kvfree(s->entries);
	kvfree(s->buckets);
	kfree(s);
}
