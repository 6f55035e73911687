/*
 * Runs the megakernel's source on threads of the host, for MegakernelSourceTests.cs; see host-threads.h.
 *
 *   gcc -O2 -shared -fPIC -pthread -I runtime/Cuda/Kernels -o host-threads.so host-threads.c
 */
#include <pthread.h>
#include <stdlib.h>

#include "host-threads.h"

#include "megakernel.cu"

struct host_block {
    pthread_barrier_t barrier;
    struct block_memory memory;
};

struct host_thread {
    pthread_t thread;
    u32 index;
    struct host_block *block;
    const struct megakernel_parameters *parameters;
};

struct host_grid {
    u32 block_count;
    struct megakernel_parameters parameters;
    struct host_block *blocks;
    struct host_thread *threads;
};

_Thread_local u32 host_thread_index;
static _Thread_local struct host_block *host_block;

void host_barrier(void)
{
    pthread_barrier_wait(&host_block->barrier);
}

void *host_block_memory(size_t bytes)
{
    return bytes == sizeof(host_block->memory) ? &host_block->memory : NULL;
}

static void *run(void *argument)
{
    struct host_thread *thread = argument;
    host_thread_index = thread->index;
    host_block = thread->block;
    nvmegpu_megakernel(*thread->parameters);
    return NULL;
}

u32 host_sizes(u32 which)
{
    const u32 sizes[] = {
        sizeof(struct slot), sizeof(struct result), sizeof(struct megakernel_parameters), sizeof(struct destination),
        sizeof(struct literal), BLOCK_THREADS, sizeof(struct block_memory),
    };
    return which < sizeof(sizes) / sizeof(*sizes) ? sizes[which] : 0;
}

/* Starts the grid; NULL when there are not so many threads to be had. */
struct host_grid *host_launch(const struct megakernel_parameters *parameters, u32 block_count)
{
    struct host_grid *grid = calloc(1, sizeof(*grid));
    pthread_attr_t attributes;
    if (grid == NULL)
        return NULL;
    grid->block_count = block_count;
    grid->parameters = *parameters;
    grid->blocks = calloc(block_count, sizeof(*grid->blocks));
    grid->threads = calloc(block_count * BLOCK_THREADS, sizeof(*grid->threads));
    if (grid->blocks == NULL || grid->threads == NULL)
        return NULL;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    for (u32 i = 0; i < block_count; i++)
        pthread_barrier_init(&grid->blocks[i].barrier, NULL, BLOCK_THREADS);
    for (u32 i = 0; i < block_count * BLOCK_THREADS; i++) {
        struct host_thread *thread = &grid->threads[i];
        thread->index = i % BLOCK_THREADS;
        thread->block = &grid->blocks[i / BLOCK_THREADS];
        thread->parameters = &grid->parameters;
        if (pthread_create(&thread->thread, &attributes, run, thread) != 0)
            abort(); /* the others wait at a barrier for ever */
    }
    pthread_attr_destroy(&attributes);
    return grid;
}

/* Waits until the kernel has ended. */
void host_join(struct host_grid *grid)
{
    for (u32 i = 0; i < grid->block_count * BLOCK_THREADS; i++)
        pthread_join(grid->threads[i].thread, NULL);
    for (u32 i = 0; i < grid->block_count; i++)
        pthread_barrier_destroy(&grid->blocks[i].barrier);
    free(grid->threads);
    free(grid->blocks);
    free(grid);
}
