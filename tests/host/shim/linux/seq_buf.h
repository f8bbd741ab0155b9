/* SPDX-License-Identifier: GPL-2.0 */
/* A buffer that is printed into, as lib/seq_buf.c has it. */
#ifndef _HOST_LINUX_SEQ_BUF_H
#define _HOST_LINUX_SEQ_BUF_H

#include "tap_userspace.h"

struct seq_buf {
	char	*buffer;
	size_t	size;
	size_t	len;
};

static inline void seq_buf_init(struct seq_buf *s, char *buf, unsigned int size)
{
	s->buffer = buf;
	s->size = size;
	s->len = 0;
	s->buffer[0] = 0;
}

static inline bool seq_buf_has_overflowed(const struct seq_buf *s)
{
	return s->len > s->size;
}

static inline const char *seq_buf_str(struct seq_buf *s)
{
	s->buffer[s->len < s->size ? s->len : s->size - 1] = 0;
	return s->buffer;
}

static inline size_t seq_buf_get_buf(struct seq_buf *s, char **bufp)
{
	*bufp = s->len < s->size ? s->buffer + s->len : NULL;
	return *bufp ? s->size - s->len : 0;
}

static inline void seq_buf_commit(struct seq_buf *s, int num)
{
	s->len = num < 0 ? s->size + 1 : s->len + num;
}

static inline int seq_buf_printf(struct seq_buf *s, const char *fmt, ...)
	__printf(2, 3);
static inline int seq_buf_printf(struct seq_buf *s, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (s->len >= s->size) {
		s->len = s->size + 1;
		return -1;
	}
	va_start(ap, fmt);
	len = vsnprintf(s->buffer + s->len, s->size - s->len, fmt, ap);
	va_end(ap);
	if (s->len + len < s->size) {
		s->len += len;
		return 0;
	}
	s->len = s->size + 1;
	return -1;
}

static inline int seq_buf_puts(struct seq_buf *s, const char *str)
{
	return seq_buf_printf(s, "%s", str);
}

static inline int seq_buf_putc(struct seq_buf *s, unsigned char c)
{
	return seq_buf_printf(s, "%c", c);
}

#endif
