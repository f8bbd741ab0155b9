# SPDX-License-Identifier: GPL-2.0
# What scripts/series and scripts/series-check share. Sourced after lib.sh.
#
# A patch file in patches/ is a mail:
#
#	From: A Developer <a@example.org>
#	Subject: [PATCH] tracing/tap: Do this
#
#	Why, what, how it was tested.
#
#	Signed-off-by: A Developer <a@example.org>
#	---
#	New: kernel/trace/tap/lex.c
#
#	diff --git a/kernel/trace/Makefile b/kernel/trace/Makefile
#	...
#
# "New:" names, at its place in the kernel, a file that the commit brings in;
# its text is in the overlay. The diff is to files that the kernel has.

# elsewhere when the tools themselves are tested
linux=${SERIES_LINUX:-$build/linux}
patches=${SERIES_PATCHES:-$top/patches}
overlay=${SERIES_OVERLAY:-$top}

# What checkpatch.pl --strict need not say. The tables that make an enum, names
# and rules of one row cannot be put in parentheses, and not all of their users
# take all columns. That new files have maintainers is checked by series-check.
# And <asm/nmi.h> has what <linux/nmi.h> has not: handlers.
checkpatch_ignore=COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,FILE_PATH_CHANGES,INCLUDE_LINUX

# goes with the script, however that ends
series_tmp=$(mktemp -d "$build/series-tmp.XXXXXX")
trap 'rm -rf "$series_tmp"' EXIT

# Where the overlay's folders are in the kernel; the first that fits counts.
overlay_map=(
	"selftests/ftrace/	tools/testing/selftests/ftrace/test.d/tap/"
	"selftests/		tools/testing/selftests/"
	"kernel/		kernel/"
	"include/		include/"
	"samples/		samples/"
	"Documentation/		Documentation/"
)

# committers and dates do not depend on who applies and when: the same series
# is always the same commit
series_date='2025-01-01T00:00:00Z'
export GIT_COMMITTER_NAME=tap GIT_COMMITTER_EMAIL=tap@localhost
export GIT_AUTHOR_NAME=tap GIT_AUTHOR_EMAIL=tap@localhost
export GIT_COMMITTER_DATE=$series_date GIT_CONFIG_GLOBAL=/dev/null

g() { git -C "$linux" "$@"; }

# mapped PATH FROM TO: PATH with the prefix in column FROM of the table
# replaced by that in column TO
mapped() {
	local row col

	for row in "${overlay_map[@]}"; do
		read -ra col <<<"$row"
		if [[ $1 == "${col[$2]}"* ]]; then
			echo "${col[$3]}${1#"${col[$2]}"}"
			return
		fi
	done
	return 1
}
to_kernel() { mapped "$1" 0 1; }
to_repo() { mapped "$1" 1 0; }

# overlay_files: kernel path, tab, repo path, of every file there is
overlay_files() {
	local f

	(
		cd "$overlay"
		if [ "$overlay" = "$top" ]; then
			git ls-files -co --exclude-standard -- \
				kernel include samples Documentation selftests
		else
			find kernel include samples Documentation selftests -type f \
				2>/dev/null || true
		fi
	) | sort -u | while read -r f; do
		[ -f "$overlay/$f" ] || continue
		printf '%s\t%s\n' "$(to_kernel "$f")" "$overlay/$f"
	done
}

patch_files() {
	find "$patches" -maxdepth 1 -name '[0-9]*.patch' 2>/dev/null | sort
}

# --- parts of a patch file

# header FILE NAME: the value, continuation lines joined
header() {
	awk -v name="$2:" '
		/^$/ { exit }
		/^[ \t]/ { if (on) { sub(/^[ \t]+/, " "); v = v $0 } ; next }
		{ on = 0 }
		$1 == name { on = 1; v = $0; sub(/^[^:]*: */, "", v) }
		END { print v }' "$1"
}
changelog() { awk '!body { body = /^$/; next } /^---$/ { exit } { print }' "$1"; }
new_files() {
	awk '!body { body = /^$/; next } /^diff --git / { exit }
	     cut && $1 == "New:" { print $2 } /^---$/ { cut = 1 }' "$1"
}
diff_part() { awk '/^diff --git / { on = 1 } on' "$1"; }

# --- commits

# compose: makes the commits base + series in the object store, leaves branch
# and files alone. Prints a line for each commit: its id, tab, the patch file.
compose() {
	local index commit p f repo blob mode tree from bad

	index=$series_tmp/index
	export GIT_INDEX_FILE=$index
	g read-tree base
	commit=$(g rev-parse base)
	while read -r p; do
		diff_part "$p" >"$index.diff"
		if [ -s "$index.diff" ] && ! g apply --cached --whitespace=nowarn \
				"$index.diff" 2>"$index.err"; then
			sed 's/^/  /' "$index.err" >&2
			bad=$(sed -n 's/^error: \(.*\): patch does not apply$/\1/p' "$index.err")
			rm -f "$index"*
			die "$(basename "$p") does not apply:" $bad
		fi
		while read -r f; do
			repo=$(to_repo "$f") && repo=$overlay/$repo ||
				die "$(basename "$p"): New: $f is outside the overlay"
			[ -f "$repo" ] ||
				die "$(basename "$p"): New: $f, but ${repo#"$top"/} does not exist"
			mode=100644
			[ ! -x "$repo" ] || mode=100755
			blob=$(g hash-object -w --no-filters -- "$repo")
			g update-index --add --cacheinfo "$mode,$blob,$f"
		done < <(new_files "$p")
		tree=$(g write-tree)
		from=$(header "$p" From)
		commit=$({
			header "$p" Subject | sed 's/^\[PATCH[^]]*\] *//'
			echo
			changelog "$p"
		} | GIT_AUTHOR_NAME=${from% <*} \
		    GIT_AUTHOR_EMAIL=$(sed 's/.*<\(.*\)>.*/\1/' <<<"$from") \
		    GIT_AUTHOR_DATE=$(d=$(header "$p" Date); echo "${d:-$series_date}") \
		    git -C "$linux" commit-tree "$tree" -p "$commit")
		printf '%s\t%s\n' "$commit" "$p"
	done < <(patch_files)
	unset GIT_INDEX_FILE
	rm -f "$index"*
}

# tip: the last commit of what compose printed
tip() {
	local last

	last=$(tail -n 1 <<<"$1" | cut -f 1)
	echo "${last:-$(g rev-parse base)}"
}

# claims: each overlay file belongs to exactly one patch
claims() {
	local bad

	bad=$(awk -F '\t' '
		FILENAME == ARGV[1] { n[$1]++; by[$1] = by[$1] " " $2; next }
		{ have[$1] }
		END {
			for (f in have)
				if (!(f in n)) print f ": no patch claims it with a New: line"
			for (f in n)
				if (n[f] > 1) print f ": claimed by" by[f]
		}' <(while read -r p; do
			new_files "$p" | sed "s|\$|\t$(basename "$p")|"
		     done < <(patch_files)) <(overlay_files) | sort)
	[ -z "$bad" ] || { printf '%s\n' "$bad"; return 1; }
}
