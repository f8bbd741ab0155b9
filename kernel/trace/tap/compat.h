/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The few kernel services that the pure stages (text to eBPF) use, so that the
 * very same files compile in userspace: for tapc, the host tests and fuzzers.
 */
#ifndef _TRACE_TAP_COMPAT_H
#define _TRACE_TAP_COMPAT_H

#ifdef __KERNEL__

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/bpf.h>
#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/filter.h>
#include <linux/glob.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#else /* !__KERNEL__ */

#include "tap_userspace.h"

#endif /* __KERNEL__ */

#endif /* _TRACE_TAP_COMPAT_H */
