#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The examples of a page of documentation: scripts/docs-examples writes them to
# /vm/examples, a line `example 'COMMAND'` each, and compares what is printed.
# in: /vm/examples; out: for each command a line of \001, then what it prints

example() {
	printf '\001\n'
	eval "$1"
}

. /vm/examples
exit 0
