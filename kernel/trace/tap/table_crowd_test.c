// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of tables that threads, interrupts, and, where they are easy
 * to send, NMIs of all CPUs use at the same time.
 *
 * Sums and drops are all there was, nobody reads what was never there, and what
 * comes and goes leaves no entry behind.
 */
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#ifdef CONFIG_X86_LOCAL_APIC
#include <asm/apic.h>
#include <asm/nmi.h>
#endif

#include "table_test.h"

#define CROWD_KEYS	64
#define CROWD_MS	500

/**
 * struct crowd - what everybody does to some tables at the same time
 * @count: keys below CROWD_KEYS, counted
 * @inc: the same, plain
 * @gone: keys that come and go, and keys 1 to 8, which are counted and stay
 * @plain: keys that come and go; the value of key k is always k
 * @counted: how many times @count and @inc were counted
 * @stayed: the same of what stays in @gone
 * @wrong: wrong values that were read in @plain
 * @stop: enough
 */
struct crowd {
	struct trace_tap_table	*count;
	struct trace_tap_table	*inc;
	struct trace_tap_table	*gone;
	struct trace_tap_table	*plain;
	atomic64_t		counted;
	atomic64_t		stayed;
	atomic64_t		wrong;
	bool			stop;
};

static struct crowd *crowd;
static DEFINE_PER_CPU(u64, crowd_seed);

static void crowd_do(void)
{
	u64 seed, key, other, value;

	preempt_disable();
	/* Any number will do, whoever interrupts whom */
	seed = raw_cpu_read(crowd_seed) * 6364136223846793005ULL + 1442695040888963407ULL;
	raw_cpu_write(crowd_seed, seed);
	key = (seed >> 40) % CROWD_KEYS;
	call(count, crowd->count, &key, 0, 0);
	call(inc, crowd->inc, &key, 1, 0);
	atomic64_inc(&crowd->counted);

	other = 1 + (seed >> 50) % 8;
	call(count, crowd->gone, &other, 0, 0);
	atomic64_inc(&crowd->stayed);
	key += 100;
	if (seed >> 63)
		call(count, crowd->gone, &key, 0, 0);
	else
		call(del, crowd->gone, &key, 0, 0);

	value = call(get, crowd->plain, &key, 0, 0);
	if (value && value != key)
		atomic64_inc(&crowd->wrong);
	if ((seed >> 62) & 1)
		call(put, crowd->plain, &key, key, 0);
	else
		call(del, crowd->plain, &key, 0, 0);
	preempt_enable();
}

static void crowd_ipi(void *unused)
{
	crowd_do();
}

static enum hrtimer_restart crowd_timer(struct hrtimer *timer)
{
	crowd_do();
	hrtimer_forward_now(timer, 50 * NSEC_PER_USEC);
	return READ_ONCE(crowd->stop) ? HRTIMER_NORESTART : HRTIMER_RESTART;
}

#ifdef CONFIG_X86_LOCAL_APIC
static DEFINE_PER_CPU(bool, crowd_nmi_sent);

static int crowd_nmi(unsigned int type, struct pt_regs *regs)
{
	if (!raw_cpu_read(crowd_nmi_sent))
		return NMI_DONE;
	raw_cpu_write(crowd_nmi_sent, false);
	crowd_do();
	return NMI_HANDLED;
}

static void crowd_send_nmi(unsigned int cpu)
{
	if (per_cpu(crowd_nmi_sent, cpu))
		return;
	per_cpu(crowd_nmi_sent, cpu) = true;
	__apic_send_IPI(cpu, NMI_VECTOR);
}
#else
static void crowd_send_nmi(unsigned int cpu)
{
}
#endif

static int crowd_thread(void *data)
{
	unsigned int cpu = (unsigned long)data, n = 0, to;
	struct hrtimer timer;

	hrtimer_init_on_stack(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer.function = crowd_timer;
	hrtimer_start(&timer, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (!kthread_should_stop()) {
		crowd_do();
		to = cpumask_next_wrap(cpu, cpu_online_mask, cpu, false);
		if (!(++n % 64) && to < nr_cpu_ids) {
			smp_call_function_single(to, crowd_ipi, NULL, 0);
			crowd_send_nmi(to);
		}
		if (!(n % 256))
			cond_resched();
	}
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
	return 0;
}

static void crowd_run(struct kunit *test)
{
	struct task_struct **threads;
	unsigned int cpu;

	threads = kunit_kcalloc(test, nr_cpu_ids, sizeof(*threads), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, threads);
#ifdef CONFIG_X86_LOCAL_APIC
	register_nmi_handler(NMI_LOCAL, crowd_nmi, 0, "tap_table_test");
#endif
	for_each_online_cpu(cpu) {
		threads[cpu] = kthread_create_on_cpu(crowd_thread, (void *)(unsigned long)cpu,
						     cpu, "tap_crowd/%u");
		if (IS_ERR(threads[cpu]))
			threads[cpu] = NULL;
		else
			wake_up_process(threads[cpu]);
	}
	msleep(CROWD_MS);
	WRITE_ONCE(crowd->stop, true);
	for_each_online_cpu(cpu) {
		if (threads[cpu])
			kthread_stop(threads[cpu]);
	}
	msleep(50);	/* the last IPIs */
#ifdef CONFIG_X86_LOCAL_APIC
	unregister_nmi_handler(NMI_LOCAL, "tap_table_test");
#endif
}

/* The sum of all values, or of the keys up to @max. */
static u64 crowd_sum(struct kunit *test, struct trace_tap_table *table, u64 max)
{
	unsigned int nr, i;
	u64 *values, sum = 0;
	void *keys;

	KUNIT_ASSERT_EQ(test, trace_tap_table_snapshot(table, &keys, &values, &nr), 0);
	for (i = 0; i < nr; i++) {
		if (((u64 *)keys)[i] <= max)
			sum += values[i];
	}
	kvfree(keys);
	kvfree(values);
	return sum;
}

static void check_crowd(struct kunit *test)
{
	struct trace_tap_table *table;
	u64 n, sum, drops, stayed;

	crowd = kunit_kzalloc(test, sizeof(*crowd), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, crowd);
	crowd->count = trace_tap_test_table(test, "@t[u64] = count", 48, false);
	crowd->inc = trace_tap_test_table(test, "@t[u64] = s64", 48, false);
	crowd->gone = trace_tap_test_table(test, "@t[u64] = count", 100, false);
	crowd->plain = trace_tap_test_table(test, "@t[u64] = s64", 40, true);
	for (n = 1; n <= 8; n++) {
		call(count, crowd->gone, &n, 0, 0);
		atomic64_inc(&crowd->stayed);
	}
	crowd_run(test);

	n = atomic64_read(&crowd->counted);
	sum = crowd_sum(test, crowd->count, U64_MAX);
	KUNIT_EXPECT_EQ(test, sum + state_of(crowd->count).drops, n);
	sum = crowd_sum(test, crowd->inc, U64_MAX);
	KUNIT_EXPECT_EQ(test, sum + state_of(crowd->inc).drops, n);
	KUNIT_EXPECT_EQ(test, atomic64_read(&crowd->wrong), 0);

	/* On 64 bits what is there is counted whatever the context */
	stayed = atomic64_read(&crowd->stayed);
	sum = crowd_sum(test, crowd->gone, 8);
	drops = IS_ENABLED(CONFIG_64BIT) ? 0 : state_of(crowd->gone).drops;
	KUNIT_EXPECT_LE(test, sum, stayed);
	KUNIT_EXPECT_GE(test, sum + drops, stayed);
	kunit_info(test, "%llu events; drops: %llu count, %llu +=, %llu delete, %llu plain", n,
		   state_of(crowd->count).drops, state_of(crowd->inc).drops,
		   state_of(crowd->gone).drops, state_of(crowd->plain).drops);

	/* No entry was lost: there is room for as many as ever */
	table = crowd->gone;
	trace_tap_table_clear(table);
	trace_tap_test_settle(test, table);
	for (n = 0; n < 100; n++)
		call(count, table, &n, 0, 0);
	KUNIT_EXPECT_EQ(test, state_of(table).entries, 100);
	KUNIT_EXPECT_EQ(test, state_of(table).drops, 0);
	KUNIT_EXPECT_EQ(test, crowd_sum(test, table, U64_MAX), 100);
	trace_tap_table_clear(crowd->plain);
	for (n = 0; n < 40; n++)
		call(put, crowd->plain, &n, n, 0);
	KUNIT_EXPECT_EQ(test, state_of(crowd->plain).entries, 40);
	KUNIT_EXPECT_EQ(test, state_of(crowd->plain).evicted, 0);
}

static struct kunit_case crowd_cases[] = {
	KUNIT_CASE_SLOW(check_crowd),
	{}
};

static struct kunit_suite crowd_suite = {
	.name		= "tap_table_crowd",
	.test_cases	= crowd_cases,
};

kunit_test_suite(crowd_suite);
