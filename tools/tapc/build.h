/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: what can be said of a script without running it: the shell script that
 * does the same, what the kernel would say, what the kernel offers.
 *
 *	struct unit --> build.c		a shell script, for boards without tapc
 *		    --> offline.c	nothing, or the error that loading would be;
 *				in a program of its own, tapc-check
 *			info.c		a table of what this machine has
 */
#ifndef _TAPC_BUILD_H
#define _TAPC_BUILD_H

#include <stdio.h>

#include "unit.h"

#define MAX_BUILD_LINE	900	/* characters: what a serial line takes at once */
#define MAX_BUILD_SIZE	32768	/* bytes: more are no fun to paste */

/**
 * struct build_options - what the command line says about the shell script
 * @name: of its instance and events, or NULL: from the name of the script's file
 */
struct build_options {
	const char	*name;
};

void tapc_build(struct tapc *tc, const struct unit *unit,
		const struct build_options *opt, FILE *out);
void tapc_info(struct tapc *tc, FILE *out);

/* Of tapc itself, main.c has these: it becomes tapc-check by the first one. */
void tapc_need_check(struct tapc *tc, char *argv[]);
void tapc_check(struct tapc *tc, const struct unit *unit);

#endif /* _TAPC_BUILD_H */
