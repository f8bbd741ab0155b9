/* SPDX-License-Identifier: GPL-2.0 */
/* What table.h needs of the kernel's header. */
#ifndef _HOST_LINUX_MUTEX_H
#define _HOST_LINUX_MUTEX_H

struct mutex {
	int	locked;
};

#endif
