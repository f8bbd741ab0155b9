// SPDX-License-Identifier: GPL-2.0
/*
 * All runs that there are: which process each belongs to, and what to do with
 * those that have none any more.
 *
 *	$ tapc ls
 *	NAME             STATE     PROBES  SCRIPT
 *	4711             live           3  opensnoop.bt
 *	disk             detached       2  biosnoop.bt
 *
 * What a run is stands in comments of a filter that does nothing, in a place
 * where the run's instance needs none. It is written last, so who has it has all:
 *
 *	# tapc 1 detached=1 probes=2 pid=4711
 *	#:biosnoop.bt		its name
 *	#:BEGIN			the script, a line each
 *	#+{ printf("%d\n", $1); }
 *	#:--name		words of the command line
 *	#:disk
 *	tap 1 filter
 *		ret	1
 *	end
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracefs.h"

#define SAVED		"events/tap/run_once/filter"
#define MAX_SOURCE	32768	/* bytes; the kernel takes 64 KB of a program */

enum state {
	RUN_NONE,
	RUN_LIVE,
	RUN_ATTACHED,
	RUN_DETACHED,
	RUN_DEAD,
};

/* ------------------------------------------------------------------- locks */

static bool is_name(const char *name)
{
	size_t len = strlen(name);

	while (isalnum(*name) || *name == '_')
		name++;
	return !*name && len && len <= MAX_RUN_NAME;
}

static void set_name(struct session *s, const char *name)
{
	if (!is_name(name))
		tapc_fail(s->tc, (struct loc){}, ERR_RUN_NAME, MAX_RUN_NAME);
	s->name = name;
	s->path = tapc_format(s->tc, "instances/tapc-%s", name);
	s->group = tapc_format(s->tc, "tapc_%s", name);
	if (s->report)
		s->report->group = s->group;
}

/* An open folder may be one that has been removed, and made again. */
static bool is_there(struct session *s)
{
	struct stat now, then;

	return !fstatat(s->top, s->path, &now, 0) &&
	       !fstatat(s->dir, "", &then, AT_EMPTY_PATH) &&
	       now.st_ino == then.st_ino;
}

/*
 * Open the run @s->name, take its lock if nobody has it. The lock of instances/
 * is held.
 */
static enum state open_run(struct session *s)
{
	bool is_free, is_detached;
	const char *text;

	s->dir = openat(s->top, s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		return RUN_NONE;
	is_free = !flock(s->dir, LOCK_EX | LOCK_NB);
	if (!is_there(s)) {
		tapc_close(&s->dir);
		return RUN_NONE;
	}
	text = tapc_get(s, s->dir, SAVED);
	is_detached = text && strstr(text, "# tapc 1 detached=1 ") == text;
	if (is_free)
		return is_detached ? RUN_DETACHED : RUN_DEAD;
	return is_detached ? RUN_ATTACHED : RUN_LIVE;
}

/* Names of all runs, in the arena. */
static struct word *all_runs(struct session *s)
{
	const char *path = tapc_format(s->tc, "/proc/self/fd/%d", s->instances);
	struct word *list = NULL, *w;

	for (w = tapc_read_dir(s->tc, path, "tapc-*"); w; w = w->next) {
		if (is_name(w->text + strlen("tapc-")))
			list = tapc_add_word(s->tc, list,
					     w->text + strlen("tapc-"));
	}
	return tapc_sort_words(s->tc, list);
}

static void lock_all(struct session *s)
{
	flock(s->instances, LOCK_EX);
}

static void unlock_all(struct session *s)
{
	flock(s->instances, LOCK_UN);
}

/* -------------------------------------------------------- of other processes */

/* Those whose process has been killed. */
static void remove_dead(struct session *from)
{
	struct session s = *from;
	const struct word *w;
	enum state state;

	for (w = all_runs(from); w; w = w->next) {
		lock_all(&s);
		set_name(&s, w->text);
		state = open_run(&s);
		unlock_all(&s);
		s.has_events = true;
		if (state == RUN_DEAD)
			tapc_unload(&s);
		tapc_close(&s.dir);
	}
	from->text = s.text;
	from->size = s.size;
}

/**
 * tapc_claim_new - make the instance of a new run, and lock it
 * @s: the run, which has options
 *
 * Removes what killed runs have left.
 */
void tapc_claim_new(struct session *s)
{
	int err = -EIO;

	if (s->opt->is_detached && strlen(s->unit->source) > MAX_SOURCE)
		tapc_fail(s->tc, (struct loc){}, ERR_BIG_SCRIPT, MAX_SOURCE);
	set_name(s, s->opt->name ?: tapc_format(s->tc, "%d", getpid()));
	remove_dead(s);
	lock_all(s);
	if (!s->fail || --s->fail)
		err = mkdirat(s->top, s->path, 0750) ? -errno : 0;
	if (!err) {
		s->is_made = true;
		s->dir = openat(s->top, s->path,
				O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		err = s->dir < 0 || flock(s->dir, LOCK_EX | LOCK_NB) ?
		      -errno : 0;
	}
	unlock_all(s);
	if (err == -EEXIST)
		tapc_fail(s->tc, (struct loc){}, ERR_RUN_EXISTS, s->name);
	if (err)
		tapc_cannot(s, s->path, err);
}

/**
 * tapc_claim - open a run that has no process, and lock it
 * @s: the run
 * @name: its name
 *
 * Return: whether it is a detached one; else it has been killed.
 */
bool tapc_claim(struct session *s, const char *name)
{
	enum state state;

	set_name(s, name);
	lock_all(s);
	state = open_run(s);
	unlock_all(s);
	if (state == RUN_NONE)
		tapc_fail(s->tc, (struct loc){}, ERR_NO_RUN, name);
	if (state == RUN_LIVE || state == RUN_ATTACHED)
		tapc_fail(s->tc, (struct loc){}, ERR_RUN_LIVE, name);
	return state == RUN_DETACHED;
}

/* ------------------------------------------------------------------- saving */

/* A text, its lines as comments. */
static void save_text(FILE *out, const char *text)
{
	size_t len;
	char c = ':';

	for (;; c = '+') {
		len = strcspn(text, "\n");
		fprintf(out, "#%c%.*s\n", c, (int)len, text);
		text += len;
		if (!*text++)
			return;
	}
}

/**
 * tapc_save - write down what a run is
 * @s: the run
 *
 * What others want to know of each run; and of one that is detached all that is
 * needed to compile it again.
 */
void tapc_save(struct session *s)
{
	char * const *word = s->opt->words;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int err = -ENOMEM;

	if (out) {
		fprintf(out, "# tapc 1 detached=%d probes=%u pid=%d\n",
			s->opt->is_detached, s->unit->nr_probes - s->nr_skipped,
			getpid());
		save_text(out, s->unit->name ?: "-");
		if (s->opt->is_detached) {
			save_text(out, s->unit->source);
			while (word && *word)
				save_text(out, *word++);
		}
		fputs("tap 1 filter\n\tret\t1\nend\n", out);
		err = fclose(out) ? -ENOMEM : tapc_put(s, s->dir, SAVED, text);
		free(text);
	}
	if (err)
		tapc_cannot(s, SAVED, err);
}

/*
 * Text number @nr of those that were saved, 0 is the name; NULL if there are not
 * so many. It is put together in place of the comments.
 */
static char *saved_text(char *text, unsigned int nr)
{
	char *start, *out, *line = text, *end = NULL;

	for (nr++; nr; line = end + 1) {
		end = strchr(line, '\n');
		if (!end || *line != '#')
			return NULL;
		if (line[1] == ':' && !--nr)
			break;
	}
	start = line + 2;
	end = strchr(line, '\n');
	out = end;
	for (;;) {
		line = end + 1;
		end = strchr(line, '\n');
		if (!end || strncmp(line, "#+", 2))
			break;
		*out++ = '\n';
		memmove(out, line + 2, end - line - 2);
		out += end - line - 2;
	}
	*out = 0;
	return start;
}

/* -------------------------------------------------------- what users ask for */

struct request {
	const char	*name;
	FILE		*out;
	char		**texts;
	bool		has_failed;
	struct session	s;
};

static void list_runs(struct tapc *tc, void *arg)
{
	static const char * const states[] = {
		"", "live", "attached", "detached", "dead",
	};
	struct request *r = arg;
	struct session *s = &r->s;
	const struct word *w;
	enum state state;
	unsigned int nr;
	char *text;

	fprintf(r->out, "%-16s %-9s %6s  %s\n", "NAME", "STATE", "PROBES",
		"SCRIPT");
	lock_all(s);
	for (w = all_runs(s); w; w = w->next) {
		set_name(s, w->text);
		state = open_run(s);
		text = state ? tapc_get(s, s->dir, SAVED) : NULL;
		tapc_close(&s->dir);
		if (!state)
			continue;
		nr = 0;
		if (text)
			sscanf(text, "# tapc 1 detached=%*d probes=%u", &nr);
		text = text ? saved_text(text, 0) : NULL;
		fprintf(r->out, "%-16s %-9s %6u  %s\n", w->text, states[state],
			nr, text ?: "-");
	}
}

/* One that is named has to be there and free; of all those that are. */
static void remove_runs(struct tapc *tc, void *arg)
{
	struct request *r = arg;
	struct session *s = &r->s;
	struct word one = { .text = r->name };
	const struct word *w = r->name ? &one : all_runs(s);
	enum state state;

	for (; w; w = w->next) {
		if (r->name) {
			tapc_claim(s, w->text);
			state = RUN_DETACHED;
		} else {
			lock_all(s);
			set_name(s, w->text);
			state = open_run(s);
			unlock_all(s);
		}
		s->has_events = true;
		if (state >= RUN_DETACHED)
			r->has_failed |= !tapc_unload(s);
		tapc_close(&s->dir);
	}
}

static void read_texts(struct tapc *tc, void *arg)
{
	struct request *r = arg;
	unsigned int nr = 0;
	char *p, *text;

	if (!tapc_claim(&r->s, r->name))
		tapc_fail(tc, (struct loc){}, ERR_NO_SCRIPT, r->name);
	for (p = r->s.text; (p = strstr(p, "\n#:")); p++)
		nr++;
	r->texts = tapc_alloc(tc, (nr + 1) * sizeof(*r->texts));
	/* From the last one on, for what is behind a text is overwritten. */
	while (nr--) {
		text = saved_text(r->s.text, nr);
		r->texts[nr] = tapc_strndup(tc, text, strlen(text));
	}
}

static bool serve(struct tapc *tc, struct request *r,
		  void (*what)(struct tapc *tc, void *arg))
{
	bool ok;

	tapc_open_session(&r->s, tc, NULL);
	ok = tapc_try(tc, what, r);
	tapc_close_session(&r->s);
	return ok && !r->has_failed;
}

/**
 * tapc_session_list - show all runs
 * @tc: the compiler's
 * @out: where to
 *
 * Return: exit status.
 */
int tapc_session_list(struct tapc *tc, FILE *out)
{
	struct request r = { .out = out };

	return !serve(tc, &r, list_runs);
}

/**
 * tapc_session_remove - remove what a run has left or is
 * @tc: the compiler's
 * @name: of a run that is detached or has been killed; NULL: of all of these
 *
 * Return: exit status: 0, or 1 if something stays.
 */
int tapc_session_remove(struct tapc *tc, const char *name)
{
	struct request r = { .name = name };

	return !serve(tc, &r, remove_runs);
}

/**
 * tapc_session_texts - what there is to know of a detached run
 * @tc: the compiler's
 * @name: of the run
 *
 * Ends with an error if there is no such run, or another process has it.
 *
 * Return: its script's name, its script, then the words of the command line that
 * it was given in session_options.words; NULL behind the last.
 */
char **tapc_session_texts(struct tapc *tc, const char *name)
{
	struct request r = { .name = name };

	if (!serve(tc, &r, read_texts))
		longjmp(*tc->on_error, 1);
	return r.texts;
}

/**
 * tapc_session_source - the script of a detached run
 * @tc: the compiler's
 * @name: of the run
 *
 * Return: its text; it does not return if there is none.
 */
char *tapc_session_source(struct tapc *tc, const char *name)
{
	return tapc_session_texts(tc, name)[1];
}
