// SPDX-License-Identifier: GPL-2.0
/*
 * glob_match_len() as the kernel has it: lib/glob.c of the unpacked source, with
 * the two headers that it includes replaced by shim/.
 */
#include "tap_userspace.h"
#include "lib/glob.c"
