using System;
using System.Collections.Generic;
using System.Threading;

namespace NvmeGpu.BindingsOnDemand.Metadata;

/// <summary>
/// Everything that the bindings have, by name, and the files to cut it out of. Made once for a set of files:
/// two of these are equal only when they are the same.
/// </summary>
internal sealed class BindingsIndex
{
    private static readonly List<IndexEntry> s_none = [];

    private readonly List<IndexEntry> _entries = [];
    private readonly Dictionary<string, List<IndexEntry>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<IndexEntry>> _bySpelling = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BindingsFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _firstStarts = new(StringComparer.Ordinal);
    private readonly List<string> _libraries = [];
    private readonly List<BindingsFile> _supportFiles = [];
    private readonly List<Finding> _problems = [];

    private BindingsIndex()
    {
    }

    public IReadOnlyList<IndexEntry> Entries => _entries;

    public IReadOnlyList<Finding> Problems => _problems;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<string> Libraries => _libraries;

    /// <summary>The hand-written attributes, in the order of their names.</summary>
    public IReadOnlyList<BindingsFile> SupportFiles => _supportFiles;

    public bool HasInlineFunctions { get; private set; }

    public static BindingsIndex Read(EquatableArray<BindingsFile> files, CancellationToken cancellation)
    {
        var index = new BindingsIndex();
        var sorted = new List<BindingsFile>(files);
        sorted.Sort((a, b) => string.CompareOrdinal(a.Text.Path, b.Text.Path));
        foreach (BindingsFile file in sorted)
        {
            index._files[Key(file.Folder, file.Name)] = file;
            if (file.Library == BindingsFile.Support)
            {
                index._supportFiles.Add(file);
            }
            if (file.Name == IndexReader.FileName)
            {
                IndexReader.Read(file, index._entries, index._problems, cancellation);
            }
        }
        foreach (IndexEntry entry in index._entries)
        {
            index.Add(entry);
        }
        index._libraries.Sort(StringComparer.Ordinal);
        if (index._entries.Count == 0 && index._problems.Count == 0)
        {
            index._problems.Add(new Finding(
                Rules.UnreadableBindings,
                null,
                "none reached the generator; NvmeGpu.props gives them to it as AdditionalFiles: import that "
                + "file, and do "
                    + "not remove its items"));
        }
        return index;
    }

    public IReadOnlyList<IndexEntry> ByName(string name) =>
        _byName.TryGetValue(name, out List<IndexEntry>? found) ? found : s_none;

    /// <summary>By what C calls it: <c>struct io_uring_sqe</c>, or the tag alone.</summary>
    public IReadOnlyList<IndexEntry> BySpelling(string spelling) =>
        _bySpelling.TryGetValue(spelling, out List<IndexEntry>? found) ? found : s_none;

    /// <summary>All names that a list can have, each once.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    public BindingsFile? File(IndexEntry entry) =>
        _files.TryGetValue(Key(entry.Folder, entry.File), out BindingsFile? file) ? file : null;

    /// <summary>
    /// Where the file's first declaration begins: what stands before it is the file's head.
    /// </summary>
    public int FirstStart(IndexEntry entry) => _firstStarts[Key(entry.Folder, entry.File)];

    /// <summary>The entries that the declaration mentions.</summary>
    /// <param name="missing">
    /// Gets the names that no entry stands for: for an inline function those are methods of its class,
    /// written by hand.
    /// </param>
    public IReadOnlyList<IndexEntry> DependenciesOf(IndexEntry entry, List<string> missing)
    {
        var found = new List<IndexEntry>();
        foreach (string name in entry.Dependencies)
        {
            IReadOnlyList<IndexEntry> named = ByName(name);
            int before = found.Count;
            foreach (IndexEntry other in named)
            {
                if (other.Library == entry.Library && MayMention(entry, other))
                {
                    found.Add(other);
                }
            }
            if (found.Count == before)
            {
                foreach (IndexEntry other in named)
                {
                    if (other.IsType)
                    {
                        found.Add(other);
                    }
                }
            }
            if (found.Count == before)
            {
                missing.Add(name);
            }
        }
        return found;
    }

    // C's name of a struct may also be that of a function: what is mentioned is what such a declaration can
    // use. A static inline function calls exported ones as methods of its own class, never through the table
    // of pointers; one that is a method of the table calls through its fields.
    private static bool MayMention(IndexEntry entry, IndexEntry other) => entry.Kind switch
    {
        EntryKind.Alias => other.IsType || other.Kind == EntryKind.Function,
        EntryKind.Inline =>
            other.Kind is not (EntryKind.Function or EntryKind.Alias or EntryKind.TableInline),
        EntryKind.TableInline => true,
        _ => other.IsType,
    };

    private void Add(IndexEntry entry)
    {
        if (!_libraries.Contains(entry.Library))
        {
            _libraries.Add(entry.Library);
        }
        AddTo(_byName, entry.Name, entry);
        // An alias has its target there.
        if (entry.Spelling.Length > 0 && entry.Kind != EntryKind.Alias)
        {
            AddTo(_bySpelling, entry.Spelling, entry);
            int blank = entry.Spelling.LastIndexOf(' ');
            if (blank >= 0)
            {
                AddTo(_bySpelling, entry.Spelling.Substring(blank + 1), entry);
            }
        }
        HasInlineFunctions |= entry.Kind == EntryKind.Inline;
        if (entry.Length > 0)
        {
            string file = Key(entry.Folder, entry.File);
            _firstStarts[file] =
                _firstStarts.TryGetValue(file, out int first) ? Math.Min(first, entry.Start) : entry.Start;
        }
    }

    private static string Key(string folder, string name) => folder + "/" + name;

    private static void AddTo(Dictionary<string, List<IndexEntry>> map, string key, IndexEntry entry)
    {
        if (!map.TryGetValue(key, out List<IndexEntry>? list))
        {
            map.Add(key, list = []);
        }
        list.Add(entry);
    }
}
