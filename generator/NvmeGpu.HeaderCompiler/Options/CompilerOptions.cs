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

    public List<string> IncludeDirectories { get; } = [];

    public List<string> Defines { get; } = [];

    public List<string> Additional { get; } = [];

    public List<string> Excludes { get; } = [];

    public List<string> Includes { get; } = [];

    public Dictionary<string, string> Remaps { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public List<string> SuppressGCTransition { get; } = [];

    public string? Standard { get; set; }

    public string? Target { get; set; }

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

    public static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
