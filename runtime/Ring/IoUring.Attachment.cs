#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

// Memory that is not registered: what the kernel does not pin for long, as another device's pages.
partial class IoUring
{
    private readonly List<AttachedMemory> _attached = [];

    /// <summary>
    /// Lets the ring read into memory without registering it. No system call; the kernel pins the pages for
    /// each operation, which costs more per operation than registered memory.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// No read accepts this kind of memory (<see cref="PeerMemoryTable"/>).
    /// </exception>
    /// <exception cref="InvalidOperationException">Wrong thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer or the ring was disposed.</exception>
    public AttachedMemory Attach(GpuMappedBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        EnsureUsableOrUnbound();
        const PeerMemoryAccess Unregistered = PeerMemoryAccess.OrdinaryRead | PeerMemoryAccess.Passthrough;
        if ((PeerMemoryTable.Of(buffer.Kind) & Unregistered) != Unregistered)
        {
            throw new ArgumentException(
                $"No read accepts memory of kind {buffer.Kind}: the kernel answers EFAULT.", nameof(buffer));
        }
        buffer.BeginUse();
        var memory = new AttachedMemory(this, buffer);
        _attached.Add(memory);
        return memory;
    }

    /// <summary>
    /// Begins a read of <c>into.LengthBytes</c> bytes from a registered file into attached memory
    /// (<c>IORING_OP_READ</c>). The kernel sees it with the next <see cref="Submit"/> or <see cref="Wait"/>.
    /// </summary>
    /// <param name="into">Where to; the kernel's until the completion with the returned token was
    /// reaped.</param>
    /// <param name="file">
    /// Where from; registered with this ring. For another device's memory it must have been opened with
    /// O_DIRECT: through the page cache the processor would copy every byte across the bus.
    /// </param>
    /// <param name="offsetBytes">Position in the file, 0 and more; with O_DIRECT a multiple of the file's
    /// alignment, as are address and length (else the completion says EINVAL).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offsetBytes"/> is negative.</exception>
    /// <exception cref="ArgumentException">Peer memory, and a file without O_DIRECT.</exception>
    /// <exception cref="InvalidOperationException">
    /// Wrong thread, <see cref="DepthMax"/> operations are in flight, or memory or file belong to another
    /// ring.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring, the memory or the file was released.</exception>
    [return: MustObserve]
    public ReadToken Read(
        [KernelRetains(Until.Completion)] in AttachedRegion into, RegisteredFile file, long offsetBytes)
    {
        EnsureUsable();
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        AttachedMemory memory = OwnerOf(into);
        if (file.Ring != this || !_files.IsCurrent(file.Index, file.Generation))
        {
            ThrowForeign(file);
        }
        if (memory.Buffer.Kind != PeerMemoryKind.HostMapped && !file.IsDirect)
        {
            throw new ArgumentException(
                $"Memory of kind {memory.Buffer.Kind} is read into from files that were opened with "
                + "O_DIRECT only: through the page cache the processor would copy every byte across the bus.",
                nameof(file));
        }
        ReserveEntry();
        ReadToken token = BeginAttached(memory, into.LengthBytes, isCommand: false);
        // SAFETY: the region lies inside attached memory, which the operation table keeps until the
        // completion.
        unsafe
        {
            SubmissionEntry.ReadOfRegisteredFile(
                out _queues.NextEntry(), file.Index, (void*)into.Address, (uint)into.LengthBytes,
                (ulong)offsetBytes, UserData.Of(token));
        }
        _queues.PushEntry();
        return token;
    }

    /// <summary>The memory is given back: the ring's Dispose has nothing to do with it any more.</summary>
    internal void Detach(AttachedMemory memory) => _attached.Remove(memory);

    /// <summary>The memory of a region, if this ring may read into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AttachedMemory OwnerOf(in AttachedRegion region)
    {
        AttachedMemory? memory = region.Memory;
        if (memory is null || memory.Ring != this || memory.IsReleased)
        {
            ThrowForeign(memory);
        }
        return memory!;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadToken BeginAttached(AttachedMemory memory, int askedBytes, bool isCommand)
    {
        if (!_operations.TryBeginAttached(memory, askedBytes, isCommand, out ReadToken token))
        {
            ThrowFull();
        }
        return token;
    }

    /// <summary>After the queues are gone: what nothing is in flight on goes back to its owner.</summary>
    private void CloseAttached()
    {
        for (int i = _attached.Count - 1; i >= 0; i--)
        {
            _attached[i].OnRingClosed(); // may take itself out of the list
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowForeign(AttachedMemory? memory)
    {
        if (memory is null || memory.Ring != this)
        {
            throw new InvalidOperationException("The region is not of memory that is attached to this ring.");
        }
        throw new ObjectDisposedException(nameof(AttachedMemory), "The memory was released from this ring.");
    }
}
