#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add build/guest/user_event:/user_event
#
# Filters on events that users make: kprobes, return probes, fprobes,
# tracepoint, event and user probes, user events.

. /check

# counted WHAT EVENT N COMMAND...: N records of an event that has its filter
counted() {
	local what=$1 event=$2 n=$3

	shift 3
	echo >trace
	echo 1 >events/$event/enable
	"$@" >/dev/null 2>&1
	echo 0 >events/$event/enable
	is "$what" "$(grep -c " ${event#*/}: " trace)" "$n"
}

define() { put "$1" dynamic_events || fail "dynamic_events: $1"; }

# --- kprobe and what returns

define 'p:t/kill __x64_sys_kill pid=+112(%di):s32 sig=+104(%di):s32 name=$comm:string'
put 'sig == 18 && name ~ "s*"' events/t/kill/filter
counted "kprobe, a field and a string" t/kill 1 kills 0 17 18
put '(sig & 1) && pid == common_pid' events/t/kill/filter
counted "kprobe, field against field" t/kill 1 kills 0 17 18
put 'common_pid == 1' events/t/kill/filter
check "  is asked early" grep -q 'before there is a record' events/t/kill/program
counted "kprobe, early" t/kill 0 kills 0 17 18

define 'r:t/kill_ret __x64_sys_kill ret=$retval:s64'
put 'ret < 0' events/t/kill_ret/filter
counted "kretprobe" t/kill_ret 1 sh -c 'kill -0 $$; kill -0 99999'

define 'f:t/fkill __x64_sys_kill'
put 'common_comm == "sh" && __probe_ip != 0' events/t/fkill/filter
counted "fprobe" t/fkill 2 kills 17 18
put 'common_comm == "sh" && __probe_ip == 0' events/t/fkill/filter
counted "fprobe, nothing" t/fkill 0 kills 17 18

# --- tracepoint and event probes

define 't:t/sig signal_generate sig=$arg1:s32'
put 'sig in {17..18}' events/t/sig/filter
counted "tracepoint probe" t/sig 2 kills 17 18 23

define "e:t/ekill syscalls/sys_enter_kill sig=\$sig:s32 if sig == 17"
counted "event probe with a condition" t/ekill 1 kills 0 17 18
put 'sig == 18' events/t/ekill/filter
counted "  and a filter on top" t/ekill 0 kills 0 17 18
put 0 events/t/ekill/filter
define "e:t/ekill2 syscalls/sys_enter_kill sig=\$sig:s32 if sig * 2 in {34, 36} && common_pid == $$"
counted "event probe with an extended condition" t/ekill2 2 kills 0 17 18
refuses "  a wrong one" "e:t/ekill3 syscalls/sys_enter_kill if sigg == 1" dynamic_events
refuses "  another" "e:t/ekill3 syscalls/sys_enter_kill if sig + == 1" dynamic_events

# --- user probe: the program's entry, which each new process passes once

elf_word() { od -A n -t u8 -j "$1" -N 8 /bin/busybox | tr -d ' '; }
# static and not moved: the segment of the entry begins at a multiple of 4096
entry=$(elf_word 24)
phoff=$(elf_word 32)
offset=
for i in 0 1 2 3 4 5 6 7; do
	ph=$((phoff + 56 * i))
	off=$(elf_word $((ph + 8)))
	addr=$(elf_word $((ph + 16)))
	size=$(elf_word $((ph + 32)))
	if [ "$entry" -ge "$addr" ] && [ "$entry" -lt $((addr + size)) ]; then
		offset=$((entry - addr + off))
	fi
done
define "p:t/start /bin/busybox:$(printf 0x%x $offset) sp=%sp:u64 argc=+0(%sp):u64"
put 'argc == 3' events/t/start/filter
counted "uprobe" t/start 3 sh -c '/bin/echo a; /bin/echo a b; /bin/echo c d; /bin/echo'
put 'argc > 1 && (sp & 15) == 0' events/t/start/filter
counted "uprobe, arithmetic" t/start 1 /bin/echo a
put 'common_comm == "no"' events/t/start/filter
counted "uprobe, early" t/start 0 /bin/echo a

# --- user events

check "user events" /user_event "u_ev u32 n; char[8] s" 'n >= 3 && s == "odd"' 6 2
put 'n >= 3' events/user_events/u_ev/filter || pass "a user event goes with its program"

for e in events/t/*/; do
	put 0 "$e/filter"
done
check "all go" put "" dynamic_events
echo >dynamic_events

finish
