/* SPDX-License-Identifier: GPL-2.0 */
/* What table.h needs of the kernel's header. */
#ifndef _HOST_LINUX_LIST_H
#define _HOST_LINUX_LIST_H

#define __rcu

struct list_head {
	struct list_head *next, *prev;
};

#endif
