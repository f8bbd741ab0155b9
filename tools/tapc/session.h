/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: a run: what tracefs has while a script is being traced.
 *
 *	struct unit --> load.c		instance, events, tables, programs
 *			session.c	waits, reads records, shows them, ends
 *			record.c	raw pages of the ring buffer to records
 *			sessions.c	tapc ls, rm, attach: those of others
 *			tracefs.c	files; tracefs.h: what these share
 *
 * A run has an instance of its own, "tapc-NAME", and, if it needs events of its
 * own, a group of these, "tapc_NAME". It holds a lock (flock) on the instance's
 * folder as long as it lives, so who finds an instance without lock knows that
 * its process has been killed. A detached run has no process; comments in its
 * instance say that it is one, and have the script.
 */
#ifndef _TAPC_SESSION_H
#define _TAPC_SESSION_H

#include "report.h"

/**
 * struct session_options - what the command line says about running
 * @name: of the run, or NULL: the process's number
 * @tracefs: where it is mounted, or NULL to look
 * @buffer_kb: of the ring buffer, for each CPU
 * @command: -c: runs while it does, or NULL
 * @child: its process, that tapc_session_command() has made, or 0
 * @go: what @child waits for
 * @pid: -p: only this process is traced, or 0
 * @is_detached: leave it running
 * @is_verbose: say what is done
 * @fail_at: for tests: the step that fails, 0 for none
 * @words: to be kept with a detached run: its command line, whatever else it
 *	takes to compile the script again; NULL behind the last
 */
struct session_options {
	const char	*name;
	const char	*tracefs;
	unsigned int	buffer_kb;
	const char	*command;
	int		child;
	int		go;
	int		pid;
	bool		is_detached;
	bool		is_verbose;
	unsigned int	fail_at;
	char * const	*words;
};

void tapc_session_command(struct tapc *tc, struct session_options *opt);

/*
 * Exit statuses: 0, 1 after an error, that of the script's exit().
 */
int tapc_session_run(struct tapc *tc, const struct unit *unit,
		     const struct session_options *opt, struct report *report);
int tapc_session_list(struct tapc *tc, FILE *out);
int tapc_session_remove(struct tapc *tc, const char *name);
char *tapc_session_source(struct tapc *tc, const char *name);
char **tapc_session_texts(struct tapc *tc, const char *name);
int tapc_session_attach(struct tapc *tc, const struct unit *unit,
			const struct session_options *opt,
			struct report *report);

#endif /* _TAPC_SESSION_H */
