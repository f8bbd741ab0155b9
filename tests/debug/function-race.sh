#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --mem 1024 --timeout 900 --modules --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs
# vm-run: --add build/guest/fire:/fire
#
# Actions at the entry of functions come and go while filters, pids, tracers,
# instances, modules and other users of ftrace do, each by itself.
#
#	function-race.sh [SECONDS [JOB]...]

. /check
. /jobs

seconds=${1:-60}
[ $# = 0 ] || shift
action=events/ftrace/function/action

fire() {
	/fire getppid 20 fork 1 nap 1
	ls -l /proc/self /etc | cat
}

# in DIR: what an instance, or the top, can be told to run
actions_in() {
	texts "$1/$action" '@a[ksym(ip)] = count()' '@a[ksym(ip)] = count(); @b[comm] = count()' \
		'@[kstack(4)] = count()' 'nonsense' '/common_pid > 5/ record()' \
		'printf("%ps", ip)' 'stack()'
	echo '@c = max(parent_ip)' >>"$1/$action"
	echo '!1' >>"$1/$action"
	cat "$1/events/ftrace/function/program"
	echo >"$1/$action"
}
filters_in() {
	texts "$1/set_ftrace_filter" 'vfs_*' '*sys_getppid' 'schedule*'
	echo 'do_*' >>"$1/set_ftrace_filter"
	echo '!do_*' >>"$1/set_ftrace_filter"
	texts "$1/set_ftrace_notrace" 'vfs_r*' ''
}

actions() { actions_in .; }
filters() { filters_in .; }
# in an instance of its own, which only counts: where each function walks stacks,
# a guest does nothing else
all_functions() {
	mkdir instances/all || return
	echo '@n = count()' >instances/all/$action
	echo '@n[ksym(ip)] = count()' >instances/all/$action
	echo "vfs_*" >instances/all/set_ftrace_filter
	echo >instances/all/set_ftrace_filter
	rmdir instances/all
	sleep 1
}
tracers() { texts current_tracer function function_graph nop wakeup function nop; }
pids() {
	echo $$ >set_ftrace_pid
	echo 1 >set_ftrace_notrace_pid
	: >set_ftrace_pid
	: >set_ftrace_notrace_pid
	sleep 0.2
}
instance() {
	mkdir instances/race || return
	echo 'vfs_*' >instances/race/set_ftrace_filter
	echo '@n[ksym(ip)] = count()' >instances/race/$action
	echo function_graph >instances/race/current_tracer
	filters_in instances/race
	fire
	texts instances/race/current_tracer function nop
	actions_in instances/race
	echo '@n[ksym(ip)] = count()' >instances/race/$action
	cat instances/race/tables/*
	rmdir instances/race
}
staying() {
	[ -d instances/stays ] || mkdir instances/stays
	filters_in instances/stays
	actions_in instances/stays
}
others() {
	echo 1 >function_profile_enabled
	echo 'p:race/open do_sys_openat2' >>dynamic_events
	echo 1 >events/race/open/enable
	fire
	echo 0 >events/race/open/enable
	echo '-:race/open' >>dynamic_events
	echo 0 >function_profile_enabled
}
sysctl() {
	echo 0 >/proc/sys/kernel/ftrace_enabled
	echo 1 >/proc/sys/kernel/ftrace_enabled
	sleep 0.5
}
module() {
	modprobe trace-events-sample
	echo ':mod:trace_events_sample' >>set_ftrace_filter
	sleep 0.1
	rmmod trace-events-sample
	sleep 0.3
}
switches() {
	texts tracing_on 0 1
	texts tracing_cpumask 1 3
	head -n 20 trace
	cat tables/*
	echo reset >table_control
	sleep 0.2
}

jobs="fire actions filters all_functions tracers pids instance staying others sysctl module switches"
[ $# = 0 ] || jobs=$*
echo 'vfs_*' >set_ftrace_filter
run_jobs "$seconds" $jobs

echo nop >current_tracer
echo 1 >/proc/sys/kernel/ftrace_enabled
rmmod trace-events-sample 2>/dev/null
rmdir instances/* 2>/dev/null
echo reset >table_control
echo >dynamic_events
is "no function is traced" "$(cat enabled_functions)" ""
is "no instance is left" "$(ls instances)" ""

# and all is as it was
name=$(grep -o -m 1 '[a-z0-9_]*sys_getppid' available_filter_functions)
echo "$name" >set_ftrace_filter
echo '@n[ksym(ip)] = count()' >$action
/fire getppid 50
is "a call is counted" "$(sed -n "s/^@n\[$name.* = //p" tables/n)" 51
echo reset >table_control
is "ftrace is alive" "$(dmesg | grep -c -e 'WARNING.*ftrace' -e 'ftrace.*failed')" 0
nothing_left

finish
