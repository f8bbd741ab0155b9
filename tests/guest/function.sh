#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --timeout 240 --modules --add tests/guest/check.inc:/check
# vm-run: --add tests/guest/act.inc:/act --add build/guest/fire:/fire
#
# Actions at the entry of functions, events/ftrace/function/action: which
# functions run them, for whom, beside which tracers; what they see.

. /check
. /act
event=ftrace/function
dir=events/$event
getppid=$(grep -o -m 1 '[a-z0-9_]*sys_getppid' available_filter_functions)
kill=$(grep -m 1 -x '[a-z0-9_]*sys_kill' available_filter_functions)

# of NAME [TABLE]: what a table counts for a function, "" if it has none
of() { entries "${2:-a}" | sed -n "s/^@[a-z]*\[$1+.* = //p"; }
# fire: getppid() a hundred times, and once to warm up
fire() { /fire getppid 100; }
# only FUNCTION: what set_ftrace_filter has
only() { echo "$1" >"${instance:-.}/set_ftrace_filter"; }
# attached: functions that call anything
attached() { grep -c . enabled_functions; }
# stats N NAME: a number of entry N of the event
stats() { sed -n "s/^# .*$2: \([0-9]*\).*/\1/p" "${instance:-.}/$dir/program" | sed -n "$1p"; }

# --- files

is "the event's files" "$(ls $dir | grep -v -e hist -e inject | tr '\n' ' ')" "action format id program "
is "it is in no list of events" "$(grep -c ftrace:function available_events)" 0
check "all events leave it out" put '@all[probe] = count()' events/action
is "  it shows none" "$(cat $dir/action)" ""
is "  no function is traced" "$(attached)" 0
reset

# --- counts

only "$getppid"
act $event '@a[ksym(ip)] = count()'
fire
is "each call is counted" "$(of "$getppid")" 101
is "  all of them" "$(entries a | wc -l)" 1
is "  and in the file program" "$(stats 1 runs) $(stats 1 matches) $(stats 1 skipped) $(stats 1 drops)" "101 101 0 0"
check "  by a trampoline of its own" grep -q "$getppid.*tramp:.*function_entered" enabled_functions
also $event '@b[parent_ip] = count(); @c = count(); @d[comm, common_pid] = count()'
fire
is "two entries" "$(of "$getppid") $(total b) $(value c '')" "202 101 101"
is "  builtins" "$(entries d | sed 's/.*\["\([a-z]*\)",.* = /\1 /')" "fire 1
counted 100"
is "  nothing is lost" "$(for t in a b c d; do drops $t; done | tr '\n' ' ')" "0 0 0 0 "
act $event '/common_comm == "counted"/ @e = count()'
fire
is "a condition" "$(value e '')" 100
is "  runs and matches" "$(stats 1 runs) $(stats 1 matches)" "101 100"
act $event '@f[common_cpu] = count(); @g[ip] = (count(), min(nsecs))'
fire & fire; wait
is "on two CPUs at once" "$(total f)" 202
is "common_pid of the record" "$(act $event "$(printf 'tap 1 action\n\ttable @h[u64] = count\n\tld r0, args.common_pid\n\tkey @h, 0, r0\n\tagg @h, 0, 1\n\tret 1\nend')"
	fire; total h)" 101
echo >$dir/action
is "none is left" "$(attached)" 0
fire
is "  and runs" "$(total h)" 101
reset

# --- which functions

act $event '@a[ksym(ip)] = count()'
only "$kill"
kills 0
fire
is "the filter changes while it runs" "$(of "$getppid") $(of "$kill")" " 1"
echo "$getppid" >>set_ftrace_filter
kills 0
fire
is "  is added to" "$(of "$getppid") $(of "$kill")" "101 2"
echo "$kill" >set_ftrace_notrace
kills 0
fire
is "set_ftrace_notrace" "$(of "$getppid") $(of "$kill")" "202 2"
echo >set_ftrace_notrace
echo "!$getppid" >>set_ftrace_filter
kills 0
fire
is "one is taken out" "$(of "$getppid") $(of "$kill")" "202 3"
only "$getppid"
echo 0 >/proc/sys/kernel/ftrace_enabled
fire
is "ftrace_enabled 0" "$(of "$getppid")" 202
only "$kill"
echo 1 >/proc/sys/kernel/ftrace_enabled
kills 0
fire
is "  and 1, after the filter has changed" "$(of "$getppid") $(of "$kill")" "202 4"
only "$getppid"

for tracer in function function_graph wakeup irqsoff nop; do
	grep -q -w $tracer available_tracers || continue
	echo $tracer >current_tracer
	reset
	only "$getppid"
	act $event '@a[ksym(ip)] = count()'
	fire
	only "$kill"
	kills 0 0
	fire
	is "beside $tracer" "$(of "$getppid") $(of "$kill")" "101 2"
	case $tracer in function*)
		echo >trace
		kills 0
		is "  which sees the same" "$(grep -c "$kill" trace)" 1
		act $event '@b = count()'
		echo nop >current_tracer
		kills 0
		is "  and goes first" "$(value b '')" 1
		echo $tracer >current_tracer
		reset
		only "$getppid"
		echo >trace
		fire
		is "  or last" "$(grep -c "$getppid" trace)" 101
	esac
done
echo nop >current_tracer
reset
is "none is left" "$(attached)" 0

if [ -e function_profile_enabled ]; then
	only "$getppid"
	act $event '@a[ksym(ip)] = count()'
	echo 1 >function_profile_enabled
	only "$kill"
	kills 0
	is "the profiler follows the filter" "$(cat trace_stat/function* | grep -c "$kill")" 1
	is "  as the action does" "$(of "$kill")" 1
	echo 0 >function_profile_enabled
	reset
fi

# --- for whom, where, when

only "$kill"
act $event '@a[ksym(ip)] = count()'
echo $$ >set_ftrace_pid
kills 0
/bin/busybox kill -0 $$
is "set_ftrace_pid" "$(of "$kill")" 1
: >set_ftrace_pid
echo $$ >set_ftrace_notrace_pid
kills 0
/bin/busybox kill -0 $$
is "set_ftrace_notrace_pid" "$(of "$kill")" 2
: >set_ftrace_notrace_pid
kills 0
is "neither" "$(of "$kill")" 3
echo $$ >set_ftrace_pid
echo >$dir/action
act $event '@b[ksym(ip)] = count()'
kills 0
/bin/busybox kill -0 $$
is "set before the action" "$(of "$kill" b)" 1
: >set_ftrace_pid
echo 0 >tracing_on
kills 0
echo 1 >tracing_on
is "tracing_on" "$(of "$kill" b)" 1
act $event '@b[ksym(ip)] = count(); traceoff()'
kills 0 0 0
is "traceoff()" "$(of "$kill" b) $(cat tracing_on)" "2 0"
reset
echo 1 >tracing_on
only "$getppid"
act $event '@c[common_cpu] = count()'
echo 2 >tracing_cpumask
/fire -c 0 getppid 10
/fire -c 1 getppid 10
is "tracing_cpumask" "$(value c 0) $(value c 1)" " 11"
echo 3 >tracing_cpumask
reset

# --- what it sees and does

only "$getppid"
act $event 'record()'
gated /fire getppid 3
is "record(), as the function tracer" "$(grep -v '^#' trace | sed 's/.*: //' | sort | uniq -c | sed 's/^ *//')" \
	"4 $getppid <-$(grep -v '^#' trace | sed -n '$s/.*<-//p')"
check "  whose it is" sh -c "grep $getppid trace | grep -q -e ' fire-' -e ' counted-'"
echo 1 >tracing_on
act $event '/common_comm == "counted"/ printf("%ps from %ps", ip, parent_ip); stack()'
gated /fire getppid 2
is "printf()" "$(records "$getppid from ")" 2
is "stack() begins at the function" "$(grep -A 1 'stack trace' trace | grep -c "=> $getppid\$")" 2
is "  without what is traced by" "$(grep -c -e function_entered -e trace_tap -e bpf_prog -e ftrace_ trace)" 0
echo 1 >tracing_on
act $event '@k[kstack] = count(); @n[kstack(2)] = count(); @p[ksym(parent_ip), ksym(caller)] = count()'
fire
is "kstack" "$(total k) $(entries k | wc -l)" "101 1"
is "  begins at the function" "$(sed -n '3s/^\t\([a-z0-9_]*\)+.*/\1/p' tables/k)" "$getppid"
is "  goes on with its caller" "$(sed -n '4s/^\t//p' tables/k)" "$(entries p | sed 's/@p\[\([^,]*\),.*/\1/')"
check "  ends in the system call" sh -c "tail -n 1 tables/k | grep -q entry_SYSCALL"
is "  has nothing of the engine" "$(grep -c -e function_entered -e trace_tap -e bpf_prog -e ftrace_ tables/k)" 0
is "  two frames" "$(grep -c '^	' tables/n)" 2
is "caller is the function" "$(entries p | sed 's/.*, \([a-z0-9_]*\)+.*/\1/')" "$getppid"
# with a second ops the list of ops is walked, with pids there is a frame more
sed -n '3,$p' tables/k >/tmp/k
mkdir instances/other
instance=instances/other only "$getppid"
instance=instances/other act $event '@o = count()'
echo function >current_tracer
echo 1 >options/function-fork
echo $$ >set_ftrace_pid
echo clear >tables/k
fire
is "the same beside other tracers" "$(sed -n '3,$p' tables/k)" "$(cat /tmp/k)"
: >set_ftrace_pid
echo 0 >options/function-fork
echo nop >current_tracer
rmdir instances/other
echo 'fired u64 ip; char[] who' >synthetic_events
act $event 'fired(ip, comm)'
act synthetic/fired '@s[who, ksym(ip)] = count()'
fire
is "synthetic events" "$(entries s | sed -n 's/.*"counted".* = //p')" 100
reset
echo '!fired' >>synthetic_events
if [ -e $dir/inject ]; then
	act $event '@i[ip] = count()'
	echo 'common_pid=17' >$dir/inject
	is "an injected record" "$(value i 0)" 1
	reset
fi

# --- instances

for i in x y; do mkdir instances/$i; done
instance=instances/x only "$getppid"
instance=instances/y only "$kill"
for i in x y; do instance=instances/$i act $event '@a[ksym(ip)] = count()'; done
fire
kills 0
both() { for i in x y; do instance=instances/$i; echo "$(of "$getppid") $(of "$kill")"; done | tr '\n' ','; instance=; }
is "each has its own filter" "$(both)" "101 , 1,"
is "the top has none" "$(ls tables)" ""
for tracer in function function_graph nop; do
	grep -q -w $tracer available_tracers || continue
	for i in x y; do
		echo $tracer >instances/$i/current_tracer
		echo clear >instances/$i/tables/a
	done
	instance=instances/x only "$kill"
	instance=instances/y only "$getppid"
	fire
	kills 0
	is "  changed, beside $tracer" "$(both)" " 1,101 ,"
	echo nop >instances/y/current_tracer
	instance=instances/x only "$getppid"
	instance=instances/y only "$kill"
	for i in x y; do echo clear >instances/$i/tables/a; done
	fire
	kills 0
	is "  back, one without it" "$(both)" "101 , 1,"
done
echo $$ >instances/y/set_ftrace_pid
/bin/busybox kill -0 $$
kills 0
is "  pids of its own" "$(instance=instances/y; of "$kill")" 2
check "an instance goes with its action" rmdir instances/x
echo function >instances/y/current_tracer
check "  with a tracer, too" rmdir instances/y
instance=
is "none is left" "$(attached)" 0

# --- modules

if [ -d "/lib/modules/$(uname -r)" ]; then
	echo ':mod:trace_events_sample' >set_ftrace_filter
	act $event '@m[ksym(ip)] = count()'
	modprobe trace-events-sample
	echo 1 >events/sample-trace/foo_bar/enable
	sleep 2.5
	check "functions of a module that comes" [ "$(total m)" -gt 0 ]
	echo 0 >events/sample-trace/foo_bar/enable
	rmmod trace-events-sample
	is "  and goes" "$(attached)" 0
	echo >set_ftrace_filter
	modprobe trace-events-sample
	sleep 1.2
	rmmod trace-events-sample
	reset
fi

# --- errors

only "$getppid"
refuses "no such field" '@a[argument] = count()' $dir/action
refuses "no string" '@a[str(ip, 1000)] = count()' $dir/action
refuses "a filter" 'ip == 17' $dir/action
is "no function is traced" "$(attached)" 0
act $event '@a = count()'
refuses "another shape" '@a[ip] = count()' $dir/action
fire
is "  the old one runs" "$(value a '')" 101
reset

# --- all functions

echo >set_ftrace_filter
echo '@all[u64.ksym] = count size=20000' >table_control
act $event '@all[ksym(ip)] = count()'
/fire fork 5 getppid 100 nap 5
sleep 1
echo >$dir/action
check "all functions" [ "$(entries all | wc -l)" -gt 500 ]
is "  none is lost" "$(drops all)" 0
is "  all of getppid()" "$(of "$getppid" all)" 101
act $event '@all[ksym(ip)] = count()
@s[kstack(6)] = count()'
/fire fork 2 getppid 100 nap 2
sleep 0.3
echo >$dir/action
check "  with stacks" [ "$(header s entries)" -gt 300 ]
is "  which begin at the function" "$(grep -A 1 '^@s' tables/s | grep -c -e trace_tap -e function_entered)" 0
is "  engine calls no function" "$(of stack_trace_save_regs all)" ""
reset
is "none is left" "$(attached)" 0
is "no complaints" "$(dmesg | grep -c -e WARNING -e BUG -e 'stall')" 0

finish
