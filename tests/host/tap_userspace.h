/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The userspace half of kernel/trace/tap/compat.h: the kernel services that the
 * pure stages use, for tapc, the host tests and the fuzzers. Where the C
 * library has a function of the same name and other habits (isspace(), the
 * number parsers), the kernel's habits are kept.
 *
 * Header only. glob_match_len() is the one function that comes from elsewhere:
 * glob.c.
 */
#ifndef _TAP_USERSPACE_H
#define _TAP_USERSPACE_H

#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* ------------------------------------------------------------------- types */

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
typedef unsigned int gfp_t;

#define U8_MAX		((u8)~0U)
#define U16_MAX		((u16)~0U)
#define U32_MAX		((u32)~0U)
#define U64_MAX		((u64)~0ULL)
#define S8_MAX		((s8)(U8_MAX >> 1))
#define S16_MAX		((s16)(U16_MAX >> 1))
#define S32_MAX		((s32)(U32_MAX >> 1))
#define S64_MAX		((s64)(U64_MAX >> 1))
#define S32_MIN		((s32)(-S32_MAX - 1))
#define S64_MIN		((s64)(-S64_MAX - 1))

#ifndef MAX_ERRNO
#define MAX_ERRNO	4095
#endif

/* ------------------------------------------------------------------ macros */

#define __user
#ifndef __pure
#define __pure			__attribute__((pure))
#endif
#ifndef __printf
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#endif
#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif
#ifndef __maybe_unused
#define __maybe_unused		__attribute__((unused))
#endif
#ifndef __weak
#define __weak			__attribute__((weak))
#endif
#ifndef __must_check
#define __must_check		__attribute__((warn_unused_result))
#endif
#ifndef __aligned
#define __aligned(x)		__attribute__((aligned(x)))
#endif
#ifndef noinline
#define noinline		__attribute__((noinline))
#endif
#ifndef fallthrough
#define fallthrough		__attribute__((fallthrough))
#endif
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define IS_ENABLED(x)		0

#ifndef static_assert
#define static_assert(expr, ...) __static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...) _Static_assert(expr, msg)
#endif
#define BUILD_BUG_ON(c)		_Static_assert(!(c), "BUILD_BUG_ON: " #c)
#define BUILD_BUG_ON_ZERO(c)	((int)sizeof(struct { int : (-!!(c)); }))

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define sizeof_field(t, m)	sizeof(((t *)0)->m)
#ifndef offsetof
#define offsetof(t, m)		__builtin_offsetof(t, m)
#endif
#define container_of(p, t, m)	((t *)((char *)(p) - offsetof(t, m)))
#define struct_size(p, m, n)	(sizeof(*(p)) + sizeof((p)->m[0]) * (n))
#define struct_size_t(t, m, n)	(sizeof(t) + sizeof_field(t, m[0]) * (n))
#define array_size(a, b)	((size_t)(a) * (size_t)(b))

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		((int)(8 * sizeof(long)))
#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK(h, l)		((~0UL >> (BITS_PER_LONG - 1 - (h))) & \
				 (~0UL << (l)))
#define GENMASK_ULL(h, l)	((~0ULL >> (63 - (h))) & (~0ULL << (l)))
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define BIT_MASK(n)		(1UL << ((n) % BITS_PER_LONG))
#define BITS_TO_LONGS(n)	DIV_ROUND_UP(n, BITS_PER_LONG)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define __ALIGN_MASK(x, m)	(((x) + (m)) & ~(m))
#define ALIGN(x, a)		__ALIGN_MASK(x, (__typeof__(x))(a) - 1)
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define round_up(x, y)		ALIGN(x, y)
#define is_power_of_2(n)	((n) != 0 && (((n) & ((n) - 1)) == 0))
#define hweight32(x)		((unsigned int)__builtin_popcount(x))
#define hweight64(x)		((unsigned int)__builtin_popcountll(x))
#define hweight_long(x)		((unsigned int)__builtin_popcountl(x))
#define __ffs(x)		((unsigned long)__builtin_ctzl(x))
#define __fls(x)		((unsigned long)(63 - __builtin_clzl(x)))
#define fls64(x)		((x) ? 64 - __builtin_clzll(x) : 0)
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define lower_32_bits(n)	((u32)(n))
#define swab16(x)		__builtin_bswap16(x)
#define swab32(x)		__builtin_bswap32(x)
#define swab64(x)		__builtin_bswap64(x)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))

#define min(a, b) \
	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) \
	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define max_t(t, a, b)		max((t)(a), (t)(b))
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define swap(a, b) \
	do { __typeof__(a) _t = (a); (a) = (b); (b) = _t; } while (0)

#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)

static inline bool test_bit(unsigned long nr, const unsigned long *mask)
{
	return mask[BIT_WORD(nr)] >> (nr % BITS_PER_LONG) & 1;
}

static inline void __set_bit(unsigned long nr, unsigned long *mask)
{
	mask[BIT_WORD(nr)] |= BIT_MASK(nr);
}

/* What the kernel only warns about ends a test. */
#define WARN_ON(cond) ({						\
	bool _cond = !!(cond);						\
	if (_cond) {							\
		fprintf(stderr, "%s:%d: WARN_ON(%s)\n", __FILE__,	\
			__LINE__, #cond);				\
		abort();						\
	}								\
	_cond;								\
})
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN_ONCE(cond, ...)	WARN_ON(cond)

#define get_unaligned(p) ({						\
	struct { __typeof__(*(p)) v; } __attribute__((packed)) const *_p = \
		(const void *)(p);					\
	_p->v;								\
})

/* ------------------------------------------------------------------ memory */

#define GFP_KERNEL	0U
#define __GFP_ZERO	1U
#define __GFP_NOWARN	0U
#define __GFP_ACCOUNT	0U

/*
 * Allocations that still succeed, -1 for all: a test counts it down to see each
 * one fail in turn.
 */
__attribute__((weak)) long tap_alloc_left = -1;

static inline void *tap_host_alloc(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (!tap_alloc_left)
		return NULL;
	if (tap_alloc_left > 0)
		tap_alloc_left--;
	if (__builtin_mul_overflow(n, size, &bytes) || bytes > INT_MAX)
		return NULL;
	if (flags & __GFP_ZERO)
		return calloc(1, bytes ? bytes : 1);
	return malloc(bytes ? bytes : 1);
}

#define kmalloc(size, gfp)		tap_host_alloc(1, size, gfp)
#define kzalloc(size, gfp)		tap_host_alloc(1, size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp)	tap_host_alloc(n, size, gfp)
#define kcalloc(n, size, gfp)		tap_host_alloc(n, size, (gfp) | __GFP_ZERO)
#define kvmalloc(size, gfp)		tap_host_alloc(1, size, gfp)
#define kvzalloc(size, gfp)		tap_host_alloc(1, size, (gfp) | __GFP_ZERO)
#define kvmalloc_array(n, size, gfp)	tap_host_alloc(n, size, gfp)
#define kvcalloc(n, size, gfp)		tap_host_alloc(n, size, (gfp) | __GFP_ZERO)
#define kfree(p)			free((void *)(p))
#define kvfree(p)			free((void *)(p))

static inline void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kmalloc(len, gfp);

	return p ? memcpy(p, src, len) : NULL;
}

static inline char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *p = kzalloc(len + 1, gfp);

	return p ? memcpy(p, s, len) : NULL;
}

static inline char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}

/* -------------------------------------------------- characters and strings */

/* lib/ctype.c: Latin-1, whatever the locale. */
static inline int tap_host_isupper(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);
}

static inline int tap_host_islower(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xdf && c != 0xf7);
}

static inline int tap_host_isdigit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static inline int tap_host_isspace(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0;
}

static inline int tap_host_isalpha(unsigned char c)
{
	return tap_host_isupper(c) || tap_host_islower(c);
}

static inline int tap_host_isxdigit(unsigned char c)
{
	return tap_host_isdigit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

#undef isupper
#undef islower
#undef isdigit
#undef isspace
#undef isalpha
#undef isalnum
#undef isxdigit
#undef isprint
#undef tolower
#undef toupper
#define isupper(c)	tap_host_isupper(c)
#define islower(c)	tap_host_islower(c)
#define isdigit(c)	tap_host_isdigit(c)
#define isspace(c)	tap_host_isspace(c)
#define isalpha(c)	tap_host_isalpha(c)
#define isalnum(c)	(tap_host_isalpha(c) || tap_host_isdigit(c))
#define isxdigit(c)	tap_host_isxdigit(c)
#define isprint(c)	(((c) & 0x7f) >= 0x20 && ((c) & 0xff) != 0x7f)
#define isascii(c)	(((unsigned char)(c)) <= 0x7f)
#define tolower(c)	(tap_host_isupper(c) ? (c) + 32 : (c))
#define toupper(c)	(tap_host_islower(c) ? (c) - 32 : (c))

static inline size_t str_has_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) ? 0 : len;
}

static inline ssize_t tap_host_strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(to, from, size - 1);
		to[size - 1] = 0;
		return -E2BIG;
	}
	memcpy(to, from, len + 1);
	return len;
}

#define strscpy(to, from, ...) \
	tap_host_strscpy3(to, from, ##__VA_ARGS__, sizeof(to))
#define tap_host_strscpy3(to, from, size, ...) \
	tap_host_strscpy(to, from, size)

static inline char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

static inline char *strstrip(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		s[--len] = 0;
	return skip_spaces(s);
}

#define strim(s)	strstrip(s)

#ifndef _GNU_SOURCE
void *memmem(const void *s, size_t len, const void *what, size_t what_len);
#endif

static inline char *strnstr(const char *s, const char *what, size_t len)
{
	return memmem(s, strnlen(s, len), what, strlen(what));
}

/* ----------------------------------------------------- numbers, lib/kstrtox.c */

static inline int kstrtoull(const char *s, unsigned int base, u64 *res)
{
	u64 value = 0;
	int digits = 0;

	if (*s == '+')
		s++;
	if (!base) {
		base = 10;
		if (s[0] == '0') {
			base = 8;
			if (tolower(s[1]) == 'x' && isxdigit(s[2]))
				base = 16;
		}
	}
	if (base == 16 && s[0] == '0' && tolower(s[1]) == 'x')
		s += 2;
	for (; ; s++, digits++) {
		unsigned int c = tolower(*s), digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if (c >= 'a' && c <= 'f')
			digit = c - 'a' + 10;
		else
			break;
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return -ERANGE;
	}
	if (!digits)
		return -EINVAL;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

static inline int kstrtoll(const char *s, unsigned int base, s64 *res)
{
	u64 value;
	int ret;

	ret = kstrtoull(*s == '-' ? s + 1 : s, base, &value);
	if (ret)
		return ret;
	if (*s == '-') {
		/* "-+5" is no number: the sign comes once */
		if (s[1] == '+')
			return -EINVAL;
		if ((s64)-value > 0)
			return -ERANGE;
		*res = -value;
	} else {
		if ((s64)value < 0)
			return -ERANGE;
		*res = value;
	}
	return 0;
}

static inline int kstrtou64(const char *s, unsigned int base, u64 *res)
{
	return kstrtoull(s, base, res);
}

static inline int kstrtos64(const char *s, unsigned int base, s64 *res)
{
	return kstrtoll(s, base, res);
}

static inline int kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	u64 value;
	int ret = kstrtoull(s, base, &value);

	if (ret)
		return ret;
	if (value != (unsigned long)value)
		return -ERANGE;
	*res = value;
	return 0;
}

static inline int kstrtol(const char *s, unsigned int base, long *res)
{
	s64 value;
	int ret = kstrtoll(s, base, &value);

	if (ret)
		return ret;
	if (value != (long)value)
		return -ERANGE;
	*res = value;
	return 0;
}

static inline int kstrtoint(const char *s, unsigned int base, int *res)
{
	s64 value;
	int ret = kstrtoll(s, base, &value);

	if (ret)
		return ret;
	if (value != (int)value)
		return -ERANGE;
	*res = value;
	return 0;
}

/* -------------------------------------------------------------------- glob */

bool glob_match(char const *pat, char const *str);
bool glob_match_len(char const *pat, char const *str, size_t len);

/* --------------------------------- eBPF instructions, include/linux/filter.h */

#define MAX_BPF_STACK		512
#define BPF_ADDR_PERCPU		(-1)

#define BPF_RAW_INSN(CODE, DST, SRC, OFF, IMM)				\
	((struct bpf_insn) {						\
		.code = CODE, .dst_reg = DST, .src_reg = SRC,		\
		.off = OFF, .imm = IMM })

#define BPF_ALU64_REG(OP, DST, SRC) \
	BPF_RAW_INSN(BPF_ALU64 | BPF_OP(OP) | BPF_X, DST, SRC, 0, 0)
#define BPF_ALU32_REG(OP, DST, SRC) \
	BPF_RAW_INSN(BPF_ALU | BPF_OP(OP) | BPF_X, DST, SRC, 0, 0)
#define BPF_ALU64_IMM(OP, DST, IMM) \
	BPF_RAW_INSN(BPF_ALU64 | BPF_OP(OP) | BPF_K, DST, 0, 0, IMM)
#define BPF_ALU32_IMM(OP, DST, IMM) \
	BPF_RAW_INSN(BPF_ALU | BPF_OP(OP) | BPF_K, DST, 0, 0, IMM)
#define BPF_MOV64_REG(DST, SRC) \
	BPF_RAW_INSN(BPF_ALU64 | BPF_MOV | BPF_X, DST, SRC, 0, 0)
#define BPF_MOV32_REG(DST, SRC) \
	BPF_RAW_INSN(BPF_ALU | BPF_MOV | BPF_X, DST, SRC, 0, 0)
#define BPF_MOV64_PERCPU_REG(DST, SRC) \
	BPF_RAW_INSN(BPF_ALU64 | BPF_MOV | BPF_X, DST, SRC, BPF_ADDR_PERCPU, 0)
#define BPF_MOV64_IMM(DST, IMM) \
	BPF_RAW_INSN(BPF_ALU64 | BPF_MOV | BPF_K, DST, 0, 0, IMM)
#define BPF_MOV32_IMM(DST, IMM) \
	BPF_RAW_INSN(BPF_ALU | BPF_MOV | BPF_K, DST, 0, 0, IMM)
#define BPF_ZEXT_REG(DST) \
	BPF_RAW_INSN(BPF_ALU | BPF_MOV | BPF_X, DST, DST, 0, 1)
#define BPF_ENDIAN(TYPE, DST, LEN) \
	BPF_RAW_INSN(BPF_ALU | BPF_END | BPF_SRC(TYPE), DST, 0, 0, LEN)
#define BPF_LD_IMM64_RAW(DST, SRC, IMM) \
	BPF_RAW_INSN(BPF_LD | BPF_DW | BPF_IMM, DST, SRC, 0, (__u32)(IMM)), \
	BPF_RAW_INSN(0, 0, 0, 0, ((__u64)(IMM)) >> 32)
#define BPF_LD_IMM64(DST, IMM)	BPF_LD_IMM64_RAW(DST, 0, IMM)
#define BPF_LDX_MEM(SIZE, DST, SRC, OFF) \
	BPF_RAW_INSN(BPF_LDX | BPF_SIZE(SIZE) | BPF_MEM, DST, SRC, OFF, 0)
#define BPF_STX_MEM(SIZE, DST, SRC, OFF) \
	BPF_RAW_INSN(BPF_STX | BPF_SIZE(SIZE) | BPF_MEM, DST, SRC, OFF, 0)
#define BPF_ST_MEM(SIZE, DST, OFF, IMM) \
	BPF_RAW_INSN(BPF_ST | BPF_SIZE(SIZE) | BPF_MEM, DST, 0, OFF, IMM)
#define BPF_JMP_REG(OP, DST, SRC, OFF) \
	BPF_RAW_INSN(BPF_JMP | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_JMP_IMM(OP, DST, IMM, OFF) \
	BPF_RAW_INSN(BPF_JMP | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)
#define BPF_JMP32_REG(OP, DST, SRC, OFF) \
	BPF_RAW_INSN(BPF_JMP32 | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_JMP32_IMM(OP, DST, IMM, OFF) \
	BPF_RAW_INSN(BPF_JMP32 | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)
#define BPF_JMP_A(OFF) \
	BPF_RAW_INSN(BPF_JMP | BPF_JA, 0, 0, OFF, 0)
#define BPF_CALL_IMM(IMM) \
	BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, 0, 0, IMM)
#define BPF_EXIT_INSN() \
	BPF_RAW_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static inline s64 div64_s64(s64 a, s64 b)
{
	return a / b;
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

#endif /* _TAP_USERSPACE_H */
