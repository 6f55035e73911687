using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>Drives that fail, stall and go away: no read may hang, and none may look like success.</summary>
internal static class FaultTests
{
    private const int SliceBytes = 4096;

    /// <summary>Status code and its type, without More, DNR and the retry delay.</summary>
    private const int StatusMask = 0x7ff;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The scenario has bad sectors at 1 MiB, and one at 2 MiB that fails once.</summary>
    public static void A_bad_sector_is_ENODATA_for_that_read_and_no_other(GuestContext context)
    {
        using SafeFileHandle handle =
            DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var reader = new RegisteredReader(handle, SliceBytes);
        const long Bad = 1 << 20;
        Check.Equal(-Libc.ENODATA, reader.Read(Bad), "the read of the bad sector");
        foreach (long offset in (long[])[Bad - SliceBytes, Bad + SliceBytes, 0])
        {
            Check.Equal(SliceBytes, reader.Read(offset), $"the read at {offset}");
            Check.Pattern(reader.Bytes, offset, context.Seed);
        }
        Check.Equal(-Libc.ENODATA, reader.Read(Bad), "the second read of the bad sector");
    }

    /// <summary>Of commands only: the block layer would try again by itself and hide the error.</summary>
    public static void After_an_error_that_happens_once_the_same_command_brings_every_byte(
        GuestContext context)
    {
        const long Bad = 2 << 20;
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(SliceBytes);
        using var reader = new CommandReader(context.Data, buffer, isRegistered: true);
        DeviceWords.Fill(buffer);
        ExpectUnrecoveredReadError(reader.Read(Bad, SliceBytes));
        Check.That(reader.Read(Bad, SliceBytes).IsSuccess, "the second read failed too.");
        DeviceWords.CheckRead(context, buffer, Bad, SliceBytes);
    }

    public static void Passthrough_of_a_bad_sector_has_the_status_unrecovered_read_error(GuestContext context)
    {
        const long Bad = 1 << 20;
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(SliceBytes);
        using var reader = new CommandReader(context.Data, buffer, isRegistered: true);
        ExpectUnrecoveredReadError(reader.Read(Bad, SliceBytes));
        DeviceWords.Fill(buffer);
        Check.That(reader.Read(Bad + SliceBytes, SliceBytes).IsSuccess, "its neighbour cannot be read.");
        DeviceWords.CheckRead(context, buffer, Bad + SliceBytes, SliceBytes);
        ExpectUnrecoveredReadError(reader.Read(Bad, SliceBytes));
    }

    public static void The_driver_fails_with_the_drives_error_when_a_sector_is_bad(GuestContext context)
    {
        Exception? error = IngestUntilErrorAsync(context, null).GetAwaiter().GetResult();
        Check.That(error is IOException, $"it ended with {error?.ToString() ?? "success"}.");
        Check.That(
            error!.Message.Contains("ENODATA", StringComparison.Ordinal), $"it says: {error.Message}");
    }

    public static void A_stalled_drive_is_waited_for_and_its_bytes_are_right(GuestContext context)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle handle = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var reader = new RegisteredReader(handle, SliceBytes);
        context.Channel.Ask("stall");
        reader.Begin(4 << 20);
        Check.That(
            reader.End(TimeSpan.FromMilliseconds(300)) is null, "it completed although it was held back.");
        context.Channel.Ask("resume");
        Check.Equal(SliceBytes, reader.End(s_patience) ?? 0, "the read after the stall");
        Check.Pattern(reader.Bytes, 4 << 20, context.Seed);
    }

    public static void A_slow_drive_is_waited_for_and_its_bytes_are_right(GuestContext context)
    {
        context.Channel.Ask("slow 20");
        using SafeFileHandle handle =
            DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var reader = new RegisteredReader(handle, SliceBytes);
        const int Reads = 16;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Reads; i++)
        {
            long offset = (8 << 20) + (i * SliceBytes);
            Check.Equal(SliceBytes, reader.Read(offset), $"the read at {offset}");
            Check.Pattern(reader.Bytes, offset, context.Seed);
        }
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        context.Channel.Ask("slow 0");
        Check.That(
            time > TimeSpan.FromMilliseconds(400), $"the drive was not slow: {time.TotalMilliseconds:0} ms.");
    }

    /// <summary>
    /// Reads go on while the drive is taken out of its slot. Every one of them ends: with the right bytes, or
    /// with an error, or with 0, which the block layer gives when the drive is gone and which is no success.
    /// </summary>
    public static void Unplugging_the_drive_under_load_ends_every_read_and_none_is_wrong(GuestContext context)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle handle = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var reader = new RegisteredReader(handle, SliceBytes);
        const int ReadsBefore = 100;
        Task? unplug = null;
        long start = Stopwatch.GetTimestamp();
        long reads = 0;
        int result;
        while ((result = reader.Read(reads * SliceBytes % drive.LengthBytes)) == SliceBytes)
        {
            if (reads == ReadsBefore)
            {
                unplug = Task.Run(() => context.Channel.Ask("unplug A"));
            }
            Check.Pattern(reader.Bytes, reads * SliceBytes % drive.LengthBytes, context.Seed);
            reads++;
            Check.That(
                Stopwatch.GetElapsedTime(start) < s_patience, "the drive is still there after a minute.");
        }
        context.Report("unplug.result", $"{result} after {reads} reads");
        Check.That(unplug is not null, $"read {reads} gave {result} before anybody touched the drive.");
        unplug!.GetAwaiter().GetResult();
        Check.That(
            result is 0 or -Libc.EIO or -Libc.ENODEV or -Libc.ENXIO, $"the first read without it: {result}.");
        for (int i = 0; i < 10; i++)
        {
            result = reader.Read(0);
            Check.That(result <= 0, $"a read without a drive brought {result} bytes.");
        }
    }

    public static void The_driver_fails_when_the_drive_is_unplugged_under_it(GuestContext context)
    {
        Exception? error = IngestUntilErrorAsync(context, () =>
        {
            context.Channel.Ask("slow 10"); // or everything would be read before the drive is gone
            context.Channel.Ask("unplug A");
        }).GetAwaiter().GetResult();
        context.Report("unplug.driver", error?.Message ?? "success");
        Check.That(error is IOException, $"it ended with {error?.ToString() ?? "success"}.");
        Check.That(!error!.Message.Contains("shorter", StringComparison.Ordinal), error.Message);
    }

    public static void A_controller_reset_under_load_loses_no_read(GuestContext context)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle handle = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using SafeFileHandle controller =
            DeviceFile.Open($"/dev/{NvmeController.Find("A").Name}", Libc.O_RDONLY);
        using var reader = new RegisteredReader(handle, SliceBytes);
        const string Witness = "resetting controller";
        int resetsBefore = KernelLog.Count(Witness);
        var reset = Task.Run(() => NvmeController.Reset(controller));
        long reads = 0;
        for (; !reset.IsCompleted || reads < 100; reads++)
        {
            long offset = reads * SliceBytes % drive.LengthBytes;
            Check.Equal(SliceBytes, reader.Read(offset), $"the read at {offset}");
            Check.Pattern(reader.Bytes, offset, context.Seed);
        }
        reset.GetAwaiter().GetResult();
        Check.Equal(resetsBefore + 1, KernelLog.Count(Witness), "resets in the kernel's log");
        context.Report("reset.reads", $"{reads}");
    }

    private static void ExpectUnrecoveredReadError(Completion completion)
    {
        Check.That(!completion.IsSuccess, "the read succeeded.");
        Check.Equal(0x281, completion.NvmeStatus.Value & StatusMask, "status code type 2, code 0x81");
        string message = completion.ToException("Reading").Message;
        Check.That(message.Contains("Unrecovered Read Error", StringComparison.Ordinal), message);
    }

    /// <summary>Reads the whole drive; null when every byte arrived and was right.</summary>
    private static async Task<Exception?> IngestUntilErrorAsync(GuestContext context, Action? onFirstSlot)
    {
        try
        {
            await using NvmeGpuIngestDriver driver =
                NvmeGpuIngestDriver.Open(new IngestOptions
                {
                    DirectIo = true,
                    // Few, so that the drive is not in memory before its first slot has been looked at.
                    SlotCount = 4,
                    DepthMax = 2,
                });
            long bytes = 0;
            await foreach (IngestedSlot slot in driver.ReadAllAsync(
                IngestSource.File(context.Data.BlockPath)))
            {
                Check.Pattern(slot.Bytes, slot.OffsetBytes, context.Seed);
                if (bytes == 0)
                {
                    onFirstSlot?.Invoke();
                }
                bytes += slot.ByteCount;
            }
            Check.Equal(context.Settings.Get("bytes.A"), $"{bytes}", "bytes of an ingest without an error");
            return null;
        }
        catch (IOException e)
        {
            return e;
        }
    }
}
