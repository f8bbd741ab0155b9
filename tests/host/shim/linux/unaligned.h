/* SPDX-License-Identifier: GPL-2.0 */
/* Words at any address. */
#ifndef _HOST_LINUX_UNALIGNED_H
#define _HOST_LINUX_UNALIGNED_H

#include "tap_userspace.h"

static inline u64 get_unaligned_be64(const void *p)
{
	const unsigned char *b = p;
	u64 value = 0;
	int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | b[i];
	return value;
}

#endif
