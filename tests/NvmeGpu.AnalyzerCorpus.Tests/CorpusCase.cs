using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.TestKit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>One program of tests/corpus, and what the compiler and the rules say about it.</summary>
internal sealed partial class CorpusCase
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<CorpusCase>>> s_cases = new();

    private readonly ProgramUnderRules _program;

    private CorpusCase(string name, string source, MarkedText marked, ProgramUnderRules program)
    {
        Name = name;
        Source = source;
        Marked = marked;
        _program = program;
    }

    /// <summary>Its path below tests/corpus.</summary>
    public string Name { get; }

    /// <summary>The file's text, markers included.</summary>
    public string Source { get; }

    public MarkedText Marked { get; }

    /// <summary>The compiler's errors.</summary>
    public ImmutableArray<Diagnostic> Errors => _program.Errors;

    /// <summary>It calls inline functions, and this machine's bindings were built without them.</summary>
    public bool LacksInlineFunctions => !s_hasInlineFunctions && Errors.Any(IsOfInlineFunction);

    /// <summary>Places that no loaded rule can speak about yet.</summary>
    public IEnumerable<Marker> Waiting => RuleMarkers.Where(marker => !IsKnown(marker.Id));

    /// <summary>What a rule must say.</summary>
    public IEnumerable<Marker> RuleMarkers => Marked.Markers.Where(marker => !marker.IsOfCompiler);

    /// <summary>What the compiler must say.</summary>
    public IEnumerable<Marker> CompilerMarkers => Marked.Markers.Where(marker => marker.IsOfCompiler);

    /// <summary>What the loaded rules must say, one line each.</summary>
    public ImmutableArray<string> Expected =>
    [
        .. RuleMarkers.Where(marker => IsKnown(marker.Id))
            .Select(marker => Line(marker.Id, Rules.SeverityOf(marker), marker.Span)),
    ];

    /// <summary>What they do say, in the same form.</summary>
    public ImmutableArray<string> Said =>
    [
        .. _program.Said
            .OrderBy(said => said.Location.SourceSpan.Start)
            .ThenByDescending(said => said.Location.SourceSpan.Length)
            .Select(said => said.Id == "AD0001"
                ? said.ToString()
                : Line(said.Id, said.Severity, said.Location.SourceSpan)),
    ];

    /// <summary>The programs of one folder of tests/corpus.</summary>
    public static IEnumerable<string> Names(string folder) => Directory
        .GetFiles(Repository.PathOf("tests", "corpus", folder), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.PathOf("tests", "corpus"), path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>Compiled and checked once per run of the tests.</summary>
    public static Task<CorpusCase> OfAsync(string name) =>
        s_cases.GetOrAdd(name, key => new Lazy<Task<CorpusCase>>(() => CheckAsync(key))).Value;

    private static async Task<CorpusCase> CheckAsync(string name)
    {
        string source = await File.ReadAllTextAsync(Repository.PathOf("tests", "corpus", name));
        MarkedText marked = MarkedText.Parse(source);
        ProgramUnderRules program = await ProgramUnderRules.CheckAsync(
            [(name, marked.Text)],
            [ProgramUnderRules.Runtime, ProgramUnderRules.Bindings],
            options: Options().Matches(source)
                .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value));
        return new CorpusCase(name, source, marked, program);
    }

    private static bool IsKnown(string id) => Rules.MainSeverities.ContainsKey(id);

    private string Line(string id, DiagnosticSeverity severity, TextSpan span)
    {
        int line = Marked.Text.AsSpan(0, span.Start).Count('\n') + 1;
        return $"{line}: {id} {severity} `{Marked.Text.Substring(span.Start, span.Length)}` at {span}";
    }

    /// <summary>Inline functions are in the bindings only where the locked headers were translated.</summary>
    private static readonly bool s_hasInlineFunctions =
        typeof(Bindings.Liburing).GetMethod("io_uring_prep_nop") is not null;

    private static bool IsOfInlineFunction(Diagnostic error) => error.Id is "CS0103" or "CS0117"
        && error.GetMessage().Contains("io_uring_", StringComparison.Ordinal);

    /// <summary>A line of the program's first comment that says how its .editorconfig differs.</summary>
    [GeneratedRegex(@"^// option: ([\w.]+) = (\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Options();
}
