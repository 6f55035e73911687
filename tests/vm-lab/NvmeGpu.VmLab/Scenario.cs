using System.Collections.Generic;

namespace NvmeGpu.VmLab;

/// <summary>Where the two controllers sit on the bus.</summary>
internal enum BusTopology
{
    /// <summary>Both behind one PCIe switch: its ports pass transfers between them on.</summary>
    Switch,

    /// <summary>Each at a root port of its own: transfers between them pass the host bridge.</summary>
    RootPorts,

    /// <summary>Both on the root bus.</summary>
    RootBus,
}

/// <summary>A namespace of A beside its first one; its pattern has a seed of its own.</summary>
/// <param name="Id">2 and more.</param>
/// <param name="BlockBytes">Bytes of data per block.</param>
/// <param name="MetadataBytes">Bytes of metadata per block: the pattern behind that of all data.</param>
/// <param name="IsMetadataExtended">It follows each block's data; otherwise it is transferred apart.</param>
internal sealed record FurtherNamespace(
    int Id, int BlockBytes, int MetadataBytes = 0, bool IsMetadataExtended = false);

/// <summary>
/// One guest: a kernel, a machine with an NVMe controller A (the data) and, with memory to give, B, and the
/// tests that are run in it.
/// </summary>
/// <param name="Name">In lower case, with dashes.</param>
/// <param name="About">What it is there for.</param>
internal sealed record Scenario(string Name, string About)
{
    /// <summary>As packages.lock names it.</summary>
    public string Kernel { get; init; } = "7.x";

    public BusTopology Topology { get; init; } = BusTopology.Switch;

    /// <summary>Bytes per block of A's namespace.</summary>
    public int BlockBytes { get; init; } = 512;

    /// <summary>Namespaces of A beside its first.</summary>
    public IReadOnlyList<FurtherNamespace> FurtherNamespaces { get; init; } = [];

    /// <summary>
    /// A second controller A2 leads to A's namespace: both belong to one subsystem (multipath).
    /// </summary>
    public bool HasSecondPath { get; init; }

    /// <summary>MiB of B's memory buffer, at least 2; null leaves B out.</summary>
    public int? PeerMegabytes { get; init; } = 64;

    /// <summary>QEMU's CPU when it emulates; with KVM it is the host's.</summary>
    public string Cpu { get; init; } = "max";

    /// <summary>The CPU model decides what the kernel allows, so KVM will not do.</summary>
    public bool IsEmulated { get; init; }

    /// <summary>An IOMMU that translates stands before the controllers.</summary>
    public bool HasIommu { get; init; }

    /// <summary>
    /// A can be stalled, slowed down and given errors by the host; then it has an image of its own.
    /// </summary>
    public bool HasFaults { get; init; }

    /// <summary>A further controller F has an ext4 filesystem, see <see cref="Ext4Image"/>.</summary>
    public bool HasFilesystem { get; init; }

    /// <summary>Further controllers, each with a filesystem that guests write to.</summary>
    public IReadOnlyList<FilesystemDrive> Filesystems { get; init; } = [];

    /// <summary>
    /// The guest can load modules of its kernel, which are there for this one: 7.x-modules in packages.lock.
    /// </summary>
    public bool HasModules { get; init; }

    /// <summary>The command nvmegpu is in the guest, as /nvmegpu.</summary>
    public bool HasTool { get; init; }

    /// <summary>The guest has e4defrag(8) of this machine, as /e4defrag.</summary>
    public bool HasDefragmenter { get; init; }

    /// <summary>The guest has the program in C that speed is compared with, see CReader.cs.</summary>
    public bool HasCReader { get; init; }

    /// <summary>512-byte sectors of A that cannot be read, with <see cref="HasFaults"/>.</summary>
    public IReadOnlyList<int> BadSectors { get; init; } = [];

    /// <summary>The same, of which only the first read fails.</summary>
    public IReadOnlyList<int> OnceBadSectors { get; init; } = [];

    /// <summary>Further words of the kernel's command line.</summary>
    public string KernelArguments { get; init; } = "";

    /// <summary>What else the guest's tests are told.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; init; } = [];

    /// <summary>Longer than a minute: only with --full, which CI has.</summary>
    public bool IsFull { get; init; }

    /// <summary>Names of guest tests, in this order.</summary>
    public required IReadOnlyList<string> Tests { get; init; }
}
