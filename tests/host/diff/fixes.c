// SPDX-License-Identifier: GPL-2.0
/*
 * The stock engine without the bugs that fixes.h lists. Part of
 * stock_engine.c, whose predicates it evaluates.
 */

/**
 * struct pred_string - the string that a predicate looks at
 * @s: its memory, NULL if it cannot be read
 * @max: bytes of it
 * @fixes: a bit for each bug that may be met
 */
struct pred_string {
	const char	*s;
	unsigned int	max;
	unsigned int	fixes;
};

/* What the word of a dynamic field says, kept within the record. */
static struct pred_string dynamic(const char *rec, unsigned int reclen,
				  unsigned int offset, unsigned int base)
{
	struct pred_string str = { };
	unsigned int start, len;
	u32 word;

	memcpy(&word, rec + offset, sizeof(word));
	start = base + (word & 0xffff);
	len = word >> 16;
	if (start >= reclen) {
		str.fixes = 1 << FIX_BEYOND;
		return str;
	}
	str.s = rec + start;
	str.max = reclen - start;
	if (!len)
		str.fixes |= 1 << FIX_ZERO;
	if (len > str.max || (!len && strnlen(str.s, str.max) == str.max))
		str.fixes |= 1 << FIX_BEYOND;
	if (len && len < str.max)
		str.max = len;
	return str;
}

static struct pred_string pred_string(const struct filter_pred *pred,
				      const char *rec, unsigned int reclen)
{
	static char buf[USTRING_BUF_SIZE];
	bool user = pred->fn_num == FILTER_PRED_FN_PCHAR_USER;
	struct pred_string str = { };

	switch (pred->fn_num) {
	case FILTER_PRED_FN_STRING:
		str.s = rec + pred->offset;
		str.max = pred->regex->field_len;
		break;
	case FILTER_PRED_FN_COMM:
		str.s = world.comm;
		str.max = sizeof(world.comm);
		break;
	case FILTER_PRED_FN_PCHAR:
	case FILTER_PRED_FN_PCHAR_USER:
		if (world_read_string(user, buf,
				      *(uint64_t *)(rec + pred->offset),
				      sizeof(buf)) < 0)
			break;
		str.s = buf;
		str.max = strlen(buf) + 1;
		break;
	case FILTER_PRED_FN_STRLOC:
		return dynamic(rec, reclen, pred->offset, 0);
	case FILTER_PRED_FN_STRRELLOC:
		return dynamic(rec, reclen, pred->offset,
			       pred->offset + sizeof(u32));
	default:
		break;
	}
	return str;
}

/* What a pattern means. */
static bool pattern_matches(const struct regex *r,
			    const struct pred_string *str)
{
	unsigned int len = strnlen(str->s, str->max), i;

	if (r->match == regex_match_glob)
		return glob_match_len(r->pattern, str->s, len);
	if (r->len > len)
		return false;
	if (r->match == regex_match_full)
		return len == r->len && !memcmp(str->s, r->pattern, len);
	if (r->match == regex_match_front)
		return !memcmp(str->s, r->pattern, r->len);
	if (r->match == regex_match_end)
		return !memcmp(str->s + len - r->len, r->pattern, r->len);
	for (i = 0; i + r->len <= len; i++)
		if (!memcmp(str->s + i, r->pattern, r->len))
			return true;
	return false;
}

static int fixed_string(const struct filter_pred *pred, const char *rec,
			unsigned int reclen, int stock, unsigned int *fixes)
{
	const struct regex *r = pred->regex;
	struct pred_string str = pred_string(pred, rec, reclen);
	int match;

	if (r->match == regex_match_end)
		str.fixes |= 1 << FIX_END;
	if (r->match == regex_match_middle)
		str.fixes |= 1 << FIX_MIDDLE;
	if (!str.fixes)
		return stock;
	match = str.s ? pattern_matches(r, &str) ^ pred->not : 0;
	if (match != stock)
		*fixes |= str.fixes;
	return match;
}

/* A mask must lie in the record, and be as long as the word says. */
static int fixed_mask(const struct filter_pred *pred, const char *rec,
		      unsigned int reclen, int stock, unsigned int *fixes)
{
	struct pred_string str = dynamic(rec, reclen, pred->offset, 0);

	if (str.s && str.max >= (nr_cpu_ids + 63) / 64 * 8)
		return stock;
	if (stock)
		*fixes |= 1 << FIX_BEYOND;
	return 0;
}

static int fixed_pred(struct filter_pred *pred, const char *rec,
		      unsigned int reclen, unsigned int *fixes)
{
	int stock = filter_pred_fn_call(pred, (void *)rec);

	switch (pred->fn_num) {
	case FILTER_PRED_FN_STRING:
	case FILTER_PRED_FN_COMM:
	case FILTER_PRED_FN_PCHAR:
	case FILTER_PRED_FN_PCHAR_USER:
	case FILTER_PRED_FN_STRLOC:
	case FILTER_PRED_FN_STRRELLOC:
		return fixed_string(pred, rec, reclen, stock, fixes);
	case FILTER_PRED_FN_CPUMASK:
	case FILTER_PRED_FN_CPUMASK_CPU:
		return fixed_mask(pred, rec, reclen, stock, fixes);
	default:
		return stock;
	}
}

bool stock_match_fixed(const struct stock_filter *f, const void *rec,
		       unsigned int len, unsigned int *fixes)
{
	const struct prog_entry *prog = f->filter.prog;
	int i;

	for (i = 0; prog[i].pred; i++) {
		if (fixed_pred(prog[i].pred, rec, len, fixes) ==
		    prog[i].when_to_branch)
			i = prog[i].target;
	}
	return prog[i].target;
}
