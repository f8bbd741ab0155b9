// SPDX-License-Identifier: GPL-2.0
/*
 * What a command uses: CPU time and memory.
 *
 *	usage N COMMAND [ARG]...
 *
 * in:	how often to run it; its output goes nowhere
 * out:	"MS KB": the least user and system time in ms, the most memory resident
 *
 * Static and tiny, because a process begins with the memory of who started it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ms(const struct timeval *t)
{
	return t->tv_sec * 1e3 + t->tv_usec / 1e3;
}

static int run(char **argv, struct rusage *ru)
{
	int null, status;
	pid_t pid = fork();

	if (!pid) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, ru) != pid)
		return -1;
	return status;
}

int main(int argc, char **argv)
{
	double used, least = 1e9;
	struct rusage ru;
	long most = 0;
	int i, status;

	if (argc < 3)
		return 2;
	for (i = atoi(argv[1]); i > 0; i--) {
		status = run(argv + 2, &ru);
		if (status) {
			fprintf(stderr, "usage: %s: status %x\n", argv[2], status);
			return 1;
		}
		used = ms(&ru.ru_utime) + ms(&ru.ru_stime);
		if (used < least)
			least = used;
		if (ru.ru_maxrss > most)
			most = ru.ru_maxrss;
	}
	printf("%.1f %ld\n", least, most);
	return 0;
}
