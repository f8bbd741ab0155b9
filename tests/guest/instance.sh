#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check
#
# Filters of one event in several instances, and those of a subsystem, which
# share programs.

. /check

# --- instances

mkdir instances/a instances/b
put "sig == 17" $kill_event/filter
put "sig == 18" instances/a/$kill_event/filter
put "sig in {17, 18}" instances/b/$kill_event/filter
for i in . instances/a instances/b; do
	echo >$i/trace
	echo 1 >$i/$kill_event/enable
done
kills 0 17 17 18
is "at the top" "$(grep -c sys_kill trace)" 2
is "in one instance" "$(grep -c sys_kill instances/a/trace)" 1
is "in another" "$(grep -c sys_kill instances/b/trace)" 3

# runs CPU-independent: what each counts is its own
is "each counts for itself" "$(sed -n 's/^# runs: //p' $kill_event/program)/$(
	sed -n 's/^# runs: //p' instances/a/$kill_event/program)" \
	"4, matches: 2/4, matches: 1"

check "the same text shares the image" put "sig == 17" instances/a/$kill_event/filter
check "  and says so" grep -q 'shared by 2$' instances/a/$kill_event/program
refuses "an error in one" "sigg == 1" instances/a/$kill_event/filter
is "  is not one in another" "$(cat $kill_event/filter)" "sig == 17"
check "  is in its own log" grep -q 'Field not found' instances/a/error_log
is "  and in no other" "$(grep -c 'Field not found' error_log)" 0

echo 0 >instances/a/$kill_event/enable
echo 0 >instances/b/$kill_event/enable
check "an instance goes with its filters" rmdir instances/a
check "and with a filter in use" rmdir instances/b
echo >trace
kills 17 18
is "the one at the top stays" "$(grep -c sys_kill trace)" 1
check "it is not shared any more" sh -c "! grep -q 'shared' $kill_event/program"
echo 0 >$kill_event/enable
put 0 $kill_event/filter

# --- subsystems

in_force() { grep -l -v -x -r none events/$1/*/filter | wc -l; }
events_in() { ls -d events/$1/*/ | wc -l; }

is "no filters" "$(in_force syscalls)" 0
check "a filter of hundreds of events" put "common_pid == $$" events/syscalls/filter
is "all have it" "$(in_force syscalls)" "$(events_in syscalls)"
shared=$(sed -n 's/^# filter: .*shared by //p' $kill_event/program)
is "all share its image" "$shared" "$(events_in syscalls)"
is "and what is asked early" "$(sed -n 's/^# before.*shared by //p' $kill_event/program)" "$shared"
echo >trace
echo 1 >$kill_event/enable
kills 17
(kill -17 $$; true) &
wait $!
echo 0 >$kill_event/enable
is "it filters" "$(grep -c sys_kill trace)" 1

# fields that lie at the same place
check "a filter on a field" put "fd == 3" events/syscalls/filter
n=$(grep -l -x -r 'fd == 3' events/syscalls/*/filter | wc -l)
check "where there is one" [ "$n" -gt 20 ]
check "  one image serves" grep -q "shared by [0-9][0-9]" events/syscalls/sys_enter_read/program
is "the others keep theirs" \
	"$(grep -l -x -r "common_pid == $$" events/syscalls/*/filter | wc -l)" \
	$(($(events_in syscalls) - n))

# "pid" is a field of kill(), so it is no builtin in open()
check "a name that only some have" put "pid == 5 + 0" events/syscalls/filter
check "  is not a builtin for the others" sh -c \
	"! grep -q '^pid == 5 + 0' events/syscalls/sys_enter_openat/filter"
is "  is a field for those" "$(tail -n 1 $kill_event/filter)" "pid == 5 + 0"
check "the builtin by its other name" put "common_tgid == 5" events/syscalls/filter
is "  is for all" "$(grep -l -x -r 'common_tgid == 5' events/syscalls/*/filter | wc -l)" \
	"$(events_in syscalls)"

check "a name that none has is no error" put "no_such_field == 5" events/syscalls/filter
check "  but the file says so" grep -q "Couldn't find or set field" events/syscalls/filter
is "  and filters stay" "$(tail -n 1 $kill_event/filter)" "common_tgid == 5"
check "a program" sh -c "printf 'tap 1 filter\nld r0, args.fd\nret r0\nend\n' >events/syscalls/filter"
check "  where it fits" grep -q 'ld.*args.fd' events/syscalls/sys_enter_read/filter
refuses "a program that is wrong everywhere" "tap 1 filter
nop
end" events/syscalls/filter
check "cleared" put 0 events/syscalls/filter
is "none has a filter" "$(in_force syscalls)" 0

finish
