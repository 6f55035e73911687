using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// NVMe read commands in rings, by the types that users have; entries put together by hand only for what
/// those types refuse and the kernel does all the same.
/// </summary>
internal static class PassthroughTests
{
    private const int WindowBytes = 256 << 10;

    /// <summary>Watched behind what is read.</summary>
    private const int GuardBytes = 64 << 10;

    private const int HugePageBytes = 2 << 20;

    /// <summary>Pinned for each command.</summary>
    public static void Passthrough_into_RAM_brings_every_byte(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        using var reader = new CommandReader(context.Data, buffer);
        ReadSweep(context, reader, Math.Min(WindowBytes, reader.Source.TransferBytesMax));
    }

    /// <summary>Pinned once (IORING_URING_CMD_FIXED).</summary>
    public static void Passthrough_into_registered_RAM_brings_every_byte(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        using var reader = new CommandReader(context.Data, buffer, isRegistered: true);
        ReadSweep(context, reader, Math.Min(WindowBytes, reader.Source.TransferBytesMax));
    }

    public static void One_command_brings_as_much_as_the_namespace_allows_and_not_a_block_more(
        GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(HugePageBytes);
        using var reader = new CommandReader(context.Data, buffer);
        int most = reader.Source.TransferBytesMax;
        context.Report("transfer.bytes", $"{most}");
        ReadSweep(context, reader, most);
        ExpectTooLong(reader, most);
    }

    public static void Regions_of_a_registration_larger_than_a_command_are_read_into(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(HugePageBytes);
        using var reader = new CommandReader(context.Data, buffer, isRegistered: true);
        ReadSweep(context, reader, reader.Source.TransferBytesMax);
        ExpectTooLong(reader, reader.Source.TransferBytesMax);
    }

    public static void Linux_6_1_refuses_regions_of_a_registration_larger_than_a_command(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(HugePageBytes);
        using var reader = new CommandReader(context.Data, buffer, isRegistered: true);
        DeviceWords.Fill(buffer);
        Check.Equal(Libc.EINVAL, reader.Read(0, context.Data.BlockBytes).Errno, "the answer");
        Check.That(DeviceWords.IsFilled(buffer, 0, GuardBytes), "bytes arrived all the same.");
    }

    /// <summary>The host watches meanwhile where the drive writes to, see the lab's tests.</summary>
    public static void Passthrough_into_the_memory_of_another_controller_brings_every_byte(
        GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(context.Data.TransferBytesMax + GuardBytes);
        using var reader = new CommandReader(context.Data, window);
        ReportBar(context);
        context.Channel.Ask("trace peer");
        long bytes = ReadSweep(context, reader, reader.Source.TransferBytesMax);
        context.Channel.Ask("trace off");
        context.Report("peer.bytes", $"{bytes}");
        ExpectTooLong(reader, reader.Source.TransferBytesMax);
    }

    /// <summary>
    /// By hand, because the runtime refuses it. The host looks where the drive wrote to: the kernel copied,
    /// and said nothing of it.
    /// </summary>
    public static void An_unaligned_read_into_peer_memory_succeeds_and_is_copied_by_the_kernel(
        GuestContext context)
    {
        const int Shift = 10; // not a multiple of 4, nor of a word
        const int LengthBytes = 8192;
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes);
        using SafeFileHandle file = DeviceFile.Open(context.Data.CharPath, Libc.O_RDONLY);
        using var ring = new RawRing(RawRing.ForPassthrough);
        DeviceWords.Fill(window);
        ReportBar(context);
        context.Channel.Ask("trace unaligned");
        // SAFETY: the window is longer than what is read, and outlives the ring.
        unsafe
        {
            int result = ring.Passthrough(
                (int)file.DangerousGetHandle(), context.Data.NamespaceId, 0,
                LengthBytes / context.Data.BlockBytes, window.Address + Shift, LengthBytes);
            Check.Equal(0, result, "the result");
        }
        context.Channel.Ask("trace off");
        // What lies at odd addresses is looked at in a copy of the whole words around it.
        byte[] copy = DeviceWords.Copy(window, LengthBytes + 16);
        Check.Pattern(copy.AsSpan(Shift, LengthBytes), 0, context.Seed);
    }

    /// <summary>
    /// The same for the path without commands: peer pages are accepted by O_DIRECT reads too.
    /// </summary>
    public static void A_direct_read_into_the_memory_of_another_controller_brings_every_byte(
        GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes + GuardBytes);
        using SafeFileHandle direct =
            DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using SafeFileHandle buffered = DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY);
        using var reader = new CommandReader(context.Data, window);
        RegisteredFile file = reader.Ring.Register(direct);
        ReportBar(context);
        context.Channel.Ask("trace direct");
        foreach (long offset in (long[])[0, 4096, 1 << 20])
        {
            DeviceWords.Fill(window);
            _ = reader.Ring.Read(reader.Attached.Region(0, WindowBytes), file, offset);
            Completion completion = reader.End();
            Check.That(completion.IsSuccess, $"the read at {offset} failed with {completion.Errno}.");
            Check.Equal(WindowBytes, completion.ByteCount, $"a read at {offset}");
            DeviceWords.CheckRead(context, window, offset, WindowBytes);
        }
        context.Channel.Ask("trace off");
        context.Report("direct.bytes", $"{3 * WindowBytes}");
        RegisteredFile cached = reader.Ring.Register(buffered);
        Check.Refused<ArgumentException>(
            () => _ = reader.Ring.Read(reader.Attached.Region(0, WindowBytes), cached, 0), "O_DIRECT");
    }

    public static void Reads_of_another_shape_are_refused_before_the_kernel_sees_them(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        foreach (bool isRegistered in (bool[])[false, true])
        {
            using var reader = new CommandReader(context.Data, buffer, isRegistered);
            int block = reader.Source.LbaBytes;
            ulong end = reader.Source.LengthLbas;
            Check.Equal((ulong)(context.Data.LengthBytes / block), end, "blocks of the namespace");
            DeviceWords.Fill(buffer);
            foreach (int shift in (int[])[1, 2, 4, 64, block / 2])
            {
                Check.Refused<ArgumentException>(
                    () => reader.Begin(shift, block, 0, 1),
                    $"is not a multiple of {reader.Source.AlignmentBytes}");
            }
            Check.Refused<ArgumentException>(() => reader.Begin(0, block - 4, 0, 1), "the region has");
            Check.Refused<ArgumentException>(() => reader.Begin(0, block, 0, 2), "the region has");
            Check.Refused<ArgumentException>(() => reader.Begin(0, 2 * block, 0, 1), "the region has");
            Check.Refused<ArgumentOutOfRangeException>(() => reader.Begin(0, block, 0, 0), "1 to 65536");
            Check.Refused<ArgumentOutOfRangeException>(() => reader.Begin(0, block, end, 1), "run past");
            Check.Refused<ArgumentOutOfRangeException>(
                () => reader.Begin(0, 2 * block, end - 1, 2), "run past");
            Check.Refused<ArgumentOutOfRangeException>(
                () => reader.Begin(0, block, ulong.MaxValue, 1), "run past");
            Check.Equal(0, reader.Ring.InFlightCount, "reads that were begun all the same");
            Check.Equal(0, reader.Ring.Submit(), "entries that were submitted all the same");
            Check.That(DeviceWords.IsFilled(buffer, 0, WindowBytes), "bytes arrived all the same.");
            // Nothing of it has spoilt the ring.
            Check.That(reader.Read(0, block).IsSuccess, "a right read afterwards failed.");
            DeviceWords.CheckRead(context, buffer, 0, block);
        }
    }

    /// <summary>Past the runtime's own check, which no public member allows.</summary>
    public static void A_read_beyond_the_end_has_the_status_LBA_out_of_range(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        using var reader = new CommandReader(context.Data, buffer);
        Completion completion = Push(reader, reader.Source.NamespaceId, reader.Source.LengthLbas);
        Check.That(!completion.IsSuccess, "it succeeded.");
        Check.Equal(0x4080, completion.NvmeStatus.Value, "the status");
        Check.Equal("LBA Out of Range", completion.NvmeStatus.Name, "its name");
        Check.That(completion.NvmeStatus.IsDoNotRetry, "the drive does not say that a retry is no use.");
        Check.Equal(0, completion.Errno, "the error number");
    }

    public static void A_foreign_namespace_is_refused(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        using var reader = new CommandReader(context.Data, buffer);
        Completion completion = Push(reader, reader.Source.NamespaceId + 1, 0);
        Check.Equal(Libc.EINVAL, completion.Errno, "the answer");
    }

    public static void Passthrough_across_the_host_bridge_is_refused(GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes);
        using var reader = new CommandReader(context.Data, window);
        DeviceWords.Fill(window);
        Completion completion = reader.Read(0, 4096);
        Check.That(
            completion.Errno is Libc.EINVAL or Libc.EREMOTEIO,
            $"error {completion.Errno}, status {completion.NvmeStatus}: no refusal for topology.");
        string message = completion.ToException("Reading").Message;
        Check.That(message.Contains("cannot reach this peer memory", StringComparison.Ordinal), message);
        Check.That(DeviceWords.IsFilled(window, 0, WindowBytes), "bytes arrived all the same.");
    }

    /// <summary>
    /// The reason for trial reads that compare: the drive reports success, and nothing is where it should be.
    /// </summary>
    public static void Behind_an_IOMMU_passthrough_reports_success_and_nothing_arrives(GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes);
        using var reader = new CommandReader(context.Data, window);
        DeviceWords.Fill(window);
        Check.That(reader.Read(0, 4096).IsSuccess, "the read failed.");
        Check.That(
            DeviceWords.IsFilled(window, 0, 4096),
            "something arrived: the lab's IOMMU does not do what this test is for.");
    }

    /// <summary>The runtime says so in words; the kernel, asked by hand, with EOPNOTSUPP.</summary>
    public static void A_ring_with_small_entries_is_refused(GuestContext context)
    {
        using (GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes))
        using (NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath))
        using (IoUring small = IoUring.Create(new IoUringOptions { DepthMax = 4 }))
        {
            AttachedMemory memory = small.Attach(buffer);
#pragma warning disable NVG0011 // what the rule says at build time is tried here
            Check.Refused<InvalidOperationException>(
                () => _ = small.Read(memory.Region(0, source.LbaBytes), source, 0, 1),
                "make it with IoUringOptions.UseBigEntries");
#pragma warning restore NVG0011
            Check.Equal(0, small.InFlightCount, "reads that were begun all the same");
        }
        using SafeFileHandle file = DeviceFile.Open(context.Data.CharPath, Libc.O_RDONLY);
        foreach (uint flags in (uint[])[0, Liburing.IORING_SETUP_SQE128, Liburing.IORING_SETUP_CQE32])
        {
            using var ring = new RawRing(flags);
            int result = ring.PassthroughWithoutCommand((int)file.DangerousGetHandle());
            Check.Equal(-Libc.EOPNOTSUPP, result, $"the result with {flags:x}");
        }
    }

    /// <summary>
    /// Lengths from one block to the most, at the drive's start, in its middle and at its end. How many bytes
    /// that were.
    /// </summary>
    private static long ReadSweep(GuestContext context, CommandReader reader, int lengthBytesMax)
    {
        int block = reader.Source.LbaBytes;
        long driveBytes = context.Data.LengthBytes;
        long bytes = 0;
        foreach (int lengthBytes in (int[])[block, 3 * block, 8192, 65_536, lengthBytesMax])
        {
            foreach (long offset in (long[])[0, 5L * block, driveBytes / 2, driveBytes - lengthBytes])
            {
                DeviceWords.Fill(reader.Buffer);
                Completion completion = reader.Read(offset, lengthBytes);
                Check.That(
                    completion.IsSuccess,
                    $"{lengthBytes} bytes at {offset}: error {completion.Errno}, {completion.NvmeStatus}.");
                Check.Equal(lengthBytes, completion.ByteCount, $"bytes of the read at {offset}");
                DeviceWords.CheckRead(context, reader.Buffer, offset, lengthBytes);
                bytes += lengthBytes;
            }
        }
        return bytes;
    }

    private static void ExpectTooLong(CommandReader reader, int lengthBytesMax)
    {
        int lengthBytes = lengthBytesMax + reader.Source.LbaBytes;
        Check.Refused<ArgumentOutOfRangeException>(
            () => reader.Begin(0, lengthBytes, 0, (uint)(lengthBytes / reader.Source.LbaBytes)),
            "of one command: split them");
        Check.Equal(0, reader.Ring.InFlightCount, "reads that were begun all the same");
    }

    /// <summary>One block by a command that the runtime's checks have not seen.</summary>
    private static Completion Push(CommandReader reader, uint namespaceId, ulong lba)
    {
        // SAFETY: the buffer is longer than a block, and stays until the completion.
        unsafe
        {
            NvmeCommand.Read(
                out nvme_uring_cmd command, namespaceId, (void*)reader.Buffer.Address,
                (uint)reader.Source.LbaBytes, lba, 1, (uint)reader.Source.LbaBytes);
            reader.BeginByHand(command);
        }
        return reader.End();
    }

    private static void ReportBar(GuestContext context)
    {
        (ulong first, ulong last) = context.Peer.LargestBar();
        context.Report("peer.first", $"{first:x}");
        context.Report("peer.last", $"{last:x}");
    }
}
