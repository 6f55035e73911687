#nullable enable
using System;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// The one test that may say "proven". For each of two different blocks:
/// <code>
///   read the reference through RAM -> fill the target with its complement -> read through the path on trial
///   -> accept only if every byte is the reference's, and none behind the block has changed
/// </code>
/// The complement differs from the reference in every byte, so a byte that never arrived cannot pass; the
/// second block differs from the first, so neither can data that was left over. Only reads, never writes.
/// </summary>
static partial class TrialRead
{
    /// <summary>Bytes behind the block that are watched, where there is room.</summary>
    public const int GuardBytes = 4096;

    /// <summary>The largest block.</summary>
    public const int BlockBytesMax = 64 << 10;

    private const byte Guard = 0xA5;
    private const int CandidatesMax = 32;

    /// <summary>The bytes at an offset, read through RAM; false when they cannot be had.</summary>
    public delegate bool Reference(long offsetBytes, Span<byte> bytes);

    /// <summary>Tries a path on an open file.</summary>
    /// <param name="path">What is on trial; its memory has room for a block and the guard.</param>
    /// <param name="reference">The same file, to be read through RAM.</param>
    /// <param name="lengthBytes">Length of the file, at least two blocks.</param>
    /// <param name="blockBytes">1 to 64 KiB, and what the path's alignment asks for.</param>
    public static (CapabilityOutcome Outcome, string Detail) Run(
        ITrialPath path, SafeFileHandle reference, long lengthBytes, int blockBytes) =>
        Run(path, (offsetBytes, bytes) => ReadFile(reference, offsetBytes, bytes), lengthBytes, blockBytes);

    /// <summary>Tries a path on whatever has a reference.</summary>
    /// <param name="path">What is on trial; its memory has room for a block and the guard.</param>
    /// <param name="reference">Another way to the same bytes.</param>
    /// <param name="lengthBytes">How many there are, at least two blocks.</param>
    /// <param name="blockBytes">1 to 64 KiB, and what the path's alignment asks for.</param>
    /// <param name="guardBytes">How many bytes behind the block are watched; where memory is short, fewer
    /// than <see cref="GuardBytes"/>, or none.</param>
    public static (CapabilityOutcome Outcome, string Detail) Run(
        ITrialPath path, Reference reference, long lengthBytes, int blockBytes, int guardBytes = GuardBytes)
    {
        byte[] first = new byte[blockBytes];
        byte[] second = new byte[blockBytes];
        if (!reference(0, first))
        {
            return (
                CapabilityOutcome.CannotTell,
                "The bytes to compare with could not be read.");
        }
        long secondOffset = FindDifferent(reference, lengthBytes, first, second);
        if (secondOffset < 0)
        {
            return (
                CapabilityOutcome.CannotTell,
                "All blocks that were looked at are alike, so data left over could pass for data read.");
        }
        if (TryBlock(path, reference, 0, first, guardBytes) is { } firstFailure)
        {
            return firstFailure;
        }
        return TryBlock(path, reference, secondOffset, second, guardBytes)
            ?? (
                CapabilityOutcome.Proven,
                $"Two different blocks of {blockBytes} bytes (at 0 and {secondOffset}) arrived, every byte.");
    }

    /// <summary>Null when the block arrived.</summary>
    private static (CapabilityOutcome, string)? TryBlock(
        ITrialPath path, Reference reference, long offsetBytes, byte[] expected, int guardBytes)
    {
        byte[] memory = new byte[expected.Length + guardBytes];
        Span<byte> block = memory.AsSpan(0, expected.Length);
        Span<byte> behind = memory.AsSpan(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            block[i] = unchecked((byte)~expected[i]);
        }
        behind.Fill(Guard);
        if (path.Fill(memory) is < 0 and int fillError)
        {
            return (CapabilityOutcome.CannotTell, Failed("The memory could not be filled", fillError));
        }

        int result = path.Read(offsetBytes, expected.Length);

        if (result < 0)
        {
            return (
                -result is Libc.EINVAL or Libc.EOPNOTSUPP or Libc.EREMOTEIO
                    ? CapabilityOutcome.Missing
                    : CapabilityOutcome.CannotTell,
                Failed($"The read at {offsetBytes} failed", result));
        }
        if (result != expected.Length)
        {
            return (
                CapabilityOutcome.CannotTell,
                $"The read at {offsetBytes} brought {result} of {expected.Length} bytes.");
        }
        if (path.CopyOut(memory) is < 0 and int copyError)
        {
            return (CapabilityOutcome.CannotTell, Failed("The memory could not be looked at", copyError));
        }
        int wrong = block.CommonPrefixLength(expected);
        if (wrong < expected.Length)
        {
            return HasChanged(reference, offsetBytes, expected)
                ? (CapabilityOutcome.CannotTell, "Somebody is writing there, so nothing can be compared.")
                : (
                    CapabilityOutcome.Missing,
                    $"The kernel reported success, but the byte at {offsetBytes + wrong} is not the right one"
                        + (block[wrong] == unchecked((byte)~expected[wrong]) ? ": it never arrived." : "."));
        }
        return behind.ContainsAnyExcept(Guard)
            ? (CapabilityOutcome.Missing,
                $"The read at {offsetBytes} wrote beyond the block that was asked for.")
            : null;
    }

    private static string Failed(string what, int result) =>
        $"{what} with {Errno.NameOf(-result)} ({Errno.MeaningOf(-result)}).";

    private static bool HasChanged(Reference reference, long offsetBytes, byte[] expected)
    {
        byte[] again = new byte[expected.Length];
        return !reference(offsetBytes, again) || !again.AsSpan().SequenceEqual(expected);
    }

    /// <summary>
    /// The offset of a block unlike the first, which is then in <paramref name="second"/>; -1 for none.
    /// </summary>
    private static long FindDifferent(Reference reference, long lengthBytes, byte[] first, byte[] second)
    {
        long blocks = lengthBytes / first.Length;
        long candidates = Math.Min(CandidatesMax, blocks - 1);
        for (long i = candidates; i >= 1; i--)
        {
            // Spread over the file, the last whole block first.
            long index = Math.Max(1, (blocks - 1) / candidates * i);
            if (reference(index * first.Length, second)
                && !second.AsSpan().SequenceEqual(first))
            {
                return index * first.Length;
            }
        }
        return -1;
    }

    private static bool ReadFile(SafeFileHandle reference, long offsetBytes, Span<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                int count = RandomAccess.Read(reference, bytes, offsetBytes);
                if (count == 0)
                {
                    return false;
                }
                bytes = bytes[count..];
                offsetBytes += count;
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
