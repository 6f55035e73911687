using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>What one library's run was asked for. Paths are absolute.</summary>
internal sealed class CompilerOptions
{
    public List<string> Files { get; } = [];

    /// <summary>The headers whose declarations are bound; the files themselves when empty.</summary>
    public List<string> Traverse { get; } = [];

    public List<string> IncludeDirectories { get; private set; } = [];

    public List<string> Defines { get; } = [];

    public List<string> Additional { get; } = [];

    public List<string> Excludes { get; } = [];

    public List<string> Includes { get; } = [];

    public Dictionary<string, string> Remaps { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public List<string> SuppressGCTransition { get; } = [];

    /// <summary>Type, constant, function or TYPE.FIELD, or *, to public, internal or private.</summary>
    public Dictionary<string, string> AccessSpecifiers { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Write a self-contained library: the attributes that the code uses are written as well, and the
    /// accessibility stands at each type instead of being the build's choice.
    /// </summary>
    public bool WritesHelperTypes { get; set; }

    public string? Standard { get; set; }

    public string? Target { get; set; }

    /// <summary>Another target whose output is compared with this one's, and only reported.</summary>
    public string? CompareTarget { get; set; }

    /// <summary>The other target's include directories; the same ones when empty.</summary>
    public List<string> CompareIncludeDirectories { get; } = [];

    public string Namespace { get; set; } = "NvmeGpu.Bindings";

    /// <summary>The class of the constants; with "Functions" added, that of the function table.</summary>
    public string ClassName { get; set; } = "Methods";

    public string? LibraryPath { get; set; }

    public string? Output { get; set; }

    /// <summary>Where translated inline functions go; to <see cref="Output"/> when null.</summary>
    public string? InlineOutput { get; set; }

    /// <summary>Functions with bodies are listed, not translated.</summary>
    public bool ExcludesBodies { get; set; }

    public string? OverlayPath { get; set; }

    /// <summary>
    /// The lock that says which package and version a header is from; for the provenance lines.
    /// </summary>
    public string? LockPath { get; set; }

    /// <summary>Print the headers that were read, and write nothing.</summary>
    public bool ListsHeaders { get; set; }

    /// <summary>Print every declaration that was not bound, not just the counts.</summary>
    public bool LogsExclusions { get; set; }

    public bool IsExcluded(string name) =>
        Excludes.Any(pattern => Matches(pattern, name))
        || (Includes.Count > 0 && name.Length > 0 && !Includes.Any(pattern => Matches(pattern, name)));

    /// <summary>Remaps that named something of the headers.</summary>
    public HashSet<string> UsedRemaps { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>The C# name of something that C calls so.</summary>
    /// <param name="spelling">With its keyword (<c>struct stat</c>), where it has one.</param>
    public string Rename(string name, string? spelling = null)
    {
        foreach (string key in new[] { spelling ?? name, name })
        {
            if (Remaps.TryGetValue(key, out string? renamed))
            {
                UsedRemaps.Add(key);
                return renamed;
            }
        }
        return name;
    }

    /// <summary>The same headers and choices for <see cref="CompareTarget"/>.</summary>
    public CompilerOptions ForCompareTarget()
    {
        var other = (CompilerOptions)MemberwiseClone();
        other.Target = CompareTarget;
        other.CompareTarget = null;
        if (CompareIncludeDirectories.Count > 0)
        {
            other.IncludeDirectories = CompareIncludeDirectories;
        }
        return other;
    }

    public static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
