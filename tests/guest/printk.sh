#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --append tp_printk --add tests/guest/check.inc:/check
#
# With tp_printk, records go to the console as well: those that the filter keeps.

. /check

printed() { dmesg | grep -c 'signal_generate: sig=\(18\|23\) '; }

put 'sig == 18 && code == 0' events/signal/signal_generate/filter
is "tracepoint_printk is on" "$(cat /proc/sys/kernel/tracepoint_printk)" 1
before=$(printed)
echo 1 >events/signal/signal_generate/enable
kills 23 18 23
is "one is printed" $(($(printed) - before)) 1
is "and recorded" "$(grep -c signal_generate: trace)" 1
put 'common_comm == "no"' events/signal/signal_generate/filter
kills 18
put 0 events/signal/signal_generate/filter
is "none if rejected early" $(($(printed) - before)) 1
kills 18
is "all without a filter" $(($(printed) - before)) 2
echo 0 >/proc/sys/kernel/tracepoint_printk
kills 18
is "none without tp_printk" $(($(printed) - before)) 2
echo 0 >events/signal/signal_generate/enable

finish
