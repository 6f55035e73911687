namespace NvmeGpu.Analyzers.Flow;

/// <summary>What becomes of the value that a call gives.</summary>
internal enum ResultFate
{
    /// <summary>Somebody looks at it, or may.</summary>
    Used = 0,

    /// <summary>The call is a statement.</summary>
    Statement,

    /// <summary>Assigned to <c>_</c>: dropped, and said so.</summary>
    Discarded,

    /// <summary>Assigned to a local that is not read before it is gone or has another value.</summary>
    Unread,
}
