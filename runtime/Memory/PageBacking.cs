#nullable enable
namespace NvmeGpu;

/// <summary>
/// What pages a host buffer got. Fewer, larger pages make registration and DMA set-up cheaper.
/// </summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum PageBacking
{
    /// <summary>Pages of the base size (4 KiB on x86-64).</summary>
    BasePages = 0,

    /// <summary>
    /// Aligned to 2 MiB and advised with MADV_HUGEPAGE: the kernel uses huge pages where it has them.
    /// </summary>
    TransparentHugePages = 1,

    /// <summary>Reserved huge pages of 2 MiB (MAP_HUGETLB).</summary>
    HugePages = 2,

    /// <summary>Not pages of the host.</summary>
    Device = 3,
}
