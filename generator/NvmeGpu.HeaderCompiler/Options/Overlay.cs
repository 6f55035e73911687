using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>
/// What C cannot say about a library, in a file beside its response file. One entry per line; <c>#</c> starts
/// a comment.
/// <code>
/// attribute NAME = KernelRetains(Until.Completion)   a contract; NAME as below
/// attribute FUNCTION() = return: MustObserve          a contract of what it returns
/// summary   NAME = One line for the documentation.
/// man       NAME = io_uring_enter(2)                  what to read about it; * stands for NAME
/// flags     ENUM                                       [Flags]
/// type      CONSTANT = uint                            the type of a constant, or below an enum
/// gc-free   FUNCTION()                                 called without a GC transition: short, never blocking
/// implemented FUNCTION                                 translated bodies call our C# method, not the
/// library's also      NAME                                       bind it although its header is not
/// traversed names     typedef                                    a complete type takes its typedef's name,
/// not its tag
/// </code>
/// NAME is <c>type</c>, <c>type.field</c>, <c>CONSTANT</c>, <c>function()</c> or <c>function(parameter)</c>;
/// in it,
/// <c>*</c> and <c>?</c> stand for any letters.
/// An entry whose target the headers do not have is an error: it would be a contract that nobody keeps.
/// </summary>
internal sealed partial class Overlay
{
    private static readonly string[] s_constantTypes =
        ["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong"];

    private readonly List<Entry> _entries = [];
    private readonly HashSet<Entry> _used = [];
    private readonly string _path;

    private Overlay(string path) => _path = path;

    public HashSet<string> Also { get; } = new(StringComparer.Ordinal);

    public bool PrefersTypedefNames { get; private set; }

    public static Overlay Load(string? path)
    {
        if (path is null)
        {
            return new Overlay("");
        }
        var overlay = new Overlay(path);
        string[] lines = InputFile.ReadLines(path, "overlay");
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Split('#')[0].Trim();
            if (line.Length > 0)
            {
                overlay.Add(line, i + 1);
            }
        }
        return overlay;
    }

    public IReadOnlyList<string> Attributes(string target) =>
        [.. Find("attribute", target).Select(entry => entry.Value)];

    public string? Summary(string target) => Find("summary", target).FirstOrDefault()?.Value;

    public string? Manual(string target) =>
        Find("man", target).FirstOrDefault()?.Value.Replace("*", target.Replace("()", ""));

    public bool IsFlags(string target) => Find("flags", target).Count > 0;

    /// <summary>An exported function has a C# method of the same name in the library's class.</summary>
    public bool IsImplemented(string function) => Find("implemented", function).Count > 0;

    public bool IsGCFree(string target) => Find("gc-free", target).Count > 0;

    public PrimitiveType? ConstantType(string name) => Find("type", name).FirstOrDefault() is { } entry
        ? new PrimitiveType(entry.Value, entry.Value switch
        {
            "sbyte" or "byte" => 1,
            "short" or "ushort" => 2,
            "int" or "uint" => 4,
            _ => 8,
        })
        : null;

    public bool HasAttributes => _entries.Exists(entry => entry.Verb == "attribute");

    /// <summary>
    /// A parameter of the function, or what it returns, has a contract: a function pointer cannot carry it.
    /// </summary>
    public bool NeedsMethod(string function) => _entries.Any(entry =>
        entry.Verb == "attribute" && entry.Target.StartsWith(function + "(", StringComparison.Ordinal)
        && (entry.Target != function + "()" || entry.Value.StartsWith("return:", StringComparison.Ordinal)));

    /// <summary>Called when everything was emitted: an entry that nothing asked for names nothing.</summary>
    public void ThrowOnUnused()
    {
        if (_entries.Find(entry => !_used.Contains(entry)) is { } unused)
        {
            throw new CompilerException(
                $"{PlaceOf(unused.Line)}: the headers have no {unused.Target} that '{unused.Verb}' could "
                    + "apply to; correct "
                + "the name, or remove the line");
        }
    }

    private List<Entry> Find(string verb, string target)
    {
        List<Entry> found = _entries.FindAll(entry =>
            entry.Verb == verb && (entry.Target == target
                || (entry.Target.AsSpan().ContainsAny('*', '?') && CompilerOptions.Matches(
                entry.Target, target))));
        _used.UnionWith(found);
        return found;
    }

    private void Add(string line, int number)
    {
        Match match = EntryLine().Match(line);
        if (!match.Success)
        {
            throw Bad(number, "this is not 'VERB NAME' or 'VERB NAME = VALUE'");
        }
        string verb = match.Groups[1].Value;
        string target = match.Groups[2].Value;
        string value = match.Groups[3].Value.Trim();
        switch (verb)
        {
            case "names" when target == "typedef" && value.Length == 0:
                PrefersTypedefNames = true;
                return;
            case "also" when value.Length == 0:
                Also.Add(target);
                return;
            case "flags" or "gc-free" or "implemented" when value.Length == 0:
            case "summary" or "man" when value.Length > 0:
            case "type" when s_constantTypes.Contains(value):
            case "attribute" when AttributeText().IsMatch(value):
                _entries.Add(new Entry(number, verb, target, value));
                return;
            case "names" or "also" or "flags" or "gc-free" or "implemented":
                throw Bad(number, $"'{verb}' takes no value");
            case "summary" or "man":
                throw Bad(number, $"'{verb}' needs '= TEXT'");
            case "type":
                throw Bad(number,
                    $"'{value}' is no type of a constant (one of {string.Join(", ", s_constantTypes)})");
            case "attribute":
                throw Bad(number, $"'{value}' is no attribute: write Name, or Name(arguments)");
            default:
                throw Bad(number,
                    $"'{verb}' is not known (attribute, summary, man, flags, type, gc-free, implemented, "
                    + "also, names)");
        }
    }

    /// <summary>Types given on the command line count as the overlay's.</summary>
    public void AddTypes(IReadOnlyDictionary<string, string> types)
    {
        foreach ((string name, string type) in types)
        {
            Add($"type {name} = {type}", number: 0);
        }
    }

    private CompilerException Bad(int line, string what) => new($"{PlaceOf(line)}: {what}; correct the line");

    private string PlaceOf(int line) => line == 0 ? "--with-type" : $"{_path}:{line}";

    private sealed record Entry(int Line, string Verb, string Target, string Value);

    [GeneratedRegex(@"^([\w-]+)\s+([\w.*?()]+)\s*(?:=\s*(.+))?$")]
    private static partial Regex EntryLine();

    [GeneratedRegex(@"^(return: )?[A-Z]\w*(\([\w.,=""| ]*\))?$")]
    private static partial Regex AttributeText();
}
