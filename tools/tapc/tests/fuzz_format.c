// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of formats of events: any bytes as a format file.
 *
 * What is accepted has fields, each of which has a type and can be shown; nothing
 * crashes or leaks.
 */
#include "tapc.h"

/* The name that libFuzzer calls. */
int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

static void run(struct tapc *tc, void *text)
{
	FILE *null = fopen("/dev/null", "w");
	struct event *event;
	struct field *f;

	tc->err = null;
	event = tapc_parse_format(tc, "syscalls", "fuzz", text);
	for (f = event ? event->fields : NULL; f; f = f->next) {
		if (!f->name || !f->ctype || !tapc_find_field(event, f->name))
			abort();
		tapc_write_field(null, f);
		tapc_write_type(null, tapc_field_type(tc, f));
		tapc_field_names(tc, event, f);
	}
}

int fuzz_one(const u8 *data, size_t size)
{
	struct tapc tc = { .long_size = 8, .wide_align = 8 };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = 0;
	/* Some allocation fails, for every eighth format. */
	tap_alloc_left = size % 8 ? -1 : (long)size / 8;
	tapc_try(&tc, run, text);
	if (tc.err)
		fclose(tc.err);
	tapc_free(&tc);
	free(text);
	return 0;
}
