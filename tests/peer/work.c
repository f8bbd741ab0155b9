// SPDX-License-Identifier: GPL-2.0
/*
 * Work whose traces are known, for the tools of scripts/compare to see.
 *
 *	work NAME [ARG]...
 *
 * in:	the name of something to do, see jobs[] at the end
 * out:	what only this process knows of it, a line each: "pid 71", "port 40123".
 *	The rest is written in tests/peer/work.sh: it knows what each job does.
 *
 * System calls are made by number where a C library would choose another one.
 * Static, so that it runs in any guest; its comm is "work".
 *
 * Example:	$ work open /etc/hosts /nothing
 *		pid 71
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "work: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int try(int result, const char *what)
{
	if (result < 0)
		fail(what);
	return result;
}

#define TRY(call)	try(call, #call)

static void nap(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (syscall(SYS_nanosleep, &ts, &ts) && errno == EINTR)
		;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int number(char **arg, int i)
{
	for (int n = 0; n <= i; n++)
		if (!arg[n])
			return 0;
	return atoi(arg[i]);
}

/* ------------------------------------------------------------ files */

/* Opens each; one descriptor at a time, so it is always 3. */
static void do_open(char **arg)
{
	int fd;

	for (; *arg; arg++) {
		fd = syscall(SYS_openat, AT_FDCWD, *arg, O_RDONLY, 0);
		if (fd >= 0)
			close(fd);
	}
}

/* stat, lstat, statx, statfs, each of all files */
static void do_stat(char **arg)
{
	struct statfs fs;
	struct statx stx;
	struct stat st;
	char **file;

	for (file = arg; *file; file++)
		syscall(SYS_stat, *file, &st);
	for (file = arg; *file; file++)
		syscall(SYS_lstat, *file, &st);
	for (file = arg; *file; file++)
		syscall(SYS_statx, AT_FDCWD, *file, 0, STATX_BASIC_STATS, &stx);
	for (file = arg; *file; file++)
		syscall(SYS_statfs, *file, &fs);
}

/* FILE: one call of each that writes something back */
static void do_sync(char **arg)
{
	int fd = TRY(open(arg[0], O_RDWR | O_CREAT, 0600));
	void *page;

	if (ftruncate(fd, 4096) && errno != EINVAL)	/* of a disk */
		fail("ftruncate");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		fail("mmap");
	sync();
	TRY(syncfs(fd));
	TRY(fsync(fd));
	TRY(fdatasync(fd));
	TRY(sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE));
	TRY(msync(page, 4096, MS_SYNC));
}

/*
 * DIR N: so many times each of what the VFS does. A regular file that mknod()
 * makes goes through vfs_create(), one that open() makes does not.
 */
static void do_vfs(char **arg)
{
	int i, fd, n = number(arg, 1);
	char c = 'x';

	TRY(chdir(arg[0]));
	for (i = 0; i < n; i++) {
		TRY(mkdir("made", 0700));
		TRY(rmdir("made"));
		TRY(mknod("file", S_IFREG | 0600, 0));
		fd = TRY(open("file", O_RDWR));
		TRY(write(fd, &c, 1));
		TRY(pread(fd, &c, 1, 0));
		TRY(fsync(fd));
		close(fd);
		TRY(unlink("file"));
	}
}

/* FILE SIZE N [SIZE N]...: direct writes, or if SIZE is negative reads */
static void do_disk(char **arg)
{
	int i, n, size, fd = TRY(open(arg[0], O_RDWR | O_DIRECT));
	off_t place = 0;
	char *page;

	page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		fail("mmap");
	for (i = 1; arg[i]; i += 2) {
		size = atoi(arg[i]);
		for (n = number(arg, i + 1); n; n--) {
			if (size > 0)
				TRY(pwrite(fd, page, size, place));
			else
				TRY(pread(fd, page, -size, place));
			place += abs(size);
		}
	}
}

/* FILE BYTES: written, and while it is open, sync() */
static void do_dirty(char **arg)
{
	int fd = TRY(open(arg[0], O_WRONLY | O_CREAT, 0600));
	int left = number(arg, 1);
	static char page[4096];

	for (; left > 0; left -= sizeof(page))
		TRY(write(fd, page, sizeof(page)));
	sync();
}

/* -------------------------------------------------------- processes */

/* A capability that each needs: 21, 18, 23, 0, 6 */
static void do_caps(char **arg)
{
	TRY(sethostname("tap", 3));
	TRY(chroot("/"));
	errno = 0;
	if (nice(-1) == -1 && errno)
		fail("nice");
	TRY(chown(arg[0], 1, -1));
	TRY(syscall(SYS_setgid, 0));
}

static void do_setuids(char **arg)
{
	(void)arg;
	TRY(syscall(SYS_setfsuid, 7));
	TRY(syscall(SYS_setfsuid, 0));
	TRY(syscall(SYS_setresuid, 0, 1, 2));
	syscall(SYS_setuid, 3);
	TRY(syscall(SYS_setuid, 2));
}

/* To itself: no signal, one that is ignored; to nobody; one that there is not */
static void do_kill(char **arg)
{
	(void)arg;
	TRY(kill(getpid(), 0));
	TRY(kill(getpid(), SIGCHLD));
	kill(4194303, SIGTERM);
	kill(getpid(), 99);
}

/* N MS: that many children, then silence */
static void do_fork(char **arg)
{
	int n;

	for (n = number(arg, 0); n; n--) {
		if (!TRY(fork()))
			_exit(0);
		TRY(wait(NULL));
	}
	nap(number(arg, 1));
}

/* N MS: so many naps of so long */
static void do_nap(char **arg)
{
	int n;

	for (n = number(arg, 0); n; n--)
		nap(number(arg, 1));
}

/* CPU MS: busy there */
static void do_spin(char **arg)
{
	cpu_set_t cpus;
	long end = now_ms() + number(arg, 1);

	CPU_ZERO(&cpus);
	CPU_SET(number(arg, 0), &cpus);
	TRY(sched_setaffinity(0, sizeof(cpus), &cpus));
	while (now_ms() < end)
		;
}

/* N: calls of getpriority(), which nobody else makes */
static void do_calls(char **arg)
{
	int n;

	for (n = number(arg, 0); n; n--)
		syscall(SYS_getpriority, 0, 0);
}

/* MS: there to be killed first when memory is short */
static void do_victim(char **arg)
{
	int fd = TRY(open("/proc/self/oom_score_adj", O_WRONLY));

	TRY(write(fd, "1000", 4));
	prctl(PR_SET_NAME, "victim");
	nap(number(arg, 0));
}

/* ---------------------------------------------------------- sockets */

static struct sockaddr_in address(const char *ip, int port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};

	if (inet_pton(AF_INET, ip, &a.sin_addr) != 1)
		fail(ip);
	return a;
}

static int port_of(int fd)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	TRY(getsockname(fd, (struct sockaddr *)&a, &len));
	return ntohs(a.sin_port);
}

static int listener(const char *ip, int port, int backlog)
{
	struct sockaddr_in a = address(ip, port);
	int one = 1, fd = TRY(socket(AF_INET, SOCK_STREAM, 0));

	TRY(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	TRY(bind(fd, (struct sockaddr *)&a, sizeof(a)));
	TRY(listen(fd, backlog));
	return fd;
}

static int connected(const char *ip, int port, int flags)
{
	struct sockaddr_in a = address(ip, port);
	int fd = TRY(socket(AF_INET, SOCK_STREAM | flags, 0));

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) &&
	    errno != EINPROGRESS)
		fail("connect");
	return fd;
}

static void pass_on(int from, int to, int bytes)
{
	static char buf[1024];
	int n;

	while (bytes > 0) {
		n = bytes < 1024 ? bytes : 1024;
		TRY(write(from, buf, n));
		for (bytes -= n; n > 0; n -= TRY(read(to, buf, n)))
			;
	}
}

/*
 * IP PORT BACKLOG TO BACK: a connection of this process to itself, on which go
 * TO bytes, then BACK bytes; the client ends it first.
 */
static void do_tcp(char **arg)
{
	int server = listener(arg[0], number(arg, 1), number(arg, 2));
	int client = connected(arg[0], number(arg, 1), 0);
	int peer = TRY(accept(server, NULL, NULL));

	printf("port %d\n", port_of(client));
	pass_on(client, peer, number(arg, 3));
	pass_on(peer, client, number(arg, 4));
	nap(20);
	close(client);
	nap(20);
	close(peer);
	close(server);
	nap(20);
}

/*
 * IP PORT BACKLOG N MS: so many connections that nobody accepts; those above
 * BACKLOG + 1 do not come about, so their SYN is sent again after a second.
 */
static void do_queue(char **arg)
{
	int i;

	listener(arg[0], number(arg, 1), number(arg, 2));
	for (i = 0; i < number(arg, 3); i++) {
		printf("port %d\n", port_of(connected(arg[0], number(arg, 1),
						      SOCK_NONBLOCK)));
		nap(20);
	}
	nap(number(arg, 4));
}

/* IP PORT COMMAND: of a connection whose address COMMAND removes, a byte is sent */
static void do_drop(char **arg)
{
	int server = listener(arg[0], number(arg, 1), 1);
	int client = connected(arg[0], number(arg, 1), 0);
	int peer = TRY(accept(server, NULL, NULL));

	printf("port %d\n", port_of(client));
	if (system(arg[2]))
		fail(arg[2]);
	if (write(client, "x", 1) < 0)
		perror("write");
	nap(100);
	close(peer);
}

/* TEXT...: each goes through a pair of UNIX sockets */
static void do_unix(char **arg)
{
	char buf[256];
	int fds[2];

	TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	for (; *arg; arg++) {
		TRY(write(fds[0], *arg, strlen(*arg)));
		TRY(read(fds[1], buf, sizeof(buf)));
	}
}

static const struct job {
	const char	*name;
	void		(*run)(char **arg);
} jobs[] = {
	{ "calls", do_calls }, { "caps", do_caps }, { "dirty", do_dirty },
	{ "disk", do_disk }, { "drop", do_drop }, { "fork", do_fork },
	{ "kill", do_kill }, { "nap", do_nap }, { "open", do_open },
	{ "queue", do_queue }, { "setuids", do_setuids }, { "spin", do_spin },
	{ "stat", do_stat }, { "sync", do_sync }, { "tcp", do_tcp },
	{ "unix", do_unix }, { "vfs", do_vfs }, { "victim", do_victim },
	{ }
};

int main(int argc, char **argv)
{
	const struct job *job;

	printf("pid %d\n", getpid());
	/* so that it is there even if this process is killed */
	setvbuf(stdout, NULL, _IOLBF, 0);
	fflush(stdout);
	for (job = jobs; argc > 1 && job->name; job++) {
		if (!strcmp(job->name, argv[1])) {
			job->run(argv + 2);
			return 0;
		}
	}
	fprintf(stderr, "work: no such job\n");
	return 1;
}
