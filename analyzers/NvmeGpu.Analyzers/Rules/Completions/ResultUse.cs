using System;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>What a program does with the result of a completion.</summary>
[Flags]
internal enum ResultUse
{
    None = 0,

    /// <summary>Negative or not: <c>res &lt; 0</c>, <c>res &gt;= 0</c>, <c>IsSuccess</c>.</summary>
    Sign = 1,

    /// <summary>Positive or not: <c>res &gt; 0</c>, <c>res &lt;= 0</c>.</summary>
    Positive = 2,

    /// <summary>Compared with exactly 0.</summary>
    Zero = 4,

    /// <summary>Read as an error number, or where it is known to be one.</summary>
    Error = 8,

    /// <summary>Read as a number of bytes.</summary>
    Count = 16,

    /// <summary>Anything else: given to a method, taken apart, stored, returned.</summary>
    Other = 32,
}
