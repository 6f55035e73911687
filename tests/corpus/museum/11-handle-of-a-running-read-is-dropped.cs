#nullable enable
// Museum row 11: https://github.com/foyer-rs/foyer/issues/1286 (Rust)
// An engine sends the buffer's bare address to its io_uring thread and gives the buffer itself to the
// returned future. Who drops the future frees memory that the kernel still writes; the report's reproduction
// begins reads in a loop and drops each handle at once. Here a finalizer of the buffer does what Rust's drop
// did.
// caught: NVG0005
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.Contracts;

internal sealed unsafe class NativeBuffer(int lengthBytes)
{
    ~NativeBuffer() => NativeMemory.Free((void*)Address);

    [Stable]
    public nint Address { get; } = (nint)NativeMemory.Alloc((nuint)lengthBytes);

    public int LengthBytes => lengthBytes;
}

internal struct IoContext
{
    [KernelRetains(Until.Completion)]
    public nint Address;
    public int LengthBytes;
    public long OffsetBytes;
    public TaskCompletionSource<int> Completion;
}

[OperationToken]
internal readonly struct IoHandle(NativeBuffer buffer, Task<int> completion)
{
    public async ValueTask<(NativeBuffer Buffer, int Result)> Finish() => (buffer, await completion);
}

internal sealed class Engine(BlockingCollection<IoContext> shard)
{
    public IoHandle Read(NativeBuffer buffer, long offsetBytes)
    {
        var completion = new TaskCompletionSource<int>();
        shard.Add(new IoContext
        {
            Address = buffer.Address,
            LengthBytes = buffer.LengthBytes,
            OffsetBytes = offsetBytes,
            Completion = completion,
        });
        return new IoHandle(buffer, completion.Task);
    }
}

internal static class Reproduction
{
    public static void ReadAndForget(Engine engine)
    {
        for (int i = 0; i < 1000; i++)
        {
            {|NVG0005:engine.Read(new NativeBuffer(4096), i * 4096L)|};
        }
    }
}
