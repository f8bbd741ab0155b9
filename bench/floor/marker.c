// SPDX-License-Identifier: GPL-2.0
/*
 * What TRACE_MARKER() costs: floor.c with one in its probe, without arguments, or
 * with two if the module's parameter "args" is set.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/tracepoint.h>

#ifdef TRACE_MARKER

static struct tracepoint *sys_enter;
static bool args;
module_param(args, bool, 0);

static void plain_probe(void *data, struct pt_regs *regs, long id)
{
	TRACE_MARKER(bench);
}

static void args_probe(void *data, struct pt_regs *regs, long id)
{
	TRACE_MARKER(bench_args, id, regs);
}

static void marker_find(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "sys_enter"))
		sys_enter = tp;
}

static int __init marker_init(void)
{
	for_each_kernel_tracepoint(marker_find, NULL);
	if (!sys_enter)
		return -ENOENT;
	return tracepoint_probe_register(sys_enter, args ? args_probe :
					 plain_probe, NULL);
}

static void __exit marker_exit(void)
{
	tracepoint_probe_unregister(sys_enter, args ? args_probe : plain_probe,
				    NULL);
	tracepoint_synchronize_unregister();
}

#else

/* There are none in this kernel: the module is not loaded */
static int __init marker_init(void)
{
	return -ENODEV;
}

static void __exit marker_exit(void)
{
}

#endif

module_init(marker_init);
module_exit(marker_exit);
MODULE_DESCRIPTION("Markers on raw_syscalls:sys_enter");
MODULE_LICENSE("GPL");
