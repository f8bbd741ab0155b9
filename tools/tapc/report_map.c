// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of the kernel as bpftrace shows maps.
 *
 * In: the text of a table (Documentation/trace/tap-tables.rst, "What is shown").
 * Out, as text, as JSON, or as stacks for a flame graph:
 *
 *	@us["bash", 3] = 12			@us[bash, 3]:
 *		[4, 8)    12 |@@@@@|		[4, 8)                12 |@@@@@|
 *
 *	{"type": "hist", "data": {"@us": {"bash,3": [{"min": 4, "max": 7, ...}]}}}
 *	bash;vfs_read;xfs_file_read_iter 12
 *
 * Entries are shown one by one, from the table's text. The kernel has sorted
 * them, by their values; bpftrace does so only with numbers, else by the key.
 */
#include "tapc.h"
#include "report_show.h"

#define BAR_WIDTH	52

/**
 * struct listing - a map that is being shown
 * @r: report
 * @map: the map
 * @div: what values are divided by
 * @nr: entries that have been shown
 */
struct listing {
	struct report		*r;
	const struct map	*map;
	u64			div;
	u64			nr;
};

static bool has_buckets(const struct map *map)
{
	return map->kind == MAP_HIST || map->kind == MAP_LHIST;
}

/* -------------------------------------------------------------- histograms */

/**
 * struct bucket - a row of a histogram
 * @start: its first number, unless @is_below
 * @end: behind its last one, unless @is_above
 * @count: how often
 * @is_below: all that is less
 * @is_above: all that is more
 */
struct bucket {
	u64	start;
	u64	end;
	u64	count;
	bool	is_below;
	bool	is_above;
};

/* "16", "-5", "2K" */
static u64 read_bound(const char *s, const char *end)
{
	static const char units[] = "KMGTPE";
	u64 value = tapc_number(s, end);
	const char *unit;

	while (s < end && ((*s >= '0' && *s <= '9') || *s == '-'))
		s++;
	unit = s < end ? strchr(units, *s) : NULL;
	return unit && *unit ? value << (unit - units + 1) * 10 : value;
}

/* "[16, 32)   1 |@@@|", "[7]   1 |", "(..., 0)   1 |", "[64, ...)   1 |" */
static bool next_bucket(const char **at, struct bucket *b)
{
	const char *s, *end, *close, *comma;
	struct frame line;

	if (!tapc_next_line(at, &line))
		return false;
	*b = (struct bucket){};
	s = line.text;
	end = s + line.len;
	close = s + strcspn(s, "])\n");
	comma = memchr(s, ',', close - s);
	b->is_below = s < end && *s == '(';
	b->is_above = comma && close - comma > 2 && comma[2] == '.';
	if (s < close)
		b->start = read_bound(s + 1, close);
	/* Behind "(...," there is the end; "[7]" has none. */
	if (b->is_below)
		comma = memchr(s, ' ', close - s);
	b->end = comma ? read_bound(comma + 1 + !b->is_below, close) :
			 b->start + 1;
	s = close + (close < end);
	while (s < end && *s == ' ')
		s++;
	b->count = tapc_number(s, end);
	return true;
}

static const char *buckets(const struct slots *in)
{
	return tapc_block(in->lines, "value 0", 7);
}

/* With the largest unit in which all of a power of two's parts are whole. */
static void put_power(FILE *out, const struct listing *l, u64 bound)
{
	int power = bound ? 63 - __builtin_clzll(bound) : 0;
	unsigned int unit;

	power -= l->map->bits;
	unit = power > 0 ? power / 10 : 0;
	if (l->r->compat == 17)
		unit = min(unit, 4u);
	fprintf(out, "%llu", (unsigned long long)bound >> unit * 10);
	if (unit)
		fputc(" KMGTPE"[unit], out);
}

static void put_linear(FILE *out, const struct listing *l, s64 bound)
{
	bool is_short = l->r->compat == 17 || l->map->step % 1024 == 0;
	char unit = 0;

	if (is_short && bound && bound % 1024 == 0) {
		unit = bound % (1024 * 1024) ? 'K' : 'M';
		bound /= unit == 'K' ? 1024 : 1024 * 1024;
	}
	fprintf(out, "%lld", (long long)bound);
	if (unit)
		fputc(unit, out);
}

static void put_bound(FILE *out, const struct listing *l, u64 bound)
{
	if (l->map->kind == MAP_LHIST)
		put_linear(out, l, bound);
	else
		put_power(out, l, bound);
}

static void put_range(FILE *out, const struct listing *l,
		      const struct bucket *b)
{
	bool is_single = b->end - b->start == 1 && !b->is_below &&
			 !b->is_above &&
			 (l->map->kind == MAP_HIST || l->r->compat != 17);

	if (is_single) {
		fprintf(out, "[%lld]", (long long)b->start);
		return;
	}
	fputs(b->is_below ? "(..." : "[", out);
	if (!b->is_below)
		put_bound(out, l, b->start);
	fputs(", ", out);
	if (b->is_above)
		fputs("...", out);
	else
		put_bound(out, l, b->end);
	fputc(')', out);
}

static u64 shown_count(const struct listing *l, const struct bucket *b)
{
	return l->map->kind == MAP_LHIST ? b->count : b->count / l->div;
}

static void put_rows(struct listing *l, const struct slots *in)
{
	static const char bar[] =
		"@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";
	const char *at = buckets(in);
	FILE *out = l->r->out;
	char *range = NULL;
	struct bucket b;
	float most = 1;
	FILE *text;
	size_t len;
	int width;

	while (next_bucket(&at, &b))
		most = max(most, (float)b.count);
	at = buckets(in);
	while (next_bucket(&at, &b)) {
		text = open_memstream(&range, &len);
		if (!text)
			return;
		put_range(text, l, &b);
		fclose(text);
		/* As bpftrace calculates it, so that bars are as long. */
		width = min((int)(b.count / most * BAR_WIDTH), BAR_WIDTH);
		fprintf(out, "%-16s%8llu |%-*.*s|\n", range,
			(unsigned long long)shown_count(l, &b), BAR_WIDTH,
			width, bar);
		free(range);
	}
}

static void put_json_buckets(struct listing *l, const struct slots *in)
{
	const char *at = buckets(in), *sep = "";
	FILE *out = l->r->out;
	struct bucket b;

	fputc('[', out);
	for (; next_bucket(&at, &b); sep = ", ") {
		bool is_signed = l->map->kind == MAP_LHIST || b.is_below;

		fprintf(out, "%s{", sep);
		if (!b.is_below)
			fprintf(out, is_signed ? "\"min\": %lld, " :
						 "\"min\": %llu, ",
				(unsigned long long)b.start);
		if (!b.is_above)
			fprintf(out, is_signed ? "\"max\": %lld, " :
						 "\"max\": %llu, ",
				(unsigned long long)b.end - 1);
		fprintf(out, "\"count\": %llu}",
			(unsigned long long)shown_count(l, &b));
	}
	fputc(']', out);
}

/* ----------------------------------------------------------------- entries */

/* Where the slots of an entry are: the key, if it has one, else the value. */
static void open_entry(struct slots *in, const char *entry)
{
	size_t name = strcspn(entry, "[\n ");

	in->at = entry + name + (entry[name] == '[');
	in->end = entry + strcspn(entry, "\n");
	in->format = NULL;
	in->lines = in->end + (*in->end == '\n');
	/* In front of "= VALUE". */
	if (entry[name] == ' ')
		in->at++;
}

/* Past what is left of the key, to the value. */
static void open_value(struct slots *in)
{
	struct slot slot;

	while (in->at < in->end && *in->at != '=' && tapc_next_slot(in, &slot))
		;
	in->at += in->at < in->end && *in->at == ']';
	in->at += in->at < in->end && *in->at == ' ';
	in->at += in->at < in->end && *in->at == '=';
	in->indent = 8;
}

/* The next entry from a start of a line on, or NULL. */
static const char *find_entry(const char *s)
{
	while (*s && *s != '@') {
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
	return *s ? s : NULL;
}

static const char *next_entry(const char *entry)
{
	entry += strcspn(entry, "\n");
	return find_entry(entry + (*entry == '\n'));
}

static void put_key(struct listing *l, FILE *out, struct slots *in,
		    const char *separator)
{
	const struct part *part;

	in->indent = 4;
	for (part = l->map->key; part; part = part->next) {
		tapc_show(l->r, out, part, in);
		if (part->next)
			fputs(separator, out);
	}
}

static void put_quotient(struct listing *l, u64 value, bool is_signed)
{
	bool is_negative = is_signed && (s64)value < 0;

	if (is_negative)
		value = -value;
	value /= l->div;
	fprintf(l->r->out, is_negative && value ? "-%llu" : "%llu",
		(unsigned long long)value);
}

/* A number of an aggregation. */
static void put_number(struct listing *l, struct slots *in)
{
	struct slot slot;

	tapc_next_slot(in, &slot);
	put_quotient(l, slot.value, slot.len && *slot.text == '-');
}

static void put_plain(struct listing *l, struct slots *in)
{
	const struct part *part = &l->map->value;
	struct slots here = *in;
	struct slot slot;

	if (part->show == SHOW_INT && l->div > 1 &&
	    tapc_next_slot(&here, &slot)) {
		put_quotient(l, tapc_cut(part, slot.value), part->is_signed);
		return;
	}
	if (l->r->output == OUTPUT_JSON)
		tapc_show_json(l->r, part, in);
	else
		tapc_show(l->r, l->r->out, part, in);
}

/* "count 3, average 2, total 6" */
static void put_stats(struct listing *l, const struct slots *in)
{
	const char *s = in->at + (in->at < in->end && *in->at == ' ');
	FILE *out = l->r->out;
	const char *sep = "";
	int len;

	if (l->r->output != OUTPUT_JSON) {
		fwrite(s, 1, in->end - s, out);
		return;
	}
	fputc('{', out);
	for (; s < in->end; sep = ", ") {
		len = strcspn(s, "\n ");
		fprintf(out, "%s\"%.*s\": ", sep, len, s);
		s += len;
		s += s < in->end;
		len = strspn(s, "-0123456789");
		fprintf(out, "%.*s", len ?: 1, len ? s : "0");
		s += len;
		s += strspn(s, ", ");
	}
	fputc('}', out);
}

static void put_value(struct listing *l, struct slots *in)
{
	switch (l->map->kind) {
	case MAP_HIST:
	case MAP_LHIST:
		if (l->r->output == OUTPUT_JSON)
			put_json_buckets(l, in);
		else
			put_rows(l, in);
		return;
	case MAP_STATS:
		put_stats(l, in);
		return;
	case MAP_PLAIN:
	case MAP_NONE:
		put_plain(l, in);
		return;
	default:
		put_number(l, in);
	}
}

/* ------------------------------------------------------------- flame graphs */

static bool is_stack(const struct part *part)
{
	return part->show == SHOW_KSTACK || part->show == SHOW_USTACK;
}

/* The frames of a stack, the outermost one first. */
static void put_folded(struct listing *l, const struct part *part,
		       const struct slots *in, const struct slot *slot,
		       const char *separator)
{
	struct frame frames[MAX_FRAMES], *f;
	int tgid = 0;

	for (f = frames + tapc_frames(in, slot, frames, &tgid);
	     f-- > frames; separator = ";") {
		fputs(separator, l->r->out);
		if (part->show == SHOW_KSTACK)
			tapc_show_kernel(l->r, l->r->out, f, FRAME_NAME);
		else
			tapc_show_user(l->r, l->r->out, tgid,
				       tapc_number(f->text, f->text + f->len),
				       FRAME_NAME);
	}
}

/* Text in which nothing separates frames or ends the line. */
static void put_word(struct listing *l, const struct part *part,
		     struct slots *in)
{
	size_t len = 0, i;
	char *text = tapc_show_text(l->r, part, in, &len);

	for (i = 0; text && i < len; i++)
		fputc(text[i] == ';' || text[i] == '\n' ? ':' : text[i],
		      l->r->out);
	free(text);
}

/* The kernel's functions are called by those of the program. */
static void put_folded_entry(struct listing *l, struct slots *in)
{
	const struct part *part, *user = NULL, *kernel = NULL;
	struct slot user_slot, kernel_slot;
	const char *separator = "";

	for (part = l->map->key; part; part = part->next) {
		if (part->show == SHOW_USTACK) {
			user = part;
			tapc_next_slot(in, &user_slot);
		} else if (part->show == SHOW_KSTACK) {
			kernel = part;
			tapc_next_slot(in, &kernel_slot);
		} else {
			fputs(separator, l->r->out);
			put_word(l, part, in);
			separator = ";";
		}
	}
	if (user) {
		put_folded(l, user, in, &user_slot, separator);
		separator = ";";
	}
	if (kernel)
		put_folded(l, kernel, in, &kernel_slot, separator);
	open_value(in);
	fputc(' ', l->r->out);
	put_number(l, in);
	fputc('\n', l->r->out);
}

/* -------------------------------------------------------------------- maps */

static void put_text_entry(struct listing *l, struct slots *in)
{
	FILE *out = l->r->out;

	fprintf(out, "@%s", l->map->name);
	if (l->map->key) {
		fputc('[', out);
		put_key(l, out, in, ", ");
		fputc(']', out);
	}
	open_value(in);
	fputc(':', out);
	if (!has_buckets(l->map) || l->r->compat == 17)
		fputc(' ', out);
	if (has_buckets(l->map))
		fputc('\n', out);
	put_value(l, in);
	fputc('\n', out);
}

static void put_json_entry(struct listing *l, struct slots *in)
{
	FILE *out = l->r->out, *stream;
	size_t len = 0;
	char *key = NULL;

	if (l->nr)
		fputs(", ", out);
	if (l->map->key) {
		stream = open_memstream(&key, &len);
		if (stream) {
			put_key(l, stream, in, ",");
			fclose(stream);
		}
		fputc('"', out);
		tapc_write_json(out, key ?: "", len);
		fputs("\": ", out);
		free(key);
	}
	open_value(in);
	put_value(l, in);
}

/* A histogram in which there is nothing. */
static bool is_empty(const struct listing *l, const struct slots *in)
{
	struct bucket b;
	const char *at = buckets(in);

	return has_buckets(l->map) && !next_bucket(&at, &b);
}

static void put_entry(struct listing *l, const char *entry)
{
	struct slots in;

	open_entry(&in, entry);
	if (l->r->output == OUTPUT_JSON)
		put_json_entry(l, &in);
	else if (is_empty(l, &in))
		return;
	else if (l->r->output == OUTPUT_FOLDED)
		put_folded_entry(l, &in);
	else
		put_text_entry(l, &in);
	l->nr++;
}

/* Entries by their keys: numbers by value, else by their bytes. */
static int compare(const void *a, const void *b)
{
	struct slots x, y;
	struct slot p, q;
	bool has_p, has_q;
	int c;

	open_entry(&x, *(const char * const *)a);
	open_entry(&y, *(const char * const *)b);
	do {
		has_p = tapc_next_slot(&x, &p);
		has_q = tapc_next_slot(&y, &q);
		if (p.is_number && q.is_number) {
			c = ((s64)p.value > (s64)q.value) -
			    ((s64)p.value < (s64)q.value);
		} else {
			c = memcmp(p.text, q.text, min(p.len, q.len));
			c = c ?: (p.len > q.len) - (p.len < q.len);
		}
	} while (!c && has_p && has_q);
	return c;
}

/* All entries, sorted anew; @nr are there, of which @skip are left out. */
static void put_sorted(struct listing *l, const char *table, u64 nr, u64 skip)
{
	const char **entries = calloc(nr, sizeof(*entries));
	const char *entry = find_entry(table);
	u64 i;

	if (!entries)
		return;
	for (i = 0; i < nr; i++, entry = next_entry(entry))
		entries[i] = entry;
	qsort(entries, nr, sizeof(*entries), compare);
	for (i = skip; i < nr; i++)
		put_entry(l, entries[i]);
	free(entries);
}

static void put_entries(struct listing *l, const char *table, u64 top)
{
	bool is_sorted = l->map->kind != MAP_PLAIN ||
			 l->map->value.show == SHOW_INT || !l->map->key;
	const char *entry;
	u64 nr = 0, skip;

	for (entry = find_entry(table); entry; entry = next_entry(entry))
		nr++;
	skip = top && top < nr ? nr - top : 0;
	/* 0.17 shows all of these. */
	if (l->map->kind == MAP_STATS && l->r->compat == 17)
		skip = 0;
	if (!is_sorted && nr) {
		put_sorted(l, table, nr, skip);
		return;
	}
	for (entry = find_entry(table); entry; entry = next_entry(entry)) {
		if (skip)
			skip--;
		else
			put_entry(l, entry);
	}
}

static void put_json(struct listing *l, const char *table, u64 top)
{
	FILE *out = l->r->out;
	const char *type = has_buckets(l->map) ? "hist" :
			   l->map->kind == MAP_STATS ||
			   l->map->kind == MAP_AVG ? "stats" : "map";

	if (!find_entry(table))
		return;
	fprintf(out, "{\"type\": \"%s\", \"data\": {\"@%s\": %s", type,
		l->map->name, l->map->key ? "{" : "");
	put_entries(l, table, top);
	fputs(l->map->key ? "}}}\n" : "}}\n", out);
}

/**
 * tapc_report_map - show a map
 * @r: report
 * @map: the map
 * @table: what its table's file says
 * @top: how many entries, the last ones; 0 for all
 * @div: what values are divided by, or 0
 */
void tapc_report_map(struct report *r, const struct map *map,
		     const char *table, u64 top, u64 div)
{
	struct listing l = { .r = r, .map = map, .div = div ?: 1 };
	const struct part *part = map->key;

	if (r->output == OUTPUT_JSON) {
		put_json(&l, table, top);
		return;
	}
	if (r->output == OUTPUT_FOLDED) {
		while (part && !is_stack(part))
			part = part->next;
		if (!part)
			return;
	}
	put_entries(&l, table, top);
	if (l.nr && r->output == OUTPUT_TEXT && r->compat == 17 &&
	    (map->kind == MAP_AVG || map->kind == MAP_STATS))
		fputc('\n', r->out);
}

/**
 * tapc_report_maps - show all maps, at the end
 * @r: report
 * @read_table: what a map's table's file says, malloc()ed; or NULL
 * @arg: passed to it
 */
void tapc_report_maps(struct report *r,
		      char *(*read_table)(void *arg, const struct map *map),
		      void *arg)
{
	const struct map *map;
	char *table;

	/* So that "^C" does not stand in front of them. */
	if (r->output == OUTPUT_TEXT && !r->is_quiet)
		fputs("\n\n", r->out);
	if (r->keep_maps)
		return;
	for (map = r->unit->maps; map; map = map->next) {
		table = map->is_internal ? NULL : read_table(arg, map);
		if (table)
			tapc_report_map(r, map, table, 0, 0);
		free(table);
	}
}
