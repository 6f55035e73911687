using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Two controllers of one subsystem lead to the same namespace: native multipath, whose head is one device.
/// </summary>
internal static class MultipathTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private const int WindowBytes = 256 << 10;

    public static void A_namespace_with_two_paths_is_one_device_and_brings_every_byte(GuestContext context)
    {
        NvmeDrive drive = AwaitBothPaths();
        string[] functions =
            [.. Directory.GetDirectories("/sys/class/nvme").Where(IsPathToA).Select(FunctionOf).Order()];
        foreach (string path in (string[])[drive.CharPath, drive.BlockPath])
        {
            using NvmeNamespace source = NvmeNamespace.Open(path);
            Check.That(source.IsMultipathHead, $"{path} is no head of several paths.");
            Check.Equal(drive.CharPath, source.DevicePath, $"the device of {path}");
            Check.Equal(
                string.Join(' ', functions), string.Join(' ', source.PciAddresses.Order()),
                "the PCI functions that lead to it");
            Check.Equal(2, source.PciAddresses.Count, "paths");
            Check.Equal(drive.TransferBytesMax, source.TransferBytesMax, "the most bytes of one command");
        }
        // Each read by another path than the one before.
        File.WriteAllText($"{Subsystem}/iopolicy", "round-robin");
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
        using GpuMappedBuffer peer = context.AllocatePeer(WindowBytes);
        string[] controllers =
        [
            .. Directory.GetDirectories("/sys/class/nvme").Where(IsPathToA)
                .Select(path => Path.GetFileName(path)),
        ];
        long[] before = [.. controllers.Select(KernelCounts.InterruptsOfQueues)];
        foreach (GpuMappedBuffer buffer in (GpuMappedBuffer[])[host, peer])
        {
            using var reader = new CommandReader(drive, buffer);
            for (long offset = 0; offset < drive.LengthBytes; offset += drive.LengthBytes / 8)
            {
                DeviceWords.Fill(buffer);
                Completion completion = reader.Read(offset, WindowBytes);
                Check.That(completion.IsSuccess, $"the read at {offset} failed.");
                DeviceWords.CheckRead(context, buffer, offset, WindowBytes);
            }
        }
        for (int i = 0; i < controllers.Length; i++)
        {
            long reads = KernelCounts.InterruptsOfQueues(controllers[i]) - before[i];
            Check.That(reads >= 4, $"{controllers[i]} had {reads} interrupts: the other path did it all.");
        }
    }

    /// <summary>
    /// The commands that are in flight on the path that goes are right or fail in words; the others go on by
    /// the path that stays.
    /// </summary>
    public static void Unplugging_one_of_two_paths_leaves_the_namespace_readable(GuestContext context)
    {
        const int Depth = 16;
        NvmeDrive drive = AwaitBothPaths();
        File.WriteAllText($"{Subsystem}/iopolicy", "round-robin");
        using var load = new CommandLoad(context, Depth, Depth / 2);
        var unplug = Task.Run(() => context.Channel.Ask("unplug A2"));
        long start = Stopwatch.GetTimestamp();
        while (Directory.GetDirectories("/sys/class/nvme").Count(IsPathToA) > 1)
        {
            load.Begin();
            Check.That(load.TryEnd(s_patience), "a read does not end.");
            Check.That(Stopwatch.GetElapsedTime(start) < s_patience, "both paths are there after a minute.");
        }
        unplug.GetAwaiter().GetResult();
        load.EndAll(s_patience);
        context.Report("multipath.unplugged", load.Summary);
        // A command is in flight on a path, which has no more than there are in all.
        Check.That(load.Failed.Count <= Depth, $"more failed than were in flight: {load.Summary}.");
        Check.That(
            load.Failed.TrueForAll(one =>
                one.ToException("Reading").Message.Contains("Likely cause: ", StringComparison.Ordinal)),
            load.Summary);
        int rightBefore = load.SucceededCount;
        int failedBefore = load.Failed.Count;
        for (int i = 0; i < 8; i++)
        {
            load.Begin();
            load.EndAll(s_patience);
        }
        Check.Equal(
            (rightBefore + (8 * Depth), failedBefore), (load.SucceededCount, load.Failed.Count),
            "reads by the path that is left, right and failed");
        load.Close();
        using NvmeNamespace left = NvmeNamespace.Open(drive.CharPath);
        Check.Equal(1, left.PciAddresses.Count, "paths that are left");
    }

    private static string Subsystem => Directory.GetDirectories("/sys/class/nvme-subsystem")
        .Single(folder => File.ReadAllText($"{folder}/serial").Trim() == "A");

    /// <summary>The head is there with the first path; the second one may come later.</summary>
    private static NvmeDrive AwaitBothPaths()
    {
        long start = Stopwatch.GetTimestamp();
        while (Directory.GetDirectories("/sys/class/nvme").Count(HasNamespaceOfA) < 2)
        {
            Check.That(
                Stopwatch.GetElapsedTime(start) < s_patience, "there are not two paths after a minute.");
            Thread.Sleep(10);
        }
        return NvmeDrive.Await("A");
    }

    private static bool HasNamespaceOfA(string controller) =>
        IsPathToA(controller)
        && Directory.GetDirectories(controller).Any(
            path => Path.GetFileName(path).Contains('c', StringComparison.Ordinal)
                && Path.GetFileName(path).StartsWith("nvme", StringComparison.Ordinal));

    // Both have the subsystem's serial number.
    private static bool IsPathToA(string controller)
    {
        try
        {
            return File.ReadAllText($"{controller}/serial").Trim() == "A";
        }
        catch (IOException)
        {
            return false; // it goes just now
        }
    }

    private static string FunctionOf(string controller) => Path.GetFileName(
        new DirectoryInfo($"{controller}/device").ResolveLinkTarget(returnFinalTarget: false)!.FullName);
}
