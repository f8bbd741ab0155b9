#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --modules --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --add build/guest/fire:/fire --add build/guest/user_event:/user_event
# vm-run: --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# Actions on each class of events, with and without a need for the record, at the
# top and in an instance; what holds them back everywhere: tracing_on,
# set_event_pid, tracing_cpumask, the filter not.

. /check
. /act

define() { put "$1" dynamic_events || fail "dynamic_events: $1"; }
mkdir instances/i
echo 1 >options/event-fork
echo 1 >instances/i/options/event-fork
# on one CPU, which tracing_cpumask leaves out
taskset -p 1 $$ >/dev/null

# counts WHAT EARLY FIELD COMMAND...: how often both actions have run
counts() {
	local what=$1 early=$2 field=$3

	shift 3
	echo clear >"${instance:-.}/tables/early"
	echo clear >"${instance:-.}/tables/field"
	"$@" >/dev/null 2>&1
	# at once and by the shell itself: another process would make events, too
	while read -r line; do
		echo "$line"
	done <"${instance:-.}/tables/early" >/tmp/counted
	while read -r line; do
		echo "$line"
	done <"${instance:-.}/tables/field" >>/tmp/counted
	is "$what" "$(sed -n 's/^@early = //p' /tmp/counted) $(
		awk '/^@field/ { n += $NF } END { print n + 0 }' /tmp/counted)" "$early $field"
}

# class WHAT EVENT FIELD N COMMAND...: N events of COMMAND
class() {
	local what=$1 event=$2 field=$3 n=$4 i

	shift 4
	for i in . instances/i; do
		instance=$i
		[ $i = . ] || what="$what, in an instance"
		# two entries: one needs no record, one does
		act $event '@early = count()'
		also $event "@field[$field] = count()"
		counts "$what" $n $n "$@"
		check "  with no record of it" sh -c "! grep -v '^#' $i/trace | grep -q ' ${event#*/}: '"
		echo 0 >$i/tracing_on
		counts "  not with tracing off" '' 0 "$@"
		echo 1 >$i/tracing_on
		echo 1 >$i/set_event_pid
		counts "  not of another thread" '' 0 "$@"
		echo $$ >$i/set_event_pid
		counts "  of this one" $n $n "$@"
		: >$i/set_event_pid
		echo 2 >$i/tracing_cpumask
		counts "  not on another CPU" '' 0 "$@"
		echo 3 >$i/tracing_cpumask
		put 'common_pid == 1' $i/events/$event/filter
		echo 1 >$i/events/$event/enable
		counts "  whatever the filter says" $n $n "$@"
		echo 0 >$i/events/$event/enable
		put 0 $i/events/$event/filter
		echo >$i/events/$event/action
		counts "  not when it is gone" '' 0 "$@"
		reset
	done
	instance=
}

class "a tracepoint" signal/signal_generate sig 3 kills 17 18 23
class "a system call" syscalls/sys_enter_kill sig 3 kills 0 17 18
class "its return" syscalls/sys_exit_kill ret 3 kills 0 17 18
define 'p:t/kill __x64_sys_kill sig=+104(%di):s32'
class "a kprobe" t/kill sig 3 kills 0 17 18
define 'r:t/kill_ret __x64_sys_kill ret=$retval:s64'
class "a return probe" t/kill_ret ret 3 kills 0 17 18
define 'f:t/fkill __x64_sys_kill'
class "an fprobe" t/fkill __probe_ip 3 kills 0 17 18
define 'f:t/fkill_ret __x64_sys_kill%return ret=$retval:s64'
class "an fprobe on the return" t/fkill_ret ret 3 kills 0 17 18
define 't:t/sig signal_generate sig=$arg1:s32'
class "a tracepoint probe" t/sig sig 3 kills 17 18 23
define 'e:t/ekill syscalls/sys_enter_kill sig=$sig:s32'
echo 1 >events/t/ekill/enable
echo 0 >events/t/ekill/enable
class "an event probe" t/ekill sig 3 kills 0 17 18

elf_word() { od -A n -t u8 -j "$1" -N 8 /bin/busybox | tr -d ' '; }
entry=$(elf_word 24)
phoff=$(elf_word 32)
for i in 0 1 2 3 4 5 6 7; do
	ph=$((phoff + 56 * i))
	off=$(elf_word $((ph + 8)))
	addr=$(elf_word $((ph + 16)))
	size=$(elf_word $((ph + 32)))
	if [ "$entry" -ge "$addr" ] && [ "$entry" -lt $((addr + size)) ]; then
		offset=$((entry - addr + off))
	fi
done
runs() { /bin/true; /bin/true; /bin/true; }
define "p:t/start /bin/busybox:$(printf 0x%x $offset) argc=+0(%sp):u64"
class "a uprobe" t/start argc 3 runs

put 'made int sig; char[] who' synthetic_events
act syscalls/sys_enter_kill 'made(sig, comm)'
instance=instances/i
act syscalls/sys_enter_kill '@unused = count()'
instance=
# a synthetic event fires in the instances where it is enabled or has actions
for i in . instances/i; do
	instance=$i
	act synthetic/made '@early = count()'
	also synthetic/made '@field[sig, who] = count()'
	counts "a synthetic event, in $i" 3 3 kills 0 17 18
done
instance=
reset
echo reset >instances/i/table_control
put '!made int sig; char[] who' synthetic_events

marks() { echo one >trace_marker; echo two >trace_marker; }
if [ -e events/ftrace/print/action ]; then
	act ftrace/print '@early = count()'
	also ftrace/print '@field[ip] = count()'
	counts "trace_marker" 2 2 marks
	echo 0 >tracing_on
	counts "  not with tracing off" '' 0 marks
	echo 1 >tracing_on
	act ftrace/print 'printf("again: %s", buf)'
	echo >trace
	marks
	is "  its text" "$(records 'again: one')" 1
	is "  does not run for what it prints" "$(records 'again: ')" 2
	reset
else
	fail "ftrace:print has no action"
fi

echo 'events/user_events/u_ev' >/tmp/u
check "a user event" /user_event "u_ev u32 n; char[8] s" 'n < 3' 6 3 \
	"cd $tracefs; echo '@u[s] = sum(n)' >events/user_events/u_ev/action" \
	"cd $tracefs; cat tables/u >/tmp/u"
check "  its action" grep -q '\["odd"\] = 9$' /tmp/u
reset

# --- injected events

act sched/sched_switch '@early = count()'
also sched/sched_switch '/prev_prio == 4711/ @field[next_prio] = sum(next_pid); @who = common_pid'
put "prev_prio=4711 next_prio=8 next_pid=5 common_pid=7" events/sched/sched_switch/inject
put "prev_prio=4711 next_prio=8 next_pid=7 common_pid=7" events/sched/sched_switch/inject
is "injected: fields" "$(value field 8)" 12
# in actions it is the builtin, and that is who writes
is "  common_pid" "$(value who '')" $$
reset
act power/cpu_frequency '@early = count()'
put "cpu_id=1" events/power/cpu_frequency/inject
put "cpu_id=2" events/power/cpu_frequency/inject
is "injected: no record needed" "$(value early '')" 2
reset

# --- strings of each kind

act sched/sched_process_exec '@[filename, comm] = count()'
put "filename='/x/y'" events/sched/sched_process_exec/inject
is "a dynamic string" "$(value sched:sched_process_exec '/x/y, sh')" 1
reset

# --- modules

fires() { echo "task 50" >/sys/kernel/debug/contexts/fire; }
put '/common_comm ~ "contexts/*"/ @all[probe] = count()' events/action || fail "refused: events/action"
insmod /contexts.ko
check "an event that comes has the actions of all events" \
	grep -q '@all' events/contexts/fired/action
fires
is "  they run" "$(value all contexts:fired)" 100
check "an action of its system" put '@sys[fixed] = count()' events/contexts/action
act contexts/fired '@own[name] = sum(n)'
instance=instances/i
act contexts/fired '@own[enum(where)] = count()'
instance=
fires
is "  a fixed string" "$(value sys task0)" 50
is "  a dynamic one" "$(value own task1)" 1225
instance=instances/i
is "  in an instance, a name" "$(value own task)" 100
instance=
check "the module stays as long as its event has one" sh -c "! rmmod contexts 2>/dev/null"
echo >events/contexts/fired/action
check "  in any instance" sh -c "! rmmod contexts 2>/dev/null"
echo >instances/i/events/contexts/fired/action
check "  and goes without" rmmod contexts
is "  its tables stay" "$(value own task1)" 1225
insmod /contexts.ko
check "and comes again, with those of all events" grep -q '@all' events/contexts/fired/action
check "  not those of its system, which was gone" \
	sh -c "! grep -q '@sys' events/contexts/fired/action"
fires
is "  they go on counting" "$(value all contexts:fired)" 300
exec 5>>events/contexts/fired/action
if rmmod contexts 2>/dev/null; then
	{ echo '@x = count()' >&5; } 2>/dev/null && fail "written to an event that is gone"
	exec 5>&-
else
	exec 5>&-
	check "a file held open holds the module, no longer" rmmod contexts
fi
reset
echo reset >instances/i/table_control

modprobe trace-events-sample
event=sample-trace/foo_bar
act $event '@a[foo, str] = count(); @b[bar] = sum(cpu); printf("%s %d", foo, bar)'
sleep 1.5
check "events of another module" grep -q 'hello' tables/a
check "  prints" grep -q ': hello [0-9]*$' trace
echo >events/$event/action
check "  which goes" rmmod trace-events-sample
reset

rmdir instances/i
echo >dynamic_events
finish
