// SPDX-License-Identifier: GPL-2.0
/* Random events and records, see gen.h. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"
#include "stock.h"

/* splitmix64 */
uint64_t gen_random(struct gen *g)
{
	uint64_t z = g->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned int gen_below(struct gen *g, unsigned int n)
{
	return (gen_random(g) >> 32) * n >> 32;
}

/* --------------------------------------------------------------- events */

/* Types as events declare them; align is that of the natural layout. */
static const struct {
	const char	*type;
	unsigned int	size;
	unsigned int	align;
	bool		is_signed;
} types[] = {
	{ "char",			1, 1, true },
	{ "s8",				1, 1, true },
	{ "unsigned char",		1, 1, false },
	{ "bool",			1, 1, false },
	{ "short",			2, 2, true },
	{ "u16",			2, 2, false },
	{ "int",			4, 4, true },
	{ "pid_t",			4, 4, true },
	{ "unsigned int",		4, 4, false },
	{ "u32",			4, 4, false },
	{ "long",			8, 8, true },
	{ "s64",			8, 8, true },
	{ "unsigned long",		8, 8, false },
	{ "size_t",			8, 8, false },
	{ "void *",			8, 8, false },
	{ "int[2]",			8, 4, true },
	{ "u8[3]",			3, 1, false },
	{ "u8[6]",			6, 1, false },
	{ "struct in6_addr",		16, 4, false },
	{ "u8[0]",			0, 1, false },
	{ "u8[4]",			4, 1, false },
	{ "char[1]",			1, 1, true },
	{ "char[4]",			4, 1, true },
	{ "unsigned char[6]",		6, 1, false },
	{ "char[8]",			8, 1, true },
	{ "char[16]",			16, 1, true },
	{ "char[16]",			16, 1, true },
	{ "const char[32]",		32, 1, true },
	{ "char[261]",			261, 1, true },
	{ "__data_loc char[]",		4, 4, true },
	{ "__data_loc char[]",		4, 4, false },
	{ "__data_loc char[]",		4, 4, true },
	{ "__data_loc unsigned char[]",	4, 4, false },
	{ "__rel_loc char[]",		4, 4, true },
	{ "__rel_loc char[]",		4, 4, true },
	{ "__data_loc u32[]",		4, 4, false },
	{ "__rel_loc cpumask_t",	4, 4, false },
	{ "__data_loc cpumask_t",	4, 4, false },
	{ "__data_loc cpumask_t",	4, 4, false },
	{ "char *",			8, 8, false },
	{ "const char *",		8, 8, false },
	{ "const char *",		8, 8, true },
};

static const char * const names[] = {
	"a", "b", "c", "d", "e", "f", "x", "y", "prio", "prev_comm", "len",
	"filename", "mask", "addr", "ret", "_", "x_1", "9lives", "Z", "flags",
	"pid", "state", "ip", "CPUS", "in", "ustring", "function", "id",
	/* What they mean on other events comes second. */
	"comm", "cpu", "stacktrace", "common_pid", "CPU",
};

static void add_field(struct gen *g, unsigned int type, bool packed)
{
	struct world_event *ev = &g->ev;
	struct world_field *f = &ev->fields[ev->nr_fields];
	const char *name = names[gen_below(g, sizeof(names) / sizeof(*names))];
	unsigned int align = packed ? 1 : types[type].align, i;

	for (i = 0; i < ev->nr_fields; i++)
		if (!strcmp(ev->fields[i].name, name))
			return;
	ev->size = (ev->size + align - 1) / align * align;
	strcpy(f->name, name);
	f->type = types[type].type;
	f->offset = ev->size;
	f->size = types[type].size;
	f->is_signed = types[type].is_signed;
	f->filter_type = WORLD_OTHER;
	ev->size += f->size;
	ev->nr_fields++;
}

static void function_event(struct world_event *ev)
{
	static const struct world_field fields[] = {
		{ "ip",        "unsigned long", 8,  8, false, WORLD_TRACE_FN },
		{ "parent_ip", "unsigned long", 16, 8, false, WORLD_TRACE_FN },
	};

	ev->is_function = true;
	ev->nr_fields = 2;
	ev->size = 24;
	memcpy(ev->fields, fields, sizeof(fields));
}

void gen_event(struct gen *g)
{
	static const unsigned int cpus[] = { 1, 2, 4, 8, 8, 8, 64, 130, 256 };
	unsigned int n = 1 + gen_below(g, WORLD_FIELDS - 1);
	bool packed = !gen_below(g, 6);

	memset(&g->ev, 0, sizeof(g->ev));
	world.nr_cpus = cpus[gen_below(g, sizeof(cpus) / sizeof(*cpus))];
	if (!gen_below(g, 25)) {
		function_event(&g->ev);
		return;
	}
	g->ev.size = 8;
	while (n--)
		add_field(g, gen_below(g, sizeof(types) / sizeof(*types)),
			  packed);
	/* Addresses in the function graph tracer's records. */
	if (!gen_below(g, 10) && g->ev.fields[0].size == 8 &&
	    stock_string_kind(&g->ev.fields[0]) == STOCK_NO_STRING)
		g->ev.fields[0].filter_type = WORLD_TRACE_FN;
}

/* -------------------------------------------------------------- records */

static char some_letter(struct gen *g)
{
	static const char letters[] = "aabbccxyz_ .-1*";

	if (!gen_below(g, 30))
		return 1 + gen_below(g, 255);
	return letters[gen_below(g, sizeof(letters) - 1)];
}

static unsigned int some_letters(struct gen *g, char *s, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		s[i] = some_letter(g);
	return n;
}

/* A string that may match @pattern; returns its length. */
static unsigned int near(struct gen *g, const char *pattern, char *s)
{
	unsigned int n = 0;

	if (*pattern == '!' && gen_below(g, 4))
		pattern++;
	for (; *pattern; pattern++) {
		switch (gen_below(g, 40) ? *pattern : 0) {
		case '*':
			n += some_letters(g, s + n, gen_below(g, 4));
			break;
		case '?':
		case 0:
			s[n++] = some_letter(g);
			break;
		case '[':
			s[n++] = 'a';
			if (strchr(pattern, ']'))
				pattern = strchr(pattern, ']');
			break;
		case '\\':
			break;
		default:
			s[n++] = *pattern;
		}
	}
	if (!gen_below(g, 8) && n)
		n--;
	if (!gen_below(g, 8))
		n += some_letters(g, s + n, 2);
	return n;
}

/* A string of up to @max bytes in @s, of up to 2048; returns its length. */
static unsigned int some_string(struct gen *g, char *s, unsigned int max)
{
	char buf[2048];
	unsigned int n;

	if (g->nr_strs && gen_below(g, 5)) {
		n = near(g, g->strs[gen_below(g, g->nr_strs)], buf);
	} else {
		n = some_letters(g, buf, gen_below(g, 40) ? gen_below(g, 20) :
							    gen_below(g, 300));
	}
	if (n > max)
		n = max;
	memcpy(s, buf, n);
	return n;
}

static uint64_t some_value(struct gen *g)
{
	if (g->nr_ints && gen_below(g, 3))
		return (uint64_t)g->ints[gen_below(g, g->nr_ints)] +
		       (gen_below(g, 3) ? 0 : (int)gen_below(g, 3) - 1);
	switch (gen_below(g, 4)) {
	case 0:
		return gen_random(g);
	case 1:
		return -(uint64_t)gen_below(g, 4);
	default:
		return gen_below(g, 20);
	}
}

/* Behind the end of a string there is nothing, or what was there before. */
static void fill_array(struct gen *g, char *s, unsigned int size)
{
	unsigned int n;

	if (!gen_below(g, 3))
		some_string(g, s, size);
	if (!gen_below(g, 6))
		some_letters(g, s, size);
	n = some_string(g, s, size);
	if (n < size)
		s[n] = 0;
}

/* A string in the dynamic part at @end; its word in *@word. */
static unsigned int dynamic_string(struct gen *g, uint8_t *rec,
				   unsigned int end, unsigned int base,
				   uint32_t *word)
{
	char *s = (char *)rec + end;
	unsigned int n, size;

	switch (gen_below(g, 24)) {
	case 0:
		/* Whatever it points to, perhaps not in the record. */
		*word = gen_random(g);
		return end;
	case 1:
		*word = gen_below(g, 64) | gen_below(g, 64) << 16;
		return end;
	case 2:
		/* Nothing was there to be recorded. */
		*word = end - base;
		return end;
	case 3:
		/* No NUL at its end, or one before. */
		size = 1 + gen_below(g, 30);
		fill_array(g, s, size);
		break;
	case 4:
		size = some_string(g, s, 300);
		break;
	default:
		n = some_string(g, s, 300);
		s[n] = 0;
		size = n + 1;
	}
	*word = (end - base) | size << 16;
	return end + size;
}

static unsigned int dynamic_mask(struct gen *g, uint8_t *rec, unsigned int end,
				 uint32_t *word)
{
	unsigned int words = (world.nr_cpus + 63) / 64, i, cpu;
	uint64_t mask[WORLD_CPUS / 64] = { };

	if (!gen_below(g, 40)) {
		/* In no record; bits beyond the CPUs would be in no mask. */
		*word = gen_random(g) | 0x8000;
		return end;
	}
	if (gen_below(g, 8))
		end = (end + 7) / 8 * 8;
	for (i = gen_below(g, 5); i--; ) {
		cpu = some_value(g) % world.nr_cpus;
		mask[cpu / 64] |= 1ULL << cpu % 64;
	}
	if (!gen_below(g, 6))
		for (cpu = 0; cpu < world.nr_cpus; cpu++)
			mask[cpu / 64] |= 1ULL << cpu % 64;
	memcpy(rec + end, mask, words * 8);
	*word = end | (gen_below(g, 40) ? words * 8 : 1 + gen_below(g, 7)) << 16;
	return end + words * 8;
}

static uint64_t some_pointer(struct gen *g)
{
	char s[2048];
	unsigned int n;

	switch (gen_below(g, 10)) {
	case 0:
		return some_value(g);
	case 1:
		/* Around the longest that is looked at. */
		n = some_letters(g, s, 1020 + gen_below(g, 8));
		break;
	default:
		n = some_string(g, s, sizeof(s) - 1);
	}
	s[n] = 0;
	/* Rarely there is no NUL before the memory ends. */
	return world_put(gen_below(g, 2), s, gen_below(g, 20) ? n + 1 : n);
}

static unsigned int fill_field(struct gen *g, const struct world_field *f,
			       uint8_t *rec, unsigned int end)
{
	uint64_t value = some_value(g);
	uint32_t word;

	switch (stock_string_kind(f)) {
	case STOCK_ARRAY:
		fill_array(g, (char *)rec + f->offset, f->size);
		return end;
	case STOCK_LOC:
		end = dynamic_string(g, rec, end, 0, &word);
		break;
	case STOCK_REL:
		end = dynamic_string(g, rec, end, f->offset + 4, &word);
		break;
	case STOCK_MASK:
		end = dynamic_mask(g, rec, end, &word);
		break;
	case STOCK_PTR:
		value = some_pointer(g);
		/* fallthrough */
	default:
		memcpy(rec + f->offset, &value, f->size < 8 ? f->size : 8);
		return end;
	}
	memcpy(rec + f->offset, &word, sizeof(word));
	return end;
}

unsigned int gen_record(struct gen *g, uint8_t *rec)
{
	unsigned int i, end = g->ev.size;
	int pid = some_value(g);

	world_forget();
	world.cpu = some_value(g) % world.nr_cpus;
	/* Threads have no negative ids; records may say anything. */
	world.pid = (gen_below(g, 2) ? pid : (int)some_value(g)) & INT32_MAX;
	memset(world.comm, 0, sizeof(world.comm));
	fill_array(g, world.comm, sizeof(world.comm) - 1);

	memset(rec, 0, g->ev.size);
	for (i = 0; i < 4; i++)
		rec[i] = some_value(g);
	memcpy(rec + 4, &pid, sizeof(pid));
	for (i = 0; i < g->ev.nr_fields; i++)
		end = fill_field(g, &g->ev.fields[i], rec, end);
	return end;
}
