#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add build/guest/perf_filter:/perf_filter
#
# Filters of perf events: what they keep, how they are refused, and what users
# without privileges may use: the stock language, and nothing behind pointers.

. /check
getppid=syscalls/sys_enter_getppid
enter=raw_syscalls/sys_enter
nr=110	# of getppid on x86-64

perf() {	# WHAT WANT ARG...
	local what=$1 want=$2

	shift 2
	is "$what" "$(/perf_filter "$@" 2>&1)" "$want"
}

# --- verdicts

perf "no filter" 100 $getppid "" 100
perf "all" 100 $getppid "common_pid > 0" 100
perf "none" 0 $getppid "common_pid == 0" 100
perf "of all system calls" 100 $enter "id == $nr" 100
perf "an extended one" 100 $enter "id in {$nr, 1000..2000} && common_comm == 'perf_filter'" 100
perf "arithmetic" 100 $enter "id * 2 - $nr == $nr" 100
perf "field against field" 0 $enter "id < id" 100
perf "sampled: all" 50 -p $enter "id == $nr" 50
perf "sampled: none" 0 -p $enter "id == $nr + 2000" 50
perf "several, one record, each its own filter" "100 0 100" \
	-s "id == $nr" -s "id == 1000" $enter "id >= $nr && id <= $nr" 100
perf "inherited by a child" 1 sched/sched_process_exec 'filename ~ "*/true"' 0 /bin/true
perf "  or not" 0 sched/sched_process_exec 'filename ~ "*/false"' 0 /bin/true
perf "a program" 100 $enter "tap 1 filter
ld r0, args.id
jeq r0, $nr, keep
ret 0
keep: ret 1
end" 100
perf "set twice" "File exists" -r $getppid "common_pid == 1" 1

# --- errors

perf "unknown field" "Invalid argument" $getppid "nope == 1" 1
perf "too many (" "No such file or directory" $getppid "(common_pid == 1" 1
perf "too many )" "Operation not permitted" $getppid "common_pid == 1)" 1
perf "missing quote" "No such process" $getppid "comm == 'x" 1
perf "extended, wrong" "Invalid argument" $getppid "common_pid + nope == 1" 1
perf "program, wrong" "Invalid argument" $getppid "tap 1 filter
ret r0
end" 1

# --- ftrace:function takes "ip" alone

perf "a function" 10 ftrace/function "ip == __do_sys_getppid" 10
perf "functions" 10 ftrace/function "ip == __do_sys_getpp* || ip == kernel_clone" 10
perf "but not this one" 0 ftrace/function "ip == __do_sys_getpp* || ip != __do_sys_getppid" 10
perf "no such function" "Invalid argument" ftrace/function "ip == no_such_function" 10
# each takes seconds on a kernel that checks itself
if [ ! -e /sys/kernel/debug/kmemleak ]; then
	for text in "common_pid == 1" "ip == x && ip == y" "ip > x" "ip == 1 + 2"; do
		perf "function: refuses $text" "Invalid argument" ftrace/function "$text" 1
	done
	perf "function: no text" "Invalid argument" ftrace/function " " 1
fi

# --- without privileges

echo 2 >/proc/sys/kernel/perf_event_paranoid
perf "nobody: own system calls" 100 -u $getppid "" 100
perf "nobody: stock filter" 100 -u $getppid "common_pid > 0" 100
perf "nobody: stock filter, none" 0 -u $getppid "common_pid == 0 || comm == 'x'" 100
perf "nobody: several predicates" 100 -u $getppid \
	"!(common_pid & 0x40000000) && (comm ~ 'perf*' || common_pid == 1) && cpu < 100" 100
perf "nobody: sampled" 50 -u -p $getppid "common_pid > 0 && comm != 'x'" 50
for text in "common_pid + 0 > 0" "uid == 65534" "common_pid in {1..99999}" "1 == 1" \
	"comm !~ 'x'" "common_pid == args.common_pid" "common_pid"; do
	perf "nobody: refuses $text" "Invalid argument" -u $getppid "$text" 1
done
perf "nobody: refuses a program" "Invalid argument" -u $getppid "tap 1 filter
ret 1
end" 1
perf "nobody: refuses records of other events" "perf_event_open: Operation not permitted" \
	-u -p sched/sched_switch "" 1
# a pointer to a string: mount's
perf "root: a user string" 0 syscalls/sys_enter_mount 'dev_name.ustring == "x"' 1
perf "nobody: refuses strings behind pointers" "Permission denied" \
	-u syscalls/sys_enter_mount 'dev_name.ustring == "x"' 1
perf "nobody: and in company" "Permission denied" \
	-u syscalls/sys_enter_mount 'common_pid == 1 && dev_name ~ "x*"' 1
echo -1 >/proc/sys/kernel/perf_event_paranoid
perf "nobody, but trusted: extended" 100 -u $getppid "common_pid + 0 > 0" 100

finish
