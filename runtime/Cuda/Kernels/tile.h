/*
 * A piece of the slot in the block's shared memory. Slots are mostly host memory: across the bus each byte is to come
 * once, and in whole lines.
 */
#ifndef NVMEGPU_TILE_H
#define NVMEGPU_TILE_H

#include "gpu.h"

#define PIECE_WORDS 16u /* of a thread: 64 bytes */
#define TILE_WORDS (PIECE_WORDS * BLOCK_THREADS)
#define TILE_BYTES (4u * TILE_WORDS)

/* One word of nothing behind each piece: without it all threads of a warp would ask the same bank. */
#define TILE_PLACE(word) ((word) / PIECE_WORDS * (PIECE_WORDS + 1) + (word) % PIECE_WORDS)

struct tile {
    u32 words[BLOCK_THREADS * (PIECE_WORDS + 1)];
};

/* Four bytes from anywhere; those outside of the range are 0. */
DEVICE u32 word_at(const u8 *bytes, i64 at, i64 length)
{
    u32 word = 0;
    if (at >= 0 && at + 4 <= length && (((u64)bytes + (u64)at) & 3) == 0)
        return *(const any_u32 *)(bytes + at);
    for (u32 i = 0; i < 4; i++)
        if (at + i >= 0 && at + i < length)
            word |= (u32)bytes[at + i] << (8 * i);
    return word;
}

DEVICE u64 long_at(const u8 *bytes, i64 at)
{
    return word_at(bytes, at, at + 4) | (u64)word_at(bytes, at + 4, at + 8) << 32;
}

/* Loads the tile that begins `first` bytes behind the start of the range, or before it. All threads; the barrier that
 * makes it visible is the caller's. */
DEVICE void load_tile(struct tile *tile, const u8 *bytes, i64 first, i64 length)
{
    for (u32 i = 0; i < PIECE_WORDS; i++) {
        u32 word = i * BLOCK_THREADS + thread_index();
        tile->words[TILE_PLACE(word)] = word_at(bytes, first + 4 * (i64)word, length);
    }
}

DEVICE u64 long_in(const struct tile *tile, u32 word)
{
    return tile->words[TILE_PLACE(word)] | (u64)tile->words[TILE_PLACE(word + 1)] << 32;
}

DEVICE u8 byte_in(const struct tile *tile, u32 at)
{
    return (u8)(tile->words[TILE_PLACE(at / 4)] >> (8 * (at % 4)));
}

#endif
