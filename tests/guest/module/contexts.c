// SPDX-License-Identifier: GPL-2.0
/*
 * Fires its event, contexts:fired, and its marker, markers:context, from every
 * context that there is, on all CPUs at once, and counts how often it did.
 *
 *	echo "all 1000" > /sys/kernel/debug/contexts/fire
 *	echo "task,nmi 1000" > /sys/kernel/debug/contexts/fire
 *
 * Each CPU fires N events from each context named: "task" a thread of its own,
 * "softirq" and "irq" timers, "nmi" NMIs, which the CPUs send to themselves and
 * to one another. The write ends when all is done. Reading the file gives what
 * was fired since the write began, a line a context: "task 2000".
 *
 *	echo "SYMBOL N" > /sys/kernel/debug/contexts/probe
 *
 * puts a breakpoint on each instruction of the kernel's function SYMBOL in turn
 * and fires N events from the task on this CPU for each. The breakpoint's
 * handler, which is as an NMI, fires one from wherever SYMBOL is: with the locks
 * held that it holds. Counted as "kprobe".
 *
 * The event's fields: where, the number of the context; who, the CPU; n, counted
 * from 0; delta, n milliseconds in nanoseconds; fixed and name, "task4" on CPU 4.
 */
#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <asm/apic.h>
#include <asm/nmi.h>

#define CREATE_TRACE_POINTS
#include "contexts_trace.h"

enum where { TASK, SOFTIRQ, IRQ, NMI, KPROBE, NR_WHERE };

static const char * const where_name[NR_WHERE] = {
	"task", "softirq", "irq", "nmi", "kprobe",
};

/* Of each CPU; nobody else writes it. */
struct source {
	int			cpu;
	unsigned long		todo;
	unsigned long		fired[NR_WHERE];
	unsigned long		nmi_sent;
	bool			nmi_pending;
	struct hrtimer		soft;
	struct hrtimer		hard;
	struct task_struct	*task;
	struct completion	done;
};

static struct source sources[NR_CPUS];
static unsigned long contexts;		/* a bit each */
static DEFINE_MUTEX(lock);		/* one write at a time */
static struct dentry *dir;

#define BATCH	8	/* of one timer's expiry */

static void fire(struct source *s, enum where where)
{
	char name[16];

	snprintf(name, sizeof(name), "%s%d", where_name[where], s->cpu);
	trace_fired(where, s->cpu, s->fired[where], name);
	TRACE_MARKER(context, where, s->cpu, s->fired[where], name);
	s->fired[where]++;
}

static enum hrtimer_restart again(struct source *s, struct hrtimer *timer,
				  enum where where)
{
	int i;

	for (i = 0; i < BATCH && s->fired[where] < s->todo; i++)
		fire(s, where);
	if (s->fired[where] >= s->todo)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, ns_to_ktime(37000));
	return HRTIMER_RESTART;
}

static enum hrtimer_restart soft_expires(struct hrtimer *timer)
{
	return again(container_of(timer, struct source, soft), timer, SOFTIRQ);
}

static enum hrtimer_restart hard_expires(struct hrtimer *timer)
{
	return again(container_of(timer, struct source, hard), timer, IRQ);
}

static void send_nmi(int cpu)
{
	WRITE_ONCE(sources[cpu].nmi_pending, true);
	apic->send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
}

static int nmi_handler(unsigned int type, struct pt_regs *regs)
{
	struct source *s = &sources[raw_smp_processor_id()];

	if (!READ_ONCE(s->nmi_pending))
		return NMI_DONE;
	WRITE_ONCE(s->nmi_pending, false);
	if (s->fired[NMI] < s->todo)
		fire(s, NMI);
	return NMI_HANDLED;
}

/* Runs on the source's CPU. NMIs can be lost in one another: it sends more. */
static int source_thread(void *data)
{
	struct source *s = data;
	int other = cpumask_next_wrap(s->cpu, cpu_online_mask, s->cpu, true);
	unsigned long i;

	if (other >= nr_cpu_ids)
		other = s->cpu;
	if (contexts & BIT(SOFTIRQ))
		hrtimer_start(&s->soft, ns_to_ktime(10000), HRTIMER_MODE_REL_PINNED_SOFT);
	if (contexts & BIT(IRQ))
		hrtimer_start(&s->hard, ns_to_ktime(20000), HRTIMER_MODE_REL_PINNED_HARD);
	for (i = 0; i < s->todo; i++) {
		if (contexts & BIT(TASK))
			fire(s, TASK);
		if (contexts & BIT(NMI))
			send_nmi(i & 1 ? other : s->cpu);
		if (!(i & 63))
			cond_resched();
	}
	while ((contexts & BIT(SOFTIRQ) && READ_ONCE(s->fired[SOFTIRQ]) < s->todo) ||
	       (contexts & BIT(IRQ) && READ_ONCE(s->fired[IRQ]) < s->todo))
		usleep_range(100, 200);
	while (contexts & BIT(NMI) && READ_ONCE(s->fired[NMI]) < s->todo) {
		send_nmi(s->cpu);
		cond_resched();
	}
	hrtimer_cancel(&s->soft);
	hrtimer_cancel(&s->hard);
	complete(&s->done);
	return 0;
}

static int fire_all(unsigned long n)
{
	struct source *s;
	int cpu, err = 0;

	memset(sources, 0, sizeof(sources));
	for_each_possible_cpu(cpu)
		sources[cpu].cpu = cpu;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		s = &sources[cpu];
		s->todo = n;
		init_completion(&s->done);
		hrtimer_init(&s->soft, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_SOFT);
		s->soft.function = soft_expires;
		hrtimer_init(&s->hard, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
		s->hard.function = hard_expires;
		s->task = kthread_create(source_thread, s, "contexts/%d", cpu);
		if (IS_ERR(s->task)) {
			err = PTR_ERR(s->task);
			s->task = NULL;
			break;
		}
		kthread_bind(s->task, cpu);
	}
	for_each_online_cpu(cpu) {
		if (sources[cpu].task)
			wake_up_process(sources[cpu].task);
	}
	for_each_online_cpu(cpu) {
		if (sources[cpu].task)
			wait_for_completion(&sources[cpu].done);
	}
	cpus_read_unlock();
	return err;
}

static int parse(const char __user *from, size_t count, char *word, unsigned long *n)
{
	char text[100];

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, count))
		return -EFAULT;
	text[count] = 0;
	return sscanf(text, "%63s %lu", word, n) == 2 ? 0 : -EINVAL;
}

static ssize_t fire_write(struct file *file, const char __user *from,
			  size_t count, loff_t *pos)
{
	unsigned long bits = 0, n;
	char word[64], *rest = word, *name;
	int err = parse(from, count, word, &n), i;

	if (err)
		return err;
	while ((name = strsep(&rest, ","))) {
		if (!strcmp(name, "all")) {
			bits = BIT(TASK) | BIT(SOFTIRQ) | BIT(IRQ) | BIT(NMI);
			continue;
		}
		i = match_string(where_name, KPROBE, name);
		if (i < 0)
			return -EINVAL;
		bits |= BIT(i);
	}
	mutex_lock(&lock);
	contexts = bits;
	err = fire_all(n);
	mutex_unlock(&lock);
	return err ? err : count;
}

static ssize_t fire_read(struct file *file, char __user *to, size_t count,
			 loff_t *pos)
{
	char text[200];
	int len = 0, cpu, i;

	for (i = 0; i < NR_WHERE; i++) {
		unsigned long n = 0;

		for_each_possible_cpu(cpu)
			n += sources[cpu].fired[i];
		len += scnprintf(text + len, sizeof(text) - len, "%s %lu\n", where_name[i], n);
	}
	return simple_read_from_buffer(to, count, pos, text, len);
}

static const struct file_operations fire_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= fire_read,
	.write	= fire_write,
};

/* --- breakpoints */

static struct task_struct *prober;

static int probe_handler(struct kprobe *p, struct pt_regs *regs)
{
	if (current == prober)
		fire(&sources[raw_smp_processor_id()], KPROBE);
	return 0;
}

static unsigned int size_of(void *function)
{
	char name[KSYM_SYMBOL_LEN];
	unsigned int size;
	const char *slash;

	sprint_symbol(name, (unsigned long)function);
	slash = strchr(name, '/');
	return slash && sscanf(slash, "/%x", &size) == 1 ? size : 0;
}

static ssize_t probe_write(struct file *file, const char __user *from,
			   size_t count, loff_t *pos)
{
	unsigned int offset, size = 1, placed = 0;
	unsigned long n, i;
	struct kprobe kp;
	char symbol[64];
	int err = parse(from, count, symbol, &n);
	int cpu;

	if (err)
		return err;
	mutex_lock(&lock);
	memset(sources, 0, sizeof(sources));
	for_each_possible_cpu(cpu)
		sources[cpu].cpu = cpu;
	prober = current;
	for (offset = 0; offset < size; offset++) {
		memset(&kp, 0, sizeof(kp));
		kp.pre_handler = probe_handler;
		kp.symbol_name = symbol;
		kp.offset = offset;
		err = register_kprobe(&kp);
		if (!offset && !err)
			size = size_of(kp.addr);
		/* not the start of an instruction; not for kprobes */
		if (err)
			continue;
		placed++;
		for (i = 0; i < n; i++) {
			/* who fires may not move: the counters are the CPU's */
			preempt_disable();
			fire(&sources[smp_processor_id()], TASK);
			preempt_enable();
		}
		unregister_kprobe(&kp);
		cond_resched();
	}
	prober = NULL;
	mutex_unlock(&lock);
	return placed ? count : -ENOENT;
}

static const struct file_operations probe_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= fire_read,
	.write	= probe_write,
};

static int __init contexts_init(void)
{
	int err = register_nmi_handler(NMI_LOCAL, nmi_handler, 0, "contexts");

	if (err)
		return err;
	dir = debugfs_create_dir("contexts", NULL);
	debugfs_create_file("fire", 0600, dir, NULL, &fire_fops);
	debugfs_create_file("probe", 0600, dir, NULL, &probe_fops);
	return 0;
}

static void __exit contexts_exit(void)
{
	debugfs_remove(dir);
	unregister_nmi_handler(NMI_LOCAL, "contexts");
}

module_init(contexts_init);
module_exit(contexts_exit);
MODULE_DESCRIPTION("An event that is fired from all contexts");
MODULE_LICENSE("GPL");
