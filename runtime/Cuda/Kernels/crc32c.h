/*
 * CRC-32C (Castagnoli) of a range by all threads of a block.
 *
 * A CRC without its two inversions is linear, and zeros before a message do not change it. So the message is taken as if
 * zeros came before it that make its length a multiple of a tile's; each thread sums up its piece of every tile,
 *
 *     sum = sum advanced by a tile, plus the CRC of the piece          (8 look-ups of a table for each word, 4 per tile)
 *
 * and at the end the threads' sums are advanced to the end of the message and added.
 *
 * Source: RFC 3385, section 2; the bits are reflected, so bit 31 is x^0.
 */
#ifndef NVMEGPU_CRC32C_H
#define NVMEGPU_CRC32C_H

#include "tile.h"

#define CRC32C_POLYNOMIAL 0x82f63b78u
#define CRC32C_ONE 0x80000000u    /* x^0 */
#define CRC32C_A_BYTE 0x00800000u /* x^8 */

struct crc32c_tables {
    u32 of_byte[4][256]; /* [k]: a byte with k bytes behind it */
    u32 of_tile[4][256]; /* [k]: byte k of a sum, a tile later */
};

DEVICE u32 crc32c_multiply(u32 a, u32 b)
{
    u32 product = 0;
    for (u32 bit = CRC32C_ONE; bit != 0; bit >>= 1) {
        if (a & bit)
            product ^= b;
        b = (b >> 1) ^ (b & 1 ? CRC32C_POLYNOMIAL : 0);
    }
    return product;
}

/* x to the power of 8 times that many bytes: what a sum is multiplied by when they follow it. */
DEVICE u32 crc32c_advance(u64 byte_count)
{
    u32 factor = CRC32C_ONE;
    for (u32 square = CRC32C_A_BYTE; byte_count != 0; byte_count >>= 1) {
        if (byte_count & 1)
            factor = crc32c_multiply(factor, square);
        square = crc32c_multiply(square, square);
    }
    return factor;
}

/* By all threads, once. A barrier must follow. */
DEVICE void crc32c_fill_tables(struct crc32c_tables *tables)
{
    u32 tile_factor = crc32c_advance(TILE_BYTES);
    for (u32 byte = thread_index(); byte < 256; byte += BLOCK_THREADS) {
        for (u32 k = 0; k < 4; k++) {
            tables->of_byte[k][byte] = crc32c_multiply(crc32c_advance(k + 1), byte);
            tables->of_tile[k][byte] = crc32c_multiply(tile_factor, byte << (8 * k));
        }
    }
}

/* The sum of four bytes and of the sum before them. */
DEVICE u32 crc32c_add(const struct crc32c_tables *tables, u32 sum, u32 word)
{
    word ^= sum;
    return tables->of_byte[3][word & 255] ^ tables->of_byte[2][word >> 8 & 255]
        ^ tables->of_byte[1][word >> 16 & 255] ^ tables->of_byte[0][word >> 24];
}

DEVICE u32 crc32c_advance_tile(const struct crc32c_tables *tables, u32 sum)
{
    return tables->of_tile[0][sum & 255] ^ tables->of_tile[1][sum >> 8 & 255]
        ^ tables->of_tile[2][sum >> 16 & 255] ^ tables->of_tile[3][sum >> 24];
}

/* All threads; thread 0 has the result. `sums` is a word of shared memory for each thread. */
DEVICE u32 crc32c_of(
    const struct crc32c_tables *tables, struct tile *tile, u32 *sums, const u8 *bytes, u32 byte_count)
{
    u32 me = thread_index();
    u32 sum = 0;
    u32 factor = crc32c_advance(4 * PIECE_WORDS);
    i64 first = byte_count % TILE_BYTES == 0 ? 0 : (i64)(byte_count % TILE_BYTES) - (i64)TILE_BYTES;

    for (; first < (i64)byte_count; first += TILE_BYTES) {
        u32 part = 0;
        load_tile(tile, bytes, first, byte_count);
        block_barrier();
        for (u32 i = 0; i < PIECE_WORDS; i++)
            part = crc32c_add(tables, part, tile->words[me * (PIECE_WORDS + 1) + i]);
        sum = crc32c_advance_tile(tables, sum) ^ part;
        block_barrier();
    }

    /* Pairs of neighbours: the left one is advanced by the length of the right one. */
    sums[me] = sum;
    for (u32 width = 1; width < BLOCK_THREADS; width *= 2) {
        block_barrier();
        if (me % (2 * width) == 0)
            sums[me] = crc32c_multiply(factor, sums[me]) ^ sums[me + width];
        factor = crc32c_multiply(factor, factor);
    }
    block_barrier();
    return sums[0] ^ crc32c_multiply(crc32c_advance(byte_count), 0xffffffffu) ^ 0xffffffffu;
}

#endif
