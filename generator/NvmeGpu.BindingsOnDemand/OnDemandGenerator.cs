using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.BindingsOnDemand.Compiling;
using NvmeGpu.BindingsOnDemand.Emitting;
using NvmeGpu.BindingsOnDemand.Lists;
using NvmeGpu.BindingsOnDemand.Metadata;

namespace NvmeGpu.BindingsOnDemand;

/// <summary>
/// Adds the functions, types and constants that the project's NativeMethods.txt names, with all that they
/// need and nothing that the compilation or a reference has, as internal members of the project's assembly.
/// </summary>
/// <remarks>
/// Steps: lists and files -> index -> resolution -> facts about the compilation -> sources. Of these only the
/// facts are looked up on every edit; they are values, so the sources are written anew only when one of them
/// changes. As long as nothing is listed, no file is read.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class OnDemandGenerator : IIncrementalGenerator
{
    /// <summary>The names of the steps, for tests that follow what is run again.</summary>
    public const string ListStep = "Lists", IndexStep = "Index";

    /// <inheritdoc cref="ListStep"/>
    public const string ResolutionStep = "Resolution", FactsStep = "Facts";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<ListEntry>> lists = context.AdditionalTextsProvider
            .Where(text => BindingsFile.NameOf(text.Path) == ListReader.FileName)
            .Collect()
            .Select((texts, cancellation) => OnePerPath(texts)
                .SelectMany(text => ListReader.Read(text, cancellation))
                .ToEquatableArray())
            .WithTrackingName(ListStep);

        IncrementalValueProvider<EquatableArray<BindingsFile>> files = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select((pair, _) => BindingsFile.TryCreate(pair.Left, pair.Right))
            .Where(file => file is not null)
            .Collect()
            .Select((all, _) => all.Select(file => file!).ToEquatableArray());

        IncrementalValueProvider<BindingsIndex?> index = lists
            .Select((entries, _) => entries.Count > 0)
            .Combine(files)
            .Select((pair, cancellation) => pair.Left ? BindingsIndex.Read(pair.Right, cancellation) : null)
            .WithTrackingName(IndexStep);

        IncrementalValueProvider<Resolution> resolution = lists
            .Combine(index)
            .Select((pair, cancellation) => pair.Right is null
                ? Resolution.Nothing
                : ListResolver.Resolve(pair.Left, pair.Right, cancellation))
            .WithTrackingName(ResolutionStep);

        IncrementalValueProvider<CompilationFacts> facts = resolution
            .Select((resolved, _) => resolved.Wanted)
            .Combine(context.CompilationProvider)
            .Select((pair, cancellation) => FactsReader.Read(pair.Right, pair.Left, cancellation))
            .WithTrackingName(FactsStep);

        context.RegisterSourceOutput(resolution.Combine(index).Combine(facts), (output, input) =>
            Produce(output, input.Left.Left, input.Left.Right, input.Right));
    }

    // A project may list the file that NvmeGpu.props has listed already.
    private static IEnumerable<AdditionalText> OnePerPath(ImmutableArray<AdditionalText> texts) => texts
        .GroupBy(text => text.Path, StringComparer.Ordinal)
        .Select(group => group.First())
        .OrderBy(text => text.Path, StringComparer.Ordinal);

    private static void Produce(
        SourceProductionContext output, Resolution resolution, BindingsIndex? index, CompilationFacts facts)
    {
        if (index is null)
        {
            return;
        }
        var findings = new List<Finding>(resolution.Findings);
        foreach (KeyValuePair<string, string> file in SourceWriter.Write(
            resolution, index, facts, findings, output.CancellationToken))
        {
            output.AddSource(file.Key, SourceText.From(file.Value, Encoding.UTF8));
        }
        foreach (Finding finding in findings.Distinct())
        {
            output.ReportDiagnostic(finding.ToDiagnostic());
        }
    }
}
