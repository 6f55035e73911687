#nullable enable
using System;
using System.Diagnostics;
using System.IO;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NewerKernel;

namespace NvmeGpu;

/// <summary>
/// Makes the kernel's side of a ring: asks for everything that makes a single-threaded ring fast, and steps
/// down one feature at a time, newest first, on kernels that answer EINVAL. Each step is reported, never
/// silent.
/// </summary>
static partial class RingSetup
{
    /// <summary>
    /// <c>io_uring_setup(2)</c>, replaceable so that the steps can be tested on a kernel that has it all.
    /// </summary>
    internal delegate int Setup(uint entries, ref io_uring_params parameters, out int errno);

    // Both sizes in both queues, or in none.
    private const uint Mixed = IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED;
    private const uint Big = IORING_SETUP_SQE128 | IORING_SETUP_CQE32;

    // What may be given up, newest first: an older kernel refuses the newer ones.
    private static readonly (uint Flag, string Name, string Since)[] s_optional =
    [
        (Mixed, nameof(IORING_SETUP_SQE_MIXED), "6.19"),
        (IORING_SETUP_NO_SQARRAY, nameof(IORING_SETUP_NO_SQARRAY), "6.6"),
        (IORING_SETUP_DEFER_TASKRUN, nameof(IORING_SETUP_DEFER_TASKRUN), "6.1"),
        (IORING_SETUP_SINGLE_ISSUER, nameof(IORING_SETUP_SINGLE_ISSUER), "6.0"),
        (IORING_SETUP_TASKRUN_FLAG, nameof(IORING_SETUP_TASKRUN_FLAG), "5.19"),
        (IORING_SETUP_COOP_TASKRUN, nameof(IORING_SETUP_COOP_TASKRUN), "5.19"),
        (IORING_SETUP_SUBMIT_ALL, nameof(IORING_SETUP_SUBMIT_ALL), "5.18"),
    ];

    /// <summary>Returns the ring's descriptor and the parameters as the kernel completed them.</summary>
    /// <exception cref="IoUringException">The kernel forbids io_uring, or lacks what cannot be given
    /// up.</exception>
    internal static int Create(
        in IoUringOptions options, IoUringFeatures features, Setup setup, out io_uring_params granted)
    {
        uint required = RequiredFlags(options);
        uint wanted = WantedFlags(options);
        string refused = "";

        for (int step = 0; step <= s_optional.Length; step++)
        {
            granted = default;
            // SAFETY: numbers into their own places of the structure.
            unsafe
            {
                granted.flags = required | wanted;
                // Twice as many completions as operations: a cancelled operation and its cancel request
                // complete each.
                granted.cq_entries = (uint)options.DepthMax * 2;
                if ((wanted & Mixed) != 0)
                {
                    granted.cq_entries *= 2; // a command's completion takes two places
                }
                granted.sq_thread_idle = (uint)options.SubmissionPollingIdle.TotalMilliseconds;
            }

            int fd = setup(SubmissionPlaces(options, wanted), ref granted, out int errno);
            if (fd >= 0)
            {
                Report(features, options, wanted, granted);
                return fd;
            }
            uint next = GiveUpNewest(wanted);
            if (errno != Libc.EINVAL || next == wanted)
            {
                throw new IoUringException("io_uring_setup", errno, LikelyCause(errno) + refused);
            }
            wanted = next;
            refused = " (Also without " + NamesOf(WantedFlags(options) & ~wanted) + ".)";
        }
        throw new UnreachableException();
    }

    /// <summary>The real system call.</summary>
    internal static int CallKernel(uint entries, ref io_uring_params parameters, out int errno)
    {
        // SAFETY: the kernel reads and writes the structure during the call only.
        unsafe
        {
            fixed (io_uring_params* pointer = &parameters)
            {
                int fd = (int)Libc.syscall(Libc.SYS_io_uring_setup, (nint)entries, (nint)pointer);
                errno = Libc.errno;
                return fd;
            }
        }
    }

    /// <summary>What usually makes <c>io_uring_setup</c> fail, by error number.</summary>
    internal static string LikelyCause(int errno) => errno switch
    {
        Libc.EPERM => ReadSysctl("/proc/sys/kernel/io_uring_disabled") switch
        {
            "2" => "the sysctl kernel.io_uring_disabled is 2: io_uring is off for everybody; "
                + "set it to 0 (sysctl -w kernel.io_uring_disabled=0).",
            "1" => "the sysctl kernel.io_uring_disabled is 1: only CAP_SYS_ADMIN or members of the group "
                + "kernel.io_uring_group may use io_uring; join that group or set it to 0.",
            _ => "a seccomp filter forbids io_uring (containers often do); "
                + "run with a profile that allows io_uring_setup, io_uring_enter and io_uring_register.",
        },
        Libc.ENOSYS => "the kernel was built without io_uring, or a seccomp filter hides it "
            + "(containers often do); allow io_uring_setup, io_uring_enter and io_uring_register.",
        Libc.ENOMEM => "the locked-memory limit is too small for the ring itself; raise it (ulimit -l).",
        Libc.EMFILE => "too many open files in this process; raise the limit (ulimit -n).",
        Libc.ENFILE => "too many open files in the system.",
        Libc.EINVAL => "the kernel is older than Linux 5.19, or the depth is beyond its limit.",
        _ => "",
    };

    private static uint RequiredFlags(in IoUringOptions options) =>
        IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP
        | (options.UseSubmissionPolling ? IORING_SETUP_SQPOLL : 0)
        | (options.UseCompletionPolling ? IORING_SETUP_IOPOLL : 0)
        | (options.BindOnFirstUse ? IORING_SETUP_R_DISABLED : 0);

    // A command takes two places of a mixed queue, and a third one at the queue's end.
    private static uint SubmissionPlaces(in IoUringOptions options, uint wanted) =>
        (wanted & Mixed) != 0 ? Math.Max(4, (uint)options.DepthMax * 2) : (uint)options.DepthMax;

    private static uint EntryFlags(in IoUringOptions options) =>
        !options.UseBigEntries ? 0
        : options.AllowMixedEntries && options.DepthMax <= IoUringOptions.DepthLimit / 2 ? Mixed
        : Big;

    private static uint WantedFlags(in IoUringOptions options)
    {
        uint flags = EntryFlags(options) | IORING_SETUP_NO_SQARRAY | IORING_SETUP_SINGLE_ISSUER
            | IORING_SETUP_SUBMIT_ALL;
        // SQPOLL completes in the kernel's own thread: nothing is deferred to ours (both together are
        // EINVAL).
        return options.UseSubmissionPolling
            ? flags
            : flags | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    }

    private static uint GiveUpNewest(uint wanted)
    {
        foreach ((uint flag, _, _) in s_optional)
        {
            if ((wanted & flag) == 0)
            {
                continue;
            }
            wanted &= ~flag;
            if (flag == Mixed)
            {
                wanted |= Big;
            }
            if (flag == IORING_SETUP_SINGLE_ISSUER)
            {
                wanted &= ~IORING_SETUP_DEFER_TASKRUN; // needs SINGLE_ISSUER
            }
            if (flag == IORING_SETUP_DEFER_TASKRUN)
            {
                wanted |= IORING_SETUP_COOP_TASKRUN; // the next best: no interrupt just to run task work
            }
            if (flag == IORING_SETUP_TASKRUN_FLAG || flag == IORING_SETUP_COOP_TASKRUN)
            {
                wanted &= ~(IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_COOP_TASKRUN); // the flag needs the mode
            }
            return wanted;
        }
        return wanted;
    }

    private static void Report(
        IoUringFeatures features, in IoUringOptions options, uint got, in io_uring_params granted)
    {
        uint asked = WantedFlags(options);
        foreach ((uint flag, string name, string since) in s_optional)
        {
            if ((got & flag) != 0)
            {
                features.Grant(name);
            }
            else if ((asked & flag) != 0)
            {
                features.Refuse(name, $"this kernel refuses it; it is there since Linux {since}");
            }
        }
        if (options is { UseBigEntries: true, AllowMixedEntries: true } && (asked & Mixed) == 0)
        {
            features.Refuse(
                nameof(IORING_SETUP_SQE_MIXED), $"DepthMax is above {IoUringOptions.DepthLimit / 2}");
        }
        uint flags;
        // SAFETY: the kernel has filled in the structure; its numbers are read.
        unsafe
        {
            flags = granted.flags;
            features.SubmissionEntries = (int)granted.sq_entries;
            features.CompletionEntries = (int)granted.cq_entries;
        }
        foreach ((uint flag, string name) in new[]
        {
            (IORING_SETUP_SQPOLL, nameof(IORING_SETUP_SQPOLL)),
            (IORING_SETUP_IOPOLL, nameof(IORING_SETUP_IOPOLL)),
            (IORING_SETUP_R_DISABLED, nameof(IORING_SETUP_R_DISABLED)),
            (IORING_SETUP_SQE128, nameof(IORING_SETUP_SQE128)),
            (IORING_SETUP_CQE32, nameof(IORING_SETUP_CQE32)),
        })
        {
            if ((flags & flag) != 0)
            {
                features.Grant(name);
            }
        }
    }

    private static string NamesOf(uint flags)
    {
        string names = "";
        foreach ((uint flag, string name, _) in s_optional)
        {
            if ((flags & flag) != 0)
            {
                names += (names.Length == 0 ? "" : ", ") + name;
            }
        }
        return names;
    }

    private static string? ReadSysctl(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // older kernels do not have the file, containers may hide it
        }
    }
}
