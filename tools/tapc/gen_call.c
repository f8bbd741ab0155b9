// SPDX-License-Identifier: GPL-2.0
/*
 * Functions, by a table: how many arguments they take, and what they are.
 *
 *	str(arg0)		->	V_POINTED V_PATH "$arg1"
 *	ntop(args.saddr)	->	V_LIST INET (2, V_PATH, 0)
 *	strftime("%T", nsecs)	->	V_NAMED "nsecs", to be shown as a time
 *
 * Most are not code: they say how a number is shown.
 */
#include "gen.h"

#define AF_INET_NR	2
#define AF_INET6_NR	10
#define BUF_WORDS	8
#define SYMBOL_CHARS	"abcdefghijklmnopqrstuvwxyz" \
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

/* --------------------------------------------------------- values and names */

static struct value *shown(const struct node *node, enum show show)
{
	struct value *v = gen_int(node->a);

	v->show = show;
	v->is_literal = false;
	return v;
}

static struct value *call_ksym(const struct node *node)
{
	return shown(node, SHOW_KSYM);
}

static struct value *call_syscall(const struct node *node)
{
	return shown(node, SHOW_SYSCALL);
}

static struct value *call_strerror(const struct node *node)
{
	return shown(node, SHOW_STRERROR);
}

static struct value *call_signal_name(const struct node *node)
{
	return shown(node, SHOW_SIGNAL);
}

static struct value *call_username(const struct node *node)
{
	return shown(node, SHOW_USERNAME);
}

static struct value *call_strftime(const struct node *node)
{
	struct value *v = gen_int(node->a->next);

	v->show = SHOW_STRFTIME;
	v->show_text = gen_text(node->a);
	return v;
}

static struct value *call_enum(const struct node *node)
{
	struct value *v = gen_expr(node->a);

	if (!gen_name_enum(v))
		gen_fail(node->a->pos, ERR_NO_NAMES);
	return v;
}

static struct value *list(enum show show, struct value *a)
{
	struct value *v = gen_new(V_LIST);

	v->show = show;
	v->a = a;
	return v;
}

static struct value *call_usym(const struct node *node)
{
	struct value *tgid = gen_new(V_NAMED);

	tgid->text = "tgid";
	tgid->size = 4;
	tgid->next = gen_int(node->a);
	gen.unit->has_usym = true;
	return list(SHOW_USYM, tgid);
}

/* ------------------------------------------------------------------ strings */

static struct value *call_str(const struct node *node)
{
	u64 size = gen.opt->str_len;
	struct value *v;

	if (node->a->kind == N_PARAM || node->a->kind == N_STR) {
		s64 n;

		/* "$1" that is a number is one everywhere else. */
		if (node->a->kind == N_PARAM && gen_fold(node->a, &n))
			return gen_param_text(node->a);
		return gen_expr(node->a);
	}
	v = gen_expr(node->a);
	if (node->a->next && !gen_fold(node->a->next, (s64 *)&size))
		gen_fail(node->a->next->pos, ERR_NOT_CONSTANT);
	if (gen_is_string(v))
		return v;
	if (v->kind == V_PLACE)
		return gen_place_string(v, "str", node->pos);
	if (!gen_is_number(v))
		gen_fail(node->a->pos, ERR_STR_ARG);
	if (size > 512)
		size = 512;
	return gen_pointed(v, size, SPACE_ANY);
}

/* "kstr", "ustr", "kptr", "uptr" */
static struct value *in_space(struct value *v, const struct node *node)
{
	v->space = *node->text == 'u' ? SPACE_USER : SPACE_KERNEL;
	return v;
}

static struct value *call_space_str(const struct node *node)
{
	return in_space(call_str(node), node);
}

static struct value *call_kptr(const struct node *node)
{
	return in_space(gen_int(node->a), node);
}

static struct value *call_strncmp(const struct node *node)
{
	const struct node *nb = node->a->next, *nn = nb->next;
	struct value *a = gen_expr(node->a), *b = gen_expr(nb);
	u64 n = gen_constant(nn);

	if (a->kind == V_CONST)
		swap(a, b);
	if (b->kind != V_CONST) {
		if (a->is_unsure || b->is_unsure)
			return gen_number(0);
		gen_fail(node->pos, ERR_STRNCMP);
	}
	if (a->kind == V_CONST)
		return gen_number(strncmp(a->text, b->text, n) != 0);
	a = gen_string_match(a, n > strlen(b->text) ? '=' : '^',
			     gen_format("%.*s", (int)min(n, (u64)INT_MAX),
					b->text), node->pos);
	emit("xor r%d, 1", a->reg);
	return a;
}

static struct value *call_strcontains(const struct node *node)
{
	return gen_string_match(gen_expr(node->a), '~',
				gen_text(node->a->next), node->pos);
}

/* ------------------------------------------------------------- several words */

static bool is_place(const struct value *v, struct tapc *tc, unsigned int min,
		     struct loc pos)
{
	return v->kind == V_PLACE && tapc_size(tc, v->type, pos) >= min;
}

static struct value *call_ntop(const struct node *node)
{
	const struct node *n = node->a->next ?: node->a;
	struct value *a = gen_expr(n), *af = gen_number(AF_INET_NR), *v;
	bool is_v6 = is_place(a, gen.tc, 16, node->pos);

	if (is_v6)
		af->imm = AF_INET6_NR;
	if (n != node->a)
		af = gen_int(node->a);
	af->size = 4;
	v = list(SHOW_INET, af);
	if (is_v6) {
		af->next = gen_word(a, 0, 8, n->pos);
		af->next->next = gen_word(a, 8, 8, n->pos);
		return v;
	}
	if (is_place(a, gen.tc, 4, node->pos))
		a = gen_word(a, 0, 4, n->pos);
	if (!gen_is_number(a))
		gen_fail(n->pos, ERR_NTOP);
	af->next = a;
	a->next = gen_number(0);
	return v;
}

static struct value *call_macaddr(const struct node *node)
{
	struct value *a = gen_expr(node->a), *v;
	int reg;

	if (!is_place(a, gen.tc, 6, node->pos))
		gen_fail(node->a->pos, ERR_MACADDR);
	reg = gen_own(gen_word(a, 4, 2, node->pos), node->pos);
	emit("shl r%d, 32", reg);
	v = gen_word(a, 0, 4, node->pos);
	emit("or r%d, %s", reg, gen_operand(v, node->pos));
	gen.nr_temps = reg + 1;
	v = gen_in(reg);
	v->show = SHOW_MAC;
	v->is_signed = false;
	return v;
}

static struct value *call_buf(const struct node *node)
{
	struct value *a = gen_expr(node->a), *n, *v;
	unsigned int i, len = 8 * BUF_WORDS;
	struct value **tail;

	if (node->a->next)
		n = gen_int(node->a->next);
	else if (a->kind == V_PLACE)
		n = gen_number(tapc_size(gen.tc, a->type, node->pos));
	else
		gen_fail(node->pos, ERR_BUF);
	if (n->kind == V_INT && n->reg < 0) {
		if ((u64)n->imm > len && gen_warns())
			tapc_warn(gen.tc, node->pos, WARN_BUF, len);
		if ((u64)n->imm > len)
			n->imm = len;
		len = n->imm;
	}
	v = list(SHOW_BUF, n);
	tail = &v->a->next;
	for (i = 0; i < BUF_WORDS; i++) {
		*tail = 8 * i < len ? gen_word(a, 8 * i, 8, node->pos) :
				      gen_number(0);
		tail = &(*tail)->next;
	}
	return v;
}

/* Bytes the other way round: what the network has, or an argument's own size. */
static struct value *call_bswap(const struct node *node)
{
	struct value *v = gen_load(gen_int(node->a), node->pos), *r;
	int in = gen_own(v, node->pos), out, one;
	unsigned int i, size = v->size ?: 8;

	out = emit_temp(node->pos);
	one = emit_temp(node->pos);
	emit("mov r%d, 0", out);
	for (i = 0; i < size; i++) {
		emit("mov r%d, r%d", one, in);
		if (i)
			emit("shr r%d, %u", one, 8 * i);
		emit("and r%d, 255", one);
		if (size - 1 - i)
			emit("shl r%d, %u", one, 8 * (size - 1 - i));
		emit("or r%d, r%d", out, one);
	}
	emit("mov r%d, r%d", in, out);
	gen.nr_temps = in + 1;
	r = gen_in(in);
	r->size = size;
	r->is_signed = false;
	return r;
}

/* ------------------------------------------------------------ what there is */

static struct value *call_kaddr(const struct node *node)
{
	const char *name = gen_text(node->a);
	struct value *v;

	if (!*name || name[strspn(name, SYMBOL_CHARS "._$")])
		gen_fail(node->a->pos, ERR_SYMBOL, name);
	v = gen_path(name, NULL);
	v->is_symbol = true;
	v->space = SPACE_KERNEL;
	return v;
}

static struct value *call_reg(const struct node *node)
{
	const char *name = gen_text(node->a);

	if (!gen_has_registers())
		gen_fail(node->pos, ERR_REG);
	if (!*name || name[strspn(name, SYMBOL_CHARS)])
		gen_fail(node->a->pos, ERR_NO_REG, name);
	return gen_path(tapc_register(gen.tc, name), NULL);
}

static struct value *call_stack(const struct node *node)
{
	return gen_stack(node, node->text);
}

static struct value *call_has_key(const struct node *node)
{
	struct node map;

	if (node->a->kind != N_MAP)
		gen_fail(node->a->pos, ERR_WANTS_MAP, node->text);
	/* has_key(@x, k) and has_key(@x[k]) */
	map = *node->a;
	if (node->a->next)
		map.a = node->a->next;
	return gen_map_has(gen_copy_node(&map));
}

static struct value *call_nsecs(const struct node *node)
{
	struct node name = *node;

	name.kind = N_NAME;
	return gen_expr(gen_copy_node(&name));
}

static struct value *call_len(const struct node *node)
{
	gen_fail(node->pos, ERR_LEN);
}

/* ------------------------------------------------------------------- effects */

static struct value *none(void)
{
	return gen_new(V_NONE);
}

static struct value *call_printf(const struct node *node)
{
	gen_printf(node, SITE_PRINTF);
	return none();
}

static struct value *call_cat(const struct node *node)
{
	gen_printf(node, SITE_CAT);
	return none();
}

static struct value *call_system(const struct node *node)
{
	gen.unit->is_unsafe = true;
	gen_printf(node, SITE_SYSTEM);
	return none();
}

static struct value *call_print(const struct node *node)
{
	gen_print(node);
	return none();
}

static struct value *call_join(const struct node *node)
{
	gen_join(node);
	return none();
}

static struct value *call_time(const struct node *node)
{
	gen_site(node, SITE_TIME,
		 node->a ? gen_text(node->a) : "%H:%M:%S\n", NULL, 0, 0);
	return none();
}

static struct value *call_clear(const struct node *node)
{
	bool is_clear = *node->text == 'c';
	struct map *map;

	if (node->a->kind != N_MAP || node->a->a)
		gen_fail(node->a->pos, ERR_WANTS_MAP, node->text);
	map = gen_map(node->a);
	if (gen.opt->is_async) {
		gen_site(node, is_clear ? SITE_CLEAR : SITE_ZERO, map->name,
			 map, 0, 0);
	} else {
		gen_use(map, node->pos);
		emit("%s @%s", node->text, map->table);
	}
	return none();
}

static struct value *call_delete(const struct node *node)
{
	if (node->a->kind != N_MAP)
		gen_fail(node->a->pos, ERR_WANTS_MAP, node->text);
	gen_map_delete(node->a);
	return none();
}

static struct value *call_exit(const struct node *node)
{
	if (gen.opt->is_async)
		gen_site(node, SITE_EXIT, "", NULL,
			 node->a ? gen_constant(node->a) : 0, 0);
	/* What fires from here on is not part of the run any more. */
	emit("traceoff");
	gen_return();
	return none();
}

/*
 * What the kernel's actions have besides. traceon() would be of no use behind
 * exit().
 */
static struct value *call_kernel(const struct node *node)
{
	emit("%s", node->text);
	return none();
}

static struct value *call_agg(const struct node *node)
{
	gen_fail(node->pos, ERR_AGG, node->text, node->text);
}

/* -------------------------------------------------------------------- table */

/* X(name, arguments at least, at most, what it is) */
#define CALLS(X)					\
	X("printf",	1, 17,	printf)			\
	X("print",	1, 3,	print)			\
	X("clear",	1, 1,	clear)			\
	X("zero",	1, 1,	clear)			\
	X("delete",	1, 1,	delete)			\
	X("exit",	0, 1,	exit)			\
	X("time",	0, 1,	time)			\
	X("join",	1, 2,	join)			\
	X("cat",	1, 17,	cat)			\
	X("system",	1, 17,	system)			\
	X("traceoff",	0, 0,	kernel)			\
	X("traceon",	0, 0,	kernel)			\
	X("snapshot",	0, 0,	kernel)			\
	X("record",	0, 0,	kernel)			\
	X("stack",	0, 0,	kernel)			\
	X("count",	0, 0,	agg)			\
	X("sum",	1, 1,	agg)			\
	X("min",	1, 1,	agg)			\
	X("max",	1, 1,	agg)			\
	X("avg",	1, 1,	agg)			\
	X("stats",	1, 1,	agg)			\
	X("hist",	1, 2,	agg)			\
	X("lhist",	4, 4,	agg)			\
	X("str",	1, 2,	str)			\
	X("kstr",	1, 2,	space_str)		\
	X("ustr",	1, 2,	space_str)		\
	X("kptr",	1, 1,	kptr)			\
	X("uptr",	1, 1,	kptr)			\
	X("strncmp",	3, 3,	strncmp)		\
	X("strcontains", 2, 2,	strcontains)		\
	X("ksym",	1, 1,	ksym)			\
	X("usym",	1, 1,	usym)			\
	X("kaddr",	1, 1,	kaddr)			\
	X("reg",	1, 1,	reg)			\
	X("kstack",	0, 2,	stack)			\
	X("ustack",	0, 2,	stack)			\
	X("has_key",	1, 9,	has_key)		\
	X("len",	1, 1,	len)			\
	X("nsecs",	0, 1,	nsecs)			\
	X("strftime",	2, 2,	strftime)		\
	X("strerror",	1, 1,	strerror)		\
	X("signal_name", 1, 1,	signal_name)		\
	X("syscall_name", 1, 1,	syscall)		\
	X("username",	1, 1,	username)		\
	X("enum",	1, 1,	enum)			\
	X("ntop",	1, 2,	ntop)			\
	X("macaddr",	1, 1,	macaddr)		\
	X("buf",	1, 2,	buf)			\
	X("bswap",	1, 1,	bswap)

/* Three tables: in one of structs a third would be padding. */
#define X(name, min, max, what) name "\0"
static const char names[] = CALLS(X);
#undef X

static const u8 nr_args[][2] = {
#define X(name, min, max, what) { min, max },
	CALLS(X)
#undef X
};

static struct value *(* const calls[])(const struct node *node) = {
#define X(name, min, max, what) call_##what,
	CALLS(X)
#undef X
};

/**
 * gen_check_args - that a call has as many arguments as it must
 * @node: CALL
 *
 * Return: the function's place in the table.
 */
int gen_check_args(const struct node *node)
{
	struct suggestion s = { .word = node->text };
	int i = gen_find(names, node->text);
	const struct node *n;
	unsigned int nr = 0;

	if (i < 0) {
		gen_offer(&s, names);
		gen_fail(node->pos, ERR_NO_FUNC, node->text, tapc_suggest(&s));
	}
	for (n = node->a; n; n = n->next)
		nr++;
	if (nr < nr_args[i][0] || nr > nr_args[i][1])
		gen_fail(node->pos, ERR_NR_ARGS, node->text,
			 nr_args[i][0], nr_args[i][1]);
	return i;
}

/**
 * gen_call - a call
 * @node: CALL
 *
 * Return: its value, V_NONE of one that only does something.
 */
struct value *gen_call(const struct node *node)
{
	return calls[gen_check_args(node)](node);
}
