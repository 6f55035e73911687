#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace NvmeGpu;

/// <summary>
/// What the NVIDIA driver says of itself in /proc and /sys. Only files are read: the driver is not called,
/// and the file p2pmem/allocate of a GPU is never mapped, because it would hand out memory that is in use.
/// </summary>
static partial class NvidiaChecks
{
    // From the driver's sources, not tried on hardware: the first version whose open modules have both keys.
    private const int FloorMajor = 595;
    private const int FloorMinor = 44;

    private const string OpenAdvice = "Install NVIDIA's open kernel modules, version 595.44 or later.";

    private const string KeysAdvice = "Put into /etc/modprobe.d: options nvidia "
        + "NVreg_RegistryDwords=\"RMForceStaticBar1=1;RmForceDisableIomapWC=1\", and reload the driver.";

    private static readonly string[] s_keys = ["RMForceStaticBar1", "RmForceDisableIomapWC"];

    /// <summary>
    /// Check 7: only the open modules, from some version on, can give out pages that other devices reach.
    /// </summary>
    public static CapabilityCheck Driver(ProbeEnvironment environment)
    {
        (CapabilityOutcome outcome, string detail, string advice) = DriverOutcome(environment);
        return new(
            CapabilityCheckId.NvidiaDriver, "NVIDIA driver with open kernel modules (595.44 or later)",
            outcome, detail, advice);
    }

    /// <summary>Check 8.</summary>
    public static CapabilityCheck RegistryKeys(ProbeEnvironment environment)
    {
        (CapabilityOutcome outcome, string detail, string advice) = KeysOutcome(environment);
        return new(
            CapabilityCheckId.NvidiaRegistryKeys, "The driver's keys for static BAR1",
            outcome, detail, advice);
    }

    /// <summary>Check 9: the window's size is in /sys; the memory's size is not.</summary>
    public static CapabilityCheck Bar1(ProbeEnvironment environment)
    {
        const string Title = "The GPU's window (BAR1) is as large as its memory";
        const int Bar1Index = 1;
        // What a GPU without resizable BAR has; its memory is always larger.
        const long OldWindowBytes = 256L << 20;
        if (Gpus(environment, out CapabilityOutcome none, out string reason) is not { } gpus)
        {
            return new(CapabilityCheckId.Bar1, Title, none, reason, NoGpuAdvice(none));
        }
        (string Address, long? Bytes)[] windows =
            [.. gpus.Select(gpu => (gpu.Address, gpu.BarBytes(environment, Bar1Index)))];
        string detail = string.Join(", ", windows.Select(window => window.Bytes is { } bytes
            ? $"{window.Address}: {bytes >> 20} MiB"
            : $"{window.Address}: not readable"));
        if (windows.Any(window => window.Bytes > OldWindowBytes))
        {
            return gpus.Any(gpu => gpu.PublishedBytes(environment) > 0)
                ? new(
                    CapabilityCheckId.Bar1, Title, CapabilityOutcome.Ok,
                    $"BAR1 is {detail}, and the driver has published memory in it.")
                : new(
                    CapabilityCheckId.Bar1, Title, CapabilityOutcome.CannotTell,
                    $"BAR1 is {detail}; the memory's size cannot be had without calling the driver.",
                    "Compare with the memory size that nvidia-smi prints: the window must be larger.");
        }
        return windows.Any(window => window.Bytes is null)
            ? new(
                CapabilityCheckId.Bar1, Title, CapabilityOutcome.CannotTell, $"BAR1 is {detail}.",
                "Make /sys readable.")
            : new(
                CapabilityCheckId.Bar1, Title, CapabilityOutcome.Missing,
                $"BAR1 is {detail}: smaller than the memory of any GPU.",
                "Switch on Resizable BAR and Above 4G Decoding in the firmware set-up.");
    }

    /// <summary>Check 10: what the driver has published, live.</summary>
    public static CapabilityCheck PeerMemory(ProbeEnvironment environment)
    {
        const string Title = "GPU memory that other devices can reach (p2pmem)";
        const string Advice = "Needs the checks from pci_p2pdma to bar1; then reload the driver.";
        if (Gpus(environment, out CapabilityOutcome none, out string reason) is not { } gpus)
        {
            return new(
                CapabilityCheckId.PeerMemory, Title, none, reason + DriveMemory(environment),
                NoGpuAdvice(none));
        }
        PciDevice? live = gpus.FirstOrDefault(gpu => gpu.PublishedBytes(environment) > 0);
        return live is not null
            ? new(
                CapabilityCheckId.PeerMemory, Title, CapabilityOutcome.Ok,
                $"{live.Address} has published {live.PublishedBytes(environment) >> 20} MiB.")
            : new(
                CapabilityCheckId.PeerMemory, Title, CapabilityOutcome.Missing,
                "The driver has published no memory of a GPU." + DriveMemory(environment), Advice);
    }

    /// <summary>
    /// Check 16: for information. Its pages are refused outside its own interface, so it helps no path here.
    /// </summary>
    public static CapabilityCheck NvidiaFs(ProbeEnvironment environment)
    {
        const string Title = "NVIDIA's storage module nvidia-fs (information only)";
        const string Advice = "Nothing to do: NvmeGpu does not use it.";
        bool isListed = false;
        ProbeText modules = environment.VisitLines("/proc/modules", null, line =>
        {
            isListed = line.StartsWith("nvidia_fs ", StringComparison.Ordinal);
            return !isListed;
        });
        if (isListed || environment.HasDirectory("/proc/driver/nvidia-fs"))
        {
            string version = environment.ReadText("/proc/driver/nvidia-fs/version").Trimmed;
            return new(
                CapabilityCheckId.NvidiaFs, Title, CapabilityOutcome.Ok,
                $"Loaded{(version.Length == 0 ? "" : $" ({ProbeEnvironment.Printable(version)})")}. "
                    + "NvmeGpu does not use it.");
        }
        return modules.Text is null && modules.IsThere
            ? new(
                CapabilityCheckId.NvidiaFs, Title, CapabilityOutcome.CannotTell, modules.Reason + ".", Advice)
            : new(CapabilityCheckId.NvidiaFs, Title, CapabilityOutcome.Missing, "Not loaded.", Advice);
    }

    private static (CapabilityOutcome, string, string) DriverOutcome(ProbeEnvironment environment)
    {
        ProbeText text = environment.ReadText("/proc/driver/nvidia/version");
        if (text.Text is null)
        {
            string module = environment.ReadText("/sys/module/nvidia/version").Trimmed;
            bool isLoaded = module.Length > 0 || environment.HasDirectory("/sys/module/nvidia");
            return isLoaded || text.IsThere
                ? (
                    CapabilityOutcome.CannotTell,
                    $"The driver is loaded ({ProbeEnvironment.Printable(module)}), but {text.Reason}.",
                    "Make /proc/driver/nvidia readable.")
                : (
                    CapabilityOutcome.Missing, "No NVIDIA driver is loaded.",
                    "Only needed for peer memory on an NVIDIA GPU. " + OpenAdvice);
        }
        string line = LineOf(text.Text, "NVRM version:") ?? "";
        if (ParseVersion(line) is not { } version)
        {
            return (
                CapabilityOutcome.CannotTell,
                $"/proc/driver/nvidia/version names no version: \"{ProbeEnvironment.Printable(text.Text)}\".",
                "Look at the driver with nvidia-smi.");
        }
        bool isOpen = line.Contains("Open Kernel Module", StringComparison.Ordinal);
        string seen = $"Version {version.Text}, {(isOpen ? "open" : "proprietary")} kernel modules";
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return (
                CapabilityOutcome.Missing,
                $"{seen}; this is not x86-64, where alone it gives such memory.", OpenAdvice);
        }
        bool isNewEnough = version.Major > FloorMajor
            || (version.Major == FloorMajor && version.Minor >= FloorMinor);
        return isOpen && isNewEnough
            ? (CapabilityOutcome.Ok, seen + ".", "")
            : (
                CapabilityOutcome.Missing,
                seen + (isOpen ? ", older than 595.44." : ", which give no memory to other devices."),
                OpenAdvice);
    }

    private static (CapabilityOutcome, string, string) KeysOutcome(ProbeEnvironment environment)
    {
        const string Parameters = "/proc/driver/nvidia/params";
        const string Entry = "RegistryDwords:";
        ProbeText text = environment.ReadText(Parameters);
        if (text.Text is null)
        {
            return text.IsThere || environment.HasDirectory("/sys/module/nvidia")
                ? (CapabilityOutcome.CannotTell, text.Reason + ".", "Look as root. " + KeysAdvice)
                : (CapabilityOutcome.Missing, "No NVIDIA driver is loaded.", "Load it first. " + KeysAdvice);
        }
        string? line = LineOf(text.Text, Entry);
        if (line is null)
        {
            return (CapabilityOutcome.CannotTell, $"{Parameters} has no line RegistryDwords.", KeysAdvice);
        }
        Dictionary<string, string> keys = ParseKeys(line[Entry.Length..]);
        string[] lacking =
            [.. s_keys.Where(key => !keys.TryGetValue(key, out string? value) || !IsOne(value))];
        return lacking.Length == 0
            ? (CapabilityOutcome.Ok, string.Join(" and ", s_keys.Select(key => key + "=1")) + " are set.", "")
            : (CapabilityOutcome.Missing, $"Not set to 1: {string.Join(", ", lacking)}.", KeysAdvice);
    }

    /// <summary>
    /// "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  595.44.02  Release Build ..."
    /// </summary>
    private static (int Major, int Minor, string Text)? ParseVersion(string line)
    {
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] numbers = word.Split('.');
            if (numbers.Length is 2 or 3 && Array.TrueForAll(numbers, number => number.All(char.IsAsciiDigit))
                && int.TryParse(numbers[0], out int major) && int.TryParse(numbers[1], out int minor))
            {
                return (major, minor, ProbeEnvironment.Printable(word));
            }
        }
        return null;
    }

    private static string? LineOf(string text, string start) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>"Key=1;Other=0x2", in quotes.</summary>
    private static Dictionary<string, string> ParseKeys(string text)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in text.Trim().Trim('"').Split(';'))
        {
            string[] sides = pair.Split('=', 2);
            if (sides.Length == 2)
            {
                keys[sides[0].Trim()] = sides[1].Trim();
            }
        }
        return keys;
    }

    private static bool IsOne(string value) => value is "1" or "0x1" or "0x01" or "0x00000001";

    /// <summary>Null when there is none, or none can be seen.</summary>
    private static PciDevice[]? Gpus(
        ProbeEnvironment environment, out CapabilityOutcome none, out string reason)
    {
        IReadOnlyList<PciDevice>? all = PciDevice.All(environment, out reason);
        PciDevice[] gpus = [.. (all ?? []).Where(device => device.IsNvidiaGpu)];
        none = all is null ? CapabilityOutcome.CannotTell : CapabilityOutcome.Missing;
        reason = all is null
            ? $"PCI devices cannot be listed: {reason}."
            : "This machine shows no NVIDIA GPU.";
        return gpus.Length > 0 ? gpus : null;
    }

    private static string NoGpuAdvice(CapabilityOutcome none) => none == CapabilityOutcome.Missing
        ? "Only needed for peer memory on an NVIDIA GPU."
        : "Make /sys readable, in a container by mounting it.";

    /// <summary>
    /// Memory that NVMe drives have published: other devices reach it just so, but it is no GPU's.
    /// </summary>
    private static string DriveMemory(ProbeEnvironment environment)
    {
        PciDevice? drive = (PciDevice.All(environment, out _) ?? [])
            .FirstOrDefault(device => device.IsNvme && device.PublishedBytes(environment) > 0);
        return drive is null
            ? ""
            : $" The NVMe drive {drive.Address} has {drive.PublishedBytes(environment) >> 20} MiB.";
    }
}
