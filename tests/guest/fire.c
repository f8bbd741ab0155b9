// SPDX-License-Identifier: GPL-2.0
/*
 * Makes events a known number of times, under a name that nobody else has.
 *
 *	fire [-c CPU] [-n NAME] WHAT N [WHAT N]...
 *
 *	getppid		system calls that succeed
 *	close		system calls that fail, close(-1): EBADF
 *	open:PATH	openat(2) and close(2)
 *	fault		page faults: the first touch of as many pages
 *	fork		processes, each waited for
 *	nap		nanosleep(2) of a millisecond: the thread leaves the CPU
 *	mark:TEXT	writes to trace_marker
 *
 * All of it is done once under another name first, so that nothing but what is
 * asked for happens under NAME (default: counted): system calls are N of each,
 * and then one prctl(2) that takes the name back, of which only the entry is
 * under NAME; of the one that gives it, only the exit. So for
 * raw_syscalls:sys_enter and sys_exit alike it is one more.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int marker = -1;
static char *pages;
static size_t page_nr;

static void once(const char *what)
{
	struct timespec ms = { .tv_nsec = 1000000 };
	pid_t pid;
	int fd;

	if (!strcmp(what, "getppid")) {
		syscall(SYS_getppid);
	} else if (!strcmp(what, "close")) {
		syscall(SYS_close, -1);
	} else if (!strncmp(what, "open:", 5)) {
		fd = syscall(SYS_openat, AT_FDCWD, what + 5, O_RDONLY, 0);
		syscall(SYS_close, fd);
	} else if (!strcmp(what, "fault")) {
		((volatile char *)pages)[4096 * page_nr++] = 1;
	} else if (!strcmp(what, "fork")) {
		pid = fork();
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	} else if (!strcmp(what, "nap")) {
		nanosleep(&ms, NULL);
	} else if (!strncmp(what, "mark:", 5)) {
		if (write(marker, what + 5, strlen(what + 5)) < 0)
			exit(1);
	} else {
		fprintf(stderr, "fire: %s?\n", what);
		exit(2);
	}
}

static void all(char **argv, int times)
{
	int n;

	for (; argv[0]; argv += 2) {
		for (n = times ? times : atoi(argv[1]); n > 0; n--)
			once(argv[0]);
	}
}

int main(int argc, char **argv)
{
	const char *name = "counted";
	size_t faults = 1;
	cpu_set_t cpus;
	int c, i;

	while ((c = getopt(argc, argv, "+c:n:")) != -1) {
		if (c == 'c') {
			CPU_ZERO(&cpus);
			CPU_SET(atoi(optarg), &cpus);
			if (sched_setaffinity(0, sizeof(cpus), &cpus))
				return 1;
		} else if (c == 'n') {
			name = optarg;
		} else {
			return 2;
		}
	}
	if (optind == argc || (argc - optind) % 2)
		return 2;
	for (i = optind; i < argc; i += 2) {
		if (!strcmp(argv[i], "fault"))
			faults += atoi(argv[i + 1]) + 1;
		if (!strncmp(argv[i], "mark:", 5) && marker < 0)
			marker = open("/sys/kernel/tracing/trace_marker", O_WRONLY);
	}
	pages = mmap(NULL, 4096 * faults, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return 1;
	all(argv + optind, 1);
	prctl(PR_SET_NAME, name);
	all(argv + optind, 0);
	prctl(PR_SET_NAME, "fire");
	return 0;
}
