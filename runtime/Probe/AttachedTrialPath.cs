#nullable enable
using System;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A path into memory that is not registered on trial: NVMe commands, or reads of a file with O_DIRECT. The
/// memory is only touched by the kernel and the drive, through a ring of its own.
/// </summary>
sealed partial class AttachedTrialPath : ITrialPath, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _buffer;
    private readonly long _startBytes;
    private readonly DeviceCopy _copy;
    private readonly AttachedMemory _memory;
    private readonly NvmeNamespace? _source;
    private readonly RegisteredFile _file;

    /// <param name="buffer">The caller's; stays mapped until a read that is in flight has ended, also when it
    /// is disposed earlier.</param>
    /// <param name="startBytes">Where in it the trial's memory begins.</param>
    /// <param name="source">By command: offsets count from the start of the namespace. The caller's.</param>
    /// <param name="direct">Without a namespace: by ordinary reads of this file, opened with O_DIRECT. The
    /// caller's.</param>
    /// <exception cref="IoUringException">The kernel refused the ring, the file or the copy.</exception>
    public AttachedTrialPath(
        GpuMappedBuffer buffer, long startBytes, NvmeNamespace? source, SafeFileHandle? direct)
    {
        _buffer = buffer;
        _startBytes = startBytes;
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

    /// <summary>
    /// After Dispose: a read did not end while it was waited for, and the drive may still write there.
    /// </summary>
    public bool IsMemoryLost => _memory.InFlightCount > 0;

    public int Fill(ReadOnlySpan<byte> bytes) => _copy.Fill(_buffer, _startBytes, bytes);

    public int CopyOut(Span<byte> bytes) => _copy.CopyOut(_buffer, _startBytes, bytes);

    public int Read(long offsetBytes, int lengthBytes)
    {
        AttachedRegion into = _memory.Region(_startBytes, lengthBytes);
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
        _ring?.Dispose(); // waits for a read that is still in flight
        _copy?.Dispose();
    }
}
