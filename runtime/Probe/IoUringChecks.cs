#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu;

/// <summary>What the kernel lets this process do with io_uring, each found out by doing it.</summary>
static partial class IoUringChecks
{
    /// <summary>What a driver with default options registers.</summary>
    public const long DefaultSlotBytes = 64L << 20;

    private const long SmallestSlotBytes = 64L << 10;

    /// <summary>Check 1: a ring as the library makes it.</summary>
    public static CapabilityCheck Ring(ProbeEnvironment environment, RingSetup.Setup setup)
    {
        const string Title = "io_uring is allowed";
        try
        {
            using var ring = IoUring.Create(SmallRing, setup);
            return new(
                CapabilityCheckId.IoUring, Title, CapabilityOutcome.Ok,
                $"A ring was made; the kernel gave {ring.Features}.");
        }
        catch (IoUringException e)
        {
            return new(
                CapabilityCheckId.IoUring, Title, OutcomeOf(e.Errno),
                $"{e.Operation} failed with {Errno.NameOf(e.Errno)} ({Errno.MeaningOf(e.Errno)})"
                    + $"{Surroundings(environment)}.",
                AdviceFor(e));
        }
    }

    /// <summary>
    /// Check 2: the big entries, without which the kernel answers passthrough with EOPNOTSUPP.
    /// </summary>
    public static CapabilityCheck BigEntries(bool hasRing, RingSetup.Setup setup)
    {
        const string Title = "Entries of 128 and completions of 32 bytes (SQE128, CQE32)";
        if (!hasRing)
        {
            return NoRing(CapabilityCheckId.BigEntries, Title);
        }
        using RawRing? ring =
            RawRing.TryCreate(IORING_SETUP_SQE128 | IORING_SETUP_CQE32, setup, out int errno);
        return ring is not null
            ? new(CapabilityCheckId.BigEntries, Title, CapabilityOutcome.Ok, "The kernel made such a ring.")
            : new(
                CapabilityCheckId.BigEntries, Title,
                errno == Libc.EINVAL ? CapabilityOutcome.Missing : CapabilityOutcome.CannotTell,
                $"io_uring_setup with both flags failed with {Errno.NameOf(errno)} "
                    + $"({Errno.MeaningOf(errno)}).",
                errno == Libc.EINVAL
                    ? "Use Linux 5.19 or later."
                    : "Free what the error names (files, memory), then probe again.");
    }

    /// <summary>Check 3: <c>IORING_REGISTER_PROBE</c> lists <c>IORING_OP_URING_CMD</c>.</summary>
    public static CapabilityCheck UringCommand(bool hasRing, RingSetup.Setup setup)
    {
        const string Title = "The opcode for NVMe passthrough (IORING_OP_URING_CMD)";
        if (!hasRing)
        {
            return NoRing(CapabilityCheckId.UringCommand, Title);
        }
        int result;
        using (RawRing? ring = RawRing.TryCreate(0, setup, out int errno))
        {
            result = ring is null ? -errno : Supports(ring, io_uring_op.IORING_OP_URING_CMD);
        }
        return result switch
        {
            > 0 => new(
                CapabilityCheckId.UringCommand, Title, CapabilityOutcome.Ok,
                "The kernel lists it as supported."),
            0 => new(
                CapabilityCheckId.UringCommand, Title, CapabilityOutcome.Missing,
                "The kernel does not list it as supported.", "Use Linux 5.19 or later."),
            _ => new(
                CapabilityCheckId.UringCommand, Title, CapabilityOutcome.CannotTell,
                $"Asking (IORING_REGISTER_PROBE) failed with {Errno.NameOf(-result)} "
                    + $"({Errno.MeaningOf(-result)}).",
                "Allow io_uring_register in the seccomp profile, or use Linux 5.6 or later."),
        };
    }

    /// <summary>
    /// Check 14: how much memory can really be registered; <paramref name="largestBytes"/> 0 for none.
    /// </summary>
    public static CapabilityCheck LockedMemory(bool hasRing, long wantedBytes, out long largestBytes)
    {
        const string Title = "Memory that may be registered (locked memory)";
        largestBytes = 0;
        if (!hasRing)
        {
            return NoRing(CapabilityCheckId.LockedMemory, Title);
        }
        string limit = MemoryLimits.LockedBytes is { } bytes
            ? $"the limit is {bytes >> 10} KiB for this user"
            : "there is no limit for this process";
        string refusal = "";
        for (long lengthBytes = wantedBytes; lengthBytes >= SmallestSlotBytes; lengthBytes /= 2)
        {
            try
            {
                RegisterOnce(lengthBytes);
                largestBytes = lengthBytes;
                break;
            }
            catch (IoUringException e)
            {
                refusal = refusal.Length == 0 ? $"{lengthBytes >> 10} KiB: {Errno.NameOf(e.Errno)}" : refusal;
                bool isLimit = e.Errno == Libc.ENOMEM
                    && e.Operation.StartsWith("Registering", StringComparison.Ordinal);
                if (!isLimit)
                {
                    return new(
                        CapabilityCheckId.LockedMemory, Title, CapabilityOutcome.CannotTell,
                        $"{e.Operation} failed for another reason than the limit ({refusal}); {limit}.",
                        "Free what the error names, then probe again.");
                }
            }
        }
        return largestBytes == wantedBytes
            ? new(
                CapabilityCheckId.LockedMemory, Title, CapabilityOutcome.Ok,
                $"{wantedBytes >> 20} MiB were registered; {limit}.")
            : new(
                CapabilityCheckId.LockedMemory, Title, CapabilityOutcome.NoPermission,
                $"At most about {largestBytes >> 10} KiB can be registered now ({refusal}); {limit}.",
                $"Raise the limit (ulimit -l, or memlock in /etc/security/limits.conf) to more than "
                    + $"{wantedBytes >> 10} KiB, or use fewer and smaller slots.");
    }

    /// <summary>
    /// Check 15: a patch series, not merged when this was written, makes registered buffers out of dma-bufs.
    /// Kernels that know its flag go on to read the descriptor and answer EFAULT; all others answer EINVAL.
    /// The flag's place in the structure is one of two words that kernels require to be 0, so both are tried.
    /// </summary>
    public static CapabilityCheck DmaBuf(bool hasRing, RingSetup.Setup setup)
    {
        const string Title = "io_uring buffers made of dma-bufs (information only)";
        const string Advice = "Nothing to do: no merged kernel has it, and NvmeGpu does not use it.";
        if (!hasRing)
        {
            return NoRing(CapabilityCheckId.DmaBuf, Title);
        }
        using RawRing? ring = RawRing.TryCreate(0, setup, out int errno);
        int table = ring is null ? -errno : MakeBufferTable(ring);
        int plain = table < 0 ? table : UpdateWith(ring!, 0, 0);
        if (plain != -Libc.EFAULT)
        {
            return new(
                CapabilityCheckId.DmaBuf, Title, CapabilityOutcome.CannotTell,
                $"The same request without the flag did not fail as it should ({Errno.NameOf(-plain)}).",
                Advice);
        }
        const uint Flag = 1u << 1;
        int first = UpdateWith(ring!, Flag, 0);
        int second = UpdateWith(ring!, 0, Flag);
        return first == -Libc.EINVAL && second == -Libc.EINVAL
            ? new(
                CapabilityCheckId.DmaBuf, Title, CapabilityOutcome.Missing,
                "The kernel does not know the flag (EINVAL).", Advice)
            : new(
                CapabilityCheckId.DmaBuf, Title, CapabilityOutcome.Ok,
                $"The kernel knows the flag ({Errno.NameOf(-first)}, {Errno.NameOf(-second)}). "
                    + "NvmeGpu does not use it.");
    }

    /// <summary>A ring for a few reads that does not hold its caller up for long.</summary>
    public static IoUringOptions SmallRing => new()
    {
        DepthMax = 4,
        BufferTableEntries = 2,
        FileTableEntries = 2,
        DrainTimeout = TimeSpan.FromSeconds(2),
    };

    private static CapabilityCheck NoRing(string id, string title) => new(
        id, title, CapabilityOutcome.CannotTell, "io_uring itself cannot be used, see the check io_uring.",
        "Make io_uring work first.");

    private static CapabilityOutcome OutcomeOf(int errno) => errno switch
    {
        Libc.EPERM or Libc.EACCES or Libc.ENOMEM => CapabilityOutcome.NoPermission,
        Libc.ENOSYS or Libc.EINVAL => CapabilityOutcome.Missing,
        _ => CapabilityOutcome.CannotTell,
    };

    private static string AdviceFor(IoUringException e) => e.LikelyCause.Length == 0
        ? "Look up the error in io_uring_setup(2)."
        : "Likely cause: " + e.LikelyCause;

    /// <summary>What the machine says of itself about io_uring; nothing where it says nothing.</summary>
    private static string Surroundings(ProbeEnvironment environment)
    {
        string text = "";
        if (environment.ReadNumber("/proc/sys/kernel/io_uring_disabled") is { } disabled)
        {
            text += $"; kernel.io_uring_disabled is {disabled}";
        }
        environment.VisitLines("/proc/self/status", null, line =>
        {
            if (!line.StartsWith("Seccomp:", StringComparison.Ordinal))
            {
                return true;
            }
            text += line["Seccomp:".Length..].Trim() is "2"
                ? "; a seccomp filter is on this process"
                : "; no seccomp filter is on this process";
            return false;
        });
        return text;
    }

    /// <summary>1 or 0, or a negative error number.</summary>
    private static int Supports(RawRing ring, io_uring_op operation)
    {
        // struct io_uring_probe: 16 bytes (last_op, ops_len, ...), then 8 per opcode (op, -, u16 flags, u32).
        const int OpcodesMax = 256;
        const int HeaderBytes = 16;
        const int EntryBytes = 8;
        Span<byte> answer = stackalloc byte[HeaderBytes + OpcodesMax * EntryBytes];
        answer.Clear(); // the kernel insists on zeros
        int result;
        // SAFETY: the kernel writes at most that many entries, during the call only.
        unsafe
        {
            fixed (byte* bytes = answer)
            {
                result = ring.Register(io_uring_register_op.IORING_REGISTER_PROBE, bytes, OpcodesMax);
            }
        }
        if (result < 0)
        {
            return result;
        }
        int entry = HeaderBytes + (int)operation * EntryBytes;
        bool isListed = (int)operation < answer[1];
        return isListed && (BitConverter.ToUInt16(answer[(entry + 2)..]) & IO_URING_OP_SUPPORTED) != 0
            ? 1
            : 0;
    }

    private static void RegisterOnce(long lengthBytes)
    {
        using var ring = IoUring.Create(SmallRing);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(lengthBytes);
        using RegisteredMemory memory = ring.Register(buffer);
    }

    private static int MakeBufferTable(RawRing ring)
    {
        // SAFETY: the kernel reads the structure during the call only.
        unsafe
        {
            var table = new io_uring_rsrc_register { nr = 1, flags = IORING_RSRC_REGISTER_SPARSE };
            return ring.Register(
                io_uring_register_op.IORING_REGISTER_BUFFERS2, &table, (uint)sizeof(io_uring_rsrc_register));
        }
    }

    private static int UpdateWith(RawRing ring, uint firstReserved, uint secondReserved)
    {
        // SAFETY: the kernel reads the structure during the call only. The descriptor's address lies in the
        // first page, which is never mapped, so that nothing can be registered by accident.
        unsafe
        {
            var update = new io_uring_rsrc_update2
            {
                data = 8,
                nr = 1,
                resv = firstReserved,
                resv2 = secondReserved,
            };
            return ring.Register(
                io_uring_register_op.IORING_REGISTER_BUFFERS_UPDATE, &update,
                (uint)sizeof(io_uring_rsrc_update2));
        }
    }
}
