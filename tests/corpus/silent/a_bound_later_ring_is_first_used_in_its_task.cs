#nullable enable
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>BindOnFirstUse: made here, registered here, used by one thread only, over there.</summary>
public static class BoundLater
{
    public static Task<int> ReadAsync(SafeFileHandle handle)
    {
        IoUring ring = IoUring.Create(new IoUringOptions { BindOnFirstUse = true });
        return Task.Run(() =>
        {
            using (ring)
            using (GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096))
            {
                RegisteredRegion region = ring.Register(buffer).Region(0, 4096);
                RegisteredFile file = ring.Register(handle);
                _ = ring.Read(region, file, 0);
                ring.Wait(1, Timeout.InfiniteTimeSpan);
                return ring.TryReap(out Completion completion) && completion.IsSuccess
                    ? completion.ByteCount
                    : -1;
            }
        });
    }
}
