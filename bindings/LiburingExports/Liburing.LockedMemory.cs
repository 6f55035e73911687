#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System.Numerics;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// How much locked memory (ulimit -l) a ring takes: none since Linux 5.12.
static partial class Liburing
{
    /// <summary>
    /// Bytes of RLIMIT_MEMLOCK that a ring of this size takes, 0 on kernels that account differently (5.12),
    /// or a negative errno.
    /// </summary>
    [MayBlock]
    public static nint io_uring_mlock_size(uint entries, uint flags)
    {
        // SAFETY: the structure is on this stack frame and used during the call only.
        unsafe
        {
            io_uring_params p = default;
            p.flags = flags;
            return io_uring_mlock_size_params(entries, &p);
        }
    }

    /// <summary>As io_uring_mlock_size, for a ring with the given parameters.</summary>
    /// <safety><paramref name="p"/> is readable.</safety>
    [MayBlock]
    public static unsafe nint io_uring_mlock_size_params(uint entries, io_uring_params* p)
    {
        // A trial ring tells what the kernel is like. If there is none, the old accounting is assumed.
        io_uring trial = default;
        io_uring_params tried = default;
        // SAFETY: p is the caller's and readable.
        unsafe
        {
            if (io_uring_queue_init_params(entries, &trial, &tried) == 0)
            {
                io_uring_queue_exit(&trial);
            }
            if ((tried.features & IORING_FEAT_NATIVE_WORKERS) != 0)
            {
                return 0;
            }

            io_uring_params asked = *p;
            asked.flags &= ~IORING_SETUP_NO_SQARRAY; // those kernels always have the array
            int error = SizeOf(entries, asked, out RingSize size);
            // They allocate each piece as 2^n pages.
            return error < 0
                ? error : (nint)(AllocatedBytes(size.EntriesBytes) + AllocatedBytes(size.RingBytes));
        }
    }

    private static ulong AllocatedBytes(nuint bytes) =>
        BitOperations.RoundUpToPowerOf2((ulong)(WholePages(bytes) / PageBytes)) * PageBytes;
}
