#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Each way out frees the probe exactly once.</summary>
public static unsafe class ProbeOnce
{
    public static string Missing(ReadOnlySpan<int> operations)
    {
        io_uring_probe* probe = io_uring_get_probe();
        if (probe == null)
        {
            return "no probe";
        }
        try
        {
            foreach (int operation in operations)
            {
                if (io_uring_opcode_supported(probe, operation) == 0)
                {
                    return $"operation {operation}";
                }
            }
            return "";
        }
        finally
        {
            io_uring_free_probe(probe);
        }
    }
}
