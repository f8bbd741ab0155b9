#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act --bootconfig tests/guest/boot.bconf
# vm-run: --append "trace_trigger=\"sched_process_exec.stacktrace if filename == '/bin/true' && old_pid == args.pid,sched_process_exit.stacktrace if prio > 1000\""
#
# What is set at boot: triggers on the kernel command line, whose filters are
# compiled before the CPUs' mitigations are chosen, and all that a boot
# configuration may have. See boot-params.sh for other parameters.

dmesg >/tmp/dmesg
# what follows turns all events off
cat /sys/kernel/tracing/events/syscalls/sys_enter_kill/enable >/tmp/enabled
. /check
. /act

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

# what is longer than 255 bytes
more=$(printf " && common_comm != 'a text that makes this longer than any buffer there was'%.0s" 1 2 3 4)
is "a filter" "$(cat $kill_event/filter)" "sig in {17, 18} && common_comm == 'sh'$more"
is "a trigger" "$(cat $kill_event/trigger)" "stacktrace:unlimited if (sig & 3) == 2 $more"
is "of another event" "$(cat events/syscalls/sys_exit_kill/filter)" "ret < 0"
is "of a kprobe" "$(cat events/kprobes/boot_kill/filter)" "sig == 18"
check "a wrong one is reported" grep -q "Failed to apply filter" /tmp/dmesg
is "the event had been enabled" "$(cat /tmp/enabled)" "1*"
keeps "it filters" 2 kills 0 17 18
is "it triggers" "$(grep -c 'stack trace' trace)" 1
put '!stacktrace' $kill_event/trigger

# --- programs

is "a program as a filter" "$(cat events/syscalls/sys_enter_tkill/filter)" "tap 1 filter
	ld	r0, args.sig
	ret	r0
end"
is "actions" "$(grep -A 1 -e '^# [0-9]*:$' $kill_event/action | grep -v -e '^# a' -e '^--' -e :)" "@n[sig] = count()
@after = count()
@late[sig] = sum(@n[sig])
/sig == 18/ printf(\"got %d\", sig)
boot_synth(sig, pid)"
check "2 KB of text" [ "$(grep -c '^# a comment' $kill_event/action)" = 32 ]
echo clear >table_control
echo clear >instances/boot/table_control
echo >trace
kills 0 17 18 18
is "they run" "$(entries n)" "@n[0] = 1
@n[17] = 1
@n[18] = 2"
is "the program, too" "$(value pids $$)" 4
is "what is behind it" "$(value after '')" 4
is "prints" "$(records ': got 18')" 2
is "that of the system" "$(value signals syscalls:sys_enter_kill)" 4
is "  into its table" "$(value kills 18) $(header kills size)" "2 32"
is "that of all events" "$(total all sys_enter_kill,)" 4
is "for a kprobe of the system" "$(value probes kprobes:boot_kill) $(value probes kprobes:boot_bad)" "4 4"
is "a synthetic event, named before it was there" "$(value synth 18)" 2
is "an event called programs" "$(cat events/synthetic/programs/action | head -n 2)" "# 1:
@unused = count()"
is "an instance's" "$(instance=instances/boot entries n)" "@n[0] = 1
@n[17] = 1
@n[18] = 2"
is "its limit" "$(sed -n 's/.*limit=//p' instances/boot/table_control)" 1048576

# --- parameters in it: they are in force before the first initcall

is "a table" "$(header early size)" 600

# --- what is wrong

# said LINES: the kernel said so
said() {
	awk -v want="$1" 'BEGIN { n = split(want, w, "\n"); i = 1 }
		$0 == w[i] { if (++i > n) exit; next } { i = $0 == w[1] ? 2 : 1 }
		END { exit i <= n }' /tmp/dmesg
}
error() { check "error: $(echo "$1" | head -n 1)" said "$1"; }

error "ftrace.tables: error: Bad shape of a table
  @bad[u65] = count
       ^"
error "ftrace.event.syscalls.sys_exit_tkill.programs: error: No such field, builtin or enum
  @[no_such] = count()
    ^"
error "ftrace.event.syscalls.sys_exit_tkill.programs: line 3: error: Instruction cannot be reached
   ret r1
   ^"
error "ftrace.event.syscalls.sys_no_such.programs: error: Event not found
  @ = count()
  ^"
error "ftrace.instance.boot.event.syscalls.sys_enter_kill.programs: error: No such field, builtin or enum
  @n[sog] = count()
     ^"

# --- timers

is "a timer" "$(grep ^i: dynamic_events)" "i:boot/tick 10ms"

finish
