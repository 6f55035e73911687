#nullable enable
using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>Two registered slots alternate: while one is searched, the next block is on its way.</summary>
public static unsafe class LogScanner
{
    private const int BlockBytes = 1 << 20;

    public static long CountLines(string path, ReadOnlySpan<byte> pattern)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        long length = RandomAccess.GetLength(handle);
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 2 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(2 * BlockBytes);
        using RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        Span<RegisteredRegion> slots = [memory.Region(0, BlockBytes), memory.Region(BlockBytes, BlockBytes)];
        long lines = 0;
        long offset = 0;
        int current = 0;
        ReadToken expected = ring.Read(slots[current], file, offset);
        _ = ring.Submit(); // what is left over goes with the wait
        while (offset < length)
        {
            Completion completion = Next(ring);
            if (completion.Token != expected)
            {
                throw new InvalidOperationException("Another read completed.");
            }
            int count = completion.ByteCount;
            if (count == 0)
            {
                break;
            }
            offset += count;
            int filled = current;
            current ^= 1;
            if (offset < length)
            {
                expected = ring.Read(slots[current], file, offset);
                _ = ring.Submit(); // what is left over goes with the wait
            }
            var text = new ReadOnlySpan<byte>((void*)slots[filled].Address, count);
            for (int at; (at = text.IndexOf(pattern)) >= 0; text = text[(at + pattern.Length)..])
            {
                lines++;
            }
        }
        ring.Unregister(file);
        return lines;
    }

    private static Completion Next(IoUring ring)
    {
        Completion completion;
        while (!ring.TryReap(out completion))
        {
            if (ring.Wait(1, TimeSpan.FromSeconds(30)) == 0)
            {
                throw new TimeoutException();
            }
        }
        return completion;
    }
}
