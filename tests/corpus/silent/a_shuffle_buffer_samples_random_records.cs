#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>Training samples in random order: batches by index, two batches alternate.</summary>
public sealed class SampleLoader(UringStream stream, RegisteredMemory memory, int sampleBytes, int batchSize)
{
    private sealed class Batch(RegisteredRegion[] places)
    {
        private readonly ValueTask<int>[] _reads = new ValueTask<int>[places.Length];
        private int _begun;

        public void Begin(UringStream stream, RegisteredFile file, ReadOnlySpan<long> samples, int bytes)
        {
            _begun = 0;
            foreach (long sample in samples)
            {
                _reads[_begun] = stream.ReadAsync(places[_begun], file, sample * bytes);
                _begun++;
            }
        }

        public async Task<int> EndAsync()
        {
            int full = 0;
            List<Exception>? failures = null;
            for (int i = 0; i < _begun; i++)
            {
                try
                {
                    full += await _reads[i].ConfigureAwait(false) == places[i].LengthBytes ? 1 : 0;
                }
                catch (IoUringException failure)
                {
                    (failures ??= []).Add(failure);
                }
            }
            return failures is null ? full : throw new AggregateException(failures);
        }
    }

    public async Task<long> RunAsync(string path, long[] order, CancellationToken cancel)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = stream.Register(handle);
        Batch[] batches = [Make(0), Make(1)];
        long samples = 0;
        int turn = 0;
        int at = 0;
        batches[0].Begin(stream, file, Take(order, ref at), sampleBytes);
        while (true)
        {
            Batch current = batches[turn];
            turn = 1 - turn;
            bool isLast = at >= order.Length || cancel.IsCancellationRequested;
            if (!isLast)
            {
                batches[turn].Begin(stream, file, Take(order, ref at), sampleBytes);
            }
            samples += await current.EndAsync().ConfigureAwait(false);
            if (isLast)
            {
                break;
            }
        }
        stream.Unregister(file);
        return samples;
    }

    private ReadOnlySpan<long> Take(long[] order, ref int at)
    {
        ReadOnlySpan<long> part = order.AsSpan(at, Math.Min(batchSize, order.Length - at));
        at += part.Length;
        return part;
    }

    private Batch Make(int half)
    {
        var places = new RegisteredRegion[batchSize];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = memory.Region((long)(half * batchSize + i) * sampleBytes, sampleBytes);
        }
        return new Batch(places);
    }
}
