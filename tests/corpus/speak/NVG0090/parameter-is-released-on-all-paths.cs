#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Probes
{
    public static bool Supports(io_uring_probe* {|NVG0090:probe|}, int opcode)
    {
        bool isSupported = io_uring_opcode_supported(probe, opcode) != 0;
        io_uring_free_probe(probe);
        return isSupported;
    }
}
