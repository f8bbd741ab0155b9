// SPDX-License-Identifier: GPL-2.0
#define MARK 1
#include "mark.inc"
