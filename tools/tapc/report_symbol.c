// SPDX-License-Identifier: GPL-2.0
/*
 * Functions of programs and of the kernel.
 *
 *	program		tgid 812, 0x7f3a5a2c1b52	read+18
 *	kernel		vfs_read+0x10/0x90 [xfs]	vfs_read+16
 *	kernel		0xffffffff812a4c10		vfs_read
 *
 * A program's address is in a file that is mapped, /proc/TGID/maps, and there in
 * a function. Maps are kept, for processes end before their stacks are shown.
 * Tables of symbols are not: a file is looked through, where it is, for each
 * address that is new, because stacks have few different ones, and programs have
 * many functions.
 *
 * The kernel has named its functions already; but where the script wants their
 * addresses, or a record has nothing else, /proc/kallsyms tells.
 */
#include <unistd.h>

#include "tapc.h"
#include "report_show.h"

#define MAX_PROCESSES	256	/* whose maps are kept */
#define MAX_READ	16	/* times that those of one are read */
#define NR_KNOWN	256	/* functions that are remembered */
#define MAX_FUNCTION	0x100000	/* bytes of one: what is beyond is none */

/**
 * struct binary - a file that is mapped
 * @next: the one before it
 * @path: its name, where the process is; behind device and inode in @id
 * @id: all of the line of maps that says which file it is
 */
struct binary {
	struct binary	*next;
	const char	*path;
	char		id[];
};

/**
 * struct mapping - addresses that a file is at
 * @start: first of them
 * @end: behind the last
 * @offset: in the file
 * @binary: the file
 */
struct mapping {
	u64		start;
	u64		end;
	u64		offset;
	struct binary	*binary;
};

/**
 * struct process - what a process has mapped, executable
 * @next: the one before it
 * @tgid: its number
 * @nr_read: how often it was looked
 * @nr: mappings
 * @map: they
 */
struct process {
	struct process	*next;
	int		tgid;
	unsigned int	nr_read;
	unsigned int	nr;
	struct mapping	*map;
};

/**
 * struct known - what is at a place of a file
 * @binary: the file, or NULL
 * @offset: there
 * @name: function, or NULL if there is none
 * @into: how far behind its start that is
 */
struct known {
	const struct binary	*binary;
	u64			offset;
	char			*name;
	u64			into;
};

/**
 * struct ksym - a function of the kernel
 * @next: the one before it
 * @address: that is asked for, or 0
 * @start: its address, 0 if it is not known
 * @is_done: it has been looked for
 * @name: its name; if that is asked for, it is here from the start
 */
struct ksym {
	struct ksym	*next;
	u64		address;
	u64		start;
	bool		is_done;
	char		*name;
};

/**
 * struct symbols - all that is kept
 * @processes: the last one first
 * @binaries: all there are
 * @kernel: functions that were asked for
 * @known: functions of programs, by a hash
 */
struct symbols {
	struct process	*processes;
	struct binary	*binaries;
	struct ksym	*kernel;
	struct known	known[NR_KNOWN];
};

static struct symbols *symbols(struct report *r)
{
	if (!r->symbols)
		r->symbols = calloc(1, sizeof(*r->symbols));
	return r->symbols;
}

/* --------------------------------------------------------------- processes */

/* "08:01 1234    /usr/bin/bash\n" */
static struct binary *find_binary(struct symbols *s, const char *id)
{
	size_t len = strcspn(id, "\n");
	struct binary *b;

	for (b = s->binaries; b; b = b->next) {
		if (!strncmp(b->id, id, len) && !b->id[len])
			return b;
	}
	b = calloc(1, sizeof(*b) + len + 1);
	if (!b)
		return NULL;
	memcpy(b->id, id, len);
	b->path = strchr(b->id, '/');
	b->next = s->binaries;
	s->binaries = b;
	return b;
}

/* "7f3a5a2a8000-7f3a5a3fe000 r-xp 00026000 08:01 1234    /usr/bin/bash" */
static void add_mapping(struct symbols *s, struct process *p, const char *line)
{
	unsigned long long start, end, offset;
	struct mapping *map;
	char may_run;
	int id = 0;

	if (sscanf(line, "%llx-%llx %*c%*c%c%*c %llx %n", &start, &end,
		   &may_run, &offset, &id) != 4 ||
	    may_run != 'x' || !strchr(line, '/'))
		return;
	map = realloc(p->map, (p->nr + 1) * sizeof(*map));
	if (!map)
		return;
	p->map = map;
	map += p->nr;
	map->start = start;
	map->end = end;
	map->offset = offset;
	map->binary = find_binary(s, line + id);
	p->nr += !!map->binary;
}

static void read_maps(struct symbols *s, struct process *p)
{
	char path[32], line[PATH_MAX + 128];
	bool is_first = true;
	FILE *maps;

	p->nr_read++;
	snprintf(path, sizeof(path), "/proc/%d/maps", p->tgid);
	maps = fopen(path, "re");
	if (!maps)
		return;
	/* Those of before stay if the process is gone. */
	for (; fgets(line, sizeof(line), maps); is_first = false) {
		if (is_first)
			p->nr = 0;
		add_mapping(s, p, line);
	}
	fclose(maps);
}

static void free_process(struct process *p)
{
	free(p->map);
	free(p);
}

static struct process *find_process(struct symbols *s, int tgid)
{
	struct process *p, **old;
	unsigned int n = 0;

	for (p = s->processes; p; p = p->next) {
		if (p->tgid == tgid)
			return p;
	}
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->tgid = tgid;
	p->next = s->processes;
	s->processes = p;
	read_maps(s, p);
	for (old = &s->processes; *old && n < MAX_PROCESSES; n++)
		old = &(*old)->next;
	if (*old) {
		free_process(*old);
		*old = NULL;
	}
	return p;
}

/**
 * tapc_report_stack_seen - a user stack or address has come up: remember the
 *	process's map of memory, while it lives
 * @r: report
 * @tgid: process
 */
void tapc_report_stack_seen(struct report *r, int tgid)
{
	if (symbols(r))
		find_process(r->symbols, tgid);
}

static const struct mapping *search(const struct process *p, u64 address)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		if (address >= p->map[i].start && address < p->map[i].end)
			return &p->map[i];
	}
	return NULL;
}

static const struct mapping *find_mapping(struct symbols *s, int tgid,
					  u64 address)
{
	struct process *p = find_process(s, tgid);
	const struct mapping *map = p ? search(p, address) : NULL;

	/* A library may have been loaded since. */
	if (p && !map && p->nr_read < MAX_READ) {
		read_maps(s, p);
		map = search(p, address);
	}
	return map;
}

/* --------------------------------------------------------------- functions */

static struct known *find_known(struct report *r, int tgid,
				const struct mapping *map, u64 offset)
{
	struct known *k = &r->symbols->known[(offset ^ offset >> 8) % NR_KNOWN];
	char path[80];

	if (k->binary == map->binary && k->offset == offset)
		return k;
	free(k->name);
	k->binary = map->binary;
	k->offset = offset;
	/* The file itself, if the process lives: it may have been replaced, or
	 * be in a container.
	 */
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", tgid,
		 (unsigned long long)map->start, (unsigned long long)map->end);
	k->name = tapc_function_at(r->tc, access(path, R_OK) ?
				   map->binary->path : path, offset, &k->into);
	return k;
}

/**
 * tapc_show_user - write the function of a program
 * @r: report
 * @out: where to
 * @tgid: the process
 * @address: in it
 * @mode: FRAME_...
 */
void tapc_show_user(struct report *r, FILE *out, int tgid, u64 address,
		    char mode)
{
	const struct mapping *map = NULL;
	const struct known *k = NULL;

	if (mode == FRAME_PERF || mode == FRAME_RAW)
		fprintf(out, "%llx", (unsigned long long)address);
	if (mode == FRAME_RAW)
		return;
	if (mode == FRAME_PERF)
		fputc(' ', out);
	if (symbols(r))
		map = find_mapping(r->symbols, tgid, address);
	if (map)
		k = find_known(r, tgid, map, address - map->start + map->offset);
	if (k && k->name)
		fputs(k->name, out);
	else
		fprintf(out, "0x%llx", (unsigned long long)address);
	if (k && k->name && mode != FRAME_NAME)
		fprintf(out, "+%llu", (unsigned long long)k->into);
	if (mode == FRAME_PERF)
		fprintf(out, " (%s)", k && k->name ? map->binary->path :
						     "[unknown]");
}

/* ------------------------------------------------------------------ kernel */

static struct ksym *find_ksym(struct symbols *s, const char *name, size_t len,
			      u64 address)
{
	struct ksym *k;

	for (k = s->kernel; k; k = k->next) {
		if (!name && k->address == address)
			break;
		if (name && !k->address && !strncmp(k->name, name, len) &&
		    !k->name[len])
			break;
	}
	return k;
}

/**
 * tapc_want_kernel - a function of the kernel will be shown with its address
 * @r: report
 * @name: its name, anything may stand behind it, or NULL
 * @len: bytes there
 * @address: if there is no name
 */
void tapc_want_kernel(struct report *r, const char *name, size_t len,
		      u64 address)
{
	struct ksym *k;
	size_t n;

	for (n = 0; n < len && name[n] != '+'; n++)
		;
	if (!symbols(r) || find_ksym(r->symbols, name, n, address))
		return;
	k = calloc(1, sizeof(*k));
	if (!k)
		return;
	k->address = address;
	k->name = name ? strndup(name, n) : NULL;
	if (name && !k->name) {
		free(k);
		return;
	}
	k->next = r->symbols->kernel;
	r->symbols->kernel = k;
}

/* A line of kallsyms, "ffffffff812a4c10 T vfs_read", against what is wanted. */
static void match_ksyms(struct symbols *s, char *line)
{
	u64 address = strtoull(line, &line, 16);
	struct ksym *k;
	size_t len;

	if (!line[0] || !strchr("tTwW", line[1]) || line[2] != ' ')
		return;
	line += 3;
	len = strcspn(line, "\t\n ");
	for (k = s->kernel; k && !k->is_done; k = k->next) {
		if (!k->address && !k->start && !strncmp(k->name, line, len) &&
		    !k->name[len])
			k->start = address;
		if (k->address && address <= k->address &&
		    k->address - address < MAX_FUNCTION && address > k->start) {
			free(k->name);
			k->name = strndup(line, len);
			k->start = address;
		}
	}
}

/* What is wanted stands in front of what is done. */
static const struct ksym *get_ksym(struct report *r, const char *name,
				   size_t len, u64 address)
{
	struct ksym *k;
	char line[512];
	FILE *f;

	tapc_want_kernel(r, name, len, address);
	if (r->symbols && r->symbols->kernel && !r->symbols->kernel->is_done) {
		f = fopen("/proc/kallsyms", "re");
		while (f && fgets(line, sizeof(line), f))
			match_ksyms(r->symbols, line);
		if (f)
			fclose(f);
		for (k = r->symbols->kernel; k && !k->is_done; k = k->next)
			k->is_done = true;
	}
	return r->symbols ? find_ksym(r->symbols, name, len, address) : NULL;
}

/**
 * tapc_show_address - write which function of the kernel an address is in
 * @r: report
 * @out: where to
 * @address: the address
 */
void tapc_show_address(struct report *r, FILE *out, u64 address)
{
	const struct ksym *k = address ? get_ksym(r, NULL, 0, address) : NULL;

	if (k && k->name && k->start)
		fputs(k->name, out);
	else
		fprintf(out, "0x%llx", (unsigned long long)address);
}

/**
 * tapc_show_kernel - write a function as the kernel names it
 * @r: report
 * @out: where to
 * @frame: "vfs_read+0x10/0x90 [xfs]", or "0xffffffff812a4c10"
 * @mode: FRAME_...
 */
void tapc_show_kernel(struct report *r, FILE *out, const struct frame *frame,
		      char mode)
{
	const char *end = frame->text + frame->len;
	const struct ksym *k;
	size_t len = 0;
	u64 into = 0;

	while (len < frame->len && !strchr("+ ", frame->text[len]))
		len++;
	if (len < frame->len)
		into = tapc_number(frame->text + len + 1, end);
	if (mode == FRAME_PERF || mode == FRAME_RAW) {
		u64 address = tapc_number(frame->text, end);

		if (len < frame->len) {
			k = get_ksym(r, frame->text, len, 0);
			address = k && k->start ? k->start + into : 0;
		}
		fprintf(out, "%llx", (unsigned long long)address);
		if (mode == FRAME_RAW)
			return;
		fputc(' ', out);
	}
	fwrite(frame->text, 1, len, out);
	if (mode != FRAME_NAME && len < frame->len)
		fprintf(out, "+%llu", (unsigned long long)into);
}

/**
 * tapc_close_symbols - free all that is kept
 * @r: report
 */
void tapc_close_symbols(struct report *r)
{
	struct symbols *s = r->symbols;
	struct process *p;
	struct binary *b;
	struct ksym *k;
	unsigned int i;

	if (!s)
		return;
	while ((p = s->processes)) {
		s->processes = p->next;
		free_process(p);
	}
	while ((b = s->binaries)) {
		s->binaries = b->next;
		free(b);
	}
	while ((k = s->kernel)) {
		s->kernel = k->next;
		free(k->name);
		free(k);
	}
	for (i = 0; i < NR_KNOWN; i++)
		free(s->known[i].name);
	free(s);
	r->symbols = NULL;
}
