using NvmeGpu.TestKit;
using Xunit;
#if NVMEGPU_INLINE_FUNCTIONS
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;
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
            });
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
            });
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
            });
    });

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
            });
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
            });
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
