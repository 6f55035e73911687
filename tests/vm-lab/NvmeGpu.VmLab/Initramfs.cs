using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab;

/// <summary>The guest's files: its program as /init, and the C library that it was linked with.</summary>
internal static class Initramfs
{
    /// <summary>Writes the archive and returns its path.</summary>
    /// <param name="guest">The guest's program.</param>
    /// <param name="busybox">For a shell; null leaves it out.</param>
    /// <param name="tool">The command nvmegpu; null leaves it out.</param>
    public static string Write(string guest, string? busybox, string? tool = null)
    {
        string name = $"guest{(busybox is null ? "" : "-shell")}{(tool is null ? "" : "-tool")}.cpio";
        return Write(name, archive => Add(archive, guest, busybox, tool));
    }

    /// <summary>
    /// Writes an archive of the modules of a kernel, and returns its path: the kernel unpacks archives that
    /// stand one behind the other, and only guests that load modules have to wait for it.
    /// </summary>
    public static string WriteModules(string kernel)
    {
        return Write($"{kernel}-modules.cpio", archive =>
        {
            string folder = Path.Join(LabPaths.Artifacts, $"{kernel}-modules");
            foreach (string file in Directory.EnumerateFiles(folder, "*.ko"))
            {
                archive.AddFile($"modules/{Path.GetFileName(file)}", File.ReadAllBytes(file));
            }
        });
    }

    /// <summary>Writes an archive of the program in C, and returns its path.</summary>
    public static string WriteCReader(string program) =>
        Write("c-reader.cpio", archive => archive.AddFile("c-reader", File.ReadAllBytes(program)));

    /// <summary>Writes an archive of e4defrag(8) and its libraries, and returns its path.</summary>
    public static string WriteDefragmenter()
    {
        const string Program = "/usr/sbin/e4defrag";
        return File.Exists(Program)
            ? Write("e4defrag.cpio", archive =>
            {
                archive.AddFile("e4defrag", File.ReadAllBytes(Program));
                foreach (string library in LibrariesOf(Program))
                {
                    archive.AddFile(library, File.ReadAllBytes(library));
                }
            })
            : throw new LabException($"there is no {Program} on this machine; install e2fsprogs.");
    }

    private static string Write(string name, Action<CpioWriter> add)
    {
        string path = Path.Join(LabPaths.Artifacts, name);
        string temporary = $"{path}.{Environment.ProcessId}";
        using (FileStream file = File.Create(temporary))
        using (var archive = new CpioWriter(file))
        {
            add(archive);
        }
        File.Move(temporary, path, overwrite: true); // a guest that boots just now has the other one open
        return path;
    }

    private static void Add(CpioWriter archive, string guest, string? busybox, string? tool)
    {
        foreach (string folder in (string[])["dev", "proc", "sys", "tmp"])
        {
            archive.AddFolder(folder);
        }
        // Process 1 has them as its streams before it can mount anything.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddCharacterDevice("dev/null", 1, 3);
        archive.AddFile("init", File.ReadAllBytes(guest));
        if (tool is not null)
        {
            archive.AddFile("nvmegpu", File.ReadAllBytes(tool));
        }
        foreach (string library in LibrariesOf(guest).Concat(tool is null ? [] : LibrariesOfTool(tool))
            .Distinct())
        {
            archive.AddFile(library, File.ReadAllBytes(library));
        }
        if (busybox is not null)
        {
            archive.AddFile("busybox", File.ReadAllBytes(busybox));
        }
    }

    /// <summary>
    /// Its own, and OpenSSL's, which .NET loads by name when a program computes its first hash.
    /// </summary>
    private static List<string> LibrariesOfTool(string tool)
    {
        List<string> own = LibrariesOf(tool);
        string folder = Path.GetDirectoryName(
            own.Find(path => Path.GetFileName(path).StartsWith("libc.so", StringComparison.Ordinal)))!;
        foreach (string name in (string[])["libssl.so.3", "libcrypto.so.3"])
        {
            string path = Path.Join(folder, name);
            own.AddRange(File.Exists(path)
                ? LibrariesOf(path).Append(path)
                : throw new LabException($"there is no {path} on this machine; install libssl3."));
        }
        return own;
    }

    /// <summary>The libraries that a program is loaded with, by ldd(1), and the loader.</summary>
    private static List<string> LibrariesOf(string program)
    {
        using Process ldd = Process.Start(new ProcessStartInfo("ldd", [program])
        {
            RedirectStandardOutput = true,
        }) ?? throw new LabException("ldd did not start.");
        // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x...)" or "/lib64/ld-linux-x86-64.so.2 (0x...)"
        string[] lines = ldd.StandardOutput.ReadToEnd().Split('\n');
        ldd.WaitForExit();
        List<string> libraries =
        [
            .. lines.SelectMany(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(word => word.StartsWith('/')),
        ];
        return libraries.Count > 0
            ? libraries
            : throw new LabException($"ldd names no library of {program}, which cannot be.");
    }
}
