#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 4 --mem 1024 --timeout 900 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs
# vm-run: --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# Actions are written, replaced, read and cleared by several at once while their
# events fire on all CPUs in all contexts; tables are read, resized, cleared and
# removed meanwhile; modules, probes and instances come and go.
#
#	action-race.sh [SECONDS [JOB]...]

. /check
. /jobs

seconds=${1:-40}
[ $# = 0 ] || shift
enter=events/raw_syscalls/sys_enter
exit=events/raw_syscalls/sys_exit

fire() {
	ls -l /proc/self /etc | cat
	kill -0 $$
}

counts() {
	texts $enter/action '@[comm] = count()' '@id[id] = (count(), sum(id))' \
		'/id != 3/ @h = hist(id); @l = lhist(id, 0, 400, 10)' 'nonsense' \
		'@id[id] = (count(), sum(id)); @h = hist(id)
@[kstack] = count()'
	echo '@by[comm, id] = count()' >>$enter/action
	echo '!1' >>$enter/action
	echo >$enter/action
}

durations() {
	texts $enter/action '@t[common_pid] = nsecs'
	texts $exit/action '/@t[common_pid]/ @us[syscall_name(id)] = hist((nsecs - @t[common_pid]) / 1000); delete(@t[common_pid])'
	sleep 0.1
	texts $exit/action '@t[common_pid] += 1; clear(@us)' 'zero(@us)' ''
}

prints() {
	texts events/syscalls/sys_enter_openat/action \
		'printf("%s %s", comm, ustr(filename))' \
		'@[ustr(filename)] = count(); stack()' \
		'printf("%s", kstack); record()' '@[ustack(5)] = count(); snapshot()'
	head -n 50 trace
	texts events/syscalls/sys_enter_openat/action ''
}

systems() {
	texts events/sched/action '@s[probe] = count()' '/pid > 3/ @p[pid] = count()'
	sleep 0.1
	texts events/sched/action ''
}

# which takes long, and holds up all others that write
all_events() {
	texts events/action '@all[probe, common_cpu] = count()'
	sleep 0.1
	echo >events/action
	sleep $((seconds / 3))
}

read_all() {
	cat tables/*
	cat $enter/action $enter/program events/sched/action events/action
	cat events/sched/sched_switch/action
	# not to its end, which others write faster than it can be read
	head -n 50 trace
	cat table_control
}

work_on_tables() {
	for t in tables/*; do
		texts "$t" clear size=100 size=5000 remove
	done
	echo '@us[u64.syscall] = hist size=100' >table_control
	echo '@id[u64] = count, sum(u64) size=300' >table_control
	sleep 0.1
}

start_over() {
	sleep 0.3
	echo reset >table_control
}

filters() {
	texts events/sched/sched_switch/filter '@t[common_pid]' 'has(@id[common_pid])' 0
}

instance() {
	mkdir instances/race || return
	echo '@n[id] = count(); printf("%d", id)' >instances/race/$enter/action
	echo '@all[probe] = count()' >instances/race/events/sched/action
	fire
	cat instances/race/tables/*
	head -n 20 instances/race/trace
	rmdir instances/race
}

module() {
	insmod /contexts.ko
	echo '@m[where] = count(); @n[name] += n; @k[kstack(5)] = count()' >events/contexts/fired/action
	echo 'printf("%d %s", where, fixed)' >>events/contexts/fired/action
	echo '@live[n % 100] = n; delete(@live[(n + 50) % 100])' >>events/contexts/fired/action
	echo "all 50" >/sys/kernel/debug/contexts/fire
	cat events/contexts/fired/program
	echo >events/contexts/fired/action
	rmmod contexts
}

probes() {
	echo 'p:race/open do_sys_openat2 name=+0(%si):ustring' >>dynamic_events
	echo 'e:race/probe raw_syscalls.sys_enter id=$id' >>dynamic_events
	echo 'race_s u64 n; char[] who' >>synthetic_events
	echo '@o[name] = count(); race_s(cpu, comm)' >events/race/open/action
	echo '@e[id] = count()' >events/race/probe/action
	echo '@r[who] = sum(n); race_s(n, who)' >events/synthetic/race_s/action
	fire
	echo >events/synthetic/race_s/action
	echo >events/race/probe/action
	echo >events/race/open/action
	echo '-:race/open' >>dynamic_events
	echo '-:race/probe' >>dynamic_events
	echo '!race_s' >>synthetic_events
}

on_off() {
	echo 0 >tracing_on
	echo 1 >tracing_on
	echo $$ >set_event_pid
	: >set_event_pid
	echo 1 >tracing_cpumask
	echo f >tracing_cpumask
	sleep 0.05
}

jobs="fire counts durations prints systems all_events read_all work_on_tables start_over filters
	instance module probes on_off"
[ $# = 0 ] || jobs=$*
run_jobs "$seconds" $jobs

echo 0 >events/enable
echo 0 >events/sched/sched_switch/filter
[ ! -e events/contexts ] || echo >events/contexts/fired/action
rmmod contexts 2>/dev/null
rmdir instances/* 2>/dev/null
for f in synthetic/race_s race/probe race/open; do
	[ ! -e events/$f ] || echo >events/$f/action
done
echo reset >table_control
echo >dynamic_events
echo >synthetic_events
is "no table is left" "$(ls tables)" ""
is "no action is left" "$(cat events/action events/*/action events/*/*/action |
	grep -v -e '^#' -e '^none$')" ""
nothing_left

finish
