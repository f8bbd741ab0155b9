/* SPDX-License-Identifier: GPL-2.0 */
/* Pointers that are errors. */
#ifndef _HOST_LINUX_ERR_H
#define _HOST_LINUX_ERR_H

#include "tap_userspace.h"

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= (unsigned long)-MAX_ERRNO;
}

#endif
