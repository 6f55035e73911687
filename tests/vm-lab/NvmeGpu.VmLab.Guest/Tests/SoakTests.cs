using System;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>The same claims for as long as the scenario says, at random places.</summary>
internal static class SoakTests
{
    private const int WindowBytes = 256 << 10;

    /// <summary>Also when that takes longer.</summary>
    private const int RoundsMin = 1000;

    public static void Random_reads_on_every_path_stay_right(GuestContext context)
    {
        NvmeDrive drive = context.Data;
        var time = TimeSpan.FromSeconds(
            int.Parse(context.Settings.Get("soak.seconds"), CultureInfo.InvariantCulture));
        int seed = Environment.TickCount;
        context.Report("soak.seed", $"{seed}");
        var random = new Random(seed);
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
        using GpuMappedBuffer peer = context.AllocatePeer(WindowBytes);
        using SafeFileHandle block = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var registered = new RegisteredReader(block, WindowBytes);
        using var intoHost = new CommandReader(drive, host);
        using var intoPeer = new CommandReader(drive, peer);
        long start = Stopwatch.GetTimestamp();
        long rounds = 0;
        for (; rounds < RoundsMin || Stopwatch.GetElapsedTime(start) < time; rounds++)
        {
            int lengthBytes = random.Next(1, WindowBytes / drive.BlockBytes) * drive.BlockBytes;
            long offset =
                random.NextInt64((drive.LengthBytes - WindowBytes) / drive.BlockBytes) * drive.BlockBytes;
            CommandReader reader = rounds % 2 == 0 ? intoHost : intoPeer;
            DeviceWords.Fill(reader.Buffer);
            Check.That(
                reader.Read(offset, lengthBytes).IsSuccess,
                $"passthrough of {lengthBytes} bytes at {offset} failed in round {rounds}.");
            DeviceWords.CheckRead(context, reader.Buffer, offset, lengthBytes);
            Check.Equal(WindowBytes, registered.Read(offset), $"a registered read at {offset}");
            Check.Pattern(registered.Bytes, offset, context.Seed);
        }
        context.Report("soak.rounds", $"{rounds}");
    }
}
