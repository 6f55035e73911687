using System;
using System.Collections.Generic;
using System.IO;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes generated files: each to a temporary name first, then renamed; unchanged ones are left alone.
/// </summary>
internal static class OutputFolder
{
    /// <returns>How many files were written.</returns>
    public static int Write(string folder, SortedDictionary<string, string> texts)
    {
        try
        {
            Directory.CreateDirectory(folder);
            int written = 0;
            foreach ((string name, string text) in texts)
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path) && File.ReadAllText(path) == text)
                {
                    continue;
                }
                string temporary = $"{path}.{Environment.ProcessId}.tmp";
                File.WriteAllText(temporary, text);
                File.Move(temporary, path, overwrite: true);
                written++;
            }
            // What an earlier version wrote and this one does not any more.
            foreach (string old in Directory.EnumerateFiles(folder, "*.g.cs"))
            {
                if (!texts.ContainsKey(Path.GetFileName(old)))
                {
                    File.Delete(old);
                    written++;
                }
            }
            return written;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CompilerException(
                $"{folder}: the generated files could not be written ({failure.Message}); check the "
                    + "permissions, the free "
                + "space and that --output is a folder");
        }
    }
}
