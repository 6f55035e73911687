using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Who may see what. By default the build of the consumer chooses (<c>NVMEGPU_PUBLIC</c>) and the types say
/// nothing; what <c>--with-access-specifier</c> names says it in place, and so does everything in a
/// self-contained library. The result always compiles: what a public type mentions is public too unless it
/// was named, and a member that mentions an internal type of a public one is internal itself.
/// </summary>
internal sealed class Accessibility
{
    private readonly Dictionary<string, string> _specifiers;
    private readonly string? _default;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public Accessibility(CompilerOptions options, LibraryModel library)
    {
        _specifiers = new Dictionary<string, string>(options.AccessSpecifiers, StringComparer.Ordinal);
        _default = _specifiers.GetValueOrDefault("*") ?? (options.WritesHelperTypes ? "public" : null);
        if (_default is null)
        {
            SpreadPublic(library);
        }
        foreach (RecordModel record in library.Records)
        {
            ThrowIfPrivate(record.Name);
        }
        foreach (EnumModel model in library.Enums)
        {
            ThrowIfPrivate(model.Name);
        }
    }

    /// <summary>Whether types that nobody named leave the choice to the build.</summary>
    public bool IsChosenByBuild => _default is null;

    /// <summary><c>public</c> or <c>internal</c>; null when the build chooses.</summary>
    public string? OfType(string name)
    {
        _asked.Add(name);
        return _specifiers.GetValueOrDefault(name) ?? _default;
    }

    /// <param name="container">The type that has the member.</param>
    /// <param name="name">The member, as the option names it: a name of its own, or TYPE.FIELD.</param>
    /// <param name="dependencies">The generated types that its signature mentions.</param>
    public string OfMember(string container, string name, IEnumerable<string> dependencies)
    {
        _asked.Add(name);
        bool mustHide = OfType(container) != "internal"
            && dependencies.Any(type => OfType(type) == "internal");
        return _specifiers.GetValueOrDefault(name) switch
        {
            null or "public" => mustHide ? "internal" : "public",
            string specifier => specifier,
        };
    }

    /// <summary>Names that no declaration has; called when everything was emitted.</summary>
    public IEnumerable<string> Unused() =>
        _specifiers.Keys.Where(name => name != "*" && !_asked.Contains(name));

    private void SpreadPublic(LibraryModel library)
    {
        Dictionary<string, RecordModel> records = library.Records
            .GroupBy(record => record.Name).ToDictionary(group => group.Key, group => group.First());
        var open =
            new Queue<string>(_specifiers.Where(pair => pair.Value == "public").Select(pair => pair.Key));
        while (open.TryDequeue(out string? name))
        {
            if (records.TryGetValue(name, out RecordModel? record))
            {
                foreach (string type in RecordEmitter.Dependencies(record))
                {
                    if (_specifiers.TryAdd(type, "public"))
                    {
                        _asked.Add(type);
                        open.Enqueue(type);
                    }
                }
            }
        }
    }

    private void ThrowIfPrivate(string type)
    {
        if (_specifiers.GetValueOrDefault(type) == "private")
        {
            throw new CompilerException(
                $"--with-access-specifier {type}=private: {type} is a type, which is public or internal; "
                + "correct "
                    + "the specifier");
        }
    }
}
