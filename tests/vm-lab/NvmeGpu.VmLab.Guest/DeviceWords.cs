using System;
using System.Threading;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// Fills and looks at memory that may be a device's: aligned 64-bit stores and loads, and nothing else.
/// </summary>
internal static class DeviceWords
{
    /// <summary>In no pattern at any place that tests look at.</summary>
    public const ulong Poison = 0x5A5A_A5A5_0F0F_F0F0;

    public static void Fill(GpuMappedBuffer target) => Fill(target, 0, target.LengthBytes);

    public static void Fill(GpuMappedBuffer target, long startBytes, long lengthBytes)
    {
        Check.That(startBytes + lengthBytes <= target.LengthBytes, "the test fills beyond its memory.");
        // SAFETY: within the target, which the callers keep; aligned, because mappings begin at pages.
        unsafe
        {
            for (long at = startBytes; at < startBytes + lengthBytes; at += sizeof(ulong))
            {
                Volatile.Write(ref *(ulong*)(target.Address + (nint)at), Poison);
            }
        }
    }

    /// <summary>Nothing was written there since <see cref="Fill"/>.</summary>
    public static bool IsFilled(GpuMappedBuffer target, long startBytes, long lengthBytes)
    {
        Check.That(startBytes + lengthBytes <= target.LengthBytes, "the test looks beyond its memory.");
        // SAFETY: as in Fill; the range was checked.
        unsafe
        {
            for (long at = startBytes; at < startBytes + lengthBytes; at += sizeof(ulong))
            {
                if (Volatile.Read(ref *(ulong*)(target.Address + (nint)at)) != Poison)
                {
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>The first bytes of the memory, a multiple of 8.</summary>
    public static byte[] Copy(GpuMappedBuffer source, int lengthBytes)
    {
        Check.That(lengthBytes <= source.LengthBytes, "the test looks beyond its memory.");
        byte[] copy = new byte[lengthBytes];
        // SAFETY: as in Fill; the length was checked.
        unsafe
        {
            for (int at = 0; at < lengthBytes; at += sizeof(ulong))
            {
                BitConverter.TryWriteBytes(
                    copy.AsSpan(at), Volatile.Read(ref *(ulong*)(source.Address + at)));
            }
        }
        return copy;
    }

    /// <summary>The first bytes are the drive's at that offset, and none behind them has changed.</summary>
    public static void CheckRead(GuestContext context, GpuMappedBuffer target, long offset, int lengthBytes)
    {
        Check.That(lengthBytes <= target.LengthBytes, "the test looks beyond its memory.");
        // SAFETY: the length was checked, and nothing is in flight.
        unsafe
        {
            Check.PatternInDevice(target.Address, lengthBytes, offset, context.Seed);
        }
        Check.That(
            IsFilled(target, lengthBytes, target.LengthBytes - lengthBytes),
            $"a read of {lengthBytes} bytes wrote behind them.");
    }
}
