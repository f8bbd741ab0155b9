/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TRACE_MARKER(): a trace event in one line, see below.
 *
 *	TRACE_MARKER(cache_miss, inode->i_ino, name, len);
 *
 * In: a name and expressions. Out: a nop; and in a section of their own, struct
 * trace_tap_marker_site, what it takes to make an event and to switch the nop:
 *
 *	.name = "cache_miss", .args = "inode->i_ino, name, len",
 *	.arg = { unsigned of 8 bytes, string, signed of 4 bytes }
 *
 * kernel/trace/tap/marker.c has the other end. <linux/kernel.h> includes this
 * file, so that whoever wants a marker need not: it stays small and includes
 * next to nothing.
 *
 * Documentation/trace/tap-sources.rst
 */
#ifndef _TRACE_MARKER_H
#define _TRACE_MARKER_H

#include <linux/args.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

#ifdef CONFIG_JUMP_LABEL
#include <linux/jump_label.h>
#endif

struct trace_tap_marker;

/* What an argument is; see struct trace_tap_marker_info. */
enum trace_tap_marker_kind {
	TRACE_TAP_MARKER_NONE,		/* nothing that a field can hold */
	TRACE_TAP_MARKER_SIGNED,
	TRACE_TAP_MARKER_UNSIGNED,
	TRACE_TAP_MARKER_BOOL,
	TRACE_TAP_MARKER_POINTER,
	TRACE_TAP_MARKER_STRING,
};

#define TRACE_TAP_MARKER_KIND_BITS	3
#define TRACE_TAP_MARKER_ARGS		12

/**
 * struct trace_tap_marker_info - what the compiler knows of a TRACE_MARKER()
 * @name: of the event
 * @args: text of the arguments
 * @file: where it stands
 * @line: where it stands
 * @nr: arguments
 * @arg: of each: enum trace_tap_marker_kind, and above that its bytes; of a
 *	string those of its array, 0 for a pointer
 */
struct trace_tap_marker_info {
	const char	*name;
	const char	*args;
	const char	*file;
	unsigned int	line;
	unsigned int	nr;
	u16		arg[];
};

/**
 * struct trace_tap_marker_site - a TRACE_MARKER(), in section __trace_markers
 * @key: it is on
 * @info: what it is
 * @marker: its event, or NULL; event_mutex, and read while @key is on
 * @next: another site of the event; event_mutex
 */
struct trace_tap_marker_site {
#ifdef CONFIG_JUMP_LABEL
	struct static_key_false			key;
#else
	bool					key;
#endif
	const struct trace_tap_marker_info	*info;
	struct trace_tap_marker			*marker;
	struct trace_tap_marker_site		*next;
};

void trace_tap_marker_fire(struct trace_tap_marker_site *site);
void trace_tap_marker_fire_args(struct trace_tap_marker_site *site, ...);

static inline void trace_tap_marker_none(int nothing, ...) {}

#ifdef CONFIG_JUMP_LABEL
#define __TRACE_MARKER_ON(site)		static_branch_unlikely(&(site).key)
#else
#define __TRACE_MARKER_ON(site)		unlikely(READ_ONCE((site).key))
#endif

/* m(number, argument) of each, and sep behind it; the numbers descend to 1 */
#define __TRACE_MARKER_0(m, sep)
#define __TRACE_MARKER_1(m, sep, a)	m(1, a) sep
#define __TRACE_MARKER_2(m, sep, a, x...)	m(2, a) sep __TRACE_MARKER_1(m, sep, x)
#define __TRACE_MARKER_3(m, sep, a, x...)	m(3, a) sep __TRACE_MARKER_2(m, sep, x)
#define __TRACE_MARKER_4(m, sep, a, x...)	m(4, a) sep __TRACE_MARKER_3(m, sep, x)
#define __TRACE_MARKER_5(m, sep, a, x...)	m(5, a) sep __TRACE_MARKER_4(m, sep, x)
#define __TRACE_MARKER_6(m, sep, a, x...)	m(6, a) sep __TRACE_MARKER_5(m, sep, x)
#define __TRACE_MARKER_7(m, sep, a, x...)	m(7, a) sep __TRACE_MARKER_6(m, sep, x)
#define __TRACE_MARKER_8(m, sep, a, x...)	m(8, a) sep __TRACE_MARKER_7(m, sep, x)
#define __TRACE_MARKER_9(m, sep, a, x...)	m(9, a) sep __TRACE_MARKER_8(m, sep, x)
#define __TRACE_MARKER_10(m, sep, a, x...) m(10, a) sep __TRACE_MARKER_9(m, sep, x)
#define __TRACE_MARKER_11(m, sep, a, x...) m(11, a) sep __TRACE_MARKER_10(m, sep, x)
#define __TRACE_MARKER_12(m, sep, a, x...) m(12, a) sep __TRACE_MARKER_11(m, sep, x)
/* Too many: an assertion says so, and the rest goes without them */
#define __TRACE_MARKER_13(m, sep, x...)
#define __TRACE_MARKER_14(m, sep, x...)
#define __TRACE_MARKER_15(m, sep, x...)
#define __TRACE_MARKER_EACH(m, sep, x...)				\
	CONCATENATE(__TRACE_MARKER_, COUNT_ARGS(x))(m, sep, ##x)

#define __TRACE_MARKER_EMPTY

/* Something of a type, an array as a pointer; never evaluated */
#define __trace_marker_of(type)						\
	((void)0, *(typeof(type) *)sizeof(long))

#define __trace_marker_is(type, other)					\
	__builtin_types_compatible_p(typeof(__trace_marker_of(type)), other)

/* In GCC's numbers of types, 1 to 4 are integers, and 5 is a pointer */
#define __trace_marker_is_int(type)					\
	(__builtin_classify_type(__trace_marker_of(type)) < 5 &&	\
	 sizeof(typeof(__trace_marker_of(type))) <= sizeof(u64))

#define __trace_marker_is_string(type)					\
	(__trace_marker_is(type, char *) || __trace_marker_is(type, const char *))

/* Not of an array, nor of a function: these are what they point to */
#define __trace_marker_is_pointer(type)					\
	(__builtin_classify_type(__trace_marker_of(type)) == 5 &&	\
	 __trace_marker_is(type, type))

/* The type if it is one of integers, to ask for its sign */
#define __trace_marker_int(type)					\
	typeof(__builtin_choose_expr(__trace_marker_is_int(type),	\
				     __trace_marker_of(type), 0))

#define __trace_marker_is_signed(type)					\
	((__trace_marker_int(type))(-1) < (__trace_marker_int(type))(1))

#define __trace_marker_kind(type)					\
	(__trace_marker_is(type, bool) ? TRACE_TAP_MARKER_BOOL :	\
	 __trace_marker_is_int(type) ? __trace_marker_is_signed(type) ? \
	 TRACE_TAP_MARKER_SIGNED : TRACE_TAP_MARKER_UNSIGNED :		\
	 __trace_marker_is_string(type) ? TRACE_TAP_MARKER_STRING :	\
	 __trace_marker_is_pointer(type) ? TRACE_TAP_MARKER_POINTER :	\
	 TRACE_TAP_MARKER_NONE)

/* Bytes of it; of a string, those of its array, or 0 */
#define __trace_marker_size(type)					\
	(!__trace_marker_is_string(type) ?				\
	 sizeof(typeof(__trace_marker_of(type))) :			\
	 __trace_marker_is_pointer(type) ? 0 :				\
	 sizeof(type) < 4096 ? sizeof(type) : 4095)

/* Wide enough for any integer; pointers are not cast to wider integers */
#define __trace_marker_u64(type, x)					\
	((__force u64)(__force						\
	 typeof(__builtin_choose_expr(sizeof(typeof(__trace_marker_of(type))) > \
				      sizeof(long), 0ULL, 0UL)))(x))

/* The argument's type, so that the argument itself is expanded but twice */
#define __TRACE_MARKER_TYPE(n, x)					\
	typeof(x) *__trace_marker_##n __maybe_unused
#define __trace_marker_type(n)						\
	typeof(*__trace_marker_##n)

#define __TRACE_MARKER_IS_GOOD(n, x)					\
	__trace_marker_kind(__trace_marker_type(n)) &&
#define __TRACE_MARKER_DESC(n, x)					\
	__trace_marker_kind(__trace_marker_type(n)) |			\
	__trace_marker_size(__trace_marker_type(n)) << TRACE_TAP_MARKER_KIND_BITS,
#define __TRACE_MARKER_VALUE(n, x)					\
	, __trace_marker_u64(__trace_marker_type(n), x)

#define __TRACE_MARKER_GOOD_TYPES(x...)					\
	static_assert(__TRACE_MARKER_EACH(__TRACE_MARKER_IS_GOOD,	\
					  __TRACE_MARKER_EMPTY, ##x) 1, \
		       "TRACE_MARKER: argument is no integer, pointer, or string")
#define __TRACE_MARKER_GOOD_NUMBER(x...)				\
	static_assert(COUNT_ARGS(x) <= TRACE_TAP_MARKER_ARGS,		\
		       "TRACE_MARKER: more than 12 arguments")

#ifdef __CHECKER__	/* sparse knows none of this */
#define __TRACE_MARKER(site, event, text, x...)				\
	trace_tap_marker_none(0, ##x)

#elif defined(CONFIG_TRACE_TAP)
#define __TRACE_MARKER(site, event, text, x...)				\
do {									\
	__TRACE_MARKER_EACH(__TRACE_MARKER_TYPE, ;, ##x)		\
	__TRACE_MARKER_GOOD_NUMBER(x);					\
	__TRACE_MARKER_GOOD_TYPES(x);					\
	static const struct trace_tap_marker_info site##_info = {	\
		.name = event,						\
		.args = text,						\
		.file = __FILE__,					\
		.line = __LINE__,					\
		.nr = COUNT_ARGS(x),					\
		.arg = {						\
			__TRACE_MARKER_EACH(__TRACE_MARKER_DESC,	\
					    __TRACE_MARKER_EMPTY, ##x)	\
		},							\
	};								\
	static struct trace_tap_marker_site __aligned(8)		\
	__section("__trace_markers") site = { .info = &site##_info };	\
									\
	if (!__TRACE_MARKER_ON(site))					\
		break;							\
	if (COUNT_ARGS(x))						\
		trace_tap_marker_fire_args(&site			\
			__TRACE_MARKER_EACH(__TRACE_MARKER_VALUE,	\
					    __TRACE_MARKER_EMPTY, ##x)); \
	else								\
		trace_tap_marker_fire(&site);				\
} while (0)

#else
#define __TRACE_MARKER(site, event, text, x...)				\
do {									\
	__TRACE_MARKER_EACH(__TRACE_MARKER_TYPE, ;, ##x)		\
	__TRACE_MARKER_GOOD_NUMBER(x);					\
	__TRACE_MARKER_GOOD_TYPES(x);					\
	if (0)								\
		trace_tap_marker_none(0					\
			__TRACE_MARKER_EACH(__TRACE_MARKER_VALUE,	\
					    __TRACE_MARKER_EMPTY, ##x)); \
} while (0)
#endif

/**
 * TRACE_MARKER - a trace event, in one line
 * @name: of the event, an identifier: it is events/markers/@name
 * @args: up to 12 values that the event has as fields: integers of any size,
 *	enumerators and bool, pointers, and strings: ``char *``, ``const char *``
 *	and arrays of ``char``. A field is named as what its value is taken from:
 *	``len`` as well as ``req->buf[i].len`` is the field len. What has no such
 *	name is arg1, arg2, ..., by its position.
 *
 * Needs no header and nothing elsewhere:
 *
 *	TRACE_MARKER(queue_full);
 *	TRACE_MARKER(cache_miss, inode->i_ino, name, len);
 *
 * makes the events queue_full and cache_miss with all that events have: enable,
 * filter, action, trigger, histograms, perf. As long as nobody uses the event,
 * a marker is a nop, and its arguments are not evaluated: they must have no
 * side effects. Besides its arguments an event has the field ip, which tells
 * where it was fired.
 *
 * The same name may be used in many places, in modules and in the kernel: that
 * is one event. All must have the same fields. One that has others is reported
 * when it is registered, and stays off.
 *
 * Strings are read when the event is recorded: a pointer must be valid, or
 * NULL, but what is behind it may be gone, which is recorded as "(fault)".
 * Pointers to the user's strings are no strings: cast them to ``void *``.
 *
 * Context: any in which a tracepoint may be, NMI included. Where RCU is not
 * watching nothing is recorded. Not in noinstr functions, nor in what records
 * events.
 *
 * Without CONFIG_TRACE_TAP it is nothing, but the arguments are still checked.
 */
#define TRACE_MARKER(name, args...)					\
	__TRACE_MARKER(name##__marker, #name, #args, ##args)

#endif /* _TRACE_MARKER_H */
