// SPDX-License-Identifier: GPL-2.0
/*
 * A strict machine for lowered programs.
 *
 * In: instructions, and what a program can look at. Out: what they return, or
 * that they did something no lowered program may do: read a register that was
 * never written, touch memory that is not the record's, the task's, the
 * program's own, divide by zero, shift too far, jump backward but to count, jump
 * out of the program, use an instruction that some JIT does not have, or a
 * context that it denies. Real machines let all that pass, now and then.
 *
 * What helpers do is in ebpf_call.c.
 */
#include "ebpf.h"
#include <stdarg.h>

char host_why[256];

int host_fault(struct machine *m, const char *fmt, ...)
{
	size_t n = snprintf(host_why, sizeof(host_why), "ebpf %u: ", m->pc);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(host_why + n, sizeof(host_why) - n, fmt, ap);
	va_end(ap);
	return -1;
}

/* ------------------------------------------------------- before it is run */

static bool is_imm64(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static int check_alu(struct machine *m, const struct bpf_insn *insn)
{
	bool wide = BPF_CLASS(insn->code) == BPF_ALU64;
	bool is_reg = BPF_SRC(insn->code) == BPF_X;
	unsigned int op = BPF_OP(insn->code);

	if (insn->dst_reg >= BPF_REG_10)
		return host_fault(m, "writes r%u", insn->dst_reg);
	if (op == BPF_END) {
		if (wide || insn->off || insn->src_reg ||
		    (insn->imm != 16 && insn->imm != 32 && insn->imm != 64))
			return host_fault(m, "byte swap of v4");
		return 0;
	}
	if (op > BPF_ARSH || (op == BPF_NEG && is_reg))
		return host_fault(m, "bad ALU opcode %#x", insn->code);
	if (insn->off) {
		if (op != BPF_MOV || !wide || !is_reg ||
		    insn->off != BPF_ADDR_PERCPU || !m->target->percpu)
			return host_fault(m, "ALU with an offset, v4");
	}
	/* imm 1: the zero extension that BPF_ZEXT_REG() is */
	if (is_reg && insn->imm && !(op == BPF_MOV && !wide && insn->imm == 1))
		return host_fault(m, "ALU with register and constant");
	if (!is_reg && insn->src_reg)
		return host_fault(m, "ALU with constant and register");
	if (!is_reg && (op == BPF_DIV || op == BPF_MOD) && !insn->imm)
		return host_fault(m, "division by constant 0");
	if (!is_reg && (op == BPF_LSH || op == BPF_RSH || op == BPF_ARSH) &&
	    (u32)insn->imm >= (wide ? 64 : 32))
		return host_fault(m, "shift by constant %d", insn->imm);
	return 0;
}

static int check_jump(struct machine *m, const struct bpf_insn *insn)
{
	bool is_reg = BPF_SRC(insn->code) == BPF_X;
	unsigned int op = BPF_OP(insn->code);
	bool wide = BPF_CLASS(insn->code) == BPF_JMP;
	unsigned int i, target = m->pc + 1 + insn->off;
	u16 regs = insn->dst_reg | insn->src_reg;

	if (op == BPF_CALL || op == BPF_EXIT) {
		if (!wide || is_reg || regs || insn->off ||
		    (op == BPF_EXIT && insn->imm))
			return host_fault(m, "bad call or exit");
		return 0;
	}
	if (op > BPF_JSLE || (op == BPF_JA && (!wide || is_reg || regs ||
					       insn->imm)))
		return host_fault(m, "bad jump opcode %#x", insn->code);
	if (is_reg ? insn->imm : insn->src_reg)
		return host_fault(m, "jump with register and constant");
	if (insn->off < 0 && (insn->code != (BPF_JMP | BPF_JNE | BPF_K) ||
			      insn->imm))
		return host_fault(m, "jumps backward");
	if (target >= m->code->nr_insns)
		return host_fault(m, "jumps to %u of %u", target,
				  m->code->nr_insns);
	for (i = insn->off < 0 ? 0 : m->pc + 1; i < target; i++) {
		if (is_imm64(&m->code->insns[i]) && ++i == target)
			return host_fault(m, "jumps into a load of 64 bits");
	}
	return 0;
}

static int check_insn(struct machine *m, const struct bpf_insn *insn)
{
	if (insn->dst_reg > BPF_REG_10 || insn->src_reg > BPF_REG_10)
		return host_fault(m, "no such register");
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return check_alu(m, insn);
	case BPF_JMP:
	case BPF_JMP32:
		return check_jump(m, insn);
	case BPF_LDX:
		if (BPF_MODE(insn->code) != BPF_MEM || insn->imm ||
		    insn->dst_reg == BPF_REG_10)
			return host_fault(m, "bad load %#x", insn->code);
		return 0;
	case BPF_STX:
	case BPF_ST:
		if (BPF_MODE(insn->code) != BPF_MEM ||
		    (BPF_CLASS(insn->code) == BPF_STX ? insn->imm :
							insn->src_reg))
			return host_fault(m, "bad store %#x", insn->code);
		return 0;
	default:
		if (!is_imm64(insn) || insn->src_reg || insn->off ||
		    insn->dst_reg == BPF_REG_10 ||
		    m->pc + 1 >= m->code->nr_insns)
			return host_fault(m, "bad opcode %#x", insn->code);
		if (insn[1].code || insn[1].dst_reg || insn[1].src_reg ||
		    insn[1].off)
			return host_fault(m, "bad second half");
		m->pc++;
		return 0;
	}
}

static int check_code(struct machine *m)
{
	const struct bpf_insn *last;

	if (!m->code->nr_insns || m->code->stack > MAX_BPF_STACK ||
	    m->code->scratch > TAP_SCRATCH)
		return host_fault(m, "%u instructions, %u bytes of stack",
			     m->code->nr_insns, m->code->stack);
	for (m->pc = 0; m->pc < m->code->nr_insns; m->pc++) {
		if (check_insn(m, &m->code->insns[m->pc]))
			return -1;
	}
	last = &m->code->insns[m->code->nr_insns - 1];
	if (last->code != (BPF_JMP | BPF_EXIT) &&
	    last->code != (BPF_JMP | BPF_JA))
		return host_fault(m, "runs past its end");
	return 0;
}

/* ------------------------------------------------------------------ memory */

/* The region of some bytes, or NULL. Beware of what memory lies beside. */
const struct region *host_region(struct machine *m, u64 addr, u64 size)
{
	const struct region *r;
	u64 offset;

	for (r = m->regions; r < m->regions + NR_REGIONS; r++) {
		offset = addr - (uintptr_t)r->base;
		if (r->base && offset <= r->size && size <= r->size - offset)
			return r;
	}
	return NULL;
}

static int check_access(struct machine *m, u64 addr, unsigned int size,
			bool write)
{
	const struct region *r = host_region(m, addr, size);
	u64 offset;

	if (!r || (write && !r->writable))
		return host_fault(m, "%s %u bytes at %#llx",
			     write ? "writes" : "reads", size,
			     (unsigned long long)addr);
	offset = addr - (uintptr_t)r->base;
	if (!m->target->unaligned && addr % size)
		return host_fault(m, "not aligned: %u bytes at %s + %llu", size,
			     r == m->regions ? "record" : "memory",
			     (unsigned long long)offset);
	if (r == &m->regions[REGION_RECORD]) {
		if (!m->code->reads_record)
			return host_fault(m, "reads the record, and denies it");
		if (offset < 8 && m->code->common < (offset >= 4 ?
						     TAP_COMMON_PID :
						     TAP_COMMON_ALL))
			return host_fault(m, "reads the header, and denies it");
	}
	if (r == &m->regions[REGION_CTX] &&
	    offset == offsetof(struct tap_ctx, len) && !m->code->needs_len)
		return host_fault(m, "reads the length, and denies it");
	if (r == &m->regions[REGION_CTX] &&
	    offset == offsetof(struct tap_ctx, scratch) && !m->code->scratch)
		return host_fault(m, "uses the scratch, and denies it");
	return 0;
}

/**
 * host_own - the program's own memory is read or written
 * @m: the machine
 * @addr: where
 * @size: bytes
 * @write: it is written: it has a value from then on
 *
 * What was never written on the stack or in the scratch has no value.
 *
 * Return: 0, or -1 and the reason in host_why. Other memory is no error.
 */
int host_own(struct machine *m, u64 addr, unsigned int size, bool write)
{
	const struct region *r = host_region(m, addr, size);
	bool *set;
	unsigned int i;

	if (!r)
		return 0;
	if (r == &m->regions[REGION_STACK])
		set = m->stack_set + (addr - (uintptr_t)m->stack);
	else if (r == &m->regions[REGION_SCRATCH])
		set = m->scratch_set + (addr - (uintptr_t)m->scratch);
	else
		return 0;
	for (i = 0; i < size; i++) {
		if (write)
			set[i] = true;
		else if (!set[i])
			return host_fault(m, "reads memory that was never written");
	}
	return 0;
}

static unsigned int access_size(const struct bpf_insn *insn)
{
	switch (BPF_SIZE(insn->code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

static int load(struct machine *m, const struct bpf_insn *insn)
{
	u64 addr = m->regs[insn->src_reg] + insn->off, value = 0;
	unsigned int size = access_size(insn);

	if (check_access(m, addr, size, false) ||
	    host_own(m, addr, size, false))
		return -1;
	memcpy(&value, (void *)(uintptr_t)addr, size);
	m->regs[insn->dst_reg] = value;
	m->set |= BIT(insn->dst_reg);
	return 0;
}

static int store(struct machine *m, const struct bpf_insn *insn, u64 value)
{
	u64 addr = m->regs[insn->dst_reg] + insn->off;
	unsigned int size = access_size(insn);

	if (check_access(m, addr, size, true) ||
	    host_own(m, addr, size, true))
		return -1;
	memcpy((void *)(uintptr_t)addr, &value, size);
	return 0;
}

/* --------------------------------------------------------------- arithmetic */

static int alu64(struct machine *m, unsigned int op, u64 *d, u64 v)
{
	switch (op) {
	case BPF_ADD:
		*d += v;
		return 0;
	case BPF_SUB:
		*d -= v;
		return 0;
	case BPF_MUL:
		*d *= v;
		return 0;
	case BPF_DIV:
	case BPF_MOD:
		if (!v)
			return host_fault(m, "divides by 0");
		*d = op == BPF_DIV ? *d / v : *d % v;
		return 0;
	case BPF_OR:
		*d |= v;
		return 0;
	case BPF_AND:
		*d &= v;
		return 0;
	case BPF_XOR:
		*d ^= v;
		return 0;
	case BPF_NEG:
		*d = 0 - *d;
		return 0;
	case BPF_MOV:
		*d = v;
		return 0;
	}
	if (v >= 64)
		return host_fault(m, "shifts by %llu", (unsigned long long)v);
	if (op == BPF_LSH)
		*d <<= v;
	else if (op == BPF_RSH)
		*d >>= v;
	else
		*d = (s64)*d >> v;
	return 0;
}

static int alu32(struct machine *m, unsigned int op, u64 *d, u32 v)
{
	u64 wide = (u32)*d;

	if (op == BPF_LSH || op == BPF_RSH || op == BPF_ARSH) {
		if (v >= 32)
			return host_fault(m, "shifts 32 bits by %u", v);
		if (op == BPF_ARSH)
			wide = (s64)(s32)*d;
	}
	if (alu64(m, op, &wide, v))
		return -1;
	*d = (u32)wide;
	return 0;
}

/* To little endian or to big endian, on a host that is little endian. */
static u64 swap_bytes(const struct bpf_insn *insn, u64 d)
{
	bool big = BPF_SRC(insn->code) == BPF_TO_BE;

	switch (insn->imm) {
	case 16:
		return big ? swab16((u16)d) : (u16)d;
	case 32:
		return big ? swab32((u32)d) : (u32)d;
	default:
		return big ? swab64(d) : d;
	}
}

int host_need(struct machine *m, unsigned int reg)
{
	if (m->set & BIT(reg))
		return 0;
	return host_fault(m, "r%u was never written", reg);
}

static int alu(struct machine *m, const struct bpf_insn *insn)
{
	bool is_reg = BPF_SRC(insn->code) == BPF_X;
	unsigned int op = BPF_OP(insn->code);
	u64 *d = &m->regs[insn->dst_reg];
	u64 v = is_reg ? m->regs[insn->src_reg] : (u64)(s64)insn->imm;

	if (op != BPF_MOV && host_need(m, insn->dst_reg))
		return -1;
	m->set |= BIT(insn->dst_reg);
	if (op == BPF_END) {
		*d = swap_bytes(insn, *d);
		return 0;
	}
	if (is_reg && host_need(m, insn->src_reg))
		return -1;
	if (insn->off == BPF_ADDR_PERCPU)
		v += (uintptr_t)m->regions[REGION_PERCPU].base;
	if (BPF_CLASS(insn->code) == BPF_ALU64)
		return alu64(m, op, d, v);
	return alu32(m, op, d, v);
}

static bool compare(unsigned int op, u64 d, u64 v)
{
	s64 sd = d, sv = v;

	switch (op) {
	case BPF_JEQ:
		return d == v;
	case BPF_JNE:
		return d != v;
	case BPF_JGT:
		return d > v;
	case BPF_JGE:
		return d >= v;
	case BPF_JLT:
		return d < v;
	case BPF_JLE:
		return d <= v;
	case BPF_JSET:
		return d & v;
	case BPF_JSGT:
		return sd > sv;
	case BPF_JSGE:
		return sd >= sv;
	case BPF_JSLT:
		return sd < sv;
	case BPF_JSLE:
		return sd <= sv;
	default:
		return true;	/* BPF_JA */
	}
}

static int jump(struct machine *m, const struct bpf_insn *insn)
{
	bool is_reg = BPF_SRC(insn->code) == BPF_X;
	u64 d = m->regs[insn->dst_reg];
	u64 v = is_reg ? m->regs[insn->src_reg] : (u64)(s64)insn->imm;

	if (BPF_OP(insn->code) != BPF_JA &&
	    (host_need(m, insn->dst_reg) || (is_reg && host_need(m, insn->src_reg))))
		return -1;
	if (BPF_CLASS(insn->code) == BPF_JMP32) {
		d = (s64)(s32)d;
		v = (s64)(s32)v;
		/* The extension keeps the order, signed and unsigned. */
		if (BPF_OP(insn->code) == BPF_JSET)
			d = (u32)d;
	}
	if (compare(BPF_OP(insn->code), d, v))
		m->pc += insn->off;
	return 0;
}

/* ------------------------------------------------------------------- a run */

static int step(struct machine *m)
{
	const struct bpf_insn *insn = &m->code->insns[m->pc];
	u64 high;

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return alu(m, insn);
	case BPF_JMP:
		if (BPF_OP(insn->code) == BPF_CALL)
			return host_call(m, insn);
		return jump(m, insn);
	case BPF_JMP32:
		return jump(m, insn);
	case BPF_LDX:
		return host_need(m, insn->src_reg) ? -1 : load(m, insn);
	case BPF_STX:
		if (host_need(m, insn->dst_reg) || host_need(m, insn->src_reg))
			return -1;
		return store(m, insn, m->regs[insn->src_reg]);
	case BPF_ST:
		if (host_need(m, insn->dst_reg))
			return -1;
		return store(m, insn, (s64)insn->imm);
	default:
		high = (u32)insn[1].imm;
		m->regs[insn->dst_reg] = high << 32 | (u32)insn->imm;
		m->set |= BIT(insn->dst_reg);
		m->pc++;
		return 0;
	}
}

static int run(struct machine *m, u32 *result)
{
	unsigned int steps;

	m->regs[10] = (uintptr_t)m->stack + MAX_BPF_STACK;
	m->set = BIT(10);
	if (m->code->needs_ctx) {
		m->regs[1] = (uintptr_t)&m->ctx;
		m->set |= BIT(1);
	}
	m->pc = 0;
	for (steps = 0; steps <= MAX_STEPS; steps++) {
		if (m->pc >= m->code->nr_insns)
			return host_fault(m, "runs past its end");
		if (m->code->insns[m->pc].code == (BPF_JMP | BPF_EXIT)) {
			if (host_need(m, 0))
				return -1;
			*result = m->regs[0];	/* bpf_func returns 32 bits */
			return 0;
		}
		if (step(m))
			return -1;
		m->pc++;
	}
	return host_fault(m, "too many steps");
}

/* A fake struct task_struct, and the per-CPU area that points to it. */
static void set_up_task(const struct host_env *env, u8 *task, u8 *percpu)
{
	u32 pid = env->builtins[TAP_BUILTIN_PID];
	u32 tgid = env->builtins[TAP_BUILTIN_TGID];
	u32 cpu = env->builtins[TAP_BUILTIN_CPU];

	memset(task, 0x5a, TASK_SIZE);
	memset(percpu, 0xa5, PERCPU_SIZE);
	memcpy(task + TASK_PID, &pid, 4);
	memcpy(task + TASK_TGID, &tgid, 4);
	memcpy(task + TASK_COMM, env->comm, HOST_COMM_LEN);
	memcpy(percpu + PERCPU_TASK, &task, sizeof(task));
	memcpy(percpu + PERCPU_CPU, &cpu, 4);
}

static void set_region(struct machine *m, unsigned int i, const void *base,
		       size_t size)
{
	m->regions[i].base = base;
	m->regions[i].size = size;
}

/**
 * host_target_init - describe one of the machines
 * @t: filled in
 * @variant: HOST_PERCPU | HOST_UNALIGNED
 */
void host_target_init(struct tap_target *t, unsigned int variant)
{
	unsigned int i;

	*t = (struct tap_target){
		.unaligned = variant & HOST_UNALIGNED,
		.percpu = variant & HOST_PERCPU,
		.current_task = PERCPU_TASK,
		.cpu_number = PERCPU_CPU,
		.task_pid = TASK_PID,
		.task_tgid = TASK_TGID,
		.task_comm = TASK_COMM,
		.comm_len = HOST_COMM_LEN,
	};
	for (i = 0; i < TAP_NR_HELPERS; i++)
		t->helper[i] = HELPER_BASE + 16 * i;
}

/**
 * host_ebpf - run lowered code
 * @code: the code
 * @t: the machine that it was lowered for
 * @env: what it looks at; a record of NULL is for code that reads none
 * @result: what it returns
 *
 * Return: 0, or -1 and the reason in host_why.
 */
int host_ebpf(const struct tap_code *code, const struct tap_target *t,
	      const struct host_env *env, u32 *result)
{
	struct machine m = { .code = code, .target = t, .env = env };
	u8 *task = malloc(TASK_SIZE), *percpu = malloc(PERCPU_SIZE);
	/* A record of its very size, and at an odd place if that is allowed. */
	unsigned int shift = t->unaligned ? 4 : 0;
	u8 *rec = malloc(env->len + shift + 1), *scratch = NULL;
	int ret;

	set_up_task(env, task, percpu);
	if (env->rec) {
		rec = realloc(rec, env->len + shift);
		memcpy(rec + shift, env->rec, env->len);
		m.ctx.rec = rec + shift;
		m.ctx.len = env->len;
	}
	set_region(&m, REGION_RECORD, m.ctx.rec, m.ctx.len);
	set_region(&m, REGION_CTX, &m.ctx, sizeof(m.ctx));
	set_region(&m, REGION_STACK, m.stack + MAX_BPF_STACK - code->stack,
		   code->stack);
	m.regions[REGION_STACK].writable = true;
	if (code->scratch) {
		scratch = malloc(code->scratch);
		m.scratch = scratch;
		m.ctx.scratch = scratch;
		set_region(&m, REGION_SCRATCH, scratch, code->scratch);
		m.regions[REGION_SCRATCH].writable = true;
	}
	set_region(&m, REGION_DATA, code->data, code->data_len);
	set_region(&m, REGION_TASK, task, TASK_SIZE);
	if (t->percpu)
		set_region(&m, REGION_PERCPU, percpu, PERCPU_SIZE);
	ret = check_code(&m);
	if (!ret)
		ret = run(&m, result);
	free(task);
	free(percpu);
	free(rec);
	free(scratch);
	return ret;
}
