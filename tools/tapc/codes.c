// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's tables of opcodes, sources and builtins, without its texts of
 * errors: offline.c has those that it needs, and no compiler leaves out strings of
 * an array that is not used.
 */
#include "tap.h"

#undef TAP_ERRORS
#define TAP_ERRORS(X)
#include "../../kernel/trace/tap/opcode.c"
