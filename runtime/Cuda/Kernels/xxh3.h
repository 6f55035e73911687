/*
 * XXH3, 64 bits, seed 0, of a range by all threads of a block.
 *
 * Of more than 240 bytes it keeps eight sums. A stripe of 64 bytes adds to each of them what depends on the stripe and
 * its place only, and after 16 stripes the sums are scrambled. So the threads add up the stripes of 16 such blocks at
 * a time, a thread for each block and sum, and then eight threads go from block to block.
 *
 * Source: the specification of XXH3 in the xxHash project (doc/xxhash_spec.md).
 */
#ifndef NVMEGPU_XXH3_H
#define NVMEGPU_XXH3_H

#include "tile.h"

#define XXH3_PRIME32_1 0x9e3779b1ull
#define XXH3_PRIME32_2 0x85ebca77ull
#define XXH3_PRIME32_3 0xc2b2ae3dull
#define XXH3_PRIME64_1 0x9e3779b185ebca87ull
#define XXH3_PRIME64_2 0xc2b2ae3d27d4eb4full
#define XXH3_PRIME64_3 0x165667b19e3779f9ull
#define XXH3_PRIME64_4 0x85ebca77c2b2ae63ull
#define XXH3_PRIME64_5 0x27d4eb2f165667c5ull
#define XXH3_PRIME_MX1 0x165667919e3779f9ull
#define XXH3_PRIME_MX2 0x9fb21c651e98df25ull

#define XXH3_SUMS 8u
#define XXH3_STRIPE_BYTES 64u
#define XXH3_STRIPES 16u /* of a block */
#define XXH3_BLOCK_BYTES (XXH3_STRIPE_BYTES * XXH3_STRIPES)
#define XXH3_TILE_BLOCKS (TILE_BYTES / XXH3_BLOCK_BYTES)
#define XXH3_SHORT_MAX 240u
#define XXH3_SECRET_BYTES 192u

CONSTANT u8 xxh3_secret[XXH3_SECRET_BYTES] = {
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
    0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
    0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
    0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
    0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
    0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
    0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
    0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
    0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
    0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
    0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
    0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
};

DEVICE u64 xxh3_secret_at(u32 at)
{
    return long_at(xxh3_secret, at);
}

DEVICE u64 xxh3_fold(u64 a, u64 b)
{
    return a * b ^ multiply_high(a, b);
}

DEVICE u64 xxh3_avalanche(u64 hash)
{
    hash = (hash ^ hash >> 37) * XXH3_PRIME_MX1;
    return hash ^ hash >> 32;
}

DEVICE u64 xxh64_avalanche(u64 hash)
{
    hash = (hash ^ hash >> 33) * XXH3_PRIME64_2;
    hash = (hash ^ hash >> 29) * XXH3_PRIME64_3;
    return hash ^ hash >> 32;
}

DEVICE u64 xxh3_mix(const u8 *bytes, i64 at, u32 secret_at)
{
    return xxh3_fold(
        long_at(bytes, at) ^ xxh3_secret_at(secret_at), long_at(bytes, at + 8) ^ xxh3_secret_at(secret_at + 8));
}

DEVICE u64 xxh3_swap(u64 value)
{
    u64 swapped = 0;
    for (u32 i = 0; i < 8; i++)
        swapped |= (value >> (8 * i) & 255) << (56 - 8 * i);
    return swapped;
}

/* Up to XXH3_SHORT_MAX bytes, by one thread. */
DEVICE u64 xxh3_of_short(const u8 *bytes, u32 byte_count)
{
    i64 length = byte_count;
    if (byte_count == 0)
        return xxh64_avalanche(xxh3_secret_at(56) ^ xxh3_secret_at(64));
    if (byte_count <= 3) {
        u64 input = (u64)bytes[0] << 16 | (u64)bytes[byte_count / 2] << 24 | bytes[byte_count - 1] | length << 8;
        return xxh64_avalanche(input ^ (u32)(xxh3_secret_at(0) ^ xxh3_secret_at(0) >> 32));
    }
    if (byte_count <= 8) {
        u64 hash = word_at(bytes, length - 4, length) | (u64)word_at(bytes, 0, length) << 32;
        hash ^= xxh3_secret_at(8) ^ xxh3_secret_at(16);
        hash ^= (hash << 49 | hash >> 15) ^ (hash << 24 | hash >> 40);
        hash *= XXH3_PRIME_MX2;
        hash ^= (hash >> 35) + byte_count;
        hash *= XXH3_PRIME_MX2;
        return hash ^ hash >> 28;
    }
    if (byte_count <= 16) {
        u64 low = long_at(bytes, 0) ^ xxh3_secret_at(24) ^ xxh3_secret_at(32);
        u64 high = long_at(bytes, length - 8) ^ xxh3_secret_at(40) ^ xxh3_secret_at(48);
        return xxh3_avalanche(byte_count + xxh3_swap(low) + high + xxh3_fold(low, high));
    }
    u64 sum = byte_count * XXH3_PRIME64_1;
    if (byte_count <= 128) {
        /* 16 bytes from the front and 16 from the end, further and further inwards */
        for (u32 i = 0; i <= (byte_count - 1) / 32; i++)
            sum += xxh3_mix(bytes, 16 * i, 32 * i) + xxh3_mix(bytes, length - 16 * (i64)(i + 1), 32 * i + 16);
        return xxh3_avalanche(sum);
    }
    for (u32 i = 0; i < 8; i++)
        sum += xxh3_mix(bytes, 16 * i, 16 * i);
    sum = xxh3_avalanche(sum);
    for (u32 i = 8; i < byte_count / 16; i++)
        sum += xxh3_mix(bytes, 16 * i, 16 * (i - 8) + 3);
    return xxh3_avalanche(sum + xxh3_mix(bytes, length - 16, 136 - 17));
}

/* What a stripe adds to the sum of that number: its own word multiplied, and its neighbour's as it is. */
DEVICE u64 xxh3_part(u64 word, u64 neighbour, u64 secret)
{
    u64 keyed = word ^ secret;
    return neighbour + (keyed & 0xffffffffull) * (keyed >> 32);
}

DEVICE u64 xxh3_scramble(u64 sum, u32 number)
{
    return (sum ^ sum >> 47 ^ xxh3_secret_at(XXH3_SECRET_BYTES - XXH3_STRIPE_BYTES + 8 * number)) * XXH3_PRIME32_1;
}

DEVICE u64 xxh3_first_sum(u32 number)
{
    switch (number) {
    case 0: return XXH3_PRIME32_3;
    case 1: return XXH3_PRIME64_1;
    case 2: return XXH3_PRIME64_2;
    case 3: return XXH3_PRIME64_3;
    case 4: return XXH3_PRIME64_4;
    case 5: return XXH3_PRIME32_2;
    case 6: return XXH3_PRIME64_5;
    default: return XXH3_PRIME32_1;
    }
}

DEVICE u64 xxh3_part_at(const u8 *bytes, i64 stripe, u32 number, u32 secret_at)
{
    return xxh3_part(
        long_at(bytes, stripe + 8 * number), long_at(bytes, stripe + 8 * (number ^ 1)),
        xxh3_secret_at(secret_at + 8 * number));
}

/* All threads; each has the result. `sums` is 8 bytes of shared memory for each thread. */
DEVICE u64 xxh3_of(struct tile *tile, u64 *sums, const u8 *bytes, u32 byte_count)
{
    u32 me = thread_index();
    u32 number = me % XXH3_SUMS;
    u32 block = me / XXH3_SUMS;
    u64 sum = xxh3_first_sum(number); /* of the first eight threads */
    u32 blocks = byte_count == 0 ? 0 : (byte_count - 1) / XXH3_BLOCK_BYTES; /* whole ones, with something behind */

    if (byte_count <= XXH3_SHORT_MAX)
        return xxh3_of_short(bytes, byte_count);
    for (u32 done = 0; done < blocks; done += XXH3_TILE_BLOCKS) {
        load_tile(tile, bytes, (i64)done * XXH3_BLOCK_BYTES, byte_count);
        block_barrier();
        if (block < XXH3_TILE_BLOCKS) {
            u64 part = 0;
            for (u32 i = 0; i < XXH3_STRIPES; i++) {
                u32 word = 2 * XXH3_SUMS * (block * XXH3_STRIPES + i);
                part += xxh3_part(
                    long_in(tile, word + 2 * number), long_in(tile, word + 2 * (number ^ 1)),
                    xxh3_secret_at(8 * i + 8 * number));
            }
            sums[me] = part;
        }
        block_barrier();
        if (me < XXH3_SUMS)
            for (u32 i = 0; i < XXH3_TILE_BLOCKS && done + i < blocks; i++)
                sum = xxh3_scramble(sum + sums[XXH3_SUMS * i + number], number);
    }
    /* No barrier: a thread overwrites only sums that it alone has read. */
    if (me < XXH3_SUMS) {
        u32 stripes = (byte_count - 1 - blocks * XXH3_BLOCK_BYTES) / XXH3_STRIPE_BYTES;
        for (u32 i = 0; i < stripes; i++)
            sum += xxh3_part_at(
                bytes, (i64)blocks * XXH3_BLOCK_BYTES + (i64)i * XXH3_STRIPE_BYTES, number, 8 * i);
        sum += xxh3_part_at(
            bytes, (i64)byte_count - XXH3_STRIPE_BYTES, number, XXH3_SECRET_BYTES - XXH3_STRIPE_BYTES - 7);
        sums[number] = sum;
    }
    block_barrier();
    u64 hash = byte_count * XXH3_PRIME64_1;
    for (u32 i = 0; i < XXH3_SUMS; i += 2)
        hash += xxh3_fold(sums[i] ^ xxh3_secret_at(11 + 8 * i), sums[i + 1] ^ xxh3_secret_at(19 + 8 * i));
    return xxh3_avalanche(hash);
}

#endif
