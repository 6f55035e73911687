using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.BindingsOnDemand;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>One run of the generator, and the compilation with what it added.</summary>
internal sealed class Run
{
    private static readonly ImmutableArray<MetadataReference> s_framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private Run(GeneratorDriverRunResult result, Compilation compilation)
    {
        Result = result;
        Compilation = (CSharpCompilation)compilation;
    }

    public static CSharpParseOptions Language { get; } =
        new(LanguageVersion.CSharp14, preprocessorSymbols: ["DEBUG"]);

    public GeneratorDriverRunResult Result { get; }

    public CSharpCompilation Compilation { get; }

    /// <summary>File name to text.</summary>
    public IReadOnlyDictionary<string, string> Files => Result.Results[0].GeneratedSources
        .ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    public string AllText => string.Concat(Files.Values);

    /// <summary>"NVG0101 (1,0)-(1,8): the message" of each, lines from 1 and columns from 0.</summary>
    public string[] Findings => [.. Result.Diagnostics.Select(Describe)];

    /// <summary>With the list and the committed bindings, in an otherwise empty project.</summary>
    public static Run Of(string list, params string[] sources) =>
        Of(Compile("Consumer", sources), [TextFile.List(list)]);

    public static Run Of(
        CSharpCompilation compilation, IEnumerable<TextFile> lists, IEnumerable<TextFile>? metadata = null)
    {
        GeneratorDriver driver = Driver([.. lists, .. metadata ?? Committed.Metadata])
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation updated, out _);
        GeneratorDriverRunResult result = driver.GetRunResult();
        Assert.Null(result.Results[0].Exception);
        return new Run(result, updated);
    }

    public static GeneratorDriver Driver(IEnumerable<TextFile> files) => CSharpGeneratorDriver.Create(
        [new OnDemandGenerator().AsSourceGenerator()],
        files,
        Language,
        new MetadataOptions(),
        new GeneratorDriverOptions(
            IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>A strict project: overflow checks, every warning counts.</summary>
    public static CSharpCompilation Compile(
        string name, string[] sources, params MetadataReference[] references) =>
        CSharpCompilation.Create(
            name,
            sources.Select((text, number) =>
                CSharpSyntaxTree.ParseText(text, Language, $"/app/Source{number}.cs")),
            [.. s_framework, .. references],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                checkOverflow: true,
                warningLevel: 9999));

    public static MetadataReference Emit(CSharpCompilation compilation, params string[] aliases)
    {
        var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return MetadataReference.CreateFromImage(
            image.ToArray(), new MetadataReferenceProperties(aliases: [.. aliases]));
    }

    /// <summary>Neither a warning nor an error, whatever the project's nullable context is.</summary>
    public Run Compiles()
    {
        foreach (NullableContextOptions nullable in new[] { NullableContextOptions.Disable,
            NullableContextOptions.Enable })
        {
            Diagnostic[] said =
            [
                .. Compilation.WithOptions(Compilation.Options.WithNullableContextOptions(nullable))
                    .GetDiagnostics(TestContext.Current.CancellationToken)
                    .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning),
            ];
            Assert.True(said.Length == 0, string.Join('\n', said.Take(20)
                .Select(d => d.ToString())) + "\n" + AllText[..Math.Min(3000, AllText.Length)]);
        }
        return this;
    }

    public Run SaysNothing()
    {
        Assert.Empty(Findings);
        return this;
    }

    public static string Describe(Diagnostic diagnostic)
    {
        FileLinePositionSpan lines = diagnostic.Location.GetLineSpan();
        string place = diagnostic.Location == Location.None
            ? ""
            : $" {Path.GetFileName(lines.Path)}"
                + $"({lines.StartLinePosition.Line + 1},{lines.StartLinePosition.Character})-"
                + $"({lines.EndLinePosition.Line + 1},{lines.EndLinePosition.Character})";
        return $"{diagnostic.Id}{place}: {diagnostic.GetMessage()}";
    }

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
            // MSBuild writes a line for every item, and leaves the value empty where there is none.
            value = key == "build_metadata.AdditionalFiles.NvmeGpuBindings" ? library ?? "" : null;
            return value is not null;
        }
    }
}
