#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Files
{
    public static void Register(io_uring* ring, int first, int second)
    {
        int* files = stackalloc int[2];
        files[0] = first;
        files[1] = second;
        int errno = {|NVG0009:io_uring_register_files(ring, files, 2)|};
    }
}
