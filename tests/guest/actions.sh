#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --add build/guest/fire:/fire
#
# The file "action": how it is written and read, what "program" shows, what
# statements do, actions of systems and of all events.

. /check
. /act
action=$kill_event/action
program=$kill_event/program
filter=$kill_event/filter
kill=syscalls/sys_enter_kill

# in_force FILE: entries, without comments
in_force() { grep -v '^#' "$1"; }
# numbered N: the text of entry N
numbered() { awk -v n="# $1:" 'on { print; exit } index($0, n) == 1 {
	on = 1; if (length($0) > length(n) + 1) { print substr($0, length(n) + 2); exit } }' $action; }

# --- the file

is "nothing at first" "$(grep -v '^#' $action | grep -v -x none)" ""
act $kill '@a[sig] = count()'
is "an entry" "$(in_force $action)" '@a[sig] = count()'
is "  is the first" "$(numbered 1)" '@a[sig] = count()'
also $kill '@b = sum(sig)'
is "another" "$(numbered 2)" '@b = sum(sig)'
is "  beside it" "$(in_force $action | wc -l)" 2
kills 0 17 17
is "both have run" "$(value a 17) $(value b '')" "2 34"
is "the same again" "$({ echo '@b = sum(sig)' >>$action; } 2>&1 | grep -c 'File exists')" 1
also $kill '@c = max(sig)'
check "removed by number" put '!2' $action
is "  that one" "$(in_force $action)" "@a[sig] = count()
@c = max(sig)"
check "removed by text" put '!@a[sig] = count()' $action
is "  that one" "$(in_force $action)" '@c = max(sig)'
refuses "none has the number" '!2' $action
refuses "none has the text" '!@a[sig] = count()' $action
act $kill '@d = count()'
is "> replaces" "$(in_force $action)" '@d = count()'
is "tables stay" "$(value a 17)" 2
: >$action
is "to open it for write changes nothing" "$(in_force $action)" '@d = count()'
echo >$action
is "a bare echo clears" "$(grep -v '^#' $action | grep -v -x none)" ""
refuses "a table of another shape" '@a[sig, pid] = count()' $action
check "  both are named" grep -q '@a\[.*@a\[' error_log
reset
is "reset: no tables" "$(ls tables | grep -c -v control)" 0

# several lines at once, as the file shows them
act $kill '@a[sig] = count()
@b = sum(sig)
/sig == 17/ printf("seventeen"); record()'
is "three lines" "$(in_force $action | wc -l)" 3
cat $action >/tmp/shown
check "what is shown can be written" sh -c "cat /tmp/shown >$action"
is "  and is the same" "$(cat $action)" "$(cat /tmp/shown)"
kills 17
is "  and runs" "$(records seventeen)" 1
refuses "one of three is wrong" '@a[sig] = count()
@b = nope
@c = count()' $action
is "  nothing has changed" "$(in_force $action)" "$(grep -v '^#' /tmp/shown)"
act $kill '# a comment
@a[sig] = count()'
is "comments in front" "$(in_force $action)" '@a[sig] = count()'
reset

# --- program

put 'sig == 17 || sig == 18' $filter
act $kill '/sig == 17/ @a[sig] = count()
@b = sum(sig)'
kills 0 17 18 17
is "programs are shown" "$(grep -c '^tap 1 ' $program)" 3
is "  two of them actions" "$(grep -c '^tap 1 action$' $program)" 2
is "  runs and matches of each" "$(sed -n 's/^# runs: \([0-9]*\), matches: \([0-9]*\).*/\1 \2/p' $program |
	tail -n 2 | tr '\n' ' ')" "4 2 4 4 "
cat $program >/tmp/program
grep -v '^#' $program >/tmp/instructions
echo >$action
put 0 $filter
check "it can be written to action" sh -c "cat /tmp/program >$action"
is "  two entries" "$(grep -c '^end$' $action)" 2
check "and to filter" sh -c "cat /tmp/program >$filter"
is "  the same programs" "$(grep -v '^#' $program)" "$(cat /tmp/instructions)"
put 0 $filter
awk '/^tap 1 action/ { on = 1 } on { print } on && /^end/ { exit }' /tmp/instructions >/tmp/one
for bs in 1 7 100 4096; do
	echo >$action
	check "in writes of $bs bytes" sh -c "dd if=/tmp/one of=$action bs=$bs 2>/dev/null"
	is "  one entry" "$(grep -c '^end$' $action)" 1
done
refuses "a filter is none" 'tap 1 filter
ret 1
end' $action
refuses "an expression is none" 'sig == 17' $action
refuses "an action is no filter" '@a[sig] = count()' $filter
reset
is "reset clears actions" "$(grep -v '^#' $action | grep -v -x none)" ""

# --- the event need not be enabled, nor recorded

act $kill '@n = count()'
is "it is not enabled" "$(cat $kill_event/enable | tr -d '*')" 0
kills 17 18
is "  and runs" "$(value n '')" 2
put 'sig == 18' $filter
keeps "a filter rejects the record" 1 kills 17 18
is "  but not the action" "$(value n '')" 4
put 0 $filter
echo 0 >tracing_on
kills 17
is "not with tracing off" "$(value n '')" 4
echo 1 >tracing_on
is "nothing is recorded" "$(echo >trace; kills 17; records sys_kill)" 0
reset

# --- statements

# does TEXT TABLE WANT: after signals 0, 17 and 18; an entry is KEY=VALUE
does() {
	act $kill "$1"
	kills 0 17 18
	is "$1" "$(for key in $4; do echo "$key=$(value $2 "$key")"; done | tr '\n' ' ')$(
		[ -n "$4" ] || value $2 '')" "$3"
	reset
}
does '@t = count()' t 3
does '@t = sum(sig)' t 35
does '@t = min(sig)' t 0
does '@t = max(sig)' t 18
does '@t = avg(sig)' t 11
does '@t = sig' t 18
does '@t += sig' t 35
does '@t++' t 3
does '@t[sig] = sig * 2' t '17=34 18=36 ' '17 18'
does '@t[sig > 0] = count()' t '0=1 1=2 ' '0 1'
does '@t[0] = max(sig); if (@t[0] == 17) @u = count()' u 1
does '@t[sig] = 1; if (sig == 18) delete(@t[17])' t '0=1 17= 18=1 ' '0 17 18'
does '@t[sig] = 1; if (sig == 18) delete(@t, 17)' t '0=1 17= 18=1 ' '0 17 18'
does 'if (sig == 17) { @t = count(); @u = sum(sig) }' u 17
does '/sig > 0/ @t = count();' t 2
does '@t[comm] = count()' t 'sh=3 ' sh
does '@t["x"] = count()' t 'x=3 ' x
does '@t[hex(sig)] = count()' t '0x11=1 0x12=1 ' '0x11 0x12'
does '@t[probe] = count()' t 'syscalls:sys_enter_kill=3 ' syscalls:sys_enter_kill
does '@t[syscall_name(__syscall_nr)] = count()' t 'kill=3 ' kill
does '@t[arg2] = count()' t '17=1 18=1 ' '17 18'
does '@t = sig; if (has(@t)) @u = count()' u 3
does 'if (has(@t[17])) @u = count(); @t[sig] = 0' u 1
does 'if (has_key(@t, 17)) @u = count(); @t[sig] = 0' u 1
does 'if (!@t[17]) @u = count(); @t[sig] = 1' u 2
does '@t[tid == pid] = count()' t '1=3 ' 1
does '@t[sig / 0] = count()' t '0=3 ' 0
does '@t[sig - 18] = count()' t '-18=1 -1=1 0=1 ' '-18 -1 0'

act $kill '@t[sig] = (count(), sum(sig), max(pid))'
kills 17 17
check "several values" grep -q '^@t\[17\] = (2, 34, ' tables/t
reset
act $kill '@t[sig] = count(); if (sig == 23) clear(@t)'
kills 17 18 23
usleep 200000
is "clear()" "$(entries t)" ""
reset
act $kill '@t[sig] = count(); if (sig == 23) zero(@t)'
kills 17 18 23
usleep 200000
is "zero(): entries stay" "$(entries t | wc -l)" 3
is "  their values do not" "$(total t)" 0
reset
act $kill '@t[sig] = hist(pid)'
kills 17 17 18
is "hist()" "$(value t 17)" 2
reset
act $kill '@t = lhist(sig, 0, 20, 5)'
kills 0 17 18 23
is "lhist()" "$(hist t '' | awk '$2' | tr '\n' ' ')" "0 1 15 2 20 1 "
reset
act $kill '@t = stats(sig)'
kills 17 18
check "stats()" grep -q '^@t = count 2, average 17, total 35$' tables/t
reset

# prints TEXT WANT: what is in the trace after signal 17
prints() {
	act $kill "$1"
	echo >trace
	kills 17
	is "$1" "$(grep -v '^#' trace | sed 's/^[^:]*: [^:]*: //')" "$2"
	reset
}
prints 'printf("%d", sig)' 17
prints 'printf("%d\n", sig)' 17
prints "printf('%d', sig)" 17
prints 'printf("a %5d|%-5d|%05d|%x|%#x|%u|%c%%", sig, sig, sig, sig, sig, sig, 65)' \
	'a    17|17   |00017|11|0x11|17|A%'
prints 'printf("%lld %lu %hhd", sig - 18, sig, sig + 256)' '-1 17 273'
prints 'printf("%s", comm)' sh
prints 'printf("%s %d %s", comm, sig, "x")' 'sh 17 x'
prints 'printf("%10s|%-4s|%.1s", comm, comm, comm)' '        sh|sh  |s'
prints 'printf("%s", probe)' syscalls:sys_enter_kill
prints 'printf("\t\"%d\" \\", sig)' '	"17" \'
prints 'printf("%s %s", syscall_name(__syscall_nr), hex(sig))' 'kill 0x11'
prints 'printf("nothing")' nothing
prints 'print(sig)' 17
prints 'print(comm)' sh
prints '/sig == 18/ print(sig)' ''
prints '@t[sig] = 4; print(@t[17])' 4

act $kill 'stack()'
echo >trace
kills 17
is "stack()" "$(grep -c 'stack trace' trace)" 1
check "  from the system call on" grep -q '=> do_syscall_64' trace
reset
act $kill 'printf("%s", kstack)'
echo >trace
kills 17
check "a stack in a print" grep -q 'do_syscall_64+' trace
reset
act $kill '@[kstack(3)] = count(); @u[ustack] = count()'
kills 17
check "stacks as keys" grep -q '[a-z_0-9]*+0x' tables/syscalls:sys_enter_kill
check "  of the user" [ -n "$(entries u)" ]
reset
act $kill '/sig == 17/ record()'
echo >trace
kills 0 17 18
is "record(): that one" "$(records sys_kill)" 1
echo 1 >$kill_event/enable
kills 0 17
echo 0 >$kill_event/enable
is "  once if it is enabled" "$(records sys_kill)" 3
put 'sig == 18' $filter
echo >trace
echo 1 >$kill_event/enable
kills 0 17 18
echo 0 >$kill_event/enable
is "  whatever the filter says" "$(records sys_kill)" 2
put 0 $filter
reset
act $kill '/sig == 17/ traceoff()
@n = count()'
kills 18 17 18 18
is "traceoff()" "$(cat tracing_on)" 0
is "  and nothing is counted then" "$(value n '')" 2
echo 1 >tracing_on
reset
act $kill 'traceoff(); traceon()'
kills 17
is "traceon()" "$(cat tracing_on)" 1
reset
act $kill '/sig == 17/ snapshot()'
echo >trace
/fire mark:before 1
kills 17
check "snapshot()" grep -q before snapshot
reset
echo 0 >snapshot

# --- synthetic events

put 'killed int sig; char who[16]; u64 n' synthetic_events
act $kill '/sig/ killed(sig, comm, sig * 2)'
echo >trace
echo 1 >events/synthetic/killed/enable
kills 0 17 18
is "a synthetic event" "$(records 'killed: sig=17 who=sh n=34$')" 1
is "  each time" "$(records 'killed: ')" 2
act synthetic/killed '@k[who, n] = count()'
kills 17 18 18
is "  has actions" "$(value k 'sh, 36')" 2
refuses "  not with that many arguments" 'killed(sig)' $action
refuses "  one of a type that does not fit" 'killed(comm, sig, sig)' $action
refuses "  that is in use stays" '!killed' synthetic_events
act synthetic/killed 'killed(sig, who, n + 1)'
act $kill '/sig/ killed(sig, comm, sig)'
echo >trace
kills 17 18
is "an action does not run inside itself" "$(records 'killed: ')" 4
check "  which is counted" grep -q '^#.*skipped: 2' events/synthetic/killed/program
echo 0 >events/synthetic/killed/enable
reset
check "  it goes when nobody uses it" put '!killed' synthetic_events

# --- filters that read tables

act $kill '/sig == 23/ @on[pid] = 1'
put '@on[pid]' $filter
keeps "a filter that reads a table" 2 kills 17 23 18
kills 23
put 'sig == 17 && has(@on[pid])' $filter
keeps "  with other conditions" 1 kills 17 18
put '@on[pid] + sig > 18' $filter
keeps "  and arithmetic" 1 kills 17 18
refuses "  of a table there is not" '@nope[pid]' $filter
refuses "  with another key" '@on[comm]' $filter
check "a table in use is not removed" sh -c "! echo remove 2>/dev/null >tables/on"
put 0 $filter
echo >$action
check "  but then" sh -c "echo remove >tables/on"
check "  it is gone" [ ! -e tables/on ]
reset

# --- systems, and all events

check "an action of a system" put '/sig == 17/ @s[probe] = count()' events/syscalls/action
kills 17 18
is "  where it fits" "$(value s syscalls:sys_enter_kill)" 1
is "  it is a comment there" "$(grep -c '^#.*@s\[probe\]' $action)" 1
is "  not where it does not" "$(grep -c '@s\[probe\]' events/syscalls/sys_enter_openat/action)" 0
is "  its own file has it" "$(in_force events/syscalls/action)" '/sig == 17/ @s[probe] = count()'
also $kill '@own = count()'
echo >events/syscalls/action
is "cleared there" "$(grep -c '@s\[' $action)" 0
is "  the event's own stays" "$(in_force $action)" '@own = count()'
refuses "fits no event" '@s[no_such_field] = count()' events/syscalls/action
check "an action of all events" put '/common_pid == '$$'/ @all[probe] = count()' events/action
kills 17
is "  runs" "$(value all syscalls:sys_enter_kill)" 1
check "  in others, too" [ -n "$(value all signal:signal_generate)" ]
is "  programs of most are shared" "$(grep -c 'shared by [0-9][0-9][0-9]' $program)" 1
check "  a second one" put '@more[sig] = count()' events/action
check "  removed" put '!1' events/action
kills 17
is "  it is gone" "$(value all syscalls:sys_enter_kill)" 1
check "  the other is not" [ "$(value more 17)" -ge 1 ]
reset
is "reset clears those, too" "$(in_force events/action | grep -v -x none)" ""
kills 17
is "  no table is made again" "$(ls tables | grep -c -v control)" 0

# --- instances

mkdir instances/a
act $kill '@n = count()'
instance=instances/a
act $kill '@n = sum(sig); record()'
kills 17 18
is "an instance has its own" "$(value n '')" 35
is "  and its records" "$(records sys_kill)" 2
instance=
is "  the top, too" "$(value n '')" 2
echo reset >instances/a/table_control
is "  reset is of one" "$(value n '')" 2
instance=instances/a
act $kill '@n = count()'
instance=
check "an instance goes with all it has" rmdir instances/a
reset

finish
