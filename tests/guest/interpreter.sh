#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --append trace_tap.jit=0 --add tests/guest/check.inc:/check --add tests/guest:/guest
#
# The same filters, triggers and injected events through the interpreter of
# eBPF; then both at once.

. /check

jit=/sys/module/trace_tap/parameters/jit
is "the JIT is off" "$(cat $jit)" N
for t in filter trigger inject; do
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

finish
