#nullable enable
namespace NvmeGpu;

/// <summary>What kind of pages an address range has, which decides what the kernel accepts it for.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum PeerMemoryKind
{
    /// <summary>
    /// Ordinary pages in RAM: anonymous memory or huge pages, also when CUDA has registered them.
    /// </summary>
    HostMapped = 0,

    /// <summary>
    /// Pages of another PCI device that its driver published (<c>MEMORY_DEVICE_PCI_P2PDMA</c>).
    /// </summary>
    P2PdmaPages = 1,

    /// <summary>
    /// A mapping without page structures (<c>pf</c> or <c>io</c> in <c>VmFlags</c>): no I/O at all.
    /// </summary>
    OpaqueMmio = 2,
}
