/*
 * How often each byte occurs in a range, by all threads of a block.
 */
#ifndef NVMEGPU_HISTOGRAM_H
#define NVMEGPU_HISTOGRAM_H

#include "tile.h"

#define HISTOGRAM_COPIES (BLOCK_THREADS / 32u) /* one for each warp: fewer threads wait for the same counter */

struct histogram {
    u32 counts[HISTOGRAM_COPIES][256];
};

/* All threads; thread i has counts i, i + BLOCK_THREADS, ... of the result to write. */
DEVICE void histogram_of(struct histogram *histogram, const u8 *bytes, u32 byte_count, u32 *result)
{
    u32 me = thread_index();
    u32 *mine = histogram->counts[me / 32];
    u32 words = byte_count / 4;

    for (u32 byte = me; byte < 256; byte += BLOCK_THREADS)
        for (u32 i = 0; i < HISTOGRAM_COPIES; i++)
            histogram->counts[i][byte] = 0;
    block_barrier();
    for (u32 i = me; i < words; i += BLOCK_THREADS) {
        u32 word = word_at(bytes, 4 * (i64)i, byte_count);
        for (u32 k = 0; k < 4; k++)
            add_shared(&mine[word >> (8 * k) & 255], 1);
    }
    for (u32 i = 4 * words + me; i < byte_count; i += BLOCK_THREADS)
        add_shared(&mine[bytes[i]], 1);
    block_barrier();
    for (u32 byte = me; byte < 256; byte += BLOCK_THREADS) {
        u32 count = 0;
        for (u32 i = 0; i < HISTOGRAM_COPIES; i++)
            count += histogram->counts[i][byte];
        result[byte] = count;
    }
}

#endif
