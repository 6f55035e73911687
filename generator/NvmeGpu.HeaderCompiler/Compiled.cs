using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler;

/// <summary>One library, read and emitted.</summary>
internal sealed record Compiled(CompilerOptions Options, LibraryModel Model, LibraryOutput Output)
{
    /// <summary>The same library for another target, to be compared.</summary>
    public Compiled? Other { get; init; }

    public int FilesWritten { get; set; }
}
