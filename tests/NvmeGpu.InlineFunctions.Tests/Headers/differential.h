/*
 * The C side of a differential run. It is compiled by gcc together with the untouched header under test, the arena
 * of that header (NAME.arena.c) and generated wrappers. The structs have counterparts in NativeSide.cs.
 *
 * Nothing of this is included by the header under test, nor does it include anything itself.
 */
typedef unsigned long nvg_u64;

/* Above 4 GiB, so that a pointer cut to 32 bits is another one; at the same place in every run. */
#define NVG_ARENA ((unsigned char *)0x345600000000)
#define NVG_ARENA_BYTES 16384
#define NVG_GUARD_BYTES (1 << 20)
#define NVG_EXPORT __attribute__((visibility("default")))

struct nvg_type {
	const char *name;
	const char *text;
	unsigned int size;
	char kind;
};

struct nvg_function {
	const char *name;
	void (*call)(nvg_u64 *arguments, void *result);
	const struct nvg_type *result;
	const struct nvg_type *parameters;
	nvg_u64 count;
};

struct nvg_pool {
	const char *type; /* of the pointer */
	nvg_u64 value;
	nvg_u64 size; /* of what it points to; 0: not told */
};

struct nvg_domain {
	const char *function;
	const char *parameter;
	nvg_u64 kind;
	long lowest;
	long highest;
};

enum { NVG_RANGE = 1, NVG_OPAQUE = 2, NVG_NULLABLE = 3, NVG_OFTEN = 4 };

/* What a type is, found out by the compiler: a letter that NativeSide.cs explains. */
#define NVG_KIND(T) _Generic(*(__typeof__(T) *)0, \
	_Bool: 'b', char: 'i', signed char: 'i', short: 'i', int: 'i', long: 'i', long long: 'i', \
	unsigned char: 'u', unsigned short: 'u', unsigned: 'u', unsigned long: 'u', unsigned long long: 'u', \
	float: 'f', double: 'f', \
	default: __builtin_classify_type(*(__typeof__(T) *)0) == 5 ? 'p' : 's')

/* An argument comes in a slot of 64 bits, a larger struct by its address. */
#define NVG_TAKE(variable, i) \
	__builtin_memcpy(&variable, sizeof(variable) <= 8 ? (void *)&nvg_a[i] : (void *)nvg_a[i], sizeof(variable))
#define NVG_SLOT(variable) \
	({ nvg_u64 nvg_s = 0; __builtin_memcpy(&nvg_s, &variable, sizeof(variable)); nvg_s; })

/* Written by hand in NAME.arena.c. */
static void nvg_fill(unsigned char *arena, const char *function);
static void nvg_add_pools(void);
static void nvg_effect(const char *external, nvg_u64 *arguments, nvg_u64 *result);

/* --- random numbers: xorshift64*, as in Vectors.cs --- */

static nvg_u64 nvg_state = 1;

static nvg_u64 nvg_random(void)
{
	nvg_state ^= nvg_state >> 12;
	nvg_state ^= nvg_state << 25;
	nvg_state ^= nvg_state >> 27;
	return nvg_state * 0x2545F4914F6CDD1D;
}

static nvg_u64 nvg_below(nvg_u64 limit)
{
	return (nvg_random() >> 16) % limit;
}

static int nvg_is(const char *function, const char *name)
{
	return !__builtin_strcmp(function, name);
}

/* --- the arena --- */

extern void *mmap(void *, unsigned long, int, int, int, long);
extern int mprotect(void *, unsigned long, int);

NVG_EXPORT nvg_u64 nvg_arena_bytes = NVG_ARENA_BYTES;
NVG_EXPORT struct nvg_pool nvg_pools[512];
static unsigned nvg_pool_count;

/* `count` pointers of this type, to objects that lie side by side. */
static void nvg_pool(const char *type, const void *first, nvg_u64 size, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (nvg_pool_count == sizeof(nvg_pools) / sizeof(nvg_pools[0]) - 1)
			__builtin_trap();
		nvg_pools[nvg_pool_count++] =
			(struct nvg_pool){ type, (nvg_u64)first + i * size, size };
	}
}

NVG_EXPORT void *nvg_set_up(void)
{
	unsigned char *all = mmap(NVG_ARENA - NVG_GUARD_BYTES, NVG_ARENA_BYTES + 2 * NVG_GUARD_BYTES, 0 /* PROT_NONE */,
		0x100022 /* MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE */, -1, 0);
	if (all != NVG_ARENA - NVG_GUARD_BYTES || mprotect(NVG_ARENA, NVG_ARENA_BYTES, 3 /* read, write */))
		return (void *)0;
	nvg_add_pools();
	return NVG_ARENA;
}

NVG_EXPORT void nvg_shape(nvg_u64 seed, const char *function)
{
	nvg_u64 *words = (nvg_u64 *)NVG_ARENA;

	nvg_state = (seed + 1) * 0x9E3779B97F4A7C15 | 1;
	for (unsigned i = 0; i < NVG_ARENA_BYTES / 8; i++) {
		nvg_u64 word = nvg_random();
		/* One word in eight is 0 and one all ones, which are what conditions ask for. */
		words[i] = word % 8 == 1 ? 0 : word % 8 == 2 ? ~0ul : word;
	}
	nvg_fill(NVG_ARENA, function);
}

/* --- external functions: both sides' stubs end here --- */

extern const char *const nvg_external_names[];
extern const unsigned nvg_external_pointers[]; /* bit i: argument i is a pointer */

NVG_EXPORT nvg_u64 nvg_log[1024];
NVG_EXPORT nvg_u64 nvg_log_length;

NVG_EXPORT void nvg_begin(nvg_u64 seed)
{
	nvg_state = (seed + 7) * 0xD1342543DE82EF95 | 1;
	nvg_log_length = 0;
}

NVG_EXPORT nvg_u64 nvg_external(nvg_u64 id, nvg_u64 count, nvg_u64 *a)
{
	nvg_u64 result;

	if (nvg_log_length + count + 1 > sizeof(nvg_log) / sizeof(nvg_log[0]))
		__builtin_trap(); /* a loop over an external function that does not end */
	nvg_log[nvg_log_length++] = id;
	for (unsigned i = 0; i < count; i++) {
		nvg_u64 value = a[i];
		/* A local variable lies elsewhere on the two sides. */
		if ((nvg_external_pointers[id] >> i & 1) && value
		    && value - (nvg_u64)NVG_ARENA >= NVG_ARENA_BYTES)
			value = 0x10ca1;
		nvg_log[nvg_log_length++] = value;
	}
	switch (nvg_random() >> 60) {
	case 0 ... 5: result = 0; break;
	case 6 ... 8: result = -1 - nvg_below(130); break;
	case 9 ... 11: result = nvg_below(17); break;
	default: result = nvg_random();
	}
	nvg_effect(nvg_external_names[id], a, &result);
	return result;
}
