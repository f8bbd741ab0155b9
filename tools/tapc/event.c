// SPDX-License-Identifier: GPL-2.0
/*
 * Events of the machine, and their fields, as their format files have them.
 *
 *	in:	events/sched/sched_switch/format
 *			field:char prev_comm[16]; offset:8; size:16; signed:0;
 *	out:	field prev_comm, TAP_ARRAY, ctype "char[16]", offset 8, size 16
 *
 * Only the formats of events that are asked for are read. The parser is not that
 * of libtraceevent, which reads far more than is needed here, and which text
 * that is no format crashes. How values are printed, and so their names, is left to
 * the kernel's own enum.c, and only if they are wanted.
 */
#include <errno.h>
#include <unistd.h>

#include "tapc.h"

#define STR(x)	x, sizeof(x) - 1

/* events/SYSTEM/EVENT/format */
static char *path_of(struct tapc *tc, const char *system, const char *name)
{
	return tapc_format(tc, "%s/%s/%s/format", tc->machine.events, system,
			   name);
}

/**
 * tapc_systems - the systems that events belong to
 * @tc: the run
 * @glob: which ones
 *
 * Ends the run if the folder of events cannot be read.
 *
 * Return: their names, in order.
 */
struct word *tapc_systems(struct tapc *tc, const char *glob)
{
	struct word *list = tapc_read_dir(tc, tc->machine.events, glob);

	if (!list && errno)
		tapc_fail(tc, (struct loc){}, ERR_EVENTS, tc->machine.events,
			  strerror(errno));
	return list;
}

/**
 * tapc_events - the events of a system
 * @tc: the run
 * @system: its name
 * @glob: which ones
 *
 * Return: their names, in order; NULL if there is no such system.
 */
struct word *tapc_events(struct tapc *tc, const char *system,
			 const char *glob)
{
	return tapc_read_dir(tc, tapc_format(tc, "%s/%s", tc->machine.events,
					     system), glob);
}

/**
 * tapc_has_event - ask for an event without opening it
 * @tc: the run
 * @system: its system
 * @name: its name
 *
 * Return: whether it is there.
 */
bool tapc_has_event(struct tapc *tc, const char *system, const char *name)
{
	return !access(path_of(tc, system, name), F_OK);
}

static bool is_word(char c)
{
	return isalnum(c) || c == '_';
}

/**
 * tapc_is_dynamic - whether the record only says where a field is
 * @field: the field
 *
 * Return: whether it does.
 */
bool tapc_is_dynamic(const struct field *field)
{
	return !strncmp(field->ctype, STR("__data_loc")) ||
	       !strncmp(field->ctype, STR("__rel_loc"));
}

/* As the kernel decides it, of the text of a type. */
static enum tap_type type_of(const char *ctype, u32 size)
{
	bool is_loc = strstr(ctype, "__data_loc");
	bool is_rel = strstr(ctype, "__rel_loc");

	if ((is_loc || is_rel) && strstr(ctype, "cpumask_t"))
		return TAP_MASK;
	if (strstr(ctype, "char")) {
		if (is_loc || is_rel)
			return is_loc ? TAP_LOC : TAP_REL;
		if (strchr(ctype, '['))
			return TAP_ARRAY;
	}
	if (!strcmp(ctype, "char *") || !strcmp(ctype, "const char *"))
		return TAP_PTR;
	return size == 1 || size == 2 || size == 4 || size == 8 ? TAP_INT :
								  TAP_ODD;
}

/* Size of what an array consists of, if only the words of its type say it. */
static u32 element_size(const struct tapc *tc, const char *ctype)
{
	static const struct {
		char	word[10];
		u8	size;
	} words[] = {
		{ "char", 1 }, { "8", 1 }, { "bool", 1 }, { "short", 2 },
		{ "16", 2 }, { "64", 8 }, { "long long", 8 }, { "long", 0 },
		{ "*", 0 }, { "", 4 },
	};
	unsigned int i = 0;

	while (!strstr(ctype, words[i].word))
		i++;
	return words[i].size ?: tc->long_size;
}

/* "TYPE NAME" or "TYPE NAME[N]" up to @end; false if it is more than that. */
static bool parse_declaration(struct tapc *tc, const char *decl,
			      const char *end, struct field *f)
{
	const char *name, *array = end;
	unsigned int depth = 0, count;
	char *type;

	/* What is in brackets may be "[sizeof(struct x)]". */
	while (array > decl && (depth || array[-1] == ']')) {
		array--;
		depth += *array == ']';
		depth -= *array == '[';
	}
	for (name = array; name > decl && is_word(name[-1]); name--)
		;
	if (name == array || name == decl)
		return false;
	f->name = tapc_strndup(tc, name, array - name);
	while (name > decl && name[-1] == ' ')
		name--;
	type = tapc_alloc(tc, end - decl + 1);
	memcpy(type, decl, name - decl);
	memcpy(type + (name - decl), array, end - array);
	f->ctype = type;
	count = array < end ? strtoull(array + 1, NULL, 10) : 0;
	if (count && f->size >= count)
		f->element = f->size / count;
	else if (strchr(type, '['))
		f->element = element_size(tc, type);
	return true;
}

/* "field:DECLARATION;	offset:N;	size:N;	signed:N;" */
static struct field *parse_field(struct tapc *tc, const struct event *event,
				 const char *line, const char *end)
{
	const char *semi = memchr(line, ';', end - line);
	const char *decl = memchr(line, ':', end - line);
	struct field *f = tapc_alloc(tc, sizeof(*f));
	int is_signed = 0;

	if (!semi || !decl || decl > semi ||
	    sscanf(semi, "; offset:%u; size:%u; signed:%d;", &f->offset,
		   &f->size, &is_signed) < 2 ||
	    !parse_declaration(tc, decl + 1, semi, f))
		return NULL;
	f->is_signed = is_signed;
	f->type = type_of(f->ctype, f->size);
	f->is_user = f->type == TAP_PTR && !strcmp(event->system, "syscalls");
	return f;
}

/**
 * tapc_parse_format - parse the text of a format file
 * @tc: the run
 * @system: system of the event
 * @name: its name
 * @text: the text, which lives as long as the run
 *
 * Return: the event, NULL if this is no format. A field that is declared in
 * another way than the kernel does it is left out.
 */
struct event *tapc_parse_format(struct tapc *tc, const char *system,
				const char *name, const char *text)
{
	struct event *event = tapc_alloc(tc, sizeof(*event));
	struct field *common = NULL, **tail = &common, *f;
	const char *print = strstr(text, "\nprint fmt: ");
	bool is_own = false;
	const char *end;

	event->system = system;
	event->name = name;
	if (!print || sscanf(text, "name: %*s ID: %u format:", &event->id) < 1)
		return NULL;
	event->print_fmt = print + strlen("\nprint fmt: ");
	for (; text < print; text = end + 1) {
		end = text + strcspn(text, "\n");
		/* An empty line parts the common ones from the event's own. */
		if (end == text && !is_own) {
			tail = &event->fields;
			is_own = true;
		}
		if (strncmp(text, STR("\tfield")))
			continue;
		f = parse_field(tc, event, text, end);
		if (!f)
			continue;
		f->is_common = !is_own;
		*tail = f;
		tail = &f->next;
	}
	for (tail = &event->fields; *tail; )
		tail = &(*tail)->next;
	*tail = common;
	return event;
}

/**
 * tapc_event - an event, its format read
 * @tc: the run
 * @system: its system
 * @name: its name
 *
 * Ends the run if there is a format, but none that can be read.
 *
 * Return: the event, the same one whenever it is asked for; or NULL.
 */
struct event *tapc_event(struct tapc *tc, const char *system,
			 const char *name)
{
	struct event *event;
	char *path, *text;

	for (event = tc->machine.list; event; event = event->next) {
		if (!strcmp(event->name, name) &&
		    !strcmp(event->system, system))
			return event;
	}
	path = path_of(tc, system, name);
	text = tapc_read_file(tc, path);
	if (!text && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	if (!text)
		tapc_fail(tc, (struct loc){}, ERR_EVENTS, path,
			  strerror(errno));
	event = tapc_parse_format(tc, system, name, text);
	if (!event)
		tapc_fail(tc, (struct loc){}, ERR_FORMAT, path);
	event->next = tc->machine.list;
	tc->machine.list = event;
	return event;
}

/**
 * tapc_find_field - a field of an event
 * @event: the event
 * @name: its name
 *
 * Return: the field, or NULL.
 */
struct field *tapc_find_field(struct event *event, const char *name)
{
	struct field *f = event->fields;

	while (f && strcmp(f->name, name))
		f = f->next;
	return f;
}

/**
 * tapc_field_names - the names of a field's values
 * @tc: the run
 * @event: the event
 * @field: the field
 *
 * Return: the names that the event's format has, or NULL.
 */
const struct tap_names *tapc_field_names(struct tapc *tc,
					 const struct event *event,
					 const struct field *field)
{
	return trace_tap_names_parse(&tc->arena, event->print_fmt,
				     field->name);
}

/* "struct x *", "const struct x *" and so on. */
static struct type *tagged_type(struct tapc *tc, const char *ctype)
{
	enum type_kind kind = T_STRUCT;
	const char *p = ctype;
	size_t len;

	if (!strncmp(p, STR("const ")))
		p += strlen("const ");
	if (!strncmp(p, STR("union ")))
		kind = T_UNION;
	else if (strncmp(p, STR("struct ")))
		return NULL;
	p = strchr(p, ' ') + 1;
	len = strcspn(p, " *[");
	return tapc_named_type(tc, kind, tapc_strndup(tc, p, len),
			       (struct loc){});
}

/**
 * tapc_field_type - a field's type, as the language has it
 * @tc: the run
 * @field: the field
 *
 * Return: T_STRING for what is in the record as text; T_PTR for addresses of
 * strings and structs; T_ARRAY; T_INT for all else.
 */
struct type *tapc_field_type(struct tapc *tc, const struct field *field)
{
	struct type *t, *to = NULL;

	switch (field->type) {
	case TAP_ARRAY:
	case TAP_LOC:
	case TAP_REL:
		t = tapc_new_type(tc, T_STRING, (struct loc){});
		t->name = "string";
		t->count = field->type == TAP_ARRAY ? field->size : 0;
		return t;
	case TAP_PTR:
		to = tapc_int_type(tc, 1, true, (struct loc){});
		to->name = "char";
		break;
	default:
		if (strchr(field->ctype, '*') && !field->element)
			to = tagged_type(tc, field->ctype);
	}
	if (!to && !field->element)
		return tapc_int_type(tc, field->size, field->is_signed,
				     (struct loc){});
	t = tapc_new_type(tc, to ? T_PTR : T_ARRAY, (struct loc){});
	t->size = tc->long_size;
	t->to = to;
	if (!to) {
		t->to = tapc_int_type(tc, field->element, field->is_signed,
				      t->pos);
		t->size = field->size;
		/* Of a dynamic one the record says how many there are. */
		if (!tapc_is_dynamic(field))
			t->count = field->size / field->element;
	}
	return t;
}

/**
 * tapc_write_field - a field as C declares it
 * @out: where to
 * @field: the field
 */
void tapc_write_field(FILE *out, const struct field *field)
{
	const char *bracket = strchr(field->ctype, '[');

	if (!bracket || tapc_is_dynamic(field))
		fprintf(out, "%s %s", field->ctype, field->name);
	else
		fprintf(out, "%.*s %s%s", (int)(bracket - field->ctype),
			field->ctype, field->name, bracket);
}

/**
 * tapc_read_sizes - find out what the machine's long is, from its events
 * @tc: the run
 *
 * Of a copied folder only header_page knows it; if that is missing, it is as
 * here.
 */
void tapc_read_sizes(struct tapc *tc)
{
	char *text = tapc_read_file(tc, tapc_format(tc, "%s/header_page",
						    tc->machine.events));
	const char *size = text ? strstr(text, " commit;") : NULL;

	size = size ? strstr(size, "size:") : NULL;
	if (size)
		tc->long_size = strtoull(size + strlen("size:"), NULL, 10) == 4 ? 4 : 8;
}
