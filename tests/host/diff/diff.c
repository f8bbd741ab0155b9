// SPDX-License-Identifier: GPL-2.0
/*
 * The new filter engine against the stock one: random filters on random events
 * are accepted or rejected alike, and keep the same random records.
 *
 * What is compared, for each text:
 *	- what stock accepts, the new engine accepts, and looks at its predicates
 *	  in the same order;
 *	- what stock rejects, the stock language of the new engine rejects with
 *	  the same errno, error and position; the whole language may accept it;
 * and for each record:
 *	- the verdicts, the stock one corrected as fixes.h says;
 *	- see engine_match().
 *
 * Text number N depends on the seed and N alone.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine.h"
#include "fixes.h"
#include "gen.h"
#include "known.h"

#define TEXTS_PER_EVENT	16
#define MAX_REPORTS	10

/**
 * struct diff - the run
 * @seed: of everything
 * @texts: number of texts
 * @records: records a text that is accepted
 * @only: the one text to look at, or -1
 * @accepted: texts that both engines accept
 * @extended: texts that only the whole language accepts
 * @too_large: texts that stock accepts and whose program is too large
 * @pairs: pairs of text and record
 * @matched: pairs with verdict 1
 * @fixed: pairs, or texts, where each bug of the stock engine was seen
 * @failed: texts that fail
 * @g: the generator
 * @text: the text, with room for NULs behind
 * @rec: the record, with room behind
 * @len: its length
 */
struct diff {
	uint64_t	seed;
	unsigned long	texts;
	unsigned int	records;
	long		only;

	unsigned long	accepted;
	unsigned long	extended;
	unsigned long	too_large;
	unsigned long	pairs;
	unsigned long	matched;
	unsigned long	fixed[NR_FIXES];
	unsigned long	failed;

	struct gen	g;
	char		text[GEN_TEXT + 16];
	uint8_t		rec[GEN_RECORD + STOCK_SLACK];
	unsigned int	len;
};

static const char * const fix_texts[] = {
#define X(name, why) why,
	FIXES(X)
#undef X
};

/* ---------------------------------------------------------- comparison */

/* What differs in the errors, NULL if nothing. */
static const char *compare_errors(const struct stock_error *stock,
				  const struct stock_error *tap)
{
	if (tap->err != stock->err)
		return "errno differs";
	if (tap->code != stock->code)
		return "error differs";
	if (tap->pos != stock->pos)
		return "position of the error differs";
	return NULL;
}

/* What comes behind the text decides what the stock engine makes of it. */
static bool has_no_name(const struct diff *d)
{
	size_t len = strlen(d->text);

	while (len && strchr(" \t\n\240", d->text[len - 1]))
		len--;
	return d->g.ev.is_function && len && strchr("=!~<>&", d->text[len - 1]);
}

/*
 * Compile with both. Returns what differs; filters are NULL where an engine
 * rejects the text.
 */
static const char *compare_text(struct diff *d, struct stock_filter **sf,
				struct engine **tf)
{
	struct stock_error se = { }, te = { }, e = { };
	int ret;

	*sf = NULL;
	*tf = NULL;
	if (has_no_name(d)) {
		d->fixed[FIX_NO_NAME]++;
		return NULL;
	}
	*sf = stock_compile(&d->g.ev, d->text, &se);
	ret = engine_stock(&d->g.ev, d->text, &te);
	if (*sf && ret)
		return "stock accepts, tap rejects";
	if (!*sf && !ret)
		return "stock rejects, tap accepts";
	if (!*sf) {
		const char *what = compare_errors(&se, &te);

		if (what)
			return what;
		*tf = engine_compile(&d->g.ev, d->text, false, &e);
		if (!*tf && (e.err >= 0 || !engine_error_text(e.code)))
			return "tap rejects without an error";
		if (!*tf && compare_errors(&te, &e) &&
		    e.pos > (int)strlen(d->text))
			return "the error is outside of the text";
		return NULL;
	}
	if (!engine_same_branches(&d->g.ev, d->text, *sf))
		return "predicates are looked at in another order";
	*tf = engine_compile(&d->g.ev, d->text, d->text[0] & 1, &e);
	if (!*tf && !engine_is_too_large(&e))
		return "stock accepts, tap cannot compile";
	return NULL;
}

static const char *compare_record(struct diff *d, const struct stock_filter *sf,
				  const struct engine *tf, unsigned int *fixes)
{
	bool stock, tap;
	const char *what = engine_match(tf, d->rec, d->len, &tap);

	d->matched += tap;
	if (what || !sf)
		return what;
	stock = stock_match(sf, d->rec);
	if (tap == stock)
		return NULL;
	if (tap == stock_match_fixed(sf, d->rec, d->len, fixes) && *fixes)
		return NULL;
	return stock ? "stock says 1, tap says 0" : "stock says 0, tap says 1";
}

/* ------------------------------------------------------------- reports */

static void print_text(const char *text)
{
	printf("\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text == '\n')
			printf("\\n");
		else if (*text == '\t')
			printf("\\t");
		else if (*text < ' ' || *text > '~')
			printf("\\%03o", (unsigned char)*text);
		else
			printf("%c", *text);
	}
	printf("\"\n");
}

/* Is @name a word of the text? */
static bool has_name(const char *text, const char *name)
{
	static const char word[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t len;

	for (; *text; text += len) {
		text += strcspn(text, word);
		len = strspn(text, word);
		if (len == strlen(name) && !strncmp(text, name, len))
			return true;
	}
	return false;
}

static void print_record(const struct diff *d)
{
	unsigned int i;

	printf("  record (%u bytes)", d->len);
	for (i = 0; i < d->len; i++) {
		if (i % 32 == 0)
			printf("\n    %4u:", i);
		printf("%s%02x", i % 4 ? "" : " ", d->rec[i]);
	}
	printf("\n  cpu %u of %u, pid %d, comm ", world.cpu, world.nr_cpus,
	       world.pid);
	print_text(world.comm);
}

static void print_error(const char *who, const struct stock_error *e)
{
	if (e->err)
		printf("  %-6s errno %d, error %d (%s), position %d\n", who,
		       e->err, e->code, e->code > 0 ?
		       engine_error_text(e->code) : "none", e->pos);
	else
		printf("  %-6s accepts\n", who);
}

/* Does what the text did before still happen, @stock accepting it or not? */
static bool still_fails(struct diff *d, const char *what, bool record,
			bool stock)
{
	struct stock_filter *sf;
	struct engine *tf;
	const char *now;
	unsigned int fixes = 0;

	now = compare_text(d, &sf, &tf);
	if (record && !now && tf)
		now = compare_record(d, sf, tf, &fixes);
	else if (record)
		now = NULL;
	stock_free(sf);
	engine_free(tf);
	return now == what && stock == !!sf;
}

/* Leave out of the text what is not needed to fail. */
static void minimize(struct diff *d, const char *what, bool record, bool stock)
{
	unsigned int n, at, len = strlen(d->text);
	char old[GEN_TEXT];

	for (n = len; n; n = n > 1 ? n / 2 : 0) {
		for (at = 0; at + n <= len; ) {
			memcpy(old, d->text, len + 1);
			memmove(d->text + at, d->text + at + n,
				len - at - n + 1);
			memset(d->text + len - n, 0, n);
			if (still_fails(d, what, record, stock)) {
				len -= n;
				continue;
			}
			memcpy(d->text, old, len + 1);
			at++;
		}
	}
}

static void report(struct diff *d, unsigned long n, const char *what,
		   bool record, bool stock)
{
	struct stock_error se = { }, te = { }, e = { };
	unsigned int i;

	if (d->failed++ >= MAX_REPORTS)
		return;
	printf("FAIL %s (--seed %llu --only %lu)\n  text    ", what,
	       (unsigned long long)d->seed, n);
	print_text(d->text);
	minimize(d, what, record, stock);
	printf("  minimal ");
	print_text(d->text);
	/* The last run may have been one that does not fail. */
	still_fails(d, what, record, stock);
	if (*engine_why())
		printf("  %s\n", engine_why());
	for (i = 0; i < d->g.ev.nr_fields; i++) {
		const struct world_field *f = &d->g.ev.fields[i];

		if (has_name(d->text, f->name))
			printf("  field %s %s, offset %u, size %u, %ssigned\n",
			       f->type, f->name, f->offset, f->size,
			       f->is_signed ? "" : "un");
	}
	stock_free(stock_compile(&d->g.ev, d->text, &se));
	engine_stock(&d->g.ev, d->text, &te);
	print_error("stock", &se);
	print_error("tap", &te);
	if (record) {
		print_record(d);
		return;
	}
	engine_free(engine_compile(&d->g.ev, d->text, false, &e));
	print_error("whole", &e);
}

/* ----------------------------------------------------------------- run */

static void run_records(struct diff *d, unsigned long n,
			const struct stock_filter *sf, const struct engine *tf)
{
	unsigned int i, j, fixes;
	const char *what;

	for (i = 0; i < d->records; i++) {
		memset(d->rec, 0, d->len);
		d->len = gen_record(&d->g, d->rec);
		fixes = 0;
		what = compare_record(d, sf, tf, &fixes);
		d->pairs += sf ? 1 : 0;
		for (j = 0; j < NR_FIXES; j++)
			d->fixed[j] += fixes >> j & 1;
		if (what) {
			report(d, n, what, true, sf);
			return;
		}
	}
}

static void run_text(struct diff *d, unsigned long n)
{
	struct stock_filter *sf;
	struct engine *tf;
	const char *what;
	unsigned int i;

	/* The event first: it is the same for some texts. */
	d->g.state = d->seed + n / TEXTS_PER_EVENT * 0x100000001;
	gen_event(&d->g);
	d->g.state = gen_random(&d->g) + n;

	memset(d->text, 0, sizeof(d->text));
	gen_text(&d->g, d->text);
	if (!gen_below(&d->g, 3))
		for (i = 1 + gen_below(&d->g, 2); i--; )
			gen_mutate(&d->g, d->text);
	/* The stock engine may look behind the text. */
	i = strlen(d->text);
	memset(d->text + i, 0, sizeof(d->text) - i);

	what = compare_text(d, &sf, &tf);
	if (what)
		report(d, n, what, false, sf);
	else if (sf && !tf)
		d->too_large++;
	d->accepted += sf && !what;
	d->extended += tf && !sf;
	if (tf)
		run_records(d, n, sf, tf);
	stock_free(sf);
	engine_free(tf);
}

static void run(struct diff *d)
{
	clock_t start = clock();
	unsigned long n;
	unsigned int i;

	printf("diff: seed %llu\n", (unsigned long long)d->seed);
	for (n = 0; n < d->texts; n++)
		if (d->only < 0 || n == (unsigned long)d->only)
			run_text(d, n);

	printf("diff: %lu texts: %lu accepted, %lu only as extended, %lu too large\n",
	       d->texts, d->accepted, d->extended, d->too_large);
	printf("diff: %lu pairs of text and record, %lu%% match, %.1f s\n",
	       d->pairs, d->pairs ? d->matched * 100 / d->pairs : 0,
	       (double)(clock() - start) / CLOCKS_PER_SEC);
	for (i = 0; i < NR_FIXES; i++)
		printf("diff: bug of stock seen %lu times: %s\n", d->fixed[i],
		       fix_texts[i]);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed",	required_argument, NULL, 's' },
		{ "texts",	required_argument, NULL, 't' },
		{ "records",	required_argument, NULL, 'r' },
		{ "only",	required_argument, NULL, 'o' },
		{ }
	};
	static struct diff d = {
		.texts = 120000, .records = 32, .only = -1,
	};
	unsigned long passed, failed;
	int opt;

	d.seed = time(NULL);
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			d.seed = strtoull(optarg, NULL, 0);
			break;
		case 't':
			d.texts = strtoul(optarg, NULL, 0);
			break;
		case 'r':
			d.records = strtoul(optarg, NULL, 0);
			break;
		case 'o':
			d.only = strtol(optarg, NULL, 0);
			d.texts = d.only + 1;
			break;
		default:
			fprintf(stderr, "usage: %s [--seed N] [--texts N] [--records N] [--only N]\n",
				argv[0]);
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	failed = known_run(&passed);
	run(&d);
	failed += d.failed;
	passed += (d.only < 0 ? d.texts : 1) - d.failed;
	printf("diff: %lu passed, %lu failed\n", passed, failed);
	return failed != 0;
}
