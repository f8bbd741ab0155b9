// SPDX-License-Identifier: GPL-2.0
/*
 * tapc: the command.
 *
 *	$ tapc --ast -e 'k:vfs_read { @[comm] = count(); }'
 *	kprobe name=vfs_read {
 *		@[comm] = count()
 *	}
 *
 * In: a script, from a file, standard input or an argument, and its parameters.
 * Out: what the stage asked for makes of it. The exit status is 0, 1 if the
 * script is wrong, 2 if the command is.
 */
#include <errno.h>
#include <getopt.h>

#include "tapc.h"
#include "unit.h"

enum stage {
	STAGE_TOKENS,
	STAGE_AST,
	STAGE_TYPES,
	STAGE_PROBES,
	STAGE_CODE,
	STAGE_LIST,
};

/**
 * struct command - what the command line says
 * @stage: where to stop, to show what there is then
 * @name: of the script's file; of a list the pattern
 * @text: the script, if it is an argument
 * @btf: file of types, or NULL
 * @is_verbose: lists have fields, too
 */
struct command {
	enum stage	stage;
	const char	*name;
	const char	*text;
	const char	*btf;
	bool		is_verbose;
	struct options	opt;
};

static const char help[] =
	"usage: tapc [OPTION]... FILE [PARAMETER]...\n"
	"       tapc [OPTION]... -e TEXT [PARAMETER]...\n"
	"       tapc [OPTION]... -l|-lv [PATTERN]\n"
	"\n"
	"  -e TEXT           the script itself; FILE may be - for standard input\n"
	"  -l [PATTERN]      list what can be probed\n"
	"  -lv [PATTERN]     with fields and parameters\n"
	"  --events DIR      a copy of another machine's /sys/kernel/tracing/events\n"
	"  --functions FILE  a copy of its available_filter_functions\n"
	"  --btf FILE        its vmlinux or BTF: types of the kernel\n"
	"  --providers DIR   more probes of providers\n"
	"  --tokens          show the script's words, macros expanded\n"
	"  --ast             show the script's tree\n"
	"  --types           show sizes and places of the script's types\n"
	"  --probes          show what the script's probes attach to\n"
	"  -h, --help        this text\n";

/* The stages, one after the other. */
static void run(struct tapc *tc, void *arg)
{
	struct command *cmd = arg;
	struct token *tokens;
	struct node *tree;
	u16 file;

	tapc_open_machine(tc);
	if (tc->machine.is_copy)
		tapc_read_sizes(tc);
	if (cmd->btf)
		tapc_open_btf(tc, cmd->btf);
	if (cmd->stage == STAGE_LIST) {
		tapc_list(tc, stdout, cmd->name ?: "", cmd->is_verbose);
		return;
	}
	if (!cmd->text)
		cmd->text = tapc_read_file(tc, cmd->name);
	if (!cmd->text) {
		fprintf(stderr, "tapc: %s: %s\n", cmd->name, strerror(errno));
		exit(2);
	}
	file = tapc_add_source(tc, cmd->name, cmd->text);
	tokens = tapc_preprocess(tc, file);
	if (cmd->stage == STAGE_TOKENS) {
		tapc_write_tokens(stdout, tokens);
		return;
	}
	tree = tapc_parse(tc, tokens);
	if (cmd->stage == STAGE_AST)
		tapc_write_tree(stdout, tree);
	else if (cmd->stage == STAGE_CODE)
		tapc_write_code(stdout, tapc_generate(tc, tree, &cmd->opt));
	else if (cmd->stage == STAGE_TYPES)
		tapc_write_layouts(tc, stdout, tree);
	else
		tapc_write_targets(tc, stdout, tree);
}

static int usage(void)
{
	fputs("Try 'tapc --help'.\n", stderr);
	return 2;
}

static const struct option options[] = {
	{ "tokens", no_argument, NULL, 't' },
	{ "ast", no_argument, NULL, 'a' },
	{ "types", no_argument, NULL, 'y' },
	{ "probes", no_argument, NULL, 'p' },
	{ "code", no_argument, NULL, 'c' },
	{ "events", required_argument, NULL, 'E' },
	{ "functions", required_argument, NULL, 'F' },
	{ "btf", required_argument, NULL, 'B' },
	{ "providers", required_argument, NULL, 'P' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static void parse_option(struct tapc *tc, struct command *cmd, int c)
{
	switch (c) {
	case 't':
		cmd->stage = STAGE_TOKENS;
		break;
	case 'a':
		cmd->stage = STAGE_AST;
		break;
	case 'y':
		cmd->stage = STAGE_TYPES;
		break;
	case 'p':
		cmd->stage = STAGE_PROBES;
		break;
	case 'c':
		cmd->stage = STAGE_CODE;
		break;
	case 'l':
		cmd->stage = STAGE_LIST;
		break;
	case 'v':
		cmd->is_verbose = true;
		break;
	case 'e':
		cmd->name = "-e";
		cmd->text = optarg;
		break;
	case 'E':
		tc->machine.events = optarg;
		break;
	case 'F':
		tc->machine.functions = optarg;
		break;
	case 'P':
		tc->machine.providers = optarg;
		break;
	case 'B':
		cmd->btf = optarg;
		break;
	case 'h':
		fputs(help, stdout);
		exit(0);
	default:
		exit(usage());
	}
}

int main(int argc, char *argv[])
{
	struct tapc tc = {
		.err = stderr,
		.long_size = sizeof(long),
		/* That of a member, which i386 has smaller than alone. */
		.wide_align = offsetof(struct { char c; u64 wide; }, wide),
	};
	struct command cmd = {
		.stage = STAGE_AST,
		.opt = { .is_async = true },
	};
	bool ok;
	int c;

	/* '+': what follows the script's name is the script's. */
	while ((c = getopt_long(argc, argv, "+e:hlv", options, NULL)) != -1)
		parse_option(&tc, &cmd, c);
	if (!cmd.text && optind < argc)
		cmd.name = argv[optind++];
	if (!cmd.name && cmd.stage != STAGE_LIST)
		return usage();
	tc.params = argv + optind;
	tc.nr_params = argc - optind;
	ok = tapc_try(&tc, run, &cmd);
	tapc_free(&tc);
	return ok ? 0 : 1;
}
