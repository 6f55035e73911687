#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Methods that get the address as a number do not look at the bytes behind it.</summary>
public static unsafe class Numbers
{
    private static nint s_last;

    public static void Store(io_uring* ring, int fd)
    {
        nint address = Marshal.AllocHGlobal(64);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*)address, 64, 0);
        Volatile.Write(ref s_last, address);
    }

    public static void Search(io_uring* ring, int fd, List<nint> all)
    {
        nint address = Marshal.AllocHGlobal(64);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*)address, 64, 0);
        if (all.Contains(address) || all.IndexOf(address) > 0)
        {
            throw new InvalidOperationException(address.ToString());
        }
        ArgumentOutOfRangeException.ThrowIfZero(address);
        s_last = address;
    }

    public static void NotNull(io_uring* ring, int fd)
    {
        byte* address = (byte*)NativeMemory.Alloc(64);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, address, 64, 0);
        ArgumentNullException.ThrowIfNull(address);
        s_last = (nint)address;
    }
}
