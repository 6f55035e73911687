#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

// Reads by NVMe command (passthrough): past the filesystem and the block layer, straight from the drive into
// registered host memory or another device's. Everything is checked before the kernel sees it, because what
// the kernel does not check the drive executes. Source: linux/nvme_ioctl.h; drivers/nvme/host/ioctl.c.
partial class IoUring
{
    private readonly List<(NvmeNamespace Source, RegisteredFile File)> _namespaces = [];
    private NvmeNamespace? _lastNamespace;
    private int _lastNamespaceFile;

    /// <summary>
    /// Begins a read of whole blocks into registered memory (<c>IORING_OP_URING_CMD</c> with
    /// <c>IORING_URING_CMD_FIXED</c>, Linux 6.1): no page is pinned for it. The kernel sees it with the next
    /// <see cref="Submit"/> or <see cref="Wait"/>.
    /// </summary>
    /// <param name="into">
    /// Where to, exactly as long as the blocks; the kernel's until the completion with the returned token was
    /// reaped.
    /// </param>
    /// <param name="source">Where from. The first read of a namespace registers it with the ring (a system
    /// call and an allocation): <see cref="Register(NvmeNamespace)"/> does it earlier.</param>
    /// <param name="lba">The first block, counted from the start of the namespace.</param>
    /// <param name="blocks">1 to 65,536, and not more bytes than
    /// <see cref="NvmeNamespace.TransferBytesMax"/>.</param>
    /// <param name="timeoutMilliseconds">After this long the driver gives the command up (EINTR); 0 for the
    /// driver's own time-out.</param>
    /// <remarks>
    /// Cancelling cannot stop a command: it ends when the drive has answered or its time is over. Linux 6.1
    /// answers EINVAL when the registered buffer itself is larger than one command may be.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The blocks are not inside the namespace, or too
    /// many.</exception>
    /// <exception cref="ArgumentException">The region's length is not that of the blocks, its address is not
    /// a multiple of <see cref="NvmeNamespace.AlignmentBytes"/>, or the namespace keeps metadata apart, for
    /// which there is another overload.</exception>
    /// <exception cref="InvalidOperationException">
    /// The ring was made without <see cref="IoUringOptions.UseBigEntries"/>, wrong thread,
    /// <see cref="DepthMax"/> operations are in flight, or the memory belongs to another ring.
    /// </exception>
    /// <exception cref="ObjectDisposedException">Ring, memory or namespace was released.</exception>
    /// <exception cref="IoUringException">The kernel refused to register the namespace.</exception>
    [return: MustObserve]
    [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)]
    public ReadToken Read(
        [KernelRetains(Until.Completion)] in RegisteredRegion into, NvmeNamespace source, ulong lba,
        uint blocks, uint timeoutMilliseconds = 0)
    {
        EnsureUsable();
        RegisteredMemory memory = into.Memory;
        if (memory is null || memory.Ring != this || memory.IsReleased)
        {
            ThrowForeign(memory);
        }
        int fileIndex = CheckAndFind(source, into.Address, into.LengthBytes, lba, blocks);
        // SAFETY: the region lies inside registered memory, which the operation table keeps until the
        // completion.
        unsafe
        {
            ref SubmissionEntry128 entry = ref ReserveBigEntry();
            NvmeCommand.Assemble(
                out entry.Command, source.NamespaceId, (void*)into.Address, (uint)into.LengthBytes, lba,
                blocks, null, 0, timeoutMilliseconds);
            return PushCommand(memory!, into.BufferIndex, fileIndex, ref entry);
        }
    }

    /// <summary>
    /// The same into attached memory: another device's pages (Linux 6.2 with CONFIG_PCI_P2PDMA), or host
    /// memory that is not registered. The drive writes straight there.
    /// </summary>
    /// <inheritdoc cref="Read(in RegisteredRegion, NvmeNamespace, ulong, uint, uint)"/>
    [return: MustObserve]
    [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)]
    public ReadToken Read(
        [KernelRetains(Until.Completion)] in AttachedRegion into, NvmeNamespace source, ulong lba,
        uint blocks, uint timeoutMilliseconds = 0)
    {
        EnsureUsable();
        AttachedMemory memory = OwnerOf(into);
        int fileIndex = CheckAndFind(source, into.Address, into.LengthBytes, lba, blocks);
        // SAFETY: the region lies inside attached memory, which the operation table keeps until the
        // completion.
        unsafe
        {
            ref SubmissionEntry128 entry = ref ReserveBigEntry();
            NvmeCommand.Assemble(
                out entry.Command, source.NamespaceId, (void*)into.Address, (uint)into.LengthBytes, lba,
                blocks, null, 0, timeoutMilliseconds);
            return PushCommand(memory, fileIndex, ref entry);
        }
    }

    /// <summary>
    /// Puts a namespace's device into the ring's table of registered files, so that the first read need not.
    /// Again does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The table is full, or wrong thread.</exception>
    /// <exception cref="ObjectDisposedException">The namespace was disposed.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    public void Register(NvmeNamespace source)
    {
        ArgumentNullException.ThrowIfNull(source);
        EnsureUsableOrUnbound();
        ObjectDisposedException.ThrowIf(source.IsClosed, source);
        if (IndexOf(source) < 0)
        {
            _namespaces.Add((source, Register(source.Handle)));
        }
    }

    /// <summary>
    /// Takes a namespace's device out of the table. Reads of it that are in flight go on.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not registered with this ring, or wrong
    /// thread.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    public void Unregister(NvmeNamespace source)
    {
        ArgumentNullException.ThrowIfNull(source);
        EnsureUsable();
        int index = IndexOf(source);
        if (index < 0)
        {
            throw new InvalidOperationException("The namespace is not registered with this ring.");
        }
        Unregister(_namespaces[index].File);
        _namespaces.RemoveAt(index);
        _lastNamespace = null;
    }

    /// <summary>Begins the operation whose command is written in the reserved entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadToken PushCommand(
        RegisteredMemory memory, ushort bufferIndex, int fileIndex, ref SubmissionEntry128 entry)
    {
        // SAFETY: numbers from their own places; the command's memory is the operation's.
        unsafe
        {
            NvmeCommand.ThrowUnlessRead(entry.Command);
            ReadToken token = Begin(memory, (int)entry.Command.data_len, isCommand: true);
            SubmissionEntry.AroundCommand(
                ref entry, fileIndex, NvmeIoctl.NVME_URING_CMD_IO, bufferIndex, _queues.IsMixed,
                UserData.Of(token));
            _queues.PushBigEntry();
            return token;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadToken PushCommand(AttachedMemory memory, int fileIndex, ref SubmissionEntry128 entry)
    {
        // SAFETY: as above.
        unsafe
        {
            NvmeCommand.ThrowUnlessRead(entry.Command);
            ReadToken token = BeginAttached(memory, (int)entry.Command.data_len, isCommand: true);
            SubmissionEntry.AroundCommand(
                ref entry, fileIndex, NvmeIoctl.NVME_URING_CMD_IO, null, _queues.IsMixed,
                UserData.Of(token));
            _queues.PushBigEntry();
            return token;
        }
    }

    /// <summary>
    /// Everything that must be true of a read, and the namespace's place in the file table.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CheckAndFind(
        NvmeNamespace source, nint address, int lengthBytes, ulong lba, uint blocks, int metadataBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!HasBigEntries || source.IsClosed
            || metadataBytes != blocks * (long)source.SeparateMetadataBytes
            || blocks is 0 or > NvmeNamespace.BlocksMax
            || blocks > source.LengthLbas || lba > source.LengthLbas - blocks
            || lengthBytes != (long)blocks * source.LbaBytes || lengthBytes > source.TransferBytesMax
            || (address & (source.AlignmentBytes - 1)) != 0)
        {
            ThrowBadRead(source, address, lengthBytes, lba, blocks, metadataBytes);
        }
        return source == _lastNamespace ? _lastNamespaceFile : FindAndRemember(source);
    }

    private int FindAndRemember(NvmeNamespace source)
    {
        Register(source);
        _lastNamespaceFile = _namespaces[IndexOf(source)].File.Index;
        _lastNamespace = source;
        return _lastNamespaceFile;
    }

    private int IndexOf(NvmeNamespace source)
    {
        for (int i = 0; i < _namespaces.Count; i++)
        {
            if (_namespaces[i].Source == source)
            {
                return i;
            }
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowBadRead(
        NvmeNamespace source, nint address, int lengthBytes, ulong lba, uint blocks, int metadataBytes)
    {
        if (!HasBigEntries)
        {
            throw new InvalidOperationException(
                "The ring has entries of 64 and 16 bytes, and NVMe commands need 128 and 32: make it with "
                + "IoUringOptions.UseBigEntries.");
        }
        ObjectDisposedException.ThrowIf(source.IsClosed, source);
        if (source.IsMetadataSeparate != metadataBytes > 0)
        {
            throw new ArgumentException(
                source.IsMetadataSeparate
                    ? $"The namespace keeps {source.MetadataBytes} bytes of metadata per block in a buffer "
                        + "of its own, which this read does not give it, and the drive would write it to "
                        + "address 0: give it a second region."
                    : "The namespace has no metadata apart from its data: give it one region.",
                nameof(source));
        }
        if (blocks is 0 or > NvmeNamespace.BlocksMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(blocks), blocks, $"A command reads 1 to {NvmeNamespace.BlocksMax} blocks.");
        }
        if (blocks > source.LengthLbas || lba > source.LengthLbas - blocks)
        {
            throw new ArgumentOutOfRangeException(
                nameof(lba), lba,
                $"{blocks} blocks from there run past the namespace's {source.LengthLbas}.");
        }
        if (lengthBytes != (long)blocks * source.LbaBytes)
        {
            throw new ArgumentException(
                $"{blocks} blocks of {source.LbaBytes} bytes are {(long)blocks * source.LbaBytes} bytes, and "
                + $"the region has {lengthBytes}: take a slice of that length.", nameof(blocks));
        }
        if (source.IsMetadataSeparate && metadataBytes != (long)blocks * source.MetadataBytes)
        {
            throw new ArgumentException(
                $"The metadata of {blocks} blocks are {(long)blocks * source.MetadataBytes} bytes, and its "
                + $"region has {metadataBytes}: take a slice of that length.", nameof(blocks));
        }
        if (lengthBytes > source.TransferBytesMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(blocks), blocks,
                $"{lengthBytes} bytes are more than the {source.TransferBytesMax} of one command: split "
                + "them.");
        }
        throw new ArgumentException(
            $"The region's address 0x{address:x} is not a multiple of {source.AlignmentBytes}.",
            nameof(address));
    }
}
