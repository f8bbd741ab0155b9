#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 4 --mem 1024 --timeout 600 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs
# vm-run: --add build/guest/perf_filter:/perf_filter
#
# Timers are made, enabled, given actions and removed by several at once, in
# several instances and by perf, while a profile runs on all CPUs and CPUs come
# and go.
#
#	timer-churn.sh [SECONDS]

. /check
. /jobs

seconds=${1:-40}

hotplug() {
	for cpu in 1 3 2; do
		echo 0 >/sys/devices/system/cpu/cpu$cpu/online
		sleep 0.1
		echo 1 >/sys/devices/system/cpu/cpu$cpu/online
		sleep 0.2
	done
}

# one that is always there, whose users change
profile() {
	echo '@p[kstack, user] = count(); @o = sum(overruns)' >events/churn/profile/action
	sleep 0.2
	echo '@who[common_comm, ustack] = count(); stack()' >events/churn/profile/action
	echo 1 >events/churn/profile/enable
	sleep 0.1
	echo 0 >events/churn/profile/enable
	cat events/churn/profile/program
	[ "$(cat /tmp/profile 2>/dev/null || echo 0)" -lt 5 ] || echo clear >tables/p
}

# make NAME LINE: a timer that fires, until it is gone while others look
make() {
	echo "i:churn/$1 $2" >>dynamic_events
	echo '@made[probe, common_cpu] = count()' >events/churn/$1/action
	echo 1 >events/churn/$1/enable
	usleep 20000
	echo "-:churn/$1" >>dynamic_events
	echo 0 >events/churn/$1/enable
	echo >events/churn/$1/action
	echo "-:churn/$1" >>dynamic_events
}
makes() { make one '5ms'; }
makes_percpu() { make all '100hz percpu'; }
# two that make the same
makes_too() { make one '10ms percpu'; }

# which takes seconds to go
stacks() {
	echo 'hist:keys=common_stacktrace' >>events/churn/profile/trigger
	sleep 0.3
	cat events/churn/profile/hist
	echo '!hist:keys=common_stacktrace' >>events/churn/profile/trigger
	sleep 5
}

instance() {
	mkdir instances/churn || return
	echo 1 >instances/churn/events/churn/profile/enable
	echo 'user == 1' >instances/churn/events/churn/profile/filter
	echo 1 >instances/churn/events/churn/one/enable
	echo '@i[comm] = count(); printf("%s", kstack)' >instances/churn/events/churn/profile/action
	sleep 0.1
	head -n 50 instances/churn/trace
	rmdir instances/churn
	sleep 3
}

perf() {
	/perf_filter churn/profile 'user == 1' 2000
	/perf_filter -p churn/one '' 2000
}

reads() {
	cat dynamic_events tables/* /proc/timer_list
	head -n 50 trace
	echo 'i:churn/bad 1' >>dynamic_events
	echo 'i:churn/profile 1s' >>dynamic_events
	cat error_log
	sleep 0.5
}

work() {
	dd if=/dev/zero of=/dev/null bs=4k count=500
	ls -l /proc/self /etc | cat
	sleep 0.3
}

echo 'i:churn/profile 49hz percpu' >>dynamic_events
run_jobs "$seconds" hotplug profile makes makes_percpu makes_too stacks instance perf reads work

echo 0 >events/enable
rmdir instances/* 2>/dev/null
for f in events/churn/*/; do
	echo >$f/action
	echo '!hist:keys=common_stacktrace' >>$f/trigger
done 2>/dev/null
is "no timer runs" "$(grep -c tick_fires /proc/timer_list)" 0
echo '@left[common_cpu] = count()' >events/churn/profile/action
sleep 1
echo >events/churn/profile/action
is "the profile fires on all CPUs" "$(grep -c '^@left\[' tables/left)" 4
echo reset >table_control
check "all go" sh -c 'echo >dynamic_events'
is "  and none is left" "$(cat dynamic_events; ls -d events/churn 2>/dev/null)" ""
nothing_left

finish
