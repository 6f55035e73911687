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
    public static string Write(string guest, string? busybox)
    {
        return Write(
            busybox is null ? "guest.cpio" : "guest-shell.cpio", archive => Add(archive, guest, busybox));
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

    private static void Add(CpioWriter archive, string guest, string? busybox)
    {
        foreach (string folder in (string[])["dev", "proc", "sys", "tmp"])
        {
            archive.AddFolder(folder);
        }
        // Process 1 has them as its streams before it can mount anything.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddCharacterDevice("dev/null", 1, 3);
        archive.AddFile("init", File.ReadAllBytes(guest));
        foreach (string library in LibrariesOf(guest))
        {
            archive.AddFile(library, File.ReadAllBytes(library));
        }
        if (busybox is not null)
        {
            archive.AddFile("busybox", File.ReadAllBytes(busybox));
        }
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
