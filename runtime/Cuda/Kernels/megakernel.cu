/*
 * The persistent kernel: consumes the slots that an ingest driver publishes, until it is told to stop.
 *
 * Who writes what, and why it can be seen:
 *
 *   slot bytes         a drive by DMA, or the kernel of the operating system; complete before the driver reaps the read
 *   entry words        the driver, plain stores
 *   entry.tag          the driver: the position, a release store
 *                      here: an acquire load at system scope, before the status is looked at: who sees this round's tag
 *                      sees the FREE that came before it, so a PUBLISHED is not that of the round before, which another
 *                      block may be looking at
 *   entry.status       the driver: PUBLISHED, a release store after all of the above
 *                      here: one thread's acquire load at system scope; then a barrier of the block. So all of the
 *                      block's later loads see entry words and slot bytes: release -> acquire -> barrier -> load
 *   next               the blocks only, in the GPU's own memory: who swaps position p for p + 1 has the slot at p. No
 *                      order hangs on it, because each block has acquired the status by itself.
 *   result             the block's threads, plain stores to mapped host memory; then a barrier of the block
 *   entry.status       here: CONSUMED, a release store at system scope by the thread that the barrier let pass. Stores
 *                      of the other threads before the barrier are in the release, and so are their loads of slot bytes:
 *                      the driver, which acquires CONSUMED, sees the result and may have the slot overwritten.
 *                      the driver: FREE, before it publishes in this entry again
 *   stop               the host. Looked at only where nothing is published, so what was published before the stop is
 *                      consumed.
 *
 * Every status has one writing side per transition, so nothing across the bus is a compare-and-swap.
 *
 * Slots that lie in the GPU's own memory are written by a third device. That they can be seen when the status can be is
 * the driver's duty, which flushes such writes before it publishes, or does not run this kernel on them.
 */
#include "copy.h"
#include "crc32c.h"
#include "gpu.h"
#include "histogram.h"
#include "matches.h"
#include "slot.h"
#include "tile.h"
#include "xxh3.h"

#define SLEEP_NANOSECONDS_MIN 32u
#define SLEEP_NANOSECONDS_MAX 2048u

struct block_memory {
    struct crc32c_tables crc32c;
    struct tile tile;
    u64 sums[BLOCK_THREADS];
    struct histogram histogram;
    struct matches matches;
    struct slot slot; /* the one that the block has */
    u32 is_stopped;
};

DEVICE u32 is_published(const struct slot *entry, u32 position)
{
    return load_acquire_system(&entry->tag) == position && load_acquire_system(&entry->status) == SLOT_PUBLISHED;
}

/* By one thread: takes the next published slot into the block's memory, or says that there will be none. */
DEVICE void claim(struct block_memory *block, const struct megakernel_parameters *parameters)
{
    u32 nanoseconds = SLEEP_NANOSECONDS_MIN;

    block->is_stopped = 0;
    for (;;) {
        u32 position = load_relaxed_device(parameters->next);
        const struct slot *entry = parameters->entries + (position & parameters->entry_mask);

        if (is_published(entry, position)) {
            if (compare_and_swap_device(parameters->next, position, position + 1) == position) {
                block->slot = *entry;
                return;
            }
            continue; /* another block was faster */
        }
        if (load_acquire_system(parameters->stop) != 0) {
            /* What was published before the stop can be seen now, if it could not be a moment ago. */
            if (is_published(entry, position))
                continue;
            block->is_stopped = 1;
            return;
        }
        sleep_nanoseconds(nanoseconds);
        nanoseconds = nanoseconds < SLEEP_NANOSECONDS_MAX ? 2 * nanoseconds : nanoseconds;
    }
}

DEVICE u32 copy_to_destination(
    const struct slot *slot, const struct megakernel_parameters *parameters, const u8 *bytes)
{
    u64 offset = (u64)slot->offset_high << 32 | slot->offset_low;
    struct destination destination;

    if (slot->source >= parameters->destination_count)
        return RESULT_NO_DESTINATION;
    destination = parameters->destinations[slot->source];
    if (offset > destination.length_bytes || slot->byte_count > destination.length_bytes - offset)
        return RESULT_NO_DESTINATION;
    copy_bytes((u8 *)destination.address + offset, bytes, slot->byte_count);
    return RESULT_OK;
}

/* By all threads. */
DEVICE void operate(struct block_memory *block, const struct megakernel_parameters *parameters)
{
    struct slot slot = block->slot;
    const u8 *bytes = parameters->slots + (slot.byte_count == 0 ? 0 : parameters->slot_offsets[slot.destination]);
    struct result *result = (struct result *)(
        parameters->results + (u64)(slot.tag & parameters->entry_mask) * parameters->result_stride_bytes);
    u32 error = RESULT_OK;
    u32 word_count = 0;
    u32 is_first = thread_index() == 0;

    switch (slot.operation & 0xffff) {
    case OPERATION_NONE:
    case OPERATION_CONSUME:
        break;
    case OPERATION_COPY:
        error = copy_to_destination(&slot, parameters, bytes);
        break;
    case OPERATION_CRC32C: {
        u32 crc = crc32c_of(&block->crc32c, &block->tile, (u32 *)block->sums, bytes, slot.byte_count);
        word_count = 1;
        if (is_first)
            result->words[0] = crc;
        break;
    }
    case OPERATION_XXH3: {
        u64 hash = xxh3_of(&block->tile, block->sums, bytes, slot.byte_count);
        word_count = 2;
        if (is_first) {
            result->words[0] = (u32)hash;
            result->words[1] = (u32)(hash >> 32);
        }
        break;
    }
    case OPERATION_HISTOGRAM:
        word_count = 256;
        histogram_of(&block->histogram, bytes, slot.byte_count, result->words);
        break;
    case OPERATION_MATCHES:
        if (parameters->literal_count == 0) {
            error = RESULT_NO_LITERALS;
            break;
        }
        word_count = parameters->literal_count;
        count_matches(
            &block->matches, &block->tile, parameters->literals, parameters->literal_count,
            parameters->literal_bytes, bytes, slot.byte_count,
            (slot.offset_low | slot.offset_high) == 0 ? 0 : parameters->overlap_bytes, result->words);
        break;
    default:
        error = RESULT_NO_OPERATION;
        break;
    }
    if (is_first) {
        result->tag = slot.tag;
        result->byte_count = slot.byte_count;
        result->error = error;
        result->word_count = word_count;
    }
}

KERNEL void nvmegpu_megakernel(struct megakernel_parameters parameters)
{
    static BLOCK_SHARED struct block_memory memory;
    struct block_memory *block = BLOCK_MEMORY(memory);

    crc32c_fill_tables(&block->crc32c);
    for (;;) {
        block_barrier();
        if (thread_index() == 0)
            claim(block, &parameters);
        block_barrier();
        if (block->is_stopped)
            return;
        operate(block, &parameters);
        block_barrier();
        if (thread_index() == 0)
            store_release_system(
                &parameters.entries[block->slot.tag & parameters.entry_mask].status, SLOT_CONSUMED);
    }
}
