#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Closing a ring that is a field says nothing of the fields beside it.</summary>
public static unsafe class Shards
{
    public struct Shard
    {
        public io_uring Ring;
        public byte* Buffer;
    }

    public static void Close(Shard* shards, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Shard* shard = &shards[i];
            io_uring_queue_exit(&shard->Ring);
            NativeMemory.Free(shard->Buffer);
            shard->Buffer = null;
        }
        NativeMemory.Free(shards);
    }

    public static void CloseOne(Shard* shard)
    {
        io_uring_queue_exit(&shard->Ring);
        NativeMemory.Free(shard->Buffer);
        NativeMemory.Free(shard);
    }
}
