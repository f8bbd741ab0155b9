/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: the machine to be traced, as far as a script can name what it has.
 *
 *	events/SYSTEM/EVENT/format	event.c		struct event, field
 *	available_filter_functions	machine.c	names of functions
 *	BTF				btf.c		struct type, ast.h
 *	programs, libraries		elf.c		struct symbol
 *	providers/NAME			provider.c	struct provided
 *		|
 *		v
 *	struct target			attach.c	one place of a probe
 *
 * All of it may be that of this machine, or files copied from another one.
 * Nothing is read before a script names it.
 */
#ifndef _TAPC_MACHINE_H
#define _TAPC_MACHINE_H

#include <dirent.h>

#include "ast.h"

#define MAX_TARGETS	2048	/* of one wildcard */

struct tapc;
struct suggestion;

/**
 * struct word - element of a list of words
 * @next: the next one
 * @text: the word
 * @place: of those that are of several places which one, else 0
 */
struct word {
	struct word	*next;
	const char	*text;
	u64		place;
};

/**
 * struct machine - what is known of the machine, and where it is from
 * @events: the folder events/ of tracefs, or NULL for this machine's
 * @functions: file of the functions that can be traced, or NULL for the one
 *	beside @events
 * @is_copy: @events is not this machine's
 * @has_functions: @functions is a copy: what is not in there is not there
 * @providers: folder of providers that come before all others, or NULL
 * @definitions: probes of providers, once they have been read
 * @list: events that have been opened
 * @files: programs and libraries that have been read
 * @btf: types, opened by tapc_open_btf()
 * @elf: file in progress, libelf's
 * @dir: folder in progress
 * @fd: of @elf
 *
 * What is in progress is here so that tapc_free() can end it, for an error
 * leaves the function that began it.
 */
struct machine {
	const char		*events;
	const char		*functions;
	bool			is_copy;
	bool			has_functions;
	const char		*providers;
	struct definition	*definitions;
	struct event		*list;
	struct elf_file		*files;
	struct btf		*btf;
	void			*elf;
	DIR			*dir;
	int			fd;
};

/* ------------------------------------------------- machine.c: its files */

char *tapc_read_file(struct tapc *tc, const char *path);
struct word *tapc_read_dir(struct tapc *tc, const char *path,
			   const char *glob);
struct word *tapc_read_files(struct tapc *tc, const char *path,
			     const char *glob);
char *tapc_beside(struct tapc *tc, const char *path);
struct word *tapc_add_word(struct tapc *tc, struct word *list,
			   const char *text);
struct word *tapc_sort_words(struct tapc *tc, struct word *list);
struct word *tapc_functions(struct tapc *tc, const char *module,
			    const char *glob);
void tapc_open_machine(struct tapc *tc);
void tapc_close_machine(struct tapc *tc);

/* ------------------------------------------- event.c: events and fields */

/**
 * struct field - a field of an event
 * @next: the next one; the common ones stand behind the others
 * @name: its name
 * @ctype: its type as the format has it, "const char *", "char[16]"
 * @type: TAP_INT to TAP_PTR, or TAP_MASK, as the kernel has it for filters
 * @is_signed: integers, or those that it consists of
 * @is_common: every event has it
 * @is_user: TAP_PTR: the string is the user's
 * @offset: in the record
 * @size: in the record; of a dynamic one that of its place
 * @element: size of what an array consists of, else 0
 */
struct field {
	struct field	*next;
	const char	*name;
	const char	*ctype;
	enum tap_type	type;
	bool		is_signed;
	bool		is_common;
	bool		is_user;
	u32		offset;
	u32		size;
	u32		element;
};

/**
 * struct event - an event of the machine
 * @next: in struct machine
 * @system: its system
 * @name: its name
 * @id: its number
 * @print_fmt: how it is printed: names of values are there
 * @fields: its fields
 */
struct event {
	struct event	*next;
	const char	*system;
	const char	*name;
	u32		id;
	const char	*print_fmt;
	struct field	*fields;
};

struct word *tapc_systems(struct tapc *tc, const char *glob);
struct word *tapc_events(struct tapc *tc, const char *system,
			 const char *glob);
bool tapc_has_event(struct tapc *tc, const char *system, const char *name);
struct event *tapc_event(struct tapc *tc, const char *system,
			 const char *name);
struct event *tapc_parse_format(struct tapc *tc, const char *system,
				const char *name, const char *text);
struct field *tapc_find_field(struct event *event, const char *name);
const struct tap_names *tapc_field_names(struct tapc *tc,
					 const struct event *event,
					 const struct field *field);
bool tapc_is_dynamic(const struct field *field);
struct type *tapc_field_type(struct tapc *tc, const struct field *field);
void tapc_write_field(FILE *out, const struct field *field);
void tapc_read_sizes(struct tapc *tc);

/* -------------------------------------------- btf.c: types of the kernel */

void tapc_open_btf(struct tapc *tc, const char *file);
void tapc_btf_fill(struct tapc *tc, struct type *type);
bool tapc_btf_constant(struct tapc *tc, const char *name, u64 *value);
struct type *tapc_btf_function(struct tapc *tc, const char *name);
void tapc_btf_offer(struct tapc *tc, enum type_kind kind,
		    struct suggestion *s);
void tapc_close_btf(struct tapc *tc);

/* ------------------------------------------- elf.c: programs, libraries */

/**
 * struct symbol - a function of a file, or one of its probes
 * @word: its name; the place is its offset in the file
 * @scope: of a probe its namespace, else NULL
 * @args: of a probe its arguments, as the assembler has them, else NULL
 * @semaphore: of a probe where in the file its counter is, or 0
 * @size: of a function in bytes
 */
struct symbol {
	struct word	word;
	const char	*scope;
	const char	*args;
	u64		semaphore;
	u64		size;
};

struct word *tapc_find_binary(struct tapc *tc, const char *name);
struct word *tapc_symbols(struct tapc *tc, const char *path, bool is_usdt,
			  struct loc pos);
u64 tapc_file_offset(struct tapc *tc, const char *path, u64 address,
		     struct loc pos);
char *tapc_function_at(struct tapc *tc, const char *path, u64 offset,
		       u64 *into);
void tapc_close_elf(struct tapc *tc);

/* --------------------------------- attach.c: probes to what they attach to */

/**
 * struct target - one place that a probe attaches to
 * @next: the next one of the same probe
 * @attach: what the script says
 * @pos: where
 * @provider: enum provider, never P_BARE
 * @is_unsure: not looked up: whether it is there is seen when it is made
 * @is_derived: what the program asks for is fetched by an event probe on it
 * @is_rate: timers: @value is in Hz, not in ns
 * @scope: system of an event, module of a function or NULL, path of a file
 * @name: of event, function, symbol or usdt probe; "" if there is none
 * @sub: usdt: its namespace
 * @args: usdt: its arguments
 * @offset: kprobes: into the function; uprobes and usdt: in the file
 * @semaphore: usdt: where in the file the counter of its users is, or 0
 * @value: timers: ns or Hz; kprobes without name: the address
 * @provided: the script has it by a name of a provider, and so are its arguments;
 *	else NULL
 */
struct target {
	struct target		*next;
	const struct attach	*attach;
	struct loc		pos;
	u8			provider;
	bool			is_unsure;
	bool			is_derived;
	bool			is_rate;
	const char		*scope;
	const char		*name;
	const char		*sub;
	const char		*args;
	u64			offset;
	u64			semaphore;
	u64			value;
	const struct provided	*provided;
};

struct target *tapc_expand(struct tapc *tc, const struct node *probe);
struct target *tapc_expand_one(struct tapc *tc, const struct attach *attach,
			       struct loc pos, bool is_alone);
void tapc_missing_function(struct tapc *tc, const struct target *target,
			   bool is_alone);
const char *tapc_place_name(struct tapc *tc, const struct target *t);
const char *tapc_target_name(struct tapc *tc, const struct target *t);
void tapc_write_targets(struct tapc *tc, FILE *out, const struct node *tree);

/* --------------------------------------- provider.c: names that are text */

/**
 * struct provided - what a provider says of one place
 * @name: the probe's, "io:start"
 * @args: its arguments: SETTING nodes, NAME = expression, where "args" are those
 *	of the event. The place's own: stages may write types into them
 * @has_fields: the event's fields are arguments, too
 */
struct provided {
	const char	*name;
	struct node	*args;
	bool		has_fields;
};

struct target *tapc_provide(struct tapc *tc, const char *name, struct loc pos,
			    const char **why);
struct word *tapc_provided_names(struct tapc *tc, const char *glob);
struct node *tapc_provided(const struct target *t, const char *name);
void tapc_write_provided(FILE *out, const struct provided *provided);

/* ------------------------------------------------- list.c: tapc -l, -lv */

void tapc_list(struct tapc *tc, FILE *out, const char *pattern,
	       bool is_verbose);

#endif /* _TAPC_MACHINE_H */
