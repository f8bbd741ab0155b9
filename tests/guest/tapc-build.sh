#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tools/tapc/tests/build:/build
# vm-run: --program build/tapc --program build/tapc-check
# vm-run: --add tools/tapc/examples:/examples
#
# Shell scripts of `tapc build`, where there is no tapc: start, show, stop, and what
# is left behind is nothing. First those of units that are made by hand, then those
# of the examples.

. /check

# Only what is promised to be enough.
mkdir /few
for program in cat mkdir rmdir mount; do
	ln -s /bin/busybox /few/$program
done

# what is the same in all of them stands once
for script in /build/*.sh; do
	cat /build/runtime >>"$script"
done

# run SCRIPT COMMAND: its output is in /tmp/out
run() { PATH=/few sh "/build/$1.sh" "$2" >/tmp/out 2>&1; }
fails() { ! "$@"; }
says() { grep -q -e "$1" /tmp/out; }
read_some() { cat /etc/hosts /etc/passwd >/dev/null; (:); }

state() {
	cat dynamic_events table_control
	ls instances tables
	cat events/*/*/action
}
before=$(state)
clean() { is "$1: nothing is left" "$(state)" "$before"; }

check "usage" fails run all_in_one help
check "  is said" says '^usage: /build/all_in_one.sh start|show|stop$'
check "show before start" fails run all_in_one show
check "  says so" says 'does not run'
check "stop before start" fails run all_in_one stop
clean "stop"

check "start" run all_in_one start
check "  what does not exist is left out" says 'none: left out'
check "  and why" says 'Invalid probed address or symbol'
check "start twice" fails run all_in_one start
check "  says so" says 'runs already'
check "another one" run other start
read_some
sleep 0.3
check "show" run all_in_one show
check "  BEGIN" says ': begin$'
check "  a timer" says ': tick$'
check "  quotes" says "it's \"sh\", . \$HOME .id.\$"
check "  a probe beside one that does not exist" says '^@n\["a function"\] = '
check "  a table" says '^@n\["cat"\] = '
check "  one without a name" says '^@_ = '
check "  not what is the compiler's own" fails says secret
check "  END not yet" fails says '"end"'
check "show again" run all_in_one show
check "  of the other" run other show
check "  which has its own" says '^@n\["other"\] = '
check "  and no other" fails says '"cat"'
check "stop" run all_in_one stop
check "  END" says ': end$'
check "  its table" says '^@n\["end"\] = 1$'
check "  and others" says '^@n\["cat"\] = '
check "the other goes on" run other show
check "  as before" says '^@n\["other"\] = '
check "stop it" run other stop
clean "both"

check "a program is refused" fails run refused start
check "  which" says 'tracepoint:sched:sched_switch: write error'
check "  why" says 'event action parse error, line 2: error: Field not found'
check "  where" says '^  Command:.*ld r0, args.nothing$'
clean "refused"
check "an event is refused" fails run bad_event start
check "  which" says 'bad: write error'
check "  why" says 'Invalid probed address'
clean "refused event"
check "an event that does not exist" fails run absent start
check "  is named" says 'tracepoint:no:such_event: no event no/such_event'
clean "absent"
check "nothing is left to trace" fails run nothing start
check "  says so" says 'nothing to trace'
clean "nothing"

check "BEGIN alone" run script start
check "  stop" run script stop
check "  shows" says ': begin$'
clean "BEGIN"

# What a start that was killed leaves
echo 'p:tapc_other/left vfs_read' >>dynamic_events
check "stop cleans up" fails run other stop
clean "killed"
check "a user of the instance" run other start
cat instances/tapc-other/trace_pipe >/dev/null &
sleep 0.1
check "  is in the way" fails run other stop
check "  which is said" says 'something is left'
kill $!
wait $! 2>/dev/null
check "  stop again" run other stop
clean "busy"

cd /
# (who started this script is in there, too)
umount -l $tracefs
check "tracefs is mounted" run other start
cd $tracefs
check "  stop" run other stop
clean "mounted"

tapc=/usr/local/bin/build/tapc
# (one of them wants a number of seconds)
for example in /examples/*.bt; do
	name=${example##*/}
	name=$(echo "${name%.bt}" | tr -c 'a-z0-9\n' _)
	check "$name" $tapc check "$example" 2
	check "  build" $tapc build -o "/build/$name.sh" "$example" 2
	check "  start" run "$name" start
	check "  says nothing" [ ! -s /tmp/out ]
	read_some
	ls -l /etc | sort >/dev/null
	sleep 0.2
	check "  show" run "$name" show
	check "  stop" run "$name" stop
	check "  shows something" says ...
	clean "$name"
done
finish
