/*
 * What host and kernel share, word by word. MegakernelSlot.cs has the first structure; of the others the tests have a
 * copy (KernelStructures.cs), until the host launches the kernel.
 */
#ifndef NVMEGPU_SLOT_H
#define NVMEGPU_SLOT_H

#include "gpu.h"

enum slot_status { SLOT_FREE = 0, SLOT_PUBLISHED = 1, SLOT_CONSUMED = 2 };

/* The low 16 bits of slot.operation; the others are flags for the host. */
enum slot_operation {
    OPERATION_NONE = 0,
    OPERATION_CONSUME = 1,   /* look at nothing: the slot is free again */
    OPERATION_COPY = 2,      /* to a resident destination */
    OPERATION_CRC32C = 3,
    OPERATION_XXH3 = 4,
    OPERATION_HISTOGRAM = 5, /* how often each byte occurs */
    OPERATION_MATCHES = 6    /* how often each literal occurs */
};

struct slot {
    u32 operation;
    u32 source;
    u32 destination; /* the slot whose bytes these are */
    u32 offset_low;  /* where in the source they begin */
    u32 offset_high;
    u32 byte_count;
    u32 status;      /* the only word that changes hands */
    u32 tag;         /* the position in the order of publishing */
};

enum result_error {
    RESULT_OK = 0,
    RESULT_NO_OPERATION = 1,   /* the kernel does not know it */
    RESULT_NO_DESTINATION = 2, /* the source has none, or it ends before these bytes */
    RESULT_NO_LITERALS = 3
};

/* Of one slot; in mapped host memory, at the place of the slot's entry. Words: 1 of CRC-32C, 2 of XXH3 (the lower
 * one first), 256 of a histogram, one for each literal. */
struct result {
    u32 tag;
    u32 byte_count;
    u32 error;
    u32 word_count;
    u32 words[];
};

#define RESULT_WORDS_MAX 256u
#define LITERALS_MAX 256u
#define LITERAL_BYTES_MAX 256u

/* Memory of the GPU that a source's bytes are copied to. */
struct destination {
    u64 address;
    u64 length_bytes;
};

struct literal {
    u32 first; /* of its bytes, in literal_bytes */
    u32 byte_count;
};

struct megakernel_parameters {
    struct slot *entries;            /* mapped host memory */
    u8 *slots;                       /* host or device memory */
    const u64 *slot_offsets;         /* device memory, one per slot */
    u32 *next;                       /* device memory: the position that is claimed next */
    const u32 *stop;                 /* mapped host memory: not 0 ends the kernel */
    u8 *results;                     /* mapped host memory, a stride for each entry */
    const struct destination *destinations; /* device memory, by source */
    const struct literal *literals;  /* device memory */
    const u8 *literal_bytes;
    u32 entry_mask;                  /* entries less 1 */
    u32 slot_count;
    u32 result_stride_bytes;
    u32 destination_count;
    u32 literal_count;
    u32 overlap_bytes;               /* of a slot that is not its source's first: bytes that the one before has too */
};

#endif
