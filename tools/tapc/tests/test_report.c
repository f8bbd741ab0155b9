// SPDX-License-Identifier: GPL-2.0
/*
 * What report.c makes of records and of the tables in tables/: see report.ok.
 *
 *	test_report		all of it
 *	test_report json	JSON only, for a reader of JSON
 *
 * Besides, all that is shown is cut off at each of its bytes, and shown again: no
 * byte behind the end may be read, which the address sanitizer watches.
 */
#include <errno.h>
#include <unistd.h>

#include "tapc.h"
#include "report_units.h"

/* What is being shown. */
struct shown {
	struct report	report;
	char		*text;
	size_t		len;
};

static void begin(struct shown *s, unsigned int output, unsigned int compat)
{
	s->report.output = output;
	s->report.compat = compat;
	s->report.out = open_memstream(&s->text, &s->len);
}

static const char *end(struct shown *s)
{
	tapc_report_end(&s->report);
	fclose(s->report.out);
	return s->text;
}

static char *read_table(void *arg, const struct map *map)
{
	char path[64], *text = calloc(1, 65536);
	FILE *f;

	snprintf(path, sizeof(path), "tables/%s", map->table);
	f = fopen(path, "r");
	if (!f || !fread(text, 1, 65535, f))
		abort();
	fclose(f);
	return text;
}

static void show_map(struct report *r, const struct map *map, u64 top, u64 div)
{
	char *table = read_table(NULL, map);

	tapc_report_map(r, map, table, top, div);
	free(table);
}

static void check_map(struct shown *s, const struct map *map, bool is_json)
{
	char *old;

	begin(s, OUTPUT_JSON, 0);
	show_map(&s->report, map, 0, 0);
	if (is_json) {
		fputs(end(s), stdout);
		free(s->text);
		return;
	}
	printf("--- %s\n%s", map->name, end(s));
	free(s->text);
	begin(s, OUTPUT_TEXT, 17);
	show_map(&s->report, map, 0, 0);
	old = strdup(end(s));
	free(s->text);
	begin(s, OUTPUT_TEXT, 0);
	show_map(&s->report, map, 0, 0);
	fputs(end(s), stdout);
	if (strcmp(s->text, old))
		printf("-17 %s\n%s", map->name, old);
	free(s->text);
	free(old);
	begin(s, OUTPUT_FOLDED, 0);
	show_map(&s->report, map, 0, 0);
	fputs(end(s), stdout);
	free(s->text);
}

/* print(@x, top, div) */
static void check_top(struct shown *s)
{
	static const struct { char name[8]; int top, div; } rows[] = {
		{ "sys", 2, 3 }, { "int", 2, 2 }, { "hists", 1, 2 },
		{ "name", 2, 0 }, { "avg", 1, 2 }, { "stats", 1, 2 },
		{ "uint", 9, 5 }, { "lhist", 1, 2 },
	};
	const struct map *map;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		map = s->report.unit->maps;
		while (strcmp(map->name, rows[i].name))
			map = map->next;
		begin(s, OUTPUT_TEXT, 0);
		show_map(&s->report, map, rows[i].top, rows[i].div);
		printf("--- print(@%s, %d, %d)\n%s", map->name, rows[i].top,
		       rows[i].div, end(s));
		free(s->text);
	}
}

static void check_records(struct shown *s, struct record *rec, unsigned int nr,
			  unsigned int output, unsigned int compat)
{
	unsigned int i;

	begin(s, output, compat);
	for (i = 0; i < nr; i++)
		tapc_report_record(&s->report, &rec[i].site, rec[i].args,
				   rec[i].len, 5000000000 + i);
	fputs(end(s), stdout);
	free(s->text);
}

/* Each record, cut off at each byte, with nothing behind it. */
static void cut_records(struct shown *s, struct record *rec, unsigned int nr,
			unsigned int output)
{
	unsigned int i, len;
	char *args;

	begin(s, output, 0);
	for (i = 0; i < nr; i++) {
		if (rec[i].site.kind == SITE_SYSTEM ||
		    rec[i].site.kind == SITE_CAT)
			continue;
		for (len = 0; len < rec[i].len; len++) {
			args = malloc(len);
			memcpy(args, rec[i].args, len);
			tapc_report_record(&s->report, &rec[i].site, args, len,
					   0);
			free(args);
		}
	}
	end(s);
	free(s->text);
}

static void cut_map(struct shown *s, const struct map *map, unsigned int output)
{
	char *table = read_table(NULL, map), *text;
	size_t len = strlen(table), i;

	begin(s, output, 0);
	/* Bars are long and all the same. */
	for (i = 0; i < len; i += table[i] == '@' && table[i + 1] == '@' ? 9 : 1) {
		text = strndup(table, i);
		tapc_report_map(&s->report, map, text, i % 3, i % 5);
		free(text);
	}
	end(s);
	free(s->text);
	free(table);
}

/* Functions of this program. */
static noinline int some_function(int x)
{
	return x * 3 + getpid();
}

static void check_symbols(struct shown *s)
{
	static const char keys[] = "U", symbol[] = "2";
	unsigned long address = (unsigned long)some_function + 1;
	struct map map = { .name = "u", .table = "u", .kind = MAP_COUNT };
	const char *spec = keys;
	char table[256];
	int output;
	u64 into;

	snprintf(table, sizeof(table),
		 "@u[ustack#1] = 2\n\ttgid %d\n\t0x%lx\n\t0x%lx\n\t0x10\n",
		 getpid(), address, address + 1);
	map.key = make_parts(s->report.tc, &spec);
	for (output = OUTPUT_TEXT; output <= OUTPUT_FOLDED; output++) {
		begin(s, output, 0);
		tapc_report_stack_seen(&s->report, getpid());
		tapc_report_map(&s->report, &map, table, 0, 0);
		fputs(end(s), stdout);
		free(s->text);
	}
	spec = symbol;
	map.key = make_parts(s->report.tc, &spec);
	snprintf(table, sizeof(table), "@u[%d, %lu] = 1\n", getpid(), address);
	begin(s, OUTPUT_TEXT, 0);
	tapc_report_map(&s->report, &map, table, 0, 0);
	/* A file that cannot be read is no error. */
	if (tapc_function_at(s->report.tc, "no-such-file", 1, &into))
		abort();
	fputs(end(s), stdout);
	free(s->text);
}

/* A table of 100000 entries, which must be sorted anew: what it takes. */
static void check_large(struct shown *s)
{
	struct map map = {
		.name = "l", .table = "l", .kind = MAP_PLAIN,
		.value = { .show = SHOW_STR },
	};
	const char *keys = "u", *p;
	unsigned int i, nr = 100000;
	char *text = malloc(nr * 32), *to = text;

	for (i = 0; i < nr; i++)
		to += sprintf(to, "@l[%u] = \"x\"\n",
			      (unsigned int)(i * 48271ULL % nr));
	map.key = make_parts(s->report.tc, &keys);
	begin(s, OUTPUT_TEXT, 0);
	tapc_report_map(&s->report, &map, text, 0, 0);
	p = end(s);
	for (i = 0; i < nr; i++) {
		char want[32];

		sprintf(want, "@l[%u]: x\n", i);
		if (strncmp(p, want, strlen(want)))
			abort();
		p += strlen(want);
	}
	free(s->text);
	free(text);
}

static void check_rest(struct shown *s)
{
	int output;

	for (output = OUTPUT_TEXT; output <= OUTPUT_FOLDED; output++) {
		begin(s, output, output == OUTPUT_TEXT ? 17 : 0);
		tapc_report_attached(&s->report, output);
		tapc_report_lost(&s->report, 3, NULL);
		s->report.is_quiet = true;
		tapc_report_attached(&s->report, 5);
		s->report.is_quiet = false;
		tapc_report_maps(&s->report, read_table, NULL);
		fputs(end(s), stdout);
		free(s->text);
	}
	begin(s, OUTPUT_TEXT, 0);
	tapc_report_attached(&s->report, 2);
	s->report.keep_maps = true;
	tapc_report_maps(&s->report, read_table, NULL);
	s->report.keep_maps = false;
	fputs(end(s), stdout);
	free(s->text);
}

static void run(struct tapc *tc, void *arg)
{
	static struct record records[MAX_RECORDS];
	bool is_json = arg;
	struct shown s = {
		.report = {
			.tc = tc, .is_unsafe = true, .group = "tapc_x1",
			.pid = 99999999, .boot_ns = 1000000000000000000,
		},
	};
	unsigned int nr = make_records(tc, records);
	struct map *map;

	s.report.unit = make_unit(tc);
	for (map = s.report.unit->maps; map; map = map->next)
		check_map(&s, map, is_json);
	check_records(&s, records, nr, OUTPUT_JSON, 0);
	if (is_json)
		return;
	check_records(&s, records, nr, OUTPUT_TEXT, 0);
	puts("--- 17");
	check_records(&s, records, 2, OUTPUT_TEXT, 17);
	check_top(&s);
	check_symbols(&s);
	check_large(&s);
	/* Two maps are enough of these. */
	s.report.unit->maps->next->next = NULL;
	check_rest(&s);
	s.report.unit = make_unit(tc);
	cut_records(&s, records, nr, OUTPUT_TEXT);
	cut_records(&s, records, nr, OUTPUT_JSON);
	for (map = s.report.unit->maps; map; map = map->next) {
		cut_map(&s, map, OUTPUT_TEXT);
		cut_map(&s, map, OUTPUT_JSON);
		cut_map(&s, map, OUTPUT_FOLDED);
	}
}

int main(int argc, char **argv)
{
	struct tapc tc = { .err = stderr };
	bool done;

	setenv("TZ", "UTC", 1);
	/* In order with what goes to standard error. */
	setvbuf(stdout, NULL, _IONBF, 0);
	done = tapc_try(&tc, run, argc > 1 ? argv : NULL);
	tapc_free(&tc);
	return !done;
}
