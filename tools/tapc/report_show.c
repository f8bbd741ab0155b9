// SPDX-License-Identifier: GPL-2.0
/*
 * Values as people and JSON have them.
 *
 * In: slots, of a record or of an entry of a table, and the part that says what
 * they mean. Out:
 *
 *	part		slots				text		JSON
 *	INT		-2				-2		-2
 *	STR		"a\"b"				a"b		"a\"b"
 *	KSYM		vfs_read+0x0/0x90 [xfs]		vfs_read	"vfs_read"
 *	TUPLE INT, STR	1, "x"				(1, x)		[1,"x"]
 *	KSTACK		"\n => vfs_read+0x10/0x90"	a line "    vfs_read+16"
 *
 * A stack is lines, in a record and behind an entry, and of both kinds of lines
 * only the beginning differs.
 */
#include "tapc.h"
#include "report_show.h"

/* ------------------------------------------------------------------- slots */

/**
 * tapc_number - a number at the start of a text
 * @s: "12", "-12", "0x1f"; anything behind it is left alone
 * @end: of the text
 *
 * Return: the number, 0 if there is none.
 */
u64 tapc_number(const char *s, const char *end)
{
	bool is_negative = s < end && *s == '-';
	unsigned int digit, base = 10;
	u64 value = 0;

	s += is_negative;
	if (end - s > 2 && s[0] == '0' && s[1] == 'x') {
		base = 16;
		s += 2;
	}
	for (; s < end && isxdigit((u8)*s); s++) {
		digit = isdigit((u8)*s) ? *s - '0' : (*s | 32) - 'a' + 10;
		if (digit >= base)
			break;
		value = value * base + digit;
	}
	return is_negative ? -value : value;
}

static u32 get_u32(const char *at)
{
	u32 value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* An argument of a record: the kernel's format says what it is. */
static bool next_argument(struct slots *in, struct slot *slot)
{
	const char *f = in->format, *nul;
	unsigned int size = sizeof(u64), pad;
	char kind;

	while ((f = strchr(f, '%')) && f[1] == '%')
		f += 2;
	if (!f) {
		in->format = "";
		return false;
	}
	f++;
	f += strspn(f, "-+ #0123456789.lhzj");
	kind = *f;
	f += !!*f;
	/* "%p" is a number as others are, "%pS" an address, "%pB" its text. */
	if (kind == 'p' && *f && strchr("SsB", *f))
		kind = *f++ == 'B' ? 's' : 'S';
	in->format = f;
	if (kind == 's') {
		nul = memchr(in->at, 0, in->end - in->at);
		slot->text = in->at;
		slot->len = (nul ?: in->end) - in->at;
		in->at = nul ? nul + 1 : in->end;
		return true;
	}
	slot->is_number = true;
	if (kind == 'S')
		size = sizeof(long);
	else if (kind == 'c')
		size = 1;
	pad = size == 1 ? 0 : (in->start - in->at) & 3;
	if (in->end - in->at < pad + size) {
		in->at = in->end;
		return false;
	}
	in->at += pad;
	if (size == sizeof(u64))
		memcpy(&slot->value, in->at, size);
	else if (size == sizeof(u32))
		slot->value = get_u32(in->at);
	else
		slot->value = (u8)*in->at;
	in->at += size;
	return true;
}

/* A string between quotes: without its escapes, which are those of the kernel. */
static const char *unescape(struct slots *in, struct slot *slot, const char *s)
{
	slot->text = in->room;
	while (s < in->end && *s != '"') {
		char c = *s++;

		if (c == '\\' && s < in->end) {
			c = *s++;
			if (c == 'n') {
				c = '\n';
			} else if (c == 't') {
				c = '\t';
			} else if (c == 'x' && in->end - s >= 2) {
				char hex[] = { '0', 'x', s[0], s[1] };

				c = tapc_number(hex, hex + sizeof(hex));
				s += 2;
			}
		}
		if (slot->len < sizeof(in->room))
			in->room[slot->len++] = c;
	}
	return s + (s < in->end);
}

/* How far a word goes: "vfs_read+0x0/0x90 [xfs]" is one. */
static const char *word_end(const char *s, const char *end)
{
	while (s < end && *s != ',' && *s != ']' && *s != ' ')
		s++;
	if (end - s > 1 && s[0] == ' ' && s[1] == '[') {
		while (s < end && *s != ']')
			s++;
		s += s < end;
	}
	return s;
}

/* A part of a table's key, or its value. */
static bool next_part(struct slots *in, struct slot *slot)
{
	const char *s = in->at;

	if (s < in->end && *s == ',')
		s++;
	if (s < in->end && *s == ' ')
		s++;
	if (s == in->end || *s == ']')
		return false;
	if (*s == '"') {
		in->at = unescape(in, slot, s + 1);
		return true;
	}
	in->at = word_end(s, in->end);
	slot->text = s;
	slot->len = in->at - s;
	slot->is_number = isdigit((u8)*s) || *s == '-';
	if (slot->is_number)
		slot->value = tapc_number(s, in->at);
	return true;
}

/**
 * tapc_next_slot - the next number or string
 * @in: where it is; moved behind it
 * @slot: out
 *
 * Return: false if there is none; @slot is 0 and "" then.
 */
bool tapc_next_slot(struct slots *in, struct slot *slot)
{
	*slot = (struct slot){ .text = "" };
	return in->format ? next_argument(in, slot) : next_part(in, slot);
}

/* ------------------------------------------------------------------ stacks */

/* A line that says which stack or histogram follows. */
static bool is_label(const char *line, size_t len)
{
	return len > 7 && line[len - 1] == ':' &&
	       (!strncmp(line + 1, "stack#", 6) || !strncmp(line, "value ", 6));
}

/**
 * tapc_next_line - the next line behind an entry, or of a record's stack
 * @at: where it begins; moved to the next one
 * @line: out; without the tab in front
 *
 * Return: false at the end, or in front of a line that is for the next block.
 */
bool tapc_next_line(const char **at, struct frame *line)
{
	if (**at != '\t')
		return false;
	line->text = *at + 1;
	line->len = strcspn(line->text, "\n");
	if (is_label(line->text, line->len))
		return false;
	*at = line->text + line->len;
	*at += **at == '\n';
	return true;
}

/**
 * tapc_block - lines that belong to one stack or histogram of an entry
 * @lines: all that stand behind the entry
 * @name: "kstack#12", "value 0"
 * @len: its bytes
 *
 * Return: the first of them; without labels all are of the only one there is.
 */
const char *tapc_block(const char *lines, const char *name, size_t len)
{
	const char *line = lines;
	size_t n;

	for (; *line == '\t'; line += n + (line[n] == '\n')) {
		n = strcspn(++line, "\n");
		if (!is_label(line, n))
			return lines;
		if (n == len + 1 && !memcmp(line, name, len))
			return line + n + (line[n] == '\n');
		/* Past the lines of this one. */
		while (line[n] == '\n' && line[n + 1] == '\t') {
			const char *next = line + n + 2;
			size_t m = strcspn(next, "\n");

			if (is_label(next, m))
				break;
			n = next + m - line;
		}
	}
	return "";
}

/* Stacks of records are text: "\n => 0x7f00\n => ..." */
static unsigned int record_frames(const struct slot *slot, struct frame *frames)
{
	const char *s = slot->text, *end = s + slot->len, *nl;
	unsigned int n = 0;

	while (s < end && n < MAX_FRAMES) {
		if (strchr("\n =>", *s)) {
			s++;
			continue;
		}
		nl = memchr(s, '\n', end - s) ?: end;
		frames[n].text = s;
		frames[n++].len = nl - s;
		s = nl;
	}
	return n;
}

/**
 * tapc_frames - the functions of a stack
 * @in: where the stack is from
 * @slot: the stack
 * @frames: out, room for MAX_FRAMES
 * @tgid: out, if the stack says whose it is
 *
 * Return: how many there are; the innermost one is the first.
 */
unsigned int tapc_frames(const struct slots *in, const struct slot *slot,
			 struct frame *frames, int *tgid)
{
	unsigned int n = 0;
	const char *at;

	if (in->format)
		return record_frames(slot, frames);
	at = tapc_block(in->lines, slot->text, slot->len);
	while (n < MAX_FRAMES && tapc_next_line(&at, &frames[n])) {
		if (frames[n].len > 5 && !memcmp(frames[n].text, "tgid ", 5))
			*tgid = tapc_number(frames[n].text + 5,
					    frames[n].text + frames[n].len);
		else
			n++;
	}
	return n;
}

/* As bpftrace has them: a newline, then a line for each function. */
static void show_stack(struct report *r, FILE *out, const struct part *part,
		       const struct slots *in, const struct slot *slot)
{
	struct frame frames[MAX_FRAMES], *f;
	char mode = part->mode ?: FRAME_BPFTRACE;
	int tgid = r->pid;
	unsigned int nr;

	nr = tapc_frames(in, slot, frames, &tgid);
	/* All at once: it takes to read a large file. */
	for (f = frames; mode != FRAME_BPFTRACE && f < frames + nr &&
	     part->show == SHOW_KSTACK; f++)
		tapc_want_kernel(r, f->text, f->len, 0);
	if (nr || r->compat != 17)
		fputc('\n', out);
	for (f = frames; f < frames + nr; f++) {
		if (mode == FRAME_BPFTRACE)
			fprintf(out, "%*s", in->indent, "");
		else if (mode == FRAME_PERF)
			fputc('\t', out);
		if (part->show == SHOW_USTACK)
			tapc_show_user(r, out, tgid,
				       tapc_number(f->text, f->text + f->len),
				       mode);
		else
			tapc_show_kernel(r, out, f, mode);
		fputc('\n', out);
	}
}

/* ------------------------------------------------------------------ values */

/**
 * tapc_cut - a number as wide as the script's type says
 * @part: INT: its size and sign; others are as they are
 * @value: the number
 *
 * Return: the number, with its sign extended to 64 bits.
 */
u64 tapc_cut(const struct part *part, u64 value)
{
	unsigned int shift = part->show == SHOW_INT && part->size &&
			     part->size < 8 ? 64 - part->size * 8 : 0;

	if (part->is_signed)
		return (s64)(value << shift) >> shift;
	return value << shift >> shift;
}

static void show_int(FILE *out, const struct part *part, u64 value)
{
	value = tapc_cut(part, value);
	fprintf(out, part->is_signed ? "%lld" : "%llu",
		(unsigned long long)value);
}

/* The event of a probe to the probe as the script has it. */
static void show_probe(struct report *r, FILE *out, const struct slot *slot)
{
	const struct program *p = r->unit ? r->unit->programs : NULL;
	size_t len;
	const char *colon = memchr(slot->text, ':', slot->len);
	const char *system;

	for (; p && colon; p = p->next) {
		len = colon - slot->text;
		if (!p->system || strlen(p->event) != slot->len - len - 1 ||
		    memcmp(p->event, colon + 1, slot->len - len - 1))
			continue;
		system = r->group && !strcmp(p->system, UNIT_GROUP) ?
			 r->group : p->system;
		if (strlen(system) == len && !memcmp(system, slot->text, len)) {
			fputs(p->name, out);
			return;
		}
	}
	fprintf(out, "%s%.*s", colon ? "tracepoint:" : "", (int)slot->len,
		slot->text);
}

static void show_tuple(struct report *r, FILE *out, const struct part *part,
		       struct slots *in)
{
	const struct part *p;

	fputc('(', out);
	for (p = part->parts; p; p = p->next) {
		tapc_show(r, out, p, in);
		if (p->next)
			fputs(", ", out);
	}
	fputc(')', out);
}

/* What is the kernel's text, unless there was no name. */
static void show_kernel_text(struct report *r, FILE *out,
			     const struct part *part, const struct slots *in,
			     const struct slot *slot)
{
	struct frame frame = { slot->text, slot->len };

	switch (part->show) {
	case SHOW_KSYM:
		tapc_show_kernel(r, out, &frame, FRAME_NAME);
		return;
	case SHOW_PROBE:
		show_probe(r, out, slot);
		return;
	case SHOW_KSTACK:
	case SHOW_USTACK:
		show_stack(r, out, part, in, slot);
		return;
	default:
		fwrite(slot->text, 1, slot->len, out);
	}
}

/**
 * tapc_show - write a value as text
 * @r: report
 * @out: where to
 * @part: how it is shown
 * @in: its slots; moved behind them
 */
void tapc_show(struct report *r, FILE *out, const struct part *part,
	       struct slots *in)
{
	struct slot slot;

	if (part->show == SHOW_CONST) {
		fputs(part->text ?: "", out);
		return;
	}
	if (part->show == SHOW_TUPLE) {
		show_tuple(r, out, part, in);
		return;
	}
	if (part->show == SHOW_BUF) {
		tapc_show_bytes(out, in, 0);
		return;
	}
	tapc_next_slot(in, &slot);
	if (!slot.is_number && part->show > SHOW_BOOL)
		show_kernel_text(r, out, part, in, &slot);
	else if (part->show == SHOW_BOOL)
		fputs(slot.value ? "true" : "false", out);
	else if (part->show > SHOW_STR)
		tapc_show_name(r, out, part, slot.value, in);
	else if (slot.len > 2 && slot.text[1] == 'x')
		/* A pointer: the table shows it in hexadecimal. */
		fwrite(slot.text, 1, slot.len, out);
	else
		show_int(out, part, slot.value);
}

/**
 * tapc_show_text - a value as text, in memory
 * @r: report
 * @part: how it is shown
 * @in: its slots; moved behind them
 * @len: out: its bytes
 *
 * Return: the text, to be freed; NULL without memory.
 */
char *tapc_show_text(struct report *r, const struct part *part,
		     struct slots *in, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out)
		return NULL;
	tapc_show(r, out, part, in);
	fclose(out);
	return text;
}

/* -------------------------------------------------------------------- JSON */

/* Bytes of the character at @s, 0 if it is not UTF-8. */
static unsigned int utf8_len(const u8 *s, size_t len)
{
	unsigned int n, i;

	if (*s < 0x80)
		return 1;
	n = *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : 2;
	if (*s < 0xc2 || *s > 0xf4 || n > len)
		return 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	/* Longer than it need be, surrogates, beyond the last character. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/**
 * tapc_write_json - write what stands between the quotes of a JSON string
 * @out: where to
 * @s: the string: any bytes; those that are not UTF-8 are taken for Latin-1,
 *	because readers refuse the whole line else
 * @len: its bytes
 */
void tapc_write_json(FILE *out, const char *s, size_t len)
{
	static const char letters[] = "\"\"\\\\\nn\rr\tt";
	const char *letter;
	unsigned int n;

	for (; len; s += n, len -= n) {
		n = utf8_len((const u8 *)s, len);
		for (letter = letters; *letter && *letter != *s; letter += 2)
			;
		if (*letter)
			fprintf(out, "\\%c", letter[1]);
		else if (!n || (u8)*s < ' ')
			fprintf(out, "\\u%04x", (u8)*s);
		else
			fwrite(s, 1, n, out);
		n += !n;
	}
}

/**
 * tapc_show_json - write a value as JSON
 * @r: report
 * @part: what it is
 * @in: its slots; moved behind them
 */
void tapc_show_json(struct report *r, const struct part *part,
		    struct slots *in)
{
	const struct part *p;
	struct slot slot;
	size_t len = 0;
	char *text;

	switch (part->show) {
	case SHOW_INT:
		tapc_next_slot(in, &slot);
		show_int(r->out, part, slot.value);
		return;
	case SHOW_BOOL:
		tapc_show(r, r->out, part, in);
		return;
	case SHOW_TUPLE:
		fputc('[', r->out);
		for (p = part->parts; p; p = p->next) {
			tapc_show_json(r, p, in);
			if (p->next)
				fputc(',', r->out);
		}
		fputc(']', r->out);
		return;
	default:
		text = tapc_show_text(r, part, in, &len);
		fputc('"', r->out);
		tapc_write_json(r->out, text ?: "", len);
		fputc('"', r->out);
		free(text);
	}
}
