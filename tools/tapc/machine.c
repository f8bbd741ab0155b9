// SPDX-License-Identifier: GPL-2.0
/*
 * Files and folders of the machine to be traced, and the functions it has.
 *
 *	in:	module NULL, glob "vfs_r*"
 *	out:	vfs_read, vfs_readlink, vfs_readv, ..., in order
 *
 * Functions are those of the file available_filter_functions beside events/; a
 * kernel without function tracing does not have it, but /proc/kallsyms.
 */
#include <errno.h>
#include <fnmatch.h>
#include <libelf.h>
#include <tracefs.h>
#include <unistd.h>

#include "tapc.h"

/**
 * tapc_read_file - all of a file
 * @tc: the run
 * @path: its name, "-" is standard input
 *
 * Return: its text, NUL terminated; NULL and errno if it cannot be read.
 */
char *tapc_read_file(struct tapc *tc, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *text = NULL, *copy = NULL;
	size_t size = 0, len = 0;

	/* There is no size: files of tracefs are made as they are read. */
	while (f && len == size) {
		size = size ? size * 2 : 4096;
		copy = realloc(text, size);
		if (!copy)
			break;
		text = copy;
		len += fread(text + len, 1, size - len, f);
	}
	if (f && copy && !ferror(f)) {
		copy = trace_tap_alloc(&tc->arena, len + 1);
		if (copy)
			memcpy(copy, text, len);
		else
			errno = ENOMEM;
	} else {
		copy = NULL;
	}
	free(text);
	if (f && f != stdin)
		fclose(f);
	return copy;
}

/**
 * tapc_beside - a file that is installed with this program
 * @tc: the run
 * @path: from the program's folder on
 *
 * Return: its path.
 */
char *tapc_beside(struct tapc *tc, const char *path)
{
	char exe[PATH_MAX] = "/";
	const char *slash;

	/* A NUL stays behind it. */
	readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	slash = strrchr(exe, '/');
	return tapc_format(tc, "%.*s/%s", (int)(slash - exe), exe, path);
}

/**
 * tapc_add_word - put a word in front of a list
 * @tc: the run
 * @list: the list, or NULL
 * @text: the word, which lives as long as the run
 *
 * Return: the list.
 */
struct word *tapc_add_word(struct tapc *tc, struct word *list,
			   const char *text)
{
	struct word *w = tapc_alloc(tc, sizeof(*w));

	w->text = text;
	w->next = list;
	return w;
}

static int compare_words(const void *a, const void *b)
{
	const struct word * const *wa = a, * const *wb = b;

	return strcmp((*wa)->text, (*wb)->text) ?:
	       ((*wa)->place > (*wb)->place) - ((*wa)->place < (*wb)->place);
}

/**
 * tapc_sort_words - bring a list into order
 * @tc: the run
 * @list: the list
 *
 * Return: the list, without those that are there twice.
 */
struct word *tapc_sort_words(struct tapc *tc, struct word *list)
{
	struct word **all, *w;
	size_t i, nr = 0;

	for (w = list; w; w = w->next)
		nr++;
	all = tapc_alloc(tc, (nr + 1) * sizeof(*all));
	for (w = list, i = 0; w; w = w->next)
		all[i++] = w;
	qsort(all, nr, sizeof(*all), compare_words);
	for (list = NULL, i = nr; i-- > 0; ) {
		if (list && !compare_words(&list, &all[i]))
			continue;
		all[i]->next = list;
		list = all[i];
	}
	return list;
}

/* Names in a folder, but not of what is @other. */
static struct word *read_names(struct tapc *tc, const char *path,
			       const char *glob, unsigned char other)
{
	struct word *list = NULL;
	struct dirent *d;

	tc->machine.dir = opendir(path);
	if (!tc->machine.dir)
		return NULL;
	while ((d = readdir(tc->machine.dir))) {
		if (*d->d_name == '.' || d->d_type == other ||
		    fnmatch(glob, d->d_name, 0))
			continue;
		list = tapc_add_word(tc, list,
				     tapc_strndup(tc, d->d_name,
						  strlen(d->d_name)));
	}
	closedir(tc->machine.dir);
	tc->machine.dir = NULL;
	list = tapc_sort_words(tc, list);
	errno = 0;
	return list;
}

/**
 * tapc_read_dir - folders in a folder
 * @tc: the run
 * @path: its name
 * @glob: which ones
 *
 * Return: their names, in order; NULL, and errno not 0, if it cannot be read.
 */
struct word *tapc_read_dir(struct tapc *tc, const char *path,
			   const char *glob)
{
	/* What is no folder is a control file, or a link to it. */
	return read_names(tc, path, glob, DT_REG);
}

/**
 * tapc_read_files - files in a folder
 * @tc: the run
 * @path: its name
 * @glob: which ones
 *
 * Return: their names, in order; NULL, and errno not 0, if it cannot be read.
 */
struct word *tapc_read_files(struct tapc *tc, const char *path,
			     const char *glob)
{
	return read_names(tc, path, glob, DT_DIR);
}

/*
 * One line: "NAME [MODULE]", or "ADDRESS KIND NAME [MODULE]" of what may be
 * data. Return: NAME, @module is what is in the brackets; NULL if no function.
 */
static char *parse_function(char *line, const char **module)
{
	static const char blanks[] = " \t";
	char *name = strsep(&line, blanks), *next = strsep(&line, blanks);

	if (next && *next != '[') {
		if (!strchr("tTwW", *next))
			return NULL;
		name = strsep(&line, blanks);
		next = strsep(&line, blanks);
	}
	*module = "vmlinux";
	if (next && *next == '[') {
		next[strcspn(next, "]")] = 0;
		*module = next + 1;
	}
	/* "__ftrace_invalid_address___16" is none. */
	if (!name || !strncmp(name, "__ftrace_invalid", 16))
		return NULL;
	return name;
}

/**
 * tapc_functions - functions that can be traced
 * @tc: the run
 * @module: glob of the module, "vmlinux" is the kernel; NULL: all
 * @glob: of their names
 *
 * Return: their names, in order; NULL, and errno not 0, if nothing says which
 * ones there are.
 */
struct word *tapc_functions(struct tapc *tc, const char *module,
			    const char *glob)
{
	struct word *list = NULL;
	const char *in;
	char *text, *end, *name;

	text = tapc_read_file(tc, tc->machine.functions);
	if (!text && errno == ENOENT && !tc->machine.is_copy)
		text = tapc_read_file(tc, "/proc/kallsyms");
	if (!text)
		return NULL;
	for (; *text; text = end) {
		end = text + strcspn(text, "\n");
		if (*end)
			*end++ = 0;
		name = parse_function(text, &in);
		if (name && !fnmatch(glob, name, 0) &&
		    (!module || !fnmatch(module, in, 0)))
			list = tapc_add_word(tc, list, name);
	}
	list = tapc_sort_words(tc, list);
	errno = 0;
	return list;
}

/**
 * tapc_open_machine - find out where the machine's files are
 * @tc: the run; what its machine says already is not changed
 *
 * Nothing is read yet.
 */
void tapc_open_machine(struct tapc *tc)
{
	struct machine *m = &tc->machine;

	m->is_copy = m->events;
	if (!m->events)
		m->events = tapc_format(tc, "%s/events", tracefs_tracing_dir() ?:
					"/sys/kernel/tracing");
	m->has_functions = m->functions;
	if (m->functions)
		return;
	m->functions = tapc_format(tc, "%s/../available_filter_functions",
				   m->events);
	m->has_functions = m->is_copy && !access(m->functions, R_OK);
}

/**
 * tapc_close_machine - end whatever an error left in progress
 * @tc: the run
 */
void tapc_close_machine(struct tapc *tc)
{
	struct machine *m = &tc->machine;

	if (m->dir)
		closedir(m->dir);
	tapc_close_elf(tc);
	tapc_close_btf(tc);
}
