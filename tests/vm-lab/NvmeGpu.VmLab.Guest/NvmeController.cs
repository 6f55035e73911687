using System;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// A controller by its serial number: the numbers in names like nvme0 are given in the order in which the
/// kernel's probes end, which differs from boot to boot.
/// </summary>
/// <param name="Serial">As the scenario gave it.</param>
/// <param name="Name">For example nvme0.</param>
internal sealed record NvmeController(string Serial, string Name)
{
    private const string Class = "/sys/class/nvme";

    /// <summary>Its PCI function in sysfs.</summary>
    public string PciPath => $"{Class}/{Name}/device";

    /// <summary>The same by its bus address, as it is called for as long as the function is there.</summary>
    public string PciFunction()
    {
        string target = new DirectoryInfo(PciPath).LinkTarget
            ?? throw new GuestFailedException($"{PciPath} is no link to a PCI function.");
        return $"/sys/bus/pci/devices/{Path.GetFileName(target)}";
    }

    public static NvmeController Find(string serial) => TryFind(serial)
        ?? throw new GuestFailedException($"no controller has the serial number {serial}.");

    public static NvmeController? TryFind(string serial) => Directory.Exists(Class)
        ? Directory.EnumerateDirectories(Class).Select(Path.GetFileName).OfType<string>()
            .Where(name => SerialOf(name) == serial)
            .Select(name => new NvmeController(serial, name)).FirstOrDefault()
        : null;

    /// <summary>NVME_IOCTL_RESET, which needs root. Returns when the controller works again.</summary>
    public static void Reset(SafeFileHandle controller)
    {
        // SAFETY: this request takes no argument.
        unsafe
        {
            int result = Libc.ioctl((int)controller.DangerousGetHandle(), NvmeIoctl.NVME_IOCTL_RESET, null);
            int errno = Libc.errno;
            Check.That(result == 0, $"the controller cannot be reset: error {errno}.");
        }
    }

    /// <summary>First and last bus address of its largest BAR, where its memory buffer is.</summary>
    public (ulong First, ulong Last) LargestBar() => File.ReadAllLines($"{PciPath}/resource")
        .Select(line => line.Split(' '))
        .Select(words => (First: Convert.ToUInt64(words[0], 16), Last: Convert.ToUInt64(words[1], 16)))
        .MaxBy(bar => bar.Last - bar.First);

    // It goes away with its controller.
    private static string SerialOf(string name)
    {
        try
        {
            return File.ReadAllText($"{Class}/{name}/serial").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
