#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Identify : IDisposable
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private readonly nint _answer = Marshal.AllocHGlobal(4096);

    public void Fill(nvme_uring_cmd* command)
    {
        *command = default;
        command->opcode = 6;
        command->addr = (ulong)_answer;
        command->data_len = 4096;
    }

    public void Dispose()
    {
        {|NVG0018:Marshal.FreeHGlobal(_answer)|};
        io_uring_queue_exit(_ring);
    }
}
