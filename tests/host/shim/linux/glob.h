/* SPDX-License-Identifier: GPL-2.0 */
/* tap_userspace.h declares what lib/glob.c defines */
