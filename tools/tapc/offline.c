// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel would say to the programs of a script, without a kernel.
 *
 *	in:	struct unit; formats of events, of this machine or copied ones
 *	out:	nothing, or
 *
 *	x.bt:1:1: error: the kernel would refuse kprobe:vfs_read: Field not found,
 *	line 2 of its program:
 *		ld r0, args.arg7
 *		       ^
 *
 * The kernel's own files assemble, resolve and verify each program. What they ask
 * of an event is answered here: from its format, or, of an event that is only to
 * be made, from the line that makes it. What depends on the machine's memory or
 * load only the kernel knows: how large tables may be, whether an event is used.
 */
#include "build.h"
#include "tapc.h"

/**
 * struct known - a table, as what named it first says
 * @next: the one before
 * @shape: of it
 */
struct known {
	struct known		*next;
	struct tap_shape	*shape;
};

/**
 * struct check - a program that is being checked
 * @tc: the run
 * @unit: all that is to be checked
 * @prog: assembled; an error leaves it to tapc_check()
 * @tables: that programs before this one have
 * @event: of the program, or NULL
 * @line: makes an event that there is not yet, or ""
 */
struct check {
	struct tapc		*tc;
	const struct unit	*unit;
	struct tap_prog		*prog;
	struct known		*tables;
	struct event		*event;
	const char		*line;
};

/* ------------------------------------------- events that are not there yet */

/* As fetch arguments are written: NAME=WHERE:TYPE */
static const char common_fields[] =
	"common_type=:u16 common_flags=:u8 common_preempt_count=:u8 common_pid=:s32";
static const char probe_fields[] =
	"__probe_ip= __probe_func= __probe_ret_ip=";
static const char timer_fields[] = "ip= overruns=:u32 user=:u8";
static const char once_fields[] = "instance=:string run=:u64";

/* WHERE:TYPE up to @end. Without a type it is the machine's word. */
static void fetch_type(const struct tapc *tc, const char *where,
		       const char *end, struct tap_field *f)
{
	const char *type = memrchr(where, ':', end - where);
	const char *array = memchr(where, '[', end - where);
	unsigned int bits = 0;

	type = type ? type + 1 : "";
	f->offset = 8;
	if (!strncmp(type, "string", 6) || !strncmp(type, "ustring", 7) ||
	    !strncmp(type, "symstr", 6) ||
	    (!*type && (!strncmp(where, "\\\"", 2) ||
		       !strncmp(where, "$comm", 5)))) {
		f->type = TAP_LOC;
		f->size = 4;
		return;
	}
	if (!strncmp(type, "char", 4))
		bits = 8;
	else if (*type == 'b')	/* b4@8/32: bits of 32 */
		bits = strchr(type, '/') ? atoi(strchr(type, '/') + 1) : 0;
	else if (*type)
		bits = atoi(type + 1);
	f->is_signed = *type == 's' && bits;
	f->size = bits ? bits / 8 : tc->long_size;
	if (array > type && *type)
		f->size *= atoi(array + 1);
	f->type = f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8 ?
		  TAP_INT : TAP_ODD;
}

/* The one of @list, of fetch arguments, that is called @name. */
static bool find_fetch(const struct tapc *tc, const char *list,
		       const char *name, struct tap_field *f)
{
	size_t len = strlen(name);

	for (; *list; list += strspn(list, " ")) {
		if (!strncmp(list, name, len) && list[len] == '=') {
			fetch_type(tc, list + len + 1,
				   list + strcspn(list, " "), f);
			return true;
		}
		list += strcspn(list, " ");
	}
	return false;
}

/* A field of the event that @line makes: "p:GROUP/NAME PLACE FETCH...". */
static bool line_field(const struct tapc *tc, const char *line,
		       const char *name, struct tap_field *f)
{
	const char *own = once_fields;

	if (*line == 'i')
		own = timer_fields;
	else if (*line)
		own = probe_fields;
	return find_fetch(tc, line, name, f) || find_fetch(tc, own, name, f) ||
	       find_fetch(tc, common_fields, name, f);
}

/* -------------------------------------------- what the kernel's files ask for */

static bool event_field(struct event *event, const char *name,
			struct tap_field *f)
{
	const struct field *field = tapc_find_field(event, name);

	if (!field)
		return false;
	f->is_signed = field->is_signed;
	if (field->offset + field->size > S16_MAX) {
		f->type = TAP_ODD;
		return true;
	}
	f->type = field->type;
	f->offset = field->offset;
	f->size = field->size;
	/* Where strings of synthetic events are is in half of a field. */
	if (f->type == TAP_LOC && f->size == sizeof(u64))
		f->size = sizeof(u32);
	return true;
}

static bool scope_field(void *data, const char *name, struct tap_field *f)
{
	struct check *c = data;

	if (c->event ? event_field(c->event, name, f) :
		       line_field(c->tc, c->line, name, f))
		return true;
	/* What events have without a place in their records. */
	f->is_cpu = !strcasecmp(name, "cpu");
	f->type = f->is_cpu ? TAP_INT : TAP_COMM;
	return f->is_cpu || !strcasecmp(name, "comm");
}

/* Addresses and CPUs of another machine are not known: believed. */
static bool scope_function(void *data, const char *name, u64 *start, u64 *span)
{
	*span = 1;
	return true;
}

static int scope_cpulist(void *data, const char *list, unsigned long *mask)
{
	return 0;
}

static const char *scope_synth(void *data, const char *name)
{
	struct check *c = data;
	struct event *event = tapc_event(c->tc, "synthetic", name);
	const struct field *f = event ? event->fields : NULL;
	char *types = tapc_alloc(c->tc, TAP_MAX_ARGS + 2);
	unsigned int i;

	for (i = 0; f && !f->is_common && i <= TAP_MAX_ARGS; f = f->next)
		types[i++] = f->type == TAP_INT ? 'i' : 's';
	return event ? types : NULL;
}

/* The first one to name a table says what it is. */
static int bind_table(struct check *c, const struct tap_shape *shape,
		      struct tap_error *e)
{
	struct known *k;

	for (k = c->tables; k; k = k->next) {
		if (strcmp(k->shape->name, shape->name))
			continue;
		if (trace_tap_shape_fits(k->shape, shape))
			return 0;
		return trace_tap_error(e, -EINVAL, TAP_ERR_WRONG_SHAPE, 0);
	}
	/* What has no name is the program's own. */
	if (!*shape->name)
		return 0;
	k = tapc_alloc(c->tc, sizeof(*k));
	k->shape = trace_tap_shape_copy(&c->tc->arena, shape);
	if (!k->shape)
		return trace_tap_error(e, -ENOMEM, TAP_ERR_NONE, 0);
	k->next = c->tables;
	c->tables = k;
	return 0;
}

static int scope_bind(void *data, struct tap_operand *op,
		      enum tap_prog_kind kind, struct tap_error *e)
{
	struct check *c = data;

	op->start = 1;
	if (op->type == TAP_TABLE)
		return bind_table(c, op->shape, e);
	if (op->type == TAP_NAMES)
		op->start = c->event && c->event->print_fmt &&
			    trace_tap_names_parse(&c->tc->arena,
						  c->event->print_fmt,
						  op->text);
	return 0;
}

/* ------------------------------------------------------------------ errors */

/* Those that a program, and not an expression, can have. */
#define IS(code, from, to) \
	(TAP_ERR_##code >= TAP_ERR_##from && TAP_ERR_##code <= TAP_ERR_##to)
#define IS_USED(code)							\
	(IS(code, NO_HEADER, INTERNAL) || IS(code, TOO_LARGE, TOO_SLOW) || \
	 IS(code, NO_TABLE, TOO_MANY_PARTS) ||				\
	 IS(code, UNKNOWN_FUNCTION, WRONG_ARGS) ||			\
	 IS(code, BAD_FORMAT, FORMAT_ARGS) || IS(code, BAD_HIST, NOT_HERE) || \
	 IS(code, FIELD_NOT_FOUND, FIELD_NOT_FOUND) ||			\
	 IS(code, MISSING_QUOTE, MISSING_QUOTE) ||			\
	 IS(code, OPERAND_TOO_LONG, OPERAND_TOO_LONG) ||		\
	 IS(code, INVALID_CPULIST, INVALID_CPULIST) ||			\
	 IS(code, NO_FUNCTION, NO_FUNCTION) ||				\
	 IS(code, EXPECT_CLOSE, TOO_DEEP) ||				\
	 IS(code, EXPECT_TABLE, EXPECT_TABLE) ||			\
	 IS(code, TABLE_EXISTS, TABLE_EXISTS))
#define TEXT(code, text) __builtin_choose_expr(IS_USED(code), text, "")

/*
 * One behind the other. The kernel's array of pointers to them would be four times
 * as large.
 */
static const struct texts {
	char
#define X(code, text) code[sizeof(TEXT(code, text))],
	TAP_ERRORS(X)
#undef X
	last[1];
} texts = {
#define X(code, text) TEXT(code, text),
	TAP_ERRORS(X)
#undef X
};

/* The line of @text that has the byte @pos, and below it a caret. */
static char *show_line(struct tapc *tc, const char *text, unsigned int pos,
		       unsigned int *nr)
{
	const char *line = text, *p;
	char *copy, *tab;
	size_t len;

	for (*nr = 1, p = text; p < text + pos; p++) {
		if (*p != '\n')
			continue;
		line = p + 1;
		(*nr)++;
	}
	line += strspn(line, " \t");
	len = strcspn(line, "\n");
	copy = tapc_strndup(tc, line, len);
	/* Columns are counted in bytes. */
	while ((tab = strchr(copy, '\t')))
		*tab = ' ';
	return tapc_format(tc, "\n\t%s\n\t%*s^", copy,
			   (int)max(text + pos - line, (ptrdiff_t)0), "");
}

static noreturn void fail(struct tapc *tc, const struct program *p,
			  const struct tap_error *e)
{
	const char *why = tapc_nth((const char *)&texts, e->code);
	const char *line;
	unsigned int nr;

	if (!e->code || !*why)
		why = strerror(-e->err);
	line = show_line(tc, p->text, e->code ? e->pos : 0, &nr);
	tapc_fail(tc, p->pos, ERR_PROGRAM, p->name, why, nr, line);
}

/* ---------------------------------------------------------------- programs */

static void find_event(struct check *c, const struct program *p)
{
	c->event = NULL;
	c->line = "";
	if (p->dynevent)
		c->line = p->dynevent->line;
	else if (p->system)
		c->event = tapc_event(c->tc, p->system, p->event);
	if (p->system && !p->dynevent && !c->event)
		tapc_fail(c->tc, p->pos, ERR_PROGRAM_EVENT, p->system,
			  p->event, p->name);
}

static void check_program(struct check *c, const struct program *p)
{
	const struct tap_scope scope = {
		.event = c,
		.nr_cpus = BITS_PER_LONG,
		.mask_words = 1,
		.field = scope_field,
		.function = scope_function,
		.cpulist = scope_cpulist,
		.synth = scope_synth,
		.bind = scope_bind,
	};
	struct tap_error e = {};

	find_event(c, p);
	c->prog = trace_tap_asm(p->text, TAP_ACTION, &e);
	if (!c->prog || trace_tap_resolve(c->prog, &scope, &e) ||
	    trace_tap_verify(c->prog, &e))
		fail(c->tc, p, &e);
	trace_tap_prog_free(c->prog);
	c->prog = NULL;
}

/* A table that is declared has the shape that it is declared with. */
static void declare(struct check *c, const struct map *map)
{
	struct program p = { .pos = map->pos };
	struct tap_error e = {};
	struct tap_shape *shape;
	const char *end;

	p.text = tapc_format(c->tc, "@%s%s", map->table, map->shape);
	p.name = p.text;
	shape = trace_tap_shape_parse(&c->tc->arena, p.text, &end, &e);
	if (!shape || bind_table(c, shape, &e))
		fail(c->tc, &p, &e);
}

static void check_unit(struct tapc *tc, void *arg)
{
	struct check *c = arg;
	const struct program *p;
	const struct map *map;

	for (map = c->unit->maps; map; map = map->next)
		declare(c, map);
	for (p = c->unit->programs; p; p = p->next)
		check_program(c, p);
	for (p = c->unit->begin; p; p = p->next)
		check_program(c, p);
	for (p = c->unit->end; p; p = p->next)
		check_program(c, p);
}

/**
 * tapc_need_check - tapc_check() will be called
 * @tc: the run
 * @argv: the command line
 *
 * It is here: the other one, of main.c, is for those who have not got it.
 */
void tapc_need_check(struct tapc *tc, char *argv[])
{
}

/**
 * tapc_check - find out whether the kernel would take a script's programs
 * @tc: the run
 * @unit: the script, compiled
 *
 * Ends the run with what the kernel would say to the first program that it would
 * not take.
 */
void tapc_check(struct tapc *tc, const struct unit *unit)
{
	struct check c = { .tc = tc, .unit = unit };
	bool ok = tapc_try(tc, check_unit, &c);

	trace_tap_prog_free(c.prog);
	if (!ok)
		longjmp(*tc->on_error, 1);
}
