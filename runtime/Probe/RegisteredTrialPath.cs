#nullable enable
using System;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// The path RegisteredMappedRead on trial: a ring, registered memory, a registered file, READ_FIXED.
/// </summary>
sealed partial class RegisteredTrialPath : ITrialPath, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _buffer;
    private readonly RegisteredMemory _memory;
    private readonly RegisteredFile _file;

    /// <exception cref="IoUringException">The kernel refused the ring, the memory or the file.</exception>
    public RegisteredTrialPath(SafeFileHandle file, int lengthBytes)
    {
        _ring = IoUring.Create(IoUringChecks.SmallRing);
        try
        {
            _buffer = GpuMappedBuffer.AllocateHost(lengthBytes);
            _memory = _ring.Register(_buffer);
            _file = _ring.Register(file);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private Span<byte> Target
    {
        get
        {
            // SAFETY: the buffer is this object's own and mapped until Dispose; no read is in flight here.
            unsafe
            {
                return new Span<byte>((void*)_buffer.Address, checked((int)_buffer.LengthBytes));
            }
        }
    }

    public int Fill(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Target);
        return 0;
    }

    public int CopyOut(Span<byte> bytes)
    {
        Target[..bytes.Length].CopyTo(bytes);
        return 0;
    }

    public int Read(long offsetBytes, int lengthBytes)
    {
        _ = _ring.Read(_memory.Region(0, lengthBytes), _file, offsetBytes);
        long start = Stopwatch.GetTimestamp();
        do
        {
            _ = _ring.Wait(1, s_patience);
            if (_ring.TryReap(out Completion completion))
            {
                return completion.IsSuccess ? completion.ByteCount : -completion.Errno;
            }
        }
        while (Stopwatch.GetElapsedTime(start) < s_patience);
        return -Libc.ETIME;
    }

    public void Dispose()
    {
        // The ring first: it waits for a read that is still in flight, and then lets go of the memory.
        _ring.Dispose();
        _buffer?.Dispose();
    }
}
