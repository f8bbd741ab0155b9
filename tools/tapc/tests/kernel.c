// SPDX-License-Identifier: GPL-2.0
/* Some kernel, whose types tests ask for: compiled for its BTF. */
#include <stdbool.h>

typedef unsigned int u32;
typedef unsigned long long u64;
typedef u32 hinge_t;

enum weather { RAIN = -2, SUN = 3 };
enum length { ROOF_LEN = 12, HUGE_ROOF = 0xffffffff };

struct door;
struct room;

struct roof {
	u32		tiles : 3;
	u32		leaks : 20;
	enum weather	weather;
};

union handle {
	char		c;
	u64		wide;
};

struct door {
	hinge_t			hinge;
	struct door		*next;
	const char		*name;
	char			code[ROOF_LEN];
	struct {
		union handle	in;
		union {
			u32	lock;
			bool	open;
		};
	};
	struct roof		roof[2];
	int			(*knock)(struct door *door, int times);
	const int		stuck;
	double			weight;
};

int door_open(struct door *door, const char *by, hinge_t hinge)
{
	return door->stuck + hinge + *by;
}

void door_shut(struct room *room)
{
}

union handle the_handle;
enum length the_length;
