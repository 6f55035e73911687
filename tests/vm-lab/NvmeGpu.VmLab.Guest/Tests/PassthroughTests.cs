using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// What the kernel does with NVMe read commands in rings, by entries that are put together here: the facts
/// on which the owned types stand.
/// </summary>
internal static class PassthroughTests
{
    private const int WindowBytes = 256 << 10;

    private const ulong Poison = 0x5A5A_A5A5_0F0F_F0F0;

    public static void Passthrough_into_RAM_brings_every_byte(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        Check.Equal(0, ReadSweep(context, buffer), "the first result that is not 0");
    }

    /// <summary>The host watches meanwhile where the drive writes to, see the lab's tests.</summary>
    public static void Passthrough_into_the_memory_of_another_controller_brings_every_byte(
        GuestContext context)
    {
        using GpuMappedBuffer window = PeerWindow.Map(context.Peer, WindowBytes);
        ReportBar(context);
        context.Channel.Ask("trace peer");
        int result = ReadSweep(context, window);
        context.Channel.Ask("trace off");
        Check.Equal(0, result, "the first result that is not 0");
        context.Report("peer.bytes", $"{SweepBytes(context.Data)}");
    }

    /// <summary>The host looks where the drive wrote to: the kernel copied, and said nothing of it.</summary>
    public static void An_unaligned_read_into_peer_memory_succeeds_and_is_copied_by_the_kernel(
        GuestContext context)
    {
        const int Shift = 8; // words stay aligned; blocks do not
        const int LengthBytes = 8192;
        using GpuMappedBuffer window = PeerWindow.Map(context.Peer, WindowBytes);
        Fill(window, Poison);
        ReportBar(context);
        context.Channel.Ask("trace unaligned");
        int result = ReadOnce(context, window.Address + Shift + 2, 0, LengthBytes);
        context.Channel.Ask("trace off");
        Check.Equal(0, result, "the result");
        // What lies at odd addresses is looked at in a copy of the whole words around it.
        byte[] copy = new byte[LengthBytes + (2 * Shift)];
        CopyWords(window, copy);
        Check.Pattern(copy.AsSpan(Shift + 2, LengthBytes), 0, context.Seed);
    }

    /// <summary>
    /// The same for the path without commands: peer pages are accepted by O_DIRECT reads too.
    /// </summary>
    public static void A_direct_read_into_the_memory_of_another_controller_brings_every_byte(
        GuestContext context)
    {
        using GpuMappedBuffer window = PeerWindow.Map(context.Peer, WindowBytes);
        using SafeFileHandle file =
            DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var ring = new RawRing(0);
        foreach (long offset in (long[])[0, 4096, 1 << 20])
        {
            Fill(window, Poison);
            // SAFETY: the window is mapped for the whole block.
            unsafe
            {
                int result = ring.Read(
                    (int)file.DangerousGetHandle(), offset, window.Address, WindowBytes);
                Check.Equal(WindowBytes, result, $"a read at {offset}");
                Check.PatternInDevice(window.Address, WindowBytes, offset, context.Seed);
            }
        }
    }

    public static void Passthrough_across_the_host_bridge_is_refused(GuestContext context)
    {
        using GpuMappedBuffer window = PeerWindow.Map(context.Peer, WindowBytes);
        Fill(window, Poison);
        int result = ReadOnce(context, window.Address, 0, 4096);
        Check.That(
            result is -Libc.EINVAL or -Libc.EREMOTEIO, $"the result is {result}: no refusal for topology.");
        Check.That(IsFilled(window, 4096), "the kernel refused, and bytes arrived all the same.");
    }

    /// <summary>
    /// The reason for trial reads that compare: the drive reports success, and nothing is where it should be.
    /// </summary>
    public static void Behind_an_IOMMU_passthrough_reports_success_and_nothing_arrives(GuestContext context)
    {
        using GpuMappedBuffer window = PeerWindow.Map(context.Peer, WindowBytes);
        Fill(window, Poison);
        Check.Equal(0, ReadOnce(context, window.Address, 0, 4096), "the result");
        Check.That(
            IsFilled(window, 4096), "something arrived: the lab's IOMMU does not do what this test is for.");
    }

    public static void A_ring_with_small_entries_is_refused(GuestContext context)
    {
        using SafeFileHandle file = DeviceFile.Open(context.Data.CharPath, Libc.O_RDONLY);
        foreach (uint flags in (uint[])[0, Liburing.IORING_SETUP_SQE128, Liburing.IORING_SETUP_CQE32])
        {
            using var ring = new RawRing(flags);
            int result = ring.PassthroughWithoutCommand((int)file.DangerousGetHandle());
            Check.Equal(-Libc.EOPNOTSUPP, result, $"the result with {flags:x}");
        }
    }

    public static void A_read_beyond_the_end_has_the_status_LBA_out_of_range(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        Check.Equal(
            0x4080, ReadOnce(context, buffer.Address, context.Data.LengthBytes, context.Data.BlockBytes),
            "DNR, and LBA Out of Range of the generic command status");
    }

    public static void A_foreign_namespace_is_refused(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        using SafeFileHandle file = DeviceFile.Open(context.Data.CharPath, Libc.O_RDONLY);
        using var ring = new RawRing(RawRing.ForPassthrough);
        // SAFETY: the buffer has more than one block.
        unsafe
        {
            int result = ring.Passthrough(
                (int)file.DangerousGetHandle(), context.Data.NamespaceId + 1, 0, 1, buffer.Address,
                context.Data.BlockBytes);
            Check.Equal(-Libc.EINVAL, result, "the result");
        }
    }

    /// <summary>Lengths from one block up, at the drive's start, in its middle and at its end.</summary>
    private static int ReadSweep(GuestContext context, GpuMappedBuffer target)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle file = DeviceFile.Open(drive.CharPath, Libc.O_RDONLY);
        using var ring = new RawRing(RawRing.ForPassthrough);
        foreach (int lengthBytes in SweepLengths(drive))
        {
            foreach (long offset in SweepOffsets(drive, lengthBytes))
            {
                Fill(target, Poison);
                // SAFETY: the target has WindowBytes, no length is longer, and it is mapped for this method.
                unsafe
                {
                    int result = ring.Passthrough(
                        (int)file.DangerousGetHandle(), drive.NamespaceId, offset / drive.BlockBytes,
                        lengthBytes / drive.BlockBytes, target.Address, lengthBytes);
                    if (result != 0)
                    {
                        return result;
                    }
                    Check.PatternInDevice(target.Address, lengthBytes, offset, context.Seed);
                    Check.That(
                        IsFilled(target, WindowBytes - lengthBytes, lengthBytes),
                        $"a read of {lengthBytes} bytes wrote behind them.");
                }
            }
        }
        return 0;
    }

    private static int[] SweepLengths(NvmeDrive drive) =>
        [drive.BlockBytes, 3 * drive.BlockBytes, 8192, 65_536, Math.Min(WindowBytes, drive.TransferBytesMax)];

    private static long[] SweepOffsets(NvmeDrive drive, int lengthBytes) =>
        [0, 5L * drive.BlockBytes, drive.LengthBytes / 2, drive.LengthBytes - lengthBytes];

    private static long SweepBytes(NvmeDrive drive)
    {
        long bytes = 0;
        foreach (int lengthBytes in SweepLengths(drive))
        {
            bytes += (long)lengthBytes * SweepOffsets(drive, lengthBytes).Length;
        }
        return bytes;
    }

    private static int ReadOnce(GuestContext context, nint address, long offsetBytes, int lengthBytes)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle file = DeviceFile.Open(drive.CharPath, Libc.O_RDONLY);
        using var ring = new RawRing(RawRing.ForPassthrough);
        // SAFETY: the callers' memory is larger than what they ask for, and outlives this call.
        unsafe
        {
            return ring.Passthrough(
                (int)file.DangerousGetHandle(), drive.NamespaceId, offsetBytes / drive.BlockBytes,
                lengthBytes / drive.BlockBytes, address, lengthBytes);
        }
    }

    private static void ReportBar(GuestContext context)
    {
        (ulong first, ulong last) = context.Peer.LargestBar();
        context.Report("peer.first", $"{first:x}");
        context.Report("peer.last", $"{last:x}");
    }

    // 64-bit stores and loads, because the memory may be a device's.
    private static void Fill(GpuMappedBuffer target, ulong word)
    {
        // SAFETY: within the target, which the callers keep; aligned, because mappings begin at pages.
        unsafe
        {
            for (int at = 0; at < WindowBytes; at += sizeof(ulong))
            {
                Volatile.Write(ref *(ulong*)(target.Address + at), word);
            }
        }
    }

    private static void CopyWords(GpuMappedBuffer source, byte[] to)
    {
        // SAFETY: as in Fill; the window is longer than the copy.
        unsafe
        {
            for (int at = 0; at < to.Length; at += sizeof(ulong))
            {
                BitConverter.TryWriteBytes(
                    to.AsSpan(at), Volatile.Read(ref *(ulong*)(source.Address + at)));
            }
        }
    }

    private static bool IsFilled(GpuMappedBuffer target, int lengthBytes, int startBytes = 0)
    {
        // SAFETY: as in Fill.
        unsafe
        {
            for (int at = startBytes; at < startBytes + lengthBytes; at += sizeof(ulong))
            {
                if (Volatile.Read(ref *(ulong*)(target.Address + at)) != Poison)
                {
                    return false;
                }
            }
        }
        return true;
    }
}
