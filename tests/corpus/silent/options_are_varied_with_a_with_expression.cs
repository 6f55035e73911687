#nullable enable
using System;
using NvmeGpu;

/// <summary>`with`, switch expressions and tuples around a ring.</summary>
public static class OptionTable
{
    public enum Load
    {
        Latency,
        Throughput,
    }

    public static (IoUring Ring, GpuMappedBuffer Buffer) Make(Load load)
    {
        var small = new IoUringOptions { DepthMax = 1 };
        (IoUringOptions options, long bytes) = load switch
        {
            Load.Latency => (small, 4096L),
            Load.Throughput => (small with { DepthMax = 256, BufferTableEntries = 16 }, 256L << 20),
            _ => throw new ArgumentOutOfRangeException(nameof(load)),
        };
        IoUring ring = IoUring.Create(options);
        try
        {
            return (ring, GpuMappedBuffer.AllocateHost(bytes));
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    public static void Use()
    {
        var (ring, buffer) = Make(Load.Latency);
        using (ring)
        using (buffer)
        {
            using RegisteredMemory memory = ring.Register(buffer);
            Console.WriteLine(memory.LengthBytes);
        }
    }
}
