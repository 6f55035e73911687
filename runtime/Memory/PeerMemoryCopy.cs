#nullable enable
using System;
using System.IO;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Lets the CPU look at another device's memory, in a copy that the kernel makes (<see cref="DeviceCopy"/>):
/// a load from such a mapping raises SIGBUS once the device is gone, which ends a .NET process. Slow, as
/// everything that reads across the bus: for tests and for consumers on the host.
/// <para>Threads: one at a time.</para>
/// </summary>
sealed partial class PeerMemoryCopy : IDisposable
{
    private readonly DeviceCopy _copy = new();
    private readonly byte[] _bytes;

    /// <param name="lengthBytesMax">The longest copy.</param>
    /// <exception cref="IoUringException">The kernel has no memory for the file.</exception>
    public PeerMemoryCopy(int lengthBytesMax) => _bytes = new byte[lengthBytesMax];

    /// <summary>What is in the memory now. Valid until the next call.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="lengthBytes">0 up to the longest copy.</param>
    /// <exception cref="IOException">The memory is gone with its device, or no memory was left for the
    /// copy.</exception>
    public ReadOnlySpan<byte> Of(nint address, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)lengthBytes, (uint)_bytes.Length);
        Span<byte> bytes = _bytes.AsSpan(0, lengthBytes);
        int result;
        // SAFETY: the kernel reads the range, and says so (EFAULT) when it cannot.
        unsafe
        {
            result = _copy.CopyOut((byte*)address, bytes);
        }
        return result == 0 ? bytes : throw new IOException(
            $"The device's memory at 0x{address:x} cannot be copied: {Errno.NameOf(-result)}, "
            + $"{Errno.MeaningOf(-result)}."
            + (result == -Libc.EFAULT ? " The device is gone, or its memory was unmapped." : ""));
    }

    /// <summary>What was copied must not be looked at any more.</summary>
    public void Dispose() => _copy.Dispose();
}
