#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Five filters, five actions and four scripts at work on what the guest itself does:
# `make run` shows this.
#
# vm-run: --smp 2 --program build/tapc --add tools/tapc/examples:/examples
#
# in:  tracefs as the current folder
# out: for each filter its text, what ran, how many events it kept of how many,
#      and some of them; then the program behind one, and a mistake; for each
#      action what its table, or the trace, has. Status 1 if there is nothing

status=0

say() { printf '%s\n' "$*"; }
indent() { sed "s/^/     /"; }

# stats EVENT: runs and matches of its filter, as shell assignments
stats() {
	sed -n '/^# runs: /{ s/^# runs: \(.*\), matches: \(.*\)/runs=\1 matches=\2/p; q }' \
		"events/$1/program"
}

# demo TITLE EVENT FILTER ACTIVITY
demo() {
	say
	say "$1"
	say "     # echo '$3' > events/$2/filter"
	echo "$3" >"events/$2/filter" || exit 1
	echo >trace
	echo 1 >"events/$2/enable"
	say "     # $4"
	eval "$4" >/dev/null 2>&1
	echo 0 >"events/$2/enable"
	eval "$(stats "$2")"
	say "   $matches of $runs events kept; the last of them:"
	grep -v '^#' trace | tail -n 2 | sed 's/^ *//' | cut -c 1-115 | indent
	[ "$matches" -gt 0 ] || status=1
}

# Less in front of each record.
echo 0 >options/irq-info

say "Linux $(uname -r), $(grep -c ^processor /proc/cpuinfo) CPUs. Each filter becomes a program that the kernel"
say "verifies, compiles and runs on each event."

demo "1. A filter as they always were: kernel threads that are woken." \
	sched/sched_wakeup 'comm ~ "kworker*" || comm ~ "rcu*"' \
	'cat /etc/hosts | sort | uniq; sleep 0.3'

demo "2. Field against field, with arithmetic: allocations that waste 256 bytes or more." \
	kmem/kmalloc 'bytes_alloc - bytes_req >= 256' \
	'ls /; cat /etc/hosts'

demo "3. Bits and a list: what is opened for writing." \
	syscalls/sys_enter_openat '(flags & 3) in {1, 2}' \
	'echo 1 > /tmp/one; cp /tmp/one /tmp/two; cat /tmp/two'

demo "4. A range and a builtin: system calls of cat that fail." \
	raw_syscalls/sys_exit 'ret in {-133..-1} && common_comm == "cat"' \
	'cat /no/such/file; ls /; dd if=/dev/zero of=/dev/null count=200'

demo "5. Names that the kernel knows: timer and RCU work on CPU 1." \
	irq/softirq_entry 'vec in {TIMER_SOFTIRQ, RCU_SOFTIRQ} && cpu == 1' \
	'taskset 2 dd if=/dev/zero of=/dev/null bs=1M count=200'

say
say "What number 4 runs as. The name of the thread is in no record, so most events are"
say "rejected before a record is made, by the second program:"
say "     # cat events/raw_syscalls/sys_exit/program"
indent <events/raw_syscalls/sys_exit/program

say
say "A mistake changes nothing: the filter in force stays, and the file says what was wrong."
say "     # echo 'rett < 0' > events/raw_syscalls/sys_exit/filter"
{ echo 'rett < 0' >events/raw_syscalls/sys_exit/filter; } 2>&1 | indent
say "     # cat events/raw_syscalls/sys_exit/filter"
indent <events/raw_syscalls/sys_exit/filter

# table NAME LINES: the last of a table
table() {
	say "     # tail -n $2 tables/$1"
	tail -n "$2" "tables/$1" | cut -c 1-115 | indent
	grep -q '^@' "tables/$1" || status=1
}

# action EVENT TEXT
action() {
	say "     # echo '$2' > events/$1/action"
	echo "$2" >"events/$1/action" || exit 1
}

say
say "Actions: what to do when an event fires."
say
say "6. Which programs make how many system calls."
action raw_syscalls/sys_enter '@[comm] = count()'
say "     # ls -l /etc | sort | uniq"
ls -l /etc | sort | uniq >/dev/null
table raw_syscalls:sys_enter 3
echo reset >table_control

say
say "7. How long they take, in microseconds."
action raw_syscalls/sys_enter '@t[common_pid] = nsecs'
action raw_syscalls/sys_exit '/@t[common_pid]/ @us[syscall_name(id)] = hist((nsecs - @t[common_pid]) / 1000); delete(@t[common_pid])'
say "     # for i in 1 2 3 4 5 6 7 8; do usleep 20000; done"
for i in 1 2 3 4 5 6 7 8; do usleep 20000; done
table us 8
echo reset >table_control

say
say "8. Who opens what, in the trace."
action syscalls/sys_enter_openat 'printf("%s opens %s", common_comm, ustr(filename))'
echo >trace
say "     # cat /etc/hosts /etc/passwd"
cat /etc/hosts /etc/passwd >/dev/null
say "     # tail -n 2 trace"
tail -n 2 trace | sed 's/^ *//' | indent
echo reset >table_control

say
say "9. A timer on each CPU is an event, too: where the kernel spends its time."
say "     # echo 'i:profile/hz99 99hz percpu' >> dynamic_events"
echo 'i:profile/hz99 99hz percpu' >>dynamic_events || exit 1
action profile/hz99 '/!user && common_pid/ @[ksym(ip)] = count()'
say "     # dd if=/dev/zero of=/dev/null bs=1M count=1000"
dd if=/dev/zero of=/dev/null bs=1M count=1000 2>/dev/null
table profile:hz99 3
echo reset >table_control
echo >dynamic_events

say
say "10. The entry of each function: what of the VFS is called."
say "     # echo 'vfs_*' > set_ftrace_filter"
echo 'vfs_*' >set_ftrace_filter || exit 1
action ftrace/function '@[ksym(ip)] = count()'
say "     # ls -l /etc"
ls -l /etc >/dev/null
table ftrace:function 3
echo reset >table_control
echo >set_ftrace_filter

# A compiler of whole scripts is brought along; without it there is nothing to show.
PATH=$PATH:/usr/local/bin/build

# script ARGUMENT...: run one, the last lines of what it prints
script() {
	local lines=$1

	shift
	tapc "$@" >/tmp/out 2>&1 || status=1
	tail -n "$lines" /tmp/out | cut -c 1-115 | indent
	[ -s /tmp/out ] || status=1
}

if command -v tapc >/dev/null; then
	say
	say "tapc: whole scripts, in bpftrace's language, with its output."
	say
	say "11. The first again, while a command runs."
	say "     # tapc -c 'ls -l /etc' -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'"
	script 3 -c 'ls -l /etc' -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'
	say
	say "12. What a kernel function returns, and where the time goes, until a timed exit."
	(while :; do dd if=/dev/zero of=/dev/null bs=4k count=100 2>/dev/null; done) &
	say "     # tapc -e 'kretprobe:vfs_read { @bytes = hist(retval); }  profile:hz:99 { @[kstack(3)] = count(); }  interval:s:1 { exit(); }'"
	script 16 -e 'kretprobe:vfs_read { @bytes = hist(retval); }  profile:hz:99 { @[kstack(3)] = count(); }  interval:s:1 { exit(); }'
	kill $!
	say
	say "13. A script that is a file: what a command opens."
	say "     # tapc -c 'cat /etc/hosts /no/such/file' opensnoop.bt"
	script 4 -c 'cat /etc/hosts /no/such/file' /examples/opensnoop.bt
	say
	say "14. The same for a board that has no tapc: a shell script, and nothing of it left."
	say "     # tapc build opensnoop.bt -o opensnoop.sh; sh opensnoop.sh start; cat /etc/hosts; sh opensnoop.sh stop"
	tapc build /examples/opensnoop.bt -o /tmp/opensnoop.sh 2>&1 | indent
	sh /tmp/opensnoop.sh start >/tmp/out 2>&1 || status=1
	cat /etc/hosts >/dev/null
	sh /tmp/opensnoop.sh stop >>/tmp/out 2>&1 || status=1
	tail -n 3 /tmp/out | cut -c 1-115 | indent
fi

say
say "\`make shell\` gives you this guest to try more."
exit $status
