// SPDX-License-Identifier: GPL-2.0
/*
 * Records: what programs have printed.
 *
 * In: the site that a record is of, and its arguments as the kernel has packed
 * them. Out:
 *
 *	printf("%-8s %d\n", comm, pid)		bash     812
 *	print((pid, comm))			(812, bash)
 *	time("%H:%M\n")				12:30
 *	join(args.argv)				ls -l /tmp
 *	cat("/proc/%d/stat", pid)		812 (bash) S 1 ...
 *	system("ps -p %d", pid)			PID TTY ...
 *
 * or a line of JSON, {"type": "printf", "data": "bash     812\n"}. The script's
 * format is not the kernel's: it has conversions that the kernel does not know,
 * and each is as wide as its argument's type.
 */
#include <errno.h>

#include "tapc.h"
#include "report_show.h"

#define MAX_CAT		10240	/* bytes that cat() shows */

/* ----------------------------------------------------------------- formats */

/**
 * struct conv - a conversion of a script's format
 * @spec: for printf(): "%-08.3", without length and kind
 * @size: bytes that count, of "%hhd" and "%hd", else 8
 * @is_int: no length is given
 * @kind: the letter
 * @hex: of "%rx", "%rh" the second one
 */
struct conv {
	char		spec[24];
	unsigned int	size;
	bool		is_int;
	char		kind;
	char		hex;
};

/* Returns what is behind a conversion, which begins at @s with '%'. */
static const char *read_conv(struct conv *conv, const char *s)
{
	size_t len = 1 + strspn(s + 1, "-+ #0");

	len += strspn(s + len, "0123456789");
	if (s[len] == '.')
		len += 1 + strspn(s + len + 1, "0123456789");
	*conv = (struct conv){ .size = 8 };
	/* What does not fit is no width that anybody means. */
	memcpy(conv->spec, s, min(len, sizeof(conv->spec) - 6));
	s += len;
	if (*s == 'h')
		conv->size = s[1] == 'h' ? 1 : 2;
	conv->is_int = !strchr("lLzjt", *s);
	s += strspn(s, "hlLzjt");
	conv->kind = *s;
	s += !!*s;
	if (conv->kind == 'r' && (*s == 'x' || *s == 'h'))
		conv->hex = *s++;
	return s;
}

static void put_integer(struct report *r, FILE *out, struct conv *conv,
			const struct part *part, u64 value)
{
	unsigned int size = conv->size;
	u64 mask;

	if (part->show == SHOW_INT && part->size && part->size < size)
		size = part->size;
	/* 0.17 hands all numbers to C's printf() as they are. */
	if (r->compat == 17 && conv->is_int && size > 4)
		size = 4;
	mask = size < 8 ? (1ULL << size * 8) - 1 : -1ULL;
	value = tapc_cut(part, value);
	if (conv->kind == 'c') {
		*strchr(conv->spec, 0) = 'c';
		fprintf(out, conv->spec, (int)(u8)value);
		return;
	}
	if (conv->kind != 'd') {
		value &= mask;
	} else if (conv->size < 8 || (r->compat == 17 && size == 4)) {
		/* As an int: 0.17 has "%d" of a u32 so, too. */
		value = (s64)(value << (64 - size * 8)) >> (64 - size * 8);
	}
	if (conv->kind == 'p') {
		conv->kind = 'x';
		memmove(conv->spec + 2, conv->spec + 1, strlen(conv->spec));
		conv->spec[1] = '#';
	}
	snprintf(strchr(conv->spec, 0), 4, "ll%c", conv->kind);
	fprintf(out, conv->spec, (unsigned long long)value);
}

static void put_conv(struct report *r, FILE *out, struct conv *conv,
		     const struct part *part, struct slots *in)
{
	char *text = NULL;
	struct slot slot;
	size_t len = 0;
	FILE *stream;

	if (conv->kind == 'i')
		conv->kind = 'd';
	if (conv->kind && strchr("duxXocp", conv->kind) &&
	    part->show != SHOW_CONST && part->show != SHOW_TUPLE) {
		struct slots here = *in;

		if (tapc_next_slot(&here, &slot) && slot.is_number) {
			put_integer(r, out, conv, part, slot.value);
			*in = here;
			return;
		}
	}
	if (conv->kind == 'r' && part->show == SHOW_BUF) {
		stream = open_memstream(&text, &len);
		if (stream) {
			tapc_show_bytes(stream, in, conv->hex);
			fclose(stream);
		}
	} else {
		text = tapc_show_text(r, part, in, &len);
	}
	*strchr(conv->spec, 0) = 's';
	fprintf(out, conv->spec, text ?: "");
	free(text);
}

/* A script's format, with its arguments. */
static void put_format(struct report *r, FILE *out, const struct site *site,
		       struct slots *in)
{
	const struct part *part = site->args;
	const char *s = site->text;
	struct conv conv;
	size_t len;

	while (*s) {
		len = strcspn(s, "%");
		fwrite(s, 1, len, out);
		s += len;
		if (!*s)
			return;
		if (s[1] == '%') {
			fputc('%', out);
			s += 2;
			continue;
		}
		s = read_conv(&conv, s);
		if (part) {
			put_conv(r, out, &conv, part, in);
			part = part->next;
		}
	}
}

/* ----------------------------------------------------------------- results */

/* {"type": "TYPE", "data": "TEXT"} */
static void put_json(struct report *r, const char *type, const char *text,
		     size_t len)
{
	fprintf(r->out, "{\"type\": \"%s\", \"data\": \"", type);
	tapc_write_json(r->out, text, len);
	fputs("\"}\n", r->out);
}

/* What can be read of a stream, as the result. */
static void put_stream(struct report *r, const char *type, FILE *in, size_t max)
{
	char buf[4096];
	size_t len;

	if (r->output == OUTPUT_JSON)
		fprintf(r->out, "{\"type\": \"%s\", \"data\": \"", type);
	while (in && max &&
	       (len = fread(buf, 1, min(sizeof(buf), max), in))) {
		max -= len;
		if (r->output == OUTPUT_JSON)
			tapc_write_json(r->out, buf, len);
		else
			fwrite(buf, 1, len, r->out);
	}
	if (r->output == OUTPUT_JSON)
		fputs("\"}\n", r->out);
}

static void put_file(struct report *r, const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f) {
		fprintf(stderr, "tapc: cat: %s: %s\n", path, strerror(errno));
		return;
	}
	put_stream(r, "cat", f, MAX_CAT);
	fclose(f);
}

static void put_command(struct report *r, const char *command)
{
	FILE *f;

	if (!r->is_unsafe)
		return;
	/* What was printed before stands in front of what it prints. */
	fflush(r->out);
	f = popen(command, "re");
	if (!f) {
		fprintf(stderr, "tapc: system: %s\n", strerror(errno));
		return;
	}
	put_stream(r, "syscall", f, SIZE_MAX);
	pclose(f);
}

/* The strings, as many as the first argument says. */
static void put_join(struct report *r, FILE *out, const struct site *site,
		     struct slots *in)
{
	const struct part *part = site->args ? site->args->next : NULL;
	struct slot nr;
	u64 i;

	tapc_next_slot(in, &nr);
	for (i = 0; part && i < nr.value; i++, part = part->next) {
		if (i)
			fputs(site->text, out);
		tapc_show(r, out, part, in);
	}
	if (r->output != OUTPUT_JSON)
		fputc('\n', out);
}

static void put_value(struct report *r, const struct site *site,
		      struct slots *in)
{
	if (!site->args)
		return;
	if (r->output == OUTPUT_JSON) {
		fputs("{\"type\": \"value\", \"data\": ", r->out);
		tapc_show_json(r, site->args, in);
		fputs("}\n", r->out);
		return;
	}
	tapc_show(r, r->out, site->args, in);
	fputc('\n', r->out);
}

static void put_record(struct report *r, FILE *out, const struct site *site,
		       struct slots *in, u64 ns)
{
	if (site->kind == SITE_TIME)
		tapc_show_time(r, out, site->text ?: "%H:%M:%S\n", ns);
	else if (site->kind == SITE_JOIN)
		put_join(r, out, site, in);
	else
		put_format(r, out, site, in);
}

static const char *record_type(const struct site *site)
{
	return site->kind == SITE_TIME ? "time" :
	       site->kind == SITE_JOIN ? "join" : "printf";
}

/**
 * tapc_report_record - show a record
 * @r: report; @pid is that of the record
 * @site: what it is of; PRINT_MAP, CLEAR, ZERO and EXIT show nothing
 * @args: its arguments
 * @len: bytes of them
 * @ns: since boot, when it was written
 */
void tapc_report_record(struct report *r, const struct site *site,
			const void *args, size_t len, u64 ns)
{
	struct slots in = {
		.at = args, .start = args, .end = (const char *)args + len,
		.format = site->format, .lines = "", .indent = 8,
	};
	size_t size = 0;
	char *text = NULL;
	FILE *out;

	switch (site->kind) {
	case SITE_PRINT_MAP:
	case SITE_CLEAR:
	case SITE_ZERO:
	case SITE_EXIT:
		return;
	case SITE_PRINT:
		put_value(r, site, &in);
		return;
	case SITE_CAT:
	case SITE_SYSTEM:
		break;
	default:
		if (r->output == OUTPUT_JSON)
			break;
		put_record(r, r->out, site, &in, ns);
		return;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return;
	put_record(r, out, site, &in, ns);
	fclose(out);
	if (site->kind == SITE_CAT)
		put_file(r, text);
	else if (site->kind == SITE_SYSTEM)
		put_command(r, text);
	else
		put_json(r, record_type(site), text, size);
	free(text);
}

/* {"type": "TYPE", "data": {"WHAT": NR}} */
static void put_number(struct report *r, const char *type, const char *what,
		       u64 nr)
{
	fprintf(r->out, "{\"type\": \"%s\", \"data\": {\"%s\": %llu}}\n", type,
		what, (unsigned long long)nr);
}

/**
 * tapc_report_attached - say that tracing begins
 * @r: report
 * @nr_probes: how many probes there are
 */
void tapc_report_attached(struct report *r, unsigned int nr_probes)
{
	if (r->is_quiet || r->output == OUTPUT_FOLDED)
		return;
	if (r->output == OUTPUT_JSON)
		put_number(r, "attached_probes", "probes", nr_probes);
	else
		fprintf(r->out, r->compat == 17 ? "Attaching %u probe%s...\n" :
						  "Attached %u probe%s\n",
			nr_probes, nr_probes == 1 ? "" : "s");
}

/**
 * tapc_report_lost - say that something is missing
 * @r: report
 * @nr: how many
 * @what: of them, "events" if NULL
 */
void tapc_report_lost(struct report *r, u64 nr, const char *what)
{
	if (r->output == OUTPUT_JSON)
		put_number(r, "lost_events", "events", nr);
	else
		fprintf(stderr, "Lost %llu %s\n", (unsigned long long)nr,
			what ?: "events");
}

/**
 * tapc_report_end - nothing will be shown any more
 * @r: report
 */
void tapc_report_end(struct report *r)
{
	tapc_close_symbols(r);
	fflush(r->out);
}
