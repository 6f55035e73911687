using System;
using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab;

/// <summary>
/// The program in C that speed is compared with (c-reader.c): compiled with the locked liburing, and without
/// shared libraries, which guests have not got.
/// </summary>
internal static class CReader
{
    private static string Library => LabPaths.In("artifacts", "native-libraries", "liburing.a");

    private static string Source => LabPaths.In("tests", "vm-lab", "c-reader", "c-reader.c");

    /// <summary>Compiles it unless that was done, and returns its path.</summary>
    /// <exception cref="LabException">Compiler, headers or library are not there, or it does not
    /// compile.</exception>
    public static string Prepare()
    {
        string program = Path.Join(LabPaths.Artifacts, "c-reader");
        string headers = LabPaths.In("artifacts", "native-headers");
        if (!File.Exists(Library) || !Directory.Exists(headers))
        {
            throw new LabException(
                "the locked liburing is not here; run native-headers/restore, and again with "
                + "--liburing-library.");
        }
        if (File.GetLastWriteTimeUtc(program)
            > new[] { Source, Library }.Max(File.GetLastWriteTimeUtc)) // one that is not there is old
        {
            return program;
        }
        string work = $"{program}.{Environment.ProcessId}";
        HostProgram.Run(
            "/usr/bin/gcc", "gcc and libc6-dev",
            [
                "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-static",
                "-isystem", Path.Join(headers, "liburing-dev", "usr", "include"),
                "-isystem", Path.Join(headers, "linux-libc-dev", "usr", "include"),
                "-o", work, Source, Library,
            ]);
        File.Move(work, program, overwrite: true);
        return program;
    }
}
