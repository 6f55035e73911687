#nullable enable
using System;
using System.Diagnostics;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// A <see cref="GpuMappedBuffer"/> that a ring reads into without registering it: what the kernel refuses to
/// pin for long (another device's pages), and host memory beyond the locked-memory limit. The kernel looks up
/// and pins the pages for each operation. It keeps the buffer's memory mapped until the last operation on it
/// has completed.
/// <para>
/// Dispose gives the memory back: at once when nothing is in flight, else with the last completion;
/// afterwards every region of it is refused. The ring's Dispose does the same for all that is still attached.
/// </para>
/// <para>Threads: the ring's thread.</para>
/// </summary>
sealed partial class AttachedMemory : IDisposable
{
    private bool _isGivenBack;

    internal AttachedMemory(IoUring ring, GpuMappedBuffer buffer)
    {
        Ring = ring;
        Buffer = buffer;
    }

    /// <summary>
    /// The ring was lost without being disposed. With operations in flight the buffer's reference count keeps
    /// the memory mapped for ever, because nobody can know any more when the kernel is done with it.
    /// </summary>
    ~AttachedMemory()
    {
        if (InFlightCount == 0)
        {
            Buffer.EndUse();
        }
        else
        {
            GpuMappedBuffer.ReportLeak(Buffer.LengthBytes);
        }
    }

    /// <summary>The ring that may read into it.</summary>
    public IoUring Ring { get; }

    /// <summary>The owner of the memory.</summary>
    public GpuMappedBuffer Buffer { get; }

    /// <summary>Length in bytes of the range.</summary>
    public long LengthBytes => Buffer.LengthBytes;

    /// <summary>Dispose was called, here or on the ring: no further operation may use it.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Operations on this memory whose completion has not been reaped.</summary>
    public int InFlightCount { get; internal set; }

    /// <summary>A piece of the memory, to read into.</summary>
    /// <param name="offsetBytes">From the start of the buffer, 0 and more.</param>
    /// <param name="lengthBytes">1 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory.</exception>
    public AttachedRegion Region(long offsetBytes, int lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > LengthBytes - lengthBytes)
        {
            RegisteredRegion.ThrowOutOfRange(offsetBytes, lengthBytes, LengthBytes);
        }
        return new AttachedRegion(this, Buffer.Address + (nint)offsetBytes, lengthBytes);
    }

    /// <summary>Gives the memory back to its owner as soon as no operation uses it.</summary>
    /// <exception cref="InvalidOperationException">Called on another thread than the ring's.</exception>
    [Releases]
    public void Dispose()
    {
        if (IsReleased)
        {
            return;
        }
        Ring.EnsureUsableOrUnbound();
        IsReleased = true;
        if (InFlightCount == 0)
        {
            GiveBack();
        }
    }

    internal void OnOperationEnded()
    {
        InFlightCount--;
        Debug.Assert(InFlightCount >= 0);
        if (InFlightCount == 0 && IsReleased)
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
        if (_isGivenBack)
        {
            return;
        }
        _isGivenBack = true;
        GC.SuppressFinalize(this);
        Ring.Detach(this);
        Buffer.EndUse();
    }
}
