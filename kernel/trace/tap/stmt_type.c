// SPDX-License-Identifier: GPL-2.0
/*
 * What the names in statements mean, and whether their parts fit.
 *
 *	in:	@us[syscall_name(id)] = hist(delta); printf("%s", ksym(ip))
 *	out:	@us has the shape @us[u64.syscall] = hist; the format is "%pS"
 *
 * What an assignment says about its table has to be known before the table is
 * read, wherever in the text either stands. So assignments are typed first, those
 * before others whose values they read; where they go round in circles, what is
 * read is a plain integer.
 */
#include "stmt.h"
#include "type.h"

static int fail(struct typer *t, enum tap_error_code code,
		const struct tap_node *node)
{
	return trace_tap_type_fail(t, code, node);
}

static int fail_at(struct typer *t, enum tap_error_code code, unsigned int pos)
{
	return trace_tap_error(t->e, -EINVAL, code, pos);
}

/* ------------------------------------------------------------- assignments */

static unsigned int count(const struct tap_node *node)
{
	unsigned int nr = 0;

	for (; node; node = node->next)
		nr++;
	return nr;
}

static int constant(struct typer *t, struct tap_node *node, s64 *value)
{
	int ret = trace_tap_type_number(t, node);

	if (ret)
		return ret;
	if (node->kind != TAP_N_CONST)
		return fail(t, TAP_ERR_BAD_HIST, node);
	*value = node->value;
	return 0;
}

/* hist(e, bits), lhist(e, min, max, step): what follows the value */
static int bounds(struct typer *t, struct tap_node *arg,
		  struct tap_value *value)
{
	s64 bits = 0;
	int ret;

	if (value->kind == TAP_VALUE_HIST) {
		if (!arg->next)
			return 0;
		arg = arg->next;
		ret = constant(t, arg, &bits);
		if (!ret && (bits < 0 || bits > TAP_MAX_BITS))
			ret = fail(t, TAP_ERR_BAD_HIST, arg);
		value->bits = bits;
		return ret;
	}
	arg = arg->next;
	ret = constant(t, arg, &value->min);
	ret = ret ?: constant(t, arg->next, &value->max);
	ret = ret ?: constant(t, arg->next->next, &value->step);
	if (!ret && !trace_tap_lhist_buckets(value))
		ret = fail(t, TAP_ERR_BAD_HIST, arg);
	return ret;
}

/* count(), sum(e), ... */
static int aggregation(struct typer *t, struct tap_node *node,
		       struct tap_value *value)
{
	unsigned int nr = count(node->a), min = 1, max = 1;
	int ret;

	value->kind = node->op;
	value->is_signed = true;
	if (value->kind == TAP_VALUE_COUNT) {
		min = 0;
		max = 0;
	} else if (value->kind == TAP_VALUE_HIST) {
		max = 2;
	} else if (value->kind == TAP_VALUE_LHIST) {
		min = 4;
		max = 4;
	}
	if (nr < min || nr > max)
		return fail(t, TAP_ERR_WRONG_ARGS, node);
	if (!nr)
		return 0;
	ret = trace_tap_type_number(t, node->a);
	if (ret)
		return ret;
	value->is_signed = !node->a->is_u64;
	return value->kind >= TAP_VALUE_HIST ? bounds(t, node->a, value) : 0;
}

/*
 * @table = e. A string or stack goes from entry to entry; so the entry that it
 * comes from has to be another table's, since a table has one key only.
 */
static int plain_value(struct typer *t, struct tap_stmt *stmt,
		       struct tap_value *value)
{
	struct tap_node *node = stmt->args;
	int ret;

	ret = trace_tap_type_source(t, node, TAP_DEF_STR, &value->plain);
	if (ret)
		return ret;
	switch (value->plain.kind) {
	case TAP_PART_INT:
		value->kind = TAP_VALUE_INT;
		return 0;
	case TAP_PART_STR:
		value->kind = TAP_VALUE_STR;
		break;
	default:
		value->kind = TAP_VALUE_STACK;
		break;
	}
	if (node->kind == TAP_N_TABLE &&
	    trace_tap_mentions(node, stmt->table->text))
		return fail(t, TAP_ERR_NOT_HERE, node);
	return 0;
}

/* What the right side of an assignment says about the table. */
static int assigned_values(struct typer *t, struct tap_stmt *stmt)
{
	struct tap_value *values;
	struct tap_node *node;
	unsigned int nr = 0;
	int ret;

	values = trace_tap_alloc(t->arena, TAP_MAX_PARTS * sizeof(*values));
	if (!values)
		return -ENOMEM;
	if (stmt->kind == TAP_S_PUT) {
		ret = plain_value(t, stmt, values);
		return ret ?: trace_tap_type_assign(t, stmt->table, values, 1);
	}
	if (stmt->kind == TAP_S_INC) {
		ret = trace_tap_type_number(t, stmt->args);
		values[0].plain.is_signed = !stmt->args->is_u64;
		return ret ?: trace_tap_type_assign(t, stmt->table, values, 1);
	}
	for (node = stmt->args; node; node = node->next) {
		ret = aggregation(t, node, &values[nr++]);
		if (ret)
			return ret;
	}
	return trace_tap_type_assign(t, stmt->table, values, nr);
}

static bool assigns(const struct tap_stmt *stmt)
{
	return stmt->kind == TAP_S_AGG || stmt->kind == TAP_S_PUT ||
	       stmt->kind == TAP_S_INC;
}

/* Does the expression read what is yet to be typed? */
static bool must_wait(struct typer *t, const struct tap_node *node)
{
	for (; node; node = node->next) {
		if (node->kind == TAP_N_TABLE && trace_tap_type_is_open(t, node))
			return true;
		if (must_wait(t, node->a) || must_wait(t, node->b))
			return true;
	}
	return false;
}

/*
 * An assignment. The key comes first if it can, for errors that show both; the
 * rest of them is typed when all assignments have been.
 */
static int assignment(struct typer *t, struct tap_stmt *stmt)
{
	int ret = 0;

	stmt->is_typed = true;
	if (!must_wait(t, stmt->table->a))
		ret = trace_tap_type_entry(t, stmt->table, NULL);
	return ret ?: assigned_values(t, stmt);
}

/* Which tables are written. */
static int declare(struct typer *t, const struct tap_stmt *stmt)
{
	struct typer_table *table;
	int ret = 0;

	for (; stmt && !ret; stmt = stmt->next) {
		if (stmt->kind == TAP_S_IF) {
			ret = declare(t, stmt->body);
		} else if (assigns(stmt)) {
			ret = trace_tap_type_find_table(t, stmt->table, &table);
			if (!ret)
				table->is_written = true;
		}
	}
	return ret;
}

/* Type the assignments that can be; *@progress: there were some. */
static int assignments(struct typer *t, struct tap_stmt *stmt, bool *progress)
{
	int ret = 0;

	for (; stmt && !ret; stmt = stmt->next) {
		if (stmt->kind == TAP_S_IF) {
			ret = assignments(t, stmt->body, progress);
		} else if (assigns(stmt) && !stmt->is_typed &&
			   !must_wait(t, stmt->args)) {
			ret = assignment(t, stmt);
			*progress = true;
		}
	}
	return ret;
}

/* ------------------------------------------------------------------ printf */

/* The letter of conversion @nr, counted from 0; the format is sound. */
static const char *conversion(const char *s, unsigned int nr)
{
	for (; *s; s++) {
		if (*s != '%')
			continue;
		if (*++s == '%')
			continue;
		s += strspn(s, "-+ #0123456789.hlzjtqL");
		if (!nr--)
			return s;
	}
	return s;
}

/* Another conversion instead of %s: flags and width stay. */
static int set_conversion(struct typer *t, struct tap_stmt *stmt,
			  unsigned int nr, const char *conv)
{
	const char *s = conversion(stmt->text, nr);
	unsigned int head = s - stmt->text;
	size_t size = strlen(stmt->text) + strlen(conv);
	char *text = trace_tap_alloc(t->arena, size);

	if (!text)
		return -ENOMEM;
	memcpy(text, stmt->text, head);
	snprintf(text + head, size - head, "%s%s", conv, s + 1);
	stmt->text = text;
	return 0;
}

/* A number is asked for. */
static int number_arg(struct typer *t, struct tap_node *arg)
{
	int ret = trace_tap_type_number(t, arg);

	if (ret == -EINVAL && t->e->code == TAP_ERR_NOT_A_NUMBER &&
	    t->e->pos == arg->pos)
		ret = fail(t, TAP_ERR_FORMAT_ARGS, arg);
	return ret;
}

/* A string is asked for: %s. */
static int string_arg(struct typer *t, struct tap_stmt *stmt, unsigned int nr,
		      struct tap_node *arg)
{
	struct tap_part part;
	int ret;

	ret = trace_tap_type_source(t, arg, TAP_MAX_STR, &part);
	if (ret || part.kind != TAP_PART_INT)
		return ret;
	switch (part.form) {
	case TAP_FORM_KSYM:
		return set_conversion(t, stmt, nr, "pS");
	case TAP_FORM_HEX:
		return set_conversion(t, stmt, nr, "#llx");
	case TAP_FORM_NONE:
		return fail(t, TAP_ERR_FORMAT_ARGS, arg);
	default:
		return 0;
	}
}

/* Where in the action the byte @bad of the format stands. */
static unsigned int format_pos(const struct tap_stmt *stmt, const char *text,
			       unsigned int bad)
{
	const char *s = text + stmt->text_pos + 1;

	for (; bad--; s++) {
		if (*s == '\\' && s[1] && strchr("nt\\\"'", s[1]))
			s++;
	}
	return s - text;
}

/* A format that the text does not have in this form. */
static int parse_format(struct typer *t, struct tap_stmt *stmt)
{
	unsigned int bad;

	stmt->format = trace_tap_format_parse(t->arena, stmt->text, &bad);
	if (stmt->format)
		return 0;
	return t->arena->failed ? -ENOMEM :
	       fail_at(t, TAP_ERR_BAD_FORMAT, stmt->text_pos);
}

static int printf_args(struct typer *t, struct tap_stmt *stmt, const char *text)
{
	const char *written = stmt->text;
	struct tap_format *format;
	unsigned int nr = 0, bad;
	struct tap_node *arg;
	int ret;

	format = trace_tap_format_parse(t->arena, stmt->text, &bad);
	if (!format)
		return t->arena->failed ? -ENOMEM :
		       fail_at(t, TAP_ERR_BAD_FORMAT,
			       format_pos(stmt, text, bad));
	for (arg = stmt->args; arg; arg = arg->next) {
		if (nr == format->nr)
			return fail(t, TAP_ERR_FORMAT_ARGS, arg);
		ret = format->conv[nr] == TAP_CONV_STR ?
		      string_arg(t, stmt, nr, arg) : number_arg(t, arg);
		if (ret)
			return ret;
		nr++;
	}
	if (nr < format->nr)
		return fail_at(t, TAP_ERR_FORMAT_ARGS, stmt->text_pos);
	stmt->format = format;
	return stmt->text == written ? 0 : parse_format(t, stmt);
}

/* print(e): the format follows from the value. */
static int print_arg(struct typer *t, struct tap_stmt *stmt)
{
	struct tap_node *arg = stmt->args;
	struct tap_part part;
	int ret;

	ret = trace_tap_type_source(t, arg, TAP_MAX_STR, &part);
	if (ret)
		return ret;
	stmt->text = "%s\n";
	if (part.kind != TAP_PART_INT)
		return parse_format(t, stmt);
	if (part.form == TAP_FORM_NONE)
		stmt->text = arg->is_u64 ? "%llu\n" : "%lld\n";
	else if (part.form == TAP_FORM_HEX)
		stmt->text = "0x%llx\n";
	else if (part.form == TAP_FORM_KSYM)
		stmt->text = "%pS\n";
	return parse_format(t, stmt);
}

/* -------------------------------------------------------- other statements */

/* A string, or a number that has a name when it is printed. */
static bool is_text(const struct tap_part *part)
{
	return part->kind == TAP_PART_STR || part->form == TAP_FORM_PROBE ||
	       part->form == TAP_FORM_SYSCALL || part->form == TAP_FORM_ENUM;
}

/* NAME(values): a synthetic event and its fields */
static int synth(struct typer *t, struct tap_stmt *stmt)
{
	const struct tap_scope *scope = t->scope;
	const char *types = scope->synth ?
			    scope->synth(scope->event, stmt->text) : NULL;
	struct tap_node *arg;
	struct tap_part part;
	int ret;

	if (!types)
		return fail_at(t, TAP_ERR_UNKNOWN_FUNCTION, stmt->text_pos);
	if (strlen(types) > TAP_MAX_ARGS)
		return fail_at(t, TAP_ERR_NOT_HERE, stmt->text_pos);
	for (arg = stmt->args; arg; arg = arg->next, types++) {
		if (!*types)
			return fail(t, TAP_ERR_WRONG_ARGS, arg);
		if (*types == 'i')
			ret = trace_tap_type_number(t, arg);
		else
			ret = trace_tap_type_source(t, arg, TAP_MAX_STR, &part);
		if (ret)
			return ret;
		if (*types != 'i' && !is_text(&part))
			return fail(t, TAP_ERR_NOT_A_STRING, arg);
	}
	return *types ? fail_at(t, TAP_ERR_WRONG_ARGS, stmt->text_pos) : 0;
}

static int statements(struct typer *t, struct tap_stmt *stmt, const char *text);

static int statement(struct typer *t, struct tap_stmt *stmt, const char *text)
{
	struct typer_table *table;
	int ret = 0;

	switch (stmt->kind) {
	case TAP_S_IF:
		ret = trace_tap_type_condition(t, stmt->cond);
		return ret ?: statements(t, stmt->body, text);
	case TAP_S_AGG:
	case TAP_S_PUT:
	case TAP_S_INC:
		if (!stmt->is_typed)
			ret = assignment(t, stmt);
		if (!ret && !stmt->table->operand)
			ret = trace_tap_type_entry(t, stmt->table, NULL);
		return ret;
	case TAP_S_DELETE:
		return trace_tap_type_entry(t, stmt->table, NULL);
	case TAP_S_CLEAR:
	case TAP_S_ZERO:
		ret = trace_tap_type_find_table(t, stmt->table, &table);
		if (!ret)
			stmt->table->operand = table->operand;
		return ret;
	case TAP_S_PRINTF:
		return stmt->text ? printf_args(t, stmt, text) :
				    print_arg(t, stmt);
	case TAP_S_SYNTH:
		return synth(t, stmt);
	case TAP_S_EFFECT:
		return 0;
	}
	WARN_ON_ONCE(1);
	return fail_at(t, TAP_ERR_INTERNAL, stmt->pos);
}

static int statements(struct typer *t, struct tap_stmt *stmt, const char *text)
{
	int ret = 0;

	for (; stmt && !ret; stmt = stmt->next)
		ret = statement(t, stmt, text);
	return ret;
}

/**
 * trace_tap_stmt_type - give names a meaning and check that all fits
 * @stmts: the statements, changed in place
 * @text: the action
 * @scope: the event
 * @e: out: the error, at what is at fault
 *
 * Context: may sleep. Returns 0, or a negative errno; if @stmts->arena failed,
 * without @e set.
 */
int trace_tap_stmt_type(struct tap_stmts *stmts, const char *text,
			const struct tap_scope *scope, struct tap_error *e)
{
	struct typer t = {
		.arena = &stmts->arena, .scope = scope, .is_action = true,
		.e = e,
	};
	bool progress;
	int ret;

	ret = declare(&t, stmts->list);
	do {
		progress = false;
		ret = ret ?: assignments(&t, stmts->list, &progress);
	} while (!ret && progress);
	if (!ret && stmts->guard)
		ret = trace_tap_type_condition(&t, stmts->guard);
	ret = ret ?: statements(&t, stmts->list, text);
	return ret ?: trace_tap_type_tables(&t);
}
