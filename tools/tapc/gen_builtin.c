// SPDX-License-Identifier: GPL-2.0
/*
 * Names that are values: builtins of the language, arguments, fields.
 *
 *	pid	->	V_NAMED "tgid": the language calls a process so
 *	comm	->	V_STR "comm"
 *	arg0	->	V_PATH "$arg1", of a uprobe the register
 *
 * Behind the probes of bpftrace a name is a builtin, and fields are "args.x".
 * Behind "system:event" alone it is as in the kernel's own files: a field first.
 */
#include "gen.h"
#include "shape.h"

/*
 * Numbers that the kernel has a name for.
 * X(name, name in the kernel, show, bytes)
 */
#define NAMED(X)						\
	X("pid",	"tgid",		INT,		4)	\
	X("tid",	"tid",		INT,		4)	\
	X("uid",	"uid",		INT,		4)	\
	X("gid",	"gid",		INT,		4)	\
	X("username",	"uid",		USERNAME,	4)	\
	X("cpu",	"cpu",		INT,		4)	\
	X("ncpus",	"ncpus",	INT,		4)	\
	X("nsecs",	"nsecs",	INT,		8)	\
	X("elapsed",	"elapsed",	INT,		8)	\
	X("rand",	"rand",		INT,		4)

#define X(name, kernel, show, size) name "\0"
static const char named[] = NAMED(X);
#undef X

static const struct named {
	char	text[8];
	u8	show;
	u8	size;
} rows[] = {
#define X(name, kernel, show, size) { kernel, SHOW_##show, size },
	NAMED(X)
#undef X
};

/* All others. */
static const char others[] =
	"comm\0probe\0func\0kstack\0ustack\0retval\0cpid\0curtask\0args\0";

/* X(name, why it is not there) */
#define REFUSED(X)							\
	X("cgroup",	"there are no control groups in events")	\
	X("numaid",	"use cpu")					\
	X("jiffies",	"use nsecs")					\
	X("usermode",	"a timer's user_ip is 0 in the kernel")		\
	X("ppid",	"sched:sched_process_fork has it")		\
	X("pidns",	"ids are those of the first namespace")

#define X(name, why) name "\0"
static const char refused[] = REFUSED(X);
#undef X
#define X(name, why) why "\0"
static const char reasons[] = REFUSED(X);
#undef X

static int arg_number(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(name, prefix, len) || !isdigit((unsigned char)name[len]) ||
	    strlen(name) > len + 2)
		return -1;
	return strtoull(name + len, NULL, 10);
}

/**
 * tapc_is_builtin - whether a name is a builtin, and so no constant
 * @name: it
 *
 * Return: whether it is.
 */
bool tapc_is_builtin(const char *name)
{
	return gen_find(named, name) >= 0 || gen_find(others, name) >= 0 ||
	       arg_number(name, "arg") >= 0 || arg_number(name, "sarg") >= 0;
}

/**
 * tapc_offer_builtins - compare a name that there is not with those that are
 * @s: the suggestion
 */
void tapc_offer_builtins(struct suggestion *s)
{
	gen_offer(s, named);
	gen_offer(s, others);
}

/* ---------------------------------------------------------------- arguments */

/* Where functions get their first arguments, by the machine's convention. */
static const char * const arg_regs[] = {
#if defined(__x86_64__)
	"%di", "%si", "%dx", "%cx", "%r8", "%r9"
#elif defined(__aarch64__)
	"%x0", "%x1", "%x2", "%x3", "%x4", "%x5", "%x6", "%x7"
#elif defined(__arm__)
	"%r0", "%r1", "%r2", "%r3"
#elif defined(__riscv)
	"%a0", "%a1", "%a2", "%a3", "%a4", "%a5", "%a6", "%a7"
#elif defined(__powerpc__)
	"%gpr3", "%gpr4", "%gpr5", "%gpr6", "%gpr7", "%gpr8"
#elif defined(__s390__)
	"%r2", "%r3", "%r4", "%r5", "%r6"
#elif defined(__i386__)
	"+4(%sp)", "+8(%sp)", "+12(%sp)", "+16(%sp)"
#endif
};

/* Where an argument of a usdt probe is: "%eax" "-16(%rbp)" "w1" "[sp, 16]" */
struct usdt_place {
	char	reg[8];
	int	offset;
	bool	is_memory;
};

/* False for what no event can follow: an index, a symbol. */
static bool parse_place(const char *p, struct usdt_place *place)
{
	char *end, close = ')';
	size_t len;

	place->offset = strtoull(p, &end, 0);
	place->is_memory = *end == '(' || *p == '[';
	if (*p == '[')
		close = ']';
	if (place->is_memory)
		p = *p == '[' ? p + 1 : end + 1;
	p += *p == '%';
	len = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
	if (!len || len >= sizeof(place->reg))
		return false;
	memcpy(place->reg, p, len);
	p += len;
	if (*p == ',' && close == ']') {
		place->offset = strtoull(p + 1, &end, 0);
		p = end;
	}
	return !place->is_memory ? !*p : *p == close && !p[1];
}

/*
 * An argument of a usdt probe, as the assembler wrote it. Of x86:
 *	"-4@%eax" "8@-16(%rbp)" "4@$5"; of arm64: "8@[sp, 16]" "-4@w1" "4@5"
 */
static struct value *usdt_arg(const char *spec, struct loc pos)
{
	struct usdt_place place = {};
	const char *p = strchr(spec, '@'), *fetch;
	bool is_signed = *spec == '-';
	int size = strtoull(spec + is_signed, NULL, 10);
	struct value *v;
	char *end;
	s64 n;

	if (!p || (size != 1 && size != 2 && size != 4 && size != 8))
		gen_fail(pos, ERR_USDT_ARG, spec);
	p++;
	n = strtoull(p + (*p == '$'), &end, 0);
	if (end > p && !*end)
		return gen_number(n);
	if (!parse_place(p, &place))
		gen_fail(pos, ERR_USDT_ARG, spec);
	fetch = tapc_register(gen.tc, place.reg);
	if (place.is_memory)
		fetch = gen_format("%+d(%s)", place.offset, fetch);
	v = gen_path(fetch, tapc_int_type(gen.tc, size, is_signed, pos));
	v->space = SPACE_USER;
	return v;
}

/**
 * tapc_register - a register as the kernel's probes call it
 * @tc: the run
 * @name: as the assembler does: "eax", "r8d", "w0"
 *
 * Return: "%ax", "%r8", "%x0".
 */
const char *tapc_register(struct tapc *tc, const char *name)
{
	size_t len = strlen(name);

#if defined(__x86_64__) || defined(__i386__)
	if (*name == 'r' && isdigit((unsigned char)name[1])) {
		if (strchr("dwb", name[len - 1]))
			len--;
	} else if (*name == 'r' || *name == 'e') {
		name++;
		len--;
	} else if (name[len - 1] == 'l' || name[len - 1] == 'h') {
		return tapc_format(tc, len > 2 ? "%%%.*s" : "%%%.*sx",
				   (int)len - 1, name);
	}
#elif defined(__aarch64__)
	if (*name == 'w')
		return tapc_format(tc, "%%x%s", name + 1);
#endif
	return tapc_format(tc, "%%%.*s", (int)len, name);
}

static struct value *usdt_nth(unsigned int n, struct loc pos)
{
	const char *p = gen.target->args ?: "", *end;
	unsigned int i;

	for (i = 0;; i++) {
		p += strspn(p, " ");
		end = p;
		/* "[sp, 16]" has a blank in it */
		while (*end && *end != ' ')
			end += *end == '[' ? strcspn(end, "]") : 1;
		if (!*p)
			gen_fail(pos, ERR_USDT_ARGS, i);
		if (i == n)
			return usdt_arg(tapc_strndup(gen.tc, p, end - p),
					pos);
		p = end;
	}
}

static noreturn void no_arg(const char *name, struct loc pos)
{
	gen_fail(pos, ERR_NO_ARG, name,
		 tapc_provider_name(gen.target->provider));
}

/**
 * gen_arg - an argument of the function that a probe is in
 * @n: which, from 0
 * @pos: where it is named
 *
 * Return: it.
 */
struct value *gen_arg(unsigned int n, struct loc pos)
{
	const struct target *t = gen.target;
	struct value *v;

	switch (t->provider) {
	case P_USDT:
		return usdt_nth(n, pos);
	case P_KPROBE:
		if (t->offset || !*t->name)
			break;
		fallthrough;
	case P_FENTRY:
	case P_FEXIT:
	case P_RAWTRACEPOINT:
		return gen_path(gen_format("$arg%u", n + 1), NULL);
	case P_UPROBE:
		break;
	default:
		no_arg("argN", pos);
	}
	if (n >= ARRAY_SIZE(arg_regs))
		gen_fail(pos, ERR_ARG_STACK,
			 (unsigned int)ARRAY_SIZE(arg_regs));
	v = gen_path(arg_regs[n], NULL);
	if (t->provider == P_UPROBE)
		v->space = SPACE_USER;
	return v;
}

/**
 * gen_argument - "args.NAME" where that is no field
 * @name: of the parameter, as the kernel's types have it
 * @pos: where it is named
 *
 * Return: it.
 */
struct value *gen_argument(const char *name, struct loc pos)
{
	struct suggestion s = { .word = name };
	const struct member *m;
	struct type *type;
	unsigned int n = 0;
	struct value *v;

	if (gen.target->provider != P_FENTRY && gen.target->provider != P_FEXIT)
		no_arg("args", pos);
	type = tapc_btf_function(gen.tc, gen.target->name);
	if (!type)
		gen_fail(pos, ERR_NO_BTF, gen.target->name);
	for (m = type->members; m; m = m->next, n++) {
		if (!strcmp(m->name, name))
			break;
		tapc_offer(&s, m->name);
	}
	if (!m)
		gen_fail(pos, ERR_NO_PARAM, gen.target->name, name,
			 tapc_suggest(&s));
	v = gen_arg(n, pos);
	v = gen_path(v->text, m->type);
	v->hint = name;
	return v;
}

static struct value *result(const struct node *node)
{
	struct type *type;
	struct value *v;

	switch (gen.target->provider) {
	case P_FEXIT:
		type = tapc_btf_function(gen.tc, gen.target->name);
		v = gen_path("$retval", type && type->to->kind != T_VOID ?
			     type->to : NULL);
		v->is_signed |= !type;
		return v;
	case P_KRETPROBE:
	case P_URETPROBE:
		v = gen_path("$retval", NULL);
		if (gen.target->provider == P_URETPROBE)
			v->space = SPACE_USER;
		return v;
	default:
		no_arg(node->text, node->pos);
	}
}

static struct value *sarg(unsigned int n, const char *name, struct loc pos)
{
	if (gen.target->provider != P_KPROBE && gen.target->provider != P_UPROBE)
		no_arg(name, pos);
	/* $stack0 is the return address */
	return gen_path(gen_format("$stack%u", n + 1), NULL);
}

/* ----------------------------------------------------------------- builtins */

/**
 * gen_stack - "kstack", "kstack(8)", "kstack(perf, 8)", and of the user
 * @node: NAME or CALL
 * @name: which
 *
 * Return: it.
 */
struct value *gen_stack(const struct node *node, const char *name)
{
	struct value *v = gen_string(V_STR, NULL, MAX_FRAMES);
	const struct node *n = node->kind == N_CALL ? node->a : NULL;
	u64 frames = MAX_FRAMES;

	v->show = *name == 'k' ? SHOW_KSTACK : SHOW_USTACK;
	v->mode = 'b';
	if (n && n->kind == N_NAME) {
		v->mode = *n->text;
		if (strcmp(n->text, "bpftrace") && strcmp(n->text, "perf") &&
		    strcmp(n->text, "raw"))
			gen_fail(n->pos, ERR_STACK_MODE, n->text);
		n = n->next;
	}
	if (n)
		frames = gen_constant(n);
	if (frames && frames < MAX_FRAMES)
		v->size = frames;
	v->text = gen_format("%s(%u)", name, v->size);
	return v;
}

/* The address of the task that runs, which an event of the kernel has. */
static struct value *curtask(const struct node *node)
{
	struct type *t = tapc_new_type(gen.tc, T_PTR, node->pos);
	struct value *v;

	switch (gen.target->provider) {
	case P_UPROBE:
	case P_URETPROBE:
	case P_USDT:
		no_arg(node->text, node->pos);
	}
	t->size = gen.tc->long_size;
	t->to = tapc_named_type(gen.tc, T_STRUCT, "task_struct", node->pos);
	v = gen_path("$current", t);
	v->space = SPACE_KERNEL;
	return v;
}

static struct value *other(const struct node *node)
{
	const char *name = node->text;
	struct target *t = gen.target;
	struct value *v;

	if (!strcmp(name, "comm"))
		return gen_string(V_STR, name, 16);
	if (!strcmp(name, "kstack") || !strcmp(name, "ustack"))
		return gen_stack(node, name);
	if (!strcmp(name, "retval"))
		return result(node);
	if (!strcmp(name, "cpid"))
		return gen_number(gen.opt->pid);
	if (!strcmp(name, "curtask"))
		return curtask(node);
	if (!strcmp(name, "args"))
		gen_fail(node->pos, ERR_ARGS_WHOLE);
	if (!strcmp(name, "func")) {
		if (!*t->name || t->provider == P_TRACEPOINT)
			no_arg(name, node->pos);
		return gen_string(V_CONST, t->name, 0);
	}
	v = gen_string(V_CONST, tapc_target_name(gen.tc, t), 0);
	if (t->provider != P_BEGIN && t->provider != P_END && !t->provided)
		v->show = SHOW_PROBE;
	return v;
}

/* "system:event": what the kernel would take the name for. */
static struct value *bare_field(const struct node *node)
{
	const struct field *f;

	if (gen.target->attach->provider != P_BARE || !gen.event)
		return NULL;
	f = tapc_find_field(gen.event, node->text);
	if (!f)
		return NULL;
	if (gen_warns() && tapc_is_builtin(node->text))
		tapc_warn(gen.tc, node->pos, WARN_FIELD, node->text,
			  gen.event->system, gen.event->name);
	return gen_field(f, node->pos);
}

/* A name that the event's own format has for a value of a field. */
static struct value *enum_value(const struct node *node)
{
	const struct tap_names *names;
	const struct field *f;
	unsigned int i;

	for (f = gen.event ? gen.event->fields : NULL; f; f = f->next) {
		names = f->type == TAP_INT ?
			tapc_field_names(gen.tc, gen.event, f) : NULL;
		for (i = 0; names && i < names->nr; i++)
			if (!strcmp(names->name[i].name, node->text))
				return gen_number(names->name[i].value);
	}
	return NULL;
}

static struct value *named_value(const struct named *row)
{
	struct value *v = gen_new(V_NAMED);

	v->text = row->text;
	v->show = row->show;
	v->size = row->size;
	return v;
}

/**
 * gen_builtin - what a name stands for
 * @node: NAME
 *
 * Return: its value, NULL if nothing.
 */
struct value *gen_builtin(const struct node *node)
{
	struct value *v = bare_field(node);
	int n;

	if (v)
		return v;
	n = gen_find(named, node->text);
	if (n >= 0)
		return named_value(&rows[n]);
	if (gen_find(others, node->text) >= 0)
		return other(node);
	n = arg_number(node->text, "arg");
	if (n >= 0)
		return gen_arg(n, node->pos);
	n = arg_number(node->text, "sarg");
	if (n >= 0)
		return sarg(n, node->text, node->pos);
	n = gen_find(refused, node->text);
	if (n >= 0)
		gen_fail(node->pos, ERR_BUILTIN, node->text,
			 tapc_nth(reasons, n));
	return enum_value(node);
}
