#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --add build/guest/perf_filter:/perf_filter
#
# Timers: events that fire by the clock, and what they say about what they
# interrupted. How often they fire is held against the time stamps of their
# records, since an emulated CPU may stand still for a while.

. /check
. /act
cpu1=/sys/devices/system/cpu/cpu1/online
cpus=$(grep -c ^processor /proc/cpuinfo)

# The stack of a timer that fires, and of what it runs. What interrupted a softirq
# has other functions of an interrupt below.
timer_stack='\(hrtimer_run_queues\|hrtimer_interrupt\|tick_fires\|trace_event_buffer\|bpf_prog_\)'

# running N: so many timers run; one is not listed in the moment it fires
running() {
	local i=0

	until [ "$(grep -c tick_fires /proc/timer_list)" = "$1" ]; do
		i=$((i + 1))
		[ $i -lt 10 ] || return
	done
}

timer() { put "$1" dynamic_events || fail "refused: $1"; }

# busy in user mode, and with system calls; which make some seconds of records
in_user() { awk 'BEGIN { while (i < 600000) i++ }'; }
in_kernel() { dd if=/dev/zero of=/dev/null bs=64k count=10000 2>/dev/null; }

# gone EVENT...: removed
gone() {
	for e; do
		check "  goes: $e" put "-:$e" dynamic_events
	done
}

# in_time NAME PERIOD_US: the records' times fit their number and overruns
in_time() {
	awk -v name=" $1: " -v period="$2" '
		index($0, name) {
			match($0, / [0-9]+\.[0-9]+: /)
			t = substr($0, RSTART + 1, RLENGTH - 3)
			match($0, /overruns=[0-9]+/)
			o = substr($0, RSTART + 9, RLENGTH - 9)
			if (!n++) first = t; else periods += 1 + o }
		END {
			d = (t - first) * 1000000 / period - periods
			print "     " n " records, " periods " periods, off by " d
			exit !(n > 10 && d > -2 && d < 2) }' "${instance:-.}/trace"
}

# --- what they look like

check "no timer runs" running 0
timer 'i:tick/beat 10ms'
timer '  i:tick/hz50	50hz   percpu'
timer 'i:alone 3000000000ns'
is "they are shown as they are written" "$(cat dynamic_events)" "i:tick/beat 10ms
i:tick/hz50 50hz percpu
i:timers/alone 3000000000ns"
cat dynamic_events >/tmp/shown
is "  with the files of other events" "$(ls events/tick/beat | tr '\n' ' ')" \
	"action enable filter format hist id inject program trigger "
echo >dynamic_events
is "  all go at once" "$(cat dynamic_events) $(ls -d events/tick events/timers 2>/dev/null)" " "
cat /tmp/shown >dynamic_events
check "  and what was shown can be written" cmp -s /tmp/shown dynamic_events
check "none runs unless it is used" running 0
check "README tells" grep -q 'i:\[<group>/\]<event>' README

# --- firing

echo >trace
echo 1 >events/tick/beat/enable
check "one runs" running 1
sleep 1
echo 0 >events/tick/beat/enable
check "  and stops" running 0
check "it fires in time" in_time beat 10000
n=$(records ' beat: ')
check "  many times a second: $n" [ "$n" -ge 30 ]
check "  says what it interrupted" grep -q ' beat: ip=[a-zA-Z_]*idle[a-z_]*+0x.* user=0 overruns=' trace
is "  in a hard interrupt" "$(grep -c "] [^ ]\{2\}[hH]..  *[0-9.]*: beat: " trace)" "$(records " beat: ")"

gated sh -c 'echo 1 >events/tick/hz50/enable; sleep 1; echo 0 >events/tick/hz50/enable'
for cpu in 0 1; do
	n=$(records " \[00$cpu\] .* hz50: ")
	check "one of each CPU fires on CPU $cpu: $n" [ "$n" -ge 10 ]
done
echo 1 >tracing_on

# --- instances, filters, triggers

mkdir instances/a
echo >trace
echo 1 >events/tick/beat/enable
echo 1 >instances/a/events/tick/beat/enable
check "in two instances it is one" running 1
sleep 0.3
echo 0 >events/tick/beat/enable
check "  which goes on for the other" running 1
n=$(records ' beat: ')
sleep 0.3
is "  but not here" "$(records ' beat: ')" "$n"
instance=instances/a
check "  but there: $(records ' beat: '), here $n" [ "$(records ' beat: ')" -gt "$n" ]
check "  in time" in_time beat 10000
unset instance
rmdir instances/a
check "  it stops with its instance" running 0

put 'user == 1' events/tick/hz50/filter
gated sh -c 'echo 1 >events/tick/hz50/enable; awk "BEGIN { while (i < 600000) i++ }"
	echo 0 >events/tick/hz50/enable'
check "a filter: user mode only" [ "$(records ' hz50: .*user=1')" -gt 3 ]
is "  and nothing else" "$(records ' hz50: .*user=0')" 0
check "  whose address is one of user mode" grep -q ' hz50: ip=0x[0-9a-f]* user=1' trace
put 'cpu == 1' events/tick/hz50/filter
gated sh -c 'echo 1 >events/tick/hz50/enable; sleep 0.5; echo 0 >events/tick/hz50/enable'
check "  one CPU" [ "$(records ' \[001\] .* hz50: ')" -gt 3 ]
is "  and no other" "$(records ' \[000\] .* hz50: ')" 0
put 0 events/tick/hz50/filter
echo 1 >tracing_on

put 'hist:keys=user:vals=overruns' events/tick/beat/trigger
check "a trigger makes it run" running 1
sleep 0.5
check "  a histogram" grep -q '{ user: *0 } hitcount: *[1-9]' events/tick/beat/hist
put '!hist:keys=user:vals=overruns' events/tick/beat/trigger
check "  without it, it stops" running 0
put 'hist:keys=common_stacktrace' events/tick/beat/trigger
sleep 0.3
check "  histograms of stacks: of what was interrupted" \
	grep -q '^ *cpu_startup_entry+' events/tick/beat/hist
is "  not of the interrupt" "$(grep -c "$timer_stack" events/tick/beat/hist)" 0
put '!hist:keys=common_stacktrace' events/tick/beat/trigger
echo 0 >tracing_on
put 'stacktrace' events/tick/hz50/trigger
echo 1 >options/stacktrace
echo 'stack(); printf("here")' >events/tick/hz50/action
echo 1 >events/tick/hz50/enable
gated in_kernel
echo 0 >events/tick/hz50/enable
echo >events/tick/hz50/action
echo 0 >options/stacktrace
put '!stacktrace' events/tick/hz50/trigger
check "stacks in the trace: what was interrupted" grep -q '^ => ksys_read' trace
is "  not the interrupt" "$(grep '^ => ' trace | grep -c "$timer_stack")" 0
# the record's own, the trigger's, that of the action and that of its print
is "  four each" "$(records '<stack trace>')" $((4 * $(records ' hz50: .*user=0')))
is "  none without a frame" "$(grep -A 1 '<stack trace>' trace | grep -c -v -e '=>' -e '<stack trace>' -e '^--')" 0
echo 1 >tracing_on

# --- programs

timer 'i:prof/p 200hz percpu'
act prof/p '@[kstack, user] = count()
@c[common_comm, user] = count()
@i[ksym(ip), user] = count()
@u[ustack, user] = count()
@o = (count(), sum(overruns))'
check "an action makes it run on each CPU" running "$cpus"
in_kernel
in_user
echo >events/prof/p/action
check "  without it, it stops" running 0
entries prof:p | tail -n 4
check "where the kernel is busy: its stacks" grep -q '	vfs_read+' tables/prof:p
check "  to the bottom" grep -q '	entry_SYSCALL_64_after_hwframe+' tables/prof:p
is "  not those of the interrupt" "$(grep -c "$timer_stack" tables/prof:p)" 0
check "where a program is: none" [ "$(total prof:p 'kstack#0, 1')" -gt 20 ]
is "  never one" "$(entries prof:p | grep ', 1\]' | grep -c -v 'kstack#0,')" 0
is "  else always" "$(entries prof:p | grep -c 'kstack#0, 0\]')" 0
check "who it was: dd, in the kernel" [ "$(value c 'dd, 0')" -gt 10 ]
check "  awk, in user mode" [ "$(value c 'awk, 1')" -gt 20 ]
check "  the idle loop" [ "$(total c 'swapper/')" -gt 20 ]
check "the address: of the kernel" grep -q '^@i\[[a-z_0-9]*idle[a-z_]*+0x[^,]*, 0\]' tables/i
check "  of a program" grep -q '^@i\[0x[0-9a-f]*, 1\]' tables/i
is "user stacks: whenever user mode was interrupted" "$(total u 'ustack#0, 1')" 0
check "  with addresses" grep -q '^	0x4' tables/u
is "all was counted" "$(total c) $(total prof:p)" "$(total o) $(total o)"

# an action for all events of a system, as for other events
put '@all[probe] = count()' events/prof/action
sleep 0.3
echo >events/prof/action
check "an action of a system" [ "$(value all prof:p)" -gt 10 ]
check "  stops" running 0

# --- perf

n=$(/perf_filter prof/p '' 400000)
check "perf counts it: $n" [ "$n" -gt 10 ]
n=$(/perf_filter prof/p 'user == 0' 400000)
check "  with a filter: $n" [ "$n" -gt 3 ]
n=$(/perf_filter prof/p 'user > 1' 400000)
is "  that takes none" "$n" 0
n=$(/perf_filter -p prof/p '' 400000)
check "  has records: $n" [ "$n" -gt 10 ]
check "  and it stops" running 0

# --- CPUs that come and go

echo '@cpu[common_cpu] = count()' >events/prof/p/action
echo '@one = count()' >events/tick/beat/action
echo 0 >$cpu1
check "a CPU goes, its timer too" running 2
echo clear >tables/cpu
echo clear >tables/one
sleep 0.3
is "  it does not fire there" "$(value cpu 1)" ""
check "  but where there is one" [ "$(value cpu 0)" -gt 5 ]
check "  the other goes on, wherever it was" [ "$(value one '')" -gt 5 ]
echo 1 >$cpu1
check "it comes back" running 3
sleep 0.3
check "  and fires" [ "$(value cpu 1)" -gt 5 ]
echo >events/prof/p/action
echo 0 >$cpu1
timer 'i:prof/late 100hz percpu'
echo '@late[common_cpu] = count()' >events/prof/late/action
echo 1 >$cpu1
sleep 0.3
check "a CPU that comes later has one" [ "$(value late 1)" -gt 5 ]
echo >events/prof/late/action
echo >events/tick/beat/action
check "all stop" running 0

# --- too much to do

timer 'i:prof/fast 10000hz percpu'
echo '@[kstack, ustack] = count(); @o = sum(overruns); printf("%s", kstack)' >events/prof/fast/action
in_kernel
in_user
echo >events/prof/fast/action
pass "the shortest period and much to do: there is time for others, $(value o '') left out"
check "  it stops" running 0

# --- removal

echo 1 >events/prof/fast/enable
refuses "one that is enabled stays" "-:prof/fast" dynamic_events
if { echo >dynamic_events; } 2>/dev/null; then fail "all go"; else pass "  all stay if one is in use"; fi
check "  it is there" grep -q '^i:prof/fast 10000hz percpu$' dynamic_events
echo 0 >events/prof/fast/enable
put 'traceoff:1' events/prof/fast/trigger
refuses "one with a trigger stays" "-:prof/fast" dynamic_events
put '!traceoff' events/prof/fast/trigger
echo 1 >tracing_on
echo '@x = count()' >events/prof/fast/action
refuses "one with an action stays" "-:prof/fast" dynamic_events
echo >events/prof/fast/action
mkdir instances/b
echo 1 >instances/b/events/prof/fast/enable
refuses "one that an instance uses stays" "-:prof/fast" dynamic_events
rmdir instances/b
refuses "not one that has another period" "-:prof/fast 1s" dynamic_events
refuses "  or is not percpu" "-:tick/beat 10ms percpu" dynamic_events
refuses "  or is another" "-:prof/beat" dynamic_events
check "by its line" put "-:prof/fast 10000hz percpu" dynamic_events
# enabled, fired, disabled, removed
i=0
while [ $i -lt 5 ]; do
	timer 'i:t/quick 100us percpu'
	echo 1 >events/t/quick/enable
	echo '@q = count()' >events/t/quick/action
	usleep 3000
	echo >events/t/quick/action
	echo 0 >events/t/quick/enable
	put '-:t/quick' dynamic_events || fail "cannot be removed"
	i=$((i + 1))
done
check "  fired: $(value q '')" [ "$(value q '')" -gt 0 ]
gone tick/hz50 alone prof/p prof/late tick/beat
is "none is left" "$(cat dynamic_events)" ""

# --- injection

timer 'i:tick/inj 1s'
echo >trace
echo 0 >tracing_on
echo 1 >tracing_on
put 'ip=0x1234 user=1 overruns=5' events/tick/inj/inject
check "an injected record" grep -q ' inj: ip=0x1234 user=1 overruns=5' trace
echo '@inj[user, kstack] = sum(overruns)' >events/tick/inj/action
put 'ip=0x1234 user=1 overruns=5' events/tick/inj/inject
echo >events/tick/inj/action

# --- errors

# bad TEXT ERROR: with ^ in front of what is wrong
bad() {
	local text=${1%%^*}${1#*^} pos=${1%%^*}

	echo >error_log
	refuses "$1" "$text" dynamic_events
	is "  says why" "$(sed -n '1s/^\[[^]]*\] //p' error_log)" "timer: error: $2"
	is "  and where" "$(sed -n '3p' error_log)" "$(printf '%*s^' $((11 + ${#pos})) '')"
}
name="Expecting i:[GROUP/]NAME, of letters, digits and '_'"
short="Period too short: at least 100us, at most 10000hz"
bad 'i^ 1s' "$name"
bad 'i:^ 1s' "$name"
bad 'i:x^!y 1s' "$name"
bad 'i:a/b^/c 1s' "$name"
bad 'i:^abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl 1s' \
	"Name too long: at most 63 characters"
bad 'i:t/x^' "Expecting a period, like 10ms or 99hz"
bad 'i:t/x ^often' "Expecting a period, like 10ms or 99hz"
bad 'i:t/x ^-1s' "Expecting a period, like 10ms or 99hz"
bad 'i:t/x 1^' "Expecting the unit ns, us, ms, s or hz"
bad 'i:t/x 1^min percpu' "Expecting the unit ns, us, ms, s or hz"
bad 'i:t/x ^0s' "$short"
bad 'i:t/x ^0hz' "$short"
bad 'i:t/x ^99us' "$short"
bad 'i:t/x ^10001hz' "$short"
bad 'i:t/x ^99999999999999999999s' "Period too long"
bad 'i:t/x 1s ^percpus' "Expecting 'percpu' or nothing"
bad 'i:t/x 1s percpu ^1s' "Text behind the timer"
bad 'i:^tick/inj 2s' "Event exists"
bad 'i:^sched/sched_switch 2s' "Event exists"
is "nothing has come of it" "$(cat dynamic_events)" "i:tick/inj 1s"
gone tick/inj
refuses "  once" "-:tick/inj" dynamic_events
check "no timer runs" running 0

finish
