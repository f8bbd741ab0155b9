// SPDX-License-Identifier: GPL-2.0
/*
 * Files of tracefs, for a run: to write, to read, and why the kernel refuses.
 *
 *	in:	"dynamic_events", "p:tapc_7/x vfs_read a=$nonsense"
 *	out:	-EINVAL, and what error_log says:
 *			Invalid $-variable specified
 *			p:tapc_7/x vfs_read a=$nonsense
 *			                      ^
 *
 * All that changes the system while a run is set up goes through here, is
 * counted, and for tests fails when it is asked to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <tracefs.h>
#include <unistd.h>

#include "tracefs.h"

/**
 * tapc_open_session - find tracefs
 * @s: the run; what it had before is forgotten
 * @tc: the compiler's
 * @tracefs: where it is mounted, or NULL to look
 *
 * Ends with an error if there is none, or not one with actions.
 */
void tapc_open_session(struct session *s, struct tapc *tc, const char *tracefs)
{
	int err;

	*s = (struct session){
		.tc = tc, .top = -1, .instances = -1, .dir = -1, .watch = -1,
		.on = -1, .control = -1,
	};
	if (!tracefs)
		tracefs = tracefs_tracing_dir() ?: "/sys/kernel/tracing";
	s->top = openat(AT_FDCWD, tracefs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (s->top >= 0)
		s->instances = openat(s->top, "instances",
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->instances < 0) {
		err = errno;
		tapc_close_session(s);
		tapc_fail(tc, (struct loc){}, ERR_NO_TRACEFS, tracefs,
			  strerror(err));
	}
	if (!tapc_get(s, s->top, "table_control")) {
		tapc_close_session(s);
		tapc_fail(tc, (struct loc){}, ERR_NO_TAP);
	}
}

/**
 * tapc_close - close a file, if it is open
 * @fd: file, or -1, which it is then
 */
void tapc_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/**
 * tapc_close_session - give up what a run has; its locks too
 * @s: the run
 */
void tapc_close_session(struct session *s)
{
	tapc_close_records(s);
	tapc_close(&s->watch);
	tapc_close(&s->dir);
	tapc_close(&s->instances);
	tapc_close(&s->top);
	free(s->text);
	s->text = NULL;
	s->size = 0;
}

static int write_all(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	do {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	} while (len);
	return 0;
}

/* Is this the step that is to fail? */
static bool fails(struct session *s, const char *path, const char *text)
{
	if (s->opt && s->opt->is_verbose && s->tc->err)
		fprintf(s->tc->err, "tapc: %s: %.*s\n", path,
			(int)strcspn(text, "\n"), text);
	return s->fail && !--s->fail;
}

/**
 * tapc_put - write into a file
 * @s: the run
 * @dir: folder
 * @path: file there
 * @text: what, behind what the file has
 *
 * Return: 0 or a negative errno.
 */
int tapc_put(struct session *s, int dir, const char *path, const char *text)
{
	int fd, err;

	if (fails(s, path, text))
		return -EIO;
	fd = openat(dir, path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_all(fd, text);
	close(fd);
	return err;
}

/**
 * tapc_switch - let programs run, or not
 * @s: the run
 * @on: "1" or "0"
 *
 * The file stays open: a script may be about who opens files.
 */
void tapc_switch(struct session *s, const char *on)
{
	int err = fails(s, "tracing_on", on) ? -EIO : 0;

	if (s->on < 0)
		s->on = openat(s->dir, "tracing_on", O_WRONLY | O_CLOEXEC);
	if (!err)
		err = s->on < 0 ? -errno : write_all(s->on, on);
	if (err)
		tapc_cannot(s, "tracing_on", err);
}

/**
 * tapc_cannot - end with an error about a file of tracefs
 * @s: the run
 * @path: the file
 * @err: negative errno
 */
void tapc_cannot(struct session *s, const char *path, int err)
{
	tapc_fail(s->tc, (struct loc){}, ERR_TRACEFS, path, strerror(-err));
}

/**
 * tapc_set - write into a file of the run's instance, which must succeed
 * @s: the run
 * @path: file
 * @text: what
 */
void tapc_set(struct session *s, const char *path, const char *text)
{
	int err = tapc_put(s, s->dir, path, text);

	if (err)
		tapc_cannot(s, path, err);
}

/**
 * tapc_read - read all of a file
 * @s: the run
 * @fd: the file, from its start on
 *
 * Return: its text, until the next call; NULL and errno if it cannot be read.
 * This is no memory of the arena, for a run may read a table each second for
 * a month.
 */
char *tapc_read(struct session *s, int fd)
{
	size_t len = 0;
	ssize_t n = 1;
	char *text;

	lseek(fd, 0, SEEK_SET);
	while (n > 0) {
		if (s->size - len < 4096) {
			text = realloc(s->text, s->size * 2 + 8192);
			if (!text)
				return NULL;
			s->text = text;
			s->size = s->size * 2 + 8192;
		}
		n = read(fd, s->text + len, s->size - len - 1);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += n;
	}
	if (n < 0)
		return NULL;
	s->text[len] = 0;
	return s->text;
}

/**
 * tapc_get - read all of a file, by its name
 * @s: the run
 * @dir: folder
 * @path: file there
 *
 * Return: as tapc_read().
 */
char *tapc_get(struct session *s, int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0)
		return NULL;
	text = tapc_read(s, fd);
	close(fd);
	return text;
}

static char *last(char *text, const char *word)
{
	char *found = NULL;

	while ((text = strstr(text, word))) {
		found = text;
		text += strlen(word);
	}
	return found;
}

/**
 * tapc_reason - why the kernel has refused a text
 * @s: the run
 * @dir: instance, or tracefs: whose error_log it is
 * @text: what was written
 * @err: negative errno
 *
 * Return: the reason. If error_log has it, then with the line at fault and a
 * mark below it, as lines behind it.
 */
const char *tapc_reason(struct session *s, int dir, const char *text, int err)
{
	char *log = tapc_get(s, dir, "error_log"), *why, *line, *mark;

	why = log ? last(log, "error: ") : NULL;
	line = why ? strstr(why, "\n  Command: ") : NULL;
	mark = line ? strchr(line + 1, '\n') : NULL;
	if (!mark)
		return strerror(-err);
	*line = *mark = 0;
	line += strlen("\n  Command: ");
	/* At the top may be those of others; a long one is cut there. */
	if (dir == s->top && (!*line || strncmp(line, text, strlen(line))))
		return strerror(-err);
	mark++;
	mark[strcspn(mark, "\n")] = 0;
	mark += min(strlen(mark), strlen("  Command: "));
	while (*line == ' ' && *mark == ' ') {
		line++;
		mark++;
	}
	return tapc_format(s->tc, "%s\n\t%s\n\t%s", why + strlen("error: "),
			   line, mark);
}

/**
 * tapc_named - put the run's group where a text has UNIT_GROUP
 * @s: the run
 * @text: the text
 *
 * Return: the text; itself if it names no group.
 */
const char *tapc_named(struct session *s, const char *text)
{
	return tapc_replace(s->tc, text, UNIT_GROUP, s->group);
}
