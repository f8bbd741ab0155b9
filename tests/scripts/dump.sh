#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests what a kernel that dies leaves on its console: crashes guests, in several
# ways, and looks for what their actions printed and their tables hold; and
# what the next boot finds in a buffer that outlives one.
#
#	tests/scripts/dump.sh [BZIMAGE [CASE...]]
#
# out: "ok" or "FAILED" and what, a line a check; status 1 if one failed
#
# KEEP=FOLDER leaves there what the last guest printed, out, and its console, log.
#
# Actions are set by the kernel's command line, or, with ACTIONS_BY=script, by the
# guest's script. tests/guest/action-dump.sh is about what a guest can see
# that lives on.

. "$(dirname "$0")/../../scripts/lib.sh"
usage "$@"

kernel=${1:-$build/bzImage}
cases=${*:2}
name=${kernel##*/bzImage}
name=${name#-}
modules=$build/guest/${name:-tap}
actions_by=${ACTIONS_BY:-cmdline}
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP-}" ] || trap 'rm -rf "$work"' EXIT
passed=0 failed=0

guest_programs
guest_modules "${name:-tap}"

# verdict WHAT [WHY]: of a check, which failed if there is a reason
verdict() {
	if [ $# = 1 ]; then
		passed=$((passed + 1))
		echo "ok      $1"
	else
		failed=$((failed + 1))
		echo "FAILED  $1: $2"
	fi
}

check() {
	local what=$1

	shift
	if "$@"; then
		verdict "$what"
	else
		verdict "$what" "$*"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		verdict "$1"
	else
		verdict "$1" "'$2', not '$3'"
	fi
}

# begin NAME: a case; false if only others were asked for
begin() {
	actions=() tables=() append=ftrace_dump_on_oops
	[ -z "$cases" ] || [[ " $cases " == *" $1 "* ]] || return
	echo "        $1:"
}

# guest OPTION...: boots one with $append on its command line, where the actions
# are "[INSTANCE/]SYSTEM:EVENT.TEXT" in $actions and the tables "[INSTANCE/]TEXT"
# in $tables, and runs the script on stdin there: $rc, and in $work out, what it
# printed, and log, the console.
guest() {
	local a

	: >"$work/actions"
	: >"$work/tables"
	for a in "${tables[@]}"; do
		if [ "$actions_by" = cmdline ]; then
			append="$append \"trace_table=$a\""
		else
			printf '%s\n' "$a" >>"$work/tables"
		fi
	done
	for a in "${actions[@]}"; do
		if [ "$actions_by" = cmdline ]; then
			append="$append \"trace_action=$a\""
		else
			printf '%s\n' "$a" >>"$work/actions"
		fi
	done
	cat >"$work/script" - <(cat) <<'SH'
kill_event=events/syscalls/sys_enter_kill
crash=/sys/kernel/debug/crash
while IFS= read -r line; do
	file=table_control
	case $line in
	[!@]*/@*) file=instances/${line%%/*}/$file; line=${line#*/} ;;
	esac
	echo "$line" >>$file || echo "refused: $line"
done </tables
while IFS= read -r line; do
	event=${line%%.*}
	dir=.
	case $event in
	*/*) dir=instances/${event%%/*}; event=${event#*/} ;;
	esac
	echo "${line#*.}" >>$dir/events/${event%:*}/${event#*:}/action || echo "refused: $line"
done </actions
insmod /crash.ko
kills() { local s; for s; do kill -$s $$; done; }
SH
	rc=0
	"$top/scripts/vm-run" -k "$kernel" --timeout 60 --append "$append" \
		--add "$work/actions" --add "$work/tables" --add "$modules/crash.ko" \
		--add "$modules/contexts.ko" --add "$build/guest/fire" "$@" "$work/script" \
		>"$work/out" 2>"$work/err" </dev/null || rc=$?
	log=$(sed -n 's/.*kernel messages: //p' "$work/err")
	: >"$work/log"
	# what the kernel was told has the names, too
	[ -z "$log" ] || tr -d '\r' <"$log" | grep -v 'ommand line: ' >"$work/log"
	check "all was taken" eval "! grep refused '$work/out'"
}

# part [INSTANCE]: what was dumped of the instance, or of the top
part() {
	sed -E 's/^\[[^]]*\] //' "$work/log" |
		awk -v head="Dumping ftrace ${1:+instance $1 }buffer:" '
			/^Dumping ftrace / { on = $0 == head; part = 0 }
			/^---------------------------------$/ { part++; next }
			/ \(ftrace buffer empty\)$/ { part = 2; next }
			on && part == 2 && !/^(# |@|\t)/ { on = 0 }
			on'
}

# records [INSTANCE], tables_of [INSTANCE]: one of its parts; lines that were
# too long are long again
records() { part ${1+"$1"} | grep -v '^[#@	]' | grep '\.\.\.\.\|d\.\.\.\|:'; }
tables_of() {
	part ${1+"$1"} | grep '^[#@	]' |
		awk '{ if (more) sub(/^\t/, " "); printf "%s", $0; more = /,$/
			if (!more) print "" } END { if (more) print "" }'
}

# as_dumped: files of tables on stdin as they are dumped: histograms in a line
as_dumped() {
	awk '
	function flush() { if (line != "") print "\t" line; line = "" }
	/^\t[[(].*\|$/ {
		sub(/^\t/, ""); sub(/ *\|.*/, "")
		n = $NF; range = $0; sub(/ +[0-9]+$/, "", range)
		if (n > 0) line = line (line == "" ? "" : ", ") range " " n
		next }
	{ flush(); print }
	END { flush() }'
}

# same WHAT FILE COMMAND...: FILE, what the tables showed, is what the command
# prints, whatever the order
same() {
	local what=$1 file=$2

	shift 2
	as_dumped <"$file" | sort >"$work/want"
	"$@" | sort >"$work/got"
	check "$what: $(wc -l <"$work/got") lines" eval \
		"[ -s '$work/want' ] && diff '$work/want' '$work/got'"
}

# between MARK...: what the guest's script printed between the lines "MARK ..."
between() { sed -n "/^MARK $1\$/,/^MARK /p" "$work/out" | grep -v '^MARK'; }

if begin sysrq; then	# a panic; all that there is, in the top
	append="$append trace_tap.dump_lines=100000 trace_instance=other"
	tables=('@few[s64] = count size=2')
	actions=(
		"syscalls:sys_enter_kill.@sigs[sig] = count(); printf('signal %d of %s', sig, comm)"
		"syscalls:sys_enter_kill.@by[comm] = (count(), sum(sig), avg(sig), max(sig))"
		"syscalls:sys_enter_kill.@h = hist(sig); @l[comm] = lhist(sig, 0, 30, 5); @st = stats(sig)"
		"syscalls:sys_enter_kill.@last[sig] = comm; @n += sig; @few[sig] = count()"
		"syscalls:sys_enter_kill.@none[sig] = count(); delete(@none[sig])"
		"other/syscalls:sys_enter_kill.@elsewhere[sig] = count()"
	)
	guest --smp 2 <<'SH'
insmod /contexts.ko
echo '@from[kstack] = count(); @wide = lhist(n, 0, 1000, 1)' >events/contexts/fired/action
echo '@cut = (lhist(n, 0, 1000, 1), lhist(n, 1, 1001, 1), lhist(n, 2, 1002, 1), count())' \
	>>events/contexts/fired/action
echo "task,irq 1000" >/sys/kernel/debug/contexts/fire
kills 17 17 18 0 23 28
printf 'a"b\\\001\377\tc\n' >/proc/$$/comm
kills 17 18 18
printf sh >/proc/$$/comm
echo MARK trace; grep -o 'signal .*' trace
echo MARK tables; for t in tables/*; do [ $t = tables/cut ] || cat $t; done; echo MARK end
echo c >/proc/sysrq-trigger
SH
	is "the guest died" $rc 125
	between trace >"$work/printed"
	is "what was printed" "$(wc -l <"$work/printed")" 9
	check "is in the dump" diff "$work/printed" <(records | grep -o 'signal .*')
	between tables >"$work/files"
	same "tables" "$work/files" eval 'tables_of | awk "/^# @cut/ { off = 1 } !off"'
	check "with drops" grep -q '^# @few.* drops=[1-9]' "$work/got"
	check "stacks of a module" grep -q '^	fire+0x.*\[contexts\]' "$work/got"
	check "strings of odd bytes" grep -qF '"a\"b\\\x01\xff\tc' "$work/got"
	check "a histogram of a thousand buckets" grep -q ', \[999\] ' "$work/got"
	check "lines that are not too long" [ "$(wc -L <"$work/log")" -lt 1024 ]
	tables_of | sed -n '/^# @cut/,$p' >"$work/cut"
	check "one that is too long is cut" grep -q '^	.*\.\.\.$' "$work/cut"
	is "between buckets" "$(sed -n 's/.*\(\[998\].*\)/\1/p' "$work/cut" | head -n 1)" \
		"$(sed -n 's/.*\(\[998\].*\)/\1/p' "$work/got" | head -n 1)"
	check "and of no other instance" eval "! grep -q elsewhere '$work/log'"
fi

if begin instances; then	# an oops that is a panic; of some instances
	append="ftrace_dump_on_oops=a=orig_cpu,b trace_instance=a trace_instance=b"
	append="$append trace_instance=c"
	actions=(
		"syscalls:sys_enter_kill.@top[sig] = count(); printf('top %d', sig)"
		"a/syscalls:sys_enter_kill.@ina[sig, cpu] = count(); printf('in a %d', sig)"
		"b/syscalls:sys_enter_kill.@inb[sig] = count(); printf('in b %d', sig)"
		"c/syscalls:sys_enter_kill.@inc[sig] = count(); printf('in c %d', sig)"
	)
	guest --smp 2 <<'SH'
taskset 1 sh -c 'kill -17 $$; kill -17 $$'
taskset 2 sh -c 'kill -18 $$'
echo MARK a; cat instances/a/tables/*; echo MARK b; cat instances/b/tables/*; echo MARK end
exec taskset 1 sh -c "echo null >$crash/now"
SH
	is "the guest died" $rc 125
	is "records of the CPU" "$(records a | grep -o 'in . .*' | tr '\n' ,)" "in a 17,in a 17,"
	is "records of all CPUs" "$(records b | grep -o 'in . .*' | tr '\n' ,)" "in b 17,in b 17,in b 18,"
	between a >"$work/files"
	echo "# tables are as they were dumped before" >>"$work/files"
	same "tables of the one" "$work/files" tables_of a
	between b >"$work/files"
	echo "# tables are as they were dumped before" >>"$work/files"
	same "tables of the other" "$work/files" tables_of b
	check "of none else" eval "! grep -q -e @top -e @inc -e 'top 1' -e 'in c 1' '$work/log'"
fi

if begin irq; then	# in an interrupt; the other CPUs go on
	append="ftrace_dump_on_oops=2"
	tables=("@q[u64] = u64 size=500 evict")
	actions=(
		"raw_syscalls:sys_enter.@q[nsecs] = nsecs; @calls[common_pid] += 1; @each[common_pid] = count()"
		"syscalls:sys_enter_kill.@sigs[sig] = count(); printf('signal %d', sig)"
	)
	guest --smp 4 <<'SH'
kills 17 17 18
for i in 1 2 4 8; do taskset $i /fire getppid 100000000 & done
(while :; do echo size=300 >tables/calls; echo "size=3000 evict" >tables/calls; done) &
sleep 1
echo irq >$crash/now
sleep 5
SH
	is "the guest died" $rc 125
	# once more when the oops becomes a panic, if they have changed
	check "tables: $(tables_of | grep -c '^# @q')" [ "$(tables_of | grep -c '^# @q')" -le 2 ]
	is "that do not change" "$(tables_of | grep '^@sigs' | sort -u | tr '\n' ,)" \
		"@sigs[17] = 2,@sigs[18] = 1,"
	check "that do: $(tables_of | grep -c '^@q')" [ "$(tables_of | grep -c '^@q')" -gt 10 ]
	check "and how much there is more" grep -q '# q: [1-9][0-9]* of 500 entries' "$work/log"
	check "lines: $(tables_of | wc -l)" [ "$(tables_of | wc -l)" -lt 220 ]
fi

if begin nmi; then	# in an NMI; much, and nearly nothing, in large tables
	append="$append printk.time=1"
	tables=("@big[u64] = u64 size=1000000" "@empty[u64] = u64 size=1000000")
	actions=(
		"raw_syscalls:sys_enter.$(for i in 0 1 2 3 4 5 6 7; do
			printf '@big[nsecs * 8 + %d] = 1; ' $i; done)"
		"syscalls:sys_enter_kill.@sigs[sig] = count(); @empty[sig] = nsecs"
	)
	guest --smp 2 <<'SH'
kills 17 17 18
taskset 1 /fire getppid 70000 & taskset 2 /fire getppid 70000; wait
echo MARK; head -n 1 tables/big; cat tables/sigs tables/empty
taskset 1 sh -c "echo nmi >$crash/now"
SH
	is "the guest died" $rc 125
	is "the table" "$(tables_of | grep -c '^# @big.* entries=1000000 ')" 1
	check "some of it" [ "$(tables_of | grep -c '^@big')" -gt 10 ]
	is "the others" "$(sed -n '/^MARK/,$p' "$work/out" | grep -v 'MARK\|@big' | sort | md5sum)" \
		"$(tables_of | grep 'sigs\|empty' | sort | md5sum)"
	check "lines: $(tables_of | wc -l)" [ "$(tables_of | wc -l)" -lt 110 ]
	took=$(sed -n '/# @big/,/^\[[^]]*\] [^@#]/p' "$work/log" | sed 's/^\[ *//; s/\].*//' |
		awk 'NR == 1 { t = $1 } END { printf "%d", ($1 - t) * 1000 }')
	check "$took ms" [ "$took" -lt 2000 ]
fi

if begin locked; then	# with a table's lock, in the midst of a program
	append="ftrace_dump_on_oops,other trace_instance=other"
	actions=(
		"raw_syscalls:sys_enter.@q[nsecs] = nsecs; @one += 1"
		"syscalls:sys_enter_kill.@sigs[sig] = count(); @by[comm] = count()"
		"printk:console.@one += 1"
		"other/syscalls:sys_enter_kill.@others[sig] = count()"
	)
	tables=("@q[u64] = u64 size=500 evict")
	guest --smp 4 <<'SH'
kills 17 17 18
for i in 2 4 8; do taskset $i /fire getppid 100000000 & done
sleep 0.5
echo MARK sigs; cat tables/sigs tables/by; echo MARK end
echo at trace_tap_store_make >$crash/now
sleep 5
SH
	is "the guest died" $rc 125
	between sigs >"$work/files"
	same "tables" "$work/files" eval 'tables_of | grep sigs\\\|by'
	check "the one whose lock was held" eval 'tables_of | grep "^@q\[[0-9]*\] = " >/dev/null'
	check "the others" eval 'tables_of | grep "^@one = [0-9]*$" >/dev/null'
	is "and those of an instance" "$(tables_of other | grep '^@others' | sort -u | wc -l)" 2
	check "the trace names where" grep -q 'trace_tap_store_make' "$work/log"
fi

if begin stopped; then	# a CPU that was stopped has a lock; others need it
	append="ftrace_dump_on_oops=other trace_instance=other"
	actions=(
		"syscalls:sys_enter_kill.@one += 1"
		"printk:console./msg ~ '*Dumping ftrace*'/ @one += 1; @dumps = count()"
		"other/syscalls:sys_enter_kill.@sigs[sig] = count()"
	)
	guest --smp 2 --timeout 40 <<'SH'
taskset -p 1 $$ >/dev/null
echo spin trace_tap_store_make >$crash/now
taskset 2 sh -c 'kill -17 $$' &
while [ $(cat $crash/spinning) = 0 ]; do usleep 10000; done
taskset 1 sh -c "echo panic >$crash/now"
SH
	is "the guest died" $rc 125
	check "after its dump" grep -q '@sigs' "$work/log"
	is "tables" "$(tables_of other | grep -c '^# @sigs')" 1
fi

if begin reboot; then	# what is there after the next boot
	append="reserve_mem=20M:2M:trace trace_instance=boot_map@trace ftrace_dump_on_oops"
	actions=(
		"boot_map/syscalls:sys_enter_kill./sig/ printf('signal %d of %s at %s', sig, comm, ksym(0)); @sigs[sig] = count()"
		"boot_map/syscalls:sys_enter_kill./sig == 18/ stack(); record()"
	)
	guest --smp 2 --reboots 1 --splats <<'SH'
b=instances/boot_map
if grep -q 'signal 17' $b/trace; then
	echo MARK after; cat $b/trace; echo MARK end
	cat $b/tables/sigs
	kills 28
	echo MARK then; cat $b/trace
	exit 0
fi
i=0; while [ $i -lt 300 ]; do i=$((i + 1)); kills 17; done
kills 18
echo MARK before; cat $b/trace
echo c >/proc/sysrq-trigger
SH
	is "the guest lived on" $rc 0
	print() { between "$1" | grep -v '^#' | sed 's/^.*-\([0-9]* *\[\)/\1/'; }
	check "prints are the same: $(print before | grep -c 'signal 17')" \
		eval 'diff <(print before) <(print after)'
	check "with a stack" eval 'print after | grep "=> do_syscall_64" >/dev/null'
	check "and a record" eval 'print after | grep "sys_kill" >/dev/null'
fi

echo "tests: $passed passed, $failed failed"
[ "$failed" = 0 ]
