// SPDX-License-Identifier: GPL-2.0
/*
 * Programs and libraries: where in the file their functions and probes are.
 *
 *	in:	"libc"				/bin/bash
 *	out:	/lib/.../libc.so.6		readline at 0xb9a90, 150 bytes; ...
 *
 * Places are offsets in the file, for this is what the kernel takes: segments
 * say which bytes of it are at an address. The probes that a program has built
 * in (usdt) are notes, one for each place:
 *
 *	address, address of .stapsdt.base, of the semaphore or 0;
 *	"NAMESPACE" NUL "NAME" NUL "4@%eax -8@8(%rsp)" NUL
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <glob.h>
#include <unistd.h>

#include "tapc.h"

#define NOTE_STAPSDT	3

#define LIBRARY		"{,/usr,/usr/local}/lib{,64}{,/*}/%s.so{.*,}"

/**
 * struct elf_file - a file that has been read
 * @next: the one before it
 * @path: its name
 * @is_usdt: @symbols are its probes, not its functions
 * @symbols: in order
 */
struct elf_file {
	struct elf_file	*next;
	const char	*path;
	bool		is_usdt;
	struct word	*symbols;
};

static Elf *open_elf(struct tapc *tc, const char *path, struct loc pos)
{
	struct machine *m = &tc->machine;
	int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tapc_fail(tc, pos, ERR_BINARY, path, strerror(errno));
	elf_version(EV_CURRENT);
	m->fd = fd;
	m->elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!m->elf)
		close(fd);
	if (!m->elf || elf_kind(m->elf) != ELF_K_ELF)
		tapc_fail(tc, pos, ERR_BINARY, path, "no ELF file");
	return m->elf;
}

/**
 * tapc_close_elf - close the file in progress
 * @tc: the run
 */
void tapc_close_elf(struct tapc *tc)
{
	if (!tc->machine.elf)
		return;
	elf_end(tc->machine.elf);
	close(tc->machine.fd);
	tc->machine.elf = NULL;
}

/*
 * An address to its place in the file, or, if it @is_place, a place to its
 * address; false if it has none.
 */
static bool convert(Elf *elf, u64 from, bool is_place, u64 *to)
{
	GElf_Phdr ph;
	u64 start;
	int i;

	for (i = 0; gelf_getphdr(elf, i, &ph); i++) {
		start = is_place ? ph.p_offset : ph.p_vaddr;
		if (ph.p_type != PT_LOAD || from < start ||
		    from - start >= ph.p_filesz)
			continue;
		*to = from - start + (is_place ? ph.p_vaddr : ph.p_offset);
		return true;
	}
	return false;
}

static bool find_offset(Elf *elf, u64 address, u64 *offset)
{
	return convert(elf, address, false, offset);
}

/**
 * tapc_file_offset - where in a file an address is
 * @tc: the run
 * @path: the file
 * @address: as its symbols have it
 * @pos: who asks, for errors
 *
 * Return: the offset.
 */
u64 tapc_file_offset(struct tapc *tc, const char *path, u64 address,
		     struct loc pos)
{
	u64 offset;

	if (!find_offset(open_elf(tc, path, pos), address, &offset))
		tapc_fail(tc, pos, ERR_ADDRESS, (unsigned long long)address,
			  path);
	tapc_close_elf(tc);
	return offset;
}

/* A new symbol in front of a list. */
static struct symbol *add(struct tapc *tc, struct word **list,
			  const char *name, u64 offset)
{
	struct symbol *s = tapc_alloc(tc, sizeof(*s));

	s->word.text = tapc_strndup(tc, name, strlen(name));
	s->word.place = offset;
	s->word.next = *list;
	*list = &s->word;
	return s;
}

/* The next section that is a table of symbols, or NULL. */
static Elf_Scn *next_symbols(Elf *elf, Elf_Scn *scn, GElf_Shdr *sh)
{
	do {
		scn = elf_nextscn(elf, scn);
	} while (scn && gelf_getshdr(scn, sh) && sh->sh_type != SHT_SYMTAB &&
		 sh->sh_type != SHT_DYNSYM);
	return scn;
}

static bool is_function(const GElf_Sym *sym)
{
	int type = GELF_ST_TYPE(sym->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC) &&
	       sym->st_shndx != SHN_UNDEF;
}

static void read_symbols(struct tapc *tc, Elf *elf, Elf_Scn *scn,
			 const GElf_Shdr *sh, struct word **list)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	const char *name;
	GElf_Sym sym;
	u64 offset;
	int i;

	for (i = 0; data && gelf_getsym(data, i, &sym); i++) {
		if (!is_function(&sym))
			continue;
		name = elf_strptr(elf, sh->sh_link, sym.st_name);
		if (!name || !*name ||
		    !find_offset(elf, sym.st_value, &offset))
			continue;
		add(tc, list, name, offset)->size = sym.st_size;
	}
}

static struct word *read_functions(struct tapc *tc, Elf *elf)
{
	struct word *list = NULL;
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = next_symbols(elf, scn, &sh)))
		read_symbols(tc, elf, scn, &sh, &list);
	return list;
}

/* The string at @*at, which is moved behind it; NULL if it has no end. */
static const char *next_string(const char **at, const char *end)
{
	const char *s = *at, *nul = memchr(s, 0, end - s);

	*at = nul ? nul + 1 : end;
	return nul ? s : NULL;
}

/* One note, without its header. @base is where .stapsdt.base is now, or 0. */
static void read_probe(struct tapc *tc, Elf *elf, char *desc, size_t size,
		       u64 base, struct word **list)
{
	const char *ident = elf_getident(elf, NULL);
	size_t word = ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
	const char *at = desc + 3 * word, *end = desc + size;
	const char *scope, *name, *args;
	u64 address[3], offset;
	Elf_Data from = {
		.d_buf = desc, .d_size = 3 * word, .d_type = ELF_T_ADDR,
		.d_version = EV_CURRENT,
	};
	Elf_Data to = {
		.d_buf = address, .d_size = sizeof(address),
		.d_version = EV_CURRENT,
	};
	u32 narrow[3];
	struct symbol *s;
	unsigned int i;
	u64 moved;

	if (size < 3 * word ||
	    !gelf_xlatetom(elf, &to, &from, ident[EI_DATA]))
		return;
	if (word == 4) {
		memcpy(narrow, address, sizeof(narrow));
		for (i = 0; i < 3; i++)
			address[i] = narrow[i];
	}
	scope = next_string(&at, end);
	name = next_string(&at, end);
	args = next_string(&at, end);
	/* Prelinking moves the sections, but not what notes say. */
	moved = base ? base - address[1] : 0;
	if (!args || !find_offset(elf, address[0] + moved, &offset))
		return;
	s = add(tc, list, name, offset);
	s->scope = tapc_format(tc, "%s", scope);
	s->args = tapc_format(tc, "%s", args);
	if (address[2])
		find_offset(elf, address[2] + moved, &s->semaphore);
}

static void read_notes(struct tapc *tc, Elf *elf, Elf_Scn *scn, u64 base,
		       struct word **list)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t at = 0, next, name, desc;
	GElf_Nhdr nh;

	for (; data && (next = gelf_getnote(data, at, &nh, &name, &desc));
	     at = next) {
		char *buf = data->d_buf;

		if (nh.n_type == NOTE_STAPSDT && nh.n_namesz == 8 &&
		    !memcmp(buf + name, "stapsdt", 8))
			read_probe(tc, elf, buf + desc, nh.n_descsz, base,
				   list);
	}
}

/* The section of this name, or NULL. */
static Elf_Scn *find_section(Elf *elf, const char *name, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;
	const char *text;
	size_t strings;

	if (elf_getshdrstrndx(elf, &strings))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		text = gelf_getshdr(scn, sh) ?
		       elf_strptr(elf, strings, sh->sh_name) : NULL;
		if (text && !strcmp(text, name))
			return scn;
	}
	return NULL;
}

static struct word *read_probes(struct tapc *tc, Elf *elf)
{
	struct word *list = NULL;
	GElf_Shdr base = {}, sh;
	Elf_Scn *scn;

	if (!find_section(elf, ".stapsdt.base", &base))
		base.sh_addr = 0;
	scn = find_section(elf, ".note.stapsdt", &sh);
	if (scn)
		read_notes(tc, elf, scn, base.sh_addr, &list);
	return list;
}

/**
 * tapc_symbols - the functions of a file, or the probes that it has built in
 * @tc: the run
 * @path: the file
 * @is_usdt: its probes
 * @pos: who asks, for errors
 *
 * A file is read once, however often a script names it.
 *
 * Return: the functions or probes, by name; each of their places is one. They
 * are the words of struct symbol.
 */
struct word *tapc_symbols(struct tapc *tc, const char *path, bool is_usdt,
			  struct loc pos)
{
	struct elf_file *f;
	Elf *elf;

	for (f = tc->machine.files; f; f = f->next) {
		if (f->is_usdt == is_usdt && !strcmp(f->path, path))
			return f->symbols;
	}
	elf = open_elf(tc, path, pos);
	f = tapc_alloc(tc, sizeof(*f));
	f->path = path;
	f->is_usdt = is_usdt;
	f->symbols = tapc_sort_words(tc, is_usdt ? read_probes(tc, elf) :
						   read_functions(tc, elf));
	f->next = tc->machine.files;
	tc->machine.files = f;
	tapc_close_elf(tc);
	return f->symbols;
}

/**
 * struct lookup - a place of a file, whose function is asked for
 * @path: the file
 * @offset: the place
 * @name: out: the function's name, malloc()ed, or NULL
 * @into: out: bytes from its start
 */
struct lookup {
	const char	*path;
	u64		offset;
	char		*name;
	u64		into;
};

/* The function of a table that begins last in front of an address. */
static void match_symbols(Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh,
			  u64 address, struct lookup *lookup)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	const char *name = NULL;
	GElf_Sym sym;
	u64 into;
	int i;

	for (i = 0; data && gelf_getsym(data, i, &sym); i++) {
		into = address - sym.st_value;
		if (!is_function(&sym) || address < sym.st_value ||
		    into >= max((u64)sym.st_size, (u64)1) ||
		    ((name || lookup->name) && into >= lookup->into))
			continue;
		name = elf_strptr(elf, sh->sh_link, sym.st_name);
		lookup->into = into;
	}
	if (!name)
		return;
	free(lookup->name);
	lookup->name = strndup(name, strlen(name));
}

static void find_function(struct tapc *tc, void *arg)
{
	struct lookup *lookup = arg;
	Elf *elf = open_elf(tc, lookup->path, (struct loc){});
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	u64 address = 0;

	if (!convert(elf, lookup->offset, true, &address))
		return;
	while ((scn = next_symbols(elf, scn, &sh)))
		match_symbols(elf, scn, &sh, address, lookup);
}

/**
 * tapc_function_at - the function at a place of a file
 * @tc: the run
 * @path: the file; it need not be there
 * @offset: the place
 * @into: out: bytes from the function's start
 *
 * Keeps nothing in memory.
 *
 * Return: its name, to be freed; NULL if there is none.
 */
char *tapc_function_at(struct tapc *tc, const char *path, u64 offset,
		       u64 *into)
{
	struct lookup lookup = { .path = path, .offset = offset };
	FILE *err = tc->err;

	tc->err = NULL;
	tapc_try(tc, find_function, &lookup);
	tc->err = err;
	tapc_close_elf(tc);
	*into = lookup.into;
	return lookup.name;
}

/* Files that a pattern of the shell means. */
static struct word *find_files(struct tapc *tc, const char *pattern)
{
	struct word *list = NULL;
	glob_t found;
	size_t i;

	if (glob(pattern, GLOB_BRACE, NULL, &found))
		return NULL;
	for (i = found.gl_pathc; i-- > 0; )
		list = tapc_add_word(tc, list,
				     tapc_format(tc, "%s", found.gl_pathv[i]));
	globfree(&found);
	return list;
}

/**
 * tapc_find_binary - files that the first part of a probe means
 * @tc: the run
 * @name: a path, with wildcards; a program in $PATH; a library: "libc"
 *
 * Return: their paths, of programs and libraries the first one; or NULL.
 */
struct word *tapc_find_binary(struct tapc *tc, const char *name)
{
	const char *dirs = getenv("PATH") ?: "/bin:/usr/bin";
	struct word *list = NULL;
	int len;

	if (strchr(name, '/'))
		return find_files(tc, name);
	for (; *dirs && !list; dirs += len + !!dirs[len]) {
		len = strcspn(dirs, ":");
		if (len)
			list = find_files(tc, tapc_format(tc, "%.*s/%s", len,
							  dirs, name));
	}
	/* There may be several versions, in folders of the machine's kind. */
	if (!list)
		list = find_files(tc, tapc_format(tc, LIBRARY, name));
	if (list)
		list->next = NULL;
	return list;
}
