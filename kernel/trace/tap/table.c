// SPDX-License-Identifier: GPL-2.0
/*
 * tap: the tables of an instance: names, memory, life; copies of what they hold.
 *
 *	in:	"@us[u64.syscall] = hist", 4096 entries
 *	out:	struct trace_tap_table, tables/us
 *
 * A table lives as long as anyone has a reference. The list of its instance has
 * one until it is removed, which needs that no program uses it.
 *
 * What programs ask for, clear and zero, cannot be done where they run:
 *
 *	program -> irq_work -> work, which may sleep
 *
 * and so entries in limbo come back. trace_tap_table_defer.lock keeps the store
 * in its place meanwhile; it is taken inside tables->lock, or alone.
 */
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/rculist.h>
#include <linux/tracefs.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include "../trace.h"
#include "store.h"

/* Buckets that are looked at in a few milliseconds. */
#define TAP_PEEK_BUCKETS	(1024 * 1024)

/* Of a table whose size nobody said: so much of the instance's memory at most. */
#define TAP_DEF_SHARE		16
#define TAP_DEF_MIN_ENTRIES	64

enum tap_asked {
	TAP_ASKED_CLEAR,
	TAP_ASKED_ZERO,
};

/**
 * struct trace_tap_table_defer - what a table's programs ask for
 * @irq: leaves whatever context that was
 * @work: does it
 * @lock: the store is not replaced, and one does this at a time
 * @asked: enum tap_asked, a bit each
 * @table: whose it is
 * @gone: in a list of tables to free; a dump may still be at the table's node
 */
struct trace_tap_table_defer {
	struct irq_work		irq;
	struct work_struct	work;
	struct mutex		lock;	/* see above */
	unsigned long		asked;
	struct trace_tap_table	*table;
	struct list_head	gone;
};

/* ---------------------------------------------------- what programs ask for */

static struct tap_store *tap_store_locked(struct trace_tap_table *table)
{
	return rcu_dereference_protected(table->store,
					 lockdep_is_held(&table->defer->lock));
}

static void tap_defer_work(struct work_struct *work)
{
	struct trace_tap_table_defer *d =
		container_of(work, struct trace_tap_table_defer, work);
	struct tap_store *s;

	mutex_lock(&d->lock);
	s = tap_store_locked(d->table);
	if (test_and_clear_bit(TAP_ASKED_CLEAR, &d->asked))
		trace_tap_store_clear(s);
	if (test_and_clear_bit(TAP_ASKED_ZERO, &d->asked))
		trace_tap_store_zero(s);
	trace_tap_store_reclaim(s);
	mutex_unlock(&d->lock);
}

static void tap_defer_irq(struct irq_work *irq)
{
	struct trace_tap_table_defer *d =
		container_of(irq, struct trace_tap_table_defer, irq);

	queue_work(system_unbound_wq, &d->work);
}

/**
 * trace_tap_table_work - have the work of a table done soon
 * @irq: of the table
 *
 * Before there are interrupts, the one that this asks for may be lost, and after
 * it all that CPU's others. trace_tap_tables_catch_up() does what is left.
 *
 * Context: any.
 */
void trace_tap_table_work(struct irq_work *irq)
{
	if (likely(system_state != SYSTEM_BOOTING))
		irq_work_queue(irq);
}

static struct trace_tap_table_defer *tap_defer_new(struct trace_tap_table *table)
{
	struct trace_tap_table_defer *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	d->table = table;
	mutex_init(&d->lock);
	init_irq_work(&d->irq, tap_defer_irq);
	INIT_WORK(&d->work, tap_defer_work);
	return d;
}

static void tap_ask(u64 table, enum tap_asked what)
{
	struct trace_tap_table *t = (void *)(unsigned long)table;

	set_bit(what, &t->defer->asked);
	trace_tap_table_work(&t->defer->irq);
}

u64 trace_tap_table_helper_clear(u64 table, u64 a2, u64 a3, u64 a4, u64 a5)
{
	tap_ask(table, TAP_ASKED_CLEAR);
	return 0;
}

u64 trace_tap_table_helper_zero(u64 table, u64 a2, u64 a3, u64 a4, u64 a5)
{
	tap_ask(table, TAP_ASKED_ZERO);
	return 0;
}

/* ------------------------------------------------------------------ memory */

/* @more bytes, once @less are given back: 0 or -ENOSPC. */
static int tap_memory_check(const struct trace_tap_tables *tables, u64 more,
			    size_t less, struct tap_error *e)
{
	size_t used = tables->memory - less;

	if (used <= tables->limit && more <= tables->limit - used)
		return 0;
	snprintf(e->detail, sizeof(e->detail),
		 "%llu bytes wanted, %zu of %zu in use", more, used,
		 tables->limit);
	return trace_tap_error(e, -ENOSPC, TAP_ERR_TABLE_MEMORY, e->pos);
}

/* How many entries a table gets that should have @entries, 0: nobody said. */
static unsigned int tap_entries(const struct trace_tap_tables *tables,
				const struct tap_shape *shape,
				unsigned int entries, bool evict)
{
	if (!shape->nr_parts)
		return 1;
	if (entries)
		return entries;
	entries = TAP_DEF_ENTRIES;
	while (entries > TAP_DEF_MIN_ENTRIES &&
	       trace_tap_store_size(shape, entries, evict) >
	       tables->limit / TAP_DEF_SHARE)
		entries /= 2;
	return entries;
}

/* ------------------------------------------------------------------ tables */

/* Free what is on no list of an instance any more, and has no references. */
static void tap_tables_free_list(struct list_head *gone)
{
	struct trace_tap_table_defer *d, *next;
	struct trace_tap_table *table;

	if (list_empty(gone))
		return;
	/* A dump may be at any of them */
	tracepoint_synchronize_unregister();
	list_for_each_entry_safe(d, next, gone, gone) {
		table = d->table;
		irq_work_sync(&d->irq);
		cancel_work_sync(&d->work);
		trace_tap_store_free(rcu_dereference_protected(table->store, true));
		mutex_destroy(&d->lock);
		kfree(d);
		trace_tap_arena_free(&table->arena);
		kfree(table);
	}
}

/**
 * trace_tap_table_find - find a table by its name
 * @tables: of an instance
 * @name: the name
 *
 * Return: the table, without a reference, or NULL.
 * Context: tables->lock.
 */
struct trace_tap_table *trace_tap_table_find(struct trace_tap_tables *tables,
					     const char *name)
{
	struct trace_tap_table *table;

	lockdep_assert_held(&tables->lock);
	list_for_each_entry(table, &tables->list, node) {
		if (!strcmp(table->shape->name, name))
			return table;
	}
	return NULL;
}

static struct trace_tap_table *tap_table_new(struct trace_tap_tables *tables,
					     const struct tap_shape *shape,
					     unsigned int entries, bool evict)
{
	struct trace_tap_table *table = kzalloc(sizeof(*table), GFP_KERNEL);
	struct tap_store *s;

	if (!table)
		return NULL;
	table->tables = tables;
	table->refs = 1;
	table->entries = entries;
	table->evict = evict;
	table->shape = trace_tap_shape_copy(&table->arena, shape);
	table->defer = tap_defer_new(table);
	if (!table->shape || table->arena.failed || !table->defer)
		goto fail;
	s = trace_tap_store_new(table->shape, entries, evict, &table->defer->irq);
	if (!s)
		goto fail;
	RCU_INIT_POINTER(table->store, s);
	return table;
fail:
	kfree(table->defer);
	trace_tap_arena_free(&table->arena);
	kfree(table);
	return NULL;
}

/* One reference less; after the last, onto the list @gone. */
static void tap_table_drop(struct trace_tap_table *table, struct list_head *gone)
{
	struct trace_tap_tables *tables = table->tables;

	if (--table->refs)
		return;
	tables->memory -= rcu_dereference_protected(table->store, true)->size;
	list_add(&table->defer->gone, gone);
}

/**
 * trace_tap_table_make - make a table
 * @tables: of an instance
 * @shape: what it holds, and its name; copied
 * @entries: how many at most; 0: as many as is usual
 * @evict: the oldest entry makes room for a new one
 * @e: error; its position is left alone
 *
 * Return: the table, which only the list has a reference of, or NULL: there is
 * one of that name, or no memory, -ENOSPC if only the instance has too little.
 * Context: tables->lock. Sleeps.
 */
struct trace_tap_table *trace_tap_table_make(struct trace_tap_tables *tables,
					     const struct tap_shape *shape,
					     unsigned int entries, bool evict,
					     struct tap_error *e)
{
	struct trace_tap_table *table;
	int ret;

	lockdep_assert_held(&tables->lock);
	if (trace_tap_table_find(tables, shape->name)) {
		trace_tap_error(e, -EEXIST, TAP_ERR_TABLE_EXISTS, e->pos);
		return NULL;
	}
	if (entries > TAP_MAX_ENTRIES) {
		trace_tap_error(e, -EINVAL, TAP_ERR_BAD_NUMBER, e->pos);
		return NULL;
	}
	entries = tap_entries(tables, shape, entries, evict);
	if (tap_memory_check(tables, trace_tap_store_size(shape, entries, evict),
			     0, e))
		return NULL;
	table = tap_table_new(tables, shape, entries, evict);
	if (!table) {
		trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, e->pos);
		return NULL;
	}
	tables->memory += rcu_access_pointer(table->store)->size;
	list_add_tail_rcu(&table->node, &tables->list);
	ret = trace_tap_table_file_make(table);
	if (ret) {
		trace_tap_error(e, ret, TAP_ERR_NONE, e->pos);
		trace_tap_table_remove(table);
		return NULL;
	}
	return table;
}

/**
 * trace_tap_table_get - one more reference
 * @table: the table
 * @user: of a program, which keeps the table from being removed
 *
 * Context: tables->lock.
 */
void trace_tap_table_get(struct trace_tap_table *table, bool user)
{
	lockdep_assert_held(&table->tables->lock);
	table->refs++;
	table->users += user;
}

/**
 * trace_tap_table_put - one less
 * @table: the table; after the last, it is gone
 * @user: as it was for trace_tap_table_get(); the program does not run any more
 *
 * Context: tables->lock. Sleeps.
 */
void trace_tap_table_put(struct trace_tap_table *table, bool user)
{
	LIST_HEAD(gone);

	lockdep_assert_held(&table->tables->lock);
	table->users -= user;
	tap_table_drop(table, &gone);
	tap_tables_free_list(&gone);
}

/**
 * trace_tap_table_resize - have room for another number of entries, and none yet
 * @table: the table
 * @entries: how many; 0: as many as is usual
 * @evict: the oldest entry makes room for a new one
 * @e: error; its position is left alone
 *
 * Return: 0 or a negative errno: nothing has changed.
 * Context: tables->lock. Sleeps.
 */
int trace_tap_table_resize(struct trace_tap_table *table, unsigned int entries,
			   bool evict, struct tap_error *e)
{
	struct trace_tap_tables *tables = table->tables;
	struct tap_store *s, *old;
	int ret;

	lockdep_assert_held(&tables->lock);
	old = rcu_dereference_protected(table->store, true);
	if (entries > TAP_MAX_ENTRIES)
		return trace_tap_error(e, -EINVAL, TAP_ERR_BAD_NUMBER, e->pos);
	entries = tap_entries(tables, table->shape, entries, evict);
	ret = tap_memory_check(tables, trace_tap_store_size(table->shape, entries,
							    evict),
			       old->size, e);
	if (ret)
		return ret;
	s = trace_tap_store_new(table->shape, entries, evict, &table->defer->irq);
	if (!s)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, e->pos);
	mutex_lock(&table->defer->lock);
	rcu_assign_pointer(table->store, s);
	mutex_unlock(&table->defer->lock);
	table->entries = entries;
	table->evict = evict;
	tables->memory = tables->memory - old->size + s->size;
	tracepoint_synchronize_unregister();
	trace_tap_store_free(old);
	return 0;
}

/**
 * trace_tap_table_remove - take a table out of its instance
 * @table: the table, of which the list has a reference
 *
 * Return: 0, or -EBUSY if programs use it.
 * Context: tables->lock. Sleeps.
 */
int trace_tap_table_remove(struct trace_tap_table *table)
{
	lockdep_assert_held(&table->tables->lock);
	if (table->users)
		return -EBUSY;
	list_del_rcu(&table->node);
	trace_tap_table_file_remove(table);
	trace_tap_table_put(table, false);
	return 0;
}

/**
 * trace_tap_table_clear - remove all entries
 * @table: the table
 *
 * Sleeps.
 */
void trace_tap_table_clear(struct trace_tap_table *table)
{
	mutex_lock(&table->defer->lock);
	trace_tap_store_clear(tap_store_locked(table));
	trace_tap_store_reclaim(tap_store_locked(table));
	mutex_unlock(&table->defer->lock);
}

/**
 * trace_tap_table_zero - set the values of all entries to 0
 * @table: the table
 *
 * Sleeps.
 */
void trace_tap_table_zero(struct trace_tap_table *table)
{
	mutex_lock(&table->defer->lock);
	trace_tap_store_zero(tap_store_locked(table));
	mutex_unlock(&table->defer->lock);
}

/**
 * trace_tap_table_state - count what is in a table
 * @table: the table
 * @state: result
 *
 * Context: any.
 */
void trace_tap_table_state(struct trace_tap_table *table,
			   struct trace_tap_table_state *state)
{
	rcu_read_lock();
	trace_tap_store_state(rcu_dereference(table->store), state);
	rcu_read_unlock();
}

/* ------------------------------------------------------------------- copies */

/**
 * struct tap_copy - a copy of entries in the making
 * @keys: their keys, kvmalloc'ed
 * @values: their values, kvmalloc'ed
 * @nr: how many
 * @room: how many there is room for
 */
struct tap_copy {
	char		*keys;
	u64		*values;
	unsigned int	nr;
	unsigned int	room;
};

static void tap_copy_entry(const struct tap_store *s, u32 i, void *key,
			   u64 *values)
{
	struct tap_entry *entry = tap_entry(s, i);

	memcpy(key, entry->key, s->key_words * sizeof(u64));
	if (s->plain)
		memcpy(values, tap_plain(s, entry), s->value_words * sizeof(u64));
	else
		trace_tap_store_values(s, i, values);
}

/* Bytes of keys may be 0: ZERO_SIZE_PTR is as good as any. */
static int tap_copy_grow(const struct tap_store *s, struct tap_copy *copy,
			 unsigned int room)
{
	size_t key = s->key_words * sizeof(u64);
	size_t value = s->value_words * sizeof(u64);
	u64 *values;
	char *keys;

	keys = kvmalloc_array(room, key, GFP_KERNEL | __GFP_NOWARN);
	values = kvmalloc_array(room, value, GFP_KERNEL | __GFP_NOWARN);
	if (!keys || !values) {
		kvfree(keys);
		kvfree(values);
		return -ENOMEM;
	}
	if (copy->nr) {
		memcpy(keys, copy->keys, copy->nr * key);
		memcpy(values, copy->values, copy->nr * value);
	}
	kvfree(copy->keys);
	kvfree(copy->values);
	copy->keys = keys;
	copy->values = values;
	copy->room = room;
	return 0;
}

/* Copy a chain; false if there is no room for all of it, then nothing has been. */
static bool tap_copy_chain(const struct tap_store *s, struct tap_copy *copy,
			   unsigned int bucket)
{
	size_t key = s->key_words * sizeof(u64);
	unsigned int nr = copy->nr;
	u32 i;

	for (i = READ_ONCE(s->buckets[bucket]); i;
	     i = READ_ONCE(tap_entry(s, i)->next)) {
		if (nr == copy->room)
			return false;
		tap_copy_entry(s, i, copy->keys + nr * key,
			       copy->values + (size_t)nr * s->value_words);
		nr++;
	}
	copy->nr = nr;
	return true;
}

static bool tap_copy_bucket(struct tap_store *s, struct tap_copy *copy,
			    unsigned int bucket)
{
	struct tap_group *group = &s->groups[bucket & s->group_mask];
	unsigned long flags;
	bool done;

	if (!READ_ONCE(s->buckets[bucket]))
		return true;
	if (!s->plain) {
		rcu_read_lock();
		done = tap_copy_chain(s, copy, bucket);
		rcu_read_unlock();
		return done;
	}
	tap_section_of_task(&flags);
	arch_spin_lock(&group->lock);
	done = tap_copy_chain(s, copy, bucket);
	arch_spin_unlock(&group->lock);
	tap_section_end(flags);
	return done;
}

static int tap_copy_store(struct tap_store *s, struct tap_copy *copy)
{
	unsigned int b, buckets = tap_nr_buckets(s);
	struct trace_tap_table_state state;
	int ret;

	trace_tap_store_state(s, &state);
	ret = tap_copy_grow(s, copy, state.entries + 16);
	for (b = 0; b < buckets && !ret; b++) {
		while (!ret && !tap_copy_bucket(s, copy, b))
			ret = tap_copy_grow(s, copy, copy->room + copy->room / 4 + 16);
		if (!(b % 64))
			cond_resched();
	}
	return ret;
}

/**
 * trace_tap_table_snapshot - copy all entries
 * @table: the table
 * @keys: result: shape->key_size bytes each; kvfree() it
 * @values: result: shape->value_words words each; kvfree() it
 * @nr: result: how many
 *
 * Each entry is one that there was. One that comes or goes meanwhile may be among
 * them or not, and what CPUs add meanwhile may be counted or not.
 *
 * Return: 0 or -ENOMEM. Sleeps.
 */
int trace_tap_table_snapshot(struct trace_tap_table *table, void **keys,
			     u64 **values, unsigned int *nr)
{
	struct tap_copy copy = {};
	int ret;

	mutex_lock(&table->defer->lock);
	ret = tap_copy_store(tap_store_locked(table), &copy);
	mutex_unlock(&table->defer->lock);
	if (ret) {
		kvfree(copy.keys);
		kvfree(copy.values);
		return ret;
	}
	*keys = copy.keys;
	*values = copy.values;
	*nr = copy.nr;
	return 0;
}

/**
 * trace_tap_table_peek - copy one entry after the other, when the kernel dies
 * @table: the table
 * @pos: where to go on; 0 at first
 * @key: result: shape->key_size bytes
 * @values: result: shape->value_words words
 *
 * Takes no lock: an entry that is written to at the same time may be half of
 * what it was.
 *
 * Return: true if there was another entry.
 * Context: any, interrupts off.
 */
bool trace_tap_table_peek(struct trace_tap_table *table, unsigned int *pos,
			  void *key, u64 *values)
{
	const struct tap_store *s = rcu_dereference_raw(table->store);
	unsigned int buckets = tap_nr_buckets(s);
	unsigned int bucket = *pos >> 8, depth = *pos & 255, n;
	u32 i;

	/* Buckets are 2^24 at most; an entry deeper than 254 is not shown */
	for (; bucket < buckets; bucket++, depth = 0) {
		/* All may be empty, and interrupts are off */
		if (!(bucket % TAP_PEEK_BUCKETS))
			touch_nmi_watchdog();
		i = READ_ONCE(s->buckets[bucket]);
		for (n = 0; i && n < depth; n++)
			i = READ_ONCE(tap_entry(s, i)->next);
		if (!i || depth == 255)
			continue;
		tap_copy_entry(s, i, key, values);
		*pos = bucket << 8 | (depth + 1);
		return true;
	}
	*pos = UINT_MAX;
	return false;
}

/* ---------------------------------------------------------------- instances */

/**
 * trace_tap_stacks_need - have room for the stacks of an instance
 * @tables: of the instance
 * @e: error; its position is left alone
 *
 * Return: 0 or a negative errno.
 * Context: tables->lock. Sleeps.
 */
int trace_tap_stacks_need(struct trace_tap_tables *tables, struct tap_error *e)
{
	size_t size = trace_tap_stacks_size(TAP_DEF_STACKS);
	struct tap_stacks *stacks;
	int ret;

	lockdep_assert_held(&tables->lock);
	if (tables->stacks)
		return 0;
	ret = tap_memory_check(tables, size, 0, e);
	if (ret)
		return ret;
	stacks = trace_tap_stacks_new(TAP_DEF_STACKS);
	if (!stacks)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, e->pos);
	tables->memory += size;
	/* Who reads it without a lock depends on the address */
	smp_store_release(&tables->stacks, stacks);
	return 0;
}

/**
 * trace_tap_stacks_state - count the stacks of an instance
 * @tables: of the instance
 * @state: result; all 0 if it has no room for any
 *
 * Context: any.
 */
void trace_tap_stacks_state(struct trace_tap_tables *tables,
			    struct trace_tap_table_state *state)
{
	struct tap_stacks *stacks = READ_ONCE(tables->stacks);

	memset(state, 0, sizeof(*state));
	if (stacks)
		trace_tap_stacks_count(stacks, state);
}

/**
 * trace_tap_tables_catch_up - do what programs asked for before interrupts
 *
 * Called at core_initcall_sync. Sleeps.
 */
void __init trace_tap_tables_catch_up(void)
{
	struct trace_tap_table *table;
	struct trace_array *tr;

	guard(mutex)(&trace_types_lock);
	list_for_each_entry(tr, &ftrace_trace_arrays, list) {
		if (!tr->tap_tables)
			continue;
		guard(mutex)(&tr->tap_tables->lock);
		list_for_each_entry(table, &tr->tap_tables->list, node)
			irq_work_queue(&table->defer->irq);
	}
}

static struct trace_tap_tables *tap_tables_new(struct trace_array *tr)
{
	struct trace_tap_tables *tables = kzalloc(sizeof(*tables), GFP_KERNEL);

	if (!tables)
		return NULL;
	tables->tr = tr;
	tables->limit = TAP_DEF_MEMORY;
	mutex_init(&tables->lock);
	INIT_LIST_HEAD(&tables->list);
	return tables;
}

/**
 * trace_tap_tables_need - an instance can have tables, without files if it has
 * no directory yet
 * @tr: the instance
 *
 * Return: 0 or -ENOMEM.
 * Context: event_mutex, or before anybody else can know @tr. Sleeps.
 */
int trace_tap_tables_need(struct trace_array *tr)
{
	struct trace_tap_tables *tables;

	if (tr->tap_tables)
		return 0;
	tables = tap_tables_new(tr);
	if (!tables)
		return -ENOMEM;
	/* A dump may read it any time */
	smp_store_release(&tr->tap_tables, tables);
	return 0;
}

/**
 * trace_tap_tables_init - an instance gets files for its tables
 * @tr: the instance, which may have tables already
 * @parent: its directory; NULL is the root of tracefs
 *
 * Return: 0 or a negative errno.
 * Context: as trace_tap_tables_need(). Sleeps.
 */
int trace_tap_tables_init(struct trace_array *tr, struct dentry *parent)
{
	struct trace_tap_tables *tables;
	struct trace_tap_table *table;
	int ret;

	ret = trace_tap_tables_need(tr);
	if (ret)
		return ret;
	tables = tr->tap_tables;
	mutex_lock(&tables->lock);
	tables->dir = tracefs_create_dir("tables", parent);
	ret = tables->dir ? trace_tap_table_control_init(tr, parent) : -ENOMEM;
	list_for_each_entry(table, &tables->list, node) {
		if (!ret)
			ret = trace_tap_table_file_make(table);
	}
	mutex_unlock(&tables->lock);
	return ret;
}

/**
 * trace_tap_tables_free - an instance goes
 * @tr: the instance; its programs are gone, and so are files that were open, but
 *	its directory is still there
 *
 * Sleeps.
 */
void trace_tap_tables_free(struct trace_array *tr)
{
	struct trace_tap_tables *tables = tr->tap_tables;
	struct trace_tap_table *table, *next;
	LIST_HEAD(gone);

	if (!tables)
		return;
	mutex_lock(&tables->lock);
	list_for_each_entry_safe(table, next, &tables->list, node) {
		list_del_rcu(&table->node);
		trace_tap_table_file_remove(table);
		WARN_ON_ONCE(table->refs != 1);
		tap_table_drop(table, &gone);
	}
	tap_tables_free_list(&gone);
	mutex_unlock(&tables->lock);
	tracefs_remove(tables->dir);
	WRITE_ONCE(tr->tap_tables, NULL);
	/* A dump may be at it */
	synchronize_rcu();
	trace_tap_stacks_free(tables->stacks);
	mutex_destroy(&tables->lock);
	kfree(tables);
}
