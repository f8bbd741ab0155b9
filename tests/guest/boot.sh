#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --bootconfig tests/guest/boot.bconf
# vm-run: --append "trace_trigger=\"sched_process_exec.stacktrace if filename == '/bin/true' && old_pid == args.pid,sched_process_exit.stacktrace if prio > 1000\""
#
# Filters given at boot: on the kernel command line, where they are compiled
# before the CPUs' mitigations are chosen, and in a boot configuration.

# what follows turns all events off
cat /sys/kernel/tracing/events/syscalls/sys_enter_kill/enable >/tmp/enabled
. /check

# --- trace_trigger=

trigger=events/sched/sched_process_exec/trigger
is "a trigger of the command line" "$(cat $trigger)" \
	"stacktrace:unlimited if filename == '/bin/true' && old_pid == args.pid"
is "another" "$(cat events/sched/sched_process_exit/trigger)" "stacktrace:unlimited if prio > 1000"
echo >trace
/bin/true
/bin/false
/bin/true
is "its condition" "$(grep -c 'stack trace' trace)" 2
if [ -e /proc/sys/net/core/bpf_jit_enable ] && [ "$(cat /sys/module/trace_tap/parameters/jit)" = Y ]; then
	check "it has been compiled" grep -q 'bpf_prog_.*trace_filter' /proc/kallsyms
fi
put '!stacktrace' $trigger

# --- bootconfig

is "a filter" "$(cat $kill_event/filter)" "sig in {17, 18} && common_comm == 'sh'"
is "a trigger" "$(cat $kill_event/trigger)" "stacktrace:unlimited if (sig & 3) == 2"
is "of another event" "$(cat events/syscalls/sys_exit_kill/filter)" "ret < 0"
is "of a kprobe" "$(cat events/kprobes/boot_kill/filter)" "sig == 18"
check "a wrong one is reported" sh -c "dmesg | grep -q 'Failed to apply filter'"
is "the event had been enabled" "$(cat /tmp/enabled)" "1*"
keeps "it filters" 2 kills 0 17 18
is "it triggers" "$(grep -c 'stack trace' trace)" 1
put '!stacktrace' $kill_event/trigger

finish
