#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --modules --add tests/guest/check.inc:/check --add tests/guest/act.inc:/act
# vm-run: --add build/guest/perf_filter:/perf_filter
# vm-run: --add "build/guest/$kernel/mark1.ko:/mark1.ko" --add "build/guest/$kernel/mark2.ko:/mark2.ko"
# vm-run: --add "build/guest/$kernel/mark3.ko:/mark3.ko" --add "build/guest/$kernel/contexts.ko:/contexts.ko"
#
# TRACE_MARKER(): the sample, names and types of fields, strings, off and on, all
# that events have, modules that share an event, come and go.

. /check
. /act

m=events/markers
fire() { echo "$2" >/sys/kernel/debug/$1/fire; }

# fields EVENT: "TYPE NAME SIZE SIGNED" of each, behind ip
fields() {
	sed '1,/\tfield:unsigned long ip;/d' $m/$1/format |
		sed -n 's/^\tfield:\(.*\);\toffset:.*;\tsize:\(.*\);\tsigned:\(.*\);$/\1 \2 \3/p' |
		tr '\n' ','
}

# shows EVENT: its record, the last, without time and place
shows() { grep " $1: " trace | tail -n 1 | sed 's/^.*: ([^)]*) \?//'; }

# fired N WHAT COMMAND...: N records of the event $event
fired() {
	local n=$1 what=$2

	shift 2
	echo >trace
	"$@"
	is "$what" "$(records " $event: ")" "$n"
}

dmesg -c >/dev/null

# --- the sample

check "no marker of it is there" [ ! -e $m/queued ]
modprobe trace-marker-sample
check "its markers are events" [ -e $m/queued/format ]
is "all of them" "$(ls $m | grep -v -e enable -e filter -e action -e tap_kunit | tr '\n' ' ')" \
	"queue_empty queue_full queued sample_ready taken "
is "available_events" "$(grep ^markers: available_events | grep -vc tap_kunit)" 5
is "fields have the names and types of the arguments" "$(fields queued)" \
	"u64 nr 8 0,u16 len 2 0,s8 error 1 1,bool urgent 1 0,u32 priority 4 0,__data_loc char[] name 4 0,__data_loc char[] from 4 0,void * queue 8 0,"
is "none has none" "$(fields queue_full)" ""
is "ip" "$(grep -c 'unsigned long ip' $m/queue_full/format)" 1
is "expressions are counted" "$(fields taken)" "u32 arg1 4 0,u32 arg2 4 0,"
is "print fmt" "$(grep 'print fmt' $m/taken/format)" \
	'print fmt: "(%pS) arg1=%llu arg2=%llu", (void *)REC->ip, (unsigned long long)REC->arg1, (unsigned long long)REC->arg2'
echo 1 >$m/queued/enable
sleep 1.2
echo 0 >$m/queued/enable
check "records" grep -q 'queued: (sample_thread+0x[0-9a-f/x]*.*) nr=[0-9]* len=[0-6] error=-\?[0-2] urgent=[01] priority=[01] name="req[0-9]" from="\(a disk\|(null)\)" queue=0x[0-9a-f]*$' trace
rmmod trace-marker-sample
check "gone with the module" [ ! -e $m/queued -a ! -e $m/taken ]
is "and its records" "$(records queued)" 0

# --- types, names, strings

insmod /mark1.ko
is "all types" "$(fields types)" \
	"s8 a 1 1,u8 b 1 0,s16 c 2 1,u16 d 2 0,s32 e 4 1,u32 f 4 0,s64 g 8 1,u64 h 8 0,bool yes 1 0,u32 sign 4 0,void * p 8 0,__data_loc char[] fixed 4 0,"
echo 1 >$m/types/enable
fire mark1 types
is "all values" "$(shows types)" \
	'a=-1 b=200 c=-300 d=60000 e=-70000 f=4000000000 g=-5000000000 h=18000000000000000000 yes=1 sign=1 p=0xdead000 fixed="abcd"'
is "names" "$(fields names | sed 's/ [0-9] [01],/,/g')" \
	"s32 len,s32 len_2,s32 ip_2,s32 common_pid_2,s32 v,s32 arg6,u8 common_pid_3,u64 arg8,"
echo 1 >$m/names/enable
fire mark1 names
is "and values" "$(shows names)" "len=1 len_2=4 ip_2=2 common_pid_2=3 v=8 arg6=8 common_pid_3=6 arg8=12"
check "a filter with a name that had a common field's" put 'common_pid_2 == 3 && len_2 > len' $m/names/filter
event=names
fired 1 "  keeps" fire mark1 names
put 'args.ip_2 == 3' $m/names/filter
fired 0 "  and drops" fire mark1 names
put 0 $m/names/filter
echo 1 >$m/strings/enable
fire mark1 strings
x1023=$(head -c 1023 /dev/zero | tr '\0' x)
is "strings" "$(shows strings | tr ' ' '\n' | head -n 4 | tr '\n' ' ')" \
	'arg1="literal" nothing="(null)" bad="(fault)" gone="(fault)" '
is "long ones are cut" "$(shows strings | sed 's/.* big=//' | cut -c 1-1025)" "\"$x1023\""
is "the record is, too" "$(shows strings | sed 's/[^"]*"\([^"]*\)"/\1 /g' | wc -c)" 3075
is "offs are off" "$(cat $m/shared/enable $m/loading/enable | tr '\n' ' ')" "0 0 "
echo 0 >$m/enable

# --- on and off

event=shared
fired 0 "off" fire mark1 5
echo 1 >$m/shared/enable
fired 5 "on" fire mark1 5
is "what is recorded" "$(shows shared)" 'n=4 who="mark1"'
check "where it was fired" grep -q 'shared: (fire_shared_1+0x' trace
echo 0 >$m/shared/enable
fired 0 "off again" fire mark1 5
echo 1 >$m/enable
fired 5 "all of them on" fire mark1 5
echo 'n in {1, 3..9}' >$m/shared/filter
fired 3 "filter, a number" fire mark1 5
echo 'who ~ "*k2"' >$m/shared/filter
fired 0 "filter, a string" fire mark1 5
echo 'who == "mark1" && n < 2' >$m/shared/filter
fired 2 "filter, both" fire mark1 5
echo 'ip.function == fire_shared_1' >$m/shared/filter
fired 5 "filter, where" fire mark1 5
echo 'ip.function == vfs_read' >$m/shared/filter
fired 0 "filter, elsewhere" fire mark1 5
echo 'common_pid == 1' >$m/shared/filter
check "filter, early" grep -q 'before there is a record' $m/shared/program
fired 0 "  drops" fire mark1 5
echo 0 >$m/shared/filter
echo 1 >set_event_pid
fired 0 "set_event_pid, another" fire mark1 5
echo $$ >set_event_pid
fired 5 "set_event_pid, this one" fire mark1 5
: >set_event_pid
mkdir instances/i
echo 1 >instances/i/$m/shared/enable
echo 'n == 2' >instances/i/$m/shared/filter
fired 5 "with an instance" fire mark1 5
is "its own filter" "$(instance=instances/i records shared:)" 1
echo 0 >$m/enable
fired 0 "only there" fire mark1 5
is "  it is recorded" "$(instance=instances/i records shared:)" 2
rmdir instances/i
fired 0 "nowhere" fire mark1 5

# --- actions, triggers, stacks

act markers/shared '@[who, n] = count(); @s = sum(n)'
fire mark1 5
fire mark1 5
is "action with fields" "$(value markers:shared 'mark1, 4') $(value s '')" "2 20"
act markers/shared '@c = count()'
fired 0 "an action without, and no record" fire mark1 7
is "  it ran" "$(value c '')" 7
act markers/shared '/n == 3/ printf("n %d of %s", n, who); record()'
fired 1 "record()" fire mark1 7
check "  printf()" grep -q 'n 3 of mark1' trace
act markers/shared '@st[kstack(3)] = count()'
fire mark1 2
is "kstack begins at the marker" "$(sed -n 's/^[^a-z]*\([a-z_0-9]*\)+.*/\1/p' tables/st | head -n 2 | tr '\n' ' ')" \
	"fire_shared_1 fire_write "
act markers/shared '/n == 0/ @st2[kstack(2)] = count()'
fire mark1 2
is "  with a condition, too" "$(sed -n 's/^[^a-z]*\([a-z_0-9]*\)+.*/\1/p' tables/st2 | head -n 1)" fire_shared_1
reset
put 'stacktrace' $m/shared/trigger
echo 1 >$m/shared/enable
gated fire mark1 1
check "the trigger's stack" grep -q '=> fire_shared_1$' trace
put '!stacktrace' $m/shared/trigger
echo 1 >options/stacktrace
gated fire mark1 1
echo 0 >options/stacktrace
echo 1 >tracing_on
is "the option's, as with other events, with the function that records" \
	"$(grep -A 2 'stack trace' trace | sed -n 's/^ => //p' | tr '\n' ' ')" \
	"trace_tap_marker_fire_args fire_shared_1 "
put 'hist:keys=who,n:vals=hitcount' $m/shared/trigger
fire mark1 3
is "histogram" "$(grep -c '{ who: mark1 *, n: *[012] } hitcount: *1' $m/shared/hist)" 3
put '!hist:keys=who,n:vals=hitcount' $m/shared/trigger
put 'traceoff if n == 2' $m/shared/trigger
fire mark1 2
is "a trigger with a condition" "$(cat tracing_on)" 1
fire mark1 3
is "  it holds" "$(cat tracing_on)" 0
echo 1 >tracing_on
put '!traceoff if n == 2' $m/shared/trigger
echo 0 >$m/shared/enable

# --- perf

is "perf" "$(/perf_filter markers/shared '' 0 /bin/sh -c 'echo 5 >/sys/kernel/debug/mark1/fire' 2>&1)" 5
is "perf, a filter" "$(/perf_filter markers/shared 'n > 2 && who == "mark1"' 0 /bin/sh -c 'echo 5 >/sys/kernel/debug/mark1/fire' 2>&1)" 2
fired 0 "off after perf" fire mark1 5

# --- modules

echo 1 >$m/shared/enable
insmod /mark2.ko
echo >trace
fire mark1 1
fire mark2 1
is "two modules, one event" "$(grep -o 'fire_shared_[0-9]\|who=.*' trace | tr '\n' ' ')" \
	'fire_shared_1 who="mark1" fire_shared_2 who="mark2" '
insmod /mark3.ko
is "other fields are refused" "$(dmesg | sed -n 's/.*trace_marker: //p' | sed 's|[^ ]*mark\.inc:[0-9]*|mark.inc:N|g')" \
	"shared at mark.inc:N is off: its fields are not those of the one at mark.inc:N"
fired 0 "  and stay off" fire mark3 3
fired 3 "  the others do not" fire mark2 3
rmmod mark1
fired 3 "the first module goes" fire mark2 3
check "its other events are gone" [ ! -e $m/types ]
rmmod mark2
check "with the last, the event is gone" [ ! -e $m/shared ]
is "and its records" "$(records shared)" 0
rmmod mark3
insmod /mark3.ko
is "now that of the other is an event" "$(fields shared)" "u64 more 8 0,__data_loc char[] who 4 0,"
rmmod mark3

# held by an action, a trigger: it stays, without sites
insmod /mark1.ko
act markers/shared '@a = count()'
rmmod mark1
check "an event with an action stays" [ -e $m/shared/action ]
insmod /mark2.ko
fire mark2 4
is "  and counts when it is back" "$(value a '')" 4
rmmod mark2
insmod /mark3.ko
fired 0 "  unless its fields are others" fire mark3 4
rmmod mark3
echo >$m/shared/action
i=0; while [ -e $m/shared ] && [ $i -lt 20 ]; do sleep 0.1; i=$((i + 1)); done
check "  and goes with its action" [ ! -e $m/shared ]
insmod /mark1.ko
put 'hist:keys=n' $m/shared/trigger
rmmod mark1
check "an event with a trigger stays" [ -e $m/shared/trigger ]
put '!hist:keys=n' $m/shared/trigger
i=0; while [ -e $m/shared ] && [ $i -lt 20 ]; do sleep 0.1; i=$((i + 1)); done
check "  and goes with it" [ ! -e $m/shared ]
insmod /mark1.ko
echo '@sys[probe] = count()' >$m/action
fire mark1 3
is "an action of the system" "$(value sys 'markers:shared')" 3
check "does not hold it" rmmod mark1
check "  it is gone" [ ! -e $m/shared ]
insmod /mark1.ko
exec 5<$m/shared/format
rmmod mark1
cat <&5 >/dev/null 2>&1
exec 5<&-
check "a file held open does no harm" [ ! -e $m/shared ]
echo '@in[probe] = count()' >events/action
insmod /mark1.ko
is "init's markers fire, for actions of all events" "$(value in 'markers:loading')" 1
rmmod mark1
reset
echo 'p:markers/shared vfs_read' >>kprobe_events
dmesg -c >/dev/null
insmod /mark1.ko
check "a name that is taken" sh -c "dmesg | grep -q 'shared at .* is off: no event, error -17'"
fire mark1 2
rmmod mark1
echo >kprobe_events

# --- all contexts

insmod /contexts.ko
act markers/context '@[where] = count(); @n[name] = count()'
echo 'all 500' >/sys/kernel/debug/contexts/fire
is "from tasks, interrupts and NMIs" "$(total markers:context) $(total n) $(drops n)" "4000 4000 0"
echo 1 >$m/context/enable
echo 'all 100' >/sys/kernel/debug/contexts/fire
check "  recorded" [ "$(records 'context: (fire')" -gt 700 ]
reset
rmmod contexts

finish
