// SPDX-License-Identifier: GPL-2.0
/*
 * The tree as text, for people and for tests.
 *
 *	in:	PROBE (ATTACH kprobe vfs_read), c: ASSIGN = (MAP "", CALL count)
 *	out:	kprobe name=vfs_read {
 *			@ = count()
 *		}
 *
 * What is written of a node its template says, see NODES() in ast.h. Every
 * operator has its parentheses, so the text shows how the tree is nested.
 */
#include "tapc.h"

/* One behind the other, in the order of enum node_kind. */
static const char templates[] =
#define X(kind, template) template "\0"
	NODES(X)
#undef X
	"";

static void write_node(FILE *out, const struct node *node, int indent);

static void write_indent(FILE *out, int indent)
{
	while (indent-- > 0)
		fputc('\t', out);
}

/**
 * tapc_write_string - write a string so that the lexer reads the same one
 * @out: where to
 * @s: the string
 * @len: its bytes
 */
void tapc_write_string(FILE *out, const char *s, size_t len)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			fprintf(out, "\\%c", s[i]);
		else if (s[i] == '\n')
			fputs("\\n", out);
		else if (s[i] == '\t')
			fputs("\\t", out);
		else if ((u8)s[i] < ' ' || s[i] == 0x7f)
			fprintf(out, "\\%03o", s[i]);
		else
			fputc(s[i], out);
	}
	fputc('"', out);
}

/**
 * tapc_write_type - write a type, from left to right
 * @out: where to
 * @type: the type: "char *[4]" is an array of pointers, "char[4] *" a pointer to
 *	an array
 */
void tapc_write_type(FILE *out, const struct type *type)
{
	switch (type->kind) {
	case T_PTR:
		tapc_write_type(out, type->to);
		fputs(type->to->kind == T_PTR ? "*" : " *", out);
		return;
	case T_ARRAY:
		tapc_write_type(out, type->to);
		if (type->length) {
			fputc('[', out);
			write_node(out, type->length, 0);
			fputc(']', out);
		} else if (type->count) {
			fprintf(out, "[%u]", type->count);
		} else {
			fputs("[]", out);
		}
		return;
	case T_FUNC:
		tapc_write_type(out, type->to);
		fputs("()", out);
		return;
	case T_STRUCT:
	case T_UNION:
	case T_ENUM:
		fprintf(out, "%s%s%s",
			type->kind == T_STRUCT ? "struct" :
			type->kind == T_UNION ? "union" : "enum",
			*type->name ? " " : "", type->name);
		return;
	default:
		fputs(*type->name ? type->name : "void", out);
	}
}

/* A member's type may be defined within it. */
static void write_definition(FILE *out, const struct type *type, int indent)
{
	const struct member *m;

	if (type->kind == T_NAMED && type->to) {
		fprintf(out, "typedef %s = ", type->name);
		type = type->to;
	}
	tapc_write_type(out, type);
	if (!type->is_defined)
		return;
	fputs(" {\n", out);
	for (m = type->members; m; m = m->next) {
		write_indent(out, indent + 1);
		if (!m->type) {
			fprintf(out, "%s = %lld\n", m->name,
				(long long)m->value);
			continue;
		}
		if (m->type->is_defined && !*m->type->name)
			write_definition(out, m->type, indent + 1);
		else
			tapc_write_type(out, m->type);
		fprintf(out, "%s%s", *m->name ? " " : "", m->name);
		if (m->is_bitfield)
			fprintf(out, " : %u", m->bits);
		fputc('\n', out);
	}
	write_indent(out, indent);
	fputc('}', out);
}

static void write_attach(FILE *out, const struct attach *a)
{
	fputs(tapc_provider_name(a->provider), out);
	if (a->scope)
		fprintf(out, " scope=%s", a->scope);
	if (a->sub)
		fprintf(out, " sub=%s", a->sub);
	if (*a->name)
		fprintf(out, " name=%s", a->name);
	if (a->value || a->is_address)
		fprintf(out, a->is_address ? " address=0x%llx" : " value=%llu",
			(unsigned long long)a->value);
	if (a->is_rate)
		fputs("hz", out);
	if (a->offset)
		fprintf(out, " offset=%llu", (unsigned long long)a->offset);
	if (a->has_wildcard)
		fputs(" wildcard", out);
}

/* A list of nodes, in a line or in lines of their own. */
static void write_list(FILE *out, const struct node *list)
{
	for (; list; list = list->next) {
		write_node(out, list, 0);
		if (list->next)
			fputs(", ", out);
	}
}

static void write_block(FILE *out, const struct node *list, int indent)
{
	fputs("{\n", out);
	for (; list; list = list->next) {
		write_indent(out, indent + 1);
		write_node(out, list, indent + 1);
		fputc('\n', out);
	}
	write_indent(out, indent);
	fputc('}', out);
}

static const struct node *child(const struct node *node, char letter)
{
	letter = tolower(letter);
	return letter == 'a' ? node->a : letter == 'b' ? node->b : node->c;
}

/* What a '%' stands for. */
static void write_field(FILE *out, const struct node *node, char letter,
			int indent)
{
	u32 op;

	switch (letter) {
	case 'n':
		fputs(node->text, out);
		return;
	case 's':
		tapc_write_string(out, node->text, node->len);
		return;
	case 'v':
		fprintf(out, "%llu", (unsigned long long)node->value);
		return;
	case 'o':
		for (op = node->op; op; op >>= 8)
			fputc(op & 0xff, out);
		return;
	case 'p':
		write_attach(out, node->attach);
		return;
	case 't':
		if (node->ctype)
			tapc_write_type(out, node->ctype);
		return;
	case 'T':
		write_definition(out, node->ctype, indent);
		return;
	case 'a':
	case 'b':
	case 'c':
		if (child(node, letter))
			write_node(out, child(node, letter), indent);
		return;
	default:
		write_list(out, child(node, letter));
	}
}

static void write_node(FILE *out, const struct node *node, int indent)
{
	const char *t = tapc_nth(templates, node->kind);

	for (; *t; t++) {
		if (*t == '%') {
			write_field(out, node, *++t, indent);
		} else if (*t == '{') {
			write_block(out, child(node, *++t), indent);
			t++;
		} else if (*t == '<' && t[1] >= 'a') {
			/* Past text about what there is not. */
			if (*++t == 't' ? !node->ctype : !child(node, *t))
				t = strchr(t, '>');
		} else if (*t != '>') {
			fputc(*t, out);
		}
	}
}

/**
 * tapc_write_tree - show a tree
 * @out: where to
 * @list: a list of nodes, as tapc_parse() returns it
 */
void tapc_write_tree(FILE *out, const struct node *list)
{
	for (; list; list = list->next) {
		write_node(out, list, 0);
		fputc('\n', out);
	}
}
