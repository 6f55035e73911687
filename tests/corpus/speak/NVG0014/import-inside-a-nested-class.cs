#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal static class Outer
{
    public static int Wait(int fd) => Native.poll(fd, 1);

    private static class Native
    {
        [MayBlock, SuppressGCTransition]
        [DllImport("libc")]
        internal static extern int {|NVG0014:poll|}(int fd, int timeoutMilliseconds);
    }
}
