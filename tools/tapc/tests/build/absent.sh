#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#
T=/sys/kernel/tracing
I=$T/instances/tapc-absent
G=tapc_absent
FILES='table_control'
TABLES=''
tables() {
:
}
events() {
:
}
programs() {
:
action no/such_event 'tracepoint:no:such_event' <<'EOF'
tap 1 action
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
