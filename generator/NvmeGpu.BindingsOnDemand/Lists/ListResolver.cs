using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using NvmeGpu.BindingsOnDemand.Metadata;

namespace NvmeGpu.BindingsOnDemand.Lists;

/// <summary>Finds what the lines of the lists mean, and says which mean nothing.</summary>
internal sealed class ListResolver
{
    private readonly BindingsIndex _index;
    private readonly CancellationToken _cancellation;
    // By the entry's ordinal: the line that lists it first.
    private readonly Place?[] _roots;
    private readonly List<Finding> _findings = [];

    private ListResolver(BindingsIndex index, CancellationToken cancellation)
    {
        _index = index;
        _roots = new Place?[index.Entries.Count];
        _cancellation = cancellation;
    }

    public static Resolution Resolve(
        EquatableArray<ListEntry> entries, BindingsIndex index, CancellationToken cancellation)
    {
        if (index.Entries.Count == 0)
        {
            // One problem, and not every name unknown because of it.
            return Resolution.Nothing with { Index = index, Findings = index.Problems.ToEquatableArray() };
        }
        var resolver = new ListResolver(index, cancellation);
        resolver._findings.AddRange(index.Problems);
        List<ListEntry> distinct = resolver.WithoutDuplicates(entries);
        foreach (ListEntry entry in distinct)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!entry.IsExclude)
            {
                resolver.Include(entry);
            }
        }
        // Whatever their order: an exclude is about the list as a whole.
        var listed = (Place?[])resolver._roots.Clone();
        foreach (ListEntry entry in distinct)
        {
            if (entry.IsExclude)
            {
                resolver.Exclude(entry, listed);
            }
        }
        var roots = new List<Root>();
        for (int ordinal = 0; ordinal < resolver._roots.Length; ordinal++)
        {
            if (resolver._roots[ordinal] is { } place)
            {
                roots.Add(new Root(ordinal, place));
            }
        }
        return new Resolution(
            index,
            new EquatableArray<Root>([.. roots]),
            resolver.FindWanted(roots),
            resolver._findings.ToEquatableArray());
    }

    private List<ListEntry> WithoutDuplicates(EquatableArray<ListEntry> entries)
    {
        var first = new Dictionary<string, ListEntry>(StringComparer.Ordinal);
        var distinct = new List<ListEntry>();
        foreach (ListEntry entry in entries)
        {
            if (first.TryGetValue(entry.Text, out ListEntry? earlier))
            {
                _findings.Add(new Finding(
                    Rules.DuplicateLine,
                    entry.Place,
                    entry.Text,
                    (earlier.Place.Lines.Start.Line + 1).ToString(CultureInfo.InvariantCulture),
                    BindingsFile.NameOf(earlier.Place.Path)));
                continue;
            }
            first.Add(entry.Text, entry);
            distinct.Add(entry);
        }
        return distinct;
    }

    private void Include(ListEntry entry)
    {
        List<IndexEntry> found = Find(entry.Pattern);
        if (found.Count == 0)
        {
            _findings.Add(NothingFound(entry));
            return;
        }
        if (!entry.IsGlob && found.Exists(match => match.Library != found[0].Library))
        {
            string choices = string.Join(", ", found.Select(match => match.Library).Distinct()
                .OrderBy(library => library, StringComparer.Ordinal)
                .Select(library => $"'{library}.{entry.Pattern}'"));
            _findings.Add(new Finding(Rules.AmbiguousName, entry.Place, entry.Pattern, choices));
            return;
        }
        foreach (IndexEntry match in found)
        {
            _roots[match.Ordinal] ??= entry.Place;
        }
    }

    private void Exclude(ListEntry entry, Place?[] listed)
    {
        List<IndexEntry> found = Find(entry.Pattern);
        if (!found.Exists(match => listed[match.Ordinal] is not null))
        {
            string hint = found.Count > 0 || entry.IsGlob ? "" : Suggestion(entry.Pattern);
            _findings.Add(new Finding(Rules.ExcludeWithoutEffect, entry.Place, entry.Text, hint));
        }
        foreach (IndexEntry match in found)
        {
            _roots[match.Ordinal] = null;
        }
    }

    /// <summary>
    /// The entries of that name or pattern: in C# spelling, else in C's, in all libraries or in the one
    /// before the dot.
    /// </summary>
    private List<IndexEntry> Find(string pattern)
    {
        string? library = LibraryOf(pattern);
        string name = library is null ? pattern : pattern.Substring(library.Length + 1);
        bool isGlob = Glob.IsGlob(name);
        IReadOnlyList<IndexEntry> candidates = isGlob ? _index.Entries : _index.ByName(name);
        if (candidates.Count == 0)
        {
            candidates = _index.BySpelling(name);
        }
        var found = new List<IndexEntry>();
        foreach (IndexEntry entry in candidates)
        {
            if ((library is null || entry.Library == library) && (!isGlob || Glob.Matches(name, entry.Name)))
            {
                found.Add(entry);
            }
        }
        return found;
    }

    private string? LibraryOf(string pattern)
    {
        int dot = pattern.IndexOf('.');
        return dot < 0
            ? null : _index.Libraries.FirstOrDefault(library => library == pattern.Substring(0, dot));
    }

    private Finding NothingFound(ListEntry entry)
    {
        string name = entry.Pattern.Substring(entry.Pattern.LastIndexOf('.') + 1);
        bool mayBeInline = !_index.HasInlineFunctions
            && name.TrimStart('_').StartsWith("io_uring_", StringComparison.Ordinal);
        return mayBeInline
            ? new Finding(
                Rules.InlineFunctionsNotMade, entry.Place, entry.Pattern,
                entry.IsGlob ? "" : Suggestion(entry.Pattern))
            : entry.IsGlob
                ? new Finding(Rules.PatternWithoutMatch, entry.Place, entry.Pattern)
                : new Finding(Rules.UnknownName, entry.Place, entry.Pattern, Suggestion(entry.Pattern));
    }

    private string Suggestion(string pattern)
    {
        int dot = pattern.IndexOf('.');
        string name = pattern.Substring(dot + 1);
        if (Spelling.Nearest(name, _index.Names) is not { } nearest)
        {
            return "";
        }
        IReadOnlyList<IndexEntry> entries = _index.ByName(nearest);
        return $"; did you mean '{(dot < 0 ? "" : entries[0].Library + ".")}{nearest}'?";
    }

    // All that the listed names may need, whether the compilation has it or not: which of it it has is asked
    // next.
    private Wanted FindWanted(List<Root> roots)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var members = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        bool[] seen = new bool[_index.Entries.Count];
        var missing = new List<string>();
        var open = new Stack<IndexEntry>();
        foreach (Root root in roots)
        {
            open.Push(_index.Entries[root.Ordinal]);
        }
        while (open.Count > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            IndexEntry entry = open.Pop();
            if (seen[entry.Ordinal])
            {
                continue;
            }
            seen[entry.Ordinal] = true;
            if (entry.IsType)
            {
                types.Add(entry.Name);
            }
            if (entry.Container is { } container)
            {
                Members(container).Add(entry.Name);
            }
            missing.Clear();
            foreach (IndexEntry dependency in _index.DependenciesOf(entry, missing))
            {
                open.Push(dependency);
            }
            if (entry.Kind == EntryKind.Inline)
            {
                Members(entry.Library).UnionWith(missing);
            }
        }
        var containers = new List<string>(members.Keys);
        containers.Sort(StringComparer.Ordinal);
        return new Wanted(
            types.ToEquatableArray(),
            containers.Select(name => new WantedMembers(name, members[name].ToEquatableArray()))
                .ToEquatableArray());

        SortedSet<string> Members(string container)
        {
            if (!members.TryGetValue(container, out SortedSet<string>? names))
            {
                members.Add(container, names = new SortedSet<string>(StringComparer.Ordinal));
            }
            return names;
        }
    }
}
