#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace NvmeGpu;

/// <summary>Whether the kernel lets PCI devices reach each other's memory.</summary>
static partial class KernelChecks
{
    private const string Option = "CONFIG_PCI_P2PDMA";

    private const string RebuildAdvice =
        "Use a kernel of Linux 6.2 or later that is built with CONFIG_PCI_P2PDMA=y; many distribution "
            + "kernels are not.";

    /// <summary>
    /// Check 6: the release, the configuration, and where there is none, the list of symbols.
    /// </summary>
    public static CapabilityCheck PeerToPeer(ProbeEnvironment environment)
    {
        (CapabilityOutcome outcome, string detail) = PeerToPeerOutcome(environment);
        return new(
            CapabilityCheckId.PeerToPeerKernel, "Kernel 6.2 or later with CONFIG_PCI_P2PDMA", outcome, detail,
            outcome switch
            {
                CapabilityOutcome.Ok => "",
                CapabilityOutcome.Missing => RebuildAdvice,
                _ => "Look for CONFIG_PCI_P2PDMA=y in the kernel's configuration (root can read more), "
                    + "or let a trial read tell.",
            });
    }

    /// <summary>
    /// Check 11: translated addresses make peer DMA go astray, without an error (seen in a lab).
    /// </summary>
    /// <param name="environment">Where /sys and /proc are.</param>
    /// <param name="drives">PCI addresses of the drives behind the probed path; empty for all NVMe
    /// drives.</param>
    public static CapabilityCheck Iommu(ProbeEnvironment environment, IReadOnlyList<string> drives)
    {
        (CapabilityOutcome outcome, string detail) = IommuOutcome(environment, drives);
        return new(
            CapabilityCheckId.Iommu, "The IOMMU leaves peer addresses alone (off, or identity)",
            outcome, detail,
            outcome switch
            {
                CapabilityOutcome.Ok => "",
                CapabilityOutcome.Missing =>
                    "Boot with iommu=pt on the kernel command line (or switch the IOMMU off).",
                _ => "Look at /sys/kernel/iommu_groups/*/type and /proc/cmdline.",
            });
    }

    private static (CapabilityOutcome, string) PeerToPeerOutcome(ProbeEnvironment environment)
    {
        string release = environment.ReadText("/proc/sys/kernel/osrelease").Trimmed;
        if (!TryParseRelease(release, out int major, out int minor))
        {
            return (CapabilityOutcome.CannotTell, "The kernel's release could not be read.");
        }
        if (!ProbeEnvironment.IsFileName(release))
        {
            return (CapabilityOutcome.CannotTell, "The kernel's release is an odd text.");
        }
        if (major < 6 || (major == 6 && minor < 2))
        {
            return (
                CapabilityOutcome.Missing, $"This is Linux {release}: peer pages are accepted since 6.2.");
        }

        var reasons = new List<string>();
        foreach ((string path, Func<Stream, Stream>? unpack) in ConfigFiles(release))
        {
            if (ReadOption(environment, path, unpack, reasons) is { } isOn)
            {
                return isOn
                    ? (CapabilityOutcome.Ok, $"Linux {release}; {path} has {Option}=y.")
                    : (CapabilityOutcome.Missing, $"Linux {release}; {path} has {Option} off.");
            }
        }
        return LookForSymbol(environment, reasons) switch
        {
            true => (CapabilityOutcome.Ok, $"Linux {release}; /proc/kallsyms has the functions of {Option}."),
            false => (
                CapabilityOutcome.Missing,
                $"Linux {release}; /proc/kallsyms lacks the functions of {Option}."),
            null => (CapabilityOutcome.CannotTell, $"Linux {release}; {string.Join("; ", reasons)}."),
        };
    }

    private static (string Path, Func<Stream, Stream>? Unpack)[] ConfigFiles(string release) =>
    [
        ("/proc/config.gz", packed => new GZipStream(packed, CompressionMode.Decompress)),
        ($"/boot/config-{release}", null),
        ($"/lib/modules/{release}/config", null),
    ];

    /// <summary>Null with a reason when the file does not say.</summary>
    private static bool? ReadOption(
        ProbeEnvironment environment, string path, Func<Stream, Stream>? unpack, List<string> reasons)
    {
        // The last section's end, which a file that was cut off lacks: GZipStream does not mind such files.
        const string End = "# end of Kernel hacking";
        bool? isOn = null;
        bool isWhole = false;
        ProbeText result = environment.VisitLines(path, unpack, line =>
        {
            isWhole |= line.StartsWith(End, StringComparison.Ordinal);
            isOn = line switch
            {
                Option + "=y" => true,
                "# " + Option + " is not set" => false,
                _ => isOn,
            };
            return isOn is null;
        });
        if (isOn is not null)
        {
            return isOn;
        }
        if (result.Text is not null && isWhole && result.Reason.Length == 0)
        {
            return false; // not even mentioned: what it depends on is off
        }
        reasons.Add(result.Reason.Length > 0 ? result.Reason : $"{path} is no whole kernel configuration");
        return null;
    }

    /// <summary>
    /// Whole names only: dma_pci_p2pdma_supported, for one, is in kernels without the option.
    /// pci_enable_device shows that the list is a real one. Null with a reason when the list does not say.
    /// </summary>
    private static bool? LookForSymbol(ProbeEnvironment environment, List<string> reasons)
    {
        bool isFound = false;
        bool isList = false;
        ProbeText result = environment.VisitLines("/proc/kallsyms", null, line =>
        {
            // "ffffffff81000000 T name [module]"
            string[] words = line.Split([' ', '\t'], 4);
            string name = words.Length < 3 ? "" : words[2];
            isList |= name == "pci_enable_device";
            isFound = name is "pci_p2pdma_add_resource" or "p2pdma_pgmap_ops";
            return !isFound;
        });
        if (isFound)
        {
            return true;
        }
        if (result.Text is not null && isList && result.Reason.Length == 0)
        {
            return false;
        }
        reasons.Add(result.Reason.Length > 0 ? result.Reason : "/proc/kallsyms is no list of kernel symbols");
        return null;
    }

    /// <summary>"6.12.48+deb13-amd64" is 6 and 12.</summary>
    private static bool TryParseRelease(string release, out int major, out int minor)
    {
        string[] parts = release.Split('.', 3);
        minor = 0;
        return int.TryParse(parts[0], out major) && parts.Length >= 2
            && int.TryParse(new string([.. parts[1].TakeWhile(char.IsAsciiDigit)]), out minor)
            && major is > 0 and < 1000;
    }

    private static (CapabilityOutcome, string) IommuOutcome(
        ProbeEnvironment environment, IReadOnlyList<string> drives)
    {
        IReadOnlyList<string>? groups =
            environment.List("/sys/kernel/iommu_groups", out string reason, out _);
        if (groups is null)
        {
            return FromCommandLine(environment, reason);
        }
        if (groups.Count == 0)
        {
            return (CapabilityOutcome.Ok, "There are no IOMMU groups: no IOMMU is in use.");
        }

        List<string> devices = DevicesThatMatter(environment, drives);
        var seen = new List<string>();
        var worst = CapabilityOutcome.Ok;
        foreach (string group in groups.Where(ProbeEnvironment.IsFileName))
        {
            string folder = "/sys/kernel/iommu_groups/" + group;
            IReadOnlyList<string> members = environment.List(folder + "/devices", out _, out _) ?? [];
            string? device = devices.Count == 0 ? group : devices.FirstOrDefault(members.Contains);
            if (device is null)
            {
                continue;
            }
            ProbeText type = environment.ReadText(folder + "/type");
            if (type.Text is null)
            {
                return FromCommandLine(environment, type.Reason);
            }
            CapabilityOutcome outcome = OutcomeOfType(type.Trimmed);
            string text =
                $"{(devices.Count == 0 ? "group " : "")}{device}: {ProbeEnvironment.Printable(type.Trimmed)}";
            if (outcome != CapabilityOutcome.Ok && worst != CapabilityOutcome.Missing)
            {
                worst = outcome;
                seen.Insert(0, text); // what is wrong comes first
            }
            else
            {
                seen.Add(text);
            }
        }
        const int ShownMax = 8;
        string list = string.Join(", ", seen.Take(ShownMax)) + (seen.Count > ShownMax ? ", ..." : "");
        return seen.Count == 0
            ? (CapabilityOutcome.CannotTell, "The drives and GPUs of this machine are in no IOMMU group.")
            : (worst, $"IOMMU group types: {list}.");
    }

    private static CapabilityOutcome OutcomeOfType(string type) => type switch
    {
        "identity" => CapabilityOutcome.Ok,
        "DMA" or "DMA-FQ" or "DMA-SQ" or "blocked" => CapabilityOutcome.Missing,
        _ => CapabilityOutcome.CannotTell,
    };

    private static List<string> DevicesThatMatter(ProbeEnvironment environment, IReadOnlyList<string> drives)
    {
        IReadOnlyList<PciDevice> all = PciDevice.All(environment, out _) ?? [];
        return
        [
            .. drives.Count > 0
                ? drives
                : all.Where(device => device.IsNvme).Select(device => device.Address),
            .. all.Where(device => device.IsNvidiaGpu).Select(device => device.Address),
        ];
    }

    private static (CapabilityOutcome, string) FromCommandLine(ProbeEnvironment environment, string reason)
    {
        ProbeText text = environment.ReadText("/proc/cmdline");
        string[] off = ["iommu=pt", "iommu.passthrough=1", "iommu=off", "intel_iommu=off", "amd_iommu=off"];
        string? found = text.Trimmed.Split([' ', '\n', '\t']).FirstOrDefault(off.Contains);
        return found is not null
            ? (CapabilityOutcome.Ok, $"The kernel command line has {found} ({reason}).")
            : (
                CapabilityOutcome.CannotTell,
                $"The groups cannot be seen ({reason}), and the command line does not say.");
    }
}
