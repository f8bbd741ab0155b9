#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --modules --add tests/guest/check.inc:/check
#
# Filters on events that come and go with a module.

. /check
event=events/sample-trace/foo_bar

modprobe trace-events-sample || { fail "no module"; finish; }
check "its event has no filter" grep -q '^none$' $event/filter
check "a filter" put 'bar > 1000000' $event/filter
check "strings of several kinds" put 'foo ~ "hel*" && bar >= 0' $event/filter
check "a mask" put 'cpus & CPUS{0}' $event/filter
check "a dynamic string" put 'str ~ "*" && lstr != "x"' $event/filter
echo 1 >$event/enable
sleep 2.5
echo 0 >$event/enable
check "it has run" sh -c "! grep -q '^# runs: 0,' $event/program"
check "the record is decoded and kept" grep -q 'foo_bar:' trace

# an enumerator of the module
event=events/sample-trace/foo_bar_with_cond
check "another event of it" put 'bar % 2 == 0' $event/filter
check "the subsystem" put 'bar < 5' events/sample-trace/filter
mkdir instances/m
check "in an instance, too" put 'bar == 5' instances/m/events/sample-trace/foo_bar/filter
echo 1 >events/sample-trace/enable
echo 1 >instances/m/events/sample-trace/enable
check "a trigger" put 'stacktrace if bar == 1' events/sample-trace/foo_bar/trigger
sleep 1.5
echo 0 >events/sample-trace/enable
echo 0 >instances/m/events/sample-trace/enable
put '!stacktrace' events/sample-trace/foo_bar/trigger
check "unloaded with its filters" rmmod trace-events-sample
check "the events are gone" [ ! -e events/sample-trace ]
check "and back" modprobe trace-events-sample
is "without a filter" "$(cat events/sample-trace/foo_bar/filter)" none
check "one can be set again" put 'bar < 5' events/sample-trace/foo_bar/filter

# held open
exec 5<>events/sample-trace/foo_bar/filter
rmmod trace-events-sample 2>/dev/null || { exec 5<&-; rmmod trace-events-sample; }
check "a file held open does no harm" [ ! -e events/sample-trace ]
exec 5<&-
rmdir instances/m

modprobe trace-events-sample
put 'bar < 5' events/sample-trace/foo_bar/filter
exec 5>>events/sample-trace/foo_bar/filter
if rmmod trace-events-sample 2>/dev/null; then
	{ echo 'bar > 5' >&5; } 2>/dev/null && fail "written to an event that is gone" ||
		pass "an event that is gone takes no filter"
	exec 5>&-
else
	pass "a file held open holds the module"
	exec 5>&-
	check "  until it is closed" rmmod trace-events-sample
fi

finish
