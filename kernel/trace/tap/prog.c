// SPDX-License-Identifier: GPL-2.0
/*
 * tap: compiling programs, sharing them, and letting go of them.
 *
 * In: a struct tap_prog. Out: a struct trace_tap_image, see prog.h.
 *
 *	verify		or the error is the user's
 *	key		the bytes that decide what the image is
 *	look up		an image with the same key is the image
 *	lower		from the key, so that nothing else can matter
 *	compile		bpf_prog_select_runtime(): JIT, else the interpreter
 *
 * Whether the JIT is used: where there is one, unless trace_tap.jit=0 is on the
 * kernel command line or written to /sys/module/trace_tap/parameters/jit, or
 * the sysctl net.core.bpf_jit_enable is 0 where 1 is its default.
 */
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/jhash.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include <kunit/visibility.h>

#include "prog.h"

#ifdef MODULE_PARAM_PREFIX
#undef MODULE_PARAM_PREFIX
#endif
#define MODULE_PARAM_PREFIX "trace_tap."

VISIBLE_IF_KUNIT bool trace_tap_jit = IS_ENABLED(CONFIG_BPF_JIT) &&
			    IS_ENABLED(CONFIG_HAVE_EBPF_JIT);
module_param_named(jit, trace_tap_jit, bool, 0644);

/* Protects the table of images and what prog.h says. Taken in event_mutex. */
static DEFINE_MUTEX(image_mutex);
static DEFINE_HASHTABLE(images, 8);

/*
 * The CPU's mitigations have been chosen, so the JIT emits them. Until then
 * programs are interpreted; image_mutex.
 */
static bool image_jit_ready;

/* ------------------------------------------------------------------- keys */

/**
 * struct tap_key - what an image is made of; compared as bytes
 * @kind: enum tap_prog_kind
 * @hardened: for an unprivileged user
 * @jit: whether the JIT was wanted
 * @harden: bpf_jit_harden
 * @nr_insns: instructions that follow
 * @nr_operands: operands that follow these
 * @data: the instructions without positions in a text; the operands without
 *	names; the strings and masks in the order of the operands
 *
 * Tables, formats and synthetic events are what they are bound to: whoever has a
 * program holds them, and an image is shared by programs with the same ones
 * only, so none of them goes before the image.
 */
struct tap_key {
	u8	kind;
	u8	hardened;
	u8	jit;
	u8	harden;
	u32	nr_insns;
	u32	nr_operands;
	u64	data[];
};

static size_t key_operand_data(const struct tap_operand *op)
{
	switch (op->type) {
	case TAP_STR:
		return ALIGN(op->size + 1, sizeof(u64));
	case TAP_CPUS:
		return ALIGN(op->span * sizeof(long), sizeof(u64));
	default:
		return 0;
	}
}

static size_t key_size(const struct tap_prog *prog)
{
	size_t size = sizeof(struct tap_key);
	unsigned int i;

	size += prog->nr_insns * sizeof(struct tap_insn);
	size += prog->nr_operands * sizeof(struct tap_operand);
	for (i = 0; i < prog->nr_operands; i++)
		size += key_operand_data(&prog->operands[i]);
	return size;
}

static void key_insn(struct tap_insn *to, const struct tap_insn *from)
{
	to->op = from->op;
	to->reg = from->reg;
	to->src = from->src;
	to->is_imm = from->is_imm;
	to->rel = from->rel;
	to->part = from->part;
	to->name = from->name;
	to->str = from->str;
	to->target = from->target;
	to->imm = from->imm;
}

static void *key_operand(struct tap_operand *to, const struct tap_operand *from,
			 void *data)
{
	to->type = from->type;
	to->is_signed = from->is_signed;
	to->is_builtin = from->is_builtin;
	to->builtin = from->builtin;
	to->offset = from->offset;
	to->size = from->size;
	to->start = from->start;
	if (from->type == TAP_TABLE)
		to->shape = from->shape;
	else if (from->type != TAP_NAMES)
		to->span = from->span;
	if (from->type == TAP_STR)
		memcpy(data, from->text, from->size);
	else if (from->type == TAP_CPUS)
		memcpy(data, from->mask, from->span * sizeof(long));
	return data + key_operand_data(from);
}

static bool jit_wanted(void)
{
#ifdef CONFIG_BPF_JIT
	/* There is nothing else, not even before mitigations are chosen */
	if (IS_ENABLED(CONFIG_BPF_JIT_ALWAYS_ON))
		return true;
	if (!image_jit_ready)
		return false;
	/* A default of 0 says that nobody decided */
	if (IS_ENABLED(CONFIG_BPF_JIT_DEFAULT_ON) && !bpf_jit_enable)
		return false;
	return trace_tap_jit && bpf_jit_is_ebpf();
#else
	return false;
#endif
}

/* Padding is zero: keys are compared as bytes. */
static struct tap_key *key_new(const struct tap_prog *prog, bool hardened,
			       size_t *size)
{
	struct tap_operand *operands;
	struct tap_insn *insns;
	struct tap_key *key;
	unsigned int i;
	void *data;

	*size = key_size(prog);
	key = kvzalloc(*size, GFP_KERNEL);
	if (!key)
		return NULL;
	key->kind = prog->kind;
	key->hardened = hardened;
	key->jit = jit_wanted();
#ifdef CONFIG_BPF_JIT
	key->harden = READ_ONCE(bpf_jit_harden);
#endif
	key->nr_insns = prog->nr_insns;
	key->nr_operands = prog->nr_operands;

	insns = (struct tap_insn *)key->data;
	for (i = 0; i < prog->nr_insns; i++)
		key_insn(&insns[i], &prog->insns[i]);
	operands = (struct tap_operand *)(insns + prog->nr_insns);
	data = operands + prog->nr_operands;
	for (i = 0; i < prog->nr_operands; i++)
		data = key_operand(&operands[i], &prog->operands[i], data);
	return key;
}

/* The program that a key is made of, for trace_tap_arena_free(). */
static int key_program(const struct tap_key *key, struct tap_prog *prog)
{
	size_t size = key->nr_operands * sizeof(struct tap_operand);
	struct tap_operand *op;
	const void *data;

	memset(prog, 0, sizeof(*prog));
	prog->kind = key->kind;
	prog->nr_insns = key->nr_insns;
	prog->insns = (struct tap_insn *)key->data;
	prog->nr_operands = key->nr_operands;
	/* A copy, because the pointers below are no part of the key */
	prog->operands = trace_tap_alloc(&prog->arena, size);
	if (!prog->operands)
		return -ENOMEM;
	data = prog->insns + key->nr_insns;
	memcpy(prog->operands, data, size);
	data += size;
	for (op = prog->operands; op < prog->operands + key->nr_operands; op++) {
		op->text = "";
		if (op->type == TAP_STR)
			op->text = data;
		else if (op->type == TAP_CPUS)
			op->mask = (unsigned long *)data;
		data += key_operand_data(op);
	}
	return 0;
}

/* -------------------------------------------------------------- compiling */

static void target_init(struct tap_target *t, bool percpu)
{
	BUILD_BUG_ON(offsetof(struct task_struct, pid) > S16_MAX);
	BUILD_BUG_ON(offsetof(struct task_struct, tgid) > S16_MAX);
	BUILD_BUG_ON(offsetof(struct task_struct, comm) > S16_MAX - TASK_COMM_LEN);

	memset(t, 0, sizeof(*t));
	trace_tap_helpers_target(t);
	t->unaligned = IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS);
	t->task_pid = offsetof(struct task_struct, pid);
	t->task_tgid = offsetof(struct task_struct, tgid);
	t->task_comm = offsetof(struct task_struct, comm);
	t->comm_len = TASK_COMM_LEN;
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
	t->percpu = percpu && bpf_jit_supports_percpu_insn();
	t->current_task = (__force unsigned long)&pcpu_hot.current_task;
	t->cpu_number = (__force unsigned long)&pcpu_hot.cpu_number;
#endif
}

/* No pointers in the tag: everybody may read it, as part of the symbol. */
static void prog_set_identity(struct bpf_prog *fp, const struct tap_key *key,
			      size_t key_len)
{
	u32 tag[2] = { jhash(key, key_len, 0), jhash(key, key_len, 1) };

	BUILD_BUG_ON(sizeof(tag) != sizeof(fp->tag));
	memcpy(fp->tag, tag, sizeof(tag));
	strscpy(fp->aux->name, key->kind == TAP_ACTION ? "trace_action" :
							 "trace_filter");
}

/* An eBPF program of the instructions of @code, not compiled yet. */
static struct bpf_prog *prog_alloc(const struct tap_code *code,
				   const struct tap_key *key, size_t key_len,
				   bool jit)
{
	struct bpf_prog *fp;

	fp = bpf_prog_alloc_no_stats(bpf_prog_size(code->nr_insns),
				     __GFP_NOWARN);
	if (!fp)
		return NULL;
	fp->len = code->nr_insns;
	memcpy(fp->insnsi, code->insns, code->nr_insns * sizeof(*fp->insnsi));
	fp->gpl_compatible = 1;
	/*
	 * A type makes the program known to kallsyms, and so to the unwinder.
	 * Without a type it counts as classic: JITs then add what protects the
	 * kernel from programs of unprivileged users.
	 */
	fp->type = key->hardened ? BPF_PROG_TYPE_UNSPEC :
				   BPF_PROG_TYPE_TRACEPOINT;
	fp->jit_requested = jit;
	fp->blinding_requested = jit && (key->hardened ||
					 bpf_jit_blinding_enabled(fp));
	fp->aux->stack_depth = code->stack;
	prog_set_identity(fp, key, key_len);
	return fp;
}

/* Lower and compile for the JIT, or, without @jit, for the interpreter. */
static struct bpf_prog *prog_compile(const struct tap_prog *prog,
				     const struct tap_key *key, size_t key_len,
				     bool jit, struct tap_code *code)
{
	struct tap_target target;
	struct bpf_prog *fp;
	int err;

	target_init(&target, jit);
	err = trace_tap_lower(prog, &target, code);
	if (err)
		return ERR_PTR(err);
	fp = prog_alloc(code, key, key_len, jit);
	if (!fp) {
		err = -ENOMEM;
		goto free_code;
	}
	fp = bpf_prog_select_runtime(fp, &err);
	/* Its other errors are none that userspace knows */
	if (err && err != -ENOMEM)
		err = -EOPNOTSUPP;
	if (!err && !fp->jited && target.percpu)
		err = -EAGAIN;
	if (!err)
		return fp;
	bpf_prog_free(fp);
free_code:
	trace_tap_code_free(code);
	return ERR_PTR(err);
}

static struct bpf_prog *key_compile(const struct tap_key *key, size_t key_len,
				    struct tap_code *code)
{
	struct tap_prog prog;
	struct bpf_prog *fp;
	int err;

	err = key_program(key, &prog);
	if (err)
		return ERR_PTR(err);
	fp = prog_compile(&prog, key, key_len, key->jit, code);
	/* The interpreter does not know the instructions for per-CPU data */
	if (fp == ERR_PTR(-EAGAIN))
		fp = prog_compile(&prog, key, key_len, false, code);
	trace_tap_arena_free(&prog.arena);
	return fp;
}

static void prog_publish(struct bpf_prog *fp, bool add)
{
	if (!fp->jited || fp->type == BPF_PROG_TYPE_UNSPEC)
		return;
	if (add)
		bpf_prog_kallsyms_add(fp);
	perf_event_ksymbol(PERF_RECORD_KSYMBOL_TYPE_BPF,
			   (unsigned long)fp->bpf_func, fp->jited_len, !add,
			   fp->aux->ksym.name);
	if (!add)
		bpf_prog_kallsyms_del(fp);
}

static void prog_free_rcu(struct rcu_head *rcu)
{
	bpf_prog_free(container_of(rcu, struct bpf_prog_aux, rcu)->prog);
}

/* Nobody runs it, but somebody who walks a stack may be looking at its symbol. */
static void prog_release(struct bpf_prog *fp)
{
	prog_publish(fp, false);
	call_rcu(&fp->aux->rcu, prog_free_rcu);
}

/* ----------------------------------------------------------------- images */

static struct trace_tap_image *image_find(const struct tap_key *key,
					  size_t key_len, u32 hash)
{
	struct trace_tap_image *image;

	hash_for_each_possible(images, image, node, hash) {
		if (image->key_len == key_len &&
		    !memcmp(image->key, key, key_len))
			return image;
	}
	return NULL;
}

/* Takes @key. */
static struct trace_tap_image *image_new(struct tap_key *key, size_t key_len,
					 u32 hash)
{
	struct trace_tap_image *image;
	struct tap_code code = {};
	struct bpf_prog *fp;

	image = kzalloc(sizeof(*image), GFP_KERNEL);
	if (!image)
		return ERR_PTR(-ENOMEM);
	fp = key_compile(key, key_len, &code);
	if (IS_ERR(fp)) {
		kfree(image);
		return ERR_CAST(fp);
	}
	image->func = fp->bpf_func;
	image->insns = fp->insnsi;
	image->needs_len = code.needs_len;
	image->common = code.common;
	image->reads_record = code.reads_record;
	image->needs_ctx = code.needs_ctx;
	image->needs_run = code.needs_run;
	image->guarded = code.guarded;
	image->scratch = code.scratch;
	image->hardened = key->hardened;
	image->early = !image_jit_ready;
	image->prog = fp;
	image->data = code.data;
	image->key = key;
	image->key_len = key_len;
	hash_add(images, &image->node, hash);

	code.data = NULL;
	trace_tap_code_free(&code);
	prog_publish(fp, true);
	return image;
}

/**
 * trace_tap_image_get - find or make the image of a program
 * @prog: the program, resolved
 * @hardened: it comes from an unprivileged user
 * @e: what is wrong if an error is returned: the verifier's, or just an errno
 *
 * May sleep; takes image_mutex.
 *
 * Return: the image, for trace_tap_image_put(), or an ERR_PTR.
 */
struct trace_tap_image *trace_tap_image_get(const struct tap_prog *prog,
					    bool hardened, struct tap_error *e)
{
	struct trace_tap_image *image;
	struct tap_key *key;
	size_t key_len;
	u32 hash;
	int err;

	err = trace_tap_verify(prog, e);
	if (err)
		return ERR_PTR(err);
	err = trace_tap_helpers_prepare(prog);
	if (err)
		goto error;

	guard(mutex)(&image_mutex);
	key = key_new(prog, hardened, &key_len);
	if (!key) {
		err = -ENOMEM;
		goto error;
	}
	hash = jhash(key, key_len, 0);
	image = image_find(key, key_len, hash);
	if (image) {
		kvfree(key);
	} else {
		image = image_new(key, key_len, hash);
		if (IS_ERR(image)) {
			kvfree(key);
			err = PTR_ERR(image);
			goto error;
		}
	}
	image->refs++;
	return image;
error:
	return ERR_PTR(trace_tap_error(e, err, TAP_ERR_NONE, 0));
}

/**
 * trace_tap_image_put - give up a program
 * @image: the program, or NULL
 *
 * May sleep; takes image_mutex. No event may be running @image on behalf of the
 * caller any more: see trace_tap_defer().
 */
void trace_tap_image_put(struct trace_tap_image *image)
{
	if (!image)
		return;
	guard(mutex)(&image_mutex);
	if (--image->refs)
		return;
	hash_del(&image->node);
	prog_release(image->prog);
	kvfree(image->data);
	kvfree(image->key);
	kfree(image);
}

/**
 * trace_tap_image_state - describe an image
 * @image: the image
 * @state: out
 *
 * May sleep; takes image_mutex.
 */
void trace_tap_image_state(const struct trace_tap_image *image,
			   struct trace_tap_state *state)
{
	guard(mutex)(&image_mutex);
	state->jited = image->prog->jited;
	state->size = state->jited ? image->prog->jited_len : image->prog->len;
	state->refs = image->refs;
}

/* --------------------------------------------------------------- deferral */

static LLIST_HEAD(deferred);

static void deferred_work(struct work_struct *work)
{
	struct trace_tap_deferred *d, *next;
	struct llist_node *list;

	list = llist_del_all(&deferred);
	if (!list)
		return;
	tracepoint_synchronize_unregister();
	llist_for_each_entry_safe(d, next, list, node)
		d->free(d);
}

static DECLARE_WORK(deferred_worker, deferred_work);

/**
 * trace_tap_defer - free something once no event can be using it
 * @d: part of what to free; no event can find it any more
 * @free: called from a worker, after a grace period of all that runs programs
 *
 * Context: any but NMI, RCU callbacks included.
 */
void trace_tap_defer(struct trace_tap_deferred *d,
		     void (*free)(struct trace_tap_deferred *d))
{
	d->free = free;
	if (llist_add(&d->node, &deferred))
		schedule_work(&deferred_worker);
}

/**
 * trace_tap_defer_flush - wait until all of that was freed
 *
 * May sleep.
 */
void trace_tap_defer_flush(void)
{
	flush_work(&deferred_worker);
}

/* ------------------------------------------------------------------- boot */

/* Compile again what was made early. If it fails it goes on as it is. */
static void __init image_recompile(struct trace_tap_image *image)
{
	struct tap_key *key = image->key;
	struct tap_code code = {};
	struct bpf_prog *fp, *old_fp = image->prog;
	void *old_data = image->data;

	image->early = false;
	hash_del(&image->node);
	key->jit = jit_wanted();
	hash_add(images, &image->node, jhash(key, image->key_len, 0));
	fp = key_compile(key, image->key_len, &code);
	if (IS_ERR(fp))
		return;
	/* Whoever runs it looks at what the image was made with */
	if (!fp->jited || code.needs_ctx > image->needs_ctx ||
	    code.needs_run > image->needs_run ||
	    code.guarded > image->guarded || code.scratch > image->scratch) {
		bpf_prog_free(fp);
		trace_tap_code_free(&code);
		return;
	}
	prog_publish(fp, true);
	image->prog = fp;
	image->data = code.data;
	code.data = NULL;
	trace_tap_code_free(&code);

	/* Compiled code ignores the instructions, so they can follow later */
	WRITE_ONCE(image->func, fp->bpf_func);
	tracepoint_synchronize_unregister();
	WRITE_ONCE(image->insns, fp->insnsi);
	/* Nobody reads the old ones for long, but somebody may right now */
	tracepoint_synchronize_unregister();
	prog_release(old_fp);
	kvfree(old_data);
}

static int __init trace_tap_boot_done(void)
{
	struct trace_tap_image *image;
	struct hlist_node *next;
	unsigned int i;

	guard(mutex)(&image_mutex);
	image_jit_ready = true;
	hash_for_each_safe(images, i, next, image, node) {
		if (image->early)
			image_recompile(image);
	}
	return 0;
}

/* After the mitigations, and after bpf_jit_charge_init() has set a limit */
core_initcall(trace_tap_boot_done);
