# SPDX-License-Identifier: GPL-2.0
# The way in. `make` lists the targets: each one's text is the comment that
# begins with two # above it.

MAKEFLAGS += --no-print-directory
# the scripts use the processors themselves, one build at a time
.NOTPARALLEL:
.DEFAULT_GOAL := help

# make kernel NOAPPLY=1: with the edits that are in build/linux
KERNEL_FLAGS := $(if $(NOAPPLY),--no-apply)

.PHONY: help
help:
	@awk '/^## / { text = substr($$0, 4); next } \
	      text != "" && /^[a-z-]+:/ { sub(/:.*/, ""); \
			printf "  make %-11s %s\n", $$0, text; text = "" }' Makefile

# what the guest gets: the compiler, and scripts to try
TAPC_IN_GUEST := --program build/tapc --program build/tapc-check \
	--add tools/tapc/examples:/examples

## build the kernel and tapc, boot it, show filters, actions and scripts at work
.PHONY: run
run: kernel tapc
	@scripts/vm-run --smp 2 --timeout 180 $(TAPC_IN_GUEST) tests/guest/demo.sh

## the same guest, interactive, on the serial console
.PHONY: shell
shell: kernel tapc
	@scripts/vm-run --smp 2 --modules $(TAPC_IN_GUEST) --shell

## build/tapc: the compiler
.PHONY: tapc
tapc: deps
	@$(MAKE) -C tools/tapc all

## install tapc, its manual page and examples; PREFIX=/usr/local, DESTDIR=
.PHONY: install
install: tapc
	@$(MAKE) -C tools/tapc install

## build/bzImage: the kernel with the series (NOAPPLY=1: with edits in build/linux)
.PHONY: kernel
kernel: deps
	@scripts/kernel-build tap $(KERNEL_FLAGS)

## build/bzImage-stock: the kernel without it, same configuration
.PHONY: stock
stock: deps
	@scripts/kernel-build stock

## host tests, lint, the series applies: under two minutes, no kernel build
.PHONY: check
check: deps
	@scripts/test quick

## everything; what CI runs
.PHONY: test
test: deps
	@scripts/test

## what a filter costs, side by side with the stock kernel; prints a table
.PHONY: bench
bench: stock kernel
	@bench/run

## tapc and bpftrace 0.17 side by side, by bpftrace's tools; prints a table
.PHONY: compare
compare: deps
	@scripts/compare $(KERNEL_FLAGS)

## the fuzzers, an hour each (make test: some seconds each)
.PHONY: fuzz
fuzz: deps
	@scripts/kernel-source stock
	@$(MAKE) -C tests/host fuzz

## the patches as mails in build/series/
.PHONY: series
series: deps
	@scripts/series make

## the documentation builds without a warning
.PHONY: docs-check
docs-check: deps
	@scripts/docs-check

## install the Debian packages that are missing, or say which
.PHONY: deps
deps:
	@scripts/deps

## remove everything generated
.PHONY: clean
clean:
	rm -rf build
