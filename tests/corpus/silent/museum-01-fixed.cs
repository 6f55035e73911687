#nullable enable
// Museum row 1, fixed (museum/01-fixed-ends-pointer-stays-in-the-entry.cs):
// https://github.com/QRWells/LibUringSharp/issues/3
// The report names a pinning handle: path and structure stay pinned until the submission is released, after
// its completion.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Submission(io_uring_sqe* entry) : IDisposable
{
    private GCHandle _path;
    private GCHandle _how;

    public void PrepareOpenAt2(int directory, byte[] path, ref open_how how)
    {
        _path = GCHandle.Alloc(path, GCHandleType.Pinned);
        _how = GCHandle.Alloc(how, GCHandleType.Pinned);
        io_uring_prep_openat2(
            entry, directory, (sbyte*)_path.AddrOfPinnedObject(), (open_how*)_how.AddrOfPinnedObject());
    }

    /// <summary>After the completion.</summary>
    public void Dispose()
    {
        _path.Free();
        _how.Free();
    }
}

internal sealed unsafe class Submitter(io_uring* ring)
{
    public bool TryGetNext(out Submission? submission)
    {
        io_uring_sqe* entry = io_uring_get_sqe(ring);
        submission = entry == null ? null : new Submission(entry);
        return submission is not null;
    }

    public int SubmitAndWait(uint count) => io_uring_submit_and_wait(ring, count);
}
