#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check
#
# A kernel that is locked down shows and takes no filter, no action and no table.

. /check

mount -t securityfs security /sys/kernel/security 2>/dev/null
lockdown=/sys/kernel/security/lockdown
[ -e $lockdown ] || { echo "no lockdown in this kernel"; finish; }

put "sig == 17" $kill_event/filter
check "it can be read" sh -c "cat $kill_event/program >/dev/null"
put "@t[sig] = count()" $kill_event/action
echo confidentiality >$lockdown
for f in $kill_event/filter $kill_event/program events/syscalls/filter \
	 $kill_event/action events/syscalls/action events/action tables/t table_control; do
	check "$f is not shown" sh -c "! cat $f >/dev/null 2>&1"
done
for f in $kill_event/filter events/syscalls/filter $kill_event/trigger; do
	refuses "$f is not taken" "sig == 18" $f
done
for f in $kill_event/action events/syscalls/action events/action; do
	refuses "$f is not taken" "@u = count()" $f
done
refuses "a table is not cleared" clear tables/t
refuses "nor all" reset table_control

finish
