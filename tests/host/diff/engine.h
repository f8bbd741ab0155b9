/* SPDX-License-Identifier: GPL-2.0 */
/* The new engine on what world.h describes. */
#ifndef _DIFF_ENGINE_H
#define _DIFF_ENGINE_H

#include "stock.h"

struct tap_scope;
struct engine;

/* What names mean: the kernel's own scope does the same for real events. */
void engine_scope(struct tap_scope *scope, const struct world_event *ev);

/* The stock language alone: 0, or an error in @e. */
int engine_stock(const struct world_event *ev, const char *text,
		 struct stock_error *e);

/*
 * Are the predicates of an accepted text looked at in the same order, and is
 * the same of them skipped? Names in filters of ftrace:function as well.
 */
bool engine_same_branches(const struct world_event *ev, const char *text,
			  const struct stock_filter *sf);

/* Translate, verify, split and lower; NULL and @e if the text is rejected. */
struct engine *engine_compile(const struct world_event *ev, const char *text,
			      bool stock_only, struct stock_error *e);
void engine_free(struct engine *f);

/* Instructions of the program, and of the lowered one. */
unsigned int engine_size(const struct engine *f);

/*
 * What fails, a static text; NULL if everything agrees:
 * - the reference evaluator and the lowered code say the same;
 * - what is decided without a record is decided right.
 * *@verdict is what they say.
 */
const char *engine_match(const struct engine *f, const void *rec,
			 unsigned int len, bool *verdict);

/* Details of what failed last, or "". */
const char *engine_why(void);

/*
 * The same on a program in which loading any of the fields, of one letter each,
 * ends it: true if that happened.
 */
bool engine_visits(const struct world_event *ev, const char *text,
		   const char *fields, const void *rec, unsigned int len);

/* Text of an error, and its code for one of the stock engine. */
const char *engine_error_text(unsigned int code);
bool engine_is_too_large(const struct stock_error *e);

#endif /* _DIFF_ENGINE_H */
