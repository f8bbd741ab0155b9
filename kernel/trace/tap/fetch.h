/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: strings that programs look at: where they are, and copies of them.
 *
 * A named string is a number, TAP_STRING_DESC(). What lies in the record or in
 * the current thread can be looked at where it is; what a pointer in the record
 * points to is copied first. Nothing here trusts what a record says about
 * itself: a dynamic string ends where the record does.
 *
 * Context: any, NMI included, preemption off.
 */
#ifndef _TRACE_TAP_FETCH_H
#define _TRACE_TAP_FETCH_H

#include <linux/minmax.h>
#include <linux/unaligned.h>

#include "tap.h"

/**
 * struct trace_tap_bytes - a part of a record, or of the current thread
 * @start: its first byte, or NULL if it is not there
 * @len: its bytes; a string may end before
 */
struct trace_tap_bytes {
	const void	*start;
	unsigned int	len;
};

/**
 * trace_tap_loc - what the word of a dynamic field describes
 * @ctx: the record
 * @offset: of the word
 * @base: what the word counts from
 *
 * Return: the bytes of it that are within the record.
 */
static inline struct trace_tap_bytes trace_tap_loc(const struct tap_ctx *ctx,
						   unsigned int offset,
						   unsigned int base)
{
	u32 word = get_unaligned((const u32 *)(ctx->rec + offset));
	unsigned int start = base + (word & 0xffff);
	struct trace_tap_bytes b = {};

	if (start >= ctx->len)
		return b;
	b.start = ctx->rec + start;
	b.len = ctx->len - start;
	/* A length of 0 is that of a string up to its NUL */
	if (word >> 16)
		b.len = min(b.len, word >> 16);
	return b;
}

/**
 * trace_tap_tail - all of the record from @offset on
 * @ctx: the record
 * @offset: where it begins
 *
 * Return: the bytes.
 */
static inline struct trace_tap_bytes trace_tap_tail(const struct tap_ctx *ctx,
						    unsigned int offset)
{
	struct trace_tap_bytes b = {};

	if (offset < ctx->len) {
		b.start = ctx->rec + offset;
		b.len = ctx->len - offset;
	}
	return b;
}

/* Is it a string behind a pointer, which has to be copied? */
static inline bool trace_tap_is_pointer(u64 desc)
{
	return TAP_STRING_TYPE(desc) == TAP_PTR ||
	       TAP_STRING_TYPE(desc) == TAP_USER;
}

/* The pointer. */
static inline unsigned long trace_tap_pointer(const struct tap_ctx *ctx,
					      u64 desc)
{
	return get_unaligned((const unsigned long *)(ctx->rec +
						     TAP_STRING_OFFSET(desc)));
}

struct trace_tap_bytes trace_tap_string_at(const struct tap_ctx *ctx, u64 desc);
long trace_tap_string_read(char *dst, unsigned long addr, bool user, long size);
unsigned int trace_tap_string_copy(char *dst, const char *src,
				   unsigned int max);

#endif /* _TRACE_TAP_FETCH_H */
