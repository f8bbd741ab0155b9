// SPDX-License-Identifier: GPL-2.0
/* The machine around an event, see world.h. */
#include <errno.h>
#include <string.h>

#include "world.h"

struct world world = { .nr_cpus = 8, .comm = "init" };

/* What every event has; cpu, comm and stacktrace have no place in a record. */
static const struct world_field generic_fields[] = {
	{ "CPU",	"int",		0, 0, true,  WORLD_CPU },
	{ "cpu",	"int",		0, 0, true,  WORLD_CPU },
	{ "common_cpu",	"int",		0, 0, true,  WORLD_CPU },
	{ "COMM",	"char *",	0, 0, false, WORLD_COMM },
	{ "comm",	"char *",	0, 0, false, WORLD_COMM },
	{ "stacktrace",	"char *",	0, 0, false, WORLD_STACKTRACE },
	{ "STACKTRACE",	"char *",	0, 0, false, WORLD_STACKTRACE },
	{ "common_type",  "unsigned short", 0, 2, false, WORLD_OTHER },
	{ "common_flags", "unsigned char",  2, 1, false, WORLD_OTHER },
	{ "common_preempt_count", "unsigned char", 3, 1, false, WORLD_OTHER },
	{ "common_pid",	"int",		4, 4, true,  WORLD_OTHER },
};

static const struct {
	const char	*name;
	uint64_t	start;
	uint64_t	span;
} symbols[] = {
	{ "vfs_read",	0xffffffff81200000, 0x120 },
	{ "vfs_write",	0xffffffff81200120, 0x100 },
	{ "do_exit",	0xffffffff81300010, 1 },
	{ "x",		0x1000,		    0x40 },
	{ "last",	0xfffffffffffffff0, 8 },
};

/* Addresses are made up, so that records are the same in every run. */
static struct {
	uint64_t	start;
	size_t		used;
	char		bytes[16384];
} memory[2] = {
	{ .start = 0xffff888000001000 },
	{ .start = 0x00007f0000001000 },
};

const struct world_field *world_find_field(const struct world_event *ev,
					   const char *name)
{
	unsigned int i;

	for (i = 0; i < ev->nr_fields; i++)
		if (!strcmp(ev->fields[i].name, name))
			return &ev->fields[i];
	for (i = 0; i < sizeof(generic_fields) / sizeof(*generic_fields); i++)
		if (!strcmp(generic_fields[i].name, name))
			return &generic_fields[i];
	return NULL;
}

bool world_symbol(const char *name, uint64_t *start, uint64_t *span)
{
	unsigned int i;

	for (i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		if (name ? strcmp(symbols[i].name, name) != 0 :
			   *start - symbols[i].start >= symbols[i].span)
			continue;
		*start = symbols[i].start;
		*span = symbols[i].span;
		return true;
	}
	return false;
}

const char *world_symbol_name(unsigned int i)
{
	return i < sizeof(symbols) / sizeof(*symbols) ? symbols[i].name : NULL;
}

void world_forget(void)
{
	memory[0].used = 0;
	memory[1].used = 0;
}

uint64_t world_put(bool user, const char *s, size_t len)
{
	char *at = memory[user].bytes + memory[user].used;

	if (len > sizeof(memory[user].bytes) - memory[user].used)
		return 0;
	memcpy(at, s, len);
	memory[user].used += len;
	return memory[user].start + (at - memory[user].bytes);
}

long world_read_string(bool user, char *dst, uint64_t addr, long count)
{
	uint64_t at = addr - memory[user].start;
	long i;

	for (i = 0; i < count; i++, at++) {
		if (at >= memory[user].used) {
			dst[0] = 0;
			return -EFAULT;
		}
		dst[i] = memory[user].bytes[at];
		if (!dst[i])
			return i + 1;
	}
	dst[count - 1] = 0;
	return count;
}
