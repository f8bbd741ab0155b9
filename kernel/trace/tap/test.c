// SPDX-License-Identifier: GPL-2.0
/*
 * tap: an event for the KUnit suites, see test.h.
 *
 * In: rows of fields, enum constants and functions. Out: a struct tap_scope, a
 * record, and programs that the test need not free.
 */
#include <linux/bitmap.h>
#include <linux/sched.h>
#include <linux/unaligned.h>

#include "test.h"

/**
 * struct test_field - a field of the event
 * @name: its name
 * @field: what the scope says of it
 */
struct test_field {
	const char		*name;
	struct tap_field	field;
};

#define FIELD(name, type, offset, size, sign) \
	{ name, { type, false, false, sign, offset, size } }

static const struct test_field test_fields[] = {
	FIELD("common_type", TAP_INT, 0, 2, false),
	FIELD("common_flags", TAP_INT, 2, 1, false),
	FIELD("common_preempt_count", TAP_INT, 3, 1, false),
	FIELD("common_pid", TAP_INT, 4, 4, true),
	FIELD("prev_comm", TAP_ARRAY, 8, 16, false),
	FIELD("prev_pid", TAP_INT, 24, 4, true),
	FIELD("prev_prio", TAP_INT, 28, 4, true),
	FIELD("prev_state", TAP_INT, 32, 8, true),
	FIELD("next_comm", TAP_ARRAY, 40, 16, false),
	FIELD("next_pid", TAP_INT, 56, 4, true),
	FIELD("next_prio", TAP_INT, 60, 4, true),
	FIELD("u8", TAP_INT, 64, 1, false),
	FIELD("s8", TAP_INT, 65, 1, true),
	FIELD("u16", TAP_INT, 66, 2, false),
	FIELD("s16", TAP_INT, 68, 2, true),
	FIELD("u32", TAP_INT, 72, 4, false),
	FIELD("s32", TAP_INT, 76, 4, true),
	FIELD("u32_alias", TAP_INT, 72, 4, false),
	FIELD("u64", TAP_INT, 80, 8, false),
	FIELD("s64", TAP_INT, 88, 8, true),
	FIELD("odd", TAP_ODD, 96, 12, false),
	FIELD("name", TAP_LOC, 108, 4, false),
	FIELD("rel", TAP_REL, 112, 4, false),
	FIELD("mask", TAP_MASK, 116, 4, false),
	FIELD("ptr", TAP_PTR, 120, sizeof(long), false),
	FIELD("bad_ptr", TAP_PTR, 128, sizeof(long), false),
	FIELD("arr3", TAP_ARRAY, 136, 3, false),
	FIELD("p16", TAP_INT, 139, 2, false),
	FIELD("p32", TAP_INT, 141, 4, true),
	FIELD("p64", TAP_INT, 145, 8, false),
	FIELD("arr7", TAP_ARRAY, 153, 7, false),
	FIELD("comm", TAP_COMM, 0, 0, false),
	{ "cpu", { TAP_INT, true, false, true, 0, 0 } },
	{ "stacktrace", { TAP_ODD, false, true, false, 0, 0 } },
};

#define TEST_STATIC_LEN	160

static const struct test_field *test_field(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(test_fields); i++) {
		if (!strcmp(test_fields[i].name, name))
			return &test_fields[i];
	}
	return NULL;
}

/* ------------------------------------------------------------------- scope */

static bool scope_field(void *event, const char *name, struct tap_field *field)
{
	const struct test_field *f = test_field(name);

	if (f)
		*field = f->field;
	return f;
}

/* As if a sibling had it. */
static bool scope_field_below(void *event, const char *name)
{
	return !strcmp(name, "gid");
}

static bool scope_enum_value(void *event, const char *name, s64 *value)
{
	static const struct {
		const char	*name;
		s64		value;
	} enums[] = {
		{ "TCP_ESTABLISHED", 1 },
		{ "TCP_CLOSE", 7 },
		{ "NEGATIVE", -3 },
		{ "HUGE_BIT", 1LL << 40 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(enums); i++) {
		if (!strcmp(enums[i].name, name)) {
			*value = enums[i].value;
			return true;
		}
	}
	return false;
}

static bool scope_function(void *event, const char *name, u64 *start, u64 *span)
{
	static const struct {
		const char	*name;
		u64		start;
		u64		span;
	} functions[] = {
		{ "vfs_read", 0x81001000, 0x100 },
		{ "top", 1ULL << 63, 0x10 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		if (name ? !strcmp(functions[i].name, name) :
			   *start - functions[i].start < functions[i].span) {
			*start = functions[i].start;
			*span = functions[i].span;
			return true;
		}
	}
	return false;
}

/* CPUs need not exist here: a mask of as many longs as the kernel's. */
static int scope_cpulist(void *event, const char *list, unsigned long *mask)
{
	return bitmap_parselist(list, mask, BITS_PER_LONG);
}

/* Own fields stand behind those that all events have. */
#define COMMON_FIELDS	4

static const char *scope_field_nr(void *event, unsigned int nr)
{
	const struct test_field *f = test_fields + COMMON_FIELDS + nr;

	return f < test_fields + ARRAY_SIZE(test_fields) ? f->name : NULL;
}

static const struct tap_names *scope_names(void *event, const char *name,
					   struct tap_arena *arena)
{
	return trace_tap_names_parse(arena,
				     "\"%s\", __print_symbolic(REC->u8, { 1, \"one\" }, { 200, \"many\" })",
				     name);
}

const struct tap_scope trace_tap_test_scope = {
	.nr_cpus	= BITS_PER_LONG,
	.mask_words	= BITS_TO_LONGS(NR_CPUS),
	.field		= scope_field,
	.field_below	= scope_field_below,
	.enum_value	= scope_enum_value,
	.function	= scope_function,
	.cpulist	= scope_cpulist,
	.field_nr	= scope_field_nr,
	.names		= scope_names,
};

/* ------------------------------------------------------------------ record */

/**
 * trace_tap_test_offset - where a field is in the record
 * @field: its name, which exists
 */
u32 trace_tap_test_offset(const char *field)
{
	return test_field(field)->field.offset;
}

/**
 * trace_tap_test_put - set an integer of a record
 * @r: the record
 * @field: name of the field
 * @value: cut to the size of the field
 */
void trace_tap_test_put(struct trace_tap_test_record *r, const char *field,
			u64 value)
{
	const struct tap_field *f = &test_field(field)->field;
	void *p = r->rec + f->offset;

	switch (f->size) {
	case 1:
		*(u8 *)p = value;
		break;
	case 2:
		put_unaligned((u16)value, (u16 *)p);
		break;
	case 4:
		put_unaligned((u32)value, (u32 *)p);
		break;
	default:
		put_unaligned(value, (u64 *)p);
	}
}

/* As strncpy() does it: no NUL where there is no room for one. */
static void put_array(struct trace_tap_test_record *r, const char *field,
		      const char *s)
{
	const struct tap_field *f = &test_field(field)->field;

	memcpy(r->rec + f->offset, s, min_t(size_t, strlen(s) + 1, f->size));
}

static void put_dynamic(struct trace_tap_test_record *r, const char *field,
			const void *data, unsigned int size)
{
	const struct tap_field *f = &test_field(field)->field;
	u32 offset = r->len;

	if (f->type == TAP_REL)
		offset -= f->offset + 4;
	memcpy(r->rec + r->len, data, size);
	trace_tap_test_put(r, field, size << 16 | offset);
	r->len = ALIGN(r->len + size, 4);
}

/**
 * trace_tap_test_record_init - the record that rows are about
 * @r: out
 *
 * Call it in the thread that looks at the record. That gets another name.
 */
void trace_tap_test_record_init(struct trace_tap_test_record *r)
{
	static const char abc[] = "abc";
	static const unsigned long mask[BITS_TO_LONGS(NR_CPUS)] = { 1 };

	set_task_comm(current, "bash");
	memset(r, 0, sizeof(*r));
	r->len = TEST_STATIC_LEN;
	trace_tap_test_put(r, "common_pid", current->pid);
	put_array(r, "prev_comm", "bash");
	trace_tap_test_put(r, "prev_pid", 100);
	trace_tap_test_put(r, "prev_prio", 120);
	trace_tap_test_put(r, "prev_state", 1);
	put_array(r, "next_comm", "kworker/0:1");
	trace_tap_test_put(r, "next_pid", -1);
	trace_tap_test_put(r, "next_prio", 99);
	trace_tap_test_put(r, "u8", 200);
	trace_tap_test_put(r, "s8", -1);
	trace_tap_test_put(r, "u16", 40000);
	trace_tap_test_put(r, "s16", -2);
	trace_tap_test_put(r, "u32", 0xffffffff);
	trace_tap_test_put(r, "s32", -1);
	trace_tap_test_put(r, "u64", 1ULL << 63);
	trace_tap_test_put(r, "s64", -5);
	trace_tap_test_put(r, "ptr", (unsigned long)abc);
	trace_tap_test_put(r, "bad_ptr", 0x10);
	put_array(r, "arr3", "abc");
	put_array(r, "arr7", "ab");
	trace_tap_test_put(r, "p16", 0x1234);
	trace_tap_test_put(r, "p32", -7);
	trace_tap_test_put(r, "p64", 1ULL << 40);
	put_dynamic(r, "name", "file.txt", 9);
	put_dynamic(r, "rel", "kworker/0:1", 12);
	put_dynamic(r, "mask", mask, sizeof(mask));
}

/* -------------------------------------------------------------------- rows */

/**
 * trace_tap_test_desc - the name of a row in the report
 * @text: its text
 * @desc: out, KUNIT_PARAM_DESC_SIZE bytes
 */
void trace_tap_test_desc(const char *text, char *desc)
{
	strscpy(desc, *text ? text : "(nothing)", KUNIT_PARAM_DESC_SIZE);
	/* The report has a line a row, and its own use for that character */
	strreplace(desc, '\n', ' ');
	strreplace(desc, '\t', ' ');
	strreplace(desc, '#', ' ');
}

/**
 * trace_tap_test_unmark - take the '^' out of a row of bad input
 * @test: who frees the result
 * @marked: "ld r0, ^args.nope"
 * @pos: out: its offset, or U32_MAX if there is none
 */
char *trace_tap_test_unmark(struct kunit *test, const char *marked,
			    unsigned int *pos)
{
	size_t size = strlen(marked) + 1;
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);
	char *caret;

	KUNIT_ASSERT_NOT_NULL(test, text);
	strscpy(text, marked, size);
	caret = strchr(text, '^');
	*pos = caret ? caret - text : U32_MAX;
	if (caret)
		memmove(caret, caret + 1, strlen(caret));
	return text;
}

static const char header[] = "tap 1 filter\n";

/**
 * trace_tap_test_text - the text of a program
 * @test: who frees it
 * @line: the program in one line; a program text is left as it is
 *
 * What is at offset n of @line is at n + strlen("tap 1 filter\n") of the text.
 */
char *trace_tap_test_text(struct kunit *test, const char *line)
{
	size_t size = sizeof(header) + strlen(line) + sizeof("\nend\n");
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	snprintf(text, size, "%s%s\nend\n", header, line);
	strreplace(text, ';', '\n');
	return text;
}

KUNIT_DEFINE_ACTION_WRAPPER(free_prog, trace_tap_prog_free, struct tap_prog *);

/**
 * trace_tap_test_prog - make a program
 * @test: who frees it
 * @text: expression, or text of a program
 * @e: what is wrong if NULL is returned
 */
struct tap_prog *trace_tap_test_prog(struct kunit *test, const char *text,
				     struct tap_error *e)
{
	struct tap_prog *prog;

	memset(e, 0, sizeof(*e));
	if (!trace_tap_is_prog(text)) {
		prog = trace_tap_translate(text, &trace_tap_test_scope, false, e);
	} else {
		prog = trace_tap_asm(text, TAP_FILTER, e);
		if (prog && trace_tap_resolve(prog, &trace_tap_test_scope, e)) {
			trace_tap_prog_free(prog);
			prog = NULL;
		}
	}
	if (prog)
		kunit_add_action_or_reset(test, free_prog, prog);
	return prog;
}

/**
 * trace_tap_test_sound - make a program that must be right
 * @test: who frees it
 * @text: expression, text of a program, or a program in one line
 */
struct tap_prog *trace_tap_test_sound(struct kunit *test, const char *text)
{
	struct tap_error e;
	struct tap_prog *prog;

	if (strchr(text, ';') && !trace_tap_is_prog(text))
		text = trace_tap_test_text(test, text);
	prog = trace_tap_test_prog(test, text, &e);
	KUNIT_ASSERT_NOT_NULL_MSG(test, prog, "%s: %s at %u", text,
				  trace_tap_err_text[e.code], e.pos);
	KUNIT_ASSERT_EQ_MSG(test, trace_tap_verify(prog, &e), 0, "%s: %s", text,
			    trace_tap_err_text[e.code]);
	return prog;
}

/**
 * struct line - a program being printed in one line
 * @s: the line
 * @len: bytes of it
 */
struct line {
	char		s[1024];
	unsigned int	len;
};

static __printf(2, 3) void line_print(void *arg, const char *fmt, ...)
{
	struct line *line = arg;
	va_list args;

	va_start(args, fmt);
	line->len += vscnprintf(line->s + line->len,
				sizeof(line->s) - line->len, fmt, args);
	va_end(args);
}

/**
 * trace_tap_test_line - a program as one line
 * @test: who frees it
 * @prog: the program
 *
 * Return: the line, without header and end.
 */
const char *trace_tap_test_line(struct kunit *test, const struct tap_prog *prog)
{
	struct line *line = kunit_kzalloc(test, sizeof(*line), GFP_KERNEL);
	char *out = kunit_kzalloc(test, sizeof(line->s), GFP_KERNEL);
	const char *in, *begin = header;
	char *p = out;

	KUNIT_ASSERT_NOT_NULL(test, line);
	KUNIT_ASSERT_NOT_NULL(test, out);
	if (prog->kind == TAP_ACTION)
		begin = "tap 1 action\n";
	trace_tap_disasm(prog, line_print, line);
	KUNIT_ASSERT_EQ(test, strncmp(line->s, begin, strlen(begin)), 0);
	for (in = line->s + strlen(begin); strcmp(in, "end\n") && *in; in++) {
		if (*in != '\n' && *in != '\t')
			*p++ = *in;
		else if (*in == '\t' && p > out && p[-1] != ' ')
			*p++ = ' ';
		else if (*in == '\n' && p[-1] == ':')
			*p++ = ' ';
		else if (*in == '\n' && strcmp(in, "\nend\n"))
			p += sprintf(p, "; ");
	}
	*p = 0;
	return out;
}

/**
 * trace_tap_test_image - what of a program can run
 * @test: the test
 * @prog: the program
 * @machine: what for
 * @text: what to call it in reports
 *
 * Return: the image, for trace_tap_image_put().
 */
struct trace_tap_image *trace_tap_test_image(struct kunit *test,
					     const struct tap_prog *prog,
					     enum trace_tap_test_machine machine,
					     const char *text)
{
	bool wanted = trace_tap_jit;
	struct trace_tap_image *image;
	struct trace_tap_state state;
	struct tap_error e = {};

	trace_tap_jit = machine != INTERPRETER;
	image = trace_tap_image_get(prog, machine == HARDENED, &e);
	trace_tap_jit = wanted;
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(image), "%s: %ld %s", text,
			       PTR_ERR(image), trace_tap_err_text[e.code]);
	trace_tap_image_state(image, &state);
	KUNIT_EXPECT_EQ(test, state.jited, machine != INTERPRETER &&
			IS_ENABLED(CONFIG_BPF_JIT) && wanted);
	return image;
}

/**
 * trace_tap_test_error - expect an error
 * @test: the test
 * @e: the error
 * @code: which it must be
 * @pos: where, or U32_MAX for anywhere
 */
void trace_tap_test_error(struct kunit *test, const struct tap_error *e,
			  enum tap_error_code code, unsigned int pos)
{
	KUNIT_EXPECT_LT(test, e->err, 0);
	KUNIT_EXPECT_EQ_MSG(test, e->code, code, "'%s', not '%s'",
			    trace_tap_err_text[e->code],
			    trace_tap_err_text[code]);
	if (pos != U32_MAX)
		KUNIT_EXPECT_EQ(test, e->pos, pos);
}
