#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --program trace-cmd --add tests/guest/check.inc:/check
#
# trace-cmd: it writes filters, shows what is wrong with them, and reads the
# records that they keep.

. /check
cd /tmp

record() { trace-cmd record -q -o /tmp/trace.dat "$@" >/tmp/out 2>&1; }
report() { trace-cmd report -i /tmp/trace.dat 2>/dev/null | grep -c "$1"; }

check "record with a filter" record -e syscalls:sys_enter_kill -f 'sig == 18' \
	sh -c 'kill -0 $$; kill -18 $$; kill -17 $$'
is "  what it keeps" "$(report sys_enter_kill)" 1
is "  is what it should" "$(report 'sys_enter_kill:.*sig: 0x00000012')" 1
is "  the filter is gone" "$(cat $tracefs/$kill_event/filter)" none

check "an extended one" record -e syscalls:sys_enter_kill \
	-f 'sig in {17, 18} && common_tgid == pid' sh -c 'kill -0 $$; kill -18 $$; kill -17 $$'
is "  what it keeps" "$(report sys_enter_kill)" 2

check "a busy event" record -e sched:sched_switch \
	-f 'next_comm == "sh" || prev_prio - next_prio != 0 && prev_comm == "sh"' \
	sh -c 'for i in 1 2 3 4 5; do sleep 0.02; done'
check "  something is kept" [ "$(report sched_switch)" -gt 0 ]
is "  nothing else" "$(trace-cmd report -i /tmp/trace.dat 2>/dev/null | grep sched_switch |
	grep -v -c '_comm=sh ')" 0

check "a subsystem" record -e syscalls -f 'fd == 1 + 0 || sig == 18' \
	sh -c 'echo x >/dev/null; kill -18 $$'
check "  writes" [ "$(report sys_enter_write)" -gt 0 ]
is "  a signal" "$(report 'sys_enter_kill')" 1

check "a trigger" record -e syscalls:sys_enter_kill -R 'stacktrace if sig == 18' \
	sh -c 'kill -17 $$; kill -18 $$'
is "  runs once" "$(report 'kernel_stack')" 1

# It puts filters in parentheses, and goes on after an error, which it shows as
# error_log has it.
while IFS='|' read -r text error; do
	record -e syscalls:sys_enter_kill -f "$text" true
	check "refused: $text" grep -q "^Failed filter of .*/sys_enter_kill/filter" /tmp/out
	check "  why" grep -q "error: $error" /tmp/out
	check "  and where" grep -q '^ *^$' /tmp/out
done <<'ROWS'
sigg == 1|Field not found
sig == 1 + nope|No such field, builtin or enum
sig in {5..4}|Range ends before it begins
(sig == 1|Too many '('
ROWS

cd $tracefs
finish
