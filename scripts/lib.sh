# SPDX-License-Identifier: GPL-2.0
# Functions that the scripts here share. Sourced by bash, not run:
#
#	. "$(dirname "$0")/lib.sh"
#	usage "$@"			# -h, --help: show the script's head
#	logged kernel-stock "stock kernel" make -C ...
#
# Sets top (the repository) and build (what is generated).

set -euo pipefail
export LC_ALL=C

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build
jobs=${JOBS:-$(nproc)}
# seen as one file system path by every script, so that objects can be reused
mkdir -p "$build/log"

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# The comment at the top of the script is its help.
help() { awk 'NR > 2 && !/^#/ { exit } NR > 2 { sub(/^# ?/, ""); print }' "$0"; }

usage() {
	case ${1-} in
	-h|--help) help; exit 0 ;;
	esac
}

# elapsed SECONDS -> m:ss
elapsed() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# progress WHAT START LOG TOTAL: one line of how far a build is. It counts the
# lines that kbuild prints for each file it makes ("  CC      fs/open.o").
progress() {
	local n file
	n=$(grep -c '^  [A-Z]' "$3" || true)
	file=$(tail -n 20 "$3" | awk '/^  [A-Z]/ { f = $NF } END { print f }')
	if [ "$n" -eq 0 ]; then
		file=$(tail -n 1 "$3" | cut -c 1-60)
	elif [ "$4" -gt "$n" ]; then
		n="$n/$4 files"
	else
		n="$n files"
	fi
	printf '%s: %s%s  %s' "$1" "$(elapsed $((SECONDS - $2)))" \
		"$([ "$n" = 0 ] || echo ", $n")" "$file"
}

# logged NAME WHAT COMMAND...: runs COMMAND with its output in
# build/log/NAME.log. Shows how far it is: on a terminal in one line that
# changes, else in a line every 15 seconds. Says at the end how long it took;
# if it failed, shows the end of the log and returns its status.
#
# EXPECT=N is the number of files to be built by the first run; later runs
# know it from the longest one before.
logged() {
	local log=$build/log/$1 what=$2 pid start=$SECONDS shown=$SECONDS rc=0 total n

	shift 2
	total=$(cat "$log.total" 2>/dev/null || echo "${EXPECT:-0}")
	log=$log.log
	mkdir -p "${log%/*}"
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	# a background job does not see the terminal's ^C
	trap 'kill $pid 2>/dev/null; wait $pid; exit 130' INT TERM
	while sleep 0.2; kill -0 $pid 2>/dev/null; do
		if [ -t 2 ]; then
			printf '\r\033[K%.*s' "$((${COLUMNS:-80} - 1))" \
				"$(progress "$what" "$start" "$log" "$total")" >&2
		elif [ $((SECONDS - shown)) -ge 15 ]; then
			progress "$what" "$start" "$log" "$total" >&2
			echo >&2
			shown=$SECONDS
		fi
	done
	wait $pid || rc=$?
	trap - INT TERM
	[ ! -t 2 ] || printf '\r\033[K' >&2
	n=$(grep -c '^  [A-Z]' "$log" || true)
	if [ $rc -ne 0 ]; then
		tail -n 30 "$log" >&2
		say "$what: failed (status $rc) after $(elapsed $((SECONDS - start))); all of its output: ${log#"$PWD"/}"
	else
		[ "$n" -le "$total" ] || echo "$n" >"${log%.log}.total"
		if [ $((SECONDS - start)) -ge 2 ]; then
			say "$what: done in $(elapsed $((SECONDS - start)))"
		fi
	fi
	return $rc
}

# locked NAME COMMAND...: one at a time
locked() {
	local lock=$1	# not a name that "$@" may use

	shift
	exec 9>"$build/.lock-$lock"
	flock -n 9 || { say "waiting for another $lock"; flock 9; }
	"$@"
	exec 9>&-
}

# write_if_changed FILE: stdin to FILE, whose time stays if nothing changed
write_if_changed() {
	local tmp=$1.tmp$$

	cat >"$tmp"
	if cmp -s "$tmp" "$1"; then
		rm "$tmp"
	else
		mv "$tmp" "$1"
	fi
}

# guest_programs: what tests of that name run, to build/guest/
guest_programs() {
	local f out

	mkdir -p "$build/guest"
	for f in "$top"/tests/guest/*.c; do
		out=$build/guest/$(basename "$f" .c)
		[ "$out" -nt "$f" ] || gcc -O2 -Wall -Wextra -static -o "$out" "$f"
	done
	make -s -C "$top/tools/tapc" guest
}

# guest_modules KERNEL: modules for tests, to build/guest/KERNEL/
guest_modules() {
	local out=$build/guest/$1 f=$top/tests/guest/module

	[ -z "$(find "$f" "$build/obj/$1/arch/x86/boot/bzImage" -type f \
		-newer "$out/contexts.ko" 2>&1)" ] && return
	mkdir -p "$out"
	cp "$f"/* "$out"
	make -s -C "$build/obj/$1" M="$out" modules
	touch "$out"/*.ko
}
