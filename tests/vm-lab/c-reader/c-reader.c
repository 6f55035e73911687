/*
 * Reads by NVMe commands as fast as C with liburing does: what SpeedTests.cs is compared with, which does the
 * same with the same ring, the same places in the same order, the same depth and the same batches.
 *
 *   c-reader DEVICE NAMESPACE BLOCKS-OF-IT BYTES-PER-BLOCK BLOCKS-PER-READ DEPTH BATCH MEMORY
 *
 * MEMORY is "registered" or "ordinary". Each line of the standard input is a number of reads. For each it
 * prints the nanoseconds that they took, the calls of io_uring_enter, and the sum of their first words.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { DEPTH_MAX = 1024 };

struct reader {
    struct io_uring ring;
    unsigned depth;
    unsigned batch;
    unsigned free_count;
    unsigned slots[DEPTH_MAX];
    unsigned char *buffer;
    uint32_t namespace_id;
    uint32_t blocks_per_read;
    uint32_t bytes_per_read;
    uint64_t places; /* where reads can begin: multiples of their length */
    uint64_t random;
    int is_registered;
};

static void fail(const char *what, int error)
{
    fprintf(stderr, "c-reader: %s: %s\n", what, strerror(error));
    exit(1);
}

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 10);
}

static uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t next_lba(struct reader *reader)
{
    uint64_t x = reader->random; /* Marsaglia's xorshift64 */
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    reader->random = x;
    return x % reader->places * reader->blocks_per_read;
}

static void open_ring(struct reader *reader, const char *device)
{
    unsigned depth = reader->depth;
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_NO_SQARRAY
            | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_DEFER_TASKRUN
            | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SQE128 | IORING_SETUP_CQE32,
        .cq_entries = 2 * depth,
    };
    struct iovec memory = { .iov_len = (size_t)depth * reader->bytes_per_read };
    int fd = open(device, O_RDONLY);
    int result;

    if (fd < 0)
        fail(device, errno);
    memory.iov_base =
        mmap(NULL, memory.iov_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory.iov_base == MAP_FAILED)
        fail("mmap", errno);
    memset(memory.iov_base, 0, memory.iov_len);
    reader->buffer = memory.iov_base;
    result = io_uring_queue_init_params(depth, &reader->ring, &parameters);
    if (result < 0)
        fail("io_uring_setup", -result);
    result = io_uring_register_ring_fd(&reader->ring);
    if (result < 0)
        fail("io_uring_register of the ring", -result);
    result = io_uring_register_files(&reader->ring, &fd, 1);
    if (result < 0)
        fail("io_uring_register of the device", -result);
    result = reader->is_registered ? io_uring_register_buffers(&reader->ring, &memory, 1) : 0;
    if (result < 0)
        fail("io_uring_register of the memory", -result);
}

static void begin_read(struct reader *reader, unsigned slot)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&reader->ring);
    struct nvme_uring_cmd *command;
    uint64_t lba = next_lba(reader);

    if (sqe == NULL)
        fail("the ring has no entry", EBUSY);
    command = (struct nvme_uring_cmd *)sqe->cmd;
    memset(sqe, 0, 2 * sizeof(*sqe));
    sqe->opcode = IORING_OP_URING_CMD;
    sqe->flags = IOSQE_FIXED_FILE;
    sqe->cmd_op = NVME_URING_CMD_IO;
    sqe->user_data = slot;
    if (reader->is_registered)
        sqe->uring_cmd_flags = IORING_URING_CMD_FIXED;
    command->opcode = 2; /* Read */
    command->nsid = reader->namespace_id;
    command->addr = (uint64_t)(uintptr_t)(reader->buffer + (size_t)slot * reader->bytes_per_read);
    command->data_len = reader->bytes_per_read;
    command->cdw10 = (uint32_t)lba;
    command->cdw11 = (uint32_t)(lba >> 32);
    command->cdw12 = reader->blocks_per_read - 1;
}

static void run(struct reader *reader, uint64_t reads)
{
    uint64_t begun = 0, done = 0, enters = 0, sum = 0, start_ns = now_ns();

    while (done < reads) {
        struct io_uring_cqe *cqe;
        unsigned head, in_flight, wanted, reaped = 0;

        for (; reader->free_count > 0 && begun < reads; begun++)
            begin_read(reader, reader->slots[--reader->free_count]);
        in_flight = reader->depth - reader->free_count;
        wanted = in_flight < reader->batch ? in_flight : reader->batch;
        while (io_uring_sq_ready(&reader->ring) > 0 || io_uring_cq_ready(&reader->ring) < wanted) {
            int result = io_uring_submit_and_wait(&reader->ring, wanted);
            enters++;
            if (result < 0 && result != -EINTR)
                fail("io_uring_enter", -result);
        }
        io_uring_for_each_cqe(&reader->ring, head, cqe) {
            unsigned slot = (unsigned)cqe->user_data;
            if (cqe->res != 0)
                fail("a read", cqe->res < 0 ? -cqe->res : EIO);
            sum += *(uint64_t *)(reader->buffer + (size_t)slot * reader->bytes_per_read);
            reader->slots[reader->free_count++] = slot;
            if (++reaped == wanted)
                break;
        }
        io_uring_cq_advance(&reader->ring, reaped);
        done += reaped;
    }
    printf("%llu %llu %llu\n", (unsigned long long)(now_ns() - start_ns),
        (unsigned long long)enters, (unsigned long long)sum);
    fflush(stdout);
}

int main(int count, char **words)
{
    static struct reader reader = { .random = 88172645463325252ull };
    char line[32];

    if (count != 9)
        fail("arguments", EINVAL);
    reader.namespace_id = (uint32_t)number(words[2]);
    reader.blocks_per_read = (uint32_t)number(words[5]);
    reader.bytes_per_read = reader.blocks_per_read * (uint32_t)number(words[4]);
    reader.places = number(words[3]) / reader.blocks_per_read;
    reader.depth = (unsigned)number(words[6]);
    reader.batch = (unsigned)number(words[7]);
    reader.is_registered = strcmp(words[8], "registered") == 0;
    if (reader.depth == 0 || reader.depth > DEPTH_MAX || reader.batch == 0 || reader.batch > reader.depth
        || reader.places == 0)
        fail("arguments", EINVAL);
    open_ring(&reader, words[1]);
    while (reader.free_count < reader.depth) {
        reader.slots[reader.free_count] = reader.depth - 1 - reader.free_count;
        reader.free_count++;
    }
    while (fgets(line, sizeof(line), stdin) != NULL)
        run(&reader, number(line));
    return 0;
}
