#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 4 --timeout 400 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# Whatever is counted and what is dropped is what happened: from threads, soft
# and hard interrupts and NMIs on all CPUs at once, and from NMIs in the middle
# of the tables' own code.

. /check
. /act
dir=/sys/kernel/debug/contexts
event=contexts/fired
insmod /contexts.ko || { fail "no contexts.ko"; finish; }
n=${1:-2000}

# fired: how many events there were
fired() { awk '{ n += $2 } END { print n }' $dir/fire; }

# exact WHAT TABLE DROPS: counted and dropped is fired; DROPS is "none" or "some"
exact() {
	local sum=$(total $2) dropped=$(drops $2)

	is "$1: $sum and $dropped dropped" $((sum + dropped)) "$(fired)"
	[ "$3" = some ] || is "  none dropped" "$dropped" 0
}

# fires TEXT TABLE DROPS CONTEXTS
fires() {
	act $event "$1"
	echo "$4 $n" >$dir/fire
	exact "$1, $4" $2 $3
	reset
}

for c in task softirq irq nmi task,softirq,irq; do
	fires '@t = count()' t none $c
done
fires '@t[where] = count()' t none task,softirq,irq
fires '@t[name] = count()' t none task,softirq,irq
fires '@t[kstack(4)] = count()' t none task,irq
fires '@t[n] = count()' t some all
fires '@t = count()' t none all
fires '@t[where] = count()' t some all
fires '@t[fixed, where] = count()' t some all
fires '@t[where] += 1' t some all
fires '@t++' t some all
fires '@t[n % 50]++' t some all
fires '@t[n % 50] += 1; if (n % 10 == 3) @gone[n] = 1; delete(@gone[n - 10])' t some all
# an entry that is removed takes what it counted with it: here that is none
fires '@t[where] = count(); @other[n % 7] = n; delete(@other[(n + 3) % 7])' t some all
fires '@t[who, n / 100] = (count(), sum(1))' t some all

# sums, not only how often
act $event '@t[who] = sum(n)'
echo "task,softirq,irq $n" >$dir/fire
is "a sum" "$(total t)" $((4 * 3 * n * (n - 1) / 2))
reset
act $event '@t = hist(n)'
echo "task,softirq,irq $n" >$dir/fire
is "a histogram" "$(value t '')" $((4 * 3 * n))
reset

# full: what finds no room is dropped
put '@t[u64] = count size=64' table_control || fail "table_control"
act $event '@t[n] = count()'
echo "all $n" >$dir/fire
exact "full" t some
check "  of 64 there are no more" [ "$(entries t | wc -l)" -le 64 ]
check "  and most are dropped" [ "$(drops t)" -gt $((10 * n)) ]
reset

# read meanwhile: what is read never goes down
act $event '@t = count()'
echo "all $((4 * n))" >$dir/fire &
last=0
i=0
while [ $i -lt 50 ]; do
	now=$(value t '')
	[ "${now:-0}" -ge $last ] || fail "read $now after $last"
	last=${now:-0}
	i=$((i + 1))
done
wait
exact "read meanwhile" t some
reset

# one more entry and one less, all the time, with another reader
act $event '@live[n % 100] = n; delete(@live[(n + 50) % 100]); @t = count()'
echo "all $n" >$dir/fire &
for i in 1 2 3 4 5 6 7 8; do cat tables/live >/dev/null; done
wait
exact "made and removed" t some
check "  as many as there can be" [ "$(entries live | wc -l)" -le 100 ]
reset

# NMIs within
for f in trace_tap_table_helper_put trace_tap_table_helper_inc trace_tap_table_helper_count \
	 trace_tap_table_helper_sum trace_tap_table_helper_agg trace_tap_table_helper_del \
	 trace_tap_table_helper_get trace_tap_table_helper_has; do
	grep -q " $f\$" /proc/kallsyms || continue
	case $f in
	*_put)	text='@o[n % 5] = n; @t++' ;;
	*_inc)	text='@t[n % 5]++' ;;
	*_del)	text='@o[n % 5] = n; delete(@o[n % 5]); @t[n % 5] += 1' ;;
	*_get)	text='@o[n % 5] = 1; @t += @o[n % 5] >= 0' ;;
	*_has)	text='@o[n % 5] = 1; if (has(@o[n % 5]) || 1) @t += 1' ;;
	*_sum)	text='@t[n % 5] = sum(1)' ;;
	*_agg)	text='@t[n % 5] = (count(), max(n))' ;;
	*)	text='@t[n % 5] = count()' ;;
	esac
	act $event "$text"
	if echo "$f 3" 2>/dev/null >$dir/probe; then
		exact "within $f" t some
		check "  it was there" [ "$(awk '/kprobe/ { print $2 }' $dir/fire)" -gt 0 ]
	else
		echo "     $f takes no breakpoint"
	fi
	reset
done

rmmod contexts
finish
