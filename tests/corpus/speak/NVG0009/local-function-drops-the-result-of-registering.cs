#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Nested
{
    public static void Prepare(io_uring* ring)
    {
        Reserve(16);

        void Reserve(uint count)
        {
            {|NVG0009:io_uring_register_files_sparse(ring, count)|};
        }
    }
}
