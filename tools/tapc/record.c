// SPDX-License-Identifier: GPL-2.0
/*
 * Records of a run's programs, out of the ring buffers of all CPUs.
 *
 *	in:	per_cpu/cpu0/trace_pipe_raw	a page of records
 *		printk_formats		0xffff888003c2e0c0 : "%lld\n"
 *	out:	site PRINTF "%d\n", args 2a 00 00 00 00 00 00 00, at 1234567 ns
 *
 * They come in order of time over all CPUs. For that a round takes only those up
 * to the moment in which it began: whatever comes later, on whichever CPU, is
 * newer. Of each CPU there is one page, and the next is read when it is through.
 *
 * A record is one of a program if its format is that of a site; the kernel keeps
 * formats as long as it runs, and lists them with their addresses.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <kbuffer.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tap.h"
#include "tracefs.h"

/* What printf makes: TRACE_BPRINT, which users of tracefs rely on. */
#define BPRINT		6

/* struct bprint_entry: 8 bytes that all records have; ip, format; arguments */
#define PID_AT		4
#define FORMAT_AT	(8 + sizeof(long))
#define ARGS_AT		(FORMAT_AT + sizeof(long))

/**
 * struct format - a format in the kernel
 * @next: the next one
 * @site: whose it is, or NULL if it is not of this run
 * @text: as printk_formats shows it; of those that are not of this run NULL
 * @address: where the kernel has it, or 0 if that is not known yet
 */
struct format {
	struct format		*next;
	const struct site	*site;
	const char		*text;
	unsigned long		address;
};

/**
 * struct cpu - the ring buffer of a CPU
 * @fd: its file
 * @stats: its file that says what was lost
 * @is_dry: it had nothing any more in this round
 * @page: what was read
 * @kbuf: that knows what is in @page
 * @entry: the next record there, or NULL
 * @ns: its time
 */
struct cpu {
	int			fd;
	int			stats;
	bool			is_dry;
	void			*page;
	struct kbuffer		*kbuf;
	unsigned char		*entry;
	unsigned long long	ns;
};

/**
 * struct records - all of them
 * @cpus: CPUs
 * @nr: how many
 * @last: the one whose record was given out last
 * @formats: those of the sites, and others that have come up
 */
struct records {
	struct cpu	*cpus;
	unsigned int	nr;
	struct cpu	*last;
	struct format	*formats;
};

/* ----------------------------------------------------------------- formats */

/* As printk_formats shows it: what the kernel makes of it, escaped. */
static char *shown_format(struct tapc *tc, const char *text)
{
	struct tap_format *format;
	unsigned int bad;
	char *shown, *out;

	format = trace_tap_format_parse(&tc->arena, text, &bad);
	if (!format)
		return "";
	shown = tapc_alloc(tc, 2 * strlen(format->text) + 1);
	for (text = format->text, out = shown; *text; text++) {
		if (*text == '\n' || *text == '\t' || *text == '"')
			*out++ = '\\';
		*out++ = *text == '\n' ? 'n' : *text == '\t' ? 't' : *text;
	}
	return shown;
}

static struct format *add_format(struct session *s, const struct site *site)
{
	struct format *f = tapc_alloc(s->tc, sizeof(*f));

	f->site = site;
	f->next = s->records->formats;
	s->records->formats = f;
	return f;
}

/* A line '0xADDRESS : "TEXT"' that is one of a site tells where it is. */
static void read_formats(struct session *s)
{
	char *line = tapc_get(s, s->top, "printk_formats"), *end, *text;
	unsigned long address;
	struct format *f;

	for (; line && (end = strchr(line, '\n')); line = end + 1) {
		address = strtoull(line, &text, 16);
		if (end - text < 5)
			continue;
		text += strlen(" : \"");
		end[-1] = 0;
		for (f = s->records->formats; f; f = f->next) {
			if (f->text && !strcmp(f->text, text))
				f->address = address;
		}
	}
}

static const struct site *find_site(struct session *s, unsigned long address)
{
	struct format *f;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		for (f = s->records->formats; f; f = f->next) {
			if (f->address == address)
				return f->site;
		}
		if (!tries)
			read_formats(s);
	}
	add_format(s, NULL)->address = address;
	return NULL;
}

/* --------------------------------------------------------------- the buffers */

/* With hundreds of CPUs there are more files than a process may have at first. */
static void allow_files(unsigned int nr)
{
	struct rlimit limit;

	if (prlimit(0, RLIMIT_NOFILE, NULL, &limit) || limit.rlim_cur >= nr)
		return;
	limit.rlim_cur = limit.rlim_max;
	prlimit(0, RLIMIT_NOFILE, &limit, NULL);
}

static int open_file(struct session *s, const char *cpu, const char *name)
{
	const char *path = tapc_format(s->tc, "per_cpu/%s/%s", cpu, name);
	int fd = openat(s->dir, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		tapc_cannot(s, path, -errno);
	return fd;
}

/**
 * tapc_open_records - begin to read what a run prints
 * @s: the run, whose instance is there
 *
 * All that is read again and again is open from here on.
 */
void tapc_open_records(struct session *s)
{
	const char *path = tapc_format(s->tc, "/proc/self/fd/%d/per_cpu",
				       s->dir);
	struct word *w, *list = tapc_read_dir(s->tc, path, "cpu*");
	struct records *r = tapc_alloc(s->tc, sizeof(*r));
	const struct site *site;
	struct cpu *cpu;

	for (w = list; w; w = w->next)
		r->nr++;
	r->cpus = tapc_alloc(s->tc, (r->nr + 1) * sizeof(*cpu));
	for (cpu = r->cpus; cpu < r->cpus + r->nr; cpu++) {
		cpu->fd = -1;
		cpu->stats = -1;
	}
	s->records = r;
	allow_files(2 * r->nr + 64);
	for (cpu = r->cpus, w = list; w; w = w->next, cpu++) {
		cpu->fd = open_file(s, w->text, "trace_pipe_raw");
		cpu->stats = open_file(s, w->text, "stats");
	}
	s->control = openat(s->dir, "table_control", O_RDONLY | O_CLOEXEC);
	for (site = s->unit->sites; site; site = site->next)
		add_format(s, site)->text = shown_format(s->tc, site->format);
	read_formats(s);
}

/**
 * tapc_close_records - end that
 * @s: the run
 */
void tapc_close_records(struct session *s)
{
	struct records *r = s->records;
	struct cpu *cpu;

	for (cpu = r ? r->cpus : NULL; r && cpu < r->cpus + r->nr; cpu++) {
		tapc_close(&cpu->fd);
		tapc_close(&cpu->stats);
		if (cpu->kbuf)
			kbuffer_free(cpu->kbuf);
		free(cpu->page);
	}
	s->records = NULL;
	tapc_close(&s->control);
	tapc_close(&s->on);
}

/**
 * tapc_records_poll - wait for records
 * @s: the run
 * @fds: room for one more than there are CPUs; NULL to ask for their number
 *
 * Return: how many were filled in, or would be.
 */
unsigned int tapc_records_poll(struct session *s, struct pollfd *fds)
{
	struct records *r = s->records;
	unsigned int i;

	for (i = 0; fds && i < r->nr; i++) {
		fds[i].fd = r->cpus[i].fd;
		fds[i].events = POLLIN;
	}
	return r->nr;
}

/* The buffer of a CPU that prints nothing needs no memory. */
static bool prepare(struct session *s, struct cpu *cpu)
{
	struct pollfd fd = { .fd = cpu->fd, .events = POLLIN };

	if (cpu->page)
		return true;
	if (poll(&fd, 1, 0) <= 0)
		return false;
	cpu->kbuf = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST,
				  KBUFFER_ENDIAN_SAME_AS_HOST);
	cpu->page = calloc(1, sysconf(_SC_PAGESIZE));
	if (!cpu->kbuf || !cpu->page)
		tapc_fail(s->tc, (struct loc){}, ERR_MEMORY);
	return true;
}

/* Has the CPU a record? */
static bool look(struct session *s, struct cpu *cpu)
{
	while (!cpu->entry && !cpu->is_dry) {
		if (!prepare(s, cpu) ||
		    read(cpu->fd, cpu->page, sysconf(_SC_PAGESIZE)) <= 0 ||
		    kbuffer_load_subbuffer(cpu->kbuf, cpu->page)) {
			cpu->is_dry = true;
			break;
		}
		cpu->entry = kbuffer_read_event(cpu->kbuf, &cpu->ns);
	}
	return cpu->entry;
}

/* The oldest record of all CPUs, or NULL. */
static struct cpu *oldest(struct session *s, u64 until)
{
	struct records *r = s->records;
	struct cpu *cpu, *best = NULL;

	for (cpu = r->cpus; cpu < r->cpus + r->nr; cpu++) {
		if (look(s, cpu) && cpu->ns <= until &&
		    (!best || cpu->ns < best->ns))
			best = cpu;
	}
	return best;
}

/**
 * tapc_records_round - begin a round
 * @s: the run
 */
void tapc_records_round(struct session *s)
{
	struct records *r = s->records;
	unsigned int i;

	for (i = 0; i < r->nr; i++)
		r->cpus[i].is_dry = false;
}

/**
 * tapc_next_record - the next record of a round
 * @s: the run
 * @until: ns since boot: those that are newer are of a later round
 * @rec: out; its arguments are there until the next call
 *
 * Return: false if there is none.
 */
bool tapc_next_record(struct session *s, u64 until, struct record *rec)
{
	struct records *r = s->records;
	unsigned long address;
	struct cpu *cpu;
	u16 type;
	int len;

	do {
		cpu = r->last;
		if (cpu)
			cpu->entry = kbuffer_next_event(cpu->kbuf, &cpu->ns);
		cpu = oldest(s, until);
		r->last = cpu;
		if (!cpu)
			return false;
		rec->site = NULL;
		len = kbuffer_event_size(cpu->kbuf);
		memcpy(&type, cpu->entry, sizeof(type));
		if (type != BPRINT || len < (int)ARGS_AT)
			continue;
		memcpy(&address, cpu->entry + FORMAT_AT, sizeof(address));
		rec->site = find_site(s, address);
	} while (!rec->site);
	rec->args = cpu->entry + ARGS_AT;
	rec->len = len - ARGS_AT;
	rec->ns = cpu->ns;
	memcpy(&rec->pid, cpu->entry + PID_AT, sizeof(rec->pid));
	return true;
}

/**
 * tapc_records_wait - are there records that wait for the next round?
 * @s: the run
 */
bool tapc_records_wait(const struct session *s)
{
	const struct records *r = s->records;
	unsigned int i;

	for (i = 0; i < r->nr && !r->cpus[i].entry; i++)
		;
	return i < r->nr;
}

static u64 number_behind(const char *text, const char *word)
{
	const char *at = text ? strstr(text, word) : NULL;

	return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}

/**
 * tapc_records_lost - how many records had no room
 * @s: the run
 *
 * Return: the number since the run began.
 */
u64 tapc_records_lost(struct session *s)
{
	struct records *r = s->records;
	u64 nr = 0;
	unsigned int i;
	char *text;

	for (i = 0; i < r->nr; i++) {
		text = tapc_read(s, r->cpus[i].stats);
		nr += number_behind(text, "overrun: ") +
		      number_behind(text, "dropped events: ");
	}
	return nr;
}
