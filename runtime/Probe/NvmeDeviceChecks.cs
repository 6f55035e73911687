#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>Whether the drive of a file takes NVMe commands from this process.</summary>
static partial class NvmeDeviceChecks
{
    private const string Title = "The drive's character device for NVMe commands (/dev/ngXnY)";
    private const string NeedsNvme = "Passthrough needs a file or namespace on a local NVMe drive.";

    // A directory that only this kind of device has in /sys.
    private static readonly (string Folder, string Kind)[] s_kindByFolder =
    [
        ("dm", "a device-mapper volume (LVM, encryption), which has no character device"),
        ("md", "a software RAID (md), which has no character device"),
        ("loop", "a loop device: its bytes are in another file"),
    ];

    private static readonly (string Prefix, string Kind)[] s_kindByName =
    [
        ("loop", "a loop device: its bytes are in another file"),
        ("vd", "a virtual disk (virtio), which takes no NVMe commands"),
        ("sd", "a SCSI or SATA disk, which takes no NVMe commands"),
        ("mmcblk", "a memory card, which takes no NVMe commands"),
        ("nbd", "a network block device"),
        ("rbd", "a network block device"),
        ("drbd", "a network block device"),
        ("zram", "memory, not a drive"),
        ("ram", "memory, not a drive"),
        ("pmem", "memory, not a drive"),
        ("nvme", "a hidden path of a multipath drive; use its head"),
    ];

    /// <summary>Check 5.</summary>
    public static CapabilityCheck CharDevice(ProbeEnvironment environment, ProbeTarget target)
    {
        (CapabilityOutcome outcome, string detail, string advice) = target.Kind switch
        {
            ProbeTargetKind.None => WholeMachine(environment),
            ProbeTargetKind.Unreachable => FileChecks.Unreachable(target),
            ProbeTargetKind.CharDevice => Node(environment, target),
            ProbeTargetKind.Other =>
                (CapabilityOutcome.Missing, "The path is neither a file nor a device.", NeedsNvme),
            _ when target.Device.Major == 0 => NoSingleDevice(environment, target),
            _ => DiskOf(environment, target),
        };
        return new(CapabilityCheckId.NvmeCharDevice, Title, outcome, detail, advice);
    }

    /// <summary>The disk of the target; null when there is none to be seen.</summary>
    public static BlockDevice? DiskBehind(ProbeEnvironment environment, ProbeTarget target) =>
        target.Kind is ProbeTargetKind.File or ProbeTargetKind.Directory or ProbeTargetKind.BlockDevice
            && target.Device.Major != 0
            ? BlockDevice.Find(environment, target.Device, out _)
            : null;

    private static (CapabilityOutcome, string, string) WholeMachine(ProbeEnvironment environment)
    {
        IReadOnlyList<string>? names =
            environment.List("/sys/class/nvme-generic", out string reason, out bool isThere);
        if (names is null && isThere)
        {
            return (CapabilityOutcome.CannotTell, reason + ".", "Make /sys readable.");
        }
        string[] devices = [.. (names ?? []).Where(ProbeEnvironment.IsFileName)];
        if (devices.Length == 0)
        {
            return (CapabilityOutcome.Missing, "This machine shows no NVMe character device.", NeedsNvme);
        }
        var denied = new List<string>();
        foreach (string name in devices)
        {
            if (Access(environment, name, out _) == CapabilityOutcome.Ok)
            {
                return (CapabilityOutcome.Ok, $"{devices.Length} there; /dev/{name} can be opened.", "");
            }
            denied.Add("/dev/" + name);
        }
        return (
            CapabilityOutcome.NoPermission,
            $"None of {ProbeEnvironment.Printable(string.Join(", ", denied))} can be opened by this process.",
            PermissionAdvice("ng*"));
    }

    /// <summary>The path is a character device itself: right if it is one of the generic devices.</summary>
    private static (CapabilityOutcome, string, string) Node(ProbeEnvironment environment, ProbeTarget target)
    {
        string? folder = environment.FollowLink($"/sys/dev/char/{target.Device.Major}:{target.Device.Minor}");
        string name = folder is null ? "" : folder[(folder.LastIndexOf('/') + 1)..];
        if (!name.StartsWith("ng", StringComparison.Ordinal) || !ProbeEnvironment.IsFileName(name))
        {
            return (
                CapabilityOutcome.Missing, "The path is a character device, but not a namespace's (ngXnY).",
                NeedsNvme);
        }
        return Judge(environment, name, $"The path is the namespace's character device {name}.");
    }

    /// <summary>
    /// Device numbers with major 0 stand for no disk: network, memory, stacked and pooled filesystems.
    /// </summary>
    private static (CapabilityOutcome, string, string) NoSingleDevice(
        ProbeEnvironment environment, ProbeTarget target)
    {
        string type = FilesystemOf(environment, target) is { } name ? $" ({name})" : "";
        return (
            CapabilityOutcome.Missing,
            $"The path's filesystem{type} stands on no single local drive: network, memory, overlay and "
                + "pooled filesystems have no character device of their own.",
            NeedsNvme);
    }

    private static (CapabilityOutcome, string, string) DiskOf(
        ProbeEnvironment environment, ProbeTarget target)
    {
        BlockDevice? disk = BlockDevice.Find(environment, target.Device, out string reason);
        if (disk is null)
        {
            return (
                CapabilityOutcome.CannotTell, $"The path's disk could not be found: {reason}.",
                "Make /sys readable, in a container by mounting it.");
        }
        if (disk.GenericName is not { } generic)
        {
            string kind = KindOf(environment, disk);
            return (CapabilityOutcome.Missing, $"The path's disk {disk.Name} is {kind}.", NeedsNvme);
        }
        if (Transports(environment, disk).FirstOrDefault(transport => transport != "pcie") is { } foreign)
        {
            return (
                CapabilityOutcome.Missing,
                $"The path's disk {disk.Name} is reached over {foreign}: no PCI device of this machine "
                    + "reads it.",
                NeedsNvme);
        }
        return Judge(environment, generic, Describe(environment, disk));
    }

    private static (CapabilityOutcome, string, string) Judge(
        ProbeEnvironment environment, string generic, string description)
    {
        CapabilityOutcome access = Access(environment, generic, out int errno);
        return access switch
        {
            CapabilityOutcome.Ok => (access, $"/dev/{generic} can be opened. {description}", ""),
            CapabilityOutcome.NoPermission => (
                access,
                $"/dev/{generic} may not be opened by this user ({Errno.NameOf(errno)}). {description}",
                PermissionAdvice(generic)),
            CapabilityOutcome.Missing => (
                access, $"/dev/{generic} is not there ({Errno.NameOf(errno)}). {description}",
                "Use Linux 5.13 or later; in a container, pass the device in."),
            _ => (
                access, $"/dev/{generic} could not be opened ({Errno.NameOf(errno)}). {description}",
                "Look at the kernel log for the drive."),
        };
    }

    /// <summary>Opening a generic device only takes a reference: no command goes to the drive.</summary>
    private static CapabilityOutcome Access(ProbeEnvironment environment, string generic, out int errno)
    {
        using SafeFileHandle? handle = ProbeTarget.Open(environment.Locate("/dev/" + generic), 0, out errno);
        if (handle is not null)
        {
            return CapabilityOutcome.Ok;
        }
        return errno switch
        {
            Libc.EACCES or Libc.EPERM => CapabilityOutcome.NoPermission,
            Libc.ENOENT or Libc.ENXIO or Libc.ENODEV => CapabilityOutcome.Missing,
            _ => CapabilityOutcome.CannotTell,
        };
    }

    private static string Describe(ProbeEnvironment environment, BlockDevice disk)
    {
        string text = $"Namespace {Number(disk.Folder + "/nsid")}, "
            + $"blocks of {Number(disk.Folder + "/queue/logical_block_size")} bytes, "
            + $"at most {Number(disk.Folder + "/queue/max_hw_sectors_kb")} KiB per command";
        if (disk.IsPartition)
        {
            text += $"; the partition begins at byte {disk.PartitionStartBytes}";
        }
        return text + (disk.IsMultipathHead ? "; head of several paths (multipath)." : ".");

        string Number(string path) => environment.ReadNumber(path)?.ToString() ?? "?";
    }

    private static IEnumerable<string> Transports(ProbeEnvironment environment, BlockDevice disk) =>
        disk.Controllers(environment)
            .Select(controller => environment.ReadText(controller + "/transport").Trimmed)
            .Where(ProbeEnvironment.IsFileName);

    private static string KindOf(ProbeEnvironment environment, BlockDevice disk)
    {
        foreach ((string folder, string kind) in s_kindByFolder)
        {
            if (environment.HasDirectory($"{disk.Folder}/{folder}"))
            {
                return kind;
            }
        }
        foreach ((string prefix, string kind) in s_kindByName)
        {
            if (disk.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return kind;
            }
        }
        return "no NVMe namespace";
    }

    private static string? FilesystemOf(ProbeEnvironment environment, ProbeTarget target)
    {
        if (target.MountId == 0)
        {
            return null;
        }
        string? type = null;
        environment.VisitLines("/proc/self/mountinfo", null, line =>
        {
            // "36 35 98:0 /root /mount options [fields] - type source options": proc_pid_mountinfo(5)
            if (!line.StartsWith($"{target.MountId} ", StringComparison.Ordinal))
            {
                return true;
            }
            int separator = line.IndexOf(" - ", StringComparison.Ordinal);
            type = separator < 0 ? null : line[(separator + 3)..].Split(' ')[0];
            return false;
        });
        return type is { } name && ProbeEnvironment.IsFileName(name) ? name : null;
    }

    private static string PermissionAdvice(string generic) =>
        $"Let this user read /dev/{generic}, for example by a udev rule: KERNEL==\"{generic}\", "
            + "MODE=\"0640\", GROUP=... (whoever may read it reads the whole drive).";
}
