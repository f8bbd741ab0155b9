/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bugs of the stock engine that tap fixes: X(name, what was wrong).
 *
 * The stock verdict of a predicate that meets one is replaced (fixes.c says by
 * what), so even then the verdicts are compared. Texts that meet NO_NAME have no
 * verdict to compare.
 */
#ifndef _DIFF_FIXES_H
#define _DIFF_FIXES_H

#define FIXES(X)							\
	X(END,								\
	  "~ \"*x\" looked at the end of the memory, not of the string")	\
	X(MIDDLE,							\
	  "~ \"*x*\" also found x behind the end of the string")	\
	X(ZERO,								\
	  "a dynamic string of length 0 runs to its NUL, but not for every pattern") \
	X(BEYOND,							\
	  "a dynamic string or mask was read beyond the end of the record") \
	X(NO_NAME,							\
	  "a filter of ftrace:function was read on behind a last operator")

enum fix {
#define X(name, why) FIX_##name,
	FIXES(X)
#undef X
	NR_FIXES,
};

#endif /* _DIFF_FIXES_H */
