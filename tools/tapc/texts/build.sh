## SPDX-License-Identifier: GPL-2.0
## What all shell scripts of `tapc build` have in common, behind what is each one's
## own: see build.c. These three lines are left out.
say() { echo "$0: $*" >&2; }
fail() { undo; exit 1; }

# last DIR: the newest entry of its error_log
last() {
	entry=
	while IFS= read -r line; do
		case $line in
		\[*) entry=$line ;;
		*) entry="$entry
$line" ;;
		esac
	done <"$1/error_log"
}

# put DIR FILE WHAT: write what comes in
put() {
	err=$({ cat >>"$1/$2"; } 2>&1) && return
	say "$3: ${err#*: }"
	last "$1"
	[ "$entry" = "$seen" ] || echo "$entry" >&2
	seen=$entry
	return 1
}

table() { put "$I" table_control "$1" || fail; }
alone() { put $T dynamic_events "$1" || fail; }
maybe() {
	while IFS= read -r line; do
		d=${line#*/}
		printf '%s\n' "$line" | put $T dynamic_events "${d%% *}" ||
			say "${d%% *}: left out"
	done
}
once() { put "$I" run_once "$1" || fail; }

# action EVENT PROBE: its program
action() {
	d=events/$1
	case $W$1 in
	check"$G"/*) ;;
	check*)
		[ -e "$T/$d/action" ] || { bad=1; say "$2: no event $1"; } ;;
	*)
		[ -e "$I/$d" ] || return 0
		[ $W = load ] || { echo >"$I/$d/action"; return; }
		any=1
		put "$I" "$d/action" "$2" || fail
	esac
}

check() {
	[ -e $T/trace ] || mount -t tracefs none $T
	[ -w $T/trace ] || { say "no tracefs in $T; be root"; exit 1; }
	bad=
	for f in $FILES; do
		[ -e $T/$f ] || { bad=1; say "the kernel has no file $f"; }
	done
	[ "$bad" ] || { W=check; programs; }
	[ -z "$bad" ] || exit 1
}

start() {
	check
	[ ! -d "$I" ] || { say 'runs already'; exit 1; }
	mkdir "$I" || exit 1
	trap fail INT TERM HUP
	echo 0 >"$I/options/context-info"
	last $T
	seen=$entry
	tables
	events
	begin
	read -r on <"$I/tracing_on"
	echo 0 >"$I/tracing_on"
	W=load any=
	programs
	[ "$any" ] || { say 'nothing to trace'; fail; }
	echo $on >"$I/tracing_on"
}

show() {
	[ -d "$I" ] || { say 'does not run'; return 1; }
	cat "$I/trace"
	for t in $TABLES; do
		[ ! -e "$I/tables/$t" ] || cat "$I/tables/$t"
	done
}

stop() {
	if [ -d "$I" ]; then
		echo 0 >"$I/tracing_on"
		W=off
		programs
		echo 1 >"$I/tracing_on"
		end
	fi
	show
	ok=$?
	undo && return $ok
}

# also what a start that was killed has left
undo() {
	trap '' INT TERM HUP
	left= names=
	if [ -d "$I" ]; then
		echo 0 >"$I/tracing_on"
		echo reset >"$I/table_control"
		rmdir "$I" || left=1
	fi
	[ ! -e $T/dynamic_events ] || while read -r line; do
		line=${line#*:}
		case $line in
		"$G"/*) names="${line%% *} $names" ;;
		esac
	done <$T/dynamic_events
	for n in $names; do
		echo "-:$n" >>$T/dynamic_events || left=1
	done
	[ -z "$left" ] || { say 'in use: something is left'; return 1; }
}

case $1 in
start | show | stop) $1 ;;
*) echo "usage: $0 start|show|stop"; exit 2 ;;
esac
