using System;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NewerKernel;

namespace NvmeGpu.Runtime.Tests.Ring;

public class SetupTests
{
    public SetupTests() => RingRequirement.Met();

    [Fact]
    public void This_kernel_grants_or_refuses_each_feature_by_name()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 100 });
        Assert.Equal(128, ring.Features.SubmissionEntries);
        Assert.Equal(256, ring.Features.CompletionEntries);
        Assert.All(ring.Features.All, feature => Assert.Equal(feature.IsGranted, feature.Reason.Length == 0));
        Assert.Contains(ring.Features.All, feature => feature.Name == "IORING_SETUP_SINGLE_ISSUER");
        Assert.Contains(ring.Features.All, feature => feature.Name == "IORING_REGISTER_RING_FDS");
    }

    // What each of these kernels knows, by the version in which a flag came.
    [Theory]
    [InlineData("6.5", IORING_SETUP_NO_SQARRAY, "IORING_SETUP_NO_SQARRAY")]
    [InlineData("6.0", IORING_SETUP_NO_SQARRAY | IORING_SETUP_DEFER_TASKRUN,
        "IORING_SETUP_NO_SQARRAY,IORING_SETUP_DEFER_TASKRUN")]
    [InlineData("5.19", IORING_SETUP_NO_SQARRAY | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SINGLE_ISSUER,
        "IORING_SETUP_NO_SQARRAY,IORING_SETUP_DEFER_TASKRUN,IORING_SETUP_SINGLE_ISSUER")]
    public void An_older_kernel_gets_a_ring_without_the_newer_features_and_says_so(
        string version, uint unknownFlags, string refusedNames)
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 }, OlderKernel(unknownFlags));

        Assert.Equal(refusedNames, string.Join(',', RefusedSetupFlags(ring)));
        Assert.False(ring.Features.Has("IORING_SETUP_NO_SQARRAY"), version);
        for (int i = 0; i < 20; i++)
        {
            _ = ring.Nop();
            Assert.Equal(1, ring.Submit());
            Assert.True(ring.Wait(1, TimeSpan.FromSeconds(5)) >= 1);
            Assert.True(ring.TryReap(out Completion completion));
            Assert.True(completion.IsSuccess);
        }
    }

    [Fact]
    public void Without_deferred_task_work_the_next_best_mode_is_asked_for()
    {
        using var ring = IoUring.Create(
            new IoUringOptions { DepthMax = 4 },
            OlderKernel(IORING_SETUP_NO_SQARRAY | IORING_SETUP_DEFER_TASKRUN));
        Assert.True(ring.Features.Has("IORING_SETUP_COOP_TASKRUN"));
        Assert.True(ring.Features.Has("IORING_SETUP_SINGLE_ISSUER"));
    }

    [Fact]
    public void A_kernel_that_refuses_everything_is_an_error_that_names_the_steps()
    {
        var refused = Assert.Throws<IoUringException>(
            () => IoUring.Create(new IoUringOptions { DepthMax = 4 }, OlderKernel(uint.MaxValue)));
        Assert.Equal(Libc.EINVAL, refused.Errno);
        Assert.Contains("5.19", refused.Message);
        Assert.Contains("IORING_SETUP_SUBMIT_ALL", refused.Message);
    }

    [Theory]
    [InlineData(Libc.EPERM, "seccomp")]
    [InlineData(Libc.ENOSYS, "without io_uring")]
    [InlineData(Libc.ENOMEM, "ulimit -l")]
    [InlineData(Libc.EMFILE, "ulimit -n")]
    public void Another_error_is_not_stepped_around_and_has_its_likely_cause(int errno, string cause)
    {
        int calls = 0;
        var refused = Assert.Throws<IoUringException>(() => IoUring.Create(
            new IoUringOptions { DepthMax = 4 },
            (uint _, ref io_uring_params _, out int error) =>
            {
                calls++;
                error = errno;
                return -1;
            }));
        Assert.Equal(1, calls);
        Assert.Equal(errno, refused.Errno);
        Assert.Contains(cause, refused.LikelyCause);
    }

    [Fact]
    public void Big_entries_are_of_both_sizes_where_the_kernel_has_that_and_all_big_elsewhere()
    {
        var options = new IoUringOptions { DepthMax = 5, UseBigEntries = true };
        using var ring = IoUring.Create(options);
        Assert.True(ring.HasBigEntries);
        bool isMixed = ring.Features.Has("IORING_SETUP_SQE_MIXED");
        Assert.Equal(!isMixed, ring.Features.Has("IORING_SETUP_SQE128"));
        Assert.Equal(!isMixed, ring.Features.Has("IORING_SETUP_CQE32"));
        Assert.Contains(ring.Features.All, feature => feature.Name == "IORING_SETUP_SQE_MIXED");
        Assert.Equal(isMixed ? 16 : 8, ring.Features.SubmissionEntries);

        using var big = IoUring.Create(options with { AllowMixedEntries = false });
        Assert.True(big.Features.Has("IORING_SETUP_SQE128") && big.Features.Has("IORING_SETUP_CQE32"));
        Assert.DoesNotContain(big.Features.All, feature => feature.Name == "IORING_SETUP_SQE_MIXED");

        using var small = IoUring.Create(new IoUringOptions { DepthMax = 5 });
        Assert.False(small.HasBigEntries);
        Assert.False(small.Features.Has("IORING_SETUP_SQE128"));
    }

    [Fact]
    public void Mixed_queues_are_asked_for_first_and_big_ones_next()
    {
        var asked = new System.Collections.Generic.List<(uint Entries, uint Completions, uint Flags)>();
        _ = Assert.Throws<IoUringException>(() => IoUring.Create(
            new IoUringOptions { DepthMax = 100, UseBigEntries = true },
            (uint entries, ref io_uring_params parameters, out int errno) =>
            {
                unsafe
                {
                    asked.Add((entries, parameters.cq_entries, parameters.flags));
                }
                errno = Libc.EINVAL;
                return -1;
            }));
        const uint Mixed = IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED;
        const uint Big = IORING_SETUP_SQE128 | IORING_SETUP_CQE32;
        Assert.Equal(
            (200u, 400u, Mixed), (asked[0].Entries, asked[0].Completions, asked[0].Flags & (Mixed | Big)));
        Assert.All(asked.ToArray()[1..], step =>
            Assert.Equal((100u, 200u, Big), (step.Entries, step.Completions, step.Flags & (Mixed | Big))));
        Assert.Equal(asked[0].Flags & ~(Mixed | Big), asked[1].Flags & ~(Mixed | Big));
    }

    [Fact]
    public void A_ring_too_deep_for_mixed_queues_says_so()
    {
        uint flags = 0;
        _ = Assert.Throws<IoUringException>(() => IoUring.Create(
            new IoUringOptions { DepthMax = (IoUringOptions.DepthLimit / 2) + 1, UseBigEntries = true },
            (uint _, ref io_uring_params parameters, out int errno) =>
            {
                unsafe
                {
                    flags = parameters.flags;
                }
                errno = Libc.EPERM;
                return -1;
            }));
        Assert.Equal(IORING_SETUP_SQE128, flags & (IORING_SETUP_SQE128 | IORING_SETUP_SQE_MIXED));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Operations_of_64_bytes_work_in_a_ring_with_big_entries(bool allowMixed)
    {
        using var ring = IoUring.Create(
            new IoUringOptions { DepthMax = 3, UseBigEntries = true, AllowMixedEntries = allowMixed });
        for (int i = 0; i < 40; i++)
        {
            _ = ring.Nop();
            _ = ring.Nop();
            Assert.Equal(2, ring.Submit());
            for (int reaped = 0; reaped < 2;)
            {
                Assert.True(ring.Wait(1, TimeSpan.FromSeconds(5)) >= 1);
                while (ring.TryReap(out Completion completion))
                {
                    Assert.True(completion.IsSuccess);
                    reaped++;
                }
            }
        }
    }

    [Fact]
    public void Submission_polling_works_and_excludes_deferred_task_work()
    {
        using var ring = IoUring.Create(new IoUringOptions
        {
            DepthMax = 4,
            UseSubmissionPolling = true,
            SubmissionPollingIdle = TimeSpan.FromMilliseconds(1),
        });
        Assert.True(ring.Features.Has("IORING_SETUP_SQPOLL"));
        Assert.False(ring.Features.Has("IORING_SETUP_DEFER_TASKRUN"));
        for (int i = 0; i < 50; i++)
        {
            _ = ring.Nop();
            Assert.True(ring.Wait(1, TimeSpan.FromSeconds(5)) >= 1);
            Assert.True(ring.TryReap(out _));
            if (i % 10 == 0)
            {
                System.Threading.Thread.Sleep(5); // the kernel's thread goes to sleep, and must be woken
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(32_769, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 16_385, 1)]
    [InlineData(1, 1, 0)]
    public void Options_outside_their_range_are_refused(int depth, int buffers, int files) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IoUring.Create(new IoUringOptions
        {
            DepthMax = depth,
            BufferTableEntries = buffers,
            FileTableEntries = files,
        }));

    [Fact]
    public void A_drain_time_out_has_an_upper_bound() => Assert.Throws<ArgumentOutOfRangeException>(
        () => IoUring.Create(new IoUringOptions { DrainTimeout = TimeSpan.MaxValue }));

    private static RingSetup.Setup OlderKernel(uint unknownFlags) =>
        (uint entries, ref io_uring_params parameters, out int errno) =>
        {
            if ((parameters.flags & unknownFlags) != 0)
            {
                errno = Libc.EINVAL;
                return -1;
            }
            return RingSetup.CallKernel(entries, ref parameters, out errno);
        };

    private static System.Collections.Generic.IEnumerable<string> RefusedSetupFlags(IoUring ring)
    {
        foreach (IoUringFeature feature in ring.Features.All)
        {
            if (!feature.IsGranted && feature.Name.StartsWith("IORING_SETUP", StringComparison.Ordinal))
            {
                yield return feature.Name;
            }
        }
    }
}
