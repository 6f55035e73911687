#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal static class Files
{
    [DllImport("libc", EntryPoint = "close"), SuppressGCTransition, MayBlock]
    internal static extern int {|NVG0014:Close|}(int fd);
}
