/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: a run, for the files that make it: load.c, session.c, sessions.c,
 * record.c, tracefs.c. Others use session.h.
 *
 *	instances/		flock: who makes runs, or looks for them
 *	instances/tapc-NAME/	flock: as long as the run's process lives
 *	  events/tap/run_once/filter	comments: what the run is; see sessions.c
 *	dynamic_events		tapc_NAME/...
 *
 * The locks are on the folders, since one of these, other than a file, can be
 * removed while it is open. They are there as soon as the folder is, for
 * whoever takes a lock of a run holds that of instances/ meanwhile.
 */
#ifndef _TAPC_TRACEFS_H
#define _TAPC_TRACEFS_H

#include "session.h"
#include "tapc.h"

/* A process that there never is: numbers are below PID_MAX_LIMIT. */
#define NO_PID		"4194304"

#define MAX_RUN_NAME	32	/* bytes of a run's name */

/**
 * struct session - a run
 * @tc: the compiler's
 * @unit: what runs
 * @opt: how
 * @report: where output goes
 * @name: of the run
 * @path: "instances/tapc-NAME"
 * @group: "tapc_NAME", of its events
 * @top: tracefs
 * @instances: its folder instances/, or -1
 * @dir: the run's instance, or -1
 * @watch: of the process that the run ends with, or -1
 * @on: its tracing_on, or -1
 * @control: its table_control, to be read, or -1
 * @fail: steps up to the one that fails, or 0
 * @nr_skipped: probes that could not be made
 * @has_events: has events of its own
 * @is_made: the instance is this run's to remove
 * @is_done: an exit() has been carried out
 * @status: of the exit()
 * @text: what tapc_get() has read
 * @size: bytes that @text has room for
 * @records: ring buffers
 * @lost: what has been reported as lost: records, programs, stacks, tables
 * @nr_stops: signals that had come when the run began to end
 */
struct session {
	struct tapc			*tc;
	const struct unit		*unit;
	const struct session_options	*opt;
	struct report			*report;
	const char			*name;
	const char			*path;
	const char			*group;
	int				top;
	int				instances;
	int				dir;
	int				watch;
	int				on;
	int				control;
	unsigned int			fail;
	unsigned int			nr_skipped;
	bool				has_events;
	bool				is_made;
	bool				is_done;
	int				status;
	char				*text;
	size_t				size;
	struct records			*records;
	u64				*lost;
	unsigned int			nr_stops;
};

/* ------------------------------------------------- tracefs.c: its files */

void tapc_open_session(struct session *s, struct tapc *tc,
		       const char *tracefs);
void tapc_close_session(struct session *s);
void tapc_close(int *fd);
int tapc_put(struct session *s, int dir, const char *path, const char *text);
void tapc_set(struct session *s, const char *path, const char *text);
void tapc_switch(struct session *s, const char *on);
char *tapc_read(struct session *s, int fd);
char *tapc_get(struct session *s, int dir, const char *path);
noreturn void tapc_cannot(struct session *s, const char *path, int err);
const char *tapc_reason(struct session *s, int dir, const char *text, int err);
const char *tapc_named(struct session *s, const char *text);

/* -------------------------------------------- load.c: set up, and removed */

void tapc_load(struct session *s);
void tapc_write_program(struct session *s, const struct program *p);
bool tapc_unload(struct session *s);

/* ------------------------------------------------- session.c: the run itself */

bool tapc_is_stopped(void);

/* ----------------------------------------------- sessions.c: all the runs */

void tapc_claim_new(struct session *s);
bool tapc_claim(struct session *s, const char *name);
void tapc_save(struct session *s);

/* --------------------------------------------- record.c: what programs print */

/**
 * struct record - what a program has printed
 * @site: where
 * @args: its arguments
 * @len: bytes of these
 * @ns: when, since boot
 * @pid: thread that was running
 */
struct record {
	const struct site	*site;
	const void		*args;
	size_t			len;
	u64			ns;
	int			pid;
};

struct pollfd;

void tapc_open_records(struct session *s);
void tapc_close_records(struct session *s);
unsigned int tapc_records_poll(struct session *s, struct pollfd *fds);
void tapc_records_round(struct session *s);
bool tapc_next_record(struct session *s, u64 until, struct record *rec);
bool tapc_records_wait(const struct session *s);
u64 tapc_records_lost(struct session *s);

#endif /* _TAPC_TRACEFS_H */
