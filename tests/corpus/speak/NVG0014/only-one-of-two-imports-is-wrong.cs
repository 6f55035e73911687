#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal static class Mixed
{
    [SuppressGCTransition]
    [DllImport("libc")]
    internal static extern int getpid();

    [SuppressGCTransition, MayBlock]
    [DllImport("libc")]
    internal static extern int {|NVG0014:sched_yield|}();
}
