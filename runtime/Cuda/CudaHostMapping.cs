#nullable enable
using System;
using System.Diagnostics;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Host memory that is registered with a context, piece by piece, and what has to be undone before it may be
/// unmapped. It holds a reference of the context and one of the memory; both end when every piece is out of
/// CUDA. If one piece is not, both stay for ever: the GPU may still use the pages.
/// </summary>
sealed partial class CudaHostMapping
{
    private const uint Flags = Cuda.CU_MEMHOSTREGISTER_DEVICEMAP | Cuda.CU_MEMHOSTREGISTER_PORTABLE;

    private readonly CudaContext _context;
    private readonly GpuMappedBuffer _host;
    private readonly long _pieceBytesMax;
    private int _registeredCount;
    private ulong _devicePointer;
    private ulong _gapPointer;
    private long _gapOffsetBytes; // of the first piece that does not follow the one before; 0 without one

    private CudaHostMapping(CudaContext context, GpuMappedBuffer host, long pieceBytesMax)
    {
        _context = context;
        _host = host;
        _pieceBytesMax = pieceBytesMax;
    }

    private int PieceCount => (int)((_host.LengthBytes + _pieceBytesMax - 1) / _pieceBytesMax);

    /// <summary>Registers the whole range, or nothing of it.</summary>
    /// <param name="context">The context that it is mapped in.</param>
    /// <param name="host">The memory; it is the mapping's from here on, also when this throws.</param>
    /// <param name="pieceBytesMax">The longest piece, a multiple of the page size.</param>
    /// <exception cref="CudaException">
    /// The driver refused, or has given addresses that are not side by side.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public static GpuMappedBuffer Map(CudaContext context, GpuMappedBuffer host, long pieceBytesMax)
    {
        Debug.Assert(pieceBytesMax % Environment.SystemPageSize == 0);
        try
        {
            context.BeginUse();
        }
        catch
        {
            host.Dispose();
            throw;
        }
        host.BeginUse();
        var mapping = new CudaHostMapping(context, host, pieceBytesMax);
        CudaFailure failure = mapping.Register();
        if (failure.IsNone && mapping._gapOffsetBytes == 0)
        {
            return new GpuMappedBuffer(
                host.Address, host.LengthBytes, host.Kind, host.Backing, mapping._devicePointer,
                mapping.Release);
        }
        mapping.Release();
        string what = $"Mapping {host.LengthBytes} bytes of host memory for device {context.Device.Ordinal}";
        throw !failure.IsNone
            ? context.Device.Driver.Failure($"{what}: {failure.Operation}", failure.Result)
            : new CudaException(
                what,
                $"the device's addresses of the pieces are not side by side: 0x{mapping._devicePointer:x} at "
                    + $"the start, 0x{mapping._gapPointer:x} at {mapping._gapOffsetBytes} bytes. Use the "
                    + $"provider cuda-host-alloc, or ask for at most {pieceBytesMax} bytes at once.");
    }

    private CudaFailure Register()
    {
        var calls = CudaCalls.Begin(_context.Functions, _context.Handle);
        for (int piece = 0; calls.IsOk && _gapOffsetBytes == 0 && piece < PieceCount; piece++)
        {
            long offsetBytes = piece * _pieceBytesMax;
            ulong pointer = RegisterPiece(
                ref calls, _host.Address + (nint)offsetBytes,
                Math.Min(_pieceBytesMax, _host.LengthBytes - offsetBytes));
            if (piece == 0)
            {
                _devicePointer = pointer;
            }
            else if (calls.IsOk && pointer != unchecked(_devicePointer + (ulong)offsetBytes))
            {
                _gapOffsetBytes = offsetBytes;
                _gapPointer = pointer;
            }
        }
        return calls.End();
    }

    private ulong RegisterPiece(ref CudaCalls calls, nint address, long lengthBytes)
    {
        ulong pointer = 0;
        // SAFETY: a range of the memory, which is mapped and stays until Release has taken it out of CUDA.
        unsafe
        {
            calls.Note(
                "cuMemHostRegister",
                _context.Functions.cuMemHostRegister_v2((void*)address, (nuint)lengthBytes, Flags));
            if (calls.IsOk)
            {
                _registeredCount++;
                calls.Note(
                    "cuMemHostGetDevicePointer",
                    _context.Functions.cuMemHostGetDevicePointer_v2(&pointer, (void*)address, 0));
            }
        }
        return pointer;
    }

    /// <summary>
    /// Takes the pieces out of CUDA, the last first, then unmaps. Each is tried, so that what can be freed
    /// is. Does not throw: a failure is reported.
    /// </summary>
    private void Release()
    {
        if (_registeredCount > 0 && !UnregisterAll())
        {
            GpuMappedBuffer.ReportLeak(_host.LengthBytes);
            return;
        }
        _host.EndUse();
        _host.Dispose();
        _context.EndUse();
    }

    private bool UnregisterAll()
    {
        int stuckCount = 0;
        var calls = CudaCalls.Begin(_context.Functions, _context.Handle);
        while (_registeredCount > 0)
        {
            _registeredCount--;
            CUresult result = calls.IsPushed ? Unregister(_registeredCount) : calls.Result;
            calls.Note("cuMemHostUnregister", result);
            stuckCount += result == CUresult.CUDA_SUCCESS ? 0 : 1;
        }
        calls.End().Report("registered host memory");
        return stuckCount == 0;
    }

    private CUresult Unregister(int piece)
    {
        // SAFETY: the piece was registered, and is still mapped.
        unsafe
        {
            return _context.Functions.cuMemHostUnregister(
                (void*)(_host.Address + (nint)(piece * _pieceBytesMax)));
        }
    }
}
