/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap: from the text of an event filter or action to eBPF instructions.
 *
 *	'prev_prio < 10'                    "tap 1 filter ... end"
 *	      |                                      |
 *	      | stock.c, stock_pred.c                | asm.c
 *	      |    the language filters always had   |
 *	      | lex.c, parse.c, type*.c  the rest    | resolve.c  names -> fields
 *	      | stmt.c, stmt_type.c    actions       |
 *	      v                                      |
 *	struct tap_expr, struct tap_stmt             |
 *	      | gen.c, gen_key.c, stmt_gen.c         |
 *	      v                                      v
 *	      +---------- struct tap_prog -----------+ <-> disasm.c
 *	                        | verify.c  sound, or an error
 *	                        | split.c   what can be decided without a record
 *	                        | lower.c   instructions, lower_*.c
 *	                        v
 *	                 struct tap_code (eBPF)
 *
 * All of this is pure: text and a description of the event in, instructions
 * out; no locks, no kernel state. It may sleep in allocations. The sections
 * below follow the order of the picture. Allocation, JIT, sharing and the life
 * of a program are prog.c's, see prog.h.
 *
 * The ideas are in Documentation/trace/tap-design.rst, the instructions in
 * include/trace/tap_bytecode.h.
 */
#ifndef _TRACE_TAP_H
#define _TRACE_TAP_H

#include "compat.h"
#include "err.h"
#include "shape.h"
#include <trace/tap_bytecode.h>

/* ---------------------------------------------------------------- arena.c */

/**
 * struct tap_arena - memory of one translation, freed at once
 * @chunks: list of chunks, newest first
 * @failed: an allocation failed; the caller checks once, at the end of a stage
 */
struct tap_arena {
	struct tap_chunk	*chunks;
	bool			failed;
};

void *trace_tap_alloc(struct tap_arena *arena, size_t size);
char *trace_tap_strndup(struct tap_arena *arena, const char *s, size_t len);
void trace_tap_arena_free(struct tap_arena *arena);

/* ------------------------------------------------------- scope: the event */

enum tap_prog_kind {
	TAP_FILTER,
	TAP_ACTION,
};

/**
 * enum tap_type - what a named operand is
 * @TAP_INT: integer of 1, 2, 4 or 8 bytes in the record, or an integer builtin;
 *	a field of another type but of such a size can be loaded as well
 * @TAP_ODD: a field of any other size: stock compares it, always false
 * @TAP_ARRAY: char array of fixed size in the record; if the size is 0, all
 *	from there to the end of the record
 * @TAP_LOC: __data_loc string: offset from the record, length in the high half
 * @TAP_REL: __rel_loc string: offset from behind the field
 * @TAP_PTR: pointer to a kernel string
 * @TAP_USER: pointer to a user string (field.ustring)
 * @TAP_COMM: the current thread's name
 * @TAP_PROBE: the event's name; in a key of form TAP_FORM_PROBE its number
 * @TAP_MASK: __data_loc cpumask
 * @TAP_FUNC: a kernel function, by name
 * @TAP_STR: a string constant
 * @TAP_CPUS: a constant list of CPUs
 * @TAP_TABLE: a table
 * @TAP_FORMAT: format of a printf
 * @TAP_SYNTH: synthetic event, by name
 * @TAP_NAMES: the names of a field's values
 */
enum tap_type {
	TAP_INT,
	TAP_ODD,
	TAP_ARRAY,
	TAP_LOC,
	TAP_REL,
	TAP_PTR,
	TAP_USER,
	TAP_COMM,
	TAP_PROBE,
	TAP_MASK,
	TAP_FUNC,
	TAP_STR,
	TAP_CPUS,
	TAP_TABLE,
	TAP_FORMAT,
	TAP_SYNTH,
	TAP_NAMES,
};

/**
 * struct tap_operand - a named operand of a program
 * @type: what it is; decided by the scope, or by the assembler for constants
 * @is_signed: TAP_INT: declared signed
 * @is_builtin: a builtin, @builtin says which; else a field of the record
 * @builtin: enum tap_builtin, if @is_builtin
 * @offset: bytes from the start of the record
 * @size: bytes in the record; for constants the length of @text
 * @text: name of the field, builtin, function, table or event, or the constant;
 *	NUL terminated, lives as long as the program
 * @start: TAP_FUNC: first address of the function; TAP_TABLE, TAP_FORMAT,
 *	TAP_SYNTH and TAP_NAMES: address of what the kernel has for it, from
 *	tap_scope.bind
 * @span: TAP_FUNC: bytes of the function; TAP_CPUS: longs in @mask
 * @mask: TAP_CPUS: the CPUs
 * @shape: TAP_TABLE: what the program says it is; from tap_scope.bind on what it
 *	really is, whose strings may be longer
 * @format: TAP_FORMAT: parsed
 */
struct tap_operand {
	enum tap_type	type;
	bool		is_signed;
	bool		is_builtin;
	u8		builtin;
	u16		offset;
	u16		size;
	const char	*text;
	u64		start;
	u64		span;
	unsigned long	*mask;
	struct tap_shape	*shape;
	struct tap_format	*format;
};

/**
 * struct tap_field - what the scope says of a field
 * @type: TAP_INT to TAP_PTR, or TAP_MASK
 * @is_cpu: the generic field cpu: the current CPU, no place in the record
 * @no_cpus: takes no CPUS{} in the stock language: stacktrace, and the
 *	addresses of the function tracers
 * @is_signed: declared signed
 * @offset: bytes from the start of the record
 * @size: bytes
 */
struct tap_field {
	enum tap_type	type;
	bool		is_cpu;
	bool		no_cpus;
	bool		is_signed;
	u16		offset;
	u16		size;
};

/**
 * struct tap_scope - the event that a program is for, and what names mean
 * @event: passed to the functions below
 * @is_function: the event is ftrace:function, whose only predicate is on ip
 * @is_trigger: the condition of a trigger: a field on the right of a comparison
 *	is written args.NAME there, because a bare word in that place has always
 *	been refused, and the kernel's own selftests rely on it
 * @user_pointers: pointers of the event are the user's, as in those of system
 *	calls and uprobes: what str() reads
 * @nr_cpus: nr_cpu_ids
 * @mask_words: longs in a CPU mask
 * @field: look up a field as trace_find_event_field() does: the event's own,
 *	then the generic and the common ones; false if there is none
 * @field_below: the name is a field of some event that the same write also
 *	goes to, so it never means a builtin; may be NULL
 * @enum_value: value of an enum constant of the event's system; false if
 *	unknown
 * @function: start and size of the function called @name, or, if @name is
 *	NULL, of the one around *@start; false if there is none
 * @cpulist: parse a list of CPUs into @mask, 0 or a negative errno
 * @field_nr: name of the event's own field number @nr, from 0, or NULL
 * @table: shape of the table @name if it exists, else NULL; may be NULL, then
 *	there are no tables
 * @names: names of the values of field @name, into @arena, or NULL
 * @synth: the types of the fields of the synthetic event @name: 'i' or 's' for
 *	each, or NULL if there is none
 * @bind: a TAP_TABLE, TAP_FORMAT, TAP_SYNTH or TAP_NAMES gets its @start; makes
 *	the table if it does not exist and the program is an action. 0 or a
 *	negative errno, @e with code and err set
 */
struct tap_scope {
	void		*event;
	bool		is_function;
	bool		is_trigger;
	bool		user_pointers;
	unsigned int	nr_cpus;
	unsigned int	mask_words;
	bool (*field)(void *event, const char *name, struct tap_field *field);
	bool (*field_below)(void *event, const char *name);
	bool (*enum_value)(void *event, const char *name, s64 *value);
	bool (*function)(void *event, const char *name, u64 *start, u64 *span);
	int (*cpulist)(void *event, const char *list, unsigned long *mask);
	const char *(*field_nr)(void *event, unsigned int nr);
	const struct tap_shape *(*table)(void *event, const char *name);
	const struct tap_names *(*names)(void *event, const char *name,
					 struct tap_arena *arena);
	const char *(*synth)(void *event, const char *name);
	int (*bind)(void *event, struct tap_operand *op,
		    enum tap_prog_kind kind, struct tap_error *e);
};

/* ------------------------------------------------------------------ lex.c */

enum tap_token_kind {
	TAP_TOK_END,
	TAP_TOK_BAD,		/* no token: the lexer's error says why */
	TAP_TOK_NUMBER,
	TAP_TOK_NAME,		/* prev_comm, args.pid */
	TAP_TOK_STRING,		/* 'x' or "x" */
	TAP_TOK_CPUS,		/* CPUS{0-3}: the list is the text */
	TAP_TOK_TABLE,		/* @us, @: the name is the text */
	TAP_TOK_OP,		/* operator or punctuation: op */
};

/**
 * struct tap_token - one token
 * @kind: what it is
 * @op: TAP_TOK_OP: its characters, first in the low byte: '<', '<' | '=' << 8
 * @pos: offset of its first byte in the text
 * @len: bytes of @text
 * @text: its text, without quotes; not NUL terminated
 * @value: TAP_TOK_NUMBER: the value
 */
struct tap_token {
	enum tap_token_kind	kind;
	u16			op;
	unsigned int		pos;
	unsigned int		len;
	const char		*text;
	u64			value;
};

#define TAP_OP2(a, b)	((a) | (b) << 8)

struct tap_token *trace_tap_lex(struct tap_arena *arena, const char *text,
				struct tap_error *e);

/* --------------------------------------------- parse.c, type.c and stock.c */

/**
 * enum tap_node_kind - nodes of an expression; a and b are its operands
 * @TAP_N_CONST: value
 * @TAP_N_NAME: a name; typed: operand, or a constant; op is not 0 if a pointer
 *	is the string behind it
 * @TAP_N_STRING: text
 * @TAP_N_ARITH: a op b, op an enum tap_opcode of class ALU
 * @TAP_N_CMP: a op b, op one of JEQ to JUGE
 * @TAP_N_TEST: a & b is not 0, where a condition is asked for
 * @TAP_N_AND: all of the list at a
 * @TAP_N_OR: any of the list at a
 * @TAP_N_NOT: !a
 * @TAP_N_IN: a is in the list at b: of TAP_N_RANGE, or, typed, for strings,
 *	of TAP_N_STRREL; op is the enum tap_relation of its strings
 * @TAP_N_BITS: a is the number of a bit that is set in the mask of b
 * @TAP_N_RANGE: element of such a list: from a to b, b NULL for one value
 * @TAP_N_CPUS: the list of a CPUS{}
 * @TAP_N_STRREL: a relation text, op an enum tap_relation
 * @TAP_N_PAIR: a relation b, both names of strings, op TAP_REL_EQ or TAP_REL_NE
 * @TAP_N_CPUREL: a relation CPUs, op an enum tap_relation
 * @TAP_N_FUNC: a is an address in function b
 * @TAP_N_TABLE: value @value of the entry of table @operand whose key is the list
 *	at a; text is its name
 * @TAP_N_HAS: such an entry exists
 * @TAP_N_CALL: name(list at a), text is the name: str, kstr, ustr, ksym, hex,
 *	syscall_name, enum, kstack, ustack; typed: op is an enum tap_source, value
 *	the bytes or frames it takes, or op is TAP_NR_SOURCES for a number shown in
 *	the form @form, whose names are operand's. As a statement assigns it,
 *	count, sum and so on: op is an enum tap_value_kind
 * @TAP_N_IP: ftrace:function: ip op text; op is TAP_OP_JEQ or TAP_OP_JNE, or
 *	TAP_OP_JMP for an operator that function filters do not take
 */
enum tap_node_kind {
	TAP_N_CONST,
	TAP_N_NAME,
	TAP_N_STRING,
	TAP_N_ARITH,
	TAP_N_CMP,
	TAP_N_TEST,
	TAP_N_AND,
	TAP_N_OR,
	TAP_N_NOT,
	TAP_N_IN,
	TAP_N_BITS,
	TAP_N_RANGE,
	TAP_N_CPUS,
	TAP_N_STRREL,
	TAP_N_PAIR,
	TAP_N_CPUREL,
	TAP_N_FUNC,
	TAP_N_TABLE,
	TAP_N_HAS,
	TAP_N_CALL,
	TAP_N_IP,
};

/**
 * struct tap_node - node of an expression
 * @kind: see there
 * @op: see the kind
 * @height: levels of nodes below; at most TAP_MAX_DEPTH
 * @is_u64: type.c: unsigned 64-bit, compares as such
 * @in_parens: stood in parentheses
 * @form: TAP_N_CALL: enum tap_form, how a table shows the number
 * @pos: offset of its first byte in the text
 * @len: bytes of @text
 * @text: TAP_N_NAME, TAP_N_STRING: NUL terminated
 * @value: TAP_N_CONST
 * @a: first operand
 * @b: second operand
 * @next: next element of a list
 * @operand: type.c and stock.c: what a name stands for
 */
struct tap_node {
	enum tap_node_kind	kind;
	u8			op;
	u8			height;
	bool			is_u64;
	bool			in_parens;
	u8			form;
	unsigned int		pos;
	unsigned int		len;
	const char		*text;
	s64			value;
	struct tap_node		*a;
	struct tap_node		*b;
	struct tap_node		*next;
	struct tap_operand	*operand;
};

/**
 * struct tap_pred - one predicate of a filter in the stock language
 * @node: the predicate
 * @when: where to branch: the verdict of @node for which to go to @target
 * @target: index of a later predicate; nr_preds is true, nr_preds + 1 false
 *
 * The stock language nests without limit, so its boolean structure is a list of
 * branches from the start and no tree: nothing recurses over it.
 */
struct tap_pred {
	struct tap_node		*node;
	bool			when;
	unsigned int		target;
};

/**
 * struct tap_expr - a translated condition
 * @arena: memory of all below
 * @preds: the stock language: predicates and branches, or NULL
 * @nr_preds: entries in @preds
 * @root: the extended language: a typed tree, or NULL
 */
struct tap_expr {
	struct tap_arena	arena;
	struct tap_pred		*preds;
	unsigned int		nr_preds;
	struct tap_node		*root;
};

/* Depth of nesting that the recursive stages accept; bounds their stack. */
#define TAP_MAX_DEPTH	16

int trace_tap_stock(struct tap_expr *x, const char *text,
		    const struct tap_scope *scope, struct tap_error *e);
int trace_tap_stock_pred(struct tap_expr *x, const char *text, const char *str,
			 const struct tap_scope *scope,
			 struct tap_node **nodep, struct tap_error *e);
struct tap_node *trace_tap_parse(struct tap_arena *arena,
				 const struct tap_token *tokens,
				 bool *is_extended, struct tap_error *e);
int trace_tap_type(struct tap_arena *arena, struct tap_node *root,
		   const struct tap_scope *scope, bool *is_extended,
		   struct tap_error *e);
bool trace_tap_mentions(const struct tap_node *node, const char *table);
s64 trace_tap_alu(u8 op, s64 a, s64 b);
s64 trace_tap_cut(unsigned int size, bool is_signed, u64 value);

/* ------------------------------------------- struct tap_prog and its stages */

/* Operands of an opcode row. */
#define TAP_MAX_OPERANDS	4

/**
 * struct tap_insn - one instruction, see tap_bytecode.h
 * @op: enum tap_opcode
 * @reg: operand D or A
 * @src: operand V as a register, if !@is_imm
 * @is_imm: operand V is @imm
 * @rel: operand R, E or C: enum tap_relation; operand X: enum tap_source
 * @part: operand P
 * @name: operand N, S, M or B, or Q of a function: index into tap_prog.operands
 * @str: operand T, Q otherwise, or a name, text, table or field in X: index into
 *	tap_prog.operands
 * @target: operand L: index of an instruction
 * @pos: offset in the program's text, for errors; 0 if generated
 * @at: bytes from @pos to each operand of the row; 0 if generated
 * @imm: operand V as a constant; operand I; the length in X. A register in X
 *	is @src, unless @is_imm: then what stands for it is 0
 */
struct tap_insn {
	u8		op;
	u8		reg;
	u8		src;
	bool		is_imm;
	u8		rel;
	u8		part;
	u16		name;
	u16		str;
	u16		target;
	unsigned int	pos;
	u16		at[TAP_MAX_OPERANDS];
	s64		imm;
};

/**
 * struct tap_prog - a program
 * @arena: memory of all below
 * @kind: which file it is for
 * @nr_insns: instructions in @insns
 * @max_insns: room in @insns
 * @insns: the instructions
 * @nr_operands: entries in @operands
 * @max_operands: room in @operands
 * @operands: the named operands
 */
struct tap_prog {
	struct tap_arena	arena;
	enum tap_prog_kind	kind;
	unsigned int		nr_insns;
	unsigned int		max_insns;
	struct tap_insn		*insns;
	unsigned int		nr_operands;
	unsigned int		max_operands;
	struct tap_operand	*operands;
};

struct tap_prog *trace_tap_prog_new(enum tap_prog_kind kind);
void trace_tap_prog_free(struct tap_prog *prog);
struct tap_insn *trace_tap_prog_add(struct tap_prog *prog, u8 op);
int trace_tap_prog_operand(struct tap_prog *prog, const struct tap_operand *op);

/* gen.c: a typed condition to a program that returns 1 or 0 */
struct tap_prog *trace_tap_gen(struct tap_expr *x, struct tap_error *e);

/* ------------------------------------- stmt.c, stmt_type.c and stmt_gen.c */

/**
 * enum tap_stmt_kind - statements
 * @TAP_S_IF: @cond holds: the list at @body
 * @TAP_S_AGG: @table[@key] = the list @args of TAP_N_CALL: count(), sum(x), ...
 * @TAP_S_PUT: @table[@key] = @args
 * @TAP_S_INC: @table[@key] += @args
 * @TAP_S_DELETE: delete(@table[@key])
 * @TAP_S_CLEAR: clear(@table)
 * @TAP_S_ZERO: zero(@table)
 * @TAP_S_PRINTF: printf(@text, @args), and print(e) as such a one
 * @TAP_S_SYNTH: @text(@args)
 * @TAP_S_EFFECT: stack(), record(), traceon(), traceoff(), snapshot(): @op is
 *	the opcode
 */
enum tap_stmt_kind {
	TAP_S_IF,
	TAP_S_AGG,
	TAP_S_PUT,
	TAP_S_INC,
	TAP_S_DELETE,
	TAP_S_CLEAR,
	TAP_S_ZERO,
	TAP_S_PRINTF,
	TAP_S_SYNTH,
	TAP_S_EFFECT,
};

/**
 * struct tap_stmt - a statement
 * @kind: see there
 * @op: TAP_S_EFFECT: enum tap_opcode
 * @is_typed: stmt_type.c: what @args are is known
 * @pos: offset of its first byte in the text
 * @text: format or name
 * @text_pos: where that stands
 * @format: typed: TAP_S_PRINTF: @text, parsed
 * @table: TAP_N_TABLE with key; typed: its operand is the table's
 * @cond: condition
 * @args: list of values
 * @body: list of statements
 * @next: the next statement
 */
struct tap_stmt {
	enum tap_stmt_kind	kind;
	u8			op;
	bool			is_typed;
	unsigned int		pos;
	const char		*text;
	unsigned int		text_pos;
	struct tap_format	*format;
	struct tap_node		*table;
	struct tap_node		*cond;
	struct tap_node		*args;
	struct tap_stmt		*body;
	struct tap_stmt		*next;
};

struct tap_prog *trace_tap_translate_action(const char *text,
					    const struct tap_scope *scope,
					    struct tap_error *e);

/* translate.c: the stages above in order */
struct tap_prog *trace_tap_translate(const char *text,
				     const struct tap_scope *scope,
				     bool stock_only, struct tap_error *e);

/* asm.c and disasm.c, inverses; opcode.c has the table both use */

/**
 * struct tap_opcode_info - a row of TAP_OPCODES
 * @mnemonic: how it is written
 * @operands: letters of tap_bytecode.h
 * @class: what it does to control flow and to D
 */
struct tap_opcode_info {
	const char	*mnemonic;
	const char	*operands;
	enum tap_op_class {
		TAP_CLASS_ALU,
		TAP_CLASS_MOVE,
		TAP_CLASS_JUMP,
		TAP_CLASS_GOTO,
		TAP_CLASS_END,
		TAP_CLASS_STEP,
		TAP_CLASS_LOOP,
		TAP_CLASS_NEXT,
	} class;
};

extern const struct tap_opcode_info trace_tap_opcodes[TAP_NR_OPCODES];
extern const char * const trace_tap_relations[TAP_NR_RELATIONS];

struct tap_builtin_info {
	const char	*name;
	enum tap_type	type;
};

struct tap_source_info {
	const char	*name;
	const char	*takes;
};

extern const struct tap_source_info trace_tap_sources[TAP_NR_SOURCES];
extern const struct tap_builtin_info trace_tap_builtins[TAP_NR_BUILTINS];
int trace_tap_find_builtin(const char *name);

bool trace_tap_is_prog(const char *text);
size_t trace_tap_prog_text_len(const char *text, size_t len);
struct tap_prog *trace_tap_asm(const char *text, enum tap_prog_kind kind,
			       struct tap_error *e);
int trace_tap_resolve(struct tap_prog *prog, const struct tap_scope *scope,
		      struct tap_error *e);
int trace_tap_bind(struct tap_prog *prog, const struct tap_scope *scope,
		   struct tap_error *e);

void trace_tap_disasm(const struct tap_prog *prog,
		      __printf(2, 3) void (*print)(void *arg, const char *fmt,
						   ...),
		      void *arg);

/* verify.c */
int trace_tap_verify(const struct tap_prog *prog, struct tap_error *e);

/* split.c: NULL without an error where nothing can be decided early */
struct tap_prog *trace_tap_split(const struct tap_prog *prog);

/* ---------------------------------------------------------------- match.c */

/**
 * enum tap_match - how a pattern is compared
 * @TAP_MATCH_FULL: the whole string is equal
 * @TAP_MATCH_FRONT: "x*": it begins so
 * @TAP_MATCH_END: "*x": it ends so
 * @TAP_MATCH_MIDDLE: "*x*": it has this somewhere
 * @TAP_MATCH_STARS: '*' elsewhere too, but no other wildcard
 * @TAP_MATCH_GLOB: anything glob_match_len() takes
 */
enum tap_match {
	TAP_MATCH_FULL,
	TAP_MATCH_FRONT,
	TAP_MATCH_END,
	TAP_MATCH_MIDDLE,
	TAP_MATCH_STARS,
	TAP_MATCH_GLOB,
};

/**
 * struct tap_pattern - a compiled string constant, part of a program's data
 * @kind: enum tap_match
 * @not: the verdict is inverted, if the string could be read
 * @len: bytes of @text without its NUL
 * @text: what to search for; TAP_MATCH_STARS and TAP_MATCH_GLOB: the pattern
 */
struct tap_pattern {
	u8	kind;
	bool	not;
	u16	len;
	char	text[];
};

enum tap_match trace_tap_match_kind(const struct tap_operand *str,
				    enum tap_relation rel, const char **text,
				    unsigned int *len);
void trace_tap_pattern_init(struct tap_pattern *p,
			    const struct tap_operand *str,
			    enum tap_relation rel);
bool trace_tap_match(const struct tap_pattern *p, const char *s, size_t max);

/* ---------------------------------------------------------------- lower.c */

#include "code.h"

#endif /* _TRACE_TAP_H */
