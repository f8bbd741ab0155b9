// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of what runs in the end: the code that lower.c and its parts
 * make, through the machine's JIT, with the JIT's hardening, and through the
 * interpreter, and with it helpers.c.
 *
 * A row is an expression, or a program in one line, about the record of test.c.
 */
#include <linux/cred.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

#include "test.h"

static const struct {
	bool		holds;
	const char	*text;
} rows[] = {
	/* fields of each size and sign, aligned and not */
	{ true,  "prev_pid == 100 && next_pid == -1 && prev_state == 1" },
	{ true,  "u8 == 200 && u16 == 40000 && u32 == 0xffffffff" },
	{ true,  "s8 == -1 && s16 == -2 && s32 == -1 && s64 == -5" },
	{ true,  "p16 == 0x1234 && p32 == -7 && p64 == 0x10000000000" },
	{ true,  "u64 == 0x8000000000000000" },
	{ true,  "u8 > 199 && u8 >= 200 && u8 < 201 && u8 <= 200 && u8 != 1" },
	{ true,  "s64 > -6 && s64 >= -5 && s64 < -4 && s64 <= -5" },
	{ true,  "u64 > 1 && u64 >= 0x8000000000000000" },
	{ false, "u64 < 1 || s64 > 1 || s8 >= 0 || u32 < 0xffffffff" },
	{ true,  "u8 & 8 && !(u8 & 7)" },
	{ true,  "u64 & 0x8000000000000000" },
	{ true,  "p64 & HUGE_BIT" },
	{ false, "odd == 0 || odd != 0 || cpu & 1" },
	{ true,  "!(odd == 0)" },
	/* field against field, signed and not */
	{ true,  "prev_prio > next_prio && next_pid < prev_pid" },
	{ true,  "s8 == s32 && s8 < u8 && u32 > s32 && u32 != s32" },
	{ true,  "s64 > u64 && u64 < s64 && u64 > u32" },
	{ true,  "ptr > 0xffff && ptr + 1 != bad_ptr + 1" },
	/* arithmetic */
	{ true,  "prev_prio + 1 == 121 && prev_prio - next_prio == 21" },
	{ true,  "next_prio - prev_prio == -21 && prev_pid * 3 == 300" },
	{ true,  "prev_pid / 7 == 14 && prev_pid % 7 == 2" },
	{ true,  "s64 / 2 == -2 && s64 % 2 == -1 && s64 % 3 == -2" },
	{ true,  "s64 / -2 == 2 && p32 / -1 == 7 && p32 % -1 == 0" },
	{ true,  "prev_pid / (prev_pid - 100) == 0" },
	{ true,  "prev_pid % (prev_pid - 100) == 100" },
	{ true,  "u64 / 2 == 0x4000000000000000 && u64 % 3 == 2" },
	{ true,  "u64 / prev_pid == 92233720368547758" },
	{ true,  "prev_pid << 1 == 200 && prev_pid << 65 == 200" },
	{ true,  "s64 >> 1 == -3 && u64 >> 63 == 1 && u64 >> (prev_state + 62) == 1" },
	{ true,  "(u8 & 0xf0) == 0xc0 && (u8 | 7) == 0xcf && (u8 ^ 0xff) == 55" },
	{ true,  "-prev_pid == -100 && (prev_pid == 100) + (prev_prio == 120) == 2" },
	{ true,  "prev_pid + (next_prio - (u16 / (prev_prio + (u8 * (p16 - (s8 + 1)))))) == 199" },
	/* lists */
	{ true,  "prev_pid in {1, 100} && s64 in {-10..-5}" },
	{ false, "prev_pid in {1, 2, 3..99, 101..200}" },
	{ true,  "u64 in {0x8000000000000000..0xffffffffffffffff}" },
	{ true,  "next_comm ~ {'rcu*', 'kworker*'} && next_comm in {'x', 'kworker/0:1'}" },
	/* strings of fixed size: short and long constants, with and without NUL */
	{ true,  "prev_comm == 'bash' && prev_comm != 'bas' && prev_comm != 'bashx'" },
	{ true,  "next_comm == 'kworker/0:1' && next_comm != 'kworker/0:2'" },
	{ true,  "arr3 == 'abc' && arr3 != 'ab' && arr3 != 'abcd' && arr7 == 'ab'" },
	{ true,  "prev_comm ~ 'b*' && prev_comm ~ '*sh' && prev_comm ~ '*as*'" },
	{ true,  "prev_comm ~ 'b*s*h' && prev_comm ~ 'b[a-c]s?' && prev_comm ~ '*'" },
	{ true,  "arr3 ~ '*bc' && arr3 ~ 'ab*' && arr7 ~ 'ab*' && !(arr7 ~ 'abc*')" },
	{ true,  "next_comm ~ 'kworker/*' && !(next_comm ~ 'kworker/1*')" },
	{ false, "prev_comm ~ 'x*' || prev_comm ~ '*x' || prev_comm ~ '*x*'" },
	/* strings elsewhere */
	{ true,  "name == 'file.txt' && name ~ '*.txt' && name != 'file.tx'" },
	{ true,  "rel ~ 'kworker*' && rel == 'kworker/0:1'" },
	{ true,  "ptr == 'abc' && ptr ~ 'a?c' && ptr != 'abcd'" },
	{ true,  "comm == 'bash' && comm ~ '*sh' && comm != 'sh' && comm ~ 'ba*'" },
	/* what cannot be read is neither equal nor different */
	{ false, "bad_ptr == 'x' || bad_ptr != 'x' || bad_ptr ~ '*' || bad_ptr !~ 'x'" },
	{ true,  "!(bad_ptr == 'x') && !(bad_ptr != 'x')" },
	{ false, "ptr.ustring == 'abc' || ptr.ustring != 'abc'" },
	{ false, "bad_ptr == prev_comm || bad_ptr != prev_comm" },
	/* string against string */
	{ true,  "prev_comm == comm && next_comm == rel && arr3 == ptr" },
	{ true,  "arr3 != arr7 && prev_comm != next_comm && name != rel" },
	/* masks */
	{ true,  "mask == CPUS{0} && mask & CPUS{0-1} && !(mask & CPUS{1})" },
	{ false, "mask != CPUS{0}" },
	/* CPUs and functions */
	{ true,  "prev_state & CPUS{1} && prev_state == CPUS{1}" },
	{ true,  "prev_state & CPUS{0-3} && prev_state != CPUS{2-3}" },
	{ true,  "u64.function == top && u64.function == 0x8000000000000001" },
	{ true,  "u64.function != vfs_read" },
	/* structure */
	{ true,  "prev_pid == 1 || prev_pid == 100 && u8 == 200" },
	{ false, "(prev_pid == 1 || prev_pid == 100) && u8 == 2" },
	{ true,  "!(!(prev_pid == 100) || u8 == 2) && !!(u8 == 200)" },
	{ true,  "((((u8 == 1 || u8 == 2) || u8 == 3) || u8 == 200) && (u16 == 40000))" },
	/* programs: all there is of registers, constants of all sizes */
	{ true,  "mov r0, 0x123456789abcdef0; shr r0, 60; jeq r0, 1, a; ret 0; a: ret 1" },
	{ true,  "mov r0, -1; mov r1, 1; jult r0, r1, a; jlt r0, r1, b; a: ret 0; b: ret 1" },
	{ true,  "mov r0, 0x80000000; jlt r0, 0, a; jgt r0, 0x7fffffff, b; a: ret 0; b: ret 1" },
	{ true,  "mov r0, 7; mov r1, 0; udiv r0, r1; ret 1" },
	{ true,  "mov r0, 7; mov r1, 0; umod r0, r1; jeq r0, 7, a; ret 0; a: ret 1" },
	{ true,  "mov r0, -8; udiv r0, 2; jeq r0, 0x7ffffffffffffffc, a; ret 0; a: ret 1" },
	{ true,  "mov r0, 0x8000000000000000; mov r1, -1; div r0, r1;"
		 "jeq r0, 0x8000000000000000, a; ret 0; a: ret 1" },
	{ true,  "mov r0, 0x8000000000000000; mov r1, -1; mod r0, r1;"
		 "jeq r0, 0, a; ret 0; a: ret 1" },
	{ true,  "mov r0, -16; mov r1, 66; sar r0, r1; jeq r0, -4, a; ret 0; a: ret 1" },
	{ true,  "mov r0, 3; jnset r0, 4, a; ret 0; a: jset r0, 2, b; ret 0; b: ret 1" },
	{ true,  "mov r0, 0x100000000; ret r0" },
	{ false, "mov r0, 5; sub r0, 5; ret r0" },
	{ true,  "mov r0, 0; mov r1, 1; mov r2, 2; mov r3, 3; mov r4, 4; mov r5, 5;"
		 "mov r6, 6; mov r7, 7; mov r8, 8; mov r9, 9; mov r10, 10; mov r11, 11;"
		 "mov r12, 12; mov r13, 13; mov r14, 14; mov r15, 15;"
		 "jstr comm, ~, '*x*', no; jcpu args.mask, ==, '1', no;"
		 "jstr args.name, ==, 'x', no; add r0, r1; add r0, r2; add r0, r3;"
		 "add r0, r4; add r0, r5; add r0, r6; add r0, r7; add r0, r8;"
		 "add r0, r9; add r0, r10; add r0, r11; add r0, r12; add r0, r13;"
		 "add r0, r14; add r0, r15; mul r15, r14; div r15, r3;"
		 "jne r15, 70, no; jeq r0, 120, yes; no: ret 0; yes: ret 1" },
};

TAP_TEST_ROWS(rows, rows);

/* Run @text for @machine; expect the verdict @holds. */
static void check(struct kunit *test, enum trace_tap_test_machine machine,
		  const char *text, const struct trace_tap_test_record *r,
		  bool holds)
{
	struct tap_prog *prog = trace_tap_test_sound(test, text);
	struct trace_tap_image *image;
	u32 ret;

	image = trace_tap_test_image(test, prog, machine, text);
	preempt_disable();
	ret = trace_tap_exec(image, r->rec, r->len);
	preempt_enable();
	trace_tap_image_put(image);

	KUNIT_EXPECT_EQ_MSG(test, !!ret, holds, "%s", text);
}

static struct trace_tap_test_record *new_record(struct kunit *test)
{
	struct trace_tap_test_record *r;

	r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, r);
	trace_tap_test_record_init(r);
	return r;
}

static void check_row(struct kunit *test, enum trace_tap_test_machine machine)
{
	const typeof(rows[0]) *row = test->param_value;

	check(test, machine, row->text, new_record(test), row->holds);
}

static void check_jit(struct kunit *test)
{
	check_row(test, JIT);
}

static void check_hardened(struct kunit *test)
{
	check_row(test, HARDENED);
}

static void check_interpreter(struct kunit *test)
{
	check_row(test, INTERPRETER);
}

static void check_on_all(struct kunit *test, const char *text,
			 const struct trace_tap_test_record *r, bool holds)
{
	check(test, JIT, text, r, holds);
	check(test, HARDENED, text, r, holds);
	check(test, INTERPRETER, text, r, holds);
}

/* Builtins are what the kernel says. */
static void check_builtins(struct kunit *test)
{
	const struct {
		const char	*name;
		u64		value;
	} builtins[] = {
		{ "pid", current->pid },
		{ "tid", current->pid },
		{ "tgid", current->tgid },
		{ "uid", from_kuid(&init_user_ns, current_uid()) },
		{ "common_gid", from_kgid(&init_user_ns, current_gid()) },
		{ "ncpus", num_online_cpus() },
		{ "in_irq", 0 },
		{ "in_nmi", 0 },
		{ "in_iowait", 0 },
		{ "args.common_pid", current->pid },
	};
	struct trace_tap_test_record *r = new_record(test);
	char text[80];
	unsigned int i;
	u64 now;

	for (i = 0; i < ARRAY_SIZE(builtins); i++) {
		snprintf(text, sizeof(text), "%s + 0 == %llu", builtins[i].name,
			 builtins[i].value);
		check_on_all(test, text, r, true);
	}
	now = ktime_get_boot_fast_ns();
	snprintf(text, sizeof(text), "nsecs in {%llu..%llu}", now,
		 now + 600 * NSEC_PER_SEC);
	check_on_all(test, text, r, true);
	check_on_all(test, "cpu < ncpus && cpu >= 0", r, true);
	check_on_all(test, "rand <= 0xffffffff", r, true);
	check_on_all(test, "common_comm == 'bash'", r, true);
}

/* What a record says of its dynamic parts is not trusted. */
static void check_bounds(struct kunit *test)
{
	struct trace_tap_test_record *r = new_record(test);
	static const char any_mask[] =
		"mask & CPUS{0} || mask == CPUS{0} || mask != CPUS{0}";
	const struct {
		const char	*field;
		u32		start;
		u32		len;
		const char	*text;
		bool		holds;
	} bounds[] = {
		{ "name", 0, 0xffff, "name ~ '*'", true },
		{ "name", r->len - 1, 1, "name == ''", true },
		{ "name", r->len - 1, 0xffff, "name == ''", true },
		{ "name", r->len, 1, "name ~ '*' || name != 'x'", false },
		{ "name", 0xffff, 0xffff, "name ~ '*' || name != 'x'", false },
		{ "name", trace_tap_test_offset("arr3"), 2, "name == 'ab'", true },
		{ "name", trace_tap_test_offset("arr3"), 3, "name == 'abc'", true },
		{ "rel", 0xffff, 0xffff, "rel ~ '*' || rel == rel || rel != comm", false },
		{ "mask", r->len - 4, 8, any_mask, false },
		{ "mask", 0, 2, any_mask, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		trace_tap_test_record_init(r);
		trace_tap_test_put(r, bounds[i].field,
				   bounds[i].len << 16 | bounds[i].start);
		check_on_all(test, bounds[i].text, r, bounds[i].holds);
	}
}

/* Strings in user memory, which is there or not. */
static void check_user(struct kunit *test)
{
	struct trace_tap_test_record *r = new_record(test);
	unsigned long addr;

	addr = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	if (!addr || IS_ERR_VALUE(addr))
		kunit_skip(test, "no user memory");
	trace_tap_test_put(r, "bad_ptr", addr);
	check_on_all(test, "bad_ptr.ustring ~ '*' || bad_ptr.ustring != 'x'", r, false);
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)addr, "user", 5), 0);
	check_on_all(test, "bad_ptr.ustring == 'user' && bad_ptr.ustring ~ 'u*r'", r, true);
	check_on_all(test, "bad_ptr.ustring != 'use' && !(bad_ptr.ustring != 'user')", r, true);
	check_on_all(test, "bad_ptr.ustring != comm && !(bad_ptr.ustring == comm)", r, true);
	check_on_all(test, "bad_ptr ~ '*' || bad_ptr != 'x'", r, false);
	/* An end of memory before the end of the string */
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)addr + PAGE_SIZE - 2, "us", 2), 0);
	trace_tap_test_put(r, "bad_ptr", addr + PAGE_SIZE - 2);
	check_on_all(test, "bad_ptr.ustring ~ 'u*'", r, false);
}

/*
 * What the early program of an expression rejects, the expression rejects; and
 * it never looks at the record.
 */
static void check_early(struct kunit *test)
{
	static const char * const texts[] = {
		"common_pid == 1 && u8 == 200", "comm == 'bash' && u8 == 200",
		"comm == 'sh' || comm == 'bash' && u8 == 1", "comm ~ 'x*' && u8",
		"uid == 0 && (cpu < 100 || u8 == 1)",
	};
	struct trace_tap_test_record *r = new_record(test);
	struct trace_tap_image *image, *early;
	struct tap_prog *prog, *early_prog;
	struct tap_error e = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		prog = trace_tap_test_sound(test, texts[i]);
		early_prog = trace_tap_split(prog);
		KUNIT_ASSERT_NOT_NULL_MSG(test, early_prog, "%s", texts[i]);
		image = trace_tap_image_get(prog, false, &e);
		early = trace_tap_image_get(early_prog, false, &e);
		trace_tap_prog_free(early_prog);
		KUNIT_ASSERT_FALSE(test, IS_ERR(image) || IS_ERR(early));
		KUNIT_EXPECT_TRUE(test, image->reads_record);
		KUNIT_EXPECT_FALSE(test, early->reads_record);
		preempt_disable();
		if (!trace_tap_exec_early(early))
			KUNIT_EXPECT_EQ_MSG(test, trace_tap_exec(image, r->rec, r->len),
					    0, "%s", texts[i]);
		preempt_enable();
		trace_tap_image_put(image);
		trace_tap_image_put(early);
	}
}

static struct kunit_case run_cases[] = {
	KUNIT_CASE_PARAM(check_jit, rows_gen_params),
	KUNIT_CASE_PARAM(check_hardened, rows_gen_params),
	KUNIT_CASE_PARAM(check_interpreter, rows_gen_params),
	KUNIT_CASE(check_builtins),
	KUNIT_CASE(check_bounds),
	KUNIT_CASE(check_user),
	KUNIT_CASE(check_early),
	{}
};

static struct kunit_suite run_suite = {
	.name		= "tap_run",
	.test_cases	= run_cases,
};

kunit_test_suite(run_suite);
