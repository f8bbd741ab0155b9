// SPDX-License-Identifier: GPL-2.0
/*
 * Random programs on random records: what the verifier accepts means the same
 * to the evaluator and to the machine that runs its lowered code, and what is
 * decided early is never wrong.
 */
#include "host.h"

#define NR_TAME		40000
#define NR_WILD		40000
#define NR_RECORDS	8

static void random_progs(unsigned int nr, bool wild)
{
	unsigned int seed, accepted = 0, bad = 0;
	struct host_rand r;
	struct tap_prog *prog;
	enum host_verdict v;

	/* Three that go wrong are enough to look at. */
	for (seed = 1; seed <= nr && bad < 3; seed++) {
		r = (struct host_rand){ .state = (u64)seed << 32 | wild };
		prog = host_random_prog(&r, wild);
		v = host_agree_random(prog, &r, NR_RECORDS);
		host_check(v != HOST_WRONG, __FILE__, __LINE__,
			   "seed %u%s: %s", seed, wild ? ", wild" : "",
			   host_why);
		if (v == HOST_WRONG) {
			bad++;
			host_dump(prog);
		}
		accepted += v == HOST_OK;
		trace_tap_prog_free(prog);
	}
	/* A verifier that rejects all would pass the above. */
	CHECK(bad || accepted > nr / (wild ? 1000 : 2));
}

void test_property(void)
{
	random_progs(NR_TAME, false);
	random_progs(NR_WILD, true);
}
