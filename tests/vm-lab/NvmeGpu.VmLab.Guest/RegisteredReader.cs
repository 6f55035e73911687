using System;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest;

/// <summary>One registered buffer and one registered file on a ring of the runtime's.</summary>
internal sealed class RegisteredReader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _buffer;
    private readonly RegisteredMemory _memory;
    private readonly RegisteredFile _file;
    private readonly int _lengthBytes;

    public RegisteredReader(SafeFileHandle handle, int lengthBytes)
    {
        _lengthBytes = lengthBytes;
        _ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        _buffer = GpuMappedBuffer.AllocateHost(lengthBytes);
        _memory = _ring.Register(_buffer);
        _file = _ring.Register(handle);
    }

    /// <summary>What the last read may have written; not to be looked at between Begin and End.</summary>
    public Span<byte> Bytes
    {
        get
        {
            // SAFETY: this object's own memory, mapped until Dispose.
            unsafe
            {
                return new Span<byte>((void*)_buffer.Address, _lengthBytes);
            }
        }
    }

    /// <summary>
    /// Reads the whole length over bytes that are in no pattern. How many arrived, or a negative errno.
    /// </summary>
    public int Read(long offsetBytes)
    {
        Begin(offsetBytes);
        return End(s_patience) ?? throw new GuestFailedException(
            $"a read of {_lengthBytes} bytes at {offsetBytes} did not complete in "
            + $"{s_patience.TotalSeconds} s.");
    }

    public void Begin(long offsetBytes)
    {
        Bytes.Fill(0xA5);
        _ = _ring.Read(_memory.Region(0, _lengthBytes), _file, offsetBytes);
        _ = _ring.Submit();
    }

    /// <summary>The result of the read that was begun; null when it has not completed by then.</summary>
    public int? End(TimeSpan patience)
    {
        _ = _ring.Wait(1, patience);
        return !_ring.TryReap(out Completion completion) ? null
            : completion.IsSuccess ? completion.ByteCount : -completion.Errno;
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffer.Dispose();
    }
}
