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
 * that it can answer. The rows are in texts/info.
 */
#include <unistd.h>

#include "build.h"
#include "tapc.h"

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
	char part[256];

	while (f && fgets(part, sizeof(part), f))
		nr += !!strchr(part, '\n');
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
		answer(a, strtoull(buf, NULL, 10));
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
	struct answer a = { .tc = tc };
	char *rows = tapc_format(tc, "%s", tapc_text(TEXT_INFO)), *row;
	const char *name, *test, *arg, *config;

	a.root = tapc_format(tc, "%s/..", tc->machine.events);
	while (*(row = strsep(&rows, "\n"))) {
		name = strsep(&row, "\t");
		test = strsep(&row, "\t");
		arg = strsep(&row, "\t");
		config = strsep(&row, "\t");
		ask(&a, *test, arg);
		/* What --btf has opened is known, wherever it is from. */
		if (*test == 'p' && tc->machine.btf)
			answer(&a, true);
		if (a.is_known)
			write_row(out, &a, name, config, row);
	}
}
