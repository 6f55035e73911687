using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NvmeGpu.BindingsOnDemand.Metadata;

/// <summary>
/// A file of the bindings among the additional files. It equals another one when it is the very same text,
/// which the compiler and the editors hand over anew only when the file has changed: nothing is read to
/// compare.
/// </summary>
/// <param name="Library">
/// Liburing, NvmeIoctl or Cuda, which is also the name of the class with its constants; or <see
/// cref="Support"/>.
/// </param>
internal sealed record BindingsFile(AdditionalText Text, string Library)
{
    /// <summary>The attributes that the bindings carry, written by hand: taken as whole files.</summary>
    public const string Support = "Support";

    private const string MetadataName = "build_metadata.AdditionalFiles.NvmeGpuBindings";

    public string Folder { get; } = FolderOf(Text.Path);

    public string Name { get; } = NameOf(Text.Path);

    /// <summary>
    /// Null for any other additional file of the project. NvmeGpu.props marks ours with item metadata.
    /// </summary>
    public static BindingsFile? TryCreate(AdditionalText text, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(text).TryGetValue(MetadataName, out string? library) && library.Length > 0
            ? new BindingsFile(text, library)
            : null;

    public static string NameOf(string path) => path.Substring(LastSeparator(path) + 1);

    private static string FolderOf(string path) => path.Substring(0, Math.Max(0, LastSeparator(path)));

    private static int LastSeparator(string path) => path.LastIndexOfAny(['/', '\\']);
}
