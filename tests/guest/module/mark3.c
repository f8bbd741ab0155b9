// SPDX-License-Identifier: GPL-2.0
#define MARK 3
#include "mark.inc"
