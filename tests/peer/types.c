// SPDX-License-Identifier: GPL-2.0
/*
 * The types of the kernel that the tools of scripts/compare name. Compiled with
 * the kernel's own options, the object has nothing but a description of them.
 */
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/fs.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/sock.h>
#include <net/tcp_states.h>

/* struct nameidata is defined where it is used */
#include "../fs/namei.c"
