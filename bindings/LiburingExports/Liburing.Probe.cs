#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Which operations a kernel knows.
static partial class Liburing
{
    private const uint ProbedOperations = 256; // all that fit into an opcode

    /// <summary>
    /// What the kernel supports, in native memory for io_uring_free_probe; null before Linux 5.6 or without
    /// memory. See io_uring_get_probe(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [return: Stable]
    public static unsafe io_uring_probe* io_uring_get_probe_ring(io_uring* ring)
    {
        nuint bytes = (nuint)sizeof(io_uring_probe) + (ProbedOperations * (nuint)sizeof(io_uring_probe_op));
        // SAFETY: the memory has room for as many entries as are asked for, and is freed by the caller.
        unsafe
        {
            var probe = (io_uring_probe*)Allocate(bytes);
            if (probe != null && io_uring_register_probe(ring, probe, ProbedOperations) < 0)
            {
                io_uring_free_probe(probe);
                probe = null;
            }
            return probe;
        }
    }

    /// <summary>As io_uring_get_probe_ring, on a ring of its own. See io_uring_get_probe(3).</summary>
    /// <safety>The result is for io_uring_free_probe.</safety>
    [MayBlock]
    [return: Stable]
    public static unsafe io_uring_probe* io_uring_get_probe()
    {
        io_uring ring = default;
        // SAFETY: the memory has room for as many entries as are asked for, and is freed by the caller.
        unsafe
        {
            if (io_uring_queue_init(2, &ring, 0) < 0)
            {
                return null;
            }
            io_uring_probe* probe = io_uring_get_probe_ring(&ring);
            io_uring_queue_exit(&ring);
            return probe;
        }
    }

    /// <summary>Frees a probe; null is allowed. See io_uring_free_probe(3).</summary>
    /// <safety><paramref name="probe"/> came from io_uring_get_probe or io_uring_get_probe_ring, and is not
    /// used afterwards.</safety>
    public static unsafe void io_uring_free_probe([Releases] io_uring_probe* probe)
    {
        // SAFETY: the memory has room for as many entries as are asked for, and is freed by the caller.
        unsafe
        {
            NativeMemory.Free(probe);
        }
    }

    /// <summary>
    /// Fills in <paramref name="p"/>, which has room for <paramref name="nr"/> operations and is zero. 0 or a
    /// negative errno. See io_uring_register(2), IORING_REGISTER_PROBE.
    /// </summary>
    /// <safety><paramref name="p"/> has that room.</safety>
    public static unsafe int io_uring_register_probe(io_uring* ring, io_uring_probe* p, uint nr)
    {
        // SAFETY: the memory has room for as many entries as are asked for, and is freed by the caller.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_PROBE, p, nr);
        }
    }

    /// <summary>Zeroed, or null: no exception crosses a C signature.</summary>
    private static unsafe void* Allocate(nuint bytes)
    {
        try
        {
            // SAFETY: the memory has room for as many entries as are asked for, and is freed by the caller.
            unsafe
            {
                return NativeMemory.AllocZeroed(bytes);
            }
        }
        catch (System.OutOfMemoryException)
        {
            return null;
        }
    }
}
