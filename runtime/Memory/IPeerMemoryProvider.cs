#nullable enable
namespace NvmeGpu;

/// <summary>Where memory for slots comes from: host pages, CUDA, another device's BAR.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
internal
#endif
interface IPeerMemoryProvider
{
    /// <summary>The name to ask for it by, for example <c>host</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether it can be used here and, if not, the first thing that is missing and what to do about it.
    /// </summary>
    CapabilityCheck Probe();

    /// <summary>
    /// Allocates memory that the kernel or a device may write. The buffer owns it; see
    /// <see cref="GpuMappedBuffer"/>.
    /// </summary>
    /// <param name="lengthBytes">At least this many bytes, 1 and more; rounded up to whole pages.</param>
    /// <exception cref="IoUringException">The kernel had no memory.</exception>
    GpuMappedBuffer Allocate(long lengthBytes);
}
