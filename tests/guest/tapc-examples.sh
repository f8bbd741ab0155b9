#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --modules --program build/tapc --add tests/guest/check.inc:/check --add tools/tapc/examples
#
# tapc: each example runs, and shows something of what goes on meanwhile.

. /check
tapc=/usr/local/bin/build/tapc

modprobe null_blk nr_devices=1 irqmode=2 completion_nsec=100000
cat >/tmp/work <<'WORK'
for i in 1 2 3 4; do
	cat /etc/passwd
	ls /nothing
	grep root /etc/group
	dd if=/dev/zero of=/dev/nullb0 bs=4k count=10 oflag=direct
	dd if=/dev/urandom of=/dev/null bs=64k count=20
	sleep 0.4
done >/dev/null 2>&1
WORK

for file in /examples/*.bt; do
	name=$(basename "$file" .bt)
	"$tapc" -c 'sh /tmp/work' "$file" 1 >/tmp/out 2>/tmp/err
	is "$name" "$? $(cat /tmp/err)" "0 "
	# events are counted until its own time is over
	check "  shows something" [ "$(grep -c . /tmp/out)" -gt 1 ]
done
is "nothing is left" "$(ls instances) $(cat dynamic_events)" " "
finish
