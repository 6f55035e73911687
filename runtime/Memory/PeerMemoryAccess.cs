#nullable enable
using System;

namespace NvmeGpu;

/// <summary>The kinds of read that may or may not accept a kind of memory.</summary>
[Flags]
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum PeerMemoryAccess
{
    /// <summary>Nothing: every system call answers EFAULT.</summary>
    None = 0,

    /// <summary><c>IORING_OP_READ</c> and <c>pread(2)</c>, on a descriptor opened with O_DIRECT.</summary>
    OrdinaryRead = 1,

    /// <summary><c>IORING_OP_READ_FIXED</c>: needs registration, so a long-term pin.</summary>
    ReadFixed = 2,

    /// <summary><c>IORING_OP_URING_CMD</c> with an NVMe read command.</summary>
    Passthrough = 4,

    /// <summary>The same with <c>IORING_URING_CMD_FIXED</c>.</summary>
    PassthroughFixed = 8,
}

/// <summary>
/// Which memory works for which read: measured facts as a table, so that choosing is a look-up.
/// </summary>
static partial class PeerMemoryTable
{
    private static readonly PeerMemoryAccess[] s_accessByKind =
    [
        /* HostMapped  */ PeerMemoryAccess.OrdinaryRead | PeerMemoryAccess.ReadFixed
            | PeerMemoryAccess.Passthrough | PeerMemoryAccess.PassthroughFixed,
        /* P2PdmaPages */ PeerMemoryAccess.OrdinaryRead | PeerMemoryAccess.Passthrough,
        /* OpaqueMmio  */ PeerMemoryAccess.None,
    ];

    /// <summary>What the kernel accepts memory of this kind for.</summary>
    public static PeerMemoryAccess Of(PeerMemoryKind kind) => s_accessByKind[(int)kind];
}
