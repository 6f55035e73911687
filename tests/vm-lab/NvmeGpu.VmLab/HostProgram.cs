using System.Diagnostics;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>Programs of this machine that make something for guests.</summary>
internal static class HostProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Its path: not all are in everybody's PATH.</param>
    /// <param name="package">Where it is from.</param>
    /// <param name="arguments">What it is told.</param>
    /// <exception cref="LabException">It is not there, or fails.</exception>
    public static void Run(string program, string package, string[] arguments)
    {
        if (!File.Exists(program))
        {
            throw new LabException($"there is no {program} on this machine; install {package}.");
        }
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, // mke2fs says that it makes a file, -q or not
            RedirectStandardError = true,
        })!;
        _ = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new LabException($"{program} failed ({process.ExitCode}): {errors.Trim()}");
        }
    }
}
