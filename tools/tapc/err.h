/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tapc: every error and warning that a script can cause, one row each.
 *
 * Formats of tapc_fail() and tapc_warn(); macros, so that the compiler checks
 * the arguments. They begin with a small letter and end without a dot, because
 * "file:line:column: error: " stands in front and a suggestion may follow. Each
 * row has a test in tests/, which tests/run counts.
 */
#ifndef _TAPC_ERR_H
#define _TAPC_ERR_H

/* any stage */
#define ERR_MEMORY		"out of memory"

/* lex.c */
#define ERR_BAD_CHAR		"unexpected character '%s'"
#define ERR_BAD_NUMBER		"bad number '%s'"
#define ERR_BIG_NUMBER		"number '%s' does not fit into 64 bits"
#define ERR_OPEN_STRING		"string without end"
#define ERR_OPEN_CHAR		"expected one character between quotes"
#define ERR_BAD_ESCAPE		"unknown escape '\\%c'"
#define ERR_OPEN_COMMENT	"comment without end"
#define ERR_VAR_NAME		"expected a name, a number or '#' behind '$'"
#define ERR_PARAM_ZERO		"parameters count from $1"
#define ERR_TOO_LARGE		"script too large: more than %d tokens"

/* cpp.c */
#define ERR_DIRECTIVE		"unknown directive '#%s'%s"
#define ERR_MACRO_NAME		"expected the name of a macro"
#define ERR_MACRO_PARAMS	"bad list of a macro's parameters"
#define ERR_MACRO_ARGS		"wrong number of arguments: macro '%s' takes %d"
#define ERR_MACRO_OPEN		"no ')' behind the arguments of macro '%s'"
#define ERR_MACRO_DEPTH		"macros nested too deeply"
#define ERR_MACRO_HASH		"'#' and '##' in macros are not supported"
#define ERR_NO_IF		"'#%s' without '#if'"
#define ERR_NO_ENDIF		"'#if' without '#endif'"
#define ERR_IF_CONSTANT		"expected a constant expression"
#define ERR_INCLUDE		"expected \"FILE\" or <FILE>"
#define ERR_ERROR		"%s"
#define WARN_MACRO		"macro '%s' is defined again, differently"
#define WARN_EXTRA		"text behind the directive is ignored"

/* cdecl.c */
#define ERR_TYPE		"expected a type"
#define ERR_TYPE_WORDS		"these words are no type together"
#define ERR_MEMBER		"expected a name of a member"
#define ERR_TYPEDEF		"expected a name for the type"
#define ERR_TAG			"expected a name or '{' behind '%s'"
#define ERR_DEFINED		"'%s %s' is defined twice, first in line %u"
#define ERR_TYPEDEF_TWICE	"type '%s' is defined twice, first in line %u"
#define ERR_ITSELF		"type '%s' consists of itself"
#define ERR_CONSTANT		"expected a constant; '%s' is not known here"
#define ERR_NOT_CONSTANT	"expected a constant"
#define ERR_BITS		"a bit field has 0 to 64 bits"
#define ERR_ARRAY_SIZE		"an array has at most %u elements"
#define ERR_ALIGN		"an alignment is a power of two, at most %u"

/* layout.c */
#define ERR_NO_TYPE		"type '%s' is not known%s"
#define ERR_NO_MEMBERS		"'%s %s' is not defined%s"
#define ERR_NO_SIZE		"a value of type '%s' has no size"
#define ERR_NO_LENGTH		"the length of an array is not known here"
#define ERR_BIG_TYPE		"type '%s' is too large"
#define ERR_BITS_TYPE		"'%s' is too small for %u bits, or no integer"
#define ERR_NO_MEMBER		"'%s %s' has no member '%s'%s"

/* btf.c */
#define ERR_BTF			"no types of a kernel in '%s': %s"

/* event.c */
#define ERR_EVENTS		"cannot read '%s': %s; be root, mount tracefs, or give --events DIR"
#define ERR_FORMAT		"'%s' is no format of an event"

/* elf.c */
#define ERR_BINARY		"cannot read '%s': %s"
#define ERR_NO_BINARY		"there is no program or library '%s'"
#define ERR_ADDRESS		"address 0x%llx is not in '%s'"

/* attach.c: for each probe; a warning, if there are others */
#define ERR_INSTEAD_RAW		"probes of kind '%s' have arguments without types; use tracepoint:SYSTEM:EVENT"
#define ERR_INSTEAD_WATCH	"probes of kind '%s' need debug registers; use a kprobe or uprobe of the writer"
#define ERR_INSTEAD_ITER	"probes of kind '%s' walk lists of the kernel; use events, or what /proc has"
#define ERR_INSTEAD_COUNT	"probes of kind '%s' need perf's counters; use profile:hz:99, or count an event"
#define ERR_NO_SYSTEM		"there are no events of a system '%s'%s"
#define ERR_NO_EVENT		"there is no event '%s:%s'%s"
#define ERR_NO_FUNCTION		"there is no function '%s' to probe%s"
#define ERR_NO_FUNCTIONS	"cannot read '%s': %s; be root, or give --functions FILE"
#define ERR_NO_SYMBOL		"'%s' has no function '%s'%s"
#define ERR_NO_USDT		"'%s' has no probe '%s'%s"
#define ERR_NO_MATCH		"nothing matches '%s'"
#define ERR_TOO_MANY		"'%s' matches more than %u places"
#define ERR_BEHIND		"offset %llu is behind function '%s', which has %llu bytes"

#define ERR_NOT_HERE		"'%s' is not possible here: there is no %s"

/* provider.c */
#define ERR_PROVIDER		"expected a probe: PROVIDER:NAME"

/* parse.c, parse_expr.c */
#define ERR_EXPECT		"expected '%s'"
#define ERR_EXPECT_FOUND	"expected '%s', found '%s'"
#define ERR_EXPECT_VALUE	"expected a value, found '%s'"
#define ERR_EXPECT_NAME		"expected a name, found '%s'"
#define ERR_EXPECT_VAR		"expected a variable, '$NAME'"
#define ERR_EXPECT_MAP		"expected a map, '@NAME'"
#define ERR_EXPECT_PROBE	"expected a probe, found '%s'%s"
#define ERR_EXPECT_SETTING	"expected NAME = VALUE"
#define ERR_STATEMENT		"'%s' is no statement%s"
#define ERR_DEEP		"nested too deeply"
#define ERR_NOT_ASSIGNABLE	"only variables and maps can be assigned to"
#define ERR_NOT_COUNTED		"only variables and maps have '++' and '--'"
#define ERR_NOT_A_FUNCTION	"only a name can be called"
#define ERR_UNSUPPORTED		"%s are not supported"
#define ERR_LATE		"%s must stand before all probes"
#define ERR_OUTSIDE_LOOP	"'%s' outside of a loop"
#define ERR_NO_PROBES		"script without a probe"

/* parse_probe.c */
#define ERR_PROBE_PARTS		"expected %s"
#define ERR_PROBE_EMPTY		"empty name in a probe: expected %s"
#define ERR_PROBE_NUMBER	"expected a number, not '%s': %s"
#define ERR_PROBE_PARAM		"parameter $%u is not given"
#define ERR_PROBE_QUOTE		"missing '\"' in a probe"
#define ERR_PROBE_UNIT		"unknown unit '%s': %s%s"
#define ERR_PROBE_ZERO		"must not be 0: %s"
#define ERR_PROBE_REFUSED	"probes of kind '%s' are not supported"
#define ERR_OFFSET		"only kprobe, kretprobe and uprobe take an offset"

/* gen_expr.c, gen_cond.c, gen_path.c, gen_builtin.c, gen_call.c: values */
#define ERR_UNKNOWN		"'%s' is no builtin, field or constant%s"
#define ERR_STRING_NUMBER	"expected a number, not a string"
#define ERR_NO_NUMBER		"expected a number"
#define ERR_NO_VALUE		"this has no value"
#define ERR_ADDRESS_OF		"nothing here has an address: '&' is only between two numbers"
#define ERR_TERNARY		"both values must be numbers, or both strings"
#define ERR_NO_TUPLE		"this is no tuple"
#define ERR_NO_ELEMENT		"the tuple has no element %llu"
#define ERR_COMPARE		"a string can only be compared with a string"
#define ERR_COMPARE_OP		"strings can only be compared by '==' and '!='"
#define ERR_STRING_PART		"of a string from a map, or at an address that the program has found, no part can be compared"
#define ERR_DEREF		"only the event can follow an address: one that is an argument, a field or a member of these"
#define ERR_NO_STRUCT		"there is no struct or union to have a member '%s'; cast its address"
#define ERR_NO_ARRAY		"this is no array or pointer"
#define ERR_INDEX		"the index of an array must be a constant"
#define ERR_BIT_FIELD		"this bit field lies across two numbers"
#define ERR_WHOLE		"%s cannot be used as a whole"
#define ERR_IN_RECORD		"of the array '%s' in the event itself only numbers in its first 8 bytes can be had"
#define ERR_CAST		"no value can be cast to such a type"
#define ERR_FAR			"too many pointers, one behind the other"
#define ERR_FETCHES		"an event can look at %u places at most"
#define ERR_SYMBOL		"the kernel has no symbol '%s', or hides its address"
#define ERR_FETCH_HERE		"begin and end have no event that could look there"
#define ERR_NO_FIELD		"event '%s:%s' has no field '%s'%s"
#define ERR_NO_PROVIDED		"probe '%s' has no argument '%s'%s"
#define ERR_NO_ARG		"there is no '%s' in probes of kind '%s'"
#define ERR_ARG_STACK		"only the first %u arguments are in registers; use sargN"
#define ERR_ARGS_WHOLE		"'args' needs the name of a field: args.NAME"
#define ERR_NO_BTF		"the parameters of '%s' are not known; use argN, or --btf FILE"
#define ERR_NO_PARAM		"function '%s' has no parameter '%s'%s"
#define ERR_USDT_ARG		"argument '%s' of this probe is not understood"
#define ERR_USDT_ARGS		"the probe has %u arguments"
#define ERR_BUILTIN		"there is no '%s' here: %s"
#define ERR_STACK_MODE		"stacks are shown as 'bpftrace', 'perf' or 'raw', not as '%s'"
#define ERR_NO_FUNC		"there is no function '%s'%s"
#define ERR_NR_ARGS		"%s() takes %u to %u arguments"
#define ERR_WANTS_STRING	"expected a string"
#define ERR_WANTS_MAP		"%s() takes a map, '@NAME'"
#define ERR_STR_ARG		"str() takes an address"
#define ERR_STRNCMP		"strncmp() needs a constant string"
#define ERR_NTOP		"ntop() takes a number, or an array of 4 or 16 bytes"
#define ERR_MACADDR		"macaddr() takes an array of 6 bytes"
#define ERR_BUF			"buf() needs a length for this"
#define ERR_REG			"registers are only known in kprobe, uprobe and usdt probes"
#define ERR_NO_REG		"'%s' is no register"
#define ERR_LEN			"programs cannot count entries or frames"
#define ERR_NO_NAMES		"the event's format has no names for this"
#define ERR_AGG			"%s() is only assigned to maps: @x = %s()"
#define WARN_FIELD		"'%s' is the field of %s:%s here; behind 'tracepoint:' it is the builtin"
#define WARN_BUF		"buf() shows the first %u bytes"

/* gen_map.c, gen_var.c */
#define ERR_NO_MAP		"map '@%s' is never set"
#define ERR_LONG_NAME		"the name is too long: more than %u letters"
#define ERR_MAP_KEY		"the key of '@%s' has other types elsewhere"
#define ERR_MAP_KEYS		"the key of '@%s' has another number of parts elsewhere"
#define ERR_MAP_KIND		"'@%s' is something else elsewhere"
#define ERR_MAP_TYPE		"the value of '@%s' has another type elsewhere"
#define ERR_MAP_VALUE		"only numbers, strings and stacks can be values of maps"
#define ERR_MAP_DECL		"expected hash(ENTRIES)"
#define ERR_MAPS		"more than %u maps in one probe"
#define ERR_PARTS		"a key has at most %u parts"
#define ERR_BOUNDS		"the histogram '@%s' has other bounds elsewhere"
#define ERR_HIST_BITS		"a power of two is split into 2^0 to 2^5 parts"
#define ERR_LHIST		"lhist() takes a value, minimum, maximum and step: at most %u steps"
#define ERR_NO_VAR		"variable '$%s' is not set%s"
#define ERR_VAR_TYPE		"variable '$%s' has another type elsewhere"
#define ERR_VAR_VALUE		"a variable cannot be assigned this more than once"
#define ERR_VAR_TUPLE		"a variable can only be a tuple of what does not change"

/* gen_print.c */
#define ERR_CONVERSION		"unknown conversion '%%%c'"
#define ERR_FORMAT_FEW		"the format has more conversions than there are arguments"
#define ERR_FORMAT_MANY		"the format has no conversion for this"
#define ERR_FORMAT_ARG		"'%%%c' shows a number, and this is none"
#define ERR_MAX_ARGS		"a record has at most %u arguments"
#define ERR_PRINT_TOP		"only of maps a number can be printed"
#define ERR_JOIN		"join() takes an array of addresses"

/* main.c */
#define ERR_UNSAFE		"system() is only carried out with --unsafe"

/* gen_stmt.c, emit.c */
#define ERR_LOOP		"no bound of this loop can be seen: begin with a constant, count with '++', compare with a constant"
#define ERR_LOOP_RANGE		"both ends must be constants"
#define ERR_LOOP_LONG		"a loop runs at most %u times"
#define ERR_FOR_MAP		"programs cannot walk maps; print() shows them"
#define ERR_REGISTERS		"too many variables at once: there are %d registers"
#define ERR_BIG_PROGRAM		"the program is too large"
#define ERR_LONG_STRING		"a string has at most %u bytes here"

/* load.c, session.c, sessions.c, tracefs.c */
#define ERR_NO_TRACEFS		"cannot use tracefs in '%s': %s; be root, and mount it"
#define ERR_NO_TAP		"this kernel has no actions of events"
#define ERR_TRACEFS		"cannot change '%s': %s"
#define ERR_REFUSED		"the kernel refuses %s: %s"
#define ERR_RUN_NAME		"a run's name consists of letters, digits and '_', at most %d"
#define ERR_RUN_EXISTS		"there is a run '%s' already"
#define ERR_NO_RUN		"there is no run '%s'"
#define ERR_RUN_LIVE		"run '%s' belongs to another process"
#define ERR_NO_SCRIPT		"run '%s' has been killed; remove it"
#define ERR_BIG_SCRIPT		"script too large to be detached: more than %d bytes"
#define ERR_NO_PROCESS		"there is no process %d"
#define ERR_COMMAND		"cannot run '%s'"
#define WARN_LEFT		"run '%s' cannot be removed: %s"

/* build.c */
#define ERR_BUILD_LINE		"this takes a line of more than %u characters"
#define WARN_BUILD_PRINT	"print(@%s) does nothing without tapc; 'show' prints the table"
#define WARN_BUILD_SITE		"%s() does nothing without tapc"
#define WARN_BUILD_SHOW		"%s() is shown as numbers without tapc"
#define WARN_BUILD_SIZE		"the shell script is large, %u KB"

/* offline.c */
#define ERR_PROGRAM		"the kernel would refuse %s: %s, line %u of its program:%s"
#define ERR_PROGRAM_EVENT	"there is no event '%s:%s' for %s"

#endif /* _TAPC_ERR_H */
