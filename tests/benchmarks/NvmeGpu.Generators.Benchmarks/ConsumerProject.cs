using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.BindingsOnDemand;
using NvmeGpu.OnDemand.Tests;
using NvmeGpu.TestKit;

namespace NvmeGpu.Generators.Benchmarks;

/// <summary>
/// A project in source mode that lists five CUDA functions, and one file of its own that is edited.
/// </summary>
internal static class ConsumerProject
{
    private const string List = "cuInit\ncuDeviceGet\ncuCtxCreate\ncuMemAlloc\ncuMemcpyHtoDAsync\n";

    private static readonly CSharpParseOptions s_language = new(LanguageVersion.CSharp14);

    public static CSharpCompilation Create() => CSharpCompilation.Create(
        "Consumer",
        Sources().Select((text, number) =>
            CSharpSyntaxTree.ParseText(text, s_language, $"/app/Source{number}.cs")).Prepend(Edited(0)),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true));

    /// <summary>Another text of the edited file: not the same tree twice.</summary>
    public static SyntaxTree Edited(int number) => CSharpSyntaxTree.ParseText(
        $"static class Program {{ static void Main() {{ System.Console.WriteLine({number}); }} }}",
        s_language, "/app/Program.cs");

    public static GeneratorDriver Driver(bool withGenerator) => CSharpGeneratorDriver.Create(
        withGenerator ? [new OnDemandGenerator().AsSourceGenerator()] : [],
        [TextFile.List(List), .. Committed.Metadata],
        s_language,
        new MetadataOptions());

    private static IEnumerable<string> Sources() =>
        Committed.Sources("Native", "Contracts", "Linux", "Liburing", "NvmeIoctl").Concat(
            Directory.EnumerateFiles(Repository.PathOf("runtime"), "*.cs", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) != "Accessibility.Public.cs")
                .Select(File.ReadAllText));

    private sealed class MetadataOptions : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new FileOptions(null);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new FileOptions(((TextFile)textFile).Library);
    }

    private sealed class FileOptions(string? library) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key == "build_metadata.AdditionalFiles.NvmeGpuBindings" ? library ?? "" : null;
            return value is not null;
        }
    }
}
