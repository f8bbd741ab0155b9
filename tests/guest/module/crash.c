// SPDX-License-Identifier: GPL-2.0
/*
 * Crashes the kernel, in the way that is asked for.
 *
 *	echo null > /sys/kernel/debug/crash/now
 *	echo "at trace_tap_store_make" > /sys/kernel/debug/crash/now
 *
 * null		the writer reads from address 0: an oops
 * panic	panic(), by the writer
 * event	the event crash:given does, on behalf of the writer
 * fine		nothing does: crash:given reads a 5
 * irq		a timer's interrupt reads from address 0
 * nmi		an NMI, which this CPU sends to itself, does
 * at SYMBOL	whoever comes to the kernel's function SYMBOL next does, with the
 *		locks that are held there; in a breakpoint, which is as an NMI
 * spin SYMBOL	the first CPU that comes to SYMBOL stays there for good, and
 *		"spinning" reads as 1
 */
#include <linux/debugfs.h>
#include <linux/hrtimer.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <asm/apic.h>
#include <asm/nmi.h>

#define CREATE_TRACE_POINTS
#include "crash_trace.h"

static struct dentry *dir;
static struct hrtimer timer;
static bool in_nmi_now;
static u32 spinning;
static struct kprobe kp;
static char symbol[64];

static noinline void crash_here(void)
{
	(void)*(volatile int *)NULL;
}

static enum hrtimer_restart crash_timer(struct hrtimer *t)
{
	crash_here();
	return HRTIMER_NORESTART;
}

static int crash_nmi(unsigned int type, struct pt_regs *regs)
{
	if (!READ_ONCE(in_nmi_now))
		return NMI_DONE;
	crash_here();
	return NMI_HANDLED;
}

static int crash_at(struct kprobe *p, struct pt_regs *regs)
{
	crash_here();
	return 0;
}

static int spin_at(struct kprobe *p, struct pt_regs *regs)
{
	if (xchg(&spinning, 1))
		return 0;
	for (;;)
		cpu_relax();
}

/* With one of these a breakpoint does not become a jump, which needs all CPUs. */
static void behind(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static int probe(const char *name, kprobe_pre_handler_t handler)
{
	strscpy(symbol, name);
	kp.symbol_name = symbol;
	kp.pre_handler = handler;
	kp.post_handler = behind;
	return register_kprobe(&kp);
}

static int crash(const char *how)
{
	if (!strcmp(how, "null")) {
		crash_here();
	} else if (!strcmp(how, "panic")) {
		panic("as asked for");
	} else if (!strcmp(how, "event")) {
		trace_given(NULL);
	} else if (!strcmp(how, "fine")) {
		int five = 5;

		trace_given(&five);
	} else if (!strcmp(how, "irq")) {
		hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
		timer.function = crash_timer;
		hrtimer_start(&timer, ns_to_ktime(1000000), HRTIMER_MODE_REL_HARD);
	} else if (!strcmp(how, "nmi")) {
		WRITE_ONCE(in_nmi_now, true);
		apic->send_IPI_mask(cpumask_of(raw_smp_processor_id()), NMI_VECTOR);
	} else if (!strncmp(how, "at ", 3)) {
		return probe(how + 3, crash_at);
	} else if (!strncmp(how, "spin ", 5)) {
		return probe(how + 5, spin_at);
	} else {
		return -EINVAL;
	}
	return 0;
}

static ssize_t now_write(struct file *file, const char __user *from,
			 size_t count, loff_t *pos)
{
	char text[80];
	int err;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, count))
		return -EFAULT;
	text[count] = 0;
	err = crash(strim(text));
	return err ? err : count;
}

static const struct file_operations now_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= now_write,
};

static int __init crash_init(void)
{
	int err = register_nmi_handler(NMI_LOCAL, crash_nmi, 0, "crash");

	if (err)
		return err;
	dir = debugfs_create_dir("crash", NULL);
	debugfs_create_file("now", 0200, dir, NULL, &now_fops);
	debugfs_create_u32("spinning", 0400, dir, &spinning);
	return 0;
}

/* It stays: who crashed still holds its files. */
module_init(crash_init);
MODULE_DESCRIPTION("Crashes the kernel");
MODULE_LICENSE("GPL");
