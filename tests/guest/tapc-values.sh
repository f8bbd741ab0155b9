#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --smp 2 --program build/tapc --add tests/guest/check.inc:/check
#
# tapc: what programs compute is what the language says. Behind each line of a
# script that prints something stands what that must be, computed by hand.

. /check
tapc=/usr/local/bin/build/tapc

# values WHAT [ARGUMENT...]: the script on standard input, run with $options, prints
# what it says behind "//"
options=
values() {
	local line got

	echo "--- $1"
	shift
	{
		echo '#define P(x) printf("%d\n", x);'
		echo '#define U(x) printf("%u\n", x);'
		echo '#define S(x) printf("[%s]\n", x);'
		cat
	} >/tmp/script.bt
	"$tapc" -q $options /tmp/script.bt "$@" >/tmp/out 2>&1
	status=$?
	sed -n 's,^[[:blank:]]*\(.*[^[:blank:]]\)[[:blank:]]*// ,\1 // ,p' \
		/tmp/script.bt >/tmp/lines
	exec 3</tmp/out
	while read -r line; do
		got=
		read -r got <&3
		is "${line% // *}" "$got" "${line##* // }"
	done </tmp/lines
	# behind that only maps are shown
	is "  no more" "$(tail -n +$(($(wc -l </tmp/lines) + 1)) /tmp/out |
			  grep -v '^@\|^$\||$')" ""
	exec 3<&-
}

# What is read from a map is no constant when the script is compiled.
values "signed numbers" <<'END'
BEGIN {
	@s = -7; @two = 2; @zero = 0; @min = -9223372036854775807 - 1; @big = 40000; $s = @s;
	P($s + @two)			// -5
	P($s - @two)			// -9
	P($s * @two)			// -14
	P($s / @two)			// -3
	P($s % @two)			// -1
	P(@two / $s)			// 0
	P(@two % $s)			// 2
	P($s / @zero)			// 0
	P($s % @zero)			// -7
	P(@min / -1)			// -9223372036854775808
	P(@min % -1)			// 0
	P($s >> 1)			// -4
	P($s << 3)			// -56
	P(@two << 65)			// 4
	P(-$s)				// 7
	P(~$s)				// 6
	P($s & 12)			// 8
	P($s | 1)			// -7
	P($s ^ 5)			// -4
	P(100 / $s)			// -14
	P(100 % $s)			// 2
	P(2 * (@two + 3) - @two)	// 8
	P((int16)@big)			// -25536
	P((int8)@big)			// 64
	P((uint16)$s)			// 65529
	P((uint8)$s)			// 249
	P((int32)(uint32)$s)		// -7
	P((bool)@big)			// 1
	P((bool)@zero)			// 0
	exit();
}
END
values "unsigned numbers" <<'END'
BEGIN {
	@u = (uint64)-7; @two = (uint64)2; @s = -7; $u = @u;
	U($u)				// 18446744073709551609
	U($u / 2)			// 9223372036854775804
	U($u % 10)			// 9
	U($u / @two)			// 9223372036854775804
	U($u >> 1)			// 9223372036854775804
	U($u >> 60)			// 15
	U($u + 8)			// 1
	P(@two - 3)			// -1
	U((uint32)$u)			// 4294967289
	U(bswap((uint32)$u))		// 4194303999
	U(bswap((uint16)@two))		// 512
	U(bswap(@two))			// 144115188075855872
	P(@s / 2)			// -3
	U(@s / @two)			// 9223372036854775804
	exit();
}
END
values "order" <<'END'
BEGIN {
	@s = -7; @u = (uint64)-7; @two = 2; @utwo = (uint64)2; $s = @s; $u = @u;
	P($s < @two)			// 1
	P($s > @two)			// 0
	P($s <= -7)			// 1
	P($s >= -6)			// 0
	P(-8 < $s)			// 1
	P($u < @utwo)			// 0
	P($u > @utwo)			// 1
	P($u > 5)			// 1
	P(5 < $u)			// 1
	P($s == $u)			// 1
	P($s < @utwo)			// 0
	P($s != -7)			// 0
	P(@utwo - 3 < 0)		// 1
	exit();
}
END
values "conditions" <<'END'
BEGIN {
	@one = 1; @zero = 0; @n = 0;
	P(@one && @one)			// 1
	P(@one && @zero)		// 0
	P(@zero || @one)		// 1
	P(@zero || @zero)		// 0
	P(!@one)			// 0
	P(!!@one + !@zero)		// 2
	P(@zero && ++@n)		// 0
	P(@n)				// 0
	P(@one || ++@n)			// 1
	P(@n)				// 0
	P(@one && ++@n)			// 1
	P(@n)				// 1
	P(@one ? 5 : 6)			// 5
	P(@zero ? 5 : 6)		// 6
	P(@zero ? 5 : @one ? 7 : 8)	// 7
	P((@one ? 2 : 3) * (@zero ? 4 : 5)) // 10
	P(@zero ? ++@n : @n)		// 1
	P(@n)				// 1
	if (@one && (@zero || !@zero)) { P(1) } else { P(2) } // 1
	if (@zero) { P(1) } else if (@one) { P(2) } else { P(3) } // 2
	if (!(@one && @zero)) { P(4) }	// 4
	exit();
}
END
values "steps" <<'END'
BEGIN {
	@n = 5; $i = @n;
	P($i++)				// 5
	P($i)				// 6
	P(++$i)				// 7
	P($i--)				// 7
	P(--$i)				// 5
	P($i++ + $i++)			// 11
	P(@n++)				// 5
	P(++@n)				// 7
	P(@n-- - 1)			// 6
	P(@n)				// 6
	@n += 10; P(@n)			// 16
	@n -= 20; P(@n)			// -4
	@n *= -3; P(@n)			// 12
	@n /= 5; P(@n)			// 2
	@n <<= 4; P(@n)			// 32
	@n |= 3; P(@n)			// 35
	@n ^= 1; P(@n)			// 34
	@n &= 6; P(@n)			// 2
	@n %= 2; P(@n)			// 0
	$i += 3; P($i)			// 10
	$i -= @n + 1; P($i)		// 9
	$i *= $i; P($i)			// 81
	@k[@n++] = 7; P(@k[0])		// 7
	P(@k[@n])			// 0
	exit();
}
END
values "loops" <<'END'
BEGIN {
	$i = 1; $sum = 0;
	while ($i <= 10) { $sum += $i; $i++; }
	P($sum)				// 55
	P($i)				// 11
	$i = 10; $n = 0;
	while ($i > 0) { $i -= 3; $n++; }
	P($n)				// 4
	P($i)				// -2
	$n = 0;
	for ($j : 0..5) { if ($j == 1) { continue; } if ($j == 4) { break; } $n = $n * 10 + $j; }
	P($n)				// 23
	$n = 0;
	for ($a : 0..4) { for ($b : 0..4) { if ($b > $a) { break; } $n++; } }
	P($n)				// 10
	$n = 1;
	unroll (10) { $n *= 2; }
	P($n)				// 1024
	$i = 0;
	while ($i < 100 && @stop < 3) { @stop++; $i++; }
	P($i)				// 3
	for ($c : 5..5) { P(99) }
	$i = 0;
	while ($i < 3) { $i++; unroll (2) { if ($i == 2) { continue; } @u += $i; } }
	P(@u)				// 8
	$i = 7;
	while ($i < 5) { $i++; }
	P($i)				// 7
	exit();
}
END
values "variables" <<'END'
BEGIN {
	@one = 1; @zero = 0;
	if (@zero) { $a = 5; $s = "text"; $c = comm; }
	P($a)				// 0
	S($s)				// []
	S($c)				// []
	if (@one) { $b = 6; $t = "text"; $d = comm; }
	P($b)				// 6
	S($t)				// [text]
	P($d == comm)			// 1
	let $x; if (@one) { $x = 3; }
	P($x)				// 3
	$y = @one; @one = 9;
	P($y)				// 1
	$p = "first"; $q = $p; $p = "second";
	S($q)				// [first]
	S($p)				// [second]
	@m = "old"; $m = @m; @m = "new";
	S($m)				// [old]
	exit();
}
END
values "strings" one 41 <<'END'
BEGIN {
	@s = "bash"; @empty = ""; @none[1] = "x"; @long = "0123456789012345678901234567890123456789"; @w["a"] = "b"; @w["b"] = "c";
	$s = @s; $c = comm;
	P(comm == "tapc")		// 1
	P(comm != "tapc")		// 0
	P(comm == "tap")		// 0
	P(comm == "tapcc")		// 0
	P("tapc" == comm)		// 1
	P(@s == "bash")			// 1
	P(@s == "bas")			// 0
	P(@s != "")			// 1
	P(@empty == "")			// 1
	P(@none[2] == "")		// 1
	P($s == "bash")			// 1
	P($s == comm)			// 0
	P($c == comm)			// 1
	P(@s == $s)			// 1
	P(@s != @empty)			// 1
	P(@none[3] == @empty)		// 1
	P(@long == "0123456789012345678901234567890123456789") // 1
	P(@long == "012345678901234567890123456789012345678") // 0
	P(strncmp(comm, "tax", 2))	// 0
	P(strncmp(comm, "tax", 3) == 0)	// 0
	P(strncmp(comm, "tapc", 9))	// 0
	P(strncmp(comm, "tap", 9) == 0)	// 0
	P(strncmp(comm, "t*", 2) == 0)	// 0
	P(strcontains(comm, "ap"))	// 1
	P(strcontains(comm, "pa"))	// 0
	P(strcontains("some text", "me t")) // 1
	if (@s) { P(1) }		// 1
	if (!@empty) { P(2) }		// 2
	if (comm) { P(3) }		// 3
	S(@none[5])			// []
	S(@s == "bash" ? "yes" : comm)	// [yes]
	S(@s == "zsh" ? "yes" : comm)	// [tapc]
	S(@w[@w["a"]])			// [c]
	S(@w[@w[@w["a"]]])		// []
	@w["d"] = @w["b"]; S(@w["d"])	// [c]
	S(str($1))			// [one]
	P($2 + $#)			// 43
	S(@long)			// [0123456789012345678901234567890123456789]
	exit();
}
END
values "maps" <<'END'
BEGIN {
	P(@n[7])			// 0
	P(@n[7]++)			// 0
	P(@n[7])			// 1
	@n[3] = @n[7] + @n[8] + 5; P(@n[3]) // 6
	P(has_key(@n, 3))		// 1
	P(has_key(@n, 8))		// 0
	delete(@n, 3);
	P(has_key(@n, 3))		// 0
	P(@n[3])			// 0
	@t[1, "a", 2] = 9; $t = (1, "a", 2);
	P(@t[1, "a", 2])		// 9
	P(@t[$t])			// 9
	P(@t[(1, "a", 2)])		// 9
	P(@t[1, "b", 2])		// 0
	P($t.0 + $t.2)			// 3
	S($t.1)				// [a]
	@k[1] = 2; @k[2] = 3; P(@k[@k[@k[1]] - 1]) // 3
	@x = 5; @x = @x * @x + @x; P(@x) // 30
	@c = count(); @c = count(); P(@c) // 2
	@sum = sum(5); @sum = sum(-7); P(@sum) // -2
	@min = min(5); @min = min(-7); P(@min) // -7
	@max = max(5); @max = max(-7); P(@max) // 5
	@avg = avg(5); @avg = avg(-8); @avg = avg(0); P(@avg) // -1
	@h = hist(5); @h = hist(50); P(@h) // 2
	if (@c > 1 && @max == 5) { P(7) } // 7
	@str["key"] = "value"; S(@str["key"]) // [value]
	@copy[1] = @str["key"]; S(@copy[1]) // [value]
	@neg[-1] = -5; P(@neg[-1])	// -5
	exit();
}
END
values "return" <<'END'
BEGIN { P(1) if (@zero == 0) { return; } P(2) }	// 1
BEGIN { P(3) }				// 3
BEGIN { @zero = 0; P(4) exit(7); P(5) }	// 4
END { P(6) }				// 6
END { P(7) }				// 7
END
is "  exit() says the status" "$status" 7

cat >/tmp/work <<'END'
#!/bin/sh
kill -0 $$
kill -23 $$
cd /tmp
/bin/busybox true one "two words"
END
chmod +x /tmp/work
options="-c /tmp/work"
values "events" <<'END'
t:syscalls:sys_enter_kill /pid == cpid/ {
	@n++;
	if (args.sig == 0) { P(args.pid == pid) } // 1
	if (args.sig == 0) { P(args.sig - 1 < 0) } // 1
	if (args.sig == 23) {
		P(args.sig)		// 23
		P(args.sig > 22 && args.sig < 24) // 1
		P((int32)args.sig / -2)	// -11
		P(@n)			// 2
		P(@sigs[0] + @sigs[23])	// 1
		P(@last)		// 0
		P(probe == "tracepoint:syscalls:sys_enter_kill") // 1
		S(comm)			// [work]
	}
	@sigs[args.sig] = 1; @last = args.sig;
}
t:syscalls:sys_enter_chdir /pid == cpid/ {
	S(str(args.filename))		// [/tmp]
	S(str(args.filename, 3))	// [/tm]
	P(str(args.filename) == "/tmp")	// 1
	P(str(args.filename) != "/tm")	// 1
	P(strncmp(str(args.filename), "/t", 2)) // 0
	@name = str(args.filename); $v = @name;
	P(@name == "/tmp")		// 1
	P(@name == str(args.filename))	// 1
	P($v == "/tmp")			// 1
	$p = str(args.filename + 1);
	P($p == "tmp")			// 1
	S(buf(args.filename, 4))	// [/tmp]
	P(*(uint8 *)args.filename)	// 47
	P(((uint8 *)args.filename)[1])	// 116
	S(str(args.filename + 2))	// [mp]
}
t:syscalls:sys_enter_execve /@name == "/tmp" && comm == "work"/ {
	join(args.argv, "+");		// /bin/busybox+true+one+two words
}
END
values "members" <<'END'
struct regs { unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di; };
struct bits { unsigned long pad[13]; unsigned int low : 2; int mid : 3; unsigned int rest : 20; };
k:__x64_sys_kill /pid == cpid && ((struct regs *)arg0)->si == 23/ {
	$r = (struct regs *)arg0; $b = (struct bits *)arg0;
	P($r->si)			// 23
	P($r->di == pid)		// 1
	P($b->low)			// 3
	P($b->mid)			// -3
	P($b->rest)			// 0
	P(*(uint64 *)(arg0 + 104))	// 23
	P(((uint32 *)arg0)[26])		// 23
	P($b->pad[0] == $r->r15)	// 1
	P(sizeof(*$r) + offsetof(struct regs, di)) // 232
	P(strncmp(probe, "kprobe", 6))	// 0
}
kr:__x64_sys_kill /pid == cpid/ { @ret[retval] = count(); }
t:syscalls:sys_enter_chdir /pid == cpid/ { P(@ret[0] + 0)	} // 2
END
finish
