#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs tools in a guest, one after the other, under work whose traces are known.
#
#	guest.sh ENGINE [TOOL]...
#
# in:  ENGINE, tapc or bpftrace; the table and work.sh beside this file, the
#      worker /work, the userland and a folder for results: 9p mounts "root"
#      and "out" of scripts/compare
# out: for each tool a line "NAME RESULT CPU RSS WHY": right, wrong, none, which
#      is: it did not run, or idle: it did, but there is nothing to see; ms of
#      CPU until it traced; KB of memory that it had at most. In the folder
#      NAME.ENGINE.out, .err, .want, .seen

engine=$1
shift
tracefs=/sys/kernel/tracing
facts=/tmp/facts
root=/userland
here=/vm/peer
. $here/work.sh

mkdir -p $root
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=131072 root $root
mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072 out $root/out
for dir in proc dev; do
	mount -o bind /$dir $root/$dir
done
mount -o rbind /sys $root/sys
mount -t tmpfs tmp $root/tmp
ip addr add 127.0.0.1/8 dev lo 2>/dev/null

in_root() { PATH=/usr/bin:/usr/sbin /usr/sbin/chroot $root "$@"; }

# disk: an empty one, /dev/nullb0
disk() {
	rmmod null_blk 2>/dev/null
	modprobe null_blk nr_devices=1 gb=1 memory_backed=1
	until [ -b /dev/nullb0 ]; do sleep 0.1; done
}

disk_dev() { cat /sys/block/nullb0/dev; }

start_engine() {	# TOOL WORDS
	case $engine in
	bpftrace)
		set -- bpftrace "/usr/sbin/$1.bt"
		;;
	tapc)
		case " $2 " in
		*" btf "*) set -- --btf /out/types.btf "/usr/sbin/$1.bt" ;;
		*)	   set -- "/usr/sbin/$1.bt" ;;
		esac
		set -- tapc --compat 0.17 "$@"
		;;
	esac
	PATH=/usr/bin:/usr/sbin BPFTRACE_KERNEL_SOURCE=/usr/src/headers \
		/usr/sbin/chroot $root "$@" >"$out" 2>"$err" &
	tracer=$!
}

# It traces when it waits for what comes: poll, select, pause, nanosleep,
# sigtimedwait, epoll, the second time that it is looked at.
wait_ready() {
	local nr rest waits=0 tries=0

	while [ $waits -lt 2 ] && [ $tries -lt 1200 ]; do
		read -r nr rest <"/proc/$tracer/syscall" || return 1
		case $nr in
		7|23|34|35|128|230|232|270|271|281|441) waits=$((waits + 1)) ;;
		*) waits=0 ;;
		esac
		tries=$((tries + 1))
		sleep 0.1
	done 2>/dev/null
	[ $waits = 2 ]
}

# ticks of user and system time, in ms
cpu_ms() { awk '{ print ($14 + $15) * 10 }' "/proc/$tracer/stat"; }
peak_kb() { awk '/^VmHWM/ { print $2 }' "/proc/$tracer/status"; }

stop_engine() {
	local tries=0

	kill -INT "$tracer"
	while kill -0 "$tracer" 2>/dev/null && [ $tries -lt 300 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	if kill -9 "$tracer" 2>/dev/null; then
		wait "$tracer"
		return 137
	fi
	wait "$tracer"
}

# clean_up TOOL: also what an engine leaves that was killed
clean_up() {
	if type "after_$1" >/dev/null; then "after_$1"; fi
	[ $engine = bpftrace ] || in_root tapc rm --all >/dev/null
}

# run_tool NAME WORDS: its line is in $line then
run_tool() {
	local t=$1 words=$2 m cpu rss result=wrong why= work=$1

	out=$root/out/$t.$engine.out err=$root/out/$t.$engine.err
	want=$root/out/$t.$engine.want seen=$root/out/$t.$engine.seen
	: >$facts
	pid=0
	for m in $words; do
		case $m in
		btf|null_blk) ;;
		!)	work=none; break ;;
		*)	modprobe "$m" ;;
		esac
	done
	if type "before_$t" >/dev/null; then "before_$t"; fi
	start_engine "$t" "$words"
	if ! wait_ready; then
		kill -9 "$tracer" 2>/dev/null
		wait "$tracer"
		clean_up "$t"
		line="$t none - - $(grep -i -m 1 error "$err" || head -n 1 "$err")"
		return
	fi
	cpu=$(cpu_ms)
	[ $work = none ] || "work_$t"
	sleep 0.3
	rss=$(peak_kb)
	stop_engine || why="status $?"
	if [ $work = none ]; then
		clean_up "$t"
		line="$t idle $cpu $rss ${words#*!}"
		return
	fi
	"want_$t" >"$want"
	"seen_$t" >"$seen"
	if [ -z "$why" ] && cmp -s "$want" "$seen"; then result=right; fi
	clean_up "$t"
	line="$t $result $cpu $rss $why"
}

for tool; do
	words=$(sed -n "s/^$tool[[:space:]]*//p" $here/tools)
	run_tool "$tool" "$words"
	# bpftrace 0.17 now and then does not end when it is told to
	case $engine$line in
	bpftrace*"status 137"*) run_tool "$tool" "$words" ;;
	esac
	echo "$line"
done 2>&1
