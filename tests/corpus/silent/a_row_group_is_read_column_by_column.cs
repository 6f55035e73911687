#nullable enable
using System;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Records, LINQ and a span over native memory that is cast to the column's type.</summary>
public static unsafe class ColumnReader
{
    public sealed record Column(string Name, long Offset, int Rows);

    public static ImmutableDictionary<string, double> Averages(
        io_uring* ring, int fd, params ReadOnlySpan<Column> columns)
    {
        var averages = ImmutableDictionary.CreateBuilder<string, double>();
        int largest = 0;
        foreach (Column column in columns)
        {
            largest = Math.Max(largest, column.Rows);
        }
        double* values = (double*)NativeMemory.AlignedAlloc((nuint)largest * sizeof(double), 64);
        try
        {
            foreach ((string name, long offset, int rows) in columns)
            {
                int bytes = rows * sizeof(double);
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, fd, values, (uint)bytes, (ulong)offset);
                sqe->user_data = (ulong)offset;
                _ = io_uring_submit(ring);
                int got = Take(ring);
                if (got != bytes)
                {
                    throw new InvalidOperationException($"{name}: {got} of {bytes} bytes");
                }
                var span = new ReadOnlySpan<double>(values, rows);
                averages[name] = rows == 0 ? 0 : Sum(span) / rows;
            }
        }
        finally
        {
            NativeMemory.AlignedFree(values);
        }
        return averages.ToImmutable();
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        ref double first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i++)
        {
            sum += Unsafe.Add(ref first, i);
        }
        return sum;
    }

    private static int Take(io_uring* ring)
    {
        io_uring_cqe* cqe;
        int error;
        while ((error = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (error < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        try
        {
            return cqe->res >= 0 ? cqe->res : throw new IoUringException("IORING_OP_READ", -cqe->res, "");
        }
        finally
        {
            io_uring_cqe_seen(ring, cqe);
        }
    }
}
