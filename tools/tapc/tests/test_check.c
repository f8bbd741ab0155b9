// SPDX-License-Identifier: GPL-2.0
/*
 * What offline.c says of programs, for the kernel to say the same of them: see
 * tests/guest/tapc-check.sh.
 *
 *	test_check DIR
 *
 * in:  DIR/programs: programs, in front of each a line "%% NAME EVENT", where the
 *      event is SYSTEM/EVENT, of DIR/events, or the line that makes it, or
 *      run_once
 * out: on standard error "NAME: ok", or the error
 */
#include "build.h"
#include "tapc.h"

/* Programs before this one have made their tables. */
static struct map map_n = {
	.name = "n", .table = "n", .shape = "[str16, u64] = count",
};

/* "%% NAME EVENT\nPROGRAM" */
static void check(struct tapc *tc, void *arg)
{
	char *name = (char *)arg + strlen("%% "), *event, *end;
	struct dynevent dyn = {};
	struct program p = {};
	struct unit unit = { .maps = &map_n };

	end = strchr(name, '\n');
	*end = 0;
	event = strchr(name, ' ');
	*event++ = 0;
	p.name = name;
	p.text = end + 1;
	if (!strcmp(event, "run_once")) {
		unit.begin = &p;
	} else if (strchr(event, ' ')) {
		dyn.line = event;
		p.dynevent = &dyn;
		p.system = "tapc_check";
		p.event = "k";
		unit.programs = &p;
	} else {
		p.system = event;
		p.event = strchr(event, '/') + 1;
		event[strcspn(event, "/")] = 0;
		unit.programs = &p;
	}
	tapc_check(tc, &unit);
	fprintf(stderr, "%s: ok\n", name);
}

int main(int argc, char *argv[])
{
	const char *dir = argc > 1 ? argv[1] : ".";
	struct tapc tc = { .err = stderr, .long_size = 8 };
	char path[256], *text, *next;

	snprintf(path, sizeof(path), "%s/events", dir);
	tc.machine.events = path;
	tapc_open_machine(&tc);
	text = tapc_read_file(&tc, tapc_format(&tc, "%s/programs", dir));
	for (; text; text = next) {
		next = strstr(text, "\n%% ");
		if (next)
			*++next = 0;
		if (next)
			text = tapc_strndup(&tc, text, strlen(text));
		if (next)
			*next = '%';
		tapc_try(&tc, check, text);
	}
	tapc_free(&tc);
	return 0;
}
