#nullable enable
using System;
using System.IO;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The lambda's blocks are its own, though a try of the method around it encloses them.</summary>
public static unsafe class LambdaInTry
{
    public static int Run(io_uring* ring, Func<Func<int>, int> runs)
    {
        int attempts = 0;
        while (true)
        {
            attempts++;
            if (attempts > 3)
            {
                return -Libc.EAGAIN;
            }
            try
            {
                return runs(() =>
                {
                    io_uring_sqe* sqe = io_uring_get_sqe(ring);
                    if (sqe == null)
                    {
                        return -Libc.EBUSY;
                    }
                    io_uring_prep_nop(sqe);
                    io_uring_sqe_set_data64(sqe, 7);
                    return io_uring_submit(ring);
                });
            }
            catch (IOException)
            {
                Console.WriteLine("once more");
            }
        }
    }
}
