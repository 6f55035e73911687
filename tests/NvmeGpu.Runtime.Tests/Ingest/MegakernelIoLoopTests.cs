using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

public sealed class MegakernelIoLoopTests : IDisposable
{
    private const int RegionBytes = 64 << 10;
    private const int FileBytes = 1_000_001;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _content = new byte[FileBytes];

    public MegakernelIoLoopTests()
    {
        RingRequirement.Met();
        new Random(3).NextBytes(_content);
        File.WriteAllBytes(_folder.PathOf("data"), _content);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(2)] // requests wait in the queue
    public async Task Requests_of_several_threads_are_each_answered_once_with_their_bytes(int depthMax)
    {
        const int Requesters = 4;
        const int RequestsEach = 2000;
        using var served =
            new Served(this, new MegakernelIoLoopOptions { EntryCount = 9, DepthMax = depthMax });
        await Task.WhenAll(Enumerable.Range(0, Requesters).Select(requester => Task.Run(() =>
        {
            var random = new Random(requester);
            for (int i = 0; i < RequestsEach; i++)
            {
                int length = random.Next(1, RegionBytes + 1);
                int offset = random.Next(0, FileBytes - length + 1);
                uint tag = (uint)random.Next();
                var request = new MegakernelRequest(0, (uint)requester, (ulong)offset, (uint)length, tag);
                Assert.Equal(
                    new MegakernelAnswer(MegakernelRequestError.None, tag), served.Ask(requester, request));
                Assert.True(
                    served.Region(requester)[..length].SequenceEqual(_content.AsSpan(offset, length)));
            }
        })));
        served.End();
        Assert.Equal(
            (Requesters * RequestsEach, 0L), (served.Loop.DoneCount, served.Loop.FailedCount));
    }

    [Fact]
    public void A_request_that_reads_everything_may_end_in_the_middle_of_a_block()
    {
        using var served = new Served(this, new MegakernelIoLoopOptions { DirectIo = true });
        const int Tail = FileBytes % 4096;
        const int Offset = FileBytes - Tail;
        Assert.True(served.Ask(0, new MegakernelRequest(0, 0, Offset, Tail, 1)).IsSuccess);
        Assert.True(served.Region(0)[..Tail].SequenceEqual(_content.AsSpan(Offset)));
        Assert.Equal(
            MegakernelRequestError.Misaligned,
            served.Ask(0, new MegakernelRequest(0, 0, Offset - 4096, Tail, 1)).Error);
        Assert.Equal(
            MegakernelRequestError.Misaligned, served.Ask(0, new MegakernelRequest(0, 0, 1, 4096, 1)).Error);
    }

    public static TheoryData<uint, uint, ulong, uint, MegakernelRequestError> BadRequests() => new()
    {
        { 1, 0, 0, 1, MegakernelRequestError.UnknownSource },
        { uint.MaxValue, 0, 0, 1, MegakernelRequestError.UnknownSource },
        { 0, 4, 0, 1, MegakernelRequestError.UnknownDestination },
        { 0, 1u << 31, 0, 1, MegakernelRequestError.UnknownDestination },
        { 0, 0, 0, 0, MegakernelRequestError.OutsideSource },
        { 0, 0, FileBytes, 1, MegakernelRequestError.OutsideSource },
        { 0, 0, FileBytes - 9, 10, MegakernelRequestError.OutsideSource },
        { 0, 0, ulong.MaxValue, 2, MegakernelRequestError.OutsideSource },
        { 0, 0, 1ul << 63, 1, MegakernelRequestError.OutsideSource },
        { 0, 0, long.MaxValue, uint.MaxValue, MegakernelRequestError.OutsideDestination },
        { 0, 0, 0, RegionBytes + 1, MegakernelRequestError.OutsideDestination },
        { 0, 0, 0, uint.MaxValue, MegakernelRequestError.OutsideDestination },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public void A_bad_request_fails_alone(
        uint source, uint destination, ulong offset, uint length, MegakernelRequestError expected)
    {
        using var served = new Served(this, new MegakernelIoLoopOptions());
        served.Loop.Queue.Post(1, new MegakernelRequest(0, 1, 5, 100, 7));
        Assert.Equal(
            new MegakernelAnswer(expected, 0),
            served.Ask(0, new MegakernelRequest(source, destination, offset, length, 3)));
        Assert.Equal(new MegakernelAnswer(MegakernelRequestError.None, 7), served.Answer(1));
        Assert.True(served.Region(1)[..100].SequenceEqual(_content.AsSpan(5, 100)));
        served.End();
        Assert.Equal((1L, 1L, 100L), (served.Loop.DoneCount, served.Loop.FailedCount, served.Loop.ByteCount));
    }

    [Fact]
    public void A_file_that_became_shorter_fails_the_request()
    {
        using var served = new Served(this, new MegakernelIoLoopOptions());
        using (FileStream file = File.OpenWrite(_folder.PathOf("data")))
        {
            file.SetLength(1000);
        }
        Assert.True(served.Ask(0, new MegakernelRequest(0, 0, 0, 1000, 1)).IsSuccess);
        Assert.Equal(
            MegakernelRequestError.SourceEnded,
            served.Ask(0, new MegakernelRequest(0, 0, 500, 501, 1)).Error);
        Assert.Equal(
            MegakernelRequestError.SourceEnded, served.Ask(0, new MegakernelRequest(0, 0, 5000, 1, 1)).Error);
    }

    [Fact]
    public void Memory_that_was_released_is_no_destination_any_more()
    {
        using var loop = MegakernelIoLoop.Open(new MegakernelIoLoopOptions());
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(RegionBytes);
        _ = loop.AddFile(_folder.PathOf("data"));
        RegisteredMemory memory = loop.Register(buffer);
        _ = loop.AddDestination(memory.Region(0, RegionBytes));
        memory.Dispose();
        loop.Queue.Post(0, new MegakernelRequest(0, 0, 0, 1, 1));
        Assert.Equal(1, loop.PollRequests());
        Assert.True(loop.Queue.TryTake(0, out MegakernelAnswer answer));
        Assert.Equal(MegakernelRequestError.UnknownDestination, answer.Error);
    }

    [Fact]
    public void What_is_no_read_is_refused()
    {
        using var loop = MegakernelIoLoop.Open(new MegakernelIoLoopOptions { EntryCount = 3 });
        foreach (uint operation in (uint[])[0, 2, 0x10001, uint.MaxValue])
        {
            unsafe
            {
                var words = (MegakernelSlot*)loop.Queue.Entries.Address;
                words[2] = new MegakernelSlot
                {
                    Operation = operation,
                    Status = (uint)MegakernelRequestStatus.Requested,
                };
            }
            Assert.Equal(1, loop.PollRequests());
            Assert.True(loop.Queue.TryTake(2, out MegakernelAnswer answer));
            Assert.Equal(MegakernelRequestError.UnknownOperation, answer.Error);
        }
    }

    [Fact]
    public async Task Whatever_a_requester_writes_nothing_outside_of_the_destinations_is_touched()
    {
        const byte Canary = 0xA5;
        const int Destinations = 4;
        using var loop = MegakernelIoLoop.Open(new MegakernelIoLoopOptions { EntryCount = 16, DepthMax = 8 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(16 << 12);
        _ = loop.AddFile(_folder.PathOf("data"));
        RegisteredMemory memory = loop.Register(buffer);
        unsafe
        {
            new Span<byte>((void*)buffer.Address, (int)buffer.LengthBytes).Fill(Canary);
        }
        for (int i = 0; i < Destinations; i++)
        {
            _ = loop.AddDestination(memory.Region(((2 * i) + 1) << 12, 1 << 12)); // every other page
        }
        using var end = new CancellationTokenSource();
        Task served = Task.Factory.StartNew(() => loop.Run(end.Token), TaskCreationOptions.LongRunning);
        // Two threads that write what they like into all words, also while the loop is looking.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(seed => Task.Run(() => Scribble(loop.Queue, seed))));
        Assert.False(served.IsCompleted, "the loop has ended.");
        end.Cancel();
        await served;

        Assert.True(loop.DoneCount > 0 && loop.FailedCount > 0, $"{loop.DoneCount} and {loop.FailedCount}");
        unsafe
        {
            for (int page = 0; page < (int)(buffer.LengthBytes >> 12); page++)
            {
                var bytes = new ReadOnlySpan<byte>((byte*)buffer.Address + (page << 12), 1 << 12);
                bool isDestination = page % 2 == 1 && page / 2 < Destinations;
                Assert.Equal(isDestination, bytes.ContainsAnyExcept(Canary));
            }
        }
    }

    [Fact]
    public void At_the_end_every_request_has_an_answer()
    {
        var seen = new HashSet<MegakernelRequestError>();
        for (int round = 0; round < 30; round++)
        {
            using var served =
                new Served(this, new MegakernelIoLoopOptions { EntryCount = 64, DepthMax = 4 });
            for (int entry = 0; entry < 64; entry++)
            {
                served.Loop.Queue.Post(entry, new MegakernelRequest(0, (uint)entry % 4, 0, RegionBytes, 1));
            }
            served.End();
            for (int entry = 0; entry < 64; entry++)
            {
                Assert.True(served.Loop.Queue.TryTake(entry, out MegakernelAnswer answer));
                seen.Add(answer.Error);
            }
            Assert.Equal(64, served.Loop.DoneCount + served.Loop.FailedCount);
        }
        Assert.All(seen, error => Assert.True(
            error is MegakernelRequestError.None or MegakernelRequestError.Ended, $"{error}"));
    }

    [Fact]
    public void A_loop_without_requests_leaves_the_processor_to_others()
    {
        using var served = new Served(this, new MegakernelIoLoopOptions());
        Assert.True(served.Ask(0, new MegakernelRequest(0, 0, 0, 1, 1)).IsSuccess);
        Thread.Sleep(100); // past the spinning
        TimeSpan before = served.ProcessorTime();
        Thread.Sleep(1000);
        TimeSpan used = served.ProcessorTime() - before;
        Assert.InRange(used.TotalMilliseconds, 0, 200);
        Assert.True(served.Ask(0, new MegakernelRequest(0, 0, 0, 1, 1)).IsSuccess);
    }

    [Fact]
    public void Misuse_by_the_host_is_said()
    {
        using var loop = MegakernelIoLoop.Open(new MegakernelIoLoopOptions { EntryCount = 2 });
        loop.Queue.Post(0, new MegakernelRequest(0, 0, 0, 1, 1));
        Assert.Throws<InvalidOperationException>(
            () => loop.Queue.Post(0, new MegakernelRequest(0, 0, 0, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.Queue.Post(2, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.Queue.TryTake(-1, out _));
        Assert.Throws<IngestException>(() => loop.AddFile(_folder.PathOf("nothing")));
        using var ring = IoUring.Create(new IoUringOptions());
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory foreign = ring.Register(buffer);
        Assert.Throws<InvalidOperationException>(() => loop.AddDestination(foreign.Region(0, 1)));
        Assert.Throws<InvalidOperationException>(() => loop.AddDestination(default));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => MegakernelIoLoop.Open(new MegakernelIoLoopOptions { EntryCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => MegakernelIoLoop.Open(new MegakernelIoLoopOptions { DepthMax = 0 }));
        using (var small = MegakernelIoLoop.Open(new MegakernelIoLoopOptions { SourceCountMax = 1 }))
        {
            _ = small.AddFile(_folder.PathOf("data"));
            Assert.Throws<InvalidOperationException>(() => small.AddFile(_folder.PathOf("data")));
        }
        loop.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loop.Queue.TryTake(0, out _));
    }

    public void Dispose() => _folder.Dispose();

    private static void Scribble(MegakernelRequestQueue queue, int seed)
    {
        var random = new Random(seed);
        uint[] interesting = [0, 1, 2, 3, 4, 100, 4095, 4096, 4097, FileBytes, int.MaxValue, uint.MaxValue];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3))
        {
            unsafe
            {
                uint* words = (uint*)queue.Entries.Address;
                int entry = random.Next(queue.Capacity);
                for (int i = 0; i < 8; i++)
                {
                    uint value = i == 0 ? 1 : interesting[random.Next(interesting.Length)];
                    value = random.Next(50) == 0 ? (uint)random.Next() : value;
                    value = i is 3 or 4 && random.Next(2) == 0 ? 0 : value;
                    Volatile.Write(ref words[(8 * entry) + i], value);
                }
                Volatile.Write(ref words[(8 * entry) + 6], (uint)random.Next(4));
            }
        }
    }

    /// <summary>A loop on a thread of its own, with a file and four destinations.</summary>
    private sealed class Served : IDisposable
    {
        private readonly GpuMappedBuffer _buffer;
        private readonly CancellationTokenSource _end = new();
        private readonly Thread _thread;
        private int _threadId;
        private Exception? _failure;

        public Served(MegakernelIoLoopTests test, in MegakernelIoLoopOptions options)
        {
            Loop = MegakernelIoLoop.Open(options);
            _buffer = GpuMappedBuffer.AllocateHost(4 * RegionBytes);
            RegisteredMemory memory = Loop.Register(_buffer);
            Assert.Equal(0u, Loop.AddFile(test._folder.PathOf("data")));
            for (uint i = 0; i < 4; i++)
            {
                Assert.Equal(i, Loop.AddDestination(memory.Region(i * RegionBytes, RegionBytes)));
            }
            _thread = new Thread(Run);
            _thread.Start();
        }

        public MegakernelIoLoop Loop { get; }

        public ReadOnlySpan<byte> Region(int index)
        {
            unsafe
            {
                return new ReadOnlySpan<byte>(
                    (byte*)_buffer.Address + ((nint)index * RegionBytes), RegionBytes);
            }
        }

        public MegakernelAnswer Ask(int entry, in MegakernelRequest request)
        {
            Loop.Queue.Post(entry, request);
            return Answer(entry);
        }

        public MegakernelAnswer Answer(int entry)
        {
            long start = Stopwatch.GetTimestamp();
            var spinner = new SpinWait();
            MegakernelAnswer answer;
            while (!Loop.Queue.TryTake(entry, out answer))
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < s_patience && _failure is null, $"{_failure}");
                spinner.SpinOnce();
            }
            return answer;
        }

        /// <summary>
        /// What the loop's thread has used, user and system: proc_pid_stat(5), in ticks of 10 ms.
        /// </summary>
        public TimeSpan ProcessorTime()
        {
            string[] fields =
                File.ReadAllText($"/proc/self/task/{_threadId}/stat").Split(") ")[^1].Split(' ');
            return TimeSpan.FromMilliseconds(
                10 * (long.Parse(fields[11], null) + long.Parse(fields[12], null)));
        }

        public void End()
        {
            _end.Cancel();
            Assert.True(_thread.Join(s_patience));
            Assert.Null(_failure);
        }

        public void Dispose()
        {
            End();
            Loop.Dispose();
            _buffer.Dispose();
            _end.Dispose();
        }

        private void Run()
        {
            try
            {
                unsafe
                {
                    _threadId = (int)Libc.syscall(186 /* gettid, x86-64 */, 0, 0, 0, 0, 0, 0);
                }
                Loop.Run(_end.Token);
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }
    }
}
