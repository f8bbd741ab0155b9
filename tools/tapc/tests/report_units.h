/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps and sites for tests of reports, as gen.c might make them.
 *
 * A row of map_rows is a file in tables/, one of record_rows a record. What a key,
 * a value or arguments are is a word of letters:
 *
 *	i s64	h s32	c s8	u u64	w u32	b u8	B bool	s string
 *	a ksym	2 usym	k kstack	K kstack as perf	r kstack, raw
 *	U ustack	P ustack as perf	y syscall	e enum	p probe
 *	n username	I inet	m mac	f buf	t strftime	E strerror	S signal
 *	C a constant	( ) a tuple
 */
#ifndef _REPORT_UNITS_H
#define _REPORT_UNITS_H

#include "report_show.h"

/* File, kind, key, value, bits, step. */
static const struct map_row {
	const char	*name;
	u8		kind;
	const char	*key;
	const char	*value;
	unsigned int	bits;
	unsigned int	step;
} map_rows[] = {
	{ "avg", MAP_AVG, "s", "i" },
	{ "both", MAP_COUNT, "kUs", "i" },
	{ "count", MAP_COUNT, "s", "i" },
	{ "empty", MAP_COUNT, "i", "i" },
	{ "enum", MAP_COUNT, "e", "i" },
	{ "fork", MAP_COUNT, "p", "i" },
	{ "hex", MAP_PLAIN, "u", "u" },
	{ "hist2", MAP_HIST, "", "i", 2 },
	{ "hist_u", MAP_HIST, "", "u" },
	{ "hists", MAP_HIST, "s", "i" },
	{ "inet", MAP_COUNT, "I", "i" },
	{ "int", MAP_PLAIN, "i", "i" },
	{ "kh", MAP_HIST, "k", "i" },
	{ "ks", MAP_PLAIN, "", "a" },
	{ "kst", MAP_COUNT, "k", "i" },
	{ "kst3", MAP_COUNT, "ks", "i" },
	{ "ksym", MAP_SUM, "a", "u" },
	{ "kv", MAP_PLAIN, "u", "k" },
	{ "lhist", MAP_LHIST, "", "i", 0, 20 },
	{ "lhist1", MAP_LHIST, "", "i", 0, 1 },
	{ "lhistk", MAP_LHIST, "", "i", 0, 1024 },
	{ "mac", MAP_COUNT, "m", "i" },
	{ "max", MAP_MAX, "i", "i" },
	{ "min", MAP_MIN, "", "i" },
	{ "name", MAP_PLAIN, "s", "s" },
	{ "probe", MAP_COUNT, "p", "i" },
	{ "scalar", MAP_PLAIN, "", "h" },
	{ "sstats", MAP_STATS, "", "i" },
	{ "stats", MAP_STATS, "s", "i" },
	{ "strings", MAP_COUNT, "s", "i" },
	{ "strings2", MAP_COUNT, "sis", "i" },
	{ "sum", MAP_SUM, "su", "i" },
	{ "sys", MAP_COUNT, "y", "i" },
	{ "sysn", MAP_MAX, "yC", "i" },
	{ "tuple", MAP_COUNT, "(is)i", "i" },
	{ "uid", MAP_COUNT, "n", "i" },
	{ "uint", MAP_PLAIN, "u", "i" },
	{ "ust", MAP_COUNT, "Us", "i" },
	{ "usym", MAP_COUNT, "2", "i" },
	{ "zc", MAP_COUNT, "B", "i" },
	{ "zh", MAP_HIST, "i", "i" },
};

#define MAX_DATA	9

/* What is in a record: numbers, aligned to 4, and strings. */
struct datum {
	const char	*text;
	u64		number;
	size_t		size;
};

#define N(n)	{ .number = (n), .size = 8 }
#define C(c)	{ .number = (c), .size = 1 }
#define S(s)	{ .text = (s), .size = sizeof(s) }
#define T(s)	{ .text = (s), .size = 8 }

/* Kind, the kernel's format, text, args, data. */
static const struct record_row {
	u8		kind;
	const char	*format;
	const char	*text;
	const char	*args;
	struct datum	data[MAX_DATA];
} record_rows[] = {
	{ SITE_PRINTF, "%lld %llu %s", "%d %u|%-6s|\n", "iis",
	  { N(-5), N(7), S("bash") } },
	{ SITE_PRINTF, "%lld %lld %lld %lld", "%u %x %d %hhd\n", "hhwi",
	  { N(-1), N(-2), N(0xffffffff), N(0x1ff) } },
	{ SITE_PRINTF, "%lld %lld %lld %lld", "%08llx|%#lx|%+5d|%-5d|\n", "uuii",
	  { N(0xabc), N(255), N(3), N(4) } },
	{ SITE_PRINTF, "%lld %lld %lld %lld", "%X %o %zi %5.3d\n", "uuii",
	  { N(0xabc), N(8), N(-4), N(7) } },
	{ SITE_PRINTF, "%llx %llx %lld", "%p %12p|%c%%\n", "uuc",
	  { N(0xffff888000001234), N(0), N('A') } },
	{ SITE_PRINTF, "%s%lld%s %c", "%.3s|%d|%s|%c|\n", "subb",
	  { S("abcdef"), N(9), S(""), C('x') } },
	{ SITE_PRINTF, "%s %ps", "%s %s\n", "aa",
	  { S("vfs_read+0x10/0x90 [xfs]"), N(0) } },
	{ SITE_PRINTF, "%s|%s", "%s|%s\n", "kK",
	  { S("\n => vfs_read+0x10/0x90\n => ksys_read+0x1f/0x30 [m]\n => 0x12"),
	    S("\n => 0xffffffff81000000") } },
	{ SITE_PRINTF, "%s%s", "%s%s", "UP",
	  { S("\n => 0x1234\n => 0x10"), S("\n => 0x5") } },
	{ SITE_PRINTF, "%s", "%s", "r",
	  { S("\n => 0xffffffff81000000\n => 0x1") } },
	{ SITE_PRINTF, "%s %s %s %lld", "%s %s %s %s %s\n", "yepCB",
	  { S("openat"), S("TIMER"), S("tapc_x1:kprobe_vfs_read"), N(1) } },
	{ SITE_PRINTF, "%s %s", "%s %s\n", "pp",
	  { S("sched:sched_switch"), S("tapc_GROUP:kprobe_vfs_read") } },
	{ SITE_PRINTF, "%lld %lld", "%s %s\n", "nn",
	  { N(0), N(54321) } },
	{ SITE_PRINTF, "%lld%llx%llx %lld%llx%llx %lld%lld%lld",
	  "%s %s %s\n", "III",
	  { N(2), N(0x0100007f), N(0), N(10), T("\x20\1\xd\xb8\1\1\1\1"),
	    T("\1\1\1\1\1\1\1\1"), N(99), N(0), N(0) } },
	{ SITE_PRINTF, "%llx", "%s\n", "m",
	  { N(0x0605040302ff) } },
	{ SITE_PRINTF, "%lld%llx%llx%llx%llx%llx%llx%llx%llx",
	  "%r\n", "f",
	  { N(5), T("ab\n\377\"xxx"), N(0), N(0), N(0), N(0), N(0), N(0),
	    N(0) } },
	{ SITE_PRINTF, "%lld%llx%llx%llx%llx%llx%llx%llx%llx",
	  "%rx\n", "f",
	  { N(3), T("ab\nxxxxx"), N(0), N(0), N(0), N(0), N(0), N(0), N(0) } },
	{ SITE_PRINTF, "%lld%llx%llx%llx%llx%llx%llx%llx%llx",
	  "%20rh|\n", "f",
	  { N(3), T("ab\nxxxxx"), N(0), N(0), N(0), N(0), N(0), N(0), N(0) } },
	{ SITE_PRINTF, "%lld %lld", "%s %s\n", "tt",
	  { N(1234567890), N(0) } },
	{ SITE_PRINTF, "%lld %lld %lld", "%s, %s, %s\n", "EES",
	  { N(2), N(99999), N(9) } },
	{ SITE_PRINTF, "%lld%s", "%s\n", "(is)",
	  { N(1), S("x") } },
	{ SITE_PRINTF, "none", "100%% of %d\n", "" },
	{ SITE_PRINT, "%lld", "", "i",
	  { N(-9) } },
	{ SITE_PRINT, "%s", "", "s",
	  { S("a \"quoted\" \303\251 \377\001 one") } },
	{ SITE_PRINT, "%lld%s%lld", "", "(isB)",
	  { N(1), S("x"), N(0) } },
	{ SITE_PRINT, "%s", "", "k",
	  { S("\n => vfs_read+0x10/0x90") } },
	{ SITE_TIME, "tapc: time ", "%H:%M:%S %f\n", "" },
	{ SITE_TIME, "tapc: time 2", NULL, "" },
	{ SITE_JOIN, "tapc: join %lld %s %s %s", " ", "usss",
	  { N(2), S("ls"), S("-l"), S("not there") } },
	{ SITE_CAT, "tapc: cat %s", "%s", "s",
	  { S("tables/scalar") } },
	{ SITE_SYSTEM, "tapc: system %lld", "echo $((%d + 1))", "i",
	  { N(41) } },
	{ SITE_EXIT, "tapc: exit", "", "" },
	{ SITE_CLEAR, "tapc: clear ", "", "" },
};

#undef N
#undef C
#undef S
#undef T

/* Letters to parts. */
static inline struct part *make_parts(struct tapc *tc, const char **s)
{
	static const char letters[] = "ihcuwbBsa2kKrUPyepnImftESC";
	static const u8 kinds[] = {
		SHOW_INT, SHOW_INT, SHOW_INT, SHOW_INT, SHOW_INT, SHOW_INT,
		SHOW_BOOL, SHOW_STR, SHOW_KSYM, SHOW_USYM, SHOW_KSTACK,
		SHOW_KSTACK, SHOW_KSTACK, SHOW_USTACK, SHOW_USTACK,
		SHOW_SYSCALL, SHOW_ENUM, SHOW_PROBE, SHOW_USERNAME, SHOW_INET,
		SHOW_MAC, SHOW_BUF, SHOW_STRFTIME, SHOW_STRERROR, SHOW_SIGNAL,
		SHOW_CONST,
	};
	struct part *first = NULL, **last = &first, *p;
	char c;

	while ((c = *(*s)++) && c != ')') {
		p = tapc_alloc(tc, sizeof(*p));
		*last = p;
		last = &p->next;
		if (c == '(') {
			p->show = SHOW_TUPLE;
			p->parts = make_parts(tc, s);
			continue;
		}
		p->show = kinds[strchr(letters, c) - letters];
		p->is_signed = c == 'i' || c == 'h' || c == 'c';
		p->size = strchr("iu", c) ? 8 : strchr("hw", c) ? 4 : 1;
		p->mode = strchr("KP", c) ? 'p' : c == 'r' ? 'r' : 'b';
		p->text = c == 't' ? "%Y-%m-%d %H:%M:%S.%f" : "constant";
	}
	*s -= !c;
	return first;
}

static inline struct map *make_maps(struct tapc *tc)
{
	struct map *first = NULL, **last = &first, *m;
	const struct map_row *row;
	const char *s;

	for (row = map_rows; row < map_rows + ARRAY_SIZE(map_rows); row++) {
		m = tapc_alloc(tc, sizeof(*m));
		m->name = row->name;
		m->table = row->name;
		m->kind = row->kind;
		s = row->key;
		m->key = make_parts(tc, &s);
		m->is_scalar = !m->key;
		s = row->value;
		m->value = *make_parts(tc, &s);
		m->bits = row->bits;
		m->step = row->step;
		*last = m;
		last = &m->next;
	}
	return first;
}

/**
 * struct record - a site, and a record of it
 * @site: the site
 * @len: bytes of @args
 * @args: arguments
 */
struct record {
	struct site	site;
	size_t		len;
	char		args[512];
};

/* Arguments as vbin_printf() packs them. */
static inline void pack(struct record *r, const struct datum *d)
{
	unsigned int align = d->size == 1 || d->text ? 1 : 4;

	/* Eight bytes of a buffer are a number. */
	if (d->text && d->size == 8 && strlen(d->text) == 8)
		align = 4;
	while (r->len % align)
		r->len++;
	memcpy(r->args + r->len, d->text ?: (const char *)&d->number, d->size);
	r->len += d->size;
}

/* All of them; returns how many there are. */
static inline unsigned int make_records(struct tapc *tc, struct record *r)
{
	unsigned int i, j;
	const char *s;

	for (i = 0; i < ARRAY_SIZE(record_rows); i++, r++) {
		r->site.kind = record_rows[i].kind;
		r->site.format = record_rows[i].format;
		r->site.text = record_rows[i].text;
		s = record_rows[i].args;
		r->site.args = make_parts(tc, &s);
		for (j = 0; j < MAX_DATA && record_rows[i].data[j].size; j++)
			pack(r, &record_rows[i].data[j]);
	}
	return i;
}

#define MAX_RECORDS	64

static inline struct unit *make_unit(struct tapc *tc)
{
	struct unit *unit = tapc_alloc(tc, sizeof(*unit));
	struct program *p = tapc_alloc(tc, sizeof(*p));

	unit->maps = make_maps(tc);
	unit->programs = p;
	p->system = "raw_syscalls";
	p->event = "sys_enter";
	p->name = "tracepoint:raw_syscalls:sys_enter";
	p->next = tapc_alloc(tc, sizeof(*p));
	p = p->next;
	p->system = UNIT_GROUP;
	p->event = "kprobe_vfs_read";
	p->name = "kprobe:vfs_read";
	return unit;
}

#endif /* _REPORT_UNITS_H */
