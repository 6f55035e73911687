using System;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests;

/// <summary>
/// Real bugs whose mistake, made with the owned types, is an exception. The programs and the reports that
/// they come from are in tests/corpus/museum, under the number in the test's name.
/// </summary>
public class MuseumTests
{
    public MuseumTests() => RingRequirement.Met();

    [Fact]
    public void Row_05_a_remembered_region_of_a_released_registration_is_refused()
    {
        using var folder = new TemporaryFolder();
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 8192));
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        var arguments = new ReadArguments(ring, ring.Register(handle));

        arguments.SetBuffer(buffer);
        _ = arguments.Read(0);
        Assert.Equal(4096, ReapOne(ring).ByteCount);
        arguments.OnCompleted();
        arguments.SetBuffer(null); // releases, and leaves what is remembered
        arguments.SetBuffer(buffer);

        Assert.Throws<ObjectDisposedException>(() => arguments.Read(4096));
        Assert.Equal(0, ring.InFlightCount);
    }

    [Fact]
    public void Row_30_a_read_that_is_longer_than_its_slot_is_refused_before_the_kernel_sees_it()
    {
        using var folder = new TemporaryFolder();
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 16384));
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(2 * 4096);
        using RegisteredMemory slots = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        RegisteredRegion slot = slots.Region(0, 4096);

        _ = ring.Read(slot.Slice(0, 4096), file, 0);
        Assert.Equal(4096, ReapOne(ring).ByteCount);

        // The slot is followed by another one, so the read would have succeeded, over its bytes.
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Read(slot.Slice(0, 4097), file, 0));
        Assert.Equal(0, ring.InFlightCount);
    }

    private static Completion ReapOne(IoUring ring)
    {
        Completion completion;
        while (!ring.TryReap(out completion))
        {
            ring.Wait(1, Timeout.InfiniteTimeSpan);
        }
        return completion;
    }

    /// <summary>The report's bookkeeping: what is registered is remembered apart from the buffer.</summary>
    private sealed class ReadArguments(IoUring ring, RegisteredFile file)
    {
        private GpuMappedBuffer? _buffer;
        private GpuMappedBuffer? _registeredBuffer;
        private RegisteredMemory? _memory;
        private RegisteredRegion _region;
        private bool _isOperationActive;

        public void SetBuffer(GpuMappedBuffer? buffer)
        {
            _buffer = buffer;
            if (buffer is null)
            {
                Release();
            }
        }

        public ReadToken Read(long offsetBytes)
        {
            if (_registeredBuffer != _buffer)
            {
                _memory = ring.Register(_buffer!);
                _region = _memory.Region(0, 4096);
                _registeredBuffer = _buffer;
            }
            _isOperationActive = true;
            return ring.Read(_region, file, offsetBytes);
        }

        public void OnCompleted() => _isOperationActive = false;

        private void Release()
        {
            _memory?.Dispose();
            if (_isOperationActive)
            {
                _registeredBuffer = null; // the mistake: only while an operation is active
            }
        }
    }
}
