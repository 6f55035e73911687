using NvmeGpu.TestKit;
using Xunit;
#if NVMEGPU_INLINE_FUNCTIONS // where the headers are, the inline functions are translated from them
using System;
using System.IO;
using System.Text;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;
#endif

namespace NvmeGpu.LiburingTests;

/// <summary>A program as it would be in C, without a liburing on the machine.</summary>
public unsafe class CNamesOnlyTests
{
#if NVMEGPU_INLINE_FUNCTIONS
    [Fact]
    public void A_fixed_read_by_C_names_only()
    {
        Libraries.RequireRings();
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("data");
        File.WriteAllText(path, "read by C names");
        using FileStream file = File.OpenRead(path);
        int fd = (int)file.SafeFileHandle.DangerousGetHandle();
        using var memory = new Pages(4096);

        io_uring ring;
        Assert.Equal(0, io_uring_queue_init(8, &ring, 0));
        var piece = new iovec { iov_base = memory.Address, iov_len = 4096 };
        Assert.Equal(0, io_uring_register_buffers(&ring, &piece, 1));
        for (int round = 0; round < 20; round++)
        {
            new Span<byte>(memory.Address, 4096).Clear();
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_read_fixed(sqe, fd, memory.Address, 4096, 5, 0);
            io_uring_sqe_set_data64(sqe, 1234);
            Assert.Equal(1, io_uring_submit(&ring));
            io_uring_cqe* cqe;
            Assert.Equal(0, io_uring_wait_cqe(&ring, &cqe));
            Assert.Equal((1234UL, 10), (io_uring_cqe_get_data64(cqe), cqe->res));
            io_uring_cqe_seen(&ring, cqe);
            Assert.Equal("by C names", Encoding.ASCII.GetString(memory.Address, 10));
            Assert.Equal(-Libc.EAGAIN, io_uring_peek_cqe(&ring, &cqe));
        }
        io_uring_queue_exit(&ring);
    }

    [Fact]
    public void Completions_are_looped_over_and_advanced_by_C_names_only()
    {
        Libraries.RequireRings();
        io_uring ring;
        Assert.Equal(0, io_uring_queue_init(8, &ring, IORING_SETUP_CQE32));
        for (ulong i = 0; i < 8; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_nop(sqe);
            io_uring_sqe_set_data64(sqe, i);
        }
        Assert.True(io_uring_get_sqe(&ring) == null);
        Assert.Equal(8, io_uring_submit_and_wait(&ring, 8));
        uint count = 0;
        foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(&ring))
        {
            Assert.Equal(count, io_uring_cqe_get_data64(cqe));
            count++;
        }
        Assert.Equal(8u, count);
        Assert.Equal(8u, io_uring_cq_ready(&ring));
        io_uring_cq_advance(&ring, count);
        Assert.Equal(0u, io_uring_cq_ready(&ring));
        io_uring_queue_exit(&ring);
    }
#else
    [Fact]
    public void A_fixed_read_by_C_names_only() => InlineFunctions.Require();
#endif
}
