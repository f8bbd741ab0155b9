// SPDX-License-Identifier: GPL-2.0
/*
 * Tokens to types: C declarations in a script's head, and types in its casts.
 *
 *	in:	struct path { struct dentry *dentry; u32 flags : 3; };
 *	out:	type STRUCT "path", members
 *		  dentry: PTR to STRUCT "dentry", not defined
 *		  flags: INT u32 of 4 bytes, 3 bits
 *
 *	declaration: "typedef" base [ declarator { "," declarator } ] ";"
 *		     | base [ ";" ]
 *	base:	     { qualifier | word | struct | enum | NAME }
 *	struct:	     ( "struct" | "union" ) [ NAME ] [ "{" { members } "}" ]
 *	members:     base [ member { "," member } ] ";"
 *	member:	     declarator [ ":" constant ] | ":" constant
 *	enum:	     "enum" [ NAME ] [ "{" value { "," value } [ "," ] "}" ]
 *	value:	     NAME [ "=" constant ]
 *	declarator:  { "*" | qualifier } [ NAME | "(" declarator ")" ]
 *		     { "[" [ constant ] "]" | "(" anything ")" }
 *
 * Sizes of structs and places of members are a later stage's, which knows the
 * types that the script only names. The parameters of functions are skipped: a
 * script cannot call them.
 */
#include "parse.h"

/* Types of one word, but for those that say their size: int8, u32, uint64_t. */
static const char word_names[] =
	"size_t\0ssize_t\0uintptr_t\0intptr_t\0bool\0_Bool\0void\0float\0string\0";

/* Of 0 bytes: as large as a pointer. */
static const struct word_type {
	u8	kind;
	u8	size;
	bool	is_signed;
} word_types[] = {
	{ T_INT, 0, false }, { T_INT, 0, true },
	{ T_INT, 0, false }, { T_INT, 0, true },
	{ T_BOOL, 1, false }, { T_BOOL, 1, false },
	{ T_VOID, 0, false }, { T_FLOAT, 4, true }, { T_STRING, 0, false },
};

/* The words that C makes integers of, and double; a bit of struct base each. */
enum {
	W_SIGNED, W_UNSIGNED, W_CHAR, W_SHORT, W_INT, W_LONG, W_DOUBLE,
	W_LONG_LONG,
};

static const char words[] =
	"signed\0unsigned\0char\0short\0int\0long\0double\0";

static const char qualifiers[] =
	"const\0volatile\0restrict\0static\0extern\0inline\0__user\0__kernel\0"
	"__rcu\0__percpu\0__iomem\0__packed\0__aligned\0__attribute__\0_Alignas\0";

/* In the order of enum type_kind. */
static const char tag_words[] = "struct\0union\0enum\0";

/* What a declarator adds to its base, outermost last. */
struct step {
	u8		kind;	/* T_PTR, T_ARRAY, T_FUNC */
	u32		count;
	struct node	*length;
	struct loc	pos;
};

struct declarator {
	const char	*name;
	struct loc	pos;
	struct step	steps[16];
	unsigned int	nr;
};

static struct type *base(struct parser *p);
static void declarator(struct parser *p, struct declarator *d);

/**
 * tapc_find_type - the type that has this name
 * @tc: the run
 * @kind: T_STRUCT, T_UNION, T_ENUM or T_NAMED: each has names of its own
 * @name: the name
 *
 * Return: the type, or NULL.
 */
struct type *tapc_find_type(struct tapc *tc, enum type_kind kind,
			    const char *name)
{
	struct type *t;

	for (t = tc->types; t; t = t->next) {
		if (t->kind == kind && !strcmp(t->name, name))
			return t;
	}
	return NULL;
}

/**
 * tapc_new_type - make a type
 * @tc: the run
 * @kind: of the type
 * @pos: where it is written
 *
 * Return: the type, which has no name, and is in no list.
 */
struct type *tapc_new_type(struct tapc *tc, enum type_kind kind,
			   struct loc pos)
{
	struct type *t = tapc_alloc(tc, sizeof(*t));

	t->kind = kind;
	t->name = "";
	t->pos = pos;
	return t;
}

/**
 * tapc_named_type - the type of this name, made if need be
 * @tc: the run
 * @kind: see tapc_find_type()
 * @name: the name, which lives as long as the run
 * @pos: where it is written
 *
 * Return: the type, the same one whenever it is asked for.
 */
struct type *tapc_named_type(struct tapc *tc, enum type_kind kind,
			     const char *name, struct loc pos)
{
	struct type *t = tapc_find_type(tc, kind, name);

	if (t)
		return t;
	t = tapc_new_type(tc, kind, pos);
	t->name = name;
	t->next = tc->types;
	tc->types = t;
	return t;
}

/**
 * tapc_int_type - make an integer type
 * @tc: the run
 * @size: 1, 2, 4 or 8; of another size it is one of 8 bytes
 * @is_signed: what it says
 * @pos: where it is written
 *
 * Return: the type; its name says size and sign.
 */
struct type *tapc_int_type(struct tapc *tc, u32 size, bool is_signed,
			   struct loc pos)
{
	static const char names[2][4][8] = {
		{ "uint8", "uint16", "uint32", "uint64" },
		{ "int8", "int16", "int32", "int64" },
	};
	struct type *t = tapc_new_type(tc, T_INT, pos);

	t->size = size == 1 || size == 2 || size == 4 ? size : 8;
	t->is_signed = is_signed;
	t->name = names[is_signed][fls64(t->size) - 1];
	return t;
}

/* [ "__" ] ( "u" | "s" ) BITS | [ "u" ] "int" BITS [ "_t" ]; 0 bytes if not */
static struct word_type sized_type(const char *name)
{
	struct word_type w = { .kind = T_INT };
	const char *p = name, *end = "";
	bool is_short;
	char *bits;
	u32 n;

	if (!strncmp(p, "__", 2))
		p += 2;
	w.is_signed = *p != 'u';
	is_short = (*p == 'u' || *p == 's') && isdigit(p[1]);
	p += is_short || *p == 'u';
	if (!is_short) {
		if (strncmp(p, "int", 3))
			return w;
		p += 3;
		end = "_t";
	}
	n = strtoull(p, &bits, 10);
	if (!strcmp(bits, end) || !*bits)
		w.size = n == 8 || n == 16 || n == 32 || n == 64 ? n / 8 : 0;
	return w;
}

/* The type of one word that this is; false if it is none. */
static bool find_word_type(const char *name, struct word_type *w)
{
	int i = tapc_index(word_names, name);

	*w = i < 0 ? sized_type(name) : word_types[i];
	return i >= 0 || w->size;
}

static bool is_qualifier(const struct token *tok)
{
	return tapc_word_index(tok, qualifiers) >= 0;
}

static bool is_tag_word(const struct token *tok)
{
	return tapc_word_index(tok, tag_words) >= 0;
}

static u64 constant(struct parser *p);

/* "(" anything ")" */
static void skip_parens(struct parser *p)
{
	unsigned int depth = 0;

	do {
		depth += tapc_is_op(p->tok, '(');
		depth -= tapc_is_op(p->tok, ')');
		if (p->tok->kind == TOK_END)
			parse_expect(p, ')');
		parse_next(p);
	} while (depth);
}

/* A word of an attribute: x, __x or __x__. */
static bool is_word_of(const struct token *tok, const char *word)
{
	const char *text = tok->text;
	size_t len = strlen(word);

	if (tok->kind != TOK_NAME)
		return false;
	if (!strncmp(text, "__", 2))
		text += 2;
	return !strncmp(text, word, len) &&
	       (!text[len] || !strcmp(text + len, "__"));
}

/* "packed", "aligned" [ "(" constant ")" ], also as "__packed", "__packed__" */
static bool attribute(struct parser *p)
{
	struct loc pos = p->tok->pos;
	u64 align = 16;

	if (is_word_of(p->tok, "packed")) {
		p->is_packed = true;
		parse_next(p);
		return true;
	}
	if (!is_word_of(p->tok, "aligned") &&
	    !tapc_is_word(p->tok, "_Alignas"))
		return false;
	parse_next(p);
	if (parse_accept(p, '(')) {
		align = constant(p);
		parse_expect(p, ')');
	}
	if (!is_power_of_2(align) || align > MAX_ALIGN)
		tapc_fail(p->tc, pos, ERR_ALIGN, MAX_ALIGN);
	p->align = max_t(u32, p->align, align);
	return true;
}

/* qualifier, with what an attribute has behind it */
static bool qualifier(struct parser *p)
{
	if (!is_qualifier(p->tok))
		return false;
	if (attribute(p))
		return true;
	if (!tapc_is_word(parse_next(p), "__attribute__")) {
		if (tapc_is_op(p->tok, '('))
			skip_parens(p);
		return true;
	}
	parse_expect(p, '(');
	parse_expect(p, '(');
	while (!parse_accept(p, ')')) {
		if (!attribute(p) && !tapc_is_op(parse_next(p), ',') &&
		    tapc_is_op(p->tok, '('))
			skip_parens(p);
		if (p->tok->kind == TOK_END)
			parse_expect(p, ')');
	}
	parse_expect(p, ')');
	return true;
}

/* A number that is constant here and now. */
static u64 constant(struct parser *p)
{
	struct loc pos = p->tok->pos;
	struct node *node = parse_expr(p);
	u64 value;

	if (tapc_fold(p->tc, node, &value))
		return value;
	if (node->kind == N_NAME)
		tapc_fail(p->tc, pos, ERR_CONSTANT, node->text);
	tapc_fail(p->tc, pos, ERR_NOT_CONSTANT);
}

/* value: NAME [ "=" constant ] */
static struct member *enum_value(struct parser *p, s64 value)
{
	struct member *m = tapc_alloc(p->tc, sizeof(*m));

	m->name = parse_name(p);
	m->value = parse_accept(p, '=') ? (s64)constant(p) : value;
	return m;
}

/* "{" value { "," value } [ "," ] "}" */
static void enum_body(struct parser *p, struct type *t)
{
	struct member **tail = &t->members;
	s64 value = 0;

	parse_expect(p, '{');
	do {
		*tail = enum_value(p, value);
		value = (u64)(*tail)->value + 1;
		tail = &(*tail)->next;
	} while (parse_accept(p, ',') && !tapc_is_op(p->tok, '}'));
	parse_expect(p, '}');
	t->size = 4;
}

/* member: declarator [ ":" constant ] | ":" constant */
static struct member *member(struct parser *p, struct type *type)
{
	struct member *m = tapc_alloc(p->tc, sizeof(*m));
	struct declarator d = { .name = "", .pos = p->tok->pos };
	unsigned int i;
	struct type *t;
	u64 bits;

	declarator(p, &d);
	for (i = d.nr; i-- > 0; type = t) {
		t = tapc_new_type(p->tc, d.steps[i].kind, d.steps[i].pos);
		t->to = type;
		t->count = d.steps[i].count;
		t->length = d.steps[i].length;
		if (t->kind == T_PTR)
			t->size = p->tc->long_size;
	}
	m->name = d.name;
	m->type = type;
	if (!parse_accept(p, ':'))
		return m;
	d.pos = p->tok->pos;
	bits = constant(p);
	if (bits > 64)
		tapc_fail(p->tc, d.pos, ERR_BITS);
	m->is_bitfield = true;
	m->bits = bits;
	return m;
}

/* "{" { base [ member { "," member } ] ";" } "}" */
static void struct_body(struct parser *p, struct type *t)
{
	struct member **tail = &t->members;
	struct type *of;

	parse_expect(p, '{');
	while (!parse_accept(p, '}')) {
		p->is_packed = false;
		p->align = 0;
		of = base(p);
		do {
			struct loc pos = p->tok->pos;

			*tail = member(p, of);
			/* Only structs, unions and padding have no name. */
			if (!*(*tail)->name && !(*tail)->is_bitfield &&
			    (of != (*tail)->type || of->kind < T_STRUCT ||
			     of->kind > T_ENUM))
				tapc_fail(p->tc, pos, ERR_MEMBER);
			while (qualifier(p))
				;
			/* Those of the base are every declarator's. */
			(*tail)->is_packed = p->is_packed;
			(*tail)->align = p->align;
			tail = &(*tail)->next;
		} while (parse_accept(p, ','));
		parse_expect(p, ';');
	}
}

/* struct, enum: WORD [ NAME ] [ body ] */
static struct type *tagged(struct parser *p)
{
	struct token *word = parse_next(p), *tag = NULL;
	enum type_kind kind = T_STRUCT + tapc_word_index(word, tag_words);
	bool outer_packed = p->is_packed;
	u32 outer_align = p->align;
	struct type *t;

	p->is_packed = false;
	p->align = 0;
	while (qualifier(p))
		;
	if (p->tok->kind == TOK_NAME)
		tag = parse_next(p);
	else if (!tapc_is_op(p->tok, '{'))
		tapc_fail(p->tc, p->tok->pos, ERR_TAG, word->text);
	if (tag) {
		t = tapc_named_type(p->tc, kind, tag->text, tag->pos);
	} else {
		t = tapc_new_type(p->tc, kind, word->pos);
		/* Its constants are looked for in the list. */
		if (kind == T_ENUM) {
			t->next = p->tc->types;
			p->tc->types = t;
		}
	}
	if (!tapc_is_op(p->tok, '{')) {
		p->is_packed = outer_packed;
		p->align = outer_align;
		return t;
	}
	if (t->is_defined)
		tapc_fail(p->tc, tag->pos, ERR_DEFINED, word->text, tag->text,
			  t->pos.line);
	t->is_defined = true;
	t->pos = tag ? tag->pos : word->pos;
	t->is_packed = p->is_packed;
	t->align = p->align;
	if (kind == T_ENUM)
		enum_body(p, t);
	else
		struct_body(p, t);
	p->is_packed = false;
	p->align = 0;
	while (qualifier(p))
		;
	t->is_packed |= p->is_packed;
	t->align = max(t->align, p->align);
	p->is_packed = outer_packed;
	p->align = outer_align;
	return t;
}

/* Which integer words make; 0 bytes if none. */
static u32 words_size(unsigned int have, unsigned int long_size)
{
	unsigned int sign = BIT(W_SIGNED) | BIT(W_UNSIGNED);
	unsigned int size = have & ~sign;

	if ((have & sign) == sign)
		return 0;
	if (have == BIT(W_DOUBLE) || have == (BIT(W_DOUBLE) | BIT(W_LONG)))
		return have & BIT(W_LONG) ? 16 : 8;
	if (size == BIT(W_CHAR))
		return 1;
	size &= ~BIT(W_INT);
	switch (size) {
	case BIT(W_SHORT):
		return 2;
	case 0:
		return 4;
	case BIT(W_LONG):
		return long_size;
	case BIT(W_LONG) | BIT(W_LONG_LONG):
		return 8;
	}
	return 0;
}

/* What an integer of C's words is called: the name says size and sign. */
static struct type *words_type(struct parser *p, unsigned int have,
			       struct loc pos)
{
	u32 size = words_size(have, p->tc->long_size);
	struct type *t = tapc_int_type(p->tc, size, !(have & BIT(W_UNSIGNED)),
				       pos);

	if (!size)
		tapc_fail(p->tc, pos, ERR_TYPE_WORDS);
	if (have & BIT(W_DOUBLE)) {
		t->kind = T_FLOAT;
		t->size = size;
		t->name = "double";
	} else if (have == BIT(W_CHAR)) {
		/* An array of these is a string. */
		t->name = "char";
	}
	return t;
}

/* One of word_types[], or a name that the script or a later stage defines. */
static struct type *single_type(struct parser *p)
{
	struct token *tok = parse_next(p);
	struct type *t = tapc_find_type(p->tc, T_NAMED, tok->text);
	struct word_type w;

	if (t || !find_word_type(tok->text, &w))
		return tapc_named_type(p->tc, T_NAMED, tok->text, tok->pos);
	t = tapc_new_type(p->tc, w.kind, tok->pos);
	t->name = tok->text;
	t->size = w.size;
	t->is_signed = w.is_signed;
	if (t->kind == T_INT && !t->size)
		t->size = p->tc->long_size;
	return t;
}

/* base: { qualifier | word | struct | enum | NAME } */
static struct type *base(struct parser *p)
{
	struct loc pos = p->tok->pos;
	struct type *t = NULL;
	unsigned int have = 0;
	int word;

	parse_deeper(p);
	for (;;) {
		word = tapc_word_index(p->tok, words);
		if (qualifier(p))
			continue;
		if (word >= 0 && !t) {
			if (word == W_LONG && (have & BIT(W_LONG)))
				word = W_LONG_LONG;
			if (have & BIT(word))
				tapc_fail(p->tc, pos, ERR_TYPE_WORDS);
			have |= BIT(word);
			parse_next(p);
		} else if (is_tag_word(p->tok) && !t && !have) {
			t = tagged(p);
		} else if (p->tok->kind == TOK_NAME && !t && !have) {
			t = single_type(p);
		} else {
			break;
		}
	}
	p->depth--;
	if (have)
		return words_type(p, have, pos);
	if (!t)
		tapc_fail(p->tc, pos, ERR_TYPE);
	return t;
}

static struct step *add_step(struct parser *p, struct declarator *d, u8 kind,
			     struct loc pos)
{
	struct step *step = &d->steps[d->nr];

	if (d->nr++ == ARRAY_SIZE(d->steps))
		tapc_fail(p->tc, pos, ERR_DEEP);
	step->kind = kind;
	step->pos = pos;
	return step;
}

/* "[" [ constant ] "]"; names that a header would have are left for later */
static void array(struct parser *p, struct declarator *d)
{
	struct step *step = add_step(p, d, T_ARRAY, parse_next(p)->pos);
	struct loc pos = p->tok->pos;
	u64 count = 0;

	if (!tapc_is_op(p->tok, ']')) {
		step->length = parse_expr(p);
		if (tapc_fold(p->tc, step->length, &count))
			step->length = NULL;
		if (count > MAX_COUNT)
			tapc_fail(p->tc, pos, ERR_ARRAY_SIZE, MAX_COUNT);
	}
	step->count = count;
	parse_expect(p, ']');
}

/* declarator: see above; its steps from the name outwards */
static void declarator(struct parser *p, struct declarator *d)
{
	unsigned int stars = 0;
	struct loc pos = p->tok->pos;

	parse_deeper(p);
	for (;;) {
		if (parse_accept(p, '*'))
			stars++;
		else if (!qualifier(p))
			break;
	}
	if (p->tok->kind == TOK_NAME) {
		d->pos = p->tok->pos;
		d->name = parse_name(p);
	} else if (parse_accept(p, '(')) {
		declarator(p, d);
		parse_expect(p, ')');
	}
	for (;;) {
		if (tapc_is_op(p->tok, '[')) {
			array(p, d);
		} else if (tapc_is_op(p->tok, '(')) {
			add_step(p, d, T_FUNC, p->tok->pos);
			skip_parens(p);
		} else if (!qualifier(p)) {
			break;
		}
	}
	while (stars--)
		add_step(p, d, T_PTR, pos);
	p->depth--;
}

/**
 * cdecl_type_name - parse the type of a cast or of sizeof
 * @p: the parser, at its first token
 *
 * Return: the type.
 */
struct type *cdecl_type_name(struct parser *p)
{
	struct type *t = base(p);
	struct loc pos = p->tok->pos;
	struct member *m = member(p, t);

	if (*m->name || m->is_bitfield)
		tapc_fail(p->tc, pos, ERR_TYPE);
	return m->type;
}

/* Can a type begin here, and nothing else? */
bool cdecl_is_type(const struct parser *p, const struct token *tok)
{
	const struct type *t;
	struct word_type w;

	if (tok->kind != TOK_NAME)
		return false;
	if (is_tag_word(tok) || is_qualifier(tok) || tapc_word_index(tok, words) >= 0 ||
	    find_word_type(tok->text, &w))
		return true;
	t = tapc_find_type(p->tc, T_NAMED, tok->text);
	return t && t->to;
}

/* Is a declaration next, in the script's head? */
bool cdecl_is_declaration(const struct parser *p)
{
	return is_tag_word(p->tok) || tapc_is_word(p->tok, "typedef");
}

/* "typedef" base declarator { "," declarator } ";", from behind the base */
static struct type *typedefs(struct parser *p, struct type *of)
{
	const struct type *in;
	struct token name = {};
	struct member *m;
	struct type *t;

	do {
		name.pos = p->tok->pos;
		m = member(p, of);
		name.text = m->name;
		if (!*m->name)
			tapc_fail(p->tc, name.pos, ERR_TYPEDEF);
		t = tapc_named_type(p->tc, T_NAMED, name.text, name.pos);
		if (t->to)
			tapc_fail(p->tc, name.pos, ERR_TYPEDEF_TWICE, m->name,
				  t->pos.line);
		for (in = m->type; in; in = in->to) {
			if (in == t)
				tapc_fail(p->tc, name.pos, ERR_ITSELF, m->name);
		}
		t->pos = name.pos;
		t->to = m->type;
	} while (parse_accept(p, ','));
	parse_expect(p, ';');
	return t;
}

/**
 * cdecl_declaration - parse a declaration of the script's head
 * @p: the parser, at its first token
 *
 * Return: a DECL node; its type is in the run's list of types, too. Of several
 * names for a type it has the last one.
 */
struct node *cdecl_declaration(struct parser *p)
{
	struct node *node = parse_node(p, N_DECL, p->tok);

	if (tapc_is_word(p->tok, "typedef")) {
		parse_next(p);
		node->ctype = typedefs(p, base(p));
		return node;
	}
	node->ctype = base(p);
	/* The language does without the ';'. */
	parse_accept(p, ';');
	return node;
}
