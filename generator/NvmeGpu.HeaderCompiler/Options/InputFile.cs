using System;
using System.IO;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>
/// Reads the small text files that a user wrote, and says which one is missing or unreadable.
/// </summary>
internal static class InputFile
{
    public static string[] ReadLines(string path, string kind)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, kind, failure);
        }
    }

    /// <summary>Fails now, with a sentence, rather than later in libclang with a number.</summary>
    public static void ThrowIfNoText(string path, string kind)
    {
        try
        {
            // clang skips a NUL without a word, and UTF-16 is full of them.
            int at = File.ReadAllBytes(path).AsSpan().IndexOf((byte)0);
            if (at >= 0)
            {
                throw new CompilerException(
                    $"{path}: this {kind} file is not text (byte {at} is zero: a program, an archive, or "
                        + "UTF-16); give a header in ASCII or UTF-8");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, kind, failure);
        }
    }

    private static CompilerException Unreadable(string path, string kind, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new CompilerException($"{path}: this {kind} file does not exist; correct the path"),
        UnauthorizedAccessException when Directory.Exists(path) =>
            new CompilerException($"{path}: this is a folder, but a {kind} file is needed; correct the path"),
        UnauthorizedAccessException =>
            new CompilerException($"{path}: you may not read this {kind} file; change its permissions"),
        _ => new CompilerException(
            $"{path}: this {kind} file could not be read ({failure.Message}); check the disk"),
    };
}
