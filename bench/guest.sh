#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What a traced getppid() costs, in instructions; bench/run runs it in the
# guest, in tracefs, with getppid, floor.ko and marker.ko in /bench.
#
# out: lines of ROW<TAB>NUMBER, NUMBER "-" where this kernel does not take what
# the row sets up. bench/run has the table of rows.

event=events/raw_syscalls/sys_enter
kprobe=events/kprobes/getppid

# An empty buffer each time: overwriting old pages costs more.
measure() { : >trace; printf '%s\t%s\n' "$1" "$(/bench/getppid)"; }
none() { printf '%s\t-\n' "$1"; }

# with NAME SETUP-COMMAND: measures if SETUP-COMMAND succeeds
with() {
	name=$1
	shift
	if "$@" 2>/dev/null; then
		measure "$name"
	else
		none "$name"
	fi
}

filter() { echo "$1" >"$2/filter"; }
trigger() { echo "$1" >$event/trigger; }
action() { echo "$1" >$event/action; }

# several N OPERATOR JOIN: N predicates on id with different constants
several() {
	i=1 all="id $2 9999"
	while [ $i -lt "$1" ]; do
		all="$all $3 id $2 $((9999 - 3 * i * i))"
		i=$((i + 1))
	done
	echo "$all"
}

measure 'no tracing'

insmod /bench/floor.ko || exit 1
measure 'floor: an empty probe'
rmmod floor

echo 1 >$event/enable
measure recorded
for f in 'id == 9999' 'common_pid == 99999' 'comm == "nomatch"' \
	 'comm ~ "nomatch*"' 'comm ~ "*no*match*"' \
	 'id == 110 && common_pid != 0' \
	 'id in {9999, 9990..9995}' '(id & 4096) == 4096' 'args.id == common_pid'; do
	with "$f" filter "$f" $event
done
for n in 2 4 8; do
	with "$n predicates, no match" filter "$(several $n == '||')" $event
done
for n in 2 4 8; do
	with "$n predicates, match" filter "$(several $n != '&&')" $event
done
echo 0 >$event/filter
measure 'recorded, after filters'
echo 1 >set_event_pid
measure 'rejected by set_event_pid'
# not echo: writing no pids leaves the events' flags set
: >set_event_pid
echo 0 >$event/enable
measure 'event disabled again'

for t in 'hist:keys=id' 'hist:keys=id if id == 9999' \
	 'hist:keys=id if common_pid == 99999' 'traceoff if id == 9999' \
	 'hist:keys=common_pid,id' 'hist:keys=common_pid.execname' \
	 'hist:keys=id.log2' 'hist:keys=common_pid:ts0=common_timestamp.usecs' \
	 'hist:keys=common_stacktrace'; do
	with "$t" trigger "$t"
	trigger "!$t"
done

# timestamps in histograms have set the global clock, which costs more
echo local >trace_clock

while read -r a; do
	with "$a" action "$a"
	[ ! -e $event/action ] || echo >$event/action
	[ ! -e table_control ] || echo reset >table_control
done <<'ROWS'
/id == 9999/ @ = count()
/common_pid == 99999/ @ = count()
@ = count()
@[id] = count()
@[common_pid, id] = count()
@[comm] = count()
@ = sum(id)
@ = hist(id)
@start[tid] = nsecs
@n[id]++
@[kstack] = count()
printf("%d %s\n", id, comm)
record()
ROWS

echo 'p:getppid __x64_sys_getppid' >kprobe_events
echo 1 >$kprobe/enable
measure 'kprobe: recorded'
for f in 'common_pid == 99999' '__probe_ip == 9999'; do
	with "kprobe: $f" filter "$f" $kprobe
done
echo 0 >$kprobe/filter
echo 1 >set_event_pid
measure 'kprobe: rejected by set_event_pid'
: >set_event_pid
echo 0 >$kprobe/enable
for t in 'hist:keys=common_pid' 'hist:keys=common_stacktrace'; do
	echo "$t" >$kprobe/trigger
	measure "kprobe: $t"
	echo "!$t" >$kprobe/trigger
done
echo >kprobe_events

# one function, which each call enters once
function=$(grep -m 1 -x '[a-z0-9_]*sys_getppid' available_filter_functions)
echo "$function" >set_ftrace_filter
echo function >current_tracer
measure 'function tracer'
echo nop >current_tracer
with 'function profiler' sh -c 'echo 1 >function_profile_enabled'
echo 0 >function_profile_enabled
while read -r a; do
	with "function: $a" sh -c "echo '$a' >events/ftrace/function/action"
	[ ! -e table_control ] || echo reset >table_control
done <<'ROWS'
@ = count()
@[ip] = count()
@[ksym(ip)] = count()
@[ksym(parent_ip)] = count()
@[comm] = count()
@[kstack] = count()
record()
ROWS
echo >set_ftrace_filter
# Where there are no markers, "on" and what follows it fail.
on() { echo 1 >events/markers/$1/enable; }
off() { [ ! -e events/markers ] || echo 0 >events/markers/enable; }
with 'marker: off' insmod /bench/marker.ko
with 'marker: recorded' on bench
for f in 'common_pid == 99999' 'ip == 9999'; do
	with "marker: $f" filter "$f" events/markers/bench
done
with 'marker: no filter again' filter 0 events/markers/bench
echo 1 >set_event_pid
with 'marker: rejected by set_event_pid' on bench
: >set_event_pid
off
rmmod marker 2>/dev/null
insmod /bench/marker.ko args=1 2>/dev/null
with 'marker: recorded, two arguments' on bench_args
with 'marker: id == 9999' filter 'id == 9999' events/markers/bench_args
off
rmmod marker 2>/dev/null
measure 'no tracing, at the end'
