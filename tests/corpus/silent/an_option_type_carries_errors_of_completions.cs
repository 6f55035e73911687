#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

public readonly record struct Outcome<T>(T Value, int Errno)
{
    public bool IsOk => Errno == 0;

    public Outcome<TOther> Then<TOther>(Func<T, Outcome<TOther>> next) =>
        IsOk ? next(Value) : new Outcome<TOther>(default!, Errno);
}

/// <summary>Functional style: outcomes, deconstruction, static local functions, `is` patterns.</summary>
public static unsafe class FunctionalReader
{
    public static Outcome<string> FirstLine(nint ring, int fd) =>
        ReadBlock(ring, fd, 0).Then(static block =>
        {
            int end = Array.IndexOf(block, (byte)'\n');
            return end < 0
                ? new Outcome<string>("", Libc.EIO)
                : new Outcome<string>(System.Text.Encoding.UTF8.GetString(block, 0, end), 0);
        });

    private static Outcome<byte[]> ReadBlock(nint handle, int fd, ulong offset)
    {
        var ring = (io_uring*)handle;
        byte[] block = GC.AllocateUninitializedArray<byte>(512, pinned: true);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe is not null)
        {
            fixed (byte* into = block)
            {
                io_uring_prep_read(sqe, fd, into, 512, offset);
                return Complete(ring) switch
                {
                    >= 0 and var count => new Outcome<byte[]>(block[..count], 0),
                    var error => new Outcome<byte[]>([], -error),
                };
            }
        }
        return new Outcome<byte[]>([], Libc.EAGAIN);

        [Completes]
        static int Complete(io_uring* ring)
        {
            int error = io_uring_submit_and_wait(ring, 1);
            if (error < 0)
            {
                Environment.FailFast(nameof(io_uring_submit_and_wait));
            }
            io_uring_cqe* cqe;
            error = io_uring_peek_cqe(ring, &cqe);
            if (error < 0)
            {
                Environment.FailFast(nameof(io_uring_peek_cqe));
            }
            (int result, _) = (cqe->res, cqe->flags);
            io_uring_cqe_seen(ring, cqe);
            return result;
        }
    }
}
