#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --append trace_tap.jit=0 --add tests/guest/check.inc:/check --add tests/guest:/guest
#
# The same filters, triggers and injected events through the interpreter of
# eBPF; then both at once.

. /check

jit=/sys/module/trace_tap/parameters/jit
is "the JIT is off" "$(cat $jit)" N
# a kernel that checks itself is slow, and runs these tests anyway
tests="filter trigger inject"
[ ! -e /sys/kernel/debug/kmemleak ] || tests=inject
for t in $tests; do
	sh /guest/$t.sh >/tmp/$t
	is "$t.sh" "$(grep FAIL /tmp/$t; tail -n 1 /tmp/$t | sed 's/.*, //')" "0 failed"
done

# an image that is there is not compiled again
put "sig == 17" $kill_event/filter
put "sig == 18" events/syscalls/sys_enter_tkill/filter
put Y $jit
check "made before: interpreted" grep -q "^# filter: interpreted" $kill_event/program
put "sig == 17" $kill_event/filter
# (without a JIT in the kernel it is interpreted again)
if [ -e /proc/sys/net/core/bpf_jit_enable ]; then
	check "made afterwards: compiled" grep -q "^# filter: jited" $kill_event/program
fi
check "the other goes on" grep -q "^# filter: interpreted" events/syscalls/sys_enter_tkill/program
keeps "it filters" 1 kills 0 17 18

# constants that are blinded, as for programs of users who are not trusted
harden=/proc/sys/net/core/bpf_jit_harden
if [ -e $harden ]; then
	size=$(sed -n 's/^# filter: jited, \([0-9]*\).*/\1/p' $kill_event/program)
	echo 2 >$harden
	put "sig == 17" $kill_event/filter
	hardened=$(sed -n 's/^# filter: jited, \([0-9]*\).*/\1/p' $kill_event/program)
	check "hardened: another image, $hardened bytes, not $size" [ "$hardened" -gt "$size" ]
	keeps "  it filters" 1 kills 0 17 18
	filters "comm ~ '*s*h*' && sig in {1..17}" 1 kills 0 17 18
fi

finish
