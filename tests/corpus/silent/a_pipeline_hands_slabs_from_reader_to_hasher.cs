#nullable enable
using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>Two channels: filled slabs go forward, free ones come back.</summary>
public static class HashPipeline
{
    private readonly record struct Filled(RegisteredRegion Slab, int Count);

    public static async Task<string> HashAsync(
        string path, int slabs, int slabBytes, CancellationToken cancel)
    {
        await using UringStream stream = UringStream.Open(new IoUringOptions { DepthMax = slabs });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost((long)slabs * slabBytes);
        RegisteredMemory memory = stream.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = stream.Register(handle);
        Channel<RegisteredRegion> free = Channel.CreateBounded<RegisteredRegion>(slabs);
        Channel<Filled> filled = Channel.CreateBounded<Filled>(slabs);
        for (int i = 0; i < slabs; i++)
        {
            await free.Writer.WriteAsync(memory.Region((long)i * slabBytes, slabBytes), cancel);
        }
        Task<string> hashing = Task.Run(() => HashFilledAsync(filled.Reader, free.Writer, cancel), cancel);
        try
        {
            long offset = 0;
            while (true)
            {
                RegisteredRegion slab = await free.Reader.ReadAsync(cancel).ConfigureAwait(false);
                int count = await stream.ReadAsync(slab, file, offset, cancel).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }
                offset += count;
                await filled.Writer.WriteAsync(new Filled(slab, count), cancel).ConfigureAwait(false);
            }
            filled.Writer.Complete();
        }
        catch (Exception error)
        {
            filled.Writer.Complete(error);
            throw;
        }
        return await hashing.ConfigureAwait(false);
    }

    private static async Task<string> HashFilledAsync(
        ChannelReader<Filled> filled, ChannelWriter<RegisteredRegion> free, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (Filled next in filled.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            Append(hash, next);
            await free.WriteAsync(next.Slab, cancel).ConfigureAwait(false);
        }
        return Convert.ToHexString(hash.GetCurrentHash());
    }

    private static unsafe void Append(IncrementalHash hash, in Filled filled) =>
        hash.AppendData(new ReadOnlySpan<byte>((void*)filled.Slab.Address, filled.Count));
}
