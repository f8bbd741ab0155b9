#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --timeout 600 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs --add build/guest/fail_nth:/fail_nth
#
# Filters are written while one allocation fails, each there is in turn: a write
# that fails has changed nothing, and nothing leaks.

. /check
. /jobs

filter=$tracefs/$kill_event/filter

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

# nth FILE OLD NEW [UNDO]
nth() {
	local out status

	out=$(/fail_nth "$@" 2>&1)
	status=$?
	check "${3%%
*}: $(echo "$out" | tail -n 1)" [ $status = 0 ]
	[ $status = 0 ] || echo "$out"
}

# Texts with a number that no image has yet.
echo 1 >$kill_event/enable
for text in 'sig == 17' 'common_pid == 7001 && sig == 17' 'comm ~ "*x*y*"' \
	'sig in {7002, 7003..7004} && common_comm ~ {"a*", "b?"}' \
	'sig * 7005 == pid / 3 || uid == 7006' 0 \
	"$(printf 'tap 1 filter\nld r0, args.sig\njeq r0, 7009, a\nret 0\na: ret 1\nend')"; do
	nth $filter "sig == 18" "$text"
done
echo 0 >$kill_event/enable
put 0 $filter

event=$tracefs/events/sched/sched_process_exec
nth $event/filter "" 'filename ~ "*a?b" && old_pid == 7020' 0
nth $event/filter "" 'filename.ustring == "x" && comm == filename' 0
nth $tracefs/events/sched/sched_switch/filter "" 'prev_comm == next_comm && prev_comm ~ "*z*"' 0
nth -p syscalls/sys_enter_kill 'sig == 18'
nth -p syscalls/sys_enter_kill 'sig in {18, 7024..7025} && common_comm ~ "*f?il*"'

# A subsystem: all of its events take it, or none does.
put "sig == 7031" events/signal/filter
nth $tracefs/events/signal/filter "" 'sig == 7032'
is "  all have the same" "$(cat events/signal/*/filter | grep -v '^#' | sort -u)" "sig == 7032"
put 0 events/signal/filter

# The events are on: when enabling fails, the kernel has troubles of its own; and
# so it has when a hist trigger finds no memory, condition or not.
for f in $event events/syscalls/sys_enter_kill; do
	echo 1 >$f/enable
done
nth $event/trigger "" 'stacktrace if old_pid == 7021' '!stacktrace'
nth $event/trigger "" 'traceoff if filename ~ "*7022"' '!traceoff'
nth $tracefs/dynamic_events "" 'e:f/e sched/sched_process_exec if old_pid == 7023' '-:f/e'
echo 0 >events/enable

# Actions: the program, its tables and formats, or nothing of it; and no table
# that there was not.
if [ -e table_control ]; then
	reset=">$tracefs/table_control reset"
	action=$tracefs/$kill_event/action
	for text in '@a[sig, comm] = count()' '/pid == 7041/ @a = hist(sig); @b[pid]++' \
		'@[kstack] = sum(sig); printf("%d %s 7042", sig, comm)' \
		'@c[hex(sig), probe, "x"] = (min(sig), max(pid)); stack(); record()' \
		'if (@d[pid] > 7043) snapshot(); @d[pid] = nsecs' \
		"$(printf 'tap 1 action\ntable @e[u64] = count\nkey @e, 0, 7\nagg @e, 0, 1\nret 1\nend')"; do
		nth $action "" "$text" "$reset"
		is "  no table is left" "$(ls tables)" ""
	done
	function=events/ftrace/function/action
	put vfs_open set_ftrace_filter
	nth $tracefs/$function "" '@f[ip] = count(); printf("7044"); record()' "$reset"
	is "  no function is traced" "$(cat enabled_functions)" ""
	echo >set_ftrace_filter
	put 'nth_s int sig; char who[16]' synthetic_events
	nth $action "" 'nth_s(sig, comm)' "$reset"
	put '!nth_s' synthetic_events
	nth $tracefs/events/signal/action "" '/sig == 7051/ @s[probe] = count()' "$reset"
	is "  no table is left" "$(ls tables)" ""
	put '@f[pid] = 1' $kill_event/action
	nth $filter "" '@f[pid] && sig == 7052' 0
	nth $tracefs/tables/f "" 'size=100000'
	nth $tracefs/table_control "" '@g[u64, str16] = hist size=1000' "$reset"
	echo reset >table_control
fi

# nothing is left
sleep 2
no_leaks

finish
