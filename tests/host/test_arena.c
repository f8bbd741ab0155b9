// SPDX-License-Identifier: GPL-2.0
/* arena.c: memory that is zeroed, aligned, apart, and freed at once. */
#include "host.h"

static void sizes(void)
{
	static const size_t rows[] = {
		0, 1, 7, 8, 9, 63, 64, 2000, 2048, 4096, 100000, 1, 8,
	};
	struct tap_arena arena = {};
	unsigned int i, j;
	char *mem[ARRAY_SIZE(rows)];

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mem[i] = trace_tap_alloc(&arena, rows[i]);
		if (!CHECK(mem[i]))
			continue;
		CHECK((uintptr_t)mem[i] % 8 == 0);
		for (j = 0; j < rows[i] && !mem[i][j]; j++)
			;
		CHECK(j == rows[i]);
		memset(mem[i], i + 1, rows[i]);
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK(!rows[i] || (mem[i][0] == i + 1 &&
				   mem[i][rows[i] - 1] == i + 1));
	CHECK(!arena.failed);
	trace_tap_arena_free(&arena);
	CHECK(!arena.chunks);
}

static void failures(void)
{
	struct tap_arena arena = {};

	CHECK(!trace_tap_alloc(&arena, SIZE_MAX));
	CHECK(arena.failed);
	trace_tap_arena_free(&arena);
	CHECK(!arena.failed);
	CHECK(!trace_tap_alloc(&arena, SIZE_MAX - 4));
	trace_tap_arena_free(&arena);

	tap_alloc_left = 0;
	CHECK(!trace_tap_alloc(&arena, 1));
	CHECK(arena.failed);
	tap_alloc_left = -1;
	CHECK(trace_tap_alloc(&arena, 1));
	CHECK(arena.failed);		/* until it is freed */
	trace_tap_arena_free(&arena);
}

static void strings(void)
{
	struct tap_arena arena = {};
	char *s = trace_tap_strndup(&arena, "abcdef", 3);

	CHECK(s && !strcmp(s, "abc"));
	s = trace_tap_strndup(&arena, "", 0);
	CHECK(s && !*s);
	trace_tap_arena_free(&arena);
}

void test_arena(void)
{
	sizes();
	failures();
	strings();
}
