#nullable enable
using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Records are packed into one of two pages; a full one is written and synced by a chain.</summary>
public sealed unsafe class WriteAheadLog : IDisposable
{
    private const int PageBytes = 16 << 10;

    private readonly io_uring* _ring;
    private readonly int _fd;
    private byte* _current;
    private byte* _other;
    private int _filled;
    private long _position;
    private bool _isWriting;

    public WriteAheadLog(int fd)
    {
        _fd = fd;
        _ring = (io_uring*)NativeMemory.AllocZeroed(1, (nuint)sizeof(io_uring));
        int error = io_uring_queue_init(4, _ring, 0);
        if (error < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init", -error, "");
        }
        _current = (byte*)NativeMemory.AlignedAlloc(PageBytes, 4096);
        _other = (byte*)NativeMemory.AlignedAlloc(PageBytes, 4096);
    }

    public void Append(ReadOnlySpan<byte> record)
    {
        if (_filled + 4 + record.Length > PageBytes)
        {
            Flush();
        }
        var rest = new Span<byte>(_current + _filled, PageBytes - _filled);
        BinaryPrimitives.WriteInt32LittleEndian(rest, record.Length);
        record.CopyTo(rest[4..]);
        _filled += 4 + record.Length;
    }

    public void Flush()
    {
        Settle();
        new Span<byte>(_current + _filled, PageBytes - _filled).Clear();
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_write(sqe, _fd, _current, PageBytes, (ulong)_position);
        io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
        sqe->user_data = PageBytes;
        sqe = io_uring_get_sqe(_ring);
        io_uring_prep_fsync(sqe, _fd, IORING_FSYNC_DATASYNC);
        sqe->user_data = 0;
        if (io_uring_submit(_ring) != 2)
        {
            Environment.FailFast("io_uring_submit");
        }
        _isWriting = true;
        _position += PageBytes;
        byte* written = _current;
        _current = _other;
        _other = written;
        _filled = 0;
    }

    private void Settle()
    {
        for (int i = 0; _isWriting && i < 2; i++)
        {
            io_uring_cqe* cqe;
            int error = io_uring_wait_cqe(_ring, &cqe);
            if (error < 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            bool isGood = cqe->res == (int)cqe->user_data;
            io_uring_cqe_seen(_ring, cqe);
            if (!isGood)
            {
                Environment.FailFast("The log is damaged.");
            }
        }
        _isWriting = false;
    }

    public void Dispose()
    {
        Flush();
        Settle();
        io_uring_queue_exit(_ring);
        NativeMemory.AlignedFree(_current);
        NativeMemory.AlignedFree(_other);
        NativeMemory.Free(_ring);
    }
}
