#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --modules --timeout 600 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs --add build/guest/perf_filter:/perf_filter
#
# What filters hang at comes and goes while the events fire: modules, instances,
# perf events, hist triggers with conditions, the JIT. filter-race.sh is about
# the filters.
#
#	filter-churn.sh [SECONDS]

. /check
. /jobs

seconds=${1:-40}

fire() {
	ls -l /proc/self | cat
	kill -0 $$
}

module() {
	modprobe trace-events-sample
	echo 'bar % 2 == 0 && foo ~ "hel*"' >events/sample-trace/foo_bar/filter
	echo 'bar < 100 || cpus & CPUS{0}' >events/sample-trace/filter
	echo 'hist:keys=bar if str ~ "*" && bar in {1..50}' >>events/sample-trace/foo_bar/trigger
	echo 1 >events/sample-trace/enable
	echo 'bar == 3' >instances/m/events/sample-trace/foo_bar/filter
	sleep 0.3
	cat events/sample-trace/*/program
	echo 0 >events/sample-trace/enable
	echo '!hist:keys=bar if str ~ "*" && bar in {1..50}' >>events/sample-trace/foo_bar/trigger
	rmmod trace-events-sample
}

# the same files, which may be gone at any time
module_user() {
	for f in events/sample-trace/filter events/sample-trace/*/filter; do
		echo 'bar + 1 > 3' >$f
		echo 0 >$f
	done
	cat events/sample-trace/*/program events/sample-trace/foo_bar/hist
}

instances() {
	mkdir instances/churn$1
	cd instances/churn$1 || return
	echo 'common_pid > 5 && id in {0..50}' >events/raw_syscalls/filter
	echo 'sig == 0' >$kill_event/filter
	echo 'stacktrace if sig == 0' >>$kill_event/trigger
	echo 1 >events/raw_syscalls/enable
	echo 1 >$kill_event/enable
	fire
	cat events/raw_syscalls/*/program
	cd $tracefs
	rmdir instances/churn$1
}
instances_a() { instances a; }
instances_b() { instances b; }

perf() {
	/perf_filter -s 'id == 39' -s 'comm == "x"' raw_syscalls/sys_enter 'id == 110' 300
	/perf_filter -u syscalls/sys_enter_getppid 'common_pid > 5' 300
	/perf_filter -p raw_syscalls/sys_enter 'id in {1..200}' 20 /bin/true
	/perf_filter raw_syscalls/sys_enter 'id == 1 + nope' 1
}

# compiled, interpreted, compiled: the same text is another program each time
jit() {
	for v in 0 1; do
		echo $v >/sys/module/trace_tap/parameters/jit
		echo 'id != 5 && common_pid > 1' >events/raw_syscalls/sys_enter/filter
		echo 'comm != "nobody" && ret <= 0' >events/raw_syscalls/sys_exit/filter
		sleep 0.05
	done
}

# written bit by bit by two at once, each to an open file of its own
chunks() {
	printf 'tap 1 filter\nld r0, args.id\njlt r0, 300, a\nret 0\na: ret 1\nend\n' |
		dd of=events/raw_syscalls/sys_enter/filter bs=5
}
chunks_too() { chunks; }

mkdir instances/m
echo 1 >events/raw_syscalls/enable
echo 1 >$kill_event/enable
run_jobs "$seconds" fire module module_user instances_a instances_b perf jit chunks chunks_too

echo 0 >events/enable
put 0 events/raw_syscalls/filter
put 0 $kill_event/filter
rmmod trace-events-sample 2>/dev/null
rmdir instances/* 2>/dev/null
is "no filter is left" "$(cat events/*/*/filter | grep -v '^#' | sort -u)" none
nothing_left

finish
