#nullable enable
namespace NvmeGpu;

/// <summary>How bytes get from storage into the memory that the GPU sees.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum NativeReadPath
{
    /// <summary>
    /// <c>IORING_OP_READ_FIXED</c> into a registered mapping: every filesystem, with and without a GPU.
    /// </summary>
    RegisteredMappedRead = 0,

    /// <summary>
    /// <c>IORING_OP_URING_CMD</c>: an NVMe read command whose DMA goes straight into peer memory.
    /// </summary>
    GpuDirectNvmePassthrough = 1,

    /// <summary><c>IORING_OP_READ</c> of an O_DIRECT file straight into peer memory.</summary>
    PeerDirectFileRead = 2,
}
