using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.Bench;

/// <summary>
/// The peer: fio with the same work. Registered files and buffers, the same depth and batches, no map of
/// blocks seen, no time stamp per operation, its job as a thread.
/// </summary>
internal sealed class FioRun
{
    private readonly string _program;

    public FioRun(BenchSettings settings, BenchFile file)
    {
        _program = settings.Fio;
        Version = Capture(["--version"]).Trim();
        Arguments =
        [
            "--name=nvmegpu", $"--filename={file.FullPath.Replace(":", "\\:", StringComparison.Ordinal)}",
            $"--size={file.LengthBytes}", "--rw=randread", $"--bs={RandomReadLoop.BlockBytes}", "--direct=0",
            "--ioengine=io_uring", "--fixedbufs=1", "--registerfiles=1", "--hipri=0", "--sqthread_poll=0",
            $"--iodepth={settings.DepthMax}", $"--iodepth_batch_submit={settings.Batch}",
            $"--iodepth_batch_complete_min={settings.Batch}",
            $"--iodepth_batch_complete_max={settings.Batch}",
            "--norandommap", "--randrepeat=1", "--gtod_reduce=1", "--invalidate=0", "--fadvise_hint=0",
            "--thread",
            "--time_based", $"--runtime={settings.Seconds}s", "--output-format=json",
        ];
    }

    public string Version { get; }

    public IReadOnlyList<string> Arguments { get; }

    public string Command => _program + " " + string.Join(' ', Arguments);

    /// <summary>Reads per second.</summary>
    public double Run()
    {
        string text = Capture(Arguments);
        try
        {
            // Warnings may stand before the document.
            using JsonDocument document =
                JsonDocument.Parse(text[Math.Max(0, text.IndexOf('{', StringComparison.Ordinal))..]);
            return document.RootElement.GetProperty("jobs")[0].GetProperty("read").GetProperty("iops")
                .GetDouble();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or IndexOutOfRangeException)
        {
            throw new ToolException(
                ExitCode.Refused, $"{_program} printed something else than its JSON report.", e);
        }
    }

    private string Capture(IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(_program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            System.Threading.Tasks.Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output
                : throw new ToolException(
                    ExitCode.Refused,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{_program} ended with exit code {process.ExitCode}: "
                        + $"{Printable.Of(error.Result.Trim())}"));
        }
        catch (Win32Exception e)
        {
            throw new ToolException(
                ExitCode.Refused,
                $"{_program}, the peer to compare with, cannot be run ({ReasonOf(e)}); install it: sudo "
                + "apt-get install --yes fio",
                e);
        }
    }

    private static string ReasonOf(Win32Exception e) => e.NativeErrorCode switch
    {
        2 => "no such program", // ENOENT
        13 => "permission denied", // EACCES
        _ => $"error {e.NativeErrorCode}",
    };
}
