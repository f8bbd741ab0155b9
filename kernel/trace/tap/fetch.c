// SPDX-License-Identifier: GPL-2.0
/*
 * tap: strings that programs look at, see fetch.h.
 *
 *	in:	TAP_STRING_DESC(TAP_LOC, 8, 4), the record	"bash\0"
 *	out:	where "bash" is; or, for a key of 16 bytes, a copy of it with
 *		eleven zeros and its NUL behind
 */
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "action.h"
#include "fetch.h"
#include "table.h"

/* The event's name; only actions have such an operand. */
static struct trace_tap_bytes event_name(const struct tap_ctx *ctx)
{
	struct trace_tap_bytes b = {};

	if (IS_ENABLED(CONFIG_TRACE_TAP)) {
		const struct trace_tap_run *run =
			container_of(ctx, struct trace_tap_run, ctx);

		b.start = trace_tap_probe_name(run->item->probe);
		if (b.start)
			b.len = strlen(b.start) + 1;
	}
	return b;
}

/**
 * trace_tap_string_at - where a named string is
 * @ctx: the record; of a program that names the event, of an action
 * @desc: TAP_STRING_DESC() of the string, which trace_tap_is_pointer() is not
 *	true for
 *
 * Return: its bytes, up to its NUL or all of them.
 */
struct trace_tap_bytes trace_tap_string_at(const struct tap_ctx *ctx, u64 desc)
{
	unsigned int offset = TAP_STRING_OFFSET(desc);
	struct trace_tap_bytes b = {};

	switch (TAP_STRING_TYPE(desc)) {
	case TAP_COMM:
		b.start = current->comm;
		b.len = TASK_COMM_LEN;
		return b;
	case TAP_ARRAY:
		if (!TAP_STRING_SIZE(desc))
			return trace_tap_tail(ctx, offset);
		b.start = ctx->rec + offset;
		b.len = TAP_STRING_SIZE(desc);
		return b;
	case TAP_LOC:
		return trace_tap_loc(ctx, offset, 0);
	case TAP_REL:
		return trace_tap_loc(ctx, offset, offset + sizeof(u32));
	case TAP_PROBE:
		return event_name(ctx);
	default:
		return b;
	}
}

/**
 * trace_tap_string_read - copy a string that a pointer points to
 * @dst: where to
 * @addr: the pointer
 * @user: it is one of the user's
 * @size: bytes of @dst; what is copied ends with a NUL, and is cut to fit
 *
 * Return: bytes copied, NUL included; 0 or less if it cannot be read, then what
 * is in @dst means nothing.
 */
long trace_tap_string_read(char *dst, unsigned long addr, bool user, long size)
{
	if (user)
		return strncpy_from_user_nofault(dst, (void __user *)addr,
						 size);
	return strncpy_from_kernel_nofault(dst, (void *)addr, size);
}

/**
 * trace_tap_string_copy - copy a string whose bytes can be read
 * @dst: where to; no NUL is added
 * @src: the string
 * @max: bytes of it at most
 *
 * Return: bytes copied.
 */
unsigned int trace_tap_string_copy(char *dst, const char *src, unsigned int max)
{
	unsigned int n;

	/* Most are so short that counting them first would cost more */
	for (n = 0; n < max; n++) {
		dst[n] = src[n];
		if (!dst[n])
			break;
	}
	return n;
}

/**
 * trace_tap_helper_string - TAP_HELPER_STRING: copy a named string
 * @ctx: struct tap_ctx
 * @desc: TAP_STRING_DESC() of the string
 * @dst: where to
 * @len: bytes there; they end with at least one NUL
 * @a5: not used
 *
 * Return: bytes of the string; 0 if it cannot be read.
 */
u64 trace_tap_helper_string(u64 ctx, u64 desc, u64 dst, u64 len, u64 a5)
{
	const struct tap_ctx *c = (const struct tap_ctx *)(unsigned long)ctx;
	char *to = (char *)(unsigned long)dst;
	struct trace_tap_bytes b;
	unsigned int n;

	if (trace_tap_is_pointer(desc))
		return trace_tap_helper_strptr(trace_tap_pointer(c, desc),
					       TAP_STRING_TYPE(desc) == TAP_USER,
					       dst, len, len);
	b = trace_tap_string_at(c, desc);
	n = b.start ? trace_tap_string_copy(to, b.start,
					    min_t(u64, b.len, len - 1)) : 0;
	memset(to + n, 0, len - n);
	return n;
}

/**
 * trace_tap_helper_strptr - TAP_HELPER_STRPTR: copy a string behind a pointer
 * @addr: the pointer
 * @user: 1 if it is one of the user's
 * @dst: where to
 * @len: bytes there; they end with at least one NUL
 * @max: bytes of the string at most
 *
 * Return: bytes of the string; 0 if it cannot be read.
 */
u64 trace_tap_helper_strptr(u64 addr, u64 user, u64 dst, u64 len, u64 max)
{
	char *to = (char *)(unsigned long)dst;
	long n;

	n = trace_tap_string_read(to, addr, user, min(len, max + 1));
	n = n > 0 ? n - 1 : 0;
	/* A key is all its bytes: nothing of a read that failed stays there */
	memset(to + n, 0, len - n);
	return n;
}
