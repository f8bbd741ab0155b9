/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: from a script in bpftrace's language to programs of tap bytecode.
 *
 *	script text		"#define US 1000\nk:vfs_read { @ = hist(arg2 / US); }"
 *	     | lex.c		  words, numbers, strings, probes
 *	     | cpp.c		  #define, #if; #include is only remembered
 *	     v
 *	struct token		PROBE k:vfs_read, OP {, MAP, OP =, NAME hist, ...
 *	     | parse.c		  script, statements
 *	     | parse_probe.c	  what probes attach to
 *	     | parse_expr.c	  expressions; fold.c: those that are constant;
 *	     |			  constant.c: names that C has from headers
 *	     | cdecl.c		  struct, union, enum, typedef
 *	     v
 *	struct node, type	the tree, ast.h; ast.c writes it
 *	     | layout.c		  sizes of types; btf.c: types of the kernel
 *	     | event.c		  events and their fields
 *	     | attach.c, elf.c	  the places that probes mean; list.c: shows them
 *	     | provider.c	  probes whose names and arguments are text
 *	     v
 *	tree, struct target
 *	     | gen.c, gen_*.c	  one program for each event; emit.c: its text
 *	     v
 *	struct unit		bytecode text, events, tables: unit.h
 *	     |
 *	     +--> load.c	an instance of tracefs: session.h, tracefs.h
 *	     |      +--> report	records and tables, as people read them: report.h
 *	     +--> build.c	a shell script that does the same: build.h
 *	     +--> offline.c	what the kernel would say: the kernel's own asm.c,
 *				verify.c, in a program of their own, tapc-check
 *
 * The sections below follow the picture. All up to the bytecode is pure: text
 * in, text out. Memory is an arena that is freed at once; an error ends the run
 * at once, by a jump to tapc_try(), so no stage looks at results of the one
 * below. Whatever owns more than memory must therefore not call tapc_fail()
 * without a tapc_try() of its own around it.
 */
#ifndef _TAPC_H
#define _TAPC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdnoreturn.h>

#include "ast.h"
#include "err.h"
#include "errors.h"	/* made of err.h: numbers, see text.c */
#include "machine.h"

#define MAX_DEPTH	128	/* brackets, blocks, types in one another */
#define MAX_HEIGHT	400	/* of a tree: operators in one expression */
#define MAX_TOKENS	65536	/* of a script, macros expanded */
#define MAX_COUNT	65536	/* elements of an array */
#define MAX_ALIGN	4096	/* bytes of an alignment */

/**
 * struct source - a text, for errors to show its lines
 * @name: file name, or what stands for it
 * @text: NUL terminated, lives as long as the run
 */
struct source {
	const char	*name;
	const char	*text;
};

/**
 * struct tapc - one run of the compiler
 * @arena: memory of everything; freed by tapc_free()
 * @err: where errors and warnings are written to, or NULL
 * @on_error: where tapc_fail() goes
 * @sources: texts, at the index that a struct loc has
 * @nr_sources: how many
 * @nr_tokens: that there are, also those of macros
 * @nr_warnings: for those who want to count them
 * @params: positional parameters, $1 first
 * @nr_params: how many
 * @long_size: bytes of long, size_t and pointers on the machine to be traced
 * @wide_align: alignment of integers of 8 bytes in structs: 4 on i386, else 8
 * @depth: structs in one another that are being measured
 * @is_parsed: all declarations have been read
 * @macros: that are defined now
 * @includes: files that the script includes, the last one first
 * @types: all types that have a name, the last one first
 * @machine: the machine to be traced
 */
struct tapc {
	struct tap_arena	arena;
	FILE			*err;
	jmp_buf			*on_error;
	struct source		*sources;
	unsigned int		nr_sources;
	unsigned int		nr_tokens;
	unsigned int		nr_warnings;
	char * const		*params;
	unsigned int		nr_params;
	unsigned int		long_size;
	unsigned int		wide_align;
	unsigned int		depth;
	bool			is_parsed;
	struct macro		*macros;
	struct word		*includes;
	struct type		*types;
	struct machine		machine;
};

/* ---------------------------------------------------------- err.c: the run */

bool tapc_try(struct tapc *tc, void (*run)(struct tapc *tc, void *arg),
	      void *arg);
void tapc_free(struct tapc *tc);
u16 tapc_add_source(struct tapc *tc, const char *name, const char *text);

/* Memory of the run, zeroed. Never NULL. */
void *tapc_alloc(struct tapc *tc, size_t size);
char *tapc_strndup(struct tapc *tc, const char *s, size_t len);
char *tapc_format(struct tapc *tc, const char *fmt, ...) __printf(2, 3);

const char *tapc_replace(struct tapc *tc, const char *text, const char *from,
			 const char *to);
const char *tapc_nth(const char *table, unsigned int n);
int tapc_index(const char *table, const char *s);

/* -------------------------------------------------- text.c: texts, packed */

/* Behind those of err.h; texts/pack has the same order. */
enum text {
	TEXT_HELP = NR_ERRORS,
	TEXT_BUILD,
	TEXT_INFO,
	TEXT_PROVIDERS,
	TEXT_CONSTANTS,	/* and all behind it */
};

const char *tapc_text(unsigned int which);

noreturn void tapc_vfail(struct tapc *tc, struct loc pos, const char *fmt,
			 va_list args) __printf(3, 0);
noreturn void tapc_fail(struct tapc *tc, struct loc pos, const char *fmt, ...)
	__printf(3, 4);
void tapc_warn(struct tapc *tc, struct loc pos, const char *fmt, ...)
	__printf(3, 4);

/**
 * struct suggestion - the name that was probably meant
 * @word: the name that there is not
 * @best: the nearest one so far, or NULL
 * @distance: edits from @word to @best
 * @text: room for tapc_suggest()
 *
 * Zero but for @word, offer all names that there are, then ask.
 */
struct suggestion {
	const char	*word;
	const char	*best;
	unsigned int	distance;
	char		text[80];
};

void tapc_offer(struct suggestion *s, const char *name);
void tapc_offer_all(struct suggestion *s, const char *table);
const char *tapc_suggest(struct suggestion *s);

/* ------------------------------------------------- lex.c: text to tokens */

/* X(kind, text) */
#define TOKENS(X)							\
	X(END,		"end of script")				\
	X(EOL,		"end of line")	/* only within directives */	\
	X(NAME,		"name")						\
	X(VAR,		"variable")	/* $x */			\
	X(PARAM,	"parameter")	/* $1 */			\
	X(NPARAMS,	"parameters")	/* $# */			\
	X(MAP,		"map")		/* @, @x */			\
	X(INT,		"number")	/* also 'c' */			\
	X(STR,		"string")					\
	X(OP,		"operator")					\
	X(PROBE,	"probe")	/* kprobe:vfs_*, unparsed */

enum token_kind {
#define X(kind, text) TOK_##kind,
	TOKENS(X)
#undef X
};

/**
 * struct token - a token
 * @kind: enum token_kind
 * @at_start: first of its line
 * @is_spaced: blanks stand in front
 * @is_expanded: of a macro: @raw is not at @pos
 * @op: OP: OP2(), else 0
 * @pos: where; of those that a macro made, where the macro is used
 * @raw: as the source has it
 * @raw_len: bytes of it
 * @text: name without '$' or '@', or the string itself; NUL terminated
 * @len: bytes of @text
 * @value: INT, PARAM
 * @next: the token behind it
 */
struct token {
	u8		kind;
	bool		at_start;
	bool		is_spaced;
	bool		is_expanded;
	u32		op;
	struct loc	pos;
	const char	*raw;
	u32		raw_len;
	const char	*text;
	u32		len;
	u64		value;
	struct token	*next;
};

/**
 * struct lexer - state of lexing one text
 * @tc: the run
 * @p: what comes next
 * @line: number of its line
 * @start: start of its line
 * @file: index of the source
 * @in_line: a line ends the tokens: it is a directive
 * @depth: of brackets
 * @is_head: a probe may come next
 */
struct lexer {
	struct tapc	*tc;
	const char	*p;
	const char	*start;
	u32		line;
	u16		file;
	bool		in_line;
	unsigned int	depth;
	bool		is_head;
};

void tapc_lex_begin(struct lexer *lx, struct tapc *tc, u16 file);
struct token *tapc_lex(struct lexer *lx);
const char *tapc_lex_line(struct lexer *lx);
void tapc_lex_skip(struct lexer *lx);
const char *tapc_lex_number(const char *text, u64 *value, bool *has_unit);

int tapc_word_index(const struct token *tok, const char *table);
bool tapc_is_word(const struct token *tok, const char *word);

static inline bool tapc_is_op(const struct token *tok, u32 op)
{
	return tok->op == op;
}

/* --------------------------------- cpp.c: tokens to those that count */

void tapc_define(struct tapc *tc, const char *name, u64 value);
struct token *tapc_preprocess(struct tapc *tc, u16 file);
void tapc_write_tokens(FILE *out, const struct token *tok);

/* -------------------- parse.c, parse_probe.c, parse_expr.c, cdecl.c: tree */

struct node *tapc_parse(struct tapc *tc, struct token *tok);
bool tapc_parse_constant(struct tapc *tc, struct token *tok, u64 *value);
struct attach *tapc_parse_attach(struct tapc *tc, const char *text,
				 struct loc pos);
bool tapc_has_wildcard(const char *text);
unsigned int tapc_path_part(const char *probe);
const char *tapc_provider_name(enum provider provider);
enum provider tapc_find_provider(const char *name, size_t len);
struct type *tapc_find_type(struct tapc *tc, enum type_kind kind,
			    const char *name);
struct type *tapc_named_type(struct tapc *tc, enum type_kind kind,
			     const char *name, struct loc pos);
struct type *tapc_new_type(struct tapc *tc, enum type_kind kind,
			   struct loc pos);
struct type *tapc_int_type(struct tapc *tc, u32 size, bool is_signed,
			   struct loc pos);

/* ------------------- layout.c: sizes and places, as the machine has them */

/**
 * struct place - where a member is
 * @member: the member; its type may be a name for one
 * @bit: its first bit, from the start of the type that was asked
 */
struct place {
	const struct member	*member;
	u64			bit;
};

struct type *tapc_resolve(struct tapc *tc, struct type *type, struct loc pos);
u32 tapc_size(struct tapc *tc, struct type *type, struct loc pos);
u32 tapc_align(struct tapc *tc, struct type *type, struct loc pos);
u32 tapc_count(struct tapc *tc, struct type *array, struct loc pos);
bool tapc_find_place(struct tapc *tc, struct type *type, const char *name,
		     struct place *place);
struct place tapc_place(struct tapc *tc, struct type *type, const char *name,
			struct loc pos);
void tapc_write_layouts(struct tapc *tc, FILE *out, const struct node *tree);

/* ------------------------------------ gen_builtin.c: names that are values */

const char *tapc_register(struct tapc *tc, const char *name);
bool tapc_is_builtin(const char *name);
void tapc_offer_builtins(struct suggestion *s);

/* ---------------------------- fold.c: what is constant in the script */

bool tapc_fold(struct tapc *tc, const struct node *node, u64 *value);
u64 tapc_fold_op(u32 op, u64 a, u64 b);

/* --------------------------------- constant.c: what is in C's headers */

bool tapc_constant(const char *name, u64 *value);

/* ------------------------------------------------- ast.c: the tree as text */

void tapc_write_tree(FILE *out, const struct node *list);
void tapc_write_type(FILE *out, const struct type *type);
void tapc_write_string(FILE *out, const char *s, size_t len);

#endif /* _TAPC_H */
