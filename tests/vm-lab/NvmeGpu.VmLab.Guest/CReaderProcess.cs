using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>The program in C (c-reader.c), which measures itself.</summary>
internal sealed class CReaderProcess : IDisposable
{
    private readonly Process _process;

    public CReaderProcess(NvmeDrive drive, bool isRegistered)
    {
        string[] arguments =
        [
            drive.CharPath, Text(drive.NamespaceId), Text(drive.LengthBytes / drive.BlockBytes),
            Text(drive.BlockBytes), Text(SpeedRun.BlocksPerRead), Text(SpeedRun.Depth), Text(SpeedRun.Batch),
            isRegistered ? "registered" : "ordinary",
        ];
        _process = Process.Start(new ProcessStartInfo("/c-reader", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public SpeedRun Run(int reads)
    {
        _process.StandardInput.WriteLine(Text(reads));
        _process.StandardInput.Flush();
        string? line = _process.StandardOutput.ReadLine();
        if (line is null)
        {
            throw new GuestFailedException(
                $"the program in C ended: {_process.StandardError.ReadToEnd().Trim()}");
        }
        ulong[] numbers =
            [.. line.Split(' ').Select(word => ulong.Parse(word, CultureInfo.InvariantCulture))];
        return new SpeedRun(reads * 1e9 / numbers[0], (long)numbers[1], numbers[2]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close(); // which ends it
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
