#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --program build/tapc --add tests/guest/check.inc:/check --add tools/tapc/LANGUAGE.md
#
# tapc: what LANGUAGE.md says is there compiles, and what it says is not there is
# refused with an error. Each row of its tables has an example.

. /check
tapc=/usr/local/bin/build/tapc

# rows: "yes" or "no", a tab, the example
rows() { sed -n 's/^| .* | \(yes\|no\) | `\(.*\)` |[^`]*\(`.*\)*|$/\1\t\2/p' /LANGUAGE.md; }

rows >/tmp/rows
check "there are rows" [ "$(wc -l </tmp/rows)" -gt 70 ]
while IFS="$(printf '\t')" read -r there text; do
	if "$tapc" --code -e "$text" >/tmp/code 2>/tmp/err; then
		is "$text" yes "$there"
	elif grep -q ': error: ' /tmp/err; then
		is "$text: $(head -n 1 /tmp/err)" no "$there"
	else
		fail "$text: $(cat /tmp/err)"
	fi
done </tmp/rows
finish
