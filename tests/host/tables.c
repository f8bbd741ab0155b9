// SPDX-License-Identifier: GPL-2.0
/*
 * What tables, formats, synthetic events and names of fields are on the host.
 *
 * In: operands of programs, for tap_scope.bind; then what programs do to them.
 * Out: text that says how things are afterwards:
 *
 *	printf %d %s: i:1 s:bash
 *	@t[s64] = count: 1 entries, 0 drops
 *	 0500000000000000: 3*3
 *
 * Everything is there once for each of HOST_WORLDS, the evaluator's and one for
 * each kind of machine: the same code runs for all, so that only what programs
 * ask for makes a difference.
 */
#include "host.h"
#include <stdarg.h>

#define MAX_ENTRIES	24	/* few, so that tables get full */
#define NR_BUCKETS	4096

/**
 * struct host_entry - an entry of a table
 * @next: the one made before
 * @n: how often each value was aggregated
 * @data: the key, then value_words words
 */
struct host_entry {
	struct host_entry	*next;
	u64			n[TAP_MAX_PARTS];
	u64			data[];
};

/**
 * struct host_object - what tap_operand.start points to
 * @next: in the bucket of its text
 * @next_address: in the bucket of its address
 * @type: TAP_TABLE, TAP_FORMAT, TAP_SYNTH or TAP_NAMES
 * @text: name, format or shape
 * @nr_args: of a format or synthetic event
 * @shape: of a table
 * @is_known: one of host_tables
 * @entries: of a table, newest first, of each world
 * @nr_entries: how many
 * @drops: how often there was no room
 */
struct host_object {
	struct host_object	*next;
	struct host_object	*next_address;
	enum tap_type		type;
	char			*text;
	unsigned int		nr_args;
	struct tap_shape	*shape;
	bool			is_known;
	struct host_entry	*entries[HOST_WORLDS];
	unsigned int		nr_entries[HOST_WORLDS];
	unsigned int		drops[HOST_WORLDS];
};

static struct host_object *objects[NR_BUCKETS];
static struct host_object *by_address[NR_BUCKETS];
static unsigned int world;
static struct host_text logs[HOST_WORLDS];

/* Tables that exist before any program does: filters may read them. */
static const char * const host_tables[] = {
	"@slow[s64] = u64",
	"@name[s64] = str16",
	"@cnt[s64] = count",
	"@one = s64",
	"@agg[str16, u64.hex] = count, sum, min, max, avg, stats",
	"@stk[s64] = kstack",
	"@h[u64.ksym] = hist(2), lhist(-10, 100, 7)",
};

/* ------------------------------------------------------------- what there is */

static unsigned int bucket_of(const char *text)
{
	unsigned int h = 0;

	while (*text)
		h = h * 31 + (u8)*text++;
	return h % NR_BUCKETS;
}

static void keep_part(struct tap_part *part)
{
	if (part->field)
		part->field = strdup(part->field);
	part->names = NULL;
}

/* A copy that no program and no failing allocation takes away. */
static struct tap_shape *keep_shape(const struct tap_shape *shape)
{
	struct tap_shape *copy = malloc(sizeof(*copy));
	unsigned int i;

	*copy = *shape;
	copy->name = strdup(shape->name ?: "");
	for (i = 0; i < copy->nr_parts; i++)
		keep_part(&copy->parts[i]);
	for (i = 0; i < copy->nr_values; i++)
		keep_part(&copy->values[i].plain);
	return copy;
}

static struct host_object *make_object(enum tap_type type, const char *text)
{
	struct host_object **bucket = &objects[bucket_of(text)], *o;

	for (o = *bucket; o; o = o->next) {
		if (o->type == type && !strcmp(o->text, text))
			return o;
	}
	o = calloc(1, sizeof(*o));
	o->type = type;
	o->text = strdup(text);
	o->next = *bucket;
	*bucket = o;
	bucket = &by_address[(uintptr_t)o / 16 % NR_BUCKETS];
	o->next_address = *bucket;
	*bucket = o;
	return o;
}

static struct host_object *make_table(const struct tap_shape *shape)
{
	char text[TAP_MAX_SHAPE_TEXT];
	struct host_object *o;

	trace_tap_shape_text(shape, text, sizeof(text));
	o = make_object(TAP_TABLE, text);
	if (!o->shape)
		o->shape = keep_shape(shape);
	return o;
}

/* One of host_tables, by its name, or NULL. */
static struct host_object *known_table(const char *name)
{
	static struct host_object *known[ARRAY_SIZE(host_tables)];
	struct tap_arena arena = {};
	struct tap_error e = {};
	long left = tap_alloc_left;
	struct tap_shape *shape;
	const char *end;
	unsigned int i;

	tap_alloc_left = -1;
	for (i = 0; i < ARRAY_SIZE(known) && !known[i]; i++) {
		shape = trace_tap_shape_parse(&arena, host_tables[i], &end, &e);
		if (!shape) {
			fprintf(stderr, "%s: %s\n", host_tables[i],
				trace_tap_err_text[e.code]);
			abort();
		}
		known[i] = make_table(shape);
		known[i]->is_known = true;
	}
	tap_alloc_left = left;
	trace_tap_arena_free(&arena);
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (*name && !strcmp(known[i]->shape->name, name))
			return known[i];
	}
	return NULL;
}

const struct tap_shape *host_table(void *event, const char *name)
{
	struct host_object *o = known_table(name);

	return o ? o->shape : NULL;
}

const struct tap_names *host_names(void *event, const char *name,
				   struct tap_arena *arena)
{
	static const char * const names[] = { "HI", "TIMER", "NET_TX" };
	struct tap_names *n;
	unsigned int i;

	if (strcmp(name, "u8") && strcmp(name, "u64"))
		return NULL;
	n = trace_tap_alloc(arena, struct_size(n, name, ARRAY_SIZE(names)));
	if (!n)
		return NULL;
	n->flags = !strcmp(name, "u64");
	n->nr = ARRAY_SIZE(names);
	for (i = 0; i < n->nr; i++) {
		n->name[i].value = n->flags ? 1U << i : i;
		n->name[i].name = names[i];
	}
	return n;
}

const char *host_synth(void *event, const char *name)
{
	if (!strcmp(name, "lat"))
		return "isi";
	if (!strcmp(name, "none"))
		return "";
	return !strcmp(name, "one") ? "i" : NULL;
}

static int bind_table(struct tap_operand *op, enum tap_prog_kind kind,
		      struct tap_error *e)
{
	struct host_object *o = known_table(op->shape->name);

	if (!o && kind == TAP_FILTER)
		return trace_tap_error(e, -ENOENT, TAP_ERR_NO_TABLE, 0);
	if (o && !trace_tap_shape_fits(o->shape, op->shape))
		return trace_tap_error(e, -EINVAL, TAP_ERR_WRONG_SHAPE, 0);
	if (!o)
		o = make_table(op->shape);
	op->shape = o->shape;
	op->start = (uintptr_t)o;
	return 0;
}

/**
 * host_bind - tap_scope.bind of the host
 * @event: the event
 * @op: a table, format, synthetic event or names of a field
 * @kind: of the program
 * @e: what is wrong
 *
 * Return: 0 or a negative errno.
 */
int host_bind(void *event, struct tap_operand *op, enum tap_prog_kind kind,
	      struct tap_error *e)
{
	struct host_object *o;

	if (op->type == TAP_TABLE)
		return bind_table(op, kind, e);
	o = make_object(op->type, op->text);
	if (op->type == TAP_FORMAT)
		o->nr_args = op->format->nr;
	if (op->type == TAP_SYNTH)
		o->nr_args = strlen(host_synth(event, op->text));
	op->start = (uintptr_t)o;
	return 0;
}

/**
 * host_object - what an address given to a helper is
 * @start: the address
 * @type: what it must be
 *
 * Return: the object, or NULL if it is none of that type.
 */
struct host_object *host_object(u64 start, enum tap_type type)
{
	struct host_object *o = by_address[start / 16 % NR_BUCKETS];

	while (o && (uintptr_t)o != start)
		o = o->next_address;
	return o && o->type == type ? o : NULL;
}

static void free_object(struct host_object *o)
{
	unsigned int i;

	if (o->shape) {
		for (world = 0; world < HOST_WORLDS; world++)
			host_table_clear(o);
		world = 0;
		for (i = 0; i < o->shape->nr_parts; i++)
			free((void *)o->shape->parts[i].field);
		for (i = 0; i < o->shape->nr_values; i++)
			free((void *)o->shape->values[i].plain.field);
		free((void *)o->shape->name);
		free(o->shape);
	}
	free(o->text);
	free(o);
}

/**
 * host_forget - free all that programs named
 *
 * For those who make ever new programs, when none is left.
 */
void host_forget(void)
{
	struct host_object **p, *o;
	unsigned int i;

	for (i = 0; i < NR_BUCKETS; i++) {
		for (p = &by_address[i]; (o = *p); ) {
			if (o->is_known)
				p = &o->next_address;
			else
				*p = o->next_address;
		}
	}
	for (i = 0; i < NR_BUCKETS; i++) {
		for (p = &objects[i]; (o = *p); ) {
			if (o->is_known) {
				p = &o->next;
				continue;
			}
			*p = o->next;
			free_object(o);
		}
	}
}

const struct tap_shape *host_object_shape(const struct host_object *o)
{
	return o->shape;
}

const char *host_object_text(const struct host_object *o)
{
	return o->text;
}

unsigned int host_object_args(const struct host_object *o)
{
	return o->nr_args;
}

/* ------------------------------------------------------------------- entries */

static u64 *words_of(const struct host_object *t, struct host_entry *e,
		     unsigned int nr)
{
	return e->data + t->shape->key_size / 8 + t->shape->values[nr].offset;
}

static struct host_entry *find_entry(const struct host_object *t,
				     const void *key)
{
	struct host_entry *e;

	for (e = t->entries[world]; e; e = e->next) {
		if (!memcmp(e->data, key, t->shape->key_size))
			return e;
	}
	return NULL;
}

/* NULL if there is no room. */
static struct host_entry *need_entry(struct host_object *t, const void *key)
{
	struct host_entry *e = find_entry(t, key);

	if (e)
		return e;
	if (t->nr_entries[world] == MAX_ENTRIES) {
		t->drops[world]++;
		return NULL;
	}
	e = calloc(1, sizeof(*e) + t->shape->key_size +
		      8 * t->shape->value_words);
	memcpy(e->data, key, t->shape->key_size);
	e->next = t->entries[world];
	t->entries[world] = e;
	t->nr_entries[world]++;
	return e;
}

/* @key: key_size bytes; anything if the table has none */
bool host_table_has(struct host_object *t, const void *key)
{
	return find_entry(t, key);
}

static u64 average(const struct tap_value *value, u64 sum, u64 n)
{
	if (!n)
		return 0;
	return value->is_signed ? (s64)sum / (s64)n : sum / n;
}

/* What GET reads of value @nr; 0 if there is no entry. */
u64 host_table_get(struct host_object *t, const void *key, unsigned int nr)
{
	const struct tap_value *value = &t->shape->values[nr];
	struct host_entry *e = find_entry(t, key);

	if (!e)
		return 0;
	switch (value->kind) {
	case TAP_VALUE_STATS:
	case TAP_VALUE_HIST:
	case TAP_VALUE_LHIST:
		return e->n[nr];
	case TAP_VALUE_AVG:
		return average(value, words_of(t, e, nr)[0], e->n[nr]);
	default:
		return words_of(t, e, nr)[0];
	}
}

/* The bytes of a string value, or NULL if there is no entry. */
const char *host_table_text(struct host_object *t, const void *key)
{
	struct host_entry *e = find_entry(t, key);

	return e ? (const char *)words_of(t, e, 0) : NULL;
}

void host_table_put(struct host_object *t, const void *key, u64 v)
{
	struct host_entry *e = need_entry(t, key);

	if (e)
		words_of(t, e, 0)[0] = v;
}

/* @text: as many bytes as the value has */
void host_table_put_text(struct host_object *t, const void *key,
			 const void *text)
{
	struct host_entry *e = need_entry(t, key);

	if (e)
		memcpy(words_of(t, e, 0), text, t->shape->values[0].plain.size);
}

void host_table_inc(struct host_object *t, const void *key, u64 by)
{
	struct host_entry *e = need_entry(t, key);

	if (e)
		words_of(t, e, 0)[0] += by;
}

/* The step of an lhist that @v is in, by going through all of them. */
static unsigned int lhist_bucket(const struct tap_value *value, s64 v)
{
	unsigned int i, nr = trace_tap_lhist_buckets(value);
	__int128 end = value->min;

	if (value->is_signed ? v < value->min : (u64)v < (u64)value->min)
		return 0;
	for (i = 1; i < nr - 1; i++) {
		end += value->step;
		if ((value->is_signed ? (__int128)v : (__int128)(u64)v) < end)
			break;
	}
	if ((value->is_signed ? (__int128)v : (__int128)(u64)v) >= value->max)
		return nr - 1;
	return i;
}

static bool is_less(const struct tap_value *value, u64 a, u64 b)
{
	return value->is_signed ? (s64)a < (s64)b : a < b;
}

void host_table_agg(struct host_object *t, const void *key, unsigned int nr,
		    u64 v)
{
	const struct tap_value *value = &t->shape->values[nr];
	struct host_entry *e = need_entry(t, key);
	u64 *w;

	if (!e)
		return;
	w = words_of(t, e, nr);
	switch (value->kind) {
	case TAP_VALUE_COUNT:
		w[0]++;
		break;
	case TAP_VALUE_SUM:
	case TAP_VALUE_AVG:
	case TAP_VALUE_STATS:
		w[0] += v;
		break;
	case TAP_VALUE_MIN:
		w[0] = !e->n[nr] || is_less(value, v, w[0]) ? v : w[0];
		break;
	case TAP_VALUE_MAX:
		w[0] = !e->n[nr] || is_less(value, w[0], v) ? v : w[0];
		break;
	case TAP_VALUE_HIST:
		w[trace_tap_hist_bucket(v, value->is_signed, value->bits)]++;
		break;
	case TAP_VALUE_LHIST:
		w[lhist_bucket(value, v)]++;
		break;
	default:
		abort();
	}
	e->n[nr]++;
}

void host_table_del(struct host_object *t, const void *key)
{
	struct host_entry **p, *e;

	for (p = &t->entries[world]; (e = *p); p = &e->next) {
		if (memcmp(e->data, key, t->shape->key_size))
			continue;
		*p = e->next;
		t->nr_entries[world]--;
		free(e);
		return;
	}
}

void host_table_clear(struct host_object *t)
{
	while (t->entries[world])
		host_table_del(t, t->entries[world]->data);
}

void host_table_zero(struct host_object *t)
{
	struct host_entry *e;

	for (e = t->entries[world]; e; e = e->next) {
		memset(e->n, 0, sizeof(e->n));
		memset(e->data + t->shape->key_size / 8, 0,
		       8 * t->shape->value_words);
	}
}

/* ------------------------------------------------------------------- worlds */

/* Say that something happened that no table knows. */
void host_log(const char *fmt, ...)
{
	struct host_text *log = &logs[world];
	size_t left = sizeof(log->s) - log->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(log->s + log->len, left, fmt, ap);
	va_end(ap);
	/* What has no room, has none in any world. */
	log->len += min_t(size_t, n, left - 1);
}

/* A few entries, so that reading finds some. */
static void seed_table(struct host_object *t)
{
	const struct tap_shape *shape = t->shape;
	u64 key[TAP_MAX_KEY / 8], text[TAP_MAX_KEY / 8];
	unsigned int i, j;

	for (i = 0; i < (shape->nr_parts ? 3 : 1); i++) {
		memset(key, 0, sizeof(key));
		memset(text, 0, sizeof(text));
		for (j = 0; j < shape->nr_parts; j++) {
			const struct tap_part *part = &shape->parts[j];

			if (part->kind == TAP_PART_STR)
				strscpy((char *)key + part->offset,
					host_strings[3 + i], part->size);
			else
				key[part->offset / 8] = i;
		}
		switch (shape->values[0].kind) {
		case TAP_VALUE_STR:
			strscpy((char *)text, host_strings[3 + i],
				min_t(size_t, shape->values[0].plain.size,
				      sizeof(text)));
			host_table_put_text(t, key, text);
			break;
		case TAP_VALUE_INT:
		case TAP_VALUE_STACK:
			host_table_put(t, key, i * 50);
			break;
		default:
			for (j = 0; j < shape->nr_values; j++)
				host_table_agg(t, key, j, i * 50 + j);
		}
	}
}

static bool is_table(const struct tap_operand *op)
{
	return op->type == TAP_TABLE && op->start;
}

/**
 * host_worlds_reset - begin anew, the same in all worlds
 * @prog: the program whose tables these are
 */
void host_worlds_reset(const struct tap_prog *prog)
{
	struct host_object *t;
	unsigned int i;

	for (world = 0; world < HOST_WORLDS; world++) {
		for (i = 0; i < prog->nr_operands; i++) {
			if (!is_table(&prog->operands[i]))
				continue;
			t = (void *)(uintptr_t)prog->operands[i].start;
			host_table_clear(t);
			t->drops[world] = 0;
			seed_table(t);
		}
	}
	world = 0;
}

/**
 * host_world_use - what follows is of this world; nothing happened in it yet
 * @nr: below HOST_WORLDS
 */
void host_world_use(unsigned int nr)
{
	world = nr;
	logs[nr].len = 0;
	logs[nr].s[0] = 0;
}

static void log_entry(struct host_object *t, struct host_entry *e)
{
	const u8 *key = (const u8 *)e->data;
	unsigned int i, j;

	host_log(" ");
	for (i = 0; i < t->shape->key_size; i++)
		host_log("%02x", key[i]);
	for (i = 0; i < t->shape->nr_values; i++) {
		const struct tap_value *value = &t->shape->values[i];
		u64 *w = words_of(t, e, i);

		host_log(" %llu*", (unsigned long long)e->n[i]);
		for (j = 0; j < value->words; j++) {
			if (w[j])
				host_log(" %u:%llx", j,
					 (unsigned long long)w[j]);
		}
	}
	host_log("\n");
}

/**
 * host_world_text - what happened since host_world_use(), and how tables are now
 * @prog: the program whose tables these are
 *
 * Return: text, valid until host_world_use() of the same world.
 */
const char *host_world_text(const struct tap_prog *prog)
{
	struct host_object *t;
	struct host_entry *e;
	unsigned int i;

	for (i = 0; i < prog->nr_operands; i++) {
		if (!is_table(&prog->operands[i]))
			continue;
		t = (void *)(uintptr_t)prog->operands[i].start;
		host_log("%s: %u entries, %u drops\n", t->text,
			 t->nr_entries[world], t->drops[world]);
		for (e = t->entries[world]; e; e = e->next)
			log_entry(t, e);
	}
	return logs[world].s;
}
