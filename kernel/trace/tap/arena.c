// SPDX-License-Identifier: GPL-2.0
/*
 * tap: memory of one translation.
 *
 * In: sizes. Out: zeroed memory that is freed at once. Nothing is freed
 * singly, so no stage has to unwind, and none checks each allocation: the
 * arena remembers that one failed.
 *
 *	struct tap_arena arena = {};
 *	struct tap_node *n = trace_tap_alloc(&arena, sizeof(*n));
 *	...
 *	trace_tap_arena_free(&arena);
 */
#include "tap.h"

/*
 * Bytes of an ordinary chunk. The host tests set it to 0: each allocation is
 * then a chunk of its own, and the address sanitizer sees where it ends.
 */
#ifndef TAP_ARENA_CHUNK
#define TAP_ARENA_CHUNK		2048
#endif

/**
 * struct tap_chunk - piece of an arena
 * @next: the chunk that was filled before
 * @used: bytes handed out
 * @size: bytes in @data
 * @data: the memory
 */
struct tap_chunk {
	struct tap_chunk	*next;
	size_t			used;
	size_t			size;
	u64			data[];
};

static struct tap_chunk *tap_chunk_new(struct tap_arena *arena, size_t need)
{
	struct tap_chunk *chunk;
	size_t size = max_t(size_t, sizeof(*chunk) + need, TAP_ARENA_CHUNK);

	chunk = kvzalloc(size, GFP_KERNEL);
	if (!chunk)
		return NULL;
	chunk->size = size - sizeof(*chunk);
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

/**
 * trace_tap_alloc - allocate from an arena
 * @arena: where from; all zero is an empty arena
 * @size: bytes
 *
 * May sleep.
 *
 * Return: zeroed memory, aligned to 8 bytes, or NULL, and @arena->failed is
 * set.
 */
void *trace_tap_alloc(struct tap_arena *arena, size_t size)
{
	struct tap_chunk *chunk = arena->chunks;
	void *mem;

	if (size > INT_MAX / 2) {
		arena->failed = true;
		return NULL;
	}
	size = ALIGN(size, sizeof(u64));
	if (!chunk || chunk->size - chunk->used < size)
		chunk = tap_chunk_new(arena, size);
	if (!chunk) {
		arena->failed = true;
		return NULL;
	}
	mem = (char *)chunk->data + chunk->used;
	chunk->used += size;
	return mem;
}

/**
 * trace_tap_strndup - copy a string into an arena
 * @arena: where to
 * @s: its bytes, which need no NUL behind them
 * @len: how many
 *
 * Return: the copy, NUL terminated, or NULL, and @arena->failed is set.
 */
char *trace_tap_strndup(struct tap_arena *arena, const char *s, size_t len)
{
	char *copy = trace_tap_alloc(arena, len + 1);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}

/**
 * trace_tap_arena_free - free all memory of an arena
 * @arena: the arena; empty afterwards, and may be used again
 */
void trace_tap_arena_free(struct tap_arena *arena)
{
	struct tap_chunk *chunk, *next;

	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		kvfree(chunk);
	}
	arena->chunks = NULL;
	arena->failed = false;
}
