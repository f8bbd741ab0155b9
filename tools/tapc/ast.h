/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: the tree of a script, and its types.
 *
 *	kprobe:vfs_read /pid == $1/ { @[comm] = count(); }
 *
 *	PROBE a: ATTACH kprobe:vfs_read
 *	      b: BINARY == (NAME pid, PARAM 1)
 *	      c: ASSIGN = (MAP "" [NAME comm], CALL count)
 *
 * A kind of node is one row of the table below. The row is a template, which
 * says what the kind's children are and how "tapc --ast" shows them: there is no
 * other dumper. One kind of struct serves all nodes, and one all types, so that
 * stages which only walk need to know neither.
 */
#ifndef _TAPC_AST_H
#define _TAPC_AST_H

#include "tap.h"

/**
 * struct loc - a place in a source
 * @line: from 1; 0 is no place at all
 * @col: in bytes, from 1
 * @file: index of the source, struct tapc
 */
struct loc {
	u32	line;
	u16	col;
	u16	file;
};

/* --------------------------------------------------------------- operators */

/* The characters of an operator, in a number: so that there is no table. */
#define OP2(a, b)	((a) | (b) << 8)
#define OP3(a, b, c)	((a) | (b) << 8 | (c) << 16)

/* ------------------------------------------------------------------- nodes */

/*
 * X(kind, template). In a template stand for
 *
 *	%a %b %c	a child		%n	the name
 *	%A %B %C	a list of them	%s	the text, quoted
 *	{A} {B} {C}	a block of them	%v	the value
 *	<a TEXT>	TEXT if there	%o	the operator
 *			is such a child	%t	the written type, ctype; also <t >
 *					%T	the same, defined
 *					%p	where a probe attaches
 *
 * Each row's comment is the syntax that it stands for.
 */
#define NODES(X)							\
	/* what a script consists of */					\
	X(CONFIG,	"config {A}")		/* config = { ... } */	\
	X(SETTING,	"%n = %a")		/* name = value; */	\
	X(DECL,		"%T")			/* struct x { ... }; */	\
	X(MAPDECL,	"let @%n = %a")		/* let @x = hash(1); */	\
	X(PROBE,	"%A<b /%b/> {C}")	/* a, a /b/ { c } */	\
	X(ATTACH,	"%p")			/* kprobe:name */	\
	/* statements */						\
	X(ASSIGN,	"%a %o %b")		/* a = b, a += b */	\
	X(LET,		"let $%n<t : %t><a = %a>") /* let $x = a */	\
	X(IF,		"if %a {B}<c else {C}>") /* if a { b } */	\
	X(UNROLL,	"unroll %a {B}")	/* unroll (a) { b } */	\
	X(WHILE,	"while %a {B}")		/* while (a) { b } */	\
	X(FOR_RANGE,	"for $%n : %a..%b {C}")	/* for $x : a..b {} */	\
	X(FOR_MAP,	"for $%n : %a {B}")	/* for $x : @m {} */	\
	X(BLOCK,	"{A}")			/* { a } */		\
	X(BREAK,	"break")					\
	X(CONTINUE,	"continue")					\
	X(RETURN,	"return<a %a>")	/* return a */		\
	/* expressions; one alone is a statement too */			\
	X(TERNARY,	"(%a ? %b : %c)")				\
	X(BINARY,	"(%a %o %b)")		/* + && == << ... */	\
	X(UNARY,	"(%o%a)")		/* ! ~ - + * & */	\
	X(PRE,		"(%o%a)")		/* ++a, --a */		\
	X(POST,		"(%a%o)")		/* a++, a-- */		\
	X(CAST,		"((%t)%a)")					\
	X(MEMBER,	"%a%o%n")		/* a.n, a->n */		\
	X(ELEMENT,	"%a.%v")		/* of a tuple: a.0 */	\
	X(INDEX,	"%a[%b]")					\
	X(TUPLE,	"(tuple %A)")		/* (a, b) (a,) () */	\
	X(CALL,		"%n(%A)")					\
	X(SIZEOF,	"sizeof(<t%t><a%a>)")	/* a type or a value */	\
	X(OFFSETOF,	"offsetof(<t%t><a%a>, %n)")			\
	X(MAP,		"@%n<a[%A]>")		/* @, @x, @x[a] */	\
	X(VAR,		"$%n")						\
	X(NAME,		"%n")			/* builtin, constant */	\
	X(PARAM,	"$%v")			/* $1 */		\
	X(NPARAMS,	"$#")						\
	X(INT,		"%v")						\
	X(BOOL,		"%n")			/* true, false */	\
	X(STR,		"%s")

enum node_kind {
#define X(kind, template) N_##kind,
	NODES(X)
#undef X
	NR_NODES,
};

/**
 * struct node - one node of the tree
 * @kind: enum node_kind
 * @height: of the tree below; what recurses over trees can rely on MAX_HEIGHT
 * @op: operator, OP2(); of a compound assignment as written, '+' and '='
 * @pos: the place that errors show: of operators the operator
 * @next: in a list of nodes, or NULL
 * @a: first child, or list of children
 * @b: second, see the templates
 * @c: third
 * @text: name or string, NUL terminated; not NULL
 * @len: bytes of @text: strings may hold NUL
 * @value: number; of BOOL 0 or 1
 * @ctype: type that the script names, or NULL
 * @attach: ATTACH: where to
 * @type: of the value; NULL until the stage that finds types
 */
struct node {
	u8		kind;
	u16		height;
	u32		op;
	struct loc	pos;
	struct node	*next;
	struct node	*a;
	struct node	*b;
	struct node	*c;
	const char	*text;
	u32		len;
	u64		value;
	struct type	*ctype;
	struct attach	*attach;
	struct type	*type;
};

/* ------------------------------------------------------------------- types */

/* X(kind, text); the comment is what @to, @count and @members are then. */
#define TYPES(X)							\
	X(VOID,		"void")						\
	X(INT,		"int")		/* name: as written */		\
	X(BOOL,		"bool")						\
	X(FLOAT,	"float")	/* in structs, to be stepped over */ \
	X(STRING,	"string")	/* count: bytes, 0 if not said */ \
	X(PTR,		"*")		/* to */			\
	X(ARRAY,	"[]")		/* to, count or length */	\
	X(FUNC,		"()")		/* to: what it returns */	\
	X(STRUCT,	"struct")	/* members */			\
	X(UNION,	"union")	/* members */			\
	X(ENUM,		"enum")		/* members */			\
	X(NAMED,	"typedef")	/* to; NULL if not in the script */

enum type_kind {
#define X(kind, text) T_##kind,
	TYPES(X)
#undef X
	NR_TYPES,
};

/* Whether layout.c has been there. */
enum type_state {
	TYPE_NEW,
	TYPE_BUSY,
	TYPE_MEASURED,
};

/**
 * struct type - a C type, or one of the language's own
 * @kind: enum type_kind
 * @is_signed: INT
 * @is_defined: STRUCT, UNION, ENUM: members are known
 * @is_packed: STRUCT, UNION: an attribute says so
 * @is_placed: members have places and the type its size, as BTF says
 * @state: STRUCT, UNION: enum type_state
 * @align: STRUCT, UNION: in bytes; 0 if not known yet, or the least of an attribute
 * @size: in bytes; 0 if not known yet
 * @count: ARRAY: elements; STRING: bytes
 * @length: ARRAY: the number of elements, if it is of names that only a later
 *	stage knows, else NULL
 * @name: tag or name, "" if there is none
 * @pos: where it is defined or first named
 * @to: what it is a pointer to, an array of, a name for
 * @members: in their order, or an enum's constants; of FUNC the parameters, where
 *	BTF has them
 * @next: in struct tapc's list of what has a name
 *
 * What has the same tag is the same object, so a stage that finds a definition
 * elsewhere (in BTF) fills it in once. That no struct is a member of itself is
 * found when it is measured.
 */
struct type {
	u8		kind;
	bool		is_signed;
	bool		is_defined;
	bool		is_packed;
	bool		is_placed;
	u8		state;
	u32		align;
	u32		size;
	u32		count;
	struct node	*length;
	const char	*name;
	struct loc	pos;
	struct type	*to;
	struct member	*members;
	struct type	*next;
};

/**
 * struct member - of a struct or union, or a constant of an enum
 * @next: the one behind it
 * @name: "" for an anonymous one, whose members count as the struct's
 * @type: NULL for a constant
 * @is_bitfield: has @bits
 * @is_packed: an attribute says so
 * @bits: width of a bit field; 0 aligns what follows
 * @align: in bytes, that an attribute asks for at least
 * @value: of a constant; of a member its place in bits, once that is known
 */
struct member {
	struct member	*next;
	const char	*name;
	struct type	*type;
	bool		is_bitfield;
	bool		is_packed;
	u8		bits;
	u32		align;
	s64		value;
};

/* ------------------------------------------------------------------ probes */

/* What stands behind the name of a provider; parse_probe.c has the grammar. */
enum probe_form {
	FORM_NONE,
	FORM_EVENT,
	FORM_RAW,
	FORM_FUNC,
	FORM_USER,
	FORM_USDT,
	FORM_TIMER,
	FORM_COUNT,
	FORM_WATCH,
	FORM_ITER,
	FORM_REFUSED,
};

/*
 * X(provider, name, other name, form). Later names of what was there before are
 * rows of the same provider. BARE is ftrace's own system:event, or a probe of
 * a provider that is text.
 */
#define PROVIDERS(X)							\
	X(BARE,		"",		"",		EVENT)		\
	X(BEGIN,	"begin",	"BEGIN",	NONE)		\
	X(END,		"end",		"END",		NONE)		\
	X(TRACEPOINT,	"tracepoint",	"t",		EVENT)		\
	X(RAWTRACEPOINT, "rawtracepoint", "rt",		RAW)		\
	X(KPROBE,	"kprobe",	"k",		FUNC)		\
	X(KRETPROBE,	"kretprobe",	"kr",		FUNC)		\
	X(FENTRY,	"fentry",	"f",		FUNC)		\
	X(FENTRY,	"kfunc",	"f",		FUNC)		\
	X(FEXIT,	"fexit",	"fr",		FUNC)		\
	X(FEXIT,	"kretfunc",	"fr",		FUNC)		\
	X(UPROBE,	"uprobe",	"u",		USER)		\
	X(URETPROBE,	"uretprobe",	"ur",		USER)		\
	X(USDT,		"usdt",		"U",		USDT)		\
	X(INTERVAL,	"interval",	"i",		TIMER)		\
	X(PROFILE,	"profile",	"p",		TIMER)		\
	X(SOFTWARE,	"software",	"s",		COUNT)		\
	X(HARDWARE,	"hardware",	"h",		COUNT)		\
	X(WATCHPOINT,	"watchpoint",	"w",		WATCH)		\
	X(WATCHPOINT,	"asyncwatchpoint", "aw",	WATCH)		\
	X(ITER,		"iter",		"it",		ITER)		\
	X(SELF,		"self",		"self",		REFUSED)	\
	X(TEST,		"test",		"test",		REFUSED)	\
	X(BENCH,	"bench",	"bench",	REFUSED)

enum provider {
	P_BARE, P_BEGIN, P_END, P_TRACEPOINT, P_RAWTRACEPOINT, P_KPROBE,
	P_KRETPROBE, P_FENTRY, P_FEXIT, P_UPROBE, P_URETPROBE, P_USDT,
	P_INTERVAL, P_PROFILE, P_SOFTWARE, P_HARDWARE, P_WATCHPOINT, P_ITER,
	P_SELF, P_TEST, P_BENCH,
};

/**
 * struct attach - where a probe attaches, as the script says
 * @text: all of it, as written
 * @provider: enum provider
 * @form: which of the fields there are
 * @has_wildcard: @scope, @sub or @name has '*' or '?'
 * @is_address: @value is an address instead of @name
 * @is_rate: timers: @value is in Hz, not in ns
 * @scope: system, module, binary, of a watchpoint the address, of an iterator
 *	what it walks, or NULL if not given
 * @sub: usdt: namespace; uprobe: language; watchpoint: mode; iterator: pin;
 *	BARE: third name; or NULL
 * @name: event or function, "" for begin and end
 * @value: ns or Hz of timers, events to count or 0, bytes to watch, address
 * @offset: into the function, in bytes
 */
struct attach {
	const char	*text;
	u8		provider;
	u8		form;
	bool		has_wildcard;
	bool		is_address;
	bool		is_rate;
	const char	*scope;
	const char	*sub;
	const char	*name;
	u64		value;
	u64		offset;
};

#endif /* _TAPC_AST_H */
