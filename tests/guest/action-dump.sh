#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --splats --append ftrace_dump_on_oops --append oops=continue
# vm-run: --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act --add build/guest/fire:/fire
#
# What is dumped when the kernel dies, or when asked with sysrq: tables are
# behind the records, no more of a table than fits.

. /check
. /act

act syscalls/sys_enter_kill '@sigs[sig] = count(); @by[comm] = sum(sig); printf("signal %d", sig)'
act raw_syscalls/sys_enter '@many[nsecs] = count()'
kills 17 17 18
/fire getppid 3000
echo >events/raw_syscalls/sys_enter/action

# dumped: kernel messages since $from
dumped() { dmesg | sed "1,${from}d"; }
from=$(dmesg | wc -l)
echo z >/proc/sysrq-trigger
dumped >/tmp/dump
check "sysrq-z dumps the records" grep -q 'signal 17' /tmp/dump
check "  a table" grep -q '@sigs\[' /tmp/dump
is "  its entries" "$(grep -c '\[1[78]\] = [12]$' /tmp/dump)" 2
check "  another" grep -q '\["sh"\] = 52$' /tmp/dump
check "  behind the records" [ "$(grep -n 'signal 18' /tmp/dump | head -n 1 | cut -d: -f1)" -lt \
	"$(grep -n '@sigs' /tmp/dump | head -n 1 | cut -d: -f1)" ]
lines=$(wc -l </tmp/dump)
check "  of the large one not all: $lines lines" [ "$lines" -lt 2000 ]
check "  which it says" grep -q 'more' /tmp/dump
is "tracing goes on" "$(cat tracing_on)" 1
kills 17
is "  and counting" "$(value sigs 17)" 3

finish
