// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a filter again and again, and each time another allocation fails: the
 * first, the second, until there is none left to fail.
 *
 *	fail_nth FILE OLD NEW	FILE is an event's "filter". Where the write of
 *				NEW fails, OLD is in force: it is shown, and
 *				keeps what it should of kill(), signal 18
 *	fail_nth FILE "" NEW	FILE takes NEW for good and all, or nothing of
 *				it: what it shows does not change then; what to
 *				write to undo NEW is the fourth argument, or, as
 *				">FILE TEXT", what to write to another file
 *	fail_nth -p EVENT NEW	a filter of perf
 *
 * Prints how many allocations failed; status 1 if something was wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/perf_event.h>

#define TRACEFS	"/sys/kernel/tracing/"
#define MAX_NTH	2000

static int nth_fd;
static int bad;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void complain(int nth, const char *what, const char *text)
{
	printf("failure of allocation %d: %s: %s\n", nth, what, text);
	bad = 1;
}

/* From here on, the @nth allocation of this thread fails. */
static void arm(int nth)
{
	char text[20];
	int len = sprintf(text, "%d", nth);

	if (pwrite(nth_fd, text, len, 0) != len)
		die("fail-nth");
}

/* Returns whether it came to that. */
static int disarm(void)
{
	char text[20] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	if (atoi(text) > 0)
		arm(0);
	return atoi(text) <= 0;
}

static int put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_APPEND), err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

static void undo(const char *file, const char *text)
{
	char other[300];
	int len;

	if (!text)
		return;
	if (sscanf(text, ">%299s %n", other, &len) == 1) {
		file = other;
		text += len;
	}
	if (put(file, text))
		die(file);
}

/* What a file shows, without comments. */
static char *get(const char *file)
{
	static char all[1 << 16];
	char line[8192];
	FILE *f = fopen(file, "r");

	if (!f)
		die(file);
	*all = 0;
	while (fgets(line, sizeof(line), f)) {
		if (*line != '#' && strlen(all) + strlen(line) < sizeof(all))
			strcat(all, line);
	}
	fclose(f);
	return strdup(all);
}

/* Runs and matches of an event's filter. */
static void stats(const char *filter, long *runs, long *matches)
{
	char path[300], line[1000];
	FILE *f;

	*runs = *matches = -1;
	snprintf(path, sizeof(path), "%s", filter);
	strcpy(strrchr(path, '/'), "/program");
	f = fopen(path, "r");
	if (!f)
		die(path);
	while (*runs < 0 && fgets(line, sizeof(line), f))
		sscanf(line, "# runs: %ld, matches: %ld", runs, matches);
	fclose(f);
}

static void check_in_force(int nth, const char *file)
{
	long runs, matches, runs2, matches2;

	stats(file, &runs, &matches);
	kill(getpid(), 0);
	kill(getpid(), SIGCONT);	/* 18 */
	stats(file, &runs2, &matches2);
	if (runs2 - runs != 2 || matches2 - matches != 1)
		complain(nth, "the old filter is not in force", file);
}

static int try_file(const char *file, const char *old, const char *new,
		    const char *undo_text)
{
	char *before, *after;
	int nth, err, failed = 0;

	for (nth = 1; nth < MAX_NTH; nth++) {
		if (*old && put(file, old))
			die(old);
		before = get(file);
		arm(nth);
		err = put(file, new);
		if (!disarm()) {
			if (err)
				complain(nth, "not for want of memory", strerror(err));
			undo(file, undo_text);
			break;
		}
		failed++;
		after = get(file);
		if (err && strcmp(before, after))
			complain(nth, "the file has changed", after);
		if (!err)
			undo(file, undo_text);
		if (err && *old)
			check_in_force(nth, file);
		free(before);
		free(after);
	}
	return failed;
}

static int try_perf(const char *event, const char *new)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.sample_period = 1,
	};
	int fd, nth, err, failed = 0, done = 0;
	char path[200];
	FILE *f;
	long long count;

	snprintf(path, sizeof(path), TRACEFS "events/%s/id", event);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%lld", &attr.config) != 1)
		die(path);
	fclose(f);
	for (nth = 1; nth < MAX_NTH && !done; nth++) {
		fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
		if (fd < 0)
			die("perf_event_open");
		arm(nth);
		err = ioctl(fd, PERF_EVENT_IOC_SET_FILTER, new);
		done = !disarm();
		failed += !done;
		if (err && done)
			complain(nth, "not for want of memory", strerror(errno));
		/* What failed can be done again */
		if (err && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, new))
			complain(nth, "again", strerror(errno));
		kill(getpid(), 0);
		kill(getpid(), SIGCONT);
		if (read(fd, &count, sizeof(count)) != sizeof(count) || count != 1)
			complain(nth, "events counted, not 1", "");
		close(fd);
	}
	return failed;
}

int main(int argc, char **argv)
{
	int failed;

	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	if (nth_fd < 0)
		die("fail-nth");
	if (argc == 4 && !strcmp(argv[1], "-p"))
		failed = try_perf(argv[2], argv[3]);
	else if (argc == 4 || argc == 5)
		failed = try_file(argv[1], argv[2], argv[3], argv[4]);
	else
		return 2;
	printf("%d allocations failed\n", failed);
	return bad || !failed;
}
