#nullable enable
using System.Collections.Generic;

namespace NvmeGpu;

/// <summary>The stable ids of the probe's checks, in the order in which they are made and reported.</summary>
static partial class CapabilityCheckId
{
    /// <summary>This process may make an io_uring.</summary>
    public const string IoUring = "io_uring";

    /// <summary>Rings with entries of 128 and completions of 32 bytes, which passthrough needs.</summary>
    public const string BigEntries = "sqe128_cqe32";

    /// <summary>The kernel knows <c>IORING_OP_URING_CMD</c>.</summary>
    public const string UringCommand = "uring_cmd";

    /// <summary>The file can be read past the page cache, and with which alignment.</summary>
    public const string DirectIo = "o_direct";

    /// <summary>The file's drive has a character device that takes NVMe commands.</summary>
    public const string NvmeCharDevice = "nvme_char_device";

    /// <summary>The kernel lets one PCI device write into another's memory.</summary>
    public const string PeerToPeerKernel = "pci_p2pdma";

    /// <summary>The NVIDIA driver, its flavour and version.</summary>
    public const string NvidiaDriver = "nvidia_driver";

    /// <summary>The driver's registry keys that give its memory pages that other devices can reach.</summary>
    public const string NvidiaRegistryKeys = "nvidia_registry_keys";

    /// <summary>The window into the GPU's memory (BAR1), against the memory itself.</summary>
    public const string Bar1 = "bar1";

    /// <summary>The driver has published GPU memory to other devices.</summary>
    public const string PeerMemory = "p2pmem";

    /// <summary>The IOMMU leaves addresses between devices as they are.</summary>
    public const string Iommu = "iommu";

    /// <summary>What the kernel says of a slot's mapping.</summary>
    public const string MappingFlags = "vm_flags";

    /// <summary>Two blocks read through the path and compared byte by byte.</summary>
    public const string TrialRead = "trial_read";

    /// <summary>How much memory may be registered.</summary>
    public const string LockedMemory = "memlock";

    /// <summary>io_uring buffers made of dma-bufs.</summary>
    public const string DmaBuf = "dma_buf";

    /// <summary>NVIDIA's own storage module.</summary>
    public const string NvidiaFs = "nvidia_fs";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        IoUring, BigEntries, UringCommand, DirectIo, NvmeCharDevice, PeerToPeerKernel, NvidiaDriver,
        NvidiaRegistryKeys, Bar1, PeerMemory, Iommu, MappingFlags, TrialRead, LockedMemory, DmaBuf, NvidiaFs,
    ];
}
