// SPDX-License-Identifier: GPL-2.0
/*
 * The conditions of filters.h as a C compiler sees them, in functions of the
 * form that programs have.
 */
#include "native.h"

/* Each is a section of its own, so that the linker knows where it ends. */
#define DEFINE(name, condition)						\
	extern const char __start_condition_##name[];			\
	extern const char __stop_condition_##name[];			\
	__attribute__((section("condition_" #name), used))		\
	static u32 evaluate_##name(const struct tap_ctx *ctx)		\
	{								\
		const struct sched_switch *r __maybe_unused = ctx->rec;	\
									\
		return (condition) ? 1 : 0;				\
	}

#define FILTER(name, text, stock, condition) DEFINE(name, condition)
#include "filters.h"
#undef FILTER
DEFINE(empty, 0)

#define CODE(name)	{ __start_condition_##name, __stop_condition_##name }

const struct machine_code conditions[] = {
#define FILTER(name, text, stock, condition) CODE(name),
#include "filters.h"
#undef FILTER
};

const struct machine_code empty_condition = CODE(empty);
