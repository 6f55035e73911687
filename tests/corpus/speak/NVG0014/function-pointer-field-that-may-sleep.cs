#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal static unsafe class Pointers
{
    [MayBlock]
    private static readonly delegate* unmanaged[SuppressGCTransition]<int, int> {|NVG0014:s_sync|} =
        (delegate* unmanaged[SuppressGCTransition]<int, int>)NativeLibrary.GetExport(
            NativeLibrary.GetMainProgramHandle(), "fsync");

    public static int Sync(int fd) => s_sync(fd);
}
