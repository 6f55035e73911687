#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Arguments of io_uring_register(2) are read during the call.</summary>
public static unsafe class RegisterCalls
{
    public static int Prepare(io_uring* ring, int eventFd)
    {
        uint* workers = stackalloc uint[2] { 4, 4 };
        int result = io_uring_register_iowq_max_workers(ring, workers);
        if (result < 0)
        {
            return result;
        }
        result = io_uring_register_eventfd(ring, eventFd);
        if (result < 0)
        {
            return result;
        }
        result = io_uring_register_buffers_sparse(ring, 16);
        return result < 0 ? result : io_uring_register_files_sparse(ring, 64);
    }

    public static bool Supports(int operation)
    {
        io_uring_probe* probe = io_uring_get_probe();
        if (probe == null)
        {
            return false;
        }
        bool isSupported = io_uring_opcode_supported(probe, operation) != 0;
        io_uring_free_probe(probe);
        return isSupported;
    }
}
