#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal static unsafe class Identify
{
    public static void Fill(nvme_uring_cmd* command)
    {
        byte[] answer = new byte[4096];
        ref byte first = ref answer[0];
        *command = default;
        command->opcode = 6;
        command->data_len = 4096;
        command->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref first)|};
    }
}
