using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda.Kernels;

/// <summary>
/// The source of the GPU's persistent kernel, compiled for threads of this machine and run on a real queue.
/// What a GPU does with it, only a GPU shows.
/// </summary>
public sealed class MegakernelSourceTests
{
    private const int SlotSizeBytes = 1 << 20;

    private static readonly int[] s_lengths =
    [
        .. Enumerable.Range(0, 260), 511, 512, 513, 1023, 1024, 1025, 2047, 2048, 2049, 4096, 16_383, 16_384,
        16_385, 17_408, 17_409, 32_768, 65_535, 65_536, 65_537, 99_999, 262_144, 300_001,
    ];

    private readonly Random _random = new(7);

    [Theory]
    [InlineData(32)]
    [InlineData(256)]
    public async Task Checksums_are_those_of_the_class_library(int blockThreads)
    {
        using HostThreads threads = await HostThreads.CompileAsync(blockThreads);
        using var run = new KernelRun(threads, 1, 1, SlotSizeBytes);
        // A barrier of 256 threads on two cores is slow: there the lengths around its own borders.
        int[] lengths = blockThreads == 32 ? s_lengths : [0, 1, 239, 241, 16_384, 16_385, 99_999, 300_001];
        foreach (int length in lengths)
        {
            byte[] bytes = Bytes(length);
            KernelResult crc = run.Run(KernelOperation.Crc32C, bytes);
            Assert.Equal((KernelError.None, (uint)length), (crc.Error, crc.ByteCount));
            Assert.Equal([Crc32C(bytes)], crc.Words);
            KernelResult hash = run.Run(KernelOperation.Xxh3, bytes);
            ulong expected = XxHash3.HashToUInt64(bytes);
            Assert.Equal([(uint)expected, (uint)(expected >> 32)], hash.Words);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(256)]
    public async Task A_histogram_counts_every_byte_once(int blockThreads)
    {
        using HostThreads threads = await HostThreads.CompileAsync(blockThreads);
        using var run = new KernelRun(threads, 1, 1, SlotSizeBytes);
        foreach (int length in (int[])[0, 1, 2, 3, 4, 5, 255, 1024, 1027, 65_536, 99_999])
        {
            byte[] bytes = Bytes(length);
            uint[] expected = new uint[256];
            foreach (byte value in bytes)
            {
                expected[value]++;
            }
            Assert.Equal(expected, run.Run(KernelOperation.Histogram, bytes).Words);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(256)]
    public async Task Matches_are_those_of_a_plain_search(int blockThreads)
    {
        string[] literals = ["a", "ab", "aba", "bb", "cabbage", new string('b', 40), "zzz"];
        using HostThreads threads = await HostThreads.CompileAsync(blockThreads);
        using var run = new KernelRun(threads, 1, 1, SlotSizeBytes, literals, overlapBytes: 39);
        foreach (int length in (int[])[0, 1, 2, 39, 40, 41, 1000, 2048, 2090, 16_384, 16_430, 40_000])
        {
            byte[] bytes = Bytes(length, "abcge"u8);
            bytes.AsSpan(length / 2, Math.Min(200, length / 3)).Fill((byte)'b');
            foreach (long offset in (long[])[0, 4096, 1L << 40])
            {
                uint[] expected =
                    [.. literals.Select(literal => Count(bytes, literal, offset == 0 ? 0 : 39))];
                Assert.Equal(expected, run.Run(KernelOperation.Matches, bytes, offset).Words);
            }
        }
    }

    [Fact]
    public async Task Every_match_of_a_source_is_counted_once_where_slots_overlap()
    {
        string[] literals = ["needle", "ee", "dle n"];
        const int Overlap = 5;
        byte[] source =
            Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("a needle needle ee ", 997)));
        using HostThreads threads = await HostThreads.CompileAsync(32);
        using var run = new KernelRun(threads, 1, 1, SlotSizeBytes, literals, Overlap);
        foreach (int step in (int[])[64, 100, 4096, 18_000])
        {
            uint[] counts = new uint[literals.Length];
            for (int start = 0; start < source.Length; start += step)
            {
                int first = Math.Max(0, start - Overlap);
                Span<byte> slot = source.AsSpan(first..Math.Min(source.Length, start + step));
                uint[] words = run.Run(KernelOperation.Matches, slot, first).Words;
                counts = [.. counts.Zip(words, (a, b) => a + b)];
            }
            Assert.Equal([.. literals.Select(literal => Count(source, literal, 0))], counts);
        }
    }

    [Fact]
    public async Task A_copy_ends_up_where_it_belongs_and_never_outside()
    {
        const int Length = 70_001;
        byte[][] destinations =
            [.. Enumerable.Range(0, 2).Select(_ => GC.AllocateArray<byte>(200_000, pinned: true))];
        using HostThreads threads = await HostThreads.CompileAsync(32);
        using var run = new KernelRun(threads, 1, 1, SlotSizeBytes, destinations: destinations);
        byte[] bytes = Bytes(Length);
        foreach (int offset in (int[])[0, 16, 17, 4096, 200_000 - Length])
        {
            Array.Fill(destinations[1], (byte)0xEE);
            KernelResult result = run.Run(KernelOperation.Copy, bytes, offset, source: 1);
            Assert.Equal(KernelError.None, result.Error);
            Assert.True(destinations[1].AsSpan(offset, Length).SequenceEqual(bytes));
            Assert.False(destinations[1].AsSpan(0, offset).ContainsAnyExcept((byte)0xEE));
            Assert.False(destinations[1].AsSpan(offset + Length).ContainsAnyExcept((byte)0xEE));
        }

        Array.Fill(destinations[1], (byte)0xEE);
        foreach (long offset in (long[])[200_000 - Length + 1, 200_001, uint.MaxValue, long.MaxValue, -1])
        {
            Assert.Equal(
                KernelError.NoDestination, run.Run(KernelOperation.Copy, bytes, offset, source: 1).Error);
        }
        Assert.Equal(KernelError.NoDestination, run.Run(KernelOperation.Copy, bytes, 0, source: 2).Error);
        Assert.False(destinations[1].AsSpan().ContainsAnyExcept((byte)0xEE));
        Assert.False(destinations[0].AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task What_the_kernel_cannot_do_is_said_and_the_slot_is_free_again()
    {
        using HostThreads threads = await HostThreads.CompileAsync(32);
        using var run = new KernelRun(threads, 1, 1, SlotSizeBytes);
        Assert.Equal(KernelError.NoOperation, run.Run((KernelOperation)7, Bytes(100)).Error);
        Assert.Equal(KernelError.NoLiterals, run.Run(KernelOperation.Matches, Bytes(100)).Error);
        KernelResult nothing = run.Run(KernelOperation.Consume, Bytes(100));
        Assert.Equal((KernelError.None, 100u, 0), (nothing.Error, nothing.ByteCount, nothing.Words.Length));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue - 700)] // positions wrap
    public async Task Blocks_that_compete_take_each_slot_once(uint firstPosition)
    {
        const int SlotCount = 8;
        const int Rounds = 3000;
        using HostThreads threads = await HostThreads.CompileAsync(32);
        using var run = new KernelRun(threads, 4, SlotCount, 4096, firstPosition: firstPosition);
        var inFlight = new Queue<(uint Position, int Slot, int Length)>();
        for (int i = 0; i < Rounds; i++)
        {
            if (inFlight.Count == SlotCount)
            {
                Check(inFlight.Dequeue());
            }
            int slot = i % SlotCount;
            int length = 1 + _random.Next(300);
            _random.NextBytes(run.Slot(slot)[..length]);
            inFlight.Enqueue((run.Publish(KernelOperation.Crc32C, slot, length), slot, length));
        }
        while (inFlight.TryDequeue(out (uint, int, int) last))
        {
            Check(last);
        }

        void Check((uint Position, int Slot, int Length) published)
        {
            KernelResult result = run.Take(published.Position);
            Assert.Equal((published.Position, (uint)published.Length), (result.Tag, result.ByteCount));
            Assert.Equal([Crc32C(run.Slot(published.Slot)[..published.Length])], result.Words);
        }
    }

    [Fact]
    public async Task What_was_published_before_the_stop_is_consumed()
    {
        using HostThreads threads = await HostThreads.CompileAsync(32);
        for (int i = 0; i < 20; i++)
        {
            using var run = new KernelRun(threads, 2, 16, 4096);
            uint[] positions =
                [.. Enumerable.Range(0, 16).Select(slot => run.Publish(KernelOperation.Xxh3, slot, 4096))];
            run.Stop();
            Assert.All(positions, position => Assert.True(run.IsConsumed(position)));
        }
    }

    [Fact]
    public async Task The_structures_are_as_large_as_those_of_the_host()
    {
        using HostThreads threads = await HostThreads.CompileAsync(256);
        Assert.Equal((uint)MegakernelSlot.SizeBytes, threads.SizeOf(0));
        Assert.Equal(16u, threads.SizeOf(1));
        Assert.Equal((uint)Unsafe.SizeOf<KernelParameters>(), threads.SizeOf(2));
        Assert.Equal((uint)Unsafe.SizeOf<KernelDestination>(), threads.SizeOf(3));
        Assert.Equal((uint)Unsafe.SizeOf<KernelLiteral>(), threads.SizeOf(4));
        Assert.InRange(threads.SizeOf(6), 1u, 48u << 10); // what every GPU gives a block without being asked
    }

    private byte[] Bytes(int length, ReadOnlySpan<byte> alphabet = default)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        for (int i = 0; i < length && !alphabet.IsEmpty; i++)
        {
            bytes[i] = alphabet[bytes[i] % alphabet.Length];
        }
        return bytes;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, value);
        }
        return ~crc;
    }

    /// <summary>Occurrences that end behind the first bytes.</summary>
    private static uint Count(ReadOnlySpan<byte> bytes, string literal, int known)
    {
        byte[] wanted = Encoding.Latin1.GetBytes(literal);
        uint count = 0;
        for (int i = 0; i + wanted.Length <= bytes.Length; i++)
        {
            count += i + wanted.Length > known && bytes[i..].StartsWith(wanted) ? 1u : 0;
        }
        return count;
    }
}
