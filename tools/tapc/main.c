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

enum stage {
	STAGE_TOKENS,
	STAGE_AST,
};

/**
 * struct command - what the command line says
 * @stage: where to stop, to show what there is then
 * @name: of the script's file
 * @text: the script
 */
struct command {
	enum stage	stage;
	const char	*name;
	char		*text;
};

static const char help[] =
	"usage: tapc [OPTION]... FILE [PARAMETER]...\n"
	"       tapc [OPTION]... -e TEXT [PARAMETER]...\n"
	"\n"
	"  -e TEXT     the script itself; FILE may also be - for standard input\n"
	"  --tokens    show the script's words, macros expanded\n"
	"  --ast       show the script's tree\n"
	"  -h, --help  this text\n";

/* All of a file, NUL terminated; NULL and errno if it cannot be read. */
static char *read_file(const char *name)
{
	FILE *f = strcmp(name, "-") ? fopen(name, "re") : stdin;
	size_t size = 4096, len = 0;
	char *text = malloc(size), *more;

	while (f && text) {
		len += fread(text + len, 1, size - len - 1, f);
		if (len < size - 1)
			break;
		size *= 2;
		more = realloc(text, size);
		if (!more)
			free(text);
		text = more;
	}
	if (!f || !text || ferror(f)) {
		free(text);
		text = NULL;
	} else {
		text[len] = 0;
	}
	if (f && f != stdin)
		fclose(f);
	return text;
}

/* The stages, one after the other. */
static void run(struct tapc *tc, void *arg)
{
	const struct command *cmd = arg;
	struct token *tokens;
	struct node *tree;
	u16 file;

	file = tapc_add_source(tc, cmd->name, cmd->text);
	tokens = tapc_preprocess(tc, file);
	if (cmd->stage == STAGE_TOKENS) {
		tapc_write_tokens(stdout, tokens);
		return;
	}
	tree = tapc_parse(tc, tokens);
	tapc_write_tree(stdout, tree);
}

static int usage(void)
{
	fputs("Try 'tapc --help'.\n", stderr);
	return 2;
}

static int parse_options(struct command *cmd, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "tokens", no_argument, NULL, 't' },
		{ "ast", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int c;

	/* '+': what follows the script's name is the script's. */
	while ((c = getopt_long(argc, argv, "+e:h", options, NULL)) != -1) {
		switch (c) {
		case 't':
			cmd->stage = STAGE_TOKENS;
			break;
		case 'a':
			cmd->stage = STAGE_AST;
			break;
		case 'e':
			free(cmd->text);
			cmd->name = "-e";
			cmd->text = strdup(optarg);
			break;
		case 'h':
			fputs(help, stdout);
			exit(0);
		default:
			exit(usage());
		}
	}
	return optind;
}

int main(int argc, char *argv[])
{
	struct tapc tc = { .err = stderr, .long_size = 8 };
	struct command cmd = { .stage = STAGE_AST };
	int arg = parse_options(&cmd, argc, argv);
	bool ok;

	if (!cmd.name) {
		if (arg == argc)
			return usage();
		cmd.name = argv[arg++];
		cmd.text = read_file(cmd.name);
		if (!cmd.text) {
			fprintf(stderr, "tapc: %s: %s\n", cmd.name,
				strerror(errno));
			return 2;
		}
	}
	tc.params = argv + arg;
	tc.nr_params = argc - arg;
	ok = tapc_try(&tc, run, &cmd);
	tapc_free(&tc);
	free(cmd.text);
	return ok ? 0 : 1;
}
