#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --splats --append ftrace_dump_on_oops
# vm-run: --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act --add build/guest/fire:/fire
# vm-run: --add "build/guest/$kernel/contexts.ko:/contexts.ko"
# vm-run: --add "build/guest/$kernel/crash.ko:/crash.ko"
#
# What is dumped with sysrq-z and when the kernel oopses, and lives on: tables,
# behind the records, of each no more than is good for a console; of the instances
# that ftrace_dump_on_oops names; while tables come and go. Tracing can be switched
# on again. tests/scripts/dump.sh is about kernels that die.

. /check
. /act
insmod /contexts.ko || fail "no contexts.ko"
insmod /crash.ko || fail "no crash.ko"

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
(echo null >/sys/kernel/debug/crash/now) 2>/dev/null
dumped oops
is "  tracing is off" "$(cat tracing_on)" 0
before=$(value sigs 17)
kills 17
is "  and so are actions" "$(value sigs 17)" "$before"
echo 1 >tracing_on
kills 17 17
is "  both can be switched on" "$(value sigs 17) $(records 'signal 17')" "$((before + 2)) 2"
reset

# log COMMAND...: what the kernel says meanwhile, to /tmp/log
log() {
	dmesg -c >/dev/null
	"$@"
	dmesg | sed 's/^\[[^]]*\] //' >/tmp/log
}

sysrq_z() { echo z >/proc/sysrq-trigger; }
oops() { (echo null >/sys/kernel/debug/crash/now) 2>/dev/null; }
logged() { grep -c -- "$1" /tmp/log; }

# nothing that was not there before where there are no tables
echo >trace
log sysrq_z
check "an empty buffer" grep -q '(ftrace buffer empty)' /tmp/log
is "  and no table" "$(grep -c '^[#@	]' /tmp/log)" 0

# tables without records, again and again
act syscalls/sys_enter_kill '@sigs[sig] = count()'
echo 1 >tracing_on
kills 17 18
for i in 1 2 3; do
	log sysrq_z
	is "sysrq-z, time $i" "$(logged '(ftrace buffer empty)') $(logged '^# @sigs') $(logged '^@sigs')" "1 1 2"
done
echo 0 >/sys/module/trace_tap/parameters/dump_lines
log sysrq_z
is "no lines: no tables" "$(logged sigs)" 0
echo 2 >/sys/module/trace_tap/parameters/dump_lines
log sysrq_z
is "two lines: one entry" "$(logged '^@sigs')" 1
is "  and what is left out" "$(grep -c '^# sigs: 1 of 2 entries, see trace_tap.dump_lines$' /tmp/log)" 1
reset
i=0
while [ $i -lt 40 ]; do
	echo "@t$i[u64] = count size=2"
	i=$((i + 1))
done >table_control
echo 10 >/sys/module/trace_tap/parameters/dump_lines
log sysrq_z
is "many tables: their headers" "$(logged '^# @t')" 10
is "  and how many more" "$(logged '^# 30 more tables, see trace_tap.dump_lines$')" 1
echo 100 >/sys/module/trace_tap/parameters/dump_lines
reset

# stacks of a module that has gone
echo 1 >tracing_on
act contexts/fired '@from[kstack] = count()'
echo "task 5" >/sys/kernel/debug/contexts/fire
log sysrq_z
check "a module's stacks" grep -q '^	fire+0x.*\[contexts\]$' /tmp/log
echo >events/contexts/fired/action
rmmod contexts
log sysrq_z
check "  without the module" grep -q '^	0xffffffff[0-9a-f]*$' /tmp/log
is "  and no name of it" "$(logged '\[contexts\]$')" 0
reset

# the instances that ftrace_dump_on_oops names
echo 0 >/proc/sys/kernel/panic_on_oops
mkdir instances/a instances/b
for instance in . instances/a instances/b; do
	act syscalls/sys_enter_kill '@sigs[sig] = count(); printf("signal %d", sig)'
done

# oopses WHAT PARTS: CPU 0 oopses, signal 17 being from there and 18 from CPU 1;
# instances, each with its records and its tables
oopses() {
	echo "$1" >/proc/sys/kernel/ftrace_dump_on_oops
	for instance in . instances/a instances/b; do
		echo clear >$instance/tables/sigs
		echo >$instance/trace
		echo 1 >$instance/tracing_on
	done
	instance=
	taskset 1 sh -c 'kill -17 $$'
	taskset 2 sh -c 'kill -18 $$'
	log taskset 1 sh -c 'echo null >/sys/kernel/debug/crash/now' 2>/dev/null
	is "ftrace_dump_on_oops=$1" "$(awk '
		function end() { if (n) printf "%d", n; n = 0 }
		/^Dumping ftrace buffer/ { end(); printf " top:" }
		/^Dumping ftrace instance/ { end(); printf " %s:", $4 }
		/signal 1[78]/ { sub(/.*signal /, ""); printf "%s,", $0 }
		/^@sigs/ { n++ }
		END { end() }' /tmp/log)" "$2"
}

oopses 0 ""
oopses 1 " top:17,18,2"
oopses 2 " top:17,2"
oopses orig_cpu " top:17,2"
oopses a " a:17,18,2"
oopses a=orig_cpu " a:17,2"
oopses a=2,b " a:17,2 b:17,18,2"
oopses 1,b=orig_cpu " top:17,18,2 b:17,2"
oopses none ""
is "  there is no such instance" "$(logged 'Instance none not found')" 1
for instance in a b; do
	[ "$(cat instances/$instance/tracing_on)" = 1 ] ||
		fail "tracing is off in instance $instance, which was not dumped"
done
instance=
rmdir instances/a instances/b
echo 1 >/proc/sys/kernel/ftrace_dump_on_oops
reset

# an oops in the midst of an action; programs run again afterwards
insmod /contexts.ko
echo 1 >tracing_on
act contexts/fired '@n[where] = count(); printf("%s %d", name, n)'
echo "task 20" >/sys/kernel/debug/contexts/fire
log oops
is "an oops among events" "$(logged '^@n\[0\] = 40$')" 1
echo 1 >tracing_on
echo "task 20" >/sys/kernel/debug/contexts/fire
is "  and more of them" "$(value n 0)" 80
reset

# an oops in an event's own code, whose record is in the making; five are too many
act crash/given '@v[value] = count()'
crash() { (taskset 1 sh -c "echo $1 >/sys/kernel/debug/crash/now") 2>/dev/null; }
for i in 1 2 3; do
	crash event
	echo 1 >tracing_on
	crash fine
	is "oops $i in an event, and more of them" "$(value v 5)" $i
done
crash event
crash event
echo 1 >tracing_on
crash fine
is "oops 5, and there is no room" "$(value v 5)" 3
check "  which is seen" grep -q 'drops: [1-9]' events/crash/given/program
taskset 2 sh -c 'echo fine >/sys/kernel/debug/crash/now'
is "  but on the other CPU" "$(value v 5)" 4
reset

# while tables are made, resized, cleared and removed, and instances with them
act sched/sched_switch '@s[kstack] = count(); @p[nsecs] = nsecs'
act raw_syscalls/sys_enter '@q[nsecs] = common_pid'
(while :; do
	for t in p q s; do
		echo size=100 >tables/$t
		echo clear >tables/$t
		echo "size=5000 evict" >tables/$t
	done
done) 2>/dev/null &
resizes=$!
(while :; do
	mkdir instances/c
	echo '@in[kstack] = count(); @at[nsecs] = nsecs' >instances/c/events/raw_syscalls/sys_enter/action
	echo >instances/c/events/raw_syscalls/sys_enter/action
	echo remove >instances/c/tables/in
	rmdir instances/c
done) 2>/dev/null &
instances=$!
n=0
i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	echo 1 >tracing_on
	log sysrq_z
	[ "$(logged '^# @')" != 3 ] || n=$((n + 1))
done
kill $resizes $instances
wait
is "dumps while tables come and go" $n 40
rmdir instances/c 2>/dev/null
reset

finish
