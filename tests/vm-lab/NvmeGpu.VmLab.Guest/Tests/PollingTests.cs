using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>Rings that poll for completions (IOPOLL), for submissions (SQPOLL), or for both.</summary>
internal static class PollingTests
{
    private const int WindowBytes = 128 << 10;

    private static readonly IoUringOptions[] s_ways =
    [
        new IoUringOptions { UseCompletionPolling = true },
        new IoUringOptions { UseSubmissionPolling = true },
        new IoUringOptions { UseCompletionPolling = true, UseSubmissionPolling = true },
    ];

    /// <summary>
    /// The scenario has nvme.poll_queues=1. The witness is the kernel's count of the controller's interrupts.
    /// </summary>
    public static void Polled_commands_bring_every_byte_without_an_interrupt(GuestContext context)
    {
        foreach (IoUringOptions way in s_ways)
        {
            long before = Interrupts();
            int reads = ReadEverywhere(context, way);
            long interrupts = Interrupts() - before;
            context.Report($"polling.{Name(way)}", $"{interrupts} interrupts for {reads} reads");
            Check.That(
                way.UseCompletionPolling ? interrupts < reads / 4 : interrupts >= reads / 4,
                $"{Name(way)}: {interrupts} interrupts for {reads} reads.");
        }
    }

    /// <summary>Where the kernel has no such queue they are completed by interrupt, and right.</summary>
    public static void Without_polled_queues_commands_bring_every_byte_all_the_same(GuestContext context)
    {
        foreach (IoUringOptions way in s_ways)
        {
            _ = ReadEverywhere(context, way);
        }
    }

    /// <summary>An O_DIRECT read of a block device, which polls as commands do.</summary>
    public static void Polled_direct_reads_bring_every_byte(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        foreach (IoUringOptions way in s_ways)
        {
            for (long offset = 0; offset < context.Data.LengthBytes; offset += context.Data.LengthBytes / 4)
            {
                DeviceWords.Fill(buffer);
                Completion completion = ReadBlocks(context, buffer, way, offset);
                Check.That(completion.IsSuccess, $"{Name(way)}: a read at {offset}: {completion.Errno}.");
                Check.Equal(WindowBytes, completion.ByteCount, $"bytes of the read at {offset}");
                DeviceWords.CheckRead(context, buffer, offset, WindowBytes);
            }
        }
    }

    /// <summary>Since Linux 6.2 or so; before, the flag was ignored and the interrupt came.</summary>
    public static void Without_polled_queues_a_polled_direct_read_is_refused(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        DeviceWords.Fill(buffer);
        Completion completion = ReadBlocks(context, buffer, s_ways[0], 0);
        Check.Equal(Libc.EOPNOTSUPP, completion.Errno, "the answer");
        string message = completion.ToException("Reading").Message;
        Check.That(message.Contains("EOPNOTSUPP (not supported by this file or device)"), message);
        Check.That(DeviceWords.IsFilled(buffer, 0, WindowBytes), "bytes arrived all the same.");
    }

    /// <summary>Registered and attached host memory, and another controller's. How many reads.</summary>
    private static int ReadEverywhere(GuestContext context, IoUringOptions way)
    {
        const int Rounds = 16;
        int reads = 0;
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
        using GpuMappedBuffer peer = context.AllocatePeer(WindowBytes);
        foreach ((GpuMappedBuffer buffer, bool isRegistered) in
            (ReadOnlySpan<(GpuMappedBuffer, bool)>)[(host, true), (host, false), (peer, false)])
        {
            using var reader = new CommandReader(context.Data, buffer, isRegistered, way);
            Check.Equal(
                way.UseCompletionPolling, reader.Ring.Features.Has("IORING_SETUP_IOPOLL"), "the ring polls");
            for (int i = 0; i < Rounds; i++)
            {
                long offset = i * (context.Data.LengthBytes / Rounds);
                DeviceWords.Fill(buffer);
                Completion completion = reader.Read(offset, WindowBytes);
                Check.That(
                    completion.IsSuccess,
                    $"{Name(way)}: a read at {offset}: {completion.Errno}, {completion.NvmeStatus}.");
                DeviceWords.CheckRead(context, buffer, offset, WindowBytes);
                reads++;
            }
        }
        return reads;
    }

    private static Completion ReadBlocks(
        GuestContext context, GpuMappedBuffer buffer, IoUringOptions way, long offset)
    {
        using SafeFileHandle block = DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var reader = new CommandReader(context.Data, buffer, isRegistered: false, way);
        RegisteredFile file = reader.Ring.Register(block);
        _ = reader.Ring.Read(reader.Attached.Region(0, WindowBytes), file, offset);
        return reader.End();
    }

    private static string Name(IoUringOptions way) =>
        (way.UseCompletionPolling ? "IOPOLL" : "") + (way.UseSubmissionPolling ? "SQPOLL" : "");

    private static long Interrupts() => KernelCounts.InterruptsOfQueues(NvmeController.Find("A").Name);
}
