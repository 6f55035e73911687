#nullable enable
// Museum row 25: https://github.com/oferchen/rsync/pull/3205 (Rust)
// A batch of reads into registered slots looks only whether a completion failed, and then advances by the
// bytes that were asked for. A short read (NFS, FUSE, slow devices) leaves a hole of old bytes, and the file
// is truncated.
// caught: NVG0009
using System;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class FixedBatchReader
{
    private const int SlotBytes = 65536;
    private readonly io_uring* _ring;
    private readonly byte* _slots;
    private readonly int _slotCount;

    public FixedBatchReader(io_uring* ring, [Registered] byte* slots, int slotCount)
    {
        _ring = ring;
        _slots = slots;
        _slotCount = slotCount;
    }

    public long Read(int fd, Span<byte> target)
    {
        int totalRead = 0;
        while (totalRead < target.Length)
        {
            int asked = 0;
            uint count = 0;
            while (count < _slotCount && totalRead + asked < target.Length)
            {
                int want = Math.Min(SlotBytes, target.Length - totalRead - asked);
                io_uring_sqe* sqe = io_uring_get_sqe(_ring);
                byte* slot = _slots + ((int)count * SlotBytes);
                io_uring_prep_read_fixed(sqe, fd, slot, (uint)want, (ulong)(totalRead + asked), (int)count);
                sqe->user_data = count++;
                asked += want;
            }
            if (io_uring_submit_and_wait(_ring, count) < 0)
            {
                return -1;
            }
            for (uint i = 0; i < count; i++)
            {
                io_uring_cqe* cqe;
                if (io_uring_wait_cqe(_ring, &cqe) < 0 || {|NVG0009:cqe->res|} < 0)
                {
                    return -1;
                }
                io_uring_cqe_seen(_ring, cqe);
            }
            new Span<byte>(_slots, asked).CopyTo(target[totalRead..]);
            totalRead += asked;
        }
        return totalRead;
    }
}
