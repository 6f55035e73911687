using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>
/// Reads the command line: options with one or more values, and @response files, one argument per line.
/// </summary>
internal static class CommandLine
{
    /// <summary>Ends the options of one library; those of the next one follow.</summary>
    public const string Next = "--next";

    public static IReadOnlyList<CompilerOptions> Parse(IEnumerable<string> arguments)
    {
        var libraries = new List<CompilerOptions> { new() };
        bool isUsed = false;
        Option? current = null;
        string currentName = "";
        int values = 0;
        foreach (Argument argument in Expand(arguments, Directory.GetCurrentDirectory(), depth: 0))
        {
            (string text, string folder) = argument;
            if (text == Next)
            {
                EndOption();
                libraries.Add(new CompilerOptions());
                isUsed = false;
                continue;
            }
            isUsed = true;
            (string name, string? attached) = Split(text);
            Option? option = OptionTable.Find(name);
            if (option is null && (current is null || (text.StartsWith('-') && !current.TakesDashes)))
            {
                throw new CompilerException(text.StartsWith('-')
                    ? $"{name}: this option is not known; correct it, or see --help"
                    : $"{text}: this argument belongs to no option; a header is given as --file {text}");
            }
            if (option is null)
            {
                current!.Apply(libraries[^1], text, folder);
                values++;
                continue;
            }

            EndOption();
            if (option.Refusal is not null)
            {
                throw new CompilerException($"{name} is not supported: {option.Refusal}; remove it");
            }
            (current, currentName) = (option, name);
            if (attached is not null)
            {
                current.Apply(libraries[^1], attached, folder);
                values++;
            }
        }
        EndOption();
        if (!isUsed)
        {
            libraries.RemoveAt(libraries.Count - 1); // a trailing --next
        }
        libraries.ForEach(Check);
        if (libraries.Where(library => !library.ListsHeaders)
            .GroupBy(library => library.Output).FirstOrDefault(group => group.Count() > 1) is { } shared)
        {
            throw new CompilerException(
                $"--output {shared.Key}: two libraries would write to this folder, each removing the files "
                + "of "
                    + "the other; give each a folder of its own");
        }
        return libraries;

        void EndOption()
        {
            if (current is not null && values == 0)
            {
                throw new CompilerException(
                    $"{currentName}: this option needs a value; add one, or remove it");
            }
            current = null;
            values = 0;
        }
    }

    private static void Check(CompilerOptions options)
    {
        if (options.Files.Count == 0)
        {
            throw new CompilerException(
                "no header was given; add --file HEADER, or @FILE with the options; see --help");
        }
        if (options.Output is null && !options.ListsHeaders)
        {
            throw new CompilerException($"no --output was given for {options.Files[0]}; add --output FOLDER");
        }
        foreach (string file in options.Files)
        {
            InputFile.ThrowIfNoText(file, "header");
        }
        CheckFolders("--include-directory", options.IncludeDirectories);
        CheckFolders("--compare-include-directory", options.CompareIncludeDirectories);
    }

    private static void CheckFolders(string option, IEnumerable<string> folders)
    {
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw new CompilerException(
                    $"{option} {folder}: this folder does not exist; run native-headers/restore, "
                        + "or correct the path");
            }
        }
    }

    private static IEnumerable<Argument> Expand(IEnumerable<string> arguments, string folder, int depth)
    {
        const int DepthMax = 8;
        if (depth > DepthMax)
        {
            throw new CompilerException(
                $"response files include each other more than {DepthMax} deep; break the circle");
        }
        foreach (string argument in arguments)
        {
            if (!argument.StartsWith('@') || argument.Length == 1)
            {
                yield return new Argument(argument, folder);
                continue;
            }
            string path = Path.GetFullPath(argument[1..], folder);
            IEnumerable<string> lines = InputFile.ReadLines(path, "response")
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#');
            foreach (Argument inner in Expand(lines, Path.GetDirectoryName(path)!, depth + 1))
            {
                yield return inner;
            }
        }
    }

    // --option=value; but --remap a=b has its equals sign in the value.
    private static (string Name, string? Attached) Split(string text)
    {
        int equals = text.StartsWith("--", StringComparison.Ordinal) ? text.IndexOf('=') : -1;
        return equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
    }

    private sealed record Argument(string Text, string Folder);
}
