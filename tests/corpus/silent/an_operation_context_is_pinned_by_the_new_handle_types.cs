#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>GCHandle&lt;T&gt; carries the context, PinnedGCHandle the bytes; both end in the
/// completion.</summary>
public sealed unsafe class Context : IDisposable
{
    private PinnedGCHandle<byte[]> _bytes;
    private GCHandle<Context> _self;

    public Context(int length)
    {
        _bytes = new PinnedGCHandle<byte[]>(new byte[length]);
        _self = new GCHandle<Context>(this);
    }

    public int Result { get; private set; } = -1;

    public void Begin(io_uring_sqe* sqe, int fd, ulong offset)
    {
        io_uring_prep_read(sqe, fd, _bytes.GetAddressOfArrayData(), (uint)_bytes.Target.Length, offset);
        io_uring_sqe_set_data64(sqe, (ulong)GCHandle<Context>.ToIntPtr(_self));
    }

    public static Context End(io_uring_cqe* cqe)
    {
        Context context = GCHandle<Context>.FromIntPtr((nint)io_uring_cqe_get_data64(cqe)).Target;
        context.Result = cqe->res;
        return context;
    }

    public byte[] Take() => _bytes.Target[..Math.Max(Result, 0)];

    public void Dispose()
    {
        _bytes.Dispose();
        _self.Dispose();
    }

    public static byte[] Run(io_uring* ring, int fd)
    {
        var begun = new Context(4096);
        begun.Begin(io_uring_get_sqe(ring), fd, 0);
        if (io_uring_submit_and_wait(ring, 1) < 0)
        {
            Environment.FailFast("io_uring_submit_and_wait");
        }
        io_uring_cqe* cqe;
        if (io_uring_peek_cqe(ring, &cqe) < 0)
        {
            Environment.FailFast("io_uring_peek_cqe");
        }
        using Context ended = End(cqe);
        io_uring_cqe_seen(ring, cqe);
        return ended.Result >= 0 ? ended.Take() : throw new IoUringException("read", -ended.Result, "");
    }
}
