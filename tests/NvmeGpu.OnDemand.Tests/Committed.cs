using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using NvmeGpu.TestKit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>The committed bindings: as the generator gets them, and as source mode compiles them.</summary>
internal static class Committed
{
    public static readonly string[] Libraries = ["Cuda", "Liburing", "NvmeIoctl"];

    /// <summary>The files that NvmeGpu.props marks as metadata, with the library that it names.</summary>
    public static ImmutableArray<TextFile> Metadata { get; } =
    [
        .. Libraries.SelectMany(library => Files(library, "*")
            .Select(file => TextFile.FromRepository(file, library))),
        .. new[] { "Native", "Contracts" }.SelectMany(folder => Files(folder, "*.cs"))
            .Where(file => !file.EndsWith("EmbeddedAttribute.cs", StringComparison.Ordinal))
            .Select(file => TextFile.FromRepository(file, "Support")),
    ];

    /// <summary>Name and kind of every line of every index, with its library.</summary>
    public static ImmutableArray<(string Library, string Name, string Kind)> Entries { get; } =
    [
        .. Libraries.SelectMany(library => File.ReadLines(Repository.PathOf("bindings", library, "index.txt"))
            .Where(line => line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(columns => (library, columns[0], columns[1]))),
    ];

    /// <summary>
    /// The translated inline functions of liburing.h: text and index, as NvmeGpu.props gives them to the
    /// generator. Ends the test where a build of the bindings has not made them.
    /// </summary>
    public static TextFile[] RequireInlineFunctions()
    {
        string folder = Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline", "Liburing");
        Requirement.That(
            File.Exists(Path.Combine(folder, "InlineFunctions.g.cs")),
            "liburing's inline functions have not been made: run native-headers/restore and build the "
            + "bindings");
        return [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            .Select(file => new TextFile(file, File.ReadAllText(file), "Liburing"))];
    }

    /// <summary>The sources of source mode: internal, and hidden from friends.</summary>
    public static string[] Sources(params string[] folders) =>
        [.. folders.SelectMany(folder => Files(folder, "*.cs"))
            .Select(file => File.ReadAllText(Repository.PathOf(file)))];

    /// <summary>The sources of project mode: public.</summary>
    public static string[] PublicSources(params string[] folders) =>
    [
        .. folders.SelectMany(folder => Directory.GetFiles(Repository.PathOf("bindings", folder), "*.cs"))
            .Where(file => !Path.GetFileName(file)
                .StartsWith("Accessibility.Internal", StringComparison.Ordinal))
            .Select(file => "#define NVMEGPU_PUBLIC\n" + File.ReadAllText(file)),
    ];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Repository.PathOf("bindings", folder), pattern)
            .Select(file => Path.Combine("bindings", folder, Path.GetFileName(file)))
            .Where(file => !Path.GetFileName(file)
                .StartsWith("Accessibility.Public", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
