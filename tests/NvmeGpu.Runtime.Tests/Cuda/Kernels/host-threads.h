/*
 * What gpu.h gives a kernel, on threads of the host: one for each thread of each block. So the kernel's own source is
 * compiled and run in tests, on machines without a GPU. It shows that the source is right where C is C; what a GPU's
 * caches, warps and bus do, only a GPU shows.
 */
#ifndef NVMEGPU_GPU_H
#define NVMEGPU_GPU_H

#include <stddef.h>
#include <time.h>

#define KERNEL
#define DEVICE static inline __attribute__((unused))
#define BLOCK_SHARED __attribute__((unused))
#define BLOCK_MEMORY(memory) ((struct block_memory *)host_block_memory(sizeof(memory)))
#define CONSTANT static const __attribute__((aligned(16)))

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;
typedef u32 __attribute__((may_alias)) any_u32;

#ifndef BLOCK_THREADS
#define BLOCK_THREADS 256u
#endif

extern _Thread_local u32 host_thread_index;
void host_barrier(void);
void *host_block_memory(size_t bytes);
/* Called before each acquire load, where a test defines it: to let something happen at just that moment. */
void host_before_load(const u32 *word) __attribute__((weak));

DEVICE u32 thread_index(void)
{
    return host_thread_index;
}

DEVICE void block_barrier(void)
{
    host_barrier();
}

DEVICE u32 load_acquire_system(const u32 *word)
{
    if (host_before_load != NULL)
        host_before_load(word);
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

DEVICE void store_release_system(u32 *word, u32 value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

DEVICE u32 load_relaxed_device(const u32 *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

DEVICE u32 compare_and_swap_device(u32 *word, u32 expected, u32 desired)
{
    __atomic_compare_exchange_n(word, &expected, desired, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return expected;
}

DEVICE void add_shared(u32 *word, u32 value)
{
    __atomic_fetch_add(word, value, __ATOMIC_RELAXED);
}

DEVICE void sleep_nanoseconds(u32 nanoseconds)
{
    struct timespec time = { 0, nanoseconds };
    nanosleep(&time, NULL);
}

DEVICE u64 multiply_high(u64 a, u64 b)
{
    return (u64)(((unsigned __int128)a * b) >> 64);
}

#endif
