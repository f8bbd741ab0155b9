#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
#
# The file run_once: what is written runs once, on the writer, at the top and in
# an instance; its event; what is refused.

. /check
. /act

event=events/tap/run_once

# once TEXT: in the instance $instance, or at the top
once() {
	if ! { echo "$1" >"${instance:-.}/run_once"; } 2>/dev/null; then
		fail "refused: $1"
		tail -n 4 "${instance:-.}/error_log"
	fi
}

# state NAME: a number that the file shows
state() { sed -n "s/^# runs:.*/&,/; s/.*$1: \([0-9]*\),.*/\1/p" "${instance:-.}/run_once"; }

is "nothing has run" "$(cat run_once)" "# runs: 0, matches: 0, skipped: 0, drops: 0"
once 'printf("begin %d", 42); @start = nsecs; @n = count()'
is "a program runs" "$(records ': run_once: begin 42$')" 1
is "  once" "$(value n '')" 1
check "  its table stays" [ "$(value start '')" -gt 0 ]
is "  it is counted" "$(state runs) $(state matches)" "1 1"
check "  nothing of it is left in the event" sh -c "! grep -q . $event/action"
check "  and the table is not in use" put remove tables/start

once '@who[comm, common_pid, probe] = count()'
is "it is the task that writes" "$(value who "sh, $$, tap:run_once")" 1
once '/run > 2/ @late = run'
is "its event's fields: the number of the run" "$(value late '')" 3
once '/run < 3/ @early = run'
is "a guard that does not hold" "$(entries early | wc -l) $(state runs) $(state matches)" "0 4 3"

once '@n = count()
@n = count()
# a comment

@n = count(); @m[1] += 5'
is "several lines, also the same twice" "$(value n '') $(value m 1)" "4 5"

printf 'tap 1 ac' >/tmp/p1
printf 'tion\n\ttable\t@n = count\n\tagg\t@n, 0, 1\n\tret\t1\n' >/tmp/p2
printf 'end\n@n = count()\n' >/tmp/p3
runs=$(state runs)
cat /tmp/p1 /tmp/p2 /tmp/p3 >run_once || fail "a program"
is "a program of bytecode and a line" "$(value n '') $(state runs)" "6 $((runs + 2))"
{
	cat /tmp/p1
	sleep 0.1
	cat /tmp/p2
	cat /tmp/p3
} >run_once || fail "a program in pieces"
is "  in pieces" "$(value n '')" 8

# --- what it leaves

once '@[comm] = count()'
is "a table without a name" "$(value tap:run_once sh)" 1
once '@[comm] = count()'
is "  is new each time" "$(value tap:run_once sh)" 1
once '@ = 7'
is "  also in another shape" "$(value tap:run_once '')" 7
act tap/run_once '@ = count()'
once '@ = 8'
is "  which the event's own action has, too" \
	"$(value tap:run_once '') $(value tap:run_once:2 '')" "1 8"
reset
check "table_control reset takes them" sh -c "! ls tables | grep -q ."
act syscalls/sys_enter_kill '@sigs[sig] = count()'
kills 17 17 18
once '@sum = @sigs[17] + @sigs[18]; clear(@sigs)'
is "it reads tables of others" "$(value sum '')" 3
sleep 0.2
is "  and clears them" "$(entries sigs | wc -l)" 0
reset

# --- errors: nothing changes, nothing runs

runs=$(state runs)
refuses "an error" '@bad = cont()' run_once
check "  the file shows it" grep -q '^# rejected: @bad = cont()$' run_once
check "  and where" grep -q '^#                  ^$' run_once
refuses "an error behind a good line" '@good = count()
@bad = nonsense' run_once
check "  the good one has not run" [ ! -e tables/good ]
refuses "an entry to remove" '!1' run_once
refuses "a filter" 'run == 1' run_once
refuses "a program for filters" 'tap 1 filter
	ret	1
end' run_once
refuses "a program that may run for too long" "tap 1 action
$(i=0; while [ $i -lt 12 ]; do printf '\tloop\tr%d, 1000\n' $i; i=$((i + 1)); done)
	ret	1
end" run_once
echo 'tap 1 action' >run_once
check "a program without its end" grep -q 'Program without' run_once
is "nothing has run" "$(state runs)" "$runs"
once ''
check "an empty line forgets what was refused" sh -c "! grep -q rejected run_once"
is "  and runs nothing" "$(state runs)" "$runs"
cat run_once >/tmp/shown
check "what is shown can be written back" sh -c 'cat /tmp/shown >run_once'
is "  and runs nothing" "$(state runs)" "$runs"

# --- effects

echo >trace
once 'stack()'
check "stack() is the writer's" sh -c "grep -A 20 'stack trace' trace | grep -q '=> vfs_write'"
once '@[kstack] = count()'
check "kstack, too" grep -q 'vfs_write' tables/tap:run_once
echo >trace
once 'record()'
is "record() keeps the event" "$(records ": run_once: instance= run=$(state runs)\$")" 1
echo 1 >$event/enable
echo >trace
once 'record(); printf("it")'
is "  once, if it is on" "$(records ': run_once: instance=')" 1
put 'run == 1' $event/filter
echo >trace
once 'record()'
is "  also if the event's filter rejects it" "$(records ': run_once: instance=')" 1
put 0 $event/filter
echo 0 >$event/enable
if [ -e snapshot ]; then
	once 'printf("shot"); snapshot()'
	check "snapshot()" grep -q 'shot' snapshot
	echo 0 >snapshot
fi

# --- the event

act tap/run_once '@fired[instance, run] = count()'
once '@x = 1'
is "an action of the event" "$(value fired ", $(state runs)")" 1
put '@sys[probe] = count()' events/tap/action
put '@all[probe] = count()' events/action
once '@x = 2'
is "  of its system, of all events" "$(value sys tap:run_once) $(value all tap:run_once)" "1 1"
reset
put 'stacktrace' $event/trigger
echo >trace
once '@x = 3'
check "a trigger" grep -q 'stack trace' trace
put '!stacktrace' $event/trigger
echo >trace
echo 1 >$event/enable
put 'run % 2 == 0' $event/filter
once '@x = 4'
once '@x = 5'
is "a filter" "$(records ': run_once: instance=')" 1
put 0 $event/filter
echo 0 >$event/enable
reset

# --- what does not matter

echo 0 >tracing_on
drops=$(state drops)
once '@off = count(); printf("lost"); record()'
is "with tracing off it runs" "$(value off '')" 1
is "  what it prints is lost, and counted" "$(records lost) $(state drops)" "0 $((drops + 2))"
once 'traceon(); printf("found")'
is "  unless it turns tracing on" "$(cat tracing_on) $(records found)" "1 1"
once 'traceoff()'
is "  or off" "$(cat tracing_on)" 0
echo 1 >tracing_on
echo 1 >set_event_pid
echo 0 >tracing_cpumask
once '@others = count()'
is "set_event_pid, tracing_cpumask" "$(value others '')" 1
echo 3 >tracing_cpumask
: >set_event_pid
reset

# --- instances

mkdir instances/i
act tap/run_once '@seen[instance] = count()'
instance=instances/i
act tap/run_once '@seen[instance] = count()'
once 'printf("in %s, %d", instance, run); @i = count()'
is "in an instance" "$(records 'run_once: in i, 1$') $(value i '')" "1 1"
is "  the event fires there" "$(value seen i)" 1
instance=
is "  and at the top" "$(value seen i) $(value seen '')" "1 "
check "  where the program does not run" [ ! -e tables/i ]
is "  nor print" "$(records 'run_once: in i')" 0
exec 5>>instances/i/run_once
if rmdir instances/i 2>/dev/null; then
	fail "an instance goes while its file is open"
fi
echo '@i = count()' >&5
exec 5>&-
check "the instance goes" rmdir instances/i
reset

# --- many at once

for i in 1 2 3 4; do
	(
		j=0
		while [ $j -lt 25 ]; do
			echo '@many[comm] = count(); @[cpu] = count(); printf("%d", run)' >run_once
			j=$((j + 1))
		done
	) &
done
wait
is "from several tasks at a time" "$(total many)" 100
reset
check "no warning" sh -c "! dmesg | grep -q 'WARNING:'"
finish
