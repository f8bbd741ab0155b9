// SPDX-License-Identifier: GPL-2.0
/*
 * tapc --info, of this machine or of a copied folder of events.
 *
 *	test_info [EVENTS]
 */
#include "build.h"
#include "tapc.h"

static void run(struct tapc *tc, void *arg)
{
	tapc_open_machine(tc);
	tapc_info(tc, stdout);
}

int main(int argc, char *argv[])
{
	struct tapc tc = { .err = stderr };
	bool ok;

	tc.machine.events = argv[1];
	ok = tapc_try(&tc, run, NULL);
	tapc_free(&tc);
	return !ok;
}
