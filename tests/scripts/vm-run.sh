#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests scripts/vm-run: that nothing that goes wrong in the guest goes unseen.
#
#	tests/scripts/vm-run.sh [BZIMAGE]
#
# out: "ok" or "FAILED" and what, a line a case; status 1 if one failed

set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
kernel=${1:-$top/build/bzImage}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect STATUS STDOUT STDERR NAME SCRIPT [OPTION]... [-- ARG...]
expect() {
	local rc=0 options=() status=$1 out=$2 err=$3 name=$4

	printf '%s\n' "$5" >"$work/script"
	shift 5
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	"$top/scripts/vm-run" -k "$kernel" --timeout 60 "${options[@]}" "$work/script" \
		"${@:2}" >"$work/out" 2>"$work/err" || rc=$?
	if [ $rc = "$status" ] && [ "$(cat "$work/out")" = "$out" ] &&
	   grep -q -e "$err" <(cat "$work/err"; [ -n "$err" ] || echo); then
		echo "ok      $name"
	else
		echo "FAILED  $name: status $rc"
		sed 's/^/        /' "$work/out" "$work/err" | tail -n 30
		failed=1
	fi
}

expect 0 '/sys/kernel/tracing' '' 'starts in tracefs' 'pwd'
expect 7 '' '' 'status' 'exit 7'
expect 0 "a 'b  c' \$d" '' 'arguments' 'printf "%s" "$*"' -- a "'b  c'" '$d'
expect 3 'to stderr' '' 'stderr, status' 'echo to stderr >&2; exit 3'
expect 0 100000 '' 'much output' \
	'i=0; while [ $i -lt 12500 ]; do printf "1234567\n"; i=$((i+1)); done | wc -c'
expect 0 '2' '' 'processors' 'nproc' --smp 2
mkdir -p "$work/x/d"
echo deep >"$work/x/d/f"
expect 0 'deep' '' 'a folder of the host' 'cat /x/d/f' --add "$work/x"
expect 0 'deep' '' 'at another place' 'cat /y/f' --add "$work/x/d:/y"
expect 125 'before' 'Kernel panic' 'a panic' \
	'echo before; echo c >/proc/sysrq-trigger; echo after'
expect 124 'before' 'no end within 6 seconds' 'no end' 'echo before; sleep 60' --timeout 6
expect 126 '' 'the kernel warned' 'a warning' \
	'echo "WARNING: CPU: 0 PID: 1 at x.c:1" >/dev/kmsg'
expect 0 '' '' 'a warning that is expected' \
	'echo "WARNING: CPU: 0 PID: 1 at x.c:1" >/dev/kmsg' --splats
expect 0 '1' '' 'icount' 'sleep 1; nproc' --icount --smp 2
expect 125 '' 'the guest died' 'too many resets' 'reboot -f' --reboots 1
expect 1 '' 'does not exist' 'a file to add is missing' 'true' --add "$work/none"

exit $failed
