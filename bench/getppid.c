// SPDX-License-Identifier: GPL-2.0
/*
 * What one system call costs in a guest whose clock counts instructions.
 *
 *	getppid [CALLS]		instructions per getppid(), best of ROUNDS averages
 *	getppid loop		says "ready" and calls it until killed
 *
 * Under QEMU's -icount shift=0 the time stamp counter moves by one for each
 * instruction. It is read directly: what clock_gettime() makes of it depends on
 * how well the kernel under test measured its frequency at boot.
 *
 * The best of many rounds is one that no timer interrupt fell into.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define ROUNDS	30

static inline long getppid_raw(void)
{
	long ret;

	asm volatile("syscall" : "=a" (ret) : "0" ((long)SYS_getppid)
		     : "rcx", "r11", "memory");
	return ret;
}

static unsigned long long count(unsigned int calls)
{
	unsigned long long start = __builtin_ia32_rdtsc();

	while (calls--)
		getppid_raw();
	return __builtin_ia32_rdtsc() - start;
}

int main(int argc, char **argv)
{
	unsigned int calls = 2000;
	unsigned long long best = -1ULL;

	if (argc > 1 && !strcmp(argv[1], "loop")) {
		count(calls);
		puts("ready");
		fflush(stdout);
		for (;;)
			getppid_raw();
	}
	if (argc > 1)
		calls = strtoul(argv[1], NULL, 0);
	if (!calls)
		return 1;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long long n = count(calls);

		if (n < best)
			best = n;
	}
	printf("%.1f\n", (double)best / calls);
	return 0;
}
