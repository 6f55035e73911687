#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu;

/// <summary>Where a path's NVMe namespace is.</summary>
/// <param name="GenericName">Its character device, for example ng0n1.</param>
/// <param name="Disk">Its disk; null when a character device was given that has none beside it.</param>
readonly partial record struct NamespacePlace(string GenericName, BlockDevice? Disk);

/// <summary>Why a path has no namespace that takes commands, and what to do.</summary>
/// <param name="Outcome">Missing, not permitted, or not to be found out.</param>
/// <param name="Detail">What was seen, in one sentence.</param>
/// <param name="Advice">What to do about it.</param>
readonly partial record struct NamespaceRefusal(CapabilityOutcome Outcome, string Detail, string Advice);

/// <summary>
/// From a file, a directory, a block device or a character device to the NVMe namespace behind it. Only looks
/// at /sys and /proc; nothing is opened.
/// </summary>
static partial class NamespaceLookup
{
    /// <summary>What to do when there is no NVMe drive.</summary>
    public const string NeedsNvme = "Passthrough needs a file or namespace on a local NVMe drive.";

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

    /// <summary>Null with the reason when the path has no such namespace.</summary>
    public static NamespacePlace? Find(
        ProbeEnvironment environment, ProbeTarget target, out NamespaceRefusal refusal)
    {
        switch (target.Kind)
        {
            case ProbeTargetKind.Unreachable:
                (CapabilityOutcome outcome, string detail, string advice) = target.WhyUnreachable();
                refusal = new(outcome, detail, advice);
                return null;
            case ProbeTargetKind.CharDevice:
                return OfNode(environment, target, out refusal);
            case ProbeTargetKind.None or ProbeTargetKind.Other:
                refusal = new(
                    CapabilityOutcome.Missing, "The path is neither a file nor a device.", NeedsNvme);
                return null;
            default:
                if (target.Device.Major == 0)
                {
                    refusal = NoSingleDevice(environment, target);
                    return null;
                }
                return OfDisk(environment, target, out refusal);
        }
    }

    /// <summary>What to do when a character device may not be opened.</summary>
    public static string PermissionAdvice(string generic) =>
        $"Let this user read /dev/{generic}, for example by a udev rule: KERNEL==\"{generic}\", "
            + "MODE=\"0640\", GROUP=... (whoever may read it reads the whole drive).";

    /// <summary>The path is a character device itself: right if it is one of the generic devices.</summary>
    private static NamespacePlace? OfNode(
        ProbeEnvironment environment, ProbeTarget target, out NamespaceRefusal refusal)
    {
        string? folder = environment.FollowLink($"/sys/dev/char/{target.Device.Major}:{target.Device.Minor}");
        string name = folder is null ? "" : folder[(folder.LastIndexOf('/') + 1)..];
        if (!name.StartsWith("ng", StringComparison.Ordinal) || !ProbeEnvironment.IsFileName(name))
        {
            refusal = new(
                CapabilityOutcome.Missing, "The path is a character device, but not a namespace's (ngXnY).",
                NeedsNvme);
            return null;
        }
        refusal = default;
        return new(name, BlockDevice.BesideGeneric(environment, folder!));
    }

    /// <summary>
    /// Device numbers with major 0 stand for no disk: network, memory, stacked and pooled filesystems.
    /// </summary>
    private static NamespaceRefusal NoSingleDevice(
        ProbeEnvironment environment, ProbeTarget target)
    {
        string type = FilesystemOf(environment, target) is { } name ? $" ({name})" : "";
        return new(
            CapabilityOutcome.Missing,
            $"The path's filesystem{type} stands on no single local drive: network, memory, overlay and "
                + "pooled filesystems have no character device of their own.",
            NeedsNvme);
    }

    private static NamespacePlace? OfDisk(
        ProbeEnvironment environment, ProbeTarget target, out NamespaceRefusal refusal)
    {
        refusal = default;
        BlockDevice? disk = BlockDevice.Find(environment, target.Device, out string reason);
        if (disk is null)
        {
            refusal = new(
                CapabilityOutcome.CannotTell, $"The path's disk could not be found: {reason}.",
                "Make /sys readable, in a container by mounting it.");
        }
        else if (disk.GenericName is null)
        {
            string kind = KindOf(environment, disk);
            refusal = new(
                CapabilityOutcome.Missing, $"The path's disk {disk.Name} is {kind}.", NeedsNvme);
        }
        else if (Transports(environment, disk).FirstOrDefault(transport => transport != "pcie")
            is { } foreign)
        {
            refusal = new(
                CapabilityOutcome.Missing,
                $"The path's disk {disk.Name} is reached over {foreign}: no PCI device of this machine "
                    + "reads it.",
                NeedsNvme);
        }
        else
        {
            return new(disk.GenericName, disk);
        }
        return null;
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
}
