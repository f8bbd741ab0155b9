#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --modules --add tests/guest/check.inc:/check
#
# Events of TRACE_EVENT_DEBUG(): there if the command line says trace_debug, as
# in debug-events-on.sh, and else nowhere.

. /check

grep -qw trace_debug /proc/cmdline && on=1 || on=0
events='foo_bar_debug foo_with_template_debug'
others='foo_bar foo_with_template_simple'
banners() { dmesg | grep -c 'trace_debug on the command line'; }

is "no banner where there is no such event" "$(banners)" 0
modprobe trace-events-sample || { fail "no module"; finish; }
for e in $events; do
	dir=events/sample-trace/$e
	check "$e is a tracepoint" grep -q "__traceiter_$e" /proc/kallsyms
	is "  in available_events" "$(grep -c "^sample-trace:$e\$" available_events)" $on
	for f in enable filter format id program trigger hist inject action; do
		[ -e "events/sample-trace/foo_bar/$f" ] || continue
		is "  the file $f" "$([ -e $dir/$f ] && echo 1 || echo 0)" $on
	done
	for name in "$e" "sample-trace:$e" "*:$e"; do
		is "  set_event, $name" "$(put "$name" set_event && echo 1 || echo 0)" $on
	done
	: >set_event
	if [ -e dynamic_events ]; then
		is "  an event probe" "$(put "e:t/$e sample-trace/$e bar=\$bar:s32" dynamic_events &&
			echo 1 || echo 0)" $on
		echo >dynamic_events
	fi
done
for e in $others; do
	check "$e is there" [ -e "events/sample-trace/$e/enable" ]
done
is "the banner" "$(banners)" $on
if [ $on = 1 ]; then
	check "  is a box" sh -c "dmesg | grep -A 1 -B 4 'trace_debug on the' | grep -q '\*\*\*\*\*\*\*\*'"
fi

echo 1 >events/sample-trace/enable
mkdir instances/i
echo 1 >instances/i/events/sample-trace/enable
sleep 1.5
for e in foo_bar $events; do
	[ $e = foo_bar ] && want=1 || want=$on
	for t in trace instances/i/trace; do
		is "$e in $t" "$(grep -q " $e: foo" $t && echo 1 || echo 0)" $want
	done
done
echo 0 >events/sample-trace/enable
rmdir instances/i

rmmod trace-events-sample
check "the module goes" [ ! -e events/sample-trace ]
modprobe trace-events-sample
is "and comes back" "$(ls events/sample-trace | grep -c _debug)" $((2 * on))
is "  without another banner" "$(banners)" $on
rmmod trace-events-sample
check "no warning" sh -c "! dmesg | grep -q 'WARNING:'"
finish
