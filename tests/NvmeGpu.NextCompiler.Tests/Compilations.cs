using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NvmeGpu.NextCompiler.Tests;

/// <summary>How sources are compiled here.</summary>
internal static class Compilations
{
    /// <summary>C# 14 as it is today, by the newer compiler.</summary>
    public static CSharpParseOptions CSharp14 { get; } =
        new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    /// <summary>The newest language with the memory safety rules of C# 15, which are behind a feature flag so
    /// far.</summary>
    public static CSharpParseOptions UpdatedMemorySafety { get; } =
        new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Diagnose)
            .WithFeatures([new("updated-memory-safety-rules", "")]);

    /// <summary>What a program refers to: the framework that runs this.</summary>
    public static IReadOnlyList<MetadataReference> Framework { get; } =
    [
        .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Where(IsManaged)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ];

    public static CSharpCompilation Of(
        IEnumerable<SyntaxTree> trees, params IEnumerable<MetadataReference> more) =>
        CSharpCompilation.Create("app", trees, [.. Framework, .. more], new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, checkOverflow: true,
            nullableContextOptions: NullableContextOptions.Disable, warningLevel: 9999));

    private static bool IsManaged(string file)
    {
        string name = Path.GetFileName(file);
        return (name.StartsWith("System.", System.StringComparison.Ordinal)
            && !name.Contains("Native", System.StringComparison.Ordinal))
            || name is "mscorlib.dll" or "netstandard.dll" or "Microsoft.Win32.Primitives.dll";
    }
}
