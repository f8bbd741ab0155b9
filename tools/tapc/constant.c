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
 * enums, but no macros.
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

#include "tapc.h"

/*
 * P(prefix) begins a group, X(prefix, name) is PREFIXname of libc, V(name, value)
 * is PREFIXname with that value.
 */
#define CONSTANTS							\
	P(AF_) X(AF_, UNSPEC) X(AF_, UNIX) X(AF_, LOCAL) X(AF_, INET)	\
	X(AF_, INET6) X(AF_, NETLINK) X(AF_, PACKET) X(AF_, VSOCK)	\
	V(XDP, 44)							\
	P(SOCK_) X(SOCK_, STREAM) X(SOCK_, DGRAM) X(SOCK_, RAW)		\
	X(SOCK_, SEQPACKET) X(SOCK_, NONBLOCK) X(SOCK_, CLOEXEC)	\
	P(IPPROTO_) X(IPPROTO_, IP) X(IPPROTO_, ICMP) X(IPPROTO_, TCP)	\
	X(IPPROTO_, UDP) X(IPPROTO_, IPV6) X(IPPROTO_, ICMPV6)		\
	X(IPPROTO_, RAW) X(IPPROTO_, SCTP)				\
	P(TCP_) V(ESTABLISHED, 1) V(SYN_SENT, 2) V(SYN_RECV, 3)		\
	V(FIN_WAIT1, 4) V(FIN_WAIT2, 5) V(TIME_WAIT, 6) V(CLOSE, 7)	\
	V(CLOSE_WAIT, 8) V(LAST_ACK, 9) V(LISTEN, 10) V(CLOSING, 11)	\
	V(NEW_SYN_RECV, 12)						\
	P(TASK_) V(RUNNING, 0) V(INTERRUPTIBLE, 1) V(UNINTERRUPTIBLE, 2) \
	V(STOPPED, 0x104) V(TRACED, 8) V(PARKED, 0x40) V(DEAD, 0x80)	\
	V(WAKEKILL, 0x100) V(WAKING, 0x200) V(NOLOAD, 0x400)		\
	V(NEW, 0x800) V(KILLABLE, 0x102) V(IDLE, 0x402) V(NORMAL, 3)	\
	V(REPORT, 0x7f) V(COMM_LEN, 16)					\
	P(EXIT_) V(DEAD, 0x10) V(ZOMBIE, 0x20)				\
	P(PF_) V(IDLE, 2) V(EXITING, 4) V(IO_WORKER, 0x10)		\
	V(WQ_WORKER, 0x20) V(FORKNOEXEC, 0x40) V(SUPERPRIV, 0x100)	\
	V(DUMPCORE, 0x200) V(SIGNALED, 0x400) V(MEMALLOC, 0x800)	\
	V(KSWAPD, 0x20000) V(KTHREAD, 0x200000)				\
	P(SCHED_) V(NORMAL, 0) X(SCHED_, FIFO) X(SCHED_, RR)		\
	X(SCHED_, BATCH) X(SCHED_, IDLE) V(DEADLINE, 6)			\
	P(CLONE_) X(CLONE_, VM) X(CLONE_, FS) X(CLONE_, FILES)		\
	X(CLONE_, SIGHAND) X(CLONE_, PTRACE) X(CLONE_, VFORK)		\
	X(CLONE_, PARENT) X(CLONE_, THREAD) X(CLONE_, SYSVSEM)		\
	X(CLONE_, SETTLS) X(CLONE_, NEWNS) X(CLONE_, NEWCGROUP)		\
	X(CLONE_, NEWUTS) X(CLONE_, NEWIPC) X(CLONE_, NEWUSER)		\
	X(CLONE_, NEWPID) X(CLONE_, NEWNET)				\
	P(O_) X(O_, RDONLY) X(O_, WRONLY) X(O_, RDWR) X(O_, ACCMODE)	\
	X(O_, CREAT) X(O_, EXCL) X(O_, NOCTTY) X(O_, TRUNC)		\
	X(O_, APPEND) X(O_, NONBLOCK) X(O_, DSYNC) X(O_, SYNC)		\
	X(O_, DIRECT) X(O_, DIRECTORY) X(O_, NOFOLLOW) X(O_, CLOEXEC)	\
	X(O_, PATH) X(O_, TMPFILE) X(O_, NOATIME)			\
	P(AT_) X(AT_, FDCWD)						\
	P(S_I) X(S_I, FMT) X(S_I, FSOCK) X(S_I, FLNK) X(S_I, FREG)	\
	X(S_I, FBLK) X(S_I, FDIR) X(S_I, FCHR) X(S_I, FIFO)		\
	X(S_I, SUID) X(S_I, SGID) X(S_I, SVTX) X(S_I, RUSR)		\
	X(S_I, WUSR) X(S_I, XUSR) X(S_I, RWXU) X(S_I, RWXG)		\
	X(S_I, RWXO)							\
	P(PROT_) X(PROT_, NONE) X(PROT_, READ) X(PROT_, WRITE)		\
	X(PROT_, EXEC)							\
	P(MAP_) X(MAP_, SHARED) X(MAP_, PRIVATE) X(MAP_, FIXED)		\
	X(MAP_, ANONYMOUS) X(MAP_, STACK) X(MAP_, HUGETLB)		\
	X(MAP_, POPULATE) X(MAP_, LOCKED) X(MAP_, NORESERVE)		\
	P(REQ_) V(OP_READ, 0) V(OP_WRITE, 1) V(OP_FLUSH, 2)		\
	V(OP_DISCARD, 3) V(OP_SECURE_ERASE, 5) V(OP_ZONE_APPEND, 7)	\
	V(OP_WRITE_ZEROES, 9) V(OP_DRV_IN, 34) V(OP_DRV_OUT, 35)	\
	V(OP_BITS, 8) V(OP_MASK, 255) V(SYNC, 1 << 11)			\
	V(META, 1 << 12) V(PRIO, 1 << 13) V(NOMERGE, 1 << 14)		\
	V(IDLE, 1 << 15) V(FUA, 1 << 17) V(PREFLUSH, 1 << 18)		\
	V(RAHEAD, 1 << 19) V(BACKGROUND, 1 << 20) V(NOWAIT, 1 << 21)	\
	P(CAP_) X(CAP_, CHOWN) X(CAP_, DAC_OVERRIDE)			\
	X(CAP_, DAC_READ_SEARCH) X(CAP_, FOWNER) X(CAP_, FSETID)	\
	X(CAP_, KILL) X(CAP_, SETGID) X(CAP_, SETUID)			\
	X(CAP_, SETPCAP) X(CAP_, LINUX_IMMUTABLE)			\
	X(CAP_, NET_BIND_SERVICE) X(CAP_, NET_BROADCAST)		\
	X(CAP_, NET_ADMIN) X(CAP_, NET_RAW) X(CAP_, IPC_LOCK)		\
	X(CAP_, IPC_OWNER) X(CAP_, SYS_MODULE) X(CAP_, SYS_RAWIO)	\
	X(CAP_, SYS_CHROOT) X(CAP_, SYS_PTRACE) X(CAP_, SYS_PACCT)	\
	X(CAP_, SYS_ADMIN) X(CAP_, SYS_BOOT) X(CAP_, SYS_NICE)		\
	X(CAP_, SYS_RESOURCE) X(CAP_, SYS_TIME)				\
	X(CAP_, SYS_TTY_CONFIG) X(CAP_, MKNOD) X(CAP_, LEASE)		\
	X(CAP_, AUDIT_WRITE) X(CAP_, AUDIT_CONTROL) X(CAP_, SETFCAP)	\
	X(CAP_, MAC_OVERRIDE) X(CAP_, MAC_ADMIN) X(CAP_, SYSLOG)	\
	X(CAP_, WAKE_ALARM) X(CAP_, BLOCK_SUSPEND)			\
	V(AUDIT_READ, 37) V(PERFMON, 38) V(BPF, 39)			\
	V(CHECKPOINT_RESTORE, 40)					\
	/* What no program is told, but kernel functions return. */	\
	P(E) X(E, WOULDBLOCK) X(E, DEADLOCK) X(E, NOTSUP)		\
	X(E, OPNOTSUPP) V(RESTARTSYS, 512) V(RESTARTNOINTR, 513)	\
	V(RESTARTNOHAND, 514) V(NOIOCTLCMD, 515)			\
	V(RESTART_RESTARTBLOCK, 516) V(PROBE_DEFER, 517)		\
	V(NOTSUPP, 524) V(IOCBQUEUED, 529)				\
	P() V(MAX_ERRNO, 4095) V(PATH_MAX, 4096) V(NAME_MAX, 255)	\
	V(IFNAMSIZ, 16) V(MSEC_PER_SEC, 1000) V(USEC_PER_MSEC, 1000)	\
	V(USEC_PER_SEC, 1000000) V(NSEC_PER_USEC, 1000)			\
	V(NSEC_PER_MSEC, 1000000) V(NSEC_PER_SEC, 1000000000)

/* "=AF_" and then "UNSPEC", "UNIX"; their values in the same order. */
static const char names[] =
#define P(prefix) "=" #prefix "\0"
#define X(prefix, name) #name "\0"
#define V(name, value) #name "\0"
	CONSTANTS;
#undef P
#undef X
#undef V

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

	for (p = names; *p; p += strlen(p) + 1) {
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
