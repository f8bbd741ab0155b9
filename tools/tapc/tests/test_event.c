// SPDX-License-Identifier: GPL-2.0
/*
 * What event.c says of the events of a folder, as text: see test_event.ok.
 *
 *	test_event EVENTS FUNCTIONS
 *
 * Stages that come later ask for this; the command has no option that shows it.
 */
#include "tapc.h"

static const char types[][6] = {
	"int", "odd", "array", "loc", "rel", "ptr", "user", "comm", "probe",
	"mask",
};

static void show_names(const struct tap_names *names)
{
	unsigned int i;

	for (i = 0; names && i < names->nr; i++)
		printf(" %s=%llu", names->name[i].name,
		       (unsigned long long)names->name[i].value);
	if (names && names->flags)
		printf(" flags");
}

static void show_event(struct tapc *tc, const char *system, const char *name)
{
	struct event *event = tapc_event(tc, system, name);
	struct field *f;

	if (event != tapc_event(tc, system, name))
		abort();
	printf("%s:%s id %u\n", event->system, event->name, event->id);
	for (f = event->fields; f; f = f->next) {
		if (tapc_find_field(event, f->name) != f)
			abort();
		printf("\t%s %s at %u size %u", f->name, types[f->type],
		       f->offset, f->size);
		if (f->element)
			printf(" of %u", f->element);
		printf("%s%s%s: ", f->is_signed ? " signed" : "",
		       f->is_common ? " common" : "", f->is_user ? " user" : "");
		tapc_write_type(stdout, tapc_field_type(tc, f));
		show_names(tapc_field_names(tc, event, f));
		putchar('\n');
	}
}

static void run(struct tapc *tc, void *arg)
{
	static const struct attach wrong = {
		.provider = P_KPROBE, .form = FORM_FUNC, .name = "dor_open",
	};
	const struct word *system, *event;
	struct target *t;

	tapc_open_machine(tc);
	if (tapc_event(tc, "door", "no_such") || tapc_event(tc, "no", "such"))
		abort();
	for (system = tapc_systems(tc, "[!b]*"); system; system = system->next)
		for (event = tapc_events(tc, system->text, "*"); event;
		     event = event->next)
			show_event(tc, system->text, event->text);
	tc->machine.has_functions = false;
	t = tapc_expand_one(tc, &wrong, (struct loc){}, true);
	tapc_missing_function(tc, t, false);
	show_event(tc, "broken", "shape");
}

int main(int argc, char *argv[])
{
	struct tapc tc = { .err = stdout, .long_size = 8, .wide_align = 8 };
	bool ok;

	tc.machine.events = argv[1];
	tc.machine.functions = argv[2];
	ok = tapc_try(&tc, run, NULL);
	tapc_free(&tc);
	return ok;
}
