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
    private readonly Dictionary<string, HashSet<string>> _presentMembers = new(StringComparer.Ordinal);
    private readonly bool[] _chosen;
    private readonly Dictionary<Place, Refused> _refused = [];

    private Selection(BindingsIndex index, CompilationFacts facts)
    {
        _index = index;
        _facts = facts;
        _presentTypes = new HashSet<string>(facts.Types, StringComparer.Ordinal);
        foreach (ContainerFacts container in facts.Containers)
        {
            _presentMembers.Add(
                container.Name, new HashSet<string>(container.Members, StringComparer.Ordinal));
        }
        _chosen = new bool[index.Entries.Count];
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
        if (selection._refused.Count > 0)
        {
            findings.AddRange(selection._refused.Values
                .OrderBy(refused => refused.Line.Path, StringComparer.Ordinal)
                .ThenBy(refused => refused.Line.Span.Start)
                .Select(refused => refused.ToFinding()));
        }
        var entries = new List<IndexEntry>();
        foreach (IndexEntry entry in index.Entries)
        {
            if (selection._chosen[entry.Ordinal] && entry.Length > 0)
            {
                entries.Add(entry);
            }
        }
        return entries;
    }

    // All of it or nothing: half a closure would not compile.
    private void Choose(Root root)
    {
        IndexEntry listed = _index.Entries[root.Ordinal];
        var reached = new HashSet<IndexEntry>();
        var open = new Stack<IndexEntry>([listed]);
        var missing = new List<string>();
        while (open.Count > 0)
        {
            IndexEntry entry = open.Pop();
            if (IsPresent(entry) || _chosen[entry.Ordinal] || !reached.Add(entry))
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
                if (_refused.TryGetValue(root.Place, out Refused? earlier))
                {
                    earlier.More++;
                }
                else
                {
                    _refused.Add(root.Place, new Refused(refusal, root.Place));
                }
                return;
            }
        }
        foreach (IndexEntry entry in reached)
        {
            _chosen[entry.Ordinal] = true;
        }
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
                $"the referenced assembly '{reference.Assembly}' has that class, without '{entry.Name}', "
                + "and a second one "
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
                    $"'{entry.Name}' needs '{absent}', which is in no index; restore the index from the "
                    + "repository, or run "
                        + "./build/regenerate");
    }

    // What is said once of a line, however many of its names are refused.
    private sealed class Refused(Finding first, Place line)
    {
        public int More { get; set; }

        public Place Line => line;

        public Finding ToFinding() => More == 0 ? first : first with
        {
            Arguments = first.Arguments
                .Select((argument, place) => place == 0
                    ? $"{argument} (and {More} more of this line)" : argument)
                .ToEquatableArray(),
        };
    }
}
