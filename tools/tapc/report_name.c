// SPDX-License-Identifier: GPL-2.0
/*
 * Names of numbers, which the kernel leaves to us.
 *
 *	USERNAME	0				root
 *	STRERROR	2				No such file or directory
 *	SIGNAL		9				KILL
 *	INET		2, 0x0100007f, 0		127.0.0.1 (little-endian)
 *	MAC		0x0605040302ff			FF:02:03:04:05:06
 *	BUF		2, 0x0a41, ...			A\x0a
 *	STRFTIME	5000000000, "%S.%f"		05.000000
 *
 * What has no name is shown as the number.
 */
#include <arpa/inet.h>
#include <time.h>

#include "tapc.h"
#include "report_show.h"

/* Not getpwuid(): it loads libraries, and may ask the network. */
static bool show_user(FILE *out, u64 uid)
{
	FILE *passwd = fopen("/etc/passwd", "re");
	char line[512], *colon, *id;
	bool found = false;

	while (passwd && !found && fgets(line, sizeof(line), passwd)) {
		/* NAME:PASSWORD:ID:... */
		colon = strchr(line, ':');
		id = colon ? strchr(colon + 1, ':') : NULL;
		found = id && id[1] != ':' &&
			tapc_number(id + 1, strchr(id, 0)) == uid;
		if (found)
			fwrite(line, 1, colon - line, out);
	}
	if (passwd)
		fclose(passwd);
	return found;
}

/* Words as they are in memory. */
static bool show_inet(FILE *out, u64 family, struct slots *in)
{
	char text[INET6_ADDRSTRLEN];
	struct slot slot;
	u64 words[2];
	u32 word;
	int i;

	for (i = 0; i < 2; i++) {
		tapc_next_slot(in, &slot);
		words[i] = slot.value;
	}
	word = words[0];
	if ((family != AF_INET && family != AF_INET6) ||
	    !inet_ntop(family, family == AF_INET ? (void *)&word : words, text,
		       sizeof(text)))
		return false;
	fputs(text, out);
	return true;
}

static void show_mac(FILE *out, u64 mac)
{
	unsigned int i;

	for (i = 0; i < 6; i++)
		fprintf(out, i ? ":%02X" : "%02X", (u8)(mac >> i * 8));
}

/**
 * tapc_show_bytes - write what buf() has read
 * @out: where to
 * @in: its slots; moved behind them
 * @mode: 0: printable characters as they are, others as \x0a; 'x': all as \x0a;
 *	'h': all as 0a, with blanks between them
 */
void tapc_show_bytes(FILE *out, struct slots *in, char mode)
{
	struct slot slot;
	u8 bytes[64];
	u64 len, i;

	tapc_next_slot(in, &slot);
	len = min_t(u64, slot.value, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i += sizeof(u64)) {
		tapc_next_slot(in, &slot);
		memcpy(bytes + i, &slot.value, sizeof(u64));
	}
	for (i = 0; i < len; i++) {
		if (!mode && bytes[i] >= ' ' && bytes[i] <= '~')
			fputc(bytes[i], out);
		else if (mode != 'h')
			fprintf(out, "\\x%02x", bytes[i]);
		else
			fprintf(out, i ? " %02x" : "%02x", bytes[i]);
	}
}

/**
 * tapc_show_time - write a time
 * @r: report
 * @out: where to
 * @format: strftime()'s; also %f for microseconds, and, but not in the language
 *	of 0.17, %l and %k for milliseconds and nanoseconds
 * @ns: since boot
 */
void tapc_show_time(struct report *r, FILE *out, const char *format, s64 ns)
{
	s64 date = ns + r->boot_ns;
	time_t seconds = date / 1000000000;
	unsigned int rest = date % 1000000000, n = 0;
	char f[256], text[512];
	struct tm tm;

	for (; *format && n < sizeof(f) - 12; format++) {
		f[n++] = *format;
		if (*format != '%' || !format[1])
			continue;
		f[n++] = *++format;
		if (*format == 'f')
			n += snprintf(f + n - 2, 12, "%06u", rest / 1000) - 2;
		else if (*format == 'l' && r->compat != 17)
			n += snprintf(f + n - 2, 12, "%03u", rest / 1000000) - 2;
		else if (*format == 'k' && r->compat != 17)
			n += snprintf(f + n - 2, 12, "%09u", rest) - 2;
	}
	f[n] = 0;
	if (localtime_r(&seconds, &tm) && strftime(text, sizeof(text), f, &tm))
		fputs(text, out);
}

/**
 * tapc_show_name - write the name of a number
 * @r: report
 * @out: where to
 * @part: what it is
 * @value: the number
 * @in: slots behind it, if the part has several; moved behind them
 */
void tapc_show_name(struct report *r, FILE *out, const struct part *part,
		    u64 value, struct slots *in)
{
	const char *name = NULL;
	struct slot slot;

	switch (part->show) {
	case SHOW_KSYM:
		tapc_show_address(r, out, value);
		return;
	case SHOW_USYM:
		tapc_next_slot(in, &slot);
		tapc_show_user(r, out, value, slot.value, FRAME_NAME);
		return;
	case SHOW_USERNAME:
		if (show_user(out, (u32)value))
			return;
		value = (u32)value;
		break;
	case SHOW_INET:
		if (show_inet(out, value, in))
			return;
		break;
	case SHOW_MAC:
		show_mac(out, value);
		return;
	case SHOW_STRFTIME:
		tapc_show_time(r, out, part->text, value);
		return;
	case SHOW_STRERROR:
		name = strerror(value);
		break;
	case SHOW_SIGNAL:
		name = sigabbrev_np(value);
		break;
	default:
		break;
	}
	if (name)
		fputs(name, out);
	else
		fprintf(out, part->is_signed ? "%lld" : "%llu",
			(unsigned long long)value);
}
