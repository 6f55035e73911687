/*
 * How often each of some literals occurs in a range, by all threads of a block. Occurrences may overlap. Those that end
 * in the range's first `known` bytes are not counted: they were counted with the slot before, which has the same bytes.
 */
#ifndef NVMEGPU_MATCHES_H
#define NVMEGPU_MATCHES_H

#include "slot.h"
#include "tile.h"

struct matches {
    u32 counts[LITERALS_MAX];
    u32 is_first[256 / 32]; /* a bit for each byte that a literal begins with */
};

DEVICE int is_literal_at(const u8 *literal, u32 length, const u8 *bytes)
{
    for (u32 i = 0; i < length; i++)
        if (literal[i] != bytes[i])
            return 0;
    return 1;
}

/* All threads; thread i has counts i, i + BLOCK_THREADS, ... of the result to write. */
DEVICE void count_matches(
    struct matches *matches, struct tile *tile, const struct literal *literals, u32 literal_count,
    const u8 *literal_bytes, const u8 *bytes, u32 byte_count, u32 known, u32 *result)
{
    u32 me = thread_index();

    for (u32 i = me; i < literal_count; i += BLOCK_THREADS)
        matches->counts[i] = 0;
    if (me < 256 / 32)
        matches->is_first[me] = 0;
    block_barrier();
    if (me == 0)
        for (u32 i = 0; i < literal_count; i++) {
            u8 first = literal_bytes[literals[i].first];
            matches->is_first[first / 32] |= 1u << (first % 32);
        }
    for (u32 start = 0; start < byte_count; start += TILE_BYTES) {
        block_barrier();
        load_tile(tile, bytes, start, byte_count);
        block_barrier();
        /* Neighbours look at neighbouring bytes. What begins near the tile's end goes on in memory. */
        for (u32 at = me; at < TILE_BYTES && at < byte_count - start; at += BLOCK_THREADS) {
            u8 first = byte_in(tile, at);
            if ((matches->is_first[first / 32] >> (first % 32) & 1) == 0)
                continue;
            for (u32 i = 0; i < literal_count; i++) {
                u32 end = start + at + literals[i].byte_count;
                const u8 *literal = literal_bytes + literals[i].first;
                if (*literal == first && end <= byte_count && end > known
                    && is_literal_at(literal, literals[i].byte_count, bytes + start + at))
                    add_shared(&matches->counts[i], 1);
            }
        }
    }
    block_barrier();
    for (u32 i = me; i < literal_count; i += BLOCK_THREADS)
        result[i] = matches->counts[i];
}

#endif
