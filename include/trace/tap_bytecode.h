/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap bytecode: the instruction set shared by the kernel and its tools.
 *
 * A program is text outside the kernel and an array of struct tap_insn inside.
 * One row here makes an opcode: its number, its mnemonic, the operands that the
 * assembler reads and the disassembler prints, and what the verifier checks.
 * Everything else (enum, tables, the reference in
 * Documentation/trace/tap-bytecode.rst) is generated from or checked against
 * these rows.
 *
 *	tap 1 filter
 *		ld	r0, args.prev_prio
 *		jge	r0, 10, reject
 *		jnstr	args.next_comm, ~, "kw*", reject
 *		ret	1
 *	reject:
 *		ret	0
 *	end
 *
 * Registers hold 64-bit integers and nothing else. Fields, builtins, strings
 * and CPU lists are named operands of an instruction, so no program can form an
 * address, and checking one takes a single pass. Jumps go forward; what runs
 * again stands between "loop" and "next", which count.
 *
 * A program of actions declares the tables that it uses in front, and fills in a
 * key before it touches an entry:
 *
 *	tap 1 action
 *		table	@us[u64.syscall] = hist
 *		ld	r0, args.ret
 *		ld	r1, args.id
 *		key	@us, 0, r1
 *		agg	@us, 0, r0
 *		ret	1
 *	end
 *
 * See Documentation/trace/tap-bytecode.rst.
 */
#ifndef _TRACE_TAP_BYTECODE_H
#define _TRACE_TAP_BYTECODE_H

/* The number behind "tap" in a program's first line. */
#define TAP_VERSION		1

#define TAP_NR_REGS		16	/* r0..r15 */
#define TAP_MAX_INSNS		4096	/* instructions of one program */
#define TAP_MAX_NAMES		1024	/* distinct named operands */
#define TAP_MAX_TEXT		65536	/* bytes of program text */
#define TAP_MAX_STR		256	/* a string constant with its NUL */
#define TAP_MAX_TABLES		16	/* tables of one program */
#define TAP_MAX_PARTS		8	/* parts of a key; values of an entry */
#define TAP_MAX_KEY		512	/* bytes of a key */
#define TAP_MAX_ARGS		16	/* arguments of a printf or synth */
#define TAP_MAX_LOOPS		4	/* loops in one another */
#define TAP_MAX_STACK		127	/* frames of a stack */
#define TAP_DEF_STR		64	/* a string of no known length, in a table */

/*
 * The most that one run may cost: instructions count 1, comparisons of strings
 * and masks 16, of strings behind pointers, which are copied first, 128, of two
 * strings 256; whatever copies a string 128; access to a table 64; a stack 2048;
 * a printf or synth 512; any other effect 256. What stands in a loop counts as
 * often as it may run.
 */
#define TAP_MAX_COST		131072

/*
 * How an operand is written. An opcode row lists up to four, in the order of
 * the text; each mode may occur once in a row.
 *
 *	D	register that is written	r0
 *	A	register that is read		r0
 *	V	register or constant		r1, 42, -1, 0x10
 *	N	named integer			args.prev_prio, pid
 *	S	named string			args.filename, comm
 *	T	another one			args.next_comm
 *	M	named CPU mask			args.cpumask
 *	R	string relation			==, !=, ~, !~
 *	E	equality			==, !=
 *	C	CPU mask relation		==, !=, &
 *	Q	quoted string			"kw*"
 *	L	label to jump to		reject
 *	B	table				@us
 *	P	number of a part of a key, of a value or of an argument	0
 *	I	count, a constant		100
 *	X	source of a value		r0, comm, kstack(16)
 */

/*
 * X(name, mnemonic, operands, class, meaning)
 *
 * class: ALU	D = D op V; D must be set
 *	  MOVE	D is set
 *	  JUMP	goes to L or to the next instruction
 *	  GOTO	goes to L
 *	  END	ends the program
 *	  STEP	goes on; no register changes
 *	  LOOP	begins what runs I times; goes on
 *	  NEXT	ends it: goes back behind its LOOP, or on
 *
 * Rows behind KEY are for actions only, but for KEY, HAS and GET of tables that
 * exist, which filters may read.
 */
#define TAP_OPCODES(X)							\
	X(MOV,	 "mov",	  "DV",	  MOVE,	"D = V")			\
	X(LD,	 "ld",	  "DN",	  MOVE,	"D = N, extended to 64 bits by its declared sign") \
	X(ADD,	 "add",	  "DV",	  ALU,	"D = D + V")			\
	X(SUB,	 "sub",	  "DV",	  ALU,	"D = D - V")			\
	X(MUL,	 "mul",	  "DV",	  ALU,	"D = D * V")			\
	X(DIV,	 "div",	  "DV",	  ALU,	"D = D / V, signed, toward zero; 0 if V is 0") \
	X(MOD,	 "mod",	  "DV",	  ALU,	"D = D % V, signed; D if V is 0") \
	X(UDIV,	 "udiv",  "DV",	  ALU,	"D = D / V, unsigned; 0 if V is 0") \
	X(UMOD,	 "umod",  "DV",	  ALU,	"D = D % V, unsigned; D if V is 0") \
	X(AND,	 "and",	  "DV",	  ALU,	"D = D & V")			\
	X(OR,	 "or",	  "DV",	  ALU,	"D = D | V")			\
	X(XOR,	 "xor",	  "DV",	  ALU,	"D = D ^ V")			\
	X(SHL,	 "shl",	  "DV",	  ALU,	"D = D << (V & 63)")		\
	X(SHR,	 "shr",	  "DV",	  ALU,	"D = D >> (V & 63), unsigned")	\
	X(SAR,	 "sar",	  "DV",	  ALU,	"D = D >> (V & 63), signed")	\
	X(JMP,	 "jmp",	  "L",	  GOTO,	"go to L")			\
	X(JEQ,	 "jeq",	  "AVL",  JUMP,	"if A == V go to L")		\
	X(JNE,	 "jne",	  "AVL",  JUMP,	"if A != V go to L")		\
	X(JLT,	 "jlt",	  "AVL",  JUMP,	"if A < V, signed, go to L")	\
	X(JLE,	 "jle",	  "AVL",  JUMP,	"if A <= V, signed, go to L")	\
	X(JGT,	 "jgt",	  "AVL",  JUMP,	"if A > V, signed, go to L")	\
	X(JGE,	 "jge",	  "AVL",  JUMP,	"if A >= V, signed, go to L")	\
	X(JULT,	 "jult",  "AVL",  JUMP,	"if A < V, unsigned, go to L")	\
	X(JULE,	 "jule",  "AVL",  JUMP,	"if A <= V, unsigned, go to L")	\
	X(JUGT,	 "jugt",  "AVL",  JUMP,	"if A > V, unsigned, go to L")	\
	X(JUGE,	 "juge",  "AVL",  JUMP,	"if A >= V, unsigned, go to L")	\
	X(JSET,	 "jset",  "AVL",  JUMP,	"if A & V go to L")		\
	X(JNSET, "jnset", "AVL",  JUMP,	"if !(A & V) go to L")		\
	X(JSTR,	 "jstr",  "SRQL", JUMP,	"if S can be read and S R Q, go to L") \
	X(JNSTR, "jnstr", "SRQL", JUMP,	"unless S can be read and S R Q, go to L") \
	X(JPAIR, "jpair", "SETL", JUMP, "if S and T can be read and S E T, go to L") \
	X(JNPAIR, "jnpair", "SETL", JUMP, "unless S and T can be read and S E T, go to L") \
	X(JCPU,	 "jcpu",  "MCQL", JUMP,	"if M C Q, Q a list of CPUs, go to L") \
	X(JNCPU, "jncpu", "MCQL", JUMP,	"unless M C Q, Q a list of CPUs, go to L") \
	X(JFN,	 "jfn",	  "AQL",  JUMP,	"if A is an address in the function Q, go to L") \
	X(JNFN,	 "jnfn",  "AQL",  JUMP,	"unless A is an address in the function Q, go to L") \
	X(RET,	 "ret",	  "V",	  END,	"end; a filter keeps the record if V is not 0") \
	X(KEY,	 "key",	  "BPX",  STEP,	"part P of the key into B = X")	\
	X(HAS,	 "has",	  "DB",	  MOVE,	"D = 1 if B has an entry under its key, else 0") \
	X(GET,	 "get",	  "DBP",  MOVE,	"D = value P of the entry, of all CPUs, or 0") \
	X(PUT,	 "put",	  "BX",	  STEP,	"the value of the entry, made if need be, = X") \
	X(INC,	 "inc",	  "BV",	  STEP,	"the value of the entry, made if need be, += V") \
	X(AGG,	 "agg",	  "BPV",  STEP,	"value P of the entry, made if need be, aggregates V") \
	X(DEL,	 "del",	  "B",	  STEP,	"remove the entry")		\
	X(CLEAR, "clear", "B",	  STEP,	"remove all entries, soon")	\
	X(ZERO,	 "zero",  "B",	  STEP,	"set the values of all entries to 0, soon") \
	X(ARG,	 "arg",	  "PX",	  STEP,	"argument P of the next printf or synth = X") \
	X(PRINTF, "printf", "Q",  STEP,	"print the arguments by the format Q into the trace") \
	X(SYNTH, "synth", "Q",	  STEP,	"fire the synthetic event Q with the arguments") \
	X(STACK, "stack", "",	  STEP,	"record the kernel stack in the trace") \
	X(RECORD, "record", "",	  STEP,	"keep the record of this event") \
	X(TRACEON, "traceon", "", STEP,	"switch tracing of the instance on") \
	X(TRACEOFF, "traceoff", "", STEP, "switch tracing of the instance off") \
	X(SNAPSHOT, "snapshot", "", STEP, "take a snapshot of the instance") \
	X(LOOP,	 "loop",  "I",	  LOOP,	"run what is up to the matching next I times") \
	X(NEXT,	 "next",  "",	  NEXT,	"end of a loop")

enum tap_opcode {
#define X(name, mnemonic, operands, class, meaning) TAP_OP_##name,
	TAP_OPCODES(X)
#undef X
	TAP_NR_OPCODES,
};

/* Relations of strings and of CPU masks: operands R, E and C. */
#define TAP_RELATIONS(X)						\
	X(EQ,	 "==")							\
	X(NE,	 "!=")							\
	X(GLOB,	 "~")							\
	X(NGLOB, "!~")							\
	X(AND,	 "&")

enum tap_relation {
#define X(name, text) TAP_REL_##name,
	TAP_RELATIONS(X)
#undef X
	TAP_NR_RELATIONS,
};

/*
 * Operand X: where a value comes from. X(name, text, takes): the text in front
 * of the parentheses, and what is in them: a register, a length in bytes or in
 * frames, a field. The sources without parentheses are told apart by how they
 * begin: r0, 42, args.filename or comm, "text", @name.
 */
#define TAP_SOURCES(X)							\
	X(REG,	   "",		"")	/* integer */			\
	X(IMM,	   "",		"")	/* integer */			\
	X(NAME,	   "",		"")	/* string, or probe */		\
	X(TEXT,	   "",		"")	/* string */			\
	X(TABLE,   "",		"")	/* string or stack: the value of its entry */ \
	X(KSTACK,  "kstack",	"I")	/* stack, at most so many frames */ \
	X(USTACK,  "ustack",	"I")					\
	X(KSTR,	   "kstr",	"VI")	/* string at a kernel address */ \
	X(USTR,	   "ustr",	"VI")	/* string at a user address */	\
	X(SYSCALL, "syscall",	"V")	/* name of a system call, to print */ \
	X(ENUM,	   "enum",	"VN")	/* name of a value of a field, to print */

enum tap_source {
#define X(name, text, takes) TAP_SRC_##name,
	TAP_SOURCES(X)
#undef X
	TAP_NR_SOURCES,
};

/*
 * X(name, text, meaning): what an entry of a table can hold, in the text of its
 * shape. A plain value is one that is assigned; all others aggregate, one copy a
 * CPU.
 */
#define TAP_VALUES(X)							\
	X(INT,	   "",	    "plain: a 64-bit integer, s64 or u64")	\
	X(STR,	   "",	    "plain: a string, strN")			\
	X(STACK,   "",	    "plain: a stack, kstack or ustack")		\
	X(COUNT,   "count", "how often")				\
	X(SUM,	   "sum",   "the sum")					\
	X(MIN,	   "min",   "the smallest")				\
	X(MAX,	   "max",   "the largest")				\
	X(AVG,	   "avg",   "the average")				\
	X(STATS,   "stats", "how often, the average and the sum")	\
	X(HIST,	   "hist",  "a histogram by powers of two, each split into 2^k") \
	X(LHIST,   "lhist", "a histogram from min to max by step")

enum tap_value_kind {
#define X(name, text, meaning) TAP_VALUE_##name,
	TAP_VALUES(X)
#undef X
	TAP_NR_VALUES,
};

/* X(name, text, meaning): how a table shows an integer; it stays a number. */
#define TAP_FORMS(X)							\
	X(NONE,	   "",		"in decimal")				\
	X(HEX,	   "hex",	"in hexadecimal")			\
	X(KSYM,	   "ksym",	"a kernel address, as symbol and offset") \
	X(SYSCALL, "syscall",	"the name of a system call")		\
	X(ENUM,	   "enum",	"as the event's format names values of a field, enum(FIELD)") \
	X(PROBE,   "probe",	"the name of an event")

enum tap_form {
#define X(name, text, meaning) TAP_FORM_##name,
	TAP_FORMS(X)
#undef X
	TAP_NR_FORMS,
};

/*
 * X(name, text, type, meaning): the values every event has, whatever its
 * fields. In bytecode they stand bare, fields as args.NAME; in expressions a
 * bare name is the event's field first, and common_NAME always is the builtin.
 * None of them needs the record.
 */
#define TAP_BUILTINS(X)							\
	X(PID,	   "pid",     INT,  "id of the current thread")		\
	X(TID,	   "tid",     INT,  "the same as pid")			\
	X(TGID,	   "tgid",    INT,  "id of the current process")	\
	X(UID,	   "uid",     INT,  "user id of the current thread")	\
	X(GID,	   "gid",     INT,  "group id of the current thread")	\
	X(CPU,	   "cpu",     INT,  "number of the current CPU")	\
	X(NCPUS,   "ncpus",   INT,  "number of online CPUs")		\
	X(NSECS,   "nsecs",   INT,  "nanoseconds since boot, suspend included") \
	X(RAND,	   "rand",    INT,  "a random number of 32 bits")	\
	X(IN_IRQ,  "in_irq",  INT,  "1 in a hard or soft interrupt, else 0") \
	X(IN_NMI,  "in_nmi",  INT,  "1 in an NMI, else 0")		\
	X(IOWAIT,  "in_iowait", INT, "1 if the current thread waits for I/O, else 0") \
	X(ELAPSED, "elapsed", INT,  "nanoseconds since the program was set up") \
	X(CALLER,  "caller",  INT,  "address from which the event was fired") \
	X(PROBE,   "probe",   PROBE, "name of the event, system:event")	\
	X(COMM,	   "comm",    STR,  "name of the current thread")

enum tap_builtin {
#define X(name, text, type, meaning) TAP_BUILTIN_##name,
	TAP_BUILTINS(X)
#undef X
	TAP_NR_BUILTINS,
};

#endif /* _TRACE_TAP_BYTECODE_H */
