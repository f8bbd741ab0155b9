// SPDX-License-Identifier: GPL-2.0
/*
 * tap: KUnit suite of actions as they run: text is translated, or bytecode
 * assembled, and bound, verified, lowered and run, on the machine's JIT, with the
 * JIT's hardening, and on the interpreter. What counts is what is in the tables
 * then, and in the ring buffer.
 *
 * A row is a list of programs, one a line, about the record of test.c, that run
 * one after the other; then what each returned; then what there is:
 *
 *	"@t[u8] = count()\nfilter @t[200] > 1"	"10"	"@t[200] = 1;"
 *
 * An action in bytecode stands in one line behind "tap ", a filter behind
 * "filter ".
 */
#include <linux/ring_buffer.h>
#include <linux/seq_buf.h>

#include "../trace.h"
#include "action.h"
#include "table_test.h"

/**
 * struct bench - an event in an instance
 * @machine: what runs the programs
 * @tables: of the instance
 * @tr: the instance, as far as programs know it
 * @call: the event
 * @file: the same in the instance
 * @event: what the translator knows of it
 * @item: the program that runs
 * @r: the record
 * @keep: a program wants it to be kept
 * @scratch: memory for programs
 * @verdicts: what they returned: '0' or '1'
 * @text: room for one record of the trace, or for a program
 * @shown: tables and trace, as text
 * @s: what writes there
 */
struct bench {
	enum trace_tap_test_machine	machine;
	struct trace_tap_tables		*tables;
	struct trace_array		*tr;
	struct trace_event_call		call;
	struct trace_event_file		file;
	struct trace_tap_event		event;
	struct trace_tap_item		item;
	struct trace_tap_test_record	r;
	bool				keep;
	u8				scratch[TAP_SCRATCH] __aligned(8);
	char				verdicts[16];
	char				text[2048];
	char				shown[2048];
	struct seq_buf			s;
};

struct row {
	const char	*text;
	const char	*verdicts;
	const char	*shown;
};

/* ---------------------------------------------------------------- fixture */

static void free_buffer(void *buffer)
{
	ring_buffer_free(buffer);
}

static void free_stats(void *stats)
{
	free_percpu((struct trace_tap_action_stats __percpu __force *)stats);
}

static struct bench *new_bench(struct kunit *test,
			       enum trace_tap_test_machine machine)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	struct trace_array *tr = kunit_kzalloc(test, sizeof(*tr), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, tr);
	b->machine = machine;
	b->tr = tr;
	b->tables = trace_tap_test_tables(test);
	tr->tap_tables = b->tables;
	tr->array_buffer.buffer = ring_buffer_alloc(4 * PAGE_SIZE, RB_FL_OVERWRITE);
	KUNIT_ASSERT_NOT_NULL(test, tr->array_buffer.buffer);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_buffer,
							   tr->array_buffer.buffer));
	b->item.stats = alloc_percpu(struct trace_tap_action_stats);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)b->item.stats);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_stats,
							   (void __force *)b->item.stats));
	b->item.probe = trace_tap_probe_id("test", "event");
	b->file.tr = tr;
	b->file.event_call = &b->call;
	b->event.scope = trace_tap_test_scope;
	b->event.scope.event = &b->event;
	trace_tap_event_tables(&b->event, tr, "test:event");
	trace_tap_test_record_init(&b->r);
	return b;
}

static void free_prog(void *data)
{
	struct tap_prog *prog = data;

	mutex_lock(&event_mutex);
	trace_tap_unbind(prog, false);
	mutex_unlock(&event_mutex);
	trace_tap_prog_free(prog);
}

static const char *strip(const char *line, const char *front)
{
	return !strncmp(line, front, strlen(front)) ? line + strlen(front) : NULL;
}

static struct tap_prog *translate(struct bench *b, const char *line,
				  struct tap_error *e)
{
	const struct tap_scope *scope = &b->event.scope;
	const char *rest = strip(line, "tap ");

	if (rest) {
		snprintf(b->text, sizeof(b->text), "tap 1 action\n%s\nend\n", rest);
		strreplace(b->text, ';', '\n');
		return trace_tap_asm(b->text, TAP_ACTION, e);
	}
	rest = strip(line, "filter ");
	if (rest)
		return trace_tap_translate(rest, scope, false, e);
	return trace_tap_translate_action(line, scope, e);
}

/* A program that is bound to the tables, and let go of when the test ends. */
static struct tap_prog *new_prog(struct kunit *test, struct bench *b,
				 const char *line)
{
	struct tap_error e = {};
	struct tap_prog *prog;
	int err;

	mutex_lock(&event_mutex);
	prog = translate(b, line, &e);
	err = prog ? 0 : e.err;
	if (prog && strip(line, "tap "))
		err = trace_tap_resolve(prog, &b->event.scope, &e);
	else if (prog)
		err = trace_tap_bind(prog, &b->event.scope, &e);
	if (!err)
		err = trace_tap_bind_stacks(prog, b->tr, &e);
	trace_tap_event_exit(&b->event);
	mutex_unlock(&event_mutex);
	if (prog)
		KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_prog, prog), 0);
	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s: %s at %u %s", line,
			    trace_tap_err_text[e.code], e.pos, e.detail);
	return prog;
}

/* As action_run.c does it: a program gets what it says that it needs. */
static noinline u32 run_image(struct bench *b, const struct trace_tap_image *image)
{
	struct trace_tap_run run = {
		.file = &b->file, .item = &b->item, .ip = _RET_IP_,
	};
	u32 ret;

	run.ctx.rec = image->reads_record ? b->r.rec : NULL;
	run.ctx.len = image->needs_len ? b->r.len : 0;
	run.ctx.scratch = image->scratch ? b->scratch : NULL;
	preempt_disable();
	if (image->needs_ctx)
		ret = bpf_dispatcher_nop_func(&run.ctx, image->insns, image->func);
	else
		ret = trace_tap_exec_early(image);
	preempt_enable();
	b->keep |= run.keep;
	return ret;
}

#define POISON	0xa5

static u32 run_line(struct kunit *test, struct bench *b, const char *line)
{
	struct tap_prog *prog = new_prog(test, b, line);
	struct trace_tap_image *image;
	u32 ret;

	image = trace_tap_test_image(test, prog, b->machine, line);
	b->item.image = image;
	memset(b->scratch, POISON, sizeof(b->scratch));
	if (prog->kind == TAP_ACTION) {
		ret = run_image(b, image);
	} else {
		KUNIT_EXPECT_EQ(test, image->scratch, 0);
		preempt_disable();
		ret = trace_tap_exec(image, b->r.rec, b->r.len);
		preempt_enable();
	}
	KUNIT_EXPECT_PTR_EQ(test, NULL, memchr_inv(b->scratch + image->scratch, POISON,
						   sizeof(b->scratch) - image->scratch));
	trace_tap_image_put(image);
	return ret;
}

static void run_lines(struct kunit *test, struct bench *b, const char *lines)
{
	char *text = kunit_kstrdup(test, lines, GFP_KERNEL);
	unsigned int n = 0;
	char *line;

	KUNIT_ASSERT_NOT_NULL(test, text);
	while ((line = strsep(&text, "\n"))) {
		KUNIT_ASSERT_LT(test, n, sizeof(b->verdicts) - 1);
		b->verdicts[n++] = run_line(test, b, line) ? '1' : '0';
	}
}

/* ---------------------------------------------------------- what there is */

static void show_table(struct kunit *test, struct bench *b,
		       struct trace_tap_table *table)
{
	struct trace_tap_view *view = trace_tap_view_new(table);
	struct trace_tap_entry entry;
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(view));
	for (i = 0; i < view->nr; i++) {
		trace_tap_view_entry(view, i, &entry);
		trace_tap_show_entry(&b->s, table, &entry, view->frames, true);
	}
	KUNIT_EXPECT_EQ(test, view->state.drops, 0);
	trace_tap_view_free(view);
}

static void show_record(struct bench *b, void *record)
{
	struct trace_entry *entry = record;
	struct bprint_entry *bprint = record;

	switch (entry->type) {
	case TRACE_BPRINT:
		bstr_printf(b->text, sizeof(b->text), bprint->fmt, bprint->buf);
		seq_buf_printf(&b->s, "> %s", b->text);
		break;
	case TRACE_STACK:
		seq_buf_puts(&b->s, "stack\n");
		break;
	default:
		seq_buf_printf(&b->s, "record of type %u\n", entry->type);
	}
}

static void show_trace(struct bench *b)
{
	struct trace_buffer *buffer = b->tr->array_buffer.buffer;
	struct ring_buffer_event *event;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		while ((event = ring_buffer_consume(buffer, cpu, NULL, NULL)))
			show_record(b, ring_buffer_event_data(event));
	}
	if (b->keep)
		seq_buf_puts(&b->s, "record\n");
	if (b->tr->buffer_disabled)
		seq_buf_puts(&b->s, "off\n");
}

static const char *shown(struct kunit *test, struct bench *b)
{
	struct trace_tap_table *table;
	unsigned long drops = 0;
	unsigned int cpu;

	seq_buf_init(&b->s, b->shown, sizeof(b->shown));
	list_for_each_entry(table, &b->tables->list, node)
		show_table(test, b, table);
	show_trace(b);
	for_each_possible_cpu(cpu)
		drops += per_cpu_ptr(b->item.stats, cpu)->drops;
	KUNIT_EXPECT_EQ(test, drops, 0);
	seq_buf_str(&b->s);
	strreplace(b->shown, '\n', ';');
	strreplace(b->shown, '\t', ' ');
	return b->shown;
}

static void check_row(struct kunit *test, enum trace_tap_test_machine machine)
{
	const struct row *row = test->param_value;
	struct bench *b = new_bench(test, machine);

	run_lines(test, b, row->text);
	KUNIT_EXPECT_STREQ(test, b->verdicts, row->verdicts);
	KUNIT_EXPECT_STREQ(test, shown(test, b), row->shown);
}

/* -------------------------------------------------------------------- rows */

static const struct row rows[] = {
	/* aggregations, alone and together */
	{ "@ = count()", "1", "@ = 1;" },
	{ "@[prev_pid] = count()\n@[prev_pid] = count()", "11", "@[100] = 2;" },
	{ "@t[comm, next_pid] = (count(), sum(u8), min(s64), max(s64), avg(u16), stats(u8))",
	  "1", "@t[\"bash\", -1] = (1, 200, -5, -5, 40000, (count 1, average 200, total 200));" },
	{ "@a = avg(u8)\n@a = avg(prev_pid)\n@b = @a", "111", "@a = 150;@b = 150;" },
	{ "@m = (min(u64), max(u64))\n@m = (min(u64), max(u64))", "11",
	  "@m = (9223372036854775808, 9223372036854775808);" },
	{ "@h = hist(u8)\n@h = hist(prev_pid)\n@h = hist(s8)\n@b = @h", "1111",
	  "@h = 3; (..., 0) 1, [64, 128) 1, [128, 256) 1;@b = 3;" },
	{ "@k = hist(u8, 2); @l = lhist(prev_prio, 0, 200, 50)", "1",
	  "@k = 1; [192, 224) 1;@l = 1; [100, 150) 1;" },
	{ "@n[u8] = (count(), hist(u8))", "1", "@n[200] = (1, 1); [128, 256) 1;" },
	/* plain values */
	{ "@t = prev_pid", "1", "@t = 100;" },
	{ "@t[u64] = s64", "1", "@t[9223372036854775808] = -5;" },
	{ "@t = 5; @t += 3; @t++; @t += -10", "1", "@t = -1;" },
	{ "@t[1] += 7\n@t[1] = @t[1] * 2 + @t[2]", "11", "@t[1] = 14;" },
	{ "@t[@t[1]] = @t[2] + 1", "1", "@t[0] = 1;" },
	{ "@a[arg1] = arg0", "1", "@a[100] = \"bash\";" },
	/* strings: keys and values, read and not */
	{ "@t[name] = rel; @t['x'] = comm; @t[ptr] = 'y'", "1",
	  "@t[\"x\"] = \"bash\";@t[\"file.txt\"] = \"kworker/0:1\";@t[\"abc\"] = \"y\";" },
	{ "@t[arr3, arr7, prev_comm] = kstr(ptr, 2)", "1",
	  "@t[\"abc\", \"ab\", \"bash\"] = \"ab\";" },
	{ "@t[bad_ptr] = 1\n@t[ustr(ptr)] += 1", "11", "@t[\"\"] = 2;" },
	{ "@t[rel] = 1\n@t['kworker/0:1'] += 1\n@t[str(ptr)] = @t[next_comm]", "111",
	  "@t[\"abc\"] = 2;@t[\"kworker/0:1\"] = 2;" },
	{ "@n[1] = 'x'; @m[@n[1], @c[5]] = count(); @k = @m['x', 0]", "1",
	  "@n[1] = \"x\";@m[\"x\", 0] = 1;@k = 1;" },
	{ "@a[1] = comm\n@b[@a[1]] = @a[1]\n@b['x'] = @a[3]", "111",
	  "@a[1] = \"bash\";@b[\"x\"] = \"\";@b[\"bash\"] = \"bash\";" },
	/* how numbers are shown */
	{ "@t[hex(u8), enum(u8), hex(s8)] = enum(u8)", "1",
	  "@t[0xc8, many, 0xffffffffffffffff] = many;" },
	{ "@[probe] = probe", "1", "@[test:event] = test:event;" },
	/* has, delete, whole tables */
	{ "@t[1] = 5; @t[2] = 6; if (has(@t[1])) delete(@t[1]);"
	  "if (has(@t[1])) @no = 1; if (!has(@t[1]) && @t[2] == 6) @yes = @t[2] + @t[1]",
	  "1", "@t[2] = 6;@yes = 6;" },
	{ "@t[1] = 2; @t[3] = 4\ndelete(@t, 1)\n@u = has_key(@t, 1) * 10 + has_key(@t, 3)",
	  "111", "@t[3] = 4;@u = 1;" },
	{ "@t[1] = count(); @t[2] = count()\ndelete(@t[1]); @t[1] = count()", "11",
	  "@t[1] = 1;@t[2] = 1;" },
	/* guards and conditions */
	{ "/u8 == 200/ @ = count()\n/u8 == 1/ @ = count()\n/0/ @ = count()", "100", "@ = 1;" },
	{ "@t[1] = 7\n/@t[1] > 6 && !@t[2]/ @u[@t[1]] = @t[1] * 2\n/@t[2]/ @u[0] = 1",
	  "110", "@t[1] = 7;@u[7] = 14;" },
	{ "/comm == 'bash' && next_comm ~ 'kw*' && mask & CPUS{0}/ @ = 1", "1", "@ = 1;" },
	{ "if (u8 > 1) { if (u8 > 300) @ = 1; if (prev_comm == 'bash') { @ = 2; @t = 3 } };"
	  "if (name !~ '*.txt') @t = 4", "1", "@ = 2;@t = 3;" },
	/* printf and others */
	{ "printf('%d %s|%x|%-5s|%c', u8, comm, u64, arr7, 65)", "1",
	  "> 200 bash|8000000000000000|ab   |A;" },
	{ "print(next_comm); print(-7); print(enum(u8)); print(probe); print(bad_ptr)", "1",
	  "> kworker/0:1;> -7;> many;> test:event;> (fault);" },
	{ "@t[1] = 'text'; @u = 5; printf('%s %d %s', @t[1], @u, @t[2])", "1",
	  "@t[1] = \"text\";@u = 5;> text 5 ;" },
	{ "stack(); record(); print(1)", "1", "stack;> 1;record;" },
	{ "print(1); traceoff()", "1", "> 1;off;" },
	{ "print(1); traceoff(); if (u8) traceon(); print(2)", "1", "> 1;> 2;" },
	/* filters that read tables */
	{ "@t[prev_pid] = 7\nfilter @t[prev_pid] > 5 && u8 == 200\nfilter @t[u8]\n"
	  "filter has(@t[100]) && !has(@t[5]) && @t[100] in {1, 7..9}", "1101", "@t[100] = 7;" },
	{ "@c[comm, 1] = count()\nfilter @c['bash', prev_state] == 1\nfilter @c[prev_comm, 2]",
	  "110", "@c[\"bash\", 1] = 1;" },
	/* bytecode: loops, left in the midst, gone on with, in one another */
	{ "tap table @ = sum; mov r0, 0; loop 10; add r0, 1; jset r0, 1, c; agg @, 0, r0;"
	  "c: next; ret 1", "1", "@ = 30;" },
	{ "tap table @t[u64] = s64; mov r0, 0; loop 10; add r0, 1; key @t, 0, r0; put @t, r0;"
	  "jeq r0, 3, out; next; out: sub r0, 3; ret r0", "0", "@t[1] = 1;@t[2] = 2;@t[3] = 3;" },
	{ "tap table @ = count; loop 7; loop 11; loop 3; loop 2; agg @, 0, 1; next; next; next;"
	  "next; ret 1", "1", "@ = 462;" },
	{ "tap table @ = count; mov r0, 0; loop 10; loop 10; add r0, 1; jge r0, 25, out;"
	  "agg @, 0, 1; next; next; ret 0; out: ret 1", "1", "@ = 24;" },
	{ "tap table @ = s64; mov r0, 0; mov r1, 1; loop 50; mov r2, r1; add r1, r0; mov r0, r2;"
	  "next; put @, r0; ret 1", "1", "@ = 12586269025;" },
	{ "tap table @t[str8, u64] = s64; mov r0, 3; loop 3; sub r0, 1; key @t, 0, \"x\";"
	  "key @t, 1, r0; inc @t, 5; jne r0, 1, c; del @t; c: next; ret r0", "0",
	  "@t[\"x\", 0] = 5;@t[\"x\", 2] = 5;" },
	/* each value of an entry; a string out of a table */
	{ "tap table @ = count, sum; agg @, 0, 1; agg @, 1, 7; get r0, @, 1; sub r0, 6; ret r0",
	  "1", "@ = (1, 7);" },
	{ "tap table @a[u64] = str16; table @b[str16] = str64; key @a, 0, 1; put @a, comm;"
	  "key @b, 0, @a; put @b, @a; put @a, \"and a long one\"; put @b, @a; arg 0, @b;"
	  "printf \"%s\"; ret 1", "1",
	  "@a[1] = \"and a long one\";@b[\"bash\"] = \"and a long one\";> and a long one;" },
	/* all registers, calls among them, and an entry's value again and again */
	{ "tap table @t[u64, u64] = sum; table @r = s64; mov r0, 0; mov r1, 1; mov r2, 2;"
	  "mov r3, 3; mov r4, 4; mov r5, 5; mov r6, 6; mov r7, 7; mov r8, 8; mov r9, 9;"
	  "mov r10, 10; mov r11, 11; mov r12, 12; mov r13, 13; mov r14, 14; mov r15, 15; loop 3;"
	  "key @t, 0, r15; key @t, 1, r1; agg @t, 0, r14; add r0, r1; add r0, r2; add r0, r3;"
	  "inc @r, r4; add r0, r4; add r0, r5; add r0, r6; add r0, r7; add r0, r8; inc @r, r9;"
	  "add r0, r9; add r0, r10; add r0, r11; add r0, r12; add r0, r13; add r0, r14;"
	  "add r0, r15; next; get r2, @r, 0; inc @r, r0; sub r2, 39; ret r2", "0",
	  "@t[15, 1] = 42;@r = 399;" },
};

TAP_TEST_ROWS(rows, rows);

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

/* --------------------------------------------------------------- and others */

/* Keys that eBPF's stack has no room for. */
static void check_scratch(struct kunit *test)
{
	static const char line[] =
		"tap table @t[str256, str256] = count; table @u[str256, str256] = s64;"
		"key @t, 0, args.name; key @t, 1, comm; agg @t, 0, 1; key @u, 0, \"x\";"
		"key @u, 1, args.rel; put @u, 5; inc @u, 2; get r0, @u, 0; has r1, @t; add r0, r1;"
		"arg 0, r0; arg 1, args.prev_comm; printf \"%d %s\"; ret r0";
	enum trace_tap_test_machine machine;
	struct trace_tap_image *image;
	struct bench *b;

	for (machine = JIT; machine <= INTERPRETER; machine++) {
		b = new_bench(test, machine);
		run_lines(test, b, line);
		KUNIT_EXPECT_STREQ(test, b->verdicts, "1");
		KUNIT_EXPECT_STREQ(test, shown(test, b),
				   "@t[\"file.txt\", \"bash\"] = 1;@u[\"x\", \"kworker/0:1\"] = 7;"
				   "> 8 bash;");
		image = trace_tap_test_image(test, new_prog(test, b, line), machine, line);
		KUNIT_EXPECT_GE(test, image->scratch, 1024);
		KUNIT_EXPECT_TRUE(test, image->guarded);
		trace_tap_image_put(image);
	}
}

/* What a record says of its dynamic parts is not trusted here either. */
static void check_bounds(struct kunit *test)
{
	static const u32 locs[] = { U32_MAX, 0xffff, 0xffff0000 + 1000, 1 << 16 | 0xfff0 };
	enum trace_tap_test_machine machine;
	struct bench *b;
	unsigned int i;

	for (machine = JIT; machine <= INTERPRETER; machine++) {
		b = new_bench(test, machine);
		for (i = 0; i < ARRAY_SIZE(locs); i++) {
			trace_tap_test_put(&b->r, "name", locs[i]);
			run_lines(test, b, "@t[name] = count(); @u = name; @u = rel");
		}
		KUNIT_EXPECT_STREQ(test, shown(test, b), "@t[\"\"] = 4;@u = \"kworker/0:1\";");
	}
}

/* clear() and zero() of a program happen when they can. */
static void check_soon(struct kunit *test)
{
	static const struct row soon[] = {
		{ "@t[1] = 1; @t[2] = 2; clear(@t)", "1", "" },
		{ "@t[1] = sum(7); @t[2] = sum(8); zero(@t)", "1", "@t[1] = 0;@t[2] = 0;" },
		{ "@t = 5; zero(@t); @u = 6", "1", "@t = 0;@u = 6;" },
	};
	const struct row *row;
	unsigned int tries;
	struct bench *b;

	for (row = soon; row < soon + ARRAY_SIZE(soon); row++) {
		b = new_bench(test, JIT);
		run_lines(test, b, row->text);
		for (tries = 0; tries < 500; tries++) {
			if (!strcmp(shown(test, b), row->shown))
				break;
			msleep(20);
		}
		KUNIT_EXPECT_STREQ(test, b->shown, row->shown);
	}
}

/* The same place has the same stack; a kernel thread has none of a user. */
static void check_stacks(struct kunit *test)
{
	static const char lines[] =
		"@t[kstack(5)] = count(); @u = ustack; @k = kstack(5)\n"
		"@t[kstack(5)] = count()\n"
		"@t[kstack(5)] = count(); @t[@k] = count()";
	enum trace_tap_test_machine machine;
	const char *nr = IS_ENABLED(CONFIG_STACKTRACE) ? "1" : "0";
	char want[80];
	struct bench *b;

	for (machine = JIT; machine <= INTERPRETER; machine++) {
		b = new_bench(test, machine);
		run_lines(test, b, lines);
		shown(test, b);
		snprintf(want, sizeof(want), "@t[kstack#%s] = 4;", nr);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(b->shown, want), "%s", b->shown);
		snprintf(want, sizeof(want), "@k = kstack#%s;", nr);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(b->shown, want), "%s", b->shown);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(b->shown, "@u = ustack#0;"), "%s",
					  b->shown);
	}
}

/* Builtins that only actions have, and those that change. */
static void check_builtins(struct kunit *test)
{
	struct bench *b = new_bench(test, JIT);
	char text[160];
	u64 now = ktime_get_boot_fast_ns();

	snprintf(text, sizeof(text),
		 "/common_pid == %d && tid == %d && tgid == %d && nsecs in {%llu..%llu}/ @ = 1",
		 current->pid, current->pid, current->tgid, now, now + 600 * NSEC_PER_SEC);
	run_lines(test, b, text);
	run_lines(test, b,
		  "/common_cpu < ncpus && !in_irq && !in_nmi && rand <= 0xffffffff/ @ += 1");
	KUNIT_EXPECT_STREQ(test, shown(test, b), "@ = 2;");
}

static struct kunit_case action_cases[] = {
	KUNIT_CASE_PARAM(check_jit, rows_gen_params),
	KUNIT_CASE_PARAM(check_hardened, rows_gen_params),
	KUNIT_CASE_PARAM(check_interpreter, rows_gen_params),
	KUNIT_CASE(check_scratch),
	KUNIT_CASE(check_bounds),
	KUNIT_CASE(check_soon),
	KUNIT_CASE(check_stacks),
	KUNIT_CASE(check_builtins),
	{}
};

static struct kunit_suite action_suite = {
	.name		= "tap_action",
	.test_cases	= action_cases,
};

kunit_test_suite(action_suite);
