#nullable enable
using System;
using System.Diagnostics;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// A <see cref="GpuMappedBuffer"/> in a ring's table of registered buffers, in pieces of at most 1 GiB (the
/// kernel's limit per entry). It keeps the buffer's memory mapped until the kernel has said, for every piece,
/// that it let go.
/// <para>
/// Dispose asks for that: at once when nothing is in flight, else with the last completion. Until then the
/// memory stays; afterwards every region of it is refused. The ring's Dispose does the same for all that is
/// still registered.
/// </para>
/// <para>Threads: the ring's thread.</para>
/// </summary>
sealed partial class RegisteredMemory : IDisposable
{
    /// <summary>The kernel's limit for one registered buffer (io_uring_register(2)).</summary>
    internal const long PieceBytesMax = 1L << 30;

    private int _piecesHeldByKernel;

    internal RegisteredMemory(IoUring ring, GpuMappedBuffer buffer, int firstIndex, int pieceCount)
    {
        Ring = ring;
        Buffer = buffer;
        FirstIndex = firstIndex;
        PieceCount = pieceCount;
        _piecesHeldByKernel = pieceCount;
    }

    /// <summary>
    /// The ring was lost without being disposed. The buffer's reference count keeps the memory mapped for
    /// ever, because nobody can know any more when the kernel is done with it.
    /// </summary>
    ~RegisteredMemory() => GpuMappedBuffer.ReportLeak(Buffer.LengthBytes);

    /// <summary>The ring whose table the memory is in.</summary>
    public IoUring Ring { get; }

    /// <summary>The owner of the memory.</summary>
    public GpuMappedBuffer Buffer { get; }

    /// <summary>Length in bytes of the registered range.</summary>
    public long LengthBytes => Buffer.LengthBytes;

    /// <summary>Dispose was called, here or on the ring: no further operation may use it.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Operations on this memory whose completion has not been reaped.</summary>
    public int InFlightCount { get; internal set; }

    internal int FirstIndex { get; }

    internal int PieceCount { get; }

    /// <summary>A piece of the memory, to read into.</summary>
    /// <param name="offsetBytes">From the start of the buffer, 0 and more.</param>
    /// <param name="lengthBytes">1 and more. The range may not cross a multiple of 1 GiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory, or crosses 1
    /// GiB.</exception>
    public RegisteredRegion Region(long offsetBytes, int lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > LengthBytes - lengthBytes)
        {
            RegisteredRegion.ThrowOutOfRange(offsetBytes, lengthBytes, LengthBytes);
        }
        long piece = offsetBytes / PieceBytesMax;
        if ((offsetBytes + lengthBytes - 1) / PieceBytesMax != piece)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offsetBytes),
                $"The range from {offsetBytes} of {lengthBytes} bytes crosses a multiple of 1 GiB, where one "
                + "registered piece ends and the next begins.");
        }
        return new RegisteredRegion(
            this, Buffer.Address + (nint)offsetBytes, lengthBytes, (ushort)(FirstIndex + piece));
    }

    /// <summary>Takes the memory out of the ring's table as soon as no operation uses it.</summary>
    /// <exception cref="InvalidOperationException">Called on another thread than the ring's.</exception>
    [Releases]
    public void Dispose()
    {
        if (IsReleased)
        {
            return;
        }
        Ring.EnsureUsableOrUnbound();
        Release();
    }

    internal void Release()
    {
        IsReleased = true;
        if (InFlightCount == 0)
        {
            Ring.Unregister(this);
        }
    }

    internal void OnOperationEnded()
    {
        InFlightCount--;
        Debug.Assert(InFlightCount >= 0);
        if (InFlightCount == 0 && IsReleased)
        {
            Ring.Unregister(this);
        }
    }

    /// <summary>The kernel's word for one piece: it holds no reference to those pages any more.</summary>
    internal void OnPieceReleased()
    {
        Debug.Assert(InFlightCount == 0 && _piecesHeldByKernel > 0);
        if (--_piecesHeldByKernel == 0)
        {
            GiveBack();
        }
    }

    /// <summary>
    /// The ring is closed. With nothing in flight the memory goes back to its owner; otherwise it is lost,
    /// and said to be.
    /// </summary>
    internal void OnRingClosed()
    {
        IsReleased = true;
        if (_piecesHeldByKernel == 0)
        {
            return;
        }
        _piecesHeldByKernel = 0;
        if (InFlightCount == 0)
        {
            GiveBack();
        }
        else
        {
            GC.SuppressFinalize(this);
            GpuMappedBuffer.ReportLeak(Buffer.LengthBytes);
        }
    }

    private void GiveBack()
    {
        GC.SuppressFinalize(this);
        Buffer.EndUse();
    }
}
