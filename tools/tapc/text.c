// SPDX-License-Identifier: GPL-2.0
/*
 * The texts that are in the program: so it is enough to copy the program to a
 * board.
 *
 *	in:	TEXT_HELP			0
 *	out:	"usage: tapc [OPTION]..."	"out of memory"
 *
 * They are the rows of err.h, help, what goes into each shell script of build, rows
 * of --info, providers, and names of constants. texts/pack packs them, which makes
 * them a third as large; libelf brings along what unpacks them. Runs mostly need
 * none.
 *
 * A row of err.h, ERR_MEMORY, is a string in what is built for tests. In the program
 * it is a pointer that is only its number, from 1 on, and what writes the message
 * asks for the text.
 */
#include <zlib.h>

#include "tapc.h"

/* packed[]; TEXTS_SIZE, bytes of it when unpacked */
#include "texts.inc"

/**
 * tapc_text - a text that is in the program
 * @which: its number: enum text, or less for a row of err.h
 *
 * Return: the text. Behind the last one there is an empty one.
 */
const char *tapc_text(unsigned int which)
{
	static char texts[TEXTS_SIZE + 1];
	static struct z_stream_s z = {
		.next_in = (u8 *)packed, .avail_in = sizeof(packed),
		.next_out = (u8 *)texts, .avail_out = TEXTS_SIZE,
	};

	/*
	 * 16: it has the header of gzip. Without memory all texts are empty. Who
	 * needs one ends soon, so nothing is freed.
	 */
	if (!*texts && inflateInit2(&z, 16 + MAX_WBITS) == Z_OK)
		inflate(&z, Z_FINISH);
	return tapc_nth(texts, which);
}
