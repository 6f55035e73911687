#nullable enable
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>
/// Buffer, registration and ring keep the memory mapped by themselves: every order is right.
/// </summary>
public static class AnyOrder
{
    public static void BufferFirst(SafeFileHandle handle)
    {
        IoUring ring = IoUring.Create(new IoUringOptions());
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        _ = ring.Read(memory.Region(0, 65536), file, 0);
        _ = ring.Submit();
        buffer.Dispose();
        memory.Dispose();
        ring.Dispose();
    }

    public static void MemoryFirst(SafeFileHandle handle)
    {
        IoUring ring = IoUring.Create(new IoUringOptions());
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        _ = ring.Read(memory.Region(0, 65536), file, 0);
        memory.Dispose();
        ring.Dispose();
        buffer.Dispose();
    }

    public static void RingFirst()
    {
        IoUring ring = IoUring.Create(new IoUringOptions());
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        RegisteredMemory memory = ring.Register(buffer);
        ring.Dispose();
        memory.Dispose();
        buffer.Dispose();
    }
}
