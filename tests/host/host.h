/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests of the pure stages of tap, in userspace.
 *
 *	host.c		main(), the list of suites, CHECK() and CASE()
 *	scope.c		an event for the tests: fields, enums, functions, CPUs
 *	record.c	records of that event, and a world to look at them in
 *	tables.c	tables, formats and what else programs of actions name
 *	eval.c		what a program means: the reference
 *	ebpf.c		what its instructions do: a strict machine
 *	compare.c	both, for each kind of machine, and whether they agree
 *	random.c	random programs
 *	test_*.c	a suite a stage
 *	fuzz_*.c	libFuzzer entry points
 *
 * A test is a row of a table. A row of bad input marks the byte that the error
 * must point to by '^' in front of it.
 */
#ifndef _TAP_HOST_H
#define _TAP_HOST_H

#include "tap.h"

/* ------------------------------------------------------------------ host.c */

bool host_check(bool ok, const char *file, int line, const char *fmt, ...)
	__printf(4, 5);

/* One fact. Evaluates to it, so that a test can stop at what is missing. */
#define CHECK(cond)	host_check(cond, __FILE__, __LINE__, "%s", #cond)

/* The same for a row of a table, which begins with its line. */
#define CASE(row, cond, fmt, ...) \
	host_check(cond, __FILE__, (row)->line, fmt, ##__VA_ARGS__)

char *host_unmark(const char *marked, unsigned int *pos);
void host_check_error(const char *file, int line, const char *text,
		      const struct tap_error *e, enum tap_error_code code,
		      unsigned int pos);
void host_each_alloc_failure(bool (*works)(const void *arg), const void *arg,
			     const char *file, int line);

/* Text printed by trace_tap_disasm(): host_print() with a struct host_text. */
struct host_text {
	char	s[1 << 17];
	size_t	len;
};

void host_print(void *arg, const char *fmt, ...) __printf(2, 3);

/**
 * struct host_rand - a source of random numbers
 * @state: seed; the same numbers in each run for the same one
 * @data: bytes of a fuzzer to take instead, or NULL
 * @left: how many
 */
struct host_rand {
	u64		state;
	const u8	*data;
	size_t		left;
};

u64 host_rand(struct host_rand *r);
unsigned int host_below(struct host_rand *r, unsigned int n);

/* ----------------------------------------------------------------- scope.c */

/**
 * struct host_field - a field of an event
 * @name: NULL ends a table
 * @decl: its declaration in the format file, for the stock engine; may be NULL
 * @type: TAP_INT to TAP_PTR, or TAP_MASK
 * @offset: bytes from the start of the record
 * @size: bytes
 * @is_signed: declared signed
 * @is_cpu: the generic field cpu
 */
struct host_field {
	const char	*name;
	const char	*decl;
	enum tap_type	type;
	u16		offset;
	u16		size;
	bool		is_signed;
	bool		is_cpu;
};

struct host_enum {
	const char	*name;
	s64		value;
};

struct host_func {
	const char	*name;
	u64		start;
	u64		span;
};

#define HOST_NR_CPUS	100

/**
 * struct host_scope - an event made from tables
 * @scope: for the stages; its event points back here
 * @fields: fields, ended by one without a name
 * @enums: enum constants, ended by one without a name, or NULL
 * @functions: functions, ended by one without a name, or NULL
 * @below: names of fields of other events below, ended by NULL, or NULL
 */
struct host_scope {
	struct tap_scope	scope;
	const struct host_field	*fields;
	const struct host_enum	*enums;
	const struct host_func	*functions;
	const char * const	*below;
};

void host_scope_init(struct host_scope *hs, const struct host_field *fields,
		     const struct host_enum *enums,
		     const struct host_func *functions);
const struct host_field *host_find_field(const struct host_field *fields,
					 const char *name);
int host_cpulist(void *event, const char *list, unsigned long *mask);

/* The event of most tests: each kind of field, and those of sched_switch. */
extern const struct host_field host_fields[];
extern const struct host_enum host_enums[];
extern const struct host_func host_functions[];

/* Bytes of its record in front of the dynamic data. */
#define HOST_STATIC_LEN	160
#define HOST_MAX_LEN	1024

const struct tap_scope *host_scope(void);

/* test_stmt.c: another event, whose fields are those of many. */
void host_board_init(struct host_scope *hs);

/* ---------------------------------------------------------------- tables.c */

/* The evaluator's, and one for each kind of machine. */
#define HOST_WORLDS	5

#define HOST_PROBE	"sys:event"	/* what the builtin probe is, as a string */

struct host_object;

/* Members of a tap_scope. */
const struct tap_shape *host_table(void *event, const char *name);
const struct tap_names *host_names(void *event, const char *name,
				   struct tap_arena *arena);
const char *host_synth(void *event, const char *name);
int host_bind(void *event, struct tap_operand *op, enum tap_prog_kind kind,
	      struct tap_error *e);

struct host_object *host_object(u64 start, enum tap_type type);
const struct tap_shape *host_object_shape(const struct host_object *o);
const char *host_object_text(const struct host_object *o);
unsigned int host_object_args(const struct host_object *o);

bool host_table_has(struct host_object *t, const void *key);
u64 host_table_get(struct host_object *t, const void *key, unsigned int nr);
const char *host_table_text(struct host_object *t, const void *key);
void host_table_put(struct host_object *t, const void *key, u64 v);
void host_table_put_text(struct host_object *t, const void *key,
			 const void *text);
void host_table_inc(struct host_object *t, const void *key, u64 by);
void host_table_agg(struct host_object *t, const void *key, unsigned int nr,
		    u64 v);
void host_table_del(struct host_object *t, const void *key);
void host_table_clear(struct host_object *t);
void host_table_zero(struct host_object *t);

/* The id of a stack is all that there is of it. */
static inline u64 host_stack(bool user, u64 frames)
{
	return 0x100 * frames + user + 1;
}

void host_forget(void);
void host_log(const char *fmt, ...) __printf(1, 2);
void host_worlds_reset(const struct tap_prog *prog);
void host_world_use(unsigned int nr);
const char *host_world_text(const struct tap_prog *prog);

/* ------------------------------------------------- record.c, eval.c, ebpf.c */

#define HOST_COMM_LEN	16

/**
 * struct host_env - what a program can look at
 * @rec: the record
 * @len: bytes of it
 * @builtins: values of the integer builtins
 * @comm: name of the current thread
 * @mask_words: longs in a CPU mask
 * @string: the string at an address that a field holds, NULL if reading it
 *	faults; @user says which kind of address it is
 * @arg: for @string
 */
struct host_env {
	const void	*rec;
	unsigned int	len;
	u64		builtins[TAP_NR_BUILTINS];
	char		comm[HOST_COMM_LEN];
	unsigned int	mask_words;
	const char	*(*string)(const struct host_env *env, u64 addr,
				   bool user);
	void		*arg;
};

/* Addresses that host_env_init()'s @string knows; all others fault. */
#define HOST_NR_STRINGS	12
#define HOST_KERNEL_STRINGS	0xffff888000001000ULL
#define HOST_USER_STRINGS	0x00007f0000001000ULL

extern const char * const host_strings[HOST_NR_STRINGS];

void host_env_init(struct host_env *env, const void *rec, unsigned int len);
void host_env_random(struct host_env *env, void *rec, struct host_rand *r);
void host_example(struct host_env *env);
unsigned int host_record(void *rec, struct host_rand *r);
void host_put_int(void *rec, const char *field, u64 value);
void host_put_array(void *rec, const char *field, const char *s);
unsigned int host_put_dynamic(void *rec, unsigned int len, const char *field,
			      const void *data, unsigned int size);

int host_eval(const struct tap_prog *prog, const struct host_env *env,
	      s64 *result);

/* Machines that code is lowered for and run on: bits of @variant. */
#define HOST_PERCPU	1
#define HOST_UNALIGNED	2
#define HOST_VARIANTS	4

void host_target_init(struct tap_target *t, unsigned int variant);
int host_ebpf(const struct tap_code *code, const struct tap_target *t,
	      const struct host_env *env, u32 *result);

/* Why the last host_ebpf() or host_agree() failed. */
extern char host_why[256];

/* --------------------------------------------------------------- compare.c */

/* What can be said about a program after looking at it in every way. */
enum host_verdict {
	HOST_OK,
	HOST_REJECTED,		/* verify() did not accept it, or it is too large */
	HOST_WRONG,		/* a stage is wrong; host_why says why */
};

enum host_verdict host_agree(const struct tap_prog *prog,
			     const struct host_env *env);
enum host_verdict host_agree_random(const struct tap_prog *prog,
				    struct host_rand *r, unsigned int records);
void host_check_expr(const char *file, int line, const char *text,
		     bool stock_only, bool holds);
bool host_same_prog(const struct tap_prog *a, const struct tap_prog *b);
void host_dump(const struct tap_prog *prog);

/* --------------------------------------------- random.c, random_action.c */

struct tap_prog *host_random_prog(struct host_rand *r, bool wild);
void host_random_group(struct tap_prog *prog, struct host_rand *r);
u16 host_wild_operand(struct tap_prog *prog, struct host_rand *r);

/* ------------------------------------------------------------------ suites */

#define HOST_SUITES(X)							\
	X(arena) X(opcode) X(shape) X(format) X(asm) X(disasm) X(resolve) \
	X(stock) X(expr) X(stmt) X(stmt_bad) X(gen) X(verify) X(split)	\
	X(match) X(lower) X(property) X(enum) X(show)

#define X(name) void test_##name(void);
HOST_SUITES(X)
#undef X

#endif /* _TAP_HOST_H */
