#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check
#
# The file "filter": expressions, old and new, programs in any number of
# writes, writes that fail, and what "program" and "error_log" show.

. /check
filter=$kill_event/filter
program=$kill_event/program

# --- expressions

while IFS='|' read -r want text; do
	filters "$(eval "echo \"$text\"")" "$want" kills 0 17 18 0
done <<'ROWS'
2|sig == 0
2|sig != 0
1|sig == 17
3|sig < 18
4|common_pid == $$
0|common_pid != $$
4|pid == $$
4|comm == 'sh'
0|comm == 'shell'
4|comm ~ 's*' && sig <= 18
1|sig == 17 && pid == $$ || sig == 99
2|!(sig == 0)
2|sig & 1 || sig & 2
2|sig in {1, 17..18}
2|(sig & 0x10) == 16
4|pid == common_pid + 0
1|sig * 2 == 36
2|0 == sig
4|common_tgid == pid
4|uid == 0 && common_comm in {'sh', 'x'}
4|cpu >= 0 && cpu < ncpus
4|args.pid == $$
ROWS

# --- errors: code, column, and what was in force stays

errors() { grep -A 4 'parse error' error_log | tail -n 2; }

put "sig == 18" $filter
while IFS='|' read -r text column message; do
	echo >error_log
	refuses "refuses $text" "$text" $filter
	errors >/tmp/error
	is "  message" "$(grep -c "error: $message" error_log)" 1
	# "  Command: " is as long as the caret's line begins with blanks
	is "  column" "$(tail -n 1 /tmp/error | tr -d '\n' | wc -c)" $((11 + column))
	is "  the filter stays" "$(tail -n 1 $filter)" "sig == 18"
	keeps "  and works" 1 kills 0 17 18
done <<'ROWS'
sigg == 1|6|Field not found
sig == 1 + (2|14|Expecting ')'
sig == x|9|Invalid value (did you forget quotes)?
pid + nope == 1|7|No such field, builtin or enum
sig in {5..4}|9|Range ends before it begins
ROWS
put 0 $filter
is "cleared" "$(cat $filter)" none
refuses "an empty text" "" $filter

# --- programs

put "sig in {17, 18} && comm == 'sh'" $filter
grep -v '^#' $program >/tmp/program
check "the program is shown" grep -q '^tap 1 filter$' /tmp/program
if [ "$(cat /sys/module/trace_tap/parameters/jit)" = N ]; then
	state=interpreted
else
	state=jited
fi
check "it is $state" grep -q "^# filter: $state" $program
keeps "it filters" 2 kills 0 17 18
is "runs and matches" "$(grep '^# runs' $program)" "# runs: 3, matches: 2"
for bs in 1 2 3 7 16 100 4096; do
	put 0 $filter
	check "writes of $bs bytes" sh -c "dd if=/tmp/program of=$filter bs=$bs 2>/dev/null"
	is "  the same program" "$(grep -v '^#' $program)" "$(cat /tmp/program)"
	is "  the text is shown" "$(cat $filter)" "$(cat /tmp/program)"
	keeps "  it filters" 2 kills 0 17 18
done
cat $program >/tmp/all
check "what is shown can be written" sh -c "cat /tmp/all >$filter"

put "sig == 18" $filter
check "a program without end: no error" sh -c "head -n 2 /tmp/program >$filter"
is "  but in the log" "$(grep -c "Program without 'end'" error_log)" 1
is "  and the old one stays" "$(tail -n 1 $filter)" "sig == 18"
while IFS='|' read -r message text; do
	echo >error_log
	printf "$text" >/tmp/bad
	check "refuses $text" sh -c "! dd if=/tmp/bad of=$filter bs=64k 2>/dev/null"
	is "  message" "$(grep -c "error: $message" error_log)" 1
	keeps "  the filter stays" 1 kills 0 17 18
done <<'ROWS'
Unknown version of tap bytecode|tap 2 filter\nret 1\nend\n
Not a program for this file|tap 1 action\nret 1\nend\n
Unknown opcode|tap 1 filter\nnop\nret 1\nend\n
Field not found|tap 1 filter\nld r0, args.nope\nret r0\nend\n
Register may be read before it is set|tap 1 filter\nret r0\nend\n
Jump does not go forward|tap 1 filter\na: jmp a\nend\n
Operand has the wrong type|tap 1 filter\nld r0, comm\nret r0\nend\n
ROWS

# --- sizes

# as many terms as a page holds, all in vain but the last
i=0 text="sig == 17"
while [ $i -lt 200 ]; do
	text="sig == 10$i || $text"
	i=$((i + 1))
done
put "$text" $filter
keeps "200 terms" 1 kills 0 17 18
i=0 text="(sig == 17)"
while [ $i -lt 500 ]; do
	text="!(!($text))"
	i=$((i + 1))
done
put "$text" $filter
keeps "nested a thousand deep" 1 kills 0 17 18
put 0 $filter
text=$(dd if=/dev/zero bs=5000 count=1 2>/dev/null | tr '\0' ' ')
refuses "more than a page" "sig == 1$text" $filter

finish
