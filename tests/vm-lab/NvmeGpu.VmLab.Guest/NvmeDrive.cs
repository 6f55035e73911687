using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace NvmeGpu.VmLab.Guest;

/// <summary>A namespace of a controller: as a block device, and as what takes commands.</summary>
/// <param name="BlockPath">For example /dev/nvme0n1.</param>
/// <param name="CharPath">For example /dev/ng0n1.</param>
/// <param name="NamespaceId">From 1 on.</param>
/// <param name="BlockBytes">Bytes per logical block.</param>
/// <param name="LengthBytes">All blocks together.</param>
/// <param name="TransferBytesMax">What one command may move: the drive's limit, or a lower one of the
/// bus.</param>
internal sealed record NvmeDrive(
    string BlockPath,
    string CharPath,
    uint NamespaceId,
    int BlockBytes,
    long LengthBytes,
    int TransferBytesMax)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>A namespace by its number.</summary>
    public static NvmeDrive Find(string serial, uint namespaceId = 1) => TryFind(serial, namespaceId)
        ?? throw new GuestFailedException(
            $"controller {serial} has no namespace {namespaceId} with its devices in /dev.");

    /// <summary>The same as soon as the kernel has found it.</summary>
    public static NvmeDrive Await(string serial, uint namespaceId = 1)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience)
        {
            if (TryFind(serial, namespaceId) is { } found)
            {
                return found;
            }
            Thread.Sleep(10);
        }
        return Find(serial, namespaceId);
    }

    /// <summary>Null when it is not there, or not yet.</summary>
    public static NvmeDrive? TryFind(string serial, uint namespaceId = 1)
    {
        try
        {
            return NvmeController.TryFind(serial) is { } controller
                ? Disks(controller)
                    .Where(path => File.Exists($"{path}/nsid") && NumberIn($"{path}/nsid") == namespaceId)
                    .Select(Describe).FirstOrDefault()
                : null;
        }
        catch (IOException)
        {
            return null; // it goes away with its controller
        }
    }

    /// <summary>
    /// Folders like nvme0n1, below the controller or, where several controllers lead to one namespace, below
    /// their subsystem.
    /// </summary>
    private static IEnumerable<string> Disks(NvmeController controller)
    {
        const string Subsystems = "/sys/class/nvme-subsystem";
        IEnumerable<string> folders = Directory.Exists(Subsystems)
            ? Directory.EnumerateDirectories(Subsystems)
                .Where(folder => Directory.Exists($"{folder}/{controller.Name}"))
            : [];
        return folders.Append($"/sys/class/nvme/{controller.Name}").SelectMany(Directory.EnumerateDirectories)
            .Where(path => IsDisk(Path.GetFileName(path))).Order(StringComparer.Ordinal);
    }

    // Not nvme0c1n1, which is hidden: one path to a namespace that has several.
    private static bool IsDisk(string name) =>
        name.StartsWith("nvme", StringComparison.Ordinal)
        && name["nvme".Length..].Split('n') is [var controller, var number]
        && uint.TryParse(controller, out _) && uint.TryParse(number, out _);

    private static NvmeDrive? Describe(string sys)
    {
        // Beside it with another first number, when the drive was put back: see BlockDevice.GenericName.
        string name = Path.GetFileName(sys);
        string? generic = Directory.GetDirectories(Path.GetDirectoryName(sys)!, $"ng*n{name.Split('n')[^1]}")
            .Select(path => Path.GetFileName(path)).FirstOrDefault();
        string charPath = $"/dev/{generic}";
        if (generic is null || !File.Exists($"{sys}/size") || !File.Exists($"/dev/{name}")
            || !File.Exists(charPath))
        {
            return null;
        }
        return new NvmeDrive(
            $"/dev/{name}", charPath, (uint)NumberIn($"{sys}/nsid"),
            (int)NumberIn($"{sys}/queue/logical_block_size"),
            // In units of 512 bytes, whatever the drive's blocks are: Documentation/ABI/stable/sysfs-block.
            NumberIn($"{sys}/size") * 512,
            (int)NumberIn($"{sys}/queue/max_hw_sectors_kb") << 10);
    }

    private static long NumberIn(string path) =>
        long.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture);
}
