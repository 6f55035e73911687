using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>What a guest test has around it.</summary>
internal sealed class GuestContext(GuestSettings settings, IGuestChannel channel)
{
    private GpuDirectCapability? _capability;

    public GuestSettings Settings { get; } = settings;

    public IGuestChannel Channel { get; } = channel;

    /// <summary>The first namespace of the controller with the data, always serial number A.</summary>
    public NvmeDrive Data => NvmeDrive.Find("A");

    /// <summary>The controller with the memory, always serial number B.</summary>
    public NvmeController Peer => NvmeController.Find("B");

    /// <summary>
    /// What the probe says with a look at the data. Once per guest: it reads all symbols of the kernel, which
    /// is a second when emulated.
    /// </summary>
    public GpuDirectCapability Capability => _capability ??= GpuDirectCapability.Probe(Data.BlockPath);

    /// <summary>From which the data's pattern is made.</summary>
    public ulong Seed => Settings.SeedOf("A");

    /// <summary>A piece of that memory, mapped as the runtime does it.</summary>
    public GpuMappedBuffer AllocatePeer(long lengthBytes) => PeerProvider.Allocate(lengthBytes);

    public NvmeCmbProvider PeerProvider => new(Path.GetFileName(Peer.PciFunction()));

    /// <summary>A BAR that no driver has claimed (QEMU's pci-testdev), as a file to map.</summary>
    public string OpaqueBar => Directory.EnumerateDirectories("/sys/bus/pci/devices")
        .Where(path => File.ReadAllText(Path.Join(path, "vendor")).Trim() == "0x1b36"
            && File.ReadAllText(Path.Join(path, "device")).Trim() == "0x0005")
        .Select(path => Path.Join(path, "resource0")).FirstOrDefault()
        ?? throw new GuestFailedException("the guest has no pci-testdev.");

    /// <summary>Something that a test of the host goes on with.</summary>
    public void Report(string fact, string value) => Channel.Send(GuestWords.Fact, $"{fact} {value}");
}
