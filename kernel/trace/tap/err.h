/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every error that a user can make, one row each: X(name, text).
 *
 * The first rows are those that event filters always had; their texts, and the
 * positions that stock.c gives them, are what scripts and selftests know. The
 * rows behind NO_FILTER are reported with the position of the token at fault.
 */
#ifndef _TRACE_TAP_ERR_H
#define _TRACE_TAP_ERR_H

#define TAP_ERRORS(X)							\
	X(NONE,			"No error")				\
	X(INVALID_OP,		"Invalid operator")			\
	X(TOO_MANY_OPEN,	"Too many '('")				\
	X(TOO_MANY_CLOSE,	"Too few '('")				\
	X(MISSING_QUOTE,	"Missing matching quote")		\
	X(MISSING_BRACE_OPEN,	"Missing '{'")				\
	X(MISSING_BRACE_CLOSE,	"Missing '}'")				\
	X(OPERAND_TOO_LONG,	"Operand too long")			\
	X(EXPECT_STRING,	"Expecting string field")		\
	X(EXPECT_DIGIT,		"Expecting numeric field")		\
	X(ILLEGAL_FIELD_OP,	"Illegal operation for field type")	\
	X(FIELD_NOT_FOUND,	"Field not found")			\
	X(ILLEGAL_INTVAL,	"Illegal integer value")		\
	X(BAD_SUBSYS_FILTER,						\
	  "Couldn't find or set field in one of a subsystem's events")	\
	X(TOO_MANY_PREDS,	"Too many terms in predicate expression") \
	X(INVALID_FILTER,	"Meaningless filter expression")	\
	X(INVALID_CPULIST,	"Invalid cpulist")			\
	X(IP_FIELD_ONLY,						\
	  "Only 'ip' field is supported for function trace")		\
	X(INVALID_VALUE,	"Invalid value (did you forget quotes)?") \
	X(NO_FUNCTION,		"Function not found")			\
	X(ERRNO,		"Error")				\
	X(NO_FILTER,		"No filter found")			\
	/* Expressions */						\
	X(BAD_CHAR,		"Unexpected character")			\
	X(EXPECT_OPERAND,	"Expecting a value")			\
	X(EXPECT_OPERATOR,	"Expecting an operator")		\
	X(EXPECT_CLOSE,		"Expecting ')'")			\
	X(TOO_DEEP,		"Expression nested too deeply")		\
	X(AMBIGUOUS,							\
	  "Comparison beside '&', '|' or '^' needs parentheses")	\
	X(UNKNOWN_NAME,		"No such field, builtin or enum")	\
	X(NOT_A_NUMBER,		"Expecting a number, not a string or mask") \
	X(NOT_A_STRING,		"Expecting a string")			\
	X(EMPTY_LIST,		"Empty list")				\
	X(BAD_RANGE,		"Range ends before it begins")		\
	X(TOO_LARGE,		"Program too large")			\
	X(TOO_SLOW,		"Program may run for too long")		\
	/* Statements */						\
	X(EXPECT_STATEMENT,	"Expecting a statement")		\
	X(EXPECT_SEMICOLON,	"Expecting ';'")			\
	X(EXPECT_ASSIGN,	"Expecting '=' or '+='")		\
	X(EXPECT_TABLE,		"Expecting a table, '@NAME'")		\
	X(EXPECT_OPEN,		"Expecting '('")			\
	X(EXPECT_BRACKET,	"Expecting ']'")			\
	X(EXPECT_SLASH,		"Expecting '/' behind the condition")	\
	X(UNKNOWN_FUNCTION,	"No such function or synthetic event")	\
	X(WRONG_ARGS,		"Wrong number of arguments")		\
	X(NOT_AN_AGG,							\
	  "Expecting count(), sum(), min(), max(), avg(), stats(), hist() or lhist()") \
	X(BAD_FORMAT,		"Bad conversion in a format")		\
	X(FORMAT_ARGS,		"Arguments do not fit the format")	\
	X(NO_NAMES,		"Expecting a field whose values have names")	\
	X(BAD_LENGTH,							\
	  "Expecting a constant: at most 256 bytes, or 127 frames")	\
	X(BAD_HIST,		"Bad bounds of a histogram")		\
	X(NOT_HERE,		"Not possible here")			\
	/* Places */							\
	X(NO_EVENT,		"Event not found")			\
	X(NO_INSTANCE,		"Instance not found")			\
	/* Tables */							\
	X(NO_TABLE,		"No such table")			\
	X(NO_TABLES,		"This kernel has no tables")		\
	X(BAD_SHAPE,		"Bad shape of a table")			\
	X(WRONG_SHAPE,		"Table has another shape") \
	X(KEY_TOO_LONG,		"Key too long")				\
	X(TOO_MANY_TABLES,	"Too many tables in a program")		\
	X(TOO_MANY_PARTS,	"Too many parts or values")		\
	X(TABLE_MEMORY,		"Memory limit of this instance's tables reached") \
	X(TABLE_BUSY,		"Table is in use by a program")		\
	X(TABLE_EXISTS,		"Table exists")				\
	X(TABLE_COMMAND,	"Expecting clear, zero, size=N or remove") \
	X(TABLE_CONTROL,						\
	  "Expecting a table, limit=N, clear, remove or reset")		\
	X(TABLE_OPTION,		"Expecting size=N or evict")		\
	X(TABLE_SIZE,		"Expecting a number of entries, 1 to 16777216") \
	X(TABLE_NO_NAME,	"A table without a name belongs to its program") \
	/* Timers */							\
	X(EXPECT_NAME,		"Expecting i:[GROUP/]NAME, of letters, digits and '_'") \
	X(NAME_TOO_LONG,	"Name too long: at most 63 characters")	\
	X(EXPECT_PERIOD,	"Expecting a period, like 10ms or 99hz") \
	X(EXPECT_UNIT,		"Expecting the unit ns, us, ms, s or hz") \
	X(PERIOD_SHORT,							\
	  "Period too short: at least 100us, at most 10000hz")		\
	X(PERIOD_LONG,		"Period too long")			\
	X(EXPECT_PERCPU,	"Expecting 'percpu' or nothing")	\
	X(TIMER_TRAILING,	"Text behind the timer")		\
	X(EVENT_EXISTS,		"Event exists")				\
	/* Program text */						\
	X(NO_HEADER,		"Expecting 'tap 1 filter'")		\
	X(BAD_VERSION,		"Unknown version of tap bytecode")	\
	X(BAD_KIND,		"Not a program for this file")		\
	X(NO_END,		"Program without 'end'")		\
	X(TEXT_TOO_LONG,	"Program text too long")		\
	X(TRAILING_TEXT,	"Text behind the last operand")		\
	X(BAD_OPCODE,		"Unknown opcode")			\
	X(BAD_REGISTER,		"Expecting a register, r0 to r15")	\
	X(BAD_NUMBER,		"Expecting a number")			\
	X(BAD_NAME,		"Expecting args.FIELD or a builtin")	\
	X(BAD_RELATION,		"Relation does not fit the operand")	\
	X(BAD_STRING,		"Expecting a quoted string")		\
	X(BAD_ESCAPE,		"Unknown escape in a string")		\
	X(BAD_LABEL,		"Expecting a label")			\
	X(EXPECT_COMMA,		"Expecting ','")			\
	X(DUP_LABEL,		"Label is defined twice")		\
	X(NO_LABEL,		"Label is not defined")			\
	/* Verifier */							\
	X(JUMP_BACK,		"Jump does not go forward")		\
	X(UNSET_REGISTER,	"Register may be read before it is set") \
	X(FALLS_OFF,		"Program runs past its end")		\
	X(UNREACHABLE,		"Instruction cannot be reached")	\
	X(WRONG_TYPE,		"Operand has the wrong type")		\
	X(EMPTY_PROGRAM,	"Program is empty")			\
	X(UNSET_KEY,		"Part of the key may not be set")	\
	X(UNSET_ARG,		"Argument may not be set")		\
	X(NOT_IN_FILTER,	"Not in a filter")			\
	X(BAD_LOOP,		"Loop without 'next', or 'next' without loop") \
	X(JUMP_IN_LOOP,		"Jump into a loop")			\
	X(BAD_SOURCE,		"Not a source of a value")		\
	X(FRAME_TOO_LARGE,	"Keys and arguments take too much memory") \
	X(INTERNAL,		"Malformed instruction")

enum tap_error_code {
#define X(name, text) TAP_ERR_##name,
	TAP_ERRORS(X)
#undef X
	TAP_NR_ERRORS,
};

/**
 * struct tap_error - what is wrong with a text, and where
 * @err: negative errno that the write returns
 * @code: enum tap_error_code; TAP_ERR_NONE where only @err is known
 * @pos: offset in bytes from the start of the text
 * @detail: what more there is to say, "@t has the shape @t[u64] = count", or ""
 */
struct tap_error {
	int			err;
	enum tap_error_code	code;
	unsigned int		pos;
	char			detail[160];
};

/* Texts of the codes, for tracing_log_err(). */
extern const char *trace_tap_err_text[TAP_NR_ERRORS];

int trace_tap_error(struct tap_error *e, int err, enum tap_error_code code,
		    unsigned int pos);

#endif /* _TRACE_TAP_ERR_H */
