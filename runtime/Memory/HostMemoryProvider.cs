#nullable enable
using System;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Host memory: reserved huge pages when there are enough, else anonymous memory aligned to 2 MiB and advised
/// for transparent huge pages. Every page is touched before it is handed out, so that registration never
/// meets a hole, and the range is left out of child processes (MADV_DONTFORK: after fork(2) a copy-on-write
/// page would part the program's view from the pages that the device writes).
/// </summary>
sealed partial class HostMemoryProvider : IPeerMemoryProvider
{
    private const long HugePageBytes = 2L << 20;

    /// <summary>The one instance: it has no state.</summary>
    public static readonly HostMemoryProvider Shared = new();

    /// <inheritdoc/>
    public string Name => "host";

    /// <inheritdoc/>
    public CapabilityCheck Probe() => new(
        "memory.host", "Host memory for slots", CapabilityOutcome.Ok,
        "Anonymous memory is always there; huge pages are used when the kernel has them.");

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    public GpuMappedBuffer Allocate(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, long.MaxValue / 2);

        // Small buffers do not take a huge page away from others.
        if (lengthBytes >= HugePageBytes)
        {
            long hugeLength = RoundUp(lengthBytes, HugePageBytes);
            if (TryMap(hugeLength, Libc.MAP_HUGETLB | Libc.MAP_HUGE_2MB, out nint huge, out _))
            {
                return Finish(huge, hugeLength, PageBacking.HugePages);
            }
            return Finish(MapAligned(hugeLength), hugeLength, PageBacking.TransparentHugePages);
        }

        long pageLength = RoundUp(lengthBytes, Environment.SystemPageSize);
        if (!TryMap(pageLength, 0, out nint address, out int errno))
        {
            throw NoMemory(pageLength, errno);
        }
        return Finish(address, pageLength, PageBacking.BasePages);
    }

    /// <summary>
    /// Maps with room to spare and trims both ends, because mmap(2) itself aligns to base pages only.
    /// </summary>
    private static nint MapAligned(long lengthBytes)
    {
        if (!TryMap(lengthBytes + HugePageBytes, 0, out nint start, out int errno))
        {
            throw NoMemory(lengthBytes, errno);
        }
        nint aligned = (nint)RoundUp(start, HugePageBytes);
        long headBytes = aligned - start;
        // SAFETY: both ends belong to the mapping just made, which nobody else knows yet.
        unsafe
        {
            if (headBytes > 0)
            {
                _ = Libc.munmap((void*)start, (nuint)headBytes);
            }
            if (headBytes < HugePageBytes)
            {
                _ = Libc.munmap((void*)(aligned + (nint)lengthBytes), (nuint)(HugePageBytes - headBytes));
            }
            // Advice: kernels without transparent huge pages answer EINVAL, and base pages serve as well.
            _ = Libc.madvise((void*)aligned, (nuint)lengthBytes, Libc.MADV_HUGEPAGE);
        }
        return aligned;
    }

    private static GpuMappedBuffer Finish(nint address, long lengthBytes, PageBacking backing)
    {
        var buffer = new GpuMappedBuffer(address, lengthBytes, PeerMemoryKind.HostMapped, backing, 0, null);
        // SAFETY: the range is the buffer's own.
        unsafe
        {
            if (Libc.madvise((void*)address, (nuint)lengthBytes, Libc.MADV_DONTFORK) != 0)
            {
                int errno = Libc.errno;
                buffer.Dispose();
                throw new IoUringException("madvise(MADV_DONTFORK)", errno, "");
            }
            Touch((byte*)address, lengthBytes, buffer);
        }
        return buffer;
    }

    /// <summary>Makes every page present: by one call since Linux 5.14, by hand before.</summary>
    /// <safety>The range is writable and nobody else's yet.</safety>
    private static unsafe void Touch(byte* address, long lengthBytes, GpuMappedBuffer owner)
    {
        // SAFETY: the caller's range.
        unsafe
        {
            if (Libc.madvise(address, (nuint)lengthBytes, Libc.MADV_POPULATE_WRITE) == 0)
            {
                return;
            }
        }
        int errno = Libc.errno;
        if (errno != Libc.EINVAL)
        {
            owner.Dispose();
            throw NoMemory(lengthBytes, errno);
        }
        for (long offset = 0; offset < lengthBytes; offset += Environment.SystemPageSize)
        {
            // SAFETY: offset < lengthBytes.
            unsafe
            {
                address[offset] = 0;
            }
        }
    }

    private static bool TryMap(long lengthBytes, int extraFlags, out nint address, out int errno)
    {
        // SAFETY: a new anonymous mapping at an address of the kernel's choice.
        unsafe
        {
            void* mapped = Libc.mmap(
                null, (nuint)lengthBytes, Libc.PROT_READ | Libc.PROT_WRITE,
                Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | extraFlags, -1, 0);
            errno = Libc.errno;
            address = unchecked((nint)mapped);
            return mapped != Libc.MAP_FAILED;
        }
    }

    private static IoUringException NoMemory(long lengthBytes, int errno) => new(
        $"Allocating {lengthBytes} bytes of host memory", errno,
        "the machine or its memory cgroup has less memory than slots x slot size; use fewer or smaller "
        + "slots.");

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
