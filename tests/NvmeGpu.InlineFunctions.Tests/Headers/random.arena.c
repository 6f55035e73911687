/* Memory for the functions that RandomHeader.cs makes up. */
struct nvg_arena {
	struct all all[8];
};

#define ARENA ((struct nvg_arena *)NVG_ARENA)

static void nvg_add_pools(void)
{
	nvg_pool("struct all *", ARENA->all, sizeof(struct all), 8);
}

NVG_EXPORT const struct nvg_domain nvg_domains[] = { { 0 } };

static void nvg_fill(unsigned char *arena, const char *function)
{
	(void)arena;
	(void)function;
	for (int i = 0; i < 8; i++) {
		*(unsigned char *)&ARENA->all[i].b &= 1;
		ARENA->all[i].f = i;
		ARENA->all[i].d = -i;
	}
}

static void nvg_effect(const char *external, nvg_u64 *arguments, nvg_u64 *result)
{
	(void)external;
	(void)arguments;
	(void)result;
}
