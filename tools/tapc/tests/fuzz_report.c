// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of reports: any text as a table, any bytes as a record.
 *
 * The first byte says which map or record of report_units.h it is, the second one
 * how it is shown. Commands are not run, files not shown, and what looks through
 * all functions of the kernel is left out, which takes too long.
 */
#include "tapc.h"
#include "report_units.h"

/* The name that libFuzzer calls. */
int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

static struct tapc tc;
static struct unit *unit;
static struct record records[MAX_RECORDS];
static unsigned int nr_records;

static void make(struct tapc *run, void *arg)
{
	unit = make_unit(run);
	nr_records = make_records(run, records);
}

static void show_table(struct report *r, u8 which, const u8 *data, size_t size)
{
	const struct map *map;
	char *text = strndup((const char *)data, size);

	for (map = unit->maps; which-- && map->next; )
		map = map->next;
	tapc_report_map(r, map, text, size % 4, size % 3);
	free(text);
}

int fuzz_one(const u8 *data, size_t size)
{
	struct report r = { .tc = &tc, .group = "tapc_x1", .boot_ns = 1 };
	const struct record_row *row;
	const struct site *site;

	if (!unit)
		tapc_try(&tc, make, NULL);
	if (size < 2)
		return 0;
	r.unit = unit;
	r.out = fopen("/dev/null", "w");
	r.output = data[1] % 3;
	r.compat = data[1] & 4 ? 17 : 0;
	if (data[1] & 8) {
		site = &records[data[0] % nr_records].site;
		row = &record_rows[data[0] % nr_records];
		if (site->kind != SITE_CAT && site->kind != SITE_SYSTEM &&
		    !strpbrk(row->args, "Kra"))
			tapc_report_record(&r, site, data + 2, size - 2, size);
	} else {
		show_table(&r, data[0], data + 2, size - 2);
	}
	tapc_report_end(&r);
	fclose(r.out);
	return 0;
}
