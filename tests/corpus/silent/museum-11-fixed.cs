#nullable enable
// Museum row 11, fixed (museum/11-handle-of-a-running-read-is-dropped.cs):
// https://github.com/foyer-rs/foyer/issues/1286
// The engine keeps the buffer with the operation until the completion, and the caller finishes each handle.
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
    public NativeBuffer Owner;
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
            Owner = buffer,
        });
        return new IoHandle(buffer, completion.Task);
    }
}

internal static class Reproduction
{
    public static async Task<int> ReadAll(Engine engine)
    {
        int total = 0;
        for (int i = 0; i < 1000; i++)
        {
            IoHandle handle = engine.Read(new NativeBuffer(4096), i * 4096L);
            (_, int result) = await handle.Finish();
            total += result;
        }
        return total;
    }
}
