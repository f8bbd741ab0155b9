#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --program build/tapc --add tests/guest/check.inc:/check --add tools/tapc/providers
#
# tapc: each probe of each provider is something on this kernel, and is what its
# first candidate says; and files of the user's come before those of the program.

. /check
tapc=/usr/local/bin/build/tapc

# probes FILE: its probes; those with a '*' for the call that all tests are about
probes() { sed -n '/^[^#[:space:]]/ s/\*/kill/p' "$1"; sed -n '/^[^#[:space:]*]*$/p' "$1"; }

# first FILE PROBE: the events of its first candidate
first() {
	sed 's/\*/kill/g' "$1" | sed -n "/^$2\$/,/^[^[:space:]#]/ { /^[[:space:]]/ { s/^[[:space:]]*//; s/[[:space:]].*//; p; q } }" |
		tr , '\n'
}

for file in /providers/*; do
	for probe in $(probes "$file"); do
		is "$probe" "$("$tapc" --probes -e "$probe { }" 2>&1 | sed -n 's/.* = tracepoint://p')" \
			"$(first "$file" "$probe")"
	done
done

is "listed" "$("$tapc" -l 'io:*' | tr '\n' ' ')" "io:done io:queue io:start "
check "with arguments" sh -c "$tapc -lv io:done | grep -qx '    bytes = (args.nr_sector \* 512)'"
is "system calls" "$("$tapc" -l 'syscall:*:entry' | wc -l)" \
	"$(ls events/syscalls | grep -c ^sys_enter_)"

is "a run" "$("$tapc" -q -c '/bin/sh -c :' -e 'syscall:execve:entry { @[probe, args.argv != 0] = count(); }' |
	grep .)" "@[syscall:execve:entry, 1]: 1"
is "computed arguments" "$("$tapc" -q -c '/bin/sh -c :' -e 'vm:alloc { @ = min(args.pages); }' | grep .)" \
	"@: 1"

mkdir -p /tmp/tapc/providers
printf 'io:start\n\tblock:no_such_event\n\tblock:block_getrq\tsector=args.sector\n' >/tmp/tapc/providers/my
export XDG_CONFIG_HOME=/tmp
is "the user's own" "$("$tapc" --probes -e 'io:start { }' | head -n 1)" \
	"io:start = tracepoint:block:block_getrq"
is "others are as they were" "$("$tapc" --probes -e 'io:done { }' | head -n 1)" \
	"io:done = tracepoint:block:block_rq_complete"
finish
