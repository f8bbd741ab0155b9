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

static struct value *shown(struct gen *g, const struct node *node,
			  enum show show)
{
	struct value *v = gen_int(g, node->a);

	v->show = show;
	v->is_literal = false;
	return v;
}

static struct value *call_ksym(struct gen *g, const struct node *node)
{
	return shown(g, node, SHOW_KSYM);
}

static struct value *call_syscall(struct gen *g, const struct node *node)
{
	return shown(g, node, SHOW_SYSCALL);
}

static struct value *call_strerror(struct gen *g, const struct node *node)
{
	return shown(g, node, SHOW_STRERROR);
}

static struct value *call_signal_name(struct gen *g, const struct node *node)
{
	return shown(g, node, SHOW_SIGNAL);
}

static struct value *call_username(struct gen *g, const struct node *node)
{
	return shown(g, node, SHOW_USERNAME);
}

static struct value *call_strftime(struct gen *g, const struct node *node)
{
	struct value *v = gen_int(g, node->a->next);

	v->show = SHOW_STRFTIME;
	v->show_text = gen_text(g, node->a);
	return v;
}

static struct value *call_enum(struct gen *g, const struct node *node)
{
	struct value *v = gen_expr(g, node->a);

	if (!gen_name_enum(g, v))
		tapc_fail(g->tc, node->a->pos, ERR_NO_NAMES);
	return v;
}

static struct value *list(struct gen *g, enum show show, struct value *a)
{
	struct value *v = gen_new(g, V_LIST);

	v->show = show;
	v->a = a;
	return v;
}

static struct value *call_usym(struct gen *g, const struct node *node)
{
	struct value *tgid = gen_new(g, V_NAMED);

	tgid->text = "tgid";
	tgid->size = 4;
	tgid->next = gen_int(g, node->a);
	g->unit->has_usym = true;
	return list(g, SHOW_USYM, tgid);
}

/* ------------------------------------------------------------------ strings */

static struct value *call_str(struct gen *g, const struct node *node)
{
	u64 size = g->opt->str_len;
	struct value *v;

	if (node->a->kind == N_PARAM || node->a->kind == N_STR) {
		s64 n;

		/* "$1" that is a number is one everywhere else. */
		if (node->a->kind == N_PARAM && gen_fold(g, node->a, &n))
			return gen_param_text(g, node->a);
		return gen_expr(g, node->a);
	}
	v = gen_expr(g, node->a);
	if (node->a->next && !gen_fold(g, node->a->next, (s64 *)&size))
		tapc_fail(g->tc, node->a->next->pos, ERR_NOT_CONSTANT);
	if (gen_is_string(v))
		return v;
	if (v->kind == V_PLACE)
		return gen_place_string(g, v, "str", node->pos);
	if (!gen_is_number(v))
		tapc_fail(g->tc, node->a->pos, ERR_STR_ARG);
	if (size > 512)
		size = 512;
	return gen_pointed(g, v, size, SPACE_ANY);
}

static struct value *call_kstr(struct gen *g, const struct node *node)
{
	struct value *v = call_str(g, node);

	v->space = SPACE_KERNEL;
	return v;
}

static struct value *call_ustr(struct gen *g, const struct node *node)
{
	struct value *v = call_str(g, node);

	v->space = SPACE_USER;
	return v;
}

static struct value *call_kptr(struct gen *g, const struct node *node)
{
	struct value *v = gen_int(g, node->a);

	v->space = *node->text == 'u' ? SPACE_USER : SPACE_KERNEL;
	return v;
}

static struct value *inverted(struct gen *g, struct value *v)
{
	emit(g, "xor r%d, 1", v->reg);
	return v;
}

static struct value *call_strncmp(struct gen *g, const struct node *node)
{
	const struct node *nb = node->a->next, *nn = nb->next;
	struct value *a = gen_expr(g, node->a), *b = gen_expr(g, nb);
	u64 n = gen_constant(g, nn);

	if (a->kind == V_CONST)
		swap(a, b);
	if (b->kind != V_CONST) {
		if (a->is_unsure || b->is_unsure)
			return gen_number(g, 0);
		tapc_fail(g->tc, node->pos, ERR_STRNCMP);
	}
	if (a->kind == V_CONST)
		return gen_number(g, strncmp(a->text, b->text, n) != 0);
	if (n > strlen(b->text))
		return inverted(g, gen_string_match(g, a, '=', b->text,
						    node->pos));
	return inverted(g, gen_string_match(g, a, '^',
					    tapc_strndup(g->tc, b->text, n),
					    node->pos));
}

static struct value *call_strcontains(struct gen *g, const struct node *node)
{
	return gen_string_match(g, gen_expr(g, node->a), '~',
				gen_text(g, node->a->next), node->pos);
}

/* ------------------------------------------------------------- several words */

static bool is_place(const struct value *v, struct tapc *tc, unsigned int min,
		     struct loc pos)
{
	return v->kind == V_PLACE && tapc_size(tc, v->type, pos) >= min;
}

static struct value *call_ntop(struct gen *g, const struct node *node)
{
	const struct node *n = node->a->next ?: node->a;
	struct value *a = gen_expr(g, n), *af = gen_number(g, AF_INET_NR), *v;
	bool is_v6 = is_place(a, g->tc, 16, node->pos);

	if (is_v6)
		af->imm = AF_INET6_NR;
	if (n != node->a)
		af = gen_int(g, node->a);
	af->size = 4;
	v = list(g, SHOW_INET, af);
	if (is_v6) {
		af->next = gen_word(g, a, 0, 8, n->pos);
		af->next->next = gen_word(g, a, 8, 8, n->pos);
		return v;
	}
	if (is_place(a, g->tc, 4, node->pos))
		a = gen_word(g, a, 0, 4, n->pos);
	if (!gen_is_number(a))
		tapc_fail(g->tc, n->pos, ERR_NTOP);
	af->next = a;
	a->next = gen_number(g, 0);
	return v;
}

static struct value *call_macaddr(struct gen *g, const struct node *node)
{
	struct value *a = gen_expr(g, node->a), *v;
	int reg;

	if (!is_place(a, g->tc, 6, node->pos))
		tapc_fail(g->tc, node->a->pos, ERR_MACADDR);
	reg = gen_own(g, gen_word(g, a, 4, 2, node->pos), node->pos);
	emit(g, "shl r%d, 32", reg);
	v = gen_word(g, a, 0, 4, node->pos);
	emit(g, "or r%d, %s", reg, gen_operand(g, v, node->pos));
	g->nr_temps = reg + 1;
	v = gen_in(g, reg);
	v->show = SHOW_MAC;
	v->is_signed = false;
	return v;
}

static struct value *call_buf(struct gen *g, const struct node *node)
{
	struct value *a = gen_expr(g, node->a), *n, *v;
	unsigned int i, len = 8 * BUF_WORDS;
	struct value **tail;

	if (node->a->next)
		n = gen_int(g, node->a->next);
	else if (a->kind == V_PLACE)
		n = gen_number(g, tapc_size(g->tc, a->type, node->pos));
	else
		tapc_fail(g->tc, node->pos, ERR_BUF);
	if (n->kind == V_INT && n->reg < 0) {
		if ((u64)n->imm > len && gen_warns(g))
			tapc_warn(g->tc, node->pos, WARN_BUF, len);
		n->imm = min((u64)n->imm, (u64)len);
		len = n->imm;
	}
	v = list(g, SHOW_BUF, n);
	tail = &v->a->next;
	for (i = 0; i < BUF_WORDS; i++) {
		*tail = 8 * i < len ? gen_word(g, a, 8 * i, 8, node->pos) :
				      gen_number(g, 0);
		tail = &(*tail)->next;
	}
	return v;
}

/* Bytes the other way round: what the network has, or an argument's own size. */
static struct value *call_bswap(struct gen *g, const struct node *node)
{
	struct value *v = gen_load(g, gen_int(g, node->a), node->pos), *r;
	int in = gen_own(g, v, node->pos), out, one;
	unsigned int i, size = v->size ?: 8;

	out = emit_temp(g, node->pos);
	one = emit_temp(g, node->pos);
	emit(g, "mov r%d, 0", out);
	for (i = 0; i < size; i++) {
		emit(g, "mov r%d, r%d", one, in);
		if (i)
			emit(g, "shr r%d, %u", one, 8 * i);
		emit(g, "and r%d, 255", one);
		if (size - 1 - i)
			emit(g, "shl r%d, %u", one, 8 * (size - 1 - i));
		emit(g, "or r%d, r%d", out, one);
	}
	emit(g, "mov r%d, r%d", in, out);
	g->nr_temps = in + 1;
	r = gen_in(g, in);
	r->size = size;
	r->is_signed = false;
	return r;
}

/* ------------------------------------------------------------ what there is */

static struct value *call_kaddr(struct gen *g, const struct node *node)
{
	const char *name = gen_text(g, node->a);
	struct value *v;

	if (!*name || name[strspn(name, SYMBOL_CHARS "._$")])
		tapc_fail(g->tc, node->a->pos, ERR_SYMBOL, name);
	v = gen_path(g, name, NULL);
	v->is_symbol = true;
	v->space = SPACE_KERNEL;
	return v;
}

static struct value *call_reg(struct gen *g, const struct node *node)
{
	const char *name = gen_text(g, node->a);

	if (!gen_has_registers(g))
		tapc_fail(g->tc, node->pos, ERR_REG);
	if (!*name || name[strspn(name, SYMBOL_CHARS)])
		tapc_fail(g->tc, node->a->pos, ERR_NO_REG, name);
	return gen_path(g, tapc_register(g->tc, name), NULL);
}

static struct value *call_stack(struct gen *g, const struct node *node)
{
	return gen_stack(g, node, node->text);
}

static struct value *call_has_key(struct gen *g, const struct node *node)
{
	struct node map;

	if (node->a->kind != N_MAP)
		tapc_fail(g->tc, node->a->pos, ERR_WANTS_MAP, node->text);
	/* has_key(@x, k) and has_key(@x[k]) */
	map = *node->a;
	if (node->a->next)
		map.a = node->a->next;
	return gen_map_has(g, gen_copy_node(g, &map));
}

static struct value *call_nsecs(struct gen *g, const struct node *node)
{
	struct node name = *node;

	name.kind = N_NAME;
	return gen_expr(g, gen_copy_node(g, &name));
}

static struct value *call_len(struct gen *g, const struct node *node)
{
	tapc_fail(g->tc, node->pos, ERR_LEN);
}

/* ------------------------------------------------------------------- effects */

static struct value *none(struct gen *g)
{
	return gen_new(g, V_NONE);
}

static struct value *call_printf(struct gen *g, const struct node *node)
{
	gen_printf(g, node, SITE_PRINTF);
	return none(g);
}

static struct value *call_cat(struct gen *g, const struct node *node)
{
	gen_printf(g, node, SITE_CAT);
	return none(g);
}

static struct value *call_system(struct gen *g, const struct node *node)
{
	g->unit->is_unsafe = true;
	gen_printf(g, node, SITE_SYSTEM);
	return none(g);
}

static struct value *call_print(struct gen *g, const struct node *node)
{
	gen_print(g, node);
	return none(g);
}

static struct value *call_join(struct gen *g, const struct node *node)
{
	gen_join(g, node);
	return none(g);
}

static struct value *call_time(struct gen *g, const struct node *node)
{
	gen_site(g, node, SITE_TIME,
		 node->a ? gen_text(g, node->a) : "%H:%M:%S\n", NULL, 0, 0);
	return none(g);
}

static struct value *call_clear(struct gen *g, const struct node *node)
{
	bool is_clear = *node->text == 'c';
	struct map *map;

	if (node->a->kind != N_MAP || node->a->a)
		tapc_fail(g->tc, node->a->pos, ERR_WANTS_MAP, node->text);
	map = gen_map(g, node->a);
	if (g->opt->is_async) {
		gen_site(g, node, is_clear ? SITE_CLEAR : SITE_ZERO, map->name,
			 map, 0, 0);
	} else {
		gen_use(g, map, node->pos);
		emit(g, "%s @%s", node->text, map->table);
	}
	return none(g);
}

static struct value *call_delete(struct gen *g, const struct node *node)
{
	if (node->a->kind != N_MAP)
		tapc_fail(g->tc, node->a->pos, ERR_WANTS_MAP, node->text);
	gen_map_delete(g, node->a);
	return none(g);
}

static struct value *call_exit(struct gen *g, const struct node *node)
{
	if (g->opt->is_async)
		gen_site(g, node, SITE_EXIT, "", NULL,
			 node->a ? gen_constant(g, node->a) : 0, 0);
	/* What fires from here on is not part of the run any more. */
	emit(g, "traceoff");
	gen_return(g);
	return none(g);
}

/*
 * What the kernel's actions have besides. traceon() would be of no use behind
 * exit().
 */
static struct value *call_kernel(struct gen *g, const struct node *node)
{
	emit(g, "%s", node->text);
	return none(g);
}

static struct value *call_agg(struct gen *g, const struct node *node)
{
	tapc_fail(g->tc, node->pos, ERR_AGG, node->text,
		  node->text);
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
	X("kstr",	1, 2,	kstr)			\
	X("ustr",	1, 2,	ustr)			\
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

static struct value *(* const calls[])(struct gen *g,
				       const struct node *node) = {
#define X(name, min, max, what) call_##what,
	CALLS(X)
#undef X
};

/**
 * gen_check_args - that a call has as many arguments as it must
 * @g: translation
 * @node: CALL
 *
 * Return: the function's place in the table.
 */
int gen_check_args(struct gen *g, const struct node *node)
{
	struct suggestion s = { .word = node->text };
	int i = gen_find(names, node->text);
	const struct node *n;
	unsigned int nr = 0;

	if (i < 0) {
		gen_offer(&s, names);
		tapc_fail(g->tc, node->pos, ERR_NO_FUNC, node->text,
			  tapc_suggest(&s));
	}
	for (n = node->a; n; n = n->next)
		nr++;
	if (nr < nr_args[i][0] || nr > nr_args[i][1])
		tapc_fail(g->tc, node->pos, ERR_NR_ARGS, node->text,
			  nr_args[i][0], nr_args[i][1]);
	return i;
}

/**
 * gen_call - a call
 * @g: translation
 * @node: CALL
 *
 * Return: its value, V_NONE of one that only does something.
 */
struct value *gen_call(struct gen *g, const struct node *node)
{
	return calls[gen_check_args(g, node)](g, node);
}
