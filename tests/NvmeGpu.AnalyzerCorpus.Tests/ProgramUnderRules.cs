using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.TestKit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>One compilation and what all rules say about it.</summary>
/// <param name="Errors">The compiler's.</param>
/// <param name="Said">The rules', those that the program suppresses included; and AD0001.</param>
internal sealed record ProgramUnderRules(ImmutableArray<Diagnostic> Errors, ImmutableArray<Diagnostic> Said)
{
    /// <summary>The class library of the running process.</summary>
    public static ImmutableArray<MetadataReference> Framework { get; } = [.. Directory
        .GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
        .Where(IsManaged)
        .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The bindings with public types, as the build has made them.</summary>
    public static MetadataReference Bindings { get; } = Reference("NvmeGpu.Bindings.dll");

    /// <summary>The owned types, public.</summary>
    public static MetadataReference Runtime { get; } = Reference("NvmeGpu.dll");

    /// <summary>An assembly beside this one.</summary>
    public static MetadataReference Reference(string file) =>
        MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, file));

    /// <param name="sources">Paths and texts.</param>
    /// <param name="references">Beside the framework.</param>
    /// <param name="defines">As a project file has them.</param>
    /// <param name="options">As an .editorconfig has them.</param>
    public static async Task<ProgramUnderRules> CheckAsync(
        IEnumerable<(string Path, string Text)> sources,
        IEnumerable<MetadataReference> references,
        string[]? defines = null,
        NullableContextOptions nullable = NullableContextOptions.Disable,
        OutputKind output = OutputKind.DynamicallyLinkedLibrary,
        IReadOnlyDictionary<string, string>? options = null)
    {
        CancellationToken cancel = CancellationToken.None; // shared by several tests
        CSharpParseOptions language = new(LanguageVersion.CSharp14, preprocessorSymbols: defines ?? []);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Program",
            sources.Select(source =>
                CSharpSyntaxTree.ParseText(source.Text, language, source.Path, cancellationToken: cancel)),
            [.. Framework, .. references],
            new CSharpCompilationOptions(
                output,
                allowUnsafe: true,
                nullableContextOptions: nullable,
                specificDiagnosticOptions: Rules.ShippedSeverities));
        ImmutableArray<Diagnostic> errors =
            [.. compilation.GetDiagnostics(cancel).Where(said => said.Severity == DiagnosticSeverity.Error)];

        var run = new CompilationWithAnalyzers(
            compilation,
            Rules.All,
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions(
                    [], new EditorConfig(options ?? ImmutableDictionary<string, string>.Empty)),
                onAnalyzerException: null, // reported as AD0001
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false,
                reportSuppressedDiagnostics: true));
        ImmutableArray<Diagnostic> said = await run.GetAnalyzerDiagnosticsAsync(cancel);
        return new ProgramUnderRules(errors, [.. said.OrderBy(one => one.Location.SourceSpan.Start)]);
    }

    private static bool IsManaged(string path)
    {
        string name = Path.GetFileName(path);
        return !name.Contains(".Native.", StringComparison.Ordinal)
            && !name.StartsWith("Microsoft.DiaSymReader", StringComparison.Ordinal)
            && (name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.", StringComparison.Ordinal)
                || name is "netstandard.dll" or "mscorlib.dll");
    }

    private sealed class EditorConfig(IReadOnlyDictionary<string, string> values)
        : AnalyzerConfigOptionsProvider
    {
        private readonly Section _section = new(values);

        public override AnalyzerConfigOptions GlobalOptions => _section;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _section;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _section;

        private sealed class Section(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) =>
                values.TryGetValue(key, out value);
        }
    }
}
