using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// What gcc writes for debuggers about a header's types and functions: a list of all members and parameters
/// that nobody here wrote or filtered. Read with readelf from an object file; see DWARF 4, chapter 5.
/// </summary>
internal sealed partial class DebugInformation
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Entry>> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _variables = new(StringComparer.Ordinal);

    /// <param name="functions">A variable that points to each of them makes gcc describe it.</param>
    public static async Task<DebugInformation> OfAsync(
        CCompiler compiler, string header, IEnumerable<string> functions)
    {
        using var folder = new TemporaryFolder();
        string program = folder.PathOf("all.c");
        await File.WriteAllTextAsync(
            program,
            $"#include \"{header}\"\n" + string.Concat(functions.Select(name =>
                $"__typeof__({name}) *nvg_{name} = {name};\n")),
            TestContext.Current.CancellationToken);
        await compiler.RunAsync(
            "-gdwarf-4", "-fno-eliminate-unused-debug-types", "-c", program, "-o", folder.PathOf("all.o"));
        ChildResult dump = await ChildProcess.RunAsync(
            "readelf", ["--debug-dump=info", "--wide", folder.PathOf("all.o")]);
        Assert.True(dump.ExitCode == 0, dump.Error);
        return new DebugInformation(dump.Output);
    }

    private DebugInformation(string dump)
    {
        var path = new List<Entry>();
        Entry? current = null;
        foreach (string line in dump.Split('\n'))
        {
            if (EntryLine().Match(line) is { Success: true } start)
            {
                int depth = int.Parse(start.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                current = new Entry(start.Groups[3].Value);
                _entries["0x" + start.Groups[2].Value] = current;
                path.RemoveRange(Math.Min(depth, path.Count), path.Count - Math.Min(depth, path.Count));
                if (depth > 0)
                {
                    path[depth - 1].Children.Add(current);
                }
                path.Add(current);
            }
            else if (current is not null && AttributeLine().Match(line) is { Success: true } attribute)
            {
                current.Attributes[attribute.Groups[1].Value] = attribute.Groups[2].Value.Trim();
            }
        }
        foreach (Entry entry in _entries.Values.Where(entry => entry.Name.Length > 0))
        {
            switch (entry.Tag)
            {
                case "structure_type" or "union_type" when !entry.Attributes.ContainsKey("declaration"):
                    Add(entry.Tag == "union_type" ? $"union {entry.Name}" : $"struct {entry.Name}", entry);
                    break;
                case "typedef" when TypeOf(entry) is { Name.Length: 0 } nameless:
                    Add(entry.Name, nameless);
                    break;
                case "variable":
                    _variables[entry.Name] = entry;
                    break;
            }
        }

        void Add(string spelling, Entry entry)
        {
            if (!_records.TryGetValue(spelling, out List<Entry>? all))
            {
                _records.Add(spelling, all = []);
            }
            all.Add(entry);
        }
    }

    /// <summary>
    /// Every member that has a name, those of nameless members included; of a nameless struct that has a name
    /// as a member, <c>member.inner</c> too. Null for what gcc knows no struct of.
    /// </summary>
    public IReadOnlyList<string>? MembersOf(string spelling) =>
        _records.TryGetValue(spelling, out List<Entry>? all) ? [.. Members(all[0], "")] : null;

    /// <summary>The shape of a function: see <see cref="Signatures"/>.</summary>
    public string SignatureOf(string function) => Shape(TypeOf(_variables["nvg_" + function]));

    private IEnumerable<string> Members(Entry record, string prefix)
    {
        foreach (Entry member in record.Children.Where(child => child.Tag == "member"))
        {
            Entry? type = TypeOf(member, followsTypedefs: false); // a typedef is a name
            bool isNamelessRecord = type is { Name.Length: 0, Tag: "structure_type" or "union_type" };
            if (member.Name.Length == 0)
            {
                foreach (string inner in isNamelessRecord ? Members(type!, prefix) : [])
                {
                    yield return inner;
                }
                continue;
            }
            if (isNamelessRecord && type!.Attributes.GetValueOrDefault("byte_size") == "0")
            {
                continue; // an empty struct without a name has nothing that could be bound
            }
            yield return prefix + member.Name;
            foreach (string inner in isNamelessRecord ? Members(type!, $"{prefix}{member.Name}.") : [])
            {
                yield return inner;
            }
        }
    }

    private string Shape(Entry? type)
    {
        if (type is null)
        {
            return "void";
        }
        string size = type.Attributes.GetValueOrDefault("byte_size", "");
        switch (type.Tag)
        {
            case "base_type":
                return (type.Attributes["encoding"].Split('\t', ' ')[0], type.Name) switch
                {
                    (_, "char") => Signatures.Integer(isSigned: true, "1"),
                    ("2" or "7" or "8", _) when size != "16" => Signatures.Integer(isSigned: false, size),
                    ("5" or "6", _) when size != "16" => Signatures.Integer(isSigned: true, size),
                    ("4", _) when size is "4" or "8" => "f" + size,
                    _ => "opaque",
                };
            case "enumeration_type":
                return TypeOf(type) is { } underlying
                    ? Shape(underlying)
                    : Signatures.Integer(type.Attributes["encoding"].StartsWith('5'), size);
            case "pointer_type":
                Entry? target = TypeOf(type);
                while (target?.Tag == "array_type")
                {
                    target = TypeOf(target);
                }
                return target?.Tag == "subroutine_type"
                    ? Shape(target)
                    : Shape(target) is var shape && shape == "opaque" ? "*void" : "*" + shape;
            case "subroutine_type":
                // Alone, they say that C does not know the parameters; after others, that there may be more.
                return type.Children.Exists(child => child.Tag == "unspecified_parameters")
                    && type.Children.Exists(child => child.Tag == "formal_parameter")
                    ? "*void"
                    : Signatures.Function(
                        type.Children.Where(child => child.Tag == "formal_parameter")
                            .Select(child => Shape(TypeOf(child))),
                        Shape(TypeOf(type)));
            case "structure_type" or "union_type":
                return Signatures.Record(type.Name.Length > 0 ? type.Name : NameOfNameless(type));
            default:
                return "opaque";
        }
    }

    private string NameOfNameless(Entry record) =>
        _records.FirstOrDefault(pair => pair.Value.Contains(record)).Key ?? "";

    // What an entry's type is behind typedefs and qualifiers; null for void.
    private Entry? TypeOf(Entry entry, bool followsTypedefs = true)
    {
        Entry? type = entry;
        do
        {
            type = type.Attributes.TryGetValue("type", out string? reference)
                ? _entries[reference[1..reference.IndexOf('>')]]
                : null;
        }
        while (type?.Tag is "const_type" or "volatile_type" or "restrict_type" or "atomic_type"
            || (followsTypedefs && type?.Tag is "typedef"));
        return type;
    }

    private sealed record Entry(string Tag)
    {
        public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

        public List<Entry> Children { get; } = [];

        public string Name => Attributes.GetValueOrDefault("name", "");
    }

    [GeneratedRegex(@"^ *<(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \(DW_TAG_(\w+)\)")]
    private static partial Regex EntryLine();

    // The value follows its form and, for a text, where it lies.
    [GeneratedRegex(@"^ *<[0-9a-f]+> +DW_AT_(\w+) *:(?: *\([^)]*\))* *:? *(.*)$")]
    private static partial Regex AttributeLine();
}
