using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using System.Threading;
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

    // Strings and no truth value: see EquatableArray about what passes between steps.
    private const string SomethingListed = "something", NothingListed = "nothing";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<ListEntry>> lists = context.AdditionalTextsProvider
            .Where(text => BindingsFile.NameOf(text.Path) == ListReader.FileName)
            .Collect()
            .Select((texts, cancellation) => ReadLists(texts, cancellation))
            .WithTrackingName(ListStep);

        IncrementalValueProvider<EquatableArray<BindingsFile>> files = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select((pair, _) => BindingsFile.TryCreate(pair.Left, pair.Right))
            .Where(file => file is not null)
            .Collect()
            .Select((all, _) => new EquatableArray<BindingsFile>([.. all!]));

        IncrementalValueProvider<BindingsIndex?> index = lists
            .Select((entries, _) => entries.Count > 0 ? SomethingListed : NothingListed)
            .Combine(files)
            .Select((pair, cancellation) =>
                pair.Left == SomethingListed ? BindingsIndex.Read(pair.Right, cancellation) : null)
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

        context.RegisterSourceOutput(
            resolution.Combine(facts), (output, input) => Produce(output, input.Left, input.Right));
    }

    // In the order of their paths, each once: a project may list the file that NvmeGpu.props has listed.
    private static EquatableArray<ListEntry> ReadLists(
        ImmutableArray<AdditionalText> texts, CancellationToken cancellation)
    {
        var sorted = new List<AdditionalText>(texts);
        sorted.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var entries = new List<ListEntry>();
        string? last = null;
        foreach (AdditionalText text in sorted)
        {
            if (text.Path != last)
            {
                ListReader.Read(text, entries, cancellation);
            }
            last = text.Path;
        }
        return new EquatableArray<ListEntry>([.. entries]);
    }

    private static void Produce(SourceProductionContext output, Resolution resolution, CompilationFacts facts)
    {
        if (resolution.Index is not { } index)
        {
            return;
        }
        var findings = new List<Finding>(resolution.Findings);
        foreach (GeneratedFile file in SourceWriter.Write(
            resolution, index, facts, findings, output.CancellationToken))
        {
            output.AddSource(file.Name, SourceText.From(file.Text, Encoding.UTF8));
        }
        var reported = new HashSet<Finding>();
        foreach (Finding finding in findings)
        {
            if (reported.Add(finding))
            {
                output.ReportDiagnostic(finding.ToDiagnostic());
            }
        }
    }
}
