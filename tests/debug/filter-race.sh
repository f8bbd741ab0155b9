#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Filters come and go while their events fire, on a kernel that checks itself.
#
# vm-run: --smp 4 --mem 1024 --timeout 900 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs
#
#	filter-race.sh [SECONDS]

. /check
. /jobs

seconds=${1:-40}
enter=events/raw_syscalls/sys_enter
switch=events/sched/sched_switch

fire() {
	ls -l /proc/self /etc | cat
}

one_event() {
	texts $enter/filter 'common_pid > 5 && id != 3' 'id in {0, 5..60}' 0 \
		'common_pid == 1' 'nonsense' 'comm ~ "*s*h"' 'comm != "cat" || id < 2'
}

same_event() {
	texts $enter/filter 'id == 1' 0 'tap 1 filter
	ld	r0, pid
	ret	r0
end' 'tap 1 filter
	ret
end'
}

subsystem() {
	texts events/raw_syscalls/filter 'id > 7' 'pid < 99' 0
	texts events/sched/filter 'common_pid != 0' 'prev_prio < 200' 0 'no ('
}

strings() {
	texts $switch/filter 'prev_comm == next_comm' 'next_comm ~ "*r*c*"' 0 \
		'prev_comm == "cat" && cpu != 99'
	texts events/syscalls/sys_enter_openat/filter \
		'filename.ustring ~ "*passwd"' 'filename ~ "/etc*"' 0
}

look() {
	cat $enter/filter $enter/program events/raw_syscalls/filter \
		$switch/program events/sched/sched_wakeup/program
}

triggers() {
	echo 'stacktrace if prev_pid == 0 && next_comm ~ "*k*"' >$switch/trigger
	echo '!stacktrace if prev_pid == 0' >$switch/trigger
	echo 'hist:keys=id if common_pid in {1..500}' >$enter/trigger
	echo '!hist:keys=id if common_pid in {1..500}' >$enter/trigger
}

instance() {
	mkdir instances/race || return
	echo 'id == 39 || pid == 7' >instances/race/$enter/filter
	echo 1 >instances/race/$enter/enable
	fire
	rmdir instances/race
}

kprobe() {
	echo 'p:race/open do_sys_openat2 name=+0(%si):ustring' >>dynamic_events
	echo 'name ~ "*lib*" || common_pid == 1' >events/race/open/filter
	echo 1 >events/race/open/enable
	fire
	echo 0 >events/race/open/enable
	echo '-:race/open' >>dynamic_events
	echo 'e:race/probe raw_syscalls.sys_enter id=$id if id > 1' >>dynamic_events
	echo 1 >events/race/probe/enable
	fire
	echo 0 >events/race/probe/enable
	echo '-:race/probe' >>dynamic_events
}

fire_too() { fire; }

echo 1 >$enter/enable
echo 1 >$switch/enable
echo 1 >events/syscalls/sys_enter_openat/enable
run_jobs "$seconds" fire fire_too one_event same_event subsystem strings look triggers \
	instance kprobe

echo 0 >events/enable
for f in events/raw_syscalls/filter events/sched/filter \
	events/syscalls/sys_enter_openat/filter; do
	echo 0 >"$f"
done
for f in $enter $switch events/sched/sched_wakeup; do
	is "$f has no filter" "$(cat $f/filter)" none
	is "  and no program" "$(cat $f/program)" '# no filter'
done
nothing_left

finish
