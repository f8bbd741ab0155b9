/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The filters of the native benchmark, on sched:sched_switch. A row:
 *
 *	FILTER(name, text, how the stock language says it or NULL, C)
 *
 * STOCK_SAME: with the same text. In C, r is the record. Included with FILTER
 * defined, each time otherwise.
 */
FILTER(equal, "prev_pid == 4711", STOCK_SAME, r->prev_pid == 4711)
FILTER(less, "prev_prio < 10", STOCK_SAME, r->prev_prio < 10)
FILTER(mask, "prev_state & 64", STOCK_SAME, r->prev_state & 64)
FILTER(or2, "prev_pid == 4711 || next_pid == 4711", STOCK_SAME,
	r->prev_pid == 4711 || r->next_pid == 4711)
FILTER(and4,
	"next_prio < 121 && prev_pid != 0 && next_pid > 9 && prev_state == 1",
	STOCK_SAME,
	r->next_prio < 121 && r->prev_pid != 0 && r->next_pid > 9 &&
	r->prev_state == 1)
FILTER(or8,
	"prev_pid == 11 || prev_pid == 222 || prev_pid == 4711 || "
	"prev_prio == 3 || next_pid == 11 || next_pid == 222 || "
	"next_pid == 4711 || next_prio == 3", STOCK_SAME,
	r->prev_pid == 11 || r->prev_pid == 222 || r->prev_pid == 4711 ||
	r->prev_prio == 3 || r->next_pid == 11 || r->next_pid == 222 ||
	r->next_pid == 4711 || r->next_prio == 3)
FILTER(string, "prev_comm == \"sshd\"", STOCK_SAME,
	!memcmp(r->prev_comm, "sshd", 5))
FILTER(long_string, "prev_comm == \"kworker/u16:2\"", STOCK_SAME,
	!memcmp(r->prev_comm, "kworker/u16:2", 14))
FILTER(prefix, "prev_comm ~ \"kworker/*\"", STOCK_SAME,
	!memcmp(r->prev_comm, "kworker/", 8))
FILTER(string_and, "next_comm == \"sshd\" && next_pid > 1000", STOCK_SAME,
	!memcmp(r->next_comm, "sshd", 5) && r->next_pid > 1000)
FILTER(in, "next_pid in {1, 17, 400..499, 4711}",
	"next_pid == 1 || next_pid == 17 || "
	"(next_pid >= 400 && next_pid <= 499) || next_pid == 4711",
	r->next_pid == 1 || r->next_pid == 17 ||
	(r->next_pid >= 400 && r->next_pid <= 499) || r->next_pid == 4711)
FILTER(fields, "prev_prio < next_prio", NULL, r->prev_prio < r->next_prio)
FILTER(masked, "(prev_state & 255) == 64", NULL, (r->prev_state & 255) == 64)
