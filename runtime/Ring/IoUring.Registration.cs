#nullable enable
using System;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu;

// Registered files and buffers: sparse tables made with the ring, entries put in and taken out one by one.
// Source: io_uring_register(2).
partial class IoUring
{
    private const int UpdateBatch = 64;

    private readonly FileTable _files;
    private readonly BufferTable _buffers;

    /// <summary>
    /// Registers a buffer's memory, so that reads into it need no look-up and no pin each. In pieces of at
    /// most 1 GiB; rolled back as a whole when one fails.
    /// </summary>
    /// <exception cref="ArgumentException">This kind of memory cannot be registered.</exception>
    /// <exception cref="InvalidOperationException">The table has no room, or wrong thread.</exception>
    /// <exception cref="IoUringException">The kernel refused, mostly because of the locked-memory
    /// limit.</exception>
    public RegisteredMemory Register(GpuMappedBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        EnsureUsableOrUnbound();
        if ((PeerMemoryTable.Of(buffer.Kind) & PeerMemoryAccess.ReadFixed) == 0)
        {
            throw new ArgumentException(
                $"Memory of kind {buffer.Kind} cannot be registered: the kernel refuses to pin it for long "
                + $"(READ_FIXED needs {PeerMemoryKind.HostMapped}).",
                nameof(buffer));
        }

        long pieceCount =
            (buffer.LengthBytes + RegisteredMemory.PieceBytesMax - 1) / RegisteredMemory.PieceBytesMax;
        if (pieceCount > _buffers.Count)
        {
            throw new InvalidOperationException(
                $"A buffer of {buffer.LengthBytes} bytes needs {pieceCount} entries of the buffer table, "
                + $"which has {_buffers.Count}: raise BufferTableEntries.");
        }
        int count = (int)pieceCount;
        buffer.BeginUse();
        int first;
        try
        {
            first = _buffers.Take(count);
        }
        catch
        {
            buffer.EndUse();
            throw;
        }
        int done = 0;
        try
        {
            PutBuffers(buffer, first, count, ref done);
        }
        catch
        {
            // Nothing was submitted yet, so the kernel holds nothing beyond the entries that are emptied
            // here. What is posted for them belongs to a generation of the entry that has no owner.
            ClearBuffers(first, done);
            for (int i = first; i < first + count; i++)
            {
                _buffers.Return(i);
            }
            buffer.EndUse();
            throw;
        }
        var memory = new RegisteredMemory(this, buffer, first, count);
        _buffers.SetOwner(first, count, memory);
        return memory;
    }

    /// <summary>
    /// Registers an open file. The kernel takes its own reference: the handle may be closed afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">The table is full, or wrong thread.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    public RegisteredFile Register(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        EnsureUsableOrUnbound();
        bool isAdded = false;
        try
        {
            file.DangerousAddRef(ref isAdded);
            bool isDirect = IsDirect((int)file.DangerousGetHandle());
            (int index, uint generation) = _files.Take();
            int errno = UpdateFile(index, (int)file.DangerousGetHandle());
            if (errno != 0)
            {
                _files.Return(index);
                throw new IoUringException("IORING_REGISTER_FILES_UPDATE2", errno, "");
            }
            return new RegisteredFile(this, index, generation, isDirect);
        }
        finally
        {
            if (isAdded)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Takes a file out of the table. Reads of it that are in flight go on: the kernel keeps the file for
    /// them. What was begun and not submitted is submitted first, because the kernel looks the file up when
    /// it takes the entry.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was taken out before.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another ring, or wrong thread.</exception>
    public void Unregister([Releases] RegisteredFile file)
    {
        EnsureUsable();
        if (file.Ring != this)
        {
            throw new InvalidOperationException("The file was not registered with this ring.");
        }
        ObjectDisposedException.ThrowIf(
            !_files.IsCurrent(file.Index, file.Generation), typeof(RegisteredFile));
        Flush(0);
        int errno = UpdateFile(file.Index, -1);
        if (errno != 0)
        {
            throw new IoUringException("IORING_REGISTER_FILES_UPDATE2", errno, "");
        }
        _files.Return(file.Index);
    }

    /// <summary>
    /// Asks the kernel to let go; its answer per piece comes as a completion, see OnInternalCompletion.
    /// </summary>
    internal void Unregister(RegisteredMemory memory)
    {
        Debug.Assert(memory.InFlightCount == 0);
        ClearBuffers(memory.FirstIndex, memory.PieceCount);
    }

    private void RegisterTables()
    {
        // SAFETY: the kernel reads the structure during the call only.
        unsafe
        {
            var buffers = new io_uring_rsrc_register
            {
                nr = (uint)_options.BufferTableEntries,
                flags = IORING_RSRC_REGISTER_SPARSE,
            };
            ThrowIfFailed(
                io_uring_register_op.IORING_REGISTER_BUFFERS2,
                CallRegister(io_uring_register_op.IORING_REGISTER_BUFFERS2, &buffers,
                    (uint)sizeof(io_uring_rsrc_register)));
            var files = new io_uring_rsrc_register
            {
                nr = (uint)_options.FileTableEntries,
                flags = IORING_RSRC_REGISTER_SPARSE,
            };
            ThrowIfFailed(
                io_uring_register_op.IORING_REGISTER_FILES2,
                CallRegister(io_uring_register_op.IORING_REGISTER_FILES2, &files,
                    (uint)sizeof(io_uring_rsrc_register)));
        }

        static void ThrowIfFailed(io_uring_register_op operation, int result)
        {
            if (result < 0)
            {
                throw new IoUringException(operation.ToString(), -result, -result switch
                {
                    Libc.EINVAL => "the kernel is older than Linux 5.19, which has no sparse tables.",
                    Libc.EMFILE =>
                        "the file table is larger than the limit on open files (ulimit -n); raise it, or ask "
                        + "for fewer FileTableEntries.",
                    _ => "",
                });
            }
        }
    }

    private void PutBuffers(GpuMappedBuffer buffer, int first, int count, ref int done)
    {
        // SAFETY: iovecs and tags are on this frame and read during the call only; the ranges lie inside the
        // buffer, which BeginUse keeps mapped.
        unsafe
        {
            iovec* ranges = stackalloc iovec[UpdateBatch];
            ulong* tags = stackalloc ulong[UpdateBatch];
            while (done < count)
            {
                int batch = Math.Min(UpdateBatch, count - done);
                for (int i = 0; i < batch; i++)
                {
                    long offset = (done + i) * RegisteredMemory.PieceBytesMax;
                    ranges[i].iov_base = (void*)(buffer.Address + (nint)offset);
                    ranges[i].iov_len =
                        (nuint)Math.Min(RegisteredMemory.PieceBytesMax, buffer.LengthBytes - offset);
                    tags[i] = UserData.OfRelease(first + done + i, _buffers.GenerationOf(first + done + i));
                }
                // May do fewer than asked and say so; the next call then names the reason.
                int result = UpdateBuffers(first + done, ranges, tags, batch);
                if (result <= 0)
                {
                    throw BufferRefused(buffer, -result);
                }
                done += result;
            }
        }
    }

    private void ClearBuffers(int first, int count)
    {
        // SAFETY: as in PutBuffers; an empty range takes the entry out.
        unsafe
        {
            iovec* ranges = stackalloc iovec[UpdateBatch];
            ulong* tags = stackalloc ulong[UpdateBatch];
            for (int i = 0; i < UpdateBatch; i++)
            {
                ranges[i] = default;
                tags[i] = 0;
            }
            for (int done = 0; done < count;)
            {
                int result = UpdateBuffers(first + done, ranges, tags, Math.Min(UpdateBatch, count - done));
                if (result <= 0)
                {
                    // Only our own mistakes lead here. The entry stays registered, so the memory stays
                    // mapped.
                    Debug.Fail($"Emptying a buffer entry failed with errno {-result}.");
                    return;
                }
                done += result;
            }
        }
    }

    /// <safety>Both arrays have <paramref name="count"/> elements.</safety>
    private unsafe int UpdateBuffers(int first, iovec* ranges, ulong* tags, int count)
    {
        // SAFETY: the kernel reads the structure and both arrays during the call only.
        unsafe
        {
            var update = new io_uring_rsrc_update2
            {
                offset = (uint)first,
                data = (ulong)ranges,
                tags = (ulong)tags,
                nr = (uint)count,
            };
            return CallRegister(
                io_uring_register_op.IORING_REGISTER_BUFFERS_UPDATE, &update,
                (uint)sizeof(io_uring_rsrc_update2));
        }
    }

    private static bool IsDirect(int fd)
    {
        int flags = Libc.fcntl(fd, Libc.F_GETFL, 0);
        return flags >= 0 && (flags & Libc.O_DIRECT) != 0; // what is no open file is refused by the kernel
    }

    /// <summary>0, or the positive error number.</summary>
    private int UpdateFile(int index, int fd)
    {
        // SAFETY: both structures are on this frame and read during the call only.
        unsafe
        {
            var update = new io_uring_rsrc_update2 { offset = (uint)index, data = (ulong)&fd, nr = 1 };
            int result = CallRegister(
                io_uring_register_op.IORING_REGISTER_FILES_UPDATE2, &update,
                (uint)sizeof(io_uring_rsrc_update2));
            return result == 1 ? 0 : result < 0 ? -result : Libc.EBADF;
        }
    }

    /// <summary>io_uring_register(2). A negative error number on failure.</summary>
    /// <safety><paramref name="argument"/> is what the operation documents.</safety>
    private unsafe int CallRegister(io_uring_register_op operation, void* argument, uint count)
    {
        for (int i = 0; ; i++)
        {
            nint result;
            // SAFETY: the caller's argument is what the operation documents, and is read during the call
            // only.
            unsafe
            {
                result = Libc.syscall(
                    Libc.SYS_io_uring_register, _fdNumber, (nint)(uint)operation, (nint)argument,
                    (nint)count);
            }
            int errno = Libc.errno;
            if (result >= 0)
            {
                return (int)result;
            }
            if (errno != Libc.EINTR || i == SubmitRetriesMax)
            {
                return -errno;
            }
        }
    }

    private static IoUringException BufferRefused(GpuMappedBuffer buffer, int errno)
    {
        return new IoUringException($"Registering {buffer.LengthBytes} bytes of slots", errno, errno switch
        {
            Libc.ENOMEM => $"the limit on locked memory ({Limit()}) is smaller than slots x slot size; "
                + "raise it (ulimit -l, or memlock in /etc/security/limits.conf), or use fewer or smaller "
                + "slots.",
            Libc.EFAULT => "a part of the range is not mapped, or is device memory that cannot be pinned.",
            Libc.EOPNOTSUPP => "the range is a mapping of a file, which cannot be registered.",
            _ => "",
        });

        static string Limit() => MemoryLimits.LockedBytes is { } bytes
            ? $"{bytes / 1024} KiB for this user"
            : "unlimited here, so perhaps the memory cgroup's";
    }

    private void OnInternalCompletion(ulong userData)
    {
        if (userData == UserData.Filler)
        {
            return; // it completes without an entry; this kernel gave it one all the same
        }
        if (!UserData.IsRelease(userData))
        {
            // a cancel request; whatever it says, the target's own completion counts
            _internalInFlightCount--;
            return;
        }
        int index = UserData.IndexOf(userData);
        if (_buffers.OwnerOf(index) is { } owner
            && (_buffers.GenerationOf(index) & UserData.GenerationMask) == UserData.GenerationOf(userData))
        {
            _buffers.Return(index);
            owner.OnPieceReleased();
        }
    }
}
