/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: from the tree to programs; what the files gen_*.c share.
 *
 *	gen.c		the script, its probes; again until all types are known
 *	gen_stmt.c	statements, loops
 *	gen_expr.c	numbers
 *	gen_cond.c	conditions, as jumps
 *	gen_call.c	functions, by a table
 *	gen_builtin.c	builtins, by a table
 *	gen_path.c	members of structs, as fetch arguments of the event
 *	gen_map.c	maps: their shapes, their entries
 *	gen_var.c	variables
 *	gen_print.c	what makes records
 *	gen_value.c	values to where they go: keys, entries, arguments
 *	gen_probe.c	the events that probes are made of
 *	emit.c		lines, labels, registers
 *
 * A probe's body is translated for each place where the probe attaches, since
 * fields and arguments are those of that place. Types follow from values, so
 * there is no pass that only finds types; but a map may be read in front of
 * what fills it, so the whole script is translated until no shape changes, and
 * only the last time counts.
 */
#ifndef _TAPC_GEN_H
#define _TAPC_GEN_H

#include "tapc.h"
#include "unit.h"

#define NR_REGS		16	/* r0 to r15 */
#define MAX_LABELS	4096	/* of one program */
#define STR_IN_TABLE	64	/* bytes, where nobody says how many */
#define STR_IN_RECORD	255
#define MAX_FRAMES	127

/* ------------------------------------------------------------------ values */

/* Whose memory an address is in. */
enum space {
	SPACE_ANY,	/* the address tells: negative is the kernel's */
	SPACE_KERNEL,
	SPACE_USER,
};

enum value_kind {
	V_NONE,		/* of what has no value */
	V_INT,		/* a number: @reg, or, if that is negative, @imm */
	V_NAMED,	/* a number that the kernel has a name for: @text */
	V_PATH,		/* a number that the event has: @text, plus @imm */
	V_PLACE,	/* struct or array: memory at @text plus @imm */
	V_CONST,	/* string: @text */
	V_STR,		/* string or stack that the kernel has: @text */
	V_POINTED,	/* string at the address @a */
	V_ENTRY,	/* string or stack of @map */
	V_CHOICE,	/* @a if @reg is not 0, else @b */
	V_LIST,		/* several in one, @a and its next ones; tuples, too */
};

/**
 * struct value - what an expression is
 *
 * Values are the run's memory. Who gets one from a function may change it: it is
 * nobody else's. Who gets one as an argument may not, but for its address in
 * gen_pointed(), the left one of gen_arithmetic(), and those of gen_deref().
 * What is below it, @a and @b, others may have, too.
 *
 * @kind: enum value_kind
 * @show: enum show
 * @space: of addresses, enum space
 * @mode: of stacks, see struct part
 * @is_signed: of numbers
 * @is_unsure: of a map that nothing is known of yet
 * @is_literal: a number as written: it has the sign of what it meets
 * @is_symbol: V_PATH: the address of a symbol of the kernel, @text: only what is
 *	there can be asked for
 * @reg: V_INT, V_CHOICE: register
 * @bit: V_PATH: of a bit field the first bit
 * @bits: V_PATH: its width, or 0
 * @size: bytes of a number; of a string at most, or 0 where nobody said
 * @imm: see the kinds
 * @text: see the kinds; V_PATH, V_PLACE: as a fetch argument has it: "$arg1",
 *	"+8($arg1)", "$skbaddr"
 * @show_text: see struct part
 * @type: C type, of what is no plain number; or NULL
 * @field: V_PATH, V_PLACE: it is this field, else NULL
 * @hint: V_PATH: what it could be called, or NULL
 * @map: V_ENTRY
 * @node: V_ENTRY: the map in the script, whose key it is; NULL: a slot
 * @a: see the kinds
 * @b: see the kinds
 * @next: in a list
 */
struct value {
	u8			kind;
	u8			show;
	u8			space;
	u8			mode;
	bool			is_signed;
	bool			is_unsure;
	bool			is_literal;
	bool			is_symbol;
	s8			reg;
	u8			bit;
	u8			bits;
	u16			size;
	s64			imm;
	const char		*text;
	const char		*show_text;
	struct type		*type;
	const struct field	*field;
	const char		*hint;
	struct map		*map;
	const struct node	*node;
	struct value		*a;
	struct value		*b;
	struct value		*next;
};

/**
 * struct var - a variable of a probe's body
 * @next: the next one
 * @name: without '$'
 * @nr_assigned: assignments in the source
 * @depth: blocks around the first one
 * @is_closed: the source goes on behind the block with the first one
 * @is_stepped: "++" or "--" in an expression changes it
 * @is_held: in registers from @reg down, @nr_regs of them; else @value stands
 *	for it, which nothing changes
 * @reg: the highest register
 * @nr_regs: how many
 * @needs_zero: not all ways lead through the first assignment
 * @value: what it is, NULL before the first assignment
 */
struct var {
	struct var	*next;
	const char	*name;
	unsigned int	nr_assigned;
	unsigned int	depth;
	bool		is_closed;
	bool		is_stepped;
	bool		is_held;
	s8		reg;
	u8		nr_regs;
	bool		needs_zero;
	struct value	*value;
};

/**
 * struct loop - a loop that the code is in
 * @outer: the loop around it, or NULL
 * @next: label in front of its end
 * @end: label behind it
 */
struct loop {
	struct loop	*outer;
	unsigned int	next;
	unsigned int	end;
};

/**
 * struct fetch - a fetch argument of the event
 * @next: the next one
 * @name: a field of the event then
 * @text: "+8($arg1):u32"
 */
struct fetch {
	struct fetch	*next;
	const char	*name;
	const char	*text;
};

/**
 * struct used_map - a map that the program uses
 * @next: the next one
 * @map: the map
 */
struct used_map {
	struct used_map	*next;
	struct map	*map;
};

/**
 * struct gen - translation of a script
 * @tc: the run
 * @opt: what the command line says
 * @unit: what it becomes
 * @is_first: this is the first pass
 * @is_scan: only whether the program @wants_derived is asked
 * @is_last: shapes are known: errors, warnings and output count
 * @is_changed: a shape is another one than before
 * @node: the probe
 * @target: the place
 * @event: the event, of tracepoints
 * @system: of the event that runs the program
 * @name: of that event
 * @is_alone: @target is the only one of its probe
 * @is_peek: only what an expression is matters, not its code
 * @is_derived: @event is not what runs the program, an event probe on it is
 * @wants_derived: it has to be
 * @is_provided: an argument that a provider defines is being translated
 * @code: lines of the program
 * @code_size: bytes of room
 * @texts: constant strings that others are compared with; the place is a number
 * @code_len: bytes in it
 * @nr_insns: instructions in it
 * @is_dead: nothing leads here
 * @nr_labels: labels so far
 * @out: label of the program's end, where slots are removed
 * @nr_temps: registers in use, from r0 up
 * @nr_held: registers of variables, from r15 down
 * @vars: variables
 * @depth: blocks in one another, below which not all ways lead through
 * @loop: the innermost loop
 * @used: maps of the program
 * @nr_copies: strings that wait in tables of their own
 * @fetches: what that event fetches
 * @nr_fetches: how many
 * @slot_reg: register of what tells this run of a program from all others, -1
 *	if none is needed yet
 * @refs: whether a label has been jumped to
 *
 * Of each program all from @code_len on begins as 0.
 */
struct gen {
	struct tapc		*tc;
	const struct options	*opt;
	struct unit		*unit;
	bool			is_first;
	bool			is_scan;
	bool			is_last;
	bool			is_changed;
	const struct node	*node;
	struct target		*target;
	struct event		*event;
	const char		*system;
	const char		*name;
	bool			is_alone;
	bool			is_peek;
	bool			is_derived;
	bool			wants_derived;
	bool			is_provided;
	char			*code;
	size_t			code_size;
	struct word		*texts;
	size_t			code_len;
	unsigned int		nr_insns;
	bool			is_dead;
	unsigned int		nr_labels;
	unsigned int		out;
	unsigned int		nr_temps;
	unsigned int		nr_held;
	struct var		*vars;
	unsigned int		depth;
	struct loop		*loop;
	struct used_map		*used;
	unsigned int		nr_copies;
	struct fetch		*fetches;
	unsigned int		nr_fetches;
	s8			slot_reg;
	u8			refs[MAX_LABELS];
};

/*
 * There is one, which all of these files are about: handed from function to
 * function it was 3 KB.
 */
extern struct gen gen;

/* Of what is translated several times warnings are wanted once. */
static inline bool gen_warns(void)
{
	return gen.is_last && !gen.is_peek;
}

/* "+=" is '+' */
static inline u32 gen_base_op(u32 op)
{
	return op >> 16 ? op & 0xffff : op & 0xff;
}

/* --------------------------------------------------------- gen.c: the run */

char *gen_format(const char *fmt, ...) __printf(1, 2);
noreturn void gen_fail(struct loc pos, const char *fmt, ...) __printf(2, 3);
void *gen_alloc(size_t size);

/* ------------------------------------------ emit.c: lines, labels, registers */

void emit_begin(void);
void emit(const char *fmt, ...) __printf(1, 2);
void emit_jump(unsigned int label, const char *fmt, ...)
	__printf(2, 3);
void emit_goto(unsigned int label);
unsigned int emit_label(void);
unsigned int emit_labels(void);
void emit_else(unsigned int other);
void emit_here(unsigned int label);
size_t emit_mark(void);
void emit_cut(size_t mark, size_t len);
void emit_insert(size_t mark, const char *text);
int emit_temp(struct loc pos);
int emit_hold(unsigned int nr, struct loc pos);
const char *emit_quote(const char *s, unsigned int max,
		       struct loc pos);

/* ------------------------------------------------- gen_expr.c: expressions */

struct value *gen_expr(const struct node *node);
struct value *gen_int(const struct node *node);
bool gen_fold(const struct node *node, s64 *value);
u64 gen_constant(const struct node *node);
struct value *gen_arithmetic(u32 op, struct value *a,
			     struct value *b, struct loc pos);
struct value *gen_load(struct value *v, struct loc pos);
int gen_own(struct value *v, struct loc pos);
int gen_reg(struct value *v, struct loc pos);
const char *gen_operand(struct value *v, struct loc pos);
struct value *gen_number(s64 n);
const char *gen_text(const struct node *node);
struct value *gen_param_text(const struct node *node);
struct node *gen_copy_node(const struct node *node);
bool gen_both_signed(const struct value *a, const struct value *b);
struct type *gen_type(const struct value *v, struct loc pos);
bool gen_is_number(const struct value *v);
bool gen_is_string(const struct value *v);

/* --------------------------------------------------- gen_cond.c: conditions */

/**
 * struct comparison - an operator that compares
 * @op: OP2()
 * @opposite: what holds if this does not
 * @mirrored: what holds the other way round
 * @jump: instruction for unsigned numbers, for signed ones
 */
struct comparison {
	u16	op;
	u16	opposite;
	u16	mirrored;
	char	jump[2][5];
};

const struct comparison *gen_comparison(u32 op);
bool gen_is_truth(u32 op);
void gen_branch(const struct node *node, unsigned int label,
		bool sense);
struct value *gen_truth(const struct node *node);
struct value *gen_string_match(struct value *v, char rel,
			       const char *pattern, struct loc pos);

/* ------------------------------------------ gen_call.c, gen_builtin.c: names */

int gen_check_args(const struct node *node);
struct value *gen_call(const struct node *node);
struct value *gen_builtin(const struct node *node);
struct value *gen_arg(unsigned int n, struct loc pos);
struct value *gen_stack(const struct node *node, const char *name);
struct value *gen_argument(const char *name, struct loc pos);

/* -------------------------------------------- gen_path.c: what the event has */

struct value *gen_path(const char *fetch, struct type *type);
struct value *gen_field(const struct field *field, struct loc pos);
struct value *gen_place_string(struct value *v, const char *hint,
			       struct loc pos);
struct value *gen_deref(struct value *v, struct type *type, struct loc pos);
struct value *gen_member(const struct node *node);
struct value *gen_index(const struct node *node);
struct value *gen_cast(const struct node *node);
struct value *gen_word(struct value *base, unsigned int offset,
		       unsigned int size, struct loc pos);
struct value *gen_symbol_address(struct value *v, struct loc pos);
int gen_load_path(struct value *v, struct loc pos);
struct value *gen_pointed(struct value *address, unsigned int size, u8 space);
bool gen_name_enum(struct value *v);
bool gen_has_name(const struct value *v);
const char *gen_named_string(struct value *v, struct loc pos);

/* --------------------------------------------------------- gen_map.c: maps */

struct map *gen_map(const struct node *node);
struct map *gen_known_map(const struct node *node);
struct value *gen_entry(struct map *map);
void gen_use(struct map *map, struct loc pos);
void gen_load_key(const struct value *entry, struct loc pos);
void gen_key(struct map *map, const struct node *node);
struct value *gen_map_read(const struct node *node);
void gen_map_assign(const struct node *node);
void gen_map_count(const struct node *node);
struct value *gen_map_step(const struct node *node);
bool gen_is_aggregation(const char *name);
struct map *gen_slot_map(const char *name, struct value *v);
const char *gen_copy_name(void);
struct map *gen_pair_map(void);
struct map *gen_text_map(const char *text, u64 *nr,
			 struct loc pos);
void gen_map_delete(const struct node *map);
struct value *gen_map_has(const struct node *map);
void gen_shapes(void);
void gen_declare(const struct node *node);

/* ---------------------------------------------------- gen_var.c: variables */

void gen_find_vars(const struct node *body);
struct value *gen_var(const struct node *node);
void gen_var_set(const struct node *var, struct value *v,
		 struct loc pos);
void gen_var_assign(const struct node *node);
struct value *gen_var_add(const struct node *node, int step);
struct value *gen_var_step(const struct node *node);
struct value *gen_copy(const char *name, struct value *v, struct loc pos);
void gen_slots_end(void);
void gen_prologue(size_t mark);

/* ------------------------------------------------- gen_value.c: where it goes */

/* Line that takes a source: "key @t, 0, " and the source. */
void gen_sink(const char *line, struct value *v, struct loc pos);
unsigned int gen_slots(const char *line, unsigned int at,
		       struct value *v, bool is_record, struct loc pos);
struct part *gen_part(const struct value *v);
struct value *gen_new(enum value_kind kind);
struct value *gen_dup(const struct value *v);
struct value *gen_string(enum value_kind kind, const char *text,
			 unsigned int size);
struct value *gen_in(int reg);
int gen_find(const char *table, const char *word);
void gen_offer(struct suggestion *s, const char *table);

/* --------------------------------------------------- gen_print.c: records */

void gen_printf(const struct node *node, enum site_kind kind);
void gen_print(const struct node *node);
void gen_site(const struct node *node, enum site_kind kind,
	      const char *what, struct map *map, u64 top, u64 div);
void gen_join(const struct node *node);

/* -------------------------------------------------- gen_stmt.c: statements */

void gen_block(const struct node *list);
void gen_return(void);

/* ----------------------------------------------- gen_probe.c: their events */

bool gen_has_registers(void);
const char *gen_args_name(const char *name);
const char *gen_fetch(const char *text, const char *hint);
struct dynevent *gen_probe_event(void);

#endif /* _TAPC_GEN_H */
