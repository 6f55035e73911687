#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Owns one range of memory that the kernel, a device or a GPU may write. The only owner there is: registered
/// memory and slots refer to it and keep it alive.
/// <para>
/// Lifetime: <see cref="SafeHandle.Dispose()"/> says that the caller is done. The range is unmapped when, in
/// addition, every ring that it is registered with has seen the completion of every operation on it. If a
/// ring is lost without being disposed, the range is leaked on purpose and reported
/// (<see cref="LeakedBytes"/>, event source "NvmeGpu"): closing a ring does not wait for DMA, so nobody could
/// know when unmapping is safe.
/// </para>
/// <para>Threads: all members may be used from any thread.</para>
/// </summary>
sealed partial class GpuMappedBuffer : SafeHandle
{
    private static long s_leakedBytes;

    private readonly Action? _release;

    /// <summary>Takes ownership of a mapping.</summary>
    /// <param name="address">First byte, not 0.</param>
    /// <param name="lengthBytes">Bytes, 1 and more.</param>
    /// <param name="kind">What the kernel accepts it for.</param>
    /// <param name="backing">Which pages it has.</param>
    /// <param name="devicePointer">The GPU's address of the same bytes, 0 without a GPU.</param>
    /// <param name="release">Gives the memory back in another way than munmap(2); may not throw.</param>
    internal GpuMappedBuffer(
        nint address, long lengthBytes, PeerMemoryKind kind, PageBacking backing, ulong devicePointer,
        Action? release)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Debug.Assert(address != 0 && lengthBytes > 0);
        LengthBytes = lengthBytes;
        Kind = kind;
        Backing = backing;
        DevicePointer = devicePointer;
        _release = release;
        SetHandle(address);
    }

    /// <summary>
    /// Bytes of buffers of this process that were given up because operations on them may still run.
    /// </summary>
    public static long LeakedBytes => Volatile.Read(ref s_leakedBytes);

    /// <summary>What the kernel accepts this memory for; see <see cref="PeerMemoryTable"/>.</summary>
    public PeerMemoryKind Kind { get; }

    /// <summary>Which pages the range has.</summary>
    public PageBacking Backing { get; }

    /// <summary>Length in bytes: what was asked for, rounded up to whole pages.</summary>
    public long LengthBytes { get; }

    /// <summary>The GPU's address of the first byte; 0 without a GPU.</summary>
    public ulong DevicePointer { get; }

    /// <summary>The first byte, for as long as the caller keeps this object alive and not disposed.</summary>
    [Stable]
    public nint Address => handle;

    public override bool IsInvalid => handle == 0;

    /// <summary>
    /// Allocates host memory: huge pages when they can be had, else 2 MiB-aligned anonymous memory.
    /// </summary>
    /// <param name="lengthBytes">1 and more; rounded up to whole pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 byte.</exception>
    /// <exception cref="IoUringException">The kernel had no memory.</exception>
    public static GpuMappedBuffer AllocateHost(long lengthBytes) =>
        HostMemoryProvider.Shared.Allocate(lengthBytes);

    /// <summary>
    /// Called by whoever lets the kernel or a device know the address (registration, a ring's own mappings):
    /// the memory stays until the matching <see cref="EndUse"/>, whatever the caller disposes meanwhile.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    internal void BeginUse()
    {
        bool isAdded = false;
        DangerousAddRef(ref isAdded);
    }

    /// <summary>
    /// No operation of the kernel or a device can touch the memory any more on this user's account.
    /// </summary>
    internal void EndUse() => DangerousRelease();

    /// <summary>
    /// Memory that the kernel may still write is never given back: all that is left is to say so.
    /// </summary>
    internal static void ReportLeak(long lengthBytes)
    {
        Interlocked.Add(ref s_leakedBytes, lengthBytes);
        NvmeGpuEventSource.Log.BufferLeaked(lengthBytes);
    }

    protected override bool ReleaseHandle()
    {
        if (_release is not null)
        {
            _release();
            return true;
        }
        // SAFETY: the reference count is 0, so no registration and no user refers to the range.
        unsafe
        {
            return Libc.munmap((void*)handle, (nuint)LengthBytes) == 0;
        }
    }
}
