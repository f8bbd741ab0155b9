// SPDX-License-Identifier: GPL-2.0
/*
 * tap: formats of printf.
 *
 *	in:	"%s: %5d at %pS"
 *	out:	conversions STR, INT, SYM; "%s: %5lld at %pS\n" for the trace
 *
 * All integers are of 64 bits, whatever length is written. What a conversion of
 * the kernel's printk() could read behind a pointer is not taken.
 */
#include "tap.h"

/* Widths and precisions beyond this are a mistake. */
#define TAP_MAX_WIDTH	1000

struct tap_format_parse {
	const char		*p;	/* what comes next */
	char			*out;	/* where the text goes on */
	struct tap_format	*format;
};

/* What stands between '%' and the letter. */
struct tap_conv {
	const char	*flags;
	unsigned int	nr_flags;
	unsigned int	width;		/* 0 if there is none */
	int		precision;	/* -1 if there is none */
};

static bool tap_conv_digits(struct tap_format_parse *f, unsigned int *value)
{
	for (*value = 0; *f->p >= '0' && *f->p <= '9'; f->p++) {
		*value = *value * 10 + *f->p - '0';
		if (*value > TAP_MAX_WIDTH)
			return false;
	}
	return true;
}

/* Flags, width, precision and length. */
static bool tap_conv_parse(struct tap_format_parse *f, struct tap_conv *c)
{
	unsigned int precision;

	c->flags = f->p;
	while (*f->p && strchr("-+ #0", *f->p))
		f->p++;
	c->nr_flags = f->p - c->flags;
	if (c->nr_flags > 5 || !tap_conv_digits(f, &c->width))
		return false;
	c->precision = -1;
	if (*f->p == '.') {
		f->p++;
		if (!tap_conv_digits(f, &precision))
			return false;
		c->precision = precision;
	}
	while (*f->p && strchr("hlzjtqL", *f->p))
		f->p++;
	return true;
}

static void tap_conv_copy(struct tap_format_parse *f, const struct tap_conv *c,
			  const char *end)
{
	*f->out++ = '%';
	memcpy(f->out, c->flags, c->nr_flags);
	f->out += c->nr_flags;
	if (c->width)
		f->out += sprintf(f->out, "%u", c->width);
	if (c->precision >= 0)
		f->out += sprintf(f->out, ".%d", c->precision);
	f->out += sprintf(f->out, "%s", end);
}

/* p, pS, ps, pB; f->p is behind the p */
static bool tap_conv_pointer(struct tap_format_parse *f, struct tap_conv *c)
{
	char sym[] = "p?";

	c->precision = -1;
	if (*f->p == 'S' || *f->p == 's' || *f->p == 'B') {
		sym[1] = *f->p++;
		tap_conv_copy(f, c, sym);
		/* printk() would take them for more of the conversion */
		return !isalnum(*f->p);
	}
	if (c->width)
		f->out += sprintf(f->out, "%%#%s%ullx",
				  memchr(c->flags, '-', c->nr_flags) ? "-" : "",
				  c->width);
	else
		f->out += sprintf(f->out, "0x%%llx");
	return true;
}

/* One conversion; f->p is behind the '%'. */
static bool tap_format_conv(struct tap_format_parse *f)
{
	enum tap_conv_kind kind = TAP_CONV_INT;
	unsigned int nr = f->format->nr;
	char end[] = "ll?";
	struct tap_conv c;

	if (nr == TAP_MAX_ARGS || !tap_conv_parse(f, &c))
		return false;
	switch (*f->p++) {
	case 'i':
		tap_conv_copy(f, &c, "lld");
		break;
	case 'd':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		end[2] = f->p[-1];
		tap_conv_copy(f, &c, end);
		break;
	case 'c':
		c.precision = -1;
		tap_conv_copy(f, &c, "c");
		break;
	case 's':
		kind = TAP_CONV_STR;
		if (!c.precision)	/* would say that there is none */
			return false;
		if (c.precision > 0)
			f->format->precision[nr] = c.precision;
		tap_conv_copy(f, &c, "s");
		break;
	case 'p':
		kind = TAP_CONV_SYM;
		if (!tap_conv_pointer(f, &c))
			return false;
		break;
	default:
		return false;
	}
	f->format->conv[f->format->nr++] = kind;
	return true;
}

/**
 * trace_tap_format_parse - read a format
 * @arena: for the format
 * @text: the format, its escapes already replaced
 * @bad: out: where in @text the conversion is that is none or not possible, if
 *	NULL is returned and @arena->failed is not set
 *
 * May sleep.
 *
 * Return: the format, or NULL.
 */
struct tap_format *trace_tap_format_parse(struct tap_arena *arena,
					  const char *text, unsigned int *bad)
{
	struct tap_format_parse f = { .p = text };
	const char *start;
	char *out;

	*bad = 0;
	f.format = trace_tap_alloc(arena, sizeof(*f.format));
	/* "%p" becomes "0x%llx"; all others grow less */
	out = trace_tap_alloc(arena, 3 * strlen(text) + 2);
	if (!f.format || !out)
		return NULL;
	f.out = out;
	while (*f.p) {
		start = f.p;
		*f.out++ = *f.p++;
		if (*start != '%')
			continue;
		if (*f.p == '%') {
			*f.out++ = *f.p++;
			continue;
		}
		f.out--;
		if (!tap_format_conv(&f)) {
			*bad = start - text;
			return NULL;
		}
	}
	if (f.out == out || f.out[-1] != '\n')
		*f.out++ = '\n';
	f.format->text = out;
	return f.format;
}
