#nullable enable
// Museum row 1: https://github.com/QRWells/LibUringSharp/issues/3 (C#)
// A wrapper's PrepareOpenAt2 took path and open_how in two nested fixed statements and put both addresses
// into the submission entry. Both statements end with the method; submitting is a later call of the user's.
// The entry, which lives in the ring, is the place of the stale addresses.
// caught: NVG0001
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Submission(io_uring_sqe* entry)
{
    public void PrepareOpenAt2(int directory, byte[] path, ref open_how how)
    {
        fixed (byte* pathPointer = path)
        {
            fixed (open_how* howPointer = &how)
            {
                io_uring_prep_openat2(
                    entry, directory, {|NVG0001:(sbyte*)pathPointer|}, {|NVG0001:howPointer|});
            }
        }
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
