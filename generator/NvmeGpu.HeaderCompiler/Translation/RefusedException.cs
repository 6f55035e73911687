using System;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// A construct that is not understood, or that C# cannot do. The function that has it gets no method and a
/// line in the report: better none than a wrong one.
/// </summary>
internal sealed class RefusedException(string construct, SourceLocation location) : Exception(construct)
{
    public SourceLocation Location => location;
}
