using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NewerKernel;

namespace NvmeGpu.Runtime.Tests.Ring;

/// <summary>
/// The queues of each shape, with the test in the kernel's place: a file holds what the kernel would map.
/// What a kernel with mixed queues demands is written down here, from its io_init_req and io_get_cqe.
/// </summary>
public sealed class MixedQueuesTests : IDisposable
{
    private const uint Entries = 8;
    private const int HeadAt = 0;
    private const int TailAt = 64;
    private const int CqHeadAt = 128;
    private const int CqTailAt = 192;
    private const int MaskAt = 256;
    private const int CountAt = 260;
    private const int FlagsAt = 264;
    private const int CqMaskAt = 268;
    private const int CqesAt = 512;

    private readonly TemporaryFolder _folder = new();
    private RingQueues _queues;
    private uint _head;
    private uint _cqTail;

    public static TheoryData<uint> Shapes =>
        [0, IORING_SETUP_SQE128 | IORING_SETUP_CQE32, IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED];

    [Theory]
    [MemberData(nameof(Shapes))]
    public unsafe void Entries_of_both_sizes_arrive_in_order_and_a_big_one_is_in_one_piece(uint shape)
    {
        using Kernel kernel = Make(shape);
        var random = new Random(20261101);
        var expected = new Queue<(ulong UserData, bool IsBig)>();
        ulong next = 1;
        for (int round = 0; round < 20_000; round++)
        {
            bool isBig = shape != 0 && random.Next(2) == 0;
            if (Push(isBig, shape, next))
            {
                expected.Enqueue((next++, isBig));
            }
            if (random.Next(3) == 0)
            {
                int operations = expected.Count;
                Take(kernel, shape, expected, random.Next((int)_queues.PendingCount + 1));
                Assert.True(expected.Count <= operations);
            }
        }
        Take(kernel, shape, expected, (int)_queues.PendingCount);
        Assert.Empty(expected);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Completions_of_both_sizes_are_taken_in_order_and_those_that_only_fill_are_not_seen(uint shape)
    {
        using Kernel kernel = Make(shape);
        var random = new Random(20261102);
        uint head = 0;
        var expected = new Queue<(ulong, int)>();
        ulong next = 1;
        for (int round = 0; round < 20_000; round++)
        {
            bool isBig = shape == (IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED) && random.Next(2) == 0;
            head = kernel.Word(CqHeadAt);
            if (Post(kernel, shape, head, isBig, next, unchecked((int)next * -7)))
            {
                expected.Enqueue((next, unchecked((int)next * -7)));
                next++;
            }
            while (random.Next(3) == 0 && _queues.TryPop(out ulong userData, out int result))
            {
                Assert.Equal(expected.Dequeue(), (userData, result));
            }
        }
        while (_queues.TryPop(out ulong userData, out int result))
        {
            Assert.Equal(expected.Dequeue(), (userData, result));
        }
        Assert.Empty(expected);
        Assert.True(next > 5000);
    }

    [Fact]
    public unsafe void A_small_entry_leaves_nothing_of_the_command_that_was_in_its_place()
    {
        using Kernel kernel = Make(IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
        for (uint i = 0; i < Entries; i++)
        {
            new Span<byte>(kernel.Entry(i, 128), 128).Fill(0xEE);
        }
        SubmissionEntry.Nop(out _queues.NextEntry(), 7);
        _queues.PushEntry();
        var bytes = new ReadOnlySpan<byte>(kernel.Entry(0, 128), 128);
        Assert.Equal(-1, bytes[40..].IndexOfAnyExcept((byte)0));
        Assert.Equal(7ul, ((io_uring_sqe*)kernel.Entry(0, 128))->user_data);
    }

    public void Dispose()
    {
        _queues.Unmap();
        _folder.Dispose();
    }

    private bool Push(bool isBig, uint shape, ulong userData)
    {
        if (!isBig)
        {
            if (_queues.IsFull)
            {
                return false;
            }
            SubmissionEntry.Nop(out _queues.NextEntry(), userData);
            _queues.PushEntry();
            return true;
        }
        var command = new nvme_uring_cmd();
        unsafe
        {
            command.cdw15 = (uint)userData;
            if (_queues.PendingCount + _queues.BigEntryPlaces > _queues.EntriesCount)
            {
                return false;
            }
            SubmissionEntry.Command(
                out _queues.NextBigEntry(), 3, NvmeIoctl.NVME_URING_CMD_IO, command, null,
                (shape & IORING_SETUP_SQE_MIXED) != 0, userData);
            _queues.PushBigEntry();
            return true;
        }
    }

    // As io_submit_sqes does it, place by place.
    private unsafe void Take(
        Kernel kernel, uint shape, Queue<(ulong UserData, bool IsBig)> expected, int placesMax)
    {
        _queues.PublishTail();
        uint pending = _queues.PendingCount;
        Assert.Equal(kernel.Word(TailAt), unchecked(_head + pending));
        int size = (shape & IORING_SETUP_SQE128) != 0 ? 128 : 64;
        int taken = 0;
        int operations = 0;
        while (taken < placesMax)
        {
            uint index = _head % Entries;
            var entry = (io_uring_sqe*)kernel.Entry(index, size);
            bool isBig = entry->opcode is IORING_OP_URING_CMD128 or (byte)io_uring_op.IORING_OP_URING_CMD;
            bool takesTwo = entry->opcode == IORING_OP_URING_CMD128;
            if (takesTwo && taken + 2 > placesMax)
            {
                break;
            }
            if (isBig)
            {
                Assert.True(!takesTwo || index != Entries - 1, "a big entry begins at the last place");
                Assert.Equal((uint)entry->user_data, ((SubmissionEntry128*)entry)->Command.cdw15);
            }
            if (entry->user_data == UserData.Filler)
            {
                Assert.Equal((byte)IOSQE_CQE_SKIP_SUCCESS, entry->flags);
                Assert.Equal(Entries - 1, index);
            }
            else
            {
                Assert.Equal(expected.Dequeue(), (entry->user_data, isBig));
                operations++;
            }
            int places = takesTwo ? 2 : 1;
            taken += places;
            _head += (uint)places;
        }
        kernel.Set(HeadAt, _head);
        Assert.Equal(operations, _queues.CountOperations(pending, taken));
    }

    // As io_get_cqe does it: a 32-byte entry never begins at the last place.
    private unsafe bool Post(Kernel kernel, uint shape, uint head, bool isBig, ulong userData, int result)
    {
        uint count = Entries * 2;
        bool needsFiller = isBig && _cqTail % count == count - 1;
        uint places = (isBig ? 2u : 1u) + (needsFiller ? 1u : 0);
        if (_cqTail - head + places > count)
        {
            return false;
        }
        int size = (shape & IORING_SETUP_CQE32) != 0 ? 32 : 16;
        if (needsFiller)
        {
            *kernel.Completion(_cqTail++ % count, size) =
                new io_uring_cqe { user_data = 0xDEAD, res = -1, flags = IORING_CQE_F_SKIP };
        }
        *kernel.Completion(_cqTail % count, size) = new io_uring_cqe
        {
            user_data = userData,
            res = result,
            flags = isBig ? IORING_CQE_F_32 : 0,
        };
        _cqTail += isBig ? 2u : 1u;
        kernel.Set(CqTailAt, _cqTail);
        return true;
    }

    private unsafe Kernel Make(uint shape)
    {
        var kernel = new Kernel(_folder.PathOf("ring"));
        kernel.Set(MaskAt, Entries - 1);
        kernel.Set(CountAt, Entries);
        kernel.Set(CqMaskAt, (Entries * 2) - 1);
        var parameters = new io_uring_params
        {
            flags = shape | IORING_SETUP_NO_SQARRAY,
            sq_entries = Entries,
            cq_entries = Entries * 2,
        };
        parameters.sq_off.head = HeadAt;
        parameters.sq_off.tail = TailAt;
        parameters.sq_off.flags = FlagsAt;
        parameters.sq_off.ring_mask = MaskAt;
        parameters.sq_off.ring_entries = CountAt;
        parameters.cq_off.head = CqHeadAt;
        parameters.cq_off.tail = CqTailAt;
        parameters.cq_off.ring_mask = CqMaskAt;
        parameters.cq_off.cqes = CqesAt;
        _queues.Map(kernel.Fd, parameters);
        return kernel;
    }

    /// <summary>The kernel's mapping of the same file.</summary>
    private sealed class Kernel : IDisposable
    {
        private const long FileBytes = (long)IORING_OFF_SQES + 4096;

        private readonly SafeFileHandle _file;
        private readonly nint _ring;
        private readonly nint _entries;

        public unsafe Kernel(string path)
        {
            _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
            RandomAccess.SetLength(_file, FileBytes); // sparse
            _ring = Map(0);
            _entries = Map((long)IORING_OFF_SQES);
        }

        public int Fd => (int)_file.DangerousGetHandle();

        public unsafe byte* Entry(uint index, int entryBytes) => (byte*)_entries + (index * entryBytes);

        public unsafe io_uring_cqe* Completion(uint index, int entryBytes) =>
            (io_uring_cqe*)((byte*)_ring + CqesAt + (index * entryBytes));

        public unsafe uint Word(int at) => Volatile.Read(ref *(uint*)(_ring + at));

        public unsafe void Set(int at, uint value) => Volatile.Write(ref *(uint*)(_ring + at), value);

        public unsafe void Dispose()
        {
            _ = Libc.munmap((void*)_ring, 4096);
            _ = Libc.munmap((void*)_entries, 4096);
            _file.Dispose();
        }

        private unsafe nint Map(long offset)
        {
            void* address = Libc.mmap(
                null, 4096, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, Fd, offset);
            Assert.True(address != Libc.MAP_FAILED);
            return (nint)address;
        }
    }
}
