#nullable enable
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>
/// SQPOLL: Submit only publishes, and there is no frame that the kernel's thread could miss.
/// </summary>
public static class PolledSubmission
{
    public static int Run(SafeFileHandle handle, int reads)
    {
        var options = new IoUringOptions
        {
            DepthMax = 32,
            UseSubmissionPolling = true,
            SubmissionPollingIdle = TimeSpan.FromMilliseconds(200),
        };
        using IoUring ring = IoUring.Create(options);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(32 * 4096);
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        int begun = 0;
        int full = 0;
        while (begun < reads || ring.InFlightCount > 0)
        {
            while (begun < reads && ring.InFlightCount < ring.DepthMax)
            {
                _ = ring.Read(memory.Region(begun % 32 * 4096L, 4096), file, begun * 4096L);
                begun++;
            }
            _ = ring.Submit();
            while (ring.TryReap(out Completion completion))
            {
                full += completion.IsSuccess && !completion.IsShort ? 1 : 0;
            }
        }
        return full;
    }
}
