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
    private readonly SortedDictionary<int, Place> _roots = [];
    private readonly List<Finding> _findings = [];

    private ListResolver(BindingsIndex index, CancellationToken cancellation)
    {
        _index = index;
        _cancellation = cancellation;
    }

    public static Resolution Resolve(
        EquatableArray<ListEntry> entries, BindingsIndex index, CancellationToken cancellation)
    {
        if (index.Entries.Count == 0)
        {
            // One problem, and not every name unknown because of it.
            return Resolution.Nothing with { Findings = index.Problems.ToEquatableArray() };
        }
        var resolver = new ListResolver(index, cancellation);
        resolver._findings.AddRange(index.Problems);
        List<ListEntry> distinct = resolver.WithoutDuplicates(entries);
        foreach (ListEntry entry in distinct.Where(entry => !entry.IsExclude))
        {
            cancellation.ThrowIfCancellationRequested();
            resolver.Include(entry);
        }
        // Whatever their order: an exclude is about the list as a whole.
        List<(ListEntry Entry, List<IndexEntry> Found)> excludes =
            [.. distinct.Where(entry => entry.IsExclude).Select(entry => (entry, resolver.Find(entry.Pattern)))];
        var listed = new HashSet<int>(resolver._roots.Keys);
        foreach ((ListEntry entry, List<IndexEntry> found) in excludes)
        {
            resolver.Exclude(entry, found, listed);
        }
        return new Resolution(
            resolver._roots.Select(root => new Root(root.Key, root.Value)).ToEquatableArray(),
            resolver.FindWanted(),
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
        string[] libraries =
            [.. found.Select(match => match.Library).Distinct().OrderBy(name => name, StringComparer.Ordinal)];
        if (!entry.IsGlob && libraries.Length > 1)
        {
            string choices = string.Join(", ", libraries.Select(library => $"'{library}.{entry.Pattern}'"));
            _findings.Add(new Finding(Rules.AmbiguousName, entry.Place, entry.Pattern, choices));
            return;
        }
        foreach (IndexEntry match in found)
        {
            if (!_roots.ContainsKey(match.Ordinal))
            {
                _roots.Add(match.Ordinal, entry.Place);
            }
        }
    }

    private void Exclude(ListEntry entry, List<IndexEntry> found, HashSet<int> listed)
    {
        if (!found.Any(match => listed.Contains(match.Ordinal)))
        {
            string hint = found.Count > 0 || entry.IsGlob ? "" : Suggestion(entry.Pattern);
            _findings.Add(new Finding(Rules.ExcludeWithoutEffect, entry.Place, entry.Text, hint));
        }
        foreach (IndexEntry match in found)
        {
            _roots.Remove(match.Ordinal);
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
        IEnumerable<IndexEntry> found;
        if (name.IndexOfAny(['*', '?']) >= 0)
        {
            found = _index.Entries.Where(entry => Glob.Matches(name, entry.Name));
        }
        else
        {
            IReadOnlyList<IndexEntry> byName = _index.ByName(name);
            found = byName.Count > 0 ? byName : _index.BySpelling(name);
        }
        return [.. found.Where(entry => library is null || entry.Library == library)];
    }

    private string? LibraryOf(string pattern)
    {
        int dot = pattern.IndexOf('.');
        return dot < 0 ? null : _index.Libraries.FirstOrDefault(library => library == pattern.Substring(0, dot));
    }

    private Finding NothingFound(ListEntry entry)
    {
        string name = entry.Pattern.Substring(entry.Pattern.LastIndexOf('.') + 1);
        bool mayBeInline = !_index.HasInlineFunctions
            && name.TrimStart('_').StartsWith("io_uring_", StringComparison.Ordinal);
        return mayBeInline
            ? new Finding(
                Rules.InlineFunctionsNotMade, entry.Place, entry.Pattern, entry.IsGlob ? "" : Suggestion(entry.Pattern))
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
    private Wanted FindWanted()
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var members = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        var missing = new List<string>();
        var open = new Stack<IndexEntry>(_roots.Keys.Select(ordinal => _index.Entries[ordinal]));
        while (open.Count > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            IndexEntry entry = open.Pop();
            if (!seen.Add(entry.Ordinal))
            {
                continue;
            }
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
        return new Wanted(
            types.ToEquatableArray(),
            members.Select(pair => new WantedMembers(pair.Key, pair.Value.ToEquatableArray())).ToEquatableArray());

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
