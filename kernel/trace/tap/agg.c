// SPDX-License-Identifier: GPL-2.0
/*
 * tap: values that aggregate: count, sum, min, max, avg, stats, hist, lhist.
 *
 *	in:	@us[read] = hist(5)
 *	out:	this CPU's word of bucket 3 of the entry "read" is one more
 *
 * A CPU writes to its own words only, with single instructions that interrupts
 * and NMIs cannot divide. Where there are none for 64 bits, interrupts are off
 * while it does, and an NMI in the midst of that is a drop.
 *
 * Words are 0 as long as nothing has been aggregated: min and max are kept as
 * numbers that grow, see tap_bias(). Who reads adds the CPUs up.
 */
#include <linux/cpu.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "store.h"

/* ------------------------------------------------------------ words of a CPU */

#ifdef CONFIG_64BIT

static __always_inline bool tap_update_begin(struct tap_store *s, u64 nr,
					     unsigned long *flags)
{
	return true;
}

static __always_inline void tap_update_end(struct tap_store *s,
					   unsigned long flags)
{
}

static __always_inline void tap_word_add(u64 *word, u64 by)
{
	local_add(by, (local_t *)word);
}

static __always_inline void tap_word_inc(u64 *word)
{
	local_inc((local_t *)word);
}

static __always_inline void tap_word_max(u64 *word, u64 value)
{
	long old = local_read((local_t *)word);

	while (value > (unsigned long)old) {
		if (local_try_cmpxchg((local_t *)word, &old, value))
			break;
	}
}

static u64 tap_word_read(const struct tap_store_cpu *cpu, const u64 *word)
{
	return READ_ONCE(*word);
}

#else /* !CONFIG_64BIT */

#define TAP_WORD_TRIES	1000

static __always_inline bool tap_update_begin(struct tap_store *s, u64 nr,
					     unsigned long *flags)
{
	struct tap_store_cpu *cpu;

	if (!tap_section_begin(flags)) {
		tap_drop(s, nr);
		return false;
	}
	cpu = raw_cpu_ptr(s->cpus);
	WRITE_ONCE(cpu->seq, cpu->seq + 1);
	smp_wmb();	/* odd before any change */
	return true;
}

static __always_inline void tap_update_end(struct tap_store *s,
					   unsigned long flags)
{
	struct tap_store_cpu *cpu = raw_cpu_ptr(s->cpus);

	/* Pairs with tap_word_read() */
	smp_store_release(&cpu->seq, cpu->seq + 1);
	tap_section_end(flags);
}

static __always_inline void tap_word_add(u64 *word, u64 by)
{
	*word += by;
}

static __always_inline void tap_word_inc(u64 *word)
{
	*word += 1;
}

static __always_inline void tap_word_max(u64 *word, u64 value)
{
	if (value > *word)
		*word = value;
}

/* Halves that belong together, unless their CPU stands still in the midst. */
static u64 tap_word_read(const struct tap_store_cpu *cpu, const u64 *word)
{
	unsigned int seq, tries;
	u64 value;

	for (tries = 0; tries < TAP_WORD_TRIES; tries++) {
		/* Pairs with tap_update_end() */
		seq = smp_load_acquire(&cpu->seq);
		value = data_race(*word);	/* checked below */
		smp_rmb();	/* pairs with tap_update_begin(), reads above */
		if (!(seq & 1) && READ_ONCE(cpu->seq) == seq)
			break;
		cpu_relax();
	}
	return value;
}

#endif /* CONFIG_64BIT */

/* The entry of a key of a common length, 8 or 16 bytes, or 0. */
static __always_inline unsigned long tap_quick_find(const struct tap_store *s,
						    const u64 *key)
{
	if (s->key_words == 1)
		return tap_find(s, key, tap_hash(s, key, 1), 1, 0);
	if (s->key_words == 2)
		return tap_find(s, key, tap_hash(s, key, 2), 2, 0);
	return 0;
}

/* This CPU's value @nr of any key, whose entry is made; NULL is a drop. */
static u64 *tap_slow(struct tap_store *s, u64 key, u64 nr)
{
	const u64 *k = tap_key_of(key);
	u64 hash = tap_hash_of(s, k);
	u32 i = tap_find_of(s, k, hash, 0);

	if (!i) {
		i = trace_tap_store_add(s, k, hash, nr);
		if (!i)
			return NULL;
	}
	return tap_words(s, raw_cpu_ptr(s->cpus), i) +
	       s->offset[nr] / sizeof(u64);
}

/* ------------------------------------------------- what programs call */

/*
 * What is kept of a value for min and max: the larger, the more it is what is
 * looked for. The last that could be found is 0, as if there were none; an entry
 * is there because something was aggregated, so 0 means that one, unless the
 * values were set to 0 meanwhile.
 */
static __always_inline u64 tap_bias(const struct tap_value *v, u64 value)
{
	if (v->is_signed)
		value ^= 1ULL << 63;
	return v->kind == TAP_VALUE_MIN ? ~value : value;
}

static __always_inline unsigned int tap_lhist_bucket(const struct tap_value *v,
						     u64 value)
{
	bool below, above;

	if (v->is_signed) {
		below = (s64)value < v->min;
		above = (s64)value >= v->max;
	} else {
		below = value < (u64)v->min;
		above = value >= (u64)v->max;
	}
	if (below)
		return 0;
	if (above)
		return v->words - 1;
	return 1 + div64_u64(value - v->min, v->step);
}

/* The words of value @v, of kind @kind, aggregate @value. */
static __always_inline void tap_update(struct tap_store *s, u64 *word, u64 nr,
				       const struct tap_value *v,
				       enum tap_value_kind kind, u64 value)
{
	unsigned long flags;

	if (!tap_update_begin(s, nr, &flags))
		return;
	switch (kind) {
	case TAP_VALUE_COUNT:
		tap_word_inc(word);
		break;
	case TAP_VALUE_SUM:
		tap_word_add(word, value);
		break;
	case TAP_VALUE_MIN:
	case TAP_VALUE_MAX:
		tap_word_max(word, tap_bias(v, value));
		break;
	case TAP_VALUE_AVG:
	case TAP_VALUE_STATS:
		tap_word_add(word, value);
		tap_word_inc(word + 1);
		break;
	case TAP_VALUE_HIST:
		tap_word_inc(word + trace_tap_hist_bucket(value, v->is_signed,
							  v->bits));
		break;
	case TAP_VALUE_LHIST:
		tap_word_inc(word + tap_lhist_bucket(v, value));
		break;
	default:
		break;
	}
	tap_update_end(s, flags);
}

static noinline u64 tap_aggregate_slow(u64 table, u64 key, u64 nr, u64 value)
{
	struct tap_store *s = tap_store_of(table);
	const struct tap_value *v = &s->shape->values[nr];
	u64 *word = tap_slow(s, key, nr);

	if (word)
		tap_update(s, word, nr, v, v->kind, value);
	return 0;
}

/* @kind is constant where it matters. */
static __always_inline u64 tap_aggregate(u64 table, u64 key, u64 nr, u64 value,
					 enum tap_value_kind kind)
{
	struct tap_store *s = tap_store_of(table);
	void *values = raw_cpu_read(s->cpus->only);
	unsigned long i;

	if (!values) {
		i = tap_quick_find(s, tap_key_of(key));
		if (unlikely(!i))
			return tap_aggregate_slow(table, key, nr, value);
		values = raw_cpu_read(s->cpus->values);
		values += i * s->value_stride;
	}
	tap_update(s, values + s->offset[nr], nr, &s->shape->values[nr], kind,
		   value);
	return 0;
}

u64 trace_tap_table_helper_count(u64 table, u64 key, u64 nr, u64 a4, u64 a5)
{
	return tap_aggregate(table, key, nr, 0, TAP_VALUE_COUNT);
}

u64 trace_tap_table_helper_sum(u64 table, u64 key, u64 nr, u64 value, u64 a5)
{
	return tap_aggregate(table, key, nr, value, TAP_VALUE_SUM);
}

u64 trace_tap_table_helper_hist(u64 table, u64 key, u64 nr, u64 value, u64 a5)
{
	return tap_aggregate(table, key, nr, value, TAP_VALUE_HIST);
}

/* min, max, avg, stats, lhist */
u64 trace_tap_table_helper_agg(u64 table, u64 key, u64 nr, u64 value, u64 a5)
{
	return tap_aggregate(table, key, nr, value,
			     tap_store_of(table)->shape->values[nr].kind);
}

/* ----------------------------------------------------- reading, of all CPUs */

static u64 tap_sum(const struct tap_store *s, u32 i, unsigned int word)
{
	const struct tap_store_cpu *cpu;
	unsigned int nr;
	u64 sum = 0;

	for_each_possible_cpu(nr) {
		cpu = per_cpu_ptr(s->cpus, nr);
		sum += tap_word_read(cpu, tap_words(s, cpu, i) + word);
	}
	return sum;
}

/* The min or max. */
static u64 tap_extreme(const struct tap_store *s, u32 i,
		       const struct tap_value *v)
{
	const struct tap_store_cpu *cpu;
	unsigned int nr;
	u64 most = 0;

	for_each_possible_cpu(nr) {
		cpu = per_cpu_ptr(s->cpus, nr);
		most = max(most, tap_word_read(cpu, tap_words(s, cpu, i) +
					       v->offset));
	}
	if (!most && READ_ONCE(s->zeroed))
		return 0;
	if (v->kind == TAP_VALUE_MIN)
		most = ~most;
	return v->is_signed ? most ^ 1ULL << 63 : most;
}

/* Value @v of entry @i as one number. */
static u64 tap_total(const struct tap_store *s, u32 i,
		     const struct tap_value *v)
{
	unsigned int w;
	u64 sum, n = 0;

	switch (v->kind) {
	case TAP_VALUE_MIN:
	case TAP_VALUE_MAX:
		return tap_extreme(s, i, v);
	case TAP_VALUE_AVG:
		sum = tap_sum(s, i, v->offset);
		n = tap_sum(s, i, v->offset + 1);
		if (!n)
			return 0;
		return v->is_signed ? div64_s64(sum, n) : div64_u64(sum, n);
	case TAP_VALUE_STATS:
		return tap_sum(s, i, v->offset + 1);
	case TAP_VALUE_HIST:
	case TAP_VALUE_LHIST:
		for (w = 0; w < v->words; w++)
			n += tap_sum(s, i, v->offset + w);
		return n;
	default:
		return tap_sum(s, i, v->offset);
	}
}

/* Value @nr of the entry; 0 if there is none. */
u64 trace_tap_table_helper_get(u64 table, u64 key, u64 nr, u64 a4, u64 a5)
{
	struct tap_store *s = tap_store_of(table);
	const u64 *k = tap_key_of(key);
	u64 value;
	u32 i;

	if (s->plain)
		return trace_tap_plain_read(s, k, &value, 1) ? value : 0;
	if (!IS_ENABLED(CONFIG_64BIT) && raw_cpu_read(trace_tap_busy)) {
		tap_drop(s, nr);
		return 0;
	}
	i = trace_tap_store_find(s, k);
	return i ? tap_total(s, i, &s->shape->values[nr]) : 0;
}

/**
 * trace_tap_store_values - all values of an entry that aggregates
 * @s: the store
 * @i: the entry
 * @values: as in struct trace_tap_entry
 *
 * Context: any; RCU reader.
 */
void trace_tap_store_values(const struct tap_store *s, u32 i, u64 *values)
{
	const struct tap_value *v = s->shape->values;
	const struct tap_value *end = v + s->shape->nr_values;
	unsigned int w;

	for (; v < end; v++) {
		if (v->kind == TAP_VALUE_MIN || v->kind == TAP_VALUE_MAX) {
			values[v->offset] = tap_extreme(s, i, v);
			continue;
		}
		for (w = 0; w < v->words; w++)
			values[v->offset + w] = tap_sum(s, i, v->offset + w);
	}
}

/* -------------------------------------------------------- zero; may sleep */

/*
 * What this CPU has aggregated so far is taken off again, so that what comes
 * between reading and writing stays. Of an average sum and number are of the
 * same events: the number is read around the sum until it is the same.
 */
#ifdef CONFIG_64BIT

static bool tap_zero_begin(struct tap_store *s, unsigned long *flags)
{
	raw_local_irq_save(*flags);
	return true;
}

static void tap_zero_end(struct tap_store *s, unsigned long flags)
{
	raw_local_irq_restore(flags);
}

static void tap_value_zero(const struct tap_value *v, u64 *word)
{
	u64 sum, n;
	unsigned int w;

	switch (v->kind) {
	case TAP_VALUE_MIN:
	case TAP_VALUE_MAX:
		local_set((local_t *)word, 0);
		break;
	case TAP_VALUE_AVG:
	case TAP_VALUE_STATS:
		do {
			n = READ_ONCE(word[1]);
			sum = READ_ONCE(word[0]);
		} while (n != READ_ONCE(word[1]));
		local_sub(sum, (local_t *)&word[0]);
		local_sub(n, (local_t *)&word[1]);
		break;
	default:
		for (w = 0; w < v->words; w++)
			local_sub(READ_ONCE(word[w]), (local_t *)&word[w]);
		break;
	}
}

#else /* !CONFIG_64BIT */

static bool tap_zero_begin(struct tap_store *s, unsigned long *flags)
{
	return tap_update_begin(s, 0, flags);
}

static void tap_zero_end(struct tap_store *s, unsigned long flags)
{
	tap_update_end(s, flags);
}

static void tap_value_zero(const struct tap_value *v, u64 *word)
{
	memset(word, 0, v->words * sizeof(u64));
}

#endif /* CONFIG_64BIT */

/* Entry @i of this CPU, or of one that is off: @cpu. */
static void tap_entry_zero(struct tap_store *s, struct tap_store_cpu *cpu, u32 i)
{
	const struct tap_value *v = s->shape->values;
	const struct tap_value *end = v + s->shape->nr_values;
	u64 *words = tap_words(s, cpu, i);
	unsigned long flags;

	if (!memchr_inv(words, 0, s->value_stride))
		return;
	if (!tap_zero_begin(s, &flags))
		return;
	for (; v < end; v++)
		tap_value_zero(v, words + v->offset);
	tap_zero_end(s, flags);
}

struct tap_zero {
	struct tap_store	*store;
	struct tap_store_cpu	*cpu;
};

static long tap_cpu_zero(void *data)
{
	struct tap_zero *zero = data;
	u32 i;

	for (i = 1; i <= zero->store->nr; i++) {
		tap_entry_zero(zero->store, zero->cpu, i);
		if (!(i % 256))
			cond_resched();
	}
	return 0;
}

/**
 * trace_tap_store_zero - set all values to 0; the entries stay
 * @s: the store
 *
 * Each CPU does that with its own. An NMI in the midst of it may count in one
 * value of an entry and not in the next. Sleeps.
 */
void trace_tap_store_zero(struct tap_store *s)
{
	struct tap_zero zero = { .store = s };
	unsigned int cpu;

	trace_tap_store_forget(s);
	if (s->plain) {
		trace_tap_plain_zero(s);
		return;
	}
	cpus_read_lock();
	for_each_possible_cpu(cpu) {
		zero.cpu = per_cpu_ptr(s->cpus, cpu);
		if (cpu_online(cpu))
			work_on_cpu(cpu, tap_cpu_zero, &zero);
		else
			tap_cpu_zero(&zero);
	}
	cpus_read_unlock();
	WRITE_ONCE(s->zeroed, true);
}
