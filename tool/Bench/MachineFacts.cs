using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.Bench;

/// <summary>What a figure is worth nothing without.</summary>
internal sealed record MachineFacts
{
    public string Cpu { get; } = FirstValue("/proc/cpuinfo", "model name");

    public int Cores { get; } = Environment.ProcessorCount;

    public string Kernel { get; } = FirstLine("/proc/sys/kernel/osrelease");

    public string Runtime { get; } = RuntimeInformation.FrameworkDescription;

    public string Compiler { get; } = RuntimeFeature.IsDynamicCodeCompiled
        ? "JIT, tiered as by default, warmed up to the last tier"
        : "NativeAOT";

    private static string FirstLine(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            return Printable.Of(reader.ReadLine() ?? "unknown");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    private static string FirstValue(string path, string key)
    {
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (line.StartsWith(key, StringComparison.Ordinal))
                {
                    return Printable.Of(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
        return "unknown";
    }
}
