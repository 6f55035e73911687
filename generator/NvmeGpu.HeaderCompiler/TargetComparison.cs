using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler;

/// <summary>
/// What one library's C# would be on another target: the same, or a list of the declarations that differ.
/// </summary>
internal static class TargetComparison
{
    // Of a declaration, the first lines that differ say what it is about.
    private const int LinesMax = 4;

    public static void Write(TextWriter output, Compiled ours, Compiled other)
    {
        string target = other.Options.Target!;
        Dictionary<string, string> here = Declarations(ours.Output);
        Dictionary<string, string> there = Declarations(other.Output);
        List<string> different = [.. here.Keys.Union(there.Keys)
            .Where(key => here.GetValueOrDefault(key) != there.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal)];
        if (different.Count == 0)
        {
            output.WriteLine($"  the same on {target}: all {here.Count} declarations");
            return;
        }
        output.WriteLine(
            $"  different on {target}: {different.Count} of {here.Keys.Union(there.Keys).Count()} "
            + "declarations");
        foreach (string key in different)
        {
            output.WriteLine($"    {key}{LocationOf(ours.Model, key) ?? LocationOf(other.Model, key)}: "
                + (!there.ContainsKey(key) ? $"not on {target}"
                    : !here.ContainsKey(key) ? $"only on {target}" : ""));
            if (here.TryGetValue(key, out string? one) && there.TryGetValue(key, out string? two))
            {
                WriteLines(output, one.Split('\n'), two.Split('\n'));
            }
        }
    }

    private static void WriteLines(TextWriter output, string[] here, string[] there)
    {
        foreach (string line in here.Except(there).Take(LinesMax))
        {
            output.WriteLine($"      - {line.Trim()}");
        }
        foreach (string line in there.Except(here).Take(LinesMax))
        {
            output.WriteLine($"      + {line.Trim()}");
        }
    }

    // The index knows where each declaration stands; an enum's members stand in the enum.
    private static Dictionary<string, string> Declarations(LibraryOutput output)
    {
        var declarations = new Dictionary<string, string>(StringComparer.Ordinal);
        AddDeclarations(declarations, output.Bindings);
        AddDeclarations(declarations, output.Inline);
        return declarations;
    }

    private static void AddDeclarations(
        Dictionary<string, string> declarations, SortedDictionary<string, string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }
        foreach (string[] entry in texts["index.txt"].Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Where(entry => entry[1] != "member"))
        {
            string text = texts[entry[2]].Substring(
                int.Parse(entry[3], null), int.Parse(entry[4], null));
            declarations[$"{entry[1]} {entry[0]}"] = text;
        }
    }

    private static string? LocationOf(LibraryModel model, string key)
    {
        string name = key[(key.IndexOf(' ') + 1)..];
        object? location = model.Records.Find(record => record.Name == name)?.Location
            ?? model.Enums.Find(candidate => candidate.Name == name)?.Location
            ?? model.Constants.Find(constant => constant.Name == name)?.Location
            ?? model.Functions.Find(function => function.Name == name)?.Location;
        return location is null ? null : $" ({location})";
    }
}
