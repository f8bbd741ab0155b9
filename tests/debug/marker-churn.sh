#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 4 --mem 1024 --timeout 900 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs
# vm-run: --add build/guest/perf_filter:/perf_filter
# vm-run: --add "build/guest/$kernel/mark1.ko:/mark1.ko" --add "build/guest/$kernel/mark2.ko:/mark2.ko"
# vm-run: --add "build/guest/$kernel/mark3.ko:/mark3.ko" --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# Modules with markers come and go while these fire and while their events are
# switched on and off, have filters, actions and triggers, are used by perf and in
# instances, and while the trace is read.
#
#	marker-churn.sh [SECONDS]

. /check
. /jobs

seconds=${1:-40}
m=events/markers

# two of them share events, the third has one that does not fit
mark1() { insmod /mark1.ko; sleep 0.0$((RANDOM % 9)); rmmod mark1; }
mark2() { insmod /mark2.ko; sleep 0.0$((RANDOM % 9)); rmmod mark2; }
mark3() { insmod /mark3.ko; sleep 0.0$((RANDOM % 9)); rmmod mark3; }
fire() {
	local i

	for i in 1 2 3; do
		[ ! -e /sys/kernel/debug/mark$i/fire ] ||
			echo 20 >/sys/kernel/debug/mark$i/fire
	done
	echo types >/sys/kernel/debug/mark1/fire
	echo strings >/sys/kernel/debug/mark1/fire
}

contexts() {
	insmod /contexts.ko
	echo 1 >$m/context/enable
	echo '@[where] = count(); @n[name] = max(n)' >$m/context/action
	echo 'all 50' >/sys/kernel/debug/contexts/fire
	rmmod contexts
	[ ! -e $m/context ] || echo >$m/context/action
	# what had an action waits until that is gone
	sleep 0.1
}

on_off() {
	local e

	echo 1 >$m/enable
	for e in shared loading types strings; do
		echo 0 >$m/$e/enable
		echo 1 >$m/$e/enable
	done
	echo 0 >$m/enable
}

filters() {
	echo 'n > 3 && who ~ "mark*"' >$m/shared/filter
	echo 'common_pid > 1' >$m/filter
	echo 'ip != 0' >$m/strings/filter
	cat $m/shared/filter $m/*/program
	echo 0 >$m/filter
}

actions() {
	echo '@[who] = count()' >$m/shared/action
	echo '@s[kstack(4)] = count()' >>$m/shared/action
	echo '@all[probe] = count()' >$m/action
	cat $m/shared/action $m/shared/program tables/*
	echo >$m/shared/action
	echo >$m/action
}

triggers() {
	echo 'hist:keys=who' >>$m/shared/trigger
	cat $m/shared/hist
	echo 'stacktrace if n == 1' >>$m/shared/trigger
	echo '!hist:keys=who' >>$m/shared/trigger
	echo '!stacktrace' >>$m/shared/trigger
	echo 'enable_event:markers:types' >>$kill_event/trigger
	echo '!enable_event:markers:types' >>$kill_event/trigger
}

instances() {
	mkdir instances/i
	echo 1 >instances/i/$m/enable
	echo '@i[probe] = count()' >instances/i/$m/shared/action
	cat instances/i/trace
	rmdir instances/i
}

perf() {
	/perf_filter markers/shared 'n == 1' 0 /bin/sh -c \
		'echo 5 >/sys/kernel/debug/mark1/fire'
}

read_all() {
	cat trace $m/*/format $m/*/id $m/*/enable available_events
	head -c 20000 trace_pipe &
	sleep 0.1
	kill $!
	echo >trace
}

run_jobs "$seconds" mark1 mark2 mark3 fire contexts on_off filters actions triggers instances perf read_all

for module in mark1 mark2 mark3 contexts; do
	rmmod $module 2>/dev/null
done
rmdir instances/* 2>/dev/null
for f in $m/*/action $m/action; do
	[ ! -e $f ] || echo >$f
done
for f in $m/*/trigger; do
	[ ! -e $f ] || while read -r t; do
		case $t in
		hist:*)	echo "!$(echo "$t" | sed 's/:vals.*//')" >>$f ;;
		stack*)	echo '!stacktrace' >>$f ;;
		esac
	done <$f 2>/dev/null
done
echo reset >table_control
echo 0 >events/enable
sleep 1
is "no event is left" "$(find $m -mindepth 1 -type d ! -name tap_kunit 2>/dev/null)" ""
is "no table is left" "$(ls tables)" ""
nothing_left

finish
