#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --mem 1024 --timeout 900 --add tests/guest/check.inc:/check --add tests/debug/jobs.inc:/jobs
#
# Allocations fail at random while actions and tables are made: what was in force
# stays, nothing leaks. fail-nth.sh does it one by one.

. /check
. /jobs

rounds=${1:-24}
fail=/sys/kernel/debug/failslab
pages=/sys/kernel/debug/fail_page_alloc
action=$kill_event/action
refused=0 done=0

if [ ! -d $fail ]; then
	echo "no fault injection in this kernel"
	finish
fi
for f in $fail $pages; do
	echo Y >$f/task-filter
	echo 0 >$f/verbose
	echo 0 >$f/interval
	echo -1 >$f/times
	echo N >$f/ignore-gfp-wait
done
echo 0 >$pages/min-order
echo scan >/sys/kernel/debug/kmemleak
echo clear >/sys/kernel/debug/kmemleak

# try TEXT FILE: only the shell that writes is made to fail
try() {
	if (
		echo 1 >/proc/self/make-it-fail
		printf '%s\n' "$1" >"$2"
	) 2>/dev/null; then
		done=$((done + 1))
	else
		refused=$((refused + 1))
		return 1
	fi
}

in_force() { grep -v '^#' "$1"; }

for prob in 1 3 10 30; do
	echo $prob >$fail/probability
	echo $((prob / 3)) >$pages/probability
	i=0
	while [ $i -lt $((rounds / 4)) ]; do
		for text in "@a$i[sig, comm] = count()" "@[kstack] = sum(sig + $i)" \
			"@b = hist(sig); printf(\"%d $i\", sig)" \
			"/sig == $i/ @c[pid] += 1; stack(); record()"; do
			old=$(in_force $action)
			try "$text" $action && old=$text
			[ "$(in_force $action)" = "$old" ] ||
				fail "after '$text': $(in_force $action)"
			kill -0 $$
		done
		try "@s$i[probe] = count()" events/signal/action
		try "@d$i[u64] = count size=100" table_control
		try "size=$((i * 100 + 10))" tables/b
		cat tables/* $kill_event/program >/dev/null 2>&1
		[ $((i % 8)) != 0 ] || try reset table_control
		i=$((i + 1))
	done
done
echo 0 >$fail/probability
echo 0 >$pages/probability
check "$refused of $((refused + done)) writes failed" [ $refused -gt 0 -a $done -gt 0 ]
check "with memory again" put reset table_control
is "nothing is in force" "$(in_force $action | grep -v none)" ""
is "no table is left" "$(ls tables)" ""

no_leaks

finish
