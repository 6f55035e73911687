#nullable enable
using System;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A path into memory that is not registered on trial: NVMe commands, or reads of a file with O_DIRECT. The
/// memory is only touched by the kernel and the drive.
/// </summary>
sealed partial class AttachedTrialPath : ITrialPath, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _buffer;
    private readonly DeviceCopy _copy;
    private readonly AttachedMemory _memory;
    private readonly NvmeNamespace? _source;
    private readonly RegisteredFile _file;

    /// <summary>By command; offsets count from the start of the namespace.</summary>
    /// <param name="buffer">Becomes this object's own, also when this throws.</param>
    /// <param name="source">The caller's.</param>
    /// <exception cref="IoUringException">The kernel refused the ring or the copy.</exception>
    public AttachedTrialPath(GpuMappedBuffer buffer, NvmeNamespace source)
        : this(buffer, source, null)
    {
    }

    /// <summary>By an ordinary read.</summary>
    /// <param name="buffer">Becomes this object's own, also when this throws.</param>
    /// <param name="direct">Opened with O_DIRECT; the caller's.</param>
    /// <exception cref="IoUringException">The kernel refused the ring, the file or the copy.</exception>
    public AttachedTrialPath(GpuMappedBuffer buffer, SafeFileHandle direct)
        : this(buffer, null, direct)
    {
    }

    private AttachedTrialPath(GpuMappedBuffer buffer, NvmeNamespace? source, SafeFileHandle? direct)
    {
        _buffer = buffer;
        _source = source;
        try
        {
            _ring = IoUring.Create(IoUringChecks.SmallRing with { UseBigEntries = source is not null });
            _copy = new DeviceCopy();
            _memory = _ring.Attach(buffer);
            _file = direct is null ? default : _ring.Register(direct);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Fill(ReadOnlySpan<byte> bytes) => _copy.Fill(_buffer, bytes);

    public int CopyOut(Span<byte> bytes) => _copy.CopyOut(_buffer, bytes);

    public int Read(long offsetBytes, int lengthBytes)
    {
        AttachedRegion into = _memory.Region(0, lengthBytes);
        _ = _source is not null
            ? _ring.Read(
                into, _source, (ulong)(offsetBytes / _source.LbaBytes),
                (uint)(lengthBytes / _source.LbaBytes))
            : _ring.Read(into, _file, offsetBytes);
        long start = Stopwatch.GetTimestamp();
        do
        {
            _ = _ring.Wait(1, s_patience);
            if (_ring.TryReap(out Completion completion))
            {
                return completion.IsSuccess ? completion.ByteCount
                    : completion.Errno != 0 ? -completion.Errno
                    : -Libc.EIO; // the drive's own status
            }
        }
        while (Stopwatch.GetElapsedTime(start) < s_patience);
        return -Libc.ETIME;
    }

    public void Dispose()
    {
        // The ring first: it waits for a read that is still in flight, and then lets go of the memory.
        _ring?.Dispose();
        _copy?.Dispose();
        _buffer.Dispose();
    }
}
