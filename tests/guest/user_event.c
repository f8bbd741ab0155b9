// SPDX-License-Identifier: GPL-2.0
/*
 * A user event with a filter. Writes N events, n counted from 0, s "even" or
 * "odd"; status 0 if WANT of them are recorded. The commands, if any, are run
 * before the event is enabled, and after the last one, while the event is there.
 *
 *	user_event "NAME u32 n; char[8] s" FILTER N WANT [COMMAND [COMMAND]]
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/types.h>

#define TRACEFS		"/sys/kernel/tracing/"

/* include/uapi/linux/user_events.h */
struct user_reg {
	__u32	size;
	__u8	enable_bit;
	__u8	enable_size;
	__u16	flags;
	__u64	enable_addr;
	__u64	name_args;
	__u32	write_index;
} __attribute__((__packed__));

#define DIAG_IOCSREG	_IOWR('*', 0, struct user_reg *)

static uint32_t enabled;

static void put(const char *file, const char *text)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), TRACEFS "%s", file);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror(path);
		exit(1);
	}
	close(fd);
}

static int count(const char *what)
{
	FILE *f = fopen(TRACEFS "trace", "r");
	char line[1000];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, what) != NULL;
	if (f)
		fclose(f);
	return n;
}

int main(int argc, char **argv)
{
	struct { uint32_t index, n; char s[8]; } __attribute__((__packed__)) event;
	struct user_reg reg = { .size = sizeof(reg), .enable_bit = 31, .enable_size = 4 };
	char name[50], file[100];
	int fd, i, got;

	if (argc < 5 || argc > 7)
		return 2;
	fd = open(TRACEFS "user_events_data", O_RDWR);
	reg.enable_addr = (uintptr_t)&enabled;
	reg.name_args = (uintptr_t)argv[1];
	if (fd < 0 || ioctl(fd, DIAG_IOCSREG, &reg) < 0) {
		perror("user_events_data");
		return 1;
	}
	sscanf(argv[1], "%49s", name);
	snprintf(file, sizeof(file), "events/user_events/%s/filter", name);
	put(file, argv[2]);
	put("trace", "");
	if (argc > 5 && system(argv[5]))
		return 1;
	snprintf(file, sizeof(file), "events/user_events/%s/enable", name);
	put(file, "1");
	if (!enabled) {
		fprintf(stderr, "not enabled\n");
		return 1;
	}
	for (i = 0; i < atoi(argv[3]); i++) {
		memset(&event, 0, sizeof(event));
		event.index = reg.write_index;
		event.n = i;
		strcpy(event.s, i & 1 ? "odd" : "even");
		if (write(fd, &event, sizeof(event)) != sizeof(event))
			perror("write");
	}
	put(file, "0");
	if (argc > 6 && system(argv[6]))
		return 1;
	snprintf(name + strlen(name), 3, ": ");
	got = count(name);
	if (got != atoi(argv[4]))
		printf("%d recorded\n", got);
	return got != atoi(argv[4]);
}
