#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#	k:vfs_read { @n["other"] = count(); }
#
T=/sys/kernel/tracing
I=$T/instances/tapc-other
G=tapc_other
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
p:tapc_other/read vfs_read
EOF
}
programs() {
:
action tapc_other/read 'kprobe:vfs_read' <<'EOF'
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
