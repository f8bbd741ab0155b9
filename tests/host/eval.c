// SPDX-License-Identifier: GPL-2.0
/*
 * What a program means: the reference that lowered code is compared with.
 *
 * In: a program and what it looks at. Out: the operand of its "ret". Written
 * down from the rows of tap_bytecode.h one by one, with nothing in it that makes
 * it fast, and without the stages it judges: strings are matched here by a
 * recursive matcher of its own.
 */
#include "host.h"

/* A string somewhere: its bytes end at a NUL, or after len of them. */
struct eval_str {
	const char	*s;
	size_t		len;
};

static bool eval_in_record(const struct host_env *env, u64 offset, u64 len)
{
	return offset <= env->len && len <= env->len - offset;
}

static bool eval_word(const struct host_env *env, const struct tap_operand *op,
		      u32 *offset, u32 *len)
{
	u32 word;

	if (!eval_in_record(env, op->offset, sizeof(word)))
		return false;
	memcpy(&word, (const char *)env->rec + op->offset, sizeof(word));
	*offset = word & 0xffff;
	*len = word >> 16;
	if (op->type == TAP_REL)
		*offset += op->offset + sizeof(word);
	if (*offset >= env->len)
		return false;
	/* A length of 0 is that of a string up to its NUL. */
	if (!*len || *len > env->len - *offset)
		*len = env->len - *offset;
	return true;
}

/* False: it cannot be read. */
static bool eval_string(const struct host_env *env,
			const struct tap_operand *op, struct eval_str *str)
{
	const char *rec = env->rec;
	u32 offset, len;
	u64 addr;

	switch (op->type) {
	case TAP_COMM:
		*str = (struct eval_str){ env->comm, HOST_COMM_LEN };
		break;
	case TAP_ARRAY:
		*str = (struct eval_str){ rec + op->offset, op->size };
		/* All from there on */
		if (!op->size && op->offset >= env->len)
			return false;
		if (!op->size)
			str->len = env->len - op->offset;
		break;
	case TAP_LOC:
	case TAP_REL:
		if (!eval_word(env, op, &offset, &len))
			return false;
		*str = (struct eval_str){ rec + offset, len };
		break;
	case TAP_PTR:
	case TAP_USER:
		memcpy(&addr, rec + op->offset, sizeof(addr));
		str->s = env->string(env, addr, op->type == TAP_USER);
		if (!str->s)
			return false;
		str->len = strlen(str->s);
		break;
	default:
		abort();
	}
	str->len = strnlen(str->s, str->len);
	return true;
}

/* [a-z], [!a-z]; *end is behind it, NULL if it is not closed */
static bool eval_class(const char *p, unsigned char c, const char **end)
{
	bool not = *p == '!', in = false;
	unsigned char from, to;
	const char *first;

	p += not;
	first = p;
	*end = NULL;
	while (*p && (*p != ']' || p == first)) {
		from = *p++;
		to = from;
		if (p[0] == '-' && p[1] != ']') {
			if (!p[1])
				return false;
			to = p[1];
			p += 2;
		}
		in |= from <= c && c <= to;
	}
	if (!*p)
		return false;
	*end = p + 1;
	return in != not;
}

/* lib/glob.c says what a pattern means; this follows its text, not its code. */
static bool eval_glob(const char *p, const char *s, size_t len)
{
	const char *end;
	bool in;

	switch (*p) {
	case '\0':
		return !len;
	case '*':
		return eval_glob(p + 1, s, len) ||
		       (len && eval_glob(p, s + 1, len - 1));
	case '?':
		return len && eval_glob(p + 1, s + 1, len - 1);
	case '[':
		in = eval_class(p + 1, len ? *s : 0, &end);
		if (end)
			return len && in && eval_glob(end, s + 1, len - 1);
		break;
	case '\\':
		p++;
		break;
	}
	if (!*p)
		return !len;
	return len && *p == *s && eval_glob(p + 1, s + 1, len - 1);
}

/* Only '*' is special between equal ends; saves eval_glob() its worst cases. */
static bool eval_match(const char *pattern, const struct eval_str *str)
{
	size_t stars = 0;
	const char *p;

	for (p = pattern; *p; p++)
		stars += *p == '*';
	/* Exponential in its stars: random patterns have few, fuzzers do not. */
	if (stars > 2)
		return glob_match_len(pattern, str->s, str->len);
	return eval_glob(pattern, str->s, str->len);
}

/* Whether S can be read and S R Q. */
static bool eval_jstr(const struct host_env *env, const struct tap_operand *name,
		      enum tap_relation rel, const struct tap_operand *q)
{
	struct eval_str str;
	bool equal;

	if (!eval_string(env, name, &str))
		return false;
	equal = str.len == strlen(q->text) && !memcmp(str.s, q->text, str.len);
	switch (rel) {
	case TAP_REL_EQ:
		return equal;
	case TAP_REL_NE:
		return !equal;
	case TAP_REL_GLOB:
		return eval_match(q->text, &str);
	case TAP_REL_NGLOB:
		return !eval_match(q->text, &str);
	default:
		abort();
	}
}

/* Whether M can be read and M C Q: bits beyond one of them are clear there. */
static bool eval_jcpu(const struct host_env *env, const struct tap_operand *name,
		      enum tap_relation rel, const struct tap_operand *q)
{
	unsigned int i, bits = env->mask_words * BITS_PER_LONG;
	bool equal = true, both = false, in_m, in_q;
	const u8 *bytes;
	u32 offset, len;

	if (!eval_word(env, name, &offset, &len) ||
	    len < env->mask_words * sizeof(long))
		return false;
	bytes = (const u8 *)env->rec + offset;
	for (i = 0; i < bits; i++) {
		in_m = bytes[i / 8] >> (i % 8) & 1;
		in_q = test_bit(i, q->mask);
		equal &= in_m == in_q;
		both |= in_m && in_q;
	}
	switch (rel) {
	case TAP_REL_EQ:
		return equal;
	case TAP_REL_NE:
		return !equal;
	case TAP_REL_AND:
		return both;
	default:
		abort();
	}
}

static s64 eval_load(const struct host_env *env, const struct tap_operand *op)
{
	u64 v = 0;

	if (op->is_builtin)
		return env->builtins[op->builtin];
	/* Little endian, as all hosts are that this runs on. */
	memcpy(&v, (const char *)env->rec + op->offset, op->size);
	if (op->size == 8)
		return v;
	if (op->is_signed && v >> (op->size * 8 - 1))
		v |= ~0ULL << (op->size * 8);
	return v;
}

static s64 eval_alu(u8 op, s64 d, s64 v)
{
	u64 ud = d, uv = v;

	switch (op) {
	case TAP_OP_ADD:
		return ud + uv;
	case TAP_OP_SUB:
		return ud - uv;
	case TAP_OP_MUL:
		return ud * uv;
	case TAP_OP_DIV:
		if (!v)
			return 0;
		return v == -1 ? (s64)(0 - ud) : d / v;
	case TAP_OP_MOD:
		if (!v)
			return d;
		return v == -1 ? 0 : d % v;
	case TAP_OP_UDIV:
		return uv ? ud / uv : 0;
	case TAP_OP_UMOD:
		return uv ? ud % uv : ud;
	case TAP_OP_AND:
		return ud & uv;
	case TAP_OP_OR:
		return ud | uv;
	case TAP_OP_XOR:
		return ud ^ uv;
	case TAP_OP_SHL:
		return ud << (uv & 63);
	case TAP_OP_SHR:
		return ud >> (uv & 63);
	case TAP_OP_SAR:
		return d >> (uv & 63);
	default:
		abort();
	}
}

static bool eval_compare(u8 op, s64 a, s64 v)
{
	u64 ua = a, uv = v;

	switch (op) {
	case TAP_OP_JEQ:
		return a == v;
	case TAP_OP_JNE:
		return a != v;
	case TAP_OP_JLT:
		return a < v;
	case TAP_OP_JLE:
		return a <= v;
	case TAP_OP_JGT:
		return a > v;
	case TAP_OP_JGE:
		return a >= v;
	case TAP_OP_JULT:
		return ua < uv;
	case TAP_OP_JULE:
		return ua <= uv;
	case TAP_OP_JUGT:
		return ua > uv;
	case TAP_OP_JUGE:
		return ua >= uv;
	case TAP_OP_JSET:
		return ua & uv;
	case TAP_OP_JNSET:
		return !(ua & uv);
	default:
		abort();
	}
}

static bool eval_pair(const struct host_env *env, const struct tap_operand *a,
		      u8 rel, const struct tap_operand *b)
{
	struct eval_str x, y;
	bool equal;

	if (!eval_string(env, a, &x) || !eval_string(env, b, &y))
		return false;
	equal = x.len == y.len && !memcmp(x.s, y.s, x.len);
	return rel == TAP_REL_EQ ? equal : !equal;
}

static bool eval_jump(const struct tap_prog *prog, const struct tap_insn *insn,
		      const struct host_env *env, const s64 *regs, s64 v)
{
	const struct tap_operand *name, *str;

	if (!strpbrk(trace_tap_opcodes[insn->op].operands, "SMQ"))
		return insn->op == TAP_OP_JMP ||
		       eval_compare(insn->op, regs[insn->reg], v);
	name = &prog->operands[insn->name];
	str = &prog->operands[insn->str];
	switch (insn->op) {
	case TAP_OP_JSTR:
		return eval_jstr(env, name, insn->rel, str);
	case TAP_OP_JNSTR:
		return !eval_jstr(env, name, insn->rel, str);
	case TAP_OP_JPAIR:
		return eval_pair(env, name, insn->rel, str);
	case TAP_OP_JNPAIR:
		return !eval_pair(env, name, insn->rel, str);
	case TAP_OP_JCPU:
		return eval_jcpu(env, name, insn->rel, str);
	case TAP_OP_JNCPU:
		return !eval_jcpu(env, name, insn->rel, str);
	case TAP_OP_JFN:
		return (u64)regs[insn->reg] - name->start < name->span;
	case TAP_OP_JNFN:
		return (u64)regs[insn->reg] - name->start >= name->span;
	default:
		abort();
	}
}

/* ---------------------------------------------------- actions and tables */

/**
 * struct eval - a run
 * @prog: the program
 * @env: what it looks at
 * @regs: registers
 * @keys: per operand that is a table: its key
 * @args: what the arguments are, as text
 * @left: per LOOP: how often it runs again
 */
struct eval {
	const struct tap_prog	*prog;
	const struct host_env	*env;
	s64			regs[TAP_NR_REGS];
	u8			(*keys)[TAP_MAX_KEY];
	char			args[TAP_MAX_ARGS][2 * TAP_MAX_KEY];
	u32			*left;
};

static struct host_object *eval_object(const struct eval *v, unsigned int name)
{
	return (void *)(uintptr_t)v->prog->operands[name].start;
}

/* At most @max bytes of a string, @size - 1 of which have room. */
static void eval_copy(char *to, size_t size, const struct eval_str *str,
		      size_t max)
{
	memset(to, 0, size);
	if (str->s)
		memcpy(to, str->s, min(min(str->len, max), size - 1));
}

/* A source that is a string; false if it is none. */
static bool eval_text(const struct eval *v, const struct tap_insn *insn,
		      char *to, size_t size)
{
	const struct tap_operand *op = &v->prog->operands[insn->str];
	const struct tap_part *part;
	struct eval_str str = {};
	size_t max = SIZE_MAX;

	switch (insn->rel) {
	case TAP_SRC_NAME:
		if (op->type == TAP_PROBE && insn->op != TAP_OP_ARG)
			return false;
		if (op->type == TAP_PROBE)
			str = (struct eval_str){ HOST_PROBE,
						 strlen(HOST_PROBE) };
		else if (!eval_string(v->env, op, &str))
			str.s = NULL;
		break;
	case TAP_SRC_TEXT:
		str = (struct eval_str){ op->text, strlen(op->text) };
		break;
	case TAP_SRC_KSTR:
	case TAP_SRC_USTR:
		str.s = v->env->string(v->env, v->regs[insn->src],
				       insn->rel == TAP_SRC_USTR);
		str.len = str.s ? strlen(str.s) : 0;
		max = insn->imm;
		break;
	case TAP_SRC_TABLE:
		part = &op->shape->values[0].plain;
		if (part->kind != TAP_PART_STR)
			return false;
		str.s = host_table_text(eval_object(v, insn->str),
					v->keys[insn->str]);
		str.len = str.s ? strnlen(str.s, part->size) : 0;
		break;
	default:
		return false;
	}
	eval_copy(to, size, &str, max);
	return true;
}

/* A source that is no string. */
static u64 eval_value(const struct eval *v, const struct tap_insn *insn)
{
	switch (insn->rel) {
	case TAP_SRC_IMM:
		return insn->imm;
	case TAP_SRC_NAME:
		return v->env->builtins[TAP_BUILTIN_PROBE];
	case TAP_SRC_TABLE:
		return host_table_get(eval_object(v, insn->str),
				      v->keys[insn->str], 0);
	case TAP_SRC_KSTACK:
	case TAP_SRC_USTACK:
		return host_stack(insn->rel == TAP_SRC_USTACK, insn->imm);
	default:
		return v->regs[insn->src];
	}
}

static void eval_key(struct eval *v, const struct tap_insn *insn)
{
	const struct tap_operand *op = &v->prog->operands[insn->name];
	const struct tap_part *part = &op->shape->parts[insn->part];
	u8 *to = v->keys[insn->name] + part->offset;
	u64 value;

	if (eval_text(v, insn, (char *)to, part->size))
		return;
	value = eval_value(v, insn);
	memcpy(to, &value, sizeof(value));
}

static void eval_put(struct eval *v, const struct tap_insn *insn)
{
	unsigned int size =
		v->prog->operands[insn->name].shape->values[0].plain.size;
	struct host_object *t = eval_object(v, insn->name);
	char text[TAP_MAX_KEY];

	if (eval_text(v, insn, text, size))
		host_table_put_text(t, v->keys[insn->name], text);
	else
		host_table_put(t, v->keys[insn->name], eval_value(v, insn));
}

static void eval_arg(struct eval *v, const struct tap_insn *insn)
{
	const struct tap_operand *op = &v->prog->operands[insn->str];
	char *to = v->args[insn->part], text[TAP_MAX_KEY];
	const char *kind = "i";

	if (eval_text(v, insn, text, sizeof(text))) {
		snprintf(to, sizeof(v->args[0]), "s:%s", text);
		return;
	}
	if (insn->rel == TAP_SRC_KSTACK ||
	    (insn->rel == TAP_SRC_TABLE &&
	     op->shape->values[0].plain.kind == TAP_PART_KSTACK))
		kind = "k";
	else if (insn->rel == TAP_SRC_USTACK || insn->rel == TAP_SRC_TABLE)
		kind = "u";
	else if (insn->rel == TAP_SRC_SYSCALL)
		kind = "syscall";
	else if (insn->rel == TAP_SRC_ENUM)
		kind = op->text;
	snprintf(to, sizeof(v->args[0]), "%s:%lld", kind,
		 (long long)eval_value(v, insn));
}

static void eval_print(const struct eval *v, const struct tap_insn *insn,
		       unsigned int nr)
{
	unsigned int i;

	host_log("%s %s:", trace_tap_opcodes[insn->op].mnemonic,
		 v->prog->operands[insn->str].text);
	for (i = 0; i < nr; i++)
		host_log(" %s", v->args[i]);
	host_log("\n");
}

static void eval_step(struct eval *v, const struct tap_insn *insn, s64 value)
{
	const struct tap_operand *ops = v->prog->operands;
	struct host_object *t = NULL;
	const u8 *key = NULL;

	if (strchr(trace_tap_opcodes[insn->op].operands, 'B')) {
		t = eval_object(v, insn->name);
		key = v->keys[insn->name];
	}
	switch (insn->op) {
	case TAP_OP_KEY:
		eval_key(v, insn);
		break;
	case TAP_OP_PUT:
		eval_put(v, insn);
		break;
	case TAP_OP_INC:
		host_table_inc(t, key, value);
		break;
	case TAP_OP_AGG:
		host_table_agg(t, key, insn->part, value);
		break;
	case TAP_OP_DEL:
		host_table_del(t, key);
		break;
	case TAP_OP_CLEAR:
		host_table_clear(t);
		break;
	case TAP_OP_ZERO:
		host_table_zero(t);
		break;
	case TAP_OP_ARG:
		eval_arg(v, insn);
		break;
	case TAP_OP_PRINTF:
		eval_print(v, insn, ops[insn->str].format->nr);
		break;
	case TAP_OP_SYNTH:
		eval_print(v, insn, ops[insn->str].span);
		break;
	default:
		host_log("%s\n", trace_tap_opcodes[insn->op].mnemonic);
		break;
	}
}

static s64 eval_move(const struct eval *v, const struct tap_insn *insn,
		     s64 value)
{
	switch (insn->op) {
	case TAP_OP_MOV:
		return value;
	case TAP_OP_HAS:
		return host_table_has(eval_object(v, insn->name),
				      v->keys[insn->name]);
	case TAP_OP_GET:
		return host_table_get(eval_object(v, insn->name),
				      v->keys[insn->name], insn->part);
	default:
		return eval_load(v->env, &v->prog->operands[insn->name]);
	}
}

/* The LOOP of the NEXT at @i. */
static unsigned int eval_loop(const struct tap_prog *prog, unsigned int i)
{
	unsigned int depth = 1;

	while (depth) {
		i--;
		depth += prog->insns[i].op == TAP_OP_NEXT;
		depth -= prog->insns[i].op == TAP_OP_LOOP;
	}
	return i;
}

static int eval_run(struct eval *v, s64 *result)
{
	const struct tap_prog *prog = v->prog;
	const struct tap_insn *insn;
	unsigned int i = 0, loop;
	s64 value;

	while (i < prog->nr_insns) {
		insn = &prog->insns[i++];
		value = insn->is_imm ? insn->imm : v->regs[insn->src];
		switch (trace_tap_opcodes[insn->op].class) {
		case TAP_CLASS_MOVE:
			v->regs[insn->reg] = eval_move(v, insn, value);
			break;
		case TAP_CLASS_ALU:
			v->regs[insn->reg] = eval_alu(insn->op,
						      v->regs[insn->reg], value);
			break;
		case TAP_CLASS_JUMP:
		case TAP_CLASS_GOTO:
			if (insn->target < i)
				return -1;
			if (eval_jump(prog, insn, v->env, v->regs, value))
				i = insn->target;
			break;
		case TAP_CLASS_END:
			*result = value;
			return 0;
		case TAP_CLASS_STEP:
			eval_step(v, insn, value);
			break;
		case TAP_CLASS_LOOP:
			v->left[i - 1] = insn->imm;
			break;
		case TAP_CLASS_NEXT:
			loop = eval_loop(prog, i - 1);
			if (--v->left[loop])
				i = loop + 1;
			break;
		}
	}
	return -1;
}

/**
 * host_eval - run a program
 * @prog: the program, verified
 * @env: what it looks at
 * @result: what it returns
 *
 * What it does to tables, and what it prints, happens in the world in use.
 *
 * Return: 0, or -1 if it is none that trace_tap_verify() may accept.
 */
int host_eval(const struct tap_prog *prog, const struct host_env *env,
	      s64 *result)
{
	static struct eval v;
	int ret;

	memset(v.regs, 0, sizeof(v.regs));
	v.prog = prog;
	v.env = env;
	v.keys = calloc(prog->nr_operands, sizeof(*v.keys));
	v.left = calloc(prog->nr_insns, sizeof(*v.left));
	ret = eval_run(&v, result);
	free(v.keys);
	free(v.left);
	return ret;
}
