/* SPDX-License-Identifier: GPL-2.0 */
/* Filters whose fate is known, and the table of the kernel's start-up test. */
#ifndef _DIFF_KNOWN_H
#define _DIFF_KNOWN_H

/* Returns the number of failures; prints each. */
unsigned long known_run(unsigned long *passed);

#endif /* _DIFF_KNOWN_H */
