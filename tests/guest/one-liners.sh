#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --modules --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --add build/guest/fire:/fire --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# What one types on a board: an echo each. What the tables and the trace have
# then is held against what is known without them: how often a program did
# something, what the kernel counts in /proc, or the records of the same event.

. /check
. /act
modprobe null_blk || fail "no null_blk"
insmod /contexts.ko || fail "no contexts.ko"
echo 8192 >buffer_size_kb
echo 0 >options/hash-ptr
cpus=$(grep -c ^processor /proc/cpuinfo)

row() { echo "--- $*"; }

# noisy EVENT...: record it as well. Rows that do, begin with tracing off, and end
# with it
noisy() {
	for e; do
		echo 1 >events/$e/enable
	done
}
quiet() { echo 0 >events/enable; reset; echo 1 >tracing_on; }

# irqs NAME: how many /proc/interrupts has had
irqs() { awk -v name="$1" '$NF == name { for (i = 2; i <= 1 + '"$cpus"'; i++) n += $i }
	END { print n + 0 }' /proc/interrupts; }

# interrupts of the serial line
serial() {
	local i=0

	while [ $i -lt 10 ]; do
		echo . >/dev/ttyS0
		usleep 2000
		i=$((i + 1))
	done
	sleep 0.2
}

row 1
act raw_syscalls/sys_enter '@[comm] = count()'
/fire getppid 100
is "system calls of a program" "$(value raw_syscalls:sys_enter counted)" 101
quiet

row 2
act raw_syscalls/sys_exit '/ret < 0/ @[comm, syscall_name(id), ret] = count()'
/fire close 50 getppid 20
is "those that fail" "$(value raw_syscalls:sys_exit 'counted, close, -9')" 50
is "  and no others" "$(total raw_syscalls:sys_exit '\["counted,*"')" 50
quiet

row 3
act raw_syscalls/sys_enter '@t[common_pid] = nsecs'
act raw_syscalls/sys_exit '/@t[common_pid]/ @us[syscall_name(id)] = hist((nsecs - @t[common_pid]) / 1000); delete(@t[common_pid])'
/fire getppid 200 nap 10
echo >events/raw_syscalls/sys_enter/action
echo >events/raw_syscalls/sys_exit/action
is "how long they take: how many" "$(value us getppid)" 201
is "  of another" "$(value us clock_nanosleep)" 11
is "  which takes a millisecond" "$(hist us clock_nanosleep |
	awk '$1 < 512 { n += $2 } END { print n + 0 }')" 0
check "  who is in none has no start" [ "$(entries t | wc -l)" -lt 40 ]
quiet

row 4
act syscalls/sys_enter_openat 'printf("%s %s", common_comm, ustr(filename))'
echo >trace
/fire open:/etc/hosts 30
is "who opens what" "$(records ': counted /etc/hosts$')" 30
quiet

row 5
act sched/sched_process_exec 'printf("%s", filename)'
echo >trace
for i in 1 2 3 4 5 6 7; do /bin/true; done
is "what is executed" "$(records ': /bin/true$')" 7
quiet

row 6
act sched/sched_process_fork '@[parent_comm] = count()'
/fire fork 25
is "who forks" "$(value sched:sched_process_fork counted)" 25
quiet

row 7
echo 0 >tracing_on
act kmem/kmalloc '@[kstack] = sum(bytes_alloc)'
noisy kmem/kmalloc
gated /fire open:/etc/hosts 10 fork 2
is "bytes allocated, by stack" "$(total kmem:kmalloc)" \
	"$(sed -n 's/.* kmalloc: .*bytes_alloc=\([0-9]*\).*/\1/p' trace | awk '{ n += $1 } END { print n }')"
check "  a stack of a system call" grep -q 'do_syscall_64+' tables/kmem:kmalloc
is "  none dropped" "$(drops kmem:kmalloc)" 0
quiet

row 8
echo 0 >tracing_on
act kmem/kmalloc '@live[ptr] = bytes_alloc'
act kmem/kfree 'delete(@live[ptr])'
noisy kmem/kmalloc kmem/kfree
gated /fire open:/etc/hosts 10 fork 3
is "what is allocated and not freed: how many, bytes" \
	"$(entries live | wc -l) $(total live)" "$(awk '
	match($0, /ptr=[0-9a-fx]+/) { p = substr($0, RSTART, RLENGTH) }
	/ kmalloc: / { match($0, /bytes_alloc=[0-9]+/)
		live[p] = substr($0, RSTART + 12, RLENGTH - 12) }
	/ kfree: / { delete live[p] }
	END { for (p in live) { n++; sum += live[p] }; print n + 0, sum + 0 }' trace)"
quiet

row 9
act irq/irq_handler_entry '@[name] = count()'
sleep 0.2
echo clear >tables/irq:irq_handler_entry
before=$(irqs ttyS0)
serial
is "interrupts of the serial line" "$(value irq:irq_handler_entry ttyS0)" \
	$(($(irqs ttyS0) - before))
check "  some" [ "$(value irq:irq_handler_entry ttyS0)" -gt 5 ]
put "irq=5 name='disk one'" events/irq/irq_handler_entry/inject
put "irq=5 name='disk one'" events/irq/irq_handler_entry/inject
is "  one with a blank" "$(value irq:irq_handler_entry 'disk one')" 2
quiet

row 10
act irq/irq_handler_entry '@s[common_cpu] = nsecs'
act irq/irq_handler_exit '@us[irq] = hist((nsecs - @s[common_cpu]) / 1000)'
sleep 0.2
echo clear >tables/us
before=$(irqs ttyS0)
serial
is "how long handlers run: how many" "$(value us 4)" $(($(irqs ttyS0) - before))

row 11
# a start that is yet to come, so none takes too long
act irq/irq_handler_entry '@s[common_cpu] = nsecs + 3600000000000'
act irq/irq_handler_exit 'if (nsecs - @s[common_cpu] > 1000000) traceoff()'
serial
taskset 1 sh -c 'echo "irq=4 ret=1" >events/irq/irq_handler_exit/inject'
is "none takes too long" "$(cat tracing_on)" 1
act irq/irq_handler_entry '@s[common_cpu] = nsecs'
serial
# (the serial line's are on CPU 0)
taskset 1 sh -c 'usleep 5000; echo "irq=4 ret=1" >events/irq/irq_handler_exit/inject'
is "one took too long: tracing is off" "$(cat tracing_on)" 0
quiet

row 12
echo 0 >tracing_on
act sched/sched_wakeup '@q[pid] = nsecs'
act sched/sched_switch '/@q[next_pid]/ @us = hist((nsecs - @q[next_pid]) / 1000); delete(@q[next_pid])'
noisy sched/sched_wakeup sched/sched_switch
gated /fire nap 50 fork 5
is "from wakeup to the CPU: how many" "$(value us '')" "$(awk '
	/ sched_wakeup: / { match($0, / pid=[0-9]+/)
		woken[substr($0, RSTART + 5, RLENGTH - 5)] = 1 }
	/ sched_switch: / { match($0, /next_pid=[0-9]+/)
		p = substr($0, RSTART + 9, RLENGTH - 9)
		if (p in woken) { n++; delete woken[p] } }
	END { print n + 0 }' trace)"
check "  enough" [ "$(value us '')" -ge 50 ]
quiet

row 13
echo 0 >tracing_on
act sched/sched_switch '@o[prev_pid] = nsecs; if (@o[next_pid]) @off[next_comm] = sum(nsecs - @o[next_pid])'
noisy sched/sched_switch
gated /fire -c 0 nap 40
want=$(awk '
	/ sched_switch: / {
		match($0, / [0-9]+\.[0-9]+: /); t = substr($0, RSTART + 1, RLENGTH - 3)
		match($0, /prev_pid=[0-9]+/); off[substr($0, RSTART + 9, RLENGTH - 9)] = t
		match($0, /next_pid=[0-9]+/); p = substr($0, RSTART + 9, RLENGTH - 9)
		if (/next_comm=counted / && p in off) sum += t - off[p] }
	END { printf "%d", sum * 1000000 }' trace)
got=$(value off counted)
got=$((${got:-0} / 1000))
check "off the CPU, in us: $got, by the records $want" \
	[ $((got - want)) -lt $((want / 10)) -a $((want - got)) -lt $((want / 10)) ]
check "  at least what it slept" [ "$got" -gt 30000 ]
quiet

row 14
act block/block_rq_issue '@[comm] = hist(bytes)'
dd if=/dev/zero of=/dev/nullb0 bs=4096 count=10 oflag=direct 2>/dev/null
dd if=/dev/zero of=/dev/nullb0 bs=65536 count=3 oflag=direct 2>/dev/null
is "sizes of requests" "$(echo $(hist block:block_rq_issue dd | awk '$2'))" "4096 10 65536 3"
quiet

row 15
act block/block_rq_issue '@io[dev, sector] = nsecs'
act block/block_rq_complete '/@io[dev, sector]/ @us = hist((nsecs - @io[dev, sector]) / 1000); delete(@io[dev, sector])'
dd if=/dev/zero of=/dev/nullb0 bs=4096 count=10 oflag=direct 2>/dev/null
dd if=/dev/zero of=/dev/nullb0 bs=65536 count=3 oflag=direct 2>/dev/null
is "how long requests take: how many" "$(value us '')" 13
is "  none is left" "$(entries io)" ""
quiet

row 16
act power/cpu_frequency '@[cpu_id, state] = count()'
for i in 1 2 3; do put "cpu_id=1 state=1200000" events/power/cpu_frequency/inject; done
for i in 1 2; do put "cpu_id=0 state=800000" events/power/cpu_frequency/inject; done
is "frequencies" "$(value power:cpu_frequency '1, 1200000') $(value power:cpu_frequency '0, 800000')" "3 2"
quiet

row 17
act exceptions/page_fault_user '@[common_comm] = count()'
/fire fault 100
is "page faults" "$(value exceptions:page_fault_user counted)" 100
quiet

row 18
echo 0 >tracing_on
put 'i:profile/hz99 99hz percpu' dynamic_events || fail "no timer"
act profile/hz99 '@[kstack] = count()'
noisy profile/hz99
gated dd if=/dev/zero of=/dev/null bs=64k count=20000 2>/dev/null
# one a CPU may come between the ring buffer's end and that of actions
n=$(($(total profile:hz99) - $(records ' hz99: ')))
check "a profile of the kernel: its stacks, $n more than records" [ "$n" -ge "-$cpus" -a "$n" -le "$cpus" ]
check "  some" [ "$(records ' hz99: ')" -gt 10 ]
check "  with what was interrupted" grep -q '	vfs_read+' tables/profile:hz99
is "  not with what interrupted it" "$(grep -c -e hrtimer_interrupt -e tick_fires tables/profile:hz99)" 0
quiet
check "  the timer goes" put '-:profile/hz99' dynamic_events
act contexts/fired '@[kstack] = count()'
echo "irq 300" >/sys/kernel/debug/contexts/fire
is "  from timers of a module" "$(total contexts:fired)" $((300 * cpus))
quiet

row 19
put 'p:t/wrote vfs_write n=$arg3' dynamic_events || fail "no kprobe"
act t/wrote '@[common_comm] = sum(n)'
/fire mark:hello 40
is "bytes written" "$(value t:wrote counted)" 200
quiet
put '-:t/wrote' dynamic_events

row 20
act syscalls/sys_enter_getppid '@slow[common_pid] = 1'
check "a filter that reads a table" put '@slow[common_pid]' events/sched/sched_switch/filter
mkdir instances/all
echo "prev_comm == 'counted'" >instances/all/events/sched/sched_switch/filter
noisy sched/sched_switch
echo 1 >instances/all/events/sched/sched_switch/enable
echo >trace
/fire getppid 1 nap 30
/fire -n other nap 30
echo 0 >events/enable
n=$(grep -c 'prev_comm=counted' instances/all/trace)
is "  who is in it is recorded" "$(records 'prev_comm=counted')" "$n"
check "  often enough" [ "$n" -ge 30 ]
is "  who is not is not" "$(records 'prev_comm=other')" 0
rmdir instances/all
put 0 events/sched/sched_switch/filter
quiet

row 21
echo 0 >tracing_on
act irq/softirq_entry '@[enum(vec)] = count()'
noisy irq/softirq_entry
gated sh -c 'sleep 0.5; ping -c 3 -i 0.1 127.0.0.1 >/dev/null 2>&1'
for vec in TIMER RCU NET_RX SCHED; do
	n=$(records "action=$vec\]")
	is "softirqs: $vec" "$(value irq:softirq_entry $vec)" "$([ "$n" = 0 ] || echo "$n")"
done
check "  some" [ "$(total irq:softirq_entry)" -gt 3 ]
quiet

row 22
echo >trace
act raw_syscalls/sys_enter '/@n[0] < 100/ @n[0] += 1; record()'
/fire getppid 500
is "the first hundred are recorded" "$(records ' sys_enter: ')" 100
is "  and counted" "$(value n 0)" 100
quiet

row 23
echo '@[probe] = count()' >events/action || fail "refused: events/action"
/fire getppid 100 fork 5
echo >events/action
is "every event: a system call" "$(value all:all syscalls:sys_enter_getppid)" 101
is "  and back" "$(value all:all syscalls:sys_exit_getppid)" 101
is "  a fork" "$(value all:all sched:sched_process_fork)" 7
check "  many more" [ "$(entries all:all | wc -l)" -gt 30 ]
quiet

row 24
act contexts/fired 'if (delta > 5000000) { stack(); snapshot() }'
echo >trace
echo "task 10" >/sys/kernel/debug/contexts/fire
cat trace snapshot >/tmp/both
is "stacks of what is slow" "$(grep -c 'stack trace' /tmp/both)" $((4 * cpus))
check "  from where it was" grep -q 'source_thread' /tmp/both
check "  and a snapshot" sh -c "grep -q 'stack trace' snapshot"
quiet

rmmod contexts
finish
