using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// A program that reads and measures itself: by the owned types (<see cref="OwnedReader"/>, this program once
/// more) or in C (c-reader.c). Each line of its input is a number of reads; it answers with the nanoseconds
/// that they took, the calls of io_uring_enter, and the sum of their first words.
/// </summary>
internal sealed class ReaderProcess : IDisposable
{
    public const string OwnedArgument = "--owned-reader";

    private readonly Process _process;

    private ReaderProcess(string program, params string[] arguments) =>
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new GuestFailedException($"{program} did not start.");

    public static ReaderProcess StartOwned(NvmeDrive drive, bool isRegistered) => new(
        "/init", OwnedArgument, drive.CharPath, Memory(isRegistered));

    public static ReaderProcess StartC(NvmeDrive drive, bool isRegistered) => new(
        "/c-reader", drive.CharPath, Text(drive.NamespaceId), Text(drive.LengthBytes / drive.BlockBytes),
        Text(drive.BlockBytes), Text(SpeedRun.BlocksPerRead), Text(SpeedRun.Depth), Text(SpeedRun.Batch),
        Memory(isRegistered));

    /// <summary>The process of <see cref="StartOwned"/> itself.</summary>
    public static int ActAsOwned(string charPath, string memory)
    {
        using var reader = new OwnedReader(charPath, memory == Memory(isRegistered: true));
        while (Console.ReadLine() is { } line)
        {
            SpeedRun run = reader.Run(int.Parse(line, CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{run.Nanoseconds} {run.Enters} {run.Sum}"));
        }
        return 0;
    }

    public SpeedRun Run(int reads)
    {
        _process.StandardInput.WriteLine(Text(reads));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new GuestFailedException(
            $"{_process.StartInfo.FileName} ended: {_process.StandardError.ReadToEnd().Trim()}");
        ulong[] numbers =
            [.. line.Split(' ').Select(word => ulong.Parse(word, CultureInfo.InvariantCulture))];
        return new SpeedRun(reads, (long)numbers[0], (long)numbers[1], numbers[2]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close(); // which ends it
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Memory(bool isRegistered) => isRegistered ? "registered" : "ordinary";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
