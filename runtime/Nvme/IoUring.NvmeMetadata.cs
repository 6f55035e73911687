#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

// Reads of namespaces that keep their metadata apart from the data: the command names two places. Both are
// pieces of one memory, so that whatever keeps the data's place until the completion keeps the other too.
partial class IoUring
{
    /// <summary>
    /// Begins a read of whole blocks and of their metadata, where the namespace keeps that apart
    /// (<see cref="NvmeNamespace.IsMetadataSeparate"/>), into registered memory. The kernel must have been
    /// built with CONFIG_BLK_DEV_INTEGRITY, else the completion says EINVAL.
    /// </summary>
    /// <param name="into">Where the data goes, exactly as long as that of the blocks.</param>
    /// <param name="metadata">
    /// Where the metadata goes: another piece of the same memory, with
    /// <see cref="NvmeNamespace.MetadataBytes"/> for each block, at an address that is a multiple of 4. The
    /// kernel may copy it.
    /// </param>
    /// <param name="source">Where from.</param>
    /// <param name="lba">The first block, counted from the start of the namespace.</param>
    /// <param name="blocks">As without metadata.</param>
    /// <param name="timeoutMilliseconds">As without metadata.</param>
    /// <exception cref="ArgumentException">
    /// As without metadata; or the namespace has none of its own place, the two pieces are not of one memory
    /// or overlap, or the second one has another length than the metadata.
    /// </exception>
    /// <inheritdoc cref="Read(in RegisteredRegion, NvmeNamespace, ulong, uint, uint)" path="/exception"/>
    [return: MustObserve]
    [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)]
    public ReadToken Read(
        [KernelRetains(Until.Completion)] in RegisteredRegion into,
        [KernelRetains(Until.Completion)] in RegisteredRegion metadata, NvmeNamespace source, ulong lba,
        uint blocks, uint timeoutMilliseconds = 0)
    {
        EnsureUsable();
        RegisteredMemory memory = into.Memory;
        if (memory is null || memory.Ring != this || memory.IsReleased)
        {
            ThrowForeign(memory);
        }
        CheckMetadata(
            metadata.Memory == memory, into.Address, into.LengthBytes, metadata.Address,
            metadata.LengthBytes);
        int fileIndex =
            CheckAndFind(source, into.Address, into.LengthBytes, lba, blocks, metadata.LengthBytes);
        // SAFETY: both regions lie inside the same registered memory, which the operation table keeps until
        // the completion.
        unsafe
        {
            ref SubmissionEntry128 entry = ref ReserveBigEntry();
            NvmeCommand.Assemble(
                out entry.Command, source.NamespaceId, (void*)into.Address, (uint)into.LengthBytes, lba,
                blocks, (void*)metadata.Address, (uint)metadata.LengthBytes, timeoutMilliseconds);
            return PushCommand(memory!, into.BufferIndex, fileIndex, ref entry);
        }
    }

    /// <summary>The same into attached memory.</summary>
    /// <inheritdoc cref="Read(in RegisteredRegion, in RegisteredRegion, NvmeNamespace, ulong, uint, uint)"/>
    [return: MustObserve]
    [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)]
    public ReadToken Read(
        [KernelRetains(Until.Completion)] in AttachedRegion into,
        [KernelRetains(Until.Completion)] in AttachedRegion metadata, NvmeNamespace source, ulong lba,
        uint blocks, uint timeoutMilliseconds = 0)
    {
        EnsureUsable();
        AttachedMemory memory = OwnerOf(into);
        CheckMetadata(
            metadata.Memory == memory, into.Address, into.LengthBytes, metadata.Address,
            metadata.LengthBytes);
        int fileIndex =
            CheckAndFind(source, into.Address, into.LengthBytes, lba, blocks, metadata.LengthBytes);
        // SAFETY: as above, inside the same attached memory.
        unsafe
        {
            ref SubmissionEntry128 entry = ref ReserveBigEntry();
            NvmeCommand.Assemble(
                out entry.Command, source.NamespaceId, (void*)into.Address, (uint)into.LengthBytes, lba,
                blocks, (void*)metadata.Address, (uint)metadata.LengthBytes, timeoutMilliseconds);
            return PushCommand(memory, fileIndex, ref entry);
        }
    }

    private static void CheckMetadata(
        bool isSameMemory, nint data, int dataBytes, nint metadata, int metadataBytes)
    {
        if (!isSameMemory || (metadata & (NvmeCommand.AlignmentBytesMin - 1)) != 0
            || (metadata < data + dataBytes && data < metadata + metadataBytes))
        {
            ThrowBadMetadata(isSameMemory, metadata);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowBadMetadata(bool isSameMemory, nint metadata) => throw new ArgumentException(
        !isSameMemory
            ? "The metadata's region is not of the same memory as that of the data: take two pieces of one."
        : (metadata & (NvmeCommand.AlignmentBytesMin - 1)) != 0
            ? $"The metadata's address 0x{metadata:x} is not a multiple of {NvmeCommand.AlignmentBytesMin}."
        : "The regions of data and metadata overlap.",
        nameof(metadata));
}
