#nullable enable
using System;
using System.Diagnostics;

namespace NvmeGpu.Bindings;

/// <summary>The C type that a field or function has in its header, where C# shows another one.</summary>
/// <remarks>For readers and tools that read source: a release build has it no more.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
[Conditional("DEBUG")]
sealed partial class NativeTypeNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
