using System;
using System.IO;
using NvmeGpu.TestKit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>
/// A made-up /proc, /sys and /dev in a temporary folder. Only files: system calls stay the machine's.
/// </summary>
internal sealed class FakeTree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FakeTree()
    {
        Environment = new ProbeEnvironment(_folder.FullPath);
    }

    public ProbeEnvironment Environment { get; }

    public FakeTree File(string path, string text) => File(path, System.Text.Encoding.Latin1.GetBytes(text));

    public FakeTree File(string path, byte[] bytes)
    {
        string full = Full(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllBytes(full, bytes);
        return this;
    }

    public FakeTree Folder(string path)
    {
        Directory.CreateDirectory(Full(path));
        return this;
    }

    /// <summary>A relative link, as sysfs has them.</summary>
    public FakeTree Link(string path, string target)
    {
        string full = Full(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string relative = Path.GetRelativePath(Path.GetDirectoryName(full)!, Full(target));
        System.IO.File.CreateSymbolicLink(full, relative);
        return this;
    }

    public FakeTree Kernel(string release) => File("/proc/sys/kernel/osrelease", release + "\n");

    public FakeTree PciDevice(string address, string vendor, string classCode, long bar1Bytes = 0)
    {
        string folder = "/sys/bus/pci/devices/" + address;
        const long Start = 0x4000000000;
        string bar1 = bar1Bytes == 0
            ? "0x0000000000000000 0x0000000000000000 0x0000000000000000"
            : $"0x{Start:x16} 0x{Start + bar1Bytes - 1:x16} 0x000000000014220c";
        return File(folder + "/vendor", vendor + "\n")
            .File(folder + "/class", classCode + "\n")
            .File(folder + "/resource",
                $"0x00000000a0000000 0x00000000a0ffffff 0x0000000000040200\n{bar1}\n");
    }

    /// <summary>An H100-like machine on which everything for peer memory is right.</summary>
    public FakeTree PeerMachine() => Kernel("6.12.1-peer")
        .File("/boot/config-6.12.1-peer", "CONFIG_PCI=y\nCONFIG_PCI_P2PDMA=y\n")
        .PciDevice("0000:17:00.0", "0x10de", "0x030200", 128L << 30)
        .File("/sys/bus/pci/devices/0000:17:00.0/p2pmem/size", "85899345920\n")
        .File("/proc/driver/nvidia/version", OpenDriver("595.44.02"))
        .File("/proc/driver/nvidia/params", Keys("RMForceStaticBar1=1;RmForceDisableIomapWC=1"))
        .Folder("/sys/kernel/iommu_groups");

    public FakeTree NvmeDisk(string pciPath = "pci0000:00/0000:00:01.0/0000:01:00.0",
        string transport = "pcie")
    {
        string controller = $"/sys/devices/{pciPath}/nvme/nvme0";
        string disk = controller + "/nvme0n1";
        return File(controller + "/transport", transport + "\n")
            .File(disk + "/nsid", "1\n")
            .File(disk + "/queue/logical_block_size", "512\n")
            .File(disk + "/queue/max_hw_sectors_kb", "1024\n")
            .File(disk + "/nvme0n1p2/partition", "2\n")
            .File(disk + "/nvme0n1p2/start", "1050624\n")
            .Link("/sys/dev/block/259:0", disk)
            .Link("/sys/dev/block/259:2", disk + "/nvme0n1p2");
    }

    public static string OpenDriver(string version) =>
        $"NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {version}  Release Build  (builder)\n"
        + "GCC version:  gcc version 14.2.0 (Debian 14.2.0-19)\n";

    public static string Keys(string dwords) =>
        $"ResmanDebugLevel: 4294967295\nEnableMSI: 1\nRegistryDwords: "
            + $"\"{dwords}\"\nRegistryDwordsPerDevice: \"\"\n";

    public static ProbeTarget FileOn(uint major, uint minor) => new()
    {
        Kind = ProbeTargetKind.File,
        Path = "made up",
        Device = (major, minor),
    };

    public void Dispose() => _folder.Dispose();

    private string Full(string path) => _folder.PathOf(path.TrimStart('/'));
}
