/*
 * The megakernel's source on threads of the host, under ThreadSanitizer, which ends the program with an error when two
 * of them touch the same bytes without a barrier or a release and an acquire between; see host-threads.h.
 *
 *   gcc -g -O1 -fsanitize=thread -pthread -I runtime/Cuda/Kernels -o host-races host-races.c
 */
#include <stdio.h>
#include <string.h>

#include "host-threads.c"

enum { ENTRIES = 8, SLOT_BYTES = 1 << 16, STRIDE = 16 + 4 * 256, BLOCKS = 3, ROUNDS = 600 };

static struct slot entries[ENTRIES];
static u8 slots[ENTRIES][SLOT_BYTES] __attribute__((aligned(4096)));
static u8 results[ENTRIES][STRIDE] __attribute__((aligned(16)));
static u8 copied[ENTRIES][SLOT_BYTES] __attribute__((aligned(16))); /* copies run at once */

static u32 stop;
static struct slot *late; /* to be published at the last moment */

/* The kernel has found nothing published and is about to look whether it is to stop. */
void host_before_load(const u32 *word)
{
    if (word == &stop && late != NULL) {
        struct slot *entry = late;
        late = NULL;
        store_release_system(&entry->status, SLOT_PUBLISHED);
        store_release_system(&stop, 1);
    }
}

/* One thread on one entry: what is published before the stop is consumed, however short before. */
static u32 is_late_slot_consumed(struct megakernel_parameters parameters, u32 position)
{
    struct slot *entry = &entries[position % ENTRIES];
    *entry = (struct slot) { .operation = OPERATION_CONSUME, .tag = position };
    stop = 0;
    late = entry;
    host_join(host_launch(&parameters, 1));
    return entry->status == SLOT_CONSUMED;
}

int main(void)
{
    static const u32 lengths[] = { 0, 1, 100, 241, 1025, 5000, 17409, SLOT_BYTES };
    static const u8 literal_bytes[] = "abcba";
    static const struct literal literals[] = { { 0, 3 }, { 2, 3 } };
    static struct destination destinations[ENTRIES];
    u64 offsets[ENTRIES];
    u32 next = 0, consumed = 0;
    const struct megakernel_parameters parameters = {
        .entries = entries, .slots = slots[0], .slot_offsets = offsets, .next = &next, .stop = &stop,
        .results = results[0], .destinations = destinations, .literals = literals, .literal_bytes = literal_bytes,
        .entry_mask = ENTRIES - 1, .slot_count = ENTRIES, .result_stride_bytes = STRIDE, .destination_count = ENTRIES,
        .literal_count = 2, .overlap_bytes = 2,
    };
    struct host_grid *grid;
    u32 result[STRIDE / sizeof(u32)];

    for (u32 i = 0; i < ENTRIES; i++) {
        offsets[i] = (u64)i * SLOT_BYTES;
        destinations[i] = (struct destination) { (u64)copied[i], SLOT_BYTES };
    }
    grid = host_launch(&parameters, BLOCKS);
    if (grid == NULL)
        return 1;
    /* The driver's side: an entry is published again when it was consumed. */
    for (u32 position = 0; position < ROUNDS + ENTRIES; position++) {
        struct slot *entry = &entries[position % ENTRIES];
        u32 operation = position % 7;
        if (position >= ENTRIES) {
            const struct timespec time = { 0, 10000 };
            while (load_acquire_system(&entry->status) != SLOT_CONSUMED)
                nanosleep(&time, NULL);
            /* of the round before; read whole, as a race with the kernel's stores would show */
            memcpy(result, results[position % ENTRIES], sizeof(result));
            consumed += ((struct result *)result)->tag == position - ENTRIES
                && ((struct result *)result)->error == RESULT_OK;
            store_release_system(&entry->status, SLOT_FREE);
        }
        if (position >= ROUNDS)
            continue;
        for (u32 i = 0; i < lengths[position % 8]; i++)
            slots[position % ENTRIES][i] = (u8)('a' + (i * 7 + position) % 3);
        entry->operation = operation;
        entry->source = position % ENTRIES;
        entry->destination = position % ENTRIES;
        entry->byte_count = lengths[position % 8];
        entry->offset_low = operation == OPERATION_COPY ? 0 : position;
        store_release_system(&entry->tag, position);
        store_release_system(&entry->status, SLOT_PUBLISHED);
    }
    store_release_system(&stop, 1);
    host_join(grid);
    consumed += is_late_slot_consumed(parameters, ROUNDS);
    printf("%u slots were consumed\n", consumed);
    return 0;
}
