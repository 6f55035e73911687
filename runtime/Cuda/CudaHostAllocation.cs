#nullable enable
using System;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Host memory that the driver has allocated in a context. It holds a reference of the context until the
/// driver has it back; if the driver does not take it, for ever.
/// </summary>
sealed partial class CudaHostAllocation
{
    private const uint Flags = Cuda.CU_MEMHOSTALLOC_DEVICEMAP | Cuda.CU_MEMHOSTALLOC_PORTABLE;

    private readonly CudaContext _context;
    private readonly long _lengthBytes;
    private nint _address;

    private CudaHostAllocation(CudaContext context, long lengthBytes)
    {
        _context = context;
        _lengthBytes = lengthBytes;
    }

    /// <summary>Allocates, maps for the device, and leaves the range out of child processes.</summary>
    /// <param name="context">The context that it is allocated in.</param>
    /// <param name="lengthBytes">Whole pages.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="IoUringException">The kernel refused MADV_DONTFORK.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public static GpuMappedBuffer Allocate(CudaContext context, long lengthBytes)
    {
        context.BeginUse();
        var allocation = new CudaHostAllocation(context, lengthBytes);
        CudaFailure failure = allocation.Allocate(out ulong devicePointer);
        int errno = failure.IsNone ? allocation.LeaveOutOfChildren() : 0;
        if (failure.IsNone && errno == 0)
        {
            return new GpuMappedBuffer(
                allocation._address, lengthBytes, PeerMemoryKind.HostMapped, PageBacking.BasePages,
                devicePointer, allocation.Release);
        }
        allocation.Release();
        throw !failure.IsNone
            ? context.Device.Driver.Failure(
                $"Allocating {lengthBytes} bytes of host memory for device {context.Device.Ordinal}: "
                    + failure.Operation,
                failure.Result)
            : new IoUringException(
                "madvise(MADV_DONTFORK)", errno, "the driver gave memory that is not whole pages.");
    }

    private CudaFailure Allocate(out ulong devicePointer)
    {
        ulong pointer = 0;
        var calls = CudaCalls.Begin(_context.Functions, _context.Handle);
        // SAFETY: bound functions; the pointers are written during the calls only.
        unsafe
        {
            void* address = null;
            if (calls.IsOk)
            {
                calls.Note(
                    "cuMemHostAlloc",
                    _context.Functions.cuMemHostAlloc(&address, (nuint)_lengthBytes, Flags));
            }
            if (calls.IsOk)
            {
                _address = (nint)address;
                calls.Note(
                    "cuMemHostGetDevicePointer",
                    _context.Functions.cuMemHostGetDevicePointer_v2(&pointer, address, 0));
            }
        }
        devicePointer = pointer;
        return calls.End();
    }

    /// <summary>
    /// After fork(2) a copy-on-write page would part the program's view from the pages that devices write.
    /// </summary>
    private int LeaveOutOfChildren()
    {
        // SAFETY: advice about a range that is the allocation's own.
        unsafe
        {
            int result = Libc.madvise((void*)_address, (nuint)_lengthBytes, Libc.MADV_DONTFORK);
            int errno = Libc.errno;
            return result == 0 ? 0 : errno;
        }
    }

    /// <summary>Gives the memory back to the driver. Does not throw: a failure is reported.</summary>
    private void Release()
    {
        if (_address != 0 && !Free())
        {
            GpuMappedBuffer.ReportLeak(_lengthBytes);
            return;
        }
        _address = 0;
        _context.EndUse();
    }

    private bool Free()
    {
        var calls = CudaCalls.Begin(_context.Functions, _context.Handle);
        bool isFree = false;
        if (calls.IsPushed)
        {
            // SAFETY: nobody uses the memory any more: the buffer's reference count is 0, or there was none.
            unsafe
            {
                calls.Note("cuMemFreeHost", _context.Functions.cuMemFreeHost((void*)_address));
            }
            isFree = calls.IsOk;
        }
        calls.End().Report("the driver's host memory");
        return isFree;
    }
}
