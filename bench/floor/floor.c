// SPDX-License-Identifier: GPL-2.0
/*
 * The least that anything traced costs: a probe on raw_syscalls:sys_enter that
 * does nothing. What remains is the slow path of the system call, which any
 * probe switches on, and the call of the probe.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/tracepoint.h>

static struct tracepoint *sys_enter;

static void floor_probe(void *data, struct pt_regs *regs, long id)
{
}

static void floor_find(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "sys_enter"))
		sys_enter = tp;
}

static int __init floor_init(void)
{
	for_each_kernel_tracepoint(floor_find, NULL);
	if (!sys_enter)
		return -ENOENT;
	return tracepoint_probe_register(sys_enter, floor_probe, NULL);
}

static void __exit floor_exit(void)
{
	tracepoint_probe_unregister(sys_enter, floor_probe, NULL);
	tracepoint_synchronize_unregister();
}

module_init(floor_init);
module_exit(floor_exit);
MODULE_DESCRIPTION("An empty probe on raw_syscalls:sys_enter");
MODULE_LICENSE("GPL");
