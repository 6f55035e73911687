using NvmeGpu.TestKit;
using Xunit;
#if NVMEGPU_INLINE_FUNCTIONS
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NewerKernel;
#endif

namespace NvmeGpu.Runtime.Tests.Ring;

/// <summary>
/// The runtime's entries and those of liburing's own inline functions (translated from the header, and
/// compared with gcc in NvmeGpu.InlineFunctions.Tests), byte by byte: neither can change alone.
/// </summary>
public sealed class SubmissionEntryMatchesLiburingTests
{
#if NVMEGPU_INLINE_FUNCTIONS
    private static readonly Random s_random = new(20260701);

    private unsafe delegate void Assemble(io_uring_sqe* entry);

    [Fact]
    public unsafe void Nop() => Same(_ =>
    {
        ulong userData = Bits();
        return (
            entry => SubmissionEntry.Nop(out *entry, userData),
            entry =>
            {
                io_uring_prep_nop(entry);
                io_uring_sqe_set_data64(entry, userData);
            }
        );
    });

    [Fact]
    public unsafe void ReadFixed() => Same(_ =>
    {
        (int file, nint address, uint length) = ((int)Bits(), (nint)Bits(), (uint)Bits());
        (ulong offset, ushort index, ulong userData) = (Bits(), (ushort)Bits(), Bits());
        return (
            entry => SubmissionEntry.ReadFixed(
                out *entry, file, (void*)address, length, offset, index, userData),
            entry =>
            {
                io_uring_prep_read_fixed(entry, file, (void*)address, length, offset, index);
                io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
                io_uring_sqe_set_data64(entry, userData);
            }
        );
    });

    [Fact]
    public unsafe void Read() => Same(_ =>
    {
        (int file, nint address, uint length) = ((int)Bits(), (nint)Bits(), (uint)Bits());
        (ulong offset, ulong userData) = (Bits(), Bits());
        return (
            entry => SubmissionEntry.Read(out *entry, file, (void*)address, length, offset, userData),
            entry =>
            {
                io_uring_prep_read(entry, file, (void*)address, length, offset);
                io_uring_sqe_set_data64(entry, userData);
            }
        );
    });

    [Fact]
    public unsafe void ReadOfRegisteredFile() => Same(_ =>
    {
        (int file, nint address, uint length) = ((int)Bits(), (nint)Bits(), (uint)Bits());
        (ulong offset, ulong userData) = (Bits(), Bits());
        return (
            entry => SubmissionEntry.ReadOfRegisteredFile(
                out *entry, file, (void*)address, length, offset, userData),
            entry =>
            {
                io_uring_prep_read(entry, file, (void*)address, length, offset);
                io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
                io_uring_sqe_set_data64(entry, userData);
            }
        );
    });

    // liburing 2.9 has no function for commands: what its test/io_uring_passthrough.c does, in its words.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public unsafe void A_command_in_a_big_entry(bool isFixed, bool isMixed)
    {
        byte* theirs = stackalloc byte[128];
        for (int round = 0; round < 500; round++)
        {
            (int file, uint operation, ushort index) = ((int)Bits(), (uint)Bits(), (ushort)Bits());
            ulong userData = Bits();
            nvme_uring_cmd command;
            s_random.NextBytes(new Span<byte>(&command, sizeof(nvme_uring_cmd)));

            SubmissionEntry128 ours;
            s_random.NextBytes(new Span<byte>(&ours, sizeof(SubmissionEntry128)));
            SubmissionEntry.Command(
                out ours, file, operation, command, isFixed ? index : null, isMixed, userData);

            new Span<byte>(theirs, 128).Clear();
            var entry = (io_uring_sqe*)theirs;
            io_uring_initialize_sqe(entry);
            io_uring_op opcode =
                isMixed ? (io_uring_op)IORING_OP_URING_CMD128 : io_uring_op.IORING_OP_URING_CMD;
            io_uring_prep_rw(unchecked((int)opcode), entry, file, null, 0, 0);
            io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
            entry->cmd_op = operation;
            if (isFixed)
            {
                entry->uring_cmd_flags = IORING_URING_CMD_FIXED;
                entry->buf_index = index;
            }
            io_uring_sqe_set_data64(entry, userData);
            System.Runtime.CompilerServices.Unsafe.WriteUnaligned(theirs + 48, command); // sqe->cmd
            Assert.Equal(
                Convert.ToHexString(new ReadOnlySpan<byte>(theirs, 128)),
                Convert.ToHexString(new ReadOnlySpan<byte>(&ours, 128)));
        }
    }

    [Fact]
    public unsafe void Cancel() => Same(_ =>
    {
        (ulong target, ulong userData) = (Bits(), Bits());
        return (
            entry => SubmissionEntry.Cancel(out *entry, target, userData),
            entry =>
            {
                io_uring_prep_cancel64(entry, target, 0);
                io_uring_sqe_set_data64(entry, userData);
            }
        );
    });

    [Fact]
    public unsafe void CancelAll() => Same(_ =>
    {
        ulong userData = Bits();
        return (
            entry => SubmissionEntry.CancelAll(out *entry, userData),
            entry =>
            {
                io_uring_prep_cancel64(
                    entry, 0, unchecked((int)(IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY)));
                io_uring_sqe_set_data64(entry, userData);
            }
        );
    });

    // Whatever the entry held before: ours is written whole, liburing's after io_uring_get_sqe has cleared
    // it.
    private static unsafe void Same(Func<int, (Assemble Ours, Assemble Theirs)> make)
    {
        for (int round = 0; round < 2000; round++)
        {
            (Assemble assembleOurs, Assemble assembleTheirs) = make(round);
            io_uring_sqe ours;
            io_uring_sqe theirs = default;
            s_random.NextBytes(new Span<byte>(&ours, sizeof(io_uring_sqe)));
            assembleOurs(&ours);
            io_uring_initialize_sqe(&theirs);
            assembleTheirs(&theirs);
            Assert.Equal(
                Convert.ToHexString(new ReadOnlySpan<byte>(&theirs, sizeof(io_uring_sqe))),
                Convert.ToHexString(new ReadOnlySpan<byte>(&ours, sizeof(io_uring_sqe))));
        }
    }

    // Random, and every eighth time an edge.
    private static ulong Bits() => s_random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << s_random.Next(64),
        _ => (ulong)s_random.NextInt64(long.MinValue, long.MaxValue),
    };
#else
    [Fact]
    public void Entries_are_those_of_liburing() => InlineFunctions.Require();
#endif
}
