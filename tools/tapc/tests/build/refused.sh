#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#
T=/sys/kernel/tracing
I=$T/instances/tapc-refused
G=tapc_refused
FILES='table_control dynamic_events'
TABLES='n
'
tables() {
:
table '@n' <<'EOF'
@n[str16] = count
EOF
}
events() {
:
alone 'tapc_GROUP/read' <<'EOF'
p:tapc_refused/read vfs_read
EOF
}
programs() {
:
action tapc_refused/read 'kprobe:vfs_read' <<'EOF'
tap 1 action
	ret 1
end
EOF
action sched/sched_switch 'tracepoint:sched:sched_switch' <<'EOF'
tap 1 action
	ld r0, args.nothing
	ret 1
end
EOF
}
begin() {
:
}
end() {
:
}
