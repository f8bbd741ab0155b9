#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prints the images of filters as the kernel's JIT makes them; bench/native/run
# runs it in the guest.
#
# in:  /bench/texts, filters of sched:sched_switch, one a line
# out: for each a line: its image in hex, or - if the kernel does not take it

# the console is slow
dmesg -n 1
# the JIT shows in the kernel's log what it makes
echo 2 >/proc/sys/net/core/bpf_jit_enable || exit 1
while read -r text; do
	dmesg -c >/dev/null
	image=
	if echo "$text" 2>/dev/null >events/sched/sched_switch/filter; then
		image=$(dmesg | sed -n 's/.*JIT code: [0-9a-f]*: //p' | tr -d ' \n')
	fi
	echo "${image:--}"
done </bench/texts
