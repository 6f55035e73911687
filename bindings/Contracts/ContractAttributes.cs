#nullable enable
using System;

namespace NvmeGpu.Contracts;

// What a signature cannot say about memory that the kernel or a device uses. The analyzers read these
// attributes by metadata name (every consumer compiles its own copy), so the names and the parameter order
// are an interface.

/// <summary>How long an address that was handed over stays in use.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum Until
{
    /// <summary>Until the kernel has consumed the submission entry (iovecs, timespecs, path names).</summary>
    Submit = 0,

    /// <summary>
    /// Until the completion entry of the operation itself was seen. A cancel request does not end it.
    /// </summary>
    Completion = 1,

    /// <summary>Until the CUDA event or stream that the copy was queued on has completed.</summary>
    Event = 2,
}

/// <summary>The address is kept after the call returns, for as long as <see cref="Until"/> says.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field)]
sealed partial class KernelRetainsAttribute(Until until) : Attribute
{
    public Until Until { get; } = until;

    /// <summary>
    /// Name of the parameter or field that carries the length in bytes. With it the operation is a transfer:
    /// its result is a count of bytes, which may be smaller.
    /// </summary>
    public string? Length { get; set; }

    /// <summary>Name of the parameter or field that carries the position in the file, in bytes.</summary>
    public string? Offset { get; set; }

    /// <summary>
    /// The value is given back as it is and never looked at (<c>user_data</c>): it need not be an address,
    /// but what it stands for must live as long.
    /// </summary>
    public bool Opaque { get; set; }
}

/// <summary>
/// Denotes registered memory, and which sibling parameter is its index, its length and its ring.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.ReturnValue
    | AttributeTargets.Property)]
sealed partial class RegisteredAttribute : Attribute
{
    /// <summary>Name of the parameter or field that carries the index in the ring's buffer table.</summary>
    public string? Index { get; set; }

    /// <summary>Name of the parameter or field that carries the length in bytes.</summary>
    public string? Length { get; set; }

    /// <summary>Name of the parameter or field that carries the ring.</summary>
    public string? Ring { get; set; }
}

/// <summary>Page-locked host memory, as asynchronous CUDA copies need it.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.ReturnValue
    | AttributeTargets.Property)]
sealed partial class PageLockedAttribute : Attribute;

/// <summary>A multiple of <see cref="Bytes"/>: an address, an offset or a length for direct I/O.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.ReturnValue
    | AttributeTargets.Property)]
sealed partial class AlignedAttribute(int bytes) : Attribute
{
    public int Bytes { get; } = bytes;
}

/// <summary>
/// The address neither moves nor dies before its owner: native, mapped or pinned-heap memory.
/// </summary>
[AttributeUsage(AttributeTargets.ReturnValue | AttributeTargets.Property)]
sealed partial class StableAttribute : Attribute;

/// <summary>
/// The call frees, returns, unpins or unregisters the parameter; on a method, its own instance.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Method)]
sealed partial class ReleasesAttribute : Attribute;

/// <summary>A value of this type stands for a submission and must be observed.</summary>
[AttributeUsage(AttributeTargets.Struct)]
sealed partial class OperationTokenAttribute : Attribute;

/// <summary>
/// Afterwards, normally or by exception, the buffers of the token (or of all operations) are ours. On a
/// field or property: a function pointer.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Method | AttributeTargets.Field
    | AttributeTargets.Property)]
sealed partial class CompletesAttribute : Attribute;

/// <summary>
/// The result must be compared, thrown on, or passed to another parameter that carries this.
/// </summary>
[AttributeUsage(AttributeTargets.ReturnValue | AttributeTargets.Property | AttributeTargets.Parameter)]
sealed partial class MustObserveAttribute : Attribute;

/// <summary>What a ring must have been made with.</summary>
[Flags]
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum RingShape
{
    /// <summary>Any ring.</summary>
    None = 0,

    /// <summary>128-byte submission entries (<c>IORING_SETUP_SQE128</c>, or a mixed ring).</summary>
    Sqe128 = 1,

    /// <summary>32-byte completion entries (<c>IORING_SETUP_CQE32</c>, or a mixed ring).</summary>
    Cqe32 = 2,

    /// <summary>Polled completions (<c>IORING_SETUP_IOPOLL</c>).</summary>
    IoPoll = 4,
}

/// <summary>
/// The ring configuration that the operation needs; on a constant, the operation that it selects.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field)]
sealed partial class RequiresRingAttribute(RingShape shape) : Attribute
{
    public RingShape Shape { get; } = shape;
}

/// <summary>May sleep in the kernel, so the garbage collector must be able to run meanwhile.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
sealed partial class MayBlockAttribute : Attribute;

/// <summary>Ownership moves to the callee: the caller may not use the value again.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
sealed partial class TransfersAttribute : Attribute;
