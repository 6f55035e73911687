using System;
using System.Globalization;
using System.IO;
using System.Linq;

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
    /// <summary>The namespace with the lowest number.</summary>
    public static NvmeDrive Find(string serial) => TryFind(serial)
        ?? throw new GuestFailedException($"controller {serial} has no namespace with its devices in /dev.");

    public static NvmeDrive? TryFind(string serial)
    {
        if (NvmeController.TryFind(serial) is not { } controller)
        {
            return null;
        }
        string? name = Directory.EnumerateDirectories($"/sys/class/nvme/{controller.Name}")
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith(controller.Name + "n", StringComparison.Ordinal)
                && name[(controller.Name.Length + 1)..].All(char.IsAsciiDigit))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (name is null)
        {
            return null;
        }
        string sys = $"/sys/block/{name}";
        string charPath = $"/dev/ng{name["nvme".Length..]}";
        if (!File.Exists($"{sys}/size") || !File.Exists($"/dev/{name}") || !File.Exists(charPath))
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
