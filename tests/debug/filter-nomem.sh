#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Allocations fail while filters are written: the old filter stays in force,
# nothing leaks.
#
# vm-run: --smp 2 --mem 1024 --timeout 900
#
# in:  tracefs as the current folder
# out: how many writes failed; status 1 if one of them changed something, if
#      none failed, or if kmemleak finds something

rounds=${1:-80}
fail=/sys/kernel/debug/failslab
pages=/sys/kernel/debug/fail_page_alloc
switch=events/sched/sched_switch
status=0 failed=0 passed=0

if [ ! -d $fail ]; then
	echo "no fault injection in this kernel"
	exit 0
fi

for f in $fail $pages; do
	echo Y >$f/task-filter
	echo 0 >$f/verbose
	echo 0 >$f/interval
	echo -1 >$f/times
done
echo N >$fail/ignore-gfp-wait
echo N >$pages/ignore-gfp-wait
echo 0 >$pages/min-order

# try FILE TEXT: only the shell that writes is made to fail
try() {
	(
		echo 1 >/proc/self/make-it-fail
		printf '%s\n' "$2" >"$1"
	) 2>/dev/null
}

# check TEXT FILE OLD: after a write of TEXT, OLD or TEXT is in force
check() {
	now=$(grep -v '^#' "$2")
	if try "$2" "$1"; then
		passed=$((passed + 1))
		want=$1
	else
		failed=$((failed + 1))
		want=$now
	fi
	if [ "$(grep -v '^#' "$2")" != "$want" ]; then
		echo "after '$1' in force:"
		cat "$2"
		status=1
	fi
}

echo 1 >events/sched/enable
for prob in 1 3 10 30; do
	echo $prob >$fail/probability
	echo $((prob / 3)) >$pages/probability
	i=0
	while [ $i -lt $((rounds / 4)) ]; do
		check "prev_prio < $i && next_comm ~ \"*k*$i\"" $switch/filter
		check "common_pid in {1, $i, 9..12} || prev_comm == next_comm" $switch/filter
		try events/sched/filter "common_pid != $i" && passed=$((passed + 1))
		try $switch/trigger "stacktrace if prev_pid == $i" &&
			echo '!stacktrace' >$switch/trigger
		cat $switch/program >/dev/null
		i=$((i + 1))
	done
done
echo 0 >$fail/probability
echo 0 >$pages/probability

echo "$failed of $((failed + passed)) writes failed"
[ $failed -gt 0 ] && [ $passed -gt 0 ] || status=1

# And with memory again
echo 'prev_prio < 5' >$switch/filter || status=1
[ "$(cat $switch/filter)" = 'prev_prio < 5' ] || status=1
echo 0 >events/sched/filter
echo 0 >events/sched/enable

leaks=/sys/kernel/debug/kmemleak
if [ -w $leaks ]; then
	echo scan >$leaks
	sleep 6
	echo scan >$leaks
	cat $leaks
	[ -z "$(cat $leaks)" ] || status=1
fi
exit $status
