/*
 * Bytes of a slot to memory of the GPU, by all threads of a block.
 */
#ifndef NVMEGPU_COPY_H
#define NVMEGPU_COPY_H

#include "gpu.h"

struct quad {
    u32 words[4];
} __attribute__((aligned(16), may_alias));

DEVICE void copy_bytes(u8 *to, const u8 *from, u32 byte_count)
{
    u32 me = thread_index();
    u32 done = 0;

    if ((((u64)to | (u64)from) & 15) == 0) {
        done = byte_count & ~15u;
        for (u32 i = 16 * me; i < done; i += 16 * BLOCK_THREADS)
            *(struct quad *)(to + i) = *(const struct quad *)(from + i);
    }
    for (u32 i = done + me; i < byte_count; i += BLOCK_THREADS)
        to[i] = from[i];
}

#endif
