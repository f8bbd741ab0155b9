#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#
T=/sys/kernel/tracing
I=$T/instances/tapc-nothing
G=tapc_nothing
FILES='table_control dynamic_events'
TABLES=''
tables() {
:
}
events() {
:
maybe <<'EOF'
p:tapc_nothing/none no_such_function
EOF
}
programs() {
:
action tapc_nothing/none 'kprobe:no_such' <<'EOF'
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
