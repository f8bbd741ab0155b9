// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of bytecode: programs that no text has to be able to say.
 *
 * In: any bytes; random.c takes them for its choices. What the verifier accepts
 * must mean the same to the evaluator and to every machine, and touch nothing
 * that is not its own.
 */
#include "host.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct host_rand bytes = { .data = data, .left = size };
	struct host_rand r = { .state = size };
	bool wild = host_below(&bytes, 4);
	struct tap_prog *prog = host_random_prog(&bytes, wild);

	if (host_agree_random(prog, &r, 3) == HOST_WRONG) {
		printf("wrong: %s\n", host_why);
		host_dump(prog);
		fflush(stdout);
		abort();
	}
	trace_tap_prog_free(prog);
	host_forget();
	return 0;
}
