// SPDX-License-Identifier: GPL-2.0-only
/*
 * Markers: trace events in one line each, see TRACE_MARKER().
 *
 * A thread plays a queue that is filled and emptied, ten times a second. In
 * tracefs:
 *
 *	modprobe trace-marker-sample
 *	cat events/markers/queued/format
 *	echo 'len > 3' > events/markers/queued/filter
 *	echo 1 > events/markers/queued/enable
 *	cat trace
 *	echo '@[name] = count()' > events/markers/queued/action
 *	cat tables/markers:queued
 *
 * No header is included for the markers, and nothing is declared.
 */
#include <linux/kthread.h>
#include <linux/module.h>

#define ROOM	4

enum priority { LOW, HIGH };

struct request {
	unsigned long	nr;
	u16		len;
	s8		error;
	bool		urgent;
	enum priority	priority;
	char		name[8];
};

struct queue {
	unsigned int	used;
	struct request	*last;
};

static struct task_struct *thread;

static void put(struct queue *queue, struct request *req, const char *from)
{
	if (queue->used == ROOM) {
		TRACE_MARKER(queue_full);
		return;
	}
	queue->used++;
	queue->last = req;
	TRACE_MARKER(queued, req->nr, req->len, req->error, req->urgent,
		     req->priority, req->name, from, queue);
}

static void get(struct queue *queue)
{
	if (!queue->used) {
		TRACE_MARKER(queue_empty, queue->last->name);
		return;
	}
	queue->used--;
	/* What the value is taken from has no name: the fields are arg1 and arg2 */
	TRACE_MARKER(taken, ROOM - queue->used, queue->used * 100 / ROOM);
}

static int sample_thread(void *unused)
{
	struct queue queue = {};
	struct request req = {};

	while (!kthread_should_stop()) {
		req.nr++;
		req.len = req.nr % 7;
		req.error = -(int)(req.nr % 3);
		req.urgent = req.nr % 5 == 0;
		req.priority = req.urgent ? HIGH : LOW;
		snprintf(req.name, sizeof(req.name), "req%lu", req.nr % 10);
		put(&queue, &req, req.nr % 4 ? "a disk" : NULL);
		if (req.nr % 12 >= 6) {
			get(&queue);
			get(&queue);
		}
		schedule_timeout_interruptible(HZ / 10);
	}
	return 0;
}

static int __init sample_init(void)
{
	thread = kthread_run(sample_thread, NULL, "marker-sample");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	TRACE_MARKER(sample_ready, thread->comm);
	return 0;
}

static void __exit sample_exit(void)
{
	kthread_stop(thread);
}

module_init(sample_init);
module_exit(sample_exit);
MODULE_DESCRIPTION("Sample of TRACE_MARKER()");
MODULE_LICENSE("GPL");
