/*
 * What the GPU gives a kernel: who a thread is, how threads meet, and how words are shared with other blocks and
 * with the host. The tests have a second set of these on ordinary threads, so that the kernel's own source runs
 * there too (tests/NvmeGpu.Runtime.Tests/Cuda/Kernels/host-threads.h).
 *
 * Source: PTX ISA 8.4, "Memory Consistency Model", "ld", "st", "atom", "bar", "nanosleep"; sm_70 and later.
 */
#ifndef NVMEGPU_GPU_H
#define NVMEGPU_GPU_H

#define KERNEL extern "C" __attribute__((global))
#define DEVICE static inline __attribute__((device, always_inline))
#define BLOCK_SHARED __attribute__((shared))
/* On the GPU the shared variable itself. */
#define BLOCK_MEMORY(memory) (&(memory))
#define CONSTANT static const __attribute__((constant, aligned(16)))

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;
typedef u32 __attribute__((may_alias)) any_u32; /* of bytes */

/* Threads of a block: the host launches as many. */
#define BLOCK_THREADS 256u

DEVICE u32 thread_index(void)
{
    return __nvvm_read_ptx_sreg_tid_x();
}

/* All threads of the block; what each wrote before is visible to all after. */
DEVICE void block_barrier(void)
{
    __syncthreads();
}

/* A word that the host writes (or a thread of it, with a release): what it wrote before is visible after. */
DEVICE u32 load_acquire_system(const u32 *word)
{
    u32 value;
    asm volatile("ld.acquire.sys.u32 %0, [%1];" : "=r"(value) : "l"(word) : "memory");
    return value;
}

/* A word that the host reads: what this thread wrote, or saw before a barrier, is visible to it before. */
DEVICE void store_release_system(u32 *word, u32 value)
{
    asm volatile("st.release.sys.u32 [%0], %1;" : : "l"(word), "r"(value) : "memory");
}

/* A word of the blocks' own, in device memory. */
DEVICE u32 load_relaxed_device(const u32 *word)
{
    u32 value;
    asm volatile("ld.relaxed.gpu.u32 %0, [%1];" : "=r"(value) : "l"(word) : "memory");
    return value;
}

/* Returns what was there. */
DEVICE u32 compare_and_swap_device(u32 *word, u32 expected, u32 desired)
{
    u32 value;
    asm volatile("atom.relaxed.gpu.cas.b32 %0, [%1], %2, %3;"
                 : "=r"(value) : "l"(word), "r"(expected), "r"(desired) : "memory");
    return value;
}

/* A counter in the block's shared memory. */
DEVICE void add_shared(u32 *word, u32 value)
{
    __nvvm_atom_add_gen_i((int *)word, (int)value);
}

/* About so long. */
DEVICE void sleep_nanoseconds(u32 nanoseconds)
{
    asm volatile("nanosleep.u32 %0;" : : "r"(nanoseconds));
}

DEVICE u64 multiply_high(u64 a, u64 b)
{
    return (u64)(((unsigned __int128)a * b) >> 64);
}

#endif
