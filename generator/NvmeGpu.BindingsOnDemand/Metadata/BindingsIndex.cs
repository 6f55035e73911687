using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace NvmeGpu.BindingsOnDemand.Metadata;

/// <summary>
/// Everything that the bindings have, by name, and the files to cut it out of. Made once for a set of files:
/// two of these are equal only when they are the same.
/// </summary>
internal sealed class BindingsIndex
{
    private readonly List<IndexEntry> _entries = [];
    private readonly Dictionary<string, List<IndexEntry>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<IndexEntry>> _bySpelling = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Folder, string Name), BindingsFile> _files = [];
    private readonly Dictionary<(string Folder, string Name), int> _firstStarts = [];
    private readonly List<Finding> _problems = [];

    private BindingsIndex()
    {
    }

    public IReadOnlyList<IndexEntry> Entries => _entries;

    public IReadOnlyList<Finding> Problems => _problems;

    public IReadOnlyList<string> Libraries { get; private set; } = [];

    /// <summary>The hand-written attributes, in the order of their names.</summary>
    public IReadOnlyList<BindingsFile> SupportFiles { get; private set; } = [];

    public bool HasInlineFunctions { get; private set; }

    public static BindingsIndex Read(EquatableArray<BindingsFile> files, CancellationToken cancellation)
    {
        var index = new BindingsIndex();
        foreach (BindingsFile file in files.OrderBy(file => file.Text.Path, StringComparer.Ordinal))
        {
            index._files[(file.Folder, file.Name)] = file;
            if (file.Name == IndexReader.FileName)
            {
                IndexReader.Read(file, index._entries, index._problems, cancellation);
            }
        }
        index.Libraries =
            [.. index._entries.Select(entry => entry.Library).Distinct().OrderBy(name => name, StringComparer.Ordinal)];
        index.SupportFiles =
        [
            .. index._files.Values
                .Where(file => file.Library == BindingsFile.Support)
                .OrderBy(file => file.Text.Path, StringComparer.Ordinal),
        ];
        foreach (IndexEntry entry in index._entries)
        {
            index.Add(entry);
        }
        if (index._entries.Count == 0 && index._problems.Count == 0)
        {
            index._problems.Add(new Finding(
                Rules.UnreadableBindings,
                null,
                "none reached the generator; NvmeGpu.props gives them to it as AdditionalFiles: import that file, and do "
                    + "not remove its items"));
        }
        return index;
    }

    public IReadOnlyList<IndexEntry> ByName(string name) =>
        _byName.TryGetValue(name, out List<IndexEntry>? found) ? found : [];

    /// <summary>By what C calls it: <c>struct io_uring_sqe</c>, or the tag alone.</summary>
    public IReadOnlyList<IndexEntry> BySpelling(string spelling) =>
        _bySpelling.TryGetValue(spelling, out List<IndexEntry>? found) ? found : [];

    /// <summary>All names that a list can have, each once.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    public BindingsFile? File(IndexEntry entry) =>
        _files.TryGetValue((entry.Folder, entry.File), out BindingsFile? file) ? file : null;

    /// <summary>
    /// Where the file's first declaration begins: what stands before it is the file's head.
    /// </summary>
    public int FirstStart(IndexEntry entry) => _firstStarts[(entry.Folder, entry.File)];

    /// <summary>The entries that the declaration mentions.</summary>
    /// <param name="missing">
    /// Gets the names that no entry stands for: for an inline function those are methods of its class,
    /// written by hand.
    /// </param>
    public IEnumerable<IndexEntry> DependenciesOf(IndexEntry entry, ICollection<string> missing)
    {
        var found = new List<IndexEntry>();
        foreach (string name in entry.Dependencies)
        {
            int before = found.Count;
            found.AddRange(ByName(name).Where(other => other.Library == entry.Library && MayMention(entry, other)));
            if (found.Count == before)
            {
                found.AddRange(ByName(name).Where(other => other.IsType));
            }
            if (found.Count == before)
            {
                missing.Add(name);
            }
        }
        return found;
    }

    // C's name of a struct may also be that of a function: what is mentioned is what such a declaration can
    // use. An inline function calls exported ones as methods of its own class, never through the table of
    // pointers.
    private static bool MayMention(IndexEntry entry, IndexEntry other) => entry.Kind switch
    {
        EntryKind.Alias => other.IsType || other.Kind == EntryKind.Function,
        EntryKind.Inline => other.Kind is not (EntryKind.Function or EntryKind.Alias),
        _ => other.IsType,
    };

    private void Add(IndexEntry entry)
    {
        AddTo(_byName, entry.Name, entry);
        // An alias has its target there.
        if (entry.Spelling.Length > 0 && entry.Kind != EntryKind.Alias)
        {
            AddTo(_bySpelling, entry.Spelling, entry);
            AddTo(_bySpelling, entry.Spelling.Substring(entry.Spelling.LastIndexOf(' ') + 1), entry);
        }
        HasInlineFunctions |= entry.Kind == EntryKind.Inline;
        if (entry.Length > 0)
        {
            (string, string) file = (entry.Folder, entry.File);
            _firstStarts[file] =
                _firstStarts.TryGetValue(file, out int first) ? Math.Min(first, entry.Start) : entry.Start;
        }
    }

    private static void AddTo(Dictionary<string, List<IndexEntry>> map, string key, IndexEntry entry)
    {
        if (!map.TryGetValue(key, out List<IndexEntry>? list))
        {
            map.Add(key, list = []);
        }
        if (!list.Contains(entry))
        {
            list.Add(entry);
        }
    }
}
