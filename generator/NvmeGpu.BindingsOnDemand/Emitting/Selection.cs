using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NvmeGpu.BindingsOnDemand.Compiling;
using NvmeGpu.BindingsOnDemand.Lists;
using NvmeGpu.BindingsOnDemand.Metadata;

namespace NvmeGpu.BindingsOnDemand.Emitting;

/// <summary>
/// Which declarations are to be generated: what is listed and what that needs, less what the compilation has.
/// </summary>
internal sealed class Selection
{
    private readonly BindingsIndex _index;
    private readonly CompilationFacts _facts;
    private readonly HashSet<string> _presentTypes;
    private readonly Dictionary<string, HashSet<string>> _presentMembers;
    private readonly SortedSet<int> _chosen = [];
    private readonly Dictionary<Place, (Finding First, int More)> _refused = [];

    private Selection(BindingsIndex index, CompilationFacts facts)
    {
        _index = index;
        _facts = facts;
        _presentTypes = new HashSet<string>(facts.Types, StringComparer.Ordinal);
        _presentMembers = facts.Containers.ToDictionary(
            container => container.Name, container => new HashSet<string>(container.Members, StringComparer.Ordinal));
    }

    /// <summary>In the order of the index; without enumerators, which are in their enum.</summary>
    public static IReadOnlyList<IndexEntry> Choose(
        Resolution resolution,
        BindingsIndex index,
        CompilationFacts facts,
        List<Finding> findings,
        CancellationToken cancellation)
    {
        var selection = new Selection(index, facts);
        foreach (Root root in resolution.Roots)
        {
            cancellation.ThrowIfCancellationRequested();
            selection.Choose(root);
        }
        foreach ((Finding first, int more) in selection._refused
            .OrderBy(refused => refused.Key.Path, StringComparer.Ordinal)
            .ThenBy(refused => refused.Key.Span.Start)
            .Select(refused => refused.Value))
        {
            findings.Add(more == 0 ? first : first with
            {
                Arguments = first.Arguments
                    .Select((argument, place) => place == 0 ? $"{argument} (and {more} more of this line)" : argument)
                    .ToEquatableArray(),
            });
        }
        return [.. selection._chosen.Select(ordinal => index.Entries[ordinal]).Where(entry => entry.Length > 0)];
    }

    // All of it or nothing: half a closure would not compile.
    private void Choose(Root root)
    {
        IndexEntry listed = _index.Entries[root.Ordinal];
        var reached = new HashSet<int>();
        var open = new Stack<IndexEntry>([listed]);
        var missing = new List<string>();
        while (open.Count > 0)
        {
            IndexEntry entry = open.Pop();
            if (IsPresent(entry) || _chosen.Contains(entry.Ordinal) || !reached.Add(entry.Ordinal))
            {
                continue;
            }
            missing.Clear();
            foreach (IndexEntry dependency in _index.DependenciesOf(entry, missing))
            {
                open.Push(dependency);
            }
            if (Refusal(listed, entry, missing, root.Place) is { } refusal)
            {
                _refused[root.Place] = _refused.TryGetValue(root.Place, out (Finding First, int More) earlier)
                    ? (earlier.First, earlier.More + 1)
                    : (refusal, 0);
                return;
            }
        }
        _chosen.UnionWith(reached);
    }

    private bool IsPresent(IndexEntry entry) => entry.IsType
        ? _presentTypes.Contains(entry.Name)
        : entry.Container is { } container && HasMember(container, entry.Name);

    private bool HasMember(string container, string name) =>
        _presentMembers.TryGetValue(container, out HashSet<string>? members) && members.Contains(name);

    private Finding? Refusal(IndexEntry listed, IndexEntry entry, List<string> missing, Place place)
    {
        if (entry.Container is { } container
            && _facts.Container(container) is { Place: ContainerPlace.Reference } reference)
        {
            return new Finding(
                Rules.ClassOfAReference,
                place,
                $"'{listed.Name}'",
                $"the class '{container}'",
                $"the referenced assembly '{reference.Assembly}' has that class, without '{entry.Name}', and a second one "
                    + "would hide it",
                "build that assembly anew with it, or list the name in its project");
        }
        string? absent = missing.FirstOrDefault(
            name => entry.Kind != EntryKind.Inline || !HasMember(entry.Library, name));
        return absent is null
            ? null
            : entry.Kind == EntryKind.Inline
                ? new Finding(
                    Rules.ClassOfAReference,
                    place,
                    $"'{listed.Name}'",
                    $"the class '{entry.Library}'",
                    $"it needs '{entry.Library}.{absent}', which neither the compilation nor a reference has",
                    "import NvmeGpu.props, which brings it")
                : new Finding(
                    Rules.UnreadableBindings,
                    entry.Place,
                    $"'{entry.Name}' needs '{absent}', which is in no index; restore the index from the repository, or run "
                        + "./build/regenerate");
    }
}
