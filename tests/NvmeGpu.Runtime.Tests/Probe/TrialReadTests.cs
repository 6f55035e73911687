using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>Only a read that brought every byte is proof; whoever lies is caught.</summary>
public sealed class TrialReadTests : IDisposable
{
    private const int BlockBytes = 4096;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_real_file_is_proven_for_the_registered_path_and_for_no_other()
    {
        RingRequirement.Met();
        GpuDirectCapability probe = GpuDirectCapability.Probe(TestFile.Create(_folder, "data", 1 << 20));

        CapabilityCheck check = probe.Find("trial_read");
        Assert.True(check.Outcome == CapabilityOutcome.Proven, check.Detail);
        PathCapability registered = probe.For(NativeReadPath.RegisteredMappedRead);
        Assert.True(registered.IsProven && registered.IsAvailable);
        Assert.False(probe.For(NativeReadPath.GpuDirectNvmePassthrough).IsProven);
        Assert.False(probe.For(NativeReadPath.PeerDirectFileRead).IsProven);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(1023)]
    [InlineData(8191)]
    [InlineData(131_071)]
    [InlineData(3_000_001)]
    public void Files_of_any_length_from_16_bytes_can_be_proven(int lengthBytes)
    {
        RingRequirement.Met();
        CapabilityCheck check =
            GpuDirectCapability.Probe(TestFile.Create(_folder, "data", lengthBytes)).Find("trial_read");
        Assert.True(check.Outcome == CapabilityOutcome.Proven, check.Detail);
    }

    [Fact]
    public void A_file_too_short_or_all_alike_proves_nothing()
    {
        RingRequirement.Met();
        string empty = TestFile.Create(_folder, "empty", 0);
        string zeros = _folder.PathOf("zeros");
        File.WriteAllBytes(zeros, new byte[1 << 20]);

        foreach (string path in new[] { empty, zeros })
        {
            GpuDirectCapability probe = GpuDirectCapability.Probe(path);
            Assert.Equal(CapabilityOutcome.CannotTell, probe.Find("trial_read").Outcome);
            Assert.True(probe.For(NativeReadPath.RegisteredMappedRead).IsAvailable); // not disproven either
        }
    }

    [Fact]
    public void A_trial_changes_neither_the_file_nor_its_times()
    {
        RingRequirement.Met();
        string path = TestFile.Create(_folder, "data", 1 << 20);
        File.SetLastAccessTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        DateTime written = File.GetLastWriteTimeUtc(path);

        Assert.Equal(CapabilityOutcome.Proven, GpuDirectCapability.Probe(path).Find("trial_read").Outcome);

        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
        Assert.Equal(2001, File.GetLastAccessTimeUtc(path).Year);
        Assert.Equal(TestFile.Expected(0, 1 << 20), File.ReadAllBytes(path));
    }

    [Fact]
    public void An_honest_path_is_proven() =>
        Assert.Equal(CapabilityOutcome.Proven, Try((_, _) => { }));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockBytes - 1)]
    public void One_wrong_byte_anywhere_is_not_proven(int place) =>
        Assert.Equal(CapabilityOutcome.Missing, Try((target, _) => target[place] ^= 1));

    [Fact]
    public void Data_that_never_arrives_is_not_proven_though_the_kernel_reports_success()
    {
        using var file = new LyingPath(Create(), LyingPath.Mode.Nothing, null);
        (CapabilityOutcome outcome, string detail) =
            TrialRead.Run(file, file.Reference, file.LengthBytes, BlockBytes);
        Assert.Equal(CapabilityOutcome.Missing, outcome);
        Assert.Contains("never arrived", detail);
    }

    [Fact]
    public void A_path_that_brings_the_first_block_again_is_not_proven()
    {
        using var file = new LyingPath(Create(), LyingPath.Mode.AlwaysFirstBlock, null);
        Assert.Equal(
            CapabilityOutcome.Missing,
            TrialRead.Run(file, file.Reference, file.LengthBytes, BlockBytes).Outcome);
        Assert.Equal(2, file.ReadCount);
    }

    [Fact]
    public void A_path_that_writes_beyond_the_block_is_not_proven() =>
        Assert.Equal(CapabilityOutcome.Missing, Try((target, length) => target[length] ^= 1));

    [Theory]
    [InlineData(BlockBytes - 1, CapabilityOutcome.CannotTell)]
    [InlineData(0, CapabilityOutcome.CannotTell)]
    [InlineData(-Libc.EIO, CapabilityOutcome.CannotTell)]
    [InlineData(-Libc.EINVAL, CapabilityOutcome.Missing)]
    [InlineData(-Libc.EOPNOTSUPP, CapabilityOutcome.Missing)]
    [InlineData(-Libc.EREMOTEIO, CapabilityOutcome.Missing)]
    public void Short_and_failed_reads_are_not_proven(int result, object expected)
    {
        using var file = new LyingPath(Create(), LyingPath.Mode.Honest, null) { Result = result };
        Assert.Equal(
            expected, TrialRead.Run(file, file.Reference, file.LengthBytes, BlockBytes).Outcome);
    }

    /// <summary>The memory's device went away: no verdict, though the reader itself was honest.</summary>
    [Theory]
    [InlineData(-Libc.EFAULT, null, 0)]
    [InlineData(null, -Libc.EFAULT, 1)]
    public void Memory_that_cannot_be_filled_or_looked_at_proves_nothing(
        int? fillResult, int? copyResult, int reads)
    {
        using var file = new LyingPath(Create(), LyingPath.Mode.Honest, null)
        {
            FillResult = fillResult,
            CopyResult = copyResult,
        };
        (CapabilityOutcome outcome, string detail) =
            TrialRead.Run(file, file.Reference, file.LengthBytes, BlockBytes);
        Assert.Equal(CapabilityOutcome.CannotTell, outcome);
        Assert.Contains("EFAULT", detail);
        Assert.Equal(reads, file.ReadCount);
    }

    [Fact]
    public void Without_a_reference_nothing_is_read_and_nothing_proven()
    {
        using var file = new LyingPath(Create(), LyingPath.Mode.Honest, null);
        Assert.Equal(
            CapabilityOutcome.CannotTell,
            TrialRead.Run(file, (_, _) => false, file.LengthBytes, BlockBytes).Outcome);
        Assert.Equal(0, file.ReadCount);
    }

    /// <summary>Host memory stands in for a device's: the same calls, without a second device.</summary>
    [Fact]
    public void The_path_into_memory_that_is_not_registered_brings_a_files_bytes()
    {
        RingRequirement.Met();
        string path = Create();
        using SafeFileHandle direct = File.OpenHandle(path, FileMode.Open, FileAccess.Read);
        using SafeFileHandle reference = File.OpenHandle(path, FileMode.Open, FileAccess.Read);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(2 * (BlockBytes + TrialRead.GuardBytes));
        using var trial = new AttachedTrialPath(buffer, BlockBytes, null, direct);
        (CapabilityOutcome outcome, string detail) = TrialRead.Run(trial, reference, 1 << 20, BlockBytes);
        Assert.True(outcome == CapabilityOutcome.Proven, detail);
    }

    [Fact]
    public void A_file_that_changes_under_the_trial_is_neither_proven_nor_accused()
    {
        string path = Create();
        Assert.Equal(CapabilityOutcome.CannotTell, Try(path, (target, _) =>
        {
            target[7] ^= 1;
            using FileStream writer = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            writer.Write([0xEE, 0xEE, 0xEE]);
        }));
    }

    private string Create() => TestFile.Create(_folder, Guid.NewGuid().ToString("N"), 1 << 20);

    private CapabilityOutcome Try(LyingPath.Tamper tamper) => Try(Create(), tamper);

    private static CapabilityOutcome Try(string path, LyingPath.Tamper tamper)
    {
        using var file = new LyingPath(path, LyingPath.Mode.Honest, tamper);
        return TrialRead.Run(file, file.Reference, file.LengthBytes, BlockBytes).Outcome;
    }

    /// <summary>A reader without a ring that does what it is told, and says that all went well.</summary>
    private sealed class LyingPath(string path, LyingPath.Mode mode, LyingPath.Tamper? tamper) : ITrialPath,
        IDisposable
    {
        private readonly byte[] _target = new byte[BlockBytes + TrialRead.GuardBytes];

        public enum Mode
        {
            Honest,
            Nothing,
            AlwaysFirstBlock,
        }

        public delegate void Tamper(Span<byte> target, int lengthBytes);

        public SafeFileHandle Reference { get; } =
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        public long LengthBytes => RandomAccess.GetLength(Reference);

        public int? Result { get; init; }

        public int ReadCount { get; private set; }

        public int? FillResult { get; init; }

        public int? CopyResult { get; init; }

        public int Fill(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_target);
            return FillResult ?? 0;
        }

        public int CopyOut(Span<byte> bytes)
        {
            _target.AsSpan(0, bytes.Length).CopyTo(bytes);
            return CopyResult ?? 0;
        }

        public int Read(long offsetBytes, int lengthBytes)
        {
            ReadCount++;
            if (mode != Mode.Nothing)
            {
                RandomAccess.Read(
                    Reference, _target.AsSpan(0, lengthBytes), mode == Mode.AlwaysFirstBlock ? 0
                        : offsetBytes);
            }
            tamper?.Invoke(_target, lengthBytes);
            return Result ?? lengthBytes;
        }

        public void Dispose() => Reference.Dispose();
    }
}
