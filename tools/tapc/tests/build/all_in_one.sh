#!/bin/sh
# Made by tapc; needs a kernel with tap, and a shell.
#
#	BEGIN { printf("begin"); }
#	k:vfs_read { @n[comm] = count(); @ = hist(arg2); }
#	i:ms:100 { print(@n); time("EOF\n'$HOME'"); }
#	k:no_such_function { }
#	t:sched:sched_process_fork { printf("it's \"%s\""); }
#	END { print(@n); }
#	EOF
#	// ..[2J01234567890123456789012345678901234567890123456789012345678900123456789012345678901234567890123456789012345678901234567890012345678901234567890123456789012345678901234567890123456789001234567890123456789012345678901234567890123456789012345678900123456789012345678901234567890123456789012345678901234567890012345678901234567890123456789012345678901234567890123456789001234567890123456789012345678901234567890123456789012345678900123456789012345678901234567890123456789012345678901234567890012345678901234567890123456789012345678901234567890123456789001234567890123456789012345678901234567890123456789012345678900123456789012345678901234567890123456789012345678901234567890012345678901234567890123456789012345678901234567890123456789001234567890123456789012345678901234567890123456789012345678900123456789012345678901234567890123456789012345678901234567890012345678901234567890123456789012345
#+	6789012345678901234567890
#
T=/sys/kernel/tracing
I=$T/instances/tapc-all_in_one
G=tapc_all_in_one
FILES='table_control run_once dynamic_events'
TABLES='_
n
'
tables() {
:
table '@' <<'EOF'
@_ = hist(u64)
EOF
table '@secret' <<'EOF'
@tapc_secret[u64] = u64
EOF
table '@n' <<'EOF'
@n[str16] = count size=100
EOF
}
events() {
:
alone 'tapc_GROUP/read' <<'EOF'
p:tapc_all_in_one/read vfs_read fd=$arg1:u64 count=$arg3:u64
EOF
alone 'tapc_GROUP/tick' <<'EOF'
i:tapc_all_in_one/tick 100ms
EOF
maybe <<'EOF'
p:tapc_all_in_one/none no_such_function
p:tapc_all_in_one/write vfs_write
EOF
}
programs() {
:
action tapc_all_in_one/read 'kprobe:vfs_read' <<'EOFA'
tap 1 action
	table @n[str16] = count
	table @_ = hist(u64)
	table @tapc_secret[u64] = u64
	jmp EOF
EOF:
	key @n, 0, comm
	agg @n, 0, 1
	ld r0, args.count
	agg @_, 0, r0
	key @tapc_secret, 0, r0
	put @tapc_secret, r0
	ret 1
end
EOFA
action tapc_all_in_one/tick 'interval:ms:100' <<'EOF'
tap 1 action
	printf "tick"
	ret 1
end
EOF
for e in \
none \
write
do action tapc_all_in_one/$e $e <<'EOF'
tap 1 action
	table @n[str16] = count
	key @n, 0, "a function"
	agg @n, 0, 1
	ret 1
end
EOF
done
action sched/sched_process_fork 'tracepoint:sched:sched_process_fork' <<'EOF'
tap 1 action
	arg 0, args.child_comm
	printf "it's \"%s\", \x5c $HOME `id`"
	ret 1
end
EOF
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
once 'END' <<'EOF'
tap 1 action
	table @n[str16] = count
	key @n, 0, "end"
	agg @n, 0, 1
	printf "end"
	ret 1
end
EOF
}
