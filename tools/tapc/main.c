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
 * @task: what to do
 * @name: of the script's file; of a list the pattern; of a run its name
 * @text: the script, if it is an argument
 * @btf: file of types, or NULL
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
	enum task		task;
	const char		*name;
	const char		*text;
	const char		*btf;
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

static void parse_options(struct tapc *tc, struct command *cmd, int argc,
			  char **argv);

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
	parse_options(tc, cmd, argc, texts + 1);
	tc->params = texts + 1 + optind;
	tc->nr_params = argc - optind;
}

static void run(struct tapc *tc, void *arg)
{
	struct command *cmd = arg;

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

static const struct option options[] = {
	{ "tokens", no_argument, NULL, 't' },
	{ "ast", no_argument, NULL, 'a' },
	{ "types", no_argument, NULL, 'y' },
	{ "probes", no_argument, NULL, 's' },
	{ "code", no_argument, NULL, 'k' },
	{ "info", no_argument, NULL, 'i' },
	{ "dry-run", no_argument, NULL, 'd' },
	{ "detach", no_argument, NULL, 'D' },
	{ "all", no_argument, NULL, 'A' },
	{ "unsafe", no_argument, NULL, 'u' },
	{ "name", required_argument, NULL, 'n' },
	{ "buffer", required_argument, NULL, 'b' },
	{ "compat", required_argument, NULL, 'C' },
	{ "events", required_argument, NULL, 'E' },
	{ "functions", required_argument, NULL, 'F' },
	{ "providers", required_argument, NULL, 'P' },
	{ "btf", required_argument, NULL, 'T' },
	/* for tests: this step of loading fails */
	{ "fail-at", required_argument, NULL, 'X' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ }
};

static unsigned int number(const char *option, const char *arg)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 10);

	if (!isdigit(*arg) || *end || n > INT_MAX)
		usage(option, arg);
	return n;
}

static void set_output(struct command *cmd, const char *arg)
{
#define X(kind, name) name "\0"
	static const char names[] = OUTPUTS(X);
#undef X
	unsigned int i;

	for (i = 0; *tapc_nth(names, i); i++) {
		if (!strcmp(tapc_nth(names, i), arg)) {
			cmd->report.output = i;
			return;
		}
	}
	usage("no format", arg);
}

static void set_mode(struct command *cmd, const char *arg)
{
	if (!strcmp(arg, "line"))
		cmd->mode = _IOLBF;
	else if (!strcmp(arg, "full"))
		cmd->mode = _IOFBF;
	else if (!strcmp(arg, "none"))
		cmd->mode = _IONBF;
	else
		usage("no buffer mode", arg);
}

static void set_compat(struct command *cmd, const char *arg)
{
	if (strcmp(arg, "0.17"))
		usage("no version to be compatible with", arg);
	cmd->opt.compat = 17;
	cmd->opt.str_len = 64;
}

/* A word that compiling the script again takes. */
static void keep(struct command *cmd, const char *option, const char *arg)
{
	if (cmd->nr_words + 3 > MAX_WORDS)
		usage("too many options at", option);
	cmd->words[cmd->nr_words++] = (char *)option;
	cmd->words[cmd->nr_words++] = (char *)arg;
}

static void keep_params(struct tapc *tc, struct command *cmd)
{
	unsigned int i;

	cmd->words[cmd->nr_words++] = "--";
	for (i = 0; i < tc->nr_params; i++) {
		if (cmd->nr_words + 2 > MAX_WORDS)
			usage("too many parameters at", tc->params[i]);
		cmd->words[cmd->nr_words++] = tc->params[i];
	}
}

static void machine_option(struct tapc *tc, struct command *cmd, int c,
			   const char *arg)
{
	switch (c) {
	case 'E':
		tc->machine.events = arg;
		keep(cmd, "--events", arg);
		break;
	case 'F':
		tc->machine.functions = arg;
		keep(cmd, "--functions", arg);
		break;
	case 'P':
		tc->machine.providers = arg;
		keep(cmd, "--providers", arg);
		break;
	case 'T':
		cmd->btf = arg;
		keep(cmd, "--btf", arg);
		break;
	case 'C':
		set_compat(cmd, arg);
		keep(cmd, "--compat", arg);
		break;
	}
}

static void parse_option(struct tapc *tc, struct command *cmd, int c)
{
	switch (c) {
	case 't':
		cmd->task = TASK_TOKENS;
		break;
	case 'a':
		cmd->task = TASK_AST;
		break;
	case 'y':
		cmd->task = TASK_TYPES;
		break;
	case 's':
		cmd->task = TASK_PROBES;
		break;
	case 'k':
		cmd->task = TASK_CODE;
		break;
	case 'l':
		cmd->task = TASK_LIST;
		break;
	case 'i':
		cmd->task = TASK_INFO;
		break;
	case 'd':
		cmd->task = TASK_DRY_RUN;
		break;
	case 'D':
		cmd->session.is_detached = true;
		break;
	case 'A':
		cmd->is_all = true;
		break;
	case 'u':
		cmd->report.is_unsafe = true;
		break;
	case 'q':
		cmd->report.is_quiet = true;
		break;
	case 'v':
		cmd->is_verbose = true;
		break;
	case 'e':
		cmd->name = "-e";
		cmd->text = optarg;
		break;
	case 'c':
		cmd->session.command = optarg;
		break;
	case 'p':
		cmd->session.pid = number("no process", optarg);
		break;
	case 'o':
		cmd->output = optarg;
		break;
	case 'f':
		set_output(cmd, optarg);
		break;
	case 'B':
		set_mode(cmd, optarg);
		break;
	case 'n':
		cmd->session.name = optarg;
		break;
	case 'b':
		cmd->session.buffer_kb = number("no size", optarg);
		break;
	case 'X':
		cmd->session.fail_at = number("no step", optarg);
		break;
	case 'V':
		printf("tapc, tap bytecode %d\n", TAP_VERSION);
		exit(0);
	case 'h':
		fputs(tapc_text(TEXT_HELP), stdout);
		exit(0);
	case '?':
		usage(NULL, NULL);
	default:
		machine_option(tc, cmd, c, optarg);
	}
}

/* '+': what follows the script's name is the script's. */
static void parse_options(struct tapc *tc, struct command *cmd, int argc,
			  char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "+e:c:p:o:f:B:hlqvV", options,
				NULL)) != -1)
		parse_option(tc, cmd, c);
}

static bool takes_script(const struct command *cmd)
{
	return cmd->task != TASK_LIST && cmd->task != TASK_INFO &&
	       cmd->task != TASK_LS && cmd->task != TASK_RM;
}

static void parse_command(struct tapc *tc, struct command *cmd, int argc,
			  char **argv)
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
	parse_options(tc, cmd, argc, argv);
	if (!cmd->text && optind < argc)
		cmd->name = argv[optind++];
	/* Options may stand behind the name, too, where no parameters can. */
	if (cmd->task >= TASK_CHECK)
		parse_options(tc, cmd, argc, argv);
	if (!cmd->name && (takes_script(cmd) ||
			   (cmd->task == TASK_RM && !cmd->is_all)))
		usage(NULL, NULL);
	if (cmd->is_all)
		cmd->name = NULL;
	tc->params = argv + optind;
	tc->nr_params = argc - optind;
	keep_params(tc, cmd);
}

/*
 * The kernel's verifier is in a program of its own, with all that is here, too:
 * who only runs scripts need not have it.
 */
static noreturn void run_checker(char *argv[])
{
	static const char name[] = "../libexec/tapc/tapc-check";
	char path[PATH_MAX];
	char *folder;
	ssize_t len;

	len = readlink("/proc/self/exe", path, sizeof(path) - sizeof(name));
	if (len > 0) {
		path[len] = 0;
		folder = strrchr(path, '/') + 1;
		strcpy(folder, strrchr(name, '/') + 1);
		execv(path, argv);
		strcpy(folder, name);
		execv(path, argv);
	}
	fprintf(stderr,
		"tapc: to check takes a second program, tapc-check, which make install puts there: %s\n",
		strerror(errno));
	exit(2);
}

int main(int argc, char *argv[])
{
	struct tapc tc = {
		.err = stderr,
		.long_size = sizeof(long),
		/* That of a member, which i386 has smaller than alone. */
		.wide_align = offsetof(struct { char c; u64 wide; }, wide),
	};
	struct command cmd = { .mode = _IOLBF };
	bool ok;

	parse_command(&tc, &cmd, argc, argv);
	if ((cmd.task == TASK_CHECK || cmd.task == TASK_DRY_RUN) && !tapc_check)
		run_checker(argv);
	cmd.opt.is_async = cmd.task != TASK_BUILD;
	ok = tapc_try(&tc, run, &cmd);
	tapc_free(&tc);
	return ok ? cmd.status : 1;
}
