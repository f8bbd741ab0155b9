// SPDX-License-Identifier: GPL-2.0
/*
 * tap: texts out of writes, see text.h.
 *
 *	write "# what"		collected
 *	write " for\ntap 1 fi"	collected
 *	write "lter\n...end\n"	one text: applied
 *	write "prev_prio < 10"	one text: applied
 *	close
 *
 * Comment lines may precede anything, so that what a file shows can be written
 * back to it.
 */
#include <linux/err.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "text.h"

/* One byte more than a program may have, for the assembler to complain of. */
#define TEXT_MAX	(TAP_MAX_TEXT + 1)

/**
 * trace_tap_skip_comments - where a text begins, behind its comments
 * @text: the text
 *
 * Return: behind the last of the comment lines at the start of @text.
 */
const char *trace_tap_skip_comments(const char *text)
{
	const char *p;

	for (;;) {
		p = skip_spaces(text);
		if (*p != '#')
			return text;
		text = strchrnul(p, '\n');
		if (*text)
			text++;
	}
}

/**
 * trace_tap_text_new - prepare for collecting what is written
 * @kind: what the file takes
 * @apply: called with each complete text
 * @data: for @apply
 *
 * Return: what to give to trace_tap_text_close() in the end, or NULL.
 */
struct trace_tap_text *trace_tap_text_new(enum tap_prog_kind kind,
					  int (*apply)(void *data, char *text),
					  void *data)
{
	struct trace_tap_text *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return NULL;
	mutex_init(&t->lock);
	t->kind = kind;
	t->apply = apply;
	t->data = data;
	return t;
}

/* Nothing but comments. White space alone is no comment, but an error. */
static bool is_comment(const struct trace_tap_text *t)
{
	const char *p = trace_tap_skip_comments(t->buf);

	return !*skip_spaces(p) && (p != t->buf || t->applied);
}

/* Could be the start of "tap 1 filter", and could not be all of a text. */
static bool is_prog_start(const char *text)
{
	const char *p = skip_spaces(trace_tap_skip_comments(text));
	size_t len = strlen(p);

	if (!len || strncmp(p, "tap", min_t(size_t, len, 3)))
		return false;
	return len <= 3 || !p[3 + strspn(p + 3, " \t")];
}

/**
 * trace_tap_is_kind - is it a program of a kind?
 * @text: the text, comments in front or not
 * @kind: the kind
 *
 * Return: true if it begins with "tap 1 filter" or "tap 1 action".
 */
bool trace_tap_is_kind(const char *text, enum tap_prog_kind kind)
{
	unsigned int version;
	char word[8];

	text = skip_spaces(trace_tap_skip_comments(text));
	return sscanf(text, "tap %u %7s", &version, word) == 2 &&
	       !strcmp(word, kind == TAP_ACTION ? "action" : "filter");
}

/* Bytes of the filter in the buffer, or 0 if it is not complete. */
static size_t filter_complete(const struct trace_tap_text *t)
{
	if (trace_tap_is_prog(t->buf))
		return trace_tap_prog_text_len(t->buf, t->len);
	return is_comment(t) || is_prog_start(t->buf) ? 0 : t->len;
}

/* Bytes of the first action at @p, or 0 if it is not complete. */
static size_t action_len(const char *p, bool is_last)
{
	const char *start = trace_tap_skip_comments(p), *end;

	if (trace_tap_is_prog(p))
		return trace_tap_prog_text_len(p, strlen(p));
	start = skip_spaces(start);
	if (!*start || is_prog_start(p))
		return 0;
	end = strchrnul(start, '\n');
	if (*end)
		return end + 1 - p;
	return is_last ? end - p : 0;
}

/* Bytes of all actions that are complete. */
static size_t actions_complete(const struct trace_tap_text *t, bool is_last)
{
	size_t len, sum = 0;

	do {
		len = action_len(t->buf + sum, is_last);
		sum += len;
	} while (len);
	/* White space alone clears; behind an action it is nothing */
	if (!sum && !t->applied && !t->buf[strspn(t->buf, " \t\n")])
		sum = t->len;
	return sum;
}

static int text_apply(struct trace_tap_text *t, size_t len)
{
	char next = t->buf[len];
	int err;

	/* The file "program" shows the programs of both files */
	if (t->kind == TAP_FILTER && t->applied &&
	    trace_tap_is_kind(t->buf, TAP_ACTION))
		return 0;
	if (t->kind == TAP_FILTER && !trace_tap_is_prog(t->buf) &&
	    len >= PAGE_SIZE)
		return -EINVAL;
	t->buf[len] = 0;
	err = t->apply(t->data, t->buf);
	t->buf[len] = next;
	if (!err)
		t->applied = true;
	return err;
}

/* Apply what is complete. */
static int text_consume(struct trace_tap_text *t, bool is_last)
{
	size_t len;
	int err;

	do {
		len = t->kind == TAP_ACTION ? actions_complete(t, is_last) :
					      filter_complete(t);
		if (!len && t->len >= TEXT_MAX) {
			t->overflow = true;
			len = t->len;
		}
		if (!len && t->buf[0])
			return 0;
		err = text_apply(t, len);
		if (err)
			return err;
		t->len -= len;
		memmove(t->buf, t->buf + len, t->len + 1);
	} while (t->len);
	return 0;
}

static int text_add(struct trace_tap_text *t, const char __user *ubuf,
		    size_t cnt, bool is_last)
{
	char *buf;

	buf = kvrealloc(t->buf, t->len + cnt + 1, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	t->buf = buf;
	if (copy_from_user(buf + t->len, ubuf, cnt))
		return -EFAULT;
	t->len += cnt;
	buf[t->len] = 0;
	/* A NUL ends the text, as it always did */
	t->len = strlen(buf);
	return text_consume(t, is_last);
}

/**
 * trace_tap_text_write - take what is written
 * @t: from trace_tap_text_new()
 * @ubuf: the bytes
 * @cnt: how many
 *
 * May sleep. Calls t->apply with t->lock held.
 *
 * Return: @cnt, or a negative errno; what had been collected is lost then.
 */
ssize_t trace_tap_text_write(struct trace_tap_text *t, const char __user *ubuf,
			     size_t cnt)
{
	size_t done = 0, part;
	int err;

	guard(mutex)(&t->lock);
	if (t->overflow)
		return -E2BIG;
	do {
		part = min(cnt - done, TEXT_MAX - t->len);
		err = text_add(t, ubuf + done, part,
			       done + part == cnt && cnt % SZ_4K);
		if (err) {
			t->len = 0;
			return err;
		}
		done += part;
	} while (done < cnt);
	return cnt;
}

/**
 * trace_tap_text_close - free what was collected
 * @t: from trace_tap_text_new()
 *
 * May sleep. What is incomplete is applied all the same: that fails, and says
 * why in the error log.
 */
void trace_tap_text_close(struct trace_tap_text *t)
{
	if (t->len && !(t->applied && is_comment(t)))
		text_apply(t, t->len);
	kvfree(t->buf);
	kfree(t);
}
