using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes generated files. All of them go to temporary names first and are renamed when the last one was
/// written whole, so that a full disk leaves the output as it was. Unchanged files are left alone; files that
/// somebody else wrote are never replaced or removed.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    /// <summary>In the first lines of every generated file.</summary>
    public const string Mark = "Made by generator/NvmeGpu.HeaderCompiler; not to be edited";

    private readonly string _folder;
    private readonly List<(string Temporary, string Path)> _staged = [];
    private readonly List<string> _outdated = [];

    private OutputFolder(string folder) => _folder = folder;

    /// <returns>How many files were written or removed.</returns>
    public static int Write(string folder, SortedDictionary<string, string> texts)
    {
        using OutputFolder output = Stage(folder, texts);
        return output.Commit();
    }

    /// <summary>Writes what has changed to temporary files. Nothing is replaced yet.</summary>
    public static OutputFolder Stage(string folder, SortedDictionary<string, string> texts)
    {
        var output = new OutputFolder(folder);
        try
        {
            output.Stage(texts);
            return output;
        }
        // A limit on the size of files (ulimit -f) comes as an argument that is out of range.
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or ArgumentOutOfRangeException)
        {
            output.Dispose();
            throw output.NotWritten(failure);
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>Puts the files in place. Only renames are left to do.</summary>
    /// <returns>How many files were written or removed.</returns>
    public int Commit()
    {
        try
        {
            foreach ((string temporary, string path) in _staged)
            {
                File.Move(temporary, path, overwrite: true);
            }
            _outdated.ForEach(File.Delete);
            return _staged.Count + _outdated.Count;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(failure);
        }
    }

    /// <summary>Removes the temporary files that were not put in place.</summary>
    public void Dispose()
    {
        foreach ((string temporary, _) in _staged)
        {
            File.Delete(temporary);
        }
    }

    private void Stage(SortedDictionary<string, string> texts)
    {
        Directory.CreateDirectory(_folder);
        foreach ((string name, string text) in texts)
        {
            string path = Path.Combine(_folder, name);
            if (Directory.Exists(path))
            {
                throw new CompilerException(
                    $"{path}: this is a folder, but a generated file has this name; remove it, or choose "
                    + "another "
                        + "--output");
            }
            string? before = File.Exists(path) ? File.ReadAllText(path) : null;
            if (before == text)
            {
                continue;
            }
            if (before is { Length: > 0 } && !IsOurs(before))
            {
                throw new CompilerException(
                    $"{path}: this file was not made by nvmegpu-headers, and is not replaced; remove it, or "
                        + "choose another --output");
            }
            string temporary = $"{path}.{Environment.ProcessId}.tmp";
            _staged.Add((temporary, path));
            File.WriteAllText(temporary, text);
        }
        // What an earlier version wrote and this one does not any more.
        _outdated.AddRange(Directory.EnumerateFiles(_folder, "*.g.cs").Where(old =>
            !texts.ContainsKey(Path.GetFileName(old)) && IsOurs(File.ReadAllText(old))));
    }

    // The mark stands in the first lines.
    private static bool IsOurs(string text) =>
        text.AsSpan(0, Math.Min(text.Length, 2000)).Contains(Mark, StringComparison.Ordinal);

    private CompilerException NotWritten(Exception failure) => new(
        $"{_folder}: the generated files could not be written ({failure.Message}); check the permissions, "
        + "the "
            + "free space and that --output is a folder");
}
