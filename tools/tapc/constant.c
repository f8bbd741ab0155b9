// SPDX-License-Identifier: GPL-2.0
/*
 * Constants that C programs have from headers: scripts need not include these.
 *
 *	in:	AF_INET6, EAGAIN, SIGKILL, TASK_DEAD, PAGE_SIZE
 *	out:	10, 11, 9, 128, 4096
 *
 * What programs and the kernel agree about has the value that this machine's
 * libc has, for it may be another one on another architecture. What only the
 * kernel has is of Linux 6.12. Types of the kernel (BTF) are asked first, and know
 * enums, but no macros. Names are among the texts: "=AF_", and
 * then "UNSPEC", "UNIX".
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "constants.h"
#include "tapc.h"

/* In the order of their names. */
static const s32 values[] = {
#define P(prefix)
#define X(prefix, name) prefix ## name,
#define V(name, value) (value),
	CONSTANTS
#undef P
#undef X
#undef V
};

/* Pages are as large as this machine's. */
static bool page_constant(const char *name, u64 *value)
{
	u64 size;

	if (strncmp(name, "PAGE_", 5))
		return false;
	name += 5;
	size = sysconf(_SC_PAGESIZE);
	if (!strcmp(name, "SIZE"))
		*value = size;
	else if (!strcmp(name, "SHIFT"))
		*value = __builtin_ctzll(size);
	else if (!strcmp(name, "MASK"))
		*value = -size;
	else
		return false;
	return true;
}

/* Names of errors and signals libc has anyway, if it is new enough. */
static bool libc_constant(const char *name, u64 *value)
{
#if defined(__GLIBC_PREREQ) && __GLIBC_PREREQ(2, 32)
	bool is_signal = !strncmp(name, "SIG", 3);
	const char *known;
	int i;

	if (*name != 'E' && !is_signal)
		return false;
	if (is_signal)
		name += 3;
	/* The architecture with the largest one is MIPS. */
	for (i = 1; i <= 1133; i++) {
		known = is_signal ? sigabbrev_np(i) : strerrorname_np(i);
		if (known && !strcmp(name, known)) {
			*value = i;
			return true;
		}
	}
#endif
	return false;
}

/**
 * tapc_constant - a constant that C programs have from a header
 * @name: its name
 * @value: out: its value
 *
 * Return: whether there is one.
 */
bool tapc_constant(const char *name, u64 *value)
{
	const char *p, *prefix = "";
	const s32 *v = values;
	size_t len = 0;

	for (p = tapc_text(TEXT_CONSTANTS); *p; p += strlen(p) + 1) {
		if (*p == '=') {
			prefix = p + 1;
			len = strlen(prefix);
			continue;
		}
		if (!strncmp(name, prefix, len) && !strcmp(name + len, p)) {
			*value = *v;
			return true;
		}
		v++;
	}
	return page_constant(name, value) || libc_constant(name, value);
}
