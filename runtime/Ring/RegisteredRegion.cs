#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// A piece of registered memory that knows its ring, index, address and length, so a wrong buffer index
/// cannot be written down. It owns nothing: the <see cref="RegisteredMemory"/> that it came from does, and
/// once that is released the region is refused.
/// </summary>
readonly partial struct RegisteredRegion
{
    internal RegisteredRegion(RegisteredMemory memory, nint address, int lengthBytes, ushort bufferIndex)
    {
        Memory = memory;
        Address = address;
        LengthBytes = lengthBytes;
        BufferIndex = bufferIndex;
    }

    /// <summary>The registration that this is a piece of.</summary>
    public RegisteredMemory Memory { get; }

    /// <summary>First byte.</summary>
    [Stable, Registered(Index = nameof(BufferIndex), Length = nameof(LengthBytes))]
    public nint Address { get; }

    /// <summary>Bytes, 1 and more.</summary>
    public int LengthBytes { get; }

    /// <summary>Index in the ring's table of registered buffers.</summary>
    public ushort BufferIndex { get; }

    /// <summary>A piece of this piece.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would reach beyond this region, or be
    /// empty.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RegisteredRegion Slice(long offsetBytes, int lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > LengthBytes - lengthBytes)
        {
            ThrowOutOfRange(offsetBytes, lengthBytes, LengthBytes);
        }
        return new RegisteredRegion(Memory, Address + (nint)offsetBytes, lengthBytes, BufferIndex);
    }

    internal static void ThrowOutOfRange(long offsetBytes, long lengthBytes, long limitBytes) =>
        throw new ArgumentOutOfRangeException(
            nameof(offsetBytes),
            $"Offset {offsetBytes} and length {lengthBytes} are not a non-empty range inside {limitBytes} "
            + "bytes.");
}
