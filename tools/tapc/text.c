// SPDX-License-Identifier: GPL-2.0
/*
 * The long texts that are in the program: so it is enough to copy the program to a
 * board.
 *
 *	in:	TEXT_HELP
 *	out:	"usage: tapc [OPTION]... FILE ..."
 *
 * The Makefile packs them into texts.inc, which makes them a third as large; libelf
 * brings along what unpacks them. Runs of scripts mostly need none.
 */
#include <zlib.h>

#include "tapc.h"

/* packed[]; TEXTS_SIZE, bytes of it when unpacked */
#include "texts.inc"

/**
 * tapc_text - a text that is in the program
 * @which: the text
 *
 * Return: the text. Behind the last one there is an empty one.
 */
const char *tapc_text(enum text which)
{
	static char texts[TEXTS_SIZE + 1];
	z_stream z = {
		.next_in = (u8 *)packed, .avail_in = sizeof(packed),
		.next_out = (u8 *)texts, .avail_out = TEXTS_SIZE,
	};

	/* 16: it has the header of gzip. Without memory all texts are empty. */
	if (!*texts && inflateInit2(&z, 16 + MAX_WBITS) == Z_OK) {
		inflate(&z, Z_FINISH);
		inflateEnd(&z);
	}
	return tapc_nth(texts, which);
}
