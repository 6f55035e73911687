/* Memory for the functions of constructs.h: a few objects of each type, with random contents. */
struct nvg_arena {
	s32 numbers[48];
	s32 *number_pointers[8];
	u64 wide[8];
	u32 words[48];
	u8 bytes[128];
	char texts[4][16];
	char room[4][16];
	struct point points[9]; /* the last is only passed on: p + 1 */
	struct box boxes[4];
	struct mixed mixed[4];
	struct bits bits[4];
	struct packed_bits packed[4];
	union word unions[4];
	struct nested nested[4];
	u32 flexible[2][8];
	struct table tables[2];
	struct node nodes[8];
	struct operation operations[4];
};

#define ARENA ((struct nvg_arena *)NVG_ARENA)

_Static_assert(sizeof(struct nvg_arena) <= NVG_ARENA_BYTES, "the arena is too small");

static int arena_add(int a, int b) { return a + b; }
static int arena_subtract(int a, int b) { return a - b; }
static int arena_mix(int a, int b) { return a * 31 ^ b; }

static const binary_op arena_functions[] = { arena_add, arena_subtract, arena_mix };

static void nvg_add_pools(void)
{
	/* Every pointer to a number has at least sixteen behind it. */
	for (int i = 0; i < 8; i++) {
		nvg_pool("int *", &ARENA->numbers[4 * i], sizeof(s32), 1);
		nvg_pool("u32 *", &ARENA->words[4 * i], sizeof(u32), 1);
		nvg_pool("u8 *", &ARENA->bytes[8 * i], 1, 1);
	}
	for (int i = 0; i < 8; i++)
		nvg_pool("u64 *", &ARENA->wide[i], sizeof(u64), 1);
	nvg_pool("int **", ARENA->number_pointers, sizeof(int *), 8);
	nvg_pool("char *", ARENA->texts, 16, 4);
	nvg_pool("char *", ARENA->room, 16, 4);
	nvg_pool("struct point *", ARENA->points, sizeof(struct point), 8);
	nvg_pool("struct box *", ARENA->boxes, sizeof(struct box), 4);
	nvg_pool("struct mixed *", ARENA->mixed, sizeof(struct mixed), 4);
	nvg_pool("struct bits *", ARENA->bits, sizeof(struct bits), 4);
	nvg_pool("struct packed_bits *", ARENA->packed, sizeof(struct packed_bits), 4);
	nvg_pool("union word *", ARENA->unions, sizeof(union word), 4);
	nvg_pool("struct nested *", ARENA->nested, sizeof(struct nested), 4);
	nvg_pool("struct flexible *", ARENA->flexible, sizeof(ARENA->flexible[0]), 2);
	nvg_pool("struct table *", ARENA->tables, sizeof(struct table), 2);
	nvg_pool("int (*)[4]", ARENA->tables[0].cells, sizeof(ARENA->tables[0].cells), 1);
	nvg_pool("struct node *", ARENA->nodes, sizeof(struct node), 8);
	nvg_pool("struct operation *", ARENA->operations, sizeof(struct operation), 4);
	for (int i = 0; i < 3; i++)
		nvg_pool("binary_op", arena_functions[i], 0, 1);
}

NVG_EXPORT const struct nvg_domain nvg_domains[] = {
	{ "pointer_to_bool", "p", NVG_OPAQUE },
	{ "not_pointer", "p", NVG_OPAQUE },
	{ "conditional_pointer", "p", NVG_OPAQUE },
	{ "pointer_add", "p", NVG_OPAQUE },
	{ "pointer_subtract", "p", NVG_OPAQUE },
	{ "pointer_add_narrow", "p", NVG_OPAQUE },
	{ "pointer_add_wide", "p", NVG_OPAQUE },
	{ "container_of_y", "y", NVG_OPAQUE },
	{ "pointer_compare", "a", NVG_OPAQUE },
	{ "and_pointer", "n", NVG_NULLABLE },
	{ "list_sum", "n", NVG_NULLABLE },
	{ "list_find", "n", NVG_NULLABLE },
	{ "call_if_any", "op", NVG_NULLABLE },
	/* Values of the cases, which full width would hardly meet. */
	{ "switch_plain", "a", NVG_OFTEN, -3, 3 },
	{ "switch_enum", "c", NVG_OFTEN, 0, 8 },
	{ "switch_signed_enum", "l", NVG_OFTEN, -4, 8 },
	{ "switch_range", "a", NVG_OFTEN, -12, 130 },
	{ 0 }
};

static void nvg_fill(unsigned char *arena, const char *function)
{
	struct nvg_arena *all = (struct nvg_arena *)arena;

	(void)function;
	for (int i = 0; i < 8; i++) {
		all->number_pointers[i] = &all->numbers[nvg_below(32)];
		/* A list that ends: each node is followed by one behind it. */
		all->nodes[i].next = i < 7 && nvg_below(4) ? &all->nodes[i + 1 + nvg_below(7 - i)] : (void *)0;
		if (nvg_below(2)) {
			all->numbers[i * 4] = (s32)nvg_below(9) - 4;
			all->nodes[i].value = (s32)nvg_below(9) - 4;
		}
	}
	for (int i = 0; i < 4; i++) {
		all->texts[i][nvg_below(15)] = 0;
		all->texts[i][15] = 0;
		all->room[i][15] = 0;
		all->operations[i].apply = arena_functions[nvg_below(3)];
	}
}

static void nvg_effect(const char *external, nvg_u64 *arguments, nvg_u64 *result)
{
	if (nvg_is(external, "constructs_tell"))
		((struct point *)arguments[0])->x += arguments[1];
	else if (nvg_is(external, "constructs_find"))
		*result = nvg_below(3) ? (nvg_u64)&ARENA->points[nvg_below(8)] : 0;
}
