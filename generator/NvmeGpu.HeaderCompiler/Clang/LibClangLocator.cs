using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NvmeGpu.HeaderCompiler.Clang;

/// <summary>Finds libclang and the headers that belong to it (stddef.h, stdarg.h, ...).</summary>
internal static partial class LibClangLocator
{
    /// <summary>
    /// The version that the committed bindings are made with; another one is used if this is not there.
    /// </summary>
    private const int PreferredVersion = 19;

    /// <summary>Operators of the AST are visible in the C API since this version.</summary>
    private const int OldestVersion = 17;

    private const string HowToInstall =
        "install it with: apt-get install libclang1-19 libclang-common-19-dev";

    private static string? s_loadedFrom;

    /// <summary>Loads the library once per process and returns the folder of its resource headers.</summary>
    /// <exception cref="CompilerException">There is none, or it cannot be loaded.</exception>
    public static string Load()
    {
        string path = s_loadedFrom ?? FindLibrary();
        string resources = FindResourceFolder(path);
        if (s_loadedFrom is null)
        {
            if (!NativeLibrary.TryLoad(path, out nint handle))
            {
                throw new CompilerException(
                    $"{path}: this file cannot be loaded as libclang (another architecture, or not a shared "
                        + "library); "
                    + $"correct LIBCLANG_PATH, or {HowToInstall}");
            }
            NativeLibrary.SetDllImportResolver(
                Assembly.GetExecutingAssembly(), (name, _, _) => name == LibClang.Name ? handle : 0);
            s_loadedFrom = path;
        }
        return resources;
    }

    private static string FindLibrary()
    {
        string? given = Environment.GetEnvironmentVariable("LIBCLANG_PATH");
        if (!string.IsNullOrEmpty(given))
        {
            return File.Exists(given)
                ? given
                : LibrariesIn(given).FirstOrDefault()
                    ?? throw new CompilerException(
                        $"LIBCLANG_PATH is {given}, and there is no libclang there; correct or unset it, or "
                            + $"{HowToInstall}");
        }

        return UsualFolders()
            .SelectMany(LibrariesIn)
            .OrderByDescending(path => VersionOf(path) == PreferredVersion)
            .ThenByDescending(VersionOf)
            .FirstOrDefault(path => VersionOf(path) >= OldestVersion)
            ?? throw new CompilerException(
                $"libclang {OldestVersion} or newer is not on this machine (looked in LIBCLANG_PATH, "
                    + "/usr/lib/llvm-*/lib "
                + $"and the library folders below /usr/lib); {HowToInstall}");
    }

    private static IEnumerable<string> UsualFolders()
    {
        IEnumerable<string> llvm = Directory.Exists("/usr/lib")
            ? Directory.EnumerateDirectories("/usr/lib", "llvm-*")
                .Select(folder => Path.Combine(folder, "lib"))
            : [];
        return [.. llvm, "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
            "/usr/local/lib"];
    }

    private static IEnumerable<string> LibrariesIn(string folder)
    {
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "libclang*.so*")
                .Where(path => LibraryName().IsMatch(Path.GetFileName(path)))
                .OrderDescending(StringComparer.Ordinal)
            : [];
    }

    private static int VersionOf(string path)
    {
        Match match = VersionInPath().Match(path);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan) : 0;
    }

    // Debian has libclang in the multiarch folder, its headers in /usr/lib/llvm-N/lib/clang/N; the upstream
    // archives have both in one lib folder.
    private static string FindResourceFolder(string library)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(library))!;
        int version = VersionOf(library);
        return new[] { Path.Combine(folder, "clang"), $"/usr/lib/llvm-{version}/lib/clang" }
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(candidate => version == 0 || Path.GetFileName(candidate).Split('.')[0] == $"{version}")
            .Order(StringComparer.Ordinal)
            .LastOrDefault(candidate => File.Exists(Path.Combine(candidate, "include", "stddef.h")))
            ?? throw new CompilerException(
                $"{library}: its own headers (stddef.h, stdarg.h, ...) are not beside it; {HowToInstall}");
    }

    [GeneratedRegex(@"^libclang(-\d+)?\.so(\.[\d.]+)?$")]
    private static partial Regex LibraryName();

    [GeneratedRegex(@"(?:llvm-|libclang-|libclang\.so\.)(\d+)")]
    private static partial Regex VersionInPath();
}
