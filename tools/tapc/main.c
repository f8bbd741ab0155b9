// SPDX-License-Identifier: GPL-2.0
/*
 * tapc: the command.
 *
 *	$ tapc -e 'k:vfs_read { @[comm] = count(); }'
 *	Attaching 1 probe...
 *	^C
 *
 *	@[sh]: 3
 *
 * In: a script, from a file, standard input or an argument, and its parameters.
 * Out: what it prints while it runs, or what a stage makes of it. The exit status
 * is that of the script's exit(), 1 if something is wrong, 2 if the command is.
 */
#include <errno.h>
#include <getopt.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "build.h"
#include "session.h"
#include "tapc.h"

/*
 * What to do. X(name, word): with a word, it is the first argument; stages that
 * only show something are options.
 */
#define TASKS(X)		\
	X(RUN,		"")	\
	X(TOKENS,	"")	\
	X(AST,		"")	\
	X(TYPES,	"")	\
	X(PROBES,	"")	\
	X(CODE,		"")	\
	X(LIST,		"")	\
	X(INFO,		"")	\
	X(DRY_RUN,	"")	\
	X(CHECK,	"check")	\
	X(BUILD,	"build")	\
	X(ATTACH,	"attach")	\
	X(LS,		"ls")	\
	X(RM,		"rm")

enum task {
#define X(name, word) TASK_##name,
	TASKS(X)
#undef X
	NR_TASKS,
};

#define X(name, word) word "\0"
static const char task_words[] = TASKS(X);
#undef X

/* Words of the command line that a detached run needs again. */
#define MAX_WORDS	64

/**
 * struct command - what the command line says
 * @tc: the run
 * @argc: words of the command line
 * @argv: they
 * @task: what to do
 * @name: of the script's file; of a list the pattern; of a run its name
 * @text: the script, if it is an argument
 * @btf: file of types, or NULL
 * @compat: version of bpftrace, or NULL
 * @output: file that results go to, or NULL
 * @mode: how they are buffered, _IOLBF and so on
 * @is_verbose: lists have fields, runs say what they do
 * @is_all: rm: all runs
 * @opt: of compiling
 * @session: of running
 * @report: of showing
 * @words: see struct session_options
 * @nr_words: how many
 * @status: of the process
 */
struct command {
	struct tapc		tc;
	int			argc;
	char			**argv;
	enum task		task;
	const char		*name;
	const char		*text;
	const char		*btf;
	const char		*compat;
	const char		*output;
	int			mode;
	bool			is_verbose;
	bool			is_all;
	struct options		opt;
	struct session_options	session;
	struct report		report;
	char			*words[MAX_WORDS];
	unsigned int		nr_words;
	int			status;
};

static noreturn void usage(const char *what, const char *arg)
{
	if (what)
		fprintf(stderr, "tapc: %s '%s'\n", what, arg);
	fputs("Try 'tapc --help'.\n", stderr);
	exit(2);
}

/* ------------------------------------------------------------------- stages */

static u16 read_source(struct tapc *tc, struct command *cmd)
{
	if (!cmd->text)
		cmd->text = tapc_read_file(tc, cmd->name);
	if (!cmd->text) {
		fprintf(stderr, "tapc: %s: %s\n", cmd->name, strerror(errno));
		exit(2);
	}
	return tapc_add_source(tc, cmd->name, cmd->text);
}

/* Stages that only show something; false: that was not asked for. */
static bool show_tree(struct tapc *tc, const struct command *cmd,
		      const struct node *tree)
{
	switch (cmd->task) {
	case TASK_AST:
		tapc_write_tree(stdout, tree);
		return true;
	case TASK_TYPES:
		tapc_write_layouts(tc, stdout, tree);
		return true;
	case TASK_PROBES:
		tapc_write_targets(tc, stdout, tree);
		return true;
	default:
		return false;
	}
}

static struct unit *compile(struct tapc *tc, struct command *cmd)
{
	struct token *tokens;
	struct node *tree;
	struct unit *unit;

	tokens = tapc_preprocess(tc, read_source(tc, cmd));
	if (cmd->task == TASK_TOKENS) {
		tapc_write_tokens(stdout, tokens);
		return NULL;
	}
	tree = tapc_parse(tc, tokens);
	if (show_tree(tc, cmd, tree))
		return NULL;
	unit = tapc_generate(tc, tree, &cmd->opt);
	unit->source = cmd->text;
	unit->name = cmd->name;
	return unit;
}

static FILE *open_output(const struct command *cmd)
{
	FILE *out = stdout;

	if (cmd->output)
		out = fopen(cmd->output, "we");
	if (!out) {
		fprintf(stderr, "tapc: %s: %s\n", cmd->output, strerror(errno));
		exit(2);
	}
	setvbuf(out, NULL, cmd->mode, 0);
	return out;
}

static s64 now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void run_unit(struct tapc *tc, struct command *cmd,
		     const struct unit *unit)
{
	struct report *r = &cmd->report;

	r->tc = tc;
	r->unit = unit;
	r->compat = cmd->opt.compat;
	r->boot_ns = now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME);
	r->out = open_output(cmd);
	cmd->session.words = cmd->words;
	cmd->session.is_verbose = cmd->is_verbose;
	cmd->status = cmd->task == TASK_ATTACH ?
		      tapc_session_attach(tc, unit, &cmd->session, r) :
		      tapc_session_run(tc, unit, &cmd->session, r);
	fflush(r->out);
}

static void build(struct tapc *tc, struct command *cmd,
		  const struct unit *unit)
{
	struct build_options opt = { .name = cmd->session.name };
	FILE *out = open_output(cmd);

	tapc_build(tc, unit, &opt, out);
	fflush(out);
	if (cmd->output)
		chmod(cmd->output, 0755);
}

static void compile_and_run(struct tapc *tc, struct command *cmd)
{
	const struct unit *unit = compile(tc, cmd);

	if (!unit)
		return;
	switch (cmd->task) {
	case TASK_CODE:
		tapc_write_code(stdout, unit);
		break;
	case TASK_CHECK:
	case TASK_DRY_RUN:
		tapc_check(tc, unit);
		break;
	case TASK_BUILD:
		build(tc, cmd, unit);
		break;
	default:
		if (unit->is_unsafe && !cmd->report.is_unsafe)
			tapc_fail(tc, (struct loc){}, ERR_UNSAFE);
		run_unit(tc, cmd, unit);
	}
}

static void parse_options(struct command *cmd, int argc, char **argv);
static void set_compat(struct command *cmd);

/* The script of a detached run, and what it was compiled with. */
static void recall(struct tapc *tc, struct command *cmd)
{
	char **texts = tapc_session_texts(tc, cmd->name);
	int argc = 0;

	cmd->session.name = cmd->name;
	cmd->name = texts[0];
	cmd->text = texts[1];
	/* The script's name stands where the program's is in a command line. */
	texts[1] = "tapc";
	while (texts[1 + argc])
		argc++;
	optind = 0;
	parse_options(cmd, argc, texts + 1);
	set_compat(cmd);
	tc->params = texts + 1 + optind;
	tc->nr_params = argc - optind;
}

/*
 * The kernel's verifier is in a program of its own, with all that is here, too:
 * who only runs scripts need not have it. There, offline.c has these two.
 */
void __weak tapc_need_check(struct tapc *tc, char *argv[])
{
	execvp(tapc_beside(tc, "tapc-check"), argv);
	execvp(tapc_beside(tc, "../libexec/tapc/tapc-check"), argv);
	fprintf(stderr,
		"tapc: to check takes a second program, tapc-check, which make install puts there: %s\n",
		strerror(errno));
	exit(2);
}

void __weak tapc_check(struct tapc *tc, const struct unit *unit)
{
}

static void parse_command(struct command *cmd, int argc, char **argv);

static void run(struct tapc *tc, void *arg)
{
	struct command *cmd = arg;

	parse_command(cmd, cmd->argc, cmd->argv);
	if (cmd->task == TASK_CHECK || cmd->task == TASK_DRY_RUN)
		tapc_need_check(tc, cmd->argv);
	cmd->opt.is_async = cmd->task != TASK_BUILD;
	if (cmd->task == TASK_LS) {
		cmd->status = tapc_session_list(tc, stdout);
		return;
	}
	if (cmd->task == TASK_RM) {
		cmd->status = tapc_session_remove(tc, cmd->name);
		return;
	}
	if (cmd->task == TASK_ATTACH)
		recall(tc, cmd);
	tapc_open_machine(tc);
	if (cmd->task == TASK_INFO) {
		tapc_info(tc, stdout);
		return;
	}
	if (tc->machine.is_copy)
		tapc_read_sizes(tc);
	if (cmd->btf)
		tapc_open_btf(tc, cmd->btf);
	if (cmd->task == TASK_LIST) {
		tapc_list(tc, stdout, cmd->name ?: "", cmd->is_verbose);
		return;
	}
	if (cmd->session.command && cmd->task == TASK_RUN) {
		tapc_session_command(tc, &cmd->session);
		cmd->opt.pid = cmd->session.child;
	}
	compile_and_run(tc, cmd);
}

/* ------------------------------------------------------------- command line */

/* What an option does with the field that its row names, or without one. */
enum effect {
	DO_TASK,	/* the field is a task */
	DO_SET,		/* a bool */
	DO_TEXT,	/* a string: the argument */
	DO_KEEP,	/* the same, and compiling again takes it, too */
	DO_NUMBER,
	DO_MORE,	/* set_more() */
};

#define AT(field)	offsetof(struct command, field)

/* Letter, name or "", what it does. */
static const struct row {
	char	letter;
	char	name[10];
	u8	effect;
	u16	at;
} rows[] = {
	{ 't', "tokens", DO_TASK, TASK_TOKENS },
	{ 'a', "ast", DO_TASK, TASK_AST },
	{ 'y', "types", DO_TASK, TASK_TYPES },
	{ 's', "probes", DO_TASK, TASK_PROBES },
	{ 'k', "code", DO_TASK, TASK_CODE },
	{ 'i', "info", DO_TASK, TASK_INFO },
	{ 'd', "dry-run", DO_TASK, TASK_DRY_RUN },
	{ 'l', "", DO_TASK, TASK_LIST },
	{ 'D', "detach", DO_SET, AT(session.is_detached) },
	{ 'A', "all", DO_SET, AT(is_all) },
	{ 'u', "unsafe", DO_SET, AT(report.is_unsafe) },
	{ 'q', "", DO_SET, AT(report.is_quiet) },
	{ 'v', "", DO_SET, AT(is_verbose) },
	{ 'e', "", DO_TEXT, AT(text) },
	{ 'c', "", DO_TEXT, AT(session.command) },
	{ 'o', "", DO_TEXT, AT(output) },
	{ 'n', "name", DO_TEXT, AT(session.name) },
	{ 'E', "events", DO_KEEP, AT(tc.machine.events) },
	{ 'F', "functions", DO_KEEP, AT(tc.machine.functions) },
	{ 'P', "providers", DO_KEEP, AT(tc.machine.providers) },
	{ 'T', "btf", DO_KEEP, AT(btf) },
	{ 'C', "compat", DO_KEEP, AT(compat) },
	{ 'p', "", DO_NUMBER, AT(session.pid) },
	{ 'b', "buffer", DO_NUMBER, AT(session.buffer_kb) },
	/* for tests: this step of loading fails */
	{ 'X', "fail-at", DO_NUMBER, AT(session.fail_at) },
	{ 'f', "", DO_MORE }, { 'B', "", DO_MORE },
	{ 'h', "help", DO_MORE }, { 'V', "version", DO_MORE },
};

static unsigned int to_number(const char *arg)
{
	char *end;
	u64 n = strtoull(arg, &end, 10);

	if (!isdigit(*arg) || *end || n > INT_MAX)
		usage("no number", arg);
	return n;
}

static void set_output(struct command *cmd, const char *arg)
{
#define X(kind, name) name "\0"
	static const char names[] = OUTPUTS(X);
#undef X
	int output = tapc_index(names, arg);

	if (output < 0)
		usage("no format", arg);
	cmd->report.output = output;
}

static void set_mode(struct command *cmd, const char *arg)
{
	static const u8 modes[] = { _IOLBF, _IOFBF, _IONBF };
	int mode = tapc_index("line\0full\0none\0", arg);

	if (mode < 0)
		usage("no buffer mode", arg);
	cmd->mode = modes[mode];
}

static void set_compat(struct command *cmd)
{
	if (!cmd->compat)
		return;
	if (strcmp(cmd->compat, "0.17"))
		usage("no version to be compatible with", cmd->compat);
	cmd->opt.compat = 17;
	cmd->opt.str_len = 64;
}

/* A word that compiling the script again takes. */
static void keep(struct command *cmd, const char *word)
{
	/* There is a NULL behind the last. */
	if (cmd->nr_words + 1 == MAX_WORDS)
		usage("too many words at", word);
	cmd->words[cmd->nr_words++] = (char *)word;
}

static void keep_params(struct command *cmd)
{
	unsigned int i;

	keep(cmd, "--");
	for (i = 0; i < cmd->tc.nr_params; i++)
		keep(cmd, cmd->tc.params[i]);
}

static void set_more(struct command *cmd, char letter, const char *arg)
{
	switch (letter) {
	case 'f':
		set_output(cmd, arg);
		break;
	case 'B':
		set_mode(cmd, arg);
		break;
	case 'V':
		fprintf(stdout, "tapc, tap bytecode %d\n", TAP_VERSION);
		exit(0);
	default:
		fputs(tapc_text(TEXT_HELP), stdout);
		exit(0);
	}
}

static void set_option(struct command *cmd, const struct row *row,
		       const char *arg)
{
	void *field = (char *)cmd + row->at;

	switch (row->effect) {
	case DO_TASK:
		cmd->task = row->at;
		break;
	case DO_SET:
		*(bool *)field = true;
		break;
	case DO_KEEP:
		keep(cmd, tapc_format(&cmd->tc, "--%s", row->name));
		keep(cmd, arg);
		fallthrough;
	case DO_TEXT:
		*(const char **)field = arg;
		break;
	case DO_NUMBER:
		*(unsigned int *)field = to_number(arg);
		break;
	default:
		set_more(cmd, row->letter, arg);
	}
}

/* '+': what follows the script's name is the script's. */
static void parse_options(struct command *cmd, int argc, char **argv)
{
	struct option names[ARRAY_SIZE(rows) + 1] = {}, *name = names;
	const struct row *row;
	int c;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (!*row->name)
			continue;
		name->name = row->name;
		name->has_arg = row->effect >= DO_TEXT &&
				row->effect <= DO_NUMBER;
		name++->val = row->letter;
	}
	while ((c = getopt_long(argc, argv, "+e:c:p:o:f:B:hlqvV", names,
				NULL)) != -1) {
		if (c == '?')
			usage(NULL, NULL);
		for (row = rows; row->letter != c; row++)
			;
		set_option(cmd, row, optarg);
	}
}

static bool takes_script(const struct command *cmd)
{
	return cmd->task != TASK_LIST && cmd->task != TASK_INFO &&
	       cmd->task != TASK_LS && cmd->task != TASK_RM;
}

static void parse_command(struct command *cmd, int argc, char **argv)
{
	unsigned int i;

	for (i = TASK_CHECK; argc > 1 && i < NR_TASKS; i++) {
		if (!strcmp(argv[1], tapc_nth(task_words, i))) {
			cmd->task = i;
			argv++;
			argc--;
			break;
		}
	}
	parse_options(cmd, argc, argv);
	if (cmd->text)
		cmd->name = "-e";
	else if (optind < argc)
		cmd->name = argv[optind++];
	/* Options may stand behind the name, too, where no parameters can. */
	if (cmd->task >= TASK_CHECK)
		parse_options(cmd, argc, argv);
	if (!cmd->name && (takes_script(cmd) ||
			   (cmd->task == TASK_RM && !cmd->is_all)))
		usage(NULL, NULL);
	if (cmd->is_all)
		cmd->name = NULL;
	set_compat(cmd);
	cmd->tc.params = argv + optind;
	cmd->tc.nr_params = argc - optind;
	keep_params(cmd);
}

int main(int argc, char *argv[])
{
	struct command cmd = {
		.tc = {
			.err = stderr,
			.long_size = sizeof(long),
			/* That of a member, which i386 has smaller than alone. */
			.wide_align = offsetof(struct { char c; u64 wide; },
					       wide),
		},
		.argc = argc,
		.argv = argv,
		.mode = _IOLBF,
	};
	bool ok;

	ok = tapc_try(&cmd.tc, run, &cmd);
	tapc_free(&cmd.tc);
	return ok ? cmd.status : 1;
}
