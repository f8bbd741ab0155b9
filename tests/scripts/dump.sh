#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests that a panic dumps tables.
#
#	tests/scripts/dump.sh [BZIMAGE]
#
# out: "ok" or "FAILED" and what, a line a case; status 1 if one failed

. "$(dirname "$0")/../../scripts/lib.sh"
usage "$@"

kernel=${1:-$build/bzImage}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

check() {
	local what=$1

	shift
	if "$@"; then
		echo "ok      $what"
	else
		echo "FAILED  $what"
		status=1
	fi
}

cat >"$work/script" <<'SH'
echo '@sigs[sig] = count(); printf("signal %d", sig)' >events/syscalls/sys_enter_kill/action
kill -17 $$; kill -17 $$; kill -18 $$
echo c >/proc/sysrq-trigger
SH
rc=0
"$top/scripts/vm-run" -k "$kernel" --timeout 60 --append ftrace_dump_on_oops "$work/script" \
	2>"$work/err" || rc=$?
check "the guest died" [ $rc = 125 ]
log=$(sed -n 's/.*kernel messages: //p' "$work/err")
tr -d '\r' <"$log" >"$work/log"
check "the records are dumped" grep -q 'signal 18' "$work/log"
check "and the table" grep -q '# @sigs\[.*entries=2 ' "$work/log"
check "with its entries" [ "$(grep -c '@sigs\[1[78]\] = [12]$' "$work/log")" = 2 ]
exit $status
