// SPDX-License-Identifier: GPL-2.0
/*
 * A run: waits for what programs print, shows it, carries out what has to happen
 * in its order, and ends.
 *
 *	in:	"tapc: clear n"		a record
 *	out:	clear > tables/n
 *
 * What ends it: a signal, exit() of the script, the process that was asked for is
 * gone, or the reader of the output is. Then
 *
 *	tracing_on 0	nothing fires any more
 *			what is in the buffers is shown; after exit() it is not
 *	run_once	END, while all others are held back by set_event_pid
 *			maps; what was lost
 *			all is removed
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tracefs.h"

#define TICK_MS		1000	/* how often is looked for what was lost */
#define TICK_MAPS_MS	100	/* the same, and which code processes have */

/*
 * What interrupts a program may last so long that a record of another CPU, which
 * is newer, is there before it.
 */
#define LATE_NS		1000000

/* -------------------------------------------------------------------- signals */

/* There is one run in a process, and signals are the process's. */
static unsigned int nr_signals;
static int signal_pipe[2] = { -1, -1 };

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static void set_signals(void (*handler)(int nr), int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };
	struct sigaction old;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		/* nohup has it ignored. Of SIGINT a shell has, for jobs. */
		if (sigaction(signals[i], NULL, &old) ||
		    (signals[i] == SIGHUP && old.sa_handler == SIG_IGN))
			continue;
		sigaction(signals[i], &act, NULL);
	}
}

static unsigned int signals_seen(void)
{
	return __atomic_load_n(&nr_signals, __ATOMIC_RELAXED);
}

/*
 * The first waits until what is written has been; the second interrupts that,
 * for the reader may never come.
 */
static void on_signal(int nr)
{
	int err = errno;

	__atomic_add_fetch(&nr_signals, 1, __ATOMIC_RELAXED);
	while (write(signal_pipe[1], "", 1) < 0 && errno == EINTR)
		;
	set_signals(on_signal, 0);
	errno = err;
}

/*
 * A reader that goes must not take along who has to clean up. Programs that are
 * run from here get the default, as they would not if it was ignored.
 */
static void on_pipe(int nr)
{
}

static void catch_signals(struct session *s)
{
	struct sigaction act = { .sa_handler = on_pipe, .sa_flags = SA_RESTART };

	nr_signals = 0;
	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK))
		tapc_cannot(s, "pipe", -errno);
	sigaction(SIGPIPE, &act, NULL);
	set_signals(on_signal, SA_RESTART);
}

static void release_signals(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL };

	set_signals(SIG_DFL, 0);
	sigaction(SIGPIPE, &act, NULL);
	close(signal_pipe[0]);
	close(signal_pipe[1]);
}

/**
 * tapc_is_stopped - has a signal come?
 */
bool tapc_is_stopped(void)
{
	return signals_seen();
}

/* Nobody wants to see more. */
static bool is_cut(const struct session *s)
{
	return signals_seen() > s->nr_stops || ferror(s->report->out);
}

/* -------------------------------------------------------------- the command */

/* The child: waits until all is set up; if that fails nobody writes. */
static noreturn void run_command(char **words, const char *name, int go)
{
	char c;

	if (read(go, &c, 1) == 1) {
		execvp(words[0], words);
		fprintf(stderr, "tapc: %s: %s\n", name, strerror(errno));
	}
	_exit(127);
}

/**
 * tapc_session_command - make the process of -c, which waits
 * @tc: the compiler's
 * @opt: has the command; its process is put there
 *
 * It goes on when tapc_session_run() has set all up, or ends with this process.
 */
void tapc_session_command(struct tapc *tc, struct session_options *opt)
{
	char *copy = tapc_format(tc, "%s", opt->command), *word;
	char **words = tapc_alloc(tc, (strlen(copy) / 2 + 2) * sizeof(*words));
	unsigned int nr = 0;
	int go[2];

	while ((word = strsep(&copy, " \t"))) {
		if (*word)
			words[nr++] = word;
	}
	if (!nr || pipe2(go, O_CLOEXEC))
		tapc_fail(tc, (struct loc){}, ERR_COMMAND, opt->command);
	opt->child = fork();
	if (!opt->child) {
		close(go[1]);
		run_command(words, words[0], go[0]);
	}
	close(go[0]);
	opt->go = go[1];
	if (opt->child < 0) {
		close(go[1]);
		tapc_fail(tc, (struct loc){}, ERR_COMMAND, opt->command);
	}
}

static void let_command_go(const struct session_options *opt)
{
	if (opt->child > 0 && write(opt->go, "", 1) == 1)
		close(opt->go);
}

/* The run ends with this process. */
static void watch_process(struct session *s)
{
	int pid = s->opt->child ?: s->opt->pid;

	if (!pid)
		return;
	s->watch = syscall(SYS_pidfd_open, pid, 0);
	if (s->watch < 0)
		tapc_fail(s->tc, (struct loc){}, ERR_NO_PROCESS, pid);
}

/* ------------------------------------------------------------------- records */

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* NULL if nobody wants to see more. */
static char *read_table(struct session *s, const struct map *map)
{
	char path[128];

	if (is_cut(s))
		return NULL;
	snprintf(path, sizeof(path), "tables/%s", map->table);
	return tapc_get(s, s->dir, path);
}

/* The callback of tapc_report_maps(), which frees the text. */
static char *hand_table(void *arg, const struct map *map)
{
	struct session *s = arg;
	char *text = read_table(s, map);

	if (text) {
		s->text = NULL;
		s->size = 0;
	}
	return text;
}

static void change_map(struct session *s, const struct map *map,
		       const char *how)
{
	char path[128];

	snprintf(path, sizeof(path), "tables/%s", map->table);
	tapc_set(s, path, how);
}

static void carry_out(struct session *s, const struct record *rec)
{
	const struct site *site = rec->site;
	char *table;

	switch (site->kind) {
	case SITE_PRINT_MAP:
		s->report->group = s->group;
		table = read_table(s, site->map);
		if (table)
			tapc_report_map(s->report, site->map, table, site->top,
					site->div);
		break;
	case SITE_CLEAR:
		change_map(s, site->map, "clear");
		break;
	case SITE_ZERO:
		change_map(s, site->map, "zero");
		break;
	case SITE_EXIT:
		s->is_done = true;
		s->status = site->top;
		break;
	default:
		s->report->group = s->group;
		s->report->pid = rec->pid;
		tapc_report_record(s->report, site, rec->args, rec->len,
				   rec->ns);
	}
}

/* All records that are so old, or those up to an exit(). */
static void show_records(struct session *s, u64 age)
{
	u64 until = now_ns() - age;
	struct record rec;

	tapc_records_round(s);
	while (!s->is_done && !is_cut(s) && tapc_next_record(s, until, &rec))
		carry_out(s, &rec);
	fflush(s->report->out);
}

static void drop_records(struct session *s)
{
	u64 until = now_ns();
	struct record rec;

	tapc_records_round(s);
	while (tapc_next_record(s, until, &rec))
		;
}

/* -------------------------------------------------------------- what was lost */

enum {
	LOST_RECORDS,
	LOST_RUNS,
	LOST_STACKS,
	LOST_MAPS,	/* and those behind it */
};

static void lost(struct session *s, unsigned int what, u64 nr, const char *name)
{
	if (nr > s->lost[what] && !is_cut(s))
		tapc_report_lost(s->report, nr - s->lost[what], name);
	s->lost[what] = nr;
}

/* Tables: lines "# NAME: entries=1 drops=0 memory=4096" of table_control. */
static void look_at_tables(struct session *s)
{
	char *line = tapc_read(s, s->control), *next, *drops;
	const struct map *m;
	char name[80];
	unsigned int i;
	u64 nr;

	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		drops = *line == '#' ? strstr(line, " drops=") : NULL;
		if (!drops)
			continue;
		nr = strtoull(drops + strlen(" drops="), NULL, 10);
		if (!strncmp(line, "# stacks=", 9))
			lost(s, LOST_STACKS, nr, "stacks");
		line[strcspn(line, ":")] = 0;
		for (m = s->unit->maps, i = LOST_MAPS; m; m = m->next, i++) {
			if (strcmp(line + 2, m->table))
				continue;
			snprintf(name, sizeof(name), "updates of @%s", m->name);
			lost(s, i, nr, name);
		}
	}
}

static void look_for_losses(struct session *s)
{
	lost(s, LOST_RECORDS, tapc_records_lost(s), "records");
	look_at_tables(s);
}

static u64 count_drops(struct session *s, const char *path)
{
	char *text = tapc_get(s, s->dir, path);
	u64 nr = 0;

	while (text && (text = strstr(text, ", drops: "))) {
		text += strlen(", drops: ");
		nr += strtoull(text, &text, 10);
	}
	return nr;
}

/*
 * Programs that had no place for what they look at, which is rare. They also
 * count the records that had no room, which are known already.
 */
static void look_at_programs(struct session *s)
{
	const struct program *p, *before = NULL;
	u64 nr = count_drops(s, "run_once");
	char path[256];

	for (p = s->unit->programs; p; before = p, p = p->next) {
		if (before && !strcmp(p->event, before->event) &&
		    !strcmp(p->system, before->system))
			continue;
		snprintf(path, sizeof(path), "events/%s/%s/program",
			 tapc_named(s, p->system), tapc_named(s, p->event));
		nr += count_drops(s, path);
	}
	nr -= min(nr, s->lost[LOST_RECORDS]);
	lost(s, LOST_RUNS, nr, "events");
}

/* ---------------------------------------------------------------------- the run */

/* Return: false if the run is to end. */
static bool wait_for_records(struct session *s, struct pollfd *fds, int ms)
{
	unsigned int nr = tapc_records_poll(s, fds);

	fds[nr] = (struct pollfd){ .fd = signal_pipe[0], .events = POLLIN };
	fds[nr + 1] = (struct pollfd){ .fd = s->watch, .events = POLLIN };
	if (tapc_records_wait(s))
		ms = LATE_NS / 1000000;
	if (poll(fds, nr + 2, ms) < 0)
		return errno == EINTR && !tapc_is_stopped();
	return !tapc_is_stopped() && !fds[nr + 1].revents;
}

/* Of processes whose stacks maps have, while these live. */
static void look_at_stacks(struct session *s)
{
	int pid = s->opt->child ?: s->opt->pid;
	const struct map *m;
	const char *text;

	if (pid)
		tapc_report_stack_seen(s->report, pid);
	for (m = s->unit->maps; m; m = m->next) {
		text = read_table(s, m);
		while (text && (text = strstr(text, "\n\ttgid "))) {
			text += strlen("\n\ttgid ");
			tapc_report_stack_seen(s->report, strtoull(text, NULL, 10));
		}
	}
}

/* Until something ends it. */
static void watch_run(struct session *s)
{
	unsigned int tick = s->unit->has_usym ? TICK_MAPS_MS : TICK_MS;
	u64 now, next = now_ns() + tick * 1000000ULL;
	struct pollfd *fds;

	fds = tapc_alloc(s->tc, (tapc_records_poll(s, NULL) + 2) *
			 sizeof(*fds));
	while (!s->is_done && !is_cut(s) && wait_for_records(s, fds, tick)) {
		show_records(s, LATE_NS);
		now = now_ns();
		if (now < next)
			continue;
		next = now + tick * 1000000ULL;
		look_for_losses(s);
		if (s->unit->has_usym)
			look_at_stacks(s);
	}
}

/*
 * END's prints need a buffer that is on, and then all programs would run: but
 * for events of a process that there is not.
 */
static void run_end(struct session *s)
{
	const struct program *p;

	if (s->opt->pid)
		close(openat(s->dir, "set_event_pid",
			     O_WRONLY | O_TRUNC | O_CLOEXEC));
	tapc_set(s, "set_event_pid", NO_PID);
	tapc_switch(s, "1");
	for (p = s->unit->end; p; p = p->next)
		tapc_write_program(s, p);
	tapc_switch(s, "0");
	show_records(s, 0);
}

static void show_maps(struct session *s)
{
	s->report->group = s->group;
	if (!is_cut(s))
		tapc_report_maps(s->report, hand_table, s);
	look_for_losses(s);
	look_at_programs(s);
	tapc_report_end(s->report);
	fflush(s->report->out);
}

static void end_run(struct session *s)
{
	int status;

	s->nr_stops = signals_seen();
	tapc_switch(s, "0");
	if (s->opt->child > 0)
		kill(s->opt->child, SIGTERM);
	show_records(s, 0);
	if (s->is_done)
		drop_records(s);
	/* An exit() in END says nothing new. */
	status = s->status;
	s->is_done = false;
	if (s->unit->end)
		run_end(s);
	s->status = status;
	s->is_done = true;
	show_maps(s);
}

static void begin(struct session *s)
{
	const struct map *m;
	unsigned int nr = LOST_MAPS;

	for (m = s->unit->maps; m; m = m->next)
		nr++;
	s->lost = tapc_alloc(s->tc, nr * sizeof(*s->lost));
	s->nr_stops = 1;
	catch_signals(s);
}

static void goes_on(const struct session *s)
{
	if (s->tc->err && !s->report->is_quiet)
		fprintf(s->tc->err, "tapc: run '%s' goes on\n", s->name);
}

/* BEGIN may have been all that there is to do. */
static void run(struct tapc *tc, void *arg)
{
	struct session *s = arg;

	begin(s);
	watch_process(s);
	tapc_load(s);
	if (!s->opt->is_detached) {
		tapc_open_records(s);
		tapc_report_attached(s->report,
				     s->unit->nr_probes - s->nr_skipped);
		show_records(s, 0);
	}
	/* Who is killed before all is done must not look like one that goes on. */
	if (!s->opt->is_detached)
		tapc_save(s);
	if (!s->is_done)
		tapc_switch(s, "1");
	if (s->opt->is_detached)
		tapc_save(s);
	let_command_go(s->opt);
	if (s->opt->is_detached) {
		s->is_made = false;
		goes_on(s);
		return;
	}
	watch_run(s);
	end_run(s);
}

/* A run that goes on after all but an exit(). */
static void run_attached(struct tapc *tc, void *arg)
{
	struct session *s = arg;

	begin(s);
	if (!tapc_claim(s, s->opt->name))
		tapc_fail(tc, (struct loc){}, ERR_NO_SCRIPT, s->opt->name);
	tapc_open_records(s);
	watch_run(s);
	if (!s->is_done) {
		s->nr_stops = signals_seen();
		show_records(s, 0);
	}
	if (s->is_done) {
		s->has_events = true;
		s->is_made = true;
		end_run(s);
		return;
	}
	show_maps(s);
	goes_on(s);
}

static int serve(struct tapc *tc, const struct unit *unit,
		 const struct session_options *opt, struct report *report,
		 void (*what)(struct tapc *tc, void *arg))
{
	struct session s;
	bool ok;

	tapc_open_session(&s, tc, opt->tracefs);
	s.unit = unit;
	s.opt = opt;
	s.report = report;
	s.fail = opt->fail_at;
	ok = tapc_try(tc, what, &s);
	tapc_close_records(&s);
	if (s.is_made)
		ok &= tapc_unload(&s);
	release_signals();
	tapc_close_session(&s);
	return ok ? s.status : 1;
}

/**
 * tapc_session_run - run a script
 * @tc: the compiler's
 * @unit: the script
 * @opt: how
 * @report: where output goes
 *
 * Return: exit status: 0, 1 after an error, or that of the script's exit().
 */
int tapc_session_run(struct tapc *tc, const struct unit *unit,
		     const struct session_options *opt, struct report *report)
{
	return serve(tc, unit, opt, report, run);
}

/**
 * tapc_session_attach - show what a detached run prints
 * @tc: the compiler's
 * @unit: its script, compiled again
 * @opt: has its name
 * @report: where output goes
 *
 * It goes on when this ends, but for an exit() of the script.
 *
 * Return: exit status, as tapc_session_run().
 */
int tapc_session_attach(struct tapc *tc, const struct unit *unit,
			const struct session_options *opt,
			struct report *report)
{
	return serve(tc, unit, opt, report, run_attached);
}
