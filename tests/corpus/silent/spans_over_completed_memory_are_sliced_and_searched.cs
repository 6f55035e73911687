#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Span work on native memory after its completion: search, copy, encode.</summary>
public static unsafe class SpanWork
{
    public static string FirstLine(io_uring* ring, int fd)
    {
        byte* memory = (byte*)NativeMemory.Alloc(1024);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, memory, 1024, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        var text = new Span<byte>(memory, Math.Max(count, 0));
        int end = text.IndexOf((byte)'\n');
        Span<byte> line = end < 0 ? text : text[..end];
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\t')
            {
                line[i] = (byte)' ';
            }
        }
        string result = Encoding.UTF8.GetString(line);
        NativeMemory.Free(memory);
        return result;
    }
}
