#nullable enable
using System;
using System.Collections.Generic;

namespace NvmeGpu;

/// <summary>
/// The disk behind a device number, as /sys shows it: its name, the partition's place on it, and the PCI
/// device.
/// </summary>
/// <param name="Name">Name of the whole disk, for example <c>nvme0n1</c>.</param>
/// <param name="Folder">Its directory in /sys.</param>
/// <param name="PartitionStartBytes">Where the partition begins on the disk; 0 for the whole disk.</param>
/// <param name="IsPartition">The device number was a partition's.</param>
sealed partial record BlockDevice(string Name, string Folder, long PartitionStartBytes, bool IsPartition)
{
    // The kernel counts partitions in these whatever the drive's own blocks are.
    private const long SectorBytes = 512;

    /// <summary>
    /// Every device number's link in /sys/dev/block leads to the directory of its disk or partition.
    /// </summary>
    /// <returns>Null with a reason when there is none, or /sys cannot be read.</returns>
    public static BlockDevice? Find(
        ProbeEnvironment environment, (uint Major, uint Minor) device, out string reason)
    {
        string link = $"/sys/dev/block/{device.Major}:{device.Minor}";
        string? folder = environment.FollowLink(link);
        if (folder is null || !environment.HasDirectory(folder))
        {
            reason = $"{link} leads nowhere";
            return null;
        }
        bool isPartition = environment.ReadText(folder + "/partition").IsThere;
        long startSectors = isPartition ? environment.ReadNumber(folder + "/start") ?? -1 : 0;
        if (startSectors is < 0 or > long.MaxValue / SectorBytes)
        {
            reason = $"{folder}/start does not say where the partition begins";
            return null;
        }
        string disk = isPartition ? ParentOf(folder) : folder;
        string name = NameOf(disk);
        if (!ProbeEnvironment.IsFileName(name))
        {
            reason = $"{link} leads to an odd name";
            return null;
        }
        reason = "";
        return new BlockDevice(name, disk, startSectors * SectorBytes, isPartition);
    }

    /// <summary>
    /// The disk beside a namespace's character device: nvme0n1 beside ng0n1, below the controller or, with
    /// several paths, below the subsystem. The first number of the two may differ, see
    /// <see cref="GenericName"/>.
    /// </summary>
    /// <param name="environment">Where /sys is.</param>
    /// <param name="folder">The character device's directory in /sys.</param>
    /// <returns>Null when there is none.</returns>
    public static BlockDevice? BesideGeneric(ProbeEnvironment environment, string folder)
    {
        string name = NameOf(folder);
        if (!name.StartsWith("ng", StringComparison.Ordinal) || !ProbeEnvironment.IsFileName(name))
        {
            return null;
        }
        string parent = ParentOf(folder);
        string number = name[(name.IndexOf('n', "ng".Length) + 1)..];
        foreach (string disk in environment.List(parent, out _, out _) ?? [])
        {
            if (ProbeEnvironment.IsFileName(disk) && IsNamespaceName(disk)
                && disk.EndsWith($"n{number}", StringComparison.Ordinal)
                && environment.HasDirectory($"{parent}/{disk}"))
            {
                return new BlockDevice(disk, $"{parent}/{disk}", 0, false);
            }
        }
        return null;
    }

    /// <summary>
    /// The namespace's character device, for example ng0n1 for nvme0n1; null when it is no NVMe disk.
    /// <para>
    /// The kernel names disks after their subsystem and character devices after their controller (or, with
    /// several paths, after the subsystem too): the numbers are different when a drive was replaced while
    /// something still held the old one, and ng0n1 may then be another drive's. So the first number is that
    /// of the folder that both are in. Source: nvme_alloc_ns, nvme_add_ns_cdev.
    /// </para>
    /// </summary>
    public string? GenericName
    {
        get
        {
            string parent = NameOf(ParentOf(Folder));
            string controller = IsMultipathHead ? Name : parent;
            return !IsNamespaceName(Name) ? null
                : controller.Length > "nvme".Length && char.IsAsciiDigit(controller["nvme".Length])
                    ? $"ng{controller["nvme".Length..].Split('n')[0]}n{Name.Split('n')[^1]}"
                    : null;
        }
    }

    /// <summary>
    /// Several controllers lead to it: the disk then hangs below its subsystem, not below a controller.
    /// </summary>
    public bool IsMultipathHead => Folder.Contains("/nvme-subsystem/", StringComparison.Ordinal);

    /// <summary>Directories of the controllers that lead to this namespace.</summary>
    public IReadOnlyList<string> Controllers(ProbeEnvironment environment)
    {
        if (!IsMultipathHead)
        {
            return [ParentOf(Folder)];
        }
        var controllers = new List<string>();
        string subsystem = ParentOf(Folder);
        foreach (string name in environment.List(subsystem, out _, out _) ?? [])
        {
            if (ProbeEnvironment.IsFileName(name) && IsControllerName(name)
                && environment.FollowLink($"{subsystem}/{name}") is { } controller)
            {
                controllers.Add(controller);
            }
        }
        return controllers;
    }

    /// <summary>
    /// Directories of the disks that take this disk's commands: itself, or below a multipath head the hidden
    /// disk of each path (nvme0c1n1 for nvme0n1 over the controller nvme1).
    /// </summary>
    public IReadOnlyList<string> PathFolders(ProbeEnvironment environment)
    {
        if (!IsMultipathHead)
        {
            return [Folder];
        }
        var paths = new List<string>();
        string[] numbers = Name["nvme".Length..].Split('n');
        foreach (string controller in Controllers(environment))
        {
            foreach (string name in environment.List(controller, out _, out _) ?? [])
            {
                string[] parts = name.Split('c');
                string path = parts.Length == 2 ? parts[1].Split('n')[0] : "";
                if (ProbeEnvironment.IsFileName(name) && uint.TryParse(path, out _)
                    && name == $"nvme{numbers[0]}c{path}n{numbers[1]}")
                {
                    paths.Add($"{controller}/{name}");
                }
            }
        }
        return paths;
    }

    /// <summary>Addresses of the PCI functions that lead to this disk, for example 0000:01:00.0.</summary>
    public IReadOnlyList<string> PciAddresses(ProbeEnvironment environment)
    {
        var addresses = new List<string>();
        foreach (string controller in Controllers(environment))
        {
            // The last function in the path is the drive's own, those before it are bridges.
            string[] parts = controller.Split('/');
            for (int i = parts.Length - 1; i >= 0; i--)
            {
                if (PciDevice.IsAddress(parts[i]))
                {
                    addresses.Add(parts[i]);
                    break;
                }
            }
        }
        return addresses;
    }

    /// <summary>nvme0n1, and not nvme0c0n1 (a hidden path below a multipath head) or nvme0.</summary>
    private static bool IsNamespaceName(string name)
    {
        if (!name.StartsWith("nvme", StringComparison.Ordinal))
        {
            return false;
        }
        string[] numbers = name["nvme".Length..].Split('n');
        return numbers.Length == 2 && uint.TryParse(numbers[0], out _) && uint.TryParse(numbers[1], out _);
    }

    private static bool IsControllerName(string name) =>
        name.StartsWith("nvme", StringComparison.Ordinal) && uint.TryParse(name["nvme".Length..], out _);

    private static string ParentOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
