// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of the compiler: any bytes as a script, for the events of the tests.
 *
 * What parses must be shown without a crash, the sizes of its types too, and an
 * error must point into the script; both within the memory that is freed at
 * once, and with bounded depth. What has code must be taken by the kernel's own
 * checker, unless it is too large or too slow.
 */
#include "build.h"
#include "tapc.h"

#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" \
			"0123456789"

/* The name that libFuzzer calls. */
int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

static void check_pos(struct loc pos)
{
	if (!pos.line || !pos.col || pos.file)
		abort();
}

/* The lists that a node has are trees, too. */
static void check_tree(const struct node *node, unsigned int height)
{
	for (; node; node = node->next) {
		if (node->kind >= NR_NODES || !node->text)
			abort();
		check_pos(node->pos);
		if (node->height > height)
			abort();
		if (node->a || node->b || node->c) {
			check_tree(node->a, node->height - 1);
			check_tree(node->b, node->height - 1);
			check_tree(node->c, node->height - 1);
		}
	}
}

/* Files of this machine are not what is being tested. */
static bool names_files(const struct node *tree)
{
	const struct node *node;

	for (; tree; tree = tree->next)
		for (node = tree->kind == N_PROBE ? tree->a : NULL; node;
		     node = node->next)
			if (node->attach->form == FORM_USER ||
			    node->attach->form == FORM_USDT)
				return true;
	return false;
}

static void check(struct tapc *tc, void *unit)
{
	tapc_check(tc, unit);
}

/* Errors that a program has for its size. */
static bool is_limit(const char *message)
{
	static const char limits[][24] = {
		": Program too large", ": Program may run for t",
		": Key too long", ": Expression nested too",
		": Keys and arguments ta",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++)
		if (strstr(message, limits[i]))
			return true;
	return false;
}

/*
 * "p:GROUP/NAME PLACE NAME=BODY...": names as the kernel has them, of its lengths;
 * no two arguments of one name.
 */
static void check_line(const char *line)
{
	const char *name = strchr(line, '/') + 1, *end, *other;
	size_t len = strcspn(name, " ");

	if (!len || len > 63 || name[strspn(name, NAME_CHARS)] != ' ')
		abort();
	for (name += len + 1; (name = strchr(name, ' ')); name = end) {
		name++;
		end = name + strcspn(name, " ");
		len = strspn(name, NAME_CHARS);
		if (*line == 'i')
			continue;
		if (!len || len > 31 || name[len] != '=' ||
		    end - name - len - 1 > 63 || isdigit(*name))
			abort();
		for (other = end; (other = strchr(other, ' ')); )
			if (!strncmp(++other, name, len + 1))
				abort();
	}
}

static void generate(struct tapc *tc, struct node *tree, FILE *null)
{
	const struct options opt = {
		.is_async = tc->nr_tokens % 3,
		.compat = tc->nr_tokens % 5 ? 0 : 17,
		.str_len = tc->nr_tokens % 7 ? 0 : 200,
	};
	struct unit *unit = tapc_generate(tc, tree, &opt);
	const struct dynevent *d;
	char *message;
	size_t len;
	bool ok;

	tapc_write_code(null, unit);
	for (d = unit->events; d; d = d->next)
		check_line(d->line);
	if (tap_alloc_left >= 0)
		return;
	tc->err = open_memstream(&message, &len);
	ok = tapc_try(tc, check, unit);
	fclose(tc->err);
	tc->err = null;
	if (!ok && !is_limit(message)) {
		fprintf(stderr, "%s", message);
		tapc_write_code(stderr, unit);
		abort();
	}
	free(message);
}

static void run(struct tapc *tc, void *text)
{
	FILE *null = fopen("/dev/null", "w");
	struct token *tokens;
	struct node *tree;
	u16 file;

	tapc_define(tc, "DEFINED", 1);
	file = tapc_add_source(tc, "fuzz", text);
	tc->err = null;
	tokens = tapc_preprocess(tc, file);
	tapc_write_tokens(null, tokens);
	tree = tapc_parse(tc, tokens);
	check_tree(tree, MAX_HEIGHT);
	tapc_write_tree(null, tree);
	tapc_write_layouts(tc, null, tree);
	if (names_files(tree))
		return;
	tapc_open_machine(tc);
	generate(tc, tree, null);
}

int fuzz_one(const u8 *data, size_t size)
{
	char * const params[] = { "vfs_read", "99" };
	struct tapc tc = {
		.long_size = size % 2 ? 4 : 8, .wide_align = 8,
		.params = params, .nr_params = 2,
		.machine = {
			.events = TESTS "/events",
			.functions = TESTS "/functions",
		},
	};
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = 0;
	/* Some allocation fails, for every eighth script. */
	tap_alloc_left = size % 8 ? -1 : (long)size / 8;
	tapc_try(&tc, run, text);
	if (tc.err)
		fclose(tc.err);
	tapc_free(&tc);
	free(text);
	return 0;
}
