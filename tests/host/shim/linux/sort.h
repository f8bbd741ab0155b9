/* SPDX-License-Identifier: GPL-2.0 */
/* sort_r() of the C library, under the kernel's name. */
#ifndef _HOST_LINUX_SORT_H
#define _HOST_LINUX_SORT_H

#include <stdlib.h>

typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *priv);
typedef void (*swap_r_func_t)(void *a, void *b, int size, const void *priv);

/* glibc's, which is only declared with _GNU_SOURCE */
void qsort_r(void *base, size_t num, size_t size,
	     int (*cmp)(const void *a, const void *b, void *arg), void *arg);

static inline void sort_r(void *base, size_t num, size_t size,
			  cmp_r_func_t cmp, swap_r_func_t swap,
			  const void *priv)
{
	qsort_r(base, num, size,
		(int (*)(const void *, const void *, void *))cmp, (void *)priv);
}

#endif
