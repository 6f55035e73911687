using System;
using System.IO;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>
/// Commands through a real ring. The device is /dev/null, which completes each with 0 (Linux 6.1): what a
/// drive does with them is tested in a virtual machine.
/// </summary>
public sealed class NvmeReadTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly GpuMappedBuffer _buffer;
    private readonly IoUring _ring;
    private readonly RegisteredMemory _registered;
    private readonly AttachedMemory _attached;

    public NvmeReadTests()
    {
        RingRequirement.Met();
        _buffer = GpuMappedBuffer.AllocateHost(2 << 20);
        _ring = IoUring.Create(new IoUringOptions { DepthMax = 4, UseBigEntries = true });
        _registered = _ring.Register(_buffer);
        _attached = _ring.Attach(_buffer);
    }

    [Fact]
    public void A_command_that_succeeds_has_brought_all_that_was_asked_for()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        for (int round = 0; round < 50; round++)
        {
            ReadToken registered = _ring.Read(_registered.Region(4096, 8192), source, 7, 16);
            ReadToken attached = _ring.Read(_attached.Region(512, 512), source, 0, 1);
            Assert.Equal(2, _ring.Submit());
            Assert.Equal((1, 1), (_registered.InFlightCount, _attached.InFlightCount));
            for (int i = 0; i < 2; i++)
            {
                Completion completion = ReapOne();
                Requirement.That(
                    completion.Errno != Libc.EOPNOTSUPP, "/dev/null takes no commands: Linux before 6.1");
                Assert.True(completion is { IsSuccess: true, IsCommand: true, IsShort: false, Errno: 0 });
                Assert.True(completion.NvmeStatus.IsSuccess);
                Assert.Equal(completion.Token == registered ? 8192 : 512, completion.ByteCount);
                Assert.True(completion.Token == registered || completion.Token == attached);
            }
            Assert.Equal((0, 0), (_registered.InFlightCount, _attached.InFlightCount));
        }
    }

    [Fact]
    public void Commands_and_ordinary_operations_share_a_ring()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(TestFile.Create(folder, "data", 8192));
        RegisteredFile file = _ring.Register(handle);
        for (int round = 0; round < 50; round++)
        {
            ReadToken command = _ring.Read(_registered.Region(0, 512), source, 0, 1);
            ReadToken read = _ring.Read(_registered.Region(4096, 4096), file, 4096);
            _ = _ring.Nop();
            Assert.Equal(3, _ring.Submit());
            for (int i = 0; i < 3; i++)
            {
                Completion completion = ReapOne();
                Assert.Equal(completion.Token == command, completion.IsCommand);
                if (completion.Token == read)
                {
                    Assert.Equal(4096, completion.ByteCount);
                }
            }
        }
        Assert.Equal(TestFile.Expected(4096, 4096), Bytes(4096, 4096));
    }

    [Fact]
    public void A_file_that_takes_no_commands_ends_in_an_errno_and_no_count()
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(TestFile.Create(folder, "data", 8192));
        using var source = new NvmeNamespace(
            handle, "a file", 1, new NamespaceFormat(100, 512, 0, false, 0),
            new NamespaceLimits(1 << 20, 1 << 20, null), [], false, 0);
        _ = _ring.Read(_registered.Region(0, 512), source, 0, 1);
        Completion completion = ReapOne();
        Assert.Equal((false, Libc.EOPNOTSUPP), (completion.IsSuccess, completion.Errno));
        Assert.True(completion.NvmeStatus.IsSuccess); // the drive has said nothing
        Assert.Throws<InvalidOperationException>(() => completion.ByteCount);
        var error = Assert.IsType<NvmeException>(completion.ToException("NVMe read"));
        Assert.Equal(Libc.EOPNOTSUPP, error.Errno);
    }

    [Fact]
    public void A_status_of_the_drive_is_no_byte_count()
    {
        var completion = new Completion(default, 0x281, 8192, isCommand: true);
        Assert.Equal((false, false, 0), (completion.IsSuccess, completion.IsShort, completion.Errno));
        Assert.Equal(0x281, completion.NvmeStatus.Value);
        Assert.Contains("Unrecovered Read Error", Assert.Throws<InvalidOperationException>(
            () => completion.ByteCount).Message);
        Assert.Equal(
            0x281, Assert.IsType<NvmeException>(completion.ToException("NVMe read")).Status.Value);

        var ordinary = new Completion(default, 0x281, 8192, isCommand: false);
        Assert.Equal((true, true, 0x281), (ordinary.IsSuccess, ordinary.IsShort, ordinary.ByteCount));
        Assert.True(ordinary.NvmeStatus.IsSuccess);
        Assert.Throws<InvalidOperationException>(() => ordinary.ToException("read"));
        Assert.IsType<IoUringException>(
            new Completion(default, -Libc.EIO, 1, isCommand: false).ToException("read"));
    }

    [Fact]
    public void A_ring_with_small_entries_refuses_and_says_how_to_make_one()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        using var small = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        RegisteredMemory registered = small.Register(_buffer);
        AttachedMemory attached = small.Attach(_buffer);
        Assert.Contains("UseBigEntries", Assert.Throws<InvalidOperationException>(
            () => small.Read(registered.Region(0, 512), source, 0, 1)).Message);
        Assert.Throws<InvalidOperationException>(
            () => small.Read(attached.Region(0, 512), source, 0, 1));
        Assert.Equal(0, small.InFlightCount);
    }

    [Theory]
    [InlineData(4096, 0ul, 9u)]
    [InlineData(4096, 0ul, 7u)]
    [InlineData(4095, 0ul, 8u)]
    public void A_region_that_is_not_as_long_as_the_blocks_is_refused(
        int lengthBytes, ulong lba, uint blocks) =>
        Refuse<ArgumentException>(FakeNamespace.OnNull(), 0, lengthBytes, lba, blocks);

    [Theory]
    [InlineData(1048576ul, 1u)]
    [InlineData(1048575ul, 2u)]
    [InlineData(ulong.MaxValue, 1u)]
    [InlineData(0ul, 65_537u)]
    [InlineData(0ul, 0u)]
    public void Blocks_outside_the_namespace_are_refused(ulong lba, uint blocks) =>
        Refuse<ArgumentOutOfRangeException>(
            FakeNamespace.OnNull(), 0, (int)Math.Clamp(blocks * 512, 512, 1 << 20), lba, blocks);

    [Fact]
    public void The_last_block_of_the_namespace_can_be_read()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        _ = _ring.Read(_attached.Region(0, 512), source, 1048575, 1);
        Assert.True(ReapOne().IsSuccess);
    }

    [Fact]
    public void More_than_one_command_may_transfer_is_refused()
    {
        Refuse<ArgumentOutOfRangeException>(
            FakeNamespace.OnNull(transferBytesMax: 128 << 10), 0, (128 << 10) + 512, 0, 257);
        using NvmeNamespace source = FakeNamespace.OnNull(transferBytesMax: 128 << 10);
        _ = _ring.Read(_attached.Region(0, 128 << 10), source, 0, 256);
        Assert.True(ReapOne().IsSuccess);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(256)]
    [InlineData(1)]
    public void An_address_within_a_block_is_refused(int offset) =>
        Refuse<ArgumentException>(FakeNamespace.OnNull(), offset, 512, 0, 1);

    [Fact]
    public void Metadata_behind_the_data_needs_room_and_apart_from_it_is_refused()
    {
        Refuse<ArgumentException>(FakeNamespace.OnNull(512, 8, isExtended: true), 0, 1024, 0, 2);
        Refuse<ArgumentException>(FakeNamespace.OnNull(512, 8), 0, 1024, 0, 2);
        using NvmeNamespace source = FakeNamespace.OnNull(512, 8, isExtended: true);
        _ = _ring.Read(_attached.Region(520, 1040), source, 0, 2);
        Assert.Equal(1040, ReapOne().ByteCount);
    }

    [Fact]
    public void Metadata_apart_from_the_data_has_a_place_of_its_own_in_the_same_memory()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(512, 8);
        _ = _ring.Read(_registered.Region(512, 1024), _registered.Region(4096, 16), source, 0, 2);
        Assert.Equal(1, _registered.InFlightCount);
        Assert.Equal(1024, ReapOne().ByteCount);
        _ = _ring.Read(_attached.Region(512, 1024), _attached.Region(1536, 16), source, 0, 2);
        Assert.Equal(1, _attached.InFlightCount);
        Assert.Equal(1024, ReapOne().ByteCount);
        Assert.Equal((0, 0), (_registered.InFlightCount, _attached.InFlightCount));
    }

    [Theory]
    [InlineData(8, 4096, 8, "are 16 bytes, and its region has 8")]
    [InlineData(8, 4096, 24, "are 16 bytes, and its region has 24")]
    [InlineData(8, 4098, 16, "is not a multiple of 4")]
    [InlineData(8, 1528, 16, "overlap")] // begins with the last block's data
    [InlineData(8, 504, 16, "overlap")] // ends with the first block's
    [InlineData(0, 4096, 16, "no metadata apart")]
    public void Metadata_without_a_fitting_place_is_refused(
        int metadataBytes, int at, int lengthBytes, string words)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(512, metadataBytes);
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => _ring.Read(
            _registered.Region(512, 1024), _registered.Region(at, lengthBytes), source, 0, 2)).Message);
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => _ring.Read(
            _attached.Region(512, 1024), _attached.Region(at, lengthBytes), source, 0, 2)).Message);
        Assert.Equal(0, _ring.InFlightCount);
    }

    [Fact]
    public void Metadata_in_other_memory_is_refused()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(512, 8);
        using GpuMappedBuffer other = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory registered = _ring.Register(other);
        AttachedMemory attached = _ring.Attach(other);
        Assert.Contains("two pieces of one", Assert.Throws<ArgumentException>(
            () => _ring.Read(_registered.Region(0, 512), registered.Region(0, 8), source, 0, 1)).Message);
        Assert.Contains("two pieces of one", Assert.Throws<ArgumentException>(
            () => _ring.Read(_attached.Region(0, 512), attached.Region(0, 8), source, 0, 1)).Message);
        Assert.Throws<ArgumentException>(
            () => _ring.Read(_registered.Region(0, 512), default(RegisteredRegion), source, 0, 1));
        Assert.Equal(0, _ring.InFlightCount);
    }

    [Fact]
    public void Released_memory_foreign_memory_and_closed_namespaces_are_refused()
    {
        NvmeNamespace source = FakeNamespace.OnNull();
        using var other = IoUring.Create(new IoUringOptions { DepthMax = 4, UseBigEntries = true });
        Assert.Throws<InvalidOperationException>(
            () => other.Read(_registered.Region(0, 512), source, 0, 1));
        Assert.Throws<InvalidOperationException>(() => other.Read(_attached.Region(0, 512), source, 0, 1));
        Assert.Throws<InvalidOperationException>(
            () => _ring.Read(default(RegisteredRegion), source, 0, 1));
        _registered.Dispose();
        _attached.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ring.Read(_registered.Region(0, 512), source, 0, 1));
        Assert.Throws<ObjectDisposedException>(() => _ring.Read(_attached.Region(0, 512), source, 0, 1));

        AttachedMemory again = _ring.Attach(_buffer);
        _ = _ring.Read(again.Region(0, 512), source, 0, 1);
        Assert.True(ReapOne().IsSuccess);
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ring.Read(again.Region(0, 512), source, 0, 1));
        Assert.Equal(0, _ring.InFlightCount);
    }

    [Fact]
    public void A_write_is_not_sent_whoever_assembled_it()
    {
        unsafe
        {
            NvmeCommand.Read(out nvme_uring_cmd command, 1, (void*)_buffer.Address, 512, 0, 1, 512);
            command.opcode = 0x01;
            SubmissionEntry128 entry = default;
            entry.Command = command;
            Assert.Throws<ArgumentException>(() => _ring.PushCommand(_attached, 0, ref entry));
            Assert.Throws<ArgumentException>(() => _ring.PushCommand(_registered, 0, 0, ref entry));
        }
        Assert.Equal(0, _ring.InFlightCount);
    }

    [Fact]
    public void A_namespace_is_registered_once_and_can_be_taken_out()
    {
        using var ring =
            IoUring.Create(new IoUringOptions { DepthMax = 4, UseBigEntries = true, FileTableEntries = 2 });
        AttachedMemory memory = ring.Attach(_buffer);
        using NvmeNamespace first = FakeNamespace.OnNull();
        using NvmeNamespace second = FakeNamespace.OnNull();
        using NvmeNamespace third = FakeNamespace.OnNull();
        ring.Register(first);
        for (int i = 0; i < 20; i++)
        {
            _ = ring.Read(memory.Region(0, 512), i % 2 == 0 ? first : second, 0, 1);
            Assert.True(Reap(ring).IsSuccess);
        }
        Assert.Contains("FileTableEntries", Assert.Throws<InvalidOperationException>(
            () => ring.Read(memory.Region(0, 512), third, 0, 1)).Message);
        Assert.Equal(0, ring.InFlightCount);
        ring.Unregister(second); // the last one that was read from
        _ = ring.Read(memory.Region(0, 512), second, 0, 1);
        Assert.True(Reap(ring).IsSuccess);
        ring.Unregister(first);
        Assert.Throws<InvalidOperationException>(() => ring.Unregister(first));
        _ = ring.Read(memory.Region(0, 512), third, 0, 1);
        Assert.True(Reap(ring).IsSuccess);
        _ = ring.Read(memory.Region(0, 512), second, 0, 1);
        Assert.True(Reap(ring).IsSuccess);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        RunCommands(source, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunCommands(source, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffer.Dispose();
    }

    private void RunCommands(NvmeNamespace source, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = _ring.Read(_registered.Region(0, 512), source, (ulong)i, 1);
            _ = _ring.Read(_attached.Region(0, 4096), source, (ulong)i, 8);
            if (ReapOne().ByteCount + ReapOne().ByteCount != 4608)
            {
                throw new InvalidOperationException();
            }
        }
    }

    private void Refuse<T>(NvmeNamespace source, int offset, int lengthBytes, ulong lba, uint blocks)
        where T : Exception
    {
        using (source)
        {
            Assert.Throws<T>(
                () => _ring.Read(_registered.Region(offset, lengthBytes), source, lba, blocks));
            Assert.Throws<T>(() => _ring.Read(_attached.Region(offset, lengthBytes), source, lba, blocks));
        }
        Assert.Equal((0, 0), (_ring.InFlightCount, _ring.Submit()));
    }

    private unsafe byte[] Bytes(int offset, int count) =>
        new ReadOnlySpan<byte>((byte*)_buffer.Address + offset, count).ToArray();

    private Completion ReapOne() => Reap(_ring);

    private static Completion Reap(IoUring ring)
    {
        Completion completion;
        while (!ring.TryReap(out completion))
        {
            if (ring.Wait(1, s_limit) < 1)
            {
                throw new TimeoutException();
            }
        }
        return completion;
    }
}
