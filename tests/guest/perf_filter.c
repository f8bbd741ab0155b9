// SPDX-License-Identifier: GPL-2.0
/*
 * A user of perf's filters: opens a tracepoint for itself, sets a filter by
 * PERF_EVENT_IOC_SET_FILTER, counts.
 *
 *	perf_filter [-u] [-p] [-s FILTER]... SYSTEM/EVENT FILTER N [COMMAND...]
 *
 * Prints how many events of N system calls getppid(), or of COMMAND, the filter
 * keeps, or the errno with which it is refused.
 *
 *	-u	as user nobody, for itself only, as perf allows everybody to
 *	-p	sampled into a ring buffer, and these records counted
 *	-s	before: another event at the same tracepoint, with this filter
 *	-r	then set the filter again: what that gives
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/perf_event.h>

#define PAGES	8
#define MAX_FDS	16

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

static int event_id(const char *event)
{
	char path[200];
	FILE *f;
	int id;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", event);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%d", &id) != 1)
		die(path);
	fclose(f);
	return id;
}

static int event_open(int id, int sample, int user)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.disabled = 1,
		.inherit = !sample,
		.sample_period = sample,
		.sample_type = sample ? PERF_SAMPLE_RAW | PERF_SAMPLE_TIME : 0,
		.wakeup_events = sample,
		.exclude_kernel = user,
		.exclude_hv = user,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

/* A group of records in the ring buffer, all of which are samples. */
static long samples(void *ring)
{
	struct perf_event_mmap_page *page = ring;
	char *data = (char *)ring + sysconf(_SC_PAGESIZE);
	uint64_t mask = PAGES * sysconf(_SC_PAGESIZE) - 1, at;
	long n = 0;

	for (at = page->data_tail; at < page->data_head;) {
		struct perf_event_header *h = (void *)(data + (at & mask));

		n += h->type == PERF_RECORD_SAMPLE;
		at += h->size;
	}
	page->data_tail = at;
	return n;
}

static void work(long n, char **command)
{
	pid_t pid;

	if (!*command) {
		while (n--)
			syscall(SYS_getppid);
		return;
	}
	pid = fork();
	if (!pid) {
		execvp(*command, command);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	int fds[MAX_FDS], nr_fds = 0, user = 0, sample = 0, again = 0, opt, i, id;
	const char *others[MAX_FDS];
	void *ring = NULL;
	uint64_t count;

	while ((opt = getopt(argc, argv, "+uprs:")) != -1) {
		switch (opt) {
		case 'u': user = 1; break;
		case 'p': sample = 1; break;
		case 'r': again = 1; break;
		case 's': others[nr_fds++] = optarg; break;
		default: return 2;
		}
		if (nr_fds == MAX_FDS)
			return 2;
	}
	argv += optind;
	argc -= optind;
	if (argc < 3)
		return 2;
	/* tracefs is root's */
	id = event_id(argv[0]);
	if (user && (setgid(65534) || setuid(65534)))
		die("setuid");
	others[nr_fds++] = argv[1];
	for (i = 0; i < nr_fds; i++) {
		fds[i] = event_open(id, sample, user);
		if (fds[i] < 0)
			die("perf_event_open");
		if (*others[i] && ioctl(fds[i], PERF_EVENT_IOC_SET_FILTER, others[i])) {
			printf("%s\n", strerror(errno));
			return 1;
		}
	}
	if (again) {
		if (!ioctl(fds[nr_fds - 1], PERF_EVENT_IOC_SET_FILTER, others[nr_fds - 1]))
			printf("taken\n");
		else
			printf("%s\n", strerror(errno));
		return 0;
	}
	if (sample) {
		ring = mmap(NULL, (PAGES + 1) * sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
			    MAP_SHARED, fds[nr_fds - 1], 0);
		if (ring == MAP_FAILED)
			die("mmap");
	}
	for (i = 0; i < nr_fds; i++)
		ioctl(fds[i], PERF_EVENT_IOC_ENABLE, 0);
	work(atol(argv[2]), argv + 3);
	for (i = 0; i < nr_fds; i++)
		ioctl(fds[i], PERF_EVENT_IOC_DISABLE, 0);
	if (sample) {
		printf("%ld\n", samples(ring));
		return 0;
	}
	for (i = 0; i < nr_fds; i++) {
		if (read(fds[i], &count, sizeof(count)) != sizeof(count))
			die("read");
		printf("%llu%c", (unsigned long long)count, i < nr_fds - 1 ? ' ' : '\n');
	}
	return 0;
}
