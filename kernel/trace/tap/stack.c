// SPDX-License-Identifier: GPL-2.0
/*
 * tap: stacks as numbers.
 *
 *	in:	frames, innermost first, and whose they are
 *	out:	their id; the same for the same frames
 *
 * A key or a value holds the id. A stack is kept until its instance goes, so ids
 * stay what they are, and reading takes no lock. Who adds one that is new takes
 * the lock, as store.h says.
 */
#include <linux/mm.h>
#include <linux/random.h>

#include "store.h"

#define TAP_STACK_FRAMES	32	/* room for so many each, on average */

/**
 * struct tap_stack - a stack
 * @next: the next one with the same bucket, or 0
 * @hash: of its frames and @tgid
 * @tgid: whose it is, or 0: the kernel's
 * @nr: how many frames
 * @start: number of the first in tap_stacks.frames
 */
struct tap_stack {
	u32	next;
	u32	hash;
	u32	tgid;
	u32	nr;
	u32	start;
};

/**
 * struct tap_stacks - the stacks of an instance
 * @mult: an odd number that nobody knows
 * @shift: a hash is shifted by it to get its bucket
 * @buckets: first stacks of the chains
 * @stacks: by id; number 0 is not used
 * @frames: of all
 * @drops: per CPU: stacks that there was no room for, or no way to add
 * @lock: protects the rest, and the chains
 * @capacity: how many stacks and, times TAP_STACK_FRAMES, frames there may be
 * @nr: stacks
 * @nr_frames: frames
 */
struct tap_stacks {
	u64			mult;
	unsigned int		shift;
	u32			*buckets;
	struct tap_stack	*stacks;
	unsigned long		*frames;
	local_t __percpu	*drops;
	arch_spinlock_t		lock;
	unsigned int		capacity;
	unsigned int		nr;
	unsigned int		nr_frames;
};

static __always_inline u32 tap_stack_hash(const struct tap_stacks *s,
					  const unsigned long *frames,
					  unsigned int nr, u32 tgid)
{
	u64 hash = (u64)tgid << 8 | nr;
	unsigned int i;

	for (i = 0; i < nr; i++)
		hash = (rol64(hash, 29) ^ frames[i]) * s->mult;
	return hash >> 32;
}

static __always_inline u32 tap_stack_lookup(const struct tap_stacks *s,
					    const unsigned long *frames,
					    unsigned int nr, u32 tgid, u32 hash)
{
	/* Pairs with the release in tap_stack_new() */
	u32 id = smp_load_acquire(&s->buckets[hash >> s->shift]);
	const unsigned long *have;
	unsigned int i;

	for (; id; id = s->stacks[id].next) {
		const struct tap_stack *stack = &s->stacks[id];

		if (stack->hash != hash || stack->nr != nr ||
		    stack->tgid != tgid)
			continue;
		have = s->frames + stack->start;
		for (i = 0; i < nr && have[i] == frames[i]; i++)
			;
		if (i == nr)
			break;
	}
	return id;
}

/* Under the lock. */
static u32 tap_stack_new(struct tap_stacks *s, const unsigned long *frames,
			 unsigned int nr, u32 tgid, u32 hash)
{
	u32 *bucket = &s->buckets[hash >> s->shift], id = s->nr + 1;
	struct tap_stack *stack = &s->stacks[id];

	if (s->nr == s->capacity ||
	    nr > s->capacity * TAP_STACK_FRAMES - s->nr_frames)
		return 0;
	stack->hash = hash;
	stack->tgid = tgid;
	stack->nr = nr;
	stack->start = s->nr_frames;
	stack->next = *bucket;
	memcpy(s->frames + stack->start, frames, nr * sizeof(*frames));
	WRITE_ONCE(s->nr_frames, s->nr_frames + nr);
	WRITE_ONCE(s->nr, id);
	smp_store_release(bucket, id);	/* readers see all of it */
	return id;
}

static noinline u32 tap_stack_make(struct tap_stacks *s,
				   const unsigned long *frames,
				   unsigned int nr, u32 tgid, u32 hash)
{
	unsigned long flags;
	u32 id;

	/* Full: nobody waits for a lock in vain */
	if (READ_ONCE(s->nr) == s->capacity || !tap_section_begin(&flags)) {
		local_inc(raw_cpu_ptr(s->drops));
		return 0;
	}
	arch_spin_lock(&s->lock);
	id = tap_stack_lookup(s, frames, nr, tgid, hash);
	if (!id)
		id = tap_stack_new(s, frames, nr, tgid, hash);
	arch_spin_unlock(&s->lock);
	tap_section_end(flags);
	if (!id)
		local_inc(raw_cpu_ptr(s->drops));
	return id;
}

/**
 * trace_tap_stack_add - the id of a stack, which is kept if it is new
 * @stacks: the instance's
 * @frames: addresses, innermost first
 * @nr: how many, at most TAP_MAX_STACK
 * @tgid: process of a user stack, 0 for the kernel's
 *
 * Return: the id, or 0: no frames, or, which is counted, no room.
 * Context: any, preemption off.
 */
u32 trace_tap_stack_add(struct tap_stacks *stacks, const unsigned long *frames,
			unsigned int nr, u32 tgid)
{
	u32 hash, id;

	if (!nr)
		return 0;
	hash = tap_stack_hash(stacks, frames, nr, tgid);
	id = tap_stack_lookup(stacks, frames, nr, tgid, hash);
	if (likely(id))
		return id;
	return tap_stack_make(stacks, frames, nr, tgid, hash);
}

/**
 * trace_tap_stack_find - the stack of an id
 * @stacks: the instance's, or NULL
 * @id: the id, from a key or a value
 * @frames: where its frames are copied to
 * @max: how many there is room for
 * @tgid: process of a user stack, 0 for the kernel's
 *
 * Return: how many frames; 0 if there is no such stack.
 * Context: any.
 */
unsigned int trace_tap_stack_find(struct tap_stacks *stacks, u32 id,
				  unsigned long *frames, unsigned int max,
				  u32 *tgid)
{
	const struct tap_stack *stack;
	unsigned int nr;

	*tgid = 0;
	if (!stacks || !id || id > READ_ONCE(stacks->nr))
		return 0;
	/* Who has the id got it after the stack was complete */
	stack = &stacks->stacks[id];
	nr = min(READ_ONCE(stack->nr), max);
	*tgid = stack->tgid;
	memcpy(frames, stacks->frames + stack->start, nr * sizeof(*frames));
	return nr;
}

/* --------------------------------------------------------------- may sleep */

static unsigned int tap_stack_buckets(unsigned int stacks)
{
	return max(roundup_pow_of_two(stacks), 2UL);
}

/**
 * trace_tap_stacks_size - how much memory stacks take
 * @stacks: how many there may be
 *
 * Return: bytes.
 */
size_t trace_tap_stacks_size(unsigned int stacks)
{
	return sizeof(struct tap_stacks) +
	       tap_stack_buckets(stacks) * sizeof(u32) +
	       (stacks + 1) * sizeof(struct tap_stack) +
	       stacks * TAP_STACK_FRAMES * sizeof(unsigned long) +
	       num_possible_cpus() * sizeof(local_t);
}

/**
 * trace_tap_stacks_new - make room for stacks
 * @stacks: how many there may be
 *
 * Return: the room, or NULL if there is no memory. Sleeps.
 */
struct tap_stacks *trace_tap_stacks_new(unsigned int stacks)
{
	unsigned int buckets = tap_stack_buckets(stacks);
	struct tap_stacks *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
	s->mult = get_random_u64() | 1;
	s->shift = 32 - ilog2(buckets);
	s->capacity = stacks;
	s->buckets = kvcalloc(buckets, sizeof(*s->buckets), GFP_KERNEL);
	s->stacks = kvcalloc(stacks + 1, sizeof(*s->stacks), GFP_KERNEL);
	s->frames = kvcalloc(stacks * TAP_STACK_FRAMES, sizeof(*s->frames),
			     GFP_KERNEL);
	s->drops = alloc_percpu(local_t);
	if (!s->buckets || !s->stacks || !s->frames || !s->drops) {
		trace_tap_stacks_free(s);
		return NULL;
	}
	return s;
}

/**
 * trace_tap_stacks_free - free stacks
 * @stacks: which nobody uses, or NULL
 */
void trace_tap_stacks_free(struct tap_stacks *stacks)
{
	if (!stacks)
		return;
	free_percpu(stacks->drops);
	kvfree(stacks->frames);
	kvfree(stacks->stacks);
	kvfree(stacks->buckets);
	kfree(stacks);
}

/**
 * trace_tap_stacks_count - how many stacks there are
 * @stacks: the instance's
 * @state: result
 *
 * Context: any.
 */
void trace_tap_stacks_count(struct tap_stacks *stacks,
			    struct trace_tap_table_state *state)
{
	unsigned int cpu;

	memset(state, 0, sizeof(*state));
	state->entries = READ_ONCE(stacks->nr);
	state->capacity = stacks->capacity;
	for_each_possible_cpu(cpu)
		state->drops += local_read(per_cpu_ptr(stacks->drops, cpu));
	state->memory = trace_tap_stacks_size(stacks->capacity);
}
