// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of tapc's front end: any bytes as a script.
 *
 * What parses must be shown without a crash, the sizes of its types too, and an
 * error must point into the script; both within the memory that is freed at
 * once, and with bounded depth.
 */
#include "tapc.h"

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
}

int fuzz_one(const u8 *data, size_t size)
{
	char * const params[] = { "vfs_read", "99" };
	struct tapc tc = {
		.long_size = size % 2 ? 4 : 8, .wide_align = 8,
		.params = params, .nr_params = 2,
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
