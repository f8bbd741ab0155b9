#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#	BEGIN { }
#
T=/sys/kernel/tracing
I=$T/instances/tapc-script
G=tapc_script
FILES='table_control run_once'
TABLES=''
tables() {
:
}
events() {
:
}
programs() {
:
any=1
}
begin() {
:
once 'BEGIN' <<'EOF'
tap 1 action
	printf "begin"
	ret 1
end
EOF
}
end() {
:
}
