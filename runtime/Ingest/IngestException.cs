#nullable enable
using System;
using System.IO;

namespace NvmeGpu;

/// <summary>One source could not be read, or not to its end: which, why, and what to do.</summary>
sealed partial class IngestException : IOException
{
    /// <param name="path">The source, as it was given.</param>
    /// <param name="reason">One sentence: why, and what to do.</param>
    /// <param name="cause">What the system said, where it said something.</param>
    public IngestException(string path, string reason, Exception? cause = null)
        : base($"{path}: {reason}", cause)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The source, as it was given.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, without its name.</summary>
    public string Reason { get; }
}
