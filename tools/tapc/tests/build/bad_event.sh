#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#
T=/sys/kernel/tracing
I=$T/instances/tapc-bad_event
G=tapc_bad_event
FILES='table_control dynamic_events'
TABLES=''
tables() {
:
}
events() {
:
alone 'tapc_GROUP/bad' <<'EOF'
p:tapc_bad_event/bad no_such_function
EOF
}
programs() {
:
action tapc_bad_event/read 'kprobe:vfs_read' <<'EOF'
tap 1 action
	table @n[str16] = count
	key @n, 0, "other"
	agg @n, 0, 1
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
