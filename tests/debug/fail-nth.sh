#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --timeout 600 --add tests/guest/check.inc:/check --add build/guest/fail_nth:/fail_nth
#
# Filters are written while one allocation fails, each there is in turn: a write
# that fails has changed nothing, and nothing leaks.

. /check

filter=$tracefs/$kill_event/filter
nr=0

for f in failslab fail_page_alloc; do
	if [ ! -d /sys/kernel/debug/$f ]; then
		echo "no fault injection in this kernel"
		finish
	fi
	echo 0 >/sys/kernel/debug/$f/verbose
	echo N >/sys/kernel/debug/$f/ignore-gfp-wait
done
echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
echo scan >/sys/kernel/debug/kmemleak
echo clear >/sys/kernel/debug/kmemleak

# nth ARG...: each time with a number that no image has yet
nth() {
	nr=$((nr + 1))
	check "$*" /fail_nth "$@"
}

echo 1 >$kill_event/enable
for text in 'sig == 17' 'common_pid == 7001 && sig == 17' 'comm ~ "*x*y*"' \
	'sig in {7002, 7003..7004} && common_comm ~ {"a*", "b?"}' \
	'sig * 7005 == pid / 3 || uid == 7006' 'sig != 7007 && sig + nope == 1' \
	'(sig == 7008' "$(printf 'tap 1 filter\nld r0, args.sig\njeq r0, 7009, a\nret 0\na: ret 1\nend')" \
	"$(printf 'tap 1 filter\nret 7010')" 0; do
	case $text in
	*nope*|'(sig'*|*'ret 7010') ;;	# refused in any case, see below
	*) nth $filter "sig == 18" "$text" ;;
	esac
done
# a page of text
i=0 text="sig == 17"
while [ $i -lt 150 ]; do
	text="sig == 10$i || $text"
	i=$((i + 1))
done
nth $filter "sig == 18" "$text"
echo 0 >$kill_event/enable
put 0 $filter

event=$tracefs/events/sched/sched_process_exec
nth $event/filter "" 'filename ~ "*a?b" && old_pid == 7020' 0
nth $event/filter "" 'filename.ustring == "x" && comm == filename' 0
nth $tracefs/events/sched/sched_switch/filter "" 'prev_comm == next_comm && prev_comm ~ "*z*"' 0
nth $event/trigger "" 'stacktrace if old_pid == 7021' '!stacktrace'
nth $event/trigger "" 'hist:keys=common_pid if filename ~ "*7022"' \
	'!hist:keys=common_pid if filename ~ "*7022"'
nth $tracefs/dynamic_events "" 'e:f/e sched/sched_process_exec if old_pid == 7023' '-:f/e'
nth -p syscalls/sys_enter_kill 'sig == 18'
nth -p syscalls/sys_enter_kill 'sig in {18, 7024..7025} && common_comm ~ "*f?il*"'

# A subsystem: all of its events take it, or none does.
nth $tracefs/events/signal/filter "" 'sig == 7030 && comm ~ "*a*b*"' 0
put "sig == 7031" events/signal/filter
/fail_nth $tracefs/events/signal/filter "" 'sig == 7032' >/tmp/out
check "a subsystem: $(cat /tmp/out)" grep -q failed /tmp/out
is "  all have the same" "$(cat events/signal/*/filter | grep -v '^#' | sort -u)" "sig == 7032"
put 0 events/signal/filter

# nothing is left
sleep 2
echo scan >/sys/kernel/debug/kmemleak
sleep 6
echo scan >/sys/kernel/debug/kmemleak
cat /sys/kernel/debug/kmemleak
is "no leaks" "$(cat /sys/kernel/debug/kmemleak)" ""

finish
