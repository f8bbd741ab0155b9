#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --splats --append ftrace_dump_on_oops
# vm-run: --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act --add build/guest/fire:/fire
# vm-run: --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# What is dumped with sysrq-z and when the kernel oopses: tables, behind the
# records, of each no more than is good for a console. tests/scripts/dump.sh is
# about a panic.

. /check
. /act
insmod /contexts.ko || fail "no contexts.ko"

act syscalls/sys_enter_kill '@sigs[sig] = count(); @by[comm] = sum(sig); printf("signal %d", sig)'
act raw_syscalls/sys_enter '@many[nsecs] = count()'
act sched/sched_switch '@[kstack] = count(); @h = hist(next_pid)'
kills 17 17 18
/fire getppid 3000
echo >events/raw_syscalls/sys_enter/action
echo >events/sched/sched_switch/action

# dumped WHAT: what was, to /tmp/dump
dumped() {
	local what=$1 lines

	# the ring buffer of messages may have lost its first ones
	dmesg | sed -n '/MARK '"$what"'/,$p' >/tmp/dump
	check "$what: the records" grep -q 'signal 17' /tmp/dump
	check "  a table" grep -q '# @sigs\[.*entries=2 ' /tmp/dump
	is "  its entries" "$(grep -c '@sigs\[1[78]\] = [12]$' /tmp/dump)" 2
	check "  another" grep -q '@by\["sh"\] = 52$' /tmp/dump
	check "  stacks" grep -q '@\[kstack#[0-9]*\] = [0-9]*$' /tmp/dump
	check "  a histogram" grep -q '\[[0-9]*, [0-9]*) [0-9]' /tmp/dump
	check "  behind the records" [ "$(grep -n 'signal 18' /tmp/dump | head -n 1 | cut -d: -f1)" -lt \
		"$(grep -n '@sigs' /tmp/dump | head -n 1 | cut -d: -f1)" ]
	lines=$(wc -l </tmp/dump)
	check "  not all of the large one: $lines lines" [ "$lines" -lt 2500 ]
	check "  but some" [ "$(grep -c '@many\[[0-9]*\] = 1$' /tmp/dump)" -gt 10 ]
}

echo "MARK sysrq-z" >/dev/kmsg
echo z >/proc/sysrq-trigger
dumped sysrq-z
echo 1 >tracing_on
kills 17
is "  counting goes on" "$(value sigs 17)" 3
reset

act syscalls/sys_enter_kill '@sigs[sig] = count(); @by[comm] = sum(sig); printf("signal %d", sig)'
act raw_syscalls/sys_enter '@many[nsecs] = count()'
act sched/sched_switch '@[kstack] = count(); @h = hist(next_pid)'
kills 17 17 18
/fire getppid 3000
echo 0 >/proc/sys/kernel/panic_on_oops
echo "MARK oops" >/dev/kmsg
(echo 1 >/sys/kernel/debug/contexts/oops) 2>/dev/null
dumped oops
is "  tracing is off" "$(cat tracing_on)" 0
before=$(value sigs 17)
kills 17
is "  and so are actions" "$(value sigs 17)" "$before"

finish
