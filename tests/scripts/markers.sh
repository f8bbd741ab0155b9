#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests what a TRACE_MARKER() is in a module's code: one nop where it stands, the
# rest behind the function's end; and that what is no field does not compile.
#
#	tests/scripts/markers.sh [KERNEL]
#
# in:  a kernel that scripts/kernel-build has built (default: tap); the sample
# out: "ok" or "FAILED" and what, a line a case; bytes of code and data a marker
#      takes; status 1 if a case failed

. "$(dirname "$0")/../../scripts/lib.sh"
usage "$@"

obj=$build/obj/${1:-tap}
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

# module NAME: builds $work/NAME.c, alone; for speed, as kernels usually are. One
# that is built for size jumps over what is out of the way otherwise.
module() {
	printf '%s\n' "obj-m := $1.o" 'ccflags-y := -O2' >"$work/Kbuild"
	make -s -C "$obj" M="$work" modules >"$work/log" 2>&1
}

# --- the code

sample=$top/samples/trace_events/trace-marker-sample.c
sites=$(grep -c '^[[:blank:]]*TRACE_MARKER(' "$sample")
cp "$sample" "$work/with.c"
# the same without them, but for the values, which are still used
sed 's|^#include <linux/module.h>|&\n#undef TRACE_MARKER\n#define TRACE_MARKER(name, args...) do { if (0) trace_tap_marker_none(0, ##args); } while (0)|' \
	"$sample" >"$work/without.c"
check 'the sample compiles' module with
check 'and without markers' module without

# An entry of the section is code, target and key, a relocation each; what is in
# other sections than .text is left out. Of each entry in .text:
#	the instruction at the code, that in front of the target
objdump -d --no-show-raw-insn -j .text "$work/with.ko" |
	sed -n 's/^ *\([0-9a-f]*\):\t/\1 /p' >"$work/text"
objdump -r -j __jump_table "$work/with.ko" |
	sed -n 's/.* R_X86_64_PC32 *\.text+0x0*\([0-9a-f][0-9a-f]*\)$/\1/p' | paste - - |
	while read -r code target; do
		awk -v code="$code" -v target="$target" '
			$1 == target { print last }
			$1 == code { last = ""; at = substr($0, length($1) + 2); printf "%s; ", at }
			{ last = $2 }' "$work/text"
	done >"$work/sites"
check "a marker is a nop ($(wc -l <"$work/sites") in .text)" \
	[ "$(grep -c '^\(nop\|xchg *%ax,%ax\)' "$work/sites")" = $((sites - 1)) ]
check 'what it does when it is on is reached by its jump only' \
	[ "$(grep -c '; \(jmp\|ret\)$' "$work/sites")" = $((sites - 1)) ]

bytes() { size -A "$work/$1.ko" | awk -v s="$2" '$1 ~ s { n += $2 } END { print n + 0 }'; }
more() { echo $(($(bytes with "$1") - $(bytes without "$1"))); }
echo "$sites markers, 12 arguments: $(more '^\.(text|init.text)') bytes of code," \
	"$(more '^(__trace_markers)') of sites," \
	"$(more '^(\.rodata)') of descriptions and text, $(more '^__jump_table') of jump labels"

# --- what does not compile, and what is said of it

# refused WHAT ARGUMENTS MESSAGE
refused() {
	cat >"$work/bad.c" <<-END
		#include <linux/module.h>
		struct two { int a, b : 3; char flex[]; };
		void bad(struct two *two, u8 mac[6], unsigned __int128 huge);
		void bad(struct two *two, u8 mac[6], unsigned __int128 huge)
		{
			u8 bytes[6] = { mac[0] };

			TRACE_MARKER(bad, ${2:-bytes[0]});
		}
		MODULE_LICENSE("GPL");
	END
	check "does not compile: $1" \
		eval "! module bad && grep -q '$3' \"$work/log\""
}
no_field='TRACE_MARKER: argument is no integer, pointer, or string'
refused 'a struct' '*two' "$no_field"
refused 'an array' 'bytes' "$no_field"
refused '128 bits' 'huge' "$no_field"
refused 'a bit field' 'two->b' 'applied to a bit-field'
refused '13 arguments' '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13' 'more than 12 arguments'
refused 'what is not there' 'nothing' 'undeclared'

# --- without the option

{
	echo '#include <linux/module.h>'
	echo '#undef CONFIG_TRACE_TAP'
	echo '#undef __TRACE_MARKER'
	# that part of the header once more
	sed -n '/^#ifdef __CHECKER__/,/^#endif/p' "$top/include/trace/marker.h"
	# called() is nowhere: a call would not link
	cat <<-'END'
		int called(void);
		int nothing(char *name, int n);
		int nothing(char *name, int n)
		{
			TRACE_MARKER(off, name, n, called());
			TRACE_MARKER(off);
			return n;
		}
		MODULE_LICENSE("GPL");
	END
} >"$work/off.c"
check 'without the option it compiles' module off
check '  to nothing' [ "$(bytes off __trace_markers)$(bytes off __jump_table)" = 00 ]

exit $status
