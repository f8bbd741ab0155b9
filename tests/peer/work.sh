# SPDX-License-Identifier: GPL-2.0
# What each tool is made to see, and what it has to show then. Read by guest.sh,
# run by busybox sh in the guest.
#
#	before_TOOL	what has to be done before the tool starts, if anything
#	work_TOOL	does known things
#	want_TOOL	prints what the tool has to show of that
#	seen_TOOL	prints what it did show: of its output, $out, the part
#			about this work, with what differs each time replaced
#
# The tool is right if the last two print the same. In both, PID stands for the
# worker's, HH:MM:SS for a time.
#
# Example: work_killsnoop sends signals, so killsnoop's output has
#	12:00:01  71     work             17   71     0
# which seen_killsnoop makes "HH:MM:SS  PID work             17   PID 0".

# do_work JOB [ARG]...: by tests/peer/work.c. What it says is in $facts
do_work() { /work "$@" >$facts; pid=$(fact pid); }

fact() { awk -v k="$1" '$1 == k { print $2 }' $facts; }

# mine [N]: lines whose word N (2) is the worker's pid, times and pid replaced
mine() {
	awk -v p="$pid" -v n="${1:-2}" '$n == p' $out | no_pid
}

no_pid() {
	sed -E "s/^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]/HH:MM:SS/; s/\b$pid\b */PID /g"
}

# head_lines N: the first lines that the script itself printed
head_lines() { grep -v '^Attach' $out | head -n "$1"; }

# hist_sum: of all buckets
hist_sum() {
	sed -n 's/^[[(].*[])] *\([0-9]*\) |.*|$/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}

# plain_hist: "[2, 4)      3 |@@@@|" is "[2, 4) 3"; no empty lines
plain_hist() { sed 's/ *|.*//; s/^\(\[[^])]*[])]\)  */\1 /; s/: *$/:/; /^$/d'; }

# at_least WHAT GOT MIN: says "WHAT: enough", so that it may be wanted
at_least() {
	if [ "${2:-0}" -ge "$3" ]; then echo "$1: enough"; else echo "$1: only ${2:-0}"; fi
}

# ------------------------------------------------------------- processes

work_capable() { do_work caps /tmp; chown 0:0 /tmp; }
want_capable() {
	cat <<-'END'
	Tracing cap_capable syscalls... Hit Ctrl-C to end.
	TIME      UID    PID    COMM             CAP  NAME                 AUDIT
	HH:MM:SS  0      PID work             21   CAP_SYS_ADMIN        0
	HH:MM:SS  0      PID work             18   CAP_SYS_CHROOT       0
	HH:MM:SS  0      PID work             23   CAP_SYS_NICE         0
	HH:MM:SS  0      PID work             0    CAP_CHOWN            0
	HH:MM:SS  0      PID work             6    CAP_SETGID           4
	END
}
# the kernel asks by itself whether memory may be overcommitted, without audit
seen_capable() { head_lines 2; mine 3 | grep -v 'work .*CAP_SYS_ADMIN *2$' | grep -v ' sh '; }

work_cpuwalk() { do_work spin 0 600; do_work spin 1 600; }
want_cpuwalk() {
	echo "Sampling CPU at 99hz... Hit Ctrl-C to end."
	echo "@cpu: "
	echo "[0, 1): enough"
	echo "[1, 2): enough"
}
seen_cpuwalk() {
	grep -A 1 -e '^Sampling' -e '^@cpu' $out | grep -v -e '^\[' -e '^--' -e '^$'
	at_least "[0, 1)" "$(grep '^\[0, 1)' $out | hist_sum)" 20
	at_least "[1, 2)" "$(grep '^\[1, 2)' $out | hist_sum)" 20
}

work_execsnoop() {
	sh -c 'echo pid $$ >'$facts'; exec /bin/busybox true one "two words" three'
	pid=$(fact pid)
}
want_execsnoop() {
	echo "TIME(ms)   PID   ARGS"
	echo "PID /bin/busybox true one two words three"
}
seen_execsnoop() { head_lines 1; mine | sed 's/^[0-9]* *//' | grep -v 'PID sh'; }

work_killsnoop() { do_work kill; }
want_killsnoop() {
	cat <<-'END'
	Tracing kill() signals... Hit Ctrl-C to end.
	TIME      PID    COMM             SIG  TPID   RESULT
	HH:MM:SS  PID work             0    PID 0
	HH:MM:SS  PID work             17   PID 0
	HH:MM:SS  PID work             15   4194303 -3
	HH:MM:SS  PID work             99   PID -22
	END
}
seen_killsnoop() { head_lines 2; mine; }

work_naptime() { do_work nap 2 125; }
want_naptime() {
	local c

	echo "Tracing sleeps. Hit Ctrl-C to end."
	echo "TIME     PPID   PCOMM            PID    COMM             SECONDS"
	for c in 1 2; do
		printf 'HH:MM:SS %-6d %-16s PID work             0.125\n' $$ sh
	done
}
seen_naptime() { head_lines 2; mine 4; }

work_oomkill() {
	/work victim 60000 >$facts &
	sleep 0.3
	pid=$(fact pid)
	# the kernel's report has a stack, which would look like a bug of it
	dmesg -n 1
	echo f >/proc/sysrq-trigger
	sleep 0.5
	dmesg -n 7
}
want_oomkill() {
	echo "Tracing oom_kill_process()... Hit Ctrl-C to end."
	echo 'HH:MM:SS Triggered by a kworker, OOM kill of PID ("victim"),' \
		'some pages, loadavg: N N N N/N N'
}
seen_oomkill() {
	head_lines 1
	grep Triggered $out | sed -E "s/^..:..:../HH:MM:SS/; s/PID [0-9]+ \(\"kworker[^\"]*\"\)/a kworker/
		s/[1-9][0-9]+ pages/some pages/; s/[0-9]+\.[0-9][0-9]/N/g
		s,N N N [0-9]+/[0-9]+ [0-9]+$,N N N N/N N,; s/PID $pid /PID /"
}

work_pidpersec() { do_work fork 40 1500; }
want_pidpersec() {
	echo "Tracing new processes... Hit Ctrl-C to end."
	echo "a second of many: enough"
}
seen_pidpersec() {
	head_lines 1
	at_least "a second of many" "$(sed -n 's/^..:..:.. PIDs\/sec: @: //p' $out |
		sort -n | tail -n 1)" 20
}

work_runqlat() { do_work nap 50 10; }
want_runqlat() {
	echo "Tracing CPU scheduler... Hit Ctrl-C to end."
	printf '%s\n' '@usecs: ' "wakeups: enough"
}
seen_runqlat() {
	head_lines 1
	grep '^@' $out
	at_least wakeups "$(hist_sum <$out)" 100
}

work_setuids() { do_work setuids; }
want_setuids() {
	cat <<-'END'
	Tracing setuid(2) family syscalls. Hit Ctrl-C to end.
	TIME     PID    COMM             UID    SYSCALL   ARGS (RET)
	HH:MM:SS PID work             0      setfsuid  uid=7 (prevuid=0)
	HH:MM:SS PID work             0      setfsuid  uid=0 (prevuid=7)
	HH:MM:SS PID work             0      setresuid ruid=0 euid=1 suid=2 (0)
	HH:MM:SS PID work             0      setuid    uid=3 (-1)
	HH:MM:SS PID work             0      setuid    uid=2 (0)
	END
}
seen_setuids() { head_lines 2; mine; }

work_syscount() { do_work calls 20000; }
want_syscount() {
	printf '%s\n' "Counting syscalls... Hit Ctrl-C to end." "Top 10 syscalls IDs:" \
		"@syscall[140]: 20000" "Top 10 processes:" "@process[work]: enough"
}
seen_syscount() {
	head_lines 1
	grep -e '^Top.*IDs' -e '^@syscall.140.' $out
	grep '^Top.*processes' $out
	at_least "@process[work]" "$(sed -n 's/^@process.work.: //p' $out)" 20000
}

before_loads() {
	# so that the numbers are not 0
	/work spin 0 6000 >/dev/null & /work spin 1 6000 >/dev/null & wait $!
}
work_loads() {
	local i

	for i in 1 2 3 4; do
		cat /proc/loadavg >>$facts
		sleep 0.7
	done
}
want_loads() { echo "Reading load averages... Hit Ctrl-C to end."; echo "as /proc/loadavg: yes"; }
# what the file says is rounded
seen_loads() {
	head_lines 1
	awk '
	FNR == NR {
		for (i = 1; i <= 3; i++) {
			if (FNR == 1 || $i < min[i]) min[i] = $i
			if ($i > max[i]) max[i] = $i
		}
		next
	}
	/load averages:/ {
		lines++
		for (i = 1; i <= 3; i++) {
			v = $(i + 3)
			if (v < min[i] - 0.08 || v > max[i] + 0.08) bad = bad " " v
		}
		if ($4 !~ /^[0-9]+\.[0-9][0-9][0-9]$/ || $4 == 0) bad = bad " " $4
	}
	END { print "as /proc/loadavg: " (bad ? bad : lines > 1 ? "yes" : "no") }' \
	$facts $out
}

# ----------------------------------------------------------------- files

work_opensnoop() {
	echo x >/tmp/one; echo x >/tmp/two; mkdir -p /tmp/dir
	do_work open /tmp/one /tmp/two /tmp/nothing /etc/hosts /tmp/dir /tmp/one/below \
		/proc/self/stat
}
want_opensnoop() {
	cat <<-'END'
	Tracing open syscalls... Hit Ctrl-C to end.
	PID    COMM               FD ERR PATH
	PID work                3   0 /tmp/one
	PID work                3   0 /tmp/two
	PID work               -1   2 /tmp/nothing
	PID work                3   0 /etc/hosts
	PID work                3   0 /tmp/dir
	PID work               -1  20 /tmp/one/below
	PID work                3   0 /proc/self/stat
	END
}
seen_opensnoop() { head_lines 2; mine 1; }

work_statsnoop() { do_work stat /etc/hosts /nothing; }
want_statsnoop() {
	local c

	echo "Tracing stat syscalls... Hit Ctrl-C to end."
	echo "PID    COMM             ERR PATH"
	for c in stat lstat statx statfs; do
		echo "PID work               0 /etc/hosts"
		echo "PID work               2 /nothing"
	done
}
seen_statsnoop() { head_lines 2; mine 1; }

work_syncsnoop() { do_work sync /tmp/synced; }
want_syncsnoop() {
	local c

	echo "Tracing sync syscalls... Hit Ctrl-C to end."
	echo "TIME      PID    COMM             EVENT"
	for c in sync syncfs fsync fdatasync sync_file_range msync; do
		echo "HH:MM:SS  PID work             tracepoint:syscalls:sys_enter_$c"
	done
}
seen_syncsnoop() { head_lines 2; mine; }

work_vfscount() { do_work vfs /tmp 37; }
want_vfscount() {
	echo "Tracing VFS calls... Hit Ctrl-C to end."
	printf '@[vfs_%s]: 37\n' create fsync mkdir rmdir unlink
}
seen_vfscount() {
	head_lines 1
	sort $out | grep -E '^@\[vfs_(create|fsync|mkdir|rmdir|unlink)\]: '
}

work_vfsstat() { do_work vfs /tmp 37; sleep 1.5; }
want_vfsstat() {
	echo "Tracing key VFS calls... Hit Ctrl-C to end."
	printf '@[vfs_%s]: 37\n' create fsync
	printf '@[vfs_%s]: enough\n' open read write
}
seen_vfsstat() {
	head_lines 1
	awk '/^@\[vfs_/ { n[$1] += $2 } END { for (i in n) print i, n[i] }' $out | sort |
	while read -r what n; do
		case $what in
		*create*|*fsync*) echo "$what $n" ;;
		*_open*|*_read]*|*_write]*) at_least "${what%:}" "$n" 37 ;;
		esac
	done
}

work_dcsnoop() {
	mkdir -p /tmp/dc
	echo x >/tmp/dc/there
	do_work vfs /tmp/dc 1
	cat $facts >$facts.1
	do_work stat /tmp/dc/there
}
want_dcsnoop() {
	local c

	echo "Tracing dcache lookups... Hit Ctrl-C to end."
	echo "TIME     PID    COMM             T FILE"
	# mkdir, rmdir, mknod, open, unlink
	for c in 'M made' 'M made' 'M file' 'R file' 'M file'; do
		echo "PID work             $c"
	done
	for c in stat lstat statx statfs; do
		echo "PID work             R tmp/dc/there"
		echo "PID work             R dc/there"
		echo "PID work             R there"
	done
}
seen_dcsnoop() {
	head_lines 2
	{ pid=$(facts=$facts.1 fact pid) mine; mine; } |
		sed -n -E 's/^[0-9]+ *(.*(made|file|there))$/\1/p'
}

before_bitesize() { disk; }
work_bitesize() { do_work disk /dev/nullb0 4096 3 16384 2 -65536 5; }
want_bitesize() {
	cat <<-'END'
	Tracing block device I/O... Hit Ctrl-C to end.
	I/O size (bytes) histograms by process name:
	@[work]:
	[4K, 8K) 3
	[8K, 16K) 0
	[16K, 32K) 2
	[32K, 64K) 0
	[64K, 128K) 5
	END
}
seen_bitesize() {
	head_lines 1
	grep '^I/O' $out
	awk '/^@/ { on = /^@\[work\]:/ } on' $out | plain_hist
}

before_writeback() { disk; }
work_writeback() { do_work dirty /dev/nullb0 409600; }
want_writeback() {
	cat <<-'END'
	Tracing writeback... Hit Ctrl-C to end.
	TIME      DEVICE   PAGES    REASON           ms
	of the disk's pages by sync: yes
	END
}
seen_writeback() {
	head_lines 2
	if grep -q -E '^..:..:..  '"$(disk_dev)"' +[0-9]+ +sync +[0-9]+\.[0-9]{3}$' $out; then
		echo "of the disk's pages by sync: yes"
	fi
}

before_xfsdist() {
	disk
	in_root mkfs.xfs -q -f /dev/nullb0
	mkdir -p /tmp/xfs
	mount -t xfs /dev/nullb0 /tmp/xfs
}
after_xfsdist() { umount /tmp/xfs; }
work_xfsdist() { do_work vfs /tmp/xfs 37; }
want_xfsdist() {
	echo "Tracing XFS operation latency... Hit Ctrl-C to end."
	echo "@us[xfs_file_fsync]: 37"
	printf '@us[xfs_file_%s]: 37\n' open read_iter write_iter
}
seen_xfsdist() {
	head_lines 1
	grep '^@us' $out | sort | while read -r what; do
		echo "$what $(awk -v w="$what" '/^@/ { on = $1 == w } on' $out | hist_sum)"
	done
}

before_mdflush() {
	disk
	echo md_peer >/sys/module/md_mod/parameters/new_array
	cd /sys/block/md_peer/md
	echo none >metadata_version
	echo raid1 >level
	echo 1 >raid_disks
	cat /sys/block/nullb0/dev >new_dev
	echo 65536 >dev-nullb0/size
	echo 0 >dev-nullb0/slot
	echo active >array_state
	cd $tracefs
	[ -b /dev/md_peer ]
}
after_mdflush() { echo clear >/sys/block/md_peer/md/array_state; }
work_mdflush() { do_work vfs /tmp 1; do_work sync /dev/md_peer; }
want_mdflush() {
	echo "Tracing md flush events... Hit Ctrl-C to end."
	echo "TIME     PID    COMM             DEVICE"
	echo "HH:MM:SS PID work             md_peer"
}
seen_mdflush() { head_lines 2; mine | uniq; }

# ---------------------------------------------------- programs, libraries

work_bashreadline() {
	printf '%s\n' 'echo pid $$' 'true one' 'true "two  three"' exit |
		in_root bash --norc -i >$facts 2>/dev/null
	pid=$(fact pid)
}
want_bashreadline() {
	cat <<-'END'
	Tracing bash commands... Hit Ctrl-C to end.
	TIME      PID    COMMAND
	HH:MM:SS  PID echo pid $$
	HH:MM:SS  PID true one
	HH:MM:SS  PID true "two  three"
	HH:MM:SS  PID exit
	END
}
seen_bashreadline() { head_lines 2; mine; }

work_gethostlatency() {
	in_root sh -c 'echo pid $$; exec getent ahosts seven' >$facts
	pid=$(fact pid)
}
want_gethostlatency() {
	echo "Tracing getaddr/gethost calls... Hit Ctrl-C to end."
	echo "TIME      PID    COMM              LATms HOST"
	echo "HH:MM:SS  PID getent                N seven"
}
seen_gethostlatency() {
	head_lines 2
	mine | sed -E 's/ *[0-9]+ seven/                N seven/'
}

# tls MESSAGE: from a client to a server, which then wait until end_tls, for
# tools that look a process's symbols up when it has long done its work
tls() {
	sleep 60 | in_root openssl s_server -accept 4433 -cert /etc/cert.pem \
		-key /etc/key.pem -quiet >/tmp/tls 2>&1 &
	until grep -q ':1151 0*:0000 0A' /proc/net/tcp /proc/net/tcp6; do sleep 0.2; done
	{
		sleep 4
		printf '%s\n' "$1"
		sleep 60
	} | in_root sh -c 'echo pid $$; exec openssl s_client -connect 127.0.0.1:4433 -quiet' \
		>$facts 2>/dev/null &
	until grep -q "$1" /tmp/tls; do sleep 0.2; done
	pid=$(fact pid)
}
end_tls() { killall -q openssl sleep; wait; }

after_ssllatency() { end_tls; }
work_ssllatency() { tls "seventeen letters"; }
want_ssllatency() {
	echo "Tracing SSL/TLS handshake... Hit Ctrl-C to end."
	printf '@hist[SSL_%s]: enough\n' do_handshake read write
	printf '@stat[SSL_%s]: average * count = total\n' do_handshake read write
}
seen_ssllatency() {
	head_lines 1
	grep '^@hist.SSL' $out | sort | while read -r what; do
		at_least "${what%:}" \
			"$(awk -v w="$what" '/^@/ { on = $1 == w } on' $out | hist_sum)" 1
	done
	sed -n -E '/^@stat.SSL_/s/: count ([0-9]+), average ([0-9]+), total ([0-9]+)$/ \1 \2 \3/p' \
		$out | sort | while read -r what count average total; do
		[ "$((total / count))" = "$average" ] && [ "$average" -gt 0 ] &&
			echo "$what: average * count = total"
	done
}
after_sslsnoop() { end_tls; }
work_sslsnoop() { tls "seventeen letters"; }
want_sslsnoop() {
	echo "Tracing SSL/TLS handshake... Hit Ctrl-C to end."
	echo "TIME(us)   TID      COMM     LAT(us)   RET FUNC"
	echo "PID openssl  US   18 SSL_write"
}
seen_sslsnoop() {
	head_lines 2
	mine | grep '18 SSL_write' | sed -E 's/^[0-9]+ +//; s/ +[0-9]+ ( +[0-9]+ SSL)/  US\1/'
}

# --------------------------------------------------------------- sockets

work_tcpaccept() { do_work tcp 127.0.0.9 7001 5 1 1; }
want_tcpaccept() {
	echo "Tracing TCP accepts. Hit Ctrl-C to end."
	printf '%-8s %-6s %-14s %-39s %-5s %-39s %-5s %s\n' \
		TIME PID COMM RADDR RPORT LADDR LPORT BL
	printf '%-8s PID %-14s %-39s %-5s %-39s %-5s %s\n' HH:MM:SS work \
		127.0.0.1 "$(fact port)" 127.0.0.9 7001 0/5
}
seen_tcpaccept() { head_lines 2; mine; }

work_tcpconnect() {
	do_work tcp 127.0.0.9 7002 5 1 1
	cat $facts >$facts.1
	do_work tcp 127.0.0.8 7003 5 1 1
}
want_tcpconnect() {
	local line="%-8s PID %-16s %-39s %-6s %-39s %-6s\n"

	echo "Tracing tcp connections. Hit Ctrl-C to end."
	printf '%-8s %-8s %-16s %-39s %-6s %-39s %-6s\n' \
		TIME PID COMM SADDR SPORT DADDR DPORT
	printf "$line" HH:MM:SS work 127.0.0.1 "$(facts=$facts.1 fact port)" 127.0.0.9 7002
	printf "$line" HH:MM:SS work 127.0.0.1 "$(fact port)" 127.0.0.8 7003
}
seen_tcpconnect() { head_lines 2; pid=$(facts=$facts.1 fact pid) mine; mine; }

work_tcpdrop() {
	ip addr add 10.9.9.1/32 dev lo
	do_work drop 10.9.9.1 7004 'ip addr del 10.9.9.1/32 dev lo'
}
want_tcpdrop() {
	echo "Tracing tcp drops. Hit Ctrl-C to end."
	printf '%-8s %-8s %-16s %-21s %-21s %-8s\n' TIME PID COMM SADDR:SPORT DADDR:DPORT STATE
	printf '%-8s PID %-16s %39s:%-6d %39s:%-6d %-10s\n' HH:MM:SS work \
		10.9.9.1 "$(fact port)" 10.9.9.1 7004 ESTABLISHED
	echo stack:
	echo "        __ip_queue_xmit+N"
	echo "        tcp_sendmsg+N"
}
seen_tcpdrop() {
	head_lines 2
	mine | head -n 1
	grep -m 1 -A 30 ESTABLISHED $out | awk 'NR == 2 { print "stack:" } NR > 2 && /^$/ { exit }
		/__ip_queue_xmit|tcp_sendmsg\+/ { sub(/\+.*/, "+N"); print "        " $1 }'
}

work_tcplife() { do_work tcp 127.0.0.9 7005 5 20480 4096; }
want_tcplife() {
	local ends

	printf '%-5s %-10s %-15s %-5s %-15s %-5s %5s %5s %s\n' \
		PID COMM LADDR LPORT RADDR RPORT TX_KB RX_KB MS
	printf 'PID %-10s %-15s %-5d %-15s %-6d %5d %5d MS\n' \
		work 127.0.0.1 "$(fact port)" 127.0.0.9 7005 20 4
	printf 'PID %-10s %-15s %-5d %-15s %-6d %5d %5d MS\n' \
		work 127.0.0.9 7005 127.0.0.1 "$(fact port)" 4 20
}
seen_tcplife() { head_lines 1; mine 1 | sed -E 's/[0-9]+$/MS/' | sort; }

work_tcpretrans() { do_work queue 127.0.0.9 7006 1 3 1300; }
want_tcpretrans() {
	echo "Tracing tcp retransmits. Hit Ctrl-C to end."
	printf '%-8s %-8s %20s %21s %6s\n' TIME PID LADDR:LPORT RADDR:RPORT STATE
	printf '%-8s PID %14s:%-6d %14s:%-6d %6s\n' HH:MM:SS 127.0.0.1 \
		"$(fact port | tail -n 1)" 127.0.0.9 7006 SYN_SENT
}
# in whoever's name the timer fires
seen_tcpretrans() {
	head_lines 2
	grep SYN_SENT $out | sed -E 's/^..:..:.. +[0-9]+ +/HH:MM:SS PID      /
		s/PID +/PID /; s/PID (127.0.0.1:)/PID      \1/'
}

work_tcpsynbl() { do_work queue 127.0.0.9 7007 7 5 0; }
want_tcpsynbl() {
	cat <<-'END'
	Tracing SYN backlog size. Ctrl-C to end.
	@backlog[backlog limit]: histogram of backlog size
	@backlog[7]:
	[0] 1
	[1] 1
	[2, 4) 2
	[4, 8) 1
	END
}
seen_tcpsynbl() {
	head_lines 1
	awk '/^@/ { on = /^@backlog\[(7\]|b)/ } on' $out | plain_hist
}

work_undump() { do_work unix "some text" "more"; }
want_undump() {
	echo "Dump UNIX socket packages RX. Ctrl-C to end"
	echo "TIME     COMM             PID      SIZE     DATA"
	echo "HH:MM:SS work             PID 9        some text"
	echo "HH:MM:SS work             PID 4        more"
}
seen_undump() { head_lines 2; mine 3; }
