// SPDX-License-Identifier: GPL-2.0
/*
 * stmt.c, stmt_type.c, stmt_gen.c and what they share with expressions: actions,
 * and filters that read tables, by the program that they become, to the letter.
 * Those that are wrong are test_stmt_bad.c's.
 *
 * Programs are written in one line: "ld r0, args.ret; jlt r0, 0, L1; ret 0;
 * L1: ...". What is accepted must also pass the verifier, mean the same on every
 * machine and survive being printed and assembled.
 */
#include "host.h"

#define FIELD(name, type, offset, size, sign) \
	{ name, NULL, type, offset, size, sign, false }

/* Fields of many events in one, so that all examples can be about it. */
static const struct host_field fields[] = {
	FIELD("common_pid", TAP_INT, 4, 4, true),
	FIELD("id", TAP_INT, 8, 8, true),
	FIELD("ret", TAP_INT, 16, 8, true),
	FIELD("filename", TAP_PTR, 24, 8, false),
	FIELD("parent_comm", TAP_ARRAY, 32, 16, false),
	FIELD("bytes_alloc", TAP_INT, 48, 8, false),
	FIELD("ptr", TAP_INT, 56, 8, false),
	FIELD("name", TAP_LOC, 64, 4, false),
	FIELD("irq", TAP_INT, 68, 4, true),
	FIELD("pid", TAP_INT, 72, 4, true),
	FIELD("prev_pid", TAP_INT, 76, 4, true),
	FIELD("next_pid", TAP_INT, 80, 4, true),
	FIELD("next_comm", TAP_ARRAY, 84, 16, false),
	FIELD("bytes", TAP_INT, 100, 4, false),
	FIELD("dev", TAP_INT, 104, 4, false),
	FIELD("sector", TAP_INT, 112, 8, false),
	FIELD("cpu_id", TAP_INT, 120, 4, false),
	FIELD("state", TAP_INT, 124, 4, false),
	FIELD("n", TAP_INT, 128, 8, false),
	FIELD("vec", TAP_INT, 136, 4, false),
	FIELD("delta", TAP_INT, 144, 8, true),
	FIELD("arr5", TAP_ARRAY, 152, 5, false),
	{ "comm", NULL, TAP_COMM },
	{ }
};

static const struct tap_names *names(void *event, const char *name,
				     struct tap_arena *arena)
{
	return strcmp(name, "vec") ? NULL : host_names(event, "u8", arena);
}

/* The event of the tests of statements. */
void host_board_init(struct host_scope *hs)
{
	host_scope_init(hs, fields, host_enums, host_functions);
	hs->scope.names = names;
}

static struct host_scope board;

/* ------------------------------------------------------------ what is right */

static const struct {
	int		line;
	bool		user;		/* pointers are the user's */
	const char	*text;
	const char	*prog;
} rows[] = {
	/* the one-liners */
	{ __LINE__, false,
	  "@[comm] = count()",
	  "table @[str16] = count; key @, 0, comm; agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "/ret < 0/ @[comm, syscall_name(id), ret] = count()",
	  "table @[str16, u64.syscall, s64] = count; ld r0, args.ret; "
	  "jlt r0, 0, L1; ret 0; L1: key @, 0, comm; ld r0, args.id; "
	  "key @, 1, r0; ld r0, args.ret; key @, 2, r0; agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "@t[common_pid] = nsecs",
	  "table @t[s64] = s64; ld r0, nsecs; ld r1, pid; key @t, 0, r1; "
	  "put @t, r0; ret 1" },
	{ __LINE__, false,
	  "/@t[common_pid]/ @us[syscall_name(id)] = hist((nsecs - "
	  "@t[common_pid]) / 1000); delete(@t[common_pid])",
	  "table @t[s64] = s64; table @us[u64.syscall] = hist; ld r0, pid; "
	  "key @t, 0, r0; get r0, @t, 0; jne r0, 0, L1; ret 0; "
	  "L1: ld r0, nsecs; ld r1, pid; key @t, 0, r1; get r1, @t, 0; "
	  "sub r0, r1; div r0, 1000; ld r1, args.id; key @us, 0, r1; "
	  "agg @us, 0, r0; ld r0, pid; key @t, 0, r0; del @t; ret 1" },
	{ __LINE__, false,
	  "printf(\"%s %s\", common_comm, ustr(filename))",
	  "arg 0, comm; arg 1, args.filename.ustring; printf \"%s %s\"; ret 1" },
	{ __LINE__, false,
	  "printf(\"%s\", name)",
	  "arg 0, args.name; printf \"%s\"; ret 1" },
	{ __LINE__, false,
	  "@[parent_comm] = count()",
	  "table @[str16] = count; key @, 0, args.parent_comm; agg @, 0, 1; "
	  "ret 1" },
	{ __LINE__, false,
	  "@[kstack] = sum(bytes_alloc)",
	  "table @[kstack] = sum(u64); ld r0, args.bytes_alloc; "
	  "key @, 0, kstack(127); agg @, 0, r0; ret 1" },
	{ __LINE__, false,
	  "@live[ptr] = bytes_alloc",
	  "table @live[u64] = u64; ld r0, args.bytes_alloc; ld r1, args.ptr; "
	  "key @live, 0, r1; put @live, r0; ret 1" },
	{ __LINE__, false,
	  "delete(@live[ptr])",
	  "table @live[u64] = s64; ld r0, args.ptr; key @live, 0, r0; "
	  "del @live; ret 1" },
	{ __LINE__, false,
	  "@[name] = count()",
	  "table @[str64] = count; key @, 0, args.name; agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "@s[common_cpu] = nsecs",
	  "table @s[s64] = s64; ld r0, nsecs; ld r1, cpu; key @s, 0, r1; "
	  "put @s, r0; ret 1" },
	{ __LINE__, false,
	  "@us[irq] = hist((nsecs - @s[common_cpu]) / 1000)",
	  "table @s[s64] = s64; table @us[s64] = hist; ld r0, nsecs; "
	  "ld r1, cpu; key @s, 0, r1; get r1, @s, 0; sub r0, r1; "
	  "div r0, 1000; ld r1, args.irq; key @us, 0, r1; agg @us, 0, r0; "
	  "ret 1" },
	{ __LINE__, false,
	  "if (nsecs - @s[common_cpu] > 1000000) traceoff()",
	  "table @s[s64] = s64; ld r0, nsecs; ld r1, cpu; key @s, 0, r1; "
	  "get r1, @s, 0; sub r0, r1; jle r0, 1000000, L1; traceoff; "
	  "L1: ret 1" },
	{ __LINE__, false,
	  "@q[pid] = nsecs",
	  "table @q[s64] = s64; ld r0, nsecs; ld r1, args.pid; "
	  "key @q, 0, r1; put @q, r0; ret 1" },
	{ __LINE__, false,
	  "/@q[next_pid]/ @us = hist((nsecs - @q[next_pid]) / 1000); "
	  "delete(@q[next_pid])",
	  "table @q[s64] = s64; table @us = hist; ld r0, args.next_pid; "
	  "key @q, 0, r0; get r0, @q, 0; jne r0, 0, L1; ret 0; "
	  "L1: ld r0, nsecs; ld r1, args.next_pid; key @q, 0, r1; "
	  "get r1, @q, 0; sub r0, r1; div r0, 1000; agg @us, 0, r0; "
	  "ld r0, args.next_pid; key @q, 0, r0; del @q; ret 1" },
	{ __LINE__, false,
	  "@o[prev_pid] = nsecs; "
	  "if (@o[next_pid]) @off[next_comm] = sum(nsecs - @o[next_pid])",
	  "table @o[s64] = s64; table @off[str16] = sum; ld r0, nsecs; "
	  "ld r1, args.prev_pid; key @o, 0, r1; put @o, r0; "
	  "ld r0, args.next_pid; key @o, 0, r0; get r0, @o, 0; "
	  "jeq r0, 0, L1; ld r0, nsecs; ld r1, args.next_pid; key @o, 0, r1; "
	  "get r1, @o, 0; sub r0, r1; key @off, 0, args.next_comm; "
	  "agg @off, 0, r0; L1: ret 1" },
	{ __LINE__, false,
	  "@[comm] = hist(bytes)",
	  "table @[str16] = hist; ld r0, args.bytes; key @, 0, comm; "
	  "agg @, 0, r0; ret 1" },
	{ __LINE__, false,
	  "@io[dev, sector] = nsecs",
	  "table @io[s64, u64] = s64; ld r0, nsecs; ld r1, args.dev; "
	  "key @io, 0, r1; ld r1, args.sector; key @io, 1, r1; put @io, r0; "
	  "ret 1" },
	{ __LINE__, false,
	  "/@io[dev, sector]/ @[comm] = hist(nsecs - @io[dev, sector]); "
	  "delete(@io[dev, sector])",
	  "table @io[s64, u64] = s64; table @[str16] = hist; "
	  "ld r0, args.dev; key @io, 0, r0; ld r0, args.sector; "
	  "key @io, 1, r0; get r0, @io, 0; jne r0, 0, L1; ret 0; "
	  "L1: ld r0, nsecs; ld r1, args.dev; key @io, 0, r1; "
	  "ld r1, args.sector; key @io, 1, r1; get r1, @io, 0; sub r0, r1; "
	  "key @, 0, comm; agg @, 0, r0; ld r0, args.dev; key @io, 0, r0; "
	  "ld r0, args.sector; key @io, 1, r0; del @io; ret 1" },
	{ __LINE__, false,
	  "@[cpu_id, state] = count()",
	  "table @[s64, s64] = count; ld r0, args.cpu_id; key @, 0, r0; "
	  "ld r0, args.state; key @, 1, r0; agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "@[common_comm] = count()",
	  "table @[str16] = count; key @, 0, comm; agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "@[kstack] = count()",
	  "table @[kstack] = count; key @, 0, kstack(127); agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "@[common_comm] = sum(n)",
	  "table @[str16] = sum(u64); ld r0, args.n; key @, 0, comm; "
	  "agg @, 0, r0; ret 1" },
	{ __LINE__, false,
	  "@[enum(vec)] = count()",
	  "table @[s64.enum(vec)] = count; ld r0, args.vec; key @, 0, r0; "
	  "agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "/@n[0] < 100/ @n[0] += 1; record()",
	  "table @n[s64] = s64; key @n, 0, 0; get r0, @n, 0; "
	  "jlt r0, 100, L1; ret 0; L1: key @n, 0, 0; inc @n, 1; record; ret 1" },
	{ __LINE__, false,
	  "@[probe] = count()",
	  "table @[u64.probe] = count; key @, 0, probe; agg @, 0, 1; ret 1" },
	{ __LINE__, false,
	  "if (delta > 5000000) { stack(); snapshot() }",
	  "ld r0, args.delta; jle r0, 5000000, L1; stack; snapshot; L1: ret 1" },
	/* aggregations, one and many */
	{ __LINE__, false,
	  "@t[pid] = (count(), sum(n), min(delta), max(delta), avg(n), "
	  "stats(delta), hist(n, 2), lhist(delta, -10, 100, 7))",
	  "table @t[s64] = count, sum(u64), min, max, avg(u64), stats, "
	  "hist(u64, 2), lhist(-10, 100, 7); ld r0, args.n; "
	  "ld r1, args.delta; ld r2, args.delta; ld r3, args.n; "
	  "ld r4, args.delta; ld r5, args.n; ld r6, args.delta; "
	  "ld r7, args.pid; key @t, 0, r7; agg @t, 0, 1; agg @t, 1, r0; "
	  "agg @t, 2, r1; agg @t, 3, r2; agg @t, 4, r3; agg @t, 5, r4; "
	  "agg @t, 6, r5; agg @t, 7, r6; ret 1" },
	{ __LINE__, false,
	  "@t = (hist(ret), sum(1))",
	  "table @t = hist, sum; ld r0, args.ret; agg @t, 0, r0; "
	  "agg @t, 1, 1; ret 1" },
	{ __LINE__, false,
	  "@a = lhist(bytes, 0, 1 << 20, 4096)",
	  "table @a = lhist(0, 1048576, 4096); ld r0, args.bytes; "
	  "agg @a, 0, r0; ret 1" },
	/* plain values */
	{ __LINE__, false,
	  "@t = 5; @t += 3; @t++; print(@t)",
	  "table @t = s64; put @t, 5; inc @t, 3; inc @t, 1; get r0, @t, 0; "
	  "arg 0, r0; printf \"%lld\\n\"; ret 1" },
	{ __LINE__, false,
	  "@nm[pid] = comm; @nm[next_pid] = next_comm",
	  "table @nm[s64] = str16; ld r0, args.pid; key @nm, 0, r0; "
	  "put @nm, comm; ld r0, args.next_pid; key @nm, 0, r0; "
	  "put @nm, args.next_comm; ret 1" },
	{ __LINE__, false,
	  "@nm[pid] = \"x\"; @nm[0] = name; printf(\"%s\", @nm[irq])",
	  "table @nm[s64] = str64; ld r0, args.pid; key @nm, 0, r0; "
	  "put @nm, \"x\"; key @nm, 0, 0; put @nm, args.name; ld r0, args.irq; "
	  "key @nm, 0, r0; arg 0, @nm; printf \"%s\"; ret 1" },
	{ __LINE__, false,
	  "@st[pid] = kstack(20); @u = ustack; print(@u)",
	  "table @st[s64] = kstack; table @u = ustack; ld r0, args.pid; "
	  "key @st, 0, r0; put @st, kstack(20); put @u, ustack(127); "
	  "arg 0, @u; printf \"%s\\n\"; ret 1" },
	{ __LINE__, false,
	  "@p = probe; @e = enum(vec); @s = syscall_name(id); "
	  "@hx[hex(ptr)] = ksym(ptr)",
	  "table @p = u64.probe; table @e = s64.enum(vec); "
	  "table @s = u64.syscall; table @hx[u64.hex] = u64.ksym; "
	  "put @p, probe; ld r0, args.vec; put @e, r0; ld r0, args.id; "
	  "put @s, r0; ld r0, args.ptr; ld r1, args.ptr; key @hx, 0, r1; "
	  "put @hx, r0; ret 1" },
	{ __LINE__, false,
	  "@x[str(filename)] = 1; @x[str(ptr, 9)] = 2",
	  "table @x[str64] = s64; key @x, 0, args.filename; put @x, 1; "
	  "ld r0, args.ptr; key @x, 0, kstr(r0, 9); put @x, 2; ret 1" },
	{ __LINE__, false,
	  "@x[ustr(ptr, 100)] = kstr(n, 20)",
	  "table @x[str104] = str24; ld r0, args.n; ld r1, args.ptr; "
	  "key @x, 0, ustr(r1, 100); put @x, kstr(r0, 20); ret 1" },
	{ __LINE__, false,
	  "@b = has(@cnt[5]) + (ret == 3)",
	  "table @cnt[s64] = count; table @b = s64; key @cnt, 0, 5; "
	  "has r0, @cnt; mov r1, 1; ld r2, args.ret; jeq r2, 3, L1; "
	  "mov r1, 0; L1: add r0, r1; put @b, r0; ret 1" },
	/* a table and its own key: what is read comes first */
	{ __LINE__, false,
	  "@t[@t[1]] = @t[2] + 1",
	  "table @t[s64] = s64; key @t, 0, 2; get r0, @t, 0; add r0, 1; "
	  "key @t, 0, 1; get r1, @t, 0; key @t, 0, r1; put @t, r0; ret 1" },
	{ __LINE__, false,
	  "@t[@t[1, 0], pid] = 5",
	  "table @t[s64, s64] = s64; key @t, 0, 1; key @t, 1, 0; "
	  "get r0, @t, 0; ld r1, args.pid; key @t, 0, r0; key @t, 1, r1; "
	  "put @t, 5; ret 1" },
	{ __LINE__, false,
	  "@nm[1] = \"x\"; @b[@nm[pid], @c[@c[3]]] = count()",
	  "table @nm[s64] = str8; table @b[str8, s64] = count; "
	  "table @c[s64] = s64; key @nm, 0, 1; put @nm, \"x\"; "
	  "ld r0, args.pid; key @nm, 0, r0; key @b, 0, @nm; key @c, 0, 3; "
	  "get r0, @c, 0; key @c, 0, r0; get r0, @c, 0; key @b, 1, r0; "
	  "agg @b, 0, 1; ret 1" },
	/* reads that come before what says what they are */
	{ __LINE__, false,
	  "/@a > 1/ @a = sum(n)",
	  "table @a = sum(u64); get r0, @a, 0; jugt r0, 1, L1; ret 0; "
	  "L1: ld r0, args.n; agg @a, 0, r0; ret 1" },
	{ __LINE__, false,
	  "@a = @b; @b = n",
	  "table @b = u64; table @a = u64; get r0, @b, 0; put @a, r0; "
	  "ld r0, args.n; put @b, r0; ret 1" },
	{ __LINE__, false,
	  "@a[1] = @b[@nm[1]]; @nm[2] = 'x'; @b['y'] = str(ptr, 12)",
	  "table @a[s64] = str16; table @nm[s64] = str8; "
	  "table @b[str8] = str16; key @a, 0, 1; key @nm, 0, 1; "
	  "key @b, 0, @nm; put @a, @b; key @nm, 0, 2; put @nm, \"x\"; "
	  "ld r0, args.ptr; key @b, 0, \"y\"; put @b, kstr(r0, 12); ret 1" },
	{ __LINE__, false,
	  "@a = @b + 1; @b = @a",
	  "table @b = s64; table @a = s64; get r0, @b, 0; add r0, 1; "
	  "put @a, r0; get r0, @a, 0; put @b, r0; ret 1" },
	{ __LINE__, false,
	  "if (has(@a[comm])) @a[comm] = ret",
	  "table @a[str16] = s64; key @a, 0, comm; has r0, @a; "
	  "jeq r0, 0, L1; ld r0, args.ret; key @a, 0, comm; put @a, r0; "
	  "L1: ret 1" },
	/* tables that exist */
	{ __LINE__, false,
	  "clear(@slow); zero(@cnt)",
	  "table @slow[s64] = u64; table @cnt[s64] = count; clear @slow; "
	  "zero @cnt; ret 1" },
	{ __LINE__, false,
	  "delete(@slow, 5); "
	  "if (has_key(@slow, pid) && !has(@one)) { traceon(); } record()",
	  "table @slow[s64] = u64; table @one = s64; key @slow, 0, 5; "
	  "del @slow; ld r0, args.pid; key @slow, 0, r0; has r0, @slow; "
	  "jeq r0, 0, L1; has r0, @one; jne r0, 0, L1; traceon; L1: record; "
	  "ret 1" },
	{ __LINE__, false,
	  "printf('%d %s', @cnt[pid], @name[3])",
	  "table @cnt[s64] = count; table @name[s64] = str16; "
	  "ld r0, args.pid; key @cnt, 0, r0; get r0, @cnt, 0; arg 0, r0; "
	  "key @name, 0, 3; arg 1, @name; printf \"%d %s\"; ret 1" },
	{ __LINE__, false,
	  "/@slow[pid] > 5/ @cnt[@slow[pid]] = count()",
	  "table @slow[s64] = u64; table @cnt[u64] = count; ld r0, args.pid; "
	  "key @slow, 0, r0; get r0, @slow, 0; jugt r0, 5, L1; ret 0; "
	  "L1: ld r0, args.pid; key @slow, 0, r0; get r0, @slow, 0; "
	  "key @cnt, 0, r0; agg @cnt, 0, 1; ret 1" },
	/* printf and print */
	{ __LINE__, false,
	  "print(comm); print(n); print(ret); print('x'); print(probe); "
	  "print(@one)",
	  "table @one = s64; arg 0, comm; printf \"%s\\n\"; ld r0, args.n; "
	  "arg 0, r0; printf \"%llu\\n\"; ld r0, args.ret; arg 0, r0; "
	  "printf \"%lld\\n\"; arg 0, \"x\"; printf \"%s\\n\"; arg 0, probe; "
	  "printf \"%s\\n\"; get r0, @one, 0; arg 0, r0; printf \"%lld\\n\"; ret 1" },
	{ __LINE__, false,
	  "print(kstack(5)); print(ustack)",
	  "arg 0, kstack(5); printf \"%s\\n\"; arg 0, ustack(127); "
	  "printf \"%s\\n\"; ret 1" },
	{ __LINE__, false,
	  "print(hex(id)); print(ksym(ptr)); print(syscall_name(id)); "
	  "print(enum(vec))",
	  "ld r0, args.id; arg 0, r0; printf \"0x%llx\\n\"; ld r0, args.ptr; "
	  "arg 0, r0; printf \"%pS\\n\"; ld r0, args.id; arg 0, syscall(r0); "
	  "printf \"%s\\n\"; ld r0, args.vec; arg 0, enum(r0, args.vec); "
	  "printf \"%s\\n\"; ret 1" },
	{ __LINE__, false,
	  "printf(\"%s %s %-10s %d %x %p\\n\", ksym(ptr), hex(id), enum(vec), "
	  "syscall_name(id), ptr, filename)",
	  "ld r0, args.ptr; arg 0, r0; ld r0, args.id; arg 1, r0; "
	  "ld r0, args.vec; arg 2, enum(r0, args.vec); ld r0, args.id; "
	  "arg 3, r0; ld r0, args.ptr; arg 4, r0; ld r0, args.filename; "
	  "arg 5, r0; printf \"%pS %#llx %-10s %d %x %p\\n\"; ret 1" },
	{ __LINE__, false,
	  "printf('a\\tb\\\\ \\\"%5d\\\"\\n', id)",
	  "ld r0, args.id; arg 0, r0; printf \"a\\tb\\\\ \\\"%5d\\\"\\n\"; ret 1" },
	{ __LINE__, false,
	  "printf(\"say \\\"%d\\\" 100%% \\q\", id);",
	  "ld r0, args.id; arg 0, r0; printf \"say \\\"%d\\\" 100%% \\\\q\"; ret 1" },
	{ __LINE__, false,
	  "printf(\"%s|%ps|%c\", str(n, 5), ptr, 65)",
	  "ld r0, args.n; arg 0, kstr(r0, 5); ld r0, args.ptr; arg 1, r0; "
	  "arg 2, 65; printf \"%s|%ps|%c\"; ret 1" },
	{ __LINE__, false,
	  "printf(\"%s %u\", filename, filename)",
	  "arg 0, args.filename; ld r0, args.filename; arg 1, r0; "
	  "printf \"%s %u\"; ret 1" },
	{ __LINE__, false,
	  "printf('%.5s %s %s', comm, kstack(3), probe)",
	  "arg 0, comm; arg 1, kstack(3); arg 2, probe; printf \"%.5s %s %s\"; "
	  "ret 1" },
	/* other effects, structure */
	{ __LINE__, false,
	  "stack(); record(); traceoff(); traceon(); snapshot();",
	  "stack; record; traceoff; traceon; snapshot; ret 1" },
	{ __LINE__, false,
	  "lat(id, comm, delta); none(); one(5)",
	  "ld r0, args.id; arg 0, r0; arg 1, comm; ld r0, args.delta; "
	  "arg 2, r0; synth \"lat\"; synth \"none\"; arg 0, 5; synth \"one\"; ret 1" },
	{ __LINE__, false,
	  "lat(1, syscall_name(id), @slow[2])",
	  "table @slow[s64] = u64; arg 0, 1; ld r0, args.id; "
	  "arg 1, syscall(r0); key @slow, 0, 2; get r0, @slow, 0; arg 2, r0; "
	  "synth \"lat\"; ret 1" },
	{ __LINE__, false,
	  "{ record(); { stack() } traceon() }",
	  "record; stack; traceon; ret 1" },
	{ __LINE__, false,
	  "if (ret) if (id) { record(); if (n) stack() } traceon()",
	  "ld r0, args.ret; jeq r0, 0, L1; ld r0, args.id; jeq r0, 0, L1; "
	  "record; ld r0, args.n; jeq r0, 0, L1; stack; L1: traceon; ret 1" },
	{ __LINE__, false,
	  "\n/ret == 1/\n{\n  record();\n  stack();\n}\n",
	  "ld r0, args.ret; jeq r0, 1, L1; ret 0; L1: record; stack; ret 1" },
	/* guards */
	{ __LINE__, false,
	  "/(id / 2) > 1 && comm == \"a/b\" && id in {(4/2)..6} && "
	  "@slow[pid/2]/ record()",
	  "table @slow[s64] = u64; ld r0, args.id; div r0, 2; jle r0, 1, L3; "
	  "jnstr comm, ==, \"a/b\", L3; ld r0, args.id; jlt r0, 2, L1; "
	  "jle r0, 6, L2; L1: ret 0; L2: ld r0, args.pid; div r0, 2; "
	  "key @slow, 0, r0; get r0, @slow, 0; jne r0, 0, L4; L3: ret 0; "
	  "L4: record; ret 1" },
	{ __LINE__, false,
	  "/1/ record()",
	  "record; ret 1" },
	{ __LINE__, false,
	  "/0/ record()",
	  "ret 0" },
	{ __LINE__, false,
	  "/ret/record()",
	  "ld r0, args.ret; jne r0, 0, L1; ret 0; L1: record; ret 1" },
	{ __LINE__, false,
	  "/!has(@slow[pid])/ @slow[pid] = 1",
	  "table @slow[s64] = s64; ld r0, args.pid; key @slow, 0, r0; "
	  "has r0, @slow; jeq r0, 0, L1; ret 0; L1: ld r0, args.pid; "
	  "key @slow, 0, r0; put @slow, 1; ret 1" },
	/* names: fields by number, builtins, user pointers */
	{ __LINE__, false,
	  "@a[arg0] = arg3",
	  "table @a[s64] = str16; ld r0, args.id; key @a, 0, r0; "
	  "put @a, args.parent_comm; ret 1" },
	{ __LINE__, false,
	  "@a[args.pid, pid, common_pid, common_tgid, cpu] = elapsed",
	  "table @a[s64, s64, s64, s64, s64] = s64; ld r0, elapsed; "
	  "ld r1, args.pid; key @a, 0, r1; ld r1, args.pid; key @a, 1, r1; "
	  "ld r1, pid; key @a, 2, r1; ld r1, tgid; key @a, 3, r1; "
	  "ld r1, cpu; key @a, 4, r1; put @a, r0; ret 1" },
	{ __LINE__, false,
	  "@a[caller] = max(caller)",
	  "table @a[u64] = max(u64); ld r0, caller; ld r1, caller; "
	  "key @a, 0, r1; agg @a, 0, r0; ret 1" },
	{ __LINE__, false,
	  "printf('%s %s', ustr(filename), kstr(filename, 9))",
	  "arg 0, args.filename.ustring; ld r0, args.filename; "
	  "arg 1, kstr(r0, 9); printf \"%s %s\"; ret 1" },
	{ __LINE__, true,
	  "@x[filename, str(filename), kstr(filename), str(ptr)] = "
	  "str(filename, 20)",
	  "table @x[str64, str64, str64, str64] = str24; "
	  "ld r0, args.filename; key @x, 0, args.filename.ustring; "
	  "key @x, 1, args.filename.ustring; key @x, 2, args.filename; "
	  "ld r1, args.ptr; key @x, 3, ustr(r1, 64); put @x, ustr(r0, 20); "
	  "ret 1" },
	{ __LINE__, true,
	  "printf(\"%s %s %p\", filename, str(n), filename)",
	  "arg 0, args.filename.ustring; ld r0, args.n; "
	  "arg 1, ustr(r0, 256); ld r0, args.filename; arg 2, r0; "
	  "printf \"%s %s %p\"; ret 1" },
};

/*
 * The program without its first and last line, in one line: "L1:\n\tld\tr0, pid\n"
 * becomes "L1: ld r0, pid".
 */
static const char *one_line(const struct tap_prog *prog)
{
	static struct host_text text;
	static char line[2 * sizeof(text.s)];
	char *out = line, *s, *end;

	text.len = 0;
	trace_tap_disasm(prog, host_print, &text);
	s = strchr(text.s, '\n') + 1;
	end = strstr(s, "\nend\n");
	s += *s == '\t';
	for (; s < end; s++) {
		if (*s == '\t') {
			*out++ = ' ';
		} else if (*s != '\n') {
			*out++ = *s;
		} else {
			if (s[-1] != ':')
				*out++ = ';';
			if (s[1] != '\t')
				*out++ = ' ';
		}
	}
	*out = 0;
	return line;
}

/* @text: @prog before it was bound */
static bool round_trip(const struct tap_prog *prog, const char *text)
{
	struct tap_error e = {};
	struct tap_prog *again;
	bool same;

	again = trace_tap_asm(text, prog->kind, &e);
	same = again && !trace_tap_resolve(again, &board.scope, &e) &&
	       host_same_prog(prog, again);
	trace_tap_prog_free(again);
	return same;
}

static void check_prog(int line, const char *text, const char *want,
		       struct tap_prog *prog)
{
	static struct host_text unbound;
	struct host_rand r = { .state = line };
	struct tap_error e = {};
	const char *got = one_line(prog);

	host_check(!strcmp(got, want), __FILE__, line, "'%s' is\n\t%s\nnot\n\t%s",
		   text, got, want);
	unbound.len = 0;
	trace_tap_disasm(prog, host_print, &unbound);
	if (!host_check(!trace_tap_bind(prog, &board.scope, &e) &&
			!trace_tap_verify(prog, &e), __FILE__, line, "'%s': %s",
			text, trace_tap_err_text[e.code]))
		return;
	host_check(round_trip(prog, unbound.s), __FILE__, line,
		   "'%s': another program comes back", text);
	host_check(host_agree_random(prog, &r, 3) == HOST_OK, __FILE__, line,
		   "'%s': %s", text, host_why);
}

static void check_rows(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		board.scope.user_pointers = rows[i].user;
		e = (struct tap_error){};
		prog = trace_tap_translate_action(rows[i].text, &board.scope,
						  &e);
		if (CASE(&rows[i], prog, "'%s': %s at %u", rows[i].text,
			 trace_tap_err_text[e.code], e.pos))
			check_prog(rows[i].line, rows[i].text, rows[i].prog,
				   prog);
		trace_tap_prog_free(prog);
	}
	board.scope.user_pointers = false;
}

/* ----------------------------------------------------------------- filters */

static const struct {
	int		line;
	const char	*text;
	const char	*prog;
} filters[] = {
	{ __LINE__, "@slow[common_pid]",
	  "table @slow[s64] = u64; ld r0, args.common_pid; key @slow, 0, r0; "
	  "get r0, @slow, 0; jne r0, 0, L1; ret 0; L1: ret 1" },
	{ __LINE__, "!@slow[common_pid]",
	  "table @slow[s64] = u64; ld r0, args.common_pid; key @slow, 0, r0; "
	  "get r0, @slow, 0; jeq r0, 0, L1; ret 0; L1: ret 1" },
	{ __LINE__, "@slow[pid] > 5 && ret < 0",
	  "table @slow[s64] = u64; ld r0, args.pid; key @slow, 0, r0; "
	  "get r0, @slow, 0; jule r0, 5, L1; ld r0, args.ret; jlt r0, 0, L2; "
	  "L1: ret 0; L2: ret 1" },
	{ __LINE__, "has(@slow[pid]) && !has_key(@cnt, pid)",
	  "table @slow[s64] = u64; table @cnt[s64] = count; ld r0, args.pid; "
	  "key @slow, 0, r0; has r0, @slow; jeq r0, 0, L1; ld r0, args.pid; "
	  "key @cnt, 0, r0; has r0, @cnt; jeq r0, 0, L2; L1: ret 0; L2: ret 1" },
	{ __LINE__, "@one == 1 || @cnt[@slow[1]] >= 2",
	  "table @one = s64; table @slow[s64] = u64; "
	  "table @cnt[u64] = count; get r0, @one, 0; jeq r0, 1, L1; "
	  "key @slow, 0, 1; get r0, @slow, 0; key @cnt, 0, r0; "
	  "get r0, @cnt, 0; jge r0, 2, L1; ret 0; L1: ret 1" },
	{ __LINE__, "@agg[\"x\", hex(ptr)] > 3",
	  "table @agg[str8, u64.hex] = count, sum, min, max, avg, stats; "
	  "key @agg, 0, \"x\"; ld r0, args.ptr; key @agg, 1, r0; "
	  "get r0, @agg, 0; jgt r0, 3, L1; ret 0; L1: ret 1" },
	{ __LINE__, "@agg[comm, 1] in {1, 5..9}",
	  "table @agg[str16, s64] = count, sum, min, max, avg, stats; "
	  "key @agg, 0, comm; key @agg, 1, 1; get r0, @agg, 0; "
	  "jeq r0, 1, L2; jlt r0, 5, L1; jle r0, 9, L2; L1: ret 0; L2: ret 1" },
	{ __LINE__, "(@slow[pid] & 4) == 4",
	  "table @slow[s64] = u64; ld r0, args.pid; key @slow, 0, r0; "
	  "get r0, @slow, 0; and r0, 4; jeq r0, 4, L1; ret 0; L1: ret 1" },
	{ __LINE__, "str(filename) == \"x\" && ustr(filename) ~ \"y*\"",
	  "jnstr args.filename, ==, \"x\", L1; "
	  "jstr args.filename.ustring, ~, \"y*\", L2; L1: ret 0; L2: ret 1" },
	{ __LINE__, "kstr(filename) == comm",
	  "jpair args.filename, ==, comm, L1; ret 0; L1: ret 1" },
	{ __LINE__, "\"x\" != ustr(filename)",
	  "jstr args.filename.ustring, !=, \"x\", L1; ret 0; L1: ret 1" },
	{ __LINE__, "ustr(filename) in {\"a\", \"b\"}",
	  "jstr args.filename.ustring, ==, \"a\", L1; "
	  "jstr args.filename.ustring, ==, \"b\", L1; ret 0; L1: ret 1" },
	{ __LINE__, "syscall_name(id) == 3 || hex(id) == 4",
	  "ld r0, args.id; jeq r0, 3, L1; ld r0, args.id; jeq r0, 4, L1; "
	  "ret 0; L1: ret 1" },
	{ __LINE__, "arg1 == 3",
	  "ld r0, args.ret; jeq r0, 3, L1; ret 0; L1: ret 1" },
};

static void check_filters(void)
{
	struct tap_error e;
	struct tap_prog *prog;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		e = (struct tap_error){};
		prog = trace_tap_translate(filters[i].text, &board.scope, false,
					   &e);
		if (CASE(&filters[i], prog, "'%s': %s at %u", filters[i].text,
			 trace_tap_err_text[e.code], e.pos))
			check_prog(filters[i].line, filters[i].text,
				   filters[i].prog, prog);
		trace_tap_prog_free(prog);
		CASE(&filters[i], !trace_tap_translate(filters[i].text,
						       &board.scope, true, &e),
		     "'%s' is stock", filters[i].text);
	}
}

/* Long, but flat, up to what a program may have. */
static void check_long(unsigned int nr, bool works)
{
	char *text = calloc(1, nr * 10 + 1);
	struct tap_error e = {};
	struct tap_prog *prog;
	unsigned int i;

	for (i = 0; i < nr; i++)
		strcat(text, "record(); ");
	prog = trace_tap_translate_action(text, &board.scope, &e);
	CHECK(!!prog == works);
	CHECK(prog || e.code == TAP_ERR_TOO_LARGE);
	trace_tap_prog_free(prog);
	free(text);
}

static bool translates(const void *arg)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = trace_tap_translate_action(arg, &board.scope, &e);
	trace_tap_prog_free(prog);
	return prog || !host_check(e.err == -ENOMEM, __FILE__, __LINE__,
				   "'%s': %s at %u", (const char *)arg,
				   trace_tap_err_text[e.code], e.pos);
}

static bool filters_too(const void *arg)
{
	struct tap_error e = {};
	struct tap_prog *prog;

	prog = trace_tap_translate(arg, &board.scope, false, &e);
	trace_tap_prog_free(prog);
	return prog || !CHECK(e.err == -ENOMEM);
}

void test_stmt(void)
{
	host_board_init(&board);
	check_rows();
	check_filters();
	check_long(TAP_MAX_INSNS - 1, true);
	check_long(TAP_MAX_INSNS, false);
	host_each_alloc_failure(translates,
				"/@t[@t[1, 2], pid] > 1/ @t[enum(vec), 2] = n; "
				"if (has(@slow[1])) @u[comm, kstack(2)] = "
				"(count(), hist(n, 2)); lat(1, comm, 2); "
				"printf('%s %d %s', ksym(ptr), arg0, "
				"str(filename, 9)); delete(@name, 3)",
				__FILE__, __LINE__);
	host_each_alloc_failure(filters_too, "@slow[pid] > 1 && has(@name[1]) "
				"&& str(filename) == 'x'", __FILE__, __LINE__);
}
