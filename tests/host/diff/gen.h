/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random events, filter texts and records. Records remember the constants of
 * the texts before them, or nothing would ever match.
 */
#ifndef _DIFF_GEN_H
#define _DIFF_GEN_H

#include "world.h"

#define GEN_TEXT	4096	/* longest text with its NUL: a page */
#define GEN_RECORD	8192	/* longest record */
#define GEN_STRING	300	/* longest constant, too long ones included */
#define GEN_HINTS	64

/**
 * struct gen - a generator
 * @state: of the random numbers
 * @ev: the event that texts and records are for
 * @nr_ints: entries in @ints
 * @ints: integer constants of the text
 * @nr_strs: entries in @strs
 * @strs: string constants of the text
 */
struct gen {
	uint64_t		state;
	struct world_event	ev;
	unsigned int		nr_ints;
	int64_t			ints[GEN_HINTS];
	unsigned int		nr_strs;
	char			strs[GEN_HINTS][GEN_STRING];
};

uint64_t gen_random(struct gen *g);
unsigned int gen_below(struct gen *g, unsigned int n);

/* A new event in g->ev. */
void gen_event(struct gen *g);

/* A text for g->ev: in the language, and after that with mistakes. */
void gen_text(struct gen *g, char *text);
void gen_mutate(struct gen *g, char *text);

/* A record of g->ev, and the machine around it; returns its length. */
unsigned int gen_record(struct gen *g, uint8_t *rec);

#endif /* _DIFF_GEN_H */
