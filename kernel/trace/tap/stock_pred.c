// SPDX-License-Identifier: GPL-2.0
/*
 * One predicate of the language that event filters always had.
 *
 *	in:	prev_prio < 0x80 && ...
 *	out:	TAP_N_CMP, JLT: a prev_prio, b 128; 16 bytes read
 *
 * The boolean structure around predicates is stock.c's, which also says what
 * is kept and why.
 */
#include "tap.h"

/**
 * struct stock - state of one translation
 * @text: the whole filter
 * @scope: the event
 * @x: where predicates go
 * @e: the error
 */
struct stock {
	const char		*text;
	const struct tap_scope	*scope;
	struct tap_expr		*x;
	struct tap_error	*e;
};

/**
 * struct stock_pred - the predicate that is being read
 * @str: its text
 * @i: how far it is read
 * @pos: added to @i in errors: one more than the offset of @str
 * @op: operator
 * @name: name of the field
 * @field: the field
 * @ustring: name.ustring
 * @function: name.function
 */
struct stock_pred {
	const char		*str;
	int			i;
	int			pos;
	enum {
		OP_GLOB, OP_NE, OP_EQ, OP_LE, OP_LT, OP_GE, OP_GT, OP_BAND,
		OP_MAX,
	} op;
	const char		*name;
	struct tap_field	field;
	bool			ustring;
	bool			function;
};

/* '<=' stands before '<', '>=' before '>': the first that fits is taken. */
static const char * const ops[OP_MAX] = {
	[OP_GLOB] = "~",
	[OP_NE]	  = "!=",
	[OP_EQ]	  = "==",
	[OP_LE]	  = "<=",
	[OP_LT]	  = "<",
	[OP_GE]	  = ">=",
	[OP_GT]	  = ">",
	[OP_BAND] = "&",
};

/* A number with sign and "0x" fits into this, the NUL included. */
#define NUM_LEN	24

static int pred_error(struct stock *s, struct stock_pred *p,
		      enum tap_error_code code, int i)
{
	return trace_tap_error(s->e, -EINVAL, code, p->pos + i);
}

static struct tap_node *new_node(struct stock *s, enum tap_node_kind kind,
				 u8 op)
{
	struct tap_node *node = trace_tap_alloc(&s->x->arena, sizeof(*node));

	if (node) {
		node->kind = kind;
		node->op = op;
	}
	return node;
}

static struct tap_node *const_node(struct stock *s, s64 value)
{
	struct tap_node *node = new_node(s, TAP_N_CONST, 0);

	if (node)
		node->value = value;
	return node;
}

/* A node that names the field; the operand is what gen.c reads. */
static struct tap_node *field_node(struct stock *s, struct stock_pred *p)
{
	struct tap_node *node = new_node(s, TAP_N_NAME, 0);
	struct tap_operand *opnd;

	opnd = trace_tap_alloc(&s->x->arena, sizeof(*opnd));
	if (!node || !opnd)
		return NULL;
	node->operand = opnd;
	if (p->field.is_cpu || p->field.type == TAP_COMM) {
		opnd->is_builtin = true;
		opnd->builtin = p->field.is_cpu ? TAP_BUILTIN_CPU :
						  TAP_BUILTIN_COMM;
		opnd->type = trace_tap_builtins[opnd->builtin].type;
		opnd->text = trace_tap_builtins[opnd->builtin].name;
		return node;
	}
	opnd->type = p->field.type;
	if (opnd->type == TAP_PTR && p->ustring)
		opnd->type = TAP_USER;
	opnd->is_signed = p->field.is_signed;
	opnd->offset = p->field.offset;
	opnd->size = p->field.size;
	opnd->text = p->name;
	return node;
}

static struct tap_node *binary_node(struct stock *s, enum tap_node_kind kind,
				    u8 op, struct tap_node *a,
				    struct tap_node *b)
{
	struct tap_node *node = new_node(s, kind, op);

	if (!node || !a || !b)
		return NULL;
	node->a = a;
	node->b = b;
	return node;
}

static bool is_number_size(unsigned int size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool is_string_type(enum tap_type type)
{
	return type == TAP_ARRAY || type == TAP_LOC || type == TAP_REL ||
	       type == TAP_PTR || type == TAP_COMM;
}

/**
 * trace_tap_cut - a constant as a value of a field
 * @size: bytes of the field
 * @is_signed: the field is signed
 * @value: the constant
 *
 * 0xffffffff beside an int is -1, 256 beside an unsigned char is 0. Returns
 * the value as loading the field would give it.
 */
s64 trace_tap_cut(unsigned int size, bool is_signed, u64 value)
{
	switch (size) {
	case 1:
		return is_signed ? (s64)(s8)value : (s64)(u8)value;
	case 2:
		return is_signed ? (s64)(s16)value : (s64)(u16)value;
	case 4:
		return is_signed ? (s64)(s32)value : (s64)(u32)value;
	default:
		return value;
	}
}

/* field op constant, op any but '~' */
static struct tap_node *number_node(struct stock *s, struct stock_pred *p,
				    u64 value)
{
	static const u8 jumps[OP_MAX][2] = {
		[OP_NE] = { TAP_OP_JNE, TAP_OP_JNE },
		[OP_EQ] = { TAP_OP_JEQ, TAP_OP_JEQ },
		[OP_LE] = { TAP_OP_JULE, TAP_OP_JLE },
		[OP_LT] = { TAP_OP_JULT, TAP_OP_JLT },
		[OP_GE] = { TAP_OP_JUGE, TAP_OP_JGE },
		[OP_GT] = { TAP_OP_JUGT, TAP_OP_JGT },
	};
	struct tap_node *field, *val;

	if (p->field.is_cpu) {
		/* The CPU was always compared as an int, and never with '&'. */
		if (p->op == OP_BAND)
			return const_node(s, 0);
		return binary_node(s, TAP_N_CMP, jumps[p->op][1],
				   field_node(s, p), const_node(s, (s32)value));
	}
	if (!is_number_size(p->field.size))
		return const_node(s, 0);

	field = field_node(s, p);
	val = const_node(s, trace_tap_cut(p->field.size, p->field.is_signed,
					  value));
	if (p->op == OP_BAND)
		return binary_node(s, TAP_N_TEST, 0, field, val);
	return binary_node(s, TAP_N_CMP, jumps[p->op][p->field.is_signed],
			   field, val);
}

/* ------------------------------------------------- kinds of predicates */

/*
 * func-pred: NAME ".function" ("==" | "!=") (NUMBER | SYMBOL)
 *
 * SYMBOL runs to white space.
 */
static int func_pred(struct stock *s, struct stock_pred *p,
		     struct tap_node **nodep)
{
	struct tap_node *fn, *field;
	struct tap_operand *opnd;
	const char *name = NULL;
	u64 start = 0, span;
	int from = p->i;

	if (p->field.size != sizeof(long))
		return pred_error(s, p, TAP_ERR_ILLEGAL_FIELD_OP, p->i);
	if (p->op != OP_EQ && p->op != OP_NE)
		return pred_error(s, p, TAP_ERR_INVALID_OP, p->i);

	if (isdigit(p->str[p->i])) {
		char num[NUM_LEN];
		unsigned long ip;

		while (isalnum(p->str[p->i]))
			p->i++;
		if (p->i - from >= NUM_LEN)
			return pred_error(s, p, TAP_ERR_OPERAND_TOO_LONG, p->i);
		memcpy(num, p->str + from, p->i - from);
		num[p->i - from] = 0;
		if (kstrtoul(num, 0, &ip))
			return pred_error(s, p, TAP_ERR_INVALID_VALUE, p->i);
		start = ip;
		name = trace_tap_strndup(&s->x->arena, num, strlen(num));
	} else {
		while (p->str[p->i] && !isspace(p->str[p->i]))
			p->i++;
		name = trace_tap_strndup(&s->x->arena, p->str + from,
					 p->i - from);
	}
	if (!name)
		return -ENOMEM;
	if (!s->scope->function(s->scope->event, start ? NULL : name,
				&start, &span))
		return pred_error(s, p, TAP_ERR_NO_FUNCTION, p->i);

	field = field_node(s, p);
	fn = new_node(s, TAP_N_NAME, 0);
	opnd = trace_tap_alloc(&s->x->arena, sizeof(*opnd));
	if (!fn || !opnd)
		return -ENOMEM;
	opnd->type = TAP_FUNC;
	opnd->text = name;
	opnd->size = strlen(name);
	opnd->start = start;
	opnd->span = span;
	fn->operand = opnd;
	/* Addresses are unsigned; long fields may be declared signed. */
	if (sizeof(long) == 4 && p->field.is_signed)
		field = binary_node(s, TAP_N_ARITH, TAP_OP_AND, field,
				    const_node(s, U32_MAX));
	*nodep = binary_node(s, TAP_N_FUNC,
			     p->op == OP_EQ ? TAP_OP_JFN : TAP_OP_JNFN,
			     field, fn);
	return 0;
}

/*
 * ip-pred: "ip" OP (WORD | QUOTED)
 *
 * ftrace:function over perf: the text is a list of functions for
 * ftrace_set_filter(), so nothing is looked up here.
 */
static int ip_pred(struct stock *s, struct stock_pred *p,
		   struct tap_node **nodep)
{
	const char *str = p->str;
	struct tap_node *node;
	int from = p->i, len;
	char q = 0;

	if (strcmp(p->name, "ip") != 0)
		return pred_error(s, p, TAP_ERR_IP_FIELD_ONLY, p->i);
	if (str[p->i] == '\'' || str[p->i] == '"')
		q = str[p->i];
	/* The first character is taken whatever it is. */
	if (str[p->i])
		p->i++;
	for (; str[p->i]; p->i++) {
		if (q && str[p->i] == q)
			break;
		if (!q && strchr(")&|", str[p->i]))
			break;
	}
	if (q)
		from++;
	len = p->i - from;
	if (len >= TAP_MAX_STR)
		return pred_error(s, p, TAP_ERR_OPERAND_TOO_LONG, p->i);

	node = new_node(s, TAP_N_IP, p->op == OP_EQ ? TAP_OP_JEQ :
				     p->op == OP_NE ? TAP_OP_JNE : TAP_OP_JMP);
	if (!node)
		return -ENOMEM;
	node->text = trace_tap_strndup(&s->x->arena, str + from, len);
	node->len = len;
	*nodep = node;
	return 0;
}

/* More ranges of CPUs than this are looked up in words of the mask. */
#define MAX_RANGES	3

/* The CPUs of a mask as a list of ranges, NULL if they are many. */
static struct tap_node *mask_ranges(struct stock *s, const unsigned long *mask)
{
	struct tap_node *list = NULL, **tail = &list, *range;
	unsigned int cpu, end, bits = s->scope->mask_words * BITS_PER_LONG;
	unsigned int nr = 0;

	for (cpu = 0; cpu < bits; cpu = end + 1) {
		end = cpu;
		if (!(mask[cpu / BITS_PER_LONG] >> (cpu % BITS_PER_LONG) & 1))
			continue;
		while (end + 1 < bits && mask[(end + 1) / BITS_PER_LONG] >>
					 ((end + 1) % BITS_PER_LONG) & 1)
			end++;
		if (++nr > MAX_RANGES)
			return NULL;
		range = binary_node(s, TAP_N_RANGE, 0, const_node(s, cpu),
				    const_node(s, end));
		if (!range)
			return NULL;
		*tail = range;
		tail = &range->next;
	}
	return list;
}

/*
 * A number against several CPUs. It never equals them, always differs from
 * them if it is a CPU at all, and '&' asks whether it is one of them.
 */
static struct tap_node *cpus_number_node(struct stock *s, struct stock_pred *p,
					 struct tap_node *cpus,
					 unsigned int weight)
{
	struct tap_node *field, *list;

	if (p->op == OP_EQ || (!p->field.is_cpu &&
			       !is_number_size(p->field.size)))
		return const_node(s, 0);
	if (p->op == OP_BAND && !weight)
		return const_node(s, 0);
	if (p->op == OP_NE && p->field.is_cpu)
		return const_node(s, 1);

	field = field_node(s, p);
	/* The value counts as unsigned, and its low 32 bits only. */
	if (!p->field.is_cpu && (p->field.size == 8 || p->field.is_signed))
		field = binary_node(s, TAP_N_ARITH, TAP_OP_AND, field,
				    const_node(s, p->field.size == 1 ? U8_MAX :
						  p->field.size == 2 ? U16_MAX :
								       U32_MAX));
	if (p->op == OP_NE)
		return binary_node(s, TAP_N_CMP, TAP_OP_JULT, field,
				   const_node(s, s->scope->nr_cpus));
	list = mask_ranges(s, cpus->operand->mask);
	return list ? binary_node(s, TAP_N_IN, 0, field, list) :
		      binary_node(s, TAP_N_BITS, 0, field, cpus);
}

/* field op CPUs, the list parsed into @mask and @weight bits of it set */
static struct tap_node *cpus_node(struct stock *s, struct stock_pred *p,
				  const char *list, unsigned long *mask,
				  unsigned int weight, unsigned int first)
{
	struct tap_operand *opnd;
	struct tap_node *cpus;

	if (p->field.type != TAP_MASK && weight == 1) {
		if (p->op == OP_BAND)
			p->op = OP_EQ;
		return number_node(s, p, first);
	}
	cpus = new_node(s, TAP_N_NAME, 0);
	opnd = trace_tap_alloc(&s->x->arena, sizeof(*opnd));
	if (!cpus || !opnd)
		return NULL;
	opnd->type = TAP_CPUS;
	opnd->text = list;
	opnd->size = strlen(list);
	opnd->mask = mask;
	opnd->span = s->scope->mask_words;
	cpus->operand = opnd;
	if (p->field.type != TAP_MASK)
		return cpus_number_node(s, p, cpus, weight);
	return binary_node(s, TAP_N_CPUREL, p->op == OP_EQ ? TAP_REL_EQ :
			   p->op == OP_NE ? TAP_REL_NE : TAP_REL_AND,
			   field_node(s, p), cpus);
}

/* cpus-pred: NAME ("==" | "!=" | "&") "CPUS{" LIST "}" */
static int cpus_pred(struct stock *s, struct stock_pred *p,
		     struct tap_node **nodep)
{
	unsigned int i, weight = 0, first = 0;
	unsigned int words = s->scope->mask_words;
	const char *str = p->str, *list;
	unsigned long *mask;
	int from;

	if (is_string_type(p->field.type) || p->field.no_cpus)
		return pred_error(s, p, TAP_ERR_ILLEGAL_FIELD_OP, p->i);
	if (p->op != OP_EQ && p->op != OP_NE && p->op != OP_BAND)
		return pred_error(s, p, TAP_ERR_ILLEGAL_FIELD_OP, p->i);

	p->i += strlen("CPUS");
	if (str[p->i++] != '{')
		return pred_error(s, p, TAP_ERR_MISSING_BRACE_OPEN, p->i);
	from = p->i;
	while (str[p->i] && str[p->i] != '}')
		p->i++;
	if (str[p->i] != '}')
		return pred_error(s, p, TAP_ERR_MISSING_BRACE_CLOSE, p->i);
	if (p->i == from)
		return pred_error(s, p, TAP_ERR_INVALID_CPULIST, p->i);

	list = trace_tap_strndup(&s->x->arena, str + from, p->i - from);
	mask = trace_tap_alloc(&s->x->arena, words * sizeof(long));
	if (!list || !mask)
		return -ENOMEM;
	if (s->scope->cpulist(s->scope->event, list, mask))
		return pred_error(s, p, TAP_ERR_INVALID_CPULIST, p->i);
	p->i++;

	for (i = words * BITS_PER_LONG; i--; ) {
		if (mask[i / BITS_PER_LONG] >> (i % BITS_PER_LONG) & 1) {
			weight++;
			first = i;
		}
	}
	*nodep = cpus_node(s, p, list, mask, weight, first);
	return 0;
}

/*
 * What '~' means: a leading '!' inverts, and a pattern that then begins with a
 * digit is compared to the letter.
 */
static struct tap_node *string_node(struct stock *s, struct stock_pred *p,
				    const char *text, int len)
{
	enum tap_relation rel = p->op == OP_NE ? TAP_REL_NE : TAP_REL_EQ;
	struct tap_operand *opnd;
	struct tap_node *str;

	if (p->op == OP_GLOB) {
		bool not = *text == '!';

		text += not;
		len -= not;
		if (isdigit(*text))
			rel = not ? TAP_REL_NE : TAP_REL_EQ;
		else
			rel = not ? TAP_REL_NGLOB : TAP_REL_GLOB;
	}
	str = new_node(s, TAP_N_STRING, 0);
	opnd = trace_tap_alloc(&s->x->arena, sizeof(*opnd));
	if (!str || !opnd)
		return NULL;
	opnd->type = TAP_STR;
	opnd->text = text;
	opnd->size = len;
	str->operand = opnd;
	return binary_node(s, TAP_N_STRREL, rel, field_node(s, p), str);
}

/* string-pred: NAME ("==" | "!=" | "~") QUOTED */
static int string_pred(struct stock *s, struct stock_pred *p,
		       struct tap_node **nodep)
{
	const char *str = p->str, *text;
	char q = str[p->i];
	int from, len;

	if (p->op != OP_EQ && p->op != OP_NE && p->op != OP_GLOB)
		return pred_error(s, p, TAP_ERR_ILLEGAL_FIELD_OP, p->i);
	if (!is_string_type(p->field.type))
		return pred_error(s, p, TAP_ERR_EXPECT_DIGIT, p->i);

	from = ++p->i;
	while (str[p->i] && str[p->i] != q)
		p->i++;
	if (!str[p->i])
		return pred_error(s, p, TAP_ERR_MISSING_QUOTE, p->i);
	len = p->i - from;
	if (len >= TAP_MAX_STR)
		return pred_error(s, p, TAP_ERR_OPERAND_TOO_LONG, p->i);
	p->i++;

	text = trace_tap_strndup(&s->x->arena, str + from, len);
	if (!text)
		return -ENOMEM;
	*nodep = string_node(s, p, text, len);
	return 0;
}

/* number-pred: NAME OP ["-"] NUMBER, OP any but "~" */
static int number_pred(struct stock *s, struct stock_pred *p,
		       struct tap_node **nodep)
{
	int from = p->i, ret;
	char num[NUM_LEN];
	u64 value;

	if (is_string_type(p->field.type))
		return pred_error(s, p, TAP_ERR_EXPECT_STRING, p->i);
	if (p->op == OP_GLOB)
		return pred_error(s, p, TAP_ERR_ILLEGAL_FIELD_OP, p->i);

	if (p->str[p->i] == '-')
		p->i++;
	while (isalnum(p->str[p->i]))
		p->i++;
	if (p->i - from >= NUM_LEN)
		return pred_error(s, p, TAP_ERR_OPERAND_TOO_LONG, p->i);
	memcpy(num, p->str + from, p->i - from);
	num[p->i - from] = 0;

	if (p->field.is_signed)
		ret = kstrtoll(num, 0, (s64 *)&value);
	else
		ret = kstrtoull(num, 0, &value);
	if (ret)
		return pred_error(s, p, TAP_ERR_ILLEGAL_INTVAL, from);
	*nodep = number_node(s, p, value);
	return 0;
}

/* What stands left of the value: NAME [".ustring"] [".function"] OP */
static int pred_head(struct stock *s, struct stock_pred *p)
{
	const char *str = p->str;
	int from, op, len;

	while (isspace(str[p->i]))
		p->i++;
	from = p->i;
	while (isalnum(str[p->i]) || str[p->i] == '_')
		p->i++;
	if (p->i == from)
		return trace_tap_error(s->e, -EPERM, TAP_ERR_NONE, 0);
	p->name = trace_tap_strndup(&s->x->arena, str + from, p->i - from);
	if (!p->name)
		return -ENOMEM;
	if (!s->scope->field(s->scope->event, p->name, &p->field))
		return pred_error(s, p, TAP_ERR_FIELD_NOT_FOUND, p->i);

	len = str_has_prefix(str + p->i, ".ustring");
	p->ustring = len;
	p->i += len;
	len = str_has_prefix(str + p->i, ".function");
	p->function = len;
	p->i += len;

	while (isspace(str[p->i]))
		p->i++;
	for (op = 0; op < OP_MAX; op++) {
		len = str_has_prefix(str + p->i, ops[op]);
		if (len)
			break;
	}
	if (op == OP_MAX)
		return pred_error(s, p, TAP_ERR_INVALID_OP, p->i);
	p->op = op;
	p->i += len;
	while (isspace(str[p->i]))
		p->i++;
	return 0;
}

/**
 * trace_tap_stock_pred - read one predicate of the stock language
 * @x: owns the memory of the node
 * @text: the whole filter
 * @str: where in @text the predicate begins
 * @scope: the event
 * @nodep: out: the predicate
 * @e: out: the error; its position is one more than an offset into @text
 *
 * pred: func-pred | ip-pred | cpus-pred | string-pred | number-pred
 *
 * Returns the length of its text or a negative errno.
 */
int trace_tap_stock_pred(struct tap_expr *x, const char *text, const char *str,
			 const struct tap_scope *scope,
			 struct tap_node **nodep, struct tap_error *e)
{
	struct stock s = { .text = text, .scope = scope, .x = x, .e = e };
	struct stock_pred p = { .str = str, .pos = str - text + 1 };
	char c;
	int ret;

	ret = pred_head(&s, &p);
	if (ret)
		return ret;
	c = str[p.i];
	if (p.function)
		ret = func_pred(&s, &p, nodep);
	else if (scope->is_function)
		ret = ip_pred(&s, &p, nodep);
	else if (!strncmp(str + p.i, "CPUS", 4))
		ret = cpus_pred(&s, &p, nodep);
	else if (c == '\'' || c == '"')
		ret = string_pred(&s, &p, nodep);
	else if (isdigit(c) || c == '-')
		ret = number_pred(&s, &p, nodep);
	else
		ret = pred_error(&s, &p, TAP_ERR_INVALID_VALUE, p.i);
	if (ret)
		return ret;
	return *nodep ? p.i : -ENOMEM;
}
