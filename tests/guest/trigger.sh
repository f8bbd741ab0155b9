#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check
#
# Triggers with a condition: `TRIGGER if CONDITION`, hist's included.

. /check
trigger=$kill_event/trigger

# --- stacktrace, snapshot, traceoff

put "stacktrace if sig == 17" $trigger
is "a trigger shows its condition" "$(cat $trigger)" "stacktrace:unlimited if sig == 17"
echo >trace
kills 0 17 18 17
is "stacktrace if: runs where it holds" "$(grep -c 'stack trace' trace)" 2
refuses "one of its kind only" "stacktrace if sig == 18" $trigger
put "!stacktrace" $trigger
check "it can be removed" grep -q '^# Available' $trigger

put "stacktrace:1 if sig in {16..18} && comm == 'sh'" $trigger
echo >trace
kills 0 17 18 17
is "an extended condition, once" "$(grep -c 'stack trace' trace)" 1
put "!stacktrace" $trigger

put "traceoff if (sig & 3) == 2" $trigger
echo 1 >tracing_on
kills 0 17
is "traceoff if: not where it does not hold" "$(cat tracing_on)" 1
kills 18
is "traceoff if: where it holds" "$(cat tracing_on)" 0
put "!traceoff" $trigger
echo 1 >tracing_on

put "enable_event:sched:sched_switch if sig == 18" $trigger
is "enable_event is soft" "$(cat events/sched/sched_switch/enable)" "0*"
kills 17
is "enable_event if: not where it does not hold" "$(cat events/sched/sched_switch/enable)" "0*"
kills 18
is "enable_event if: where it holds" "$(cat events/sched/sched_switch/enable)" "1*"
put "!enable_event:sched:sched_switch" $trigger

for text in "stacktrace if" "stacktrace if nope == 1" "stacktrace if sig ==" \
	"traceoff if sig + == 1" "hist:keys=sig if sig in {}" \
	"hist:keys=sig if nope"; do
	refuses "refuses $text" "$text" $trigger
done
check "nothing is left of them" grep -q '^# Available' $trigger

# A filter does not keep a trigger from running; the record is filtered.
put "stacktrace if sig == 17" $trigger
put "common_pid == 1" $kill_event/filter
keeps "the filter rejects" 0 kills 17 18
is "the trigger ran" "$(grep -c 'stack trace' trace)" 1
put 0 $kill_event/filter
put "!stacktrace" $trigger

# --- hist

put "hist:keys=sig if sig > 16 && pid == $$" $trigger
check "hist shows its condition" grep -q "if sig > 16 && pid == $$ \[active\]" $trigger
kills 0 17 18 17 0
is "hist: hits" "$(sed -n 's/ *Hits: //p' $kill_event/hist)" 3
is "hist: entries" "$(sed -n 's/ *Entries: //p' $kill_event/hist)" 2
is "hist: a value" "$(sed -n 's/^{ sig: *17 } hitcount: *//p' $kill_event/hist)" 2
refuses "the same hist twice" "hist:keys=sig if sig > 16 && pid == $$" $trigger
check "another with another condition" put "hist:keys=sig if sig == 0" $trigger
kills 0
is "both are there" "$(grep -c '^hist:' $trigger)" 2
put "hist:keys=sig:pause if sig == 0" $trigger
is "the condition says which is paused" "$(grep -c 'sig == 0 \[paused\]' $trigger)" 1
put "!hist:keys=sig if sig == 0" $trigger
is "and which is removed" "$(grep -c '^hist:' $trigger)" 1
put "!hist:keys=sig if sig > 16 && pid == $$" $trigger
check "none is left" grep -q '^# Available' $trigger

put "hist:keys=common_pid:vals=hitcount if sig in {17, 18} && common_pid == args.pid" $trigger
kills 0 17 18
is "hist with an extended condition" "$(sed -n 's/ *Hits: //p' $kill_event/hist)" 2
put "!hist:keys=common_pid:vals=hitcount if sig in {17, 18} && common_pid == args.pid" $trigger

# onmatch: a synthetic event, itself with a filter
put "killed int sig" synthetic_events
put "hist:keys=common_pid:s=sig if sig > 0" $trigger
put "hist:keys=common_pid:s=\$s:onmatch(syscalls.sys_enter_kill).killed(\$s)" \
	events/syscalls/sys_exit_kill/trigger
put "sig == 18" events/synthetic/killed/filter
echo >trace
echo 1 >events/synthetic/killed/enable
kills 0 17 18
echo 0 >events/synthetic/killed/enable
is "a synthetic event is filtered" "$(grep -c 'killed: sig=18' trace)/$(grep -c 'killed:' trace)" 1/1
put "!hist:keys=common_pid:s=\$s:onmatch(syscalls.sys_enter_kill).killed(\$s)" \
	events/syscalls/sys_exit_kill/trigger
put "!hist:keys=common_pid:s=sig if sig > 0" $trigger
check "the synthetic event goes, filter and all" put "!killed int sig" synthetic_events

# --- stacks begin where they do without the series: triggers count frames, of which
# the ORC unwinder sees one less

enter=events/raw_syscalls/sys_enter
put "hist:keys=common_stacktrace" $enter/trigger
kills 0
check "no frame of tracing in a histogram's key" \
	[ "$(grep -c 'trace_event_\|commit_' $enter/hist)" = 0 ]
check "  but those of callers" grep -q 'do_syscall_64' $enter/hist
put "!hist:keys=common_stacktrace" $enter/trigger
echo >trace
put "stacktrace:1" $enter/trigger
kills 0
check "no frame more in a trigger's stack" sh -c 'grep -m 1 "^ => " trace |
	grep -q "trace_event_buffer_commit\|trace_event_raw_event_sys_enter"'
put "!stacktrace" $enter/trigger

finish
