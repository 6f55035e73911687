#nullable enable
using System;
using System.Diagnostics;

namespace NvmeGpu.Bindings;

/// <summary>The C expression whose value a constant is.</summary>
/// <remarks>For readers and tools that read source: a release build has it no more.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
[Conditional("DEBUG")]
sealed partial class NativeExpressionAttribute(string expression) : Attribute
{
    public string Expression { get; } = expression;
}
