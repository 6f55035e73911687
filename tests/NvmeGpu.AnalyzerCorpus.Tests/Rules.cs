using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.TestKit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>Every rule of NvmeGpu.Analyzers.dll, found as the compiler finds them.</summary>
internal static class Rules
{
    public static ImmutableArray<DiagnosticAnalyzer> All { get; } =
    [
        .. Assembly.Load("NvmeGpu.Analyzers").GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>Of each id: what a rule says when it is sure; its first descriptor.</summary>
    public static IReadOnlyDictionary<string, DiagnosticSeverity> MainSeverities { get; } = All
        .SelectMany(rule => rule.SupportedDiagnostics)
        .GroupBy(descriptor => descriptor.Id)
        .ToDictionary(group => group.Key, group => group.First().DefaultSeverity);

    /// <summary>What build/NvmeGpu.globalconfig makes of them in a consumer's build.</summary>
    public static ImmutableDictionary<string, ReportDiagnostic> ShippedSeverities { get; } = ReadShipped();

    public static DiagnosticSeverity SeverityOf(Marker marker)
    {
        DiagnosticSeverity main = MainSeverities[marker.Id];
        return marker.IsMay ? main - 1 : main;
    }

    private static ImmutableDictionary<string, ReportDiagnostic> ReadShipped()
    {
        string path = Repository.PathOf("build", "NvmeGpu.globalconfig");
        AnalyzerConfigSet set = AnalyzerConfigSet.Create(
            (AnalyzerConfig[])[AnalyzerConfig.Parse(File.ReadAllText(path), path)],
            out ImmutableArray<Diagnostic> mistakes);
        return mistakes.IsEmpty
            ? set.GlobalConfigOptions.TreeOptions
            : throw new InvalidOperationException(string.Join('\n', mistakes));
    }
}
