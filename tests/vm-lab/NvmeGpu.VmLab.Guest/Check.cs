using System;
using System.Collections.Generic;
using System.Threading;

namespace NvmeGpu.VmLab.Guest;

/// <summary>Claims of guest tests: an exception with a sentence when one does not hold.</summary>
internal static class Check
{
    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new GuestFailedException(otherwise);
        }
    }

    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new GuestFailedException($"{what}: expected {expected}, was {actual}.");
        }
    }

    /// <summary>It is refused by that kind of exception, with these words in it.</summary>
    public static void Refused<TException>(Action action, string words)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException e)
        {
            That(
                e.Message.Contains(words, StringComparison.Ordinal),
                $"the refusal does not say '{words}': {e.Message}");
            return;
        }
        throw new GuestFailedException($"it was not refused (expected: '{words}').");
    }

    /// <summary>Every byte is what the drive has at that offset.</summary>
    public static void Pattern(ReadOnlySpan<byte> bytes, long offsetBytes, ulong seed)
    {
        long at = DiskPattern.FirstDifference(bytes, offsetBytes, seed);
        if (at >= 0)
        {
            throw Different(at, offsetBytes, BitConverter.ToUInt64(bytes[(int)at..]), seed);
        }
    }

    /// <summary>
    /// The same for memory of a device, which is uncached: aligned 64-bit loads and nothing else, where a
    /// span may be read in vectors.
    /// </summary>
    /// <safety>That many bytes are mapped at the address, a multiple of 8.</safety>
    public static unsafe void PatternInDevice(nint address, int lengthBytes, long offsetBytes, ulong seed)
    {
        for (int at = 0; at < lengthBytes; at += DiskPattern.WordBytes)
        {
            // SAFETY: the caller's duty; the position is within the length.
            unsafe
            {
                ulong word = Volatile.Read(ref *(ulong*)(address + at));
                if (word != DiskPattern.WordAt(offsetBytes + at, seed))
                {
                    throw Different(at, offsetBytes, word, seed);
                }
            }
        }
    }

    private static GuestFailedException Different(long at, long offsetBytes, ulong word, ulong seed) => new(
        $"byte {at} of what was read from {offsetBytes}: the word is {word:x16}, and the drive has "
        + $"{DiskPattern.WordAt(offsetBytes + at, seed):x16} there.");
}
