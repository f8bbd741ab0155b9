#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm-run: --modules --append trace_debug --add tests/guest/check.inc:/check
# vm-run: --add tests/guest/debug-events.sh:/debug-events
#
# The same as debug-events.sh, where the command line asks for them.

. /debug-events
