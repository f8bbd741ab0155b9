// SPDX-License-Identifier: GPL-2.0
/*
 * What a machine offers to scripts, and what it costs that something is missing:
 * tapc --info.
 *
 *	in:	files of tracefs, /proc and /sys; or a copied folder of events
 *	out:	kprobes          yes
 *		timers           no   interval, profile cannot be used
 *		functions        yes  57632
 *
 * Nothing is written, so that asking changes nothing; that is why some of it is
 * taken from what README of tracefs says. Of a copy only those rows are shown
 * that it can answer.
 */
#include <unistd.h>

#include "build.h"
#include "tapc.h"

/*
 * X(name, test, argument, CONFIG_, what it costs if it is missing). Tests:
 *
 *	f	a file of tracefs	F	a folder of the folder of events
 *	A	a file in there
 *	r	a word of its README	p	any other file
 *	c	lines of a file		k	addresses in a file are not 0
 *	s	a setting, not 0	l	a list whose [choice] is "none"
 *	m	a number in a file, behind the argument's second word
 */
#define FEATURES(X)							\
	X("tracefs", "f", "trace", "FTRACE",				\
	  "nothing works; be root, mount -t tracefs none /sys/kernel/tracing") \
	X("tap bytecode 1", "f", "table_control", "TRACE_TAP",		\
	  "no script runs")						\
	X("instances", "f", "instances", "TRACING", "no script runs")	\
	X("actions", "A", "action", "TRACE_TAP", "no script runs")	\
	X("memory of maps", "m", "table_control limit=", "TRACE_TAP",	\
	  "no maps")							\
	X("run_once", "f", "run_once", "TRACE_TAP",			\
	  "BEGIN and END cannot be used")				\
	X("timers", "r", "i:[<group>/]", "TRACE_TAP",			\
	  "interval and profile cannot be used")			\
	X("tracepoints", "F", "sched/sched_switch", "EVENT_TRACING",	\
	  "tracepoint cannot be used")					\
	X("system calls", "F", "syscalls", "FTRACE_SYSCALLS",		\
	  "no tracepoint:syscalls; take kprobes of __x64_sys_NAME and the like") \
	X("kprobes", "r", "kprobe_events", "KPROBE_EVENTS",		\
	  "kprobe and kretprobe cannot be used")			\
	X("fprobes", "r", " f[:[", "FPROBE_EVENTS",			\
	  "fentry and fexit cannot be used, or become kprobes")		\
	X("uprobes", "r", "uprobe_events", "UPROBE_EVENTS",		\
	  "uprobe, uretprobe and usdt cannot be used")			\
	X("event probes", "r", " e[:[", "PROBE_EVENTS",			\
	  "structs that tracepoints point to cannot be read")		\
	X("raw tracepoints", "r", " t[:[", "FPROBE_EVENTS",		\
	  "rawtracepoint cannot be used")				\
	X("arguments", "r", "$comm, $arg<N>", "HAVE_FUNCTION_ARG_ACCESS_API",	\
	  "arg0, arg1, ... of functions are not known")			\
	X("functions", "c", "available_filter_functions",		\
	  "DYNAMIC_FTRACE", "wildcards of functions find none")		\
	X("function action", "A", "ftrace/function/action",		\
	  "FUNCTION_TRACER", "no action for many functions at once")	\
	X("types of the kernel", "p", "/sys/kernel/btf/vmlinux",	\
	  "DEBUG_INFO_BTF", "scripts define the structs that they use, or --btf FILE") \
	X("kernel addresses", "k", "/proc/kallsyms", "KALLSYMS",	\
	  "functions have no names; be root, see kernel.kptr_restrict")	\
	X("compiled programs", "s", "/proc/sys/net/core/bpf_jit_enable", \
	  "BPF_JIT", "programs are interpreted, which is slow; write 1 to it") \
	X("no lockdown", "l", "/sys/kernel/security/lockdown", "",	\
	  "what reads the kernel's memory is refused")

/**
 * struct answer - what is known of a feature
 * @tc: the run
 * @root: the folder tracefs, or where the copy of its events is
 * @is_there: it is
 * @is_known: else nothing says whether it is
 * @text: more about what is there
 */
struct answer {
	struct tapc	*tc;
	const char	*root;
	bool		is_there;
	bool		is_known;
	char		text[24];
};

static void answer(struct answer *a, bool is_there)
{
	a->is_known = true;
	a->is_there = is_there;
}

/* A file is there. What is missing in a copy may only not have been copied. */
static void ask_file(struct answer *a, const char *path, bool is_sure)
{
	bool is_there = !access(path, F_OK);

	if (is_there || is_sure || !a->tc->machine.is_copy)
		answer(a, is_there);
}

/* Lines of a file that may be long: counted, not kept. */
static void ask_lines(struct answer *a, const char *path)
{
	unsigned int nr = 0;
	FILE *f = fopen(path, "re");
	int c;

	while (f && (c = getc_unlocked(f)) != EOF)
		nr += c == '\n';
	if (f)
		fclose(f);
	if (f || !a->tc->machine.is_copy)
		answer(a, nr);
	snprintf(a->text, sizeof(a->text), "%u", nr);
}

/* The beginning of a file, or "": enough for a setting, or an address. */
static const char *read_start(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "re");

	buf[f ? fread(buf, 1, size - 1, f) : 0] = 0;
	if (f)
		fclose(f);
	return buf;
}

/* README, and files that are no larger. */
static void ask_word(struct answer *a, const char *path, const char *word)
{
	const char *text = tapc_read_file(a->tc, path);

	if (!text && a->tc->machine.is_copy)
		return;
	text = text ? strstr(text, word) : NULL;
	answer(a, text);
	if (text && word[strlen(word) - 1] == '=') {
		text += strlen(word);
		snprintf(a->text, sizeof(a->text), "%llu MB",
			 strtoull(text, NULL, 10) >> 20);
	}
}

/* Some are 0, too, but never all of the first ones. */
static bool has_addresses(const char *text)
{
	bool found = false;

	while (text) {
		found |= strtoull(text, NULL, 16);
		text = strchr(text, '\n');
		text += !!text;
	}
	return found;
}

/* What is this machine's and not in tracefs. */
static void ask_machine(struct answer *a, char test, const char *path)
{
	char buf[1024];

	if (a->tc->machine.is_copy)
		return;
	read_start(path, buf, sizeof(buf));
	if (test == 'k')
		answer(a, has_addresses(buf));
	else if (test == 's')
		answer(a, atoi(buf));
	else if (test == 'l')
		answer(a, !*buf || strstr(buf, "[none]"));
	else
		answer(a, *buf);
}

static void ask(struct answer *a, char test, const char *arg)
{
	const char *path = tapc_format(a->tc, "%s/%.*s", a->root,
				       (int)strcspn(arg, " "), arg);

	a->is_known = false;
	a->text[0] = 0;
	switch (test) {
	case 'f':
		ask_file(a, path, false);
		break;
	case 'F':
	case 'A':
		ask_file(a, tapc_format(a->tc, "%s/%s", a->tc->machine.events,
					arg), test == 'F');
		break;
	case 'r':
		ask_word(a, tapc_format(a->tc, "%s/README", a->root), arg);
		break;
	case 'm':
		ask_word(a, path, strchr(arg, ' ') + 1);
		break;
	case 'c':
		ask_lines(a, a->tc->machine.functions);
		break;
	default:
		ask_machine(a, test, arg);
	}
}

/* "CONFIG_X=y" in the kernel's configuration: 1, 0, or -1 if there is none. */
static int has_config(const char *name)
{
	static const char command[] =
		"{ zcat /proc/config.gz || cat /boot/config-$(uname -r); } 2>/dev/null";
	FILE *f = popen(command, "re");
	char line[256];
	int found = -1;

	while (f && fgets(line, sizeof(line), f)) {
		found = max(found, 0);
		if (!strncmp(line, "CONFIG_", 7) &&
		    !strncmp(line + 7, name, strlen(name)) &&
		    line[7 + strlen(name)] == '=')
			found = 1;
	}
	if (f)
		pclose(f);
	return found;
}

static void write_row(FILE *out, const struct answer *a, const char *name,
		      const char *config, const char *cost)
{
	static const char says[][10] = { " needs", " without", " despite" };
	int has;

	fprintf(out, "%-20s", name);
	if (a->is_there) {
		fprintf(out, *a->text ? "yes  %s\n" : "yes\n", a->text);
		return;
	}
	fprintf(out, "no   %s", cost);
	has = *config && !a->tc->machine.is_copy ? has_config(config) : -1;
	if (*config)
		fprintf(out, ";%s CONFIG_%s", says[has + 1], config);
	fputc('\n', out);
}

/**
 * tapc_info - say what the machine offers
 * @tc: the run, its machine opened
 * @out: where to
 */
void tapc_info(struct tapc *tc, FILE *out)
{
	static const char rows[] =
#define X(name, test, arg, config, cost) \
		name "\0" test "\0" arg "\0" config "\0" cost "\0"
		FEATURES(X)
#undef X
		;
	struct answer a = { .tc = tc };
	const char *row, *test;

	a.root = tapc_format(tc, "%s/..", tc->machine.events);
	for (row = rows; *row; row = tapc_nth(row, 5)) {
		test = tapc_nth(row, 1);
		/* What --btf has opened is known, wherever it is from. */
		ask(&a, *test, tapc_nth(row, 2));
		if (*test == 'p' && tc->machine.btf)
			answer(&a, true);
		if (a.is_known)
			write_row(out, &a, row, tapc_nth(row, 3),
				  tapc_nth(row, 4));
	}
}
