#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --program build/obj/tapc/test_session
# vm-run: --add tests/guest/check.inc:/check
#
# Runs of tapc: units that are made by hand, see tools/tapc/tests/test_session.c.
# `make -C tools/tapc guest` makes the program.

. /check
tapc=/usr/local/bin/build/obj/tapc/test_session
out=/tmp/out

now() { cut -d' ' -f1 /proc/uptime; }

# left: what there is of runs in tracefs
left() { ls instances; grep tapc dynamic_events; }
clean() { is "  nothing is left" "$(left)" ""; }

# start [--name NAME] ARGUMENT...: a run, in the background, that is set up when
# this returns
start() {
	$tapc "$@" >$out 2>&1 &
	pid=$!
	[ "$1" = --name ] || set x $pid
	ready $2
}

# ready NAME: until the run has begun
ready() {
	local i=0

	until grep -q '^# tapc 1' "instances/tapc-$1/events/tap/run_once/filter" 2>/dev/null; do
		i=$((i + 1))
		[ $i -lt 100 ] || { fail "run $1 does not begin"; return; }
		sleep 0.1
	done
}

# soon TEXT: a line of the output, within a second
soon() {
	local i=0

	until grep -q -x -F -e "$1" $out; do
		i=$((i + 1))
		[ $i -lt 20 ] || { fail "no '$1'"; cat $out; return; }
		sleep 0.05
	done
	pass "  $1"
}

# ends WHAT STATUS: the run
ends() {
	wait $pid
	is "$1" "$?" "$2"
}

# state NAME: as tapc ls shows it
state() { $tapc ls | awk -v n="$1" '$1 == n { print $2, $3, $4 }'; }

# --- a run

start --name one run kill
is "a run" "$(state one)" "live 3 kill"
kills 0
sleep 0.3
is "what it prints is there at once" "$(tail -n 1 $out)" "%s sends %d| sh 0"
kill -INT $pid
ends "  SIGINT" 0
is "  BEGIN, END and maps" "$(cat $out)" 'attached 3
begin	"%d" \| 42
%s sends %d| sh 0
%s sends %d| sh 2
end of %s at %d| test_session 7
map n
@n[0] = 1
@n[2] = 1
end of report'
clean

start run kill
kills 0 17
soon "map n"
soon "@n[17] = 1"
kills 28
sleep 0.3
kills 17
sleep 0.3
is "zero() is carried out" "$(tail -n 3 $out)" "@n[0] = 0
@n[28] = 0
@n[17] = 1"
kills 18
sleep 0.3
kills 17
sleep 0.3
is "clear() is carried out" "$(tail -n 2 $out)" "map n
@n[17] = 1"
kill -TERM $pid
ends "SIGTERM" 0
clean

start run kill
kills 0 23 0
ends "exit(): its status" 3
is "  nothing is printed behind it" "$(grep -c 'sends' $out)" 1
clean
is "exit() in BEGIN" "$($tapc run exit)" "attached 3
end of %s at %d| test_session 7
map n
end of report"
clean

# --- events of its own

start run events
check "events of its own" grep -q "p:tapc_$pid/kill" dynamic_events
check "  one that is missing is left out" grep -q "warning: there is no function 'no_such_one'" $out
is "  and not counted" "$(sed -n 's/attached //p' $out)" 4
kills 0 0
sleep 0.3
kill -INT $pid
ends "  it ends" 0
check "  a probe" grep -q '^@kills\["sh"\] = 3' $out
check "  a timer" [ "$(sed -n 's/^@ticks = //p' $out)" -ge 10 ]
clean

# --- what the kernel refuses

is "a program" "$($tapc run bad_program 2>&1; echo $?)" "bad_program:1:1: error: the kernel refuses the program of 't:sched:sched_switch': Field not found
	ld r0, args.nonsense
	       ^
all of \\it
^
1"
is "a map" "$($tapc run bad_map 2>&1)" "bad_map:1:1: error: the kernel refuses map '@m': Bad shape of a table
	@m[s7] = count
	   ^
all of \\it
^"
is "an event" "$($tapc --name bad run bad_event 2>&1)" \
	"tapc: error: the kernel refuses event 'tapc_bad/x': Invalid \$-variable specified
	p:tapc_bad/x vfs_read a=\$nonsense
	                        ^"
clean

# --- records

start run flood
sleep 1
kill -INT $pid
ends "two CPUs print" 0
for cpu in 0 1; do
	check "  CPU $cpu" [ "$(grep -c "^cpu %d| $cpu$" $out)" -gt 50 ]
done
check "  in turns" [ "$(uniq $out | wc -l)" -gt 50 ]
is "  in order, whole" "$(grep TOO $out)" ""
is "  BEGIN is first, END last" "$(sed -n '2p; $!{h}; ${x; p}' $out)" 'begin	"%d" \| 42
end of %s at %d| test_session 7'

# the reader is slow, and tapc waits for it
$tapc --kb 4 -c "ls -lR /sys/kernel/tracing/events/syscalls" run storm 2>/tmp/err |
	{ sleep 1; cat; } >$out
check "records are lost, and counted" grep -q '^lost [1-9][0-9]* records$' /tmp/err
is "  END is not" "$(tail -n 2 $out | head -n 1)" "end of %s at %d| test_session 7"
clean

# a reader that goes
$tapc run storm 2>/dev/null | head -n 3 >$out
is "the reader goes: the run ends" "$(wc -l <$out)" 3
clean

# one that does not read, and a user who loses patience
{ $tapc --name slow run storm 2>/dev/null; now >/tmp/ended; } | { sleep 9; cat >/dev/null; } &
ready slow
slow=$(sed -n 's/^# tapc 1.*pid=//p' instances/tapc-slow/events/tap/run_once/filter)
ls -lR events/syscalls >/dev/null
ls -lR events/syscalls >/dev/null
kill -INT $slow
sleep 0.3
check "a reader that does not read: the run waits" [ -d instances/tapc-slow ]
# one that comes just before a write begins to wait is seen by the next one only
i=0
until [ -s /tmp/ended ] || [ $i = 10 ]; do
	kill -INT $slow
	sleep 0.3
	i=$((i + 1))
done
check "  but not at further signals" [ -s /tmp/ended ]
wait
clean

# --- processes

is "-c" "$($tapc -c 'sh -c kill\ -0\ 1' run kill 2>/dev/null | grep -c attached)" 1
printf '#!/bin/sh\nkill -0 $$\n' >/tmp/killer
chmod +x /tmp/killer
is "-c: what the command does" "$($tapc -c '/tmp/killer  one two' run kill | grep -c -F 'sends %d| killer 0')" 1
is "-c: no such command" "$($tapc -c /no/such run kill 2>&1 >/dev/null)" \
	"tapc: /no/such: No such file or directory"
clean
sh -c 'while :; do kill -0 $$; sleep 0.1; done' &
victim=$!
start -p $victim run kill
kills 0
sleep 0.5
kill $victim
ends "-p: it ends with the process" 0
check "  which is traced" grep -q '^@n\[0\] = [1-9]' $out
is "  and no other" "$(grep -c '^@n\[15\]' $out)" 0
is "-p: no such process" "$($tapc -p 999999 run kill 2>&1)" "tapc: error: there is no process 999999"
clean

# --- failures: at each step

for unit in kill events; do
	n=0
	for i in $(seq 40); do
		kill -0 $$
		$tapc --fail $i -c true run $unit >$out 2>&1 || n=$((n + 1))
		[ -z "$(left)" ] || { fail "step $i of $unit leaves $(left)"; cat $out; break; }
	done
	check "any step fails, nothing is left: $n of $unit" [ $n -gt 12 ]
	is "  until none does" "$(tail -n 1 $out)" "end of report"
done

# --- killed

start run events
dead=$pid
kill -KILL $pid
wait $pid
is "a run that is killed" "$(state $dead)" "dead 4 events"
check "  is there" grep -q "tapc_$dead/tick" dynamic_events
$tapc -c true run kill >$out 2>&1
is "  the next one removes it" "$(left)" ""
start --name again run events
kill -KILL $pid
wait $pid
is "its name is free" "$($tapc --name again -c true run kill 2>&1 | grep -c 'end of report')" 1
start --name again run events
kill -KILL $pid
wait $pid
check "tapc rm" $tapc rm again
clean

# --- two at once

$tapc --name a run events >/tmp/a 2>&1 &
a=$!
$tapc --name b run events >/tmp/b 2>&1 &
b=$!
ready a
ready b
is "two at once" "$(state a) $(state b)" "live 4 events live 4 events"
is "the same name" "$($tapc --name a run kill 2>&1)" "tapc: error: there is a run 'a' already"
is "rm of a live one" "$($tapc rm a 2>&1; echo $?)" "tapc: error: run 'a' belongs to another process
1"
check "rm of all others" $tapc rm-all
kill -INT $a
wait $a
is "one ends" "$(state a) $(state b)" " live 4 events"
kills 0
kill -INT $b
wait $b
check "the other one counts" grep -q '@kills\["sh"\] = [23]' /tmp/b
check "  with its own events" grep -q '@kills' /tmp/a
clean

# --- detached

check "a run is detached" $tapc --detach --name d run kill
is "  and stays" "$(state d)" "detached 3 kill"
is "  BEGIN is all that was printed" "$(grep -c ': run_once:' instances/tapc-d/trace)" 1
is "  its script" "$($tapc source d)" 'all of \it

	tab #x 	
#:y
end'
is "  words that go with it" "$($tapc texts d | tail -n 4)" "<--one>
<two
lines>
<>"
kills 0
$tapc -c true run kill >/dev/null 2>&1
is "  other runs leave it" "$(state d)" "detached 3 kill"
$tapc attach d kill >$out 2>&1 &
pid=$!
soon '%s sends %d| sh 0'
is "  attached" "$(state d)" "attached 3 kill"
is "  not twice" "$($tapc attach d kill 2>&1)" "tapc: error: run 'd' belongs to another process"
kill -INT $pid
ends "  left again" 0
is "  it goes on" "$(tail -n 1 $out) $(state d)" "tapc: run 'd' goes on detached 3 kill"
is "  BEGIN was there" "$(head -n 1 $out)" 'begin	"%d" \| 42'
kills 23
is "  exit() ends it" "$($tapc attach d kill | grep -c '^end of')" 2
clean
$tapc --detach --name d1 run events 2>/dev/null
$tapc --detach --name d2 run kill
is "two of them" "$(state d1) $(state d2)" "detached 4 events detached 3 kill"
check "rm --all" $tapc rm-all
clean
is "no such run" "$($tapc rm d1 2>&1)" "tapc: error: there is no run 'd1'"
is "a bad name" "$($tapc --name a/b run kill 2>&1)" \
	"tapc: error: a run's name consists of letters, digits and '_', at most 32"

# --- many programs

start=$(now)
$tapc run many >$out 2>/tmp/err &
pid=$!
ready $pid
ready=$(now)
kill -INT $pid
wait $pid
echo "     $(sed -n 's/attached //p' $out) programs: ready in $(
	awk "BEGIN { print $ready - $start }") s, gone in $(awk "BEGIN { print $(now) - $ready }") s"
$tapc --name early run many >$out 2>/dev/null &
pid=$!
until [ -d instances/tapc-early ]; do sleep 0.05; done
sleep 0.2
kill -INT $pid
ends "a signal meanwhile" 0
clean
check "many programs are set up in time" awk "BEGIN { exit !($ready - $start < 2) }"
check "a map that is full says so" grep -q '^lost [0-9]* updates of @n' /tmp/err
clean

check "no warning" sh -c "! dmesg | grep -q 'WARNING:'"
finish
