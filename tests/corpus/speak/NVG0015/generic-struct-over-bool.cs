#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal struct Pair<T>
    where T : unmanaged
{
    public int Key;
    public T Value;
}

internal static unsafe class Generic
{
    public static void Fill(nvme_uring_cmd* command)
    {
        var pair = (Pair<bool>*)NativeMemory.AlignedAlloc(512, 512);
        pair->Key = 1;
        command->addr = {|NVG0015:(ulong)pair|};
        command->data_len = 512;
    }
}
