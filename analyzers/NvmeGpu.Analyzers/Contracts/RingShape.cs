using System;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>The values of <c>NvmeGpu.Contracts.RingShape</c>.</summary>
[Flags]
internal enum RingShape
{
    None = 0,
    Sqe128 = 1,
    Cqe32 = 2,
    IoPoll = 4,
}
