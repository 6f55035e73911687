using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>A ring of one of the libraries, and by hand what liburing's inline functions do.</summary>
public sealed unsafe class TestRing : IDisposable
{
    private static readonly __kernel_timespec* s_time =
        (__kernel_timespec*)NativeMemory.AllocZeroed((nuint)sizeof(__kernel_timespec));

    private readonly bool _isMade;

    /// <summary>A zeroed ring; nothing was asked of the kernel yet.</summary>
    public TestRing(Library library)
    {
        Library = library;
        Ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    }

    public TestRing(
        Library library, uint entries, uint flags = 0, uint cqEntries = 0, uint idleMilliseconds = 0)
        : this(library)
    {
        io_uring_params p = default;
        p.flags = flags | (cqEntries != 0 ? IORING_SETUP_CQSIZE : 0);
        p.cq_entries = cqEntries;
        p.sq_thread_idle = idleMilliseconds;
        Assert.Equal(0, library.io_uring_queue_init_params(entries, Ring, &p));
        _isMade = true;
    }

    public Library Library { get; }

    public io_uring* Ring { get; }

    public uint SubmissionFlags => Volatile.Read(ref *Ring->sq.kflags);

    public uint ReadyCount => Volatile.Read(ref *Ring->cq.ktail) - Volatile.Read(ref *Ring->cq.khead);

    private bool HasFreeEntry =>
        Ring->sq.sqe_tail - Volatile.Read(ref *Ring->sq.khead) < Ring->sq.ring_entries;

    /// <summary>A free entry, zeroed.</summary>
    public io_uring_sqe* Sqe(io_uring_op opcode, ulong userData)
    {
        if ((Ring->flags & IORING_SETUP_SQPOLL) != 0)
        {
            // The kernel's thread gives entries back a little after their completions are there.
            _ = SpinWait.SpinUntil(() => HasFreeEntry, 5_000);
        }
        Assert.True(HasFreeEntry, "no entry is free");
        int shift = (Ring->flags & IORING_SETUP_SQE128) != 0 ? 1 : 0;
        io_uring_sqe* sqe = Ring->sq.sqes + ((Ring->sq.sqe_tail & Ring->sq.ring_mask) << shift);
        Ring->sq.sqe_tail++;
        *sqe = default;
        sqe->opcode = (byte)opcode;
        sqe->fd = -1;
        sqe->user_data = userData;
        return sqe;
    }

    public void Nops(ulong first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = Sqe(io_uring_op.IORING_OP_NOP, first + (ulong)i);
        }
    }

    /// <summary>An operation that completes with ETIME after so long.</summary>
    public void Timeout(ulong userData, int milliseconds)
    {
        *s_time = Time(milliseconds);
        io_uring_sqe* sqe = Sqe(io_uring_op.IORING_OP_TIMEOUT, userData);
        sqe->addr = (ulong)s_time;
        sqe->len = 1;
    }

    public io_uring_sqe* Read(ulong userData, int fd, void* buffer, uint bytes)
    {
        io_uring_sqe* sqe = Sqe(io_uring_op.IORING_OP_READ, userData);
        sqe->fd = fd;
        sqe->addr = (ulong)buffer;
        sqe->len = bytes;
        return sqe;
    }

    /// <summary>Takes one completion that must be there.</summary>
    public (ulong UserData, int Result, uint Flags) Take()
    {
        Assert.True(ReadyCount > 0, "no completion is there");
        uint head = *Ring->cq.khead;
        int shift = (Ring->flags & IORING_SETUP_CQE32) != 0 ? 1 : 0;
        io_uring_cqe* cqe = Ring->cq.cqes + ((head & Ring->cq.ring_mask) << shift);
        (ulong, int, uint) taken = (cqe->user_data, cqe->res, cqe->flags);
        Advance(1);
        return taken;
    }

    public ulong[] TakeAll()
    {
        var taken = new List<ulong>();
        while (ReadyCount > 0)
        {
            taken.Add(Take().UserData);
        }
        return [.. taken];
    }

    /// <summary>What has no order: several operations, or tags.</summary>
    public ulong[] TakeAllSorted()
    {
        ulong[] taken = TakeAll();
        Array.Sort(taken);
        return taken;
    }

    public void Advance(uint count) => Volatile.Write(ref *Ring->cq.khead, *Ring->cq.khead + count);

    /// <summary>Submits, waits for one completion, and takes it.</summary>
    public (ulong UserData, int Result, uint Flags) Run()
    {
        Assert.Equal(1, Library.io_uring_submit_and_wait(Ring, 1));
        return Take();
    }

    public static __kernel_timespec Time(int milliseconds) => new()
    {
        tv_sec = milliseconds / 1000,
        tv_nsec = milliseconds % 1000 * 1_000_000L,
    };

    public static ulong[] Numbers(ulong first, int count)
    {
        var numbers = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = first + (ulong)i;
        }
        return numbers;
    }

    /// <summary>Milliseconds that an action takes.</summary>
    public static double Duration(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Whether a page is mapped, by /proc/self/maps.</summary>
    public static bool IsMapped(void* address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            ulong from = ulong.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber);
            ulong to = ulong.Parse(
                line.AsSpan(dash + 1, line.IndexOf(' ', StringComparison.Ordinal) - dash - 1),
                NumberStyles.HexNumber);
            if (from <= (ulong)address && (ulong)address < to)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Mappings of this process whose name has that in it. Whether an address is mapped says little after an
    /// unmapping: the runtime may have taken the place.
    /// </summary>
    public static int MappingsCount(string name)
    {
        int count = 0;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            count += line.Contains(name, StringComparison.Ordinal) ? 1 : 0;
        }
        return count;
    }

    /// <summary>Address space of this process in bytes.</summary>
    public static long MappedBytes() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0])
        * Environment.SystemPageSize;

    public static bool IsOpen(int fd) => Libc.fcntl(fd, Libc.F_GETFL, 0) >= 0;

    public void Dispose()
    {
        if (_isMade)
        {
            Library.io_uring_queue_exit(Ring);
        }
        NativeMemory.Free(Ring);
    }
}
