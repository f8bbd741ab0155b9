/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: tables, which programs fill and people read.
 *
 *	@us[read] = hist(...)		table.c		shape, limits, life
 *	      |				store.c		keys -> entries
 *	      |				plain.c		values that are assigned
 *	      |				agg.c		values of entries
 *	      |				stack.c		stacks -> ids
 *	      v
 *	tables/us			table_file.c	files, commands
 *	table_control			table_control.c	all tables of an instance
 *					table_sort.c	what is printed, in order
 *					table_show.c	and how
 *					table_dump.c	the same when the kernel dies
 *
 * A table is a hash table of entries that were all allocated when it was made.
 * An entry has a key and, if its value is plain, that value; what aggregates has
 * a copy a CPU, in memory of its own:
 *
 *	buckets[hash] -> entry { next, hash, key, plain value }
 *	cpu 0: values[entry]	cpu 1: values[entry]	...
 *
 * Aggregating looks the entry up without a lock and then writes to the CPU's own
 * memory only. An entry that was removed is not used again before a grace
 * period, so that what is aggregated at the same time goes nowhere and never to
 * another key. Plain values are written, and entries made and removed, under the
 * lock of a group of buckets. An NMI that interrupted the holder of any such lock
 * on its CPU does not wait: what it wanted to do is a drop, which is counted.
 *
 * Context: what programs call runs with preemption off, in any context. What
 * files call may sleep.
 */
#ifndef _TRACE_TAP_TABLE_H
#define _TRACE_TAP_TABLE_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "tap.h"

struct dentry;
struct seq_buf;
struct trace_array;
struct trace_event_call;
struct tap_store;
struct tap_stacks;

#define TAP_DEF_ENTRIES		4096
#define TAP_MAX_ENTRIES		(16U << 20)
#define TAP_DEF_STACKS		4096		/* stacks of an instance */
#define TAP_DEF_MEMORY		(64UL << 20)	/* bytes of an instance's tables */

/**
 * struct trace_tap_tables - the tables of an instance; trace_array.tap_tables
 * @tr: the instance
 * @lock: protects the lists, sizes and names; taken in event_mutex, and alone.
 *	Nothing that programs call takes it
 * @list: all tables, in the order they were made; @lock; a dump reads it, RCU
 * @memory: bytes of all tables and stacks, per-CPU copies included; @lock
 * @limit: the most of it; @lock
 * @stacks: where their stacks are, or NULL as long as no program needs any; set
 *	once, read without a lock
 * @dir: tables/; immutable
 * @dumped: hash of what an oops printed last, or 0; one dump runs at a time
 */
struct trace_tap_tables {
	struct trace_array	*tr;
	struct mutex		lock;	/* see above */
	struct list_head	list;
	size_t			memory;
	size_t			limit;
	struct tap_stacks	*stacks;
	struct dentry		*dir;
	u32			dumped;
};

/**
 * struct trace_tap_table - a table
 * @store: its entries; replaced when it is resized; RCU, written under
 *	tables->lock
 * @shape: what it holds; immutable
 * @tables: its instance; immutable
 * @node: in tables->list; tables->lock
 * @arena: memory of @shape; immutable
 * @refs: the list, programs and open files; tables->lock
 * @users: programs alone: who must let go before it can be removed;
 *	tables->lock
 * @entries: how many it has room for; tables->lock
 * @evict: the oldest entry makes room for a new one; tables->lock
 * @dentry: its file; tables->lock
 * @defer: for clear() and zero() of programs; private to table.c
 */
struct trace_tap_table {
	struct tap_store __rcu	*store;
	struct tap_shape	*shape;
	struct trace_tap_tables	*tables;
	struct list_head	node;
	struct tap_arena	arena;
	unsigned int		refs;
	unsigned int		users;
	unsigned int		entries;
	bool			evict;
	struct dentry		*dentry;
	struct trace_tap_table_defer	*defer;
};

/**
 * struct trace_tap_entry - one entry, as it was at one time
 * @key: shape->key_size bytes; strings end with a NUL
 * @values: shape->value_words words, summed over CPUs: a plain integer as it is,
 *	a stack its id, a string its bytes. Aggregations: count: the number; sum;
 *	min and max: the value; avg and stats: the sum, then the number; hist and
 *	lhist: a word a bucket
 */
struct trace_tap_entry {
	const void	*key;
	const u64	*values;
};

/**
 * struct trace_tap_table_state - what the header of a table's file says
 * @entries: entries there are
 * @capacity: entries there is room for
 * @drops: what could not be done: no room, or an NMI in the way
 * @evicted: entries that made room for others
 * @memory: bytes
 */
struct trace_tap_table_state {
	u64	entries;
	u64	capacity;
	u64	drops;
	u64	evicted;
	size_t	memory;
};

/* ---------------------------------------------- table.c: for files, programs */

/*
 * trace_tap_table_find() to trace_tap_table_remove() and trace_tap_stacks_need()
 * are called with tables->lock held. The others take what they need; who calls
 * them has a reference of the table, or holds tables->lock, or, for
 * trace_tap_table_peek(), knows that nothing else happens any more. A program
 * that lets go of a table with its last trace_tap_table_put() does not run any
 * more.
 */
int trace_tap_tables_need(struct trace_array *tr);
int trace_tap_tables_init(struct trace_array *tr, struct dentry *parent);
void trace_tap_tables_free(struct trace_array *tr);
void trace_tap_tables_catch_up(void);

struct trace_tap_table *trace_tap_table_find(struct trace_tap_tables *tables,
					     const char *name);
struct trace_tap_table *trace_tap_table_make(struct trace_tap_tables *tables,
					     const struct tap_shape *shape,
					     unsigned int entries, bool evict,
					     struct tap_error *e);
void trace_tap_table_get(struct trace_tap_table *table, bool user);
void trace_tap_table_put(struct trace_tap_table *table, bool user);
int trace_tap_table_resize(struct trace_tap_table *table, unsigned int entries,
			   bool evict, struct tap_error *e);
int trace_tap_table_remove(struct trace_tap_table *table);
void trace_tap_table_clear(struct trace_tap_table *table);
void trace_tap_table_zero(struct trace_tap_table *table);
void trace_tap_table_state(struct trace_tap_table *table,
			   struct trace_tap_table_state *state);

int trace_tap_table_snapshot(struct trace_tap_table *table, void **keys,
			     u64 **values, unsigned int *nr);
bool trace_tap_table_peek(struct trace_tap_table *table, unsigned int *pos,
			  void *key, u64 *values);

int trace_tap_stacks_need(struct trace_tap_tables *tables, struct tap_error *e);
void trace_tap_stacks_state(struct trace_tap_tables *tables,
			    struct trace_tap_table_state *state);

/* ------------------------------------ store.c and agg.c: what programs call */

u64 trace_tap_table_helper_has(u64 table, u64 key, u64 a3, u64 a4, u64 a5);
u64 trace_tap_table_helper_get(u64 table, u64 key, u64 nr, u64 a4, u64 a5);
u64 trace_tap_table_helper_getstr(u64 table, u64 key, u64 dst, u64 len, u64 a5);
u64 trace_tap_table_helper_put(u64 table, u64 key, u64 value, u64 a4, u64 a5);
u64 trace_tap_table_helper_putstr(u64 table, u64 key, u64 src, u64 a4, u64 a5);
u64 trace_tap_table_helper_inc(u64 table, u64 key, u64 by, u64 a4, u64 a5);
u64 trace_tap_table_helper_count(u64 table, u64 key, u64 nr, u64 a4, u64 a5);
u64 trace_tap_table_helper_sum(u64 table, u64 key, u64 nr, u64 value, u64 a5);
u64 trace_tap_table_helper_agg(u64 table, u64 key, u64 nr, u64 value, u64 a5);
u64 trace_tap_table_helper_hist(u64 table, u64 key, u64 nr, u64 value, u64 a5);
u64 trace_tap_table_helper_del(u64 table, u64 key, u64 a3, u64 a4, u64 a5);
u64 trace_tap_table_helper_clear(u64 table, u64 a2, u64 a3, u64 a4, u64 a5);
u64 trace_tap_table_helper_zero(u64 table, u64 a2, u64 a3, u64 a4, u64 a5);

/* ---------------------------------------------------------------- stack.c */

u32 trace_tap_stack_add(struct tap_stacks *stacks, const unsigned long *frames,
			unsigned int nr, u32 tgid);
unsigned int trace_tap_stack_find(struct tap_stacks *stacks, u32 id,
				  unsigned long *frames, unsigned int max,
				  u32 *tgid);

/* ------------------------- table_file.c, table_control.c, table_dump.c: files */

int trace_tap_table_file_make(struct trace_tap_table *table);
void trace_tap_table_file_remove(struct trace_tap_table *table);
int trace_tap_table_control_init(struct trace_array *tr, struct dentry *parent);
int trace_tap_table_line(struct trace_array *tr, const char *line,
			 struct tap_error *e);
void trace_tap_tables_dump(struct trace_array *tr);

int trace_tap_table_dump_need(const struct tap_shape *shape);
void trace_tap_table_log(struct trace_array *tr, const char *text,
			 const struct tap_error *e);
const char *trace_tap_table_size(const char *text, const char *at,
				 unsigned int *entries, struct tap_error *e);

/* ------------------------------- table_sort.c, table_show.c: what files show */

/**
 * struct trace_tap_rank - place of an entry in a view
 * @rank: orders as its first value does, or, of a string, its first 8 bytes
 * @index: of the entry in @keys and @values of the view
 */
struct trace_tap_rank {
	u64	rank;
	u32	index;
};

/**
 * struct trace_tap_view - the entries of a table at one time, in order
 * @table: the table; the view does not hold it
 * @state: what the header says
 * @nr: entries
 * @keys: their keys
 * @values: their values
 * @order: which is which, ascending
 * @frames: room for a stack
 */
struct trace_tap_view {
	struct trace_tap_table		*table;
	struct trace_tap_table_state	state;
	unsigned int			nr;
	void				*keys;
	u64				*values;
	struct trace_tap_rank		*order;
	unsigned long			frames[TAP_MAX_STACK];
};

struct trace_tap_view *trace_tap_view_new(struct trace_tap_table *table);
void trace_tap_view_free(struct trace_tap_view *view);
void trace_tap_view_entry(const struct trace_tap_view *view, unsigned int nr,
			  struct trace_tap_entry *entry);
u64 trace_tap_value_total(const struct tap_value *value, const u64 *words);

const char *trace_tap_table_title(const struct tap_shape *shape);
void trace_tap_show_shape(struct seq_buf *s, const struct tap_shape *shape);
void trace_tap_show_header(struct seq_buf *s, struct trace_tap_table *table,
			   const struct trace_tap_table_state *state);
void trace_tap_show_entry(struct seq_buf *s, struct trace_tap_table *table,
			  const struct trace_tap_entry *entry,
			  unsigned long *frames, bool brief);

/* ---------------------------------------------------------------- names.c */

/* Names of events, by the number that a key of form TAP_FORM_PROBE holds. */
u32 trace_tap_probe_id(const char *system, const char *event);
const char *trace_tap_probe_name(u32 id);

const char *trace_tap_syscall_name(u64 nr);
const struct tap_names *trace_tap_event_names(struct trace_event_call *call,
					      const char *field,
					      struct tap_arena *arena);

#endif /* _TRACE_TAP_TABLE_H */
