#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --add tests/guest/check.inc:/check
#
# Events that are injected, with all their fields, the common ones included,
# given: each kind of field, and filters on it.

. /check
event=events/sched/sched_switch

# A string given is too long or just fits; the filter sees what the record has.
while IFS='|' read -r want text fields; do
	check "$text" put "$text" $event/filter
	echo >trace
	put "$fields" $event/inject || fail "  inject $fields"
	is "  $fields" "$(grep -c 'sched_switch:' trace)" "$want"
done <<'ROWS'
1|common_pid == 7|common_pid=7
0|common_pid == 7|common_pid=8
1|common_pid in {5..9}|common_pid=8
1|prev_pid == -1|prev_pid=-1
0|prev_pid > 0|prev_pid=-1
1|prev_prio > next_prio|prev_prio=120 next_prio=99
0|prev_prio > next_prio|prev_prio=99 next_prio=120
1|prev_state & 0x80|prev_state=0x81
1|(prev_state & 0xff) == 0x81|prev_state=0x181
1|prev_comm == "bash"|prev_comm='bash'
1|prev_comm ~ "b*"|prev_comm='bash'
1|prev_comm ~ "*sh"|prev_comm='bash'
0|prev_comm ~ "*x"|prev_comm='bash'
1|prev_comm == next_comm|prev_comm='bash' next_comm='bash'
0|prev_comm == next_comm|prev_comm='bash' next_comm='bas'
1|prev_comm in {"a", "bash"} && prev_pid == 3|prev_comm='bash' prev_pid=3
1|comm == "sh"|prev_pid=1
0|comm == "bash"|prev_comm='bash'
1|next_pid - prev_pid >= 100|next_pid=105 prev_pid=5
0|next_pid - prev_pid >= 100|next_pid=104 prev_pid=5
ROWS
put 0 $event/filter

# A dynamic string.
event=events/sched/sched_process_exec
put 'filename ~ "/bin/*" && pid == 5' $event/filter
echo >trace
put "filename='/bin/true' pid=5" $event/inject
put "filename='/usr/bin/true' pid=5" $event/inject
put "filename='/bin/true' pid=6" $event/inject
is "a dynamic string" "$(grep -c 'sched_process_exec:' trace)" 1
put 0 $event/filter

# What is decided before there is a record is decided by who injects; the record
# is still looked at in full.
event=events/sched/sched_switch
put "common_pid == 7" $event/filter
check "an early program" grep -q 'before there is a record' $event/program
echo >trace
put "common_pid=$$" $event/inject
put "common_pid=7" $event/inject
is "an injected common_pid counts" "$(grep -c 'sched_switch:' trace)" 1
put 0 $event/filter

finish
