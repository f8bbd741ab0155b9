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
#define ERR_INSTEAD		"probes of kind '%s' %s"
#define ERR_NO_SYSTEM		"there are no events of a system '%s'%s"
#define ERR_NO_EVENT		"there is no event '%s:%s'%s"
#define ERR_NO_FUNCTION		"there is no function '%s' to probe%s"
#define ERR_NO_FUNCTIONS	"cannot read '%s': %s; be root, or give --functions FILE"
#define ERR_NO_SYMBOL		"'%s' has no function '%s'%s"
#define ERR_NO_USDT		"'%s' has no probe '%s'%s"
#define ERR_NO_MATCH		"nothing matches '%s'"
#define ERR_TOO_MANY		"'%s' matches more than %u places"
#define ERR_BEHIND		"offset %llu is behind function '%s', which has %llu bytes"

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

#endif /* _TAPC_ERR_H */
