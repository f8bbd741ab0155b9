// SPDX-License-Identifier: GPL-2.0
/*
 * Shell scripts from units that are made by hand, so that they hold what no
 * script of today makes: quotes, EOF, events that do not exist.
 *
 *	test_build DIR
 *
 * in:  the units below
 * out: DIR/NAME.sh of each, and warnings and errors on standard error. The scripts
 *      are also in tests/build/, to which tests/run compares them, and which
 *      tests/guest/tapc-build.sh runs.
 */
#include "build.h"
#include "tapc.h"

#define GROUP	UNIT_GROUP "/"
#define LOC(l, c)	{ .line = l, .col = c }

static struct map map_n = {
	.name = "n", .table = "n", .shape = "[str16] = count", .size = 100,
	.kind = MAP_COUNT, .pos = LOC(2, 1),
};

static struct map map_secret = {
	.next = &map_n, .name = "secret", .table = "tapc_secret",
	.shape = "[u64] = u64", .is_internal = true, .pos = LOC(2, 1),
};

static struct map map_h = {
	.next = &map_secret, .name = "", .table = "_", .shape = " = hist(u64)",
	.kind = MAP_HIST, .is_scalar = true, .pos = LOC(2, 1),
};

static struct dynevent event_write = {
	.line = "p:" GROUP "write vfs_write", .name = GROUP "write",
};

static struct dynevent event_none = {
	.next = &event_write,
	.line = "p:" GROUP "none no_such_function", .name = GROUP "none",
};

static struct dynevent event_timer = {
	.next = &event_none, .is_alone = true,
	.line = "i:" GROUP "tick 100ms", .name = GROUP "tick",
};

static struct dynevent event_read = {
	.next = &event_timer, .is_alone = true,
	.line = "p:" GROUP "read vfs_read fd=$arg1:u64 count=$arg3:u64",
	.name = GROUP "read",
};

static struct program program_fork = {
	.system = "sched", .event = "sched_process_fork",
	.name = "tracepoint:sched:sched_process_fork", .pos = LOC(5, 1),
	.text = "tap 1 action\n"
		"	arg 0, args.child_comm\n"
		"	printf \"it's \\\"%s\\\", \\x5c $HOME `id`\"\n"
		"	ret 1\n"
		"end\n",
};

/* The same program for another function of a wildcard. */
static struct program program_write = {
	.next = &program_fork, .system = UNIT_GROUP, .event = "write",
	.dynevent = &event_write, .name = "kprobe:vfs_write",
	.text = "tap 1 action # kprobe:vfs_write\n"
		"	table @n[str16] = count\n"
		"	key @n, 0, \"a function\"\n"
		"	agg @n, 0, 1\n"
		"	ret 1\n"
		"end\n",
	.pos = LOC(4, 1),
};

static struct program program_none = {
	.next = &program_write, .system = UNIT_GROUP, .event = "none",
	.dynevent = &event_none, .name = "kprobe:no_such_function",
	.text = "tap 1 action # kprobe:no_such_function\n"
		"	table @n[str16] = count\n"
		"	key @n, 0, \"a function\"\n"
		"	agg @n, 0, 1\n"
		"	ret 1\n"
		"end\n",
	.pos = LOC(4, 1),
};

static struct program program_tick = {
	.next = &program_none, .system = UNIT_GROUP, .event = "tick",
	.dynevent = &event_timer, .name = "interval:ms:100", .pos = LOC(3, 1),
	.text = "tap 1 action\n	printf \"tick\"\n	ret 1\nend\n",
};

static struct program program_read = {
	.next = &program_tick, .system = UNIT_GROUP, .event = "read",
	.dynevent = &event_read, .name = "kprobe:vfs_read", .pos = LOC(2, 1),
	.text = "tap 1 action\n"
		"	table @n[str16] = count\n"
		"	table @_ = hist(u64)\n"
		"	table @tapc_secret[u64] = u64\n"
		"	jmp EOF\n"
		"EOF:\n"
		"	key @n, 0, comm\n"
		"	agg @n, 0, 1\n"
		"	ld r0, args.count\n"
		"	agg @_, 0, r0\n"
		"	key @tapc_secret, 0, r0\n"
		"	put @tapc_secret, r0\n"
		"	ret 1\n"
		"end\n",
};

static struct program once_begin = {
	.name = "BEGIN", .pos = LOC(1, 1),
	.text = "tap 1 action\n	printf \"begin\"\n	ret 1\nend\n",
};

static struct program once_end = {
	.name = "END", .pos = LOC(6, 1),
	.text = "tap 1 action\n"
		"	table @n[str16] = count\n"
		"	key @n, 0, \"end\"\n"
		"	agg @n, 0, 1\n"
		"	printf \"end\"\n"
		"	ret 1\n"
		"end\n",
};

/* Records that nobody is there to carry out. */
static struct part part_user = { .show = SHOW_USERNAME };
static struct part part_uid = { .next = &part_user, .show = SHOW_USERNAME };
static struct part part_tuple = { .show = SHOW_TUPLE, .parts = &part_uid };
static struct site site_end = {
	.kind = SITE_PRINT_MAP, .map = &map_n, .pos = LOC(6, 7),
};

static struct site site_time = {
	.next = &site_end, .kind = SITE_TIME, .pos = LOC(3, 20),
};

static struct site site_print = {
	.next = &site_time, .kind = SITE_PRINT_MAP, .map = &map_n,
	.pos = LOC(3, 7),
};

static struct site site_printf = {
	.next = &site_print, .kind = SITE_PRINTF, .args = &part_tuple,
	.pos = LOC(5, 34),
};

#define MANY	"0123456789012345678901234567890123456789012345678901234567890"
#define LONG	MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY \
		MANY MANY MANY

static const struct unit unit_all = {
	.name = "dir/all-in.one.bt",
	.source = "BEGIN { printf(\"begin\"); }\n"
		  "k:vfs_read { @n[comm] = count(); @ = hist(arg2); }\n"
		  "i:ms:100 { print(@n); time(\"EOF\\n'$HOME'\"); }\n"
		  "k:no_such_function { }\n"
		  "t:sched:sched_process_fork { printf(\"it's \\\"%s\\\"\"); }\n"
		  "END { print(@n); }\n"
		  "EOF\n"
		  "// \001\033[2J" LONG "\n",
	.maps = &map_h, .events = &event_read, .programs = &program_read,
	.begin = &once_begin, .end = &once_end, .sites = &site_printf,
};

/* Alone on the machine with the one above, and with the same events. */
static struct program program_other = {
	.system = UNIT_GROUP, .event = "read", .dynevent = &event_read,
	.name = "kprobe:vfs_read", .pos = LOC(1, 1),
	.text = "tap 1 action\n"
		"	table @n[str16] = count\n"
		"	key @n, 0, \"other\"\n"
		"	agg @n, 0, 1\n"
		"	ret 1\n"
		"end\n",
};

static struct dynevent event_other = {
	.is_alone = true, .line = "p:" GROUP "read vfs_read",
	.name = GROUP "read",
};

static struct map map_other = {
	.name = "n", .table = "n", .shape = "[str16] = count",
};

static const struct unit unit_other = {
	.name = "other", .source = "k:vfs_read { @n[\"other\"] = count(); }",
	.maps = &map_other, .events = &event_other,
	.programs = &program_other,
};

/* What fails when all else is set up. */
static struct program program_bad = {
	.system = "sched", .event = "sched_switch",
	.name = "tracepoint:sched:sched_switch", .pos = LOC(1, 1),
	.text = "tap 1 action\n	ld r0, args.nothing\n	ret 1\nend\n",
};

static struct program program_good = {
	.next = &program_bad, .system = UNIT_GROUP, .event = "read",
	.name = "kprobe:vfs_read", .text = "tap 1 action\n	ret 1\nend\n",
	.dynevent = &event_other,
};

static const struct unit unit_refused = {
	.name = "refused.bt", .source = "",
	.maps = &map_other, .events = &event_other,
	.programs = &program_good,
};

/* What is not there at all. */
static struct program program_absent = {
	.system = "no", .event = "such_event", .name = "tracepoint:no:such_event",
	.text = "tap 1 action\n	ret 1\nend\n",
};

static const struct unit unit_absent = {
	.name = "absent.bt", .source = "", .programs = &program_absent,
};

static struct dynevent event_bad = {
	.is_alone = true, .line = "p:" GROUP "bad no_such_function",
	.name = GROUP "bad",
};

static const struct unit unit_bad_event = {
	.name = "bad-event.bt", .source = "", .events = &event_bad,
	.programs = &program_other,
};

/* None of what could have been left out is there. */
static struct dynevent event_absent = {
	.line = "p:" GROUP "none no_such_function", .name = GROUP "none",
};

static struct program program_nothing = {
	.system = UNIT_GROUP, .event = "none", .name = "kprobe:no_such",
	.text = "tap 1 action\n	ret 1\nend\n",
};

static const struct unit unit_nothing = {
	.name = "nothing", .source = "", .events = &event_absent,
	.programs = &program_nothing,
};

static const struct unit unit_once = {
	.name = "-e", .source = "BEGIN { }", .begin = &once_begin,
};

/* Printed in a line that is too long. */
static struct program program_long = {
	.system = "sched", .event = "sched_switch", .name = "long",
	.text = "tap 1 action\n	printf \"" LONG "\"\n	ret 1\nend\n",
	.pos = LOC(1, 5),
};

static const struct unit unit_long = {
	.name = "long.bt", .source = "t:s:long { }", .programs = &program_long,
};

static char many_bytes[MAX_BUILD_SIZE];

static struct program program_large = {
	.system = "sched", .event = "sched_switch", .name = "large",
	.text = many_bytes,
};

static const struct unit unit_large = {
	.name = "large.bt", .source = "", .programs = &program_large,
};

struct job {
	const struct unit	*unit;
	FILE			*out;
};

static void build(struct tapc *tc, void *arg)
{
	struct build_options opt = { };
	struct job *job = arg;

	tapc_add_source(tc, job->unit->name, job->unit->source);
	tapc_build(tc, job->unit, &opt, job->out);
}

/* The script's file is called as its instance. */
static void run(const char *dir, const struct unit *unit, const char *name)
{
	struct tapc tc = { .err = stderr };
	struct job job = { .unit = unit };
	char path[256];

	snprintf(path, sizeof(path), "%s/%s.sh", dir, name);
	job.out = fopen(path, "w");
	if (!job.out || !tapc_try(&tc, build, &job))
		fprintf(stderr, "%s: failed\n", name);
	fclose(job.out);
	tapc_free(&tc);
}

int main(int argc, char *argv[])
{
	const char *dir = argc > 1 ? argv[1] : ".";
	size_t i;

	for (i = 0; i < sizeof(many_bytes) - 1; i++)
		many_bytes[i] = i % 64 == 63 ? '\n' : '#';
	run(dir, &unit_all, "all_in_one");
	run(dir, &unit_other, "other");
	run(dir, &unit_refused, "refused");
	run(dir, &unit_absent, "absent");
	run(dir, &unit_bad_event, "bad_event");
	run(dir, &unit_nothing, "nothing");
	run(dir, &unit_once, "script");
	run(dir, &unit_long, "long");
	run(dir, &unit_large, "large");
	return 0;
}
