#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --add tests/guest/check.inc:/check --add tools/tapc/tests:/tests
#
# What `tapc check` says of programs, the kernel says of them, too: the same text,
# line and column. Programs are those of tools/tapc/tests/check/programs, what tapc
# says of them is in test_check.err, which the tests of tapc compare.

. /check

mkdir /p
awk '/^%% / { name = $2; print name >"/p/names"; sub(/^%% [^ ]* /, "")
	      print >("/p/" name ".event"); next }
     { print >("/p/" name ".program") }' /tests/check/programs

# expected NAME: what tapc says, without the name
expected() {
	awk -v name="$1" '
	/^[^\t]/ { take = index($0, "refuse " name ":") || $0 == name ": ok"
		   sub(/^.*would refuse [^:]*: /, ""); sub(/^[^ ]*: ok$/, "ok") }
	take { print }' /tests/test_check.err
}

# the same from what the kernel's log has; without the time, and what is detail
said() {
	tail -n 3 error_log | awk '
	/^\[/ { line = $0; sub(/^.* line /, "", line); sub(/:.*/, "", line)
		sub(/^.*: error: /, ""); sub(/: @.*, not @.*/, ""); print $0 ", line " line " of its program:" }
	/^  Command: / { sub(/^  Command: /, ""); n = match($0, /[^ ]/) - 1
		sub(/^ */, ""); print "\t" $0 }
	/^ *\^$/ { print "\t" substr($0, 12 + n) }'
}

while read -r name; do
	event=$(cat "/p/$name.event")
	[ "$name" != no-event ] || continue
	echo '@n[str16, u64] = count' >table_control
	case $event in
	run_once) file=run_once ;;
	*\ *)
		echo "$event" >>dynamic_events
		file=events/tapc_check/k/action ;;
	*) file=events/$event/action ;;
	esac
	if cat "/p/$name.program" >"$file" 2>/dev/null; then
		got=ok
	else
		got=$(said)
	fi
	is "$name" "$got" "$(expected "$name")"
	echo reset >table_control
	[ ! -d events/tapc_check ] || echo '-:tapc_check/k' >>dynamic_events
done </p/names
finish
