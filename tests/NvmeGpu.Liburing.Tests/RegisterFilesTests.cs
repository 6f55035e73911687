using System;
using System.Text;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>The table of registered files.</summary>
public unsafe class RegisterFilesTests
{
    private const int EOVERFLOW = 75;

    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void Registered_files_are_read_by_their_index(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var first = new DataFile("first");
        using var second = new DataFile("second file");
        int* files = stackalloc int[3];
        (files[0], files[1], files[2]) = (first.Descriptor, -1, second.Descriptor);
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 0));
        Assert.Equal(0, ring.Library.io_uring_register_files(ring.Ring, files, 3));
        Assert.Equal(-Libc.EBUSY, ring.Library.io_uring_register_files(ring.Ring, files, 3));
        Assert.Equal(5, ReadRegistered(ring, 0));
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 1));
        Assert.Equal(11, ReadRegistered(ring, 2));

        files[0] = -1;
        files[1] = first.Descriptor;
        Assert.Equal(2, ring.Library.io_uring_register_files_update(ring.Ring, 1, files, 2));
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 1));
        Assert.Equal(5, ReadRegistered(ring, 2));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_files_update(ring.Ring, 3, files, 1));
        Assert.Equal(0, ring.Library.io_uring_unregister_files(ring.Ring));
        Assert.Equal(-Libc.ENXIO, ring.Library.io_uring_unregister_files(ring.Ring));
        Assert.Equal(-Libc.ENXIO, ring.Library.io_uring_register_files_update(ring.Ring, 0, files, 1));
        files[0] = 1_000_000;
        Assert.Equal(-Libc.EBADF, ring.Library.io_uring_register_files(ring.Ring, files, 1));
    }

    [Theory, MemberData(nameof(Both))]
    public void Tags_are_posted_when_files_are_let_go(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        using var file = new DataFile("first");
        int* files = stackalloc int[2];
        ulong* tags = stackalloc ulong[2];
        (files[0], files[1]) = (file.Descriptor, file.Descriptor);
        (tags[0], tags[1]) = (81, 82);
        Assert.Equal(0, ring.Library.io_uring_register_files_tags(ring.Ring, files, tags, 2));
        Assert.Equal(5, ReadRegistered(ring, 1));
        tags[0] = 83;
        Assert.Equal(1, ring.Library.io_uring_register_files_update_tag(ring.Ring, 1, files, tags, 1));
        Assert.Equal(82UL, ring.Take().UserData);
        Assert.Equal(0, ring.Library.io_uring_unregister_files(ring.Ring));
        Assert.Equal([81UL, 83UL], ring.TakeAllSorted());
    }

    [Theory, MemberData(nameof(Both))]
    public void Direct_descriptors_are_taken_from_the_range(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var file = new DataFile("first");
        Assert.Equal(0, ring.Library.io_uring_register_files_sparse(ring.Ring, 10));
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 0));
        Assert.Equal(0, ring.Library.io_uring_register_file_alloc_range(ring.Ring, 6, 2));
        Assert.Equal(6, OpenDirect(ring, file.Path));
        Assert.Equal(7, OpenDirect(ring, file.Path));
        Assert.Equal(-Libc.ENFILE, OpenDirect(ring, file.Path));
        Assert.Equal(5, ReadRegistered(ring, 7));
        Assert.Equal(
            -EOVERFLOW, ring.Library.io_uring_register_file_alloc_range(ring.Ring, uint.MaxValue, 2));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_file_alloc_range(ring.Ring, 9, 5));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_table_beyond_the_limit_of_files_raises_it_up_to_the_hard_one(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring, 4);
        rlimit before;
        rlimit now;
        Assert.Equal(0, Libc.getrlimit(Libc.RLIMIT_NOFILE, &before));
        var lower = new rlimit { rlim_cur = 300, rlim_max = before.rlim_max };
        int[] none = new int[600];
        Array.Fill(none, -1);
        ulong[] tags = new ulong[600];
        int[] results = new int[4];
        fixed (int* files = none)
        fixed (ulong* noTags = tags)
        {
            try
            {
                Assert.Equal(0, Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower));
                results[0] = uring.io_uring_register_files_sparse(ring.Ring, 500);
                _ = Libc.getrlimit(Libc.RLIMIT_NOFILE, &now);
                _ = uring.io_uring_unregister_files(ring.Ring);
                _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower);
                results[1] = uring.io_uring_register_files(ring.Ring, files, 600);
                _ = uring.io_uring_unregister_files(ring.Ring);
                _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower);
                results[2] = uring.io_uring_register_files_tags(ring.Ring, files, noTags, 600);
                _ = uring.io_uring_unregister_files(ring.Ring);
                _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower);
                results[3] = uring.io_uring_register_files_sparse(
                    ring.Ring, (uint)Math.Min(before.rlim_max + 1, 1_000_000));
            }
            finally
            {
                Assert.Equal(0, Libc.setrlimit(Libc.RLIMIT_NOFILE, &before));
            }
        }
        Assert.Equal([0, 0, 0], results[..3]);
        Assert.Equal(800UL, now.rlim_cur);
        Assert.Equal(before.rlim_max, now.rlim_max);
        if (before.rlim_max < 1_000_000)
        {
            Assert.Equal(-Libc.EMFILE, results[3]);
        }
    }

    private static int ReadRegistered(TestRing ring, int index)
    {
        byte* buffer = stackalloc byte[64];
        io_uring_sqe* sqe = ring.Read(1, index, buffer, 64);
        sqe->flags = (byte)IOSQE_FIXED_FILE;
        return ring.Run().Result;
    }

    private static int OpenDirect(TestRing ring, string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            io_uring_sqe* sqe = ring.Sqe(io_uring_op.IORING_OP_OPENAT, 1);
            sqe->fd = Libc.AT_FDCWD;
            sqe->addr = (ulong)name;
            sqe->file_index = IORING_FILE_INDEX_ALLOC;
            return ring.Run().Result;
        }
    }
}
