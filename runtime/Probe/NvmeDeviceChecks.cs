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

    /// <summary>Check 5.</summary>
    public static CapabilityCheck CharDevice(ProbeEnvironment environment, ProbeTarget target)
    {
        (CapabilityOutcome outcome, string detail, string advice) = target.Kind == ProbeTargetKind.None
            ? WholeMachine(environment)
            : OfTarget(environment, target);
        return new(CapabilityCheckId.NvmeCharDevice, Title, outcome, detail, advice);
    }

    /// <summary>The disk of the target; null when there is none to be seen.</summary>
    public static BlockDevice? DiskBehind(ProbeEnvironment environment, ProbeTarget target) =>
        target.Kind is ProbeTargetKind.File or ProbeTargetKind.Directory or ProbeTargetKind.BlockDevice
            && target.Device.Major != 0
            ? BlockDevice.Find(environment, target.Device, out _)
            : null;

    private static (CapabilityOutcome, string, string) OfTarget(
        ProbeEnvironment environment, ProbeTarget target)
    {
        if (NamespaceLookup.Find(environment, target, out NamespaceRefusal refusal) is not { } place)
        {
            return (refusal.Outcome, refusal.Detail, refusal.Advice);
        }
        return Judge(
            environment, place.GenericName,
            target.Kind == ProbeTargetKind.CharDevice
                ? $"The path is the namespace's character device {place.GenericName}."
                : Describe(environment, place.Disk!));
    }

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
            return (
                CapabilityOutcome.Missing, "This machine shows no NVMe character device.",
                NamespaceLookup.NeedsNvme);
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
            NamespaceLookup.PermissionAdvice("ng*"));
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
                NamespaceLookup.PermissionAdvice(generic)),
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

}
