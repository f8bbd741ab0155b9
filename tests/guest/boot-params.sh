#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --append "trace_event=initcall:* trace_action=initcall:initcall_start.@n[func]=count()"
# vm-run: --append "trace_action=initcall_start.@alone=count() \"trace_table=@n[u64.ksym] = count size=1000\"" --append "trace_action=initcall:.@sys[probe]=count()"
# vm-run: --append "\"trace_action=initcall:initcall_finish /has(@t[func])/ delete(@t[func]); @took=count()\" trace_action=initcall:initcall_start.@t[func]=nsecs"
# vm-run: --append "trace_action=i/initcall:initcall_start.@i=count() trace_table=i/limit=1M trace_filter=i/initcall_level.level=='early' trace_instance=i,initcall:initcall_level"
# vm-run: --append "trace_action=*:*.@lv[level]=count() trace_action=raw_syscalls:sys_enter.@sc[comm]=count() trace_action=initcall:initcall_level.stack() trace_action=sched:sched_process_fork.printf('kid,%d',child_pid);@k=count()"
# vm-run: --append "trace_filter=irq:softirq_entry.vec==TIMER_SOFTIRQ trace_action=irq:softirq_entry.@v[enum(vec)]=count() trace_filter=signal:*.sig==18"
# vm-run: --append "trace_action=initcall:initcall_start.@n[fun]=count() \"trace_filter=sched:sched_switch.prev_prio << 3 < 'a'\" trace_action=no:such.@=count() trace_action=nope/sched:sched_switch.@=count() trace_table=@n[u64]=sum \"trace_table=x\" trace_action=sched:sched_switch trace_action=.@=count() trace_action=irq:*.nope(1)"
# vm-run: --append "\"trace_timer=b/tk 10ms\" \"trace_timer=i:b/cpus 100hz percpu\" trace_action=b:tk.@tk=count() \"trace_timer=b/fast 10us\" trace_timer=b/none"
# vm-run: --append "$(for i in $(seq 20); do printf 'trace_table=@m%d[u64]=count ' "$i"; done)"
#
# Filters, actions, tables and timers on the kernel command line. It has at most
# 2,048 characters.

dmesg >/tmp/dmesg
cp trace /tmp/trace
cp instances/i/trace /tmp/trace.i
. /check
. /act

# said LINES: the kernel said so
said() {
	awk -v want="$1" 'BEGIN { n = split(want, w, "\n"); i = 1 }
		$0 == w[i] { if (++i > n) exit; next } { i = $0 == w[1] ? 2 : 1 }
		END { exit i <= n }' /tmp/dmesg
}
error() { check "error: $(echo "$1" | head -n 1)" said "$1"; }

# --- in force before the first initcall

started=$(grep -c 'initcall_start:' /tmp/trace)
check "there are records of initcalls" [ "$started" -gt 100 ]
is "each is counted" "$(total n)" "$started"
is "the event alone" "$(value alone '')" "$started"
is "its system" "$(total sys initcall_start)" "$started"
is "and other events of it" "$(total sys initcall_level)" "$(grep -c initcall_level: /tmp/trace)"
is "an action before that of which it reads a table" "$(value took '')" "$started"
is "of all events, those that have the field" "$(total lv)" "$(grep -c initcall_level: /tmp/trace)"
check "records of stacks" grep -q '=> console_init' /tmp/trace
check "names" grep -q '^@n\[event_trace_enable_again+0x0/' tables/n
is "a declared table" "$(header n size)" 1000
check "system calls of init" [ "$(value sc init)" -gt 0 ]
check "commas in an entry" grep -q ': kid,' /tmp/trace
is "no drops" "$(drops n) $(drops sys) $(drops sc)" "0 0 0"
is "many parameters" "$(ls tables | grep -c '^m[0-9]*$')" 20
is "the file shows them" "$(cat events/initcall/initcall_start/action)" "# 1:
@n[func]=count()
# 2:
@alone=count()
# 3:
@t[func]=nsecs
# from events/initcall/action: @sys[probe]=count()"
is "that of the system" "$(cat events/initcall/action)" "# 1:
@sys[probe]=count()"
is "that of all" "$(cat events/action)" "# 1:
@lv[level]=count()"
if [ -e /proc/sys/net/core/bpf_jit_enable ] && [ "$(cat /sys/module/trace_tap/parameters/jit)" = Y ]; then
	is "they have been compiled" "$(grep -c '^# .*: jited, ' events/initcall/initcall_start/program)" 4
fi

# --- an instance

instance=instances/i
is "the earliest record is filtered" "$(grep -v '^#' /tmp/trace.i | sed 's/.*: //')" "level=early"
is "its filter" "$(cat $instance/events/initcall/initcall_level/filter)" "level=='early'"
is "its action" "$(value i '')" "$started"
is "its tables" "$(ls $instance/tables)" i
is "their limit" "$(sed -n 's/.*limit=//p' $instance/table_control)" 1048576
instance=

# --- constants, and names of values, which formats have only later

is "an enum constant" "$(cat events/irq/softirq_entry/filter)" "vec==TIMER_SOFTIRQ"
check "names of values" grep -q '^@v\[TIMER\]' tables/v
is "a filter for a system" "$(cat events/signal/signal_generate/filter)" "sig==18"

# --- what is wrong

error "trace_action: error: No such field, builtin or enum
  initcall:initcall_start.@n[fun]=count()
                             ^"
error "trace_filter: error: Illegal operation for field type
  sched:sched_switch.prev_prio << 3 < 'a'
                                    ^"
error "trace_action: error: Event not found
  no:such.@=count()
  ^"
error "trace_action: error: Instance not found
  nope/sched:sched_switch.@=count()
  ^"
error "trace_table: error: Table has another shape: it is @n[u64.ksym] = count, not @n[u64] = sum
  @n[u64]=sum
  ^"
error "trace_table: error: Expecting a table, limit=N, clear, remove or reset
  x
  ^"
error "trace_action: error: Expecting a statement
  sched:sched_switch
                    ^"
error "trace_action: error: Event not found
  .@=count()
  ^"
error "trace_action: error: No such function or synthetic event
  irq:*.nope(1)
        ^"
is "no warnings" "$(grep -c WARNING /tmp/dmesg)" 0

# --- timers; the action of one waited until there was one

is "timers" "$(cat dynamic_events)" "i:b/tk 10ms
i:b/cpus 100hz percpu"
check "an action of a timer" grep -q -x '@tk=count()' events/b/tk/action
before=$(sed -n 's/^@tk = //p' tables/tk)
sleep 1
after=$(sed -n 's/^@tk = //p' tables/tk)
check "it fires" [ "${after:-0}" -gt "${before:-0}" ]
error "trace_timer: error: Period too short: at least 100us, at most 10000hz
  b/fast 10us
         ^"
error "trace_timer: error: Expecting a period, like 10ms or 99hz
  b/none
        ^"
# --- afterwards all is as if it had been written to the files

echo '!2' >>events/initcall/initcall_start/action
is "an action can be removed" "$(grep -c alone events/initcall/initcall_start/action)" 0
if [ -e kprobe_events ]; then
	put 'p:boot_a __x64_sys_kill' kprobe_events
	act kprobes 'printf("any"); stack()'
	put 'p:boot_b __x64_sys_kill' kprobe_events
	check "an event that comes prints what its system does" grep -q printf events/kprobes/boot_b/action
	put 0 events/kprobes/enable
	echo >events/kprobes/action
	echo >kprobe_events
fi
reset
is "all of it goes" "$(ls tables)" ""
echo >dynamic_events
is "timers, too" "$(cat dynamic_events)" ""

finish
