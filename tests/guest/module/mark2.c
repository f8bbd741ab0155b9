// SPDX-License-Identifier: GPL-2.0
#define MARK 2
#include "mark.inc"
