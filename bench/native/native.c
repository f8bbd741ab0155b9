// SPDX-License-Identifier: GPL-2.0
/*
 * What filters cost on this machine's own processor.
 *
 *	native texts		the filters, one a line
 *	native FILE		the table; a line of FILE for each filter: its image
 *				as the kernel's JIT made it, in hex, or -
 *
 * Each filter is evaluated on the same records by three engines: the image, the
 * stock kernel's predicate code compiled for the host, and the condition
 * compiled from C. All must agree on every record.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "diff/stock.h"
#include "native.h"

/* Records are in the first-level cache, as a new one is. */
#define RECORDS		256
/* Evaluations in a sample of a few microseconds: few are interrupted. */
#define SAMPLE		(4 * RECORDS)
/*
 * Functions of ten instructions take half as long again or not depending on
 * where they lie in a cache line, so each is measured in many places.
 */
#define PLACES		16
#define PLACE_STEP	4
#define CACHE_LINE	64
#define SAMPLES		(PLACES * 100)

struct filter {
	const char	*text;
	const char	*stock;
};

/* The stock language has the same text. */
#define STOCK_SAME	""

static const struct filter filters[] = {
#define FILTER(name, text, stock, condition) { text, stock },
#include "filters.h"
#undef FILTER
};

static const struct world_event event = {
	.nr_fields = 7,
	.size = sizeof(struct sched_switch),
	.fields = {
#define FIELD(type, name, is_signed)					\
	{ #name, type, offsetof(struct sched_switch, name),		\
	  sizeof_field(struct sched_switch, name), is_signed, WORLD_OTHER }
		FIELD("char[16]", prev_comm, false),
		FIELD("pid_t", prev_pid, true),
		FIELD("int", prev_prio, true),
		FIELD("long", prev_state, true),
		FIELD("char[16]", next_comm, false),
		FIELD("pid_t", next_pid, true),
		FIELD("int", next_prio, true),
#undef FIELD
	},
};

/* ----------------------------------------------------------------- records */

static struct sched_switch *records;
static struct tap_ctx contexts[RECORDS];

static u32 next_random(void)
{
	static u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* What filters look for is there in one of 32 records: they mostly reject. */
static bool rare(void)
{
	return next_random() % 32 == 0;
}

static s32 some_pid(void)
{
	static const s32 wanted[] = { 1, 17, 4711, 11, 222, 450, 4711, 4711 };

	return rare() ? wanted[next_random() % 8] :
			(s32)(1001 + next_random() % 3000);
}

static void some_comm(char *comm)
{
	static const char * const names[] = {
		"swapper/0", "bash", "systemd-journal", "ssh-agent",
		"kworker", "rcu_preempt", "nginx", "kthreadd",
	};
	static const char * const wanted[] = {
		"sshd", "kworker/u16:2", "kworker/1:0", "sshd",
	};
	const char *name = names[next_random() % 8];

	if (rare())
		name = wanted[next_random() % 4];
	memset(comm, 0, 16);
	memcpy(comm, name, strlen(name));
}

static void fill_records(void)
{
	records = calloc(1, RECORDS * sizeof(*records) + STOCK_SLACK);
	if (!records)
		exit(1);
	for (int i = 0; i < RECORDS; i++) {
		struct sched_switch *r = &records[i];

		some_comm(r->prev_comm);
		some_comm(r->next_comm);
		r->prev_pid = some_pid();
		r->next_pid = some_pid();
		r->prev_prio = rare() ? 3 : 120 + next_random() % 20;
		r->next_prio = rare() ? 139 : 110 + next_random() % 10;
		r->prev_state = rare() ? 64 : next_random() % 16 == 0;
		contexts[i].rec = r;
		contexts[i].len = sizeof(*r);
	}
}

/* ----------------------------------------------------------------- engines */

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, c);

	return c && at ? at - digits : -1;
}

/* Copies of a function, each at its own offset from a cache line. */
static void place(const void *code, size_t len, verdict_fn *fn)
{
	size_t slot = round_up(len + PLACES * PLACE_STEP, CACHE_LINE);
	char *memory = mmap(NULL, PLACES * slot, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(1);
	for (int i = 0; i < PLACES; i++) {
		char *to = memory + i * slot + i * PLACE_STEP;

		memcpy(to, code, len);
		fn[i] = (verdict_fn)to;
	}
	if (mprotect(memory, PLACES * slot, PROT_READ | PROT_EXEC))
		exit(1);
}

/* The image in a line of hex digits, if there is one. */
static void place_image(const char *line, verdict_fn *fn)
{
	static u8 image[32768];
	size_t len = 0;

	for (; *line && len < sizeof(image); line += 2) {
		int high = hex(line[0]), low = high < 0 ? -1 : hex(line[1]);

		if (low < 0)
			return;
		image[len++] = high << 4 | low;
	}
	if (len)
		place(image, len, fn);
}

static void place_condition(const struct machine_code *c, verdict_fn *fn)
{
	place(c->start, c->end - c->start, fn);
}

/* The stock engine wants NULs behind a text. */
static struct stock_filter *load_stock(const struct filter *f)
{
	char *text = calloc(1, STOCK_SLACK);
	struct stock_filter *stock = NULL;
	struct stock_error e;

	if (text && f->stock) {
		strcpy(text, *f->stock ? f->stock : f->text);
		stock = stock_compile(&event, text, &e);
		if (!stock) {
			fprintf(stderr, "native: stock rejects: %s\n", text);
			exit(1);
		}
	}
	free(text);
	return stock;
}

static const char *running;

static void faulted(int sig)
{
	static const char what[] = ": its image faults; does it call the kernel?\n";

	/* Not printf() in a signal handler. */
	if (write(2, running, strlen(running)) < 0 ||
	    write(2, what, sizeof(what) - 1) < 0)
		_exit(2);
	_exit(1);
}

/* --------------------------------------------------------------- measuring */

enum engine { IMAGE, STOCK, C, NR_ENGINES };

/**
 * struct trial - a filter in the engines that know it
 * @fn: IMAGE and C: copies of the function
 * @stock: STOCK
 */
struct trial {
	verdict_fn		fn[NR_ENGINES][PLACES];
	struct stock_filter	*stock;
};

static bool knows(const struct trial *t, enum engine e)
{
	return e == STOCK ? !!t->stock : !!t->fn[e][0];
}

static bool verdict(const struct trial *t, enum engine e, int i)
{
	return e == STOCK ? stock_match(t->stock, &records[i]) :
			    t->fn[e][0](&contexts[i]);
}

/* The records that match; every engine must say so. */
static int check(const struct trial *t, const char *text)
{
	int matches = 0;

	running = text;
	for (int i = 0; i < RECORDS; i++) {
		bool want = verdict(t, C, i);

		matches += want;
		for (int e = 0; e < NR_ENGINES; e++) {
			if (!knows(t, e) || verdict(t, e, i) == want)
				continue;
			fprintf(stderr, "native: %s: engine %d is wrong\n",
				text, e);
			exit(1);
		}
	}
	return matches;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* Nanoseconds per evaluation of one sample. */
static double sample(const struct trial *t, enum engine e, int copy)
{
	unsigned int matches = 0;
	double start = now();

	if (e == STOCK) {
		for (int i = 0; i < SAMPLE; i++)
			matches += stock_match(t->stock,
					       &records[i % RECORDS]);
	} else {
		verdict_fn fn = t->fn[e][copy];

		for (int i = 0; i < SAMPLE; i++)
			matches += fn(&contexts[i % RECORDS]);
	}
	/* used, so that all is done by now */
	asm volatile("" : : "r" (matches));
	return (now() - start) / SAMPLE;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Medians, of samples taken in turn so that all see the same disturbances. */
static void measure(const struct trial *t, double *ns)
{
	static double samples[NR_ENGINES][SAMPLES];

	for (int i = 0; i < SAMPLES; i++) {
		for (int e = 0; e < NR_ENGINES; e++) {
			if (knows(t, e))
				samples[e][i] = sample(t, e, i % PLACES);
		}
	}
	for (int e = 0; e < NR_ENGINES; e++) {
		qsort(samples[e], SAMPLES, sizeof(double), by_value);
		ns[e] = samples[e][SAMPLES / 2];
	}
}

static void print_ns(bool is_known, double ns)
{
	if (is_known)
		printf(" %8.2f", ns);
	else
		printf(" %8s", "-");
}

static void print_row(const struct trial *t, const char *text)
{
	int matches = check(t, text);
	double ns[NR_ENGINES];

	measure(t, ns);
	if (strlen(text) > 45)
		printf("%.42s...", text);
	else
		printf("%-45s", text);
	print_ns(knows(t, STOCK), ns[STOCK]);
	print_ns(knows(t, IMAGE), ns[IMAGE]);
	print_ns(true, ns[C]);
	print_ns(knows(t, STOCK) && knows(t, IMAGE), ns[IMAGE] / ns[STOCK]);
	print_ns(knows(t, IMAGE), ns[IMAGE] / ns[C]);
	printf(" %7.1f%%\n", matches * 100.0 / RECORDS);
}

static int table(FILE *images)
{
	static char line[65536];
	struct trial empty = { };

	fill_records();
	printf("%-45s %8s %8s %8s %8s %8s %8s\n", "ns on this processor",
	       "stock", "tap", "C", "tap:stock", "tap:C", "match");
	place_condition(&empty_condition, empty.fn[C]);
	print_row(&empty, "a function that returns 0");
	for (unsigned int i = 0; i < ARRAY_SIZE(filters); i++) {
		struct trial t = { };

		if (!fgets(line, sizeof(line), images)) {
			fprintf(stderr, "native: %u images are too few\n", i);
			return 1;
		}
		line[strcspn(line, "\n")] = 0;
		place_image(line, t.fn[IMAGE]);
		place_condition(&conditions[i], t.fn[C]);
		t.stock = load_stock(&filters[i]);
		print_row(&t, filters[i].text);
	}
	puts("call and loop included, medians; aim: tap:C at most 1.30");
	return 0;
}

int main(int argc, char **argv)
{
	FILE *images;

	if (argc != 2)
		return 1;
	if (!strcmp(argv[1], "texts")) {
		for (unsigned int i = 0; i < ARRAY_SIZE(filters); i++)
			puts(filters[i].text);
		return 0;
	}
	images = fopen(argv[1], "r");
	if (!images) {
		perror(argv[1]);
		return 1;
	}
	signal(SIGSEGV, faulted);
	signal(SIGILL, faulted);
	signal(SIGTRAP, faulted);
	return table(images);
}
