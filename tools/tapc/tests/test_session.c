// SPDX-License-Identifier: GPL-2.0
/*
 * Runs of units that are made by hand, and shown as they come.
 *
 *	test_session [OPTION]... run UNIT
 *	test_session attach NAME UNIT
 *	test_session source|texts|rm NAME
 *	test_session rm-all|ls
 *
 *	--name N --tracefs DIR --kb N --fail N -p PID -c COMMAND --detach -v
 *
 * Units: what each does stands at its function.
 */
#include <fcntl.h>
#include <tracefs.h>
#include <unistd.h>

#include "session.h"
#include "tapc.h"

/* --------------------------------------------------------------------- report */

/* A record "FORMAT| ARGUMENT...", a map as the kernel shows it. */
void tapc_report_attached(struct report *r, unsigned int nr_probes)
{
	fprintf(r->out, "attached %u\n", nr_probes);
}

void tapc_report_record(struct report *r, const struct site *site,
			const void *args, size_t len, u64 ns)
{
	static u64 last;
	const struct part *part;
	const char *p = args;
	u64 value;

	fprintf(r->out, "%s|", site->format);
	for (part = site->args; part; part = part->next) {
		if (part->show == SHOW_STR) {
			fprintf(r->out, " %s", p);
			p += strlen(p) + 1;
		} else {
			p = (const char *)(((unsigned long)p + 3) & ~3UL);
			memcpy(&value, p, sizeof(value));
			fprintf(r->out, " %lld", (long long)value);
			p += 8;
		}
	}
	if (p > (const char *)args + len)
		fputs(" TOO SHORT", r->out);
	if (ns < last)
		fputs(" TOO LATE", r->out);
	last = ns;
	fputc('\n', r->out);
}

void tapc_report_map(struct report *r, const struct map *map,
		     const char *table, u64 top, u64 div)
{
	fprintf(r->out, "map %s\n%s", map->name, strchr(table, '\n') + 1);
}

void tapc_report_maps(struct report *r,
		      char *(*read_table)(void *arg, const struct map *map),
		      void *arg)
{
	const struct map *map;
	char *table;

	for (map = r->unit->maps; map; map = map->next) {
		table = read_table(arg, map);
		if (table)
			tapc_report_map(r, map, table, 0, 0);
		free(table);
	}
}

void tapc_report_lost(struct report *r, u64 nr, const char *what)
{
	fflush(r->out);
	fprintf(stderr, "lost %llu %s\n", (unsigned long long)nr, what);
}

void tapc_report_end(struct report *r)
{
	fputs("end of report\n", r->out);
}

void tapc_report_stack_seen(struct report *r, int tgid)
{
}

/* ---------------------------------------------------------------------- units */

static struct tapc tc;

static struct program *program(const char *system, const char *event,
			       const char *body)
{
	struct program *p = tapc_alloc(&tc, sizeof(*p));

	p->system = system;
	p->event = event;
	p->text = tapc_format(&tc, "tap 1 action\n%s\tret\t1\nend\n", body);
	p->name = tapc_format(&tc, "t:%s:%s", system ?: "", event ?: "");
	p->pos = (struct loc){ .line = 1, .col = 1 };
	return p;
}

static struct site *site(struct unit *u, u8 kind, const char *format,
			 const char *args)
{
	struct site *s = tapc_alloc(&tc, sizeof(*s));
	struct part **tail = &s->args;

	for (; *args; args++, tail = &(*tail)->next) {
		*tail = tapc_alloc(&tc, sizeof(**tail));
		(*tail)->show = *args == 's' ? SHOW_STR : SHOW_INT;
	}
	s->kind = kind;
	s->format = format;
	s->map = u->maps;
	s->next = u->sites;
	u->sites = s;
	return s;
}

static void map(struct unit *u, const char *name, const char *shape, u64 size)
{
	struct map *m = tapc_alloc(&tc, sizeof(*m));

	m->name = name;
	m->table = name;
	m->shape = shape;
	m->size = size;
	m->kind = MAP_COUNT;
	m->pos = (struct loc){ .line = 1, .col = 1 };
	m->next = u->maps;
	u->maps = m;
}

static struct dynevent *event(struct unit *u, const char *line,
			      const char *name, bool is_alone)
{
	struct dynevent *e = tapc_alloc(&tc, sizeof(*e)), **tail = &u->events;

	e->line = line;
	e->name = name;
	e->is_alone = is_alone;
	while (*tail)
		tail = &(*tail)->next;
	*tail = e;
	return e;
}

static void add(struct unit *u, struct program *p)
{
	p->next = u->programs;
	u->programs = p;
	u->nr_probes++;
}

static void begin_end(struct unit *u)
{
	site(u, SITE_PRINTF, "begin\t\"%d\" \\", "d");
	site(u, SITE_PRINTF, "end of %s at %d", "sd");
	u->begin = program(NULL, NULL, "\targ\t0, 42\n"
			   "\tprintf\t\"begin\\t\\\"%d\\\" \\\\\"\n");
	u->end = program(NULL, NULL, "\targ\t0, comm\n\targ\t1, 7\n"
			 "\tprintf\t\"end of %s at %d\"\n");
	u->nr_probes += 2;
}

/*
 * Counts signals by sender, and prints 0; but 17 prints the map, 18 clears it, 28
 * makes it zero, 23 is exit(3).
 */
static void unit_kill(struct unit *u)
{
	map(u, "n", "[s64] = count", 0);
	begin_end(u);
	site(u, SITE_PRINTF, "%s sends %d", "sd");
	site(u, SITE_PRINT_MAP, "tapc: print n", "");
	site(u, SITE_CLEAR, "tapc: clear n", "");
	site(u, SITE_ZERO, "tapc: zero n", "");
	site(u, SITE_EXIT, "tapc: exit", "")->top = 3;
	add(u, program("syscalls", "sys_enter_kill",
		       "\ttable\t@n[s64] = count\n"
		       "\tld\tr0, args.sig\n"
		       "\tkey\t@n, 0, r0\n"
		       "\tagg\t@n, 0, 1\n"
		       "\tjeq\tr0, 17, L1\n\tjeq\tr0, 18, L2\n"
		       "\tjeq\tr0, 28, L3\n\tjeq\tr0, 23, L4\n"
		       "\targ\t0, comm\n\targ\t1, r0\n"
		       "\tprintf\t\"%s sends %d\"\n\tret\t1\n"
		       "L1:\n\tprintf\t\"tapc: print n\"\n\tret\t1\n"
		       "L2:\n\tprintf\t\"tapc: clear n\"\n\tret\t1\n"
		       "L3:\n\tprintf\t\"tapc: zero n\"\n\tret\t1\n"
		       "L4:\n\tprintf\t\"tapc: exit\"\n"));
}

/* Two events of its own, and one that cannot be made. */
static void unit_events(struct unit *u)
{
	static const struct attach attach = {
		.provider = P_KPROBE, .form = FORM_FUNC, .name = "no_such_one",
	};
	static const struct target target = {
		.attach = &attach, .pos = { .line = 1, .col = 1 },
		.provider = P_KPROBE, .is_unsure = true, .name = "no_such_one",
	};
	struct dynevent *e;
	struct program *p;

	map(u, "ticks", " = count", 0);
	map(u, "kills", "[str16] = count", 0);
	begin_end(u);
	e = event(u, "p:tapc_GROUP/missing no_such_one", "tapc_GROUP/missing",
		  false);
	e->target = &target;
	p = program("tapc_GROUP", "missing", "");
	p->dynevent = e;
	add(u, p);
	event(u, "p:tapc_GROUP/kill __x64_sys_kill", "tapc_GROUP/kill", true);
	add(u, program("tapc_GROUP", "kill", "\ttable\t@kills[str16] = count\n"
		       "\tkey\t@kills, 0, comm\n\tagg\t@kills, 0, 1\n"));
	event(u, "i:tapc_GROUP/tick 10ms", "tapc_GROUP/tick", true);
	add(u, program("tapc_GROUP", "tick",
		       "\ttable\t@ticks = count\n\tagg\t@ticks, 0, 1\n"));
}

/* Prints from all CPUs. */
static void unit_flood(struct unit *u)
{
	begin_end(u);
	site(u, SITE_PRINTF, "cpu %d", "d");
	event(u, "i:tapc_GROUP/tick 1000hz percpu", "tapc_GROUP/tick", true);
	add(u, program("tapc_GROUP", "tick", "\tld\tr0, cpu\n\targ\t0, r0\n"
		       "\tprintf\t\"cpu %d\"\n"));
}

/* Each system call: and prints one line for each, or a lot. */
static void unit_storm(struct unit *u)
{
	begin_end(u);
	site(u, SITE_PRINTF, "call %d %d", "dd");
	add(u, program("raw_syscalls", "sys_enter",
		       "\tld\tr0, args.id\n\tld\tr1, pid\n\targ\t0, r0\n"
		       "\targ\t1, r1\n\tprintf\t\"call %d %d\"\n"));
}

/* A program for each system call, and more keys than the map has room for. */
static void unit_many(struct unit *u)
{
	struct word *w;

	map(u, "n", "[s64] = count", 4);
	for (w = tapc_events(&tc, "syscalls", "sys_enter_*"); w; w = w->next)
		add(u, program("syscalls", w->text,
			       "\ttable\t@n[s64] = count\n"
			       "\tld\tr0, args.__syscall_nr\n"
			       "\tkey\t@n, 0, r0\n\tagg\t@n, 0, 1\n"));
}

/* What the kernel refuses: a program, a map, an event. */
static void unit_bad_program(struct unit *u)
{
	add(u, program("sched", "sched_switch", "\tld\tr0, args.nonsense\n"));
}

static void unit_bad_map(struct unit *u)
{
	map(u, "m", "[s7] = count", 0);
}

static void unit_bad_event(struct unit *u)
{
	event(u, "p:tapc_GROUP/x vfs_read a=$nonsense", "tapc_GROUP/x", true);
}

/* Too large for its instance. */
static void unit_big(struct unit *u)
{
	char *source = tapc_alloc(&tc, 40000);

	memset(source, '#', 39999);
	u->source = source;
}

/* All is over with BEGIN. */
static void unit_exit(struct unit *u)
{
	unit_kill(u);
	u->begin = program(NULL, NULL, "\tprintf\t\"tapc: exit\"\n");
}

static const struct {
	const char	*name;
	void		(*make)(struct unit *u);
} units[] = {
	{ "kill", unit_kill }, { "events", unit_events },
	{ "flood", unit_flood }, { "storm", unit_storm },
	{ "many", unit_many }, { "exit", unit_exit },
	{ "bad_program", unit_bad_program }, { "bad_map", unit_bad_map },
	{ "bad_event", unit_bad_event }, { "big", unit_big },
};

/* -------------------------------------------------------------------- command */

struct command {
	const char			*what;
	const char			*name;
	struct session_options		opt;
	int				status;
};

static struct unit *make_unit(const char *name)
{
	static const char source[] = "all of \\it\n\n\ttab #x \t\n#:y\nend";
	struct unit *u = tapc_alloc(&tc, sizeof(*u));
	unsigned int i;

	u->source = source;
	u->name = name;
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(units[i].name, name))
			units[i].make(u);
	}
	if (!tc.nr_sources)
		tapc_add_source(&tc, name, source);
	return u;
}

static void run(struct tapc *unused, void *arg)
{
	struct command *cmd = arg;
	struct session_options *opt = &cmd->opt;
	struct report report = { .tc = &tc, .out = stdout };
	char **texts;

	tapc_open_machine(&tc);
	if (opt->command)
		tapc_session_command(&tc, opt);
	if (!strcmp(cmd->what, "ls")) {
		cmd->status = tapc_session_list(&tc, stdout);
	} else if (!strcmp(cmd->what, "rm-all")) {
		cmd->status = tapc_session_remove(&tc, NULL);
	} else if (!strcmp(cmd->what, "rm")) {
		cmd->status = tapc_session_remove(&tc, cmd->name);
	} else if (!strcmp(cmd->what, "source")) {
		fputs(tapc_session_source(&tc, cmd->name), stdout);
	} else if (!strcmp(cmd->what, "texts")) {
		for (texts = tapc_session_texts(&tc, cmd->name); *texts; texts++)
			printf("<%s>\n", *texts);
	} else {
		report.unit = make_unit(cmd->name);
		cmd->status = !strcmp(cmd->what, "attach") ?
			tapc_session_attach(&tc, report.unit, opt, &report) :
			tapc_session_run(&tc, report.unit, opt, &report);
	}
}

int main(int argc, char *argv[])
{
	static char * const words[] = { "--one", "two\nlines", "", NULL };
	struct command cmd = { .opt.words = words, .name = "" };
	bool ok;
	int i;

	tc.err = stderr;
	tc.long_size = sizeof(long);
	for (i = 1; i < argc && *argv[i] == '-'; i++) {
		if (!strcmp(argv[i], "--detach"))
			cmd.opt.is_detached = true;
		else if (!strcmp(argv[i], "-v"))
			cmd.opt.is_verbose = true;
		else if (i + 1 == argc)
			break;
		else if (!strcmp(argv[i], "--name"))
			cmd.opt.name = argv[++i];
		else if (!strcmp(argv[i], "--tracefs"))
			tracefs_set_tracing_dir(argv[++i]);
		else if (!strcmp(argv[i], "--kb"))
			cmd.opt.buffer_kb = atoi(argv[++i]);
		else if (!strcmp(argv[i], "--fail"))
			cmd.opt.fail_at = atoi(argv[++i]);
		else if (!strcmp(argv[i], "-p"))
			cmd.opt.pid = atoi(argv[++i]);
		else if (!strcmp(argv[i], "-c"))
			cmd.opt.command = argv[++i];
	}
	if (i == argc)
		return 2;
	cmd.what = argv[i++];
	if (!strcmp(cmd.what, "attach") && i < argc)
		cmd.opt.name = argv[i++];
	if (i < argc)
		cmd.name = argv[i++];
	ok = tapc_try(&tc, run, &cmd);
	tapc_free(&tc);
	return ok ? cmd.status : 1;
}
