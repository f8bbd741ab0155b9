#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
#
# The files of tables: declaring, resizing, limits, commands and what is wrong
# with them, how entries are shown, clearing all.

. /check
. /act

# control LINE: into table_control; its status
control() { { echo "$1" >"${instance:-.}/table_control"; } 2>/dev/null; }

# cmd TABLE LINE: into its file; its status
cmd() { { echo "$2" >"${instance:-.}/tables/$1"; } 2>/dev/null; }

first() { head -n 1 "${instance:-.}/tables/$1"; }
lines() { sed 1d "${instance:-.}/tables/$1"; }
declared() { grep '^@' "${instance:-.}/table_control"; }
memory() { sed -n 's/^# memory=\([0-9]*\).*/\1/p' "${instance:-.}/table_control"; }

# wrong WHAT LINE MESSAGE COLUMN: table_control refuses the line, and the error
# log says so, with a mark under that column, from 1
wrong() {
	local mark

	if control "$2"; then
		fail "$1: '$2' is taken"
		return
	fi
	is "$1" "$(tail -n 3 error_log | sed -n '1s/.*error: //p')" "$3"
	mark=$(tail -n 1 error_log)
	is "  marked" "$((${#mark} - 11))" "$4"
}

# --- declared

is "no tables" "$(ls tables)" ""
is "  and none are declared" "$(declared)" ""
check "a table" control '@us[u64.syscall, str16] = count, hist(2) size=100'
is "  is there" "$(ls tables)" us
is "  empty" "$(cat tables/us)" \
	"# @us[u64.syscall, str16] = count, hist(2) size=100 entries=0 drops=0"
is "  and can be written back" "$(declared)" \
	"@us[u64.syscall, str16] = count, hist(2) size=100"
is "  root's alone" "$(ls -l tables/us | cut -c 1-10)" "-rw-r-----"
before=$(memory)
check "  takes memory" [ "$before" -gt 100000 ]
check "again" control '@us[u64.syscall, str16] = count, hist(2) size=100'
check "without a size" control '@us[u64.syscall, str16] = count, hist(2)'
is "  nothing changes" "$(memory)" "$before"
check "with another size" control '@us[u64.syscall, str16] = count, hist(2) size=200'
is "  it is resized" "$(header us size)" 200
check "  takes more" [ "$(memory)" -gt "$before" ]
check "one that evicts" control '@start[s64] = u64 size=10 evict'
is "  says so" "$(first start)" "# @start[s64] = u64 size=10 entries=0 drops=0 evicted=0"
check "several lines" control '# a comment
@a = count

@b[kstack] = sum
'
is "  all are there" "$(ls tables | tr '\n' ' ')" "a b start us "
is "without a key there is one entry" "$(header a size)" 1
is "a usual size" "$(header b size)" 4096

cat table_control >/tmp/control
control remove
is "all removed" "$(ls tables)" ""
is "  and their memory" "$(memory)" 0
check "what was read can be written back" sh -c 'cat /tmp/control >table_control'
is "  all the same" "$(declared)" "$(grep '^@' /tmp/control)"
control remove

# --- in vain

control '@us[u64.syscall] = hist size=64'
wrong "another shape" '@us[str16] = count' 'Table has another shape' 1
is "  both are named" "$(tail -n 3 error_log | sed -n '1s/.*table: \(.*\): error.*/\1/p')" \
	"it is @us[u64.syscall] = hist, not @us[str16] = count"
wrong "another form" '@us[u64] = hist' 'Table has another shape' 1
wrong "no type" '@x[int] = count' 'Bad shape of a table' 4
wrong "no size" '@x[u64] = count size=' \
	'Expecting a number of entries, 1 to 16777216' 22
wrong "a size of 0" '@x[u64] = count size=0' \
	'Expecting a number of entries, 1 to 16777216' 22
wrong "too large" '@x[u64] = count size=16777217' \
	'Expecting a number of entries, 1 to 16777216' 22
wrong "another option" '@x[u64] = count size=5 big' 'Expecting size=N or evict' 24
wrong "no name" '@[u64] = count' 'A table without a name belongs to its program' 1
wrong "no limit" 'limit=much' 'Expecting a number' 7
wrong "no command" 'cleer' 'Expecting a table, limit=N, clear, remove or reset' 1
wrong "with an argument" 'clear us' 'Expecting a table, limit=N, clear, remove or reset' 1
check "lines in front of a wrong one are done" sh -c \
	"! printf '@first = count\nwrong\n@second = count\n' >table_control 2>/dev/null"
is "  those behind are not" "$(ls tables | tr '\n' ' ')" "first us "
control remove

# --- limit

control 'limit=256K'
is "a limit" "$(sed -n 's/^# memory=.* limit=//p' table_control)" 262144
wrong "more than that" '@big[u64] = count size=1000000' \
	"Memory limit of this instance's tables reached" 1
is "  is not there" "$(ls tables)" ""
is "  takes nothing" "$(memory)" 0
control '@small[u64] = count size=16'
refuses "nor by resizing" 'size=1000000' tables/small
is "  it stays as it is" "$(header small size)" 16
mkdir instances/a
is "another instance has its own" \
	"$(sed -n 's/^# memory=.* limit=//p' instances/a/table_control)" 67108864
control 'limit=64M'
control remove

# --- commands of a table

act syscalls/sys_enter_kill '@sent[sig] = count()'
kills 0 17 0 18 0 17
is "a table of a program" "$(cat tables/sent)" "# @sent[u64] = count size=4096 entries=3 drops=0
@sent[18] = 1
@sent[17] = 2
@sent[0] = 3"
: >tables/sent
is "to truncate does nothing" "$(total sent)" 6
refuses "an empty line" '' tables/sent
refuses "an unknown command" 'cleer' tables/sent
is "  says what there is" "$(tail -n 3 error_log | sed -n '1s/.*error: //p')" \
	"Expecting clear, zero, size=N or remove"
refuses "an overlong command" "clear$(printf '%100s' x)" tables/sent
check "zero" cmd sent zero
is "  keys stay" "$(lines sent)" "@sent[0] = 0
@sent[17] = 0
@sent[18] = 0"
kills 17
is "  counting goes on" "$(value sent 17)" 1
check "clear, in white space" cmd sent '  clear  '
is "  no entries" "$(header sent entries)" 0
kills 0
is "  counting goes on" "$(lines sent)" "@sent[0] = 1"
check "size" cmd sent size=2
is "  has room for so many" "$(first sent)" "# @sent[u64] = count size=2 entries=0 drops=0"
kills 0 17 18 18
is "  the rest are drops" "$(header sent entries) $(drops sent)" "2 2"
check "clear forgets drops" cmd sent clear
is "  they are gone" "$(drops sent)" 0
refuses "removing what is in use" remove tables/sent
is "  says why" "$(tail -n 3 error_log | sed -n '1s/.*error: //p')" \
	"Table is in use by a program"
check "removing all but that" control remove
is "  it stays" "$(ls tables)" sent

# --- open files

exec 3<tables/sent
kills 0 0 0
is "read as it was when opened" "$(cat <&3)" "# @sent[u64] = count size=2 entries=0 drops=0"
exec 3<&-
kills 17
exec 3<>tables/sent
echo >events/syscalls/sys_enter_kill/action
check "no program uses it any more" cmd sent remove
is "  it is gone" "$(ls tables)" ""
is "  who has it open can read on" "$(cat <&3)" "# @sent[u64] = count size=2 entries=2 drops=0
@sent[17] = 1
@sent[0] = 3"
check "  but not write" sh -c '! echo clear >&3' 2>/dev/null
exec 3<&-

# --- how it is shown

act syscalls/sys_enter_kill \
	'@[sig] = (count(), sum(sig), stats(sig), hist(sig), lhist(sig, 0, 20, 5))'
kills 17 17 18
is "a table without a name" "$(ls tables)" syscalls:sys_enter_kill
is "  is shown without it" "$(first syscalls:sys_enter_kill)" \
	"# @[u64] = count, sum(u64), stats(u64), hist(u64), lhist(u64, 0, 20, 5) size=2048 entries=2 drops=0"
is "several values" "$(entries syscalls:sys_enter_kill)" \
	"@[18] = (1, 18, (count 1, average 18, total 18), 1, 1)
@[17] = (2, 34, (count 2, average 17, total 34), 2, 2)"
is "histograms are told apart" "$(lines syscalls:sys_enter_kill | sed -n '2,5s/ .*//p')" \
	"$(printf '\tvalue\n\t[16,\n\tvalue\n\t[15,')"
is "  a declaration of it is a comment" \
	"$(grep -c '^# @\[u64\] = count, sum' table_control)" 1
reset

act syscalls/sys_enter_kill '@h = hist(sig)'
kills 0 0 0 17
full=@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
is "a histogram" "$(lines h)" "@h = 4
$(printf '\t%-16s %10s |%-52s|\n' '[0]' 3 $full '[1]' 0 '' '[2, 4)' 0 '' '[4, 8)' 0 '' \
	'[8, 16)' 0 '' '[16, 32)' 1 @@@@@@@@@@@@@@@@@)"
reset
act syscalls/sys_enter_kill '@l[hex(sig)] = lhist(sig, 10, 20, 4)'
kills 0 18
is "a linear histogram" "$(lines l)" "@l[0x0] = 1
$(printf '\t%-16s %10s |%-52s|\n' '(..., 10)' 1 $full)
@l[0x12] = 1
$(printf '\t%-16s %10s |%-52s|\n' '[18, 20)' 1 $full)"
reset
act raw_syscalls/sys_enter '/id == 62 && common_pid == '$$'/ @n[syscall_name(id), common_comm] = count()'
kills 17
is "a system call by its name" "$(lines n)" '@n[kill, "sh"] = 1' ||
	lines n
reset
act irq/softirq_entry '@v[enum(vec)] = count()'
sleep 0.2
check "enums by their names" grep -q '^@v\[\(TIMER\|SCHED\|RCU\)\] = ' tables/v
is "  the shape has the field" "$(first v | sed 's/ size.*//')" "# @v[s64.enum(vec)] = count"
reset
act sched/sched_switch '@k[kstack] = count()'
sleep 0.2
check "stacks have frames" grep -q "^	[a-zA-Z_].*+0x[0-9a-f]*/0x" tables/k
check "  and numbers" grep -q '^@k\[kstack#[1-9][0-9]*\] = [0-9]' tables/k
check "  which are counted" grep -q '^# stacks=[1-9][0-9]* size=[0-9]* drops=0' table_control
reset
echo '@p[probe] = count()' >events/syscalls/action
kills 17
check "events by their names" grep -q '^@p\[syscalls:sys_enter_kill\] = 1$' tables/p
reset

# --- whole reads

control '@many[s64] = s64 size=20000'
act syscalls/sys_enter_kill '@many[nsecs] = sig'
i=0
while [ $i -lt 3000 ]; do
	kill -0 $$
	i=$((i + 1))
done
check "more than a page" [ "$(wc -c <tables/many)" -gt 60000 ]
is "  whole" "$(entries many | wc -l)" 3000
is "  in small reads too" "$(dd if=tables/many bs=7 2>/dev/null | cksum)" "$(cksum <tables/many)"
check "  in order" awk -F '[][]' '/^@/ { if ($2 + 0 < last) bad = 1; last = $2 + 0 }
	END { exit bad }' tables/many

# --- instances, and all at once

instance=instances/a
act syscalls/sys_enter_kill '@there[sig] = count()'
control '@us[u64] = count'
instance=
kills 17
is "an instance has tables of its own" "$(ls instances/a/tables | tr '\n' ' ')" "there us "
is "  and the top its own" "$(ls tables)" many
check "clear of all" control clear
is "  no entries" "$(header many entries)" 0
check "reset" control reset
is "  no tables" "$(ls tables)" ""
is "  no actions" "$(grep -v '^#' $kill_event/action)" ""
is "  the other instance keeps its own" "$(ls instances/a/tables | tr '\n' ' ')" "there us "
check "an instance goes with its tables" rmdir instances/a

finish
