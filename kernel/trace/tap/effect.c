// SPDX-License-Identifier: GPL-2.0
/*
 * tap: what actions do to tracing: stack(), record(), traceon(), traceoff(),
 * snapshot(); and synthetic events.
 *
 *	if (delta > 5000000) { stack(); snapshot() }
 *	late(common_pid, delta)
 *
 * All of it happens at once, in whatever context the event fired. What needs
 * memory for that gets it when the action is set up.
 */
#include <linux/string.h>

#include "../trace.h"
#include "print.h"

/**
 * trace_tap_record_stack - write the kernel stack into the trace
 * @run: the action
 * @trace_ctx: from tracing_gen_ctx_dec()
 * @room: where to work; its frames are used
 *
 * Context: any, preemption off.
 */
void trace_tap_record_stack(const struct trace_tap_run *run,
			    unsigned int trace_ctx, struct trace_tap_room *room)
{
	struct trace_buffer *buffer = run->file->tr->array_buffer.buffer;
	struct ring_buffer_event *event;
	unsigned int nr = TAP_MAX_STACK;
	struct stack_entry *entry;
	unsigned long *frames;

	frames = trace_tap_walk(run, room->frames, &nr);
	if (!nr)
		return;
	/* The event's own record may be open */
	ring_buffer_nest_start(buffer);
	event = trace_buffer_lock_reserve(buffer, TRACE_STACK,
					  struct_size(entry, caller, nr),
					  trace_ctx);
	if (event) {
		entry = ring_buffer_event_data(event);
		entry->size = nr;
		memcpy(&entry->caller, frames,
		       flex_array_size(entry, caller, nr));
		trace_buffer_unlock_commit_nostack(buffer, event);
	}
	ring_buffer_nest_end(buffer);
}

static void record_stack(const struct trace_tap_run *run)
{
	struct trace_tap_room *room = trace_tap_room_get();

	if (likely(room))
		trace_tap_record_stack(run, tracing_gen_ctx_dec(), room);
	else
		trace_tap_room_missed(run);
	trace_tap_room_put();
}

/**
 * trace_tap_helper_effect - TAP_HELPER_EFFECT: do something to tracing
 * @ctx: struct trace_tap_run
 * @op: TAP_OP_STACK, TAP_OP_RECORD, TAP_OP_TRACEON, TAP_OP_TRACEOFF or
 *	TAP_OP_SNAPSHOT
 * @a3: not used
 * @a4: not used
 * @a5: not used
 *
 * Return: 0.
 */
u64 trace_tap_helper_effect(u64 ctx, u64 op, u64 a3, u64 a4, u64 a5)
{
	struct trace_tap_run *run = trace_tap_run_of(ctx);
	struct trace_array *tr = run->file->tr;

	switch (op) {
	case TAP_OP_STACK:
		record_stack(run);
		break;
	case TAP_OP_RECORD:
		run->keep = true;
		break;
	case TAP_OP_TRACEON:
		tracer_tracing_on(tr);
		break;
	case TAP_OP_TRACEOFF:
		tracer_tracing_off(tr);
		break;
	case TAP_OP_SNAPSHOT:
		/* In an NMI it only says so in the trace */
		tracing_snapshot_instance(tr);
		break;
	default:
		WARN_ON_ONCE(1);
	}
	return 0;
}

/**
 * trace_tap_effect_prepare - get what an effect needs
 * @tr: the instance
 * @op: enum tap_opcode
 *
 * May sleep; takes trace_types_lock, but not if another event of @tr has had the
 * same.
 *
 * What writes records needs a buffer that is more than the few pages there are
 * as long as nobody traces. One that outlives a boot has all of its pages, and
 * what the last boot left there goes when somebody starts to use it, but not at
 * boot, before anybody could read it: so it is with events.
 *
 * Return: 0; -EOPNOTSUPP if the kernel takes no snapshots; -ENOMEM, or -EBUSY if
 * the buffer is mapped, so that it cannot be swapped. To be followed by
 * trace_tap_effect_release() if it is 0.
 */
int trace_tap_effect_prepare(struct trace_array *tr, u8 op)
{
	switch (op) {
	case TAP_OP_PRINTF:
	case TAP_OP_STACK:
	case TAP_OP_RECORD:
		if (tr->range_addr_start && system_state < SYSTEM_RUNNING)
			return 0;
		/* Events that come have what needs it, and hold that lock */
		if (tr->ring_buffer_expanded && !tr->text_delta &&
		    !tr->data_delta)
			return 0;
		return tracing_update_buffers(tr);
	case TAP_OP_SNAPSHOT:
		if (!IS_ENABLED(CONFIG_TRACER_SNAPSHOT))
			return -EOPNOTSUPP;
		return tracing_arm_snapshot(tr);
	default:
		return 0;
	}
}

/**
 * trace_tap_effect_release - give that back
 * @tr: the instance
 * @op: enum tap_opcode
 */
void trace_tap_effect_release(struct trace_array *tr, u8 op)
{
	if (op == TAP_OP_SNAPSHOT)
		tracing_disarm_snapshot(tr);
}

/* --------------------------------------------------------- synthetic events */

/* Where the strings are that the fields of a synthetic event point to. */
struct strings {
	char		*next;
	unsigned int	room;
};

static u64 synth_string(const struct trace_tap_run *run,
			const struct tap_arg *arg, struct strings *s,
			unsigned long *frames)
{
	char *start = s->next;
	unsigned int n;

	/* The last byte is left for those that come when there is no room */
	n = trace_tap_print_string(run, arg, start, s->room,
				   TAP_PRINT_STR - 1, frames);
	if (n + 1 < s->room) {
		s->next += n + 1;
		s->room -= n + 1;
	} else {
		s->next += n;
		s->room = 1;
	}
	return (unsigned long)start;
}

/**
 * trace_tap_helper_synth - TAP_HELPER_SYNTH: fire a synthetic event
 * @ctx: struct trace_tap_run
 * @event: from trace_tap_synth_get()
 * @args: struct tap_arg, one for each field
 * @a4: not used
 * @a5: not used
 *
 * Return: 0.
 */
u64 trace_tap_helper_synth(u64 ctx, u64 event, u64 args, u64 a4, u64 a5)
{
	const struct tap_arg *arg = (const void *)(unsigned long)args;
	const struct trace_tap_run *run = trace_tap_run_of(ctx);
	struct trace_tap_room *room = trace_tap_room_get();
	void *synth = (void *)(unsigned long)event;
	u64 values[TAP_MAX_ARGS] __uninitialized;
	struct strings s;
	unsigned int i;
	char type;

	if (unlikely(!room)) {
		trace_tap_room_missed(run);
		goto put;
	}
	s.next = (char *)room->record;
	s.room = sizeof(room->record);
	for (i = 0; (type = trace_tap_synth_type(synth, i)); i++) {
		if (WARN_ON_ONCE(i == TAP_MAX_ARGS))
			goto put;
		values[i] = type == 's' ? synth_string(run, &arg[i], &s,
						       room->frames) :
					  arg[i].value;
	}
	trace_tap_synth_fire(synth, values);
put:
	trace_tap_room_put();
	return 0;
}
