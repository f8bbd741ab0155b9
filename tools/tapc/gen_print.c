// SPDX-License-Identifier: GPL-2.0
/*
 * What makes records: printf() and all that tapc has to do in their order.
 *
 *	printf("%-6d %s\n", pid, ntop(args.saddr))
 *	->	ld	r0, tgid
 *		arg	0, r0
 *		...
 *		printf	"%-6d %d/%x/%x"
 *	and struct site: "%-6d %s\n", INT, INET
 *
 * The kernel's format says how the arguments lie in the record, and is what tells
 * the site: no two sites have the same. For those who read the trace without tapc
 * it is the script's, as far as the kernel can show what it asks for.
 */
#include "gen.h"

#define X(kind, text) text "\0"
static const char prefixes[] = SITES(X);
#undef X

/* -------------------------------------------------------------------- sites */

static bool same_parts(const struct part *a, const struct part *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (a->show != b->show || a->size != b->size ||
		    a->is_signed != b->is_signed || a->mode != b->mode ||
		    strcmp(a->text ?: "", b->text ?: "") ||
		    !same_parts(a->parts, b->parts))
			return false;
	return !a && !b;
}

static bool same_site(const struct site *a, const struct site *b)
{
	return a->kind == b->kind && a->pos.line == b->pos.line &&
	       a->pos.col == b->pos.col && a->map == b->map &&
	       a->top == b->top && a->div == b->div &&
	       !strcmp(a->text ?: "", b->text ?: "") &&
	       same_parts(a->args, b->args);
}

/*
 * The site of this place, which may be there for another event, and its format,
 * which gets blanks behind it until it is the only one.
 */
static const char *add_site(struct site site,
			    const char *format)
{
	struct site **tail = &gen.unit->sites;

	if (!gen.is_last)
		return format;
	site.format = format;
	while (*tail) {
		if (!strcmp((*tail)->format, site.format)) {
			if (same_site(*tail, &site))
				return site.format;
			site.format = gen_format("%s ", site.format);
			tail = &gen.unit->sites;
			continue;
		}
		tail = &(*tail)->next;
	}
	*tail = gen_alloc(sizeof(site));
	**tail = site;
	return site.format;
}

/* The record itself, with the arguments that are there. */
static void record(struct site site, const char *format)
{
	format = add_site(site, format);
	emit("printf %s", emit_quote(format, TAP_MAX_FORMAT, site.pos));
}

/* Text that is no format: '%' is two. Without the newline at its end. */
static const char *literal(const char *s)
{
	char *text = gen_alloc(2 * strlen(s) + 1), *p = text;

	for (; *s && strcmp(s, "\n"); s++) {
		if (*s == '%')
			*p++ = '%';
		*p++ = *s;
	}
	return text;
}

/**
 * gen_site - a record without arguments
 * @node: who makes it
 * @kind: enum site_kind
 * @what: text of the site
 * @map: of the site
 * @top: of the site
 * @div: of the site
 */
void gen_site(const struct node *node, enum site_kind kind,
	      const char *what, struct map *map, u64 top, u64 div)
{
	const char *name = tapc_nth(prefixes, kind), *format;
	struct site site = {
		.kind = kind, .text = what, .map = map, .top = top,
		.div = div, .pos = node->pos,
	};

	format = gen_format("%s%s%s", name, map ? "@" : "", literal(what));
	if (top)
		format = gen_format("%s %llu", format, (unsigned long long)top);
	record(site, format);
}

/* ------------------------------------------------------------------ formats */

/**
 * struct conv - a conversion in the script's format
 * @flags: where they begin, behind the '%'
 * @nr_flags: bytes of flags, width and precision
 * @kind: its letter
 */
struct conv {
	const char	*flags;
	int		nr_flags;
	char		kind;
};

/* The conversion at s, which is at a '%'; returns what is behind it. */
static const char *conversion(const char *s, struct conv *conv,
			      struct loc pos)
{
	conv->flags = ++s;
	s += strspn(s, "-+ #0");
	s += strspn(s, "0123456789");
	/* The kernel's copy is only near to it: no long ones, no precision. */
	conv->nr_flags = s - conv->flags <= 3 ? s - conv->flags : 0;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	s += strspn(s, "hlLzjtq");
	conv->kind = *s;
	if (!*s || !strchr("diuxXopcsr", *s))
		gen_fail(pos, ERR_CONVERSION, *s ? *s : '%');
	s++;
	if (conv->kind == 'r' && (*s == 'x' || *s == 'h'))
		s++;
	return s;
}

/* What the kernel shows in place of something that it has no name for. */
static const char *kernel_conv(const struct part *part,
			       const char *flags, int nr_flags)
{
	const struct part *p;
	const char *text;

	switch (part->show) {
	case SHOW_STR:
	case SHOW_KSTACK:
	case SHOW_USTACK:
	case SHOW_SYSCALL:
	case SHOW_ENUM:
		return gen_format("%%%.*ss", nr_flags, flags);
	case SHOW_KSYM:
	case SHOW_MAC:
		return "%x";
	case SHOW_USYM:
		return "%d/%x";
	case SHOW_INET:
		return "%d/%x/%x";
	case SHOW_BUF:
		return "%d/%x%x%x%x%x%x%x%x";
	case SHOW_TUPLE:
		text = "(";
		for (p = part->parts; p; p = p->next)
			text = gen_format("%s%s%s", text, kernel_conv(p, "", 0),
					  p->next ? ", " : "");
		return gen_format("%s)", text);
	default:
		return part->is_signed ? "%d" : "%u";
	}
}

static const char *number_conv(const struct conv *conv)
{
	char kind = conv->kind;

	if (kind == 'p')
		return gen_format("%%#%.*sx", conv->nr_flags,
				   conv->flags);
	if (kind == 'i' || kind == 'c')
		kind = 'd';
	return gen_format("%%%.*s%c", conv->nr_flags, conv->flags,
			   kind);
}

/*
 * A record has strings as they are: one site is enough for those of all events,
 * however long they are. The name of the probe is one of them.
 */
static struct part *record_part(struct part *part)
{
	struct part *p;

	if (part->show == SHOW_PROBE)
		part->show = SHOW_STR;
	if (part->show == SHOW_STR)
		part->size = 0;
	for (p = part->parts; p; p = p->next)
		record_part(p);
	return part;
}

static unsigned int add_arg(unsigned int at, struct value *v,
			    struct part **tail, struct loc pos)
{
	if (v->kind == V_NONE)
		gen_fail(pos, ERR_NO_VALUE);
	*tail = record_part(gen_part(v));
	if (at + tapc_slots(*tail) > TAP_MAX_ARGS)
		gen_fail(pos, ERR_MAX_ARGS, TAP_MAX_ARGS);
	return gen_slots("arg", at, v, true, pos);
}

static struct value *converted(const struct conv *conv, const struct node *arg)
{
	struct value *v = gen_expr(arg);

	if (conv->kind == 's' || conv->kind == 'r') {
		if (v->show == SHOW_INT)
			gen_name_enum(v);
		return v;
	}
	if (!gen_is_number(v) && !v->is_unsure)
		gen_fail(arg->pos, ERR_FORMAT_ARG, conv->kind);
	v->show = SHOW_INT;
	return v;
}

/**
 * gen_printf - printf(), and what has a format as it does
 * @node: CALL
 * @kind: enum site_kind
 */
void gen_printf(const struct node *node, enum site_kind kind)
{
	struct site site = {
		.kind = kind, .text = gen_text(node->a), .pos = node->pos,
	};
	const char *s = site.text, *text, *end;
	struct part **tail = &site.args;
	const struct node *arg = node->a->next;
	unsigned int at = 0;
	struct conv conv;
	struct value *v;

	text = tapc_nth(prefixes, kind);
	while (*s) {
		if (*s != '%' || s[1] == '%') {
			end = s + 1 + (*s == '%');
			if (strcmp(s, "\n"))
				text = gen_format("%s%.*s", text,
						  (int)(end - s), s);
			s = end;
			continue;
		}
		s = conversion(s, &conv, node->a->pos);
		if (!arg)
			gen_fail(node->pos, ERR_FORMAT_FEW);
		v = converted(&conv, arg);
		at = add_arg(at, v, tail, arg->pos);
		gen.nr_temps = 0;
		text = gen_format("%s%s", text,
				  v->show == SHOW_INT && conv.kind != 's' ?
				   number_conv(&conv) :
				   kernel_conv(*tail, conv.flags,
					       conv.nr_flags));
		tail = &(*tail)->next;
		arg = arg->next;
	}
	if (arg)
		gen_fail(arg->pos, ERR_FORMAT_MANY);
	record(site, text);
}

/* print() of a value */
static void print_value(const struct node *node)
{
	struct site site = { .kind = SITE_PRINT, .pos = node->pos };
	struct value *v = gen_expr(node->a);

	if (v->show == SHOW_INT && !v->is_unsure)
		gen_name_enum(v);
	add_arg(0, v, &site.args, node->a->pos);
	record(site, kernel_conv(site.args, "", 0));
}

/**
 * gen_print - print()
 * @node: CALL
 */
void gen_print(const struct node *node)
{
	const struct node *a = node->a;
	struct map *map;
	u64 top = 0, div = 0;

	if (a->kind != N_MAP || a->a) {
		if (a->next)
			gen_fail(a->next->pos, ERR_PRINT_TOP);
		print_value(node);
		return;
	}
	map = gen_known_map(a);
	if (a->next)
		top = gen_constant(a->next);
	if (a->next && a->next->next)
		div = gen_constant(a->next->next);
	gen_site(node, SITE_PRINT_MAP, map->name, map, top, div);
}

/* --------------------------------------------------------------------- join */

#define JOIN_ARGS	15
#define JOIN_BYTES	64

/**
 * gen_join - join(): strings that an array of addresses points to
 * @node: CALL
 *
 * As many as a record has arguments: the rest is not shown.
 */
void gen_join(const struct node *node)
{
	struct value *array = gen_expr(node->a), *v;
	unsigned int i, end = emit_label();
	struct site site = {
		.kind = SITE_JOIN, .pos = node->pos,
		.text = node->a->next ? gen_text(node->a->next) : " ",
	};
	struct part **tail = &site.args;
	const char *text = tapc_nth(prefixes, SITE_JOIN);
	int nr;

	if (array->kind != V_PATH && !array->is_unsure)
		gen_fail(node->a->pos, ERR_JOIN);
	nr = emit_temp(node->pos);
	*tail = gen_part(gen_in(nr));
	text = gen_format("%s%%d", text);
	for (i = 0; i < JOIN_ARGS; i++) {
		tail = &(*tail)->next;
		v = gen_word(array, i * gen.tc->long_size, gen.tc->long_size,
			     node->pos);
		v = gen_pointed(v, JOIN_BYTES, array->space);
		*tail = gen_part(v);
		gen_slots("arg", i + 1, v, true, node->pos);
		text = gen_format("%s %%s", text);
	}
	emit("mov r%d, 0", nr);
	for (i = 0; i < JOIN_ARGS; i++) {
		v = gen_word(array, i * gen.tc->long_size, gen.tc->long_size,
			     node->pos);
		emit_jump(end, "jeq %s, 0", gen_operand(v, node->pos));
		gen.nr_temps = nr + 1;
		emit("add r%d, 1", nr);
	}
	emit_here(end);
	emit("arg 0, r%d", nr);
	record(site, text);
}
