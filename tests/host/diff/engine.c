// SPDX-License-Identifier: GPL-2.0
/* The new engine on what world.h describes, see engine.h. */
#include "host.h"

#include "engine.h"

/**
 * struct engine - a compiled filter
 * @prog: its program
 * @early: what of it is decided without a record, or NULL
 * @target: machines that it is compiled for
 * @code: the program for each of them
 * @early_code: the same of @early
 */
struct engine {
	struct tap_prog		*prog;
	struct tap_prog		*early;
	struct tap_target	target[HOST_VARIANTS];
	struct tap_code		code[HOST_VARIANTS];
	struct tap_code		early_code[HOST_VARIANTS];
};

/* --------------------------------------------------------------- scope */

static bool is_number_size(unsigned int size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool scope_field(void *event, const char *name, struct tap_field *field)
{
	static const enum tap_type types[] = {
		[STOCK_ARRAY]	= TAP_ARRAY,
		[STOCK_LOC]	= TAP_LOC,
		[STOCK_REL]	= TAP_REL,
		[STOCK_PTR]	= TAP_PTR,
		[STOCK_COMM]	= TAP_COMM,
		[STOCK_MASK]	= TAP_MASK,
	};
	const struct world_field *f = world_find_field(event, name);
	enum stock_string kind;

	if (!f)
		return false;
	kind = stock_string_kind(f);
	memset(field, 0, sizeof(*field));
	if (kind != STOCK_NO_STRING)
		field->type = types[kind];
	else if (f->filter_type == WORLD_STACKTRACE || !is_number_size(f->size))
		field->type = TAP_ODD;
	else
		field->type = TAP_INT;
	field->is_cpu = f->filter_type == WORLD_CPU;
	if (field->is_cpu)
		field->type = TAP_INT;
	field->no_cpus = f->filter_type == WORLD_STACKTRACE ||
			 f->filter_type == WORLD_TRACE_FN;
	field->is_signed = f->is_signed;
	field->offset = f->offset;
	field->size = f->size;
	return true;
}

static bool scope_enum_value(void *event, const char *name, s64 *value)
{
	if (strcmp(name, "RUNNING") != 0)
		return false;
	*value = 3;
	return true;
}

static bool scope_function(void *event, const char *name, u64 *start, u64 *span)
{
	uint64_t at = *start, size;

	if (!world_symbol(name, &at, &size))
		return false;
	*start = at;
	*span = size;
	return true;
}

static int scope_cpulist(void *event, const char *list, unsigned long *mask)
{
	return stock_cpulist(list, mask, world.nr_cpus);
}

void engine_scope(struct tap_scope *scope, const struct world_event *ev)
{
	memset(scope, 0, sizeof(*scope));
	scope->event = (void *)ev;
	scope->is_function = ev->is_function;
	scope->nr_cpus = world.nr_cpus;
	/* Constants have room for NR_CPUS, records for those there are. */
	scope->mask_words = BITS_TO_LONGS(WORLD_CPUS);
	scope->field = scope_field;
	scope->enum_value = scope_enum_value;
	scope->function = scope_function;
	scope->cpulist = scope_cpulist;
}

/* --------------------------------------------------------------- texts */

static void copy_error(struct stock_error *to, const struct tap_error *from)
{
	to->err = from->err;
	to->code = from->code;
	to->pos = from->pos;
}

int engine_stock(const struct world_event *ev, const char *text,
		 struct stock_error *e)
{
	struct tap_error te = { };
	struct tap_scope scope;
	struct tap_expr x = { };
	int ret;

	engine_scope(&scope, ev);
	ret = trace_tap_stock(&x, text, &scope, &te);
	if (ret && te.err != ret)
		te.err = INT_MIN;
	trace_tap_arena_free(&x.arena);
	copy_error(e, &te);
	return ret;
}

static bool same_branch(const struct tap_pred *p, const struct stock_branch *b)
{
	if (p->when != b->when || p->target != b->target)
		return false;
	if (p->node->kind != TAP_N_IP)
		return true;
	if (strcmp(p->node->text, b->name) != 0)
		return false;
	return p->node->op == (b->op == '=' ? TAP_OP_JEQ :
			       b->op == '!' ? TAP_OP_JNE : TAP_OP_JMP);
}

bool engine_same_branches(const struct world_event *ev, const char *text,
			  const struct stock_filter *sf)
{
	struct tap_error te = { };
	struct tap_scope scope;
	struct tap_expr x = { };
	struct stock_branch b;
	unsigned int i;
	bool same;

	engine_scope(&scope, ev);
	same = !trace_tap_stock(&x, text, &scope, &te);
	for (i = 0; same && stock_branch(sf, i, &b); i++)
		same = i < x.nr_preds && same_branch(&x.preds[i], &b);
	same = same && i == x.nr_preds;
	trace_tap_arena_free(&x.arena);
	return same;
}

/* Lowered code of the program and of its early part, for each machine. */
static int lower(struct engine *f)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < HOST_VARIANTS && !ret; i++) {
		host_target_init(&f->target[i], i);
		ret = trace_tap_lower(f->prog, &f->target[i], &f->code[i]);
		if (!ret && f->early)
			ret = trace_tap_lower(f->early, &f->target[i],
					      &f->early_code[i]);
	}
	return ret;
}

struct engine *engine_compile(const struct world_event *ev, const char *text,
			      bool stock_only, struct stock_error *e)
{
	struct engine *f = calloc(1, sizeof(*f));
	struct tap_error te = { };
	struct tap_scope scope;

	engine_scope(&scope, ev);
	f->prog = trace_tap_translate(text, &scope, stock_only, &te);
	if (!f->prog || trace_tap_verify(f->prog, &te))
		goto fail;
	f->early = trace_tap_split(f->prog);
	if (f->early && trace_tap_verify(f->early, &te))
		goto fail;
	te.err = lower(f);
	if (!te.err)
		return f;
fail:
	copy_error(e, &te);
	engine_free(f);
	return NULL;
}

void engine_free(struct engine *f)
{
	unsigned int i;

	if (!f)
		return;
	for (i = 0; i < HOST_VARIANTS; i++) {
		trace_tap_code_free(&f->code[i]);
		trace_tap_code_free(&f->early_code[i]);
	}
	if (f->prog)
		trace_tap_prog_free(f->prog);
	if (f->early)
		trace_tap_prog_free(f->early);
	free(f);
}

unsigned int engine_size(const struct engine *f)
{
	return f->prog->nr_insns;
}

const char *engine_error_text(unsigned int code)
{
	return code < TAP_NR_ERRORS ? trace_tap_err_text[code] : NULL;
}

bool engine_is_too_large(const struct stock_error *e)
{
	return e->code == TAP_ERR_TOO_LARGE || e->code == TAP_ERR_TOO_SLOW;
}

/* -------------------------------------------------------------- verdicts */

/* What the helpers read at most, see helpers.c. */
#define STRING_SIZE	1024

static const char *env_string(const struct host_env *env, u64 addr, bool user)
{
	static char buf[STRING_SIZE];

	return world_read_string(user, buf, addr, sizeof(buf)) < 0 ? NULL : buf;
}

/* Builtins other than these are not in the stock language. */
static void env_init(struct host_env *env, const void *rec, unsigned int len)
{
	*env = (struct host_env){
		.rec = rec,
		.len = len,
		.mask_words = BITS_TO_LONGS(world.nr_cpus),
		.string = env_string,
		.builtins = {
			[TAP_BUILTIN_PID] = world.pid,
			[TAP_BUILTIN_TID] = world.pid,
			[TAP_BUILTIN_CPU] = world.cpu,
			[TAP_BUILTIN_NCPUS] = world.nr_cpus,
		},
	};
	memcpy(env->comm, world.comm, sizeof(env->comm));
}

/* The evaluator and each machine must agree; returns what fails. */
static const char *run(const struct engine *f, const struct tap_prog *prog,
		       const struct tap_code *code, const struct host_env *env,
		       bool *verdict)
{
	unsigned int i;
	u32 machine;
	s64 value;

	if (host_eval(prog, env, &value))
		return "the evaluator fails";
	*verdict = value;
	for (i = 0; i < HOST_VARIANTS; i++) {
		if (host_ebpf(&code[i], &f->target[i], env, &machine))
			return "the lowered code is wrong";
		if (!!machine != *verdict)
			return "the lowered code disagrees";
	}
	return NULL;
}

const char *engine_why(void)
{
	return host_why;
}

const char *engine_match(const struct engine *f, const void *rec,
			 unsigned int len, bool *verdict)
{
	struct host_env env;
	const char *what;
	bool early;
	void *copy;
	s32 pid;

	host_why[0] = 0;
	/* Exactly as long as it is, for the address sanitizer. */
	copy = malloc(len);
	memcpy(copy, rec, len);
	env_init(&env, copy, len);
	what = run(f, f->prog, f->code, &env, verdict);
	memcpy(&pid, copy + 4, sizeof(pid));
	if (!what && f->early) {
		/* Early is before there is a record. */
		env_init(&env, NULL, 0);
		what = run(f, f->early, f->early_code, &env, &early);
		if (!what && !early && *verdict && pid == world.pid)
			what = "the early verdict is wrong";
	}
	free(copy);
	return what;
}

bool engine_visits(const struct world_event *ev, const char *text,
		   const char *fields, const void *rec, unsigned int len)
{
	struct tap_error te = { };
	struct tap_scope scope;
	struct tap_prog *prog;
	struct host_env env;
	unsigned int i;
	s64 value = 2;

	engine_scope(&scope, ev);
	prog = trace_tap_translate(text, &scope, true, &te);
	if (!prog)
		return true;
	for (i = 0; i < prog->nr_insns; i++) {
		struct tap_insn *insn = &prog->insns[i];

		if (insn->op != TAP_OP_LD ||
		    !strchr(fields, *prog->operands[insn->name].text))
			continue;
		insn->op = TAP_OP_RET;
		insn->is_imm = true;
		insn->imm = 2;
	}
	env_init(&env, rec, len);
	host_eval(prog, &env, &value);
	trace_tap_prog_free(prog);
	return value == 2;
}
