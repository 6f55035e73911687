#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal static class Files
{
    [MayBlock]
    [SuppressGCTransition]
    [DllImport("libc", EntryPoint = "fsync")]
    public static extern int {|NVG0014:Sync|}(int fd);
}
