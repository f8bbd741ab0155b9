#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests scripts/series on a toy kernel with a toy series.
#
#	tests/scripts/series.sh
#
# out: "ok" or "FAILED" and what, a line a case; status 1 if one failed

set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME='A Dev' GIT_AUTHOR_EMAIL=a@dev
export GIT_COMMITTER_NAME='A Dev' GIT_COMMITTER_EMAIL=a@dev
export SERIES_OUT=$work/mails SERIES_LINUX=$work/linux SERIES_PATCHES=$work/repo/patches SERIES_OVERLAY=$work/repo
linux=$work/linux repo=$work/repo
failed=0

series() { "$top/scripts/series" "$@" >"$work/out" 2>&1; }

# expect 0|1 NAME TEXT COMMAND...: status and a part of the output
expect() {
	local want=$1 name=$2 text=$3 rc=0

	"${@:4}" || rc=$?
	if [ $((rc != 0)) = "$want" ] &&
	   { [ -z "$text" ] || grep -q -e "$text" "$work/out"; }; then
		echo "ok      $name"
	else
		echo "FAILED  $name (status $rc)"
		sed 's/^/        /' "$work/out"
		failed=1
	fi
}
same() { : >"$work/out"; cmp "$1" "$2"; }

mkdir -p "$linux/kernel/trace" "$repo/patches" "$repo/kernel/trace/tap" \
	"$repo/selftests/ftrace" "$repo/samples"
seq 1 30 >"$linux/kernel/trace/Makefile"
seq 1 30 >"$linux/MAINTAINERS"
git init -q -b tap "$linux"
git -C "$linux" add -A
git -C "$linux" commit -q -m base
git -C "$linux" tag base

expect 0 'an empty series applies' '' series apply

# someone makes two commits in the kernel tree, the new file from the overlay
echo 'int a;' >"$repo/kernel/trace/tap/a.c"
echo '# test' >"$repo/selftests/ftrace/one.tc"
echo 'int s;' >"$repo/samples/s.c"
expect 0 'unclaimed files are copied' 'claimed by no patch' series apply
same "$repo/kernel/trace/tap/a.c" "$linux/kernel/trace/tap/a.c"
expect 1 'unclaimed files are an error in the end' 'a.c: no patch claims it' \
	series make
sed -i 's/^15$/15 tap/' "$linux/kernel/trace/Makefile"
expect 1 'edits are not thrown away' 'kernel/trace/Makefile' series apply
expect 0 'sync leaves edits alone' '' series sync
grep -q '15 tap' "$linux/kernel/trace/Makefile"
git -C "$linux" add kernel
git -C "$linux" commit -q -m 'tracing/tap: Begin

There is nothing. Begin: it
has two lines.

Signed-off-by: A Dev <a@dev>'
sed -i 's/^3$/three/' "$linux/MAINTAINERS"
git -C "$linux" add MAINTAINERS tools samples
git -C "$linux" commit -q -m 'MAINTAINERS: Add tap

Signed-off-by: A Dev <a@dev>'
expect 1 'commits are not thrown away' 'MAINTAINERS: Add tap' series apply
expect 0 'export' '0001-tracing-tap-Begin.patch is new' series export
grep -q '^New: kernel/trace/tap/a.c$' "$repo"/patches/0001-*
grep -q '^New: tools/testing/selftests/ftrace/test.d/tap/one.tc$' "$repo"/patches/0002-*
grep -q '^New: samples/s.c$' "$repo"/patches/0002-*
expect 0 'export reproduces' '' series export --check
cp -r "$repo" "$work/repo.1"
expect 0 'apply after export' '' series apply
expect 0 'export reproduces what was applied' '' series export --check
diff -r "$repo" "$work/repo.1"
id=$(git -C "$linux" rev-parse HEAD)
expect 0 'apply twice' '' series apply
[ "$(git -C "$linux" rev-parse HEAD)" = "$id" ] || { echo "FAILED  another commit"; failed=1; }

# an overlay file changes
touch -d '2001-01-01' "$linux/kernel/trace/Makefile"
git -C "$linux" update-index -q --refresh
echo 'int b;' >>"$repo/kernel/trace/tap/a.c"
expect 0 'an overlay file changes' '' series apply
same "$repo/kernel/trace/tap/a.c" "$linux/kernel/trace/tap/a.c"
[ "$(stat -c %Y "$linux/kernel/trace/Makefile")" -lt 1000000000 ] ||
	{ echo "FAILED  an unchanged file was written"; failed=1; }
expect 0 'clean' '' series clean

# edits in the kernel tree
echo 'int c;' >>"$linux/kernel/trace/tap/a.c"
expect 1 'an edited overlay file is noticed' 'kernel/trace/tap/a.c' series apply
expect 1 'and not overwritten by sync' 'edit them there' series sync
expect 0 'unless forced' 'tap/saved' series apply --force
git -C "$linux" show refs/tap/saved:kernel/trace/tap/a.c | grep -q 'int c;'
same "$repo/kernel/trace/tap/a.c" "$linux/kernel/trace/tap/a.c"

# faults of a series
expect 0 'make' '2 patches' series make
ls "$SERIES_OUT/0002-MAINTAINERS-Add-tap.patch" >"$work/out"
cp "$repo"/patches/0001-* "$work/first"
sed -i 's/^-15$/-fifteen/' "$repo"/patches/0001-*
expect 1 'a patch that does not apply is named' \
	'0001-tracing-tap-Begin.patch does not apply.*kernel/trace/Makefile' series apply
cp "$work/first" "$repo/patches/0001-tracing-tap-Begin.patch"
sed -i 's|^New: tools.*|&\nNew: kernel/trace/tap/a.c|' "$repo"/patches/0002-*
expect 1 'a file claimed twice' 'a.c: claimed by 0001.* 0002' series make
rm "$repo/kernel/trace/tap/a.c"
expect 1 'a claimed file is missing' 'a.c does not exist' series apply

exit $failed
