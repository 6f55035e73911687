/* Memory for liburing's inline functions: rings as the kernel and the library would have them, with wild contents. */
#define NVG_ENTRIES 16 /* of every ring here */

struct nvg_arena {
	struct io_uring ring[2];
	unsigned words[2][12]; /* what the rings' pointers point to */
	struct io_uring_sqe sqes[2 * NVG_ENTRIES]; /* twice, for IORING_SETUP_SQE128 */
	struct io_uring_cqe cqes[2 * NVG_ENTRIES]; /* twice, for IORING_SETUP_CQE32 */
	struct io_uring_cqe *cqe_pointers[4];
	unsigned numbers[4];
	struct io_uring_buf bufs[2][NVG_ENTRIES]; /* two struct io_uring_buf_ring */
	unsigned char probe[sizeof(struct io_uring_probe) + 256 * sizeof(struct io_uring_probe_op)];
	struct msghdr msgs[4];
	unsigned char received[1024]; /* struct io_uring_recvmsg_out, name, control data, payload */
};

#define ARENA ((struct nvg_arena *)NVG_ARENA)

_Static_assert(sizeof(struct nvg_arena) <= NVG_ARENA_BYTES, "the arena is too small");

static void nvg_add_pools(void)
{
	nvg_pool("struct io_uring *", ARENA->ring, sizeof(struct io_uring), 2);
	nvg_pool("struct io_uring_sqe *", ARENA->sqes, sizeof(struct io_uring_sqe), 2 * NVG_ENTRIES);
	nvg_pool("struct io_uring_cqe *", ARENA->cqes, sizeof(struct io_uring_cqe), 2 * NVG_ENTRIES);
	nvg_pool("struct io_uring_cqe **", ARENA->cqe_pointers, sizeof(struct io_uring_cqe *), 4);
	nvg_pool("unsigned int *", ARENA->numbers, sizeof(unsigned), 4);
	nvg_pool("struct io_uring_buf_ring *", ARENA->bufs, sizeof(ARENA->bufs[0]), 2);
	nvg_pool("struct io_uring_probe *", ARENA->probe, sizeof(ARENA->probe), 1);
	nvg_pool("struct msghdr *", ARENA->msgs, sizeof(struct msghdr), 4);
	nvg_pool("struct io_uring_recvmsg_out *", ARENA->received, 64, 4);
	nvg_pool("struct cmsghdr *", ARENA->received + 256, 8, 16);
}

/* Parameters whose every value of the type is not legal, and pointers that are only passed on. */
NVG_EXPORT const struct nvg_domain nvg_domains[] = {
	/* A negative operation would read before the table. */
	{ "io_uring_opcode_supported", "op", NVG_RANGE, 0, 0x7fffffff },
	/* The mask is that of the ring, or smaller: the entry must exist. */
	{ "io_uring_buf_ring_add", "mask", NVG_RANGE, 0, NVG_ENTRIES - 1 },
	/* Near the length of the headers, which is what it is compared with. */
	{ "io_uring_recvmsg_validate", "buf_len", NVG_OFTEN, 0, 31 },
	{ "io_uring_cqe_seen", "cqe", NVG_NULLABLE },
	{ "__io_uring_peek_cqe", "nr_available", NVG_NULLABLE },
	{ "io_uring_prep_recvmsg", "msg", NVG_OPAQUE },
	{ "io_uring_prep_recvmsg_multishot", "msg", NVG_OPAQUE },
	{ "io_uring_prep_sendmsg", "msg", NVG_OPAQUE },
	{ "io_uring_prep_sendmsg_zc", "msg", NVG_OPAQUE },
	{ "io_uring_prep_futex_wake", "futex", NVG_OPAQUE },
	{ "io_uring_prep_futex_wait", "futex", NVG_OPAQUE },
	{ "io_uring_recvmsg_name", "o", NVG_OPAQUE },
	{ "io_uring_recvmsg_payload", "o", NVG_OPAQUE },
	{ "io_uring_recvmsg_payload_length", "o", NVG_OPAQUE },
	{ 0 }
};

static void nvg_fill_ring(struct io_uring *ring, unsigned *words, const char *function)
{
	unsigned entries = NVG_ENTRIES, mask = entries - 1;
	/* Any difference of head and tail where it is only computed; a valid one where a loop goes from one to the other. */
	int is_wild = nvg_below(4) == 0 && !__builtin_strstr(function, "peek_cqe")
		&& !__builtin_strstr(function, "wait_cqe");

	ring->sq.khead = &words[0];
	ring->sq.ktail = &words[1];
	ring->sq.kring_mask = &words[2];
	ring->sq.kring_entries = &words[3];
	ring->sq.kflags = &words[4];
	ring->sq.kdropped = &words[5];
	ring->sq.array = &words[0];
	ring->sq.sqes = ARENA->sqes;
	ring->sq.ring_mask = words[2] = mask;
	ring->sq.ring_entries = words[3] = nvg_below(8) ? entries : (unsigned)nvg_random();
	ring->cq.khead = &words[6];
	ring->cq.ktail = &words[7];
	ring->cq.kring_mask = &words[8];
	ring->cq.kring_entries = &words[9];
	ring->cq.kflags = nvg_below(4) ? &words[10] : NULL; /* kernels before 5.8 have none */
	ring->cq.koverflow = &words[11];
	ring->cq.cqes = ARENA->cqes;
	ring->cq.ring_mask = words[8] = mask;
	ring->cq.ring_entries = words[9] = entries;
	if (nvg_below(2)) {
		words[10] = nvg_below(4); /* IORING_CQ_EVENTFD_DISABLED or not */
		words[4] = nvg_below(8); /* likewise IORING_SQ_CQ_OVERFLOW */
	}
	if (!is_wild) {
		/* Between empty and one more than full, around any place of the 32-bit counters. */
		words[0] = ring->sq.sqe_tail - nvg_below(entries + 2);
		words[7] = words[6] + nvg_below(entries + 1);
	}
}

static void nvg_fill(unsigned char *arena, const char *function)
{
	struct nvg_arena *all = (struct nvg_arena *)arena;

	for (int i = 0; i < 2; i++)
		nvg_fill_ring(&all->ring[i], all->words[i], function);
	for (int i = 0; i < 4; i++)
		all->cqe_pointers[i] = nvg_below(2) ? &all->cqes[nvg_below(NVG_ENTRIES)] : NULL;
	for (int i = 0; i < 2 * NVG_ENTRIES; i++) {
		/* A time-out's completion is skipped by old kernels' rule, and its error reported. */
		if (nvg_below(2))
			all->cqes[i].user_data = LIBURING_UDATA_TIMEOUT;
		if (nvg_below(2))
			all->cqes[i].res = nvg_below(3);
	}
	if (nvg_below(2)) /* few operations, so that `op` is on both sides of the last one */
		((struct io_uring_probe *)all->probe)->last_op = nvg_below(4);

	/* Lengths near each other, so that each check is just met and just missed; wild ones otherwise. */
	int is_followed = nvg_is(function, "io_uring_recvmsg_cmsg_nexthdr");
	if (is_followed || nvg_is(function, "io_uring_recvmsg_validate") || nvg_below(2)) {
		for (int i = 0; i < 4; i++) {
			struct io_uring_recvmsg_out *out = (void *)(all->received + 64 * i);
			/* Every other one ends where a header may begin. */
			out->controllen = nvg_below(2) ? nvg_below(320) : 8 * nvg_below(40);
			all->msgs[i].msg_namelen = nvg_below(2) ? 8 * nvg_below(8) : nvg_below(nvg_below(2) ? 4 : 64);
			all->msgs[i].msg_controllen = nvg_below(nvg_below(2) ? 4 : 128);
			if (!is_followed && nvg_below(4) == 0) /* a sum of lengths that wraps to 0 or 1 */
				all->msgs[i].msg_controllen = nvg_below(2) - sizeof(*out) - all->msgs[i].msg_namelen;
		}
	}
	/* Any length that leads to where the function reads must lead into the arena. */
	if (is_followed)
		for (unsigned i = 256; i < sizeof(all->received); i += 8)
			*(unsigned long *)(all->received + i) = nvg_below(nvg_below(2) ? 40 : 128);
}

static void nvg_effect(const char *external, nvg_u64 *arguments, nvg_u64 *result)
{
	if (nvg_is(external, "__io_uring_get_cqe"))
		*(struct io_uring_cqe **)arguments[1] = &ARENA->cqes[nvg_below(NVG_ENTRIES)];
	else if (nvg_is(external, "io_uring_buf_ring_head"))
		*(unsigned short *)arguments[2] = nvg_random();
	(void)result;
}
